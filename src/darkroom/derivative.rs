//! One picture to be made of a photo.

use crate::base::fingerprint::{Fingerprint, Fingerprinter};

/// Another number means other bytes of the same derivative.
const VERSION: u64 = 1;

/// The digits of the fingerprint in a file's name.
const DIGITS: usize = 16;

/// A picture to be made of a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derivative {
    /// The photo, by its path from the site's root.
    pub photo: String,
    /// The fingerprint of the photo's bytes.
    pub bytes: Fingerprint,
    /// The part of the photo that is shown; none for all of it.
    pub crop: Option<Crop>,
    /// The width in pixels.
    pub width: u32,
    /// The height in pixels.
    pub height: u32,
    /// The format.
    pub encoding: Encoding,
    /// From 1 to 100; 0 in formats that lose nothing.
    pub quality: u8,
    /// Whether it keeps who made the photo, and under which terms.
    pub keeps_credit: bool,
}

/// A part of a photo, in its pixels as a browser shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crop {
    /// From the left.
    pub left: u32,
    /// From the top.
    pub top: u32,
    /// The width.
    pub width: u32,
    /// The height.
    pub height: u32,
}

/// The formats that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    WebP,
    /// AVIF.
    Avif,
}

impl Encoding {
    /// Returns the ending of its files.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::WebP => "webp",
            Self::Avif => "avif",
        }
    }

    /// Returns its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Avif => "image/avif",
        }
    }
}

impl Derivative {
    /// Returns the fingerprint of everything that its bytes depend on.
    pub fn print(&self) -> Fingerprint {
        Fingerprinter::new("derivative")
            .fingerprint(self.series())
            .number(u64::from(self.width))
            .number(u64::from(self.height))
            .finish()
    }

    /// Returns what the photo's file is called instead of its ending: `.3f9c0a7be1d25c48-800.webp`.
    pub fn ending(&self) -> String {
        let mut ending = String::with_capacity(DIGITS + 16);
        self.push_ending(&self.series().short(DIGITS), &mut ending);
        ending
    }

    /// Returns the endings of derivatives that differ in their size only.
    pub fn endings(series: &[Self]) -> Vec<String> {
        let Some(first) = series.first() else {
            return Vec::new();
        };
        let digits = first.series().short(DIGITS);
        let ending = |one: &Self| {
            let mut ending = String::with_capacity(DIGITS + 16);
            one.push_ending(&digits, &mut ending);
            ending
        };
        series.iter().map(ending).collect()
    }

    fn push_ending(&self, digits: &str, out: &mut String) {
        use std::fmt::Write as _;
        let _ = write!(out, ".{digits}-{}", self.width);
        if self.crop.is_some() {
            let _ = write!(out, "x{}", self.height);
        }
        let _ = write!(out, ".{}", self.encoding.extension());
    }

    /// Returns the fingerprint of everything but the size.
    fn series(&self) -> Fingerprint {
        let mut print = Fingerprinter::new("series");
        print.number(VERSION).fingerprint(self.bytes);
        print
            .text(self.encoding.extension())
            .number(u64::from(self.quality))
            .number(u64::from(self.keeps_credit));
        if let Some(crop) = self.crop {
            for side in [crop.left, crop.top, crop.width, crop.height] {
                print.number(u64::from(side));
            }
        }
        print.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn derivative() -> Derivative {
        Derivative {
            photo: "static/harbour.jpg".to_owned(),
            bytes: Fingerprint::of_bytes(b"photo"),
            crop: None,
            width: 800,
            height: 533,
            encoding: Encoding::WebP,
            quality: 78,
            keeps_credit: true,
        }
    }

    #[test]
    fn an_ending_names_the_content_the_size_and_the_format() {
        let whole = derivative();
        let ending = whole.ending();
        assert!(ending.ends_with("-800.webp"), "{ending}");
        assert_eq!(ending.len(), ".0123456789abcdef-800.webp".len());
        let cropped = Derivative {
            crop: Some(Crop {
                left: 0,
                top: 0,
                width: 10,
                height: 5,
            }),
            height: 400,
            ..whole.clone()
        };
        assert!(cropped.ending().ends_with("-800x400.webp"));
        assert_eq!(
            Derivative::endings(&[whole.clone(), cropped]),
            [ending.clone(), ending.replace("-800", "-800x400")]
        );
    }

    #[test]
    fn whatever_changes_the_bytes_changes_the_ending_and_the_fingerprint() {
        let same = derivative();
        let crop = Crop {
            left: 1,
            top: 0,
            width: 10,
            height: 5,
        };
        let others = [
            Derivative {
                bytes: Fingerprint::of_bytes(b"other"),
                ..derivative()
            },
            Derivative {
                crop: Some(crop),
                ..derivative()
            },
            Derivative {
                crop: Some(Crop { left: 2, ..crop }),
                ..derivative()
            },
            Derivative {
                width: 801,
                ..derivative()
            },
            Derivative {
                encoding: Encoding::Jpeg,
                ..derivative()
            },
            Derivative {
                quality: 77,
                ..derivative()
            },
            Derivative {
                keeps_credit: false,
                ..derivative()
            },
        ];
        for (at, other) in others.iter().enumerate() {
            assert_ne!(other.ending(), same.ending(), "{at}");
            assert_ne!(other.print(), same.print(), "{at}");
        }
        let elsewhere = Derivative {
            photo: "content/b.jpg".to_owned(),
            ..derivative()
        };
        assert_eq!(elsewhere.print(), same.print());
    }
}
