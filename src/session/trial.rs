//! A theme tried on the site: every kind of page made in memory, and nothing written.

use super::made::{Maker, Unmade};
use super::{BuildError, Options, Progress, STATE, Stages, load};
use crate::base::diagnostic::Diagnostic;
use crate::disk::bodies::Bodies;
use crate::disk::cache::Cache;
use crate::disk::photos::PhotoCache;
use crate::plan;
use crate::plan::manifest::Manifest;
use crate::plan::page::{Page, PageKind};
use crate::render::Renderer;
use crate::theme::kind::Kind;
use rayon::prelude::*;

/// How many pages of a kind are made, spread over all of them.
const PAGES: usize = 50;

/// What became of a theme on the site.
#[derive(Debug, Default)]
pub struct Trial {
    /// The theme's name.
    pub theme: String,
    /// Every kind of page.
    pub kinds: Vec<Tried>,
    /// What is wrong, and what is doubtful: with the theme, and with the pages that it makes.
    pub diagnostics: Vec<Diagnostic>,
}

/// A kind of page that a theme may make.
#[derive(Debug)]
pub struct Tried {
    /// The kind's name.
    pub kind: &'static str,
    /// The template that makes it; none where the theme has none, and so the site no such pages.
    pub template: Option<String>,
    /// How many such pages the site has.
    pub pages: usize,
    /// How many of them were made.
    pub made: usize,
}

/// Loads a theme, that of the configuration where `name` is none, and makes pages of every kind.
///
/// # Errors
///
/// Those of the configuration, and what the file system refuses.
pub fn trial(
    options: &Options,
    name: Option<&str>,
    progress: &dyn Progress,
) -> Result<Trial, BuildError> {
    let root = load::root(&options.root)?;
    let mut config = load::config(&root, options)?;
    if let Some(name) = name {
        name.clone_into(&mut config.theme);
    }
    let mut trial = Trial {
        theme: config.theme.clone(),
        ..Trial::default()
    };
    let mut cache = Cache::read_only(&root.join(STATE));
    let loaded = load::load(
        &root,
        config,
        options,
        &Manifest::default(),
        &mut cache,
        progress,
        &mut Stages::default(),
    )?;
    trial.diagnostics = loaded.diagnostics;
    if let Some(theme) = &loaded.theme {
        let archive = &loaded.archive;
        let (plan, mut faults) = plan::plan(archive, theme);
        trial.diagnostics.append(&mut faults);
        let renderer = Renderer::new(archive, theme, &plan);
        let photos = PhotoCache::open(&root.join(STATE));
        let maker = Maker {
            root: &root,
            archive,
            renderer: &renderer,
            parsing: load::parser_print(&archive.config, Some(theme)),
            photos: &photos,
            bodies: &Bodies::none(),
        };
        for kind in Kind::ALL {
            let pages: Vec<&Page> = plan
                .pages
                .iter()
                .filter(|page| page.subject.kind() == PageKind::Template(kind))
                .collect();
            let some: Vec<&Page> = pages
                .iter()
                .step_by(pages.len().div_ceil(PAGES).max(1))
                .copied()
                .collect();
            let made: Vec<Result<Vec<Diagnostic>, Unmade>> = some
                .par_iter()
                .map(|page| maker.make(page).map(|made| made.warnings))
                .collect();
            trial.kinds.push(Tried {
                kind: kind.name(),
                template: theme.template(kind, None).map(str::to_owned),
                pages: pages.len(),
                made: made.iter().filter(|made| made.is_ok()).count(),
            });
            for made in made {
                match made {
                    Ok(mut warnings) => trial.diagnostics.append(&mut warnings),
                    Err(Unmade::Changed(fault)) => trial.diagnostics.push(fault),
                    Err(Unmade::Faults(mut faults)) => trial.diagnostics.append(&mut faults),
                    Err(Unmade::Disk(error)) => return Err(error.into()),
                }
            }
        }
    }
    cache.check()?;
    super::locate(&root, &mut trial.diagnostics);
    // One fault of a template is found on many pages.
    trial
        .diagnostics
        .dedup_by(|a, b| (&a.message, &a.place, a.severity) == (&b.message, &b.place, b.severity));
    Ok(trial)
}
