//! Front matter as it occurs, and as it should not.

mod counterparts;
mod refused;

use super::*;
use crate::source::article::Data;
use crate::source::config::DateOrder;
use jiff::tz::TimeZone;

/// Reads an article of a site in UTC with the taxonomies `tags`, `authors` and the given ones.
fn read_with(source: &str, further: &[&str]) -> (Option<FrontMatter>, Vec<Diagnostic>) {
    let mut config = Config::default();
    for key in further {
        config.taxonomies.push(Taxonomy {
            key: (*key).to_owned(),
            singular: (*key).to_owned(),
            feeds: true,
        });
    }
    parse("content/a.md", source, None, &Settings::of(&config))
}

/// Reads an article that must have no fault.
fn read(source: &str) -> FrontMatter {
    let (front_matter, faults) = read_with(source, &[]);
    assert_eq!(faults, [], "{source}");
    front_matter.expect("an article without faults has front matter")
}

/// Returns where the value of a key stands: bytes from the file's beginning.
fn place(front_matter: &FrontMatter, key: &str) -> (u32, u32) {
    let mut places = front_matter.places.iter();
    let found = places.find(|(name, _)| name == key);
    found.expect("the place is recorded").1
}

/// Reads keys of an article, besides its headline.
fn meta(keys: &str) -> Meta {
    read(&format!("---\nheadline: H\n{keys}\n---\nbody\n")).meta
}

/// Returns the faults of an article, each as `line:column message`.
fn faults(source: &str) -> Vec<String> {
    let (front_matter, faults) = read_with(source, &[]);
    let has_error = faults.iter().any(Diagnostic::is_error);
    assert_eq!(front_matter.is_none(), has_error, "{source}");
    faults.iter().map(shown).collect()
}

/// Returns the faults of keys besides the headline, which is on line 2.
fn key_faults(keys: &str) -> Vec<String> {
    faults(&format!("---\nheadline: H\n{keys}\n---\nbody\n"))
}

fn shown(fault: &Diagnostic) -> String {
    let place = fault
        .place
        .as_ref()
        .and_then(|place| place.stretch.as_ref());
    match place {
        Some(place) => format!("{}:{} {}", place.line, place.column, fault.message),
        None => fault.message.clone(),
    }
}

fn data(entries: &[(&str, Data)]) -> Data {
    Data::Map(
        entries
            .iter()
            .map(|(key, value)| ((*key).to_owned(), value.clone()))
            .collect(),
    )
}

fn text(text: &str) -> Data {
    Data::Text(text.to_owned())
}

#[test]
fn every_key_of_an_article_is_read() {
    let source = "---
headline: Harbour reopens after the storm
timestamp: 2024-11-21 16:32
updated: 2024-11-22T09:00:00Z
expires: 2030-01-01
photo:
  src: harbour.jpg
  credit: Ana Reis / Reuters
  caption: The first ferry leaves the harbour.
  alt: A white ferry passing a breakwater.
tags: [harbour, weather]
section: local
authors: [Ana Reis]
summary: The harbour is open again.
draft: true
aliases: [/old/url/]
slug: harbour
url: /harbour/
lang: pt_br
template: feature.html
series: Storms
weight: 3
corrections: [{ date: 2024-11-23, type: clarification, text: It was Friday. }]
extra: { anything: for the theme }
---
The body.
";
    let front_matter = read(source);
    assert_eq!(&source[front_matter.body], "The body.\n");
    assert_eq!(front_matter.unknown, []);
    let meta = front_matter.meta;
    assert_eq!(meta.headline, "Harbour reopens after the storm");
    let time = |time: Option<Timestamp>| time.map(|time| time.instant());
    assert_eq!(time(meta.timestamp), Some(1_732_206_720));
    // The correction is the last change.
    assert_eq!(time(meta.updated), Some(1_732_320_000));
    assert_eq!(time(meta.expires), Some(1_893_456_000));
    let photo = meta.photo.as_ref().expect("there is a photo");
    assert_eq!(photo.src, "harbour.jpg");
    assert_eq!(photo.credit.as_deref(), Some("Ana Reis / Reuters"));
    assert_eq!(
        photo.caption.as_deref(),
        Some("The first ferry leaves the harbour.")
    );
    assert_eq!(
        photo.alt.as_deref(),
        Some("A white ferry passing a breakwater.")
    );
    assert_eq!(meta.tags, ["harbour", "weather"]);
    assert_eq!(meta.section.as_deref(), Some("local"));
    assert_eq!(meta.authors, ["Ana Reis"]);
    assert_eq!(meta.summary.as_deref(), Some("The harbour is open again."));
    assert!(meta.draft);
    assert_eq!(meta.aliases, ["/old/url/"]);
    assert_eq!(meta.slug.as_deref(), Some("harbour"));
    assert_eq!(meta.url.as_deref(), Some("/harbour/"));
    assert_eq!(meta.lang.as_deref(), Some("pt-BR"));
    assert_eq!(meta.template.as_deref(), Some("feature.html"));
    assert_eq!(meta.series.as_deref(), Some("Storms"));
    assert_eq!(meta.weight, Some(3));
    assert_eq!(meta.corrections[0].text, "It was Friday.");
    assert_eq!(meta.extra, data(&[("anything", text("for the theme"))]));
}

#[test]
fn places_of_values_that_others_judge_are_bytes_of_the_file() {
    let source = "---\nheadline: Größe\nurl: /a/\nslug: b\naliases: [/c/, \"/d/\"]\nsection: s\n\
                  template: t.html\ntags: [x]\ntimestamp: 2024-11-21\nphoto:\n  src: p.jpg\n---\n";
    let front_matter = read(source);
    let place = |key: &str| {
        let (start, end) = place(&front_matter, key);
        &source[start as usize..end as usize]
    };
    for (key, written) in [
        ("url", "/a/"),
        ("slug", "b"),
        ("aliases[0]", "/c/"),
        ("aliases[1]", "/d/"),
        ("section", "s"),
        ("template", "t.html"),
        ("tags", "tags"),
        ("timestamp", "2024-11-21"),
        ("photo", "photo"),
        ("photo.src", "p.jpg"),
    ] {
        assert_eq!(place(key), written, "{key}");
    }
    let at = front_matter
        .meta
        .photo
        .and_then(|photo| photo.at)
        .expect("a place");
    assert_eq!(&source[at.0 as usize..at.1 as usize], "p.jpg");
}

#[test]
fn a_scalar_is_the_text_that_its_author_wrote() {
    for written in [
        "no",
        "2026",
        "1.10",
        "12:30:45",
        "0x1F",
        "True",
        "1e3",
        "2024-11-21",
        "007",
        "+5",
    ] {
        let source = format!("---\nheadline: {written}\ntags: [{written}]\nslug: {written}\n---\n");
        let meta = read(&source).meta;
        assert_eq!(meta.headline, written);
        assert_eq!(meta.tags, [written]);
        assert_eq!(meta.slug.as_deref(), Some(written));
    }
}

#[test]
fn what_no_page_can_hold_is_replaced() {
    for source in [
        "---\nheadline: \"A\\0\\x01\\t\"\ntags: [\"\\x7f\"]\nextra: {\"k\\x02\": \"\\uFDD0\"}\n---\n",
        "+++\nheadline = \"A\\u0000\\u0001\\t\"\ntags = [\"\\u007F\"]\nextra = {\"k\\u0002\" = \"\\uFDD0\"}\n+++\n",
    ] {
        let meta = read(source).meta;
        assert_eq!(meta.headline, "A\u{FFFD}\u{FFFD}");
        assert_eq!(meta.tags, ["\u{FFFD}"]);
        assert_eq!(meta.extra, data(&[("k\u{FFFD}", text("\u{FFFD}"))]));
    }
}

#[test]
fn null_is_absent() {
    let meta = meta("timestamp:\ntags: ~\nphoto: null\nsummary:\nauthors: [~]\nextra:\nunknown:\n");
    assert_eq!(meta.timestamp, None);
    assert_eq!(meta.photo, None);
    assert!(meta.tags.is_empty() && meta.authors.is_empty());
    assert_eq!(meta.extra, Data::Null);
}

#[test]
fn line_ends_and_byte_order_marks_do_not_matter() {
    let lf = "---\nheadline: H\ntags:\n  - a\n  - b\n---\nbody";
    let expected = read(lf).meta;
    for source in [
        lf.replace('\n', "\r\n"),
        lf.replace('\n', "\r"),
        lf.replacen('\n', "\r\n", 3),
        lf.replacen('\n', "\r", 3),
        format!("\u{feff}{lf}"),
        format!("\n\n{lf}"),
    ] {
        let front_matter = read(&source);
        assert_eq!(front_matter.meta.headline, expected.headline, "{source:?}");
        assert_eq!(front_matter.meta.tags, expected.tags, "{source:?}");
        assert_eq!(&source[front_matter.body], "body", "{source:?}");
    }
}

#[test]
fn front_matter_ends_at_the_first_closing_line() {
    for (source, body) in [
        ("---\nheadline: H\n...\nbody\n---\nmore", "body\n---\nmore"),
        ("---\nheadline: H\n---\n\n---\nmore", "\n---\nmore"),
        ("---\nheadline: a --- b\n---  \nbody", "body"),
        ("+++\ntitle = 'H'\n+++\nbody\n+++\n", "body\n+++\n"),
        ("---\nheadline: H\n---", ""),
    ] {
        assert_eq!(&source[read(source).body], body);
    }
}

#[test]
fn a_file_date_is_used_where_front_matter_has_none() {
    let config = Config::default();
    let settings = Settings::of(&config);
    let date = |text: &str| Timestamp::parse(text, &settings.zone).ok();
    for (keys, expected) in [
        ("", "2023-05-06"),
        ("timestamp:", "2023-05-06"),
        ("date: 2024-11-21", "2024-11-21"),
        ("url: /2022/01/02/x/", "2023-05-06"),
    ] {
        let source = format!("---\ntitle: T\n{keys}\n---\n");
        let (front_matter, _) = parse("a.md", &source, date("2023-05-06"), &settings);
        let meta = front_matter.expect("it has no fault").meta;
        assert_eq!(meta.timestamp, date(expected), "{keys}");
    }
    assert_eq!(meta("path: 2024/10/17/x").timestamp, date("2024-10-17"));
}

#[test]
fn the_order_of_dates_is_the_sites() {
    let config = Config {
        date_order: Some(DateOrder::Dmy),
        time_zone: TimeZone::UTC,
        ..Config::default()
    };
    let settings = Settings::of(&config);
    let source = "---\ntitle: T\ndate: 03/04/2024\n---\n";
    let (front_matter, _) = parse("a.md", source, None, &settings);
    let timestamp = front_matter.and_then(|it| it.meta.timestamp);
    let date = timestamp.map(|timestamp| timestamp.date().to_string());
    assert_eq!(date.as_deref(), Some("2024-04-03"));
}

#[test]
fn unknown_keys_are_kept_and_named() {
    let source = "---\ntitle: T\ntittle: x\nmood: Storms\nrating: 4.5\n---\n";
    let front_matter = read(source);
    let names: Vec<_> = front_matter
        .unknown
        .iter()
        .map(|unknown| {
            let written = &source[unknown.at.0 as usize..unknown.at.1 as usize];
            assert_eq!(written, unknown.key);
            (unknown.key.as_str(), nearest_key(&unknown.key, &[]))
        })
        .collect();
    assert_eq!(
        names,
        [("tittle", Some("title")), ("mood", None), ("rating", None)]
    );
    let extra = [
        ("tittle", text("x")),
        ("mood", text("Storms")),
        ("rating", Data::Float(4.5)),
    ];
    assert_eq!(front_matter.meta.extra, data(&extra));
}

#[test]
fn the_own_name_of_two_wins_and_the_other_is_kept() {
    let meta = meta("title: Other\ndescription: D\nsummary: S\nkeywords: [k]\ntags: [t]");
    assert_eq!(meta.headline, "H");
    assert_eq!(meta.summary.as_deref(), Some("S"));
    assert_eq!(meta.tags, ["t"]);
    let extra = [
        ("title", text("Other")),
        ("description", text("D")),
        ("keywords", Data::List(vec![text("k")])),
    ];
    assert_eq!(meta.extra, data(&extra));
}

#[test]
fn the_schema_describes_every_key_that_is_read() {
    let schema = schema();
    let properties = schema["properties"].as_object().expect("a map");
    for (_, key) in KEYS {
        for name in std::iter::once(&key.name).chain(key.also) {
            let description = properties[*name]["description"].as_str();
            assert!(
                description.is_some_and(|text| text.ends_with('.')),
                "{name}"
            );
        }
    }
    assert!(properties["photo"]["anyOf"][0]["properties"]["credit"].is_object());
}

#[test]
fn a_sections_index_is_read() {
    let source = "---\ntitle: Local\ndescription: News of the town.\nsort_by: title\n\
                  per_page: 5\nimage: town.jpg\naliases: /town/\nkicker: K\n---\nBody";
    let (front, faults) = parse_section("content/local/_index.md", source);
    assert_eq!(faults, []);
    let front = front.expect("it has no fault");
    assert_eq!(&source[front.body], "Body");
    assert_eq!(front.unknown[0].key, "kicker");
    let meta = front.meta;
    assert_eq!(meta.headline.as_deref(), Some("Local"));
    assert_eq!(meta.summary.as_deref(), Some("News of the town."));
    assert_eq!((meta.order, meta.per_page), (Order::Headline, Some(5)));
    assert_eq!(
        meta.photo.map(|photo| photo.src).as_deref(),
        Some("town.jpg")
    );
    assert_eq!(meta.aliases, ["/town/"]);
    assert_eq!(meta.extra, data(&[("kicker", text("K"))]));
}

#[test]
fn a_section_needs_no_front_matter_but_no_wrong_one() {
    let (front, faults) = parse_section("_index.md", "Only a description.\n");
    assert_eq!(
        (front.map(|front| front.meta), faults.len()),
        (Some(SectionMeta::default()), 0)
    );
    let source = "---\norder: wieght\nper_page: 5000\n---\n";
    let (front, faults) = parse_section("_index.md", source);
    assert!(front.is_none());
    let faults: Vec<_> = faults.iter().map(shown).collect();
    assert_eq!(
        faults,
        [
            "2:8 `wieght` is not an order of articles",
            "3:11 `per_page` must be from 1 to 1000, not 5000"
        ]
    );
}

#[test]
fn authors_are_a_map_by_name() {
    let source = "Ana Reis:\n  role: Science editor\n  bio: Writes.\n  photo: ana.jpg\n  \
                  url: https://ana.example\n  email: ana@example.org\n  links:\n    Mastodon: https://m.example/@ana\n  beat: sea\nBo:\n";
    let (people, faults) = parse_people("data/authors.yaml", source);
    assert_eq!(faults, []);
    let ana = &people[0];
    assert_eq!(
        (ana.key.as_str(), ana.name.as_str()),
        ("Ana Reis", "Ana Reis")
    );
    assert_eq!(ana.role.as_deref(), Some("Science editor"));
    assert_eq!(ana.email.as_deref(), Some("ana@example.org"));
    let link = ("Mastodon".to_owned(), "https://m.example/@ana".to_owned());
    assert_eq!(ana.links, [link]);
    assert_eq!(ana.extra, data(&[("beat", text("sea"))]));
    assert_eq!(people[1].name, "Bo");
    let (_, faults) = parse_people("data/authors.yaml", "Ana: 3\nBo: { bio: [x] }\n");
    let faults: Vec<_> = faults.iter().map(shown).collect();
    assert_eq!(
        faults,
        [
            "1:6 `Ana` must be a map, not `3`",
            "2:7 `bio` must be a text, not a list"
        ]
    );
}
