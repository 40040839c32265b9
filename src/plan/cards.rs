//! The drawn cards of articles without a photo: which articles have none because no letters are there
//! to draw them with.

use crate::archive::Archive;
use crate::base::diagnostic::{Diagnostic, Place};
use crate::darkroom::card;

/// Warns, once, of articles that social networks show without any picture on a site that asks for cards:
/// they have no photo, no card, and no picture of the site stands for them.
pub(super) fn check(archive: &Archive) -> Option<Diagnostic> {
    if !archive.config.social_cards || archive.config.image.is_some() {
        return None;
    }
    let has_title = card::can_draw(&archive.config.title, &archive.card_fonts);
    let mut bare = archive.articles.iter().filter(|one| {
        let meta = &one.article.meta;
        meta.photo.is_none() && !(has_title && card::can_draw(&meta.headline, &archive.card_fonts))
    });
    let first = bare.next()?;
    let more = bare.count();
    let others = match more {
        0 => String::new(),
        1 => " and of 1 other article".to_owned(),
        more => format!(" and of {more} other articles"),
    };
    let message = format!(
        "the headline of `{}`{others} can't be drawn on a card: it has letters that no font has",
        first.article.path
    );
    let hint = "name a font that has them in `card_fonts` of dateline.yaml, or give the site an `image`, which \
                stands for such articles";
    Some(
        Diagnostic::warning(message)
            .at(Place::file(first.article.path.as_str()))
            .hint(hint),
    )
}
