//! What is said of photos beside articles: their notes, and what is embedded in their files.

use crate::archive::photos::{Notes, shown_files};
use crate::archive::reference::{self, PictureTarget};
use crate::archive::{DataFile, Index, Visibility};
use crate::base::diagnostic::{Diagnostic, Place};
use crate::disk::error::DiskError;
use crate::disk::input::{self, Found};
use crate::source::article::Article;
use crate::source::file::SiteFiles;
use crate::source::front_matter;
use crate::source::photo::PhotoNotes;
use crate::source::picture;
use crate::source::text;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The file that holds the notes of many photos.
const REGISTRY: &str = "data/photos.yaml";

/// Reads the notes of photos: of `data/photos.yaml`, and of the files beside photos, which count more.
///
/// # Errors
///
/// What the file system refused.
pub(super) fn notes(
    sidecars: &[Found],
    data: &BTreeMap<String, Arc<DataFile>>,
    files: &SiteFiles,
    faults: &mut Vec<Diagnostic>,
) -> Result<Notes, DiskError> {
    let mut notes = Notes::new();
    if let Some(registry) = data.get(REGISTRY) {
        let (read, mut wrong) = front_matter::parse_photos(REGISTRY, &registry.text);
        faults.append(&mut wrong);
        for (name, one) in read {
            let place = Place::bytes(REGISTRY, one.at);
            let Some(path) = named(&name) else {
                let message = format!("the photo `{name}` lies outside the site");
                faults.push(Diagnostic::error(message).at(place).hint(
                    "name it by its path: `/photos/harbour.jpg` in static/, `@/local/harbour.jpg` in content/",
                ));
                continue;
            };
            if !reference::is_elsewhere(&path) && !files.contains_key(&path) {
                faults.push(missing(&path, files, place));
            }
            notes.insert(path, one);
        }
    }
    let read: Vec<(Option<PhotoNotes>, Vec<Diagnostic>)> = sidecars
        .par_iter()
        .map(sidecar)
        .collect::<Result<_, DiskError>>()?;
    for (found, (one, mut wrong)) in sidecars.iter().zip(read) {
        faults.append(&mut wrong);
        let path = input::sidecar_of(&found.path)
            .unwrap_or(&found.path)
            .to_owned();
        if !files.contains_key(&path) {
            faults.push(missing(&path, files, Place::file(found.path.as_str())));
        }
        let Some(one) = one else { continue };
        if let Some(other) = notes.get(&path) {
            let message = format!("the photo `{path}` is described twice");
            faults.push(
                Diagnostic::warning(message)
                    .at(Place::file(found.path.as_str()))
                    .related("the other one", Place::bytes(other.path.as_str(), other.at))
                    .hint("the file beside the photo counts; remove one of them"),
            );
        }
        notes.insert(path, one);
    }
    Ok(notes)
}

fn sidecar(found: &Found) -> Result<(Option<PhotoNotes>, Vec<Diagnostic>), DiskError> {
    let bytes = match input::read(found) {
        Ok(bytes) => bytes,
        Err(error) => return Ok((None, vec![input::fault(&found.path, error)?])),
    };
    Ok(match text::decode(&found.path, &bytes) {
        Ok(text) => front_matter::parse_sidecar(&found.path, text),
        Err(fault) => (None, vec![fault]),
    })
}

/// Returns the path of a photo that the registry names, or its URL.
fn named(name: &str) -> Option<String> {
    if name.starts_with("content/") || name.starts_with("static/") {
        return Some(name.to_owned());
    }
    match reference::picture("content/_index.md", name)? {
        PictureTarget::File(path) => Some(path),
        PictureTarget::Elsewhere => Some(name.to_owned()),
    }
}

fn missing(path: &str, files: &SiteFiles, place: Place) -> Diagnostic {
    let fault = Diagnostic::warning(format!("there is no photo `{path}`")).at(place);
    match reference::nearest_path(path, files.keys().map(String::as_str)) {
        Some(near) => fault.hint(format!("did you mean `{near}`?")),
        None => fault.hint("remove what is said of it, or put it back"),
    }
}

/// Makes sure that what is embedded is known of the photos that readers can see, and of no others: a
/// photo beside an article that is not shown has nothing to say yet.
///
/// # Errors
///
/// What the file system refused.
pub(super) fn read_embedded(
    files: &mut SiteFiles,
    articles: &[Arc<Article>],
    indexes: &[Index],
    visibility: Visibility,
) -> Result<(), DiskError> {
    let is_there = |path: &String| files.contains_key(path);
    let of_articles: Vec<String> = articles
        .par_iter()
        .filter(|article| visibility.hides(article).is_none())
        .flat_map_iter(|article| {
            let photo = article.meta.photo.as_deref();
            shown_files(&article.path, photo, &article.outline).filter(is_there)
        })
        .collect();
    let of_indexes = indexes
        .iter()
        .flat_map(|index| shown_files(&index.path, index.meta.photo.as_ref(), &index.outline));
    let shown: BTreeSet<String> = of_articles.into_iter().chain(of_indexes).collect();
    let mut unread = Vec::new();
    for (path, file) in files.iter_mut() {
        if !path.starts_with("static/") && !shown.contains(path) {
            file.metadata = None;
        } else if file.metadata.is_none()
            && let (Some(Ok(_)), Some(origin)) = (&file.picture, &file.origin)
        {
            unread.push((path.clone(), origin.clone(), file.fingerprint));
        }
    }
    let read: Vec<_> = unread
        .into_par_iter()
        .map(|(path, origin, print)| {
            let bytes = input::read_again(&origin)?.unwrap_or_default();
            // One that has changed since is told where it is published.
            let is_same = crate::base::fingerprint::Fingerprint::of_bytes(&bytes) == print;
            Ok((path, is_same.then(|| Arc::new(picture::metadata(&bytes)))))
        })
        .collect::<Result<_, DiskError>>()?;
    for (path, metadata) in read {
        if let Some(file) = files.get_mut(&path) {
            file.metadata = metadata;
        }
    }
    Ok(())
}
