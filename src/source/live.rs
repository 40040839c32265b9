//! The entries of live coverage: headings of the second level that begin with a time.
//!
//! `## 16:32 The first ferry leaves` is of the day of the entry before it, or of the article;
//! `## 2024-11-22 09:00 Trains run again` names its own. A time is in the site's zone, unless it says
//! its own: `## 16:32 UTC Ferry leaves`, `## 16:32+01:00 Ferry leaves`. Other headings are headings. The newest entry
//! is when the article was last changed.

use crate::base::diagnostic::{Diagnostic, Place};
use crate::base::timestamp::{Timestamp, Zone};
use crate::source::article::Meta;
use crate::source::markdown::Headings;
use crate::source::presentation::Update;
use jiff::civil::Date;
use std::ops::Range;

/// The level of the headings that are entries.
const LEVEL: u8 = 2;

/// A date as entries have it.
const DATE: &str = "2024-11-22";

/// Divides the time of an entry as it is written into its date, if it has one, and the rest.
pub fn day_and_time(written: &str) -> (Option<&str>, &str) {
    match written.get(..DATE.len()) {
        Some(date) if is_like(date, DATE) => (
            Some(date),
            written[DATE.len()..].trim_start_matches([' ', 'T']),
        ),
        _ => (None, written),
    }
}

/// Finds the entries of an article that is live coverage, and reports headings whose time is none, with
/// their lines in the article's text. `places` finds where in the body its headings stand.
pub(super) fn find_updates(
    (path, text, body): (&str, &str, Range<usize>),
    meta: &mut Meta,
    headings: &Headings,
    zone: &Zone<'_>,
    places: impl Fn() -> Vec<Range<usize>>,
) -> Vec<Diagnostic> {
    let Some(live) = meta
        .presentation
        .as_mut()
        .and_then(|presentation| presentation.live.as_mut())
    else {
        return Vec::new();
    };
    let mut faults = Vec::new();
    let mut found = None;
    let mut day = meta.timestamp.map(|published| published.date());
    let headings = headings.get().into_iter().enumerate();
    for (number, heading) in headings.filter(|(_, one)| one.level == LEVEL) {
        let Some((written, headline)) = divided(&heading.text) else {
            continue;
        };
        match time(written, day, zone) {
            Ok(time) => {
                day = Some(time.date());
                live.updates.push(Update {
                    time,
                    written: written.to_owned(),
                    headline: headline.to_owned(),
                    id: heading.id.clone(),
                });
            }
            Err(message) => {
                let at = found.get_or_insert_with(&places).get(number);
                let at = at.map(|at| body.start + at.start..body.start + at.end);
                let place = at.map(|at| place(path, text, at, written));
                faults.push(
                    Diagnostic::error(format!("the entry `{}` {message}", heading.text))
                        .at(place.unwrap_or_else(|| Place::file(path)))
                        .hint("begin it with a time, such as `## 16:32 Ferry leaves`, or with a date and a time"),
                );
            }
        }
    }
    let newest = live.updates.iter().map(|update| update.time);
    let newest = newest.max_by_key(Timestamp::instant);
    let known = [meta.timestamp, meta.updated];
    let known = known.into_iter().flatten().map(|time| time.instant()).max();
    let newest = newest.filter(|newest| known < Some(newest.instant()));
    meta.updated = newest.or(meta.updated);
    faults
}

/// Returns the place of a heading's time; that of the whole heading where markup divides the time.
fn place(path: &str, text: &str, heading: Range<usize>, written: &str) -> Place {
    let at = match text[heading.clone()].find(written) {
        Some(offset) => heading.start + offset..heading.start + offset + written.len(),
        None => heading,
    };
    Place::range(path, text, at)
}

/// Divides a heading that begins with a time: `16:32 Ferry leaves`, `2024-11-22 09:00 – Trains run`.
fn divided(text: &str) -> Option<(&str, &str)> {
    let (_, rest) = day_and_time(text);
    let after_date = text.len() - rest.len();
    let time = ["16:32:05", "16:32", "6:32"].into_iter().find(|time| {
        rest.get(..time.len())
            .is_some_and(|head| is_like(head, time))
    })?;
    let end = after_date + time.len();
    let end = end + zone_length(&text[end..]);
    let headline = &text[end..];
    if !headline.is_empty() && headline.starts_with(char::is_alphanumeric) {
        return None;
    }
    let headline = headline.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, '–' | '—' | '-' | ':' | '|' | '·')
    });
    Some((&text[..end], headline.trim()))
}

/// Returns the length of the zone that a time's text goes on with; 0 where it has none.
fn zone_length(text: &str) -> usize {
    ["+01:00", "-01:00", "Z", " UTC", " GMT"]
        .into_iter()
        .find(|zone| {
            let is_zone = text
                .get(..zone.len())
                .is_some_and(|head| is_like(head, zone));
            is_zone && !text[zone.len()..].starts_with(char::is_alphanumeric)
        })
        .map_or(0, str::len)
}

/// Tells whether a text has a digit where a sample has one, and the sample's other letters.
fn is_like(text: &str, sample: &str) -> bool {
    text.len() == sample.len()
        && text
            .bytes()
            .zip(sample.bytes())
            .all(|(byte, like)| match like.is_ascii_digit() {
                true => byte.is_ascii_digit(),
                false => byte == like,
            })
}

fn time(written: &str, day: Option<Date>, zone: &Zone<'_>) -> Result<Timestamp, &'static str> {
    let whole = match (day_and_time(written).0, day) {
        (Some(_), _) => written.to_owned(),
        (None, Some(day)) => {
            let padding = if written.find(':') == Some(1) {
                "0"
            } else {
                ""
            };
            format!("{day} {padding}{written}")
        }
        (None, None) => return Err("has a time without a date, and so has the article"),
    };
    Timestamp::parse(&whole, zone).map_err(|_| "begins with a time that does not exist")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_divided_at_their_times() {
        for (heading, expect) in [
            ("16:32 Ferry leaves", Some(("16:32", "Ferry leaves"))),
            ("9:05 – Port closes", Some(("9:05", "Port closes"))),
            (
                "2024-11-22 09:00 Trains run",
                Some(("2024-11-22 09:00", "Trains run")),
            ),
            (
                "2024-11-22T09:00:10: Trains",
                Some(("2024-11-22T09:00:10", "Trains")),
            ),
            ("16:32", Some(("16:32", ""))),
            ("16:32 UTC Landed", Some(("16:32 UTC", "Landed"))),
            ("9:05Z Landed", Some(("9:05Z", "Landed"))),
            (
                "2024-11-22 09:00+05:30: Landed",
                Some(("2024-11-22 09:00+05:30", "Landed")),
            ),
            ("16:32 UTCs differ", Some(("16:32", "UTCs differ"))),
            ("16:327 things", None),
            ("What we know", None),
            ("2024-11-22 in pictures", None),
            ("", None),
        ] {
            assert_eq!(divided(heading), expect, "{heading}");
        }
    }
}
