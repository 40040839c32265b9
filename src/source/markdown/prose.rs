//! The text of a body as it is read: without markup, addresses and formulas.

use super::marks::Marked;
use super::pieces::{Piece, Pieces};
use super::{Shortcodes, text};
use crate::source::config;
use pulldown_cmark::{Event, TagEnd};

/// Returns the text of a body, white space made single.
pub(super) fn prose(
    body: &str,
    settings: &config::Markdown,
    shortcodes: &dyn Shortcodes,
) -> String {
    let marked = match settings.plain {
        true => Marked::nothing(body),
        false => Marked::new(body, shortcodes),
    };
    let mut out = String::with_capacity(body.len());
    for (piece, _) in Pieces::new(body, &marked, settings, shortcodes) {
        match piece {
            Piece::Event(Event::Text(text) | Event::Code(text)) => out.push_str(&text),
            Piece::Event(Event::SoftBreak | Event::HardBreak) => out.push(' '),
            Piece::Event(Event::Html(html) | Event::InlineHtml(html)) => {
                // The ends of words may be the ends of elements.
                let is_block = html.trim_start().starts_with('<') && html.ends_with('\n');
                out.push_str(&text::plain(&html));
                if is_block {
                    out.push(' ');
                }
            }
            Piece::Event(Event::Start(tag)) if !is_inline(tag.to_end()) => out.push(' '),
            Piece::Event(Event::End(tag)) if !is_inline(tag) => out.push(' '),
            Piece::Picture(image) => {
                out.push(' ');
                out.push_str(&image.alt);
                out.push(' ');
                out.push_str(image.caption());
                out.push(' ');
            }
            Piece::Open(_) | Piece::Close | Piece::More => out.push(' '),
            _ => {}
        }
    }
    let mut single = String::with_capacity(out.len());
    for word in out.split_whitespace() {
        if !single.is_empty() {
            single.push(' ');
        }
        single.push_str(word);
    }
    single
}

fn is_inline(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
    )
}
