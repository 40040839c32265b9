//! An article, as schema.org's NewsArticle or one of its kin; what has no date, as its WebPage.

use super::correction::CorrectionComment;
use super::image::{self, ImageObject};
use super::live::{self, BlogPosting};
use super::organization::Named;
use super::person::{self, Author};
use super::{CONTEXT, Reference};
use crate::archive::{ArticleId, Published};
use crate::base::route::Route;
use crate::base::texts::Texts;
use crate::base::timestamp::Timestamp;
use crate::plan::view::{Content, Info, View};
use crate::source::correction;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Article<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    /// Its own type, where few programs know that and `kind` is a wider one.
    #[serde(rename = "additionalType", skip_serializing_if = "Option::is_none")]
    narrower: Option<String>,
    #[serde(rename = "@id")]
    id: String,
    url: &'a str,
    #[serde(rename = "mainEntityOfPage")]
    page: &'a str,
    headline: &'a str,
    #[serde(
        rename = "alternativeHeadline",
        skip_serializing_if = "Option::is_none"
    )]
    alternative_headline: Option<&'a str>,
    description: &'a str,
    #[serde(rename = "inLanguage")]
    language: &'a str,
    #[serde(rename = "datePublished")]
    published: String,
    #[serde(rename = "dateModified")]
    modified: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    dateline: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<Images>,
    author: Vec<Author>,
    publisher: Named,
    #[serde(skip_serializing_if = "Option::is_none")]
    sponsor: Option<Named>,
    #[serde(rename = "articleSection", skip_serializing_if = "Option::is_none")]
    section: Option<&'a str>,
    #[serde(skip_serializing_if = "Texts::is_empty")]
    keywords: &'a Texts,
    #[serde(rename = "wordCount")]
    words: u32,
    #[serde(rename = "isPartOf")]
    whole: Vec<Whole<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    correction: Vec<CorrectionComment>,
    #[serde(flatten)]
    coverage: Option<Coverage>,
}

/// What an article is a part of.
#[derive(Serialize)]
#[serde(untagged)]
enum Whole<'a> {
    Site(Reference),
    Series(Series<'a>),
}

#[derive(Serialize)]
struct Series<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
}

/// Live coverage.
#[derive(Serialize)]
struct Coverage {
    #[serde(rename = "coverageStartTime")]
    start: String,
    #[serde(rename = "coverageEndTime", skip_serializing_if = "Option::is_none")]
    end: Option<String>,
    #[serde(rename = "liveBlogUpdate", skip_serializing_if = "Vec::is_empty")]
    updates: Vec<BlogPosting>,
}

impl<'a> Article<'a> {
    /// Describes an article; `content` is the HTML of its body.
    pub(super) fn of(
        view: &View<'a>,
        id: ArticleId,
        info: &'a Info,
        own: &'a str,
        published: &Timestamp,
        content: &Content,
    ) -> Self {
        let archive = view.archive;
        let one = archive.article(id);
        let meta = &one.article.meta;
        let genre = meta.genre();
        let modified = meta.updated.filter(|updated| updated >= published);
        let corrections = correction::with_ids(&meta.corrections);
        let corrections = corrections
            .iter()
            .map(|(id, correction)| CorrectionComment::of(archive, own, id, correction));
        let sponsor = meta.presented(|one| one.sponsor.as_deref());
        let dateline = meta.presented(|one| one.dateline.as_deref());
        let live = meta.presented(|one| one.live.as_deref());
        let series = meta.series.as_deref().map(|name| {
            Whole::Series(Series {
                kind: "CreativeWorkSeries",
                name,
            })
        });
        let picture = live.and_then(|_| image(view, Some(one)));
        let site = Whole::Site(super::site_id(&archive.permalink(&Route::home())));
        Self {
            kind: genre.wider_type().unwrap_or(genre.schema_type()),
            narrower: genre
                .wider_type()
                .map(|_| format!("{CONTEXT}/{}", genre.schema_type())),
            id: format!("{own}#article"),
            url: own,
            page: own,
            headline: &meta.headline,
            alternative_headline: meta.presented(|one| one.social_headline.as_deref()),
            description: &info.description,
            language: &info.language,
            published: published.rfc3339_full(),
            modified: modified.as_ref().unwrap_or(published).rfc3339_full(),
            dateline: dateline.filter(|text| !text.is_empty() && genre.is_news_article()),
            author: person::authors(archive, one),
            publisher: Named::publisher(archive),
            sponsor: sponsor.filter(|name| !name.is_empty()).map(Named::of),
            section: (!archive.is_root(one.section))
                .then(|| archive.sections[one.section].title.as_str()),
            keywords: &meta.tags,
            words: one.article.outline.words,
            whole: std::iter::once(site).chain(series).collect(),
            correction: corrections.collect(),
            coverage: live.map(|live| Coverage {
                start: live.start.as_ref().unwrap_or(published).rfc3339_full(),
                end: live.end.as_ref().map(Timestamp::rfc3339_full),
                updates: live::updates(archive, one, live, own, &content.html, picture.as_ref()),
            }),
            image: images(view, one),
        }
    }
}

#[derive(Serialize)]
pub(super) struct WebPage<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "@id")]
    id: &'a str,
    url: &'a str,
    name: &'a str,
    description: &'a str,
    #[serde(rename = "inLanguage")]
    language: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<ImageObject>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    author: Vec<Author>,
    publisher: Named,
    #[serde(rename = "isPartOf")]
    site: Reference,
}

impl<'a> WebPage<'a> {
    /// Describes a page that is no news and leads to none.
    pub(super) fn of(view: &View<'a>, id: Option<ArticleId>, info: &'a Info, own: &'a str) -> Self {
        let archive = view.archive;
        let one = id.map(|id| archive.article(id));
        Self {
            kind: "WebPage",
            id: own,
            url: own,
            name: &info.title,
            description: &info.description,
            language: &info.language,
            image: image(view, one),
            author: one.map_or_else(Vec::new, |one| person::authors(archive, one)),
            publisher: Named::publisher(archive),
            site: super::site_id(&archive.permalink(&Route::home())),
        }
    }
}

/// The picture of an article: described, and where it is a photo that is scaled, in the shapes that
/// search engines choose from as well.
#[derive(Serialize)]
#[serde(untagged)]
enum Images {
    One(Box<ImageObject>),
    Shapes(Box<ImageObject>, String, String, String),
}

/// Describes the pictures that stand for an article.
fn images(view: &View<'_>, one: &Published) -> Option<Images> {
    let described = Box::new(image(view, Some(one))?);
    let photo = one.article.meta.photo.as_ref();
    let crops = photo.map_or_else(Vec::new, |photo| {
        image::shapes(view.archive, &one.route, &one.article.path, photo)
    });
    Some(match <[String; 3]>::try_from(crops) {
        Ok([wide, middle, square]) => Images::Shapes(described, wide, middle, square),
        Err(_) => Images::One(described),
    })
}

/// Describes the picture that stands for a page: an article's photo, else the site's.
fn image(view: &View<'_>, one: Option<&Published>) -> Option<ImageObject> {
    let own = one.and_then(|one| {
        let photo = one.article.meta.photo.as_ref()?;
        ImageObject::photo(view, &one.route, &one.article.path, photo)
    });
    own.or_else(|| ImageObject::of_site(view.archive))
}
