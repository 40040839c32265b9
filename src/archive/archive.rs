//! The archive: every article that is shown, in order, grouped in every way that pages need.

use super::dates::{Dates, Known};
use super::inline;
use super::reference::{self, PictureTarget, SourceLink, Suggestions};
use super::section::{self, Section};
use super::taxonomy::{About, Group, Term};
use crate::base::diagnostic::{Diagnostic, Place, Severity, nearest};
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use crate::base::route::{Route, RouteRules, is_path_like};
use crate::base::slug::slug;
use crate::base::timestamp::{Precision, Timestamp};
use crate::source::article::{Article, MOST_FAULTS, untold};
use crate::source::config::{Config, Level};
use crate::source::file::SiteFiles;
use crate::source::front_matter::{Order, Person, SectionMeta};
use crate::source::markdown::{Outline, Reference};
use crate::source::photo::Photo;
use rapidhash::RapidHashMap;
use serde::{Deserialize, Serialize};
use std::cell::OnceCell;
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
    /// The files of `data/`.
    pub data: BTreeMap<String, Arc<DataFile>>,
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct HiddenCount {
    /// Drafts.
    pub drafts: usize,
    /// Those to be published later.
    pub scheduled: usize,
    /// Those that have expired.
    pub expired: usize,
}

/// Every article that is shown, in order, grouped in every way that pages need.
pub struct Archive {
    /// The configuration.
    pub config: Arc<Config>,
    /// The articles; an [`ArticleId`] is a place in this list.
    pub articles: Vec<Published>,
    /// How many articles at the beginning have no date.
    pub undated: usize,
    /// The sections by path; the first is the root.
    pub sections: Vec<Section>,
    /// The taxonomies, in the order of the configuration.
    pub groups: Vec<Group>,
    /// The series by name, their articles the oldest first.
    pub series: BTreeMap<String, Vec<ArticleId>>,
    /// The calendar.
    pub dates: Dates,
    /// The files beside the articles and in `static/`.
    pub files: SiteFiles,
    /// The files of `data/`.
    pub data: BTreeMap<String, Arc<DataFile>>,
    /// What was left out.
    pub hidden: HiddenCount,
    /// The moment of the build, in Unix seconds.
    pub now: i64,
    /// Whether everything has an address of its own: where one was refused, the home page's stands
    /// in its place.
    pub has_addresses: bool,
    by_path: RapidHashMap<String, ArticleId>,
    index_paths: BTreeMap<String, Route>,
}

/// An article with what the archive knows of it.
pub struct Published {
    /// The article.
    pub article: Arc<Article>,
    /// Where its page stands.
    pub route: Route,
    /// Its section: a place in [`Archive::sections`].
    pub section: usize,
    /// Its terms in each taxonomy: places in [`Group::terms`].
    pub terms: Vec<Vec<usize>>,
    /// Where its lead photo is.
    pub photo: Option<PictureTarget>,
    /// The fingerprint of all that lists show of it.
    pub card: Fingerprint,
    /// The fingerprint of all that its own page shows of it.
    pub page: Fingerprint,
}

/// Puts everything that was read in order, and reports what does not fit together.
pub fn arrange(sources: Sources) -> (Archive, Vec<Diagnostic>) {
    let mut faults = Vec::new();
    let Sources {
        config,
        articles,
        indexes,
        people,
        files,
        data,
        visibility,
    } = sources;
    let (articles, hidden_paths, hidden) = shown(articles, &visibility);
    let (indexes, term_indexes) = split_indexes(indexes, &config);
    let mut sections = sections(&articles, indexes, &config, &mut faults);
    let mut groups = groups(&articles, term_indexes, &people, &config, &mut faults);
    let published = publish(articles, &mut sections, &mut groups, &config, &mut faults);
    let has_addresses = !faults.iter().any(Diagnostic::is_error);
    order_sections(&mut sections, &published);
    let mut archive = Archive {
        undated: published.partition_point(|one| one.article.meta.timestamp.is_none()),
        series: series(&published),
        dates: Dates::new(
            ids(&published).filter_map(|(id, one)| Some((id, known(one.article.meta.timestamp?)))),
        ),
        by_path: ids(&published)
            .map(|(id, one)| (one.article.path.clone(), id))
            .collect(),
        index_paths: index_paths(&sections, &groups),
        articles: published,
        sections,
        groups,
        files,
        data,
        hidden,
        now: visibility.now,
        has_addresses,
        config,
    };
    let checks = Checks {
        archive: &archive,
        hidden: &hidden_paths,
        articles: OnceCell::new(),
        files: OnceCell::new(),
    };
    checks.report(&mut faults);
    fingerprint(&mut archive);
    (archive, faults)
}

impl Archive {
    /// Returns an article.
    pub fn article(&self, id: ArticleId) -> &Published {
        &self.articles[id.0 as usize]
    }

    /// Finds an article by its source: `content/local/harbour.md` or `@/local/harbour.md`.
    pub fn find(&self, path: &str) -> Option<ArticleId> {
        match path.strip_prefix("@/") {
            Some(rest) => self.by_path.get(&format!("content/{rest}")).copied(),
            None => self.by_path.get(path).copied(),
        }
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

    /// Finds a section by its path below `content/`.
    pub fn section(&self, path: &str) -> Option<usize> {
        self.sections
            .binary_search_by(|section| section.path.as_str().cmp(path))
            .ok()
    }

    /// Finds a taxonomy by its key.
    pub fn group(&self, key: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.taxonomy.key == key)
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

fn ids(published: &[Published]) -> impl Iterator<Item = (ArticleId, &Published)> {
    published
        .iter()
        .enumerate()
        .map(|(at, one)| (ArticleId(at as u32), one))
}

/// Leaves out what is hidden and sorts the rest.
fn shown(
    articles: Vec<Arc<Article>>,
    visibility: &Visibility,
) -> (Vec<Arc<Article>>, RapidHashMap<String, Hidden>, HiddenCount) {
    let mut hidden = RapidHashMap::default();
    let mut count = HiddenCount::default();
    let mut shown = Vec::with_capacity(articles.len());
    for article in articles {
        match visibility.hides(&article) {
            None => shown.push(article),
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
    shown.sort_by(|a, b| match (&a.meta.timestamp, &b.meta.timestamp) {
        (Some(x), Some(y)) => x
            .instant()
            .cmp(&y.instant())
            .then_with(|| a.path.cmp(&b.path)),
        (None, Some(_)) => std::cmp::Ordering::Less,
        (Some(_), None) => std::cmp::Ordering::Greater,
        // Lists show these from the last to the first: light before heavy, then by path.
        (None, None) => weight(b).cmp(&weight(a)).then_with(|| b.path.cmp(&a.path)),
    });
    (shown, hidden, count)
}

fn weight(article: &Article) -> i64 {
    article.meta.weight.unwrap_or(i64::MAX)
}

fn known(timestamp: Timestamp) -> Known {
    let date = timestamp.date();
    let precision = timestamp.precision();
    Known {
        year: date.year(),
        month: (precision != Precision::Year).then(|| date.month()),
        day: (!matches!(precision, Precision::Year | Precision::Month)).then(|| date.day()),
    }
}

/// Tells the descriptions of terms (`content/tags/rust/_index.md`) from those of sections.
fn split_indexes(indexes: Vec<Index>, config: &Config) -> (Vec<Index>, Vec<Index>) {
    indexes.into_iter().partition(|index| {
        let top = index.section.split('/').next().unwrap_or_default();
        !config.taxonomies.iter().any(|taxonomy| taxonomy.key == top)
    })
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
        places: index.meta.places,
        extra: index.meta.extra,
        has_body: index.has_body,
        outline: index.outline,
        body: index.fingerprint,
        fingerprint: index.fingerprint,
        text: Fingerprint::default(),
    }
}

fn section_path(article: &Article) -> &str {
    article
        .meta
        .section
        .as_deref()
        .unwrap_or(&article.section)
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
    for article in articles {
        if let Some(name) = article
            .meta
            .section
            .as_deref()
            .filter(|name| is_path_like(name))
        {
            faults.push(path_like("section", name, place(article, "section")));
        }
        let path = section_path(article);
        if !paths.contains_key(path) {
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
        let parent = (!path.is_empty()).then(|| {
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

/// Makes every taxonomy and the terms that the articles name, without their articles.
fn groups(
    articles: &[Arc<Article>],
    mut indexes: Vec<Index>,
    people: &[Person],
    config: &Config,
    faults: &mut Vec<Diagnostic>,
) -> Vec<Group> {
    let mut people: BTreeMap<Option<String>, &Person> = people
        .iter()
        .map(|person| (slug(&person.name, config.slugs), person))
        .collect();
    let rules = rules(config);
    let mut groups = Vec::new();
    for taxonomy in &config.taxonomies {
        let route = match Route::page(&[taxonomy.key.as_str()], &rules) {
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
        let mut spellings: BTreeMap<String, BTreeMap<&str, usize>> = BTreeMap::new();
        let mut first: RapidHashMap<String, &str> = RapidHashMap::default();
        for article in articles {
            for name in terms_of(article, &taxonomy.key) {
                if is_path_like(name) {
                    faults.push(path_like(
                        &taxonomy.singular,
                        name,
                        place(article, &taxonomy.key),
                    ));
                    continue;
                }
                let Some(slug) = slug(name, config.slugs) else {
                    let message = format!("the {} `{name}` makes no address", taxonomy.singular);
                    let hint = "write it with letters, digits or symbols that can be seen";
                    faults.push(
                        Diagnostic::error(message)
                            .at(place(article, &taxonomy.key))
                            .hint(hint),
                    );
                    continue;
                };
                first.entry(slug.clone()).or_insert(name.trim());
                *spellings
                    .entry(slug)
                    .or_default()
                    .entry(name.trim())
                    .or_default() += 1;
            }
        }
        let mut abouts: BTreeMap<String, About> = BTreeMap::new();
        let mut own = None;
        for index in std::mem::take(&mut indexes) {
            match index
                .section
                .strip_prefix(taxonomy.key.as_str())
                .map(|rest| rest.trim_start_matches('/'))
            {
                Some("") => own = Some(index),
                Some(name) if !name.contains('/') => {
                    if let Some(slug) = slug(name, config.slugs) {
                        abouts.insert(slug, about(index));
                    }
                }
                _ => indexes.push(index),
            }
        }
        let mut terms = Vec::with_capacity(spellings.len());
        for (slug, spelled) in spellings {
            let name = first[&slug].to_owned();
            warn_of_spellings(&name, &spelled, &taxonomy.singular, faults);
            let Ok(route) = route.page_in(&[slug.as_str()], &rules) else {
                continue;
            };
            let person = (taxonomy.key == "authors")
                .then(|| people.remove(&Some(slug.clone())))
                .flatten();
            terms.push(Term {
                about: abouts.remove(&slug),
                person: person.cloned(),
                name,
                route,
                articles: Vec::new(),
                slug,
            });
        }
        groups.push(Group {
            title: own
                .as_ref()
                .and_then(|index| index.meta.headline.clone())
                .unwrap_or_else(|| section::title_of(&taxonomy.key)),
            summary: own.and_then(|index| index.meta.summary),
            taxonomy: taxonomy.clone(),
            route,
            terms,
        });
    }
    groups
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
    faults.push(Diagnostic::warning(message).hint(format!(
        "they are one {singular}, shown as `{shown}`; write it in one way"
    )));
}

/// Returns an article's terms of a taxonomy, as written.
pub fn terms_of<'a>(article: &'a Article, key: &str) -> &'a [String] {
    match key {
        "tags" => &article.meta.tags,
        "authors" => &article.meta.authors,
        _ => article
            .meta
            .terms
            .iter()
            .find(|(name, _)| name == key)
            .map_or(&[], |(_, terms)| terms),
    }
}

/// Gives each article its address, its section and its terms, and each of those its articles.
fn publish(
    articles: Vec<Arc<Article>>,
    sections: &mut [Section],
    groups: &mut [Group],
    config: &Config,
    faults: &mut Vec<Diagnostic>,
) -> Vec<Published> {
    let mut published = Vec::with_capacity(articles.len());
    for (at, article) in articles.into_iter().enumerate() {
        let id = ArticleId(at as u32);
        let path = section_path(&article);
        let section = sections
            .binary_search_by(|section| section.path.as_str().cmp(path))
            .expect("a section was made for every article");
        let mut around = Some(section);
        while let Some(at) = around {
            sections[at].articles.push(id);
            around = sections[at].parent;
        }
        let mut terms = Vec::with_capacity(groups.len());
        for group in groups.iter_mut() {
            let mut own = Vec::new();
            for name in terms_of(&article, &group.taxonomy.key) {
                let found = slug(name, config.slugs).and_then(|slug| group.find(&slug));
                if let Some(term) = found.filter(|term| !own.contains(term)) {
                    group.terms[term].articles.push(id);
                    own.push(term);
                }
            }
            terms.push(own);
        }
        let route = match super::permalink::route(&article, path, config) {
            Ok(route) => route,
            Err(fault) => {
                faults.push(fault);
                Route::home()
            }
        };
        let photo = article
            .meta
            .photo
            .as_ref()
            .and_then(|photo| reference::picture(&article.path, &photo.src));
        published.push(Published {
            article,
            route,
            section,
            terms,
            photo,
            card: Fingerprint::default(),
            page: Fingerprint::default(),
        });
    }
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

fn series(published: &[Published]) -> BTreeMap<String, Vec<ArticleId>> {
    let mut series: BTreeMap<String, Vec<ArticleId>> = BTreeMap::new();
    for (id, one) in ids(published) {
        if let Some(name) = &one.article.meta.series {
            series.entry(name.clone()).or_default().push(id);
        }
    }
    series
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
    match article.meta.places.iter().find(|(name, _)| name == key) {
        Some((_, bytes)) => Place::bytes(article.path.as_str(), *bytes),
        None => Place::file(article.path.as_str()),
    }
}

/// Fills in the fingerprints, which need all the rest.
fn fingerprint(archive: &mut Archive) {
    let terms: Vec<Vec<Fingerprint>> = archive
        .groups
        .iter()
        .map(|group| group.terms.iter().map(Term::link).collect())
        .collect();
    let sections: Vec<Fingerprint> = archive
        .sections
        .iter()
        .map(|section| section_link(archive, section))
        .collect();
    let made: Vec<(Fingerprint, Fingerprint)> = archive
        .articles
        .iter()
        .map(|one| {
            let card = card(archive, one, &terms, &sections);
            (card, page(archive, one, card))
        })
        .collect();
    let text = |about: &Option<About>| {
        about
            .as_ref()
            .map(|about| text(archive, about))
            .unwrap_or_default()
    };
    let of_sections: Vec<Fingerprint> = archive
        .sections
        .iter()
        .map(|section| text(&section.about))
        .collect();
    let of_terms: Vec<Fingerprint> = archive
        .groups
        .iter()
        .flat_map(|group| &group.terms)
        .map(|term| text(&term.about))
        .collect();
    for (one, (card, page)) in archive.articles.iter_mut().zip(made) {
        one.card = card;
        one.page = page;
    }
    let sections = archive
        .sections
        .iter_mut()
        .map(|section| &mut section.about);
    let terms = archive
        .groups
        .iter_mut()
        .flat_map(|group| &mut group.terms)
        .map(|term| &mut term.about);
    for (about, print) in sections.zip(of_sections).chain(terms.zip(of_terms)) {
        if let Some(about) = about {
            about.text = print;
        }
    }
}

/// Returns the fingerprint of an `_index.md` and of what its text shows of other pages.
fn text(archive: &Archive, about: &About) -> Fingerprint {
    let mut print = Fingerprinter::new("text");
    print.fingerprint(about.body);
    body(archive, &about.path, &about.outline, &mut print);
    print.finish()
}

fn card(
    archive: &Archive,
    one: &Published,
    terms: &[Vec<Fingerprint>],
    sections: &[Fingerprint],
) -> Fingerprint {
    let mut print = Fingerprinter::new("card");
    print.fingerprint(one.article.card).text(one.route.path());
    print
        .number(one.section as u64 + 1)
        .fingerprint(sections[one.section]);
    for (own, all) in one.terms.iter().zip(terms) {
        print.number(own.len() as u64);
        for term in own {
            print.fingerprint(all[*term]);
        }
    }
    if let Some(target) = &one.photo {
        picture_print(archive, target, &mut print);
    }
    let meta = &one.article.meta;
    let caption = meta
        .photo
        .as_ref()
        .and_then(|photo| photo.caption.as_deref());
    for text in caption.into_iter().chain(
        meta.corrections
            .iter()
            .map(|correction| correction.text.as_str()),
    ) {
        inline::print(archive, text, &mut print);
    }
    print.finish()
}

/// Returns the fingerprint of what a link to a section shows.
fn section_link(archive: &Archive, section: &Section) -> Fingerprint {
    let mut print = Fingerprinter::new("section link");
    print.fingerprint(section.link());
    if let Some(summary) = section
        .about
        .as_ref()
        .and_then(|about| about.summary.as_deref())
    {
        inline::print(archive, summary, &mut print);
    }
    print.finish()
}

fn page(archive: &Archive, one: &Published, card: Fingerprint) -> Fingerprint {
    let mut print = Fingerprinter::new("article page");
    print.fingerprint(card).fingerprint(one.article.body);
    body(archive, &one.article.path, &one.article.outline, &mut print);
    print.finish()
}

/// Adds what a body shows of other pages: where its links lead, and its pictures.
fn body(archive: &Archive, path: &str, outline: &Outline, print: &mut Fingerprinter) {
    for link in &outline.links {
        print.optional(archive.link(path, &link.target).as_deref());
    }
    for file in &outline.files {
        let target = reference::picture(path, file);
        let is_there =
            matches!(target, Some(PictureTarget::File(file)) if archive.files.contains_key(&file));
        print.number(u64::from(is_there));
    }
    for picture in &outline.pictures {
        match reference::picture(path, &picture.src) {
            Some(target) => picture_print(archive, &target, print),
            None => {
                print.text("refused");
            }
        }
    }
}

/// Adds what a page shows of a picture's file.
fn picture_print(archive: &Archive, target: &PictureTarget, print: &mut Fingerprinter) {
    match target {
        PictureTarget::Elsewhere => print.text("elsewhere"),
        PictureTarget::File(path) => match archive
            .files
            .get(path)
            .and_then(|file| file.picture.as_ref())
        {
            Some(Ok(picture)) => print
                .text(path)
                .text(picture.format.media_type())
                .number(u64::from(picture.width))
                .number(u64::from(picture.height)),
            _ => print.text(path).text("no picture"),
        },
    };
}

/// The checks that need the whole archive.
struct Checks<'a> {
    archive: &'a Archive,
    hidden: &'a RapidHashMap<String, Hidden>,
    articles: OnceCell<Suggestions<'a>>,
    files: OnceCell<Suggestions<'a>>,
}

impl<'a> Checks<'a> {
    /// Returns the article whose path is most like a missing one.
    fn nearest_article(&self, missing: &str) -> Option<&'a str> {
        let paths = || Suggestions::new(self.archive.by_path.keys().map(String::as_str));
        self.articles.get_or_init(paths).nearest(missing)
    }

    /// Returns the file whose path is most like a missing one.
    fn nearest_file(&self, missing: &str) -> Option<&'a str> {
        let paths = || Suggestions::new(self.archive.files.keys().map(String::as_str));
        self.files.get_or_init(paths).nearest(missing)
    }

    fn report(&self, faults: &mut Vec<Diagnostic>) {
        for one in &self.archive.articles {
            let article = &one.article;
            let first = faults.len();
            if let Some(photo) = &article.meta.photo {
                self.photo(&article.path, photo, faults);
            }
            self.body(&article.path, &article.outline, faults);
            self.limit(&article.path, first, faults);
        }
        let abouts = self
            .archive
            .sections
            .iter()
            .filter_map(|section| section.about.as_ref());
        let terms = self.archive.groups.iter().flat_map(|group| &group.terms);
        for about in abouts.chain(terms.filter_map(|term| term.about.as_ref())) {
            if let Some(photo) = &about.photo {
                self.photo(&about.path, photo, faults);
            }
            self.body(&about.path, &about.outline, faults);
        }
    }

    fn body(&self, path: &str, outline: &Outline, faults: &mut Vec<Diagnostic>) {
        for picture in &outline.pictures {
            let place = Place::bytes(path, picture.at);
            self.picture(path, &picture.src, &place, faults);
            if picture.is_figure && picture.credit.is_none() && picture.no_credit_reason.is_none() {
                self.uncredited(
                    &picture.src,
                    &place,
                    "add `{credit=\"...\"}` right after the picture",
                    faults,
                );
            }
            if picture.lacks_alt {
                self.without_alt(&picture.src, &place, faults);
            }
        }
        for link in &outline.links {
            self.link(path, link, faults);
        }
    }

    /// Keeps the first faults of a file, and says how many more there are.
    fn limit(&self, path: &str, first: usize, faults: &mut Vec<Diagnostic>) {
        let rest = faults.split_off(faults.len().min(first + MOST_FAULTS));
        let severity = if rest.iter().any(Diagnostic::is_error) {
            Severity::Error
        } else {
            Severity::Warning
        };
        faults.extend(untold(path, rest.len(), severity));
    }

    fn photo(&self, owner: &str, photo: &Photo, faults: &mut Vec<Diagnostic>) {
        let place = match photo.at {
            Some(bytes) => Place::bytes(owner, bytes),
            None => Place::file(owner),
        };
        self.picture(owner, &photo.src, &place, faults);
        let is_blank =
            |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
        if is_blank(&photo.credit) && is_blank(&photo.no_credit_reason) {
            let hint = "give `photo.credit`, or say in `photo.no_credit_reason` why there is none";
            self.uncredited(&photo.src, &place, hint, faults);
        }
        if photo.alt.is_none() {
            self.without_alt(&photo.src, &place, faults);
        }
    }

    fn uncredited(&self, src: &str, place: &Place, hint: &str, faults: &mut Vec<Diagnostic>) {
        let message = format!("the photo `{src}` has no credit");
        self.lint(
            self.archive.config.lint.uncredited_photo,
            message,
            place,
            hint,
            faults,
        );
    }

    fn without_alt(&self, src: &str, place: &Place, faults: &mut Vec<Diagnostic>) {
        let message = format!("the photo `{src}` has no description for readers who can't see it");
        let hint = "write what it shows as its alternative text (`alt`)";
        self.lint(
            self.archive.config.lint.missing_alt,
            message,
            place,
            hint,
            faults,
        );
    }

    fn lint(
        &self,
        level: Level,
        message: String,
        place: &Place,
        hint: &str,
        faults: &mut Vec<Diagnostic>,
    ) {
        let diagnostic = match level {
            Level::Off => return,
            Level::Warn => Diagnostic::warning(message),
            Level::Error => Diagnostic::error(message),
        };
        faults.push(diagnostic.at(place.clone()).hint(hint));
    }

    fn picture(&self, owner: &str, src: &str, place: &Place, faults: &mut Vec<Diagnostic>) {
        let fault = |message: String| Diagnostic::error(message).at(place.clone());
        let path = match reference::picture(owner, src) {
            Some(PictureTarget::Elsewhere) => return,
            Some(PictureTarget::File(path)) => path,
            None => {
                let hint = "put the picture beside the article or into static/";
                return faults
                    .push(fault(format!("the picture `{src}` lies outside the site")).hint(hint));
            }
        };
        match self.archive.files.get(&path).map(|file| &file.picture) {
            Some(Some(Ok(_))) => {}
            Some(Some(Err(broken))) => {
                let message = format!("the picture `{path}` can't be used: {}", broken.message);
                faults.push(fault(message).hint(broken.hint.clone()));
            }
            Some(None) => faults.push(
                fault(format!("`{path}` is not a picture"))
                    .hint("pictures are JPEG, PNG, GIF, WebP, AVIF or SVG files"),
            ),
            None => {
                let fault = fault(format!("there is no picture `{path}`"));
                faults.push(match self.nearest_file(&path) {
                    Some(near) => fault.hint(format!("did you mean `{near}`?")),
                    None => fault.hint("put the picture beside the article or into static/"),
                });
            }
        }
    }

    fn link(&self, owner: &str, link: &Reference, faults: &mut Vec<Diagnostic>) {
        let target = &link.target;
        let fault = |message: String| Diagnostic::error(message).at(Place::bytes(owner, link.at));
        let Some(SourceLink { path, anchor }) = reference::source_link(owner, target) else {
            let hint = "link to a file of content/ by its path, such as `@/local/harbour.md`";
            return faults
                .push(fault(format!("the link `{target}` leads out of content/")).hint(hint));
        };
        if let Some(reason) = self.hidden.get(&path) {
            let (why, flag) = match reason {
                Hidden::Draft => ("is a draft", "-D"),
                Hidden::Scheduled => ("is not published yet", "-F"),
                Hidden::Expired => ("has expired", "-E"),
            };
            let hint = format!("remove the link, or build with {flag} to see both");
            return faults.push(
                fault(format!(
                    "the link `{target}` leads to an article that {why}"
                ))
                .hint(hint),
            );
        }
        let Some(id) = self.archive.find(&path) else {
            if self.archive.index_paths.contains_key(&path) {
                return;
            }
            let fault = fault(format!("the link `{target}` leads to no article"));
            return faults.push(match self.nearest_article(&path) {
                Some(near) => fault.hint(format!(
                    "did you mean `@/{}`?",
                    near.trim_start_matches("content/")
                )),
                None => fault.hint("link to an article by its path, such as `@/local/harbour.md`"),
            });
        };
        let Some(anchor) = anchor else { return };
        let headings = &self.archive.article(id).article.outline.headings;
        if !headings.iter().any(|heading| heading.id == anchor) {
            let near = nearest(&anchor, headings.iter().map(|heading| heading.id.as_str()));
            let fault = fault(format!("`{path}` has no heading `#{anchor}`"));
            faults.push(match near {
                Some(id) => fault.hint(format!("did you mean `#{id}`?")),
                None => fault.hint(
                    "leave out what follows the `#`, or give a heading that id: `## Heading {#id}`",
                ),
            });
        }
    }
}
