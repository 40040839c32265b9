//! The people that a byline names: `By Ana Reis and Bo Lind of The Harbour Gazette`.
//!
//! A byline is shown as it is written; what is found in it is who wrote the article, for lists and
//! for machines.

/// Who a byline names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contributor {
    /// The name.
    pub name: String,
    /// Whom they write for, where the byline says so.
    pub organization: Option<String>,
}

/// What a byline can begin with.
const BEGINNINGS: [&str; 6] = [
    "by: ",
    "by ",
    "words by ",
    "reported by ",
    "story by ",
    "text by ",
];

/// What stands between a name and whom it writes for.
const TIES: [&str; 2] = [" of ", " for "];

/// Small words within names.
const PARTICLES: [&str; 18] = [
    "al", "bin", "da", "das", "de", "del", "den", "der", "di", "do", "dos", "du", "el", "la", "le",
    "ter", "van", "von",
];

/// Finds whom a byline names, each once. It is divided at commas, `and` and `&` only where each part has
/// a name and a surname, so that `Staff and wire reports` stays one.
pub fn contributors(byline: &str) -> Vec<Contributor> {
    let written = byline.trim();
    let byline = without_beginning(written);
    if byline.len() < written.len()
        && let Some(found) = by_one_name(byline)
    {
        return found;
    }
    let whole = |name: &str| {
        vec![Contributor {
            name: name.to_owned(),
            organization: None,
        }]
    };
    let (people, partner) = match byline.split_once(" | ") {
        Some((people, partner)) => (people.trim(), Some(partner.trim().to_owned())),
        None => (byline, None),
    };
    let mut found: Vec<Contributor> = Vec::new();
    for (part, glue) in parts(people) {
        let (name, organization) = tied(part);
        if is_name(name) && !is_organization(name) {
            found.push(Contributor {
                name: name.to_owned(),
                organization,
            });
            continue;
        }
        // What is no name belongs to whom the one before it writes for.
        let Some(last) = found.last_mut() else {
            return whole(byline);
        };
        match &mut last.organization {
            Some(organization) => {
                organization.push_str(glue);
                organization.push_str(part);
            }
            None if is_organization(part) => last.organization = Some(part.to_owned()),
            None => return whole(byline),
        }
    }
    // `A and B of the Daily C`: what stands last is said of all before it.
    let mut shared = partner;
    for one in found.iter_mut().rev() {
        match &one.organization {
            Some(own) => shared = Some(own.clone()),
            None => one.organization.clone_from(&shared),
        }
    }
    if found.is_empty() {
        return whole(byline);
    }
    let mut named: Vec<Contributor> = Vec::with_capacity(found.len());
    for mut one in found {
        // A small `the` is the sentence's; a capital one is the name's.
        if let Some(bare) = one
            .organization
            .as_ref()
            .and_then(|name| name.strip_prefix("the "))
        {
            one.organization = Some(bare.to_owned());
        }
        if !named.iter().any(|other| other.name == one.name) {
            named.push(one);
        }
    }
    named
}

/// Finds people of one name each, `A and B of the Daily C`, as only the word before them and the
/// organization after them tell.
fn by_one_name(people: &str) -> Option<Vec<Contributor>> {
    let (people, organization) = people.split_once(" of the ")?;
    let names = parts(people);
    let is_one = |name: &str| {
        let is_capital = name.starts_with(char::is_uppercase);
        is_capital && !name.contains(char::is_whitespace) && !is_organization(name)
    };
    let are_people = names.len() > 1 && names.iter().all(|(name, _)| is_one(name));
    are_people.then(|| {
        let contributor = |(name, _): &(&str, &str)| Contributor {
            name: (*name).to_owned(),
            organization: Some(organization.trim().to_owned()),
        };
        names.iter().map(contributor).collect()
    })
}

fn without_beginning(byline: &str) -> &str {
    let begins = |beginning: &&&str| {
        let head = byline.get(..beginning.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(beginning))
    };
    let beginning = BEGINNINGS
        .iter()
        .find(begins)
        .map_or(0, |found| found.len());
    byline[beginning..].trim()
}

/// Divides a byline at commas, `and` and `&`; each part with what stood before it.
fn parts(people: &str) -> Vec<(&str, &'static str)> {
    const GLUE: [&str; 4] = [", and ", ", ", " and ", " & "];
    let mut parts = Vec::new();
    let (mut rest, mut before) = (people, "");
    loop {
        let next = GLUE
            .into_iter()
            .filter_map(|glue| Some((rest.find(glue)?, glue)))
            .min_by_key(|(at, glue)| (*at, std::cmp::Reverse(glue.len())));
        let (part, after) = match next {
            Some((at, glue)) => (&rest[..at], Some((&rest[at + glue.len()..], glue))),
            None => (rest, None),
        };
        if !part.trim().is_empty() {
            parts.push((part.trim(), before));
        }
        match after {
            Some((next, glue)) => (rest, before) = (next, glue),
            None => return parts,
        }
    }
}

/// Divides `Ana Reis of The Gazette`.
fn tied(part: &str) -> (&str, Option<String>) {
    let tie = TIES
        .into_iter()
        .filter_map(|tie| Some((part.find(tie)?, tie)))
        .min();
    match tie {
        Some((at, tie)) if is_name(&part[..at]) => {
            (&part[..at], Some(part[at + tie.len()..].trim().to_owned()))
        }
        _ => (part, None),
    }
}

/// Tells whether a text is a name and a surname.
fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_part = |word: &&str| {
        PARTICLES.contains(word) || !word.chars().next().is_some_and(char::is_lowercase)
    };
    (2..=6).contains(&words.len())
        && words.iter().all(is_part)
        && !text.chars().any(|c| c.is_ascii_digit())
        && !TIES.iter().any(|tie| text.contains(tie))
}

/// Tells whether a text is more likely a newsroom than a person.
fn is_organization(text: &str) -> bool {
    const WORDS: [&str; 18] = [
        "Agency",
        "Bureau",
        "Chronicle",
        "Courier",
        "Daily",
        "Gazette",
        "Herald",
        "Inquirer",
        "Journal",
        "Magazine",
        "News",
        "Post",
        "Press",
        "Review",
        "Services",
        "Staff",
        "Times",
        "Tribune",
    ];
    text.starts_with("The ") || text.split_whitespace().any(|word| WORDS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(byline: &str, expect: &[(&str, Option<&str>)]) {
        let found = contributors(byline);
        let found: Vec<_> = found
            .iter()
            .map(|one| (one.name.as_str(), one.organization.as_deref()))
            .collect();
        assert_eq!(found, expect, "{byline}");
    }

    #[test]
    fn the_shapes_of_newsrooms_are_understood() {
        let (ana, bo, cy) = ("Ana Reis", "Bo Lind", "Cy Dee");
        let pa = Some("Spotlight PA");
        check("By Ana Reis", &[(ana, None)]);
        check("Ana Reis of Spotlight PA", &[(ana, pa)]);
        check(
            "By Ana Reis and Bo Lind of Spotlight PA",
            &[(ana, pa), (bo, pa)],
        );
        check(
            "Ana Reis of Spotlight PA and Bo Lind of The Daily C",
            &[(ana, pa), (bo, Some("The Daily C"))],
        );
        check(
            "By Ana Reis, Bo Lind, and Cy Dee for Spotlight PA",
            &[(ana, pa), (bo, pa), (cy, pa)],
        );
        check(
            "Ana Reis & Bo Lind | Partner",
            &[(ana, Some("Partner")), (bo, Some("Partner"))],
        );
        check("Ana Reis, The Daily C", &[(ana, Some("The Daily C"))]);
        check(
            "Ana Reis of the Institute of Science and Technology",
            &[(ana, Some("Institute of Science and Technology"))],
        );
        let daily = Some("Daily C");
        check(
            "By Ana Reis and Bo Lind of the Daily C",
            &[(ana, daily), (bo, daily)],
        );
        check(
            "Ana de la Cruz and Jan van den Berg",
            &[("Ana de la Cruz", None), ("Jan van den Berg", None)],
        );
        check("Ana Reis and Ana Reis", &[(ana, None)]);
        check(
            "By A and B of the Daily C",
            &[("A", Some("Daily C")), ("B", Some("Daily C"))],
        );
    }

    #[test]
    fn what_names_no_person_stays_one() {
        for byline in [
            "Staff and wire reports",
            "Bureau of Statistics",
            "Spotlight PA staff",
            "Reuters",
            "The Harbour Gazette",
            "Amnesty and Friends of the Earth",
        ] {
            check(byline, &[(byline, None)]);
        }
    }
}
