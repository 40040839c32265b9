//! Days of the proleptic Gregorian calendar as numbers, over the whole range of years that a
//! timestamp may have. jiff's own instants end a day before its dates do.

use jiff::civil::Date;

/// Seconds in a day without a leap second.
pub(super) const SECONDS_A_DAY: i64 = 86_400;

/// Days in 400 years, after which the calendar repeats.
const DAYS_AN_ERA: i64 = 146_097;

/// Days from 0000-03-01 to 1970-01-01.
const DAYS_BEFORE_EPOCH: i64 = 719_468;

/// Returns the days from 1970-01-01 to a date. The year is taken to begin in March, so that the
/// leap day is its last.
pub(super) fn days_from_civil(date: Date) -> i64 {
    let (month, day) = (i64::from(date.month()), i64::from(date.day()));
    let year = i64::from(date.year()) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * DAYS_AN_ERA + day_of_era - DAYS_BEFORE_EPOCH
}

/// Returns the date that is some days after 1970-01-01; outside of jiff's years, its nearest date.
pub(super) fn civil_from_days(days: i64) -> Date {
    let days = days.saturating_add(DAYS_BEFORE_EPOCH);
    let era = days.div_euclid(DAYS_AN_ERA);
    let day_of_era = days.rem_euclid(DAYS_AN_ERA);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = (shifted_month + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let nearest = if days < 0 { Date::MIN } else { Date::MAX };
    match (i16::try_from(year), i8::try_from(month), i8::try_from(day)) {
        (Ok(year), Ok(month), Ok(day)) => Date::new(year, month, day).unwrap_or(nearest),
        _ => nearest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_from_year_1_to_9999_has_its_number() {
        let mut date = Date::constant(1, 1, 1);
        let mut days = -719_162;
        while date < Date::MAX {
            assert_eq!(days_from_civil(date), days, "{date}");
            assert_eq!(civil_from_days(days), date, "{days}");
            date = date.tomorrow().expect("it is before the last");
            days += 1;
        }
        assert_eq!(civil_from_days(days), Date::MAX);
    }

    #[test]
    fn a_day_out_of_range_is_the_nearest() {
        assert_eq!(civil_from_days(i64::MAX), Date::MAX);
        assert_eq!(civil_from_days(i64::MIN), Date::MIN);
        assert_eq!(civil_from_days(days_from_civil(Date::MAX) + 1), Date::MAX);
    }
}
