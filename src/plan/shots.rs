//! The photos that a photographer took or an agency supplied, with the articles that show them.

use crate::archive::makers::{makers, photos};
use crate::archive::photos::photo_path;
use crate::archive::taxonomy::Term;
use crate::archive::{Archive, ArticleId, Published};
use crate::base::fingerprint::Fingerprinter;
use crate::base::slug::slug;
use crate::source::photo::Photo;
use crate::theme::cards::Cards;
use crate::theme::value::{self, map};
use std::borrow::Cow;
use tera::Value;

/// A photo, as the article shows it that shows it first.
struct Shot<'a> {
    key: String,
    photo: Cow<'a, Photo>,
    first: &'a Published,
    articles: Vec<ArticleId>,
}

/// Returns the photos of a name in credits that these articles show, each once, in the order of the
/// articles; nothing for a term of another kind.
pub(super) fn shots(archive: &Archive, cards: &Cards, term: &Term, ids: &[ArticleId]) -> Value {
    let shots = of(archive, term, ids).into_iter().map(|shot| {
        let path = &shot.first.article.path;
        let photo = value::photo(archive, &shot.first.route, path, Some(&shot.photo));
        map([
            ("photo", photo),
            ("articles", cards.articles(archive, &shot.articles)),
        ])
    });
    Value::from(shots.collect::<Vec<_>>())
}

/// Adds what [`shots`] is made of. No photo is looked into for that: its colour follows its bytes.
pub(super) fn print(archive: &Archive, term: &Term, ids: &[ArticleId], print: &mut Fingerprinter) {
    for shot in of(archive, term, ids) {
        let shown = Photo {
            at: None,
            ..shot.photo.into_owned()
        };
        print.text(&shot.key).value(&shown);
        print.text(shot.first.route.path());
        let caption = value::inline(archive, shown.caption.as_deref());
        print.fingerprint(value::fingerprint(&caption));
        if let Some(file) = archive.files.get(&shot.key) {
            print.fingerprint(file.fingerprint);
        }
        print.number(shot.articles.len() as u64);
        for id in shot.articles {
            print.fingerprint(archive.article(id).card);
        }
    }
}

fn of<'a>(archive: &'a Archive, term: &Term, ids: &[ArticleId]) -> Vec<Shot<'a>> {
    let mut found: Vec<Shot<'a>> = Vec::new();
    if term.maker.is_none() {
        return found;
    }
    let lexicon = archive.credits.lexicon();
    for id in ids {
        let one = archive.article(*id);
        let path = &one.article.path;
        for photo in photos(&archive.notes, &archive.files, &one.article) {
            let Some(text) = photo.credit.as_deref() else {
                continue;
            };
            let credit = archive.credits.read(text);
            let is_of_term = makers(&credit, lexicon)
                .any(|(name, _)| slug(name, archive.config.slugs).as_deref() == Some(&term.slug));
            if !is_of_term {
                continue;
            }
            let key = photo_path(path, &photo.src)
                .unwrap_or_default()
                .into_owned();
            match found.iter_mut().find(|shot| shot.key == key) {
                Some(shot) if shot.articles.contains(id) => {}
                Some(shot) => shot.articles.push(*id),
                None => found.push(Shot {
                    key,
                    photo,
                    first: one,
                    articles: vec![*id],
                }),
            }
        }
    }
    found
}
