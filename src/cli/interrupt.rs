//! The user's wish to stop: ctrl-C, SIGTERM, SIGHUP.

use super::exit::Exit;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// How often it is looked whether the user has asked.
const BEAT: Duration = Duration::from_millis(50);
/// How long a command may take to end by itself.
const PATIENCE: Duration = Duration::from_millis(600);

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

/// Ends the process soon after the user has asked for it, whatever it is doing: for commands that
/// write nothing that could be left half done.
pub(super) fn end_in_time() {
    let wait = || {
        while !is_interrupted() {
            thread::sleep(BEAT);
        }
        thread::sleep(PATIENCE);
        #[expect(clippy::exit, reason = "the command did not end by itself")]
        std::process::exit(Exit::Fine as i32);
    };
    // Without the thread the command ends when it is ready to.
    let _ = thread::Builder::new().spawn(wait);
}

/// Tells whether the user wants the command to stop.
pub(super) fn is_interrupted() -> bool {
    IS_INTERRUPTED.load(Ordering::Relaxed)
}
