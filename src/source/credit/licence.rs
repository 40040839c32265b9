//! Licences that credits name.

/// Returns the length of the licence that a text begins with; none where it begins with none.
pub(super) fn length(text: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    for whole in [
        "public domain mark 1.0",
        "public domain",
        "domínio público",
        "dominio público",
        "gemeinfrei",
        "no known copyright restrictions",
        "all rights reserved",
        "creative commons zero",
        "cc0 1.0",
        "cc0-1.0",
        "cc0",
        "gfdl",
        "ogl v3.0",
        "open government licence v3.0",
    ] {
        if lower.starts_with(whole) && ends(&text[whole.len()..]) {
            return Some(whole.len());
        }
    }
    let begin = ["creative commons ", "cc-", "cc "]
        .into_iter()
        .find(|begin| lower.starts_with(begin))?;
    let mut end = begin.len();
    let is_part = |word: &str| {
        matches!(
            word,
            "by" | "sa"
                | "nc"
                | "nd"
                | "attribution"
                | "sharealike"
                | "share"
                | "alike"
                | "noncommercial"
                | "noderivatives"
                | "licence"
                | "license"
                | "international"
                | "generic"
                | "unported"
        ) || !word.is_empty() && word.chars().all(|c| c.is_ascii_digit() || c == '.')
    };
    let mut rest = &lower[end..];
    let mut parts = 0;
    loop {
        let skipped = rest.len() - rest.trim_start_matches([' ', '-']).len();
        let word = &rest[skipped..];
        let length = word
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '.'))
            .unwrap_or(word.len());
        let found = word[..length].trim_end_matches('.');
        if !is_part(found) {
            break;
        }
        parts += 1;
        end += skipped + found.len();
        rest = &lower[end..];
    }
    (parts > 0).then_some(end)
}

fn ends(rest: &str) -> bool {
    !rest.starts_with(|c: char| c.is_alphanumeric())
}

/// Returns the address of a licence that is named in a credit; none where it is not one of those
/// that have a well-known address.
pub fn licence_url(licence: &str) -> Option<String> {
    let lower = licence.to_ascii_lowercase().replace('-', " ");
    let base = "https://creativecommons.org";
    if lower.starts_with("cc0") || lower.starts_with("creative commons zero") {
        return Some(format!("{base}/publicdomain/zero/1.0/"));
    }
    if lower.starts_with("public domain mark") {
        return Some(format!("{base}/publicdomain/mark/1.0/"));
    }
    let rest = lower
        .strip_prefix("cc ")
        .or_else(|| lower.strip_prefix("creative commons "))?;
    let words: Vec<&str> = rest.split_whitespace().collect();
    let version = words
        .iter()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let is_version = matches!(*version, "1.0" | "2.0" | "2.5" | "3.0" | "4.0");
    let has = |short: &str, long: &str| words.iter().any(|word| *word == short || *word == long);
    let mut parts = Vec::new();
    for (short, long) in [
        ("by", "attribution"),
        ("nc", "noncommercial"),
        ("nd", "noderivatives"),
        ("sa", "sharealike"),
    ] {
        parts.extend(has(short, long).then_some(short));
    }
    let is_licence = is_version && parts.first() == Some(&"by");
    is_licence.then(|| format!("{base}/licenses/{}/{version}/", parts.join("-")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_are_recognised_with_their_length() {
        for (text, expect) in [
            ("CC BY-SA 4.0, via", Some("CC BY-SA 4.0")),
            ("CC BY 2.0)", Some("CC BY 2.0")),
            ("CC-BY-4.0.", Some("CC-BY-4.0")),
            ("CC0", Some("CC0")),
            ("cc0 1.0", Some("cc0 1.0")),
            ("Public domain (NASA)", Some("Public domain")),
            (
                "Creative Commons Attribution 4.0 International",
                Some("Creative Commons Attribution 4.0 International"),
            ),
            ("CC", None),
            ("CC Sabathia", None),
            ("Public domains", None),
        ] {
            assert_eq!(length(text).map(|end| &text[..end]), expect, "{text}");
        }
    }

    #[test]
    fn a_licence_has_an_address() {
        for (text, expect) in [
            (
                "CC BY-SA 4.0",
                Some("https://creativecommons.org/licenses/by-sa/4.0/"),
            ),
            (
                "cc by-nc-nd 2.0",
                Some("https://creativecommons.org/licenses/by-nc-nd/2.0/"),
            ),
            (
                "Creative Commons Attribution 4.0",
                Some("https://creativecommons.org/licenses/by/4.0/"),
            ),
            (
                "CC0 1.0",
                Some("https://creativecommons.org/publicdomain/zero/1.0/"),
            ),
            ("CC BY", None),
            ("Public domain", None),
            ("All rights reserved", None),
        ] {
            assert_eq!(licence_url(text).as_deref(), expect, "{text}");
        }
    }
}
