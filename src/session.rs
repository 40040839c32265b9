//! One build, from the folders of a site to its output: the whole pipeline on one screen.
//!
//! List, read, parse, arrange, plan, render, write. Nothing in the output is touched before every
//! changed page has rendered.
#![expect(
    clippy::disallowed_methods,
    reason = "the session measures how long its stages take"
)]

mod after;
mod clean;
mod develop;
mod due;
mod fonts;
mod leaks;
mod load;
mod made;
mod photos;
mod profile;
mod published;
mod reason;
mod report;
mod scribe;
mod search;
mod standing;
mod still;
mod survey;
mod trial;
mod verify;
mod write;

pub use clean::{Cleaned, Pruned, clean, prune};
pub use due::{Due, Event, due};
pub use leaks::{Leak, Leaks, leaks};
pub use load::{
    Loaded, STATE, config, load, manifest_path, parser_print, read, reread, root, state,
};
pub use made::{Made, Maker, Unmade};
pub use profile::{Profile, profile};
pub use published::{PublishedSize, published};
pub use report::{Held, PageCount, Report, Stage, Stages};
use standing::Standing;
use survey::Survey;
pub use trial::{Trial, Tried, trial};
pub use verify::{Difference, verify};

use crate::archive::{Archive, ArticleId, Visibility};
use crate::base::diagnostic::{self, Diagnostic, Place};
use crate::base::fingerprint::Fingerprint;
use crate::disk::bodies::Bodies;
use crate::disk::cache::Cache;
use crate::disk::error::DiskError;
use crate::disk::input;
use crate::disk::lock::Lock;
use crate::disk::output::Output;
use crate::disk::photos::PhotoCache;
use crate::plan;
use crate::plan::manifest::{Arranged, Manifest};
use crate::plan::silent;
use crate::render::Renderer;
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// What a build is asked to do.
#[derive(Debug, Clone)]
pub struct Options {
    /// The site's folder.
    pub root: PathBuf,
    /// The configuration's file.
    pub config: PathBuf,
    /// The output folder.
    pub output: PathBuf,
    /// The site's address, where it is not that of the configuration.
    pub base_url: Option<String>,
    /// Which articles are shown, and the moment of the build.
    pub visibility: Visibility,
    /// Whether warnings refuse the build.
    pub strict: bool,
    /// Whether everything is read and rendered anew.
    pub no_cache: bool,
}

/// Hears how far a build is. Its methods are called from every thread.
pub trait Progress: Sync {
    /// A stage of so many steps begins.
    fn stage(&self, name: &'static str, steps: usize);
    /// A step of the stage is done.
    fn step(&self);
    /// Another process holds the lock, as it says in its own words.
    fn waiting(&self, holder: &str);
    /// Tells whether the user wants the build to stop.
    fn is_cancelled(&self) -> bool {
        false
    }
}

/// Hears nothing.
pub struct Quiet;

impl Progress for Quiet {
    fn stage(&self, _: &'static str, _: usize) {}
    fn step(&self) {}
    fn waiting(&self, _: &str) {}
}

/// Why there is no new output.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The site has errors; the warnings are among them.
    #[error("the site has errors")]
    Site(Vec<Diagnostic>),
    /// The configuration has errors, or there is none.
    #[error("the configuration has errors")]
    Config(Vec<Diagnostic>),
    /// The file system refused.
    #[error(transparent)]
    Disk(#[from] DiskError),
}

/// Builds the site into its output folder.
///
/// # Errors
///
/// Every error of the site at once, or what the file system refused. The output is as it was.
pub fn build(options: &Options, progress: &dyn Progress) -> Result<Report, BuildError> {
    let state = load::state(&load::root(&options.root)?)?;
    let cache = match options.no_cache {
        true => Cache::anew(&state),
        false => Cache::read(&state),
    };
    build_with(options, &mut cache.brief(), progress)
}

/// Builds as [`build`] does, with what `cache` knows of the site's Markdown files.
///
/// # Errors
///
/// As [`build`].
pub fn build_with(
    options: &Options,
    cache: &mut Cache,
    progress: &dyn Progress,
) -> Result<Report, BuildError> {
    let start = Instant::now();
    let root = load::root(&options.root)?;
    let config = load::config(&root, options)?;
    let output = Output::open(&root, &options.output, &config.title, &config.base_url)?;
    let state = load::state(&root)?;
    let _lock = lock(&state, "dateline build", progress)?;
    crate::disk::publish::recover(&output)?;
    // What was recovered can have changed the mark.
    let output = Output::open(&root, &options.output, &config.title, &config.base_url)?;
    let manifest_path = load::manifest_path(&state, &output.folder);
    let mut stages = Stages::default();

    progress.stage("reading", 0);
    let (manifest, survey) = rayon::join(
        || match options.no_cache {
            true => Ok(Manifest::default()),
            false => read_manifest(&manifest_path, &output),
        },
        || Survey::of(&root, &config, &mut stages),
    );
    let (manifest, survey) = (manifest?, survey?);
    let visibility = options.visibility;
    let prints = stages.time("compare", || survey.prints(&config));
    let still = still::report(
        &survey,
        &prints,
        visibility,
        &manifest,
        &output,
        &mut stages,
    )?;
    if let Some(report) = still {
        return Ok(Report {
            seconds: start.elapsed().as_secs_f64(),
            stages,
            ..report
        });
    }
    let bodies = match (options.no_cache, cache.is_kept()) {
        (false, _) => Bodies::open,
        (true, true) => Bodies::anew,
        (true, false) => |_: &Path| Bodies::none(),
    };
    let material = load::read_surveyed(
        (survey, &prints),
        config,
        options,
        &manifest,
        cache,
        || bodies(&state),
        progress,
        &mut stages,
    )?;
    if material.is_same()
        && let Some(report) = still::unchanged(&manifest, &output, &mut stages)?
    {
        if let Some(print) = prints.whole {
            still::keep(manifest, print, &material, &manifest_path)?;
        }
        return Ok(Report {
            read: material.read,
            seconds: start.elapsed().as_secs_f64(),
            stages,
            held: Held::new(material),
            ..report
        });
    }
    let loaded = load::arrange(material, options, &manifest, cache, &mut stages)?;
    let bodies = loaded.bodies;
    let mut diagnostics = loaded.diagnostics;
    let archive = loaded.archive;
    let Some(theme) = loaded.theme else {
        return Err(refused(&root, diagnostics, options));
    };
    if refuses(&diagnostics, options) {
        diagnostics.extend(plan::check(&archive, &theme));
        return Err(refused(&root, diagnostics, options));
    }
    let arranged = manifest.arranged.as_ref();
    let last = arranged
        .filter(|_| loaded.is_as_arranged)
        .map(|arranged| plan::Last {
            files: &manifest.files,
            articles: &arranged.articles,
        });
    let ((plan, mut faults), there) = stages.time("plan and look at output", || {
        rayon::join(
            || plan::plan_after(&archive, &theme, last),
            || Standing::of(&output, &manifest),
        )
    });
    let there = there?;
    diagnostics.append(&mut faults);
    diagnostics.extend(silent::check(&archive, &manifest.told));
    if refuses(&diagnostics, options) {
        return Err(refused(&root, diagnostics, options));
    }
    let renderer = Renderer::new(&archive, &theme, &plan);
    let photos = PhotoCache::open(&state);
    let job = write::Job {
        maker: Maker {
            root: &root,
            archive: &archive,
            renderer: &renderer,
            parsing: load::parser_print(&archive.config, Some(&theme)),
            photos: &photos,
            bodies: &bodies,
        },
        plan: &plan,
        output: &output,
        manifest: &manifest,
        there,
        progress,
    };
    let mut made = match job.run(&mut stages) {
        Ok(made) => made,
        Err(write::Failure::Pages(mut faults)) => {
            diagnostics.append(&mut faults);
            return Err(refused(&root, diagnostics, options));
        }
        Err(write::Failure::Disk(error)) => return Err(error.into()),
    };
    cache.check()?;
    diagnostics.append(&mut made.warnings);
    if refuses(&diagnostics, options) {
        return Err(refused(&root, diagnostics, options));
    }
    let until = plan.until().into_iter().chain(loaded.until).min();
    // What there is to tell is told at each build.
    let is_untold = diagnostics.is_empty();
    let next = Manifest {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        base_url: archive.config.base_url.clone(),
        visibility: Some(options.visibility),
        began: loaded.began,
        inputs: input::inputs(&loaded.found, &archive.files),
        told: silent::told(&archive),
        still: prints.whole.filter(|_| is_untold),
        // The articles' fingerprints are taken where they are when this is written.
        arranged: is_untold.then(|| Arranged {
            read: loaded.prints,
            until,
            hidden: archive.hidden,
            articles: Vec::new(),
        }),
        ..Manifest::default()
    };
    let bodies_shown_again = bodies.hits();
    let report = stages.time("publish", || {
        write::publish(
            made,
            &plan,
            &archive,
            (&manifest, last),
            next,
            &output,
            &manifest_path,
        )
    })?;
    bodies.finish(archive.articles.len(), || bodies_shown(&archive, &renderer))?;
    locate(&root, &mut diagnostics);
    drop(renderer);
    let report = Report {
        diagnostics,
        hidden: archive.hidden,
        articles: archive.articles.len(),
        parsed: loaded.parsed,
        read: loaded.read,
        compared: plan.fingerprinted,
        compared_articles: archive.fingerprinted,
        bodies: bodies_shown_again,
        seconds: start.elapsed().as_secs_f64(),
        stages,
        held: Held::new((archive, theme, plan, loaded.found)),
        ..report
    };
    if report.rendered > 0 {
        profile::keep(&report, &manifest_path)?;
    }
    Ok(report)
}

/// Lists the fingerprints of all bodies, and those of their drafts.
fn bodies_shown(archive: &Archive, renderer: &Renderer<'_>) -> Vec<Fingerprint> {
    let both = |at| {
        let id = ArticleId(at as u32);
        [archive.article(id).article.body, renderer.body_print(id)]
    };
    (0..archive.articles.len())
        .into_par_iter()
        .flat_map_iter(both)
        .collect()
}

/// Takes the site's lock; where another process holds it, says so once and waits.
fn lock(state: &Path, holder: &str, progress: &dyn Progress) -> Result<Lock, DiskError> {
    let mut is_said = false;
    Lock::take(state, holder, |other| {
        if !is_said {
            progress.waiting(other);
            is_said = true;
        }
        !progress.is_cancelled()
    })
}

/// Tells whether these diagnostics refuse the build.
fn refuses(diagnostics: &[Diagnostic], options: &Options) -> bool {
    diagnostics
        .iter()
        .any(|one| one.is_error() || options.strict)
}

fn refused(root: &Path, mut diagnostics: Vec<Diagnostic>, options: &Options) -> BuildError {
    if options.strict && !diagnostics.iter().any(Diagnostic::is_error) {
        diagnostics.push(Diagnostic::error(
            "there are warnings, and `--strict` refuses them",
        ));
    }
    locate(root, &mut diagnostics);
    BuildError::Site(diagnostics)
}

/// Finds the lines of those places that are known by their bytes only, and sorts.
pub fn locate(root: &Path, diagnostics: &mut Vec<Diagnostic>) {
    let mut text: Option<(String, String)> = None;
    let mut find = |place: &mut Place| {
        if place.bytes.is_none() {
            return;
        }
        if text.as_ref().is_none_or(|(path, _)| *path != place.path) {
            let bytes = input::read_optional(&root.join(&place.path))
                .ok()
                .flatten()
                .unwrap_or_default();
            let decoded = String::from_utf8_lossy(&bytes)
                .trim_start_matches('\u{feff}')
                .to_owned();
            text = Some((place.path.clone(), decoded));
        }
        if let Some((_, text)) = &text {
            place.locate(text);
        }
    };
    for one in diagnostics.iter_mut() {
        one.place.iter_mut().for_each(&mut find);
        one.related
            .iter_mut()
            .for_each(|related| find(&mut related.place));
    }
    diagnostic::sort(diagnostics);
}

/// Reads the manifest of an output; one that does not fit what stands there is an empty one.
pub fn read_manifest(path: &Path, output: &Output) -> Result<Manifest, DiskError> {
    let manifest = Manifest::decode(&input::read_optional(path)?.unwrap_or_default());
    let contents = output.mark.as_ref().and_then(|mark| mark.contents);
    if contents == Some(manifest.contents()) {
        return Ok(manifest);
    }
    // The pages are another build's; what is known of the files that were read still holds.
    Ok(Manifest {
        files: Vec::new(),
        queries: Vec::new(),
        ..manifest
    })
}

/// Stops a build that the user no longer wants.
fn check(progress: &dyn Progress, stopped: &AtomicBool) -> Result<(), DiskError> {
    if stopped.load(Ordering::Relaxed) || progress.is_cancelled() {
        stopped.store(true, Ordering::Relaxed);
        return Err(DiskError::Interrupted);
    }
    Ok(())
}
