//! Derivatives are made of a photo: cropped, scaled in linear light, sharpened, encoded.
//!
//! Each depends on the photo and on itself alone, whatever else is made in the same go.

use super::derivative::{Crop, Derivative};
use super::encode;
use super::negative::Negative;
use super::slip;
use super::tint;
use crate::source::photo_metadata::PhotoMetadata;
use crate::source::picture::{self, Format};
use crate::source::tint::Tint;
use fast_image_resize as fir;
use fast_image_resize::images::Image;
use fast_image_resize::pixels::{InnerPixel, U16x3, U16x4};
use fast_image_resize::{PixelTrait, PixelType, ResizeAlg, ResizeOptions, Resizer};
use std::panic::catch_unwind;
use std::sync::OnceLock;

/// How much of what blurring takes away is added, in 64ths.
const SHARPENING: i32 = 14;

/// A photo on the enlarger: decoded, in linear light, in halves of its size as they are asked for.
pub struct Enlarger {
    negative: Negative,
    /// The photo in linear light with 16 bits a channel, then its half, its quarter and so on.
    levels: Vec<Image<'static>>,
    resizer: Resizer,
    /// Who made the photo, and under which terms.
    slip: PhotoMetadata,
}

impl Enlarger {
    /// Decodes a photo of `width` by `height` pixels.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the file, to continue a sentence that begins with its name.
    pub fn load(bytes: &[u8], format: Format, width: u32, height: u32) -> Result<Self, String> {
        // The libraries that decode are others' work, and the file may be anybody's.
        let decoded = catch_unwind(|| Negative::decode(bytes, format, width, height));
        let negative = decoded.unwrap_or_else(|_| Err("can't be decoded".to_owned()))?;
        Ok(Self {
            negative,
            levels: Vec::new(),
            resizer: Resizer::new(),
            slip: picture::metadata(bytes),
        })
    }

    /// Returns the tint of a photo that is a PNG or a WebP.
    pub fn tint(&self) -> Option<Tint> {
        tint::of(&self.negative)
    }

    /// Makes the bytes of a derivative, with the photo's slip if it keeps that and no other metadata.
    ///
    /// # Errors
    ///
    /// Says why the picture can't be written.
    pub fn make(&mut self, derivative: &Derivative) -> Result<Vec<u8>, String> {
        let print = self.print(derivative).map_err(|error| error.to_string())?;
        let bytes = encode::encode(&print, derivative.encoding, derivative.quality)?;
        let size = (print.width, print.height);
        Ok(match derivative.keeps_credit {
            true => slip::attach(bytes, derivative.encoding, size, &self.slip),
            false => bytes,
        })
    }

    /// Returns the pixels of a derivative.
    fn print(&mut self, derivative: &Derivative) -> Result<Negative, Box<dyn std::error::Error>> {
        let crop = derivative.crop.unwrap_or(Crop {
            left: 0,
            top: 0,
            width: self.negative.width,
            height: self.negative.height,
        });
        let (width, height) = (derivative.width, derivative.height);
        if (crop.width, crop.height) == (width, height) {
            return Ok(self.cut(crop));
        }
        let level = level(crop, width, height);
        while self.levels.len() <= level {
            let next = self.next_level()?;
            self.levels.push(next);
        }
        let source = &self.levels[level];
        // Halving rounds up, so that a crop is measured in parts of the whole.
        let across = f64::from(source.width()) / f64::from(self.negative.width);
        let down = f64::from(source.height()) / f64::from(self.negative.height);
        let options = ResizeOptions::new()
            .crop(
                f64::from(crop.left) * across,
                f64::from(crop.top) * down,
                (f64::from(crop.width) * across).min(f64::from(source.width())),
                (f64::from(crop.height) * down).min(f64::from(source.height())),
            )
            .resize_alg(ResizeAlg::Convolution(fir::FilterType::Lanczos3));
        let (linear, shown) = self.pixel_types();
        let mut scaled = Image::new(width, height, linear);
        scale(&mut self.resizer, source, &mut scaled, &options)?;
        let mut made = Image::new(width, height, shown);
        light().backward_map(&scaled, &mut made)?;
        let mut made = Negative {
            width,
            height,
            has_alpha: self.negative.has_alpha,
            pixels: made.into_vec(),
        };
        sharpen(&mut made);
        Ok(made)
    }

    /// Cuts a part out, in its own size.
    fn cut(&self, crop: Crop) -> Negative {
        let channels = self.negative.channels();
        let row = self.negative.width as usize * channels;
        let (from, length) = (
            crop.left as usize * channels,
            crop.width as usize * channels,
        );
        let rows = self.negative.pixels.chunks_exact(row);
        let pixels = rows
            .skip(crop.top as usize)
            .take(crop.height as usize)
            .flat_map(|row| &row[from..from + length])
            .copied()
            .collect();
        Negative {
            width: crop.width,
            height: crop.height,
            has_alpha: self.negative.has_alpha,
            pixels,
        }
    }

    fn next_level(&mut self) -> Result<Image<'static>, Box<dyn std::error::Error>> {
        let (linear, shown) = self.pixel_types();
        let Some(last) = self.levels.last() else {
            let Negative { width, height, .. } = self.negative;
            let mut first = Image::new(width, height, linear);
            let pixels = &mut self.negative.pixels;
            let source = Image::from_slice_u8(width, height, pixels, shown)?;
            light().forward_map(&source, &mut first)?;
            return Ok(first);
        };
        let (width, height) = (last.width().div_ceil(2), last.height().div_ceil(2));
        let mut half = Image::new(width, height, linear);
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(fir::FilterType::Box));
        scale(&mut self.resizer, last, &mut half, &options)?;
        Ok(half)
    }

    fn pixel_types(&self) -> (PixelType, PixelType) {
        match self.negative.has_alpha {
            true => (PixelType::U16x4, PixelType::U8x4),
            false => (PixelType::U16x3, PixelType::U8x3),
        }
    }
}

/// Scales a photo in linear light. To ask for its kind of pixel by name leaves the code for all the other
/// kinds out of the program: 2 MB.
fn scale(
    resizer: &mut Resizer,
    source: &Image<'_>,
    to: &mut Image<'_>,
    options: &ResizeOptions,
) -> Result<(), Box<dyn std::error::Error>> {
    match source.pixel_type() {
        PixelType::U16x4 => scale_typed::<U16x4>(resizer, source, to, options),
        _ => scale_typed::<U16x3>(resizer, source, to, options),
    }
}

fn scale_typed<P: InnerPixel + PixelTrait>(
    resizer: &mut Resizer,
    source: &Image<'_>,
    to: &mut Image<'_>,
    options: &ResizeOptions,
) -> Result<(), Box<dyn std::error::Error>> {
    let (Some(source), Some(mut to)) = (source.typed_image::<P>(), to.typed_image_mut::<P>())
    else {
        return Err("it is of another kind of pixel".into());
    };
    Ok(resizer.resize_typed(&source, &mut to, options)?)
}

/// Turns sRGB into linear light and back.
fn light() -> &'static fir::PixelComponentMapper {
    static LIGHT: OnceLock<fir::PixelComponentMapper> = OnceLock::new();
    LIGHT.get_or_init(fir::create_srgb_mapper)
}

/// Returns how often the photo is halved before it is scaled: what is left has at least twice the
/// pixels in each direction, so that the filter sees all that it can show.
fn level(crop: Crop, width: u32, height: u32) -> usize {
    let mut level = 0;
    while (crop.width >> (level + 1)) >= width.saturating_mul(2)
        && (crop.height >> (level + 1)) >= height.saturating_mul(2)
    {
        level += 1;
    }
    level
}

/// Adds a little of what blurring by a pixel takes away: scaling softens.
fn sharpen(picture: &mut Negative) {
    let channels = picture.channels();
    let (width, height) = (picture.width as usize, picture.height as usize);
    if width < 3 || height < 3 {
        return;
    }
    let row = width * channels;
    // The sums of three rows, weighted 1, 2, 1, that the middle one is compared with.
    let mut above = picture.pixels[..row].to_vec();
    let mut middle = picture.pixels[..row].to_vec();
    let mut down = vec![0_i32; row];
    for y in 0..height {
        let next = (y + 1).min(height - 1) * row;
        let below = picture.pixels[next..next + row].to_vec();
        let rows = above.iter().zip(&middle).zip(&below);
        for (sum, ((above, middle), below)) in down.iter_mut().zip(rows) {
            *sum = i32::from(*above) + 2 * i32::from(*middle) + i32::from(*below);
        }
        let made = &mut picture.pixels[y * row..(y + 1) * row];
        let mut change = |at: usize, left: usize, right: usize| {
            let blurred = down[left] + 2 * down[at] + down[right];
            let own = i32::from(middle[at]);
            // `blurred` is sixteen times too large.
            let added = (own * 16 - blurred) * SHARPENING;
            made[at] = (own + (added + 512) / 1024).clamp(0, 255) as u8;
        };
        let is_opacity = |at: usize| channels == 4 && at % 4 == 3;
        for at in 0..row {
            if is_opacity(at) {
                continue;
            }
            let left = if at < channels { at } else { at - channels };
            let right = if at + channels < row {
                at + channels
            } else {
                at
            };
            change(at, left, right);
        }
        above = middle;
        middle = below;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enlarger(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 3]) -> Enlarger {
        let pixels = (0..height)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .flat_map(|(x, y)| pixel(x, y))
            .collect();
        Enlarger {
            negative: Negative {
                width,
                height,
                has_alpha: false,
                pixels,
            },
            levels: Vec::new(),
            resizer: Resizer::new(),
            slip: PhotoMetadata::default(),
        }
    }

    fn derivative(crop: Option<Crop>, width: u32, height: u32) -> Derivative {
        Derivative {
            photo: "static/a.png".to_owned(),
            bytes: crate::base::fingerprint::Fingerprint::default(),
            crop,
            width,
            height,
            encoding: crate::darkroom::derivative::Encoding::Png,
            quality: 0,
            keeps_credit: false,
        }
    }

    #[test]
    fn light_is_mixed_and_not_its_code() {
        // A fine chequer of black and white is half the light, which sRGB writes as 188.
        let mut photo = enlarger(256, 256, |x, y| [((x + y) % 2 * 255) as u8; 3]);
        let made = photo
            .print(&derivative(None, 32, 32))
            .expect("it is scaled");
        let middle = made.pixels[(16 * 32 + 16) * 3];
        assert!((186..=190).contains(&middle), "{middle}");
    }

    #[test]
    fn a_derivative_does_not_depend_on_what_was_made_before() {
        let pixel = |x: u32, y: u32| {
            [
                (x * 7 % 256) as u8,
                (y * 5 % 256) as u8,
                (x * y % 251) as u8,
            ]
        };
        let small = derivative(None, 40, 30);
        let alone = enlarger(400, 300, pixel)
            .print(&small)
            .expect("it is scaled");
        let mut both = enlarger(400, 300, pixel);
        both.print(&derivative(None, 160, 120))
            .expect("it is scaled");
        let after = both.print(&small).expect("it is scaled");
        assert_eq!(alone.pixels, after.pixels);
    }

    #[test]
    fn a_crop_shows_its_part_only() {
        let mut photo = enlarger(200, 100, |x, _| [if x < 100 { 10 } else { 200 }; 3]);
        let crop = Crop {
            left: 120,
            top: 10,
            width: 80,
            height: 80,
        };
        for size in [80, 40, 8] {
            let made = photo
                .print(&derivative(Some(crop), size, size))
                .expect("it is scaled");
            assert_eq!(made.pixels.len(), (size * size * 3) as usize);
            assert!(made.pixels.iter().all(|value| *value == 200), "{size}");
        }
    }

    #[test]
    fn sharpening_leaves_what_is_even_and_lifts_an_edge() {
        let mut picture = Negative {
            width: 5,
            height: 3,
            has_alpha: false,
            pixels: [50, 50, 50, 200, 200]
                .repeat(3)
                .into_iter()
                .flat_map(|value| [value; 3])
                .collect(),
        };
        sharpen(&mut picture);
        let row: Vec<u8> = picture.pixels[15..30].iter().step_by(3).copied().collect();
        assert_eq!(row[0], 50);
        assert!(row[2] < 50 && row[3] > 200, "{row:?}");
    }
}
