//! Style sheets: what they import taken in, addresses of assets replaced by published ones, minified.

use super::{AssetFile, Find, Missing, lowered, place, published, resolve, text};
use crate::base::diagnostic::{Diagnostic, Place};
use lightningcss::dependencies::{Dependency, DependencyOptions};
use lightningcss::error::ParserError;
use lightningcss::rules::CssRule;
use lightningcss::rules::import::ImportRule;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions, StyleSheet};
use lightningcss::traits::ToCss;
use std::fmt::Write;

/// Makes the style sheet that a file is published as.
pub(super) fn minified<'a>(
    file: AssetFile<'a>,
    find: &Find<'a>,
    within: &mut Vec<String>,
) -> Result<Vec<u8>, Diagnostic> {
    minified_text(file, text(file)?, find, within)
}

/// The same of a text that another language was translated to.
pub(super) fn minified_text<'a>(
    file: AssetFile<'a>,
    css: &str,
    find: &Find<'a>,
    within: &mut Vec<String>,
) -> Result<Vec<u8>, Diagnostic> {
    let mut bundle = Bundle {
        root: file.path,
        find,
        within,
        foreign: String::new(),
        css: String::new(),
    };
    bundle.take_in(file, css)?;
    let css = bundle.foreign + &bundle.css;
    let fault = |message: &dyn std::fmt::Display| {
        Diagnostic::error(lowered(&message.to_string())).at(Place::file(file.shown))
    };
    let mut sheet =
        StyleSheet::parse(&css, ParserOptions::default()).map_err(|error| fault(&error.kind))?;
    sheet
        .minify(MinifyOptions::default())
        .map_err(|error| fault(&error.kind))?;
    let printed = sheet
        .to_css(PrinterOptions {
            minify: true,
            ..PrinterOptions::default()
        })
        .map_err(|error| fault(&error.kind))?;
    Ok(printed.code.into_bytes())
}

/// A style sheet in the making.
struct Bundle<'a, 'f> {
    /// The file that will be published: addresses are relative to it.
    root: &'f str,
    find: &'f Find<'a>,
    within: &'f mut Vec<String>,
    /// Imports of other hosts, which have to stand before everything else.
    foreign: String,
    css: String,
}

impl<'a> Bundle<'a, '_> {
    /// Adds a file, after those that it imports.
    fn take_in(&mut self, file: AssetFile<'a>, css: &str) -> Result<(), Diagnostic> {
        let options = ParserOptions {
            filename: file.shown.to_owned(),
            ..ParserOptions::default()
        };
        let mut sheet = StyleSheet::parse(css, options).map_err(|error| {
            let fault = Diagnostic::error(message(&error.kind));
            let place = error.loc.as_ref().map(|at| (at.line, at.column));
            fault.at(place_in(
                file,
                css,
                place.map(|(line, column)| (line + 1, column)),
            ))
        })?;
        for rule in &sheet.rules.0 {
            match rule {
                CssRule::Import(import) => self.import(file, css, import)?,
                // The order of layers is that in which they are first named, imports among them.
                CssRule::LayerStatement(layers) => {
                    self.css.push_str(&printed(layers));
                    self.css.push('\n');
                }
                _ => {}
            }
        }
        sheet
            .rules
            .0
            .retain(|rule| !matches!(rule, CssRule::Import(_) | CssRule::LayerStatement(_)));
        let printed = sheet
            .to_css(PrinterOptions {
                analyze_dependencies: Some(DependencyOptions::default()),
                ..PrinterOptions::default()
            })
            .map_err(|error| {
                let place = error.loc.as_ref().map(|at| (at.line + 1, at.column));
                Diagnostic::error(lowered(&error.kind.to_string())).at(place_in(file, css, place))
            })?;
        let mut code = printed.code;
        for dependency in printed.dependencies.into_iter().flatten() {
            let Dependency::Url(url) = dependency else {
                continue;
            };
            let address = match published((file.path, &url.url, self.root), self.find, self.within)
            {
                None => url.url,
                Some(Ok(address)) => address,
                Some(Err(missing)) => {
                    let start = (url.loc.start.line, url.loc.start.column);
                    return Err(missing.at(place_in(file, css, Some(start))));
                }
            };
            code = code.replace(&url.placeholder, &quoted(&address));
        }
        self.css.push_str(&code);
        self.css.push('\n');
        Ok(())
    }

    fn import(
        &mut self,
        file: AssetFile<'a>,
        css: &str,
        import: &ImportRule<'_>,
    ) -> Result<(), Diagnostic> {
        let Some(path) = resolve(file.path, &import.url) else {
            self.foreign.push_str(&printed(import));
            self.foreign.push('\n');
            return Ok(());
        };
        let place = || place_in(file, css, Some((import.loc.line + 1, import.loc.column)));
        let Some(imported) = (self.find)(&path) else {
            return Err(Missing::File(path).at(place()));
        };
        if self.within.contains(&path) {
            return Err(
                Diagnostic::error(format!("`{path}` imports itself by this import"))
                    .at(place())
                    .hint("remove one of the imports"),
            );
        }
        let mut ends = 0;
        for head in conditions(import) {
            // Writing to a string can't fail.
            let _ = writeln!(self.css, "{head} {{");
            ends += 1;
        }
        self.within.push(path);
        let imported_text = text(imported)?;
        self.take_in(imported, imported_text)?;
        self.within.pop();
        self.css.push_str(&"}\n".repeat(ends));
        Ok(())
    }
}

/// Says what is wrong in a style sheet.
fn message(error: &ParserError<'_>) -> String {
    match error {
        ParserError::UnexpectedToken(token) => format!("unexpected `{}`", printed(token)),
        other => lowered(&other.to_string()),
    }
}

/// Lists the rules that stand for the conditions of an import, from the outermost.
fn conditions(import: &ImportRule<'_>) -> Vec<String> {
    let mut heads = Vec::new();
    if let Some(supports) = &import.supports {
        heads.push(format!("@supports {}", printed(supports)));
    }
    if !import.media.media_queries.is_empty() {
        heads.push(format!("@media {}", printed(&import.media)));
    }
    match &import.layer {
        Some(Some(name)) => heads.push(format!("@layer {}", printed(name))),
        Some(None) => heads.push("@layer".to_owned()),
        None => {}
    }
    heads
}

/// Prints a part of a parsed style sheet, which has no names or addresses that printing could refuse.
fn printed(part: &impl ToCss) -> String {
    part.to_css_string(PrinterOptions::default())
        .unwrap_or_default()
}

/// Escapes an address for the quotes in which it stands.
fn quoted(address: &str) -> String {
    address.replace('\\', "\\\\").replace('"', "\\\"")
}

/// Names a place by a line and a column from 1. The text of a translated file has no places in it.
fn place_in(file: AssetFile<'_>, css: &str, at: Option<(u32, u32)>) -> Place {
    match at {
        Some((line, column)) if file.path.ends_with(".css") => place(
            file.shown,
            css,
            line.saturating_sub(1) as usize,
            column.saturating_sub(1) as usize,
        ),
        _ => Place::file(file.shown),
    }
}
