//! Atom, RFC 4287.

use super::Channel;
use super::entry::Entry;
use super::xml::{begin, element, element_with, empty, open};
use crate::plan::page::FeedFormat;

/// When a feed without entries changed: never.
const NEVER: &str = "1970-01-01T00:00:00+00:00";

pub(super) fn write(channel: &Channel<'_>) -> String {
    let config = &channel.archive.config;
    let mut xml = begin(channel);
    let attributes = [
        ("xmlns", "http://www.w3.org/2005/Atom"),
        ("xml:lang", channel.language),
    ];
    open(&mut xml, "feed", &attributes);
    xml.push('\n');
    element(&mut xml, "id", &channel.own);
    element(&mut xml, "title", &channel.title);
    if !config.description.is_empty() {
        element(&mut xml, "subtitle", &config.description);
    }
    let changed = channel.changed();
    let changed = changed.map_or_else(|| NEVER.to_owned(), |time| time.rfc3339_full());
    element(&mut xml, "updated", &changed);
    if let Some((small, _)) = &channel.icons {
        element(&mut xml, "icon", small);
    }
    link(
        &mut xml,
        "self",
        &channel.own,
        FeedFormat::Atom.media_type(),
    );
    link(&mut xml, "alternate", &channel.home, "text/html");
    for hub in &channel.hubs {
        empty(&mut xml, "link", &[("rel", "hub"), ("href", hub)]);
    }
    xml.push_str("<author>\n");
    element(&mut xml, "name", &config.publisher.name);
    xml.push_str("</author>\n");
    for entry in &channel.entries {
        self::entry(&mut xml, entry);
    }
    xml.push_str("</feed>\n");
    xml
}

fn entry(xml: &mut String, entry: &Entry<'_>) {
    match entry.language {
        Some(language) => open(xml, "entry", &[("xml:lang", language)]),
        None => open(xml, "entry", &[]),
    }
    xml.push('\n');
    // An id is an IRI; what else an article is known by becomes one.
    let id = match entry.is_address || entry.id.contains(':') {
        true => entry.id.clone(),
        false => format!("{}#{}", entry.address, entry.id.replace(' ', "%20")),
    };
    element(xml, "id", &id);
    element(xml, "title", &entry.title);
    link(xml, "alternate", &entry.address, "text/html");
    if let Some(published) = &entry.published {
        element(xml, "published", &published.rfc3339_full());
    }
    let changed = entry.updated.max(entry.published);
    let changed = changed.map_or_else(|| NEVER.to_owned(), |time| time.rfc3339_full());
    element(xml, "updated", &changed);
    for author in &entry.authors {
        xml.push_str("<author>\n");
        element(xml, "name", author.name);
        if let Some(address) = &author.address {
            element(xml, "uri", address);
        }
        xml.push_str("</author>\n");
    }
    for category in &entry.categories {
        empty(xml, "category", &[("term", category)]);
    }
    element(xml, "summary", &entry.summary);
    if let Some(content) = &entry.content {
        element_with(xml, "content", &[("type", "html")], content);
    }
    xml.push_str("</entry>\n");
}

fn link(xml: &mut String, relation: &str, address: &str, media_type: &str) {
    let attributes = [("rel", relation), ("type", media_type), ("href", address)];
    empty(xml, "link", &attributes);
}
