//! A picture with its credit, as schema.org's ImageObject.

use super::image_credit::ImageCredit;
use crate::archive::reference::{self, PictureTarget};
use crate::archive::{Archive, Published};
use crate::base::route::Route;
use crate::plan::view::View;
use crate::source::markdown;
use crate::source::photo::Photo;
use crate::theme::value::{self, PicturePlace};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct ImageObject {
    #[serde(rename = "@type")]
    kind: &'static str,
    pub(super) url: String,
    /// What search engines know the picture by.
    #[serde(rename = "contentUrl")]
    content_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<Pixels>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<Pixels>,
    #[serde(flatten)]
    credit: ImageCredit,
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<String>,
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
            credit: ImageCredit::default(),
            caption: None,
        }
    }

    /// Describes a photo that the file `path` names.
    pub(super) fn photo(view: &View<'_>, owner: &Route, path: &str, photo: &Photo) -> Option<Self> {
        let archive = view.archive;
        let target = reference::picture(path, &photo.src)?;
        let photo = &*archive.photo(path, photo);
        let caption = photo.caption.as_deref().map(|caption| {
            markdown::plain_text(&markdown::inline(caption, &archive.config.markdown, None))
        });
        Some(Self {
            credit: ImageCredit::of(archive, photo),
            caption,
            ..Self::of(archive, owner, &photo.src, &target)
        })
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

/// Returns the whole addresses of the crops of a lead photo.
pub(super) fn shapes(archive: &Archive, owner: &Route, path: &str, photo: &Photo) -> Vec<String> {
    let Some(PictureTarget::File(file)) = reference::picture(path, &photo.src) else {
        return Vec::new();
    };
    let (Some(original), Some(route)) = (
        value::original(archive, &file),
        archive.picture_route(owner, &file),
    ) else {
        return Vec::new();
    };
    let crops = value::shapes(original, value::focus(archive, path, photo)).into_iter();
    crops
        .filter_map(|crop| Some(archive.permalink(&archive.beside(&route, &crop.ending())?)))
        .collect()
}

/// Describes the pictures that an article's body shows with a credit; the others say nothing that a
/// search engine does not see.
pub(super) fn of_body(view: &View<'_>, one: &Published) -> Vec<ImageObject> {
    let archive = view.archive;
    let pictures = one.article.outline.pictures.iter();
    pictures
        .filter_map(|picture| {
            let target = reference::picture(&one.article.path, &picture.src)?;
            let photo = Photo {
                src: picture.src.clone(),
                credit: picture.credit.clone(),
                no_credit_reason: picture.no_credit_reason.clone(),
                ..Photo::default()
            };
            let photo = archive.photo(&one.article.path, &photo);
            let credit = ImageCredit::of(archive, &photo);
            credit.says_something().then(|| ImageObject {
                credit,
                ..ImageObject::of(archive, &one.route, &picture.src, &target)
            })
        })
        .collect()
}
