//! PNG: signature and chunks (W3C PNG, third edition).

use super::{Edit, Format, PictureFault, cleaned, exif};
use std::ops::Range;

/// The first eight bytes of every PNG.
pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// What a text chunk with metadata of another format may be called, before its zero byte.
const PROFILES: [&[u8]; 4] = [
    b"XML:com.adobe.xmp\0",
    b"Raw profile type exif\0",
    b"Raw profile type APP1\0",
    b"Raw profile type xmp\0",
];

/// One chunk: its type, where its content stands, and where all of it does.
struct Chunk {
    kind: [u8; 4],
    content: Range<usize>,
    whole: Range<usize>,
}

/// The chunks, none of them longer than the file.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk> + '_ {
    let mut at = SIGNATURE.len();
    std::iter::from_fn(move || {
        let head = bytes.get(at..at.checked_add(8)?)?;
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
        let start = at + 8;
        let end = start.checked_add(usize::try_from(length).ok()?)?;
        let whole = at..end.checked_add(4)?;
        bytes.get(whole.clone())?;
        at = whole.end;
        Some(Chunk {
            kind: [head[4], head[5], head[6], head[7]],
            content: start..end,
            whole,
        })
    })
}

/// Reads the size from the header chunk.
pub(super) fn size(bytes: &[u8]) -> Result<(u32, u32), PictureFault> {
    let header = chunks(bytes)
        .next()
        .ok_or_else(|| PictureFault::cut_short(Format::Png))?;
    match (&header.kind, &bytes[header.content]) {
        (b"IHDR", [w3, w2, w1, w0, h3, h2, h1, h0, ..]) => Ok((
            u32::from_be_bytes([*w3, *w2, *w1, *w0]),
            u32::from_be_bytes([*h3, *h2, *h1, *h0]),
        )),
        _ => Err(PictureFault::damaged(Format::Png)),
    }
}

/// Checks that there is a picture, and an end after it.
pub(super) fn check_whole(bytes: &[u8]) -> Result<(), PictureFault> {
    let mut has_data = false;
    for chunk in chunks(bytes) {
        match &chunk.kind {
            b"IDAT" => has_data = true,
            b"IEND" if has_data => return Ok(()),
            b"IEND" => return Err(PictureFault::damaged(Format::Png)),
            _ => {}
        }
    }
    Err(PictureFault::cut_short(Format::Png))
}

/// Tells whether the EXIF orientation swaps width and height.
pub(super) fn is_turned(bytes: &[u8]) -> bool {
    chunks(bytes)
        .find(|chunk| &chunk.kind == b"eXIf")
        .is_some_and(|chunk| exif::is_turned(&bytes[chunk.content]))
}

/// Lists what has to be replaced so that no position remains.
pub(super) fn without_position(bytes: &[u8]) -> Vec<Edit> {
    let mut edits = Vec::new();
    for chunk in chunks(bytes) {
        let content = &bytes[chunk.content.clone()];
        let is_profile = PROFILES.iter().any(|name| content.starts_with(name));
        match &chunk.kind {
            b"eXIf" | b"iTXt" if !is_compressed(&chunk.kind, content) => {
                if let Some(clean) = cleaned(content) {
                    let check = crc32(&chunk.kind, &clean).to_be_bytes();
                    let mut replacement = bytes[chunk.whole.start..chunk.content.start].to_vec();
                    replacement.extend_from_slice(&clean);
                    replacement.extend_from_slice(&check);
                    edits.push((chunk.whole, replacement));
                }
            }
            // A profile in hexadecimal digits or compressed can't be looked into.
            b"tEXt" | b"zTXt" | b"iTXt" if is_profile => edits.push((chunk.whole, Vec::new())),
            _ => {}
        }
    }
    edits
}

/// Tells whether the text of an international text chunk is compressed: the flag after its keyword.
fn is_compressed(kind: &[u8; 4], content: &[u8]) -> bool {
    kind == b"iTXt"
        && memchr::memchr(0, content)
            .and_then(|end| content.get(end + 1))
            .is_some_and(|flag| *flag != 0)
}

/// Computes the check value of a chunk (W3C PNG, section 5.5).
fn crc32(kind: &[u8; 4], content: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in kind.iter().chain(content) {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            let carry = crc & 1;
            crc >>= 1;
            if carry == 1 {
                crc ^= 0xedb8_8320;
            }
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_is_that_of_the_standard() {
        assert_eq!(crc32(b"IEND", b""), 0xae42_6082);
    }
}
