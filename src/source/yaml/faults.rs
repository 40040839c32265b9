//! The faults of a document, and its values as what is meant: a text, a truth, a number.

use super::{Entry, MOST_FAULTS, Node, Span, Value};
use crate::base::diagnostic::{Diagnostic, Place};
use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

/// The faults of a document, gathered while its meaning is found.
#[derive(Debug)]
pub struct Faults<'a> {
    pub(super) path: &'a str,
    pub(super) source: &'a str,
    pub(super) list: Vec<Diagnostic>,
    pub(super) is_exact: bool,
    pub(super) is_vague: Cell<bool>,
}

impl<'a> Faults<'a> {
    /// Adds a fault or a warning; after [`MOST_FAULTS`] the document is refused anyway, and more
    /// would only bury the first ones.
    pub fn push(&mut self, fault: Diagnostic) {
        if self.list.len() < MOST_FAULTS {
            self.list.push(fault);
        }
    }

    /// Adds an error at a place.
    pub fn error(&mut self, at: Span, message: impl Into<String>) {
        self.push(Diagnostic::error(message).at(self.place(at)));
    }

    /// Names a stretch of the file.
    pub fn place(&self, at: Span) -> Place {
        if self.is_exact && self.list.len() < MOST_FAULTS {
            Place::range(self.path, self.source, at.0 as usize..at.1 as usize)
        } else {
            Place::file(self.path)
        }
    }

    /// Names the place of a value, for those who judge it after the document was read; its line is
    /// right also on the first reading.
    pub fn place_of(&self, node: &Node<'_>) -> Place {
        Place::range(
            self.path,
            self.source,
            node.at.0 as usize..node.at.1 as usize,
        )
    }

    /// Returns the file's path from the site's root.
    pub fn path(&self) -> &'a str {
        self.path
    }

    /// Returns a scalar as written. `what` names it in the fault that a list or a map is; null is
    /// none without a fault.
    pub fn text(&mut self, what: &dyn fmt::Display, node: &Node<'a>) -> Option<Cow<'a, str>> {
        match &node.value {
            Value::Null => None,
            Value::Text(text) => Some(text.clone()),
            Value::Bool(_) | Value::Integer(_) | Value::Float(_) => {
                if !self.is_exact {
                    self.is_vague.set(true);
                }
                node.written.map(Cow::Borrowed)
            }
            Value::List(_) | Value::Map(_) => {
                self.wrong_kind(what, "a text", node);
                None
            }
        }
    }

    /// Returns a truth value; `yes`, `no`, `on`, `off`, `1` and `0` are understood as well.
    pub fn truth(&mut self, what: &dyn fmt::Display, node: &Node<'a>) -> Option<bool> {
        let truth = match &node.value {
            Value::Null => return None,
            Value::Bool(value) => Some(*value),
            Value::Integer(value @ (0 | 1)) => Some(*value == 1),
            Value::Text(text) => truth(text),
            _ => None,
        };
        if truth.is_none() {
            self.wrong_kind(what, "true or false", node);
        }
        truth
    }

    /// Returns a whole number; one in quotes is understood as well.
    pub fn integer(&mut self, what: &dyn fmt::Display, node: &Node<'a>) -> Option<i64> {
        let integer = match &node.value {
            Value::Null => return None,
            Value::Integer(value) => Some(*value),
            Value::Text(text) => text.trim().parse().ok(),
            _ => None,
        };
        if integer.is_none() {
            self.wrong_kind(what, "a whole number", node);
        }
        integer
    }

    /// Returns the entries of a map.
    pub fn map<'n>(&mut self, what: &dyn fmt::Display, node: &'n Node<'a>) -> &'n [Entry<'a>] {
        if node.entries().is_none() && !node.is_null() {
            self.wrong_kind(what, "a map", node);
        }
        node.entries().unwrap_or_default()
    }

    /// Returns the items of a list; a single value is a list of one, and null an empty one.
    pub fn items<'n>(&self, node: &'n Node<'a>) -> &'n [Node<'a>] {
        match &node.value {
            Value::Null => &[],
            Value::List(items) => items,
            _ => std::slice::from_ref(node),
        }
    }

    /// Adds the fault that a value is of another kind than what is meant.
    pub fn wrong_kind(&mut self, what: &dyn fmt::Display, expected: &str, node: &Node<'_>) {
        let found = match &node.value {
            Value::Text(text) if text.chars().count() <= 40 => format!("the text `{text}`"),
            Value::Bool(value) => format!("`{value}`"),
            Value::Integer(value) => format!("`{value}`"),
            Value::Float(value) => format!("`{value}`"),
            _ => node.kind().to_owned(),
        };
        let message = format!("{what} must be {expected}, not {found}");
        let fault = Diagnostic::error(message).at(self.place(node.at));
        let is_many = matches!(node.value, Value::List(_) | Value::Map(_));
        self.push(match expected {
            "true or false" => fault.hint("write `true` or `false`"),
            "a whole number" => fault.hint("write digits alone, such as `3`"),
            _ if expected.starts_with("a map") => {
                fault.hint("write its keys below it, each on a line of its own and indented")
            }
            "a text" if is_many => {
                fault.hint("write one value, in quotes if it begins with a bracket or a brace")
            }
            _ => fault,
        });
    }
}

/// Reads the words for true and false that people write.
pub fn truth(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "y" | "1" => Some(true),
        "false" | "no" | "off" | "n" | "0" => Some(false),
        _ => None,
    }
}
