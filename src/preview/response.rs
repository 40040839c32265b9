//! One answer of HTTP/1.1: status, headers, and a body that is in memory or in a file.
//!
//! What can be asked for again has an entity tag; a browser that has it is told so in 304, and a
//! player that wants a part is given that part (RFC 9110, sections 13 and 14).

use super::request::Request;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

/// How many bytes of a file are in memory at a time.
const CHUNK: usize = 64 * 1024;

/// An answer.
#[derive(Debug)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The headers but those that `write` adds: the length, and whether the connection stays.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
}

/// What an answer carries.
#[derive(Debug)]
pub enum Body {
    /// Bytes in memory; the range of them that is sent.
    Bytes(Arc<[u8]>, u64, u64),
    /// A stretch of an open file: where it begins, how long it is.
    File(File, u64, u64),
}

impl Body {
    /// Makes a body of bytes.
    pub fn bytes(bytes: impl Into<Arc<[u8]>>) -> Self {
        let bytes = bytes.into();
        let length = bytes.len() as u64;
        Self::Bytes(bytes, 0, length)
    }

    fn length(&self) -> u64 {
        match self {
            Self::Bytes(_, _, length) | Self::File(_, _, length) => *length,
        }
    }

    fn cut(&mut self, from: u64, count: u64) {
        match self {
            Self::Bytes(_, start, length) | Self::File(_, start, length) => {
                *start += from;
                *length = count;
            }
        }
    }
}

impl Response {
    /// Makes an answer.
    pub fn new(status: u16, media_type: &str, body: Body) -> Self {
        Self {
            status,
            headers: vec![("Content-Type".to_owned(), media_type.to_owned())],
            body,
        }
    }

    /// Makes an answer of one line of text.
    pub fn text(status: u16, text: &str) -> Self {
        let text = format!("{text}\n");
        Self::new(
            status,
            "text/plain; charset=utf-8",
            Body::bytes(text.into_bytes()),
        )
    }

    /// Sends the browser elsewhere.
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::text(status, &format!("it is at {location}")).with("Location", location)
    }

    /// Adds a header, instead of one of that name.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers
            .retain(|(own, _)| !own.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Gives an answer that is there its tag, and cuts it down to what the request needs of it.
    #[must_use]
    pub fn tagged(self, tag: &str, request: &Request) -> Self {
        let tag = format!("\"{tag}\"");
        let mut made = self.with("ETag", &tag);
        if made.status != 200 {
            return made;
        }
        made = made.with("Accept-Ranges", "bytes");
        if request
            .header("if-none-match")
            .is_some_and(|known| matches_tag(known, &tag))
        {
            made.status = 304;
            made.body = Body::bytes(Vec::new());
            return made;
        }
        let is_same = request.header("if-range").is_none_or(|known| known == tag);
        let Some(range) = request
            .header("range")
            .filter(|_| is_same && !request.is_head)
        else {
            return made;
        };
        let length = made.body.length();
        match part(range, length) {
            Part::Whole => made,
            Part::Of(start, count) => {
                made.status = 206;
                made.body.cut(start, count);
                let last = start + count - 1;
                made.with("Content-Range", &format!("bytes {start}-{last}/{length}"))
            }
            Part::None => {
                made.status = 416;
                made.body = Body::bytes(Vec::new());
                made.with("Content-Range", &format!("bytes */{length}"))
            }
        }
    }

    /// Writes the answer.
    ///
    /// # Errors
    ///
    /// Where the connection or the file fails.
    pub fn write(mut self, out: &mut impl Write, is_head: bool, is_kept: bool) -> io::Result<()> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            // A line of a header never ends before it should, whatever a path or a rule holds.
            let value = value.replace(|letter: char| letter.is_control(), " ");
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if self.status != 304 {
            head.push_str(&format!("Content-Length: {}\r\n", self.body.length()));
        }
        if !is_kept {
            head.push_str("Connection: close\r\n");
        }
        head.push_str("\r\n");
        if is_head || self.status == 304 {
            out.write_all(head.as_bytes())?;
            return out.flush();
        }
        match &mut self.body {
            Body::Bytes(bytes, start, length) => {
                // In one piece, so that small pages are one packet.
                let mut all = head.into_bytes();
                all.extend_from_slice(&bytes[*start as usize..(*start + *length) as usize]);
                out.write_all(&all)?;
            }
            Body::File(file, start, length) => {
                out.write_all(head.as_bytes())?;
                file.seek(SeekFrom::Start(*start))?;
                let mut left = *length;
                let mut chunk = vec![0; CHUNK];
                while left > 0 {
                    let most = left.min(CHUNK as u64) as usize;
                    let count = file.read(&mut chunk[..most])?;
                    if count == 0 {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                    out.write_all(&chunk[..count])?;
                    left -= count as u64;
                }
            }
        }
        out.flush()
    }
}

/// Compares a list of tags weakly (RFC 9110, section 8.8.3.2).
fn matches_tag(known: &str, tag: &str) -> bool {
    known
        .split(',')
        .map(str::trim)
        .any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}

/// What of a body is asked for.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// All of it.
    Whole,
    /// From where, and how many bytes.
    Of(u64, u64),
    /// Something that it does not have.
    None,
}

/// Reads a range of bytes. Several at once are answered with the whole, as is what is no range.
fn part(range: &str, length: u64) -> Part {
    let Some((first, last)) = range
        .strip_prefix("bytes=")
        .and_then(|range| range.split_once('-'))
    else {
        return Part::Whole;
    };
    let number = |text: &str| match text.is_empty() {
        true => Some(None),
        false if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(Some(text.parse().unwrap_or(u64::MAX)))
        }
        false => None,
    };
    match (number(first.trim()), number(last.trim())) {
        (Some(Some(first)), Some(last)) => {
            let last = last.unwrap_or(u64::MAX).min(length.saturating_sub(1));
            match first {
                first if first >= length => Part::None,
                first if first > last => Part::Whole,
                first => Part::Of(first, last - first + 1),
            }
        }
        (Some(None), Some(Some(count))) => match count.min(length) {
            0 => Part::None,
            count => Part::Of(length - count, count),
        },
        _ => Part::Whole,
    }
}

/// Returns the words for a status.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        206 => "Partial Content",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        410 => "Gone",
        414 => "URI Too Long",
        416 => "Range Not Satisfiable",
        431 => "Request Header Fields Too Large",
        451 => "Unavailable For Legal Reasons",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Answer",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(headers: &[(&str, &str)]) -> Request {
        Request {
            is_head: false,
            path: "/".to_owned(),
            query: None,
            headers: headers
                .iter()
                .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
                .collect(),
            is_kept: true,
        }
    }

    fn answer(headers: &[(&str, &str)]) -> String {
        let made = Response::new(200, "text/plain", Body::bytes(*b"0123456789"))
            .tagged("abc", &request(headers));
        let mut out = Vec::new();
        made.write(&mut out, false, true)
            .expect("memory takes every byte");
        String::from_utf8(out).expect("it is text")
    }

    #[test]
    fn a_part_is_cut_as_it_is_asked_for() {
        for (range, expect) in [
            ("bytes=0-", Part::Of(0, 10)),
            ("bytes=2-4", Part::Of(2, 3)),
            ("bytes=8-100", Part::Of(8, 2)),
            ("bytes=-3", Part::Of(7, 3)),
            ("bytes=-30", Part::Of(0, 10)),
            ("bytes=10-", Part::None),
            ("bytes=99999999999999999999999-", Part::None),
            ("bytes=-0", Part::None),
            ("bytes=4-2", Part::Whole),
            ("bytes=0-1,3-4", Part::Whole),
            ("bytes=+1-2", Part::Whole),
            ("lines=1-2", Part::Whole),
            ("bytes=-", Part::Whole),
        ] {
            assert_eq!(part(range, 10), expect, "{range}");
        }
        assert_eq!(part("bytes=0-", 0), Part::None);
    }

    #[test]
    fn a_browser_that_has_it_is_told_so() {
        for known in ["\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "*"] {
            let told = answer(&[("if-none-match", known)]);
            assert!(
                told.starts_with("HTTP/1.1 304 ") && told.ends_with("\r\n\r\n"),
                "{told}"
            );
        }
        assert!(answer(&[("if-none-match", "\"x\"")]).starts_with("HTTP/1.1 200 "));
    }

    #[test]
    fn a_part_says_which_it_is() {
        let told = answer(&[("range", "bytes=2-4")]);
        assert!(told.starts_with("HTTP/1.1 206 "), "{told}");
        assert!(
            told.contains("Content-Range: bytes 2-4/10\r\n") && told.ends_with("\r\n\r\n234"),
            "{told}"
        );
        assert!(answer(&[("range", "bytes=20-")]).contains("Content-Range: bytes */10\r\n"));
        assert!(answer(&[("range", "bytes=2-4"), ("if-range", "\"old\"")]).ends_with("0123456789"));
    }

    #[test]
    fn a_header_can_not_be_split() {
        let mut out = Vec::new();
        let made = Response::redirect(302, "/a\r\nSet-Cookie: x=y");
        made.write(&mut out, true, true)
            .expect("memory takes every byte");
        let told = String::from_utf8(out).expect("it is text");
        assert!(!told.contains("\nSet-Cookie"), "{told}");
    }
}
