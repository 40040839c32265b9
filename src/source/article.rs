//! An article: everything about one Markdown file that other pages can see.
//!
//! An article depends on its own file and on the configuration that governs parsing, on nothing
//! else: links and photos are kept as written and resolved where the whole archive is known.

use crate::base::aside::Aside;
use crate::base::diagnostic::{Diagnostic, Place, Severity};
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use crate::base::texts::Texts;
use crate::base::timestamp::{Timestamp, Zone};
use crate::source::config;
use crate::source::correction::Correction;
use crate::source::front_matter::{self, Unknown};
use crate::source::markdown::{self, Headings, Outline, Shortcodes, Shown};
use crate::source::photo::Photo;
use crate::source::presentation::{Genre, Presentation};
use crate::source::{dateline, live};
use serde::{Deserialize, Serialize};
use std::ops::{Deref, DerefMut};

/// One article's metadata; its text is read again when its page is rendered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Article {
    /// The file's path from the site's root, such as `content/local/harbour.md`.
    pub path: String,
    /// What the path says.
    pub address: Address,
    /// What front matter says.
    pub meta: Meta,
    /// What is in the body: links, pictures, the length.
    pub outline: Outline,
    /// What only pages and faults show. Whoever encodes an article keeps it beside.
    #[serde(skip)]
    pub details: Aside<Details>,
    /// The fingerprint of what lists show: everything but the body.
    pub card: Fingerprint,
    /// The fingerprint of the whole file and of the configuration that governs parsing.
    pub body: Fingerprint,
    /// The fingerprint of all but the words of the body: of what lists show, and of the body's links,
    /// pictures and headings, wherever in the file they stand.
    pub outward: Fingerprint,
    /// Some bits of the fingerprint of the text under the front matter.
    pub text: u32,
}

/// What only pages and faults show of an article.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Details {
    /// The summary: HTML of inline elements without links.
    pub summary: String,
    /// Every heading of the body, in order.
    pub headings: Headings,
    /// Where the values of front matter that later stages may find fault with stand in the file.
    pub places: Places,
}

/// What an article's front matter says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Meta {
    /// The headline, as written.
    pub headline: String,
    /// When it was or will be published; from the file's name where front matter has none.
    pub timestamp: Option<Timestamp>,
    /// When it was last changed for readers.
    pub updated: Option<Timestamp>,
    /// When it stops being shown.
    pub expires: Option<Timestamp>,
    /// The lead photo.
    pub photo: Option<Box<Photo>>,
    /// Tags, as written, without repetitions.
    pub tags: Texts,
    /// Authors, as written, without repetitions.
    pub authors: Texts,
    /// Whether it is left out of builds without `-D`.
    pub draft: bool,
    /// How it is presented, where that is not as most articles are.
    pub presentation: Option<Box<Presentation>>,
    /// What few articles say, as if it stood here: fields of it are reached without its name.
    pub rare: Option<Box<Rare>>,
}

/// Keys, such as `url` or `aliases[0]`, and where their values stand: bytes from the file's beginning.
pub type Places = Vec<(String, (u32, u32))>;

/// What the front matter of few articles says: it takes no memory of the others.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Rare {
    /// The summary, as written: Markdown without blocks. An article has it as [`Details::summary`], and
    /// this no longer.
    pub summary: Option<Box<str>>,
    /// The terms of the site's further taxonomies, by the taxonomy's key.
    pub terms: Vec<(String, Texts)>,
    /// The section, where it is not the folder.
    pub section: Option<String>,
    /// The name in the URL, where it is not the file's name.
    pub slug: Option<String>,
    /// The whole URL path, where the permalink pattern does not make it.
    pub url: Option<String>,
    /// Addresses that lead here.
    pub aliases: Vec<String>,
    /// The language, as a BCP 47 tag, where it is not the site's.
    pub lang: Option<String>,
    /// What was corrected after publication, in the order written.
    pub corrections: Vec<Correction>,
    /// The template, where it is not the one for articles.
    pub template: Option<String>,
    /// What the article and its translations have in common.
    pub translation_key: Option<String>,
    /// The series that the article is a part of.
    pub series: Option<String>,
    /// Its place in sections that are ordered by weight; lighter ones come first.
    pub weight: Option<i64>,
    /// Whether it is left out where readers search.
    pub is_unsearched: bool,
    /// Everything under `extra`, and unknown keys: data for the theme.
    pub extra: Data,
}

static NOTHING_RARE: Rare = Rare {
    summary: None,
    terms: Vec::new(),
    section: None,
    slug: None,
    url: None,
    aliases: Vec::new(),
    lang: None,
    translation_key: None,
    corrections: Vec::new(),
    template: None,
    series: None,
    weight: None,
    is_unsearched: false,
    extra: Data::Null,
};

impl Deref for Meta {
    type Target = Rare;

    fn deref(&self) -> &Rare {
        self.rare.as_deref().unwrap_or(&NOTHING_RARE)
    }
}

impl DerefMut for Meta {
    fn deref_mut(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }
}

impl Meta {
    /// Gives back the memory that the reading of front matter took.
    pub fn shrink(&mut self) {
        if self
            .rare
            .as_deref()
            .is_some_and(|rare| *rare == NOTHING_RARE)
        {
            self.rare = None;
        }
        if let Some(rare) = &mut self.rare {
            rare.aliases.shrink_to_fit();
        }
    }

    /// Returns the kind of journalism.
    pub fn genre(&self) -> Genre {
        self.presented(|presentation| Some(presentation.genre))
            .unwrap_or_default()
    }

    /// Tells whether somebody paid for it.
    pub fn is_sponsored(&self) -> bool {
        self.presentation
            .as_ref()
            .is_some_and(|presentation| presentation.is_sponsored())
    }

    /// Returns something of how it is presented, if that is given.
    pub fn presented<'a, T>(
        &'a self,
        part: impl FnOnce(&'a Presentation) -> Option<T>,
    ) -> Option<T> {
        self.presentation.as_deref().and_then(part)
    }
}

/// Free data of the user's: YAML's kinds of values, in the order written.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub enum Data {
    /// Nothing, or null.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Data>),
    /// A map, in the order written.
    Map(Vec<(String, Data)>),
}

/// Everything that parsing an article depends on beside its text.
pub struct Parser<'a> {
    /// How front matter is read.
    pub settings: front_matter::Settings<'a>,
    /// How bodies are read.
    pub markdown: &'a config::Markdown,
    /// The shortcodes that the theme declares.
    pub shortcodes: &'a (dyn Shortcodes + Sync),
    /// The fingerprint of all of this.
    pub fingerprint: Fingerprint,
}

impl Parser<'_> {
    /// Parses an article's whole text; reports every fault in it. Keys that nothing knows are
    /// returned beside, so that each can be named once for the whole site.
    pub fn article(
        &self,
        path: &str,
        text: &str,
    ) -> (Option<Article>, Vec<Unknown>, Vec<Diagnostic>) {
        self.parsed(path, text, None)
    }

    /// Parses an article as [`Parser::article`] does, and puts the draft of its body's HTML into
    /// `draft`, where it has one.
    pub fn article_and_draft(
        &self,
        path: &str,
        text: &str,
        draft: &mut Option<String>,
    ) -> (Option<Article>, Vec<Unknown>, Vec<Diagnostic>) {
        self.parsed(path, text, Some(draft))
    }

    fn parsed(
        &self,
        path: &str,
        text: &str,
        draft: Option<&mut Option<String>>,
    ) -> (Option<Article>, Vec<Unknown>, Vec<Diagnostic>) {
        let (address, date) = Address::of(path, &self.settings.zone);
        let (parsed, mut faults) = front_matter::parse(path, text, date, &self.settings);
        let Some(parsed) = parsed else {
            return (None, Vec::new(), faults);
        };
        let body = &text[parsed.body.clone()];
        let (offset, written) = (parsed.body.start, parsed.meta.summary.as_deref());
        let found = match draft {
            None => markdown::outline(body, offset, written, self.markdown, self.shortcodes),
            Some(draft) => {
                let found;
                (found, *draft) = markdown::outline_and_draft(
                    body,
                    offset,
                    written,
                    self.markdown,
                    self.shortcodes,
                );
                found
            }
        };
        let (outline, Shown { summary, headings }, found) = found;
        faults.extend(diagnostics(path, text, found));
        let mut meta = parsed.meta;
        find_dateline(&mut meta, body);
        faults.extend(live::find_updates(
            (path, text, parsed.body.clone()),
            &mut meta,
            &headings,
            &self.settings.zone,
            || markdown::heading_places(body, self.markdown, self.shortcodes),
        ));
        let card = Fingerprinter::new("article")
            .text(path)
            .fingerprint(self.fingerprint)
            .value(&without_places(&meta))
            .text(&summary)
            .number(u64::from(outline.words))
            .number(u64::from(outline.minutes))
            .finish();
        let mut outward = Fingerprinter::new("outward");
        outward.fingerprint(card).value(&headings);
        outline.print(&mut outward);
        // What is shown of it is kept, and nothing asks how it was written.
        if let Some(rare) = &mut meta.rare {
            rare.summary = None;
            meta.shrink();
        }
        let words = Fingerprint::of_bytes(body.trim().as_bytes()).bits();
        let body = text_print(self.fingerprint, text);
        let article = Article {
            path: path.to_owned(),
            address,
            meta,
            outline,
            details: Aside::new(&Details {
                summary,
                headings,
                places: parsed.places,
            }),
            card,
            body,
            outward: outward.finish(),
            text: words,
        };
        (Some(article), parsed.unknown, faults)
    }
}

/// Notes the dateline that a body begins with, unless front matter gives one.
fn find_dateline(meta: &mut Meta, body: &str) {
    let is_given = meta
        .presented(|presentation| presentation.dateline.as_ref())
        .is_some();
    let body = body.trim_start();
    if let Some(found) = dateline::find(body).filter(|_| !is_given) {
        let presentation = meta.presentation.get_or_insert_default();
        presentation.dateline = Some(body[found.text].into());
    }
}

impl Article {
    /// Returns where the value of a key of front matter stands, such as `aliases[0]`, in bytes from the
    /// file's beginning.
    pub fn place(&self, key: &str) -> Option<(u32, u32)> {
        let places = self.details.get().places.into_iter();
        places
            .filter(|(name, _)| name == key)
            .map(|(_, bytes)| bytes)
            .next()
    }

    /// Returns the summary: HTML of inline elements without links.
    pub fn summary(&self) -> String {
        self.details.get().summary
    }

    /// Returns the section's path, such as `local` or `local/port`; empty at the root of `content/`.
    pub fn section(&self) -> &str {
        self.address.section.of(&self.path)
    }

    /// Returns the name in the URL where front matter gives none: the file's without its date.
    pub fn name(&self) -> &str {
        self.address.name.of(&self.path)
    }
}

/// Returns the fingerprint of a whole Markdown file, and of everything else that parsing it depends
/// on.
pub fn text_print(parser: Fingerprint, text: &str) -> Fingerprint {
    Fingerprinter::new("text")
        .fingerprint(parser)
        .text(text)
        .finish()
}

/// The most faults of one body that are told, each with its line: more are one fault repeated.
pub const MOST_FAULTS: usize = 100;

/// Turns the faults of a body into diagnostics, those beyond the first hundred into one.
pub fn diagnostics(path: &str, source: &str, faults: Vec<markdown::Fault>) -> Vec<Diagnostic> {
    let (errors, warnings): (Vec<_>, Vec<_>) = faults
        .into_iter()
        .partition(|fault| fault.severity == Severity::Error);
    let mut told = Vec::new();
    for faults in [errors, warnings] {
        let Some(severity) = faults.first().map(|fault| fault.severity) else {
            continue;
        };
        let rest = faults.len().saturating_sub(MOST_FAULTS);
        let next = faults.get(MOST_FAULTS).map(|fault| fault.at.clone());
        told.extend(
            faults
                .into_iter()
                .take(MOST_FAULTS)
                .map(|fault| diagnostic(path, source, fault)),
        );
        // At the first of them, it stands after those that are listed.
        told.extend(untold(path, rest, severity).map(|fault| match next {
            Some(at) => fault.at(Place::range(path, source, at)),
            None => fault,
        }));
    }
    told
}

/// Says how many faults of a file are not told.
pub fn untold(path: &str, count: usize, severity: Severity) -> Option<Diagnostic> {
    let message = match severity {
        Severity::Error => format!("{count} more errors of this file are not listed"),
        Severity::Warning => format!("{count} more warnings of this file are not listed"),
    };
    let fault = match severity {
        Severity::Error => Diagnostic::error(message),
        Severity::Warning => Diagnostic::warning(message),
    };
    (count > 0).then(|| {
        fault
            .at(Place::file(path))
            .hint("mend the first ones, and build again")
    })
}

/// Turns a fault of a body into a diagnostic; `source` is the text of the file `path`.
pub fn diagnostic(path: &str, source: &str, fault: markdown::Fault) -> Diagnostic {
    let made = match fault.severity {
        Severity::Error => Diagnostic::error(fault.message),
        Severity::Warning => Diagnostic::warning(fault.message),
    };
    let made = made.at(Place::range(path, source, fault.at));
    match fault.hint {
        Some(hint) => made.hint(hint),
        None => made,
    }
}

/// Returns what lists show of front matter: everything but where the photo stands in the file.
fn without_places(meta: &Meta) -> Meta {
    let mut shown = meta.clone();
    if let Some(photo) = &mut shown.photo {
        photo.at = None;
    }
    shown
}

/// What an article's path says of it: parts of the path.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Address {
    section: Part,
    name: Part,
}

/// A part of a path: its first byte and the one after its last. No file system has paths of 64 KiB.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Part(u16, u16);

impl Part {
    /// Finds a part of a path by where it lies in memory.
    fn from(path: &str, part: &str) -> Self {
        let start = part.as_ptr().addr().saturating_sub(path.as_ptr().addr());
        let place = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
        match part.is_empty() {
            true => Self(0, 0),
            false => Self(place(start), place(start + part.len())),
        }
    }

    fn of(self, path: &str) -> &str {
        path.get(usize::from(self.0)..usize::from(self.1))
            .unwrap_or_default()
    }
}

impl Address {
    fn of(path: &str, zone: &Zone) -> (Self, Option<Timestamp>) {
        let below = path.strip_prefix("content/").unwrap_or(path);
        let (folder, file) = below.rsplit_once('/').unwrap_or(("", below));
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        // A bundle is called by its folder and lies in the section around it.
        let (section, stem) = match stem {
            "index" if !folder.is_empty() => folder.rsplit_once('/').unwrap_or(("", folder)),
            _ => (folder, stem),
        };
        let (date, name) = match Timestamp::from_file_name(stem, zone) {
            Some((date, length)) if length < stem.len() => (Some(date), &stem[length..]),
            Some((date, _)) => (Some(date), stem),
            None => (None, stem),
        };
        let address = Self {
            section: Part::from(path, section),
            name: Part::from(path, name),
        };
        (address, date)
    }
}
