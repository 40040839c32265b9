//! The first look at a site: which files there are, and what the file system says of them. Only the
//! theme's files are read.

use super::report::Stages;
use crate::base::diagnostic::Diagnostic;
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use crate::disk::error::DiskError;
use crate::disk::input::{self, Found, Rules};
use crate::disk::theme_files::{self, ThemeFiles};
use crate::source::config::Config;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// Which files a site has.
pub(super) struct Survey {
    /// The Markdown files.
    pub(super) texts: Vec<Found>,
    /// The files that are published as they are.
    pub(super) files: Vec<Found>,
    /// The files of `data/`.
    pub(super) data: Vec<Found>,
    /// The files that say something of the photos beside them.
    pub(super) sidecars: Vec<Found>,
    /// The theme's files, read.
    pub(super) theme: ThemeFiles,
    /// What is wrong with any of them.
    pub(super) faults: Vec<Diagnostic>,
    /// When the look began, in nanoseconds since 1970.
    pub(super) began: i64,
}

impl Survey {
    /// Lists the folders of a site.
    ///
    /// # Errors
    ///
    /// What the file system refused.
    pub(super) fn of(root: &Path, config: &Config, stages: &mut Stages) -> Result<Self, DiskError> {
        let began = now_in_nanoseconds();
        let rules = Rules::new(root, config);
        let mut faults = Vec::new();
        let mut list = |name: &str| {
            let mut listing = input::list(&root.join(name), name, &rules);
            faults.append(&mut listing.faults);
            listing.files
        };
        let (content, mut files, data) =
            stages.time("list", || (list("content"), list("static"), list("data")));
        let mut theme = stages.time("read theme", || {
            theme_files::read(&rules, config, &mut faults)
        })?;
        let own: BTreeSet<&str> = files.iter().map(|found| found.path.as_str()).collect();
        let statics = std::mem::take(&mut theme.statics)
            .into_iter()
            .filter(|found| !own.contains(found.path.as_str()));
        let statics: Vec<Found> = statics.collect();
        files.extend(statics);
        let (texts, attached): (Vec<Found>, Vec<Found>) = content
            .into_iter()
            .partition(|found| is_markdown(&found.path));
        files.extend(attached);
        let (sidecars, files) = files
            .into_iter()
            .partition(|found| input::sidecar_of(&found.path).is_some());
        Ok(Self {
            texts,
            files,
            sidecars,
            data,
            theme,
            faults,
            began,
        })
    }

    /// Returns the fingerprints of all that a build of the site depends on beside the moment: of files
    /// that were not read, by what the file system says of them.
    pub(super) fn prints(&self, config: &Config) -> Prints {
        let mut settings = Fingerprinter::new("settings");
        settings.text(env!("CARGO_PKG_VERSION"));
        settings.text(&format!("{config:?}"));
        let mut templates = Fingerprinter::new("templates");
        for layer in &self.theme.layers {
            settings
                .optional(layer.name.as_deref())
                .text(&format!("{:?}", layer.meta));
            templates.number(layer.templates.len() as u64);
            for (name, source) in &layer.templates {
                templates.text(name).text(&source.path).text(&source.text);
            }
            settings.number(layer.words.len() as u64);
            for (language, source) in &layer.words {
                settings
                    .text(language)
                    .text(&source.path)
                    .text(&source.text);
            }
            settings.number(layer.assets.len() as u64);
            for (name, (path, bytes)) in &layer.assets {
                settings.text(name).text(path).bytes(bytes);
            }
        }
        let (settings, templates) = (settings.finish(), templates.finish());
        let lists = [&self.texts, &self.files, &self.data, &self.sidecars];
        let mut whole = Fingerprinter::new("whole survey");
        whole.fingerprint(settings).fingerprint(templates);
        for files in lists {
            whole.fingerprint(list_print(files));
        }
        Prints {
            settings,
            templates,
            whole: self.are_old(&lists).then(|| whole.finish()),
        }
    }

    /// Tells whether the file system says enough of all these files: it does not of one that was changed
    /// just before it was looked at.
    fn are_old(&self, lists: &[&Vec<Found>]) -> bool {
        let is_old = |found: &Found| input::is_unchanged(&found.stat, &found.stat, self.began);
        lists.iter().all(|files| files.par_iter().all(is_old))
    }
}

/// What a build of a site depends on beside the moment, as fingerprints.
pub(super) struct Prints {
    /// That of the configuration, and of the theme but for its templates.
    pub(super) settings: Fingerprint,
    /// That of the theme's templates.
    pub(super) templates: Fingerprint,
    /// That of all of it; none where a file was changed just before it was looked at.
    pub(super) whole: Option<Fingerprint>,
}

/// Returns the fingerprint of what the file system says of files.
fn list_print(files: &[Found]) -> Fingerprint {
    let mut print = Fingerprinter::new("list");
    print.number(files.len() as u64);
    let prints: Vec<Fingerprint> = files.par_chunks(AT_ONCE).map(found_print).collect();
    for one in prints {
        print.fingerprint(one);
    }
    print.finish()
}

/// How many files are hashed in one go.
const AT_ONCE: usize = 4096;

/// Returns the fingerprint of what the file system says of some files.
fn found_print(files: &[Found]) -> Fingerprint {
    let mut print = Fingerprinter::new("found");
    for Found { path, real, stat } in files {
        print.text(path).number(stat.inode).number(stat.size);
        print.bytes(&stat.modified.to_le_bytes());
        print.bytes(&stat.changed.to_le_bytes());
        // Where a link leads can change without the file there.
        print.bytes(real.as_os_str().as_encoded_bytes());
    }
    print.finish()
}

/// The moment at which reading began: no input of the site, only of what may be skipped next time.
fn now_in_nanoseconds() -> i64 {
    #[expect(
        clippy::disallowed_methods,
        reason = "compared with the file system's own times"
    )]
    let now = SystemTime::now();
    now.duration_since(UNIX_EPOCH).map_or(0, |since| {
        i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
    })
}

fn is_markdown(path: &str) -> bool {
    path.ends_with(".md") || path.ends_with(".markdown")
}
