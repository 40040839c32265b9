//! The indexes that readers search: those of the parts that changed are made, the others stay.

use super::made::Maker;
use super::standing::Standing;
use super::write::{Batch, Failure, Job, Outcome};
use crate::base::fingerprint::Fingerprint;
use crate::disk::input;
use crate::disk::publish::Stage;
use crate::plan::page::{Page, PageKind, Subject};
use crate::plan::parts::Parts;
use crate::search::index::ENTRY;
use crate::search::part::{self, Part};
use rayon::prelude::*;
use std::sync::atomic::AtomicBool;

/// Why a file of an index is made, in reports.
const REASON: &str = "what readers search changed";

/// The files of the indexes.
#[derive(Default)]
pub(super) struct Indexed {
    pub(super) pages: Vec<Page>,
    /// Where each is in the last manifest.
    pub(super) known: Vec<Option<u32>>,
    pub(super) batches: Vec<Batch>,
}

/// A file of an index, and what became of it.
struct Filed {
    page: Page,
    known: Option<u32>,
    outcome: Option<Outcome>,
}

impl Job<'_> {
    /// Makes the indexes of the parts that changed. The pages that are made so come after `offset`
    /// others.
    pub(super) fn index(
        &self,
        there: &Standing<'_>,
        stage: &Stage,
        offset: usize,
    ) -> Result<Indexed, Failure> {
        let Maker { renderer, .. } = self.maker;
        let shelves = renderer.shelves().iter();
        let parts: Vec<&Part> = shelves.flat_map(|shelf| &shelf.parts).collect();
        if parts.is_empty() {
            return Ok(Indexed::default());
        }
        let mut entries: Vec<Vec<u32>> = vec![Vec::new(); parts.len()];
        for (at, entry) in self.manifest.files.iter().enumerate() {
            if entry.kind == PageKind::Search
                && let Some(part) = parts.iter().position(|part| part.holds(&entry.path))
            {
                entries[part].push(at as u32);
            }
        }
        let is_same: Vec<bool> = parts
            .iter()
            .zip(&entries)
            .map(|(part, entries)| self.stands(part, entries, there))
            .collect();
        let changed = is_same.iter().filter(|is_same| !**is_same).count();
        if changed > 0 {
            self.progress.stage("indexing", changed);
        }
        let stopped = AtomicBool::new(false);
        let made: Vec<Vec<Filed>> = parts
            .par_iter()
            .zip(entries)
            .zip(is_same)
            .map(|((part, entries), is_same)| {
                if is_same {
                    return Ok(self.kept(&entries));
                }
                super::check(self.progress, &stopped)?;
                let made = self.filed(part, &entries, there, stage);
                self.progress.step();
                made
            })
            .collect::<Result<_, Failure>>()?;
        let mut indexed = Indexed::default();
        for files in made {
            let mut batch = Batch::default();
            for file in files {
                if let Some(mut outcome) = file.outcome {
                    outcome.page = (offset + indexed.pages.len()) as u32;
                    batch.pages.push(outcome);
                }
                indexed.pages.push(file.page);
                indexed.known.push(file.known);
            }
            if !batch.pages.is_empty() {
                batch.reasons.insert(REASON.into(), batch.pages.len());
                indexed.batches.push(batch);
            }
        }
        Ok(indexed)
    }

    /// Tells whether the index of a part is there as it would be made.
    fn stands(&self, part: &Part, entries: &[u32], there: &Standing<'_>) -> bool {
        let files = &self.manifest.files;
        let is_of_part = entries.iter().any(|at| {
            let entry = &files[*at as usize];
            entry.page == part.print && entry.path.ends_with(ENTRY)
        });
        let is_there = |at: &u32| {
            let entry = &files[*at as usize];
            there.size(&entry.path, Some(*at)) == Some(entry.size)
        };
        is_of_part && entries.iter().all(is_there)
    }

    /// Returns the files of an index that stays.
    fn kept(&self, entries: &[u32]) -> Vec<Filed> {
        let archive = self.maker.archive;
        let files = entries.iter().filter_map(|at| {
            let entry = &self.manifest.files[*at as usize];
            Some(Filed {
                page: Page {
                    route: part::route(archive, &entry.path)?,
                    subject: Subject::Index,
                    fingerprint: entry.page,
                    valid_until: None,
                },
                known: Some(*at),
                outcome: None,
            })
        });
        files.collect()
    }

    /// Makes the index of a part, and stages those of its files that are not there.
    fn filed(
        &self,
        part: &Part,
        entries: &[u32],
        there: &Standing<'_>,
        stage: &Stage,
    ) -> Result<Vec<Filed>, Failure> {
        let archive = self.maker.archive;
        let manifest = self.manifest;
        let path_of = |at: &u32| manifest.files[*at as usize].path.as_str();
        let mut entries = entries.to_vec();
        entries.sort_unstable_by_key(|at| path_of(at));
        let made = self.maker.index(part)?;
        let mut files = Vec::with_capacity(made.len());
        let mut contents = Vec::with_capacity(made.len());
        for file in made {
            let path = format!("{}{}", part.folder, file.name);
            let Some(route) = part::route(archive, &path) else {
                continue;
            };
            let known = entries.binary_search_by_key(&path.as_str(), |at| path_of(at));
            let fingerprint = match file.name == ENTRY {
                true => part.print,
                false => Fingerprint::of_bytes(&file.content),
            };
            files.push(Filed {
                page: Page {
                    route,
                    subject: Subject::Index,
                    fingerprint,
                    valid_until: None,
                },
                known: known.ok().map(|at| entries[at]),
                outcome: None,
            });
            contents.push(file);
        }
        let is_new: Vec<bool> = files
            .iter()
            .map(|file| {
                let entry = file.known.map(|at| &manifest.files[at as usize]);
                !entry.is_some_and(|entry| {
                    entry.page == file.page.fingerprint
                        && there.size(&entry.path, file.known) == Some(entry.size)
                })
            })
            .collect();
        let pages = files.iter().zip(&is_new);
        let pages = pages.filter(|(_, is_new)| **is_new);
        let pages = pages.map(|(file, _)| &file.page);
        there.refuse_foreign(self.output, archive, pages.clone())?;
        stage.make_folders(pages.map(Page::file))?;
        files
            .par_iter_mut()
            .zip(contents)
            .zip(is_new)
            .filter(|(_, is_new)| *is_new)
            .map(|((file, content), _)| {
                let path = file.page.file();
                let bytes = content.bytes();
                let print = Fingerprint::of_bytes(&bytes);
                let size = bytes.len() as u64;
                let is_there = there.size(&path, file.known) == Some(size)
                    && match file.known {
                        Some(at) => manifest.files[at as usize].bytes == print,
                        None => {
                            let old = input::read_optional(&self.output.folder.join(&*path));
                            old.ok().flatten().is_some_and(|old| old == bytes)
                        }
                    };
                if !is_there {
                    stage.write(&path, &bytes)?;
                }
                file.outcome = Some(Outcome {
                    page: 0,
                    is_written: !is_there,
                    bytes: print,
                    size,
                    parts: Parts::default(),
                    queries: Vec::new(),
                });
                Ok(())
            })
            .collect::<Result<(), Failure>>()?;
        Ok(files)
    }
}
