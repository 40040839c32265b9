//! What a file is to a browser: its media type, by the ending of its name.

/// Returns the value of `Content-Type` for a file.
pub fn media_type(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = match name.rsplit_once('.') {
        Some((_, ending)) => ending.to_ascii_lowercase(),
        None => return "application/octet-stream",
    };
    let found = TYPES
        .iter()
        .find(|(endings, _)| endings.contains(&ending.as_str()));
    found.map_or("application/octet-stream", |(_, media_type)| media_type)
}

/// Tells whether a media type is that of a page with markup, into which the preview writes.
pub fn is_html(media_type: &str) -> bool {
    media_type.starts_with("text/html")
}

/// The endings and the types that they stand for, as IANA registers them.
const TYPES: &[(&[&str], &str)] = &[
    (&["html", "htm"], "text/html; charset=utf-8"),
    (&["xhtml"], "application/xhtml+xml"),
    (&["css"], "text/css; charset=utf-8"),
    (&["js", "mjs"], "text/javascript; charset=utf-8"),
    (&["json", "map"], "application/json"),
    (&["jsonld"], "application/ld+json"),
    (&["geojson"], "application/geo+json"),
    (&["webmanifest"], "application/manifest+json"),
    (&["xml", "xsl", "xslt"], "application/xml"),
    (&["rss"], "application/rss+xml"),
    (&["atom"], "application/atom+xml"),
    (&["txt", "text", "asc"], "text/plain; charset=utf-8"),
    (&["md", "markdown"], "text/markdown; charset=utf-8"),
    (&["csv"], "text/csv; charset=utf-8"),
    (&["vtt"], "text/vtt; charset=utf-8"),
    (&["ics"], "text/calendar; charset=utf-8"),
    (&["yaml", "yml"], "application/yaml"),
    (&["toml"], "application/toml"),
    (&["svg"], "image/svg+xml"),
    (&["jpg", "jpeg", "jpe", "jfif"], "image/jpeg"),
    (&["png"], "image/png"),
    (&["apng"], "image/apng"),
    (&["gif"], "image/gif"),
    (&["webp"], "image/webp"),
    (&["avif"], "image/avif"),
    (&["heic"], "image/heic"),
    (&["ico"], "image/vnd.microsoft.icon"),
    (&["bmp"], "image/bmp"),
    (&["tif", "tiff"], "image/tiff"),
    (&["mp4", "m4v"], "video/mp4"),
    (&["webm"], "video/webm"),
    (&["ogv"], "video/ogg"),
    (&["mov"], "video/quicktime"),
    (&["mp3"], "audio/mpeg"),
    (&["m4a"], "audio/mp4"),
    (&["ogg", "oga", "opus"], "audio/ogg"),
    (&["wav"], "audio/wav"),
    (&["flac"], "audio/flac"),
    (&["woff2"], "font/woff2"),
    (&["woff"], "font/woff"),
    (&["ttf"], "font/ttf"),
    (&["otf"], "font/otf"),
    (&["wasm"], "application/wasm"),
    (&["pdf"], "application/pdf"),
    (&["epub"], "application/epub+zip"),
    (&["zip"], "application/zip"),
    (&["gz"], "application/gzip"),
    (&["rtf"], "application/rtf"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_ending_says() {
        for (path, expect) in [
            ("index.html", "text/html; charset=utf-8"),
            ("a/B.JPG", "image/jpeg"),
            ("feed.xml", "application/xml"),
            ("site.abc123.css", "text/css; charset=utf-8"),
            ("a.mjs", "text/javascript; charset=utf-8"),
            ("f.woff2", "font/woff2"),
            ("clip.mp4", "video/mp4"),
            ("CNAME", "application/octet-stream"),
            ("a.b/CNAME", "application/octet-stream"),
            ("x.unknown", "application/octet-stream"),
        ] {
            assert_eq!(media_type(path), expect, "{path}");
        }
    }

    #[test]
    fn no_ending_stands_for_two_types() {
        let mut endings: Vec<&str> = TYPES
            .iter()
            .flat_map(|(endings, _)| endings.iter().copied())
            .collect();
        let count = endings.len();
        endings.sort_unstable();
        endings.dedup();
        assert_eq!(endings.len(), count);
    }
}
