//! The headings of a body as an archive keeps them: ids that their texts give are left out.

use super::marks::Marked;
use super::pieces::{Piece, Pieces};
use super::{Heading, Shortcodes};
use crate::base::packed::Packed;
use crate::base::slug::{SlugStyle, slug};
use crate::source::config;
use pulldown_cmark::{Event, Tag, TagEnd};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The id of a heading whose text gives none.
const NAMELESS: &str = "section";

/// Every heading of a body, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headings(Packed<Vec<Kept>>);

/// A heading: its level, its id where its text does not give it, its text.
type Kept = (u8, Option<String>, String);

impl Headings {
    /// Keeps headings.
    pub fn new(headings: Vec<Heading>) -> Self {
        let kept: Vec<Kept> = headings
            .into_iter()
            .map(|Heading { level, id, text }| {
                let is_own = id != from_text(&text);
                (level, is_own.then_some(id), text)
            })
            .collect();
        Self(Packed::new(&kept))
    }

    /// Returns the headings.
    pub fn get(&self) -> Vec<Heading> {
        let whole = |(level, id, text): Kept| Heading {
            level,
            id: id.unwrap_or_else(|| from_text(&text)),
            text,
        };
        self.0.get().into_iter().map(whole).collect()
    }
}

/// Finds where in a body its headings stand, in the order of [`Headings`], which do not keep it.
pub(super) fn places(
    body: &str,
    settings: &config::Markdown,
    shortcodes: &dyn Shortcodes,
) -> Vec<Range<usize>> {
    let marked = match settings.plain {
        true => Marked::nothing(body),
        false => Marked::new(body, shortcodes),
    };
    let mut found = Vec::new();
    let mut notes = 0_usize;
    for (piece, at) in Pieces::new(body, &marked, settings, shortcodes) {
        match piece {
            Piece::Event(Event::Start(Tag::FootnoteDefinition(_))) => notes += 1,
            Piece::Event(Event::End(TagEnd::FootnoteDefinition)) => notes -= 1,
            Piece::Event(Event::Start(Tag::Heading { .. })) if notes == 0 => found.push(at),
            _ => {}
        }
    }
    found
}

/// Returns the id that a heading's text gives it, if no other heading has it.
pub(super) fn from_text(text: &str) -> String {
    slug(text, SlugStyle::Unicode).unwrap_or_else(|| NAMELESS.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_taken_out_is_what_was_kept(list: Vec<(u8, String, String)>) {
            let headings: Vec<Heading> = list
                .into_iter()
                .map(|(level, id, text)| Heading { level, id, text })
                .collect();
            prop_assert_eq!(Headings::new(headings.clone()).get(), headings);
        }
    }

    #[test]
    fn an_id_that_the_text_gives_takes_no_memory() {
        let heading = |id: &str| Heading {
            level: 2,
            id: id.to_owned(),
            text: "The quay".to_owned(),
        };
        let bytes = |id: &str| postcard::to_stdvec(&Headings::new(vec![heading(id)])).unwrap();
        assert_eq!(
            bytes("the-quay").len() + "the-quay-1".len() + 1,
            bytes("the-quay-1").len()
        );
    }
}
