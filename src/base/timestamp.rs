//! When something was published, as precisely as its author said.
//!
//! A timestamp keeps what was written: a date without a time stays a date, and the day is the
//! author's own, whatever zone the site or the reader is in. The instant is for ordering and for
//! being due. Nothing here reads the clock or the machine's zone.

mod calendar;
mod names;
mod parse;
mod token;
mod written;

use calendar::{SECONDS_A_DAY, civil_from_days, days_from_civil};
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A moment as its author wrote it: a year, a month, a day, or a time of day with an offset.
///
/// Timestamps are ordered by their instants, then by their local times, then from the less precise
/// to the more. Fractions of a second are cut off, and offsets are whole minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Timestamp {
    /// Seconds since 1970-01-01T00:00:00Z.
    instant: i64,
    /// Seconds that the local time is ahead of UTC.
    offset: i32,
    precision: Precision,
}

/// How much of a timestamp its author gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Precision {
    /// A year alone.
    Year,
    /// A year and a month.
    Month,
    /// A date.
    Day,
    /// A date and a time without seconds.
    Minute,
    /// A date and a time with seconds.
    Second,
}

/// How timestamps that leave something open are read.
#[derive(Debug, Clone, Copy)]
pub struct Zone<'a> {
    /// The zone of times without an offset: the site's.
    pub time_zone: &'a TimeZone,
    /// What `03/04/2024` means; without it such a date is a fault.
    pub date_order: Option<DateOrder>,
}

/// The order of day, month and year in dates that could be read in two ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateOrder {
    /// 03/04/2024 is 3 April.
    Dmy,
    /// 03/04/2024 is March 4.
    Mdy,
    /// 24/03/04 is 4 March 2024.
    Ymd,
}

/// Why a text is no timestamp.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TimestampFault {
    /// What is wrong, in lower case and without a full stop.
    pub message: String,
    /// What to do.
    pub hint: String,
}

impl Timestamp {
    /// Reads a timestamp in any of the forms that people and programs write: RFC 3339, ISO 8601,
    /// RFC 2822, `11/21/2024 04:32:07 pm`, `Nov. 21, 2024`, `4:32 p.m. ET, Thu 21 November 2024`.
    ///
    /// A time without an offset is in the site's zone. Where clocks are put forward, a time that
    /// does not exist is moved forward with them; where they are put back, the earlier of the two
    /// is meant. A second of 60 is read as 59.
    ///
    /// # Errors
    ///
    /// Whatever could be read in two ways, or needs the clock to be read, is refused: `03/04/2024`
    /// without a date order, `IST`, `yesterday`. So are dates that do not exist, weekdays that are
    /// not the date's, years outside 1 to 9999 and offsets beyond 14 hours.
    pub fn parse(text: &str, zone: &Zone) -> Result<Self, TimestampFault> {
        parse::parse(text, zone)
    }

    /// Reads the date before the name of a file, as in `2024-11-21-harbour`, and returns how many
    /// bytes of the name belong to it, the `-` or `_` after it among them. A date that is the whole
    /// name stays the name: then that is 0. None where there is no date, or it does not exist.
    pub fn from_file_name(stem: &str, zone: &Zone) -> Option<(Self, usize)> {
        parse::from_file_name(stem, zone)
    }

    /// Returns how much of it its author gave.
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// Returns the seconds since 1970-01-01T00:00:00Z, of a date without a time those of the
    /// midnight that it begins with, in the site's zone.
    pub fn instant(&self) -> i64 {
        self.instant
    }

    /// Returns the date as written, in its own offset; of a month or a year, its first day.
    pub fn date(&self) -> Date {
        civil_from_days(self.local().div_euclid(SECONDS_A_DAY))
    }

    /// Returns the local time as written; of a date without a time, midnight.
    pub fn civil(&self) -> DateTime {
        let second = i32::try_from(self.local().rem_euclid(SECONDS_A_DAY))
            .expect("a day has fewer seconds than 2^31");
        let part = |number: i32| i8::try_from(number).expect("it is less than 60");
        self.date().at(
            part(second / 3600),
            part(second / 60 % 60),
            part(second % 60),
            0,
        )
    }

    /// Returns the offset that was written, else that of the site's zone at the time.
    pub fn offset(&self) -> Offset {
        Offset::from_seconds(self.offset).unwrap_or(Offset::UTC)
    }

    /// Writes it as RFC 3339 with as much as its author gave, which is the W3C's profile of ISO
    /// 8601: `2024-11-21T16:32:00+00:00`, `2024-11-21`, `2024-11`, `2024`.
    pub fn rfc3339(&self) -> String {
        let date = self.date();
        let (year, month) = (date.year(), date.month());
        match self.precision {
            Precision::Year => format!("{year:04}"),
            Precision::Month => format!("{year:04}-{month:02}"),
            Precision::Day => format!("{year:04}-{month:02}-{:02}", date.day()),
            Precision::Minute | Precision::Second => self.rfc3339_full(),
        }
    }

    /// Writes it as an RFC 3339 date-time; a date without a time is its midnight.
    pub fn rfc3339_full(&self) -> String {
        let civil = self.civil();
        let (sign, hours, minutes) = self.offset_parts();
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{sign}{hours:02}:{minutes:02}",
            civil.year(),
            civil.month(),
            civil.day(),
            civil.hour(),
            civil.minute(),
            civil.second(),
        )
    }

    /// Writes it as the date-time of RFC 2822, which RSS demands: `Thu, 21 Nov 2024 16:32:00 +0000`.
    pub fn rfc2822(&self) -> String {
        let civil = self.civil();
        let (sign, hours, minutes) = self.offset_parts();
        format!(
            "{}, {} {} {:04} {:02}:{:02}:{:02} {sign}{hours:02}{minutes:02}",
            names::weekday_name(civil.weekday()),
            civil.day(),
            names::month_name(civil.month()),
            civil.year(),
            civil.hour(),
            civil.minute(),
            civil.second(),
        )
    }

    /// Makes a timestamp from a local time and its offset in seconds.
    fn from_civil(civil: DateTime, offset: i32, precision: Precision) -> Self {
        let (hour, minute, second) = (civil.hour(), civil.minute(), civil.second());
        let of_day = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
        Self {
            instant: days_from_civil(civil.date()) * SECONDS_A_DAY + of_day - i64::from(offset),
            offset,
            precision,
        }
    }

    fn local(&self) -> i64 {
        self.instant.saturating_add(i64::from(self.offset))
    }

    fn offset_parts(&self) -> (char, u32, u32) {
        let minutes = self.offset.unsigned_abs() / 60;
        let sign = if self.offset < 0 { '-' } else { '+' };
        (sign, minutes / 60, minutes % 60)
    }
}

/// Writes what [`Timestamp::rfc3339`] writes.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

#[cfg(test)]
mod tests;
