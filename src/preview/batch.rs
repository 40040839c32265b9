//! A batch: what happened to files from the first event to the quiet after the last.
//!
//! Programs save in many ways, and between their first step and the last a file can be empty, half
//! written or gone. The batch knows from its events how long to wait before it is looked at.

use crate::disk::input;
use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind, RenameMode};
use notify::{Event, EventKind};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The quiet after a save.
const QUIET: Duration = Duration::from_millis(8);
/// The quiet after a few saves, which may be a program's that saves more.
const QUIET_AFTER_SOME: Duration = Duration::from_millis(40);
/// The quiet after many, which are a checkout or a copy.
const QUIET_AFTER_MANY: Duration = Duration::from_millis(150);
/// The quiet after a step that another should follow: a file that was emptied, taken away, or is
/// still written to.
const QUIET_AFTER_HALF: Duration = Duration::from_millis(300);
/// How long a save may be put off by those that follow it.
const LONGEST: Duration = Duration::from_millis(100);
/// How long many may be put off.
const LONGEST_OF_MANY: Duration = Duration::from_secs(3);
/// How many files are some, and how many are many.
const SOME: usize = 4;
const MANY: usize = 40;

/// What happened.
#[derive(Debug, Default)]
pub struct Batch {
    paths: BTreeMap<PathBuf, Trace>,
    /// Whether anything may have changed.
    pub is_everything: bool,
    /// Whether the system lost events, those of new folders perhaps among them.
    pub has_gaps: bool,
    /// Whether folders came, in which things may have happened that were not heard.
    pub has_folders: bool,
    /// Whether a save was seen that has not ended, and nothing was heard since. What the disk says in
    /// the meantime is ahead of the events, which come in their own time.
    is_behind: Cell<bool>,
}

/// What happened to one path.
#[derive(Debug, Default)]
struct Trace {
    /// It was not there before.
    is_new: bool,
    /// It is being written to.
    is_open: bool,
    /// It was given another name, which counts.
    is_moved: bool,
}

impl Batch {
    /// Makes a batch of everything.
    pub fn everything() -> Self {
        Self {
            is_everything: true,
            ..Self::default()
        }
    }

    /// Makes a batch of paths of which nothing more is known, but whether they are new.
    pub fn of(paths: impl IntoIterator<Item = (PathBuf, bool)>) -> Self {
        let trace = |is_new| Trace {
            is_new,
            ..Trace::default()
        };
        Self {
            paths: paths
                .into_iter()
                .map(|(path, is_new)| (path, trace(is_new)))
                .collect(),
            ..Self::default()
        }
    }

    /// Returns the paths.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.paths.keys().map(PathBuf::as_path)
    }

    /// Returns the files that are to be named: no folders, and none that came and went.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        let is_named = |path: &Path, trace: &Trace| match path.symlink_metadata() {
            Ok(metadata) => !metadata.is_dir(),
            Err(_) => !trace.is_new,
        };
        let paths = self.paths.iter();
        paths
            .filter(move |(path, trace)| is_named(path, trace))
            .map(|(path, _)| path.as_path())
    }

    /// Tells whether nothing happened.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty() && !self.is_everything
    }

    /// Adds another batch.
    pub fn add(&mut self, other: Self) {
        self.is_everything |= other.is_everything;
        self.has_gaps |= other.has_gaps;
        self.has_folders |= other.has_folders;
        self.is_behind.set(false);
        for (path, trace) in other.paths {
            self.paths.entry(path).or_insert(trace);
        }
    }

    /// Adds an event, as far as it is about paths that concern the site; tells whether it is.
    pub fn note(&mut self, event: &Event, concerns: impl Fn(&Path) -> bool) -> bool {
        if event.need_rescan() {
            self.is_everything = true;
            self.has_gaps = true;
            return true;
        }
        // Who only reads changes nothing.
        let is_closed = event.kind == EventKind::Access(AccessKind::Close(AccessMode::Write));
        if matches!(event.kind, EventKind::Access(_)) && !is_closed {
            return false;
        }
        if let (EventKind::Modify(ModifyKind::Name(RenameMode::Both)), [from, to]) =
            (event.kind, event.paths.as_slice())
            && concerns(to)
            && let Some(trace) = self.paths.get_mut(from)
        {
            trace.is_moved = true;
        }
        let mut counts = false;
        for path in event.paths.iter().filter(|path| concerns(path)) {
            counts = true;
            // A folder that came may hold files that came before it was watched.
            let is_arrival = matches!(
                event.kind,
                EventKind::Create(_) | EventKind::Modify(ModifyKind::Name(_))
            );
            if event.kind == EventKind::Create(CreateKind::Folder) || (is_arrival && path.is_dir())
            {
                self.has_folders = true;
            }
            let is_creation = matches!(event.kind, EventKind::Create(_));
            let trace = self.paths.entry(path.clone()).or_insert_with(|| Trace {
                is_new: is_creation,
                ..Trace::default()
            });
            match event.kind {
                // Linux says when a file is closed that was written to. A link is never open.
                EventKind::Modify(ModifyKind::Data(_)) | EventKind::Create(CreateKind::File) => {
                    trace.is_open = cfg!(target_os = "linux") && !path.is_symlink();
                }
                EventKind::Access(_)
                | EventKind::Modify(ModifyKind::Name(_))
                | EventKind::Remove(_) => {
                    trace.is_open = false;
                }
                _ => {}
            }
        }
        if counts {
            self.is_behind.set(false);
        }
        counts
    }

    /// Tells whether the batch is whole, `since_last` after its last event and `since_first` after its
    /// first.
    pub fn is_whole(&self, since_last: Duration, since_first: Duration) -> bool {
        let is_late = since_first >= self.longest();
        if since_last < self.quiet() && !is_late {
            return false;
        }
        let is_behind = self.is_behind.get() || self.is_half();
        self.is_behind.set(is_behind);
        since_last >= QUIET_AFTER_HALF
            || since_first >= self.longest() + QUIET_AFTER_HALF
            || !is_behind
    }

    /// Returns how long it has to be quiet, at least.
    pub fn quiet(&self) -> Duration {
        match self.paths.len() {
            count if count > MANY => QUIET_AFTER_MANY,
            count if count > SOME => QUIET_AFTER_SOME,
            _ => QUIET,
        }
    }

    /// Returns how long the batch may be put off by further events.
    fn longest(&self) -> Duration {
        match self.paths.len() {
            count if count > MANY => LONGEST_OF_MANY,
            _ => LONGEST,
        }
    }

    /// Tells whether a save has begun that has not ended.
    fn is_half(&self) -> bool {
        self.paths.iter().any(|(path, trace)| {
            trace.is_open
                || match path.symlink_metadata() {
                    Ok(metadata) => {
                        metadata.is_file() && metadata.len() == 0 && !is_empty_by_nature(path)
                    }
                    // A file that came with the batch and went with it was a step of a save.
                    Err(_) => !trace.is_new && !trace.is_moved,
                }
        })
    }
}

/// Tells whether a file may well have nothing in it.
fn is_empty_by_nature(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    input::is_litter(&name) || name.starts_with('.')
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests make files")]
mod tests {
    use super::*;
    use notify::event::{DataChange, Flag, MetadataKind, RemoveKind};
    use std::fs;

    const WRITTEN: EventKind = EventKind::Modify(ModifyKind::Data(DataChange::Any));
    const CLOSED: EventKind = EventKind::Access(AccessKind::Close(AccessMode::Write));
    const CREATED: EventKind = EventKind::Create(CreateKind::File);
    const REMOVED: EventKind = EventKind::Remove(RemoveKind::File);

    fn name(mode: RenameMode) -> EventKind {
        EventKind::Modify(ModifyKind::Name(mode))
    }

    /// A folder with files; events about them make a batch that is whole after so much quiet.
    fn check(files: &[(&str, &str)], events: &[(EventKind, &[&str])], quiet: Duration) {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            fs::write(folder.path().join(path), text).unwrap();
        }
        let mut batch = Batch::default();
        for (kind, paths) in events {
            let event = paths.iter().fold(Event::new(*kind), |event, path| {
                event.add_path(folder.path().join(path))
            });
            batch.note(&event, |path| !path.to_string_lossy().ends_with('~'));
        }
        let short = Duration::from_millis(1);
        assert!(batch.is_whole(quiet, quiet), "{events:?}");
        assert!(!batch.is_whole(quiet - short, quiet - short), "{events:?}");
    }

    #[test]
    fn saves_that_follow_each_other_are_put_off_for_a_while_only() {
        let batch = Batch::of([(PathBuf::from("/"), false)]);
        let short = Duration::from_millis(1);
        assert!(!batch.is_whole(short, LONGEST - short));
        assert!(batch.is_whole(short, LONGEST));
        let half = Batch::of([(PathBuf::from("/gone"), false)]);
        assert!(!half.is_whole(short, LONGEST));
        assert!(half.is_whole(short, LONGEST + QUIET_AFTER_HALF));
    }

    #[test]
    fn a_save_that_has_ended_is_not_waited_for() {
        let a = &[("a.md", "x")];
        check(
            a,
            &[
                (WRITTEN, &["a.md"]),
                (WRITTEN, &["a.md"]),
                (CLOSED, &["a.md"]),
            ],
            QUIET,
        );
        check(
            a,
            &[(
                EventKind::Modify(ModifyKind::Metadata(MetadataKind::Any)),
                &["a.md"],
            )],
            QUIET,
        );
        // A temporary file that takes the place of the old one.
        check(
            a,
            &[
                (CREATED, &["b.md"]),
                (WRITTEN, &["b.md"]),
                (CLOSED, &["b.md"]),
                (name(RenameMode::From), &["b.md"]),
                (name(RenameMode::To), &["a.md"]),
                (name(RenameMode::Both), &["b.md", "a.md"]),
            ],
            QUIET,
        );
        // An article gets another name.
        check(
            a,
            &[
                (name(RenameMode::From), &["old.md"]),
                (name(RenameMode::To), &["a.md"]),
                (name(RenameMode::Both), &["old.md", "a.md"]),
            ],
            QUIET,
        );
    }

    #[test]
    fn a_save_that_has_begun_is_waited_for() {
        let half = QUIET_AFTER_HALF;
        check(&[("a.md", "x")], &[(WRITTEN, &["a.md"])], half);
        check(
            &[("a.md", "")],
            &[(WRITTEN, &["a.md"]), (CLOSED, &["a.md"])],
            half,
        );
        check(&[], &[(REMOVED, &["a.md"])], half);
        // The old file becomes a backup, and the new one is not there yet.
        check(
            &[("a.md~", "x")],
            &[
                (name(RenameMode::From), &["a.md"]),
                (name(RenameMode::To), &["a.md~"]),
                (name(RenameMode::Both), &["a.md", "a.md~"]),
            ],
            half,
        );
    }

    #[test]
    fn what_the_disk_says_ahead_of_the_events_ends_no_save() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        let mut batch = Batch::default();
        let note = |batch: &mut Batch, kind| {
            batch.note(&Event::new(kind).add_path(path.clone()), |_| true);
        };
        note(&mut batch, REMOVED);
        assert!(!batch.is_whole(QUIET, QUIET));
        fs::write(&path, "x").unwrap();
        assert!(!batch.is_whole(QUIET, QUIET));
        note(&mut batch, CREATED);
        assert_eq!(batch.is_whole(QUIET, QUIET), !cfg!(target_os = "linux"));
        note(&mut batch, WRITTEN);
        note(&mut batch, CLOSED);
        assert!(batch.is_whole(QUIET, QUIET));
    }

    #[test]
    fn many_files_are_waited_for_longer() {
        let names: Vec<String> = (0..=MANY).map(|at| format!("{at}.md")).collect();
        let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "x")).collect();
        let all: Vec<&str> = names.iter().map(String::as_str).collect();
        check(&files, &[(CLOSED, &all)], QUIET_AFTER_MANY);
        check(&files, &[(CLOSED, &all[..=SOME])], QUIET_AFTER_SOME);
    }

    #[test]
    fn what_came_and_went_is_not_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("a.md"), "x").unwrap();
        fs::create_dir(path("folder")).unwrap();
        let names = [
            ("a.md", true),
            ("gone.md", false),
            ("step", true),
            ("folder", true),
        ];
        let batch = Batch::of(names.map(|(name, is_new)| (path(name), is_new)));
        assert_eq!(
            batch.files().collect::<Vec<_>>(),
            [path("a.md"), path("gone.md")]
        );
    }

    #[test]
    fn who_reads_changes_nothing_and_lost_events_may_be_anything() {
        let mut batch = Batch::default();
        let read = EventKind::Access(AccessKind::Open(AccessMode::Any));
        assert!(!batch.note(&Event::new(read).add_path("a".into()), |_| true) && batch.is_empty());
        assert!(
            !batch.note(&Event::new(CLOSED).add_path("a".into()), |_| false) && batch.is_empty()
        );
        assert!(
            batch.note(&Event::new(EventKind::Other).set_flag(Flag::Rescan), |_| {
                false
            })
        );
        assert!(batch.is_everything && batch.has_gaps && !batch.is_empty());
    }
}
