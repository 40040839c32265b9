//! The pictures of HTML that stands in a body, as it is written: `<img>` with its attributes, and the
//! caption of the figure that it stands in.

use super::RawPicture;
use super::text::plain;
use std::ops::Range;

/// What is in these elements is no markup.
const VERBATIM: [&str; 4] = ["script", "style", "textarea", "title"];

/// Finds the pictures of the HTML at `at`; a caption may follow after it in the body.
pub(super) fn pictures(body: &str, at: Range<usize>) -> Vec<RawPicture> {
    let mut found = Vec::new();
    let mut from = at.start;
    while let Some(open) = body[from..at.end].find('<').map(|found| from + found) {
        let rest = &body[open..];
        if rest.starts_with("<!--") {
            from = open + rest.find("-->").map_or(rest.len(), |end| end + 3);
        } else if let Some(name) = VERBATIM.iter().find(|name| begins(rest, name)) {
            let close = find_tag(&rest[1..], &format!("/{name}"));
            from = open + 1 + close.unwrap_or(rest.len() - 1);
        } else if begins(rest, "img") {
            let (attributes, end) = attributes(&rest["<img".len()..]);
            let end = open + "<img".len() + end;
            let value = |name: &str| {
                let found = attributes.iter().find(|(known, _)| known == name);
                found.map(|(_, value)| plain(value))
            };
            let src = value("src").unwrap_or_default();
            if !src.trim().is_empty() {
                found.push(RawPicture {
                    src: src.trim().to_owned(),
                    alt: value("alt"),
                    caption: caption(&body[end..]),
                    width: value("width").and_then(|width| width.trim().parse().ok()),
                    no_credit_reason: value("data-no-credit-reason")
                        .filter(|reason| !reason.trim().is_empty()),
                    at: (position(open), position(end)),
                });
            }
            from = end;
        } else {
            from = open + 1;
        }
        if from >= at.end {
            break;
        }
    }
    found
}

/// Returns the text of the caption that a picture has before the next one, or its figure's end.
fn caption(html: &str) -> Option<String> {
    let end = ["img", "/figure", "figure"]
        .iter()
        .filter_map(|name| find_tag(html, name))
        .min()?;
    let html = &html[..end];
    let start = find_tag(html, "figcaption")?;
    let inner = &html[start + html[start..].find('>')? + 1..];
    let inner = &inner[..find_tag(inner, "/figcaption").unwrap_or(inner.len())];
    let text = plain(inner).trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// Finds the beginning of a tag.
fn find_tag(html: &str, name: &str) -> Option<usize> {
    let mut tags = html.match_indices('<');
    tags.find(|(at, _)| begins(&html[*at..], name))
        .map(|(at, _)| at)
}

/// Tells whether HTML begins with a tag of this name.
fn begins(html: &str, name: &str) -> bool {
    let bytes = html.as_bytes();
    let head = bytes.get(1..=name.len());
    let next = bytes.get(name.len() + 1);
    head.is_some_and(|head| head.eq_ignore_ascii_case(name.as_bytes()))
        && next.is_some_and(|next| next.is_ascii_whitespace() || matches!(next, b'>' | b'/'))
}

/// Reads the attributes of a tag: their names in lower case and their values as written, and how long
/// they are with the bracket that ends them (HTML, section 13.2.5.32 and those after it).
fn attributes(html: &str) -> (Vec<(String, &str)>, usize) {
    let bytes = html.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    let skip = |mut at: usize, is: fn(u8) -> bool| {
        while bytes.get(at).copied().is_some_and(is) {
            at += 1;
        }
        at
    };
    loop {
        at = skip(at, |byte| byte.is_ascii_whitespace() || byte == b'/');
        match bytes.get(at) {
            None => return (found, at),
            Some(b'>') => return (found, at + 1),
            Some(_) => {}
        }
        let name = at;
        at = skip(at + 1, |byte| {
            !byte.is_ascii_whitespace() && !matches!(byte, b'=' | b'>' | b'/')
        });
        let name = html.get(name..at).unwrap_or_default().to_ascii_lowercase();
        let equals = skip(at, |byte| byte.is_ascii_whitespace());
        if bytes.get(equals) != Some(&b'=') {
            found.push((name, ""));
            continue;
        }
        at = skip(equals + 1, |byte| byte.is_ascii_whitespace());
        let (start, end) = match bytes.get(at) {
            Some(quote @ (b'"' | b'\'')) => {
                let length = bytes[at + 1..].iter().position(|byte| byte == quote);
                let end = length.map_or(bytes.len(), |length| at + 1 + length);
                let start = at + 1;
                at = (end + 1).min(bytes.len());
                (start, end)
            }
            _ => {
                let start = at;
                at = skip(at, |byte| !byte.is_ascii_whitespace() && byte != b'>');
                (start, at)
            }
        };
        found.push((name, html.get(start..end).unwrap_or_default()));
    }
}

/// A position as the contract holds it; files are far smaller than 4 GB.
fn position(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expect: &[(&str, Option<&str>, Option<&str>)]) {
        let found = pictures(html, 0..html.len());
        let found: Vec<_> = found
            .iter()
            .map(|one| (one.src.as_str(), one.alt.as_deref(), one.caption.as_deref()))
            .collect();
        assert_eq!(found, expect, "{html}");
    }

    #[test]
    fn a_picture_is_found_however_it_is_written() {
        check("<img src=\"a.jpg\">", &[("a.jpg", None, None)]);
        check("<IMG SRC=a.jpg ALT=x>", &[("a.jpg", Some("x"), None)]);
        check(
            "<img\nalt='a > b &amp; \"c\"' hidden src = \"/a b.jpg\"/>",
            &[("/a b.jpg", Some("a > b & \"c\""), None)],
        );
        check("<img alt src=a.jpg>", &[("a.jpg", Some(""), None)]);
        check(
            "<p><img src=1.png><img src=2.png>",
            &[("1.png", None, None), ("2.png", None, None)],
        );
    }

    #[test]
    fn what_is_no_picture_is_none() {
        for html in [
            "<!-- <img src=a.jpg> --> <image src=a.jpg> <imgs src=a>",
            "<script>'<img src=a.jpg>'</script><style><img src=b></style>",
            "<img alt=x> <img src=''> <img",
            "<img src=\"a.jpg",
            "&lt;img src=a.jpg>",
        ] {
            let found = pictures(html, 0..html.len());
            let is_cut = html.ends_with(".jpg");
            assert_eq!(found.len(), usize::from(is_cut), "{html}");
        }
    }

    #[test]
    fn a_caption_is_that_of_its_own_figure() {
        check(
            "<figure><a href=x><img src=a.jpg></a>\n<figcaption>A <b>ferry</b>. Photo: Ana</figcaption></figure>",
            &[("a.jpg", None, Some("A ferry. Photo: Ana"))],
        );
        check(
            "<img src=a.jpg> <figure><img src=b.jpg><figcaption>B</figcaption></figure>",
            &[("a.jpg", None, None), ("b.jpg", None, Some("B"))],
        );
        check(
            "<figure><img src=a.jpg><figcaption> </figcaption></figure>",
            &[("a.jpg", None, None)],
        );
    }
}
