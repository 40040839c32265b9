//! Dates and times as the Associated Press writes them, which is English.

use crate::base::timestamp::Precision;
use jiff::civil::{DateTime, Time, Weekday};

/// Months as they stand before a day.
const MONTHS: [&str; 12] = [
    "Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.",
    "Dec.",
];

/// Months as they stand without a day.
const WHOLE_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Writes a date as precisely as it is known: `Nov. 21, 2024`, `November 2024`, `2024`.
pub(super) fn date(civil: DateTime, precision: Precision, with_weekday: bool) -> String {
    let (year, day) = (civil.year(), civil.day());
    let month = usize::from(civil.month().unsigned_abs()) - 1;
    match precision {
        Precision::Year => year.to_string(),
        Precision::Month => format!("{} {year}", WHOLE_MONTHS[month]),
        Precision::Day | Precision::Minute | Precision::Second => {
            let date = format!("{} {day}, {year}", MONTHS[month]);
            if with_weekday {
                format!("{}, {date}", weekday(civil.weekday()))
            } else {
                date
            }
        }
    }
}

/// Writes a time of day: `4:32 p.m.`, `4 p.m.`, `noon`, `midnight`.
pub(super) fn time(time: Time) -> String {
    let (hour, minute) = (time.hour(), time.minute());
    match (hour, minute) {
        (0, 0) => return "midnight".to_owned(),
        (12, 0) => return "noon".to_owned(),
        _ => {}
    }
    let half = if hour < 12 { "a.m." } else { "p.m." };
    let hour = match hour % 12 {
        0 => 12,
        hour => hour,
    };
    if minute == 0 {
        format!("{hour} {half}")
    } else {
        format!("{hour}:{minute:02} {half}")
    }
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}
