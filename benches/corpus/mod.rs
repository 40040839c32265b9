//! A made-up news archive of any size: the same articles on every machine.
//!
//! Every article is made of its number alone, so that an archive of 10,000 begins with the 1,000 of
//! a smaller one but for their dates, which spread over ten years whatever the size. The shape is
//! that of a real newsroom's: about 650 words with headings, lists, links to other articles by
//! source path and, rarely, a code block; three tags of 632, few of them common and most rare;
//! one or two of 60 authors; eight sections; a photo on every third.

use std::fmt::Write;

/// The site of `benches/site` for Hugo: its files beside the articles.
#[allow(dead_code, reason = "only some of the benchmarks have peers")]
pub(crate) const HUGO: [(&str, &str); 5] = [
    ("hugo.yaml", include_str!("../site/hugo/hugo.yaml")),
    (
        "layouts/_default/single.html",
        include_str!("../site/hugo/layouts/_default/single.html"),
    ),
    (
        "layouts/_default/list.html",
        include_str!("../site/hugo/layouts/_default/list.html"),
    ),
    (
        "layouts/_default/terms.html",
        include_str!("../site/hugo/layouts/_default/terms.html"),
    ),
    (
        "layouts/_default/list.atom.xml",
        include_str!("../site/hugo/layouts/_default/list.atom.xml"),
    ),
];

/// The site of `benches/site` for Zola: its files beside the articles and the sections.
#[allow(dead_code, reason = "only some of the benchmarks have peers")]
pub(crate) const ZOLA: [(&str, &str); 6] = [
    ("config.toml", include_str!("../site/zola/config.toml")),
    (
        "templates/page.html",
        include_str!("../site/zola/templates/page.html"),
    ),
    (
        "templates/section.html",
        include_str!("../site/zola/templates/section.html"),
    ),
    (
        "templates/index.html",
        include_str!("../site/zola/templates/index.html"),
    ),
    (
        "templates/taxonomy_list.html",
        include_str!("../site/zola/templates/taxonomy_list.html"),
    ),
    (
        "templates/taxonomy_single.html",
        include_str!("../site/zola/templates/taxonomy_single.html"),
    ),
];

/// How many tags there are.
const TAGS: u64 = 632;
/// How many people write.
const AUTHORS: u64 = 60;
/// The first article's moment, 2015-01-01T00:00:00Z, in Unix seconds.
const FIRST: i64 = 1_420_070_400;
/// How long the archive spans: ten years, in seconds.
const SPAN: u64 = 315_532_800;

/// The sections, in the share that they have of the articles: each is as common as it is named.
const SECTIONS: [&str; 12] = [
    "local",
    "local",
    "local",
    "world",
    "world",
    "business",
    "sport",
    "sport",
    "local/port",
    "sport/sailing",
    "culture",
    "science",
];

const SYLLABLES: [&str; 40] = [
    "har", "bour", "ta", "len", "mi", "ros", "ve", "ka", "don", "sel", "ni", "mar", "to", "ble",
    "gra", "pen", "stor", "al", "ri", "fer", "un", "co", "dal", "es", "tin", "o", "qua", "pra",
    "li", "ser", "bo", "nor", "wes", "ga", "zet", "te", "ju", "ma", "clo", "ven",
];

/// The articles of an archive of a certain size.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Corpus {
    /// How many articles there are.
    pub articles: u64,
}

impl Corpus {
    /// Returns an article's source path, such as `content/local/harbour-storm-17.md`.
    pub(crate) fn path(self, at: u64) -> String {
        let mut dice = Dice::new(at, 1);
        let section = dice.one_of(&SECTIONS);
        let name = format!("{}-{}", word(dice.zipf(4000)), word(dice.zipf(4000)));
        format!("content/{section}/{name}-{at}.md")
    }

    /// Returns an article's whole text.
    pub(crate) fn article(self, at: u64) -> String {
        let mut dice = Dice::new(at, 2);
        let mut text = String::with_capacity(6000);
        self.front_matter(&mut text, at, &mut dice);
        let sections = 2 + dice.below(3);
        paragraphs(&mut text, self, 2, &mut dice);
        for _ in 0..sections {
            text.push_str("## ");
            words(&mut text, 3 + dice.below(4), &mut dice);
            text.push_str("\n\n");
            let count = 2 + dice.below(2);
            paragraphs(&mut text, self, count, &mut dice);
            match dice.below(8) {
                0 | 1 => list(&mut text, &mut dice),
                2 => quote(&mut text, &mut dice),
                // One article in a hundred or so: a newsroom shows little code.
                3 if dice.below(48) == 0 => code(&mut text, &mut dice),
                _ => {}
            }
        }
        text
    }

    /// Returns an article's whole text as Hugo reads it: links lead to paths, which it does not check.
    #[allow(dead_code, reason = "only some of the benchmarks have peers")]
    pub(crate) fn article_for_hugo(self, at: u64) -> String {
        let text = self.article(at).replace("](@/", "](/");
        let (front, body) = text[4..].split_once("---\n").unwrap_or_default();
        let mut lines = String::from("---\n");
        for line in front.lines() {
            let line = match line.split_once(": ") {
                Some(("headline", words)) => format!("title: {words}"),
                Some(("timestamp", _)) => format!("date: {}", self.moment(at)),
                _ => line.to_owned(),
            };
            lines.push_str(&line);
            lines.push('\n');
        }
        format!("{lines}---\n{body}")
    }

    /// Returns an article's whole text as Zola reads it, with its terms under `taxonomies`.
    #[allow(dead_code, reason = "only some of the benchmarks have peers")]
    pub(crate) fn article_for_zola(self, at: u64) -> String {
        let text = self.article_for_hugo(at);
        let (front, body) = text[4..].split_once("---\n").unwrap_or_default();
        let is_of = |line: &&str, keys: &[&str]| keys.iter().any(|key| line.starts_with(key));
        let lines = |keys: &[&str], indent: &str| -> String {
            let chosen = front.lines().filter(|line| is_of(line, keys));
            chosen.map(|line| format!("{indent}{line}\n")).collect()
        };
        let plain = lines(&["title: ", "date: "], "");
        let terms = lines(&["tags: ", "authors: "], "  ");
        let photo = lines(&["photo:", "  "], "  ");
        format!("---\n{plain}taxonomies:\n{terms}extra:\n  of: the archive\n{photo}---\n{body}")
    }

    /// Returns the `_index.md` of Zola's sections, without which a folder is none.
    #[allow(dead_code, reason = "only some of the benchmarks have peers")]
    pub(crate) fn sections_for_zola() -> Vec<(String, String)> {
        let folders: std::collections::BTreeSet<&str> = SECTIONS.into_iter().collect();
        let section = |folder: &str| {
            let title = folder.rsplit('/').next().unwrap_or_default();
            let is_transparent = !folder.is_empty();
            let text = format!(
                "---\ntitle: \"{title}\"\nsort_by: date\npaginate_by: 20\ntransparent: {is_transparent}\n---\n"
            );
            (
                format!("content/{folder}/_index.md").replace("//", "/"),
                text,
            )
        };
        std::iter::once("").chain(folders).map(section).collect()
    }

    fn moment(self, at: u64) -> jiff::Timestamp {
        let second = FIRST + (SPAN * at / self.articles.max(1)) as i64;
        let second = second + Dice::new(at, 3).below(40_000) as i64;
        jiff::Timestamp::from_second(second).expect("ten years from 2015 are in range")
    }

    fn front_matter(self, text: &mut String, at: u64, dice: &mut Dice) {
        text.push_str("---\nheadline: ");
        let length = 4 + dice.below(5);
        words(text, length, dice);
        let moment = self.moment(at);
        let written = match dice.below(3) {
            0 => moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            1 => moment.strftime("%Y-%m-%d %H:%M"),
            _ => moment.strftime("%B %-d, %Y %-I:%M %P"),
        };
        let _ = writeln!(text, "\ntimestamp: {written}");
        let tags: Vec<String> = (0..3).map(|_| word(dice.zipf(TAGS) + 50)).collect();
        let _ = writeln!(text, "tags: [{}]", tags.join(", "));
        let authors: Vec<String> = (0..1 + dice.below(2))
            .map(|_| author(dice.zipf(AUTHORS)))
            .collect();
        let _ = writeln!(text, "authors: [{}]", authors.join(", "));
        if dice.below(3) == 0 {
            let _ = writeln!(
                text,
                "photo:\n  src: https://photos.example/{at}.jpg\n  credit: {} / Reuters",
                author(dice.below(AUTHORS))
            );
            text.push_str("  alt: ");
            words(text, 6, dice);
            text.push_str("\n  caption: ");
            words(text, 9, dice);
            text.push('\n');
        }
        text.push_str("---\n\n");
    }
}

fn paragraphs(text: &mut String, corpus: Corpus, count: u64, dice: &mut Dice) {
    for _ in 0..count {
        for _ in 0..3 + dice.below(3) {
            sentence(text, corpus, dice);
        }
        text.push_str("\n\n");
    }
}

fn sentence(text: &mut String, corpus: Corpus, dice: &mut Dice) {
    let length = 8 + dice.below(14);
    words(text, length, dice);
    match dice.below(24) {
        0 | 1 => {
            text.push_str(", as [");
            words(text, 3, dice);
            let target = corpus.path(dice.below(corpus.articles));
            let _ = write!(text, "](@/{})", target.trim_start_matches("content/"));
        }
        2 | 3 => {
            text.push_str(", *");
            words(text, 2, dice);
            text.push('*');
        }
        4 => {
            text.push_str(" “**");
            words(text, 2, dice);
            text.push_str("**”");
        }
        5 => {
            text.push_str(" ([");
            words(text, 2, dice);
            let _ = write!(text, "](https://example.org/{}))", dice.below(10_000));
        }
        _ => {}
    }
    text.push_str(". ");
}

fn list(text: &mut String, dice: &mut Dice) {
    for _ in 0..3 + dice.below(4) {
        text.push_str("- ");
        let length = 4 + dice.below(8);
        words(text, length, dice);
        text.push('\n');
    }
    text.push('\n');
}

fn quote(text: &mut String, dice: &mut Dice) {
    text.push_str("> ");
    let length = 12 + dice.below(12);
    words(text, length, dice);
    text.push_str(".\n\n");
}

fn code(text: &mut String, dice: &mut Dice) {
    text.push_str("```python\n");
    for _ in 0..3 + dice.below(5) {
        let _ = writeln!(
            text,
            "{} = {}({})  # {}",
            word(dice.zipf(900)),
            word(dice.zipf(900)),
            dice.below(1000),
            word(dice.zipf(900))
        );
    }
    text.push_str("```\n\n");
}

/// Writes words, the first with a capital.
fn words(text: &mut String, count: u64, dice: &mut Dice) {
    for at in 0..count {
        let word = word(dice.zipf(4000));
        if at == 0 {
            text.push_str(&capital(&word));
        } else {
            text.push(' ');
            text.push_str(&word);
        }
    }
}

fn author(at: u64) -> String {
    format!(
        "{} {}",
        capital(&word(at + 300)),
        capital(&word(at * 7 + 500))
    )
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// Returns a word of one to three syllables; each number has its own.
fn word(mut at: u64) -> String {
    let mut word = String::new();
    loop {
        word.push_str(SYLLABLES[(at % SYLLABLES.len() as u64) as usize]);
        at /= SYLLABLES.len() as u64;
        if at == 0 {
            return word;
        }
    }
}

/// Numbers that look random and are the same everywhere: SplitMix64.
struct Dice(u64);

impl Dice {
    fn new(at: u64, purpose: u64) -> Self {
        Self(at.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ purpose.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    /// Returns a number below `limit`; the nth smallest is 1/n as frequent as the smallest.
    fn zipf(&mut self, limit: u64) -> u64 {
        let unit = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        let rank = ((limit as f64 + 1.0).ln() * unit).exp() as u64;
        rank.clamp(1, limit) - 1
    }

    fn one_of(&mut self, list: &[&'static str]) -> &'static str {
        list[self.below(list.len() as u64) as usize]
    }
}
