//! Where the time of the last build went: kept beside its manifest, for who asks later.
//!
//! It is written by a build that rendered something, and takes no part in deciding anything.

use super::report::{Report, Stages};
use super::{BuildError, Options, load};
use crate::disk::error::DiskError;
use crate::disk::input;
use crate::disk::output::Output;
use crate::disk::publish::write_state;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// What a build took, and what it could leave as it was.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub struct Profile {
    /// How long it took, in seconds.
    pub seconds: f64,
    /// How many articles are shown.
    pub articles: usize,
    /// How many files the output has.
    pub files: usize,
    /// How many files were read; of the rest it was known what is in them.
    pub read: usize,
    /// How many Markdown files were parsed.
    pub parsed: usize,
    /// How many pages were rendered.
    pub rendered: usize,
    /// How many bodies were shown that an earlier build had made.
    pub bodies: usize,
    /// How many files were written.
    pub written: usize,
    /// What each stage took.
    pub stages: Stages,
    /// The templates with the seconds that they took and the pages that they made, slowest first.
    pub templates: Vec<(String, f64, usize)>,
}

impl Profile {
    fn of(report: &Report) -> Self {
        Self {
            seconds: report.seconds,
            articles: report.articles,
            files: report.files,
            read: report.read,
            parsed: report.parsed,
            rendered: report.rendered,
            bodies: report.bodies,
            written: report.written,
            stages: report.stages.clone(),
            templates: report.templates.clone(),
        }
    }
}

/// Keeps the profile of a build whose manifest is at this path.
pub(super) fn keep(report: &Report, manifest: &Path) -> Result<(), DiskError> {
    let json = serde_json::to_vec(&Profile::of(report)).expect("texts and numbers can be written");
    write_state(&place(manifest), &json)
}

/// Returns where the profile lies of a build whose manifest is at this path.
pub(super) fn place(manifest: &Path) -> PathBuf {
    manifest.with_extension("profile")
}

/// Returns what the last build of this output that rendered something took; none where there is none that
/// can be read.
///
/// # Errors
///
/// An output folder that is not this site's; what the file system refuses.
pub fn profile(options: &Options) -> Result<Option<Profile>, BuildError> {
    let root = load::root(&options.root)?;
    let config = load::config(&root, options)?;
    let output = Output::open(&root, &options.output, &config.title, &config.base_url)?;
    let manifest = load::manifest_path(&root.join(load::STATE), &output.folder);
    let bytes = input::read_optional(&place(&manifest))?;
    Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}
