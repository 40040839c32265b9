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
    let mut segments = Vec::new();
    for part in pattern.split('/').filter(|part| !part.is_empty()) {
        match part {
            ":section" => segments.extend(
                section
                    .split('/')
                    .filter_map(|name| slug(name, config.slugs)),
            ),
            _ => segments.extend(filled(
                part,
                &name,
                section,
                article.meta.timestamp.as_ref(),
                config,
            )),
        }
    }
    let is_file = !pattern.ends_with('/') && segments.last().is_some_and(|last| last.contains('.'));
    let made = if is_file {
        Route::parse(&format!("/{}", segments.join("/")), &rules)
    } else {
        Route::page(&segments, &rules)
    };
    made.map_err(|fault| refused(fault, &segments.join("/"), article, "slug"))
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

/// Fills in one segment of a pattern; none where it needs a date that is not known.
fn filled(
    part: &str,
    name: &str,
    section: &str,
    date: Option<&Timestamp>,
    config: &Config,
) -> Option<String> {
    let mut out = String::with_capacity(part.len() + name.len());
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
    Some(out)
}
