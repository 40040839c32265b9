//! Who publishes the site, as schema.org's NewsMediaOrganization, with the addresses of its policies.

use super::Reference;
use super::image::ImageObject;
use crate::archive::Archive;
use crate::base::route::Route;
use crate::plan::settings::address;
use crate::source::config::POLICIES;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
pub(super) struct Organization<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "@id")]
    id: String,
    name: &'a str,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    logo: Option<ImageObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(rename = "sameAs", skip_serializing_if = "<[String]>::is_empty")]
    same_as: &'a [String],
    /// The policies, by schema.org's names of their properties.
    #[serde(flatten)]
    policies: BTreeMap<&'static str, String>,
}

/// An organization as other things name it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Named {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logo: Option<Logo>,
}

/// A logo as articles name it; the publisher's own node tells more.
#[derive(Debug, Clone, Serialize)]
struct Logo {
    #[serde(rename = "@type")]
    kind: &'static str,
    url: String,
}

impl Named {
    /// Names an organization of which no more is known.
    pub(super) fn of(name: &str) -> Self {
        Self {
            kind: "Organization",
            id: None,
            name: name.to_owned(),
            url: None,
            logo: None,
        }
    }

    /// Names the publisher.
    pub(super) fn publisher(archive: &Archive) -> Self {
        let home = archive.permalink(&Route::home());
        let publisher = &archive.config.publisher;
        Self {
            kind: "NewsMediaOrganization",
            id: Some(publisher_id(&home).id),
            name: publisher.name.clone(),
            url: Some(publisher.url.clone().unwrap_or(home)),
            logo: publisher.logo.as_deref().map(|logo| Logo {
                kind: "ImageObject",
                url: ImageObject::logo(archive, logo).url,
            }),
        }
    }
}

/// Returns the id of the publisher in every graph.
pub(super) fn publisher_id(home: &str) -> Reference {
    Reference {
        id: format!("{home}#publisher"),
    }
}

impl<'a> Organization<'a> {
    /// Describes the publisher.
    pub(super) fn publisher(archive: &'a Archive) -> Self {
        let home = archive.permalink(&Route::home());
        let publisher = &archive.config.publisher;
        let policies = publisher.policies.iter().filter_map(|(key, url)| {
            let (_, property) = POLICIES.iter().find(|(policy, _)| policy.name == *key)?;
            Some((*property, address(archive, url)?))
        });
        Self {
            kind: "NewsMediaOrganization",
            id: publisher_id(&home).id,
            name: &publisher.name,
            logo: publisher
                .logo
                .as_deref()
                .map(|logo| ImageObject::logo(archive, logo)),
            email: publisher.email.as_deref(),
            same_as: &publisher.same_as,
            policies: policies.collect(),
            url: publisher.url.clone().unwrap_or(home),
        }
    }
}
