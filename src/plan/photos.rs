//! The pictures that are made of the photos which the site shows.

use super::page::{Page, Shot, Subject};
use crate::archive::reference::{self, PictureTarget};
use crate::archive::taxonomy::About;
use crate::archive::{Archive, Published};
use crate::base::diagnostic::Place;
use crate::base::route::Route;
use crate::darkroom::derivative::Derivative;
use crate::source::photo::Photo;
use crate::theme::value;
use rapidhash::RapidHashSet;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A photo on a page: the page's source and address, the photo as written, and where.
#[derive(Clone, Copy)]
struct Use<'a> {
    owner: &'a str,
    route: &'a Route,
    src: &'a str,
    at: Option<(u32, u32)>,
    /// The lead photo of the page, which has crops.
    lead: Option<&'a Photo>,
}

/// Lists the derivatives of every photo that articles, sections, terms, authors and the site itself
/// show, and of those that templates asked for, each once, in the order of their addresses. The
/// fingerprint of such a page is that of the derivative.
pub fn photos(archive: &Archive, asked: Vec<(Route, Derivative)>) -> Vec<Page> {
    let mut list = List {
        archive,
        seen: RapidHashSet::default(),
        shots: BTreeMap::new(),
    };
    let of_articles: Vec<Use<'_>> = archive
        .articles
        .par_iter()
        .flat_map_iter(|one| of_article(one).filter(|shown| shown.file(archive).is_some()))
        .collect();
    of_articles.iter().for_each(|shown| list.add(shown));
    for section in &archive.sections {
        list.add_about(section.about.as_ref(), &section.route);
    }
    let home = Route::home();
    let mut own = |owner: &str, src: &str, lead: Option<&Photo>| {
        list.add(&Use {
            owner,
            route: &home,
            src,
            at: None,
            lead,
        });
    };
    if let Some(image) = &archive.config.image {
        let known = archive.photo_of("content/_index.md", &image.src);
        own("content/_index.md", &image.src, Some(&known));
    }
    if let Some(logo) = &archive.config.publisher.logo {
        own("content/_index.md", logo, None);
    }
    for term in archive.groups.iter().flat_map(|group| &group.terms) {
        let person = term.person.as_ref().and_then(|one| one.photo.as_ref());
        if let Some(photo) = person {
            own("data/authors.yaml", &photo.src, None);
        }
    }
    for term in archive.groups.iter().flat_map(|group| &group.terms) {
        list.add_about(term.about.as_ref(), &term.route);
    }
    for (route, derivative) in asked {
        let place = Place::file(derivative.photo.as_str());
        list.put(route, derivative, place);
    }
    list.finish()
}

/// Lists the pictures that an article names.
fn of_article(one: &Published) -> impl Iterator<Item = Use<'_>> {
    let article = &one.article;
    let shown = move |src, at, lead| Use {
        owner: &article.path,
        route: &one.route,
        src,
        at,
        lead,
    };
    let photo = article.meta.photo.as_deref().into_iter();
    let photo = photo.map(move |photo| shown(&photo.src, photo.at, Some(photo)));
    let pictures = article.outline.pictures.iter();
    photo.chain(pictures.map(move |picture| shown(&picture.src, Some(picture.at), None)))
}

impl Use<'_> {
    /// Returns the path of the file, if it is one of the site.
    fn file(&self, archive: &Archive) -> Option<String> {
        match reference::picture(self.owner, self.src)? {
            PictureTarget::File(path) if archive.files.contains_key(&path) => Some(path),
            _ => None,
        }
    }
}

struct List<'a> {
    archive: &'a Archive,
    /// The photos that were added, each with the address of its file.
    seen: RapidHashSet<Route>,
    shots: BTreeMap<Route, Shot>,
}

impl List<'_> {
    fn add_about(&mut self, about: Option<&About>, route: &Route) {
        let Some(about) = about else { return };
        if let Some(photo) = &about.photo {
            self.add(&Use {
                owner: &about.path,
                route,
                src: &photo.src,
                at: photo.at,
                lead: Some(photo),
            });
        }
        for picture in &about.outline.pictures {
            self.add(&Use {
                owner: &about.path,
                route,
                src: &picture.src,
                at: Some(picture.at),
                lead: None,
            });
        }
    }

    fn add(&mut self, shown: &Use<'_>) {
        let archive = self.archive;
        let Some(path) = shown.file(archive) else {
            return;
        };
        let Some(original) = value::original(archive, &path) else {
            return;
        };
        let Some(route) = archive.picture_route(shown.route, &path) else {
            return;
        };
        let place = || match shown.at {
            Some(at) => Place::bytes(shown.owner, at),
            None => Place::file(shown.owner),
        };
        if self.seen.insert(route.clone()) {
            for one in original.set().into_iter().flatten() {
                if let Some(route) = archive.beside(&route, &one.ending()) {
                    self.put(route, one, place());
                }
            }
        }
        if let Some(photo) = shown.lead {
            let focus = value::focus(archive, shown.owner, photo);
            let shapes = value::shapes(original, focus).into_iter();
            for one in shapes.chain(value::social(original, focus)) {
                if let Some(route) = archive.beside(&route, &one.ending()) {
                    self.put(route, one, place());
                }
            }
        }
    }

    fn put(&mut self, route: Route, derivative: Derivative, place: Place) {
        self.shots
            .entry(route)
            .or_insert_with(|| Shot { derivative, place });
    }

    fn finish(self) -> Vec<Page> {
        let shots = self.shots.into_iter();
        shots.map(|(route, shot)| page(route, shot)).collect()
    }
}

/// Returns the page that a derivative is.
pub fn page(route: Route, shot: Shot) -> Page {
    Page {
        route,
        fingerprint: shot.derivative.print(),
        subject: Subject::Derivative(Arc::new(shot)),
        valid_until: None,
    }
}
