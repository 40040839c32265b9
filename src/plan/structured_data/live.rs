//! The entries of live coverage, as schema.org's BlogPosting.

use super::image::ImageObject;
use super::organization::Named;
use super::person::{self, Author};
use crate::archive::{Archive, Published};
use crate::source::markdown;
use crate::source::presentation::Live;
use quick_xml::escape::escape;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct BlogPosting {
    #[serde(rename = "@type")]
    kind: &'static str,
    url: String,
    headline: String,
    #[serde(rename = "datePublished")]
    published: String,
    #[serde(rename = "dateModified")]
    modified: String,
    #[serde(rename = "mainEntityOfPage")]
    page: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    author: Vec<Author>,
    publisher: Named,
    #[serde(rename = "articleBody", skip_serializing_if = "String::is_empty")]
    body: String,
}

/// Describes the entries of the live coverage at `own`, whose body is `html` and whose picture stands for
/// each of them.
pub(super) fn updates(
    archive: &Archive,
    one: &Published,
    live: &Live,
    own: &str,
    html: &str,
    image: Option<&ImageObject>,
) -> Vec<BlogPosting> {
    let updates = live.updates.iter();
    updates
        .map(|update| BlogPosting {
            kind: "BlogPosting",
            url: format!("{own}#{}", update.id),
            headline: match update.headline.is_empty() {
                true => update.written.clone(),
                false => update.headline.clone(),
            },
            published: update.time.rfc3339_full(),
            modified: update.time.rfc3339_full(),
            page: own.to_owned(),
            image: image.map(|image| image.url.clone()),
            author: person::authors(archive, one),
            publisher: Named::publisher(archive),
            body: body(html, &update.id).unwrap_or_default(),
        })
        .collect()
}

/// Returns the text that stands under the heading of an id, up to the next heading of its level.
fn body(html: &str, id: &str) -> Option<String> {
    let at = html.find(&format!(" id=\"{}\"", escape(id)))?;
    let start = at + html[at..].find("</h2>")? + "</h2>".len();
    let end = html[start..]
        .find("<h2")
        .map_or(html.len(), |end| start + end);
    Some(markdown::plain_text(&html[start..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_says_what_stands_under_it() {
        let html = "<p>A</p><h2 id=\"b\">B</h2><p>One &amp; <em>two</em></p>\n</section><section><h2 id=\"c\">C</h2>";
        assert_eq!(body(html, "b").as_deref(), Some("One & two"));
        assert_eq!(body(html, "c").as_deref(), Some(""));
        assert_eq!(body(html, "d"), None);
    }
}
