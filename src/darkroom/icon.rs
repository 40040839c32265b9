//! The icons of a site: one picture in the sizes that browsers and phones ask for.

use super::derivative::Encoding;
use super::drawing;
use super::encode;
use super::make::Enlarger;
use super::set::{Focus, Original};
use crate::source::picture::Format;

/// An icon: what its file is called, and its sizes in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Icon {
    /// The name of its file at the root of the site.
    pub name: &'static str,
    /// Its sizes; several only in a file of icons.
    pub sizes: &'static [u32],
}

/// The icons that are made, in the order of the links to them.
pub const ICONS: [Icon; 4] = [
    Icon {
        name: "favicon.ico",
        sizes: &[32, 48],
    },
    Icon {
        name: "apple-touch-icon.png",
        sizes: &[180],
    },
    Icon {
        name: "icon-192.png",
        sizes: &[192],
    },
    Icon {
        name: "icon-512.png",
        sizes: &[512],
    },
];

/// Makes an icon of a photo or a drawing; what is not square is cut to its middle, or stands in the
/// middle where it is a drawing.
///
/// # Errors
///
/// Says what is wrong with the picture, to continue a sentence that begins with its name.
pub fn make(
    icon: Icon,
    bytes: &[u8],
    format: Format,
    original: Option<Original<'_>>,
) -> Result<Vec<u8>, String> {
    let mut pictures = Vec::with_capacity(icon.sizes.len());
    if format == Format::Svg {
        let svg = std::str::from_utf8(bytes).map_err(|_| "is not UTF-8".to_owned())?;
        for size in icon.sizes {
            let drawn = drawing::draw(svg, *size, *size)?;
            pictures.push((*size, encode::encode(&drawn, Encoding::Png, 0)?));
        }
    } else {
        let original =
            original.ok_or_else(|| format!("is a {}, of which no icon is made", format.name()))?;
        let (width, height) = original.size();
        let mut enlarger = Enlarger::load(bytes, format, width, height)?;
        for size in icon.sizes {
            let mut square = original.fill(*size, *size, Focus::default(), Encoding::Png);
            square.keeps_credit = false;
            pictures.push((square.width, enlarger.make(&square)?));
        }
    }
    Ok(match (icon.name.ends_with(".ico"), pictures.pop()) {
        (true, Some(last)) => {
            pictures.push(last);
            container(&pictures)
        }
        (_, last) => last.map(|(_, picture)| picture).unwrap_or_default(),
    })
}

/// Writes a file of icons, each a PNG (Microsoft's ICO).
fn container(pictures: &[(u32, Vec<u8>)]) -> Vec<u8> {
    const HEAD: usize = 6;
    const ENTRY: usize = 16;
    let mut out = vec![0, 0, 1, 0];
    out.extend((pictures.len() as u16).to_le_bytes());
    let mut at = HEAD + ENTRY * pictures.len();
    for (size, picture) in pictures {
        // 0 means 256.
        let side = u8::try_from(*size).unwrap_or(0);
        out.extend([side, side, 0, 0, 1, 0, 32, 0]);
        out.extend((picture.len() as u32).to_le_bytes());
        out.extend((at as u32).to_le_bytes());
        at += picture.len();
    }
    for (_, picture) in pictures {
        out.extend(picture);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::picture;

    #[test]
    fn an_icon_has_its_sizes() {
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>";
        for icon in ICONS {
            let made = make(icon, svg, Format::Svg, None).expect("it is made");
            if icon.name == "favicon.ico" {
                assert_eq!(made[..6], [0, 0, 1, 0, 2, 0]);
                assert_eq!((made[6], made[22]), (32, 48));
                let number = |at: usize| {
                    u32::from_le_bytes([made[at], made[at + 1], made[at + 2], made[at + 3]])
                        as usize
                };
                for entry in [6, 22] {
                    let (length, start) = (number(entry + 8), number(entry + 12));
                    let found = picture::read(&made[start..start + length], 10_000).expect("a PNG");
                    assert_eq!(found.width, u32::from(made[entry]));
                }
            } else {
                let found = picture::read(&made, 1_000_000).expect("it is a picture");
                assert_eq!((found.width, found.height), (icon.sizes[0], icon.sizes[0]));
            }
        }
        assert!(make(ICONS[0], b"GIF89a", Format::Gif, None).is_err());
    }
}
