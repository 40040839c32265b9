//! The dateline that a report begins with: `SEOUL, Nov. 3 (AP) —`.
//!
//! A town in capitals, then a region, a date and an agency where they are given, then a dash between
//! blanks. What is not certain is no dateline: an acronym before a dash is one of the commonest
//! beginnings of other sentences.

use std::ops::Range;

/// The longest dateline, in bytes.
const LONGEST: usize = 100;

/// The most words of a town's name.
const MOST_WORDS: usize = 5;

/// The dashes that end one; Markdown makes one of the others of two hyphens.
const DASHES: [&str; 3] = ["—", "–", "--"];

/// Words in capitals that are no towns.
const NO_TOWNS: &[&str] = &[
    "AFP",
    "ANALYSIS",
    "AP",
    "ASEAN",
    "BBC",
    "BREAKING",
    "CIA",
    "CLARIFICATION",
    "CORRECTION",
    "COVID",
    "DIY",
    "EDITORIAL",
    "ESA",
    "EU",
    "EXCLUSIVE",
    "FAQ",
    "FBI",
    "FIFA",
    "IAEA",
    "ICE",
    "IMF",
    "IOC",
    "LIVE",
    "NASA",
    "NATO",
    "NEW",
    "NOAA",
    "NOTE",
    "OECD",
    "OPEC",
    "OPINION",
    "PDF",
    "PS",
    "REVIEW",
    "TV",
    "UEFA",
    "UK",
    "UN",
    "UNESCO",
    "UNHCR",
    "UNICEF",
    "UPDATE",
    "UPI",
    "US",
    "USA",
    "USGS",
    "VIDEO",
    "WARNING",
    "WATCH",
    "WHO",
    "WTO",
];

/// A dateline at the beginning of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dateline {
    /// Where it stands, without the dash.
    pub text: Range<usize>,
    /// Where the dash ends.
    pub end: usize,
}

/// Finds the dateline that a text begins with.
pub fn find(text: &str) -> Option<Dateline> {
    let line = &text[..text.find('\n').unwrap_or(text.len())];
    // Nearly all texts end here: a dateline begins with two capitals.
    let mut letters = line.chars();
    let is_capital = |c: Option<char>| c.is_some_and(char::is_uppercase);
    if !is_capital(letters.next()) || !letters.next().is_some_and(|c| c.is_uppercase() || c == 'c')
    {
        return None;
    }
    let (at, dash) = DASHES
        .iter()
        .filter_map(|dash| Some((line.find(&format!(" {dash} "))?, dash)))
        .min()?;
    let written = &line[..at];
    (at <= LONGEST && is_dateline(written)).then_some(Dateline {
        text: 0..at,
        end: at + 1 + dash.len(),
    })
}

fn is_dateline(written: &str) -> bool {
    let places = match written
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once(" ("))
    {
        Some((places, agency)) if is_agency(agency) => places,
        Some(_) => return false,
        None => written,
    };
    let mut parts = places.split(", ");
    let town = parts.next().unwrap_or_default();
    let further: Vec<&str> = parts.collect();
    is_town(town) && further.len() <= 3 && further.iter().all(|part| is_region_or_date(part))
}

fn is_agency(text: &str) -> bool {
    let is_letter = |c: char| c.is_alphabetic() || matches!(c, ' ' | '-' | '.' | '/');
    !text.is_empty() && text.starts_with(char::is_uppercase) && text.chars().all(is_letter)
}

fn is_town(town: &str) -> bool {
    let words: Vec<&str> = town.split(' ').collect();
    let is_alone = words.len() == 1;
    words.len() <= MOST_WORDS
        && town.chars().filter(|c| c.is_alphabetic()).count() > 2
        && words.iter().all(|word| is_in_capitals(word))
        && !(is_alone && NO_TOWNS.contains(&town))
}

/// Tells whether a word is written in capitals, as in `McALLEN`, `PORT-AU-PRINCE` and `ST.`
fn is_in_capitals(word: &str) -> bool {
    let word = word.strip_prefix("Mc").unwrap_or(word);
    let is_mark = |c: char| matches!(c, '.' | '\'' | '’' | '-');
    let is_capital = |c: char| c.is_uppercase() || is_mark(c);
    word.starts_with(char::is_uppercase) && word.chars().all(is_capital)
}

/// Tells whether a text is a region or a date: `Pa.`, `South Korea`, `Nov. 3`, `3 November 2024`.
fn is_region_or_date(part: &str) -> bool {
    let words: Vec<&str> = part.split(' ').collect();
    let is_word = |word: &&str| {
        let is_number = word.len() <= 4 && word.chars().all(|c| c.is_ascii_digit());
        let is_small = matches!(*word, "of" | "the" | "and" | "do" | "da" | "de" | "e");
        let is_mark = |c: char| matches!(c, '.' | '\'' | '’' | '-');
        let is_name = word.starts_with(char::is_uppercase)
            && word.chars().all(|c| c.is_alphabetic() || is_mark(c));
        is_number || is_small || is_name
    };
    (1..=4).contains(&words.len()) && words.iter().all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datelines_of_newsrooms_and_agencies_are_found() {
        for (text, expect) in [
            ("HARRISBURG — The governor", "HARRISBURG"),
            ("NEW YORK — Shares", "NEW YORK"),
            ("SEOUL, Nov. 3 (AP) — Officials", "SEOUL, Nov. 3 (AP)"),
            (
                "SEOUL, South Korea, Feb. 4 (UPI) -- The",
                "SEOUL, South Korea, Feb. 4 (UPI)",
            ),
            ("WASHINGTON (Reuters) – The", "WASHINGTON (Reuters)"),
            ("ST. LOUIS, Mo. — Rain", "ST. LOUIS, Mo."),
            ("McALLEN, Texas — Heat", "McALLEN, Texas"),
            ("PORT-AU-PRINCE, Haiti — A", "PORT-AU-PRINCE, Haiti"),
            (
                "SÃO PAULO, 3 November 2024 — O",
                "SÃO PAULO, 3 November 2024",
            ),
            ("NUUK, Greenland (AFP) — Ice", "NUUK, Greenland (AFP)"),
            ("COEUR D’ALENE, Idaho — A", "COEUR D’ALENE, Idaho"),
        ] {
            let found = find(text).map(|dateline| &text[dateline.text]);
            assert_eq!(found, Some(expect), "{text}");
        }
    }

    #[test]
    fn other_beginnings_are_no_datelines() {
        for text in [
            "NASA — the agency — said",
            "BREAKING — The governor",
            "The governor — of Ohio — said",
            "A — B",
            "HARRISBURG—The governor",
            "HARRISBURG The governor — said",
            "SEOUL, where it rained for days — a",
            "WASHINGTON (see the map below) — The",
            "IT WAS THE BEST OF TIMES — it was",
            "",
            "É",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
    }

    #[test]
    fn the_dash_belongs_to_it() {
        let text = "ROME — It";
        assert_eq!(&text[..find(text).unwrap().end], "ROME —");
    }
}
