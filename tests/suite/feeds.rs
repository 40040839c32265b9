//! Feeds: their rules, their entries, whole texts, corrections, and what changes them.

mod checker;

use crate::support::{CONFIG, Site, article};
use checker::{Element, check, read};
use serde_json::Value;
use std::fs;

const BODY: &str = "ROME — It *sails* & sails to [Bo](@/b.md), see [below](#more).\n\n<script>alert(1)</script>\n\n\
                    <p style=\"color:red\" onclick=\"x()\">Raw</p>\n\n![Quay](p.jpg){credit=\"Cy Dee / Getty Images\"}\n\n## More {#more}\n\n\
                    > quoted\n\n{{ 7*7 }}";

/// A site whose articles have whatever is awkward in feeds.
fn site(feeds: &str) -> Site {
    let site = Site::new(&[
        (
            "dateline.yaml",
            &format!("{CONFIG}description: News & <views>\n{feeds}"),
        ),
        (
            "content/news/a.md",
            &article(
                "\"A & <B> ]]> C\"",
                "2025-11-21 16:32:05",
                "url: /a/\nauthors: [Ana Reis, Bo Lind]\ntags: [ferry & co, news]\nlang: pt\nsummary: A *summary* & more\n\
                 photo: { src: p.jpg, credit: Ana Reis / Reuters, caption: \"A *ferry* & quay\", alt: A ferry }\n\
                 corrections: [{ date: 2025-11-22, text: \"See [B](@/b.md).\" }, { date: 2025-11-23, type: retraction, text: Gone & lost. }]\n",
                BODY,
            ),
        ),
        (
            "content/b.md",
            &article(
                "B",
                "2025-11-20",
                "url: /b/\nguid: \"tag:gazette.example,2020:7\"\n",
                "Text.",
            ),
        ),
        (
            "content/c.md",
            &article(
                "C",
                "2025-11-19",
                "url: /c/\nsponsor: Ferry Co\nguid: internal 7\n",
                "Text.",
            ),
        ),
        (
            "content/undated.md",
            "---\nheadline: Undated\nurl: /undated/\n---\nText.",
        ),
    ]);
    site.put(
        "content/news/p.jpg",
        include_bytes!("../data/photos/espresso.jpg"),
    );
    site
}

/// Returns every XML feed of a site with its address.
fn feeds(site: &Site) -> Vec<(String, String)> {
    let output = site.output();
    let feeds = output
        .iter()
        .filter(|(path, _)| path.ends_with("feed.xml") || path.ends_with("atom.xml"));
    feeds
        .map(|(path, bytes)| {
            let address = format!("https://gazette.example/{path}");
            (address, String::from_utf8(bytes.clone()).unwrap())
        })
        .collect()
}

#[test]
fn every_feed_keeps_the_rules_of_the_validator() {
    for settings in ["", "feeds: { content: full }\n"] {
        let site = site(settings);
        site.build();
        let feeds = feeds(&site);
        let lists = [
            "",
            "news/",
            "tags/ferry-co/",
            "authors/ana-reis/",
            "corrections/",
        ];
        for list in lists {
            for name in ["feed.xml", "atom.xml"] {
                let address = format!("https://gazette.example/{list}{name}");
                assert!(feeds.iter().any(|(feed, _)| *feed == address), "{address}");
            }
        }
        for (address, xml) in feeds {
            let broken = check(&xml, &address);
            assert!(broken.is_empty(), "{address}: {broken:?}\n{xml}");
        }
    }
}

/// The rules can be broken: each of these changes to a good feed breaks one.
#[test]
fn the_rules_are_rules() {
    let site = site("feeds: { content: full }\n");
    site.build();
    let address = "https://gazette.example/feed.xml";
    let rss = site.page("feed.xml");
    let item = "<guid isPermaLink=\"true\">https://gazette.example/a/</guid>";
    for (old, new, rule) in [
        ("Fri, 21 Nov", "Thu, 21 Nov", "IncorrectDOW"),
        ("21 Nov 2025", "21 Nov 25", "InvalidRFC2822Date"),
        ("21 Nov 2025", "31 Nov 2025", "InvalidRFC2822Date"),
        ("16:32:05 +0000", "16:32:05 GMT", "InvalidRFC2822Date"),
        (
            "role=\"photographer\"",
            "role=\"Photographer\"",
            "InvalidCreditRole",
        ),
        (item, "", "MissingGuid"),
        (item, "<guid>a</guid>", "InvalidHttpGUID"),
        (
            item,
            "<guid isPermaLink=\"false\">internal 7</guid>",
            "NotSufficientlyUnique",
        ),
        (item, &format!("{item}{item}"), "DuplicateElement"),
        (
            item,
            &format!("{item}<author>Ana Reis</author>"),
            "InvalidContact",
        ),
        (item, &format!("{item}<guide/>"), "UndefinedElement"),
        ("rel=\"self\"", "rel=\"other\"", "MissingAtomSelfLink"),
        (
            "<atom:link href=\"https://gazette.example/feed.xml\"",
            "<atom:link href=\"https://gazette.example/x.xml\"",
            "SelfDoesntMatchLocation",
        ),
        ("News &#x26; ", "News &amp; ", "CharacterData"),
        ("21 Nov 2025", " 21 Nov 2025", "ProblematicalRFC822Date"),
        ("Fri, 21 Nov 2025", "Thu, 1 Jan 1970", "ImplausibleDate"),
        ("<title>B", "<title>B &#x3C;/b&#x3E;", "ContainsHTML"),
        (
            "xmlns:dc=",
            "xmlns:x=\"https://x.example/\" xmlns:dc=",
            "UnknownNamespace",
        ),
        (
            "xmlns:media=\"http://search.yahoo.com/mrss/\"",
            "xmlns:media=\"http://search.yahoo.com/mrss\"",
            "MissingNamespace",
        ),
        (
            "<link>https://gazette.example/a/",
            "<link>/a/",
            "InvalidFullLink",
        ),
        ("<title>The Gazette</title>", "", "MissingElement"),
        (
            "href=&#x22;https://gazette.example/b/",
            "href=&#x22;/b/",
            "ContainsRelRef",
        ),
        (
            "&#x3C;p&#x3E;Raw",
            "&#x3C;p style=&#x22;x&#x22;&#x3E;Raw",
            "SecurityRisk",
        ),
        (
            "<description>A ",
            "<content:encoded>x</content:encoded><description>A ",
            "NeedDescriptionBeforeContent",
        ),
    ] {
        let changed = rss.replacen(old, new, 1);
        assert_ne!(changed, rss, "{old} is in the feed: {rss}");
        assert!(
            check(&changed, address).contains(rule),
            "{rule}: {:?}",
            check(&changed, address)
        );
    }
    let address = "https://gazette.example/atom.xml";
    let atom = site.page("atom.xml");
    for (old, new, rule) in [
        (
            "<id>https://gazette.example/a/</id>",
            "<id>tag:gazette.example,2020:7</id>",
            "DuplicateEntries",
        ),
        ("<updated>2025", "<updated>25", "InvalidRFC3339Date"),
        ("<updated>2025", "<updated>1970", "ImplausibleDate"),
        (
            "<updated>2025-11-20",
            "<updated>2025-11-19",
            "DuplicateUpdated",
        ),
        (
            "<summary>A summary &#x26; more</summary>\n<content type=\"html\">",
            "<content src=\"https://gazette.example/a/\">",
            "MissingSummary",
        ),
        ("<title>The Gazette</title>", "", "MissingElement"),
        (
            "rel=\"alternate\" type=\"text/html\" href=\"https://gazette.example/a/\"",
            "rel=\"related\" href=\"https://gazette.example/a/\"",
            "MissingAlternateLink",
        ),
        ("rel=\"self\"", "rel=\"via\"", "MissingAtomSelfLink"),
    ] {
        let changed = atom.replacen(old, new, 1);
        assert_ne!(changed, atom, "{old} is in the feed: {atom}");
        assert!(
            check(&changed, address).contains(rule),
            "{rule}: {:?}",
            check(&changed, address)
        );
    }
}

#[test]
fn an_item_of_rss_says_what_is_known_of_the_article() {
    let site = site("");
    site.build();
    let xml = site.page("feed.xml");
    assert!(
        xml.contains("<title>A &#x26; &#x3C;B&#x3E; ]]&#x3E; C</title>"),
        "{xml}"
    );
    let rss = read(&xml);
    let channel = rss.all("channel").next().unwrap();
    let item = channel.all("item").next().unwrap();
    assert_eq!(item.text_of("pubDate"), "Fri, 21 Nov 2025 16:32:05 +0000");
    assert_eq!(
        channel.text_of("lastBuildDate"),
        "Sun, 23 Nov 2025 00:00:00 +0000"
    );
    let creators: Vec<&str> = item
        .all("dc:creator")
        .map(|one| one.text.as_str())
        .collect();
    assert_eq!(creators, ["Ana Reis", "Bo Lind"]);
    let categories: Vec<&str> = item.all("category").map(|one| one.text.as_str()).collect();
    assert_eq!(categories, ["News", "ferry & co", "news"]);
    assert_eq!(item.text_of("dc:language"), "pt");
    assert_eq!(item.text_of("description"), "A <em>summary</em> &amp; more");
    assert_eq!(item.text_of("content:encoded"), "");
    let media = item.all("media:content").next().unwrap();
    assert_eq!(media.attribute("url"), "https://gazette.example/a/p.jpg");
    assert_eq!(media.attribute("medium"), "image");
    assert_eq!(media.attribute("type"), "image/jpeg");
    let size = (media.attribute("width"), media.attribute("height"));
    assert_eq!(size, ("600", "400"));
    assert_eq!(media.text_of("media:description"), "A ferry & quay");
    let credits: Vec<(&str, &str)> = media
        .all("media:credit")
        .map(|credit| (credit.attribute("role"), credit.text.as_str()))
        .collect();
    assert_eq!(
        credits,
        [
            ("photographer", "Ana Reis"),
            ("distribution company", "Reuters")
        ]
    );
    let items: Vec<_> = channel.all("item").collect();
    assert_eq!(items.len(), 3, "what has no date is no news");
    let guid = items[1].all("guid").next().unwrap();
    assert_eq!(
        (guid.attribute("isPermaLink"), guid.text.as_str()),
        ("false", "tag:gazette.example,2020:7")
    );
    assert_eq!(items[2].text_of("title"), "Sponsored: C");
}

fn first_item(rss: &Element) -> &Element {
    let channel = rss.all("channel").next().unwrap();
    channel.all("item").next().unwrap()
}

#[test]
fn the_size_of_a_photo_in_a_feed_is_that_of_the_published_file() {
    let mut sizes = std::collections::BTreeSet::new();
    for strip in ["none", "gps", "all"] {
        let site = site("");
        let config = fs::read_to_string(site.path("dateline.yaml")).unwrap();
        site.put(
            "dateline.yaml",
            format!("{config}images: {{ strip: {strip} }}\n"),
        );
        for _ in 0..2 {
            // Known from reading the photo, and from the last build.
            site.build();
            let rss = read(&site.page("feed.xml"));
            let item = first_item(&rss);
            let media = item.all("media:content").next().unwrap();
            let told: usize = media.attribute("fileSize").parse().unwrap();
            assert_eq!(told, site.output()["a/p.jpg"].len(), "{strip}");
            sizes.insert(told);
            site.put(
                "content/z.md",
                article("Z", "2025-11-01", "url: /z/\n", "Text."),
            );
        }
    }
    assert!(sizes.len() > 1, "the photo has metadata: {sizes:?}");
}

/// Returns HTML in which each picture is named as its author named it: a page shows it in other widths,
/// whose names are made of what is in them.
fn without_widths(html: &str) -> String {
    let mut parts = html.split("/p.");
    let mut named = parts.next().unwrap().to_owned();
    for part in parts {
        let end = part.find("jpg").unwrap();
        named.push_str("/p.");
        named.push_str(&part[end..]);
    }
    named
}

#[test]
fn whole_texts_are_harmless_and_their_addresses_whole() {
    let site = site("feeds: { content: full }\n");
    site.build();
    let rss = read(&site.page("feed.xml"));
    let item = first_item(&rss);
    let content = item.text_of("content:encoded");
    assert_eq!(
        without_widths(content.split_once("<blockquote>").unwrap().0),
        "<figure><img src=\"https://gazette.example/a/p.jpg\" alt=\"A ferry\" width=\"600\" height=\"400\">\
         <figcaption>A ferry &amp; quay Ana Reis / Reuters</figcaption></figure>\n\
         <p>ROME — It <em>sails</em> &amp; sails to <a href=\"https://gazette.example/b/\">Bo</a>, \
         see <a href=\"https://gazette.example/a/#more\">below</a>.</p>\n\n<p>Raw</p>\n\
         <figure><img src=\"https://gazette.example/a/p.jpg\" alt=\"Quay\" width=\"600\" height=\"400\">\
         <figcaption>Foto: Cy Dee / Getty Images</figcaption></figure>\n<h2>More </h2>\n"
    );
    assert!(content.contains("{{ 7*7 }}"));
    assert!(content.contains("<small>Gone &amp; lost.</small>"));
    let json: Value = serde_json::from_str(&site.page("feed.json")).unwrap();
    assert_eq!(json["items"][0]["content_html"], content);
    assert!(json["items"][0].get("content_text").is_none());
    // A whole text is part of the feed, and so a word in it changes the feed.
    site.put(
        "content/b.md",
        article("B", "2025-11-20", "url: /b/\n", "Other text."),
    );
    site.build();
    assert!(site.page("feed.json").contains("Other text."));
    assert!(site.output() == site.clean_output());
}

#[test]
fn a_json_feed_has_what_its_version_asks_for() {
    let site = site("");
    site.build();
    let feed: Value = serde_json::from_str(&site.page("tags/news/feed.json")).unwrap();
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(feed["title"], "The Gazette: news");
    assert_eq!(feed["home_page_url"], "https://gazette.example/tags/news/");
    assert_eq!(
        feed["feed_url"],
        "https://gazette.example/tags/news/feed.json"
    );
    let item = &feed["items"][0];
    assert_eq!(item["id"], "https://gazette.example/a/");
    assert_eq!(item["title"], "A & <B> ]]> C");
    assert_eq!(item["content_text"], "A summary & more");
    assert_eq!(item["date_published"], "2025-11-21T16:32:05+00:00");
    assert_eq!(item["date_modified"], "2025-11-23T00:00:00+00:00");
    assert_eq!(
        item["authors"][1]["url"],
        "https://gazette.example/authors/bo-lind/"
    );
    assert_eq!(item["image"], "https://gazette.example/a/p.jpg");
    let photo = &item["_dateline"]["photo"];
    assert_eq!(photo["credit"], "Ana Reis / Reuters");
    assert_eq!(photo["credited"][1]["name"], "Reuters");
}

#[test]
fn corrections_have_a_page_and_feeds_in_stable_pages() {
    let site = site("per_page: 1\n");
    site.build();
    let front = site.page("corrections/index.html");
    assert!(
        front.contains("Gone &amp; lost.") && !front.contains("See <a"),
        "{front}"
    );
    assert!(front.contains("href=\"/a/#correction-2025-11-23\""));
    let tail = site.page("corrections/page/1/index.html");
    assert!(tail.contains("See <a href=\"/b/\">B</a>."), "{tail}");
    let feed: Value = serde_json::from_str(&site.page("corrections/feed.json")).unwrap();
    assert_eq!(feed["title"], "The Gazette: Corrections");
    assert_eq!(feed["items"][0]["title"], "Retraction: A & <B> ]]> C");
    assert_eq!(
        feed["items"][0]["id"],
        "https://gazette.example/a/#correction-2025-11-23"
    );
    assert_eq!(
        feed["items"][1]["date_published"],
        "2025-11-22T00:00:00+00:00"
    );
    // Another correction comes to the front, and the pages keep their numbers.
    let more = "url: /b/\ncorrections: { date: 2025-12-01, text: Third. }\n";
    site.put("content/b.md", article("B", "2025-11-20", more, "Text."));
    site.build();
    assert!(site.page("corrections/index.html").contains("Third."));
    assert!(
        site.page("corrections/page/2/index.html")
            .contains("Gone &amp; lost.")
    );
    assert!(
        site.page("corrections/page/1/index.html")
            .contains("See <a href=\"/b/\">B</a>.")
    );
    assert!(site.output() == site.clean_output());
    // Without corrections there is no such page.
    for path in ["content/b.md", "content/news/a.md"] {
        site.delete(path);
    }
    site.delete("content/news/p.jpg");
    site.build();
    assert!(!site.path("public/corrections").exists());
    assert!(site.output() == site.clean_output());
}

#[test]
fn the_configuration_decides_on_the_formats() {
    let site = site("feeds: { formats: [json], limit: 1 }\n");
    site.build();
    assert!(feeds(&site).is_empty());
    let feed: Value = serde_json::from_str(&site.page("feed.json")).unwrap();
    assert_eq!(feed["items"].as_array().unwrap().len(), 1);
    let page = site.page("a/index.html");
    assert!(page.contains("type=\"application/feed+json\"") && !page.contains("rss+xml"));
}

#[test]
fn a_feed_can_be_read_in_a_browser_and_names_its_hubs() {
    let target =
        "deploy: { targets: { live: { folder: ../live, websub: ['https://hub.example/'] } } }\n";
    for theme in ["broadsheet", "plain"] {
        let site = site(&format!("theme: {theme}\n{target}"));
        site.build();
        let xml = site.page("feed.xml");
        let (_, sheet) = xml
            .split_once("<?xml-stylesheet type=\"text/css\" href=\"/")
            .unwrap();
        let (sheet, _) = sheet.split_once('"').unwrap();
        assert!(site.page(sheet).contains("item"), "{sheet}");
        assert!(xml.contains("<atom:link href=\"https://hub.example/\" rel=\"hub\"/>"));
        assert!(
            site.page("atom.xml")
                .contains("<link rel=\"hub\" href=\"https://hub.example/\"/>")
        );
    }
}

#[test]
fn feeds_show_the_icon_of_the_site() {
    let site = site("");
    let all = || -> String { feeds(&site).into_iter().map(|(_, text)| text).collect() };
    site.build();
    assert!(!all().contains("icon-192.png"));
    site.put(
        "static/icon.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"10\"/>",
    );
    site.put("dateline.yaml", format!("{CONFIG}icon: /icon.svg\n"));
    site.build();
    let home = "https://gazette.example";
    let rss = site.page("feed.xml");
    assert!(
        rss.contains(&format!("<image>\n<url>{home}/icon-192.png</url>")),
        "{rss}"
    );
    assert!(
        site.page("atom.xml")
            .contains(&format!("<icon>{home}/icon-192.png</icon>"))
    );
    let json: Value = serde_json::from_str(&site.page("feed.json")).unwrap();
    assert_eq!(json["icon"], format!("{home}/icon-512.png"));
    assert_eq!(json["favicon"], format!("{home}/icon-192.png"));
    for (address, xml) in feeds(&site) {
        let broken = check(&xml, &address);
        assert!(broken.is_empty(), "{address}: {broken:?}\n{xml}");
    }
}

#[test]
fn a_series_is_a_taxonomy_with_feeds_where_the_site_wants_that() {
    let site = site("taxonomies: [tags, series]\n");
    site.put(
        "content/c.md",
        article(
            "C",
            "2025-11-22",
            "url: /c/\nseries: \"The storm, day by day\"\n",
            "Text.",
        ),
    );
    site.build();
    let page = site.page("series/the-storm-day-by-day/index.html");
    for file in ["feed.xml", "atom.xml", "feed.json"] {
        let address = format!("/series/the-storm-day-by-day/{file}");
        assert!(page.contains(&format!("href=\"{address}\"")), "{page}");
        assert!(
            site.page(&address[1..])
                .contains("https://gazette.example/c/")
        );
    }
}

#[test]
fn a_list_without_a_dated_article_has_no_feeds() {
    let site = site("");
    site.put("content/help/_index.md", "---\nheadline: Help\n---\n");
    let undated = |number: u32| format!("---\nheadline: How {number}\ntags: [How]\n---\nText.\n");
    site.put("content/help/one.md", undated(1));
    site.put("content/help/two.md", undated(2));
    site.build();
    let names = ["feed.xml", "atom.xml", "feed.json"];
    for list in ["help", "tags/how"] {
        let page = site.page(&format!("{list}/index.html"));
        for name in names {
            let address = format!("/{list}/{name}");
            assert!(
                !site.path("public").join(&address[1..]).exists(),
                "{address}"
            );
            assert!(!page.contains(&format!("\"{address}\"")), "{page}");
            assert!(
                page.contains(&format!("\"/{name}\"")),
                "the site's own: {page}"
            );
        }
    }
    site.put(
        "content/help/three.md",
        article("How 3", "2025-11-22", "tags: [How]\n", "Text."),
    );
    site.build();
    for list in ["help", "tags/how"] {
        for name in names {
            let address = format!("{list}/{name}");
            assert!(site.page(&address).contains("How 3"));
            let page = site.page(&format!("{list}/index.html"));
            assert!(page.contains(&format!("\"/{address}\"")), "{page}");
        }
    }
    assert_eq!(site.output(), site.clean_output());
}

#[test]
fn a_site_without_a_dated_article_has_no_feeds_and_names_none() {
    let site = Site::new(&[
        ("dateline.yaml", CONFIG),
        ("content/_index.md", "---\norder: weight\n---\n"),
        ("content/a.md", "---\nheadline: A\n---\nText.\n"),
    ]);
    site.build();
    let feeds = ["xml", "json"].map(|ending| format!("feed.{ending}"));
    for (path, bytes) in site.output() {
        assert!(!feeds.iter().any(|name| path.ends_with(name)), "{path}");
        if path.ends_with(".html") {
            let page = String::from_utf8(bytes).unwrap();
            assert!(
                !page.contains("feed.xml") && !page.contains("atom.xml"),
                "{page}"
            );
        }
    }
    site.put("content/b.md", article("B", "2025-11-22", "", "Text."));
    site.build();
    assert!(site.page("a/index.html").contains("/feed.xml"));
    assert_eq!(site.output(), site.clean_output());
}
