//! Sitemaps, the news sitemap and its window, robots.txt, and the files that speak for the publisher.

use crate::support::{CONFIG, NOW, Site, article};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

fn entries(xml: &str) -> usize {
    xml.matches("<news:news>").count()
}

/// Returns the text of a moment before the builds of sites.
fn before(seconds: i64) -> String {
    jiff::Timestamp::from_second(NOW - seconds)
        .unwrap()
        .to_string()
}

#[test]
fn articles_have_a_true_date_and_their_pictures() {
    let site = Site::new(&[
        (
            "content/a.md",
            &article(
                "A",
                "2025-01-02",
                "url: /a/\nphoto: { src: p.jpg, credit: Ana, alt: A }\ncorrections: { date: 2025-03-04, text: T }\n",
                "![B](https://x.example/b.jpg?a&b){credit=\"B\"}\n\n![C](p.jpg){credit=\"Ana\"}",
            ),
        ),
        ("content/b.md", "---\nheadline: B\nurl: /b/\n---\nText."),
    ]);
    site.put(
        "content/p.jpg",
        include_bytes!("../data/photos/espresso.jpg"),
    );
    site.build();
    let xml = site.page("sitemap.xml");
    assert!(
        xml.contains(
            "<url><loc>https://gazette.example/a/</loc><lastmod>2025-03-04</lastmod>\
         <image:image><image:loc>https://gazette.example/a/p.jpg</image:loc></image:image>\
         <image:image><image:loc>https://x.example/b.jpg?a&amp;b</image:loc></image:image></url>"
        ),
        "{xml}"
    );
    assert!(
        xml.contains("<url><loc>https://gazette.example/b/</loc></url>"),
        "{xml}"
    );
    assert!(!xml.contains("404"));
    let robots = site.page("robots.txt");
    assert!(robots.contains("Sitemap: https://gazette.example/sitemap.xml\n"));
    assert!(robots.contains("Sitemap: https://gazette.example/news-sitemap.xml\n"));
}

#[test]
fn news_is_what_was_published_in_the_last_two_days() {
    let site = Site::new(&[
        (
            "content/new.md",
            &article(
                "New & <b>",
                &before(HOUR),
                "url: /new/\nlang: zh-Hant\n",
                "Text.",
            ),
        ),
        (
            "content/edge.md",
            &article("Edge", &before(2 * DAY - 1), "url: /edge/\n", "Text."),
        ),
        (
            "content/old.md",
            &article("Old", &before(2 * DAY), "url: /old/\n", "Text."),
        ),
        (
            "content/paid.md",
            &article("Paid", &before(HOUR), "sponsor: true\n", "Text."),
        ),
        ("content/undated.md", "---\nheadline: Undated\n---\nText."),
    ]);
    site.build();
    let xml = site.page("news-sitemap.xml");
    assert_eq!(entries(&xml), 2, "{xml}");
    assert!(xml.contains(
        "<url><loc>https://gazette.example/new/</loc><news:news><news:publication><news:name>The Gazette</news:name>\
         <news:language>zh-tw</news:language></news:publication>\
         <news:publication_date>2025-12-31T23:00:00+00:00</news:publication_date>\
         <news:title>New &amp; &lt;b&gt;</news:title></news:news></url>"
    ), "{xml}");
}

/// Nothing of the site changes but the time, and the news sitemap does.
#[test]
fn the_news_sitemap_of_an_unchanged_site_goes_stale_at_its_moment() {
    let mut site = Site::new(&[
        (
            "content/a.md",
            &article("A", &before(HOUR), "url: /a/\n", "Text."),
        ),
        (
            "content/b.md",
            &article("B", &before(DAY), "url: /b/\n", "Text."),
        ),
    ]);
    site.build();
    assert_eq!(entries(&site.page("news-sitemap.xml")), 2);
    site.now = NOW + DAY - 1;
    assert_eq!(site.build().rendered, 0, "B is news to the last second");
    assert_eq!(entries(&site.page("news-sitemap.xml")), 2);
    site.now = NOW + DAY;
    site.build();
    assert_eq!(entries(&site.page("news-sitemap.xml")), 1);
    assert!(site.output() == site.clean_output());
    site.now = NOW + 2 * DAY;
    site.build();
    let xml = site.page("news-sitemap.xml");
    assert_eq!(entries(&xml), 0);
    assert!(
        xml.contains("<url><loc>https://gazette.example/</loc></url>"),
        "{xml}"
    );
    site.now = NOW + 20 * DAY;
    assert_eq!(
        site.build().rendered,
        0,
        "nothing depends on the time any more"
    );
}

#[test]
fn more_than_a_thousand_news_are_several_sitemaps() {
    let site = Site::in_memory();
    for number in 0..1_001 {
        let text = article(&format!("A{number}"), &before(60 + number), "", "Text.");
        site.put(&format!("content/a{number}.md"), text);
    }
    site.put(
        "dateline.yaml",
        format!("{CONFIG}taxonomies: []\ndate_pages: false\nper_page: 1000\n"),
    );
    site.build();
    let index = site.page("news-sitemap.xml");
    assert!(
        index.contains("<sitemap><loc>https://gazette.example/news-sitemap-2.xml</loc></sitemap>"),
        "{index}"
    );
    assert_eq!(entries(&site.page("news-sitemap-1.xml")), 1_000);
    assert_eq!(entries(&site.page("news-sitemap-2.xml")), 1);
}

#[test]
fn trust_txt_stands_in_both_of_its_places() {
    let text = "member=https://x.example/\n";
    for (path, other) in [
        ("trust.txt", ".well-known/trust.txt"),
        (".well-known/trust.txt", "trust.txt"),
    ] {
        let site = Site::new(&[
            (&format!("static/{path}"), text),
            ("static/ads.txt", "x.example, 1, DIRECT\n"),
        ]);
        site.build();
        assert_eq!(site.page(path), text);
        assert_eq!(site.page(other), text);
        assert_eq!(site.page("ads.txt"), "x.example, 1, DIRECT\n");
    }
    let site = Site::new(&[
        ("static/trust.txt", "a"),
        ("static/.well-known/trust.txt", "b"),
    ]);
    site.build();
    assert_eq!(
        site.page("trust.txt") + &site.page(".well-known/trust.txt"),
        "ab"
    );
}
