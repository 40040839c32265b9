//! The path that a browser sends becomes the path of a page, or nothing.
//!
//! It is cut into segments, then each is decoded once, and what comes out is only ever looked up
//! among the pages of the plan: no path of a request reaches the file system.

use unicode_normalization::UnicodeNormalization;

/// Decodes the path of a request; none where it can be no page's: a segment that leads up, is
/// empty, or holds a slash, a backslash or a control character.
pub fn decode(path: &str) -> Option<String> {
    let inner = path.strip_prefix('/')?;
    let mut made = String::with_capacity(path.len());
    let mut segments = inner.split('/').peekable();
    while let Some(segment) = segments.next() {
        let decoded = decoded(segment)?;
        let is_last = segments.peek().is_none();
        let is_strange = matches!(decoded.as_str(), "." | "..")
            || (decoded.is_empty() && !is_last)
            || decoded.contains(|letter: char| letter.is_control() || matches!(letter, '/' | '\\'));
        if is_strange {
            return None;
        }
        made.push('/');
        made.extend(decoded.nfc());
    }
    Some(made)
}

/// Decodes `%XX` once; none where that is no UTF-8 or a `%` stands alone.
pub fn decoded(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        let (high, low) = (digit(rest.next())?, digit(rest.next())?);
        bytes.push((high * 16 + low) as u8);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_decided_on_its_segments_once() {
        for (path, expect) in [
            ("/", Some("/")),
            ("/a/b/", Some("/a/b/")),
            ("/feed.xml", Some("/feed.xml")),
            ("/caf%C3%A9/", Some("/caf\u{e9}/")),
            ("/cafe%CC%81/", Some("/caf\u{e9}/")),
            ("/%252e%252e/x", Some("/%2e%2e/x")),
            ("a", None),
            ("//", None),
            ("//etc/passwd", None),
            ("/a//b", None),
            ("/..", None),
            ("/../etc/passwd", None),
            ("/%2e%2e/etc/passwd", None),
            ("/.%2E/x", None),
            ("/a/./b", None),
            ("/..%2f..%2fetc/passwd", None),
            ("/..%5c..%5cetc", None),
            ("/a\\b", None),
            ("/a%00", None),
            ("/a%0d%0aX: y", None),
            ("/%ff", None),
            ("/%c0%ae%c0%ae/x", None),
            ("/%2", None),
            ("/%zz", None),
        ] {
            assert_eq!(decode(path).as_deref(), expect, "{path}");
        }
    }
}
