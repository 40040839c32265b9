//! Who wrote an article, as schema.org's Person or Organization.

use super::organization::Named;
use crate::archive::makers::Maker;
use crate::archive::taxonomy::Term;
use crate::archive::{Archive, Published};
use crate::base::route::Route;
use crate::source::article::Data;
use crate::source::byline;
use crate::source::front_matter::Person as Known;
use crate::source::markdown;
use crate::theme::value::PicturePlace;
use serde::Serialize;

/// An author.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Author {
    Known(Box<Person>),
    Publisher(Named),
}

/// A person, or a desk that is an organization.
#[derive(Serialize)]
pub(super) struct Person {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(rename = "jobTitle", skip_serializing_if = "Option::is_none")]
    job_title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    affiliation: Option<Named>,
    #[serde(rename = "sameAs", skip_serializing_if = "Vec::is_empty")]
    same_as: Vec<String>,
    /// On the author's own page only.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// On the author's own page only.
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
}

impl Person {
    /// Describes who has a page under a name: writes, takes photos or supplies them.
    pub(super) fn of(archive: &Archive, term: &Term) -> Self {
        let known = term.person.as_ref();
        let is_organization =
            term.maker == Some(Maker::Agency) || known.is_some_and(is_organization);
        let elsewhere = known.map_or_else(Vec::new, |known| {
            let links = known.links.iter().map(|(_, address)| address);
            known.url.iter().chain(links).cloned().collect()
        });
        Self {
            kind: if is_organization {
                "Organization"
            } else {
                "Person"
            },
            name: known.map_or_else(|| term.name.clone(), |known| known.name.clone()),
            url: Some(archive.permalink(&term.route)),
            job_title: known
                .filter(|_| !is_organization)
                .and_then(|known| known.role.clone()),
            affiliation: None,
            same_as: elsewhere,
            description: None,
            image: None,
        }
    }

    /// Describes whom a page is about, with all that is known.
    pub(super) fn of_profile(archive: &Archive, term: &Term) -> Self {
        let known = term.person.as_ref();
        let bio = known.and_then(|known| known.bio.as_deref()).map(|bio| {
            markdown::plain_text(&markdown::inline(bio, &archive.config.markdown, None))
        });
        let portrait = known
            .and_then(|known| known.photo.as_ref())
            .and_then(|photo| {
                let target = crate::archive::reference::picture("data/authors.yaml", &photo.src)?;
                Some(PicturePlace::of(archive, &Route::home(), &photo.src, &target).permalink)
            });
        Self {
            description: bio,
            image: portrait,
            ..Self::of(archive, term)
        }
    }

    fn named(name: &str) -> Self {
        Self {
            kind: "Person",
            name: name.to_owned(),
            url: None,
            job_title: None,
            affiliation: None,
            same_as: Vec::new(),
            description: None,
            image: None,
        }
    }
}

/// Tells whether `data/authors.yaml` says `type: organization`.
fn is_organization(person: &Known) -> bool {
    let Data::Map(entries) = &person.extra else {
        return false;
    };
    entries.iter().any(|(key, value)| {
        key == "type"
            && matches!(value, Data::Text(kind) if kind.eq_ignore_ascii_case("organization"))
    })
}

/// Describes who wrote an article; the publisher where nobody is named.
pub(super) fn authors(archive: &Archive, one: &Published) -> Vec<Author> {
    let group = archive.group_around(one, "authors");
    let mut people: Vec<Person> = match group {
        Some(group) => {
            let terms = one.terms[group].iter();
            terms
                .map(|term| Person::of(archive, &archive.groups[group].terms[*term as usize]))
                .collect()
        }
        None => one.article.meta.authors.iter().map(Person::named).collect(),
    };
    if let Some(written) = one
        .article
        .meta
        .presented(|presented| presented.byline.as_deref())
    {
        for contributor in byline::contributors(written) {
            let named = people
                .iter_mut()
                .find(|person| person.name == contributor.name);
            if let (Some(person), Some(organization)) = (named, contributor.organization) {
                person.affiliation = Some(Named::of(&organization));
            }
        }
    }
    match people.is_empty() {
        true => vec![Author::Publisher(Named::publisher(archive))],
        false => people
            .into_iter()
            .map(|person| Author::Known(Box::new(person)))
            .collect(),
    }
}
