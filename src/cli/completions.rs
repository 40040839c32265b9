//! `dateline completions`.

use super::Cli;
use super::exit::Exit;
use super::terminal::Terminal;
use clap::CommandFactory;
use clap_complete::{Shell, generate};

const EXAMPLES: &str = "\
Examples:
  dateline completions bash > ~/.local/share/bash-completion/completions/dateline
  dateline completions zsh > ~/.zfunc/_dateline
  dateline completions fish > ~/.config/fish/completions/dateline.fish";

/// Print a shell's completions
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The shell
    shell: Shell,
}

/// Prints a shell's completions.
pub(super) fn run(args: &Args, terminal: &Terminal) -> Exit {
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "dateline", &mut script);
    terminal.out(&String::from_utf8_lossy(&script));
    Exit::Fine
}
