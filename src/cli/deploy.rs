//! `dateline deploy`, `dateline deploy status`, `dateline deploy rollback`.

use super::exit::{Exit, Failure};
use super::progress::Bar;
use super::site::{self, Shown};
use super::table::{counted, size};
use super::terminal::Terminal;
use super::{Global, interrupt};
use crate::base::diagnostic::Diagnostic;
use crate::deploy::{
    self, Allowed, Comparison, DeployError, Environment, Fault, Outcome, Plan, Reached, Release,
    Request, Upload,
};
use crate::session::{self, Options};
use crate::source::config::{Config, Target};
use serde_json::{Value, json};
use std::env;
use std::fmt::Write as _;
use std::io::{self, BufRead, IsTerminal, Write as _};
use std::sync::Arc;

/// How many paths of each kind are listed where nobody asked for all.
const LISTED: usize = 10;

const EXAMPLES: &str = "\
Examples:
  dateline deploy                       deploy what was built to the first target
  dateline deploy --build -y            build and deploy, as from cron
  dateline deploy staging --dry-run -v  list every file that would change at a target
  dateline deploy status                what is live, and what a deploy would change
  dateline deploy rollback              return to the release before";

/// Put the built site on its host
///
/// Sends what changed, by content and headers: assets and photos first, then articles, then lists and
/// feeds; only then deletes what vanished. The targets stand in dateline.yaml under deploy.targets.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// The target's name [default: the first]
    #[arg(value_name = "TARGET")]
    target: Option<String>,
    /// Build first, for the address of the target
    #[arg(long)]
    build: bool,
    #[command(flatten)]
    how: How,
    /// Send every file, whatever is known of the target
    #[arg(long)]
    all: bool,
}

impl Args {
    /// Refuses options of a deploy before the name of another command.
    fn check(&self) -> Result<(), Failure> {
        let How {
            dry_run,
            yes,
            force,
            max_deletes,
        } = self.how;
        let is_anything = self.build || self.all || dry_run || yes || force;
        if self.command.is_some() && (is_anything || max_deletes.is_some() || self.target.is_some())
        {
            let fault = Diagnostic::error("`status` and `rollback` have options of their own");
            return Err(Failure::usage(fault.hint(
                "write them after the command, as in `dateline deploy rollback -n`",
            )));
        }
        Ok(())
    }
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Say what is live, and what a deploy would change
    Status {
        /// The target's name [default: the first]
        #[arg(value_name = "TARGET")]
        target: Option<String>,
    },
    /// Return to an earlier release
    Rollback {
        /// The release's number [default: the one before]
        #[arg(value_name = "RELEASE")]
        release: Option<u64>,
        /// The target's name [default: the first]
        #[arg(short, long, value_name = "TARGET")]
        target: Option<String>,
        #[command(flatten)]
        how: How,
    },
}

/// What is asked of whatever changes a target.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
struct How {
    /// Say what would be done, and do nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    /// Deploy in spite of doubts: a build with drafts or for another address or older than its
    /// sources, a target of another site, files that no deploy put there
    #[arg(long)]
    force: bool,
    /// The most files that may be deleted [default: 256, or a quarter of the site if that is less]
    #[arg(long, value_name = "N")]
    max_deletes: Option<usize>,
}

/// Everything that the command line says, read.
struct Meant {
    options: Options,
    config: Config,
    target: Target,
    environment: Arc<Environment>,
    holder: String,
    time: i64,
}

impl Meant {
    fn read(name: Option<&str>, global: &Global, terminal: &Terminal) -> Result<Self, Failure> {
        let variables = env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        let environment = Arc::new(Environment::new(variables));
        hide_in_panics(&environment, |text| {
            // There is no third stream to complain on.
            let _ = writeln!(io::stderr(), "{text}");
        });
        let visibility = Shown::default().visibility()?;
        let mut options = site::options(global, terminal, visibility)?;
        let root = session::root(&options.root)?;
        let config = session::config(&root, &options)?;
        let target = deploy::target(&config, name)
            .map_err(|error| failure(error, &environment))?
            .clone();
        options.base_url.clone_from(&target.base_url);
        let user = environment
            .get("USER")
            .or_else(|| environment.get("LOGNAME"))
            .unwrap_or("someone");
        let host = environment.get("HOSTNAME").unwrap_or("this machine");
        Ok(Self {
            holder: format!("{user}@{host} (process {})", std::process::id()),
            time: visibility.now,
            options,
            config,
            target,
            environment,
        })
    }

    fn request<'a>(&'a self, how: &How, is_all: bool, bar: &'a Bar<'_>) -> Request<'a> {
        Request {
            options: &self.options,
            config: &self.config,
            target: &self.target,
            environment: &self.environment,
            allowed: Allowed {
                force: how.force,
                max_deletes: how.max_deletes.or(self.target.max_deletes),
            },
            is_all,
            time: self.time,
            holder: &self.holder,
            progress: bar,
        }
    }
}

/// Deploys, or says what is live.
pub(super) fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    args.check()?;
    interrupt::listen();
    let (name, how) = match &args.command {
        Some(Command::Status { target }) => (target, How::default()),
        Some(Command::Rollback { target, how, .. }) => (target, *how),
        None => (&args.target, args.how),
    };
    let meant = Meant::read(name.as_deref(), global, terminal)?;
    let told = |error| failure(error, &meant.environment);
    if args.build {
        let report = session::build(&meant.options, &Bar::new(terminal))?;
        if !terminal.is_json {
            terminal.diagnostics(&report.diagnostics);
        }
    }
    let bar = Bar::new(terminal);
    let request = meant.request(&how, args.all, &bar);
    let mut reached = Reached::new(&request).map_err(told)?;
    if let Some(Command::Status { .. }) = &args.command {
        return status(&reached, &meant, terminal);
    }
    if args.command.is_none() && !how.dry_run {
        reached.hold_output().map_err(told)?;
    }
    let comparison = match &args.command {
        Some(Command::Rollback { release, .. }) => reached.compare_earlier(*release),
        _ => reached.compare(),
    }
    .map_err(told)?;
    if how.dry_run {
        report_plan(&comparison, terminal);
        return reached
            .check(&comparison)
            .map(|()| Exit::Fine)
            .map_err(told);
    }
    reached.check(&comparison).map_err(told)?;
    let asks = !how.yes && !terminal.is_json && terminal.is_watched && io::stdin().is_terminal();
    if asks && !comparison.plan.is_empty() {
        terminal.out(&plan_text(&comparison, terminal.is_verbose));
        if !is_agreed(terminal) {
            terminal.say("nothing was changed\n");
            return Ok(Exit::Machine);
        }
    }
    let outcome = reached.carry_out(&comparison).map_err(told)?;
    drop(bar);
    report(&comparison, &outcome, &meant, terminal);
    Ok(match outcome.faults.is_empty() {
        true => Exit::Fine,
        false => Exit::Machine,
    })
}

/// Says what is live and what a deploy would change.
fn status(reached: &Reached<'_>, meant: &Meant, terminal: &Terminal) -> Result<Exit, Failure> {
    let told = |error| failure(error, &meant.environment);
    let live = reached.live().map_err(told)?;
    let earlier = match &live {
        Some(live) => reached.earlier(live).map_err(told)?,
        None => Vec::new(),
    };
    // What is live can be said even where nothing can be deployed.
    let comparison = reached.compare();
    if terminal.is_json {
        let mut value = json!({
            "target": meant.target.name,
            "address": meant.environment.redact(&reached.name()),
            "live": live.as_ref().map(live_value),
            "earlier": earlier,
        });
        match &comparison {
            Ok(comparison) => value["plan"] = json!(comparison.plan),
            Err(error) => value["refused"] = json!(meant.environment.redact(&error.to_string())),
        }
        terminal.out_json(&value);
        return Ok(Exit::Fine);
    }
    let mut text = format!(
        "{}: {}\n",
        meant.target.name,
        meant.environment.redact(&reached.name())
    );
    // Writing to a text cannot fail.
    let mut line = |name: &str, value: String| {
        let _ = writeln!(text, "{name:<12}{value}");
    };
    match &live {
        Some(live) if live.number > 0 => {
            line("release", live.number.to_string());
            if let Some(restored) = live.restores {
                line("restores", restored.to_string());
            }
            line("deployed", moment(live.time));
            line(
                "commit",
                live.commit.clone().unwrap_or_else(|| "unknown".to_owned()),
            );
            line("pages", live.pages.to_string());
            line("files", live.files.len().to_string());
        }
        _ => line("release", "none yet".to_owned()),
    }
    if let Some(live) = &live
        && !live.pending.is_empty()
    {
        line(
            "unfinished",
            format!(
                "{}; the next deploy finishes",
                counted(live.pending.len(), "file")
            ),
        );
    }
    if !earlier.is_empty() {
        let numbers: Vec<String> = earlier.iter().map(ToString::to_string).collect();
        line("earlier", numbers.join(" "));
    }
    terminal.out(&text);
    match comparison {
        Ok(comparison) => {
            terminal.out(&format!(
                "a deploy would change:\n{}",
                plan_text(&comparison, terminal.is_verbose)
            ));
        }
        Err(error) => {
            let words = meant.environment.redact(&error.to_string());
            terminal.out(&format!("a deploy would be refused: {words}\n"));
        }
    }
    Ok(Exit::Fine)
}

fn live_value(live: &Release) -> Value {
    json!({
        "release": live.number,
        "time": moment(live.time),
        "commit": live.commit,
        "pages": live.pages,
        "files": live.files.len(),
        "restores": live.restores,
        "unfinished": live.pending.len(),
        "base_url": live.base_url,
        "title": live.title,
    })
}

fn report_plan(comparison: &Comparison, terminal: &Terminal) {
    if terminal.is_json {
        terminal.out_json(&json!({ "plan": comparison.plan, "dry_run": true }));
    } else {
        terminal.out(&plan_text(comparison, true));
    }
}

/// Says what would be done.
fn plan_text(comparison: &Comparison, is_verbose: bool) -> String {
    let Plan {
        uploads,
        metadata,
        deletes,
        unchanged,
        bytes,
        requests,
    } = &comparison.plan;
    let mut text = String::new();
    let mut list = |mark: &str, paths: Vec<String>| {
        let most = if is_verbose { usize::MAX } else { LISTED };
        for path in paths.iter().take(most) {
            let _ = writeln!(text, "  {mark} {}", path.replace(char::is_control, "?"));
        }
        if paths.len() > most {
            let _ = writeln!(text, "  {mark} and {} more", paths.len() - most);
        }
    };
    let mark = |upload: &Upload| match upload.is_new {
        true => "+",
        false => "~",
    };
    for sign in ["+", "~"] {
        let of = uploads.iter().filter(|upload| mark(upload) == sign);
        list(sign, of.map(|upload| upload.path.clone()).collect());
    }
    list(
        "h",
        metadata.iter().map(|upload| upload.path.clone()).collect(),
    );
    list("-", deletes.clone());
    let cost = requests.map_or_else(String::new, |requests| {
        format!(", about {} requests", requests)
    });
    let _ = writeln!(
        text,
        "{} to send, {} with other headers, {} to delete, {unchanged} unchanged; {}{cost}",
        counted(uploads.len(), "file"),
        metadata.len(),
        deletes.len(),
        size(*bytes),
    );
    text
}

fn report(comparison: &Comparison, outcome: &Outcome, meant: &Meant, terminal: &Terminal) {
    let redact = |text: &str| meant.environment.redact(text);
    let faults: Vec<Diagnostic> = outcome
        .faults
        .iter()
        .map(|fault| {
            Diagnostic::warning(redact(fault))
                .hint("the site is live; a deploy tries to tell them again")
        })
        .collect();
    let number = outcome.release.as_ref().map(|release| release.number);
    if terminal.is_json {
        terminal.out_json(&json!({
            "target": meant.target.name,
            "plan": outcome.plan,
            "release": number,
            "restores": comparison.restores,
            "diagnostics": faults,
        }));
        return;
    }
    if terminal.is_verbose && !outcome.said.is_empty() {
        terminal.say(&redact(&outcome.said));
    }
    terminal.diagnostics(&faults);
    if terminal.is_quiet {
        return;
    }
    let name = redact(&comparison.name);
    if outcome.plan.is_empty() {
        terminal.out(&format!(
            "{name} is up to date: {} unchanged\n",
            counted(comparison.plan.unchanged, "file")
        ));
        return;
    }
    let sent = outcome.plan.sent().count();
    let number = number.unwrap_or_default();
    let what = match comparison.restores {
        Some(restored) => format!("release {restored} again"),
        None => format!("release {number}"),
    };
    terminal.out(&format!(
        "{what} is live at {name}: {} sent ({}), {} deleted, {} unchanged\n",
        counted(sent, "file"),
        size(outcome.plan.bytes),
        outcome.plan.deletes.len(),
        outcome.plan.unchanged,
    ));
}

/// Asks whether to go on.
fn is_agreed(terminal: &Terminal) -> bool {
    terminal.say("deploy this? [y/N] ");
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    read.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes" | "Yes")
}

fn moment(time: i64) -> String {
    jiff::Timestamp::from_second(time)
        .unwrap_or_default()
        .to_string()
}

/// Keeps secrets out of what is said should dateline itself be at fault.
fn hide_in_panics(environment: &Arc<Environment>, say: impl Fn(&str) + Send + Sync + 'static) {
    let environment = Arc::clone(environment);
    std::panic::set_hook(Box::new(move |panic| {
        say(&environment.redact(&panic.to_string()));
    }));
}

/// Turns an error into what is shown, without any secret.
fn failure(error: DeployError, environment: &Environment) -> Failure {
    let (exit, Fault { message, hints }) = match error {
        DeployError::Refused(fault) => (Exit::Site, fault),
        DeployError::Usage(fault) => (Exit::Usage, fault),
        DeployError::Machine(fault) => (Exit::Machine, fault),
        DeployError::Build(error) => return Failure::from(error),
    };
    let fault = Diagnostic::error(environment.redact(&message));
    let fault = hints
        .iter()
        .fold(fault, |fault, hint| fault.hint(environment.redact(hint)));
    Failure {
        exit,
        diagnostics: vec![fault],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Mutex, PoisonError};

    #[test]
    fn a_panic_tells_no_secret() {
        let variables = [("AWS_SECRET_ACCESS_KEY", "very/secret+key")];
        let environment =
            Environment::new(variables.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let said = Arc::new(Mutex::new(String::new()));
        let heard = Arc::clone(&said);
        let usual = std::panic::take_hook();
        hide_in_panics(&Arc::new(environment), move |text| {
            let mut said = heard.lock().unwrap_or_else(PoisonError::into_inner);
            said.push_str(text);
        });
        let ended = std::panic::catch_unwind(|| {
            std::panic::panic_any(String::from("signed with very/secret+key"));
        });
        std::panic::set_hook(usual);
        let said = said.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(ended.is_err());
        assert!(said.contains("signed with ***"), "{said}");
        assert!(!said.contains("very/secret"), "{said}");
    }
}
