//! Drafts, articles of the future and expired ones leave no trace.

use crate::support::{Site, article};
use std::fs;

/// The ways to be hidden, each with what front matter says.
const HIDDEN: [(&str, &str); 3] = [
    ("2025-06-01", "draft: true\n"),
    ("2026-06-01", ""),
    ("2025-06-01", "expires: 2025-12-01\n"),
];

fn site() -> Site {
    let site = Site::empty();
    for number in 1..=3 {
        let tags = format!("tags: [tide, t{number}]\nauthors: [Bo Li]\nseries: Tides\n");
        site.put(
            &format!("content/news/a{number}.md"),
            article(
                &format!("A{number}"),
                &format!("2025-0{number}-01"),
                &tags,
                "Text.",
            ),
        );
    }
    site
}

fn hide(site: &Site) {
    for (number, (timestamp, more)) in HIDDEN.into_iter().enumerate() {
        let folder = format!("content/news/secretive-{number}");
        let more = format!(
            "{more}tags: [tide, secretive]\nauthors: [Secretive Li, Bo Li]\nseries: Tides\naliases: [/secretive/{number}/]\n\
             photo: {{ src: secretive.jpg, credit: Secretive Li, alt: A pier }}\n"
        );
        let text = article(
            "Secretive",
            timestamp,
            &more,
            "Secretive [b](@/news/a1.md).",
        );
        site.put(&format!("{folder}/index.md"), text);
        site.put(
            &format!("{folder}/secretive.jpg"),
            include_bytes!("../data/photos/espresso.jpg"),
        );
    }
}

#[test]
fn a_site_with_hidden_articles_is_the_site_without_them() {
    let site = site();
    let without = site.clean_output();
    hide(&site);
    site.build();
    assert!(
        site.output() == without,
        "something is told of what is hidden"
    );
    assert_eq!(site.build().hidden.drafts, 1);
    for entry in fs::read_dir(site.path(".dateline")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "manifest") {
            let bytes = fs::read(path).unwrap().to_ascii_lowercase();
            let is_told = bytes.windows(9).any(|word| word == b"secretive");
            assert!(!is_told, "the manifest names what is hidden");
        }
    }
}

#[test]
fn what_was_hidden_comes_with_all_that_belongs_to_it_and_goes_again() {
    let mut site = site();
    hide(&site);
    site.build();
    let hidden = site.output();
    (site.drafts, site.future, site.expired) = (true, true, true);
    site.build();
    for number in 0..HIDDEN.len() {
        let year = if number == 1 { "2026" } else { "2025" };
        let folder = format!("news/{year}/06/secretive-{number}");
        for file in ["index.html", "secretive.jpg"] {
            assert!(
                site.path("public").join(&folder).join(file).exists(),
                "{folder}/{file}"
            );
        }
    }
    assert!(site.page("tags/secretive/index.html").contains("Secretive"));
    (site.drafts, site.future, site.expired) = (false, false, false);
    site.build();
    assert!(
        site.output() == hidden,
        "something stays of what is hidden again"
    );
}
