//! What assets become.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Makes the first of the files; all of them can be imported.
fn make_of(files: &[(&str, &str)]) -> Result<(String, String), String> {
    let known: BTreeMap<&str, (String, &[u8])> = files
        .iter()
        .map(|(path, text)| (*path, (format!("themes/t/assets/{path}"), text.as_bytes())))
        .collect();
    let find = |path: &str| {
        known
            .get_key_value(path)
            .map(|(path, (shown, bytes))| AssetFile { path, shown, bytes })
    };
    let first = find(files[0].0).expect("a first file");
    match process(first, &find) {
        Ok(asset) => {
            let text = String::from_utf8(asset.bytes.into_owned()).expect("text");
            Ok((asset.route, text))
        }
        Err(fault) => {
            let place = fault.place.expect("a place");
            let at = place
                .stretch
                .map_or(String::new(), |at| format!(":{}:{}", at.line, at.column));
            let hints = fault.hints.iter().map(|hint| format!(" | {hint}"));
            Err(format!(
                "{}{at}: {}{}",
                place.path,
                fault.message,
                hints.collect::<String>()
            ))
        }
    }
}

fn check(files: &[(&str, &str)], expect: &str) {
    let made = make_of(files).map(|(_, text)| text);
    assert_eq!(made.as_deref(), Ok(expect), "{files:?}");
}

fn check_fault(files: &[(&str, &str)], expect: &str) {
    assert_eq!(make_of(files).expect_err("a fault"), expect, "{files:?}");
}

#[test]
fn a_name_has_eight_digits_of_the_content() {
    let check = |path: &str, text: &str, expect: &str| {
        let (route, made) = make_of(&[(path, text)]).expect("an asset");
        let digits = Fingerprint::of_bytes(made.as_bytes()).short(8);
        assert_eq!(route, expect.replace('#', &digits));
    };
    check("site.css", "a{b:c}", "assets/site.#.css");
    check("css/site.scss", "a{b:c}", "assets/css/site.#.css");
    check("js/a.b.js", "f()", "assets/js/a.b.#.js");
    check("a.mjs", "f()", "assets/a.#.mjs");
    check("logo.svg", "<svg/>", "assets/logo.#.svg");
    check("LICENCE", "free", "assets/LICENCE.#");
}

#[test]
fn the_integrity_is_sha384_of_what_is_published() {
    // The digest of "abc" in FIPS 180-4's example.
    let file = AssetFile {
        path: "a.txt",
        shown: "assets/a.txt",
        bytes: b"abc",
    };
    let asset = process(file, &|_| None).expect("an asset");
    assert_eq!(
        asset.integrity,
        "sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn"
    );
    assert!(matches!(asset.bytes, Cow::Borrowed(_)));
}

#[test]
fn a_style_sheet_is_minified_with_what_it_imports() {
    check(
        &[(
            "a.css",
            "/* x */ a { color: #ff0000; }\n\n b { margin: 0px }",
        )],
        "a{color:red}b{margin:0}",
    );
    check(
        &[
            (
                "a.css",
                "@import 'b.css'; @import url(sub/c.css) layer(x) screen; a { color: red }",
            ),
            ("b.css", "b { color: red }"),
            ("sub/c.css", "@import '../d.css'; c { color: red }"),
            ("d.css", "d { color: red }"),
        ],
        "b{color:red}@media screen{@layer x{d,c{color:red}}}a{color:red}",
    );
    check(
        &[
            (
                "a.css",
                "@import 'b.css'; @import 'https://fonts.example/f.css'; a { b: c }",
            ),
            ("b.css", "b { b: c }"),
        ],
        "@import \"https://fonts.example/f.css\";b,a{b:c}",
    );
    check(
        &[
            (
                "a.css",
                "@layer base, theme; @import 'b.css' layer(theme); @layer base { a { b: c } }",
            ),
            ("b.css", "b { b: c }"),
        ],
        "@layer base{a{b:c}}@layer theme{b{b:c}}",
    );
}

#[test]
fn addresses_in_a_style_sheet_are_the_published_ones() {
    let font = Fingerprint::of_bytes(b"font").short(8);
    check(
        &[
            (
                "css/a.css",
                "@import 'parts/b.css'; a { background: url(data:image/png;base64,AA==) }",
            ),
            (
                "css/parts/b.css",
                "@font-face { font-family: S; src: url('../../fonts/s.woff2?v=1#iefix') }\
                 b { background: url(/pic.png) } c { filter: url(#f); mask: url(https://x.example/y.svg) }",
            ),
            ("fonts/s.woff2", "font"),
        ],
        &format!(
            "@font-face{{font-family:S;src:url(../fonts/s.{font}.woff2?v=1#iefix)}}\
             b{{background:url(/pic.png)}}c{{filter:url(#f);mask:url(https://x.example/y.svg)}}\
             a{{background:url(data:image/png;base64,AA==)}}"
        ),
    );
}

#[test]
fn faults_of_style_sheets_have_places() {
    check_fault(
        &[("a.css", "a { b: c }\n  @import 'b.css';\n")],
        "themes/t/assets/a.css:2:10: @import rules must precede all rules aside from @charset and @layer statements",
    );
    check_fault(
        &[
            ("a.css", "@import 'b.css';"),
            ("b.css", "a { b: c }\n@media ) {}"),
        ],
        "themes/t/assets/b.css:2:7: unexpected `)`",
    );
    check_fault(
        &[("a.css", "\n@import 'gone.css';")],
        "themes/t/assets/a.css:2:1: there is no asset `gone.css` | put the file into `assets/`, or begin its address with `/` if it is in `static/`",
    );
    check_fault(
        &[("a.css", "a { b: url(x.png) }")],
        "themes/t/assets/a.css:1:12: there is no asset `x.png` | put the file into `assets/`, or begin its address with `/` if it is in `static/`",
    );
    check_fault(
        &[("a.css", "@import 'b.css';"), ("b.css", "@import 'a.css';")],
        "themes/t/assets/b.css:1:1: `a.css` imports itself by this import | remove one of the imports",
    );
}

#[test]
fn sass_sees_the_assets_and_nothing_else() {
    check(
        &[
            (
                "css/a.scss",
                "@use 'parts/colours' as c; @import 'old'; a { b { color: c.$red } } @include x;",
            ),
            ("css/parts/_colours.scss", "$red: #f00;"),
            ("css/_old.sass", "@mixin x\n  p\n    margin: 1px + 1px\n"),
        ],
        "a b{color:red}p{margin:2px}",
    );
    check(
        &[
            ("a.scss", "@use 'kit'; a { b: kit.$c }"),
            ("kit/_index.scss", "$c: d;"),
        ],
        "a{b:d}",
    );
    for path in [
        "/etc/passwd",
        "../../../etc/passwd",
        "/etc/hostname.css",
        "/x",
    ] {
        let fault = make_of(&[("a.scss", &format!("\n@use '{path}';")), ("x.scss", "")])
            .expect_err("no such file");
        assert_eq!(
            fault,
            "themes/t/assets/a.scss:2:1: can't find stylesheet to import"
        );
    }
}

#[test]
fn faults_of_sass_have_the_place_in_the_file_that_has_them() {
    check_fault(
        &[("a.scss", "a {\n  color: $gone;\n}")],
        "themes/t/assets/a.scss:2:10: undefined variable",
    );
    check_fault(
        &[("a.scss", "@use 'b';"), ("_b.scss", "a {\n  b: c\n")],
        "themes/t/assets/_b.scss:2:7: expected \"}\"",
    );
}

/// grass_compiler 0.13.4 asserts that an indented statement is one (parse/sass.rs, line 200).
#[test]
fn a_text_that_the_sass_compiler_panics_at_is_a_fault() {
    check_fault(
        &[("a.sass", "\n \"")],
        "themes/t/assets/a.sass: the Sass compiler can't read this | look for a quote or bracket that is not closed",
    );
}

#[test]
fn the_functions_of_sass_that_would_make_builds_differ_are_not_there() {
    let (_, once) = make_of(&[("a.scss", "a { b: random(1000000) }")]).expect("plain CSS");
    assert_eq!(once, "a{b:random(1000000)}");
}

#[test]
fn a_script_is_minified_and_keeps_what_others_may_use() {
    check(
        &[(
            "a.js",
            "// x\nfunction greet(name) { const hello = 'Hello, '; return hello + name; }",
        )],
        "function greet(e){return`Hello, `+e}",
    );
    check(
        &[("a.mjs", "export const twice = (number) => number * 2;")],
        "export const twice=e=>e*2;",
    );
}

#[test]
fn imports_of_a_script_are_the_published_ones() {
    let (route, _) = make_of(&[("js/b.js", "export const b = 1;")]).expect("a module");
    let name = route.strip_prefix("assets/js/").expect("its folder");
    check(
        &[
            (
                "js/a.js",
                "import { b } from './b.js'; export * from \"../js/b.js\"; import x from 'x'; f(b, x, import('./b.js'), import(n));",
            ),
            ("js/b.js", "export const b = 1;"),
        ],
        &format!(
            "import{{b}}from\"./{name}\";export*from\"./{name}\";import x from\"x\";f(b,x,import(`./{name}`),import(n));"
        ),
    );
}

#[test]
fn faults_of_scripts_have_places() {
    check_fault(
        &[("a.js", "let a = 1;\nlet b = ;")],
        "themes/t/assets/a.js:2:9: unexpected token",
    );
    check_fault(
        &[("a.js", "import './gone.js';")],
        "themes/t/assets/a.js:1:8: there is no asset `gone.js` | put the file into `assets/`, or begin its address with `/` if it is in `static/`",
    );
    check_fault(
        &[("a.js", "import './b.js';"), ("b.js", "import './a.js';")],
        "themes/t/assets/a.js: assets import each other in a circle: `a.js`, `b.js`, `a.js` | move what both need into a file of its own",
    );
    check_fault(
        &[("a.js", "import './b.js';"), ("b.js", "(")],
        "themes/t/assets/b.js:1:2: expected `)` but found `EOF`",
    );
}

#[test]
fn what_is_not_utf8_is_said() {
    let file = AssetFile {
        path: "a.css",
        shown: "assets/a.css",
        bytes: b"a{}\xff",
    };
    let fault = process(file, &|_| None).expect_err("not UTF-8");
    assert_eq!(fault.message, "not UTF-8: byte 3 is the first that is none");
}

#[test]
fn only_sass_files_with_an_underscore_are_partials() {
    assert!(is_partial("css/_a.scss") && is_partial("_a.sass") && is_partial("_a.css"));
    assert!(!is_partial("css/a.scss") && !is_partial("_a/b.scss") && !is_partial("_a.js"));
}

#[test]
fn a_relative_address_leads_back() {
    for (folder, path, expect) in [
        ("", "a.css", "./a.css"),
        ("css/", "css/a.css", "./a.css"),
        ("css/", "fonts/s.woff2", "../fonts/s.woff2"),
        ("a/b/", "a/c/d", "../c/d"),
        ("a/", "a/b/c", "./b/c"),
    ] {
        assert_eq!(relative(folder, path), expect);
        let back = resolve(&format!("{folder}x"), expect);
        assert_eq!(back.as_deref(), Some(path));
    }
    assert_eq!(resolve("a.css", "../x"), None);
    assert_eq!(resolve("a.css", "/x"), None);
    assert_eq!(resolve("a.css", "http://x"), None);
}

/// The compiler looks for the end of such a comment without end.
#[test]
fn a_comment_that_is_not_closed_is_refused() {
    for files in [
        &[("a.sass", "a /* b\n  c: d\n")][..],
        &[("a.scss", "@use \"b\";"), ("b.sass", "a /* b\n")],
    ] {
        let fault = make_of(files).expect_err("the comment has no end");
        assert!(fault.contains("is not closed"), "{fault}");
    }
    assert!(make_of(&[("a.sass", "a /* b */\n  c: d\n")]).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_asset_panics(path in "[a-c]\\.(css|scss|sass|js|mjs)", text in "[a-z{}();:@#.'\"/* \\n<&$-]{0,60}") {
        let _ = make_of(&[(&path, &text), ("x.css", "a{}")]);
    }
}
