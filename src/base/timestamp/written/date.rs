//! The date in a written timestamp.

use super::{Fault, Reader, value};
use crate::base::timestamp::token::Kind;
use crate::base::timestamp::{DateOrder, Precision, names, parse};

impl<'a> Reader<'a> {
    /// Reads `20241121`, `202411211632` or `20241121163207`.
    pub(super) fn compact(&mut self, digits: &str) -> Result<(), Fault> {
        self.at += 1;
        self.set_date(
            value(&digits[..4]),
            value(&digits[4..6]),
            value(&digits[6..8]),
        )?;
        if digits.len() > 8 {
            let second = digits.get(12..14);
            self.set_time(
                value(&digits[8..10]),
                value(&digits[10..12]),
                second.map(value),
            )?;
        }
        self.joined_time()
    }

    /// Finds the month in `21 November`, `21st of November`, `21-Nov`, `21. November`; its place is
    /// counted from the number.
    pub(super) fn month_after_day(&self) -> Option<usize> {
        let mut ahead = 1;
        let next = self.token(ahead)?;
        if !next.spaced && matches!(next.kind, Kind::Word(word) if names::is_ordinal(word)) {
            ahead += 1;
        }
        if matches!(self.token(ahead)?.kind, Kind::Mark('.' | '-' | '/')) {
            ahead += 1;
        }
        if matches!(self.token(ahead)?.kind, Kind::Word("of" | "de")) {
            ahead += 1;
        }
        match self.token(ahead)?.kind {
            Kind::Word(word) => names::month(word).map(|_| ahead),
            _ => None,
        }
    }

    /// Reads `21 November 2024`, or `2024 November 21`, whose month is some tokens ahead.
    pub(super) fn day_first(&mut self, digits: &str, month: usize) -> Result<(), Fault> {
        let Some(Kind::Word(word)) = self.token(month).map(|token| token.kind) else {
            return Err(Fault::unexpected(digits));
        };
        let month_number = names::month(word).unwrap_or_default();
        self.at += month + 1;
        self.skip_between();
        if digits.len() == 4 {
            let day = self.day().ok_or_else(|| Fault::new("it has no day"))?;
            return self.set_date(value(digits), month_number, day);
        }
        if digits.len() > 2 {
            return Err(Fault::unexpected(digits));
        }
        self.day_and_month(value(digits), month_number)
    }

    /// Reads `November 21, 2024` or `November 2024` after the month.
    pub(super) fn month_first(&mut self, month: u32) -> Result<(), Fault> {
        self.at += 1;
        self.skip_between();
        if let Some(year) = self.four_digits() {
            self.at += 1;
            return self.set_part_of_year(value(year), month);
        }
        let Some(day) = self.day() else {
            return Err(Fault::new("it has no day"));
        };
        self.skip_between();
        self.day_and_month(day, month)
    }

    /// Keeps a day and a month, with the year if it follows.
    pub(super) fn day_and_month(&mut self, day: u32, month: u32) -> Result<(), Fault> {
        if matches!(
            self.token(0).map(|t| t.kind),
            Some(Kind::Word("de" | "del"))
        ) {
            self.at += 1;
        }
        if let Some(year) = self.four_digits() {
            self.at += 1;
            self.set_date(value(year), month, day)?;
            // The log format of web servers joins the time with a colon.
            if self.is_mark(0, ':') {
                self.at += 1;
            }
            return self.joined_time();
        }
        if self.month_and_day.is_some() || self.date.is_some() {
            return Err(Fault::new("it has more than one date"));
        }
        self.month_and_day = Some((month, day));
        Ok(())
    }

    /// Reads the number of a day, with what makes it an ordinal.
    pub(super) fn day(&mut self) -> Option<u32> {
        let Kind::Number(digits) = self.token(0)?.kind else {
            return None;
        };
        if digits.len() > 2 {
            return None;
        }
        self.at += 1;
        if let Some(token) = self.token(0)
            && !token.spaced
            && matches!(token.kind, Kind::Word(word) if names::is_ordinal(word))
        {
            self.at += 1;
        }
        Some(value(digits))
    }

    /// Reads `2024-11-21`, `11/21/2024`, `21.11.2024`, `2024-11`.
    pub(super) fn numeric(
        &mut self,
        first: &str,
        separator: char,
        second: &str,
    ) -> Result<(), Fault> {
        let third = if self.is_mark(3, separator) {
            self.joined_number(4)
        } else {
            None
        };
        let Some(third) = third else {
            if first.len() == 4 && second.len() <= 2 && matches!(separator, '-' | '/') {
                self.at += 3;
                return self.set_part_of_year(value(first), value(second));
            }
            return Err(Fault::new("it has no year, month and day"));
        };
        self.at += 5;
        let (a, b, c) = (value(first), value(second), value(third));
        match (first.len(), second.len(), third.len()) {
            (4, 1..=2, 1..=2) => self.set_date(a, b, c)?,
            (1..=2, 1..=2, 4) => {
                let (month, day) = self.month_and_day_of(first, second, third)?;
                self.set_date(c, month, day)?;
            }
            (1..=2, 1..=2, 1..=2) => match self.order {
                Some(DateOrder::Dmy) => self.set_date(century(c), b, a)?,
                Some(DateOrder::Mdy) => self.set_date(century(c), a, b)?,
                Some(DateOrder::Ymd) => self.set_date(century(a), b, c)?,
                None => return Err(Fault::new("its year has two digits")),
            },
            (5.., ..) | (_, _, 5..) => return Err(Fault::new("years go from 1 to 9999")),
            _ => return Err(Fault::new("it has no year, month and day")),
        }
        self.joined_time()
    }

    /// Tells the month from the day where the year comes last.
    pub(super) fn month_and_day_of(
        &self,
        a: &str,
        b: &str,
        year: &str,
    ) -> Result<(u32, u32), Fault> {
        let (first, second) = (value(a), value(b));
        match self.order {
            _ if first == second || second > 12 => Ok((first, second)),
            _ if first > 12 => Ok((second, first)),
            Some(DateOrder::Dmy) => Ok((second, first)),
            Some(DateOrder::Mdy) => Ok((first, second)),
            Some(DateOrder::Ymd) | None => {
                let month =
                    |number: u32| names::month_name(i8::try_from(number).unwrap_or_default());
                Err(Fault::hinted(
                    format!(
                        "it may be {first} {} {year} or {second} {} {year}",
                        month(second),
                        month(first)
                    ),
                    format!(
                        "write `{year}-{second:02}-{first:02}` or `{year}-{first:02}-{second:02}`, \
                         or set `date_order` to `dmy` or `mdy` in dateline.yaml"
                    ),
                ))
            }
        }
    }

    /// Reads a year alone: that of a month and day before it, else of the whole timestamp.
    pub(super) fn year(&mut self, digits: &str) -> Result<(), Fault> {
        self.at += 1;
        if let Some((month, day)) = self.month_and_day.take() {
            return self.set_date(value(digits), month, day);
        }
        if self.date.is_some() {
            return Err(Fault::new("it has more than one year"));
        }
        self.set_part_of_year(value(digits), 1)?;
        self.date = self.date.map(|(date, _)| (date, Precision::Year));
        Ok(())
    }

    pub(super) fn set_date(&mut self, year: u32, month: u32, day: u32) -> Result<(), Fault> {
        if self.date.is_some() || self.month_and_day.is_some() {
            return Err(Fault::new("it has more than one date"));
        }
        if !(1..=9999).contains(&year) {
            return Err(Fault::new("years go from 1 to 9999"));
        }
        let Some(date) = parse::date(year, month, day) else {
            return Err(if (1..=12).contains(&month) {
                let name = names::month_name(i8::try_from(month).unwrap_or_default());
                Fault::new(format!("there is no {day} {name} {year}"))
            } else {
                Fault::new(format!("there is no month {month}"))
            });
        };
        self.date = Some((date, Precision::Day));
        Ok(())
    }

    pub(super) fn set_part_of_year(&mut self, year: u32, month: u32) -> Result<(), Fault> {
        self.set_date(year, month, 1)?;
        self.date = self.date.map(|(date, _)| (date, Precision::Month));
        Ok(())
    }

    /// Skips the dot of an abbreviation, and the comma or dash between parts of a date.
    pub(super) fn skip_between(&mut self) {
        if self.is_mark(0, '.') {
            self.at += 1;
        }
        let joins = match self.token(0).map(|token| token.kind) {
            Some(Kind::Mark(',')) => true,
            Some(Kind::Mark('-' | '/')) => self.joined_number(1).is_some(),
            _ => false,
        };
        if joins {
            self.at += 1;
        }
    }

    /// Returns the four digits of a year.
    pub(super) fn four_digits(&self) -> Option<&'a str> {
        match self.token(0)?.kind {
            Kind::Number(digits) if digits.len() == 4 => Some(digits),
            _ => None,
        }
    }
}

/// Returns the year that two digits mean: 69 to 99 are of the 20th century, as POSIX has it.
fn century(year: u32) -> u32 {
    if year < 69 { 2000 + year } else { 1900 + year }
}
