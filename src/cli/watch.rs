//! `dateline build --watch` and `dateline watch --build`: the output follows the site.

use super::build::{hidden, summary};
use super::exit::{Exit, Failure};
use super::interrupt;
use super::progress::Bar;
use super::terminal::Terminal;
use crate::base::diagnostic::Diagnostic;
use crate::disk::cache::Cache;
use crate::disk::error::DiskError;
use crate::preview::batch::Batch;
use crate::preview::places::Places;
use crate::preview::watch::{How, Notice, Watch, Woken};
use crate::session::{self, BuildError, Options, Report};
use serde_json::json;
use std::time::Duration;

/// How long nothing may happen before it is looked whether an article has become due.
pub(super) const TICK: Duration = Duration::from_secs(60);
/// How often in a row errors are not told because files are still changing.
pub(super) const MOST_OVERTAKEN: usize = 10;

/// Builds, and builds again after every change, until the user stops it. `options` reads the clock
/// each time.
pub(super) fn run(
    options: &dyn Fn() -> Result<Options, Failure>,
    polls: bool,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    interrupt::listen();
    let first = options()?;
    let mut watch = Watch::new(Places::of(&first), how(polls));
    notices(&mut watch, terminal);
    let state = session::state(&session::root(&first.root)?)?;
    let mut cache = match first.no_cache {
        true => Cache::anew(&state),
        false => Cache::read(&state),
    };
    let mut scheduled = build(&first, None, &mut cache, terminal, &mut || false)?.unwrap_or(0);
    if !terminal.is_json && !terminal.is_quiet {
        terminal.out("watching; ctrl-C ends it\n");
    }
    let mut overtaken = 0;
    loop {
        let batch = match watch.next(TICK, interrupt::is_interrupted) {
            Woken::Stop => return Ok(Exit::Fine),
            Woken::Batch(batch) => batch,
            // Time alone publishes what is scheduled.
            Woken::Nothing if scheduled > 0 => Batch::everything(),
            Woken::Nothing | Woken::Inquiry(_) => continue,
        };
        let options = options()?;
        watch.follow(&batch, || Places::of(&options));
        notices(&mut watch, terminal);
        let places = watch.places().clone();
        let paths: Vec<String> = batch.files().map(|path| places.shown(path)).collect();
        let mut is_overtaken = || overtaken < MOST_OVERTAKEN && watch.is_overtaken();
        match build(
            &options,
            Some(&paths),
            &mut cache,
            terminal,
            &mut is_overtaken,
        )? {
            Some(count) => (scheduled, overtaken) = (count, 0),
            None => {
                overtaken += 1;
                watch.put_back(batch);
            }
        }
    }
}

/// Builds once, and returns how many articles are scheduled; none where the site has errors and its
/// files are changing again. What is wrong with the site is said, and is no failure.
fn build(
    options: &Options,
    changed: Option<&[String]>,
    cache: &mut Cache,
    terminal: &Terminal,
    is_overtaken: &mut dyn FnMut() -> bool,
) -> Result<Option<usize>, Failure> {
    match session::build_with(options, cache, &Bar::new(terminal)) {
        Ok(report) => {
            // A save that changes no page is not worth a line.
            let is_news = changed.is_none() || report.written + report.removed > 0;
            if terminal.is_json {
                if is_news {
                    let news = json!({ "event": "build", "files": changed, "report": report });
                    terminal.out_json_line(&news);
                }
            } else {
                terminal.diagnostics(&report.diagnostics);
                if is_news && !terminal.is_quiet {
                    terminal.out(&text(&report, changed));
                }
            }
            Ok(Some(report.hidden.scheduled))
        }
        Err(BuildError::Site(_) | BuildError::Config(_)) if is_overtaken() => Ok(None),
        Err(BuildError::Site(faults) | BuildError::Config(faults)) => {
            told(&faults, terminal);
            Ok(Some(0))
        }
        Err(BuildError::Disk(DiskError::Interrupted)) => Ok(Some(0)),
        Err(error) => Err(error.into()),
    }
}

fn text(report: &Report, changed: Option<&[String]>) -> String {
    match changed {
        None => {
            let mut lines = hidden(&report.hidden);
            lines.push(summary(report));
            format!("{}\n", lines.join("\n"))
        }
        Some(paths) => format!("{}: {}\n", named(paths), summary(report)),
    }
}

/// Names what changed: the first files, and how many more there are.
pub(super) fn named(paths: &[String]) -> String {
    let plain = |path: &String| path.replace(char::is_control, "\u{fffd}");
    match paths {
        [] => "the site".to_owned(),
        [one] => plain(one),
        [one, two] => format!("{}, {}", plain(one), plain(two)),
        [one, two, rest @ ..] => format!("{}, {} and {} more", plain(one), plain(two), rest.len()),
    }
}

/// Shows what is wrong with the site.
pub(super) fn told(faults: &[Diagnostic], terminal: &Terminal) {
    if terminal.is_json {
        terminal.out_json_line(&json!({ "event": "faults", "diagnostics": faults }));
    } else {
        terminal.diagnostics(faults);
    }
}

/// Returns how files are watched.
pub(super) fn how(polls: bool) -> How {
    if polls { How::looking() } else { How::Events }
}

/// Says what the user should know of the watch.
pub(super) fn notices(watch: &mut Watch, terminal: &Terminal) {
    for Notice { message, hint } in watch.notices() {
        let fault = Diagnostic::warning(message).hint(hint);
        if terminal.is_json {
            terminal.out_json_line(&json!({ "event": "notice", "diagnostics": [fault] }));
        } else {
            terminal.diagnostics(&[fault]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_named_in_one_line() {
        for (paths, expect) in [
            (vec![], "the site"),
            (vec!["a"], "a"),
            (vec!["a", "b\n"], "a, b\u{fffd}"),
            (vec!["a", "b", "c", "d"], "a, b and 2 more"),
        ] {
            let paths: Vec<String> = paths.into_iter().map(str::to_owned).collect();
            assert_eq!(named(&paths), expect);
        }
    }
}
