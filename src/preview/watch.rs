//! Watches a site's files: events of the file system become batches, each when it has become quiet.
//!
//! Where the system gives no events, files are looked at again and again. Either way nothing is
//! trusted but that something may have changed: what has is found by reading.
#![expect(clippy::disallowed_methods, reason = "quiet is measured")]

use super::batch::Batch;
use super::places::Places;
use super::poll;
use super::server::Inquiry;
use notify::{Config, ErrorKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// How long git's lock is waited for: it stands while a checkout goes on.
const LONGEST_CHECKOUT: Duration = Duration::from_secs(20);
/// How often whoever waits looks whether to go on.
const BEAT: Duration = Duration::from_millis(50);
/// How long nothing is looked at while a save goes on.
const LEAST_REST: Duration = Duration::from_millis(2);
/// How long after a reading a change is one in the middle of which it was.
const MOMENT: Duration = Duration::from_millis(30);
/// How long after new folders everything is looked at once more.
const AFTERMATH: Duration = Duration::from_millis(200);
/// How many milliseconds lie between two looks at files, at least.
const POLL: Duration = Duration::from_millis(500);

/// How files are watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// By the system's events, else by looking.
    Events,
    /// By looking, with so long between two looks.
    Looking(Duration),
}

impl How {
    /// Looks as often as is usual.
    pub fn looking() -> Self {
        Self::Looking(POLL)
    }
}

/// What a watch hears.
pub enum Signal {
    /// Something happened to files.
    Event(notify::Event),
    /// The system gives no more events.
    Trouble(notify::Error),
    /// A look at all files found these others; whether each is new.
    Looked(Vec<(PathBuf, bool)>),
    /// The server asks.
    Inquiry(Inquiry),
}

/// What a watch wakes up for.
pub enum Woken {
    /// Files have changed.
    Batch(Batch),
    /// The server asks.
    Inquiry(Inquiry),
    /// Nothing happened for the time that was asked for.
    Nothing,
    /// The user wants to stop.
    Stop,
}

/// A watch over a site's files.
pub struct Watch {
    signals: Receiver<Signal>,
    sender: Sender<Signal>,
    eyes: Eyes,
    how: How,
    places: Places,
    lock: Option<PathBuf>,
    waiting: Vec<Inquiry>,
    early: Batch,
    again: Option<Instant>,
    notices: Vec<Notice>,
}

/// What a watch sees with; held, because it ends when it is dropped.
enum Eyes {
    Closed,
    Events { _watcher: RecommendedWatcher },
    Looking { _looker: poll::Looker },
}

/// Something that the user should know of the watch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it is, in lower case and without a full stop.
    pub message: String,
    /// What to do.
    pub hint: String,
}

impl Watch {
    /// Begins to watch. What happens from here on is heard.
    pub fn new(places: Places, how: How) -> Self {
        let (sender, signals) = channel();
        let mut watch = Self {
            lock: git_lock(&places.root),
            signals,
            sender,
            eyes: Eyes::Closed,
            how,
            places,
            waiting: Vec::new(),
            early: Batch::default(),
            again: None,
            notices: Vec::new(),
        };
        watch.open_eyes();
        watch
    }

    /// Returns where the server asks.
    pub fn sender(&self) -> Sender<Signal> {
        self.sender.clone()
    }

    /// Returns what the user should know.
    pub fn notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
    }

    /// Returns the places.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// Follows a batch: where it may have moved the site's folders or links, they are found and
    /// watched anew. Comes before the batch is read, so that nothing is missed in between.
    pub fn follow(&mut self, batch: &Batch, find: impl FnOnce() -> Places) {
        let is_moved = batch.has_gaps || batch.paths().any(|path| self.places.may_move(path));
        let may_differ =
            batch.is_everything || batch.paths().any(|path| self.places.is_config(path));
        if !is_moved && !may_differ {
            return;
        }
        let places = find();
        if is_moved || places != self.places {
            self.places = places;
            self.open_eyes();
        }
    }

    fn open_eyes(&mut self) {
        if self.how == How::Events {
            match events(&self.places, &self.sender) {
                Ok(watcher) => {
                    self.eyes = Eyes::Events { _watcher: watcher };
                    return;
                }
                Err(error) => self.give_up(&error),
            }
        }
        let How::Looking(interval) = self.how else {
            return;
        };
        self.eyes = Eyes::Looking {
            _looker: poll::Looker::start(self.places.clone(), interval, self.sender.clone()),
        };
    }

    /// Goes over to looking, and says why.
    fn give_up(&mut self, error: &notify::Error) {
        self.how = How::looking();
        self.notices.push(notice(error));
    }

    /// Waits for what happens, but not longer than `patience`; `is_stopped` is asked often.
    pub fn next(&mut self, patience: Duration, is_stopped: impl Fn() -> bool) -> Woken {
        let until = Instant::now() + patience;
        loop {
            if is_stopped() {
                return Woken::Stop;
            }
            if let Some(inquiry) = self.waiting.pop() {
                return Woken::Inquiry(inquiry);
            }
            let now = Instant::now();
            if self.again.is_some_and(|again| again <= now) {
                self.again = None;
                return Woken::Batch(Batch::everything());
            }
            if now >= until {
                return Woken::Nothing;
            }
            let mut batch = std::mem::take(&mut self.early);
            if batch.is_empty() && !self.hear(BEAT.min(until - now), &mut batch) {
                continue;
            }
            self.gather(&mut batch, &is_stopped);
            if batch.has_folders {
                self.again = Some(Instant::now() + AFTERMATH);
            }
            return Woken::Batch(batch);
        }
    }

    /// Tells whether files change within a moment: what was read was then read in the middle of it.
    /// That is the beginning of the next batch.
    pub fn is_overtaken(&mut self) -> bool {
        let mut early = std::mem::take(&mut self.early);
        let until = Instant::now() + MOMENT;
        let mut is_overtaken = false;
        while !is_overtaken {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            is_overtaken = self.hear(left, &mut early);
        }
        self.early = early;
        is_overtaken
    }

    /// Tells whether files have changed since the last batch.
    pub fn has_news(&mut self) -> bool {
        let mut early = std::mem::take(&mut self.early);
        while let Ok(signal) = self.signals.try_recv() {
            self.take(signal, &mut early);
        }
        self.early = early;
        !self.early.is_empty()
    }

    /// Makes what was not put out a part of the next batch.
    pub fn put_back(&mut self, batch: Batch) {
        self.early.add(batch);
    }

    /// Waits for a signal; tells whether it is one of the site's files.
    fn hear(&mut self, patience: Duration, batch: &mut Batch) -> bool {
        match self.signals.recv_timeout(patience) {
            Ok(signal) => self.take(signal, batch),
            Err(_) => false,
        }
    }

    /// Adds to a batch until it is whole.
    fn gather(&mut self, batch: &mut Batch, is_stopped: impl Fn() -> bool) {
        let first = Instant::now();
        let mut last = first;
        while !is_stopped() {
            while let Ok(signal) = self.signals.try_recv() {
                if self.take(signal, batch) {
                    last = Instant::now();
                }
            }
            let is_locked = self.lock.as_deref().is_some_and(Path::exists);
            if is_locked && first.elapsed() < LONGEST_CHECKOUT {
                last = Instant::now();
            } else if batch.is_whole(last.elapsed(), first.elapsed()) {
                return;
            }
            let rest = batch.quiet().saturating_sub(last.elapsed());
            if self.hear(rest.clamp(LEAST_REST, BEAT), batch) {
                last = Instant::now();
            }
        }
    }

    /// Takes a signal in; tells whether it is one of the site's files.
    fn take(&mut self, signal: Signal, batch: &mut Batch) -> bool {
        match signal {
            Signal::Event(event) => batch.note(&event, |path| self.places.concern(path)),
            Signal::Looked(paths) => {
                batch.add(Batch::of(paths));
                true
            }
            Signal::Trouble(error) => {
                if self.how == How::Events {
                    self.give_up(&error);
                    self.open_eyes();
                }
                batch.is_everything = true;
                true
            }
            Signal::Inquiry(inquiry) => {
                self.waiting.insert(0, inquiry);
                false
            }
        }
    }
}

/// Asks the system for the events of all places.
fn events(places: &Places, sender: &Sender<Signal>) -> notify::Result<RecommendedWatcher> {
    let sender = sender.clone();
    let hear = move |heard: notify::Result<notify::Event>| {
        // Nobody listens any more when the preview ends.
        let _ = match heard {
            Ok(event) => sender.send(Signal::Event(event)),
            Err(error) => sender.send(Signal::Trouble(error)),
        };
    };
    let mut watcher = RecommendedWatcher::new(hear, Config::default().with_follow_symlinks(false))?;
    let all = places
        .trees
        .iter()
        .map(|tree| (tree.clone(), RecursiveMode::Recursive))
        .chain(
            places
                .folders()
                .into_iter()
                .map(|folder| (folder, RecursiveMode::NonRecursive)),
        );
    for (folder, mode) in all {
        match watcher.watch(&folder, mode) {
            // It went while it was looked for, and will be heard of when it comes back.
            Err(error) if matches!(error.kind, ErrorKind::PathNotFound) => {}
            result => result?,
        }
    }
    Ok(watcher)
}

/// Says why there are no events, and what to do.
fn notice(error: &notify::Error) -> Notice {
    let limit = match &error.kind {
        ErrorKind::MaxFilesWatch => {
            Some(("watched folders", "fs.inotify.max_user_watches", 1_048_576))
        }
        ErrorKind::Io(error) if is_out_of_handles(error) => {
            Some(("watching programs", "fs.inotify.max_user_instances", 1_024))
        }
        _ => None,
    };
    match limit {
        Some((what, setting, value)) => Notice {
            message: format!(
                "the system's limit of {what} is reached, so files are looked at twice a second instead"
            ),
            hint: format!(
                "raise it with `sudo sysctl {setting}={value}`, and for good in a file of /etc/sysctl.d/"
            ),
        },
        None => Notice {
            message: format!(
                "the system reports no changes ({error}), so files are looked at twice a second instead"
            ),
            hint: "`--poll` does so from the beginning".to_owned(),
        },
    }
}

fn is_out_of_handles(error: &std::io::Error) -> bool {
    use rustix::io::Errno;
    [Errno::MFILE, Errno::NFILE, Errno::NOSPC]
        .iter()
        .any(|known| error.raw_os_error() == Some(known.raw_os_error()))
}

/// Finds the lock that git holds while it changes the work tree around a folder.
fn git_lock(root: &Path) -> Option<PathBuf> {
    let git = root
        .ancestors()
        .map(|folder| folder.join(".git"))
        .find(|git| git.exists())?;
    if git.is_dir() {
        return Some(git.join("index.lock"));
    }
    // A work tree of its own says in a file where its index is.
    let text = std::fs::read_to_string(&git).ok()?;
    let folder = text.strip_prefix("gitdir:")?.trim();
    Some(git.parent()?.join(folder).join("index.lock"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_limit_is_said_with_what_raises_it() {
        let told = |error| notice(&error).hint;
        assert!(
            told(notify::Error::new(ErrorKind::MaxFilesWatch))
                .contains("fs.inotify.max_user_watches=1048576")
        );
        let handles = std::io::Error::from_raw_os_error(rustix::io::Errno::MFILE.raw_os_error());
        assert!(told(notify::Error::io(handles)).contains("fs.inotify.max_user_instances"));
        assert!(told(notify::Error::generic("x")).contains("--poll"));
    }

    #[test]
    fn a_watch_that_hears_of_trouble_looks_instead() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir(root.join("content")).unwrap();
        let places = Places::find(
            &root,
            &root.join("dateline.yaml"),
            &root.join("public"),
            &[],
            &[],
        );
        let mut watch = Watch::new(places, How::Events);
        watch
            .sender
            .send(Signal::Trouble(notify::Error::new(
                ErrorKind::MaxFilesWatch,
            )))
            .unwrap();
        assert!(
            matches!(watch.next(Duration::from_secs(5), || false), Woken::Batch(batch) if batch.is_everything)
        );
        assert_eq!(watch.notices().len(), 1);
        fs::write(root.join("content/a.md"), "x").unwrap();
        let Woken::Batch(batch) = watch.next(Duration::from_secs(20), || false) else {
            panic!("nothing was seen");
        };
        assert_eq!(
            batch.paths().collect::<Vec<_>>(),
            [root.join("content/a.md")]
        );
    }

    #[test]
    fn the_lock_of_git_is_found_from_a_folder_below_and_from_a_work_tree() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("repo/.git")).unwrap();
        fs::create_dir_all(root.join("repo/site")).unwrap();
        assert_eq!(
            git_lock(&root.join("repo/site")),
            Some(root.join("repo/.git/index.lock"))
        );
        fs::create_dir_all(root.join("tree")).unwrap();
        fs::write(
            root.join("tree/.git"),
            "gitdir: /elsewhere/worktrees/tree\n",
        )
        .unwrap();
        assert_eq!(
            git_lock(&root.join("tree")),
            Some(PathBuf::from("/elsewhere/worktrees/tree/index.lock"))
        );
    }
}
