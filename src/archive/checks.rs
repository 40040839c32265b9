//! The checks that need the whole archive: links, anchors, pictures, credits and descriptions.

use super::archive::{Archive, ArticleId, Hidden};
use super::makers::leveled;
use super::photos::{self, photo_path};
use super::prints::Known;
use super::reference::{self, PictureTarget, SourceLink, Suggestions};
use crate::base::diagnostic::{Diagnostic, Place, Severity, nearest};
use crate::base::timestamp::Timestamp;
use crate::source::article::{Article, MOST_FAULTS, untold};
use crate::source::config::Level;
use crate::source::credit::Credit;
use crate::source::markdown::{self, Link, Outline, Placement, RawPicture};
use crate::source::photo::Photo;
use crate::source::picture::{PictureFile, WIDTH_OF_PHOTOS};
use rapidhash::RapidHashMap;
use rayon::prelude::*;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::Arc;

/// Reports what leads nowhere, and what lacks a credit or a description. `known` tells what need not be
/// looked at.
pub(super) fn report(
    archive: &Archive,
    hidden: &RapidHashMap<String, Hidden>,
    known: &[Known],
    faults: &mut Vec<Diagnostic>,
) {
    // Nearly all articles have no fault. Suggestions for the others are made one after the other,
    // because there is a limit to how many are looked for.
    let doubtful: Vec<&Arc<Article>> = archive
        .articles
        .par_iter()
        .map(|one| &one.article)
        .zip(known)
        .filter(|(article, known)| {
            if **known == Known::Faultless {
                return false;
            }
            let checks = Checks::new(archive, hidden, false);
            let mut found = Vec::new();
            checks.pictures(article, &mut found);
            checks.moments(article, &mut found);
            if **known == Known::Nothing {
                checks.links(&article.path, &article.outline, &mut found);
            }
            !found.is_empty()
        })
        .map(|(article, _)| article)
        .collect();
    let checks = Checks::new(archive, hidden, true);
    for article in doubtful {
        checks.article(article, faults);
    }
    checks.abouts(faults);
    checks.portraits(faults);
}

/// Tells whether there is nothing to report of an article; a link to one that is hidden is reported.
pub(super) fn is_faultless(archive: &Archive, article: &Article) -> bool {
    let mut faults = Vec::new();
    Checks::new(archive, &RapidHashMap::default(), false).article(article, &mut faults);
    faults.is_empty()
}

/// The checks that need the whole archive.
struct Checks<'a> {
    archive: &'a Archive,
    hidden: &'a RapidHashMap<String, Hidden>,
    /// Whether faults name what may be meant.
    suggests: bool,
    articles: OnceCell<Suggestions<'a>>,
    files: OnceCell<Suggestions<'a>>,
}

impl<'a> Checks<'a> {
    fn new(archive: &'a Archive, hidden: &'a RapidHashMap<String, Hidden>, suggests: bool) -> Self {
        Self {
            archive,
            hidden,
            suggests,
            articles: OnceCell::new(),
            files: OnceCell::new(),
        }
    }

    /// Returns the article whose path is most like a missing one.
    fn nearest_article(&self, missing: &str) -> Option<&'a str> {
        let paths = || {
            Suggestions::new(
                self.archive
                    .articles
                    .iter()
                    .map(|one| one.article.path.as_str()),
            )
        };
        if !self.suggests {
            return None;
        }
        self.articles.get_or_init(paths).nearest(missing)
    }

    /// Returns the file whose path is most like a missing one.
    fn nearest_file(&self, missing: &str) -> Option<&'a str> {
        let paths = || Suggestions::new(self.archive.files.keys().map(String::as_str));
        if !self.suggests {
            return None;
        }
        self.files.get_or_init(paths).nearest(missing)
    }

    fn article(&self, article: &Article, faults: &mut Vec<Diagnostic>) {
        let first = faults.len();
        self.pictures(article, faults);
        self.moments(article, faults);
        self.links(&article.path, &article.outline, faults);
        self.limit(&article.path, first, faults);
    }

    /// Looks for moments that have not come yet, of which feeds and sitemaps would tell: most are years
    /// that were mistyped. Within a day it can be that of another zone.
    fn moments(&self, article: &Article, faults: &mut Vec<Diagnostic>) {
        const DAY: i64 = 24 * 60 * 60;
        let meta = &article.meta;
        let is_ahead = |time: &Timestamp| time.instant() > self.archive.now.saturating_add(DAY);
        // One that is not published yet may have been changed after that.
        if meta.timestamp.as_ref().is_some_and(is_ahead)
            || !meta.updated.as_ref().is_some_and(is_ahead)
        {
            return;
        }
        let mut tell = |what: String| {
            let message = format!("{what} lies in the future");
            let fault = Diagnostic::warning(message).at(Place::file(article.path.as_str()));
            faults
                .push(fault.hint("is the year right? readers, feeds and sitemaps are told of it"));
        };
        let corrections = meta.corrections.iter().map(|one| &one.date);
        let corrections: Vec<&Timestamp> = corrections.filter(|time| is_ahead(time)).collect();
        let live = meta.presented(|one| one.live.as_ref());
        let entries = live.iter().flat_map(|live| &live.updates);
        let entries: Vec<&Timestamp> = (entries.map(|one| &one.time))
            .filter(|time| is_ahead(time))
            .collect();
        for time in &corrections {
            tell(format!("the correction of {}", time.rfc3339()));
        }
        for time in &entries {
            tell(format!("the entry of {}", time.rfc3339()));
        }
        if let Some(updated) = meta
            .updated
            .filter(|_| corrections.is_empty() && entries.is_empty())
        {
            tell(format!("`updated`, {},", updated.rfc3339()));
        }
    }

    fn pictures(&self, article: &Article, faults: &mut Vec<Diagnostic>) {
        if let Some(photo) = &article.meta.photo {
            self.photo(&article.path, photo, faults);
        }
        self.pictures_in(&article.path, &article.outline, faults);
    }

    /// Looks at the portraits of the authors, of whom there are articles.
    fn portraits(&self, faults: &mut Vec<Diagnostic>) {
        let terms = self.archive.groups.iter().flat_map(|group| &group.terms);
        for photo in terms.filter_map(|term| term.person.as_ref()?.photo.as_ref()) {
            self.photo("data/authors.yaml", photo, faults);
        }
    }

    fn abouts(&self, faults: &mut Vec<Diagnostic>) {
        let abouts = self
            .archive
            .sections
            .iter()
            .filter_map(|section| section.about.as_ref());
        let terms = self.archive.groups.iter().flat_map(|group| &group.terms);
        for about in abouts.chain(terms.filter_map(|term| term.about.as_ref())) {
            if let Some(photo) = &about.photo {
                self.photo(&about.path, photo, faults);
            }
            self.pictures_in(&about.path, &about.outline, faults);
            self.links(&about.path, &about.outline, faults);
        }
    }

    fn pictures_in(&self, path: &str, outline: &Outline, faults: &mut Vec<Diagnostic>) {
        for picture in &outline.pictures {
            let place = Place::bytes(path, picture.at);
            self.picture(path, &picture.src, &place, faults);
            let own = Photo {
                src: picture.src.clone(),
                credit: picture.credit.clone(),
                no_credit_reason: picture.no_credit_reason.clone(),
                alt: picture.alt.clone(),
                caption: picture.caption.clone(),
                ..Photo::default()
            };
            let whole = self.archive.photo(path, &own);
            self.disagreement(path, &own, &place, faults);
            let needs_credit = match picture.placement {
                Placement::Alone => true,
                Placement::Grouped => self.is_photo(path, &picture.src),
                Placement::InText => false,
            };
            if needs_credit && whole.credit.is_none() && whole.no_credit_reason.is_none() {
                self.uncredited(
                    &picture.src,
                    &place,
                    "add `{credit=\"...\"}` right after the picture",
                    faults,
                );
            }
            if picture.placement == Placement::InText && picture.no_credit_reason.is_none() {
                self.within_text(path, &own, &place, faults);
            }
            match &whole.alt {
                None => self.without_alt(&picture.src, &place, faults),
                Some(alt) => self.doubtful_alt(alt, &whole, &place, faults),
            }
        }
        for picture in outline.raw_pictures.get() {
            self.raw_picture(path, &picture, faults);
        }
    }

    /// Looks at a picture that a text writes as HTML, which stays as it is: its credit is what its caption
    /// says of whoever made it. One of another host is taken for a photo, unless its width says that it is
    /// none.
    fn raw_picture(&self, path: &str, picture: &RawPicture, faults: &mut Vec<Diagnostic>) {
        let place = Place::bytes(path, picture.at);
        let is_photo = match picture.width {
            Some(width) if width >= WIDTH_OF_PHOTOS => true,
            None if reference::is_elsewhere(&picture.src) => !is_drawing(&picture.src),
            _ => self.is_photo(path, &picture.src),
        };
        let is_credited = picture
            .caption
            .as_deref()
            .is_some_and(|caption| self.has_credit(path, &picture.src, caption));
        if is_photo && !is_credited && picture.no_credit_reason.is_none() {
            let hint = match picture.caption {
                Some(_) => {
                    "its `<figcaption>` names nobody who made it: end it with `Photo: ...`, `Photo by ...` or `Name / Agency`, or give the `<img>` a `data-no-credit-reason`"
                }
                None => {
                    "write it as `![...](...){credit=\"...\"}`, name who made it in the `<figcaption>` of its `<figure>`, or give it a `data-no-credit-reason`"
                }
            };
            self.uncredited(&picture.src, &place, hint, faults);
        }
        match &picture.alt {
            None => self.without_alt(&picture.src, &place, faults),
            Some(alt) => {
                self.doubt(
                    alt,
                    picture.caption.as_deref(),
                    &picture.src,
                    &place,
                    faults,
                );
            }
        }
    }

    /// Tells whether a caption says who made a photo: in a form that is known for that, or with the credit
    /// that the photo's notes or its file have.
    fn has_credit(&self, owner: &str, src: &str, caption: &str) -> bool {
        let known = self.archive.photo_of(owner, src).credit;
        let is_known = known.is_some_and(|credit| caption.contains(credit.trim()));
        is_known || Credit::in_caption(caption, self.archive.credits.lexicon()).is_some()
    }

    /// Tells whether a picture is a file of the site that is large enough to be a photo.
    fn is_photo(&self, owner: &str, src: &str) -> bool {
        let file = photo_path(owner, src).and_then(|path| self.archive.files.get(&*path));
        let picture = file.and_then(|file| file.picture.as_ref()?.as_ref().ok());
        picture.is_some_and(PictureFile::is_photo)
    }

    fn links(&self, path: &str, outline: &Outline, faults: &mut Vec<Diagnostic>) {
        for link in outline.links() {
            self.link(path, &link, faults);
        }
    }

    /// Keeps the first faults of a file, and says how many more there are.
    fn limit(&self, path: &str, first: usize, faults: &mut Vec<Diagnostic>) {
        let rest = faults.split_off(faults.len().min(first + MOST_FAULTS));
        let severity = if rest.iter().any(Diagnostic::is_error) {
            Severity::Error
        } else {
            Severity::Warning
        };
        faults.extend(untold(path, rest.len(), severity));
    }

    fn photo(&self, owner: &str, photo: &Photo, faults: &mut Vec<Diagnostic>) {
        let place = match photo.at {
            Some(bytes) => Place::bytes(owner, bytes),
            None => Place::file(owner),
        };
        self.picture(owner, &photo.src, &place, faults);
        self.disagreement(owner, photo, &place, faults);
        let photo = &*self.archive.photo(owner, photo);
        let is_blank =
            |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
        if is_blank(&photo.credit) && is_blank(&photo.no_credit_reason) {
            let hint = "give `photo.credit`, or say in `photo.no_credit_reason` why there is none";
            self.uncredited(&photo.src, &place, hint, faults);
        }
        match &photo.alt {
            None => self.without_alt(&photo.src, &place, faults),
            Some(alt) => self.doubtful_alt(alt, photo, &place, faults),
        }
    }

    /// Reports a photo that stands in a paragraph with something else, where its credit is not shown.
    fn within_text(&self, owner: &str, photo: &Photo, place: &Place, faults: &mut Vec<Diagnostic>) {
        let is_photo = self.is_photo(owner, &photo.src);
        let message = match &photo.credit {
            Some(credit) => {
                let credit = brief(credit);
                format!("the credit `{credit}` is not shown within a paragraph")
            }
            None if is_photo => format!(
                "the photo `{}` stands within a paragraph, where no credit is shown",
                brief(&photo.src)
            ),
            None => return,
        };
        let hint = "put it into a paragraph of its own, or give a `no_credit_reason`";
        self.lint(
            self.archive.config.lint.uncredited_photo,
            message,
            place,
            hint,
            faults,
        );
    }

    /// Reports a description that is the caption once more, or the name of the file.
    fn doubtful_alt(&self, alt: &str, photo: &Photo, place: &Place, faults: &mut Vec<Diagnostic>) {
        let caption = photo
            .caption
            .as_deref()
            .filter(|caption| begins_as(caption, alt));
        let caption = caption.map(|caption| {
            markdown::plain_text(&markdown::inline(
                caption,
                &self.archive.config.markdown,
                None,
            ))
        });
        self.doubt(alt, caption.as_deref(), &photo.src, place, faults);
    }

    fn doubt(
        &self,
        alt: &str,
        caption: Option<&str>,
        src: &str,
        place: &Place,
        faults: &mut Vec<Diagnostic>,
    ) {
        let Some(what) = alike(alt, caption, src) else {
            return;
        };
        let message = format!("the description of the photo `{}` is {what}", brief(src));
        let hint =
            "say what the photo shows to readers who can't see it; they hear the caption as well";
        self.lint(
            self.archive.config.lint.doubtful_alt,
            message,
            place,
            hint,
            faults,
        );
    }

    /// Reports a credit that leaves out whom the photo's notes or its file name.
    fn disagreement(
        &self,
        owner: &str,
        photo: &Photo,
        place: &Place,
        faults: &mut Vec<Diagnostic>,
    ) {
        let level = self.archive.config.lint.disagreeing_credit;
        let Some(path) = photo_path(owner, &photo.src).filter(|_| level != Level::Off) else {
            return;
        };
        let notes = self.archive.notes.get(&*path);
        let noted = notes.and_then(|notes| notes.photo.credit.as_deref());
        let said = photo.credit.as_deref();
        if let (Some(said), Some(noted), Some(notes)) = (said, noted, notes)
            && !self.names_all(said, noted)
        {
            let (said, noted) = (brief(said), brief(noted));
            let message =
                format!("the credit `{said}` is not that of the photo's notes, `{noted}`");
            let hint = "mend the one that is wrong; the article's is shown";
            let related = Place::bytes(notes.path.as_str(), notes.at);
            faults.extend(leveled(level, message, hint).map(|fault| {
                fault
                    .at(place.clone())
                    .related("the photo's notes", related)
            }));
        }
        let Some(metadata) = self.archive.metadata(&path) else {
            return;
        };
        let Some(embedded) = photos::embedded(metadata).credit else {
            return;
        };
        let shown = said.or(noted);
        if let Some(shown) = shown.filter(|shown| !self.names_all(shown, &embedded)) {
            let (shown, embedded) = (brief(shown), brief(&embedded));
            let message = format!(
                "the credit `{shown}` of `{path}` is not the one in its file, `{embedded}`"
            );
            let hint = "mend the one that is wrong; the file's is not shown";
            self.lint(level, message, place, hint, faults);
        }
    }

    /// Tells whether a credit names everybody whom another one does, in whatever spelling.
    fn names_all(&self, credit: &str, other: &str) -> bool {
        if credit == other {
            return true;
        }
        let credits = &self.archive.credits;
        let (own, other) = (credits.read(credit), credits.read(other));
        let folded = |name: &str| -> String {
            let letters = credits.lexicon().canonical(name).chars();
            letters
                .filter(|c| c.is_alphanumeric())
                .flat_map(char::to_lowercase)
                .collect()
        };
        let whole: String = {
            let letters = credit.chars().filter(|c| c.is_alphanumeric());
            letters.flat_map(char::to_lowercase).collect()
        };
        let named: Vec<String> = own.organisations().map(&folded).collect();
        let mut wanted = other
            .creators
            .iter()
            .map(String::as_str)
            .chain(other.organisations());
        wanted.all(|name| {
            let name = folded(name);
            name.is_empty() || named.contains(&name) || whole.contains(&name)
        })
    }

    fn uncredited(&self, src: &str, place: &Place, hint: &str, faults: &mut Vec<Diagnostic>) {
        let message = format!("the photo `{}` has no credit", brief(src));
        self.lint(
            self.archive.config.lint.uncredited_photo,
            message,
            place,
            hint,
            faults,
        );
    }

    fn without_alt(&self, src: &str, place: &Place, faults: &mut Vec<Diagnostic>) {
        let src = brief(src);
        let message = format!("the photo `{src}` has no description for readers who can't see it");
        let hint = "write what it shows as its alternative text (`alt`)";
        self.lint(
            self.archive.config.lint.missing_alt,
            message,
            place,
            hint,
            faults,
        );
    }

    fn lint(
        &self,
        level: Level,
        message: String,
        place: &Place,
        hint: &str,
        faults: &mut Vec<Diagnostic>,
    ) {
        let diagnostic = match level {
            Level::Off => return,
            Level::Warn => Diagnostic::warning(message),
            Level::Error => Diagnostic::error(message),
        };
        faults.push(diagnostic.at(place.clone()).hint(hint));
    }

    fn picture(&self, owner: &str, src: &str, place: &Place, faults: &mut Vec<Diagnostic>) {
        let fault = |message: String| Diagnostic::error(message).at(place.clone());
        let path = match reference::picture(owner, src) {
            Some(PictureTarget::Elsewhere) => return,
            Some(PictureTarget::File(path)) => path,
            None => {
                let hint = "put the picture beside the article or into static/";
                return faults
                    .push(fault(format!("the picture `{src}` lies outside the site")).hint(hint));
            }
        };
        match self.archive.files.get(&path).map(|file| &file.picture) {
            Some(Some(Ok(_))) => {}
            Some(Some(Err(broken))) => {
                let message = format!("the picture `{path}` can't be used: {}", broken.message);
                faults.push(fault(message).hint(broken.hint.clone()));
            }
            Some(None) => faults.push(
                fault(format!("`{path}` is not a picture"))
                    .hint("pictures are JPEG, PNG, GIF, WebP, AVIF or SVG files"),
            ),
            None => {
                let fault = fault(format!("there is no picture `{path}`"));
                faults.push(match self.nearest_file(&path) {
                    Some(near) => fault.hint(format!("did you mean `{near}`?")),
                    None => fault.hint("put the picture beside the article or into static/"),
                });
            }
        }
    }

    fn link(&self, owner: &str, link: &Link<'_>, faults: &mut Vec<Diagnostic>) {
        // What is hidden is not found.
        if let Some((id, anchor)) = self.archive.linked(link.target) {
            let path = &self.archive.article(id).article.path;
            return self.anchor(owner, link, (path, id), anchor, faults);
        }
        let target = &link.target;
        let fault = |message: String| Diagnostic::error(message).at(Place::bytes(owner, link.at));
        let Some(SourceLink { path, anchor }) = reference::source_link(owner, target) else {
            let hint = "link to a file of content/ by its path, such as `@/local/harbour.md`";
            return faults
                .push(fault(format!("the link `{target}` leads out of content/")).hint(hint));
        };
        if let Some(reason) = self.hidden.get(&path) {
            let (why, flag) = match reason {
                Hidden::Draft => ("is a draft", "-D"),
                Hidden::Scheduled => ("is not published yet", "-F"),
                Hidden::Expired => ("has expired", "-E"),
            };
            let hint = format!("remove the link, or build with {flag} to see both");
            return faults.push(
                fault(format!(
                    "the link `{target}` leads to an article that {why}"
                ))
                .hint(hint),
            );
        }
        let Some(id) = self.archive.find(&path) else {
            if self.archive.index_paths.contains_key(&path) {
                return;
            }
            let fault = fault(format!("the link `{target}` leads to no article"));
            return faults.push(match self.nearest_article(&path) {
                Some(near) => fault.hint(format!(
                    "did you mean `@/{}`?",
                    near.trim_start_matches("content/")
                )),
                None => fault.hint("link to an article by its path, such as `@/local/harbour.md`"),
            });
        };
        self.anchor(owner, link, (&path, id), anchor.as_deref(), faults);
    }

    /// Reports a link to a heading that the article at the path has not.
    fn anchor(
        &self,
        owner: &str,
        link: &Link<'_>,
        (path, id): (&str, ArticleId),
        anchor: Option<&str>,
        faults: &mut Vec<Diagnostic>,
    ) {
        let Some(anchor) = anchor else { return };
        let headings = self
            .archive
            .article(id)
            .article
            .details
            .get()
            .headings
            .get();
        if !headings.iter().any(|heading| heading.id == anchor) {
            let fault =
                |message: String| Diagnostic::error(message).at(Place::bytes(owner, link.at));
            let near = nearest(anchor, headings.iter().map(|heading| heading.id.as_str()));
            let fault = fault(format!("`{path}` has no heading `#{anchor}`"));
            faults.push(match near {
                Some(id) => fault.hint(format!("did you mean `#{id}`?")),
                None => fault.hint(
                    "leave out what follows the `#`, or give a heading that id: `## Heading {#id}`",
                ),
            });
        }
    }
}

/// Tells by its address whether a picture of another host is a drawing or an animation.
fn is_drawing(src: &str) -> bool {
    let path = src.split(['?', '#']).next().unwrap_or(src);
    let path = path.to_ascii_lowercase();
    path.ends_with(".svg") || path.ends_with(".gif")
}

/// Says what a description merely repeats; none where it says something of its own.
fn alike(alt: &str, caption: Option<&str>, src: &str) -> Option<&'static str> {
    // Most differ in their first letters, so nothing is copied to compare them.
    fn folded(text: &str) -> impl Iterator<Item = char> {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase)
    }
    let is_alt = |text: &str| folded(text).eq(folded(alt));
    let name = src.rsplit('/').next().unwrap_or(src);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if folded(alt).next().is_none() {
        None
    } else if caption.is_some_and(is_alt) {
        Some("its caption once more")
    } else if folded(alt).nth(2).is_some() && (is_alt(name) || is_alt(stem)) {
        Some("the name of its file")
    } else {
        None
    }
}

/// Tells whether a text of Markdown may begin with the letter with which another begins: what begins with
/// a letter or a digit is shown so.
fn begins_as(markdown: &str, other: &str) -> bool {
    let first = markdown.chars().next().filter(char::is_ascii_alphanumeric);
    let other = other.chars().find(|c| c.is_alphanumeric());
    match (first, other) {
        (Some(first), Some(other)) if other.is_ascii() => first.eq_ignore_ascii_case(&other),
        _ => true,
    }
}

/// Returns the beginning of a text that is too long to be quoted, such as a picture's own bytes in its
/// address.
fn brief(text: &str) -> Cow<'_, str> {
    /// In characters.
    const LONGEST: usize = 160;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_quoted_in_part() {
        assert_eq!(
            brief("data:image/png;base64,AA"),
            "data:image/png;base64,AA"
        );
        let long = brief(&"é".repeat(161)).into_owned();
        assert_eq!(long, format!("{}…", "é".repeat(160)));
    }

    #[test]
    fn a_caption_is_read_where_it_may_begin_as_the_description_does() {
        for (caption, alt) in [
            ("The ferry", "“the ferry”"),
            ("*The* ferry", "The ferry"),
            ("[The ferry](/x)", "The ferry"),
            ("Kelvin", "\u{212a}elvin"),
        ] {
            assert!(begins_as(caption, alt), "{caption}");
        }
        assert!(!begins_as("A ferry", "The ferry"));
    }

    #[test]
    fn a_description_that_repeats_is_told() {
        let check = |alt: &str, caption: Option<&str>, expect: Option<&str>| {
            assert_eq!(
                alike(alt, caption, "photos/white-ferry.jpg"),
                expect,
                "{alt}"
            );
        };
        check(
            "The ferry.",
            Some("The ferry"),
            Some("its caption once more"),
        );
        check("white ferry", None, Some("the name of its file"));
        check("white-ferry.jpg", None, Some("the name of its file"));
        check("A white ferry", Some("The ferry"), None);
        check("", Some(""), None);
    }
}
