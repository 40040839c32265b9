//! `lint.silent_update`: a published text that was changed without a word on that.

use crate::support::{CONFIG, Site, article, told};

const SILENT: &str = "the text was changed after it was published, and readers are not told";

fn put(site: &Site, more: &str, body: &str) {
    site.put(
        "content/a.md",
        article("A", "2025-01-01", &format!("url: /a/\n{more}"), body),
    );
}

fn warnings(site: &Site) -> Vec<String> {
    site.build().diagnostics.iter().map(told).collect()
}

#[test]
fn an_error_stays_until_readers_are_told() {
    let site = Site::new(&[(
        "dateline.yaml",
        &format!("{CONFIG}lint: {{ silent_update: error }}\n"),
    )]);
    put(&site, "", "It sails.");
    site.build();
    put(&site, "tags: [ferry]\n", "It sails.\n");
    site.build();
    put(&site, "tags: [ferry]\n", "It sinks.");
    for _ in 0..2 {
        let faults = site.refuses(&[&format!("content/a.md:3:12: {SILENT}")]);
        assert!(faults[0].hints[0].contains("`corrections`"));
    }
    put(
        &site,
        "corrections: { date: 2025-02-01, text: It sinks. }\n",
        "It sinks.",
    );
    site.build();
    put(
        &site,
        "corrections: { date: 2025-02-01, text: It sinks. }\n",
        "It swims.",
    );
    site.refuses(&[SILENT]);
    put(
        &site,
        "corrections: { date: 2025-02-01, text: It sinks. }\nupdated: 2025-03-01\n",
        "It swims.",
    );
    site.build();
}

#[test]
fn a_warning_is_told_once() {
    let site = Site::new(&[(
        "dateline.yaml",
        &format!("{CONFIG}lint: {{ silent_update: warn }}\n"),
    )]);
    put(&site, "", "It sails.");
    site.build();
    put(&site, "", "It sinks.");
    assert_eq!(warnings(&site), [format!("content/a.md:3:12: {SILENT}")]);
    assert!(warnings(&site).is_empty());
}

#[test]
fn only_what_readers_have_seen_is_asked_about() {
    let mut site = Site::new(&[(
        "dateline.yaml",
        &format!("{CONFIG}lint: {{ silent_update: error }}\n"),
    )]);
    put(&site, "draft: true\n", "It sails.");
    site.drafts = true;
    site.build();
    site.drafts = false;
    put(&site, "", "It sinks.");
    site.build();
    site.put("dateline.yaml", CONFIG);
    put(&site, "", "It swims.");
    assert!(
        warnings(&site).is_empty(),
        "the lint is off unless asked for"
    );
}
