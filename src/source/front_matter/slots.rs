//! Which key means what, where several names have one meaning.

use super::Settings;
use super::keys::{FIELDS, Field, NAMES, squash};
use crate::source::yaml::Entry;

/// The entries of front matter by what they mean.
pub(super) struct Slots<'n, 'a> {
    /// The best entry of each field, and the rank of its name.
    pub(super) fields: [Option<(&'n Entry<'a>, usize)>; FIELDS],
    /// Entries of the site's further taxonomies, by the taxonomy's position.
    pub(super) terms: Vec<(usize, &'n Entry<'a>)>,
    /// Entries of a meaning that another one has taken.
    pub(super) surplus: Vec<&'n Entry<'a>>,
    /// Entries that mean nothing to dateline.
    pub(super) unknown: Vec<&'n Entry<'a>>,
}

impl Default for Slots<'_, '_> {
    fn default() -> Self {
        Self {
            fields: [None; FIELDS],
            terms: Vec::new(),
            surplus: Vec::new(),
            unknown: Vec::new(),
        }
    }
}

impl<'n, 'a> Slots<'n, 'a> {
    /// Gives each entry its meaning; an earlier name in the table goes before a later one.
    pub(super) fn sort(&mut self, entries: &'n [Entry<'a>], below: usize, settings: &Settings<'_>) {
        let mut name = String::new();
        for entry in entries.iter().filter(|entry| !entry.node.is_null()) {
            squash(&entry.key, &mut name);
            if let Some(at) = taxonomy(&name, settings) {
                if self.terms.iter().any(|(taken, _)| *taken == at) {
                    self.surplus.push(entry);
                } else {
                    self.terms.push((at, entry));
                }
                continue;
            }
            let Some((field, rank)) = NAMES.get(&name).copied() else {
                self.unknown.push(entry);
                continue;
            };
            let slot = &mut self.fields[field as usize];
            let new = (entry, rank + below);
            match slot {
                Some(old) if old.1 <= new.1 => self.surplus.push(entry),
                Some(old) => self.surplus.push(std::mem::replace(old, new).0),
                None => *slot = Some(new),
            }
        }
    }

    /// Returns the entry of a meaning, and the rank of its name.
    pub(super) fn of(&self, field: Field) -> Option<(&'n Entry<'a>, usize)> {
        self.fields[field as usize]
    }

    /// Takes the entry of a meaning away.
    pub(super) fn take(&mut self, field: Field) -> Option<(&'n Entry<'a>, usize)> {
        self.fields[field as usize].take()
    }
}

/// The rank of a name below all names of the table.
pub(super) const BELOW: usize = 1_000;

/// Returns the site's taxonomy of a squashed name, other than tags and authors.
fn taxonomy(name: &str, settings: &Settings<'_>) -> Option<usize> {
    settings.taxonomies.iter().position(|taxonomy| {
        let key = taxonomy.key.as_str();
        let is_own_field = key == "tags" || key == "authors";
        let letters = |c: &char| !matches!(c, '-' | '_' | ' ');
        let lower = key.chars().filter(letters).flat_map(char::to_lowercase);
        !is_own_field && lower.eq(name.chars())
    })
}
