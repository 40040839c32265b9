//! The shortest way through a build: nothing has changed since the last one, and so nothing is read,
//! arranged or planned.

use super::report::{Report, Stages, count};
use super::standing::Standing;
use super::survey::{Prints, Survey};
use crate::archive::Visibility;
use crate::disk::error::DiskError;
use crate::disk::output::Output;
use crate::plan::manifest::Manifest;

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

/// Tells what a build would find where nothing has changed; none where something may have.
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
    let Some(still) = &manifest.still else {
        return Ok(None);
    };
    if manifest.files.is_empty()
        || !survey.faults.is_empty()
        || !sees_the_same(manifest, visibility, still.until)
        || prints.whole() != Some(still.print)
    {
        return Ok(None);
    }
    let there = stages.time("look at output", || Standing::of(output, manifest))?;
    let mut report = Report {
        files: manifest.files.len(),
        unchanged: manifest.files.len(),
        articles: still.articles,
        hidden: still.hidden,
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
