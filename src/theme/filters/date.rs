//! The filter `date`: a timestamp as people read it.

use super::locale::{Length, Names, Shape, Words};
use super::{FILTERS, FilterSettings, ap, check_arguments};
use crate::base::timestamp::{Precision, Timestamp, Zone};
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use std::borrow::Cow;
use std::sync::Arc;
use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

pub(super) fn add(tera: &mut Tera, name: &'static str, settings: &Arc<FilterSettings>) {
    let settings = settings.clone();
    tera.register_filter(name, move |value: &Value, kwargs: Kwargs, _: &State| {
        check_arguments(FILTERS, name, &kwargs)?;
        date(value, &kwargs, &settings)
    });
}

/// A timestamp in the zone in which it is shown.
struct Moment {
    civil: DateTime,
    offset: Offset,
    zone: Option<TimeZone>,
    precision: Precision,
    timestamp: Timestamp,
}

/// Whether the time of day is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TimeOfDay {
    Without,
    With,
    Only,
}

fn date(value: &Value, kwargs: &Kwargs, settings: &FilterSettings) -> TeraResult<String> {
    let timestamp = timestamp(value, &settings.time_zone, "date")?;
    let moment = Moment::of(timestamp, kwargs.get::<&str>("zone")?, settings)?;
    let language = kwargs.get::<&str>("locale")?.unwrap_or(&settings.language);
    if let Some(format) = kwargs.get::<&str>("format")? {
        return moment.by_pattern(format, language);
    }
    let length = match kwargs.get::<&str>("length")? {
        None | Some("long") => Length::Long,
        Some("short") => Length::Short,
        Some("medium") => Length::Medium,
        Some("full") => Length::Full,
        Some(other) => {
            return Err(Error::message(format!(
                "`length` is `short`, `medium`, `long` or `full`, not `{other}`"
            )));
        }
    };
    let time = time_of_day(kwargs)?;
    match kwargs.get::<&str>("style")? {
        None | Some("cldr") => moment.localised(time, length, language),
        Some("ap") => Ok(moment.ap(time, length)),
        Some("rfc3339") => Ok(moment.shifted().rfc3339_full()),
        Some("rfc2822") => Ok(moment.shifted().rfc2822()),
        Some(other) => Err(Error::message(format!(
            "`style` is `cldr`, `ap`, `rfc3339` or `rfc2822`, not `{other}`"
        ))),
    }
}

/// Reads the timestamp that a template hands over.
pub(super) fn timestamp(value: &Value, zone: &TimeZone, filter: &str) -> TeraResult<Timestamp> {
    let Some(text) = value.as_str() else {
        return Err(Error::message(format!(
            "`{filter}` takes a timestamp such as `article.timestamp`, not a value of type {}",
            value.name()
        )));
    };
    let zone = Zone {
        time_zone: zone,
        date_order: None,
    };
    Timestamp::parse(text, &zone).map_err(|fault| {
        Error::message(format!(
            "`{filter}` takes a timestamp, not `{text}`: {}",
            fault.message
        ))
    })
}

fn time_of_day(kwargs: &Kwargs) -> TeraResult<TimeOfDay> {
    let Some(time) = kwargs.get::<&Value>("time")? else {
        return Ok(TimeOfDay::Without);
    };
    match (time.as_bool(), time.as_str()) {
        (Some(true), _) | (_, Some("short")) => Ok(TimeOfDay::With),
        (Some(false), _) => Ok(TimeOfDay::Without),
        (_, Some("only")) => Ok(TimeOfDay::Only),
        _ => Err(Error::message(format!(
            "`time` is true, false or `only`, not `{time}`"
        ))),
    }
}

impl Moment {
    /// Takes a timestamp into the zone of the argument `zone`. A date without a time is in no zone,
    /// so that it stays the day that it is.
    fn of(timestamp: Timestamp, zone: Option<&str>, settings: &FilterSettings) -> TeraResult<Self> {
        let precision = timestamp.precision();
        let zone = match zone {
            None | Some("written") => None,
            Some("site") => Some(settings.time_zone.clone()),
            Some(name) => Some(TimeZone::get(name).map_err(|_| {
                Error::message(format!(
                    "`{name}` is not a time zone such as `Europe/Lisbon`; `zone` may also be \
                     `written` or `site`"
                ))
            })?),
        };
        let zone = zone.filter(|_| matches!(precision, Precision::Minute | Precision::Second));
        let mut moment = Self {
            civil: timestamp.civil(),
            offset: timestamp.offset(),
            zone: None,
            precision,
            timestamp,
        };
        if let Some(zone) = zone
            && let Ok(instant) = jiff::Timestamp::from_second(timestamp.instant())
        {
            moment.offset = zone.to_offset(instant);
            moment.civil = moment.offset.to_datetime(instant);
            moment.zone = Some(zone);
        }
        Ok(moment)
    }

    /// Returns the timestamp, in the zone in which it is shown.
    fn shifted(&self) -> Timestamp {
        if self.zone.is_none() {
            return self.timestamp;
        }
        let text = format!(
            "{}{}",
            self.civil.strftime("%Y-%m-%dT%H:%M:%S"),
            HourAndMinute(self.offset)
        );
        let zone = Zone {
            time_zone: &TimeZone::UTC,
            date_order: None,
        };
        Timestamp::parse(&text, &zone).unwrap_or(self.timestamp)
    }

    fn has_time(&self) -> bool {
        matches!(self.precision, Precision::Minute | Precision::Second)
    }

    fn localised(&self, time: TimeOfDay, length: Length, language: &str) -> TeraResult<String> {
        let shape = match self.precision {
            Precision::Year => Shape::Year,
            Precision::Month => Shape::Month,
            Precision::Day => Shape::Day,
            Precision::Minute | Precision::Second => match time {
                TimeOfDay::Without => Shape::Day,
                TimeOfDay::With => Shape::DayAndTime,
                TimeOfDay::Only => Shape::Time,
            },
        };
        // A time that is not known is nothing, rather than the date that was not asked for.
        if time == TimeOfDay::Only && !self.has_time() {
            return Ok(String::new());
        }
        Words::of(language)
            .map_err(Error::message)?
            .moment(self.civil, shape, length)
            .ok_or_else(|| Error::message(format!("there are no dates in `{language}`")))
    }

    fn ap(&self, time: TimeOfDay, length: Length) -> String {
        let date = || ap::date(self.civil, self.precision, length == Length::Full);
        match (time, self.has_time()) {
            (TimeOfDay::Only, false) => String::new(),
            (TimeOfDay::Only, true) => ap::time(self.civil.time()),
            (TimeOfDay::With, true) => format!("{}, {}", date(), ap::time(self.civil.time())),
            (TimeOfDay::Without, _) | (TimeOfDay::With, false) => date(),
        }
    }

    /// Writes it by a pattern of strftime. Where the pattern asks for a day or a month that is not
    /// known, what is known is written instead: in words if the pattern has words, else in digits.
    fn by_pattern(&self, pattern: &str, language: &str) -> TeraResult<String> {
        let asked = directives(pattern);
        let is_known = |directive: char| match self.precision {
            Precision::Year => matches!(directive, 'Y' | 'C' | 'y' | 'G' | 'g' | '%' | 'n' | 't'),
            Precision::Month => !matches!(
                directive,
                'A' | 'a' | 'D' | 'd' | 'e' | 'F' | 'j' | 'u' | 'U' | 'V' | 'w' | 'W' | 'c' | 'x'
            ),
            Precision::Day | Precision::Minute | Precision::Second => true,
        };
        if !asked.clone().all(is_known) {
            if asked.clone().any(|directive| "AaBbh".contains(directive)) {
                return self.localised(TimeOfDay::Without, Length::Long, language);
            }
            return Ok(self.timestamp.rfc3339());
        }
        let has_words = asked.clone().any(|directive| "AaBbhpP".contains(directive));
        let words = Words::of(language).map_err(Error::message)?;
        let pattern = match words.names() {
            Some(names) if has_words => Cow::Owned(self.with_names(pattern, names)),
            _ => Cow::Borrowed(pattern),
        };
        let zone = match &self.zone {
            Some(zone) => zone.clone(),
            None => TimeZone::fixed(self.offset),
        };
        let zoned = self
            .civil
            .to_zoned_datetime(zone)
            .map_err(|error| Error::message(error.to_string()))?;
        jiff::fmt::strtime::format(pattern.as_bytes(), &zoned).map_err(|error| {
            Error::message(format!(
                "`format` is not a pattern such as `%Y-%m-%d`: {error}"
            ))
        })
    }

    /// Puts names in the place of the directives that ask for them.
    fn with_names(&self, pattern: &str, names: &Names) -> String {
        let month = usize::from(self.civil.month().unsigned_abs()) - 1;
        let weekday = usize::from(self.civil.weekday().to_monday_zero_offset().unsigned_abs());
        let half = usize::from(self.civil.hour() >= 12);
        let mut result = String::with_capacity(pattern.len() + 16);
        let mut rest = pattern;
        while let Some(at) = rest.find('%') {
            result.push_str(&rest[..at]);
            rest = &rest[at..];
            let name = match rest.as_bytes().get(1) {
                Some(b'A') => &names.weekdays[weekday],
                Some(b'a') => &names.short_weekdays[weekday],
                Some(b'B') => &names.months[month],
                Some(b'b' | b'h') => &names.short_months[month],
                Some(b'p' | b'P') => &names.halves[half],
                _ => {
                    let length = rest.chars().take(2).map(char::len_utf8).sum();
                    result.push_str(&rest[..length]);
                    rest = &rest[length..];
                    continue;
                }
            };
            result.push_str(&name.replace('%', "%%"));
            rest = &rest[2..];
        }
        result.push_str(rest);
        result
    }
}

/// An offset as `+01:00`.
struct HourAndMinute(Offset);

impl std::fmt::Display for HourAndMinute {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let minutes = self.0.seconds() / 60;
        let sign = if minutes < 0 { '-' } else { '+' };
        write!(
            f,
            "{sign}{:02}:{:02}",
            minutes.abs() / 60,
            minutes.abs() % 60
        )
    }
}

/// The letters of a pattern's directives, without flags, widths and colons.
fn directives(pattern: &str) -> impl Iterator<Item = char> + Clone + '_ {
    let mut rest = pattern.chars();
    std::iter::from_fn(move || {
        rest.find(|c| *c == '%')?;
        rest.find(|c| !matches!(c, '-' | '_' | '0'..='9' | '^' | '#' | ':' | '.'))
    })
}
