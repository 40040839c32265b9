//! The user's wish to stop: ctrl-C, SIGTERM, SIGHUP.

use super::exit::Exit;
use std::sync::atomic::{AtomicBool, Ordering};

static IS_INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Listens from here on. The first signal asks the command to stop where it does no harm; the second
/// ends the process, which loses nothing either.
pub(super) fn listen() {
    // Where the system does not let us listen, a signal ends the process as it always does.
    let _ = ctrlc::set_handler(|| {
        if IS_INTERRUPTED.swap(true, Ordering::Relaxed) {
            #[expect(clippy::exit, reason = "the user asks for the second time")]
            std::process::exit(Exit::Machine as i32);
        }
    });
}

/// Tells whether the user wants the command to stop.
pub(super) fn is_interrupted() -> bool {
    IS_INTERRUPTED.load(Ordering::Relaxed)
}
