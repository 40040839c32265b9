//! The fingerprints of what pages show of articles, sections and terms: of what is in their files, and
//! of what that shows of other files and pages.

use super::archive::{Archive, ArticleId, Published};
use super::reference::{self, PictureTarget};
use super::section::Section;
use super::taxonomy::{About, Term};
use super::{inline, paths};
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use crate::base::route::Route;
use crate::source::markdown::Outline;
use hashbrown::HashTable;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// The fingerprints of an article in an archive that was arranged by an earlier build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prints {
    /// That of where its file and its page stand.
    pub place: Fingerprint,
    /// That of its file.
    pub file: Fingerprint,
    /// That of all that lists show of it.
    pub card: Fingerprint,
    /// That of all that its own page shows of it.
    pub page: Fingerprint,
    /// Whether all links by source path in its body lead to articles, and none to a heading.
    pub has_plain_links: bool,
}

impl Prints {
    /// Returns those of an article.
    pub fn of(archive: &Archive, id: ArticleId) -> Self {
        let one = archive.article(id);
        let known = archive.places.get(id.0 as usize);
        Self {
            place: known.copied().unwrap_or_else(|| place(one)),
            file: one.article.body,
            card: one.card,
            page: one.page,
            has_plain_links: archive.other_links.binary_search(&id).is_err(),
        }
    }

    /// Tells whether they are those of an article, in an archive of which all else is as it was.
    pub fn is_of(&self, one: &Published) -> bool {
        self.file == one.article.body
    }
}

/// Returns the fingerprint of where an article's file and its page stand.
fn place(one: &Published) -> Fingerprint {
    let mut print = Fingerprinter::new("place");
    print.text(&one.article.path).text(one.route.path());
    print.finish()
}

/// What an earlier build arranged, as far as it tells of this one.
#[derive(Debug, Clone, Copy)]
pub enum Last<'a> {
    /// Nothing.
    Nothing,
    /// The fingerprints of the same archive, but for the words of some articles; there was nothing to
    /// report of it.
    ButForWords(&'a [Prints]),
    /// The fingerprints of the articles of an archive with the same configuration, theme (but for its
    /// templates) and files, at a moment that was not later; there was nothing to report of it.
    ButForArticles(&'a [Prints]),
}

/// What is known of an article before it is checked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// There was nothing to report of it, and nothing of it or of what it shows is other.
    Faultless,
    /// All its links by source path lead to articles, and none to a heading. Most articles are such.
    PlainLinks,
    /// Nothing.
    Nothing,
}

/// Fills in the fingerprints, which need all the rest, and returns what comes to be known of each
/// article.
pub(super) fn fill_in(archive: &mut Archive, last: Last<'_>) -> Vec<Known> {
    let (terms, sections) = links(archive);
    let stood = match last {
        Last::ButForArticles(last) => Stood::of(archive, last),
        _ => None,
    };
    let targets = match (last, &stood) {
        (Last::ButForWords(_), _) | (_, Some(_)) => Targets::Few(archive),
        _ => Targets::of(&archive.articles),
    };
    let find = |path: &str| targets.route(path);
    let make = |one: &Published, card: Fingerprint| {
        let (page, has_plain_links) = page(archive, one, card, &find);
        let known = match has_plain_links {
            true => Known::PlainLinks,
            false => Known::Nothing,
        };
        Made {
            card,
            page,
            known,
            has_plain_links,
            is_new: true,
        }
    };
    let made: Vec<Made> = archive
        .articles
        .par_iter()
        .enumerate()
        .map(|(at, one)| {
            let anew = || card(archive, one, &terms, &sections);
            if let Last::ButForWords(last) = last
                && last[at].is_of(one)
            {
                let kept = Made::kept(&last[at]);
                debug_assert!(kept.is_as(&make(one, anew())), "{}", one.article.path);
                return kept;
            }
            let card = anew();
            let stays = |last: &&Prints| last.is_of(one) && last.card == card;
            let before = stood.as_ref().and_then(|stood| stood.before(at));
            match before.filter(stays).filter(|last| last.has_plain_links) {
                Some(last) => {
                    let kept = Made::kept(last);
                    debug_assert!(kept.is_as(&make(one, card)), "{}", one.article.path);
                    kept
                }
                None => make(one, card),
            }
        })
        .collect();
    let fingerprinted = made.iter().filter(|made| made.is_new).count();
    let other_links = (0..).map(ArticleId).zip(&made);
    let other_links = other_links.filter(|(_, made)| !made.has_plain_links);
    let other_links = other_links.map(|(id, _)| id).collect();
    let text = |about: &Option<About>| {
        about
            .as_ref()
            .map(|about| text(archive, about, &find))
            .unwrap_or_default()
    };
    let of_sections: Vec<Fingerprint> = archive
        .sections
        .iter()
        .map(|section| text(&section.about))
        .collect();
    let of_terms: Vec<Fingerprint> = archive
        .groups
        .iter()
        .flat_map(|group| &group.terms)
        .map(|term| text(&term.about))
        .collect();
    (archive.fingerprinted, archive.other_links) = (fingerprinted, other_links);
    archive.places = stood.map(|stood| stood.places).unwrap_or_default();
    let known = archive
        .articles
        .par_iter_mut()
        .zip(made)
        .map(|(one, made)| {
            (one.card, one.page) = (made.card, made.page);
            made.known
        })
        .collect();
    let sections = archive
        .sections
        .iter_mut()
        .map(|section| &mut section.about);
    let terms = archive
        .groups
        .iter_mut()
        .flat_map(|group| &mut group.terms)
        .map(|term| &mut term.about);
    for (about, print) in sections.zip(of_sections).chain(terms.zip(of_terms)) {
        if let Some(about) = about {
            about.text = print;
        }
    }
    known
}

/// What is found out of an article.
struct Made {
    card: Fingerprint,
    page: Fingerprint,
    known: Known,
    has_plain_links: bool,
    /// Whether the page's fingerprint was made, and not known.
    is_new: bool,
}

impl Made {
    fn kept(last: &Prints) -> Self {
        Self {
            card: last.card,
            page: last.page,
            known: Known::Faultless,
            has_plain_links: last.has_plain_links,
            is_new: false,
        }
    }

    /// Tells whether it is what would be made.
    fn is_as(&self, made: &Self) -> bool {
        let both = |one: &Self| (one.card, one.page, one.has_plain_links);
        both(self) == both(made)
    }
}

/// The articles of an earlier archive, each of which stands where it stood: so links to them lead where
/// they led.
struct Stood<'a> {
    last: &'a [Prints],
    /// Where each article of this archive is in that list.
    there: Vec<Option<u32>>,
    /// Where each stands.
    places: Vec<Fingerprint>,
}

impl<'a> Stood<'a> {
    /// Looks for the articles; none where one has moved or gone, or where most are new.
    fn of(archive: &Archive, last: &'a [Prints]) -> Option<Self> {
        if last.len() < archive.articles.len() / 2 {
            return None;
        }
        let mut table = HashTable::with_capacity(last.len());
        for (at, prints) in (0_u32..).zip(last) {
            let hash = |at: &u32| last[*at as usize].place.hash();
            table.insert_unique(prints.place.hash(), at, hash);
        }
        let find = |one: &Published| {
            let place = place(one);
            let is_it = |at: &u32| last[*at as usize].place == place;
            (table.find(place.hash(), is_it).copied(), place)
        };
        let found = archive.articles.par_iter().map(find);
        let (there, places): (Vec<Option<u32>>, Vec<Fingerprint>) = found.unzip();
        let count = there.iter().flatten().count();
        (count == last.len()).then_some(Self {
            last,
            there,
            places,
        })
    }

    /// Returns what the article in a place of this archive was.
    fn before(&self, at: usize) -> Option<&'a Prints> {
        self.there[at].map(|at| &self.last[at as usize])
    }
}

/// Returns the fingerprint of the address of the article whose path below `content/` is given.
type Find<'a> = dyn Fn(&str) -> Option<Fingerprint> + Sync + 'a;

/// Where articles stand, by the paths of their files.
enum Targets<'a> {
    /// As fingerprints: links are looked up without a look at the article, which would be far away in
    /// memory.
    Many(HashTable<(Fingerprint, Fingerprint)>),
    /// As the archive has it, for a few links.
    Few(&'a Archive),
}

impl Targets<'_> {
    fn of(articles: &[Published]) -> Self {
        let prints: Vec<(Fingerprint, Fingerprint)> = articles
            .par_iter()
            .map(|one| {
                let path = paths::below(&one.article.path);
                (
                    Fingerprint::of_bytes(path.as_bytes()),
                    route_print(&one.route),
                )
            })
            .collect();
        let mut table = HashTable::with_capacity(prints.len());
        for prints in prints {
            table.insert_unique(prints.0.hash(), prints, |(path, _)| path.hash());
        }
        Self::Many(table)
    }

    fn route(&self, path: &str) -> Option<Fingerprint> {
        match self {
            Self::Many(table) => {
                let path = Fingerprint::of_bytes(path.as_bytes());
                let found = table.find(path.hash(), |(known, _)| *known == path);
                found.map(|(_, route)| *route)
            }
            Self::Few(archive) => {
                let id = archive.paths.below(path, &archive.articles)?;
                Some(route_print(&archive.article(id).route))
            }
        }
    }
}

fn route_print(route: &Route) -> Fingerprint {
    Fingerprint::of_bytes(route.path().as_bytes())
}

/// Fills in the fingerprints of a few articles, where all others are right.
pub(super) fn fill_in_some(archive: &mut Archive, places: &[usize]) {
    let (terms, sections) = links(archive);
    for place in places {
        let one = &archive.articles[*place];
        let card = card(archive, one, &terms, &sections);
        let targets = Targets::Few(archive);
        let (page, _) = page(archive, one, card, &|path| targets.route(path));
        (archive.articles[*place].card, archive.articles[*place].page) = (card, page);
    }
}

/// Returns the fingerprints of what links to terms and to sections show.
fn links(archive: &Archive) -> (Vec<Vec<Fingerprint>>, Vec<Fingerprint>) {
    let groups = archive.groups.iter();
    let sections = archive.sections.iter();
    (
        groups
            .map(|group| group.terms.iter().map(Term::link).collect())
            .collect(),
        sections
            .map(|section| section_link(archive, section))
            .collect(),
    )
}

/// Returns the fingerprint of an `_index.md` and of what its text shows of other pages.
fn text(archive: &Archive, about: &About, find: &Find<'_>) -> Fingerprint {
    let mut print = Fingerprinter::new("text");
    print.fingerprint(about.body);
    body(archive, &about.path, &about.outline, find, &mut print);
    print.finish()
}

fn card(
    archive: &Archive,
    one: &Published,
    terms: &[Vec<Fingerprint>],
    sections: &[Fingerprint],
) -> Fingerprint {
    let mut print = Fingerprinter::new("card");
    print.fingerprint(one.article.card).text(one.route.path());
    print
        .number(one.section as u64 + 1)
        .fingerprint(sections[one.section]);
    for (own, all) in one.terms.iter().zip(terms) {
        print.number(own.len() as u64);
        for term in own {
            print.fingerprint(all[*term as usize]);
        }
    }
    let meta = &one.article.meta;
    if let (Some(target), Some(photo)) = (&one.photo, &meta.photo) {
        picture_print(archive, target, &photo.src, &mut print);
    }
    let photo = meta
        .photo
        .as_ref()
        .map(|photo| archive.photo(&one.article.path, photo));
    let caption = photo.as_ref().and_then(|photo| photo.caption.as_deref());
    let standfirst = meta.presented(|one| one.standfirst.as_deref());
    for text in caption.into_iter().chain(standfirst).chain(
        meta.corrections
            .iter()
            .map(|correction| correction.text.as_str()),
    ) {
        inline::print(archive, text, &mut print);
    }
    print.finish()
}

/// Returns the fingerprint of what a link to a section shows.
fn section_link(archive: &Archive, section: &Section) -> Fingerprint {
    let mut print = Fingerprinter::new("section link");
    print.fingerprint(section.link());
    if let Some(summary) = section
        .about
        .as_ref()
        .and_then(|about| about.summary.as_deref())
    {
        inline::print(archive, summary, &mut print);
    }
    print.finish()
}

fn page(
    archive: &Archive,
    one: &Published,
    card: Fingerprint,
    find: &Find<'_>,
) -> (Fingerprint, bool) {
    let mut print = Fingerprinter::new("article page");
    print.fingerprint(card).fingerprint(one.article.body);
    // The days of live coverage are written in it.
    print.text(archive.language(one));
    let article = &one.article;
    let are_plain = body(archive, &article.path, &article.outline, find, &mut print);
    (print.finish(), are_plain)
}

/// Adds what a body shows of other pages: where its links lead, and its pictures. Tells
/// whether all its links lead to articles, and none to a heading.
fn body(
    archive: &Archive,
    path: &str,
    outline: &Outline,
    find: &Find<'_>,
    print: &mut Fingerprinter,
) -> bool {
    let mut are_plain = true;
    for link in outline.links() {
        are_plain &= link_print(archive, path, link.target, find, print);
    }
    for file in outline.files.iter() {
        let target = reference::picture(path, file);
        let is_there =
            matches!(target, Some(PictureTarget::File(file)) if archive.files.contains_key(&file));
        print.number(u64::from(is_there));
    }
    for picture in &outline.pictures {
        match reference::picture(path, &picture.src) {
            Some(target) => picture_print(archive, &target, &picture.src, print),
            None => {
                print.text("refused");
            }
        }
    }
    are_plain
}

/// Adds where a link by source path leads; tells whether it is to an article as its path is.
fn link_print(
    archive: &Archive,
    owner: &str,
    target: &str,
    find: &Find<'_>,
    print: &mut Fingerprinter,
) -> bool {
    if let Some((path, anchor)) = reference::plain_link(target)
        && let Some(route) = find(path)
    {
        print.fingerprint(route).optional(anchor);
        return anchor.is_none();
    }
    let link = reference::source_link(owner, target);
    match link.and_then(|link| Some((archive.page_of(&link.path)?, link.anchor))) {
        Some((route, anchor)) => {
            print
                .fingerprint(route_print(route))
                .optional(anchor.as_deref());
        }
        None => {
            print.text("nowhere");
        }
    }
    false
}

/// Adds what a page shows of a picture's file, and of what is said of the photo beside it and in it.
fn picture_print(archive: &Archive, target: &PictureTarget, src: &str, print: &mut Fingerprinter) {
    match target {
        PictureTarget::Elsewhere => {
            print.text("elsewhere");
            archive.photo_print(src, print);
        }
        PictureTarget::File(path) => {
            archive.photo_print(path, print);
            file_print(archive, path, print);
        }
    }
}

fn file_print(archive: &Archive, path: &str, print: &mut Fingerprinter) {
    let file = archive.files.get(path);
    match file.and_then(|file| Some((file.fingerprint, file.picture.as_ref()?))) {
        // Derivatives are named after the bytes.
        Some((bytes, Ok(picture))) => print
            .text(path)
            .fingerprint(bytes)
            .number(u64::from(picture.is_animated))
            .text(picture.format.media_type())
            .number(u64::from(picture.width))
            .number(u64::from(picture.height)),
        _ => print.text(path).text("no picture"),
    };
}
