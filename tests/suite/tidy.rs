//! The shape of the source: its rooms, the length of its files, its first lines.

use std::fs;
use std::path::Path;
use walkdir::WalkDir;

/// The rooms in the order in which the data passes them; each may use what stands before it.
const ROOMS: &[&str] = &[
    "base", "source", "archive", "darkroom", "theme", "search", "plan", "render", "disk",
    "session", "preview", "deploy", "cli",
];

const LONGEST: usize = 1_200;

fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<(String, String)> = WalkDir::new(root.join(folder))
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.path().to_str().unwrap().ends_with(ending))
        .map(|entry| {
            let path = entry
                .path()
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            (path, fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    files.sort();
    assert!(!files.is_empty(), "there is no {ending} in {folder}");
    files
}

/// Returns the room of a file of `src/`; none for lib.rs and main.rs.
fn room(path: &str) -> Option<usize> {
    let name = path.strip_prefix("src/")?.split('/').next()?;
    let name = name.strip_suffix(".rs").unwrap_or(name);
    match name {
        "lib" | "main" => None,
        name => Some(
            ROOMS
                .iter()
                .position(|room| *room == name)
                .unwrap_or_else(|| panic!("{path} is in no room")),
        ),
    }
}

/// Returns the rooms that a line of code names.
fn named(line: &str) -> impl Iterator<Item = usize> + '_ {
    let code = line.split("//").next().unwrap_or_default();
    code.match_indices("crate::").filter_map(|(at, found)| {
        let rest = &code[at + found.len()..];
        let end = rest
            .find(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .unwrap_or(rest.len());
        ROOMS.iter().position(|room| *room == &rest[..end])
    })
}

#[test]
fn a_room_uses_only_what_stands_before_it() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (path, text) in files("src", ".rs") {
        let Some(own) = room(&path) else { continue };
        for (number, line) in text.lines().enumerate() {
            assert!(
                !line.trim_start().starts_with("use crate::{"),
                "{path}:{}: name each room in a line of its own",
                number + 1
            );
            for used in named(line) {
                seen += 1;
                if used > own {
                    wrong.push(format!(
                        "{path}:{}: {} uses {}",
                        number + 1,
                        ROOMS[own],
                        ROOMS[used]
                    ));
                }
            }
        }
    }
    assert!(seen > 100, "the lines are read");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_rooms_are_read_from_lines() {
    let check = |line: &str, expect: &[&str]| {
        let found: Vec<&str> = named(line).map(|room| ROOMS[room]).collect();
        assert_eq!(found, expect, "{line}");
    };
    check("use crate::disk::input;", &["disk"]);
    check(
        "let a = crate::plan::source(crate::base::X);",
        &["plan", "base"],
    );
    check("/// See [`crate::session`].", &[]);
    check("use crate::baseline::x;", &[]);
}

#[test]
fn no_file_is_too_long() {
    let long: Vec<String> = files("src", ".rs")
        .into_iter()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(path, lines)| format!("{path} has {lines} lines"))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn every_file_says_first_what_it_is() {
    for folder in ["src", "tests/suite"] {
        for (path, text) in files(folder, ".rs") {
            assert!(text.starts_with("//! "), "{path} does not begin with `//!`");
        }
    }
}

#[test]
fn nothing_is_left_to_do() {
    // Written apart, so that this file has none of them.
    let marks = [
        ["TO", "DO"].concat(),
        ["FIX", "ME"].concat(),
        ["XX", "X"].concat(),
        ["todo", "!("].concat(),
        ["dbg", "!("].concat(),
    ];
    for folder in ["src", "tests/suite"] {
        for (path, text) in files(folder, ".rs") {
            for (number, line) in text.lines().enumerate() {
                let found = marks.iter().find(|mark| line.contains(mark.as_str()));
                assert!(found.is_none(), "{path}:{}: {line}", number + 1);
            }
        }
    }
}

/// `themes/plain` shows how little a theme needs; a search needs a script.
#[test]
fn the_plain_theme_is_short_and_has_no_script_but_that_of_its_search() {
    let templates = files("themes/plain/templates", ".html");
    let lines: usize = templates.iter().map(|(_, text)| text.lines().count()).sum();
    assert!(lines < 240, "its templates have {lines} lines");
    for (path, text) in templates {
        let scripts = text.matches("<script").count()
            - text
                .matches("<script type=\"application/ld+json\">")
                .count();
        assert_eq!(
            scripts,
            usize::from(path.ends_with("search.html")),
            "{path}"
        );
    }
}
