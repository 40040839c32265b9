//! What a build did, for people and for scripts.

use crate::archive::HiddenCount;
use crate::base::diagnostic::Diagnostic;
use crate::disk::process;
use crate::plan::page::PageKind;
use serde::{Deserialize, Serialize};
use std::any::Any;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Instant;

/// What a build did.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// The pages by kind.
    pub pages: BTreeMap<&'static str, PageCount>,
    /// How many files the output has.
    pub files: usize,
    /// How many Markdown files were parsed.
    pub parsed: usize,
    /// How many other files were read; of the rest it was known what is in them.
    pub read: usize,
    /// How many pages were compared with those of the last build by what they would show; of the others it
    /// is known that it is the same.
    pub compared: usize,
    /// Of how many articles it was compared what their pages show of them and of what they link to; of the
    /// others it is known that it is the same.
    pub compared_articles: usize,
    /// How many pages were rendered.
    pub rendered: usize,
    /// How many bodies were shown that an earlier build had made.
    pub bodies: usize,
    /// How many files were written.
    pub written: usize,
    /// How many files stayed as they were.
    pub unchanged: usize,
    /// How many files vanished.
    pub removed: usize,
    /// How many bytes were written.
    pub bytes_written: u64,
    /// How many articles are shown.
    pub articles: usize,
    /// How many are not.
    pub hidden: HiddenCount,
    /// What the user should look at.
    pub diagnostics: Vec<Diagnostic>,
    /// How long the build took.
    pub seconds: f64,
    /// What each stage took.
    pub stages: Stages,
    /// Why pages were rendered, most frequent first: the variable or the file that changed.
    pub reasons: Vec<(String, usize)>,
    /// The templates with the seconds that they took and the pages that they made, slowest first.
    pub templates: Vec<(String, f64, usize)>,
    /// What the build holds in memory until the report goes.
    #[serde(skip)]
    pub held: Held,
}

/// What a build made on its way. To free a million small values takes a while, which a process that
/// ends anyway can spare itself.
#[derive(Debug, Default)]
pub struct Held(Option<Box<dyn Any + Send>>);

impl Held {
    /// Holds anything.
    pub(super) fn new(held: impl Any + Send) -> Self {
        Self(Some(Box::new(held)))
    }

    /// Leaves it in memory, which the system frees when the process ends.
    pub fn leave(self) {
        std::mem::forget(self.0);
    }
}

/// How many pages of a kind there are, and what became of them.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PageCount {
    /// How many there are.
    pub total: usize,
    /// How many were written.
    pub written: usize,
}

/// What a stage of a build took.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Stage {
    /// Its name.
    pub name: Cow<'static, str>,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// How long the processors worked for it, all together, in seconds.
    pub cpu_seconds: f64,
    /// How much memory the process had at its end, in bytes; 0 where the system does not say.
    pub memory: u64,
}

/// What each stage of a build took, in their order.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Stages(pub Vec<Stage>);

impl Stages {
    /// Runs a stage and notes what it took.
    #[expect(
        clippy::disallowed_methods,
        reason = "durations are shown to people, and change nothing"
    )]
    pub fn time<T>(&mut self, name: &'static str, run: impl FnOnce() -> T) -> T {
        let (start, worked) = (Instant::now(), process::cpu_seconds());
        let made = run();
        self.0.push(Stage {
            name: Cow::Borrowed(name),
            seconds: start.elapsed().as_secs_f64(),
            cpu_seconds: process::cpu_seconds() - worked,
            memory: process::memory(),
        });
        made
    }
}

/// Counts a page of a kind.
pub(super) fn count(
    pages: &mut BTreeMap<&'static str, PageCount>,
    kind: PageKind,
    is_written: bool,
) {
    let count = pages.entry(kind.name()).or_default();
    count.total += 1;
    count.written += usize::from(is_written);
}
