//! The theme's assets: processed, named by their contents, ready to be published.

use super::asset::{self, AssetFile as Source};
use crate::base::diagnostic::{Diagnostic, Place};
use crate::base::fingerprint::Fingerprint;
use crate::base::route::{Route, RouteRules};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Every asset of a theme by its name.
#[derive(Debug, Default)]
pub struct Assets {
    files: Vec<AssetFile>,
    by_name: BTreeMap<String, usize>,
}

/// An asset that is ready to be published.
#[derive(Debug, Clone)]
pub struct AssetFile {
    /// Its name in `assets/`, as templates know it.
    pub name: String,
    /// Where it is published: its name with its fingerprint in it.
    pub route: Route,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
    /// The fingerprint of its bytes.
    pub fingerprint: Fingerprint,
    /// Its subresource integrity: `sha384-...`.
    pub integrity: String,
}

impl Assets {
    /// Processes files of `assets/`, given by name with their paths for diagnostics and bytes.
    pub fn new(sources: &BTreeMap<String, (String, Arc<[u8]>)>) -> (Self, Vec<Diagnostic>) {
        let mut assets = Self::default();
        let mut faults = Vec::new();
        let find = |name: &str| {
            let (name, (path, bytes)) = sources.get_key_value(name)?;
            Some(Source {
                path: name,
                shown: path,
                bytes,
            })
        };
        for name in sources.keys().filter(|name| !asset::is_partial(name)) {
            let source = find(name).expect("the name is that of a source");
            match asset::process(source, &find)
                .and_then(|made| Ok((route(source, &made.route)?, made)))
            {
                Ok((route, made)) => {
                    assets.by_name.insert(name.clone(), assets.files.len());
                    assets.files.push(AssetFile {
                        name: name.clone(),
                        route,
                        fingerprint: Fingerprint::of_bytes(&made.bytes),
                        bytes: made.bytes.into(),
                        integrity: made.integrity,
                    });
                }
                Err(fault) => faults.push(fault),
            }
        }
        (assets, faults)
    }

    /// Finds an asset by its name.
    pub fn find(&self, name: &str) -> Option<&AssetFile> {
        self.by_name
            .get(name.trim_start_matches('/'))
            .map(|at| &self.files[*at])
    }

    /// Returns every name.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.by_name.keys().map(String::as_str)
    }

    /// Returns every asset, by name.
    pub fn files(&self) -> &[AssetFile] {
        &self.files
    }
}

fn route(source: Source<'_>, path: &str) -> Result<Route, Diagnostic> {
    let rules = RouteRules { dot_names: &[] };
    Route::home().file_in(path, &rules).map_err(|fault| {
        let message = format!("the asset's name makes no address: {}", fault.message);
        Diagnostic::error(message)
            .at(Place::file(source.shown))
            .hint(fault.hint)
    })
}
