//! How far a build is: a bar on a terminal, once a build has taken longer than a second.

use super::interrupt;
use super::terminal::Terminal;
use crate::session::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// What takes less is done before a bar could be read.
const PATIENCE: Duration = Duration::from_secs(1);

/// Shows how far a build is.
pub(super) struct Bar<'a> {
    terminal: &'a Terminal,
    bar: ProgressBar,
    start: Instant,
    is_shown: AtomicBool,
}

impl<'a> Bar<'a> {
    /// Makes a bar that is not shown yet.
    pub(super) fn new(terminal: &'a Terminal) -> Self {
        let style = ProgressStyle::with_template("{msg:>9} [{bar:40}] {pos}/{len}")
            .expect("the template is right")
            .progress_chars("=> ");
        let bar =
            ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()).with_style(style);
        let is_silent = !terminal.is_watched || terminal.is_quiet || terminal.is_json;
        // A bar that is never to be shown counts as shown.
        Self {
            terminal,
            bar,
            start: Instant::now(),
            is_shown: AtomicBool::new(is_silent),
        }
    }

    fn show_in_time(&self) {
        let is_due = !self.is_shown.load(Ordering::Relaxed) && self.start.elapsed() > PATIENCE;
        if is_due && !self.is_shown.swap(true, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

impl Progress for Bar<'_> {
    fn stage(&self, name: &'static str, steps: usize) {
        self.bar.set_position(0);
        self.bar.set_length(steps as u64);
        self.bar.set_message(name);
        self.show_in_time();
    }

    fn step(&self) {
        self.bar.inc(1);
        self.show_in_time();
    }

    fn waiting(&self, holder: &str) {
        let holder = if holder.is_empty() {
            "another command"
        } else {
            holder
        };
        self.terminal.say(&format!(
            "waiting for {holder}, which is writing this site\n"
        ));
    }

    fn is_cancelled(&self) -> bool {
        interrupt::is_interrupted()
    }
}

impl Drop for Bar<'_> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
