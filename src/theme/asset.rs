//! Assets: style sheets and scripts made small, and every asset given a name that changes with its
//! content.
//!
//! Nothing here reads a file: an asset, and whatever it imports, is handed over by the caller. What
//! a style sheet or a script refers to by a relative address is found under its published name, so
//! that every asset can be cached for ever. The same files always give the same bytes.

use crate::base::diagnostic::{Diagnostic, Place};
use crate::base::fingerprint::Fingerprint;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha384};
use std::borrow::Cow;

mod css;
mod html;
mod sass;
mod script;

/// A file of a theme's or the site's `assets/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssetFile<'a> {
    /// Its path within `assets/`, such as `css/site.scss`.
    pub path: &'a str,
    /// Its path from the site's root, for messages, such as `themes/plain/assets/css/site.scss`.
    pub shown: &'a str,
    /// What is in it.
    pub bytes: &'a [u8],
}

/// An asset as it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset<'a> {
    /// What is published.
    pub bytes: Cow<'a, [u8]>,
    /// Where it is published, from the site's root and without a slash at the beginning, with eight
    /// hexadecimal digits of its content's fingerprint: `assets/css/site.3f2a9c1b.css`.
    pub route: String,
    /// The value of the attribute `integrity` (W3C Subresource Integrity), such as `sha384-...`.
    pub integrity: String,
}

/// Finds a file of `assets/` by its path within it, such as `css/site.scss`; a site's file before
/// the theme's.
pub type Find<'a> = dyn Fn(&str) -> Option<AssetFile<'a>> + 'a;

/// The folder of the output that assets are published in.
pub const FOLDER: &str = "assets";

/// How many digits of the fingerprint stand in a name.
const DIGITS: usize = 8;

/// Tells whether a file is only there to be imported, and not published by itself: a style sheet whose
/// name begins with `_`.
pub fn is_partial(path: &str) -> bool {
    let (_, name) = split(path);
    let endings = [".scss", ".sass", ".css"];
    name.starts_with('_') && endings.iter().any(|ending| name.ends_with(ending))
}

/// Makes an asset of a file.
///
/// Style sheets (`.css`, and `.scss` and `.sass` after translation) are minified with what they
/// import; scripts (`.js`, `.mjs`) are minified, each by itself; anything else stays as it is.
///
/// # Errors
/// What is wrong in the file or in one that it imports, with its place: a syntax error, an import
/// or a relative address of an asset that does not exist, assets that import each other in a circle.
pub fn process<'a>(file: AssetFile<'a>, find: &Find<'a>) -> Result<Asset<'a>, Diagnostic> {
    make(file, find, &mut Vec::new())
}

/// Makes an asset that those of `within` refer to, each by the next.
fn make<'a>(
    file: AssetFile<'a>,
    find: &Find<'a>,
    within: &mut Vec<String>,
) -> Result<Asset<'a>, Diagnostic> {
    let (stem, extension) = file.path.rsplit_once('.').unwrap_or((file.path, ""));
    if within.iter().any(|path| path == file.path) {
        let circle = within.iter().map(|path| format!("`{path}`"));
        return Err(Diagnostic::error(format!(
            "assets import each other in a circle: {}, `{}`",
            circle.collect::<Vec<_>>().join(", "),
            file.path
        ))
        .at(Place::file(file.shown))
        .hint("move what both need into a file of its own"));
    }
    within.push(file.path.to_owned());
    let (bytes, extension) = match extension {
        "css" => (Cow::Owned(css::minified(file, find, within)?), "css"),
        "scss" | "sass" => (Cow::Owned(sass::minified(file, find, within)?), "css"),
        "js" | "mjs" => (Cow::Owned(script::minified(file, find, within)?), extension),
        _ => (Cow::Borrowed(file.bytes), extension),
    };
    within.pop();
    let digits = Fingerprint::of_bytes(&bytes).short(DIGITS);
    let name = if extension.is_empty() {
        format!("{}.{digits}", file.path)
    } else {
        format!("{stem}.{digits}.{extension}")
    };
    Ok(Asset {
        route: format!("{FOLDER}/{name}"),
        integrity: format!("sha384-{}", STANDARD.encode(Sha384::digest(&bytes))),
        bytes,
    })
}

/// Makes a page small and leaves it valid: white space and comments go, tags and quotes stay.
pub fn minify_html(page: &[u8]) -> Vec<u8> {
    html::minified(page)
}

/// Reads a file as text.
fn text<'a>(file: AssetFile<'a>) -> Result<&'a str, Diagnostic> {
    let text = std::str::from_utf8(file.bytes).map_err(|error| {
        Diagnostic::error(format!(
            "not UTF-8: byte {} is the first that is none",
            error.valid_up_to()
        ))
        .at(Place::file(file.shown))
        .hint("save the file again with UTF-8 encoding")
    })?;
    Ok(text.trim_start_matches('\u{feff}'))
}

/// Splits a path into its folder, with its slash, and its name.
fn split(path: &str) -> (&str, &str) {
    path.split_at(path.rfind('/').map_or(0, |at| at + 1))
}

/// Returns the path within `assets/` that a relative address in the file `from` means; none for
/// addresses that are not relative or lead out of `assets/`.
fn resolve(from: &str, address: &str) -> Option<String> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let has_scheme = path
        .find(':')
        .is_some_and(|colon| !path[..colon].contains('/'));
    if path.is_empty() || path.starts_with('/') || has_scheme {
        return None;
    }
    let mut segments: Vec<&str> = split(from)
        .0
        .split('/')
        .filter(|name| !name.is_empty())
        .collect();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            name => segments.push(name),
        }
    }
    Some(segments.join("/"))
}

/// Returns the published address of the asset that a relative address in `from` means, relative to
/// the asset `seen_from` in which it will stand; none where the address is not an asset's.
fn published<'a>(
    (from, address, seen_from): (&str, &str, &str),
    find: &Find<'a>,
    within: &mut Vec<String>,
) -> Option<Result<String, Missing>> {
    let path = resolve(from, address)?;
    let Some(file) = find(&path) else {
        return Some(Err(Missing::File(path)));
    };
    let asset = match make(file, find, within) {
        Ok(asset) => asset,
        Err(diagnostic) => return Some(Err(Missing::Broken(diagnostic))),
    };
    let route = asset.route.strip_prefix(FOLDER).unwrap_or(&asset.route);
    let rest = address.find(['?', '#']).map_or("", |at| &address[at..]);
    Some(Ok(relative(
        split(seen_from).0,
        route.trim_start_matches('/'),
    ) + rest))
}

/// Why an asset that another refers to can't be published.
enum Missing {
    /// There is none of this path.
    File(String),
    /// It has a fault of its own.
    Broken(Diagnostic),
}

impl Missing {
    /// Says so at the place of the reference.
    fn at(self, place: Place) -> Diagnostic {
        match self {
            Self::Broken(diagnostic) => diagnostic,
            Self::File(path) => Diagnostic::error(format!("there is no asset `{path}`"))
                .at(place)
                .hint("put the file into `assets/`, or begin its address with `/` if it is in `static/`"),
        }
    }
}

/// Returns the relative address of a path seen from a folder, both within `assets/`.
fn relative(folder: &str, path: &str) -> String {
    let mut folders: Vec<&str> = folder.split('/').filter(|name| !name.is_empty()).collect();
    let mut rest = path;
    while let Some((first, after)) = rest.split_once('/') {
        if folders.first() != Some(&first) {
            break;
        }
        folders.remove(0);
        rest = after;
    }
    if folders.is_empty() {
        format!("./{rest}")
    } else {
        "../".repeat(folders.len()) + rest
    }
}

/// Names the place of a line and column, both from 0, in a file's text; columns are characters.
fn place(shown: &str, source: &str, line: usize, column: usize) -> Place {
    let start: usize = source.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = source.get(start..).unwrap_or_default();
    let at = start + rest.chars().take(column).map(char::len_utf8).sum::<usize>();
    let length = source
        .get(at..)
        .and_then(|rest| rest.chars().next())
        .map_or(0, char::len_utf8);
    Place::range(shown, source, at..at + length)
}

/// Makes a message of another library one of ours: in lower case and without a full stop.
fn lowered(message: &str) -> String {
    let message = message.trim().trim_end_matches('.');
    let mut letters = message.chars();
    let first = letters.next().map(char::to_lowercase);
    let rest = letters.as_str();
    // A name in capitals stays one.
    if rest.starts_with(|c: char| c.is_ascii_uppercase()) {
        return message.to_owned();
    }
    first.into_iter().flatten().collect::<String>() + rest
}

#[cfg(test)]
mod tests;
