//! Configurations as they should be, and as they should not.

use super::*;
use crate::base::diagnostic::Diagnostic;
use crate::source::schema::{Key, Shape};
use crate::source::yaml;
use proptest::prelude::*;

fn read(source: &str) -> Config {
    let (config, faults) = parse("dateline.yaml", source);
    assert_eq!(faults, [], "{source}");
    config.expect("a configuration without faults")
}

fn with(keys: &str) -> Config {
    read(&format!("title: T\n{keys}\n"))
}

/// Returns the faults of a configuration, each as `line:column message`, then its hints.
fn faults(source: &str) -> Vec<String> {
    let (config, faults) = parse("dateline.yaml", source);
    assert!(config.is_none(), "{source}");
    faults.iter().map(shown).collect()
}

fn shown(fault: &Diagnostic) -> String {
    let place = fault
        .place
        .as_ref()
        .and_then(|place| place.stretch.as_ref());
    let mut shown = match place {
        Some(place) => format!("{}:{} {}", place.line, place.column, fault.message),
        None => fault.message.clone(),
    };
    for hint in &fault.hints {
        shown += &format!(" ({hint})");
    }
    shown
}

/// A configuration in which no key has its default.
const EVERY_KEY: &str = "\
title: The Harbour Gazette
description: News of the harbour.
base_url: https://gazette.example/news
language: pt-BR
languages:
- de
time_zone: Europe/Lisbon
date_order: dmy
permalink: /:year/:slug/
permalinks:
  local: /:section/:name/
publisher:
  name: Gazette Ltd
  logo: /logo.png
  url: https://gazette.example
  email: editor@gazette.example
  same_as:
  - https://social.example/@gazette
  publishing_principles: /about/principles/
  ethics_policy: /about/ethics/
  corrections_policy: '@/about.md#corrections'
  verification_fact_checking_policy: /about/checking/
  unnamed_sources_policy: /about/sources/
  no_bylines_policy: /about/bylines/
  actionable_feedback_policy: /about/feedback/
  mission_coverage_priorities_policy: /about/mission/
  diversity_policy: /about/diversity/
  diversity_staffing_report: /about/staff/
  masthead: /about/masthead/
  ownership_funding_info: /about/owners/
image:
  src: /card.png
  alt: The harbour
icon: /icon.png
images:
  widths:
  - 400
  - 800
  formats:
  - original
  - webp
  quality:
    jpeg: 70
    webp: 60
    avif: 50
  sizes: 100vw
  strip: all
social_cards: true
card_fonts:
- data/fonts/a.ttf
theme: mine
per_page: 10
date_pages: false
taxonomies:
- key: tags
  singular: label
  feeds: false
- key: places
  singular: place
  feeds: true
menu:
- name: Local
  url: /local/
lint:
  uncredited_photo: off
  missing_alt: error
  doubtful_alt: off
  disagreeing_credit: error
  similar_credits: off
  silent_update: warn
credits:
  agencies:
  - Coastline
  own:
  - The Gazette
  pages: false
markdown:
  plain: true
  smart_punctuation: false
  raw_html: trusted
  highlight: false
  math: false
  words_per_minute: 200
  characters_per_minute: 400
slugs: ascii
feeds:
  limit: 5
  content: full
  formats:
  - json
  - rss
search:
  filters:
  - year
  - credit
  part: 500
related: 0
minify_html: true
follow_links:
- ../photos
ignore:
- '*.bak'
publish_dot_names:
- .nojekyll
trust_svg: true
limits:
  article_bytes: 1000
  picture_pixels: 2000
  page_bytes: 3000
  template_steps: 4000
preview:
  editor: zed
extra:
  colour: blue
headers:
  '*.html':
    Cache-Control: no-store
deploy:
  targets:
    live:
      url: s3://gazette/site
      endpoint: https://store.example
      region: eu-west-1
      base_url: https://www.gazette.example
      workers: 4
      keep: 5
      precompress:
      - gzip
      redirects: false
      host_files: true
      max_deletes: 1000
      lock_seconds: 30
      cloudfront: E2EXAMPLE
      cloudflare_zone: 0123456789abcdef
      websub:
      - https://hub.example/
      indexnow: a0b1c2d3e4f5
      services:
        indexnow: https://index.example
      hooks:
        before: make check
        after: make tell
";

#[test]
fn every_key_is_read_and_written() {
    let config = read(EVERY_KEY);
    let written = yaml::write(&config.to_data());
    assert_eq!(written, EVERY_KEY);
}

/// Returns the only target of a configuration.
fn target(yaml: &str) -> Target {
    let mut config = with(&format!("deploy: {{ targets: {{ live: {{ {yaml} }} }} }}"));
    assert_eq!(config.deploy.len(), 1);
    config.deploy.remove(0)
}

#[test]
fn a_target_is_what_its_address_says() {
    let check = |yaml: &str, expect: Address| {
        let target = target(yaml);
        assert_eq!(target, Target::new("live", expect), "{yaml}");
    };
    let objects = |service, bucket: &str, prefix: &str| Address::Objects {
        service,
        bucket: bucket.to_owned(),
        prefix: prefix.to_owned(),
        endpoint: None,
        region: None,
        account: None,
    };
    check("url: 's3://news/a/b/'", objects(Service::S3, "news", "a/b"));
    check("url: gs://news", objects(Service::Google, "news", ""));
    check("url: az://news", objects(Service::Azure, "news", ""));
    check(
        "git: 'git@github.com:a/b.git'",
        Address::Git {
            remote: "git@github.com:a/b.git".to_owned(),
            branch: "gh-pages".to_owned(),
            cname: None,
        },
    );
    check(
        "ssh: 'ana@host:/var/www/', port: 2222",
        Address::Ssh {
            host: "ana@host".to_owned(),
            port: Some(2222),
            path: "/var/www".to_owned(),
        },
    );
    check("folder: ../live", Address::Folder("../live".to_owned()));
    check(
        "netlify: gazette.example",
        Address::Netlify("gazette.example".to_owned()),
    );
}

#[test]
fn the_first_target_is_the_first_that_is_written() {
    let config = with("deploy: { targets: { z: { folder: ../z }, a: { folder: ../a } } }");
    let names: Vec<&str> = config
        .deploy
        .iter()
        .map(|target| target.name.as_str())
        .collect();
    assert_eq!(names, ["z", "a"]);
}

#[test]
fn a_target_with_a_fault_is_refused_with_its_line() {
    for (yaml, expect) in [
        ("{}", "`deploy.targets.live` does not say where it is"),
        (
            "{ folder: x, url: s3://b }",
            "`deploy.targets.live` is in two places, `url` and `folder`",
        ),
        ("{ url: ftp://b }", "`ftp://b` is no bucket"),
        ("{ url: s3://b/../c }", "`s3://b/../c` is no bucket"),
        (
            "{ git: 'ext::sh -c x' }",
            "`ext::sh -c x` is an address that runs something",
        ),
        ("{ git: '-x' }", "`deploy.targets.live.git` can't be `-x`"),
        ("{ git: x, branch: ../y }", "`../y` is no name of a branch"),
        ("{ ssh: 'host' }", "`host` is no folder of another machine"),
        (
            "{ ssh: '$(x):/y' }",
            "`$(x):/y` is no folder of another machine",
        ),
        (
            "{ ssh: 'host:/' }",
            "`host:/` is no folder of another machine",
        ),
        (
            "{ folder: x, kep: 3 }",
            "unknown key `deploy.targets.live.kep` (did you mean `keep`?)",
        ),
        (
            "{ folder: x, region: y }",
            "`deploy.targets.live` has no use for `region`",
        ),
        (
            "{ folder: x, workers: 0 }",
            "`deploy.targets.live.workers` can't be 0",
        ),
        (
            "{ folder: x, keep: 2, releases: 2 }",
            "`deploy.targets.live` has both `releases` and `keep`",
        ),
        (
            "{ url: s3://b, precompress: [gzip, brotli] }",
            "`deploy.targets.live` can hold a page in one encoding only",
        ),
        (
            "{ folder: x, precompress: zip }",
            "`deploy.targets.live.precompress` can't be `zip`",
        ),
        (
            "{ folder: x, indexnow: short }",
            "`short` is no key of IndexNow",
        ),
        ("{ folder: x, websub: hub }", "`hub` is not an address"),
        ("{ folder: x, base_url: y }", "`y` is not an address"),
        (
            "{ folder: x, hooks: { during: y } }",
            "there is no hook `during`",
        ),
        (
            "{ folder: x, services: { fastly: 'https://x.example' } }",
            "there is no service `fastly`",
        ),
    ] {
        let source = format!("title: T\ndeploy: {{ targets: {{\n    live: {yaml}\n  }} }}\n");
        let faults = faults(&source);
        assert!(
            faults
                .iter()
                .any(|fault| fault.starts_with("3:") && fault.contains(expect)),
            "{yaml}: {faults:#?}"
        );
        assert!(
            faults.iter().all(|fault| fault.ends_with(')')),
            "no hint: {faults:#?}"
        );
    }
    let named = faults("title: T\ndeploy:\n  targets:\n    status: { folder: x }\n");
    assert!(
        named[0].starts_with("4:5 `status` can't be the name of a target"),
        "{named:?}"
    );
}

#[test]
fn a_header_that_can_not_be_sent_is_refused() {
    let config = with("headers:\n  '/a/*': { x-a: b }");
    assert_eq!(config.headers[0].glob, "a/*");
    for (yaml, expect) in [
        ("{ 'a b': c }", "`a b` is no name of a header"),
        ("{ a: \"x\\ny\" }", "the value of `a` can't be sent"),
        ("{ a: ä }", "the value of `a` can't be sent"),
        ("text", "`headers.x` must be a map"),
    ] {
        let faults = faults(&format!("title: T\nheaders:\n  x: {yaml}\n"));
        assert!(faults[0].contains(expect), "{yaml}: {faults:?}");
    }
}

#[test]
fn no_key_of_the_table_is_forgotten() {
    fn paths(prefix: &str, keys: &[Key], into: &mut Vec<String>) {
        for key in keys {
            let path = format!("{prefix}{}", key.name);
            match key.shape {
                Shape::Map(keys) => paths(&format!("{path}."), keys, into),
                Shape::Any([Shape::Map(keys), ..]) => paths(&format!("{path}."), keys, into),
                _ => into.push(path),
            }
        }
    }
    fn find<'d>(data: &'d Data, path: &str) -> Option<&'d Data> {
        path.split('.').try_fold(data, |data, key| match data {
            Data::Map(entries) => entries
                .iter()
                .find(|(name, _)| name == key)
                .map(|(_, data)| data),
            _ => None,
        })
    }
    let mut known = Vec::new();
    paths("", KEYS, &mut known);
    assert!(known.len() > 40, "{known:?}");
    let (all, defaults) = (read(EVERY_KEY).to_data(), Config::default().to_data());
    for path in known {
        assert!(find(&all, &path).is_some(), "{path}");
        assert_ne!(find(&all, &path), find(&defaults, &path), "{path}");
    }
}

#[test]
fn an_editor_is_a_name_or_an_address() {
    for (written, is_one) in [
        ("vscodium", true),
        ("none", true),
        ("my-editor://open?file={path}&line={line}", true),
        ("vscod", false),
        ("my-editor://open", false),
        ("javascript:alert('{path}')", false),
        ("{path}", false),
    ] {
        let text = format!("title: A\npreview: {{ editor: \"{written}\" }}\n");
        let (config, faults) = parse("dateline.yaml", &text);
        assert_eq!(config.is_some(), is_one, "{written}: {faults:?}");
        assert!(is_one || !faults[0].hints.is_empty(), "{written}");
    }
}

#[test]
fn a_title_is_enough() {
    let config = read("title: The Harbour Gazette\n");
    assert_eq!(config.publisher.name, "The Harbour Gazette");
    assert_eq!(config.base_url, "http://localhost:1111");
    assert_eq!(config.permalink, "/:section/:year/:month/:slug/");
    assert_eq!(config.time_zone.iana_name(), Some("UTC"));
    let keys: Vec<_> = config
        .taxonomies
        .iter()
        .map(|taxonomy| &taxonomy.key)
        .collect();
    assert_eq!(keys, ["tags", "authors"]);
    assert_eq!(config.lint.uncredited_photo, Level::Error);
}

#[test]
fn what_is_no_configuration_is_refused_with_words() {
    let hint = "(add a line such as `title: The Harbour Gazette`)";
    for (source, fault) in [
        ("", format!("the configuration is empty {hint}")),
        ("# nothing\n", format!("the configuration is empty {hint}")),
        ("theme: mine\n", format!("the site has no title {hint}")),
        (
            "- a\n- b\n",
            "1:1 the configuration must be a map of keys, not a list (write lines such as `title: The Harbour Gazette`)".to_owned(),
        ),
        (
            "title: T\n---\ntitle: U\n",
            "this file has more than one YAML document (keep one; `---` may stand at its beginning only)".to_owned(),
        ),
    ] {
        assert_eq!(faults(source), [fault], "{source:?}");
    }
    let binary =
        crate::source::text::decode("dateline.yaml", b"\x7fELF\x02\x01\x01\0\0\0\0\xff\xff");
    assert!(binary.is_err());
}

#[test]
fn unknown_keys_are_errors_with_what_is_meant() {
    let source = "title: T\ntilte: x\nbaseURL: https://a.example\nlint:\n  missing-alt: off\n  typo: 1\nfoo: 1\nparams: {}\n";
    assert_eq!(
        faults(source),
        [
            "2:1 unknown key `tilte` (did you mean `title`?)",
            "3:1 unknown key `baseURL` (did you mean `base_url`?)",
            "5:3 unknown key `lint.missing-alt` (did you mean `missing_alt`?)",
            "6:3 unknown key `lint.typo` (`lint` has the keys `uncredited_photo`, `missing_alt`, `doubtful_alt`, `disagreeing_credit`, `similar_credits`, `silent_update`)",
            "7:1 unknown key `foo` (keys of your own go under `extra`)",
            "8:1 unknown key `params` (did you mean `extra`?)",
        ]
    );
}

#[test]
fn every_wrong_value_is_told_at_once() {
    let source = "title: [x]\nper_page: 0\nrelated: many\nlint: error\nlanguage: klingonese!\n\
                  time_zone: Lisbon\ndate_order: american\nmarkdown: { math: perhaps, raw_html: maybe }\n\
                  limits: { page_bytes: 10 parsecs }\nminify_html: [true]\ntheme: ../x\nextra: 3\nimage: { src: /a.png }\n";
    assert_eq!(
        faults(source),
        [
            "1:1 `title` must be a text, not a list (write one value, in quotes if it begins with a bracket or a brace)",
            "2:11 `per_page` must be from 1 to 1000, not 0",
            "3:10 `related` must be a whole number, not the text `many` (write digits alone, such as `3`)",
            "4:7 `lint` must be a map, not the text `error` (write its keys below it, each on a line of its own and indented)",
            "5:11 `klingonese!` is not a language tag (write a BCP 47 tag, such as `en`, `pt-BR` or `zh-Hant`)",
            "6:12 `Lisbon` is not a time zone (did you mean `Europe/Lisbon`?)",
            "7:13 `date_order` can't be `american` (write one of `dmy`, `mdy`, `ymd`)",
            "8:19 `markdown.math` must be true or false, not the text `perhaps` (write `true` or `false`)",
            "8:38 `markdown.raw_html` can't be `maybe` (write one of `escape`, `pass`, `trusted`)",
            "9:23 `limits.page_bytes` must be a number such as `5000` or `10 MB`, not the text `10 parsecs`",
            "10:1 `minify_html` must be true or false, not a list (write `true` or `false`)",
            "11:8 `theme` must be the name of a folder of `themes/`, not `../x`",
            "12:8 `extra` must be a map, not `3` (write its keys below it, each on a line of its own and indented)",
            "13:1 `image` has no `alt`",
        ]
    );
}

#[test]
fn a_base_url_is_an_address_without_a_slash_at_its_end() {
    for (written, url) in [
        ("https://a.example/", "https://a.example"),
        ("https://a.example/b/c//", "https://a.example/b/c"),
        ("HTTP://localhost:8000", "http://localhost:8000"),
        (" https://münchen.example ", "https://münchen.example"),
    ] {
        assert_eq!(check_base_url(written).as_deref(), Ok(url));
    }
    for written in [
        "",
        "a.example",
        "/news",
        "ftp://a.example",
        "https://",
        "https:///x",
        "https://:80",
        "https://a b",
        "https://a.example/?q",
        "https://a.example/#f",
        "https://u:p@a.example",
        "https://a.example/../b",
        "https://a.example//b",
        "https://a.example/\"",
        "file:///etc",
    ] {
        assert!(check_base_url(written).is_err(), "{written}");
    }
}

#[test]
fn permalink_patterns_name_the_article_and_nothing_unknown() {
    for pattern in [
        "/:slug/",
        "/:section/:year/:month/:day/:name.html",
        "/a/:year-:month-:slug",
    ] {
        assert_eq!(with(&format!("permalink: {pattern}")).permalink, pattern);
    }
    for (pattern, fault) in [
        (
            "/:yaer/:slug/",
            "unknown placeholder `:yaer` (did you mean `:year`?)",
        ),
        (
            "/:title/",
            "unknown placeholder `:title` (did you mean `:slug`?)",
        ),
        (
            "/:year/:xyzzy/",
            "unknown placeholder `:xyzzy` (a pattern may name `:section`, `:year`, `:month`, `:day`, `:slug`, `:name`)",
        ),
        (
            "/:year/",
            "a permalink pattern must name `:slug` or `:name`, or all articles of a month share one address",
        ),
        (":slug/", "a permalink pattern begins with `/`"),
        (
            "/../:slug/",
            "a permalink pattern can't have `.` or `..` as a part",
        ),
        (
            "/{{ slug }}/:slug",
            "a permalink pattern is a path: letters, `/` and placeholders",
        ),
    ] {
        let faults = faults(&format!("title: T\npermalink: '{pattern}'\n"));
        assert!(faults[0].contains(fault), "{faults:?}");
    }
}

#[test]
fn taxonomies_are_keys_or_maps() {
    let config = with("taxonomies: [tags, places, { key: categories, feeds: no }]");
    let taxonomies: Vec<_> = config
        .taxonomies
        .iter()
        .map(|taxonomy| {
            (
                taxonomy.key.as_str(),
                taxonomy.singular.as_str(),
                taxonomy.feeds,
            )
        })
        .collect();
    assert_eq!(
        taxonomies,
        [
            ("tags", "tag", true),
            ("places", "place", true),
            ("categories", "category", false)
        ]
    );
    assert_eq!(
        faults(
            "title: T\ntaxonomies: [tags, tags, headline, author, sections, a/b, { singular: x }]\n"
        ),
        [
            "2:20 the taxonomy `tags` is given twice",
            "2:26 `headline` can't be a taxonomy: articles have the key `headline` for something else (choose another name)",
            "2:36 `author` is another name of `authors` (write `authors`)",
            "2:44 `sections` is no taxonomy of front matter (remove it: sections and photo credits always have pages)",
            "2:54 `a/b` can't be the key of a taxonomy (use letters, digits, `-` and `_`)",
            "2:61 a taxonomy has no `key`",
        ]
    );
}

#[test]
fn a_menu_is_a_list_or_a_map() {
    let item = |name: &str, url: &str| MenuItem {
        name: name.to_owned(),
        url: url.to_owned(),
    };
    let expected = [item("Local", "/local/"), item("2024", "/2024/")];
    assert_eq!(
        with("menu: { Local: /local/, 2024: /2024/ }").menu,
        expected
    );
    let list = "menu:\n  - { name: Local, url: /local/ }\n  - name: 2024\n    url: /2024/";
    assert_eq!(with(list).menu, expected);
    let named = with(list).named;
    let lines: Vec<_> = named
        .iter()
        .map(|(_, place)| place.stretch.as_ref().map(|at| (at.line, at.column)))
        .collect();
    assert_eq!(lines, [Some((3, 25)), Some((5, 10))]);
    assert_eq!(
        faults("title: T\nmenu: [{ name: x }]\n"),
        ["2:10 an entry of `menu` has no `url`"]
    );
}

#[test]
fn limits_are_numbers_or_have_units() {
    for (written, amount) in [
        ("5000", 5000),
        ("10 MB", 10_000_000),
        ("1.5kb", 1500),
        ("2 MiB", 2 << 20),
        ("100 million", 100_000_000),
        ("1_000", 1000),
    ] {
        let config = with(&format!("limits: {{ page_bytes: {written} }}"));
        assert_eq!(config.limits.page_bytes, amount, "{written}");
    }
}

#[test]
fn only_what_governs_parsing_changes_its_fingerprint() {
    let parsing = |keys: &str| with(keys).parsing();
    let plain = parsing("");
    for keys in [
        "time_zone: Europe/Lisbon",
        "date_order: mdy",
        "language: pt",
        "taxonomies: [tags]",
        "markdown: { math: false }",
        "markdown: { raw_html: escape }",
        "markdown: { words_per_minute: 200 }",
        "lint: { missing_alt: error }",
        "limits: { article_bytes: 1000 }",
        "slugs: ascii",
    ] {
        assert_ne!(parsing(keys), plain, "{keys}");
    }
    for keys in [
        "theme: mine",
        "per_page: 3",
        "base_url: https://a.example",
        "extra: { a: 1 }",
    ] {
        assert_eq!(parsing(keys), plain, "{keys}");
    }
}

#[test]
fn the_schema_is_closed_and_describes_every_key() {
    let schema = schema();
    assert_eq!(schema["additionalProperties"], false);
    let lint = &schema["properties"]["lint"];
    assert_eq!(lint["additionalProperties"], false);
    assert_eq!(lint["properties"]["missing_alt"]["enum"][1], "warn");
    for key in KEYS {
        assert!(
            schema["properties"][key.name]["description"].is_string(),
            "{}",
            key.name
        );
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(source in "\\PC*", start in 0..3_usize) {
        let start = ["", "title: ", "title: T\ntaxonomies: "][start];
        let (config, faults) = parse("dateline.yaml", &format!("{start}{source}"));
        prop_assert!(config.is_some() || !faults.is_empty());
    }

    #[test]
    fn every_key_refuses_or_takes_every_value(
        key in 0..KEYS.len(),
        value in prop::sample::select(vec![
            "1", "-1", "x", "[x]", "{a: b}", "true", "1.5", "''", "[[]]", "[{}]", "{name: [x]}", "99999999999999999999",
        ]),
    ) {
        let (config, faults) = parse("dateline.yaml", &format!("title: T\n{}: {value}\n", KEYS[key].name));
        prop_assert!(config.is_some() || !faults.is_empty());
    }
}
