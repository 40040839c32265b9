//! TOML's text becomes the same nodes as YAML's.

use super::{DEEPEST_NESTING, Entry, Node, Span, Value, too_deep};
use crate::base::diagnostic::{Diagnostic, Place};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Reads the document at `range` of `source`; dates and times are texts, as written.
pub(super) fn load<'a>(
    path: &str,
    source: &'a str,
    range: Range<usize>,
) -> Result<Node<'a>, Vec<Diagnostic>> {
    let text = &source[range.clone()];
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let explained = errors.iter().take(super::MOST_FAULTS).map(|error| {
            let at = error.span().unwrap_or(0..0);
            let at = range.start + at.start..range.start + at.end;
            Diagnostic::error(format!("this is not TOML: {}", first_line(error.message())))
                .at(Place::range(path, source, at))
        });
        return Err(explained.collect());
    }
    let reader = Reader {
        source,
        start: range.start,
    };
    let at = reader.span(&table.span());
    reader
        .table(table.into_inner(), at, 0)
        .map_err(|(start, end)| {
            let place = Place::range(path, source, start as usize..end as usize);
            vec![too_deep().at(place)]
        })
}

fn first_line(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    let mut letters = line.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

struct Reader<'a> {
    source: &'a str,
    start: usize,
}

impl<'a> Reader<'a> {
    fn span(&self, range: &Range<usize>) -> Span {
        (
            (self.start + range.start) as u32,
            (self.start + range.end) as u32,
        )
    }

    /// Reads a table; fails with the place of what is nested too deep.
    fn table(&self, table: DeTable<'a>, at: Span, depth: usize) -> Result<Node<'a>, Span> {
        let entries = table
            .into_iter()
            .map(|(key, value)| {
                let key_at = self.span(&key.span());
                let node = self.value(value, key_at, depth + 1)?;
                Ok(Entry {
                    key: key.into_inner(),
                    key_at,
                    node,
                })
            })
            .collect::<Result<_, Span>>()?;
        Ok(located(Value::Map(entries), at))
    }

    fn value(
        &self,
        value: Spanned<DeValue<'a>>,
        key_at: Span,
        depth: usize,
    ) -> Result<Node<'a>, Span> {
        let at = self.span(&value.span());
        if depth > DEEPEST_NESTING {
            return Err(at);
        }
        let written = &self.source[at.0 as usize..at.1 as usize];
        let mut node = match value.into_inner() {
            DeValue::String(text) => located(Value::Text(text), at),
            DeValue::Boolean(value) => located(Value::Bool(value), at),
            DeValue::Integer(value) => {
                let integer = i64::from_str_radix(value.as_str(), value.radix());
                let float = || value.as_str().parse().map_or(f64::NAN, |value| value);
                located(
                    integer.map_or_else(|_| Value::Float(float()), Value::Integer),
                    at,
                )
            }
            DeValue::Float(value) => {
                let value = value.as_str().parse().unwrap_or(f64::NAN);
                located(Value::Float(value), at)
            }
            DeValue::Datetime(_) => located(Value::Text(written.into()), at),
            DeValue::Array(items) => {
                let items = items
                    .into_iter()
                    .map(|item| self.value(item, key_at, depth + 1))
                    .collect::<Result<_, Span>>()?;
                located(Value::List(items), key_at)
            }
            DeValue::Table(table) => self.table(table, key_at, depth)?,
        };
        node.written = Some(written);
        Ok(node)
    }
}

fn located(value: Value<'_>, at: Span) -> Node<'_> {
    Node {
        at,
        ..Node::new(value)
    }
}
