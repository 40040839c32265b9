//! One page of the plan, made from the file that it shows: what a build writes and a preview answers.

use crate::archive::{Archive, ArticleId};
use crate::base::diagnostic::{Diagnostic, Place};
use crate::base::fingerprint::Fingerprint;
use crate::darkroom::icon::{self, ICONS, Icon};
use crate::darkroom::make::Enlarger;
use crate::disk::bodies::Bodies;
use crate::disk::error::DiskError;
use crate::disk::input;
use crate::disk::photos::PhotoCache;
use crate::plan::icons;
use crate::plan::page::{Page, Shot, Subject};
use crate::render::{Renderer, Source, Text};
use crate::search::former::Kept;
use crate::search::index::{Group, Indexed, Indexer};
use crate::search::part::Part;
use crate::search::record::{self, Filters, Record};
use crate::search::terms::Term;
use crate::source::file::SiteFile;
use crate::source::{article, picture};
use crate::theme::scope::Observation;
use crate::theme::value;
use rayon::prelude::*;
use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

/// How many groups of records of an index are made at once.
const GROUPS: usize = 64;

/// A page's bytes, with what was looked up for them.
pub struct Made {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The HTML of the article's body with its fingerprint, where it was made and may be kept.
    pub body: Option<(Fingerprint, String)>,
    /// The questions that its template asked, with the fingerprints of their answers.
    pub observations: Vec<Observation>,
    /// What the user should look at.
    pub warnings: Vec<Diagnostic>,
}

/// What stays of an index that an earlier build made.
#[derive(Default)]
pub struct StandingIndex {
    /// For each group of the part whether it stays.
    pub groups: Vec<Option<Kept>>,
    /// The words of those that do, in the order in which they are written.
    pub terms: Vec<Term>,
}

/// Why a page could not be made.
pub enum Unmade {
    /// A file is not what it was when the site was read.
    Changed(Diagnostic),
    /// Something is wrong with the site.
    Faults(Vec<Diagnostic>),
    /// The file system refused.
    Disk(DiskError),
}

/// What pages are made with.
#[derive(Clone, Copy)]
pub struct Maker<'a> {
    /// The site's folder.
    pub root: &'a Path,
    /// The archive.
    pub archive: &'a Archive,
    /// What renders the pages that templates make.
    pub renderer: &'a Renderer<'a>,
    /// The fingerprint of what parsing depends on beside a file's text.
    pub parsing: Fingerprint,
    /// The derivatives that were made.
    pub photos: &'a PhotoCache,
    /// The bodies that were made.
    pub bodies: &'a Bodies,
}

impl Maker<'_> {
    /// Makes a page.
    ///
    /// # Errors
    ///
    /// Every fault of the page; that its file has changed; what the file system refused.
    pub fn make(&self, page: &Page) -> Result<Made, Unmade> {
        match &page.subject {
            Subject::File(path) => self.copy(path),
            Subject::Derivative(shot) => self.derivative(shot),
            Subject::Icon(at) => self.icon(ICONS[*at]),
            _ => self.rendered(page),
        }
    }

    /// Makes the index of a part, of which it takes over what `standing` has of it: only the articles of
    /// the other groups are read.
    ///
    /// # Errors
    ///
    /// That a file has changed since the site was read; what the file system refused.
    pub fn index(&self, part: &Part, standing: Option<StandingIndex>) -> Result<Indexed, Unmade> {
        let archive = self.archive;
        let groups = part.groups(archive);
        let (kept, terms) = standing.map_or_else(Default::default, |it| (it.groups, it.terms));
        let kept_at = |at: usize| kept.get(at).and_then(Option::as_ref);
        let made: Vec<usize> = (0..groups.len())
            .filter(|at| kept_at(*at).is_none())
            .collect();
        let records = |made: &[usize]| {
            made.par_iter()
                .map(|at| {
                    let articles = part.articles[groups[*at].records.clone()].iter();
                    articles.map(|id| self.record(*id)).collect()
                })
                .collect::<Result<Vec<Vec<Record>>, Unmade>>()
        };
        let mut indexer = Indexer::new(&part.language);
        let mut next = 0;
        let mut add = |made: &[usize], records: Vec<Vec<Record>>| {
            for (at, records) in made.iter().zip(records) {
                self.keep(part, &groups, next..*at, &kept_at, &mut indexer);
                let source = part.source(archive, &groups[*at]);
                indexer.add(&groups[*at], &records, Some(source));
                next = at + 1;
            }
        };
        // While some records are added to the index, which takes one core, the next ones are made on the
        // others; so memory holds a few records and not all of them.
        let mut chunks = made.chunks(GROUPS);
        let mut at_hand: &[usize] = chunks.next().unwrap_or_default();
        let mut ready = records(at_hand)?;
        for chunk in chunks {
            let (made, ()) = rayon::join(|| records(chunk), || add(at_hand, ready));
            (at_hand, ready) = (chunk, made?);
        }
        add(at_hand, ready);
        self.keep(part, &groups, next..groups.len(), &kept_at, &mut indexer);
        match indexer.finish_with(terms) {
            Some(indexed) => Ok(indexed),
            None => self.index(part, None),
        }
    }

    /// Takes over groups of an index that stay.
    fn keep<'b>(
        &self,
        part: &Part,
        groups: &[Group],
        range: Range<usize>,
        kept: &impl Fn(usize) -> Option<&'b Kept>,
        indexer: &mut Indexer,
    ) {
        for at in range {
            let Some(kept) = kept(at) else { continue };
            let articles = part.articles[groups[at].records.clone()].iter();
            let filters: Vec<(Filters, bool)> = articles
                .map(|id| {
                    let one = self.archive.article(*id);
                    let is_dated = one.article.meta.timestamp.is_some();
                    (record::filters(self.archive, one), is_dated)
                })
                .collect();
            indexer.keep(&groups[at], kept, &filters);
        }
    }

    fn record(&self, id: ArticleId) -> Result<Record, Unmade> {
        let article = &self.archive.article(id).article;
        let text = self.markdown(&article.path, article.body)?;
        Ok(self.renderer.record(id, &text))
    }

    fn rendered(&self, page: &Page) -> Result<Made, Unmade> {
        let sources = self.renderer.sources(page);
        let texts: Result<Vec<Text>, Unmade> =
            sources.iter().map(|source| self.text(source)).collect();
        let rendered = self.renderer.render(page, texts?).map_err(Unmade::Faults)?;
        let print = sources.first().and_then(|source| source.body);
        Ok(Made {
            bytes: rendered.bytes,
            body: print.zip(rendered.body),
            observations: rendered.observations,
            warnings: rendered.warnings,
        })
    }

    /// Returns the draft of a source's body, the body as it was made before, or else the source's text.
    fn text(&self, source: &Source<'_>) -> Result<Text, Unmade> {
        if let Some(print) = source.body {
            if let Some(draft) = self.bodies.get(source.print) {
                return Ok(Text::Draft(draft));
            }
            if let Some(html) = self.bodies.get(print) {
                return Ok(Text::Html(html));
            }
        }
        self.markdown(source.path, source.print).map(Text::Markdown)
    }

    /// Reads the text of a Markdown file again, which is what it was when the site was read.
    fn markdown(&self, path: &str, print: Fingerprint) -> Result<String, Unmade> {
        let bytes = read(path, &self.root.join(path))?;
        let text = String::from_utf8(bytes).map_err(|_| changed(path))?;
        match article::text_print(self.parsing, &text) == print {
            true => Ok(text),
            false => Err(changed(path)),
        }
    }

    /// Reads a file that is published as it is; a picture loses the place where it was taken.
    fn copy(&self, path: &str) -> Result<Made, Unmade> {
        let file = &self.archive.files[path];
        let bytes = self.bytes(path, file)?;
        let bytes = match &file.picture {
            Some(Ok(found)) => {
                let strip = self.archive.config.images.strip;
                picture::publishable(&bytes, found.format, strip).into_owned()
            }
            _ => bytes.into_owned(),
        };
        Ok(Made {
            bytes,
            body: None,
            observations: Vec::new(),
            warnings: Vec::new(),
        })
    }
}

impl Maker<'_> {
    /// Reads a file that is published as it is; it is what it was when the site was read.
    fn bytes(&self, path: &str, file: &SiteFile) -> Result<Cow<'static, [u8]>, Unmade> {
        let bytes: Cow<'static, [u8]> = match (&file.builtin, &file.origin) {
            (Some(bytes), _) => Cow::Borrowed(bytes),
            (None, Some(origin)) => Cow::Owned(read(path, origin)?),
            (None, None) => Cow::Borrowed(&[]),
        };
        match Fingerprint::of_bytes(&bytes) == file.fingerprint {
            true => Ok(bytes),
            false => Err(changed(path)),
        }
    }

    /// Returns a derivative, which is made where it was not made before.
    fn derivative(&self, shot: &Shot) -> Result<Made, Unmade> {
        let print = shot.derivative.print();
        if self.photos.get(print).is_none() {
            self.develop(&[shot])?;
        }
        let bytes = self.photos.get(print).ok_or_else(|| {
            let error = std::io::Error::other("what was written is not there");
            Unmade::Disk(DiskError::at("read", self.root)(error))
        })?;
        Ok(Made {
            bytes,
            body: None,
            observations: Vec::new(),
            warnings: Vec::new(),
        })
    }

    /// Makes an icon of the site.
    fn icon(&self, icon: Icon) -> Result<Made, Unmade> {
        let path = icons::file(self.archive).unwrap_or_default();
        let fault = |message: String| {
            Unmade::Faults(vec![
                Diagnostic::error(format!("the picture `{path}` {message}"))
                    .at(Place::file(path.as_str()))
                    .hint("`icon` is a square SVG, PNG, JPEG or WebP of static/"),
            ])
        };
        let Some(file) = self.archive.files.get(&path) else {
            return Err(fault("is not there".to_owned()));
        };
        let Some(Ok(found)) = &file.picture else {
            return Err(fault("can't be decoded".to_owned()));
        };
        let bytes = self.bytes(&path, file)?;
        let original = value::original(self.archive, &path);
        let made = icon::make(icon, &bytes, found.format, original).map_err(fault)?;
        Ok(Made {
            bytes: made,
            body: None,
            observations: Vec::new(),
            warnings: Vec::new(),
        })
    }

    /// Makes derivatives of one photo, which is read and decoded once, and keeps them.
    ///
    /// # Errors
    ///
    /// That the photo can't be decoded, where it is shown; that it has changed; what the file system
    /// refused.
    pub(super) fn develop(&self, shots: &[&Shot]) -> Result<(), Unmade> {
        let Some(first) = shots.first() else {
            return Ok(());
        };
        let path = &first.derivative.photo;
        let file = &self.archive.files[path];
        let bytes = self.bytes(path, file)?;
        let fault = |message: String| {
            Unmade::Faults(vec![
                Diagnostic::error(format!("the photo `{path}` {message}"))
                    .at(first.place.clone())
                    .hint("open it in an image editor and save it again, or take another one"),
            ])
        };
        let Some(Ok(found)) = &file.picture else {
            return Err(fault("can't be decoded".to_owned()));
        };
        let mut enlarger =
            Enlarger::load(&bytes, found.format, found.width, found.height).map_err(fault)?;
        if self.archive.tints.is_costly(file) {
            self.archive.tints.learn(file, enlarger.tint());
        }
        for shot in shots {
            let made = enlarger
                .make(&shot.derivative)
                .map_err(|message| fault(format!("can't be scaled: {message}")))?;
            self.photos
                .put(shot.derivative.print(), &made)
                .map_err(Unmade::Disk)?;
        }
        Ok(())
    }
}

/// Reads a file of the site again.
fn read(path: &str, place: &Path) -> Result<Vec<u8>, Unmade> {
    match input::read_again(place) {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err(changed(path)),
        Err(error) => Err(match input::fault(path, error) {
            Ok(fault) => Unmade::Faults(vec![fault]),
            Err(error) => Unmade::Disk(error),
        }),
    }
}

/// A page of what a file no longer says would be taken for what it says by the next build.
pub(super) fn changed(path: &str) -> Unmade {
    let fault = Diagnostic::error("the file changed while the site was built");
    Unmade::Changed(fault.at(Place::file(path)).hint("build again"))
}
