//! `dateline due`: whether a build is due because time has passed, and when the next one is.

use crate::support::{NOW, Site, article};
use serde_json::Value;
use std::process::Output;

const HOUR: i64 = 3600;

fn at(seconds: i64) -> String {
    jiff::Timestamp::from_second(NOW + seconds)
        .unwrap()
        .to_string()
}

fn site() -> Site {
    let expires = format!("expires: {}\n", at(2 * HOUR));
    Site::new(&[
        (
            "content/old.md",
            &article("Old", "2025-01-01", "url: /old/\n", "Text."),
        ),
        (
            "content/soon.md",
            &article("Soon out", &at(HOUR), "url: /soon/\n", "Text."),
        ),
        (
            "content/ends.md",
            &article("Ends", "2025-02-01", &expires, "Text."),
        ),
        (
            "content/later.md",
            &article("Later", &at(9 * HOUR), "", "Text."),
        ),
        (
            "content/draft.md",
            &article("Draft", &at(HOUR), "draft: true\n", "Text."),
        ),
    ])
}

fn due(site: &Site, more: &[&str]) -> (Option<i32>, Value) {
    let Output { status, stdout, .. } = site.run(&[&["due", "--json"], more].concat());
    (status.code(), serde_json::from_slice(&stdout).unwrap())
}

fn told(report: &Value) -> Vec<(&str, &str)> {
    let events = report["events"].as_array().unwrap().iter();
    events
        .map(|event| {
            (
                event["event"].as_str().unwrap(),
                event["path"].as_str().unwrap(),
            )
        })
        .collect()
}

#[test]
fn a_build_is_due_where_an_article_came_or_went_since_the_last() {
    let mut site = site();
    let (code, report) = due(&site, &[]);
    assert_eq!(
        (code, &report["due"]),
        (Some(0), &Value::Bool(true)),
        "nothing was built yet"
    );
    site.build();
    let (code, report) = due(&site, &[]);
    assert_eq!(code, Some(3));
    assert_eq!(told(&report), []);
    assert_eq!(report["next"], "2026-01-01T01:00:00+00:00");
    site.now = NOW + 2 * HOUR;
    let (code, report) = due(&site, &[]);
    assert_eq!(code, Some(0));
    assert_eq!(
        told(&report),
        [
            ("published", "content/soon.md"),
            ("expired", "content/ends.md")
        ]
    );
    assert_eq!(report["next"], "2026-01-01T09:00:00+00:00");
    let text = String::from_utf8(site.run(&["due"]).stdout).unwrap();
    assert!(
        text.contains("2026-01-01 01:00  published  Soon out  content/soon.md"),
        "{text}"
    );
    assert!(text.contains("next: 2026-01-01 09:00"), "{text}");
    site.build();
    assert_eq!(due(&site, &[]).0, Some(3));
    // Two days after it came out it is no news any more, and the news sitemap says that it is.
    site.now = NOW + HOUR + 48 * HOUR;
    let (code, report) = due(&site, &[]);
    assert_eq!(code, Some(0));
    assert_eq!(told(&report), [("published", "content/later.md")]);
    assert_eq!(report["pages"][0], "news-sitemap.xml");
}

#[test]
fn a_span_of_time_can_be_asked_about() {
    let site = site();
    site.build();
    let (code, report) = due(
        &site,
        &["--since", "2026-01-01 01:00", "--now", "2026-01-01 09:00"],
    );
    assert_eq!(code, Some(0));
    assert_eq!(
        told(&report),
        [
            ("expired", "content/ends.md"),
            ("published", "content/later.md")
        ]
    );
    let wrong = site.run(&["due", "--since", "soon"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(
        String::from_utf8(wrong.stderr)
            .unwrap()
            .contains("`soon` given with `--since` is no moment")
    );
}
