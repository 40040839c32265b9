//! Patterns of article addresses.

use crate::base::diagnostic::nearest;

/// What a pattern of addresses may name.
pub const PLACEHOLDERS: &[&str] = &["section", "year", "month", "day", "slug", "name"];

/// Finds what is wrong with a pattern such as `/:section/:year/:slug/`, and what to do about it.
pub(super) fn fault(pattern: &str) -> Option<(String, String)> {
    let example = "write a pattern such as `/:section/:year/:month/:slug/`".to_owned();
    if !pattern.starts_with('/') {
        return Some(("a permalink pattern begins with `/`".to_owned(), example));
    }
    if pattern.contains(['?', '#', '\\', '{', '}']) || pattern.contains(char::is_whitespace) {
        let message = "a permalink pattern is a path: letters, `/` and placeholders";
        return Some((message.to_owned(), example));
    }
    if pattern
        .split('/')
        .any(|segment| matches!(segment, "." | ".."))
    {
        let message = "a permalink pattern can't have `.` or `..` as a part".to_owned();
        return Some((message, example));
    }
    let mut names_article = false;
    for name in placeholders(pattern) {
        if !PLACEHOLDERS.contains(&name) {
            let hint = match meant(name) {
                Some(meant) => format!("did you mean `:{meant}`?"),
                None => {
                    let all: Vec<_> = PLACEHOLDERS
                        .iter()
                        .map(|name| format!("`:{name}`"))
                        .collect();
                    format!("a pattern may name {}", all.join(", "))
                }
            };
            return Some((format!("unknown placeholder `:{name}`"), hint));
        }
        names_article |= matches!(name, "slug" | "name");
    }
    if !names_article {
        let message = "a permalink pattern must name `:slug` or `:name`, or all articles of a month share one address";
        return Some((message.to_owned(), example));
    }
    None
}

fn placeholders(pattern: &str) -> impl Iterator<Item = &str> {
    pattern.split(':').skip(1).map(|rest| {
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        &rest[..end]
    })
}

/// Returns the placeholder that is meant by one of another generator, or a misspelt one.
fn meant(name: &str) -> Option<&'static str> {
    match name {
        "title" | "contentbasename" | "slugorcontentbasename" | "basename" => Some("slug"),
        "filename" => Some("name"),
        "sections" | "category" | "categories" => Some("section"),
        "monthname" | "i_month" => Some("month"),
        "i_day" => Some("day"),
        _ => nearest(name, PLACEHOLDERS.iter().copied()),
    }
}
