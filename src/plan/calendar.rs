//! The calendar of a year or a month: which days have articles, and how many, laid out in weeks that
//! begin on Monday (ISO 8601).

use super::page::List;
use crate::archive::Archive;
use crate::archive::dates::{Month, Year};
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use crate::theme::value::map;
use jiff::civil::Date;
use tera::Value;

/// How many levels the counts of days and months are told apart by.
const LEVELS: usize = 4;

/// Returns the level of a count among counts of which `most` is the highest: 1 to [`LEVELS`].
pub(super) fn level(count: usize, most: usize) -> usize {
    (count * LEVELS).div_ceil(most.max(1)).clamp(1, LEVELS)
}

/// Returns the months of a date's list with their days; none of a list that is about no year or
/// month.
pub(super) fn value(archive: &Archive, list: List) -> Value {
    let Some((l, y, months)) = months(archive, list) else {
        return Value::none();
    };
    let year = &archive.languages[l].dates.years[y];
    let counts = months.iter().flat_map(|(_, month)| &month.days);
    let most = counts.map(|day| day.articles.len()).max().unwrap_or(1);
    let months = months.into_iter().map(|(m, month)| {
        let first = Date::new(year.year, month.month, 1).ok();
        let offset = first.map_or(0, |first| first.weekday().to_monday_zero_offset() as usize);
        let length = first.map_or(31, |first| first.days_in_month() as usize);
        let days = month.days.iter().enumerate().map(|(d, day)| {
            let place = offset + day.day as usize - 1;
            let list = List::Day(l, y, m, d);
            map([
                ("day", Value::from(i64::from(day.day))),
                ("date", Value::from(list.date(archive))),
                ("url", Value::from(archive.url(&list.route(archive)))),
                ("count", Value::from(day.articles.len())),
                ("level", Value::from(level(day.articles.len(), most))),
                ("column", Value::from(place % 7)),
                ("row", Value::from(place / 7)),
            ])
        });
        let list = List::Month(l, y, m);
        map([
            ("date", Value::from(list.date(archive))),
            ("url", Value::from(archive.url(&list.route(archive)))),
            ("count", Value::from(month.articles.len())),
            ("offset", Value::from(offset)),
            ("length", Value::from(length)),
            ("rows", Value::from((offset + length).div_ceil(7))),
            ("days", Value::from(days.collect::<Vec<_>>())),
        ])
    });
    Value::from(months.collect::<Vec<_>>())
}

/// Returns the fingerprint of what [`value`] returns.
pub(super) fn print(archive: &Archive, list: List) -> Fingerprint {
    let mut print = Fingerprinter::new("calendar");
    let Some((l, y, months)) = months(archive, list) else {
        return print.finish();
    };
    print
        .text(archive.base_path())
        .text(List::Year(l, y).route(archive).path())
        .number(archive.languages[l].dates.years[y].year as u64);
    for (_, month) in months {
        print
            .number(month.month as u64)
            .number(month.articles.len() as u64)
            .number(month.days.len() as u64);
        for day in &month.days {
            print
                .number(day.day as u64)
                .number(day.articles.len() as u64);
        }
    }
    print.finish()
}

/// Months with their places in their year.
type Months<'a> = Vec<(usize, &'a Month)>;

/// Returns the months that a list is about, with their places in their year, and those of the language
/// and the year.
fn months(archive: &Archive, list: List) -> Option<(usize, usize, Months<'_>)> {
    let all = |year: &'_ Year| 0..year.months.len();
    let (l, y) = match list {
        List::Year(l, y) | List::Month(l, y, _) => (l, y),
        _ => return None,
    };
    let year = &archive.languages[l].dates.years[y];
    let places = match list {
        List::Month(.., m) => m..m + 1,
        _ => all(year),
    };
    let months = &year.months;
    Some((l, y, places.map(|m| (m, &months[m])).collect()))
}

#[cfg(test)]
mod tests {
    use super::level;

    #[test]
    fn levels_are_quarters_of_the_highest_count() {
        for (count, most, expect) in [
            (1, 1, 4),
            (1, 8, 1),
            (2, 8, 1),
            (3, 8, 2),
            (8, 8, 4),
            (1, 0, 4),
        ] {
            assert_eq!(level(count, most), expect, "{count} of {most}");
        }
    }
}
