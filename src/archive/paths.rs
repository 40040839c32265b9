//! Articles by the path of their file, without a copy of the paths.

use super::archive::{ArticleId, Published};
use hashbrown::HashTable;
use rapidhash::fast::RandomState;
use std::hash::BuildHasher;

/// Where every article comes from.
const CONTENT: &str = "content/";

/// Finds an article by the path of its file.
#[derive(Debug, Clone, Default)]
pub(super) struct Paths {
    places: HashTable<ArticleId>,
    state: RandomState,
}

impl Paths {
    /// Makes the index of a list; an id is a place in it.
    pub(super) fn new(articles: &[Published]) -> Self {
        let mut paths = Self {
            places: HashTable::with_capacity(articles.len()),
            state: RandomState::default(),
        };
        for (at, one) in articles.iter().enumerate() {
            let hash = paths.state.hash_one(below(&one.article.path));
            let again = |id: &ArticleId| {
                let path = &articles[id.0 as usize].article.path;
                paths.state.hash_one(below(path))
            };
            paths
                .places
                .insert_unique(hash, ArticleId(at as u32), again);
        }
        paths
    }

    /// Finds an article of that list by its path below `content/`.
    pub(super) fn below(&self, path: &str, articles: &[Published]) -> Option<ArticleId> {
        let is_it = |id: &ArticleId| below(&articles[id.0 as usize].article.path) == path;
        self.places.find(self.state.hash_one(path), is_it).copied()
    }
}

/// Returns a path below `content/`.
pub(super) fn below(path: &str) -> &str {
    path.strip_prefix(CONTENT).unwrap_or(path)
}
