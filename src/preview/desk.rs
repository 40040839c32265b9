//! The desk: reads the site whenever its files have changed, and puts out the next edition.
//!
//! An edition with errors is refused and the last good one stays. Whoever looks at a page that is
//! another one is told; nobody else is.
#![expect(
    clippy::disallowed_methods,
    reason = "how long a change takes is measured"
)]

use super::answer::{self, NOT_FOUND, Settings};
use super::batch::Batch;
use super::edition::{Edition, Site, places};
use super::page;
use super::places::Places;
use super::quick;
use super::rules::Rules;
use super::stand::{Stand, message};
use crate::archive::{self, HiddenCount, Visibility};
use crate::base::diagnostic::Diagnostic;
use crate::base::fingerprint::Fingerprint;
use crate::disk::cache::Cache;
use crate::disk::error::DiskError;
use crate::disk::input;
use crate::disk::lock::Lock;
use crate::plan;
use crate::plan::manifest::Manifest;
use crate::plan::page::{Page, Subject};
use crate::render::{Renderer, answers};
use crate::session::{self, BuildError, Loaded, Options, Progress, Stages};
use crate::theme::scope::Query;
use rapidhash::RapidHashSet;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

/// The most pages of a site of which each is compared after a change, to say how many are others.
const MOST_COUNTED: usize = 30_000;

/// Reads a site and puts out its editions.
pub struct Desk {
    /// What is asked for; its address and moment are replaced.
    options: Options,
    root: PathBuf,
    /// The preview's own address, without a path: `http://localhost:1111`.
    host: String,
    stand: Arc<Stand>,
    settings: Settings,
    /// Held until the site was read for the first time.
    lock: Option<Lock>,
    known: Manifest,
    cache: Cache,
    editions: u64,
    /// The sites before and after the last change, where it was not counted.
    last: Option<Uncounted>,
}

/// A site that was read and planned, before it is put out.
struct Proof {
    site: Site,
    faults: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
}

/// A site with what asks it about its pages.
struct Side<'a> {
    site: &'a Site,
    renderer: Renderer<'a>,
}

/// All that tells one version of a page from another.
#[derive(PartialEq, Eq)]
struct Version {
    print: Fingerprint,
    /// What the bar says of an article can be more than its template reads.
    text: Option<Fingerprint>,
    answers: Vec<Option<Fingerprint>>,
}

impl<'a> Side<'a> {
    fn of(site: &'a Site) -> Self {
        let renderer = Renderer::new(&site.archive, &site.theme, &site.plan);
        Self { site, renderer }
    }

    /// Returns the version of a page that comes from a file and whose template looks things up.
    fn version(&self, page: &Page, source: &str, queries: &[Query]) -> Version {
        let archive = &self.site.archive;
        let is_article = matches!(page.subject, Subject::Article(_));
        let article = archive.find(source).filter(|_| is_article);
        Version {
            print: self.renderer.print(page),
            text: article.map(|id| archive.article(id).article.body),
            answers: answers(&self.renderer, queries),
        }
    }
}

/// A change whose pages were not counted.
struct Uncounted {
    old: Arc<Site>,
    new: Arc<Site>,
    /// Whether the user hears of it all the same.
    is_told: bool,
}

/// What became of a change.
#[derive(Debug)]
pub enum Outcome {
    /// A new edition is out.
    Out(Box<Change>),
    /// The site has errors; the last edition stays.
    Refused(Vec<Diagnostic>),
    /// The site has errors, but its files have changed again: it is to be read once more.
    Overtaken,
    /// The user stopped it.
    Stopped,
}

/// What a new edition brings.
#[derive(Debug, Default, Serialize)]
pub struct Change {
    /// The files that changed, as far as that is known.
    pub files: Vec<String>,
    /// How many pages are others than before, those that are new among them; none where there are too
    /// many to look at each after a change.
    pub pages: Option<usize>,
    /// How many pages there are that were not there before.
    pub added: usize,
    /// How many pages are gone.
    pub removed: usize,
    /// The pages that are others, by kind.
    pub kinds: BTreeMap<&'static str, usize>,
    /// How many tabs were told.
    pub tabs: usize,
    /// From the beginning of reading to the moment at which tabs were told, in seconds.
    pub seconds: f64,
    /// How long each stage took.
    pub stages: Stages,
    /// How many articles are shown.
    pub articles: usize,
    /// How many files the site has.
    pub total: usize,
    /// What is left out.
    pub hidden: HiddenCount,
    /// What the user should look at.
    pub warnings: Vec<Diagnostic>,
    /// What is wrong with the site, where it is shown all the same.
    #[serde(skip)]
    pub faults: Vec<Diagnostic>,
    /// Whether somebody can see it, whatever the count says.
    #[serde(skip)]
    is_certain: bool,
    /// Whether it is known that files changed.
    #[serde(skip)]
    is_asked_for: bool,
}

impl Change {
    /// Tells whether anybody can see a difference, as far as that is known.
    pub fn is_news(&self) -> bool {
        let is_seen = self.pages.map_or(self.is_asked_for, |pages| pages > 0);
        self.is_certain || is_seen || self.removed > 0
    }
}

impl Desk {
    /// Prepares to read a site.
    ///
    /// # Errors
    ///
    /// Where its folder is not there.
    pub fn new(
        options: Options,
        host: String,
        stand: Arc<Stand>,
        settings: Settings,
    ) -> Result<Self, BuildError> {
        let root = session::root(&options.root)?;
        let output = options
            .output
            .canonicalize()
            .unwrap_or_else(|_| options.output.clone());
        let manifest = session::manifest_path(&root.join(".dateline"), &output);
        // What the last build knows of pictures saves reading them.
        let known = Manifest::decode(&input::read_optional(&manifest)?.unwrap_or_default());
        let mut cache = Cache::read_only(&root.join(".dateline"));
        // What the first reading finds out saves the next process doing it again; where the site's
        // folder can't be written, or another process is writing, that process knows best.
        let state = session::state(&root).ok();
        let lock = state
            .and_then(|state| Some((Lock::take(&state, "dateline serve", |_| false).ok()?, state)));
        cache.set_file(lock.as_ref().map(|(_, state)| state.as_path()));
        Ok(Self {
            lock: lock.map(|(lock, _)| lock),
            cache,
            options,
            root,
            host,
            stand,
            settings,
            known,
            editions: 0,
            last: None,
        })
    }

    /// Reads the site after a change, and puts out an edition if it has no errors.
    ///
    /// Where it has, `is_overtaken` is asked whether files have changed again: one that was read in
    /// the middle of a save has no fault.
    pub fn read(
        &mut self,
        batch: &Batch,
        places: &Places,
        visibility: Visibility,
        progress: &dyn Progress,
        is_overtaken: &mut dyn FnMut() -> bool,
    ) -> Outcome {
        let start = Instant::now();
        self.stand.begin();
        self.options.visibility = visibility;
        let mut stages = Stages::default();
        let edition = self
            .stand
            .edition()
            .filter(|_| self.stand.faults().is_empty());
        let quick = edition.and_then(|edition| {
            let site = stages.time("what changed", || {
                quick::next(&edition, batch, visibility.now)
            })?;
            Some(Proof {
                site,
                faults: Vec::new(),
                warnings: edition.warnings.clone(),
            })
        });
        let proof = match quick.map_or_else(|| self.proof(visibility, progress, &mut stages), Ok) {
            Ok(proof) => proof,
            Err(None) => return Outcome::Stopped,
            Err(Some(_)) if is_overtaken() => return Outcome::Overtaken,
            Err(Some(faults)) => return self.refuse(faults),
        };
        let old = self.stand.edition().map(|old| Arc::clone(&old.site));
        if proof.site.is_flawed && old.as_ref().is_some_and(|old| !old.is_flawed) {
            return match is_overtaken() {
                true => Outcome::Overtaken,
                false => self.refuse(proof.faults),
            };
        }
        let site = Arc::new(proof.site);
        let opened = Edition::open(Arc::clone(&site), self.editions + 1, proof.warnings.clone());
        let Ok(edition) = opened else {
            return self.refuse(vec![Diagnostic::error("can't start threads")]);
        };
        self.editions += 1;
        let tells_faults = !self.stand.faults().is_empty() || !proof.faults.is_empty();
        self.stand.put_out(Arc::new(edition), proof.faults.clone());
        let tabs = self.tell(&site, old.as_deref(), batch, places);
        if tells_faults {
            self.tell_faults();
        }
        let mut change = Change {
            tabs,
            seconds: start.elapsed().as_secs_f64(),
            stages,
            articles: site.archive.articles.len(),
            total: site.plan.pages.len(),
            hidden: site.archive.hidden,
            warnings: proof.warnings,
            faults: proof.faults,
            ..Change::default()
        };
        let files = files(&site, old.as_deref());
        if !files.is_empty() {
            self.stand.tell_all(&message::files(&files));
        }
        change.files = batch.files().map(|path| places.shown(path)).collect();
        let hidden = old.as_ref().map(|old| old.archive.hidden);
        change.is_certain = hidden != Some(change.hidden) || tells_faults || tabs > 0;
        change.is_asked_for = !batch.is_everything;
        // What was not told yet is a part of what is told next.
        let untold = self.last.take().filter(|last| !last.is_told);
        self.last = untold.map(|last| last.old).or(old).map(|old| Uncounted {
            old,
            new: site,
            is_told: change.is_certain || change.is_asked_for,
        });
        Outcome::Out(Box::new(change))
    }

    /// Counts what the last change has made of the pages, for when there is time to: `has_time` is
    /// asked again and again.
    pub fn count(&mut self, change: &mut Change, has_time: &mut dyn FnMut() -> bool) {
        if let Some(last) = &self.last
            && compare(&last.new, &last.old, change, has_time).is_some()
        {
            self.last = None;
        }
    }

    /// Returns the moment at which time alone makes another edition, in Unix seconds.
    pub fn due(&self) -> Option<i64> {
        // A site that is refused is read again when its files change, not when the clock does.
        let is_good = self.stand.faults().is_empty();
        self.stand.edition().filter(|_| is_good)?.site.until
    }

    /// Reads and plans the site; else returns its errors, or none where the user stopped it.
    fn proof(
        &mut self,
        visibility: Visibility,
        progress: &dyn Progress,
        stages: &mut Stages,
    ) -> Result<Proof, Option<Vec<Diagnostic>>> {
        let loaded = self.load(visibility, progress, stages);
        let loaded = loaded.map_err(|error| match error {
            BuildError::Disk(DiskError::Interrupted) => None,
            BuildError::Site(faults) | BuildError::Config(faults) => Some(faults),
            BuildError::Disk(error) => {
                let fault = Diagnostic::error(error.to_string());
                Some(vec![
                    fault.hint("the site is read again when something changes"),
                ])
            }
        })?;
        self.plan(loaded, stages).map_err(Some)
    }

    /// Keeps the edition that is out.
    fn refuse(&self, mut faults: Vec<Diagnostic>) -> Outcome {
        session::locate(&self.root, &mut faults);
        self.stand.refuse(faults.clone());
        self.tell_faults();
        Outcome::Refused(faults)
    }

    fn tell_faults(&self) {
        let faults = answer::faults(&self.stand, &self.settings);
        self.stand.tell_all(&message::faults(&faults));
    }

    /// Reads and arranges the site, as it would stand at the preview's own address.
    fn load(
        &mut self,
        visibility: Visibility,
        progress: &dyn Progress,
        stages: &mut Stages,
    ) -> Result<Loaded, BuildError> {
        let options = Options {
            visibility,
            base_url: None,
            ..self.options.clone()
        };
        let mut config = session::config(&self.root, &options)?;
        config.base_url = format!("{}{}", self.host, archive::base_path(&config.base_url));
        let loaded = session::load(
            &self.root,
            config,
            &options,
            &self.known,
            &mut self.cache,
            progress,
            stages,
        );
        self.cache.set_file(None);
        self.lock = None;
        let loaded = loaded?;
        self.known = Manifest {
            began: loaded.began,
            inputs: input::inputs(&loaded.found, &loaded.archive.files),
            ..Manifest::default()
        };
        Ok(loaded)
    }

    /// Plans the site; where there is nothing to show, returns its errors.
    fn plan(&self, loaded: Loaded, stages: &mut Stages) -> Result<Proof, Vec<Diagnostic>> {
        let mut diagnostics = loaded.diagnostics;
        let archive = loaded.archive;
        let Some(theme) = loaded.theme else {
            return Err(diagnostics);
        };
        let has_errors = diagnostics.iter().any(Diagnostic::is_error);
        if has_errors && !archive.has_addresses {
            diagnostics.extend(plan::check(&archive, &theme));
            return Err(diagnostics);
        }
        let (plan, mut faults) = stages.time("list pages", || plan::list(&archive, &theme));
        let is_planned = !faults.iter().any(Diagnostic::is_error);
        diagnostics.append(&mut faults);
        if !is_planned {
            return Err(diagnostics);
        }
        let parsing = session::parser_print(&archive.config, Some(&theme));
        let rules = Rules::new(&rules(&archive, "_redirects"), &rules(&archive, "_headers"));
        session::locate(&self.root, &mut diagnostics);
        let (faults, warnings) = diagnostics.into_iter().partition(Diagnostic::is_error);
        let site = Site {
            root: self.root.clone(),
            archive,
            theme: Arc::new(theme),
            places: Arc::new(places(&plan)),
            plan: Arc::new(plan),
            parsing,
            rules: Arc::new(rules),
            until: loaded.until,
            is_flawed: has_errors,
            prints: OnceLock::new(),
            shown: OnceLock::new(),
            asked: Mutex::default(),
            searched: Arc::default(),
        };
        Ok(Proof {
            site,
            faults,
            warnings,
        })
    }

    /// Tells the tabs what concerns them; returns how many were told.
    fn tell(&self, site: &Site, old: Option<&Site>, batch: &Batch, places: &Places) -> usize {
        let mut told = 0;
        let new = Side::of(site);
        let old_side = old.map(Side::of);
        for path in self.stand.open_pages() {
            let before = old_side
                .as_ref()
                .and_then(|old| Some((old, old.site.page(&path)?)));
            let message = match site.page(&path) {
                Some(page) => self
                    .is_news((&new, page), before, &path)
                    .then(message::page),
                None if before.is_some() => {
                    let gone = answer::gone(&self.stand, site, &path);
                    self.stand.spoil(&path);
                    Some(gone)
                }
                // It shows the page for addresses that lead nowhere.
                None => {
                    let before = old_side
                        .as_ref()
                        .and_then(|old| Some((old, old.site.not_found()?)));
                    site.not_found()
                        .is_some_and(|page| self.is_news((&new, page), before, NOT_FOUND))
                        .then(message::page)
                }
            };
            told += message.map_or(0, |message| self.stand.tell(&path, &message));
        }
        if let Some(url) = self
            .settings
            .navigates
            .then(|| edited(site, batch, places))
            .flatten()
        {
            self.stand.tell_all(&message::navigate(&url));
        }
        told
    }

    /// Tells whether the tabs of a page are to be told of it: it is another than the one that they
    /// show under a name, and another than before the change. Of that one they have been told, and
    /// what they fetch is the latest.
    fn is_news(
        &self,
        new: (&Side<'_>, &Page),
        old: Option<(&Side<'_>, &Page)>,
        name: &str,
    ) -> bool {
        let Some(shown) = self.stand.shown(name) else {
            return true;
        };
        let queries: Vec<_> = shown
            .observations
            .iter()
            .map(|one| one.query.clone())
            .collect();
        let version =
            |(side, page): (&Side<'_>, &Page)| side.version(page, &shown.source, &queries);
        let (new, old) = (version(new), old.map(version));
        let is_as_shown = new.print == shown.print
            && old.as_ref().is_none_or(|old| old.text == new.text)
            && new
                .answers
                .iter()
                .copied()
                .eq(shown.observations.iter().map(|one| Some(one.answer)));
        !is_as_shown && old != Some(new)
    }

    /// Tells why there is no page at a path, if it is that of an article that is left out.
    pub fn why_hidden(&mut self, path: &str, progress: &dyn Progress) -> Option<String> {
        let own = self.options.visibility;
        let all = Visibility {
            drafts: true,
            future: true,
            expired: true,
            ..own
        };
        let mut stages = Stages::default();
        let loaded = self.load(all, progress, &mut stages).ok()?;
        let site = self.plan(loaded, &mut stages).ok()?.site;
        let found = site.page(path).or_else(|| site.page(&format!("{path}/")))?;
        page::hidden(&site.archive, found, &own)
    }
}

/// Reads the rules for hosts that lie among the static files; there are none where they can't be read.
fn rules(archive: &archive::Archive, name: &str) -> String {
    let file = archive.files.get(&format!("static/{name}"));
    let origin = file.and_then(|file| file.origin.as_deref());
    let bytes = origin.and_then(|origin| input::read_optional(origin).ok().flatten());
    String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned()
}

/// Returns the files that pages use under the names that they had, with what they are.
fn files(site: &Site, old: Option<&Site>) -> Vec<(String, String)> {
    let Some(old) = old else { return Vec::new() };
    let is_other = |path: &String, print: Fingerprint| {
        let known = old.archive.files.get(path);
        known.is_some_and(|known| known.fingerprint != print)
    };
    let others: RapidHashSet<&str> = site
        .archive
        .files
        .iter()
        .filter(|(path, file)| is_other(path, file.fingerprint))
        .map(|(path, _)| path.as_str())
        .collect();
    if others.is_empty() {
        return Vec::new();
    }
    let pages = site
        .plan
        .pages
        .iter()
        .filter_map(|page| match &page.subject {
            Subject::File(path) if others.contains(path.as_str()) => Some((
                site.archive.url(&page.route),
                site.file_print(page)?.short(12),
            )),
            _ => None,
        });
    pages.collect()
}

/// Counts the pages that are others than before; none where there is no time to.
fn compare(
    site: &Site,
    old: &Site,
    change: &mut Change,
    has_time: &mut dyn FnMut() -> bool,
) -> Option<()> {
    let is_counted = site.plan.pages.len().max(old.plan.pages.len()) <= MOST_COUNTED;
    let prints = match is_counted {
        true => Some((site.prints(has_time)?, old.prints(has_time)?)),
        false => None,
    };
    let mut stayed = 0;
    let mut others = 0;
    for (at, page) in site.plan.pages.iter().enumerate() {
        let known = old.place(page.route.path());
        stayed += usize::from(known.is_some());
        change.added += usize::from(known.is_none());
        let is_same =
            known.is_some_and(|known| prints.is_none_or(|(new, old)| new[at] == old[known]));
        if !is_same {
            others += 1;
            *change.kinds.entry(page.subject.kind().name()).or_default() += 1;
        }
    }
    change.removed = old.plan.pages.len() - stayed;
    change.pages = is_counted.then_some(others);
    Some(())
}

/// Returns the address of the one page whose source was edited, if it is one.
fn edited(site: &Site, batch: &Batch, places: &Places) -> Option<String> {
    let mut routes = batch
        .paths()
        .filter_map(|path| site.archive.page_of(&places.shown(path)));
    let route = routes.next()?;
    routes.next().is_none().then(|| site.archive.url(route))
}
