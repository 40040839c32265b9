//! Bad articles: each is refused with its place and what to do, or built in time; the output that
//! was there stays.

use crate::support::{CONFIG, Site, article, told};
use std::time::{Duration, Instant};

/// A site with one good article that was built.
fn built() -> Site {
    let site = Site::new(&[(
        "content/good.md",
        &article("Good", "2024-01-01", "", "Text."),
    )]);
    site.build();
    site
}

/// Builds a site whose one article has this body, with the binary; returns its page and the time.
fn page_of(body: &str, more: &str) -> (String, Duration) {
    let site = Site::new(&[(
        "content/a.md",
        &article("A", "2024-01-01", &format!("url: /a/\n{more}"), body),
    )]);
    let start = Instant::now();
    let output = site.run(&["build"]);
    let time = start.elapsed();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        &stderr[..stderr.len().min(2000)]
    );
    (site.page("a/index.html"), time)
}

/// The dev profile is about this many times slower than a release.
const SLOWER: u32 = 10;

#[test]
fn nested_markdown_is_built_in_time() {
    let bodies = [
        "[".repeat(25_000),
        "> ".repeat(10_000) + "x",
        (0..500).map(|depth| "  ".repeat(depth) + "- x\n").collect(),
        "*a **a ".repeat(15_000),
        "a**b".to_owned() + &"c* ".repeat(25_000),
        "*a_ ".repeat(25_000),
        "[a](<b".repeat(30_000),
        "[a](b".repeat(30_000),
        "![[]()".repeat(20_000),
        (1..1_000)
            .map(|length| "e".to_owned() + &"`".repeat(length))
            .collect(),
        "</".to_owned() + &"<!--".repeat(100_000),
        "<a href=\"".repeat(30_000),
        "- ".repeat(10_000) + "x" + &"\n".repeat(10_000),
        "> ".to_owned() + &"- ".repeat(5_000) + "x\n" + &"> \n".repeat(5_000),
        (0..5_000)
            .map(|note| format!("x[^{note}]\n\n[^{note}]: note\n\n"))
            .collect(),
        (0..3_000)
            .map(|note| format!("[^{note}]: see [^{}]\n\n", note + 1))
            .collect::<String>()
            + "x[^0]\n",
        "x[^a]\n\n[^a]: itself [^a]\n".to_owned(),
    ];
    for body in bodies {
        let (_, time) = page_of(&body, "");
        let shown: String = body.chars().take(30).collect();
        assert!(
            time < Duration::from_secs(2) * SLOWER,
            "{shown:?} took {time:?}"
        );
    }
}

#[test]
fn nested_markdown_needs_no_large_stack() {
    for body in [
        "[".repeat(25_000),
        "> ".repeat(10_000) + "x",
        "- ".repeat(5_000) + "x",
        "*a **a ".repeat(15_000),
    ] {
        let site = Site::new(&[("content/a.md", &article("A", "2024-01-01", "", &body))]);
        let output = site
            .command(&["build"])
            .env("RUST_MIN_STACK", "1048576")
            .output()
            .unwrap();
        assert_eq!(
            output.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[test]
fn many_definitions_do_not_make_a_page_without_end() {
    let definitions: String = (0..50_000).map(|n| format!("[d{n}]: /x{n}\n")).collect();
    page_of(&(definitions + "\n[d7]"), "");
    let long = format!("[a]: /{}\n\n{}", "x".repeat(50_000), "[a] ".repeat(20_000));
    let site = Site::new(&[(
        "content/a.md",
        &article("A", "2024-01-01", "url: /a/\n", &long),
    )]);
    let output = site.run(&["build"]);
    let code = output.status.code();
    let size = std::fs::metadata(site.path("public/a/index.html")).map_or(0, |file| file.len());
    assert!(
        code == Some(1) || (code == Some(0) && size < 100_000_000),
        "{code:?} {size}"
    );
}

#[test]
fn wide_tables_are_limited() {
    let row = |cells: usize| "|".to_owned() + &"a|".repeat(cells) + "\n";
    let wide = row(20_000) + &"|-".repeat(20_000) + "|\n" + &row(20_000);
    let tall = row(500) + &"|-".repeat(500) + "|\n" + &"|\n".repeat(20_000);
    for body in [wide, tall] {
        let site = Site::new(&[(
            "content/a.md",
            &article("A", "2024-01-01", "url: /a/\n", &body),
        )]);
        let start = Instant::now();
        let output = site.run(&["build"]);
        assert!(
            matches!(output.status.code(), Some(0 | 1)),
            "{:?}",
            output.status
        );
        assert!(
            start.elapsed() < Duration::from_secs(4) * SLOWER,
            "{:?}",
            start.elapsed()
        );
        let size = std::fs::metadata(site.path("public/a/index.html")).map_or(0, |file| file.len());
        assert!(size < 100_000_000, "{size}");
    }
}

#[test]
fn equal_headings_have_ids_of_their_own() {
    let (page, time) = page_of(&"# Same\n\n".repeat(50_000), "");
    assert!(page.contains("id=\"same\"") && page.contains("id=\"same-49999\""));
    assert!(time < Duration::from_secs(5) * SLOWER, "{time:?}");
}

#[test]
fn long_lines_are_built_and_large_files_refused_at_once() {
    let (page, time) = page_of(&"word ".repeat(1_000_000), "");
    assert!(
        page.len() > 5_000_000 && time < Duration::from_secs(5) * SLOWER,
        "{time:?}"
    );
    let site = built();
    let file = std::fs::File::create(site.path("content/huge.md")).unwrap();
    file.set_len(100_000_000).unwrap();
    let start = Instant::now();
    site.refuses(&["content/huge.md: the file has 100000000 bytes, more than the 10000000 that `limits.article_bytes` allows"]);
    assert!(
        start.elapsed() < Duration::from_secs(2) * SLOWER,
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn control_characters_never_reach_a_page_or_a_feed() {
    let site = Site::new(&[(
        "content/a.md",
        &article(
            "\"A \\x07\\e\\0 bell\"",
            "2024-01-01",
            "url: /a/\nsummary: \"S\\x01\"\ntags: [\"t\\x02\"]\nphoto: { src: https://x.example/a.jpg, credit: \"C\\0\", alt: \"A\\x03\" }\n",
            "Zero \0 and \u{1}\u{b} others \u{ffff}.",
        ),
    )]);
    site.build();
    for (path, bytes) in site.output() {
        if path == ".dateline" {
            continue;
        }
        let text = String::from_utf8(bytes).unwrap();
        let is_forbidden = |c: char| c.is_control() && !"\n\r\t".contains(c);
        assert!(!text.contains(is_forbidden), "{path}");
        if path.ends_with(".xml") {
            assert!(
                !text.contains('\u{ffff}') && !text.contains("&#0;"),
                "{path}"
            );
            check_xml(&path, &text);
        }
    }
    assert!(site.page("a/index.html").contains('\u{fffd}'));
}

/// Fails where a text is not well-formed XML.
pub(crate) fn check_xml(path: &str, text: &str) {
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => break,
            Ok(_) => {}
            Err(error) => panic!("{path}: {error}\n{text}"),
        }
    }
}

#[test]
fn empty_links_are_warned_of() {
    for body in ["[x]()", "[x](<>)", "![alt]()", "[x]( )"] {
        let site = Site::new(&[(
            "content/a.md",
            &article("A", "2024-01-01", "url: /a/\n", body),
        )]);
        match site.try_build() {
            Ok(report) => assert!(
                report
                    .diagnostics
                    .iter()
                    .any(|fault| told(fault).starts_with("content/a.md:6:")),
                "{body}: {:#?}",
                report.diagnostics
            ),
            Err(faults) => assert!(body.starts_with('!'), "{body}: {faults:#?}"),
        }
    }
}

#[test]
fn addresses_that_run_something_are_neutralised() {
    let schemes = [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "&#106;avascript:alert(1)",
        "java\\\nscript:x",
    ];
    let body: String = schemes
        .iter()
        .map(|scheme| format!("[x]({scheme}) <{scheme}>\n\n"))
        .collect();
    let body = body + "[ref]\n\n[ref]: javascript:alert(2)\n";
    for (config, is_neutral) in [("", true), ("markdown: { raw_html: trusted }\n", false)] {
        let site = Site::new(&[(
            "content/a.md",
            &article("A", "2024-01-01", "url: /a/\n", &body),
        )]);
        site.put("dateline.yaml", format!("{CONFIG}{config}"));
        site.build();
        let page = site.page("a/index.html").to_lowercase();
        let runs = [
            "href=\"javascript:",
            "href=\"vbscript:",
            "href=\"data:text/html",
        ]
        .iter()
        .any(|start| page.contains(start));
        assert_eq!(runs, !is_neutral, "{config}");
    }
}

#[test]
fn front_matter_without_end_is_refused_in_bounded_time() {
    let mut bombs = vec!["a: &a [x,x,x,x,x,x,x,x,x,x]\n".to_owned()];
    for (last, next) in "abcdefgh".chars().zip("bcdefghi".chars()) {
        bombs.push(format!("{next}: &{next} [*{last},*{last},*{last},*{last},*{last},*{last},*{last},*{last},*{last},*{last}]\n"));
    }
    let laughs: String = bombs.concat();
    let cases = [
        format!("---\nheadline: A\ntimestamp: 2024-01-01\n{laughs}tags: *i\n---\n"),
        format!("---\nheadline: A\ntimestamp: 2024-01-01\n{laughs}extra: *i\n---\n"),
        format!(
            "---\nheadline: A\ntimestamp: 2024-01-01\nx: {}\n---\n",
            "[".repeat(10_000)
        ),
        format!(
            "---\nheadline: A\ntimestamp: 2024-01-01\nx: {}{}\n---\n",
            "{a: ".repeat(5_000),
            "}".repeat(5_000)
        ),
        "---\nheadline: A\ntimestamp: 2024-01-01\nx: &a\n  <<: *a\n  b: 1\n---\n".to_owned(),
        "---\nheadline: A\ntimestamp: 2024-01-01\nx: &a [*a]\n---\n".to_owned(),
    ];
    for text in cases {
        let site = built();
        site.put("content/bomb.md", &text);
        let start = Instant::now();
        let faults = site.try_build().expect_err("it is refused");
        assert!(
            start.elapsed() < Duration::from_secs(5) * SLOWER,
            "{:?}",
            start.elapsed()
        );
        let error = faults.iter().find(|fault| fault.is_error()).unwrap();
        assert!(told(error).starts_with("content/bomb.md:"), "{error:#?}");
    }
}

#[test]
fn every_fault_of_every_file_is_listed_at_once() {
    let site = built();
    let cases: &[(&str, &str, &str)] = &[
        (
            "closed",
            "---\nheadline: A\n",
            "closed.md:1:1: front matter is never closed",
        ),
        (
            "twice",
            "---\nheadline: A\ntimestamp: 2024-01-01\nheadline: B\n---\n",
            "twice.md:4:1: ",
        ),
        (
            "list",
            "---\nheadline: [A]\ntimestamp: 2024-01-01\n---\n",
            "list.md:2:1: `headline` must be a text, not a list",
        ),
        (
            "map",
            "---\nheadline: {a: b}\ntimestamp: 2024-01-01\n---\n",
            "map.md:2:1: `headline` must be a text, not a map",
        ),
        (
            "yesterday",
            "---\nheadline: A\ntimestamp: yesterday\n---\n",
            "yesterday.md:3:12: ",
        ),
        (
            "february",
            "---\nheadline: A\ntimestamp: 2024-02-30\n---\n",
            "february.md:3:",
        ),
        (
            "year",
            "---\nheadline: A\ntimestamp: 99999-01-01\n---\n",
            "year.md:3:",
        ),
        (
            "clock",
            "---\nheadline: A\ntimestamp: 2024-01-01 25:61\n---\n",
            "clock.md:3:",
        ),
        ("empty", "", "empty.md"),
        ("blank", " \n\n", "blank.md"),
        (
            "untitled",
            "---\ntimestamp: 2024-01-01\n---\nText.\n",
            "untitled.md",
        ),
        (
            "ambiguous",
            "---\nheadline: A\ntimestamp: 03/04/2024\n---\n",
            "ambiguous.md:3:12: ",
        ),
        (
            "reason",
            "---\nheadline: A\ntimestamp: 2024-01-01\nphoto: no.jpg\n---\n",
            "reason.md:4:",
        ),
        (
            "broken",
            "---\nheadline: A\ntimestamp: 2024-01-01\n---\n[x](no.md)\n",
            "broken.md:5:1: the link `no.md` leads to no article",
        ),
        (
            "yaml",
            "---\nheadline: \"A\ntimestamp: 2024-01-01\n---\n",
            "yaml.md:",
        ),
        (
            "tab",
            "---\nheadline: A\nextra:\n\ta: b\n---\n",
            "tab.md:4:",
        ),
        (
            "long",
            &format!(
                "---\nheadline: {}\ntimestamp: 2024-01-01\n---\n",
                "x".repeat(1_000_000)
            ),
            "long.md:2:",
        ),
    ];
    for (name, text, _) in cases {
        site.put(&format!("content/{name}.md"), text);
    }
    let encodings: &[(&str, &[u8], &str)] = &[
        (
            "utf16",
            b"\xff\xfeA\0B\0",
            "utf16.md: this is not UTF-8: byte 0 is wrong, the file is probably UTF-16",
        ),
        (
            "latin",
            b"---\nheadline: caf\xe9\n---\n",
            "latin.md: this is not UTF-8: byte 17 is wrong, the file is probably Latin-1",
        ),
        (
            "binary",
            b"\x7fELF\x02\x01\x01\0\0\0\xff\xfe\x80\0",
            "binary.md: this is not UTF-8: byte 10 is wrong, the file is probably no text",
        ),
    ];
    for (name, bytes, _) in encodings {
        site.put(&format!("content/{name}.md"), bytes);
    }
    let before = site.everything();
    let faults = site.try_build().expect_err("there are errors");
    assert!(before == site.everything(), "the folder changed");
    let messages: Vec<String> = faults
        .iter()
        .filter(|fault| fault.is_error())
        .map(told)
        .collect();
    for expect in cases
        .iter()
        .map(|case| case.2)
        .chain(encodings.iter().map(|case| case.2))
    {
        assert!(
            messages
                .iter()
                .any(|message| message.starts_with(&format!("content/{expect}"))),
            "{expect}: {messages:#?}"
        );
    }
    for fault in faults.iter().filter(|fault| fault.is_error()) {
        // What must be is what to do.
        assert!(
            !fault.hints.is_empty() || fault.message.contains(" must be "),
            "no hint: {}",
            told(fault)
        );
    }
}

#[test]
fn both_places_of_a_key_are_named() {
    let site = built();
    site.put(
        "content/a.md",
        "---\nheadline: A\ntimestamp: 2024-01-01\nheadline: B\n---\n",
    );
    let fault = site.refuses(&["content/a.md:4:1: "]).remove(0);
    let first = fault.related[0].place.stretch.as_ref().unwrap();
    assert_eq!(first.line, 2);
}

#[test]
fn strange_front_matter_is_read_as_it_was_meant() {
    let check = |text: &str, headline: &str| {
        let site = Site::new(&[("content/a.md", text)]);
        site.build();
        let page = site
            .output()
            .into_iter()
            .find(|(path, _)| path.ends_with("a/index.html"))
            .unwrap()
            .1;
        let page = String::from_utf8(page).unwrap();
        assert!(page.contains(&format!(">{headline}<")), "{text:?}\n{page}");
    };
    check("---\ntitle: no\ndate: 2024-01-01\n---\n", "no");
    check("---\ntitle: 2026\ndate: 2024-01-01\n---\n", "2026");
    check("---\ntitle: 12:30:45\ndate: 2024-01-01\n---\n", "12:30:45");
    check("---\ntitle: 1_000\ndate: 2024-01-01\n---\n", "1_000");
    check("\u{feff}---\ntitle: BOM\ndate: 2024-01-01\n---\n", "BOM");
    check(
        "---\r\ntitle: CRLF\r\ndate: 2024-01-01\r\n---\r\nText.\r\n",
        "CRLF",
    );
    check("---\ntitle: Dots\ndate: 2024-01-01\n...\nText.\n", "Dots");
    check(
        "---\ntitle: Rule\ndate: 2024-01-01\n---\nOne.\n\n---\n\nTwo.\n",
        "Rule",
    );
    check(
        "---\ntitle: Leap\ndate: 2016-12-31T23:59:60Z\n---\n",
        "Leap",
    );
    check(
        "---\ntitle: Far\ndate: 2024-01-01T00:00:00+14:00\n---\n",
        "Far",
    );
    check(
        "---\ntitle: Only front matter\ndate: 2024-01-01\n---",
        "Only front matter",
    );
}

#[test]
fn a_misspelt_key_is_warned_of_with_the_nearest() {
    let site = Site::new(&[(
        "content/a.md",
        "---\ntitle: A\ndate: 2024-01-01\ntittle: B\nsumary: C\n---\n",
    )]);
    let report = site.build();
    let told: Vec<String> = report
        .diagnostics
        .iter()
        .map(|fault| format!("{} {}", told(fault), fault.hints.join(" ")))
        .collect();
    for (line, near) in [(4, "did you mean `title`?"), (5, "did you mean `summary`?")] {
        assert!(
            told.iter()
                .any(|told| told.starts_with(&format!("content/a.md:{line}:1: "))
                    && told.contains(near)),
            "{told:#?}"
        );
    }
}

/// What is refused wherever an author can write an address.
const NOWHERE: &[&str] = &[
    "../../../escape",
    "a/../../..",
    "a/../../../b",
    "..%2f",
    "%2e%2e/",
    "%2e%2e%2fx",
    "..%252f",
    "%252e%252e/x",
    "..\\",
    "..\\..\\x",
    "a\\b",
    "C:/",
    "C:\\x",
    "\\\\host\\share",
    "file:///etc/passwd",
    "~/",
    "",
    ".",
    "..",
    "//",
    "//host/x",
    "index.html/..",
    ".git/hooks/x",
    "a/.git/x",
];

#[test]
fn an_address_that_leads_elsewhere_is_refused_where_it_is_written() {
    let mut expect = Vec::new();
    let site = built();
    let quoted = |value: &str| format!("'{value}'");
    let absolute = |value: &str| format!("/{value}");
    for (at, value) in NOWHERE.iter().enumerate() {
        let mut put = |key: &str, written: String| {
            let name = format!("content/{key}-{at}.md");
            site.put(
                &name,
                article("A", "2024-01-01", &format!("{key}: {written}\n"), "Text."),
            );
            expect.push((name, format!("{key}: {written}")));
        };
        put("slug", quoted(value));
        put("url", quoted(value));
        put("aliases", format!("[{}]", quoted(value)));
        // A name may hold a backslash; it goes nowhere.
        if *value != "a\\b" {
            put("tags", format!("[{}]", quoted(value)));
            put("authors", format!("[ok, {}]", quoted(value)));
            // An empty one is none: that of the folder.
            if !value.is_empty() {
                put("section", quoted(value));
            }
        }
        // With a slash before them, they are refused as well where that does not make a plain path.
        let is_plain = matches!(*value, "" | "~/" | "a\\b") || value.starts_with('/');
        if !is_plain {
            for key in ["url", "aliases"] {
                let name = format!("content/{key}-absolute-{at}.md");
                site.put(
                    &name,
                    article(
                        "A",
                        "2024-01-01",
                        &format!("{key}: {}\n", quoted(&absolute(value))),
                        "Text.",
                    ),
                );
                expect.push((name, format!("{key}: {}", absolute(value))));
            }
        }
    }
    for (at, value) in [
        "/.htaccess",
        "/a/.htaccess",
        "/.git/x",
        "/a//b",
        "/a?b",
        "/a#b",
        "/a\u{202e}b",
        "/con",
        "/a/aux.txt",
        "/x.",
        "/x /",
        "/a:b",
        "/a|b",
        "/a\tb",
    ]
    .iter()
    .enumerate()
    {
        for key in ["url", "aliases"] {
            let name = format!("content/{key}-strange-{at}.md");
            site.put(
                &name,
                article("A", "2024-01-01", &format!("{key}: \"{value}\"\n"), "Text."),
            );
            expect.push((name, format!("{key}: {value}")));
        }
    }
    for (at, value) in [
        "/etc/x",
        ".htaccess",
        ".well-known/x",
        "a/b",
        "con",
        "x.",
        "a:b",
    ]
    .iter()
    .enumerate()
    {
        let name = format!("content/slug-strange-{at}.md");
        site.put(
            &name,
            article(
                "A",
                "2024-01-01",
                &format!("slug: {}\n", quoted(value)),
                "Text.",
            ),
        );
        expect.push((name, format!("slug: {value}")));
    }
    let before = site.everything();
    let faults = site.try_build().expect_err("there are errors");
    assert!(before == site.everything(), "the folder changed");
    for (path, written) in &expect {
        let found = faults.iter().find(|fault| {
            fault.is_error()
                && fault
                    .place
                    .as_ref()
                    .is_some_and(|place| &place.path == path)
        });
        let Some(fault) = found else {
            panic!("{path} ({written}) is not refused")
        };
        let line = fault
            .place
            .as_ref()
            .unwrap()
            .stretch
            .as_ref()
            .map(|stretch| stretch.line);
        assert_eq!(line, Some(4), "{path} ({written}): {fault:#?}");
        assert!(!fault.hints.is_empty(), "{path} ({written}): {fault:#?}");
    }
}

/// Zola and Eleventy write addresses so.
#[test]
fn an_address_without_its_first_slash_is_counted_from_the_root() {
    let site = Site::new(&[
        (
            "content/a.md",
            "+++\ntitle = \"A\"\npath = \"2024/10/17/a\"\naliases = [\"2024/10/17/A.html\"]\n+++\n",
        ),
        (
            "content/b.md",
            "---\ntitle: B\npermalink: posts/b/index.html\n---\n",
        ),
        (
            "content/local/_index.md",
            "---\ntitle: L\naliases: [nearby]\n---\n",
        ),
    ]);
    site.build();
    for page in [
        "2024/10/17/a/index.html",
        "2024/10/17/A.html",
        "posts/b/index.html",
        "nearby/index.html",
    ] {
        assert!(site.output().contains_key(page), "{page}");
    }
}

#[test]
fn a_pattern_that_leads_elsewhere_is_refused() {
    let site = built();
    for value in NOWHERE.iter().copied().chain([
        "/../:slug/",
        "/a/../:slug",
        "/%2e%2e/:slug/",
        "/..%2f:slug",
        "/.git/:slug/",
        "/:slug/..",
        "//:slug/",
        "/:slug\\x/",
        "/~/../:slug",
        "/:slug/:nothing/",
        "/a/",
    ]) {
        for key in ["permalink", "permalinks"] {
            let config = match key {
                "permalink" => format!("{CONFIG}permalink: '{value}'\n"),
                _ => format!("{CONFIG}permalinks:\n  '': '{value}'\n"),
            };
            if value == "//:slug/" || value.is_empty() && key == "permalinks" {
                continue;
            }
            site.put("dateline.yaml", config);
            let before = site.everything();
            let Err(faults) = site.try_build() else {
                panic!("{key}: {value:?} is not refused")
            };
            assert!(before == site.everything(), "the folder changed");
            assert!(
                faults.iter().any(|fault| fault.is_error()
                    && fault.place.is_some()
                    && !fault.hints.is_empty()),
                "{value}: {faults:#?}"
            );
        }
    }
}

#[test]
fn plain_names_stay_what_they_are() {
    let site = Site::new(&[
        (
            "content/a.md",
            &article(
                "A",
                "2024-01-01",
                "slug: Harbour Reopens\ntags: [AC/DC, C++, C#, .NET, 24/7, C#/.NET, and/or]\n",
                "Text.",
            ),
        ),
        (
            "content/b.md",
            &article(
                "B",
                "2024-01-01",
                "url: /.well-known/b.txt\naliases: [/old/b.html, /~b/, /ünï/]\n",
                "Text.",
            ),
        ),
    ]);
    site.build();
    let output = site.output();
    for path in [
        "2024/01/harbour-reopens/index.html",
        "tags/ac-dc/index.html",
        "tags/c-plus-plus/index.html",
        "tags/c-sharp/index.html",
        "tags/dot-net/index.html",
        "tags/24-7/index.html",
        ".well-known/b.txt",
        "old/b.html",
        "~b/index.html",
        "ünï/index.html",
    ] {
        assert!(output.contains_key(path), "{path}: {:#?}", output.keys());
    }
}

#[test]
fn two_pages_in_one_place_are_refused_with_both_named() {
    let one = |more: &str| article("A", "2024-01-01", more, "Text.");
    let check = |files: &[(&str, String)], config: &str, expect: &[&str]| {
        let site = Site::empty();
        site.build();
        site.put("dateline.yaml", format!("{CONFIG}{config}"));
        for (path, text) in files {
            site.put(path, text);
        }
        let before = site.everything();
        let faults = site.try_build().expect_err("two pages stand in one place");
        assert!(before == site.everything(), "the folder changed");
        let told: Vec<String> = faults
            .iter()
            .filter(|fault| fault.is_error())
            .map(told)
            .collect();
        let found = told
            .iter()
            .any(|told| expect.iter().all(|expect| told.contains(expect)));
        assert!(found, "{expect:?}: {told:#?}");
        for fault in faults.iter().filter(|fault| fault.is_error()) {
            assert!(
                !fault.hints.is_empty() && fault.place.is_some() && !fault.related.is_empty(),
                "{fault:#?}"
            );
        }
    };
    let a = |more: &str| ("content/a.md", one(more));
    let b = |more: &str| ("content/b.md", one(more));
    check(
        &[a("url: /x/\n"), b("url: /x/\n")],
        "",
        &["content/a.md", "content/b.md", "both stand at `/x/`"],
    );
    check(
        &[a("url: /x/\n"), b("url: /x/index.html\n")],
        "",
        &["content/a.md", "content/b.md", "`/x/`"],
    );
    check(
        &[a("slug: x\n"), b("slug: X\n")],
        "",
        &["content/a.md", "content/b.md"],
    );
    check(
        &[a("url: /Case/\n"), b("url: /case/\n")],
        "",
        &["content/a.md", "content/b.md", "differ only in case"],
    );
    check(
        &[a("url: /straße/\n"), b("url: /STRASSE/\n")],
        "",
        &["content/a.md", "content/b.md", "differ only in case"],
    );
    check(
        &[a("url: /caf\u{e9}/\n"), b("url: /cafe\u{301}/\n")],
        "",
        &["content/a.md", "content/b.md"],
    );
    check(
        &[a("url: /caf%C3%A9/\n"), b("url: /café/\n")],
        "",
        &["content/a.md", "content/b.md", "both stand at"],
    );
    check(
        &[a("url: /x/\n"), b("aliases: [/x/]\n")],
        "",
        &["content/a.md", "an alias of content/b.md", "`/x/`"],
    );
    check(
        &[a("aliases: [/x/]\n"), b("aliases: [/x]\n")],
        "",
        &["an alias of content/a.md", "an alias of content/b.md"],
    );
    check(
        &[a("url: /x/\naliases: [/x/]\n")],
        "",
        &["the article content/a.md", "an alias of content/a.md"],
    );
    check(&[a("url: /\n")], "", &["content/a.md", "the home page"]);
    check(&[a("url: /feed.xml\n")], "", &["content/a.md", "feed"]);
    check(
        &[a("url: /sitemap.xml\n")],
        "",
        &["content/a.md", "sitemap"],
    );
    check(&[a("url: /robots.txt\n")], "", &["content/a.md", "robots"]);
    check(&[a("url: /404.html\n")], "", &["content/a.md"]);
    check(
        &[a("url: /tags/\n")],
        "",
        &["content/a.md", "the index of tags"],
    );
    check(
        &[a("url: /Tags/\n")],
        "",
        &["content/a.md", "the index of tags"],
    );
    check(
        &[a("tags: [x]\n"), b("url: /tags/x/\n")],
        "",
        &["content/b.md", "the tag `x`"],
    );
    check(&[a("url: /2024/\n")], "", &["content/a.md", "the year"]);
    check(&[a("url: /archive/\n")], "", &["content/a.md", "archive"]);
    check(
        &[("content/tags/a.md", one(""))],
        "",
        &["the index of tags", "tags"],
    );
    check(
        &[a("url: /a\n"), b("url: /a/index.html/b.html\n")],
        "",
        &["content/a.md", "content/b.md", "a file and a folder"],
    );
    check(
        &[a("url: /x.html\n"), b("url: /x.html/b/\n")],
        "",
        &["content/a.md", "content/b.md", "a file and a folder"],
    );
    check(
        &[b("url: /X.HTML/b/\n"), a("url: /x.html\n")],
        "",
        &["content/a.md", "content/b.md", "a file and a folder"],
    );
    check(
        &[a("url: /x.css\n"), ("static/x.css", "p{}".to_owned())],
        "",
        &["content/a.md", "static/x.css"],
    );
    check(
        &[
            ("static/x.css", "p{}".to_owned()),
            ("static/X.css", "p{}".to_owned()),
        ],
        "",
        &["static/x.css", "static/X.css"],
    );
    check(
        &[("static/index.html", "x".to_owned())],
        "",
        &["the home page", "static/index.html"],
    );
    let many: Vec<(String, String)> = (0..9)
        .map(|n| (format!("content/n{n}.md"), one(&format!("url: /n{n}/\n"))))
        .collect();
    let mut many: Vec<(&str, String)> = many
        .iter()
        .map(|(path, text)| (path.as_str(), text.clone()))
        .collect();
    many.push(a("url: /page/1/\n"));
    check(&many, "per_page: 2\n", &["content/a.md", "page 1 of"]);
}
