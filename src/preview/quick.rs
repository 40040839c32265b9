//! The short way to the next edition: where only what articles say of themselves has changed, or only
//! templates and style sheets, nothing else is read or arranged again.
//!
//! It gives what reading the whole site would give, or nothing. Whatever has something to report,
//! moves a page, or is not understood here goes the long way.

use super::batch::Batch;
use super::edition::{Edition, Site};
use crate::base::diagnostic::Diagnostic;
use crate::disk::input::{self, Rules};
use crate::disk::theme_files;
use crate::plan;
use crate::session;
use crate::theme::theme::Theme;
use std::path::Path;
use std::sync::Arc;

/// How many articles are taken the short way at once.
const MOST_ARTICLES: usize = 32;

/// Returns the site after a batch, seen at a later moment; none where the short way does not do.
pub fn next(old: &Edition, batch: &Batch, now: i64) -> Option<Site> {
    let site = &*old.site;
    let is_same_time = site.archive.now <= now && site.until.is_none_or(|until| now < until);
    if batch.is_everything || batch.has_folders || site.is_flawed || !is_same_time {
        return None;
    }
    let paths: Vec<&str> = batch
        .paths()
        .filter(|path| !is_step(path, site))
        .map(|path| path.strip_prefix(&site.root).ok()?.to_str())
        .collect::<Option<_>>()?;
    let is_plain = |path: &&str| {
        site.root
            .join(path)
            .symlink_metadata()
            .is_ok_and(|it| it.is_file())
    };
    if paths.is_empty() || !paths.iter().all(is_plain) {
        return None;
    }
    if paths.iter().all(|path| site.archive.find(path).is_some()) {
        return articles(old, &paths, now);
    }
    if paths.iter().all(|path| is_of_theme(path)) {
        return theme(old, now);
    }
    None
}

/// Tells whether a path is that of a file that came and went while another was saved.
fn is_step(path: &Path, site: &Site) -> bool {
    let shown = path.strip_prefix(&site.root).ok().and_then(Path::to_str);
    let is_known = shown.is_none_or(|path| {
        let archive = &site.archive;
        archive.page_of(path).is_some()
            || archive.files.contains_key(path)
            || archive.data.contains_key(path)
            || input::sidecar_of(path).is_some()
    });
    !is_known && path.starts_with(site.root.join("content")) && path.symlink_metadata().is_err()
}

fn articles(old: &Edition, paths: &[&str], now: i64) -> Option<Site> {
    let site = &*old.site;
    if paths.len() > MOST_ARTICLES || has_warnings(&old.warnings, |path| paths.contains(&path)) {
        return None;
    }
    let read = |path: &&str| session::reread(&site.root, path, &site.archive.config, &site.theme);
    let articles: Vec<_> = paths.iter().map(read).collect::<Option<_>>()?;
    let files = |site: &Site| -> Vec<Vec<String>> {
        let outline = |path: &&str| {
            let id = site.archive.find(path)?;
            Some(site.archive.article(id).article.outline.clone())
        };
        let outlines = paths.iter().filter_map(outline);
        outlines
            .map(|outline| {
                let pictures = outline.pictures.into_iter().map(|picture| picture.src);
                let files = outline.files.iter().map(str::to_owned);
                files.chain(pictures).collect()
            })
            .collect()
    };
    let next = site.with(site.archive.renewed(articles, now)?);
    if files(site) == files(&next) {
        return Some(next);
    }
    // Files are published because an article shows them.
    planned(next, Arc::clone(&site.theme))
}

fn theme(old: &Edition, now: i64) -> Option<Site> {
    let site = &*old.site;
    if has_warnings(&old.warnings, is_of_theme) {
        return None;
    }
    let config = &site.archive.config;
    let mut faults = Vec::new();
    let files = theme_files::read(&Rules::new(&site.root, config), config, &mut faults).ok()?;
    let (theme, mut broken) = Theme::load(files.layers, config);
    faults.append(&mut broken);
    let theme = theme.filter(|theme| {
        faults.is_empty()
            && theme.declarations_print() == site.theme.declarations_print()
            && theme.has_credit_pages() == site.theme.has_credit_pages()
    })?;
    let next = site.with(site.archive.renewed(Vec::new(), now)?);
    planned(next, Arc::new(theme))
}

/// Lists the pages again.
fn planned(next: Site, theme: Arc<Theme>) -> Option<Site> {
    let (plan, faults) = plan::list(&next.archive, &theme);
    faults.is_empty().then(|| next.planned(theme, plan))
}

fn has_warnings(warnings: &[Diagnostic], is_meant: impl Fn(&str) -> bool) -> bool {
    let mut places = warnings.iter().filter_map(|warning| warning.place.as_ref());
    places.any(|place| is_meant(&place.path))
}

/// Tells whether a file is one that only the theme reads.
fn is_of_theme(path: &str) -> bool {
    let mut names = path.split('/');
    let own = ["templates", "assets", "i18n"];
    match names.next() {
        Some("themes") => names.nth(1).is_some_and(|folder| own.contains(&folder)),
        Some(folder) => own.contains(&folder),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_the_theme_reads_is_known_by_its_folder() {
        for (path, expect) in [
            ("templates/a.html", true),
            ("assets/site.css", true),
            ("themes/own/templates/a.html", true),
            ("i18n/de.yaml", true),
            ("themes/own/i18n/de.yaml", true),
            ("themes/own/assets/x/a.css", true),
            ("themes/own/theme.yaml", false),
            ("themes/own/static/a.css", false),
            ("themes/templates/a.html", false),
            ("content/a.md", false),
            ("static/assets/a.css", false),
        ] {
            assert_eq!(is_of_theme(path), expect, "{path}");
        }
    }
}
