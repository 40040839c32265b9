//! Values that many pages show, each made once and shared by reference: what links to sections and
//! terms show, and the articles of lists.
//!
//! A site of a million articles has more cards than memory should hold, so that there is a place for
//! a few thousand of them: an article's card takes the place of another's. Lists are rendered in the
//! order of their articles' dates, and find most of theirs.

use super::value;
use crate::archive::{Archive, ArticleId};
use std::sync::{Mutex, OnceLock};
use tera::Value;

/// How many cards are held at most. A card takes about five kilobytes.
const PLACES: usize = 2048;
/// There is a place for one in this many articles: a smaller site needs fewer for as many finds.
const ARTICLES_A_PLACE: usize = 8;

/// The values that pages of one archive share.
#[derive(Debug)]
pub struct Cards {
    sections: Vec<OnceLock<Value>>,
    terms: Vec<Vec<OnceLock<Value>>>,
    articles: Vec<Mutex<Option<(ArticleId, Value)>>>,
}

impl Cards {
    /// Makes room for the values of an archive.
    pub fn new(archive: &Archive) -> Self {
        let empty = |count: usize| (0..count).map(|_| OnceLock::new()).collect::<Vec<_>>();
        let terms = archive.groups.iter().map(|group| empty(group.terms.len()));
        let places = archive.articles.len().div_ceil(ARTICLES_A_PLACE);
        Self {
            sections: empty(archive.sections.len()),
            terms: terms.collect(),
            articles: (0..places.min(PLACES)).map(|_| Mutex::new(None)).collect(),
        }
    }

    /// Returns what a link to a section shows.
    pub fn section(&self, archive: &Archive, at: usize) -> Value {
        self.sections[at]
            .get_or_init(|| value::section_link(archive, &archive.sections[at]))
            .clone()
    }

    /// Returns what a link to a term shows.
    pub fn term(&self, archive: &Archive, group: usize, at: usize) -> Value {
        self.terms[group][at]
            .get_or_init(|| value::term_link(archive, &archive.groups[group].terms[at]))
            .clone()
    }

    /// Returns an article as lists show it.
    pub fn article(&self, archive: &Archive, id: ArticleId) -> Value {
        let place = &self.articles[id.0 as usize % self.articles.len()];
        // Who would have to wait for another thread makes the card instead.
        let Ok(mut place) = place.try_lock() else {
            return value::card(archive, self, id);
        };
        match &*place {
            Some((known, card)) if *known == id => card.clone(),
            _ => {
                let card = value::card(archive, self, id);
                *place = Some((id, card.clone()));
                card
            }
        }
    }

    /// Returns articles as lists show them.
    pub fn articles(&self, archive: &Archive, ids: &[ArticleId]) -> Value {
        let cards = ids.iter().map(|id| self.article(archive, *id));
        Value::from(cards.collect::<Vec<_>>())
    }
}
