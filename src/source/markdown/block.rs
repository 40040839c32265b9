//! The HTML of headings, quotations, code and tables.

use super::code;
use super::draft::Word;
use super::html::Writer;
use super::text::{escape, escape_address};
use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, CowStr, HeadingLevel};
use std::fmt::Write as _;

/// A heading that is being written.
pub(super) struct OpenHeading {
    /// Where the id goes.
    pub(super) at: usize,
    /// The id that its author gave.
    pub(super) id: Option<String>,
    /// The text so far.
    pub(super) text: String,
}

/// A table that is being written.
#[derive(Default)]
pub(super) struct Table {
    /// How each column is set.
    pub(super) columns: Vec<Alignment>,
    /// The column of the cell, from 0.
    pub(super) column: usize,
    /// Where the cell and its content begin in what is written.
    cell: (usize, usize),
    /// Whether the head is being written.
    pub(super) is_in_head: bool,
    /// Whether the body has begun.
    pub(super) has_body: bool,
}

impl<'a> Writer<'a> {
    /// Begins a heading.
    pub(super) fn start_heading(
        &mut self,
        level: HeadingLevel,
        id: Option<CowStr<'a>>,
        classes: &[CowStr<'a>],
        attributes: &[(CowStr<'a>, Option<CowStr<'a>>)],
    ) {
        self.begin_block();
        let _ = write!(self.out, "<{level}");
        if self.settings.plain {
            self.out.push('>');
            return;
        }
        self.heading = Some(OpenHeading {
            at: self.out.len(),
            id: id.map(|id| id.into_string()),
            text: String::new(),
        });
        for (index, class) in classes.iter().enumerate() {
            self.out
                .push_str(if index == 0 { " class=\"" } else { " " });
            escape(&mut self.out, class);
        }
        if !classes.is_empty() {
            self.out.push('"');
        }
        let mut seen: [bool; 3] = [false; 3];
        for (name, value) in attributes {
            let known = ["lang", "dir", "title"]
                .iter()
                .position(|known| **known == **name);
            if let Some(index) = known.filter(|index| !seen[*index]) {
                seen[index] = true;
                let _ = write!(self.out, " {name}=\"");
                escape(&mut self.out, value.as_deref().unwrap_or_default());
                self.out.push('"');
            }
        }
        self.out.push('>');
    }

    /// Ends a heading: its id is made of its text.
    pub(super) fn end_heading(&mut self, level: HeadingLevel) {
        if let Some(OpenHeading { at, id, text }) = self.heading.take() {
            let id = self.ids.claim(id.as_deref(), &text);
            let mut attribute = String::with_capacity(id.len() + 6);
            attribute.push_str(" id=\"");
            escape(&mut attribute, &id);
            attribute.push('"');
            self.out.insert_str(at, &attribute);
            self.out.push_str(" <a class=\"anchor\" href=\"#");
            escape_address(&mut self.out, &id);
            self.out.push_str("\" aria-label=\"");
            self.word(Word::Section);
            self.out.push_str("\">#</a>");
        }
        let _ = writeln!(self.out, "</{level}>");
    }

    /// Begins a quotation or an alert.
    pub(super) fn start_quote(&mut self, kind: Option<BlockQuoteKind>) {
        let (class, title) = match kind {
            None => return self.block("<blockquote>\n"),
            Some(BlockQuoteKind::Note) => ("note", Word::Note),
            Some(BlockQuoteKind::Tip) => ("tip", Word::Tip),
            Some(BlockQuoteKind::Important) => ("important", Word::Important),
            Some(BlockQuoteKind::Warning) => ("warning", Word::Warning),
            Some(BlockQuoteKind::Caution) => ("caution", Word::Caution),
        };
        self.begin_block();
        let _ = write!(
            self.out,
            "<aside class=\"alert alert-{class}\" role=\"note\">\n<p class=\"alert-title\">"
        );
        self.word(title);
        self.out.push_str("</p>\n");
    }

    /// Begins a block of code.
    pub(super) fn start_code(&mut self, kind: CodeBlockKind<'_>) {
        self.begin_block();
        let info = match &kind {
            CodeBlockKind::Fenced(info) => &**info,
            CodeBlockKind::Indented => "",
        };
        let language = match self.settings.plain {
            true => info.split(char::is_whitespace).next().unwrap_or_default(),
            false => language(info),
        };
        self.out
            .push_str(self.void("<pre><code", "<pre class=\"code\" tabindex=\"0\"><code"));
        if !language.is_empty() {
            self.out.push_str(" class=\"language-");
            escape(&mut self.out, language);
            self.out.push('"');
        }
        self.out.push('>');
        if self.settings.highlight && !self.settings.plain && !language.is_empty() {
            self.code = Some((language.to_ascii_lowercase(), String::new()));
        }
    }

    /// Ends a block of code.
    pub(super) fn end_code(&mut self) {
        if let Some((language, code)) = self.code.take() {
            let left = self.code_left.checked_sub(code.len());
            self.code_left = left.unwrap_or(self.code_left);
            if left.is_none() || !code::write(&mut self.out, &language, &code) {
                escape(&mut self.out, &code);
            }
        }
        self.out.push_str("</code></pre>\n");
    }

    /// Begins a table.
    pub(super) fn start_table(&mut self, columns: Vec<Alignment>) {
        self.begin_block();
        self.out
            .push_str("<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"");
        self.word(Word::Table);
        self.out.push_str("\"><table>\n");
        self.table = Table {
            columns,
            ..Table::default()
        };
    }

    /// Begins a cell.
    pub(super) fn start_cell(&mut self) {
        let tag = if self.table.is_in_head {
            "<th scope=\"col\""
        } else {
            "<td"
        };
        let begin = self.out.len();
        self.out.push_str(tag);
        let class = match self.table.columns.get(self.table.column) {
            Some(Alignment::Left) => " class=\"align-left\">",
            Some(Alignment::Center) => " class=\"align-center\">",
            Some(Alignment::Right) => " class=\"align-right\">",
            Some(Alignment::None) | None => ">",
        };
        self.out.push_str(class);
        self.table.cell = (begin, self.out.len());
    }

    /// Ends a cell. One in the head without a word is the head of nothing.
    pub(super) fn end_cell(&mut self) {
        let (begin, content) = self.table.cell;
        let end = match (self.table.is_in_head, self.out.len() == content) {
            (true, true) => {
                self.out.truncate(begin);
                "<td></td>\n"
            }
            (true, false) => "</th>\n",
            (false, _) => "</td>\n",
        };
        self.out.push_str(end);
        self.table.column += 1;
    }
}

/// Returns the language of a block of code: `rust,ignore` and `{.rust}` are written elsewhere.
fn language(info: &str) -> &str {
    let info = info.trim_start_matches(['{', '.']);
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '#' | '.');
    let end = info.find(|c| !is_part(c)).unwrap_or(info.len());
    &info[..end]
}
