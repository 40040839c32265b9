//! What of the site is searched, and how the index of it is made.

use super::read::Reader;
use crate::source::article::Data;
use crate::source::schema::{Key, Shape};
use crate::source::yaml::Node;

/// The fewest and the most articles of a part.
pub(super) const PART: (i64, i64) = (1, 100_000);

/// The words for the filters.
pub(super) const FILTERS: &[&str] = &["section", "year", "tag", "author", "credit"];

/// The keys of `search`.
pub(super) const SEARCH: &[Key] = &[
    Key::new(
        "filters",
        Shape::ListOf(&Shape::Choice(FILTERS)),
        "What results are filtered by: `section`, `year`, `tag`, `author` and `credit`. Default: all of them.",
    ),
    Key::new(
        "part",
        Shape::Integer(PART.0, PART.1),
        "The most articles that share an index, in the newest part a quarter of that. An archive of more is divided by date, and a build indexes only the parts that changed. Default 10000.",
    ),
];

/// The search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// Whether there is one. Default no.
    pub is_on: bool,
    /// What results are filtered by, each once. Default all filters.
    pub filters: Vec<SearchFilter>,
    /// The most articles that share an index. Default 10000.
    pub part: usize,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            is_on: false,
            filters: SearchFilter::ALL.to_vec(),
            part: 10_000,
        }
    }
}

/// What results are filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SearchFilter {
    /// The section.
    Section,
    /// The year of publication.
    Year,
    /// The tags.
    Tag,
    /// The authors.
    Author,
    /// Who took and who supplied the photos.
    Credit,
}

impl SearchFilter {
    /// Every filter.
    pub const ALL: [Self; 5] = [
        Self::Section,
        Self::Year,
        Self::Tag,
        Self::Author,
        Self::Credit,
    ];

    /// Returns the word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Section => "section",
            Self::Year => "year",
            Self::Tag => "tag",
            Self::Author => "author",
            Self::Credit => "credit",
        }
    }
}

impl Search {
    /// Returns the settings as data.
    pub(super) fn to_data(&self) -> Data {
        if !self.is_on {
            return Data::Bool(false);
        }
        let filters = self.filters.iter();
        let filters = filters.map(|filter| Data::Text(filter.name().to_owned()));
        let part = i64::try_from(self.part).unwrap_or(PART.1);
        Data::Map(vec![
            ("filters".to_owned(), Data::List(filters.collect())),
            ("part".to_owned(), Data::Integer(part)),
        ])
    }
}

impl<'a> Reader<'_, 'a> {
    /// Reads the filters.
    pub(super) fn search_filters(&mut self, path: &str, node: &Node<'a>) {
        let mut filters = Vec::new();
        for item in self.faults.items(node) {
            let word = self.choice(path, FILTERS, item);
            let filter = SearchFilter::ALL
                .into_iter()
                .find(|filter| Some(filter.name()) == word);
            filters.extend(filter.filter(|filter| !filters.contains(filter)));
        }
        self.config.search.filters = filters;
    }
}
