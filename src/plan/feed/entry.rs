//! One entry of a feed, whatever its format: an article, or a correction of one.

use super::{profile, word};
use crate::archive::{Archive, ArticleId, Published, inline};
use crate::base::timestamp::Timestamp;
use crate::plan::page::List;
use crate::plan::view::View;
use crate::source::correction;
use crate::source::credit::{Credit, CreditKind};
use crate::source::markdown;
use crate::source::photo::Photo;
use crate::theme::credit::licence_address;
use crate::theme::value::PicturePlace;
use std::borrow::Cow;

pub(super) struct Entry<'a> {
    /// By what readers know it, whatever becomes of its address.
    pub(super) id: String,
    /// Whether the id is the entry's address.
    pub(super) is_address: bool,
    pub(super) address: String,
    pub(super) title: String,
    pub(super) authors: Vec<Author<'a>>,
    pub(super) categories: Vec<&'a str>,
    pub(super) published: Option<Timestamp>,
    pub(super) updated: Option<Timestamp>,
    /// Text.
    pub(super) summary: String,
    /// HTML of elements in a line, every address whole.
    pub(super) summary_html: String,
    /// HTML, every address whole.
    pub(super) content: Option<String>,
    pub(super) photo: Option<EntryPhoto<'a>>,
    /// The language, where it is not the feed's.
    pub(super) language: Option<&'a str>,
}

pub(super) struct Author<'a> {
    pub(super) name: &'a str,
    pub(super) address: Option<String>,
}

/// The lead photo of an article.
pub(super) struct EntryPhoto<'a> {
    pub(super) place: PicturePlace,
    /// Text.
    pub(super) caption: Option<String>,
    photo: Cow<'a, Photo>,
    /// Whom the credit names.
    pub(super) credited: Vec<Credited>,
    /// The notice of the rights and the licence's address.
    pub(super) copyright: Option<(String, Option<String>)>,
}

impl EntryPhoto<'_> {
    pub(super) fn alt(&self) -> Option<&str> {
        self.photo.alt.as_deref().filter(|alt| !alt.is_empty())
    }

    /// Returns the credit, exactly as written.
    pub(super) fn credit(&self) -> Option<&str> {
        self.photo.credit.as_deref()
    }
}

/// Who has a part in a photo.
pub(super) struct Credited {
    /// The part, a role of `urn:ebu`.
    pub(super) role: &'static str,
    pub(super) name: String,
}

impl<'a> Entry<'a> {
    /// Makes the entry of an article; `body` is the HTML of its text, where the feed carries it.
    pub(super) fn article(view: &View<'a>, list: List, id: ArticleId, body: Option<&str>) -> Self {
        let archive = view.archive;
        let one = archive.article(id);
        let meta = &one.article.meta;
        let address = archive.permalink(&one.route);
        let guid = meta.presented(|shown| shown.guid.as_deref());
        let sponsored = meta.is_sponsored().then(|| {
            word(view, list.language(archive), "sponsored")
                .unwrap_or_else(|| "Sponsored".to_owned())
        });
        let summary = &one.article.summary();
        let photo = photo(view, one);
        let content = body.map(|body| {
            let words = &view.theme.words.of(list.language(archive)).markdown;
            let lead = photo.as_ref().map(|photo| figure(photo, words));
            let mut html = lead.unwrap_or_default();
            html.push_str(&profile::profile(body, &address));
            for (_, correction) in correction::with_ids(&meta.corrections) {
                let note = inline::inline(archive, &correction.text);
                html.push_str(&format!(
                    "<p><small>{}</small></p>\n",
                    profile::profile(&note, &address)
                ));
            }
            html
        });
        Self {
            id: guid.map_or_else(|| address.clone(), str::to_owned),
            is_address: guid.is_none(),
            title: match sponsored {
                Some(sponsored) => format!("{sponsored}: {}", meta.headline),
                None => meta.headline.clone(),
            },
            authors: authors(archive, one),
            categories: categories(archive, one),
            published: meta.timestamp,
            updated: meta.updated,
            summary: markdown::plain_text(summary),
            summary_html: profile::profile(summary, &address),
            content,
            photo,
            language: Some(archive.language(one))
                .filter(|language| *language != list.language(archive)),
            address,
        }
    }
}

/// Makes the entries of the newest corrections, the newest first.
pub(super) fn corrections<'a>(view: &View<'a>, language: usize) -> Vec<Entry<'a>> {
    let archive = view.archive;
    let corrections = &archive.languages[language].corrections;
    let language = &archive.sections[archive.languages[language].root].language;
    let count = corrections.articles.len();
    let newest = (0..count).rev().take(archive.config.feeds.limit);
    newest
        .map(|at| {
            let (id, name, correction) = corrections.get(&archive.articles, at);
            let one = archive.article(id);
            let kind = correction.kind.name();
            let kind = word(view, language, kind).unwrap_or_else(|| kind.replace('-', " "));
            let address = format!("{}#{name}", archive.permalink(&one.route));
            let note = inline::inline(archive, &correction.text);
            Entry {
                id: address.clone(),
                is_address: true,
                title: format!("{kind}: {}", one.article.meta.headline),
                authors: Vec::new(),
                categories: Vec::new(),
                published: Some(correction.date),
                updated: None,
                summary: markdown::plain_text(&note),
                summary_html: profile::profile(&note, &address),
                content: None,
                photo: None,
                language: Some(archive.language(one)).filter(|own| *own != language.as_str()),
                address,
            }
        })
        .collect()
}

fn authors<'a>(archive: &'a Archive, one: &'a Published) -> Vec<Author<'a>> {
    match archive.group_around(one, "authors") {
        Some(group) => {
            let terms = one.terms[group].iter();
            let terms = terms.map(|term| &archive.groups[group].terms[*term as usize]);
            terms
                .map(|term| Author {
                    name: &term.name,
                    address: Some(archive.permalink(&term.route)),
                })
                .collect()
        }
        None => {
            let names = one.article.meta.authors.iter();
            names
                .map(|name| Author {
                    name,
                    address: None,
                })
                .collect()
        }
    }
}

/// Lists the section and the tags, each once.
fn categories<'a>(archive: &'a Archive, one: &'a Published) -> Vec<&'a str> {
    let section =
        (!archive.is_root(one.section)).then(|| archive.sections[one.section].title.as_str());
    let mut categories: Vec<&str> = section.into_iter().collect();
    for tag in one.article.meta.tags.iter() {
        if !categories.contains(&tag) {
            categories.push(tag);
        }
    }
    categories
}

fn photo<'a>(view: &View<'a>, one: &'a Published) -> Option<EntryPhoto<'a>> {
    let archive = view.archive;
    let photo = one.article.meta.photo.as_ref()?;
    let target = one.photo.as_ref()?;
    let place = PicturePlace::of(archive, &one.route, &photo.src, target);
    let photo = archive.photo(&one.article.path, photo);
    let caption = photo.caption.as_deref().map(|caption| {
        markdown::plain_text(&markdown::inline(caption, &archive.config.markdown, None))
    });
    let credit = photo
        .credit
        .as_deref()
        .map(|text| archive.credits.read(text));
    Some(EntryPhoto {
        caption,
        credited: credit.as_deref().map_or_else(Vec::new, credited),
        copyright: copyright(&photo, credit.as_deref()),
        photo,
        place,
    })
}

/// Returns the notice of a photo's rights, or its licence's name, with the licence's address.
fn copyright(photo: &Photo, credit: Option<&Credit>) -> Option<(String, Option<String>)> {
    let details = photo.details.as_deref();
    let licence = details
        .and_then(|details| details.licence.as_deref())
        .or(credit.and_then(|credit| credit.licence.as_deref()));
    let notice = details.and_then(|details| details.copyright.as_deref());
    let address = licence.and_then(licence_address);
    Some((notice.or(licence)?.to_owned(), address))
}

/// Returns whom a credit names, in the roles of the European Broadcasting Union; the credit itself where
/// nobody is found in it.
fn credited(credit: &Credit) -> Vec<Credited> {
    let maker = match credit.kind {
        CreditKind::Illustration => "illustrator",
        CreditKind::Graphic | CreditKind::Composite => "graphic designer",
        _ => "photographer",
    };
    let made = |role: &'static str, name: &str| Credited {
        role,
        name: name.to_owned(),
    };
    let makers = credit.creators.iter().map(|name| made(maker, name));
    let suppliers = credit
        .organisations()
        .map(|name| made("distribution company", name));
    let named: Vec<Credited> = makers.chain(suppliers).collect();
    match named.is_empty() {
        true => vec![made(maker, &credit.raw)],
        false => named,
    }
}

/// Shows a photo with its caption, its credit, and what is said of a picture that no camera took.
fn figure(photo: &EntryPhoto<'_>, words: &markdown::Words) -> String {
    let mut html = String::from("<figure><img");
    let mut attribute = |name: &str, value: &str| {
        html.push_str(&format!(" {name}=\"{}\"", profile::escape(value)));
    };
    attribute("src", &photo.place.permalink);
    attribute("alt", photo.alt().unwrap_or_default());
    if let Some((width, height)) = photo.place.size {
        attribute("width", &width.to_string());
        attribute("height", &height.to_string());
    }
    html.push('>');
    let origin = photo.photo.origin().map(|origin| words.origin(origin));
    // As in the figures of bodies.
    let said = [photo.caption.as_deref(), origin, photo.credit()];
    let said: Vec<&str> = said.into_iter().flatten().collect();
    if !said.is_empty() {
        let said = profile::escape(&said.join(" "));
        html.push_str(&format!("<figcaption>{said}</figcaption>"));
    }
    html.push_str("</figure>\n");
    html
}
