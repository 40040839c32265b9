//! Filters of lists.

use super::{FILTERS, FilterSettings, check_arguments};
use std::collections::HashSet;
use std::sync::Arc;
use tera::value::Key;
use tera::{Error, Kwargs, Map, State, Tera, TeraResult, Value};

pub(super) fn add_where(tera: &mut Tera, name: &'static str, _: &Arc<FilterSettings>) {
    tera.register_filter(name, move |list: &[Value], kwargs: Kwargs, _: &State| {
        check_arguments(FILTERS, name, &kwargs)?;
        let attribute = kwargs.must_get::<&str>("attribute")?;
        let wanted = kwargs.get::<&Value>("value")?;
        let is_wanted = |value: &Value| match wanted {
            Some(wanted) => value == wanted,
            None => value.is_truthy(),
        };
        let found = list
            .iter()
            .filter(|item| item.get_from_path(attribute).is_some_and(is_wanted));
        TeraResult::Ok(found.cloned().collect::<Vec<Value>>())
    });
}

pub(super) fn add_map(tera: &mut Tera, name: &'static str, _: &Arc<FilterSettings>) {
    tera.register_filter(name, move |list: &[Value], kwargs: Kwargs, _: &State| {
        check_arguments(FILTERS, name, &kwargs)?;
        let attribute = kwargs.must_get::<&str>("attribute")?;
        let found = list.iter().filter_map(|item| item.get_from_path(attribute));
        TeraResult::Ok(
            found
                .filter(|value| !value.is_none())
                .cloned()
                .collect::<Vec<Value>>(),
        )
    });
}

pub(super) fn add_group_by(tera: &mut Tera, name: &'static str, _: &Arc<FilterSettings>) {
    tera.register_filter(name, move |list: &[Value], kwargs: Kwargs, _: &State| {
        check_arguments(FILTERS, name, &kwargs)?;
        group_by(list, kwargs.must_get::<&str>("attribute")?)
    });
}

/// Groups in the order in which their first items stand in the list. Tera's own filter of this name
/// returns them in an order that differs from run to run.
fn group_by(list: &[Value], attribute: &str) -> TeraResult<Value> {
    let mut groups: indexed::Groups = indexed::Groups::default();
    for item in list {
        let Some(value) = item.get_from_path(attribute) else {
            return Err(Error::message(format!(
                "`group_by` finds no attribute `{attribute}` in a value of type {}",
                item.name()
            )));
        };
        if value.is_none() {
            continue;
        }
        let key = key(value).ok_or_else(|| {
            Error::message(format!(
                "`group_by` can't group by `{attribute}`, a value of type {}",
                value.name()
            ))
        })?;
        groups.push(key, item.clone());
    }
    Ok(groups.into_value())
}

/// Returns what a value is as the key of a map; none where it can't be one.
fn key(value: &Value) -> Option<Key<'static>> {
    if let Some(text) = value.as_str() {
        return Some(Key::String(text.into()));
    }
    if let Some(truth) = value.as_bool() {
        return Some(Key::Bool(truth));
    }
    if value.is_f64() {
        return None;
    }
    value
        .as_u64()
        .map(Key::U64)
        .or_else(|| value.as_i64().map(Key::I64))
}

/// Lists by key, in the order of their first items.
mod indexed {
    use super::{Key, Map, Value};
    use std::collections::HashMap;

    #[derive(Default)]
    pub(super) struct Groups {
        places: HashMap<Key<'static>, usize>,
        groups: Vec<(Key<'static>, Vec<Value>)>,
    }

    impl Groups {
        pub(super) fn push(&mut self, key: Key<'static>, item: Value) {
            let place = *self.places.entry(key.clone()).or_insert(self.groups.len());
            if place == self.groups.len() {
                self.groups.push((key, Vec::new()));
            }
            self.groups[place].1.push(item);
        }

        pub(super) fn into_value(self) -> Value {
            let groups = self.groups.into_iter();
            let map: Map = groups
                .map(|(key, items)| (key, Value::from(items)))
                .collect();
            Value::from(map)
        }
    }
}

pub(super) fn add_unique(tera: &mut Tera, name: &'static str, _: &Arc<FilterSettings>) {
    tera.register_filter(name, move |list: &[Value], kwargs: Kwargs, _: &State| {
        check_arguments(FILTERS, name, &kwargs)?;
        TeraResult::Ok(unique(list))
    });
}

/// Keeps the first of equal items. Tera's own filter of this name compares each item with all
/// before it, which takes minutes for the tags of a large archive.
fn unique(list: &[Value]) -> Vec<Value> {
    let mut unique = Vec::with_capacity(list.len());
    let mut keys = HashSet::new();
    let mut others: Vec<&Value> = Vec::new();
    for item in list {
        match key(item) {
            Some(key) => {
                if keys.insert(key) {
                    unique.push(item.clone());
                }
            }
            None if others.contains(&item) => {}
            None => {
                others.push(item);
                unique.push(item.clone());
            }
        }
    }
    unique
}

pub(super) fn add_list(tera: &mut Tera, name: &'static str, settings: &Arc<FilterSettings>) {
    let settings = settings.clone();
    tera.register_filter(
        name,
        move |list: &[Value], kwargs: Kwargs, state: &State| {
            check_arguments(FILTERS, name, &kwargs)?;
            let language = kwargs.get::<&str>("locale")?.unwrap_or(&settings.language);
            let word = kwargs.get::<&str>("word")?;
            let attribute = kwargs.get::<&str>("attribute")?;
            let items: Vec<&Value> = match attribute {
                Some(attribute) => list
                    .iter()
                    .filter_map(|item| item.get_from_path(attribute))
                    .collect(),
                None => list.iter().collect(),
            };
            let is_safe = state.autoescaping_enabled()
                && items.iter().any(|item| item.is_string() && item.is_safe());
            let texts: Vec<String> = if is_safe {
                items
                    .iter()
                    .map(|item| state.escape_if_needed(item))
                    .collect::<TeraResult<_>>()?
            } else {
                items.iter().map(ToString::to_string).collect()
            };
            let text = join(&texts, &Conjunction::of(language, word, texts.last()));
            TeraResult::Ok(if is_safe {
                Value::safe_string(&text)
            } else {
                Value::from(text)
            })
        },
    );
}

/// How the items of a list are joined.
struct Conjunction {
    separator: &'static str,
    /// What stands between the last two, with its spaces.
    last: String,
}

/// The word for "and" of each language, without spaces where it is written without.
const WORDS: [(&str, &str); 43] = [
    ("af", "en"),
    ("bg", "и"),
    ("ca", "i"),
    ("cs", "a"),
    ("cy", "a"),
    ("da", "og"),
    ("de", "und"),
    ("el", "και"),
    ("en", "and"),
    ("eo", "kaj"),
    ("es", "y"),
    ("et", "ja"),
    ("eu", "eta"),
    ("fi", "ja"),
    ("fr", "et"),
    ("ga", "agus"),
    ("gl", "e"),
    ("hi", "और"),
    ("hr", "i"),
    ("hu", "és"),
    ("id", "dan"),
    ("is", "og"),
    ("it", "e"),
    ("lt", "ir"),
    ("lv", "un"),
    ("mk", "и"),
    ("ms", "dan"),
    ("nb", "og"),
    ("nl", "en"),
    ("nn", "og"),
    ("no", "og"),
    ("pl", "i"),
    ("pt", "e"),
    ("ro", "și"),
    ("ru", "и"),
    ("sk", "a"),
    ("sl", "in"),
    ("sq", "dhe"),
    ("sr", "и"),
    ("sv", "och"),
    ("tr", "ve"),
    ("uk", "і"),
    ("vi", "và"),
];

impl Conjunction {
    fn of(tag: &str, word: Option<&str>, last: Option<&String>) -> Self {
        let language = tag
            .split(['-', '_'])
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let (separator, own) = match language.as_str() {
            "ja" => ("、", "、".to_owned()),
            "zh" | "yue" => ("、", "和".to_owned()),
            "ko" => (", ", " 및 ".to_owned()),
            "ar" => (" و", " و".to_owned()),
            "fa" | "ur" | "ps" => (
                "، ",
                if language == "ur" { " اور " } else { " و " }.to_owned(),
            ),
            "he" | "iw" => (", ", " ו".to_owned()),
            "es" if last.is_some_and(|last| sounds_like_i(last)) => (", ", " e ".to_owned()),
            _ => {
                let known = WORDS.iter().find(|(known, _)| *known == language);
                (
                    ", ",
                    known.map_or(", ".to_owned(), |(_, word)| format!(" {word} ")),
                )
            }
        };
        let last = word.map_or(own, |word| format!(" {word} "));
        Self { separator, last }
    }
}

/// Tells whether Spanish says `e` instead of `y` before a word: before the sound of `i`.
fn sounds_like_i(word: &str) -> bool {
    let word = word.to_lowercase();
    let word = word.strip_prefix('h').unwrap_or(&word);
    let mut letters = word.chars();
    let is_i = matches!(letters.next(), Some('i' | 'í'));
    is_i && !matches!(letters.next(), Some('a' | 'e' | 'o'))
}

fn join(texts: &[String], conjunction: &Conjunction) -> String {
    match texts {
        [] => String::new(),
        [only] => only.clone(),
        [before @ .., last] => before.join(conjunction.separator) + &conjunction.last + last,
    }
}
