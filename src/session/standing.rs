//! What stands in the output before a build writes to it.

use super::write::Failure;
use crate::archive::Archive;
use crate::archive::section::ancestors_of_file;
use crate::base::diagnostic::{Diagnostic, Place};
use crate::disk::error::DiskError;
use crate::disk::output::{InPlace, Output};
use crate::plan::manifest::Manifest;
use crate::plan::page::Page;
use rapidhash::RapidHashMap;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// How many places are looked at in one go.
const AT_ONCE: usize = 512;

/// The files of the output: those of the manifest, looked at one by one, or all of them, listed.
pub(super) enum Standing<'a> {
    /// The manifest is that of the output: nothing else there is ours.
    Known {
        manifest: &'a Manifest,
        /// The size of each of its files; none where there is no regular file.
        sizes: Vec<Option<u64>>,
    },
    /// Every file with its size.
    Listed(RapidHashMap<String, u64>),
}

impl<'a> Standing<'a> {
    /// Looks at the files that the manifest names; lists the folder where it names none.
    pub(super) fn of(output: &Output, manifest: &'a Manifest) -> Result<Self, DiskError> {
        if manifest.files.is_empty() {
            return Ok(Self::Listed(output.files()?.into_iter().collect()));
        }
        let paths: Vec<&str> = manifest.files.iter().map(|entry| &*entry.path).collect();
        Ok(Self::Known {
            manifest,
            sizes: output.sizes(&paths),
        })
    }

    /// Returns the size of a file, by its path and its place in the manifest.
    pub(super) fn size(&self, path: &str, known: Option<u32>) -> Option<u64> {
        match self {
            Self::Known { sizes, .. } => sizes[known? as usize],
            Self::Listed(files) => files.get(path).copied(),
        }
    }

    /// Refuses to overwrite files that dateline did not write, also where one stands in the place of
    /// a folder of the site, or a folder with such files in the place of a page. `pages` are those
    /// that may be written, with the place of each in the manifest.
    pub(super) fn refuse_foreign<'b>(
        &self,
        output: &Output,
        archive: &Archive,
        pages: impl Iterator<Item = (&'b Page, Option<u32>)> + Clone,
    ) -> Result<(), Failure> {
        let places = pages.clone();
        let pages = pages.map(|(page, _)| page);
        match self {
            Self::Listed(files) => refuse(output, archive, files.keys(), pages),
            Self::Known { sizes, .. } => {
                let places: Vec<(&Page, Option<u32>)> = places.collect();
                let are_free = places.par_chunks(AT_ONCE).all(|places| {
                    let mut in_place = InPlace::new(output);
                    places.iter().all(|(page, known)| {
                        let file = page.route.file();
                        // A file of the manifest was looked at: it is there, and ours.
                        let is_there = known.is_some_and(|at| sizes[at as usize].is_some());
                        in_place.is_reached(&file) && (is_there || in_place.is_free(&file))
                    })
                });
                if are_free {
                    return Ok(());
                }
                // Something else stands in the way, such as an old page in the place of a folder.
                let files = output.files()?;
                refuse(output, archive, files.iter().map(|(path, _)| path), pages)
            }
        }
    }
}

fn refuse<'b, 'c>(
    output: &Output,
    archive: &Archive,
    files: impl Iterator<Item = &'c String>,
    pages: impl Iterator<Item = &'b Page>,
) -> Result<(), Failure> {
    let foreign: BTreeSet<&str> = files
        .map(String::as_str)
        .filter(|path| !output.is_ours(path))
        .collect();
    if foreign.is_empty() {
        return Ok(());
    }
    let folders: BTreeSet<&str> = foreign
        .iter()
        .flat_map(|path| ancestors_of_file(path))
        .collect();
    let mut faults = Vec::new();
    for page in pages {
        let file = &*page.route.file();
        let mut places = std::iter::once(file).chain(ancestors_of_file(file));
        let in_way = places.find(|place| foreign.contains(place));
        if let Some(in_way) = in_way.or_else(|| folders.get(file).copied()) {
            let place = Place::file(crate::plan::source(archive, &page.subject));
            let message = format!(
                "the page {} would overwrite {}, which dateline did not write",
                page.route,
                output.folder.join(in_way).display()
            );
            faults.push(
                Diagnostic::error(message)
                    .at(place)
                    .hint("move that away, or give the page another address"),
            );
        }
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Failure::Pages(faults))
    }
}
