//! JPEG: the segments before the coded picture (ITU-T T.81, annex B).

use super::metadata::Blocks;
use super::rdf::Properties;
use super::{Edit, Format, PictureFault, cleaned, edit_manifest, exif};
use std::borrow::Cow;
use std::ops::Range;

const TEMPORARY: u8 = 0x01;
const RESTART: std::ops::RangeInclusive<u8> = 0xd0..=0xd7;
const START_OF_IMAGE: u8 = 0xd8;
const END_OF_IMAGE: u8 = 0xd9;
const START_OF_SCAN: u8 = 0xda;
const APPLICATION: std::ops::RangeInclusive<u8> = 0xe0..=0xef;
const BOXES: u8 = 0xeb;
const COMMENT: u8 = 0xfe;

/// Begins a segment of EXIF (CIPA DC-008, section 4.5.4).
const EXIF: &[u8] = b"Exif\0\0";
/// Begins a segment of XMP (ISO 16684-1, section 7).
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
/// Begins a segment of what did not fit into the one of XMP.
const EXTENDED_XMP: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
/// Begins a segment of image resources.
const RESOURCES: &[u8] = b"Photoshop 3.0\0";

/// One marker segment: its marker, and where what follows its length stands.
struct Segment {
    marker: u8,
    content: Range<usize>,
}

/// The segments from `at`, the byte after a start of image, up to and with the start of scan; none
/// is longer than the file.
struct Segments<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Iterator for Segments<'_> {
    type Item = Segment;

    fn next(&mut self) -> Option<Segment> {
        loop {
            if *self.bytes.get(self.at)? != 0xff {
                return None;
            }
            let marker = *self.bytes.get(self.at + 1)?;
            match marker {
                // Any number of fill bytes may stand before a marker.
                0xff => self.at += 1,
                TEMPORARY => self.at += 2,
                0 | START_OF_IMAGE | END_OF_IMAGE => return None,
                _ if RESTART.contains(&marker) => return None,
                _ => break,
            }
        }
        let marker = self.bytes[self.at + 1];
        let length = self.bytes.get(self.at + 2..self.at + 4)?;
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        let start = self.at + 4;
        let end = self.at + 2 + length;
        if length < 2 || end > self.bytes.len() {
            return None;
        }
        // Nothing after a start of scan is a segment.
        self.at = if marker == START_OF_SCAN {
            self.bytes.len()
        } else {
            end
        };
        Some(Segment {
            marker,
            content: start..end,
        })
    }
}

fn segments(bytes: &[u8], at: usize) -> Segments<'_> {
    Segments { bytes, at }
}

/// Reads the size from the frame header.
pub(super) fn size(bytes: &[u8]) -> Result<(u32, u32), PictureFault> {
    let frame = segments(bytes, 2)
        .find(|segment| is_frame(segment.marker))
        .ok_or_else(|| PictureFault::cut_short(Format::Jpeg))?;
    match bytes[frame.content] {
        [_, h1, h0, w1, w0, ..] => Ok((
            u32::from(u16::from_be_bytes([w1, w0])),
            u32::from(u16::from_be_bytes([h1, h0])),
        )),
        _ => Err(PictureFault::damaged(Format::Jpeg)),
    }
}

/// Tells whether the marker begins a frame: SOF0 to SOF15 without DHT, JPG and DAC.
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
}

/// Checks that the coded picture begins and ends.
pub(super) fn check_whole(bytes: &[u8]) -> Result<(), PictureFault> {
    match end(bytes, 2) {
        Some(_) => Ok(()),
        None => Err(PictureFault::cut_short(Format::Jpeg)),
    }
}

/// Returns where the picture whose segments begin at `at` ends: after its end of image.
fn end(bytes: &[u8], at: usize) -> Option<usize> {
    let scan = segments(bytes, at).find(|segment| segment.marker == START_OF_SCAN)?;
    // 0xff in coded data is followed by a zero or a restart marker, so that the first end of image
    // is the picture's own.
    let coded = &bytes[scan.content.end..];
    memchr::memmem::find(coded, &[0xff, END_OF_IMAGE]).map(|found| scan.content.end + found + 2)
}

/// Reads the EXIF orientation.
pub(super) fn orientation(bytes: &[u8]) -> Option<u16> {
    segments(bytes, 2)
        .filter(|segment| segment.marker == *APPLICATION.start() + 1)
        .find_map(|segment| bytes[segment.content].strip_prefix(EXIF))
        .and_then(exif::orientation)
}

/// Returns a segment of Photoshop's without the image resources that are thumbnails; none where there
/// is none.
fn without_thumbnails(content: &[u8]) -> Option<Vec<u8>> {
    const NAME: &[u8] = b"Photoshop 3.0\0";
    let mut kept = NAME.to_vec();
    let mut at = NAME.len();
    while content.starts_with(NAME) && content.get(at..at + 4) == Some(b"8BIM".as_slice()) {
        // A number, a name of an even length with its own, and the length of what follows.
        let [high, low, name] = content.get(at + 4..at + 7)? else {
            break;
        };
        let number = u16::from_be_bytes([*high, *low]);
        let start = at + 6 + (usize::from(*name) + 2) / 2 * 2 + 4;
        let length = content.get(start - 4..start)?;
        let length = u32::from_be_bytes([length[0], length[1], length[2], length[3]]) as usize;
        let end = start.checked_add(length)?;
        let next = (end + length % 2).min(content.len());
        if !matches!(number, 0x0409 | 0x040c) {
            kept.extend_from_slice(content.get(at..next)?);
        }
        at = next;
    }
    kept.extend_from_slice(content.get(at..)?);
    (kept.len() < content.len()).then_some(kept)
}

/// Lists what has to be replaced so that nothing remains but what the picture is shown with.
pub(super) fn without_metadata(bytes: &[u8]) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    let orientation = orientation(bytes).filter(|turn| (2..=8).contains(turn));
    for segment in segments(bytes, 2) {
        let content = &bytes[segment.content.clone()];
        let is_kept = match segment.marker {
            // JFIF; a colour profile; how Adobe wrote the colours.
            0xe0 | 0xee => true,
            0xe2 => content.starts_with(b"ICC_PROFILE\0"),
            COMMENT => false,
            marker => !APPLICATION.contains(&marker),
        };
        if !is_kept {
            edits.push((segment.content.start - 4..segment.content.end, Vec::new()));
        }
    }
    if let (Some(turn), Some((_, put))) = (orientation, edits.first_mut()) {
        let structure = exif::only_orientation(turn);
        put.extend([0xff, *APPLICATION.start() + 1]);
        put.extend((structure.len() as u16 + 8).to_be_bytes());
        put.extend(b"Exif\0\0");
        put.extend(structure);
    }
    // Behind the picture can stand others, with metadata of their own.
    if let Some(end) = end(bytes, 2).filter(|end| *end < bytes.len()) {
        edits.push((end..bytes.len(), Vec::new()));
    }
    edits
}

/// Finds the blocks of metadata, in whatever order their segments stand.
pub(super) fn blocks(bytes: &[u8]) -> Blocks<'_> {
    let mut blocks = Blocks::default();
    let mut extended = Vec::new();
    for segment in segments(bytes, 2) {
        let content = &bytes[segment.content];
        match segment.marker {
            0xe1 => {
                if let Some(exif) = content.strip_prefix(EXIF) {
                    blocks.exif.get_or_insert(Cow::Borrowed(exif));
                } else if let Some(packet) = content.strip_prefix(XMP) {
                    blocks.xmp.push(Cow::Borrowed(packet));
                } else if let Some(part) = content.strip_prefix(EXTENDED_XMP) {
                    extended.extend(Part::read(part));
                }
            }
            // A resource that is longer than a segment goes on in the next one.
            0xed => {
                if let Some(part) = content.strip_prefix(RESOURCES) {
                    blocks.resources.extend_from_slice(part);
                }
            }
            _ => {}
        }
    }
    if !extended.is_empty()
        && let Some(main) = blocks.xmp.first()
    {
        let mut properties = Properties::default();
        properties.read(main);
        let whole = properties
            .extended
            .and_then(|digest| assembled(&extended, digest.as_bytes()));
        blocks.xmp.extend(whole.map(Cow::Owned));
    }
    blocks
}

/// A part of an extended XMP packet (XMP specification, part 3, section 1.1.3.1).
struct Part<'a> {
    digest: &'a [u8],
    whole: u32,
    at: u32,
    bytes: &'a [u8],
}

impl<'a> Part<'a> {
    fn read(content: &'a [u8]) -> Option<Self> {
        let (digest, rest) = content.split_at_checked(32)?;
        let (whole, rest) = rest.split_first_chunk::<4>()?;
        let (at, bytes) = rest.split_first_chunk::<4>()?;
        Some(Self {
            digest,
            whole: u32::from_be_bytes(*whole),
            at: u32::from_be_bytes(*at),
            bytes,
        })
    }
}

/// Puts the parts of the packet with this digest together; none where one is missing.
fn assembled(parts: &[Part<'_>], digest: &[u8]) -> Option<Vec<u8>> {
    let mut own: Vec<&Part<'_>> = parts
        .iter()
        .filter(|part| part.digest.eq_ignore_ascii_case(digest))
        .collect();
    own.sort_by_key(|part| part.at);
    let mut whole: Vec<u8> = Vec::new();
    for part in &own {
        // Parts may be there twice.
        match (part.at as usize).cmp(&whole.len()) {
            std::cmp::Ordering::Equal => whole.extend_from_slice(part.bytes),
            std::cmp::Ordering::Less => {}
            std::cmp::Ordering::Greater => return None,
        }
    }
    let length = own.first()?.whole as usize;
    (whole.len() == length).then_some(whole)
}

/// Lists what has to be replaced so that no position remains, also in the pictures that follow the
/// first (CIPA DC-007, Multi-Picture Format).
pub(super) fn without_position(bytes: &[u8]) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut at = 2;
    loop {
        let mut last = at;
        for segment in segments(bytes, at) {
            last = segment.content.end;
            if APPLICATION.contains(&segment.marker) || segment.marker == COMMENT {
                let content = &bytes[segment.content.clone()];
                let whole = cleaned(content);
                match without_thumbnails(whole.as_deref().unwrap_or(content)) {
                    Some(shorter) => {
                        let length = (shorter.len() as u16 + 2).to_be_bytes();
                        let with_length = [length.as_slice(), &shorter].concat();
                        edits.push((segment.content.start - 2..segment.content.end, with_length));
                    }
                    None => edits.extend(whole.map(|clean| (segment.content, clean))),
                }
            }
        }
        match next_picture(bytes, last) {
            Some(next) => at = next,
            None => break,
        }
    }
    // JUMBF boxes (ISO 19566-5) are what Content Credentials stand in.
    let boxes = segments(bytes, 2).filter(|segment| {
        segment.marker == BOXES && bytes[segment.content.clone()].starts_with(b"JP")
    });
    let boxes = boxes.map(|segment| segment.content.start - 4..segment.content.end);
    edit_manifest(bytes, boxes.collect(), &mut edits);
    edits
}

/// Returns where the segments of the next picture begin, after the end of the one before it.
fn next_picture(bytes: &[u8], at: usize) -> Option<usize> {
    let end = at + memchr::memmem::find(bytes.get(at..)?, &[0xff, END_OF_IMAGE])? + 2;
    let start = memchr::memmem::find(&bytes[end..], &[0xff, START_OF_IMAGE, 0xff])?;
    Some(end + start + 2)
}
