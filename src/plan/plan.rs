//! The plan: every page of the site, and the check that no two stand in one place.

use super::cards;
use super::feed;
use super::front;
use super::icons;
use super::manifest::Entry;
use super::page::{Aliased, List, Page, PageKind, Subject};
use super::search;
use super::settings;
use super::sitemap::{self, news};
use super::view::View;
use crate::archive::makers::CREDITS;
use crate::archive::reference::{self, PictureTarget};
use crate::archive::{self, Archive, ArticleId, Prints};
use crate::base::diagnostic::{Diagnostic, Place};
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use crate::base::route::{Route, RouteFault};
use crate::darkroom::card;
use crate::darkroom::icon::ICONS;
use crate::search::runtime;
use crate::theme::kind::Kind;
use crate::theme::theme::{Theme, VariableSet};
use crate::theme::value;
use crate::theme::variable::VARIABLES;
use rapidhash::{RapidHashMap, RapidHashSet};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Every page of the site.
pub struct Plan {
    /// The pages; templates' pages first, in the order of their subjects.
    pub pages: Vec<Page>,
    /// How many fingerprints were made: those of the other pages are known from the last build.
    pub fingerprinted: usize,
}

impl Plan {
    fn of(pages: Vec<Page>, fingerprinted: usize) -> Self {
        Self {
            pages,
            fingerprinted,
        }
    }

    /// Returns the Unix second from which a page is another; none where time changes none.
    pub fn until(&self) -> Option<i64> {
        self.pages.iter().filter_map(|page| page.valid_until).min()
    }
}

/// Reports pages that would overwrite each other, of a site that is refused for other faults.
pub fn check(archive: &Archive, theme: &Theme) -> Vec<Diagnostic> {
    let (pages, mut faults) = draft(archive, theme);
    faults.extend(collisions(archive, &pages));
    faults
}

/// Lists every page that the site consists of without their fingerprints, which [`page_print`] makes
/// one at a time; reports those that would overwrite each other and what dateline.yaml names and is
/// not there.
pub fn list(archive: &Archive, theme: &Theme) -> (Plan, Vec<Diagnostic>) {
    let (pages, mut faults) = listed_pages(archive, theme);
    faults.extend(collisions(archive, &pages));
    (Plan::of(pages, 0), faults)
}

/// Lists pages as [`list`] does, and does not look whether two stand in one place.
fn listed_pages(archive: &Archive, theme: &Theme) -> (Vec<Page>, Vec<Diagnostic>) {
    let (pages, mut faults) = draft(archive, theme);
    faults.extend(settings::check(archive));
    faults.extend(cards::check(archive));
    let home = theme.template(Kind::Home, None);
    if home.is_some_and(|home| reads(theme.analysis(home).variables, "front")) {
        faults.extend(front::check(archive));
    }
    (pages, faults)
}

/// Returns the fingerprint of everything that a page of a plan can see, but for what its template
/// looks up.
pub fn page_print(view: &View<'_>, theme: &Theme, plan: &Plan, page: &Page) -> Fingerprint {
    print(view, theme, &plan.pages, page, environment(view.archive)).0
}

/// The plan that the last build made of the same archive and theme, but for the words of some articles:
/// so it has the same pages in the same places.
#[derive(Clone, Copy)]
pub struct Last<'a> {
    /// What it wrote, the pages of the plan first.
    pub files: &'a [Entry],
    /// The fingerprints of its articles.
    pub articles: &'a [Prints],
}

impl Last<'_> {
    /// Returns the fingerprint of the page in a place, and the Unix second from which it is another; none
    /// where words of articles that are other may be on it.
    fn print(
        &self,
        archive: &Archive,
        at: usize,
        page: &Page,
    ) -> Option<(Fingerprint, Option<i64>)> {
        let entry = self.files.get(at)?;
        let shows_same_words = match page.subject {
            Subject::Article(id) => self
                .articles
                .get(id.0 as usize)
                .is_some_and(|last| last.is_of(archive.article(id))),
            // Of other articles than its own a page shows cards.
            Subject::List(..) => true,
            _ => false,
        };
        let is_same = shows_same_words && entry.path == *page.route.file();
        is_same.then_some((entry.page, entry.valid_until))
    }
}

/// Lists every page that the site consists of as [`list`] does, with their fingerprints; none where
/// there are errors.
pub fn plan(archive: &Archive, theme: &Theme) -> (Plan, Vec<Diagnostic>) {
    plan_after(archive, theme, None)
}

/// Plans as [`plan`] does, with what the last plan tells of this one, if it does.
pub fn plan_after(
    archive: &Archive,
    theme: &Theme,
    last: Option<Last<'_>>,
) -> (Plan, Vec<Diagnostic>) {
    let (mut pages, mut faults) = listed_pages(archive, theme);
    if faults.iter().any(Diagnostic::is_error) {
        faults.extend(collisions(archive, &pages));
        return (Plan::of(Vec::new(), 0), faults);
    }
    let (collisions, prints) = rayon::join(
        || match last {
            // There were none, and the pages stand where they stood.
            Some(_) if !cfg!(debug_assertions) => Vec::new(),
            _ => collisions(archive, &pages),
        },
        || prints(archive, theme, &pages, last),
    );
    faults.extend(collisions);
    if faults.iter().any(Diagnostic::is_error) {
        return (Plan::of(Vec::new(), 0), faults);
    }
    let mut fingerprinted = 0;
    for (page, made) in pages.iter_mut().zip(prints) {
        page.fingerprint = made.print;
        page.valid_until = made.valid_until;
        fingerprinted += usize::from(made.is_new);
    }
    (Plan::of(pages, fingerprinted), faults)
}

/// The fingerprint of a page.
struct Print {
    print: Fingerprint,
    /// The Unix second from which the page is another.
    valid_until: Option<i64>,
    /// Whether it was made, and not known from the last build.
    is_new: bool,
}

/// Returns the fingerprint of each page.
fn prints(archive: &Archive, theme: &Theme, pages: &[Page], last: Option<Last<'_>>) -> Vec<Print> {
    let view = View::new(archive, theme);
    let environment = environment(archive);
    pages
        .par_iter()
        .enumerate()
        // Pages of lists, which see the most, are together at the end: no thread may have them alone.
        .with_max_len(PRINTED_AT_ONCE)
        .map(|(at, page)| {
            let made = || print(&view, theme, pages, page, environment);
            let known = last.and_then(|last| last.print(archive, at, page));
            debug_assert!(known.is_none_or(|known| known.0 == made().0), "{page:?}");
            let (print, valid_until) = known.unwrap_or_else(made);
            Print {
                print,
                valid_until,
                is_new: known.is_none(),
            }
        })
        .collect()
}

/// Lists every page without its fingerprint, and does not look whether two stand in one place.
fn draft(archive: &Archive, theme: &Theme) -> (Vec<Page>, Vec<Diagnostic>) {
    let mut draft = Draft {
        archive,
        theme,
        pages: Vec::with_capacity(archive.articles.len() * 2),
        faults: Vec::new(),
    };
    draft.templates();
    draft.sitemaps();
    draft.feeds();
    draft.files();
    let Draft { pages, faults, .. } = draft;
    (pages, faults)
}

/// Returns the template that makes a page, if a template does.
pub fn template<'a>(archive: &Archive, theme: &'a Theme, subject: &Subject) -> Option<&'a str> {
    let asked = match subject {
        Subject::Article(id) => archive.article(*id).article.meta.template.as_deref(),
        Subject::List(List::Section(section), _) => archive.sections[*section]
            .about
            .as_ref()
            .and_then(|about| about.template.as_deref()),
        Subject::List(List::Term(group, term), _) => {
            let group = &archive.groups[*group];
            let own = group.terms[*term]
                .about
                .as_ref()
                .and_then(|about| about.template.as_deref());
            let of_taxonomy = format!("{}.html", group.taxonomy.singular);
            if own.is_none()
                && let Some(found) = theme.first(&[of_taxonomy.as_str()])
            {
                return Some(found);
            }
            own
        }
        Subject::Terms(group) => {
            let of_taxonomy = format!("{}.html", archive.groups[*group].taxonomy.key);
            if let Some(found) = theme.first(&[of_taxonomy.as_str()]) {
                return Some(found);
            }
            None
        }
        _ => None,
    };
    // What a front page shows beside its list changes with every article; its later pages need not.
    if let Subject::List(List::Section(section), slice) = subject
        && archive.is_root(*section)
        && !slice.is_front
        && asked.is_none()
        && let Some(found) = theme.first(&["home_later.html"])
    {
        return Some(found);
    }
    match subject.kind() {
        // The folder of a further language is a front page like the site's.
        PageKind::Template(Kind::Section) if matches!(subject, Subject::List(List::Section(section), _) if archive.is_root(*section)) => {
            theme.template(Kind::Home, asked)
        }
        PageKind::Template(kind) => theme.template(kind, asked),
        _ => None,
    }
}

/// The fingerprint of what every page depends on through filters and functions.
pub fn environment(archive: &Archive) -> Fingerprint {
    let config = &archive.config;
    let mut images = Fingerprinter::new("images");
    config.images.print(&mut images);
    images.number(u64::from(config.social_cards));
    for font in archive.card_fonts.iter() {
        images.fingerprint(font.fingerprint);
    }
    let images = images.finish();
    Fingerprinter::new("environment")
        .text(env!("CARGO_PKG_VERSION"))
        .text(&config.base_url)
        .text(&config.language)
        .fingerprint(config.parsing())
        .fingerprint(images)
        .fingerprint(config.credits.fingerprint())
        .number(u64::from(config.minify_html))
        // A page that a clean build refuses is not kept from an earlier one.
        .number(config.limits.page_bytes)
        .number(config.limits.template_steps)
        .finish()
}

fn print(
    view: &View<'_>,
    theme: &Theme,
    pages: &[Page],
    page: &Page,
    environment: Fingerprint,
) -> (Fingerprint, Option<i64>) {
    let archive = view.archive;
    let mut print = Fingerprinter::new(page.subject.kind().name());
    let mut valid_until = None;
    match &page.subject {
        Subject::Feed(list, _) => {
            print.fingerprint(environment);
            feed::print(view, theme, *list, &mut print);
        }
        Subject::Sitemap(range) => {
            print.fingerprint(environment);
            let parts = pages[range.clone()].par_chunks(LISTED_AT_ONCE);
            let parts: Vec<Fingerprint> = parts.map(|pages| listed(archive, pages)).collect();
            for part in parts {
                print.fingerprint(part);
            }
        }
        Subject::SitemapIndex(count) => {
            print.fingerprint(environment).number(*count as u64);
        }
        Subject::NewsSitemap(range) => {
            let articles = news::articles(archive);
            let articles = &articles[range.clone()];
            print.fingerprint(environment).text(&archive.config.title);
            for id in articles {
                print.fingerprint(archive.article(*id).card);
            }
            valid_until = news::valid_until(archive, articles);
        }
        Subject::NewsIndex(count) => {
            print.fingerprint(environment).number(*count as u64);
        }
        Subject::Robots => {
            print.fingerprint(environment);
        }
        Subject::SearchScript => {
            print.text(runtime::VERSION);
        }
        Subject::SearchWasm(root) => {
            let (name, _) = runtime::wasm(&archive.sections[*root].language);
            print.text(runtime::VERSION).text(name);
        }
        Subject::SearchParts(root) => {
            print.text(&search::list(view.shelves(), *root));
        }
        Subject::File(path) => {
            let file = &archive.files[path];
            print.fingerprint(file.fingerprint);
            // What hides in a picture is taken out of one that can be read.
            print.number(u64::from(matches!(file.picture, Some(Ok(_)))));
            print.text(archive.config.images.strip.name());
        }
        Subject::Derivative(shot) => {
            print.fingerprint(shot.derivative.print());
        }
        Subject::Icon(at) => {
            let file = icons::file(archive).and_then(|path| archive.files.get(path.as_str()));
            print
                .text(ICONS[*at].name)
                .fingerprint(file.map(|file| file.fingerprint).unwrap_or_default());
        }
        Subject::WebManifest => {
            print.text(&icons::manifest(archive));
        }
        Subject::Card(id) => {
            let headline = &archive.article(*id).article.meta.headline;
            print.fingerprint(card::print(
                headline,
                &archive.config.title,
                &archive.card_fonts,
            ));
        }
        Subject::Asset(at) => {
            print.fingerprint(theme.assets.files()[*at].fingerprint);
        }
        subject => {
            if let Some(name) = template(archive, theme, subject) {
                let template = theme.analysis(name);
                print
                    .fingerprint(environment)
                    .fingerprint(template.fingerprint);
                print.fingerprint(theme.shortcodes_print());
                view.print(page, template.variables, &mut print);
                if reads(template.variables, "today") {
                    valid_until = view.end_of_today();
                }
                if matches!(subject, Subject::List(List::Section(0), slice) if slice.is_front)
                    && reads(template.variables, "front")
                {
                    valid_until = valid_until.into_iter().chain(front::until(archive)).min();
                }
            } else {
                print
                    .fingerprint(environment)
                    .fingerprint(view.site_print());
                if let Subject::Redirect(aliased) = subject {
                    print.text(aliased.route(archive).path());
                }
            }
        }
    }
    (print.finish(), valid_until)
}

/// Tells whether a variable of the vocabulary is in a set.
fn reads(variables: VariableSet, name: &str) -> bool {
    let found = VARIABLES.iter().position(|variable| variable.name == name);
    found.is_some_and(|at| variables.contains(at))
}

/// The most pages whose fingerprints are made in one go.
const PRINTED_AT_ONCE: usize = 256;

/// How many pages of a sitemap are hashed in one go.
const LISTED_AT_ONCE: usize = 512;

/// Returns the fingerprint of what a sitemap says of pages.
fn listed(archive: &Archive, pages: &[Page]) -> Fingerprint {
    let mut print = Fingerprinter::new("listed");
    for page in pages {
        sitemap::print(archive, page, &mut print);
    }
    print.finish()
}

struct Draft<'a> {
    archive: &'a Archive,
    theme: &'a Theme,
    pages: Vec<Page>,
    faults: Vec<Diagnostic>,
}

impl Draft<'_> {
    fn add(&mut self, route: Route, subject: Subject) {
        self.pages.push(Page {
            route,
            subject,
            fingerprint: Fingerprint::default(),
            valid_until: None,
        });
    }

    /// Tells whether the theme has a template for a list's pages.
    fn has_page(&self, list: List) -> bool {
        !matches!(list, List::Corrections(_))
            || self.theme.template(Kind::Corrections, None).is_some()
    }

    fn add_file(&mut self, parent: &Route, name: &str, subject: Subject) {
        match parent.file_in(name, &archive::rules(&self.archive.config)) {
            Ok(route) => self.add(route, subject),
            Err(fault) => self.refuse(name, &fault, Place::file(source(self.archive, &subject))),
        }
    }

    fn refuse(&mut self, what: &str, fault: &RouteFault, place: Place) {
        let message = format!("the address `{what}` is refused: {}", fault.message);
        self.faults.push(
            Diagnostic::error(message)
                .at(place)
                .hint(fault.hint.clone()),
        );
    }

    fn templates(&mut self) {
        let archive = self.archive;
        for at in 0..archive.articles.len() {
            let id = ArticleId(at as u32);
            let one = archive.article(id);
            if let Some(asked) = &one.article.meta.template
                && self.theme.template(Kind::Article, Some(asked)).is_none()
            {
                let fault = Diagnostic::error(format!("the theme has no template `{asked}`"))
                    .at(archive::place(&one.article, "template"))
                    .suggest(asked, self.theme.names());
                self.faults.push(fault);
            }
            self.add(one.route.clone(), Subject::Article(id));
        }
        for list in List::all(archive) {
            if !self.has_page(list) {
                continue;
            }
            for slice in list.slices(archive) {
                match list.page_route(archive, slice.number, slice.is_front) {
                    Ok(route) => self.add(route, Subject::List(list, Box::new(slice))),
                    Err(fault) => self.refuse(&list.title(archive), &fault, Place::file("content")),
                }
            }
        }
        for at in 0..archive.groups.len() {
            let group = &archive.groups[at];
            // A further language has the indexes that it needs.
            if group.language.is_some_and(|language| language > 0) && group.terms.is_empty() {
                continue;
            }
            if self.theme.template(Kind::Terms, None).is_some()
                || template(archive, self.theme, &Subject::Terms(at)).is_some()
            {
                self.add(group.route.clone(), Subject::Terms(at));
            }
        }
        let rules = archive::rules(&archive.config);
        if self.theme.template(Kind::Archive, None).is_some() && archive.config.date_pages {
            for (at, language) in archive.languages.iter().enumerate() {
                let root = &archive.sections[language.root].route;
                let route = root.page_in(&["archive"], &rules);
                let route = route.expect("a plain word makes an address");
                self.add(route, Subject::Archive(at));
            }
        }
        for (route, subject) in search::pages(archive, self.theme) {
            self.add(route, subject);
        }
    }

    /// Lists the sitemaps of every page so far: all of them can be found by readers.
    fn sitemaps(&mut self) {
        let home = Route::home();
        let parts = sitemap::parts(self.archive, &self.pages);
        let whole = format!("{}.xml", sitemap::NAME);
        match &parts[..] {
            [all] => self.add_file(&home, &whole, Subject::Sitemap(all.clone())),
            _ => {
                self.add_file(&home, &whole, Subject::SitemapIndex(parts.len()));
                for (at, part) in parts.into_iter().enumerate() {
                    let name = sitemap::part_name(sitemap::NAME, at + 1);
                    self.add_file(&home, &name, Subject::Sitemap(part));
                }
            }
        }
        self.news_sitemaps();
        if !self.archive.files.contains_key("static/robots.txt") {
            self.add_file(&home, "robots.txt", Subject::Robots);
        }
        if self.theme.template(Kind::NotFound, None).is_some() {
            self.add_file(&home, "404.html", Subject::NotFound);
        }
        self.redirects();
    }

    fn news_sitemaps(&mut self) {
        let home = Route::home();
        let count = news::articles(self.archive).len();
        let whole = format!("{}.xml", news::NAME);
        if count <= news::MOST_ARTICLES {
            return self.add_file(&home, &whole, Subject::NewsSitemap(0..count));
        }
        let parts = count.div_ceil(news::MOST_ARTICLES);
        self.add_file(&home, &whole, Subject::NewsIndex(parts));
        for part in 0..parts {
            let start = part * news::MOST_ARTICLES;
            let range = start..(start + news::MOST_ARTICLES).min(count);
            let name = sitemap::part_name(news::NAME, part + 1);
            self.add_file(&home, &name, Subject::NewsSitemap(range));
        }
    }

    fn redirects(&mut self) {
        let archive = self.archive;
        let articles = (0..archive.articles.len() as u32).map(|id| Aliased::Article(ArticleId(id)));
        for aliased in articles.chain(List::all(archive).into_iter().map(Aliased::List)) {
            for (number, alias) in aliased.aliases(archive).iter().enumerate() {
                match Route::parse(alias, &archive::rules(&archive.config)) {
                    Ok(route) => self.add(route, Subject::Redirect(aliased)),
                    Err(fault) => self.refuse(alias, &fault, aliased.place(archive, number)),
                }
            }
        }
    }

    fn feeds(&mut self) {
        for list in List::all(self.archive) {
            if list.has_feeds(self.archive) && self.has_page(list) {
                let route = list.route(self.archive);
                for format in &self.archive.config.feeds.formats {
                    self.add_file(&route, format.file(), Subject::Feed(list, *format));
                }
            }
        }
    }

    fn files(&mut self) {
        let archive = self.archive;
        let home = Route::home();
        for path in archive.files.keys() {
            if let Some(name) = path.strip_prefix("static/") {
                self.add_file(&home, name, Subject::File(path.clone()));
            }
        }
        // Who looks for trust.txt looks in two places.
        let places = ["trust.txt", ".well-known/trust.txt"];
        for (one, other) in [(places[0], places[1]), (places[1], places[0])] {
            let there = |name: &str| archive.files.contains_key(&format!("static/{name}"));
            if there(one) && !there(other) {
                self.add_file(&home, other, Subject::File(format!("static/{one}")));
            }
        }
        let mut attached: BTreeSet<(Route, String)> = BTreeSet::new();
        for one in &archive.articles {
            let article = &one.article;
            let photo = article.meta.photo.iter().map(|photo| photo.src.as_str());
            let pictures = article
                .outline
                .pictures
                .iter()
                .map(|picture| picture.src.as_str());
            let files = article.outline.files.iter();
            for src in photo.chain(pictures).chain(files) {
                attached.extend(attachment(archive, &one.route, &article.path, src));
            }
            // A bundle's folder is the article's own: all that lies in it is published with it.
            if let Some(folder) = article.path.strip_suffix("index.md") {
                for (path, _) in archive.files.range(folder.to_owned()..) {
                    let Some(rest) = path.strip_prefix(folder) else {
                        break;
                    };
                    if !rest.contains('/')
                        && let Some(route) = archive.picture_route(&one.route, path)
                    {
                        attached.insert((route, path.clone()));
                    }
                }
            }
        }
        let sections = archive
            .sections
            .iter()
            .map(|section| (&section.about, &section.route));
        let terms = archive
            .groups
            .iter()
            .flat_map(|group| &group.terms)
            .map(|term| (&term.about, &term.route));
        for (about, route) in sections.chain(terms) {
            let Some(about) = about else { continue };
            let photo = about.photo.iter().map(|photo| photo.src.as_str());
            let pictures = about
                .outline
                .pictures
                .iter()
                .map(|picture| picture.src.as_str());
            let files = about.outline.files.iter();
            let all = photo.chain(pictures).chain(files);
            attached.extend(all.filter_map(|src| attachment(archive, route, &about.path, src)));
        }
        for (route, path) in attached {
            self.add(route, Subject::File(path));
        }
        for (route, subject) in icons::pages(archive) {
            self.add(route, subject);
        }
        for (name, subject) in search::files(archive) {
            self.add_file(&home, &name, subject);
        }
        if archive.config.social_cards {
            for at in 0..archive.articles.len() {
                let id = ArticleId(at as u32);
                if let Some(route) = value::card_route(archive, id) {
                    self.add(route, Subject::Card(id));
                }
            }
        }
        let has_search = search::page(archive, self.theme, 0).is_some();
        for (at, asset) in self.theme.assets.files().iter().enumerate() {
            if asset.name.starts_with(search::ASSETS) && !has_search {
                continue;
            }
            self.add(asset.route.clone(), Subject::Asset(at));
        }
    }
}

/// Returns where a file of `content/` is published that `path` names, if it is one.
fn attachment(archive: &Archive, owner: &Route, path: &str, src: &str) -> Option<(Route, String)> {
    match reference::picture(path, src)? {
        PictureTarget::File(file)
            if file.starts_with("content/") && archive.files.contains_key(&file) =>
        {
            Some((archive.picture_route(owner, &file)?, file))
        }
        _ => None,
    }
}

/// Returns the source that a page comes from, for messages.
pub fn source(archive: &Archive, subject: &Subject) -> String {
    match subject {
        Subject::Article(id) => archive.article(*id).article.path.clone(),
        Subject::Redirect(aliased) => aliased.source(archive).to_owned(),
        Subject::File(path) => path.clone(),
        Subject::Derivative(shot) => shot.derivative.photo.clone(),
        Subject::Icon(_) => icons::file(archive).unwrap_or_default(),
        Subject::Card(id) => archive.article(*id).article.path.clone(),
        Subject::List(List::Section(section), _) => {
            let section = &archive.sections[*section];
            match &section.about {
                Some(about) => about.path.clone(),
                None => format!("content/{}", section.path)
                    .trim_end_matches('/')
                    .to_owned(),
            }
        }
        _ => "dateline.yaml".to_owned(),
    }
}

/// Says what a page is, for messages about two in one place.
fn described(archive: &Archive, page: &Page) -> String {
    match &page.subject {
        Subject::Article(id) => format!("the article {}", archive.article(*id).article.path),
        Subject::Redirect(aliased) => format!("an alias of {}", aliased.source(archive)),
        Subject::List(List::Section(0), slice) if slice.is_front => "the home page".to_owned(),
        Subject::List(list, slice) => {
            let kind = match list {
                List::Term(group, _) => archive.groups[*group].taxonomy.singular.as_str(),
                _ => list.kind().name(),
            };
            let page = if slice.is_front {
                "the page".to_owned()
            } else {
                format!("page {}", slice.number)
            };
            format!("{page} of the {kind} `{}`", list.title(archive))
        }
        Subject::Terms(group) => format!("the index of {}", archive.groups[*group].taxonomy.key),
        Subject::File(path) => format!("the file {path}"),
        Subject::NotFound => "the site's page for addresses that lead nowhere".to_owned(),
        Subject::Robots => "the site's robots.txt".to_owned(),
        Subject::SearchPage(_) => "the page where readers search".to_owned(),
        subject => format!("the site's {}", subject.kind().name()),
    }
}

/// Returns where the address of a page was decided.
fn place(archive: &Archive, page: &Page) -> Place {
    match &page.subject {
        Subject::Article(id) => {
            let article = &archive.article(*id).article;
            let key = if article.meta.url.is_some() {
                "url"
            } else {
                "slug"
            };
            archive::place(article, key)
        }
        Subject::Redirect(aliased) => {
            let rules = archive::rules(&archive.config);
            let mut aliases = aliased.aliases(archive).iter();
            let number = aliases.position(|alias| {
                Route::parse(alias, &rules).is_ok_and(|route| route == page.route)
            });
            aliased.place(archive, number.unwrap_or(0))
        }
        subject => Place::file(source(archive, subject)),
    }
}

/// Reports pages that stand in one place on some file system: the same address, addresses that
/// differ only in case or normalisation, and a file where another page needs a folder.
fn collisions(archive: &Archive, pages: &[Page]) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    // Where an article was refused its address, the home page's stands in its place.
    if !archive.has_addresses {
        return faults;
    }
    let mut report = |at: usize, other: usize, how: &str| {
        let is_feed = |page: &Page| matches!(page.subject, Subject::Feed(..));
        // Their lists stand in one place as well, and that was said.
        if is_feed(&pages[at]) && is_feed(&pages[other]) {
            return;
        }
        // The place to mend is where an author chose an address.
        let is_chosen = |page: &Page| {
            matches!(
                page.subject,
                Subject::Article(_) | Subject::Redirect(_) | Subject::File(_)
            )
        };
        let (first, second) = match is_chosen(&pages[at]) {
            true => (&pages[other], &pages[at]),
            false => (&pages[at], &pages[other]),
        };
        let message = format!(
            "{} and {} {how} `{}`",
            described(archive, first),
            described(archive, second),
            second.route
        );
        let is_of_credits = |page: &Page| match page.subject {
            Subject::Terms(group) | Subject::List(List::Term(group, _), _) => {
                archive.groups[group].taxonomy.key == CREDITS
            }
            _ => false,
        };
        let hint = match is_of_credits(first) || is_of_credits(second) {
            true => {
                "give the other one another `slug` or `url`, or say `credits: { pages: false }`"
            }
            false => "give one of them another `slug` or `url`",
        };
        faults.push(
            Diagnostic::error(message)
                .at(place(archive, second))
                .related("the other one", place(archive, first))
                .hint(hint),
        );
    };
    let keys: Vec<Cow<'_, str>> = pages.iter().map(|page| page.route.key()).collect();
    let mut taken: RapidHashMap<&str, usize> = RapidHashMap::default();
    taken.reserve(pages.len());
    for (at, key) in keys.iter().enumerate() {
        if let Some(other) = taken.get(&**key) {
            let is_same = pages[*other].route == pages[at].route;
            report(
                at,
                *other,
                if is_same {
                    "both stand at"
                } else {
                    "differ only in case or normalisation:"
                },
            );
        } else {
            taken.insert(key, at);
        }
    }
    // Few pages can stand in the place of a folder: files, and the file of a page.
    let files = keys.iter().filter(|key| !key.ends_with('/'));
    let files: RapidHashSet<&str> = files.map(|key| &**key).collect();
    for (at, key) in keys.iter().enumerate() {
        let folders = key.match_indices('/').skip(1).map(|(end, _)| &key[..end]);
        for folder in folders {
            let of_page = folder.strip_suffix("index.html");
            let in_place = match of_page.filter(|page| page.ends_with('/')) {
                Some(page) => Some(page),
                None => files.contains(folder).then_some(folder),
            };
            if let Some(other) = in_place.and_then(|key| taken.get(key)) {
                report(at, *other, "need a file and a folder of one name:");
            }
        }
    }
    faults
}
