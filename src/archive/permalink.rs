//! Where an article's page stands: its `url`, else the pattern filled in.

use super::{place, rules};
use crate::base::diagnostic::Diagnostic;
use crate::base::route::{Route, RouteFault, RouteRules};
use crate::base::slug::slug;
use crate::base::timestamp::{Precision, Timestamp};
use crate::source::article::Article;
use crate::source::config::Config;
use std::fmt::Write as _;

/// Returns the address of an article of the section `section`.
///
/// An undated article, or one dated by the year alone, leaves out those segments of the pattern
/// that its date can't fill.
pub fn route(article: &Article, section: &str, config: &Config) -> Result<Route, Diagnostic> {
    let rules = rules(config);
    if let Some(url) = &article.meta.url {
        return Route::parse(url, &rules).map_err(|fault| refused(fault, url, article, "url"));
    }
    let written = article.meta.slug.as_deref().unwrap_or(article.name());
    if article.meta.slug.is_some() {
        check_slug(written, &rules).map_err(|fault| refused(fault, written, article, "slug"))?;
    }
    let Some(name) = slug(written, config.slugs) else {
        return Err(
            Diagnostic::error(format!("the name `{written}` makes no address"))
                .at(place(article, "slug"))
                .hint("give the article a `slug`"),
        );
    };
    let pattern = config.permalinks.get(section).unwrap_or(&config.permalink);
    let date = article.meta.timestamp.as_ref();
    // Every part with a `/` after it.
    let mut path = String::with_capacity(pattern.len() + section.len() + name.len());
    for part in pattern.split('/').filter(|part| !part.is_empty()) {
        let end = path.len();
        if part == ":section" {
            for name in section.split('/') {
                if let Some(name) = slug(name, config.slugs) {
                    path.push_str(&name);
                    path.push('/');
                }
            }
        } else if fill(&mut path, part, &name, section, date, config).is_some() {
            path.push('/');
        } else {
            path.truncate(end);
        }
    }
    let whole = path.strip_suffix('/').unwrap_or(&path);
    let last = whole.rsplit('/').next().unwrap_or(whole);
    let made = if !pattern.ends_with('/') && last.contains('.') {
        Route::parse(&format!("/{whole}"), &rules)
    } else {
        Route::page_at(&path, &rules)
    };
    made.map_err(|fault| refused(fault, whole, article, "slug"))
}

/// Refuses a slug that is no one part of an address as its author wrote it; of any other, letters
/// alone are turned into those of an address.
fn check_slug(written: &str, rules: &RouteRules<'_>) -> Result<(), RouteFault> {
    if written.is_empty() || written.contains('/') {
        return Route::page(&[written], rules).map(|_| ());
    }
    let decoded = Route::parse(&format!("/{written}"), rules)?;
    Route::page(&[decoded.path().trim_matches('/')], rules).map(|_| ())
}

/// Says why an address that stands under `key` is refused.
pub(super) fn refused(
    fault: RouteFault,
    written: &str,
    article: &Article,
    key: &str,
) -> Diagnostic {
    Diagnostic::error(format!(
        "the address `{written}` is refused: {}",
        fault.message
    ))
    .at(place(article, key))
    .hint(fault.hint)
}

/// Adds one segment of a pattern to `out`, filled in; none where it needs a date that is not known.
fn fill(
    out: &mut String,
    part: &str,
    name: &str,
    section: &str,
    date: Option<&Timestamp>,
    config: &Config,
) -> Option<()> {
    let mut rest = part;
    while let Some(at) = rest.find(':') {
        out.push_str(&rest[..at]);
        let key_end = rest[at + 1..]
            .find(|c: char| !c.is_ascii_lowercase())
            .map_or(rest.len(), |end| at + 1 + end);
        let known = |precision| {
            date.filter(|date| date.precision() >= precision)
                .map(|date| date.date())
        };
        match &rest[at + 1..key_end] {
            "slug" | "name" => out.push_str(name),
            "section" => out.push_str(&slug(section, config.slugs)?),
            "year" => write!(out, "{:04}", known(Precision::Year)?.year()).ok()?,
            "month" => write!(out, "{:02}", known(Precision::Month)?.month()).ok()?,
            "day" => write!(out, "{:02}", known(Precision::Day)?.day()).ok()?,
            other => {
                out.push(':');
                out.push_str(other);
            }
        }
        rest = &rest[key_end..];
    }
    out.push_str(rest);
    Some(())
}
