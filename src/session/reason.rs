//! Why a page is rendered, in the words of the report.

use crate::plan::manifest::{Entry, Manifest};
use crate::plan::parts::Parts;
use std::borrow::Cow;

/// Why a page is rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// The last build did not have it.
    New,
    /// What it shows is other.
    Shown,
    /// A question of its template has another answer: its place in the manifest.
    LookedUp(u32),
    /// Its file is not the one that was written.
    Missing,
}

impl Reason {
    /// Says it, naming what changed where that is known.
    pub(super) fn words(
        self,
        known: Option<&Entry>,
        parts: &Parts,
        manifest: &Manifest,
    ) -> Cow<'static, str> {
        match self {
            Self::New => "the page is new".into(),
            Self::Shown => match known.and_then(|known| parts.change(&known.parts)) {
                Some(change) => change.into(),
                None => "what the page shows changed".into(),
            },
            Self::LookedUp(query) => match manifest.queries.get(query as usize) {
                Some((query, _)) => format!("the answer of `{}` changed", query.function).into(),
                None => "what the template looked up changed".into(),
            },
            Self::Missing => "the file is missing or was changed".into(),
        }
    }
}
