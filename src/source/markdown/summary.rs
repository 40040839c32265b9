//! The summary of an article.

use super::line::{self, Line};
use super::pieces::Piece;
use crate::source::config;
use pulldown_cmark::{Event, Tag, TagEnd};

/// The longest summary that is made of a first paragraph, in characters.
const LONGEST_PARAGRAPH: usize = 600;

/// The longest summary that is cut by its author, in characters.
const LONGEST_CUT: usize = 5_000;

/// Gathers the summary as pieces go by.
pub(super) struct Summary<'a> {
    settings: &'a config::Markdown,
    /// The summary of the front matter.
    given: Option<String>,
    /// What stands before `<!-- more -->`, if that seems to be there.
    cut: Option<Line<'a>>,
    /// The first paragraph, and whether it stands in nothing else.
    paragraph: Option<(String, bool)>,
    /// The paragraph that is being read, and its depth.
    open: Option<(Line<'a>, usize)>,
    /// The depth of the block that has no part in the summary.
    skipped: Option<usize>,
}

impl<'a> Summary<'a> {
    /// Begins with the summary of the front matter, if there is one.
    pub(super) fn new(body: &str, given: Option<&str>, settings: &'a config::Markdown) -> Self {
        let given = given
            .filter(|given| !given.trim().is_empty())
            .map(|given| line::summary(given, settings));
        let may_be_cut = given.is_none() && has_more(body);
        Self {
            settings,
            given,
            cut: may_be_cut.then(|| Line::new(settings).at_most(LONGEST_CUT)),
            paragraph: None,
            open: None,
            skipped: None,
        }
    }

    fn is_done(&self) -> bool {
        self.cut.is_none() && matches!(self.paragraph, Some((_, true)))
    }

    /// Takes in a piece at a depth, before it counts.
    pub(super) fn piece(&mut self, piece: &Piece<'_>, depth: usize) {
        if self.given.is_some() || self.is_done() {
            return;
        }
        match piece {
            Piece::More => {
                let cut = self.cut.take().map(Line::finish);
                self.given = cut.filter(|cut| !cut.is_empty());
                return;
            }
            Piece::Event(Event::Start(tag)) => {
                let has_no_part = matches!(
                    tag,
                    Tag::CodeBlock(_)
                        | Tag::HtmlBlock
                        | Tag::Heading { .. }
                        | Tag::FootnoteDefinition(_)
                        | Tag::Table(_)
                );
                if has_no_part && self.skipped.is_none() {
                    self.skipped = Some(depth);
                }
                if is_block(tag.to_end()) {
                    self.cut.iter_mut().for_each(Line::space);
                    let wants = !matches!(self.paragraph, Some((_, true)));
                    if matches!(tag, Tag::Paragraph) && self.skipped.is_none() && wants {
                        let line = Line::new(self.settings).at_most(LONGEST_PARAGRAPH);
                        self.open = Some((line, depth));
                    }
                    return;
                }
            }
            Piece::Event(Event::End(tag)) if is_block(*tag) => {
                self.cut.iter_mut().for_each(Line::space);
                if self.skipped == Some(depth - 1) {
                    self.skipped = None;
                }
                if *tag == TagEnd::Paragraph {
                    self.end_paragraph();
                }
                return;
            }
            _ => {}
        }
        if self.skipped.is_none() {
            self.cut.iter_mut().for_each(|cut| cut.piece(piece));
            self.open.iter_mut().for_each(|(line, _)| line.piece(piece));
        }
    }

    fn end_paragraph(&mut self) {
        let Some((line, depth)) = self.open.take() else {
            return;
        };
        let text = line.finish();
        if !text.is_empty() && (depth == 0 || self.paragraph.is_none()) {
            self.paragraph = Some((text, depth == 0));
        }
    }

    /// Returns the summary.
    pub(super) fn finish(self, has_more: bool) -> String {
        debug_assert!(self.cut.is_none() || !has_more, "what is cut is given");
        let paragraph = self.paragraph.map(|(text, _)| text);
        self.given.or(paragraph).unwrap_or_default()
    }
}

fn is_block(tag: TagEnd) -> bool {
    line::inline_element(tag).is_none() && tag != TagEnd::Link
}

/// Tells whether `<!-- more -->` may be in a body.
fn has_more(body: &str) -> bool {
    memchr::memmem::find_iter(body.as_bytes(), "<!--").any(|at| {
        let inner = body[at + "<!--".len()..].trim_start();
        inner.starts_with("more")
    })
}
