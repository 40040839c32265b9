//! What a browser runs to search: the script, and for each language its WebAssembly.

use pagefind_stem::{Algorithm, Stemmer};

/// The version of Pagefind whose form the index has.
pub const VERSION: &str = "1.6.0";

/// The script that looks through an index.
pub const SCRIPT: &[u8] = include_bytes!("runtime/pagefind.js");

/// The WebAssembly of languages whose words are not brought to their stems.
const UNKNOWN: &[u8] = include_bytes!("runtime/unknown.wasm.gz");

/// The languages whose words are brought to their stems, so that `ferry` finds `ferries`.
const LANGUAGES: [(&str, Algorithm, &[u8]); 19] = [
    (
        "ar",
        Algorithm::Arabic,
        include_bytes!("runtime/ar.wasm.gz"),
    ),
    (
        "da",
        Algorithm::Danish,
        include_bytes!("runtime/da.wasm.gz"),
    ),
    (
        "de",
        Algorithm::German,
        include_bytes!("runtime/de.wasm.gz"),
    ),
    (
        "en",
        Algorithm::English,
        include_bytes!("runtime/en.wasm.gz"),
    ),
    (
        "es",
        Algorithm::Spanish,
        include_bytes!("runtime/es.wasm.gz"),
    ),
    (
        "fi",
        Algorithm::Finnish,
        include_bytes!("runtime/fi.wasm.gz"),
    ),
    (
        "fr",
        Algorithm::French,
        include_bytes!("runtime/fr.wasm.gz"),
    ),
    (
        "hu",
        Algorithm::Hungarian,
        include_bytes!("runtime/hu.wasm.gz"),
    ),
    (
        "it",
        Algorithm::Italian,
        include_bytes!("runtime/it.wasm.gz"),
    ),
    (
        "nb",
        Algorithm::Norwegian,
        include_bytes!("runtime/no.wasm.gz"),
    ),
    ("nl", Algorithm::Dutch, include_bytes!("runtime/nl.wasm.gz")),
    (
        "nn",
        Algorithm::Norwegian,
        include_bytes!("runtime/no.wasm.gz"),
    ),
    (
        "no",
        Algorithm::Norwegian,
        include_bytes!("runtime/no.wasm.gz"),
    ),
    (
        "pl",
        Algorithm::Polish,
        include_bytes!("runtime/pl.wasm.gz"),
    ),
    (
        "pt",
        Algorithm::Portuguese,
        include_bytes!("runtime/pt.wasm.gz"),
    ),
    (
        "ro",
        Algorithm::Romanian,
        include_bytes!("runtime/ro.wasm.gz"),
    ),
    (
        "ru",
        Algorithm::Russian,
        include_bytes!("runtime/ru.wasm.gz"),
    ),
    (
        "sv",
        Algorithm::Swedish,
        include_bytes!("runtime/sv.wasm.gz"),
    ),
    (
        "tr",
        Algorithm::Turkish,
        include_bytes!("runtime/tr.wasm.gz"),
    ),
];

/// Returns the part of a BCP 47 tag that decides how words are read: `pt` of `pt-BR`.
pub fn base(language: &str) -> String {
    let base = language.split(['-', '_']).next().unwrap_or_default();
    base.to_ascii_lowercase()
}

/// Returns the name of a language's WebAssembly, and its bytes.
pub fn wasm(language: &str) -> (&'static str, &'static [u8]) {
    let base = base(language);
    let found = LANGUAGES.iter().find(|(name, ..)| *name == base);
    found.map_or(("unknown", UNKNOWN), |(name, _, bytes)| (name, bytes))
}

/// Returns what brings the words of a language to their stems.
pub(super) fn stemmer(language: &str) -> Option<Stemmer> {
    let base = base(language);
    let found = LANGUAGES.into_iter().find(|(name, ..)| *name == base);
    found.map(|(_, algorithm, _)| Stemmer::create(algorithm))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_has_the_stemmer_and_the_assembly_of_its_base() {
        assert_eq!(wasm("pt-BR").0, "pt");
        assert_eq!(wasm("ja").0, "unknown");
        assert_eq!(stemmer("EN-gb").unwrap().stem("ferries"), "ferri");
        assert!(stemmer("ko").is_none());
        assert!(LANGUAGES.is_sorted_by_key(|(name, ..)| *name));
    }

    #[test]
    fn the_script_is_of_the_version_that_the_index_names() {
        let script = std::str::from_utf8(SCRIPT).unwrap();
        assert!(script.contains(&format!("\"{VERSION}\"")));
    }
}
