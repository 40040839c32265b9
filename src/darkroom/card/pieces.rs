//! A line in pieces, each of one direction and one font, in the order in which they stand on the paper.
//!
//! The library that draws takes every line for one from left to right, and looks for letters that a font
//! does not have only where fonts shape a text into equally many glyphs.

use super::lines::{font_of, is_invisible};
use crate::source::font::Font;
use unicode_bidi::{BidiInfo, Level};

/// Letters of one direction and one font.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Its text. One from right to left is isolated as such (UAX #9).
    pub(super) text: String,
    /// Which of the site's fonts; none of dateline's own.
    pub(super) font: Option<usize>,
}

/// Divides a line by UAX #9 and by fonts; returns the pieces from left to right.
pub(super) fn pieces(line: &str, is_rtl: bool, fonts: &[Font]) -> Vec<Piece> {
    let level = match is_rtl {
        true => Level::rtl(),
        false => Level::ltr(),
    };
    let found = BidiInfo::new(line, Some(level));
    let mut pieces = Vec::new();
    for paragraph in &found.paragraphs {
        let (levels, runs) = found.visual_runs(paragraph, paragraph.range.clone());
        for run in runs {
            let is_rtl = levels[run.start].is_rtl();
            let mut parts = of_one_font(&line[run], fonts);
            if is_rtl {
                parts.reverse();
                for part in &mut parts {
                    // Of a space at the end of a text it is not asked in which direction that runs (rule L1).
                    let text = part.text.replace(' ', "\u{a0}");
                    part.text = format!("\u{2067}{text}\u{2069}");
                }
            }
            pieces.extend(parts);
        }
    }
    pieces
}

/// Divides a text where its font changes. A space goes with what is before it, and one at the beginning
/// with what follows: alone it would have no width.
fn of_one_font(text: &str, fonts: &[Font]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for letter in text.chars() {
        let font = font_of(letter, fonts);
        let is_empty = |last: &Piece| last.text.chars().all(is_invisible);
        let is_same = |last: &Piece| last.font == font || is_invisible(letter) || is_empty(last);
        match pieces.last_mut().filter(|last| is_same(last)) {
            Some(last) => {
                if is_empty(last) {
                    last.font = font;
                }
                last.text.push(letter);
            }
            None => pieces.push(Piece {
                text: letter.to_string(),
                font,
            }),
        }
    }
    pieces
}

/// Tells whether a text runs from right to left: its first letter that has a direction does (UAX #9, rule
/// P2).
pub(super) fn is_rtl(text: &str) -> bool {
    let found = BidiInfo::new(text, None);
    found
        .paragraphs
        .first()
        .is_some_and(|first| first.level.is_rtl())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A space has its width in one of the pieces beside it, whatever fonts there are.
    #[test]
    fn a_line_of_two_directions_keeps_its_spaces() {
        for (line, expect) in [
            (
                "נמל 747 סגור",
                &[
                    "\u{2067}\u{a0}סגור\u{2069}",
                    "747",
                    "\u{2067}נמל\u{a0}\u{2069}",
                ] as &[&str],
            ),
            ("The נמל port", &["The ", "\u{2067}נמל\u{2069}", " port"]),
            ("נמל", &["\u{2067}נמל\u{2069}"]),
        ] {
            let found = pieces(line, is_rtl(line), &[]);
            let found: Vec<&str> = found.iter().map(|piece| piece.text.as_str()).collect();
            assert_eq!(found, expect, "{line}");
            let spaces = |text: &str| text.chars().filter(|c| c.is_whitespace()).count();
            assert_eq!(
                found.iter().map(|text| spaces(text)).sum::<usize>(),
                spaces(line)
            );
            assert!(found.iter().all(|text| !text.chars().all(is_invisible)));
        }
    }

    #[test]
    fn a_line_is_divided_by_direction_and_font() {
        let bytes = include_bytes!("../../../tests/data/fonts/arabic.ttf");
        let fonts = [Font::parse(bytes.to_vec()).expect("it is a font")];
        let check = |line: &str, expect: &[(&str, Option<usize>)]| {
            let found = pieces(line, is_rtl(line), &fonts);
            let found: Vec<(&str, Option<usize>)> = found
                .iter()
                .map(|piece| (piece.text.as_str(), piece.font))
                .collect();
            assert_eq!(found, expect, "{line}");
        };
        check("The ferry", &[("The ferry", None)]);
        check("غرقت", &[("\u{2067}غرقت\u{2069}", Some(0))]);
        // The first word stands at the right.
        check(
            "غرقت FERRY",
            &[("FERRY", None), ("\u{2067}غرقت\u{a0}\u{2069}", Some(0))],
        );
        // The mark at the end stands at the left, and in a line from left to right behind its word.
        check(
            "غرقت!",
            &[
                ("\u{2067}!\u{2069}", None),
                ("\u{2067}غرقت\u{2069}", Some(0)),
            ],
        );
        // A space before a word of another font goes with it.
        check(
            "غرقت 747 غرقت",
            &[
                ("\u{2067}\u{a0}غرقت\u{2069}", Some(0)),
                ("747", None),
                ("\u{2067}غرقت\u{a0}\u{2069}", Some(0)),
            ],
        );
        check(
            "A غرقت!",
            &[("A ", None), ("\u{2067}غرقت\u{2069}", Some(0)), ("!", None)],
        );
    }
}
