//! What may stand in an address: its characters, its escapes, the names of its parts.

use super::{RouteFault, RouteRules};
use std::borrow::Cow;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark, is_nfc};

/// The longest segment, in bytes: file systems stop at 255, and temporary names are longer.
const LONGEST_SEGMENT: usize = 200;

/// The longest ending after a dot that makes a name a file, in bytes, as in `.webmanifest`.
const LONGEST_EXTENSION: usize = 11;

/// Refuses what is an address of something else than a page of this site.
pub(super) fn refuse_foreign(text: &str) -> Result<(), RouteFault> {
    if text.trim().is_empty() {
        return Err(RouteFault::new(
            "an address may not be empty",
            "write the path of a page, such as `/local/harbour/`",
        ));
    }
    let scheme = text.find(':').map(|colon| &text[..colon]);
    if scheme.is_some_and(|scheme| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    }) {
        return Err(RouteFault::new(
            format!("`{}` is not a path of this site", shown(text)),
            "write the path alone, such as `/local/harbour/`",
        ));
    }
    if let Some(mark) = text.chars().find(|c| matches!(c, '?' | '#')) {
        return Err(RouteFault::new(
            format!("an address may not have a part after `{mark}`"),
            format!("leave out the `{mark}` and what follows it"),
        ));
    }
    Ok(())
}

/// Decodes every `%XX` once; a `%` without two hexadecimal digits stays.
pub(super) fn decode(text: &str) -> Result<Cow<'_, str>, RouteFault> {
    if !has_escape(text) {
        return Ok(Cow::Borrowed(text));
    }
    let mut rest = text.as_bytes();
    let mut decoded = Vec::with_capacity(rest.len());
    while let Some((&byte, tail)) = rest.split_first() {
        match (byte, tail) {
            (b'%', [high, low, after @ ..])
                if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() =>
            {
                decoded.push(hex(*high) << 4 | hex(*low));
                rest = after;
            }
            _ => {
                decoded.push(byte);
                rest = tail;
            }
        }
    }
    String::from_utf8(decoded).map(Cow::Owned).map_err(|_| {
        RouteFault::new(
            format!("the `%` escapes of `{}` are not UTF-8", shown(text)),
            "write the letters themselves",
        )
    })
}

/// Tells whether the name of a tag or a section is written as a path that leads somewhere else, such
/// as `../x`, `/etc` or `C:/`. A name may hold slashes and dots otherwise: `AC/DC`, `.NET`.
pub fn is_path_like(name: &str) -> bool {
    let decoded = decode(name).unwrap_or(Cow::Borrowed(name));
    let name = decoded.trim();
    let is_drive =
        matches!(name.as_bytes(), [letter, b':', b'/' | b'\\', ..] if letter.is_ascii_alphabetic());
    let mut segments = name.split(['/', '\\']).map(str::trim);
    let is_path = name.contains(['/', '\\']);
    let is_hidden = |segment: &str| {
        segment.starts_with('.') && segment[1..].starts_with(|c: char| c.is_ascii_lowercase())
    };
    name.starts_with(['/', '\\'])
        || name.starts_with("~/")
        || name.starts_with("~\\")
        || is_drive
        || name.contains("://")
        || (matches!(decoded, Cow::Owned(_)) && has_escape(name))
        || segments.any(|segment| matches!(segment, "." | "..") || (is_path && is_hidden(segment)))
}

fn has_escape(text: &str) -> bool {
    let mut parts = text.as_bytes().split(|byte| *byte == b'%').skip(1);
    parts.any(|part| matches!(part, [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit()))
}

fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20) - b'a' + 10,
    }
}

pub(super) fn normalised(path: &str) -> Cow<'_, str> {
    if path.is_ascii() || is_nfc(path) {
        Cow::Borrowed(path)
    } else {
        Cow::Owned(path.nfc().collect())
    }
}

pub(super) fn has_extension(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty()
            && (1..=LONGEST_EXTENSION).contains(&extension.len())
            && extension.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && extension.bytes().any(|byte| byte.is_ascii_alphabetic())
    })
}

/// Refuses a segment that is not safe as the name of a file or folder on every system.
pub(super) fn check(segment: &str, rules: &RouteRules) -> Result<(), RouteFault> {
    let fault = |message: String, hint: &str| Err(RouteFault::new(message, hint));
    match segment {
        "" => return Err(empty_segment()),
        ".." => {
            return fault(
                "an address may not go up with `..`".into(),
                "write the whole path from the site's root",
            );
        }
        "." => return fault("an address may not hold `.`".into(), "leave it out"),
        _ => {}
    }
    if segment.len() > LONGEST_SEGMENT {
        return fault(
            format!("a part of an address may not be longer than {LONGEST_SEGMENT} bytes"),
            "shorten it, or give the article a `slug`",
        );
    }
    check_characters(segment)?;
    if has_escape(segment) {
        return fault(
            format!("`{}` is percent-encoded twice", shown(segment)),
            "encode it once, or write the letters themselves",
        );
    }
    if segment.starts_with('.') && !rules.dot_names.iter().any(|name| name == segment) {
        return fault(
            format!("`{}` begins with a dot, which hosts hide", shown(segment)),
            "leave out the dot, or list the name under `publish_dot_names`",
        );
    }
    if segment.starts_with(' ') || segment.ends_with([' ', '.']) {
        return fault(
            format!(
                "`{}` may not begin with a space or end with a space or a dot",
                shown(segment)
            ),
            "Windows drops it from names of files; leave it out",
        );
    }
    if is_device_name(segment) {
        return fault(
            format!("`{}` is the name of a device on Windows", shown(segment)),
            "choose another name",
        );
    }
    Ok(())
}

/// Refuses characters that mean something else on some system, or that readers can't see.
fn check_characters(segment: &str) -> Result<(), RouteFault> {
    if segment
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    {
        return Ok(());
    }
    let mut before = None;
    let mut characters = segment.chars().peekable();
    while let Some(c) = characters.next() {
        if c == '\\' {
            return Err(RouteFault::new(
                "an address may not hold a backslash",
                "write `/` between its parts",
            ));
        }
        if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') {
            return Err(RouteFault::new(
                format!("an address may not hold `{c}`"),
                "Windows has no files with it; leave it out",
            ));
        }
        let joins = is_joiner(c)
            && before.is_some_and(is_letter)
            && characters.peek().is_some_and(|next| is_letter(*next));
        if c.is_control() || c == '\u{FFFD}' || (is_invisible(c) && !joins) {
            return Err(RouteFault::new(
                format!(
                    "an address may not hold the character U+{:04X}",
                    u32::from(c)
                ),
                "readers can't see it; leave it out",
            ));
        }
        before = Some(c);
    }
    Ok(())
}

/// Tells whether Windows takes the name for a device, whatever follows its first dot.
pub(crate) fn is_device_name(name: &str) -> bool {
    // All of them begin with one of these.
    let begins = name.as_bytes().first().map(u8::to_ascii_lowercase);
    if !matches!(begins, Some(b'a' | b'c' | b'l' | b'n' | b'p')) {
        return false;
    }
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    if stem.len() > "CONOUT$".len() {
        return false;
    }
    let stem = stem.to_ascii_lowercase();
    match stem.as_str() {
        "con" | "prn" | "aux" | "nul" | "conin$" | "conout$" => true,
        _ => stem
            .strip_prefix("com")
            .or_else(|| stem.strip_prefix("lpt"))
            .is_some_and(|port| {
                let mut characters = port.chars();
                let is_port = |c: char| c.is_ascii_digit() || matches!(c, '¹' | '²' | '³');
                characters.next().is_some_and(is_port) && characters.next().is_none()
            }),
    }
}

pub(super) fn empty_segment() -> RouteFault {
    RouteFault::new(
        "an address may not hold an empty part",
        "write one `/` between its parts",
    )
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() || is_combining_mark(c)
}

/// Tells whether it is U+200C or U+200D, which some scripts need between letters.
pub(crate) fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

/// Tells whether nothing is shown for it, or it changes the direction of what is around it: so
/// two addresses that differ in it look the same. Variation selectors, which belong to the
/// character before them, are not meant.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E00FF}')
}

/// Folds the case of a character: through capitals, so that `ß` meets `ss` and `ς` meets `σ`. The
/// dotless `ı`, whose capital is the common `I`, is a letter of its own.
pub(super) fn fold(c: char) -> impl Iterator<Item = char> {
    let (upper, own) = match c {
        'ı' => (None, Some(c)),
        _ => (Some(c.to_uppercase().flat_map(char::to_lowercase)), None),
    };
    upper.into_iter().flatten().chain(own)
}

/// Returns the text as a message shows it: without characters that would change the message.
pub(super) fn shown(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(60)
        .map(|c| {
            if c.is_control() || is_invisible(c) {
                '\u{FFFD}'
            } else {
                c
            }
        })
        .collect();
    if text.chars().nth(60).is_some() {
        shown.push('…');
    }
    shown
}
