//! Deleting what builds made.
#![expect(
    clippy::disallowed_methods,
    reason = "the session deletes its own state"
)]

use super::{BuildError, Options, Progress, load, lock};
use crate::disk::error::DiskError;
use crate::disk::input;
use crate::disk::output::Output;
use crate::disk::photos::PhotoCache;
use crate::disk::publish;
use crate::disk::tints::TintFile;
use crate::plan::manifest::Manifest;
use crate::plan::page::PageKind;
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;

/// What was deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Cleaned {
    /// How many files of the output.
    pub files: usize,
    /// How many bytes they had.
    pub bytes: u64,
    /// Whether there was a state to delete.
    pub state: bool,
}

/// Deletes the site's state, and those files of the output that dateline wrote where `with_output`
/// says so.
///
/// # Errors
///
/// An output folder that is not this site's; what the file system refuses.
pub fn clean(
    options: &Options,
    with_output: bool,
    progress: &dyn Progress,
) -> Result<Cleaned, BuildError> {
    let root = load::root(&options.root)?;
    let had_state = root.join(".dateline").is_dir();
    // Before anything is made or deleted.
    let output = with_output.then(|| open(&root, options)).transpose()?;
    let state = load::state(&root)?;
    let _lock = lock(&state, "dateline clean", progress)?;
    let mut cleaned = Cleaned {
        state: had_state,
        ..Cleaned::default()
    };
    if let Some(output) = output {
        publish::recover(&output)?;
        // What was recovered can have changed the mark.
        (cleaned.files, cleaned.bytes) = publish::clear(&open(&root, options)?)?;
    }
    std::fs::remove_dir_all(&state).map_err(DiskError::at("remove", &state))?;
    Ok(cleaned)
}

/// What of the photos was deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Pruned {
    /// How many derivatives.
    pub files: usize,
    /// How many bytes they had.
    pub bytes: u64,
}

/// Deletes the derivatives of photos that no output has any more: those that the last build of every
/// output wrote stay.
///
/// # Errors
///
/// What the file system refuses.
pub fn prune(options: &Options, progress: &dyn Progress) -> Result<Pruned, BuildError> {
    let root = load::root(&options.root)?;
    let state = load::state(&root)?;
    let _lock = lock(&state, "dateline clean", progress)?;
    let (mut used, mut photos) = (BTreeSet::new(), BTreeSet::new());
    let entries = std::fs::read_dir(&state).map_err(DiskError::at("read", &state))?;
    for entry in entries {
        let path = entry.map_err(DiskError::at("read", &state))?.path();
        if !path.is_file() {
            continue;
        }
        // What is no manifest is read as an empty one.
        let manifest = Manifest::decode(&input::read_again(&path)?.unwrap_or_default());
        let pictures = manifest.inputs.iter();
        photos.extend(
            pictures
                .filter(|input| input.picture.is_some())
                .map(|input| input.fingerprint),
        );
        let derivatives = manifest.files.iter();
        used.extend(
            derivatives
                .filter(|entry| entry.kind == PageKind::Derivative)
                .map(|entry| entry.page),
        );
    }
    let (files, bytes) = PhotoCache::open(&state).prune(&used)?;
    TintFile::open(&state).prune(&photos)?;
    Ok(Pruned { files, bytes })
}

fn open(root: &Path, options: &Options) -> Result<Output, BuildError> {
    let config = load::config(root, options)?;
    Ok(Output::open(
        root,
        &options.output,
        &config.title,
        &config.base_url,
    )?)
}
