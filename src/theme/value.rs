//! The values that templates read: articles, pictures, sections and terms as maps.
//!
//! Fields are those of the vocabulary in [`super::variable`]; a test compares the two.

use crate::archive::inline;
use crate::archive::makers::Maker;
use crate::archive::reference::{self, PictureTarget};
use crate::archive::section::Section;
use crate::archive::taxonomy::{Group, Term};
use crate::archive::{Archive, ArticleId, Published};
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use crate::base::route::Route;
use crate::darkroom::card as drawn;
use crate::darkroom::derivative::{Derivative, Encoding};
use crate::darkroom::set::{Focus, Original};
use crate::source::article::Data;
use crate::source::front_matter::Person;
use crate::source::markdown;
use crate::source::photo::Photo;
use crate::source::picture::{Format, PictureFile};
use crate::theme::cards::Cards;
use crate::theme::credit;
use std::collections::BTreeMap;
use tera::value::Key;
use tera::{Map, Value};

/// Makes a map of fields with fixed names, in this order.
pub fn map(fields: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    // The engine makes its map of any other by adding each entry anew, so that the other is one that
    // costs little: a tree of what is in order, where nothing is hashed.
    let fields: BTreeMap<Field, Value> = fields
        .into_iter()
        .enumerate()
        .map(|(at, (name, value))| (Field { at, name }, value))
        .collect();
    Value::from(fields)
}

/// The name of a field, which is known by its place.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Field {
    at: usize,
    name: &'static str,
}

impl From<Field> for Key<'static> {
    fn from(field: Field) -> Self {
        Self::Str(field.name)
    }
}

/// Makes a text, or null of nothing.
pub fn text(text: Option<&str>) -> Value {
    text.map_or_else(Value::none, Value::normal_string)
}

/// Makes HTML of Markdown without blocks, or null of nothing.
pub fn inline(archive: &Archive, text: Option<&str>) -> Value {
    text.map_or_else(Value::none, |text| {
        Value::safe_string(&inline::inline(archive, text))
    })
}

/// Turns the user's free data into a value.
pub fn data(data: &Data) -> Value {
    match data {
        Data::Null => Value::none(),
        Data::Bool(is_true) => Value::from(*is_true),
        Data::Integer(number) => Value::from(*number),
        Data::Float(number) => Value::from(*number),
        Data::Text(text) => Value::normal_string(text),
        Data::List(list) => Value::from(list.iter().map(self::data).collect::<Vec<_>>()),
        Data::Map(entries) => Value::from(
            entries
                .iter()
                .map(|(key, value)| (Key::from(key.clone()), self::data(value)))
                .collect::<Map>(),
        ),
    }
}

/// Returns an article as lists show it.
pub fn card(archive: &Archive, cards: &Cards, id: ArticleId) -> Value {
    map(card_fields(archive, cards, id))
}

/// Returns the fields of an article that lists show.
pub fn card_fields(
    archive: &Archive,
    cards: &Cards,
    id: ArticleId,
) -> impl Iterator<Item = (&'static str, Value)> {
    let one = archive.article(id);
    let article = &one.article;
    let meta = &article.meta;
    let language = archive.language(one);
    let terms = |group: usize| {
        let links = one.terms[group]
            .iter()
            .map(|term| cards.term(archive, group, *term as usize));
        Value::from(links.collect::<Vec<_>>())
    };
    let named = |key: &str| {
        archive
            .group_around(one, key)
            .map_or_else(|| Value::from(Vec::<Value>::new()), terms)
    };
    let around = archive.language_of(one.section);
    let further: Map = archive
        .groups
        .iter()
        .enumerate()
        .filter(|(_, group)| group.language == Some(around))
        .filter(|(_, group)| !matches!(group.taxonomy.key.as_str(), "tags" | "authors"))
        .map(|(at, group)| (Key::from(group.taxonomy.key.clone()), terms(at)))
        .collect();
    let summary = article.summary();
    let fields = [
        ("headline", Value::normal_string(&meta.headline)),
        ("url", Value::from(archive.url(&one.route))),
        ("permalink", Value::from(archive.permalink(&one.route))),
        ("path", Value::normal_string(&article.path)),
        (
            "timestamp",
            Value::from(meta.timestamp.map(|time| time.rfc3339())),
        ),
        (
            "updated",
            Value::from(meta.updated.map(|time| time.rfc3339())),
        ),
        ("summary", Value::safe_string(&summary)),
        ("description", Value::from(markdown::plain_text(&summary))),
        (
            "photo",
            photo(archive, &one.route, &article.path, meta.photo.as_deref()),
        ),
        ("tags", named("tags")),
        ("authors", named("authors")),
        ("terms", Value::from(further)),
        (
            "section",
            if one.section == 0 {
                Value::none()
            } else {
                cards.section(archive, one.section)
            },
        ),
        ("words", Value::from(article.outline.words)),
        ("minutes", Value::from(article.outline.minutes)),
        ("language", Value::normal_string(language)),
        ("dir", Value::from(direction(language))),
        ("is_draft", Value::from(meta.draft)),
        ("genre", Value::from(meta.genre().name())),
        ("kicker", said(meta.presented(|one| one.kicker.as_deref()))),
        (
            "standfirst",
            inline(archive, meta.presented(|one| one.standfirst.as_deref())),
        ),
        (
            "byline",
            meta.presented(|one| one.byline.as_deref())
                .map_or_else(Value::none, |written| byline(archive, one, written)),
        ),
        ("is_sponsored", Value::from(meta.is_sponsored())),
        (
            "sponsor",
            said(meta.presented(|one| one.sponsor.as_deref())),
        ),
        ("series", text(meta.series.as_deref())),
        ("extra", data(&meta.extra)),
    ];
    fields.into_iter()
}

/// Makes a text; null where there is nothing in it.
pub fn said(text: Option<&str>) -> Value {
    self::text(text.filter(|text| !text.is_empty()))
}

/// Returns a byline as HTML, in which the names of authors lead to their pages.
fn byline(archive: &Archive, one: &Published, written: &str) -> Value {
    let group = archive.group_around(one, "authors");
    let mut authors: Vec<(usize, &str, &Term)> = Vec::new();
    for name in one.article.meta.authors.iter() {
        let Some(group) = group else { break };
        let term = one.terms[group]
            .iter()
            .map(|term| &archive.groups[group].terms[*term as usize])
            .find(|term| term.name.eq_ignore_ascii_case(name));
        if let (Some(at), Some(term)) = (written.find(name), term) {
            authors.push((at, name, term));
        }
    }
    authors.sort_by_key(|(at, ..)| *at);
    let mut html = String::with_capacity(written.len() * 2);
    let mut done = 0;
    for (at, name, term) in authors {
        if at < done {
            continue;
        }
        let before = &written[done..at];
        let address = archive.url(&term.route);
        html.push_str(&escape_html(before));
        html.push_str(&format!(
            "<a href=\"{}\" rel=\"author\">{}</a>",
            escape_html(&address),
            escape_html(name)
        ));
        done = at + name.len();
    }
    html.push_str(&escape_html(&written[done..]));
    Value::safe_string(&html)
}

/// Escapes what means something in HTML.
fn escape_html(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

/// Returns what a link to a term shows.
pub fn term_link(archive: &Archive, term: &Term) -> Value {
    map([
        ("name", Value::normal_string(&term.name)),
        ("url", Value::from(archive.url(&term.route))),
    ])
}

/// Returns what an index shows of a term.
pub fn term_count(archive: &Archive, term: &Term) -> Value {
    map([
        ("name", Value::normal_string(&term.name)),
        ("url", Value::from(archive.url(&term.route))),
        ("count", Value::from(term.articles.len())),
        ("kind", text(term.maker.map(Maker::name))),
    ])
}

/// Returns a taxonomy, whose index has this title.
pub fn taxonomy(archive: &Archive, group: &Group, title: &str) -> Value {
    map([
        ("key", Value::normal_string(&group.taxonomy.key)),
        ("singular", Value::normal_string(&group.taxonomy.singular)),
        ("title", Value::normal_string(title)),
        ("url", Value::from(archive.url(&group.route))),
    ])
}

/// Returns what a link to a section shows.
pub fn section_link(archive: &Archive, section: &Section) -> Value {
    let summary = section
        .about
        .as_ref()
        .and_then(|about| about.summary.as_deref());
    map([
        ("title", Value::normal_string(&section.title)),
        ("url", Value::from(archive.url(&section.route))),
        ("path", Value::normal_string(&section.path)),
        ("summary", inline(archive, summary)),
    ])
}

/// Returns a photo that `path`, whose page is `owner`, names; null of nothing.
pub fn photo(archive: &Archive, owner: &Route, path: &str, photo: Option<&Photo>) -> Value {
    let Some(photo) = photo else {
        return Value::none();
    };
    let Some(target) = reference::picture(path, &photo.src) else {
        return Value::none();
    };
    let photo = archive.photo(path, photo);
    picture(archive, owner, &photo.src, &target, &photo)
}

/// Returns a picture with all that is known of it.
pub fn picture(
    archive: &Archive,
    owner: &Route,
    src: &str,
    target: &PictureTarget,
    photo: &Photo,
) -> Value {
    let place = PicturePlace::of(archive, owner, src, target);
    let shown = Shown::of(archive, &place.url, target);
    let sources = shown.sources.into_iter().map(|(media_type, srcset)| {
        map([
            ("type", Value::from(media_type)),
            ("srcset", Value::from(srcset)),
        ])
    });
    let fields = [
        (
            "src",
            Value::from(shown.src.unwrap_or_else(|| place.url.clone())),
        ),
        ("srcset", Value::from(shown.srcset)),
        ("sources", Value::from(sources.collect::<Vec<_>>())),
        ("sizes", text(shown.sizes.as_deref())),
        ("tint", text(tint(archive, target).as_deref())),
        ("file", text(file(target))),
        ("url", Value::from(place.url)),
        ("permalink", Value::from(place.permalink)),
        ("width", Value::from(place.size.map(|(width, _)| width))),
        ("height", Value::from(place.size.map(|(_, height)| height))),
        ("type", text(place.media_type)),
        ("alt", text(photo.alt.as_deref())),
        ("caption", inline(archive, photo.caption.as_deref())),
        ("credit", text(photo.credit.as_deref())),
        ("no_credit_reason", text(photo.no_credit_reason.as_deref())),
    ];
    map(fields.into_iter().chain(credit::fields(archive, photo)))
}

/// Where a picture is published, and what is known of its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PicturePlace {
    /// Its address from the host's root, or a whole one elsewhere.
    pub url: String,
    /// Its whole address.
    pub permalink: String,
    /// Its width and height in pixels, where it is a file of the site.
    pub size: Option<(u32, u32)>,
    /// Its media type, where it is a file of the site.
    pub media_type: Option<&'static str>,
    /// How many bytes are published of it, where it is a file of the site.
    pub bytes: Option<u64>,
}

impl PicturePlace {
    /// Tells where the picture `src` is published that the page `owner` shows.
    pub fn of(archive: &Archive, owner: &Route, src: &str, target: &PictureTarget) -> Self {
        let elsewhere = || Self {
            url: src.to_owned(),
            permalink: src.to_owned(),
            size: None,
            media_type: None,
            bytes: None,
        };
        let PictureTarget::File(path) = target else {
            return elsewhere();
        };
        let Some(route) = archive.picture_route(owner, path) else {
            return elsewhere();
        };
        let file = archive.files.get(path);
        let bytes = file.map(|file| file.size);
        let file = file.and_then(|file| file.picture.as_ref()?.as_ref().ok());
        let strip = archive.config.images.strip;
        Self {
            url: archive.url(&route),
            permalink: archive.permalink(&route),
            size: file.map(|file| (file.width, file.height)),
            media_type: file.map(|file| file.format.media_type()),
            bytes: file
                .zip(bytes)
                .map(|(file, bytes)| file.published_size(bytes, strip)),
        }
    }
}

/// Returns the name of the colour that holds a photo's place; none of a picture without one.
pub fn tint(archive: &Archive, target: &PictureTarget) -> Option<String> {
    let path = file(target)?;
    let file = archive.files.get(path)?;
    let picture = file.picture.as_ref()?.as_ref().ok()?;
    let is_still =
        matches!(picture.format, Format::Jpeg | Format::Png | Format::WebP) && !picture.is_animated;
    let tint = is_still.then(|| archive.tints.tint(path, file)).flatten();
    tint.map(|tint| tint.to_string())
}

/// Returns the path of a picture's file from the site's root, where it has one.
fn file(target: &PictureTarget) -> Option<&str> {
    match target {
        PictureTarget::File(path) => Some(path),
        PictureTarget::Elsewhere => None,
    }
}

/// How a page shows a photo: in which sizes and formats a browser may take it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// The address for a browser that chooses nothing: the largest derivative in the photo's own
    /// format; none where there is none.
    pub src: Option<String>,
    /// The derivatives in the photo's own format, as in the attribute `srcset`.
    pub srcset: Option<String>,
    /// Those in other formats, the best first: their media type, and `srcset`.
    pub sources: Vec<(&'static str, String)>,
    /// The attribute `sizes`; none where there is nothing to choose.
    pub sizes: Option<String>,
}

impl Shown {
    /// Tells how the picture at `url` is shown.
    pub fn of(archive: &Archive, url: &str, target: &PictureTarget) -> Self {
        let original = match target {
            PictureTarget::File(path) => original(archive, path),
            PictureTarget::Elsewhere => None,
        };
        let Some(original) = original else {
            return Self::default();
        };
        let own = original.own();
        let mut shown = Self::default();
        for series in original.set() {
            let Some(last) = series.last() else { continue };
            let encoding = last.encoding;
            let endings = Derivative::endings(&series);
            let mut srcset = String::with_capacity(series.len() * (url.len() + 32));
            for (one, ending) in series.iter().zip(&endings) {
                if !srcset.is_empty() {
                    srcset.push_str(", ");
                }
                srcset.push_str(stem(url));
                srcset.push_str(ending);
                srcset.push_str(&format!(" {}w", one.width));
            }
            if encoding == own {
                let ending = endings.last().map(String::as_str).unwrap_or_default();
                shown.src = Some(format!("{}{ending}", stem(url)));
                shown.srcset = Some(srcset);
            } else {
                shown.sources.push((encoding.media_type(), srcset));
            }
        }
        let has_choice = shown.srcset.is_some() || !shown.sources.is_empty();
        shown.sizes = has_choice.then(|| archive.config.images.sizes.clone());
        shown
    }
}

/// Returns a photo of the site that derivatives can be made of.
pub fn original<'a>(archive: &'a Archive, path: &'a str) -> Option<Original<'a>> {
    Original::of(path, archive.files.get(path)?, &archive.config.images)
}

/// Tells whether a file of the site is a picture that is large enough to be a photo.
pub fn is_photo(archive: &Archive, path: &str) -> bool {
    let file = archive.files.get(path);
    let picture = file.and_then(|file| file.picture.as_ref()?.as_ref().ok());
    picture.is_some_and(PictureFile::is_photo)
}

/// Returns an address or a path without the ending of its last part.
pub fn stem(path: &str) -> &str {
    let name = path.rfind('/').map_or(0, |slash| slash + 1);
    path[name..]
        .rfind('.')
        .map_or(path, |dot| &path[..name + dot])
}

/// Returns what a crop of a photo that `path` shows keeps in sight.
pub fn focus(archive: &Archive, path: &str, photo: &Photo) -> Focus {
    focus_of(&archive.photo(path, photo))
}

/// Returns what a crop of a photo keeps in sight, as far as the photo says.
pub fn focus_of(photo: &Photo) -> Focus {
    let details = photo.details.as_deref();
    let written = details.and_then(|details| details.focus.as_deref());
    written.and_then(Focus::parse).unwrap_or_default()
}

/// Returns the crop of a lead photo that is shown around the link to an article elsewhere; none of a
/// photo that is left as it is.
pub fn social(original: Original<'_>, focus: Focus) -> Option<Derivative> {
    (!original.is_left_alone()).then(|| cropped(original, SOCIAL, focus))
}

/// Returns the crops of a lead photo that search engines choose from: 16:9, 4:3 and 1:1. None of a
/// photo that is left as it is.
pub fn shapes(original: Original<'_>, focus: Focus) -> Vec<Derivative> {
    match original.is_left_alone() {
        true => Vec::new(),
        false => SHAPES.map(|shape| cropped(original, shape, focus)).into(),
    }
}

/// Returns a crop in a format that every scraper reads.
fn cropped(original: Original<'_>, (width, height): (u32, u32), focus: Focus) -> Derivative {
    let encoding = match original.own() {
        Encoding::Png => Encoding::Png,
        _ => Encoding::Jpeg,
    };
    original.fill(width, height, focus, encoding)
}

/// The widths and heights of crops for search engines, in pixels.
const SHAPES: [(u32, u32); 3] = [(1200, 675), (1200, 900), (1200, 1200)];

/// Returns a picture of the site with the size and the address of its social card; another picture
/// stays as it is.
pub fn as_social(archive: &Archive, picture: Value) -> Value {
    let field = |name: &'static str| picture.as_map()?.get(&Key::Str(name)).cloned();
    let file = field("file");
    let (Some(file), Some(url), Some(permalink)) = (
        file.as_ref().and_then(Value::as_str),
        field("url"),
        field("permalink"),
    ) else {
        return picture;
    };
    let focus = field("focus");
    let focus = focus
        .as_ref()
        .and_then(Value::as_str)
        .and_then(Focus::parse);
    let focus = focus.unwrap_or_default();
    let Some(social) = original(archive, file).and_then(|photo| social(photo, focus)) else {
        return picture;
    };
    let ending = social.ending();
    let address = |whole: Value| {
        Value::from(
            whole
                .as_str()
                .map(|whole| format!("{}{ending}", stem(whole))),
        )
    };
    let shown = |name| field(name).unwrap_or_else(Value::none);
    map([
        ("url", address(url)),
        ("permalink", address(permalink)),
        ("width", Value::from(social.width)),
        ("height", Value::from(social.height)),
        ("type", Value::from(social.encoding.media_type())),
        ("alt", shown("alt")),
        ("caption", shown("caption")),
        ("credit", shown("credit")),
    ])
}

/// Returns where the drawn card of an article stands; none where it has a photo, or where its letters
/// can't be drawn.
pub fn card_route(archive: &Archive, id: ArticleId) -> Option<Route> {
    let one = archive.article(id);
    let headline = &one.article.meta.headline;
    let title = &archive.config.title;
    let is_drawn = archive.config.social_cards
        && one.article.meta.photo.is_none()
        && drawn::can_draw(headline, &archive.card_fonts)
        && drawn::can_draw(title, &archive.card_fonts);
    let name = format!(
        "card.{}.png",
        drawn::print(headline, title, &archive.card_fonts).short(16)
    );
    let rules = crate::archive::rules(&archive.config);
    is_drawn.then(|| one.route.file_in(&name, &rules).ok())?
}

/// Returns the drawn card of an article as a picture.
pub fn drawn_card(archive: &Archive, id: ArticleId) -> Option<Value> {
    let route = card_route(archive, id)?;
    let (width, height) = drawn::SIZE;
    let headline = &archive.article(id).article.meta.headline;
    Some(map([
        ("url", Value::from(archive.url(&route))),
        ("permalink", Value::from(archive.permalink(&route))),
        ("width", Value::from(width)),
        ("height", Value::from(height)),
        ("type", Value::from("image/png")),
        ("alt", Value::normal_string(headline)),
    ]))
}

/// The width and the height of a social card, in pixels.
pub const SOCIAL: (u32, u32) = (1200, 630);

/// Returns what `data/authors.yaml` says of an author.
pub fn person(archive: &Archive, person: &Person) -> Value {
    let links = person.links.iter().map(|(title, url)| {
        map([
            ("title", Value::normal_string(title)),
            ("url", Value::normal_string(url)),
        ])
    });
    map([
        ("role", text(person.role.as_deref())),
        ("bio", inline(archive, person.bio.as_deref())),
        (
            "photo",
            photo(
                archive,
                &Route::home(),
                "data/authors.yaml",
                person.photo.as_ref(),
            ),
        ),
        ("email", text(person.email.as_deref())),
        ("links", Value::from(links.collect::<Vec<_>>())),
        ("extra", data(&person.extra)),
    ])
}

/// Returns the direction of a language's script: `rtl` or `ltr`.
pub fn direction(language: &str) -> &'static str {
    let mut parts = language.split(['-', '_']);
    let base = parts.next().unwrap_or_default().to_ascii_lowercase();
    let script =
        parts.find(|part| part.len() == 4 && part.chars().all(|c| c.is_ascii_alphabetic()));
    let is_rtl = match script.map(str::to_ascii_lowercase).as_deref() {
        Some(script) => matches!(
            script,
            "arab" | "hebr" | "thaa" | "syrc" | "nkoo" | "adlm" | "rohg" | "mand"
        ),
        None => matches!(
            base.as_str(),
            "ar" | "arc"
                | "ckb"
                | "dv"
                | "fa"
                | "he"
                | "iw"
                | "ji"
                | "ku"
                | "nqo"
                | "ps"
                | "sd"
                | "syr"
                | "ug"
                | "ur"
                | "yi"
        ),
    };
    if is_rtl { "rtl" } else { "ltr" }
}

/// Returns the fingerprint of a value: of its type, its text and all that is in it.
pub fn fingerprint(value: &Value) -> Fingerprint {
    let mut print = Fingerprinter::new("value");
    add(value, &mut print);
    print.finish()
}

fn add(value: &Value, print: &mut Fingerprinter) {
    if let Some(map) = value.as_map() {
        print.text("map").number(map.len() as u64);
        for (key, value) in map {
            print.text(&key.to_string());
            add(value, print);
        }
    } else if let Some(list) = value.as_array() {
        print.text("list").number(list.len() as u64);
        for value in list {
            add(value, print);
        }
    } else {
        print
            .text(value.name())
            .number(u64::from(value.is_safe()))
            .text(&value.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_decide_the_direction_where_they_are_named() {
        for (language, expect) in [
            ("ar", "rtl"),
            ("ar-EG", "rtl"),
            ("az-Arab", "rtl"),
            ("ku-Latn", "ltr"),
            ("en", "ltr"),
            ("he", "rtl"),
        ] {
            assert_eq!(direction(language), expect, "{language}");
        }
    }

    #[test]
    fn a_fingerprint_tells_types_apart() {
        let prints = [
            Value::from("1"),
            Value::from(1),
            Value::none(),
            Value::from("none"),
            Value::safe_string("1"),
            Value::from(vec![Value::from(1)]),
            Value::from(true),
            Value::from("true"),
        ]
        .map(|value| fingerprint(&value));
        for (at, print) in prints.iter().enumerate() {
            assert!(!prints[at + 1..].contains(print), "{at}");
        }
    }
}
