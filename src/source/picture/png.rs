//! PNG: signature and chunks (W3C PNG, third edition).

use super::metadata::Blocks;
use super::{Edit, Format, PictureFault, cleaned, edit_manifest, exif};
use flate2::bufread::ZlibDecoder;
use std::borrow::Cow;
use std::io::Read;
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

/// The chunk of Content Credentials.
const MANIFEST: &[u8; 4] = b"caBX";

/// The most bytes that compressed metadata may have once it is not.
const MOST_INFLATED: u64 = 16 << 20;

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

/// Reads the EXIF orientation.
pub(super) fn orientation(bytes: &[u8]) -> Option<u16> {
    chunks(bytes)
        .find(|chunk| &chunk.kind == b"eXIf")
        .and_then(|chunk| exif::orientation(&bytes[chunk.content]))
}

/// Tells whether it is an animation (W3C PNG, third edition, section 4.9).
pub(super) fn is_animated(bytes: &[u8]) -> bool {
    chunks(bytes)
        .take_while(|chunk| &chunk.kind != b"IDAT")
        .any(|chunk| &chunk.kind == b"acTL")
}

/// Lists what has to be replaced so that nothing remains but what the picture is shown with.
pub(super) fn without_metadata(bytes: &[u8]) -> Vec<Edit> {
    let orientation = orientation(bytes).filter(|turn| (2..=8).contains(turn));
    let edit = |chunk: Chunk| match (&chunk.kind, orientation) {
        (b"eXIf", Some(turn)) => {
            let content = exif::only_orientation(turn);
            let mut put = (content.len() as u32).to_be_bytes().to_vec();
            put.extend(chunk.kind);
            put.extend(&content);
            put.extend(crc32(&chunk.kind, &content).to_be_bytes());
            Some((chunk.whole, put))
        }
        (b"eXIf" | b"tEXt" | b"zTXt" | b"iTXt" | b"tIME", _) => Some((chunk.whole, Vec::new())),
        // A small second letter says that the chunk is some program's own, as Content Credentials are.
        (kind, _) if kind[1].is_ascii_lowercase() => Some((chunk.whole, Vec::new())),
        _ => None,
    };
    chunks(bytes).filter_map(edit).collect()
}

/// Finds the blocks of metadata: of the chunk for EXIF, and of texts with those of other formats.
pub(super) fn blocks(bytes: &[u8]) -> Blocks<'_> {
    let mut blocks = Blocks::default();
    for chunk in chunks(bytes) {
        let content = &bytes[chunk.content];
        match &chunk.kind {
            b"eXIf" => {
                blocks.exif.get_or_insert(Cow::Borrowed(content));
            }
            b"iTXt" | b"zTXt" | b"tEXt" => text(&chunk.kind, content, &mut blocks),
            _ => {}
        }
    }
    blocks
}

/// Finds the block of metadata in a text chunk, if there is one.
fn text<'a>(kind: &[u8; 4], content: &'a [u8], blocks: &mut Blocks<'a>) {
    let Some(end) = memchr::memchr(0, content) else {
        return;
    };
    let (name, rest) = (&content[..end], &content[end + 1..]);
    if name == b"XML:com.adobe.xmp" {
        blocks.xmp.extend(international(kind, rest));
        return;
    }
    let Some(profile) = name.strip_prefix(b"Raw profile type ") else {
        return;
    };
    let digits = match kind {
        b"zTXt" => match rest.split_first() {
            Some((0, compressed)) => Cow::Owned(inflated(compressed)),
            _ => return,
        },
        b"tEXt" => Cow::Borrowed(rest),
        _ => return,
    };
    let Some(block) = from_digits(&digits) else {
        return;
    };
    match profile {
        b"exif" | b"APP1" => {
            let exif = block.strip_prefix(b"Exif\0\0").map(<[u8]>::to_vec);
            blocks.exif.get_or_insert(Cow::Owned(exif.unwrap_or(block)));
        }
        b"xmp" => blocks.xmp.push(Cow::Owned(block)),
        // The name says IIM, and image resources are in it as a rule.
        b"iptc" if block.starts_with(b"8BIM") => blocks.resources.extend(block),
        b"iptc" => blocks.iim = Some(Cow::Owned(block)),
        _ => {}
    }
}

/// Returns the text of an international text chunk, after its keyword.
fn international<'a>(kind: &[u8; 4], rest: &'a [u8]) -> Option<Cow<'a, [u8]>> {
    let (flags, rest) = rest.split_first_chunk::<2>().filter(|_| kind == b"iTXt")?;
    let language = memchr::memchr(0, rest)?;
    let translated = memchr::memchr(0, &rest[language + 1..])?;
    let text = &rest[language + translated + 2..];
    Some(match flags[0] {
        0 => Cow::Borrowed(text),
        _ => Cow::Owned(inflated(text)),
    })
}

/// Returns what was compressed, as far as it can be had.
fn inflated(compressed: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    // What came before a fault is there all the same.
    let _ = ZlibDecoder::new(compressed)
        .take(MOST_INFLATED)
        .read_to_end(&mut out);
    out
}

/// Reads a profile: its name and its length in lines of their own, then hexadecimal digits.
fn from_digits(profile: &[u8]) -> Option<Vec<u8>> {
    let text = profile.strip_prefix(b"\n").unwrap_or(profile);
    let name = memchr::memchr(b'\n', text)?;
    let length = memchr::memchr(b'\n', &text[name + 1..])?;
    let digits: Vec<u8> = text[name + length + 2..]
        .iter()
        .filter(|byte| !byte.is_ascii_whitespace())
        .copied()
        .collect();
    let digit = |byte: u8| char::from(byte).to_digit(16);
    digits
        .chunks_exact(2)
        .map(|pair| Some((digit(pair[0])? * 16 + digit(pair[1])?) as u8))
        .collect()
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
    let manifest = chunks(bytes).filter(|chunk| &chunk.kind == MANIFEST);
    edit_manifest(
        bytes,
        manifest.map(|chunk| chunk.whole).collect(),
        &mut edits,
    );
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
