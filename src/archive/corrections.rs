//! What was corrected: every correction of the articles of a language, in the order in which they were
//! made.

use super::{ArticleId, Published};
use crate::source::correction::{self, Correction};

/// Every correction, the oldest first.
#[derive(Debug, Clone, Default)]
pub struct Corrections {
    /// The article of each.
    pub articles: Vec<ArticleId>,
    /// Which correction of its article each is, counted from the newest.
    places: Vec<usize>,
}

impl Corrections {
    pub(super) fn of<'a>(articles: impl Iterator<Item = (ArticleId, &'a Published)>) -> Self {
        let mut all: Vec<(i64, ArticleId, usize)> = Vec::new();
        for (id, one) in articles {
            let corrections = &one.article.meta.corrections;
            let ordered = correction::with_ids(corrections);
            let ordered = ordered.iter().enumerate();
            all.extend(
                ordered.map(|(place, (_, correction))| (correction.date.instant(), id, place)),
            );
        }
        // Of one article and moment, the later places are the older corrections.
        all.sort_by_key(|(instant, id, place)| (*instant, *id, std::cmp::Reverse(*place)));
        Self {
            articles: all.iter().map(|(_, id, _)| *id).collect(),
            places: all.iter().map(|(.., place)| *place).collect(),
        }
    }

    /// Returns one of them, with its id on its article's page.
    pub fn get<'a>(
        &self,
        published: &'a [Published],
        at: usize,
    ) -> (ArticleId, String, &'a Correction) {
        let id = self.articles[at];
        let corrections = &published[id.0 as usize].article.meta.corrections;
        let mut ordered = correction::with_ids(corrections);
        let (name, correction) = ordered.swap_remove(self.places[at]);
        (id, name, correction)
    }
}
