//! Text in lines: where they end, and how wide letters are.

use crate::darkroom::drawing::FONTS;
use crate::source::font::Font;
use std::sync::OnceLock;
use ttf_parser::Face;
use unicode_segmentation::UnicodeSegmentation;

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
            for letter in letters(part) {
                if !line.is_empty() && width(&line) + width(letter) > room {
                    lines.push(std::mem::take(&mut line));
                }
                line.push_str(letter);
            }
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// Divides a word into letters with their marks (UAX #29). A vowel of Thai and Lao that is written before
/// its consonant, and one after it, go with that.
fn letters(word: &str) -> Vec<&str> {
    let is_before = |letter: char| matches!(u32::from(letter), 0x0E40..=0x0E44 | 0x0EC0..=0x0EC4);
    let is_after = |letter: char| {
        let code = u32::from(letter);
        matches!(code, 0x0E2F | 0x0E30 | 0x0E32 | 0x0E33 | 0x0E45 | 0x0E46)
            || matches!(code, 0x0EAF | 0x0EB0 | 0x0EB2 | 0x0EB3 | 0x0EC6)
    };
    let mut letters = Vec::new();
    let (mut begin, mut is_open) = (0, false);
    for (at, letter) in word.grapheme_indices(true) {
        let first = letter.chars().next().unwrap_or_default();
        if at > begin && !is_open && !is_after(first) {
            letters.push(&word[begin..at]);
            begin = at;
        }
        is_open = is_before(first);
    }
    letters.push(&word[begin..]);
    letters
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_stays_with_its_marks_and_vowels() {
        for (word, expect) in [
            ("Fähre", &["F", "ä", "h", "r", "e"] as &[&str]),
            ("Fa\u{308}hr", &["F", "a\u{308}", "h", "r"]),
            ("ไม่ได้", &["ไม่", "ได้"]),
            ("เวลา", &["เว", "ลา"]),
            ("เกาะ", &["เกาะ"]),
            ("น้ำ", &["น้ำ"]),
            ("ไปລາວ", &["ไป", "ລາ", "ວ"]),
            ("ເມືອງ", &["ເມື", "ອ", "ງ"]),
            ("की", &["की"]),
            ("நீர்", &["நீ", "ர்"]),
            ("한국", &["한", "국"]),
            ("\u{1112}\u{1161}\u{11AB}", &["\u{1112}\u{1161}\u{11AB}"]),
            ("נמל", &["נ", "מ", "ל"]),
            ("שָׁלוֹם", &["שָׁ", "ל", "וֹ", "ם"]),
            ("غَرِقَت", &["غَ", "رِ", "قَ", "ت"]),
        ] {
            assert_eq!(letters(word), expect, "{word}");
        }
    }

    /// Without a font, a letter that dateline's own has not takes the width of its size.
    #[test]
    fn lines_of_any_script_hold_every_letter_whole() {
        for text in [
            "เรือข้ามฟากจมในท่าเรือ ผู้โดยสารได้รับการช่วยเหลือ",
            "ເຮືອຂ້າມຟາກຈົມໃນທ່າເຮືອ",
            "बंदरगाह पर नौका डूबी, यात्री बचाए गए",
            "துறைமுகத்தில் படகு மூழ்கியது",
            "항구에서 여객선이 침몰했다",
            "フェリーが港で沈没、「乗客は無事」",
            "المعبّر غَرِقَ في المرفأ",
            "הַמַּעְבֹּרֶת טָבְעָה בַּנָּמֵל",
        ] {
            let whole: Vec<&str> = text.split_whitespace().flat_map(letters).collect();
            for room in [60.0, 130.0, 300.0, 900.0] {
                let lines = lines_of(text, 50.0, room, &[]);
                let found: Vec<&str> = (lines.iter())
                    .flat_map(|line| line.split_whitespace())
                    .flat_map(letters)
                    .collect();
                assert_eq!(found, whole, "{room} of {text}");
                let is_wide = |line: &&String| width(line, 50.0, &[]) > room;
                for line in lines.iter().filter(is_wide) {
                    assert_eq!(letters(line).len(), 1, "{line} in {room}");
                }
            }
        }
    }
}
