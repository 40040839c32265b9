//! Filters of texts and numbers.

use super::locale::Words;
use super::{FILTERS, FilterSettings, check_arguments};
use crate::base::slug;
use crate::source::markdown;
use std::borrow::Cow;
use std::sync::Arc;
use tera::{Error, Kwargs, State, Tera, TeraResult, Value};
use unicode_segmentation::UnicodeSegmentation;

/// Registers a filter of a text that needs nothing of the site.
macro_rules! of_text {
    ($add:ident, $filter:expr) => {
        pub(super) fn $add(tera: &mut Tera, name: &'static str, _: &Arc<FilterSettings>) {
            tera.register_filter(name, move |text: &str, kwargs: Kwargs, _: &State| {
                check_arguments(FILTERS, name, &kwargs)?;
                $filter(text, &kwargs)
            });
        }
    };
}

/// Registers a filter of a text that needs the site's settings.
macro_rules! of_text_and_site {
    ($add:ident, $filter:expr) => {
        pub(super) fn $add(tera: &mut Tera, name: &'static str, settings: &Arc<FilterSettings>) {
            let settings = settings.clone();
            tera.register_filter(name, move |text: &str, kwargs: Kwargs, _: &State| {
                check_arguments(FILTERS, name, &kwargs)?;
                $filter(text, &kwargs, &settings)
            });
        }
    };
}

of_text!(add_initials, |text, _: &Kwargs| TeraResult::Ok(initials(
    text
)));
of_text!(add_strip_html, |text, _: &Kwargs| TeraResult::Ok(
    markdown::plain_text(text)
));
of_text!(add_truncate, truncate);
of_text!(add_elements, |text, _: &Kwargs| TeraResult::Ok(elements(
    text
)));
of_text!(add_escape_xml, |text, _: &Kwargs| TeraResult::Ok(
    Value::safe_string(&escape_xml(text))
));
of_text!(add_urlencode, |text, _: &Kwargs| TeraResult::Ok(urlencode(
    text
)));
of_text!(add_wordcount, |text, _: &Kwargs| TeraResult::Ok(words(
    text
)));
of_text!(add_dir, |text, _: &Kwargs| TeraResult::Ok(direction(text)));
of_text_and_site!(add_slugify, |text, _: &Kwargs, site: &FilterSettings| {
    TeraResult::Ok(slug::slug(text, site.slugs).unwrap_or_default())
});
of_text_and_site!(
    add_absolute_url,
    |text, _: &Kwargs, site: &FilterSettings| {
        TeraResult::Ok(absolute_url(text, &site.base_url).into_owned())
    }
);
of_text_and_site!(add_markdown, markdown_html);

pub(super) fn add_json(tera: &mut Tera, name: &'static str, _: &Arc<FilterSettings>) {
    tera.register_filter(name, move |value: &Value, kwargs: Kwargs, _: &State| {
        check_arguments(FILTERS, name, &kwargs)?;
        json(value).map(|json| Value::safe_string(&json))
    });
}

pub(super) fn add_number(tera: &mut Tera, name: &'static str, settings: &Arc<FilterSettings>) {
    let settings = settings.clone();
    tera.register_filter(name, move |value: &Value, kwargs: Kwargs, _: &State| {
        check_arguments(FILTERS, name, &kwargs)?;
        if !value.is_number() {
            return Err(Error::message(format!(
                "`number` takes a number, not a value of type {}",
                value.name()
            )));
        }
        let language = kwargs.get::<&str>("locale")?.unwrap_or(&settings.language);
        let words = Words::of(language).map_err(Error::message)?;
        // What is no decimal number is infinite or not a number, in every language.
        Ok(words
            .number(&value.to_string())
            .unwrap_or_else(|| value.to_string()))
    });
}

fn markdown_html(text: &str, kwargs: &Kwargs, site: &FilterSettings) -> TeraResult<Value> {
    if kwargs.get::<bool>("inline")?.unwrap_or(false) {
        return Ok(Value::safe_string(&markdown::inline(
            text,
            &site.markdown,
            None,
        )));
    }
    let mut html = String::new();
    markdown::html(
        text,
        0,
        &site.markdown,
        &NoShortcodes,
        &AsWritten,
        &mut html,
    );
    Ok(Value::safe_string(&html))
}

/// A filter's text has no place in the site, so that its links stay as they are.
struct AsWritten;

impl markdown::Resolver for AsWritten {
    fn link(&self, _: &str) -> Option<String> {
        None
    }

    fn picture(&self, src: &str) -> markdown::PictureSource {
        markdown::PictureSource {
            url: src.to_owned(),
            ..markdown::PictureSource::default()
        }
    }

    fn shortcode(&self, call: &markdown::Call, _: Option<&str>) -> Result<String, String> {
        Err(format!(
            "the shortcode `{}` can't be called here",
            call.name
        ))
    }
}

struct NoShortcodes;

impl markdown::Shortcodes for NoShortcodes {
    fn declared(&self, _: &str) -> Option<&markdown::Declaration> {
        None
    }

    fn names(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// Returns the first letters of the first and the last name.
pub(super) fn initials(name: &str) -> String {
    let mut letters = name.split_whitespace().filter_map(|word| {
        let first = word.graphemes(true).next()?;
        first
            .starts_with(char::is_alphabetic)
            .then(|| first.to_uppercase())
    });
    let first = letters.next().unwrap_or_default();
    first + &letters.next_back().unwrap_or_default()
}

/// Cuts a text to so many characters, as readers count them, between words where that leaves at
/// least half of it.
fn truncate(text: &str, kwargs: &Kwargs) -> TeraResult<String> {
    let length = kwargs.must_get::<usize>("length")?;
    let end = kwargs.get::<&str>("end")?.unwrap_or("…");
    let Some((cut, _)) = text.grapheme_indices(true).nth(length) else {
        return Ok(text.to_owned());
    };
    let head = &text[..cut];
    let is_between = text[cut..].starts_with(char::is_whitespace);
    let shorter = head.rfind(char::is_whitespace).filter(|at| *at >= cut / 2);
    let head = match shorter {
        Some(at) if !is_between => &head[..at],
        _ => head,
    };
    let head = head.trim_end_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ',' | ';' | ':' | '.' | '–' | '—' | '-' | '、' | '，' | '。'
            )
    });
    Ok(format!("{head}{end}"))
}

/// Lists the names of the elements of HTML, and their classes with a dot before each, as they first occur.
fn elements(html: &str) -> Value {
    let mut names: Vec<&str> = Vec::new();
    let mut classes: Vec<&str> = Vec::new();
    let mut found: Vec<Value> = Vec::new();
    for tag in html.split('<').skip(1) {
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next();
        let Some(name) = name.filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
        else {
            continue;
        };
        if !names.contains(&name) {
            names.push(name);
            found.push(Value::normal_string(name));
        }
        let tag = tag.split_once('>').map_or(tag, |(tag, _)| tag);
        let Some((_, rest)) = tag.split_once(" class=\"") else {
            continue;
        };
        let written = rest.split_once('"').map_or(rest, |(written, _)| written);
        for class in written.split_ascii_whitespace() {
            if !classes.contains(&class) {
                classes.push(class);
                found.push(Value::from(format!(".{class}")));
            }
        }
    }
    Value::from(found)
}

/// Escapes a text for XML 1.0 and leaves out the characters that it can't hold (section 2.2).
pub(super) fn escape_xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\t' | '\n' | '\r' => escaped.push(c),
            '\0'..'\u{20}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => escaped.push(c),
        }
    }
    escaped
}

/// Percent-encodes everything but the unreserved characters (RFC 3986, section 2.3).
fn urlencode(text: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(char::from(DIGITS[usize::from(byte >> 4)]));
            encoded.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
    encoded
}

/// Writes a value as JSON that can stand in a `<script>`: no character of it begins a tag, an
/// entity or a line of JavaScript.
pub(super) fn json(value: &Value) -> TeraResult<String> {
    let json = serde_json::to_string(value)
        .map_err(|error| Error::message(format!("`json` can't write this value: {error}")))?;
    if !json.contains(['<', '>', '&', '\u{2028}', '\u{2029}']) {
        return Ok(json);
    }
    let mut safe = String::with_capacity(json.len() + 32);
    for c in json.chars() {
        match c {
            '<' => safe.push_str("\\u003c"),
            '>' => safe.push_str("\\u003e"),
            '&' => safe.push_str("\\u0026"),
            '\u{2028}' => safe.push_str("\\u2028"),
            '\u{2029}' => safe.push_str("\\u2029"),
            _ => safe.push(c),
        }
    }
    Ok(safe)
}

/// Puts the site's address before a path of the site; other addresses stay.
fn absolute_url<'a>(url: &'a str, base: &str) -> Cow<'a, str> {
    if has_scheme(url) || url.starts_with("//") || url.starts_with('#') {
        return Cow::Borrowed(url);
    }
    Cow::Owned(format!("{base}/{}", url.trim_start_matches('/')))
}

/// Tells whether a URL begins with a scheme (RFC 3986, section 3.1).
pub(super) fn has_scheme(url: &str) -> bool {
    url.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}

/// Counts words as the length of an article is counted: runs between white space that hold a letter
/// or digit, and each ideograph, kana or hangul syllable alone.
fn words(text: &str) -> usize {
    let mut words = 0;
    let mut is_in_word = false;
    for c in text.chars() {
        if stands_alone(c) {
            words += 1;
            is_in_word = false;
        } else if c.is_whitespace() {
            is_in_word = false;
        } else if c.is_alphanumeric() && !is_in_word {
            words += 1;
            is_in_word = true;
        }
    }
    words
}

fn stands_alone(c: char) -> bool {
    matches!(c,
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Languages that are written from right to left where their tag names no script.
const RIGHT_TO_LEFT: [&str; 24] = [
    "ar", "arc", "arz", "azb", "ckb", "dv", "fa", "glk", "he", "iw", "ji", "ks", "lrc", "mzn",
    "nqo", "pnb", "ps", "sd", "skr", "syr", "ug", "ur", "yi", "ydd",
];

/// Scripts that are written from right to left.
const RIGHT_TO_LEFT_SCRIPTS: [&str; 12] = [
    "adlm", "arab", "aran", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa", "yezi", "mend",
];

/// Returns the value of the attribute `dir` for a language.
fn direction(tag: &str) -> &'static str {
    let tag = tag.to_ascii_lowercase();
    let mut parts = tag.split(['-', '_']);
    let language = parts.next().unwrap_or_default();
    let script =
        parts.find(|part| part.len() == 4 && part.bytes().all(|b| b.is_ascii_alphabetic()));
    let is_right_to_left = match script {
        Some(script) => RIGHT_TO_LEFT_SCRIPTS.contains(&script),
        None => RIGHT_TO_LEFT.contains(&language),
    };
    if is_right_to_left { "rtl" } else { "ltr" }
}
