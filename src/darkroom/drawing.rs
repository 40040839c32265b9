//! A drawing becomes pixels.
//!
//! Nothing outside of the drawing is read: no other file, and no font but those that dateline has and
//! those that are given.

use super::negative::Negative;
use crate::source::font::Font;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, ID, Source};
use resvg::usvg::{FontFamily, FontResolver, Group, ImageHrefResolver, Node, Options, Tree};
use std::sync::{Arc, OnceLock};

/// The name of the font's family.
pub const FONT: &str = "Noto Serif";

/// The font: Noto Serif Bold by the Noto Project Authors, under the SIL Open Font License, in parts for
/// the scripts that are kept of it.
pub const FONTS: [&[u8]; 5] = [
    include_bytes!("font/latin.ttf"),
    include_bytes!("font/latin-ext.ttf"),
    include_bytes!("font/vietnamese.ttf"),
    include_bytes!("font/cyrillic.ttf"),
    include_bytes!("font/greek.ttf"),
];

/// Draws an SVG in the middle of `width` by `height` pixels, as large as it fits.
///
/// # Errors
///
/// Says what is wrong with the drawing, to continue a sentence that begins with its name.
pub fn draw(svg: &str, width: u32, height: u32) -> Result<Negative, String> {
    draw_with(svg, width, height, &[])
}

/// Draws as [`draw`] does; letters that dateline's font does not have are taken from others, the first
/// that has them.
///
/// # Errors
///
/// As [`draw`].
pub fn draw_with(svg: &str, width: u32, height: u32, further: &[Font]) -> Result<Negative, String> {
    let options = options(further);
    let broken = |error| format!("can't be drawn: {error}");
    let tree = Tree::from_str(svg, &options).map_err(broken)?;
    let mut pixmap = Pixmap::new(width, height)
        .ok_or_else(|| format!("can't be drawn in {width} × {height} pixels"))?;
    let own = tree.size();
    let scale = (width as f32 / own.width()).min(height as f32 / own.height());
    let transform = Transform::from_scale(scale, scale).post_translate(
        (width as f32 - own.width() * scale) / 2.0,
        (height as f32 - own.height() * scale) / 2.0,
    );
    resvg::render(&tree, transform, &mut pixmap.as_mut());
    Ok(Negative {
        width,
        height,
        has_alpha: true,
        pixels: pixmap.take_demultiplied(),
    })
}

/// Returns the name of one of further fonts, by its place among them.
pub fn family(at: usize) -> String {
    format!("further {at}")
}

/// Returns how wide a text is drawn; `text` and `attributes` are parts of SVG.
pub fn width(text: &str, attributes: &str, size: f32, further: &[Font]) -> f32 {
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\">\
         <g font-family=\"{FONT}\" font-weight=\"700\"><text font-size=\"{size}\"{attributes}>{text}</text></g></svg>"
    );
    let tree = Tree::from_str(&svg, &options(further)).ok();
    tree.map_or(0.0, |tree| width_of(tree.root()))
}

/// Returns how wide the texts in a group are.
fn width_of(group: &Group) -> f32 {
    let widths = group.children().iter().map(|node| match node {
        Node::Text(text) => text.bounding_box().width(),
        Node::Group(group) => width_of(group),
        _ => 0.0,
    });
    widths.fold(0.0, f32::max)
}

fn options(further: &[Font]) -> Options<'static> {
    static DATABASE: OnceLock<Arc<Database>> = OnceLock::new();
    let made = || {
        let mut database = Database::new();
        for font in FONTS {
            database.load_font_data(font.to_vec());
        }
        Arc::new(database)
    };
    let mut database = Arc::clone(DATABASE.get_or_init(made));
    let mut named: Vec<(String, ID)> = Vec::new();
    for (at, font) in further.iter().enumerate() {
        let bytes: Arc<dyn AsRef<[u8]> + Sync + Send> = font.bytes.clone();
        let faces = Arc::make_mut(&mut database).load_font_source(Source::Binary(bytes));
        named.extend(faces.first().map(|face| (family(at), *face)));
    }
    let usual = FontResolver::default_font_selector();
    let select = move |font: &resvg::usvg::Font, database: &mut Arc<Database>| {
        let named = named.iter().find(|(name, _)| {
            let families = font.families().iter();
            families
                .into_iter()
                .any(|family| matches!(family, FontFamily::Named(own) if own == name))
        });
        match named {
            Some((_, face)) => Some(*face),
            None => usual(font, database),
        }
    };
    Options {
        font_family: FONT.to_owned(),
        fontdb: database,
        font_resolver: FontResolver {
            select_font: Box::new(select),
            ..FontResolver::default()
        },
        image_href_resolver: ImageHrefResolver {
            resolve_string: Box::new(|_, _| None),
            ..ImageHrefResolver::default()
        },
        ..Options::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_fills_its_place_and_reads_nothing() {
        let svg = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 10 10'>\
                   <rect width='10' height='10' fill='#f00'/>\
                   <image href='/etc/hostname.svg' width='10' height='10'/></svg>";
        let made = draw(svg, 40, 20).expect("it is drawn");
        let pixel = |x: usize, y: usize| &made.pixels[(y * 40 + x) * 4..][..4];
        assert_eq!(pixel(20, 10), [255, 0, 0, 255]);
        assert_eq!(pixel(2, 10), [0, 0, 0, 0]);
        assert!(draw("<svg", 1, 1).is_err());
    }
}
