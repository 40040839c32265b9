//! Telling people from organisations by how their names look.

use std::ops::Range;

/// Words that stand in names of organisations and not of people.
const ORGANISATION: &[&str] = &[
    "academy",
    "administration",
    "agencia",
    "agency",
    "airport",
    "alliance",
    "archive",
    "archives",
    "army",
    "association",
    "athletics",
    "authority",
    "bank",
    "board",
    "broadcasting",
    "brigade",
    "bureau",
    "campaign",
    "center",
    "centre",
    "centro",
    "chronicle",
    "church",
    "city",
    "club",
    "co",
    "coalition",
    "collection",
    "college",
    "commission",
    "committee",
    "commons",
    "company",
    "congress",
    "congregation",
    "corp",
    "corporation",
    "corps",
    "council",
    "county",
    "courier",
    "court",
    "daily",
    "democrat",
    "department",
    "dept",
    "design",
    "diocese",
    "district",
    "enterprises",
    "familia",
    "family",
    "federation",
    "festival",
    "films",
    "flight",
    "force",
    "foundation",
    "friends",
    "fund",
    "fundación",
    "gallery",
    "gazette",
    "government",
    "group",
    "guard",
    "health",
    "herald",
    "historical",
    "hospital",
    "images",
    "inc",
    "inquirer",
    "institute",
    "instituto",
    "international",
    "journal",
    "lab",
    "laboratory",
    "league",
    "ledger",
    "legislature",
    "library",
    "livestream",
    "llc",
    "llp",
    "ltd",
    "magazine",
    "media",
    "ministry",
    "ministerio",
    "mission",
    "museo",
    "museum",
    "national",
    "navy",
    "network",
    "news",
    "newspaper",
    "newspapers",
    "nonprofit",
    "observatory",
    "observer",
    "office",
    "orchestra",
    "organization",
    "organisation",
    "page",
    "pages",
    "parish",
    "park",
    "parks",
    "partners",
    "partnership",
    "party",
    "photo",
    "photography",
    "photos",
    "pictures",
    "police",
    "post",
    "press",
    "productions",
    "program",
    "project",
    "publishing",
    "radio",
    "record",
    "register",
    "relief",
    "reporters",
    "republic",
    "residents",
    "resort",
    "review",
    "school",
    "schools",
    "senate",
    "service",
    "services",
    "society",
    "space",
    "sports",
    "staff",
    "standard",
    "state",
    "station",
    "studio",
    "studios",
    "systems",
    "team",
    "technologies",
    "telegraph",
    "telescope",
    "television",
    "theater",
    "theatre",
    "times",
    "township",
    "transit",
    "tribune",
    "trust",
    "tv",
    "union",
    "universidad",
    "university",
    "website",
    "zoo",
];

/// Words in lower case that stand within names of people.
const PARTICLES: &[&str] = &[
    "af", "al", "ap", "ben", "bin", "bint", "da", "dal", "das", "de", "degli", "del", "della",
    "den", "der", "di", "do", "dos", "du", "e", "el", "ibn", "la", "las", "le", "los", "mac",
    "ten", "ter", "'t", "thi", "tot", "van", "von", "y", "zu", "zur", "ó",
];

/// What stands after a name, with a comma or without.
const SUFFIXES: &[&str] = &[
    "jr", "sr", "ii", "iii", "iv", "md", "phd", "esq", "obe", "mbe", "cbe", "filho", "neto",
];

/// Words that say how a photo was had, and are surnames.
const FLAGS: &[&str] = &["file", "pool", "staff", "stock", "courtesy"];

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
        .map(|word| word.trim_matches(|c: char| matches!(c, ',' | ';' | ':' | '(' | ')' | '"')))
        .filter(|word| !word.is_empty())
}

fn lowered(word: &str) -> String {
    let word = word
        .strip_suffix("'s")
        .or(word.strip_suffix("’s"))
        .unwrap_or(word);
    word.chars()
        .filter(|c| *c != '.')
        .flat_map(char::to_lowercase)
        .collect()
}

/// Tells whether a word of the text stands in names of organisations only.
pub(super) fn has_organisation_word(text: &str) -> bool {
    words(text).any(|word| ORGANISATION.contains(&lowered(word).as_str()))
}

/// Tells whether a text is what may follow a name: `Jr.`.
pub(super) fn is_suffix(text: &str) -> bool {
    SUFFIXES.contains(&lowered(text.trim()).as_str())
}

fn is_capital(word: &str) -> bool {
    let first = word.chars().find(|c| c.is_alphabetic());
    // Most scripts have no capitals.
    first.is_some_and(|c| c.is_uppercase() || !c.is_lowercase())
}

/// Tells whether a text looks like the name of a person: two to six words with capitals.
pub(super) fn is_person(text: &str) -> bool {
    if has_organisation_word(text) || text.chars().any(|c| c.is_ascii_digit()) {
        return false;
    }
    let all: Vec<&str> = words(text).collect();
    let is_particle = |word: &&str| PARTICLES.contains(word);
    let named = all.iter().filter(|word| !is_particle(word)).count();
    (2..=7).contains(&all.len())
        && (2..=4).contains(&named)
        && all
            .iter()
            .all(|word| is_capital(word.strip_prefix("al-").unwrap_or(word)) || is_particle(word))
}

/// A name whose last word could also say how a photo was had.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Surname {
    /// It can only be a name: `Eve M. File`, `Jan van der Pool`.
    Certain,
    /// It is a name where a person is expected: `Eve File`. `Gazette File` is none.
    Likely {
        /// Which bytes of the text are the given name.
        given: Range<usize>,
        /// The last word, in small letters.
        flag: &'static str,
    },
}

/// Tells whether a text may be a name that ends with a word for how a photo was had. Such a word in small
/// letters is none, nor one in capitals after a name that is not.
pub(super) fn surname(text: &str) -> Option<Surname> {
    let (given, last) = text.rsplit_once(char::is_whitespace)?;
    let flag = (FLAGS.iter()).find(|flag| last.eq_ignore_ascii_case(flag))?;
    let given = given.trim_end();
    let before = given.rsplit(char::is_whitespace).next()?;
    let is_loud = is_acronym(last);
    if !is_capital(last) || has_organisation_word(given) {
        return None;
    }
    let is_initial = |word: &str| {
        word.strip_suffix('.')
            .is_some_and(|letter| letter.chars().count() == 1 && is_capital(letter))
    };
    let is_particle = PARTICLES.contains(&before) && given.contains(char::is_whitespace);
    if is_initial(before) || is_particle && !is_loud {
        return Some(Surname::Certain);
    }
    let is_word = before
        .chars()
        .all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’'));
    // `Sgt. Eve File`
    let mut titles = given[..given.len() - before.len()].split_whitespace();
    let is_one = is_word && titles.all(|title| title.ends_with('.'));
    (is_one && is_capital(before) && is_loud == is_acronym(before)).then_some(Surname::Likely {
        given: 0..given.len(),
        flag,
    })
}

/// Tells whether a text that stands alone looks like the name of an organisation.
pub(super) fn is_organisation(text: &str) -> bool {
    if has_organisation_word(text) {
        return true;
    }
    let all: Vec<&str> = words(text).collect();
    match all.as_slice() {
        [word] => is_acronym(word) || has_inner_capital(word),
        _ => all.len() >= 4 && !is_person(text),
    }
}

/// Tells whether a word is of capitals only: `NASA`.
pub(super) fn is_acronym(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 2 && !word.chars().any(char::is_lowercase) && word.chars().any(char::is_uppercase)
}

/// Tells whether a capital follows a small letter, as in `SpaceX`, and not as in `McCoy`.
fn has_inner_capital(word: &str) -> bool {
    let beginnings = [
        "Mc", "Mac", "De", "Di", "Du", "La", "Le", "Van", "Fitz", "O'", "O’", "D'", "D’",
    ];
    let rest = beginnings
        .iter()
        .find_map(|beginning| word.strip_prefix(beginning))
        .unwrap_or(word);
    let letters: Vec<char> = rest.chars().collect();
    letters
        .windows(2)
        .any(|pair| pair[0].is_lowercase() && pair[1].is_uppercase())
}

/// Tells whether a text is prose, such as a caption, and no name.
pub(super) fn is_prose(text: &str) -> bool {
    let all: Vec<&str> = words(text).collect();
    let small = all
        .iter()
        .filter(|word| word.starts_with(char::is_lowercase))
        .count();
    all.len() >= 9 && small * 2 >= all.len() || all.len() >= 25
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_and_organisations_look_different() {
        for name in [
            "Ana Reis",
            "J. R. Calloway",
            "Piet van der Meer",
            "ANA REIS",
            "Noor al-Sayed",
            "Maria João de Sousa Pinto",
            "Jun-ho Baek",
            "李 明",
        ] {
            assert!(is_person(name), "{name}");
            assert!(!is_organisation(name), "{name}");
        }
        for name in [
            "NASA",
            "SpaceX",
            "Friends of the River",
            "Office of the Governor",
            "Coastal County Sheriff's Office",
            "Lea Marsh Photography",
        ] {
            assert!(!is_person(name), "{name}");
            assert!(is_organisation(name), "{name}");
        }
        for name in ["Kowal", "McCoy", "hedda.nyqvist"] {
            assert!(!is_organisation(name), "{name}");
        }
    }

    #[test]
    fn a_surname_may_be_a_word_for_how_a_photo_was_had() {
        for name in ["Eve M. File", "J. Pool", "Jan van der Pool"] {
            assert_eq!(surname(name), Some(Surname::Certain), "{name}");
        }
        for name in ["Eve File", "EVE FILE", "Anne-Marie Stock", "Sgt. Eve File"] {
            let found = surname(name);
            assert!(matches!(found, Some(Surname::Likely { .. })), "{name}");
        }
        for name in [
            "Eve file",
            "Eve FILE",
            "IDF Pool",
            "Gazette File",
            "Ana Reis File",
            "Ana Reis-Pool",
            "Eve Handout",
            "File",
            "File Photo",
            "van Pool",
        ] {
            assert_eq!(surname(name), None, "{name}");
        }
    }
}
