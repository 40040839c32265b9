//! Folders: claimed by one build, made for all to read, carried over with what others put there.
#![expect(clippy::disallowed_methods, reason = "this is the edge that writes")]

use super::STAGE_MODE;
use crate::disk::error::DiskError;
use crate::disk::output::{INNER_STAGE, LOST_AND_FOUND, MARK, Output};
use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// How often a stage is made anew that another build's recovery takes away.
const MOST_ATTEMPTS: usize = 100;

/// A stage that belongs to this process: a lock on the folder itself, which leaves nothing behind.
#[derive(Debug)]
pub(super) struct Claim {
    _folder: File,
}

impl Claim {
    /// Makes a stage and claims it.
    ///
    /// # Errors
    ///
    /// Where it is another build's; where the file system refuses.
    pub(super) fn make(stage: &Path, output: &Output) -> Result<Self, DiskError> {
        for _ in 0..MOST_ATTEMPTS {
            match fs::DirBuilder::new().mode(STAGE_MODE).create(stage) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    return Err(busy(output));
                }
                Err(error) => return Err(DiskError::at("make", stage)(error)),
            }
            // Until it is claimed, another build's recovery may take it away.
            if let Some(claim) = Self::take(stage, output)? {
                set_mode(stage, STAGE_MODE)?;
                return Ok(claim);
            }
        }
        Err(busy(output))
    }

    /// Claims a stage that is there; none where it has just been taken away.
    ///
    /// # Errors
    ///
    /// Where it is another build's; where the file system refuses.
    pub(super) fn take(stage: &Path, output: &Output) -> Result<Option<Self>, DiskError> {
        let folder = match File::open(stage) {
            Ok(folder) => folder,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(DiskError::at("open", stage)(error)),
        };
        match folder.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(busy(output)),
            Err(TryLockError::Error(error)) => return Err(DiskError::at("lock", stage)(error)),
        }
        let held = folder.metadata().map_err(DiskError::at("read", stage))?;
        let is_there = stage
            .symlink_metadata()
            .is_ok_and(|there| (there.ino(), there.dev()) == (held.ino(), held.dev()));
        Ok(is_there.then_some(Self { _folder: folder }))
    }
}

pub(super) fn busy(output: &Output) -> DiskError {
    DiskError::Output {
        message: format!(
            "another build is writing the output {}",
            output.folder.display()
        ),
        hint: "wait until it is done, or choose another folder with `-o`".to_owned(),
    }
}

/// Makes a folder where there is none; a link to one is none.
pub(super) fn make_folder(folder: &Path, mode: u32) -> Result<(), DiskError> {
    match fs::create_dir(folder) {
        Ok(()) => set_mode(folder, mode).map(|_| ()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && is_folder(folder) => Ok(()),
        Err(error) => Err(DiskError::at("make", folder)(error)),
    }
}

/// Tells whether a folder is there, and no link to one.
pub(super) fn is_folder(path: &Path) -> bool {
    path.symlink_metadata()
        .is_ok_and(|metadata| metadata.is_dir())
}

/// Sets the permissions of a file or folder, whatever the process' mask; tells whether they were so.
pub(super) fn set_mode(path: &Path, mode: u32) -> Result<bool, DiskError> {
    let found = fs::metadata(path)
        .map_err(DiskError::at("read", path))?
        .permissions();
    if found.mode() & 0o7777 == mode {
        return Ok(true);
    }
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
        .map_err(DiskError::at("write", path))?;
    Ok(false)
}

/// Links everything of the old folder that stays into the new one, empty folders too; tells whether
/// the file system can.
pub(super) fn carry_over(
    old: &Path,
    new: &Path,
    removed: &BTreeSet<&str>,
) -> Result<bool, DiskError> {
    let mut folder: Option<(usize, PathBuf)> = None;
    for entry in entries(old) {
        let entry = entry?;
        let below = entry
            .path()
            .strip_prefix(old)
            .expect("walkdir stays below its root");
        if let Some((depth, empty)) = folder.take()
            && entry.depth() <= depth
        {
            make_like(old, new, &empty)?;
        }
        if entry.file_type().is_dir() {
            folder = Some((entry.depth(), below.to_owned()));
            continue;
        }
        let place = new.join(below);
        let is_removed = below
            .to_str()
            .is_some_and(|path| path == MARK || removed.contains(path));
        if is_removed || place.symlink_metadata().is_ok() {
            continue;
        }
        if let Some(parent) = below.parent() {
            make_like(old, new, parent)?;
        }
        if entry.file_type().is_symlink() {
            let target =
                fs::read_link(entry.path()).map_err(DiskError::at("read", entry.path()))?;
            std::os::unix::fs::symlink(target, &place).map_err(DiskError::at("write", &place))?;
        } else if fs::hard_link(entry.path(), &place).is_err() {
            return Ok(false);
        }
    }
    if let Some((_, empty)) = folder {
        make_like(old, new, &empty)?;
    }
    Ok(true)
}

/// Returns everything in an output folder, but for what a mounted volume brings with it.
fn entries(folder: &Path) -> impl Iterator<Item = Result<walkdir::DirEntry, DiskError>> {
    let walk = walkdir::WalkDir::new(folder)
        .min_depth(1)
        .sort_by_file_name()
        .into_iter();
    let is_part = |entry: &walkdir::DirEntry| {
        entry.depth() != 1
            || !(entry.file_name() == INNER_STAGE || entry.file_name() == LOST_AND_FOUND)
    };
    walk.filter_entry(is_part)
        .map(|entry| entry.map_err(DiskError::walk))
}

/// Makes the folders of a path below the new folder with the permissions that they have below the
/// old one.
fn make_like(old: &Path, new: &Path, below: &Path) -> Result<(), DiskError> {
    let (mut from, mut to) = (old.to_owned(), new.to_owned());
    for name in below.components() {
        from.push(name);
        to.push(name);
        if !is_folder(&to) {
            let mode = from
                .metadata()
                .map_err(DiskError::at("read", &from))?
                .mode()
                & 0o7777;
            make_folder(&to, mode)?;
        }
    }
    Ok(())
}
