//! How many pages each kind of edit renders and writes, counted exactly.
//!
//! The site has three hundred articles of one section, one a day from the first of January 2024, and
//! ten tags of thirty articles each; twenty articles make a page of a list. Its theme shows a
//! headline and a summary in lists, and nothing of other articles on an article's page.

use crate::support::{CONFIG, Site, article};
use dateline::session::{self, Options, Progress, Quiet, Report};
use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

const ARTICLES: i64 = 300;

const THEME: &[(&str, &str)] = &[
    ("theme.yaml", "name: counted\n"),
    ("assets/site.css", "p { color: #112233 }\n"),
    (
        "templates/base.html",
        "{% set sheet = asset(path=\"site.css\") %}<link href=\"{{ sheet.url }}\">{% block main %}{% endblock %}\n",
    ),
    (
        "templates/article.html",
        "{% extends \"base.html\" %}{% block main %}<h1>{{ article.headline }}</h1>{{ article.content }}{% endblock %}\n",
    ),
    (
        "templates/list.html",
        "{% extends \"base.html\" %}{% block main %}{% for one in articles %}<p>{{ one.headline }}: {{ one.description }}</p>{% endfor %}\
         {{ pager.older or \"\" }} {{ pager.newer or \"\" }} {{ pager.count or \"\" }}{% endblock %}\n",
    ),
];

fn date(number: i64) -> jiff::civil::Date {
    jiff::civil::date(2024, 1, 1)
        .checked_add(jiff::Span::new().days(number))
        .unwrap()
}

fn path(number: i64) -> String {
    format!("content/news/n{number}.md")
}

fn put(site: &Site, number: i64, headline: &str, body: &str) {
    let tags = format!("tags: [t{}]\n", number % 10);
    site.put(
        &path(number),
        article(headline, &date(number).to_string(), &tags, body),
    );
}

/// Returns where an article's page stands.
fn page(number: i64) -> String {
    format!(
        "news/{}/n{number}/index.html",
        date(number).strftime("%Y/%m")
    )
}

fn site() -> Site {
    let site = Site::in_memory();
    site.put("dateline.yaml", format!("{CONFIG}theme: counted\n"));
    for (path, text) in THEME {
        site.put(&format!("themes/counted/{path}"), text);
    }
    for number in 0..ARTICLES {
        put(
            &site,
            number,
            &format!("Headline {number}"),
            "A summary.\n\nA body.",
        );
    }
    for number in 0..10 {
        site.put(&format!("static/file-{number}.txt"), format!("{number}"));
    }
    site.build();
    site
}

/// Edits, builds, and returns the report with the paths whose bytes are others.
fn rebuilt(site: &Site, edit: impl FnOnce(&Site)) -> (Report, BTreeSet<String>) {
    let before = site.output();
    edit(site);
    let report = site.build();
    let after = site.output();
    let paths = before
        .keys()
        .chain(after.keys())
        .filter(|path| before.get(*path) != after.get(*path));
    let changed: BTreeSet<String> = paths.filter(|path| *path != ".dateline").cloned().collect();
    assert_eq!(
        report.written + report.removed,
        changed.len(),
        "what is written is what is other: {changed:?}"
    );
    (report, changed)
}

#[track_caller]
fn check(changed: BTreeSet<String>, expect: &[&str]) {
    let expect: BTreeSet<String> = expect.iter().map(|path| (*path).to_owned()).collect();
    assert_eq!(changed, expect);
}

#[test]
fn building_twice_does_nothing() {
    let site = site();
    let (report, _) = rebuilt(&site, |_| {});
    assert_eq!((report.rendered, report.written, report.removed), (0, 0, 0));
    assert_eq!(report.files, report.unchanged);
}

#[test]
fn editing_a_body_writes_its_page() {
    let site = site();
    let (report, changed) = rebuilt(&site, |site| {
        put(site, 150, "Headline 150", "A summary.\n\nA text.")
    });
    check(changed, &[&page(150)]);
    assert_eq!(report.rendered, 1);
}

/// The manifest lists pages in the order of the archive.
#[test]
fn articles_that_change_places_leave_what_is_known_of_the_others() {
    let site = site();
    let move_to = |number: i64, day: i64| {
        let tags = format!("tags: [t{}]\n", number % 10);
        let headline = format!("Headline {number}");
        let text = article(
            &headline,
            &date(day).to_string(),
            &tags,
            "A summary.\n\nA body.",
        );
        site.put(&path(number), text);
    };
    move_to(ARTICLES, 24);
    site.build();
    // To the third of January: every day still has its page, and twenty articles move down by a place.
    let (report, _) = rebuilt(&site, |_| move_to(24, 2));
    assert_eq!(report.removed, 0);
    assert!(report.written > 0);
    let (report, changed) = rebuilt(&site, |site| {
        put(site, 100, "Headline 100", "A summary.\n\nAnother body.");
    });
    assert_eq!((report.rendered, report.removed), (1, 0));
    check(changed, &[&page(100)]);
}

/// Lists could show how long it takes to read. They are made again, and are what they were.
#[test]
fn a_longer_body_writes_its_page_though_lists_are_made_again() {
    let site = site();
    let (report, changed) = rebuilt(&site, |site| {
        put(site, 150, "Headline 150", "A summary.\n\nA longer body.")
    });
    check(changed, &[&page(150)]);
    assert_eq!(report.rendered, 10);
}

#[test]
fn editing_a_headline_writes_the_pages_that_show_it() {
    let site = site();
    let (report, changed) = rebuilt(&site, |site| {
        put(site, 150, "Another headline", "A summary.\n\nA body.")
    });
    check(
        changed,
        &[
            &page(150),
            // The hundred and fifty-first of three hundred is on the eighth page from the oldest.
            "page/8/index.html",
            "news/page/8/index.html",
            "2024/page/8/index.html",
            // Thirty articles, or thirty-one, are fewer than two pages: all on the front.
            "tags/t0/index.html",
            "2024/05/index.html",
            "2024/05/30/index.html",
            // Among the twenty newest of its tag, but not of its section.
            "tags/t0/feed.xml",
            "tags/t0/atom.xml",
            "tags/t0/feed.json",
        ],
    );
    assert_eq!(report.rendered, 10);
}

#[test]
fn publishing_writes_the_fronts_of_lists_and_not_their_tails() {
    let site = site();
    let (report, changed) = rebuilt(&site, |site| {
        put(site, ARTICLES, "Headline 300", "A summary.\n\nA body.")
    });
    let lists = [
        "index.html",
        "news/index.html",
        "tags/t0/index.html",
        "2024/index.html",
        "2024/10/index.html",
        "2024/10/27/index.html",
    ];
    let feeds = ["", "news/", "tags/t0/"]
        .map(|at| ["feed.xml", "atom.xml", "feed.json"].map(|name| format!("{at}{name}")));
    let mut expect = vec![page(ARTICLES), "sitemap.xml".to_owned()];
    expect.extend(lists.map(str::to_owned));
    expect.extend(feeds.into_iter().flatten());
    check(
        changed,
        &expect.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    assert_eq!(report.rendered, expect.len());
}

/// When the front is full, a page is cut from it; the pages behind it stay.
#[test]
fn a_full_front_is_cut_in_two() {
    let site = site();
    for number in ARTICLES..ARTICLES + 19 {
        put(&site, number, "More", "A summary.");
    }
    site.build();
    let (_, changed) = rebuilt(&site, |site| {
        put(site, ARTICLES + 19, "The last", "A summary.")
    });
    let home: Vec<&String> = changed
        .iter()
        .filter(|path| path.starts_with("page/") || *path == "index.html")
        .collect();
    // The fourteenth page names the one that is in front of it.
    assert_eq!(
        home,
        ["index.html", "page/14/index.html", "page/15/index.html"]
    );
}

#[test]
fn editing_a_template_writes_the_pages_that_it_makes() {
    let site = site();
    let (report, changed) = rebuilt(&site, |site| {
        let text = THEME[3].1.replace("<h1>", "<h1 class=\"x\">");
        site.put("themes/counted/templates/article.html", text);
    });
    assert_eq!(
        changed,
        (0..ARTICLES).map(page).collect::<BTreeSet<String>>()
    );
    assert_eq!(report.rendered, 300);
}

#[test]
fn editing_a_stylesheet_writes_it_and_the_pages_that_name_it() {
    let site = site();
    let (report, changed) = rebuilt(&site, |site| {
        site.put("themes/counted/assets/site.css", "p { color: #332211 }\n")
    });
    let pages = site
        .output()
        .into_keys()
        .filter(|path| path.ends_with(".html"))
        .count();
    let (assets, others): (Vec<&String>, Vec<&String>) =
        changed.iter().partition(|path| path.ends_with(".css"));
    assert_eq!(
        assets.len(),
        2,
        "the old one goes, the new one comes: {assets:?}"
    );
    assert_eq!(others.len(), pages);
    assert!(others.iter().all(|path| path.ends_with(".html")));
    assert_eq!((report.rendered, report.removed), (pages + 1, 1));
}

#[test]
fn a_comment_in_a_stylesheet_changes_nothing() {
    let site = site();
    let text = format!("/* Grey. */\n{}", THEME[1].1);
    let (report, _) = rebuilt(&site, |site| {
        site.put("themes/counted/assets/site.css", text)
    });
    assert_eq!((report.rendered, report.written), (0, 0));
}

#[test]
fn a_file_that_is_only_touched_changes_nothing() {
    let site = site();
    let (report, _) = rebuilt(&site, |site| {
        for path in [
            path(3),
            "static/file-1.txt".to_owned(),
            "themes/counted/templates/base.html".to_owned(),
        ] {
            site.put(&path, fs::read(site.path(&path)).unwrap());
        }
    });
    assert_eq!((report.rendered, report.written), (0, 0));
}

#[test]
fn a_static_file_that_is_as_it_was_is_not_read_again() {
    let site = site();
    // Files that were written within a tick of the clock before a build are read again by the next.
    std::thread::sleep(Duration::from_millis(50));
    site.build();
    assert_eq!(site.build().read, 0);
    let inode =
        |path: &str| std::os::unix::fs::MetadataExt::ino(&site.path(path).metadata().unwrap());
    let before = inode("public/file-2.txt");
    let (report, changed) = rebuilt(&site, |site| site.put("static/file-1.txt", "!"));
    check(changed, &["file-1.txt"]);
    assert_eq!(report.read, 1);
    assert_eq!(inode("public/file-2.txt"), before);
}

#[test]
fn an_article_that_is_as_it_was_is_neither_read_nor_parsed() {
    let site = site();
    // Files that were written within a tick of the clock before a build are read again by the next.
    std::thread::sleep(Duration::from_millis(50));
    site.build();
    let (report, _) = rebuilt(&site, |_| {});
    assert_eq!((report.read, report.parsed), (0, 0));
    let (report, _) = rebuilt(&site, |site| {
        put(site, 150, "Headline 150", "A summary.\n\nA text.")
    });
    assert_eq!((report.read, report.parsed, report.rendered), (1, 1, 1));
}

/// As a checkout on another machine gives every file another inode and other times.
#[test]
fn files_with_other_times_are_read_and_not_parsed_or_arranged() {
    let site = settled();
    let check_out = |site: &Site| {
        let articles = (0..ARTICLES).map(path);
        for path in articles.chain((0..10).map(|number| format!("static/file-{number}.txt"))) {
            let bytes = fs::read(site.path(&path)).unwrap();
            site.delete(&path);
            site.put(&path, bytes);
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    let (report, _) = rebuilt(&site, check_out);
    assert_eq!((report.read, report.parsed), (ARTICLES as usize + 10, 0));
    assert!(!is_arranged(&report));
    assert_eq!((report.unchanged, report.written), (report.files, 0));
    assert_eq!(report.pages["article"].total, ARTICLES as usize);
    // The other times are known from then on.
    assert_eq!(site.build().read, 0);
    // In a checkout of other words only their page is compared; a page that is gone comes back.
    let (report, changed) = rebuilt(&site, |site| {
        put(site, 150, "Headline 150", "A summary.\n\nA text.");
        check_out(site);
    });
    check(changed, &[&page(150)]);
    assert_eq!((report.parsed, report.compared_articles), (1, 1));
    check_out(&site);
    fs::remove_file(site.path("public").join(page(7))).unwrap();
    let report = site.build();
    assert_eq!((report.parsed, report.rendered, report.written), (0, 1, 1));
    assert_eq!(site.output(), site.clean_output());
}

#[test]
fn without_the_cache_every_article_is_parsed() {
    let site = site();
    let (before, options) = (site.output(), site.options());
    let options = Options {
        no_cache: true,
        ..options
    };
    assert_eq!(session::build(&options, &Quiet).unwrap().parsed, 300);
    assert_eq!(site.output(), before);
    // What was found out is kept: the next build has it.
    assert_eq!(site.build().parsed, 0);
}

/// Takes the articles away once all are read.
struct Thief<'a>(&'a Site);

impl Progress for Thief<'_> {
    fn stage(&self, name: &'static str, _: usize) {
        if name == "rendering" {
            fs::remove_dir_all(self.0.path("content/news")).unwrap();
        }
    }

    fn step(&self) {}

    fn waiting(&self, _: &str) {}
}

#[test]
fn a_text_is_read_once_for_its_metadata_and_its_page() {
    let site = site();
    let expect = site.output();
    fs::remove_dir_all(site.path("public")).unwrap();
    fs::remove_dir_all(site.path(".dateline")).unwrap();
    let report = session::build(&site.options(), &Thief(&site)).unwrap();
    assert_eq!((report.parsed, report.bodies), (300, 0));
    assert_eq!(site.output(), expect);
}

/// What an earlier build made of the articles' texts is in the pages that another template makes.
#[test]
fn a_template_makes_pages_of_bodies_that_are_known() {
    let site = site();
    let retouched = |class: &str| {
        let text = THEME[3].1.replace("<h1>", &format!("<h1 class={class}>"));
        site.put("themes/counted/templates/article.html", text);
        let report = site.build();
        (report.rendered, report.bodies)
    };
    assert_eq!(retouched("a"), (300, 300));
    assert_eq!(site.output(), site.clean_output());
    let (report, _) = rebuilt(&site, |site| {
        put(site, 150, "Headline 150", "A summary.\n\nA text.")
    });
    assert_eq!((report.rendered, report.bodies), (1, 0));
    site.delete(".dateline/bodies.cache");
    assert_eq!(retouched("b"), (300, 0));
    assert_eq!(retouched("c"), (300, 300));
    assert_eq!(site.output(), site.clean_output());
    // Whoever doubts what is kept has it made anew, and kept.
    let options = Options {
        no_cache: true,
        ..site.options()
    };
    assert_eq!(session::build(&options, &Quiet).unwrap().bodies, 0);
    assert_eq!(retouched("d"), (300, 300));
}

/// Where a link leads is no part of a body's draft; what a body without one shows of other files is part of
/// what is known of it; what a shortcode looks up is asked each time.
#[test]
fn a_body_that_shows_something_else_is_made_again() {
    let site = site();
    let linked = |number: i64, body: &str| put(&site, number, "Linked", body);
    linked(150, "See [it](n151.md).");
    linked(152, "{{< stamp >}}");
    linked(
        154,
        "See [it](n151.md).\n\n![A sign](https://signs.example/1.png){credit=\"Sample staff\"}",
    );
    let stamp = |words: &str| {
        let text = format!("{{% component stamp() %}}{words}{{% endcomponent stamp %}}");
        site.put("themes/counted/templates/shortcodes/stamp.html", text);
    };
    stamp("A stamp");
    site.build();
    let shown = |number: i64| site.page(&page(number));
    assert!(shown(152).contains("A stamp"));
    site.put(
        &path(151),
        article("N151", "2024-05-30", "slug: moved\n", "A body."),
    );
    stamp("A seal");
    site.put(
        "themes/counted/templates/article.html",
        THEME[3].1.replace("<h1>", "<h1 class=\"x\">"),
    );
    let report = site.build();
    assert_eq!((report.rendered >= 300, report.bodies), (true, 297));
    for number in [150, 154] {
        assert!(shown(number).contains("/moved/"), "{}", shown(number));
    }
    assert!(shown(152).contains("A seal"), "{}", shown(152));
    assert_eq!(site.output(), site.clean_output());
}

/// broadsheet's front page tells the day and the years; the later pages of its list do not.
#[test]
fn an_article_of_another_year_leaves_the_later_pages_of_the_front_page() {
    let site = site();
    site.put("dateline.yaml", format!("{CONFIG}theme: broadsheet\n"));
    site.build();
    assert!(site.output().contains_key("page/2/index.html"));
    let late = article("Late", "2025-06-01", "", "A body.");
    let (report, changed) = rebuilt(&site, |site| site.put("content/news/late.md", late));
    assert!(changed.contains("index.html"));
    let later = changed.iter().filter(|path| path.starts_with("page/"));
    assert!(later.count() <= 1, "{changed:?}");
    assert!(report.rendered < 60, "{:?}", report.reasons);
}

/// Tells whether a build arranged the archive, or saw that there is nothing to do.
fn is_arranged(report: &Report) -> bool {
    report.stages.0.iter().any(|stage| stage.name == "arrange")
}

/// Builds until the files are old enough for their times to be believed.
fn settled() -> Site {
    let site = site();
    std::thread::sleep(Duration::from_millis(50));
    site.build();
    assert!(!is_arranged(&site.build()));
    site
}

#[test]
fn what_has_not_changed_is_not_arranged() {
    let site = settled();
    let (report, _) = rebuilt(&site, |_| {});
    assert!(!is_arranged(&report));
    assert_eq!(report.articles, ARTICLES as usize);
    assert_eq!(report.pages["article"].total, ARTICLES as usize);
    assert_eq!((report.unchanged, report.written), (report.files, 0));
}

#[test]
fn other_words_of_an_article_leave_what_is_known_of_other_pages() {
    let site = settled();
    let is_few = |compared: usize, pages: usize| compared > 0 && compared * 4 < pages;
    for words in ["A text.", "Another text."] {
        let (report, changed) = rebuilt(&site, |site| {
            put(site, 150, "Headline 150", &format!("A summary.\n\n{words}"));
        });
        check(changed, &[&page(150)]);
        assert!(is_few(report.compared, report.files), "{}", report.compared);
        assert_eq!(site.output(), site.clean_output());
    }
    let edits = [
        ("Headline 150", "A summary.\n\nA longer text of it."),
        ("Headline 150", "Another summary.\n\nA longer text of it."),
        (
            "Another headline",
            "Another summary.\n\nA longer text of it.",
        ),
        (
            "Another headline",
            "Another summary.\n\n## A longer text of it.",
        ),
        (
            "Another headline",
            "Another summary.\n\n[A](n149.md) longer text of it.",
        ),
    ];
    for (headline, text) in edits {
        let (report, _) = rebuilt(&site, |site| put(site, 150, headline, text));
        assert_eq!(report.compared, report.files, "{headline}: {text}");
        assert_eq!(site.output(), site.clean_output());
        // What was just written counts as changed only until it is a moment old.
        std::thread::sleep(Duration::from_millis(50));
        site.build();
    }
}

/// What articles show of each other is none of a template's business, but for what it adds to the site.
#[test]
fn another_template_leaves_what_is_known_of_articles() {
    let site = settled();
    let all = ARTICLES as usize;
    let put_template = |site: &Site, name: &str, text: &str| {
        site.put(&format!("themes/counted/templates/{name}.html"), text);
    };
    let retouched = |class: &str| THEME[3].1.replace("<h1>", &format!("<h1 class={class}>"));
    let (report, _) = rebuilt(&site, |site| put_template(site, "article", &retouched("a")));
    assert_eq!((report.rendered, report.compared_articles), (all, 0));
    assert_eq!(report.compared, report.files);
    assert_eq!(site.output(), site.clean_output());
    let (report, _) = rebuilt(&site, |site| {
        put_template(site, "article", &retouched("b"));
        put(site, 150, "Headline 150", "A summary.\n\nA text.");
    });
    assert_eq!((report.rendered, report.compared_articles), (all, 1));
    assert_eq!(report.compared, report.files);
    assert_eq!(site.output(), site.clean_output());
    for (name, text) in [
        ("credit", "<h1>Photos</h1>"),
        (
            "shortcodes/stamp",
            "{% component stamp() %}A stamp{% endcomponent stamp %}",
        ),
    ] {
        let (report, _) = rebuilt(&site, |site| put_template(site, name, text));
        assert_eq!(report.compared_articles, all, "{name}");
        assert_eq!(site.output(), site.clean_output());
    }
}

/// What an article's page shows of others is where its links lead, and that is known while every article
/// stands where it stood.
#[test]
fn new_articles_and_other_headlines_leave_what_is_known_of_the_other_articles() {
    let site = settled();
    let all = ARTICLES as usize;
    let check = |expect: usize, edit: &dyn Fn(&Site)| {
        let (report, changed) = rebuilt(&site, edit);
        assert_eq!(report.compared_articles, expect, "{changed:?}");
        assert_eq!(site.output(), site.clean_output());
        changed
    };
    let put_extra = |number: i64, extra: &str, body: &str| {
        let text = article("A headline", &date(number).to_string(), extra, body);
        site.put(&path(number), text);
    };
    check(1, &|_| put(&site, ARTICLES, "New", "A summary.\n\nA body."));
    check(1, &|_| put(&site, 7, "Another", "A summary.\n\nA body."));
    check(1, &|_| put_extra(8, "tags: [rare]\n", "A summary."));
    check(1, &|_| put_extra(150, "", "## Part"));
    check(1, &|_| put_extra(9, "", "A [link](@/news/n150.md)."));
    check(1, &|_| put_extra(10, "", "A [link](@/news/n150.md#part)."));
    // A link to a heading is always looked at.
    check(2, &|_| put(&site, 7, "A third", "A summary."));
    let changed = check(all + 1, &|_| put_extra(150, "slug: moved\n", "## Part"));
    assert!(changed.contains(&page(9)), "{changed:?}");
    check(1 + 1, &|_| put(&site, 7, "A fourth", "A summary."));
    check(all, &|site| site.delete(&path(0)));
    check(all, &|site| site.put("static/file-1.txt", "!"));
}

#[test]
fn what_time_alone_changes_is_seen() {
    let mut site = settled();
    let soon = date(ARTICLES + 100);
    let now = soon
        .to_zoned_datetime(jiff::tz::TimeZone::UTC)
        .unwrap()
        .timestamp()
        .as_second();
    site.now = now - 10;
    put(&site, ARTICLES + 100, "Embargoed", "A summary.");
    site.put(
        "content/news/leaving.md",
        article(
            "Leaving",
            "2024-02-01",
            &format!("expires: {soon}\n"),
            "A summary.",
        ),
    );
    std::thread::sleep(Duration::from_millis(50));
    site.build();
    let shows = |site: &Site, page: &str| site.path("public").join(page).exists();
    let (embargoed, leaving) = (page(ARTICLES + 100), "news/2024/02/leaving/index.html");
    for (at, is_due) in [
        (now - 1, false),
        (now, true),
        (now - 1, false),
        (now + 99, true),
    ] {
        site.now = at;
        site.build();
        assert_eq!(shows(&site, &embargoed), is_due, "{}", at - now);
        assert_eq!(shows(&site, leaving), !is_due, "{}", at - now);
        assert_eq!(site.output(), site.clean_output());
    }
    // Between two such moments nothing is looked at again.
    assert!(!is_arranged(&site.build()));
    site.drafts = true;
    assert!(is_arranged(&site.build()), "another question is asked");
}

#[test]
fn a_page_that_someone_deleted_comes_back() {
    let site = settled();
    let before = site.output();
    fs::remove_file(site.path("public").join(page(7))).unwrap();
    let report = site.build();
    assert_eq!((report.rendered, report.written), (1, 1));
    assert_eq!(site.output(), before);
}

#[test]
fn what_there_is_to_tell_is_told_at_every_build() {
    let site = settled();
    site.put(
        "content/news/odd.md",
        article("Odd", "2024-02-01", "tags: [T1]\n", "A summary."),
    );
    std::thread::sleep(Duration::from_millis(50));
    for _ in 0..3 {
        let told = site.build().diagnostics;
        assert!(
            told.iter().any(|told| told.message.contains("2 ways")),
            "{told:?}"
        );
    }
}
