//! Whether the output tells anything of what readers must not see yet, or no longer: drafts, scheduled
//! and expired articles.
//!
//! Three things are looked for: files that only a site with those articles has; their own words in any
//! other file: headlines, addresses, and long runs of words that no article shown has; and files of
//! `static/`, which are always published, that they alone show.

use super::{BuildError, Options, Progress, load, read};
use crate::archive::reference::{self, PictureTarget};
use crate::archive::{Archive, ArticleId, Visibility};
use crate::base::diagnostic::Diagnostic;
use crate::disk::error::DiskError;
use crate::disk::input;
use crate::disk::output::Output;
use crate::plan;
use crate::search::index;
use crate::source::front_matter;
use aho_corasick::AhoCorasick;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The fewest characters of a run of words that is looked for.
const SHORTEST_RUN: usize = 30;
/// How many runs of words of an article are looked for.
const RUNS: usize = 3;
/// The endings of files that hold text.
const TEXTS: &[&str] = &[
    ".html",
    ".xml",
    ".json",
    ".txt",
    ".css",
    ".js",
    ".svg",
    ".webmanifest",
];
/// The endings of files of an index, which hold text once they are decompressed.
const INDEXES: &[&str] = &[".pf_fragment", ".pf_filter", ".pf_index"];

/// Something of a hidden article in the output.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leak {
    /// The article's file.
    pub path: String,
    /// The file of the output.
    pub file: String,
    /// What the file tells; none where it is there only because of the article.
    pub words: Option<String>,
}

/// What was found in an output.
#[derive(Debug, Default)]
pub struct Leaks {
    /// How many articles are hidden.
    pub hidden: usize,
    /// How many files were looked at.
    pub files: usize,
    /// What they tell.
    pub leaks: Vec<Leak>,
    /// The errors of files, which are left out.
    pub errors: Vec<Diagnostic>,
}

/// Looks for what the output tells of articles that are hidden at the moment of the options.
///
/// # Errors
///
/// Those of the configuration; an output folder that is not this site's; what the file system refuses.
pub fn leaks(options: &Options, progress: &dyn Progress) -> Result<Leaks, BuildError> {
    let root = load::root(&options.root)?;
    let config = load::config(&root, options)?;
    let output = Output::open(&root, &options.output, &config.title, &config.base_url)?;
    let strict = Visibility {
        drafts: false,
        future: false,
        expired: false,
        now: options.visibility.now,
    };
    let everything = Visibility {
        drafts: true,
        future: true,
        expired: true,
        ..strict
    };
    let seen = |visibility: Visibility| Options {
        visibility,
        ..options.clone()
    };
    let shown = read(&seen(strict), progress)?;
    let all = read(&seen(everything), progress)?;
    let errors: Vec<Diagnostic> = all
        .diagnostics
        .into_iter()
        .filter(Diagnostic::is_error)
        .collect();
    let hidden: Vec<ArticleId> = (0..all.archive.articles.len() as u32)
        .map(ArticleId)
        .filter(|id| strict.hides(&all.archive.article(*id).article).is_some())
        .collect();
    let files = output.files()?;
    let mut leaks = BTreeSet::new();
    if let (Some(theme), Some(theirs)) = (&shown.theme, &all.theme) {
        let planned = |archive: &Archive, theme| -> BTreeMap<String, String> {
            let (plan, _) = plan::list(archive, theme);
            let pages = plan.pages.iter();
            pages
                .map(|page| {
                    (
                        page.file().into_owned(),
                        plan::source(archive, &page.subject),
                    )
                })
                .collect()
        };
        let allowed = planned(&shown.archive, theme);
        let known = planned(&all.archive, theirs);
        for (file, _) in &files {
            if let Some(path) = known.get(file).filter(|_| !allowed.contains_key(file)) {
                leaks.insert(Leak {
                    path: path.clone(),
                    file: file.clone(),
                    words: None,
                });
            }
        }
    }
    let words = words(&root, &all.archive, &hidden, &shown.archive)?;
    leaks.append(&mut told(&root, &output, &files, &words, &shown.archive)?);
    leaks.append(&mut unused(&output, &files, &all.archive, &hidden)?);
    Ok(Leaks {
        hidden: hidden.len(),
        files: files.len(),
        leaks: leaks.into_iter().collect(),
        errors,
    })
}

/// Lists the words to look for, each with the article that they are of.
fn words(
    root: &Path,
    all: &Archive,
    hidden: &[ArticleId],
    shown: &Archive,
) -> Result<Vec<(String, String)>, DiskError> {
    let headlines: BTreeSet<&str> = shown
        .articles
        .iter()
        .map(|one| one.article.meta.headline.as_str())
        .collect();
    let mut words = Vec::new();
    for id in hidden {
        let one = all.article(*id);
        let path = &one.article.path;
        let headline = one.article.meta.headline.as_str();
        let is_telling =
            headline.contains(' ') && headline.len() > 8 && !headlines.contains(headline);
        let mut own = vec![one.route.url_path().into_owned()];
        own.extend(is_telling.then(|| headline.to_owned()));
        let bytes = input::read_optional(&root.join(path))?.unwrap_or_default();
        if let Ok(text) = String::from_utf8(bytes)
            && let Ok(parts) = front_matter::split(path, &text)
        {
            own.extend(runs(&text[parts.body]));
        }
        own.retain(|word| word.len() > 3);
        words.extend(own.into_iter().map(|word| (word, path.clone())));
    }
    Ok(words)
}

/// Returns the longest runs of plain words in a text: what Markdown and HTML leave as it is.
fn runs(text: &str) -> Vec<String> {
    let is_word = |c: char| c.is_alphanumeric() || c == ' ';
    let mut runs: Vec<&str> = text
        .split(|c: char| !is_word(c))
        .map(str::trim)
        .filter(|run| run.len() >= SHORTEST_RUN && run.contains(' ') && !run.contains("  "))
        .collect();
    runs.sort_by_key(|run| std::cmp::Reverse(run.len()));
    runs.truncate(RUNS);
    runs.into_iter().map(str::to_owned).collect()
}

/// Finds the published files of `static/` that hidden articles show and no page names.
fn unused(
    output: &Output,
    files: &[(String, u64)],
    all: &Archive,
    hidden: &[ArticleId],
) -> Result<BTreeSet<Leak>, DiskError> {
    // By their addresses up to the last dot, which those of what is made of a photo begin with too.
    let mut shown: BTreeMap<String, Leak> = BTreeMap::new();
    let published: BTreeSet<&str> = files.iter().map(|(file, _)| file.as_str()).collect();
    for id in hidden {
        let one = all.article(*id);
        let article = &one.article;
        let lead = article.meta.photo.iter().map(|photo| photo.src.as_str());
        let pictures = article.outline.pictures.iter();
        let pictures = pictures.map(|picture| picture.src.as_str());
        for src in lead.chain(pictures).chain(article.outline.files.iter()) {
            if let Some(PictureTarget::File(path)) = reference::picture(&article.path, src)
                && path.starts_with("static/")
                && let Some(route) = all.picture_route(&one.route, &path)
                && published.contains(&*route.file())
            {
                let address = route.url_path();
                let stem = address.rfind('.').map_or(address.len(), |dot| dot + 1);
                let leak = Leak {
                    path: article.path.clone(),
                    file: route.file().into_owned(),
                    words: None,
                };
                shown.insert(address[..stem].to_owned(), leak);
            }
        }
    }
    if shown.is_empty() {
        return Ok(BTreeSet::new());
    }
    let Ok(matcher) = AhoCorasick::new(shown.keys()) else {
        return Ok(BTreeSet::new());
    };
    let texts: Vec<&str> = texts(files).collect();
    let named = texts
        .into_par_iter()
        .map(|file| {
            let bytes = input::read_optional(&output.folder.join(file))?.unwrap_or_default();
            let found = matcher.find_overlapping_iter(&bytes);
            Ok(found.map(|found| found.pattern().as_usize()).collect())
        })
        .collect::<Result<Vec<BTreeSet<usize>>, DiskError>>()?;
    let is_named = |at: &usize| named.iter().any(|found| found.contains(at));
    let leaks = shown.into_values().enumerate();
    Ok(leaks
        .filter(|(at, _)| !is_named(at))
        .map(|(_, leak)| leak)
        .collect())
}

/// Lists the files that hold text.
fn texts(files: &[(String, u64)]) -> impl Iterator<Item = &str> {
    let names = files.iter().map(|(file, _)| file.as_str());
    names.filter(|file| TEXTS.iter().any(|ending| file.ends_with(ending)))
}

/// Finds files of the output that have words of hidden articles which no article shown has.
fn told(
    root: &Path,
    output: &Output,
    files: &[(String, u64)],
    words: &[(String, String)],
    shown: &Archive,
) -> Result<BTreeSet<Leak>, DiskError> {
    let Ok(matcher) = AhoCorasick::new(words.iter().map(|(word, _)| word)) else {
        return Ok(BTreeSet::new());
    };
    let found = |bytes: &[u8]| -> BTreeSet<usize> {
        matcher
            .find_overlapping_iter(bytes)
            .map(|found| found.pattern().as_usize())
            .collect()
    };
    let texts: Vec<&String> = files
        .iter()
        .map(|(file, _)| file)
        .filter(|file| {
            let mut endings = TEXTS.iter().chain(INDEXES);
            endings.any(|ending| file.ends_with(ending))
        })
        .collect();
    let in_files: Vec<(&String, BTreeSet<usize>)> = texts
        .into_par_iter()
        .map(|file| {
            let mut bytes = input::read_optional(&output.folder.join(file))?.unwrap_or_default();
            if INDEXES.iter().any(|ending| file.ends_with(ending)) {
                bytes = index::content(&bytes).unwrap_or(bytes);
            }
            Ok((file, found(&bytes)))
        })
        .collect::<Result<_, DiskError>>()?;
    if in_files.iter().all(|(_, found)| found.is_empty()) {
        return Ok(BTreeSet::new());
    }
    // An article that is shown may say the same, or name an address that is not there yet.
    let mut said = BTreeSet::new();
    for one in &shown.articles {
        let bytes = input::read_optional(&root.join(&one.article.path))?.unwrap_or_default();
        said.append(&mut found(&bytes));
    }
    let leak = |file: &String, at: usize| Leak {
        path: words[at].1.clone(),
        file: file.clone(),
        words: Some(words[at].0.clone()),
    };
    Ok(in_files
        .iter()
        .flat_map(|(file, found)| {
            found
                .difference(&said)
                .map(|at| leak(file, *at))
                .collect::<Vec<_>>()
        })
        .collect())
}
