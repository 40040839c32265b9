//! `dateline init`.

use super::exit::{Exit, Failure};
use super::site::{self, CONFIG};
use super::terminal::Terminal;
use super::{Global, files};
use crate::archive::section::title_of;
use crate::base::diagnostic::Diagnostic;
use crate::base::timestamp::Timestamp;
use crate::disk::error::DiskError;
use crate::source::article::Data;
use crate::source::yaml;
use jiff::tz::TimeZone;
use serde_json::json;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  dateline init gazette && cd gazette && dateline build
  dateline init                     in this folder, around what is in it";

/// Make a new site
///
/// Writes dateline.yaml, a section and a first article; the theme is in the program. A folder that
/// has a dateline.yaml is refused, and no file is ever overwritten.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The folder, which is made where it is not there [default: this one]
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// Makes a new site.
pub(super) fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let here = site::here()?;
    let asked = args.folder.as_ref().or(global.root.as_ref());
    let root = asked.map_or_else(|| here.clone(), |folder| here.join(folder));
    if root.join(CONFIG).symlink_metadata().is_ok() {
        let fault = Diagnostic::error(format!(
            "there is a site in {} already",
            root.components().as_path().display()
        ));
        return Err(Failure::usage(fault.hint("`dateline build` builds it")));
    }
    std::fs::create_dir_all(&root).map_err(DiskError::at("make", &root))?;
    let root = root.canonicalize().map_err(DiskError::at("read", &root))?;
    let zone = TimeZone::try_system().unwrap_or(TimeZone::UTC);
    let zone_name = zone.iana_name().unwrap_or("UTC");
    let timestamp = site::minute(site::moment(None)?, &zone);
    let mut made = Vec::new();
    for (path, text) in texts(&title(&root), zone_name, &timestamp) {
        // The folder can hold articles and a .gitignore of the user's own.
        if root.join(&path).symlink_metadata().is_err() {
            files::create(&root, &path, &text)?;
            made.push(path);
        }
    }
    if terminal.is_json {
        terminal.out_json(&json!({ "root": root, "files": made }));
    } else if !terminal.is_quiet {
        terminal.out(&words(&root, &here, &made));
    }
    Ok(Exit::Fine)
}

/// Returns the site's title: the folder's name.
fn title(root: &Path) -> String {
    let name = root.file_name().unwrap_or_default().to_string_lossy();
    let title = title_of(&name.replace(char::is_control, " "));
    if title.trim().is_empty() {
        "My site".to_owned()
    } else {
        title
    }
}

fn words(root: &Path, here: &Path, made: &[String]) -> String {
    let mut text = String::from("made a new site:\n");
    for path in made {
        text.push_str(&format!("  {}\n", files::shown(&root.join(path), here)));
    }
    let enter = if root == here {
        String::new()
    } else {
        format!("cd {} && ", files::shown(root, here))
    };
    text.push_str(&format!("\nbuild it: {enter}dateline build\n"));
    text
}

/// Returns the files of a new site.
fn texts(title: &str, zone: &str, timestamp: &Timestamp) -> Vec<(String, String)> {
    let title = yaml::write(&Data::Text(title.to_owned()));
    let config = format!(
        "\
# The configuration of this site. `dateline config` shows every key with its value, and
# `dateline schema config` describes them to editors.
title: {title}base_url: https://example.org/ # where the site will stand
language: en
time_zone: {zone} # of timestamps without an offset
# date_order: dmy # what 03/04/2024 means; without it such a date is an error, not a guess

theme: broadsheet # in the program; a folder themes/<name>/ is a theme of your own
per_page: 20
permalink: /:section/:year/:month/:slug/

# publisher: {{ name: The Harbour Gazette, url: https://example.org/ }}
# menu: [{{ name: News, url: /news/ }}]

lint:
  uncredited_photo: error # no photo is published without its credit
  missing_alt: warn
"
    );
    let date = timestamp.date();
    let first = format!(
        "\
---
headline: A first article
timestamp: {}
tags: [dateline]
summary: What an article is made of, and where to go from here.
# photo:
#   src: harbour.jpg # beside this file
#   credit: Ana Reis / Reuters
#   caption: What readers are told about the photo.
#   alt: What the photo shows, for who can't see it.
---
An article is a Markdown file in a folder of `content/`, which is its section. What stands between
the two lines of dashes is about the article: its headline, when it was published, its tags, and who
made its photo.

Write the next one with `dateline new \"A second article\" --section news`, and build the site with
`dateline build`.
",
        timestamp.rfc3339()
    );
    let section = "\
---
headline: News
summary: Everything that happened.
---
";
    vec![
        (CONFIG.to_owned(), config),
        ("content/news/_index.md".to_owned(), section.to_owned()),
        (format!("content/news/{date}-a-first-article.md"), first),
        (
            ".gitignore".to_owned(),
            "/public/\n/.dateline/\n".to_owned(),
        ),
    ]
}
