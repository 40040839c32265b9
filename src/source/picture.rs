//! What a picture file is, and the same file without the place where it was taken.
//!
//! Only the file's structure is read; no pixel is decoded, and no entity of an SVG is resolved.
//! Whatever the bytes are, reading them ends in a [`PictureFile`] or in a [`PictureFault`], in time
//! linear in their number.

use crate::source::config::Strip;
use crate::source::photo_metadata::PhotoMetadata;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::ops::Range;

mod avif;
mod exif;
mod iim;
mod jpeg;
mod metadata;
mod png;
mod rdf;
pub mod svg;
mod text;
mod webp;
mod xmp;

/// The width in pixels from which a picture is a photo wherever it stands.
pub const WIDTH_OF_PHOTOS: u32 = 300;

/// A picture as its bytes describe it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureFile {
    /// What it is, by its bytes and not by its name.
    pub format: Format,
    /// The width in CSS pixels as a browser shows it: turned as its EXIF orientation says.
    pub width: u32,
    /// The height in CSS pixels as a browser shows it: turned as its EXIF orientation says.
    pub height: u32,
    /// Whether it moves: a GIF, PNG or WebP of several pictures, or any GIF.
    pub is_animated: bool,
    /// How many bytes are published of it where the position is taken out, and where all metadata is.
    pub stripped: [u64; 2],
}

impl PictureFile {
    /// Returns how many bytes are published of a file of `size` bytes.
    pub fn published_size(&self, size: u64, strip: Strip) -> u64 {
        match strip {
            Strip::None => size,
            Strip::Gps => self.stripped[0],
            Strip::All => self.stripped[1],
        }
    }

    /// Tells whether the picture has no more pixels than that; a drawing has none.
    pub fn is_within(&self, most_pixels: u64) -> bool {
        is_within(self.format, self.width, self.height, most_pixels)
    }

    /// Tells whether the picture is a photo, which needs a credit wherever it stands, and no drawing,
    /// flag or letter.
    pub fn is_photo(&self) -> bool {
        !matches!(self.format, Format::Svg | Format::Gif) && self.width >= WIDTH_OF_PHOTOS
    }
}

/// The formats that browsers show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Format {
    /// JPEG (ITU-T T.81).
    Jpeg,
    /// PNG, animated ones too.
    Png,
    /// GIF, animated ones too.
    Gif,
    /// WebP, lossy, lossless or animated.
    WebP,
    /// AVIF.
    Avif,
    /// SVG, not compressed.
    Svg,
}

/// Why a file can't be published as a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureFault {
    /// What is wrong with the file; it continues a sentence that begins with its name.
    pub message: String,
    /// What to do.
    pub hint: String,
    /// Whether it is a drawing that runs or fetches something: it is refused wherever it would be
    /// published, not only where an article shows it.
    pub is_active: bool,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 6] = [
        Self::Jpeg,
        Self::Png,
        Self::Gif,
        Self::WebP,
        Self::Avif,
        Self::Svg,
    ];

    /// Returns the name that users know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Gif => "GIF",
            Self::WebP => "WebP",
            Self::Avif => "AVIF",
            Self::Svg => "SVG",
        }
    }

    /// Returns the media type, as in `Content-Type`.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
            Self::Avif => "image/avif",
            Self::Svg => "image/svg+xml",
        }
    }

    /// Returns the extensions of its files, in lower case and without a dot; the usual one first.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["jpg", "jpeg", "jpe", "jfif"],
            Self::Png => &["png", "apng"],
            Self::Gif => &["gif"],
            Self::WebP => &["webp"],
            Self::Avif => &["avif"],
            Self::Svg => &["svg"],
        }
    }

    /// Returns the format that the file's first bytes announce, if browsers show it.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            _ if bytes.starts_with(png::SIGNATURE) => Some(Self::Png),
            _ if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") => Some(Self::Gif),
            _ if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP".as_slice()) => {
                Some(Self::WebP)
            }
            _ if avif::is_avif(bytes) => Some(Self::Avif),
            _ if svg::is_svg(bytes) => Some(Self::Svg),
            _ => None,
        }
    }
}

impl PictureFault {
    fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: hint.into(),
            is_active: false,
        }
    }

    /// Says what of an SVG runs or is fetched.
    pub fn active(part: &str) -> Self {
        Self {
            is_active: true,
            ..Self::new(
                format!("is an SVG with {part}, which runs or fetches something when it is opened"),
                "remove it from the drawing, or say `trust_svg: true` in dateline.yaml",
            )
        }
    }

    fn cut_short(format: Format) -> Self {
        Self::new(
            format!("is an incomplete {}", format.name()),
            "copy or download the file again: its end is missing",
        )
    }

    fn damaged(format: Format) -> Self {
        Self::new(
            format!("is a damaged {}", format.name()),
            "open it in an image editor and save it again",
        )
    }
}

fn is_within(format: Format, width: u32, height: u32, most_pixels: u64) -> bool {
    format == Format::Svg || u64::from(width) * u64::from(height) <= most_pixels
}

/// Reads what a picture is.
///
/// `most_pixels` bounds width times height; a picture that claims more is refused before anything
/// else of it is looked at.
///
/// # Errors
/// Where the file is of no format that browsers show, claims too many pixels or none, or ends
/// before the picture does. Bytes after the picture's end are no fault.
pub fn read(bytes: &[u8], most_pixels: u64) -> Result<PictureFile, PictureFault> {
    let format = Format::of(bytes).ok_or_else(|| foreign(bytes))?;
    let (width, height) = match format {
        Format::Jpeg => jpeg::size(bytes)?,
        Format::Png => png::size(bytes)?,
        Format::Gif => measured(bytes, Format::Gif)?,
        Format::WebP => webp::size(bytes)?,
        Format::Avif => avif::size(bytes)?,
        Format::Svg => svg::size(bytes)?,
    };
    if width == 0 || height == 0 {
        return Err(PictureFault::damaged(format));
    }
    if !is_within(format, width, height, most_pixels) {
        return Err(PictureFault::new(
            format!("claims {width} × {height} pixels, more than the {most_pixels} allowed"),
            "make it smaller, or raise `limits.picture_pixels`",
        ));
    }
    match format {
        Format::Jpeg => jpeg::check_whole(bytes)?,
        Format::Png => png::check_whole(bytes)?,
        Format::WebP => webp::check_whole(bytes)?,
        Format::Avif => avif::check_whole(bytes)?,
        Format::Gif | Format::Svg => {}
    }
    let is_turned = orientation(bytes, format) >= 5;
    let (width, height) = if is_turned {
        (height, width)
    } else {
        (width, height)
    };
    Ok(PictureFile {
        format,
        width,
        height,
        is_animated: match format {
            Format::Gif => true,
            Format::Png => png::is_animated(bytes),
            Format::WebP => webp::is_animated(bytes),
            Format::Jpeg | Format::Avif | Format::Svg => false,
        },
        stripped: [Strip::Gps, Strip::All].map(|strip| published_size(bytes, format, strip)),
    })
}

/// Reads what is embedded in a photo's file: IPTC-IIM, XMP and EXIF of JPEG, PNG, WebP, AVIF and TIFF.
///
/// What is damaged is read as far as it goes; a file of another format has nothing.
pub fn metadata(bytes: &[u8]) -> PhotoMetadata {
    metadata::read(bytes)
}

/// Reads how the picture is to be turned before it is shown: the EXIF orientation, from 1 to 8
/// (CIPA DC-008, section 4.6.4); 1 where it says nothing. That of AVIF is in its size already.
pub fn orientation(bytes: &[u8], format: Format) -> u16 {
    let found = match format {
        Format::Jpeg => jpeg::orientation(bytes),
        Format::Png => png::orientation(bytes),
        Format::WebP => webp::orientation(bytes),
        Format::Avif | Format::Gif | Format::Svg => None,
    };
    found
        .filter(|orientation| (1..=8).contains(orientation))
        .unwrap_or(1)
}

/// Returns the file as it is published: without what `strip` takes from it. The pixels stay.
///
/// [`Strip::Gps`] takes the position at which the photo was taken, the serial numbers of camera and
/// lens, maker's notes and thumbnails. The EXIF directory of GPS data and those entries are
/// overwritten and no longer pointed to, and the properties of XMP are overwritten with spaces,
/// wherever in the file they stand: in JPEG segments, also of further pictures after the first one's
/// end, in PNG and WebP chunks, anywhere in AVIF. Every other byte stays, and so do their positions,
/// but for metadata of a PNG that is compressed, which can't be looked into, and for Photoshop's
/// thumbnails: both are taken out. So is the manifest of Content Credentials (C2PA) of a JPEG, PNG or
/// WebP of which anything is changed, since it would call the photo tampered with, and one that tells
/// a position itself. A file without any of it is returned as it is.
///
/// [`Strip::All`] takes all metadata of JPEG, PNG and WebP but what is needed to show the picture: its
/// colour profile and its orientation. Of AVIF it takes what the other does.
pub fn publishable(bytes: &[u8], format: Format, strip: Strip) -> Cow<'_, [u8]> {
    let edits = edits(bytes, format, strip);
    if edits.is_empty() {
        return Cow::Borrowed(bytes);
    }
    let mut result = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for (range, replacement) in edits {
        result.extend_from_slice(&bytes[at..range.start]);
        result.extend_from_slice(&replacement);
        at = range.end;
    }
    result.extend_from_slice(&bytes[at..]);
    Cow::Owned(result)
}

/// Returns how many bytes [`publishable`] leaves.
fn published_size(bytes: &[u8], format: Format, strip: Strip) -> u64 {
    let edits = edits(bytes, format, strip);
    let size = edits
        .iter()
        .fold(bytes.len(), |size, (range, replacement)| {
            size - range.len() + replacement.len()
        });
    size as u64
}

/// Returns what is changed in a file before it is published.
fn edits(bytes: &[u8], format: Format, strip: Strip) -> Vec<Edit> {
    match (strip, format) {
        (Strip::None, _) | (_, Format::Gif | Format::Svg) => Vec::new(),
        (Strip::Gps, Format::Jpeg) => jpeg::without_position(bytes),
        (Strip::Gps, Format::Png) => png::without_position(bytes),
        (Strip::Gps, Format::WebP) => webp::without_position(bytes),
        (_, Format::Avif) => avif::without_position(bytes),
        (Strip::All, Format::Jpeg) => jpeg::without_metadata(bytes),
        (Strip::All, Format::Png) => png::without_metadata(bytes),
        (Strip::All, Format::WebP) => webp::without_metadata(bytes),
    }
}

/// A stretch of the file and what takes its place; edits are in order and do not overlap.
type Edit = (Range<usize>, Vec<u8>);

/// Returns a block of metadata without the position, if there was one in it: TIFF structures (EXIF)
/// and XMP packets, wherever in the block they begin.
fn cleaned(block: &[u8]) -> Option<Vec<u8>> {
    if !exif::may_have_position(block) && !xmp::may_have_position(block) {
        return None;
    }
    let mut clean = block.to_vec();
    let changed = exif::remove_position(&mut clean) | xmp::remove_position(&mut clean);
    changed.then_some(clean)
}

/// Takes the parts of a manifest of Content Credentials out too, where anything else is changed or it
/// tells a position.
fn edit_manifest(bytes: &[u8], parts: Vec<Range<usize>>, edits: &mut Vec<Edit>) {
    let tells = |part: &Range<usize>| memchr::memmem::find(&bytes[part.clone()], b"GPS").is_some();
    if edits.is_empty() && !parts.iter().any(tells) {
        return;
    }
    let is_within = |range: &Range<usize>, part: &Range<usize>| part.contains(&range.start);
    edits.retain(|(range, _)| !parts.iter().any(|part| is_within(range, part)));
    edits.extend(parts.into_iter().map(|part| (part, Vec::new())));
    edits.sort_by_key(|(range, _)| range.start);
}

/// Reads the size of a format whose header is all there is to it.
fn measured(bytes: &[u8], format: Format) -> Result<(u32, u32), PictureFault> {
    let size = imagesize::blob_size(bytes).map_err(|_| PictureFault::cut_short(format))?;
    match (u32::try_from(size.width), u32::try_from(size.height)) {
        (Ok(width), Ok(height)) => Ok((width, height)),
        _ => Err(PictureFault::damaged(format)),
    }
}

/// Says what a file is that is no picture for a browser.
fn foreign(bytes: &[u8]) -> PictureFault {
    const EXPORT: &str = "export it as JPEG, PNG, WebP or AVIF";
    if bytes.is_empty() {
        return PictureFault::new("is empty", "copy or download the file again");
    }
    let known: Option<(&str, &str)> = match bytes {
        [0xff, 0xd8] => Some(("is an incomplete JPEG", "copy or download the file again")),
        [0x1f, 0x8b, ..] => Some((
            "is compressed with gzip",
            "unpack it: an SVG is published uncompressed",
        )),
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Some((
            "is a TIFF or a camera's raw file, which browsers do not show",
            EXPORT,
        )),
        [b'B', b'M', ..] => Some(("is a BMP, which is too large to publish", EXPORT)),
        _ if bytes.starts_with(b"8BPS") => {
            Some(("is a Photoshop file, which browsers do not show", EXPORT))
        }
        _ if bytes.starts_with(b"%PDF") => Some(("is a PDF, not a picture", EXPORT)),
        _ if bytes.starts_with(b"\xff\x0a") || bytes.starts_with(b"\0\0\0\x0cJXL ") => {
            Some(("is a JPEG XL, which most browsers do not show", EXPORT))
        }
        _ if bytes.get(4..8) == Some(b"ftyp".as_slice()) => Some((
            "is a HEIC picture or a film, which browsers do not show as a picture",
            EXPORT,
        )),
        _ => None,
    };
    if let Some((message, hint)) = known {
        return PictureFault::new(message, hint);
    }
    let beginning = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]);
    let beginning = beginning.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    let lower = beginning.get(..15.min(beginning.len())).unwrap_or_default();
    if lower.eq_ignore_ascii_case("<!doctype html>") || beginning.starts_with("<html") {
        return PictureFault::new(
            "is a web page, not a picture",
            "download the picture again: the server answered with a page",
        );
    }
    if beginning.starts_with("version https://git-lfs") {
        return PictureFault::new(
            "is a pointer of Git LFS, not the picture",
            "fetch the picture with `git lfs pull`",
        );
    }
    let is_text = !beginning.contains(['\u{fffd}', '\0']);
    PictureFault::new(
        if is_text {
            "is text, not a picture"
        } else {
            "is not a picture of a known format"
        },
        "dateline publishes JPEG, PNG, GIF, WebP, AVIF and SVG",
    )
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_metadata;
