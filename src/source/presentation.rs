//! How a newsroom presents an article beyond its headline and its text: the kind of journalism, what
//! stands over and under the headline, the byline as written, who paid, and live coverage.
//!
//! Most articles have little of it, so that it is kept apart from what all have.

use crate::base::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// How an article is presented.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Presentation {
    /// The kind of journalism.
    pub genre: Genre,
    /// What stands over the headline.
    pub kicker: Option<Box<str>>,
    /// What stands under the headline, in Markdown without blocks.
    pub standfirst: Option<Box<str>>,
    /// The byline, exactly as it is shown.
    pub byline: Option<Box<str>>,
    /// The headline for social networks, where it is not that of the page.
    pub social_headline: Option<Box<str>>,
    /// Who paid for it; empty where nobody is named.
    pub sponsor: Option<Box<str>>,
    /// What feeds know it by, where that is not its address.
    pub guid: Option<Box<str>>,
    /// Where, and when, it was reported: `SEOUL, Nov. 3 (AP)`, without the dash after it.
    pub dateline: Option<Box<str>>,
    /// The coverage of an event while it happens.
    pub live: Option<Box<Live>>,
}

impl Presentation {
    /// Tells whether somebody paid for the article.
    pub fn is_sponsored(&self) -> bool {
        self.genre == Genre::Sponsored || self.sponsor.is_some()
    }
}

/// The coverage of an event while it happens.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Live {
    /// When the coverage began; else with the article.
    pub start: Option<Timestamp>,
    /// When it ended or will end.
    pub end: Option<Timestamp>,
    /// The entries, in the order written.
    pub updates: Vec<Update>,
}

/// An entry of live coverage: a heading of the second level that begins with a time, and all that
/// stands under it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Update {
    /// When it was published.
    pub time: Timestamp,
    /// The time as written, which the heading begins with.
    pub written: String,
    /// The heading without the time.
    pub headline: String,
    /// The heading's id.
    pub id: String,
}

/// A kind of journalism.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Genre {
    /// What happened.
    #[default]
    News,
    /// What happened, as witnessed and investigated.
    Reportage,
    /// What it means.
    Analysis,
    /// What somebody thinks of it.
    Opinion,
    /// What led to it.
    Background,
    /// Whether something is good.
    Review,
    /// What readers are asked.
    AskPublic,
    /// What is made up to mock.
    Satire,
    /// What happens, told while it does.
    Live,
    /// What somebody paid for.
    Sponsored,
    /// What is no news.
    Article,
    /// What is said in a weblog.
    Blog,
}

impl Genre {
    /// Every genre, in the order of the manual.
    pub const ALL: [Self; 12] = [
        Self::News,
        Self::Reportage,
        Self::Analysis,
        Self::Opinion,
        Self::Background,
        Self::Review,
        Self::AskPublic,
        Self::Satire,
        Self::Live,
        Self::Sponsored,
        Self::Article,
        Self::Blog,
    ];

    /// Returns the name that front matter and templates know it by.
    pub const fn name(self) -> &'static str {
        match self {
            Self::News => "news",
            Self::Reportage => "reportage",
            Self::Analysis => "analysis",
            Self::Opinion => "opinion",
            Self::Background => "background",
            Self::Review => "review",
            Self::AskPublic => "ask-public",
            Self::Satire => "satire",
            Self::Live => "live",
            Self::Sponsored => "sponsored",
            Self::Article => "article",
            Self::Blog => "blog",
        }
    }

    /// Returns the type that schema.org has for it.
    pub const fn schema_type(self) -> &'static str {
        match self {
            Self::News => "NewsArticle",
            Self::Reportage => "ReportageNewsArticle",
            Self::Analysis => "AnalysisNewsArticle",
            Self::Opinion => "OpinionNewsArticle",
            Self::Background => "BackgroundNewsArticle",
            Self::Review => "ReviewNewsArticle",
            Self::AskPublic => "AskPublicNewsArticle",
            Self::Satire => "SatiricalArticle",
            Self::Live => "LiveBlogPosting",
            Self::Sponsored => "AdvertiserContentArticle",
            Self::Article => "Article",
            Self::Blog => "BlogPosting",
        }
    }

    /// Returns the wider type of those that few programs know. Search engines name Article, NewsArticle
    /// and BlogPosting as what they read.
    pub const fn wider_type(self) -> Option<&'static str> {
        match self {
            Self::Background | Self::AskPublic => Some("NewsArticle"),
            Self::Satire | Self::Sponsored => Some("Article"),
            _ => None,
        }
    }

    /// Tells whether schema.org's type is a NewsArticle, which alone has a dateline.
    pub const fn is_news_article(self) -> bool {
        !matches!(
            self,
            Self::Satire | Self::Live | Self::Sponsored | Self::Article | Self::Blog
        )
    }

    /// Finds a genre by its name, or by schema.org's name of its type.
    pub fn find(written: &str) -> Option<Self> {
        let letters = |text: &str| -> String {
            let kept = text.chars().filter(|c| c.is_alphanumeric());
            kept.flat_map(char::to_lowercase).collect()
        };
        let written = letters(written);
        Self::ALL.into_iter().find(|genre| {
            letters(genre.name()) == written || letters(genre.schema_type()) == written
        })
    }
}
