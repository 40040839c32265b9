//! Drafts: the HTML of a body as far as it is known before the rest of the site is.
//!
//! Where links to other files lead, and the words that are written beside the author's own, is said
//! by a [`Resolver`]; nearly all else of most bodies is their own affair, and so made once, when they
//! are parsed. In its place a draft has a hole for each such address and word. A body that asks the
//! site for more, for pictures or shortcodes, has no draft.
//!
//! Holes begin with characters that HTML forbids: whatever writes an author's text has replaced them.

use super::html::Writer;
use super::marks::Marked;
use super::pieces::{Piece, Pieces};
use super::text::{escape, escape_address};
use super::{Resolver, Shortcodes, Words};
use crate::source::config;
use memchr::{memchr2, memchr2_iter};

/// Begins the hole of an address, which is written in it as the author did.
const ADDRESS: char = '\u{1}';
/// Ends the hole of an address.
const END: char = '\u{2}';
/// Begins the hole of a word, before its letter.
const WORD: char = '\u{3}';

/// A word that is written beside the author's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Note,
    Tip,
    Important,
    Warning,
    Caution,
    Footnotes,
    Back,
    Section,
    Table,
}

impl Word {
    /// All of them.
    const ALL: [Self; 9] = [
        Self::Note,
        Self::Tip,
        Self::Important,
        Self::Warning,
        Self::Caution,
        Self::Footnotes,
        Self::Back,
        Self::Section,
        Self::Table,
    ];

    /// Returns the letter of its hole.
    fn letter(self) -> char {
        char::from(b'a' + self as u8)
    }

    /// Returns it in a language.
    fn of(self, words: &Words) -> &str {
        match self {
            Self::Note => &words.note,
            Self::Tip => &words.tip,
            Self::Important => &words.important,
            Self::Warning => &words.warning,
            Self::Caution => &words.caution,
            Self::Footnotes => &words.footnotes,
            Self::Back => &words.back,
            Self::Section => &words.section,
            Self::Table => &words.table,
        }
    }
}

/// Writes a word as the site has it, or its hole where that is not known yet.
pub(super) fn word(out: &mut String, word: Word, words: Option<&Words>) {
    match words {
        Some(words) => escape(out, word.of(words)),
        None => {
            out.push(WORD);
            out.push(word.letter());
        }
    }
}

/// Writes the address of a file of the site, or its hole where that is not known yet. Tells whether it
/// could be written.
pub(super) fn address(out: &mut String, target: &str, resolver: Option<&dyn Resolver>) -> bool {
    match resolver {
        Some(resolver) => escape_address(out, resolver.link(target).as_deref().unwrap_or(target)),
        None if target.contains([ADDRESS, END, WORD]) => return false,
        None => {
            out.push(ADDRESS);
            out.push_str(target);
            out.push(END);
        }
    }
    true
}

/// Makes a draft of the pieces of a body as they pass.
pub(super) struct Draft<'a> {
    /// None where the body can have none.
    writer: Option<Writer<'a>>,
}

impl<'a> Draft<'a> {
    /// Makes none.
    pub(super) fn none() -> Self {
        Self { writer: None }
    }

    /// Begins the draft of a body.
    pub(super) fn new(
        body: &'a str,
        settings: &'a config::Markdown,
        shortcodes: &'a dyn Shortcodes,
        marked: &'a Marked<'a>,
    ) -> Self {
        let writer = Writer::new(body, 0, settings, shortcodes, marked, None, String::new());
        Self {
            writer: Some(writer),
        }
    }

    /// Takes in the next piece.
    pub(super) fn piece(&mut self, piece: Piece<'a>, pieces: &mut Pieces<'a>) {
        if let Some(writer) = &mut self.writer {
            writer.piece(piece, pieces);
            if writer.asks_for_more() {
                self.writer = None;
            }
        }
    }

    /// Returns the draft, where the body has one.
    pub(super) fn finish(self) -> Option<String> {
        let written = self.writer?.finish();
        // Nothing else in it looks like a hole.
        let begun = memchr2_iter(ADDRESS as u8, WORD as u8, written.html.as_bytes()).count();
        (begun == written.holes).then_some(written.html)
    }
}

/// Writes the HTML of a draft to the end of `out`.
pub(super) fn fill(draft: &str, resolver: &dyn Resolver, out: &mut String) {
    out.reserve(draft.len() + draft.len() / 8);
    let words = resolver.words();
    let mut rest = draft;
    while let Some(at) = memchr2(ADDRESS as u8, WORD as u8, rest.as_bytes()) {
        let (before, hole) = rest.split_at(at);
        out.push_str(before);
        rest = match hole.strip_prefix(ADDRESS) {
            Some(hole) => {
                let (target, rest) = hole.split_once(END).unwrap_or((hole, ""));
                address(out, target, Some(resolver));
                rest
            }
            None => {
                let mut hole = hole.chars();
                let letter = hole.by_ref().nth(1);
                let mut all = Word::ALL.into_iter();
                if let Some(known) = all.find(|word| Some(word.letter()) == letter) {
                    word(out, known, Some(words));
                }
                hole.as_str()
            }
        };
    }
    out.push_str(rest);
}
