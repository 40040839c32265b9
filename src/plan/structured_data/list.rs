//! Pages of lists, as schema.org's CollectionPage, and the pages of authors, photographers
//! and agencies, as its ProfilePage.

use super::Reference;
use super::person::Person;
use crate::archive::taxonomy::Term;
use crate::base::route::Route;
use crate::plan::page::{Page, Subject};
use crate::plan::view::{Info, View};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct CollectionPage {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "@id")]
    id: String,
    url: String,
    name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    description: String,
    #[serde(rename = "inLanguage")]
    language: String,
    #[serde(rename = "isPartOf")]
    site: Reference,
    #[serde(rename = "mainEntity", skip_serializing_if = "Option::is_none")]
    items: Option<ItemList>,
}

#[derive(Serialize)]
struct ItemList {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "itemListElement")]
    items: Vec<Item>,
}

#[derive(Serialize)]
struct Item {
    #[serde(rename = "@type")]
    kind: &'static str,
    /// From 1.
    position: usize,
    url: String,
}

impl CollectionPage {
    /// Describes a page that leads to others.
    pub(super) fn of(view: &View<'_>, page: &Page, info: &Info, own: &str) -> Self {
        let archive = view.archive;
        let items = match &page.subject {
            Subject::List(list, slice) => list.shown(archive, slice),
            _ => Vec::new(),
        };
        let items = items.into_iter().enumerate().map(|(at, id)| Item {
            kind: "ListItem",
            position: at + 1,
            url: archive.permalink(&archive.article(id).route),
        });
        let items: Vec<Item> = items.collect();
        Self {
            kind: "CollectionPage",
            id: own.to_owned(),
            url: own.to_owned(),
            name: info.title.clone(),
            description: info.description.clone(),
            language: info.language.clone(),
            site: super::site_id(&archive.permalink(&Route::home())),
            items: (!items.is_empty()).then_some(ItemList {
                kind: "ItemList",
                items,
            }),
        }
    }
}

#[derive(Serialize)]
pub(super) struct ProfilePage {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "@id")]
    id: String,
    url: String,
    name: String,
    #[serde(rename = "inLanguage")]
    language: String,
    #[serde(rename = "isPartOf")]
    site: Reference,
    #[serde(rename = "mainEntity")]
    person: Person,
}

impl ProfilePage {
    /// Describes the page of an author, or of who is named in credits.
    pub(super) fn of(view: &View<'_>, term: &Term, info: &Info, own: &str) -> Self {
        Self {
            kind: "ProfilePage",
            id: own.to_owned(),
            url: own.to_owned(),
            name: info.title.clone(),
            language: info.language.clone(),
            site: super::site_id(&view.archive.permalink(&Route::home())),
            person: Person::of_profile(view.archive, term),
        }
    }
}
