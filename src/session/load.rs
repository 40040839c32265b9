//! The first half of every command: list, read, parse and arrange a site.

use super::after::{self, After, Rest};
use super::fonts;
use super::photos;
use super::survey::{Prints, Survey};
use super::{BuildError, Options, Progress, Stages};
use crate::archive::photos::Notes;
use crate::archive::{self, Archive, DataFile, Index, Sources};
use crate::base::diagnostic::{Diagnostic, Place};
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use crate::disk::bodies::{Bodies, Segment};
use crate::disk::cache::{AT_ONCE, Cache, News, Parsed, Record};
use crate::disk::error::DiskError;
use crate::disk::input::{self, Found, Known};
pub use crate::disk::output::manifest_path;
use crate::disk::tints::TintFile;
use crate::plan::manifest::{Manifest, ReadPrints};
use crate::source::article::{self, Article, Parser};
use crate::source::config::{self, Config};
use crate::source::file::{SiteFile, SiteFiles};
use crate::source::font::Font;
use crate::source::front_matter::{self, Person, Settings, Unknown};
use crate::source::markdown;
use crate::source::text;
use crate::theme::theme::Theme;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folder of the site's state, below its root.
pub const STATE: &str = ".dateline";

/// The most articles that one thread parses in one go: their drafts are written together.
const MOST_AT_A_TIME: usize = 128;
/// How many goes each thread has at least, so that none waits long for another.
const LEAST_GOES: usize = 16;

/// A site that was read and arranged.
pub struct Loaded {
    /// The archive.
    pub archive: Arc<Archive>,
    /// The theme; none where it has errors.
    pub theme: Option<Theme>,
    /// What is wrong, and what is doubtful.
    pub diagnostics: Vec<Diagnostic>,
    /// The files that are published as they are, with what the file system says of them.
    pub found: Vec<Found>,
    /// How many files were read, Markdown or not; of the others it was known what is in them.
    pub read: usize,
    /// How many Markdown files were parsed.
    pub parsed: usize,
    /// When reading began, in nanoseconds since 1970.
    pub began: i64,
    /// The Unix second from which other articles are shown; none where time changes nothing.
    pub until: Option<i64>,
    /// The bodies that earlier builds made, with the drafts of what was parsed.
    pub bodies: Bodies,
    /// The fingerprints of what was read.
    pub prints: ReadPrints,
    /// Whether it is what the last build arranged but for words of articles, with the same theme, and told
    /// nothing of.
    pub is_as_arranged: bool,
}

/// All that was read of a site, before it is arranged.
pub(super) struct Material {
    pub(super) files: SiteFiles,
    /// The files that are published as they are, with what the file system says of them.
    pub(super) found: Vec<Found>,
    /// When reading began, in nanoseconds since 1970.
    pub(super) began: i64,
    /// How many files were read.
    pub(super) read: usize,
    /// What the last build tells of this one.
    after: After,
    config: Arc<Config>,
    theme: Option<Theme>,
    faults: Vec<Diagnostic>,
    articles: Vec<Arc<Article>>,
    indexes: Vec<Index>,
    parsed: usize,
    bodies: Bodies,
    data: Data,
    people: Vec<Person>,
    notes: Notes,
    card_fonts: Vec<Font>,
    until: Option<i64>,
    prints: ReadPrints,
}

/// Returns the site's folder without links in its path.
///
/// # Errors
///
/// Where it is not there.
pub fn root(root: &Path) -> Result<PathBuf, DiskError> {
    root.canonicalize().map_err(DiskError::at("read", root))
}

/// Reads and parses the configuration, with what the command line says over it.
///
/// # Errors
///
/// Every fault in it; that there is none.
pub fn config(root: &Path, options: &Options) -> Result<Config, BuildError> {
    let name = options
        .config
        .strip_prefix(root)
        .unwrap_or(&options.config)
        .display()
        .to_string();
    let fault = |fault: Diagnostic| BuildError::Config(vec![fault]);
    let Some(bytes) = input::read_optional(&options.config)? else {
        let message = format!(
            "there is no configuration: looked for {}",
            options.config.display()
        );
        return Err(fault(
            Diagnostic::error(message).hint("`dateline init` makes a new site here"),
        ));
    };
    let source = text::decode(&name, &bytes).map_err(fault)?;
    let (config, mut faults) = config::parse(&name, source);
    let Some(mut config) = config.filter(|_| !faults.iter().any(Diagnostic::is_error)) else {
        crate::base::diagnostic::sort(&mut faults);
        return Err(BuildError::Config(faults));
    };
    if let Some(base_url) = &options.base_url {
        config.base_url = config::check_base_url(base_url).map_err(|message| {
            fault(Diagnostic::error(format!(
                "the address `{base_url}` given with `-u` {message}"
            )))
        })?;
    }
    Ok(config)
}

/// Makes sure of the folder of the site's state.
///
/// # Errors
///
/// Where it can't be made; where it is a link out of the site.
pub fn state(root: &Path) -> Result<PathBuf, DiskError> {
    let state = root.join(STATE);
    std::fs::create_dir_all(&state).map_err(DiskError::at("make", &state))?;
    let real = state
        .canonicalize()
        .map_err(DiskError::at("read", &state))?;
    if !real.starts_with(root) {
        let error = std::io::Error::other(format!(
            "it is a link out of the site, to {}",
            real.display()
        ));
        return Err(DiskError::at("use", &state)(error));
    }
    // What is in it is no part of the site's history; a file of ours says so to git.
    // Builds at once may all come here, so it is made in one step or not at all.
    let ignore = state.join(".gitignore");
    match std::fs::File::create_new(&ignore) {
        Ok(mut file) => file
            .write_all(b"*\n")
            .map_err(DiskError::at("write", &ignore))?,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(DiskError::at("write", &ignore)(error)),
    }
    Ok(state)
}

/// Reads a site for a command that writes nothing.
///
/// # Errors
///
/// Those of the configuration; what the file system refuses. What is wrong with the site is among
/// what was read.
pub fn read(options: &Options, progress: &dyn Progress) -> Result<Loaded, BuildError> {
    let root = root(&options.root)?;
    let config = config(&root, options)?;
    // What the last build knows of the pictures saves reading them again.
    let manifest = known(&root, &options.output)?;
    let mut cache = Cache::read_only(&root.join(STATE));
    let mut loaded = load(
        &root,
        config,
        options,
        &manifest,
        &mut cache,
        progress,
        &mut Stages::default(),
    )?;
    super::locate(&root, &mut loaded.diagnostics);
    Ok(loaded)
}

/// Returns the manifest of an output folder, whether or not it fits what stands there.
fn known(root: &Path, output: &Path) -> Result<Manifest, DiskError> {
    let output = output.canonicalize().unwrap_or_else(|_| output.to_owned());
    let path = manifest_path(&root.join(STATE), &output);
    Ok(Manifest::decode(
        &input::read_optional(&path)?.unwrap_or_default(),
    ))
}

/// Lists, reads, parses and arranges a site. What `cache` knows is not read or parsed again, and what
/// is found out is kept in it.
///
/// # Errors
///
/// What the file system refused; that the user stopped it.
pub fn load(
    root: &Path,
    config: Config,
    options: &Options,
    manifest: &Manifest,
    cache: &mut Cache,
    progress: &dyn Progress,
    stages: &mut Stages,
) -> Result<Loaded, BuildError> {
    progress.stage("reading", 0);
    let survey = Survey::of(root, &config, stages)?;
    let prints = survey.prints(&config);
    // Whoever renders a page or two for a look at them has nothing from drafts of all.
    let bodies = Bodies::none;
    let material = read_surveyed(
        (survey, &prints),
        config,
        options,
        manifest,
        cache,
        bodies,
        progress,
        stages,
    )?;
    arrange(material, options, manifest, cache, stages)
}

/// Reads and parses the files of a site that were listed; `bodies` opens what is known of their bodies,
/// and where drafts of them are kept.
#[expect(
    clippy::too_many_arguments,
    reason = "what a site is read with, and what hears of it"
)]
pub(super) fn read_surveyed(
    (survey, prints): (Survey, &Prints),
    config: Config,
    options: &Options,
    manifest: &Manifest,
    cache: &mut Cache,
    bodies: impl FnOnce() -> Bodies + Send,
    progress: &dyn Progress,
    stages: &mut Stages,
) -> Result<Material, BuildError> {
    let config = Arc::new(config);
    let Survey {
        texts,
        files: found,
        data,
        sidecars,
        theme: theme_files,
        mut faults,
        began,
    } = survey;
    let (theme, mut broken) = stages.time("theme", || Theme::load(theme_files.layers, &config));
    faults.append(&mut broken);
    let known = Known::new(manifest);
    let mut files = stages.time("read files", || {
        site_files(&found, &known, &config, &mut faults)
    })?;
    for (path, file) in theme_files.builtin {
        files.entry(path).or_insert(file);
    }
    let card_fonts = fonts::read(&config, data.iter().chain(&found), &mut faults)?;
    let data = data
        .into_iter()
        .filter(|found| !fonts::is_font(&found.path));
    let (data, people) = stages.time("read data", || read_data(data.collect(), &mut faults))?;
    let notes = photos::notes(&sidecars, &data, &files, &mut faults)?;

    progress.stage("reading", texts.len());
    let (parsed, bodies) = stages.time("read and parse", || {
        parse(
            &texts,
            &config,
            theme.as_ref(),
            began,
            cache,
            bodies,
            progress,
        )
    })?;
    drop(texts);
    faults.extend(parsed.faults);
    let of_some = parsed.articles.par_chunks(AT_ONCE);
    let until = of_some
        .filter_map(|some| options.visibility.until(some.iter().map(|one| &**one)))
        .min();
    stages.time("read photos", || {
        photos::read_embedded(
            &mut files,
            &parsed.articles,
            &parsed.indexes,
            options.visibility,
        )
    })?;
    let (articles, indexes) = (&parsed.articles, &parsed.indexes);
    let rest = Rest {
        survey: prints,
        theme: theme.as_ref(),
        files: &files,
        data: &data,
        notes: &notes,
        card_fonts: &card_fonts,
    };
    let prints = after::read_prints(&rest, articles, indexes);
    let after = match &manifest.arranged {
        Some(last) => After::of(last, manifest, &prints, &faults, options.visibility),
        None => After::Nothing,
    };
    Ok(Material {
        read: known.read() + parsed.read,
        files,
        found,
        began,
        after,
        config,
        theme,
        faults,
        articles: parsed.articles,
        indexes: parsed.indexes,
        parsed: parsed.parsed,
        bodies,
        data,
        people,
        notes,
        card_fonts,
        until,
        prints,
    })
}

impl Material {
    /// Tells whether everything is as the last build found it, and there is nothing to tell.
    pub(super) fn is_same(&self) -> bool {
        self.after == After::Same
    }
}

/// Arranges what was read of a site.
///
/// # Errors
///
/// What the file system refused.
pub(super) fn arrange(
    material: Material,
    options: &Options,
    manifest: &Manifest,
    cache: &Cache,
    stages: &mut Stages,
) -> Result<Loaded, BuildError> {
    let mut faults = material.faults;
    let sources = Sources {
        notes: material.notes,
        has_credit_pages: material.theme.as_ref().is_some_and(Theme::has_credit_pages),
        config: material.config,
        articles: material.articles,
        indexes: material.indexes,
        people: material.people,
        files: material.files,
        data: material.data,
        card_fonts: material.card_fonts,
        visibility: options.visibility,
    };
    let last = manifest
        .arranged
        .as_ref()
        .map_or(&[][..], |last| &last.articles);
    let last = material.after.last(last);
    let (mut archive, mut found_faults) =
        stages.time("arrange", || archive::arrange(sources, last));
    archive.tints = Arc::new(TintFile::open(&options.root.join(STATE)));
    faults.append(&mut found_faults);
    // Links to headings were looked up in what articles keep aside.
    cache.check()?;
    Ok(Loaded {
        archive: Arc::new(archive),
        theme: material.theme,
        diagnostics: faults,
        found: material.found,
        read: material.read,
        parsed: material.parsed,
        began: material.began,
        until: material.until,
        bodies: material.bodies,
        prints: material.prints,
        is_as_arranged: material.after.is_as_arranged(),
    })
}

fn site_files(
    found: &[Found],
    known: &Known<'_>,
    config: &Config,
    faults: &mut Vec<Diagnostic>,
) -> Result<SiteFiles, DiskError> {
    let read: Vec<Result<SiteFile, Diagnostic>> = found
        .par_iter()
        .map(|found| match input::site_file(found, known, config) {
            Ok(file) => Ok(Ok(file)),
            Err(error) => input::fault(&found.path, error).map(Err),
        })
        .collect::<Result<_, DiskError>>()?;
    let mut files = SiteFiles::new();
    for (found, read) in found.iter().zip(read) {
        match read {
            Ok(file) => {
                if let Some(Err(broken)) = file
                    .picture
                    .as_ref()
                    .filter(|picture| picture.as_ref().is_err_and(|fault| fault.is_active))
                {
                    let message = format!("the file {}", broken.message);
                    faults.push(
                        Diagnostic::error(message)
                            .at(Place::file(found.path.as_str()))
                            .hint(broken.hint.clone()),
                    );
                }
                files.insert(found.path.clone(), file);
            }
            Err(fault) => faults.push(fault),
        }
    }
    Ok(files)
}

pub(super) type Data = BTreeMap<String, Arc<DataFile>>;

fn read_data(
    files: Vec<Found>,
    faults: &mut Vec<Diagnostic>,
) -> Result<(Data, Vec<Person>), DiskError> {
    let mut data = Data::new();
    let mut people = Vec::new();
    for found in files {
        let bytes = match input::read(&found) {
            Ok(bytes) => bytes,
            Err(error) => {
                faults.push(input::fault(&found.path, error)?);
                continue;
            }
        };
        match text::decode(&found.path, &bytes) {
            Ok(text) => {
                if found.path == "data/authors.yaml" {
                    let (read, mut wrong) = front_matter::parse_people(&found.path, text);
                    people = read;
                    faults.append(&mut wrong);
                }
                let fingerprint = Fingerprint::of_bytes(&bytes);
                data.insert(
                    found.path,
                    Arc::new(DataFile {
                        fingerprint,
                        text: text.to_owned(),
                    }),
                );
            }
            Err(fault) => faults.push(fault),
        }
    }
    Ok((data, people))
}

/// What the Markdown files say, all of them together.
#[derive(Default)]
struct Articles {
    articles: Vec<Arc<Article>>,
    indexes: Vec<Index>,
    faults: Vec<Diagnostic>,
    read: usize,
    parsed: usize,
}

/// What became of one Markdown file.
enum One {
    /// Its stat says that it is as it was.
    Same,
    /// Its bytes are as they were.
    Read,
    /// It was parsed without a fault, and so can be remembered.
    Parsed(Box<Record>),
    /// It was parsed, with something to say about it each time.
    Doubtful(Box<Record>, Vec<Diagnostic>),
    /// It has errors.
    Broken(Vec<Diagnostic>),
}

/// Returns the fingerprint of everything that parsing an article depends on beside its text.
pub fn parser_print(config: &Config, theme: Option<&Theme>) -> Fingerprint {
    Fingerprinter::new("parser")
        .text(env!("CARGO_PKG_VERSION"))
        .fingerprint(config.parsing())
        .fingerprint(theme.map(Theme::declarations_print).unwrap_or_default())
        .finish()
}

/// Declares no shortcode, where the theme that would is broken.
struct NoShortcodes;

impl crate::source::markdown::Shortcodes for NoShortcodes {
    fn declared(&self, _: &str) -> Option<&crate::source::markdown::Declaration> {
        None
    }

    fn names(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// Reads and parses one article again; none where it is no longer there or has something to report.
pub fn reread(root: &Path, path: &str, config: &Config, theme: &Theme) -> Option<Arc<Article>> {
    let parser = Parser {
        settings: Settings::of(config),
        markdown: &config.markdown,
        shortcodes: theme,
        fingerprint: parser_print(config, Some(theme)),
    };
    let bytes = input::read_optional(&root.join(path)).ok().flatten()?;
    let text = text::decode(path, &bytes).ok()?;
    let is_within = bytes.len() as u64 <= config.limits.article_bytes;
    let (article, _, faults) = parser.article(path, text);
    article
        .filter(|_| is_within && faults.is_empty())
        .map(Arc::new)
}

/// Reads what changed since the records were made, and parses what is other; the drafts of their bodies
/// are kept in those that `bodies` opens.
fn parse(
    texts: &[Found],
    config: &Config,
    theme: Option<&Theme>,
    began: i64,
    cache: &mut Cache,
    bodies: impl FnOnce() -> Bodies + Send,
    progress: &dyn Progress,
) -> Result<(Articles, Bodies), DiskError> {
    let parser = Parser {
        settings: Settings::of(config),
        markdown: &config.markdown,
        shortcodes: match theme {
            Some(theme) => theme,
            None => &NoShortcodes,
        },
        fingerprint: parser_print(config, theme),
    };
    let take = || match theme {
        Some(_) => cache.take(parser.fingerprint),
        // Nothing comes of this reading but what is wrong; what is known is for the one after it.
        None => cache.take_any(),
    };
    let (records, mut bodies) = rayon::join(take, bodies);
    let goes = rayon::current_num_threads() * LEAST_GOES;
    let all_of = |texts: &[Found], known: &[Option<Record>]| -> Result<Vec<One>, DiskError> {
        let at_a_time = (texts.len() / goes).clamp(1, MOST_AT_A_TIME);
        let some = |(number, texts): (usize, &[Found])| {
            let mut drafts = Segment::default();
            let mut made = Vec::with_capacity(texts.len());
            for (at, found) in texts.iter().enumerate() {
                if progress.is_cancelled() {
                    return Err(DiskError::Interrupted);
                }
                let known = known.get(number * at_a_time + at).and_then(Option::as_ref);
                let keep = bodies.is_kept().then_some(&mut drafts);
                made.push(one(found, known, config, &parser, began, keep)?);
                progress.step();
            }
            bodies.keep(&drafts)?;
            Ok(made)
        };
        let made = texts.par_chunks(at_a_time).enumerate().map(some);
        let made: Vec<Vec<One>> = made.collect::<Result<_, DiskError>>()?;
        Ok(made.into_iter().flatten().collect())
    };
    let mut gathered = Gathered::new(theme.is_some());
    if records.is_empty() && theme.is_some() {
        let mut anew = cache.begin()?;
        for texts in texts.chunks(AT_ONCE) {
            let made = all_of(texts, &[])?.into_iter().zip(texts);
            let records = made.filter_map(|(one, found)| {
                let mut slot = None;
                gathered.add(one, &mut slot, found, began);
                slot
            });
            let records = records.collect();
            gathered.merge(anew.add(records)?);
        }
        anew.finish()?;
    } else {
        let (mut records, gone) = paired(texts, records);
        gathered.news.gone = gone;
        let made = all_of(texts, &records)?.into_iter();
        // Records stay where they are: there may be a million.
        for ((one, slot), found) in made.zip(&mut records).zip(texts) {
            gathered.add(one, slot, found, began);
        }
        gathered.news.records = records.into_iter().flatten().collect();
        let kept = cache.keep(std::mem::take(&mut gathered.news))?;
        gathered.merge(kept);
    }
    bodies.settle()?;
    Ok((gathered.finish(config), bodies))
}

/// What the Markdown files say, as far as they were looked at.
struct Gathered {
    all: Articles,
    news: News,
    /// The keys that nothing knows: how many files have each, and where the first does.
    unknown: BTreeMap<String, (usize, Place)>,
    /// What was read and is not kept.
    apart: Vec<Parsed>,
    /// Whether what is parsed is kept.
    keeps: bool,
    /// How many records there are that are kept, so far.
    count: u32,
}

impl Gathered {
    fn new(keeps: bool) -> Self {
        Self {
            all: Articles::default(),
            news: News::default(),
            unknown: BTreeMap::new(),
            apart: Vec::new(),
            keeps,
            count: 0,
        }
    }

    /// Adds what became of a file. `slot` has its record, and after that the one to keep, if any.
    fn add(&mut self, one: One, slot: &mut Option<Record>, found: &Found, began: i64) {
        let was_known = slot.is_some();
        let is_kept = match one {
            One::Same => true,
            One::Read => {
                self.all.read += 1;
                self.news.touched.push(self.count);
                if let Some(known) = slot {
                    (known.stat, known.seen) = (found.stat, began);
                }
                true
            }
            One::Parsed(record) => {
                self.all.read += 1;
                self.all.parsed += 1;
                self.news.changed.extend(self.keeps.then_some(self.count));
                *slot = Some(*record);
                self.keeps
            }
            One::Doubtful(record, mut faults) => {
                self.all.read += 1;
                self.all.parsed += 1;
                self.all.faults.append(&mut faults);
                *slot = Some(*record);
                false
            }
            One::Broken(mut faults) => {
                self.all.faults.append(&mut faults);
                *slot = None;
                false
            }
        };
        if let Some(record) = slot {
            for key in &record.unknown {
                let place = || Place::bytes(record.path(), key.at);
                let count = self
                    .unknown
                    .entry(key.key.clone())
                    .or_insert_with(|| (0, place()));
                count.0 += 1;
            }
        }
        if is_kept {
            self.count += 1;
        } else {
            let gone = was_known.then(|| found.path.clone());
            self.news.gone.extend(gone);
            self.apart.extend(slot.take().map(|record| record.parsed));
        }
    }

    /// Takes what was kept of the files since the last time, together with what was not.
    fn merge(&mut self, kept: Vec<Parsed>) {
        let mut kept = kept.into_iter().peekable();
        let mut apart = std::mem::take(&mut self.apart).into_iter().peekable();
        loop {
            let is_kept_next = match (kept.peek(), apart.peek()) {
                (Some(kept), Some(apart)) => kept.path() < apart.path(),
                (kept, _) => kept.is_some(),
            };
            let next = match is_kept_next {
                true => kept.next(),
                false => apart.next(),
            };
            match next {
                Some(Parsed::Article(article)) => self.all.articles.push(article),
                Some(Parsed::Index(index)) => self.all.indexes.push(Arc::unwrap_or_clone(index)),
                None => break,
            }
        }
    }

    /// Returns all of it, with what there is to say of keys that nothing knows.
    fn finish(self, config: &Config) -> Articles {
        let mut all = self.all;
        for (key, (count, place)) in self.unknown {
            let Some(near) = front_matter::nearest_key(&key, &config.taxonomies) else {
                continue;
            };
            let files = if count == 1 {
                String::new()
            } else {
                format!(", in {count} files")
            };
            let fault = Diagnostic::warning(format!(
                "unknown key `{key}`{files}; it is kept for the theme"
            ))
            .at(place)
            .hint(format!(
                "did you mean `{near}`? data for the theme belongs under `extra`"
            ));
            all.faults.push(fault);
        }
        all
    }
}

/// Gives each file its record, and returns the paths of those that have no file any more. Both lists
/// are in the order of the paths.
fn paired(texts: &[Found], records: Vec<Record>) -> (Vec<Option<Record>>, Vec<String>) {
    let of_texts = records.par_iter().zip(texts);
    let is_same = |(record, found): (&Record, &Found)| record.path() == found.path;
    if records.len() == texts.len() && of_texts.all(is_same) {
        return (records.into_iter().map(Some).collect(), Vec::new());
    }
    let mut gone = Vec::new();
    let mut records = records.into_iter().peekable();
    let known = texts
        .iter()
        .map(|found| {
            while let Some(record) = records.next_if(|record| record.path() < found.path.as_str()) {
                gone.push(record.path().to_owned());
            }
            records.next_if(|record| record.path() == found.path)
        })
        .collect();
    gone.extend(records.map(|record| record.path().to_owned()));
    (known, gone)
}

fn one(
    found: &Found,
    known: Option<&Record>,
    config: &Config,
    parser: &Parser<'_>,
    began: i64,
    drafts: Option<&mut Segment>,
) -> Result<One, DiskError> {
    let path = found.path.as_str();
    if found.stat.size > config.limits.article_bytes {
        let message = format!(
            "the file has {} bytes, more than the {} that `limits.article_bytes` allows",
            found.stat.size, config.limits.article_bytes
        );
        let hint = "cut the article into several, or raise the limit";
        return Ok(One::Broken(vec![
            Diagnostic::error(message).at(Place::file(path)).hint(hint),
        ]));
    }
    if known.is_some_and(|known| known.is_of(found)) {
        return Ok(One::Same);
    }
    let bytes = match input::read(found) {
        Ok(bytes) => bytes,
        Err(error) => return Ok(One::Broken(vec![input::fault(path, error)?])),
    };
    let print = Fingerprint::of_bytes(&bytes);
    if known.is_some_and(|known| known.bytes == print) {
        return Ok(One::Read);
    }
    let text = match text::decode(path, &bytes) {
        Ok(text) => text,
        Err(fault) => return Ok(One::Broken(vec![fault])),
    };
    let is_index = path
        .rsplit('/')
        .next()
        .is_some_and(|name| name.starts_with("_index."));
    let (parsed, unknown, faults) = match is_index {
        true => index(path, text, parser),
        false => {
            let mut draft = None;
            let (article, unknown, faults) = match drafts {
                Some(_) => parser.article_and_draft(path, text, &mut draft),
                None => parser.article(path, text),
            };
            if let (Some(article), Some(draft), Some(drafts)) = (&article, draft, drafts) {
                drafts.add(article.body, &draft);
            }
            let article = article.map(|article| Parsed::Article(Arc::new(article)));
            (article, unknown, faults)
        }
    };
    let Some(parsed) = parsed else {
        return Ok(One::Broken(faults));
    };
    let record = Box::new(Record {
        stat: found.stat,
        seen: began,
        bytes: print,
        parsed,
        unknown,
    });
    Ok(match faults.is_empty() {
        true => One::Parsed(record),
        false => One::Doubtful(record, faults),
    })
}

/// Parses an `_index.md`.
fn index(
    path: &str,
    text: &str,
    parser: &Parser<'_>,
) -> (Option<Parsed>, Vec<Unknown>, Vec<Diagnostic>) {
    let (front, mut faults) = front_matter::parse_section(path, text);
    let Some(front) = front else {
        return (None, Vec::new(), faults);
    };
    let body = &text[front.body.clone()];
    let (outline, _, found) = markdown::outline(
        body,
        front.body.start,
        None,
        parser.markdown,
        parser.shortcodes,
    );
    faults.extend(
        found
            .into_iter()
            .map(|fault| article::diagnostic(path, text, fault)),
    );
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let index = Index {
        path: path.to_owned(),
        section: folder
            .strip_prefix("content")
            .unwrap_or(folder)
            .trim_start_matches('/')
            .to_owned(),
        has_body: !body.trim().is_empty(),
        outline,
        meta: front.meta,
        fingerprint: article::text_print(parser.fingerprint, text),
    };
    (Some(Parsed::Index(Arc::new(index))), front.unknown, faults)
}
