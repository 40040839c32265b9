//! The first pass: what is in a body.

use super::address::{self, Address};
use super::draft::Draft;
use super::ids::Ids;
use super::marks::{Mark, MarkKind, Marked, is_marked};
use super::math::Budget;
use super::pieces::{ATTRIBUTES, Image, Piece, Pieces};
use super::summary::Summary;
use super::text::WordCount;
use super::{
    Argument, Call, Fault, Heading, Headings, Outline, Picture, Placement, RawPicture, Reference,
    Shortcodes, Shown, calls, math, raw,
};
use crate::base::diagnostic::{Severity, nearest};
use crate::base::packed::Packed;
use crate::source::config::{self, RawHtml};
use pulldown_cmark::{Event, LinkType, Tag, TagEnd};
use std::ops::Range;

/// The most columns of a table.
const MOST_COLUMNS: usize = 1_000;

/// The most cells that a body's tables may leave out at the ends of their rows. Markdown fills them
/// in, so that few letters can make many cells.
const MOST_MISSING_CELLS: usize = 200_000;

/// The most cells of a body's tables.
const MOST_CELLS: usize = 1_000_000;

/// How much the uses of reference definitions may add up to, in bytes, where that is more than the
/// length of the body. Markdown itself leaves what goes over as text.
const MOST_EXPANSION: usize = 100_000;

/// Finds what is in a body, and makes the draft of its HTML where that is asked for.
pub(super) fn outline(
    body: &str,
    offset: usize,
    front_summary: Option<&str>,
    settings: &config::Markdown,
    shortcodes: &dyn Shortcodes,
    with_draft: bool,
) -> ((Outline, Shown, Vec<Fault>), Option<String>) {
    let marked = match settings.plain {
        true => Marked::nothing(body),
        false => Marked::new(body, shortcodes),
    };
    let mut reader = Reader {
        body,
        offset,
        settings,
        shortcodes,
        marked: &marked,
        outline: Outline::default(),
        headings: Vec::new(),
        files: Vec::new(),
        pictures: Vec::new(),
        links: Vec::new(),
        raw: Vec::new(),
        faults: Vec::new(),
        ids: Ids::default(),
        count: WordCount::default(),
        depth: 0,
        heading: None,
        quiet: 0,
        notes: 0,
        summary: Summary::new(body, front_summary, settings),
        has_more: false,
        math: Budget::default(),
        cells: 0,
        missing_cells: 0,
        expansion: 0,
    };
    let mut draft = match with_draft {
        true => Draft::new(body, settings, shortcodes, &marked),
        false => Draft::none(),
    };
    let mut pieces = Pieces::new(body, &marked, settings, shortcodes);
    while let Some((piece, at)) = pieces.next() {
        reader.piece(&piece, at);
        draft.piece(piece, &mut pieces);
    }
    if settings.plain {
        // Addresses are the author's own affair then, and stay as they are written.
        reader.links.clear();
        reader.files.clear();
        reader.pictures.clear();
        reader.raw.clear();
    }
    (reader.finish(), draft.finish())
}

struct Reader<'a> {
    body: &'a str,
    offset: usize,
    settings: &'a config::Markdown,
    shortcodes: &'a dyn Shortcodes,
    marked: &'a Marked<'a>,
    outline: Outline,
    headings: Vec<Heading>,
    files: Vec<String>,
    pictures: Vec<Picture>,
    links: Vec<Reference>,
    raw: Vec<RawPicture>,
    faults: Vec<Fault>,
    ids: Ids,
    count: WordCount,
    depth: usize,
    heading: Option<OpenHeading>,
    /// How many open elements hold text that is not read: code.
    quiet: usize,
    /// How many footnotes are open.
    notes: usize,
    summary: Summary<'a>,
    /// Whether the summary was cut at `<!-- more -->`.
    has_more: bool,
    math: Budget,
    cells: usize,
    missing_cells: usize,
    expansion: usize,
}

struct OpenHeading {
    level: u8,
    id: Option<String>,
    text: String,
}

impl Reader<'_> {
    fn piece(&mut self, piece: &Piece<'_>, at: Range<usize>) {
        self.summary.piece(piece, self.depth);
        match piece {
            Piece::Event(event) => self.event(event, at),
            Piece::Picture(image) => {
                let placement = match image.is_figure {
                    true => Placement::Alone,
                    false => Placement::InText,
                };
                self.picture(image, at, placement);
            }
            Piece::Group(images) => {
                for (image, at) in images {
                    if let Some(link) = &image.link {
                        self.linked(link.kind, &link.target, &link.title, link.at.clone());
                    }
                    self.picture(image, at.clone(), Placement::Grouped);
                }
            }
            Piece::Open(index) => {
                self.count.end_word();
                let mark = &self.marked.marks[*index];
                match calls::call(self.body, self.offset, mark, self.shortcodes) {
                    Ok(call) => {
                        self.picture_of(&call);
                        self.given(call);
                    }
                    Err(faults) => self.faults.extend(faults),
                }
            }
            Piece::Close => self.count.end_word(),
            Piece::Unclosed(index) | Piece::Stray(index) => {
                let mark = &self.marked.marks[*index];
                let is_open = matches!(piece, Piece::Unclosed(_));
                self.unmatched(mark, is_open);
            }
            Piece::More => self.has_more = true,
        }
    }

    fn event(&mut self, event: &Event<'_>, at: Range<usize>) {
        match event {
            Event::Start(tag) => {
                self.depth += 1;
                self.start(tag, at);
            }
            Event::End(tag) => {
                self.depth -= 1;
                self.end(*tag);
            }
            Event::Text(text) => self.text(text),
            Event::Code(text) => self.text(text),
            Event::InlineMath(latex) => self.formula(latex, at),
            Event::DisplayMath(latex) => self.formula(latex, at),
            Event::SoftBreak | Event::HardBreak => self.text(" "),
            Event::Html(html) | Event::InlineHtml(html)
                if self.settings.raw_html == RawHtml::Escape =>
            {
                self.count.add(html);
            }
            Event::InlineHtml(_) => self.raw_pictures(at),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.quiet == 0 {
            self.count.add(text);
        }
        if let Some(heading) = &mut self.heading {
            heading.text.push_str(text);
        }
    }

    fn start(&mut self, tag: &Tag<'_>, at: Range<usize>) {
        match tag {
            Tag::Heading { level, id, .. } => {
                self.count.end_word();
                let id = id.as_ref().map(|id| id.to_string());
                if let Some(id) = id.as_ref().filter(|id| self.ids.has(id)) {
                    let message = format!("two headings have the id `{id}`");
                    let hint = "links to it lead to the first".to_owned();
                    self.fault(Severity::Warning, message, Some(hint), at);
                }
                self.heading = Some(OpenHeading {
                    level: *level as u8,
                    id,
                    text: String::new(),
                });
            }
            Tag::Link {
                link_type,
                dest_url,
                title,
                ..
            } => {
                self.linked(*link_type, dest_url, title, at);
            }
            Tag::HtmlBlock => {
                self.count.end_word();
                self.raw_pictures(at);
            }
            Tag::CodeBlock(_) => {
                self.count.end_word();
                self.quiet += 1;
            }
            Tag::FootnoteDefinition(_) => {
                self.count.end_word();
                self.notes += 1;
            }
            Tag::Table(columns) if columns.len() > MOST_COLUMNS => {
                let message = format!("a table has {} columns", columns.len());
                let hint = format!("up to {MOST_COLUMNS} are written");
                self.fault(Severity::Error, message, Some(hint), at);
            }
            Tag::TableCell => self.cell(at),
            Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript => {}
            _ => self.count.end_word(),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                self.count.end_word();
                if let Some(OpenHeading { level, id, text }) = self.heading.take() {
                    let id = self.ids.claim(id.as_deref(), &text);
                    if self.notes == 0 {
                        let text = text.trim().to_owned();
                        self.headings.push(Heading { level, id, text });
                    }
                }
            }
            TagEnd::CodeBlock => self.quiet -= 1,
            TagEnd::FootnoteDefinition => self.notes -= 1,
            _ => {}
        }
    }

    fn cell(&mut self, at: Range<usize>) {
        self.count.end_word();
        self.cells += 1;
        self.missing_cells += usize::from(at.is_empty());
        let is_too_many = self.cells == MOST_CELLS + 1;
        if is_too_many || self.missing_cells == MOST_MISSING_CELLS && at.is_empty() {
            let message = "the tables of this article have too many cells".to_owned();
            let hint = format!(
                "up to {MOST_CELLS} are written, and up to {MOST_MISSING_CELLS} that rows leave out"
            );
            self.fault(Severity::Error, message, Some(hint), at);
        }
    }

    /// Counts what the use of a reference definition adds.
    fn expand(&mut self, bytes: usize, at: &Range<usize>) {
        let most = self.body.len().max(MOST_EXPANSION);
        let was_within = self.expansion < most;
        self.expansion += bytes;
        if was_within && self.expansion >= most {
            let message = format!("uses of link definitions add up to more than {most} bytes");
            let hint = "define shorter addresses, or use them less often".to_owned();
            self.fault(Severity::Error, message, Some(hint), at.clone());
        }
    }

    /// Notes the picture that a call shows: its `src`, where the shortcode takes an `alt` too. It
    /// needs a credit where the shortcode can show one.
    fn picture_of(&mut self, call: &Call) {
        let text = |name: &str| match call.arguments.iter().find(|(known, _)| known == name) {
            Some((_, Argument::Text(text))) if !text.trim().is_empty() => Some(text.clone()),
            _ => None,
        };
        let takes = |name: &str| {
            let declared = self.shortcodes.declared(&call.name);
            declared.is_some_and(|shortcode| {
                shortcode.parameters.iter().any(|known| known.name == name)
            })
        };
        let Some(src) = text("src").filter(|_| takes("alt")) else {
            return;
        };
        self.pictures.push(Picture {
            src,
            credit: text("credit"),
            no_credit_reason: text("no_credit_reason"),
            alt: text("alt"),
            caption: text("caption"),
            placement: match takes("credit") {
                true => Placement::Alone,
                false => Placement::InText,
            },
            at: (position(call.at.start), position(call.at.end)),
        });
    }

    fn linked(&mut self, kind: LinkType, target: &str, title: &str, at: Range<usize>) {
        if matches!(
            kind,
            LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut
        ) {
            self.expand(target.len() + title.len(), &at);
        }
        if kind != LinkType::Email {
            self.link(target, title, at);
        }
    }

    /// Notes the pictures of HTML that is passed on.
    fn raw_pictures(&mut self, at: Range<usize>) {
        if self.settings.raw_html == RawHtml::Escape || at.end > self.body.len() {
            return;
        }
        let offset = position(self.offset);
        let found = raw::pictures(self.body, at).into_iter();
        self.raw.extend(found.map(|one| RawPicture {
            at: (one.at.0 + offset, one.at.1 + offset),
            ..one
        }));
    }

    fn link(&mut self, target: &str, title: &str, at: Range<usize>) {
        if is_marked(target) || is_marked(title) {
            return self.call_in_address(at);
        }
        match address::kind(target, false) {
            Address::Source => {
                let at = self.place(&at);
                self.links.push(Reference {
                    target: target.to_owned(),
                    at: (position(at.start), position(at.end)),
                });
            }
            Address::Empty => {
                let hint = "write where it leads between the brackets".to_owned();
                self.fault(
                    Severity::Warning,
                    "a link leads nowhere".to_owned(),
                    Some(hint),
                    at,
                );
            }
            Address::Harmful => self.harmful(target, at),
            Address::Local => self.file(target),
            Address::Absolute | Address::Fragment => {}
        }
    }

    /// Notes what a shortcode is given that can be a file.
    fn given(&mut self, call: Call) {
        for (_, argument) in call.arguments {
            if let Argument::Text(text) = argument
                && address::kind(&text, true) == Address::Local
            {
                self.file(&text);
            }
        }
    }

    /// Notes an address that can be a file beside the source: one with an ending.
    fn file(&mut self, target: &str) {
        let path = target.split(['?', '#']).next().unwrap_or_default();
        let name = path.rsplit('/').next().unwrap_or_default();
        if !path.starts_with('/') && name.contains('.') && !path.contains('\n') {
            self.files.push(target.to_owned());
        }
    }

    fn harmful(&mut self, target: &str, at: Range<usize>) {
        if self.settings.raw_html == RawHtml::Trusted {
            return;
        }
        let scheme = target.split(':').next().unwrap_or_default().trim();
        let message = format!("an address with `{scheme}:` is left out");
        let hint = "`markdown.raw_html: trusted` in dateline.yaml lets it pass".to_owned();
        self.fault(Severity::Warning, message, Some(hint), at);
    }

    fn call_in_address(&mut self, at: Range<usize>) {
        let message = "a shortcode stands in an address".to_owned();
        let hint = "shortcodes can stand in text only".to_owned();
        self.fault(Severity::Error, message, Some(hint), at);
    }

    fn picture(&mut self, image: &Image<'_>, at: Range<usize>, placement: Placement) {
        self.count.end_word();
        for (key, _, range) in &image.attributes {
            if !ATTRIBUTES.contains(key) {
                let hint = match nearest(key, ATTRIBUTES) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => {
                        "it can have `credit`, `caption`, `class` and `no_credit_reason`".to_owned()
                    }
                };
                let message = format!("a picture has no `{key}`");
                self.fault(Severity::Error, message, Some(hint), range.clone());
            }
        }
        if is_marked(&image.src) || is_marked(&image.title) {
            return self.call_in_address(at);
        }
        self.caption_links(image.caption(), &at);
        match address::kind(&image.src, true) {
            Address::Harmful => return self.harmful(&image.src, at),
            Address::Empty => {
                let hint = "write its file between the brackets".to_owned();
                let message = "a picture has no address".to_owned();
                return self.fault(Severity::Warning, message, Some(hint), at);
            }
            _ => {}
        }
        let owned = |key: &str| {
            let value = image
                .attribute(key)
                .filter(|value| !value.trim().is_empty());
            value.map(str::to_owned)
        };
        let place = self.place(&at);
        self.pictures.push(Picture {
            src: image.src.to_string(),
            credit: owned("credit"),
            no_credit_reason: owned("no_credit_reason"),
            alt: Some(image.alt.clone()).filter(|alt| !alt.trim().is_empty()),
            caption: Some(image.caption().to_owned()).filter(|caption| !caption.is_empty()),
            placement,
            at: (position(place.start), position(place.end)),
        });
    }

    /// Finds the links of a caption; their place is that of the picture.
    fn caption_links(&mut self, caption: &str, at: &Range<usize>) {
        if !caption.contains("](") {
            return;
        }
        let marked = Marked::nothing(caption);
        let targets: Vec<String> = Pieces::new(caption, &marked, self.settings, self.shortcodes)
            .filter_map(|(piece, _)| match piece {
                Piece::Event(Event::Start(Tag::Link { dest_url, .. })) => {
                    Some(dest_url.to_string())
                }
                _ => None,
            })
            .collect();
        for target in targets {
            self.link(&target, "", at.clone());
        }
    }

    fn formula(&mut self, latex: &str, at: Range<usize>) {
        self.count.end_word();
        if let Some(heading) = &mut self.heading {
            heading.text.push_str(latex);
        }
        if let Some(message) = math::fault(latex, &mut self.math) {
            let hint =
                "`markdown.math: false` in dateline.yaml makes every `$` a dollar".to_owned();
            self.fault(Severity::Error, message, Some(hint), at);
        }
    }

    /// Tells of a call that is never closed, never finished, or closes nothing.
    fn unmatched(&mut self, mark: &Mark, is_open: bool) {
        let name = mark.name(self.body);
        let (message, hint) = match &mark.kind {
            MarkKind::Open { .. } if is_open => (
                format!("`{name}` is never closed"),
                format!("write `{{{{< /{name} >}}}}` in the same list, quotation or paragraph"),
            ),
            MarkKind::Open { .. } => (
                format!("`{name}` stands too deep in other shortcodes"),
                "close those before it".to_owned(),
            ),
            MarkKind::Close { .. } => (
                format!("`{name}` is closed where it is not open"),
                format!(
                    "write `{{{{< {name} >}}}}` before it, in the same list, quotation or paragraph"
                ),
            ),
            MarkKind::Unfinished { .. } => (
                format!("the call of `{name}` has no end"),
                "end it with `>}}`, and close every quotation mark".to_owned(),
            ),
            MarkKind::Attributes => return,
        };
        self.fault(Severity::Error, message, Some(hint), mark.range.clone());
    }

    fn fault(
        &mut self,
        severity: Severity,
        message: String,
        hint: Option<String>,
        at: Range<usize>,
    ) {
        let at = self.place(&at);
        self.faults.push(Fault {
            severity,
            message,
            hint,
            at,
        });
    }

    fn place(&self, at: &Range<usize>) -> Range<usize> {
        self.offset + at.start..self.offset + at.end
    }

    fn finish(self) -> (Outline, Shown, Vec<Fault>) {
        let mut outline = self.outline;
        let total = self.count.words + self.count.characters;
        outline.words = u32::try_from(total).unwrap_or(u32::MAX);
        outline.minutes = self.count.minutes(
            self.settings.words_per_minute,
            self.settings.characters_per_minute,
        );
        outline.links = Packed::new(&self.links);
        outline.files = self.files.iter().collect();
        outline.pictures = self.pictures.into_boxed_slice();
        outline.raw_pictures = Packed::new(&self.raw);
        let shown = Shown {
            summary: self.summary.finish(self.has_more),
            headings: Headings::new(self.headings),
        };
        (outline, shown, self.faults)
    }
}

/// A position as the contract holds it; files are far smaller than 4 GB.
fn position(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
