//! The parts of a written timestamp: numbers, words and marks, with what is only typography
//! taken out.

use crate::base::route::is_invisible;

/// One part of a written timestamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind<'a>,
    /// Whether white space stands before it.
    pub(super) spaced: bool,
}

/// What a [`Token`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// ASCII digits.
    Number(&'a str),
    /// Letters in lower case; with a `/` in it, the name of a zone.
    Word(&'a str),
    /// What stands between `[` and `]`.
    Bracket(&'a str),
    /// Any other character.
    Mark(char),
}

/// Rewrites a text in lower case, every kind of white space as a space, every kind of hyphen as
/// `-` and what only separates as a comma.
pub(super) fn normalised(text: &str) -> String {
    text.chars()
        .filter(|c| !is_invisible(*c))
        .map(|c| match c {
            '\u{2010}'..='\u{2013}' | '\u{2212}' => '-',
            '\u{2014}' | '|' | '•' | '·' | ';' => ',',
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// Divides a normalised text.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::with_capacity(16);
    let mut rest = text;
    let mut spaced = false;
    while let Some(c) = rest.chars().next() {
        let (kind, length) = match c {
            ' ' => {
                rest = &rest[1..];
                spaced = true;
                continue;
            }
            '0'..='9' => {
                let end = end_of(rest, |c| c.is_ascii_digit());
                (Kind::Number(&rest[..end]), end)
            }
            '[' if rest.contains(']') => {
                let end = end_of(rest, |c| c != ']');
                (Kind::Bracket(&rest[1..end]), end + 1)
            }
            c if c.is_alphabetic() => {
                let end = end_of_word(rest);
                (Kind::Word(&rest[..end]), end)
            }
            c => (Kind::Mark(c), c.len_utf8()),
        };
        tokens.push(Token { kind, spaced });
        rest = &rest[length..];
        spaced = false;
    }
    tokens
}

fn end_of(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// Returns the end of a word; of two words with a `/` between them, which name a zone such as
/// `america/port-au-prince` or `etc/gmt+5`, the end of the name.
fn end_of_word(text: &str) -> usize {
    let end = end_of(text, char::is_alphabetic);
    let names_a_zone = text[end..]
        .strip_prefix('/')
        .is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()));
    if !names_a_zone || !text[..end].is_ascii() {
        return end;
    }
    let is_etc = &text[..end] == "etc";
    end_of(text, |c| {
        c.is_ascii_alphabetic()
            || matches!(c, '/' | '_' | '-')
            || (is_etc && (c == '+' || c.is_ascii_digit()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_words_and_marks_are_told_apart() {
        let text = normalised("21st\u{202f}of Nov.–2024 [Europe/Lisbon] Asia/Tokyo");
        let kinds: Vec<_> = tokens(&text).iter().map(|t| (t.kind, t.spaced)).collect();
        let expect = [
            (Kind::Number("21"), false),
            (Kind::Word("st"), false),
            (Kind::Word("of"), true),
            (Kind::Word("nov"), true),
            (Kind::Mark('.'), false),
            (Kind::Mark('-'), false),
            (Kind::Number("2024"), false),
            (Kind::Bracket("europe/lisbon"), true),
            (Kind::Word("asia/tokyo"), true),
        ];
        assert_eq!(kinds, expect);
    }

    #[test]
    fn a_slash_after_a_foreign_letter_names_no_zone() {
        let kinds: Vec<_> = tokens("é/a").iter().map(|token| token.kind).collect();
        let expect = [Kind::Word("é"), Kind::Mark('/'), Kind::Word("a")];
        assert_eq!(kinds, expect);
    }
}
