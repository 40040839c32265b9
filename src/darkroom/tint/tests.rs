//! Tests of tints.

use super::*;
use crate::source::picture;
use image::ImageEncoder;
use image::codecs::png::PngEncoder;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

/// Whole blocks, but no whole units of four of them.
const WIDTH: u16 = 344;
const HEIGHT: u16 = 232;

/// A picture of hills at sunset.
fn pixels() -> Vec<u8> {
    let pixel = |x: u16, y: u16| {
        let (x, y) = (x / 4, y / 4);
        let ridge = 30 + (x * 7 % 23) / 2;
        match y > ridge {
            true => [40 + (x % 16) as u8, 60 + (y % 8) as u8, 30],
            false => [250 - y as u8, 180 - (2 * y) as u8, 90 + (x % 5) as u8],
        }
    };
    (0..HEIGHT)
        .flat_map(|y| (0..WIDTH).map(move |x| (x, y)))
        .flat_map(|(x, y)| pixel(x, y))
        .collect()
}

fn exact(pixels: &[u8]) -> [f64; 3] {
    let count = pixels.len() as f64 / 3.0;
    [0, 1, 2].map(|channel| {
        let levels = pixels.iter().skip(channel).step_by(3);
        levels.map(|level| f64::from(*level)).sum::<f64>() / count
    })
}

fn jpeg(set: impl FnOnce(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 90);
    set(&mut encoder);
    encoder
        .encode(&pixels(), WIDTH, HEIGHT, ColorType::Rgb)
        .unwrap();
    bytes
}

/// Compares the mean of the first coefficients with that of the pixels.
fn check(name: &str, bytes: &[u8]) {
    let found = super::jpeg::mean(bytes).unwrap_or_else(|| panic!("{name}"));
    assert!(!found.has_profile);
    for (found, expect) in found.colour.iter().zip(exact(&pixels())) {
        assert!((found - expect).abs() < 1.5, "{name}: {found} for {expect}");
    }
}

#[test]
fn first_coefficients_have_the_mean_of_the_pixels() {
    check(
        "4:2:0",
        &jpeg(|one| one.set_sampling_factor(SamplingFactor::F_2_2)),
    );
    check(
        "4:4:4",
        &jpeg(|one| one.set_sampling_factor(SamplingFactor::F_1_1)),
    );
    check(
        "4:1:1",
        &jpeg(|one| one.set_sampling_factor(SamplingFactor::F_4_1)),
    );
    check("restarts", &jpeg(|one| one.set_restart_interval(3)));
    check(
        "optimised",
        &jpeg(|one| one.set_optimized_huffman_tables(true)),
    );
    check("progressive", &jpeg(|one| one.set_progressive(true)));
    check(
        "progressive with restarts",
        &jpeg(|one| {
            one.set_progressive(true);
            one.set_restart_interval(2);
        }),
    );
}

#[test]
fn a_grey_jpeg_has_a_grey_mean() {
    let mut bytes = Vec::new();
    let levels: Vec<u8> = (0..64 * 64).map(|at| (at % 64 * 4) as u8).collect();
    Encoder::new(&mut bytes, 95)
        .encode(&levels, 64, 64, ColorType::Luma)
        .unwrap();
    let found = super::jpeg::mean(&bytes).unwrap();
    assert!((found.colour[0] - 126.0).abs() < 1.0, "{found:?}");
    assert_eq!(found.colour[0], found.colour[2]);
}

#[test]
fn a_damaged_jpeg_has_no_mean_and_ends() {
    let mut whole = Vec::new();
    let mut encoder = Encoder::new(&mut whole, 90);
    encoder.set_restart_interval(4);
    encoder
        .encode(&pixels()[..48 * 40 * 3], 48, 40, ColorType::Rgb)
        .unwrap();
    let scan = whole
        .windows(2)
        .position(|two| two == [0xff, 0xda])
        .unwrap();
    for end in 0..whole.len() - 2 {
        let found = super::jpeg::mean(&whole[..end]);
        assert!(found.is_none() || end > scan, "cut at {end}");
    }
    assert!(super::jpeg::mean(&whole[..scan + 40]).is_none());
    for at in 0..whole.len() {
        for bit in [0x01, 0x80] {
            let mut damaged = whole.clone();
            damaged[at] ^= bit;
            // Whatever is found, it is found without a panic.
            let _ = super::jpeg::mean(&damaged);
        }
    }
}

#[test]
fn a_photo_has_the_same_tint_in_every_format() {
    let mut png = Vec::new();
    PngEncoder::new(&mut png)
        .write_image(
            &pixels(),
            WIDTH.into(),
            HEIGHT.into(),
            image::ExtendedColorType::Rgb8,
        )
        .unwrap();
    let webp = webp::Encoder::from_rgb(&pixels(), WIDTH.into(), HEIGHT.into()).encode(90.0);
    let expect = Some(Tint::nearest(exact(&pixels())));
    for bytes in [jpeg(|_| {}), png, webp.to_vec()] {
        let picture = picture::read(&bytes, 100_000).unwrap();
        assert_eq!(tint(&bytes, &picture), expect, "{:?}", picture.format);
    }
}

#[test]
fn what_can_be_seen_through_has_no_tint() {
    let mut png = Vec::new();
    let pixels = [200, 40, 40, 120].repeat(64);
    PngEncoder::new(&mut png)
        .write_image(&pixels, 8, 8, image::ExtendedColorType::Rgba8)
        .unwrap();
    let picture = picture::read(&png, 1000).unwrap();
    assert_eq!(tint(&png, &picture), None);
}

#[test]
fn the_colours_of_a_profile_are_turned_into_those_of_srgb() {
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let colour = [230, 60, 60].repeat(64);
    let with = |profile: Option<&[u8]>| {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, 95);
        if let Some(profile) = profile {
            encoder.add_icc_profile(profile).unwrap();
        }
        encoder.encode(&colour, 8, 8, ColorType::Rgb).unwrap();
        bytes
    };
    let [plain, wide] = [with(None), with(Some(&profile))];
    assert!(super::jpeg::mean(&wide).unwrap().has_profile);
    let mean = super::jpeg::mean(&plain).unwrap().colour;
    // Red of Display P3 is redder than that of sRGB.
    let shown = in_srgb(&wide, mean).unwrap();
    assert!(shown[0] > mean[0] + 8.0 && shown[1] < mean[1], "{shown:?}");
}
