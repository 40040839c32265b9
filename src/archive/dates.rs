//! Grouping by the year, month and day of publication.

use super::ArticleId;
use std::ops::Range;

/// A year with articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Year {
    /// The year.
    pub year: i16,
    /// Its articles: a stretch of the dated ones, the oldest first.
    pub articles: Range<usize>,
    /// Its months that have articles, in order. Articles dated by the year alone are in none.
    pub months: Vec<Month>,
}

/// A month with articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// 1 to 12.
    pub month: i8,
    /// Its articles: a stretch of the dated ones, the oldest first.
    pub articles: Range<usize>,
    /// Its days that have articles, in order. Articles dated by the month alone are in none.
    pub days: Vec<Day>,
}

/// A day with articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// 1 to 31.
    pub day: i8,
    /// Its articles: a stretch of the dated ones, the oldest first.
    pub articles: Range<usize>,
}

/// The date of an article as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Known {
    /// The year.
    pub year: i16,
    /// The month, 1 to 12, if it is known.
    pub month: Option<i8>,
    /// The day, 1 to 31, if it is known.
    pub day: Option<i8>,
}

/// The articles in the order of their dates, as their authors wrote them, and the calendar over
/// that order.
///
/// The order is that of the dates as written, which can differ from the order of the instants by
/// a few hours where offsets differ.
#[derive(Debug, Clone, Default)]
pub struct Dates {
    /// Every dated article.
    pub order: Vec<ArticleId>,
    /// The years, in order.
    pub years: Vec<Year>,
}

impl Dates {
    /// Groups articles that are given the oldest first.
    pub fn new(dated: impl IntoIterator<Item = (ArticleId, Known)>) -> Self {
        let mut entries: Vec<(ArticleId, Known)> = dated.into_iter().collect();
        entries.sort_by_key(|(_, date)| *date);
        let mut years: Vec<Year> = Vec::new();
        for (at, (_, date)) in entries.iter().enumerate() {
            if years.last().is_none_or(|year| year.year != date.year) {
                years.push(Year {
                    year: date.year,
                    articles: at..at,
                    months: Vec::new(),
                });
            }
            let year = years.last_mut().expect("a year was just made sure of");
            year.articles.end = at + 1;
            let Some(number) = date.month else { continue };
            if year.months.last().is_none_or(|month| month.month != number) {
                year.months.push(Month {
                    month: number,
                    articles: at..at,
                    days: Vec::new(),
                });
            }
            let month = year
                .months
                .last_mut()
                .expect("a month was just made sure of");
            month.articles.end = at + 1;
            let Some(number) = date.day else { continue };
            if month.days.last().is_none_or(|day| day.day != number) {
                month.days.push(Day {
                    day: number,
                    articles: at..at,
                });
            }
            let day = month.days.last_mut().expect("a day was just made sure of");
            day.articles.end = at + 1;
        }
        Self {
            order: entries.into_iter().map(|(id, _)| id).collect(),
            years,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(year: i16, month: Option<i8>, day: Option<i8>) -> Known {
        Known { year, month, day }
    }

    #[test]
    fn articles_are_grouped_as_far_as_their_dates_are_known() {
        let dates = Dates::new([
            (ArticleId(0), known(2023, None, None)),
            (ArticleId(1), known(2023, Some(5), None)),
            (ArticleId(2), known(2023, Some(5), Some(9))),
            (ArticleId(3), known(2024, Some(5), Some(9))),
        ]);
        let year = &dates.years[0];
        assert_eq!((year.year, year.articles.clone()), (2023, 0..3));
        assert_eq!(year.months[0].articles, 1..3);
        assert_eq!(
            year.months[0].days,
            [Day {
                day: 9,
                articles: 2..3
            }]
        );
        assert_eq!(dates.years[1].articles, 3..4);
    }

    #[test]
    fn the_order_is_that_of_the_dates_as_written() {
        let dates = Dates::new([
            (ArticleId(0), known(2024, Some(1), Some(2))),
            (ArticleId(1), known(2024, Some(1), Some(1))),
        ]);
        assert_eq!(dates.order, [ArticleId(1), ArticleId(0)]);
    }
}
