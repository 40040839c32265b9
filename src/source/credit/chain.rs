//! Where the parts of a credit end: at slashes, dashes, bars, and at commas before what is known.

use std::ops::Range;

/// Cuts a stretch of the text at the separators that always are one: `/`, `|`, a bullet, a dash
/// between blanks, a long dash.
pub(super) fn segments(text: &str, within: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = within.start;
    let mut skip_until = within.start;
    let mut depth = 0_usize;
    for (offset, letter) in text[within.clone()].char_indices() {
        let at = within.start + offset;
        if at < skip_until {
            continue;
        }
        let before = text[..at].chars().next_back().filter(|_| at > within.start);
        let after = text[at + letter.len_utf8()..within.end].chars().next();
        let is_blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let is_separator = match letter {
            '(' | '[' => {
                depth += 1;
                false
            }
            ')' | ']' => {
                depth = depth.saturating_sub(1);
                false
            }
            _ if depth > 0 => false,
            '/' => {
                if text[at..within.end].starts_with("//") {
                    // An address goes on to the next blank.
                    let rest = &text[at..within.end];
                    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                    skip_until = at + end;
                    false
                } else {
                    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
                    !(is_digit(before) && is_digit(after))
                }
            }
            '|' | '•' | '·' | '—' | '\\' => true,
            '-' | '–' => is_blank(before) && is_blank(after),
            _ => false,
        };
        if is_separator {
            found.push(start..at);
            start = at + letter.len_utf8();
        }
    }
    found.push(start..within.end);
    found
}

/// Cuts a stretch at commas.
pub(super) fn commas(text: &str, within: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = within.start;
    let mut depth = 0_usize;
    for (offset, letter) in text[within.clone()].char_indices() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ',' | '、' if depth == 0 => {
                let at = within.start + offset;
                found.push(start..at);
                start = at + letter.len_utf8();
            }
            _ => {}
        }
    }
    found.push(start..within.end);
    found
}

/// Cuts a stretch at the words and signs that join names: `and`, `&`, `+`, and their like in other
/// languages.
pub(super) fn joined(text: &str, within: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = within.start;
    let mut at = within.start;
    while let Some(gap) = text[at..within.end].find(char::is_whitespace) {
        let blank = at + gap;
        let word_start =
            blank + text[blank..within.end].len() - text[blank..within.end].trim_start().len();
        let rest = &text[word_start..within.end];
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let is_joint = matches!(
            &rest[..end],
            "and" | "&" | "+" | "und" | "et" | "y" | "og" | "och" | "en" | "AND" | "And"
        );
        if is_joint && end < rest.len() {
            found.push(start..blank);
            start = word_start + end;
            at = start;
        } else {
            at = word_start.max(blank + 1).min(within.end);
            // A blank of several bytes is passed over whole.
            while !text.is_char_boundary(at) {
                at += 1;
            }
        }
    }
    // The list may begin with what joins it to the one before: `and P. Oesh`.
    let first = text[start..within.end].trim_start();
    if found.is_empty()
        && let Some(rest) = first
            .strip_prefix("and ")
            .or_else(|| first.strip_prefix("& "))
    {
        start = within.end - rest.len();
    }
    found.push(start..within.end);
    found
}

/// Finds a word in a stretch, whole and in any case; returns where it stands.
pub(super) fn find_word(text: &str, within: Range<usize>, word: &str) -> Option<Range<usize>> {
    let mut at = within.start;
    while at < within.end {
        let rest = &text[at..within.end];
        let blank = rest.len() - rest.trim_start_matches(is_edge).len();
        let start = at + blank;
        let rest = &text[start..within.end];
        let end = rest.find(is_edge).unwrap_or(rest.len());
        if end == 0 {
            return None;
        }
        if rest[..end].eq_ignore_ascii_case(word) {
            return Some(start..start + end);
        }
        at = start + end;
    }
    None
}

fn is_edge(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ';' | '/' | '|' | '(' | ')')
}

/// Returns a stretch without blanks and stray punctuation at its ends.
pub(super) fn trimmed(text: &str, within: Range<usize>) -> Range<usize> {
    let edge = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '/' | '|' | '\u{200b}');
    let part = &text[within.clone()];
    let left = part.trim_start_matches(|c| edge(c) || matches!(c, '-' | '–' | '.' | ')'));
    let start = within.end - left.len();
    let mut right = left.trim_end_matches(|c| edge(c) || matches!(c, '-' | '–'));
    // A full stop after a word is the credit's; after `Jr` or an initial it is the name's.
    while let Some(rest) = right.strip_suffix('.') {
        let last = rest.rsplit(char::is_whitespace).next().unwrap_or_default();
        let is_short = last.chars().count() <= 3 && last.chars().any(char::is_lowercase)
            || last.chars().count() <= 1;
        if is_short || last.contains('.') {
            break;
        }
        right = rest.trim_end_matches(edge);
    }
    start..start + right.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, cut: fn(&str, Range<usize>) -> Vec<Range<usize>>) -> Vec<&str> {
        let found = cut(text, 0..text.len());
        found.into_iter().map(|range| text[range].trim()).collect()
    }

    #[test]
    fn separators_separate_and_hyphens_do_not() {
        assert_eq!(
            cut("A-B / C — D - E|F", segments),
            ["A-B", "C", "D", "E", "F"]
        );
        assert_eq!(
            cut("see https://a.example/b c/d", segments),
            ["see https://a.example/b c", "d"]
        );
        assert_eq!(cut("24/7 (a/b)", segments), ["24/7 (a/b)"]);
    }

    #[test]
    fn names_are_joined_by_words_of_many_languages() {
        assert_eq!(cut("Ana & Bo and Cy", joined), ["Ana", "Bo", "Cy"]);
        assert_eq!(cut("and P. Oesh", joined), ["P. Oesh"]);
        assert_eq!(cut("Andrea Sand", joined), ["Andrea Sand"]);
        assert_eq!(cut("Ana\u{a0}y\u{a0}Bo", joined), ["Ana", "Bo"]);
    }

    #[test]
    fn a_full_stop_is_the_credits_unless_it_is_the_names() {
        let check =
            |text: &str, expect: &str| assert_eq!(&text[trimmed(text, 0..text.len())], expect);
        check(" Ana Reis. ", "Ana Reis");
        check("Carl Dunne Jr.", "Carl Dunne Jr.");
        check("Carl D.", "Carl D.");
        check("AFP.", "AFP");
        check("- AFP,", "AFP");
        check("Northlight Inc.", "Northlight Inc.");
    }
}
