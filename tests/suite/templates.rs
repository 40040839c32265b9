//! Broken and hostile templates, and broken configurations.

use crate::support::{CONFIG, Site, article, told};
use std::fs;
use std::time::{Duration, Instant};

fn good() -> Site {
    let site = Site::new(&[(
        "content/a.md",
        &article("A", "2024-01-01", "url: /a/\n", "Text."),
    )]);
    site.build();
    site
}

/// Builds with this template of the site's own; expects one error that says so, at this line.
/// Returns its hints.
fn check(template: &str, line: usize, message: &str) -> Vec<String> {
    let site = good();
    site.put("templates/article.html", template);
    let before = site.everything();
    let start = Instant::now();
    let Err(faults) = site.try_build() else {
        panic!("not refused: {template}")
    };
    assert!(
        start.elapsed() < Duration::from_secs(60),
        "{template}: {:?}",
        start.elapsed()
    );
    assert!(
        before == site.everything(),
        "{template}: the folder changed"
    );
    let found = faults
        .iter()
        .find(|fault| fault.is_error() && fault.message.contains(message));
    let Some(fault) = found else {
        panic!("no error says `{message}`: {faults:#?}")
    };
    let place = fault
        .place
        .as_ref()
        .unwrap_or_else(|| panic!("no place: {fault:#?}"));
    assert_eq!(place.path, "templates/article.html", "{template}");
    if line > 0 {
        let stretch = place
            .stretch
            .as_ref()
            .unwrap_or_else(|| panic!("no line: {fault:#?}"));
        assert_eq!(stretch.line, line, "{template}: {fault:#?}");
        assert!(template.contains(&stretch.text), "{template}: {fault:#?}");
    }
    fault.hints.clone()
}

#[test]
fn what_a_template_does_not_know_has_a_hint() {
    for (template, message, hint) in [
        (
            "{{ article.headlin }}",
            "an article has no field",
            "did you mean `headline`?",
        ),
        (
            "{{ page.titel }}",
            "a page has no field",
            "did you mean `title`?",
        ),
        (
            "{{ 1 | env }}",
            "unknown filter `env`",
            "the manual lists every filter",
        ),
        (
            "{{ now() }}",
            "unknown function `now`",
            "the manual lists every function",
        ),
        (
            "{% if 1 is prime %}{% endif %}",
            "unknown test `prime`",
            "the manual lists every test",
        ),
        (
            "{% include \"/etc/x\" %}",
            "unknown template",
            "named by its path in `templates/`",
        ),
        (
            "{{ asset(path=\"site.css\").url }}",
            "found `.`",
            "{% set answer = ... %}",
        ),
    ] {
        let hints = check(template, 1, message);
        assert!(
            hints.iter().any(|given| given.contains(hint)),
            "{template}: {hints:?}"
        );
    }
}

#[test]
fn what_a_template_does_not_know_is_refused_at_its_line() {
    check("x\n{{ article.headline", 2, "");
    check("x\n{% if %}\n", 2, "");
    check("{% for a in recent %}\nx", 0, "");
    check("{% endfor %}", 1, "");
    check("x\n{{ artcle.headline }}", 2, "unknown variable `artcle`");
    check("x\n\n{{ article.headlin }}", 3, "has no field `headlin`");
    check("{{ article.headline | uper }}", 1, "ilter");
    check("x\n{{ get_artcles(limit=1) }}", 2, "unction");
    check(
        "x\n{{ get_articles(limt=1) | length }}",
        2,
        "no argument `limt`",
    );
    check("{% if article.headline is strng %}x{% endif %}", 1, "est");
    check("{% include \"nothing.html\" %}", 1, "nothing.html");
    check("{% extends \"nothing.html\" %}", 1, "nothing.html");
    check("{{ <nothing /> }}", 1, "nothing");
    check("{{ article.headline + 1 }}", 1, "");
    check(
        "x\n{% set a = get_article(path=\"@/none.md\") %}",
        2,
        "there is no article `@/none.md`",
    );
    check(
        "x\n{{ throw(message=\"my own words\") }}",
        2,
        "my own words",
    );
}

#[test]
fn every_fault_of_every_template_is_listed() {
    let site = good();
    site.put("templates/article.html", "{{ one.");
    site.put("templates/home.html", "x\n{% if %}");
    site.put("templates/other.html", "{{ three }");
    let before = site.everything();
    let faults = site.try_build().expect_err("the templates are broken");
    assert!(before == site.everything());
    for name in ["article", "home", "other"] {
        assert!(
            faults
                .iter()
                .any(|fault| told(fault).starts_with(&format!("templates/{name}.html:"))),
            "{name}: {faults:#?}"
        );
    }
}

#[test]
fn templates_that_call_themselves_are_refused() {
    check("{% include \"article.html\" %}", 0, "");
    check("{% extends \"article.html\" %}", 0, "");
    let site = good();
    site.put("templates/article.html", "{% extends \"b.html\" %}");
    site.put("templates/b.html", "{% extends \"article.html\" %}");
    let faults = site.try_build().expect_err("they extend each other");
    assert!(
        faults
            .iter()
            .any(|fault| fault.is_error() && fault.place.is_some()),
        "{faults:#?}"
    );
    let site = good();
    site.put("templates/article.html", "{% include \"b.html\" %}");
    site.put("templates/b.html", "{% include \"article.html\" %}");
    let output = site.run(&["build"]);
    assert_eq!(
        output.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn work_without_end_is_refused_soon() {
    let range = |depth: usize| {
        let open: String = (0..depth)
            .map(|at| format!("{{% for x{at} in range(end=1000) %}}"))
            .collect();
        format!("{open}x{}", "{% endfor %}".repeat(depth))
    };
    let list = format!("[{}]", vec!["1"; 100].join(", "));
    let literal = (0..5).fold("x".to_owned(), |inner, at| {
        format!("{{% for y{at} in {list} %}}{inner}{{% endfor %}}")
    });
    let cases = [
        range(3),
        range(9),
        literal,
        "{{ range(end=1000000000) | length }}".to_owned(),
        "{% for a in range(end=99999) %}{% for b in range(end=99999) %}{% endfor %}{% endfor %}".to_owned(),
        "{% for a in range(end=99999) %}{% set x = [b for b in range(end=99999)] %}{% endfor %}".to_owned(),
        "{% component deep(n: Integer) %}{{ <deep n={n + 1} /> }}{% endcomponent deep %}{{ <deep n={1} /> }}".to_owned(),
        "{% component wide(n: Integer) %}{{ <wide n={n} /> }}{{ <wide n={n} /> }}{{ <wide n={n} /> }}{{ <wide n={n} /> }}{% endcomponent wide %}{{ <wide n={1} /> }}".to_owned(),
        "{% set_global t = \"xxxxxxxxxx\" %}{% for a in range(end=99999) %}{% set_global t = t ~ t %}{% endfor %}{{ t }}".to_owned(),
        "{% set t = \"xxxxxxxxxx\" %}".to_owned() + &"{% set t = t ~ t %}".repeat(60) + "{{ t | length }}",
        "{% set l = [1, 2, 3] %}".to_owned() + &"{% set l = l | concat(with=l) %}".repeat(60) + "{{ l | length }}",
        "{% for a in range(end=99999) %}{% for b in range(end=99) %}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{% endfor %}{% endfor %}".to_owned(),
        "{% set t %}{% for a in range(end=99999) %}{% for b in range(end=99) %}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{% endfor %}{% endfor %}{% endset %}".to_owned(),
    ];
    for template in cases {
        let site = good();
        site.put("templates/article.html", &template);
        site.put(
            "dateline.yaml",
            format!("{CONFIG}limits: {{ template_steps: 1 million }}\n"),
        );
        let before = site.everything();
        let start = Instant::now();
        // The limit of memory is the shell's: more than 4 GB is a crash.
        let binary = env!("CARGO_BIN_EXE_dateline");
        let output = std::process::Command::new("sh")
            .args(["-c", "ulimit -v 4000000; exec \"$0\" build", binary])
            .current_dir(site.root())
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        let shown: String = template.chars().take(100).collect();
        assert_eq!(output.status.code(), Some(1), "{shown}: {told}");
        assert!(
            start.elapsed() < Duration::from_secs(120),
            "{shown}: {:?}",
            start.elapsed()
        );
        assert!(
            told.contains("error: ") && told.contains("article.html"),
            "{shown}: {told}"
        );
        assert!(before == site.everything(), "{shown}: the folder changed");
    }
}

#[test]
fn the_limits_of_a_page_can_be_set() {
    let site = good();
    site.put(
        "templates/article.html",
        "{% for a in range(end=1000) %}xxxxxxxxxx{% endfor %}",
    );
    site.build();
    site.put(
        "dateline.yaml",
        format!("{CONFIG}limits: {{ template_steps: 500 }}\n"),
    );
    site.refuses(&["takes more steps than `limits.template_steps` allows"]);
    site.put(
        "dateline.yaml",
        format!("{CONFIG}limits: {{ page_bytes: 9 KB }}\n"),
    );
    let faults = site.try_build().expect_err("the page is too long");
    assert!(
        faults
            .iter()
            .any(|fault| fault.message.contains("`limits.page_bytes`")),
        "{faults:#?}"
    );
}

#[test]
fn templates_read_nothing_but_the_theme_and_the_data() {
    let site = good();
    site.put("secret.txt", "the secret");
    site.put(".env", "the secret");
    for path in [
        "/etc/passwd",
        "../secret.txt",
        "../../etc/passwd",
        "../dateline.yaml",
        "secret.txt",
        "..\\secret.txt",
        "file:///etc/passwd",
        "content/a.md",
        "../../.env",
        "%2e%2e/secret.txt",
    ] {
        for template in [
            format!("{{% include \"{path}\" %}}"),
            format!("{{% extends \"{path}\" %}}"),
            format!("{{{{ load_data(path=\"{path}\") }}}}"),
            format!("{{{{ asset(path=\"{path}\").url }}}}"),
            format!("{{{{ picture(src=\"{path}\").url }}}}"),
        ] {
            site.put("templates/article.html", &template);
            let Err(faults) = site.try_build() else {
                assert!(
                    template.contains("picture") && path.starts_with("file:"),
                    "{template} is not refused"
                );
                assert!(!site.page("a/index.html").contains("root:"), "{template}");
                continue;
            };
            assert!(
                faults.iter().any(|fault| fault.is_error()
                    && told(fault).starts_with("templates/article.html:1:")),
                "{template}: {faults:#?}"
            );
        }
    }
    for function in [
        "get_env(name=\"HOME\")",
        "load_file(path=\"/etc/passwd\")",
        "get_url(path=\"x\")",
        "exec(command=\"id\")",
        "now()",
        "get_random(end=3)",
    ] {
        site.put("templates/article.html", format!("{{{{ {function} }}}}"));
        assert!(site.try_build().is_err(), "{function} is a function");
    }
    for theme in [
        "../themes/x",
        "/etc",
        "..",
        ".",
        "a/b",
        "none",
        ".hidden",
        "a\\b",
    ] {
        site.put("dateline.yaml", format!("{CONFIG}theme: '{theme}'\n"));
        let faults = site.try_build().expect_err("there is no such theme");
        assert!(
            faults.iter().any(|fault| fault.is_error()
                && fault
                    .place
                    .as_ref()
                    .is_some_and(|place| place.path == "dateline.yaml")),
            "{theme}: {faults:#?}"
        );
    }
}

#[test]
fn a_template_that_is_no_text_is_refused() {
    let site = good();
    site.put("templates/article.html", b"caf\xe9");
    site.refuses(&[
        "templates/article.html: this is not UTF-8: byte 3 is wrong, the file is probably Latin-1",
    ]);
}

#[test]
fn a_broken_configuration_is_refused_with_every_fault() {
    let check = |config: &[u8], expect: &[&str]| {
        let site = good();
        site.put("dateline.yaml", config);
        let before = site.everything();
        let output = site.run(&["build"]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{told}");
        for expect in expect {
            assert!(told.contains(expect), "`{expect}`: {told}");
        }
        assert!(before == site.everything(), "the folder changed");
    };
    check(
        b"titel: A\nbase_ulr: x\nper_page: 0\n",
        &[
            "unknown key `titel`",
            "did you mean `title`?",
            "dateline.yaml:2:1",
            "did you mean `base_url`?",
            "dateline.yaml:3:",
        ],
    );
    check(b"- a\n- b\n", &["must be a map of keys, not a list"]);
    check(b"just text", &["must be a map of keys"]);
    check(b"", &["the configuration is empty"]);
    check(b"# nothing\n", &["the configuration is empty"]);
    check(b"\x7fELF\0\0\0\xff", &["this is not UTF-8"]);
    check(b"title: [\n", &["dateline.yaml:"]);
    check(b"title: A\ntitle: B\n", &["dateline.yaml:2:1", "twice"]);
    check(
        b"title: A\nlint: { uncredited_foto: error }\n",
        &["did you mean", "uncredited_photo"],
    );
    check(b"title: A\ntaxonomies: ['../x']\n", &["dateline.yaml"]);
    check(
        b"title: A\nlimits: { article_bytes: many }\n",
        &["dateline.yaml:2:"],
    );
    check(
        &[
            b"title: A\nextra: ".as_slice(),
            "[".repeat(10_000).as_bytes(),
        ]
        .concat(),
        &["dateline.yaml:"],
    );
}

#[test]
fn what_the_configuration_names_must_be_there() {
    let check = |config: &str, place: &str, expect: &[&str]| {
        let site = good();
        site.put("content/about.md", "---\nheadline: About\n---\n");
        site.put("content/soon.md", "---\nheadline: Soon\ndraft: true\n---\n");
        site.put(
            "static/logo.svg",
            "<svg xmlns='http://www.w3.org/2000/svg'/>",
        );
        site.put("static/notes.txt", "No picture.");
        site.put("dateline.yaml", format!("title: The Gazette\n{config}"));
        let output = site.run(&["build"]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(
            output.status.code(),
            Some(i32::from(!expect.is_empty())),
            "{told}"
        );
        for expect in expect.iter().chain([&place]) {
            assert!(told.contains(expect), "`{expect}`: {told}");
        }
    };
    check(
        "menu:\n  - { name: A, url: '@/abuot.md' }\n",
        "dateline.yaml:3:22",
        &[
            "the menu leads to `@/abuot.md`",
            "did you mean `@/about.md`?",
        ],
    );
    check(
        "menu: { A: '@/soon.md' }\n",
        "dateline.yaml:2:",
        &["the menu leads to"],
    );
    check(
        "image: { src: /lgo.svg, alt: L }\n",
        "dateline.yaml:2:15",
        &[
            "there is no picture `static/lgo.svg`",
            "did you mean `/logo.svg`?",
        ],
    );
    check(
        "publisher:\n  logo: /notes.txt\n",
        "dateline.yaml:3:9",
        &["`static/notes.txt` is not a picture"],
    );
    check(
        "publisher:\n  logo: logo.svg\n",
        "dateline.yaml:3:9",
        &["`logo.svg` is no file of static/", "such as `/logo.svg`"],
    );
    check(
        "menu: { A: '@/about.md', B: /x/ }\nimage: { src: /logo.svg, alt: L }\n\
         publisher: { logo: https://x.example/logo.svg }\n",
        "",
        &[],
    );
}

#[test]
fn a_theme_that_is_not_there_is_one_fault() {
    let site = good();
    site.put("dateline.yaml", "title: The Gazette\ntheme: broadshet\n");
    let output = site.run(&["build"]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    for expect in [
        "there is no theme `broadshet`",
        "did you mean `broadsheet`?",
        "\n1 error\n",
    ] {
        assert!(told.contains(expect), "`{expect}`: {told}");
    }
}

#[test]
fn a_missing_configuration_says_where_it_looked() {
    let site = good();
    site.delete("dateline.yaml");
    let output = site.run(&["build"]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(
        told.contains("dateline.yaml") && told.contains("dateline init"),
        "{told}"
    );
    let output = site.run(&["build", "-c", "other.yaml"]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("other.yaml"), "{told}");
    fs::create_dir(site.path("dateline.yaml")).unwrap();
    let output = site.run(&["build"]);
    assert!(matches!(output.status.code(), Some(2 | 4)), "{output:?}");
}
