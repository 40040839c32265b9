//! How articles are presented: genre, kicker, standfirst, byline, dateline, sponsor, live coverage.

use crate::support::{CONFIG, Site, article, told};

const SHOW: &str = "{{ article | json }}";

/// Builds a site of one article at `/a/`, whose template prints all that it knows of it.
fn shown(more: &str, body: &str) -> serde_json::Value {
    let site = Site::new(&[
        ("templates/article.html", SHOW),
        (
            "content/a.md",
            &article(
                "Ferry sails",
                "2025-11-21 09:00",
                &format!("url: /a/\n{more}"),
                body,
            ),
        ),
    ]);
    site.build();
    let page = site.page("a/index.html");
    serde_json::from_str(
        &page
            .replace("&quot;", "\"")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&#39;", "'")
            .replace("&#x27;", "'")
            .replace("&amp;", "&"),
    )
    .unwrap_or_else(|error| panic!("{error}: {page}"))
}

#[test]
fn a_byline_is_shown_as_written_and_names_the_authors() {
    let made = shown(
        "byline: By Ana Reis and Bo Lind of the Daily C & Co\n",
        "Text.",
    );
    assert_eq!(
        made["byline"],
        "By <a href=\"/authors/ana-reis/\" rel=\"author\">Ana Reis</a> and \
         <a href=\"/authors/bo-lind/\" rel=\"author\">Bo Lind</a> of the Daily C &amp; Co"
    );
    assert_eq!(made["authors"][1]["name"], "Bo Lind");

    let made = shown("byline: The night desk\nauthors: [Ana Reis]\n", "Text.");
    assert_eq!(made["byline"], "The night desk");
    assert_eq!(made["authors"][0]["name"], "Ana Reis");
}

#[test]
fn a_dateline_is_marked_up_unless_it_is_none() {
    let made = shown("", "SEOUL, Nov. 3 (AP) — It *rains*.");
    assert_eq!(made["dateline"], "SEOUL, Nov. 3 (AP)");
    let content = made["content"].as_str().unwrap();
    assert_eq!(
        content.trim(),
        "<p><span class=\"dateline\">SEOUL, Nov. 3 (AP) —</span> It <em>rains</em>.</p>"
    );
    let made = shown("dateline: false\n", "SEOUL — the word — is short.");
    assert!(made["dateline"].is_null());
    assert!(!made["content"].as_str().unwrap().contains("dateline"));
    let made = shown("dateline: Aboard the Ana\n", "It rains.");
    assert!(
        made["content"]
            .as_str()
            .unwrap()
            .starts_with("<p><span class=\"dateline\">Aboard the Ana —</span> It")
    );
}

/// Returns the times of the entries of an article that is shown.
fn times(made: &serde_json::Value) -> Vec<&str> {
    let updates = made["updates"].as_array().unwrap().iter();
    updates
        .map(|update| update["time"].as_str().unwrap())
        .collect()
}

#[test]
fn live_coverage_has_entries_with_times_and_is_as_new_as_the_newest() {
    let made = shown(
        "genre: live\n",
        "Before.\n\n## 16:32 Ferry leaves\n\nIt *left*.\n\n## 2025-11-22 09:00 Trains run\n\nAll.\n\n## 9:30\n\nNow.\n\n## What we know\n\nMore.",
    );
    assert_eq!(
        times(&made),
        [
            "2025-11-21T16:32:00+00:00",
            "2025-11-22T09:00:00+00:00",
            "2025-11-22T09:30:00+00:00"
        ]
    );
    assert_eq!(made["updates"][0]["headline"], "Ferry leaves");
    assert_eq!(made["updated"], "2025-11-22T09:30:00+00:00");
    let content = made["content"].as_str().unwrap();
    assert_eq!(content.matches("<section class=\"update\">").count(), 3);
    assert!(
        content.contains("<time datetime=\"2025-11-21T16:32:00+00:00\">16:32</time> Ferry leaves"),
        "{content}"
    );
    assert!(
        content.contains(
            "<time datetime=\"2025-11-22T09:00:00+00:00\">November 22, 2025 09:00</time> Trains run"
        ),
        "{content}"
    );
    assert!(
        content.contains("</section>\n<h2 id=\"what-we-know\""),
        "{content}"
    );
}

#[test]
fn the_day_of_an_entry_follows_the_language_of_its_folder() {
    let site = Site::new(&[
        ("templates/article.html", "{{ article.content }}"),
        (
            "content/de/a.md",
            &article(
                "A",
                "2025-11-21",
                "live: true\n",
                "## 2025-11-22 09:00 Züge fahren\n",
            ),
        ),
    ]);
    site.build();
    let page = || {
        let output = site.output();
        let page = output
            .iter()
            .find(|(path, _)| path.ends_with("/a/index.html"));
        String::from_utf8(page.unwrap().1.clone()).unwrap()
    };
    assert!(page().contains("November 22, 2025 09:00"), "{}", page());
    site.put("dateline.yaml", format!("{CONFIG}languages: [de]\n"));
    site.build();
    assert!(page().contains("22. November 2025 09:00"), "{}", page());
    assert_eq!(site.output(), site.clean_output());
}

#[test]
fn an_entry_can_say_the_zone_of_its_time() {
    let made = shown(
        "live: true\n",
        "## 16:32 UTC One\n\n## 20:00-05:00 Two\n\n## 9:30Z Three\n\n## 2025-11-22 01:00 GMT Four\n",
    );
    assert_eq!(
        times(&made),
        [
            "2025-11-21T16:32:00+00:00",
            "2025-11-21T20:00:00-05:00",
            "2025-11-21T09:30:00+00:00",
            "2025-11-22T01:00:00+00:00"
        ]
    );
    assert_eq!(made["updates"][1]["headline"], "Two");
    let content = made["content"].as_str().unwrap();
    assert!(
        content.contains("<time datetime=\"2025-11-21T16:32:00+00:00\">16:32 UTC</time> One"),
        "{content}"
    );
}

/// Most are mistyped years. What is not published yet may have been changed after that.
#[test]
fn what_lies_in_the_future_is_told() {
    let body = "## 2062-03-04 10:00 Later\n\n## 2025-11-21 10:00 Now\n";
    let site = Site::new(&[
        (
            "content/a.md",
            &article("A", "2025-11-21", "updated: 2062-03-04\n", "Text."),
        ),
        (
            "content/b.md",
            &article("B", "2025-11-21", "live: true\n", body),
        ),
        (
            "content/c.md",
            &article(
                "C",
                "2025-11-21",
                "corrections: [{ date: 2062-03-04, text: One }, { date: 2025-11-22, text: Two }]\n",
                "Text.",
            ),
        ),
        (
            "content/d.md",
            &article("D", "2061-11-21", "updated: 2062-03-04\n", "Text."),
        ),
    ]);
    let told: Vec<String> = site.build().diagnostics.iter().map(told).collect();
    assert_eq!(
        told,
        [
            "content/a.md: `updated`, 2062-03-04, lies in the future",
            "content/b.md: the entry of 2062-03-04T10:00:00+00:00 lies in the future",
            "content/c.md: the correction of 2062-03-04 lies in the future",
        ]
    );
}

#[test]
fn an_entry_in_a_quotation_is_not_put_into_a_section() {
    let made = shown("live: true\n", "> ## 16:32 Quoted\n>\n> Text.\n");
    let content = made["content"].as_str().unwrap();
    assert!(!content.contains("<section"), "{content}");
    assert!(content.contains("<time datetime="), "{content}");
}

#[test]
fn what_can_not_be_understood_is_told_with_what_is_meant() {
    let site = Site::new(&[
        (
            "content/a.md",
            &article("A", "2025-11-21", "genre: analisys\n", "Text."),
        ),
        (
            "content/b.md",
            &article("B", "2025-11-21", "live: { stop: 2025-11-22 }\n", "Text."),
        ),
        (
            "content/c.md",
            &article("C", "2025-11-21", "live: true\n", "## 25:10 Never\n\nText."),
        ),
    ]);
    let faults = site.refuses(&[
        "content/a.md:4:8: `analisys` is not a genre",
        "content/b.md:4:9: unknown key `live.stop`",
        "content/c.md:6:4: the entry `25:10 Never` begins with a time that does not exist",
    ]);
    assert_eq!(faults[0].hints[0], "did you mean `analysis`?");
}

/// However a heading is written, and whatever looks like one before it.
#[test]
fn an_entry_whose_time_does_not_exist_is_told_with_its_line() {
    let site = Site::new(&[(
        "content/a.md",
        &article(
            "A",
            "2025-11-21",
            "live: true
",
            "```\n## 25:10 Code\n```\n\n## 10:00 Good\n\n## *25:10* Bold\n\n25:20 Set\n---\n\n> ## 25:30 Quoted\n\n## 25:**4**0 Cut\n\n## 25:10 Never\n\n## 2025-02-30 10:00 No day\n\n[^1]: Note\n\n    ## 25:50 In a note\n\nText[^1].",
        ),
    )]);
    let faults = site.refuses(&[
        "content/a.md:12:5: the entry `25:10 Bold` begins with a time that does not exist",
        "content/a.md:14:1: the entry `25:20 Set` begins with a time that does not exist",
        "content/a.md:17:6: the entry `25:30 Quoted` begins with a time that does not exist",
        "content/a.md:19:1: the entry `25:40 Cut` begins with a time that does not exist",
        "content/a.md:21:4: the entry `25:10 Never` begins with a time that does not exist",
        "content/a.md:23:4: the entry `2025-02-30 10:00 No day` begins with a time that does not exist",
    ]);
    assert!(faults[0].hints[0].starts_with("begin it with a time"));
}

#[test]
fn a_correction_raises_when_an_article_was_updated() {
    let made = shown(
        "updated: 2025-11-22\ncorrections:\n  - { date: 2025-11-23 10:00, text: One }\n  - { date: 2025-11-23, text: Two }\n",
        "Text.",
    );
    assert_eq!(made["updated"], "2025-11-23T10:00:00+00:00");
    assert_eq!(made["corrections"][0]["id"], "correction-2025-11-23-2");
    assert_eq!(made["corrections"][1]["id"], "correction-2025-11-23");
    let made = shown("corrections: { date: 2025-11-21, text: One }\n", "Text.");
    assert!(
        made["updated"].is_null(),
        "a correction of the same day is no later date"
    );
}

#[test]
fn a_site_can_have_genres_of_its_own() {
    let site = Site::new(&[
        (
            "dateline.yaml",
            "title: Songs\ntaxonomies: [tags, authors, genre]\n",
        ),
        (
            "content/a.md",
            &article("A", "2025-11-21", "genre: Polka\n", "Text."),
        ),
    ]);
    site.build();
    assert!(site.page("genre/polka/index.html").contains("Polka"));
}
