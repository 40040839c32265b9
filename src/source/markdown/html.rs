//! The second pass: the HTML of a body.

use super::address::{self, Address};
use super::block::{OpenHeading, Table};
use super::draft::{self, Word};
use super::ids::Ids;
use super::line::inline_element;
use super::marks::{Marked, is_marked};
use super::math::Budget;
use super::notes::Notes;
use super::pieces::{Piece, Pieces};
use super::text::{escape, escape_address, verbatim};
use super::{Call, Fault, Resolver, Shortcodes, Words, calls, code, math};
use crate::base::diagnostic::Severity;
use crate::source::config::{self, RawHtml};
use pulldown_cmark::{Event, LinkType, Tag, TagEnd};
use std::fmt::Write as _;

/// The deepest elements that are written. Deeper ones leave their text: no reader sees the
/// difference, and what reads the page next may be recursive.
const DEEPEST: usize = 200;

/// Writes the HTML of a body.
pub(super) fn html(
    body: &str,
    offset: usize,
    settings: &config::Markdown,
    shortcodes: &dyn Shortcodes,
    resolver: &dyn Resolver,
    out: &mut String,
) -> Vec<Fault> {
    let marked = match settings.plain {
        true => Marked::nothing(body),
        false => Marked::new(body, shortcodes),
    };
    out.reserve(body.len() + body.len() / 4);
    let mut writer = Writer::new(
        body,
        offset,
        settings,
        shortcodes,
        &marked,
        Some(resolver),
        std::mem::take(out),
    );
    let mut pieces = Pieces::new(body, &marked, settings, shortcodes);
    while let Some((piece, _)) = pieces.next() {
        writer.piece(piece, &mut pieces);
    }
    let written = writer.finish();
    *out = written.html;
    written.faults
}

/// What became of a body.
pub(super) struct Written {
    pub(super) html: String,
    /// How many holes a draft was given.
    pub(super) holes: usize,
    /// The faults of the resolver.
    pub(super) faults: Vec<Fault>,
}

/// What is being written, and where in it.
pub(super) struct Writer<'a> {
    pub(super) out: String,
    /// Where the part begins that is being written: the page, a note, the body of a call.
    floor: usize,
    body: &'a str,
    offset: usize,
    pub(super) settings: &'a config::Markdown,
    shortcodes: &'a dyn Shortcodes,
    /// Who knows the site; none where a [draft](super::draft) is written.
    pub(super) resolver: Option<&'a dyn Resolver>,
    words: Option<&'a Words>,
    /// How many holes the draft has.
    holes: usize,
    /// Whether the body asks the site for what no draft has a hole for.
    asks_for_more: bool,
    marked: &'a Marked<'a>,
    depth: usize,
    /// The depth from which on elements leave their text only.
    pub(super) flat: Option<usize>,
    pub(super) ids: Ids,
    notes: Notes,
    /// Where the notes begin that are being written, one in another.
    note_starts: Vec<usize>,
    frames: Vec<Frame>,
    paragraph: Option<Paragraph>,
    pub(super) heading: Option<OpenHeading>,
    /// Whether the open link is written.
    is_linked: bool,
    pub(super) code: Option<(String, String)>,
    pub(super) code_left: usize,
    pub(super) table: Table,
    /// Whether a task's label is open.
    has_label: bool,
    /// Whether a paragraph is open that shows raw HTML as text.
    has_escaped_block: bool,
    math: Budget,
    faults: Vec<Fault>,
}

/// A call whose body is being written.
struct Frame {
    call: Option<Call>,
    start: usize,
    floor: usize,
    /// Whether a task's label is open around it.
    has_label: bool,
}

/// An open paragraph, of which it shows later whether it holds anything but calls.
struct Paragraph {
    start: usize,
    frames: usize,
    has_calls: bool,
    has_text: bool,
}

impl<'a> Writer<'a> {
    /// Begins to write a body to the end of `out`; a draft of it where there is no resolver.
    pub(super) fn new(
        body: &'a str,
        offset: usize,
        settings: &'a config::Markdown,
        shortcodes: &'a dyn Shortcodes,
        marked: &'a Marked<'a>,
        resolver: Option<&'a dyn Resolver>,
        out: String,
    ) -> Self {
        Self {
            floor: out.len(),
            out,
            body,
            offset,
            settings,
            shortcodes,
            resolver,
            words: resolver.map(Resolver::words),
            holes: 0,
            asks_for_more: false,
            marked,
            depth: 0,
            flat: None,
            ids: Ids::default(),
            notes: Notes::default(),
            note_starts: Vec::new(),
            frames: Vec::new(),
            paragraph: None,
            heading: None,
            is_linked: false,
            code: None,
            code_left: code::MOST_CODE,
            table: Table::default(),
            has_label: false,
            has_escaped_block: false,
            math: Budget::default(),
            faults: Vec::new(),
        }
    }

    /// Writes the next piece; `pieces` are those after it.
    pub(super) fn piece(&mut self, piece: Piece<'a>, pieces: &mut Pieces<'a>) {
        self.note_text(&piece);
        match piece {
            Piece::Event(event) => self.event(event),
            Piece::Picture(image) => self.picture(&image),
            Piece::Group(mut images) => self.group(&mut images),
            Piece::Open(index) => self.open(index),
            Piece::Close => self.close(pieces.is_at_paragraph_end()),
            Piece::Unclosed(_) => self.drop_frame(),
            Piece::Stray(index) => {
                let text = &self.body[self.marked.marks[index].range.clone()];
                escape(&mut self.out, text);
            }
            Piece::More => {}
        }
    }

    /// Ends the body with its footnotes.
    pub(super) fn finish(mut self) -> Written {
        let notes = std::mem::take(&mut self.notes);
        self.line();
        let mut word = |out: &mut String, word| {
            self.holes += 1;
            draft::word(out, word, self.words);
        };
        notes.write(&mut self.out, &mut word);
        Written {
            html: self.out,
            holes: self.holes,
            faults: self.faults,
        }
    }

    /// Tells whether the body asks the site for what no draft has a hole for.
    pub(super) fn asks_for_more(&self) -> bool {
        self.asks_for_more
    }

    /// Returns who knows the site. A draft is given up here.
    pub(super) fn resolver(&mut self) -> Option<&'a dyn Resolver> {
        self.asks_for_more |= self.resolver.is_none();
        self.resolver
    }

    /// Writes a word beside the author's own.
    pub(super) fn word(&mut self, word: Word) {
        self.holes += 1;
        draft::word(&mut self.out, word, self.words);
    }

    /// Begins a line, unless one has begun.
    fn line(&mut self) {
        if self.out.len() > self.floor && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    /// Notes whether the open paragraph holds more than calls.
    fn note_text(&mut self, piece: &Piece<'_>) {
        let Some(paragraph) = &mut self.paragraph else {
            return;
        };
        if self.frames.len() > paragraph.frames {
            return;
        }
        match piece {
            Piece::Open(_) => paragraph.has_calls = true,
            Piece::Close | Piece::Event(Event::SoftBreak | Event::End(TagEnd::Paragraph)) => {}
            Piece::Event(Event::Text(text)) if text.trim().is_empty() => {}
            _ => paragraph.has_text = true,
        }
    }

    fn event(&mut self, event: Event<'a>) {
        match event {
            Event::Start(tag) => {
                if self.flat.is_none() && self.depth >= DEEPEST && !is_leaf(&tag) {
                    self.flat = Some(self.depth);
                }
                self.depth += 1;
                self.start(tag);
            }
            Event::End(tag) => {
                self.depth -= 1;
                self.end(tag);
                if self.flat == Some(self.depth) {
                    self.flat = None;
                }
            }
            Event::Text(text) => self.text(&text),
            Event::Code(text) => {
                if let Some(heading) = &mut self.heading {
                    heading.text.push_str(&text);
                }
                self.out.push_str("<code>");
                escape(&mut self.out, &text);
                self.out.push_str("</code>");
            }
            Event::InlineMath(latex) => self.formula(&latex, false),
            Event::DisplayMath(latex) => self.formula(&latex, true),
            Event::Html(html) => self.raw_block(&html),
            Event::InlineHtml(html) => match self.settings.raw_html {
                RawHtml::Escape => escape(&mut self.out, &html),
                RawHtml::Pass | RawHtml::Trusted => verbatim(&mut self.out, &html),
            },
            Event::SoftBreak => {
                if let Some(heading) = &mut self.heading {
                    heading.text.push(' ');
                }
                self.out.push('\n');
            }
            Event::HardBreak => {
                if let Some(heading) = &mut self.heading {
                    heading.text.push(' ');
                }
                self.out.push_str(self.void("<br />\n", "<br>\n"));
            }
            Event::Rule => {
                self.begin_block();
                self.out.push_str(self.void("<hr />\n", "<hr>\n"));
            }
            Event::FootnoteReference(label) => self.notes.refer(&mut self.out, &label),
            Event::TaskListMarker(is_done) => {
                self.out
                    .push_str("<label><input type=\"checkbox\" disabled");
                self.out.push_str(if is_done { " checked> " } else { "> " });
                self.has_label = true;
            }
        }
    }

    /// Chooses how an empty element is written: as the CommonMark specification does, or as HTML.
    pub(super) fn void(&self, plain: &'static str, html: &'static str) -> &'static str {
        if self.settings.plain { plain } else { html }
    }

    fn text(&mut self, text: &str) {
        if let Some((_, code)) = &mut self.code {
            code.push_str(text);
            return;
        }
        if let Some(heading) = &mut self.heading {
            heading.text.push_str(text);
        }
        escape(&mut self.out, text);
    }

    /// Begins a block on a line of its own.
    pub(super) fn begin_block(&mut self) {
        self.end_label();
        self.line();
    }

    fn end_label(&mut self) {
        if std::mem::take(&mut self.has_label) {
            self.out.push_str("</label>");
        }
    }

    fn start(&mut self, tag: Tag<'a>) {
        if self.flat.is_some() && !is_leaf(&tag) {
            return self.line_unless_inline(tag.to_end());
        }
        match tag {
            Tag::Paragraph => {
                self.begin_block();
                self.paragraph = Some(Paragraph {
                    start: self.out.len(),
                    frames: self.frames.len(),
                    has_calls: false,
                    has_text: false,
                });
                self.out.push_str("<p>");
            }
            Tag::Heading {
                level,
                id,
                classes,
                attrs,
            } => self.start_heading(level, id, &classes, &attrs),
            Tag::BlockQuote(kind) => self.start_quote(kind),
            Tag::CodeBlock(kind) => self.start_code(kind),
            Tag::HtmlBlock => self.begin_block(),
            Tag::List(Some(1)) => self.block("<ol>\n"),
            Tag::List(Some(first)) => {
                self.begin_block();
                let _ = writeln!(self.out, "<ol start=\"{first}\">");
            }
            Tag::List(None) => self.block("<ul>\n"),
            Tag::Item => self.block("<li>"),
            Tag::DefinitionList => self.block("<dl>\n"),
            Tag::DefinitionListTitle => self.block("<dt>"),
            Tag::DefinitionListDefinition => self.block("<dd>"),
            Tag::FootnoteDefinition(label) => {
                self.end_label();
                self.notes.open(&label);
                self.note_starts.push(self.out.len());
            }
            Tag::Table(columns) => self.start_table(columns),
            Tag::TableHead => {
                self.table.is_in_head = true;
                self.table.column = 0;
                self.out.push_str("<thead>\n<tr>\n");
            }
            Tag::TableRow => {
                if !std::mem::replace(&mut self.table.has_body, true) {
                    self.out.push_str("<tbody>\n");
                }
                self.table.column = 0;
                self.out.push_str("<tr>\n");
            }
            Tag::TableCell => self.start_cell(),
            Tag::Link {
                link_type,
                dest_url,
                title,
                ..
            } => self.start_link(link_type, &dest_url, &title),
            tag => {
                if let Some((start, _)) = inline_element(tag.to_end()) {
                    self.out.push_str(start);
                }
            }
        }
    }

    fn end(&mut self, tag: TagEnd) {
        if self.flat.is_some() && !is_leaf_end(tag) {
            return self.line_unless_inline(tag);
        }
        match tag {
            TagEnd::Paragraph => self.end_paragraph(),
            TagEnd::Heading(level) => self.end_heading(level),
            TagEnd::BlockQuote(None) => self.block("</blockquote>\n"),
            TagEnd::BlockQuote(Some(_)) => self.block("</aside>\n"),
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::HtmlBlock => {
                self.end_escaped_block();
                self.line();
            }
            TagEnd::List(true) => self.out.push_str("</ol>\n"),
            TagEnd::List(false) => self.out.push_str("</ul>\n"),
            TagEnd::Item => {
                self.end_label();
                self.out.push_str("</li>\n");
            }
            TagEnd::DefinitionList => self.out.push_str("</dl>\n"),
            TagEnd::DefinitionListTitle => {
                self.end_label();
                self.out.push_str("</dt>\n");
            }
            TagEnd::DefinitionListDefinition => {
                self.end_label();
                self.out.push_str("</dd>\n");
            }
            TagEnd::FootnoteDefinition => {
                let start = self.note_starts.pop().unwrap_or(self.out.len());
                let note = self.out.split_off(start);
                self.notes.close(note);
            }
            TagEnd::Table => {
                let end = match self.table.has_body {
                    true => "</tbody>\n</table></div>\n",
                    false => "</table></div>\n",
                };
                self.out.push_str(end);
            }
            TagEnd::TableHead => {
                self.table.is_in_head = false;
                self.out.push_str("</tr>\n</thead>\n");
            }
            TagEnd::TableRow => self.out.push_str("</tr>\n"),
            TagEnd::TableCell => self.end_cell(),
            TagEnd::Link => self.end_link(),
            tag => {
                if let Some((_, end)) = inline_element(tag) {
                    self.out.push_str(end);
                }
            }
        }
    }

    /// Begins a block with its tag.
    pub(super) fn block(&mut self, tag: &str) {
        self.begin_block();
        self.out.push_str(tag);
    }

    /// Keeps the text of neighbouring blocks apart whose tags are left out.
    fn line_unless_inline(&mut self, tag: TagEnd) {
        if inline_element(tag).is_none() && tag != TagEnd::Link {
            self.begin_block();
        }
    }

    fn end_paragraph(&mut self) {
        self.end_label();
        let paragraph = self.paragraph.take();
        match paragraph.filter(|paragraph| paragraph.has_calls && !paragraph.has_text) {
            // What calls make are blocks, and those can't stand in a paragraph.
            Some(paragraph) => {
                let start = paragraph.start.min(self.out.len());
                if self.out[start..].starts_with("<p>") {
                    self.out.replace_range(start..start + "<p>".len(), "");
                }
                self.line();
            }
            None => self.out.push_str("</p>\n"),
        }
    }

    pub(super) fn start_link(&mut self, link_type: LinkType, target: &str, title: &str) {
        let kind = match link_type {
            LinkType::Email => Address::Absolute,
            _ => address::kind(target, false),
        };
        let is_trusted = self.settings.raw_html == RawHtml::Trusted;
        let is_left_out = match kind {
            Address::Harmful => !is_trusted,
            Address::Empty => !self.settings.plain,
            _ => is_marked(target) || is_marked(title),
        };
        if is_left_out {
            return;
        }
        self.is_linked = true;
        self.out.push_str("<a href=\"");
        if link_type == LinkType::Email {
            self.out.push_str("mailto:");
        }
        match kind {
            Address::Source | Address::Local if !self.settings.plain => {
                self.holes += 1;
                self.asks_for_more |= !draft::address(&mut self.out, target, self.resolver);
            }
            _ => escape_address(&mut self.out, target),
        }
        if !title.is_empty() {
            self.out.push_str("\" title=\"");
            escape(&mut self.out, title);
        }
        self.out.push_str("\">");
    }

    pub(super) fn end_link(&mut self) {
        if std::mem::take(&mut self.is_linked) {
            self.out.push_str("</a>");
        }
    }

    fn formula(&mut self, latex: &str, is_display: bool) {
        if let Some(heading) = &mut self.heading {
            heading.text.push_str(latex);
        }
        math::write(&mut self.out, latex, is_display, &mut self.math);
    }

    fn raw_block(&mut self, html: &str) {
        if self.settings.raw_html != RawHtml::Escape {
            return verbatim(&mut self.out, html);
        }
        if html.trim().is_empty() && !self.has_escaped_block {
            return;
        }
        if !std::mem::replace(&mut self.has_escaped_block, true) && !self.settings.plain {
            self.line();
            self.out.push_str("<p>");
        }
        escape(&mut self.out, html);
    }

    fn end_escaped_block(&mut self) {
        if std::mem::take(&mut self.has_escaped_block) && !self.settings.plain {
            self.out.truncate(self.out.trim_end().len());
            self.out.push_str("</p>\n");
        }
    }

    fn open(&mut self, index: usize) {
        self.end_escaped_block();
        let mark = &self.marked.marks[index];
        let call = calls::call(self.body, self.offset, mark, self.shortcodes).ok();
        let name = mark.name(self.body);
        let takes_body = self
            .shortcodes
            .declared(name)
            .is_some_and(|it| it.takes_body);
        if !takes_body {
            return self.call(call, None);
        }
        self.frames.push(Frame {
            has_label: std::mem::take(&mut self.has_label),
            call,
            start: self.out.len(),
            floor: self.floor,
        });
        self.floor = self.out.len();
    }

    fn close(&mut self, is_at_paragraph_end: bool) {
        self.end_escaped_block();
        let Some(frame) = self.frames.pop() else {
            return;
        };
        self.floor = frame.floor;
        self.has_label = frame.has_label;
        let mut body = self.out.split_off(frame.start);
        let is_alone = is_at_paragraph_end
            && self.paragraph.as_ref().is_some_and(|paragraph| {
                paragraph.frames == self.frames.len() && !paragraph.has_text
            });
        // On one line of its own it means the same as on three.
        if is_alone && !body.trim().is_empty() {
            body = format!("<p>{}</p>\n", body.trim());
        }
        self.call(frame.call, Some(&body));
    }

    /// Leaves the body of a call that is never closed as text.
    fn drop_frame(&mut self) {
        if let Some(frame) = self.frames.pop() {
            self.floor = frame.floor;
            self.has_label = frame.has_label;
        }
    }

    fn call(&mut self, call: Option<Call>, body: Option<&str>) {
        let (Some(resolver), Some(call)) = (self.resolver(), call) else {
            return;
        };
        match resolver.shortcode(&call, body) {
            Ok(html) => self.out.push_str(&html),
            Err(message) => self.faults.push(Fault {
                severity: Severity::Error,
                message,
                hint: None,
                at: call.at,
            }),
        }
    }
}

/// Tells whether a block is written at any depth, as it can't be deeper than by one.
fn is_leaf(tag: &Tag<'_>) -> bool {
    is_leaf_end(tag.to_end())
}

fn is_leaf_end(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::CodeBlock
            | TagEnd::HtmlBlock
            | TagEnd::FootnoteDefinition
    )
}
