//! The words of dates: months, weekdays, zones, and what stands around them.

use jiff::civil::Weekday;

/// Returns the English abbreviation of a month, as RFC 2822 has it.
pub(super) fn month_name(month: i8) -> &'static str {
    const NAMES: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    usize::try_from(month - 1)
        .ok()
        .and_then(|at| NAMES.get(at))
        .copied()
        .unwrap_or_default()
}

/// Returns the English abbreviation of a weekday, as RFC 2822 has it.
pub(super) fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
        Weekday::Sunday => "Sun",
    }
}

/// Returns the month that a lower-case word names, in English, German, French, Spanish or
/// Portuguese.
pub(super) fn month(word: &str) -> Option<u32> {
    Some(match word {
        "jan" | "january" | "januar" | "jänner" | "janvier" | "enero" | "janeiro" => 1,
        "feb" | "february" | "februar" | "février" | "febrero" | "fevereiro" => 2,
        "mar" | "march" | "märz" | "mars" | "marzo" | "março" => 3,
        "apr" | "april" | "avril" | "abril" => 4,
        "may" | "mai" | "mayo" | "maio" => 5,
        "jun" | "june" | "juni" | "juin" | "junio" | "junho" => 6,
        "jul" | "july" | "juli" | "juillet" | "julio" | "julho" => 7,
        "aug" | "august" | "août" | "agosto" => 8,
        "sep" | "sept" | "september" | "septembre" | "septiembre" | "setembro" => 9,
        "oct" | "october" | "oktober" | "octobre" | "octubre" | "outubro" => 10,
        "nov" | "november" | "novembre" | "noviembre" | "novembro" => 11,
        "dec" | "december" | "dezember" | "décembre" | "diciembre" | "dezembro" => 12,
        _ => return None,
    })
}

/// Returns the weekday that a lower-case word names, in the languages of [`month`].
pub(super) fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "mon" | "monday" | "montag" | "lundi" | "lunes" => Weekday::Monday,
        "tue" | "tues" | "tuesday" | "dienstag" | "mardi" | "martes" => Weekday::Tuesday,
        "wed" | "weds" | "wednesday" | "mittwoch" | "mercredi" | "miércoles" => Weekday::Wednesday,
        "thu" | "thur" | "thurs" | "thursday" | "donnerstag" | "jeudi" | "jueves" => {
            Weekday::Thursday
        }
        "fri" | "friday" | "freitag" | "vendredi" | "viernes" => Weekday::Friday,
        "sat" | "saturday" | "samstag" | "samedi" | "sábado" => Weekday::Saturday,
        "sun" | "sunday" | "sonntag" | "dimanche" | "domingo" => Weekday::Sunday,
        _ => return None,
    })
}

/// Tells whether a word only says what the timestamp is of, or joins its parts.
pub(super) fn is_filler(word: &str) -> bool {
    matches!(
        word,
        "published"
            | "updated"
            | "posted"
            | "modified"
            | "created"
            | "last"
            | "first"
            | "date"
            | "time"
            | "on"
            | "at"
            | "the"
            | "of"
            | "de"
            | "del"
            | "um"
            | "uhr"
    )
}

/// Tells whether a word after a number makes it an ordinal.
pub(super) fn is_ordinal(word: &str) -> bool {
    matches!(word, "st" | "nd" | "rd" | "th" | "er" | "º" | "ª")
}

/// Tells whether a word means another moment every day.
pub(super) fn is_relative(word: &str) -> bool {
    matches!(
        word,
        "now" | "today" | "tonight" | "yesterday" | "tomorrow" | "ago" | "next"
    )
}

/// What the abbreviation of a zone means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Abbreviation {
    /// An offset in minutes.
    Offset(i32),
    /// The local time of a zone, summer or winter, by its IANA name.
    Zone(&'static str),
    /// Several zones, named for the reader.
    Ambiguous(&'static str),
}

/// Returns what the abbreviation of a zone means, in lower case.
pub(super) fn abbreviation(word: &str) -> Option<Abbreviation> {
    use Abbreviation::{Ambiguous, Offset, Zone};
    Some(match word {
        "utc" | "gmt" | "z" | "ut" | "wet" => Offset(0),
        "cet" | "west" => Offset(60),
        "cest" | "eet" | "sast" => Offset(2 * 60),
        "eest" | "msk" => Offset(3 * 60),
        "pkt" => Offset(5 * 60),
        "wib" => Offset(7 * 60),
        "hkt" | "sgt" | "awst" => Offset(8 * 60),
        "jst" | "kst" => Offset(9 * 60),
        "acst" => Offset(9 * 60 + 30),
        "aest" => Offset(10 * 60),
        "acdt" => Offset(10 * 60 + 30),
        "aedt" => Offset(11 * 60),
        "nzst" => Offset(12 * 60),
        "nzdt" => Offset(13 * 60),
        "ndt" => Offset(-(2 * 60 + 30)),
        "nst" => Offset(-(3 * 60 + 30)),
        "edt" => Offset(-4 * 60),
        "est" | "cdt" => Offset(-5 * 60),
        "mdt" => Offset(-6 * 60),
        "mst" | "pdt" => Offset(-7 * 60),
        "pst" | "akdt" => Offset(-8 * 60),
        "akst" => Offset(-9 * 60),
        "hst" => Offset(-10 * 60),
        "et" => Zone("America/New_York"),
        "ct" => Zone("America/Chicago"),
        "mt" => Zone("America/Denver"),
        "pt" => Zone("America/Los_Angeles"),
        "bst" => Ambiguous("British summer, Bangladesh or Bougainville time"),
        "ist" => Ambiguous("Indian, Irish or Israel time"),
        "cst" => Ambiguous("Central, China or Cuba time"),
        "ast" => Ambiguous("Atlantic or Arabia time"),
        "sst" => Ambiguous("Samoa or Singapore time"),
        "gst" => Ambiguous("Gulf or South Georgia time"),
        "amt" => Ambiguous("Amazon or Armenia time"),
        _ => return None,
    })
}
