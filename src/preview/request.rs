//! One request of HTTP/1.1 (RFC 9112): the bytes of its head, within limits, become a value.
//!
//! Nothing is guessed: a head that is longer than a limit, is no HTTP, or asks for anything but to
//! read is refused with the status that says so. Bodies are never read.
#![expect(
    clippy::disallowed_methods,
    reason = "a request that does not end in time is given up"
)]

use std::io::{ErrorKind, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// The longest first line, in bytes.
const LONGEST_LINE: usize = 8 * 1024;
/// The longest head, in bytes.
const LONGEST_HEAD: usize = 32 * 1024;
/// The most headers.
const MOST_HEADERS: usize = 100;

/// What a browser asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Whether the body of the answer is not wanted (`HEAD`).
    pub is_head: bool,
    /// The path as it was sent, beginning with `/`, still percent-encoded.
    pub path: String,
    /// What follows the `?`, as it was sent.
    pub query: Option<String>,
    /// The headers; names are in lower case.
    pub headers: Vec<(String, String)>,
    /// Whether the connection can carry another request.
    pub is_kept: bool,
}

/// Why a request is not answered as it wishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is no HTTP/1.x.
    Bad,
    /// It did not end in time.
    Late,
    /// Its first line is too long.
    LongLine,
    /// It has too many headers, or too long ones.
    LongHead,
    /// It asks for something other than to read.
    Method,
    /// The connection ended before a whole request came; nobody hears an answer.
    Gone,
}

impl Refusal {
    /// Returns the status of the answer (RFC 9110, section 15; RFC 6585); none where nobody listens.
    pub fn status(self) -> Option<u16> {
        match self {
            Self::Bad => Some(400),
            Self::Late => Some(408),
            Self::LongLine => Some(414),
            Self::LongHead => Some(431),
            Self::Method => Some(405),
            Self::Gone => None,
        }
    }
}

impl Request {
    /// Returns the value of a header that is there once; `name` is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(own, _)| own == name);
        match (found.next(), found.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    }

    /// Returns a value of the query, percent-decoded.
    pub fn argument(&self, name: &str) -> Option<String> {
        let pairs = self.query.as_deref()?.split('&');
        let value = pairs
            .filter_map(|pair| pair.split_once('='))
            .find(|(own, _)| *own == name)?
            .1;
        super::address::decoded(value)
    }
}

/// Reads the head of a request. `waiting` holds bytes that came with the request before; what comes
/// after this one is left in it. The whole head must be there within `patience`.
///
/// # Errors
///
/// Why there is no request.
pub fn read(
    stream: &mut TcpStream,
    waiting: &mut Vec<u8>,
    patience: Duration,
) -> Result<Request, Refusal> {
    let deadline = Instant::now() + patience;
    let mut chunk = [0; 4096];
    loop {
        // Empty lines before a request are passed over (RFC 9112, section 2.2).
        let blank = waiting
            .iter()
            .take_while(|byte| b"\r\n".contains(byte))
            .count();
        waiting.drain(..blank);
        if let Some(end) = head_end(waiting) {
            let head: Vec<u8> = waiting.drain(..end).collect();
            return parse(&head);
        }
        is_within_limits(waiting)?;
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(late(waiting));
        }
        let _ = stream.set_read_timeout(Some(left));
        match stream.read(&mut chunk) {
            Ok(0) => return Err(Refusal::Gone),
            Ok(count) => waiting.extend_from_slice(&chunk[..count]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return Err(late(waiting));
            }
            Err(_) => return Err(Refusal::Gone),
        }
    }
}

/// Who has said nothing is told nothing.
fn late(waiting: &[u8]) -> Refusal {
    if waiting.is_empty() {
        Refusal::Gone
    } else {
        Refusal::Late
    }
}

/// Returns where a head ends: after its empty line.
fn head_end(bytes: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, b"\r\n\r\n").map(|at| at + 4)
}

/// Refuses a head that is not whole and can't become one within the limits.
fn is_within_limits(bytes: &[u8]) -> Result<(), Refusal> {
    let line = memchr::memchr(b'\n', bytes);
    let first = &bytes[..line.unwrap_or(bytes.len())];
    // What does not begin as a request does is not waited for.
    let method = first.split(|byte| *byte == b' ').next().unwrap_or_default();
    if method.len() > 20 || !method.iter().all(u8::is_ascii_uppercase) {
        return Err(Refusal::Bad);
    }
    if first.len() > LONGEST_LINE {
        return Err(Refusal::LongLine);
    }
    let lines = memchr::memchr_iter(b'\n', bytes)
        .take(MOST_HEADERS + 3)
        .count();
    if bytes.len() > LONGEST_HEAD || lines > MOST_HEADERS + 2 {
        return Err(Refusal::LongHead);
    }
    Ok(())
}

/// Parses a whole head.
fn parse(head: &[u8]) -> Result<Request, Refusal> {
    is_within_limits(head)?;
    let text = std::str::from_utf8(head).map_err(|_| Refusal::Bad)?;
    let mut lines = text.trim_end_matches("\r\n").split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(Refusal::Bad);
    };
    let is_newer = match version {
        "HTTP/1.1" => true,
        "HTTP/1.0" => false,
        _ => return Err(Refusal::Bad),
    };
    if !target.starts_with('/') || !target.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Refusal::Bad);
    }
    let mut headers = Vec::new();
    for line in lines {
        let (name, value) = line.split_once(':').ok_or(Refusal::Bad)?;
        let is_token =
            |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        let value = value.trim_matches([' ', '\t']);
        if name.is_empty()
            || !name.bytes().all(is_token)
            || value.contains(|letter: char| letter.is_ascii_control() && letter != '\t')
        {
            return Err(Refusal::Bad);
        }
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    if headers.len() > MOST_HEADERS {
        return Err(Refusal::LongHead);
    }
    if !matches!(method, "GET" | "HEAD") {
        return Err(Refusal::Method);
    }
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (target, None),
    };
    let mut request = Request {
        is_head: method == "HEAD",
        path: path.split('#').next().unwrap_or_default().to_owned(),
        query,
        headers,
        is_kept: is_newer,
    };
    let hosts = request
        .headers
        .iter()
        .filter(|(name, _)| name == "host")
        .count();
    if hosts > 1 || (hosts == 0 && is_newer) {
        return Err(Refusal::Bad);
    }
    let closes = request.header("connection").is_some_and(|value| {
        value
            .to_ascii_lowercase()
            .split(',')
            .any(|one| one.trim() == "close")
    });
    // A body is not read, so what follows it on the connection can't be found.
    let has_body = request.headers.iter().any(|(name, value)| {
        name == "transfer-encoding" || (name == "content-length" && value != "0")
    });
    request.is_kept &= !closes && !has_body;
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(head: &str, expect: Result<(&str, Option<&str>, bool), Refusal>) {
        let parsed = parse(head.as_bytes());
        let seen = parsed
            .as_ref()
            .map(|request| {
                (
                    request.path.as_str(),
                    request.query.as_deref(),
                    request.is_kept,
                )
            })
            .map_err(|refusal| *refusal);
        assert_eq!(seen, expect, "{head:?}");
    }

    #[test]
    fn a_head_becomes_a_request_or_says_why_not() {
        check("GET / HTTP/1.1\r\nHost: a\r\n\r\n", Ok(("/", None, true)));
        check(
            "GET /a%20b?x=1&y#z HTTP/1.1\r\nHost: a\r\n\r\n",
            Ok(("/a%20b", Some("x=1&y#z"), true)),
        );
        check("HEAD / HTTP/1.0\r\n\r\n", Ok(("/", None, false)));
        check(
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n",
            Ok(("/", None, false)),
        );
        check(
            "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n",
            Ok(("/", None, false)),
        );
        for bad in [
            "GET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "GET http://evil.example/ HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
            "GET / HTTP/1.1\r\nno colon\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\u{0}b\r\n\r\n",
            "get / HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /\u{e9} HTTP/1.1\r\nHost: a\r\n\r\n",
            "* * *\r\n\r\n",
        ] {
            check(bad, Err(Refusal::Bad));
        }
        check("POST / HTTP/1.1\r\nHost: a\r\n\r\n", Err(Refusal::Method));
    }

    #[test]
    fn what_is_too_long_is_refused_before_it_is_whole() {
        let check = |bytes: String, expect| assert_eq!(is_within_limits(bytes.as_bytes()), expect);
        check(
            format!("GET /{}", "a".repeat(LONGEST_LINE)),
            Err(Refusal::LongLine),
        );
        let headers = "x: y\r\n".repeat(MOST_HEADERS + 2);
        check(
            format!("GET / HTTP/1.1\r\n{headers}"),
            Err(Refusal::LongHead),
        );
        let header = "y".repeat(LONGEST_HEAD);
        check(
            format!("GET / HTTP/1.1\r\nx: {header}"),
            Err(Refusal::LongHead),
        );
        check("\u{16}\u{3}\u{1}junk".to_owned(), Err(Refusal::Bad));
        check("GET / HTTP/1.1\r\nHos".to_owned(), Ok(()));
    }

    #[test]
    fn an_argument_is_decoded_once() {
        let request =
            parse(b"GET /?page=%2Fa%252Fb%2F&x HTTP/1.1\r\nHost: a\r\n\r\n").expect("a request");
        assert_eq!(request.argument("page").as_deref(), Some("/a%2Fb/"));
        assert_eq!(request.argument("x"), None);
    }
}
