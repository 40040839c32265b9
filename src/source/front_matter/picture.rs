//! A photo as front matter names it: a map, a path, or flat keys.

use super::keys::{Names, PHOTO_KEYS, names, squashed};
use super::values::{quoted, text, text_or_empty};
use crate::source::article::Data;
use crate::source::photo::Photo;
use crate::source::yaml::{Entry, Faults, Node, Span, Value};
use std::sync::LazyLock;

/// What the value of a photo says.
#[derive(Debug, Default)]
pub(super) struct Picture {
    /// The photo; none where its `src` is missing.
    pub(super) photo: Photo,
    /// Keys of other generators and themes.
    pub(super) rest: Vec<(String, Data)>,
}

/// Reads a photo, which `key` names: a map, a text, or a list whose first item is one.
pub(super) fn read<'a>(key: &str, node: &Node<'a>, faults: &mut Faults<'a>) -> Picture {
    let what = quoted(key);
    match &node.value {
        Value::Map(entries) => read_map(key, entries, node.at, faults),
        Value::List(items) => match items.first() {
            Some(Node {
                value: Value::List(_),
                ..
            }) => {
                faults.wrong_kind(&what, "a map or a text", node);
                Picture::default()
            }
            Some(first) => read(key, first, faults),
            None => Picture::default(),
        },
        Value::Bool(false) => Picture::default(),
        _ => {
            let mut picture = Picture::default();
            if let Some(src) = text(&what, node, faults) {
                picture.photo.src = src;
                picture.photo.at = Some(node.at);
            }
            picture
        }
    }
}

static NAMES: LazyLock<Names<&'static str>> =
    LazyLock::new(|| names(PHOTO_KEYS.iter().map(|key| (key.name, key))));

fn read_map<'a>(key: &str, entries: &[Entry<'a>], at: Span, faults: &mut Faults<'a>) -> Picture {
    let mut picture = Picture::default();
    let mut ranks = [usize::MAX; PHOTO_KEYS.len()];
    for entry in entries.iter().filter(|entry| !entry.node.is_null()) {
        let known = NAMES.get(&squashed(&entry.key));
        let position = known.and_then(|(name, rank)| {
            let position = PHOTO_KEYS.iter().position(|key| key.name == *name)?;
            (*rank < ranks[position]).then_some((position, *name, *rank))
        });
        let Some((position, name, rank)) = position else {
            picture
                .rest
                .push((entry.key.to_string(), entry.node.to_data()));
            continue;
        };
        ranks[position] = rank;
        let path = format!("{key}.{}", entry.key);
        let what = quoted(&path);
        let photo = &mut picture.photo;
        match name {
            "src" => {
                photo.src = text(&what, &entry.node, faults).unwrap_or_default();
                photo.at = Some(entry.node.at);
            }
            "credit" => photo.credit = text(&what, &entry.node, faults),
            "caption" => photo.caption = text(&what, &entry.node, faults),
            "alt" => photo.alt = text_or_empty(&what, &entry.node, faults),
            _ => photo.no_credit_reason = text(&what, &entry.node, faults),
        }
    }
    let says_something = picture.photo.credit.is_some() || picture.photo.caption.is_some();
    if picture.photo.src.is_empty() && says_something {
        faults.error(at, format!("`{key}` has no `src`"));
    }
    picture
}
