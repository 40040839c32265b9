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
            url: home,
        }
    }
}
