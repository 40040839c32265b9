//! What pages say of themselves to machines: JSON-LD and the meta elements, which must agree.

use crate::support::{CONFIG, Site, article};
use serde_json::Value;

/// Returns the nodes of a page's JSON-LD.
fn graph(site: &Site, page: &str) -> Vec<Value> {
    let html = site.page(page);
    let (_, rest) = html.split_once("application/ld+json\">").unwrap();
    let (json, _) = rest.split_once("</script>").unwrap();
    let data: Value = serde_json::from_str(json).unwrap();
    data["@graph"].as_array().unwrap().clone()
}

#[test]
fn news_has_a_date_and_other_pages_are_pages() {
    let site = Site::new(&[
        (
            "content/imprint.md",
            "---\nheadline: Imprint\nurl: /imprint/\n---\nWho we are.\n",
        ),
        (
            "content/ferry.md",
            &article("Ferry sails", "2025-11-21", "url: /ferry/\n", "It sails."),
        ),
    ]);
    site.build();

    let imprint = graph(&site, "imprint/index.html");
    assert_eq!(imprint[0]["@type"], "WebPage");
    assert!(imprint[0].get("datePublished").is_none());
    let html = site.page("imprint/index.html");
    assert!(html.contains("property=\"og:type\" content=\"website\""));
    assert!(!html.contains("article:published_time"));

    let ferry = graph(&site, "ferry/index.html");
    assert_eq!(ferry[0]["@type"], "NewsArticle");
    assert_eq!(ferry[0]["datePublished"], "2025-11-21T00:00:00+00:00");
    let html = site.page("ferry/index.html");
    assert!(html.contains("property=\"og:type\" content=\"article\""));
    assert!(
        html.contains("property=\"article:published_time\" content=\"2025-11-21T00:00:00+00:00\"")
    );
}

#[test]
fn a_desk_is_an_organization_and_a_reporter_a_person() {
    let site = Site::new(&[
        (
            "data/authors.yaml",
            "News Desk:\n  type: organization\nAna Reis:\n  role: Reporter\n  links:\n    - { name: Mastodon, url: https://social.example/@ana }\n",
        ),
        (
            "content/ferry.md",
            &article(
                "Ferry sails",
                "2025-11-21",
                "url: /ferry/\nauthors: [News Desk, Ana Reis]\n",
                "It sails.",
            ),
        ),
    ]);
    site.build();
    let authors = &graph(&site, "ferry/index.html")[0]["author"];
    assert_eq!(authors[0]["@type"], "Organization");
    assert_eq!(
        authors[0]["url"],
        "https://gazette.example/authors/news-desk/"
    );
    assert_eq!(authors[1]["@type"], "Person");
    assert_eq!(authors[1]["jobTitle"], "Reporter");
    assert_eq!(authors[1]["sameAs"][0], "https://social.example/@ana");
}

#[test]
fn an_author_without_a_page_still_has_a_name() {
    let site = Site::new(&[(
        "content/ferry.md",
        &article(
            "Ferry sails",
            "2025-11-21",
            "url: /ferry/\nauthors: [Ana Reis]\n",
            "It sails.",
        ),
    )]);
    site.put("dateline.yaml", format!("{CONFIG}taxonomies: [tags]\n"));
    site.build();
    let authors = &graph(&site, "ferry/index.html")[0]["author"];
    assert_eq!(authors[0]["name"], "Ana Reis");
}
