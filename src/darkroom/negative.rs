//! A photo's pixels, as a browser would show them: turned, and in sRGB.

use crate::source::picture::{self, Format};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};
use std::io::Cursor;

/// The most bytes that decoding may take for each pixel: four channels of 16 bits, twice.
const BYTES_A_PIXEL: u64 = 16;

/// The most bytes that decoding may take beside the pixels.
const OTHER_BYTES: u64 = 64 << 20;

/// How far a colour may move, in 255ths, where a profile is taken for sRGB.
const INVISIBLE: u8 = 1;

/// A photo that was decoded.
#[derive(Debug)]
pub struct Negative {
    /// The width in pixels.
    pub width: u32,
    /// The height in pixels.
    pub height: u32,
    /// Whether there is a fourth channel of opacity.
    pub has_alpha: bool,
    /// Red, green, blue and, where there is one, opacity, row by row.
    pub pixels: Vec<u8>,
}

impl Negative {
    /// Decodes a photo of `width` by `height` pixels as a browser shows it.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the file, to continue a sentence that begins with its name.
    pub fn decode(bytes: &[u8], format: Format, width: u32, height: u32) -> Result<Self, String> {
        let known = match format {
            Format::Jpeg => image::ImageFormat::Jpeg,
            Format::Png => image::ImageFormat::Png,
            Format::WebP => image::ImageFormat::WebP,
            _ => return Err(format!("is a {}, which is left as it is", format.name())),
        };
        let broken = |error: image::ImageError| format!("can't be decoded: {error}");
        let reader = ImageReader::with_format(Cursor::new(bytes), known);
        let mut decoder = reader.into_decoder().map_err(broken)?;
        let mut limits = Limits::no_limits();
        let pixels = u64::from(width) * u64::from(height);
        limits.max_alloc = Some(pixels * BYTES_A_PIXEL + OTHER_BYTES);
        let (found_width, found_height) = decoder.dimensions();
        if u64::from(found_width) * u64::from(found_height) != pixels {
            return Err("can't be decoded: its size is not what its header says".to_owned());
        }
        decoder.set_limits(limits).map_err(broken)?;
        // A profile that can't be read is none.
        let profile = decoder.icc_profile().ok().flatten();
        let mut image = DynamicImage::from_decoder(decoder).map_err(broken)?;
        let turn = picture::orientation(bytes, format);
        let turn = u8::try_from(turn).ok().and_then(Orientation::from_exif);
        image.apply_orientation(turn.unwrap_or(Orientation::NoTransforms));
        if (image.width(), image.height()) != (width, height) {
            return Err("can't be decoded: its size is not what its header says".to_owned());
        }
        let is_gray = !image.color().has_color();
        let mut negative = Self::of(image);
        if let Some(profile) = profile {
            negative.convert_to_srgb(&profile, is_gray);
        }
        Ok(negative)
    }

    /// Returns a colour of a JPEG as a browser shows it, by the profile that is in the file.
    pub fn shown_in_srgb(bytes: &[u8], colour: [u8; 3]) -> Option<[u8; 3]> {
        let reader = ImageReader::with_format(Cursor::new(bytes), image::ImageFormat::Jpeg);
        let mut decoder = reader.into_decoder().ok()?;
        let mut one = Self {
            width: 1,
            height: 1,
            has_alpha: false,
            pixels: colour.to_vec(),
        };
        let is_gray = !decoder.color_type().has_color();
        // A profile that can't be read is none.
        if let Some(profile) = decoder.icc_profile().ok().flatten() {
            one.convert_to_srgb(&profile, is_gray);
        }
        one.pixels.try_into().ok()
    }

    fn of(image: DynamicImage) -> Self {
        let (width, height) = (image.width(), image.height());
        if image.color().has_alpha() {
            let pixels = image.into_rgba8().into_raw();
            let is_opaque = pixels.chunks_exact(4).all(|pixel| pixel[3] == u8::MAX);
            let pixels = if is_opaque {
                pixels
                    .chunks_exact(4)
                    .flat_map(|pixel| [pixel[0], pixel[1], pixel[2]])
                    .collect()
            } else {
                pixels
            };
            return Self {
                width,
                height,
                has_alpha: !is_opaque,
                pixels,
            };
        }
        Self {
            width,
            height,
            has_alpha: false,
            pixels: image.into_rgb8().into_raw(),
        }
    }

    /// Turns the colours of a profile into those of sRGB; a profile that is broken or of another kind
    /// of colours changes nothing.
    fn convert_to_srgb(&mut self, profile: &[u8], is_gray: bool) {
        let Ok(profile) = ColorProfile::new_from_slice(profile) else {
            return;
        };
        let srgb = ColorProfile::new_srgb();
        let options = TransformOptions::default();
        if is_gray && profile.color_space == DataColorSpace::Gray {
            let made = profile.create_transform_8bit(Layout::Gray, &srgb, Layout::Rgb, options);
            let Ok(transform) = made else { return };
            let levels: Vec<u8> = (0..=u8::MAX).collect();
            let mut shown = vec![0; levels.len() * 3];
            if transform.transform(&levels, &mut shown).is_ok() {
                let channels = self.channels();
                for pixel in self.pixels.chunks_exact_mut(channels) {
                    let at = usize::from(pixel[0]) * 3;
                    pixel[..3].copy_from_slice(&shown[at..at + 3]);
                }
            }
            return;
        }
        if profile.color_space != DataColorSpace::Rgb {
            return;
        }
        let transform = |layout| profile.create_transform_8bit(layout, &srgb, layout, options);
        let Ok(probe) = transform(Layout::Rgb) else {
            return;
        };
        let colours = probes();
        let mut shown = vec![0; colours.len()];
        let is_srgb = probe.transform(&colours, &mut shown).is_err()
            || colours
                .iter()
                .zip(&shown)
                .all(|(before, after)| before.abs_diff(*after) <= INVISIBLE);
        if is_srgb {
            return;
        }
        let layout = match self.has_alpha {
            true => Layout::Rgba,
            false => Layout::Rgb,
        };
        let Ok(transform) = transform(layout) else {
            return;
        };
        let mut row = vec![0; self.width as usize * self.channels()];
        for pixels in self.pixels.chunks_exact_mut(row.len()) {
            if transform.transform(pixels, &mut row).is_ok() {
                pixels.copy_from_slice(&row);
            }
        }
    }

    /// Returns the number of bytes of a pixel.
    pub fn channels(&self) -> usize {
        if self.has_alpha { 4 } else { 3 }
    }

    /// Lays the picture on white, for a format without opacity.
    pub fn on_white(&self) -> Vec<u8> {
        if !self.has_alpha {
            return self.pixels.clone();
        }
        let over = |colour: u8, alpha: u8| {
            let (colour, alpha) = (u32::from(colour), u32::from(alpha));
            ((colour * alpha + 255 * (255 - alpha) + 127) / 255) as u8
        };
        self.pixels
            .chunks_exact(4)
            .flat_map(|pixel| [0, 1, 2].map(|channel| over(pixel[channel], pixel[3])))
            .collect()
    }
}

/// Returns colours from all over the cube.
fn probes() -> Vec<u8> {
    let levels = [0, 32, 96, 160, 224, 255];
    let mut colours = Vec::with_capacity(levels.len().pow(3) * 3);
    for red in levels {
        for green in levels {
            for blue in levels {
                colours.extend([red, green, blue]);
            }
        }
    }
    colours
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::fingerprint::Fingerprint;
    use crate::darkroom::derivative::{Derivative, Encoding};
    use crate::darkroom::make::Enlarger;
    use image::ImageEncoder;
    use image::codecs::jpeg::JpegEncoder;
    use image::codecs::png::PngEncoder;

    /// Colours of which sRGB has all, in the two profiles.
    const COLOURS: [[u8; 3]; 6] = [
        [128, 128, 128],
        [200, 150, 120],
        [90, 120, 100],
        [60, 60, 140],
        [230, 225, 210],
        [20, 30, 40],
    ];

    /// Turns a colour into sRGB by the matrix between the primaries of two spaces with one white.
    fn expected(colour: [u8; 3], matrix: [[f64; 3]; 3], to_light: fn(f64) -> f64) -> [u8; 3] {
        let light = colour.map(|level| to_light(f64::from(level) / 255.0));
        matrix.map(|row| {
            let sum: f64 = row
                .iter()
                .zip(light)
                .map(|(part, light)| part * light)
                .sum();
            // IEC 61966-2-1.
            let shown = match sum {
                sum if sum <= 0.003_130_8 => 12.92 * sum,
                sum => 1.055 * sum.powf(1.0 / 2.4) - 0.055,
            };
            (shown * 255.0).round().clamp(0.0, 255.0) as u8
        })
    }

    fn stripes() -> Vec<u8> {
        let row = COLOURS.iter().flat_map(|colour| colour.repeat(16));
        let row: Vec<u8> = row.collect();
        row.repeat(32)
    }

    fn png(profile: &ColorProfile) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = PngEncoder::new(&mut bytes);
        let profile = profile.encode().expect("it can be written");
        encoder.set_icc_profile(profile).expect("PNG has profiles");
        let pixels = stripes();
        encoder
            .write_image(&pixels, 96, 32, image::ExtendedColorType::Rgb8)
            .expect("it is written");
        bytes
    }

    fn check(profile: &ColorProfile, matrix: [[f64; 3]; 3], to_light: fn(f64) -> f64) {
        let found = Negative::decode(&png(profile), Format::Png, 96, 32).expect("it is decoded");
        let mut moved = 0;
        for (at, colour) in COLOURS.into_iter().enumerate() {
            let start = (16 * at + 8) * 3;
            let shown = &found.pixels[start..start + 3];
            let expect = expected(colour, matrix, to_light);
            for (shown, expect) in shown.iter().zip(expect) {
                assert!(
                    shown.abs_diff(expect) <= 2,
                    "{colour:?}: {shown} for {expect}"
                );
            }
            moved = moved.max(shown[0].abs_diff(colour[0]));
        }
        assert!(moved > 3, "the profile makes a difference");
    }

    fn srgb_light(level: f64) -> f64 {
        match level {
            level if level <= 0.040_45 => level / 12.92,
            level => ((level + 0.055) / 1.055).powf(2.4),
        }
    }

    #[test]
    fn display_p3_becomes_srgb() {
        let matrix = [
            [1.224_940_2, -0.224_940_2, 0.0],
            [-0.042_056_95, 1.042_056_95, 0.0],
            [-0.019_637_55, -0.078_636_05, 1.098_273_6],
        ];
        check(&ColorProfile::new_display_p3(), matrix, srgb_light);
    }

    #[test]
    fn adobe_rgb_becomes_srgb() {
        let matrix = [
            [1.398_355_7, -0.398_355_7, 0.0],
            [0.0, 1.0, 0.0],
            [0.0, -0.042_930_2, 1.042_930_2],
        ];
        // Adobe RGB (1998), section 4.3.1.2.
        let to_light = |level: f64| level.powf(563.0 / 256.0);
        check(&ColorProfile::new_adobe_rgb(), matrix, to_light);
    }

    #[test]
    fn a_derivative_has_no_profile_of_the_photo_and_its_colours_are_right_without() {
        let mut jpeg = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, 100);
        let profile = ColorProfile::new_display_p3();
        let written = profile.encode().expect("it can be written");
        encoder.set_icc_profile(written).expect("JPEG has profiles");
        encoder
            .write_image(&stripes(), 96, 32, image::ExtendedColorType::Rgb8)
            .expect("it is written");
        for (bytes, format) in [(jpeg, Format::Jpeg), (png(&profile), Format::Png)] {
            let mut enlarger = Enlarger::load(&bytes, format, 96, 32).expect("it is decoded");
            for (encoding, known) in [
                (Encoding::Jpeg, image::ImageFormat::Jpeg),
                (Encoding::Png, image::ImageFormat::Png),
                (Encoding::WebP, image::ImageFormat::WebP),
            ] {
                let made = enlarger
                    .make(&Derivative {
                        photo: String::new(),
                        bytes: Fingerprint::of_bytes(b""),
                        crop: None,
                        width: 48,
                        height: 16,
                        encoding,
                        quality: 95,
                        keeps_credit: true,
                    })
                    .expect("it is made");
                let reader = ImageReader::with_format(Cursor::new(&made), known);
                let mut decoder = reader.into_decoder().expect("it is a picture");
                assert_eq!(decoder.icc_profile().ok().flatten(), None);
                let pixels = DynamicImage::from_decoder(decoder)
                    .expect("it is decoded")
                    .into_rgb8();
                // The second stripe is the one that the profile moves most.
                let shown = pixels.get_pixel(12, 8).0;
                for (shown, expect) in shown.into_iter().zip([207, 148, 116]) {
                    assert!(
                        shown.abs_diff(expect) <= 5,
                        "{format:?} {encoding:?}: {shown}"
                    );
                }
            }
        }
    }
}
