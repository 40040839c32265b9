//! What pages see of the whole site: its settings, sections, tags and dates. Each is made once, or for each
//! front page, and its fingerprint is that of the value.

use super::View;
use crate::archive::reference;
use crate::base::route::Route;
use crate::plan::calendar;
use crate::plan::icons;
use crate::plan::page::List;
use crate::plan::search;
use crate::plan::settings;
use crate::search::part;
use crate::source::photo::Photo;
use crate::theme::value::{self, map, text};
use tera::Value;

impl View<'_> {
    pub(super) fn site(&self) -> Value {
        let archive = self.archive;
        let config = &archive.config;
        let home = Route::home();
        let publisher = &config.publisher;
        let menu = config.menu.iter().map(|item| {
            let url = if item.url.starts_with("@/") {
                archive.link("content/_index.md", &item.url)
            } else if reference::is_elsewhere(&item.url) {
                Some(item.url.clone())
            } else {
                Some(format!(
                    "{}/{}",
                    archive.base_path(),
                    item.url.trim_start_matches('/')
                ))
            };
            map([
                ("title", Value::normal_string(&item.name)),
                ("url", Value::from(url)),
            ])
        });
        let taxonomies = archive
            .groups
            .iter()
            .filter(|group| group.language.is_none_or(|language| language == 0))
            .map(|group| value::taxonomy(archive, group, &self.title_of_group(group)));
        let links = publisher.same_as.iter().map(|url| {
            map([
                ("title", Value::normal_string(url)),
                ("url", Value::normal_string(url)),
            ])
        });
        let policies = publisher.policies.iter().map(|(key, url)| {
            map([
                ("key", Value::from(*key)),
                ("url", Value::from(settings::address(archive, url))),
            ])
        });
        map([
            ("title", Value::normal_string(&config.title)),
            ("description", Value::normal_string(&config.description)),
            ("url", Value::from(archive.url(&home))),
            ("permalink", Value::from(archive.permalink(&home))),
            ("language", Value::normal_string(&config.language)),
            ("dir", Value::from(value::direction(&config.language))),
            (
                "publisher",
                map([
                    ("name", Value::normal_string(&publisher.name)),
                    (
                        "logo",
                        self.own_picture(publisher.logo.as_deref(), Some(&publisher.name)),
                    ),
                    ("url", text(publisher.url.as_deref())),
                    ("email", text(publisher.email.as_deref())),
                    ("links", Value::from(links.collect::<Vec<_>>())),
                    ("policies", Value::from(policies.collect::<Vec<_>>())),
                ]),
            ),
            ("image", self.site_image()),
            ("icons", self.icons()),
            ("menu", Value::from(menu.collect::<Vec<_>>())),
            ("taxonomies", Value::from(taxonomies.collect::<Vec<_>>())),
            ("extra", value::data(&self.theme.extra)),
        ])
    }

    /// Returns the page where readers search the articles of the language whose root is a section.
    pub(in crate::plan) fn search_page(&self, root: usize) -> Option<Route> {
        search::page(self.archive, self.theme, root)
    }

    /// Returns where readers search the articles of the language whose root is a section, as templates
    /// see it.
    pub(super) fn search(&self, root: usize) -> Value {
        let archive = self.archive;
        if !archive.config.search.is_on {
            return Value::none();
        }
        let url = |path: &str| {
            let route = part::route(archive, path);
            Value::from(route.map(|route| archive.url(&route)))
        };
        let page = self.search_page(root);
        let language = &archive.sections[root].language;
        let filters = archive.config.search.filters.iter();
        map([
            (
                "url",
                Value::from(page.as_ref().map(|page| archive.url(page))),
            ),
            (
                "permalink",
                Value::from(page.map(|page| archive.permalink(&page))),
            ),
            ("script", url(&part::script())),
            (
                "index",
                url(&format!("{}{}", part::folder(language), part::LIST)),
            ),
            (
                "filters",
                Value::from(
                    filters
                        .map(|filter| Value::from(filter.name()))
                        .collect::<Vec<_>>(),
                ),
            ),
        ])
    }

    pub(super) fn icons(&self) -> Value {
        let links = icons::links(self.archive).into_iter().map(|link| {
            map([
                ("rel", Value::from(link.rel)),
                ("url", Value::from(link.url)),
                ("sizes", text(link.sizes.as_deref())),
                ("type", text(link.media_type)),
            ])
        });
        Value::from(links.collect::<Vec<_>>())
    }

    pub(super) fn site_image(&self) -> Value {
        let image = self.archive.config.image.as_ref();
        let made = || {
            self.own_picture(
                image.map(|image| image.src.as_str()),
                image.map(|image| image.alt.as_str()),
            )
        };
        self.image.get_or_init(made).clone()
    }

    pub(super) fn own_picture(&self, src: Option<&str>, alt: Option<&str>) -> Value {
        let photo = src.map(|src| Photo {
            src: src.to_owned(),
            alt: alt.map(str::to_owned),
            ..Photo::default()
        });
        value::photo(
            self.archive,
            &Route::home(),
            "content/_index.md",
            photo.as_ref(),
        )
    }

    pub(super) fn sections(&self, root: usize) -> Value {
        let archive = self.archive;
        let top = archive.sections[root].children.iter();
        Value::from(
            top.map(|at| self.cards.section(archive, *at))
                .collect::<Vec<_>>(),
        )
    }

    pub(super) fn tags(&self, language: usize) -> Value {
        let Some(group) = self.archive.group(language, "tags") else {
            return Value::from(Vec::<Value>::new());
        };
        let mut terms: Vec<_> = self.archive.groups[group].terms.iter().collect();
        terms.sort_by(|a, b| {
            b.articles
                .len()
                .cmp(&a.articles.len())
                .then_with(|| a.slug.cmp(&b.slug))
        });
        Value::from(
            terms
                .into_iter()
                .map(|term| value::term_count(self.archive, term))
                .collect::<Vec<_>>(),
        )
    }

    pub(super) fn dates(&self, l: usize) -> Value {
        let archive = self.archive;
        let dates = &archive.languages[l].dates;
        let url = |list: List| {
            Value::from(
                archive
                    .config
                    .date_pages
                    .then(|| archive.url(&list.route(archive))),
            )
        };
        let months = dates.years.iter().flat_map(|year| &year.months);
        let counts = months.map(|month| month.articles.len());
        let most = counts.max().unwrap_or_default();
        let years = dates.years.iter().enumerate().rev().map(|(y, year)| {
            let months = year.months.iter().enumerate().rev().map(|(m, month)| {
                map([
                    ("month", Value::from(i64::from(month.month))),
                    ("date", Value::from(List::Month(l, y, m).date(archive))),
                    ("url", url(List::Month(l, y, m))),
                    ("count", Value::from(month.articles.len())),
                    (
                        "level",
                        Value::from(calendar::level(month.articles.len(), most)),
                    ),
                ])
            });
            map([
                ("year", Value::from(i64::from(year.year))),
                ("date", Value::from(List::Year(l, y).date(archive))),
                ("url", url(List::Year(l, y))),
                ("count", Value::from(year.articles.len())),
                ("months", Value::from(months.collect::<Vec<_>>())),
            ])
        });
        Value::from(years.collect::<Vec<_>>())
    }
}
