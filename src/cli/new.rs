//! `dateline new`.

use super::exit::{Exit, Failure};
use super::terminal::Terminal;
use super::{Global, files, site};
use crate::archive::Visibility;
use crate::base::diagnostic::Diagnostic;
use crate::base::slug::slug;
use crate::base::timestamp::{Timestamp, Zone};
use crate::session;
use crate::source::article::Data;
use crate::source::config::Config;
use crate::source::yaml;
use serde_json::json;

const EXAMPLES: &str = "\
Examples:
  dateline new \"Harbour reopens after the storm\"
  dateline new \"Harbour reopens\" --section local --tags harbour,weather
  dateline new \"Ferries resume\" --at \"2026-11-20 16:32\"
  $EDITOR \"$(dateline new \"Harbour reopens\")\"";

/// What follows the front matter that is known.
const REST: &str = "\
# summary: One or two sentences for lists and feeds; otherwise the first paragraph.
# authors: [Ana Reis]
# photo:
#   src: harbour.jpg # beside this file
#   credit: Ana Reis / Reuters
#   caption: What readers are told about the photo.
#   alt: What the photo shows, for who can't see it.
";

/// Write the beginning of an article
///
/// Makes content/<section>/<date>-<headline>.md with front matter, and prints its path. A file that
/// is there is never overwritten.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The headline
    headline: String,
    /// The section, which is a folder of content/
    #[arg(short, long, value_name = "SECTION", default_value = "")]
    section: String,
    /// Tags, with commas between them
    #[arg(short, long, value_name = "TAGS", value_delimiter = ',')]
    tags: Vec<String>,
    /// When it is published, in any form that front matter may have [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

/// Writes the beginning of an article.
pub(super) fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let now = site::moment(None)?;
    let options = site::options(
        global,
        terminal,
        Visibility {
            drafts: false,
            future: false,
            expired: false,
            now,
        },
    )?;
    let config = session::config(&options.root, &options)?;
    let timestamp = timestamp(args.at.as_deref(), now, &config)?;
    let headline = args
        .headline
        .replace(char::is_control, " ")
        .trim()
        .to_owned();
    let Some(name) = slug(&headline, config.slugs) else {
        let fault = Diagnostic::error(format!(
            "the headline `{headline}` has no letter or digit to name a file by"
        ));
        return Err(Failure::usage(fault));
    };
    let section = section(&args.section)?;
    let path = format!("content/{section}{}-{name}.md", timestamp.date());
    files::create(
        &options.root,
        &path,
        &article(&headline, &timestamp, &args.tags),
    )?;
    let shown = files::shown(&options.root.join(&path), &site::here()?);
    match terminal.is_json {
        true => terminal.out_json(&json!({ "path": path })),
        false => terminal.out(&format!("{shown}\n")),
    }
    Ok(Exit::Fine)
}

/// Returns when the article is published: what was typed, else this minute in the site's zone.
fn timestamp(typed: Option<&str>, now: i64, config: &Config) -> Result<Timestamp, Failure> {
    let zone = Zone {
        time_zone: &config.time_zone,
        date_order: config.date_order,
    };
    match typed {
        Some(typed) => Timestamp::parse(typed, &zone).map_err(|fault| {
            let message = format!(
                "`{typed}` given with `--at` is no timestamp: {}",
                fault.message
            );
            Failure::usage(Diagnostic::error(message).hint(fault.hint))
        }),
        None => Ok(site::minute(now, &config.time_zone)),
    }
}

/// Returns the folder below `content/`, with a `/` at its end; empty for none.
fn section(typed: &str) -> Result<String, Failure> {
    let path = typed.trim().trim_matches('/');
    if path.is_empty() {
        return Ok(String::new());
    }
    let is_bad = |name: &str| {
        name.is_empty()
            || name.starts_with('.')
            || name.contains(['\\', ':'])
            || name.contains(char::is_control)
    };
    if path.split('/').any(is_bad) {
        let fault = Diagnostic::error(format!(
            "`{typed}` given with `--section` is no folder of content/"
        ));
        return Err(Failure::usage(
            fault.hint("write it as `local` or `local/port`"),
        ));
    }
    Ok(format!("{path}/"))
}

fn article(headline: &str, timestamp: &Timestamp, tags: &[String]) -> String {
    let tags: Vec<Data> = tags
        .iter()
        .map(|tag| tag.trim())
        .filter(|tag| !tag.is_empty())
        .map(|tag| Data::Text(tag.to_owned()))
        .collect();
    let mut front = vec![
        ("headline".to_owned(), Data::Text(headline.to_owned())),
        ("timestamp".to_owned(), Data::Text(timestamp.rfc3339())),
    ];
    if !tags.is_empty() {
        front.push(("tags".to_owned(), Data::List(tags)));
    }
    format!("---\n{}{REST}---\n", yaml::write(&Data::Map(front)))
}
