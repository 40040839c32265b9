//! `_index.md`: what a section, or a term of a taxonomy, says of itself.

use super::keys::{Names, SECTION_KEYS, names, squashed};
use super::values::{Single, from_root, text, text_or_empty, texts};
use super::{Unknown, interpret, picture, split};
use crate::base::diagnostic::Diagnostic;
use crate::source::article::Data;
use crate::source::photo::Photo;
use crate::source::yaml::{Entry, Faults, Node, Span};
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::ops::Range;
use std::sync::LazyLock;

/// What an `_index.md` says before its text.
#[derive(Debug, Clone, PartialEq)]
pub struct SectionFront {
    /// What the keys say.
    pub meta: SectionMeta,
    /// Where the text is: bytes from the file's beginning.
    pub body: Range<usize>,
    /// Top-level keys that dateline does not know; they are kept in `extra`.
    pub unknown: Vec<Unknown>,
}

/// What the front matter of a section's or a term's `_index.md` says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SectionMeta {
    /// What it is called, where that is not its folder's name.
    pub headline: Option<String>,
    /// What it is about, as written: Markdown without blocks.
    pub summary: Option<String>,
    /// Its picture.
    pub photo: Option<Photo>,
    /// What comes first in its list.
    pub order: Order,
    /// Articles on a page of its list, where that is not the site's number; 1 to 1000.
    pub per_page: Option<usize>,
    /// The template, where it is not the one for its kind.
    pub template: Option<String>,
    /// Addresses that lead here.
    pub aliases: Vec<String>,
    /// What it and its translations have in common, where that is not the folder's name.
    pub translation_key: Option<String>,
    /// Everything under `extra`, and unknown keys: data for the theme.
    pub extra: Data,
    /// Where the values that other stages may find fault with stand in the file: key, such as
    /// `template` or `aliases[0]`, and bytes from the file's beginning.
    pub places: Vec<(String, Span)>,
}

/// What comes first in a section's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Order {
    /// The latest article.
    #[default]
    Newest,
    /// The earliest article.
    Oldest,
    /// The article of the least weight.
    Weight,
    /// The first headline of the alphabet.
    Headline,
}

/// The orders, as written; the last two are Zola's.
pub(super) const ORDERS: &[&str] = &["newest", "oldest", "weight", "headline", "date", "title"];

/// Reads the front matter of the `_index.md` at `path`, whose text is `source`. A file without
/// front matter is a description without settings.
pub fn parse_section(path: &str, source: &str) -> (Option<SectionFront>, Vec<Diagnostic>) {
    let parts = match split(path, source) {
        Ok(parts) => parts,
        Err(fault) => return (None, vec![fault]),
    };
    let (meaning, faults) = interpret(path, source, &parts, read);
    let front = meaning
        .filter(|_| !faults.iter().any(Diagnostic::is_error))
        .map(|(meta, unknown)| SectionFront {
            meta,
            body: parts.body.clone(),
            unknown,
        });
    (front, faults)
}

static NAMES: LazyLock<Names<&'static str>> =
    LazyLock::new(|| names(SECTION_KEYS.iter().map(|key| (key.name, key))));

fn read<'a>(root: &Node<'a>, faults: &mut Faults<'a>) -> (SectionMeta, Vec<Unknown>) {
    let mut meta = SectionMeta::default();
    let mut unknown = Vec::new();
    let mut extra = Vec::new();
    let mut taken: Vec<&str> = Vec::new();
    let entries = faults.map(&"front matter", root);
    let mut ranked: Vec<_> = entries
        .iter()
        .filter(|entry| !entry.node.is_null())
        .map(|entry| (NAMES.get(&squashed(&entry.key)).copied(), entry))
        .collect();
    ranked.sort_by_key(|(known, _)| known.map_or(usize::MAX, |(_, rank)| rank));
    for (known, entry) in ranked {
        match known {
            Some(("extra", _)) => {
                let more = faults.map(&format_args!("`{}`", entry.key), &entry.node);
                extra.extend(more.iter().map(as_extra));
            }
            Some((name, _)) if !taken.contains(&name) => {
                taken.push(name);
                meta.set(name, entry, &mut extra, faults);
            }
            Some(_) => extra.push(as_extra(entry)),
            None => {
                unknown.push(Unknown {
                    key: entry.key.to_string(),
                    at: entry.key_at,
                });
                extra.push(as_extra(entry));
            }
        }
    }
    if !extra.is_empty() {
        meta.extra = Data::Map(extra);
    }
    (meta, unknown)
}

fn as_extra(entry: &Entry<'_>) -> (String, Data) {
    (entry.key.to_string(), entry.node.to_data())
}

impl SectionMeta {
    fn set<'a>(
        &mut self,
        name: &str,
        entry: &Entry<'a>,
        extra: &mut Vec<(String, Data)>,
        faults: &mut Faults<'a>,
    ) {
        let node = &entry.node;
        let quoted = format!("`{}`", entry.key);
        let what: &dyn Display = &quoted;
        match name {
            "headline" => self.headline = text(what, node, faults),
            "summary" => self.summary = text(what, node, faults),
            "photo" => {
                let picture = picture::read(&entry.key, node, faults);
                if !picture.rest.is_empty() {
                    extra.push((entry.key.to_string(), Data::Map(picture.rest)));
                }
                if !picture.photo.src.is_empty() {
                    let at = picture.photo.at.unwrap_or(node.at);
                    self.places.push(("photo.src".to_owned(), at));
                    self.photo = Some(picture.photo);
                }
            }
            "order" => self.order = order(node, faults).unwrap_or_default(),
            "per_page" => {
                self.per_page = match faults.integer(what, node) {
                    Some(number @ 1..=1000) => Some(number as usize),
                    // Zola's default, which stands for no pages.
                    Some(0) | None => None,
                    Some(number) => {
                        let message = format!("{what} must be from 1 to 1000, not {number}");
                        faults.error(node.at, message);
                        None
                    }
                }
            }
            "template" => {
                self.template = text(what, node, faults);
                self.places.push(("template".to_owned(), node.at));
            }
            "translation_key" => self.translation_key = text(what, node, faults),
            _ => {
                let aliases = texts(what, node, Single::Commas, faults);
                for (at, (alias, node)) in aliases.into_iter().enumerate() {
                    self.places.push((format!("aliases[{at}]"), node.at));
                    self.aliases.push(from_root(alias));
                }
            }
        }
    }
}

fn order<'a>(node: &Node<'a>, faults: &mut Faults<'a>) -> Option<Order> {
    let written = text_or_empty(&"`order`", node, faults)?;
    match written.to_ascii_lowercase().as_str() {
        "" | "none" | "newest" | "date" | "update_date" => Some(Order::Newest),
        "oldest" => Some(Order::Oldest),
        "weight" => Some(Order::Weight),
        "headline" | "title" | "title_bytes" => Some(Order::Headline),
        _ => {
            let place = faults.place(node.at);
            faults.push(
                Diagnostic::error(format!("`{written}` is not an order of articles"))
                    .at(place)
                    .suggest(&written, ORDERS.iter().copied())
                    .hint("write `newest`, `oldest`, `weight` or `headline`"),
            );
            None
        }
    }
}
