//! Publishing: what was staged takes its place in the output by rename.
//!
//! Where most files have none to replace, they are staged as they will stand, and the staged folder,
//! completed with links to what stays, is swapped with the output in one rename. Where most replace
//! others, they are staged in a few flat folders and renamed one by one from a journal: once the
//! journal is whole, the change is as good as made, and the next command carries it through if this
//! one is killed. That costs a rename a file, where a swap costs every folder twice: to make its like,
//! and to delete the old one. Many are exchanged with those that they replace, which are then deleted.
#![expect(clippy::disallowed_methods, reason = "this is the edge that writes")]

mod folder;
mod journal;

pub use journal::recover;

use super::error::DiskError;
use super::output::{MARK, Mark, Output};
use crate::archive::section::ancestors_of_file;
use crate::base::fingerprint::Fingerprint;
use crate::base::route::Route;
use folder::{Claim, busy, carry_over, make_folder, set_mode};
use journal::{Folders, JOURNAL, Journal, Staged, remove_file};
use rayon::prelude::*;
use rustix::fs::{Access, CWD, Mode, OFlags, RenameFlags, access, mkdirat, openat, renameat_with};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Below the stage: the files that take their place in the output.
const NEW: &str = "new";
/// Readable by all: a web server runs as another user.
const FILE_MODE: u32 = 0o644;
const FOLDER_MODE: u32 = 0o755;
/// What is staged is nobody else's business yet, though it may lie in the output itself.
const STAGE_MODE: u32 = 0o700;
/// The site is swapped whole where more than one in this many of its files is new.
const SWAP_SHARE: usize = 2;

/// How files lie in the stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Layout {
    /// As they will stand in the output, so that the whole can be swapped with it.
    Tree,
    /// By a fingerprint of the path, in few folders: for files that are renamed one by one.
    Flat,
}

impl Layout {
    /// Chooses for an output of so many files, of which so many have no file to replace.
    pub fn of(files: usize, new: usize) -> Self {
        match new * SWAP_SHARE > files {
            true => Self::Tree,
            false => Self::Flat,
        }
    }

    /// Returns where the file that will stand at `path` lies below the stage.
    fn place(self, path: &str) -> Cow<'_, str> {
        match self {
            Self::Tree => Cow::Borrowed(path),
            Self::Flat => {
                let name = Fingerprint::of_bytes(path.as_bytes()).to_string();
                Cow::Owned(format!("{}/{name}", &name[..2]))
            }
        }
    }
}

/// Files that are ready to take their place in the output.
#[derive(Debug)]
pub struct Stage {
    folder: PathBuf,
    layout: Layout,
    /// The folders around the output that were made for it, the innermost first.
    around: Vec<PathBuf>,
    is_beside: bool,
    /// The folder of the files, from which their places are found sooner than from the root.
    new: File,
    /// Whether a folder made in it has the right mode at once.
    keeps_mode: bool,
    _claim: Claim,
}

/// What changes in the output.
#[derive(Debug, Default)]
pub struct Changes<'a> {
    /// The staged files, in the order in which they take their places one by one.
    pub write: Vec<&'a Route>,
    /// The paths that vanish.
    pub remove: Vec<String>,
}

impl Stage {
    /// Carries out what a killed build left to do, and makes an empty stage: beside the output, or
    /// in it where nothing can be renamed from beside it, as where it is a mounted volume.
    ///
    /// # Errors
    ///
    /// Where another build has a stage for this output, or has published since it was opened; where the
    /// file system refuses.
    pub fn new(output: &Output) -> Result<Self, DiskError> {
        recover(output)?;
        if output.folder.is_dir() {
            let error =
                |error: rustix::io::Errno| DiskError::at("write", &output.folder)(error.into());
            access(&output.folder, Access::WRITE_OK | Access::EXEC_OK).map_err(error)?;
        }
        let mut around = Vec::new();
        if let Some(parent) = output.folder.parent() {
            make_around(parent, &mut around)?;
        }
        let beside = match Claim::make(&output.stage(), output) {
            Ok(claim) if renames_into(&output.stage(), &output.folder) => Ok(Some(claim)),
            Ok(claim) => {
                fs::remove_dir(output.stage()).map_err(DiskError::at("remove", &output.stage()))?;
                drop(claim);
                Ok(None)
            }
            Err(error) if error.is_refusal() && output.folder.is_dir() => Ok(None),
            Err(error) => Err(error),
        }?;
        let (folder, claim) = match beside {
            Some(claim) => (output.stage(), claim),
            None => (
                output.inner_stage(),
                Claim::make(&output.inner_stage(), output)?,
            ),
        };
        let is_beside = folder == output.stage();
        if !output.is_as_it_was() {
            return Err(busy(output));
        }
        let new = folder.join(NEW);
        fs::create_dir(&new).map_err(DiskError::at("make", &new))?;
        // The mask, and what folders take over from those around them, are the same for all below it.
        let keeps_mode = set_mode(&new, FOLDER_MODE)?;
        Ok(Self {
            new: File::open(&new).map_err(DiskError::at("open", &new))?,
            keeps_mode,
            folder,
            layout: Layout::Tree,
            around,
            is_beside,
            _claim: claim,
        })
    }

    /// Chooses how the files will lie, before the first of them is written.
    #[must_use]
    pub fn laid_out(mut self, layout: Layout) -> Self {
        self.layout = layout;
        self
    }

    fn make_folder(&self, folder: &str) -> Result<(), DiskError> {
        if self.keeps_mode && mkdirat(&self.new, folder, Mode::from_raw_mode(FOLDER_MODE)).is_ok() {
            return Ok(());
        }
        // It would have another mode, or there is something: a folder, or what is told.
        make_folder(&self.folder.join(NEW).join(folder), FOLDER_MODE)
    }

    /// Writes a file into the stage, with the folders around it.
    ///
    /// # Errors
    ///
    /// Where the file system refuses.
    pub fn write(&self, path: &str, bytes: &[u8]) -> Result<(), DiskError> {
        let place = self.layout.place(path);
        // Nearly every page has a folder of its own, which is made at once where the one around it is there.
        if let Some(folder) = place
            .strip_suffix("/index.html")
            .filter(|_| self.keeps_mode)
        {
            let _ = mkdirat(&self.new, folder, Mode::from_raw_mode(FOLDER_MODE));
        }
        match self.write_file(&place, bytes) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                for folder in ancestors_of_file(&place) {
                    self.make_folder(folder)?;
                }
                self.write_file(&place, bytes)
            }
            written => written,
        }
        .map_err(|error| DiskError::at("write", &self.folder.join(NEW).join(&*place))(error))
    }

    fn write_file(&self, place: &str, bytes: &[u8]) -> io::Result<()> {
        create(&self.new, Path::new(place))?.write_all(bytes)
    }

    /// Puts the staged files in their places and deletes what vanished; the mark comes last.
    ///
    /// # Errors
    ///
    /// Where the file system refuses. Before the first file has taken its place, the output is as
    /// it was.
    pub fn publish(
        mut self,
        output: &Output,
        changes: &Changes,
        mark: &Mark,
    ) -> Result<(), DiskError> {
        self.write(MARK, &mark.encode())?;
        let is_swapped =
            self.layout == Layout::Tree && self.is_beside && self.swap(output, changes)?;
        if !is_swapped {
            self.rename_each(output, changes)?;
        }
        self.around.clear();
        Ok(())
    }

    /// Swaps the stage with the output; tells whether it could.
    fn swap(&self, output: &Output, changes: &Changes) -> Result<bool, DiskError> {
        let new = self.folder.join(NEW);
        let Ok(old) = output.folder.metadata() else {
            fs::rename(&new, &output.folder).map_err(DiskError::at("make", &output.folder))?;
            return Ok(true);
        };
        let removed: BTreeSet<&str> = changes.remove.iter().map(String::as_str).collect();
        if !carry_over(&output.folder, &new, &removed)? {
            return Ok(false);
        }
        // The folder's mode and owner are the user's own choice, such as a web server's group.
        let _ = std::os::unix::fs::chown(&new, Some(old.uid()), Some(old.gid()));
        set_mode(&new, old.mode() & 0o7777)?;
        if renameat_with(CWD, &new, CWD, &output.folder, RenameFlags::EXCHANGE).is_err() {
            // A mount point, or a file system that can't: file by file, then. What was carried
            // over is in its place already.
            return Ok(false);
        }
        // What somebody put there while it was carried over is not lost with the old folder.
        carry_over(&new, &output.folder, &removed)?;
        Ok(true)
    }

    fn rename_each(&self, output: &Output, changes: &Changes) -> Result<(), DiskError> {
        let staged = |path: &str| Staged::look(&self.folder, self.layout, path);
        let write = changes.write.par_iter().map(|route| staged(&route.file()));
        let mut write: Vec<Staged> = write.collect::<Result<_, _>>()?;
        write.push(staged(MARK)?);
        let journal = Journal {
            layout: self.layout,
            write,
            remove: changes.remove.clone(),
        };
        // The system has the journal, whatever kills this process. To wait until the disk has it is to wait for
        // all that others write, and is done for files with new paths: after a loss of power in the midst
        // of them, only the journal tells that they are ours.
        let has_new = |route: &&Route| !output.is_ours(&route.file());
        journal.save(&self.folder, changes.write.par_iter().any(has_new))?;
        journal.carry_out(&self.folder, &output.folder)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // Published or given up: either way nothing in it is needed, unless a journal still has to
        // be carried out, which the next command does.
        if self.folder.join(JOURNAL).exists() {
            return;
        }
        let _ = fs::remove_dir_all(&self.folder);
        for folder in &self.around {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Makes a folder with those around it, and lists what was made, the innermost first.
fn make_around(folder: &Path, made: &mut Vec<PathBuf>) -> Result<(), DiskError> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent() {
        make_around(parent, made)?;
    }
    make_folder(folder, FOLDER_MODE)?;
    made.insert(0, folder.to_owned());
    Ok(())
}

/// Tells whether files can be renamed from the stage into the output, by renaming one that is not
/// there: the system looks at the mounts first.
fn renames_into(stage: &Path, output: &Path) -> bool {
    let (Ok(from), Ok(to)) = (stage.metadata(), output.metadata()) else {
        return true;
    };
    let tried = fs::rename(stage.join(NEW), output.join(".dateline-none"));
    from.dev() == to.dev()
        && tried.is_err_and(|error| error.kind() != io::ErrorKind::CrossesDevices)
}

/// Makes an empty file that all can read, by its path from a folder; a link in its place is refused.
fn create(folder: impl AsFd, path: &Path) -> io::Result<File> {
    let flags =
        OFlags::WRONLY | OFlags::CREATE | OFlags::TRUNC | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = File::from(openat(folder, path, flags, Mode::from_raw_mode(FILE_MODE))?);
    let mode = file.metadata()?.permissions().mode();
    if mode & 0o777 != FILE_MODE {
        file.set_permissions(fs::Permissions::from_mode(FILE_MODE))?;
    }
    Ok(file)
}

/// Writes a file of the site's state whole: beside its place first, then by rename.
///
/// # Errors
///
/// Where the file system refuses.
pub fn write_state(path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    write_state_in(path, |file| file.write_all(bytes))
}

/// Writes a file of the site's state as [`write_state`] does, piece by piece.
///
/// # Errors
///
/// Where the file system refuses.
pub fn write_state_in(
    path: &Path,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<(), DiskError> {
    NewState::written(path, write)?.put()
}

/// A file of the site's state in the making, beside the one whose place it takes; it goes away where it is
/// not put there.
pub struct NewState {
    path: PathBuf,
    beside: PathBuf,
    file: File,
    is_put: bool,
}

impl NewState {
    /// Begins an empty file.
    ///
    /// # Errors
    ///
    /// Where the file system refuses.
    pub fn create(path: &Path) -> Result<Self, DiskError> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let beside = path.with_file_name(name);
        Ok(Self {
            path: path.to_owned(),
            file: create(CWD, &beside).map_err(DiskError::at("write", &beside))?,
            beside,
            is_put: false,
        })
    }

    /// Writes a file whole.
    ///
    /// # Errors
    ///
    /// Where the file system refuses.
    pub fn written(
        path: &Path,
        write: impl FnOnce(&mut File) -> io::Result<()>,
    ) -> Result<Self, DiskError> {
        let mut new = Self::create(path)?;
        write(&mut new.file).map_err(DiskError::at("write", &new.beside))?;
        Ok(new)
    }

    /// Returns where it stands before it is put in its place.
    pub fn beside(&self) -> &Path {
        &self.beside
    }

    /// Adds bytes.
    ///
    /// # Errors
    ///
    /// Where the file system refuses.
    pub fn add(&mut self, bytes: &[u8]) -> Result<(), DiskError> {
        let written = self.file.write_all(bytes);
        written.map_err(DiskError::at("write", &self.beside))
    }

    /// Puts it in its place.
    ///
    /// # Errors
    ///
    /// Where the file system refuses.
    pub fn put(mut self) -> Result<(), DiskError> {
        fs::rename(&self.beside, &self.path).map_err(DiskError::at("write", &self.path))?;
        self.is_put = true;
        Ok(())
    }
}

impl Drop for NewState {
    fn drop(&mut self) {
        if !self.is_put {
            let _ = fs::remove_file(&self.beside);
        }
    }
}

/// Deletes those files of an output that dateline wrote, the mark last, and the folder if that
/// leaves it empty. Returns how many files there were, and their bytes.
///
/// # Errors
///
/// Where the file system refuses.
pub fn clear(output: &Output) -> Result<(usize, u64), DiskError> {
    let (mut files, mut bytes) = (0, 0);
    let mut folders = Folders::new(&output.folder);
    for (path, size) in output
        .files()?
        .into_iter()
        .filter(|(path, _)| output.is_ours(path))
    {
        folders.remove(&path)?;
        files += 1;
        // A link has no size of ours.
        bytes += if size == u64::MAX { 0 } else { size };
    }
    if output.mark.is_some() {
        remove_file(&output.folder.join(MARK))?;
        // It stays where others put files into it.
        let _ = fs::remove_dir(&output.folder);
    }
    Ok((files, bytes))
}

#[cfg(test)]
mod tests;
