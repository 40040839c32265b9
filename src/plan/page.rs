//! One page of the plan: where it stands, what it is about, and the fingerprint of all it can see.

use crate::archive::pager::Slice;
use crate::archive::{Archive, ArticleId};
use crate::base::diagnostic::Place;
use crate::base::fingerprint::Fingerprint;
use crate::base::route::Route;
use crate::darkroom::derivative::Derivative;
pub use crate::source::config::FeedFormat;
use crate::theme::kind::Kind;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::Arc;

/// A page, which is any file of the output.
#[derive(Debug, Clone)]
pub struct Page {
    /// Where it stands.
    pub route: Route,
    /// What it is about.
    pub subject: Subject,
    /// The fingerprint of everything that it can see, but for what its template looks up.
    pub fingerprint: Fingerprint,
    /// The Unix second from which its fingerprint is another, where it depends on the clock.
    pub valid_until: Option<i64>,
}

impl Page {
    /// Returns the path of its file in the output.
    pub fn file(&self) -> Cow<'_, str> {
        self.route.file()
    }
}

/// What a page is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// An article.
    Article(ArticleId),
    /// A page of a list of articles. Most pages are articles, and need no room for a slice.
    List(List, Box<Slice>),
    /// The index of a taxonomy's terms: a place in the archive's groups.
    Terms(usize),
    /// The index of a language's years.
    Archive(usize),
    /// Where readers search the articles of a language, by the section around them.
    SearchPage(usize),
    /// The script that searches.
    SearchScript,
    /// What the script runs for the language around which this section is.
    SearchWasm(usize),
    /// The list of the parts of a language's index.
    SearchParts(usize),
    /// A file of a part's index, whose name is that of its content.
    Index,
    /// What a host shows for an address that leads nowhere.
    NotFound,
    /// An alias.
    Redirect(Aliased),
    /// A feed of a list's newest articles.
    Feed(List, FeedFormat),
    /// A sitemap of these pages of the plan; the pages that it lists stand before it.
    Sitemap(std::ops::Range<usize>),
    /// The index of this many sitemaps.
    SitemapIndex(usize),
    /// A sitemap of these of the articles that are news at the moment of the build.
    NewsSitemap(std::ops::Range<usize>),
    /// The index of this many sitemaps of news.
    NewsIndex(usize),
    /// robots.txt.
    Robots,
    /// A file of the site, published as it is, by its path from the site's root.
    File(String),
    /// A file of the theme's assets, by its place in the theme.
    Asset(usize),
    /// A picture made of a photo.
    Derivative(Arc<Shot>),
    /// An icon of the site: a place in [`ICONS`](crate::darkroom::icon::ICONS).
    Icon(usize),
    /// What phones are told of the site that is put on their screen.
    WebManifest,
    /// The card of an article without a photo.
    Card(ArticleId),
}

/// A picture made of a photo, and who shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shot {
    /// The picture.
    pub derivative: Derivative,
    /// Where the photo is named that it is made of.
    pub place: Place,
}

/// What an alias leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aliased {
    /// An article.
    Article(ArticleId),
    /// A section or a term.
    List(List),
}

impl Aliased {
    /// Returns where it stands.
    pub fn route(self, archive: &Archive) -> Route {
        match self {
            Self::Article(id) => archive.article(id).route.clone(),
            Self::List(list) => list.route(archive),
        }
    }

    /// Returns what it is called.
    pub fn title(self, archive: &Archive) -> String {
        match self {
            Self::Article(id) => archive.article(id).article.meta.headline.clone(),
            Self::List(list) => list.title(archive),
        }
    }

    /// Returns the file that names its aliases.
    pub fn source(self, archive: &Archive) -> &str {
        match self {
            Self::Article(id) => &archive.article(id).article.path,
            Self::List(list) => list.about(archive).map_or("content", |about| &about.path),
        }
    }

    /// Returns its aliases, as written.
    pub fn aliases(self, archive: &Archive) -> &[String] {
        match self {
            Self::Article(id) => &archive.article(id).article.meta.aliases,
            Self::List(list) => list.about(archive).map_or(&[], |about| &about.aliases),
        }
    }

    /// Returns where one of its aliases is written.
    pub fn place(self, archive: &Archive, number: usize) -> Place {
        let key = format!("aliases[{number}]");
        let bytes = match self {
            Self::Article(id) => archive.article(id).article.place(&key),
            Self::List(list) => list.about(archive).and_then(|about| {
                let found = about.places.iter().find(|(name, _)| *name == key);
                found.map(|(_, bytes)| *bytes)
            }),
        };
        match bytes {
            Some(bytes) => Place::bytes(self.source(archive), bytes),
            None => Place::file(self.source(archive)),
        }
    }
}

/// A list of articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// A section's, by its place in the archive; the root's is the home page.
    Section(usize),
    /// A term's: the places of the group and of the term in it.
    Term(usize, usize),
    /// A year's: the places of the language in the archive and of the year in its calendar.
    Year(usize, usize),
    /// A month's.
    Month(usize, usize, usize),
    /// A day's.
    Day(usize, usize, usize, usize),
    /// The corrections of a language's articles; an article stands in it once for each.
    Corrections(usize),
}

/// A kind of page, for reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageKind {
    /// Made by a template.
    Template(Kind),
    /// A feed.
    Feed,
    /// A sitemap, or the index of sitemaps.
    Sitemap,
    /// robots.txt.
    Robots,
    /// A picture or another file beside an article.
    Attachment,
    /// A file of `static/`.
    Static,
    /// A stylesheet, script or font of the theme.
    Asset,
    /// A picture made of a photo.
    Derivative,
    /// What readers search, and what they search with.
    Search,
}

impl PageKind {
    /// Returns its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Template(kind) => kind.name(),
            Self::Feed => "feed",
            Self::Sitemap => "sitemap",
            Self::Robots => "robots",
            Self::Attachment => "attachment",
            Self::Static => "static",
            Self::Asset => "asset",
            Self::Derivative => "derivative",
            Self::Search => "search_index",
        }
    }
}

impl Subject {
    /// Returns the article in the middle of those that a page of a list shows, by its place in the
    /// archive; 0 of any other page.
    pub fn middle_shown(&self, archive: &Archive) -> u32 {
        match self {
            Self::List(list, slice) => {
                let shown = &list.articles(archive)[slice.range.clone()];
                shown.get(shown.len() / 2).map_or(0, |id| id.0)
            }
            _ => 0,
        }
    }

    /// Returns the kind of page.
    pub fn kind(&self) -> PageKind {
        match self {
            Self::Article(_) => PageKind::Template(Kind::Article),
            Self::List(list, _) => PageKind::Template(list.kind()),
            Self::Terms(_) => PageKind::Template(Kind::Terms),
            Self::Archive(_) => PageKind::Template(Kind::Archive),
            Self::SearchPage(_) => PageKind::Template(Kind::Search),
            Self::SearchScript | Self::SearchWasm(_) | Self::SearchParts(_) | Self::Index => {
                PageKind::Search
            }
            Self::NotFound => PageKind::Template(Kind::NotFound),
            Self::Redirect(_) => PageKind::Template(Kind::Redirect),
            Self::Feed(..) => PageKind::Feed,
            Self::Sitemap(_)
            | Self::SitemapIndex(_)
            | Self::NewsSitemap(_)
            | Self::NewsIndex(_) => PageKind::Sitemap,
            Self::Robots => PageKind::Robots,
            Self::File(path) if path.starts_with("content/") => PageKind::Attachment,
            Self::File(_) => PageKind::Static,
            Self::Asset(_) => PageKind::Asset,
            Self::Derivative(_) | Self::Card(_) => PageKind::Derivative,
            Self::Icon(_) | Self::WebManifest => PageKind::Static,
        }
    }
}

impl List {
    /// Returns the kind of the list's pages.
    pub fn kind(self) -> Kind {
        match self {
            Self::Section(0) => Kind::Home,
            Self::Section(_) => Kind::Section,
            Self::Term(..) => Kind::Term,
            Self::Year(..) => Kind::Year,
            Self::Month(..) => Kind::Month,
            Self::Day(..) => Kind::Day,
            Self::Corrections(_) => Kind::Corrections,
        }
    }
}
