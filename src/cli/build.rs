//! `dateline build`.

use super::exit::{Exit, Failure};
use super::progress::Bar;
use super::site::{self, Shown};
use super::table::{bodies, counted};
use super::terminal::Terminal;
use super::{Global, interrupt, watch};
use crate::archive::HiddenCount;
use crate::base::diagnostic::Diagnostic;
use crate::session::{self, Difference, Options, Report};
use serde_json::json;
use std::fmt::Write;
use std::path::PathBuf;

/// How many templates `-v` names.
pub(super) const SLOWEST: usize = 10;
/// How many files that differ are named.
const MOST_DIFFERENCES: usize = 10;

const EXAMPLES: &str = "\
Examples:
  dateline build                        write the site into public/
  dateline build -D -F                  with drafts and articles of the future
  dateline build -u https://next.example/ -o next
  dateline build --strict --verify      as a check before deploying
  dateline build --watch                keep public/ up to date while you write";

/// Build the site
///
/// Writes what changed since the last build; the output is the same as that of a clean build, byte
/// for byte. Nothing in it is touched before every page has been made without an error.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The output folder [default: public in the site's folder]
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// The site's address, where it is not that of dateline.yaml
    #[arg(short = 'u', long, value_name = "URL")]
    base_url: Option<String>,
    #[command(flatten)]
    shown: Shown,
    /// Read and make everything anew
    #[arg(long)]
    no_cache: bool,
    /// Build once more from nothing in a temporary folder, and compare byte for byte
    #[arg(long)]
    verify: bool,
    /// How many threads to use [default: as many as the machine has cores]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Refuse to build where there are warnings
    #[arg(long)]
    strict: bool,
    /// Stay, and build again whenever something changes
    #[arg(long, conflicts_with = "verify")]
    watch: bool,
    /// With --watch: look at files twice a second, for network mounts and containers where the system
    /// reports no changes
    #[arg(long, requires = "watch")]
    poll: bool,
}

impl Args {
    /// Returns how many threads are wanted; 0 leaves it to the machine.
    pub(super) fn jobs(&self) -> usize {
        self.jobs.map_or(0, usize::from)
    }

    fn options(&self, global: &Global, terminal: &Terminal) -> Result<Options, Failure> {
        let options = site::options(global, terminal, self.shown.visibility()?)?;
        Ok(Options {
            output: match &self.output {
                Some(output) => site::here()?.join(output),
                None => options.output,
            },
            base_url: self.base_url.clone(),
            strict: self.strict,
            no_cache: self.no_cache,
            ..options
        })
    }
}

/// Builds the site and says what was done.
pub(super) fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let options = args.options(global, terminal)?;
    if args.watch {
        let again = || {
            Ok(Options {
                visibility: args.shown.visibility()?,
                ..options.clone()
            })
        };
        return watch::run(&again, args.poll, terminal);
    }
    interrupt::listen();
    let mut report = session::build(&options, &Bar::new(terminal))?;
    // The process ends soon, and takes all of this with it.
    std::mem::take(&mut report.held).leave();
    let differences = match args.verify {
        true => Some(session::verify(&options, &Bar::new(terminal))?),
        false => None,
    };
    if terminal.is_json {
        terminal.out_json(&value(&report, &options, differences.as_deref()));
    } else {
        terminal.diagnostics(&report.diagnostics);
        if !terminal.is_quiet {
            terminal.out(&text(&report, terminal.is_verbose));
        }
    }
    match differences {
        Some(differences) if !differences.is_empty() => {
            if !terminal.is_json {
                terminal.diagnostics(&[fault(&differences)]);
            }
            Ok(Exit::Site)
        }
        Some(_) => {
            if !terminal.is_json && !terminal.is_quiet {
                terminal.out(&format!(
                    "verified: a clean build makes the same {} files\n",
                    report.files
                ));
            }
            Ok(Exit::Fine)
        }
        None => Ok(Exit::Fine),
    }
}

/// Returns the report for programs.
fn value(
    report: &Report,
    options: &Options,
    differences: Option<&[Difference]>,
) -> serde_json::Value {
    let mut value = json!(report);
    value["output"] = json!(options.output);
    if let Some(differences) = differences {
        value["differences"] = json!(differences);
    }
    value
}

/// Returns the report for people.
fn text(report: &Report, is_verbose: bool) -> String {
    let mut text = String::new();
    // Writing to a text cannot fail.
    let mut line = |words: String| {
        let _ = writeln!(text, "{words}");
    };
    for (kind, count) in &report.pages {
        let written = if count.written > 0 {
            format!("{:>8} written", count.written)
        } else {
            String::new()
        };
        line(format!("{kind:<12}{:>8}{written}", count.total));
    }
    if is_verbose {
        line(format!(
            "\n{} read, {} parsed, {} rendered with {} that are known; of the rest it is known what it is",
            counted(report.read, "file"),
            report.parsed,
            counted(report.rendered, "page"),
            bodies(report.bodies)
        ));
        line("\nstages".to_owned());
        for stage in &report.stages.0 {
            line(format!("{:>10}  {}", duration(stage.seconds), stage.name));
        }
        if !report.templates.is_empty() {
            line("\nslowest templates".to_owned());
            for (template, seconds, pages) in report.templates.iter().take(SLOWEST) {
                line(format!(
                    "{:>10}  {template}, {}",
                    duration(*seconds),
                    counted(*pages, "page")
                ));
            }
        }
        if !report.reasons.is_empty() {
            line("\nwhy pages were made".to_owned());
            for (reason, pages) in &report.reasons {
                line(format!("{pages:>10}  {reason}"));
            }
        }
        line(String::new());
    }
    hidden(&report.hidden).into_iter().for_each(&mut line);
    line(summary(report));
    text
}

/// Says what was left out, and what shows it.
pub(super) fn hidden(hidden: &HiddenCount) -> Vec<String> {
    let kinds = [
        (hidden.drafts, "draft", "-D"),
        (hidden.scheduled, "scheduled article", "-F"),
        (hidden.expired, "expired article", "-E"),
    ];
    kinds
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, name, flag)| {
            let shows = if count == 1 { "shows it" } else { "shows them" };
            format!("{} left out; {flag} {shows}", counted(count, name))
        })
        .collect()
}

/// Says in one line what a build did.
pub(super) fn summary(report: &Report) -> String {
    format!(
        "{}, {}: {} written, {} unchanged, {} removed, in {}",
        counted(report.articles, "article"),
        counted(report.files, "file"),
        report.written,
        report.unchanged,
        report.removed,
        duration(report.seconds),
    )
}

/// Says how a rebuild and a clean build differ.
fn fault(differences: &[Difference]) -> Diagnostic {
    let message = format!(
        "a clean build differs in {}",
        counted(differences.len(), "file")
    );
    let fault =
        differences
            .iter()
            .take(MOST_DIFFERENCES)
            .fold(Diagnostic::error(message), |fault, one| {
                fault.hint(match one.byte {
                    Some(byte) => format!("{} differs from byte {byte}", one.path),
                    None if one.is_in_output => format!("{} is in the output only", one.path),
                    None => format!("{} is in the clean build only", one.path),
                })
            });
    fault.hint(
        "`dateline build --no-cache` mends the output; please report this, it is dateline's fault",
    )
}

/// Says how long something took.
pub(super) fn duration(seconds: f64) -> String {
    match seconds {
        ..0.0995 => format!("{:.1} ms", seconds * 1000.0),
        ..60.0 => format!("{seconds:.2} s"),
        _ => format!("{} min {:.0} s", (seconds / 60.0) as u64, seconds % 60.0),
    }
}
