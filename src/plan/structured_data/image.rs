//! A picture with its credit, as schema.org's ImageObject.

use crate::archive::reference::{self, PictureTarget};
use crate::archive::{Archive, Published};
use crate::base::route::Route;
use crate::plan::view::View;
use crate::source::credit::licence_url;
use crate::source::markdown;
use crate::source::photo::Photo;
use crate::theme::value::PicturePlace;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct ImageObject {
    #[serde(rename = "@type")]
    kind: &'static str,
    url: String,
    /// What search engines know the picture by.
    #[serde(rename = "contentUrl")]
    content_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<Pixels>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<Pixels>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    creator: Vec<Creator>,
    #[serde(rename = "creditText", skip_serializing_if = "Option::is_none")]
    credit_text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<String>,
}

/// Who made a picture.
#[derive(Serialize)]
struct Creator {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: String,
}

/// A length. schema.org allows no bare number; E37 is UN/CEFACT's code of the pixel.
#[derive(Serialize)]
struct Pixels {
    #[serde(rename = "@type")]
    kind: &'static str,
    value: u32,
    #[serde(rename = "unitCode")]
    unit: &'static str,
}

impl Pixels {
    fn of(value: u32) -> Self {
        Self {
            kind: "QuantitativeValue",
            value,
            unit: "E37",
        }
    }
}

impl ImageObject {
    /// Describes a picture that `src` names, as the page at `owner` shows it.
    fn of(archive: &Archive, owner: &Route, src: &str, target: &PictureTarget) -> Self {
        let place = PicturePlace::of(archive, owner, src, target);
        Self {
            kind: "ImageObject",
            content_url: place.permalink.clone(),
            url: place.permalink,
            width: place.size.map(|(width, _)| Pixels::of(width)),
            height: place.size.map(|(_, height)| Pixels::of(height)),
            creator: Vec::new(),
            credit_text: None,
            license: None,
            caption: None,
        }
    }

    /// Adds what a credit says: who made the picture, else who gave it, and its licence.
    fn credited(self, view: &View<'_>, written: Option<&str>) -> Self {
        let Some(written) = written else { return self };
        let credit = view.credit(written);
        let creator = |kind: &'static str, name: String| Creator { kind, name };
        let people = credit.creators.iter().cloned();
        let mut creators: Vec<Creator> = people.map(|name| creator("Person", name)).collect();
        if creators.is_empty() {
            let agency = credit.agency.clone();
            creators.extend(agency.map(|name| creator("Organization", name)));
        }
        Self {
            creator: creators,
            credit_text: Some(written.to_owned()),
            license: credit.licence.as_deref().and_then(licence_url),
            ..self
        }
    }

    /// Describes a photo that the file `path` names.
    pub(super) fn photo(view: &View<'_>, owner: &Route, path: &str, photo: &Photo) -> Option<Self> {
        let archive = view.archive;
        let target = reference::picture(path, &photo.src)?;
        let caption = photo.caption.as_deref().map(|caption| {
            markdown::plain_text(&markdown::inline(caption, &archive.config.markdown, None))
        });
        let image = Self {
            caption,
            ..Self::of(archive, owner, &photo.src, &target)
        };
        Some(image.credited(view, photo.credit.as_deref()))
    }

    /// Describes the picture that stands for pages without one.
    pub(super) fn of_site(archive: &Archive) -> Option<Self> {
        let image = archive.config.image.as_ref()?;
        let target = reference::picture("content/_index.md", &image.src)?;
        Some(Self::of(archive, &Route::home(), &image.src, &target))
    }

    /// Describes the publisher's logo.
    pub(super) fn logo(archive: &Archive, logo: &str) -> Self {
        let target = reference::picture("content/_index.md", logo);
        let target = target.unwrap_or(PictureTarget::Elsewhere);
        Self::of(archive, &Route::home(), logo, &target)
    }
}

/// Describes the pictures that an article's body shows with a credit; the others say nothing that a
/// search engine does not see.
pub(super) fn of_body(view: &View<'_>, one: &Published) -> Vec<ImageObject> {
    let archive = view.archive;
    let pictures = one.article.outline.pictures.iter();
    pictures
        .filter(|picture| picture.credit.is_some())
        .filter_map(|picture| {
            let target = reference::picture(&one.article.path, &picture.src)?;
            let image = ImageObject::of(archive, &one.route, &picture.src, &target);
            Some(image.credited(view, picture.credit.as_deref()))
        })
        .collect()
}
