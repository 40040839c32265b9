//! What the preview adds to a page: the script, and what the bar and the overlay say.
//!
//! Nothing of this is ever in a build.

use super::editor::Editor;
use crate::archive::{Archive, Hidden, Visibility};
use crate::base::diagnostic::{Diagnostic, Place};
use crate::plan::page::{Page, Subject};
use crate::source::article::Article;
use crate::source::markdown::Placement;
use serde_json::{Value, json};
use std::path::Path;

/// The script that runs in previewed pages.
pub const SCRIPT: &str = include_str!("preview.js");

/// The element that holds what the script is told.
const ELEMENT: &str = "dateline-preview";

/// Writes the script and what it is told into a page, before the end of its body.
pub fn inject(html: &[u8], token: &str, told: &Value) -> Vec<u8> {
    // In a data block, `<` could end the element.
    let told = told.to_string().replace('<', "\\u003c");
    let added = format!(
        "<script type=\"application/json\" id=\"{ELEMENT}\">{told}</script>\
         <script src=\"/-/{token}/preview.js\" id=\"{ELEMENT}-script\"></script>\n"
    );
    let end = body_end(html);
    [&html[..end], added.as_bytes(), &html[end..]].concat()
}

/// Writes a sentence onto a page, for a browser without scripts as well.
pub fn note(html: &[u8], words: &str) -> Vec<u8> {
    let note = format!(
        "<p id=\"{ELEMENT}-note\" role=\"note\" style=\"background: #ffd; border: 1px solid #aa8; color: #222; \
         font: 1rem/1.5 system-ui, sans-serif; inset: 1rem 1rem auto; margin: 0 auto; max-width: 50rem; padding: .5rem 1rem; \
         position: fixed; z-index: 2147483646\">{}</p>\n",
        escaped(words)
    );
    let end = body_end(html);
    [&html[..end], note.as_bytes(), &html[end..]].concat()
}

/// Returns where the body of a page ends.
fn body_end(html: &[u8]) -> usize {
    [b"</body".as_slice(), b"</BODY"]
        .into_iter()
        .filter_map(|tag| memchr::memmem::rfind(html, tag))
        .max()
        .unwrap_or(html.len())
}

/// Says of a page what an editor should know: where it is written, what it lacks, who can't see it.
pub fn facts(archive: &Archive, page: &Page, root: &Path, editor: &Editor) -> Value {
    let path = crate::plan::source(archive, &page.subject);
    let mut facts = json!({
        "source": path,
        "editor": editor.link(root, &path, 1, 1),
        "kind": page.subject.kind().name(),
    });
    if let Subject::Article(id) = &page.subject {
        let article = &archive.article(*id).article;
        facts["words"] = json!(article.outline.words);
        facts["notes"] = json!(notes(article, archive.now));
    }
    facts
}

/// Lists what is special about an article.
fn notes(article: &Article, now: i64) -> Vec<String> {
    let meta = &article.meta;
    let mut notes = Vec::new();
    if meta.draft {
        notes.push("draft".to_owned());
    }
    if let Some(time) = meta.timestamp.as_ref().filter(|time| time.instant() > now) {
        notes.push(format!(
            "scheduled for {}",
            time.rfc3339().replace('T', " ")
        ));
    }
    if let Some(time) = meta.expires.as_ref().filter(|time| time.instant() <= now) {
        notes.push(format!("expired {}", time.rfc3339().replace('T', " ")));
    }
    if let Some(photo) = &meta.photo {
        let is_blank =
            |text: &Option<String>| text.as_ref().is_none_or(|text| text.trim().is_empty());
        if is_blank(&photo.credit) {
            notes.push(match &photo.no_credit_reason {
                Some(reason) => format!("photo without credit: {reason}"),
                None => "photo without credit".to_owned(),
            });
        }
        if photo.alt.is_none() {
            notes.push("photo without alt text".to_owned());
        }
    }
    let pictures = &article.outline.pictures;
    let silent = pictures
        .iter()
        .filter(|picture| picture.alt.is_none())
        .count();
    let uncredited = pictures.iter().filter(|picture| {
        picture.placement == Placement::Alone
            && picture.credit.is_none()
            && picture.no_credit_reason.is_none()
    });
    for (count, what) in [(silent, "alt text"), (uncredited.count(), "credit")] {
        match count {
            0 => {}
            1 => notes.push(format!("a picture in the text without {what}")),
            count => notes.push(format!("{count} pictures in the text without {what}")),
        }
    }
    notes
}

/// Says diagnostics for the overlay.
pub fn faults(diagnostics: &[Diagnostic], root: &Path, editor: &Editor) -> Value {
    let place = |place: &Place| {
        let stretch = place.stretch.as_ref();
        let (line, column) = stretch.map_or((1, 1), |stretch| (stretch.line, stretch.column));
        json!({
            "path": place.path,
            "line": stretch.map(|stretch| stretch.line),
            "column": stretch.map(|stretch| stretch.column),
            "text": stretch.map(|stretch| &stretch.text),
            "caret": stretch.map(|stretch| stretch.column.saturating_sub(1).saturating_sub(stretch.cut)),
            "length": stretch.map(|stretch| stretch.length),
            "editor": editor.link(root, &place.path, line, column),
        })
    };
    let all = diagnostics.iter().map(|one| {
        json!({
            "severity": one.severity,
            "message": one.message,
            "place": one.place.as_ref().map(place),
            "related": one.related.iter().map(|related| json!({
                "label": related.label,
                "place": place(&related.place),
            })).collect::<Vec<_>>(),
            "hints": one.hints,
        })
    });
    Value::Array(all.collect())
}

/// Says diagnostics in plain text, for a browser without scripts.
fn plain(diagnostics: &[Diagnostic]) -> String {
    let mut text = String::new();
    for one in diagnostics {
        let severity = if one.is_error() { "error" } else { "warning" };
        text.push_str(&format!("{severity}: {}\n", one.message));
        if let Some(place) = &one.place {
            match &place.stretch {
                Some(stretch) => text.push_str(&format!(
                    " --> {}:{}:{}\n{:>5} | {}\n",
                    place.path, stretch.line, stretch.column, stretch.line, stretch.text
                )),
                None => text.push_str(&format!(" --> {}\n", place.path)),
            }
        }
        for hint in &one.hints {
            text.push_str(&format!("  = hint: {hint}\n"));
        }
        text.push('\n');
    }
    text
}

/// Makes the page that stands where there is no other: what it is about, and more in plain text.
pub fn plain_page(title: &str, words: &str) -> Vec<u8> {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <link rel=\"icon\" href=\"data:,\">\n\
         <style>body {{ font: 1rem/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 50rem; padding: 0 1rem }} \
         pre {{ white-space: pre-wrap }}</style>\n</head>\n<body>\n<h1>{title}</h1>\n{words}\n</body>\n</html>\n",
        title = escaped(title),
    )
    .into_bytes()
}

/// Makes the page that shows diagnostics where there is no page to show them over.
pub fn fault_page(diagnostics: &[Diagnostic]) -> Vec<u8> {
    let words = match diagnostics.is_empty() {
        true => "<p>It is being read.</p>".to_owned(),
        false => format!("<pre>{}</pre>", escaped(&plain(diagnostics))),
    };
    plain_page("This page can\u{2019}t be shown yet", &words)
}

/// Says where a hidden article is and how it can be seen.
pub fn hidden_words(reason: Hidden, path: &str) -> String {
    let (what, flag) = match reason {
        Hidden::Draft => ("a draft", "-D"),
        Hidden::Scheduled => ("scheduled for later", "-F"),
        Hidden::Expired => ("expired", "-E"),
    };
    format!("this is {what}: {path} is left out of the site; `dateline serve {flag}` shows it")
}

/// Tells why the page at an address is hidden, if there would be one with everything shown.
pub fn hidden(archive: &Archive, page: &Page, visibility: &Visibility) -> Option<String> {
    let Subject::Article(id) = &page.subject else {
        return None;
    };
    let article = &archive.article(*id).article;
    let reason = visibility.hides(article)?;
    Some(hidden_words(reason, &article.path))
}

/// Writes text so that it is text in HTML.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_stands_at_the_end_of_the_body() {
        let told = json!({ "x": "</script><b>" });
        let check = |html: &str, before: &str, after: &str| {
            let made = String::from_utf8(inject(html.as_bytes(), "t", &told)).expect("it is text");
            assert!(made.starts_with(before) && made.ends_with(after), "{made}");
            assert_eq!(made.matches("</script>").count(), 2, "{made}");
            assert!(made.contains("src=\"/-/t/preview.js\""), "{made}");
        };
        check(
            "<p>a</p></body></html>",
            "<p>a</p><script",
            "</script>\n</body></html>",
        );
        check(
            "<code></body></code><p></BODY>",
            "<code></body></code><p><script",
            "</script>\n</BODY>",
        );
        check("<p>a", "<p>a<script", "</script>\n");
    }

    #[test]
    fn a_diagnostic_has_its_line_its_caret_and_its_link() {
        let source = "---\ntimestmap: x\n---\n";
        let fault = Diagnostic::error("unknown key")
            .at(Place::range("content/a.md", source, 4..13))
            .hint("no");
        let told = faults(
            std::slice::from_ref(&fault),
            Path::new("/site"),
            &Editor::new("vscode"),
        );
        let place = &told[0]["place"];
        assert_eq!(place["line"], 2);
        assert_eq!(place["column"], 1);
        assert_eq!(place["caret"], 0);
        assert_eq!(place["text"], "timestmap: x");
        assert_eq!(place["editor"], "vscode://file/site/content/a.md:2:1");
        let page = String::from_utf8(fault_page(&[fault])).expect("it is text");
        assert!(
            page.contains("content/a.md:2:1") && page.contains("hint: no"),
            "{page}"
        );
    }
}
