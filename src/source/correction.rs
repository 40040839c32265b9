//! Corrections: what readers are told of a published article that was changed.

use crate::base::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// One correction of a published article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    /// When it was made.
    pub date: Timestamp,
    /// `correction`, `clarification`, `update`, `editors-note` or `retraction`.
    pub kind: CorrectionKind,
    /// What readers are told, in Markdown without blocks.
    pub text: String,
}

/// What a correction does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CorrectionKind {
    /// Something was wrong.
    #[default]
    Correction,
    /// Something could be misunderstood.
    Clarification,
    /// Something happened since.
    Update,
    /// The editor has something to say.
    EditorsNote,
    /// The article is withdrawn.
    Retraction,
}

impl CorrectionKind {
    /// Returns the name that front matter and templates know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Correction => "correction",
            Self::Clarification => "clarification",
            Self::Update => "update",
            Self::EditorsNote => "editors-note",
            Self::Retraction => "retraction",
        }
    }
}

/// Returns an article's corrections with their ids on its page, the newest first.
///
/// An id is made of the date, and of a number where one day has several, so that it stays the same
/// when others are added: `correction-2024-11-23`, `correction-2024-11-23-2`.
pub fn with_ids(corrections: &[Correction]) -> Vec<(String, &Correction)> {
    let mut ordered: Vec<&Correction> = corrections.iter().collect();
    ordered.sort_by_key(|correction| correction.date.instant());
    let mut with_ids: Vec<(String, &Correction)> = Vec::with_capacity(ordered.len());
    for (at, correction) in ordered.iter().enumerate() {
        let date = correction.date.date();
        let before = ordered[..at].iter();
        let id = match before.filter(|other| other.date.date() == date).count() {
            0 => format!("correction-{date}"),
            others => format!("correction-{date}-{}", others + 1),
        };
        with_ids.push((id, correction));
    }
    with_ids.sort_by_key(|(_, correction)| Reverse(correction.date.instant()));
    with_ids
}
