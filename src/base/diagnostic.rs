//! What is wrong with the user's site, where, and what to do about it.
//!
//! Diagnostics are values: the pure stages gather them in lists, the cli turns them into text or
//! JSON. Messages are lower case without a full stop; hints say what to do. The line itself is
//! copied into the diagnostic, so that showing it needs no file.

use serde::Serialize;
use std::ops::Range;

/// A fault or a doubt about something the user wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Whether the build can go on.
    pub severity: Severity,
    /// What is wrong, in lower case and without a full stop.
    pub message: String,
    /// Where it is wrong, if it is wrong in one place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Other places that the message is about, each with what it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
    /// What to do, one sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<String>,
}

/// How bad a [`Diagnostic`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The site is refused.
    Error,
    /// The site is built; the user should look.
    Warning,
}

/// Another place that a diagnostic speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Related {
    /// What is there, such as "first defined here".
    pub label: String,
    /// Where it is.
    pub place: Place,
}

/// A file of the site and, where known, a stretch of one of its lines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The file's path from the site's root, with `/` between names.
    pub path: String,
    /// The stretch; none where the whole file is meant.
    #[serde(flatten)]
    pub stretch: Option<Stretch>,
    /// A stretch that is known by its bytes only, because the file's text is not at hand where
    /// the fault was found; [`Place::locate`] turns it into the other.
    #[serde(skip)]
    pub bytes: Option<(u32, u32)>,
}

/// A stretch of one line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Stretch {
    /// The line's number, from 1.
    pub line: usize,
    /// The column of the first character, from 1, in characters.
    pub column: usize,
    /// How many characters are meant, at least 1.
    pub length: usize,
    /// The line itself, without its end; cut around the stretch where it is very long.
    pub text: String,
    /// How many characters of the line were cut off before `text`.
    #[serde(skip)]
    pub cut: usize,
}

/// The longest name for which a near one is looked for, in bytes.
const LONGEST_NAME: usize = 64;

/// The longest line that is shown whole, in characters.
const SHOWN_LINE: usize = 240;

impl Diagnostic {
    /// Makes an error.
    pub fn error(message: impl Into<String>) -> Self {
        Self::new(Severity::Error, message.into())
    }

    /// Makes a warning.
    pub fn warning(message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, message.into())
    }

    fn new(severity: Severity, message: String) -> Self {
        Self {
            severity,
            message,
            place: None,
            related: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Adds another place that the message is about.
    #[must_use]
    pub fn related(mut self, label: impl Into<String>, place: Place) -> Self {
        self.related.push(Related {
            label: label.into(),
            place,
        });
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds "did you mean `x`?" where one of the known names is near to the one written.
    #[must_use]
    pub fn suggest<'a>(self, written: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest(written, known) {
            Some(name) => self.hint(format!("did you mean `{name}`?")),
            None => self,
        }
    }

    /// Tells whether the site is refused because of it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Sorts by path, then line and column, then message, and drops repetitions: a fault of a template
/// that every page meets is one, told with the first page as an example.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| {
        (&a.place, a.severity, &a.message, &a.hints)
            .cmp(&(&b.place, b.severity, &b.message, &b.hints))
    });
    diagnostics.dedup_by(|again, first| {
        (&again.place, again.severity, &again.message)
            == (&first.place, first.severity, &first.message)
    });
}

impl Place {
    /// Names a whole file.
    pub fn file(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            stretch: None,
            bytes: None,
        }
    }

    /// Names bytes of a file whose text is not at hand.
    pub fn bytes(path: impl Into<String>, bytes: (u32, u32)) -> Self {
        Self {
            bytes: Some(bytes),
            ..Self::file(path)
        }
    }

    /// Finds the line of a stretch that is known by its bytes.
    pub fn locate(&mut self, source: &str) {
        if let Some((start, end)) = self.bytes.take() {
            let path = std::mem::take(&mut self.path);
            *self = Self::range(path, source, start as usize..end as usize);
        }
    }

    /// Names the bytes `range` of the file `path`, whose whole text is `source`. A range that goes
    /// over the line's end is cut there; one outside the text, or within a character, is moved to
    /// the nearest character.
    pub fn range(path: impl Into<String>, source: &str, range: Range<usize>) -> Self {
        let start = floor_boundary(source, range.start);
        let line_start = source[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = source[start..]
            .find('\n')
            .map_or(source.len(), |at| start + at);
        let line = source[line_start..line_end].trim_end_matches('\r');
        let start = start.min(line_start + line.len());
        let end = floor_boundary(source, range.end).clamp(start, line_start + line.len());
        let before = source[line_start..start].chars().count();
        let length = source[start..end].chars().count().max(1);
        let (text, cut) = shown(line, before);
        Self {
            path: path.into(),
            bytes: None,
            stretch: Some(Stretch {
                line: source[..line_start].matches('\n').count() + 1,
                column: before + 1,
                length,
                text,
                cut,
            }),
        }
    }
}

/// Returns the part of a line that is shown, and how many characters were cut off before it.
fn shown(line: &str, column: usize) -> (String, usize) {
    let clean = |text: &mut dyn Iterator<Item = char>| -> String {
        text.map(|c| if c.is_control() { ' ' } else { c }).collect()
    };
    if line.chars().count() <= SHOWN_LINE {
        return (clean(&mut line.chars()), 0);
    }
    let cut = column.saturating_sub(SHOWN_LINE / 4);
    let text = clean(&mut line.chars().skip(cut).take(SHOWN_LINE));
    (text, cut)
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Returns the known name that is nearest to the one written, if it is near enough to be meant:
/// one edit (Damerau-Levenshtein) for every three characters, or the same name in other case.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if written.len() > LONGEST_NAME {
        return None;
    }
    let lower = written.to_lowercase();
    let length = lower.chars().count();
    let allowed = (length / 3).clamp(1, 3);
    known
        .into_iter()
        .filter(|name| *name != written)
        .map(|name| (name.to_lowercase(), name))
        .filter(|(other, _)| other.chars().count().abs_diff(length) <= allowed)
        .map(|(other, name)| (edits(&lower, &other), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, name)| name)
}

/// Counts the insertions, deletions, replacements and swaps of neighbours between two words.
fn edits(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = least;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_lines_and_characters_from_one() {
        let source = "first\nzweite Zeile: größer\nlast";
        let at = source.find("größer").expect("it is there");
        let place = Place::range("a.md", source, at..at + "größer".len());
        let stretch = place.stretch.expect("a range has a stretch");
        assert_eq!((stretch.line, stretch.column, stretch.length), (2, 15, 6));
        assert_eq!(stretch.text, "zweite Zeile: größer");
    }

    #[test]
    fn a_place_outside_the_text_or_inside_a_character_is_moved() {
        for at in [2, 3, 100] {
            let place = Place::range("a.md", "aé\r\n", at..at + 50);
            assert_eq!(place.stretch.expect("a stretch").length, 1, "{at}");
        }
    }

    #[test]
    fn one_fault_that_many_pages_meet_is_told_once() {
        let of = |page: &str, line: usize| {
            let place = Place::range("a.html", "x\n{{ y }}\n", line..line + 1);
            Diagnostic::error("field `y` is not defined")
                .at(place)
                .hint(page)
        };
        let mut faults = vec![of("/c/", 3), of("/b/", 3), of("/a/", 0), of("/b/", 3)];
        sort(&mut faults);
        assert_eq!(faults, [of("/a/", 0), of("/b/", 3)]);
    }

    #[test]
    fn the_nearest_name_is_suggested_only_where_it_is_near() {
        let known = ["timestamp", "tags", "title"];
        assert_eq!(nearest("timestmap", known), Some("timestamp"));
        assert_eq!(nearest("tittle", known), Some("title"));
        assert_eq!(nearest("Tags", known), Some("tags"));
        assert_eq!(nearest("photograph", known), None);
    }

    #[test]
    fn a_very_long_line_is_cut_around_the_stretch() {
        let source = format!("{}X{}", "a".repeat(5000), "b".repeat(5000));
        let stretch = Place::range("a.md", &source, 5000..5001)
            .stretch
            .expect("a stretch");
        assert_eq!(stretch.column, 5001);
        assert_eq!(
            stretch.text.chars().nth(stretch.column - 1 - stretch.cut),
            Some('X')
        );
        assert!(stretch.text.chars().count() <= SHOWN_LINE);
    }
}
