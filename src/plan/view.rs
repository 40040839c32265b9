//! What a page sees: for each variable its fingerprint, for the plan, and its value, for rendering.
//!
//! The two stand side by side, and a small value's fingerprint is that of the value itself. What is
//! made of articles has a fingerprint of its own, so that planning need not make cards, and so has
//! what the many pages of lists say of themselves.

mod about;
mod whole;

pub use about::Info;
use about::InfoPrints;

use super::calendar;
use super::front::Front;
use super::metadata;
use super::page::{List, Page, Subject};
use super::shots;
use super::structured_data;
use crate::archive::makers::Maker;
use crate::archive::pager::Slice;
use crate::archive::section::Section;
use crate::archive::taxonomy::About;
use crate::archive::{Archive, ArticleId, Published, related};
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use crate::base::route::Route;
use crate::search::part::{self, Shelf};
use crate::source::correction;
use crate::source::markdown::{self, Picture};
use crate::theme::cards::Cards;
use crate::theme::theme::{Theme, VariableSet};
use crate::theme::value::{self, map, text};
use crate::theme::variable::VARIABLES;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use tera::{Context, Value};

/// How many articles `recent` holds.
const RECENT: usize = 10;

/// The variables that have one value on all pages of a language.
const SHARED: [&str; 8] = [
    "site", "home", "dates", "sections", "tags", "recent", "today", "search",
];

/// The site as the templates see it: what all pages share, made once.
pub struct View<'a> {
    /// The archive.
    pub archive: &'a Archive,
    /// The values that pages share.
    pub cards: Arc<Cards>,
    /// The theme.
    pub(super) theme: &'a Theme,
    /// Those of each language.
    shared: BTreeMap<&'static str, Vec<OnceLock<(Value, Fingerprint)>>>,
    section_prints: Vec<OnceLock<Fingerprint>>,
    newest: Vec<OnceLock<(Vec<ArticleId>, Fingerprint)>>,
    /// Whether the home page of each language has feeds.
    home_feeds: Vec<OnceLock<bool>>,
    /// What `data/authors.yaml` says of the authors, in the order of the groups and their terms.
    people_prints: Vec<Vec<OnceLock<Fingerprint>>>,
    info_prints: InfoPrints,
    image: OnceLock<Value>,
    shelves: OnceLock<Vec<Shelf>>,
}

/// The HTML that only rendering can make: bodies of articles and of `_index.md` files.
#[derive(Debug, Default)]
pub struct Content {
    /// The body's HTML.
    pub html: String,
    /// Whether it is the same wherever what the article's page shows is: no shortcode is in it.
    pub is_fixed: bool,
}

impl<'a> View<'a> {
    /// Looks at an archive through a theme.
    pub fn new(archive: &'a Archive, theme: &'a Theme) -> Self {
        Self {
            archive,
            cards: Arc::new(Cards::new(archive)),
            theme,
            shared: SHARED
                .into_iter()
                .map(|name| {
                    (
                        name,
                        archive.languages.iter().map(|_| OnceLock::new()).collect(),
                    )
                })
                .collect(),
            section_prints: archive.sections.iter().map(|_| OnceLock::new()).collect(),
            newest: archive.languages.iter().map(|_| OnceLock::new()).collect(),
            home_feeds: archive.languages.iter().map(|_| OnceLock::new()).collect(),
            people_prints: archive
                .groups
                .iter()
                .map(|group| match group.taxonomy.key.as_str() {
                    "authors" => group.terms.iter().map(|_| OnceLock::new()).collect(),
                    _ => Vec::new(),
                })
                .collect(),
            info_prints: InfoPrints::of(archive),
            image: OnceLock::new(),
            shelves: OnceLock::new(),
        }
    }

    /// Returns what readers search, divided into parts.
    pub fn shelves(&self) -> &[Shelf] {
        self.shelves
            .get_or_init(|| part::shelves(self.archive, self.theme))
    }

    /// Adds everything that a page made by a template sees through these variables.
    pub fn print(&self, page: &Page, variables: VariableSet, print: &mut Fingerprinter) {
        for at in variables.iter() {
            print.number(at as u64);
            self.add(VARIABLES[at].name, page, print);
        }
    }

    /// Returns the fingerprint of what a page made by a template sees through one variable of the
    /// vocabulary.
    pub fn variable_print(&self, at: usize, page: &Page) -> Fingerprint {
        let mut print = Fingerprinter::new("variable");
        self.add(VARIABLES[at].name, page, &mut print);
        print.finish()
    }

    /// Returns the values of these variables; the others of the vocabulary are not there, because
    /// the template does not name them.
    pub fn context(&self, page: &Page, variables: VariableSet, content: &Content) -> Context {
        let mut context = Context::new();
        for at in variables.iter() {
            let name = VARIABLES[at].name;
            context.insert_value(name, self.value(name, page, content));
        }
        context
    }

    fn add(&self, name: &'static str, page: &Page, print: &mut Fingerprinter) {
        if name == "recent" {
            let language = self.archive.language_of(self.root(page));
            print.fingerprint(self.newest(language).1);
            return;
        }
        if self.shared.contains_key(name) {
            print.fingerprint(self.shared_by(name, page).1);
            return;
        }
        let articles = |ids: &[ArticleId], print: &mut Fingerprinter| {
            print.number(ids.len() as u64);
            for id in ids {
                print.fingerprint(self.archive.article(*id).card);
            }
        };
        // A body has words of the interface in it, whether its template reads them or not.
        let words = || self.theme.words.of(self.language(page)).print;
        match (name, &page.subject) {
            ("words", _) => {
                print.fingerprint(words());
            }
            ("article", Subject::Article(id)) => {
                print
                    .fingerprint(self.archive.article(*id).page)
                    .fingerprint(words());
            }
            ("page" | "breadcrumbs" | "structured_data" | "metadata", Subject::Article(id)) => {
                // All are made of the card, the site and the sections around the article; what is
                // for machines tells of the authors too, and of what stands in live coverage.
                let one = self.archive.article(*id);
                if matches!(name, "page" | "metadata") {
                    print.number(u64::from(self.has_home_feeds(self.root(page))));
                }
                if matches!(name, "structured_data" | "metadata") {
                    self.add_people(one, print);
                }
                if name == "structured_data" {
                    print.fingerprint(self.shared("search", 0).1);
                    self.add_shown(one, print);
                }
                print
                    .fingerprint(one.card)
                    .fingerprint(self.shared("site", 0).1);
                print.fingerprint(self.section_print(one.section));
            }
            ("section", Subject::Article(id)) => {
                print.fingerprint(self.section_print(self.archive.article(*id).section));
            }
            ("newer", Subject::Article(id)) => articles(self.newer(*id).as_slice(), print),
            ("older", Subject::Article(id)) => articles(self.older(*id).as_slice(), print),
            ("related", Subject::Article(id)) => articles(&self.related(*id), print),
            ("series", Subject::Article(id)) => articles(self.series(*id), print),
            ("articles", Subject::List(list, slice)) => {
                articles(&list.shown(self.archive, slice), print)
            }
            ("page", Subject::List(..)) => self.add_info(page, print),
            ("corrections", Subject::List(list @ List::Corrections(_), slice)) => {
                articles(&list.shown(self.archive, slice), print);
            }
            ("structured_data" | "metadata", Subject::List(list, slice)) => {
                self.add_info(page, print);
                print.fingerprint(self.shared("site", 0).1);
                print.fingerprint(self.shared("search", 0).1);
                for (title, route) in self.crumbs(page) {
                    print.text(&title).text(route.path());
                }
                if let List::Term(group, term) = list {
                    let term = &self.archive.groups[*group].terms[*term];
                    print.text(&term.name).value(&term.person);
                }
                for id in list.shown(self.archive, slice) {
                    print.text(self.archive.article(id).route.path());
                }
            }
            ("pager", Subject::List(list, slice)) => self.add_pager(*list, slice, print),
            ("calendar", Subject::List(list, slice)) if slice.is_front => {
                print.fingerprint(calendar::print(self.archive, *list));
            }
            ("front", Subject::List(list @ List::Section(root), slice))
                if slice.is_front && self.archive.is_root(*root) =>
            {
                let front = self.front(*list, slice);
                print.fingerprint(front.print(self.archive, &self.cards));
            }
            ("section", Subject::List(List::Section(section), _)) => {
                print
                    .fingerprint(self.section_print(*section))
                    .fingerprint(body(self.archive.sections[*section].about.as_ref()))
                    .fingerprint(words());
            }
            ("photos", Subject::List(list @ List::Term(group, term), slice)) => {
                let term = &self.archive.groups[*group].terms[*term];
                shots::print(self.archive, term, &list.shown(self.archive, slice), print);
            }
            ("term", Subject::List(List::Term(group, term), _)) => {
                let about = self.archive.groups[*group].terms[*term].about.as_ref();
                print
                    .fingerprint(value::fingerprint(&self.value(
                        name,
                        page,
                        &Content::default(),
                    )))
                    .fingerprint(body(about))
                    .fingerprint(words());
            }
            _ => {
                print.fingerprint(value::fingerprint(&self.value(
                    name,
                    page,
                    &Content::default(),
                )));
            }
        }
    }

    fn value(&self, name: &'static str, page: &Page, content: &Content) -> Value {
        if self.shared.contains_key(name) {
            return self.shared_by(name, page).0.clone();
        }
        let card = |id: ArticleId| self.cards.article(self.archive, id);
        let cards = |ids: &[ArticleId]| self.cards.articles(self.archive, ids);
        match (name, &page.subject) {
            ("page", _) => self.page(page),
            ("languages", _) => self.languages(page),
            ("words", _) => self.theme.words.of(self.language(page)).value.clone(),
            ("breadcrumbs", _) => self.breadcrumbs(page),
            ("structured_data", _) => {
                let info = Info::of(self, page);
                Value::safe_string(&structured_data::of(self, page, &info, content))
            }
            ("metadata", _) => {
                let info = Info::of(self, page);
                Value::safe_string(&metadata::of(self, page, &info))
            }
            ("corrections", Subject::List(List::Corrections(language), slice)) => {
                self.corrections(*language, slice)
            }
            ("article", Subject::Article(id)) => self.article(*id, content),
            ("newer", Subject::Article(id)) => self.newer(*id).map_or_else(Value::none, card),
            ("older", Subject::Article(id)) => self.older(*id).map_or_else(Value::none, card),
            ("related", Subject::Article(id)) => cards(&self.related(*id)),
            ("series", Subject::Article(id)) => {
                let articles = self.series(*id);
                let Some(name) = &self.archive.article(*id).article.meta.series else {
                    return Value::none();
                };
                map([
                    ("name", Value::normal_string(name)),
                    (
                        "position",
                        Value::from(articles.partition_point(|other| other < id) + 1),
                    ),
                    ("articles", cards(articles)),
                ])
            }
            ("articles", Subject::List(list, slice)) => cards(&list.shown(self.archive, slice)),
            ("pager", Subject::List(list, slice)) => self.pager(*list, slice),
            ("calendar", Subject::List(list, slice)) if slice.is_front => {
                calendar::value(self.archive, *list)
            }
            ("front", Subject::List(list @ List::Section(root), slice))
                if slice.is_front && self.archive.is_root(*root) =>
            {
                self.front(*list, slice).value(self.archive, &self.cards)
            }
            ("section", Subject::Article(id)) => {
                self.section(self.archive.article(*id).section, None)
            }
            ("section", Subject::List(List::Section(section), slice)) => {
                self.section(*section, slice.is_front.then_some(content))
            }
            ("term", Subject::List(List::Term(group, term), slice)) => {
                self.term(*group, *term, slice.is_front.then_some(content))
            }
            ("photos", Subject::List(list @ List::Term(group, term), slice)) => {
                let term = &self.archive.groups[*group].terms[*term];
                let ids = list.shown(self.archive, slice);
                shots::shots(self.archive, &self.cards, term, &ids)
            }
            ("terms", Subject::Terms(group)) => {
                let terms = self.archive.groups[*group].terms.iter();
                Value::from(
                    terms
                        .map(|term| value::term_count(self.archive, term))
                        .collect::<Vec<_>>(),
                )
            }
            ("taxonomy", Subject::Terms(group) | Subject::List(List::Term(group, _), _)) => {
                let group = &self.archive.groups[*group];
                value::taxonomy(self.archive, group, &self.title_of_group(group))
            }
            _ => Value::none(),
        }
    }

    /// Returns the language of a page, as a BCP 47 tag.
    pub fn language(&self, page: &Page) -> &'a str {
        let archive = self.archive;
        match &page.subject {
            Subject::Article(id) => archive.language(archive.article(*id)),
            Subject::List(list, _) => list.language(archive),
            _ => &archive.sections[self.root(page)].language,
        }
    }

    /// Returns the root around a page: that of the site's language, or the folder of a further one.
    fn root(&self, page: &Page) -> usize {
        let archive = self.archive;
        match &page.subject {
            Subject::Article(id) => archive.root_of(archive.article(*id).section),
            Subject::List(list, _) => list.root(archive),
            Subject::Terms(group) => archive.root_of_group(*group),
            Subject::Archive(language) => archive.languages[*language].root,
            Subject::SearchPage(root) => *root,
            _ => 0,
        }
    }

    /// Tells whether the front page of the language around a root has feeds.
    fn has_home_feeds(&self, root: usize) -> bool {
        let known = &self.home_feeds[self.archive.language_of(root)];
        *known.get_or_init(|| List::Section(root).has_feeds(self.archive))
    }

    /// Returns the front page of a language, and the taxonomies that have terms in it.
    fn home(&self, language: usize) -> Value {
        let archive = self.archive;
        let root = archive.languages[language].root;
        let taxonomies = archive.groups.iter().filter(|group| match group.language {
            Some(of) => of == language && (language == 0 || !group.terms.is_empty()),
            None => true,
        });
        let taxonomies = taxonomies
            .map(|group| value::taxonomy(archive, group, &self.title_of_group_in(group, language)));
        let section = &archive.sections[root];
        let description = match root {
            0 => archive.config.description.clone(),
            _ => self.described(section.about.as_ref()).unwrap_or_default(),
        };
        map([
            ("title", Value::normal_string(self.title_of(root))),
            ("description", Value::normal_string(&description)),
            ("url", Value::from(archive.url(&section.route))),
            ("taxonomies", Value::from(taxonomies.collect::<Vec<_>>())),
        ])
    }

    /// Returns the publication's name in the language whose root is a section.
    fn title_of(&self, root: usize) -> &'a str {
        match root {
            0 => &self.archive.config.title,
            _ => &self.archive.sections[root].title,
        }
    }

    /// Returns the summary of an `_index.md` as text.
    fn described(&self, about: Option<&About>) -> Option<String> {
        let summary = about.and_then(|about| about.summary.as_deref())?;
        let html = markdown::inline(summary, &self.archive.config.markdown, None);
        Some(markdown::plain_text(&html))
    }

    /// Returns the languages in which a page can be read, and those that have a front page.
    fn languages(&self, page: &Page) -> Value {
        let archive = self.archive;
        let current = self.language(page);
        let entry = |language: &str, title: &str, route: &Route, is_translation: bool| {
            map([
                ("language", Value::normal_string(language)),
                ("name", self.theme.words.name_of(language)),
                ("dir", Value::from(value::direction(language))),
                ("title", Value::normal_string(title)),
                ("url", Value::from(archive.url(route))),
                ("permalink", Value::from(archive.permalink(route))),
                ("is_current", Value::from(language == current)),
                ("is_translation", Value::from(is_translation)),
            ])
        };
        let translated: Vec<(&str, String, Route)> = match &page.subject {
            Subject::Article(id) => archive
                .translations(*id)
                .into_iter()
                .map(|id| {
                    let one = archive.article(id);
                    let headline = one.article.meta.headline.clone();
                    (archive.language(one), headline, one.route.clone())
                })
                .collect(),
            Subject::List(list, slice) if slice.is_front && !self.is_of_all(&page.subject) => {
                let lists = list.translations(archive).into_iter();
                lists
                    .map(|list| {
                        let title = match list {
                            List::Section(at) if archive.is_root(at) => {
                                self.title_of(at).to_owned()
                            }
                            list => self.title_of_list(list),
                        };
                        (list.language(archive), title, list.route(archive))
                    })
                    .collect()
            }
            Subject::Terms(group) if !self.is_of_all(&page.subject) => {
                let key = &archive.groups[*group].taxonomy.key;
                let groups = archive.groups_of(key);
                groups
                    .filter(|group| group.language == Some(0) || !group.terms.is_empty())
                    .filter_map(|group| Some((group.language?, group)))
                    .map(|(language, group)| {
                        let root = archive.languages[language].root;
                        let language = archive.sections[root].language.as_str();
                        (language, self.title_of_group(group), group.route.clone())
                    })
                    .collect()
            }
            Subject::Archive(_) => archive
                .roots()
                .filter_map(|root| {
                    let section = &archive.sections[root];
                    let rules = crate::archive::rules(&archive.config);
                    let route = section.route.page_in(&["archive"], &rules).ok()?;
                    let language = section.language.as_str();
                    Some((language, self.word(language, "archive", "Archive"), route))
                })
                .collect(),
            Subject::SearchPage(_) => archive
                .roots()
                .filter_map(|root| {
                    let language = archive.sections[root].language.as_str();
                    let title = self.title_of(root).to_owned();
                    Some((language, title, self.search_page(root)?))
                })
                .collect(),
            _ => Vec::new(),
        };
        let mut languages = Vec::new();
        if !archive.config.languages.is_empty() {
            for root in archive.roots() {
                let language = archive.sections[root].language.as_str();
                if !translated.iter().any(|(known, ..)| *known == language) {
                    let route = &archive.sections[root].route;
                    languages.push((root, entry(language, self.title_of(root), route, false)));
                }
            }
        }
        if translated.len() > 1 || !languages.is_empty() {
            for (language, title, route) in &translated {
                let mut roots = archive.roots();
                let root = roots.find(|root| archive.sections[*root].language == *language);
                let place = root.unwrap_or(usize::MAX);
                languages.push((place, entry(language, title, route, true)));
            }
        }
        let order: Vec<usize> = archive.roots().collect();
        languages.sort_by_key(|(root, _)| {
            order
                .iter()
                .position(|known| known == root)
                .unwrap_or(order.len())
        });
        Value::from(
            languages
                .into_iter()
                .map(|(_, entry)| entry)
                .collect::<Vec<_>>(),
        )
    }

    /// Tells whether a page is of every language: those of photographers and agencies are.
    fn is_of_all(&self, subject: &Subject) -> bool {
        match subject {
            Subject::Terms(group) | Subject::List(List::Term(group, _), _) => {
                self.archive.groups[*group].language.is_none()
            }
            _ => false,
        }
    }

    /// Returns the fingerprint of the site as templates see it.
    pub fn site_print(&self) -> Fingerprint {
        self.shared("site", 0).1
    }

    /// Returns the newest articles of a language.
    fn recent(&self, language: usize) -> Value {
        let (newest, _) = self.newest(language);
        self.cards.articles(self.archive, newest)
    }

    /// Lists the newest articles of a language, with their fingerprint: that of what their cards are
    /// made of, since a photo has to be looked into for its colour.
    fn newest(&self, language: usize) -> &(Vec<ArticleId>, Fingerprint) {
        self.newest[language].get_or_init(|| {
            let archive = self.archive;
            let is_of =
                |id: &ArticleId| archive.language_of(archive.article(*id).section) == language;
            let newest = archive.dated().rev().filter(is_of);
            let newest: Vec<ArticleId> = newest.take(RECENT).collect();
            let mut print = Fingerprinter::new("newest");
            for id in &newest {
                print.fingerprint(archive.article(*id).card);
            }
            let print = print.finish();
            (newest, print)
        })
    }

    fn shared_by(&self, name: &'static str, page: &Page) -> &(Value, Fingerprint) {
        let language = match name {
            "site" | "today" => 0,
            _ => self.archive.language_of(self.root(page)),
        };
        self.shared(name, language)
    }

    fn shared(&self, name: &'static str, language: usize) -> &(Value, Fingerprint) {
        self.shared[name][language].get_or_init(|| {
            let root = self.archive.languages[language].root;
            let made = match name {
                "site" => self.site(),
                "home" => self.home(language),
                "dates" => self.dates(language),
                "sections" => self.sections(root),
                "tags" => self.tags(language),
                "today" => Value::from(self.today().to_string()),
                "search" => self.search(root),
                _ => self.recent(language),
            };
            let print = value::fingerprint(&made);
            (made, print)
        })
    }

    /// Returns the day of the build, in the site's time zone.
    pub fn today(&self) -> jiff::civil::Date {
        let now = jiff::Timestamp::from_second(self.archive.now).unwrap_or_default();
        self.archive.config.time_zone.to_datetime(now).date()
    }

    /// Returns the Unix second at which the day of the build ends.
    pub fn end_of_today(&self) -> Option<i64> {
        let tomorrow = self.today().tomorrow().ok()?;
        let midnight = tomorrow
            .to_zoned_datetime(self.archive.config.time_zone.clone())
            .ok()?;
        Some(midnight.timestamp().as_second())
    }

    fn newer(&self, id: ArticleId) -> Option<ArticleId> {
        let archive = self.archive;
        if (id.0 as usize) < archive.undated {
            return None;
        }
        let later = (id.0 + 1..archive.articles.len() as u32).map(ArticleId);
        later.into_iter().find(|next| self.is_beside(id, *next))
    }

    fn older(&self, id: ArticleId) -> Option<ArticleId> {
        let earlier = (self.archive.undated as u32..id.0).rev().map(ArticleId);
        earlier.into_iter().find(|next| self.is_beside(id, *next))
    }

    /// Tells whether two articles are of one language's part of the site.
    fn is_beside(&self, one: ArticleId, other: ArticleId) -> bool {
        let archive = self.archive;
        let root = |id: ArticleId| archive.root_of(archive.article(id).section);
        archive.config.languages.is_empty() || root(one) == root(other)
    }

    fn related(&self, id: ArticleId) -> Vec<ArticleId> {
        let one = self.archive.article(id);
        let Some(group) = self.archive.group_around(one, "tags") else {
            return Vec::new();
        };
        let terms = &one.terms[group];
        let tags: Vec<&[ArticleId]> = terms
            .iter()
            .map(|term| {
                self.archive.groups[group].terms[*term as usize]
                    .articles
                    .as_slice()
            })
            .collect();
        related::related(id, &tags, self.archive.config.related)
    }

    fn series(&self, id: ArticleId) -> &[ArticleId] {
        let one = self.archive.article(id);
        let name = one.article.meta.series.as_ref();
        let language = &self.archive.languages[self.archive.language_of(one.section)];
        name.and_then(|name| language.series.get(name))
            .map_or(&[], Vec::as_slice)
    }

    fn article(&self, id: ArticleId, content: &Content) -> Value {
        let archive = self.archive;
        let article = &archive.article(id).article;
        let headings = article
            .details
            .get()
            .headings
            .get()
            .into_iter()
            .map(|heading| {
                map([
                    ("level", Value::from(u32::from(heading.level))),
                    ("id", Value::normal_string(&heading.id)),
                    ("text", Value::normal_string(&heading.text)),
                ])
            });
        let corrections = correction::with_ids(&article.meta.corrections);
        let corrections = corrections.into_iter().map(|(id, correction)| {
            map([
                ("date", Value::from(correction.date.rfc3339())),
                ("id", Value::from(id)),
                ("kind", Value::from(correction.kind.name())),
                ("text", value::inline(archive, Some(&correction.text))),
            ])
        });
        let live = article.meta.presented(|one| one.live.as_deref());
        let updates = live.map_or(&[][..], |live| &live.updates).iter();
        let updates = updates.map(|update| {
            map([
                ("time", Value::from(update.time.rfc3339())),
                ("headline", Value::normal_string(&update.headline)),
                ("id", Value::normal_string(&update.id)),
            ])
        });
        let further = [
            ("content", Value::safe_string(&content.html)),
            ("headings", Value::from(headings.collect::<Vec<_>>())),
            ("corrections", Value::from(corrections.collect::<Vec<_>>())),
            (
                "dateline",
                value::said(article.meta.presented(|one| one.dateline.as_deref())),
            ),
            ("updates", Value::from(updates.collect::<Vec<_>>())),
        ];
        map(value::card_fields(archive, &self.cards, id).chain(further))
    }

    fn front(&self, list: List, slice: &Slice) -> Front {
        let shown = list.shown(self.archive, slice);
        let root = match list {
            List::Section(section) => section,
            _ => 0,
        };
        Front::of(self.archive, root, &shown, &self.theme.extra)
    }

    /// Adds what is known of an article's authors.
    fn add_people(&self, one: &Published, print: &mut Fingerprinter) {
        let Some(group) = self.archive.group_around(one, "authors") else {
            return;
        };
        for term in &one.terms[group] {
            let known = || {
                let mut print = Fingerprinter::new("person");
                print.value(&self.archive.groups[group].terms[*term as usize].person);
                print.finish()
            };
            print.fingerprint(*self.people_prints[group][*term as usize].get_or_init(known));
        }
    }

    /// Adds what an article's JSON-LD says of its body: the text of live coverage, and pictures with
    /// a credit.
    fn add_shown(&self, one: &Published, print: &mut Fingerprinter) {
        let is_live = one
            .article
            .meta
            .presented(|shown| shown.live.as_ref())
            .is_some();
        let is_told = |picture: &Picture| {
            let known = || self.archive.photo_of(&one.article.path, &picture.src);
            picture.credit.is_some() || known().credit.is_some() || known().details.is_some()
        };
        if is_live || one.article.outline.pictures.iter().any(is_told) {
            print.fingerprint(one.page);
        }
    }

    /// Returns a page of the list of corrections, the newest first.
    fn corrections(&self, language: usize, slice: &Slice) -> Value {
        let archive = self.archive;
        let all = &archive.languages[language].corrections;
        let corrections = slice.range.clone().rev().map(|at| {
            let (id, name, correction) = all.get(&archive.articles, at);
            let one = archive.article(id);
            map([
                ("article", self.cards.article(archive, id)),
                (
                    "url",
                    Value::from(format!("{}#{name}", archive.url(&one.route))),
                ),
                ("date", Value::from(correction.date.rfc3339())),
                ("kind", Value::from(correction.kind.name())),
                ("text", value::inline(archive, Some(&correction.text))),
            ])
        });
        Value::from(corrections.collect::<Vec<_>>())
    }

    /// Adds what [`View::pager`] is made of.
    fn add_pager(&self, list: List, slice: &Slice, print: &mut Fingerprinter) {
        let archive = self.archive;
        let front = list.front(archive);
        let page = |number: Option<usize>, print: &mut Fingerprinter| {
            print
                .number(number.map_or(0, |number| number as u64 + 1))
                .number(u64::from(number == Some(front)));
        };
        print
            .text(list.route(archive).path())
            .text(archive.base_path());
        print
            .number(slice.number as u64)
            .number(u64::from(slice.is_front));
        if slice.is_front {
            print
                .number(list.articles(archive).len() as u64)
                .number(list.pages(archive) as u64);
        }
        page(slice.towards_front, print);
        page(slice.away, print);
    }

    fn pager(&self, list: List, slice: &Slice) -> Value {
        let archive = self.archive;
        let pages = list.pages(archive);
        let front = list.front(archive);
        let url = |number: Option<usize>| {
            let route =
                number.and_then(|number| list.page_route(archive, number, number == front).ok());
            Value::from(route.map(|route| archive.url(&route)))
        };
        // What a new article changes stands on the front only; see `archive::pager`.
        let on_front = |number: usize| {
            if slice.is_front {
                Value::from(number)
            } else {
                Value::none()
            }
        };
        map([
            ("number", Value::from(slice.number)),
            ("is_front", Value::from(slice.is_front)),
            ("count", on_front(list.articles(archive).len())),
            ("pages", on_front(pages)),
            ("newer", url(slice.towards_front)),
            ("older", url(slice.away)),
            ("front", Value::from(archive.url(&list.route(archive)))),
        ])
    }

    /// Returns a section; with its text on its own front.
    fn section(&self, at: usize, content: Option<&Content>) -> Value {
        let archive = self.archive;
        let section = &archive.sections[at];
        let link = |at: usize| self.cards.section(archive, at);
        let about = section.about.as_ref();
        map([
            ("title", Value::normal_string(&section.title)),
            ("url", Value::from(archive.url(&section.route))),
            ("path", Value::normal_string(&section.path)),
            (
                "summary",
                value::inline(archive, about.and_then(|about| about.summary.as_deref())),
            ),
            ("content", html(content)),
            ("photo", self.about_photo(about, &section.route)),
            (
                "parent",
                section
                    .parent
                    .filter(|parent| *parent != 0)
                    .map_or_else(Value::none, link),
            ),
            (
                "sections",
                Value::from(
                    section
                        .children
                        .iter()
                        .map(|at| link(*at))
                        .collect::<Vec<_>>(),
                ),
            ),
            (
                "extra",
                about.map_or_else(Value::none, |about| value::data(&about.extra)),
            ),
        ])
    }

    fn section_print(&self, at: usize) -> Fingerprint {
        *self.section_prints[at].get_or_init(|| {
            let mut print = Fingerprinter::new("section");
            print.fingerprint(value::fingerprint(&self.section(at, None)));
            if let Some(parent) = self.archive.sections[at].parent {
                print.fingerprint(self.section_print(parent));
            }
            print.finish()
        })
    }

    fn about_photo(&self, about: Option<&About>, route: &Route) -> Value {
        about.map_or_else(Value::none, |about| {
            value::photo(self.archive, route, &about.path, about.photo.as_ref())
        })
    }

    fn term(&self, group: usize, term: usize, content: Option<&Content>) -> Value {
        let archive = self.archive;
        let term = &archive.groups[group].terms[term];
        let about = term.about.as_ref();
        let person = term.person.as_ref();
        map([
            ("name", Value::normal_string(&term.name)),
            ("url", Value::from(archive.url(&term.route))),
            (
                "summary",
                value::inline(archive, about.and_then(|about| about.summary.as_deref())),
            ),
            ("content", html(content)),
            ("photo", self.about_photo(about, &term.route)),
            (
                "person",
                person.map_or_else(Value::none, |person| value::person(archive, person)),
            ),
            ("kind", text(term.maker.map(Maker::name))),
            (
                "extra",
                about.map_or_else(Value::none, |about| value::data(&about.extra)),
            ),
        ])
    }

    fn page(&self, page: &Page) -> Value {
        let info = Info::of(self, page);
        let leads_to = info.redirect.as_ref();
        let whole = leads_to.map(|route| self.archive.permalink(route));
        let from_root = leads_to.map(|route| self.archive.url(route));
        let feeds = info.feeds.into_iter().map(|(title, route, format)| {
            map([
                ("title", Value::from(title)),
                ("url", Value::from(self.archive.url(&route))),
                ("type", Value::from(format.media_type())),
                ("format", Value::from(format.title())),
            ])
        });
        map([
            ("kind", Value::from(info.kind.name())),
            ("title", Value::from(info.title)),
            ("description", Value::from(info.description)),
            ("url", Value::from(self.archive.url(&page.route))),
            (
                "permalink",
                Value::from(self.archive.permalink(&page.route)),
            ),
            ("dir", Value::from(value::direction(&info.language))),
            ("language", Value::from(info.language)),
            ("image", value::as_social(self.archive, info.image)),
            ("feeds", Value::from(feeds.collect::<Vec<_>>())),
            ("date", Value::from(info.date)),
            ("redirect", Value::from(whole)),
            ("redirect_url", Value::from(from_root)),
        ])
    }

    fn breadcrumbs(&self, page: &Page) -> Value {
        let crumbs = self.crumbs(page).into_iter().map(|(title, route)| {
            map([
                ("title", Value::from(title)),
                ("url", Value::from(self.archive.url(&route))),
            ])
        });
        Value::from(crumbs.collect::<Vec<_>>())
    }

    /// Returns the way from home to a page, both included.
    pub fn crumbs(&self, page: &Page) -> Vec<(String, Route)> {
        let archive = self.archive;
        let root = self.root(page);
        let home = archive.sections[root].route.clone();
        let mut crumbs = vec![(self.title_of(root).to_owned(), home)];
        let sections = |at: usize, crumbs: &mut Vec<(String, Route)>| {
            let mut way = Vec::new();
            let mut section: Option<&Section> = Some(&archive.sections[at]);
            while let Some(found) = section.filter(|section| section.parent.is_some()) {
                way.push((found.title.clone(), found.route.clone()));
                section = found.parent.map(|parent| &archive.sections[parent]);
            }
            crumbs.extend(way.into_iter().rev());
        };
        match &page.subject {
            Subject::Article(id) => {
                let one = archive.article(*id);
                sections(one.section, &mut crumbs);
                crumbs.push((one.article.meta.headline.clone(), one.route.clone()));
            }
            Subject::List(List::Section(section), _) => sections(*section, &mut crumbs),
            Subject::List(list @ List::Term(group, _), _) => {
                let group = &archive.groups[*group];
                crumbs.push((self.title_of_group(group), group.route.clone()));
                crumbs.push((list.title(archive), list.route(archive)));
            }
            Subject::List(list, _) => {
                let above: &[List] = match *list {
                    List::Month(l, y, _) => &[List::Year(l, y)],
                    List::Day(l, y, m, _) => &[List::Year(l, y), List::Month(l, y, m)],
                    _ => &[],
                };
                crumbs.extend(
                    above
                        .iter()
                        .chain([list])
                        .map(|list| (self.title_of_list(*list), list.route(archive))),
                );
            }
            Subject::Terms(_) | Subject::Archive(_) | Subject::SearchPage(_) => {
                crumbs.push((self.title(page), page.route.clone()));
            }
            _ => {}
        }
        crumbs
    }
}

fn html(content: Option<&Content>) -> Value {
    match content {
        Some(content) if !content.html.is_empty() => Value::safe_string(&content.html),
        _ => Value::none(),
    }
}

fn body(about: Option<&About>) -> Fingerprint {
    about.map(|about| about.text).unwrap_or_default()
}
