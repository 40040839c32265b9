//! JPEG: the segments before the coded picture (ITU-T T.81, annex B).

use super::{Edit, Format, PictureFault, cleaned, exif};
use std::ops::Range;

const TEMPORARY: u8 = 0x01;
const RESTART: std::ops::RangeInclusive<u8> = 0xd0..=0xd7;
const START_OF_IMAGE: u8 = 0xd8;
const END_OF_IMAGE: u8 = 0xd9;
const START_OF_SCAN: u8 = 0xda;
const APPLICATION: std::ops::RangeInclusive<u8> = 0xe0..=0xef;
const COMMENT: u8 = 0xfe;

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

/// Tells whether the EXIF orientation swaps width and height.
pub(super) fn is_turned(bytes: &[u8]) -> bool {
    segments(bytes, 2)
        .filter(|segment| segment.marker == *APPLICATION.start() + 1)
        .find_map(|segment| bytes[segment.content].strip_prefix(b"Exif\0\0"))
        .is_some_and(exif::is_turned)
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
                edits.extend(cleaned(content).map(|clean| (segment.content, clean)));
            }
        }
        match next_picture(bytes, last) {
            Some(next) => at = next,
            None => return edits,
        }
    }
}

/// Returns where the segments of the next picture begin, after the end of the one before it.
fn next_picture(bytes: &[u8], at: usize) -> Option<usize> {
    let end = at + memchr::memmem::find(bytes.get(at..)?, &[0xff, END_OF_IMAGE])? + 2;
    let start = memchr::memmem::find(&bytes[end..], &[0xff, START_OF_IMAGE, 0xff])?;
    Some(end + start + 2)
}
