//! The archive: every article that is shown, in order, grouped in every way that pages need.

use super::credits::Credits;
use super::language::Language;
use super::makers::{self, Credited};
use super::paths::Paths;
use super::photos::Notes;
use super::prints::Last;
use super::reference::{self, PictureTarget, SourceLink};
use super::section::{self, Section};
use super::taxonomy::{About, Group, Term};
use super::terms::Terms;
use super::{checks, prints};
use crate::base::diagnostic::{Diagnostic, Place};
use crate::base::fingerprint::Fingerprint;
use crate::base::route::{Route, RouteRules, is_path_like};
use crate::base::slug::slug;
use crate::base::texts::Texts;
use crate::base::timestamp::Timestamp;
use crate::source::article::Article;
use crate::source::config::{Config, Level, Taxonomy};
use crate::source::file::SiteFiles;
use crate::source::font::Font;
use crate::source::front_matter::{Order, Person, SectionMeta};
use crate::source::markdown::Outline;
use crate::source::tint::{NoTints, Tints};
use rapidhash::{RapidHashMap, RapidHashSet};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An article's place in the archive: undated ones come first, then the oldest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ArticleId(pub u32);

/// Everything that was read and parsed, before it is put in order.
pub struct Sources {
    /// The configuration.
    pub config: Arc<Config>,
    /// Every article, hidden ones too.
    pub articles: Vec<Arc<Article>>,
    /// Every `_index.md`.
    pub indexes: Vec<Index>,
    /// The people of `data/authors.yaml`.
    pub people: Vec<Person>,
    /// The files beside the articles and in `static/`.
    pub files: SiteFiles,
    /// What is said of photos beside their files.
    pub notes: Notes,
    /// Whether the theme makes pages of photographers and agencies.
    pub has_credit_pages: bool,
    /// The files of `data/`.
    pub data: BTreeMap<String, Arc<DataFile>>,
    /// The fonts of cards.
    pub card_fonts: Vec<Font>,
    /// Which articles are shown.
    pub visibility: Visibility,
}

/// An `_index.md`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Index {
    /// The file's path.
    pub path: String,
    /// The folder's path below `content/`; empty for `content/_index.md`.
    pub section: String,
    /// What its front matter says.
    pub meta: SectionMeta,
    /// Whether there is text under the front matter.
    pub has_body: bool,
    /// What is in that text.
    pub outline: Outline,
    /// The fingerprint of the file and of the configuration that governs parsing.
    pub fingerprint: Fingerprint,
}

/// A file of `data/`.
#[derive(Debug)]
pub struct DataFile {
    /// The fingerprint of its bytes.
    pub fingerprint: Fingerprint,
    /// Its text.
    pub text: String,
}

/// Which articles are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visibility {
    /// Whether drafts are.
    pub drafts: bool,
    /// Whether those are that are to be published later than now.
    pub future: bool,
    /// Whether those are that have expired.
    pub expired: bool,
    /// The moment of the build, in Unix seconds.
    pub now: i64,
}

/// Why an article is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Hidden {
    /// It is a draft.
    Draft,
    /// It is to be published later.
    Scheduled,
    /// It has expired.
    Expired,
}

impl Visibility {
    /// Returns the first moment after this one, in Unix seconds, at which an article is hidden or
    /// shown that is not now; none where time alone changes nothing.
    pub fn until<'a>(&self, articles: impl Iterator<Item = &'a Article>) -> Option<i64> {
        let moments = |article: &Article| [article.meta.timestamp, article.meta.expires];
        articles
            .flat_map(|article| moments(article).into_iter().flatten())
            .map(|time| time.instant())
            .filter(|instant| *instant > self.now)
            .min()
    }

    /// Tells why an article is not shown; none if it is.
    pub fn hides(&self, article: &Article) -> Option<Hidden> {
        let meta = &article.meta;
        let is_later = |time: &Timestamp| time.instant() > self.now;
        if meta.draft && !self.drafts {
            Some(Hidden::Draft)
        } else if meta.timestamp.as_ref().is_some_and(is_later) && !self.future {
            Some(Hidden::Scheduled)
        } else if meta.expires.as_ref().is_some_and(|time| !is_later(time)) && !self.expired {
            Some(Hidden::Expired)
        } else {
            None
        }
    }
}

/// How many articles are not shown, by reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HiddenCount {
    /// Drafts.
    pub drafts: usize,
    /// Those to be published later.
    pub scheduled: usize,
    /// Those that have expired.
    pub expired: usize,
}

/// Every article that is shown, in order, grouped in every way that pages need.
#[derive(Clone)]
pub struct Archive {
    /// The configuration.
    pub config: Arc<Config>,
    /// The articles; an [`ArticleId`] is a place in this list.
    pub articles: Vec<Published>,
    /// How many articles at the beginning have no date.
    pub undated: usize,
    /// The sections by path; the first is the root.
    pub sections: Vec<Section>,
    /// The parts of the site's languages: that of the site's own first, the others in the order of the
    /// configuration.
    pub languages: Vec<Language>,
    /// The taxonomies of each language, in the order of the configuration; last those of the whole site.
    pub groups: Vec<Group>,
    /// The files beside the articles and in `static/`.
    pub files: Arc<SiteFiles>,
    /// What is said of photos beside their files.
    pub notes: Arc<Notes>,
    /// The tints of photos, as far as pages ask for them.
    pub tints: Arc<dyn Tints>,
    /// How credits are read.
    pub credits: Arc<Credits>,
    /// Whether photographers and agencies have pages.
    pub has_credit_pages: bool,
    /// The files of `data/`.
    pub data: BTreeMap<String, Arc<DataFile>>,
    /// The fonts of cards beside dateline's own.
    pub card_fonts: Arc<Vec<Font>>,
    /// What was left out.
    pub hidden: HiddenCount,
    /// The moment of the build, in Unix seconds.
    pub now: i64,
    /// How many fingerprints of what an article's page shows of it were made: those of the other articles
    /// are known from the last build.
    pub fingerprinted: usize,
    /// Whether everything has an address of its own: where one was refused, the home page's stands
    /// in its place.
    pub has_addresses: bool,
    pub(super) paths: Arc<Paths>,
    pub(super) hidden_paths: Arc<RapidHashMap<String, Hidden>>,
    pub(super) translations: Arc<RapidHashMap<String, Vec<ArticleId>>>,
    /// The sections whose `_index.md` has a `translation_key`.
    pub(super) keyed_sections: Vec<usize>,
    pub(super) index_paths: BTreeMap<String, Route>,
    /// The articles that link by source path to a heading, or to what is no article; in order.
    pub(super) other_links: Vec<ArticleId>,
    /// The fingerprints of where each article stands, where they were needed.
    pub(super) places: Vec<Fingerprint>,
}

/// An article with what the archive knows of it.
#[derive(Clone)]
pub struct Published {
    /// The article.
    pub article: Arc<Article>,
    /// Where its page stands.
    pub route: Route,
    /// Its section: a place in [`Archive::sections`].
    pub section: usize,
    /// Its terms in each group: places in [`Group::terms`]. It has none in those of other languages.
    pub terms: Terms,
    /// Where its lead photo is.
    pub photo: Option<PictureTarget>,
    /// The fingerprint of all that lists show of it.
    pub card: Fingerprint,
    /// The fingerprint of all that its own page shows of it.
    pub page: Fingerprint,
}

/// Puts everything that was read in order, and reports what does not fit together.
pub fn arrange(sources: Sources, last: Last<'_>) -> (Archive, Vec<Diagnostic>) {
    let mut faults = Vec::new();
    let Sources {
        config,
        articles,
        indexes,
        people,
        files,
        notes,
        has_credit_pages,
        data,
        card_fonts,
        visibility,
    } = sources;
    let credits = Credits::new(config.credits.lexicon());
    let has_credit_pages = has_credit_pages && config.credits.pages;
    let (articles, hidden_paths, hidden) = shown(articles, &visibility);
    let (indexes, term_indexes) = split_indexes(indexes, &config);
    let mut sections = sections(&articles, indexes, &config, &mut faults);
    let credited = match has_credit_pages {
        true => Credited::of(&articles, &notes, &files, &credits, &config),
        false => Credited::default(),
    };
    let (mut groups, places) = groups(
        &articles,
        term_indexes,
        &people,
        &credited,
        &sections,
        &config,
        &mut faults,
    );
    let published = publish(
        articles,
        &mut sections,
        &mut groups,
        &places,
        &credited,
        &config,
        &mut faults,
    );
    let has_addresses = !faults.iter().any(Diagnostic::is_error);
    order_sections(&mut sections, &published);
    let (languages, paths) = rayon::join(
        || Language::all(&roots(&sections, &config), &sections, &published),
        || Paths::new(&published),
    );
    let mut archive = Archive {
        undated: published.partition_point(|one| one.article.meta.timestamp.is_none()),
        languages,
        paths: Arc::new(paths),
        hidden_paths: Arc::new(hidden_paths),
        translations: Arc::default(),
        keyed_sections: keyed(sections.iter().map(|section| &section.about)),
        index_paths: index_paths(&sections, &groups),
        other_links: Vec::new(),
        places: Vec::new(),
        articles: published,
        sections,
        groups,
        files: Arc::new(files),
        notes: Arc::new(notes),
        tints: Arc::new(NoTints),
        credits: Arc::new(credits),
        has_credit_pages,
        data,
        card_fonts: Arc::new(card_fonts),
        hidden,
        now: visibility.now,
        fingerprinted: 0,
        has_addresses,
        config,
    };
    archive.translate();
    let last = match last {
        Last::ButForWords(prints) if prints.len() != archive.articles.len() => Last::Nothing,
        last => last,
    };
    let known = prints::fill_in(&mut archive, last);
    checks::report(&archive, &archive.hidden_paths, &known, &mut faults);
    makers::warn_of_similar(&archive, &mut faults);
    (archive, faults)
}

impl Archive {
    /// Returns an article.
    pub fn article(&self, id: ArticleId) -> &Published {
        &self.articles[id.0 as usize]
    }

    /// Finds an article by its source: `content/local/harbour.md` or `@/local/harbour.md`.
    pub fn find(&self, path: &str) -> Option<ArticleId> {
        let below = path
            .strip_prefix("@/")
            .or_else(|| path.strip_prefix("content/"))?;
        self.paths.below(below, &self.articles)
    }

    /// Finds the article and the heading that a link by source path names, if it is written as nearly
    /// all are.
    pub(super) fn linked<'a>(&self, target: &'a str) -> Option<(ArticleId, Option<&'a str>)> {
        let (path, anchor) = reference::plain_link(target)?;
        Some((self.paths.below(path, &self.articles)?, anchor))
    }

    /// Tells why the article with this source path, or this `@/` link, is not shown; none where it is,
    /// or where there is none.
    pub fn hides(&self, path: &str) -> Option<Hidden> {
        let found = match path.strip_prefix("@/") {
            Some(rest) => self.hidden_paths.get(&format!("content/{rest}")),
            None => self.hidden_paths.get(path),
        };
        found.copied()
    }

    /// Returns where the page stands that shows the text of a source: of an article, a section or a
    /// term.
    pub fn page_of(&self, path: &str) -> Option<&Route> {
        match self.find(path) {
            Some(id) => Some(&self.article(id).route),
            None => self.index_paths.get(path),
        }
    }

    /// Returns every article that has a date, the oldest first.
    pub fn dated(&self) -> impl DoubleEndedIterator<Item = ArticleId> + ExactSizeIterator + use<> {
        (self.undated as u32..self.articles.len() as u32).map(ArticleId)
    }

    /// Returns the language of an article, as a BCP 47 tag.
    pub fn language<'a>(&'a self, one: &'a Published) -> &'a str {
        let own = one.article.meta.lang.as_deref();
        own.unwrap_or(&self.sections[one.section].language)
    }

    /// Returns the section around a section that has none around it: the root, or the folder of a
    /// further language.
    pub fn root_of(&self, section: usize) -> usize {
        section::root_of(&self.sections, section)
    }

    /// Returns the language whose part of the site a section is in: a place in [`Archive::languages`].
    pub fn language_of(&self, section: usize) -> usize {
        if self.languages.len() == 1 {
            return 0;
        }
        let root = self.root_of(section);
        let mut languages = self.languages.iter();
        languages
            .position(|language| language.root == root)
            .unwrap_or_default()
    }

    /// Returns the root of the language that a group is of; that of the site's where it is of all.
    pub fn root_of_group(&self, group: usize) -> usize {
        self.languages[self.groups[group].language.unwrap_or_default()].root
    }

    /// Tells whether a section is the root, or the folder of a further language.
    pub fn is_root(&self, section: usize) -> bool {
        self.sections[section].parent.is_none()
    }

    /// Returns the roots, that of the site's language first, the others in the order of the
    /// configuration.
    pub fn roots(&self) -> impl Iterator<Item = usize> {
        self.languages.iter().map(|language| language.root)
    }

    /// Returns an article and its translations, in their order; the article alone where it has none.
    pub fn translations(&self, id: ArticleId) -> Vec<ArticleId> {
        let key = self.translation_key(self.article(id));
        let found = key.and_then(|key| self.translations.get(&key));
        found.cloned().unwrap_or_else(|| vec![id])
    }

    /// Returns a section and those of the same path in other languages, that of the site's language
    /// first; the `translation_key` of an `_index.md` stands for the path.
    pub fn section_translations(&self, section: usize) -> Vec<usize> {
        if self.config.languages.is_empty() {
            return vec![section];
        }
        let root = &self.sections[self.root_of(section)].path;
        let path = self.sections[section].path.as_str();
        let own_key = |section: usize| {
            let about = self.sections[section].about.as_ref()?;
            about.translation_key.as_deref()
        };
        let key = own_key(section).unwrap_or(path[root.len()..].trim_start_matches('/'));
        let of_root = |root: usize| {
            let of_path = match (self.sections[root].path.as_str(), key) {
                (root, "") => self.section(root),
                ("", key) => self.section(key),
                (root, key) => self.section(&format!("{root}/{key}")),
            };
            let of_path = of_path.filter(|at| own_key(*at).is_none_or(|own| own == key));
            of_path.or_else(|| {
                let mut keyed = self.keyed_sections.iter().copied();
                keyed.find(|at| own_key(*at) == Some(key) && self.root_of(*at) == root)
            })
        };
        self.roots().filter_map(of_root).collect()
    }

    /// Returns what an article and its translations have in common: their `translation_key`, else the
    /// path below the folder of their language.
    fn translation_key(&self, one: &Published) -> Option<String> {
        if let Some(key) = &one.article.meta.translation_key {
            return Some(format!("key {key}"));
        }
        if self.config.languages.is_empty() {
            return None;
        }
        let path = one.article.path.strip_prefix("content/")?;
        let tags = self.config.languages.iter();
        let mut below = tags.filter_map(|tag| path.strip_prefix(tag.as_str())?.strip_prefix('/'));
        Some(below.next_back().unwrap_or(path).to_owned())
    }

    /// Gathers articles that are translations of each other, each language once.
    fn translate(&mut self) {
        let mut groups: RapidHashMap<String, Vec<ArticleId>> = RapidHashMap::default();
        for at in 0..self.articles.len() {
            let id = ArticleId(at as u32);
            let Some(key) = self.translation_key(self.article(id)) else {
                continue;
            };
            let group = groups.entry(key).or_default();
            let language = self.language(&self.articles[at]);
            let is_other = |known: &ArticleId| self.language(self.article(*known)) != language;
            if group.iter().all(is_other) {
                group.push(id);
            }
        }
        groups.retain(|_, group| group.len() > 1);
        self.translations = Arc::new(groups);
    }

    /// Finds a section by its path below `content/`.
    pub fn section(&self, path: &str) -> Option<usize> {
        self.sections
            .binary_search_by(|section| section.path.as_str().cmp(path))
            .ok()
    }

    /// Finds the taxonomies of a key: one for each language, or one of the whole site.
    pub fn groups_of<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a Group> {
        self.groups
            .iter()
            .filter(move |group| group.taxonomy.key == key)
    }

    /// Finds the taxonomy of a key that groups the articles of a language.
    pub fn group(&self, language: usize, key: &str) -> Option<usize> {
        self.groups.iter().position(|group| {
            group.taxonomy.key == key && group.language.is_none_or(|of| of == language)
        })
    }

    /// Finds the taxonomy of a key in which an article has its terms.
    pub fn group_around(&self, one: &Published, key: &str) -> Option<usize> {
        self.group(self.language_of(one.section), key)
    }

    /// Returns the address that a link by source path leads to, from the host's root; none where
    /// it leads to nothing that is shown.
    pub fn link(&self, owner: &str, target: &str) -> Option<String> {
        let SourceLink { path, anchor } = reference::source_link(owner, target)?;
        let mut url = self.url(self.page_of(&path)?);
        if let Some(anchor) = anchor {
            url.push('#');
            url.push_str(&anchor);
        }
        Some(url)
    }

    /// Returns a route's address from the host's root, which differs from the site's where
    /// `base_url` has a path.
    pub fn url(&self, route: &Route) -> String {
        format!("{}{}", self.base_path(), route.url_path())
    }

    /// Returns a route's whole address.
    pub fn permalink(&self, route: &Route) -> String {
        format!("{}{}", self.config.base_url, route.url_path())
    }

    /// Returns the path of `base_url`, without a slash at its end.
    pub fn base_path(&self) -> &str {
        base_path(&self.config.base_url)
    }

    /// Returns where a picture that `owner` names is published: beside the owner's page where it
    /// lies in `content/`, at its own path where it lies in `static/`.
    pub fn picture_route(&self, owner: &Route, file: &str) -> Option<Route> {
        let rules = rules(&self.config);
        if let Some(path) = file.strip_prefix("static/") {
            return Route::home().file_in(path, &rules).ok();
        }
        let name = file.rsplit('/').next().unwrap_or(file);
        owner.file_in(name, &rules).ok()
    }

    /// Returns the address of a file that is called as the one at `route`, with another ending.
    pub fn beside(&self, route: &Route, ending: &str) -> Option<Route> {
        let path = route.path();
        let name = path.rfind('/').map_or(0, |slash| slash + 1);
        let dot = path[name..].rfind('.')? + name;
        let path = format!("{}{ending}", &path[1..dot]);
        Route::home().file_in(&path, &rules(&self.config)).ok()
    }
}

/// Returns the path of a base URL, without a slash at its end.
pub fn base_path(base_url: &str) -> &str {
    let host = base_url.find("://").map_or(0, |at| at + 3);
    base_url[host..]
        .find('/')
        .map_or("", |at| &base_url[host + at..])
}

/// Returns what may be in an address.
pub fn rules(config: &Config) -> RouteRules<'_> {
    RouteRules {
        dot_names: &config.publish_dot_names,
    }
}

/// Leaves out what is hidden and sorts the rest.
fn shown(
    articles: Vec<Arc<Article>>,
    visibility: &Visibility,
) -> (Vec<Arc<Article>>, RapidHashMap<String, Hidden>, HiddenCount) {
    let mut hidden = RapidHashMap::default();
    let mut count = HiddenCount::default();
    let mut shown = Vec::with_capacity(articles.len());
    // Each article is looked at once: there may be a million, and none is near the next in memory.
    let looked = |article: &Arc<Article>| {
        let instant = article.meta.timestamp.map(|time| time.instant());
        (visibility.hides(article), instant)
    };
    let looked: Vec<(Option<Hidden>, Option<i64>)> = articles.par_iter().map(looked).collect();
    for (article, (hides, instant)) in articles.into_iter().zip(looked) {
        match hides {
            None => shown.push((instant, article)),
            Some(reason) => {
                match reason {
                    Hidden::Draft => count.drafts += 1,
                    Hidden::Scheduled => count.scheduled += 1,
                    Hidden::Expired => count.expired += 1,
                }
                hidden.insert(article.path.clone(), reason);
            }
        }
    }
    shown.par_sort_by(|(x, a), (y, b)| match (x, y) {
        (Some(x), Some(y)) => x.cmp(y).then_with(|| a.path.cmp(&b.path)),
        (None, Some(_)) => std::cmp::Ordering::Less,
        (Some(_), None) => std::cmp::Ordering::Greater,
        // Lists show these from the last to the first: light before heavy, then by path.
        (None, None) => weight(b).cmp(&weight(a)).then_with(|| b.path.cmp(&a.path)),
    });
    let shown = shown.into_iter().map(|(_, article)| article).collect();
    (shown, hidden, count)
}

fn weight(article: &Article) -> i64 {
    article.meta.weight.unwrap_or(i64::MAX)
}

/// Tells the descriptions of terms (`content/tags/rust/_index.md`) from those of sections.
fn split_indexes(indexes: Vec<Index>, config: &Config) -> (Vec<Index>, Vec<Index>) {
    indexes.into_iter().partition(|index| {
        let (_, below) = parted(&index.section, config);
        let top = below.split('/').next().unwrap_or_default();
        !config.taxonomies.iter().any(|taxonomy| taxonomy.key == top)
    })
}

/// Parts a path below `content/` into the folder of its language, which is empty for the site's own,
/// and the path below that.
fn parted<'a>(path: &'a str, config: &Config) -> (&'a str, &'a str) {
    let (top, below) = path.split_once('/').unwrap_or((path, ""));
    match config.languages.iter().any(|tag| tag == top) {
        true => (top, below),
        false => ("", path),
    }
}

/// Lists the roots: that of the site's language, and those of the further ones that are there.
fn roots(sections: &[Section], config: &Config) -> Vec<usize> {
    let find = |tag: &String| sections.binary_search_by(|section| section.path.cmp(tag));
    let further = config.languages.iter().filter_map(|tag| find(tag).ok());
    std::iter::once(0).chain(further).collect()
}

fn about(index: Index) -> About {
    About {
        path: index.path,
        headline: index.meta.headline,
        summary: index.meta.summary,
        photo: index.meta.photo,
        template: index.meta.template,
        per_page: index.meta.per_page,
        aliases: index.meta.aliases,
        translation_key: index.meta.translation_key,
        places: index.meta.places,
        extra: index.meta.extra,
        has_body: index.has_body,
        outline: index.outline,
        body: index.fingerprint,
        fingerprint: index.fingerprint,
        text: Fingerprint::default(),
    }
}

pub(super) fn section_path(article: &Article) -> &str {
    article
        .meta
        .section
        .as_deref()
        .unwrap_or(article.section())
        .trim_matches('/')
}

/// Makes every section that a folder with an `_index.md`, or an article, names.
fn sections(
    articles: &[Arc<Article>],
    indexes: Vec<Index>,
    config: &Config,
    faults: &mut Vec<Diagnostic>,
) -> Vec<Section> {
    let mut paths: BTreeMap<String, Place> = BTreeMap::new();
    paths.insert(String::new(), Place::file("content"));
    let refused = |article: &Article| {
        let name = article.meta.section.as_deref();
        name.is_some_and(is_path_like)
    };
    // The first of each section, and those whose section is refused.
    let firsts: Vec<Vec<&Arc<Article>>> = articles
        .par_chunks(COUNTED_AT_ONCE)
        .map(|articles| {
            let mut known: RapidHashSet<&str> = RapidHashSet::default();
            let mut firsts = Vec::new();
            for one in articles {
                if known.insert(section_path(one)) || refused(one) {
                    firsts.push(one);
                }
            }
            firsts
        })
        .collect();
    let mut known: RapidHashSet<&str> = RapidHashSet::default();
    for article in firsts.into_iter().flatten() {
        if refused(article)
            && let Some(name) = &article.meta.section
        {
            faults.push(path_like("section", name, place(article, "section")));
        }
        let path = section_path(article);
        if known.insert(path) {
            for path in section::ancestors(path) {
                paths
                    .entry(path.to_owned())
                    .or_insert_with(|| place(article, "section"));
            }
        }
    }
    for index in &indexes {
        for path in section::ancestors(&index.section) {
            paths
                .entry(path.to_owned())
                .or_insert_with(|| Place::file(index.path.as_str()));
        }
    }
    let mut abouts: BTreeMap<String, Index> = indexes
        .into_iter()
        .map(|index| (index.section.clone(), index))
        .collect();
    let order: Vec<String> = paths.keys().cloned().collect();
    let mut sections: Vec<Section> = Vec::with_capacity(paths.len());
    for (path, place) in paths {
        let route = match section_route(&path, config) {
            Ok(route) => route,
            Err(message) => {
                faults.push(
                    Diagnostic::error(message)
                        .at(place)
                        .hint("choose another name"),
                );
                Route::home()
            }
        };
        let index = abouts.remove(&path);
        let top = path.split('/').next().unwrap_or_default();
        let language = config.languages.iter().find(|tag| *tag == top);
        // A further language is a site of its own: what is in it is not in the lists around it.
        let is_root = path.is_empty() || language.is_some_and(|tag| *tag == path);
        let parent = (!is_root).then(|| {
            let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
            order
                .binary_search_by(|other| other.as_str().cmp(parent))
                .expect("every section's ancestors were added with it")
        });
        let name = path.rsplit('/').next().unwrap_or_default();
        let headline = index.as_ref().and_then(|index| index.meta.headline.clone());
        let default = if path.is_empty() {
            config.title.clone()
        } else {
            section::title_of(name)
        };
        sections.push(Section {
            title: headline.unwrap_or(default),
            route,
            order: index
                .as_ref()
                .map_or(Order::Newest, |index| index.meta.order),
            about: index.map(about),
            language: language.unwrap_or(&config.language).clone(),
            parent,
            children: Vec::new(),
            articles: Vec::new(),
            path,
        });
    }
    for at in 1..sections.len() {
        if let Some(parent) = sections[at].parent {
            sections[parent].children.push(at);
        }
    }
    sections
}

fn section_route(path: &str, config: &Config) -> Result<Route, String> {
    if path.is_empty() {
        return Ok(Route::home());
    }
    let segments: Option<Vec<String>> = path
        .split('/')
        .map(|name| slug(name, config.slugs))
        .collect();
    let segments =
        segments.ok_or_else(|| format!("the section `{path}` has a name that makes no address"))?;
    Route::page(&segments, &rules(config))
        .map_err(|fault| format!("the section `{path}`: {}", fault.message))
}

/// Makes every taxonomy of every language and the terms that its articles name, without the articles.
fn groups(
    articles: &[Arc<Article>],
    mut indexes: Vec<Index>,
    people: &[Person],
    credited: &Credited,
    sections: &[Section],
    config: &Config,
    faults: &mut Vec<Diagnostic>,
) -> (Vec<Group>, Vec<TermPlaces>) {
    let mut term_places = Vec::new();
    let people: BTreeMap<Option<String>, &Person> = people
        .iter()
        .map(|person| (slug(&person.name, config.slugs), person))
        .collect();
    let rules = rules(config);
    let mut groups = Vec::new();
    let of_credits = (!credited.makers.is_empty()).then(makers::taxonomy);
    let roots = roots(sections, config);
    let of_languages = roots.iter().enumerate().flat_map(|(language, root)| {
        let taxonomies = config.taxonomies.iter();
        taxonomies.map(move |taxonomy| (Some(language), &sections[*root], taxonomy))
    });
    let of_all = of_credits
        .iter()
        .map(|taxonomy| (None, &sections[0], taxonomy));
    let mut grouped: Vec<Vec<&Arc<Article>>> = vec![Vec::new(); roots.len()];
    if roots.len() == 1 {
        grouped[0].extend(articles);
    } else {
        for article in articles {
            let (tag, _) = parted(section_path(article), config);
            let place = roots.iter().position(|root| sections[*root].path == tag);
            grouped[place.unwrap_or_default()].push(article);
        }
    }
    for (language, root, taxonomy) in of_languages.chain(of_all) {
        let route = match root.route.page_in(&[taxonomy.key.as_str()], &rules) {
            Ok(route) => route,
            Err(fault) => {
                let message = format!(
                    "the taxonomy `{}` makes no address: {}",
                    taxonomy.key, fault.message
                );
                faults.push(
                    Diagnostic::error(message)
                        .at(Place::file("dateline.yaml"))
                        .hint(fault.hint),
                );
                Route::home()
            }
        };
        let grouped = language.map_or(&[][..], |language| &grouped[language]);
        let mut names = Names::of(grouped, taxonomy, credited, config, faults);
        let is_credits = taxonomy.key == makers::CREDITS;
        if is_credits {
            for (slug, spellings) in &names.spellings {
                let shown = makers::shown(spellings).unwrap_or_default();
                names.shown.insert(slug.clone(), shown);
            }
        }
        let mut abouts: BTreeMap<String, About> = BTreeMap::new();
        let mut own = None;
        for index in std::mem::take(&mut indexes) {
            let (tag, below) = parted(&index.section, config);
            let (key, name) = below.split_once('/').unwrap_or((below, ""));
            match (tag == root.path && key == taxonomy.key).then_some(name) {
                Some("") => own = Some(index),
                Some(name) if !name.contains('/') => {
                    let slug = slug(name, config.slugs);
                    if let Some(slug) = slug {
                        abouts.insert(slug, about(index));
                    }
                }
                _ => indexes.push(index),
            }
        }
        let mut terms = Vec::with_capacity(names.spellings.len());
        for (slug, spelled) in &names.spellings {
            let name = names.shown[slug].to_owned();
            let level = match is_credits {
                true => config.lint.similar_credits,
                false => Level::Warn,
            };
            warn_of_spellings(&name, spelled, &taxonomy.singular, level, faults);
            let Ok(route) = route.page_in(&[slug.as_str()], &rules) else {
                continue;
            };
            let person = (taxonomy.key == "authors")
                .then(|| people.get(&Some(slug.clone())).copied())
                .flatten();
            terms.push(Term {
                about: abouts.remove(slug),
                maker: credited.makers.get(slug).copied().filter(|_| is_credits),
                person: person.cloned(),
                name,
                route,
                articles: Vec::new(),
                slug: slug.clone(),
            });
        }
        let places = names.slugs.into_iter().filter_map(|(name, slug)| {
            let at = terms.binary_search_by(|term| term.slug.cmp(&slug)).ok()?;
            Some((name.to_owned(), at))
        });
        term_places.push(places.collect());
        let headline = own.as_ref().and_then(|index| index.meta.headline.clone());
        groups.push(Group {
            is_named: headline.is_some(),
            title: headline.unwrap_or_else(|| section::title_of(&taxonomy.key)),
            summary: own.and_then(|index| index.meta.summary),
            taxonomy: taxonomy.clone(),
            language,
            route,
            keyed: keyed(terms.iter().map(|term| &term.about)),
            terms,
        });
    }
    (groups, term_places)
}

/// Returns the places of those whose `_index.md` has a `translation_key`.
fn keyed<'a>(abouts: impl Iterator<Item = &'a Option<About>>) -> Vec<usize> {
    let has_key = |about: &Option<About>| {
        let key = about.as_ref().map(|about| &about.translation_key);
        key.is_some_and(Option::is_some)
    };
    let abouts = abouts.enumerate().filter(|(_, about)| has_key(about));
    abouts.map(|(at, _)| at).collect()
}

/// Where the terms of a taxonomy are, by every spelling that articles use.
type TermPlaces = RapidHashMap<String, usize>;

/// The names of a taxonomy's terms, each spelling looked at once.
#[derive(Default)]
struct Names<'a> {
    /// The slug of each name as written.
    slugs: RapidHashMap<&'a str, String>,
    /// How often each spelling of a term occurs, by the term's slug.
    spellings: BTreeMap<String, BTreeMap<&'a str, usize>>,
    /// The spelling of the oldest article, by the term's slug.
    shown: RapidHashMap<String, &'a str>,
}

/// How many articles are looked through in one go for the names that they use.
const COUNTED_AT_ONCE: usize = 4096;

/// How often each name occurs.
#[derive(Default)]
struct Counted<'a> {
    counts: RapidHashMap<&'a str, usize>,
    /// The names in the order in which they were first met.
    order: Vec<&'a str>,
}

impl<'a> Counted<'a> {
    /// Adds what was counted of later articles.
    fn with(mut self, later: Self) -> Self {
        if self.order.is_empty() {
            return later;
        }
        for name in later.order {
            self.add(name, later.counts[name]);
        }
        self
    }

    fn add(&mut self, name: &'a str, times: usize) {
        *self.counts.entry(name).or_insert_with(|| {
            self.order.push(name);
            0
        }) += times;
    }
}

impl<'a> Names<'a> {
    /// Gathers the names that the articles use; those that make no address are faults.
    fn of(
        articles: &[&'a Arc<Article>],
        taxonomy: &Taxonomy,
        credited: &'a Credited,
        config: &Config,
        faults: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut all = articles
            .par_chunks(COUNTED_AT_ONCE)
            .map(|articles| {
                let mut counted = Counted::default();
                let names = articles.iter().flat_map(|one| terms_of(one, &taxonomy.key));
                names.for_each(|name| counted.add(name, 1));
                counted
            })
            .reduce(Counted::default, Counted::with);
        let of_credits = match taxonomy.key.as_str() {
            makers::CREDITS => credited.names.as_slice(),
            _ => &[],
        };
        let of_credits = of_credits.iter().flatten().map(String::as_str);
        of_credits.for_each(|name| all.add(name, 1));
        let mut names = Self::default();
        let mut refused = false;
        for name in all.order {
            let slug = slug(name, config.slugs).filter(|_| !is_path_like(name));
            let Some(slug) = slug else {
                refused = true;
                continue;
            };
            let spelling = name.trim();
            names.shown.entry(slug.clone()).or_insert(spelling);
            let spelled = names.spellings.entry(slug.clone()).or_default();
            *spelled.entry(spelling).or_default() += all.counts[name];
            names.slugs.insert(name, slug);
        }
        if refused {
            for article in articles {
                for name in terms_of(article, &taxonomy.key) {
                    if names.slugs.contains_key(name) {
                        continue;
                    }
                    let place = place(article, &taxonomy.key);
                    if is_path_like(name) {
                        faults.push(path_like(&taxonomy.singular, name, place));
                        continue;
                    }
                    let message = format!("the {} `{name}` makes no address", taxonomy.singular);
                    let hint = "write it with letters, digits or symbols that can be seen";
                    faults.push(Diagnostic::error(message).at(place).hint(hint));
                }
            }
        }
        names
    }
}

/// Refuses a name that is written as a path.
fn path_like(what: &str, name: &str, place: Place) -> Diagnostic {
    let name = name.replace(char::is_control, "\u{fffd}");
    Diagnostic::error(format!(
        "the {what} `{name}` is written as a path that leads elsewhere"
    ))
    .at(place)
    .hint("write its name alone")
}

/// Warns that one term is written in several ways.
fn warn_of_spellings(
    shown: &str,
    spellings: &BTreeMap<&str, usize>,
    singular: &str,
    level: Level,
    faults: &mut Vec<Diagnostic>,
) {
    if spellings.len() < 2 {
        return;
    }
    let list: Vec<String> = spellings
        .iter()
        .map(|(name, count)| format!("`{name}` ({count})"))
        .collect();
    let message = format!(
        "the {singular} `{shown}` is written in {} ways: {}",
        list.len(),
        list.join(", ")
    );
    let hint = format!("they are one {singular}, shown as `{shown}`; write it in one way");
    faults.extend(makers::leveled(level, message, &hint));
}

/// Returns an article's terms of a taxonomy, as written.
pub fn terms_of<'a>(article: &'a Article, key: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    let terms = match key {
        "tags" => Some(&article.meta.tags),
        "authors" => Some(&article.meta.authors),
        _ => article
            .meta
            .terms
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, terms)| terms),
    };
    terms.into_iter().flat_map(Texts::iter)
}

/// Gives each article its address, its section and its terms, and each of those its articles.
fn publish(
    articles: Vec<Arc<Article>>,
    sections: &mut [Section],
    groups: &mut [Group],
    places: &[TermPlaces],
    credited: &Credited,
    config: &Config,
    faults: &mut Vec<Diagnostic>,
) -> Vec<Published> {
    let places_of_sections: RapidHashMap<&str, usize> = sections
        .iter()
        .enumerate()
        .map(|(at, section)| (section.path.as_str(), at))
        .collect();
    let roots = roots(sections, config);
    let terms_in = |article: &Article, at: usize, section: usize| {
        let root = section::root_of(sections, section);
        let own = groups.iter().zip(places).map(|(group, places)| {
            let language = group.language;
            let is_of = language.is_none_or(|language| roots[language] == root);
            let key = group.taxonomy.key.as_str();
            let written = is_of.then(|| terms_of(article, key));
            let credited = (is_of && key == makers::CREDITS).then(|| credited.names[at].iter());
            let credited = credited.into_iter().flatten().map(String::as_str);
            let names = written.into_iter().flatten().chain(credited);
            names.filter_map(|name| places.get(name).map(|term| *term as u32))
        });
        Terms::new(own)
    };
    let (mut published, mut wrong) = (Vec::new(), Vec::new());
    articles
        .into_par_iter()
        .enumerate()
        .map(|(at, article)| {
            let path = section_path(&article);
            let section = places_of_sections[path];
            let (route, fault) = match super::permalink::route(&article, path, config) {
                Ok(route) => (route, None),
                Err(fault) => (Route::home(), Some(Box::new(fault))),
            };
            let photo = article.meta.photo.as_ref();
            let published = Published {
                route,
                section,
                terms: terms_in(&article, at, section),
                photo: photo.and_then(|photo| reference::picture(&article.path, &photo.src)),
                card: Fingerprint::default(),
                page: Fingerprint::default(),
                article,
            };
            (published, fault)
        })
        .unzip_into_vecs(&mut published, &mut wrong);
    faults.extend(wrong.into_iter().flatten().map(|fault| *fault));
    let ids = || (0..).map(ArticleId).zip(&published);
    let fill_sections = || {
        for (id, one) in ids() {
            let mut around = Some(one.section);
            while let Some(at) = around {
                sections[at].articles.push(id);
                around = sections[at].parent;
            }
        }
    };
    let fill_groups = || {
        groups.par_iter_mut().enumerate().for_each(|(at, group)| {
            for (id, one) in ids() {
                for term in &one.terms[at] {
                    group.terms[*term as usize].articles.push(id);
                }
            }
        });
    };
    rayon::join(fill_groups, fill_sections);
    published
}

fn order_sections(sections: &mut [Section], published: &[Published]) {
    for section in sections {
        let article = |id: &ArticleId| &published[id.0 as usize].article;
        match section.order {
            Order::Newest | Order::Oldest => {}
            Order::Weight => section.articles.sort_by_cached_key(|id| {
                let article = article(id);
                (
                    weight(article),
                    article.meta.headline.to_lowercase(),
                    article.path.clone(),
                )
            }),
            Order::Headline => section.articles.sort_by_cached_key(|id| {
                let article = article(id);
                (article.meta.headline.to_lowercase(), article.path.clone())
            }),
        }
    }
}

fn index_paths(sections: &[Section], groups: &[Group]) -> BTreeMap<String, Route> {
    let sections = sections
        .iter()
        .map(|section| (&section.about, &section.route));
    let terms = groups
        .iter()
        .flat_map(|group| &group.terms)
        .map(|term| (&term.about, &term.route));
    sections
        .chain(terms)
        .filter_map(|(about, route)| Some((about.as_ref()?.path.clone(), route.clone())))
        .collect()
}

/// Names the place of a value in an article's front matter, or the whole file.
pub fn place(article: &Article, key: &str) -> Place {
    match article.place(key) {
        Some(bytes) => Place::bytes(article.path.as_str(), bytes),
        None => Place::file(article.path.as_str()),
    }
}
