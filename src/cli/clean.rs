//! `dateline clean`.

use super::exit::{Exit, Failure};
use super::progress::Bar;
use super::table::{counted, size};
use super::terminal::Terminal;
use super::{Global, site};
use crate::archive::Visibility;
use crate::session;
use std::path::PathBuf;

/// Delete what dateline made
///
/// Deletes those files of the output that dateline wrote, and what it knows of them in .dateline/.
/// Files that others put into the output stay.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The output folder [default: public in the site's folder]
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Delete .dateline/ only, and leave the output
    #[arg(long, conflicts_with = "output")]
    cache: bool,
    /// Delete only the scaled photos that no output shows any more
    #[arg(long, conflicts_with_all = ["output", "cache"])]
    unused: bool,
}

/// Deletes what dateline made.
pub(super) fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let always = Visibility {
        drafts: true,
        future: true,
        expired: true,
        now: 0,
    };
    let mut options = site::options(global, terminal, always)?;
    if let Some(output) = &args.output {
        options.output = site::here()?.join(output);
    }
    if args.unused {
        let pruned = session::prune(&options, &Bar::new(terminal))?;
        if terminal.is_json {
            terminal.out_json(&pruned);
        } else if !terminal.is_quiet {
            terminal.out(&format!(
                "deleted {} ({})\n",
                counted(pruned.files, "unused photo"),
                size(pruned.bytes)
            ));
        }
        return Ok(Exit::Fine);
    }
    let cleaned = session::clean(&options, !args.cache, &Bar::new(terminal))?;
    if terminal.is_json {
        terminal.out_json(&cleaned);
    } else if !terminal.is_quiet {
        let state = if cleaned.state {
            ", and .dateline/"
        } else {
            ""
        };
        terminal.out(&format!(
            "deleted {} ({}){state}\n",
            counted(cleaned.files, "file"),
            size(cleaned.bytes)
        ));
    }
    Ok(Exit::Fine)
}
