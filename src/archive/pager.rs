//! Stable pagination: pages of a list are counted from the oldest article.
//!
//! Publishing an article into a list of ten thousand changes the front of the list, and nothing
//! else until the front is so full that a page is cut from it. The front holds the newest
//! articles, at least as many as a page and fewer than two pages; the pages behind it are full
//! and keep their numbers, their articles and so their bytes.

use std::ops::Range;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// The page's number; where the list begins with the newest, 1 is the oldest page.
    pub number: usize,
    /// Whether it stands at the list's own address.
    pub is_front: bool,
    /// Which entries it shows, in the order of the list as it was given.
    pub range: Range<usize>,
    /// The number of the next page towards the front.
    pub towards_front: Option<usize>,
    /// The number of the next page away from the front.
    pub away: Option<usize>,
}

/// Counts the pages of [`newest_first`], whose front has that number.
pub fn newest_first_pages(count: usize, per_page: usize) -> usize {
    (count / per_page).max(1)
}

/// Counts the pages of [`first_first`].
pub fn first_first_pages(count: usize, per_page: usize) -> usize {
    count.div_ceil(per_page).max(1)
}

/// Cuts a list of `count` entries, the oldest first, into pages whose front shows the newest.
///
/// There is always a front, even of an empty list.
pub fn newest_first(count: usize, per_page: usize) -> Vec<Slice> {
    let pages = newest_first_pages(count, per_page);
    (1..=pages)
        .map(|number| Slice {
            number,
            is_front: number == pages,
            range: (number - 1) * per_page..if number == pages {
                count
            } else {
                number * per_page
            },
            towards_front: (number < pages).then_some(number + 1),
            away: (number > 1).then(|| number - 1),
        })
        .collect()
}

/// Cuts a list of `count` entries into pages in its own order; the front shows the first ones.
pub fn first_first(count: usize, per_page: usize) -> Vec<Slice> {
    let pages = first_first_pages(count, per_page);
    (1..=pages)
        .map(|number| Slice {
            number,
            is_front: number == 1,
            range: (number - 1) * per_page..(number * per_page).min(count),
            towards_front: (number > 1).then(|| number - 1),
            away: (number < pages).then_some(number + 1),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_list_of_nothing_has_a_front() {
        for slices in [newest_first(0, 20), first_first(0, 20)] {
            assert_eq!(slices.len(), 1);
            assert!(slices[0].is_front && slices[0].range.is_empty());
        }
    }

    #[test]
    fn the_front_is_never_nearly_empty() {
        let slices = newest_first(41, 20);
        assert_eq!(slices.last().map(|front| front.range.clone()), Some(20..41));
    }

    proptest! {
        #[test]
        fn every_entry_is_on_exactly_one_page(count in 0usize..500, per_page in 1usize..30) {
            for slices in [newest_first(count, per_page), first_first(count, per_page)] {
                let shown: Vec<usize> = slices.iter().flat_map(|slice| slice.range.clone()).collect();
                prop_assert_eq!(shown, (0..count).collect::<Vec<_>>());
                prop_assert_eq!(slices.iter().filter(|slice| slice.is_front).count(), 1);
            }
        }

        #[test]
        fn adding_an_entry_changes_the_front_and_at_most_the_page_cut_from_it(
            count in 0usize..500, per_page in 1usize..30,
        ) {
            let (before, after) = (newest_first(count, per_page), newest_first(count + 1, per_page));
            let changed = before.iter().filter(|slice| !after.contains(slice)).count();
            let new_pages = after.len() - before.len();
            prop_assert!(changed <= 1 + new_pages);
        }
    }
}
