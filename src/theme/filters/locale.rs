//! Dates and numbers in the reader's language, from CLDR data.
//!
//! Making a formatter takes longer than a thousand uses of it, so that each thread keeps those that
//! it has made.

use icu_calendar::{Date, Gregorian, Iso};
use icu_datetime::fieldsets::enums::CompositeDateTimeFieldSet as Fields;
use icu_datetime::fieldsets::{T, Y, YM, YMD, YMDE};
use icu_datetime::input::{DateTime, Time};
use icu_datetime::pattern::{DateTimePattern, FixedCalendarDateTimeNames};
use icu_datetime::{DateTimeFormatter, DateTimeFormatterLoadError};
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules};
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use writeable::TryWriteable;

/// How long a date is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Length {
    /// `11/21/24`
    Short,
    /// `Nov 21, 2024`
    Medium,
    /// `November 21, 2024`
    Long,
    /// `Thursday, November 21, 2024`
    Full,
}

/// What of a moment is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    Year,
    Month,
    Day,
    DayAndTime,
    Time,
}

/// The names that patterns write, as they stand within a date.
pub(super) struct Names {
    /// January first.
    pub(super) months: Vec<String>,
    /// January first.
    pub(super) short_months: Vec<String>,
    /// Monday first.
    pub(super) weekdays: Vec<String>,
    /// Monday first.
    pub(super) short_weekdays: Vec<String>,
    /// Before noon and after it.
    pub(super) halves: Vec<String>,
}

type Formatters = BTreeMap<(Shape, Length), Rc<DateTimeFormatter<Fields>>>;

/// Writes a day out, such as `21 November 2024`; none where there is no data for the language.
pub fn long_day(day: jiff::civil::Date, language: &str) -> Option<String> {
    let words = Words::of(language).ok()?;
    words.moment(day.at(0, 0, 0, 0), Shape::Day, Length::Long)
}

/// One language's formatters.
pub(super) struct Words {
    locale: Locale,
    dates: RefCell<Formatters>,
    names: OnceCell<Option<Names>>,
    numbers: OnceCell<Option<DecimalFormatter>>,
    plurals: OnceCell<Option<PluralRules>>,
}

thread_local! {
    static LANGUAGES: RefCell<BTreeMap<String, Rc<Words>>> = const { RefCell::new(BTreeMap::new()) };
}

impl Words {
    /// Returns the formatters of a language; `tag` is a BCP 47 tag, and `pt_BR` means `pt-BR`.
    ///
    /// # Errors
    /// The message for the template's author where the tag is none.
    pub(super) fn of(tag: &str) -> Result<Rc<Self>, String> {
        if let Some(words) = LANGUAGES.with_borrow(|languages| languages.get(tag).cloned()) {
            return Ok(words);
        }
        let locale = Locale::try_from_str(&tag.replace('_', "-"))
            .map_err(|_| format!("`{tag}` is not a language tag such as `en` or `pt-BR`"))?;
        let words = Rc::new(Self {
            locale,
            dates: RefCell::default(),
            names: OnceCell::new(),
            numbers: OnceCell::new(),
            plurals: OnceCell::new(),
        });
        LANGUAGES.with_borrow_mut(|languages| languages.insert(tag.to_owned(), words.clone()));
        Ok(words)
    }

    /// Writes a moment; none where there is no data for the language.
    pub(super) fn moment(
        &self,
        moment: jiff::civil::DateTime,
        shape: Shape,
        length: Length,
    ) -> Option<String> {
        let known = self.dates.borrow().get(&(shape, length)).cloned();
        let formatter = match known {
            Some(formatter) => formatter,
            None => {
                let made = Rc::new(formatter(&self.locale, shape, length).ok()?);
                self.dates
                    .borrow_mut()
                    .insert((shape, length), made.clone());
                made
            }
        };
        Some(formatter.format(&input(moment)?).to_string())
    }

    /// Returns the names of months and weekdays; none where there is no data for the language.
    pub(super) fn names(&self) -> Option<&Names> {
        self.names.get_or_init(|| Names::of(&self.locale)).as_ref()
    }

    /// Returns the plural category of a number, such as `few`; none where there is no data for the
    /// language.
    pub(super) fn plural(&self, number: u64) -> Option<&'static str> {
        let rules = self
            .plurals
            .get_or_init(|| PluralRules::try_new((&self.locale).into(), Default::default()).ok());
        Some(category(rules.as_ref()?.category_for(number)))
    }

    /// Writes a number with the language's digits, groups and decimal separator; none where the
    /// text is no number.
    pub(super) fn number(&self, number: &str) -> Option<String> {
        let number = Decimal::try_from_str(number).ok()?;
        let formatter = self.numbers.get_or_init(|| {
            DecimalFormatter::try_new((&self.locale).into(), Default::default()).ok()
        });
        Some(formatter.as_ref()?.format(&number).to_string())
    }
}

/// Returns the plural categories of a language, in the order of CLDR; none where the tag is none.
pub fn plural_categories(tag: &str) -> Option<Vec<&'static str>> {
    let words = Words::of(tag).ok()?;
    let rules = PluralRules::try_new((&words.locale).into(), Default::default()).ok()?;
    let used: Vec<PluralCategory> = rules.categories().collect();
    let all = PluralCategory::all().filter(|one| used.contains(one));
    Some(all.map(category).collect())
}

fn category(category: PluralCategory) -> &'static str {
    match category {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
    }
}

fn input(moment: jiff::civil::DateTime) -> Option<DateTime<Iso>> {
    let part = i8::unsigned_abs;
    let date = Date::try_new_iso(
        i32::from(moment.year()),
        part(moment.month()),
        part(moment.day()),
    );
    let time = Time::try_new(
        part(moment.hour()),
        part(moment.minute()),
        part(moment.second()),
        0,
    );
    Some(DateTime {
        date: date.ok()?,
        time: time.ok()?,
    })
}

fn formatter(
    locale: &Locale,
    shape: Shape,
    length: Length,
) -> Result<DateTimeFormatter<Fields>, DateTimeFormatterLoadError> {
    let prefs = locale.into();
    // Data of field sets that are not named here is left out of the program.
    macro_rules! made {
        ($fields:expr) => {
            DateTimeFormatter::try_new(prefs, $fields)?.cast_into_fset()
        };
    }
    Ok(match (shape, length) {
        (Shape::Year, _) => made!(Y::long()),
        (Shape::Month, Length::Short) => made!(YM::short()),
        (Shape::Month, Length::Medium) => made!(YM::medium()),
        (Shape::Month, Length::Long | Length::Full) => made!(YM::long()),
        (Shape::Day, Length::Short) => made!(YMD::short()),
        (Shape::Day, Length::Medium) => made!(YMD::medium()),
        (Shape::Day, Length::Long) => made!(YMD::long()),
        (Shape::Day, Length::Full) => made!(YMDE::long()),
        (Shape::DayAndTime, Length::Short) => made!(YMD::short().with_time_hm()),
        (Shape::DayAndTime, Length::Medium) => made!(YMD::medium().with_time_hm()),
        (Shape::DayAndTime, Length::Long) => made!(YMD::long().with_time_hm()),
        (Shape::DayAndTime, Length::Full) => made!(YMDE::long().with_time_hm()),
        (Shape::Time, _) => made!(T::hm()),
    })
}

impl Names {
    fn of(locale: &Locale) -> Option<Self> {
        let months = |pattern| {
            (1..=12)
                .map(|month| named(locale, pattern, 2024, month, 1, 0))
                .collect::<Option<Vec<_>>>()
        };
        // 1 January 2024 was a Monday.
        let weekdays = |pattern| {
            (1..=7)
                .map(|day| named(locale, pattern, 2024, 1, day, 0))
                .collect::<Option<Vec<_>>>()
        };
        let halves = [9, 15].map(|hour| named(locale, "a", 2024, 1, 1, hour));
        Some(Self {
            months: months("MMMM")?,
            short_months: months("MMM")?,
            weekdays: weekdays("EEEE")?,
            short_weekdays: weekdays("EEE")?,
            halves: halves.into_iter().collect::<Option<Vec<_>>>()?,
        })
    }
}

/// Writes one field of a date by a pattern of CLDR (UTS 35, part 4, section 8).
fn named(
    locale: &Locale,
    pattern: &str,
    year: i32,
    month: u8,
    day: u8,
    hour: u8,
) -> Option<String> {
    let pattern = DateTimePattern::try_from_pattern_str(pattern).ok()?;
    let mut names = FixedCalendarDateTimeNames::<Gregorian, Fields>::try_new(locale.into()).ok()?;
    let formatter = names.include_for_pattern(&pattern).ok()?;
    let moment = DateTime {
        date: Date::try_new_gregorian(year, month, day).ok()?,
        time: Time::try_new(hour, 0, 0, 0).ok()?,
    };
    let written = formatter.format(&moment);
    let name = written.try_write_to_string().ok()?;
    Some(name.into_owned())
}
