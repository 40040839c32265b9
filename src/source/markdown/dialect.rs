//! What Markdown means here beyond CommonMark.

use crate::source::config;
use pulldown_cmark::{Options, Tag};
use std::ops::Range;

/// Chooses what Markdown means.
pub(super) fn options(settings: &config::Markdown, body: &str) -> Options {
    if settings.plain {
        return Options::empty();
    }
    let mut options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_SUPERSCRIPT
        | Options::ENABLE_SUBSCRIPT;
    options.set(
        Options::ENABLE_SMART_PUNCTUATION,
        settings.smart_punctuation,
    );
    options.set(Options::ENABLE_MATH, settings.math && has_formula(body));
    options
}

/// Tells whether any two dollar signs could stand around a formula. Where none do, they are prices,
/// and Markdown needn't look at them.
fn has_formula(body: &str) -> bool {
    let bytes = body.as_bytes();
    let mut is_open = false;
    for at in memchr::memchr_iter(b'$', bytes) {
        if is_open && closes_formula(bytes, at) {
            return true;
        }
        is_open |= opens_formula(bytes, at);
    }
    false
}

/// Tells whether a stretch with dollar signs at its ends is a formula, and not two prices.
pub(super) fn is_formula(bytes: &[u8], at: &Range<usize>) -> bool {
    opens_formula(bytes, at.start) && closes_formula(bytes, at.end.saturating_sub(1))
}

/// Tells whether the dollar sign at `at` could open a formula: `US$5` and `5$` do not.
fn opens_formula(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| bytes[before]);
    let after = bytes.get(at + 1);
    !before.is_some_and(|byte| byte.is_ascii_alphanumeric())
        && after.is_some_and(|byte| !byte.is_ascii_whitespace())
}

/// Tells whether the dollar sign at `at` could close a formula: `$5-$10` has none.
fn closes_formula(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| bytes[before]);
    let after = bytes.get(at + 1);
    before.is_some_and(|byte| !byte.is_ascii_whitespace())
        && !after.is_some_and(|byte| byte.is_ascii_digit())
}

/// The longest superscript or subscript within a word, in bytes.
const LONGEST_SCRIPT: usize = 32;

/// Finds the next superscript or subscript that follows a letter, as in `x^2^` and `H~2~O`, which
/// Markdown's own rule for emphasis leaves alone.
pub(super) fn script<'t>(text: &str, mut from: usize) -> Option<(Range<usize>, Tag<'t>)> {
    let bytes = text.as_bytes();
    loop {
        let at = from + memchr::memchr2(b'^', b'~', &bytes[from..])?;
        from = at + 1;
        let before = text[..at].chars().next_back();
        if !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, ')' | ']')) {
            continue;
        }
        let length = text[from..]
            .char_indices()
            .take_while(|(length, _)| *length < LONGEST_SCRIPT)
            .find(|(_, c)| !c.is_alphanumeric() && !"+-−–.,=()".contains(*c))
            .map(|(length, _)| length);
        let end = from + length.unwrap_or(0);
        if end > from && bytes[end] == bytes[at] && bytes.get(end + 1) != Some(&bytes[at]) {
            let tag = match bytes[at] {
                b'^' => Tag::Superscript,
                _ => Tag::Subscript,
            };
            return Some((at..end + 1, tag));
        }
    }
}
