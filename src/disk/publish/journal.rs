//! The journal: what is left to do of a publication, file by file.
//!
//! It is read from a folder that anyone may have put there, such as the author of a site that was
//! cloned: its paths stay in the output, and no link on the way is followed.
#![expect(clippy::disallowed_methods, reason = "this is the edge that writes")]

use super::folder::{Claim, is_folder, make_folder};
use super::{FOLDER_MODE, Layout, NEW};
use crate::archive::section::ancestors_of_file;
use crate::base::fingerprint::Fingerprint;
use crate::disk::error::DiskError;
use crate::disk::output::Output;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

/// Below the stage: what is left to do.
pub(super) const JOURNAL: &str = "journal";

/// What is left to do of a publication.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Journal {
    /// How the staged files lie.
    pub(super) layout: Layout,
    /// Paths to rename from the stage.
    pub(super) write: Vec<String>,
    /// Paths to delete.
    pub(super) remove: Vec<String>,
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
        journal
            .write
            .iter()
            .chain(&journal.remove)
            .all(|path| is_plain(path))
            .then_some(journal)
    }

    /// Writes the journal of a stage; once it is there, the next command carries it out.
    pub(super) fn save(&self, stage: &Path) -> Result<(), DiskError> {
        let body = postcard::to_stdvec(self).expect("a journal is made of texts");
        let sum = Fingerprint::of_bytes(&body).to_string();
        let path = stage.join(JOURNAL);
        let written = File::create(&path).and_then(|mut file| {
            file.write_all(sum.as_bytes())?;
            file.write_all(&body)?;
            file.sync_all()
        });
        written.map_err(|error| {
            // Half a journal is none; the stage goes with it.
            let _ = fs::remove_file(&path);
            DiskError::at("write", &path)(error)
        })
    }

    /// Does what it says; what is done already is passed over.
    pub(super) fn carry_out(&self, stage: &Path, output: &Path) -> Result<(), DiskError> {
        make_folder(output, FOLDER_MODE)?;
        // What vanishes goes first where it stands in the way of a folder or a file.
        let written: BTreeSet<&str> = self.write.iter().map(String::as_str).collect();
        let folders: BTreeSet<&str> = self
            .write
            .iter()
            .flat_map(|path| ancestors_of_file(path))
            .collect();
        let mut old = Folders::new(output);
        for path in &self.remove {
            let stands_in_way = folders.contains(path.as_str())
                || ancestors_of_file(path).any(|folder| written.contains(folder));
            if stands_in_way {
                old.remove(path)?;
            }
        }
        for folder in folders {
            make_folder(&output.join(folder), FOLDER_MODE)?;
        }
        let mut new = Folders::new(stage);
        for path in &self.write {
            let from = format!("{NEW}/{}", self.layout.place(path));
            if new.holds_file(&from) {
                replace(&stage.join(from), &output.join(path))?;
            }
        }
        // Folders that were made or removed since are looked at again.
        let mut old = Folders::new(output);
        for path in &self.remove {
            old.remove(path)?;
        }
        remove_file(&stage.join(JOURNAL))
    }
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
            journal.carry_out(&stage, &output.folder)?;
            had_journal = true;
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

    fn holds_file(&mut self, path: &str) -> bool {
        self.lead_to(path)
            && self
                .root
                .join(path)
                .symlink_metadata()
                .is_ok_and(|metadata| metadata.is_file())
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
