//! The index that readers search: what is in it, what makes it again, and what it leaves alone.

use crate::support::{CONFIG, Site, article};
use dateline::search::index::{self, ENTRY};
use dateline::session::Report;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// A site of forty articles in four years, ten in each, whose index has a part for every year but the
/// last, which is cut smaller.
fn site() -> Site {
    let site = Site::in_memory();
    site.put("dateline.yaml", format!("{CONFIG}search: {{ part: 10 }}\n"));
    for number in 0..40 {
        put(&site, number, "Text.");
    }
    site
}

fn path(number: usize) -> String {
    format!("content/news/a{number}.md")
}

fn put(site: &Site, number: usize, body: &str) {
    let (year, month) = (2020 + number / 10, number % 10 + 1);
    let more = format!("tags: [t{}]\nauthors: [Bo Li]\n", number % 3);
    let text = article(
        &format!("Story {number}"),
        &format!("{year}-{month:02}-01"),
        &more,
        body,
    );
    site.put(&path(number), text);
}

/// Returns the files of the output's indexes.
fn indexes(site: &Site) -> BTreeMap<String, Vec<u8>> {
    let output = site.output().into_iter();
    output
        .filter(|(path, _)| path.starts_with("pagefind/"))
        .collect()
}

/// Returns the records that the indexes hold, by their addresses.
fn records(site: &Site) -> BTreeMap<String, serde_json::Value> {
    let mut records = BTreeMap::new();
    for (path, bytes) in indexes(site) {
        if path.ends_with(".pf_fragment") {
            let content = index::content(&bytes).unwrap();
            let group: BTreeMap<String, serde_json::Value> =
                serde_json::from_slice(&content).unwrap();
            for record in group.into_values() {
                let url = record["url"].as_str().unwrap().to_owned();
                assert_eq!(records.insert(url, record), None, "{path}");
            }
        }
    }
    records
}

/// Builds, and returns the parts of which a file was written or is gone.
fn touched(site: &Site) -> (BTreeSet<String>, Report) {
    let before = indexes(site);
    let report = site.build();
    let after = indexes(site);
    let paths = before.keys().chain(after.keys());
    let changed = paths.filter(|path| before.get(*path) != after.get(*path));
    let parts = changed.filter(|path| !path.ends_with("parts.json"));
    let part = |path: &String| match path.split_once("/parts/") {
        Some((_, rest)) => rest.split('/').next().unwrap().to_owned(),
        None => "newest".to_owned(),
    };
    (parts.map(part).collect(), report)
}

#[test]
fn a_site_without_search_has_nothing_of_it() {
    let site = Site::in_memory();
    site.put("content/a.md", article("A", "2025-01-01", "", "Text."));
    site.build();
    assert_eq!(indexes(&site), BTreeMap::new());
    assert!(!site.path("public/search").exists());
    assert!(!site.page("index.html").contains("pagefind"));
}

#[test]
fn a_record_tells_what_a_result_shows_and_is_filtered_by() {
    let site = Site::empty();
    site.put(
        "dateline.yaml",
        "title: The Gazette\nbase_url: https://host.example/gazette\nsearch: true\n",
    );
    let more = "tags: [Sea, Trade]\nauthors: [Bo Li, Ana Reis]\nsummary: The *first* ferry.\n\
                photo: { src: pier.jpg, credit: Bo Li / Reuters, alt: A pier, caption: The pier, source_type: algorithmicMedia }\n";
    let body = "She **sails** at [noon](@/news/a/index.md).\n\n```\ncode\n```\n";
    site.put(
        "content/news/a/index.md",
        article("Harbour reopens", "2024-11-21 16:32", more, body),
    );
    let photo = include_bytes!("../data/photos/espresso.jpg");
    site.put("content/news/a/pier.jpg", photo);
    site.put("content/about.md", "---\nheadline: About\n---\nUs.\n");
    site.build();
    let records = records(&site);
    assert_eq!(
        records.keys().collect::<Vec<_>>(),
        ["/about/", "/news/2024/11/a/"]
    );
    let record = &records["/news/2024/11/a/"];
    assert_eq!(
        record["content"],
        "The first ferry. She sails at noon. code"
    );
    let image = record["meta"]["image"].as_str().unwrap();
    let place = image.strip_prefix("/gazette/").unwrap();
    assert!(site.path("public").join(place).is_file(), "{image}");
    let meta = &record["meta"];
    for (key, expect) in [
        ("title", "Harbour reopens"),
        ("summary", "The first ferry."),
        ("date", "2024-11-21T16:32:00+00:00"),
        ("section", "News"),
        ("author", "Bo Li, Ana Reis"),
        ("image_alt", "A pier"),
        ("credit", "Bo Li / Reuters"),
        ("origin", "computer"),
    ] {
        assert_eq!(meta[key], expect, "{key}");
    }
    assert_eq!(
        record["filters"],
        serde_json::json!({
            "author": ["Bo Li", "Ana Reis"],
            "credit": ["Bo Li", "Reuters"],
            "section": ["News"],
            "tag": ["Sea", "Trade"],
            "year": ["2024"],
        })
    );
    // What has neither date nor photo says nothing of them.
    let about = &records["/about/"];
    assert_eq!(
        about["meta"],
        serde_json::json!({ "title": "About", "summary": "Us." })
    );
}

#[test]
fn an_edit_makes_the_index_of_one_part_again() {
    let site = site();
    site.build();
    assert_eq!(records(&site).len(), 40);
    let list = site.page("pagefind/en/parts.json");
    for part in ["\"\"", "parts/2020/", "parts/2021/", "parts/2022/"] {
        assert!(list.contains(part), "{part} is not in {list}");
    }
    let (parts, report) = touched(&site);
    assert_eq!((parts.len(), report.written), (0, 0));

    put(&site, 13, "Other text.");
    let (parts, _) = touched(&site);
    assert_eq!(parts, BTreeSet::from(["2021".to_owned()]));
    // Of the records, those in the group of the article are written.
    put(&site, 13, "And other text.");
    let before: BTreeSet<String> = indexes(&site).into_keys().collect();
    site.build();
    let after = indexes(&site).into_keys();
    let new: Vec<String> = after.filter(|path| !before.contains(path)).collect();
    let groups = new.iter().filter(|path| path.ends_with(".pf_fragment"));
    assert_eq!(groups.count(), 1, "{new:?}");

    put(&site, 39, "Other text.");
    let (parts, _) = touched(&site);
    assert_eq!(parts, BTreeSet::from(["newest".to_owned()]));
    site.delete(&path(2));
    let (parts, _) = touched(&site);
    assert_eq!(parts, BTreeSet::from(["2020".to_owned()]));

    // An edit that no reader searches makes none.
    site.put("static/notes.txt", "More.");
    let (parts, report) = touched(&site);
    assert_eq!((parts.len(), report.written), (0, 1));
    assert!(site.output() == site.clean_output());
}

#[test]
fn a_word_that_changes_where_no_card_shows_it_is_found() {
    let site = site();
    site.put(
        "dateline.yaml",
        format!("{CONFIG}search: {{ part: 160 }}\n"),
    );
    // As many words, and the same beginning: nothing but the text is another.
    let text = |word: &str| format!("{}{word}.", "Word after word. ".repeat(100));
    put(&site, 17, &text("ferry"));
    site.build();
    let (before, files) = (records(&site), indexes(&site));
    put(&site, 17, &text("quay"));
    site.build();
    let after = records(&site);
    let differ: Vec<&String> = after
        .keys()
        .filter(|url| before[*url] != after[*url])
        .collect();
    assert_eq!(differ.len(), 1, "{differ:?}");
    let content = after[differ[0]]["content"].as_str().unwrap();
    assert!(content.ends_with("quay."), "{content}");
    // The other groups keep their files.
    let new = indexes(&site).into_keys();
    let new = new.filter(|path| path.ends_with(".pf_fragment") && !files.contains_key(path));
    assert_eq!(new.count(), 1);
    assert!(site.output() == site.clean_output());
}

#[test]
fn a_file_of_an_index_that_is_lost_is_made_again() {
    let site = site();
    site.build();
    let whole = site.output();
    let lost = whole
        .keys()
        .find(|path| path.contains("parts/2021/index/"))
        .unwrap();
    site.delete(&format!("public/{lost}"));
    let report = site.build();
    assert_eq!(report.written, 1);
    assert!(site.output() == whole);
}

#[test]
fn what_no_reader_may_find_is_in_no_index() {
    let mut site = site();
    let hidden = [
        ("draft", "2021-02-01", "draft: true\n"),
        ("embargo", "2026-06-01", ""),
        ("expired", "2021-03-01", "expires: 2025-12-01\n"),
        ("unsearched", "2021-04-01", "search: false\n"),
    ];
    for (name, date, more) in hidden {
        let text = article(&format!("Zq{name}"), date, more, &format!("Zq{name}body."));
        site.put(&format!("content/news/{name}.md"), text);
    }
    site.build();
    let contents = |site: &Site| {
        let files = indexes(site).into_iter();
        let texts = files.map(|(path, bytes)| {
            let content = index::content(&bytes).unwrap_or(bytes);
            (path, String::from_utf8_lossy(&content).to_lowercase())
        });
        texts.collect::<Vec<_>>()
    };
    for (path, text) in contents(&site) {
        assert!(path.contains("wasm") || !text.contains("zq"), "{path}");
    }
    assert_eq!(records(&site).len(), 40);
    (site.drafts, site.future, site.expired) = (true, true, true);
    site.build();
    let found = contents(&site);
    for name in ["draft", "embargo", "expired"] {
        let is_told = |(_, text): &(String, String)| text.contains(&format!("zq{name}body"));
        assert!(found.iter().any(is_told), "{name}");
    }
    let is_told = |(_, text): &(String, String)| text.contains("zqunsearched");
    assert!(!found.iter().any(is_told));
    (site.drafts, site.future, site.expired) = (false, false, false);
    site.build();
    assert!(site.output() == site.clean_output());
}

#[test]
fn a_leak_in_an_index_is_found() {
    let mut site = site();
    let text = article(
        "Minister to resign",
        "2026-06-01",
        "",
        "The minister told the Gazette on Friday that she will go before the summer.",
    );
    site.put("content/news/embargo.md", text);
    site.future = true;
    site.build();
    let made = site.run(&["check", "--leaks", "--json"]);
    let report: serde_json::Value = serde_json::from_slice(&made.stdout).unwrap();
    let leaks = report["leaks"].as_array().unwrap().iter();
    let is_index = |leak: &serde_json::Value| {
        let file = leak["file"].as_str().unwrap();
        file.ends_with(".pf_fragment")
    };
    assert!(
        leaks.clone().any(is_index),
        "{:?}",
        leaks.collect::<Vec<_>>()
    );
}

#[test]
fn each_language_is_searched_by_itself() {
    let site = Site::empty();
    site.put(
        "dateline.yaml",
        format!("{CONFIG}languages: [de, ja]\nsearch: true\n"),
    );
    for (folder, title) in [("", "Ferry"), ("de/", "Fähre"), ("ja/", "連絡船")] {
        site.put(
            &format!("content/{folder}news/a.md"),
            article(title, "2025-01-01", "", "Text."),
        );
        if !folder.is_empty() {
            let text = format!("---\nheadline: {title}\n---\n");
            site.put(&format!("content/{folder}_index.md"), text);
        }
    }
    site.build();
    for (language, wasm, word) in [
        ("en", "en", "Ferry"),
        ("de", "de", "Fähre"),
        ("ja", "unknown", "連絡船"),
    ] {
        let folder = format!("pagefind/{language}/");
        assert!(
            site.path(&format!("public/{folder}wasm.{wasm}.pagefind"))
                .is_file()
        );
        let entry = site.page(&format!("{folder}{ENTRY}"));
        assert!(entry.contains("\"page_count\":1"), "{entry}");
        let found = indexes(&site)
            .into_iter()
            .filter(|(path, _)| path.starts_with(&folder));
        let texts = found.filter_map(|(_, bytes)| index::content(&bytes).ok());
        let texts: Vec<String> = texts
            .map(|text| String::from_utf8_lossy(&text).into_owned())
            .collect();
        assert!(texts.iter().any(|text| text.contains(word)), "{language}");
    }
}

#[test]
fn the_order_of_files_and_the_number_of_threads_change_nothing() {
    let site = site();
    site.build();
    let built = site.output();
    for jobs in ["1", "3"] {
        fs::remove_dir_all(site.path("public")).unwrap();
        fs::remove_dir_all(site.path(".dateline")).unwrap();
        let made = site.run(&["build", "--jobs", jobs]);
        assert!(made.status.success(), "{made:?}");
        assert!(site.output() == built, "{jobs} threads");
    }
}

#[test]
fn a_site_without_a_search_publishes_nothing_of_it() {
    for theme in ["broadsheet", "plain"] {
        let of_search = |is_on: bool| {
            let site = Site::in_memory();
            site.put(
                "dateline.yaml",
                format!("{CONFIG}theme: {theme}\nsearch: {is_on}\n"),
            );
            put(&site, 1, "Text.");
            site.build();
            let output = site.output().into_iter();
            let page = site.page("news/2020/02/a1/index.html");
            let found: Vec<String> = output
                .map(|(path, _)| path)
                .filter(|path| path.contains("search") || path.starts_with("pagefind/"))
                .collect();
            (found, page.contains("href=\"/search/\""))
        };
        assert_eq!(of_search(false), (Vec::new(), false), "{theme}");
        let (found, is_linked) = of_search(true);
        assert!(is_linked, "{theme}");
        for start in ["search/index.html", "assets/search/search.", "pagefind/en/"] {
            let is_there = found.iter().any(|path| path.starts_with(start));
            assert!(is_there, "{theme}: {start}");
        }
    }
}
