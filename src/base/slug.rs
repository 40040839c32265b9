//! How a text becomes a part of an address or an anchor: `Harbour reopens!` is `harbour-reopens`.
//!
//! A slug is never empty, never longer than 100 bytes and always passes
//! [`Route::page`](crate::base::route::Route::page). Equal texts have equal slugs on every machine.

use crate::base::fingerprint::Fingerprint;
use crate::base::route::{is_device_name, is_invisible, is_joiner};
use deunicode::{deunicode, deunicode_char};
use std::borrow::Cow;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark, is_nfc};

/// How a text becomes a part of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SlugStyle {
    /// Letters of every script are kept.
    #[default]
    Unicode,
    /// Letters are rewritten in ASCII.
    Ascii,
}

/// The longest slug, in bytes.
const LONGEST: usize = 100;

/// How many hexadecimal digits of the whole slug's hash end one that was cut.
const HASH_DIGITS: usize = 8;

/// How many bytes before the limit a `-` is near enough to cut there.
const NEAR: usize = 24;

/// Makes the slug of a text; none where nothing of it can be seen.
///
/// Letters, marks and digits are kept, in lower case and normalisation form C; everything between
/// them becomes one `-`. Further:
///
/// - An apostrophe between letters vanishes: `don't` is `dont`.
/// - `+` and `#` after a letter or digit are words, and so is a dot before a word: `C++`, `C#` and
///   `.NET` are `c-plus-plus`, `c-sharp` and `dot-net`. `&` is no word, as it would need a language.
/// - A text of symbols alone is named symbol by symbol, by their English names where those are
///   known, else by their code points: `🚀` is `rocket`, `!!!` is `u21-u21-u21`.
/// - A slug of more than 100 bytes is cut, between words if it can be, and ends with eight
///   hexadecimal digits of the whole slug's hash.
/// - The name of a Windows device gets `-1`: `con` is `con-1`.
///
/// With [`SlugStyle::Ascii`], the text is first rewritten in ASCII: `Zürich` is `zurich`, `北京` is
/// `bei-jing`.
pub fn slug(text: &str, style: SlugStyle) -> Option<String> {
    if is_slug(text) {
        return Some(text.to_owned());
    }
    let letters = match style {
        SlugStyle::Unicode => normalised(text),
        SlugStyle::Ascii if text.is_ascii() => Cow::Borrowed(text),
        SlugStyle::Ascii => Cow::Owned(deunicode(text)),
    };
    let mut slug = words(&letters);
    if slug.is_empty() {
        slug = symbols(text);
    }
    if slug.is_empty() {
        return None;
    }
    if slug.len() > LONGEST {
        slug = cut(&slug);
    }
    if is_device_name(&slug) {
        slug.push_str("-1");
    }
    Some(slug)
}

/// Tells whether a text is its own slug as most names of files are: short, of lower-case ASCII letters
/// and digits, with single `-` between them.
fn is_slug(text: &str) -> bool {
    let mut before = b'-';
    let is_plain = text.bytes().all(|byte| {
        let is_part = match byte {
            b'a'..=b'z' | b'0'..=b'9' => true,
            b'-' => before != b'-',
            _ => false,
        };
        before = byte;
        is_part
    });
    is_plain && before != b'-' && text.len() <= LONGEST && !is_device_name(text)
}

fn normalised(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc(text) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

/// Joins the words of a text with `-`; empty where it has none.
fn words(text: &str) -> String {
    // The whole text at once, as the lower case of a letter may depend on its neighbours.
    let text = if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        text.to_lowercase()
    };
    let mut slug = Slug(String::with_capacity(text.len()));
    let mut before = ' ';
    let mut is_named = false;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let next = characters.peek().copied();
        let was_named = std::mem::take(&mut is_named);
        match c {
            _ if is_word(c) => slug.push(c),
            _ if is_joiner(c) => {
                // Persian and the Indic scripts spell with them; elsewhere nobody sees them.
                if slug.is_open()
                    && is_foreign_letter(before)
                    && next.is_some_and(is_foreign_letter)
                {
                    slug.push(c);
                }
                continue;
            }
            _ if is_mark(c) => slug.mark(c),
            _ if is_invisible(c) || is_selector(c) => continue,
            '\'' | '’' | 'ʼ' | '＇' | '`' | '´'
                if before.is_alphabetic() && next.is_some_and(char::is_alphabetic) => {}
            '+' | '#' | '♯' if is_word(before) || was_named => {
                slug.word(if c == '+' { "plus" } else { "sharp" });
                is_named = true;
            }
            '.' if (before.is_whitespace() || matches!(before, '(' | '/' | ','))
                && next.is_some_and(char::is_alphabetic) =>
            {
                slug.word("dot");
            }
            _ => slug.end_word(),
        }
        before = c;
    }
    slug.finish()
}

/// Names the symbols of a text that has no words; empty where none can be seen.
fn symbols(text: &str) -> String {
    let mut slug = Slug(String::new());
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() || is_invisible(c) || is_mark(c) || is_selector(c) {
            continue;
        }
        match deunicode_char(c).map(words) {
            Some(name) if !name.is_empty() => slug.word(&name),
            _ => {
                slug.word(&format!("u{:x}", u32::from(c)));
            }
        }
        // What is longer is cut, and the hash needs no more than tells texts of symbols apart.
        if slug.0.len() > 100 * LONGEST {
            break;
        }
    }
    slug.finish()
}

/// Cuts a slug to the limit and ends it with a hash of the whole.
fn cut(slug: &str) -> String {
    let room = LONGEST - HASH_DIGITS - 1;
    let mut end = room;
    while !slug.is_char_boundary(end) || slug[end..].starts_with(|c| is_mark(c) || is_joiner(c)) {
        // A text of marks alone is cut anywhere.
        end -= 1;
        if end < room / 2 {
            end = slug.floor_char_boundary(room);
            break;
        }
    }
    if !slug[end..].starts_with('-')
        && let Some(dash) = slug[..end].rfind('-')
        && dash + NEAR >= end
    {
        end = dash;
    }
    let kept = slug[..end].trim_end_matches(|c| c == '-' || is_joiner(c));
    let hash = Fingerprint::of_bytes(slug.as_bytes()).short(HASH_DIGITS);
    format!("{kept}-{hash}")
}

/// A slug in the making, with a `-` at its end where a word has ended.
struct Slug(String);

impl Slug {
    fn push(&mut self, c: char) {
        self.0.push(c);
    }

    /// Adds a mark to the letter before it; one that stands alone is dropped.
    fn mark(&mut self, c: char) {
        if self.is_open() {
            self.0.push(c);
        }
    }

    /// Adds a whole word.
    fn word(&mut self, word: &str) {
        self.end_word();
        self.0.push_str(word);
        self.end_word();
    }

    fn end_word(&mut self) {
        if self.is_open() {
            self.0.push('-');
        }
    }

    /// Tells whether a word has begun and not ended.
    fn is_open(&self) -> bool {
        !self.0.is_empty() && !self.0.ends_with('-')
    }

    fn finish(mut self) -> String {
        if self.0.ends_with('-') {
            self.0.pop();
        }
        if self.0.is_ascii() || is_nfc(&self.0) {
            self.0
        } else {
            // What was dropped between a letter and a mark lets the two compose.
            self.0.nfc().collect()
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() && !is_invisible(c) && !is_mark(c) && c != 'ʼ'
}

fn is_mark(c: char) -> bool {
    is_combining_mark(c) && !is_invisible(c) && !is_selector(c)
}

/// Tells whether it selects a look of the character before it, as of an emoji.
fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{180B}'..='\u{180F}')
}

fn is_foreign_letter(c: char) -> bool {
    !c.is_ascii() && (is_mark(c) || (c.is_alphabetic() && is_word(c)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::route::{Route, RouteRules};
    use proptest::prelude::*;

    fn check(text: &str, expect: &str) {
        assert_eq!(
            slug(text, SlugStyle::Unicode).as_deref(),
            Some(expect),
            "{text:?}"
        );
    }

    fn check_ascii(text: &str, expect: &str) {
        assert_eq!(
            slug(text, SlugStyle::Ascii).as_deref(),
            Some(expect),
            "{text:?}"
        );
    }

    #[test]
    fn words_are_joined_in_lower_case() {
        check(
            "Harbour reopens after the storm",
            "harbour-reopens-after-the-storm",
        );
        check("  --Two   words!-- ", "two-words");
        check("RUST ", "rust");
        check("3.14 & R&D 50%", "3-14-r-d-50");
        check("a_b/c:d", "a-b-c-d");
        check(
            "don't, L’Été, rock 'n' roll, dogs'",
            "dont-lété-rock-n-roll-dogs",
        );
        check("co\u{ad}operate\u{200b}d", "cooperated");
    }

    #[test]
    fn letters_of_every_script_are_kept() {
        check("Größe Straße", "größe-straße");
        check("Cafe\u{301} ΟΔΟΣ", "café-οδος");
        check("東京タワー 2024", "東京タワー-2024");
        check("हिन्दी समाचार", "हिन्दी-समाचार");
        check("می\u{200c}خواهم a\u{200c}b", "می\u{200c}خواهم-ab");
        check("مرحبا، عالم", "مرحبا-عالم");
        check("e\u{fe0f}\u{301}", "é");
        // A mark and a joiner with no letter before them belong to nothing.
        check("\u{300}\u{200c}ب", "ب");
    }

    #[test]
    fn names_of_languages_differ() {
        check("C", "c");
        check("C++", "c-plus-plus");
        check("C#", "c-sharp");
        check("C♯", "c-sharp");
        check("F# and C++17", "f-sharp-and-c-plus-plus-17");
        check(".NET", "dot-net");
        check("the .NET runtime", "the-dot-net-runtime");
        check("ASP.NET", "asp-net");
        check("Node.js", "node-js");
        check("#metoo +1 ...and", "metoo-1-and");
    }

    #[test]
    fn symbols_alone_are_named() {
        check("🚀", "rocket");
        check("❤️🚀", "heart-rocket");
        check("!!!", "u21-u21-u21");
        check("++", "u2b-u2b");
        check("€", "eur");
        check("\u{FFFD}", "ufffd");
        check_ascii("!?", "u21-u3f");
        check_ascii("\u{e000}", "ue000");
        check("🚀 launch", "launch");
    }

    #[test]
    fn what_can_not_be_seen_has_no_slug() {
        for text in [
            "",
            " ",
            "\t\u{a0}\u{3000}\n",
            "\u{200d}\u{202e}",
            "\u{301}",
            "\0",
        ] {
            assert_eq!(slug(text, SlugStyle::Unicode), None, "{text:?}");
            assert_eq!(slug(text, SlugStyle::Ascii), None, "{text:?}");
        }
    }

    #[test]
    fn the_ascii_style_rewrites_letters() {
        check_ascii("Zürich", "zurich");
        check_ascii("北京", "bei-jing");
        check_ascii("Rocket 🚀", "rocket-rocket");
        check_ascii("Œuvre d’art", "oeuvre-dart");
    }

    #[test]
    fn a_long_slug_is_cut_between_words_and_ends_with_a_hash() {
        let long = "word ".repeat(60);
        let short = slug(&long, SlugStyle::Unicode).expect("it has words");
        assert_eq!(short.len(), 98);
        assert!(
            short.starts_with("word-word-") && short[..89].ends_with("word"),
            "{short}"
        );
        let other = slug(&format!("{long} end"), SlugStyle::Unicode).expect("it has words");
        assert_eq!(short[..90], other[..90]);
        assert_ne!(short, other);
        assert_eq!(slug(&long.to_uppercase(), SlugStyle::Unicode), Some(short));
        for letters in [
            "𝒂".repeat(62),
            "語".repeat(300),
            "x".repeat(300),
            "!".repeat(400),
        ] {
            let slug = slug(&letters, SlugStyle::Unicode).expect("it has letters");
            assert!((80..=LONGEST).contains(&slug.len()), "{slug}");
        }
    }

    #[test]
    fn a_device_name_gets_a_number() {
        check("CON", "con-1");
        check("Aux!", "aux-1");
        check("LPT9", "lpt9-1");
        check("Con man", "con-man");
    }

    proptest! {
        #[test]
        fn what_is_a_slug_is_its_own(text in "[a-z0-9-]{0,12}|(con|nul|com1)|[a-z]{95,105}") {
            if is_slug(&text) {
                prop_assert_eq!(&words(&text), &text);
                prop_assert!(text.len() <= LONGEST && !is_device_name(&text) && !text.is_empty());
            }
        }

        #[test]
        fn every_slug_is_a_part_of_an_address(
            text in "(\\PC|[a-c]|[+#.' -]|[\u{300}-\u{36f}]|\u{200c}|\u{fe0f}|\\p{Arabic}|con){0,60}",
        ) {
            for style in [SlugStyle::Unicode, SlugStyle::Ascii] {
                let Some(slug) = slug(&text, style) else { continue };
                let route = Route::page(&[&slug], &RouteRules { dot_names: &[] });
                prop_assert_eq!(
                    route.map(|route| route.path().to_owned()),
                    Ok(format!("/{slug}/"))
                );
                prop_assert!(slug.len() <= LONGEST);
                prop_assert!(style == SlugStyle::Unicode || slug.is_ascii());
            }
        }

        #[test]
        fn the_slug_of_a_slug_is_itself(text in "[a-z0-9 +#'é語!]{1,40}") {
            if let Some(once) = slug(&text, SlugStyle::Unicode) {
                prop_assert_eq!(slug(&once, SlugStyle::Unicode), Some(once));
            }
        }
    }
}
