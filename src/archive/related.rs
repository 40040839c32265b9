//! Articles that are read with an article: those that share its tags.
//!
//! Rare tags weigh more, then nearness in time. Each tag offers only the articles around the
//! article in time, so that the work grows with the archive and not with its square, and so that a
//! new article changes what a few dozen others name, not what ten thousand do.

use super::ArticleId;
use rapidhash::RapidHashMap;

/// What a tag weighs that no other article has; one of 2 or 3 articles weighs half of it, one of 4
/// to 7 a third.
const HEAVIEST: u32 = 27_720;
/// How many older articles of a tag are considered.
const OLDER: usize = 12;
/// How many newer articles of a tag are considered; fewer, because each new article changes the
/// related ones of as many others.
const NEWER: usize = 6;

/// Returns up to `limit` articles related to `id`, the nearest first.
///
/// `tags` holds the articles of each of its tags, the oldest first.
pub fn related(id: ArticleId, tags: &[&[ArticleId]], limit: usize) -> Vec<ArticleId> {
    let mut scores: RapidHashMap<ArticleId, u32> = RapidHashMap::default();
    for articles in tags {
        let at = articles.partition_point(|other| *other < id);
        // Adamic and Adar's measure, in steps of doubled sizes: a new article seldom changes it.
        let weight = HEAVIEST / (1 + articles.len().max(1).ilog2());
        let around = at.saturating_sub(OLDER)..(at + 1 + NEWER).min(articles.len());
        for other in &articles[around] {
            if *other != id {
                *scores.entry(*other).or_default() += weight;
            }
        }
    }
    let mut ranked: Vec<(u32, ArticleId)> =
        scores.into_iter().map(|(id, score)| (score, id)).collect();
    ranked.sort_by(|a, b| b.cmp(a));
    ranked.into_iter().take(limit).map(|(_, id)| id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(ids: impl IntoIterator<Item = u32>) -> Vec<ArticleId> {
        ids.into_iter().map(ArticleId).collect()
    }

    #[test]
    fn a_rare_tag_weighs_more_than_a_common_one() {
        let (common, rare) = (ids(0..40), ids([3, 20]));
        assert_eq!(related(ArticleId(20), &[&common, &rare], 1), ids([3]));
    }

    #[test]
    fn a_rare_tag_weighs_more_than_two_common_ones() {
        let (one, other, rare) = (ids(0..60), ids((0..60).step_by(5)), ids([3, 50]));
        assert_eq!(
            related(ArticleId(50), &[&one, &other, &rare], 2),
            ids([3, 55])
        );
    }

    #[test]
    fn of_equals_the_newer_comes_first() {
        assert_eq!(related(ArticleId(2), &[&ids(0..5)], 3), ids([4, 3, 1]));
    }

    #[test]
    fn two_shared_tags_outweigh_one() {
        let (all, some) = (ids(0..8), ids([1, 5]));
        assert_eq!(related(ArticleId(5), &[&all, &some], 2), ids([1, 7]));
    }

    #[test]
    fn only_the_neighbours_of_a_common_tag_are_considered() {
        let found = related(ArticleId(500), &[&ids(0..1000)], 100);
        assert_eq!(found.len(), OLDER + NEWER);
    }
}
