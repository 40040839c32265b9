//! What is made of photos: which pictures there are, when they are made, and what they keep.

use crate::rebuild::world::grey_png;
use crate::support::{Site, article, errors};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

const ESPRESSO: &[u8] = include_bytes!("../data/photos/espresso.jpg");

const LEAD: &str = "url: /a/\nphoto: { src: espresso.jpg, credit: C, alt: A cup }\n";

/// Makes a site whose article shows a photo of 600 by 400 pixels in front of its text.
fn site(images: &str, body: &str) -> Site {
    let site = Site::empty();
    let config = "title: The Gazette\nbase_url: https://gazette.example\n";
    site.put("dateline.yaml", format!("{config}images: {images}\n"));
    site.put("content/news/a.md", article("A", "2024-11-21", LEAD, body));
    site.put("content/news/espresso.jpg", ESPRESSO);
    site
}

/// Returns the paths of the derivatives of the output, each with its width and height.
fn derivatives(site: &Site) -> BTreeMap<String, (u32, u32)> {
    let size = |bytes: &[u8]| {
        let found = dateline::source::picture::read(bytes, 1_000_000).expect("it is a picture");
        (found.width, found.height)
    };
    site.output()
        .iter()
        .filter(|(path, _)| is_derivative(path))
        .map(|(path, bytes)| (path.clone(), size(bytes)))
        .collect()
}

/// Tells whether a file is called as one that is made: `espresso.0123456789abcdef-480.webp`.
fn is_derivative(path: &str) -> bool {
    let mut parts = path.rsplit('.').skip(1);
    parts.next().is_some_and(|middle| {
        let (print, size) = middle.split_once('-').unwrap_or_default();
        print.len() == 16
            && print.bytes().all(|digit| digit.is_ascii_hexdigit())
            && size.starts_with(|digit: char| digit.is_ascii_digit())
    })
}

/// Returns every address in the `srcset` and `src` attributes of a page.
fn addresses(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (name, is_set) in [("srcset=\"", true), ("src=\"", false)] {
        for (at, _) in html.match_indices(name) {
            if !is_set && html[..at].ends_with("srcset") {
                continue;
            }
            let rest = &html[at + name.len()..];
            let value = &rest[..rest.find('"').unwrap()];
            let mut parts: Vec<&str> = vec![value];
            if is_set {
                parts = value
                    .split(", ")
                    .map(|part| part.split(' ').next().unwrap())
                    .collect();
            }
            found.extend(parts.into_iter().map(str::to_owned));
        }
    }
    found
}

#[test]
fn every_photo_is_shown_in_several_widths_and_formats() {
    let body = "Text.\n\n![Again](espresso.jpg){credit=\"C\"}\n\n\
                {{< figure src=\"/photos/espresso.jpg\" alt=\"Once more\" credit=\"C\" >}}\n";
    let site = site("{ widths: [100, 200, 1000] }", body);
    site.put("static/photos/espresso.jpg", ESPRESSO);
    site.build();
    let html = site.page("a/index.html");
    assert_eq!(html.matches("<picture>").count(), 3, "{html}");
    assert_eq!(html.matches("type=\"image/webp\"").count(), 3);
    assert_eq!(html.matches("fetchpriority=\"high\"").count(), 1);
    let output = site.output();
    let photos: Vec<String> = addresses(&html)
        .into_iter()
        .filter(|address| address.contains("espresso"))
        .collect();
    // Of each of two photos in the text two formats in three widths, and what `src` repeats; of the lead the better
    // format in three widths, and one picture for browsers that don't know it.
    assert_eq!(photos.len(), 2 * (2 * 3 + 1) + (3 + 1), "{photos:?}");
    for address in &photos {
        assert!(output.contains_key(&address[1..]), "{address} is not there");
    }
    let sizes: Vec<(u32, u32)> = derivatives(&site).into_values().collect();
    for size in [(100, 67), (200, 133), (600, 400)] {
        assert!(sizes.contains(&size), "{sizes:?}");
    }
    assert!(sizes.iter().all(|(width, _)| *width <= 600), "{sizes:?}");
}

#[test]
fn the_card_for_elsewhere_is_cropped_from_the_lead_photo() {
    let site = site("{ widths: [200] }", "Text.");
    site.build();
    let html = site.page("a/index.html");
    let start = html.find("property=\"og:image\"").unwrap();
    let rest = &html[start..];
    let address = rest.split('"').nth(3).unwrap();
    let path = address.strip_prefix("https://gazette.example/").unwrap();
    assert_eq!(derivatives(&site)[path], (600, 315));
    assert!(html.contains("property=\"og:image:width\" content=\"600\""));

    let start = html.find("<script type=\"application/ld+json\">").unwrap();
    let json = html[start..].split(['>', '<']).nth(2).unwrap();
    let told: serde_json::Value = serde_json::from_str(json).unwrap();
    let images = told["@graph"][0]["image"].as_array().unwrap();
    assert_eq!(images[0]["creditText"], "C");
    let shapes: Vec<(u32, u32)> = images[1..]
        .iter()
        .map(|one| {
            let path = one
                .as_str()
                .unwrap()
                .strip_prefix("https://gazette.example/");
            derivatives(&site)[path.unwrap()]
        })
        .collect();
    assert_eq!(shapes, [(600, 338), (533, 400), (400, 400)]);
}

#[test]
fn drawings_animations_and_small_pictures_stay_as_they_are() {
    let body = "![a](/logo.svg)\n\n![b](/move.gif)\n\n![c](/small.png)\n";
    let site = Site::new(&[
        (
            "dateline.yaml",
            "title: G\nlint: { uncredited_photo: off }\n",
        ),
        (
            "content/a.md",
            &article("A", "2024-11-21", "url: /a/\n", body),
        ),
        (
            "static/logo.svg",
            "<svg xmlns='http://www.w3.org/2000/svg' width='900' height='900'/>",
        ),
    ]);
    site.put(
        "static/move.gif",
        [b"GIF89a\x00\x04\x00\x04".as_slice(), &[0, 0, 0, b';']].concat(),
    );
    site.put("static/small.png", grey_png(40, 40, 9));
    site.build();
    assert_eq!(derivatives(&site), BTreeMap::new());
    assert!(!site.page("a/index.html").contains("srcset"));
}

#[test]
fn what_was_made_is_not_made_again() {
    let site = site("{ widths: [100, 200] }", "Text.");
    site.build();
    let before = kept(&site);
    assert!(!before.is_empty());
    let report = site.build();
    assert_eq!((report.rendered, report.written), (0, 0));

    // Neither where the output is lost, nor for another text.
    fs::remove_dir_all(site.path("public")).unwrap();
    site.put(
        "content/news/a.md",
        article("A", "2024-11-21", LEAD, "Another text."),
    );
    site.build();
    assert_eq!(kept(&site), before);

    // Another width needs its own, and nothing else.
    let config = fs::read_to_string(site.path("dateline.yaml")).unwrap();
    site.put("dateline.yaml", config.replace("200", "300"));
    site.build();
    let after = kept(&site);
    assert!(before.iter().all(|one| after.contains(one)));
    assert_eq!(after.len(), before.len() + 2);

    // What no output has is deleted when that is asked for.
    let told = site.run(&["clean", "--unused"]);
    let words = String::from_utf8(told.stdout).unwrap();
    assert!(words.starts_with("deleted 2 unused photos"), "{words}");
    let left = kept(&site);
    assert_eq!(left.len(), after.len() - 2);
    let report = site.build();
    assert_eq!((report.rendered, report.written), (0, 0));

    // Nor for another folder.
    assert_eq!(site.clean_output(), site.output());
    assert_eq!(kept(&site), left);
}

/// Returns the files in which derivatives are kept, with the times at which they were written.
fn kept(site: &Site) -> Vec<(PathBuf, SystemTime)> {
    let walk = walkdir::WalkDir::new(site.path(".dateline/photos")).sort_by_file_name();
    walk.into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let time = entry.metadata().unwrap().modified().unwrap();
            (entry.path().to_owned(), time)
        })
        .collect()
}

#[test]
fn a_kept_photo_that_is_damaged_is_made_again() {
    let site = site("{ widths: [100, 200] }", "Text.");
    site.build();
    let whole = site.output();
    for (path, _) in kept(&site) {
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    }
    fs::remove_dir_all(site.path("public")).unwrap();
    site.build();
    assert_eq!(site.output(), whole);
}

#[test]
fn a_photo_that_can_not_be_decoded_is_named_with_its_article() {
    let mut broken = grey_png(40, 40, 9);
    // The header and the end stay, so that the file looks whole.
    for byte in &mut broken[45..80] {
        *byte ^= 0x5a;
    }
    let site = site(
        "{ widths: [16] }",
        "Text.\n\n![b](broken.png){credit=\"C\"}\n",
    );
    site.put("content/news/broken.png", grey_png(40, 40, 9));
    site.build();
    let before = site.output();
    site.put("content/news/broken.png", &broken);
    let faults = site.try_build().expect_err("the photo is broken");
    let told = errors(&faults);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with("content/news/a.md:")
            && told[0].contains("the photo `content/news/broken.png` can't be decoded"),
        "{told:?}"
    );
    assert_eq!(site.output(), before);
}

#[test]
fn a_hidden_article_has_no_derivatives() {
    let mut site = site("{ widths: [100] }", "Text.");
    let hidden = LEAD
        .replace("/a/", "/b/")
        .replace("espresso.jpg", "secret.png");
    site.put(
        "content/news/b.md",
        article("B", "2027-01-01", &hidden, "Text."),
    );
    site.put("content/news/secret.png", grey_png(200, 100, 7));
    site.build();
    assert!(site.output().keys().all(|path| !path.contains("secret")));
    site.future = true;
    site.build();
    assert!(
        derivatives(&site)
            .keys()
            .any(|path| path.contains("secret"))
    );
    site.future = false;
    site.build();
    assert!(site.output().keys().all(|path| !path.contains("secret")));
}

#[test]
fn crops_keep_the_focus_that_the_article_or_the_photos_notes_give() {
    let site = site("{ widths: [200] }", "Text.");
    site.put(
        "templates/article.html",
        "{{ metadata }}|{% set one = image(src=article.photo.file, ratio=\"1:1\") %}{{ one.url }}|\
         {% set one = image(src=article.photo.file, ratio=\"1:1\", focus=\"left\") %}{{ one.url }}",
    );
    let told = || -> Vec<String> {
        site.build();
        let page = site.page("a/index.html");
        let mut parts: Vec<String> = page.split('|').map(str::to_owned).collect();
        let start = parts[0].find("property=\"og:image\"").unwrap();
        let address = parts[0][start..].split('"').nth(3).unwrap().to_owned();
        parts[0] = address.replace("https://gazette.example", "");
        for part in &parts {
            assert!(site.path(&format!("public{part}")).exists(), "{part}");
        }
        parts
    };
    let middle = told();
    let notes = "focus: 0 0\n";
    site.put("content/news/espresso.jpg.yaml", notes);
    let noted = told();
    assert_ne!(noted[0], middle[0]);
    assert_ne!(noted[1], middle[1]);
    assert_eq!(noted[2], middle[2], "what the template says goes first");
    assert_eq!(noted[1], noted[2]);
    let own = LEAD.replace("alt:", "focus: 1 1, alt:");
    site.put(
        "content/news/a.md",
        article("A", "2024-11-21", &own, "Text."),
    );
    let given = told();
    assert_ne!(given[0], noted[0]);
    assert_ne!(given[1], noted[1]);
    site.delete("content/news/espresso.jpg.yaml");
    assert_eq!(told(), given);
}

#[test]
fn a_template_asks_for_a_crop_in_another_format() {
    let site = site("{ widths: [] }", "Text.");
    site.put(
        "templates/article.html",
        "{% set one = image(src=article.photo.file, ratio=\"1:1\", width=80, focus=\"0 0.5\", format=\"webp\") %}\
         {{ one.url }} {{ one.width }}x{{ one.height }} {{ one.type }}",
    );
    site.build();
    let told = site.page("a/index.html");
    let (address, rest) = told.split_once(' ').unwrap();
    assert_eq!(rest.trim(), "80x80 image/webp");
    let made = |site: &Site| {
        let crops = derivatives(site).into_iter();
        crops
            .filter(|(path, _)| path.ends_with(".webp"))
            .collect::<Vec<_>>()
    };
    assert_eq!(made(&site), [(address[1..].to_owned(), (80, 80))]);

    // A page that stays keeps what it asked for; one that goes takes it along.
    site.put(
        "content/b.md",
        article("B", "2024-11-20", "url: /b/\n", "Text."),
    );
    site.put(
        "templates/article.html",
        "{% if article.photo %}{% set one = image(src=article.photo.file, op=\"fill\", width=40, height=20, format=\"webp\") %}{{ one.url }}{% endif %}",
    );
    site.build();
    assert_eq!(made(&site).len(), 1);
    assert_eq!(made(&site)[0].1, (40, 20));
    site.put(
        "content/b.md",
        article("B!", "2024-11-20", "url: /b/\n", "Text."),
    );
    site.build();
    assert_eq!(made(&site).len(), 1);
    site.delete("content/news/a.md");
    site.build();
    assert_eq!(derivatives(&site), BTreeMap::new());
}

#[test]
fn a_wrong_question_about_a_photo_is_told() {
    let site = site("{ widths: [] }", "Text.");
    for (call, expect) in [
        ("op=\"fill\", width=3", "needs `width` and `height`"),
        ("ratio=\"wide\"", "`ratio` is a shape such as `16:9`"),
        ("focus=\"2 2\"", "`focus` is two parts"),
        ("format=\"bmp\"", "`format` is `jpeg`"),
        ("width=0", "`width` is at least 1"),
        ("quality=0", "`quality` is from 1 to 100"),
        ("colour=1", "has no argument `colour`"),
    ] {
        site.put(
            "templates/article.html",
            format!("{{{{ image(src=article.photo.file, {call}) | json }}}}"),
        );
        let told = site.errors().join("\n");
        assert!(told.contains(expect), "{call}: {told}");
    }
}

#[test]
fn icons_are_made_of_one_picture() {
    let site = Site::new(&[
        (
            "dateline.yaml",
            "title: G\nbase_url: https://gazette.example/paper\nicon: /logo.svg\n",
        ),
        (
            "static/logo.svg",
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><circle cx='4' cy='4' r='4'/></svg>",
        ),
        ("static/icon-192.png", "own"),
    ]);
    site.put("static/icon-192.png", grey_png(192, 192, 1));
    site.build();
    let html = site.page("index.html");
    for expect in [
        "<link rel=\"icon\" sizes=\"32x32 48x48\" type=\"image/x-icon\" href=\"/paper/favicon.ico\">",
        "<link rel=\"apple-touch-icon\" sizes=\"180x180\" href=\"/paper/apple-touch-icon.png\">",
        "<link rel=\"icon\" sizes=\"any\" type=\"image/svg+xml\" href=\"/paper/logo.svg\">",
        "<link rel=\"manifest\" href=\"/paper/site.webmanifest\">",
    ] {
        assert!(html.contains(expect), "{expect} is not in {html}");
    }
    assert!(!html.contains("data:,"));
    let output = site.output();
    let size = |path: &str| {
        let found = dateline::source::picture::read(&output[path], 1_000_000).unwrap();
        (found.width, found.height)
    };
    assert_eq!(size("apple-touch-icon.png"), (180, 180));
    assert_eq!(size("icon-512.png"), (512, 512));
    assert_eq!(output["favicon.ico"][..4], [0, 0, 1, 0]);
    // A file of the site's own goes before what is made.
    assert_eq!(output["icon-192.png"], grey_png(192, 192, 1));
    let told: serde_json::Value = serde_json::from_slice(&output["site.webmanifest"]).unwrap();
    assert_eq!(told["name"], "G");
    assert_eq!(told["icons"][1]["src"], "/paper/icon-512.png");

    let before = output;
    site.put(
        "static/logo.svg",
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'/>",
    );
    site.build();
    assert_ne!(site.output()["favicon.ico"], before["favicon.ico"]);
    assert_eq!(site.output(), site.clean_output());
    site.put("dateline.yaml", "title: G\n");
    site.build();
    assert!(!site.output().contains_key("favicon.ico"));
}

#[test]
fn an_article_without_a_photo_gets_a_drawn_card_where_that_is_asked_for() {
    let site = site("{ widths: [200] }", "Text.");
    let card = |site: &Site, page: &str| {
        let html = site.page(page);
        let start = html.find("property=\"og:image\"")?;
        let address = html[start..].split('"').nth(3)?;
        Some(address.strip_prefix("https://gazette.example/")?.to_owned())
    };
    site.put(
        "content/b.md",
        article("Harbour & Sea", "2024-11-20", "url: /b/\n", "Text."),
    );
    site.put(
        "content/c.md",
        article("渡轮沉没", "2024-11-20", "url: /c/\n", "Text."),
    );
    site.build();
    assert_eq!(card(&site, "b/index.html"), None);
    let config = fs::read_to_string(site.path("dateline.yaml")).unwrap();
    site.put("dateline.yaml", format!("{config}social_cards: true\n"));
    let cards = |report: &dateline::session::Report| {
        let warnings = report.diagnostics.iter();
        let of_cards = warnings.filter(|one| one.message.contains("can't be drawn on a card"));
        of_cards.map(|one| one.message.clone()).collect::<Vec<_>>()
    };
    let told = cards(&site.build());
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with("the headline of `content/c.md` can't"),
        "{told:?}"
    );
    let first = card(&site, "b/index.html").unwrap();
    let bytes = &site.output()[&first];
    let found = dateline::source::picture::read(bytes, 1_000_000).unwrap();
    assert_eq!((found.width, found.height), (1200, 630));
    // The photo goes before the card, and what has no letters gets none.
    assert!(card(&site, "a/index.html").unwrap().contains("espresso"));
    assert_eq!(card(&site, "c/index.html"), None);

    site.put(
        "content/b.md",
        article("Sea", "2024-11-20", "url: /b/\n", "Text."),
    );
    site.build();
    let second = card(&site, "b/index.html").unwrap();
    assert_ne!(first, second);
    let output = site.output();
    assert!(output.contains_key(&second) && !output.contains_key(&first));
    assert_eq!(output, site.clean_output());

    // A picture of the site stands for those without.
    site.put("static/site.jpg", ESPRESSO);
    let image = "image: { src: /site.jpg, alt: A cup }";
    site.put(
        "dateline.yaml",
        format!("{config}social_cards: true\n{image}\n"),
    );
    assert_eq!(cards(&site.build()), [""; 0]);
}

#[test]
fn a_card_takes_letters_from_the_fonts_of_the_site() {
    let site = site("{ widths: [200] }", "Text.");
    site.put(
        "content/c.md",
        article("渡轮沉没", "2024-11-20", "url: /c/\n", "Text."),
    );
    let chinese = include_bytes!("../data/fonts/chinese.ttf");
    site.put("data/fonts/chinese.ttf", chinese);
    let config = fs::read_to_string(site.path("dateline.yaml")).unwrap();
    let named = |fonts: &str| {
        let keys = format!("{config}social_cards: true\ncard_fonts: {fonts}\n");
        site.put("dateline.yaml", keys);
    };
    let card = |site: &Site| {
        let output = site.output();
        let mut cards = output.keys().filter(|path| path.starts_with("c/card."));
        cards.next().cloned()
    };
    named("data/fonts/chinese.ttf");
    let report = site.build();
    let mut warnings = report.diagnostics.iter();
    assert!(warnings.all(|one| !one.message.contains("on a card")));
    let first = card(&site).expect("there is a card");
    assert!(
        site.page("c/index.html").contains(&first),
        "the page names it"
    );
    assert!(
        !site.output().keys().any(|path| path.contains("chinese")),
        "the font is not published"
    );
    assert_eq!(site.output(), site.clean_output());
    let report = site.build();
    assert_eq!((report.rendered, report.written), (0, 0));

    // Another file of the font makes another card.
    let mut other = chinese.to_vec();
    other.extend([0; 4]);
    site.put("data/fonts/chinese.ttf", &other);
    site.build();
    assert_ne!(card(&site).as_ref(), Some(&first));
    assert_eq!(site.output(), site.clean_output());

    // One that has not the letters leaves the warning.
    site.put(
        "static/arabic.ttf",
        include_bytes!("../data/fonts/arabic.ttf"),
    );
    named("[static/arabic.ttf]");
    let told = site.build().diagnostics;
    let mut messages = told.iter().map(|one| &one.message);
    assert!(
        messages.any(|message| message.contains("letters that no font has")),
        "{told:?}"
    );
    assert_eq!(card(&site), None);

    // What is named and is no font is told where it is named, all at once.
    site.put("data/fonts/text.ttf", "no font");
    named("[data/fonts/text.ttf, data/none.ttf, /etc/font.ttf]");
    let told = errors(&site.try_build().expect_err("the fonts are none"));
    assert_eq!(
        told,
        [
            "dateline.yaml:5:50: `card_fonts` names `/etc/font.ttf`, which is no `.ttf`, `.otf` or `.ttc` file of `data/` or `static/`"
        ]
    );
    named("[data/fonts/text.ttf, data/none.ttf]");
    let told = errors(&site.try_build().expect_err("the fonts are none"));
    assert_eq!(
        told,
        [
            "dateline.yaml:5:14: the font `data/fonts/text.ttf` can't be read as a TrueType or OpenType font",
            "dateline.yaml:5:35: there is no font `data/none.ttf`",
        ]
    );
}

#[test]
fn a_derivative_keeps_who_made_the_photo_and_not_where() {
    let site = site("{ widths: [200] }", "Text.");
    site.build();
    let output = site.output();
    let mut seen = 0;
    for (path, bytes) in output.iter().filter(|(path, _)| path.contains("espresso")) {
        let found = dateline::source::picture::metadata(bytes);
        assert_eq!(found.creators, ["Rachel Michetti"], "{path}");
        if is_derivative(path) {
            assert!(memchr::memmem::find(bytes, b"Exif").is_none(), "{path}");
            seen += 1;
        }
    }
    assert_eq!(seen, 2 + 1 + 3, "two formats, the card, and three shapes");
    let config = fs::read_to_string(site.path("dateline.yaml")).unwrap();
    site.put("dateline.yaml", config.replace(" }", ", strip: all }"));
    site.build();
    for (path, bytes) in site
        .output()
        .iter()
        .filter(|(path, _)| path.contains("espresso"))
    {
        let found = dateline::source::picture::metadata(bytes);
        assert!(found.is_empty(), "{path}: {found:?}");
    }
}
