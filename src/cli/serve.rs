//! `dateline serve`.

use super::build::{duration, hidden};
use super::exit::{Exit, Failure};
use super::progress::Bar;
use super::site::{self, Shown};
use super::table::{counted, table};
use super::terminal::Terminal;
use super::watch::{MOST_OVERTAKEN, TICK, how, named, notices, told};
use super::{Global, interrupt, watch};
use crate::archive::HiddenCount;
use crate::base::diagnostic::Diagnostic;
use crate::preview::answer::Settings;
use crate::preview::batch::Batch;
use crate::preview::desk::{Change, Desk, Outcome};
use crate::preview::places::Places;
use crate::preview::server::{Hosts, Listeners, Server};
use crate::preview::stand::Stand;
use crate::preview::watch::{Watch, Woken};
use crate::session::{self, Options};
use serde_json::json;
use std::io::ErrorKind;
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

/// How long after a change its pages are counted.
const REST: Duration = Duration::from_millis(100);

const EXAMPLES: &str = "\
Examples:
  dateline serve                        preview the site at http://localhost:1111/
  dateline serve -O -D -F               open the browser; show drafts and what is scheduled
  dateline serve -N                     let the browser follow the article that you edit
  dateline serve --bind 0.0.0.0 --host desk.local
                                        for other machines, which call this one desk.local
  dateline watch --build                keep public/ up to date instead";

/// Preview the site in the browser while you write
///
/// Nothing is built: pages are rendered when the browser asks for them, as a build would render them,
/// and open pages change when their files do. The server answers this machine only.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The port; where it is taken, the next one that is free
    #[arg(short, long, value_name = "PORT", default_value_t = 1111)]
    port: u16,
    /// Listen on this address of the machine, so that others can see the preview
    #[arg(long, value_name = "ADDRESS")]
    bind: Option<IpAddr>,
    /// Answer to this name too, NAME or NAME:PORT
    #[arg(long, value_name = "NAME", value_parser = host)]
    host: Vec<(String, Option<u16>)>,
    /// Open the browser
    #[arg(short = 'O', long)]
    open: bool,
    /// Let the browser follow the article that is edited
    #[arg(short = 'N', long)]
    navigate: bool,
    #[command(flatten)]
    shown: Shown,
    /// Look at files twice a second, for network mounts and containers where the system reports no
    /// changes
    #[arg(long)]
    poll: bool,
    /// Serve nothing; keep the output up to date instead
    #[arg(long, conflicts_with_all = ["port", "bind", "host", "open", "navigate"])]
    build: bool,
    /// With --build: the output folder [default: public in the site's folder]
    #[arg(short, long, value_name = "DIR", requires = "build")]
    output: Option<PathBuf>,
}

fn host(text: &str) -> Result<(String, Option<u16>), String> {
    Hosts::name(text).ok_or_else(|| "it is no name of a machine".to_owned())
}

/// Serves the site until the user stops it.
pub(super) fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut options = site::options(global, terminal, args.shown.visibility()?)?;
    if let Some(output) = &args.output {
        options.output = site::here()?.join(output);
    }
    if args.build {
        let again = || {
            let visibility = args.shown.visibility()?;
            Ok(Options {
                visibility,
                ..options.clone()
            })
        };
        return watch::run(&again, args.poll, terminal);
    }
    interrupt::listen();
    interrupt::end_in_time();
    let listeners = Listeners::open(args.bind, args.port).map_err(|error| refused(args, &error))?;
    let port = listeners.address.port();
    let is_other_port = listeners.is_other_port;
    let host = own_host(args, port);
    let settings = Settings {
        root: session::root(&options.root)?,
        navigates: args.navigate,
        is_local: args.bind.is_none_or(|bind| bind.is_loopback()),
    };
    let stand = Arc::new(Stand::default());
    stand.begin();
    let mut desk = Desk::new(
        options.clone(),
        host.clone(),
        Arc::clone(&stand),
        settings.clone(),
    )?;
    let mut watch = Watch::new(Places::of(&options), how(args.poll));
    notices(&mut watch, terminal);
    let hosts = Hosts {
        port,
        names: args.host.clone(),
    };
    let server = Server::new(Arc::clone(&stand), hosts, settings, watch.sender());
    let failed =
        |error: std::io::Error| Failure::machine(format!("can't start the server: {error}"));
    Arc::new(server.map_err(failed)?)
        .start(listeners)
        .map_err(failed)?;

    let mut teller = Teller {
        terminal,
        faults: Vec::new(),
        warnings: Vec::new(),
        hidden: None,
    };
    let outcome = desk.read(
        &Batch::everything(),
        watch.places(),
        args.shown.visibility()?,
        &Bar::new(terminal),
        &mut || false,
    );
    if matches!(outcome, Outcome::Stopped) {
        return Ok(Exit::Fine);
    }
    let path = stand.edition().map_or("/".to_owned(), |edition| {
        format!("{}/", edition.site.archive.base_path())
    });
    teller.ready(
        &format!("{host}{path}"),
        is_other_port.then_some(args.port),
        outcome,
    );
    if args.open {
        open(&format!("{host}{path}"), terminal);
    }
    let mut overtaken = 0;
    let mut pending: Option<Box<Change>> = None;
    loop {
        let now = args.shown.visibility()?.now;
        let left = desk
            .due()
            .map_or(TICK.as_secs(), |due| u64::try_from(due - now).unwrap_or(0));
        let patience = match &pending {
            Some(_) => REST,
            None => Duration::from_secs(left.max(1)).min(TICK),
        };
        let woken = watch.next(patience, interrupt::is_interrupted);
        if let Some(mut change) = pending.take() {
            // Who goes on writing is not kept waiting for a number.
            if matches!(woken, Woken::Nothing) {
                desk.count(&mut change, &mut || !watch.has_news());
            }
            if change.is_news() {
                teller.change(*change);
            }
        }
        let batch = match woken {
            Woken::Stop => return Ok(Exit::Fine),
            Woken::Batch(batch) => batch,
            Woken::Inquiry(inquiry) => {
                // Who asked may have gone.
                let _ = inquiry
                    .reply
                    .send(desk.why_hidden(&inquiry.path, &Bar::new(terminal)));
                continue;
            }
            // Time alone shows and hides articles.
            Woken::Nothing if left == 0 => Batch::everything(),
            Woken::Nothing => continue,
        };
        watch.follow(&batch, || Places::of(&options));
        notices(&mut watch, terminal);
        let places = watch.places().clone();
        let visibility = args.shown.visibility()?;
        let mut is_overtaken = || overtaken < MOST_OVERTAKEN && watch.is_overtaken();
        let outcome = desk.read(
            &batch,
            &places,
            visibility,
            &Bar::new(terminal),
            &mut is_overtaken,
        );
        overtaken = match outcome {
            Outcome::Overtaken => overtaken + 1,
            _ => 0,
        };
        match outcome {
            Outcome::Stopped => return Ok(Exit::Fine),
            Outcome::Overtaken => watch.put_back(batch),
            Outcome::Out(change) => pending = Some(change),
            Outcome::Refused(faults) => {
                let files: Vec<String> = batch.files().map(|path| places.shown(path)).collect();
                teller.refusal(&files, faults);
            }
        }
    }
}

/// Returns the preview's own address, without a path.
fn own_host(args: &Args, port: u16) -> String {
    let (name, own_port) = match (args.host.first(), args.bind) {
        (Some((name, own_port)), _) => (name.clone(), *own_port),
        (None, Some(IpAddr::V6(ip))) if !ip.is_loopback() && !ip.is_unspecified() => {
            (format!("[{ip}]"), None)
        }
        (None, Some(ip)) if !ip.is_loopback() && !ip.is_unspecified() => (ip.to_string(), None),
        _ => ("localhost".to_owned(), None),
    };
    match own_port.unwrap_or(port) {
        80 => format!("http://{name}"),
        port => format!("http://{name}:{port}"),
    }
}

/// Says why the server can't listen.
fn refused(args: &Args, error: &std::io::Error) -> Failure {
    let address = args
        .bind
        .map_or_else(|| "localhost".to_owned(), |bind| bind.to_string());
    let fault = Diagnostic::error(format!(
        "can't listen on {address}, port {}: {error}",
        args.port
    ));
    let hint = match error.kind() {
        ErrorKind::PermissionDenied => {
            "ports below 1024 are for the system; choose a higher one with `-p`"
        }
        ErrorKind::AddrInUse => {
            "this port and the next hundred are taken; choose another one with `-p`"
        }
        ErrorKind::AddrNotAvailable => {
            "`--bind` takes an address of this machine; 0.0.0.0 is all of them"
        }
        _ => "choose another port with `-p`",
    };
    Failure {
        exit: Exit::Machine,
        diagnostics: vec![fault.hint(hint)],
    }
}

/// Opens the browser, which goes on by itself.
fn open(url: &str, terminal: &Terminal) {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let started = Command::new(program)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if let Err(error) = started {
        let fault = Diagnostic::warning(format!("can't open the browser: {program}: {error}"));
        terminal.diagnostics(&[fault.hint(format!("open {url} yourself"))]);
    }
}

/// Tells the user what happens, once.
struct Teller<'a> {
    terminal: &'a Terminal,
    faults: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
    hidden: Option<HiddenCount>,
}

impl Teller<'_> {
    fn line(&self, text: &str) {
        if !self.terminal.is_quiet && !self.terminal.is_json {
            self.terminal.out(&format!("{text}\n"));
        }
    }

    /// Says where the preview is.
    fn ready(&mut self, url: &str, taken: Option<u16>, outcome: Outcome) {
        let (change, faults) = match outcome {
            Outcome::Out(change) => (Some(change), Vec::new()),
            Outcome::Refused(faults) => (None, faults),
            Outcome::Overtaken | Outcome::Stopped => (None, Vec::new()),
        };
        if self.terminal.is_json {
            self.terminal
                .out_json_line(&json!({ "event": "ready", "url": url, "change": change }));
        }
        let faults = change
            .as_ref()
            .map_or(faults, |change| change.faults.clone());
        let warnings = change
            .as_ref()
            .map_or(Vec::new(), |change| change.warnings.clone());
        self.diagnostics(warnings, faults);
        if let Some(change) = &change {
            self.line(&format!(
                "{}, {}, read in {}",
                counted(change.articles, "article"),
                counted(change.total, "file"),
                duration(change.seconds)
            ));
            self.left_out(&change.hidden);
        }
        if let Some(port) = taken {
            self.line(&format!("port {port} is taken"));
        }
        self.line(&format!("preview: {url}  (ctrl-C ends it)"));
    }

    /// Says in a line what a change brought.
    fn change(&mut self, change: Change) {
        if self.terminal.is_json {
            self.terminal
                .out_json_line(&json!({ "event": "change", "change": change }));
        } else {
            let is_mended = !self.faults.is_empty() && change.faults.is_empty();
            self.line(&format!(
                "{}: {}{}, {}{}",
                named(&change.files),
                match change.pages {
                    Some(pages) => counted(pages, "page"),
                    None => counted(change.tabs, "open page"),
                },
                if change.removed > 0 {
                    format!(", {} removed", change.removed)
                } else {
                    String::new()
                },
                duration(change.seconds),
                if is_mended { "; mended" } else { "" }
            ));
            if self.terminal.is_verbose {
                self.line(details(&change).trim_end());
            }
        }
        self.left_out(&change.hidden);
        self.diagnostics(change.warnings, change.faults);
    }

    /// Says what is wrong, and that the last good site stays.
    fn refusal(&mut self, files: &[String], faults: Vec<Diagnostic>) {
        let errors = faults.iter().filter(|fault| fault.is_error()).count();
        self.line(&format!(
            "{}: {}; the preview stays as it was",
            named(files),
            counted(errors, "error")
        ));
        let (faults, warnings) = faults.into_iter().partition(Diagnostic::is_error);
        self.diagnostics(warnings, faults);
    }

    fn left_out(&mut self, now: &HiddenCount) {
        if self.hidden.as_ref() != Some(now) {
            hidden(now).iter().for_each(|line| self.line(line));
            self.hidden = Some(*now);
        }
    }

    /// Shows what has not been shown yet.
    fn diagnostics(&mut self, warnings: Vec<Diagnostic>, faults: Vec<Diagnostic>) {
        let is_new = |one: &&Diagnostic| !self.warnings.contains(one) && !self.faults.contains(one);
        let new: Vec<Diagnostic> = faults
            .iter()
            .chain(&warnings)
            .filter(is_new)
            .cloned()
            .collect();
        if !new.is_empty() {
            told(&new, self.terminal);
        }
        (self.warnings, self.faults) = (warnings, faults);
    }
}

/// Returns the table of a change.
fn details(change: &Change) -> String {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut row = |name: &str, value: String| rows.push(vec![format!("  {name}"), value]);
    for file in &change.files {
        row("changed", file.clone());
    }
    for (kind, count) in &change.kinds {
        row(kind, counted(*count, "page"));
    }
    row(
        "new, removed",
        format!("{}, {}", change.added, change.removed),
    );
    row("told", counted(change.tabs, "tab"));
    for stage in &change.stages.0 {
        row(&stage.name, duration(stage.seconds));
    }
    table(&rows)
}
