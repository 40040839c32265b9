//! The index of a part: from its records to the files that Pagefind's script reads.
//!
//! The files are those of Pagefind 1.6: an entry in JSON, and beside it, each compressed with gzip
//! and beginning with a mark, a list of all records, chunks of words with the places where they
//! stand, the values of filters, and the records themselves in small groups. All but the entry are
//! named after their content.

use super::cbor::Writer;
use super::former::Kept;
use super::record::{Filters, Meta, Record};
use super::runtime;
use super::terms::{self, Hit, Term};
use super::words::{CONNECTORS, Reader};
use crate::base::fingerprint::Fingerprint;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use rapidhash::RapidHashMap;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::ops::Range;

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
    /// The fingerprint of what it is made of: of a group that was [added](Indexer::add) with one that
    /// one, else of its content.
    pub print: Fingerprint,
}

/// All files of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indexed {
    /// Those that were made, sorted by name.
    pub files: Vec<IndexFile>,
    /// The names of those that stay as they are.
    pub kept: Vec<String>,
}

/// Records that a browser loads together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Their places among the records of the index.
    pub records: Range<usize>,
    /// The id of each.
    pub ids: Vec<String>,
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
    for group in groups(records.iter().map(|record| record.moment)) {
        indexer.add(&group, &records[group.records.clone()], None);
    }
    indexer.finish().files
}

/// Divides records into groups by the moments in Unix seconds at which they were published, the oldest
/// first.
pub fn groups(moments: impl Iterator<Item = Option<i64>>) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut open: Vec<String> = Vec::new();
    // The id of the record before without its number, and how many had the same.
    let mut last = (String::new(), 0);
    let mut count = 0;
    for moment in moments {
        // Minutes since year 1, so that a browser can tell which of two is newer.
        let moment = moment.map_or(0, |moment| (moment + YEAR_1) / 60);
        let mut id = base_36(u64::try_from(moment).unwrap_or(0));
        let repeated = if id == last.0 { last.1 + 1 } else { 0 };
        last = (id.clone(), repeated);
        if repeated > 0 {
            id.push('-');
            id.push_str(&base_36(repeated));
        }
        // Where groups end depends on what is in them, so that one record more moves few.
        let ends = Fingerprint::of_bytes(id.as_bytes())
            .bits()
            .is_multiple_of(GROUP);
        open.push(id);
        count += 1;
        if ends || open.len() >= 3 * GROUP as usize {
            groups.push(Group {
                records: count - open.len()..count,
                ids: std::mem::take(&mut open),
            });
        }
    }
    if !open.is_empty() {
        groups.push(Group {
            records: count - open.len()..count,
            ids: open,
        });
    }
    groups
}

/// An index that is being made, group after group.
pub struct Indexer {
    language: String,
    index: Index,
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
                files: Vec::new(),
                kept: Vec::new(),
            },
        }
    }

    /// Adds the records of the next group; `source` stands for all that they are made of, where that is
    /// known.
    pub fn add(&mut self, group: &Group, records: &[Record], source: Option<Fingerprint>) {
        let mut content = String::from("{");
        for (at, (id, record)) in group.ids.iter().zip(records).enumerate() {
            let comma = if at > 0 { "," } else { "" };
            let (words, fragment) = self.index.add(record);
            content.push_str(&format!("{comma}\"{id}\":{fragment}"));
            self.index.pages.push((id.clone(), words, String::new()));
        }
        content.push('}');
        let content = content.into_bytes();
        let name = self.index.put("fragment/", "r", "pf_fragment", content);
        if let (Some(source), Some(file)) = (source, self.index.files.last_mut()) {
            file.print = source;
        }
        let begin = self.index.pages.len() - records.len();
        for page in &mut self.index.pages[begin..] {
            page.2.clone_from(&name);
        }
    }

    /// Takes over the next group from the index of an earlier build, whose words are brought to
    /// [`finish`](Self::finish); what its records are filtered by, and whether each has a date, is told
    /// again.
    pub fn keep(&mut self, group: &Group, kept: &Kept, filters: &[(Filters, bool)]) {
        let ids = group.ids.iter().zip(&kept.words);
        for ((id, words), (filters, is_dated)) in ids.zip(filters) {
            self.index.file(filters, *is_dated);
            self.index
                .pages
                .push((id.clone(), *words, kept.name.clone()));
        }
        let name = format!("fragment/{}.pf_fragment", kept.name);
        self.index.kept.push(name);
    }

    /// Returns the files of the index. `kept` are the words of the groups that were kept, in the order
    /// in which they were written; none is returned where they are not as words are written.
    pub fn finish_with(self, kept: Vec<Term>) -> Option<Indexed> {
        self.index.finish(&self.language, kept)
    }

    /// Returns the files of the index, of which nothing was kept.
    pub fn finish(self) -> Indexed {
        self.finish_with(Vec::new())
            .expect("what was written here can be read")
    }
}

/// The seconds between the beginnings of year 1 and of 1970.
const YEAR_1: i64 = 62_135_596_800;

/// A record as a browser reads it.
#[derive(Serialize)]
struct Fragment<'a> {
    url: &'a str,
    content: &'a str,
    word_count: usize,
    filters: &'a Filters,
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
    files: Vec<IndexFile>,
    /// The names of files that stay.
    kept: Vec<String>,
}

impl Index {
    /// Adds the words of a record; returns how many it has, and what a browser loads of it, as JSON.
    fn add(&mut self, record: &Record) -> (u32, String) {
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
        self.file(&record.filters, record.moment.is_some());
        let fragment = Fragment {
            url: &record.url,
            content: &content,
            word_count: words.len(),
            filters: &record.filters,
            meta,
            anchors: [],
        };
        let fragment = serde_json::to_string(&fragment).expect("texts and lists are JSON");
        (words.len() as u32, fragment)
    }

    /// Notes by what the next record is filtered, and that it has a date.
    fn file(&mut self, filters: &Filters, is_dated: bool) {
        let page = self.pages.len() as u32;
        for (filter, values) in filters {
            let known = self.filters.entry(filter).or_default();
            for value in values {
                if !known.contains_key(value) {
                    known.insert(value.clone(), Vec::new());
                }
                if let Some(pages) = known.get_mut(value)
                    && pages.last() != Some(&page)
                {
                    pages.push(page);
                }
            }
        }
        if is_dated {
            self.dated.push(page);
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
                        self.terms.push(Term::new(word.stem));
                        place
                    }
                };
                let variants = &mut self.terms[place as usize].variants;
                let variant = match word.variant {
                    None => 0,
                    Some(form) => match variants.iter().position(|(known, _)| *known == form) {
                        Some(at) => at as u32 + 1,
                        None => {
                            variants.push((form, terms::Pages::default()));
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
            pages.add(page, hits);
        }
    }

    /// Adds a file that is named after its content; returns what others call it by.
    fn put(&mut self, folder: &str, kind: &str, ending: &str, content: Vec<u8>) -> String {
        let print = Fingerprint::of_bytes(&content);
        let name = format!("{kind}.{}", print.short(DIGITS));
        self.files.push(IndexFile {
            name: format!("{folder}{name}.{ending}"),
            content,
            print,
        });
        name
    }

    fn finish(mut self, language: &str, kept: Vec<Term>) -> Option<Indexed> {
        let made = terms::sorted(std::mem::take(&mut self.terms));
        let terms = terms::join(kept, made)?;
        let mut chunks: Vec<(String, String, String)> = Vec::new();
        let mut rest = &terms[..];
        while !rest.is_empty() {
            let mut size = 0;
            let end = rest.iter().position(|term| {
                size += term.size();
                size >= CHUNK
            });
            let (chunk, after) = rest.split_at(end.map_or(rest.len(), |end| end + 1));
            let name = self.put("index/", "w", "pf_index", terms::written(chunk));
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
        let print = Fingerprint::of_bytes(&list);
        let hash = print.short(DIGITS);
        self.files.push(IndexFile {
            name: format!("pagefind.{hash}.pf_meta"),
            content: list,
            print,
        });
        let (wasm, _) = runtime::wasm(language);
        let entry = serde_json::json!({
            "version": runtime::VERSION,
            "languages": {
                language.to_lowercase(): {
                    "hash": hash,
                    "wasm": (wasm != "unknown").then_some(wasm),
                    "page_count": self.pages.len(),
                },
            },
            "include_characters": CONNECTORS,
        });
        let content = entry.to_string().into_bytes();
        self.files.push(IndexFile {
            name: ENTRY.to_owned(),
            print: Fingerprint::of_bytes(&content),
            content,
        });
        // Equal filters would make one file twice.
        self.files.sort_by(|a, b| a.name.cmp(&b.name));
        self.files.dedup_by(|a, b| a.name == b.name);
        Some(Indexed {
            files: self.files,
            kept: self.kept,
        })
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
