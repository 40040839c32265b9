//! Footnotes: numbered where they are first referred to, written at the end of the page.

use super::draft::Word;
use std::collections::{HashMap, VecDeque};
use std::fmt::Write as _;

/// The footnotes of a page.
#[derive(Default)]
pub(super) struct Notes {
    /// The index of each label.
    labels: HashMap<String, usize>,
    notes: Vec<Note>,
    /// How many have a number.
    numbered: usize,
    /// The notes that are being written, one in another.
    open: Vec<usize>,
}

#[derive(Default)]
struct Note {
    /// From 1; 0 before it is referred to.
    number: usize,
    html: Option<String>,
    /// The note that each reference stands in; none for the text itself.
    references: Vec<Option<usize>>,
}

impl Notes {
    /// Writes a reference.
    pub(super) fn refer(&mut self, out: &mut String, label: &str) {
        let open = self.open.last().copied();
        let index = self.index(label);
        if self.notes[index].number == 0 {
            self.numbered += 1;
            self.notes[index].number = self.numbered;
        }
        let note = &mut self.notes[index];
        let number = note.number;
        note.references.push(open);
        let _ = write!(
            out,
            "<sup class=\"footnote\"><a href=\"#fn:{number}\" id=\"{}\" role=\"doc-noteref\">{number}</a></sup>",
            reference_id(number, note.references.len())
        );
    }

    /// Begins the text of a note.
    pub(super) fn open(&mut self, label: &str) {
        let index = self.index(label);
        self.open.push(index);
    }

    /// Ends the text of the innermost note. A label that is defined twice keeps its first text.
    pub(super) fn close(&mut self, html: String) {
        if let Some(index) = self.open.pop() {
            self.notes[index].html.get_or_insert(html);
        }
    }

    fn index(&mut self, label: &str) -> usize {
        if let Some(index) = self.labels.get(label) {
            return *index;
        }
        self.notes.push(Note::default());
        self.labels.insert(label.to_owned(), self.notes.len() - 1);
        self.notes.len() - 1
    }

    /// Writes every note that the text leads to, directly or over other notes; `word` writes a word
    /// beside the author's own.
    pub(super) fn write(self, out: &mut String, word: &mut dyn FnMut(&mut String, Word)) {
        let is_reached = self.reached();
        let mut order: Vec<&Note> = Vec::with_capacity(self.notes.len());
        order.extend(
            self.notes
                .iter()
                .zip(&is_reached)
                .filter(|(note, is_reached)| **is_reached && note.number > 0)
                .map(|(note, _)| note),
        );
        if order.is_empty() {
            return;
        }
        order.sort_unstable_by_key(|note| note.number);
        out.push_str("<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"");
        word(out, Word::Footnotes);
        out.push_str("\">\n<ol>\n");
        let mut expected = 1;
        for note in order {
            let number = note.number;
            let _ = write!(out, "<li id=\"fn:{number}\"");
            if number != expected {
                let _ = write!(out, " value=\"{number}\"");
            }
            expected = number + 1;
            out.push('>');
            let html = note.html.as_deref().unwrap_or_default().trim_end();
            let (html, end) = match html.strip_suffix("</p>") {
                Some(html) => (html, "</p>"),
                None => (html, ""),
            };
            out.push_str(html);
            for (index, from) in note.references.iter().enumerate() {
                if from.is_none_or(|from| is_reached[from]) {
                    let id = reference_id(number, index + 1);
                    let _ = write!(
                        out,
                        " <a href=\"#{id}\" role=\"doc-backlink\" aria-label=\""
                    );
                    word(out, Word::Back);
                    out.push_str("\">↩</a>");
                }
            }
            out.push_str(end);
            out.push_str("</li>\n");
        }
        out.push_str("</ol>\n</section>\n");
    }

    /// Tells of each note whether the text leads to it.
    fn reached(&self) -> Vec<bool> {
        let mut leads_to: Vec<Vec<usize>> = vec![Vec::new(); self.notes.len()];
        let mut is_reached = vec![false; self.notes.len()];
        let mut queue = VecDeque::new();
        for (index, note) in self.notes.iter().enumerate() {
            for from in &note.references {
                match from {
                    Some(from) => leads_to[*from].push(index),
                    None if !is_reached[index] => {
                        is_reached[index] = true;
                        queue.push_back(index);
                    }
                    None => {}
                }
            }
        }
        while let Some(from) = queue.pop_front() {
            for &index in &leads_to[from] {
                if !is_reached[index] {
                    is_reached[index] = true;
                    queue.push_back(index);
                }
            }
        }
        is_reached
    }
}

fn reference_id(number: usize, nth: usize) -> String {
    match nth {
        1 => format!("fnref:{number}"),
        _ => format!("fnref:{number}-{nth}"),
    }
}
