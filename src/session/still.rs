//! The shortest way through a build: nothing has changed since the last one, and so nothing is read,
//! arranged or planned.

use super::report::{Report, Stages, count};
use super::standing::Standing;
use super::survey::Survey;
use crate::archive::Visibility;
use crate::disk::error::DiskError;
use crate::disk::output::Output;
use crate::plan::manifest::Manifest;
use crate::source::config::Config;

/// Tells what a build would find where nothing has changed; none where something may have.
///
/// # Errors
///
/// What the file system refused.
pub(super) fn report(
    survey: &Survey,
    config: &Config,
    visibility: Visibility,
    manifest: &Manifest,
    output: &Output,
    stages: &mut Stages,
) -> Result<Option<Report>, DiskError> {
    let Some(still) = &manifest.still else {
        return Ok(None);
    };
    let is_due = |then: Visibility| {
        let is_later = visibility.now >= then.now;
        is_later && still.until.is_none_or(|until| visibility.now < until)
    };
    let sees_the_same = manifest.visibility.is_some_and(|then| {
        let now = then.now;
        is_due(then) && Visibility { now, ..visibility } == then
    });
    if manifest.files.is_empty() || !survey.faults.is_empty() || !sees_the_same {
        return Ok(None);
    }
    let print = stages.time("compare", || survey.print(config, manifest.began));
    if print != Some(still.print) {
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
