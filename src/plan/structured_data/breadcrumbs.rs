//! The way from home to a page, as schema.org's BreadcrumbList.

use crate::plan::page::Page;
use crate::plan::view::View;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct BreadcrumbList {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "itemListElement")]
    items: Vec<Crumb>,
}

#[derive(Serialize)]
struct Crumb {
    #[serde(rename = "@type")]
    kind: &'static str,
    /// From 1.
    position: usize,
    name: String,
    item: String,
}

impl BreadcrumbList {
    /// Describes the way to a page; none to the home page.
    pub(super) fn of(view: &View<'_>, page: &Page) -> Option<Self> {
        let crumbs = view.crumbs(page);
        let items = crumbs
            .into_iter()
            .enumerate()
            .map(|(at, (name, route))| Crumb {
                kind: "ListItem",
                position: at + 1,
                name,
                item: view.archive.permalink(&route),
            });
        let items: Vec<Crumb> = items.collect();
        (items.len() > 1).then_some(Self {
            kind: "BreadcrumbList",
            items,
        })
    }
}
