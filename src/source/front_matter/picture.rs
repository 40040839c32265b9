//! A photo as front matter names it: a map, a path, or flat keys.

use super::keys::{Names, PHOTO_KEYS, names, squashed};
use super::values::{quoted, text, text_or_empty};
use crate::base::diagnostic::{self, Diagnostic};
use crate::source::article::Data;
use crate::source::origin::TERMS;
use crate::source::photo::{Photo, PhotoNotes};
use crate::source::schema;
use crate::source::yaml::{self, Entry, Faults, Language, Node, Span, Value};
use std::fmt::Display;
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
    let picture = fields(key, entries, faults);
    let known = PHOTO_KEYS
        .iter()
        .flat_map(|key| std::iter::once(key.name).chain(key.also.iter().copied()));
    for entry in entries {
        let is_unknown = !NAMES.contains_key(&squashed(&entry.key));
        let meant = is_unknown.then(|| diagnostic::nearest(&entry.key, known.clone()));
        if let Some(name) = meant.flatten() {
            let message = format!(
                "unknown key `{key}.{}`; it is kept for the theme",
                entry.key
            );
            let warning = Diagnostic::warning(message).at(faults.place(entry.key_at));
            faults.push(warning.hint(format!("did you mean `{name}`?")));
        }
    }
    let says_something = picture.photo.credit.is_some() || picture.photo.caption.is_some();
    if picture.photo.src.is_empty() && says_something {
        faults.error(at, format!("`{key}` has no `src`"));
    }
    picture
}

/// Reads the keys of a photo; `key` names the map that they stand in.
fn fields<'a>(key: &str, entries: &[Entry<'a>], faults: &mut Faults<'a>) -> Picture {
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
        let path = match key {
            "" => entry.key.to_string(),
            _ => format!("{key}.{}", entry.key),
        };
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
            "no_credit_reason" => photo.no_credit_reason = text(&what, &entry.node, faults),
            _ => detail(photo, name, &what, &entry.node, faults),
        }
    }
    picture
}

/// Reads one of the further details of a photo.
fn detail<'a>(
    photo: &mut Photo,
    name: &str,
    what: &dyn Display,
    node: &Node<'a>,
    faults: &mut Faults<'a>,
) {
    let value = match &node.value {
        Value::List(items) if name == "focus" => {
            let parts = items.iter().map(|item| text(what, item, faults));
            parts
                .collect::<Option<Vec<String>>>()
                .map(|parts| parts.join(" "))
        }
        _ => text(what, node, faults),
    };
    if name == "source_type"
        && let Some(term) = value.as_deref()
    {
        known_type(term, what, node.at, faults);
    }
    let details = photo.details.get_or_insert_default();
    match name {
        "licence" => details.licence = value,
        "copyright" => details.copyright = value,
        "acquire" => details.acquire = value,
        "focus" => details.focus = value,
        _ => details.source_type = value,
    }
}

/// Warns of a digital source type that is no term of the IPTC's: a mistyped one would leave a picture of an
/// AI without its label. An address may be of another list.
fn known_type(term: &str, what: &dyn Display, at: Span, faults: &mut Faults<'_>) {
    let is_address = term.contains(['/', ':']);
    if is_address || TERMS.iter().any(|known| known.eq_ignore_ascii_case(term)) {
        return;
    }
    let message = format!("{what} is `{term}`, which is no digital source type of the IPTC");
    let warning = Diagnostic::warning(message).at(faults.place(at));
    let warning = warning.suggest(term, TERMS);
    faults.push(match warning.hints.is_empty() {
        true => warning.hint("the terms are at http://cv.iptc.org/newscodes/digitalsourcetype/"),
        false => warning,
    });
}

/// Reads the file beside a photo that says what is known of it: the keys of a photo without `src`.
pub fn parse_sidecar(path: &str, source: &str) -> (Option<PhotoNotes>, Vec<Diagnostic>) {
    let start = if source.starts_with('\u{feff}') { 3 } else { 0 };
    let (found, mut faults) = yaml::interpret(
        path,
        source,
        start..source.len(),
        Language::Yaml,
        |root, faults| match &root.value {
            Value::Null => None,
            _ => notes(&"this file", root, path, faults),
        },
    );
    diagnostic::sort(&mut faults);
    (found.flatten(), faults)
}

/// Reads `data/photos.yaml`: a map from photos to what is known of them.
pub fn parse_photos(path: &str, source: &str) -> (Vec<(String, PhotoNotes)>, Vec<Diagnostic>) {
    let start = if source.starts_with('\u{feff}') { 3 } else { 0 };
    let (found, mut faults) = yaml::interpret(
        path,
        source,
        start..source.len(),
        Language::Yaml,
        |root, faults| {
            if matches!(root.value, Value::Null) {
                return Vec::new();
            }
            let entries = faults.map(&"this file", root);
            entries
                .iter()
                .filter_map(|entry| {
                    let what = format!("`{}`", entry.key);
                    let mut notes = notes(&what, &entry.node, path, faults)?;
                    notes.at = entry.key_at;
                    Some((entry.key.trim().to_owned(), notes))
                })
                .collect()
        },
    );
    diagnostic::sort(&mut faults);
    (found.unwrap_or_default(), faults)
}

fn notes<'a>(
    what: &dyn Display,
    node: &Node<'a>,
    path: &str,
    faults: &mut Faults<'a>,
) -> Option<PhotoNotes> {
    let Some(entries) = node.entries() else {
        faults.wrong_kind(
            what,
            "a map of `credit`, `alt`, `caption` and the like",
            node,
        );
        return None;
    };
    for entry in entries {
        let known = NAMES.get(&squashed(&entry.key)).map(|(name, _)| *name);
        if known.is_none_or(|name| name == "src") {
            let place = faults.place(entry.key_at);
            let fault =
                Diagnostic::error(format!("a photo's notes have no `{}`", entry.key)).at(place);
            let known = PHOTO_KEYS
                .iter()
                .map(|key| key.name)
                .filter(|name| *name != "src");
            faults.push(match schema::suggest(&PHOTO_KEYS[1..], &entry.key) {
                Some(meant) => fault.hint(format!("did you mean `{meant}`?")),
                None => fault.hint(format!(
                    "write one of {}",
                    known
                        .map(|name| format!("`{name}`"))
                        .collect::<Vec<_>>()
                        .join(", ")
                )),
            });
        }
    }
    let mut photo = fields("", entries, faults).photo;
    photo.src.clear();
    photo.at = None;
    let credit = entries.iter().find(|entry| {
        NAMES
            .get(&squashed(&entry.key))
            .is_some_and(|(name, _)| *name == "credit")
    });
    Some(PhotoNotes {
        photo,
        path: path.to_owned(),
        at: credit.map_or(node.at, |entry| entry.node.at),
    })
}
