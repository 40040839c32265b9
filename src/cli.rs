//! The command line: the only room that prints, reads the environment and the clock, and knows exit
//! codes.
//!
//! One command, one file: its doc comment is its help, then come its `Args`, then the function that
//! runs it. What the user typed becomes the session's options in `site` and nowhere else.
#![expect(
    clippy::disallowed_methods,
    reason = "the environment and the clock are read here"
)]

mod build;
mod check;
mod clean;
mod completions;
mod config;
mod deploy;
mod diagnostic;
mod due;
mod exit;
mod files;
mod init;
mod interrupt;
mod list;
mod man;
mod new;
mod progress;
mod schema;
mod serve;
mod site;
mod stats;
mod table;
mod terminal;
mod theme;
mod watch;

use crate::base::diagnostic::Diagnostic;
use clap::{ArgAction, Parser, Subcommand};
use exit::{Exit, Failure};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use terminal::Terminal;

/// The stack of every thread, in bytes: what nests deepest in an article or a template fits in it,
/// whatever the limits of the shell.
const STACK_BYTES: usize = 16 << 20;

const AFTER_HELP: &str = "\
Examples:
  dateline init gazette             make a new site in the folder gazette
  dateline new \"Harbour reopens\"    write an article
  dateline serve -O                 preview the site in the browser while you write
  dateline build                    build the site into public/
  dateline deploy                   put it on its host

Exit codes:
  0  fine
  1  the site has errors, or the disk is full
  2  usage, configuration, or an output folder that is not this site's
  3  nothing is due
  4  the machine or the network refused something, or the command was interrupted";

/// The static site generator for people who publish articles
#[derive(Debug, Parser)]
#[command(name = "dateline", version, after_help = AFTER_HELP, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command understands.
#[derive(Debug, Default, clap::Args)]
struct Global {
    /// The site's folder; otherwise the nearest one, from here upwards, with a dateline.yaml
    #[arg(
        short,
        long,
        value_name = "DIR",
        global = true,
        help_heading = "Global options"
    )]
    root: Option<PathBuf>,
    /// The configuration's file, where it is not dateline.yaml in the site's folder
    #[arg(
        short,
        long,
        value_name = "FILE",
        global = true,
        help_heading = "Global options"
    )]
    config: Option<PathBuf>,
    /// Say nothing but errors and warnings
    #[arg(
        short,
        long,
        global = true,
        conflicts_with = "verbose",
        help_heading = "Global options"
    )]
    quiet: bool,
    /// Say more
    #[arg(short, long, action = ArgAction::SetTrue, global = true, help_heading = "Global options")]
    verbose: bool,
    /// Report as JSON, errors too
    #[arg(long, global = true, help_heading = "Global options")]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Args),
    New(new::Args),
    Build(build::Args),
    Check(check::Args),
    Due(due::Args),
    Deploy(deploy::Args),
    #[command(visible_aliases = ["watch", "preview"])]
    Serve(serve::Args),
    List(list::Args),
    Stats(stats::Args),
    Clean(clean::Args),
    Config(config::Args),
    Schema(schema::Args),
    Theme(theme::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// Runs the command line with these arguments, the first of which is the program's own name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() && arguments.iter().any(|word| word == "--json") => {
            let told = error.render().to_string();
            let words: Vec<&str> = told
                .lines()
                .take_while(|line| !line.is_empty())
                .flat_map(str::split_whitespace)
                .collect();
            let message = words.join(" ");
            let fault = Diagnostic::error(message.trim_start_matches("error: "))
                .hint("`--help` tells what can be given");
            let global = Global {
                json: true,
                ..Global::default()
            };
            let terminal = Terminal::new(&global);
            terminal.failure(&Failure::usage(fault));
            return terminal.finish(Exit::Usage).into();
        }
        Err(error) => {
            // Where nobody listens there is nobody to tell.
            let _ = error.print();
            return if error.use_stderr() {
                Exit::Usage
            } else {
                Exit::Fine
            }
            .into();
        }
    };
    let terminal = Terminal::new(&cli.global);
    let exit = threads(&cli.command).and_then(|threads| {
        // Off the main thread, whose stack the shell decides on.
        threads.install(|| cli.command.run(&cli.global, &terminal))
    });
    let exit = exit.unwrap_or_else(|failure| {
        terminal.failure(&failure);
        failure.exit
    });
    terminal.finish(exit).into()
}

fn threads(command: &Command) -> Result<ThreadPool, Failure> {
    let jobs = match command {
        Command::Build(args) => args.jobs(),
        _ => 0,
    };
    ThreadPoolBuilder::new()
        .num_threads(jobs)
        .stack_size(STACK_BYTES)
        .build()
        .map_err(|error| Failure::machine(format!("can't start threads: {error}")))
}

impl Command {
    fn run(&self, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
        match self {
            Self::Init(args) => init::run(args, global, terminal),
            Self::New(args) => new::run(args, global, terminal),
            Self::Build(args) => build::run(args, global, terminal),
            Self::Check(args) => check::run(args, global, terminal),
            Self::Due(args) => due::run(args, global, terminal),
            Self::Deploy(args) => deploy::run(args, global, terminal),
            Self::Serve(args) => serve::run(args, global, terminal),
            Self::List(args) => list::run(args, global, terminal),
            Self::Stats(args) => stats::run(args, global, terminal),
            Self::Clean(args) => clean::run(args, global, terminal),
            Self::Config(args) => config::run(args, global, terminal),
            Self::Schema(args) => Ok(schema::run(args, terminal)),
            Self::Theme(args) => theme::run(args, global, terminal),
            Self::Completions(args) => Ok(completions::run(args, terminal)),
            Self::Man(args) => man::run(args, terminal),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
