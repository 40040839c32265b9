//! Markdown: what is in a body, and its HTML.
//!
//! [`outline()`] finds what the rest of the site has to know of a body and every fault that can be
//! seen in it alone; [`html()`] writes it out when its page is rendered. Both take their pieces from the
//! same stream, so that what one counts is what the other writes. Most bodies are read once all the
//! same: beside the outline, a [draft](outline_and_draft) of the HTML is made, which has holes for what
//! only the site can tell, and [`fill`] fills them. Nothing here is recursive in the depth of a body,
//! and nothing takes more than linear time in its length.
//!
//! Bodies are data, never templates: `{{<` begins a call only before the name of a shortcode that
//! the theme declares.

mod address;
mod block;
mod calls;
mod code;
mod dialect;
mod draft;
mod figure;
mod headings;
mod html;
mod ids;
mod line;
mod marks;
mod math;
mod notes;
mod outline;
mod pieces;
mod prose;
mod raw;
mod summary;
#[cfg(test)]
mod tests;
mod text;

use super::origin::Origin;
use crate::base::diagnostic::Severity;
use crate::base::fingerprint::Fingerprinter;
use crate::base::packed::Packed;
use crate::base::texts::Texts;
use crate::source::config;
pub use headings::Headings;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::ops::Range;

/// What is in a body, found without rendering it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Outline {
    /// Links by source path (`@/local/harbour.md#quay`, `harbour.md`), each once for each place.
    pub links: Packed<Vec<Reference>>,
    /// Addresses that can be files beside the source: of other links (`report.pdf`), and what
    /// shortcodes are given (`ferry.jpg`).
    pub files: Texts,
    /// Pictures of the site's own and their credits, in order.
    pub pictures: Box<[Picture]>,
    /// Pictures that the body writes as HTML, which stay as they are.
    pub raw_pictures: Packed<Vec<RawPicture>>,
    /// Words: runs of letters between spaces, and each ideograph, kana or hangul syllable alone.
    pub words: u32,
    /// Minutes to read, at least 1.
    pub minutes: u32,
}

/// What only pages show of a body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// The summary, from front matter, else up to `<!-- more -->`, else the first paragraph:
    /// HTML of inline elements without links.
    pub summary: String,
    /// Every heading, in order.
    pub headings: Headings,
}

/// A heading of a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// The unique id, from `{#id}` or made from the text.
    pub id: String,
    /// The text, without markup.
    pub text: String,
}

/// A link by source path, as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The destination as written, such as `@/local/harbour.md#quay`.
    pub target: String,
    /// Bytes from the file's beginning.
    pub at: (u32, u32),
}

/// A [`Reference`] in an outline that keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Link<'a> {
    /// The destination as written.
    #[serde(borrow)]
    pub target: &'a str,
    /// Bytes from the file's beginning.
    pub at: (u32, u32),
}

impl Outline {
    /// Returns the links by source path.
    pub fn links(&self) -> Vec<Link<'_>> {
        self.links.view()
    }

    /// Adds all of it to a fingerprint, but for where in the file it stands.
    pub(super) fn print(&self, print: &mut Fingerprinter) {
        let Self {
            links: _,
            files,
            pictures,
            raw_pictures,
            words,
            minutes,
        } = self;
        let links = self.links();
        print.number(links.len() as u64);
        for link in links {
            print.text(link.target);
        }
        print.value(files);
        let pictures = pictures.iter().map(|picture| Picture {
            at: (0, 0),
            ..picture.clone()
        });
        print.value(&pictures.collect::<Vec<_>>());
        let raw_pictures = raw_pictures.get().into_iter().map(|picture| RawPicture {
            at: (0, 0),
            ..picture
        });
        print.value(&raw_pictures.collect::<Vec<_>>());
        print.number(u64::from(*words)).number(u64::from(*minutes));
    }
}

/// A picture in a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Where it is, as written; a URL stays one.
    pub src: String,
    /// The credit, where the picture has one.
    pub credit: Option<String>,
    /// Why there is no credit.
    pub no_credit_reason: Option<String>,
    /// What it shows, where that is said.
    pub alt: Option<String>,
    /// The caption, in Markdown without blocks.
    pub caption: Option<String>,
    /// What it stands among.
    pub placement: Placement,
    /// Bytes from the file's beginning.
    pub at: (u32, u32),
}

/// What a picture stands among, on which depends whether its credit is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Placement {
    /// Nothing: it is a figure.
    Alone,
    /// Other pictures, or in a link: it is a figure where it is a photo.
    Grouped,
    /// Text, or what a shortcode makes that shows no credit.
    InText,
}

/// An `<img>` that a body writes as HTML.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawPicture {
    /// Where it is, as written.
    pub src: String,
    /// What it shows; none where it has no such attribute, an empty one where it is a decoration.
    pub alt: Option<String>,
    /// The text of the caption that follows it.
    pub caption: Option<String>,
    /// The width in pixels that it gives itself.
    pub width: Option<u32>,
    /// Why there is no credit.
    pub no_credit_reason: Option<String>,
    /// Bytes from the file's beginning.
    pub at: (u32, u32),
}

/// What is wrong in a body. The caller knows the file and makes a diagnostic of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Whether the site is refused.
    pub severity: Severity,
    /// What is wrong, in lower case and without a full stop.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// Bytes from the file's beginning.
    pub at: Range<usize>,
}

/// The shortcodes that a theme declares.
pub trait Shortcodes {
    /// Returns what a shortcode takes, if there is one of this name.
    fn declared(&self, name: &str) -> Option<&Declaration>;
    /// Lists every name, for suggestions.
    fn names(&self) -> Vec<&str>;
}

/// What a shortcode takes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Declaration {
    /// Its arguments; those without a name are given in this order.
    pub parameters: Vec<Parameter>,
    /// Whether it stands around Markdown and is closed with `{{< /name >}}`.
    pub takes_body: bool,
}

/// An argument of a shortcode.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What it has to be.
    pub kind: Kind,
    /// Whether a call without it is an error.
    pub required: bool,
    /// What it is where it is left out.
    pub default: Option<Argument>,
}

/// What an argument has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A whole number.
    Integer,
    /// A number, with decimals or without.
    Number,
    /// `true` or `false`.
    Truth,
}

/// The value of an argument.
#[derive(Debug, Clone, PartialEq)]
pub enum Argument {
    /// A text, as written.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Number(f64),
    /// `true` or `false`.
    Truth(bool),
}

/// A call of a shortcode, every argument checked and every default filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The shortcode's name.
    pub name: String,
    /// The arguments by name, in the order in which they are declared; those that are neither given
    /// nor have a default are left out.
    pub arguments: Vec<(String, Argument)>,
    /// Bytes of the call (without its body) from the file's beginning.
    pub at: Range<usize>,
}

/// What the HTML of a body needs to know of the site.
pub trait Resolver {
    /// Returns the URL for an address without a scheme that is not a mere `#fragment`:
    /// `@/local/harbour.md#quay`, `harbour.md`, `/about/`. None leaves it as it is.
    fn link(&self, target: &str) -> Option<String>;
    /// Returns the URL of a picture and its size in pixels, where it is known.
    fn picture(&self, src: &str) -> PictureSource;
    /// Returns what the site knows of a picture elsewhere, by its URL.
    fn notes(&self, _: &str) -> Option<Box<PictureNotes>> {
        None
    }
    /// Renders a shortcode; `body` is the HTML of what stands between its ends. The error says what
    /// went wrong.
    fn shortcode(&self, call: &Call, body: Option<&str>) -> Result<String, String>;
    /// Returns the words that are written beside the author's own, in the article's language.
    fn words(&self) -> &Words {
        &ENGLISH
    }
}

/// Where a picture is, and how large.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PictureSource {
    /// The URL.
    pub url: String,
    /// Its sizes in its own format, as in the attribute `srcset`.
    pub srcset: Option<String>,
    /// Its sizes in other formats, the best first: their media type, and `srcset`.
    pub sources: Vec<(&'static str, String)>,
    /// How wide it is shown, as in the attribute `sizes`.
    pub sizes: Option<String>,
    /// The name of the colour that holds its place until it has come.
    pub tint: Option<String>,
    /// The width in pixels.
    pub width: Option<u32>,
    /// The height in pixels.
    pub height: Option<u32>,
    /// Whether it is a file of the site that is large enough to be a photo.
    pub is_photo: bool,
    /// What the site knows of the photo, where the body says nothing of it.
    pub notes: Option<Box<PictureNotes>>,
}

/// What the site knows of a photo beside what a body says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PictureNotes {
    /// The credit, shown as written.
    pub credit: Option<String>,
    /// The caption, in Markdown without blocks.
    pub caption: Option<String>,
    /// What it shows.
    pub alt: Option<String>,
    /// Where it comes from, if that is said beside the credit.
    pub origin: Option<Origin>,
}

/// The words that are written beside the author's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The title of `> [!NOTE]`.
    pub note: Cow<'static, str>,
    /// The title of `> [!TIP]`.
    pub tip: Cow<'static, str>,
    /// The title of `> [!IMPORTANT]`.
    pub important: Cow<'static, str>,
    /// The title of `> [!WARNING]`.
    pub warning: Cow<'static, str>,
    /// The title of `> [!CAUTION]`.
    pub caution: Cow<'static, str>,
    /// What is heard before a credit, without its colon.
    pub photo: Cow<'static, str>,
    /// The label of a picture that an AI made.
    pub ai: Cow<'static, str>,
    /// The label of one that an AI made in part.
    pub partly_ai: Cow<'static, str>,
    /// The label of one that an algorithm made.
    pub computer: Cow<'static, str>,
    /// The name of the list of footnotes.
    pub footnotes: Cow<'static, str>,
    /// The name of the link from a footnote back to its place.
    pub back: Cow<'static, str>,
    /// The name of a heading's link to itself.
    pub section: Cow<'static, str>,
    /// The name of a table that can be scrolled.
    pub table: Cow<'static, str>,
}

/// The words in English.
pub static ENGLISH: Words = Words {
    note: Cow::Borrowed("Note"),
    tip: Cow::Borrowed("Tip"),
    important: Cow::Borrowed("Important"),
    warning: Cow::Borrowed("Warning"),
    caution: Cow::Borrowed("Caution"),
    photo: Cow::Borrowed("Photo"),
    ai: Cow::Borrowed("AI-generated image"),
    partly_ai: Cow::Borrowed("Made in part with AI"),
    computer: Cow::Borrowed("Computer-generated image"),
    footnotes: Cow::Borrowed("Footnotes"),
    back: Cow::Borrowed("Back to the text"),
    section: Cow::Borrowed("Link to this section"),
    table: Cow::Borrowed("Table"),
};

impl Words {
    /// Returns the label of a picture that comes from there.
    pub fn origin(&self, origin: Origin) -> &str {
        match origin {
            Origin::Ai => &self.ai,
            Origin::PartlyAi => &self.partly_ai,
            Origin::Computer => &self.computer,
        }
    }
}

/// Finds what is in a body, and every fault that shows in it alone. `offset` is where the body
/// begins in its file; `front_summary` is the summary of the front matter, in Markdown.
pub fn outline(
    body: &str,
    offset: usize,
    front_summary: Option<&str>,
    settings: &config::Markdown,
    shortcodes: &dyn Shortcodes,
) -> (Outline, Shown, Vec<Fault>) {
    outline::outline(body, offset, front_summary, settings, shortcodes, false).0
}

/// Does as [`outline()`] does, and returns the draft of the body's HTML beside it, where it has one:
/// what [`fill`] makes of it is what [`html()`] makes of the body.
pub fn outline_and_draft(
    body: &str,
    offset: usize,
    front_summary: Option<&str>,
    settings: &config::Markdown,
    shortcodes: &dyn Shortcodes,
) -> ((Outline, Shown, Vec<Fault>), Option<String>) {
    outline::outline(body, offset, front_summary, settings, shortcodes, true)
}

/// Writes the HTML of a body to the end of `out` from its [draft](outline_and_draft).
pub fn fill(draft: &str, resolver: &dyn Resolver, out: &mut String) {
    draft::fill(draft, resolver, out);
}

/// Finds where in a body its headings stand, in their order: for what is to be said of one of them.
pub fn heading_places(
    body: &str,
    settings: &config::Markdown,
    shortcodes: &dyn Shortcodes,
) -> Vec<Range<usize>> {
    headings::places(body, settings, shortcodes)
}

/// Writes the HTML of a body to the end of `out`. The faults are those of the resolver alone;
/// [`outline()`] has already told the others.
pub fn html(
    body: &str,
    offset: usize,
    settings: &config::Markdown,
    shortcodes: &dyn Shortcodes,
    resolver: &dyn Resolver,
    out: &mut String,
) -> Vec<Fault> {
    html::html(body, offset, settings, shortcodes, resolver, out)
}

/// Returns the text of a body as it is read, without markup, addresses and formulas, white space made
/// single; what stands around a shortcode is text, what it makes is not.
pub fn prose(body: &str, settings: &config::Markdown, shortcodes: &dyn Shortcodes) -> String {
    prose::prose(body, settings, shortcodes)
}

/// Returns the HTML of one line of Markdown without blocks: a caption, a summary, a correction.
///
/// Source paths in its links are resolved where a resolver is given, and left as they are otherwise.
pub fn inline(text: &str, settings: &config::Markdown, resolver: Option<&dyn Resolver>) -> String {
    line::html(text, settings, resolver)
}

/// Returns the text of HTML, without tags and entities, white space made single: for descriptions
/// and alternative texts.
pub fn plain_text(html: &str) -> String {
    text::plain(html)
}

/// Returns the style sheet of highlighted code, for light and dark.
pub fn highlight_css() -> String {
    code::css()
}
