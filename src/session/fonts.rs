//! The fonts that dateline.yaml names for cards.

use crate::base::diagnostic::Diagnostic;
use crate::disk::error::DiskError;
use crate::disk::input::{self, Found};
use crate::source::config::{Config, Named};
use crate::source::font::Font;

/// Tells by its ending whether a file is a font, which is no data for templates.
pub(super) fn is_font(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    ["ttf", "otf", "ttc"]
        .iter()
        .any(|font| ending.eq_ignore_ascii_case(font))
}

/// Reads the fonts of cards, in the order in which they are named; none on a site without cards.
///
/// # Errors
///
/// What the file system refused.
pub(super) fn read<'a>(
    config: &Config,
    found: impl Iterator<Item = &'a Found> + Clone,
    faults: &mut Vec<Diagnostic>,
) -> Result<Vec<Font>, DiskError> {
    let mut fonts = Vec::new();
    if !config.social_cards {
        return Ok(fonts);
    }
    for (named, place) in &config.named {
        let Named::Font(path) = named else { continue };
        let fault = |message: String| Diagnostic::error(message).at(place.clone());
        let Some(file) = found.clone().find(|found| found.path == *path) else {
            let hint =
                "put the font's file there, or mend its path, which begins at the site's folder";
            faults.push(fault(format!("there is no font `{path}`")).hint(hint));
            continue;
        };
        let bytes = match input::read(file) {
            Ok(bytes) => bytes,
            Err(error) => {
                faults.push(input::fault(path, error)?);
                continue;
            }
        };
        match Font::parse(bytes) {
            Ok(font) => fonts.push(font),
            Err((message, hint)) => {
                faults.push(fault(format!("the font `{path}` {message}")).hint(hint));
            }
        }
    }
    Ok(fonts)
}
