//! `i18n/<language>.yaml`: the words of a theme's interface in one language.
//!
//! A word is a text, or a map of texts by the plural categories of Unicode CLDR (UTS 35, part 3,
//! section 5). `{name}` in a text is a blank that a template fills in.

use crate::base::diagnostic::{self, Diagnostic, Place};
use crate::source::yaml::{self, Entry, Faults, Language, Node, Value};

/// The plural categories of CLDR, in its order.
pub const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// The words of one file, in its order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WordFile {
    /// The file's path from the site's root.
    pub path: String,
    /// The words.
    pub words: Vec<Word>,
}

/// A word of the interface.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// Its key.
    pub key: String,
    /// Where it stands.
    pub place: Place,
    /// Its texts by plural category; a word without plurals has `other` alone.
    pub forms: Vec<(String, String)>,
}

impl Word {
    /// Returns the names of the blanks in its texts.
    pub fn blanks(&self) -> impl Iterator<Item = &str> {
        self.forms.iter().flat_map(|(_, text)| blanks(text))
    }

    /// Tells whether it is printed as it stands: one text without blanks.
    pub fn is_plain(&self) -> bool {
        self.forms.len() == 1 && self.blanks().next().is_none()
    }
}

/// Returns the names of the blanks in a text: `n` and `m` of `Part {n} of {m}`.
pub fn blanks(text: &str) -> impl Iterator<Item = &str> {
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .filter(move |name| is_name(name))
}

/// Reads the file at `path`, whose text is `source`; the words with faults are left out.
pub fn parse(path: &str, source: &str) -> (WordFile, Vec<Diagnostic>) {
    let start = if source.starts_with('\u{feff}') { 3 } else { 0 };
    let (words, mut faults) =
        yaml::interpret(path, source, start..source.len(), Language::Yaml, read);
    diagnostic::sort(&mut faults);
    let file = WordFile {
        path: path.to_owned(),
        words: words.unwrap_or_default(),
    };
    (file, faults)
}

fn read<'a>(root: &Node<'a>, faults: &mut Faults<'a>) -> Vec<Word> {
    let entries = faults.map(&"a file of words", root);
    entries
        .iter()
        .filter_map(|entry| word(entry, faults))
        .collect()
}

fn word<'a>(entry: &Entry<'a>, faults: &mut Faults<'a>) -> Option<Word> {
    let quoted = format!("`{}`", entry.key);
    let place = faults.place_of(&entry.node);
    let mut forms = Vec::new();
    match &entry.node.value {
        Value::Map(entries) => {
            for form in entries {
                let Some(category) = CATEGORIES.into_iter().find(|known| *known == form.key) else {
                    let at = faults.place(form.key_at);
                    let message = format!("`{}` is no plural category", form.key);
                    let fault = Diagnostic::error(message).at(at);
                    faults.push(
                        fault
                            .suggest(&form.key, CATEGORIES)
                            .hint("the categories are zero, one, two, few, many and other"),
                    );
                    return None;
                };
                let text = faults.text(&quoted, &form.node)?;
                forms.push((category.to_owned(), text.into_owned()));
            }
            if !forms.iter().any(|(category, _)| category == "other") {
                let fault = Diagnostic::error(format!("{quoted} has no form `other`")).at(place);
                faults.push(fault.hint("`other` is what is written where no other form fits"));
                return None;
            }
        }
        Value::Null => return None,
        _ => {
            let text = faults.text(&quoted, &entry.node)?;
            forms.push(("other".to_owned(), text.into_owned()));
        }
    }
    Some(Word {
        key: entry.key.to_string(),
        place,
        forms,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_a_text_or_forms_of_one() {
        let (file, faults) = parse(
            "i18n/pl.yaml",
            "by: Autor\nminutes: { one: '{n} minuta', few: '{n} minuty', other: '{n} min {of}' }\nempty:\n",
        );
        assert_eq!(faults, []);
        let keys: Vec<_> = file.words.iter().map(|word| word.key.as_str()).collect();
        assert_eq!(keys, ["by", "minutes"]);
        assert!(file.words[0].is_plain());
        assert!(!file.words[1].is_plain());
        assert_eq!(
            file.words[1].blanks().collect::<Vec<_>>(),
            ["n", "n", "n", "of"]
        );
        assert_eq!(file.words[1].forms[1].0, "few");
    }

    #[test]
    fn a_brace_that_holds_no_name_is_text() {
        assert_eq!(blanks("{} {A b} {n").count(), 0);
    }

    #[test]
    fn every_fault_of_the_words_is_told() {
        let (file, faults) = parse(
            "i18n/en.yaml",
            "a: { on: x, other: y }\nb: { one: x }\nc: [x]\nd: fine\n",
        );
        let messages: Vec<_> = faults.iter().map(|fault| fault.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "`on` is no plural category",
                "`b` has no form `other`",
                "`c` must be a text, not a list",
            ]
        );
        assert_eq!(faults[0].hints[0], "did you mean `one`?");
        assert_eq!(file.words.len(), 1);
    }
}
