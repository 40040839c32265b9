//! What a photo's credit says, as templates read it.

use super::value::{map, text};
use crate::archive::Archive;
use crate::archive::makers::CREDITS;
use crate::base::route::{Route, is_path_like};
use crate::base::slug::slug;
use crate::source::credit::licence_url;
use crate::source::origin::Origin;
use crate::source::photo::{Photo, PhotoDetails};
use tera::Value;

/// Returns the fields of a photo that are read out of its credit, and what else is said of it.
pub(super) fn fields(
    archive: &Archive,
    photo: &Photo,
) -> impl Iterator<Item = (&'static str, Value)> + use<> {
    let credit = photo
        .credit
        .as_deref()
        .map(|credit| archive.credits.read(credit));
    let link = |name: &str| {
        let known = archive.credits.lexicon().canonical(name);
        map([
            ("name", Value::normal_string(name)),
            ("url", Value::from(page_url(archive, known))),
        ])
    };
    let links =
        |names: &[String]| Value::from(names.iter().map(|name| link(name)).collect::<Vec<_>>());
    let details = photo.details.as_deref();
    let (creators, agency, made) = match &credit {
        None => (
            Value::from(Vec::<Value>::new()),
            Value::none(),
            Value::none(),
        ),
        Some(credit) => (
            links(&credit.creators),
            credit.agency.as_deref().map_or_else(Value::none, link),
            map([
                ("kind", Value::from(credit.kind.name())),
                (
                    "relation",
                    text(credit.relation.map(|relation| relation.name())),
                ),
                ("distributors", links(&credit.distributors)),
                ("via", credit.via.as_deref().map_or_else(Value::none, link)),
                ("client", text(credit.client.as_deref())),
            ]),
        ),
    };
    let named = credit.as_ref().and_then(|credit| credit.licence.clone());
    let licence = details
        .and_then(|details| details.licence.clone())
        .or(named);
    let rights = (details.is_some() || licence.is_some()).then(|| {
        let empty = PhotoDetails::default();
        let details = details.unwrap_or(&empty);
        map([
            ("licence", text(licence.as_deref())),
            (
                "url",
                Value::from(licence.as_deref().and_then(licence_address)),
            ),
            ("copyright", text(details.copyright.as_deref())),
            ("acquire", text(details.acquire.as_deref())),
            ("source_type", text(details.source_type.as_deref())),
        ])
    });
    let focus = details.and_then(|details| details.focus.as_deref());
    [
        ("origin", text(photo.origin().map(Origin::name))),
        ("creators", creators),
        ("agency", agency),
        ("made", made),
        ("rights", rights.unwrap_or_else(Value::none)),
        ("focus", text(focus)),
    ]
    .into_iter()
}

/// Returns the address of a licence: itself where it is one, or that of a licence which is known by
/// its name.
pub fn licence_address(licence: &str) -> Option<String> {
    match licence.starts_with("http://") || licence.starts_with("https://") {
        true => Some(licence.to_owned()),
        false => licence_url(licence),
    }
}

/// Returns the whole address of the page of a photographer or an agency; none where there is none.
pub fn page_address(archive: &Archive, name: &str) -> Option<String> {
    page_route(archive, name).map(|route| archive.permalink(route))
}

fn page_url(archive: &Archive, name: &str) -> Option<String> {
    page_route(archive, name).map(|route| archive.url(route))
}

fn page_route<'a>(archive: &'a Archive, name: &str) -> Option<&'a Route> {
    if !archive.has_credit_pages || is_path_like(name) {
        return None;
    }
    let group = archive.groups_of(CREDITS).next()?;
    let slug = slug(name, archive.config.slugs)?;
    let term = group.find(&slug)?;
    Some(&group.terms[term].route)
}
