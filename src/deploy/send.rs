//! Carrying a plan out at a destination that holds files by key, so that it may end at any moment.
//!
//! Before anything is sent, the destination's release names every path that is about to change as
//! pending. A deploy that ends early leaves them so, and the next one takes nothing for granted that is
//! pending. Deletes come last, and only after every file was sent.
#![expect(clippy::disallowed_methods, reason = "a checkpoint is made in time")]

use super::error::DeployError;
use super::lock::Held;
use super::plan::{Plan, Stage, Upload};
use super::release::{Release, STATE};
use super::site::{Site, SiteFile, Source};
use super::store::{Body, Store, StoreError, Version, at_first, persistently, put_once};
use crate::session::Progress;
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// What is larger is not held in memory.
const LARGE: u64 = 16 << 20;
/// How many faults are told.
const MOST_FAULTS: usize = 5;
/// How often the release is written while a stage goes on, at most.
const CHECKPOINT: Duration = Duration::from_secs(30);

/// Returns the key of the release that is live.
pub(super) fn release_key() -> String {
    format!("{STATE}/release")
}

/// Returns the key of a release that can be returned to.
pub(super) fn history_key(number: u64) -> String {
    format!("{STATE}/releases/{number}")
}

/// Reads what is live.
///
/// # Errors
///
/// What the destination refuses; that what stands there is no release.
pub(super) fn read(
    store: &dyn Store,
    key: &str,
    progress: &dyn Progress,
) -> Result<Option<(Release, Version)>, DeployError> {
    let found = at_first(&|| progress.is_cancelled(), || store.read(key))
        .map_err(|error| error.during("read", &store.name()))?;
    let Some((bytes, version)) = found else {
        return Ok(None);
    };
    match Release::decode(&bytes) {
        Ok(release) => Ok(Some((release, version))),
        Err(why) => Err(DeployError::refused(format!(
            "what {} says of itself in {key} can't be read: {why}",
            store.name()
        ))
        .hint("delete that file there to begin anew; what stands there is then replaced with `--force`")),
    }
}

/// A deploy that is carried out.
pub(super) struct Job<'a> {
    /// Where to.
    pub store: &'a dyn Store,
    /// The site.
    pub site: &'a Site,
    /// What is live, with its version.
    pub live: Option<(Release, Version)>,
    /// What is to be done.
    pub plan: &'a Plan,
    /// The release that it will be: all but its files.
    pub next: Release,
    /// How many files are sent at a time.
    pub workers: usize,
    /// How many earlier releases can be returned to.
    pub keep: usize,
    /// The lock.
    pub lock: &'a Held<'a>,
    /// Who hears how far it is.
    pub progress: &'a dyn Progress,
}

/// What stands at the destination while the plan is carried out.
struct Standing {
    release: Release,
    version: Option<Version>,
}

impl Job<'_> {
    /// Carries the plan out, and returns the release that is live then.
    ///
    /// # Errors
    ///
    /// What could not be sent or deleted; that the user stopped it. What was sent stays, whole, and the
    /// next deploy finishes.
    pub(super) fn run(&self) -> Result<Release, DeployError> {
        let (mut release, version) = match &self.live {
            Some((release, version)) => (release.clone(), Some(version.clone())),
            None => (Release::default(), None),
        };
        let before = release.clone();
        self.keep(&before, &mut release)?;
        release.title.clone_from(&self.site.title);
        release.base_url.clone_from(&self.site.base_url);
        release.pending.extend(self.plan.changed().cloned());
        release.untold.extend(self.plan.changed().cloned());
        let mut standing = Standing { release, version };
        self.write(&mut standing)?;
        let mut is_written = true;
        for stage in Stage::ALL {
            let uploads = self.plan.of_stage(stage);
            if uploads.is_empty() {
                continue;
            }
            if !is_written {
                self.write(&mut standing)?;
            }
            self.progress.stage(stage.name(), uploads.len());
            let mut faults = Vec::new();
            // In portions, so that what was sent is written down in time.
            let mut rest = uploads.as_slice();
            while !rest.is_empty() && faults.is_empty() {
                let sent = self.send(&mut rest, &mut faults);
                for upload in sent {
                    let file = &self.site.files[&upload.path];
                    standing.release.pending.remove(&upload.path);
                    standing
                        .release
                        .files
                        .insert(upload.path.clone(), file.live());
                }
                if !rest.is_empty() && faults.is_empty() {
                    self.write(&mut standing)?;
                }
            }
            is_written = false;
            if !faults.is_empty() {
                self.note(&standing);
                return Err(self.fault(faults));
            }
        }
        self.delete(&mut standing)?;
        let done = Release {
            files: standing.release.files,
            pending: BTreeSet::new(),
            kept: standing.release.kept,
            untold: standing.release.untold,
            ..self.next.clone()
        };
        let mut standing = Standing {
            release: done,
            version: standing.version,
        };
        // Who returns to one release may want to return to another.
        if self.next.restores.is_none() {
            self.prune(&mut standing.release)?;
        }
        self.write(&mut standing)?;
        Ok(standing.release)
    }

    /// Copies what is about to be replaced or deleted to where it can be returned to.
    fn keep(&self, before: &Release, release: &mut Release) -> Result<(), DeployError> {
        if self.keep == 0 || before.number == 0 {
            return Ok(());
        }
        let mut copies: Vec<(String, String)> = Vec::new();
        for path in self.plan.changed() {
            if let Some(known) = before.known(path) {
                let key = known.kept_key();
                if release.kept.insert(key.clone(), before.number).is_none() {
                    copies.push((path.clone(), key));
                }
            }
        }
        self.progress.stage("keeping", copies.len());
        let gone = Mutex::new(Vec::new());
        let faults = self.each(&copies, |(path, key)| {
            if !persistently(&|| self.is_stopped(), || self.store.copy(path, key))?
                && let Ok(mut gone) = gone.lock()
            {
                gone.push(key.clone());
            }
            Ok(())
        });
        if !faults.is_empty() {
            let named = faults
                .into_iter()
                .map(|(at, error)| (copies[at].0.clone(), error));
            return Err(self.fault(named.collect()));
        }
        for key in gone.into_inner().unwrap_or_default() {
            release.kept.remove(&key);
        }
        let history = history_key(before.number);
        if before.pending.is_empty() && !release.kept.contains_key(&history) {
            let whole = Release {
                kept: Default::default(),
                ..before.clone()
            };
            let body = Body::Bytes(whole.encode());
            let headers = super::headers::of(STATE, &[]);
            persistently(&|| self.is_stopped(), || {
                self.store.put(&history, &body, &headers)
            })
            .map_err(|error| error.during("write to", &self.store.name()))?;
            release.kept.insert(history, before.number);
        }
        Ok(())
    }

    /// Sends files until they are all sent, one can't be, or it is time to write down which are;
    /// returns those that were and leaves the rest.
    fn send<'u>(
        &self,
        uploads: &mut &[&'u Upload],
        faults: &mut Vec<(String, StoreError)>,
    ) -> Vec<&'u Upload> {
        let all = *uploads;
        let begun = Instant::now();
        let next = AtomicUsize::new(0);
        let is_failed = AtomicBool::new(false);
        let sent = Mutex::new(Vec::new());
        let failed = Mutex::new(Vec::new());
        let is_ended = || is_failed.load(Ordering::Relaxed) || self.is_stopped();
        std::thread::scope(|scope| {
            for _ in 0..self.workers.min(all.len()) {
                scope.spawn(|| {
                    while !is_ended() && begun.elapsed() < CHECKPOINT {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let Some(upload) = all.get(at) else { break };
                        match self.send_one(upload, &is_ended) {
                            Ok(()) => {
                                self.progress.step();
                                if let Ok(mut sent) = sent.lock() {
                                    sent.push(at);
                                }
                            }
                            Err(error) => {
                                is_failed.store(true, Ordering::Relaxed);
                                if let Ok(mut failed) = failed.lock() {
                                    failed.push((upload.path.clone(), error));
                                }
                            }
                        }
                    }
                });
            }
        });
        *uploads = &all[next.into_inner().min(all.len())..];
        faults.append(&mut failed.into_inner().unwrap_or_default());
        if faults.is_empty() && self.is_stopped() {
            faults.push((String::new(), StoreError::passing("interrupted")));
        }
        let sent = sent.into_inner().unwrap_or_default();
        sent.into_iter().map(|at| all[at]).collect()
    }

    fn send_one(&self, upload: &Upload, is_ended: &dyn Fn() -> bool) -> Result<(), StoreError> {
        let file = &self.site.files[&upload.path];
        let body = self.body(file)?;
        persistently(is_ended, || {
            self.store.put(&upload.path, &body, &file.headers)
        })
    }

    fn body<'f>(&self, file: &'f SiteFile) -> Result<Body<'f>, StoreError> {
        match &file.source {
            Source::Output(path) if file.size > LARGE => Ok(Body::File(path, file.bytes)),
            Source::There(key) => {
                let found = persistently(&|| self.is_stopped(), || self.store.read(key))?;
                found.map_or_else(
                    || {
                        Err(StoreError::lasting(format!(
                            "{key}, which was kept, is gone"
                        )))
                    },
                    |(bytes, _)| Ok(Body::Bytes(bytes)),
                )
            }
            _ => Ok(Body::Bytes(file.read()?)),
        }
    }

    fn delete(&self, standing: &mut Standing) -> Result<(), DeployError> {
        let deletes = &self.plan.deletes;
        if deletes.is_empty() {
            return Ok(());
        }
        if self.is_stopped() {
            return Err(self.fault(vec![(String::new(), StoreError::passing("interrupted"))]));
        }
        // The last moment at which another deploy is noticed.
        self.write(standing)?;
        self.progress.stage("deleting", deletes.len());
        let at_once = self.store.deletes_at_once().unwrap_or(1).max(1);
        let portions: Vec<&[String]> = deletes.chunks(at_once).collect();
        let faults = self.each(&portions, |keys| {
            persistently(&|| self.is_stopped(), || self.store.delete(keys))
        });
        if let Some((at, error)) = faults.into_iter().next() {
            return Err(DeployError::machine(format!(
                "every file was sent, and {} could not be deleted: {}",
                portions[at][0], error.message
            ))
            .hint("`dateline deploy` tries again"));
        }
        for path in deletes {
            standing.release.files.remove(path);
            standing.release.pending.remove(path);
        }
        Ok(())
    }

    /// Deletes what no release that can be returned to has.
    fn prune(&self, release: &mut Release) -> Result<(), DeployError> {
        let oldest = self.next.number.saturating_sub(self.keep as u64);
        let old: Vec<String> = release
            .kept
            .iter()
            .filter(|(_, last)| **last < oldest)
            .map(|(key, _)| key.clone())
            .collect();
        let at_once = self.store.deletes_at_once().unwrap_or(1).max(1);
        let portions: Vec<&[String]> = old.chunks(at_once).collect();
        let faults = self.each(&portions, |keys| {
            persistently(&|| self.is_stopped(), || self.store.delete(keys))
        });
        if let Some((_, error)) = faults.into_iter().next() {
            return Err(error.during("delete what is no longer kept at", &self.store.name()));
        }
        release.kept.retain(|_, last| *last >= oldest);
        Ok(())
    }

    /// Does something for each of several, in as many threads as there are workers; returns the faults
    /// by place.
    fn each<T: Sync>(
        &self,
        all: &[T],
        action: impl Fn(&T) -> Result<(), StoreError> + Sync,
    ) -> Vec<(usize, StoreError)> {
        let next = AtomicUsize::new(0);
        let faults: Mutex<Vec<(usize, StoreError)>> = Mutex::default();
        let is_ended =
            || self.is_stopped() || faults.lock().map_or(true, |faults| !faults.is_empty());
        std::thread::scope(|scope| {
            for _ in 0..self.workers.min(all.len()) {
                scope.spawn(|| {
                    while !is_ended() {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let Some(one) = all.get(at) else { break };
                        match action(one) {
                            Ok(()) => self.progress.step(),
                            Err(error) => {
                                if let Ok(mut faults) = faults.lock() {
                                    faults.push((at, error));
                                }
                            }
                        }
                    }
                });
            }
        });
        let mut faults = faults.into_inner().unwrap_or_default();
        if faults.is_empty() && next.into_inner() < all.len() {
            faults.push((0, StoreError::passing("interrupted")));
        }
        faults
    }

    /// Writes down what stands at the destination, if that goes at once: the next deploy sends again
    /// what is pending, and who broke off does not want to wait.
    fn note(&self, standing: &Standing) {
        if !self.lock.is_lost() {
            let bytes = standing.release.encode();
            let _ = self
                .store
                .put_if(&release_key(), &bytes, standing.version.as_ref());
        }
    }

    /// Writes down what stands at the destination, where nobody else has done so since.
    fn write(&self, standing: &mut Standing) -> Result<(), DeployError> {
        if self.lock.is_lost() {
            return Err(overtaken(self.store));
        }
        let bytes = standing.release.encode();
        let written = put_once(
            self.store,
            &release_key(),
            &bytes,
            standing.version.as_ref(),
            &|| self.lock.is_lost(),
        );
        match written {
            Ok(version) => {
                standing.version = Some(version);
                Ok(())
            }
            Err(error) if error.trouble == super::store::Trouble::Conflict => {
                Err(overtaken(self.store))
            }
            Err(error) => Err(error.during("write to", &self.store.name())),
        }
    }

    fn is_stopped(&self) -> bool {
        self.progress.is_cancelled() || self.lock.is_lost()
    }

    fn fault(&self, mut faults: Vec<(String, StoreError)>) -> DeployError {
        if self.lock.is_lost() {
            return overtaken(self.store);
        }
        if self.progress.is_cancelled() {
            return DeployError::interrupted();
        }
        faults.sort_by(|a, b| a.0.cmp(&b.0));
        let (path, first) = &faults[0];
        let more = match faults.len() {
            1 => String::new(),
            number => format!(", nor could {} more", number - 1),
        };
        let mut error = DeployError::machine(format!(
            "{path} could not be sent to {}: {}{more}",
            self.store.name(),
            first.message
        ));
        for (path, other) in faults.iter().skip(1).take(MOST_FAULTS) {
            error = error.hint(format!("{path}: {}", other.message));
        }
        error.hint("nothing was deleted; `dateline deploy` finishes what was begun")
    }
}

fn overtaken(store: &dyn Store) -> DeployError {
    DeployError::machine(format!(
        "another deploy to {} has begun meanwhile",
        store.name()
    ))
    .hint("nothing was deleted; `dateline deploy status` says what is live")
}
