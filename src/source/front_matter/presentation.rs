//! How an article is presented: genre, kicker, standfirst, byline, sponsor, live coverage.

use super::keys::{Field, GENRES, LIVE_KEYS};
use super::slots::Slots;
use super::values::{quoted, text, timestamp};
use crate::base::diagnostic::Diagnostic;
use crate::base::timestamp::{Timestamp, Zone};
use crate::source::presentation::{Genre, Live, Presentation};
use crate::source::yaml::{Entry, Faults, Node, Value};

/// Reads how an article is presented; none where it is as most are.
pub(super) fn read<'a>(
    slots: &Slots<'_, 'a>,
    zone: &Zone<'_>,
    faults: &mut Faults<'a>,
) -> Option<Box<Presentation>> {
    let mut words = |field: Field| {
        let (entry, _) = slots.of(field)?;
        text(&quoted(&entry.key), &entry.node, faults).map(String::into_boxed_str)
    };
    let mut presentation = Presentation {
        kicker: words(Field::Kicker),
        standfirst: words(Field::Standfirst),
        byline: words(Field::Byline),
        social_headline: words(Field::SocialHeadline),
        guid: words(Field::Guid),
        ..Presentation::default()
    };
    if let Some((entry, _)) = slots.of(Field::Sponsor) {
        presentation.sponsor = sponsor(entry, faults);
    }
    if let Some((entry, _)) = slots.of(Field::Dateline) {
        presentation.dateline = dateline(entry, faults);
    }
    if let Some((entry, _)) = slots.of(Field::Live) {
        presentation.live = live(entry, zone, faults);
        if presentation.live.is_some() {
            presentation.genre = Genre::Live;
        }
    }
    if let Some((entry, _)) = slots.of(Field::Genre) {
        let given = genre(entry, faults).unwrap_or_default();
        if given == Genre::Live && presentation.live.is_none() {
            presentation.live = Some(Box::default());
        }
        presentation.genre = given;
    }
    (presentation != Presentation::default()).then(|| Box::new(presentation))
}

/// Reads the dateline; an empty one says that what the text begins with is none.
fn dateline<'a>(entry: &Entry<'a>, faults: &mut Faults<'a>) -> Option<Box<str>> {
    match &entry.node.value {
        Value::Bool(is_looked_for) => (!is_looked_for).then(Box::default),
        _ => text(&quoted(&entry.key), &entry.node, faults).map(String::into_boxed_str),
    }
}

/// Reads who paid: a name, or that somebody did.
fn sponsor<'a>(entry: &Entry<'a>, faults: &mut Faults<'a>) -> Option<Box<str>> {
    match &entry.node.value {
        Value::Bool(is_sponsored) => is_sponsored.then(Box::default),
        _ => text(&quoted(&entry.key), &entry.node, faults).map(String::into_boxed_str),
    }
}

fn genre<'a>(entry: &Entry<'a>, faults: &mut Faults<'a>) -> Option<Genre> {
    let written = text(&quoted(&entry.key), &entry.node, faults)?;
    let found = Genre::find(&written);
    if found.is_none() {
        let known: Vec<String> = GENRES.iter().map(|name| format!("`{name}`")).collect();
        let place = faults.place(entry.node.at);
        faults.push(
            Diagnostic::error(format!("`{written}` is not a genre"))
                .at(place)
                .suggest(&written, GENRES.iter().copied())
                .hint(format!(
                    "write one of {}; what readers call it can stand in `kicker`",
                    known.join(", ")
                )),
        );
    }
    found
}

/// Reads live coverage: when it began and ended, or only that it is such.
fn live<'a>(entry: &Entry<'a>, zone: &Zone<'_>, faults: &mut Faults<'a>) -> Option<Box<Live>> {
    match &entry.node.value {
        Value::Bool(is_live) => is_live.then(Box::default),
        Value::Map(entries) => {
            let mut live = Live::default();
            for entry in entries {
                match entry.key.to_ascii_lowercase().as_str() {
                    "start" => live.start = moment(&entry.node, "start", zone, faults),
                    "end" => live.end = moment(&entry.node, "end", zone, faults),
                    _ => {
                        let place = faults.place(entry.key_at);
                        let names = LIVE_KEYS.iter().map(|key| key.name);
                        faults.push(
                            Diagnostic::error(format!("unknown key `live.{}`", entry.key))
                                .at(place)
                                .suggest(&entry.key, names)
                                .hint("`live` has the keys `start` and `end`"),
                        );
                    }
                }
            }
            Some(Box::new(live))
        }
        _ => {
            faults.wrong_kind(
                &"`live`",
                "true, or a map of `start` and `end`",
                &entry.node,
            );
            None
        }
    }
}

fn moment<'a>(
    node: &Node<'a>,
    name: &str,
    zone: &Zone<'_>,
    faults: &mut Faults<'a>,
) -> Option<Timestamp> {
    timestamp(&format_args!("`live.{name}`"), node, zone, faults)
}
