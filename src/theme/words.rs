//! The words of the interface: `i18n/<language>.yaml` of the theme's layers, for each language the
//! whole set that its pages are given.
//!
//! What a language lacks comes from its base language (`pt` for `pt-BR`), then from English, then
//! from the site's language; within one language the site's own file goes before the theme's.

use super::filters;
use super::lexer::{Token, TokenKind};
use super::theme::{Layer, SourceText};
use super::value;
use crate::base::diagnostic::{Diagnostic, Place};
use crate::base::fingerprint::Fingerprint;
use crate::source::markdown;
use crate::source::words::{self, Word, WordFile};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use tera::value::Key;
use tera::{Map, Value};

const ENGLISH: &str = "en";

/// The words of every language.
#[derive(Debug, Default)]
pub struct Words {
    languages: BTreeMap<String, Speech>,
    /// Every key that a page in the site's language finds, and whether its word has no blanks.
    keys: BTreeMap<String, bool>,
}

/// The words of one language.
#[derive(Debug)]
pub struct Speech {
    /// The words as templates see them: by key, a text, or a map of forms that the filter `fill`
    /// chooses from.
    pub value: Value,
    /// The fingerprint of all of them.
    pub print: Fingerprint,
    /// Those that bodies of articles need.
    pub markdown: markdown::Words,
}

impl Words {
    /// Reads the files of all layers, the overriding first, of a site in `language`.
    pub fn load(layers: &[Layer], language: &str, faults: &mut Vec<Diagnostic>) -> Self {
        // The overridden first.
        let mut files: BTreeMap<String, Vec<WordFile>> = BTreeMap::new();
        for layer in layers.iter().rev() {
            for (name, source) in &layer.words {
                let (file, mut found) = words::parse(&source.path, &source.text);
                faults.append(&mut found);
                faults.extend(unused_forms(name, &file));
                files.entry(normal(name)).or_default().push(file);
            }
        }
        let mut tags: BTreeSet<String> = files.keys().cloned().collect();
        tags.insert(ENGLISH.to_owned());
        let mut languages = BTreeMap::new();
        let mut keys = BTreeMap::new();
        let spoken = nearest_tag(&tags, language);
        for tag in &tags {
            let mut said: BTreeMap<&str, (&str, &Word)> = BTreeMap::new();
            let chain = chain(language)
                .chain([ENGLISH.to_owned()])
                .chain(chain(tag));
            for tag in chain {
                if let Some((tag, files)) = files.get_key_value(&tag) {
                    let words = files.iter().flat_map(|file| &file.words);
                    said.extend(words.map(|word| (word.key.as_str(), (tag.as_str(), word))));
                }
            }
            if *tag == spoken {
                let all = said.iter();
                keys.extend(all.map(|(key, (_, word))| ((*key).to_owned(), word.is_plain())));
            }
            languages.insert(tag.clone(), Speech::of(&said));
        }
        faults.extend(lacking(&files, language, &spoken));
        Self { languages, keys }
    }

    /// Returns the words of a page in this language, a BCP 47 tag.
    pub fn of(&self, language: &str) -> &Speech {
        let tags = prefixes(language);
        tags.iter()
            .find_map(|tag| self.languages.get(tag))
            .unwrap_or_else(|| &self.languages[ENGLISH])
    }

    /// Returns the name of a language in itself; the tag where no file of words is in that language.
    pub fn name_of(&self, language: &str) -> Value {
        let tags = prefixes(language);
        let known = tags.iter().find_map(|tag| self.languages.get(tag));
        let words = known.and_then(|speech| speech.value.as_map());
        let name = words.and_then(|words| words.get(&Key::Str("language_name")));
        name.cloned()
            .unwrap_or_else(|| Value::normal_string(language))
    }

    /// Finds the words that a template reads and that are not there, and those with blanks that it
    /// leaves empty. Adds every word that it reads to `read`.
    pub(super) fn check<'a>(
        &self,
        source: &'a SourceText,
        tokens: &[Token],
        read: &mut BTreeSet<&'a str>,
    ) -> Vec<Diagnostic> {
        let text = |at: usize| {
            tokens
                .get(at)
                .map_or("", |token| &source.text[token.range.clone()])
        };
        let is_own = (1..tokens.len())
            .any(|at| text(at) == "words" && matches!(text(at - 1), "set" | "set_global" | "for"));
        let mut faults = Vec::new();
        for at in 0..tokens.len() {
            let is_word = text(at) == "words"
                && tokens[at].kind == TokenKind::Name
                && (at == 0 || text(at - 1) != ".");
            let at = if text(at + 1) == "?" { at + 1 } else { at };
            let Some(name) = tokens.get(at + 2).filter(|name| {
                is_word && !is_own && text(at + 1) == "." && name.kind == TokenKind::Name
            }) else {
                continue;
            };
            let key = &source.text[name.range.clone()];
            read.insert(key);
            let fault = |message: String| {
                let place = Place::range(source.path.as_str(), &source.text, name.range.clone());
                Diagnostic::error(message).at(place)
            };
            match self.keys.get(key) {
                None => {
                    let known = self.keys.keys().map(String::as_str);
                    let fault = fault(format!("unknown word `{key}`")).suggest(key, known);
                    faults.push(fault.hint("words stand in `i18n/<language>.yaml`"));
                }
                Some(false) if (text(at + 3), text(at + 4)) != ("|", "fill") => {
                    let fault = fault(format!("the word `{key}` has blanks"));
                    faults.push(fault.hint(format!("fill them in: `words.{key} | fill(n=3)`")));
                }
                Some(_) => {}
            }
        }
        faults
    }
}

/// Warns of words that no template reads under their names and that English does not have: they
/// are misspelt.
pub(super) fn unknown(layers: &[Layer], read: &BTreeSet<&str>) -> Vec<Diagnostic> {
    let files = layers.iter().flat_map(|layer| &layer.words);
    let mut known: BTreeSet<String> = read.iter().map(|key| (*key).to_owned()).collect();
    let parsed: Vec<(bool, WordFile)> = files
        .map(|(name, source)| {
            (
                normal(name) == ENGLISH,
                words::parse(&source.path, &source.text).0,
            )
        })
        .collect();
    if !parsed.iter().any(|(is_english, _)| *is_english) {
        return Vec::new();
    }
    for (_, file) in parsed.iter().filter(|(is_english, _)| *is_english) {
        // What the site alone says in English is checked against the theme's.
        if file.path.starts_with("themes/") {
            known.extend(file.words.iter().map(|word| word.key.clone()));
        }
    }
    let mut faults = Vec::new();
    for word in parsed.iter().flat_map(|(_, file)| &file.words) {
        if !known.contains(&word.key) {
            let fault = Diagnostic::warning(format!("unknown word `{}`", word.key))
                .at(word.place.clone())
                .suggest(&word.key, known.iter().map(String::as_str));
            faults.push(fault.hint("no template of the theme reads it"));
        }
    }
    faults
}

impl Speech {
    fn of(said: &BTreeMap<&str, (&str, &Word)>) -> Self {
        let mut map = Map::new();
        for (key, (tag, word)) in said {
            let value = if word.is_plain() {
                Value::normal_string(&word.forms[0].1)
            } else {
                let mut forms = Map::new();
                forms.insert(Key::from("locale".to_owned()), Value::normal_string(tag));
                for (category, text) in &word.forms {
                    forms.insert(Key::from(category.clone()), Value::normal_string(text));
                }
                Value::from(forms)
            };
            map.insert(Key::from((*key).to_owned()), value);
        }
        let value = Value::from(map);
        let own = |key: &str, english: &Cow<'static, str>| {
            let word = said.get(key).filter(|(_, word)| word.is_plain());
            word.map_or_else(
                || english.clone(),
                |(_, word)| Cow::Owned(word.forms[0].1.clone()),
            )
        };
        let english = &markdown::ENGLISH;
        Self {
            print: value::fingerprint(&value),
            value,
            markdown: markdown::Words {
                note: own("note", &english.note),
                tip: own("tip", &english.tip),
                important: own("important", &english.important),
                warning: own("warning", &english.warning),
                caution: own("caution", &english.caution),
                photo: own("photo", &english.photo),
                ai: own("origin_ai", &english.ai),
                partly_ai: own("origin_partly_ai", &english.partly_ai),
                computer: own("origin_computer", &english.computer),
                footnotes: own("footnotes", &english.footnotes),
                back: own("back_to_text", &english.back),
                section: own("heading_link", &english.section),
                table: own("table", &english.table),
            },
        }
    }
}

/// Reports forms that the language of a file never uses, such as `few` in English.
fn unused_forms(language: &str, file: &WordFile) -> Vec<Diagnostic> {
    let Some(used) = filters::plural_categories(language) else {
        let fault = Diagnostic::error(format!("`{language}` is not a language"))
            .at(Place::file(file.path.as_str()));
        return vec![fault.hint("a file of words is named after its language, such as `de.yaml`")];
    };
    let mut faults = Vec::new();
    for word in &file.words {
        for (category, _) in &word.forms {
            if !used.contains(&category.as_str()) {
                let message = format!("`{language}` has no plural form `{category}`");
                let fault = Diagnostic::warning(message).at(word.place.clone());
                faults.push(fault.hint(format!("it has {}", used.join(", "))));
            }
        }
    }
    faults
}

/// Warns where a site's language lacks words that English has.
fn lacking(
    files: &BTreeMap<String, Vec<WordFile>>,
    language: &str,
    spoken: &str,
) -> Option<Diagnostic> {
    let english = files.get(ENGLISH)?;
    let base = prefixes(language).pop()?;
    if base == ENGLISH {
        return None;
    }
    if spoken == ENGLISH {
        let message = format!("the theme has no words in `{language}`; its pages speak English");
        return Some(
            Diagnostic::warning(message)
                .at(Place::file("dateline.yaml"))
                .hint(format!(
                    "translate `{}` to `i18n/{base}.yaml`",
                    english[0].path
                )),
        );
    }
    let own: BTreeSet<&str> = chain(language)
        .filter_map(|tag| files.get(&tag))
        .flatten()
        .flat_map(|file| file.words.iter().map(|word| word.key.as_str()))
        .collect();
    let missing: BTreeSet<&str> = english
        .iter()
        .flat_map(|file| file.words.iter().map(|word| word.key.as_str()))
        .filter(|key| !own.contains(key))
        .collect();
    if missing.is_empty() {
        return None;
    }
    let missing: Vec<&str> = missing.into_iter().collect();
    let message = format!(
        "there are no words in `{language}` for {}",
        missing.join(", ")
    );
    let path = &files.get(spoken)?.first()?.path;
    Some(
        Diagnostic::warning(message)
            .at(Place::file(path.as_str()))
            .hint(format!(
                "they are in English until `i18n/{base}.yaml` has them"
            )),
    )
}

/// Writes a tag as the names of files are compared: `pt_BR` is `pt-br`.
fn normal(tag: &str) -> String {
    tag.replace('_', "-").to_ascii_lowercase()
}

/// Returns a tag and those of which it is a variety, itself first: `zh-hant-tw`, `zh-hant`, `zh`.
fn prefixes(tag: &str) -> Vec<String> {
    let tag = normal(tag);
    let mut tags = vec![tag.clone()];
    tags.extend(tag.rmatch_indices('-').map(|(at, _)| tag[..at].to_owned()));
    tags
}

/// Returns a tag and those of which it is a variety, itself last.
fn chain(tag: &str) -> impl Iterator<Item = String> + use<> {
    prefixes(tag).into_iter().rev()
}

fn nearest_tag(tags: &BTreeSet<String>, language: &str) -> String {
    prefixes(language)
        .into_iter()
        .find(|tag| tags.contains(tag))
        .unwrap_or_else(|| ENGLISH.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(name: Option<&str>, files: &[(&str, &str)]) -> Layer {
        let folder = name.map_or_else(String::new, |name| format!("themes/{name}/"));
        let words = files.iter().map(|(language, text)| {
            let source = SourceText {
                path: format!("{folder}i18n/{language}.yaml"),
                text: (*text).to_owned(),
            };
            ((*language).to_owned(), source)
        });
        Layer {
            name: name.map(str::to_owned),
            words: words.collect(),
            ..Layer::default()
        }
    }

    fn said(words: &Words, language: &str, key: &str) -> String {
        let value = &words.of(language).value;
        let found = value
            .as_map()
            .and_then(|map| map.get(&Key::Str(key)).cloned());
        found.map_or_else(String::new, |value| value.to_string())
    }

    #[test]
    fn a_word_comes_from_the_nearest_language_and_the_nearest_layer() {
        let layers = [
            layer(None, &[("pt-BR", "share: Compartilhar")]),
            layer(
                Some("own"),
                &[
                    ("en", "share: Share\nby: By\nonly: Only"),
                    ("pt", "share: Partilhar\nby: Por"),
                ],
            ),
        ];
        let mut faults = Vec::new();
        let words = Words::load(&layers, "en", &mut faults);
        assert_eq!(faults, []);
        for (language, key, expect) in [
            ("en-GB", "share", "Share"),
            ("pt", "share", "Partilhar"),
            ("pt-PT", "share", "Partilhar"),
            ("pt_br", "share", "Compartilhar"),
            ("pt-BR", "by", "Por"),
            ("pt-BR", "only", "Only"),
            ("fi", "by", "By"),
        ] {
            assert_eq!(said(&words, language, key), expect, "{language} {key}");
        }
        assert_ne!(words.of("pt").print, words.of("pt-BR").print);
        assert_eq!(words.of("pt").print, words.of("pt-PT").print);
    }

    #[test]
    fn what_the_sites_language_lacks_is_told() {
        let layers = [layer(
            Some("own"),
            &[("en", "share: Share\nby: By"), ("de", "by: Von")],
        )];
        for (language, expect) in [
            ("en-GB", &[][..]),
            ("de-AT", &["there are no words in `de-AT` for share"]),
            (
                "fi",
                &["the theme has no words in `fi`; its pages speak English"],
            ),
        ] {
            let mut faults = Vec::new();
            Words::load(&layers, language, &mut faults);
            let messages: Vec<_> = faults.iter().map(|fault| fault.message.as_str()).collect();
            assert_eq!(messages, expect, "{language}");
        }
    }

    #[test]
    fn forms_are_those_of_the_language() {
        let layers = [layer(
            Some("own"),
            &[
                ("en", "n: { one: x, few: y, other: z }"),
                ("pl", "n: { one: x, few: y, many: y, other: z }"),
                ("12", "a: b"),
            ],
        )];
        let mut faults = Vec::new();
        Words::load(&layers, "en", &mut faults);
        let messages: Vec<_> = faults.iter().map(|fault| fault.message.as_str()).collect();
        assert_eq!(
            messages,
            ["`12` is not a language", "`en` has no plural form `few`",]
        );
    }
}
