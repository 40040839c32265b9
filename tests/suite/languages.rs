//! Sites in several languages: lists and feeds of each, and translations that lead to each other.

use crate::support::{CONFIG, Site, article, told};

const LANGUAGES: &str = "languages: [de, ar]\n";

fn site() -> Site {
    let site = Site::new(&[("dateline.yaml", &format!("{CONFIG}{LANGUAGES}"))]);
    let put = |path: &str, headline: &str, date: &str, more: &str| {
        site.put(path, article(headline, date, more, "Text."));
    };
    put(
        "content/local/harbour.md",
        "Harbour",
        "2024-01-01",
        "tags: [sea]\n",
    );
    put(
        "content/local/quay.md",
        "Quay",
        "2024-01-03",
        "tags: [sea]\n",
    );
    put(
        "content/de/local/harbour.md",
        "Hafen",
        "2024-01-02",
        "tags: [sea]\n",
    );
    put(
        "content/de/local/kai.md",
        "Kai",
        "2024-01-04",
        "tags: [sea]\ntranslation_key: quay\n",
    );
    put("content/ar/port.md", "ميناء", "2024-01-05", "");
    for path in [
        "content/about.md",
        "content/imprint.md",
        "content/de/impressum.md",
    ] {
        site.put(path, "---\nheadline: Imprint\n---\nText.\n");
    }
    site.put(
        "content/de/_index.md",
        "---\nheadline: Das Blatt\nsummary: Nachrichten *vom Hafen*.\n---\n",
    );
    site.put("content/ar/_index.md", "---\nheadline: الجريدة\n---\n");
    site
}

#[test]
fn each_language_has_a_front_page_lists_and_feeds_of_its_own() {
    let site = site();
    site.build();
    let home = site.page("index.html");
    assert!(home.contains("Harbour") && home.contains("Quay"));
    assert!(!home.contains("Hafen") && !home.contains("ميناء"));
    let german = site.page("de/index.html");
    assert!(german.contains("<html lang=\"de\" dir=\"ltr\""));
    assert!(german.contains("<h1 class=\"nameplate\"><a href=\"/de/\">Das Blatt</a></h1>"));
    assert!(german.contains("Nachrichten vom Hafen."));
    assert!(german.contains("Hafen") && german.contains("Kai") && !german.contains("Quay"));
    assert!(!german.contains("Imprint") && !home.contains("Imprint"));
    assert!(site.page("ar/index.html").contains("ميناء"));
    assert!(german.contains("Donnerstag, 4. Januar 2024"));
    assert!(
        site.page("ar/index.html")
            .contains("<html lang=\"ar\" dir=\"rtl\"")
    );
    let section = site.page("de/local/index.html");
    assert!(section.contains("<html lang=\"de\"") && section.contains("Zum Inhalt springen"));
    assert!(section.contains("<li><a href=\"/de/\">Das Blatt</a></li>"));
    let article = site.page("de/local/2024/01/kai/index.html");
    assert!(article.contains("<html lang=\"de\"") && article.contains("Veröffentlicht"));
    // Neighbours and related articles are of the language.
    assert!(article.contains("Voriger Artikel") && !article.contains(">Quay<"));
    let feed = site.page("feed.xml");
    assert!(feed.contains("<language>en</language>") && !feed.contains("Hafen"));
    let feed = site.page("de/feed.xml");
    assert!(feed.contains("<language>de</language>") && feed.contains("Hafen"));
    assert!(feed.contains("<title>Das Blatt</title>") && !feed.contains("Harbour"));
}

#[test]
fn translations_lead_to_each_other() {
    let site = site();
    site.build();
    let alternate = |language: &str, path: &str| {
        format!(
            "<link rel=\"alternate\" hreflang=\"{language}\" href=\"https://gazette.example{path}\">"
        )
    };
    let english = site.page("local/2024/01/harbour/index.html");
    let german = site.page("de/local/2024/01/harbour/index.html");
    for page in [&english, &german] {
        assert!(
            page.contains(&alternate("en", "/local/2024/01/harbour/")),
            "{page}"
        );
        assert!(page.contains(&alternate("de", "/de/local/2024/01/harbour/")));
        assert!(page.contains(&alternate("x-default", "/local/2024/01/harbour/")));
        assert!(!page.contains("hreflang=\"ar\" href=\"https"));
        // Where there is no translation, the menu leads to the language's front page.
        assert!(
            page.contains("<a href=\"/ar/\" lang=\"ar\" hreflang=\"ar\" dir=\"rtl\">العربية</a>")
        );
    }
    assert!(german.contains("hreflang=\"de\" aria-current=\"page\">Deutsch</a>"));
    let local = site.page("local/index.html");
    assert!(
        local.contains(&alternate("de", "/de/local/")) && !local.contains(&alternate("ar", "/ar/"))
    );
    assert!(site.page("index.html").contains(&alternate("ar", "/ar/")));
    // A key does what a path does, and the page that it reaches knows.
    assert!(
        !site
            .page("local/2024/01/quay/index.html")
            .contains(&alternate("de", "/de/local/2024/01/kai/"))
    );
    site.put(
        "content/local/quay.md",
        article(
            "Quay",
            "2024-01-03",
            "tags: [sea]\ntranslation_key: quay\n",
            "Text.",
        ),
    );
    site.build();
    for path in ["local/2024/01/quay", "de/local/2024/01/kai"] {
        let page = site.page(&format!("{path}/index.html"));
        assert!(
            page.contains(&alternate("de", "/de/local/2024/01/kai/")),
            "{path}"
        );
    }
    assert!(site.output() == site.clean_output());
    // A translation that goes is in no menu.
    site.delete("content/de/local/harbour.md");
    site.build();
    assert!(
        !site
            .page("local/2024/01/harbour/index.html")
            .contains("hreflang=\"de\" href=\"https")
    );
    assert!(site.output() == site.clean_output());
}

#[test]
fn tags_authors_dates_and_corrections_are_of_a_language() {
    let site = site();
    for (path, headline, date, tags) in [
        ("content/bridge.md", "Bridge", "2023-05-06", "sea, iron"),
        (
            "content/de/bruecke.md",
            "Brücke",
            "2023-05-06",
            "sea, Eisen",
        ),
    ] {
        let more = format!(
            "tags: [{tags}]\nauthors: [Ana Reis]\ncorrections: [{{ date: {date}, text: Mended. }}]\n"
        );
        site.put(path, article(headline, date, &more, "Text."));
    }
    site.put(
        "content/de/tags/sea/_index.md",
        "---\nheadline: Das Meer\n---\n",
    );
    site.put("data/authors.yaml", "- name: Ana Reis\n  role: Reporter\n");
    site.build();
    let alternate = |language: &str, path: &str| {
        format!(
            "<link rel=\"alternate\" hreflang=\"{language}\" href=\"https://gazette.example{path}\">"
        )
    };
    let has = |path: &str| site.path("public").join(path).exists();
    for path in [
        "tags/sea",
        "authors/ana-reis",
        "2023",
        "2023/05",
        "2023/05/06",
        "corrections",
    ] {
        let english = site.page(&format!("{path}/index.html"));
        let german = site.page(&format!("de/{path}/index.html"));
        assert!(
            english.contains("Bridge") && !english.contains("Brücke"),
            "{path}"
        );
        assert!(
            german.contains("Brücke") && !german.contains("Bridge"),
            "{path}"
        );
        assert!(german.contains("<html lang=\"de\""), "{path}");
        for page in [&english, &german] {
            assert!(
                page.contains(&alternate("en", &format!("/{path}/"))),
                "{path}"
            );
            assert!(
                page.contains(&alternate("de", &format!("/de/{path}/"))),
                "{path}"
            );
            assert!(!page.contains("hreflang=\"ar\" href=\"https"), "{path}");
        }
    }
    // A tag that the other language has not leads to its front page.
    let iron = site.page("tags/iron/index.html");
    assert!(!iron.contains("hreflang=\"de\" href=\"https") && iron.contains("<a href=\"/de/\""));
    assert!(!has("de/tags/iron/index.html") && has("de/tags/eisen/index.html"));
    let sea = site.page("de/tags/sea/index.html");
    assert!(sea.contains("<h1>Das Meer</h1>") && sea.contains("<title>Thema: Das Meer"));
    // The indexes are of the language too, and only there where it has something.
    let tags = site.page("de/tags/index.html");
    assert!(tags.contains("/de/tags/eisen/") && !tags.contains("/tags/iron/"));
    assert!(tags.contains("<h1>Themen</h1>") && tags.contains(&alternate("en", "/tags/")));
    assert!(!has("ar/tags/index.html") && has("ar/archive/index.html"));
    let archive = site.page("de/archive/index.html");
    assert!(archive.contains("/de/2023/05/") && archive.contains(&alternate("ar", "/ar/archive/")));
    // What pages lead to is in their language, and so are the feeds.
    let article = site.page("de/2023/05/bruecke/index.html");
    for address in [
        "/de/tags/eisen/",
        "/de/authors/ana-reis/",
        "/de/archive/",
        "/de/tags/",
    ] {
        assert!(
            article.contains(&format!("href=\"{address}\"")),
            "{address}"
        );
    }
    assert!(!article.contains("href=\"/tags/") && !article.contains("href=\"/authors/"));
    for path in ["tags/sea", "authors/ana-reis", "corrections"] {
        let feed = site.page(&format!("de/{path}/feed.xml"));
        assert!(feed.contains("<language>de</language>"), "{path}");
        assert!(
            feed.contains("Brücke") && !feed.contains("Bridge"),
            "{path}"
        );
    }
    assert!(
        site.page("de/authors/ana-reis/index.html")
            .contains("Reporter")
    );
    // The last German article of a tag and a day: the English pages lose their translation.
    site.delete("content/de/bruecke.md");
    site.build();
    assert!(!has("de/tags/eisen/index.html") && !has("de/2023/05/06/index.html"));
    let day = site.page("2023/05/06/index.html");
    assert!(day.contains("Bridge") && !day.contains("hreflang=\"de\" href=\"https"));
    assert!(site.output() == site.clean_output());
}

#[test]
fn terms_and_sections_of_other_words_are_translations_by_their_key() {
    let site = site();
    for (path, headline, tag) in [
        ("content/trade/bridge.md", "Bridge", "economy"),
        ("content/de/handel/bruecke.md", "Brücke", "Wirtschaft"),
    ] {
        let text = article(headline, "2023-05-06", &format!("tags: [{tag}]\n"), "Text.");
        site.put(path, text);
    }
    let keyed = |path: &str, key: &str| {
        let path = format!("content/{path}/_index.md");
        site.put(&path, format!("---\ntranslation_key: {key}\n---\n"));
    };
    site.build();
    let leads = |from: &str, language: &str, to: &str| {
        let page = site.page(&format!("{from}/index.html"));
        let link = format!("hreflang=\"{language}\" href=\"https://gazette.example/{to}/\"");
        let menu = format!("<a href=\"/{to}/\" lang=\"{language}\"");
        assert_eq!(page.contains(&link), page.contains(&menu), "{from}");
        page.contains(&link)
    };
    let pairs = [
        ("tags/economy", "de/tags/wirtschaft"),
        ("trade", "de/handel"),
    ];
    let are_linked = || {
        pairs.map(|(english, german)| {
            let there = leads(english, "de", german);
            assert_eq!(there, leads(german, "en", english), "{english}");
            there
        })
    };
    assert_eq!(are_linked(), [false, false]);
    // The further language names what the site's own is called by.
    keyed("de/tags/wirtschaft", "economy");
    site.build();
    assert_eq!(are_linked(), [true, false]);
    keyed("de/handel", "trade");
    site.build();
    assert_eq!(are_linked(), [true, true]);
    assert!(site.output() == site.clean_output());
    // Or both have a key that is the address of neither; what has a key is no longer known by its name.
    keyed("de/handel", "commerce");
    site.build();
    assert_eq!(are_linked(), [true, false]);
    keyed("trade", "commerce");
    keyed("tags/economy", "money");
    site.build();
    assert_eq!(are_linked(), [false, true]);
    assert!(site.output() == site.clean_output());
}

#[test]
fn a_site_in_one_language_has_no_menu_of_languages() {
    let site = site();
    site.put("dateline.yaml", CONFIG);
    site.build();
    let page = site.page("local/2024/01/harbour/index.html");
    assert!(!page.contains("hreflang") && !page.contains("class=\"languages\""));
    assert!(site.page("index.html").contains("Hafen"));
    site.put("dateline.yaml", format!("{CONFIG}{LANGUAGES}"));
    site.build();
    assert!(!site.page("index.html").contains("Hafen"));
    assert!(site.output() == site.clean_output());
}

#[test]
fn a_language_in_which_nothing_is_written_is_told() {
    let site = site();
    site.put("dateline.yaml", format!("{CONFIG}languages: [de, fr]\n"));
    let faults = site.try_build().unwrap_err();
    assert_eq!(
        told(&faults[0]),
        "dateline.yaml:3:17: nothing is written in `fr`"
    );
    assert!(faults[0].hints[0].contains("content/fr/"));
}
