//! Front matter that is refused, and what is said.

use super::*;
use crate::source::text::decode;
use proptest::prelude::*;

#[test]
fn front_matter_that_is_never_closed_is_refused() {
    for source in [
        "---\nheadline: H\n",
        "\n---\r\nheadline: H",
        "+++\ntitle = 'H'\n---\n",
    ] {
        let faults = faults(source);
        assert!(
            faults[0].contains("front matter is never closed, opened at line"),
            "{faults:?}"
        );
    }
    assert_eq!(
        faults("\n---\n"),
        ["2:1 front matter is never closed, opened at line 2"]
    );
    assert_eq!(
        faults("---json\n{}\n---\n"),
        ["1:1 front matter written in `json` is not read"]
    );
}

#[test]
fn an_article_without_a_headline_is_refused() {
    for source in [
        "",
        " \n\t\n",
        "---\n---\n",
        "Only text.\n",
        "---\ndate: 2024-11-21\n---\n",
        "\u{feff}",
    ] {
        assert_eq!(
            faults(source),
            ["the article has no headline"],
            "{source:?}"
        );
    }
    for source in ["---\ntitle: ''\n---\n", "---\nheadline: ' '\n---\n"] {
        assert!(
            faults(source)[0].ends_with("1 the article has no headline"),
            "{source:?}"
        );
    }
    assert_eq!(
        faults("---\ntitle:\n---\n"),
        ["the article has no headline"]
    );
}

#[test]
fn a_misspelt_headline_is_told_with_its_line() {
    for (key, hint) in [
        ("headlin", "did you mean `headline`?"),
        ("tittle", "did you mean `title`?"),
        ("mood", "add a line `headline: ...` to the front matter"),
    ] {
        let source = format!("---\ndate: 2024-11-21\n{key}: Harbour reopens\n---\nText.\n");
        let (_, found) = read_with(&source, &[]);
        let [fault] = found.as_slice() else {
            panic!("{key}: {found:?}");
        };
        let shown = shown(fault);
        assert_eq!(fault.hints, [hint], "{key}");
        match key {
            "mood" => assert_eq!(shown, "the article has no headline"),
            _ => assert_eq!(shown, "3:1 the article has no headline"),
        }
    }
}

#[test]
fn a_misspelt_key_of_a_photo_is_told_with_the_one_meant() {
    let source = "---\ntitle: T\nphoto:\n  src: a.jpg\n  credt: Ana Reis\n  mood: dark\n---\n";
    let (_, found) = read_with(source, &[]);
    let told: Vec<_> = found
        .iter()
        .map(|one| (shown(one), one.hints.clone()))
        .collect();
    let expected = "5:3 unknown key `photo.credt`; it is kept for the theme".to_owned();
    assert_eq!(
        told,
        [(expected, vec!["did you mean `credit`?".to_owned()])]
    );
}

#[test]
fn a_headline_has_a_length_and_a_kind() {
    let long = |letters: usize| format!("---\ntitle: {}\n---\n", "ä".repeat(letters));
    assert_eq!(faults(&long(1000)), [""; 0]);
    assert_eq!(
        faults(&long(1001)),
        ["2:8 a headline may have 1000 characters, this one has 1001"]
    );
    assert!(faults(&long(1_000_000))[0].contains("may have 1000000 bytes"));
    assert_eq!(
        faults("---\ntitle: [a, b]\n---\n"),
        ["2:1 `title` must be a text, not a list"]
    );
    assert_eq!(
        faults("---\ntitle: { a: b }\n---\n"),
        ["2:1 `title` must be a text, not a map"]
    );
}

#[test]
fn every_fault_of_an_article_is_told() {
    let source = "---\nheadline: [x]\ntags: { a: b }\ndate: yesterday\ndraft: maybe\nweight: heavy\n\
                  photo:\n  credit: [c]\n  src: p.jpg\naliases: [/a/, [b]]\nlang: not a language\n---\n";
    let faults = faults(source);
    let places: Vec<_> = faults
        .iter()
        .map(|fault| fault.split(' ').next().unwrap_or_default())
        .collect();
    assert_eq!(
        places,
        ["2:1", "4:7", "5:8", "8:3", "3:1", "10:17", "11:7", "6:9"],
        "{faults:#?}"
    );
}

#[test]
fn a_duplicate_key_names_both_lines() {
    let (_, faults) = read_with("---\ntitle: A\ndate: 2024-11-21\ntitle: B\n---\n", &[]);
    assert_eq!(shown(&faults[0]), "4:1 the key `title` is given twice");
    let first = faults[0].related[0].place.stretch.as_ref();
    assert_eq!(first.map(|first| first.line), Some(2));
    let (_, faults) = read_with("+++\ntitle = 'A'\ntitle = 'B'\n+++\n", &[]);
    assert_eq!(shown(&faults[0]), "3:1 this is not TOML: duplicate key");
}

#[test]
fn timestamps_that_are_none_are_refused_at_their_value() {
    for date in [
        "yesterday",
        "2024-02-30",
        "99999-01-01",
        "2024-01-01 25:61",
        "03/04/2024",
        "[a]",
    ] {
        let faults = key_faults(&format!("date: {date}"));
        assert_eq!(faults.len(), 1, "{date}: {faults:?}");
        assert!(faults[0].starts_with("3:"), "{date}: {faults:?}");
    }
    for date in [
        "2016-12-31T23:59:60Z",
        "0001-01-01",
        "2024-01-01T00:00:00+14:00",
    ] {
        assert_eq!(key_faults(&format!("date: {date}")), [""; 0], "{date}");
    }
}

#[test]
fn an_update_before_publication_is_a_warning() {
    let warning = "4:10 the article was updated before it was published";
    for (keys, expected) in [
        ("date: 2024-11-21\nupdated: 2024-11-20", Some(warning)),
        ("date: 2024-11-21 16:32\nupdated: 2024-11-21", None),
        (
            "date: 2024-11-21 16:32\nupdated: 2024-11-21 09:00",
            Some(warning),
        ),
        ("date: 2024-11\nupdated: 2024-11-05", None),
    ] {
        assert_eq!(key_faults(keys), Vec::from_iter(expected), "{keys}");
    }
}

#[test]
fn corrections_need_a_date_and_a_text() {
    assert_eq!(
        key_faults(
            "corrections:\n  - { date: 2024-11-23 }\n  - text: T\n  - C\n  - { date: 2024-11-23, text: T, type: retratcion }"
        ),
        [
            "4:7 a correction has no `text`",
            "5:5 a correction has no `date`",
            "6:5 a correction must be a map of `date`, `type` and `text`, not the text `C`",
            "7:40 `retratcion` is not a kind of correction",
        ]
    );
    let one = meta("corrections: { date: 2024-11-23, text: T, type: Editor’s note }");
    assert_eq!(one.corrections.len(), 1);
}

#[test]
fn syntax_errors_say_what_to_do() {
    for (keys, message, hint) in [
        (
            "title: Storm: the aftermath",
            "3:13 a colon followed by a space begins a value within a value",
            "put the value in quotes: `title: \"Storm: the aftermath\"`",
        ),
        (
            "extra:\n\ta: b",
            "4:1 a tab can't indent YAML",
            "indent with spaces",
        ),
        (
            "summary: \"It was\nand so on",
            "3:10 a quote is opened here and never closed",
            "close it at the end of the value; an apostrophe within 'single quotes' is written twice",
        ),
        (
            "summary: 'It''s\ntags: [a]",
            "3:10 a quote is opened here and never closed",
            "close it at the end of the value; an apostrophe within 'single quotes' is written twice",
        ),
        (
            "tags: [a, b\ndate: 2024-11-21",
            "3:7 the list that `[` opens here is not closed, or lacks a comma",
            "separate its values by commas and end it with `]`",
        ),
        (
            "summary: @home",
            "3:10 a value can't begin with `@`",
            "put the value in quotes: `summary: \"@home\"`",
        ),
        (
            "summary: *Breaking* news",
            "3:10 a value that begins with `*` stands for another one, which does not exist",
            "put the value in quotes: `summary: \"*Breaking* news\"`",
        ),
        (
            "summary: \"Storm\" hits",
            "3:18 there is more text after the closing quote",
            "put the whole value in quotes, and write quotes within it as `\\\"`",
        ),
        (
            "summary: \"C:\\windows\"",
            "3:13 unknown escape in a text in double quotes",
            "use 'single quotes', or write a backslash as `\\\\`",
        ),
        (
            "just some text\nmore: x",
            "3:1 this line is neither a key with a value nor a part of the value above it",
            "write `key: value`, with a space after the colon; indent the further lines of a long value",
        ),
        (
            "summary: {{ page.title }}",
            "3:11 a key must be a text",
            "put a value that begins with `{` or `[` in quotes",
        ),
        (
            "summary: a\u{7}b",
            "3:11 the control character U+0007 can't be in YAML",
            "remove it, or write it as an escape in double quotes",
        ),
    ] {
        let source = format!("---\nheadline: H\n{keys}\n---\nbody\n");
        let (_, faults) = read_with(&source, &[]);
        assert_eq!(faults.len(), 1, "{keys}");
        assert_eq!(shown(&faults[0]), message, "{keys}");
        assert_eq!(faults[0].hints, [hint], "{keys}");
    }
}

#[test]
fn tags_of_yaml_run_nothing() {
    assert_eq!(
        key_faults("summary: !foo bar"),
        ["3:15 the tag `!foo` is not understood"]
    );
    let meta = meta(
        "summary: !!python/object/apply:os.system [ls]"
            .replace(" [ls]", " ls")
            .as_str(),
    );
    assert_eq!(meta.summary.as_deref(), Some("ls"));
    assert_eq!(
        super::meta("slug: !!str 2024").slug.as_deref(),
        Some("2024")
    );
}

#[test]
fn aliases_that_multiply_are_refused() {
    let mut laughs = "lol0: &lol0 [lol, lol]\n".to_owned();
    for level in 1..40 {
        let previous = format!("*lol{}", level - 1);
        laughs += &format!(
            "lol{level}: &lol{level} [{}]\n",
            [previous.as_str(); 9].join(", ")
        );
    }
    for keys in [laughs.clone(), format!("{laughs}tags: *lol39")] {
        let faults = key_faults(&keys);
        assert_eq!(faults.len(), 1);
        assert!(
            faults[0].contains("aliases make this document much larger"),
            "{faults:?}"
        );
    }
}

#[test]
fn a_long_text_that_aliases_repeat_is_refused() {
    let uses: String = (0..100).map(|at| format!("k{at}: *long\n")).collect();
    for keys in [
        format!("a: &long {}\n{uses}", "x".repeat(10_000)),
        format!("a: &long \"\\t{}\"\n{uses}", "x".repeat(10_000)),
    ] {
        let faults = key_faults(&keys);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].contains("aliases make this document much larger"));
    }
    // As much without aliases is what the author wrote.
    let texts: String = (0..50)
        .map(|at| format!("k{at}: {}\n", "x".repeat(10_000)))
        .collect();
    assert_eq!(key_faults(&texts), Vec::<String>::new());
}

#[test]
fn nesting_has_a_limit_on_any_stack() {
    let documents = [
        format!("a: {}", "[".repeat(10_000)),
        format!("a: {}", "{a: ".repeat(10_000)),
        format!("a:\n{}x", "- ".repeat(10_000)),
        (0..5_000)
            .map(|depth| format!("{}a:\n", " ".repeat(depth)))
            .collect(),
        "a: &a\n  <<: *a\n  b: 1".to_owned(),
        "a: &a [*a, *a]".to_owned(),
    ];
    for keys in documents {
        let check = move || {
            let faults = key_faults(&keys);
            let start: String = keys.chars().take(20).collect();
            assert!(
                faults[0].contains("levels deep") || faults[0].contains("bytes"),
                "{start}: {faults:?}"
            );
        };
        let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(check);
        thread
            .expect("a thread starts")
            .join()
            .expect("no stack overflow");
    }
    let toml = format!(
        "+++\ntitle = 'T'\na = {}{}\n+++\n",
        "[".repeat(100),
        "]".repeat(100)
    );
    assert!(!faults(&toml).is_empty());
}

#[test]
fn other_encodings_are_refused_with_their_likely_name() {
    let utf16: Vec<u8> = "---\ntitle"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for (bytes, message) in [
        (
            b"title: caf\xe9\n".to_vec(),
            "this is not UTF-8: byte 10 is wrong, the file is probably Latin-1",
        ),
        (
            b"title: \x93quoted\x94\n".to_vec(),
            "this is not UTF-8: byte 7 is wrong, the file is probably Windows-1252",
        ),
        (
            [&[0xff, 0xfe], utf16.as_slice()].concat(),
            "this is not UTF-8: byte 0 is wrong, the file is probably UTF-16",
        ),
        (
            utf16,
            "this is not UTF-8: byte 1 is wrong, the file is probably UTF-16 without a mark",
        ),
        (
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0".to_vec(),
            "this is not UTF-8: byte 0 is wrong, the file is probably no text",
        ),
    ] {
        let fault = decode("a.md", &bytes).expect_err("it is not UTF-8");
        assert_eq!(fault.message, message);
    }
    assert_eq!(decode("a.md", "größer".as_bytes()), Ok("größer"));
    assert_eq!(decode("a.md", b"a\0b"), Ok("a\0b"));
}

#[test]
fn many_faults_are_cut_and_quickly_told() {
    let keys = "a: 1\n".repeat(100_000);
    assert_eq!(key_faults(&keys).len(), yaml::MOST_FAULTS);
}

#[test]
fn an_explicit_empty_item_is_refused() {
    assert_eq!(
        key_faults("tags: [a, '']"),
        ["3:12 `tags` has an empty item"]
    );
}

#[test]
fn a_credit_without_a_photo_is_a_warning() {
    assert_eq!(
        key_faults("photo_credit: Ana Reis"),
        ["3:1 `photo_credit` is given, but no photo"]
    );
    assert_eq!(
        key_faults("photo: { credit: Ana Reis }"),
        ["3:1 `photo` has no `src`"]
    );
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(source in "\\PC*", fence in 0..3_usize) {
        let fence = ["", "---\n", "+++\n"][fence];
        let _ = read_with(&format!("{fence}{source}\n{fence}"), &["places"]);
        let _ = parse_section("_index.md", &source);
        let _ = parse_people("authors.yaml", &source);
    }

    #[test]
    fn nothing_like_front_matter_makes_it_panic(
        tokens in prop::collection::vec(
            prop::sample::select(vec![
                "title", "tags", "photo", ": ", ":", "\n", "\r", "  ", "- ", "[", "]", "{", "}", ",",
                "'", "\"", "&a ", "*a", "<<", "!x ", "|", ">", "#", "2024-11-21", "1.5", "ä", "\t",
                "---", "...", "? ", "%", "@", "=", "[[", "\u{feff}", "\u{2028}",
            ]),
            0..60,
        )
    ) {
        let text = tokens.concat();
        for fence in ["---", "+++"] {
            let source = format!("{fence}\n{text}\n{fence}\nbody");
            let (front_matter, faults) = read_with(&source, &["places"]);
            prop_assert!(front_matter.is_some() || !faults.is_empty());
            for fault in faults {
                prop_assert!(fault.place.is_some());
            }
        }
    }

    #[test]
    fn every_recorded_place_is_in_the_file(words in prop::collection::vec("[a-zé\"'\\\\ ]{1,8}", 1..5)) {
        let items: Vec<_> = words.iter().map(|word| format!("  - {word:?}\n")).collect();
        let source = format!("---\ntitle: T\naliases:\n{}---\n", items.concat());
        if let (Some(front_matter), _) = read_with(&source, &[]) {
            for (_, (start, end)) in front_matter.places {
                prop_assert!(source.get(start as usize..end as usize).is_some());
            }
        }
    }
}
