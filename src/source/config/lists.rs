//! The lists of dateline.yaml: the menu and the taxonomies.

use super::keys::{MENU_ITEM, TAXONOMY};
use super::read::Reader;
use super::{MenuItem, Named, Taxonomy};
use crate::base::diagnostic::Diagnostic;
use crate::source::front_matter;
use crate::source::schema::{self, Key};
use crate::source::yaml::{Entry, Node};

impl<'a> Reader<'_, 'a> {
    /// Reads the menu: a list of maps, or a map of names and addresses.
    pub(super) fn menu(&mut self, node: &Node<'a>) {
        if let Some(entries) = node.entries() {
            for entry in entries {
                if let Some(url) = self.text(&format!("menu.{}", entry.key), &entry.node) {
                    let name = entry.key.to_string();
                    self.name(Named::Link(url.clone()), &entry.node);
                    self.config.menu.push(MenuItem { name, url });
                }
            }
            return;
        }
        for item in self.faults.items(node) {
            let Some(entries) = item.entries() else {
                self.faults
                    .wrong_kind(&"an entry of `menu`", "a map of `name` and `url`", item);
                continue;
            };
            self.check_keys("menu.", MENU_ITEM, entries);
            let mut value = |name: &str| {
                let value = item
                    .entry(name)
                    .and_then(|node| self.text(&format!("menu.{name}"), node));
                if value.is_none() {
                    self.faults
                        .error(item.at, format!("an entry of `menu` has no `{name}`"));
                }
                value
            };
            if let (Some(name), Some(url)) = (value("name"), value("url")) {
                let node = item.entry("url").unwrap_or(item);
                self.name(Named::Link(url.clone()), node);
                self.config.menu.push(MenuItem { name, url });
            }
        }
    }

    fn check_keys(&mut self, prefix: &str, keys: &'static [Key], entries: &[Entry<'a>]) {
        for entry in entries {
            if schema::find(keys, &entry.key).is_none() {
                self.unknown(prefix, keys, entry);
            }
        }
    }

    /// Reads the taxonomies: a list of keys or maps.
    pub(super) fn taxonomies(&mut self, node: &Node<'a>) {
        let mut taxonomies: Vec<Taxonomy> = Vec::new();
        for item in self.faults.items(node) {
            let Some(taxonomy) = self.taxonomy(item) else {
                continue;
            };
            if taxonomies.iter().any(|other| other.key == taxonomy.key) {
                let message = format!("the taxonomy `{}` is given twice", taxonomy.key);
                self.faults.error(item.at, message);
                continue;
            }
            taxonomies.push(taxonomy);
        }
        self.config.taxonomies = taxonomies;
    }

    fn taxonomy(&mut self, item: &Node<'a>) -> Option<Taxonomy> {
        let entries = item.entries();
        if let Some(entries) = entries {
            self.check_keys("taxonomies.", TAXONOMY, entries);
        }
        let key_node = match entries {
            Some(_) => item.entry("key"),
            None => Some(item),
        };
        let Some(key_node) = key_node else {
            self.faults.error(item.at, "a taxonomy has no `key`");
            return None;
        };
        let key = self.text("taxonomies", key_node)?;
        if let Some((message, hint)) = taxonomy_fault(&key) {
            let place = self.faults.place(key_node.at);
            self.faults
                .push(Diagnostic::error(message).at(place).hint(hint));
            return None;
        }
        let singular = item
            .entry("singular")
            .and_then(|node| self.text("taxonomies.singular", node));
        let feeds = item
            .entry("feeds")
            .and_then(|node| self.faults.truth(&"`taxonomies.feeds`", node));
        Some(Taxonomy {
            singular: singular.unwrap_or_else(|| singular_of(&key)),
            feeds: feeds.unwrap_or(true),
            key,
        })
    }
}

/// Finds what is wrong with the key of a taxonomy, and what to do about it.
fn taxonomy_fault(key: &str) -> Option<(String, String)> {
    let is_name = !key.is_empty()
        && !key.starts_with(['-', '_'])
        && key
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    if !is_name {
        return Some((
            format!("`{key}` can't be the key of a taxonomy"),
            "use letters, digits, `-` and `_`".to_owned(),
        ));
    }
    if matches!(key, "section" | "sections" | "credit" | "credits") {
        return Some((
            format!("`{key}` is no taxonomy of front matter"),
            "remove it: sections and photo credits always have pages".to_owned(),
        ));
    }
    front_matter::reserved(key).map(|meant| match meant {
        "tags" | "authors" => (
            format!("`{key}` is another name of `{meant}`"),
            format!("write `{meant}`"),
        ),
        _ => (
            format!(
                "`{key}` can't be a taxonomy: articles have the key `{meant}` for something else"
            ),
            "choose another name".to_owned(),
        ),
    })
}

/// Returns what one of several is called in English.
fn singular_of(key: &str) -> String {
    match key {
        "series" | "species" => key.to_owned(),
        "people" => "person".to_owned(),
        _ => match key.strip_suffix("ies") {
            Some(stem) => format!("{stem}y"),
            None => key.strip_suffix('s').unwrap_or(key).to_owned(),
        },
    }
}
