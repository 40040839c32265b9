//! The front page: what an editor puts where, what follows the newest, and that nothing stands twice.

use crate::support::{CONFIG, NOW, Site, article, told};
use dateline::base::diagnostic::Diagnostic;

/// Thirty articles in two sections, the newest last; each tenth has a photo.
fn paper() -> Site {
    let site = Site::new(&[("dateline.yaml", &format!("{CONFIG}per_page: 10\n"))]);
    for n in 1..=30 {
        let section = if n % 2 == 0 { "local" } else { "sport" };
        let photo = if n % 10 == 8 {
            "photo: { src: 'https://photos.example/a.jpg', credit: Ana, alt: A }\n"
        } else {
            ""
        };
        let text = article(
            &format!("Story {n}."),
            &format!("2025-{:02}-{:02}", 1 + n / 28, 1 + n % 28),
            &format!("url: /{n}/\n{photo}"),
            "Text.",
        );
        site.put(&format!("content/{section}/{n:02}.md"), text);
    }
    site
}

/// Says a diagnostic with its hints.
fn whole(fault: &Diagnostic) -> String {
    format!("{} {}", told(fault), fault.hints.join(" "))
}

/// Returns the headlines of the front page in its order.
fn headlines(site: &Site) -> Vec<String> {
    let page = site.page("index.html");
    let parts = page.split("class=\"headline\"").skip(1);
    let texts = parts.map(|part| {
        let start = part.find("/\">").unwrap() + 3;
        part[start..part.find("</a>").unwrap()].to_owned()
    });
    texts.collect()
}

#[test]
fn no_story_stands_twice_and_a_photo_leads() {
    let site = paper();
    site.build();
    let found = headlines(&site);
    // The newest with a photo of the newest five leads; then three, then four, then the sections.
    assert_eq!(
        found[..8],
        [
            "Story 28.",
            "Story 30.",
            "Story 29.",
            "Story 27.",
            "Story 26.",
            "Story 25.",
            "Story 24.",
            "Story 23."
        ]
    );
    let mut once = found.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), found.len(), "{found:?}");
    assert_eq!(found.len(), 16, "{found:?}");
    // What the first page of the list shows is all there.
    for n in 21..=30 {
        assert!(found.contains(&format!("Story {n}.")), "{n}: {found:?}");
    }
}

#[test]
fn an_editor_decides_until_a_moment() {
    let mut site = paper();
    site.put(
        "data/front.yaml",
        "lead: { article: '@/local/02.md', until: 2026-01-02 06:00 }\nsecond: ['@/sport/05.md']\nbelow: '@/local/30.md'\nsections: [sport]\n",
    );
    site.build();
    let found = headlines(&site);
    assert_eq!(found[..3], ["Story 2.", "Story 5.", "Story 29."]);
    assert!(!found[..8].contains(&"Story 30.".to_owned()), "{found:?}");
    assert!(found.contains(&"Story 30.".to_owned()), "{found:?}");
    assert_eq!(site.build().rendered, 0);
    // Nothing changes but the time, and the pin is over.
    site.now = NOW + 29 * 3600;
    assert_eq!(site.build().rendered, 0);
    site.now = NOW + 30 * 3600;
    assert_eq!(site.build().rendered, 1);
    assert_eq!(headlines(&site)[0], "Story 28.");
    assert!(site.output() == site.clean_output());
}

#[test]
fn a_pin_that_leads_nowhere_is_told_and_one_that_waits_is_not() {
    let site = paper();
    site.put(
        "content/local/later.md",
        article("Later", "2030-01-01", "url: /later/\n", "Text."),
    );
    site.put("data/front.yaml", "lead: '@/local/later.md'\n");
    site.build();
    assert_eq!(headlines(&site)[0], "Story 28.");
    site.put(
        "data/front.yaml",
        "lead: '@/local/2.md'\nsections: [sports]\nsecnd: []\n",
    );
    let faults = site.try_build().unwrap_err();
    let all: String = faults.iter().map(whole).collect();
    for expect in [
        "there is no article `@/local/2.md`",
        "there is no section `sports`",
        "did you mean `sport`?",
        "unknown key `secnd`",
        "did you mean `second`?",
        "data/front.yaml:2",
    ] {
        assert!(all.contains(expect), "{expect} is not in {all}");
    }
}

#[test]
fn the_latest_correction_is_on_the_front_page() {
    let site = paper();
    site.build();
    assert!(!site.page("index.html").contains("Latest correction"));
    for (n, date) in [("01", "2025-06-01"), ("03", "2025-07-01")] {
        let more = format!("url: /c{n}/\ncorrections: [{{ date: {date}, text: It was wrong. }}]\n");
        site.put(
            &format!("content/sport/c{n}.md"),
            article(&format!("Corrected {n}"), "2024-01-01", &more, "Text."),
        );
    }
    site.build();
    let page = site.page("index.html");
    assert!(page.contains("<a href=\"/c03/#correction-2025-07-01\">Corrected 03</a>"));
    assert!(!page.contains("Corrected 01"));
}

#[test]
fn days_and_months_are_squares_that_lead_to_them() {
    let site = paper();
    site.build();
    let year = site.page("2025/index.html");
    assert!(year.contains("<a href=\"/2025/01/02/\" aria-label=\"January 2, 2025, 1 article\">"));
    // 2 January 2025 was a Thursday, in the first week.
    assert!(
        year.contains("<rect class=\"l4\" x=\"91\" y=\"1\""),
        "{year}"
    );
    let archive = site.page("archive/index.html");
    assert!(archive.contains("aria-label=\"January 2025, 27 articles\""));
    assert!(!site.page("2025/page/1/index.html").contains("<svg"));
}

#[test]
fn a_setting_that_the_theme_does_not_know_is_told() {
    let site = paper();
    site.put(
        "dateline.yaml",
        format!("{CONFIG}extra:\n  acent: blue\n  section_stories: 2\n"),
    );
    let report = site.build();
    assert_eq!(report.diagnostics.len(), 1);
    let text = whole(&report.diagnostics[0]);
    assert!(text.contains("unknown setting `acent`"), "{text}");
    assert!(
        text.contains("did you mean `accent`?") && text.contains("dateline.yaml:4"),
        "{text}"
    );
    site.put("dateline.yaml", format!("{CONFIG}extra:\n  accent: blu\n"));
    let text = whole(&site.try_build().unwrap_err()[0]);
    assert!(
        text.contains("`accent` can't be `blu`") && text.contains("did you mean `blue`?"),
        "{text}"
    );
    site.put("dateline.yaml", format!("{CONFIG}extra:\n  accent: blue\n"));
    assert_eq!(site.build().diagnostics, []);
    assert!(site.page("index.html").contains("data-accent=\"blue\""));
    // A setting that a template of the site's own reads is known.
    site.put("templates/404.html", "{{ site.extra.own }}");
    site.put("dateline.yaml", format!("{CONFIG}extra:\n  own: blue\n"));
    assert_eq!(site.build().diagnostics, []);
}
