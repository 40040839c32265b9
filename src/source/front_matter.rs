//! Front matter: the keys before an article's text, in the words of every generator.
//!
//! An article of Hugo, Jekyll, Zola, Pelican or Eleventy is read unmodified. Every key has one
//! meaning, whatever its case and whether its words are joined by hyphens, underscores or
//! capitals (`publish_date`, `publish-date`, `publishDate`); [`KEYS`] lists the names of each. Where
//! two names of one meaning are given, dateline's own wins, then the earlier in the table, and the
//! other is kept in `extra`. A null value is an absent one.

mod authors;
mod corrections;
mod keys;
mod meta;
mod people;
mod picture;
mod presentation;
mod section;
mod slots;
mod split;
mod values;

pub(in crate::source) use keys::reserved;
pub use keys::{KEYS, SECTION_KEYS, nearest_key};
pub use people::{Person, parse_people};
pub use picture::{parse_photos, parse_sidecar};
pub use section::{Order, SectionFront, SectionMeta, parse_section};
pub use split::{Kind, Parts, split};
pub(in crate::source) use values::language;

use crate::base::diagnostic::Diagnostic;
use crate::base::timestamp::{Timestamp, Zone};
use crate::source::article::{Meta, Places};
use crate::source::config::{Config, Taxonomy};
use crate::source::schema;
use crate::source::yaml::{self, Language, Span};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What an article's file says before its text.
#[derive(Debug, Clone, PartialEq)]
pub struct FrontMatter {
    /// What the keys say.
    pub meta: Meta,
    /// Where the text is: bytes from the file's beginning.
    pub body: Range<usize>,
    /// Where values stand that later stages may find fault with.
    pub places: Places,
    /// Top-level keys that dateline does not know; they are kept in `extra`.
    pub unknown: Vec<Unknown>,
}

/// A key that dateline does not know; [`nearest_key`] tells what may be meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unknown {
    /// The key, as written.
    pub key: String,
    /// Where it is written: bytes from the file's beginning.
    pub at: Span,
}

/// What governs how front matter is read.
#[derive(Debug, Clone, Copy)]
pub struct Settings<'a> {
    /// How timestamps are read.
    pub zone: Zone<'a>,
    /// The site's taxonomies; the keys beside `tags` and `authors` become
    /// [`Rare::terms`](crate::source::article::Rare::terms).
    pub taxonomies: &'a [Taxonomy],
}

impl<'a> Settings<'a> {
    /// Takes the settings from a site's configuration.
    pub fn of(config: &'a Config) -> Self {
        Self {
            zone: Zone {
                time_zone: &config.time_zone,
                date_order: config.date_order,
            },
            taxonomies: &config.taxonomies,
        }
    }
}

/// The longest headline, in characters.
pub const LONGEST_HEADLINE: usize = 1_000;

/// Reads the front matter of the article `path`, whose text is `source`.
///
/// `file_date` is the date in the file's name, for articles that give none. Returns every fault
/// and doubt; there is no front matter where there is an error.
pub fn parse(
    path: &str,
    source: &str,
    file_date: Option<Timestamp>,
    settings: &Settings<'_>,
) -> (Option<FrontMatter>, Vec<Diagnostic>) {
    let parts = match split(path, source) {
        Ok(parts) => parts,
        Err(fault) => return (None, vec![fault]),
    };
    let (meaning, faults) = interpret(path, source, &parts, |root, faults| {
        meta::read(root, faults, parts.kind, file_date, settings)
    });
    let front_matter = meaning
        .filter(|_| !faults.iter().any(Diagnostic::is_error))
        .map(|(meta, places, unknown)| FrontMatter {
            meta,
            places,
            body: parts.body.clone(),
            unknown,
        });
    (front_matter, faults)
}

/// Finds the meaning of front matter, whatever it is written in.
fn interpret<'a, T>(
    path: &'a str,
    source: &'a str,
    parts: &Parts,
    meaning: impl Fn(&yaml::Node<'a>, &mut yaml::Faults<'a>) -> T,
) -> (Option<T>, Vec<Diagnostic>) {
    let language = match parts.kind {
        Kind::Yaml | Kind::None => Language::Yaml,
        Kind::Toml => Language::Toml,
        Kind::Lines => Language::Lines,
    };
    yaml::interpret(path, source, parts.text.clone(), language, meaning)
}

/// Returns the JSON Schema (draft 2020-12) of an article's front matter.
pub fn schema() -> serde_json::Value {
    let keys: Vec<_> = KEYS.iter().map(|(_, key)| *key).collect();
    schema::document(
        "Front matter of a dateline article",
        "The keys between the two lines `---` at the beginning of an article. Other keys are kept for the theme.",
        &keys,
        true,
    )
}

#[cfg(test)]
mod tests;
