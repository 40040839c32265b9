//! Timestamps as people write them: a date, a time, a zone and a weekday in any order, with words
//! around them.
//!
//! Each part may be there once. Whatever is left over is a fault, so that no part of what was
//! written is passed over: `Before 24 July 1937` is not 24 July 1937.

mod date;
mod place;
mod time;

use super::names;
use super::parse::in_zone;
use super::token::{Kind, Token, normalised, tokens};
use super::{DateOrder, Precision, Timestamp, TimestampFault, Zone};
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use place::Place;

/// The longest text that is read, in bytes: all forms with all their words are shorter.
const LONGEST: usize = 200;

/// What a writer is told to write where nothing more apt is known.
const HINT: &str = "write it like `2024-11-21`, `2024-11-21 16:32` or `2024-11-21T16:32:00+01:00`";

/// Reads a timestamp token by token.
pub(super) fn parse(text: &str, zone: &Zone) -> Result<Timestamp, TimestampFault> {
    let fault = |Fault { reason, hint }| TimestampFault {
        message: format!("`{}` is not a timestamp: {reason}", shown(text)),
        hint,
    };
    if text.len() > LONGEST {
        return Err(fault(Fault::new("it is too long")));
    }
    let text = normalised(text);
    let tokens = tokens(&text);
    let mut reader = Reader {
        tokens: &tokens,
        at: 0,
        order: zone.date_order,
        date: None,
        month_and_day: None,
        time: None,
        place: None,
        weekday: None,
    };
    reader
        .read()
        .and_then(|()| reader.finish(zone.time_zone))
        .map_err(fault)
}

/// What is wrong and what to do.
struct Fault {
    reason: String,
    hint: String,
}

/// Reads tokens and keeps the parts.
struct Reader<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
    order: Option<DateOrder>,
    date: Option<(Date, Precision)>,
    /// A month and a day whose year is still to come.
    month_and_day: Option<(u32, u32)>,
    time: Option<(Time, Precision)>,
    place: Option<Place<'a>>,
    weekday: Option<Weekday>,
}

impl<'a> Reader<'a> {
    /// Reads all tokens.
    fn read(&mut self) -> Result<(), Fault> {
        while let Some(token) = self.token(0) {
            match token.kind {
                Kind::Number(digits) => self.number(digits)?,
                Kind::Word(word) => self.word(word)?,
                Kind::Bracket(name) => {
                    self.at += 1;
                    self.zone(name.trim_start_matches('!'))?;
                }
                Kind::Mark(',') => self.at += 1,
                Kind::Mark('-') if token.spaced && self.token(1).is_some_and(|t| t.spaced) => {
                    self.at += 1;
                }
                Kind::Mark(sign @ ('+' | '-')) => self.offset(sign, false)?,
                Kind::Mark('(') => self.comment()?,
                Kind::Mark(mark) => return Err(Fault::unexpected(&mark.to_string())),
            }
        }
        Ok(())
    }

    /// Puts the parts together.
    fn finish(&self, site: &TimeZone) -> Result<Timestamp, Fault> {
        let Some((date, precision)) = self.date else {
            return Err(match self.month_and_day {
                Some(_) => Fault::new("it has no year"),
                None => Fault::new("it has no date"),
            });
        };
        if self.weekday.is_some() && precision < Precision::Day {
            return Err(Fault::new("it has a weekday but no day"));
        }
        if let Some(weekday) = self.weekday
            && weekday != date.weekday()
        {
            return Err(Fault::hinted(
                format!(
                    "{} is a {:?}, not a {weekday:?}",
                    date_in_words(date),
                    date.weekday()
                ),
                "correct the date or the weekday, or leave out the weekday",
            ));
        }
        let (time, precision) = match self.time {
            Some(_) if precision < Precision::Day => {
                return Err(Fault::new("it has a time but no day"));
            }
            Some(time) => time,
            None => (Time::midnight(), precision),
        };
        let civil = date.to_datetime(time);
        match &self.place {
            None => Ok(in_zone(civil, precision, site)),
            Some(place) => place.timestamp(civil, precision, site),
        }
    }

    /// Reads what begins with a number: a time, a date or a year.
    fn number(&mut self, digits: &str) -> Result<(), Fault> {
        if digits.len() <= 2 && (self.is_mark(1, ':') || self.is_dotted_time() || self.is_half()) {
            return self.time();
        }
        match digits.len() {
            8 | 12 | 14 => return self.compact(digits),
            10 | 13 | 16 if self.tokens.len() == 1 => {
                return Err(Fault::hinted(
                    "it is a number",
                    format!("{HINT}; seconds since 1970 say nothing to a reader"),
                ));
            }
            _ => {}
        }
        if let Some(month) = self.month_after_day() {
            return self.day_first(digits, month);
        }
        let separator = self.token(1).and_then(|token| match token.kind {
            Kind::Mark(mark @ ('-' | '/' | '.')) if !token.spaced => Some(mark),
            Kind::Mark(':') if !token.spaced && digits.len() == 4 => Some(':'),
            _ => None,
        });
        if let Some(separator) = separator
            && let Some(second) = self.joined_number(2)
        {
            return self.numeric(digits, separator, second);
        }
        if digits.len() == 4 {
            return self.year(digits);
        }
        if digits.len() == 5 && separator == Some('-') {
            return Err(Fault::new("years go from 1 to 9999"));
        }
        Err(Fault::unexpected(digits))
    }

    /// Reads a word that stands outside of dates and times.
    fn word(&mut self, word: &'a str) -> Result<(), Fault> {
        if let Some(month) = names::month(word) {
            return self.month_first(month);
        }
        self.at += 1;
        if let Some(weekday) = names::weekday(word) {
            if self.weekday.is_some_and(|other| other != weekday) {
                return Err(Fault::new("it has more than one weekday"));
            }
            self.weekday = Some(weekday);
            if self.is_mark(0, '.') {
                self.at += 1;
            }
            return Ok(());
        }
        if names::is_filler(word) {
            if matches!(self.token(0).map(|token| token.kind), Some(Kind::Mark(':'))) {
                self.at += 1;
            }
            return Ok(());
        }
        if names::is_relative(word) {
            return Err(Fault::hinted(
                format!("`{word}` means another day every day"),
                "write the date itself, such as `2024-11-21`",
            ));
        }
        if word == "noon" {
            return self.set_time(12, 0, None);
        }
        if word.contains('/') {
            return self.zone(word);
        }
        if matches!(word, "utc" | "gmt" | "z" | "ut") {
            if let Some(Kind::Mark(sign @ ('+' | '-'))) = self.token(0).map(|token| token.kind)
                && word != "z"
                && self.joined_number(1).is_some()
            {
                return self.offset(sign, true);
            }
            return self.set_place(Place::Offset {
                seconds: 0,
                is_named: true,
            });
        }
        let is_short = word.is_ascii() && (2..=5).contains(&word.len());
        if names::abbreviation(word).is_some() || (is_short && self.time.is_some()) {
            return self.set_place(Place::Abbreviation(word));
        }
        Err(Fault::unexpected(word))
    }

    fn token(&self, ahead: usize) -> Option<Token<'a>> {
        self.tokens.get(self.at + ahead).copied()
    }

    /// Tells whether a mark follows without white space.
    fn is_mark(&self, ahead: usize, mark: char) -> bool {
        self.token(ahead)
            .is_some_and(|token| token.kind == Kind::Mark(mark) && !token.spaced)
    }

    /// Returns the number some tokens ahead, if no white space stands before it.
    fn joined_number(&self, ahead: usize) -> Option<&'a str> {
        match self.token(ahead)? {
            Token {
                kind: Kind::Number(digits),
                spaced: false,
            } => Some(digits),
            _ => None,
        }
    }
}

/// Returns the number that at most nine digits write; of more, one that is out of every range.
fn value(digits: &str) -> u32 {
    digits.parse().unwrap_or(u32::MAX)
}

fn date_in_words(date: Date) -> String {
    format!(
        "{} {} {}",
        date.day(),
        names::month_name(date.month()),
        date.year()
    )
}

/// Returns the text as a message shows it.
fn shown(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(60)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(60).is_some() {
        shown.push('…');
    }
    shown
}

impl Fault {
    fn new(reason: impl Into<String>) -> Self {
        Self::hinted(reason, HINT)
    }

    fn hinted(reason: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            hint: hint.into(),
        }
    }

    fn unexpected(part: &str) -> Self {
        Self::new(format!("`{part}` has no meaning there"))
    }
}
