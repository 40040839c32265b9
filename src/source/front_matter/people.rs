//! `data/authors.yaml`: who the authors are.

use super::picture;
use super::values::text;
use crate::base::diagnostic::{self, Diagnostic};
use crate::source::article::Data;
use crate::source::photo::Photo;
use crate::source::yaml::{self, Entry, Faults, Language, Node, Value};
use serde::{Deserialize, Serialize};

/// A person, or a desk, that writes articles.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// The name as articles give it: the key in the file.
    pub key: String,
    /// The name as shown; the key where none is given.
    pub name: String,
    /// What they do, such as `Science editor`.
    pub role: Option<String>,
    /// Who they are, in Markdown.
    pub bio: Option<String>,
    /// Their portrait.
    pub photo: Option<Photo>,
    /// Their own page.
    pub url: Option<String>,
    /// Where readers write to.
    pub email: Option<String>,
    /// Their other addresses: what each is called and where it leads, in the order written.
    pub links: Vec<(String, String)>,
    /// Everything else: data for the theme.
    pub extra: Data,
}

/// Reads the authors of a site: a map by name, or a list of maps with a `name` each.
pub fn parse_people(path: &str, source: &str) -> (Vec<Person>, Vec<Diagnostic>) {
    let start = if source.starts_with('\u{feff}') { 3 } else { 0 };
    let (people, mut faults) =
        yaml::interpret(path, source, start..source.len(), Language::Yaml, read);
    diagnostic::sort(&mut faults);
    (people.unwrap_or_default(), faults)
}

fn read<'a>(root: &Node<'a>, faults: &mut Faults<'a>) -> Vec<Person> {
    match &root.value {
        Value::Null => Vec::new(),
        Value::Map(people) => people
            .iter()
            .map(|entry| person(Some(&entry.key), &entry.node, faults))
            .collect(),
        Value::List(people) => people
            .iter()
            .map(|node| person(None, node, faults))
            .filter(|person| !person.key.is_empty())
            .collect(),
        _ => {
            faults.wrong_kind(&"this file", "a map of authors by name", root);
            Vec::new()
        }
    }
}

fn person<'a>(key: Option<&str>, node: &Node<'a>, faults: &mut Faults<'a>) -> Person {
    let mut person = Person {
        key: key.unwrap_or_default().trim().to_owned(),
        ..Person::default()
    };
    let mut extra = Vec::new();
    let what = match key {
        Some(key) => format!("`{key}`"),
        None => "an author".to_owned(),
    };
    for entry in faults.map(&what, node) {
        person.set(entry, &mut extra, faults);
    }
    if person.name.is_empty() {
        person.name.clone_from(&person.key);
    }
    if key.is_none() {
        person.key.clone_from(&person.name);
        if person.name.is_empty() && node.entries().is_some() {
            faults.error(node.at, "an author has no `name`");
        }
    }
    if !extra.is_empty() {
        person.extra = Data::Map(extra);
    }
    person
}

impl Person {
    fn set<'a>(
        &mut self,
        entry: &Entry<'a>,
        extra: &mut Vec<(String, Data)>,
        faults: &mut Faults<'a>,
    ) {
        let node = &entry.node;
        let what = format!("`{}`", entry.key);
        match entry.key.to_lowercase().as_str() {
            "name" => self.name = text(&what, node, faults).unwrap_or_default(),
            "role" | "title" | "headline" | "job_title" => self.role = text(&what, node, faults),
            "bio" | "summary" | "description" => self.bio = text(&what, node, faults),
            "photo" | "image" | "picture" | "avatar" => {
                let picture = picture::read(&entry.key, node, faults);
                self.photo = (!picture.photo.src.is_empty()).then_some(picture.photo);
            }
            "url" | "website" => self.url = text(&what, node, faults),
            "email" => self.email = text(&what, node, faults),
            "links" => self.links = links(node, faults),
            "extra" => extra.extend(
                faults
                    .map(&what, node)
                    .iter()
                    .map(|entry| (entry.key.to_string(), entry.node.to_data())),
            ),
            _ => extra.push((entry.key.to_string(), node.to_data())),
        }
    }
}

/// Reads links: a map of names and addresses, or a list of maps or addresses.
fn links<'a>(node: &Node<'a>, faults: &mut Faults<'a>) -> Vec<(String, String)> {
    let mut links = Vec::new();
    if let Value::Map(entries) = &node.value {
        for entry in entries {
            if let Some(url) = text(
                &format_args!("the link `{}`", entry.key),
                &entry.node,
                faults,
            ) {
                links.push((entry.key.to_string(), url));
            }
        }
        return links;
    }
    for item in faults.items(node) {
        let url = match item.entries() {
            Some(_) => item.entry("url"),
            None => Some(item),
        };
        let Some(url) = url.and_then(|url| text(&"a link", url, faults)) else {
            if item.entries().is_some() {
                faults.error(item.at, "a link has no `url`");
            }
            continue;
        };
        let name = item
            .entry("name")
            .and_then(|name| text(&"a link's `name`", name, faults));
        links.push((name.unwrap_or_else(|| url.clone()), url));
    }
    links
}
