//! The second half of a build: render what changed, stage it, publish it.

use super::reason::Reason;
use super::report::{Report, Stages, count};
use super::{Options, Progress, check};
use crate::archive::Archive;
use crate::archive::section::ancestors_of_file;
use crate::base::diagnostic::{Diagnostic, Place};
use crate::base::fingerprint::Fingerprint;
use crate::disk::error::DiskError;
use crate::disk::input;
use crate::disk::output::{Mark, Output};
use crate::disk::publish::{Changes, Stage, write_state};
use crate::plan::Plan;
use crate::plan::manifest::{Entry, Input, Manifest, Questions};
use crate::plan::page::{Page, Subject};
use crate::plan::parts::Parts;
use crate::render::{Renderer, answers};
use crate::source::{article, picture};
use crate::theme::scope::Observation;
use rapidhash::{RapidHashMap, RapidHashSet};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// After this many faults of pages, the rest is not rendered: they are one fault of a template.
const MOST_FAULTS: usize = 20;

/// Everything that the second half of a build needs.
pub(super) struct Job<'a> {
    pub(super) root: &'a Path,
    pub(super) options: &'a Options,
    pub(super) archive: &'a Archive,
    pub(super) plan: &'a Plan,
    pub(super) renderer: &'a Renderer<'a>,
    pub(super) output: &'a Output,
    pub(super) manifest: &'a Manifest,
    /// The fingerprint of what parsing depends on beside a file's text.
    pub(super) parsing: Fingerprint,
    pub(super) progress: &'a dyn Progress,
}

/// Why nothing was published.
pub(super) enum Failure {
    /// Pages could not be rendered.
    Pages(Vec<Diagnostic>),
    /// The file system refused, or the user stopped the build.
    Disk(DiskError),
}

impl From<DiskError> for Failure {
    fn from(error: DiskError) -> Self {
        Self::Disk(error)
    }
}

/// What became of every page, staged and ready to be published.
pub(super) struct Made {
    stage: Stage,
    pages: Vec<Outcome>,
    removed: Vec<String>,
    pub(super) warnings: Vec<Diagnostic>,
    templates: Vec<(String, f64, usize)>,
    reasons: Vec<(String, usize)>,
}

/// What became of one page.
struct Outcome {
    bytes: Fingerprint,
    size: u64,
    queries: Queries,
    is_rendered: bool,
    is_written: bool,
    warnings: Vec<Diagnostic>,
    parts: Parts,
    reason: Cow<'static, str>,
    seconds: f64,
}

/// What a page's template looked up.
enum Queries {
    /// As the last build recorded it: places in its manifest.
    Kept(Vec<u32>),
    /// As it was just asked.
    Asked(Vec<Observation>),
}

impl Job<'_> {
    /// Renders every page that changed into the stage.
    pub(super) fn run(&self, stages: &mut Stages) -> Result<Made, Failure> {
        let old = self.manifest.by_path();
        let answers = stages.time("ask again", || self.kept_answers());
        let there: RapidHashMap<String, u64> = self.output.files()?.into_iter().collect();
        self.refuse_foreign(&there)?;
        let stage = Stage::new(self.output)?;
        let files: Vec<String> = self
            .plan
            .pages
            .iter()
            .map(|page| page.route.file().into_owned())
            .collect();
        let why: Vec<Option<Reason>> = self
            .plan
            .pages
            .par_iter()
            .zip(&files)
            .map(|(page, file)| {
                let known = old.get(file.as_str()).copied();
                reason(page, known, &answers, there.get(file).copied())
            })
            .collect();
        let changed = files
            .iter()
            .zip(&why)
            .filter(|(_, reason)| reason.is_some());
        stage.make_folders(changed.clone().map(|(file, _)| file.as_str()))?;
        self.progress.stage("rendering", changed.count());

        let faults: Mutex<Vec<Diagnostic>> = Mutex::new(Vec::new());
        let stopped = AtomicBool::new(false);
        let made: Result<Vec<Option<Outcome>>, DiskError> = stages.time("render and write", || {
            self.plan
                .pages
                .par_iter()
                .zip(&files)
                .zip(&why)
                .map(|((page, file), reason)| {
                    check(self.progress, &stopped)?;
                    let known = old.get(file.as_str()).copied();
                    let Some(reason) = *reason else {
                        let known =
                            known.expect("a page that nothing knows has a reason to be rendered");
                        return Ok(Some(Outcome::kept(known)));
                    };
                    let is_full = faults
                        .lock()
                        .is_ok_and(|faults| faults.len() >= MOST_FAULTS);
                    if is_full {
                        return Ok(None);
                    }
                    let made =
                        self.page(page, file, known, &stage, reason, there.get(file).copied());
                    self.progress.step();
                    match made {
                        Ok(outcome) => Ok(Some(outcome)),
                        Err(Failure::Disk(error)) => Err(error),
                        Err(Failure::Pages(mut found)) => {
                            if let Ok(mut faults) = faults.lock() {
                                faults.append(&mut found);
                            }
                            Ok(None)
                        }
                    }
                })
                .collect()
        });
        let faults = faults.into_inner().unwrap_or_default();
        if !faults.is_empty() {
            return Err(Failure::Pages(faults));
        }
        let mut pages: Vec<Outcome> = made?.into_iter().flatten().collect();
        let planned: RapidHashSet<&str> = files.iter().map(String::as_str).collect();
        let mut removed: Vec<String> = there
            .into_keys()
            .filter(|path| !planned.contains(path.as_str()) && self.output.is_ours(path))
            .collect();
        removed.sort_unstable();
        let warnings = pages
            .iter_mut()
            .flat_map(|page| std::mem::take(&mut page.warnings))
            .collect();
        Ok(Made {
            stage,
            warnings,
            removed,
            templates: self.slowest(&pages),
            reasons: reasons(&pages),
            pages,
        })
    }

    /// Publishes what was staged; the manifest comes last.
    pub(super) fn publish(
        &self,
        made: Made,
        inputs: Vec<Input>,
        began: i128,
        manifest_path: &Path,
    ) -> Result<Report, DiskError> {
        let mut report = Report {
            templates: made.templates,
            reasons: made.reasons,
            ..Report::default()
        };
        let mut questions = Questions::new(&self.manifest.queries);
        let mut changes = Changes {
            remove: made.removed,
            ..Changes::default()
        };
        let mut files = Vec::with_capacity(made.pages.len());
        for (page, outcome) in self.plan.pages.iter().zip(made.pages) {
            let path = page.route.file().into_owned();
            let kind = page.subject.kind();
            count(&mut report.pages, kind, outcome.is_written);
            report.rendered += usize::from(outcome.is_rendered);
            if outcome.is_written {
                report.bytes_written += outcome.size;
                changes.write.push(path.clone());
            } else {
                changes.keep.push(path.clone());
            }
            let queries = match outcome.queries {
                Queries::Asked(observations) => questions.add(observations),
                Queries::Kept(places) => questions.keep(&places),
            };
            files.push(Entry {
                path,
                kind,
                page: page.fingerprint,
                parts: outcome.parts,
                bytes: outcome.bytes,
                size: outcome.size,
                queries,
                valid_until: page.valid_until,
            });
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        report.files = files.len();
        report.written = changes.write.len();
        report.unchanged = changes.keep.len();
        report.removed = changes.remove.len();
        let manifest = Manifest {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            base_url: self.archive.config.base_url.clone(),
            visibility: Some(self.options.visibility),
            files,
            queries: questions.finish(),
            began,
            inputs,
        };
        let mut paths: Vec<u64> = manifest
            .files
            .iter()
            .map(|entry| Mark::hash(&entry.path))
            .collect();
        paths.sort_unstable();
        let mark = Mark {
            title: self.archive.config.title.clone(),
            base_url: self.archive.config.base_url.clone(),
            contents: Some(manifest.contents()),
            paths,
        };
        let is_unchanged = changes.write.is_empty()
            && changes.remove.is_empty()
            && self.output.mark.as_ref() == Some(&mark);
        if !is_unchanged {
            made.stage.publish(self.output, &changes, &mark)?;
        }
        write_state(manifest_path, &manifest.encode())?;
        Ok(report)
    }

    /// Asks the questions of the last build again; tells which have the same answer.
    fn kept_answers(&self) -> Vec<bool> {
        let (queries, old): (Vec<_>, Vec<Fingerprint>) =
            self.manifest.queries.iter().cloned().unzip();
        let now = answers(self.renderer, &queries);
        now.into_iter()
            .zip(old)
            .map(|(now, old)| now == Some(old))
            .collect()
    }

    /// Refuses to overwrite files that dateline did not write, also where one stands in the place
    /// of a folder of the site, or a folder with such files in the place of a page.
    fn refuse_foreign(&self, there: &RapidHashMap<String, u64>) -> Result<(), Failure> {
        let foreign: BTreeSet<&str> = there
            .keys()
            .map(String::as_str)
            .filter(|path| !self.output.is_ours(path))
            .collect();
        if foreign.is_empty() {
            return Ok(());
        }
        let folders: BTreeSet<&str> = foreign
            .iter()
            .flat_map(|path| ancestors_of_file(path))
            .collect();
        let mut faults = Vec::new();
        for page in &self.plan.pages {
            let file = page.route.file();
            let mut places = std::iter::once(file.as_ref()).chain(ancestors_of_file(&file));
            let in_way = places.find(|place| foreign.contains(place));
            if let Some(in_way) = in_way.or_else(|| folders.get(file.as_ref()).copied()) {
                let place = Place::file(crate::plan::source(self.archive, &page.subject));
                let message = format!(
                    "the page {} would overwrite {}, which dateline did not write",
                    page.route,
                    self.output.folder.join(in_way).display()
                );
                faults.push(
                    Diagnostic::error(message)
                        .at(place)
                        .hint("move that away, or give the page another address"),
                );
            }
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(Failure::Pages(faults))
        }
    }

    /// Makes a page's bytes, and stages them where they are not those that are there.
    fn page(
        &self,
        page: &Page,
        file: &str,
        known: Option<&Entry>,
        stage: &Stage,
        reason: Reason,
        there: Option<u64>,
    ) -> Result<Outcome, Failure> {
        let start = Instant::now();
        let made = match &page.subject {
            Subject::File(path) => self.copy(path)?,
            _ => self.rendered(page)?,
        };
        let bytes = Fingerprint::of_bytes(&made.bytes);
        let size = made.bytes.len() as u64;
        let is_same = there == Some(size)
            && match known {
                Some(known) => known.bytes == bytes,
                None => {
                    let old = input::read_optional(&self.output.folder.join(file))
                        .ok()
                        .flatten();
                    old.as_deref() == Some(made.bytes.as_ref())
                }
            };
        if !is_same {
            stage.write(file, &made.bytes)?;
        }
        let parts = self.renderer.parts(page);
        Ok(Outcome {
            bytes,
            size,
            queries: Queries::Asked(made.observations),
            is_rendered: true,
            is_written: !is_same,
            warnings: made.warnings,
            reason: reason.words(known, &parts, self.manifest),
            parts,
            seconds: start.elapsed().as_secs_f64(),
        })
    }

    fn rendered(&self, page: &Page) -> Result<Bytes, Failure> {
        let source = match self.renderer.source(page) {
            None => None,
            Some(path) => {
                let bytes = self.read(path, &self.root.join(path))?;
                let text = String::from_utf8(bytes).map_err(|_| changed(path))?;
                let print = article::text_print(self.parsing, &text);
                if self.renderer.source_print(page) != Some(print) {
                    return Err(changed(path));
                }
                Some(text)
            }
        };
        let rendered = self
            .renderer
            .render(page, source.as_deref())
            .map_err(Failure::Pages)?;
        Ok(Bytes {
            bytes: rendered.bytes,
            observations: rendered.observations,
            warnings: rendered.warnings,
        })
    }

    /// Reads a file of the site again.
    fn read(&self, path: &str, place: &Path) -> Result<Vec<u8>, Failure> {
        match input::read_optional(place) {
            Ok(Some(bytes)) => Ok(bytes),
            Ok(None) => Err(changed(path)),
            Err(error) => Err(Failure::Pages(vec![input::fault(path, error)?])),
        }
    }

    /// Reads a file that is published as it is; a picture loses the place where it was taken.
    fn copy(&self, path: &str) -> Result<Bytes, Failure> {
        let file = &self.archive.files[path];
        let bytes: Cow<'static, [u8]> = match (&file.builtin, &file.origin) {
            (Some(bytes), _) => Cow::Borrowed(bytes),
            (None, Some(origin)) => Cow::Owned(self.read(path, origin)?),
            (None, None) => Cow::Borrowed(&[]),
        };
        if Fingerprint::of_bytes(&bytes) != file.fingerprint {
            return Err(changed(path));
        }
        let bytes = match &file.picture {
            Some(Ok(found)) => picture::publishable(&bytes, found.format).into_owned(),
            _ => bytes.into_owned(),
        };
        Ok(Bytes {
            bytes,
            observations: Vec::new(),
            warnings: Vec::new(),
        })
    }

    /// Returns the templates with the seconds that they took, the slowest first.
    fn slowest(&self, pages: &[Outcome]) -> Vec<(String, f64, usize)> {
        let mut templates: std::collections::BTreeMap<&str, (f64, usize)> =
            std::collections::BTreeMap::new();
        for (page, outcome) in self
            .plan
            .pages
            .iter()
            .zip(pages)
            .filter(|(_, outcome)| outcome.is_rendered)
        {
            let name = self
                .renderer
                .template(page)
                .unwrap_or(page.subject.kind().name());
            let slot = templates.entry(name).or_default();
            slot.0 += outcome.seconds;
            slot.1 += 1;
        }
        let mut list: Vec<_> = templates
            .into_iter()
            .map(|(name, (seconds, pages))| (name.to_owned(), seconds, pages))
            .collect();
        list.sort_by(|a, b| b.1.total_cmp(&a.1));
        list
    }
}

/// Tells why a page is rendered; none where it stays. `known` is what the last build wrote,
/// `answers` tells which questions have the same answers, `there` is the size of the file.
fn reason(
    page: &Page,
    known: Option<&Entry>,
    answers: &[bool],
    there: Option<u64>,
) -> Option<Reason> {
    let Some(known) = known else {
        return Some(Reason::New);
    };
    if known.page != page.fingerprint {
        return Some(Reason::Shown);
    }
    let is_same = |query: u32| answers.get(query as usize).copied().unwrap_or(false);
    if let Some(query) = known.queries.iter().find(|query| !is_same(**query)) {
        return Some(Reason::LookedUp(*query));
    }
    (there != Some(known.size)).then_some(Reason::Missing)
}

/// A page of what a file no longer says would be taken for what it says by the next build.
fn changed(path: &str) -> Failure {
    let fault = Diagnostic::error("the file changed while the site was built");
    Failure::Pages(vec![fault.at(Place::file(path)).hint("build again")])
}

/// A page's bytes, with what was looked up for them.
struct Bytes {
    bytes: Vec<u8>,
    observations: Vec<Observation>,
    warnings: Vec<Diagnostic>,
}

impl Outcome {
    /// A page that stays as it is.
    fn kept(known: &Entry) -> Self {
        Self {
            bytes: known.bytes,
            size: known.size,
            queries: Queries::Kept(known.queries.clone()),
            is_rendered: false,
            is_written: false,
            warnings: Vec::new(),
            parts: known.parts,
            reason: Cow::Borrowed(""),
            seconds: 0.0,
        }
    }
}

fn reasons(pages: &[Outcome]) -> Vec<(String, usize)> {
    let mut reasons: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for page in pages.iter().filter(|page| page.is_rendered) {
        *reasons.entry(&page.reason).or_default() += 1;
    }
    let mut list: Vec<_> = reasons
        .into_iter()
        .map(|(reason, count)| (reason.to_owned(), count))
        .collect();
    list.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    list
}
