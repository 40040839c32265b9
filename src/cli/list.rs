//! `dateline list`.

use super::exit::{Exit, Failure};
use super::progress::Bar;
use super::site::{self, Shown};
use super::table::table;
use super::terminal::Terminal;
use super::{Global, interrupt};
use crate::archive::{Archive, ArticleId, Hidden, Visibility, makers};
use crate::base::diagnostic::Diagnostic;
use crate::base::timestamp::Timestamp;
use crate::plan;
use crate::session;
use clap::ValueEnum;
use serde_json::{Value, json};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

const EXAMPLES: &str = "\
Examples:
  dateline list                     every article, the newest first
  dateline list scheduled           what is to be published, the next first
  dateline list tags --json         tags with the number of their articles
  dateline list credits --csv       credits of photos, and what is read in them
  dateline list urls -D             every address, those of drafts too";

/// List articles, tags, sections or addresses
///
/// The whole site is read, nothing is written. Where files have errors, they are left out and the
/// errors are shown.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// What to list
    #[arg(value_enum, default_value_t = What::Articles)]
    what: What,
    /// Write comma-separated values, with a line of names first
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    #[command(flatten)]
    shown: Shown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// Articles, the newest first
    Articles,
    /// Articles that say `draft: true`
    Drafts,
    /// Articles that are to be published later, the next first
    Scheduled,
    /// Articles that are no longer shown
    Expired,
    /// Tags with the number of their articles
    Tags,
    /// Authors with the number of their articles
    Authors,
    /// Sections with the number of their articles
    Sections,
    /// Every credit of a photo with the number of its articles, and what is read in it
    Credits,
    /// The address of every file of the site
    Urls,
}

/// Lists what was asked for.
pub(super) fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let asked = args.shown.visibility()?;
    let reason = match args.what {
        What::Drafts => Some(Hidden::Draft),
        What::Scheduled => Some(Hidden::Scheduled),
        What::Expired => Some(Hidden::Expired),
        _ => None,
    };
    let all = Visibility {
        drafts: true,
        future: true,
        expired: true,
        ..asked
    };
    let options = site::options(global, terminal, if reason.is_some() { all } else { asked })?;
    interrupt::listen();
    let mut loaded = session::read(&options, &Bar::new(terminal))?;
    let archive = &loaded.archive;
    let list = match args.what {
        What::Articles => articles(archive, |_| true, true),
        What::Drafts | What::Scheduled | What::Expired => {
            let strict = Visibility {
                drafts: false,
                future: false,
                expired: false,
                ..asked
            };
            articles(
                archive,
                |id| strict.hides(&archive.article(id).article) == reason,
                false,
            )
        }
        What::Tags => terms(archive, "tags"),
        What::Authors => terms(archive, "authors"),
        What::Sections => sections(archive),
        What::Credits => credits(archive),
        What::Urls => match &loaded.theme {
            Some(theme) => {
                let (plan, mut faults) = plan::plan(archive, theme);
                session::locate(&options.root, &mut faults);
                loaded.diagnostics.append(&mut faults);
                urls(archive, &plan)
            }
            None => List::default(),
        },
    };
    // What is doubtful is for `build` to say.
    let errors: Vec<Diagnostic> = loaded
        .diagnostics
        .into_iter()
        .filter(Diagnostic::is_error)
        .collect();
    if terminal.is_json {
        terminal.out_json(&list.values);
    } else if args.csv {
        terminal.out(&csv(&list.values));
    } else {
        terminal.out(&table(&list.rows));
    }
    terminal.diagnostics(&errors);
    Ok(if errors.is_empty() {
        Exit::Fine
    } else {
        Exit::Site
    })
}

/// The same things for people and for programs.
#[derive(Default)]
struct List {
    rows: Vec<Vec<String>>,
    values: Vec<Value>,
}

impl List {
    fn of(items: impl Iterator<Item = (Vec<String>, Value)>) -> Self {
        let (rows, values) = items.unzip();
        Self { rows, values }
    }
}

fn articles(
    archive: &Archive,
    is_meant: impl Fn(ArticleId) -> bool,
    is_newest_first: bool,
) -> List {
    let mut ids: Vec<ArticleId> = (0..archive.articles.len() as u32)
        .map(ArticleId)
        .filter(|id| is_meant(*id))
        .collect();
    if is_newest_first {
        ids.reverse();
    }
    List::of(ids.into_iter().map(|id| {
        let one = archive.article(id);
        let (article, meta) = (&one.article, &one.article.meta);
        let section = &archive.sections[one.section].path;
        let row = vec![
            meta.timestamp
                .as_ref()
                .map_or_else(|| "-".to_owned(), minute),
            meta.headline.clone(),
            article.path.clone(),
        ];
        let written = |timestamp: &Option<Timestamp>| timestamp.as_ref().map(Timestamp::rfc3339);
        let value = json!({
            "path": article.path,
            "url": archive.permalink(&one.route),
            "headline": meta.headline,
            "timestamp": written(&meta.timestamp),
            "updated": written(&meta.updated),
            "expires": written(&meta.expires),
            "draft": meta.draft,
            "section": section,
            "tags": meta.tags,
            "authors": meta.authors,
            "words": article.outline.words,
        });
        (row, value)
    }))
}

/// Writes a timestamp as far as its minute.
fn minute(timestamp: &Timestamp) -> String {
    let text = timestamp.rfc3339().replace('T', " ");
    text.chars().take("2024-11-21 16:32".len()).collect()
}

fn terms(archive: &Archive, key: &str) -> List {
    let terms = archive.groups_of(key).flat_map(|group| &group.terms);
    List::of(terms.map(|term| {
        let count = term.articles.len();
        let url = archive.permalink(&term.route);
        let value = json!({ "name": term.name, "slug": term.slug, "url": url, "articles": count });
        (
            vec![
                format!("{count:>6}"),
                term.name.clone(),
                term.route.url_path().to_string(),
            ],
            value,
        )
    }))
}

/// Lists the credits of the photos that articles show, the most frequent first.
fn credits(archive: &Archive) -> List {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for one in &archive.articles {
        let photos = makers::photos(&archive.notes, &archive.files, &one.article);
        let credits: BTreeSet<String> = photos.filter_map(|photo| photo.credit.clone()).collect();
        for credit in credits {
            *counts.entry(credit).or_default() += 1;
        }
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    List::of(counts.into_iter().map(|(text, count)| {
        let credit = archive.credits.read(&text);
        let value = json!({
            "credit": text,
            "articles": count,
            "kind": credit.kind.name(),
            "creators": credit.creators,
            "agency": credit.agency,
            "distributors": credit.distributors,
            "via": credit.via,
            "client": credit.client,
            "relation": credit.relation.map(|relation| relation.name()),
            "licence": credit.licence,
            "written": credit.written(archive.credits.lexicon()),
        });
        (vec![format!("{count:>6}"), text], value)
    }))
}

/// Writes values as RFC 4180 has it: a line of names, then a line for each; lists are joined by
/// semicolons.
fn csv(values: &[Value]) -> String {
    let cell = |text: &str| match text.contains(['"', ',', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    };
    fn text(value: &Value) -> String {
        match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join("; "),
            other => other.to_string(),
        }
    }
    let rows = values.iter().filter_map(Value::as_object);
    let mut out = String::new();
    for (number, row) in rows.enumerate() {
        if number == 0 {
            let names: Vec<String> = row.keys().map(|name| cell(name)).collect();
            out.push_str(&names.join(","));
            out.push_str("\r\n");
        }
        let cells: Vec<String> = row.values().map(|value| cell(&text(value))).collect();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    out
}

fn sections(archive: &Archive) -> List {
    // The first is the root, which is the home page.
    List::of(archive.sections.iter().skip(1).map(|section| {
        let count = section.articles.len();
        let url = archive.permalink(&section.route);
        let value =
            json!({ "path": section.path, "title": section.title, "url": url, "articles": count });
        (
            vec![
                format!("{count:>6}"),
                section.title.clone(),
                section.path.clone(),
            ],
            value,
        )
    }))
}

fn urls(archive: &Archive, plan: &plan::Plan) -> List {
    List::of(plan.pages.iter().map(|page| {
        let url = archive.permalink(&page.route);
        let value = json!({
            "url": url,
            "kind": page.subject.kind().name(),
            "source": plan::source(archive, &page.subject),
        });
        (vec![url], value)
    }))
}
