//! The theme's assets: processed, named by their contents, ready to be published.
//!
//! To process one takes longer than to read a whole theme, and a preview reads the theme again for each
//! template that is saved. So what was made is kept while the process lives, with every question that was
//! asked of other files for it: it is made again once one of them has another answer.

use super::asset::{self, AssetFile as Source};
use crate::base::diagnostic::{Diagnostic, Place};
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use crate::base::route::{Route, RouteRules};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How many assets are kept; then all are forgotten.
const MOST_KEPT: usize = 256;

/// What was made, by the fingerprint of the file that it was made of.
static KEPT: Mutex<BTreeMap<Fingerprint, Kept>> = Mutex::new(BTreeMap::new());

/// An asset with what it was made of beside its own file.
struct Kept {
    /// Which other files were asked for, with the fingerprints of those that were there.
    asked: Vec<(String, Option<Fingerprint>)>,
    asset: AssetFile,
}

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
            match made(source, &find) {
                Ok(asset) => {
                    assets.by_name.insert(name.clone(), assets.files.len());
                    assets.files.push(asset);
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

/// Makes an asset of a file, or takes the one that was made before of the same.
fn made<'a>(source: Source<'a>, find: &asset::Find<'a>) -> Result<AssetFile, Diagnostic> {
    let own = print(source);
    let answer = |name: &str| find(name).map(print);
    {
        let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        let same = kept
            .get(&own)
            .filter(|kept| kept.asked.iter().all(|(name, then)| answer(name) == *then));
        if let Some(kept) = same {
            return Ok(kept.asset.clone());
        }
    }
    let asked = RefCell::new(Vec::new());
    let asking = |name: &str| {
        let found = find(name);
        asked.borrow_mut().push((name.to_owned(), found.map(print)));
        found
    };
    let made = asset::process(source, &asking)?;
    let asset = AssetFile {
        name: source.path.to_owned(),
        route: route(source, &made.route)?,
        fingerprint: Fingerprint::of_bytes(&made.bytes),
        bytes: made.bytes.into(),
        integrity: made.integrity,
    };
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() >= MOST_KEPT {
        kept.clear();
    }
    let one = Kept {
        asked: asked.into_inner(),
        asset: asset.clone(),
    };
    kept.insert(own, one);
    Ok(asset)
}

/// Returns the fingerprint of a file: of its names, and of what is in it.
fn print(source: Source<'_>) -> Fingerprint {
    let mut print = Fingerprinter::new("asset");
    print.text(source.path).text(source.shown);
    print.bytes(source.bytes);
    print.finish()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn text(assets: &Assets, name: &str) -> String {
        String::from_utf8(assets.find(name).unwrap().bytes.to_vec()).unwrap()
    }

    fn assets(files: &[(&str, &str)]) -> (Assets, Vec<Diagnostic>) {
        let source = |(name, text): &(&str, &str)| {
            let bytes = Arc::from(text.as_bytes());
            ((*name).to_owned(), (format!("assets/{name}"), bytes))
        };
        Assets::new(&files.iter().map(source).collect())
    }

    #[test]
    fn an_asset_is_made_again_when_what_it_takes_in_is_another() {
        let sheet = ("kept.css", "@import \"part.css\"; a { color: red }");
        let red = assets(&[sheet, ("part.css", "b { color: blue }")]).0;
        assert_eq!(text(&red, "kept.css"), "b{color:#00f}a{color:red}");
        let again = assets(&[sheet, ("part.css", "b { color: blue }")]).0;
        assert!(Arc::ptr_eq(
            &red.find("kept.css").unwrap().bytes,
            &again.find("kept.css").unwrap().bytes
        ));
        let green = assets(&[sheet, ("part.css", "b { color: green }")]).0;
        assert_eq!(text(&green, "kept.css"), "b{color:green}a{color:red}");
        // What is gone is missed, though it was there when the sheet was made.
        let (none, faults) = assets(&[sheet]);
        assert!(none.find("kept.css").is_none());
        assert_eq!(faults.len(), 1);
        assert!(
            faults[0].message.starts_with("there is no asset"),
            "{faults:?}"
        );
    }

    #[test]
    fn an_asset_is_made_again_when_a_file_that_was_missing_is_there() {
        let script = ("kept.js", "import(\"./late.js\")");
        assert_eq!(assets(&[script]).1.len(), 1);
        let late = assets(&[script, ("late.js", "export let a = 1")]).0;
        assert!(text(&late, "kept.js").contains("./late."));
    }
}
