//! Where front matter ends and the text begins.

use super::keys::{Field, NAMES, squashed};
use crate::base::diagnostic::{Diagnostic, Place};
use crate::source::text::lines;
use std::ops::Range;

/// The two parts of an article's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// What the front matter is written in.
    pub kind: Kind,
    /// The front matter without its fences: bytes from the file's beginning.
    pub text: Range<usize>,
    /// The text: bytes from the file's beginning.
    pub body: Range<usize>,
}

/// What front matter is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// YAML between two lines `---`; the second may be `...`.
    Yaml,
    /// TOML between two lines `+++`.
    Toml,
    /// Lines `Title: ...` up to an empty one, as in Pelican.
    Lines,
    /// There is none.
    None,
}

/// Finds the front matter of an article. A byte order mark and empty lines may stand before it;
/// lines end in LF, CR LF or CR.
///
/// # Errors
///
/// Front matter that is opened and never closed, or is written in another language.
pub fn split(path: &str, source: &str) -> Result<Parts, Diagnostic> {
    let start = if source.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    let none = Parts {
        kind: Kind::None,
        text: start..start,
        body: start..source.len(),
    };
    let Some(first) = lines(source, start).find(|line| !line.text.trim().is_empty()) else {
        return Ok(none);
    };
    let (kind, closes): (_, &[&str]) = match first.text.trim_end() {
        "---" => (Kind::Yaml, &["---", "..."]),
        "+++" => (Kind::Toml, &["+++"]),
        fence if is_foreign_fence(fence) => {
            let place = Place::range(path, source, first.at..first.at + fence.len());
            return Err(Diagnostic::error(format!(
                "front matter written in `{}` is not read",
                fence.trim_start_matches(['-', ';']).trim()
            ))
            .at(place)
            .hint("write it in YAML between two lines `---`, or in TOML between two lines `+++`"));
        }
        _ => return Ok(header_lines(source, first.at).unwrap_or(none)),
    };
    match lines(source, first.end).find(|line| closes.contains(&line.text.trim_end())) {
        Some(close) => Ok(Parts {
            kind,
            text: first.end..close.at,
            body: close.end..source.len(),
        }),
        None => {
            let fence = closes[0];
            let number = 1 + lines(source, start)
                .take_while(|line| line.at < first.at)
                .count();
            Err(Diagnostic::error(format!(
                "front matter is never closed, opened at line {number}"
            ))
            .at(Place::range(path, source, first.at..first.at + fence.len()))
            .hint(format!("add a line `{fence}` after the last key")))
        }
    }
}

/// Tells whether a line opens front matter in a language of other generators: `---json`, `---js`,
/// `;;;`.
fn is_foreign_fence(line: &str) -> bool {
    let language = line.strip_prefix("---").map(str::trim_start);
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    line == ";;;" || language.is_some_and(is_word)
}

/// Finds lines such as `Title: ...` that end with the first empty one and name the headline.
fn header_lines(source: &str, start: usize) -> Option<Parts> {
    let mut end = start;
    let mut has_headline = false;
    for line in lines(source, start) {
        if line.text.trim().is_empty() {
            break;
        }
        let is_continued = line.at > start && line.text.starts_with([' ', '\t']);
        if !is_continued {
            let (key, _) = line.text.split_once(':')?;
            let is_key = !key.is_empty()
                && key
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
            if !is_key {
                return None;
            }
            has_headline |= matches!(NAMES.get(&squashed(key)), Some((Field::Headline, _)));
        }
        end = line.end;
    }
    has_headline.then_some(Parts {
        kind: Kind::Lines,
        text: start..end,
        body: end..source.len(),
    })
}
