//! The mean colour of a photo, which holds the photo's place on a page until it has come.

use super::negative::Negative;
use crate::source::picture::{Format, PictureFile};
use crate::source::tint::Tint;
use std::panic::catch_unwind;

mod jpeg;

/// How many rows and columns of a decoded photo are looked at, at most.
const SAMPLES: usize = 256;

/// Tells whether a photo's colour is found without decoding it.
pub fn is_quick(format: Format) -> bool {
    format == Format::Jpeg
}

/// Finds the tint of a photo: of a JPEG by the first coefficients of its blocks, of another by its pixels.
/// None of a file that can't be decoded, of a picture with parts that can be seen through, and of formats
/// that are left alone.
pub fn tint(bytes: &[u8], picture: &PictureFile) -> Option<Tint> {
    let colour = match picture.format {
        Format::Jpeg => jpeg::mean(bytes)
            .and_then(|mean| match mean.has_profile {
                true => in_srgb(bytes, mean.colour),
                false => Some(mean.colour),
            })
            .or_else(|| decoded(bytes, picture)),
        Format::Png | Format::WebP => decoded(bytes, picture),
        Format::Avif | Format::Gif | Format::Svg => None,
    };
    colour.map(Tint::nearest)
}

/// Decodes a photo, and returns its mean colour.
fn decoded(bytes: &[u8], picture: &PictureFile) -> Option<[f64; 3]> {
    let PictureFile {
        format,
        width,
        height,
        ..
    } = *picture;
    // The libraries that decode are others' work, and the file may be anybody's.
    let decoded = catch_unwind(|| Negative::decode(bytes, format, width, height));
    let negative = decoded.ok()?.ok()?;
    colour(&negative)
}

/// Returns the tint of a decoded PNG or WebP.
pub fn of(negative: &Negative) -> Option<Tint> {
    colour(negative).map(Tint::nearest)
}

fn colour(negative: &Negative) -> Option<[f64; 3]> {
    (!negative.has_alpha).then(|| mean(negative))
}

/// Returns the mean of pixels that lie on a grid.
fn mean(negative: &Negative) -> [f64; 3] {
    let (width, height) = (negative.width as usize, negative.height as usize);
    let channels = negative.channels();
    let step = |length: usize| length.div_ceil(SAMPLES).max(1);
    let (mut sums, mut count) = ([0_u64; 3], 0_u64);
    for row in negative
        .pixels
        .chunks_exact(width * channels)
        .step_by(step(height))
    {
        for pixel in row.chunks_exact(channels).step_by(step(width)) {
            for (sum, level) in sums.iter_mut().zip(pixel) {
                *sum += u64::from(*level);
            }
            count += 1;
        }
    }
    sums.map(|sum| sum as f64 / count.max(1) as f64)
}

/// Turns a colour of a JPEG with a profile into sRGB.
fn in_srgb(bytes: &[u8], colour: [f64; 3]) -> Option<[f64; 3]> {
    let pixel = colour.map(|level| level.round().clamp(0.0, 255.0) as u8);
    let shown = catch_unwind(|| Negative::shown_in_srgb(bytes, pixel)).ok()??;
    Some(shown.map(f64::from))
}

#[cfg(test)]
mod tests;
