//! Text on its way to HTML and back: escaping, plain text, counting words.

use crate::source::text::is_forbidden;
use std::ops::Range;

/// Bytes that can't go into HTML as they are, or that may begin a character that can't.
static SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let mut control = 0;
    while control < 0x20 {
        table[control] = !matches!(control as u8, b'\t' | b'\n' | b'\r' | 0x0C);
        control += 1;
    }
    table[0x7F] = true;
    table[b'"' as usize] = true;
    table[b'&' as usize] = true;
    table[b'<' as usize] = true;
    table[b'>' as usize] = true;
    // The first bytes of U+0080..U+009F, of U+FDD0..U+FDEF and of the last two of each plane.
    table[0xC2] = true;
    let mut lead = 0xEF;
    while lead <= 0xF4 {
        table[lead] = true;
        lead += 1;
    }
    table
};

/// Writes text for an element or a quoted attribute. Characters that HTML forbids become U+FFFD.
pub(super) fn escape(out: &mut String, text: &str) {
    copy(out, text, |c| match c {
        '"' => Some("&quot;"),
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        _ => None,
    });
}

/// Writes HTML as it is, but for characters that HTML forbids.
pub(super) fn verbatim(out: &mut String, html: &str) {
    copy(out, html, |_| None);
}

fn copy(out: &mut String, text: &str, replace: impl Fn(char) -> Option<&'static str>) {
    let bytes = text.as_bytes();
    let (mut from, mut at) = (0, 0);
    while at < bytes.len() {
        if !SPECIAL[bytes[at] as usize] {
            at += 1;
            continue;
        }
        let c = text[at..].chars().next().expect("it begins a character");
        let replacement = replace(c).or(is_forbidden(c).then_some("\u{FFFD}"));
        if let Some(replacement) = replacement {
            out.push_str(&text[from..at]);
            out.push_str(replacement);
            from = at + c.len_utf8();
        }
        at += c.len_utf8();
    }
    out.push_str(&text[from..]);
}

/// Writes an address for an attribute: what a URL may not hold is percent-encoded.
pub(super) fn escape_address(out: &mut String, address: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for &byte in address.as_bytes() {
        match byte {
            b'&' => out.push_str("&amp;"),
            b'\'' => out.push_str("&#x27;"),
            _ if byte.is_ascii_alphanumeric() || b"-_.+!*(),%#@?=;:/$~".contains(&byte) => {
                out.push(char::from(byte));
            }
            _ => {
                out.push('%');
                out.push(char::from(HEX[usize::from(byte >> 4)]));
                out.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
    }
}

/// Returns the text of HTML: no tags, no comments, entities decoded, white space made single.
pub(super) fn plain(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = memchr::memchr2(b'<', b'&', rest.as_bytes()) {
        push_collapsed(&mut out, &rest[..at]);
        rest = &rest[at..];
        let skipped = match markup(rest) {
            Some((length, character)) => {
                if let Some(character) = character {
                    push_collapsed(&mut out, character.encode_utf8(&mut [0; 4]));
                }
                length
            }
            None => {
                push_collapsed(&mut out, &rest[..1]);
                1
            }
        };
        rest = &rest[skipped..];
    }
    push_collapsed(&mut out, rest);
    out.truncate(out.trim_end().len());
    out
}

/// Returns the length of the tag or entity at the beginning, and the character that it stands for.
fn markup(text: &str) -> Option<(usize, Option<char>)> {
    if let Some(inner) = text.strip_prefix('<') {
        let next = inner.chars().next()?;
        let begins = next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?');
        let end = if text.starts_with("<!--") { "-->" } else { ">" };
        // An end that is far away is no end: otherwise many beginnings would be slow.
        let window = &text[..floor(text, LONGEST_TAG)];
        let found = memchr::memmem::find(window.as_bytes(), end.as_bytes());
        return found
            .filter(|_| begins)
            .map(|at| (at + end.len(), (next == '!').then_some(' ')));
    }
    let window = &text[..floor(text, LONGEST_ENTITY)];
    let end = window.find(';')?;
    let character = match &window[1..end] {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{A0}',
        "shy" => '\u{AD}',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        name => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => digits.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    };
    Some((end + 1, Some(character)))
}

/// The longest tag or comment that is left out of plain text, in bytes.
const LONGEST_TAG: usize = 4096;

/// The longest entity that is decoded in plain text, in bytes.
const LONGEST_ENTITY: usize = 12;

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn push_collapsed(out: &mut String, text: &str) {
    // Nearly all texts are of this kind, and are not looked at character by character.
    let bytes = text.as_bytes();
    let is_single = bytes.iter().all(|byte| (b' '..0x80).contains(byte))
        && !bytes.windows(2).any(|pair| pair == b"  ")
        && !(text.starts_with(' ') && (out.is_empty() || out.ends_with(' ')));
    if is_single {
        return out.push_str(text);
    }
    let mut rest = text;
    while let Some(at) = rest.find(char::is_whitespace) {
        out.push_str(&rest[..at]);
        if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
        rest = rest[at..].trim_start();
    }
    out.push_str(rest);
}

/// Counts words as a text goes by in pieces.
///
/// A word is a run between white space that holds a letter or digit; each ideograph, kana and
/// hangul syllable is one of its own.
#[derive(Debug, Default)]
pub(super) struct WordCount {
    /// Words of scripts with spaces.
    pub(super) words: u64,
    /// Ideographs, kana and hangul.
    pub(super) characters: u64,
    is_in_word: bool,
}

impl WordCount {
    /// Counts a piece that joins the one before it.
    pub(super) fn add(&mut self, text: &str) {
        let mut rest = text;
        loop {
            let mut is_in_word = u8::from(self.is_in_word);
            let mut ascii = 0;
            let mut words = 0;
            for byte in rest.bytes() {
                let class = CLASSES[usize::from(byte)];
                if class == BEYOND_ASCII {
                    break;
                }
                words += u64::from(class & LETTER & !is_in_word);
                is_in_word = (is_in_word | class & LETTER) & !(class >> 1);
                ascii += 1;
            }
            self.words += words;
            self.is_in_word = is_in_word != 0;
            let mut characters = rest[ascii..].chars();
            let Some(c) = characters.next() else {
                return;
            };
            rest = characters.as_str();
            if is_east_asian(c) {
                self.characters += 1;
                self.is_in_word = false;
            } else if c.is_alphanumeric() {
                self.words += u64::from(!self.is_in_word);
                self.is_in_word = true;
            } else if c.is_whitespace() {
                self.is_in_word = false;
            }
        }
    }

    /// Ends the word, as white space or the end of a block does.
    pub(super) fn end_word(&mut self) {
        self.is_in_word = false;
    }

    /// Returns the minutes that the text takes to read, rounded up, at least 1.
    pub(super) fn minutes(&self, words_per_minute: u32, characters_per_minute: u32) -> u32 {
        let (a, b) = (
            u64::from(words_per_minute.max(1)),
            u64::from(characters_per_minute.max(1)),
        );
        let minutes = (self.words * b + self.characters * a).div_ceil(a * b);
        u32::try_from(minutes).unwrap_or(u32::MAX).max(1)
    }
}

const LETTER: u8 = 1;
const SPACE: u8 = 2;
const BEYOND_ASCII: u8 = 4;

/// What each byte is to the count of words; 0 for what is neither.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => LETTER,
            b' ' | b'\t' | b'\n' | b'\r' | 0x0B | 0x0C => SPACE,
            0x80.. => BEYOND_ASCII,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

/// Tells whether a character is read one by one: an ideograph, kana, bopomofo or hangul.
fn is_east_asian(c: char) -> bool {
    const RANGES: [Range<u32>; 10] = [
        0x1100..0x1200,
        0x2E80..0x2FE0,
        0x3005..0x3008,
        0x3031..0x3036,
        0x3041..0x3097,
        0x309D..0x3100,
        0x3105..0x3190,
        0x31A0..0x4DC0,
        0x4E00..0xA4D0,
        0xAC00..0xD7FC,
    ];
    let code = c as u32;
    // The ideographic planes, their compatibility forms, and half-width kana and hangul.
    (0x1100..0x4_0000).contains(&code)
        && (RANGES.iter().any(|range| range.contains(&code))
            || matches!(code, 0xF900..0xFB00 | 0xFF66..0xFFDD | 0x1_AFF0..0x1_B170 | 0x2_0000..0x4_0000))
        && c != '\u{30FB}'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_html_forbids_is_replaced_and_the_rest_is_kept() {
        let check = |text: &str, expect: &str| {
            let mut out = String::new();
            escape(&mut out, text);
            assert_eq!(out, expect, "{text:?}");
        };
        check("a<b>&\"c\" 'd'", "a&lt;b&gt;&amp;&quot;c&quot; 'd'");
        check(
            "nul\0 bell\u{7} c1\u{85} tab\t",
            "nul\u{FFFD} bell\u{FFFD} c1\u{FFFD} tab\t",
        );
        check(
            "\u{FDD0}\u{FDCF}\u{FFFE}\u{1FFFF}",
            "\u{FFFD}\u{FDCF}\u{FFFD}\u{FFFD}",
        );
        check("« é 北京 😀 »\u{A0}", "« é 北京 😀 »\u{A0}");
    }

    #[test]
    fn the_text_of_html_has_no_tags_and_no_entities() {
        let check = |html: &str, expect: &str| assert_eq!(plain(html), expect, "{html:?}");
        check("a <em>b</em>c<br>\n d", "a bc d");
        check(
            "Q&amp;A &lt;b&gt; &#x41;&#66; &nope; AT&T",
            "Q&A <b> AB &nope; AT&T",
        );
        check("1 < 2 and <!-- no -->yes", "1 < 2 and yes");
        check("<a title=\"x\">", "");
        check("a <", "a <");
    }

    #[test]
    fn words_are_counted_in_every_script() {
        let check = |text: &str, words: u64, characters: u64| {
            let mut count = WordCount::default();
            count.add(text);
            assert_eq!(
                (count.words, count.characters),
                (words, characters),
                "{text:?}"
            );
        };
        check("one two-three  don't — 4", 4, 0);
        check("", 0, 0);
        check("... !? —", 0, 0);
        check("这是一个测试。", 0, 6);
        check("かな カナ", 0, 4);
        check("안녕 하세요", 0, 5);
        check("Das größte 北京 iPhone15", 3, 2);
        check("слово и дело", 3, 0);
        check("「引用」・", 0, 2);
    }

    #[test]
    fn a_word_may_come_in_pieces() {
        let mut count = WordCount::default();
        count.add("hal");
        count.add("ves");
        count.end_word();
        count.add("two");
        assert_eq!(count.words, 2);
    }

    #[test]
    fn reading_time_is_rounded_up_and_never_zero() {
        let count = |words, characters| WordCount {
            words,
            characters,
            is_in_word: false,
        };
        assert_eq!(count(0, 0).minutes(238, 500), 1);
        assert_eq!(count(238, 0).minutes(238, 500), 1);
        assert_eq!(count(239, 0).minutes(238, 500), 2);
        assert_eq!(count(119, 250).minutes(238, 500), 1);
        assert_eq!(count(0, 1001).minutes(238, 500), 3);
        assert_eq!(count(10, 10).minutes(0, 0), 20);
    }
}
