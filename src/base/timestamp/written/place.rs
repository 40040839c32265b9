//! The offset or zone in a written timestamp.

use super::{Fault, Reader, value};
use crate::base::timestamp::names::{self, Abbreviation};
use crate::base::timestamp::parse::{self, in_zone, whole_minutes};
use crate::base::timestamp::token::{Kind, Token};
use crate::base::timestamp::{Precision, Timestamp};
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

/// Where the time is the local time.
pub(super) enum Place<'a> {
    /// At an offset in seconds; `is_named` where words may explain it.
    Offset { seconds: i32, is_named: bool },
    /// In a zone of the IANA's, which must agree with the offset if there is one.
    Zone {
        zone: TimeZone,
        name: &'a str,
        offset: Option<i32>,
    },
    /// Where an abbreviation is used.
    Abbreviation(&'a str),
}

impl Place<'_> {
    /// Makes the timestamp of a local time there.
    pub(super) fn timestamp(
        &self,
        civil: DateTime,
        precision: Precision,
        site: &TimeZone,
    ) -> Result<Timestamp, Fault> {
        match self {
            Self::Offset { seconds, .. } => Ok(Timestamp::from_civil(civil, *seconds, precision)),
            Self::Zone { zone, name, offset } => match offset {
                None => Ok(in_zone(civil, precision, zone)),
                Some(offset) if offsets(zone, civil).contains(offset) => {
                    Ok(Timestamp::from_civil(civil, *offset, precision))
                }
                Some(_) => Err(Fault::hinted(
                    format!("`{name}` has another offset then"),
                    "leave out the offset or the zone",
                )),
            },
            Self::Abbreviation(word) => abbreviated(word, civil, precision, site),
        }
    }
}

impl<'a> Reader<'a> {
    /// Reads `+0100`, `-4`, `+05:30`. After a date without a time, only the last form is one.
    pub(super) fn offset(&mut self, sign: char, is_named: bool) -> Result<(), Fault> {
        let Some(digits) = self.joined_number(1) else {
            return Err(Fault::unexpected(&sign.to_string()));
        };
        self.at += 2;
        let (hours, minutes) = match digits.len() {
            1 | 2 if self.is_mark(0, ':') => {
                let Some(minutes) = self.joined_number(1).filter(|digits| digits.len() == 2) else {
                    return Err(Fault::new("its offset has no minutes after the `:`"));
                };
                self.at += 2;
                (digits, minutes)
            }
            _ if self.time.is_none() => return Err(Fault::new("it has an offset but no time")),
            1 | 2 => (digits, "0"),
            3 | 4 => digits.split_at(digits.len() - 2),
            _ => return Err(Fault::unexpected(digits)),
        };
        let sign = if sign == '-' { -1 } else { 1 };
        match parse::offset(sign, value(hours), value(minutes)) {
            Some(seconds) => self.set_place(Place::Offset { seconds, is_named }),
            None => Err(Fault::hinted(
                format!("no place has the offset {hours}:{minutes}"),
                "offsets go from -14:00 to +14:00",
            )),
        }
    }

    /// Reads what stands between parentheses: a zone, or an offset's name in words, as in
    /// `GMT+0100 (Central European Standard Time)`.
    pub(super) fn comment(&mut self) -> Result<(), Fault> {
        let rest = &self.tokens[self.at + 1..];
        let is_end = |token: &Token| token.kind == Kind::Mark(')');
        let Some(length) = rest.iter().position(is_end) else {
            return Err(Fault::unexpected("("));
        };
        let inside = &rest[..length];
        self.at += length + 2;
        match (&self.place, inside) {
            (Some(Place::Offset { is_named: true, .. }), _) => Ok(()),
            (
                Some(_),
                [
                    Token {
                        kind: Kind::Word(word),
                        ..
                    },
                ],
            ) if names::abbreviation(word).is_some() || word.len() <= 5 => Ok(()),
            (
                Some(_),
                [
                    ..,
                    Token {
                        kind: Kind::Word("time"),
                        ..
                    },
                ],
            ) => Ok(()),
            (
                None,
                [
                    Token {
                        kind: Kind::Word(word),
                        ..
                    },
                ],
            ) if names::abbreviation(word).is_some() => self.set_place(Place::Abbreviation(word)),
            _ => Err(Fault::unexpected("(")),
        }
    }

    /// Keeps a zone by its IANA name.
    pub(super) fn zone(&mut self, name: &'a str) -> Result<(), Fault> {
        let Ok(zone) = TimeZone::get(name) else {
            return Err(Fault::hinted(
                format!("`{name}` is no time zone"),
                "write a name of the IANA's, such as `Europe/Lisbon`, or an offset",
            ));
        };
        let offset = match self.place.take() {
            None => None,
            Some(Place::Offset { seconds, .. }) => Some(seconds),
            Some(_) => return Err(Fault::new("it has more than one zone")),
        };
        self.set_place(Place::Zone { zone, name, offset })
    }

    pub(super) fn set_place(&mut self, place: Place<'a>) -> Result<(), Fault> {
        if self.place.is_some() {
            return Err(Fault::new("it has more than one zone"));
        }
        self.place = Some(place);
        Ok(())
    }
}

/// Finds out what an abbreviation means: what the site's own zone means by it then, else the one
/// thing that everyone means.
fn abbreviated(
    word: &str,
    civil: DateTime,
    precision: Precision,
    site: &TimeZone,
) -> Result<Timestamp, Fault> {
    for seconds in offsets(site, civil) {
        let made = Timestamp::from_civil(civil, seconds, precision);
        if let Ok(instant) = jiff::Timestamp::from_second(made.instant())
            && let info = site.to_offset_info(instant)
            && info.abbreviation().eq_ignore_ascii_case(word)
            && whole_minutes(info.offset()) == seconds
        {
            return Ok(made);
        }
    }
    match names::abbreviation(word) {
        Some(Abbreviation::Offset(minutes)) => {
            Ok(Timestamp::from_civil(civil, minutes * 60, precision))
        }
        Some(Abbreviation::Zone(name)) => match TimeZone::get(name) {
            Ok(zone) => Ok(in_zone(civil, precision, &zone)),
            Err(_) => Err(Fault::unexpected(word)),
        },
        Some(Abbreviation::Ambiguous(zones)) => Err(Fault::hinted(
            format!("`{}` may be {zones}", word.to_uppercase()),
            "write the offset, such as `+01:00`",
        )),
        None => Err(Fault::unexpected(word)),
    }
}

/// Returns the offsets, in seconds, that a local time may have in a zone.
fn offsets(zone: &TimeZone, civil: DateTime) -> Vec<i32> {
    match zone.to_ambiguous_timestamp(civil).offset() {
        AmbiguousOffset::Unambiguous { offset } => vec![whole_minutes(offset)],
        AmbiguousOffset::Gap { before, after } | AmbiguousOffset::Fold { before, after } => {
            vec![whole_minutes(before), whole_minutes(after)]
        }
    }
}
