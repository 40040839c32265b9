//! RSS 2.0, with the modules Content, Dublin Core and Media RSS 1.5.1, and an Atom link to itself.

use super::Channel;
use super::entry::{Entry, EntryPhoto};
use super::xml::{begin, element, element_with, empty, open};
use crate::plan::page::FeedFormat;

const NAMESPACES: [(&str, &str); 5] = [
    ("version", "2.0"),
    ("xmlns:atom", "http://www.w3.org/2005/Atom"),
    ("xmlns:content", "http://purl.org/rss/1.0/modules/content/"),
    ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
    ("xmlns:media", "http://search.yahoo.com/mrss/"),
];

pub(super) fn write(channel: &Channel<'_>) -> String {
    let mut xml = begin(channel);
    open(&mut xml, "rss", &NAMESPACES);
    xml.push_str("\n<channel>\n");
    element(&mut xml, "title", &channel.title);
    element(&mut xml, "link", &channel.home);
    element(&mut xml, "description", channel.description());
    element(&mut xml, "language", channel.language);
    if let Some((small, _)) = &channel.icons {
        // Its title and its link are those of the channel.
        xml.push_str("<image>\n");
        element(&mut xml, "url", small);
        element(&mut xml, "title", &channel.title);
        element(&mut xml, "link", &channel.home);
        xml.push_str("</image>\n");
    }
    let own = [
        ("href", channel.own.as_str()),
        ("rel", "self"),
        ("type", FeedFormat::Rss.media_type()),
    ];
    empty(&mut xml, "atom:link", &own);
    for hub in &channel.hubs {
        empty(&mut xml, "atom:link", &[("href", hub), ("rel", "hub")]);
    }
    if let Some(changed) = channel.changed() {
        element(&mut xml, "lastBuildDate", &changed.rfc2822());
    }
    for entry in &channel.entries {
        item(&mut xml, entry);
    }
    xml.push_str("</channel>\n</rss>\n");
    xml
}

fn item(xml: &mut String, entry: &Entry<'_>) {
    xml.push_str("<item>\n");
    element(xml, "title", &entry.title);
    element(xml, "link", &entry.address);
    let is_address = if entry.is_address { "true" } else { "false" };
    element_with(xml, "guid", &[("isPermaLink", is_address)], &entry.id);
    if let Some(published) = &entry.published {
        element(xml, "pubDate", &published.rfc2822());
    }
    for author in &entry.authors {
        element(xml, "dc:creator", author.name);
    }
    if let Some(language) = entry.language {
        element(xml, "dc:language", language);
    }
    for category in &entry.categories {
        element(xml, "category", category);
    }
    // The summary comes before the text: readers take the first of the two that they know.
    element(xml, "description", &entry.summary_html);
    if let Some(content) = &entry.content {
        element(xml, "content:encoded", content);
    }
    if let Some(photo) = &entry.photo {
        media(xml, photo);
    }
    xml.push_str("</item>\n");
}

fn media(xml: &mut String, photo: &EntryPhoto<'_>) {
    let size = photo
        .place
        .size
        .map(|(width, height)| (width.to_string(), height.to_string()));
    let mut attributes = vec![("url", photo.place.permalink.as_str()), ("medium", "image")];
    attributes.extend(
        photo
            .place
            .media_type
            .map(|media_type| ("type", media_type)),
    );
    if let Some((width, height)) = &size {
        attributes.extend([("width", width.as_str()), ("height", height.as_str())]);
    }
    let bytes = photo.place.bytes.map(|bytes| bytes.to_string());
    attributes.extend(bytes.as_deref().map(|bytes| ("fileSize", bytes)));
    open(xml, "media:content", &attributes);
    xml.push('\n');
    if let Some(caption) = photo.caption.as_deref().or(photo.alt()) {
        element_with(xml, "media:description", &[("type", "plain")], caption);
    }
    for credited in &photo.credited {
        let attributes = [("role", credited.role), ("scheme", "urn:ebu")];
        element_with(xml, "media:credit", &attributes, &credited.name);
    }
    if let Some((notice, licence)) = &photo.copyright {
        let url = licence.as_deref().map(|address| ("url", address));
        let attributes: Vec<(&str, &str)> = url.into_iter().collect();
        element_with(xml, "media:copyright", &attributes, notice);
    }
    xml.push_str("</media:content>\n");
}
