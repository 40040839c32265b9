//! A file's bytes as text, and its lines.

use crate::base::diagnostic::{Diagnostic, Place};

/// Reads the bytes of the file `path` as UTF-8, the only encoding that is read.
///
/// # Errors
///
/// Names the first byte that is not UTF-8 and the encoding that the file is probably in.
pub fn decode<'a>(path: &str, bytes: &'a [u8]) -> Result<&'a str, Diagnostic> {
    let fault = |at: usize, likely: &str, hint: &str| {
        Diagnostic::error(format!("this is not UTF-8: byte {at} is wrong, {likely}"))
            .at(Place::file(path))
            .hint(hint)
    };
    const RESAVE: &str = "save the file as UTF-8";
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(fault(0, "the file is probably UTF-16", RESAVE));
    }
    let start = &bytes[..bytes.len().min(SNIFFED)];
    let zeros = start.iter().filter(|byte| **byte == 0).count();
    let halves = |odd: usize| {
        start
            .iter()
            .skip(odd)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    if zeros >= 4 && zeros * 4 > start.len() && (halves(0) == 0 || halves(1) == 0) {
        let at = start.iter().position(|byte| *byte == 0).unwrap_or(0);
        return Err(fault(
            at,
            "the file is probably UTF-16 without a mark",
            RESAVE,
        ));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let controls = start
            .iter()
            .filter(|byte| **byte < 9 || (14..27).contains(*byte));
        if controls.count() * 20 > start.len() {
            return fault(
                at,
                "the file is probably no text",
                "keep pictures and other files under their own names, not as articles",
            );
        }
        let has_quotes = bytes[at..].iter().any(|byte| (0x80..0xa0).contains(byte));
        let encoding = if has_quotes {
            "Windows-1252"
        } else {
            "Latin-1"
        };
        fault(at, &format!("the file is probably {encoding}"), RESAVE)
    })
}

/// How many bytes tell what a file is.
const SNIFFED: usize = 4096;

/// A line of a text.
pub struct Line<'a> {
    /// Where it begins: bytes from the text's beginning.
    pub at: usize,
    /// Its text, without its end.
    pub text: &'a str,
    /// Where the next one begins.
    pub end: usize,
}

/// Returns the lines of `source` from the byte `start` on; they end in LF, CR LF or CR.
pub fn lines(source: &str, start: usize) -> impl Iterator<Item = Line<'_>> {
    let mut at = start;
    std::iter::from_fn(move || {
        let rest = &source[at..];
        if rest.is_empty() {
            return None;
        }
        let length = memchr::memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len());
        let break_length = match &rest.as_bytes()[length..] {
            [b'\r', b'\n', ..] => 2,
            [] => 0,
            _ => 1,
        };
        let line = Line {
            at,
            text: &rest[..length],
            end: at + length + break_length,
        };
        at = line.end;
        Some(line)
    })
}

/// Tells whether HTML forbids a character: controls (but for white space) and noncharacters (HTML
/// Standard, section 13.2.3.5).
pub(super) fn is_forbidden(c: char) -> bool {
    let control = c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{C}');
    control || matches!(c, '\u{FDD0}'..='\u{FDEF}') || c as u32 & 0xFFFE == 0xFFFE
}
