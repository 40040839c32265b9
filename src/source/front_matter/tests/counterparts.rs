//! Articles of other generators and newsrooms, unmodified.

use super::*;
use crate::base::texts::Texts;

fn day(text: &str) -> Option<Timestamp> {
    let config = Config::default();
    Timestamp::parse(text, &Settings::of(&config).zone).ok()
}

#[test]
fn an_article_of_hugo_is_read() {
    let source = "+++
title = \"Storm \\\"Ana\\\"\"
date = 2024-11-21T16:32:00Z
lastmod = 2024-11-22
expiryDate = 2030-01-01
draft = false
weight = 10
tags = [\"a\", \"b\"]
url = \"/storm/\"
aliases = [\"/old/\"]
featured_image = \"storm.jpg\"
summary = '''
Long.
'''
[params]
kicker = \"Weather\"
[cover]
image = \"cover.jpg\"
relative = true
+++
Body
";
    let front_matter = read(source);
    let (start, end) = place(&front_matter, "url");
    assert_eq!(&source[start as usize..end as usize], "\"/storm/\"");
    let meta = front_matter.meta;
    assert_eq!(meta.headline, "Storm \"Ana\"");
    assert_eq!(meta.timestamp, day("2024-11-21T16:32:00Z"));
    assert_eq!(meta.updated, day("2024-11-22"));
    assert_eq!(meta.expires, day("2030-01-01"));
    assert_eq!((meta.draft, meta.weight), (false, Some(10)));
    assert_eq!(meta.tags, ["a", "b"]);
    assert_eq!(
        meta.photo.as_ref().map(|photo| photo.src.as_str()),
        Some("storm.jpg")
    );
    assert_eq!(meta.summary.as_deref(), Some("Long."));
    let Data::Map(extra) = &meta.extra else {
        panic!("extra is a map")
    };
    assert_eq!(extra[0], ("kicker".to_owned(), text("Weather")));
    assert_eq!(extra[1].0, "cover");
    assert_eq!(front_matter.unknown, []);
}

#[test]
fn a_later_publish_date_holds_an_article_back() {
    let meta = meta("date: 2024-01-01\npublishDate: 2030-01-01");
    assert_eq!(meta.timestamp, day("2030-01-01"));
    assert_eq!(meta.extra, data(&[("date", text("2024-01-01"))]));
}

#[test]
fn an_article_of_jekyll_is_read() {
    let meta = read(
        "---\nlayout: post\ntitle:  \"Welcome\"\ndate:   2015-03-17 14:00:00 -4\n\
                     categories: jekyll update\ntags: one two\nredirect_from:\n  - /a/\n  - /b/\n\
                     last_modified_at: 2015-03-18\npublished: true\nauthor: Ana Reis\n---\n",
    )
    .meta;
    assert_eq!(meta.timestamp, day("2015-03-17T14:00:00-04:00"));
    assert_eq!(meta.tags, ["one", "two", "jekyll", "update"]);
    assert_eq!(meta.aliases, ["/a/", "/b/"]);
    assert_eq!(meta.updated, day("2015-03-18"));
    assert_eq!(meta.template, None);
    assert_eq!(meta.authors, ["Ana Reis"]);
    assert!(!meta.draft);
}

#[test]
fn published_tells_when_or_whether() {
    for (keys, draft, timestamp) in [
        ("published: false", true, None),
        ("published: true", false, None),
        (
            "published: false\ndate: 2024-11-21",
            true,
            day("2024-11-21"),
        ),
        ("date: 2024-11-21\npublished: yes", false, day("2024-11-21")),
        ("published: 2024-11-21", false, day("2024-11-21")),
        (
            "published: 2024-11-21\ndate: 2020-01-01",
            false,
            day("2024-11-21"),
        ),
        (
            "timestamp: 2024-11-21\npublished: false",
            true,
            day("2024-11-21"),
        ),
        (
            "publishDate: 2024-11-21\nPublished: 'No'\ndate: 2020-01-01",
            true,
            day("2024-11-21"),
        ),
        (
            "timestamp: 2024-11-21\npublished: true",
            false,
            day("2024-11-21"),
        ),
        ("draft: yes", true, None),
        ("draft: 'false'", false, None),
        ("Status: draft", true, None),
        ("status: published", false, None),
    ] {
        let meta = meta(keys);
        assert_eq!((meta.draft, meta.timestamp), (draft, timestamp), "{keys}");
    }
}

#[test]
fn an_article_of_zola_is_read() {
    let source = "+++\ntitle = \"T\"\npath = \"2024/10/17/t\"\naliases = [\"2024/10/17/T.html\"]\nupdated = 2024-10-18\n\
                  authors = [\"Ana\"]\ntemplate = \"page.html\"\n[taxonomies]\ntags = [\"x\"]\n\
                  places = [\"Lisbon\"]\n[extra]\nteam = \"core\"\n+++\n";
    let (front_matter, faults) = read_with(source, &["places"]);
    assert_eq!(faults, []);
    let meta = front_matter.expect("it has no fault").meta;
    assert_eq!(meta.timestamp, day("2024-10-17"));
    assert_eq!(meta.url.as_deref(), Some("/2024/10/17/t"));
    assert_eq!(meta.aliases, ["/2024/10/17/T.html"]);
    assert_eq!(meta.tags, ["x"]);
    assert_eq!(
        meta.terms,
        [("places".to_owned(), Texts::from_iter(["Lisbon"]))]
    );
    assert_eq!(meta.template.as_deref(), Some("page.html"));
    assert_eq!(meta.extra, data(&[("team", text("core"))]));
}

#[test]
fn an_article_of_pelican_is_read() {
    let source = "Title: This Week: 12\nNumber: 12\nDate: 2020-12-2\nCategory: News\n\
                  Tags: thats, awesome\nSummary: Long\n    and longer\n\nBody: of it\n";
    let front_matter = read(source);
    assert_eq!(&source[front_matter.body], "\nBody: of it\n");
    let meta = front_matter.meta;
    assert_eq!(meta.headline, "This Week: 12");
    assert_eq!(meta.timestamp, day("2020-12-02"));
    assert_eq!(meta.tags, ["thats", "awesome", "News"]);
    assert_eq!(meta.summary.as_deref(), Some("Long and longer"));
    assert_eq!(meta.extra, data(&[("Number", text("12"))]));
}

#[test]
fn a_newsrooms_flat_keys_are_read() {
    let meta = read(
        "---\ntitle: T\npublished: 2022-03-04T05:06:07.123-05:00\nkicker: K\n\
                     image: 2022/03/p.jpeg\nimage-credit: Tim Tai / Philadelphia Inquirer\n\
                     image-description: A bridge\nimage-caption: The bridge.\nblurb: B\n\
                     byline: By Ana Reis and Bo Lind of Spotlight PA\ntopics: [Budget]\n\
                     language-code: es\nimage-gravity: no\n---\n",
    )
    .meta;
    let photo = meta.photo.as_ref().expect("there is a photo");
    assert_eq!(
        photo.credit.as_deref(),
        Some("Tim Tai / Philadelphia Inquirer")
    );
    assert_eq!(photo.alt.as_deref(), Some("A bridge"));
    assert_eq!(photo.caption.as_deref(), Some("The bridge."));
    assert_eq!(meta.summary.as_deref(), Some("B"));
    assert_eq!(meta.authors, ["Ana Reis", "Bo Lind"]);
    assert_eq!(meta.tags, ["Budget"]);
    assert_eq!(meta.lang.as_deref(), Some("es"));
    assert_eq!(meta.timestamp, day("2022-03-04T05:06:07-05:00"));
}

#[test]
fn tags_are_read_as_their_author_meant() {
    let list = |items: &[&str]| {
        items
            .iter()
            .map(|item| (*item).to_owned())
            .collect::<Vec<_>>()
    };
    for (keys, expected) in [
        ("tags: [a, b, a]", list(&["a", "b"])),
        ("tags: city council", list(&["city council"])),
        (
            "tags: city council, weather",
            list(&["city council", "weather"]),
        ),
        (
            "layout: post\ntags: city council",
            list(&["city", "council"]),
        ),
        ("tags: 2024", list(&["2024"])),
        ("tags: ''", list(&[])),
        ("Tags: [x]", list(&["x"])),
        ("keywords: a, b", list(&["a", "b"])),
        ("category: News\ntags: [x]", list(&["x", "News"])),
        ("tags: [' RUST ', C++, 'C#']", list(&["RUST", "C++", "C#"])),
    ] {
        assert_eq!(meta(keys).tags, expected, "{keys}");
    }
}

#[test]
fn categories_are_terms_where_the_site_has_them() {
    let source = "---\ntitle: T\ncategories: [News]\ntags: [x]\n---\n";
    let (front_matter, _) = read_with(source, &["categories"]);
    let meta = front_matter.expect("it has no fault").meta;
    assert_eq!(meta.tags, ["x"]);
    assert_eq!(
        meta.terms,
        [("categories".to_owned(), Texts::from_iter(["News"]))]
    );
}

#[test]
fn a_configured_taxonomy_is_found_under_every_spelling_of_its_key() {
    let source = "---\ntitle: T\nPlace-Names: Lisbon\n---\n";
    let (front_matter, _) = read_with(source, &["place_names"]);
    let front_matter = front_matter.expect("it has no fault");
    let terms = [("place_names".to_owned(), Texts::from_iter(["Lisbon"]))];
    assert_eq!(front_matter.meta.terms, terms);
    assert_eq!(front_matter.unknown, []);
}

#[test]
fn authors_are_read_from_lists_maps_and_bylines() {
    for (keys, expected) in [
        ("author: Ana Reis", &["Ana Reis"] as &[&str]),
        (
            "authors: [Ana Reis, Bo Lind, Ana Reis]",
            &["Ana Reis", "Bo Lind"],
        ),
        (
            "author: { name: Ana Reis, email: a@b.example }",
            &["Ana Reis"],
        ),
        (
            "authors: [{ name: Ana Reis }, Bo Lind]",
            &["Ana Reis", "Bo Lind"],
        ),
        (
            "byline: Ana Reis, Bo Lind, and Cy Dee for Spotlight PA",
            &["Ana Reis", "Bo Lind", "Cy Dee"],
        ),
        (
            "byline: Staff and wire reports",
            &["Staff and wire reports"],
        ),
        ("author: Reis, Ana", &["Reis, Ana"]),
        ("author: AP", &["AP"]),
        ("byline: Bureau of Statistics", &["Bureau of Statistics"]),
    ] {
        assert_eq!(meta(keys).authors, expected.to_vec(), "{keys}");
    }
}

#[test]
fn a_photo_is_read_from_every_shape() {
    for keys in [
        "photo: { src: p.jpg, credit: C, caption: D, alt: E }",
        "photo: p.jpg\nphoto_credit: C\nphoto_caption: D\nphoto_alt: E",
        "image: p.jpg\nimage-credit: C\nimage_caption: D\nimageDescription: E",
        "featured_image: { url: p.jpg, credit: C, caption: D, alt: E }",
        "cover: { image: p.jpg, caption: D, alt: E }\nphoto-credit: C",
        "images: [p.jpg]\nphoto_credit: C\nphoto_caption: D\nphoto_alt: E",
    ] {
        let photo = meta(keys).photo.expect("there is a photo");
        assert_eq!(photo.src, "p.jpg", "{keys}");
        assert_eq!(photo.credit.as_deref(), Some("C"), "{keys}");
        assert_eq!(photo.caption.as_deref(), Some("D"), "{keys}");
        assert_eq!(photo.alt.as_deref(), Some("E"), "{keys}");
    }
}

#[test]
fn an_empty_alt_is_meant_only_where_it_is_our_own_key() {
    let alt = |keys: &str| meta(keys).photo.and_then(|photo| photo.alt);
    assert_eq!(alt("photo: { src: p.jpg, alt: '' }").as_deref(), Some(""));
    assert_eq!(alt("photo: p.jpg\nphoto_alt: ''").as_deref(), Some(""));
    assert_eq!(alt("image: p.jpg\nimage-description: ''"), None);
}

#[test]
fn series_are_a_text_or_a_list() {
    assert_eq!(meta("series: [Storms]").series.as_deref(), Some("Storms"));
    assert_eq!(
        meta("series: Storms, a history").series.as_deref(),
        Some("Storms, a history")
    );
}

#[test]
fn merge_keys_and_anchors_are_followed() {
    let meta = meta("extra:\n  base: &base { a: 1, b: 2 }\n  more:\n    <<: *base\n    b: 3");
    let base = data(&[("a", Data::Integer(1)), ("b", Data::Integer(2))]);
    let more = data(&[("b", Data::Integer(3)), ("a", Data::Integer(1))]);
    assert_eq!(meta.extra, data(&[("base", base), ("more", more)]));
}
