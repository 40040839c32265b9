//! What becomes public or expires as time passes, for hosts that can't schedule: whether a build is due,
//! and when the next one is.

use super::{BuildError, Options, Progress, load, read, read_manifest};
use crate::archive::{Archive, ArticleId, Visibility};
use crate::base::diagnostic::Diagnostic;
use crate::disk::output::Output;

/// What has become due since a moment, and what will.
#[derive(Debug, Default)]
pub struct Due {
    /// The moment after which things are due: the one that was asked about, else that of the last
    /// build; none where nothing was built.
    pub since: Option<i64>,
    /// What has changed since, the earliest first.
    pub events: Vec<Event>,
    /// The files of the output that the time since has made wrong.
    pub pages: Vec<String>,
    /// When the next change is; none where time alone changes nothing.
    pub next: Option<i64>,
    /// The errors of files, which are left out.
    pub errors: Vec<Diagnostic>,
}

/// An article that becomes public or expires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When, in Unix seconds.
    pub instant: i64,
    /// Whether it becomes public, or stops being so.
    pub is_public: bool,
    /// The article's file.
    pub path: String,
    /// Its headline.
    pub headline: String,
    /// Its whole address.
    pub url: String,
}

impl Due {
    /// Tells whether a build would make another site.
    pub fn is_due(&self) -> bool {
        self.since.is_none() || !self.events.is_empty() || !self.pages.is_empty()
    }
}

/// Tells what has become due between `since`, else the last build, and the moment of the options.
///
/// # Errors
///
/// Those of the configuration; an output folder that is not this site's; what the file system refuses.
pub fn due(
    options: &Options,
    since: Option<i64>,
    progress: &dyn Progress,
) -> Result<Due, BuildError> {
    let root = load::root(&options.root)?;
    let config = load::config(&root, options)?;
    let output = Output::open(&root, &options.output, &config.title, &config.base_url)?;
    let state = root.join(load::STATE);
    let manifest = read_manifest(&load::manifest_path(&state, &output.folder), &output)?;
    let now = options.visibility.now;
    let built = manifest.visibility.filter(|_| !manifest.files.is_empty());
    let since = since.or_else(|| built.map(|visibility| visibility.now));
    let everything = Visibility {
        drafts: false,
        future: true,
        expired: true,
        now,
    };
    let options = Options {
        visibility: everything,
        ..options.clone()
    };
    let loaded = read(&options, progress)?;
    let mut events = events(&loaded.archive);
    events.sort_by(|a, b| (a.instant, &a.path).cmp(&(b.instant, &b.path)));
    let stale = manifest
        .files
        .iter()
        .filter_map(|entry| Some((entry.valid_until?, &entry.path)));
    let (past, later): (Vec<_>, Vec<_>) = stale.partition(|(instant, _)| *instant <= now);
    let moments = events.iter().map(|event| event.instant);
    let next = moments.chain(later.into_iter().map(|(instant, _)| instant));
    Ok(Due {
        since,
        next: next.filter(|instant| *instant > now).min(),
        pages: past.into_iter().map(|(_, path)| path.clone()).collect(),
        events: events
            .into_iter()
            .filter(|event| event.instant <= now && since.is_none_or(|since| event.instant > since))
            .collect(),
        errors: loaded
            .diagnostics
            .into_iter()
            .filter(Diagnostic::is_error)
            .collect(),
    })
}

fn events(archive: &Archive) -> Vec<Event> {
    let mut events = Vec::new();
    for at in 0..archive.articles.len() {
        let one = archive.article(ArticleId(at as u32));
        let meta = &one.article.meta;
        for (time, is_public) in [(meta.timestamp, true), (meta.expires, false)] {
            events.extend(time.map(|time| Event {
                instant: time.instant(),
                is_public,
                path: one.article.path.clone(),
                headline: meta.headline.clone(),
                url: archive.permalink(&one.route),
            }));
        }
    }
    events
}
