//! What a page's rendering can look up, and the record of what it looked up.
//!
//! Tera calls functions and filters with nothing but their arguments. The page that is being
//! rendered on a thread is kept here while Tera works, so that functions know the archive, and so
//! that every question they ask of it is written down with its answer's fingerprint.

use crate::archive::Archive;
use crate::base::fingerprint::Fingerprint;
use crate::base::route::Route;
use crate::theme::assets::Assets;
use crate::theme::cards::Cards;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::sync::Arc;

/// A question that a template asked of the archive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Query {
    /// The function.
    pub function: String,
    /// Its arguments by name, each as JSON.
    pub arguments: Vec<(String, String)>,
    /// The source of the page, where the answer depends on it.
    pub owner: Option<String>,
}

/// A question with its answer's fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Observation {
    /// The question.
    pub query: Query,
    /// The answer's fingerprint.
    pub answer: Fingerprint,
}

/// What functions can look up while a page is rendered.
#[derive(Clone)]
pub struct Scope {
    /// The archive.
    pub archive: Arc<Archive>,
    /// The values that pages share.
    pub cards: Arc<Cards>,
    /// The theme's assets.
    pub assets: Arc<Assets>,
    /// The source and the route of the page, where it is an article's.
    pub owner: Option<(String, Route)>,
    /// How many steps the page's loops may still take.
    pub steps: u64,
}

struct Open {
    scope: Scope,
    steps: u64,
    observations: Vec<Observation>,
}

thread_local! {
    static OPEN: RefCell<Option<Open>> = const { RefCell::new(None) };
}

/// Runs `render` with a scope; returns what it returns, and what it looked up.
pub fn observe<T>(scope: Scope, render: impl FnOnce() -> T) -> (T, Vec<Observation>) {
    let steps = scope.steps;
    let open = Open {
        scope,
        steps,
        observations: Vec::new(),
    };
    let outer = OPEN.with_borrow_mut(|slot| slot.replace(open));
    let made = render();
    let mut observations = OPEN
        .with_borrow_mut(|slot| std::mem::replace(slot, outer))
        .map_or_else(Vec::new, |open| open.observations);
    observations.sort_by(|a, b| a.query.cmp(&b.query));
    observations.dedup();
    (made, observations)
}

/// Returns the scope of the page that is being rendered on this thread.
pub(super) fn current() -> Option<Scope> {
    OPEN.with_borrow(|open| open.as_ref().map(|open| open.scope.clone()))
}

/// Writes a question and its answer down.
pub(super) fn record(observation: Observation) {
    OPEN.with_borrow_mut(|open| {
        if let Some(open) = open {
            open.observations.push(observation);
        }
    });
}

/// Takes steps of the page's budget; tells whether there were enough.
pub(super) fn take_steps(count: u64) -> bool {
    OPEN.with_borrow_mut(|open| match open {
        None => true,
        Some(open) if open.steps >= count => {
            open.steps -= count;
            true
        }
        Some(open) => {
            open.steps = 0;
            false
        }
    })
}
