//! The settings of a theme: whether it knows those that a site gives under `extra`.

use super::lexer::{Token, TokenKind};
use super::theme::{Layer, SourceText};
use crate::base::diagnostic::Diagnostic;
use crate::source::article::Data;
use crate::source::config::{Config, Named};
use std::collections::BTreeSet;

/// The settings that templates read.
#[derive(Debug, Default)]
pub(super) struct Read<'a> {
    keys: BTreeSet<&'a str>,
    /// Whether a template reads settings whose names it makes itself.
    is_open: bool,
}

impl<'a> Read<'a> {
    /// Adds the settings that a template reads: `key` of `site.extra.key`.
    pub(super) fn read(&mut self, source: &'a SourceText, tokens: &[Token]) {
        let text = |at: usize| {
            tokens
                .get(at)
                .map_or("", |token| &source.text[token.range.clone()])
        };
        for at in 0..tokens.len() {
            if (text(at), text(at + 1), text(at + 2)) != ("site", ".", "extra") {
                continue;
            }
            let at = if text(at + 3) == "?" { at + 4 } else { at + 3 };
            match tokens.get(at + 1) {
                Some(key) if text(at) == "." && key.kind == TokenKind::Name => {
                    self.keys.insert(&source.text[key.range.clone()]);
                }
                _ => self.is_open = true,
            }
        }
    }

    /// Warns of settings that neither theme.yaml nor a template knows, and refuses those that are
    /// none of the names that the theme has for them.
    pub(super) fn check(&self, layers: &[Layer], config: &Config) -> Vec<Diagnostic> {
        let mut known = self.keys.clone();
        for layer in layers {
            if let Data::Map(entries) = &layer.meta.extra {
                known.extend(entries.iter().map(|(key, _)| key.as_str()));
            }
        }
        let mut faults = Vec::new();
        for (named, place) in &config.named {
            let Named::Extra(key) = named else { continue };
            if !known.contains(key.as_str()) {
                if !self.is_open {
                    let fault = Diagnostic::warning(format!("unknown setting `{key}`"))
                        .at(place.clone())
                        .suggest(key, known.iter().copied());
                    faults.push(fault.hint(if key == "words" {
                        "the words of the interface stand in `i18n/<language>.yaml`"
                    } else {
                        "neither the theme's theme.yaml nor a template of it knows it"
                    }));
                }
                continue;
            }
            let options = layers.iter().flat_map(|layer| &layer.meta.options);
            let Some((_, names)) = options.into_iter().find(|(known, _)| known == key) else {
                continue;
            };
            let Some(given) = given(&config.extra, key) else {
                continue;
            };
            if !names.contains(&given) {
                let fault = Diagnostic::error(format!("`{key}` can't be `{given}`"))
                    .at(place.clone())
                    .suggest(&given, names.iter().map(String::as_str));
                faults.push(fault.hint(format!("the theme has {}", names.join(", "))));
            }
        }
        faults
    }
}

/// Returns a setting as text; none where it is null.
fn given(extra: &Data, key: &str) -> Option<String> {
    let Data::Map(entries) = extra else {
        return None;
    };
    match entries.iter().find(|(known, _)| known == key)?.1.clone() {
        Data::Null => None,
        Data::Text(text) => Some(text),
        Data::Bool(value) => Some(value.to_string()),
        Data::Integer(value) => Some(value.to_string()),
        Data::Float(value) => Some(value.to_string()),
        Data::List(_) => Some("a list".to_owned()),
        Data::Map(_) => Some("a map".to_owned()),
    }
}
