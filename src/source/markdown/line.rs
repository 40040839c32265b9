//! One line of HTML from Markdown: summaries, captions, corrections. No blocks.

use super::address::{self, Address};
use super::marks::Marked;
use super::math::Budget;
use super::pieces::{Piece, Pieces};
use super::{Declaration, Resolver, Shortcodes, math, text};
use crate::source::config::{self, RawHtml};
use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

/// How many events the formulas of a line may make.
const MOST_MATH: usize = 10_000;

/// The deepest elements of a line; what is deeper is text.
const DEEPEST: usize = 100;

/// Returns the HTML of one line of Markdown.
pub(super) fn html(
    source: &str,
    settings: &config::Markdown,
    resolver: Option<&dyn Resolver>,
) -> String {
    let line = Line::new(settings).with_links(resolver);
    written(source, settings, line)
}

/// Returns the HTML of one line of Markdown without links, pictures and raw HTML.
pub(super) fn summary(source: &str, settings: &config::Markdown) -> String {
    written(source, settings, Line::new(settings))
}

fn written(source: &str, settings: &config::Markdown, mut line: Line<'_>) -> String {
    // A heading is the one block that can hold nothing but a line, however that begins. Its own
    // closing mark keeps the one that the text may end with.
    let mut heading = String::with_capacity(source.len() + 4);
    heading.push_str("# ");
    heading.extend(source.trim().chars().map(|c| match c {
        '\n' | '\r' => ' ',
        c => c,
    }));
    heading.push_str(" #");
    let marked = Marked::nothing(&heading);
    for (piece, _) in Pieces::new(&heading, &marked, settings, &NoShortcodes) {
        line.piece(&piece);
    }
    line.finish()
}

/// The shortcodes of a line: none.
struct NoShortcodes;

impl Shortcodes for NoShortcodes {
    fn declared(&self, _: &str) -> Option<&Declaration> {
        None
    }

    fn names(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// Writes pieces as HTML of inline elements; blocks leave their text.
pub(super) struct Line<'a> {
    out: String,
    is_linked: bool,
    resolver: Option<&'a dyn Resolver>,
    raw_html: RawHtml,
    /// How many characters of text are still wanted.
    room: usize,
    is_cut: bool,
    /// The ends of open elements.
    open: Vec<&'static str>,
    /// Elements that were left out since the last that was written.
    skipped: usize,
    math: Budget,
}

impl<'a> Line<'a> {
    /// Begins a line without links and raw HTML.
    pub(super) fn new(settings: &config::Markdown) -> Self {
        Self {
            out: String::new(),
            is_linked: false,
            resolver: None,
            raw_html: settings.raw_html,
            room: usize::MAX,
            is_cut: false,
            open: Vec::new(),
            skipped: 0,
            math: Budget::of(MOST_MATH),
        }
    }

    /// Keeps links, and raw HTML where the settings let it pass.
    fn with_links(mut self, resolver: Option<&'a dyn Resolver>) -> Self {
        self.is_linked = true;
        self.resolver = resolver;
        self
    }

    /// Ends the text after so many characters, between words, with an ellipsis.
    pub(super) fn at_most(mut self, characters: usize) -> Self {
        self.room = characters;
        self
    }

    /// Writes a piece.
    pub(super) fn piece(&mut self, piece: &Piece<'_>) {
        if self.is_cut && !matches!(piece, Piece::Event(Event::Start(_) | Event::End(_))) {
            return;
        }
        let event = match piece {
            Piece::Event(event) => event,
            Piece::Picture(image) if self.is_linked => return self.text(&image.alt),
            _ => return,
        };
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(_) => self.end(),
            Event::Text(text) => self.text(text),
            Event::Code(code) => {
                self.out.push_str("<code>");
                self.text(code);
                self.out.push_str("</code>");
            }
            Event::InlineMath(latex) | Event::DisplayMath(latex) => {
                math::write(&mut self.out, latex, false, &mut self.math);
            }
            Event::SoftBreak => self.space(),
            Event::HardBreak if self.is_linked => self.out.push_str("<br>"),
            Event::HardBreak => self.space(),
            Event::InlineHtml(html) if self.is_linked => match self.raw_html {
                RawHtml::Escape => self.text(html),
                RawHtml::Pass | RawHtml::Trusted => text::verbatim(&mut self.out, html),
            },
            _ => {}
        }
    }

    /// Writes a space, unless there is one or nothing before it.
    pub(super) fn space(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with(' ') {
            self.out.push(' ');
        }
    }

    /// Returns the line, every element closed.
    pub(super) fn finish(mut self) -> String {
        while let Some(end) = self.open.pop() {
            self.out.push_str(end);
        }
        self.out.truncate(self.out.trim_end().len());
        self.out
    }

    fn start(&mut self, tag: &Tag<'_>) {
        if self.is_cut || self.skipped > 0 || self.open.len() >= DEEPEST {
            self.skipped += 1;
            return;
        }
        let end = match tag {
            Tag::Link {
                link_type,
                dest_url,
                title,
                ..
            } if self.is_linked => self.link(*link_type, dest_url, title),
            tag => inline_element(tag.to_end()).map_or("", |(start, end)| {
                self.out.push_str(start);
                end
            }),
        };
        self.open.push(end);
    }

    fn end(&mut self) {
        if self.skipped > 0 {
            self.skipped -= 1;
        } else if let Some(end) = self.open.pop() {
            // An element of nothing, as around a footnote, is left out.
            let start = end.replacen('/', "", 1);
            match self.out.strip_suffix(&start).map(str::len) {
                Some(length) if !end.is_empty() => self.out.truncate(length),
                _ => self.out.push_str(end),
            }
        }
    }

    fn link(&mut self, link_type: LinkType, target: &str, title: &str) -> &'static str {
        let is_trusted = self.raw_html == RawHtml::Trusted;
        let kind = address::kind(target, false);
        if kind == Address::Harmful && !is_trusted {
            return "";
        }
        self.out.push_str("<a href=\"");
        if link_type == LinkType::Email {
            self.out.push_str("mailto:");
        }
        let resolved = match kind {
            Address::Source | Address::Local => self.resolver.and_then(|r| r.link(target)),
            _ => None,
        };
        text::escape_address(&mut self.out, resolved.as_deref().unwrap_or(target));
        if !title.is_empty() {
            self.out.push_str("\" title=\"");
            text::escape(&mut self.out, title);
        }
        self.out.push_str("\">");
        "</a>"
    }

    fn text(&mut self, text: &str) {
        if self.room == usize::MAX {
            return text::escape(&mut self.out, text);
        }
        // What is left out may have had a space on either side.
        let is_spaced = self.out.is_empty() || self.out.ends_with(' ');
        let text = if is_spaced { text.trim_start() } else { text };
        let Some((end, _)) = text.char_indices().nth(self.room) else {
            self.room -= text.chars().count();
            return text::escape(&mut self.out, text);
        };
        let words = text[..end]
            .rfind(char::is_whitespace)
            .map_or("", |at| &text[..at]);
        let has_words = !words.is_empty() || self.out.ends_with(' ');
        let kept = if has_words { words } else { &text[..end] };
        text::escape(&mut self.out, kept.trim_end());
        self.out.truncate(self.out.trim_end().len());
        self.out.push('…');
        self.is_cut = true;
    }
}

/// Returns the ends of an inline element other than a link.
pub(super) fn inline_element(tag: TagEnd) -> Option<(&'static str, &'static str)> {
    match tag {
        TagEnd::Emphasis => Some(("<em>", "</em>")),
        TagEnd::Strong => Some(("<strong>", "</strong>")),
        TagEnd::Strikethrough => Some(("<del>", "</del>")),
        TagEnd::Superscript => Some(("<sup>", "</sup>")),
        TagEnd::Subscript => Some(("<sub>", "</sub>")),
        _ => None,
    }
}
