//! The colour that holds a photo's place until the photo has come: one of a few hundred, which the style
//! sheet of a theme knows by their names, so that no page has a style of its own.

use crate::source::file::SiteFile;
use std::fmt;

/// How many steps of lightness there are.
pub const LIGHTNESSES: u8 = 8;

/// How many steps there are from green to red, and from blue to yellow.
pub const HUES: u8 = 7;

/// A photo's mean colour, in steps of OKLab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tint {
    /// How light it is, from 0.
    pub lightness: u8,
    /// How red, from green at 0.
    pub a: u8,
    /// How yellow, from blue at 0.
    pub b: u8,
}

impl Tint {
    /// Returns the nearest to a colour of sRGB, whose channels go from 0 to 255.
    pub fn nearest(colour: [f64; 3]) -> Self {
        let [lightness, a, b] = oklab(colour);
        let step = |value: f64, first: f64, length: f64, count: u8| {
            let step = ((value - first) / length).round();
            step.clamp(0.0, f64::from(count - 1)) as u8
        };
        Self {
            lightness: step(lightness, LIGHTNESS.0, LIGHTNESS.1, LIGHTNESSES),
            a: step(a, HUE.0, HUE.1, HUES),
            b: step(b, HUE.0, HUE.1, HUES),
        }
    }

    /// Returns the colour in OKLab, as style sheets write it.
    pub fn oklab(self) -> [f64; 3] {
        let at = |step: u8, (first, length): (f64, f64)| first + f64::from(step) * length;
        [
            at(self.lightness, LIGHTNESS),
            at(self.a, HUE),
            at(self.b, HUE),
        ]
    }

    /// Returns the three steps as bytes.
    pub fn to_bytes(self) -> [u8; 3] {
        [self.lightness, self.a, self.b]
    }

    /// Returns a tint of its bytes; none of others.
    pub fn from_bytes([lightness, a, b]: [u8; 3]) -> Option<Self> {
        let is_one = lightness < LIGHTNESSES && a < HUES && b < HUES;
        is_one.then_some(Self { lightness, a, b })
    }
}

/// The value of the attribute `data-tint`: a letter before each step, by which rules find it.
impl fmt::Display for Tint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "l{}a{}b{}", self.lightness, self.a, self.b)
    }
}

/// Knows the tints of the site's photos. A tint is a function of a photo's bytes, whoever makes it.
pub trait Tints: Send + Sync {
    /// Returns the tint of a photo at a path of the site; none where it can't be decoded, or has parts
    /// that can be seen through.
    fn tint(&self, path: &str, file: &SiteFile) -> Option<Tint>;

    /// Tells whether a photo would have to be decoded before its tint is known.
    fn is_costly(&self, _file: &SiteFile) -> bool {
        false
    }

    /// Takes the tint of a photo that was decoded for its derivatives.
    fn learn(&self, _file: &SiteFile, _tint: Option<Tint>) {}

    /// Returns the photo which was found to be another than when the site was read, if one was.
    fn changed(&self) -> Option<String>;
}

/// Knows none.
pub struct NoTints;

impl Tints for NoTints {
    fn tint(&self, _: &str, _: &SiteFile) -> Option<Tint> {
        None
    }

    fn changed(&self) -> Option<String> {
        None
    }
}

/// The first lightness, and how far they are from each other.
const LIGHTNESS: (f64, f64) = (0.15, 0.1);

/// The first of the two hues, and how far they are from each other.
const HUE: (f64, f64) = (-0.09, 0.03);

/// Turns sRGB (IEC 61966-2-1) into OKLab, as CSS Color 4 defines it in section 9.2.
fn oklab(colour: [f64; 3]) -> [f64; 3] {
    let [red, green, blue] = colour.map(|level| {
        let level = level / 255.0;
        match level {
            level if level <= 0.040_45 => level / 12.92,
            level => ((level + 0.055) / 1.055).powf(2.4),
        }
    });
    let long = 0.412_221_470_8 * red + 0.536_332_536_3 * green + 0.051_445_992_9 * blue;
    let medium = 0.211_903_498_2 * red + 0.680_699_545_1 * green + 0.107_396_956_6 * blue;
    let short = 0.088_302_461_9 * red + 0.281_718_837_6 * green + 0.629_978_700_5 * blue;
    let [long, medium, short] = [long, medium, short].map(f64::cbrt);
    [
        0.210_454_255_3 * long + 0.793_617_785_0 * medium - 0.004_072_046_8 * short,
        1.977_998_495_1 * long - 2.428_592_205_0 * medium + 0.450_593_709_9 * short,
        0.025_904_037_1 * long + 0.782_771_766_2 * medium - 0.808_675_766_0 * short,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_has_the_nearest_tint() {
        let check = |colour: [f64; 3], expect: &str| {
            assert_eq!(Tint::nearest(colour).to_string(), expect, "{colour:?}");
        };
        // Lightness: of black 0, of white 1, of #808080 0.6.
        check([0.0, 0.0, 0.0], "l0a3b3");
        check([255.0, 255.0, 255.0], "l7a3b3");
        check([128.0, 128.0, 128.0], "l4a3b3");
        // oklab(0.628 0.225 0.126) and oklab(0.452 -0.032 -0.312).
        check([255.0, 0.0, 0.0], "l5a6b6");
        check([0.0, 0.0, 255.0], "l3a2b0");
        // Sand, grass and sea.
        check([194.0, 170.0, 130.0], "l6a3b5");
        check([90.0, 120.0, 60.0], "l4a1b5");
        check([60.0, 90.0, 130.0], "l3a2b1");
    }

    #[test]
    fn a_tint_is_its_own_nearest_and_its_bytes_are_read_again() {
        for lightness in 0..LIGHTNESSES {
            for (a, b) in (0..HUES).flat_map(|a| (0..HUES).map(move |b| (a, b))) {
                let tint = Tint { lightness, a, b };
                assert_eq!(Tint::from_bytes(tint.to_bytes()), Some(tint));
            }
        }
        assert_eq!(Tint::from_bytes([LIGHTNESSES, 0, 0]), None);
        assert_eq!(Tint::from_bytes([0, HUES, 0]), None);
        assert_eq!(Tint::from_bytes([0, 0, HUES]), None);
    }
}
