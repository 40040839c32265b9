//! What a photo's credit says, as properties of schema.org's ImageObject.

use crate::archive::Archive;
use crate::source::credit::{Credit, Relation};
use crate::source::photo::Photo;
use crate::theme::credit::{licence_address, page_address};
use serde::Serialize;

/// Where the IPTC's digital source types are defined.
const SOURCE_TYPES: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/";

/// Who made a photo and what may be done with it; of what nothing is known, nothing is said.
#[derive(Debug, Default, PartialEq, Serialize)]
pub(super) struct ImageCredit {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    creator: Vec<Creator>,
    #[serde(rename = "creditText", skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(rename = "copyrightNotice", skip_serializing_if = "Option::is_none")]
    copyright: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<String>,
    #[serde(rename = "acquireLicensePage", skip_serializing_if = "Option::is_none")]
    acquire: Option<String>,
    #[serde(rename = "digitalSourceType", skip_serializing_if = "Option::is_none")]
    source_type: Option<String>,
}

#[derive(Debug, PartialEq, Serialize)]
struct Creator {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

impl ImageCredit {
    /// Reads what is known of a photo, which is a [completed](Archive::photo) one.
    pub(super) fn of(archive: &Archive, photo: &Photo) -> Self {
        let credit = photo
            .credit
            .as_deref()
            .map(|text| archive.credits.read(text));
        let details = photo.details.as_deref().cloned().unwrap_or_default();
        let named = credit.as_ref().and_then(|credit| credit.licence.clone());
        let is_address =
            |text: &String| text.starts_with("https://") || text.starts_with("http://");
        Self {
            creator: credit
                .as_ref()
                .map(|credit| creators(archive, credit))
                .unwrap_or_default(),
            text: photo.credit.clone(),
            copyright: details.copyright,
            license: details
                .licence
                .or(named)
                .as_deref()
                .and_then(licence_address),
            acquire: details.acquire.filter(is_address),
            source_type: details.source_type.map(|term| match is_address(&term) {
                true => term,
                false => format!("{SOURCE_TYPES}{term}"),
            }),
        }
    }

    /// Tells whether a search engine learns something of the photo.
    pub(super) fn says_something(&self) -> bool {
        *self != Self::default()
    }
}

/// Lists who made a photo: the people, or the organisation where the credit names nobody. Who merely
/// gave it did not make it.
fn creators(archive: &Archive, credit: &Credit) -> Vec<Creator> {
    let describe = |kind: &'static str, name: &str| {
        let known = archive.credits.lexicon().canonical(name);
        Creator {
            kind,
            name: known.to_owned(),
            url: page_address(archive, known),
        }
    };
    if !credit.creators.is_empty() {
        let people = credit.creators.iter();
        return people.map(|name| describe("Person", name)).collect();
    }
    let is_gift = matches!(
        credit.relation,
        Some(Relation::Courtesy | Relation::Handout | Relation::Screenshot)
    );
    let agency = credit.agency.iter().filter(|_| !is_gift);
    agency.map(|name| describe("Organization", name)).collect()
}
