//! Finds calls of shortcodes and attributes of pictures before Markdown is read, and hides them
//! from it.
//!
//! Each is replaced by a mark of the same length, so that every place stays what it was. A mark
//! holds U+FDD0, which no text may hold (the author's own become U+FFFD). A line of nothing but
//! calls becomes a declaration, `<!d...>`, which Markdown takes for a block of HTML wherever it
//! stands; any other call becomes letters. Where Markdown finds a mark in code, what was hidden is
//! put back: so nothing here needs to know what code is.

use super::Shortcodes;
use memchr::memmem;
use std::borrow::Cow;
use std::ops::Range;

/// The character that marks are known by.
const SENTINEL: &str = "\u{FDD0}";

/// A body with its calls and attributes hidden.
pub(super) struct Marked<'a> {
    /// What Markdown reads; as long as the body.
    pub(super) text: Cow<'a, str>,
    /// What is hidden, in order.
    pub(super) marks: Vec<Mark>,
}

/// Something that is hidden from Markdown.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mark {
    /// Where it is, in bytes of the body.
    pub(super) range: Range<usize>,
    /// What it is.
    pub(super) kind: MarkKind,
    /// Whether it is the first of a line that holds calls alone, and so becomes a block.
    pub(super) is_block: bool,
}

impl Mark {
    /// Returns the name of the shortcode that it calls.
    pub(super) fn name<'b>(&self, body: &'b str) -> &'b str {
        match &self.kind {
            MarkKind::Open { name, .. }
            | MarkKind::Close { name }
            | MarkKind::Unfinished { name } => &body[name.clone()],
            MarkKind::Attributes => "",
        }
    }
}

/// What is hidden from Markdown.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum MarkKind {
    /// `{{< name arguments >}}`.
    Open {
        /// Where the name is.
        name: Range<usize>,
        /// Where the arguments are.
        arguments: Range<usize>,
    },
    /// `{{< /name >}}`.
    Close {
        /// Where the name is.
        name: Range<usize>,
    },
    /// `{{< name` without its `>}}`.
    Unfinished {
        /// Where the name is.
        name: Range<usize>,
    },
    /// `{key="value"}` after a bracket.
    Attributes,
}

impl<'a> Marked<'a> {
    /// Hides nothing.
    pub(super) fn nothing(body: &'a str) -> Self {
        Self {
            text: Cow::Borrowed(body),
            marks: Vec::new(),
        }
    }

    /// Hides the calls of declared shortcodes and what may be attributes of pictures.
    pub(super) fn new(body: &'a str, shortcodes: &dyn Shortcodes) -> Self {
        let marks = find(body, shortcodes);
        if marks.is_empty() {
            return Self::nothing(body);
        }
        let mut text = String::with_capacity(body.len());
        let mut at = 0;
        for mark in &marks {
            push_clean(&mut text, &body[at..mark.range.start]);
            push_mark(&mut text, mark.range.len(), mark.is_block);
            at = mark.range.end;
        }
        push_clean(&mut text, &body[at..]);
        Self {
            text: Cow::Owned(text),
            marks,
        }
    }

    /// Returns the marks that overlap a stretch, as a range of indices.
    pub(super) fn within(&self, at: &Range<usize>) -> Range<usize> {
        if self.marks.is_empty() {
            return 0..0;
        }
        let from = self
            .marks
            .partition_point(|mark| mark.range.end <= at.start);
        let count = self.marks[from..].partition_point(|mark| mark.range.start < at.end);
        from..from + count
    }

    /// Puts back what was hidden in a text that came from the stretch `at`.
    pub(super) fn restored<'t>(
        &self,
        body: &str,
        text: &'t str,
        at: &Range<usize>,
    ) -> Cow<'t, str> {
        let mut marks = self.marks[self.within(at)].iter();
        if marks.len() == 0 || !is_marked(text) {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(sentinel) = rest.find(SENTINEL) {
            let Some(mark) = marks.next() else { break };
            let start = match mark.is_block {
                true => sentinel.saturating_sub(BLOCK_MARK.len()),
                false => sentinel,
            };
            out.push_str(&rest[..start]);
            out.push_str(&body[mark.range.clone()]);
            rest = rest.get(start + mark.range.len()..).unwrap_or_default();
        }
        out.push_str(rest);
        Cow::Owned(out)
    }
}

/// Tells whether a text holds a mark.
pub(super) fn is_marked(text: &str) -> bool {
    memmem::find(text.as_bytes(), SENTINEL.as_bytes()).is_some()
}

/// What a mark begins with that is to be a block of HTML.
const BLOCK_MARK: &str = "<!d";

fn push_mark(out: &mut String, length: usize, is_block: bool) {
    let end = out.len() + length;
    if is_block {
        out.push_str(BLOCK_MARK);
    }
    out.push_str(SENTINEL);
    let last = end - usize::from(is_block);
    while out.len() < last {
        out.push('d');
    }
    if is_block {
        out.push('>');
    }
}

fn push_clean(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = memmem::find(rest.as_bytes(), SENTINEL.as_bytes()) {
        out.push_str(&rest[..at]);
        out.push('\u{FFFD}');
        rest = &rest[at + SENTINEL.len()..];
    }
    out.push_str(rest);
}

/// Finds what is to be hidden.
fn find(body: &str, shortcodes: &dyn Shortcodes) -> Vec<Mark> {
    let bytes = body.as_bytes();
    let mut marks: Vec<Mark> = Vec::new();
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'{', &bytes[at..]) {
        let brace = at + found;
        let before = brace.checked_sub(1).map(|before| bytes[before]);
        let mark = if bytes[brace..].starts_with(OPENING) {
            call(body, brace, shortcodes).filter(|_| before != Some(b'\\'))
        } else if matches!(before, Some(b')' | b']')) {
            attributes_end(body, brace).map(|end| (brace..end, MarkKind::Attributes))
        } else {
            None
        };
        at = brace + 1;
        if let Some((range, kind)) = mark {
            at = range.end;
            marks.push(Mark {
                range,
                kind,
                is_block: false,
            });
        }
    }
    find_blocks(body, &mut marks);
    marks
}

/// Marks the first call of each line that holds nothing but calls.
fn find_blocks(body: &str, marks: &mut [Mark]) {
    let is_call = |mark: &Mark| matches!(mark.kind, MarkKind::Open { .. } | MarkKind::Close { .. });
    let mut from = 0;
    let mut first = 0;
    while first < marks.len() {
        let gap = &body[from..marks[first].range.start];
        let begins_line = from == 0 || gap.contains('\n');
        let prefix = gap.rsplit('\n').next().unwrap_or_default();
        // A call may stand in a quotation or a list, after their markers.
        let is_first = begins_line
            && prefix
                .trim_matches([' ', '\t', '>', '-', '*', '+'])
                .is_empty();
        let mut last = first;
        let is_alone = loop {
            let end = marks[last].range.end;
            let until = marks
                .get(last + 1)
                .map_or(body.len(), |next| next.range.start);
            let rest = body[end..until].trim_start_matches([' ', '\t', '\r']);
            if !is_call(&marks[last]) {
                break false;
            }
            if rest.starts_with('\n') || until == body.len() && rest.is_empty() {
                break true;
            }
            if !rest.is_empty() {
                break false;
            }
            last += 1;
        };
        marks[first].is_block = is_first && is_alone && marks[first].range.len() >= SHORTEST_BLOCK;
        from = marks[last].range.end;
        first = last + 1;
    }
}

/// What begins a call.
const OPENING: &[u8] = b"{{<";

/// What ends a call.
const CLOSING: &[u8] = b">}}";

/// The shortest call is `{{<x>}}`; no shorter mark can be a declaration.
const SHORTEST_BLOCK: usize = BLOCK_MARK.len() + SENTINEL.len() + 1;

/// Reads the call of a declared shortcode.
fn call(body: &str, start: usize, shortcodes: &dyn Shortcodes) -> Option<(Range<usize>, MarkKind)> {
    let mut at = skip_space(body, start + OPENING.len())?;
    let closes = body[at..].starts_with('/');
    if closes {
        at = skip_space(body, at + 1)?;
    }
    let length = body[at..]
        .bytes()
        .position(|byte| !byte.is_ascii_alphanumeric() && byte != b'_' && byte != b'-')
        .unwrap_or(body.len() - at);
    let name = at..at + length;
    shortcodes.declared(&body[name.clone()])?;
    let arguments = name.end..match call_end(body, name.end) {
        Some(end) => end,
        None => {
            let range = start..name.end;
            return Some((range, MarkKind::Unfinished { name }));
        }
    };
    let range = start..arguments.end + CLOSING.len();
    let kind = match closes {
        true => MarkKind::Close { name },
        false => MarkKind::Open { name, arguments },
    };
    Some((range, kind))
}

/// Finds the `>}}` of a call: outside quotation marks, in the same paragraph.
fn call_end(body: &str, from: usize) -> Option<usize> {
    let bytes = body.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'>' if bytes[at..].starts_with(CLOSING) => return Some(at),
            b'{' if bytes[at..].starts_with(OPENING) => return None,
            b'\n' if is_blank_line(bytes, at + 1) => return None,
            b'"' | b'\'' if matches!(bytes[at - 1], b'=' | b' ' | b'\t' | b'\n') => {
                at = quoted_end(bytes, at)?;
            }
            _ => at += 1,
        }
    }
    None
}

/// Returns where a quoted value ends, after its mark; a backslash keeps the next character in it.
fn quoted_end(bytes: &[u8], quote: usize) -> Option<usize> {
    let mut at = quote + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' => at += 2,
            b'\n' if is_blank_line(bytes, at + 1) => return None,
            byte if byte == bytes[quote] => return Some(at + 1),
            _ => at += 1,
        }
    }
}

fn is_blank_line(bytes: &[u8], from: usize) -> bool {
    let mut rest = bytes[from..].iter();
    rest.find(|byte| !matches!(byte, b' ' | b'\t' | b'\r'))
        .is_none_or(|byte| *byte == b'\n')
}

/// Skips white space within a paragraph.
fn skip_space(body: &str, from: usize) -> Option<usize> {
    let bytes = body.as_bytes();
    let mut at = from;
    while at < bytes.len() && bytes[at].is_ascii_whitespace() {
        if bytes[at] == b'\n' && is_blank_line(bytes, at + 1) {
            return None;
        }
        at += 1;
    }
    Some(at)
}

/// Returns where `{key="value" key=value}` ends, if that is what begins here.
fn attributes_end(body: &str, brace: usize) -> Option<usize> {
    let mut at = skip_space(body, brace + 1)?;
    let mut count = 0;
    while !body[at..].starts_with('}') {
        let value = value(body, at)?;
        value.key?;
        at = skip_space(body, value.range.end)?;
        count += 1;
    }
    (count > 0).then_some(at + 1)
}

/// One argument of a call or attribute of a picture.
pub(super) struct Value<'a> {
    /// Its key, where it has one.
    pub(super) key: Option<&'a str>,
    /// The value, without quotation marks and their backslashes.
    pub(super) text: Cow<'a, str>,
    /// Key and value, in bytes of the body.
    pub(super) range: Range<usize>,
}

/// Reads the argument that begins at `start`: `key="value"`, `key=value`, `"value"` or `value`.
pub(super) fn value(body: &str, start: usize) -> Option<Value<'_>> {
    let bytes = body.as_bytes();
    let bare_end = |from: usize| {
        bytes[from..]
            .iter()
            .position(|byte| byte.is_ascii_whitespace() || b"\"'=<>`{}".contains(byte))
            .map_or(bytes.len(), |length| from + length)
    };
    let word_end = bare_end(start);
    let (key, from) = if word_end > start && bytes.get(word_end) == Some(&b'=') {
        (Some(&body[start..word_end]), word_end + 1)
    } else {
        (None, start)
    };
    if let Some(b'"' | b'\'') = bytes.get(from) {
        let end = quoted_end(bytes, from)?;
        return Some(Value {
            key,
            text: unquoted(&body[from + 1..end - 1]),
            range: start..end,
        });
    }
    let end = bare_end(from);
    (end > from).then(|| Value {
        key,
        text: Cow::Borrowed(&body[from..end]),
        range: start..end,
    })
}

/// Takes the backslashes from before quotation marks and backslashes.
fn unquoted(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let is_escape = c == '\\' && matches!(characters.peek(), Some('"' | '\'' | '\\'));
        out.push(if is_escape {
            characters.next().unwrap_or(c)
        } else {
            c
        });
    }
    Cow::Owned(out)
}
