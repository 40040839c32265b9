//! What a destination that holds files by key can do, and how its refusals are borne.

use super::error::DeployError;
use super::headers::Headers;
use crate::base::fingerprint::Fingerprint;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::path::Path;
use std::thread;
use std::time::Duration;

/// How often something is tried.
const TRIES: u32 = 8;
/// How often it is tried where nothing is known to work yet: a wrong address does not become right.
const TRIES_AT_FIRST: u32 = 4;
/// The longest wait before the second try; each later one may be twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(200);
/// The longest wait before any try.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// How long a wait goes on before the user's wish to stop is asked for.
const PATIENCE: Duration = Duration::from_millis(50);

/// What stands under a key at a moment: two equal versions are the same bytes, written once.
pub(super) type Version = String;

/// A destination that holds files by key. Every method is called from several threads.
pub(super) trait Store: Sync {
    /// Returns what the destination is called.
    fn name(&self) -> String;

    /// Reads what stands under a key.
    ///
    /// # Errors
    ///
    /// What the destination refuses; that nothing stands there is none.
    fn read(&self, key: &str) -> Result<Option<(Vec<u8>, Version)>, StoreError>;

    /// Puts a file under a key: readers get the old one or the new one, whole.
    ///
    /// # Errors
    ///
    /// What the destination refuses.
    fn put(&self, key: &str, body: &Body<'_>, headers: &Headers) -> Result<(), StoreError>;

    /// Puts bytes under a key where this version stands, or nothing where none is given.
    ///
    /// # Errors
    ///
    /// [`Trouble::Conflict`] where something else stands there; what the destination refuses.
    fn put_if(
        &self,
        key: &str,
        bytes: &[u8],
        expect: Option<&Version>,
    ) -> Result<Version, StoreError>;

    /// Copies what stands under a key, with its headers; tells whether anything does.
    ///
    /// # Errors
    ///
    /// What the destination refuses.
    fn copy(&self, from: &str, to: &str) -> Result<bool, StoreError>;

    /// Deletes what stands under these keys; where nothing does, that is well.
    ///
    /// # Errors
    ///
    /// What the destination refuses.
    fn delete(&self, keys: &[String]) -> Result<(), StoreError>;

    /// Returns those of the keys under which something stands. `is_first` where no deploy is known
    /// to have put anything there.
    ///
    /// # Errors
    ///
    /// What the destination refuses.
    fn taken(&self, keys: &[&str], is_first: bool) -> Result<Vec<String>, StoreError>;

    /// Returns how many keys one request deletes; none where requests cost nothing.
    fn deletes_at_once(&self) -> Option<usize>;
}

/// What is put under a key.
#[derive(Debug)]
pub(super) enum Body<'a> {
    /// Bytes.
    Bytes(Vec<u8>),
    /// A file of the output that is too large to be held in memory, with its fingerprint.
    File(&'a Path, Fingerprint),
}

/// What a destination refused.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub(super) struct StoreError {
    /// What kind of refusal it is.
    pub trouble: Trouble,
    /// What it says.
    pub message: String,
}

/// The kinds of refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It may go well the next time: the server is busy, the connection broke.
    Passing,
    /// Something else stands there.
    Conflict,
    /// It will not go well.
    Lasting,
}

impl StoreError {
    /// Makes a refusal that will not pass.
    pub(super) fn lasting(message: impl Into<String>) -> Self {
        Self {
            trouble: Trouble::Lasting,
            message: message.into(),
        }
    }

    /// Makes a refusal that may pass.
    pub(super) fn passing(message: impl Into<String>) -> Self {
        Self {
            trouble: Trouble::Passing,
            message: message.into(),
        }
    }

    /// Makes the refusal that something else stands there.
    pub(super) fn conflict(message: impl Into<String>) -> Self {
        Self {
            trouble: Trouble::Conflict,
            message: message.into(),
        }
    }

    /// Says what the destination `name` refused to do.
    pub(super) fn during(self, action: &str, name: &str) -> DeployError {
        let hint = match self.trouble {
            Trouble::Passing => "see whether the address is right and the network is up",
            Trouble::Lasting => {
                "see whether the name, the address and the credentials of the target are right"
            }
            Trouble::Conflict => "another deploy goes on; try again when it is done",
        };
        DeployError::machine(format!("can't {action} {name}: {}", self.message)).hint(hint)
    }
}

impl From<DeployError> for StoreError {
    fn from(error: DeployError) -> Self {
        Self::lasting(error.to_string())
    }
}

/// Does something, again and again while it fails in a way that may pass. Waits are random, so that
/// many workers do not all come back at once.
///
/// # Errors
///
/// The last failure; the first that will not pass.
pub(super) fn persistently<T>(
    is_stopped: &dyn Fn() -> bool,
    action: impl FnMut() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    try_up_to(TRIES, is_stopped, action)
}

/// Does something as [`persistently`] does, where nothing is known to work yet.
///
/// # Errors
///
/// Those of [`persistently`].
pub(super) fn at_first<T>(
    is_stopped: &dyn Fn() -> bool,
    action: impl FnMut() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    try_up_to(TRIES_AT_FIRST, is_stopped, action)
}

fn try_up_to<T>(
    tries: u32,
    is_stopped: &dyn Fn() -> bool,
    mut action: impl FnMut() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let mut tried = 1;
    loop {
        match action() {
            Err(error) if error.trouble == Trouble::Passing && tried < tries => {
                let most = FIRST_WAIT
                    .saturating_mul(1 << tried.min(10))
                    .min(LONGEST_WAIT);
                if !wait(most.mul_f64(0.5 + chance() / 2.0), is_stopped) {
                    return Err(error);
                }
                tried += 1;
            }
            Err(error) if error.trouble == Trouble::Passing => {
                return Err(StoreError {
                    message: format!("{} (tried {tries} times)", error.message),
                    ..error
                });
            }
            done => return done,
        }
    }
}

/// Waits; tells whether nobody wanted it to stop.
pub(super) fn wait(mut time: Duration, is_stopped: &dyn Fn() -> bool) -> bool {
    while !time.is_zero() {
        if is_stopped() {
            return false;
        }
        let step = time.min(PATIENCE);
        thread::sleep(step);
        time -= step;
    }
    !is_stopped()
}

/// Returns a random number from 0 to 1.
fn chance() -> f64 {
    random() as f64 / u64::MAX as f64
}

/// Returns a random number.
pub(super) fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// Puts bytes where a version stands, as [`Store::put_if`] does; that it has been done already, by a
/// request whose answer was lost, is well too.
///
/// # Errors
///
/// Those of [`Store::put_if`].
pub(super) fn put_once(
    store: &dyn Store,
    key: &str,
    bytes: &[u8],
    expect: Option<&Version>,
    is_stopped: &dyn Fn() -> bool,
) -> Result<Version, StoreError> {
    match persistently(is_stopped, || store.put_if(key, bytes, expect)) {
        Err(error) if error.trouble == Trouble::Conflict => {
            match persistently(is_stopped, || store.read(key))? {
                Some((found, version)) if found == bytes => Ok(version),
                _ => Err(error),
            }
        }
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_pass_is_tried_again_and_what_lasts_is_not() {
        let never = || false;
        let mut tries = 0;
        let done = persistently(&never, || {
            tries += 1;
            if tries < 3 {
                Err(StoreError::passing("busy"))
            } else {
                Ok(tries)
            }
        });
        assert_eq!(done.unwrap(), 3);
        for error in [StoreError::lasting("no"), StoreError::conflict("other")] {
            let mut tries = 0;
            let done: Result<(), _> = persistently(&never, || {
                tries += 1;
                Err(error.clone())
            });
            assert_eq!(done.unwrap_err().trouble, error.trouble);
            assert_eq!(tries, 1);
        }
    }

    #[test]
    fn who_waits_can_be_stopped() {
        let mut tries = 0;
        let done: Result<(), _> = persistently(&|| true, || {
            tries += 1;
            Err(StoreError::passing("busy"))
        });
        assert!(done.is_err());
        assert_eq!(tries, 1);
    }
}
