//! The stream of pieces that both passes read: Markdown's events, with pictures whole, calls of
//! shortcodes where they are meant, and everything else that was hidden put back.

use super::Shortcodes;
use super::dialect::{is_formula, options, script};
use super::marks::{Mark, MarkKind, Marked, is_marked, value};
use crate::source::config;
use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, OffsetIter, Parser, Tag, TagEnd};
use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Range;

/// A piece of a body.
#[derive(Debug)]
pub(super) enum Piece<'a> {
    /// Markdown's own, but for images.
    Event(Event<'a>),
    /// A picture.
    Picture(Box<Image<'a>>),
    /// Pictures that share a paragraph, whose ends are left out of the stream, with nothing else, or
    /// one that is a link; each with its place.
    Group(Vec<(Image<'a>, Range<usize>)>),
    /// The mark with this index calls a shortcode. If that takes a body, it goes on until the
    /// `Close` or `Unclosed` of the same call.
    Open(usize),
    /// The innermost open call ends.
    Close,
    /// The call of this mark is open where what it stands in ends.
    Unclosed(usize),
    /// The mark ends nothing, or was never finished.
    Stray(usize),
    /// `<!-- more -->`.
    More,
}

/// A picture with all that its author says of it.
#[derive(Debug)]
pub(super) struct Image<'a> {
    /// The address, as written.
    pub(super) src: CowStr<'a>,
    /// The title.
    pub(super) title: CowStr<'a>,
    /// What it shows.
    pub(super) alt: String,
    /// Keys and values of `{...}` after it, each with its place in the body.
    pub(super) attributes: Vec<(&'a str, Cow<'a, str>, Range<usize>)>,
    /// Whether it is alone in its paragraph, whose ends are left out of the stream.
    pub(super) is_figure: bool,
    /// Where it leads, of a picture in a group.
    pub(super) link: Option<Leads<'a>>,
}

/// A link around a picture.
#[derive(Debug)]
pub(super) struct Leads<'a> {
    /// How it is written.
    pub(super) kind: LinkType,
    /// Where it leads, as written.
    pub(super) target: CowStr<'a>,
    /// The title.
    pub(super) title: CowStr<'a>,
    /// Where it stands.
    pub(super) at: Range<usize>,
}

impl Image<'_> {
    /// Returns the value of an attribute.
    pub(super) fn attribute(&self, key: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        let found = attributes.find(|(name, ..)| *name == key);
        found.map(|(_, value, _)| &**value)
    }

    /// Returns the caption, in Markdown.
    pub(super) fn caption(&self) -> &str {
        self.attribute("caption").unwrap_or(&self.title).trim()
    }
}

/// Attributes that a picture can have.
pub(super) const ATTRIBUTES: [&str; 4] = ["caption", "credit", "class", "no_credit_reason"];

/// The most calls that may stand in one another.
const DEEPEST_CALL: usize = 50;

/// A stream of pieces, each with its place in the body.
pub(super) struct Pieces<'a> {
    events: OffsetIter<'a>,
    peeked: Option<(Event<'a>, Range<usize>)>,
    queue: VecDeque<(Piece<'a>, Range<usize>)>,
    body: &'a str,
    marked: &'a Marked<'a>,
    shortcodes: &'a dyn Shortcodes,
    is_plain: bool,
    depth: usize,
    /// Open calls, each with the depth at which it stands.
    open: Vec<(usize, usize)>,
    surroundings: Surroundings,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Surroundings {
    Text,
    Code,
    /// A block of HTML that holds no comment, script or preformatted text.
    Html,
    /// Any other block of HTML.
    Verbatim,
}

impl<'a> Pieces<'a> {
    /// Reads a body, whose calls and attributes are hidden in `marked`.
    pub(super) fn new(
        body: &'a str,
        marked: &'a Marked<'a>,
        settings: &config::Markdown,
        shortcodes: &'a dyn Shortcodes,
    ) -> Self {
        Self {
            events: Parser::new_ext(&marked.text, options(settings, body)).into_offset_iter(),
            peeked: None,
            queue: VecDeque::new(),
            body,
            marked,
            shortcodes,
            is_plain: settings.plain,
            depth: 0,
            open: Vec::new(),
            surroundings: Surroundings::Text,
        }
    }

    /// Tells whether the paragraph ends here.
    pub(super) fn is_at_paragraph_end(&mut self) -> bool {
        self.queue.is_empty() && matches!(self.peek(), Some((Event::End(TagEnd::Paragraph), _)))
    }

    fn event(&mut self) -> Option<(Event<'a>, Range<usize>)> {
        self.peeked.take().or_else(|| self.events.next())
    }

    fn peek(&mut self) -> Option<&(Event<'a>, Range<usize>)> {
        if self.peeked.is_none() {
            self.peeked = self.events.next();
        }
        self.peeked.as_ref()
    }

    /// Takes in a paragraph's beginning: if pictures are all that it holds, the pictures alone.
    fn paragraph(&mut self, at: Range<usize>) -> (Piece<'a>, Range<usize>) {
        let mut found = Vec::new();
        // What was taken in, if it turns out that there is more in the paragraph.
        let mut taken = Vec::new();
        let mut open = 0;
        while !self.is_plain {
            match self.peek() {
                Some((Event::Start(Tag::Image { .. }), _)) => {
                    let (image, at) = self.whole_image();
                    found.push((image, at));
                    taken.push(None);
                }
                Some((Event::Start(Tag::Link { .. }), _)) => match self.linked_image() {
                    Ok((image, at)) => {
                        found.push((image, at));
                        taken.push(None);
                    }
                    Err(mut pieces) => {
                        taken.append(&mut pieces);
                        open = 1;
                        break;
                    }
                },
                Some((event, _)) if !found.is_empty() && is_gap(event) => {
                    taken.extend(
                        self.event()
                            .map(|(event, at)| Some((Piece::Event(event), at))),
                    );
                }
                Some((Event::End(TagEnd::Paragraph), _)) if !found.is_empty() => {
                    self.peeked = None;
                    return grouped(found, at);
                }
                _ => break,
            }
        }
        self.depth += 1 + open;
        let mut found = found.into_iter();
        for one in taken {
            match one {
                Some(piece) => self.queue.push_back(piece),
                None => self.queue.extend(found.by_ref().take(1).flat_map(apart)),
            }
        }
        (Piece::Event(Event::Start(Tag::Paragraph)), at)
    }

    /// Takes in the image that comes next.
    fn whole_image(&mut self) -> (Image<'a>, Range<usize>) {
        let Some((Event::Start(tag), at)) = self.event() else {
            unreachable!("an image was seen");
        };
        let (image, at) = self.image(tag, at);
        (*image, at)
    }

    /// Takes in the link that comes next, if it holds an image and nothing else; otherwise returns
    /// what was taken in of it.
    #[expect(
        clippy::type_complexity,
        reason = "what is queued is a piece with its place"
    )]
    fn linked_image(
        &mut self,
    ) -> Result<(Image<'a>, Range<usize>), Vec<Option<(Piece<'a>, Range<usize>)>>> {
        let Some((Event::Start(tag), at)) = self.event() else {
            unreachable!("a link was seen");
        };
        let mut taken = Vec::new();
        if let Some((Event::Start(Tag::Image { .. }), _)) = self.peek() {
            let (mut image, image_at) = self.whole_image();
            if let Some((Event::End(TagEnd::Link), _)) = self.peek()
                && let Tag::Link {
                    link_type,
                    dest_url,
                    title,
                    ..
                } = tag
            {
                self.peeked = None;
                image.link = Some(Leads {
                    kind: link_type,
                    target: dest_url,
                    title,
                    at,
                });
                return Ok((image, image_at));
            }
            taken.push(Some((Piece::Picture(Box::new(image)), image_at)));
        }
        taken.insert(0, Some((Piece::Event(Event::Start(tag)), at)));
        Err(taken)
    }

    /// Takes in an image up to its end, and the attributes after it.
    fn image(&mut self, tag: Tag<'a>, mut at: Range<usize>) -> (Box<Image<'a>>, Range<usize>) {
        let Tag::Image {
            dest_url, title, ..
        } = tag
        else {
            unreachable!("only images are taken in");
        };
        let mut image = Box::new(Image {
            src: dest_url,
            title,
            alt: String::new(),
            attributes: Vec::new(),
            is_figure: false,
            link: None,
        });
        let mut depth = 0usize;
        for (event, at) in self.events.by_ref() {
            match event {
                Event::Start(_) => depth += 1,
                Event::End(_) if depth == 0 => break,
                Event::End(_) => depth -= 1,
                Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) => {
                    image
                        .alt
                        .push_str(&self.marked.restored(self.body, &text, &at));
                }
                Event::InlineMath(text) | Event::DisplayMath(text) => image.alt.push_str(&text),
                Event::SoftBreak | Event::HardBreak => image.alt.push(' '),
                _ => {}
            }
        }
        if let Some(mark) = self.attributes_at(at.end) {
            image.attributes = self.attributes(mark.start + 1, mark.end - 1);
            at.end = mark.end;
        }
        (image, at)
    }

    /// Takes the mark of attributes that begins at `at` off the next text.
    fn attributes_at(&mut self, at: usize) -> Option<Range<usize>> {
        let index = self.marked.within(&(at..at + 1)).next()?;
        let mark = &self.marked.marks[index];
        if mark.range.start != at || mark.kind != MarkKind::Attributes {
            return None;
        }
        let range = mark.range.clone();
        let text_at = match self.peek() {
            Some((Event::Text(_), text_at)) if text_at.start == at => text_at.clone(),
            _ => return None,
        };
        let rest = range.end..text_at.end;
        let marked = self.marked;
        self.peeked = marked
            .text
            .get(rest.clone())
            .filter(|text| !text.is_empty())
            .map(|text| (Event::Text(CowStr::Borrowed(text)), rest));
        Some(range)
    }

    fn attributes(&self, mut at: usize, end: usize) -> Vec<(&'a str, Cow<'a, str>, Range<usize>)> {
        let mut attributes = Vec::new();
        loop {
            let text = &self.body[at..end];
            at += text.len() - text.trim_start().len();
            match value(self.body, at) {
                Some(value) if at < end => {
                    at = value.range.end;
                    attributes.push((value.key.unwrap_or_default(), value.text, value.range));
                }
                _ => return attributes,
            }
        }
    }

    /// Takes in a text with those that follow on it.
    fn text(&mut self, mut at: Range<usize>) -> (Piece<'a>, Range<usize>) {
        while let Some((Event::Text(CowStr::Borrowed(_)), next)) = self.peek() {
            if next.start != at.end {
                break;
            }
            at.end = next.end;
            self.peeked = None;
        }
        let marked = self.marked;
        let text = &marked.text[at.clone()];
        if !marked.within(&at).is_empty() {
            return self.uncover(Event::Text(CowStr::Borrowed(text)), at);
        }
        let mut from = 0;
        while let Some((script, tag)) = script(text, from) {
            let place = |range: Range<usize>| at.start + range.start..at.start + range.end;
            let inner = script.start + 1..script.end - 1;
            self.push_text(place(from..script.start), false);
            let start = Piece::Event(Event::Start(tag.clone()));
            self.queue.push_back((start, place(script.clone())));
            self.push_text(place(inner), false);
            let end = Piece::Event(Event::End(tag.to_end()));
            self.queue.push_back((end, place(script.clone())));
            from = script.end;
        }
        if from > 0 {
            self.push_text(at.start + from..at.end, false);
            if let Some(first) = self.queue.pop_front() {
                return first;
            }
        }
        (Piece::Event(Event::Text(CowStr::Borrowed(text))), at)
    }

    /// Takes in a text or a line of HTML that holds marks: calls come out as calls, the rest as
    /// it was.
    fn split(&mut self, at: Range<usize>) {
        let is_html = self.surroundings == Surroundings::Html;
        let marked = self.marked;
        let body = self.body;
        let mut from = at.start;
        let mut seen = at.start;
        let mut is_in_tag = false;
        let mut is_alone = false;
        for index in marked.within(&at) {
            let mark = &marked.marks[index];
            let gap = &body[seen..mark.range.start];
            if let Some(bracket) = gap.rfind(['<', '>']).filter(|_| is_html) {
                is_in_tag = gap.as_bytes()[bracket] == b'<';
            }
            seen = mark.range.end;
            is_alone |= mark.is_block;
            if mark.kind == MarkKind::Attributes || is_in_tag {
                continue;
            }
            self.push_text(from..mark.range.start, is_html);
            self.push_mark(index, mark);
            from = mark.range.end;
        }
        // A line of calls alone ends with them.
        if !(is_alone && body[from..at.end].trim().is_empty()) {
            self.push_text(from..at.end, is_html);
        }
    }

    fn push_text(&mut self, at: Range<usize>, is_html: bool) {
        let text = self.body.get(at.clone()).unwrap_or_default();
        if !text.is_empty() {
            let text = CowStr::Borrowed(text);
            let event = if is_html {
                Event::Html(text)
            } else {
                Event::Text(text)
            };
            self.queue.push_back((Piece::Event(event), at));
        }
    }

    /// Queues what a mark is.
    fn push_mark(&mut self, index: usize, mark: &Mark) {
        let at = mark.range.clone();
        // A call in a block of HTML goes on after the block.
        let depth = self.depth - usize::from(self.surroundings == Surroundings::Html);
        let piece = match &mark.kind {
            MarkKind::Open { name, .. } => {
                let declared = self.shortcodes.declared(&self.body[name.clone()]);
                if declared.is_some_and(|declared| declared.takes_body) {
                    if self.open.len() == DEEPEST_CALL {
                        self.queue.push_back((Piece::Stray(index), at));
                        return;
                    }
                    self.open.push((index, depth));
                }
                Piece::Open(index)
            }
            MarkKind::Close { name } => {
                let name = &self.body[name.clone()];
                let mut reachable = self.open.iter().rev().take_while(|(_, at)| *at == depth);
                match reachable.position(|(open, _)| self.name(*open) == name) {
                    Some(above) => {
                        for _ in 0..above {
                            self.push_unclosed();
                        }
                        self.open.pop();
                        Piece::Close
                    }
                    None => Piece::Stray(index),
                }
            }
            MarkKind::Unfinished { .. } | MarkKind::Attributes => Piece::Stray(index),
        };
        self.queue.push_back((piece, at));
    }

    fn name(&self, index: usize) -> &'a str {
        self.marked.marks[index].name(self.body)
    }

    fn push_unclosed(&mut self) {
        if let Some((open, _)) = self.open.pop() {
            let at = self.marked.marks[open].range.clone();
            self.queue.push_back((Piece::Unclosed(open), at));
        }
    }

    /// Puts back what is hidden in an event's texts.
    fn restored(&self, event: Event<'a>, at: &Range<usize>) -> Event<'a> {
        let restore = |text: CowStr<'a>| -> CowStr<'a> {
            match self.marked.restored(self.body, &text, at) {
                Cow::Borrowed(_) => text,
                Cow::Owned(restored) => restored.into(),
            }
        };
        match event {
            Event::Text(text) => Event::Text(restore(text)),
            Event::Code(text) => Event::Code(restore(text)),
            Event::InlineMath(text) => Event::InlineMath(restore(text)),
            Event::DisplayMath(text) => Event::DisplayMath(restore(text)),
            Event::Html(text) => Event::Html(restore(text)),
            Event::InlineHtml(text) => Event::InlineHtml(restore(text)),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(text))) => {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(restore(text))))
            }
            event => event,
        }
    }

    /// Takes in an event that overlaps marks.
    fn uncover(&mut self, event: Event<'a>, at: Range<usize>) -> (Piece<'a>, Range<usize>) {
        let marks = self.marked.within(&at);
        let splits = match (&event, self.surroundings) {
            (Event::Text(text), Surroundings::Text) => is_marked(text),
            (Event::Html(text), Surroundings::Html) => is_marked(text),
            (Event::InlineHtml(_), _) => {
                marks.len() == 1 && self.marked.marks[marks.start].range == at
            }
            _ => false,
        };
        if splits {
            self.split(at.clone());
            if let Some(first) = self.queue.pop_front() {
                return first;
            }
        }
        let event = self.restored(event, &at);
        (Piece::Event(event), at)
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = (Piece<'a>, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(piece) = self.queue.pop_front() {
            return Some(piece);
        }
        let Some((event, at)) = self.event() else {
            self.push_unclosed();
            return self.queue.pop_front();
        };
        match &event {
            Event::Start(Tag::Paragraph) => return Some(self.paragraph(at)),
            Event::Start(Tag::Image { .. }) => {
                let Event::Start(tag) = event else {
                    unreachable!("it is an image");
                };
                let (image, at) = self.image(tag, at);
                return Some((Piece::Picture(image), at));
            }
            Event::Start(tag) => {
                self.depth += 1;
                match tag {
                    Tag::CodeBlock(_) => self.surroundings = Surroundings::Code,
                    Tag::HtmlBlock => self.surroundings = html_kind(&self.marked.text[at.clone()]),
                    _ => {}
                }
            }
            Event::End(tag) => {
                if matches!(tag, TagEnd::CodeBlock | TagEnd::HtmlBlock) {
                    self.surroundings = Surroundings::Text;
                }
                while self
                    .open
                    .last()
                    .is_some_and(|(_, depth)| *depth == self.depth)
                {
                    self.push_unclosed();
                }
                self.depth -= 1;
                if !self.queue.is_empty() {
                    self.queue.push_back((Piece::Event(event), at));
                    return self.queue.pop_front();
                }
            }
            Event::Html(text) | Event::InlineHtml(text) if !self.is_plain && is_more(text) => {
                return Some((Piece::More, at));
            }
            Event::Text(CowStr::Borrowed(_))
                if !self.is_plain && self.surroundings == Surroundings::Text =>
            {
                return Some(self.text(at));
            }
            Event::InlineMath(_) if !is_formula(self.body.as_bytes(), &at) => {
                let text = CowStr::Borrowed(&self.marked.text[at.clone()]);
                return Some(self.uncover(Event::Text(text), at));
            }
            _ => {}
        }
        if !self.marked.within(&at).is_empty() {
            return Some(self.uncover(event, at));
        }
        Some((Piece::Event(event), at))
    }
}

/// Returns what a paragraph of nothing but these pictures is.
fn grouped<'a>(
    mut found: Vec<(Image<'a>, Range<usize>)>,
    at: Range<usize>,
) -> (Piece<'a>, Range<usize>) {
    for (image, _) in &mut found {
        image.is_figure = true;
    }
    match found.pop() {
        Some((image, at)) if found.is_empty() && image.link.is_none() => {
            (Piece::Picture(Box::new(image)), at)
        }
        last => {
            found.extend(last);
            (Piece::Group(found), at)
        }
    }
}

/// Returns a picture that something else stands beside, with its link around it.
fn apart<'a>((mut image, at): (Image<'a>, Range<usize>)) -> Vec<(Piece<'a>, Range<usize>)> {
    let link = image.link.take();
    let picture = (Piece::Picture(Box::new(image)), at);
    let Some(link) = link else {
        return vec![picture];
    };
    let start = Tag::Link {
        link_type: link.kind,
        dest_url: link.target,
        title: link.title,
        id: CowStr::Borrowed(""),
    };
    let end = Piece::Event(Event::End(TagEnd::Link));
    let start = Piece::Event(Event::Start(start));
    vec![(start, link.at.clone()), picture, (end, link.at)]
}

/// Tells whether nothing is seen of an event but that it keeps others apart.
fn is_gap(event: &Event<'_>) -> bool {
    match event {
        Event::SoftBreak | Event::HardBreak => true,
        Event::Text(text) => text.trim().is_empty() && !is_marked(text),
        _ => false,
    }
}

/// Tells whether calls are calls in a block of HTML: not in comments, scripts and the like.
fn html_kind(block: &str) -> Surroundings {
    let block = block.trim_start();
    let begins = |name: &str| {
        let head = block.get(..name.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(name))
    };
    let is_verbatim = [
        "<!--",
        "<?",
        "<![",
        "<script",
        "<style",
        "<pre",
        "<textarea",
    ]
    .into_iter()
    .any(begins);
    if is_verbatim {
        Surroundings::Verbatim
    } else {
        Surroundings::Html
    }
}

/// Tells whether HTML is the mark that ends the summary.
pub(super) fn is_more(html: &str) -> bool {
    let inner = html
        .trim()
        .strip_prefix("<!--")
        .and_then(|rest| rest.strip_suffix("-->"));
    inner.is_some_and(|inner| inner.trim() == "more")
}
