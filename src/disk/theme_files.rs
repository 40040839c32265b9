//! Reads the layers of a theme: the site's own files, the theme's, those of the theme it extends.
#![expect(clippy::disallowed_methods, reason = "this is the edge that reads")]

use super::error::DiskError;
use super::input::{self, Found, Listing, Rules};
use crate::base::diagnostic::{Diagnostic, Place, nearest};
use crate::base::fingerprint::Fingerprint;
use crate::source::config::Config;
use crate::source::file::SiteFile;
use crate::source::picture;
use crate::source::text;
use crate::source::theme_meta::{self, ThemeMeta};
use crate::theme::builtin;
use crate::theme::theme::{Layer, SourceText};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many themes may extend each other.
const MOST_LAYERS: usize = 8;

/// A theme's files as they were read.
#[derive(Debug, Default)]
pub struct ThemeFiles {
    /// The layers, the overriding first.
    pub layers: Vec<Layer>,
    /// The static files of the themes on the disk, as if they lay in the site's own `static/`.
    pub statics: Vec<Found>,
    /// The static files of the themes in the binary, likewise.
    pub builtin: BTreeMap<String, SiteFile>,
}

/// Reads every layer; what is wrong with a file is added to `faults`.
///
/// # Errors
///
/// Where a file can't be read.
pub fn read(
    rules: &Rules<'_>,
    config: &Config,
    faults: &mut Vec<Diagnostic>,
) -> Result<ThemeFiles, DiskError> {
    let mut files = ThemeFiles::default();
    let mut own = Layer::default();
    for (folder, kind) in [
        ("templates", Kind::Template),
        ("assets", Kind::Asset),
        ("i18n", Kind::Words),
    ] {
        let mut listing = input::list(&rules.root.join(folder), folder, rules);
        faults.append(&mut listing.faults);
        for found in listing.files {
            let name = found.path[folder.len() + 1..].to_owned();
            let Some(bytes) = read_file(&found, faults)? else {
                continue;
            };
            add(&mut own, kind, name, &found.path, bytes, faults);
        }
    }
    files.layers.push(own);
    let mut next = Some(config.theme.clone());
    while let Some(name) = next.take() {
        let is_repeated = files
            .layers
            .iter()
            .any(|layer| layer.name.as_ref() == Some(&name));
        if is_repeated || files.layers.len() > MOST_LAYERS {
            let message = format!("the theme `{name}` extends itself");
            faults.push(
                Diagnostic::error(message).at(Place::file(format!("themes/{name}/theme.yaml"))),
            );
            break;
        }
        let Some(layer) = layer(&name, rules, &mut files, faults)? else {
            break;
        };
        next = layer.meta.extends.clone();
        files.layers.push(layer);
    }
    Ok(files)
}

#[derive(Clone, Copy)]
enum Kind {
    Template,
    Asset,
    Words,
}

impl Kind {
    /// Returns what the files of a theme's folder are; none of one that is read otherwise.
    fn of(folder: &str) -> Option<Self> {
        match folder {
            "templates" => Some(Self::Template),
            "assets" => Some(Self::Asset),
            "i18n" => Some(Self::Words),
            _ => None,
        }
    }
}

fn layer(
    name: &str,
    rules: &Rules<'_>,
    files: &mut ThemeFiles,
    faults: &mut Vec<Diagnostic>,
) -> Result<Option<Layer>, DiskError> {
    let is_plain = !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\']);
    let prefix = format!("themes/{name}");
    let folder = rules.root.join(&prefix);
    let mut layer = Layer {
        name: Some(name.to_owned()),
        ..Layer::default()
    };
    if is_plain && folder.is_dir() {
        let Listing {
            files: found,
            faults: mut refused,
            ..
        } = input::list(&folder, &prefix, rules);
        faults.append(&mut refused);
        let mut taken: BTreeSet<String> = files
            .statics
            .iter()
            .map(|known| known.path.clone())
            .collect();
        for found in found {
            let Some((kind, rest)) = found.path[prefix.len() + 1..].split_once('/') else {
                if found.path.ends_with("/theme.yaml")
                    && let Some(bytes) = read_file(&found, faults)?
                {
                    describe(&mut layer, &found.path, &bytes, faults);
                }
                continue;
            };
            let rest = rest.to_owned();
            match kind {
                "templates" | "assets" | "i18n" => {
                    let Some(kind) = Kind::of(kind) else {
                        continue;
                    };
                    let Some(bytes) = read_file(&found, faults)? else {
                        continue;
                    };
                    add(&mut layer, kind, rest, &found.path, bytes, faults);
                }
                "static" => {
                    let path = format!("static/{rest}");
                    // An overriding layer's file comes first and stays.
                    if taken.insert(path.clone()) {
                        files.statics.push(Found { path, ..found });
                    }
                }
                _ => {}
            }
        }
        return Ok(Some(layer));
    }
    let Some(embedded) = is_plain.then(|| builtin::files(name)).flatten() else {
        let own = std::fs::read_dir(rules.root.join("themes"))
            .into_iter()
            .flatten()
            .flatten();
        let own = own.filter_map(|entry| entry.file_name().into_string().ok());
        let known: Vec<String> = own.chain(builtin::names().map(str::to_owned)).collect();
        let mut fault = Diagnostic::error(format!("there is no theme `{name}`"))
            .at(Place::file("dateline.yaml"));
        if let Some(near) = nearest(name, known.iter().map(String::as_str)) {
            fault = fault.hint(format!("did you mean `{near}`?"));
        }
        faults.push(fault.hint("a theme is a folder of `themes/`"));
        return Ok(None);
    };
    for (path, bytes) in embedded {
        let shown = format!("{prefix}/{path}");
        match path.split_once('/') {
            None if path == "theme.yaml" => describe(&mut layer, &shown, bytes, faults),
            Some(("static", rest)) => {
                let path = format!("static/{rest}");
                let picture = input::is_picture(&path).then(|| picture::read(bytes, u64::MAX));
                files.builtin.entry(path).or_insert_with(|| SiteFile {
                    fingerprint: Fingerprint::of_bytes(bytes),
                    size: bytes.len() as u64,
                    picture,
                    // A theme's pictures are no photos.
                    metadata: None,
                    origin: None,
                    builtin: Some(bytes),
                });
            }
            Some((folder, rest)) => {
                if let Some(kind) = Kind::of(folder) {
                    let (name, bytes) = (rest.to_owned(), bytes.to_vec());
                    add(&mut layer, kind, name, &shown, bytes, faults);
                }
            }
            None => {}
        }
    }
    Ok(Some(layer))
}

/// Reads a file; none, and a fault, where it can't be read.
fn read_file(found: &Found, faults: &mut Vec<Diagnostic>) -> Result<Option<Vec<u8>>, DiskError> {
    match input::read(found) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) => {
            faults.push(input::fault(&found.path, error)?);
            Ok(None)
        }
    }
}

fn describe(layer: &mut Layer, path: &str, bytes: &[u8], faults: &mut Vec<Diagnostic>) {
    let described = text::decode(path, bytes).map(|text| theme_meta::parse(path, text));
    match described {
        Ok((meta, mut found)) => {
            layer.meta = meta.unwrap_or_default();
            faults.append(&mut found);
            faults.extend(too_old(&layer.meta, path));
        }
        Err(fault) => faults.push(fault),
    }
}

/// Reports a theme that needs a later dateline than this one.
fn too_old(meta: &ThemeMeta, path: &str) -> Option<Diagnostic> {
    let (major, minor, patch) = meta.dateline?;
    let mut own = env!("CARGO_PKG_VERSION")
        .split('.')
        .map(|part| part.parse::<u64>().unwrap_or(0));
    let own = (own.next()?, own.next()?, own.next()?);
    (own < (major, minor, patch)).then(|| {
        let message = format!(
            "the theme needs dateline {major}.{minor}.{patch} or later; this is {}",
            env!("CARGO_PKG_VERSION")
        );
        Diagnostic::error(message)
            .at(Place::file(path))
            .hint("install a later dateline, or an earlier version of the theme")
    })
}

fn add(
    layer: &mut Layer,
    kind: Kind,
    name: String,
    path: &str,
    bytes: Vec<u8>,
    faults: &mut Vec<Diagnostic>,
) {
    match kind {
        Kind::Asset => {
            layer
                .assets
                .insert(name, (path.to_owned(), Arc::from(bytes)));
        }
        Kind::Template | Kind::Words => match text::decode(path, &bytes) {
            Ok(text) => {
                let source = SourceText {
                    path: path.to_owned(),
                    text: text.to_owned(),
                };
                if matches!(kind, Kind::Template) {
                    layer.templates.insert(name, source);
                } else if let Some(language) = name.strip_suffix(".yaml") {
                    layer.words.insert(language.to_owned(), source);
                } else {
                    let fault = Diagnostic::warning(format!("`{name}` is no file of words"));
                    let hint = "a file of words is named after its language, such as `de.yaml`";
                    faults.push(fault.at(Place::file(path)).hint(hint));
                }
            }
            Err(fault) => faults.push(fault),
        },
    }
}
