//! A folder of this machine as a destination: files are put in their places by rename.
#![expect(clippy::disallowed_methods, reason = "this is the edge that writes")]

use super::error::DeployError;
use super::headers::Headers;
use super::release::STATE;
use super::site::read_in_pieces;
use super::store::{Body, Store, StoreError, Version, random};
use crate::base::fingerprint::Fingerprint;
use crate::disk::error::DiskError;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// How much of a large file is held in memory.
const PIECE: usize = 1 << 20;

/// A folder of this machine.
#[derive(Debug)]
pub(super) struct Folder {
    folder: PathBuf,
}

/// Returns the folder that an address names, and refuses one that holds the site, or is part of it.
///
/// # Errors
///
/// Why the folder is refused.
pub(super) fn locate(root: &Path, output: &Path, address: &str) -> Result<PathBuf, DeployError> {
    let folder = real(&root.join(address));
    let output = real(output);
    let refuse = |what: &str| {
        Err(
            DeployError::usage(format!("the target {} {what}", folder.display()))
                .hint("choose a folder outside of the site"),
        )
    };
    if folder.is_file() {
        return refuse("is a file");
    }
    if folder.starts_with(&output) || output.starts_with(&folder) {
        return refuse("is the output of the build, or holds it, or lies in it");
    }
    if root.starts_with(&folder) {
        return refuse("holds the site itself");
    }
    for own in [
        "content",
        "static",
        "themes",
        "templates",
        "assets",
        "i18n",
        "data",
        ".dateline",
        ".git",
    ] {
        if folder.starts_with(real(&root.join(own))) {
            return refuse("lies in the site's own folders");
        }
    }
    if folder.join(STATE).is_file() {
        return refuse("is the output of another build");
    }
    Ok(folder)
}

/// Follows links as far as the path is there.
fn real(path: &Path) -> PathBuf {
    if let Ok(real) = path.canonicalize() {
        return real;
    }
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => real(parent).join(name),
        _ => path.to_owned(),
    }
}

impl Folder {
    /// Takes a folder that was located.
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Writes a file that is not in its place yet, under a name of its own, and returns where it is.
    fn stage(&self, name: &str, body: &Body<'_>) -> Result<PathBuf, StoreError> {
        let state = self.folder.join(STATE);
        fs::create_dir_all(&state).map_err(refused("make", &state))?;
        let path = state.join(format!("staged-{name}"));
        let written = write(&path, body);
        if written.is_err() {
            // The fault that is told is the first.
            let _ = fs::remove_file(&path);
        }
        written.map(|()| path)
    }

    /// Returns the path of a key, with the folders around it made; no link on the way leads elsewhere.
    fn place(&self, key: &str) -> Result<PathBuf, StoreError> {
        let mut path = self.folder.clone();
        let mut parts = key.split('/').peekable();
        while let Some(part) = parts.next() {
            path.push(part);
            if parts.peek().is_none() {
                break;
            }
            match path.symlink_metadata() {
                Ok(metadata) if metadata.is_dir() => {}
                Ok(_) => {
                    return Err(StoreError::lasting(format!(
                        "{} is in the way of a folder",
                        path.display()
                    )));
                }
                Err(_) => match fs::create_dir(&path) {
                    Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                        return Err(refused("make", &path)(error));
                    }
                    _ => {}
                },
            }
        }
        Ok(path)
    }
}

fn write(path: &Path, body: &Body<'_>) -> Result<(), StoreError> {
    let mut file = File::create(path).map_err(refused("write", path))?;
    match body {
        Body::Bytes(bytes) => file.write_all(bytes).map_err(refused("write", path))?,
        Body::File(source, print) => read_in_pieces(source, *print, PIECE, |piece| {
            file.write_all(&piece)
                .map_err(|error| DiskError::at("write", path)(error).into())
        })?,
    }
    file.flush().map_err(refused("write", path))
}

fn refused(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError + use<> {
    let path = path.to_owned();
    move |error| {
        // Signals interrupt; nothing else on a disk passes by itself.
        let told = DiskError::at(action, &path)(error).to_string();
        StoreError::lasting(told)
    }
}

impl Store for Folder {
    fn name(&self) -> String {
        self.folder.display().to_string()
    }

    fn read(&self, key: &str) -> Result<Option<(Vec<u8>, Version)>, StoreError> {
        let path = self.folder.join(key);
        match fs::read(&path) {
            Ok(bytes) => {
                let version = Fingerprint::of_bytes(&bytes).to_string();
                Ok(Some((bytes, version)))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(refused("read", &path)(error)),
        }
    }

    fn put(&self, key: &str, body: &Body<'_>, _: &Headers) -> Result<(), StoreError> {
        // The same name for the same key: what a deploy that was killed has left is written over by
        // the next.
        let name = Fingerprint::of_bytes(key.as_bytes()).short(16);
        let staged = self.stage(&name, body)?;
        let placed = self
            .place(key)
            .and_then(|path| fs::rename(&staged, &path).map_err(refused("write", &path)));
        if placed.is_err() {
            let _ = fs::remove_file(&staged);
        }
        placed
    }

    fn put_if(
        &self,
        key: &str,
        bytes: &[u8],
        expect: Option<&Version>,
    ) -> Result<Version, StoreError> {
        let conflict = || StoreError::conflict(format!("{key} was changed by another"));
        let staged = self.stage(&format!("{:016x}", random()), &Body::Bytes(bytes.to_vec()))?;
        let path = self.place(key)?;
        let placed = match expect {
            // A link is made in one step, or not at all where the name is taken.
            None => match fs::hard_link(&staged, &path) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(conflict()),
                linked => linked.map_err(refused("write", &path)),
            },
            Some(version) => match self.read(key)? {
                Some((_, found)) if found == *version => {
                    fs::rename(&staged, &path).map_err(refused("write", &path))
                }
                _ => Err(conflict()),
            },
        };
        let _ = fs::remove_file(&staged);
        placed.map(|()| Fingerprint::of_bytes(bytes).to_string())
    }

    fn copy(&self, from: &str, to: &str) -> Result<bool, StoreError> {
        let source = self.folder.join(from);
        let path = self.place(to)?;
        // Files are replaced by rename, never written into, so that a second name is a copy.
        match fs::hard_link(&source, &path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(_) => match fs::copy(&source, &path) {
                Ok(_) => Ok(true),
                Err(error) => Err(refused("copy", &source)(error)),
            },
        }
    }

    fn delete(&self, keys: &[String]) -> Result<(), StoreError> {
        for key in keys {
            let path = self.folder.join(key);
            match fs::remove_file(&path) {
                Err(error)
                    if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
                {
                    return Err(refused("delete", &path)(error));
                }
                _ => {}
            }
            // A folder with anything in it stays.
            let around = path.ancestors().skip(1);
            for folder in around.take_while(|folder| *folder != self.folder) {
                if fs::remove_dir(folder).is_err() {
                    break;
                }
            }
        }
        Ok(())
    }

    fn taken(&self, keys: &[&str], _: bool) -> Result<Vec<String>, StoreError> {
        let is_there = |key: &&&str| self.folder.join(key).symlink_metadata().is_ok();
        let taken = keys.iter().filter(is_there);
        Ok(taken.map(|key| (*key).to_owned()).collect())
    }

    fn deletes_at_once(&self) -> Option<usize> {
        None
    }
}
