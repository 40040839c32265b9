//! Diagnostics as text, in the manner of rustc.

use crate::base::diagnostic::{Diagnostic, Place, Severity, Stretch};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{
    AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet, normalize_untrusted_str,
};
use std::ops::Range;

/// The widest line that is shown whole, in columns; the library cuts around the stretch beyond it.
const WIDTH: usize = 140;

/// Writes diagnostics one below the other, and at the end how many there are. `prefix` stands before
/// every path.
pub(super) fn text(diagnostics: &[Diagnostic], prefix: &str, has_colours: bool) -> String {
    let renderer = if has_colours {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(WIDTH);
    let mut text = String::new();
    for one in diagnostics {
        let rendered = renderer.render(&[group(one, prefix)]);
        text.push_str(&match one
            .place
            .iter()
            .chain(related_places(one))
            .any(|place| place.stretch.is_some())
        {
            true => columns(rendered, one, prefix),
            // Without line numbers the library leaves no room on the left.
            false => rendered.replace('\n', "\n "),
        });
        text.push_str("\n\n");
    }
    match diagnostics {
        // One that is about the command line needs no summary.
        [Diagnostic { place: None, .. }] => text.truncate(text.trim_end().len()),
        _ => text.push_str(&count(diagnostics)),
    }
    text.push('\n');
    text
}

/// Says how many errors and warnings there are.
fn count(diagnostics: &[Diagnostic]) -> String {
    let of = |severity| {
        diagnostics
            .iter()
            .filter(|one| one.severity == severity)
            .count()
    };
    let parts = [
        (of(Severity::Error), "error"),
        (of(Severity::Warning), "warning"),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}{}", if number == 1 { "" } else { "s" }))
        .collect();
    parts.join(", ")
}

fn group<'a>(one: &'a Diagnostic, prefix: &str) -> Group<'a> {
    let level = match one.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(&one.message));
    group = group.elements(one.place.as_ref().map(|place| element(place, prefix, None)));
    for related in &one.related {
        group = group.element(element(&related.place, prefix, Some(&related.label)));
        if related.place.stretch.is_none() {
            group = group.element(Level::NOTE.message(normalize_untrusted_str(&related.label)));
        }
    }
    for hint in &one.hints {
        group = group.element(
            Level::HELP
                .with_name("hint")
                .message(normalize_untrusted_str(hint)),
        );
    }
    group
}

/// Shows a place; one that is not the first carries its label.
fn element<'a>(place: &'a Place, prefix: &str, label: Option<&'a str>) -> Element<'a> {
    let path = path(place, prefix);
    let Some(stretch) = &place.stretch else {
        return Origin::path(path).into();
    };
    let kind = if label.is_some() {
        AnnotationKind::Context
    } else {
        AnnotationKind::Primary
    };
    Snippet::source(&stretch.text)
        .line_start(stretch.line)
        .path(path)
        .annotation(
            kind.span(span(stretch))
                .label(label.map(normalize_untrusted_str)),
        )
        .into()
}

fn path(place: &Place, prefix: &str) -> String {
    normalize_untrusted_str(&format!("{prefix}{}", place.path))
}

fn related_places(one: &Diagnostic) -> impl Iterator<Item = &Place> {
    one.related.iter().map(|related| &related.place)
}

/// Says the columns of the file where the library counted them in the part of a long line that it
/// was shown.
fn columns(text: String, one: &Diagnostic, prefix: &str) -> String {
    one.place
        .iter()
        .chain(related_places(one))
        .fold(text, |text, place| match &place.stretch {
            Some(stretch) if stretch.cut > 0 => {
                let at =
                    |column: usize| format!("{}:{}:{column}\n", path(place, prefix), stretch.line);
                text.replace(&at(stretch.column - stretch.cut), &at(stretch.column))
            }
            _ => text,
        })
}

/// Returns the bytes of a stretch in the text that is shown.
fn span(stretch: &Stretch) -> Range<usize> {
    let text = stretch.text.as_str();
    let byte = |characters: usize| {
        text.char_indices()
            .nth(characters)
            .map_or(text.len(), |(at, _)| at)
    };
    let start = stretch.column.saturating_sub(1).saturating_sub(stretch.cut);
    byte(start)..byte(start + stretch.length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(diagnostic: Diagnostic) -> String {
        text(&[diagnostic], "", false)
    }

    #[test]
    fn a_stretch_is_shown_as_rustc_would() {
        let source = "---\nheadline: A\ntimestmap: 2026-11-20\n---\n";
        let at = source.find("timestmap").expect("it is there");
        let fault = Diagnostic::error("unknown key `timestmap`")
            .at(Place::range("content/news/harbour.md", source, at..at + 9))
            .hint("did you mean `timestamp`?");
        insta::assert_snapshot!(shown(fault), @r"
        error: unknown key `timestmap`
         --> content/news/harbour.md:3:1
          |
        3 | timestmap: 2026-11-20
          | ^^^^^^^^^
          |
          = hint: did you mean `timestamp`?

        1 error
        ");
    }

    #[test]
    fn a_related_place_is_shown_with_its_label() {
        let source = "tags: a\ndate: b\ntags: c\n";
        let fault = Diagnostic::error("the key `tags` is written twice")
            .at(Place::range("a.md", source, 16..20))
            .related("first written here", Place::range("a.md", source, 0..4))
            .related("and here", Place::file("b.md"));
        insta::assert_snapshot!(shown(fault), @r"
        error: the key `tags` is written twice
         --> a.md:3:1
          |
        3 | tags: c
          | ^^^^
          |
         ::: a.md:1:1
          |
        1 | tags: a
          | ---- first written here
         ::: b.md
          = note: and here

        1 error
        ");
    }

    #[test]
    fn a_file_and_a_bare_message_are_shown_without_lines() {
        let diagnostics = [
            Diagnostic::warning("the file is empty")
                .at(Place::file("content/a.md"))
                .hint("write something"),
            Diagnostic::error("there is nothing")
                .hint("one")
                .hint("two"),
        ];
        insta::assert_snapshot!(text(&diagnostics, "site/", false), @r"
        warning: the file is empty
         --> site/content/a.md
          = hint: write something

        error: there is nothing
          |
          = hint: one
          = hint: two

        1 error, 1 warning
        ");
    }

    #[test]
    fn the_column_of_a_long_line_is_that_of_the_file() {
        let source = format!("{}X{}", "é".repeat(5000), "b".repeat(5000));
        let at = source.find('X').expect("it is there");
        let text = shown(Diagnostic::error("no").at(Place::range("a.md", &source, at..at + 1)));
        assert!(text.contains("a.md:1:5001"), "{text}");
        let caret = text
            .lines()
            .find_map(|line| line.find('^'))
            .expect("a caret");
        assert!(
            text.lines()
                .any(|line| line.chars().nth(caret) == Some('X')),
            "{text}"
        );
    }

    #[test]
    fn escapes_of_the_site_never_reach_the_terminal() {
        let fault = Diagnostic::error("no \u{1b}[31m")
            .at(Place::range("a\u{1b}.md", "x\u{1b}[2J", 0..1))
            .hint("a \u{1b}]0;x\u{7}");
        assert!(!shown(fault).contains('\u{1b}'));
    }
}
