//! The manual is true: its reference pages are those that the program makes, and its examples work.
//!
//! `BLESS=1 cargo test --test suite manual` writes the reference pages anew.

use crate::support::{Site, article};
use dateline::base::timestamp::{Timestamp, Zone};
use dateline::source::article::Data;
use dateline::source::config;
use dateline::theme::manual;
use std::fs;
use std::path::{Path, PathBuf};

const PHOTO: &[u8] = include_bytes!("../../static/photos/chelsea-cat.jpg");

#[test]
fn the_reference_lists_what_templates_can_say() {
    check("reference.md", &manual::reference());
}

#[test]
fn every_key_is_in_the_manual() {
    check("keys.md", &manual::keys());
}

#[test]
fn the_theme_of_the_manual_makes_a_site() {
    let config = "title: The Gazette\nbase_url: https://gazette.example\ntheme: mine\n";
    let body = "{{< tide time=\"16:32\" height=3.5 >}}\n\n{{< aside >}}\n*Mind.*\n{{< /aside >}}";
    let site = Site::new(&[
        ("dateline.yaml", config),
        (
            "content/a.md",
            &article("Harbour", "2024-11-21 16:32", "url: /a/\n", body),
        ),
        ("themes/mine/assets/site.css", "p { margin: 0 }"),
    ]);
    let text = page("theme.md");
    let mut count = 0;
    for block in blocks(&text) {
        // The first line names the file, in a comment of its language.
        let first = block.lines().next().unwrap_or_default();
        let name = first
            .trim_start_matches(['{', '#', ' '])
            .trim_end_matches(['}', '#', ' ']);
        if name.starts_with("themes/mine/") {
            site.put(name, block.split_once('\n').map_or("", |(_, rest)| rest));
            count += 1;
        }
        for shortcode in ["tide", "aside"] {
            if block.starts_with(&format!("{{% component {shortcode}(")) {
                site.put(
                    &format!("themes/mine/templates/shortcodes/{shortcode}.html"),
                    block,
                );
                count += 1;
            }
        }
    }
    assert_eq!(count, 6);
    site.build();
    let made = site.page("a/index.html");
    for expect in [
        "<h1>Harbour</h1>",
        "<p>Nov. 21, 2024, 4:32 p.m.</p>",
        "<p class=\"tide\">High water at 16:32, 3.5 m</p>",
        "<aside><p><em>Mind.</em></p>",
    ] {
        assert!(made.contains(expect), "{expect} is not in {made}");
    }
}

/// What a page shows after a step of the course, by the step's anchor.
const SEEN: &[(&str, &str, &[&str])] = &[
    (
        "templates",
        "index.html",
        &[
            "The Harbour Gazette",
            "<h2><a href=\"/local/2025/11/ferry/\">",
            "rel=\"canonical\"",
        ],
    ),
    (
        "looks",
        "index.html",
        &["integrity=\"sha384-", "<a href=\"/sport/\">Sport</a>"],
    ),
    (
        "article",
        "local/2025/11/ferry/index.html",
        &[
            "rel=\"author\">Sample Desk</a>",
            "Updated <time",
            "Photo: Sample Desk",
            "<strong>Correction</strong>",
            "rel=\"tag\">ferries</a>",
            "Before this: ",
        ],
    ),
    (
        "lists",
        "index.html",
        &[
            "From Monday it is in the timetable.",
            "<a href=\"/page/1/\" rel=\"next\">",
        ],
    ),
    (
        "front",
        "index.html",
        &[
            "News from the waterfront.",
            "class=\"teaser lead\"",
            "Photo: Sample Desk",
        ],
    ),
    (
        "more",
        "index.html",
        &[
            "<h1 class=\"name\">The Harbour Gazette</h1>",
            ">Topics</a>",
            "(RSS)</a>",
        ],
    ),
    (
        "more",
        "tags/index.html",
        &["<a href=\"/tags/harbour/\">harbour</a> (2)"],
    ),
    ("more", "archive/index.html", &["November</a> (4)"]),
    ("more", "404.html", &["This page is not here"]),
    (
        "more",
        "corrections/index.html",
        &["The boat leaves at ten, not at eleven."],
    ),
    (
        "shortcode",
        "sport/2025/11/regatta/index.html",
        &["<strong>How to read the times</strong>", "<em>gun</em>"],
    ),
];

#[test]
fn the_course_ends_with_a_theme() {
    let text = page("theme-course.md");
    let site = Site::empty();
    let mut seen = 0;
    for step in text.split("\n## Step ").skip(1) {
        let anchor = step.split(['#', '}']).nth(1).expect("a step has an anchor");
        for (name, file) in files_of(step) {
            site.put(name, file);
        }
        site.put("content/local/ferry.jpg", PHOTO);
        if anchor == "site" {
            site.refuses(&["there is no theme `harbour`"]);
            continue;
        }
        site.build();
        for (_, page, expect) in SEEN.iter().filter(|(step, ..)| *step == anchor) {
            let made = site.page(page);
            for expect in *expect {
                assert!(
                    made.contains(expect),
                    "step {anchor}: {expect} is not in {page}: {made}"
                );
                seen += 1;
            }
        }
        match anchor {
            "templates" => {
                let right = "<h1>{{ article.headline }}</h1>";
                let wrong = "<h1>{{ article.headlin }}</h1>";
                misspelt(
                    &site,
                    "themes/harbour/templates/article.html",
                    right,
                    wrong,
                    "did you mean `headline`?",
                );
            }
            "front" => misspelt(
                &site,
                "dateline.yaml",
                "per_page: 2",
                "per_page: 2\nextra: { front: lst }",
                "did you mean `list`?",
            ),
            "more" => {
                let english = fs::read_to_string(site.path("dateline.yaml")).unwrap();
                site.put(
                    "dateline.yaml",
                    english.replace("language: en", "language: de"),
                );
                site.build();
                let made = site.page("index.html");
                assert!(
                    made.contains(">Themen</a>") && made.contains("20. November 2025"),
                    "{made}"
                );
                site.put("dateline.yaml", english);
            }
            _ => {}
        }
    }
    assert_eq!(
        seen,
        SEEN.iter().map(|(.., expect)| expect.len()).sum::<usize>()
    );
    let checked = site.run(&["theme", "check"]);
    assert!(checked.status.success(), "{checked:?}");
}

/// Puts a text in place of another in a file, sees the build tell it with a hint, and puts it back.
#[track_caller]
fn misspelt(site: &Site, name: &str, right: &str, wrong: &str, hint: &str) {
    let whole = fs::read_to_string(site.path(name)).unwrap();
    assert!(whole.contains(right), "{right} is not in {name}");
    site.put(name, whole.replace(right, wrong));
    let faults = site.try_build().unwrap_err();
    assert!(
        faults
            .iter()
            .any(|fault| fault.hints.iter().any(|one| one == hint)),
        "{faults:?}"
    );
    site.put(name, whole);
}

/// Returns the files that a text shows: a path in a line of its own, with a colon, and then a block of code.
fn files_of(text: &str) -> Vec<(&str, String)> {
    let ends = text.match_indices("`:\n\n```");
    let files = ends.filter_map(|(at, end)| {
        let (_, name) = text[..at].rsplit_once("\n`")?;
        let (_, code) = text[at + end.len()..].split_once('\n')?;
        let (code, _) = code.split_once("\n```\n")?;
        Some((name, format!("{code}\n")))
    });
    files.collect()
}

#[test]
fn the_overrides_of_the_manual_extend_the_theme() {
    let site = Site::new(&[
        (
            "content/a.md",
            &article("Harbour", "2024-11-21", "url: /a/\n", "Text."),
        ),
        ("assets/own.css", ":root { --ink: black }"),
    ]);
    let text = page("theme.md");
    let mut count = 0;
    for name in ["article", "base"] {
        let own = blocks(&text).into_iter().find(|block| {
            block.starts_with(&format!("{{% extends \"broadsheet/{name}.html\" %}}"))
        });
        site.put(
            &format!("templates/{name}.html"),
            own.expect("the manual shows it"),
        );
        count += 1;
    }
    assert_eq!(count, 2);
    site.build();
    let made = site.page("a/index.html");
    for expect in ["Seen a mistake?", "/assets/own.", "<h1"] {
        assert!(made.contains(expect), "{expect} is not in {made}");
    }
}

#[test]
fn the_defaults_of_the_manual_are_those_of_the_program() {
    let text = page("configuration.md");
    let written = blocks(&text)
        .into_iter()
        .find(|block| block.contains("permalinks:"));
    let written = read(written.expect("the manual shows every key"));
    let defaults = read("title: The Harbour Gazette\n");
    for ((key, shown), (_, default)) in written.iter().zip(&defaults) {
        if !matches!(key.as_str(), "publisher" | "image" | "menu") {
            assert_eq!(shown, default, "{key}");
        }
    }
    for key in config::KEYS {
        assert!(
            text.contains(&format!("{}:", key.name)),
            "`{}` is missing",
            key.name
        );
    }
}

#[test]
fn the_timestamps_of_the_manual_are_understood() {
    let text = page("front-matter.md");
    let table = text.split("| Written |").nth(1).expect("there is a table");
    let rows = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let time_zone = jiff::tz::TimeZone::UTC;
    let zone = Zone {
        time_zone: &time_zone,
        date_order: None,
    };
    let mut count = 0;
    for row in rows {
        let written = row.split('|').nth(1).expect("a row has cells");
        for text in written.split('`').skip(1).step_by(2) {
            assert!(Timestamp::parse(text, &zone).is_ok(), "{text}");
            count += 1;
        }
    }
    assert!(count >= 14, "{count}");
}

#[track_caller]
fn check(name: &str, expect: &str) {
    if std::env::var_os("BLESS").is_some() {
        fs::write(path(name), expect).unwrap();
    }
    assert!(
        fs::read_to_string(path(name)).unwrap_or_default() == expect,
        "content/manual/{name} is out of date; `BLESS=1 cargo test --test suite manual` writes it anew"
    );
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("content/manual")
        .join(name)
}

fn page(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap()
}

/// Returns the blocks of code of a page of the manual.
fn blocks(text: &str) -> Vec<&str> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("\n```") {
        let Some((_, code)) = after.split_once('\n') else {
            break;
        };
        let Some((block, after)) = code.split_once("\n```\n") else {
            break;
        };
        blocks.push(block);
        rest = after;
    }
    blocks
}

/// Reads a configuration that has no fault.
fn read(text: &str) -> Vec<(String, Data)> {
    let (config, faults) = config::parse("dateline.yaml", text);
    assert_eq!(faults, []);
    match config.expect("there is no fault").to_data() {
        Data::Map(entries) => entries,
        other => panic!("a configuration is a map, not {other:?}"),
    }
}
