//! Which derivatives a photo gets.

use super::derivative::{Crop, Derivative, Encoding};
use super::encode;
use crate::source::config::{ImageFormat, Images, Quality, Strip};
use crate::source::file::SiteFile;
use crate::source::picture::{Format, PictureFile};

/// The longest name of a photo, in bytes, to which an ending can be added.
const LONGEST_NAME: usize = 200;

/// A photo that derivatives can be made of.
#[derive(Debug, Clone, Copy)]
pub struct Original<'a> {
    path: &'a str,
    file: &'a SiteFile,
    picture: &'a PictureFile,
    images: &'a Images,
}

/// A place in a photo that should stay in sight, in parts of its width and height from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Focus {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

impl Focus {
    /// Reads a place in a photo: two parts of width and height, such as `0.3 0.25` or `30% 25%`, or
    /// sides, such as `top` or `bottom left`.
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text
            .split([' ', ',', '-'])
            .filter(|part| !part.is_empty())
            .collect();
        let side = |names: [&str; 2]| {
            let at = |name| parts.iter().any(|part| part.eq_ignore_ascii_case(name));
            match names.map(at) {
                [true, false] => 0.0,
                [false, true] => 1.0,
                _ => 0.5,
            }
        };
        let is_side = |part: &&str| {
            ["left", "right", "top", "bottom", "center", "centre"]
                .iter()
                .any(|side| part.eq_ignore_ascii_case(side))
        };
        if !parts.is_empty() && parts.len() <= 2 && parts.iter().all(is_side) {
            return Some(Self {
                x: side(["left", "right"]),
                y: side(["top", "bottom"]),
            });
        }
        let part = |text: &str| {
            let (text, scale) = text
                .strip_suffix('%')
                .map_or((text, 1.0), |text| (text, 100.0));
            let part = text.parse::<f64>().ok()? / scale;
            (0.0..=1.0).contains(&part).then_some(part)
        };
        match parts.as_slice() {
            [x, y] => Some(Self {
                x: part(x)?,
                y: part(y)?,
            }),
            _ => None,
        }
    }
}

impl Default for Focus {
    /// The middle.
    fn default() -> Self {
        Self { x: 0.5, y: 0.5 }
    }
}

impl<'a> Original<'a> {
    /// Takes a file of the site; none where it is no photo: a drawing, an animation, an AVIF, which is
    /// made elsewhere, or no picture.
    pub fn of(path: &'a str, file: &'a SiteFile, images: &'a Images) -> Option<Self> {
        let picture = file.picture.as_ref()?.as_ref().ok()?;
        let is_still = matches!(picture.format, Format::Jpeg | Format::Png | Format::WebP)
            && !picture.is_animated;
        let name = path.rsplit('/').next().unwrap_or(path);
        (is_still && name.len() <= LONGEST_NAME).then_some(Self {
            path,
            file,
            picture,
            images,
        })
    }

    /// Returns the derivatives for pages that show the whole photo: for each format those of all
    /// widths, ascending. The last format is that of the photo itself, where it is asked for. A photo
    /// that is narrower than all widths gets none, and none is wider than the photo.
    pub fn set(self) -> Vec<Vec<Derivative>> {
        let widths = self.widths();
        if widths.is_empty() {
            return Vec::new();
        }
        let mut encodings: Vec<Encoding> = Vec::with_capacity(self.images.formats.len());
        for format in &self.images.formats {
            if *format != ImageFormat::Original {
                let encoding = self.encoding(*format);
                if encoding != self.own() {
                    encodings.push(encoding);
                }
            }
        }
        let has_own = self
            .images
            .formats
            .iter()
            .any(|format| self.encoding(*format) == self.own());
        encodings.extend(has_own.then(|| self.own()));
        let series = |encoding: Encoding| {
            let made = |width: &u32| Derivative {
                width: *width,
                height: scaled(self.picture.height, *width, self.picture.width),
                ..self.whole(encoding)
            };
            widths
                .iter()
                .map(made)
                .filter(encode::can_write)
                .collect::<Vec<_>>()
        };
        let all = encodings.into_iter().map(series);
        all.filter(|series| !series.is_empty()).collect()
    }

    /// Tells whether pages show the photo as it is, because it is narrower than all widths.
    pub fn is_left_alone(self) -> bool {
        self.widths().is_empty()
    }

    /// Returns the photo scaled to fit into a width and a height; never larger than it is.
    pub fn fit(self, width: Option<u32>, height: Option<u32>, encoding: Encoding) -> Derivative {
        let (own_width, own_height) = (self.picture.width, self.picture.height);
        let by_height = height.map(|height| scaled(own_width, height, own_height));
        let width = width
            .unwrap_or(u32::MAX)
            .min(by_height.unwrap_or(u32::MAX))
            .clamp(1, own_width);
        Derivative {
            width,
            height: scaled(own_height, width, own_width),
            ..self.whole(encoding)
        }
    }

    /// Returns the largest part of the photo of a shape around its focus, scaled to a width and a
    /// height; in the same shape but smaller where the photo is.
    pub fn fill(self, width: u32, height: u32, focus: Focus, encoding: Encoding) -> Derivative {
        let crop = crop(
            (self.picture.width, self.picture.height),
            (width.max(1), height.max(1)),
            focus,
        );
        let (width, height) = if crop.width < width || crop.height < height {
            (crop.width, crop.height)
        } else {
            (width.max(1), height.max(1))
        };
        Derivative {
            crop: Some(crop),
            width,
            height,
            ..self.whole(encoding)
        }
    }

    /// Returns the format that is meant.
    pub fn encoding(self, format: ImageFormat) -> Encoding {
        match format {
            ImageFormat::Avif => Encoding::Avif,
            ImageFormat::WebP => Encoding::WebP,
            ImageFormat::Original => self.own(),
        }
    }

    /// Returns its own format.
    pub fn own(self) -> Encoding {
        match self.picture.format {
            Format::Png => Encoding::Png,
            Format::WebP => Encoding::WebP,
            _ => Encoding::Jpeg,
        }
    }

    /// Returns the width and the height of the photo.
    pub fn size(self) -> (u32, u32) {
        (self.picture.width, self.picture.height)
    }

    /// Returns the photo in its own size, in a format.
    fn whole(self, encoding: Encoding) -> Derivative {
        Derivative {
            photo: self.path.to_owned(),
            bytes: self.file.fingerprint,
            crop: None,
            width: self.picture.width,
            height: self.picture.height,
            encoding,
            quality: quality(self.images.quality, encoding),
            keeps_credit: self.images.strip != Strip::All,
        }
    }

    fn widths(self) -> Vec<u32> {
        let own = self.picture.width;
        let all = &self.images.widths;
        let mut widths: Vec<u32> = all.iter().copied().filter(|width| *width <= own).collect();
        let is_between = widths.last().is_some_and(|last| *last < own) && widths.len() < all.len();
        widths.extend(is_between.then_some(own));
        widths
    }
}

/// Returns the quality of a format that loses something; 0 of one that does not.
pub fn quality(quality: Quality, encoding: Encoding) -> u8 {
    match encoding {
        Encoding::Jpeg => quality.jpeg,
        Encoding::WebP => quality.webp,
        Encoding::Avif => quality.avif,
        Encoding::Png => 0,
    }
}

/// Returns a length in the proportion of two others, at least 1.
fn scaled(length: u32, part: u32, whole: u32) -> u32 {
    let (length, part, whole) = (u64::from(length), u64::from(part), u64::from(whole.max(1)));
    u32::try_from((length * part + whole / 2) / whole)
        .unwrap_or(u32::MAX)
        .max(1)
}

/// Returns the largest part of a picture that has a shape, with the focus as near its middle as the
/// picture's edges allow.
fn crop((width, height): (u32, u32), (wide, high): (u32, u32), focus: Focus) -> Crop {
    let is_wider = u64::from(width) * u64::from(high) > u64::from(height) * u64::from(wide);
    let (part_width, part_height) = if is_wider {
        (scaled(wide, height, high).min(width), height)
    } else {
        (width, scaled(high, width, wide).min(height))
    };
    let start = |length: u32, part: u32, focus: f64| {
        let middle = f64::from(length) * focus.clamp(0.0, 1.0);
        let start = (middle - f64::from(part) / 2.0).round();
        start.clamp(0.0, f64::from(length - part)) as u32
    };
    Crop {
        left: start(width, part_width, focus.x),
        top: start(height, part_height, focus.y),
        width: part_width,
        height: part_height,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::fingerprint::Fingerprint;

    fn file(format: Format, width: u32, height: u32) -> SiteFile {
        SiteFile {
            fingerprint: Fingerprint::of_bytes(b"photo"),
            size: 1,
            metadata: None,
            picture: Some(Ok(PictureFile {
                format,
                width,
                height,
                is_animated: format == Format::Gif,
                stripped: [1; 2],
            })),
            origin: None,
            builtin: None,
        }
    }

    fn sizes(file: &SiteFile) -> Vec<(&'static str, Vec<(u32, u32)>)> {
        let images = Images::default();
        let set = Original::of("static/a.jpg", file, &images).map_or_else(Vec::new, Original::set);
        set.iter()
            .map(|series| {
                (
                    series[0].encoding.extension(),
                    series.iter().map(|one| (one.width, one.height)).collect(),
                )
            })
            .collect()
    }

    #[test]
    fn a_focus_is_two_parts_or_sides() {
        let check = |text: &str, expect: Option<(f64, f64)>| {
            let found = Focus::parse(text).map(|focus| (focus.x, focus.y));
            assert_eq!(found, expect, "{text}");
        };
        check("0.3 0.25", Some((0.3, 0.25)));
        check("30%, 25%", Some((0.3, 0.25)));
        check("top", Some((0.5, 0.0)));
        check("Bottom-left", Some((0.0, 1.0)));
        check("center", Some((0.5, 0.5)));
        for wrong in [
            "",
            "0.3",
            "1.2 0.5",
            "0.1 0.2 0.3",
            "near",
            "left left left",
            "NaN 0",
        ] {
            check(wrong, None);
        }
    }

    #[test]
    fn a_photo_gets_the_widths_up_to_its_own() {
        let large = vec![(480, 320), (800, 533), (1200, 800), (1600, 1067)];
        assert_eq!(
            sizes(&file(Format::Jpeg, 3000, 2000)),
            [("webp", large.clone()), ("jpg", large)]
        );
        let between = vec![(480, 480), (800, 800), (900, 900)];
        assert_eq!(
            sizes(&file(Format::Png, 900, 900)),
            [("webp", between.clone()), ("png", between)]
        );
        assert_eq!(
            sizes(&file(Format::WebP, 480, 10)),
            [("webp", vec![(480, 10)])]
        );
        assert_eq!(sizes(&file(Format::Jpeg, 479, 479)), []);
    }

    #[test]
    fn drawings_animations_and_avif_are_left_alone() {
        for format in [Format::Gif, Format::Svg, Format::Avif] {
            assert_eq!(sizes(&file(format, 3000, 2000)), [], "{format:?}");
        }
    }

    #[test]
    fn a_photo_is_cropped_around_its_focus() {
        let check = |whole, shape, (x, y), expect: (u32, u32, u32, u32)| {
            let Crop {
                left,
                top,
                width,
                height,
            } = crop(whole, shape, Focus { x, y });
            assert_eq!((left, top, width, height), expect, "{whole:?} {shape:?}");
        };
        check((3000, 2000), (1, 1), (0.5, 0.5), (500, 0, 2000, 2000));
        check((3000, 2000), (1, 1), (0.0, 0.5), (0, 0, 2000, 2000));
        check((3000, 2000), (1, 1), (0.9, 0.1), (1000, 0, 2000, 2000));
        check((3000, 2000), (16, 9), (0.5, 0.5), (0, 156, 3000, 1688));
        check((1000, 3000), (16, 9), (0.5, 0.2), (0, 319, 1000, 563));
        check((3, 1), (1, 1000), (0.5, 0.5), (1, 0, 1, 1));
    }

    #[test]
    fn nothing_is_made_larger() {
        let file = file(Format::Jpeg, 600, 400);
        let images = Images::default();
        let original = Original::of("static/a.jpg", &file, &images).expect("it is a photo");
        let check = |made: Derivative, expect: (u32, u32)| {
            assert_eq!((made.width, made.height), expect);
        };
        check(original.fit(Some(300), None, Encoding::Jpeg), (300, 200));
        check(original.fit(None, Some(100), Encoding::Jpeg), (150, 100));
        check(
            original.fit(Some(300), Some(100), Encoding::Jpeg),
            (150, 100),
        );
        check(original.fit(Some(900), None, Encoding::Jpeg), (600, 400));
        let focus = Focus::default();
        check(original.fill(200, 200, focus, Encoding::Jpeg), (200, 200));
        check(original.fill(1200, 630, focus, Encoding::Jpeg), (600, 315));
    }
}
