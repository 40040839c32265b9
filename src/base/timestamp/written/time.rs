//! The time of day in a written timestamp.

use super::{Fault, Reader, value};
use crate::base::timestamp::token::{Kind, Token};
use crate::base::timestamp::{Precision, parse};

impl Reader<'_> {
    /// Reads the time that a `T` joins to a date: `T16:32`, `T163207`, `T16-32-07`.
    pub(super) fn joined_time(&mut self) -> Result<(), Fault> {
        let is_joined = |token: Option<Token>| token.is_some_and(|token| !token.spaced);
        if self
            .token(0)
            .is_none_or(|token| token.spaced || token.kind != Kind::Word("t"))
            || !is_joined(self.token(1))
        {
            return Ok(());
        }
        self.at += 1;
        let Some(Kind::Number(digits)) = self.token(0).map(|token| token.kind) else {
            return Err(Fault::new("it has no time after the `T`"));
        };
        match (digits.len(), self.joined_number(2), self.joined_number(4)) {
            (4 | 6, ..) => {
                self.at += 1;
                let second = digits.get(4..6).map(value);
                self.set_time(value(&digits[..2]), value(&digits[2..4]), second)?;
                self.skip_fraction();
                Ok(())
            }
            (2, Some(minute), Some(second))
                if self.is_mark(1, '-') && self.is_mark(3, '-') && minute.len() == 2 =>
            {
                self.at += 5;
                self.set_time(value(digits), value(minute), Some(value(second)))
            }
            (1..=2, Some(_), _) if self.is_mark(1, ':') => self.time(),
            _ => Err(Fault::unexpected(digits)),
        }
    }

    /// Reads `16:32`, `16:32:07.123`, `4:32 p.m.`, `4 pm`, `11.05`.
    pub(super) fn time(&mut self) -> Result<(), Fault> {
        let Some(Kind::Number(hour)) = self.token(0).map(|token| token.kind) else {
            return Err(Fault::new("it has no time"));
        };
        self.at += 1;
        let (mut minute, mut second) = (None, None);
        for part in [&mut minute, &mut second] {
            if (self.is_mark(0, ':') || self.is_mark(0, '.'))
                && let Some(digits) = self.joined_number(1)
            {
                if digits.len() != 2 {
                    return Err(Fault::new("minutes and seconds have two digits"));
                }
                *part = Some(value(digits));
                self.at += 2;
            }
        }
        if second.is_some() {
            self.skip_fraction();
        }
        let mut hour = value(hour);
        if let Some((is_afternoon, length)) = self.half_of_day(0) {
            self.at += length;
            hour = match (is_afternoon, hour) {
                (false, 0..12) | (true, 12..24) => hour,
                (false, 12) => 0,
                (true, 1..12) => hour + 12,
                _ => {
                    return Err(Fault::new(format!(
                        "hour {hour} is not in that half of the day"
                    )));
                }
            };
        } else if minute.is_none() {
            return Err(Fault::new("its time has no minutes"));
        }
        self.set_time(hour, minute.unwrap_or_default(), second)
    }

    /// Skips the fraction of a second.
    pub(super) fn skip_fraction(&mut self) {
        if (self.is_mark(0, '.') || self.is_mark(0, ',')) && self.joined_number(1).is_some() {
            self.at += 2;
        }
    }

    /// Reads `am`, `p.m.`, `a. m.` some tokens ahead: whether it is the second half, and how many
    /// tokens it has.
    pub(super) fn half_of_day(&self, ahead: usize) -> Option<(bool, usize)> {
        match self.token(ahead)?.kind {
            Kind::Word("am") => Some((false, 1)),
            Kind::Word("pm") => Some((true, 1)),
            Kind::Word(half @ ("a" | "p")) => {
                let dot = usize::from(self.is_mark(ahead + 1, '.'));
                if self.token(ahead + 1 + dot)?.kind != Kind::Word("m") {
                    return None;
                }
                let last = usize::from(self.is_mark(ahead + 2 + dot, '.'));
                Some((half == "p", 2 + dot + last))
            }
            _ => None,
        }
    }

    /// Tells whether the number here is the hour of `4 pm`.
    pub(super) fn is_half(&self) -> bool {
        self.half_of_day(1).is_some()
    }

    /// Tells whether the number here is the hour of `11.05`, not the day of `11.05.2024`.
    pub(super) fn is_dotted_time(&self) -> bool {
        self.is_mark(1, '.')
            && self
                .joined_number(2)
                .is_some_and(|minute| minute.len() == 2)
            && !(self.is_mark(3, '.') && self.joined_number(4).is_some_and(|third| third.len() > 2))
            && (self.date.is_some() || !self.is_mark(3, '.'))
    }

    pub(super) fn set_time(
        &mut self,
        hour: u32,
        minute: u32,
        second: Option<u32>,
    ) -> Result<(), Fault> {
        if self.time.is_some() {
            return Err(Fault::new("it has more than one time"));
        }
        let precision = match second {
            Some(_) => Precision::Second,
            None => Precision::Minute,
        };
        let Some(time) = parse::time(hour, minute, second.unwrap_or_default()) else {
            return Err(Fault::new(format!("there is no time {hour}:{minute:02}")));
        };
        self.time = Some((time, precision));
        Ok(())
    }
}
