//! Looks at a site's files again and again, where the system tells of no changes: network mounts,
//! containers, limits.
#![expect(
    clippy::disallowed_methods,
    reason = "the file system is asked, and how long that takes"
)]

use super::places::Places;
use super::watch::Signal;
use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread;
use std::time::{Duration, Instant};
use walkdir::WalkDir;

/// How many times longer the pause is than a look takes, at least: a large site must not keep the
/// machine busy.
const PAUSE: u32 = 5;

/// What tells one state of a file from another: number, size, and both times with nanoseconds.
type Look = (u64, u64, i64, i64, i64, i64);

/// A thread that looks; it ends when this is dropped.
pub struct Looker {
    is_stopped: Arc<AtomicBool>,
}

impl Looker {
    /// Takes a first look, then begins. Where there is no thread, nothing is ever found.
    pub fn start(places: Places, interval: Duration, sender: Sender<Signal>) -> Self {
        let is_stopped = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&is_stopped);
        let mut known = look(&places);
        let run = move || {
            let mut pause = interval;
            loop {
                thread::sleep(pause);
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let start = Instant::now();
                let seen = look(&places);
                pause = interval.max(start.elapsed() * PAUSE);
                let changed = differences(&known, &seen);
                known = seen;
                if !changed.is_empty() && sender.send(Signal::Looked(changed)).is_err() {
                    return;
                }
            }
        };
        let _ = thread::Builder::new().name("looker".to_owned()).spawn(run);
        Self { is_stopped }
    }
}

impl Drop for Looker {
    fn drop(&mut self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }
}

/// Looks at every file that counts.
fn look(places: &Places) -> BTreeMap<PathBuf, Look> {
    let mut seen = BTreeMap::new();
    let singles = places
        .files
        .iter()
        .map(|file| WalkDir::new(file).max_depth(0));
    for walk in places.trees.iter().map(WalkDir::new).chain(singles) {
        for entry in walk.into_iter().flatten() {
            if !places.concern(entry.path()) {
                continue;
            }
            // Where a link leads is watched by itself.
            if let Ok(metadata) = entry.path().symlink_metadata() {
                let look = (
                    metadata.ino(),
                    // The size of a folder and its times change with what is in it, which is seen.
                    if metadata.is_dir() {
                        0
                    } else {
                        metadata.size()
                    },
                    if metadata.is_dir() {
                        0
                    } else {
                        metadata.mtime()
                    },
                    if metadata.is_dir() {
                        0
                    } else {
                        metadata.mtime_nsec()
                    },
                    if metadata.is_dir() {
                        0
                    } else {
                        metadata.ctime()
                    },
                    if metadata.is_dir() {
                        0
                    } else {
                        metadata.ctime_nsec()
                    },
                );
                seen.insert(entry.into_path(), look);
            }
        }
    }
    seen
}

/// Returns what differs, and whether it is new.
fn differences(
    old: &BTreeMap<PathBuf, Look>,
    new: &BTreeMap<PathBuf, Look>,
) -> Vec<(PathBuf, bool)> {
    let changed = new
        .iter()
        .filter(|(path, look)| old.get(*path) != Some(look));
    let gone = old.keys().filter(|path| !new.contains_key(*path));
    changed
        .map(|(path, _)| (path.clone(), !old.contains_key(path)))
        .chain(gone.map(|path| (path.clone(), false)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_look_finds_what_came_went_and_changed() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir(root.join("content")).unwrap();
        for name in ["same", "changed", "gone"] {
            fs::write(root.join(format!("content/{name}.md")), "x").unwrap();
        }
        let places = Places::find(
            &root,
            &root.join("dateline.yaml"),
            &root.join("public"),
            &[],
            &[],
        );
        let old = look(&places);
        fs::write(root.join("content/changed.md"), "longer").unwrap();
        fs::remove_file(root.join("content/gone.md")).unwrap();
        fs::write(root.join("content/new.md"), "x").unwrap();
        fs::write(root.join("content/.new.md.swp"), "x").unwrap();
        fs::write(root.join("dateline.yaml"), "x").unwrap();
        let mut found: Vec<(String, bool)> = differences(&old, &look(&places))
            .into_iter()
            .map(|(path, is_new)| (places.shown(&path), is_new))
            .collect();
        found.sort();
        let expect = [
            ("content/changed.md", false),
            ("content/gone.md", false),
            ("content/new.md", true),
            ("dateline.yaml", true),
        ];
        assert_eq!(
            found,
            expect.map(|(path, is_new)| (path.to_owned(), is_new))
        );
    }
}
