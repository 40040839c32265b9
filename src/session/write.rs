//! The second half of a build: render what changed, stage it, publish it.

use super::develop::develop;
use super::made::{Maker, Unmade, changed};
use super::reason::Reason;
use super::report::{Report, Stages, count};
use super::scribe::{self, Scribes};
use super::standing::Standing;
use super::{Progress, check};
use crate::archive::{Archive, ArticleId, Prints};
use crate::base::diagnostic::Diagnostic;
use crate::base::fingerprint::Fingerprint;
use crate::disk::bodies::Segment;
use crate::disk::error::DiskError;
use crate::disk::input;
use crate::disk::output::{Mark, Output};
use crate::disk::publish::{Changes, Layout, NewState, Stage};
use crate::plan::manifest::{Entry, Line, Manifest, Many, Questions, contents};
use crate::plan::page::{Page, Subject};
use crate::plan::parts::Parts;
use crate::plan::photos::photos;
use crate::plan::{Last, Plan};
use crate::render::{answers, derivatives};
use crate::search::part;
use crate::theme::scope::{Observation, Query};
use rapidhash::{RapidHashMap, RapidHashSet};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, OnceLock};
use std::time::Instant;

/// After this many faults of pages, the rest is not rendered: they are one fault of a template.
const MOST_FAULTS: usize = 20;
/// The most pages that are rendered in one go: their questions, which are mostly the same, are gathered
/// before they are kept.
const BATCH: usize = 128;
/// How many goes each thread has at least, so that none waits long for another.
const LEAST_GOES: usize = 16;

/// Everything that the second half of a build needs.
pub(super) struct Job<'a> {
    pub(super) maker: Maker<'a>,
    pub(super) plan: &'a Plan,
    pub(super) output: &'a Output,
    pub(super) manifest: &'a Manifest,
    /// What stands in the output.
    pub(super) there: Standing<'a>,
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

impl From<Unmade> for Failure {
    fn from(unmade: Unmade) -> Self {
        match unmade {
            Unmade::Changed(fault) => Self::Pages(vec![fault]),
            Unmade::Faults(faults) => Self::Pages(faults),
            Unmade::Disk(error) => Self::Disk(error),
        }
    }
}

/// What was rendered, staged and ready to be published.
pub(super) struct Made {
    stage: Stage,
    /// The pictures that are made of photos, and the indexes: pages after those of the plan.
    later: Vec<Page>,
    /// Where each page is in the last manifest.
    known: Vec<Option<u32>>,
    batches: Vec<Batch>,
    removed: Vec<String>,
    pub(super) warnings: Vec<Diagnostic>,
    templates: Vec<(String, f64, usize)>,
    reasons: Vec<(String, usize)>,
}

/// Pages that are made in one go: those of the plan, or the pictures made of photos after them.
struct Round<'a> {
    pages: &'a [Page],
    /// How many pages come before.
    offset: usize,
}

impl<'a> Round<'a> {
    /// Returns the pages that have to be rendered, with the place of each in the last manifest.
    fn places(
        &self,
        work: &[Work],
        known: &[Option<u32>],
    ) -> impl Iterator<Item = (&'a Page, Option<u32>)> + Clone {
        work.iter().map(|work| {
            let at = work.page as usize;
            (&self.pages[at], known[at])
        })
    }
}

/// A page that has to be rendered, by its place in its round.
struct Work {
    page: u32,
    reason: Reason,
}

/// Pages that were rendered in one go.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) pages: Vec<Outcome>,
    /// The questions that their templates asked, each once.
    questions: Vec<Observation>,
    /// Which of them a page asked: each list once, since most pages ask the same.
    pub(super) asked: Vec<Box<[u32]>>,
    warnings: Vec<Diagnostic>,
    pub(super) reasons: BTreeMap<Cow<'static, str>, usize>,
    /// Seconds and pages by template.
    templates: BTreeMap<String, (f64, usize)>,
}

/// Where in a batch stands what its pages asked.
#[derive(Default)]
struct Places {
    questions: RapidHashMap<Observation, u32>,
    asked: RapidHashMap<Box<[u32]>, u32>,
}

/// What became of one page.
pub(super) struct Outcome {
    pub(super) page: u32,
    pub(super) is_written: bool,
    pub(super) bytes: Fingerprint,
    pub(super) size: u64,
    pub(super) parts: Parts,
    /// What it asked: a place in what the pages of its batch did.
    pub(super) asked: u32,
}

impl Job<'_> {
    /// Renders every page that changed into the stage.
    pub(super) fn run(&self, stages: &mut Stages) -> Result<Made, Failure> {
        let answers = stages.time("ask again", || self.kept_answers());
        let stage = Stage::new(self.output)?;
        let there = &self.there;
        let plan = Round {
            pages: &self.plan.pages,
            offset: 0,
        };
        let (mut known, work) = stages.time("compare", || self.compare(&plan, &answers, there));
        let is_new = |work: &&Work| known[work.page as usize].is_none();
        let new = work.iter().filter(is_new).count();
        let stage = stage.laid_out(Layout::of(self.plan.pages.len(), new));
        stages.time("look at places", || {
            there.refuse_foreign(self.output, self.maker.archive, plan.places(&work, &known))
        })?;
        self.progress.stage("rendering", work.len());
        if self.manifest.files.is_empty() {
            stages.time("make photos that pages wait for", || self.develop_costly())?;
        }
        let mut batches = stages.time("render and write", || {
            scribe::beside(&stage, |scribes| {
                self.render(&plan, &work, &known, there, scribes)
            })
        })?;
        if let Some(photo) = self.maker.archive.tints.changed() {
            return Err(changed(&photo).into());
        }
        let photos = stages.time("list photos", || self.photos(&known, &work, &batches));
        let shots = Round {
            pages: &photos,
            offset: plan.pages.len(),
        };
        let (known_shots, work) = self.compare(&shots, &answers, there);
        let pages: Vec<&Page> = work
            .iter()
            .map(|work| &photos[work.page as usize])
            .collect();
        if !pages.is_empty() {
            let places = shots.places(&work, &known_shots);
            there.refuse_foreign(self.output, self.maker.archive, places)?;
            let faults = stages.time("make photos", || {
                develop(&self.maker, &pages, self.progress)
            })?;
            if !faults.is_empty() {
                return Err(Failure::Pages(faults));
            }
            batches.extend(stages.time("write photos", || {
                scribe::beside(&stage, |scribes| {
                    self.render(&shots, &work, &known_shots, there, scribes)
                })
            })?);
        }
        known.extend(known_shots);
        let indexed = stages.time("index", || {
            self.index(there, &stage, plan.pages.len() + photos.len())
        })?;
        known.extend(indexed.known);
        batches.extend(indexed.batches);
        let mut later = photos;
        later.extend(indexed.pages);
        let removed = self.removed(&later, &known, there);
        let warnings = batches
            .iter_mut()
            .flat_map(|batch| std::mem::take(&mut batch.warnings))
            .collect();
        Ok(Made {
            stage,
            later,
            known,
            removed,
            warnings,
            templates: templates(&batches),
            reasons: reasons(&batches),
            batches,
        })
    }

    /// Makes the derivatives of photos that have to be decoded for the pages too, so that this is done
    /// once. What is wrong with a photo is told when all are made.
    fn develop_costly(&self) -> Result<(), DiskError> {
        let archive = self.maker.archive;
        let is_costly = |page: &&Page| match &page.subject {
            Subject::Derivative(shot) => {
                let file = archive.files.get(&shot.derivative.photo);
                file.is_some_and(|file| archive.tints.is_costly(file))
            }
            _ => false,
        };
        let photos = photos(archive, Vec::new());
        let costly: Vec<&Page> = photos.iter().filter(is_costly).collect();
        if !costly.is_empty() {
            develop(&self.maker, &costly, self.progress)?;
        }
        Ok(())
    }

    /// Finds each page in the last manifest, and returns those that have to be rendered in the order
    /// in which that is done.
    fn compare(
        &self,
        round: &Round<'_>,
        answers: &[bool],
        there: &Standing<'_>,
    ) -> (Vec<Option<u32>>, Vec<Work>) {
        if round.pages.is_empty() {
            return (Vec::new(), Vec::new());
        }
        // Where no page has come or gone, each stands where it stood, and nothing has to be looked for.
        let old = OnceLock::new();
        let known = |at: usize, file: &str| {
            let same = self
                .manifest
                .files
                .get(at)
                .filter(|entry| entry.path == file);
            let look = || {
                let old = old.get_or_init(|| self.manifest.by_path());
                old.get(file).copied()
            };
            same.map(|_| at as u32).or_else(look)
        };
        let compared: Vec<(Option<u32>, Option<Reason>)> = round
            .pages
            .par_iter()
            .enumerate()
            .map(|(at, page)| {
                let file = page.route.file();
                let known = known(round.offset + at, &file);
                let entry = known.map(|at| &self.manifest.files[at as usize]);
                (
                    known,
                    reason(page, entry, answers, there.size(&file, known)),
                )
            })
            .collect();
        let mut work: Vec<Work> = compared
            .iter()
            .enumerate()
            .filter_map(|(page, (_, reason))| {
                Some(Work {
                    page: page as u32,
                    reason: (*reason)?,
                })
            })
            .collect();
        // Pages of lists by the dates of what they show, so that they find each other's cards.
        work.sort_by_cached_key(|work| {
            let page = &round.pages[work.page as usize];
            page.subject.middle_shown(self.maker.archive)
        });
        (compared.into_iter().map(|(known, _)| known).collect(), work)
    }

    /// Lists the pictures that are made of photos: those that the site shows, and those that the
    /// templates of any page asked for, whether it is rendered in this build or stays.
    fn photos(&self, known: &[Option<u32>], work: &[Work], batches: &[Batch]) -> Vec<Page> {
        let asks = |query: &Query| matches!(query.function.as_str(), "image" | "picture");
        let asked_before: Vec<bool> = self
            .manifest
            .queries
            .iter()
            .map(|(query, _)| asks(query))
            .collect();
        let mut queries: BTreeSet<&Query> = batches
            .iter()
            .flat_map(|batch| &batch.questions)
            .map(|question| &question.query)
            .filter(|query| asks(query))
            .collect();
        if asked_before.contains(&true) {
            let mut stays = vec![true; known.len()];
            for work in work {
                stays[work.page as usize] = false;
            }
            let kept = known.iter().zip(stays).filter(|(_, stays)| *stays);
            let entries = kept.filter_map(|(at, _)| self.manifest.files.get((*at)? as usize));
            for place in entries.flat_map(|entry| &entry.queries) {
                if asked_before.get(*place as usize) == Some(&true) {
                    queries.insert(&self.manifest.queries[*place as usize].0);
                }
            }
        }
        let queries: Vec<&Query> = queries.into_iter().collect();
        let asked = derivatives(self.maker.renderer, &queries);
        photos(self.maker.archive, asked)
    }

    /// Returns the files that dateline wrote and that are in no place of a page, sorted.
    fn removed(&self, later: &[Page], known: &[Option<u32>], there: &Standing<'_>) -> Vec<String> {
        let mut paths: Vec<String> = match there {
            Standing::Known { manifest, sizes } => {
                let mut is_planned = vec![false; sizes.len()];
                for at in known.iter().flatten() {
                    is_planned[*at as usize] = true;
                }
                let entries = manifest.files.iter().zip(sizes).zip(is_planned);
                entries
                    .filter(|((_, size), is_planned)| size.is_some() && !is_planned)
                    .map(|((entry, _), _)| entry.path.clone())
                    .collect()
            }
            Standing::Listed(files) => {
                // Mostly there is no file, and there may be a million pages.
                let mut rest: RapidHashSet<&str> = files.keys().map(String::as_str).collect();
                for page in self.plan.pages.iter().chain(later) {
                    if rest.is_empty() {
                        break;
                    }
                    rest.remove(&*page.route.file());
                }
                let ours = rest.into_iter().filter(|path| self.output.is_ours(path));
                ours.map(str::to_owned).collect()
            }
        };
        paths.sort_unstable();
        paths
    }

    fn render(
        &self,
        round: &Round<'_>,
        work: &[Work],
        known: &[Option<u32>],
        there: &Standing<'_>,
        scribes: &Scribes<'_>,
    ) -> Result<Vec<Batch>, Failure> {
        let faults: Mutex<Vec<Diagnostic>> = Mutex::new(Vec::new());
        let stopped = AtomicBool::new(false);
        let goes = rayon::current_num_threads() * LEAST_GOES;
        // In order over all threads, so that each finds the cards that another has just made.
        let batches: Result<Vec<(usize, Batch)>, DiskError> = work
            .chunks((work.len() / goes).clamp(1, BATCH))
            .enumerate()
            .par_bridge()
            .map(|(number, work)| {
                let mut batch = Batch::default();
                let mut bodies = Segment::default();
                let mut places = Places::default();
                for work in work {
                    check(self.progress, &stopped)?;
                    let is_full = faults
                        .lock()
                        .is_ok_and(|faults| faults.len() >= MOST_FAULTS);
                    if is_full {
                        break;
                    }
                    let known = known[work.page as usize];
                    let made = self.page(
                        round,
                        work,
                        known,
                        there,
                        |file, bytes| scribes.write(number, file, bytes),
                        &mut batch,
                        &mut bodies,
                        &mut places,
                    );
                    self.progress.step();
                    match made {
                        Ok(()) => {}
                        Err(Failure::Disk(error)) => return Err(error),
                        Err(Failure::Pages(mut found)) => {
                            if let Ok(mut faults) = faults.lock() {
                                faults.append(&mut found);
                            }
                        }
                    }
                }
                self.maker.bodies.keep(&bodies)?;
                Ok((number, batch))
            })
            .collect();
        let faults = faults.into_inner().unwrap_or_default();
        if !faults.is_empty() {
            return Err(Failure::Pages(faults));
        }
        let mut batches = batches?;
        batches.sort_unstable_by_key(|(number, _)| *number);
        Ok(batches.into_iter().map(|(_, batch)| batch).collect())
    }

    /// Makes a page's bytes, and stages them where they are not those that are there.
    #[expect(
        clippy::too_many_arguments,
        reason = "what a page is made of, and what becomes of it"
    )]
    fn page(
        &self,
        round: &Round<'_>,
        work: &Work,
        known: Option<u32>,
        there: &Standing<'_>,
        write: impl FnOnce(&str, Vec<u8>) -> Result<(), DiskError>,
        batch: &mut Batch,
        bodies: &mut Segment,
        places: &mut Places,
    ) -> Result<(), Failure> {
        let start = Instant::now();
        let page = &round.pages[work.page as usize];
        let file = page.route.file();
        let mut made = self.maker.make(page)?;
        let bytes = Fingerprint::of_bytes(&made.bytes);
        let size = made.bytes.len() as u64;
        let entry = known.map(|at| &self.manifest.files[at as usize]);
        let is_same = there.size(&file, known) == Some(size)
            && match entry {
                Some(entry) => entry.bytes == bytes,
                None => {
                    let old = input::read_optional(&self.output.folder.join(&*file))
                        .ok()
                        .flatten();
                    old.as_deref() == Some(made.bytes.as_ref())
                }
            };
        if !is_same {
            write(&file, made.bytes)?;
        }
        if let Some((print, html)) = &made.body {
            bodies.add(*print, html);
        }
        let parts = self.maker.renderer.parts(page);
        let reason = work.reason.words(entry, &parts, self.manifest);
        *batch.reasons.entry(reason).or_default() += 1;
        batch.warnings.append(&mut made.warnings);
        let mut place = |observation: Observation| {
            *places
                .questions
                .entry(observation)
                .or_insert_with_key(|one| {
                    batch.questions.push(one.clone());
                    batch.questions.len() as u32 - 1
                })
        };
        let asked: Box<[u32]> = made.observations.into_iter().map(&mut place).collect();
        let asked = *places.asked.entry(asked).or_insert_with_key(|asked| {
            batch.asked.push(asked.clone());
            batch.asked.len() as u32 - 1
        });
        let template = self.maker.renderer.template(page);
        let template = template.unwrap_or(page.subject.kind().name());
        if !batch.templates.contains_key(template) {
            batch.templates.insert(template.to_owned(), (0.0, 0));
        }
        if let Some((seconds, pages)) = batch.templates.get_mut(template) {
            *seconds += start.elapsed().as_secs_f64();
            *pages += 1;
        }
        batch.pages.push(Outcome {
            page: round.offset as u32 + work.page,
            is_written: !is_same,
            bytes,
            size,
            parts,
            asked,
        });
        Ok(())
    }

    /// Asks the questions of the last build again; tells which have the same answer.
    fn kept_answers(&self) -> Vec<bool> {
        let (queries, old): (Vec<_>, Vec<Fingerprint>) =
            self.manifest.queries.iter().cloned().unzip();
        let now = answers(self.maker.renderer, &queries);
        now.into_iter()
            .zip(old)
            .map(|(now, old)| now == Some(old))
            .collect()
    }
}

/// Publishes what was staged; the manifest, made of what stays of `old` and what is in `next`, comes
/// last. `last` is what the site was planned after.
pub(super) fn publish(
    made: Made,
    plan: &Plan,
    archive: &Archive,
    (old, last): (&Manifest, Option<Last<'_>>),
    mut next: Manifest,
    output: &Output,
    manifest_path: &Path,
) -> Result<Report, DiskError> {
    let mut report = Report {
        templates: made.templates,
        reasons: made.reasons,
        removed: made.removed.len(),
        ..Report::default()
    };
    let mut questions = Questions::new(&old.queries);
    let mut batches = made.batches;
    // The places of each batch's questions, and of each page's outcome.
    let mut places: Vec<Vec<u32>> = Vec::with_capacity(batches.len());
    let count_of_pages = plan.pages.len() + made.later.len();
    let mut rendered: Vec<Option<(u32, u32)>> = vec![None; count_of_pages];
    for (number, batch) in batches.iter_mut().enumerate() {
        places.push(questions.add(std::mem::take(&mut batch.questions)));
        for (at, outcome) in batch.pages.iter().enumerate() {
            rendered[outcome.page as usize] = Some((number as u32, at as u32));
        }
    }
    for (batch, places) in batches.iter_mut().zip(places) {
        for query in batch.asked.iter_mut().flatten() {
            *query = places[*query as usize];
        }
    }
    let pages = || plan.pages.iter().chain(&made.later);
    // There may be a million, and to grow by doubling would take twice the memory.
    let mut written = Vec::with_capacity(count_of_pages);
    for ((page, known), rendered) in pages().zip(&made.known).zip(&rendered) {
        let outcome = rendered.map(|(batch, at)| &batches[batch as usize].pages[at as usize]);
        let is_written = outcome.is_some_and(|made| made.is_written);
        count(&mut report.pages, page.subject.kind(), is_written);
        match (outcome, known) {
            (Some(made), _) => {
                report.rendered += 1;
                if is_written {
                    report.bytes_written += made.size;
                    written.push(&page.route);
                }
            }
            (None, Some(at)) => questions.keep(&old.files[*at as usize].queries),
            (None, None) => unreachable!("a page that nothing knows is rendered"),
        }
    }
    next.queries = questions.take();
    // Lines are made when they are asked for: there may be a million.
    let line = |number: usize| {
        let page = match plan.pages.get(number) {
            Some(page) => page,
            None => &made.later[number - plan.pages.len()],
        };
        let (path, kind) = (page.route.file(), page.subject.kind());
        match (rendered[number], made.known[number]) {
            (Some((batch, at)), _) => {
                let batch = &batches[batch as usize];
                let made = &batch.pages[at as usize];
                Line {
                    path,
                    kind,
                    page: page.fingerprint,
                    parts: &made.parts,
                    bytes: made.bytes,
                    size: made.size,
                    queries: Cow::Borrowed(&batch.asked[made.asked as usize]),
                    valid_until: page.valid_until,
                }
            }
            (None, at) => {
                let kept = &old.files[at.expect("it was made sure of above") as usize];
                Line {
                    path,
                    kind,
                    page: kept.page,
                    parts: &kept.parts,
                    bytes: kept.bytes,
                    size: kept.size,
                    queries: Cow::Owned(questions.kept(&kept.queries)),
                    valid_until: page.valid_until,
                }
            }
        }
    };
    let mut changes = Changes {
        write: written,
        remove: made.removed,
    };
    // Where files take their places one by one, what others name is there before they are.
    changes.write.sort_by_key(|route| match route.path() {
        _ if route.is_page() => 2,
        path if path.ends_with(".html") => 2,
        path if path[1..].starts_with(part::FOLDER) && path.ends_with(".json") => 1,
        _ => 0,
    });
    report.files = count_of_pages;
    report.written = changes.write.len();
    report.unchanged = report.files - report.written;
    let is_same_paths = old.files.len() == count_of_pages && made.known.iter().all(Option::is_some);
    let paths = match &output.mark {
        // The mark fits the manifest, and so names the same paths.
        Some(mark) if is_same_paths => mark.paths.clone(),
        _ => Mark::hashes(pages().map(Page::file)),
    };
    let mark = Mark {
        title: archive.config.title.clone(),
        base_url: archive.config.base_url.clone(),
        contents: Some(contents(count_of_pages, line)),
        paths,
    };
    let is_unchanged = changes.write.is_empty()
        && changes.remove.is_empty()
        && output.mark.as_ref() == Some(&mark);
    // Publishing waits for the disk, and meanwhile the manifest is written; it takes its place after that.
    let publish = || match is_unchanged {
        true => Ok(()),
        false => made.stage.publish(output, &changes, &mark),
    };
    let prints = |at: usize| {
        let id = ArticleId(at as u32);
        let known = last.and_then(|last| last.articles.get(at));
        match known.filter(|known| known.is_of(archive.article(id))) {
            Some(known) => *known,
            None => Prints::of(archive, id),
        }
    };
    let manifest = || {
        NewState::written(manifest_path, |file| {
            let lines = Many {
                count: count_of_pages,
                one: line,
            };
            let articles = Many {
                count: archive.articles.len(),
                one: prints,
            };
            next.encode_with(lines, articles, file)
        })
    };
    let (published, manifest) = rayon::join(publish, manifest);
    published?;
    manifest?.put()?;
    Ok(report)
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

/// Returns the templates with the seconds that they took and the pages that they made, the slowest
/// first.
fn templates(batches: &[Batch]) -> Vec<(String, f64, usize)> {
    let mut all: BTreeMap<&str, (f64, usize)> = BTreeMap::new();
    for (name, (seconds, pages)) in batches.iter().flat_map(|batch| &batch.templates) {
        let slot = all.entry(name).or_default();
        slot.0 += seconds;
        slot.1 += pages;
    }
    let mut list: Vec<_> = all
        .into_iter()
        .map(|(name, (seconds, pages))| (name.to_owned(), seconds, pages))
        .collect();
    list.sort_by(|a, b| b.1.total_cmp(&a.1));
    list
}

fn reasons(batches: &[Batch]) -> Vec<(String, usize)> {
    let mut all: BTreeMap<&str, usize> = BTreeMap::new();
    for (reason, count) in batches.iter().flat_map(|batch| &batch.reasons) {
        *all.entry(reason).or_default() += count;
    }
    let mut list: Vec<_> = all
        .into_iter()
        .map(|(reason, count)| (reason.to_owned(), count))
        .collect();
    list.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    list
}
