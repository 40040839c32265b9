//! The photos that a photographer took or an agency supplied, with the articles that show them.

use crate::archive::makers::{makers, photos};
use crate::archive::photos::photo_path;
use crate::archive::taxonomy::Term;
use crate::archive::{Archive, ArticleId};
use crate::base::slug::slug;
use crate::theme::cards::Cards;
use crate::theme::value::{self, map};
use tera::Value;

/// Returns the photos of a name in credits that these articles show, each once, in the order of the
/// articles; nothing for a term of another kind.
pub(super) fn shots(archive: &Archive, cards: &Cards, term: &Term, ids: &[ArticleId]) -> Value {
    if term.maker.is_none() {
        return Value::from(Vec::<Value>::new());
    }
    let lexicon = archive.credits.lexicon();
    let mut found: Vec<(String, Value, Vec<ArticleId>)> = Vec::new();
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
            match found.iter_mut().find(|(known, ..)| *known == key) {
                Some((_, _, articles)) if articles.contains(id) => {}
                Some((_, _, articles)) => articles.push(*id),
                None => {
                    let shown = value::photo(archive, &one.route, path, Some(&photo));
                    found.push((key, shown, vec![*id]));
                }
            }
        }
    }
    let shots = found.into_iter().map(|(_, photo, articles)| {
        map([
            ("photo", photo),
            ("articles", cards.articles(archive, &articles)),
        ])
    });
    Value::from(shots.collect::<Vec<_>>())
}
