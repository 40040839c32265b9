//! Strange names of files, tags, authors and sections: plain text everywhere, one safe address each.

use crate::faults::check_xml;
use crate::support::{CONFIG, Site, article, told};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

/// Returns the addresses of a taxonomy's terms.
fn terms(site: &Site, taxonomy: &str) -> Vec<String> {
    let start = format!("{taxonomy}/");
    let output = site.output();
    let pages = output.keys().filter_map(|path| {
        path.strip_prefix(&start)?
            .strip_suffix("/index.html")
            .map(str::to_owned)
    });
    let mut names: Vec<String> = pages.filter(|name| !name.contains('/')).collect();
    names.sort();
    names
}

fn tagged(tags: &[&str]) -> Site {
    let site = Site::empty();
    for (at, tag) in tags.iter().enumerate() {
        let tag = serde_json::to_string(tag).unwrap();
        site.put(
            &format!("content/a{at}.md"),
            article(
                &format!("A{at}"),
                "2024-01-01",
                &format!("tags: [{tag}]\n"),
                "Text.",
            ),
        );
    }
    site
}

#[test]
fn long_names_are_cut_at_a_letter_and_stay_apart() {
    let site = Site::empty();
    let names = [
        "x".repeat(250),
        "𝒂".repeat(62),
        "語".repeat(82),
        "e\u{301}".repeat(80),
        "word-".repeat(49) + "y",
    ];
    for name in &names {
        site.put(
            &format!("content/{name}.md"),
            article("A", "2024-01-01", "", "Text."),
        );
    }
    for ending in ["1", "2"] {
        let tag = "t".repeat(300) + ending;
        site.put(
            &format!("content/long{ending}.md"),
            article(
                "A",
                "2024-01-01",
                &format!("tags: [{tag}]\nauthors: [{}]\n", "本".repeat(300)),
                "Text.",
            ),
        );
    }
    site.build();
    assert_eq!(terms(&site, "tags").len(), 2);
    assert_eq!(terms(&site, "authors").len(), 1);
    for path in site.output().keys() {
        assert!(path.split('/').all(|name| name.len() <= 120), "{path}");
    }
    let deep = format!("content/{}", "deep-folder-name-of-thirty-xx/".repeat(40));
    site.put(
        &format!("{deep}a.md"),
        article("A", "2024-01-01", "", "Text."),
    );
    let faults = site.try_build().expect_err("the address is too long");
    assert!(
        faults.iter().any(|fault| fault.is_error()
            && told(fault).contains("may not be longer than")
            && !fault.hints.is_empty()),
        "{faults:#?}"
    );
}

#[test]
fn tags_of_symbols_have_addresses_and_invisible_ones_are_refused() {
    let symbols = ["🚀", "!!!", "???", "❤️", "→", "€", "%", "&"];
    let site = tagged(&symbols);
    site.build();
    let found = terms(&site, "tags");
    assert_eq!(found.len(), symbols.len(), "{found:?}");
    assert!(found.iter().all(|name| !name.is_empty()), "{found:?}");
    for tag in [" ", "\u{a0}", "\u{200b}", "\u{202e}", "\u{301}"] {
        let site = tagged(&[tag]);
        match site.try_build() {
            // An empty tag is no tag.
            Ok(_) => assert_eq!(terms(&site, "tags").len(), 0, "{tag:?}"),
            Err(faults) => assert!(
                faults
                    .iter()
                    .all(|fault| told(fault).starts_with("content/a0.md:4:")
                        && !fault.hints.is_empty()),
                "{tag:?}: {faults:#?}"
            ),
        }
    }
}

#[test]
fn spellings_are_one_tag_and_languages_are_several() {
    let site = tagged(&["C++", "C#", "C", "c", "F#"]);
    let report = site.build();
    assert_eq!(
        terms(&site, "tags"),
        ["c", "c-plus-plus", "c-sharp", "f-sharp"]
    );
    assert!(
        report
            .diagnostics
            .iter()
            .any(|fault| fault.message.contains("`C` (1), `c` (1)")),
        "{:#?}",
        report.diagnostics
    );
    let site = tagged(&["Rust", "rust", "RUST "]);
    let report = site.build();
    assert_eq!(terms(&site, "tags"), ["rust"]);
    let warning = report
        .diagnostics
        .iter()
        .find(|fault| fault.message.contains("is written in"))
        .unwrap();
    assert!(
        warning.message.contains("the tag `Rust`") && !warning.hints.is_empty(),
        "{warning:#?}"
    );
    assert!(site.page("tags/rust/index.html").contains("Rust"));
}

#[test]
fn every_name_is_safe_on_windows() {
    let site = tagged(&[
        "CON", "aux", "nul.txt", "a:b", "x.", "LPT1", "a|b", "a<b>c", "a\"b", "a?b", "a*b", "com¹",
    ]);
    for name in [
        "CON.md",
        "aux.md",
        "trailing dot..md",
        "trailing space .md",
        "a:b.md",
        "prn/x.md",
        "COM1 .md",
    ] {
        site.put(
            &format!("content/{name}"),
            article("A", "2024-01-01", "", "Text."),
        );
    }
    site.build();
    for path in site.output().keys() {
        for name in path.split('/') {
            let stem = name.split('.').next().unwrap().to_ascii_lowercase();
            assert!(
                !matches!(
                    stem.as_str(),
                    "con" | "aux" | "prn" | "nul" | "com1" | "lpt1"
                ),
                "{path}"
            );
            assert!(
                !name.ends_with(['.', ' '])
                    && !name.contains([':', '|', '<', '>', '"', '?', '*', '\\']),
                "{path}"
            );
        }
    }
    // What is copied as it is keeps its name, so one that Windows can't have is refused.
    for name in ["aux.txt", "a:b.txt", "x.", "a?.txt", "back\\slash.txt"] {
        let site = Site::empty();
        site.put(&format!("static/{name}"), "x");
        let faults = site.try_build().expect_err("the name is refused");
        assert!(
            faults.iter().any(|fault| fault.is_error()
                && told(fault).starts_with(&format!("static/{name}"))
                && !fault.hints.is_empty()),
            "{name}: {faults:#?}"
        );
    }
}

/// A name that breaks out of every language that it may be pasted into.
const EVIL: &str = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;]]>{{ 7*7 }}{% raw %}?#%41\u{202e}rtl\u{200b}";

/// Fails where `<script>` or the handler came through anywhere in a site's output.
fn check_escaped(site: &Site) {
    for (path, bytes) in site.output() {
        if path == ".dateline" {
            continue;
        }
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            !text.contains("<script>alert") && !text.contains("<img src=x"),
            "{path}:\n{text}"
        );
        assert!(
            !text.contains("]]>{{") && !text.contains("49}"),
            "{path}:\n{text}"
        );
        if path.ends_with(".xml") {
            check_xml(&path, &text);
        }
        for part in text.split("<script type=\"application/ld+json\">").skip(1) {
            let json = part.split("</script>").next().unwrap();
            let parsed: Result<serde_json::Value, _> = serde_json::from_str(json);
            assert!(parsed.is_ok(), "{path}: {json}");
        }
        if path.ends_with(".html") {
            for tag in tags(&text) {
                assert!(
                    !tag.attributes
                        .iter()
                        .any(|(name, _)| name.starts_with("on")),
                    "{path}: {tag:?}"
                );
                assert!(
                    tag.name != "script"
                        || !tag.inner.contains("alert")
                        || tag.inner.starts_with('{'),
                    "{path}: {tag:?}"
                );
            }
        }
    }
}

#[test]
fn names_are_escaped_in_every_context() {
    let evil = serde_json::to_string(EVIL).unwrap();
    for theme in ["broadsheet", "plain"] {
        let site = Site::empty();
        site.put(
            "dateline.yaml",
            format!("{CONFIG}theme: {theme}\nmarkdown: {{ raw_html: escape }}\n")
                .replace("The Gazette", &evil)
                .replace("title:", &format!("description: {evil}\ntitle:")),
        );
        site.put(
            "static/p.jpg",
            include_bytes!("../data/photos/espresso.jpg"),
        );
        let more = format!(
            "url: /a/\ntags: [{evil}, x]\nauthors: [{evil}]\nsection: {}\nsummary: {evil}\nseries: {evil}\n\
             photo: {{src: /p.jpg, credit: {evil}, caption: {evil}, alt: {evil}}}\n\
             corrections: [{{date: 2024-01-02, type: correction, text: {evil}}}]\naliases: [/old/]\n",
            evil.replace('/', "")
        );
        let text = format!(
            "# {}\n\n[{}](/x/?a=%22%3E%3Cscript%3E)\n",
            EVIL.replace(['<', '>', '\''], ""),
            EVIL.replace(['<', '>', '[', ']'], "")
        );
        site.put("content/a.md", article(&evil, "2024-01-01", &more, &text));
        site.put(
            "content/b.md",
            article("B", "2024-01-01", "tags: [x]\n", "Text."),
        );
        match site.try_build() {
            Ok(_) => check_escaped(&site),
            Err(faults) => panic!("{theme}: {faults:#?}"),
        }
    }
}

#[test]
fn names_of_files_are_plain_text() {
    let site = Site::empty();
    let names = [
        "-rf",
        "--help",
        "{{ 7*7 }}",
        "{% include 'x' %}",
        "<script>alert(1)<script>",
        "a#b",
        "a?b",
        "a%b",
        "a%41",
        "a&b",
        "it's",
        "say \"x\"",
        "$(touch x)",
        "`x`",
        "نص عربي",
        "a\u{200b}b",
        "@",
        "~x",
    ];
    for (at, name) in names.iter().enumerate() {
        let name = format!("{name} {at}");
        site.put(
            &format!("content/{name}.md"),
            "---\nheadline: A\ntimestamp: 2024-01-01\n---\nText.\n",
        );
        site.put(
            &format!("content/{name} folder/a.md"),
            "---\nheadline: A\ntimestamp: 2024-01-01\n---\nText.\n",
        );
    }
    site.build();
    check_escaped(&site);
    let output = site.output();
    for (path, bytes) in output.iter().filter(|(path, _)| path.ends_with(".html")) {
        for tag in tags(&String::from_utf8_lossy(bytes)) {
            let Some((_, href)) = tag
                .attributes
                .iter()
                .find(|(name, value)| name == "href" && value.starts_with('/'))
            else {
                continue;
            };
            let href = href.split('#').next().unwrap();
            let decoded = percent(href);
            let file = if decoded.ends_with('/') {
                format!("{}index.html", &decoded[1..])
            } else {
                decoded[1..].to_owned()
            };
            assert!(output.contains_key(&file), "{path} links to {href}");
        }
    }
}

/// A start tag of a page, with the text up to the next `<` or, of a script, up to its end.
#[derive(Debug)]
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
    inner: String,
}

/// Reads the tags of a page as a browser does, far enough to see where a quote was broken.
fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || c == '>' || c == '/')
            .unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        rest = &rest[end..];
        let mut attributes = Vec::new();
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            if rest.is_empty() || rest.starts_with('>') {
                break;
            }
            let end = rest[1..]
                .find(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '='))
                .map_or(rest.len(), |end| end + 1);
            let name = rest[..end].to_ascii_lowercase();
            rest = rest[end..].trim_start();
            let mut value = String::new();
            if let Some(after) = rest.strip_prefix('=') {
                rest = after.trim_start();
                let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
                let (text, after) = match quote {
                    Some(quote) => rest[1..].split_once(quote).unwrap_or((&rest[1..], "")),
                    None => rest.split_at(
                        rest.find(|c: char| c.is_whitespace() || c == '>')
                            .unwrap_or(rest.len()),
                    ),
                };
                value = text
                    .replace("&#x2F;", "/")
                    .replace("&#39;", "'")
                    .replace("&#x27;", "'")
                    .replace("&quot;", "\"")
                    .replace("&lt;", "<")
                    .replace("&gt;", ">")
                    .replace("&amp;", "&");
                rest = after;
            }
            attributes.push((name, value));
        }
        let ends = if name == "script" { "</script" } else { "<" };
        let inner = rest[..rest.find(ends).unwrap_or(rest.len())]
            .trim_start_matches('>')
            .to_owned();
        if name == "script" {
            rest = &rest[rest.find(ends).unwrap_or(rest.len())..];
        }
        tags.push(Tag {
            name,
            attributes,
            inner,
        });
    }
    tags
}

fn percent(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'%', [high, low, after @ ..]) => {
                let hex = [*high, *low];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
                rest = after;
            }
            _ => bytes.push(*first),
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn names_that_are_no_text_are_refused_in_words() {
    for folder in ["content", "static", "templates", "data"] {
        let site = Site::new(&[(
            "content/good.md",
            &article("Good", "2024-01-01", "", "Text."),
        )]);
        site.build();
        std::fs::create_dir_all(site.path(folder)).unwrap();
        let name = OsStr::from_bytes(b"caf\xe9.md");
        std::fs::write(site.path(folder).join(name), "x").unwrap();
        site.refuses(&[&format!("{folder}/caf\u{fffd}.md: the name is not UTF-8")]);
        let output = site.run(&["build"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains("caf\u{fffd}.md"));
    }
    let site = Site::new(&[
        ("content/a\nb.md", "x"),
        ("static/c\td.txt", "x"),
        ("content/\u{7f}.md", "x"),
    ]);
    site.refuses(&[
        "content/a\u{fffd}b.md: the name holds a control character",
        "static/c\u{fffd}d.txt: the name holds a control character",
        "content/\u{fffd}.md: the name holds a control character",
    ]);
}
