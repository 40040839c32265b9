//! YAML as nearly all front matter is written, read without the library: entries of one line each,
//! lists in brackets, and maps and lists one level deep.
//!
//! Whatever is the least unusual is left to the library. The two are compared on made-up documents by a
//! property below.

use super::{Entry, Node, Span, Value};
use std::borrow::Cow;
use std::ops::Range;

/// What may be more than a letter between the brackets of a list.
const MARKS_IN_LISTS: [char; 18] = [
    '[', ']', '{', '}', ',', ':', '"', '\'', '#', '?', '!', '&', '*', '|', '>', '%', '@', '`',
];

/// The longest key that is usual, in bytes; the library refuses one of more than 1,024.
const LONGEST_KEY: usize = 64;

/// Reads the document at `range` of `source` as the library would; none where it is not as usual.
pub(super) fn load(source: &str, range: Range<usize>) -> Option<Node<'_>> {
    let mut lines = Lines {
        text: &source[..range.end],
        at: range.start,
    };
    let mut entries = Vec::new();
    while let Some(line) = lines.next()? {
        let (key, value) = entry(line)?;
        let value = match value {
            Some(value) => inline(value)?,
            None => below(&mut lines)?,
        };
        entries.push(key.with(value));
    }
    (!entries.is_empty()).then(|| Node::new(Value::Map(entries)))
}

/// A part of a line, with where it begins in the file.
#[derive(Clone, Copy)]
struct Part<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Part<'a> {
    fn from(self, start: usize) -> Self {
        self.within(start..self.text.len())
    }

    fn within(self, range: Range<usize>) -> Self {
        Self {
            text: &self.text[range.clone()],
            at: self.at + range.start,
        }
    }

    fn trimmed(self) -> Self {
        let start = self.text.len() - self.text.trim_start_matches(' ').len();
        let end = self.text.trim_end_matches(' ').len();
        self.within(start..end.max(start))
    }

    fn span(self) -> Span {
        (self.at as u32, (self.at + self.text.len()) as u32)
    }

    fn with(self, node: Node<'a>) -> Entry<'a> {
        Entry {
            key: Cow::Borrowed(self.text),
            key_at: self.span(),
            node,
        }
    }
}

struct Lines<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lines<'a> {
    /// Takes the next line; none of one that is empty or ends in another way than by `\n`.
    #[expect(
        clippy::option_option,
        reason = "no line is another thing than none that is usual"
    )]
    fn next(&mut self) -> Option<Option<Part<'a>>> {
        let rest = &self.text[self.at..];
        if rest.is_empty() {
            return Some(None);
        }
        let end = rest.find('\n').unwrap_or(rest.len());
        let line = Part {
            text: &rest[..end],
            at: self.at,
        };
        self.at = (self.at + end + 1).min(self.text.len());
        let is_usual = !line.text.trim_matches(' ').is_empty() && line.text.chars().all(is_usual);
        is_usual.then_some(Some(line))
    }

    /// Takes the next line if it is indented, without its indent; returns how deep that is.
    fn indented(&mut self) -> Option<Option<(usize, Part<'a>)>> {
        let deeper = |line: &str| line.len() - line.trim_start_matches(' ').len();
        match deeper(&self.text[self.at..]) {
            0 => Some(None),
            indent => {
                let line = self.next()??;
                Some(Some((indent, line.from(indent))))
            }
        }
    }
}

/// Tells whether a character is one that only stands for itself, or is looked at where it stands.
fn is_usual(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{ab}' | '\u{bb}' | '\u{2010}'..='\u{201e}' | '\u{2026}')
        || (!c.is_ascii() && c.is_alphanumeric())
}

/// Parts a line into its key and its value, if that is on the same line.
fn entry(line: Part<'_>) -> Option<(Part<'_>, Option<Part<'_>>)> {
    let colon = line.text.find(':')?;
    let key = line.within(0..colon);
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_usual = key.text.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.text.len() <= LONGEST_KEY
        && key.text.bytes().all(is_name);
    if !is_usual {
        return None;
    }
    let value = line.from(colon + 1);
    match value.trimmed() {
        nothing if nothing.text.is_empty() => Some((key, None)),
        written if value.text.starts_with(' ') => Some((key, Some(written))),
        _ => None,
    }
}

/// Reads a value that stands beside its key.
fn inline(value: Part<'_>) -> Option<Node<'_>> {
    let Some(list) = value.text.strip_prefix('[') else {
        return scalar(value, false);
    };
    let list = value.within(1..1 + list.strip_suffix(']')?.len());
    let mut items = Vec::new();
    let mut start = 0;
    for end in list
        .text
        .match_indices(',')
        .map(|(at, _)| at)
        .chain([list.text.len()])
    {
        items.push(scalar(list.within(start..end).trimmed(), true)?);
        start = end + 1;
    }
    Some(Node::new(Value::List(items)))
}

/// Reads the lines below a key: the entries of a map or the items of a list.
fn below<'a>(lines: &mut Lines<'a>) -> Option<Node<'a>> {
    let (indent, first) = lines.indented()??;
    let is_list = first.text.starts_with("- ");
    let (mut items, mut entries) = (Vec::new(), Vec::new());
    let mut line = first;
    loop {
        if is_list {
            line.text.strip_prefix("- ")?;
            items.push(scalar(line.from(2).trimmed(), false)?);
        } else {
            let (key, value) = entry(line)?;
            entries.push(key.with(scalar(value?, false)?));
        }
        match lines.indented()? {
            None => break,
            Some((same, next)) if same == indent => line = next,
            Some(_) => return None,
        }
    }
    Some(Node::new(match is_list {
        true => Value::List(items),
        false => Value::Map(entries),
    }))
}

/// Reads a text that stands without quotes and can't be anything else.
fn scalar(part: Part<'_>, is_in_list: bool) -> Option<Node<'_>> {
    let text = part.text;
    let is_text = match text.chars().next()? {
        '0'..='9' => is_date_like(text),
        first if first.is_alphanumeric() => !is_word_of_yaml(text),
        _ => false,
    };
    let ends_early = text.contains(": ")
        || text.ends_with(':')
        || text.contains(" #")
        || (is_in_list && text.contains(MARKS_IN_LISTS));
    if !is_text || ends_early {
        return None;
    }
    let mut node = Node::new(Value::Text(Cow::Borrowed(text)));
    node.at = part.span();
    Some(node)
}

/// Tells whether a text begins with a day, as no number does.
fn is_date_like(text: &str) -> bool {
    let is_as = |(at, byte): (usize, u8)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    text.len() >= 10 && text.bytes().take(10).enumerate().all(is_as)
}

/// Tells whether a word is a truth value or nothing, in any letters.
fn is_word_of_yaml(text: &str) -> bool {
    ["true", "false", "null"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::yaml::load;
    use proptest::prelude::*;

    /// What the library makes of a text; none where it refuses it.
    fn by_library(text: &str) -> Option<Node<'_>> {
        load::by_library("a.md", text, 4..text.len(), None).ok()
    }

    #[test]
    fn what_is_usual_is_read() {
        for text in [
            "---\nheadline: Ferry to Skjolden – again\n",
            "---\ntimestamp: 2026-07-20T20:17:40Z\ntags: [spaceflight, NASA,  A. B. ]\n",
            "---\nphoto:\n  src: https://photos.example/1.jpg\n  credit: Ann Lee / Reuters\nslug: a",
            "---\nauthors:\n- Ann Lee\n",
            "---\nauthors:\n  - Ann Lee\n  - Bo Ek\nsummary: It's “here” (now), isn't it?  \n",
        ] {
            let usual = load(text, 4..text.len());
            // A list that is not indented is left to the library.
            assert_eq!(usual.is_some(), !text.contains("\n- "), "{text}");
            assert!(usual.is_none() || usual == by_library(text), "{text}");
        }
    }

    #[test]
    fn what_can_be_something_else_is_left_to_the_library() {
        for value in [
            "12", "1e5", "true", "Null", "~", "\"a\"", "'a'", "a: b", "a #b", "a:", "*a", "&a b",
            "!a b", "[a, 1]", "[a", "[]", "[a,]", "{a: b}", "|", "- a", "a\tb", "a\u{85}b",
            "2026-1-1", "", "@a",
        ] {
            let text = format!("---\nkey: {value}\n");
            assert_eq!(load(&text, 4..text.len()), None, "{text}");
        }
        for text in [
            "---\n",
            "---\n\na: b\n",
            "---\n a: b\n",
            "---\na: b\n  c\n",
            "---\na b: c\n",
            "---\n# c\n",
        ] {
            assert_eq!(load(text, 4..text.len()), None, "{text}");
        }
    }

    #[test]
    fn a_key_that_the_library_refuses_is_left_to_it() {
        let text = format!("---\na: b\n{}: c\n", "k".repeat(2000));
        assert_eq!(by_library(&text), None);
        assert_eq!(load(&text, 4..text.len()), None);
    }

    fn line() -> impl Strategy<Value = String> {
        let value = prop_oneof![
            "[a-zA-Zäß0-9][a-z0-9 ,:#'\"\\[\\]{}!&*?|>%@`/.“–\t=-]{0,12}",
            "[ -~]{0,8}",
            "20[0-9]{2}-[0-9]{2}-[0-9]{2}[T 0-9:Z+.-]{0,8}",
            "\\[[a-z0-9, :#'\\[\\]{}?!&*|>%@`-]{0,10}\\]",
            Just("true".to_owned()),
            Just("No".to_owned()),
            Just(".inf".to_owned()),
        ];
        (
            "( {0,3}|- | {1,2}- )",
            "[a-z_0-9]{0,4}",
            "(:|: |:  | )",
            value,
            " {0,2}",
        )
            .prop_map(|(indent, key, colon, value, end)| {
                format!("{indent}{key}{colon}{value}{end}")
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn whatever_is_read_is_what_the_library_reads(
            lines in prop::collection::vec(line(), 1..5),
            keys in prop::collection::vec("[a-z]{1,3}(:|: [a-zé][a-z0-9 ,:'-]{0,6})", 0..3),
            end in "\n{0,1}",
        ) {
            for lines in [&lines, &keys.iter().chain(&lines).cloned().collect(), &keys] {
                let text = format!("---\n{}{end}", lines.join("\n"));
                let usual = load(&text, 4..text.len());
                if usual.is_some() {
                    prop_assert_eq!(usual, by_library(&text), "{}", text);
                }
            }
        }
    }
}
