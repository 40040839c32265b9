//! Who wrote an article: a list of names, a map, or a byline such as
//! `Ana Reis and Bo Lind of The Harbour Gazette`.

use super::values::text;
use crate::base::diagnostic::Diagnostic;
use crate::source::byline;
use crate::source::yaml::{Entry, Faults, Node, Value};
use rapidhash::RapidHashSet;
use std::fmt::Display;

/// Reads authors, without repetitions. A list names one author with each item; a single text is
/// a byline.
pub(super) fn read<'a>(
    what: &dyn Display,
    node: &Node<'a>,
    faults: &mut Faults<'a>,
) -> Vec<String> {
    let mut authors: Vec<String> = Vec::new();
    let mut seen = RapidHashSet::default();
    let mut push = |name: String| {
        if seen.insert(name.clone()) {
            authors.push(name);
        }
    };
    match &node.value {
        Value::List(items) => {
            for item in items {
                match &item.value {
                    Value::Map(entries) => named(what, item, entries, faults).map(&mut push),
                    Value::Text(name) if name.trim().is_empty() => {
                        let fault = Diagnostic::error(format!("{what} has an empty item"));
                        let fault = fault.at(faults.place(item.at));
                        faults.push(fault.hint("remove it, or write a name"));
                        None
                    }
                    _ => text(what, item, faults).map(&mut push),
                };
            }
        }
        Value::Map(entries) => {
            named(what, node, entries, faults).map(&mut push);
        }
        _ => {
            if let Some(byline) = text(what, node, faults) {
                let named = byline::contributors(&byline).into_iter();
                named.map(|one| one.name).for_each(push);
            }
        }
    }
    authors
}

fn named<'a>(
    what: &dyn Display,
    node: &Node<'a>,
    entries: &[Entry<'a>],
    faults: &mut Faults<'a>,
) -> Option<String> {
    let name = entries
        .iter()
        .find(|entry| entry.key.eq_ignore_ascii_case("name"));
    match name {
        Some(name) => text(&format_args!("{what}.name"), &name.node, faults),
        None => {
            faults.error(node.at, format!("{what} has an author without a `name`"));
            None
        }
    }
}
