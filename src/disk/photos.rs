//! The derivatives that were made, kept below the site's state by their fingerprints, so that each is
//! made once for every output and every build.
//!
//! A file of it is whole or it is none: it is written beside its place and renamed, and begins with
//! the fingerprint of what follows. What is no longer shown stays until it is pruned.
#![expect(clippy::disallowed_methods, reason = "this is the edge that writes")]

use super::error::DiskError;
use super::input;
use crate::base::fingerprint::Fingerprint;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The folder in that of the site's state.
const FOLDER: &str = "photos";

/// Begins every file, with the version of its form.
const MAGIC: &[u8] = b"dateline photo 1\n";

/// The bytes of a fingerprint.
const SUM: usize = 16;

/// The derivatives of a site that were made.
#[derive(Debug, Clone)]
pub struct PhotoCache {
    folder: PathBuf,
}

impl PhotoCache {
    /// Opens the cache in the folder of a site's state.
    pub fn open(state: &Path) -> Self {
        Self {
            folder: state.join(FOLDER),
        }
    }

    /// Tells whether a derivative is there, without reading it.
    pub fn has(&self, print: Fingerprint) -> bool {
        self.place(print).is_file()
    }

    /// Returns the bytes of a derivative; none where it was not made, or its file is broken.
    pub fn get(&self, print: Fingerprint) -> Option<Vec<u8>> {
        let mut bytes = input::read_again(&self.place(print)).ok().flatten()?;
        let head = MAGIC.len() + SUM;
        let sum: [u8; SUM] = bytes.get(MAGIC.len()..head)?.try_into().ok()?;
        let is_whole = bytes.starts_with(MAGIC)
            && Fingerprint::from_bytes(sum) == Fingerprint::of_bytes(&bytes[head..]);
        bytes.drain(..head);
        is_whole.then_some(bytes)
    }

    /// Keeps the bytes of a derivative.
    ///
    /// # Errors
    ///
    /// Where the file system refuses.
    pub fn put(&self, print: Fingerprint, bytes: &[u8]) -> Result<(), DiskError> {
        let place = self.place(print);
        let folder = place.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder).map_err(DiskError::at("make", folder))?;
        let mut file =
            tempfile::NamedTempFile::new_in(folder).map_err(DiskError::at("write", folder))?;
        file.write_all(MAGIC)
            .and_then(|()| file.write_all(&Fingerprint::of_bytes(bytes).to_bytes()))
            .and_then(|()| file.write_all(bytes))
            .map_err(DiskError::at("write", &place))?;
        file.persist(&place)
            .map_err(|error| DiskError::at("write", &place)(error.error))?;
        Ok(())
    }

    /// Deletes what is not among `used`; returns how many files there were, and their bytes.
    ///
    /// # Errors
    ///
    /// Where the file system refuses.
    pub fn prune(&self, used: &BTreeSet<Fingerprint>) -> Result<(usize, u64), DiskError> {
        let used: BTreeSet<PathBuf> = used.iter().map(|print| self.place(*print)).collect();
        let (mut files, mut bytes) = (0, 0);
        let walk = walkdir::WalkDir::new(&self.folder).contents_first(true);
        for entry in walk.into_iter().flatten() {
            let path = entry.path();
            if entry.file_type().is_dir() {
                // One that is not empty stays.
                let _ = fs::remove_dir(path);
            } else if !used.contains(path) {
                bytes += entry.metadata().map_or(0, |metadata| metadata.len());
                fs::remove_file(path).map_err(DiskError::at("remove", path))?;
                files += 1;
            }
        }
        Ok((files, bytes))
    }

    /// Spread over folders: a large archive has a million of them.
    fn place(&self, print: Fingerprint) -> PathBuf {
        let name = print.to_string();
        self.folder.join(&name[..2]).join(&name[2..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_found_until_it_is_damaged_or_pruned() {
        let state = tempfile::tempdir().unwrap();
        let cache = PhotoCache::open(state.path());
        let [one, other] = [b"one", b"two"].map(|bytes| Fingerprint::of_bytes(bytes));
        assert_eq!(cache.get(one), None);
        cache.put(one, b"picture").unwrap();
        cache.put(other, b"other").unwrap();
        assert!(cache.has(one));
        assert_eq!(cache.get(one).as_deref(), Some(b"picture".as_slice()));

        let whole = fs::read(cache.place(one)).unwrap();
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            fs::write(cache.place(one), &damaged).unwrap();
            assert_eq!(cache.get(one), None, "byte {at}");
            fs::write(cache.place(one), &whole[..at]).unwrap();
            assert_eq!(cache.get(one), None, "cut at {at}");
        }
        cache.put(one, b"picture").unwrap();
        assert_eq!(cache.get(one).as_deref(), Some(b"picture".as_slice()));

        let (files, bytes) = cache.prune(&BTreeSet::from([one])).unwrap();
        assert_eq!(files, 1);
        assert_eq!(bytes, (MAGIC.len() + SUM + 5) as u64);
        assert!(cache.has(one) && !cache.has(other));
        assert!(!cache.place(other).parent().unwrap().exists());
    }
}
