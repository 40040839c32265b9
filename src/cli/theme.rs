//! `dateline theme new` and `dateline theme check`.

use super::exit::{Exit, Failure};
use super::progress::Bar;
use super::table::{counted, table};
use super::terminal::Terminal;
use super::{Global, files, interrupt, site};
use crate::archive::Visibility;
use crate::base::diagnostic::Diagnostic;
use crate::session;
use crate::theme::builtin;
use clap::Subcommand;
use serde_json::json;

/// The theme that others begin with.
const FIRST: &str = "plain";
/// Where the themes of a site lie.
const THEMES: &str = "themes";

const EXAMPLES: &str = "\
Examples:
  dateline theme new harbour        a small whole theme in themes/harbour/, to be changed
  dateline theme check              every kind of page, made in memory by the site's theme
  dateline theme check harbour      the same by another one";

/// Begin a theme, or try one on the site
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Begin a theme in themes/<NAME>/ with copies of the theme `plain`
    New {
        /// Its name: lower case letters, digits and hyphens
        name: String,
    },
    /// Make pages of every kind in memory, and tell what is wrong with the theme
    ///
    /// Up to 50 pages of each kind are made, spread over the site. Nothing is written.
    Check {
        /// The theme; otherwise that of dateline.yaml
        name: Option<String>,
    },
}

/// Begins or tries a theme.
pub(super) fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    match &args.what {
        What::New { name } => new(name, global, terminal),
        What::Check { name } => check(name.as_deref(), global, terminal),
    }
}

fn everything() -> Result<Visibility, Failure> {
    Ok(Visibility {
        drafts: true,
        future: true,
        expired: true,
        now: site::moment(None)?,
    })
}

fn new(name: &str, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.starts_with('-') || !name.chars().all(is_letter) {
        let fault = Diagnostic::error(format!("`{name}` is no name of a theme"));
        return Err(Failure::usage(fault.hint(
            "write it in lower case letters, digits and hyphens, such as `harbour`",
        )));
    }
    let taken = |place: &str| {
        let fault = Diagnostic::error(format!("there is a theme `{name}` already, {place}"));
        Failure::usage(fault.hint("choose another name"))
    };
    if builtin::names().any(|known| known == name) {
        return Err(taken("in the program"));
    }
    let options = site::options(global, terminal, everything()?)?;
    let folder = format!("{THEMES}/{name}");
    if options.root.join(&folder).symlink_metadata().is_ok() {
        return Err(taken(&format!("in {folder}/")));
    }
    let mut made = Vec::new();
    for (path, bytes) in builtin::files(FIRST).unwrap_or_default() {
        let text = String::from_utf8_lossy(bytes);
        let text = match path {
            "theme.yaml" => text.replacen(&format!("name: {FIRST}"), &format!("name: {name}"), 1),
            _ => text.replace(&format!("\"{FIRST}/"), &format!("\"{name}/")),
        };
        let path = format!("{folder}/{path}");
        files::create(&options.root, &path, &text)?;
        made.push(path);
    }
    if terminal.is_json {
        terminal.out_json(&json!({ "theme": name, "files": made }));
    } else if !terminal.is_quiet {
        terminal.out(&format!(
            "made a theme:\n{}\n\nuse it: `theme: {name}` in dateline.yaml; see it: dateline serve\n",
            made.iter().map(|path| format!("  {path}")).collect::<Vec<_>>().join("\n")
        ));
    }
    Ok(Exit::Fine)
}

fn check(name: Option<&str>, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let options = site::options(global, terminal, everything()?)?;
    interrupt::listen();
    let trial = session::trial(&options, name, &Bar::new(terminal))?;
    if terminal.is_json {
        let kinds = trial.kinds.iter().map(|tried| {
            json!({
                "kind": tried.kind, "template": tried.template, "pages": tried.pages, "made": tried.made,
            })
        });
        terminal.out_json(&json!({
            "theme": trial.theme,
            "kinds": kinds.collect::<Vec<_>>(),
            "diagnostics": trial.diagnostics,
        }));
    } else if !terminal.is_quiet {
        let rows: Vec<Vec<String>> = trial
            .kinds
            .iter()
            .map(|tried| {
                let template = tried.template.as_deref().unwrap_or("no template");
                let made = match tried.pages {
                    0 => String::new(),
                    pages => format!("{} of {}", tried.made, counted(pages, "page")),
                };
                vec![tried.kind.to_owned(), template.to_owned(), made]
            })
            .collect();
        terminal.out(&format!("theme {}\n{}", trial.theme, table(&rows)));
    }
    terminal.diagnostics(&trial.diagnostics);
    Ok(match trial.diagnostics.iter().any(Diagnostic::is_error) {
        true => Exit::Site,
        false => Exit::Fine,
    })
}
