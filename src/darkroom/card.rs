//! The card that stands for an article without a photo where a link to it is shown: the masthead and
//! the headline on paper.

use super::derivative::Encoding;
use super::drawing::{self, FONT, draw_with};
use super::encode;
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use crate::source::font::Font;
use std::fmt::Write as _;

mod lines;
mod pieces;

use lines::{advance, is_invisible, lines_of};
use pieces::{is_rtl, pieces};

/// Another number means other bytes of the same card.
const VERSION: u64 = 2;

/// The width and the height of a card, in pixels.
pub const SIZE: (u32, u32) = (1200, 630);

/// The distance from the edge.
const MARGIN: f32 = 80.0;

/// The sizes of a headline's letters that are tried, and the lines that have room in each.
const SIZES: [(f32, usize); 5] = [(88.0, 3), (72.0, 4), (60.0, 5), (50.0, 6), (42.0, 7)];

/// The size of the masthead's letters.
const MASTHEAD: f32 = 40.0;

/// Tells whether a card can show a text: dateline's font has Latin, Greek and Cyrillic, and the site's may
/// have others.
pub fn can_draw(text: &str, fonts: &[Font]) -> bool {
    text.chars()
        .filter(|letter| !is_invisible(*letter))
        .all(|letter| advance(letter, fonts).is_some())
}

/// Returns the fingerprint of everything that a card shows. Fonts whose letters it does not need are no part
/// of it.
pub fn print(headline: &str, masthead: &str, fonts: &[Font]) -> Fingerprint {
    let mut print = Fingerprinter::new("card");
    print.number(VERSION).text(headline).text(masthead);
    for font in needed(headline, masthead, fonts) {
        print.fingerprint(font.fingerprint);
    }
    print.finish()
}

/// Draws a card, as a PNG.
///
/// # Errors
///
/// Says why it can't be drawn.
pub fn card(headline: &str, masthead: &str, fonts: &[Font]) -> Result<Vec<u8>, String> {
    let fonts = needed(headline, masthead, fonts);
    let svg = svg(headline, masthead, fonts);
    let mut drawn = draw_with(&svg, SIZE.0, SIZE.1, fonts)?;
    // Nothing shines through paper.
    drawn.pixels = drawn.on_white();
    drawn.has_alpha = false;
    encode::encode(&drawn, Encoding::Png, 0)
}

/// Returns the site's fonts where a card has letters that dateline's own does not have.
fn needed<'a>(headline: &str, masthead: &str, fonts: &'a [Font]) -> &'a [Font] {
    match can_draw(headline, &[]) && can_draw(masthead, &[]) {
        true => &[],
        false => fonts,
    }
}

fn svg(headline: &str, masthead: &str, fonts: &[Font]) -> String {
    let (width, height) = (SIZE.0 as f32, SIZE.1 as f32);
    let room = width - 2.0 * MARGIN;
    let (size, lines) = set(headline, room, fonts);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\">\
         <rect width=\"100%\" height=\"100%\" fill=\"#fbfaf7\"/>\
         <rect width=\"100%\" height=\"14\" fill=\"#111\"/>\
         <g font-family=\"{FONT}\" font-weight=\"700\" fill=\"#111\">"
    );
    let first = lines_of(masthead, MASTHEAD, room, fonts).into_iter().next();
    let masthead = Line {
        text: &first.unwrap_or_default(),
        is_rtl: is_rtl(masthead),
        size: MASTHEAD,
        y: 110.0,
    };
    masthead.write(" fill=\"#444\"", fonts, &mut svg);
    let leading = size * 1.14;
    // The lines end above the lower edge, so that short headlines stand low, as on a front page.
    let first = height - MARGIN - leading * (lines.len().saturating_sub(1)) as f32;
    let is_rtl = is_rtl(headline);
    for (at, text) in lines.iter().enumerate() {
        let line = Line {
            text,
            is_rtl,
            size,
            y: first + leading * at as f32,
        };
        line.write("", fonts, &mut svg);
    }
    svg.push_str("</g></svg>");
    svg
}

/// A line of a card.
struct Line<'a> {
    text: &'a str,
    is_rtl: bool,
    size: f32,
    /// Where it stands, from the top.
    y: f32,
}

impl Line<'_> {
    /// Adds the line to a drawing: at the left edge, or at the right one.
    fn write(&self, attributes: &str, fonts: &[Font], svg: &mut String) {
        let Self {
            text,
            is_rtl,
            size,
            y,
        } = *self;
        let mut add = |x: f32, family: &str, text: &str| {
            let _ = write!(
                svg,
                "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\"{attributes}{family}>{}</text>",
                escaped(text)
            );
        };
        if fonts.is_empty() {
            return add(MARGIN, "", text);
        }
        let pieces = pieces(text, is_rtl, fonts).into_iter().map(|piece| {
            let family = match piece.font {
                Some(at) => format!(" font-family=\"{}\"", drawing::family(at)),
                None => String::new(),
            };
            // Spaces at the edge of a piece take their room.
            let family = format!(" xml:space=\"preserve\"{family}");
            let width = drawing::width(&escaped(&piece.text), &family, size, fonts);
            (piece.text, family, width)
        });
        let pieces: Vec<(String, String, f32)> = pieces.collect();
        let whole: f32 = pieces.iter().map(|(.., width)| width).sum();
        let mut x = match is_rtl {
            true => SIZE.0 as f32 - MARGIN - whole,
            false => MARGIN,
        };
        for (text, family, width) in &pieces {
            add(x, family, text);
            x += width;
        }
    }
}

/// Chooses the largest letters in which a headline has room, and breaks it into lines; what has room
/// in none is cut.
fn set(headline: &str, room: f32, fonts: &[Font]) -> (f32, Vec<String>) {
    let mut last = (0.0, Vec::new());
    for (size, most) in SIZES {
        let lines = lines_of(headline, size, room, fonts);
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
            assert_eq!(can_draw(text, &[]), expect, "{text}");
        }
    }

    fn fonts() -> Vec<Font> {
        let files: [&[u8]; 2] = [
            include_bytes!("../../tests/data/fonts/arabic.ttf"),
            include_bytes!("../../tests/data/fonts/chinese.ttf"),
        ];
        let fonts = files.map(|bytes| Font::parse(bytes.to_vec()).expect("it is a font"));
        fonts.into()
    }

    #[test]
    fn the_sites_fonts_have_further_letters() {
        let fonts = fonts();
        for (text, expect) in [
            ("渡轮沉没，三人获救。", true),
            ("غرقت العبارة", true),
            ("Ferry 渡轮 \u{200f}العبارة", true),
            ("船", false),
        ] {
            assert_eq!(can_draw(text, &fonts), expect, "{text}");
        }
        // A card that does not need them is the same with them.
        assert_eq!(print("Ferry", "G", &fonts), print("Ferry", "G", &[]));
        assert_ne!(print("渡轮", "G", &fonts), print("渡轮", "G", &fonts[..1]));
    }

    #[test]
    fn lines_end_between_letters_of_scripts_without_spaces_and_not_before_a_mark() {
        let check = |word: &str, expect: &[&str]| assert_eq!(lines::parts(word), expect, "{word}");
        check("Ferry-boat", &["Ferry-boat"]);
        check("渡轮沉没，三人", &["渡", "轮", "沉", "没，", "三", "人"]);
        check("「渡轮」NASA的", &["「渡", "轮」", "NASA", "的"]);
        check("غرقت", &["غرقت"]);
        let fonts = fonts();
        let lines = lines_of("渡轮沉没，渡轮沉没，三人获救", 88.0, 4.0 * 88.0, &fonts);
        assert_eq!(lines, ["渡轮沉", "没，渡轮", "沉没，三", "人获救"]);
    }

    /// Returns the columns in which there is ink between two rows.
    fn inked(headline: &str) -> std::ops::Range<usize> {
        let made = card(headline, "G", &fonts()).expect("it is drawn");
        let format = picture::read(&made, 1_000_000).expect("a picture").format;
        let negative = super::super::negative::Negative::decode(&made, format, SIZE.0, SIZE.1);
        let pixels = negative.expect("it is decoded").pixels;
        let width = SIZE.0 as usize;
        let is_inked = |x: &usize| (400..600).any(|y| pixels[(y * width + x) * 3] < 100);
        let first = (0..width).find(is_inked).expect("there is ink");
        let last = (0..width).rfind(is_inked).expect("there is ink");
        first..last
    }

    #[test]
    fn arabic_is_joined_and_runs_from_the_right() {
        let right = SIZE.0 as usize - MARGIN as usize;
        let latin = inked("Ferry");
        assert!(drawing::width("Ferry", "", 88.0, &[]) > 100.0);
        assert!(drawing::width("غرقت", " font-family=\"further 0\"", 88.0, &fonts()) > 100.0);
        assert!(latin.start < 100, "{latin:?}");
        let arabic = inked("غرقت العبارة");
        assert!(
            arabic.end > right - 20 && arabic.end <= right + 5,
            "{arabic:?}"
        );
        // Letters that join are narrower than alone.
        let alone = lines::width("غرقت العبارة", SIZES[0].0, &fonts());
        assert!(
            (arabic.len() as f32) < alone * 0.97,
            "{} of {alone}",
            arabic.len()
        );

        // Spaces at both ends of a number between words take their room.
        let pair = inked("غرقت غرقت").len();
        let with_number = inked("غرقت 747 غرقت").len();
        let space = lines::width(" ", SIZES[0].0, &fonts());
        let more = with_number as f32 - pair as f32 - inked("747").len() as f32;
        assert!((more - space).abs() < 12.0, "{more} for {space}");

        // Of two directions in a line, the first word stands at the right, and the other beside it.
        let both = inked("غرقت FERRY");
        let [first, second] = ["غرقت", "FERRY"].map(inked);
        assert!(both.end.abs_diff(first.end) < 4, "{both:?} {first:?}");
        let words = first.len() + second.len();
        assert!(
            (10..60).contains(&(both.len() - words)),
            "{both:?} of {words}"
        );
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
            let (size, lines) = set(headline, room, &[]);
            assert!(!lines.is_empty());
            for line in &lines {
                // The dots at the end of what was cut may stand beyond.
                let line = line.trim_end_matches('…');
                assert!(lines::width(line, size, &[]) <= room, "{line}");
            }
            let height = size * 1.14 * lines.len() as f32;
            assert!(height < 430.0, "{height}");
        }
        assert_eq!(set("Ferry", 1040.0, &[]).1, ["Ferry"]);
    }

    #[test]
    fn a_card_is_a_picture_with_ink_on_it() {
        let made = card("Ferry <sinks> & Łódź", "The Gazette", &[]).expect("it is drawn");
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
            card("Ferry <sinks> & Łódź", "The Gazette", &[]).expect("it is drawn")
        );
    }
}
