//! A font of the site, in which cards are drawn whose letters dateline's own has not.

use crate::base::fingerprint::Fingerprint;
use rapidhash::RapidHashMap;
use std::fmt;
use std::sync::Arc;
use ttf_parser::Face;

/// A font file, and which letters are in it.
#[derive(Clone)]
pub struct Font {
    /// The fingerprint of its bytes.
    pub fingerprint: Fingerprint,
    /// Its bytes.
    pub bytes: Arc<Vec<u8>>,
    /// How wide each letter is, in parts of its size.
    advances: RapidHashMap<char, f32>,
}

impl Font {
    /// Reads TrueType or OpenType; of a collection, the first font.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the file, to continue a sentence that begins with its name; and what to do.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, (&'static str, &'static str)> {
        if bytes.starts_with(b"wOFF") || bytes.starts_with(b"wOF2") {
            return Err((
                "is a web font, which is packed",
                "unpack it: `fonttools ttLib.woff2 decompress` makes TrueType of WOFF2",
            ));
        }
        let broken = |_| {
            (
                "can't be read as a TrueType or OpenType font",
                "take the `.ttf` or `.otf` file of the font",
            )
        };
        let face = Face::parse(&bytes, 0).map_err(broken)?;
        let mut advances = RapidHashMap::default();
        let size = f32::from(face.units_per_em());
        let tables = face
            .tables()
            .cmap
            .into_iter()
            .flat_map(|cmap| cmap.subtables);
        for table in tables.filter(|table| table.is_unicode()) {
            table.codepoints(|code| {
                let letter = char::from_u32(code);
                let glyph = table.glyph_index(code).filter(|glyph| glyph.0 != 0);
                if let (Some(letter), Some(glyph)) = (letter, glyph) {
                    let advance = face.glyph_hor_advance(glyph).unwrap_or_default();
                    advances.insert(letter, f32::from(advance) / size);
                }
            });
        }
        if advances.is_empty() {
            return Err((
                "has no letters that are known by their Unicode",
                "take a font of letters, not of symbols",
            ));
        }
        Ok(Self {
            fingerprint: Fingerprint::of_bytes(&bytes),
            advances,
            bytes: Arc::new(bytes),
        })
    }

    /// Returns how wide a letter is, in parts of its size; none where the font does not have it.
    pub fn advance(&self, letter: char) -> Option<f32> {
        self.advances.get(&letter).copied()
    }
}

impl fmt::Debug for Font {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Font({})", self.fingerprint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_font_has_its_letters_and_no_others() {
        let font = Font::parse(include_bytes!("../../tests/data/fonts/arabic.ttf").to_vec());
        let font = font.expect("it is a font");
        assert!(
            font.advance('غ')
                .is_some_and(|width| width > 0.2 && width < 2.0)
        );
        assert_eq!(font.advance('A'), None);
        assert_eq!(font.advance('\u{fffd}'), None);
    }

    #[test]
    fn what_is_no_font_is_told() {
        let check = |bytes: &[u8], expect: &str| {
            let (message, _) = Font::parse(bytes.to_vec()).expect_err("it is none");
            assert!(message.contains(expect), "{message}");
        };
        check(b"wOF2....", "web font");
        check(b"", "can't be read");
        check(b"\0\x01\0\0 no tables", "can't be read");
        let whole = include_bytes!("../../tests/data/fonts/arabic.ttf");
        for end in 0..whole.len() {
            // Whatever is left of it, it ends without a panic.
            let _ = Font::parse(whole[..end].to_vec());
        }
    }
}
