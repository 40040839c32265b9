//! The front page: which story stands where. An editor decides in `data/front.yaml`; what no one
//! decides follows the newest articles, and no story stands twice.

use crate::archive::reference;
use crate::archive::{Archive, ArticleId};
use crate::base::diagnostic::Diagnostic;
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use crate::base::timestamp::Zone;
use crate::source::article::Data;
use crate::source::correction::{self, Correction};
use crate::source::front_page::{self, FrontPage, Pin};
use crate::theme::cards::Cards;
use crate::theme::value::{self, map};
use std::collections::BTreeSet;
use tera::Value;

/// The file in which an editor decides.
const PATH: &str = "data/front.yaml";
/// How many stories stand beside the lead.
const SECOND: usize = 3;
/// How many stand below them.
const CARDS: usize = 4;
/// Among how many of the newest a lead story with a photo is looked for.
const CANDIDATES: usize = 5;

/// Which story stands where.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Front {
    lead: Option<ArticleId>,
    second: Vec<ArticleId>,
    cards: Vec<ArticleId>,
    /// The sections with their stories.
    blocks: Vec<(usize, Vec<ArticleId>)>,
    latest: Vec<ArticleId>,
    corrected: Option<ArticleId>,
}

impl Front {
    /// Finds the places of stories: of those that the front of the home list shows, the newest
    /// first, of those that an editor names, and as many of each section as `extra` of the theme says
    /// under `section_stories`. An editor decides for the site's language, whose root is 0.
    pub(super) fn of(archive: &Archive, root: usize, shown: &[ArticleId], extra: &Data) -> Self {
        let page = match root {
            0 => read(archive).0,
            _ => FrontPage::default(),
        };
        let mut taken = BTreeSet::new();
        let named = |pins: &[Pin]| -> Vec<ArticleId> {
            let due = pins.iter().filter(|pin| is_due(pin, archive));
            due.filter_map(|pin| archive.find(&pin.article)).collect()
        };
        let below: BTreeSet<ArticleId> = named(&page.below).into_iter().collect();
        let second = named(&page.second);
        let free: Vec<ArticleId> = shown
            .iter()
            .copied()
            .filter(|id| !below.contains(id) && !second.contains(id))
            .collect();
        let newest = free.iter().take(CANDIDATES);
        let pictured = |id: &&ArticleId| archive.article(**id).article.meta.photo.is_some();
        let lead = named(&page.lead).first().copied();
        let lead = lead.or_else(|| newest.clone().find(pictured).or(free.first()).copied());
        taken.extend(lead);
        let mut take = |from: &mut dyn Iterator<Item = ArticleId>, count: usize| {
            let mut found = Vec::new();
            while found.len() < count
                && let Some(id) = from.next()
            {
                if taken.insert(id) {
                    found.push(id);
                }
            }
            found
        };
        let second = take(
            &mut second.iter().copied().chain(free.iter().copied()),
            SECOND,
        );
        let cards = take(&mut free.iter().copied(), CARDS);
        let count = usize::try_from(integer(extra, "section_stories")).unwrap_or(0);
        let mut blocks = Vec::new();
        for section in sections(archive, root, &page) {
            let newest = newest_of(archive, section, count, &taken);
            taken.extend(&newest);
            if !newest.is_empty() {
                blocks.push((section, newest));
            }
        }
        let latest = shown.iter().copied().filter(|id| !taken.contains(id));
        Self {
            lead,
            second,
            cards,
            blocks,
            latest: latest.collect(),
            corrected: corrected(archive, root),
        }
    }

    /// Returns what the front page shows.
    pub(super) fn value(&self, archive: &Archive, cards: &Cards) -> Value {
        let card = |id: ArticleId| cards.article(archive, id);
        let blocks = self.blocks.iter().map(|(section, articles)| {
            map([
                ("section", cards.section(archive, *section)),
                ("articles", cards.articles(archive, articles)),
            ])
        });
        map([
            ("lead", self.lead.map_or_else(Value::none, card)),
            ("second", cards.articles(archive, &self.second)),
            ("cards", cards.articles(archive, &self.cards)),
            ("sections", Value::from(blocks.collect::<Vec<_>>())),
            ("latest", cards.articles(archive, &self.latest)),
            ("correction", self.correction(archive, cards)),
        ])
    }

    /// Returns the fingerprint of what the front page shows.
    pub(super) fn print(&self, archive: &Archive, cards: &Cards) -> Fingerprint {
        let mut print = Fingerprinter::new("front");
        let mut add = |ids: &[ArticleId]| {
            print.number(ids.len() as u64);
            for id in ids {
                print.fingerprint(archive.article(*id).card);
            }
        };
        add(self.lead.as_slice());
        for ids in [&self.second, &self.cards, &self.latest] {
            add(ids);
        }
        for (_, ids) in &self.blocks {
            add(ids);
        }
        for (section, _) in &self.blocks {
            print.fingerprint(archive.sections[*section].link());
        }
        print.fingerprint(value::fingerprint(&self.correction(archive, cards)));
        print.finish()
    }

    fn correction(&self, archive: &Archive, cards: &Cards) -> Value {
        let Some(id) = self.corrected else {
            return Value::none();
        };
        let one = archive.article(id);
        let corrections = correction::with_ids(&one.article.meta.corrections);
        let Some((name, newest)) = corrections.first() else {
            return Value::none();
        };
        let url = format!("{}#{name}", archive.url(&one.route));
        map([
            ("article", cards.article(archive, id)),
            ("url", Value::from(url)),
            ("date", Value::from(newest.date.rfc3339())),
            ("kind", Value::from(newest.kind.name())),
            ("text", value::inline(archive, Some(&newest.text))),
        ])
    }
}

/// Returns the next Unix second at which the time of a story that an editor named is over.
pub(super) fn until(archive: &Archive) -> Option<i64> {
    let page = read(archive).0;
    let pins = [&page.lead, &page.second, &page.below];
    let ends = pins.into_iter().flatten().filter_map(|pin| pin.until);
    ends.filter(|end| *end > archive.now).min()
}

/// Reports what is wrong with the file, and the articles and sections that it names and that are
/// not there.
pub(super) fn check(archive: &Archive) -> Vec<Diagnostic> {
    let (page, mut faults) = read(archive);
    let paths = archive.articles.iter().map(|one| one.article.path.as_str());
    for pin in [&page.lead, &page.second, &page.below]
        .into_iter()
        .flatten()
    {
        if archive.find(&pin.article).is_some() || archive.hides(&pin.article).is_some() {
            continue;
        }
        let message = format!("there is no article `{}`", pin.article);
        let fault = Diagnostic::error(message).at(pin.place.clone());
        let near = reference::nearest_path(&pin.article, paths.clone());
        faults.push(match near.and_then(|near| near.strip_prefix("content")) {
            Some(near) => fault.hint(format!("did you mean `@{near}`?")),
            None => fault.hint("name a file of content/, such as `@/local/harbour.md`"),
        });
    }
    let known = archive.sections.iter().map(|section| section.path.as_str());
    for (path, place) in page.sections.iter().flatten() {
        if archive.section(path).is_none() {
            let fault = Diagnostic::error(format!("there is no section `{path}`"));
            faults.push(fault.at(place.clone()).suggest(path, known.clone()));
        }
    }
    faults
}

fn read(archive: &Archive) -> (FrontPage, Vec<Diagnostic>) {
    let Some(file) = archive.data.get(PATH) else {
        return Default::default();
    };
    let zone = Zone {
        time_zone: &archive.config.time_zone,
        date_order: archive.config.date_order,
    };
    front_page::parse(PATH, &file.text, &zone)
}

fn is_due(pin: &Pin, archive: &Archive) -> bool {
    pin.until.is_none_or(|until| archive.now < until)
}

/// Returns the sections that have a block: those that the editor names, else those at the top, in
/// the order of the menu and then of their paths.
fn sections(archive: &Archive, root: usize, page: &FrontPage) -> Vec<usize> {
    if let Some(named) = &page.sections {
        let found = named.iter().filter_map(|(path, _)| archive.section(path));
        return found.collect();
    }
    let mut top = archive.sections[root].children.clone();
    let menu = &archive.config.menu;
    top.sort_by_key(|at| {
        let route = archive.sections[*at].route.path();
        let is_it = |url: &str| url.trim_matches('/') == route.trim_matches('/');
        let place = menu.iter().position(|item| is_it(&item.url));
        place.unwrap_or(menu.len())
    });
    top
}

/// Returns the newest articles of a section that have a date and no place yet.
fn newest_of(
    archive: &Archive,
    section: usize,
    count: usize,
    taken: &BTreeSet<ArticleId>,
) -> Vec<ArticleId> {
    // A list of a few that is kept in order costs less than sorting all.
    let mut newest: Vec<ArticleId> = Vec::with_capacity(count + 1);
    for id in &archive.sections[section].articles {
        let is_late = newest.len() < count || newest.last().is_some_and(|last| last < id);
        if count == 0 || !is_late || (id.0 as usize) < archive.undated || taken.contains(id) {
            continue;
        }
        let at = newest.partition_point(|known| known > id);
        newest.insert(at, *id);
        newest.truncate(count);
    }
    newest
}

/// Returns the article of a language that was corrected last.
fn corrected(archive: &Archive, root: usize) -> Option<ArticleId> {
    let ids = (0..archive.articles.len() as u32).map(ArticleId);
    let dated = ids.filter_map(|id| {
        let newest = newest(&archive.article(id).article.meta.corrections)?;
        let is_of_root = archive.root_of(archive.article(id).section) == root;
        is_of_root.then_some((newest.date.instant(), id))
    });
    dated.max().map(|(_, id)| id)
}

fn newest(corrections: &[Correction]) -> Option<&Correction> {
    // Of two with one date the first is meant, as in the list of an article's corrections.
    let instants = corrections.iter().rev();
    instants.max_by_key(|correction| correction.date.instant())
}

fn integer(extra: &Data, key: &str) -> i64 {
    let Data::Map(entries) = extra else { return 0 };
    match entries.iter().find(|(known, _)| known == key) {
        Some((_, Data::Integer(number))) => *number,
        _ => 0,
    }
}
