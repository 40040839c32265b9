//! AVIF: the boxes of its ISO base media file.

use super::{Edit, Format, PictureFault, cleaned, measured};

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

/// Lists what has to be replaced so that no position remains. Metadata stands among the coded data,
/// so that all of the file is looked through.
pub(super) fn without_position(bytes: &[u8]) -> Vec<Edit> {
    cleaned(bytes)
        .map(|clean| (0..bytes.len(), clean))
        .into_iter()
        .collect()
}
