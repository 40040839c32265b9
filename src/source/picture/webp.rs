//! WebP: the chunks of its RIFF container (RFC 9649).

use super::metadata::Blocks;
use super::{Edit, Format, PictureFault, cleaned, edit_manifest, exif, measured};
use std::borrow::Cow;
use std::ops::Range;

/// One chunk: its type, and where its content stands.
struct Chunk {
    kind: [u8; 4],
    content: Range<usize>,
}

impl Chunk {
    /// Returns where all of it stands in a file, with the byte that makes its length even.
    fn whole(&self, bytes: &[u8]) -> Range<usize> {
        let end = self.content.end + self.content.end % 2;
        self.content.start - 8..end.min(bytes.len())
    }
}

/// The chunks, none of them longer than the file.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk> + '_ {
    let mut at = 12_usize;
    std::iter::from_fn(move || {
        let head = bytes.get(at..at.checked_add(8)?)?;
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
        let start = at + 8;
        let end = start.checked_add(usize::try_from(length).ok()?)?;
        bytes.get(start..end)?;
        at = end + end % 2;
        Some(Chunk {
            kind: [head[0], head[1], head[2], head[3]],
            content: start..end,
        })
    })
}

/// Reads the size from the first chunk.
pub(super) fn size(bytes: &[u8]) -> Result<(u32, u32), PictureFault> {
    let (width, height) = measured(bytes, Format::WebP)?;
    // A lossy picture keeps a hint for scaling in the two high bits of each.
    if bytes.get(12..16) == Some(b"VP8 ".as_slice()) {
        return Ok((width & 0x3fff, height & 0x3fff));
    }
    Ok((width, height))
}

/// Checks that the container is as long as it says, and that a picture is in it.
pub(super) fn check_whole(bytes: &[u8]) -> Result<(), PictureFault> {
    let length = bytes.get(4..8).map_or(0, |length| {
        u32::from_le_bytes([length[0], length[1], length[2], length[3]])
    });
    if bytes.len() as u64 + 1 < u64::from(length) + 8 {
        return Err(PictureFault::cut_short(Format::WebP));
    }
    if chunks(bytes).any(|chunk| matches!(&chunk.kind, b"VP8 " | b"VP8L" | b"ANMF")) {
        return Ok(());
    }
    Err(PictureFault::cut_short(Format::WebP))
}

/// Reads the EXIF orientation.
pub(super) fn orientation(bytes: &[u8]) -> Option<u16> {
    chunks(bytes)
        .find(|chunk| &chunk.kind == b"EXIF")
        .map(|chunk| &bytes[chunk.content])
        .and_then(|exif| exif::orientation(exif.strip_prefix(b"Exif\0\0").unwrap_or(exif)))
}

/// Tells whether it is an animation.
pub(super) fn is_animated(bytes: &[u8]) -> bool {
    chunks(bytes).any(|chunk| matches!(&chunk.kind, b"ANIM" | b"ANMF"))
}

/// Lists what has to be replaced so that nothing remains but what the picture is shown with.
pub(super) fn without_metadata(bytes: &[u8]) -> Vec<Edit> {
    const HAS_EXIF: u8 = 0x08;
    const HAS_XMP: u8 = 0x04;
    let orientation = orientation(bytes).filter(|turn| (2..=8).contains(turn));
    let mut edits: Vec<Edit> = Vec::new();
    let mut length = bytes.len();
    let mut has_exif = false;
    for chunk in chunks(bytes) {
        let whole = chunk.whole(bytes);
        let put = match (&chunk.kind, orientation) {
            (b"EXIF", Some(turn)) if !has_exif => {
                has_exif = true;
                let content = exif::only_orientation(turn);
                let mut put = b"EXIF".to_vec();
                put.extend((content.len() as u32).to_le_bytes());
                put.extend(content);
                put
            }
            (b"VP8X" | b"ICCP" | b"ANIM" | b"ANMF" | b"ALPH" | b"VP8 " | b"VP8L", _) => continue,
            _ => Vec::new(),
        };
        length = length + put.len() - whole.len();
        edits.push((whole, put));
    }
    if edits.is_empty() {
        return edits;
    }
    // The header's chunk says what else there is.
    if bytes.get(12..16) == Some(b"VP8X".as_slice())
        && let Some(flags) = bytes.get(20)
    {
        let kept = flags & !(HAS_EXIF | HAS_XMP) | if has_exif { HAS_EXIF } else { 0 };
        edits.insert(0, (20..21, vec![kept]));
    }
    edits.insert(0, riff(length));
    edits
}

/// Returns the edit that says how long the file is, in bytes.
fn riff(length: usize) -> Edit {
    let length = u32::try_from(length - 8).unwrap_or(u32::MAX);
    (4..8, length.to_le_bytes().to_vec())
}

/// Finds the blocks of metadata.
pub(super) fn blocks(bytes: &[u8]) -> Blocks<'_> {
    let mut blocks = Blocks::default();
    for chunk in chunks(bytes) {
        let content = &bytes[chunk.content];
        match &chunk.kind {
            b"EXIF" => {
                let exif = content.strip_prefix(b"Exif\0\0").unwrap_or(content);
                blocks.exif.get_or_insert(Cow::Borrowed(exif));
            }
            // Some programs have called the chunk so.
            b"XMP " | b"XMP\0" => blocks.xmp.push(Cow::Borrowed(content)),
            _ => {}
        }
    }
    blocks
}

/// Lists what has to be replaced so that no position remains.
pub(super) fn without_position(bytes: &[u8]) -> Vec<Edit> {
    let metadata =
        chunks(bytes).filter(|chunk| matches!(&chunk.kind, b"EXIF" | b"XMP " | b"XMP\0"));
    let mut edits: Vec<Edit> = metadata
        .filter_map(|chunk| {
            cleaned(&bytes[chunk.content.clone()]).map(|clean| (chunk.content, clean))
        })
        .collect();
    let manifest = chunks(bytes).filter(|chunk| &chunk.kind == b"C2PA");
    let manifest: Vec<Range<usize>> = manifest.map(|chunk| chunk.whole(bytes)).collect();
    let length = manifest.iter().map(Range::len).sum::<usize>();
    edit_manifest(bytes, manifest, &mut edits);
    if length > 0 && !edits.is_empty() {
        edits.insert(0, riff(bytes.len() - length));
    }
    edits
}
