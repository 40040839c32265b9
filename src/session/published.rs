//! What stands in the output, by kind.

use super::{BuildError, Options, load, read_manifest};
use crate::disk::output::Output;
use serde::Serialize;
use std::collections::BTreeMap;

/// The files of a kind in the output.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct PublishedSize {
    /// How many there are.
    pub files: usize,
    /// How many bytes they have.
    pub bytes: u64,
}

/// Returns what the last build wrote, by the name of the kind of page; nothing where the output is
/// another build's, or none.
///
/// # Errors
///
/// An output folder that is not this site's; what the file system refuses.
pub fn published(options: &Options) -> Result<BTreeMap<&'static str, PublishedSize>, BuildError> {
    let root = load::root(&options.root)?;
    let config = load::config(&root, options)?;
    let output = Output::open(&root, &options.output, &config.title, &config.base_url)?;
    let manifest = read_manifest(
        &load::manifest_path(&root.join(".dateline"), &output.folder),
        &output,
    )?;
    let mut kinds: BTreeMap<&'static str, PublishedSize> = BTreeMap::new();
    for entry in &manifest.files {
        let kind = kinds.entry(entry.kind.name()).or_default();
        kind.files += 1;
        kind.bytes += entry.size;
    }
    Ok(kinds)
}
