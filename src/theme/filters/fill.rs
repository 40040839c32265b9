//! The filter `fill`: a word of the interface with its blanks filled in, in the right plural form.

use super::FilterSettings;
use super::locale::Words;
use crate::source::words::blanks;
use std::sync::Arc;
use tera::value::Key;
use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

pub(super) fn add(tera: &mut Tera, name: &'static str, settings: &Arc<FilterSettings>) {
    let settings = settings.clone();
    tera.register_filter(name, move |word: &Value, kwargs: Kwargs, _: &State| {
        fill(word, &kwargs, &settings.language)
    });
}

fn fill(word: &Value, kwargs: &Kwargs, language: &str) -> TeraResult<String> {
    let language = form(word, "locale")
        .and_then(Value::as_str)
        .unwrap_or(language);
    let spoken = Words::of(language).map_err(Error::message)?;
    let text = if word.as_map().is_some() {
        let number = kwargs.get::<&Value>("n")?.and_then(Value::as_i64);
        let category = number.and_then(|number| spoken.plural(number.unsigned_abs()));
        category
            .and_then(|category| form(word, category))
            .or_else(|| form(word, "other"))
    } else {
        Some(word)
    };
    let Some(text) = text.and_then(Value::as_str) else {
        return Err(Error::message(format!(
            "`fill` takes a word such as `words.minutes`, not a value of type {}",
            word.name()
        )));
    };
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    for name in blanks(text) {
        let blank = format!("{{{name}}}");
        let Some((before, after)) = rest.split_once(&blank) else {
            continue;
        };
        let value = kwargs.get::<&Value>(name)?.ok_or_else(|| {
            Error::message(format!(
                "the word `{text}` has the blank `{name}`; fill it in: `fill({name}=...)`"
            ))
        })?;
        let number = value
            .is_number()
            .then(|| spoken.number(&value.to_string()))
            .flatten();
        filled.push_str(before);
        filled.push_str(&number.unwrap_or_else(|| value.to_string()));
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

fn form<'a>(word: &'a Value, name: &'static str) -> Option<&'a Value> {
    word.as_map()?.get(&Key::Str(name))
}
