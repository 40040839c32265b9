//! One edition of the site: what was read and planned at one moment, ready to answer for any page.
//!
//! An edition never changes. Its pages are rendered when they are asked for, on threads of its own,
//! which end when nobody holds it.

use super::rules::Rules;
use crate::archive::Archive;
use crate::base::diagnostic::{Diagnostic, Place};
use crate::base::fingerprint::Fingerprint;
use crate::base::route::Route;
use crate::disk::bodies::Bodies;
use crate::disk::photos::PhotoCache;
use crate::plan::Plan;
use crate::plan::page::{Page, Shot, Subject};
use crate::plan::photos;
use crate::render::{self, Renderer};
use crate::search::index::IndexFile;
use crate::search::part;
use crate::session::{self, Made, Maker, Unmade};
use crate::theme::scope::Query;
use crate::theme::theme::Theme;
use rapidhash::RapidHashMap;
use rayon::prelude::*;
use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;

/// The stack of a thread that renders, in bytes: as much as a build's threads have.
const STACK_BYTES: usize = 16 << 20;
/// How many pages are rendered at once, at most.
const MOST_WORKERS: usize = 8;

/// How many fingerprints are made before it is asked whether they are still wanted.
const PRINTS_AT_ONCE: usize = 1000;

/// A site as it was at one moment.
pub struct Site {
    /// The site's folder, without links in its path.
    pub root: PathBuf,
    /// The archive.
    pub archive: Arc<Archive>,
    /// The theme.
    pub theme: Arc<Theme>,
    /// Every page.
    pub plan: Arc<Plan>,
    /// The fingerprint of what parsing depends on beside a file's text.
    pub parsing: Fingerprint,
    /// The rules for static hosts.
    pub rules: Arc<Rules>,
    /// The moment from which other articles are shown, in Unix seconds.
    pub until: Option<i64>,
    /// Whether the site has errors, and this is what can be shown all the same.
    pub is_flawed: bool,
    /// The places of the pages in the plan, by their addresses.
    pub places: Arc<RapidHashMap<Route, u32>>,
    /// The fingerprints of the pages, once they were made.
    pub prints: OnceLock<Vec<Fingerprint>>,
    /// The pictures made of the photos that the site shows, once one was asked for.
    pub shown: OnceLock<RapidHashMap<Route, Page>>,
    /// Those that the templates of pages asked for which were made.
    pub asked: Mutex<RapidHashMap<Route, Page>>,
    /// The indexes that a search asked for, by their folders.
    pub searched: Arc<Mutex<Searched>>,
}

/// Indexes that were made, each with the fingerprint of what it is made of, by their folders.
pub type Searched = RapidHashMap<String, (Fingerprint, Arc<Vec<IndexFile>>)>;

impl Site {
    /// Returns the site with another list of pages, by another theme.
    pub fn planned(self, theme: Arc<Theme>, plan: Plan) -> Self {
        Self {
            places: Arc::new(places(&plan)),
            theme,
            plan: Arc::new(plan),
            ..self
        }
    }

    /// Returns the site with another archive whose pages are the same.
    pub fn with(&self, archive: Archive) -> Self {
        Self {
            root: self.root.clone(),
            archive: Arc::new(archive),
            theme: Arc::clone(&self.theme),
            plan: Arc::clone(&self.plan),
            parsing: self.parsing,
            rules: Arc::clone(&self.rules),
            until: self.until,
            is_flawed: self.is_flawed,
            places: Arc::clone(&self.places),
            prints: OnceLock::new(),
            shown: OnceLock::new(),
            asked: Mutex::default(),
            searched: Arc::clone(&self.searched),
        }
    }

    /// Finds the page at a decoded path below the site's own.
    pub fn page(&self, path: &str) -> Option<&Page> {
        self.plan.pages.get(self.place(path)?)
    }

    /// Returns the place in the plan of the page at a path.
    pub fn place(&self, path: &str) -> Option<usize> {
        self.places.get(path).map(|at| *at as usize)
    }

    /// Returns the fingerprint of every page, each made once; none where `is_wanted` says before the
    /// end that they are not wanted any more.
    pub fn prints(&self, is_wanted: &mut dyn FnMut() -> bool) -> Option<&[Fingerprint]> {
        if self.prints.get().is_none() {
            let renderer = Renderer::new(&self.archive, &self.theme, &self.plan);
            let mut prints = Vec::with_capacity(self.plan.pages.len());
            for pages in self.plan.pages.chunks(PRINTS_AT_ONCE) {
                if !is_wanted() {
                    return None;
                }
                prints.par_extend(pages.par_iter().map(|page| renderer.print(page)));
            }
            // Another thread can have made the same.
            let _ = self.prints.set(prints);
        }
        self.prints.get().map(Vec::as_slice)
    }

    /// Returns the page that a host shows for an address that leads nowhere.
    pub fn not_found(&self) -> Option<&Page> {
        self.page("/404.html")
    }

    /// Makes a page as a build would.
    ///
    /// # Errors
    ///
    /// As [`Maker::make`].
    pub fn make(&self, renderer: &Renderer<'_>, page: &Page) -> Result<Made, Unmade> {
        let maker = Maker {
            root: &self.root,
            archive: &self.archive,
            renderer,
            parsing: self.parsing,
            photos: &PhotoCache::open(&self.root.join(session::STATE)),
            // One page is made as soon as its body is found.
            bodies: &Bodies::none(),
        };
        if page.subject == Subject::Index {
            return self.indexed(&maker, page);
        }
        let made = maker.make(page)?;
        self.remember(renderer, &made);
        Ok(made)
    }

    /// Returns a file of an index, which is made whole when the first of its files is asked for.
    fn indexed(&self, maker: &Maker<'_>, page: &Page) -> Result<Made, Unmade> {
        let path = page.file();
        let shelves = maker.renderer.shelves().iter();
        let mut parts = shelves.flat_map(|shelf| &shelf.parts);
        let gone = || {
            let fault = Diagnostic::error(format!("there is no file `{path}` of an index"));
            Unmade::Faults(vec![fault.hint("load the page again")])
        };
        let part = parts.find(|part| part.holds(&path)).ok_or_else(gone)?;
        // Who asks for the next file waits for the same index.
        let mut searched = self.searched.lock().map_err(|_| gone())?;
        let known = searched.get(&part.folder);
        let files = match known.filter(|(print, _)| *print == part.print) {
            Some((_, files)) => Arc::clone(files),
            None => {
                let files = Arc::new(maker.index(part, None)?.files);
                searched.insert(part.folder.clone(), (part.print, Arc::clone(&files)));
                files
            }
        };
        drop(searched);
        let name = path.strip_prefix(part.folder.as_str()).unwrap_or(&path);
        let file = files.iter().find(|file| file.name == name);
        Ok(Made {
            bytes: file.ok_or_else(gone)?.bytes(),
            body: None,
            observations: Vec::new(),
            warnings: Vec::new(),
        })
    }

    /// Remembers the pictures that a page's template asked for: the browser comes for them next.
    fn remember(&self, renderer: &Renderer<'_>, made: &Made) {
        let queries: Vec<&Query> = made.observations.iter().map(|one| &one.query).collect();
        let asked = render::derivatives(renderer, &queries);
        if asked.is_empty() {
            return;
        }
        if let Ok(mut pages) = self.asked.lock() {
            for (route, derivative) in asked {
                let place = Place::file(derivative.photo.as_str());
                let shot = Shot { derivative, place };
                pages.insert(route.clone(), photos::page(route, shot));
            }
        }
    }

    /// Finds the page or the picture made of a photo at a decoded path below the site's own.
    pub fn find(&self, path: &str) -> Option<Cow<'_, Page>> {
        if let Some(page) = self.page(path) {
            return Some(Cow::Borrowed(page));
        }
        let shown = self.shown.get_or_init(|| {
            let pages = photos::photos(&self.archive, Vec::new()).into_iter();
            pages.map(|page| (page.route.clone(), page)).collect()
        });
        if let Some(page) = shown.get(path) {
            return Some(Cow::Borrowed(page));
        }
        let is_index = self.archive.config.search.is_on && part::is_index(path);
        if is_index && let Some(route) = part::route(&self.archive, path.trim_start_matches('/')) {
            return Some(Cow::Owned(Page {
                route,
                subject: Subject::Index,
                fingerprint: Fingerprint::default(),
                valid_until: None,
            }));
        }
        let asked = self.asked.lock().ok()?;
        asked.get(path).cloned().map(Cow::Owned)
    }

    /// Returns the fingerprint of a file that is published as it is.
    pub fn file_print(&self, page: &Page) -> Option<Fingerprint> {
        match &page.subject {
            Subject::File(path) => Some(self.archive.files.get(path)?.fingerprint),
            _ => None,
        }
    }
}

/// Returns the places of pages in a plan, by their addresses.
pub fn places(plan: &Plan) -> RapidHashMap<Route, u32> {
    let routes = plan.pages.iter().map(|page| page.route.clone());
    routes.zip(0..).collect()
}

/// Something to ask of an edition.
type Question = Box<dyn FnOnce(&Renderer<'_>) + Send>;

/// A site whose pages can be asked for.
pub struct Edition {
    /// The site.
    pub site: Arc<Site>,
    /// Which edition it is, from 1.
    pub number: u64,
    /// What the user should look at in it.
    pub warnings: Vec<Diagnostic>,
    questions: Mutex<Sender<Question>>,
}

impl Edition {
    /// Opens an edition: starts the threads that render its pages.
    ///
    /// # Errors
    ///
    /// Where the system starts no thread.
    pub fn open(site: Arc<Site>, number: u64, warnings: Vec<Diagnostic>) -> std::io::Result<Self> {
        let (questions, asked) = mpsc::channel();
        let own = Arc::clone(&site);
        thread::Builder::new()
            .name(format!("edition {number}"))
            .spawn(move || answer(&own, asked))?;
        Ok(Self {
            site,
            number,
            warnings,
            questions: Mutex::new(questions),
        })
    }

    /// Asks something that needs the renderer; none where answering failed.
    pub fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Site, &Renderer<'_>) -> T + Send + 'static,
    ) -> Option<T> {
        let (reply, answer) = mpsc::sync_channel(1);
        let site = Arc::clone(&self.site);
        let question: Question = Box::new(move |renderer| {
            let _ = reply.send(question(&site, renderer));
        });
        self.questions.lock().ok()?.send(question).ok()?;
        answer.recv().ok()
    }
}

/// Answers until nobody asks any more.
fn answer(site: &Site, asked: Receiver<Question>) {
    let renderer = Renderer::new(&site.archive, &site.theme, &site.plan);
    let asked = Mutex::new(asked);
    let workers = thread::available_parallelism()
        .map_or(2, usize::from)
        .clamp(2, MOST_WORKERS);
    thread::scope(|scope| {
        for _ in 0..workers {
            let work = || {
                loop {
                    let next = asked.lock().ok().and_then(|asked| asked.recv().ok());
                    let Some(question) = next else { return };
                    // A fault of dateline's on one page is an answer that never comes, not the end.
                    let _ = catch_unwind(AssertUnwindSafe(|| question(&renderer)));
                }
            };
            let _ = thread::Builder::new()
                .stack_size(STACK_BYTES)
                .spawn_scoped(scope, work);
        }
    });
}
