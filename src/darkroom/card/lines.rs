//! Text in lines: where they end, and how wide letters are.

use crate::darkroom::drawing::FONTS;
use crate::source::font::Font;
use std::sync::OnceLock;
use ttf_parser::Face;

/// Breaks a text into lines of a width, at spaces and between the letters of scripts that have none; a
/// word that is wider is broken where it must.
pub(super) fn lines_of(text: &str, size: f32, room: f32, fonts: &[Font]) -> Vec<String> {
    let width = |text: &str| width(text, size, fonts);
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let mut space = if line.is_empty() { "" } else { " " };
        for part in parts(word) {
            if width(&line) + width(space) + width(part) <= room {
                line.push_str(space);
                line.push_str(part);
                space = "";
                continue;
            }
            space = "";
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for letter in part.chars() {
                if width(&line) + width(letter.encode_utf8(&mut [0; 4])) > room {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(letter);
            }
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// Divides a word where a line can end in it: between Chinese and Japanese letters, but neither before a
/// mark that closes something nor after one that opens it (JIS X 4051).
pub(super) fn parts(word: &str) -> Vec<&str> {
    const CLOSING: &str =
        "、。，．・：；？！ー）」』】〕〉》］｝”’々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ…％";
    const OPENING: &str = "（「『【〔〈《［｛“‘";
    let is_alone = |letter: char| {
        matches!(
            u32::from(letter),
            0x2E80..=0x30FF | 0x31F0..=0x9FFF | 0xF900..=0xFAFF | 0xFF00..=0xFFEF | 0x2_0000..=0x3_FFFF
        )
    };
    let mut parts = Vec::new();
    let mut begin = 0;
    let mut last: Option<char> = None;
    for (at, letter) in word.char_indices() {
        let can_end = last
            .is_some_and(|last| (is_alone(last) || is_alone(letter)) && !OPENING.contains(last));
        if can_end && !CLOSING.contains(letter) {
            parts.push(&word[begin..at]);
            begin = at;
        }
        last = Some(letter);
    }
    parts.push(&word[begin..]);
    parts
}

/// Returns how wide a text is in letters of a size. Where letters join, it is less.
pub(super) fn width(text: &str, size: f32, fonts: &[Font]) -> f32 {
    text.chars()
        .map(|letter| match advance(letter, fonts) {
            None if is_invisible(letter) && !letter.is_whitespace() => 0.0,
            advance => advance.unwrap_or(1.0) * size,
        })
        .sum()
}

/// Returns how wide a letter is in parts of its size; none where no font has it.
pub(super) fn advance(letter: char, fonts: &[Font]) -> Option<f32> {
    own_advance(letter).or_else(|| fonts.iter().find_map(|font| font.advance(letter)))
}

/// Returns how wide a letter of dateline's font is.
fn own_advance(letter: char) -> Option<f32> {
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

/// Returns which of the site's fonts a letter is taken from; none where dateline's own has it, or where it
/// needs no glyph.
pub(super) fn font_of(letter: char, fonts: &[Font]) -> Option<usize> {
    match own_advance(letter) {
        Some(_) => None,
        None => fonts.iter().position(|font| font.advance(letter).is_some()),
    }
}

/// Tells whether a letter takes no room and needs no glyph.
pub(super) fn is_invisible(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(
            u32::from(letter),
            0xAD | 0x61C | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0xFE00..=0xFE0F | 0xFEFF
        )
}
