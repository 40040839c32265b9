//! `dateline check`.

use super::exit::{Exit, Failure};
use super::progress::Bar;
use super::site::{self, Shown};
use super::table::{counted, table};
use super::terminal::Terminal;
use super::{Global, interrupt};
use crate::base::diagnostic::Diagnostic;
use crate::plan;
use crate::session::{self, Options};
use serde_json::json;

const EXAMPLES: &str = "\
Examples:
  dateline check                    everything that a build would say, without building
  dateline check --leaks            that the output tells nothing of drafts and embargoed articles";

/// Look for what is wrong, without building
///
/// Every error and every warning of the site is shown. With --leaks, the output is searched for
/// anything of articles that readers must not see: files that are there only because of them, and
/// their words in other files.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Search the output for drafts, scheduled and expired articles
    #[arg(long)]
    leaks: bool,
    #[command(flatten)]
    shown: Shown,
}

/// Looks.
pub(super) fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let options = site::options(global, terminal, args.shown.visibility()?)?;
    interrupt::listen();
    if args.leaks {
        return leaks(&options, terminal);
    }
    let mut loaded = session::read(&options, &Bar::new(terminal))?;
    if let Some(theme) = &loaded.theme {
        let (_, mut faults) = plan::list(&loaded.archive, theme);
        session::locate(&options.root, &mut faults);
        loaded.diagnostics.append(&mut faults);
    }
    let similar = loaded.archive.similar_credits();
    loaded.diagnostics.extend(similar);
    let errors = loaded
        .diagnostics
        .iter()
        .filter(|one| one.is_error())
        .count();
    terminal.diagnostics(&loaded.diagnostics);
    if terminal.is_json {
        let warnings = loaded.diagnostics.len() - errors;
        terminal.out_json(&json!({ "errors": errors, "warnings": warnings, "articles": loaded.archive.articles.len() }));
    }
    Ok(if errors == 0 { Exit::Fine } else { Exit::Site })
}

fn leaks(options: &Options, terminal: &Terminal) -> Result<Exit, Failure> {
    let found = session::leaks(options, &Bar::new(terminal))?;
    if terminal.is_json {
        let leaks = found
            .leaks
            .iter()
            .map(|leak| json!({ "path": leak.path, "file": leak.file, "words": leak.words }));
        terminal.out_json(&json!({
            "hidden": found.hidden,
            "files": found.files,
            "leaks": leaks.collect::<Vec<_>>(),
        }));
    } else {
        let rows: Vec<Vec<String>> = found
            .leaks
            .iter()
            .map(|leak| {
                let what = match &leak.words {
                    Some(words) => format!("says `{words}`"),
                    None => "is there".to_owned(),
                };
                vec![leak.file.clone(), what, leak.path.clone()]
            })
            .collect();
        terminal.out(&table(&rows));
        if found.leaks.is_empty() {
            let (files, hidden) = (
                counted(found.files, "file"),
                counted(found.hidden, "hidden article"),
            );
            terminal.out(&format!("{files} tell nothing of {hidden}\n"));
        }
    }
    let mut faults = found.errors;
    if !found.leaks.is_empty() {
        faults.push(
            Diagnostic::error("the output tells of articles that readers must not see")
                .hint("build it without -D, -F and -E, and check it again"),
        );
    }
    terminal.diagnostics(&faults);
    Ok(if faults.is_empty() {
        Exit::Fine
    } else {
        Exit::Site
    })
}
