//! One deploy at a time: a lock among the files of a destination.
//!
//! Who holds the lock writes it anew again and again. Who waits for it takes it over once it has stayed
//! the same for so long that its holder must have died; only the waiter's own clock counts.
#![expect(clippy::disallowed_methods, reason = "who waits looks at the clock")]

use super::error::DeployError;
use super::release::STATE;
use super::store::{Store, StoreError, Trouble, Version, persistently, put_once, random, wait};
use crate::session::Progress;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

/// How long a lock that goes on being written is waited for.
const PATIENCE: Duration = Duration::from_secs(600);
/// How often a lock is looked at.
const GLANCE: Duration = Duration::from_millis(500);
/// The lock is written this often while it would be respected.
const BEATS: u32 = 4;

/// What a lock says.
#[derive(Debug, Serialize, Deserialize)]
struct Words {
    holder: String,
    id: u64,
    beat: u64,
}

/// A held lock.
pub(super) struct Held<'a> {
    store: &'a dyn Store,
    holder: String,
    id: u64,
    seconds: u64,
    version: Mutex<(Version, u64)>,
    is_lost: AtomicBool,
    is_done: (Mutex<bool>, Condvar),
}

/// Returns the lock's key.
pub(super) fn key() -> String {
    format!("{STATE}/lock")
}

/// Takes the lock of a destination; `seconds` is how long that of a dead deploy is respected.
///
/// # Errors
///
/// That another deploy goes on, that the user stopped the wait, what the destination refuses.
pub(super) fn take<'a>(
    store: &'a dyn Store,
    holder: &str,
    seconds: u64,
    progress: &dyn Progress,
) -> Result<Held<'a>, DeployError> {
    let key = key();
    let id = random();
    let words = words(holder, id, 0);
    let is_stopped = || progress.is_cancelled();
    let told = |error: StoreError| error.during("lock", &store.name());
    let begun = Instant::now();
    let mut seen: Option<(Version, Instant)> = None;
    let mut is_said = false;
    loop {
        let expect = seen
            .as_ref()
            .filter(|(_, since)| since.elapsed() >= Duration::from_secs(seconds))
            .map(|(version, _)| version.clone());
        // A lock that lives is not tried at every glance.
        if seen.is_none() || expect.is_some() {
            match put_once(store, &key, &words, expect.as_ref(), &is_stopped) {
                Ok(version) => {
                    return Ok(Held {
                        store,
                        holder: holder.to_owned(),
                        id,
                        seconds,
                        version: Mutex::new((version, 0)),
                        is_lost: AtomicBool::new(false),
                        is_done: (Mutex::new(false), Condvar::new()),
                    });
                }
                Err(error) if error.trouble == Trouble::Conflict => {}
                Err(_) if is_stopped() => return Err(DeployError::interrupted()),
                Err(error) => return Err(told(error)),
            }
        }
        let Some((bytes, version)) =
            persistently(&is_stopped, || store.read(&key)).map_err(told)?
        else {
            seen = None;
            continue;
        };
        if seen.as_ref().is_none_or(|(known, _)| *known != version) {
            seen = Some((version, Instant::now()));
        }
        let other = serde_json::from_slice::<Words>(&bytes)
            .map_or_else(|_| "another deploy".to_owned(), |words| words.holder);
        if !is_said {
            progress.waiting(&other);
            is_said = true;
        }
        if begun.elapsed() > PATIENCE {
            return Err(DeployError::machine(format!(
                "{other} is deploying to {}, and has been for {} minutes",
                store.name(),
                PATIENCE.as_secs() / 60
            ))
            .hint("try again when it is done"));
        }
        if !wait(GLANCE, &is_stopped) {
            return Err(DeployError::interrupted());
        }
    }
}

fn words(holder: &str, id: u64, beat: u64) -> Vec<u8> {
    let words = Words {
        holder: holder.to_owned(),
        id,
        beat,
    };
    serde_json::to_vec(&words).expect("words are texts and numbers")
}

impl Held<'_> {
    /// Tells whether another deploy has taken the lock over.
    pub(super) fn is_lost(&self) -> bool {
        self.is_lost.load(Ordering::Relaxed)
    }

    /// Writes the lock again and again until [`Held::release`] is called; to be run in a thread of
    /// its own.
    pub(super) fn keep(&self) {
        let pause = Duration::from_secs(self.seconds) / BEATS;
        let (is_done, bell) = &self.is_done;
        let Ok(mut done) = is_done.lock() else { return };
        while !*done {
            let Ok((guard, timeout)) = bell.wait_timeout(done, pause) else {
                return;
            };
            done = guard;
            if !*done && timeout.timed_out() {
                drop(done);
                self.beat();
                let Ok(guard) = is_done.lock() else { return };
                done = guard;
            }
        }
    }

    fn beat(&self) {
        let Ok(mut version) = self.version.lock() else {
            return;
        };
        let beat = version.1 + 1;
        let words = words(&self.holder, self.id, beat);
        // What may pass is for the next beat.
        match self.store.put_if(&key(), &words, Some(&version.0)) {
            Ok(next) => *version = (next, beat),
            Err(error) if error.trouble == Trouble::Conflict => {
                let found = self.store.read(&key());
                match found {
                    Ok(Some((bytes, next))) if bytes == words => *version = (next, beat),
                    Ok(_) => self.is_lost.store(true, Ordering::Relaxed),
                    Err(_) => {}
                }
            }
            Err(_) => {}
        }
    }

    /// Lets the lock go. One that can't be deleted is taken over in time.
    pub(super) fn release(&self) {
        if let Ok(mut done) = self.is_done.0.lock() {
            *done = true;
        }
        self.is_done.1.notify_all();
        // The keeper writes no more once it has the version's guard after this.
        let _guard = self.version.lock();
        if !self.is_lost() {
            let _ = self.store.delete(&[key()]);
        }
    }
}
