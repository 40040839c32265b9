//! The manual's reference pages, made from the tables that the program itself works by.
//!
//! [`reference()`] lists what a template can say, [`keys()`] what front matter and the site's files
//! can. The sample site keeps both under `content/manual/`; a test fails where they differ from
//! what is made here.

use super::filters::{Documented, FILTERS, TESTS};
use super::functions::FUNCTIONS;
use super::kind::Kind;
use super::variable::{self, CARD, Pages, Record, VARIABLES};
use crate::source::schema::{self, Key};
use crate::source::{config, front_matter, theme_meta};
use std::fmt::Write as _;

/// Returns the page `content/manual/reference.md`: kinds of pages, variables and their fields,
/// functions, filters and tests, in Markdown with front matter.
pub fn reference() -> String {
    let mut page = front(
        "Template reference",
        110,
        "Every variable, function, filter and test that a template of dateline can use, with an example of each filter.",
    );
    page.push_str(
        "This page is made from the tables that the program itself works by: a template that says \
         anything else is refused when the theme is loaded. [Make a theme](theme.md) explains how a \
         theme is put together.\n",
    );
    kinds(&mut page);
    variables(&mut page);
    records(&mut page);
    functions(&mut page);
    page.push_str(
        "\n## Filters\n\nA filter stands after a value and a bar. An argument that it does not have is an \
         error. The examples are of a site in English whose zone is UTC; the arrow leads to what they \
         print.\n",
    );
    documented(&mut page, FILTERS);
    page.push_str("\n## Tests\n\nA test stands after `is`, or `is not`.\n");
    documented(&mut page, TESTS);
    page
}

/// Returns the page `content/manual/keys.md`: every key of front matter, of `_index.md`, of
/// dateline.yaml and of theme.yaml, in Markdown with front matter.
pub fn keys() -> String {
    let mut page = front(
        "Every key",
        85,
        "Every key of an article, a section, dateline.yaml and theme.yaml, with its other names and what it may be.",
    );
    page.push_str(
        "This page is made from the tables by which the files are read. Case, hyphens and underscores \
         make no difference in front matter: `photo_credit`, `photo-credit` and `photoCredit` are one \
         key.\n\n## An article\n\nOf two names of one key that are given together, dateline's own wins, \
         then the one that stands first here; the other is kept in `extra`. [Front \
         matter](front-matter.md) explains them.\n\n",
    );
    let article: Vec<Key> = front_matter::KEYS.iter().map(|(_, key)| *key).collect();
    list(&mut page, &article);
    page.push_str("\n### A photo\n\nThe keys of `photo`, where it is a map.\n\n");
    list(&mut page, map_of(&article, "photo"));
    page.push_str("\n### A correction\n\nThe keys of each item of `corrections`.\n\n");
    list(&mut page, map_of(&article, "corrections"));
    page.push_str("\n## A section\n\nThe keys of an `_index.md`, which also describes a tag or another term.\n\n");
    list(&mut page, front_matter::SECTION_KEYS);
    page.push_str("\n## dateline.yaml\n\n[Configuration](configuration.md) explains them.\n\n");
    list(&mut page, config::KEYS);
    for key in config::KEYS {
        let keys = map_of(config::KEYS, key.name);
        if !keys.is_empty() {
            let _ = write!(page, "\n### {}\n\n", key.name);
            list(&mut page, keys);
        }
    }
    page.push_str("\n### A target\n\nThe keys of each target of `deploy.targets`, of which one of the first five says what it is. [Deploying](deploying.md) explains them.\n\n");
    list(&mut page, config::target_keys());
    page.push_str("\n## theme.yaml\n\n[Make a theme](theme.md) explains them.\n\n");
    list(&mut page, theme_meta::KEYS);
    page
}

fn front(headline: &str, weight: u32, summary: &str) -> String {
    format!(
        "---\nheadline: {headline}\nweight: {weight}\nauthors: [The dateline project]\nsummary: {summary}\n---\n\n"
    )
}

fn kinds(page: &mut String) {
    page.push_str(
        "\n## Kinds of pages\n\n`page.kind` is the first column. Of the templates of a kind, the first \
         that the theme has makes its pages.\n\n| Kind | Templates |\n|---|---|\n",
    );
    for kind in Kind::ALL {
        let _ = writeln!(page, "| `{}` | {} |", kind.name(), quoted(kind.templates()));
    }
    page.push_str(
        "\nThe pages of a term look for a template named after the taxonomy's singular first, such as \
         `author.html`, and the index of a taxonomy for one named after its key, such as \
         `authors.html`. The later pages of a front page's list look for `home_later.html` first. \
         `template` in front matter goes before all of these.\n",
    );
}

fn variables(page: &mut String) {
    page.push_str(
        "\n## Variables\n\nA variable is null on the pages that it is not for, never undefined, so that \
         `{% if older %}` is right everywhere.\n\n| Variable | Value | On | What it is |\n|---|---|---|---|\n",
    );
    for one in VARIABLES {
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {} |",
            one.name,
            value(one.shape),
            pages(one.pages),
            cell(one.doc)
        );
    }
}

fn records(page: &mut String) {
    page.push_str("\n## Fields\n\nA field can be null where nobody gave a value.\n");
    for record in all_records() {
        let mut title = record.name.to_owned();
        title[..1].make_ascii_uppercase();
        let _ = write!(page, "\n### {title}\n\n");
        let is_longer_card = record.name != CARD.name && record.fields.starts_with(CARD.fields);
        let fields = match is_longer_card {
            true => {
                page.push_str("Every field of a [card](#card), and:\n\n");
                &record.fields[CARD.fields.len()..]
            }
            false => record.fields,
        };
        page.push_str("| Field | Value | What it is |\n|---|---|---|\n");
        for field in fields {
            let _ = writeln!(
                page,
                "| `{}` | {} | {} |",
                field.name,
                value(field.shape),
                cell(field.doc)
            );
        }
    }
}

/// Returns every kind of map, each after the first that leads to it.
fn all_records() -> Vec<&'static Record> {
    let mut found: Vec<&'static Record> = Vec::new();
    let mut open: Vec<variable::Shape> = VARIABLES.iter().rev().map(|one| one.shape).collect();
    while let Some(shape) = open.pop() {
        let (variable::Shape::Map(record) | variable::Shape::List(record)) = shape else {
            continue;
        };
        if found.iter().any(|known| known.name == record.name) {
            continue;
        }
        found.push(record);
        open.extend(record.fields.iter().rev().map(|field| field.shape));
    }
    found
}

fn functions(page: &mut String) {
    page.push_str(
        "\n## Functions\n\nA function looks something up. What it answered is written down with the \
         page, and asked again before the next build leaves the page as it is. Arguments have names: \
         `get_articles(section=\"local\", limit=3)`.\n",
    );
    for function in FUNCTIONS {
        let _ = write!(page, "\n`{}`\n:   {}\n", function.name, function.doc);
        arguments(page, function.arguments.iter().copied());
    }
}

fn documented(page: &mut String, list: &[Documented]) {
    for entry in list {
        let _ = write!(page, "\n`{}`\n:   {}\n", entry.name, entry.doc);
        arguments(
            page,
            entry
                .arguments
                .iter()
                .map(|argument| (argument.name, argument.doc)),
        );
        if entry.result.trim().contains('\n') {
            let result = entry.result.replace('\n', "\n    ");
            let _ = write!(
                page,
                "\n    `{}` →\n\n    ```text\n    {result}\n    ```\n",
                shown(entry.example)
            );
        } else {
            let _ = write!(
                page,
                "\n    `{}` → `{}`\n",
                shown(entry.example),
                entry.result.trim()
            );
        }
    }
}

fn arguments(page: &mut String, list: impl Iterator<Item = (&'static str, &'static str)>) {
    for (at, (name, doc)) in list.enumerate() {
        let space = if at == 0 { "\n" } else { "" };
        let _ = writeln!(page, "{space}    - `{name}`: {doc}");
    }
}

/// Writes a line's end in an example as the template's author would.
fn shown(example: &str) -> String {
    example.replace('\n', "\\n")
}

fn list(page: &mut String, keys: &[Key]) {
    for (at, key) in keys.iter().enumerate() {
        let space = if at == 0 { "" } else { "\n" };
        let kind = kind(key.shape);
        let _ = write!(page, "{space}`{}` *{kind}*\n:   {}\n", key.name, key.doc);
        if !key.also.is_empty() {
            let _ = write!(page, "\n    Also read: {}.\n", quoted(key.also));
        }
    }
}

/// Returns the keys of the map that a key's value is, or may be.
fn map_of(keys: &[Key], name: &str) -> &'static [Key] {
    fn inner(shape: schema::Shape) -> &'static [Key] {
        match shape {
            schema::Shape::Map(keys) => keys,
            schema::Shape::MapOf(shape) | schema::Shape::ListOf(shape) => inner(*shape),
            schema::Shape::Any(shapes) => shapes
                .iter()
                .map(|shape| inner(*shape))
                .find(|keys| !keys.is_empty())
                .unwrap_or_default(),
            _ => &[],
        }
    }
    schema::find(keys, name)
        .map(|key| inner(key.shape))
        .unwrap_or_default()
}

fn kind(shape: schema::Shape) -> String {
    match shape {
        schema::Shape::Text => "text".to_owned(),
        schema::Shape::Truth => "`true` or `false`".to_owned(),
        schema::Shape::Integer(i64::MIN, i64::MAX) => "whole number".to_owned(),
        schema::Shape::Integer(least, most) => format!("{least} to {most}"),
        schema::Shape::Amount => "amount".to_owned(),
        schema::Shape::Timestamp => "timestamp".to_owned(),
        schema::Shape::Choice(words) => quoted(words),
        schema::Shape::Texts => "text or list of texts".to_owned(),
        schema::Shape::Map(_) | schema::Shape::MapOf(_) => "map".to_owned(),
        schema::Shape::ListOf(shape) => match shape {
            schema::Shape::Any(shapes) => {
                let kinds: Vec<String> = shapes
                    .iter()
                    .map(|shape| format!("{}s", kind(*shape)))
                    .collect();
                format!("list of {}", kinds.join(" or "))
            }
            shape => format!("list of {}s", kind(*shape)),
        },
        schema::Shape::Any(shapes) => {
            let kinds: Vec<String> = shapes.iter().map(|shape| kind(*shape)).collect();
            kinds.join(", or ")
        }
        schema::Shape::Free => "anything".to_owned(),
        schema::Shape::FreeMap => "map".to_owned(),
    }
}

fn value(shape: variable::Shape) -> String {
    let linked = |record: &Record| format!("[{}](#{})", record.name, record.name.replace(' ', "-"));
    match shape {
        variable::Shape::Text => "text".to_owned(),
        variable::Shape::Html => "HTML".to_owned(),
        variable::Shape::Number => "number".to_owned(),
        variable::Shape::Bool => "`true` or `false`".to_owned(),
        variable::Shape::Timestamp => "timestamp".to_owned(),
        variable::Shape::Free => "anything".to_owned(),
        variable::Shape::Map(record) => linked(record),
        variable::Shape::List(record) => format!("list of {}", linked(record)),
    }
}

fn pages(pages: Pages) -> String {
    match pages {
        Pages::All => "every page".to_owned(),
        Pages::Articles => "articles".to_owned(),
        Pages::Lists => "lists of articles".to_owned(),
        Pages::Only(kind) => format!("`{}`", kind.name()),
        Pages::Sections => "sections and their articles".to_owned(),
        Pages::Taxonomies => "`term`, `terms`".to_owned(),
    }
}

/// Writes a text for a cell of a table, where a bar would end it.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn quoted(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}
