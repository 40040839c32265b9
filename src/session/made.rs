//! One page of the plan, made from the file that it shows: what a build writes and a preview answers.

use crate::archive::Archive;
use crate::base::diagnostic::{Diagnostic, Place};
use crate::base::fingerprint::Fingerprint;
use crate::disk::error::DiskError;
use crate::disk::input;
use crate::plan::page::{Page, Subject};
use crate::render::Renderer;
use crate::source::{article, picture};
use crate::theme::scope::Observation;
use std::borrow::Cow;
use std::path::Path;

/// A page's bytes, with what was looked up for them.
pub struct Made {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The questions that its template asked, with the fingerprints of their answers.
    pub observations: Vec<Observation>,
    /// What the user should look at.
    pub warnings: Vec<Diagnostic>,
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
            _ => self.rendered(page),
        }
    }

    fn rendered(&self, page: &Page) -> Result<Made, Unmade> {
        let sources = self.renderer.sources(page);
        let mut texts = Vec::with_capacity(sources.len());
        for (path, print) in sources {
            let bytes = read(path, &self.root.join(path))?;
            let text = String::from_utf8(bytes).map_err(|_| changed(path))?;
            if article::text_print(self.parsing, &text) != print {
                return Err(changed(path));
            }
            texts.push(text);
        }
        let rendered = self.renderer.render(page, &texts).map_err(Unmade::Faults)?;
        Ok(Made {
            bytes: rendered.bytes,
            observations: rendered.observations,
            warnings: rendered.warnings,
        })
    }

    /// Reads a file that is published as it is; a picture loses the place where it was taken.
    fn copy(&self, path: &str) -> Result<Made, Unmade> {
        let file = &self.archive.files[path];
        let bytes: Cow<'static, [u8]> = match (&file.builtin, &file.origin) {
            (Some(bytes), _) => Cow::Borrowed(bytes),
            (None, Some(origin)) => Cow::Owned(read(path, origin)?),
            (None, None) => Cow::Borrowed(&[]),
        };
        if Fingerprint::of_bytes(&bytes) != file.fingerprint {
            return Err(changed(path));
        }
        let bytes = match &file.picture {
            Some(Ok(found)) => picture::publishable(&bytes, found.format).into_owned(),
            _ => bytes.into_owned(),
        };
        Ok(Made {
            bytes,
            observations: Vec::new(),
            warnings: Vec::new(),
        })
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
fn changed(path: &str) -> Unmade {
    let fault = Diagnostic::error("the file changed while the site was built");
    Unmade::Changed(fault.at(Place::file(path)).hint("build again"))
}
