//! The words of a text as an index knows them: in lower case, without accents, brought to their stems.
//!
//! A reader's query goes the same way in the browser, so the rules here are Pagefind's: a word is what
//! stands between spaces, without its punctuation; its parts (`right` and `wing` of `right-wing`) are
//! words of less weight; and what an accent tells apart is one word in several variants.

use super::runtime;
use pagefind_stem::Stemmer;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;

/// Stands between the words of a text that has no spaces between them.
pub(super) const SEAM: char = '\u{200B}';

/// How many characters of a text without spaces make a word, from each on: a query's word is found by
/// the words that begin with it.
const WINDOW: usize = 4;

/// The longest run of katakana that is one word.
const LONGEST_KATAKANA: usize = 16;

/// Characters that join what stands on both sides: Unicode's connector punctuation.
pub(super) const CONNECTORS: [char; 10] = ['_', '‿', '⁀', '⁔', '︳', '︴', '﹍', '﹎', '﹏', '_'];

/// A word of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// What is looked up.
    pub(super) stem: String,
    /// The word as it is written, where accents tell it from the stem's others.
    pub(super) variant: Option<String>,
    /// Whether it is a part of a longer one.
    pub(super) is_part: bool,
}

/// Reads the words of one language.
pub(super) struct Reader {
    stemmer: Option<Stemmer>,
    is_spaced: bool,
}

impl Reader {
    /// Prepares to read a language, by its BCP 47 tag.
    pub(super) fn new(language: &str) -> Self {
        Self {
            stemmer: runtime::stemmer(language),
            is_spaced: !matches!(runtime::base(language).as_str(), "zh" | "ja" | "th"),
        }
    }

    /// Returns a text as an index keeps it, and its words: each is what is counted as one place of it.
    pub(super) fn cut(&self, text: &str) -> (String, Vec<String>) {
        let mut kept = String::with_capacity(text.len());
        let mut words = Vec::with_capacity(text.len() / 6);
        for run in text.split_whitespace() {
            if self.is_spaced {
                let run: String = run.chars().filter(|c| *c != SEAM).collect();
                if !run.is_empty() {
                    kept.push_str(&run);
                    kept.push(' ');
                    words.push(run);
                }
                continue;
            }
            let pieces: Vec<&str> = pieces(run);
            for (at, piece) in pieces.iter().enumerate() {
                kept.push_str(piece);
                if at + 1 == pieces.len() {
                    kept.push(' ');
                }
                kept.push(SEAM);
                words.push(window(&pieces[at..]));
            }
        }
        kept.truncate(kept.trim_end_matches([SEAM, ' ']).len());
        (kept, words)
    }

    /// Returns what a word is looked up by: itself, and its parts.
    pub(super) fn read(&self, written: &str) -> Vec<Word> {
        let mut all = Vec::with_capacity(1);
        let whole = plain(written);
        // What is not found is looked for by its beginning, which a letter alone often is.
        let is_letter = whole.len() == 1 && whole.as_bytes()[0].is_ascii_lowercase();
        if !whole.is_empty() && !is_letter {
            all.push(self.word(&whole, false));
        }
        for part in parts(written) {
            if part.len() > 1 && part != whole {
                all.push(self.word(&part, true));
            }
        }
        all
    }

    fn word(&self, plain: &str, is_part: bool) -> Word {
        let bare = bare(plain);
        let stem = bare.as_deref().unwrap_or(plain);
        Word {
            stem: match &self.stemmer {
                Some(stemmer) => stemmer.stem(stem).into_owned(),
                None => stem.to_owned(),
            },
            variant: bare.is_some().then(|| plain.to_owned()),
            is_part,
        }
    }
}

/// Returns a word without punctuation, in lower case.
fn plain(written: &str) -> String {
    let mut plain = String::with_capacity(written.len());
    for c in written.chars() {
        if c.is_ascii_alphanumeric() {
            plain.push(c.to_ascii_lowercase());
        } else if c.is_alphanumeric() || CONNECTORS.contains(&c) {
            plain.extend(c.to_lowercase());
        }
    }
    plain
}

/// Returns a word without its accents; none where it has none. The marks that voice kana stay: they
/// make other words.
fn bare(plain: &str) -> Option<String> {
    if plain.is_ascii() {
        return None;
    }
    let is_composed = |c: char| {
        let mut is_composed = is_combining_mark(c);
        decompose_canonical(c, |part| is_composed |= part != c);
        is_composed
    };
    if !plain.chars().any(is_composed) {
        return None;
    }
    let is_voicing = |c: &char| matches!(c, '\u{3099}' | '\u{309A}');
    let kept = plain
        .nfd()
        .filter(|c| !is_combining_mark(*c) || is_voicing(c));
    let mut bare: String = kept.collect();
    if bare.chars().any(|c| is_voicing(&c)) {
        bare = bare.nfc().collect();
    }
    (bare != plain).then_some(bare)
}

/// Returns the parts of a word that punctuation or capitals part, in lower case; none of a word in one
/// piece.
fn parts(written: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut before: Option<char> = None;
    for c in written.chars() {
        let begins = c.is_uppercase() && before.is_some_and(char::is_lowercase);
        if (begins || !c.is_alphanumeric()) && parts.last().is_some_and(|last| !last.is_empty()) {
            parts.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(last) = parts.last_mut()
        {
            last.extend(c.to_lowercase());
        }
        before = Some(c);
    }
    parts.retain(|part| !part.is_empty());
    match parts.len() {
        1 => Vec::new(),
        _ => parts,
    }
}

/// Cuts a run of a text without spaces: each of its characters is a piece, and so is what stands
/// between them in other scripts.
fn pieces(run: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for (at, cluster) in run.grapheme_indices(true) {
        if is_unspaced(cluster) {
            if from < at {
                pieces.push(&run[from..at]);
            }
            pieces.push(cluster);
            from = at + cluster.len();
        }
    }
    if from < run.len() {
        pieces.push(&run[from..]);
    }
    pieces.retain(|piece| *piece != "\u{200B}");
    pieces
}

/// Returns the word that begins with the first of these pieces.
fn window(pieces: &[&str]) -> String {
    let Some(first) = pieces.first().filter(|first| is_unspaced(first)) else {
        return pieces.first().copied().unwrap_or_default().to_owned();
    };
    let is_kana = is_katakana(first);
    let longest = if is_kana { LONGEST_KATAKANA } else { WINDOW };
    let run = pieces
        .iter()
        .take_while(|piece| is_unspaced(piece) && (!is_kana || is_katakana(piece)));
    run.take(longest).copied().collect()
}

/// Tells whether a cluster is a letter of a script that is written without spaces.
fn is_unspaced(cluster: &str) -> bool {
    let first = cluster.chars().next();
    first.is_some_and(|c| {
        c.is_alphanumeric()
            && matches!(u32::from(c),
                0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3005..=0x3007
                | 0x3041..=0x30FF | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF
                | 0xF900..=0xFAFF | 0xFF66..=0xFF9F | 0x2_0000..=0x3_FFFF)
    })
}

fn is_katakana(cluster: &str) -> bool {
    let first = cluster.chars().next().map(u32::from);
    matches!(
        first,
        Some(0x30A1..=0x30FA | 0x30FC..=0x30FF | 0x31F0..=0x31FF | 0xFF66..=0xFF9F)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(language: &str, written: &str) -> Vec<(String, Option<String>, bool)> {
        let words = Reader::new(language).read(written);
        let words = words.into_iter();
        words
            .map(|word| (word.stem, word.variant, word.is_part))
            .collect()
    }

    fn whole(stem: &str) -> (String, Option<String>, bool) {
        (stem.to_owned(), None, false)
    }

    fn part(stem: &str) -> (String, Option<String>, bool) {
        (stem.to_owned(), None, true)
    }

    #[test]
    fn a_word_is_looked_up_by_its_stem_without_punctuation() {
        assert_eq!(read("en", "Ferries,"), [whole("ferri")]);
        assert_eq!(read("en", "“quay”"), [whole("quay")]);
        assert_eq!(read("en", "—"), []);
        assert_eq!(read("en", "a"), []);
        assert_eq!(read("en", "2024"), [whole("2024")]);
    }

    #[test]
    fn the_parts_of_a_word_are_words() {
        assert_eq!(
            read("en", "right-wing"),
            [whole("rightw"), part("right"), part("wing")]
        );
        assert_eq!(
            read("en", "GazetteFerry"),
            [whole("gazetteferri"), part("gazett"), part("ferri")]
        );
        assert_eq!(read("fr", "l’avion"), [whole("lavion"), part("avion")]);
        // An abbreviation is one word.
        assert_eq!(read("en", "NATO"), [whole("nato")]);
    }

    #[test]
    fn a_word_with_accents_is_a_variant_of_the_word_without() {
        let accented = ("cafe".to_owned(), Some("café".to_owned()), false);
        assert_eq!(read("ja", "Café"), [accented]);
        assert_eq!(read("ja", "cafe"), [whole("cafe")]);
        // In Japanese the marks make another word.
        assert_eq!(read("ja", "バンド"), [whole("バンド")]);
        assert_ne!(read("ja", "バンド")[0].0, read("ja", "ハンド")[0].0);
    }

    #[test]
    fn a_text_with_spaces_is_kept_with_single_ones() {
        let (kept, words) = Reader::new("en").cut(" The\nferry \u{200B} sails. ");
        assert_eq!(kept, "The ferry sails.");
        assert_eq!(words, ["The", "ferry", "sails."]);
    }

    #[test]
    fn each_place_of_a_text_without_spaces_begins_a_word() {
        let (kept, words) = Reader::new("zh").cut("港口重新开放 2024年。");
        assert_eq!(kept.replace(SEAM, "|"), "港|口|重|新|开|放 |2024|年|。");
        let expect = [
            "港口重新",
            "口重新开",
            "重新开放",
            "新开放",
            "开放",
            "放",
            "2024",
            "年",
            "。",
        ];
        assert_eq!(words, expect);
        // A query's word is a run of katakana as a whole.
        let (_, words) = Reader::new("ja").cut("コンピューターは");
        assert_eq!(words[0], "コンピューター");
        assert_eq!(words[7], "は");
    }
}
