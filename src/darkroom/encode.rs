//! Pixels become a file.

use super::derivative::{Derivative, Encoding};
use super::negative::Negative;
use image::ImageEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use jpeg_encoder::{ChromaSubsamplingMethod, ColorType, SamplingFactor};

/// The longest side of a WebP, in pixels (RFC 9649, section 2.7.1).
const LONGEST_WEBP: u32 = 16_383;

/// The longest side of a JPEG, in pixels (ITU-T T.81, table B.2).
const LONGEST_JPEG: u32 = 65_535;

/// From this quality on, a JPEG keeps all of its colours; below, a quarter of their places.
const FULL_COLOUR: u8 = 90;

/// Tells whether a derivative is not too long for its format.
pub fn can_write(derivative: &Derivative) -> bool {
    let longest = derivative.width.max(derivative.height);
    match derivative.encoding {
        Encoding::Jpeg => longest <= LONGEST_JPEG,
        Encoding::WebP => longest <= LONGEST_WEBP,
        Encoding::Png | Encoding::Avif => true,
    }
}

/// Encodes a picture, without any metadata.
///
/// # Errors
///
/// Says why the picture can't be written.
pub fn encode(picture: &Negative, encoding: Encoding, quality: u8) -> Result<Vec<u8>, String> {
    match encoding {
        Encoding::Jpeg => jpeg(picture, quality),
        Encoding::Png => png(picture),
        Encoding::WebP => webp(picture, quality),
        Encoding::Avif => avif(picture, quality),
    }
}

fn jpeg(picture: &Negative, quality: u8) -> Result<Vec<u8>, String> {
    let side = |length: u32| {
        u16::try_from(length)
            .map_err(|_| format!("a JPEG has at most {LONGEST_JPEG} pixels a side"))
    };
    let (width, height) = (side(picture.width)?, side(picture.height)?);
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, quality);
    encoder.set_sampling_factor(if quality < FULL_COLOUR {
        SamplingFactor::R_4_2_0
    } else {
        SamplingFactor::R_4_4_4
    });
    encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
    encoder.set_optimized_huffman_tables(true);
    let pixels;
    let shown = match picture.has_alpha {
        true => {
            pixels = picture.on_white();
            &pixels
        }
        false => &picture.pixels,
    };
    encoder
        .encode(shown, width, height, ColorType::Rgb)
        .map_err(|error| error.to_string())?;
    Ok(bytes)
}

fn png(picture: &Negative) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let colour = match picture.has_alpha {
        true => image::ExtendedColorType::Rgba8,
        false => image::ExtendedColorType::Rgb8,
    };
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive)
        .write_image(&picture.pixels, picture.width, picture.height, colour)
        .map_err(|error| error.to_string())?;
    Ok(bytes)
}

fn webp(picture: &Negative, quality: u8) -> Result<Vec<u8>, String> {
    if picture.width.max(picture.height) > LONGEST_WEBP {
        return Err(format!("a WebP has at most {LONGEST_WEBP} pixels a side"));
    }
    let layout = match picture.has_alpha {
        true => webp::PixelLayout::Rgba,
        false => webp::PixelLayout::Rgb,
    };
    let encoder = webp::Encoder::new(&picture.pixels, layout, picture.width, picture.height);
    let made = encoder.encode_simple(false, f32::from(quality));
    made.map(|memory| memory.to_vec())
        .map_err(|error| format!("libwebp refuses it: {error:?}"))
}

#[cfg(feature = "avif")]
fn avif(picture: &Negative, quality: u8) -> Result<Vec<u8>, String> {
    use rgb::FromSlice as _;
    /// From 1, the slowest, to 10.
    const SPEED: u8 = 6;
    let encoder = ravif::Encoder::new()
        .with_quality(f32::from(quality))
        .with_speed(SPEED);
    let (width, height) = (picture.width as usize, picture.height as usize);
    let made = match picture.has_alpha {
        true => encoder.encode_rgba(ravif::Img::new(picture.pixels.as_rgba(), width, height)),
        false => encoder.encode_rgb(ravif::Img::new(picture.pixels.as_rgb(), width, height)),
    };
    made.map(|made| made.avif_file)
        .map_err(|error| error.to_string())
}

#[cfg(not(feature = "avif"))]
fn avif(_: &Negative, _: u8) -> Result<Vec<u8>, String> {
    Err("this dateline makes no AVIF: it was built without the feature `avif`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::picture;

    fn gradient(has_alpha: bool) -> Negative {
        let (width, height) = (48, 32);
        let pixel = |x: u32, y: u32| {
            let colour = [(x * 5) as u8, (y * 7) as u8, 90];
            let alpha = if x < 24 { 255 } else { 128 };
            colour.into_iter().chain(has_alpha.then_some(alpha))
        };
        Negative {
            width,
            height,
            has_alpha,
            pixels: (0..height)
                .flat_map(|y| (0..width).flat_map(move |x| pixel(x, y)))
                .collect(),
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for has_alpha in [false, true] {
            let picture = gradient(has_alpha);
            for encoding in [Encoding::Jpeg, Encoding::Png, Encoding::WebP] {
                let bytes = encode(&picture, encoding, 90).expect("it is written");
                let found = picture::read(&bytes, 1_000_000).expect("it is a picture");
                assert_eq!(found.format.media_type(), encoding.media_type());
                let again = Negative::decode(&bytes, found.format, 48, 32).expect("it is decoded");
                assert_eq!(again.has_alpha, has_alpha && encoding != Encoding::Jpeg);
                let shown = again.on_white();
                let expect = picture.on_white();
                let far = shown.iter().zip(&expect).map(|(a, b)| a.abs_diff(*b)).max();
                assert!(far.is_some_and(|far| far < 30), "{encoding:?} {far:?}");
            }
        }
    }

    #[test]
    fn a_side_that_is_too_long_for_the_format_is_refused() {
        let long = Negative {
            width: LONGEST_WEBP + 1,
            height: 1,
            has_alpha: false,
            pixels: vec![0; (LONGEST_WEBP as usize + 1) * 3],
        };
        assert!(encode(&long, Encoding::WebP, 80).is_err());
    }
}
