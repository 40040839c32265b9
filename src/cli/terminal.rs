//! Where a command's words go: the report to standard output, everything else to standard error.
//!
//! Nothing here panics: a pipe that is closed early ends in silence, and a report that could not be
//! written otherwise is an error.

use super::exit::{Exit, Failure};
use super::{Global, diagnostic};
use crate::base::diagnostic::Diagnostic;
use serde::Serialize;
use serde_json::json;
use std::env;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::Path;
use std::sync::Mutex;

/// The two streams, and what the user wants to hear.
#[derive(Debug)]
pub(super) struct Terminal {
    /// Whether the report is for a program.
    pub(super) is_json: bool,
    /// Whether only faults are of interest.
    pub(super) is_quiet: bool,
    /// Whether more is.
    pub(super) is_verbose: bool,
    /// Whether a person watches.
    pub(super) is_watched: bool,
    has_colours: bool,
    /// What the folder of the site is called from here, before the paths of its files.
    prefix: Mutex<String>,
    refused: Mutex<Option<io::Error>>,
}

impl Terminal {
    /// Looks at the streams.
    pub(super) fn new(global: &Global) -> Self {
        let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_dumb = env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
        let is_watched = io::stderr().is_terminal() && !is_dumb;
        Self {
            is_json: global.json,
            is_quiet: global.quiet,
            is_verbose: global.verbose,
            is_watched,
            has_colours: is_watched && !is_set("NO_COLOR"),
            prefix: Mutex::default(),
            refused: Mutex::default(),
        }
    }

    /// Notes in which folder the site is, so that the paths of its files lead there from here.
    pub(super) fn enter(&self, root: &Path, here: &Path) {
        let below = root
            .strip_prefix(here)
            .ok()
            .filter(|below| !below.as_os_str().is_empty());
        if let (Some(below), Ok(mut prefix)) = (below, self.prefix.lock()) {
            *prefix = format!("{}/", below.display());
        }
    }

    /// Writes text to standard output.
    pub(super) fn out(&self, text: &str) {
        let mut stream = io::stdout().lock();
        let written = stream
            .write_all(text.as_bytes())
            .and_then(|()| stream.flush());
        if let (Err(error), Ok(mut refused)) = (written, self.refused.lock()) {
            refused.get_or_insert(error);
        }
    }

    /// Writes a value to standard output as JSON.
    pub(super) fn out_json(&self, value: &impl Serialize) {
        let text = serde_json::to_string_pretty(value)
            .expect("reports are made of texts, numbers and lists");
        self.out(&format!("{text}\n"));
    }

    /// Writes a value to standard output as JSON in one line, for programs that read as things happen.
    pub(super) fn out_json_line(&self, value: &impl Serialize) {
        let text =
            serde_json::to_string(value).expect("reports are made of texts, numbers and lists");
        self.out(&format!("{text}\n"));
    }

    /// Writes text to standard error.
    pub(super) fn say(&self, text: &str) {
        let mut stream = io::stderr().lock();
        // There is no third stream to complain on.
        let _ = stream
            .write_all(text.as_bytes())
            .and_then(|()| stream.flush());
    }

    /// Shows diagnostics on standard error, with their number.
    pub(super) fn diagnostics(&self, diagnostics: &[Diagnostic]) {
        if !diagnostics.is_empty() {
            let prefix = self
                .prefix
                .lock()
                .map(|prefix| prefix.clone())
                .unwrap_or_default();
            self.say(&diagnostic::text(diagnostics, &prefix, self.has_colours));
        }
    }

    /// Shows why a command failed.
    pub(super) fn failure(&self, failure: &Failure) {
        if self.is_json {
            self.out_json(&json!({ "diagnostics": failure.diagnostics }));
        } else {
            self.diagnostics(&failure.diagnostics);
        }
    }

    /// Returns how the command ends: not well, where its report was lost.
    pub(super) fn finish(self, exit: Exit) -> Exit {
        let refused = self
            .refused
            .lock()
            .ok()
            .and_then(|mut refused| refused.take());
        match refused {
            Some(error) if error.kind() != ErrorKind::BrokenPipe => {
                self.say(&format!("error: can't write to standard output: {error}\n"));
                match (exit, error.kind()) {
                    (Exit::Fine, ErrorKind::StorageFull | ErrorKind::QuotaExceeded) => Exit::Site,
                    (Exit::Fine, _) => Exit::Machine,
                    _ => exit,
                }
            }
            _ => exit,
        }
    }
}
