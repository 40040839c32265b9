//! The site, as schema.org's WebSite.

use super::Reference;
use super::organization::publisher_id;
use crate::base::route::Route;
use crate::plan::view::View;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct WebSite<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "@id")]
    id: String,
    url: String,
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    #[serde(rename = "inLanguage")]
    language: &'a str,
    publisher: Reference,
    #[serde(rename = "potentialAction", skip_serializing_if = "Option::is_none")]
    action: Option<SearchAction>,
}

/// How the site can be searched.
#[derive(Serialize)]
struct SearchAction {
    #[serde(rename = "@type")]
    kind: &'static str,
    target: EntryPoint,
    #[serde(rename = "query-input")]
    input: &'static str,
}

/// Where a search leads.
#[derive(Serialize)]
struct EntryPoint {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "urlTemplate")]
    template: String,
}

impl SearchAction {
    /// Tells how the site can be searched at an address.
    fn at(page: &str) -> Self {
        Self {
            kind: "SearchAction",
            target: EntryPoint {
                kind: "EntryPoint",
                template: format!("{page}?q={{query}}"),
            },
            input: "required name=query",
        }
    }
}

impl<'a> WebSite<'a> {
    pub(super) fn of(view: &View<'a>) -> Self {
        let archive = view.archive;
        let config = &archive.config;
        let home = archive.permalink(&Route::home());
        Self {
            kind: "WebSite",
            id: super::site_id(&home).id,
            name: &config.title,
            description: &config.description,
            language: &config.language,
            publisher: publisher_id(&home),
            action: view
                .search_page(0)
                .map(|page| SearchAction::at(&archive.permalink(&page))),
            url: home,
        }
    }
}
