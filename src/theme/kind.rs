//! The kinds of pages that templates make.

use serde::{Deserialize, Serialize};

/// A kind of page that a template makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One article.
    Article,
    /// The home page, and the older pages of its list.
    Home,
    /// A section, and the older pages of its list.
    Section,
    /// A term of a taxonomy, such as one tag, and the older pages of its list.
    Term,
    /// The index of a taxonomy's terms.
    Terms,
    /// The index of years.
    Archive,
    /// A year.
    Year,
    /// A month.
    Month,
    /// A day.
    Day,
    /// What was corrected, and the older pages of that list.
    Corrections,
    /// Where readers search.
    Search,
    /// What a host shows for an address that leads nowhere.
    NotFound,
    /// What stands at an alias.
    Redirect,
}

impl Kind {
    /// Every kind, in order.
    pub const ALL: [Self; 13] = [
        Self::Article,
        Self::Home,
        Self::Section,
        Self::Term,
        Self::Terms,
        Self::Archive,
        Self::Year,
        Self::Month,
        Self::Day,
        Self::Corrections,
        Self::Search,
        Self::NotFound,
        Self::Redirect,
    ];

    /// Returns the name that templates and reports know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Home => "home",
            Self::Section => "section",
            Self::Term => "term",
            Self::Terms => "terms",
            Self::Archive => "archive",
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
            Self::Corrections => "corrections",
            Self::Search => "search",
            Self::NotFound => "not_found",
            Self::Redirect => "redirect",
        }
    }

    /// Tells whether its pages list articles.
    pub fn is_list(self) -> bool {
        matches!(
            self,
            Self::Home
                | Self::Section
                | Self::Term
                | Self::Year
                | Self::Month
                | Self::Day
                | Self::Corrections
        )
    }

    /// Returns the templates that can make it, the preferred first.
    pub fn templates(self) -> &'static [&'static str] {
        match self {
            Self::Article => &["article.html"],
            Self::Home => &["home.html", "list.html"],
            Self::Section => &["section.html", "list.html"],
            Self::Term => &["term.html", "list.html"],
            Self::Terms => &["terms.html"],
            Self::Archive => &["archive.html"],
            Self::Year => &["year.html", "date.html", "list.html"],
            Self::Month => &["month.html", "date.html", "list.html"],
            Self::Day => &["day.html", "date.html", "list.html"],
            Self::Corrections => &["corrections.html", "list.html"],
            Self::Search => &["search.html"],
            Self::NotFound => &["404.html"],
            Self::Redirect => &["redirect.html"],
        }
    }
}
