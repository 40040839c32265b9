//! `dateline man`.

use super::Cli;
use super::exit::{Exit, Failure};
use super::terminal::Terminal;
use crate::base::diagnostic::Diagnostic;
use clap::CommandFactory;
use clap_mangen::Man;

const EXAMPLES: &str = "\
Examples:
  dateline man > dateline.1
  dateline man build | man -l -";

/// Print a manual page
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The command that it is about; otherwise dateline itself
    command: Option<String>,
}

/// Prints a manual page.
pub(super) fn run(args: &Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut whole = Cli::command();
    whole.build();
    let command = match &args.command {
        None => whole,
        Some(name) => match whole.find_subcommand(name) {
            Some(command) => command.clone(),
            None => {
                let fault = Diagnostic::error(format!("there is no command `{name}`"));
                let known = whole.get_subcommands().map(clap::Command::get_name);
                return Err(Failure::usage(fault.suggest(name, known)));
            }
        },
    };
    let mut page = Vec::new();
    Man::new(command)
        .source(concat!("dateline ", env!("CARGO_PKG_VERSION")))
        .render(&mut page)
        .map_err(|error| Failure::machine(format!("can't write the page: {error}")))?;
    terminal.out(&String::from_utf8_lossy(&page));
    Ok(Exit::Fine)
}
