//! The colour that holds a photo's place until it has come: in both themes, without a style in the page,
//! and the same whatever is left of the last build.

use crate::rebuild::world::grey_png;
use crate::support::{Site, article, errors};
use dateline::base::fingerprint::Fingerprint;
use dateline::source::tint::{HUES, LIGHTNESSES, Tint};
use std::fs;

const ESPRESSO: &[u8] = include_bytes!("../data/photos/espresso.jpg");

const LEAD: &str = "photo: { src: espresso.jpg, credit: C, alt: A cup }\n";

fn site(theme: &str) -> Site {
    let site = Site::empty();
    let config = format!(
        "title: The Gazette\nbase_url: https://gazette.example\ntheme: {theme}\nimages: {{ widths: [100] }}\n"
    );
    site.put("dateline.yaml", config);
    let body = "![A wall](wall.png){credit=\"C\"}\n\n![A drawing](/d.svg){credit=\"C\"}\n";
    let front = format!("url: /a/\n{LEAD}");
    site.put(
        "content/news/a.md",
        article("A", "2024-11-21", &front, body),
    );
    site.put("content/news/espresso.jpg", ESPRESSO);
    site.put("content/news/wall.png", grey_png(320, 40, 9));
    site.put(
        "static/d.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>",
    );
    site
}

/// Returns the tints of a page, in their order.
fn tints(html: &str) -> Vec<&str> {
    let parts = html.split("data-tint=\"").skip(1);
    parts.map(|rest| &rest[..rest.find('"').unwrap()]).collect()
}

#[test]
fn a_photos_place_has_its_colour_in_every_theme_and_no_style_in_the_page() {
    for theme in ["broadsheet", "plain"] {
        let site = site(theme);
        site.build();
        let html = site.page("a/index.html");
        let found = tints(&html);
        // The mean of the cup on its table is rgb(159 86 52), and the wall is black.
        assert_eq!(found, ["l4a6b6", "l0a3b3"], "{theme}: {html}");
        assert!(!html.contains("style="), "{html}");
        assert!(html.find("data-tint").unwrap() > html.find("<img").unwrap());
    }
}

#[test]
fn the_sheets_of_both_themes_have_every_colour() {
    let number = |number: f64| {
        let text = format!("{number:.2}");
        let text = text.trim_end_matches('0').trim_end_matches('.');
        match text.replace("0.", ".").as_str() {
            "-0" | "0" => "0".to_owned(),
            text => text.to_owned(),
        }
    };
    for theme in ["broadsheet", "plain"] {
        let folder = env!("CARGO_MANIFEST_DIR");
        let sheets = fs::read_dir(format!("{folder}/themes/{theme}/assets")).unwrap();
        let sheets = sheets.map(|entry| entry.unwrap().path());
        let sheets = sheets.filter(|path| path.extension().is_some_and(|ending| ending == "css"));
        let sheet: String = sheets
            .map(|path| fs::read_to_string(path).unwrap())
            .collect();
        let has = |letter: char, step: u8, value: f64| {
            let rule = format!(
                "[data-tint*={letter}{step}] {{ --{letter}: {};",
                number(value)
            );
            assert!(sheet.contains(&rule), "{theme} has no {rule}");
        };
        for lightness in 0..LIGHTNESSES {
            let tint = Tint {
                lightness,
                a: 0,
                b: 0,
            };
            has('l', lightness, tint.oklab()[0]);
        }
        for step in 0..HUES {
            let tint = Tint {
                lightness: 0,
                a: step,
                b: step,
            };
            has('a', step, tint.oklab()[1]);
            has('b', step, tint.oklab()[2]);
        }
        let of_tints = sheet.lines().filter(|line| line.contains("data-tint"));
        let bytes: usize = of_tints.map(str::len).sum();
        assert!(bytes < 1500, "{theme}: {bytes}");
    }
}

#[test]
fn a_tint_is_the_same_whatever_is_left_of_the_last_build() {
    let site = site("broadsheet");
    site.build();
    let whole = site.output();
    let kept = site.path(".dateline/tints.cache");
    let known = fs::read(&kept).unwrap();
    // The photo and the wall; nothing changed is nothing to find.
    assert_eq!(known.len(), 48);
    // That of the wall, a PNG, was known when the pages were rendered, though the page asks for that of
    // the JPEG first: it was decoded for its derivatives, and only then.
    let wall = Fingerprint::of_bytes(&grey_png(320, 40, 9));
    assert_eq!(known[..16], wall.to_bytes());
    let report = site.build();
    assert_eq!((report.rendered, report.written), (0, 0));

    let article_again = |text: &str| {
        let front = format!("url: /a/\n{LEAD}");
        let body = format!(
            "![A wall](wall.png){{credit=\"C\"}}\n\n![A drawing](/d.svg){{credit=\"C\"}}\n{text}"
        );
        site.put(
            "content/news/a.md",
            article("A", "2024-11-21", &front, &body),
        );
    };
    // The kept tints are lost, or damaged, or the derivatives are.
    for (at, lose) in [
        &(|| fs::remove_file(&kept).unwrap()) as &dyn Fn(),
        &|| fs::write(&kept, [7; 50]).unwrap(),
        &|| fs::remove_dir_all(site.path(".dateline/photos")).unwrap(),
    ]
    .into_iter()
    .enumerate()
    {
        lose();
        article_again("\nMore.\n");
        site.build();
        assert_eq!(site.clean_output(), site.output(), "{at}");
        article_again("");
        site.build();
        assert_eq!(site.output(), whole, "{at}");
    }
    let told = site.run(&["build", "--no-cache"]);
    assert!(told.status.success());
    assert_eq!(site.output(), whole);

    // Another photo has another colour, on every page that shows it.
    site.put("content/news/espresso.jpg", grey_png(300, 200, 200));
    site.build();
    assert_ne!(tints(&site.page("a/index.html"))[0], "l0a3b3");
    assert_ne!(
        tints(&site.page("index.html")),
        tints(&String::from_utf8(whole["index.html"].clone()).unwrap())
    );
    assert_eq!(site.clean_output(), site.output());

    // The colours of photos that are gone are forgotten when that is asked for.
    let before = fs::read(&kept).unwrap().len();
    assert!(site.run(&["clean", "--unused"]).status.success());
    assert!(fs::read(&kept).unwrap().len() < before);
}

#[test]
fn a_photo_that_can_not_be_decoded_is_told_once_as_ever() {
    let mut broken = grey_png(40, 40, 9);
    // The header and the end stay, so that the file looks whole.
    for byte in &mut broken[45..80] {
        *byte ^= 0x5a;
    }
    let site = site("plain");
    site.put("dateline.yaml", "title: G\nimages: { widths: [16] }\n");
    site.put("content/news/wall.png", &broken);
    let faults = site.try_build().expect_err("the photo is broken");
    let told = errors(&faults);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].contains("the photo `content/news/wall.png` can't be decoded"),
        "{told:?}"
    );
}
