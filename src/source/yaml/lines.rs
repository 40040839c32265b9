//! Lines `Key: value` become the same nodes as YAML's.

use super::{Entry, Node, Span, Value};
use crate::source::text;
use std::ops::Range;

/// Reads the lines at `range` of `source`.
pub(super) fn load(source: &str, range: Range<usize>) -> Node<'_> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    for line in text::lines(&source[..range.end], range.start) {
        match (line.text.split_once(':'), entries.last_mut()) {
            (_, Some(above)) if line.text.starts_with([' ', '\t']) => {
                if let Value::Text(text) = &mut above.node.value {
                    text.to_mut().push(' ');
                    text.to_mut().push_str(line.text.trim());
                }
            }
            (Some((key, value)), _) => {
                let start = value.len() - value.trim_start().len();
                let value_at = line.at + key.len() + 1 + start;
                let value = value.trim();
                let mut node = Node::new(Value::Text(value.into()));
                node.at = span(value_at, value.len());
                entries.push(Entry {
                    key: key.into(),
                    key_at: span(line.at, key.len()),
                    node,
                });
            }
            (None, _) => {}
        }
    }
    let mut root = Node::new(Value::Map(entries));
    root.at = span(range.start, 0);
    root
}

fn span(at: usize, length: usize) -> Span {
    (at as u32, (at + length) as u32)
}
