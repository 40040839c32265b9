//! `theme.yaml`: what a theme says of itself.

use crate::base::diagnostic::{self, Diagnostic, Place};
use crate::source::article::Data;
use crate::source::schema::{self, Key, Shape};
use crate::source::yaml::{self, Faults, Language, Node, Value};

/// What a theme says of itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ThemeMeta {
    /// Its name, as shown.
    pub name: String,
    /// Its own version.
    pub version: Option<String>,
    /// The least version of dateline that it needs: major, minor, patch.
    pub dateline: Option<(u64, u64, u64)>,
    /// Who made it.
    pub author: Option<String>,
    /// Its licence, best as an SPDX expression.
    pub licence: Option<String>,
    /// What it is, in a sentence or two.
    pub description: Option<String>,
    /// The theme whose files it overrides.
    pub extends: Option<String>,
    /// Defaults of the settings that a site may give under `extra`.
    pub extra: Data,
    /// Of settings that are one of a few names: the names.
    pub options: Vec<(String, Vec<String>)>,
    /// The shortcodes that it declares; none where all of `templates/shortcodes/` are meant.
    pub shortcodes: Option<Vec<String>>,
}

/// The keys of theme.yaml.
pub const KEYS: &[Key] = &[
    Key::new("name", Shape::Text, "The theme's name."),
    Key::new("version", Shape::Text, "The theme's own version."),
    Key::new(
        "dateline",
        Shape::Text,
        "The least version of dateline that the theme needs, such as `0.1`.",
    ),
    Key::new("author", Shape::Text, "Who made the theme."),
    Key::new(
        "licence",
        Shape::Text,
        "The licence, such as `MIT OR Apache-2.0`.",
    ),
    Key::new(
        "description",
        Shape::Text,
        "What the theme is, in a sentence or two.",
    ),
    Key::new(
        "extends",
        Shape::Text,
        "The theme whose files this one overrides.",
    ),
    Key::new(
        "extra",
        Shape::FreeMap,
        "Defaults of the settings under `extra`.",
    ),
    Key::new(
        "options",
        Shape::FreeMap,
        "Of settings under `extra` that are one of a few names: the names, by the setting.",
    ),
    Key::new(
        "shortcodes",
        Shape::Texts,
        "The shortcodes that articles may call. Default: all of `templates/shortcodes/`.",
    ),
];

/// Reads the `theme.yaml` at `path`, whose text is `source`. Returns every fault; there is no
/// value where there is one.
pub fn parse(path: &str, source: &str) -> (Option<ThemeMeta>, Vec<Diagnostic>) {
    let start = if source.starts_with('\u{feff}') { 3 } else { 0 };
    let (meta, mut faults) =
        yaml::interpret(path, source, start..source.len(), Language::Yaml, read);
    diagnostic::sort(&mut faults);
    let meta = meta.filter(|_| !faults.iter().any(Diagnostic::is_error));
    (meta, faults)
}

fn read<'a>(root: &Node<'a>, faults: &mut Faults<'a>) -> ThemeMeta {
    let mut meta = ThemeMeta::default();
    for entry in faults.map(&"theme.yaml", root) {
        let Some(key) = schema::find(KEYS, &entry.key) else {
            let place = faults.place(entry.key_at);
            let fault = Diagnostic::error(format!("unknown key `{}`", entry.key)).at(place);
            faults.push(match schema::suggest(KEYS, &entry.key) {
                Some(meant) => fault.hint(format!("did you mean `{meant}`?")),
                None => fault.hint("keys of your own go under `extra`"),
            });
            continue;
        };
        if !entry.node.is_null() {
            meta.set(key.name, &entry.node, faults);
        }
    }
    if meta.name.is_empty() && (root.is_null() || root.entries().is_some()) {
        let place = Place::file(faults.path());
        faults.push(
            Diagnostic::error("the theme has no name")
                .at(place)
                .hint("add a line such as `name: Broadsheet`"),
        );
    }
    meta
}

impl ThemeMeta {
    fn set<'a>(&mut self, name: &str, node: &Node<'a>, faults: &mut Faults<'a>) {
        let quoted = format!("`{name}`");
        let text = |faults: &mut Faults<'a>| {
            let text = faults.text(&quoted, node)?;
            Some(text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        match name {
            "name" => self.name = text(faults).unwrap_or_default(),
            "version" => self.version = text(faults),
            "dateline" => {
                self.dateline = text(faults).and_then(|text| version(&text, node, faults))
            }
            "author" => {
                let name = match node.value {
                    Value::Map(_) => node
                        .entry("name")
                        .and_then(|name| faults.text(&quoted, name)),
                    _ => faults.text(&quoted, node),
                };
                self.author = name.map(|name| name.trim().to_owned());
            }
            "licence" => self.licence = text(faults),
            "description" => self.description = text(faults),
            "extends" => self.extends = text(faults),
            "extra" => {
                faults.map(&quoted, node);
                self.extra = node.to_data();
            }
            "options" => {
                for entry in faults.map(&quoted, node) {
                    let items = faults.items(&entry.node).iter();
                    let names = items.filter_map(|item| faults.text(&quoted, item));
                    let names = names.map(|name| name.trim().to_owned()).collect();
                    self.options.push((entry.key.to_string(), names));
                }
            }
            _ => {
                let items = faults.items(node).iter();
                let names = items.filter_map(|item| faults.text(&quoted, item));
                self.shortcodes = Some(names.map(|name| name.trim().to_owned()).collect());
            }
        }
    }
}

/// Reads a version such as `0.1` or `1.2.3`.
fn version(text: &str, node: &Node<'_>, faults: &mut Faults<'_>) -> Option<(u64, u64, u64)> {
    let mut numbers = text.split('.').map(|number| number.parse::<u64>().ok());
    let mut next = || numbers.next().unwrap_or(Some(0));
    let version = (next(), next(), next());
    let is_longer = numbers.next().is_some();
    match version {
        (Some(major), Some(minor), Some(patch)) if !is_longer => Some((major, minor, patch)),
        _ => {
            let place = faults.place(node.at);
            faults.push(
                Diagnostic::error(format!("`{text}` is not a version of dateline"))
                    .at(place)
                    .hint("write the least version that the theme needs, such as `0.1`"),
            );
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read() {
        let source = "name: Mine\nversion: 1.10\ndateline: 0.1\nauthor: { name: Ana }\nlicence: MIT\n\
                      description: D\nextends: broadsheet\nextra: { colour: blue }\noptions: { colour: [blue, red] }\nshortcodes: [note]\n";
        let (meta, faults) = parse("themes/mine/theme.yaml", source);
        assert_eq!(faults, []);
        let text = |text: &str| Some(text.to_owned());
        let expected = ThemeMeta {
            name: "Mine".to_owned(),
            version: text("1.10"),
            dateline: Some((0, 1, 0)),
            author: text("Ana"),
            licence: text("MIT"),
            description: text("D"),
            extends: text("broadsheet"),
            extra: Data::Map(vec![("colour".to_owned(), Data::Text("blue".to_owned()))]),
            options: vec![(
                "colour".to_owned(),
                vec!["blue".to_owned(), "red".to_owned()],
            )],
            shortcodes: Some(vec!["note".to_owned()]),
        };
        assert_eq!(meta, Some(expected));
    }

    #[test]
    fn every_fault_is_told() {
        let source = "verison: 1\ndateline: new\nextra: [x]\nshortcodes: [[a]]\n";
        let (meta, faults) = parse("theme.yaml", source);
        assert_eq!(meta, None);
        let messages: Vec<_> = faults.iter().map(|fault| fault.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "the theme has no name",
                "unknown key `verison`",
                "`new` is not a version of dateline",
                "`extra` must be a map, not a list",
                "`shortcodes` must be a text, not a list",
            ]
        );
    }
}
