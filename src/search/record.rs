//! What the index knows of an article: what is searched, what a result shows, what it is filtered by.

use crate::archive::makers::{self, CREDITS};
use crate::archive::reference;
use crate::archive::{Archive, ArticleId, Published};
use crate::source::config::SearchFilter;
use crate::source::front_matter;
use crate::source::markdown;
use crate::source::origin::Origin;
use crate::source::photo::Photo;
use crate::theme::theme::Theme;
use crate::theme::value::{self, PicturePlace};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The width of the photo beside a result, in pixels, if there is one as small.
const THUMBNAIL: u32 = 320;

/// The values that an article is filtered by, by the filter's name.
pub type Filters = BTreeMap<&'static str, Vec<String>>;

/// An article in the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its address below that of the site, beginning with a slash.
    pub url: String,
    /// The standfirst or the summary, and the body, as they are read.
    pub content: String,
    /// What a result shows.
    pub meta: Meta,
    /// The values that it is filtered by, by the filter's name.
    pub filters: Filters,
    /// When it was published, in Unix seconds.
    pub moment: Option<i64>,
}

/// What a result shows of an article.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Meta {
    /// The headline.
    pub title: String,
    /// What is said of it in a line or two.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// When it was published, as in RFC 3339 as far as it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The title of its section.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// Its authors, separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// The address of its photo from the host's root, or a whole one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// What the photo shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_alt: Option<String>,
    /// The photo's width and height in pixels, such as `320x213`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_size: Option<String>,
    /// The credit of the photo, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
    /// Where the photo comes from, if no camera took it: `ai`, `partly_ai` or `computer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<&'static str>,
}

/// Makes the record of an article, whose file holds `text`.
pub fn record(archive: &Archive, theme: &Theme, id: ArticleId, text: &str) -> Record {
    let one = archive.article(id);
    let meta = &one.article.meta;
    let settings = &archive.config.markdown;
    let standfirst = meta
        .presented(|one| one.standfirst.as_deref())
        .map(|text| markdown::plain_text(&markdown::inline(text, settings, None)))
        .filter(|text| !text.is_empty());
    let summary = standfirst.unwrap_or_else(|| markdown::plain_text(&one.article.summary()));
    let body = front_matter::split(&one.article.path, text)
        .map(|parts| markdown::prose(&text[parts.body], settings, theme))
        .unwrap_or_default();
    // A summary that was taken from the body is there already.
    let is_in_body = body.starts_with(summary.trim_end_matches('…'));
    let content = match is_in_body {
        true => body,
        false => format!("{summary} {body}"),
    };
    let filters = filters(archive, one);
    let mut shown = Meta {
        title: meta.headline.clone(),
        summary,
        date: meta.timestamp.map(|time| time.rfc3339()),
        section: (!archive.is_root(one.section))
            .then(|| archive.sections[one.section].title.clone()),
        author: (!meta.authors.is_empty())
            .then(|| meta.authors.iter().collect::<Vec<_>>().join(", ")),
        ..Meta::default()
    };
    if let Some(photo) = &meta.photo {
        show(
            archive,
            one,
            &archive.photo(&one.article.path, photo),
            &mut shown,
        );
    }
    Record {
        url: one.route.url_path().into_owned(),
        content,
        meta: shown,
        filters,
        moment: meta.timestamp.map(|time| time.instant()),
    }
}

/// Fills in what a result shows of the lead photo.
fn show(archive: &Archive, one: &Published, photo: &Photo, shown: &mut Meta) {
    let Some(target) = reference::picture(&one.article.path, &photo.src) else {
        return;
    };
    let place = PicturePlace::of(archive, &one.route, &photo.src, &target);
    let (mut url, mut size) = (place.url, place.size);
    if let reference::PictureTarget::File(path) = &target
        && let Some(original) = value::original(archive, path)
    {
        let own = original.own();
        let mut series = original.set().into_iter().flatten();
        let small = series.find(|one| one.encoding == own && one.width >= THUMBNAIL);
        if let Some(small) = small {
            url = format!("{}{}", value::stem(&url), small.ending());
            size = Some((small.width, small.height));
        }
    }
    shown.image = Some(url);
    shown.image_size = size.map(|(width, height)| format!("{width}x{height}"));
    shown.image_alt = photo.alt.clone().filter(|alt| !alt.is_empty());
    shown.origin = photo.origin().map(Origin::name);
    shown.credit = photo.credit.clone().filter(|credit| !credit.is_empty());
}

/// Returns what an article is filtered by, for which its text need not be read.
pub fn filters(archive: &Archive, one: &Published) -> Filters {
    let meta = &one.article.meta;
    let mut filters = BTreeMap::new();
    for filter in &archive.config.search.filters {
        let values: Vec<String> = match filter {
            SearchFilter::Section if archive.is_root(one.section) => Vec::new(),
            SearchFilter::Section => vec![archive.sections[one.section].title.clone()],
            SearchFilter::Year => {
                let year = meta.timestamp.map(|time| time.date().year());
                year.iter().map(ToString::to_string).collect()
            }
            SearchFilter::Tag => terms(archive, one, "tags"),
            SearchFilter::Author => terms(archive, one, "authors"),
            SearchFilter::Credit => credits(archive, one),
        };
        if !values.is_empty() {
            filters.insert(filter.name(), values);
        }
    }
    filters
}

fn terms(archive: &Archive, one: &Published, key: &str) -> Vec<String> {
    let Some(at) = archive.group_around(one, key) else {
        return Vec::new();
    };
    let terms = one.terms[at].iter();
    terms
        .map(|term| archive.groups[at].terms[*term as usize].name.clone())
        .collect()
}

/// Lists who made and supplied the photos of an article, each once.
fn credits(archive: &Archive, one: &Published) -> Vec<String> {
    if archive.has_credit_pages {
        return terms(archive, one, CREDITS);
    }
    let mut names = BTreeSet::new();
    for photo in makers::photos(&archive.notes, &archive.files, &one.article) {
        if let Some(credit) = &photo.credit {
            let read = archive.credits.read(credit);
            let makers = makers::makers(&read, archive.credits.lexicon());
            names.extend(makers.map(|(name, _)| name.to_owned()));
        }
    }
    names.into_iter().collect()
}
