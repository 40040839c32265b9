//! Pages: white space that no reader sees and comments go; tags, attributes and words stay as they
//! are written.
//!
//! The work is one pass over the bytes. What is not well formed is copied.

use memchr::{memchr, memmem};

/// Elements that begin and end a line wherever they are used, and those that are not shown: white
/// space beside their tags means nothing. `li` and its like are often shown in one line.
const BLOCKS: [&str; 44] = [
    "address",
    "article",
    "aside",
    "base",
    "blockquote",
    "body",
    "caption",
    "col",
    "colgroup",
    "details",
    "div",
    "dl",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "link",
    "main",
    "meta",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "title",
    "tr",
    "ul",
    "!doctype",
];

/// Elements whose content is copied: white space counts in it, or it is another language.
const VERBATIM: [&str; 6] = ["pre", "script", "style", "textarea", "title", "noscript"];

/// Returns the page without the white space that is not seen and without comments.
pub(super) fn minified(html: &[u8]) -> Vec<u8> {
    let mut page = Page {
        bytes: Vec::with_capacity(html.len()),
        has_space: false,
        is_beside_block: true,
    };
    let mut rest = html;
    while let Some(at) = memchr(b'<', rest) {
        page.text(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with(b"<!--") {
            let Some(length) = memmem::find(&rest[4..], b"-->").map(|end| end + 7) else {
                break;
            };
            // Includes of the server and conditions are commands; `<` before a comment would begin a
            // tag without it.
            let is_command = matches!(rest.get(4), Some(b'#' | b'['));
            if is_command || (page.bytes.last() == Some(&b'<') && !page.has_space) {
                page.inline(&rest[..length]);
            }
            rest = &rest[length..];
            continue;
        }
        let Some(length) = tag_length(rest) else {
            break;
        };
        let name = name(&rest[..length]);
        let is_block = BLOCKS
            .iter()
            .any(|block| name.eq_ignore_ascii_case(block.as_bytes()));
        let verbatim = VERBATIM
            .iter()
            .find(|element| name.eq_ignore_ascii_case(element.as_bytes()));
        let length = match verbatim {
            Some(element) if rest[1] != b'/' => match end_of(element, &rest[length..]) {
                Some(end) => length + end,
                None => break,
            },
            _ => length,
        };
        if is_block {
            page.block(&rest[..length]);
        } else {
            page.inline(&rest[..length]);
        }
        rest = &rest[length..];
    }
    if rest.first() == Some(&b'<') {
        page.inline(rest);
    } else {
        page.text(rest);
    }
    page.bytes
}

/// A page in the making.
struct Page {
    bytes: Vec<u8>,
    /// Whether white space was read that is not written.
    has_space: bool,
    /// Whether what was last written is the tag of a block.
    is_beside_block: bool,
}

impl Page {
    fn text(&mut self, text: &[u8]) {
        for word in text.split_inclusive(|byte| is_space(*byte)) {
            let (word, ends_with_space) = match word.split_last() {
                Some((last, word)) if is_space(*last) => (word, true),
                _ => (word, false),
            };
            if !word.is_empty() {
                self.inline(word);
            }
            self.has_space |= ends_with_space;
        }
    }

    fn inline(&mut self, bytes: &[u8]) {
        if self.has_space && !self.is_beside_block {
            self.bytes.push(b' ');
        }
        self.bytes.extend_from_slice(bytes);
        (self.has_space, self.is_beside_block) = (false, false);
    }

    fn block(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        (self.has_space, self.is_beside_block) = (false, true);
    }
}

/// Tells white space of HTML; a no-break space is none.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c')
}

/// Returns the length of the tag that `rest` begins with; none where it does not end.
fn tag_length(rest: &[u8]) -> Option<usize> {
    let is_tag = rest
        .get(1)
        .is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!' | b'?'));
    if !is_tag {
        return Some(1);
    }
    let mut quote = None;
    for (at, byte) in rest.iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            _ => {}
        }
    }
    None
}

/// Returns the name of a tag.
fn name(tag: &[u8]) -> &[u8] {
    let tag = tag.get(1..).unwrap_or_default();
    let tag = tag.strip_prefix(b"/").unwrap_or(tag);
    let end = tag
        .iter()
        .position(|byte| is_space(*byte) || matches!(byte, b'>' | b'/'));
    &tag[..end.unwrap_or(tag.len())]
}

/// Returns where the end tag of an element ends.
fn end_of(element: &str, rest: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memmem::find(&rest[at..], b"</")?;
        if name(&rest[at..]).eq_ignore_ascii_case(element.as_bytes()) {
            return Some(at + memchr(b'>', &rest[at..])? + 1);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn small(html: &str) -> String {
        String::from_utf8(minified(html.as_bytes())).expect("text stays text")
    }

    #[test]
    fn only_what_no_reader_sees_goes() {
        for (html, expect) in [
            (
                "<!doctype html>\n<html>\n <head>\n",
                "<!doctype html><html><head>",
            ),
            (
                "<p>\n One  <b>two</b>\n three </p>\n<p>",
                "<p>One <b>two</b> three</p><p>",
            ),
            (
                "<ul>\n <li>a</li>\n <li>b</li>\n</ul>",
                "<ul><li>a</li> <li>b</li></ul>",
            ),
            (
                "a <script>x  <  y</script> b",
                "a <script>x  <  y</script> b",
            ),
            ("<PRE>\n  x\n</PRE>\n y", "<PRE>\n  x\n</PRE>y"),
            (
                "<title> A  <!-- b --></title> ",
                "<title> A  <!-- b --></title>",
            ),
            ("a <!-- x --> b<!-- y -->c", "a bc"),
            (
                "<!--#include a --><!--[if x]>",
                "<!--#include a --><!--[if x]>",
            ),
            (
                "<a title=\"1 > 0\"  href=x>  y",
                "<a title=\"1 > 0\"  href=x> y",
            ),
            ("1 < 2\u{a0} 3", "1 < 2\u{a0} 3"),
        ] {
            assert_eq!(small(html), expect, "{html}");
        }
    }

    #[test]
    fn what_never_ends_is_copied() {
        for html in ["a <!-- b  c", "<p title=\"x  y", "<pre>  a  b", "<"] {
            assert_eq!(small(html), html);
        }
    }

    proptest! {
        #[test]
        fn what_is_small_is_not_made_smaller(html in "(<p>|</p>|<b a=' '>|</b>|<pre>|</pre>|<!--|-->|<|>|[ \\n]{1,3}|[a-c]{1,3}|&amp;|é){0,24}") {
            let once = small(&html);
            prop_assert!(once.len() <= html.len());
            prop_assert_eq!(&small(&once), &once);
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
            if !html.contains("<!--") {
                prop_assert_eq!(letters(&once), letters(&html));
            }
        }
    }
}
