//! What holds of every document: each value has a place, no key is given twice, no tag is obeyed,
//! no text holds what HTML forbids.

use super::{Entry, Faults, Node, Span, UNKNOWN, Value};
use crate::base::diagnostic::Diagnostic;
use crate::source::text::is_forbidden;
use std::borrow::Cow;

impl<'a> Faults<'a> {
    /// Gives every value a place, follows merge keys, refuses tags and duplicate keys, and replaces
    /// the control characters that escapes such as `"\0"` bring into texts by U+FFFD.
    pub(super) fn settle(&mut self, root: &mut Node<'a>) {
        if root.at == UNKNOWN {
            root.at = (0, 0);
        }
        self.settle_node(root);
    }

    fn settle_node(&mut self, node: &mut Node<'a>) {
        if let Some(tag) = &node.tag {
            let fault = Diagnostic::error(format!("the tag `!{tag}` is not understood"))
                .at(self.place(node.at))
                .hint("remove the tag, or put the value in quotes");
            self.push(fault);
        }
        let at = node.at;
        match &mut node.value {
            Value::Text(text) => clean(text),
            Value::List(items) => {
                for item in items {
                    if item.at == UNKNOWN {
                        item.at = first_place(item).unwrap_or(at);
                    }
                    self.settle_node(item);
                }
            }
            Value::Map(entries) => {
                for entry in entries.iter_mut() {
                    clean(&mut entry.key);
                    if entry.key_at == UNKNOWN {
                        entry.key_at = at;
                    }
                    if entry.node.at == UNKNOWN {
                        entry.node.at = entry.key_at;
                    }
                    self.settle_node(&mut entry.node);
                }
                self.refuse_duplicates(entries);
                if entries.iter().any(|entry| entry.key == MERGE_KEY) {
                    self.merge(entries);
                }
            }
            _ => {}
        }
    }

    fn refuse_duplicates(&mut self, entries: &mut Vec<Entry<'a>>) {
        let has_duplicates = if entries.len() <= 16 {
            (1..entries.len()).any(|at| entries[..at].iter().any(|e| e.key == entries[at].key))
        } else {
            let mut seen = rapidhash::RapidHashSet::default();
            !entries.iter().all(|entry| seen.insert(entry.key.as_ref()))
        };
        if !has_duplicates {
            return;
        }
        let mut first_places = rapidhash::RapidHashMap::<Cow<'a, str>, Span>::default();
        entries.retain(|entry| {
            let Some(first) = first_places.get(&entry.key) else {
                first_places.insert(entry.key.clone(), entry.key_at);
                return true;
            };
            let fault = Diagnostic::error(format!("the key `{}` is given twice", entry.key))
                .at(self.place(entry.key_at))
                .related("first given here", self.place(*first))
                .hint("keep one of them");
            self.push(fault);
            false
        });
    }

    /// Replaces `<<: *map` by the entries of that map which are not given beside it.
    fn merge(&mut self, entries: &mut Vec<Entry<'a>>) {
        let mut sources = Vec::new();
        entries.retain_mut(|entry| {
            if entry.key != MERGE_KEY {
                return true;
            }
            let value = std::mem::replace(&mut entry.node.value, Value::Null);
            sources.push((entry.key_at, value));
            false
        });
        let mut given: rapidhash::RapidHashSet<Cow<'a, str>> =
            entries.iter().map(|entry| entry.key.clone()).collect();
        for (at, value) in sources {
            let maps = match value {
                Value::List(items) => items.into_iter().map(|item| item.value).collect(),
                value => vec![value],
            };
            for map in maps {
                let Value::Map(merged) = map else {
                    self.error(at, "`<<` must name a map or a list of maps");
                    continue;
                };
                let new = merged
                    .into_iter()
                    .filter(|entry| given.insert(entry.key.clone()));
                entries.extend(new);
            }
        }
    }
}

/// Replaces what no page may hold by U+FFFD.
fn clean(text: &mut Cow<'_, str>) {
    if text.contains(is_forbidden) {
        *text = text.replace(is_forbidden, "\u{FFFD}").into();
    }
}

/// Returns the first place that is known within a list or a map.
fn first_place(node: &Node<'_>) -> Option<Span> {
    let known = |at: Span| (at != UNKNOWN).then_some(at);
    match &node.value {
        Value::List(items) => {
            let first = items.first()?;
            known(first.at).or_else(|| first_place(first))
        }
        Value::Map(entries) => known(entries.first()?.key_at),
        _ => None,
    }
}

/// The key that takes over the entries of another map (YAML 1.1, "Merge Key").
const MERGE_KEY: &str = "<<";
