//! AVIF: the boxes of its ISO base media file.

use super::metadata::Blocks;
use super::{Edit, Format, PictureFault, cleaned, measured};
use std::borrow::Cow;
use std::ops::Range;

/// The longest list of brands that is looked at, in bytes.
const LONGEST_BRANDS: usize = 256;

/// Tells whether the file's brands say that it is AVIF.
pub(super) fn is_avif(bytes: &[u8]) -> bool {
    if bytes.get(4..8) != Some(b"ftyp".as_slice()) {
        return false;
    }
    let length = usize::try_from(box_length(bytes, 0).unwrap_or(0)).unwrap_or(usize::MAX);
    let brands = &bytes[8..length.min(bytes.len()).clamp(8, 8 + LONGEST_BRANDS)];
    brands
        .chunks_exact(4)
        .any(|brand| matches!(brand, b"avif" | b"avis"))
}

/// Reads the length of the box at `at`, with its head; none where the file ends before that is said.
fn box_length(bytes: &[u8], at: usize) -> Option<u64> {
    let head = bytes.get(at..at.checked_add(8)?)?;
    match u32::from_be_bytes([head[0], head[1], head[2], head[3]]) {
        0 => Some((bytes.len() - at) as u64),
        1 => {
            let long = bytes.get(at + 8..at.checked_add(16)?)?;
            Some(u64::from_be_bytes(long.try_into().ok()?))
        }
        length => Some(u64::from(length)),
    }
}

/// Reads the size, turned as the file's own rotation property says.
pub(super) fn size(bytes: &[u8]) -> Result<(u32, u32), PictureFault> {
    check_whole(bytes)?;
    measured(bytes, Format::Avif)
}

/// Checks that every box at the top is as long as it says.
pub(super) fn check_whole(bytes: &[u8]) -> Result<(), PictureFault> {
    let mut at = 0_usize;
    while at < bytes.len() {
        let length = box_length(bytes, at).ok_or_else(|| PictureFault::cut_short(Format::Avif))?;
        if length < 8 {
            return Err(PictureFault::damaged(Format::Avif));
        }
        at = usize::try_from(length)
            .ok()
            .and_then(|length| at.checked_add(length))
            .filter(|end| *end <= bytes.len())
            .ok_or_else(|| PictureFault::cut_short(Format::Avif))?;
    }
    Ok(())
}

/// Finds the blocks of metadata: the items of EXIF and XMP (ISO 23008-12, annex A).
pub(super) fn blocks(bytes: &[u8]) -> Blocks<'_> {
    let mut blocks = Blocks::default();
    let all = 0..bytes.len();
    let Some(meta) = boxes(bytes, all).find(|one| &one.kind == b"meta") else {
        return blocks;
    };
    // After the version and the flags.
    let inside = meta.content.start + 4..meta.content.end;
    let part = |kind: &[u8; 4]| {
        let found = boxes(bytes, inside.clone()).find(|one| one.kind == *kind);
        found.map(|one| one.content)
    };
    let (Some(infos), Some(places)) = (part(b"iinf"), part(b"iloc")) else {
        return blocks;
    };
    let data = part(b"idat").map_or(0, |data| data.start);
    for item in items(bytes, infos) {
        let Some(content) = place(bytes, &places, item.id, data) else {
            continue;
        };
        match item.kind {
            // The offset of the structure stands before it.
            ItemKind::Exif => {
                let offset = number(bytes, content.start, 4).unwrap_or(0) as usize;
                let start = content.start.saturating_add(4).saturating_add(offset);
                let exif = bytes.get(start..content.end);
                blocks.exif = blocks.exif.take().or(exif.map(Cow::Borrowed));
            }
            ItemKind::Xmp => blocks.xmp.push(Cow::Borrowed(&bytes[content])),
        }
    }
    blocks
}

/// A box: its type, and where its content stands.
struct IsoBox {
    kind: [u8; 4],
    content: Range<usize>,
}

/// The boxes in a stretch of the file, none of them longer than it.
fn boxes(bytes: &[u8], within: Range<usize>) -> impl Iterator<Item = IsoBox> + '_ {
    let mut at = within.start;
    std::iter::from_fn(move || {
        let length = usize::try_from(box_length(bytes, at)?).ok()?;
        let end = at
            .checked_add(length)
            .filter(|end| length >= 8 && *end <= within.end)?;
        let kind = bytes.get(at + 4..at + 8)?.try_into().ok()?;
        let is_long = number(bytes, at, 4) == Some(1);
        let content = at + if is_long { 16 } else { 8 }..end;
        at = end;
        Some(IsoBox { kind, content }).filter(|one| one.content.start <= one.content.end)
    })
}

/// Reads a number of up to eight bytes; none where the file ends before it.
fn number(bytes: &[u8], at: usize, length: usize) -> Option<u64> {
    let digits = bytes.get(at..at.checked_add(length)?)?;
    Some(
        digits
            .iter()
            .fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
    )
}

/// What an item holds.
enum ItemKind {
    Exif,
    Xmp,
}

/// An item of metadata.
struct Item {
    id: u64,
    kind: ItemKind,
}

/// The items of metadata that the box `iinf` lists (ISO 14496-12, section 8.11.6).
fn items(bytes: &[u8], infos: Range<usize>) -> impl Iterator<Item = Item> + '_ {
    let count_length = if bytes.get(infos.start) == Some(&0) {
        2
    } else {
        4
    };
    boxes(bytes, infos.start + 4 + count_length..infos.end)
        .filter(|one| &one.kind == b"infe")
        .filter_map(|one| {
            let at = one.content.start;
            let id_length = match bytes.get(at)? {
                2 => 2,
                3 => 4,
                _ => return None,
            };
            let id = number(bytes, at + 4, id_length)?;
            // After the id stands the index of a protection.
            let rest = bytes.get(at + 4 + id_length + 2..one.content.end)?;
            let kind = match rest.split_first_chunk::<4>()? {
                (b"Exif", _) => ItemKind::Exif,
                // The item's name and its media type end with zero bytes.
                (b"mime", names) => names
                    .split(|byte| *byte == 0)
                    .nth(1)
                    .filter(|media_type| *media_type == b"application/rdf+xml")
                    .map(|_| ItemKind::Xmp)?,
                _ => return None,
            };
            Some(Item { id, kind })
        })
}

/// Finds where an item's bytes stand, by the box `iloc` (ISO 14496-12, section 8.11.3); none where
/// they stand in several places. `data` is where the box `idat` begins.
fn place(bytes: &[u8], places: &Range<usize>, wanted: u64, data: usize) -> Option<Range<usize>> {
    let mut at = places.start;
    let mut take = |length: usize| {
        let found = number(bytes, at, length);
        at += length;
        found
    };
    let version = take(1)?;
    take(3)?;
    let lengths = take(2)?;
    let half = |shift: u32| (lengths >> shift & 15) as usize;
    let (offset_length, length_length, base_length) = (half(12), half(8), half(4));
    let index_length = if version == 0 { 0 } else { half(0) };
    let id_length = if version < 2 { 2 } else { 4 };
    let count = take(id_length)?;
    for _ in 0..count {
        let id = take(id_length)?;
        let method = if version == 0 { 0 } else { take(2)? & 15 };
        take(2)?;
        let base = take(base_length)?;
        let extents = take(2)?;
        let mut only = None;
        for _ in 0..extents {
            take(index_length)?;
            let offset = take(offset_length)?;
            let length = take(length_length)?;
            only = Some((offset, length));
        }
        if id != wanted || extents != 1 {
            continue;
        }
        let (offset, length) = only?;
        let origin = match method {
            0 => 0,
            1 => data as u64,
            _ => return None,
        };
        let start = origin.checked_add(base)?.checked_add(offset)?;
        let end = usize::try_from(start.checked_add(length)?).ok()?;
        let start = usize::try_from(start).ok()?;
        return (start < end && end <= bytes.len()).then_some(start..end);
    }
    None
}

/// Lists what has to be replaced so that no position remains. Metadata stands among the coded data,
/// so that all of the file is looked through.
pub(super) fn without_position(bytes: &[u8]) -> Vec<Edit> {
    cleaned(bytes)
        .map(|clean| (0..bytes.len(), clean))
        .into_iter()
        .collect()
}
