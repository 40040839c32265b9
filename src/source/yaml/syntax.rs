//! What is wrong with text that is not YAML, said to someone who writes articles.

use crate::base::diagnostic::{Diagnostic, Place};
use std::ops::Range;

/// Turns an error of the YAML library into one with its place in the file and what to do.
pub(super) fn explain(
    path: &str,
    source: &str,
    range: Range<usize>,
    error: &serde_yaml::Error,
) -> Diagnostic {
    let text = &source[range.clone()];
    let problem = error.to_string();
    let index = error
        .location()
        .map_or(0, |location| location.index())
        .min(text.len());
    let fault = Fault {
        path,
        source,
        text,
        start: range.start,
        index,
        context: context_line(&problem).map(|line| nth_line(text, line)),
    };
    fault.explain(&problem)
}

struct Fault<'a> {
    path: &'a str,
    source: &'a str,
    text: &'a str,
    /// Where the text begins in the file.
    start: usize,
    /// Where the library stumbled, from the text's beginning.
    index: usize,
    /// The line in which it began to read what it could not end.
    context: Option<Range<usize>>,
}

impl Fault<'_> {
    fn explain(&self, problem: &str) -> Diagnostic {
        let has = |words: &str| problem.contains(words);
        let line = self.line(self.index);
        let next = self.text[floor(self.text, self.index)..].chars().next();
        if has("control characters") {
            let at = self.text.find(is_control).unwrap_or(0);
            let code = self.text[at..].chars().next().map_or(0, u32::from);
            return self
                .at(
                    at..at + 1,
                    format!("the control character U+{code:04X} can't be in YAML"),
                )
                .hint("remove it, or write it as an escape in double quotes");
        }
        if let Some(tab) = self.tab_indent(&line) {
            return self
                .at(tab, "a tab can't indent YAML")
                .hint("indent with spaces");
        }
        if has("mapping values are not allowed") {
            return self.colon_in_value(&line);
        }
        if has("while scanning a quoted scalar") {
            let opened = self.context.clone().unwrap_or(line);
            let at = self.text[opened.clone()]
                .find(['"', '\''])
                .map_or(opened.clone(), |quote| {
                    opened.start + quote..opened.start + quote + 1
                });
            return self
                .at(at, "a quote is opened here and never closed")
                .hint("close it at the end of the value; an apostrophe within 'single quotes' is written twice");
        }
        if has("unknown escape character") || has("hexadecimal number") {
            return self
                .at(
                    self.index..self.index + 1,
                    "unknown escape in a text in double quotes",
                )
                .hint("use 'single quotes', or write a backslash as `\\\\`");
        }
        if has("did not find expected ',' or") {
            let opened = self.context.clone().unwrap_or(line);
            let (bracket, name) = if has("or ']'") {
                ('[', "list")
            } else {
                ('{', "map")
            };
            let close = if bracket == '[' { ']' } else { '}' };
            let at = self.text[opened.clone()]
                .find(bracket)
                .map_or(opened.clone(), |at| {
                    opened.start + at..opened.start + at + 1
                });
            return self
                .at(
                    at,
                    format!(
                        "the {name} that `{bracket}` opens here is not closed, or lacks a comma"
                    ),
                )
                .hint(format!(
                    "separate its values by commas and end it with `{close}`"
                ));
        }
        if has("unknown anchor") || has("while scanning an alias") {
            return self.special_first(&line, '*');
        }
        if has("cannot start any token") || has("node content") || has("scanning an anchor") {
            return self.special_first(&line, next.unwrap_or(' '));
        }
        if has("could not find expected ':'") {
            let at = self.context.clone().unwrap_or(line);
            return self
                .at(at, "this line is neither a key with a value nor a part of the value above it")
                .hint("write `key: value`, with a space after the colon; indent the further lines of a long value");
        }
        if has("did not find expected key") {
            return self.key_expected(&line);
        }
        if has("did not find expected '-' indicator") || has("sequence entries are not allowed") {
            return self.at(line, "this line does not fit into a list").hint(
                "items of one list begin with `- ` in the same column, on lines of their own",
            );
        }
        if has("expected a text") {
            return self
                .at(
                    self.index..line.end.max(self.index + 1),
                    "a key must be a text",
                )
                .hint("put a value that begins with `{` or `[` in quotes");
        }
        if has("more than one document") {
            return Diagnostic::error("this file has more than one YAML document")
                .at(Place::file(self.path))
                .hint("keep one; `---` may stand at its beginning only");
        }
        self.at(
            self.index..self.index + 1,
            format!("this is not YAML: {}", brief(problem)),
        )
        .hint("put a value with special characters in quotes")
    }

    fn at(&self, at: Range<usize>, message: impl Into<String>) -> Diagnostic {
        let at = self.start + at.start..self.start + at.end;
        Diagnostic::error(message).at(Place::range(self.path, self.source, at))
    }

    /// Returns the line around a byte, or the last one with text before it.
    fn line(&self, index: usize) -> Range<usize> {
        let text = self.text;
        let index = floor(text, index);
        let start = text[..index].rfind(BREAKS).map_or(0, |at| at + 1);
        let end = text[index..]
            .find(BREAKS)
            .map_or(text.len(), |at| index + at);
        if text[start..end].trim().is_empty() && start > 0 {
            let end = text[..start].trim_end().len();
            let start = text[..end].rfind(BREAKS).map_or(0, |at| at + 1);
            return start..end;
        }
        start..end
    }

    fn tab_indent(&self, line: &Range<usize>) -> Option<Range<usize>> {
        let text = &self.text[line.clone()];
        let indent = text.len() - text.trim_start_matches([' ', '\t']).len();
        let tab = line.start + text[..indent].find('\t')?;
        Some(tab..tab + 1)
    }

    fn colon_in_value(&self, line: &Range<usize>) -> Diagnostic {
        let at = self.index..self.index + 1;
        let fault = self.at(
            at,
            "a colon followed by a space begins a value within a value",
        );
        let text = self.text[line.clone()].trim();
        match text.trim_start_matches("- ").split_once(": ") {
            Some((key, value)) if value.contains(':') && !value.starts_with(['"', '\'']) => {
                let value = value.trim().replace('\\', "\\\\").replace('"', "\\\"");
                fault.hint(format!("put the value in quotes: `{key}: \"{value}\"`"))
            }
            _ => {
                fault.hint("put the value above in quotes, or indent this line as its parent needs")
            }
        }
    }

    fn special_first(&self, line: &Range<usize>, first: char) -> Diagnostic {
        let place = self.index..self.index + 1;
        let text = self.text[line.clone()].trim();
        let fault = match first {
            '*' => {
                let at = self.text[line.clone()].find('*').unwrap_or(0);
                let at = line.start + at..line.start + at + 1;
                self.at(
                    at,
                    "a value that begins with `*` stands for another one, which does not exist",
                )
            }
            '&' => self.at(place, "a value that begins with `&` is given a name"),
            '\t' => return self.at(place, "a tab can't stand here").hint("use spaces"),
            first if first.is_ascii_punctuation() => {
                self.at(place, format!("a value can't begin with `{first}`"))
            }
            _ => self.at(place, "a value is expected here"),
        };
        match text.split_once(": ") {
            Some((key, value)) if !value.contains('"') => fault.hint(format!(
                "put the value in quotes: `{key}: \"{}\"`",
                value.trim()
            )),
            _ => fault.hint("put the value in quotes"),
        }
    }

    fn key_expected(&self, line: &Range<usize>) -> Diagnostic {
        let before = self.text[line.start..floor(self.text, self.index).max(line.start)].trim_end();
        if before.ends_with(['"', '\'']) {
            let at = self.index..self.index + 1;
            return self
                .at(at, "there is more text after the closing quote")
                .hint("put the whole value in quotes, and write quotes within it as `\\\"`");
        }
        self.at(line.clone(), "a key is expected here")
            .hint("keys of one map begin in the same column; put a value with special characters in quotes")
    }
}

/// What ends a line in YAML.
const BREAKS: [char; 2] = ['\n', '\r'];

/// Tells whether YAML refuses a character (YAML 1.2, 5.1).
fn is_control(c: char) -> bool {
    (c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}'))
        || matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{feff}')
}

/// Returns the line that the library says it began in, from 1.
fn context_line(problem: &str) -> Option<usize> {
    let context = problem.split_once(", while ")?.1;
    let number = context.split_once(" at line ")?.1;
    number.split(' ').next()?.parse().ok()
}

/// Returns where a line lies, by its number from 1.
fn nth_line(text: &str, number: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let (mut start, mut line) = (0, 1);
    for (at, byte) in text.bytes().enumerate() {
        let ends = byte == b'\n' || (byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
        if ends && line == number {
            return start..at;
        }
        if ends {
            line += 1;
            start = at + 1;
        }
    }
    start..text.len()
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Cuts the places off a message of the library: they count from the document's beginning.
fn brief(problem: &str) -> &str {
    problem.split(" at line ").next().unwrap_or(problem)
}
