//! `dateline due`.

use super::exit::{Exit, Failure};
use super::progress::Bar;
use super::site;
use super::table::table;
use super::terminal::Terminal;
use super::{Global, interrupt};
use crate::archive::Visibility;
use crate::base::timestamp::Timestamp;
use crate::session;
use crate::source::config::Config;
use jiff::tz::TimeZone;
use serde_json::json;

const EXAMPLES: &str = "\
Examples:
  dateline due && dateline build && dateline deploy     for cron: build only where something is due
  dateline due --since \"2026-11-20 16:32\"               what became public or expired since then
  dateline due --now \"2027-01-01\"                       what will have by the new year

Exit codes:
  0  a build is due
  3  nothing is";

/// Tell whether a build is due because time has passed
///
/// Articles that became public or expired since the last build are listed, and files that say what
/// is no longer so, such as the news sitemap. Then comes when the next change is. What was written in
/// the meantime is not looked at: a build finds that out itself.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// After which moment; otherwise the last build's. UTC where it has no offset
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Until which moment. Otherwise SOURCE_DATE_EPOCH, otherwise the clock
    #[arg(long, value_name = "TIME")]
    now: Option<String>,
}

/// Tells what is due.
pub(super) fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let visibility = Visibility {
        drafts: false,
        future: false,
        expired: false,
        now: site::moment(args.now.as_deref())?,
    };
    let since = args
        .since
        .as_deref()
        .map(|typed| site::moment_of("--since", typed));
    let options = site::options(global, terminal, visibility)?;
    interrupt::listen();
    let due = session::due(&options, since.transpose()?, &Bar::new(terminal))?;
    let zone = session::config(&options.root, &options)
        .map_or(TimeZone::UTC, |config: Config| config.time_zone);
    let written = |instant: i64| site::minute(instant, &zone).rfc3339();
    if terminal.is_json {
        let events = due.events.iter().map(|event| {
            json!({
                "time": written(event.instant),
                "event": if event.is_public { "published" } else { "expired" },
                "path": event.path,
                "headline": event.headline,
                "url": event.url,
            })
        });
        terminal.out_json(&json!({
            "due": due.is_due(),
            "since": due.since.map(written),
            "events": events.collect::<Vec<_>>(),
            "pages": due.pages,
            "next": due.next.map(written),
        }));
    } else {
        let minute = |instant: i64| minute(&site::minute(instant, &zone));
        let mut rows: Vec<Vec<String>> = Vec::new();
        if due.since.is_none() {
            rows.push(vec!["nothing was built yet".to_owned()]);
        }
        rows.extend(due.events.iter().map(|event| {
            let what = if event.is_public {
                "published"
            } else {
                "expired"
            };
            vec![
                minute(event.instant),
                what.to_owned(),
                event.headline.clone(),
                event.path.clone(),
            ]
        }));
        rows.extend(
            due.pages
                .iter()
                .map(|path| vec![format!("{path} is out of date")]),
        );
        terminal.out(&table(&rows));
        if let Some(next) = due.next {
            terminal.out(&format!("next: {}\n", minute(next)));
        }
    }
    terminal.diagnostics(&due.errors);
    Ok(match (due.errors.is_empty(), due.is_due()) {
        (false, _) => Exit::Site,
        (true, true) => Exit::Fine,
        (true, false) => Exit::Nothing,
    })
}

/// Writes a timestamp as far as its minute.
fn minute(timestamp: &Timestamp) -> String {
    let text = timestamp.rfc3339().replace('T', " ");
    text.chars().take("2024-11-21 16:32".len()).collect()
}
