//! How an archive is divided into parts, each of which has an index of its own.
//!
//! The parts are stretches of the calendar: all of it where there are few articles, else halves of
//! halves down to a year, halves of a year and quarters, until none has too many. Where an article
//! comes or goes, only the part that it is in changes; a part that becomes too large is halved, and
//! no other one moves. The newest part, in which most edits happen, is smaller than the others: what
//! it is cut from becomes whole once newer articles are elsewhere.

use crate::archive::{Archive, ArticleId};
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use crate::base::route::Route;
use crate::search::index::{self, ENTRY, Group};
use crate::source::config::Config;
use crate::theme::theme::Theme;
use std::ops::Range;

/// The folder of the indexes in the output.
pub const FOLDER: &str = "pagefind";

/// The name of the list of a language's parts.
pub const LIST: &str = "parts.json";

/// How many times as many articles the other parts may have as the newest.
const NEWEST: usize = 4;

/// The years that a calendar can have: a power of two, so that halves of it are.
const YEARS: u32 = 16_384;

/// The articles of one language, which readers search together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    /// The section around its articles: the site's root, or the folder of a further language.
    pub root: usize,
    /// The language, as a BCP 47 tag.
    pub language: String,
    /// The parts, the oldest first; there is always one.
    pub parts: Vec<Part>,
}

/// A stretch of the calendar with an index of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The language, as a BCP 47 tag.
    pub language: String,
    /// Its folder in the output, with a slash at its end.
    pub folder: String,
    /// Its articles, the oldest first.
    pub articles: Vec<ArticleId>,
    /// The fingerprint of everything that its index is made of.
    pub print: Fingerprint,
    /// That of everything beside its articles.
    environment: Fingerprint,
}

/// Divides the articles that are searched, by language.
pub fn shelves(archive: &Archive, theme: &Theme) -> Vec<Shelf> {
    if !archive.config.search.is_on {
        return Vec::new();
    }
    let roots: Vec<usize> = archive.roots().collect();
    let environment = environment(&archive.config, theme);
    let root_of: Vec<usize> = (0..archive.sections.len())
        .map(|section| archive.root_of(section))
        .collect();
    let mut searched: Vec<Vec<ArticleId>> = vec![Vec::new(); roots.len()];
    for (at, one) in archive.articles.iter().enumerate() {
        let shelf = roots.iter().position(|root| *root == root_of[one.section]);
        if let Some(shelf) = shelf.filter(|_| !one.article.meta.is_unsearched) {
            searched[shelf].push(ArticleId(at as u32));
        }
    }
    let shelf = |(root, articles): (usize, Vec<ArticleId>)| {
        let language = archive.sections[root].language.clone();
        let parts = parts(archive, environment, &language, &articles);
        Shelf {
            root,
            language,
            parts,
        }
    };
    roots.into_iter().zip(searched).map(shelf).collect()
}

/// Returns the place of the script in the output.
pub fn script() -> String {
    format!("{FOLDER}/pagefind.js")
}

/// Returns the folder of a language's newest part, in which the others have theirs.
pub fn folder(language: &str) -> String {
    format!("{FOLDER}/{}/", language.to_ascii_lowercase())
}

impl Shelf {
    /// Returns the list of the parts as JSON, the newest first: the folder of each beside the list, and
    /// a tag that changes with it.
    pub fn list(&self) -> String {
        let base = folder(&self.language);
        let parts = self.parts.iter().rev().map(|part| {
            let path = part.folder.strip_prefix(&base).unwrap_or(&part.folder);
            serde_json::json!({ "path": path, "tag": part.print.short(12), "count": part.articles.len() })
        });
        serde_json::json!({ "parts": parts.collect::<Vec<_>>() }).to_string()
    }
}

impl Part {
    /// Returns its articles in the groups in which they are loaded.
    pub fn groups(&self, archive: &Archive) -> Vec<Group> {
        let moments = self.articles.iter().map(|id| {
            let time = &archive.article(*id).article.meta.timestamp;
            time.as_ref().map(|time| time.instant())
        });
        index::groups(moments)
    }

    /// Returns the fingerprint of everything that the records of a group are made of.
    pub fn source(&self, archive: &Archive, group: &Group) -> Fingerprint {
        let mut print = Fingerprinter::new("search group");
        print.fingerprint(self.environment).text(&self.language);
        for (id, article) in group.ids.iter().zip(&self.articles[group.records.clone()]) {
            let one = archive.article(*article);
            print.text(id);
            print.fingerprint(one.card).fingerprint(one.article.body);
        }
        print.finish()
    }

    /// Tells whether a file of the output is one of the part's index.
    pub fn holds(&self, path: &str) -> bool {
        let Some(name) = path.strip_prefix(self.folder.as_str()) else {
            return false;
        };
        match name.split_once('/') {
            Some((folder, rest)) => {
                matches!(folder, "fragment" | "index" | "filter") && !rest.contains('/')
            }
            None => name == ENTRY || name.ends_with(".pf_meta"),
        }
    }
}

fn parts(
    archive: &Archive,
    environment: Fingerprint,
    language: &str,
    articles: &[ArticleId],
) -> Vec<Part> {
    let months: Vec<u32> = articles
        .iter()
        .map(|id| {
            let time = archive.article(*id).article.meta.timestamp;
            time.map_or(0, |time| month(time.date().year(), time.date().month()))
        })
        .collect();
    // Where offsets differ, the order of the instants is not quite that of the dates.
    let mut order: Vec<usize> = (0..articles.len()).collect();
    order.sort_by_key(|at| months[*at]);
    let sorted: Vec<u32> = order.iter().map(|at| months[*at]).collect();
    let mut stretches = divide(&sorted, archive.config.search.part);
    if stretches.is_empty() {
        stretches.push((0..0, 0..0));
    }
    let newest = stretches.len() - 1;
    let base = folder(language);
    stretches
        .into_iter()
        .enumerate()
        .map(|(at, (months, range))| {
            let folder = match at == newest {
                true => base.clone(),
                false => format!("{base}parts/{}/", name(&months)),
            };
            let articles: Vec<ArticleId> = order[range].iter().map(|at| articles[*at]).collect();
            let mut print = Fingerprinter::new("search part");
            print.fingerprint(environment).text(language).text(&folder);
            for id in &articles {
                let one = archive.article(*id);
                print.fingerprint(one.card).fingerprint(one.article.body);
            }
            Part {
                language: language.to_owned(),
                folder,
                articles,
                print: print.finish(),
                environment,
            }
        })
        .collect()
}

/// Returns the fingerprint of everything beside articles that an index is made of.
fn environment(config: &Config, theme: &Theme) -> Fingerprint {
    let mut print = Fingerprinter::new("search");
    print
        .text(env!("CARGO_PKG_VERSION"))
        .text(&config.base_url)
        .fingerprint(config.parsing())
        .fingerprint(theme.declarations_print())
        .fingerprint(config.credits.fingerprint());
    config.images.print(&mut print);
    for filter in &config.search.filters {
        print.text(filter.name());
    }
    print.finish()
}

/// Returns the number of a month, counted from that of year 0; what has no date comes first.
fn month(year: i16, month: i8) -> u32 {
    let year = u32::try_from(year).unwrap_or(0).min(YEARS - 1);
    year * 12 + u32::from(month.clamp(1, 12).unsigned_abs()) - 1
}

/// Divides sorted months into stretches of the calendar with at most so many articles each, and a
/// quarter of that in the newest, where it can be done without cutting a month; returns the months and
/// the articles of each.
fn divide(months: &[u32], most: usize) -> Vec<(Range<u32>, Range<usize>)> {
    let mut found = Vec::new();
    let mut open = vec![(0..YEARS * 12, 0..months.len())];
    while let Some((stretch, range)) = open.pop() {
        if range.is_empty() {
            continue;
        }
        let length = stretch.end - stretch.start;
        let is_newest = range.end == months.len();
        let most = if is_newest {
            most.div_ceil(NEWEST)
        } else {
            most
        };
        if range.len() <= most || length == 1 {
            found.push((stretch, range));
            continue;
        }
        // Halves of years down to a quarter, whose three months come last.
        let cuts: Vec<u32> = match length {
            3 => (stretch.start..=stretch.end).collect(),
            _ => vec![stretch.start, stretch.start + length / 2, stretch.end],
        };
        for ends in cuts.windows(2).rev() {
            let at =
                |month: u32| range.start + months[range.clone()].partition_point(|m| *m < month);
            open.push((ends[0]..ends[1], at(ends[0])..at(ends[1])));
        }
    }
    found
}

/// Returns the name of a stretch of months: `2016-2019`, `2016`, `2016-01-06`, `2016-03`.
fn name(months: &Range<u32>) -> String {
    let (first, last) = (months.start, months.end - 1);
    let (from, to) = (first / 12, last / 12);
    match (months.end - months.start, from == to) {
        (1, _) => format!("{from}-{:02}", first % 12 + 1),
        (12, _) => from.to_string(),
        (_, true) => format!("{from}-{:02}-{:02}", first % 12 + 1, last % 12 + 1),
        (_, false) => format!("{from}-{to}"),
    }
}

/// Tells whether a path of an output is that of a file of an index which is named after its content.
pub fn is_named(path: &str) -> bool {
    path.starts_with(FOLDER) && path.contains(".pf_")
}

/// Tells whether an address below the site's own can be that of a file of an index.
pub fn is_index(path: &str) -> bool {
    let below = path.trim_start_matches('/').strip_prefix(FOLDER);
    let is_named = || path.ends_with(ENTRY) || path.contains(".pf_");
    below.is_some_and(|below| below.starts_with('/')) && is_named()
}

/// Returns the route of a file of the indexes.
pub fn route(archive: &Archive, path: &str) -> Option<Route> {
    let rules = crate::archive::rules(&archive.config);
    Route::home().file_in(path, &rules).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn named(months: &[u32], most: usize) -> Vec<(String, usize)> {
        let found = divide(months, most).into_iter();
        found
            .map(|(months, range)| (name(&months), range.len()))
            .collect()
    }

    #[test]
    fn few_articles_are_one_part() {
        let months: Vec<u32> = (1..=12).map(|at| month(2020, at)).collect();
        assert_eq!(named(&months, 48), [("0-16383".to_owned(), 12)]);
        assert_eq!(named(&[], 12), []);
    }

    #[test]
    fn many_are_parted_at_years_and_a_large_year_within() {
        let mut months: Vec<u32> = (2016..2024)
            .flat_map(|year| (1..=12).map(move |at| month(year, at)))
            .collect();
        // The newest has a quarter of the most at most.
        let expect = [
            ("2016-2019", 48),
            ("2020-2021", 24),
            ("2022", 12),
            ("2023", 12),
        ];
        let owned = |list: &[(&str, usize)]| -> Vec<(String, usize)> {
            let list = list.iter();
            list.map(|(name, count)| ((*name).to_owned(), *count))
                .collect()
        };
        assert_eq!(named(&months, 48), owned(&expect));
        months.extend(std::iter::repeat_n(month(2020, 2), 44));
        months.sort_unstable();
        let expect = [
            ("2016-2019", 48),
            ("2020-01-03", 47),
            ("2020-04-06", 3),
            ("2020-07-12", 6),
            ("2021", 12),
            ("2022", 12),
            ("2023", 12),
        ];
        assert_eq!(named(&months, 48), owned(&expect));
        // A month stays whole.
        assert!(named(&months, 20).contains(&("2020-02".to_owned(), 45)));
    }

    proptest! {
        /// Every article is in one part, none of them is too large, and one article more changes the
        /// stretch that it falls into and no other.
        #[test]
        fn an_article_changes_one_part(
            mut months in proptest::collection::vec(24_000_u32..24_240, 0..200),
            more in 24_000_u32..24_240,
            most in 5_usize..60,
        ) {
            months.sort_unstable();
            let before = divide(&months, most);
            let mut next = 0;
            for (stretch, range) in &before {
                prop_assert_eq!(range.start, next);
                next = range.end;
                let is_newest = range.end == months.len();
                let most = if is_newest { most.div_ceil(NEWEST) } else { most };
                prop_assert!(range.len() <= most || stretch.end - stretch.start == 1);
                prop_assert!(months[range.clone()].iter().all(|month| stretch.contains(month)));
            }
            prop_assert_eq!(next, months.len());
            months.insert(months.partition_point(|month| *month <= more), more);
            let after = divide(&months, most);
            for (stretch, range) in &before {
                // What is newer than all else makes whole what was cut for it.
                let is_newer = before.last().is_some_and(|(last, _)| more >= last.end);
                if !stretch.contains(&more) && !is_newer {
                    let is_same = |(other, found): &(Range<u32>, Range<usize>)| {
                        other == stretch && found.len() == range.len()
                    };
                    prop_assert!(after.iter().any(is_same), "{stretch:?} moved");
                }
            }
        }
    }
}
