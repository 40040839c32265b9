//! Which addresses are made, and which are refused.

use super::*;
use proptest::prelude::*;

fn rules() -> RouteRules<'static> {
    RouteRules { dot_names: &[] }
}

fn check(text: &str, path: &str, file: &str) {
    let route = Route::parse(text, &rules()).unwrap_or_else(|fault| panic!("{text:?}: {fault}"));
    assert_eq!((route.path(), &*route.file()), (path, file), "{text:?}");
}

fn refused(text: &str, word: &str) {
    match Route::parse(text, &rules()) {
        Ok(route) => panic!("{text:?} became {route}"),
        Err(fault) => assert!(fault.message.contains(word), "{text:?}: {fault}"),
    }
}

#[test]
fn a_path_without_an_extension_is_a_page() {
    check("/", "/", "index.html");
    check("/a/b", "/a/b/", "a/b/index.html");
    check("/a/b/", "/a/b/", "a/b/index.html");
    check("/v1.2", "/v1.2/", "v1.2/index.html");
    check("/a/index.html", "/a/", "a/index.html");
    check("/index.html", "/", "index.html");
    check("/a/noindex.html", "/a/noindex.html", "a/noindex.html");
    check("/feed.xml", "/feed.xml", "feed.xml");
    check("/old/story.php", "/old/story.php", "old/story.php");
    check("/a.html/b", "/a.html/b/", "a.html/b/index.html");
}

#[test]
fn escapes_are_decoded_once() {
    check("/caf%C3%A9%20bar/", "/café bar/", "café bar/index.html");
    check("/100%25/", "/100%/", "100%/index.html");
    check("/100%", "/100%/", "100%/index.html");
    check("/cafe\u{301}", "/café/", "café/index.html");
    refused("/..%252f/", "twice");
    refused("/%2525/", "twice");
    refused("/a%ff/", "UTF-8");
}

#[test]
fn going_up_is_refused_in_every_spelling() {
    for text in [
        "/..",
        "/../",
        "/../../../escape",
        "/a/../../..",
        "/a/../b",
        "/..%2f",
        "/..%2f..%2fx",
        "/%2e%2e/",
        "/%2e./x",
        "/.%2E",
        "/index.html/..",
        "/a%2f..%2fb",
    ] {
        refused(text, "go up");
    }
    for text in ["/.", "/./a", "/a/%2e/b"] {
        refused(text, "hold `.`");
    }
    for text in [
        "..",
        ".",
        "../x",
        "a/../../..",
        "~/x",
        "etc",
        "..%2f",
        "\\a",
        "%2e%2e/",
    ] {
        refused(text, "begins with `/`");
    }
}

#[test]
fn what_is_not_a_path_of_the_site_is_refused() {
    for text in [
        "C:/x",
        "c:\\x",
        "file:///etc/passwd",
        "https://a.example/",
        "javascript:x",
    ] {
        refused(text, "not a path");
    }
    for text in ["", " ", "\t\n", "\u{a0}"] {
        refused(text, "empty");
    }
    for text in ["//", "//host/share", "/a//b", "/a//", "/%2f"] {
        refused(text, "empty part");
    }
    for text in ["/..\\", "/a\\..\\b", "\\\\host\\share", "/%5c"] {
        refused(
            text,
            if text.starts_with('/') {
                "backslash"
            } else {
                "begins"
            },
        );
    }
    refused("/a?b=c", "after `?`");
    refused("/a#b", "after `#`");
}

#[test]
fn names_that_some_system_can_not_hold_are_refused() {
    for name in [
        "con", "CON", "aux.md", "nul .txt", "com1", "Lpt9.x", "com¹", "conin$",
    ] {
        refused(&format!("/{name}/"), "device");
    }
    check("/console/", "/console/", "console/index.html");
    check("/com10/", "/com10/", "com10/index.html");
    for name in ["a.", "a ", " a", "a. ", "..."] {
        refused(
            &format!("/{name}/x"),
            if name == "..." { "dot" } else { "may not" },
        );
    }
    for c in "<>:\"|?*".chars() {
        refused(&format!("/a%{:02x}b", u32::from(c)), &format!("`{c}`"));
    }
    for c in [
        "%00",
        "%0a",
        "%7f",
        "%EF%BF%BD",
        "\u{202e}",
        "\u{200b}",
        "\u{2066}",
        "\u{feff}",
    ] {
        refused(&format!("/a{c}b"), "U+");
    }
    refused(&format!("/{}/", "a".repeat(201)), "200 bytes");
    refused(&"/abcdefghi".repeat(101), "1000 bytes");
    check(
        &format!("/{}/", "a".repeat(200)),
        &format!("/{}/", "a".repeat(200)),
        &format!("{}/index.html", "a".repeat(200)),
    );
}

#[test]
fn joiners_stand_between_letters_only() {
    let persian = "می\u{200c}خواهم";
    check(
        &format!("/{persian}"),
        &format!("/{persian}/"),
        &format!("{persian}/index.html"),
    );
    for text in [
        "/\u{200c}a",
        "/a\u{200d}",
        "/a\u{200c}\u{200c}b",
        "/1\u{200d}2",
    ] {
        refused(text, "U+200");
    }
}

#[test]
fn dot_names_are_refused_but_for_the_listed_ones() {
    for text in [
        "/.git/hooks/x",
        "/.htaccess",
        "/a/.well-known",
        "/.well-known/x.txt",
    ] {
        refused(text, "dot");
    }
    let dot_names = [".well-known".to_owned()];
    let rules = RouteRules {
        dot_names: &dot_names,
    };
    let route = Route::parse("/.well-known/security.txt", &rules).expect("it is listed");
    assert_eq!(route.file(), ".well-known/security.txt");
    assert!(Route::parse("/.well-known-not/", &rules).is_err());
    let dot_names = ["..".to_owned()];
    let rules = RouteRules {
        dot_names: &dot_names,
    };
    assert!(Route::parse("/../x", &rules).is_err());
}

#[test]
fn pages_and_files_are_joined_to_a_folder() {
    let tag = Route::page(&["tags", "c-plus-plus"], &rules()).expect("a page");
    assert_eq!(
        tag.page_in(&["page", "3"], &rules())
            .expect("a page")
            .path(),
        "/tags/c-plus-plus/page/3/"
    );
    assert_eq!(
        tag.file_in("index.xml", &rules()).expect("a file").path(),
        "/tags/c-plus-plus/index.xml"
    );
    assert_eq!(tag.file_in("index.html", &rules()).expect("a page"), tag);
    let home = Route::home();
    assert_eq!(
        home.file_in("_redirects", &rules()).expect("a file").file(),
        "_redirects"
    );
    let feed = home.file_in("feed.xml", &rules()).expect("a file");
    assert_eq!(
        feed.file_in("img/a.jpg", &rules()).expect("a file").path(),
        "/img/a.jpg"
    );
    for name in ["", "../x", "a/", "/x", "a/../b", ".git"] {
        assert!(tag.file_in(name, &rules()).is_err(), "{name:?}");
    }
    for segment in ["", "..", "a/b", ".x", "a%2fb"] {
        assert!(tag.page_in(&[segment], &rules()).is_err(), "{segment:?}");
    }
}

#[test]
fn links_are_percent_encoded_but_for_pchar() {
    let route = Route::page(&["a b", "ü%", "(x)'&+,;=@~", "#1"], &rules()).expect("a page");
    assert_eq!(route.url_path(), "/a%20b/%C3%BC%25/(x)'&+,;=@~/%231/");
}

#[test]
fn twins_on_some_file_system_have_one_key() {
    let key = |text| {
        let route = Route::parse(text, &rules()).expect("a route");
        route.key().into_owned()
    };
    for (one, other) in [
        ("/News/", "/news/"),
        ("/CAFÉ/", "/cafe\u{301}/"),
        ("/straße/", "/STRASSE/"),
        ("/σοφός/", "/ΣΟΦΌΣ/"),
        ("/a/", "/a/index.html"),
        ("/a/", "/A/INDEX.HTML"),
        ("/x\u{fb01}/", "/xFI/"),
        ("/\u{212a}elvin/", "/kelvin/"),
        ("/می\u{200c}خ/", "/میخ/"),
    ] {
        assert_eq!(key(one), key(other));
    }
    assert_ne!(key("/ı/"), key("/i/"));
    assert_ne!(key("/e/"), key("/é/"));
    assert_ne!(key("/a.html"), key("/a/"));
}

#[test]
fn a_route_from_a_cache_is_checked() {
    let read = |json: &str| serde_json::from_str::<Route>(json);
    assert_eq!(
        read("\"/.well-known/a b.txt\"").expect("a route").path(),
        "/.well-known/a b.txt"
    );
    for json in [
        "\"\"",
        "\"a\"",
        "\"/../x\"",
        "\"/a//b\"",
        "\"/a\\\\b\"",
        "\"/a/./b\"",
    ] {
        assert!(read(json).is_err(), "{json}");
    }
}

fn is_safe(route: &Route) -> bool {
    let file = route.file();
    route.path().starts_with('/')
        && !file.starts_with('/')
        && file.len() <= LONGEST_PATH + INDEX.len()
        && !file.contains(['\\', '\0', ':'])
        && file
            .split('/')
            .all(|part| !part.is_empty() && !part.starts_with('.'))
}

proptest! {
    #[test]
    fn every_address_is_refused_or_safe(text in "(/|[.]|%2[eEfF5]|%5c|\\PC|[a-z]|:|~|\u{202e}|\0){0,12}") {
        if let Ok(route) = Route::parse(&text, &rules()) {
            prop_assert!(is_safe(&route), "{} became {}", text, route);
        }
        if let Ok(route) = Route::home().file_in(&text, &rules()) {
            prop_assert!(is_safe(&route), "{} became {}", text, route);
        }
        if let Ok(route) = Route::page(&[&text], &rules()) {
            prop_assert!(is_safe(&route), "{} became {}", text, route);
        }
    }

    #[test]
    fn a_route_survives_its_url_and_its_cache(text in "(/[^/\\x00-\\x1f]{1,6}){1,4}/?") {
        if let Ok(route) = Route::parse(&text, &rules()) {
            let again = Route::parse(&route.url_path(), &rules());
            prop_assert_eq!(again.as_ref(), Ok(&route));
            let cached = postcard::to_stdvec(&route).expect("it can be written");
            let again = postcard::from_bytes::<Route>(&cached);
            prop_assert_eq!(again.as_ref(), Ok(&route));
        }
    }
}

#[test]
fn names_that_are_paths_are_told_from_names_with_slashes() {
    let paths = [
        "../x",
        "a/../b",
        "..",
        ".",
        " .. ",
        "/etc/x",
        "a/./b",
        "..\\x",
        "\\\\host\\share",
        "~/x",
        "C:/x",
        "c:\\x",
        "file:///etc",
        "https://example.org",
        "..%2f",
        "%2e%2e/",
        "%2e%2e",
        "..%252f",
        "//",
        "index.html/..",
        ".git/hooks/x",
        "a/.htaccess",
    ];
    for name in paths {
        assert!(super::is_path_like(name), "{name}");
    }
    let names = [
        "AC/DC",
        "C++",
        "C#/.NET",
        ".NET",
        ".NET/Mono",
        "24/7",
        "and / or",
        "...",
        "~ tilde",
        "100%",
        "5%ab",
        "C: a history",
        "a.b/c.d",
        "",
        "caf%C3%A9",
        "v1..2",
    ];
    for name in names {
        assert!(!super::is_path_like(name), "{name}");
    }
}
