//! `dateline config`.

use super::exit::{Exit, Failure};
use super::terminal::Terminal;
use super::{Global, site};
use crate::archive::Visibility;
use crate::session;
use crate::source::yaml::{self, Plain};

/// Show the configuration with every default filled in
///
/// As YAML that dateline.yaml could hold, or as JSON with `--json`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

/// Shows the configuration.
pub(super) fn run(_: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let always = Visibility {
        drafts: true,
        future: true,
        expired: true,
        now: 0,
    };
    let options = site::options(global, terminal, always)?;
    let data = session::config(&options.root, &options)?.to_data();
    match terminal.is_json {
        true => terminal.out_json(&Plain(&data)),
        false => terminal.out(&yaml::write(&data)),
    }
    Ok(Exit::Fine)
}
