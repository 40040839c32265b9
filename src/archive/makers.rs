//! Who made and supplied the photos that articles show: photographers and agencies, by name.

use super::photos::{self, Notes};
use super::{Archive, credits::Credits};
use crate::base::diagnostic::Diagnostic;
use crate::base::route::is_path_like;
use crate::base::slug::slug;
use crate::source::article::Article;
use crate::source::config::{Config, Level, Taxonomy};
use crate::source::credit::{Credit, Lexicon, Relation};
use crate::source::file::SiteFiles;
use crate::source::photo::Photo;
use rapidhash::RapidHashMap;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The key of the group of photographers and agencies, and the first segment of its addresses.
pub const CREDITS: &str = "credits";

/// The fewest letters of names that are told to be alike: of shorter ones many are.
const FEWEST_LETTERS: usize = 6;

/// What somebody that credits name does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Maker {
    /// Takes photos.
    Photographer,
    /// Supplies them.
    Agency,
}

impl Maker {
    /// Returns the word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Photographer => "photographer",
            Self::Agency => "agency",
        }
    }
}

/// Returns the group's taxonomy, which no site declares.
pub(super) fn taxonomy() -> Taxonomy {
    Taxonomy {
        key: CREDITS.to_owned(),
        singular: "credit".to_owned(),
        feeds: false,
    }
}

/// Lists whom a credit names that took the photo or supplies photos, by the names they are known by.
/// Who lets a single photo be used does neither.
pub fn makers<'a>(
    credit: &'a Credit,
    lexicon: &'a Lexicon,
) -> impl Iterator<Item = (&'a str, Maker)> {
    let is_gift = matches!(
        credit.relation,
        Some(Relation::Courtesy | Relation::Handout | Relation::Screenshot)
    );
    let creators = credit
        .creators
        .iter()
        .map(|name| (name.as_str(), Maker::Photographer));
    let agencies = credit
        .organisations()
        .filter(move |name| !is_gift || lexicon.supplier(name).is_some())
        .map(|name| (lexicon.canonical(name), Maker::Agency));
    creators.chain(agencies.collect::<Vec<_>>())
}

/// Returns the photos of an article, each completed: the lead photo, and those of its body.
pub fn photos<'a>(
    notes: &'a Notes,
    files: &'a SiteFiles,
    article: &'a Article,
) -> impl Iterator<Item = Cow<'a, Photo>> {
    let lead = article.meta.photo.as_deref().map(Cow::Borrowed);
    let body = article.outline.pictures.iter().map(|picture| {
        Cow::Owned(Photo {
            src: picture.src.clone(),
            credit: picture.credit.clone(),
            no_credit_reason: picture.no_credit_reason.clone(),
            at: Some(picture.at),
            ..Photo::default()
        })
    });
    lead.into_iter().chain(body).map(move |photo| match photo {
        Cow::Borrowed(photo) => photos::completed(notes, files, &article.path, photo),
        Cow::Owned(photo) => {
            Cow::Owned(photos::completed(notes, files, &article.path, &photo).into_owned())
        }
    })
}

/// Who made the photos of each article, and what everybody does.
#[derive(Debug, Default)]
pub(super) struct Credited {
    /// The names of each article, in the order of the articles.
    pub(super) names: Vec<Vec<String>>,
    /// What each does, by the slug of the name.
    pub(super) makers: BTreeMap<String, Maker>,
}

impl Credited {
    /// Reads the credits of every photo of the articles.
    pub(super) fn of(
        articles: &[Arc<Article>],
        notes: &Notes,
        files: &SiteFiles,
        credits: &Credits,
        config: &Config,
    ) -> Self {
        let named: Vec<Vec<(String, Maker)>> = articles
            .par_iter()
            .map(|article| {
                let mut named: Vec<(String, Maker)> = Vec::new();
                for photo in photos(notes, files, article) {
                    let Some(text) = photo.credit.as_deref() else {
                        continue;
                    };
                    let credit = credits.read(text);
                    for (name, maker) in makers(&credit, credits.lexicon()) {
                        if !named.iter().any(|(known, _)| known == name) {
                            named.push((name.to_owned(), maker));
                        }
                    }
                }
                named
            })
            .collect();
        let mut slugs: RapidHashMap<String, Option<String>> = RapidHashMap::default();
        let mut credited = Self::default();
        for named in named {
            let mut names = Vec::with_capacity(named.len());
            for (name, maker) in named {
                let slug = slugs
                    .entry(name.clone())
                    .or_insert_with(|| slug(&name, config.slugs).filter(|_| !is_path_like(&name)));
                let Some(slug) = slug else { continue };
                let known = credited.makers.entry(slug.clone()).or_insert(maker);
                *known = (*known).min(maker);
                names.push(name);
            }
            credited.names.push(names);
        }
        credited
    }
}

/// Chooses the spelling that is shown: not the one in capitals only, then the most frequent.
pub(super) fn shown<'a>(spellings: &BTreeMap<&'a str, usize>) -> Option<&'a str> {
    let is_loud = |name: &str| !name.contains(char::is_lowercase) && name.contains(' ');
    spellings
        .iter()
        .min_by_key(|(name, count)| (is_loud(name), std::cmp::Reverse(**count), **name))
        .map(|(name, _)| *name)
}

/// Warns of names that differ in a letter, so that they may be one, on a site with pages of credits,
/// where all names are known.
pub(super) fn warn_of_similar(archive: &Archive, faults: &mut Vec<Diagnostic>) {
    let Some(group) = archive.groups_of(CREDITS).next() else {
        return;
    };
    let names: Vec<(&str, usize)> = group
        .terms
        .iter()
        .map(|term| (term.name.as_str(), term.articles.len()))
        .collect();
    warn_of_names(archive, &names, faults);
}

impl Archive {
    /// Warns of names in credits that are nearly the same, on a site without pages of credits: there
    /// a build does not read what credits say.
    pub fn similar_credits(&self) -> Vec<Diagnostic> {
        let mut faults = Vec::new();
        if self.has_credit_pages || self.config.lint.similar_credits == Level::Off {
            return faults;
        }
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for one in &self.articles {
            let named: BTreeSet<(String, Maker)> =
                self.makers_of(&one.article).into_iter().collect();
            for (name, _) in named {
                *counts.entry(name).or_default() += 1;
            }
        }
        let names: Vec<(&str, usize)> = counts
            .iter()
            .map(|(name, count)| (name.as_str(), *count))
            .collect();
        warn_of_names(self, &names, &mut faults);
        faults
    }
}

fn warn_of_names(archive: &Archive, names: &[(&str, usize)], faults: &mut Vec<Diagnostic>) {
    for (one, other) in similar(names) {
        let ((name, count), (twin, twins)) = (names[one], names[other]);
        let message =
            format!("the credits `{name}` ({count}) and `{twin}` ({twins}) are nearly the same");
        let hint = "if they are one, write the name in one way; `lint.similar_credits: off` says that they are not";
        faults.extend(leveled(archive.config.lint.similar_credits, message, hint));
    }
}

/// Makes a diagnostic of the level that the site wants.
pub(super) fn leveled(level: Level, message: String, hint: &str) -> Option<Diagnostic> {
    let made = match level {
        Level::Off => return None,
        Level::Warn => Diagnostic::warning(message),
        Level::Error => Diagnostic::error(message),
    };
    Some(made.hint(hint))
}

/// Finds the pairs of names that are the same but for one letter, two letters in each other's place,
/// or punctuation.
pub fn similar(names: &[(&str, usize)]) -> Vec<(usize, usize)> {
    let letters: Vec<Vec<char>> = names
        .iter()
        .map(|(name, _)| {
            let letters = name.chars().filter(|c| c.is_alphanumeric());
            letters.flat_map(char::to_lowercase).collect()
        })
        .collect();
    // Two names are alike where they are the same without one of their letters.
    let mut without: RapidHashMap<Vec<char>, Vec<usize>> = RapidHashMap::default();
    for (at, letters) in letters.iter().enumerate() {
        if letters.len() < FEWEST_LETTERS {
            continue;
        }
        let mut keys: Vec<Vec<char>> = (0..letters.len())
            .map(|gap| [&letters[..gap], &letters[gap + 1..]].concat())
            .collect();
        keys.push(letters.clone());
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            without.entry(key).or_default().push(at);
        }
    }
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    #[expect(clippy::iter_over_hash_type, reason = "the pairs are sorted")]
    for (_, places) in without {
        for (at, one) in places.iter().enumerate() {
            for other in &places[at + 1..] {
                let is_number = |at: usize| letters[at].iter().any(char::is_ascii_digit);
                if !is_number(*one) && !is_number(*other) {
                    pairs.push((*one, *other));
                }
            }
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::credit;

    #[test]
    fn names_that_differ_in_a_letter_are_similar() {
        let names = [
            "Ana Reis",
            "Ana Ries",
            "Ana Reiss",
            "Anna Reis",
            "Bo Li",
            "Bo Lo",
            "A. Na-Reis",
            "Channel 4 News",
            "Channel 5 News",
            "Tomas Lind",
        ];
        let counted: Vec<(&str, usize)> = names.iter().map(|name| (*name, 1)).collect();
        let found: Vec<(&str, &str)> = similar(&counted)
            .into_iter()
            .map(|(one, other)| (names[one], names[other]))
            .collect();
        for pair in [
            ("Ana Reis", "Ana Ries"),
            ("Ana Reis", "Ana Reiss"),
            ("Ana Reis", "Anna Reis"),
            ("Ana Reis", "A. Na-Reis"),
        ] {
            assert!(found.contains(&pair), "{pair:?}");
        }
        assert!(
            found
                .iter()
                .all(|(one, _)| !one.starts_with(['B', 'C', 'T'])),
            "{found:?}"
        );
    }

    #[test]
    fn who_gives_a_photo_is_neither_photographer_nor_agency() {
        let lexicon = Lexicon::default();
        let check = |text: &str, expect: &[(&str, Maker)]| {
            let credit = credit::parse(text, &lexicon);
            let found: Vec<_> = makers(&credit, &lexicon).collect();
            assert_eq!(found, expect, "{text}");
        };
        let (photographer, agency) = (Maker::Photographer, Maker::Agency);
        check(
            "Ana Reis / AP",
            &[("Ana Reis", photographer), ("Associated Press", agency)],
        );
        check("Courtesy of Ida Blom", &[]);
        check(
            "Ana Reis / Courtesy of Valley Museum",
            &[("Ana Reis", photographer)],
        );
        check("Handout / Reuters", &[("Reuters", agency)]);
    }

    #[test]
    fn a_name_is_not_shown_in_capitals_if_there_is_another() {
        let spellings = BTreeMap::from([("TIM TAI", 9), ("Tim Tai", 1)]);
        assert_eq!(shown(&spellings), Some("Tim Tai"));
        let spellings = BTreeMap::from([("NASA", 2), ("Nasa", 1)]);
        assert_eq!(shown(&spellings), Some("NASA"));
    }
}
