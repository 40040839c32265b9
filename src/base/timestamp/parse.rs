//! From parts of a date and a time to a timestamp, and the quick way for the common forms.

use super::{Precision, Timestamp, TimestampFault, Zone, written};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

/// The longest offset that is in use anywhere, in minutes.
pub(super) const LONGEST_OFFSET: i32 = 14 * 60;

/// Reads a timestamp: RFC 3339 and its relatives byte by byte, all else token by token.
pub(super) fn parse(text: &str, zone: &Zone) -> Result<Timestamp, TimestampFault> {
    let text = text.trim();
    match iso(text.as_bytes()) {
        Some((civil, precision, Some(offset))) => {
            Ok(Timestamp::from_civil(civil, offset, precision))
        }
        Some((civil, precision, None)) => Ok(in_zone(civil, precision, zone.time_zone)),
        None => written::parse(text, zone),
    }
}

/// Reads the date that a file's name begins with.
pub(super) fn from_file_name(stem: &str, zone: &Zone) -> Option<(Timestamp, usize)> {
    let (year, rest) = digits(stem.as_bytes(), 4, 4)?;
    let (month, rest) = digits(rest.strip_prefix(b"-")?, 1, 2)?;
    let (day, rest) = digits(rest.strip_prefix(b"-")?, 1, 2)?;
    let date = date(year, month, day)?;
    let end = match rest {
        [] | [b'-' | b'_'] => 0,
        [b'-' | b'_', ..] => stem.len() - rest.len() + 1,
        _ => return None,
    };
    let civil = date.to_datetime(Time::midnight());
    Some((in_zone(civil, Precision::Day, zone.time_zone), end))
}

/// Makes the timestamp of a local time in a zone. A time that is skipped moves forward; a date
/// whose midnight is skipped stays that date, with the offset from before.
pub(super) fn in_zone(civil: DateTime, precision: Precision, zone: &TimeZone) -> Timestamp {
    match zone.to_ambiguous_timestamp(civil).offset() {
        AmbiguousOffset::Unambiguous { offset } | AmbiguousOffset::Fold { before: offset, .. } => {
            Timestamp::from_civil(civil, whole_minutes(offset), precision)
        }
        AmbiguousOffset::Gap { before, after } => {
            let written = Timestamp::from_civil(civil, whole_minutes(before), precision);
            if precision <= Precision::Day {
                return written;
            }
            Timestamp {
                offset: whole_minutes(after),
                ..written
            }
        }
    }
}

/// Makes a date of the years 1 to 9999.
pub(super) fn date(year: u32, month: u32, day: u32) -> Option<Date> {
    let year = i16::try_from(year).ok().filter(|year| *year >= 1)?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Makes a time of day; a leap second is the one before it.
pub(super) fn time(hour: u32, minute: u32, second: u32) -> Option<Time> {
    let second = if second == 60 { 59 } else { second };
    let part = |number: u32| i8::try_from(number).ok();
    Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok()
}

/// Rounds the offsets of before the age of zones, such as Lisbon's -0:36:45, which no standard
/// can write.
pub(super) fn whole_minutes(offset: Offset) -> i32 {
    let half = 30 * i32::from(offset.signum());
    (offset.seconds() + half) / 60 * 60
}

/// Reads `YYYY-MM-DD`, alone or with a `T` or a space, `HH:MM`, seconds with a fraction, and an
/// offset. None for every other form, and for what is wrong, whose words are found the slow way.
fn iso(text: &[u8]) -> Option<(DateTime, Precision, Option<i32>)> {
    let (year, rest) = digits(text, 4, 4)?;
    let (month, rest) = digits(rest.strip_prefix(b"-")?, 2, 2)?;
    let (day, rest) = digits(rest.strip_prefix(b"-")?, 2, 2)?;
    let date = date(year, month, day)?;
    let rest = match rest {
        [] => return Some((date.to_datetime(Time::midnight()), Precision::Day, None)),
        [b'T' | b't' | b' ', rest @ ..] => rest,
        _ => return None,
    };
    let (hour, rest) = digits(rest, 2, 2)?;
    let (minute, mut rest) = digits(rest.strip_prefix(b":")?, 2, 2)?;
    let (mut second, mut precision) = (0, Precision::Minute);
    if let [b':', after @ ..] = rest {
        (second, rest) = digits(after, 2, 2)?;
        precision = Precision::Second;
        if let [b'.' | b',', fraction @ ..] = rest {
            let end = fraction
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            if end == 0 {
                return None;
            }
            rest = &fraction[end..];
        }
    }
    let civil = date.to_datetime(time(hour, minute, second)?);
    if rest.is_empty() {
        return Some((civil, precision, None));
    }
    let offset = iso_offset(rest.strip_prefix(b" ").unwrap_or(rest))?;
    Some((civil, precision, Some(offset)))
}

/// Reads `Z`, `+01`, `+0100` or `+01:00` as seconds.
fn iso_offset(text: &[u8]) -> Option<i32> {
    let (sign, rest) = match text {
        [b'Z' | b'z'] => return Some(0),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, rest) = digits(rest, 2, 2)?;
    let minutes = match rest {
        [] => 0,
        rest => match digits(rest.strip_prefix(b":").unwrap_or(rest), 2, 2)? {
            (minutes, []) => minutes,
            _ => return None,
        },
    };
    offset(sign, hours, minutes)
}

/// Makes an offset in seconds of its parts; none beyond 14 hours.
pub(super) fn offset(sign: i32, hours: u32, minutes: u32) -> Option<i32> {
    if hours > 14 || minutes > 59 {
        return None;
    }
    let minutes = i32::try_from(hours * 60 + minutes).ok()?;
    (minutes <= LONGEST_OFFSET).then_some(sign * minutes * 60)
}

/// Reads as many digits as there are, from `least` to `most`.
fn digits(text: &[u8], least: usize, most: usize) -> Option<(u32, &[u8])> {
    let end = text
        .iter()
        .take(most)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if end < least {
        return None;
    }
    let number = text[..end]
        .iter()
        .fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
    Some((number, &text[end..]))
}
