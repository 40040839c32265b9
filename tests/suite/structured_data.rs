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

/// Returns the node of a type; none where there is none.
fn node<'a>(graph: &'a [Value], kind: &str) -> Option<&'a Value> {
    graph.iter().find(|node| node["@type"] == kind)
}

#[test]
fn every_page_names_the_site_and_the_publisher_with_its_policies() {
    let site = Site::new(&[
        (
            "dateline.yaml",
            &format!(
                "{CONFIG}publisher:\n  name: Gazette Ltd\n  email: desk@gazette.example\n  same_as: [https://social.example/@gazette]\n  \
                 corrections_policy: '@/about.md#corrections'\n  ethics_policy: /ethics/\n  masthead: https://gazette.example/us/\n"
            ),
        ),
        (
            "content/about.md",
            "---\nheadline: About\nurl: /about/\n---\n## Corrections\n\nWe correct.\n",
        ),
        (
            "content/news/ferry.md",
            &article("Ferry", "2025-11-21", "url: /ferry/\n", "It sails."),
        ),
    ]);
    site.build();
    for page in [
        "ferry/index.html",
        "index.html",
        "news/index.html",
        "about/index.html",
        "404.html",
    ] {
        let graph = graph(&site, page);
        let publisher = node(&graph, "NewsMediaOrganization").unwrap();
        assert_eq!(
            publisher["@id"], "https://gazette.example/#publisher",
            "{page}"
        );
        assert_eq!(
            publisher["correctionsPolicy"],
            "https://gazette.example/about/#corrections"
        );
        assert_eq!(publisher["ethicsPolicy"], "https://gazette.example/ethics/");
        assert_eq!(publisher["masthead"], "https://gazette.example/us/");
        assert_eq!(publisher["sameAs"][0], "https://social.example/@gazette");
        let website = node(&graph, "WebSite").unwrap();
        assert_eq!(website["publisher"]["@id"], publisher["@id"]);
    }
    let list = graph(&site, "news/index.html");
    let items = &node(&list, "CollectionPage").unwrap()["mainEntity"]["itemListElement"];
    assert_eq!(items[0]["url"], "https://gazette.example/ferry/");
    site.put(
        "dateline.yaml",
        format!("{CONFIG}publisher: {{ masthead: '@/nobody.md' }}\n"),
    );
    site.refuses(&["a policy of the publisher leads to `@/nobody.md`"]);
}

#[test]
fn the_genre_decides_on_the_type() {
    for (more, expect) in [
        ("", "NewsArticle"),
        ("genre: reportage\n", "ReportageNewsArticle"),
        ("genre: Analysis\n", "AnalysisNewsArticle"),
        ("genre: OpinionNewsArticle\n", "OpinionNewsArticle"),
        ("genre: background\n", "BackgroundNewsArticle"),
        ("genre: review\n", "ReviewNewsArticle"),
        ("genre: ask public\n", "AskPublicNewsArticle"),
        ("genre: satire\n", "SatiricalArticle"),
        ("genre: live\n", "LiveBlogPosting"),
        ("genre: sponsored\n", "AdvertiserContentArticle"),
        ("genre: article\n", "Article"),
        ("genre: blog\n", "BlogPosting"),
    ] {
        let text = article(
            "A",
            "2025-11-21",
            &format!("url: /a/\n{more}"),
            "ROME — It rains.",
        );
        let site = Site::new(&[("content/a.md", &text)]);
        site.build();
        let graph = graph(&site, "a/index.html");
        // Those that few programs know are told as a wider one, and as what they are.
        let wider = match expect {
            "BackgroundNewsArticle" | "AskPublicNewsArticle" => Some("NewsArticle"),
            "SatiricalArticle" | "AdvertiserContentArticle" => Some("Article"),
            _ => None,
        };
        let own = wider.map(|_| Value::from(format!("https://schema.org/{expect}")));
        assert_eq!(graph[0]["@type"], wider.unwrap_or(expect), "{more}");
        assert_eq!(graph[0].get("additionalType"), own.as_ref(), "{more}");
        let has_dateline = graph[0].get("dateline").is_some();
        assert_eq!(has_dateline, expect.ends_with("NewsArticle"), "{more}");
    }
}

#[test]
fn an_article_tells_all_that_it_knows() {
    let site = Site::new(&[
        ("static/p.jpg", ""),
        (
            "content/news/ferry.md",
            &article(
                "Ferry </script> sails",
                "2025-11-21 09:00",
                "url: /ferry/\nsocial_headline: It sails!\nseries: Ferries\ntags: [ferry, port]\nsponsor: Ferry Co\n\
                 byline: By Ana Reis of The Gazette and Bo Lind\nphoto: { src: /p.jpg, credit: Ana Reis / AP, caption: A *ferry*, alt: A ferry }\n\
                 corrections: [{ date: 2025-11-22, text: \"It was [Friday](/x/).\" }]\n",
                "ROME (AP) — It sails.\n\n![Quay](/p.jpg){credit=\"Bo Lind\"}",
            ),
        ),
    ]);
    site.put(
        "static/p.jpg",
        include_bytes!("../data/photos/espresso.jpg"),
    );
    site.build();
    let graph = graph(&site, "ferry/index.html");
    let ferry = &graph[0];
    assert_eq!(ferry["headline"], "Ferry </script> sails");
    assert_eq!(ferry["alternativeHeadline"], "It sails!");
    assert_eq!(ferry["dateModified"], "2025-11-22T00:00:00+00:00");
    assert_eq!(ferry["image"][0]["creditText"], "Ana Reis / AP");
    assert_eq!(ferry["image"][0]["caption"], "A ferry");
    assert_eq!(ferry["author"][0]["affiliation"]["name"], "The Gazette");
    assert_eq!(ferry["isPartOf"][1]["name"], "Ferries");
    assert_eq!(ferry["sponsor"]["name"], "Ferry Co");
    assert_eq!(ferry["keywords"][1], "port");
    let correction = &ferry["correction"][0];
    assert_eq!(
        correction["@id"],
        "https://gazette.example/ferry/#correction-2025-11-22"
    );
    assert_eq!(correction["text"], "It was Friday.");
    assert!(
        site.page("ferry/index.html")
            .contains("id=\"correction-2025-11-22\"")
    );
    let quay = node(&graph, "ImageObject").unwrap();
    assert_eq!(quay["creditText"], "Bo Lind");
    assert_eq!(quay["contentUrl"], "https://gazette.example/p.jpg");
    let crumbs = &node(&graph, "BreadcrumbList").unwrap()["itemListElement"];
    assert_eq!(crumbs[2]["position"], 3);
}

#[test]
fn live_coverage_tells_its_entries() {
    let body = "Before.\n\n## 16:32 Ferry leaves\n\nIt *left*.\n\n## 17:00\n\nGone.";
    let more = "url: /live/\nlive: { end: 2025-11-21 18:00 }\n";
    let text = article("Storm", "2025-11-21 09:00", more, body);
    let site = Site::new(&[("content/live.md", &text)]);
    site.build();
    let live = &graph(&site, "live/index.html")[0];
    assert_eq!(live["@type"], "LiveBlogPosting");
    assert_eq!(live["coverageStartTime"], "2025-11-21T09:00:00+00:00");
    assert_eq!(live["coverageEndTime"], "2025-11-21T18:00:00+00:00");
    let update = &live["liveBlogUpdate"][0];
    assert_eq!(update["headline"], "Ferry leaves");
    assert_eq!(update["datePublished"], "2025-11-21T16:32:00+00:00");
    assert_eq!(update["articleBody"], "It left.");
    let anchor = update["url"].as_str().unwrap().split('#').nth(1).unwrap();
    assert!(
        site.page("live/index.html")
            .contains(&format!("id=\"{anchor}\""))
    );
    // A word in an entry changes what machines are told.
    site.put("content/live.md", text.replace("Gone.", "All gone."));
    site.build();
    assert_eq!(
        graph(&site, "live/index.html")[0]["liveBlogUpdate"][1]["articleBody"],
        "All gone."
    );
    assert!(site.output() == site.clean_output());
}

#[test]
fn an_authors_page_is_a_profile_and_follows_what_is_known() {
    let people = "Ana Reis:\n  bio: Writes *daily*.\n  role: Editor\n  links:\n    - { name: Mastodon, url: https://social.example/@ana }\n";
    let site = Site::new(&[
        ("data/authors.yaml", people),
        (
            "content/a.md",
            &article(
                "A",
                "2025-11-21",
                "url: /a/\nauthors: [Ana Reis]\n",
                "Text.",
            ),
        ),
    ]);
    site.build();
    let profile = &graph(&site, "authors/ana-reis/index.html")[0];
    assert_eq!(profile["@type"], "ProfilePage");
    assert_eq!(profile["mainEntity"]["description"], "Writes daily.");
    let head = site.page("a/index.html");
    assert!(head.contains("<meta name=\"fediverse:creator\" content=\"@ana@social.example\">"));
    site.put(
        "data/authors.yaml",
        people.replace("@ana", "@reis").replace("Editor", "Chief"),
    );
    site.build();
    assert!(site.output() == site.clean_output(), "a page is stale");
    assert!(site.page("a/index.html").contains("@reis@social.example"));
    assert_eq!(
        graph(&site, "a/index.html")[0]["author"][0]["jobTitle"],
        "Chief"
    );
}

#[test]
fn both_themes_print_the_metadata_once() {
    for theme in ["broadsheet", "plain"] {
        let mut more = "url: /a/\nsocial_headline: Social & A\nexpires: 2027-01-01\ntags: [ferry]\nauthors: [Ana Reis]\nupdated: 2025-11-22\nlang: pt-BR\n".to_owned();
        more.push_str("photo: { src: /p.jpg, credit: Ana, alt: \"A \\\"ferry\\\"\" }\n");
        let site = Site::new(&[
            (
                "dateline.yaml",
                &format!("{CONFIG}theme: {theme}\nper_page: 1\n"),
            ),
            (
                "content/news/a.md",
                &article("A", "2025-11-21", &more, "Text."),
            ),
        ]);
        for number in 0..3 {
            site.put(
                &format!("content/news/b{number}.md"),
                article("B", "2025-11-20", "", "Text."),
            );
        }
        site.put(
            "static/p.jpg",
            include_bytes!("../data/photos/espresso.jpg"),
        );
        site.build();
        let page = site.page("a/index.html");
        for expect in [
            "<link rel=\"canonical\" href=\"https://gazette.example/a/\">",
            "<meta name=\"robots\" content=\"max-image-preview:large, unavailable_after: 2027-01-01T00:00:00+00:00\">",
            "<meta name=\"description\" content=\"Text.\">",
            "<meta property=\"og:type\" content=\"article\">",
            "<meta property=\"og:title\" content=\"Social &amp; A\">",
            "<meta property=\"og:url\" content=\"https://gazette.example/a/\">",
            "<meta property=\"og:site_name\" content=\"The Gazette\">",
            "<meta property=\"og:locale\" content=\"pt_BR\">",
            "<meta property=\"og:image\" content=\"https://gazette.example/p.",
            "<meta property=\"og:image:type\" content=\"image/jpeg\">",
            "<meta property=\"og:image:alt\" content=\"A &quot;ferry&quot;\">",
            "<meta property=\"article:modified_time\" content=\"2025-11-22T00:00:00+00:00\">",
            "<meta property=\"article:author\" content=\"https://gazette.example/authors/ana-reis/\">",
            "<meta property=\"article:section\" content=\"News\">",
            "<meta property=\"article:tag\" content=\"ferry\">",
            "<meta name=\"twitter:card\" content=\"summary_large_image\">",
            "<meta name=\"twitter:title\" content=\"Social &amp; A\">",
            "<meta name=\"twitter:image:alt\" content=\"A &quot;ferry&quot;\">",
            "<link rel=\"alternate\" type=\"application/feed+json\" title=\"The Gazette (JSON Feed)\" href=\"/feed.json\">",
        ] {
            assert_eq!(page.matches(expect).count(), 1, "{theme}: {expect}\n{page}");
        }
        assert!(
            page.contains("<h1>A</h1>"),
            "the headline of the page is its own"
        );
        let tail = site.page("news/page/1/index.html");
        assert!(
            tail.contains("property=\"og:title\" content=\"News (1)\""),
            "{tail}"
        );
        let missing = site.page("404.html");
        assert!(missing.contains("<meta name=\"robots\" content=\"noindex\">"));
        assert!(!missing.contains("rel=\"canonical\""));
    }
}
