//! Feeds: RSS 2.0 with the Dublin Core and Media RSS modules, and Atom (RFC 4287).
//!
//! Entries carry the summary. An entry's id is its address, which does not change with the
//! headline.

use super::page::{FeedFormat, List, Page};
use super::view::View;
use crate::archive::{Archive, ArticleId, Published};
use crate::base::timestamp::Timestamp;
use crate::source::markdown;
use crate::theme::value::PicturePlace;
use quick_xml::escape::escape;
use std::fmt::Write;

/// Returns a feed of a list's newest articles.
pub fn feed(view: &View<'_>, page: &Page, list: List, format: FeedFormat) -> String {
    let archive = view.archive;
    let channel = Channel {
        archive,
        title: match list {
            List::Section(0) => archive.config.title.clone(),
            List::Section(section) if archive.is_root(section) => list.title(archive),
            _ => format!("{}: {}", archive.config.title, list.title(archive)),
        },
        language: list.language(archive),
        own: archive.permalink(&page.route),
        home: archive.permalink(&list.route(archive)),
        articles: list.feed_articles(archive),
    };
    match format {
        FeedFormat::Rss => channel.rss(),
        FeedFormat::Atom => channel.atom(),
    }
}

struct Channel<'a> {
    archive: &'a Archive,
    title: String,
    language: &'a str,
    own: String,
    home: String,
    articles: Vec<ArticleId>,
}

impl Channel<'_> {
    fn rss(&self) -> String {
        let config = &self.archive.config;
        let mut xml = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" \
             xmlns:atom=\"http://www.w3.org/2005/Atom\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
             xmlns:media=\"http://search.yahoo.com/mrss/\">\n<channel>\n",
        );
        element(&mut xml, "title", &self.title);
        element(&mut xml, "link", &self.home);
        let description = if config.description.is_empty() {
            &self.title
        } else {
            &config.description
        };
        element(&mut xml, "description", description);
        element(&mut xml, "language", self.language);
        let _ = writeln!(
            xml,
            "<atom:link href=\"{}\" rel=\"self\" type=\"application/rss+xml\"/>",
            escape(self.own.as_str())
        );
        if let Some(changed) = self.changed() {
            element(&mut xml, "lastBuildDate", &changed.rfc2822());
        }
        for id in &self.articles {
            self.item(&mut xml, self.archive.article(*id));
        }
        xml.push_str("</channel>\n</rss>\n");
        xml
    }

    fn item(&self, xml: &mut String, one: &Published) {
        let meta = &one.article.meta;
        let address = self.archive.permalink(&one.route);
        xml.push_str("<item>\n");
        element(xml, "title", &meta.headline);
        element(xml, "link", &address);
        let _ = writeln!(
            xml,
            "<guid isPermaLink=\"true\">{}</guid>",
            escape(address.as_str())
        );
        if let Some(time) = &meta.timestamp {
            element(xml, "pubDate", &time.rfc2822());
        }
        for author in &meta.authors {
            element(xml, "dc:creator", author);
        }
        for tag in &meta.tags {
            element(xml, "category", tag);
        }
        element(
            xml,
            "description",
            &markdown::plain_text(&one.article.outline.summary),
        );
        self.media(xml, one);
        xml.push_str("</item>\n");
    }

    fn media(&self, xml: &mut String, one: &Published) {
        let (Some(photo), Some(target)) = (&one.article.meta.photo, &one.photo) else {
            return;
        };
        let place = PicturePlace::of(self.archive, &one.route, &photo.src, target);
        let _ = write!(
            xml,
            "<media:content url=\"{}\" medium=\"image\"",
            escape(place.permalink.as_str())
        );
        if let Some(media_type) = place.media_type {
            let _ = write!(xml, " type=\"{media_type}\"");
        }
        if let Some((width, height)) = place.size {
            let _ = write!(xml, " width=\"{width}\" height=\"{height}\"");
        }
        xml.push_str(">\n");
        if let Some(caption) = &photo.caption {
            let caption = markdown::plain_text(&markdown::inline(
                caption,
                &self.archive.config.markdown,
                None,
            ));
            let _ = writeln!(
                xml,
                "<media:description type=\"plain\">{}</media:description>",
                text(&caption)
            );
        }
        if let Some(credit) = &photo.credit {
            let _ = writeln!(
                xml,
                "<media:credit role=\"photographer\" scheme=\"urn:ebu\">{}</media:credit>",
                text(credit)
            );
        }
        xml.push_str("</media:content>\n");
    }

    fn atom(&self) -> String {
        let config = &self.archive.config;
        let mut xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n",
            escape(self.language)
        );
        element(&mut xml, "id", &self.own);
        element(&mut xml, "title", &self.title);
        if !config.description.is_empty() {
            element(&mut xml, "subtitle", &config.description);
        }
        // A feed without entries still needs the element; the date says that it never changed.
        let changed = self.changed().map_or_else(
            || "1970-01-01T00:00:00+00:00".to_owned(),
            |time| time.rfc3339_full(),
        );
        element(&mut xml, "updated", &changed);
        link(&mut xml, "self", &self.own, "application/atom+xml");
        link(&mut xml, "alternate", &self.home, "text/html");
        let publisher = if config.publisher.name.is_empty() {
            &config.title
        } else {
            &config.publisher.name
        };
        let _ = writeln!(xml, "<author><name>{}</name></author>", text(publisher));
        for id in &self.articles {
            self.entry(&mut xml, self.archive.article(*id));
        }
        xml.push_str("</feed>\n");
        xml
    }

    fn entry(&self, xml: &mut String, one: &Published) {
        let meta = &one.article.meta;
        let address = self.archive.permalink(&one.route);
        xml.push_str("<entry>\n");
        element(xml, "id", &address);
        element(xml, "title", &meta.headline);
        if let Some(time) = &meta.timestamp {
            element(xml, "published", &time.rfc3339_full());
            element(
                xml,
                "updated",
                &meta
                    .updated
                    .max(meta.timestamp)
                    .as_ref()
                    .unwrap_or(time)
                    .rfc3339_full(),
            );
        }
        link(xml, "alternate", &address, "text/html");
        self.people(xml, one);
        for (at, tag) in meta.tags.iter().enumerate() {
            let term = self
                .archive
                .groups
                .iter()
                .position(|group| group.taxonomy.key == "tags")
                .and_then(|group| {
                    let term = one.terms[group].get(at)?;
                    Some(&self.archive.groups[group].terms[*term].slug)
                });
            let _ = writeln!(
                xml,
                "<category term=\"{}\" label=\"{}\"/>",
                escape(term.map_or(tag.as_str(), String::as_str)),
                text(tag)
            );
        }
        let summary = markdown::plain_text(&one.article.outline.summary);
        element(
            xml,
            "summary",
            if summary.is_empty() {
                &meta.headline
            } else {
                &summary
            },
        );
        xml.push_str("</entry>\n");
    }

    fn people(&self, xml: &mut String, one: &Published) {
        let group = self
            .archive
            .groups
            .iter()
            .position(|group| group.taxonomy.key == "authors");
        for author in &one.article.meta.authors {
            let _ = write!(xml, "<author><name>{}</name>", text(author));
            let term = group.and_then(|group| {
                let terms = one.terms[group]
                    .iter()
                    .map(|term| &self.archive.groups[group].terms[*term]);
                terms.into_iter().find(|term| term.name == *author)
            });
            if let Some(term) = term {
                element(xml, "uri", &self.archive.permalink(&term.route));
            }
            xml.push_str("</author>\n");
        }
    }

    /// Returns when the newest change of the feed's articles was.
    fn changed(&self) -> Option<Timestamp> {
        self.articles
            .iter()
            .filter_map(|id| {
                let meta = &self.archive.article(*id).article.meta;
                meta.updated.max(meta.timestamp)
            })
            .max()
    }
}

fn link(xml: &mut String, relation: &str, address: &str, media_type: &str) {
    let _ = writeln!(
        xml,
        "<link rel=\"{relation}\" type=\"{media_type}\" href=\"{}\"/>",
        escape(address)
    );
}

fn element(xml: &mut String, name: &str, content: &str) {
    let _ = writeln!(xml, "<{name}>{}</{name}>", text(content));
}

/// Escapes a text and drops the characters that XML 1.0 does not allow.
fn text(content: &str) -> String {
    let is_allowed = |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    let allowed: String = content.chars().filter(is_allowed).collect();
    escape(allowed.as_str()).into_owned()
}
