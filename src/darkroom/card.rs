//! The card that stands for an article without a photo where a link to it is shown: the masthead and
//! the headline on paper.

use super::derivative::Encoding;
use super::drawing::{FONT, FONTS, draw};
use super::encode;
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use std::fmt::Write as _;
use std::sync::OnceLock;
use ttf_parser::Face;

/// Another number means other bytes of the same card.
const VERSION: u64 = 1;

/// The width and the height of a card, in pixels.
pub const SIZE: (u32, u32) = (1200, 630);

/// The distance from the edge.
const MARGIN: f32 = 80.0;

/// The sizes of a headline's letters that are tried, and the lines that have room in each.
const SIZES: [(f32, usize); 5] = [(88.0, 3), (72.0, 4), (60.0, 5), (50.0, 6), (42.0, 7)];

/// The size of the masthead's letters.
const MASTHEAD: f32 = 40.0;

/// Tells whether the font has every letter of a text. It has Latin, Greek and Cyrillic, and neither
/// Arabic, Hebrew and the scripts of India nor Chinese, Japanese and Korean.
pub fn can_draw(text: &str) -> bool {
    text.chars()
        .filter(|letter| !letter.is_whitespace())
        .all(|letter| advance(letter).is_some())
}

/// Returns the fingerprint of everything that a card shows.
pub fn print(headline: &str, masthead: &str) -> Fingerprint {
    Fingerprinter::new("card")
        .number(VERSION)
        .text(headline)
        .text(masthead)
        .finish()
}

/// Draws a card, as a PNG.
///
/// # Errors
///
/// Says why it can't be drawn.
pub fn card(headline: &str, masthead: &str) -> Result<Vec<u8>, String> {
    let mut drawn = draw(&svg(headline, masthead), SIZE.0, SIZE.1)?;
    // Nothing shines through paper.
    drawn.pixels = drawn.on_white();
    drawn.has_alpha = false;
    encode::encode(&drawn, Encoding::Png, 0)
}

fn svg(headline: &str, masthead: &str) -> String {
    let (width, height) = (SIZE.0 as f32, SIZE.1 as f32);
    let room = width - 2.0 * MARGIN;
    let (size, lines) = set(headline, room);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\">\
         <rect width=\"100%\" height=\"100%\" fill=\"#fbfaf7\"/>\
         <rect width=\"100%\" height=\"14\" fill=\"#111\"/>\
         <g font-family=\"{FONT}\" font-weight=\"700\" fill=\"#111\">"
    );
    let masthead = lines_of(masthead, MASTHEAD, room).into_iter().next();
    let _ = write!(
        svg,
        "<text x=\"{MARGIN}\" y=\"110\" font-size=\"{MASTHEAD}\" fill=\"#444\">{}</text>",
        escaped(&masthead.unwrap_or_default())
    );
    let leading = size * 1.14;
    // The lines end above the lower edge, so that short headlines stand low, as on a front page.
    let first = height - MARGIN - leading * (lines.len().saturating_sub(1)) as f32;
    for (at, line) in lines.iter().enumerate() {
        let y = first + leading * at as f32;
        let _ = write!(
            svg,
            "<text x=\"{MARGIN}\" y=\"{y}\" font-size=\"{size}\">{}</text>",
            escaped(line)
        );
    }
    svg.push_str("</g></svg>");
    svg
}

/// Chooses the largest letters in which a headline has room, and breaks it into lines; what has room
/// in none is cut.
fn set(headline: &str, room: f32) -> (f32, Vec<String>) {
    let mut last = (0.0, Vec::new());
    for (size, most) in SIZES {
        let lines = lines_of(headline, size, room);
        let fits = lines.len() <= most;
        last = (size, lines);
        if fits {
            return last;
        }
    }
    let (size, mut lines) = last;
    lines.truncate(SIZES[SIZES.len() - 1].1);
    if let Some(end) = lines.last_mut() {
        end.push('…');
    }
    (size, lines)
}

/// Breaks a text into lines of a width, at spaces; a word that is wider is broken where it must.
fn lines_of(text: &str, size: f32, room: f32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let space = if line.is_empty() { "" } else { " " };
        if width(&line, size) + width(space, size) + width(word, size) <= room {
            line.push_str(space);
            line.push_str(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for letter in word.chars() {
            if width(&line, size) + width(letter.encode_utf8(&mut [0; 4]), size) > room {
                lines.push(std::mem::take(&mut line));
            }
            line.push(letter);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// Returns how wide a text is in letters of a size.
fn width(text: &str, size: f32) -> f32 {
    text.chars()
        .map(|letter| advance(letter).unwrap_or(1.0) * size)
        .sum()
}

/// Returns how wide a letter is in parts of its size; none where the font does not have it.
fn advance(letter: char) -> Option<f32> {
    static FACES: OnceLock<Vec<Face<'static>>> = OnceLock::new();
    let faces = FACES.get_or_init(|| {
        let faces = FONTS.iter().map(|font| Face::parse(font, 0));
        faces.filter_map(Result::ok).collect()
    });
    faces.iter().find_map(|face| {
        let advance = face.glyph_hor_advance(face.glyph_index(letter)?)?;
        Some(f32::from(advance) / f32::from(face.units_per_em()))
    })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::picture;

    #[test]
    fn the_scripts_that_can_be_drawn_are_known() {
        for (text, expect) in [
            ("Ferry sinks at the quay: “no one hurt” – €5", true),
            ("Ça va, Łódź, Ñandú, Việt Nam", true),
            ("Паром затонул, Ελλάδα", true),
            ("渡轮沉没", false),
            ("غرقت العبارة", false),
            ("", true),
        ] {
            assert_eq!(can_draw(text), expect, "{text}");
        }
    }

    #[test]
    fn every_line_of_a_headline_has_room() {
        let long = "Why a very long headline about the harbour board and its ferry ".repeat(20);
        for headline in [
            "Ferry",
            "The ferry at the quay sank on a Sunday",
            &long,
            &"x".repeat(400),
        ] {
            let room = 1040.0;
            let (size, lines) = set(headline, room);
            assert!(!lines.is_empty());
            for line in &lines {
                // The dots at the end of what was cut may stand beyond.
                let line = line.trim_end_matches('…');
                assert!(width(line, size) <= room, "{line}");
            }
            let height = size * 1.14 * lines.len() as f32;
            assert!(height < 430.0, "{height}");
        }
        assert_eq!(set("Ferry", 1040.0).1, ["Ferry"]);
    }

    #[test]
    fn a_card_is_a_picture_with_ink_on_it() {
        let made = card("Ferry <sinks> & Łódź", "The Gazette").expect("it is drawn");
        let found = picture::read(&made, 1_000_000).expect("it is a picture");
        assert_eq!((found.width, found.height), SIZE);
        let pixels = super::super::negative::Negative::decode(&made, found.format, SIZE.0, SIZE.1)
            .expect("it is decoded")
            .pixels;
        // Above the lower edge stands the headline.
        let row = SIZE.0 as usize * 3;
        let dark = pixels[row * 500..row * 560]
            .iter()
            .filter(|value| **value < 60);
        assert!(dark.count() > 3000);
        assert_eq!(
            made,
            card("Ferry <sinks> & Łódź", "The Gazette").expect("it is drawn")
        );
    }
}
