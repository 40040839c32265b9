//! The index of a part: from its records to the files that Pagefind's script reads.
//!
//! The files are those of Pagefind 1.6: an entry in JSON, and beside it, each compressed with gzip
//! and beginning with a mark, a list of all records, chunks of words with the places where they
//! stand, the values of filters, and the records themselves in small groups. All but the entry are
//! named after their content.

use super::cbor::Writer;
use super::record::{Meta, Record};
use super::runtime;
use super::words::{CONNECTORS, Reader};
use crate::base::fingerprint::Fingerprint;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use rapidhash::RapidHashMap;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{Read, Write};

/// The name of the file that a browser asks for first.
pub const ENTRY: &str = "pagefind-entry.json";

/// Begins the content of every compressed file.
pub const MARK: &[u8] = b"pagefind_dcd";

/// How many places a chunk of words holds: more make fewer files, fewer are sooner loaded.
const CHUNK: usize = 8_000;

/// How many records a group holds, more or less: each that is shown is loaded with its group, and
/// each group is a file.
const GROUP: u32 = 4;

/// How common words weigh; Pagefind writes no other than this one out.
const WEIGHT: u8 = 25;

/// The digits of the names of files.
const DIGITS: usize = 12;

/// The fields of a record that are searched beside its content, in the order of their names.
const FIELDS: [&str; 4] = ["author", "credit", "section", "title"];

/// A file of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexFile {
    /// Its path in the folder of the part.
    pub name: String,
    /// Its content, before it is compressed.
    pub content: Vec<u8>,
}

impl IndexFile {
    /// Returns the bytes of the file.
    pub fn bytes(&self) -> Vec<u8> {
        if self.name == ENTRY {
            return self.content.clone();
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::new(7));
        encoder
            .write_all(MARK)
            .and_then(|()| encoder.write_all(&self.content))
            .and_then(|()| encoder.finish())
            .expect("memory takes what is written")
    }
}

/// Returns the content of a compressed file of an index.
///
/// # Errors
///
/// Where the bytes are no such file.
pub fn content(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut content = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut content)?;
    let rest = content.strip_prefix(MARK);
    rest.map(<[u8]>::to_vec)
        .ok_or_else(|| std::io::Error::other("it does not begin as a file of an index does"))
}

/// Makes the index of records in one language, the oldest first.
pub fn index(language: &str, records: &[Record]) -> Vec<IndexFile> {
    let mut indexer = Indexer::new(language);
    records.iter().for_each(|record| indexer.add(record));
    indexer.finish()
}

/// An index that is being made, record after record.
pub struct Indexer {
    language: String,
    index: Index,
    /// The id of the record before without its number, and how many had the same.
    last: (String, u64),
}

impl Indexer {
    /// Begins the index of a language, by its BCP 47 tag.
    pub fn new(language: &str) -> Self {
        Self {
            language: language.to_owned(),
            index: Index {
                reader: Reader::new(language),
                known: RapidHashMap::default(),
                places: RapidHashMap::default(),
                terms: Vec::new(),
                pages: Vec::new(),
                filters: BTreeMap::new(),
                dated: Vec::new(),
                group: Vec::new(),
                files: Vec::new(),
            },
            last: (String::new(), 0),
        }
    }

    /// Adds a record, which is not older than those before it.
    pub fn add(&mut self, record: &Record) {
        // Minutes since year 1, so that a browser can tell which of two is newer.
        let moment = record.moment.map_or(0, |moment| (moment + YEAR_1) / 60);
        let mut id = base_36(u64::try_from(moment).unwrap_or(0));
        let repeated = if id == self.last.0 {
            self.last.1 + 1
        } else {
            0
        };
        self.last = (id.clone(), repeated);
        if repeated > 0 {
            id.push('-');
            id.push_str(&base_36(repeated));
        }
        self.index.add(id, record);
    }

    /// Returns the files of the index.
    pub fn finish(self) -> Vec<IndexFile> {
        self.index.finish(&self.language)
    }
}

/// The seconds between the beginnings of year 1 and of 1970.
const YEAR_1: i64 = 62_135_596_800;

/// A place of a word: in the content, or in a field.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    term: u32,
    /// 0 for the word without accents, else the number of the variant, from 1 on.
    variant: u32,
    /// 0 for the content, else the number of the field, from 1 on.
    field: u8,
    /// The weight, the common one first.
    weight: u8,
    place: u32,
}

/// A word that is looked up, with the pages on which it stands.
struct Term {
    word: String,
    pages: Pages,
    variants: Vec<(String, Pages)>,
}

/// Pages with the places of a word on them, as they are written.
#[derive(Default)]
struct Pages {
    written: Writer,
    count: usize,
    last: u32,
    /// How much there is, for the size of chunks.
    size: usize,
}

/// A record as a browser reads it.
#[derive(Serialize)]
struct Fragment<'a> {
    url: &'a str,
    content: &'a str,
    word_count: usize,
    filters: &'a BTreeMap<&'static str, Vec<String>>,
    meta: &'a Meta,
    anchors: [(); 0],
}

/// What is known of a word as written: the term, the variant, and whether it is a part.
type Known = Vec<(u32, u32, bool)>;

struct Index {
    reader: Reader,
    /// Words as they are written.
    known: RapidHashMap<String, Known>,
    /// The places of terms in the list.
    places: RapidHashMap<String, u32>,
    terms: Vec<Term>,
    /// The id of each record, its words, and the name of its group.
    pages: Vec<(String, u32, String)>,
    filters: BTreeMap<&'static str, BTreeMap<String, Vec<u32>>>,
    /// Those with a date, the oldest first.
    dated: Vec<u32>,
    /// The records of the group that is open, as JSON.
    group: Vec<(String, String)>,
    files: Vec<IndexFile>,
}

impl Index {
    fn add(&mut self, id: String, record: &Record) {
        let page = self.pages.len() as u32;
        let (content, words) = self.reader.cut(&record.content);
        let mut hits = Vec::with_capacity(words.len() * 5 / 4);
        for (place, word) in words.iter().enumerate() {
            self.hit(word, 0, place as u32, &mut hits);
        }
        let meta = &record.meta;
        let fields = [&meta.author, &meta.credit, &meta.section]
            .map(|field| field.as_deref().unwrap_or_default());
        let fields = fields.into_iter().chain([meta.title.as_str()]);
        for (field, text) in fields.enumerate() {
            let (_, words) = self.reader.cut(text);
            for (place, word) in words.iter().enumerate() {
                self.hit(word, field as u8 + 1, place as u32, &mut hits);
            }
        }
        self.write(page, hits);
        for (filter, values) in &record.filters {
            let known = self.filters.entry(filter).or_default();
            for value in values {
                let pages = known.entry(value.clone()).or_default();
                if pages.last() != Some(&page) {
                    pages.push(page);
                }
            }
        }
        if record.moment.is_some() {
            self.dated.push(page);
        }
        let fragment = Fragment {
            url: &record.url,
            content: &content,
            word_count: words.len(),
            filters: &record.filters,
            meta,
            anchors: [],
        };
        let fragment = serde_json::to_string(&fragment).expect("texts and lists are JSON");
        self.pages
            .push((id.clone(), words.len() as u32, String::new()));
        // Where groups end depends on what is in them, so that one record more moves few.
        let ends = Fingerprint::of_bytes(id.as_bytes())
            .bits()
            .is_multiple_of(GROUP);
        self.group.push((id, fragment));
        if ends || self.group.len() >= 3 * GROUP as usize {
            self.end_group();
        }
    }

    /// Notes where a word stands.
    fn hit(&mut self, written: &str, field: u8, place: u32, hits: &mut Vec<Hit>) {
        if !self.known.contains_key(written) {
            let known = self.read(written);
            self.known.insert(written.to_owned(), known);
        }
        let known = &self.known[written];
        let parts = known.iter().filter(|(.., is_part)| *is_part).count();
        for (term, variant, is_part) in known {
            // In a field the parts count as much as the whole.
            let weight = match is_part {
                true if field == 0 => (WEIGHT / parts.min(255) as u8).max(1),
                _ => WEIGHT,
            };
            hits.push(Hit {
                term: *term,
                variant: *variant,
                field,
                weight: if weight == WEIGHT { 0 } else { weight },
                place,
            });
        }
    }

    fn read(&mut self, written: &str) -> Known {
        let words = self.reader.read(written).into_iter();
        words
            .map(|word| {
                let place = match self.places.get(&word.stem) {
                    Some(place) => *place,
                    None => {
                        let place = self.terms.len() as u32;
                        self.places.insert(word.stem.clone(), place);
                        self.terms.push(Term {
                            word: word.stem,
                            pages: Pages::default(),
                            variants: Vec::new(),
                        });
                        place
                    }
                };
                let variants = &mut self.terms[place as usize].variants;
                let variant = match word.variant {
                    None => 0,
                    Some(form) => match variants.iter().position(|(known, _)| *known == form) {
                        Some(at) => at as u32 + 1,
                        None => {
                            variants.push((form, Pages::default()));
                            variants.len() as u32
                        }
                    },
                };
                (place, variant, word.is_part)
            })
            .collect()
    }

    /// Writes the places of a page's words.
    fn write(&mut self, page: u32, mut hits: Vec<Hit>) {
        hits.sort_unstable();
        hits.dedup();
        for hits in hits.chunk_by(|a, b| (a.term, a.variant) == (b.term, b.variant)) {
            let term = &mut self.terms[hits[0].term as usize];
            let pages = match hits[0].variant {
                0 => &mut term.pages,
                variant => &mut term.variants[variant as usize - 1].1,
            };
            let body = hits.partition_point(|hit| hit.field == 0);
            let places = places(&hits[..body]);
            let fields = fields(&hits[body..]);
            pages.written.array(3).integer(i64::from(page - pages.last));
            for list in [&places, &fields] {
                pages.written.array(list.len());
                for number in list {
                    pages.written.integer(i64::from(*number));
                }
            }
            pages.last = page;
            pages.count += 1;
            pages.size += places.len() + fields.len() + 1;
        }
    }

    fn end_group(&mut self) {
        if self.group.is_empty() {
            return;
        }
        let mut content = String::from("{");
        for (at, (id, fragment)) in self.group.iter().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            content.push_str(&format!("{comma}\"{id}\":{fragment}"));
        }
        content.push('}');
        let name = self.put("fragment/", "r", "pf_fragment", content.into_bytes());
        let begin = self.pages.len() - self.group.len();
        for page in &mut self.pages[begin..] {
            page.2.clone_from(&name);
        }
        self.group.clear();
    }

    /// Adds a file that is named after its content; returns what others call it by.
    fn put(&mut self, folder: &str, kind: &str, ending: &str, content: Vec<u8>) -> String {
        let print = Fingerprint::of_bytes(&content).short(DIGITS);
        let name = format!("{kind}.{print}");
        self.files.push(IndexFile {
            name: format!("{folder}{name}.{ending}"),
            content,
        });
        name
    }

    fn finish(mut self, language: &str) -> Vec<IndexFile> {
        self.end_group();
        let mut terms = std::mem::take(&mut self.terms);
        terms.retain(|term| term.size() > 0);
        terms.sort_unstable_by(|a, b| a.word.cmp(&b.word));
        let mut chunks: Vec<(String, String, String)> = Vec::new();
        let mut rest = &terms[..];
        while !rest.is_empty() {
            let mut size = 0;
            let end = rest.iter().position(|term| {
                size += term.size();
                size >= CHUNK
            });
            let (chunk, after) = rest.split_at(end.map_or(rest.len(), |end| end + 1));
            let mut writer = Writer::default();
            writer.array(1).array(chunk.len());
            chunk.iter().for_each(|term| term.write(&mut writer));
            let name = self.put("index/", "w", "pf_index", writer.bytes);
            let [first, .., last] = [&chunk[0], &chunk[0], &chunk[chunk.len() - 1]];
            chunks.push((first.word.clone(), last.word.clone(), name));
            rest = after;
        }
        shorten(&mut chunks);
        let filters = std::mem::take(&mut self.filters);
        let filters: Vec<(&str, String)> = filters
            .into_iter()
            .map(|(filter, values)| {
                let mut writer = Writer::default();
                writer.array(2).text(filter).array(values.len());
                for (value, pages) in values {
                    writer.array(2).text(&value).array(pages.len());
                    for page in pages {
                        writer.integer(i64::from(page));
                    }
                }
                let name = self.put("filter/", "f", "pf_filter", writer.bytes);
                (filter, name)
            })
            .collect();
        let list = self.list(&chunks, &filters);
        let print = Fingerprint::of_bytes(&list).short(DIGITS);
        self.files.push(IndexFile {
            name: format!("pagefind.{print}.pf_meta"),
            content: list,
        });
        let (wasm, _) = runtime::wasm(language);
        let entry = serde_json::json!({
            "version": runtime::VERSION,
            "languages": {
                language.to_lowercase(): {
                    "hash": print,
                    "wasm": (wasm != "unknown").then_some(wasm),
                    "page_count": self.pages.len(),
                },
            },
            "include_characters": CONNECTORS,
        });
        self.files.push(IndexFile {
            name: ENTRY.to_owned(),
            content: entry.to_string().into_bytes(),
        });
        // Equal records in one part would make one file twice.
        self.files.sort_by(|a, b| a.name.cmp(&b.name));
        self.files.dedup_by(|a, b| a.name == b.name);
        self.files
    }

    /// Returns the list of all records and files, which a browser loads as a whole.
    fn list(&self, chunks: &[(String, String, String)], filters: &[(&str, String)]) -> Vec<u8> {
        let mut writer = Writer::default();
        writer.array(6).text(runtime::VERSION);
        writer.array(self.pages.len());
        for (id, words, group) in &self.pages {
            writer
                .array(3)
                .text(id)
                .integer(i64::from(*words))
                .text(group);
        }
        writer.array(chunks.len());
        for (from, to, name) in chunks {
            writer.array(3).text(from).text(to).text(name);
        }
        writer.array(filters.len());
        for (filter, name) in filters {
            writer.array(2).text(filter).text(name);
        }
        writer
            .array(1)
            .array(2)
            .text("date")
            .array(self.dated.len());
        for page in &self.dated {
            writer.integer(i64::from(*page));
        }
        writer.array(FIELDS.len());
        for field in FIELDS {
            writer.text(field);
        }
        writer.bytes
    }
}

impl Term {
    fn size(&self) -> usize {
        let variants = self.variants.iter().map(|(_, pages)| pages.size + 1);
        self.pages.size + variants.sum::<usize>()
    }

    fn write(&self, writer: &mut Writer) {
        writer.array(3).text(&self.word);
        self.pages.write(writer);
        writer.array(self.variants.len());
        for (form, pages) in &self.variants {
            writer.array(2).text(form);
            pages.write(writer);
        }
    }
}

impl Pages {
    fn write(&self, writer: &mut Writer) {
        writer.array(self.count).written(&self.written.bytes);
    }
}

/// Returns the places of a word in a content: each as its distance from the one before, and a negative
/// number where another weight begins, after which the place itself stands.
fn places(hits: &[Hit]) -> Vec<i32> {
    let mut places = Vec::with_capacity(hits.len());
    let (mut weight, mut last) = (0, 0);
    for hit in hits {
        let mut from = last;
        if hit.weight != weight {
            places.push(-i32::from(hit.weight) - 1);
            (weight, from) = (hit.weight, 0);
        }
        places.push((hit.place - from) as i32);
        last = hit.place;
    }
    places
}

/// Returns the places of a word in fields: a negative number begins a field, and each place is its
/// distance from the one before.
fn fields(hits: &[Hit]) -> Vec<i32> {
    let mut places = Vec::with_capacity(hits.len() * 2);
    let (mut field, mut last) = (0, None);
    for hit in hits {
        if hit.field != field {
            places.push(-i32::from(hit.field));
            (field, last) = (hit.field, None);
        }
        // A part can be the whole once more.
        if last != Some(hit.place) {
            places.push((hit.place - last.unwrap_or(0)) as i32);
        }
        last = Some(hit.place);
    }
    places
}

/// Cuts the first and the last words of chunks to what tells them apart.
fn shorten(chunks: &mut [(String, String, String)]) {
    for at in 1..chunks.len() {
        let (before, after) = (&chunks[at - 1].1, &chunks[at].0);
        let common = before.chars().zip(after.chars());
        let common = common.take_while(|(a, b)| a == b).count();
        let cut = |word: &str| word.chars().take(common + 1).collect::<String>();
        let (to, from) = (cut(before), cut(after));
        if to >= chunks[at - 1].0 {
            chunks[at - 1].1 = to;
        }
        chunks[at].0 = from;
    }
}

fn base_36(mut number: u64) -> String {
    let mut digits = Vec::new();
    loop {
        let digit = (number % 36) as u32;
        digits.push(char::from_digit(digit, 36).expect("it is below 36"));
        number /= 36;
        if number == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(url: &str, title: &str, content: &str, day: i64) -> Record {
        Record {
            url: url.to_owned(),
            content: content.to_owned(),
            meta: Meta {
                title: title.to_owned(),
                ..Meta::default()
            },
            filters: BTreeMap::from([("year", vec!["2024".to_owned()])]),
            moment: Some(1_700_000_000 + day * 86_400),
        }
    }

    fn records(count: i64) -> Vec<Record> {
        (0..count)
            .map(|at| {
                let content = format!("The ferry number {at} sails to the right-wing quay");
                record(&format!("/a{at}/"), &format!("Ferry {at}"), &content, at)
            })
            .collect()
    }

    #[test]
    fn equal_records_make_equal_files_and_each_is_named_after_its_content() {
        let files = index("en", &records(30));
        assert_eq!(files, index("en", &records(30)));
        assert!(files.is_sorted_by(|a, b| a.name < b.name));
        for ending in ["pf_fragment", "pf_index", "pf_filter", "pf_meta", "json"] {
            let has = |file: &IndexFile| file.name.ends_with(ending);
            assert!(files.iter().any(has), "{ending}");
        }
        for file in files.iter().filter(|file| file.name != ENTRY) {
            assert_eq!(content(&file.bytes()).unwrap(), file.content);
            let print = Fingerprint::of_bytes(&file.content).short(DIGITS);
            assert!(file.name.contains(&print), "{}", file.name);
        }
    }

    #[test]
    fn a_changed_record_changes_its_group_and_the_words_and_no_other_group() {
        let before = index("en", &records(40));
        let mut changed = records(40);
        changed[11].content.push_str(" slowly");
        let after = index("en", &changed);
        let gone = |kind: &str| {
            let is_gone = |file: &&IndexFile| file.name.contains(kind) && !after.contains(file);
            before.iter().filter(is_gone).count()
        };
        assert_eq!(gone("fragment/"), 1);
        assert!(gone("index/") >= 1);
        assert_eq!(gone("filter/"), 0);
        // One more in the midst moves no group but the one that it falls into.
        let mut more = records(40);
        more.insert(20, record("/new/", "New", "A word", 19));
        let names: Vec<String> = index("en", &more)
            .into_iter()
            .map(|file| file.name)
            .collect();
        let kept = before
            .iter()
            .filter(|file| file.name.starts_with("fragment/"));
        let gone = kept.filter(|file| !names.contains(&file.name)).count();
        assert!(gone <= 2, "{gone}");
    }

    #[test]
    fn the_places_of_a_word_are_distances() {
        let hit = |field, weight, place| Hit {
            term: 0,
            variant: 0,
            field,
            weight,
            place,
        };
        assert_eq!(
            places(&[hit(0, 0, 3), hit(0, 0, 10), hit(0, 12, 4), hit(0, 12, 6)]),
            [3, 7, -13, 4, 2]
        );
        assert_eq!(
            fields(&[hit(1, 0, 2), hit(4, 0, 0), hit(4, 0, 5)]),
            [-1, 2, -4, 0, 5]
        );
    }

    #[test]
    fn chunks_are_told_apart_by_few_letters() {
        let chunk = |from: &str, to: &str| (from.to_owned(), to.to_owned(), String::new());
        let mut chunks = [chunk("a", "ferri"), chunk("ferry", "zebra")];
        shorten(&mut chunks);
        assert_eq!(chunks, [chunk("a", "ferri"), chunk("ferry", "zebra")]);
        let mut chunks = [chunk("a", "house"), chunk("quay", "zebra")];
        shorten(&mut chunks);
        assert_eq!(chunks, [chunk("a", "h"), chunk("q", "zebra")]);
    }

    #[test]
    fn newer_records_have_greater_ids() {
        let ids: Vec<u64> = [0, 35, 36, 47_000_000, u64::MAX]
            .map(|number| u64::from_str_radix(&base_36(number), 36).unwrap())
            .into();
        assert_eq!(ids, [0, 35, 36, 47_000_000, u64::MAX]);
    }

    #[test]
    fn nothing_makes_an_index_of_nothing() {
        let files = index("ja", &[]);
        assert_eq!(files.len(), 2);
        let entry = String::from_utf8(files[0].content.clone()).unwrap();
        assert!(
            entry.contains("\"wasm\":null") && entry.contains("\"page_count\":0"),
            "{entry}"
        );
    }
}
