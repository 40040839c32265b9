//! What files are sent with: their content types and headers, from the table in dateline.yaml over
//! sensible defaults.

use crate::source::config::HeaderRule;
use std::collections::BTreeMap;

/// Headers by their names, each word of which begins with a capital.
pub(super) type Headers = BTreeMap<String, String>;

/// Pages are asked for again at every visit, so that readers see a correction at once.
const REVALIDATED: &str = "public, max-age=0, must-revalidate";
/// A name that holds the fingerprint of its content never means anything else.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// Photos and the like keep their names; a day is how long an old one may be seen.
const DAY: &str = "public, max-age=86400";

/// Returns the headers of a path.
pub(super) fn of(path: &str, rules: &[HeaderRule]) -> Headers {
    let kind = content_type(path);
    let is_page = kind.starts_with("text/html")
        || kind.contains("xml")
        || kind.starts_with("text/plain")
        || kind.contains("json");
    let cache = match path {
        path if is_fingerprinted(path) => IMMUTABLE,
        _ if is_page && !kind.starts_with("image/") => REVALIDATED,
        _ => DAY,
    };
    let mut headers = Headers::from([
        ("Content-Type".to_owned(), kind.to_owned()),
        ("Cache-Control".to_owned(), cache.to_owned()),
    ]);
    for rule in rules.iter().filter(|rule| is_match(&rule.glob, path)) {
        for (name, value) in &rule.headers {
            headers.insert(canonical(name), value.clone());
        }
    }
    headers.retain(|_, value| !value.is_empty());
    headers
}

/// Returns the content type of a path, with the charset of texts.
pub(super) fn content_type(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or_default();
    let extension = name
        .rsplit_once('.')
        .map_or("", |(_, extension)| extension)
        .to_ascii_lowercase();
    match extension.as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json; charset=utf-8",
        "jsonld" => "application/ld+json; charset=utf-8",
        "webmanifest" => "application/manifest+json; charset=utf-8",
        "xml" if name.contains("atom") => "application/atom+xml; charset=utf-8",
        "atom" => "application/atom+xml; charset=utf-8",
        "rss" => "application/rss+xml; charset=utf-8",
        "xml" | "xsl" => "application/xml; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "md" => "text/markdown; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "ics" => "text/calendar; charset=utf-8",
        "vtt" => "text/vtt; charset=utf-8",
        "svg" => "image/svg+xml; charset=utf-8",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/vnd.microsoft.icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "ogg" | "oga" => "audio/ogg",
        "wav" => "audio/wav",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "gz" => "application/gzip",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

/// Tells whether a file is a text that compresses.
pub(super) fn is_text(path: &str) -> bool {
    let kind = content_type(path);
    kind.contains("charset") || kind == "application/wasm"
}

/// Tells whether a name holds the fingerprint of its content: `site.0a1b2c3d.css`.
pub(super) fn is_fingerprinted(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let parts: Vec<&str> = name.split('.').collect();
    parts.len() >= 3
        && parts[1..parts.len() - 1].iter().any(|part| {
            part.len() >= 8
                && part
                    .bytes()
                    .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        })
}

/// Returns a header's name with a capital at the beginning of each word.
pub(super) fn canonical(name: &str) -> String {
    let mut canonical = String::with_capacity(name.len());
    let mut begins = true;
    for letter in name.chars() {
        canonical.push(match begins {
            true => letter.to_ascii_uppercase(),
            false => letter.to_ascii_lowercase(),
        });
        begins = letter == '-';
    }
    canonical
}

/// Tells whether a pattern means a path. `*` stands for any letters but `/`, `**` for any; a pattern
/// without a slash means names in every folder.
pub(super) fn is_match(glob: &str, path: &str) -> bool {
    if glob.contains('/') || glob.contains("**") {
        return matches(glob.as_bytes(), path.as_bytes());
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    matches(glob.as_bytes(), name.as_bytes())
}

/// Matches in time that is the product of the two lengths at most: of the stars that were passed,
/// only the last of each kind has to be tried again.
fn matches(glob: &[u8], path: &[u8]) -> bool {
    let (mut g, mut p) = (0, 0);
    // Where a star was passed: what follows it in the pattern, and what it ends before in the path.
    let mut star: Option<(usize, usize)> = None;
    let mut stars: Option<(usize, usize)> = None;
    loop {
        if glob[g..].starts_with(b"**") {
            // `**/` stands for no folder as well.
            g += if glob[g..].starts_with(b"**/") && (p == 0 || path[p - 1] == b'/') {
                stars = Some((g + 3, p));
                3
            } else {
                stars = Some((g + 2, p));
                2
            };
            star = None;
            continue;
        }
        if g < glob.len() && glob[g] == b'*' {
            star = Some((g + 1, p));
            g += 1;
            continue;
        }
        if p == path.len() && g == glob.len() {
            return true;
        }
        if p < path.len() && g < glob.len() && (glob[g] == path[p] || glob[g] == b'?') {
            (g, p) = (g + 1, p + 1);
            continue;
        }
        if let Some((after, from)) =
            star.filter(|(_, from)| path.get(*from).is_some_and(|b| *b != b'/'))
        {
            star = Some((after, from + 1));
            (g, p) = (after, from + 1);
            continue;
        }
        star = None;
        let Some((after, from)) = stars.filter(|(_, from)| *from < path.len()) else {
            return false;
        };
        stars = Some((after, from + 1));
        (g, p) = (after, from + 1);
    }
}

/// Returns the file `_headers` that hosts such as Netlify and Cloudflare Pages read.
pub(super) fn host_file(rules: &[HeaderRule]) -> String {
    let mut text = String::new();
    for rule in rules.iter().filter(|rule| !rule.headers.is_empty()) {
        let pattern = rule.glob.replace("**", "*");
        text.push_str(&format!("/{pattern}\n"));
        for (name, value) in rule.headers.iter().filter(|(_, value)| !value.is_empty()) {
            text.push_str(&format!("  {}: {value}\n", canonical(name)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rule(glob: &str, headers: &[(&str, &str)]) -> HeaderRule {
        HeaderRule {
            glob: glob.to_owned(),
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        }
    }

    #[test]
    fn pages_are_revalidated_and_fingerprinted_assets_are_immutable() {
        let check = |path: &str, kind: &str, cache: &str| {
            let headers = of(path, &[]);
            assert_eq!(headers["Content-Type"], kind, "{path}");
            assert_eq!(headers["Cache-Control"], cache, "{path}");
        };
        check("a/index.html", "text/html; charset=utf-8", REVALIDATED);
        check("feed.xml", "application/xml; charset=utf-8", REVALIDATED);
        check(
            "assets/site.0a1b2c3d.css",
            "text/css; charset=utf-8",
            IMMUTABLE,
        );
        check("photos/harbour.jpg", "image/jpeg", DAY);
        check("logo.svg", "image/svg+xml; charset=utf-8", DAY);
        check("CNAME", "application/octet-stream", DAY);
        check("assets/site.deadbee.css", "text/css; charset=utf-8", DAY);
    }

    #[test]
    fn the_later_rule_wins_and_an_empty_value_takes_a_header_away() {
        let rules = [
            rule(
                "**",
                &[("x-frame-options", "DENY"), ("cache-control", "no-store")],
            ),
            rule("*.html", &[("Cache-Control", "max-age=60")]),
            rule("raw/**", &[("content-type", "")]),
        ];
        let page = of("a/b/index.html", &rules);
        assert_eq!(page["Cache-Control"], "max-age=60");
        assert_eq!(page["X-Frame-Options"], "DENY");
        assert!(!of("raw/x.html", &rules).contains_key("Content-Type"));
    }

    #[test]
    fn stars_stop_at_slashes_and_two_do_not() {
        for (glob, path, expect) in [
            ("*.html", "a/b.html", true),
            ("a/*.html", "a/b.html", true),
            ("a/*.html", "a/b/c.html", false),
            ("a/**", "a/b/c.html", true),
            ("**", "", true),
            ("**/*.css", "site.css", true),
            ("**/*.css", "a/b/site.css", true),
            ("**/*.css", "a/b/site.js", false),
            ("a/**/z", "a/z", true),
            ("a/**/z", "a/b/c/z", true),
            ("a/**/z", "ab/z", false),
            ("assets/*", "assets/", true),
            ("*a*b", "xaxbxb", true),
            ("*a*b", "xaxbx", false),
        ] {
            assert_eq!(is_match(glob, path), expect, "{glob} {path}");
        }
    }

    proptest! {
        #[test]
        fn a_pattern_means_what_its_letters_are_replaced_by(path in "[ab/]{0,12}", cut in 0..12_usize, more in 0..12_usize) {
            let (cut, end) = (cut.min(path.len()), (cut + more).min(path.len()));
            let glob = format!("{}**{}", &path[..cut], &path[end..]);
            prop_assert!(is_match(&glob, &path), "{} {}", glob, path);
        }
    }

    #[test]
    fn the_host_file_has_the_table() {
        let rules = [rule(
            "assets/**",
            &[("cache-control", "max-age=9"), ("x-a", "")],
        )];
        assert_eq!(host_file(&rules), "/assets/*\n  Cache-Control: max-age=9\n");
    }
}
