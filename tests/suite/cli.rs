//! Terminal sessions: what a person at the terminal, and a script, gets to see.

use crate::support::{CONFIG, NOW, Site, article, tree};
use serde_json::Value;
use std::fs;
use std::io::Read;
use std::process::{Output, Stdio};

const GOOD: &str = "---\nheadline: Harbour reopens\ntimestamp: 2025-11-21 16:32\ntags: [harbour]\n---\nThe first ferry left at noon.\n";

/// Runs a command and tells what was typed and what came back: standard error, standard output, the
/// exit code.
fn session(site: &Site, arguments: &[&str]) -> String {
    let output = site.run(arguments);
    let root = site.root().canonicalize().unwrap().display().to_string();
    let text = |bytes: &[u8]| {
        String::from_utf8(bytes.to_vec())
            .unwrap()
            .replace(&root, "[site]")
    };
    format!(
        "$ dateline {}\n{}{}exit {}\n",
        arguments.join(" "),
        text(&output.stderr),
        text(&output.stdout),
        output.status.code().unwrap()
    )
}

/// Compares a session with the one that is committed; how long a build took is no part of it.
macro_rules! assert_session {
    ($site:expr, $arguments:expr) => {
        insta::with_settings!({
            filters => vec![(r"in [\d.]+ m?s\b", "in [time]")],
            omit_expression => true,
            prepend_module_to_snapshot => false,
        }, {
            insta::assert_snapshot!(session(&$site, &$arguments));
        });
    };
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stdout)))
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

#[test]
fn a_build_says_what_it_did() {
    let site = Site::new(&[
        ("dateline.yaml", &format!("{CONFIG}theme: plain\n")),
        ("content/local/harbour.md", GOOD),
        (
            "content/local/draft.md",
            &article("A draft", "2025-01-01", "draft: true\n", "x"),
        ),
        (
            "content/local/later.md",
            &article("Later", "2030-01-01", "", "x"),
        ),
        (
            "content/local/later-still.md",
            &article("Later still", "2030-01-02", "", "x"),
        ),
    ]);
    assert_session!(site, ["build"]);
}

#[test]
fn a_typo_in_front_matter_is_shown_with_its_line() {
    let site = Site::new(&[(
        "content/local/harbour.md",
        &GOOD.replace("timestamp", "timestmap"),
    )]);
    assert_session!(site, ["build"]);
}

#[test]
fn a_typo_in_the_configuration_is_shown_with_its_line() {
    let site = Site::new(&[(
        "dateline.yaml",
        &format!("{CONFIG}tme_zone: Europe/Lisbon\n"),
    )]);
    assert_session!(site, ["build"]);
}

#[test]
fn a_broken_template_is_shown_with_its_line() {
    let site = Site::new(&[
        ("content/local/harbour.md", GOOD),
        (
            "templates/article.html",
            "<h1>\n{% if article.headline %}\n  {{ article.headline }\n",
        ),
    ]);
    assert_session!(site, ["build"]);
}

#[test]
fn an_unknown_variable_is_shown_with_its_line() {
    let site = Site::new(&[
        ("content/local/harbour.md", GOOD),
        (
            "templates/article.html",
            "<h1>{{ article.headline }}</h1>\n<p>{{ artcle.summary }}</p>\n",
        ),
    ]);
    assert_session!(site, ["build"]);
}

#[test]
fn colliding_addresses_name_both_articles() {
    let site = Site::new(&[
        (
            "content/local/harbour.md",
            &GOOD.replace("tags", "url: /harbour/\ntags"),
        ),
        (
            "content/local/port.md",
            &GOOD.replace("tags", "url: /Harbour/\ntags"),
        ),
    ]);
    assert_session!(site, ["build"]);
}

#[test]
fn an_uncredited_photo_is_refused() {
    let site = Site::new(&[(
        "content/local/harbour.md",
        &GOOD.replace(
            "tags",
            "photo:\n  src: https://example.org/ferry.jpg\n  alt: A ferry\ntags",
        ),
    )]);
    assert_session!(site, ["build"]);
}

#[test]
fn without_a_site_it_says_where_it_looked() {
    let site = Site::empty();
    site.delete("dateline.yaml");
    assert_session!(site, ["build"]);
}

#[test]
fn a_configuration_that_is_not_there_is_named() {
    assert_session!(Site::empty(), ["build", "-c", "staging.yaml"]);
}

#[test]
fn an_output_folder_with_other_files_is_refused() {
    let site = Site::new(&[
        ("content/local/harbour.md", GOOD),
        ("public/thesis.txt", "ten years of work"),
    ]);
    assert_session!(site, ["build"]);
    assert_eq!(
        fs::read_to_string(site.path("public/thesis.txt")).unwrap(),
        "ten years of work"
    );
}

#[test]
fn every_error_of_every_file_is_shown_in_order() {
    let site = Site::new(&[
        (
            "content/b.md",
            "---\nheadline: [a, list]\ntimestamp: yesterday\n---\n",
        ),
        ("content/a.md", "no front matter\n"),
        ("content/c.md", "---\nheadline: Never closed\n"),
        (
            "content/d.md",
            &article("D", "03/04/2024", "tittle: D\n", "[gone](@/gone.md)"),
        ),
    ]);
    assert_session!(site, ["build"]);
}

#[test]
fn warnings_let_the_build_go_on_unless_strict() {
    let site = Site::new(&[(
        "content/a.md",
        &article("A", "2025-01-01", "tittle: A\n", "x"),
    )]);
    assert_session!(site, ["build", "--quiet"]);
    assert!(site.path("public/index.html").exists());
    assert_eq!(code(&site.run(&["build", "--strict"])), 1);
}

#[test]
fn usage_is_explained() {
    let site = Site::empty();
    for arguments in [
        &["build", "--jobs", "0"][..],
        &["build", "--now", "yesterday"],
        &["bild"],
        &["man", "bild"],
        &["build", "-r", "nowhere"],
        &["new", " "],
        &["new", "A", "--section", "../outside"],
        &[],
    ] {
        let output = site.run(arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
        let output = site.command(arguments).arg("--json").output().unwrap();
        assert_eq!(code(&output), 2, "{arguments:?}");
        let fault = &json(&output)["diagnostics"][0];
        assert_eq!(fault["severity"], "error", "{arguments:?}");
        let message = fault["message"].as_str().unwrap();
        assert!(!message.is_empty() && !message.contains('\n'), "{message}");
    }
    let bad_epoch = site
        .command(&["build"])
        .env("SOURCE_DATE_EPOCH", "noon")
        .output()
        .unwrap();
    assert_eq!(code(&bad_epoch), 2);
}

#[test]
fn errors_as_json_have_places_and_hints() {
    let site = Site::new(&[(
        "content/local/harbour.md",
        "---\nheadline: [a]\ntimestamp: 2025-01-01\n---\n",
    )]);
    let output = site.run(&["build", "--json"]);
    assert_eq!(code(&output), 1);
    assert!(output.stderr.is_empty(), "everything is in the JSON");
    let diagnostic = &json(&output)["diagnostics"][0];
    assert_eq!(diagnostic["severity"], "error");
    assert_eq!(diagnostic["place"]["path"], "content/local/harbour.md");
    assert_eq!(
        (&diagnostic["place"]["line"], &diagnostic["place"]["column"]),
        (&2.into(), &1.into())
    );
    assert!(diagnostic["message"].is_string());

    let output = site.run(&["build", "--json", "-o", "content"]);
    assert_eq!(code(&output), 2);
    assert!(json(&output)["diagnostics"][0]["hints"][0].is_string());
}

#[test]
fn a_build_as_json_counts_pages_by_kind() {
    let site = Site::new(&[("content/local/harbour.md", GOOD)]);
    let output = site.run(&["build", "--json", "--verify"]);
    assert_eq!(code(&output), 0);
    let report = json(&output);
    assert_eq!(
        report["pages"]["article"],
        serde_json::json!({ "total": 1, "written": 1 })
    );
    assert_eq!(report["articles"], 1);
    assert_eq!(report["written"], report["files"]);
    assert_eq!(
        report["hidden"],
        serde_json::json!({ "drafts": 0, "scheduled": 0, "expired": 0 })
    );
    assert_eq!(report["differences"], serde_json::json!([]));
    assert_eq!(report["diagnostics"], serde_json::json!([]));
    assert!(report["seconds"].is_number());
}

#[test]
fn the_reasons_name_the_variable_that_changed() {
    let site = Site::new(&[
        ("content/harbour.md", GOOD),
        (
            "content/mayor.md",
            &article("The mayor", "2024-02-01", "", "One."),
        ),
        (
            "templates/article.html",
            "<h1>{{ article.headline }}</h1>{% if older %}{{ older.headline }}{% endif %}",
        ),
        (
            "templates/home.html",
            "{% for one in get_articles(limit=1) %}{{ one.headline }}{% endfor %}",
        ),
        ("templates/404.html", "{{ site.title }}"),
    ]);
    let reasons = || -> Vec<String> {
        let report = json(&site.run(&["build", "--json"]));
        let reasons = report["reasons"].as_array().unwrap();
        reasons
            .iter()
            .map(|reason| reason[0].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(reasons(), ["the page is new"]);
    assert_eq!(reasons(), [""; 0]);
    let expect = |expected: &[&str]| {
        let found = reasons();
        for one in expected {
            assert!(
                found.iter().any(|reason| reason == one),
                "no {one} in {found:?}"
            );
        }
    };
    site.put("content/harbour.md", GOOD.replace("noon", "dusk"));
    expect(&["`page`, `article` changed", "`articles` changed"]);
    site.put(
        "content/mayor.md",
        article("A mayor", "2024-02-01", "", "One."),
    );
    expect(&["`page`, `article` changed", "`older` changed"]);
    site.put("content/harbour.md", GOOD.replace("reopens", "closes"));
    expect(&["the answer of `get_articles` changed"]);
    site.put("templates/404.html", "{{ site.title }}!");
    assert_eq!(reasons(), ["the template changed"]);
    site.put("dateline.yaml", CONFIG.replace("The Gazette", "A Gazette"));
    expect(&["`site`, `home`, `page` changed"]);
    site.put("dateline.yaml", format!("{CONFIG}minify_html: true\n"));
    expect(&["the configuration changed, or dateline itself"]);
    site.delete("public/404.html");
    assert_eq!(reasons(), ["the file is missing or was changed"]);
}

#[test]
fn verifying_names_the_files_that_differ() {
    let site = Site::new(&[("content/local/harbour.md", GOOD)]);
    site.build();
    // A byte that no size gives away: only reading shows it.
    let page = site.page("tags/index.html");
    site.put("public/tags/index.html", page.replacen("<html", "<htmL", 1));
    let output = site.run(&["build", "--verify"]);
    assert_eq!(code(&output), 1);
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("tags/index.html differs from byte"), "{text}");
    let state: Vec<_> = fs::read_dir(site.path(".dateline")).unwrap().collect();
    assert_eq!(
        state.len(),
        6,
        "the ignore file, the lock, two caches, one manifest and one profile: {state:?}"
    );
}

#[test]
fn a_build_from_a_folder_below_or_beside_the_site_finds_it() {
    let site = Site::new(&[("content/local/harbour.md", "---\nheadline: [a]\n---\n")]);
    let below = site
        .command(&["build"])
        .current_dir(site.path("content/local"))
        .output()
        .unwrap();
    assert_eq!(code(&below), 1);
    assert!(String::from_utf8_lossy(&below.stderr).contains(" --> content/local/harbour.md:2"));
    let parent = site.root().parent().unwrap();
    let name = site.root().file_name().unwrap().to_str().unwrap();
    let beside = site
        .command(&["build", "-r", name])
        .current_dir(parent)
        .output()
        .unwrap();
    assert_eq!(code(&beside), 1);
    let path = format!(" --> {name}/content/local/harbour.md:2");
    assert!(String::from_utf8_lossy(&beside.stderr).contains(&path));
}

#[test]
fn the_moment_is_that_of_the_argument_then_that_of_the_environment() {
    let site = Site::new(&[
        ("content/a.md", &article("A", "2025-06-01", "", "x")),
        ("content/b.md", &article("B", "2026-06-01", "", "x")),
    ]);
    let shown = |arguments: &[&str]| json(&site.run(arguments)).as_array().unwrap().len();
    assert_eq!(shown(&["list", "--json"]), 1, "SOURCE_DATE_EPOCH is {NOW}");
    assert_eq!(shown(&["list", "--json", "--now", "2024-01-01"]), 0);
    assert_eq!(shown(&["list", "--json", "--now", "June 1, 2026"]), 2);
    assert_eq!(shown(&["list", "--json", "--future"]), 2);
}

#[test]
fn a_new_site_builds() {
    let site = Site::empty();
    site.delete("dateline.yaml");
    site.put(
        "gazette/content/news/_index.md",
        "---\nheadline: Mine\n---\n",
    );
    let output = site
        .command(&["init", "gazette"])
        .env("TZ", "UTC")
        .output()
        .unwrap();
    assert_eq!(code(&output), 0);
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("init", String::from_utf8(output.stdout).unwrap());
        insta::assert_snapshot!("init_config", fs::read_to_string(site.path("gazette/dateline.yaml")).unwrap());
    });
    let kept = fs::read_to_string(site.path("gazette/content/news/_index.md")).unwrap();
    assert_eq!(kept, "---\nheadline: Mine\n---\n", "what is there stays");
    let built = site.run(&["build", "-r", "gazette", "--strict"]);
    assert_eq!(
        code(&built),
        0,
        "{}",
        String::from_utf8_lossy(&built.stderr)
    );
    assert!(
        site.path("gazette/public/news/2026/01/a-first-article/index.html")
            .exists()
    );
    assert_eq!(code(&site.run(&["init", "gazette"])), 2, "a second time");
}

/// The first thing that the owner of a site that `init` made does is to name it.
#[test]
fn a_site_that_is_called_otherwise_keeps_its_output() {
    let site = Site::new(&[
        (
            "dateline.yaml",
            "title: Old\nbase_url: https://old.example\n",
        ),
        ("content/local/harbour.md", GOOD),
    ]);
    assert_eq!(code(&site.run(&["build"])), 0);
    site.put(
        "dateline.yaml",
        "title: New\nbase_url: https://new.example\n",
    );
    let output = site.run(&["build"]);
    assert_eq!(
        code(&output),
        0,
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(site.page("index.html").contains("https://new.example/"));
    // What another site has put in its place since is not this one's.
    let other = Site::new(&[
        (
            "dateline.yaml",
            "title: Other\nbase_url: https://other.example\n",
        ),
        ("content/local/port.md", GOOD),
    ]);
    assert_eq!(code(&other.run(&["build"])), 0);
    fs::remove_dir_all(site.path("public")).unwrap();
    fs::rename(other.path("public"), site.path("public")).unwrap();
    let output = site.run(&["build"]);
    assert_eq!(code(&output), 2);
    assert!(String::from_utf8_lossy(&output.stderr).contains("holds another site"));
}

#[test]
fn a_new_article_is_written_once() {
    let site = Site::empty();
    site.put(
        "dateline.yaml",
        format!("{CONFIG}time_zone: Europe/Lisbon\n"),
    );
    let arguments = [
        "new",
        "Harbour: reopens",
        "--section",
        "local/port",
        "--tags",
        "harbour, a: b",
        "--at",
        "2025-07-01 16:32",
    ];
    assert_session!(site, arguments);
    let path = site.path("content/local/port/2025-07-01-harbour-reopens.md");
    let text = fs::read_to_string(&path).unwrap();
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("new_article", text);
    });
    assert_eq!(code(&site.run(&arguments)), 2);
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    assert_eq!(code(&site.run(&["build", "--strict"])), 0);

    let output = site.run(&["new", "Ferries", "--json"]);
    assert_eq!(json(&output)["path"], "content/2026-01-01-ferries.md");
    let below = site
        .command(&["new", "Boats"])
        .current_dir(site.path("content"))
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8(below.stdout).unwrap(),
        "2026-01-01-boats.md\n"
    );
}

/// A site with an article of each kind.
fn archive() -> Site {
    Site::new(&[
        ("dateline.yaml", &format!("{CONFIG}theme: plain\n")),
        ("content/local/harbour.md", GOOD),
        (
            "content/local/mayor.md",
            &article(
                "The mayor",
                "2024-02-01",
                "tags: [harbour, council]\nauthors: [Ana Reis]\n",
                "One two three.",
            ),
        ),
        (
            "content/draft.md",
            &article(
                "A draft",
                "2024-03-01",
                "draft: true\ntags: [secret]\n",
                "x",
            ),
        ),
        (
            "content/later.md",
            &article("Later", "2030-01-02T10:00Z", "", "x"),
        ),
        ("content/soon.md", &article("Soon", "2030-01-01", "", "x")),
        (
            "content/gone.md",
            &article("Gone", "2020-01-01", "expires: 2021-01-01\n", "x"),
        ),
    ])
}

#[test]
fn lists_say_what_there_is() {
    let site = archive();
    let mut text = String::new();
    for what in [
        "articles",
        "drafts",
        "scheduled",
        "expired",
        "tags",
        "authors",
        "sections",
        "urls",
    ] {
        text.push_str(&session(&site, &["list", what]));
        text.push('\n');
    }
    insta::with_settings!({
        filters => vec![(r"\.[0-9a-f]{8}\.", ".[hash].")],
        omit_expression => true,
        prepend_module_to_snapshot => false,
    }, {
        insta::assert_snapshot!("lists", text);
    });
}

#[test]
fn lists_as_json_have_every_field() {
    let site = archive();
    let first = |what: &str| json(&site.run(&["list", what, "--json"]))[0].clone();
    assert_eq!(
        first("articles"),
        serde_json::json!({
            "path": "content/local/harbour.md",
            "url": "https://gazette.example/local/2025/11/harbour/",
            "headline": "Harbour reopens",
            "timestamp": "2025-11-21T16:32:00+00:00",
            "updated": null,
            "expires": null,
            "draft": false,
            "section": "local",
            "tags": ["harbour"],
            "authors": [],
            "words": 6,
        })
    );
    assert_eq!(
        first("tags"),
        serde_json::json!({
            "name": "council", "slug": "council", "url": "https://gazette.example/tags/council/", "articles": 1,
        })
    );
    assert_eq!(first("sections")["path"], "local");
    assert_eq!(first("authors")["name"], "Ana Reis");
    assert_eq!(first("drafts")["draft"], true);
    assert!(
        first("urls")["url"]
            .as_str()
            .is_some_and(|url| url.starts_with("https://gazette.example/"))
    );
}

#[test]
fn a_list_of_a_broken_site_is_what_could_be_read_and_the_errors() {
    let site = archive();
    site.put("content/broken.md", "---\nheadline: [a]\n---\n");
    let output = site.run(&["list", "--json"]);
    assert_eq!(code(&output), 1);
    assert_eq!(json(&output).as_array().unwrap().len(), 2);
    assert!(String::from_utf8_lossy(&output.stderr).contains("content/broken.md:2"));
}

#[test]
fn statistics_count_articles_words_photos_and_bytes() {
    let site = archive();
    site.put(
        "content/local/harbour.md",
        GOOD.replace(
            "tags",
            "photo: { src: 'https://example.org/a.jpg', credit: Ana Reis, alt: A ferry }\ntags",
        ),
    );
    site.build();
    let statistics = json(&site.run(&["stats", "--json"]));
    assert_eq!(statistics["articles"], 2);
    assert_eq!(statistics["words"], 9);
    assert_eq!(
        statistics["photos"],
        serde_json::json!({ "credited": 1, "uncredited": 0 })
    );
    assert_eq!(
        statistics["tags"][0],
        serde_json::json!({ "name": "harbour", "articles": 2, "words": 9 })
    );
    assert_eq!(
        statistics["years"][0],
        serde_json::json!({ "name": "2024", "articles": 1, "words": 3 })
    );
    let bytes: u64 = statistics["output"]
        .as_object()
        .unwrap()
        .values()
        .map(|kind| kind["bytes"].as_u64().unwrap())
        .sum();
    let found: usize = site
        .output()
        .iter()
        .filter(|(path, _)| *path != ".dateline")
        .map(|(_, bytes)| bytes.len())
        .sum();
    assert_eq!(bytes, found as u64);
    let build = &statistics["last_build"];
    assert_eq!(build["parsed"], 6, "what is hidden is parsed too");
    assert_eq!(build["rendered"], build["files"]);
    let stages: Vec<_> = build["stages"].as_array().unwrap().iter().collect();
    assert!(stages.iter().any(|stage| stage["name"] == "arrange"));
    assert!(
        stages
            .iter()
            .all(|stage| stage["memory"].as_u64() > Some(0))
    );
    let text = session(&site, &["stats"]);
    assert!(text.contains("2 articles, 9 words"), "{text}");
    assert!(
        text.contains("6 parsed") && text.contains("article.html"),
        "{text}"
    );
    // A build that finds everything as it was leaves what is known of the one before it.
    site.build();
    assert_eq!(
        json(&site.run(&["stats", "--json"]))["last_build"]["parsed"],
        6
    );
}

#[test]
fn a_theme_begins_as_a_whole_one_and_is_tried_on_the_site() {
    let site = archive();
    let output = site.run(&["theme", "new", "harbour", "--json"]);
    assert_eq!(code(&output), 0);
    assert!(site.path("themes/harbour/templates/article.html").is_file());
    assert!(
        std::fs::read_to_string(site.path("themes/harbour/theme.yaml"))
            .unwrap()
            .starts_with("name: harbour\n")
    );
    let tried = json(&site.run(&["theme", "check", "harbour", "--json"]));
    assert_eq!(tried["theme"], "harbour");
    let article = &tried["kinds"][0];
    assert_eq!(
        (
            &article["kind"],
            &article["template"],
            &article["pages"],
            &article["made"]
        ),
        (
            &"article".into(),
            &"article.html".into(),
            &6.into(),
            &6.into()
        )
    );
    assert!(!site.path("public").exists(), "nothing is written");
    // A fault of a template that only a page shows.
    site.put(
        "themes/harbour/templates/article.html",
        "{{ article.headline / 2 }}",
    );
    let output = site.run(&["theme", "check", "harbour"]);
    assert_eq!(code(&output), 1);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        told.contains("themes/harbour/templates/article.html:1"),
        "{told}"
    );
    // Nothing is ever overwritten, and a name is no path.
    for name in ["harbour", "plain", "../evil", "Big", ""] {
        assert_eq!(code(&site.run(&["theme", "new", name])), 2, "{name}");
    }
}

#[test]
fn the_configuration_that_is_shown_is_one() {
    let site = Site::empty();
    let shown = site.run(&["config"]);
    assert_eq!(code(&shown), 0);
    site.put("again.yaml", &shown.stdout);
    let again = site.run(&["config", "-c", "again.yaml"]);
    assert_eq!(String::from_utf8_lossy(&again.stderr), "");
    assert_eq!(again.stdout, shown.stdout);
    assert_eq!(
        json(&site.run(&["config", "--json"]))["title"],
        "The Gazette"
    );
}

#[test]
fn cleaning_deletes_what_dateline_wrote_and_nothing_else() {
    let site = Site::new(&[("content/local/harbour.md", GOOD)]);
    let sources = tree(site.root());
    site.build();
    site.put("public/own/CNAME", "gazette.example");
    assert_session!(site, ["clean", "--cache"]);
    assert!(!site.path(".dateline").exists());
    assert!(site.path("public/index.html").exists());
    assert_eq!(code(&site.run(&["clean"])), 0);
    assert_eq!(site.output().into_keys().collect::<Vec<_>>(), ["own/CNAME"]);
    site.delete("public/own/CNAME");
    fs::remove_dir_all(site.path("public")).unwrap();
    assert_eq!(tree(site.root()), sources);
    site.build();
    assert_eq!(code(&site.run(&["clean"])), 0);
    assert!(!site.path("public").exists());
    site.put("other/thesis.txt", "ten years of work");
    assert_eq!(code(&site.run(&["clean", "-o", "other"])), 2);
    assert!(site.path("other/thesis.txt").exists());
}

#[test]
fn completions_manuals_and_schemas_need_no_site() {
    let site = Site::empty();
    site.delete("dateline.yaml");
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = site.run(&["completions", shell]);
        assert_eq!(code(&output), 0);
        assert!(
            String::from_utf8(output.stdout)
                .unwrap()
                .contains("no-cache"),
            "{shell}"
        );
    }
    for arguments in [&["man"][..], &["man", "build"]] {
        let output = site.run(arguments);
        assert_eq!(code(&output), 0);
        assert!(
            String::from_utf8(output.stdout)
                .unwrap()
                .contains("\n.SH SYNOPSIS")
        );
    }
    for of in ["front-matter", "config"] {
        let schema = json(&site.run(&["schema", of]));
        assert_eq!(
            schema["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
    }
}

#[test]
fn help_is_for_people() {
    let site = Site::empty();
    assert_session!(site, ["--help"]);
}

/// FAULTS 70.
#[test]
fn nobody_listening_is_no_fault() {
    let site = Site::new(&[("content/local/harbour.md", GOOD)]);
    // A pipe whose reader is gone before the first byte.
    for arguments in [
        &["build"][..],
        &["build", "--json"],
        &["config"],
        &["list"],
        &["completions", "bash"],
        &["--help"],
    ] {
        let mut child = site
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut words = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut words)
            .unwrap();
        assert_eq!(
            child.wait().unwrap().code(),
            Some(0),
            "{arguments:?}: {words}"
        );
        assert_eq!(words, "");
    }
    // No streams at all.
    let script = format!("exec '{}' build >&- 2>&-", env!("CARGO_BIN_EXE_dateline"));
    let status = std::process::Command::new("sh")
        .arg("-c")
        .arg(script)
        .current_dir(site.root())
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(0));
    // A report that is lost is said.
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = site.command(&["config"]).stdout(full).output().unwrap();
    assert_eq!(code(&output), 1);
    assert!(String::from_utf8_lossy(&output.stderr).contains("can't write to standard output"));
}

#[test]
fn no_colours_in_a_pipe_and_no_bar() {
    let site = Site::new(&[("content/local/harbour.md", "---\nheadline: [a]\n---\n")]);
    let output = site
        .command(&["build"])
        .env_remove("NO_COLOR")
        .output()
        .unwrap();
    assert!(
        !output.stderr.contains(&0x1b),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// FAULTS 62: a second build says who it waits for; a signal ends the wait.
#[test]
fn a_waiting_build_says_who_holds_the_lock_and_can_be_interrupted() {
    let site = Site::new(&[("content/local/harbour.md", GOOD)]);
    fs::create_dir_all(site.path(".dateline")).unwrap();
    let _held =
        dateline::disk::lock::Lock::take(&site.path(".dateline"), "someone", |_| false).unwrap();
    let mut child = site
        .command(&["build"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut words = child.stderr.take().unwrap();
    let mut first = [0; 19];
    words.read_exact(&mut first).unwrap();
    assert_eq!(String::from_utf8_lossy(&first), "waiting for someone");
    let pid = rustix::process::Pid::from_raw(child.id() as i32).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let mut rest = String::new();
    words.read_to_string(&mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(4), "{rest}");
    assert!(rest.contains("interrupted"), "{rest}");
    assert!(!site.path("public").exists());
}
