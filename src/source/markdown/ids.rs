//! Ids that are unique in a page.

use super::headings;
use std::collections::HashMap;

/// The ids that headings have taken, each with the number that its next namesake gets.
#[derive(Default)]
pub(super) struct Ids(HashMap<String, u32>);

impl Ids {
    /// Returns the id of a heading: the one that its author gave, else one made from its text, with
    /// a number where it is taken. Linear in the number of headings altogether.
    ///
    /// Ids of footnotes hold a colon, which is why those of headings never do.
    pub(super) fn claim(&mut self, given: Option<&str>, text: &str) -> String {
        let wanted = match given {
            Some(id) if !id.is_empty() => id.replace(':', "-"),
            _ => headings::from_text(text),
        };
        let Some(next) = self.0.get(&wanted) else {
            self.0.insert(wanted.clone(), 1);
            return wanted;
        };
        let mut number = *next;
        let id = loop {
            let id = format!("{wanted}-{number}");
            number += 1;
            if !self.0.contains_key(&id) {
                break id;
            }
        };
        self.0.insert(id.clone(), 1);
        self.0.insert(wanted, number);
        id
    }

    /// Tells whether an id is taken.
    pub(super) fn has(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_made_from_texts_and_numbered_where_they_are_taken() {
        let mut ids = Ids::default();
        let mut check = |given: Option<&str>, text: &str, expect: &str| {
            assert_eq!(ids.claim(given, text), expect, "{given:?} {text:?}");
        };
        check(None, "The Harbour, reopened", "the-harbour-reopened");
        check(None, "Don't", "dont");
        check(None, "Größe 北京", "größe-北京");
        check(None, "", "section");
        check(None, "", "section-1");
        check(None, "A", "a");
        check(None, "A 1", "a-1");
        check(None, "A", "a-2");
        check(None, "A", "a-3");
        check(Some("a"), "other", "a-4");
        check(Some("Own"), "other", "Own");
        check(Some("fn:1"), "other", "fn-1");
    }
}
