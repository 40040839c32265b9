//! `dateline schema`.

use super::exit::Exit;
use super::terminal::Terminal;
use crate::source::{config, front_matter};
use clap::ValueEnum;

const EXAMPLES: &str = "\
Examples:
  dateline schema > front-matter.schema.json
  dateline schema config > dateline.schema.json";

/// Print a JSON Schema for editors
///
/// It is of draft 2020-12, and lists every key with its kind and what it means.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// What it describes
    #[arg(value_enum, default_value_t = Of::FrontMatter)]
    of: Of,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Of {
    /// The front matter of articles
    FrontMatter,
    /// dateline.yaml
    Config,
}

/// Prints a JSON Schema.
pub(super) fn run(args: &Args, terminal: &Terminal) -> Exit {
    terminal.out_json(&match args.of {
        Of::FrontMatter => front_matter::schema(),
        Of::Config => config::schema(),
    });
    Exit::Fine
}
