//! The short ways through a build. Where the file system says that nothing has changed since the last
//! one, nothing is read; where it says something else, as in every fresh checkout, and all that was read
//! is as it was, nothing is arranged or planned.

use super::load::Material;
use super::report::{Report, Stages, count};
use super::standing::Standing;
use super::survey::{Prints, Survey};
use crate::archive::Visibility;
use crate::base::fingerprint::Fingerprint;
use crate::disk::error::DiskError;
use crate::disk::input;
use crate::disk::output::Output;
use crate::disk::publish::NewState;
use crate::plan::manifest::Manifest;
use std::path::Path;

/// Tells whether the moment of a build makes nothing other than it was in the last one: the same articles
/// are shown, and no page is another before `until`, in Unix seconds.
pub(super) fn sees_the_same(
    manifest: &Manifest,
    visibility: Visibility,
    until: Option<i64>,
) -> bool {
    let now = visibility.now;
    let is_before = until.is_none_or(|until| now < until);
    manifest.visibility.is_some_and(|then| {
        now >= then.now && is_before && Visibility { now, ..then } == visibility
    })
}

/// Tells what a build would find where the file system says that nothing has changed; none where something
/// may have.
///
/// # Errors
///
/// What the file system refused.
pub(super) fn report(
    survey: &Survey,
    prints: &Prints,
    visibility: Visibility,
    manifest: &Manifest,
    output: &Output,
    stages: &mut Stages,
) -> Result<Option<Report>, DiskError> {
    let is_unchanged = manifest.arranged.as_ref().is_some_and(|arranged| {
        manifest.still.is_some()
            && manifest.still == prints.whole
            && survey.faults.is_empty()
            && sees_the_same(manifest, visibility, arranged.until)
    });
    match is_unchanged {
        true => unchanged(manifest, output, stages),
        false => Ok(None),
    }
}

/// Tells what a build would find where all that it reads is as it was; none where a page is missing.
///
/// # Errors
///
/// What the file system refused.
pub(super) fn unchanged(
    manifest: &Manifest,
    output: &Output,
    stages: &mut Stages,
) -> Result<Option<Report>, DiskError> {
    let Some(arranged) = &manifest.arranged else {
        return Ok(None);
    };
    if manifest.files.is_empty() {
        return Ok(None);
    }
    let there = stages.time("look at output", || Standing::of(output, manifest))?;
    let mut report = Report {
        files: manifest.files.len(),
        unchanged: manifest.files.len(),
        articles: arranged.articles.len(),
        hidden: arranged.hidden,
        ..Report::default()
    };
    for (at, entry) in manifest.files.iter().enumerate() {
        if there.size(&entry.path, Some(at as u32)) != Some(entry.size) {
            return Ok(None);
        }
        count(&mut report.pages, entry.kind, false);
    }
    Ok(Some(report))
}

/// Keeps for the next build that nothing has changed, though the file system says something else of the
/// files that are `found` than it did.
///
/// # Errors
///
/// What the file system refused.
pub(super) fn keep(
    mut manifest: Manifest,
    print: Fingerprint,
    material: &Material,
    path: &Path,
) -> Result<(), DiskError> {
    manifest.still = Some(print);
    manifest.began = material.began;
    manifest.inputs = input::inputs(&material.found, &material.files);
    NewState::written(path, |file| manifest.encode(file))?.put()
}
