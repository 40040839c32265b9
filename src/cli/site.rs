//! Which site is meant, and how it is to be read: what the user typed becomes the session's options.

use super::Global;
use super::exit::Failure;
use super::terminal::Terminal;
use crate::archive::Visibility;
use crate::base::diagnostic::Diagnostic;
use crate::base::timestamp::{Timestamp, Zone};
use crate::session::Options;
use jiff::tz::TimeZone;
use std::env;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// The configuration's name in a site's folder.
pub(super) const CONFIG: &str = "dateline.yaml";
/// The output's name in a site's folder.
pub(super) const OUTPUT: &str = "public";

/// Which articles are shown, and when.
#[derive(Debug, Default, clap::Args)]
pub(super) struct Shown {
    /// Show drafts too
    #[arg(short = 'D', long)]
    drafts: bool,
    /// Show articles that are to be published later, too
    #[arg(short = 'F', long)]
    future: bool,
    /// Show articles that have expired, too
    #[arg(short = 'E', long)]
    expired: bool,
    /// The moment of the build, such as "2026-11-20 16:32"; UTC where it has no offset. Otherwise
    /// SOURCE_DATE_EPOCH, otherwise the clock
    #[arg(long, value_name = "TIME")]
    now: Option<String>,
}

impl Shown {
    /// Returns which articles are shown at which moment.
    pub(super) fn visibility(&self) -> Result<Visibility, Failure> {
        let Self {
            drafts,
            future,
            expired,
            ref now,
        } = *self;
        Ok(Visibility {
            drafts,
            future,
            expired,
            now: moment(now.as_deref())?,
        })
    }
}

/// Returns the options of a build of the site that is meant; everything else is for the command to
/// set.
pub(super) fn options(
    global: &Global,
    terminal: &Terminal,
    visibility: Visibility,
) -> Result<Options, Failure> {
    let here = here()?;
    let root = root(global, &here)?;
    let config = match &global.config {
        Some(config) => here.join(config),
        None => root.join(CONFIG),
    };
    terminal.enter(&root, &here);
    Ok(Options {
        config,
        output: root.join(OUTPUT),
        root,
        base_url: None,
        visibility,
        strict: false,
        no_cache: false,
    })
}

/// Returns the folder that the command was given in.
pub(super) fn here() -> Result<PathBuf, Failure> {
    env::current_dir()
        .and_then(|here| here.canonicalize())
        .map_err(|error| Failure::machine(format!("can't read the current folder: {error}")))
}

/// Returns the moment that the command line names, else that of the environment, else the clock's.
pub(super) fn moment(typed: Option<&str>) -> Result<i64, Failure> {
    if let Some(typed) = typed {
        return moment_of("--now", typed);
    }
    match env::var("SOURCE_DATE_EPOCH")
        .ok()
        .filter(|value| !value.is_empty())
    {
        Some(epoch) => epoch.parse().map_err(|_| {
            let message =
                format!("SOURCE_DATE_EPOCH is `{epoch}`, which is no number of seconds since 1970");
            Failure::usage(Diagnostic::error(message).hint("unset it, or set it to a whole number"))
        }),
        None => Ok(clock()),
    }
}

/// Returns the moment that an option of the command line names.
pub(super) fn moment_of(option: &str, typed: &str) -> Result<i64, Failure> {
    let zone = Zone {
        time_zone: &TimeZone::UTC,
        date_order: None,
    };
    let read = Timestamp::parse(typed, &zone).map_err(|fault| {
        let message = format!(
            "`{typed}` given with `{option}` is no moment: {}",
            fault.message
        );
        Failure::usage(Diagnostic::error(message).hint(fault.hint))
    })?;
    Ok(read.instant())
}

/// Returns the minute of a moment in a zone.
pub(super) fn minute(moment: i64, zone: &TimeZone) -> Timestamp {
    let moment = jiff::Timestamp::from_second(moment)
        .unwrap_or_default()
        .to_zoned_datetime(zone.clone());
    let text = moment.strftime("%Y-%m-%dT%H:%M%:z").to_string();
    Timestamp::parse(
        &text,
        &Zone {
            time_zone: zone,
            date_order: None,
        },
    )
    .expect("a moment is written with its offset, in years of four digits")
}

/// Returns the clock's moment in Unix seconds.
fn clock() -> i64 {
    let now = SystemTime::now();
    match now.duration_since(UNIX_EPOCH) {
        Ok(since) => since.as_secs() as i64,
        Err(before) => -(before.duration().as_secs() as i64),
    }
}

/// Finds the site's folder, without links in its path.
fn root(global: &Global, here: &Path) -> Result<PathBuf, Failure> {
    let real = |folder: &Path| folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    if let Some(root) = &global.root {
        if !root.is_dir() {
            let fault = Diagnostic::error(format!("there is no folder {}", root.display()));
            return Err(Failure::usage(
                fault.hint("`-r` names the folder of a site"),
            ));
        }
        return Ok(real(root));
    }
    let folder_of = |config: &Path| real(here.join(config).parent().unwrap_or(here));
    if let Some(config) = global
        .config
        .as_ref()
        .filter(|config| config.file_name().is_some_and(|name| name == CONFIG))
    {
        return Ok(folder_of(config));
    }
    if let Some(found) = here
        .ancestors()
        .find(|folder| folder.join(CONFIG).is_file())
    {
        return Ok(found.to_owned());
    }
    match &global.config {
        Some(config) => Ok(folder_of(config)),
        None => {
            let message = format!(
                "there is no site here: looked for {CONFIG} in {} and every folder above it",
                here.display()
            );
            let fault = Diagnostic::error(message)
                .hint("`dateline init` makes a new site")
                .hint("`dateline -r DIR` works on the site in another folder");
            Err(Failure::usage(fault))
        }
    }
}
