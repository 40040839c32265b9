//! Values that several keys share: texts, terms, timestamps, languages.

use crate::base::diagnostic::Diagnostic;
use crate::base::timestamp::{Timestamp, Zone};
use crate::source::yaml::{Faults, Node, Value};
use icu_locale_core::Locale;
use rapidhash::RapidHashSet;
use std::fmt::{self, Display};

/// Returns a text without blanks around it; an empty one is absent.
pub(super) fn text<'a>(
    what: &dyn Display,
    node: &Node<'a>,
    faults: &mut Faults<'a>,
) -> Option<String> {
    let text = faults.text(what, node)?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Returns a text without blanks around it, which may be empty.
pub(super) fn text_or_empty<'a>(
    what: &dyn Display,
    node: &Node<'a>,
    faults: &mut Faults<'a>,
) -> Option<String> {
    faults.text(what, node).map(|text| text.trim().to_owned())
}

/// How a single text is read where a list is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Single {
    /// It is one item.
    Whole,
    /// It is a list if it has commas, else one item.
    Commas,
    /// It is a list if it has commas, else its words are (Jekyll).
    Words,
}

/// Returns a list of texts, without repetitions, each with the node that it is written in.
pub(super) fn texts<'a, 'n>(
    what: &dyn Display,
    node: &'n Node<'a>,
    single: Single,
    faults: &mut Faults<'a>,
) -> Vec<(String, &'n Node<'a>)> {
    let mut texts = Vec::new();
    if let Value::List(items) = &node.value {
        for item in items {
            let Some(text) = faults.text(what, item) else {
                continue;
            };
            let text = text.trim();
            if text.is_empty() {
                let fault = Diagnostic::error(format!("{what} has an empty item"))
                    .at(faults.place(item.at));
                faults.push(fault.hint("remove it, or write what is meant"));
            } else {
                texts.push((text.to_owned(), item));
            }
        }
    } else if node.entries().is_some() {
        faults.wrong_kind(what, "a text or a list of texts", node);
    } else if let Some(text) = faults.text(what, node) {
        let mut push = |part: &str| {
            if !part.trim().is_empty() {
                texts.push((part.trim().to_owned(), node));
            }
        };
        match single {
            Single::Commas | Single::Words if text.contains(',') => {
                text.split(',').for_each(&mut push);
            }
            Single::Words => text.split_whitespace().for_each(&mut push),
            Single::Whole | Single::Commas => push(&text),
        }
    }
    let mut seen = RapidHashSet::default();
    let is_first: Vec<bool> = texts
        .iter()
        .map(|(text, _)| seen.insert(text.clone()))
        .collect();
    let mut is_first = is_first.into_iter();
    texts.retain(|_| is_first.next().unwrap_or(true));
    texts
}

/// Returns a list of terms, without repetitions.
pub(super) fn terms<'a>(
    what: &dyn Display,
    node: &Node<'a>,
    single: Single,
    faults: &mut Faults<'a>,
) -> Vec<String> {
    texts(what, node, single, faults)
        .into_iter()
        .map(|(text, _)| text)
        .collect()
}

/// Returns an address of the site as its author meant it: Zola, Eleventy and Jekyll leave out the
/// slash before `2024/10/17/harbour`. What begins otherwise than with a name stays, to be refused.
pub(super) fn from_root(address: String) -> String {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let is_url = address.contains(':');
    match address.chars().next() {
        Some(first) if is_name(first) && !is_url => format!("/{address}"),
        _ => address,
    }
}

/// Returns a timestamp.
pub(super) fn timestamp<'a>(
    what: &dyn Display,
    node: &Node<'a>,
    zone: &Zone<'_>,
    faults: &mut Faults<'a>,
) -> Option<Timestamp> {
    let text = faults.text(what, node)?;
    if text.trim().is_empty() {
        return None;
    }
    match Timestamp::parse(&text, zone) {
        Ok(timestamp) => Some(timestamp),
        Err(fault) => {
            let place = faults.place(node.at);
            faults.push(Diagnostic::error(fault.message).at(place).hint(fault.hint));
            None
        }
    }
}

/// Returns a language as a BCP 47 tag in its canonical form; `pt_BR` is understood.
pub(in crate::source) fn language<'a>(
    what: &dyn Display,
    node: &Node<'a>,
    faults: &mut Faults<'a>,
) -> Option<String> {
    let text = text(what, node, faults)?;
    match Locale::try_from_str(&text.replace('_', "-")) {
        Ok(locale) => Some(locale.to_string()),
        Err(_) => {
            let place = faults.place(node.at);
            faults.push(
                Diagnostic::error(format!("`{text}` is not a language tag"))
                    .at(place)
                    .hint("write a BCP 47 tag, such as `en`, `pt-BR` or `zh-Hant`"),
            );
            None
        }
    }
}

/// Puts backquotes around a key.
pub(super) fn quoted(key: impl Display) -> impl Display {
    Quoted(key)
}

struct Quoted<T>(T);

impl<T: Display> Display for Quoted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0)
    }
}
