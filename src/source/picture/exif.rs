//! EXIF: the orientation, the position and what else is private in a TIFF structure (CIPA DC-008).
//!
//! The structure is walked within bounds: neither a pointer out of the block, nor a circle of
//! directories, nor a directory of absurd length leads anywhere.

use super::metadata::Blocks;
use super::{iim, text};
use std::borrow::Cow;

const DESCRIPTION: u16 = 0x010e;
const ORIENTATION: u16 = 0x0112;
const ARTIST: u16 = 0x013b;
const XMP: u16 = 0x02bc;
const COPYRIGHT: u16 = 0x8298;
const IIM: u16 = 0x83bb;
const RESOURCES: u16 = 0x8649;
const EXIF_DIRECTORY: u16 = 0x8769;
const GPS_DIRECTORY: u16 = 0x8825;

/// What tells too much of the camera and its owner: serial numbers of DNG, the maker's note, the
/// picture's unique number, and the serial numbers of body and lens.
const PRIVATE: [u16; 5] = [0xc62f, 0x927c, 0xa420, 0xa431, 0xa435];

/// The entries of the second directory that say where the thumbnail begins, and how long it is.
const THUMBNAIL: (u16, u16) = (0x0201, 0x0202);

/// Bytes of one entry of a directory: tag, type, count, value.
const ENTRY: usize = 12;

/// The most directories of one structure that are walked.
const MOST_DIRECTORIES: usize = 16;

/// The most entries of one directory that are walked.
const MOST_ENTRIES: usize = 1024;

/// The most structures in one block that are walked.
const MOST_STRUCTURES: usize = 64;

/// Reads the orientation of a structure that begins with the block.
pub(super) fn orientation(block: &[u8]) -> Option<u16> {
    let tiff = Tiff::at(block, 0)?;
    let first = tiff.long(block, 4)? as usize;
    let entry = tiff
        .entries(block, first)
        .find(|at| tiff.short(block, *at) == Some(ORIENTATION))?;
    tiff.short(block, entry + 8)
}

/// What EXIF says of a photo.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pub(super) artist: Option<String>,
    pub(super) copyright: Option<String>,
    pub(super) description: Option<String>,
}

/// What cameras write where nobody has described anything.
const NO_DESCRIPTION: &[&str] = &[
    "digital camera",
    "sony dsc",
    "dcim",
    "dav",
    "dsc",
    "untitled",
    "default",
    "samsung",
];

/// Reads what a structure that begins with the block says of a photo.
pub(super) fn texts(block: &[u8]) -> Texts {
    let Some(tiff) = Tiff::at(block, 0) else {
        return Texts::default();
    };
    let read = |tag: u16| {
        let value = tiff.value(block, tag)?;
        // The standard says ASCII; programs write UTF-8 or what their system has.
        let decoded = match std::str::from_utf8(value) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(iim::latin(value)),
        };
        text::cleaned(&decoded)
    };
    let is_said = |text: &String| {
        let lower = text.to_ascii_lowercase();
        let is_camera = |word: &str| lower == word || lower.ends_with(&format!(" {word}"));
        !NO_DESCRIPTION.iter().any(|word| is_camera(word)) && !lower.starts_with("dcim\\")
    };
    Texts {
        artist: read(ARTIST),
        copyright: tiff.value(block, COPYRIGHT).and_then(copyright),
        description: read(DESCRIPTION).filter(is_said),
    }
}

/// Reads the copyright: the photographer's and, after a zero byte, the editor's (CIPA DC-008,
/// section 4.6.4).
fn copyright(value: &[u8]) -> Option<String> {
    let parts: Vec<String> = value
        .split(|byte| *byte == 0)
        .filter_map(|part| match std::str::from_utf8(part) {
            Ok(part) => text::cleaned(part),
            Err(_) => text::cleaned(&iim::latin(part)),
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Finds the blocks of metadata of a TIFF file; none where it is no TIFF.
pub(super) fn blocks(bytes: &[u8]) -> Blocks<'_> {
    let Some(tiff) = Tiff::at(bytes, 0) else {
        return Blocks::default();
    };
    let block = |tag: u16| tiff.value(bytes, tag);
    Blocks {
        exif: Some(Cow::Borrowed(bytes)),
        xmp: block(XMP).map(Cow::Borrowed).into_iter().collect(),
        resources: block(RESOURCES).unwrap_or_default().to_vec(),
        iim: block(IIM).map(|block| match block {
            // Some programs have written it as long numbers, in the order of the file.
            [first, _, _, 0x1c, ..] if *first != 0x1c => Cow::Owned(
                block
                    .chunks(4)
                    .flat_map(|four| four.iter().rev().copied().collect::<Vec<u8>>())
                    .collect(),
            ),
            _ => Cow::Borrowed(block),
        }),
    }
}

/// Tells whether a structure begins anywhere in the block.
pub(super) fn may_have_position(block: &[u8]) -> bool {
    starts(block).next().is_some()
}

/// Returns a structure that says an orientation and nothing else.
pub(super) fn only_orientation(orientation: u16) -> Vec<u8> {
    let [low, high] = orientation.to_le_bytes();
    let [tag_low, tag_high] = ORIENTATION.to_le_bytes();
    // One directory of one entry: a short.
    let mut structure = b"II*\0\x08\0\0\0\x01\0".to_vec();
    structure.extend([tag_low, tag_high, 3, 0, 1, 0, 0, 0, low, high, 0, 0]);
    structure.extend([0; 4]);
    structure
}

/// Overwrites the position and what else is private in every structure in the block; tells whether
/// there was any.
pub(super) fn remove_position(block: &mut [u8]) -> bool {
    let starts: Vec<usize> = starts(block).take(MOST_STRUCTURES).collect();
    let mut changed = false;
    for start in starts {
        if let Some(tiff) = Tiff::at(block, start) {
            changed |= tiff.remove_position(block);
        }
    }
    changed
}

/// Finds where TIFF structures may begin.
fn starts(block: &[u8]) -> impl Iterator<Item = usize> + '_ {
    memchr::memchr2_iter(b'I', b'M', block).filter(|at| {
        matches!(
            &block[*at..],
            [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..]
        )
    })
}

/// A TIFF structure: where it begins in its block and how its numbers are written.
#[derive(Clone, Copy)]
struct Tiff {
    start: usize,
    is_little: bool,
}

impl Tiff {
    fn at(block: &[u8], start: usize) -> Option<Self> {
        let is_little = match block.get(start..start.checked_add(4)?)? {
            [b'I', b'I', 42, 0] => true,
            [b'M', b'M', 0, 42] => false,
            _ => return None,
        };
        Some(Self { start, is_little })
    }

    /// Reads two bytes at an offset from the structure's beginning.
    fn short(self, block: &[u8], at: usize) -> Option<u16> {
        let at = self.start.checked_add(at)?;
        let pair = block.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.is_little {
            u16::from_le_bytes(pair)
        } else {
            u16::from_be_bytes(pair)
        })
    }

    /// Reads four bytes at an offset from the structure's beginning.
    fn long(self, block: &[u8], at: usize) -> Option<u32> {
        let at = self.start.checked_add(at)?;
        let four = block.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.is_little {
            u32::from_le_bytes(four)
        } else {
            u32::from_be_bytes(four)
        })
    }

    /// Counts the entries of the directory at `at`.
    fn count(self, block: &[u8], at: usize) -> usize {
        self.short(block, at)
            .map_or(0, |count| usize::from(count).min(MOST_ENTRIES))
    }

    /// The offsets of the entries of the directory at `at`.
    fn entries(self, block: &[u8], at: usize) -> impl Iterator<Item = usize> + use<> {
        (0..self.count(block, at)).map(move |index| at + 2 + index * ENTRY)
    }

    /// Returns the bytes of a tag's value in the first directory.
    fn value(self, block: &[u8], tag: u16) -> Option<&[u8]> {
        let first = self.long(block, 4)? as usize;
        let entry = self
            .entries(block, first)
            .find(|at| self.short(block, *at) == Some(tag))?;
        let length = self.value_length(block, entry);
        let at = match length {
            0..=4 => entry + 8,
            _ => self.long(block, entry + 8)? as usize,
        };
        let start = self.start.checked_add(at)?;
        block.get(start..start.checked_add(length)?)
    }

    /// Overwrites a stretch with zeros, as far as it lies in the block.
    fn clear(self, block: &mut [u8], at: usize, length: usize) {
        let start = self.start.saturating_add(at).min(block.len());
        let end = start.saturating_add(length).min(block.len());
        block[start..end].fill(0);
    }

    fn remove_position(self, block: &mut [u8]) -> bool {
        let mut changed = false;
        let mut walked = 0;
        let mut waiting: Vec<usize> = self
            .long(block, 4)
            .map(|at| at as usize)
            .into_iter()
            .collect();
        while let Some(at) = waiting.pop() {
            // Directories may lead in a circle.
            if walked == MOST_DIRECTORIES {
                break;
            }
            walked += 1;
            while let Some(entry) = self
                .entries(block, at)
                .find(|entry| self.short(block, *entry) == Some(GPS_DIRECTORY))
            {
                if let Some(directory) = self.long(block, entry + 8) {
                    self.clear_directory(block, directory as usize);
                }
                self.remove_entry(block, at, entry);
                changed = true;
            }
            while let Some(entry) = self.entries(block, at).find(|entry| {
                self.short(block, *entry)
                    .is_some_and(|tag| PRIVATE.contains(&tag))
            }) {
                let length = self.value_length(block, entry);
                if length > 4
                    && let Some(value) = self.long(block, entry + 8)
                {
                    self.clear(block, value as usize, length);
                }
                self.remove_entry(block, at, entry);
                changed = true;
            }
            changed |= self.clear_thumbnail(block, at);
            let next = at + 2 + self.count(block, at) * ENTRY;
            waiting.extend(
                self.long(block, next)
                    .filter(|at| *at != 0)
                    .map(|at| at as usize),
            );
            waiting.extend(
                self.entries(block, at)
                    .filter(|entry| self.short(block, *entry) == Some(EXIF_DIRECTORY))
                    .filter_map(|entry| self.long(block, entry + 8))
                    .map(|at| at as usize),
            );
        }
        changed
    }

    /// Overwrites the thumbnail that a directory speaks of, and the two entries that do.
    fn clear_thumbnail(self, block: &mut [u8], directory: usize) -> bool {
        let find = |block: &[u8], tag: u16| {
            self.entries(block, directory)
                .find(|entry| self.short(block, *entry) == Some(tag))
        };
        let number = |block: &[u8], entry: Option<usize>| self.long(block, entry? + 8);
        let start = find(block, THUMBNAIL.0);
        let length = number(block, find(block, THUMBNAIL.1));
        let Some(start_entry) = start else {
            return false;
        };
        if let (Some(start), Some(length)) = (number(block, start), length) {
            self.clear(block, start as usize, length as usize);
        }
        self.remove_entry(block, directory, start_entry);
        if let Some(entry) = find(block, THUMBNAIL.1) {
            self.remove_entry(block, directory, entry);
        }
        true
    }

    /// Overwrites a directory and the values that it points to.
    fn clear_directory(self, block: &mut [u8], at: usize) {
        // What an entry of an absurd directory calls its value may be anything.
        let entries: Vec<usize> = self.entries(block, at).collect();
        if self.start.saturating_add(at + 2 + entries.len() * ENTRY) > block.len() {
            return;
        }
        for entry in &entries {
            let length = self.value_length(block, *entry);
            if length > 4
                && let Some(value) = self.long(block, entry + 8)
            {
                self.clear(block, value as usize, length);
            }
        }
        self.clear(block, at, 2 + entries.len() * ENTRY + 4);
    }

    /// Returns the bytes of an entry's value, by its type and count (TIFF 6.0, section 2).
    fn value_length(self, block: &[u8], entry: usize) -> usize {
        let unit = match self.short(block, entry + 2) {
            Some(1 | 2 | 6 | 7) => 1,
            Some(3 | 8) => 2,
            Some(4 | 9 | 11) => 4,
            Some(5 | 10 | 12) => 8,
            _ => 0,
        };
        let count = self.long(block, entry + 4).unwrap_or(0) as usize;
        count.saturating_mul(unit)
    }

    /// Takes an entry out of its directory: what follows it moves up, and the number of entries is
    /// one less.
    fn remove_entry(self, block: &mut [u8], directory: usize, entry: usize) {
        let count = self.count(block, directory);
        // The pointer to the next directory follows the last entry.
        let end = (self.start + directory + 2 + count * ENTRY + 4).min(block.len());
        let start = self.start + entry;
        if start + ENTRY <= end {
            block.copy_within(start + ENTRY..end, start);
            block[end - ENTRY..end].fill(0);
        }
        let fewer = u16::try_from(count.saturating_sub(1)).unwrap_or(0);
        let at = self.start + directory;
        let fewer = if self.is_little {
            fewer.to_le_bytes()
        } else {
            fewer.to_be_bytes()
        };
        block[at..at + 2].copy_from_slice(&fewer);
    }
}
