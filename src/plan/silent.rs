//! Published texts that were changed without a word on that: what the last build showed is compared with
//! what this one would.
//!
//! Only the last build's manifest knows what readers have seen, and only where the lint is on. A build
//! that is refused leaves it as it was, so that a note is asked for until there is one.

use crate::archive::{self, Archive, Published};
use crate::base::diagnostic::Diagnostic;
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use crate::source::config::Level;
use rapidhash::RapidHashMap;
use serde::{Deserialize, Serialize};

/// What readers were told of one article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The fingerprint of its path.
    pub path: Fingerprint,
    /// Some bits of the fingerprint of its text.
    pub text: u32,
    /// Some bits of the fingerprint of when it was updated and of what was corrected.
    pub notes: u32,
}

/// Returns what readers are told of each article that is published; nothing where the lint is off.
pub fn told(archive: &Archive) -> Vec<Told> {
    if archive.config.lint.silent_update == Level::Off {
        return Vec::new();
    }
    let published = archive
        .articles
        .iter()
        .filter(|one| is_published(archive, one));
    published.map(told_of).collect()
}

/// Reports texts that are others than `old` says, without another note.
pub fn check(archive: &Archive, old: &[Told]) -> Vec<Diagnostic> {
    let level = archive.config.lint.silent_update;
    if level == Level::Off || old.is_empty() {
        return Vec::new();
    }
    let old: RapidHashMap<Fingerprint, Told> = old.iter().map(|told| (told.path, *told)).collect();
    let mut faults = Vec::new();
    for one in archive
        .articles
        .iter()
        .filter(|one| is_published(archive, one))
    {
        let new = told_of(one);
        let is_silent = old
            .get(&new.path)
            .is_some_and(|old| old.text != new.text && old.notes == new.notes);
        if is_silent {
            let message = "the text was changed after it was published, and readers are not told";
            let fault = match level {
                Level::Error => Diagnostic::error(message),
                _ => Diagnostic::warning(message),
            };
            faults.push(fault.at(archive::place(&one.article, "timestamp")).hint(
                "add a correction to `corrections`, or say in `updated` when it was changed",
            ));
        }
    }
    faults
}

fn is_published(archive: &Archive, one: &Published) -> bool {
    let meta = &one.article.meta;
    let is_out = meta
        .timestamp
        .is_some_and(|time| time.instant() <= archive.now);
    is_out && !meta.draft
}

fn told_of(one: &Published) -> Told {
    let meta = &one.article.meta;
    let mut notes = Fingerprinter::new("notes");
    notes.value(&meta.updated).value(&meta.corrections);
    Told {
        path: Fingerprint::of_bytes(one.article.path.as_bytes()),
        text: one.article.text,
        notes: notes.finish().bits(),
    }
}
