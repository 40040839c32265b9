//! Drafts, articles of the future and expired ones leave no trace.

use crate::support::{CONFIG, Site, article};
use dateline::session::{self, Quiet};
use proptest::prelude::*;
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

/// A word that stands nowhere but in one place of one hidden article.
fn token(article: usize, place: &str) -> String {
    format!("Zq{article}x{place}")
}

/// Writes an article in which every place has a word of its own.
fn put_telling(site: &Site, number: usize, hidden: u8, flags: u8) {
    let word = |place: &str| token(number, place);
    let (timestamp, mut more) = match hidden {
        0 => ("2025-06-01", "draft: true\n".to_owned()),
        1 => ("2026-06-01", String::new()),
        _ => ("2025-06-01", "expires: 2025-12-01\n".to_owned()),
    };
    let mut say = |flag: u8, text: String| {
        if flags & flag != 0 {
            more.push_str(&text);
        }
    };
    say(
        1,
        format!(
            "tags: [tide, {}]\nauthors: [Bo Li, {}]\n",
            word("tag"),
            word("author")
        ),
    );
    say(
        2,
        format!(
            "series: {}\naliases: [/{}/]\n",
            word("series"),
            word("alias")
        ),
    );
    say(
        4,
        format!(
            "corrections: [{{ date: 2025-07-01, text: {} }}]\nguid: {}\n",
            word("correction"),
            word("guid")
        ),
    );
    say(
        8,
        format!(
            "kicker: {}\nstandfirst: {}\nsponsor: {}\n",
            word("kicker"),
            word("standfirst"),
            word("sponsor")
        ),
    );
    say(
        16,
        format!(
            "byline: By {} of the {}\nsummary: {}\n",
            word("byline"),
            word("paper"),
            word("summary")
        ),
    );
    say(32, format!("section: {}\n", word("section").to_lowercase()));
    say(
        64,
        format!(
            "photo: {{ src: {}.jpg, credit: {} / Reuters, caption: {}, alt: {} }}\n",
            word("photo"),
            word("credit"),
            word("caption"),
            word("alt")
        ),
    );
    say(128, "live: true\n".to_owned());
    let body = format!(
        "ZQTOWN{number}, {} — {}\n\n## 16:32 {}\n\n[{}](@/news/a1.md)",
        word("region"),
        word("body"),
        word("update"),
        word("link")
    );
    let folder = format!("content/news/{}", word("folder"));
    site.put(
        &format!("{folder}/index.md"),
        article(&word("headline"), timestamp, &more, &body),
    );
    if flags & 64 != 0 {
        let photo = include_bytes!("../data/photos/espresso.jpg");
        site.put(&format!("{folder}/{}.jpg", word("photo")), photo);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is hidden, the site is the site without it, and no word of it is anywhere.
    #[test]
    fn nothing_is_told_of_what_is_hidden(
        hidden in proptest::collection::vec((0_u8..3, any::<u8>()), 1..4),
        is_full in any::<bool>(),
        is_rebuilt in any::<bool>(),
    ) {
        let mut site = Site::in_memory();
        let settings = if is_full { "feeds: { content: full }\nper_page: 2\nsearch: { part: 2 }\n" } else { "lint: { missing_alt: off }\n" };
        site.put("dateline.yaml", format!("{CONFIG}{settings}"));
        for number in 1..=3 {
            let more = format!("tags: [tide]\nauthors: [Bo Li]\ncorrections: {{ date: 2025-0{number}-02, text: T }}\n");
            let text = article(&format!("A{number}"), &format!("2025-0{number}-01"), &more, "Text.");
            site.put(&format!("content/news/a{number}.md"), text);
        }
        let without = site.clean_output();
        for (number, (kind, flags)) in hidden.iter().enumerate() {
            put_telling(&site, number, *kind, *flags);
        }
        if is_rebuilt {
            // What was shown once must go without a trace.
            (site.drafts, site.future, site.expired) = (true, true, true);
            site.build();
            (site.drafts, site.future, site.expired) = (false, false, false);
        }
        site.build();
        let output = site.output();
        prop_assert!(output == without, "{:?}", output.keys().filter(|path| without.get(*path) != output.get(*path)).collect::<Vec<_>>());
        let options = site.options();
        let found = session::leaks(&options, &Quiet).unwrap();
        prop_assert_eq!(found.hidden, hidden.len());
        prop_assert_eq!(found.leaks, vec![]);
        // The manifest, of what was written, is what a deploy compares; it has no word of it either.
        for entry in fs::read_dir(site.path(".dateline")).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "manifest") {
                let bytes = fs::read(path).unwrap().to_ascii_lowercase();
                let is_token = |word: &[u8]| word.starts_with(b"zq") && word.ends_with(b"x");
                prop_assert!(!bytes.windows(4).any(|word| is_token(word) && word[2].is_ascii_digit()));
            }
        }
    }
}

#[test]
fn a_leak_is_found_wherever_it_is() {
    let mut site = site();
    site.put(
        "content/news/embargo.md",
        article(
            "Minister to resign",
            "2026-06-01",
            "url: /embargo/\n",
            "The minister told the Gazette on Friday that she will go before the summer. And more.",
        ),
    );
    site.build();
    let run = |site: &Site| {
        let made = site.run(&["check", "--leaks", "--json"]);
        let report: serde_json::Value = serde_json::from_slice(&made.stdout).unwrap();
        let leaks = report["leaks"].as_array().unwrap().iter();
        let files: Vec<String> = leaks
            .map(|leak| leak["file"].as_str().unwrap().to_owned())
            .collect();
        (made.status.code(), files)
    };
    assert_eq!(run(&site), (Some(0), vec![]));
    // An article that is shown may name it.
    site.put(
        "content/news/a4.md",
        article("A4", "2025-04-01", "", "Minister to resign"),
    );
    site.build();
    assert_eq!(run(&site), (Some(0), vec![]));
    // By hand, in a file of the site's own.
    site.delete("content/news/a4.md");
    site.put("static/notes.txt", "see https://gazette.example/embargo/");
    site.build();
    assert_eq!(run(&site), (Some(1), vec!["notes.txt".to_owned()]));
    site.put("static/notes.txt", "she will go");
    site.put(
        "static/draft.html",
        "<p>The minister told the Gazette on Friday that she will go before the summer</p>",
    );
    site.build();
    assert_eq!(run(&site), (Some(1), vec!["draft.html".to_owned()]));
    site.delete("static/draft.html");
    // What is in static/ is published, whoever shows it: here the hidden article alone, then a page too.
    site.put(
        "content/news/embargo2.md",
        article(
            "Later",
            "2026-06-01",
            "url: /later/\n",
            "![A cup](/p%C3%A4r/cup.jpg){credit=C}",
        ),
    );
    site.put(
        "static/pär/cup.jpg",
        include_bytes!("../data/photos/espresso.jpg"),
    );
    site.build();
    assert_eq!(run(&site), (Some(1), vec!["pär/cup.jpg".to_owned()]));
    site.put(
        "content/news/a4.md",
        article("A4", "2025-04-01", "", "![A cup](/pär/cup.jpg){credit=C}"),
    );
    site.build();
    assert_eq!(run(&site), (Some(0), vec![]));
    site.delete("content/news/a4.md");
    site.delete("content/news/embargo2.md");
    site.delete("static/pär/cup.jpg");
    // A build for the editors' eyes that is about to be deployed.
    site.future = true;
    site.build();
    let (code, files) = run(&site);
    assert_eq!(code, Some(1));
    for file in [
        "embargo/index.html",
        "index.html",
        "feed.xml",
        "sitemap.xml",
    ] {
        assert!(
            files.iter().any(|found| found == file),
            "{file} is not in {files:?}"
        );
    }
}
