//! The indexes that readers search: those of the parts that changed are made, from what stays of them
//! and the articles of the groups that changed; the others stay.

use super::made::{Maker, StandingIndex};
use super::standing::Standing;
use super::write::{Batch, Failure, Job, Outcome};
use crate::base::fingerprint::Fingerprint;
use crate::disk::input;
use crate::disk::publish::Stage;
use crate::plan::page::{Page, PageKind, Subject};
use crate::plan::parts::Parts;
use crate::search::former::Former;
use crate::search::index::{self, ENTRY};
use crate::search::part::{self, Part};
use crate::search::terms::{self, Term};
use rapidhash::RapidHashMap;
use rayon::prelude::*;
use std::sync::atomic::AtomicBool;

/// Why a file of an index is made, in reports.
const REASON: &str = "what readers search changed";

/// One group of so many has to stay, so that reading the words of an index is less than making them.
const LEAST: usize = 4;

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
            // None of its files asked anything.
            batch.asked.push(Box::default());
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
        let made = self
            .maker
            .index(part, self.standing(part, &entries, there))?;
        let path_in = |name: &str| format!("{}{name}", part.folder);
        let place = |path: &str| {
            let found = entries.binary_search_by_key(&path, |at| path_of(at));
            found.ok().map(|at| entries[at])
        };
        let kept: Vec<u32> = made
            .kept
            .iter()
            .filter_map(|name| place(&path_in(name)))
            .collect();
        let mut files = Vec::with_capacity(made.files.len());
        let mut contents = Vec::with_capacity(made.files.len());
        for file in made.files {
            let path = path_in(&file.name);
            let Some(route) = part::route(archive, &path) else {
                continue;
            };
            let fingerprint = match file.name == ENTRY {
                true => part.print,
                false => file.print,
            };
            files.push(Filed {
                page: Page {
                    route,
                    subject: Subject::Index,
                    fingerprint,
                    valid_until: None,
                },
                known: place(&path),
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
        let places = pages.map(|(file, _)| (&file.page, file.known));
        there.refuse_foreign(self.output, archive, places)?;
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
                    asked: 0,
                });
                Ok(())
            })
            .collect::<Result<(), Failure>>()?;
        files.extend(self.kept(&kept));
        // In the order of a build that makes all of them.
        files.sort_by_cached_key(|file| file.page.file().into_owned());
        Ok(files)
    }

    /// Reads what stays of the index of a part that the last build made: none where too little does, or
    /// where a file is not as it was written. `entries` are sorted by their paths.
    fn standing(
        &self,
        part: &Part,
        entries: &[u32],
        there: &Standing<'_>,
    ) -> Option<StandingIndex> {
        let archive = self.maker.archive;
        let files = &self.manifest.files;
        let name_of = |at: u32| files[at as usize].path.strip_prefix(part.folder.as_str());
        let read = |at: u32| {
            let entry = &files[at as usize];
            let bytes = input::read_optional(&self.output.folder.join(&entry.path)).ok()??;
            let is_as_written = Fingerprint::of_bytes(&bytes) == entry.bytes;
            is_as_written.then(|| index::content(&bytes).ok())?
        };
        let is_list = |at: &&u32| name_of(**at).is_some_and(|name| name.ends_with(".pf_meta"));
        let list = entries.iter().find(is_list)?;
        let former = Former::read(&read(*list)?)?;

        let by_source: RapidHashMap<Fingerprint, u32> = entries
            .iter()
            .filter(|at| name_of(**at).is_some_and(|name| name.starts_with("fragment/")))
            .map(|at| (files[*at as usize].page, *at))
            .collect();
        let groups = part.groups(archive);
        let paths = groups.iter().map(|group| {
            let at = *by_source.get(&part.source(archive, group))?;
            let entry = &files[at as usize];
            let is_there = there.size(&entry.path, Some(at)) == Some(entry.size);
            is_there.then(|| name_of(at))?
        });
        let (groups, renumbered) = former.kept(&groups, paths);
        let kept = groups.iter().flatten().count();
        if kept * LEAST < groups.len() {
            return None;
        }
        let chunks: Vec<String> = former.chunks().collect();
        let terms: Option<Vec<Vec<Term>>> = chunks
            .par_iter()
            .map(|name| {
                let path = format!("{}{name}", part.folder);
                let path_of = |at: &u32| files[*at as usize].path.as_str();
                let at = entries.binary_search_by_key(&path.as_str(), path_of).ok()?;
                terms::read(&read(entries[at])?, &renumbered)
            })
            .collect();
        let terms = terms?.into_iter().flatten().collect();
        Some(StandingIndex { groups, terms })
    }
}
