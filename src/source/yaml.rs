//! A located document: YAML or TOML as nodes that know where they are written.
//!
//! Values are read by `serde_yaml` and `toml`, and without them where nothing is unusual; this file promises what they do not: a document
//! can't exhaust memory or the stack, every fault of it has its line, and a scalar is available
//! as its author wrote it (`1.10`, `0x1F`, `True`) where a text is meant. Nothing in a document
//! is ever run: tags are refused.
//!
//! Reading is done at most twice. The first reading knows the places of keys and texts, which is
//! enough for a document without faults; only where a fault needs an exact place, or a text is
//! meant and `2024` is written, the document is read again with the place and the written form of
//! every scalar.

mod faults;
mod lines;
mod load;
mod settle;
mod syntax;
mod tables;
mod usual;
mod write;

pub use faults::{Faults, truth};
pub use write::{Plain, write};

use crate::base::diagnostic::{Diagnostic, Place};
use crate::source::article::Data;
use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

/// Bytes of a file: where something begins and ends.
pub type Span = (u32, u32);

/// The languages that a document can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// YAML 1.2 with its core schema: `true` is a truth value, `yes` is a text.
    Yaml,
    /// TOML 1.1.
    Toml,
    /// Lines `Key: value`, all of them texts; indented lines go on with the one above.
    Lines,
}

/// A value and where it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Node<'a> {
    /// The value.
    pub value: Value<'a>,
    /// Where it is written: its own bytes where they are known, else its key's.
    pub at: Span,
    /// A number or a truth value as its author wrote it.
    written: Option<&'a str>,
    /// A tag that no value may have, such as `!python/object`.
    tag: Option<Box<str>>,
}

/// The kinds of values.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number of 64 bits.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// A text.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Node<'a>>),
    /// A map, in the order written, without duplicate keys.
    Map(Vec<Entry<'a>>),
}

/// A key of a map and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry<'a> {
    /// The key, as written.
    pub key: Cow<'a, str>,
    /// Where the key is written.
    pub key_at: Span,
    /// The value.
    pub node: Node<'a>,
}

/// Finds the meaning of the document at `range` of the file `path`, whose whole text is `source`.
///
/// `interpret` gets the document's root and pushes every fault that it finds; it must be a
/// function of the root alone, as it may be called a second time with exact places. Returns none
/// where the document is not well-formed or too large: more than [`LONGEST_DOCUMENT`] bytes,
/// [`DEEPEST_NESTING`] levels, or aliases that make it larger than what is written.
pub fn interpret<'a, T>(
    path: &'a str,
    source: &'a str,
    range: Range<usize>,
    language: Language,
    interpret: impl Fn(&Node<'a>, &mut Faults<'a>) -> T,
) -> (Option<T>, Vec<Diagnostic>) {
    let new_faults = |is_exact| Faults {
        path,
        source,
        list: Vec::new(),
        is_exact,
        is_vague: Cell::new(false),
    };
    if let Some(refusal) = too_large(path, source, &range) {
        return (None, vec![refusal]);
    }
    let mut faults = new_faults(language != Language::Yaml);
    let mut root = match language {
        Language::Yaml => match load::load(path, source, range.clone(), None) {
            Ok(root) => root,
            Err(refusal) => return (None, vec![refusal]),
        },
        Language::Lines => lines::load(source, range.clone()),
        Language::Toml => match tables::load(path, source, range.clone()) {
            Ok(root) => root,
            Err(refusals) => return (None, refusals),
        },
    };
    faults.settle(&mut root);
    let meaning = interpret(&root, &mut faults);
    if faults.is_exact || (faults.list.is_empty() && !faults.is_vague.get()) {
        return (Some(meaning), faults.list);
    }
    let mut faults = new_faults(true);
    let exact = load::load(path, source, range.clone(), None)
        .and_then(|shape| load::load(path, source, range, Some(&shape)));
    let mut root = match exact {
        Ok(root) => root,
        Err(refusal) => return (None, vec![refusal]),
    };
    faults.settle(&mut root);
    let meaning = interpret(&root, &mut faults);
    (Some(meaning), faults.list)
}

/// The longest document that is read, in bytes.
pub const LONGEST_DOCUMENT: usize = 1_000_000;

/// The deepest nesting of lists and maps that is read.
pub const DEEPEST_NESTING: usize = 64;

/// The most faults that are told of one document.
pub const MOST_FAULTS: usize = 100;

/// Refuses what would cost more than its worth to hand to a parser: too many bytes, or brackets
/// that open without end, on which parsers spend time quadratic in their number. Brackets are
/// counted wherever they stand, so the limit is above what texts contain.
fn too_large(path: &str, source: &str, range: &Range<usize>) -> Option<Diagnostic> {
    const MOST_OPEN_BRACKETS: usize = 4 * DEEPEST_NESTING;
    let text = &source[range.clone()];
    if text.len() > LONGEST_DOCUMENT {
        let message = format!(
            "front matter and configuration may have {LONGEST_DOCUMENT} bytes, this has {}",
            text.len()
        );
        return Some(
            Diagnostic::error(message)
                .at(Place::range(path, source, range.start..range.start))
                .hint("move long texts into the body or into a file of `data/`"),
        );
    }
    let mut open = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        if open > MOST_OPEN_BRACKETS {
            let at = range.start + at;
            return Some(too_deep().at(Place::range(path, source, at..at + 1)));
        }
    }
    None
}

fn too_deep() -> Diagnostic {
    Diagnostic::error(format!(
        "lists and maps are nested more than {DEEPEST_NESTING} levels deep"
    ))
}

impl<'a> Node<'a> {
    fn new(value: Value<'a>) -> Self {
        Self {
            value,
            at: UNKNOWN,
            written: None,
            tag: None,
        }
    }

    /// Tells whether there is no value.
    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }

    /// Returns what the value is called in messages, such as "a list".
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Integer(_) | Value::Float(_) => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }

    /// Returns the entries of a map.
    pub fn entries(&self) -> Option<&[Entry<'a>]> {
        match &self.value {
            Value::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// Returns the value under a key of a map, null ones excepted.
    pub fn entry(&self, key: &str) -> Option<&Node<'a>> {
        let entry = self.entries()?.iter().find(|entry| entry.key == key)?;
        (!entry.node.is_null()).then_some(&entry.node)
    }

    /// Returns the value without its places.
    pub fn to_data(&self) -> Data {
        match &self.value {
            Value::Null => Data::Null,
            Value::Bool(value) => Data::Bool(*value),
            Value::Integer(value) => Data::Integer(*value),
            Value::Float(value) => Data::Float(*value),
            Value::Text(text) => Data::Text(text.to_string()),
            Value::List(items) => Data::List(items.iter().map(Node::to_data).collect()),
            Value::Map(entries) => Data::Map(
                entries
                    .iter()
                    .map(|entry| (entry.key.to_string(), entry.node.to_data()))
                    .collect(),
            ),
        }
    }
}

/// The place of what has none of its own; it gets its parent's when a document is settled.
const UNKNOWN: Span = (u32::MAX, u32::MAX);
