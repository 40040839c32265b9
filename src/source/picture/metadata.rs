//! What a picture's file says of the photo: EXIF, XMP and IPTC-IIM, made one.
//!
//! The precedence is that of the Metadata Working Group's guidelines (2.0, section 5): EXIF where it
//! is not blank; else XMP, unless the digest that is stored beside the IIM says that the IIM was
//! changed after it; then IIM, completed from XMP where it was cut to its greatest length.

use super::{Format, avif, exif, iim, jpeg, png, rdf, webp};
use crate::source::photo_metadata::PhotoMetadata;
use std::borrow::Cow;

/// The blocks of metadata in a file, in the forms that they have outside of any container.
#[derive(Debug, Default)]
pub(super) struct Blocks<'a> {
    /// A TIFF structure with EXIF.
    pub(super) exif: Option<Cow<'a, [u8]>>,
    /// XMP packets, the main one first.
    pub(super) xmp: Vec<Cow<'a, [u8]>>,
    /// Image resources of Photoshop, those of several segments one after the other.
    pub(super) resources: Vec<u8>,
    /// IIM that stands outside of image resources.
    pub(super) iim: Option<Cow<'a, [u8]>>,
}

/// Reads what is embedded in a file: nothing where it is of no format that can hold it.
pub(super) fn read(bytes: &[u8]) -> PhotoMetadata {
    let blocks = match Format::of(bytes) {
        Some(Format::Jpeg) => jpeg::blocks(bytes),
        Some(Format::Png) => png::blocks(bytes),
        Some(Format::WebP) => webp::blocks(bytes),
        Some(Format::Avif) => avif::blocks(bytes),
        Some(Format::Gif | Format::Svg) => Blocks::default(),
        None => exif::blocks(bytes),
    };
    joined(&blocks)
}

fn joined(blocks: &Blocks<'_>) -> PhotoMetadata {
    let exif = blocks.exif.as_deref().map(exif::texts).unwrap_or_default();
    let mut xmp = rdf::Properties::default();
    for packet in &blocks.xmp {
        xmp.read(packet);
    }
    let resources = iim::resources(&blocks.resources);
    let block = resources.iim.as_deref().or(blocks.iim.as_deref());
    let stale = match (block, resources.digest) {
        (Some(block), Some(stored)) => iim::digest(block) != stored,
        _ => false,
    };
    let iim = block.map(iim::read).unwrap_or_default();
    let rule = Rule { prefers_iim: stale };
    let artists = exif.artist.as_deref().map(artists).unwrap_or_default();
    PhotoMetadata {
        creators: rule.all(artists, &iim.creators, iim::BYLINE, xmp.creators),
        credit: rule.one(None, iim.credit, iim::CREDIT, xmp.credit),
        source: rule.one(None, iim.source, iim::SOURCE, xmp.source),
        copyright: rule.one(exif.copyright, iim.copyright, iim::COPYRIGHT, xmp.copyright),
        caption: rule.one(exif.description, iim.caption, iim::CAPTION, xmp.caption),
        headline: rule.one(None, iim.headline, iim::HEADLINE, xmp.headline),
        alt: xmp.alt,
        licence: xmp.web_statement.or(xmp.licence),
        licensor: xmp.licensor,
        terms: xmp.terms.or(iim.instructions.map(|text| text.text)),
        source_type: xmp.source_type,
    }
}

/// Which of two forms is believed where both have a value.
struct Rule {
    prefers_iim: bool,
}

impl Rule {
    fn one(
        &self,
        exif: Option<String>,
        iim: Option<iim::Text>,
        limit: usize,
        xmp: Option<String>,
    ) -> Option<String> {
        exif.or_else(|| match (iim, xmp) {
            (Some(iim), Some(xmp)) if self.prefers_iim => Some(iim.completed(limit, xmp)),
            (_, Some(xmp)) => Some(xmp),
            (iim, None) => iim.map(|text| text.text),
        })
    }

    fn all(
        &self,
        exif: Vec<String>,
        iim: &[iim::Text],
        limit: usize,
        xmp: Vec<String>,
    ) -> Vec<String> {
        if !exif.is_empty() {
            return exif;
        }
        if iim.is_empty() || !xmp.is_empty() && !self.prefers_iim {
            return xmp;
        }
        iim.iter()
            .enumerate()
            .map(|(at, text)| match xmp.get(at) {
                Some(whole) => text.clone().completed(limit, whole.clone()),
                None => text.text.clone(),
            })
            .collect()
    }
}

/// Takes the artists of EXIF apart, which are separated by semicolons.
fn artists(text: &str) -> Vec<String> {
    let names = text.split(';').map(str::trim);
    names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}
