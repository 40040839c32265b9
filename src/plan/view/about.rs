//! What every page says of itself: title, description, picture, feeds.

use super::View;
use crate::archive::Archive;
use crate::archive::pager::Slice;
use crate::archive::taxonomy::Group;
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use crate::base::route::Route;
use crate::plan::metadata;
use crate::plan::page::{FeedFormat, List, Page, PageKind, Subject};
use crate::source::markdown;
use crate::theme::kind::Kind;
use crate::theme::value;
use std::sync::OnceLock;
use tera::Value;
use tera::value::Key;

/// What every page says of itself, whatever it is about.
pub struct Info {
    /// The kind of page.
    pub kind: Kind,
    /// Its own title.
    pub title: String,
    /// Its title for social networks, which tells pages of one list apart.
    pub social_title: String,
    /// What is on it.
    pub description: String,
    /// Its language.
    pub language: String,
    /// The picture that stands for it.
    pub image: Value,
    /// Its feeds: title, route, format.
    pub feeds: Vec<(String, Route, FeedFormat)>,
    /// The date that it is about.
    pub date: Option<String>,
    /// Where it leads.
    pub redirect: Option<Route>,
}

impl Info {
    /// Gathers what a page says of itself.
    pub fn of(view: &View<'_>, page: &Page) -> Self {
        let archive = view.archive;
        let config = &archive.config;
        let title = view.title(page);
        let root = view.root(page);
        let is_root = matches!(&page.subject, Subject::List(List::Section(at), _) if *at == root);
        let mut info = Self {
            kind: match page.subject.kind() {
                PageKind::Template(_) if is_root => Kind::Home,
                PageKind::Template(kind) => kind,
                _ => Kind::NotFound,
            },
            description: match page.subject {
                Subject::List(List::Section(0), _) => config.description.clone(),
                _ => format!("{title}: {}", config.description),
            },
            title,
            social_title: String::new(),
            language: view.language(page).to_owned(),
            image: Value::none(),
            feeds: Vec::new(),
            date: None,
            redirect: None,
        };
        match &page.subject {
            Subject::Article(id) => {
                let one = archive.article(*id);
                let summary = markdown::plain_text(&one.article.summary());
                if !summary.is_empty() {
                    info.description = summary;
                }
                info.image = value::photo(
                    archive,
                    &one.route,
                    &one.article.path,
                    one.article.meta.photo.as_deref(),
                );
            }
            Subject::List(list, _) => {
                let (about, route) = match list {
                    List::Section(section) => {
                        let section = &archive.sections[*section];
                        (section.about.as_ref(), &section.route)
                    }
                    List::Term(group, term) => {
                        let term = &archive.groups[*group].terms[*term];
                        (term.about.as_ref(), &term.route)
                    }
                    _ => (None, &page.route),
                };
                if let Some(summary) = view.described(about) {
                    info.description = summary;
                }
                info.image = view.about_photo(about, route);
                info.date = list.date(archive);
                if list.has_feeds(archive) && !is_root {
                    let title = format!("{}: {}", config.title, info.title);
                    info.feeds
                        .extend(feeds(&title, &list.route(archive), archive));
                }
            }
            Subject::Terms(group) => {
                let summary = archive.groups[*group].summary.as_deref();
                if let Some(summary) = summary {
                    info.description =
                        markdown::plain_text(&markdown::inline(summary, &config.markdown, None));
                }
            }
            Subject::Redirect(aliased) => {
                info.redirect = Some(aliased.route(archive));
            }
            _ => {}
        }
        if let Subject::Article(id) = page.subject
            && info.image.is_none()
        {
            info.image = value::drawn_card(archive, id).unwrap_or_else(Value::none);
        }
        if info.image.is_none() {
            info.image = view.site_image();
        }
        let home = &archive.sections[root].route;
        if view.has_home_feeds(root) {
            info.feeds.extend(feeds(view.title_of(root), home, archive));
        }
        info.social_title = metadata::social_title(archive, page, &info);
        info.description = metadata::numbered(&info.description, page);
        info
    }
}

/// The fingerprints of what lists say of themselves: of one list, all pages say the same but for their
/// numbers, and of a large one there are hundreds.
pub(super) struct InfoPrints {
    sections: Vec<OnceLock<Fingerprint>>,
    /// In the order of the groups and their terms.
    terms: Vec<Vec<OnceLock<Fingerprint>>>,
}

impl InfoPrints {
    /// Begins without any.
    pub(super) fn of(archive: &Archive) -> Self {
        let none = |count: usize| (0..count).map(|_| OnceLock::new()).collect();
        let groups = archive.groups.iter();
        Self {
            sections: none(archive.sections.len()),
            terms: groups.map(|group| none(group.terms.len())).collect(),
        }
    }

    /// Returns where that of a list is; none of a list that has few pages.
    fn get(&self, list: List) -> Option<&OnceLock<Fingerprint>> {
        match list {
            List::Section(at) => Some(&self.sections[at]),
            List::Term(group, term) => Some(&self.terms[group][term]),
            _ => None,
        }
    }
}

impl View<'_> {
    /// Adds what [`View::page`] is made of.
    pub(super) fn add_info(&self, page: &Page, print: &mut Fingerprinter) {
        print.text(page.route.path());
        if let Subject::List(list, slice) = &page.subject
            && let Some(known) = self.info_prints.get(*list)
        {
            let of_front = || {
                let slice = Slice {
                    is_front: true,
                    ..Slice::clone(slice)
                };
                let front = Page {
                    subject: Subject::List(*list, Box::new(slice)),
                    ..page.clone()
                };
                self.info_print(&front)
            };
            print
                .fingerprint(*known.get_or_init(of_front))
                .number(slice.number as u64)
                .number(u64::from(slice.is_front));
            return;
        }
        print.fingerprint(self.info_print(page));
    }

    fn info_print(&self, page: &Page) -> Fingerprint {
        let Info {
            kind,
            title,
            social_title,
            description,
            language,
            image,
            feeds,
            date,
            redirect,
        } = Info::of(self, page);
        let mut print = Fingerprinter::new("info");
        print
            .text(self.archive.base_path())
            .text(&self.archive.config.base_url)
            .text(kind.name());
        print.text(&title).text(&social_title);
        print.text(&description).text(&language);
        print.fingerprint(value::fingerprint(&image));
        print.number(feeds.len() as u64);
        for (title, route, format) in feeds {
            print.text(&title).text(route.path()).text(format.word());
        }
        print
            .optional(date.as_deref())
            .optional(redirect.as_ref().map(Route::path));
        print.finish()
    }

    /// Returns the title of a page, without the site's.
    pub(in crate::plan) fn title(&self, page: &Page) -> String {
        let archive = self.archive;
        let language = self.language(page);
        match &page.subject {
            Subject::Article(id) => archive.article(*id).article.meta.headline.clone(),
            Subject::Redirect(aliased) => aliased.title(archive),
            Subject::List(List::Section(0), _) => archive.config.title.clone(),
            Subject::List(list, _) => self.title_of_list(*list),
            Subject::Terms(group) => self.title_of_group(&archive.groups[*group]),
            Subject::Archive(_) => self.word(language, "archive", "Archive"),
            Subject::SearchPage(_) => self.word(language, "search", "Search"),
            _ => self.word(language, "not_found", "Page not found"),
        }
    }

    /// Returns what a list is called in its language.
    pub(in crate::plan) fn title_of_list(&self, list: List) -> String {
        let name = list.title(self.archive);
        match list {
            List::Corrections(_) => self.word(list.language(self.archive), "corrections", &name),
            _ => name,
        }
    }

    /// Returns what the index of a taxonomy is called: as its `_index.md` says, else in the words of its
    /// language.
    pub(super) fn title_of_group(&self, group: &Group) -> String {
        self.title_of_group_in(group, group.language.unwrap_or_default())
    }

    /// Returns what the index of a taxonomy is called where it is linked from pages of a language.
    pub(super) fn title_of_group_in(&self, group: &Group, language: usize) -> String {
        if group.is_named {
            return group.title.clone();
        }
        let root = self.archive.languages[language].root;
        let language = &self.archive.sections[root].language;
        self.word(language, &group.taxonomy.key, &group.title)
    }

    /// Returns a word of the theme in a language; another one where it has none.
    pub(in crate::plan) fn word(&self, language: &str, key: &str, other: &str) -> String {
        let words = self.theme.words.of(language).value.as_map();
        let word = words.and_then(|words| words.get(&Key::Str(key))?.as_str());
        word.unwrap_or(other).to_owned()
    }
}

/// Returns the feeds of a list that stands at a route.
fn feeds(title: &str, route: &Route, archive: &Archive) -> Vec<(String, Route, FeedFormat)> {
    let rules = crate::archive::rules(&archive.config);
    let formats = archive.config.feeds.formats.iter();
    formats
        .filter_map(|format| {
            let route = route.file_in(format.file(), &rules).ok()?;
            Some((title.to_owned(), route, *format))
        })
        .collect()
}
