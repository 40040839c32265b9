//! IPTC-IIM (version 4.2): the datasets of record 2, and the image resources of Photoshop that hold
//! them.

use md5::{Digest, Md5};
use std::borrow::Cow;

/// The greatest length of a by-line, in bytes.
pub(super) const BYLINE: usize = 32;
/// The greatest length of a credit, in bytes.
pub(super) const CREDIT: usize = 32;
/// The greatest length of a source, in bytes.
pub(super) const SOURCE: usize = 32;
/// The greatest length of a copyright notice, in bytes.
pub(super) const COPYRIGHT: usize = 128;
/// The greatest length of a caption, in bytes.
pub(super) const CAPTION: usize = 2000;
/// The greatest length of a headline, in bytes.
pub(super) const HEADLINE: usize = 256;

/// Begins every dataset.
const TAG_MARKER: u8 = 0x1c;
/// What the coded character set of UTF-8 is called (ISO 2022).
const UTF8: &[u8] = b"\x1b%G";
/// Begins every image resource.
const RESOURCE: &[u8] = b"8BIM";
/// The image resource that holds IIM.
const IIM_RESOURCE: u16 = 0x0404;
/// The image resource that holds the digest of the IIM as it was when XMP was last written.
const DIGEST_RESOURCE: u16 = 0x0425;

/// A value, with the bytes that it took: one of the greatest length may be cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) text: String,
    bytes: usize,
}

impl Text {
    /// Returns the value; or `whole`, where this is its beginning and was cut to `limit` bytes.
    pub(super) fn completed(self, limit: usize, whole: String) -> String {
        // A letter of several bytes is cut off whole.
        let is_cut = self.bytes + 3 >= limit && self.bytes <= limit;
        if is_cut && whole.len() > self.text.len() && whole.starts_with(&self.text) {
            whole
        } else {
            self.text
        }
    }
}

/// What IIM says of a photo.
#[derive(Debug, Default)]
pub(super) struct Iim {
    pub(super) creators: Vec<Text>,
    pub(super) credit: Option<Text>,
    pub(super) source: Option<Text>,
    pub(super) copyright: Option<Text>,
    pub(super) caption: Option<Text>,
    pub(super) headline: Option<Text>,
    pub(super) instructions: Option<Text>,
}

/// Reads the datasets of a block; those after a broken one are lost.
pub(super) fn read(block: &[u8]) -> Iim {
    let mut found = Iim::default();
    let is_utf8 =
        datasets(block).any(|set| (set.record, set.number) == (1, 90) && set.value == UTF8);
    for set in datasets(block).filter(|set| set.record == 2) {
        let Some(text) = decoded(set.value, is_utf8) else {
            continue;
        };
        let field = match set.number {
            80 => {
                found.creators.push(text);
                continue;
            }
            40 => &mut found.instructions,
            105 => &mut found.headline,
            110 => &mut found.credit,
            115 => &mut found.source,
            116 => &mut found.copyright,
            120 => &mut found.caption,
            _ => continue,
        };
        field.get_or_insert(text);
    }
    found
}

struct Dataset<'a> {
    record: u8,
    number: u8,
    value: &'a [u8],
}

fn datasets(block: &[u8]) -> impl Iterator<Item = Dataset<'_>> {
    let mut rest = block;
    std::iter::from_fn(move || {
        let (head, after) = rest.split_first_chunk::<5>()?;
        if head[0] != TAG_MARKER {
            return None;
        }
        let length = u16::from_be_bytes([head[3], head[4]]);
        // A set high bit says how many bytes the length itself takes (section 1.5.4).
        let (length, after) = match length & 0x8000 {
            0 => (usize::from(length), after),
            _ => {
                let (digits, after) = after.split_at_checked(usize::from(length & 0x7fff))?;
                let length = digits.iter().try_fold(0_usize, |sum, digit| {
                    sum.checked_mul(256)?.checked_add(usize::from(*digit))
                })?;
                (length, after)
            }
        };
        let (value, after) = after.split_at_checked(length)?;
        rest = after;
        Some(Dataset {
            record: head[1],
            number: head[2],
            value,
        })
    })
}

/// Decodes a value: none where it is blank.
fn decoded(value: &[u8], is_utf8: bool) -> Option<Text> {
    let text: Cow<'_, str> = match is_utf8 {
        true => String::from_utf8_lossy(value),
        false => latin(value).into(),
    };
    // A letter that was cut in two is no letter.
    let text = text.trim_end_matches('\u{fffd}');
    super::text::cleaned(text).map(|text| Text {
        text,
        bytes: value.len(),
    })
}

/// Decodes Windows-1252, of which ISO 8859-1 is a part: what IIM without a coded character set is in.
pub(super) fn latin(value: &[u8]) -> String {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    let letter = |byte: &u8| match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(*byte),
    };
    value.iter().map(letter).collect()
}

/// Computes the digest of IIM that Photoshop stores beside it.
pub(super) fn digest(block: &[u8]) -> [u8; 16] {
    Md5::digest(block).into()
}

/// What the image resources hold.
#[derive(Debug, Default)]
pub(super) struct Resources {
    pub(super) iim: Option<Vec<u8>>,
    pub(super) digest: Option<[u8; 16]>,
}

/// Reads image resources; those after a broken one are lost.
pub(super) fn resources(block: &[u8]) -> Resources {
    let mut found = Resources::default();
    let mut rest = block;
    while let Some((kind, content, after)) = resource(rest) {
        match kind {
            IIM_RESOURCE => found.iim.get_or_insert_default().extend_from_slice(content),
            DIGEST_RESOURCE => found.digest = content.try_into().ok(),
            _ => {}
        }
        rest = after;
    }
    found
}

/// Takes the first resource off: its kind, its content, and what follows it.
fn resource(block: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let rest = block.strip_prefix(RESOURCE)?;
    let (kind, rest) = rest.split_first_chunk::<2>()?;
    // The name has its length before it, and both together are an even number of bytes.
    let name = usize::from(*rest.first()?) + 1;
    let rest = rest.get(name + name % 2..)?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (content, rest) = rest.split_at_checked(length)?;
    let rest = rest.get(length % 2..).unwrap_or_default();
    Some((u16::from_be_bytes(*kind), content, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dataset(record: u8, number: u8, value: &[u8]) -> Vec<u8> {
        let length = (value.len() as u16).to_be_bytes();
        [&[TAG_MARKER, record, number], &length[..], value].concat()
    }

    fn text(text: &Option<Text>) -> Option<&str> {
        text.as_ref().map(|text| text.text.as_str())
    }

    #[test]
    fn a_block_without_a_character_set_is_windows_1252() {
        let block = dataset(2, 110, b"Jos\xe9 \x96 \x80");
        assert_eq!(text(&read(&block).credit), Some("José – €"));
    }

    #[test]
    fn a_block_that_says_utf8_is_utf8() {
        let block = [
            dataset(2, 110, "José".as_bytes()),
            dataset(1, 90, UTF8),
            dataset(2, 80, "Ōe".as_bytes()),
            dataset(2, 80, b"  "),
            dataset(2, 80, b"Li\0"),
        ]
        .concat();
        let found = read(&block);
        assert_eq!(text(&found.credit), Some("José"));
        let names: Vec<&str> = found.creators.iter().map(|one| one.text.as_str()).collect();
        assert_eq!(names, ["Ōe", "Li"]);
    }

    #[test]
    fn a_long_value_has_a_length_of_its_own() {
        let mut block = vec![TAG_MARKER, 2, 120, 0x80, 4, 0, 0, 0, 3];
        block.extend_from_slice(b"abc");
        block.extend(dataset(2, 115, b"Reuters"));
        let found = read(&block);
        assert_eq!(text(&found.caption), Some("abc"));
        assert_eq!(text(&found.source), Some("Reuters"));
    }

    #[test]
    fn a_value_of_the_greatest_length_is_completed_and_another_is_not() {
        let check = |iim: &str, xmp: &str, expect: &str| {
            let text = decoded(iim.as_bytes(), true).expect("it is not blank");
            assert_eq!(text.completed(8, xmp.to_owned()), expect, "{iim} {xmp}");
        };
        check("12345678", "1234567890", "1234567890");
        check("12345678", "x234567890", "12345678");
        check("1234", "1234567890", "1234");
        check("123456é", "123456éz", "123456éz");
    }

    #[test]
    fn resources_are_padded_to_even_lengths() {
        let resource = |kind: u16, name: &[u8], content: &[u8]| {
            let mut out = RESOURCE.to_vec();
            out.extend(kind.to_be_bytes());
            out.push(name.len() as u8);
            out.extend(name);
            out.extend(vec![0; (name.len() + 1) % 2]);
            out.extend((content.len() as u32).to_be_bytes());
            out.extend(content);
            out.extend(vec![0; content.len() % 2]);
            out
        };
        let block = [
            resource(1, b"ab", b"x"),
            resource(IIM_RESOURCE, b"", b"abc"),
            resource(DIGEST_RESOURCE, b"", &[7; 16]),
            resource(IIM_RESOURCE, b"", b"de"),
            b"8BIM\x04".to_vec(),
        ]
        .concat();
        let found = resources(&block);
        assert_eq!(found.iim.as_deref(), Some(b"abcde".as_slice()));
        assert_eq!(found.digest, Some([7; 16]));
    }
}
