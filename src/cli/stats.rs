//! `dateline stats`.

use super::build::{SLOWEST, duration};
use super::exit::{Exit, Failure};
use super::progress::Bar;
use super::site::{self, Shown};
use super::table::{bodies, counted, size, table};
use super::terminal::Terminal;
use super::{Global, interrupt};
use crate::archive::{Archive, ArticleId};
use crate::base::diagnostic::Diagnostic;
use crate::session::{self, Profile, PublishedSize};
use serde::Serialize;
use std::collections::BTreeMap;

/// How many tags are named to people; programs get all of them.
const MOST_TAGS: usize = 20;

/// Count articles, words, photos and the output's bytes
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    shown: Shown,
}

#[derive(Serialize)]
struct Statistics {
    articles: usize,
    words: u64,
    sections: Vec<Part>,
    years: Vec<Part>,
    tags: Vec<Part>,
    photos: Photos,
    output: BTreeMap<&'static str, PublishedSize>,
    last_build: Option<Profile>,
}

/// A part of the archive.
#[derive(Serialize)]
struct Part {
    name: String,
    articles: usize,
    words: u64,
}

/// Every picture that an article shows.
#[derive(Default, Serialize)]
struct Photos {
    credited: usize,
    uncredited: usize,
}

/// Counts what there is.
pub(super) fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let options = site::options(global, terminal, args.shown.visibility()?)?;
    interrupt::listen();
    let loaded = session::read(&options, &Bar::new(terminal))?;
    let statistics = Statistics {
        last_build: session::profile(&options)?,
        ..statistics(&loaded.archive, session::published(&options)?)
    };
    let errors: Vec<Diagnostic> = loaded
        .diagnostics
        .into_iter()
        .filter(Diagnostic::is_error)
        .collect();
    match terminal.is_json {
        true => terminal.out_json(&statistics),
        false => terminal.out(&text(&statistics)),
    }
    terminal.diagnostics(&errors);
    Ok(if errors.is_empty() {
        Exit::Fine
    } else {
        Exit::Site
    })
}

fn statistics(archive: &Archive, output: BTreeMap<&'static str, PublishedSize>) -> Statistics {
    let part = |name: &str, ids: &mut dyn Iterator<Item = ArticleId>| {
        let mut part = Part {
            name: name.to_owned(),
            articles: 0,
            words: 0,
        };
        for id in ids {
            part.articles += 1;
            part.words += u64::from(archive.article(id).article.outline.words);
        }
        part
    };
    let mut photos = Photos::default();
    let mut count = |is_credited: bool| match is_credited {
        true => photos.credited += 1,
        false => photos.uncredited += 1,
    };
    for one in &archive.articles {
        one.article
            .meta
            .photo
            .iter()
            .for_each(|photo| count(photo.credit.is_some()));
        one.article
            .outline
            .pictures
            .iter()
            .for_each(|picture| count(picture.credit.is_some()));
    }
    let tags = archive.groups_of("tags").flat_map(|group| &group.terms);
    let mut tags: Vec<Part> = tags
        .map(|term| part(&term.name, &mut term.articles.iter().copied()))
        .collect();
    let mut by_year: BTreeMap<i16, Vec<ArticleId>> = BTreeMap::new();
    for dates in archive.languages.iter().map(|language| &language.dates) {
        for year in &dates.years {
            let articles = by_year.entry(year.year).or_default();
            articles.extend(&dates.order[year.articles.clone()]);
        }
    }
    tags.sort_by_key(|tag| std::cmp::Reverse(tag.articles));
    let all = part("", &mut (0..archive.articles.len() as u32).map(ArticleId));
    Statistics {
        articles: all.articles,
        words: all.words,
        sections: archive
            .sections
            .iter()
            .skip(1)
            .map(|section| part(&section.path, &mut section.articles.iter().copied()))
            .collect(),
        years: by_year
            .into_iter()
            .map(|(year, articles)| part(&year.to_string(), &mut articles.into_iter()))
            .collect(),
        tags,
        photos,
        output,
        last_build: None,
    }
}

fn text(statistics: &Statistics) -> String {
    let Statistics {
        articles,
        words,
        sections,
        years,
        tags,
        photos,
        output,
        last_build,
    } = statistics;
    let mut text = format!(
        "{}, {}\n{}: {} with a credit, {} without\n",
        counted(*articles, "article"),
        counted(*words as usize, "word"),
        counted(photos.credited + photos.uncredited, "photo"),
        photos.credited,
        photos.uncredited,
    );
    for (title, parts) in [
        ("sections", sections.as_slice()),
        ("years", years),
        ("tags", tags),
    ] {
        if parts.is_empty() {
            continue;
        }
        let shown = if title == "tags" {
            MOST_TAGS
        } else {
            parts.len()
        };
        let rows = parts.iter().take(shown).map(|part| {
            vec![
                format!("  {}", part.name),
                format!("{:>8}", part.articles),
                format!("{:>9} words", part.words),
            ]
        });
        text.push_str(&format!("\n{title}\n{}", table(&rows.collect::<Vec<_>>())));
        if parts.len() > shown {
            text.push_str(&format!("  and {} more\n", parts.len() - shown));
        }
    }
    if !output.is_empty() {
        let rows = output.iter().map(|(kind, published)| {
            vec![
                format!("  {kind}"),
                format!("{:>8}", published.files),
                format!("{:>9}", size(published.bytes)),
            ]
        });
        text.push_str(&format!("\noutput\n{}", table(&rows.collect::<Vec<_>>())));
        let files: usize = output.values().map(|published| published.files).sum();
        let bytes: u64 = output.values().map(|published| published.bytes).sum();
        text.push_str(&format!("  {}, {}\n", counted(files, "file"), size(bytes)));
    }
    if let Some(build) = last_build {
        text.push_str(&format!("\nlast build\n{}", profile(build)));
    }
    text
}

/// Says where the time of a build went, and what it could leave as it was.
fn profile(build: &Profile) -> String {
    let mut rows = Vec::new();
    for stage in &build.stages.0 {
        rows.push(vec![
            format!("  {}", stage.name),
            format!("{:>9}", duration(stage.seconds)),
            format!("{:>9} of processors", duration(stage.cpu_seconds)),
        ]);
    }
    for (template, seconds, pages) in build.templates.iter().take(SLOWEST) {
        rows.push(vec![
            format!("  {template}"),
            format!("{:>9}", duration(*seconds)),
            counted(*pages, "page"),
        ]);
    }
    let kept = build.files.saturating_sub(build.rendered);
    format!(
        "{}  {}: {} read, {} parsed; {} rendered with {} that were known, {kept} kept\n",
        table(&rows),
        duration(build.seconds),
        counted(build.read, "file"),
        build.parsed,
        counted(build.rendered, "page"),
        bodies(build.bodies),
    )
}
