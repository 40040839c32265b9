//! Photos that know their credits, and the pages of who made them.

use crate::support::{CONFIG, Site, article};
use dateline::session::Report;
use std::fs;

/// Its EXIF names Rachel Michetti.
const ESPRESSO: &[u8] = include_bytes!("../data/photos/espresso.jpg");
/// Its XMP has the credit line `NASA, ESA`.
const HUBBLE: &[u8] = include_bytes!("../data/photos/hubble-extreme-deep-field.jpg");

const ARTICLE: &str = "{{ article.photo | json }}\n{{ article.content }}\n{{ structured_data }}";

/// Makes a site of a theme that shows all of a photo.
fn site() -> Site {
    let site = Site::new(&[
        (
            "dateline.yaml",
            &format!("{CONFIG}theme: mine\nlint: {{ missing_alt: off }}\n"),
        ),
        ("themes/mine/templates/article.html", ARTICLE),
        ("themes/mine/templates/list.html", "{{ page.title }}"),
    ]);
    site.put("static/photos/cup.jpg", ESPRESSO);
    site
}

fn with_pages(site: &Site) {
    site.put(
        "themes/mine/templates/credit.html",
        "{{ term.name }} {{ term.kind }}\n{% for shot in photos %}{{ shot.photo.url }}:{% for article in shot.articles %} {{ article.headline }}{% endfor %}\n{% endfor %}",
    );
    site.put(
        "themes/mine/templates/credits.html",
        "{% for term in terms %}{{ term.name }} {{ term.kind }} {{ term.count }} {{ term.url }}\n{% endfor %}",
    );
}

fn put(site: &Site, name: &str, day: u8, more: &str, body: &str) {
    let more = format!("url: /{name}/\n{more}");
    let date = format!("2025-03-{day:02}");
    site.put(
        &format!("content/{name}.md"),
        article(name, &date, &more, body),
    );
}

fn photo(site: &Site, page: &str) -> serde_json::Value {
    let made = site.page(page);
    serde_json::from_str(made.lines().next().unwrap()).unwrap()
}

fn messages(report: &Report) -> Vec<String> {
    report
        .diagnostics
        .iter()
        .map(|one| one.message.clone())
        .collect()
}

#[test]
fn the_article_comes_first_then_the_notes_then_the_file() {
    let site = site();
    put(&site, "a", 1, "photo: /photos/cup.jpg\n", "");
    site.build();
    let of_file = photo(&site, "a/index.html");
    assert_eq!(of_file["credit"], "Rachel Michetti");
    assert_eq!(of_file["rights"]["copyright"], "CC0");
    assert_eq!(of_file["alt"], serde_json::Value::Null);

    site.put(
        "data/photos.yaml",
        "/photos/cup.jpg: { credit: Rachel Michetti / Café, caption: A *cup*, alt: A cup, licence: CC0 1.0, focus: [0.5, 0.25] }\n",
    );
    site.build();
    let noted = photo(&site, "a/index.html");
    assert_eq!(noted["credit"], "Rachel Michetti / Café");
    assert_eq!(noted["caption"], "A <em>cup</em>");
    assert_eq!(noted["alt"], "A cup");
    assert_eq!(noted["focus"], "0.5 0.25");
    assert_eq!(
        noted["rights"]["url"],
        "https://creativecommons.org/publicdomain/zero/1.0/"
    );

    site.put(
        "static/photos/cup.jpg.yaml",
        "credit: R. Michetti / Rachel Michetti\n",
    );
    let report = site.build();
    assert_eq!(
        photo(&site, "a/index.html")["credit"],
        "R. Michetti / Rachel Michetti"
    );
    assert!(
        messages(&report)
            .iter()
            .any(|told| told.contains("`static/photos/cup.jpg` is described twice")),
        "{:?}",
        messages(&report)
    );
    assert!(
        !site.path("public/photos/cup.jpg.yaml").exists(),
        "notes are not published"
    );

    site.delete("data/photos.yaml");
    put(
        &site,
        "a",
        1,
        "photo: { src: /photos/cup.jpg, credit: Rachel Michetti / AP, caption: Mine }\n",
        "",
    );
    site.put("static/photos/cup.jpg.yaml", "caption: Yours\nalt: A cup\n");
    site.build();
    let own = photo(&site, "a/index.html");
    assert_eq!(own["credit"], "Rachel Michetti / AP");
    assert_eq!(
        (&own["caption"], &own["alt"]),
        (&"Mine".into(), &"A cup".into())
    );
    assert_eq!(own["creators"][0]["name"], "Rachel Michetti");
    assert_eq!(own["agency"]["name"], "AP");
}

#[test]
fn a_reason_for_no_credit_is_not_overruled_by_the_file() {
    let site = site();
    put(
        &site,
        "a",
        1,
        "photo: { src: /photos/cup.jpg, no_credit_reason: A stamp }\n",
        "![](/photos/cup.jpg){no_credit_reason=\"A stamp\"}\n\n![](/photos/cup.jpg)",
    );
    site.build();
    assert_eq!(
        photo(&site, "a/index.html")["credit"],
        serde_json::Value::Null
    );
    let page = site.page("a/index.html");
    assert_eq!(page.matches("<figcaption>").count(), 1, "{page}");
    assert!(
        page.contains("Rachel Michetti</span></figcaption>"),
        "{page}"
    );
}

/// Puts an XMP packet that names a digital source type into a JPEG.
fn with_source_type(jpeg: &[u8], term: &str) -> Vec<u8> {
    let packet = format!(
        "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" xmlns:ext=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\" ext:DigitalSourceType=\"http://cv.iptc.org/newscodes/digitalsourcetype/{term}\"/></rdf:RDF></x:xmpmeta>"
    );
    let length = u16::try_from(packet.len() + 2).unwrap().to_be_bytes();
    [
        &jpeg[..2],
        &[0xff, 0xe1],
        &length,
        packet.as_bytes(),
        &jpeg[2..],
    ]
    .concat()
}

const AI: &str = "<span class=\"origin\">AI-generated image</span>";

#[test]
fn a_picture_that_an_ai_made_is_labelled_wherever_its_credit_is_shown() {
    for theme in ["broadsheet", "plain"] {
        let config = format!("{CONFIG}theme: {theme}\nsearch: true\nfeeds: {{ content: full }}\n");
        let site = Site::new(&[("dateline.yaml", &config)]);
        site.put("static/photos/cup.jpg", ESPRESSO);
        let body = "![A cup](/photos/cup.jpg \"Mine\")\n\n{{< figure src=\"/photos/cup.jpg\" alt=\"A cup\" >}}\n";
        put(
            &site,
            "a",
            1,
            "photo: { src: /photos/cup.jpg, alt: A cup }\n",
            body,
        );
        let labels = |page: &str| site.page(page).matches("class=\"origin\"").count();
        site.build();
        let pages = [
            "a/index.html",
            "index.html",
            "credits/rachel-michetti/index.html",
        ];
        assert_eq!(pages.map(labels), [0; 3], "{theme}");

        site.put(
            "static/photos/cup.jpg.yaml",
            "source_type: trainedAlgorithmicMedia\n",
        );
        site.build();
        assert_eq!(labels("a/index.html"), 3, "{theme}");
        let page = site.page("a/index.html");
        assert!(
            page.contains(&format!(
                "<span class=\"caption\">Mine</span> {AI} <span class=\"credit\"><span class=\"vh\">Photo: </span>Rachel Michetti</span>"
            )),
            "{page}"
        );
        for list in &pages[1..] {
            let page = site.page(list);
            let has_credit = page.contains("<span class=\"credit\">");
            assert_eq!(page.contains(AI), has_credit, "{theme} {list}");
        }
        assert!(site.page(pages[2]).contains(AI), "{theme}");
        let feed = site.page("feed.xml");
        assert_eq!(feed.matches("AI-generated image").count(), 3, "{feed}");
        assert_eq!(site.output(), site.clean_output(), "{theme}");

        // The file says it itself, and the article comes first.
        site.delete("static/photos/cup.jpg.yaml");
        site.put(
            "static/photos/cup.jpg",
            with_source_type(ESPRESSO, "compositeSynthetic"),
        );
        site.build();
        let page = site.page("a/index.html");
        assert_eq!(
            page.matches("Made in part with AI</span>").count(),
            3,
            "{page}"
        );
        let more = "photo: { src: /photos/cup.jpg, alt: A cup, source_type: digitalCapture }\n";
        put(&site, "a", 1, more, "Text.\n");
        site.build();
        assert_eq!(labels("a/index.html"), 0, "{theme}");
        let report = site.build();
        assert_eq!(report.written, 0, "{theme}");
    }
}

#[test]
fn a_label_is_there_without_a_credit_and_in_the_words_of_the_page() {
    let site = Site::new(&[
        (
            "dateline.yaml",
            &format!("{CONFIG}theme: broadsheet\nlanguage: de\n"),
        ),
        (
            "static/photos/cup.jpg.yaml",
            "no_credit_reason: Made by us\nsource_type: algorithmicMedia\n",
        ),
    ]);
    site.put("static/photos/cup.jpg", ESPRESSO);
    put(
        &site,
        "a",
        1,
        "photo: { src: /photos/cup.jpg, alt: A cup }\n",
        "![A cup](/photos/cup.jpg)",
    );
    site.build();
    let label = "<figcaption><span class=\"origin\">Computergeneriertes Bild</span></figcaption>";
    let page = site.page("a/index.html");
    assert_eq!(page.matches(label).count(), 2, "{page}");
}

#[test]
fn a_mistyped_source_type_is_told() {
    let site = site();
    let more = "photo: { src: /photos/cup.jpg, alt: A cup, source_type: trainedAlgoritmicMedia }\n";
    put(&site, "a", 1, more, "");
    let report = site.build();
    let told = report
        .diagnostics
        .iter()
        .find(|one| one.message.contains("source"));
    let told = told.expect("it is told");
    assert_eq!(
        told.message,
        "`photo.source_type` is `trainedAlgoritmicMedia`, which is no digital source type of the IPTC"
    );
    assert_eq!(told.hints[0], "did you mean `trainedAlgorithmicMedia`?");
}

#[test]
fn a_disagreement_quotes_both() {
    let site = site();
    put(
        &site,
        "a",
        1,
        "photo: { src: /photos/cup.jpg, credit: Ana Reis }\n",
        "",
    );
    assert_eq!(
        messages(&site.build()),
        [
            "the credit `Ana Reis` of `static/photos/cup.jpg` is not the one in its file, `Rachel Michetti`"
        ]
    );
    site.put("static/photos/cup.jpg.yaml", "credit: Bo Li / Reuters\n");
    let report = site.build();
    assert_eq!(
        messages(&report),
        [
            "the credit `Ana Reis` is not that of the photo's notes, `Bo Li / Reuters`",
            "the credit `Ana Reis` of `static/photos/cup.jpg` is not the one in its file, `Rachel Michetti`",
        ]
    );
    let related = &report.diagnostics[0].related[0].place;
    assert_eq!(related.path, "static/photos/cup.jpg.yaml");
    // Another spelling, and more than the notes say, is no disagreement.
    put(
        &site,
        "a",
        1,
        "photo: { src: /photos/cup.jpg, credit: 'Photo: BO LI and Rachel Michetti / Thomson Reuters' }\n",
        "",
    );
    assert_eq!(messages(&site.build()), [""; 0]);
    site.put(
        "dateline.yaml",
        format!("{CONFIG}theme: mine\nlint: {{ missing_alt: off, disagreeing_credit: error }}\n"),
    );
    put(
        &site,
        "a",
        1,
        "photo: { src: /photos/cup.jpg, credit: Ana Reis }\n",
        "",
    );
    assert!(site.try_build().is_err());
}

#[test]
fn what_notes_cannot_say_is_told_with_its_line() {
    let site = site();
    put(&site, "a", 1, "photo: /photos/cup.jpg\n", "");
    site.put(
        "static/photos/cup.jpg.yaml",
        "credit: A\ncredti: B\nsrc: b.jpg\n",
    );
    let faults = crate::support::errors(&site.try_build().unwrap_err());
    let faults = format!("{faults:?}");
    assert!(
        faults.contains("a photo's notes have no `credti`") && faults.contains("`src`"),
        "{faults}"
    );
    site.delete("static/photos/cup.jpg.yaml");
    site.put("data/photos.yaml", "/photos/cap.jpg: { credit: A }\n");
    let report = site.build();
    assert_eq!(
        messages(&report),
        ["there is no photo `static/photos/cap.jpg`"]
    );
    assert!(format!("{:?}", report.diagnostics[0].hints).contains("static/photos/cup.jpg"));
}

#[test]
fn a_credit_is_typed_in_structured_data_and_in_feeds() {
    let site = site();
    site.put("static/photos/plain.jpg", without_metadata());
    put(
        &site,
        "a",
        1,
        "photo: { src: /photos/plain.jpg, credit: 'Ana Reis / AFP via Getty Images', copyright: © 2025 AFP, licence: https://licence.example, acquire: https://buy.example, source_type: compositeSynthetic }\n",
        "",
    );
    put(
        &site,
        "b",
        2,
        "photo: { src: /photos/plain.jpg, credit: Courtesy of Ida Blom }\n",
        "",
    );
    site.build();
    let graph = |name: &str| -> serde_json::Value {
        let page = site.page(&format!("{name}/index.html"));
        let json = page
            .lines()
            .find(|line| line.contains("schema.org"))
            .unwrap()
            .to_owned();
        let graph: serde_json::Value = serde_json::from_str(&json).unwrap();
        let article = graph["@graph"]
            .as_array()
            .unwrap()
            .iter()
            .find(|node| !node["headline"].is_null());
        let image = &article.unwrap()["image"];
        image
            .as_array()
            .map_or_else(|| image.clone(), |images| images[0].clone())
    };
    let image = graph("a");
    assert_eq!(image["creator"][0]["@type"], "Person");
    assert_eq!(image["creator"][0]["name"], "Ana Reis");
    assert_eq!(image["creditText"], "Ana Reis / AFP via Getty Images");
    assert_eq!(image["copyrightNotice"], "© 2025 AFP");
    assert_eq!(image["license"], "https://licence.example");
    assert_eq!(image["acquireLicensePage"], "https://buy.example");
    assert_eq!(
        image["digitalSourceType"],
        "http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic"
    );
    assert_eq!(
        graph("b")["creator"],
        serde_json::Value::Null,
        "she gave it"
    );
    assert_eq!(graph("b")["creditText"], "Courtesy of Ida Blom");
    let feed = site.page("feed.xml");
    for expect in [
        "<media:credit role=\"photographer\" scheme=\"urn:ebu\">Ana Reis</media:credit>",
        "<media:credit role=\"distribution company\" scheme=\"urn:ebu\">AFP</media:credit>",
        "<media:credit role=\"distribution company\" scheme=\"urn:ebu\">Getty Images</media:credit>",
        "<media:copyright url=\"https://licence.example\">© 2025 AFP</media:copyright>",
    ] {
        assert!(feed.contains(expect), "{expect} is not in {feed}");
    }
}

/// Returns the espresso without its segment of EXIF.
fn without_metadata() -> Vec<u8> {
    let length = usize::from(u16::from_be_bytes([ESPRESSO[4], ESPRESSO[5]]));
    let (first, rest) = (&ESPRESSO[..2], &ESPRESSO[2..]);
    assert!(rest[0] == 0xff && (0xe0..=0xef).contains(&rest[1]));
    let mut at = 0;
    let mut out = first.to_vec();
    while (0xe0..=0xef).contains(&rest[at + 1]) {
        at += 2 + usize::from(u16::from_be_bytes([rest[at + 2], rest[at + 3]]));
    }
    assert!(at >= length);
    out.extend_from_slice(&rest[at..]);
    out
}

#[test]
fn photographers_and_agencies_have_pages_of_their_photos() {
    let site = site();
    with_pages(&site);
    site.put("static/photos/plain.jpg", without_metadata());
    site.put("static/photos/deep.jpg", HUBBLE);
    put(
        &site,
        "a",
        1,
        "photo: { src: /photos/plain.jpg, credit: ANA REIS / AP }\n",
        "",
    );
    put(
        &site,
        "b",
        2,
        "photo: { src: /photos/plain.jpg, credit: Ana Reis / Associated Press }\n",
        "![](/photos/cup.jpg)",
    );
    put(
        &site,
        "c",
        3,
        "photo: { src: /photos/plain.jpg, credit: Courtesy of Ida Blom }\n",
        "",
    );
    put(&site, "d", 4, "", "![](/photos/deep.jpg)\n");
    let report = site.build();
    assert_eq!(
        site.page("credits/index.html"),
        "Ana Reis photographer 2 /credits/ana-reis/\nAssociated Press agency 2 /credits/associated-press/\n\
         European Space Agency agency 1 /credits/european-space-agency/\nNASA agency 1 /credits/nasa/\n\
         Rachel Michetti photographer 1 /credits/rachel-michetti/\n"
    );
    assert_eq!(
        site.page("credits/ana-reis/index.html"),
        "Ana Reis photographer\n/photos/plain.jpg: b a\n"
    );
    assert_eq!(
        site.page("credits/rachel-michetti/index.html"),
        "Rachel Michetti photographer\n/photos/cup.jpg: b\n"
    );
    assert_eq!(
        messages(&report),
        ["the credit `Ana Reis` is written in 2 ways: `ANA REIS` (1), `Ana Reis` (1)"]
    );
    let creator = &photo(&site, "a/index.html")["creators"][0];
    assert_eq!(
        (&creator["name"], &creator["url"]),
        (&"ANA REIS".into(), &"/credits/ana-reis/".into())
    );

    // Names that are nearly the same may be one.
    put(
        &site,
        "e",
        5,
        "photo: { src: /photos/plain.jpg, credit: Ana Ries / AP }\n",
        "",
    );
    let told = messages(&site.build());
    assert!(
        told.contains(
            &"the credits `Ana Reis` (2) and `Ana Ries` (1) are nearly the same".to_owned()
        ),
        "{told:?}"
    );
}

#[test]
fn a_theme_without_the_template_and_a_site_that_wants_none_have_no_pages_of_credits() {
    let site = site();
    put(&site, "a", 1, "photo: /photos/cup.jpg\n", "");
    site.build();
    assert!(!site.path("public/credits").exists());
    with_pages(&site);
    site.build();
    assert!(
        site.path("public/credits/rachel-michetti/index.html")
            .exists()
    );
    site.put(
        "dateline.yaml",
        format!("{CONFIG}theme: mine\nlint: {{ missing_alt: off }}\ncredits: {{ pages: false }}\n"),
    );
    site.build();
    assert!(!site.path("public/credits").exists());
    assert_eq!(
        photo(&site, "a/index.html")["creators"][0]["url"],
        serde_json::Value::Null
    );
}

#[test]
fn the_page_of_a_photographer_or_an_agency_is_a_profile() {
    let site = site();
    with_pages(&site);
    site.put("themes/mine/templates/credit.html", "{{ structured_data }}");
    put(
        &site,
        "a",
        1,
        "photo: { src: /photos/cup.jpg, credit: Ana Reis / Reuters }\n",
        "",
    );
    site.build();
    for (slug, kind, name) in [
        ("ana-reis", "Person", "Ana Reis"),
        ("reuters", "Organization", "Reuters"),
    ] {
        let page = site.page(&format!("credits/{slug}/index.html"));
        let told: serde_json::Value = serde_json::from_str(&page).unwrap();
        let profile = &told["@graph"][0];
        assert_eq!(profile["@type"], "ProfilePage");
        assert_eq!(profile["mainEntity"]["@type"], kind);
        assert_eq!(profile["mainEntity"]["name"], name);
    }
}

#[test]
fn a_check_tells_of_similar_credits_without_pages_of_them() {
    let site = site();
    for (day, name) in [(1, "Ana Reis"), (2, "Ana Ries"), (3, "Ana Reis")] {
        put(
            &site,
            &format!("p{day}"),
            day,
            &format!("photo: {{ src: /photos/none.jpg, credit: {name} }}\n"),
            "",
        );
    }
    site.put("static/photos/none.jpg", without_metadata());
    assert_eq!(
        messages(&site.build()),
        [""; 0],
        "a build does not read them"
    );
    site.put(
        "dateline.yaml",
        format!("{CONFIG}theme: mine\nlint: {{ missing_alt: off }}\n"),
    );
    let told = site.run(&["check"]);
    let told = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(
        told.contains("the credits `Ana Reis` (2) and `Ana Ries` (1) are nearly the same"),
        "{told}"
    );
}

#[test]
fn a_photo_of_a_hidden_article_tells_nothing() {
    let site = site();
    with_pages(&site);
    site.delete("static/photos/cup.jpg");
    put(&site, "a", 1, "", "");
    let without = site.clean_output();
    site.put("content/b/cup.jpg", ESPRESSO);
    site.put("content/b/cup.jpg.yaml", "credit: Rachel Michetti\n");
    site.put(
        "content/b/index.md",
        article("B", "2026-06-01", "photo: cup.jpg\nurl: /b/\n", ""),
    );
    site.build();
    assert!(site.output() == without);
    for entry in fs::read_dir(site.path(".dateline")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "manifest") {
            let bytes = fs::read(path).unwrap();
            assert!(!bytes.windows(8).any(|word| word == b"Michetti"));
        }
    }
}

#[test]
fn an_edit_of_notes_changes_the_pages_that_show_the_photo_and_no_others() {
    let site = site();
    with_pages(&site);
    put(&site, "a", 1, "", "![](/photos/cup.jpg)");
    put(&site, "b", 2, "", "Nothing.");
    site.put(
        "static/photos/cup.jpg.yaml",
        "credit: Ana Reis and Rachel Michetti\n",
    );
    site.build();
    site.put(
        "static/photos/cup.jpg.yaml",
        "credit: Rachel Michetti / Ana Reis\ncaption: C\n",
    );
    let report = site.build();
    assert!(
        site.page("a/index.html")
            .contains("Rachel Michetti / Ana Reis")
    );
    assert!(report.written >= 1 && report.written <= 4, "{report:?}");
    assert!(site.output() == site.clean_output());
    site.delete("static/photos/cup.jpg.yaml");
    site.build();
    assert!(site.output() == site.clean_output());
}

#[test]
fn credits_are_listed_with_what_is_read_in_them() {
    let site = site();
    put(&site, "a", 1, "photo: /photos/cup.jpg\n", "");
    put(
        &site,
        "b",
        2,
        "photo: { src: /photos/cup.jpg, credit: 'Rachel Michetti, \"R\" / AP' }\n",
        "![](/photos/cup.jpg)",
    );
    let listed = |flag: &str| {
        let output = site.run(&["list", "credits", flag]);
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let values: serde_json::Value = serde_json::from_str(&listed("--json")).unwrap();
    assert_eq!(values[0]["credit"], "Rachel Michetti");
    assert_eq!(values[0]["articles"], 2);
    assert_eq!(values[0]["creators"][0], "Rachel Michetti");
    let csv = listed("--csv");
    let mut lines = csv.split("\r\n");
    assert!(
        lines
            .next()
            .unwrap()
            .starts_with("credit,articles,kind,creators,agency")
    );
    assert!(
        lines
            .next()
            .unwrap()
            .starts_with("Rachel Michetti,2,photo,Rachel Michetti,,")
    );
    assert!(
        lines
            .next()
            .unwrap()
            .starts_with("\"Rachel Michetti, \"\"R\"\" / AP\",1,photo,")
    );
}

#[test]
fn pictures_that_share_a_paragraph_or_are_links_show_their_credits() {
    let site = site();
    site.put("static/photos/none.jpg", without_metadata());
    let body = "[![A cup](/photos/cup.jpg)](https://a.example)\n![A cup](/photos/none.jpg){credit=\"Bo Li\"}\n";
    put(&site, "a", 1, "", body);
    assert_eq!(messages(&site.build()), [""; 0]);
    let page = site.page("a/index.html");
    for credit in ["Rachel Michetti</span>", "Bo Li</span>"] {
        assert!(
            page.contains(&format!("</span>{credit}</figcaption></figure>")),
            "{page}"
        );
    }
    assert!(
        page.contains("<figure><a href=\"https://a.example\"><picture>"),
        "{page}"
    );
    let body = "[![A cup](/photos/none.jpg)](https://a.example)\n";
    put(&site, "a", 1, "", body);
    let faults = site.try_build().unwrap_err();
    assert_eq!(
        crate::support::errors(&faults),
        ["content/a.md:6:2: the photo `/photos/none.jpg` has no credit"]
    );
}

#[test]
fn pictures_in_html_are_looked_at_too() {
    let site = site();
    let told = |body: &str| -> Vec<String> {
        put(&site, "a", 1, "", body);
        match site.try_build() {
            Ok(report) => messages(&report).iter().map(ToString::to_string).collect(),
            Err(faults) => crate::support::errors(&faults)
                .iter()
                .map(|told| told.split_once(": ").unwrap().1.to_owned())
                .collect(),
        }
    };
    let uncredited = "the photo `/photos/cup.jpg` has no credit";
    assert_eq!(
        told("<img src=\"/photos/cup.jpg\" alt=\"Coffee\">\n"),
        [uncredited]
    );
    assert_eq!(
        told("A <img src=\"/photos/cup.jpg\" alt=\"Coffee\"> b\n"),
        [uncredited]
    );
    let elsewhere = "<img src=\"https://a.example/b.jpg\" width=600 alt=\"Coffee\">\n";
    assert_eq!(
        told(elsewhere),
        ["the photo `https://a.example/b.jpg` has no credit"]
    );
    // How wide one of another host is nobody knows, and a caption that names nobody is no credit.
    let unknown = "<img src=\"https://a.example/b.jpg\" alt=\"Coffee\">\n";
    assert_eq!(
        told(unknown),
        ["the photo `https://a.example/b.jpg` has no credit"]
    );
    let named = |caption: &str| {
        format!(
            "<figure><img src=\"/photos/cup.jpg\" alt=\"Coffee\"><figcaption>{caption}</figcaption></figure>\n"
        )
    };
    assert_eq!(told(&named("A cup at the <b>quay</b>")), [uncredited]);
    for caption in [
        "A cup. <i>Photo:</i> Ana Reis",
        "A cup (Ana Reis / Reuters)",
    ] {
        assert_eq!(told(&named(caption)), [""; 0], "{caption}");
    }
    for fine in [
        "<img src=\"https://a.example/b.png\" width=\"88\" alt=\"A badge\">\n",
        "<img src=\"https://a.example/badge.svg?a=1\" alt=\"A badge\">\n",
        "<figure><img src=\"/photos/cup.jpg\" alt=\"Coffee\"><figcaption>Photo: Ana</figcaption></figure>\n",
        "<img src=\"/photos/cup.jpg\" alt=\"\" data-no-credit-reason=\"A stamp\">\n",
        "<img src=\"https://a.example/pixel.gif\" alt=\"\">\n",
        "`<img src=\"/photos/cup.jpg\">`\n",
    ] {
        assert_eq!(told(fine), [""; 0], "{fine}");
    }
    assert_eq!(
        told(
            "<figure><img src=\"/photos/cup.jpg\" alt=\"A cup.\" data-no-credit-reason=\"A stamp\"><figcaption>A cup</figcaption></figure>\n"
        ),
        ["the description of the photo `/photos/cup.jpg` is its caption once more"]
    );
    site.put("dateline.yaml", format!("{CONFIG}theme: mine\n"));
    assert_eq!(
        told("<img src=\"/icons/b.png\">\n"),
        ["the photo `/icons/b.png` has no description for readers who can't see it"]
    );
}

#[test]
fn a_description_in_the_text_that_repeats_is_told() {
    let site = site();
    put(
        &site,
        "a",
        1,
        "",
        "![Cup](/photos/cup.jpg)\n\n![A cup](/photos/cup.jpg \"A *cup*.\")\n\n![Coffee](/photos/cup.jpg \"A cup.\")\n",
    );
    assert_eq!(
        messages(&site.build()),
        [
            "the description of the photo `/photos/cup.jpg` is the name of its file",
            "the description of the photo `/photos/cup.jpg` is its caption once more",
        ]
    );
}

#[test]
fn a_photo_within_a_paragraph_and_a_portrait_need_a_credit_too() {
    let site = site();
    put(
        &site,
        "a",
        1,
        "authors: [Ana Reis]\n",
        "See [![](/photos/cup.jpg)](https://a.example)\n",
    );
    let told = |site: &Site| {
        let faults = site.try_build().unwrap_err();
        format!("{:?}", crate::support::errors(&faults))
    };
    assert!(told(&site).contains("stands within a paragraph, where no credit is shown"));
    put(
        &site,
        "a",
        1,
        "authors: [Ana Reis]\n",
        "A ![](/photos/cup.jpg){credit=\"Bo\"} cup.\n",
    );
    assert!(told(&site).contains("the credit `Bo` is not shown within a paragraph"));
    put(
        &site,
        "a",
        1,
        "authors: [Ana Reis]\n",
        "A ![](/photos/cup.jpg){no_credit_reason=\"A stamp\"} cup.\n",
    );
    site.build();
    site.put("static/photos/ana.jpg", without_metadata());
    site.put(
        "data/authors.yaml",
        "Ana Reis: { photo: /photos/ana.jpg }\n",
    );
    assert!(told(&site).contains("the photo `/photos/ana.jpg` has no credit"));
    site.put(
        "data/authors.yaml",
        "Ana Reis: { photo: { src: /photos/ana.jpg, credit: Bo Li } }\n",
    );
    site.build();
}
