//! What is marked up in the HTML of an article's body that its Markdown does not say: the dateline,
//! the entries of live coverage, and links that were paid for.

use crate::source::article::Meta;
use crate::source::presentation::Update;
use crate::source::{dateline, live};
use crate::theme::filters;
use quick_xml::escape::escape;

/// Marks up the HTML of an article's body; `base` is the site's own address, `language` that of the page.
pub(super) fn mark(meta: &Meta, base: &str, language: &str, html: &mut String) {
    let Some(presentation) = &meta.presentation else {
        return;
    };
    if let Some(written) = presentation.dateline.as_deref() {
        mark_dateline(written, html);
    }
    if let Some(live) = &presentation.live {
        mark_updates(&live.updates, language, html);
    }
    if meta.is_sponsored() {
        mark_sponsored(base, html);
    }
}

/// Tells search engines that the links to other sites were paid for.
fn mark_sponsored(base: &str, html: &mut String) {
    let mut out = String::with_capacity(html.len() + 64);
    let mut rest = html.as_str();
    while let Some(at) = rest.find("<a ") {
        let Some(end) = rest[at..].find('>').map(|end| at + end) else {
            break;
        };
        let tag = &rest[at..end];
        out.push_str(&rest[..at]);
        out.push_str(&sponsored(tag, base).unwrap_or_else(|| tag.to_owned()));
        rest = &rest[end..];
    }
    out.push_str(rest);
    *html = out;
}

/// Returns the tag of a link to another site, up to its bracket, with what it is to this one.
fn sponsored(tag: &str, base: &str) -> Option<String> {
    let address = value(tag, "href")?;
    let is_whole = ["http://", "https://", "//"]
        .iter()
        .any(|scheme| address.starts_with(scheme));
    let rest = address.strip_prefix(base);
    let is_own = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']));
    if !is_whole || is_own {
        return None;
    }
    Some(match value(tag, "rel") {
        Some(rel) if rel.split_ascii_whitespace().any(|word| word == "sponsored") => return None,
        Some(rel) => tag.replacen(
            &format!("rel=\"{rel}\""),
            &format!("rel=\"{rel} sponsored\""),
            1,
        ),
        None => format!("{tag} rel=\"sponsored\""),
    })
}

/// Returns the value of an attribute in double quotation marks.
fn value<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let start = format!(" {name}=\"");
    let at = tag.find(&start)? + start.len();
    tag[at..].split('"').next()
}

/// Puts the dateline into an element of its own, and before the text where that does not begin with it.
fn mark_dateline(written: &str, html: &mut String) {
    const OPEN: &str = "<p>";
    let Some(text) = html.strip_prefix(OPEN).filter(|_| !written.is_empty()) else {
        return;
    };
    let (end, dateline) = match dateline::find(text) {
        Some(found) => (found.end, text[..found.end].to_owned()),
        None => (0, format!("{} —", escape(written))),
    };
    let space = if end == 0 { " " } else { "" };
    let marked = format!("<span class=\"dateline\">{dateline}</span>{space}");
    html.replace_range(OPEN.len()..OPEN.len() + end, &marked);
}

/// Puts each entry into a section of its own, and its time into an element that machines read; a date is
/// written out.
fn mark_updates(updates: &[Update], language: &str, html: &mut String) {
    let mut out = String::with_capacity(html.len() + updates.len() * 128);
    let mut rest = html.as_str();
    for update in updates {
        let Some((before, heading, after)) = entry(rest, &update.id) else {
            continue;
        };
        let end = after.find("<h2").unwrap_or(after.len());
        let is_whole = is_balanced(&after[..end]);
        out.push_str(before);
        if is_whole {
            out.push_str("<section class=\"update\">\n");
        }
        let (day, clock) = live::day_and_time(&update.written);
        let day = day.and_then(|_| filters::long_day(update.time.date(), language));
        let shown = match day {
            Some(day) => format!("{} {clock}", escape(&day)),
            None => update.written.clone(),
        };
        let time = format!(
            "<time datetime=\"{}\">{shown}</time>",
            update.time.rfc3339_full(),
        );
        out.push_str(&heading.replacen(&update.written, &time, 1));
        out.push_str(&after[..end]);
        if is_whole {
            out.push_str("</section>\n");
        }
        rest = &after[end..];
    }
    out.push_str(rest);
    *html = out;
}

/// Tells whether what HTML opens it closes: an entry in a quotation can't be put into a section.
fn is_balanced(html: &str) -> bool {
    [
        "blockquote",
        "li",
        "aside",
        "div",
        "section",
        "details",
        "dd",
    ]
    .iter()
    .all(|name| {
        let opens =
            html.matches(&format!("<{name}>")).count() + html.matches(&format!("<{name} ")).count();
        opens == html.matches(&format!("</{name}>")).count()
    })
}

/// Divides HTML at the heading of an id, whose text follows its tag.
fn entry<'a>(html: &'a str, id: &str) -> Option<(&'a str, String, &'a str)> {
    let wanted = format!(" id=\"{}\"", escape(id));
    let at = html.find(&wanted)?;
    let start = html[..at].rfind("<h2")?;
    let text = start + html[start..].find('>')? + 1;
    let end = text + html[text..].find("</h2>")?;
    let tag = &html[start..text];
    Some((
        &html[..start],
        format!("{tag}{}", &html[text..end]),
        &html[end..],
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dateline(written: &str, html: &str) -> String {
        let mut html = html.to_owned();
        mark_dateline(written, &mut html);
        html
    }

    #[test]
    fn the_links_of_what_was_paid_for_say_so() {
        let check = |html: &str, expect: &str| {
            let mut marked = html.to_owned();
            mark_sponsored("https://own.example", &mut marked);
            assert_eq!(marked, expect);
        };
        check(
            "<p>A <a href=\"https://x.example/\" title=\"t\">b</a> <a href=\"/c/\">d</a></p>",
            "<p>A <a href=\"https://x.example/\" title=\"t\" rel=\"sponsored\">b</a> <a href=\"/c/\">d</a></p>",
        );
        check(
            "<a rel=\"me\" href=\"//x.example\">a</a><a href=\"https://own.example/b\">b</a><abbr>c</abbr>",
            "<a rel=\"me sponsored\" href=\"//x.example\">a</a><a href=\"https://own.example/b\">b</a><abbr>c</abbr>",
        );
        check(
            "<a href=\"https://own.example.evil/\" rel=\"sponsored nofollow\">a</a><a href=\"https://x",
            "<a href=\"https://own.example.evil/\" rel=\"sponsored nofollow\">a</a><a href=\"https://x",
        );
    }

    #[test]
    fn a_dateline_is_marked_where_it_stands_or_put_there() {
        assert_eq!(
            dateline("ROME (AP)", "<p>ROME (AP) — It <b>rains</b>.</p>"),
            "<p><span class=\"dateline\">ROME (AP) —</span> It <b>rains</b>.</p>"
        );
        assert_eq!(
            dateline("Aboard the <i>Ana</i>", "<p>It rains.</p>"),
            "<p><span class=\"dateline\">Aboard the &lt;i&gt;Ana&lt;/i&gt; —</span> It rains.</p>"
        );
        assert_eq!(
            dateline("ROME", "<ul><li>It</li></ul>"),
            "<ul><li>It</li></ul>"
        );
        assert_eq!(dateline("", "<p>NASA — it</p>"), "<p>NASA — it</p>");
    }
}
