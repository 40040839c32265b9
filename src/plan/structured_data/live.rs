//! The entries of live coverage, as schema.org's BlogPosting.

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
    #[serde(rename = "articleBody", skip_serializing_if = "String::is_empty")]
    body: String,
}

/// Describes the entries of the live coverage at `own`, whose body is `html`.
pub(super) fn updates(live: &Live, own: &str, html: &str) -> Vec<BlogPosting> {
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
