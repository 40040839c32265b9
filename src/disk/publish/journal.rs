//! The journal: what is left to do of a publication, file by file.
//!
//! It is read from a folder that anyone may have put there, such as the author of a site that was
//! cloned: its paths stay in the output, and no link on the way is followed.
#![expect(clippy::disallowed_methods, reason = "this is the edge that writes")]

use super::folder::{Claim, is_folder, make_folder};
use super::{FOLDER_MODE, Layout, NEW, write_state, write_state_in};
use crate::archive::section::ancestors_of_file;
use crate::base::fingerprint::Fingerprint;
use crate::disk::error::DiskError;
use crate::disk::output::{MARK, Mark, Output};
use rayon::prelude::*;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Below the stage: what is left to do.
pub(super) const JOURNAL: &str = "journal";

/// More files than this are exchanged with those that they replace. Fewer are renamed, which on most file
/// systems lasts through a loss of power as well.
pub(super) const MOST_RENAMED: usize = 1000;
/// How many files are put in their places in one go.
const PUT_AT_ONCE: usize = 512;

/// What is left to do of a publication.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Journal {
    /// How the staged files lie.
    pub(super) layout: Layout,
    /// The files to put in their places.
    pub(super) write: Vec<Staged>,
    /// Paths to delete.
    pub(super) remove: Vec<String>,
}

/// A staged file.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Staged {
    /// Its path in the output.
    pub(super) path: String,
    /// Its number on its device: another file where it is staged is the one that it has replaced.
    pub(super) inode: u64,
}

impl Staged {
    /// Looks at the staged file that will stand at `path`.
    pub(super) fn look(stage: &Path, layout: Layout, path: &str) -> Result<Self, DiskError> {
        let place = stage.join(NEW).join(&*layout.place(path));
        let about = place
            .symlink_metadata()
            .map_err(DiskError::at("read", &place))?;
        Ok(Self {
            path: path.to_owned(),
            inode: about.ino(),
        })
    }
}

impl Journal {
    /// Reads the journal of a stage; none where there is none, or not a whole one.
    fn read(stage: &Path) -> Option<Self> {
        let bytes = fs::read(stage.join(JOURNAL)).ok()?;
        let (sum, body) = bytes.split_at_checked(32)?;
        if Fingerprint::of_bytes(body).to_string().as_bytes() != sum {
            return None;
        }
        let journal: Self = postcard::from_bytes(body).ok()?;
        let write = journal.write.iter().map(|staged| &staged.path);
        write
            .chain(&journal.remove)
            .all(|path| is_plain(path))
            .then_some(journal)
    }

    /// Writes the journal of a stage; once it is there, the next command carries it out. It is there whole or
    /// not at all, whatever kills this process. That the disk has it, and not only the system, `lasts` waits for.
    pub(super) fn save(&self, stage: &Path, lasts: bool) -> Result<(), DiskError> {
        let body = postcard::to_stdvec(self).expect("a journal is made of texts");
        let sum = Fingerprint::of_bytes(&body).to_string();
        let path = stage.join(JOURNAL);
        write_state_in(&path, |file| {
            file.write_all(sum.as_bytes())?;
            file.write_all(&body)
        })?;
        if lasts {
            File::open(&path)
                .and_then(|file| file.sync_all())
                .map_err(|error| {
                    // Nothing has begun yet; the stage goes with it.
                    let _ = fs::remove_file(&path);
                    DiskError::at("write", &path)(error)
                })?;
        }
        Ok(())
    }

    /// Does what it says, of a stage that is as it was when the journal was made.
    pub(super) fn carry_out(&self, stage: &Path, output: &Path) -> Result<(), DiskError> {
        let write: Vec<&Staged> = self.write.iter().collect();
        self.carry_out_some(&write, stage, output)
    }

    /// Does what is left of what it says.
    fn carry_out_rest(&self, stage: &Path, output: &Path) -> Result<(), DiskError> {
        let mut folders = Folders::new(stage);
        let is_left = |one: &&Staged| {
            let place = format!("{NEW}/{}", self.layout.place(&one.path));
            folders.file(&place) == Some(one.inode)
        };
        let write: Vec<&Staged> = self.write.iter().filter(is_left).collect();
        self.carry_out_some(&write, stage, output)
    }

    fn carry_out_some(
        &self,
        write: &[&Staged],
        stage: &Path,
        output: &Path,
    ) -> Result<(), DiskError> {
        make_folder(output, FOLDER_MODE)?;
        // What vanishes goes first where it stands in the way of a folder or a file.
        let paths = self.write.iter().map(|staged| staged.path.as_str());
        let written: BTreeSet<&str> = paths.clone().collect();
        let folders: BTreeSet<&str> = paths.flat_map(ancestors_of_file).collect();
        let mut old = Folders::new(output);
        for path in &self.remove {
            let stands_in_way = folders.contains(path.as_str())
                || ancestors_of_file(path).any(|folder| written.contains(folder));
            if stands_in_way {
                old.remove(path)?;
            }
        }
        let is_missing = |folder: &&str| !is_folder(&output.join(folder));
        let missing: Vec<&str> = folders.into_par_iter().filter(is_missing).collect();
        for folder in missing {
            make_folder(&output.join(folder), FOLDER_MODE)?;
        }
        let fault = OnceLock::new();
        rayon::scope(|scope| {
            for some in write.chunks(PUT_AT_ONCE) {
                if fault.get().is_some() {
                    break;
                }
                let replaced = self.put(some, stage, output)?;
                // The system lets one thread rename at a time; meanwhile others delete.
                scope.spawn(|_| {
                    if let Err(error) = self.delete(replaced, stage, output) {
                        let _ = fault.set(error);
                    }
                });
            }
            Ok(())
        })?;
        if let Some(fault) = fault.into_inner() {
            return Err(fault);
        }
        // Folders that were made or removed since are looked at again.
        let mut old = Folders::new(output);
        for path in &self.remove {
            old.remove(path)?;
        }
        remove_file(&stage.join(JOURNAL))
    }

    /// Puts some files in their places; returns those that were exchanged with what they replace.
    fn put<'a>(
        &self,
        some: &[&'a Staged],
        stage: &Path,
        output: &Path,
    ) -> Result<Vec<&'a Staged>, DiskError> {
        let are_many = self.write.len() > MOST_RENAMED;
        let mut exchanged = Vec::new();
        for staged in some {
            let (from, to) = (self.staged(stage, staged), output.join(&staged.path));
            let is_exchanged = are_many
                && to.symlink_metadata().is_ok_and(|about| about.is_file())
                && exchange(&from, &to).is_ok();
            match is_exchanged {
                true => exchanged.push(*staged),
                false => replace(&from, &to)?,
            }
        }
        Ok(exchanged)
    }

    /// Deletes what some files were exchanged with, which stands where they stood.
    fn delete(
        &self,
        exchanged: Vec<&Staged>,
        stage: &Path,
        output: &Path,
    ) -> Result<(), DiskError> {
        for staged in exchanged {
            let (old, new) = (self.staged(stage, staged), output.join(&staged.path));
            match fs::remove_file(&old) {
                Ok(()) => {}
                // Somebody put a folder in the place of the file meanwhile, and has it back.
                Err(error) if is_folder(&old) => {
                    let _ = exchange(&old, &new);
                    return Err(DiskError::at("write", &new)(error));
                }
                Err(error) => return Err(DiskError::at("remove", &old)(error)),
            }
        }
        Ok(())
    }

    /// Returns where a staged file lies.
    fn staged(&self, stage: &Path, staged: &Staged) -> PathBuf {
        stage.join(NEW).join(&*self.layout.place(&staged.path))
    }
}

/// Exchanges two files. On ext4 that takes a third of the time of a rename that replaces one: the old file
/// need not be deleted, nor the new one be sent to the disk, while nobody else may rename.
fn exchange(from: &Path, to: &Path) -> io::Result<()> {
    Ok(renameat_with(CWD, from, CWD, to, RenameFlags::EXCHANGE)?)
}

/// Carries out the journal of a killed build, or deletes what it had staged.
///
/// # Errors
///
/// Where a build that lives is at work there; where the file system refuses.
pub fn recover(output: &Output) -> Result<bool, DiskError> {
    let mut had_journal = false;
    for stage in [output.stage(), output.inner_stage()] {
        let Ok(metadata) = stage.symlink_metadata() else {
            continue;
        };
        if !metadata.is_dir() {
            fs::remove_file(&stage).map_err(DiskError::at("remove", &stage))?;
            continue;
        }
        let Some(_claim) = Claim::take(&stage, output)? else {
            continue;
        };
        if let Some(journal) = Journal::read(&stage) {
            journal.carry_out_rest(&stage, &output.folder)?;
            had_journal = true;
        } else if stage.join(JOURNAL).symlink_metadata().is_ok()
            && let Some(mark) = &output.mark
        {
            // Power was lost, since no kill leaves half a journal. Nobody can tell which files had taken their
            // places, and so the output is not what any manifest says.
            let mark = Mark {
                contents: None,
                ..mark.clone()
            };
            write_state(&output.folder.join(MARK), &mark.encode())?;
        }
        fs::remove_dir_all(&stage).map_err(DiskError::at("remove", &stage))?;
    }
    Ok(had_journal)
}

/// Tells whether a path stays below the folder that it is joined to.
fn is_plain(path: &str) -> bool {
    path.split('/')
        .all(|name| !matches!(name, "" | "." | "..") && !name.contains('\0'))
}

/// Renames a file to its place; an empty folder there makes way.
fn replace(from: &Path, to: &Path) -> Result<(), DiskError> {
    let renamed = fs::rename(from, to).or_else(|error| match is_folder(to) {
        true => fs::remove_dir(to).and_then(|()| fs::rename(from, to)),
        false => Err(error),
    });
    renamed.map_err(DiskError::at("write", to))
}

/// The folders below a root, each looked at once: whether it is one, and no link to one.
pub(super) struct Folders<'a> {
    root: &'a Path,
    known: BTreeMap<String, bool>,
}

impl<'a> Folders<'a> {
    pub(super) fn new(root: &'a Path) -> Self {
        Self {
            root,
            known: BTreeMap::new(),
        }
    }

    /// Tells whether the folders around a path are folders, without a link among them.
    fn lead_to(&mut self, path: &str) -> bool {
        ancestors_of_file(path).all(|folder| match self.known.get(folder) {
            Some(is_folder) => *is_folder,
            None => {
                let found = is_folder(&self.root.join(folder));
                self.known.insert(folder.to_owned(), found);
                found
            }
        })
    }

    /// Returns the number of a file on its device; none where there is no regular file.
    fn file(&mut self, path: &str) -> Option<u64> {
        if !self.lead_to(path) {
            return None;
        }
        let about = self.root.join(path).symlink_metadata().ok()?;
        about.is_file().then(|| about.ino())
    }

    /// Removes a file, and the folders around it that are then empty.
    pub(super) fn remove(&mut self, path: &str) -> Result<(), DiskError> {
        if !self.lead_to(path) {
            return Ok(());
        }
        remove_file(&self.root.join(path))?;
        let mut folder = path;
        while let Some((parent, _)) = folder.rsplit_once('/') {
            if fs::remove_dir(self.root.join(parent)).is_err() {
                break;
            }
            self.known.insert(parent.to_owned(), false);
            folder = parent;
        }
        Ok(())
    }
}

pub(super) fn remove_file(path: &Path) -> Result<(), DiskError> {
    match fs::remove_file(path) {
        Ok(()) => Ok(()),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(())
        }
        // A new page's folder stands in the place of an old file.
        Err(_) if is_folder(path) => Ok(()),
        Err(error) => Err(DiskError::at("remove", path)(error)),
    }
}
