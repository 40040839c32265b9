//! An archive in which some articles say something else, made without arranging all of it again.
//!
//! What an article says of itself can change alone: its text, headline and summary. Whatever else
//! changes, or has to be reported, is for [`arrange`](super::arrange): the two must not differ.

use super::archive::{Archive, section_path};
use super::checks::is_faultless;
use super::makers::{Maker, makers, photos};
use super::permalink;
use super::photos::shown_files;
use super::prints::fill_in_some;
use crate::source::article::{Article, Meta};
use crate::source::front_matter::Order;
use std::sync::Arc;

impl Archive {
    /// Returns this archive with later versions of articles that it shows, at a later moment at which
    /// the same articles are shown; none where more would be other than what these articles say of
    /// themselves, or something would be to report of them.
    pub fn renewed(&self, articles: Vec<Arc<Article>>, now: i64) -> Option<Self> {
        let mut renewed = self.clone();
        renewed.now = now;
        let mut places = Vec::with_capacity(articles.len());
        for article in articles {
            let place = self.find(&article.path)?.0 as usize;
            let one = &self.articles[place];
            let route = permalink::route(&article, section_path(&article), &self.config).ok()?;
            if !stands_alike(&one.article, &article)
                || route != one.route
                || self.is_ordered_by_words(one.section)
                || !is_faultless(self, &one.article)
                || self.has_credit_pages && self.makers_of(&one.article) != self.makers_of(&article)
                || self.has_unread(&article)
            {
                return None;
            }
            renewed.articles[place].article = article;
            places.push(place);
        }
        let is_faultless =
            |place: &usize| is_faultless(&renewed, &renewed.articles[*place].article);
        if !self.has_addresses || !places.iter().all(is_faultless) {
            return None;
        }
        fill_in_some(&mut renewed, &places);
        Some(renewed)
    }

    /// Lists on whose pages of photographers and agencies an article stands.
    pub(super) fn makers_of(&self, article: &Article) -> Vec<(String, Maker)> {
        let mut named = Vec::new();
        for photo in photos(&self.notes, &self.files, article) {
            let credit = photo.credit.as_deref().map(|text| self.credits.read(text));
            if let Some(credit) = credit {
                let of_credit = makers(&credit, self.credits.lexicon());
                named.extend(of_credit.map(|(name, maker)| (name.to_owned(), maker)));
            }
        }
        named
    }

    /// Tells whether an article shows a photo that was not looked into, because none did before.
    fn has_unread(&self, article: &Article) -> bool {
        let mut shown = shown_files(
            &article.path,
            article.meta.photo.as_deref(),
            &article.outline,
        );
        shown.any(|path| {
            let file = self.files.get(&path);
            file.is_some_and(|file| file.metadata.is_none() && matches!(file.picture, Some(Ok(_))))
        })
    }

    /// Tells whether a list that an article stands in is in the order of what articles say.
    fn is_ordered_by_words(&self, section: usize) -> bool {
        let around = std::iter::successors(Some(section), |at| self.sections[*at].parent);
        around
            .into_iter()
            .any(|at| matches!(self.sections[at].order, Order::Weight | Order::Headline))
    }
}

/// Tells whether two versions of an article stand in the same places, and others can link to the
/// same places in them.
fn stands_alike(old: &Article, new: &Article) -> bool {
    let ids = |article: &Article| -> Vec<String> {
        let headings = article.details.get().headings.get().into_iter();
        headings.map(|heading| heading.id).collect()
    };
    (old.section(), old.name()) == (new.section(), new.name())
        && placing(&old.meta) == placing(&new.meta)
        && ids(old) == ids(new)
}

/// Returns what decides where an article stands: its front matter without what it only says. A correction
/// stands on a page of its own as well.
fn placing(meta: &Meta) -> Meta {
    let mut placing = meta.clone();
    placing.headline.clear();
    placing.summary = None;
    placing.updated = None;
    placing.presentation = None;
    if let Some(photo) = &mut placing.photo {
        photo.at = None;
    }
    placing
}
