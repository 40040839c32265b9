//! `images` of dateline.yaml: what is made of the photos that the site shows.

use super::keys::{FORMATS, STRIP};
use super::read::Reader;
use super::{Config, Named};
use crate::base::diagnostic::Diagnostic;
use crate::base::fingerprint::Fingerprinter;
use crate::source::article::Data;
use crate::source::yaml::Node;

/// The narrowest and the widest derivative, in pixels.
pub(super) const WIDTHS: (i64, i64) = (16, 8192);

/// What is made of photos.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Images {
    /// The widths in pixels, ascending. Default 480, 800, 1200 and 1600; none leaves photos as they
    /// are.
    pub widths: Vec<u32>,
    /// The formats, the one that a browser should take first at the beginning. Default WebP, then
    /// the photo's own.
    pub formats: Vec<ImageFormat>,
    /// How much is kept of what is seen, from 1 to 100.
    pub quality: Quality,
    /// How wide pictures are shown: the attribute `sizes` of HTML.
    pub sizes: String,
    /// What published files lose of their metadata.
    pub strip: Strip,
}

/// The quality of formats that lose something, from 1 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quality {
    /// Of JPEG. Default 80.
    pub jpeg: u8,
    /// Of WebP. Default 78.
    pub webp: u8,
    /// Of AVIF. Default 60.
    pub avif: u8,
}

/// A format that derivatives are made in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageFormat {
    /// AVIF.
    Avif,
    /// WebP.
    WebP,
    /// That of the photo itself.
    Original,
}

/// What published files lose of their metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strip {
    /// The place where they were taken.
    Gps,
    /// Everything.
    All,
    /// Nothing.
    None,
}

impl Default for Images {
    fn default() -> Self {
        Self {
            widths: vec![480, 800, 1200, 1600],
            formats: vec![ImageFormat::WebP, ImageFormat::Original],
            quality: Quality {
                jpeg: 80,
                webp: 78,
                avif: 60,
            },
            sizes: "(min-width: 48rem) 46rem, 100vw".to_owned(),
            strip: Strip::Gps,
        }
    }
}

impl ImageFormat {
    /// Returns its name in dateline.yaml.
    pub fn name(self) -> &'static str {
        match self {
            Self::Avif => "avif",
            Self::WebP => "webp",
            Self::Original => "original",
        }
    }
}

impl Strip {
    /// Returns its name in dateline.yaml.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gps => "gps",
            Self::All => "all",
            Self::None => "none",
        }
    }
}

impl Images {
    /// Adds everything that pages and files depend on.
    pub fn print(&self, print: &mut Fingerprinter) {
        let Self {
            widths,
            formats,
            quality,
            sizes,
            strip,
        } = self;
        print.number(widths.len() as u64);
        for width in widths {
            print.number(u64::from(*width));
        }
        let formats: Vec<&str> = formats.iter().map(|format| format.name()).collect();
        print.texts(&formats);
        for quality in [quality.jpeg, quality.webp, quality.avif] {
            print.number(u64::from(quality));
        }
        print.text(sizes).text(strip.name());
    }

    /// Returns the settings as data.
    pub(super) fn to_data(&self) -> Data {
        let number = |number: u32| Data::Integer(number.into());
        let map = |entries: Vec<(&str, Data)>| {
            let entries = entries.into_iter();
            Data::Map(
                entries
                    .map(|(key, value)| (key.to_owned(), value))
                    .collect(),
            )
        };
        let formats = self.formats.iter();
        map(vec![
            (
                "widths",
                Data::List(self.widths.iter().map(|width| number(*width)).collect()),
            ),
            (
                "formats",
                Data::List(
                    formats
                        .map(|format| Data::Text(format.name().to_owned()))
                        .collect(),
                ),
            ),
            (
                "quality",
                map(vec![
                    ("jpeg", number(self.quality.jpeg.into())),
                    ("webp", number(self.quality.webp.into())),
                    ("avif", number(self.quality.avif.into())),
                ]),
            ),
            ("sizes", Data::Text(self.sizes.clone())),
            ("strip", Data::Text(self.strip.name().to_owned())),
        ])
    }
}

impl<'a> Reader<'_, 'a> {
    /// Reads the widths of derivatives: whole numbers in any order.
    pub(super) fn widths(&mut self, node: &Node<'a>) {
        let mut widths = Vec::new();
        for item in self.faults.items(node) {
            let Some(width) = self.faults.integer(&"a width of `images.widths`", item) else {
                continue;
            };
            let (least, most) = WIDTHS;
            match u32::try_from(width) {
                Ok(width) if (least..=most).contains(&i64::from(width)) => widths.push(width),
                _ => {
                    let message = format!(
                        "a width of `images.widths` must be from {least} to {most}, not {width}"
                    );
                    self.faults.error(item.at, message);
                }
            }
        }
        widths.sort_unstable();
        widths.dedup();
        self.config.images.widths = widths;
    }

    /// Reads the formats of derivatives.
    pub(super) fn formats(&mut self, path: &str, node: &Node<'a>) {
        let mut formats = Vec::new();
        for item in self.faults.items(node) {
            let format = match self.choice(path, FORMATS, item) {
                Some("avif") if !cfg!(feature = "avif") => {
                    let fault = Diagnostic::error("this dateline makes no AVIF")
                        .at(self.faults.place(item.at))
                        .hint(
                            "take `avif` out of the list, or install one that does: \
                             `cargo install dateline --features avif`",
                        );
                    self.faults.push(fault);
                    continue;
                }
                Some("avif") => ImageFormat::Avif,
                Some("webp") => ImageFormat::WebP,
                Some(_) => ImageFormat::Original,
                None => continue,
            };
            if !formats.contains(&format) {
                formats.push(format);
            }
        }
        self.config.images.formats = formats;
    }

    /// Reads what published files lose.
    pub(super) fn strip(&mut self, path: &str, node: &Node<'a>) {
        if let Some(strip) = self.choice(path, STRIP, node) {
            self.config.images.strip = match strip {
                "all" => Strip::All,
                "none" => Strip::None,
                _ => Strip::Gps,
            };
        }
    }

    /// Reads the paths of fonts.
    pub(super) fn card_fonts(&mut self, path: &str, node: &Node<'a>) {
        let items = self.faults.items(node);
        for item in items {
            let Some(font) = self.text(path, item) else {
                continue;
            };
            let folders = ["data/", "static/"];
            let endings = [".ttf", ".otf", ".ttc"];
            let lower = font.to_ascii_lowercase();
            let is_one = folders.iter().any(|folder| font.starts_with(folder))
                && endings.iter().any(|ending| lower.ends_with(ending));
            if !is_one {
                let message = format!(
                    "`{path}` names `{font}`, which is no `.ttf`, `.otf` or `.ttc` file of `data/` or `static/`"
                );
                let fault = Diagnostic::error(message).at(self.faults.place_of(item));
                self.faults.push(fault.hint(
                    "a path begins at the site's folder, such as `data/fonts/Name-Bold.ttf`",
                ));
                continue;
            }
            self.name(Named::Font(font.clone()), item);
            self.config.card_fonts.push(font);
        }
    }

    /// Reads a quality from 1 to 100.
    pub(super) fn quality(
        &mut self,
        path: &str,
        node: &Node<'a>,
        set: impl FnOnce(&mut Config, u8),
    ) {
        let Some(quality) = self.faults.integer(&format_args!("`{path}`"), node) else {
            return;
        };
        match u8::try_from(quality) {
            Ok(quality @ 1..=100) => set(&mut self.config, quality),
            _ => {
                let message = format!("`{path}` must be from 1 to 100, not {quality}");
                self.faults.error(node.at, message);
            }
        }
    }
}
