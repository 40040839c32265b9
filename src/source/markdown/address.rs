//! Addresses: which run something, which are source paths, which the site has to resolve.

/// What an address is, by its looks alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Address {
    /// It has a scheme, or begins with `//`.
    Absolute,
    /// It runs something, or holds something that a browser might run.
    Harmful,
    /// It is empty.
    Empty,
    /// It is a place in the same page.
    Fragment,
    /// It is the path of an article's source: `@/...` or a relative one that ends with `.md`.
    Source,
    /// It is any other address of the site.
    Local,
}

/// Tells what an address is. `is_picture` allows pictures that are written out as data.
pub(super) fn kind(address: &str, is_picture: bool) -> Address {
    if is_harmful(address, is_picture) {
        return Address::Harmful;
    }
    match address.as_bytes() {
        [] => return Address::Empty,
        [b'#', ..] => return Address::Fragment,
        [b'@', b'/', ..] => return Address::Source,
        [b'/', b'/', ..] => return Address::Absolute,
        _ => {}
    }
    if scheme(address).is_some() {
        return Address::Absolute;
    }
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let is_source = path.ends_with(".md") && !path.starts_with('/');
    if is_source {
        Address::Source
    } else {
        Address::Local
    }
}

/// Returns the scheme of an address (RFC 3986, section 3.1), without its colon.
fn scheme(address: &str) -> Option<&str> {
    let colon = address
        .bytes()
        .position(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'+' | b'-' | b'.'))?;
    let is_scheme =
        address.as_bytes()[colon] == b':' && address.as_bytes()[0].is_ascii_alphabetic();
    is_scheme.then(|| &address[..colon])
}

/// Tells whether an address runs something. Browsers skip white space and controls in it.
fn is_harmful(address: &str, is_picture: bool) -> bool {
    const LONGEST: usize = "data:image/jpeg".len();
    const PICTURES: [&str; 5] = ["png", "jpeg", "gif", "webp", "avif"];
    let mut letters = [0u8; LONGEST];
    let mut length = 0;
    for byte in address.bytes().filter(|byte| *byte > b' ' && *byte != 0x7F) {
        if length == LONGEST {
            break;
        }
        letters[length] = byte.to_ascii_lowercase();
        length += 1;
    }
    let letters = &letters[..length];
    if let Some(media) = letters.strip_prefix(b"data:") {
        let kind = media.strip_prefix(b"image/").filter(|_| is_picture);
        return !kind.is_some_and(|kind| {
            PICTURES
                .iter()
                .any(|name| kind.starts_with(name.as_bytes()))
        });
    }
    letters.starts_with(b"javascript:") || letters.starts_with(b"vbscript:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_known_by_their_looks() {
        let check = |address: &str, expect: Address| {
            assert_eq!(kind(address, false), expect, "{address:?}");
        };
        check("https://a.example/b.md", Address::Absolute);
        check("mailto:a@b.example", Address::Absolute);
        check("//cdn.example/x", Address::Absolute);
        check("", Address::Empty);
        check("#quay", Address::Fragment);
        check("@/local/harbour.md#quay", Address::Source);
        check("harbour.md", Address::Source);
        check("../harbour.md?x#quay", Address::Source);
        check("/harbour.md", Address::Local);
        check("/about/", Address::Local);
        check("a/b:c", Address::Local);
        check("report.pdf", Address::Local);
        check("javascript:alert(1)", Address::Harmful);
        check(" \u{1}JaVa\tscr\nipt:alert(1)", Address::Harmful);
        check("vbscript:x", Address::Harmful);
        check("data:text/html,<script>", Address::Harmful);
        check("data:image/png;base64,xx", Address::Harmful);
        check("javascript-notes", Address::Local);
    }

    #[test]
    fn only_pictures_that_cannot_run_may_be_data() {
        let check = |address: &str, expect: Address| {
            assert_eq!(kind(address, true), expect, "{address:?}");
        };
        check("data:image/png;base64,xx", Address::Absolute);
        check("DATA:image/JPEG,xx", Address::Absolute);
        check("data:image/svg+xml,<svg onload=x>", Address::Harmful);
        check("data:text/html,x", Address::Harmful);
        check("javascript:x", Address::Harmful);
    }
}
