//! One writer at a time: a lock on the site's state that says who holds it.
#![expect(clippy::disallowed_methods, reason = "the lock is a file")]

use super::error::DiskError;
use rustix::fs::OFlags;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::thread;
use std::time::Duration;

/// How long a wait goes on before it is asked about again.
const PATIENCE: Duration = Duration::from_millis(50);

/// A held lock; the system releases it with the process, however that ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock in the folder `state`, which exists. While another process holds it,
    /// `may_wait` is asked again and again, with the holder's words, whether to go on waiting.
    ///
    /// # Errors
    ///
    /// Where the file can't be made or locked; where the wait is given up.
    pub fn take(
        state: &Path,
        holder: &str,
        mut may_wait: impl FnMut(&str) -> bool,
    ) -> Result<Self, DiskError> {
        let path = state.join("lock");
        loop {
            let mut file = OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .custom_flags(OFlags::NOFOLLOW.bits() as i32)
                .open(&path)
                .map_err(DiskError::at("open", &path))?;
            match file.try_lock() {
                // A file that was deleted while it was opened locks out nobody.
                Ok(()) if !is_there(&file, &path) => continue,
                Ok(()) => {
                    // What it says is for people only; a lock that can't say who holds it is held
                    // all the same.
                    let _ = file.set_len(0);
                    let _ = file.rewind();
                    let _ = write!(file, "{holder} (process {})", std::process::id());
                    return Ok(Self { _file: file });
                }
                Err(TryLockError::WouldBlock) => {
                    let mut other = String::new();
                    let _ = file.read_to_string(&mut other);
                    if !may_wait(other.trim()) {
                        return Err(DiskError::Interrupted);
                    }
                    thread::sleep(PATIENCE);
                }
                Err(TryLockError::Error(error)) => return Err(DiskError::at("lock", &path)(error)),
            }
        }
    }
}

/// Tells whether an open file is the one at a path.
fn is_there(file: &File, path: &Path) -> bool {
    let found = file
        .metadata()
        .and_then(|open| Ok((open, fs::metadata(path)?)));
    found.is_ok_and(|(open, there)| (open.dev(), open.ino()) == (there.dev(), there.ino()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_hears_who_holds_it_and_can_give_up() {
        let folder = tempfile::tempdir().unwrap();
        let held = Lock::take(folder.path(), "one", |_| false).unwrap();
        let mut heard = Vec::new();
        let waited = Lock::take(folder.path(), "two", |holder| {
            heard.push(holder.to_owned());
            heard.len() < 2
        });
        assert!(matches!(waited, Err(DiskError::Interrupted)));
        let words = format!("one (process {})", std::process::id());
        assert_eq!(heard, [words.clone(), words]);
        drop(held);
        assert!(Lock::take(folder.path(), "two", |_| false).is_ok());
    }

    #[test]
    fn a_lock_whose_file_was_deleted_is_taken_anew() {
        let folder = tempfile::tempdir().unwrap();
        let held = Lock::take(folder.path(), "one", |_| false).unwrap();
        let mut held = Some(held);
        let again = Lock::take(folder.path(), "two", |_| {
            fs::remove_file(folder.path().join("lock")).unwrap();
            held.take().is_some()
        });
        assert!(again.is_ok());
        assert!(folder.path().join("lock").exists());
    }
}
