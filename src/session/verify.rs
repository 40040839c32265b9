//! Whether the output is what a clean build makes.
#![expect(
    clippy::disallowed_methods,
    reason = "the session makes a folder and removes a manifest"
)]

use super::{BuildError, Options, Progress, build_with, load, profile};
use crate::disk::cache::Cache;
use crate::disk::error::DiskError;
use crate::disk::input;
use crate::disk::output::Output;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// A file that a clean build makes otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Its path in the output.
    pub path: String,
    /// Whether it is in the output.
    pub is_in_output: bool,
    /// The first byte that differs, from 0; none where only one of the two has the file.
    pub byte: Option<usize>,
}

/// Builds once more from nothing in a temporary folder, and returns where the output differs.
///
/// # Errors
///
/// Those of a build.
pub fn verify(options: &Options, progress: &dyn Progress) -> Result<Vec<Difference>, BuildError> {
    let temporary = tempfile::tempdir().map_err(DiskError::at("make", &std::env::temp_dir()))?;
    let folder = load::root(temporary.path())?.join("public");
    let clean = Options {
        output: folder,
        no_cache: true,
        ..options.clone()
    };
    let made = build_with(&clean, &mut Cache::default(), progress);
    let root = load::root(&options.root)?;
    // The folder is gone soon; what is known of it is of no use to anyone.
    let manifest = load::manifest_path(&load::state(&root)?, &clean.output);
    let _ = std::fs::remove_file(profile::place(&manifest));
    let _ = std::fs::remove_file(manifest);
    made?;
    let config = load::config(&root, options)?;
    let old = Output::open(&root, &options.output, &config.title, &config.base_url)?;
    let new = Output::open(&root, &clean.output, &config.title, &config.base_url)?;
    // Files that others put into the output are none of a clean build's.
    let ours: BTreeMap<String, u64> = old
        .files()?
        .into_iter()
        .filter(|(path, _)| old.is_ours(path))
        .collect();
    let theirs: BTreeMap<String, u64> = new.files()?.into_iter().collect();
    let mut paths: Vec<&String> = ours.keys().chain(theirs.keys()).collect();
    paths.sort();
    paths.dedup();
    let mut differences = Vec::new();
    for path in paths {
        let byte = match (ours.contains_key(path), theirs.contains_key(path)) {
            (true, true) => match first_difference(&old.folder.join(path), &new.folder.join(path))?
            {
                None => continue,
                byte => byte,
            },
            _ => None,
        };
        differences.push(Difference {
            path: path.clone(),
            is_in_output: ours.contains_key(path),
            byte,
        });
    }
    Ok(differences)
}

fn first_difference(one: &Path, other: &Path) -> Result<Option<usize>, DiskError> {
    let (one, other) = (read(one)?, read(other)?);
    if one == other {
        return Ok(None);
    }
    let same = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    Ok(Some(same))
}

fn read(path: &Path) -> Result<Vec<u8>, DiskError> {
    Ok(input::read_optional(path)?.unwrap_or_default())
}
