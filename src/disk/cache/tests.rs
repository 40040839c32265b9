//! What the cache promises: the last word on every file, and nothing of what is damaged.

use super::*;
use crate::base::aside::Aside;
use crate::source::article::{Address, Details};
use crate::source::markdown::Outline;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;

fn record(path: &str, headline: &str) -> Record {
    let article = Article {
        path: path.to_owned(),
        address: Address::default(),
        meta: crate::source::article::Meta {
            headline: headline.to_owned(),
            ..Default::default()
        },
        outline: Outline::default(),
        details: Aside::new(&Details {
            summary: format!("Of {headline}"),
            ..Details::default()
        }),
        card: Fingerprint::of_bytes(headline.as_bytes()),
        outward: Fingerprint::default(),
        body: Fingerprint::default(),
        text: 0,
    };
    Record {
        stat: stat(1),
        seen: 7,
        bytes: Fingerprint::of_bytes(headline.as_bytes()),
        parsed: Parsed::Article(Arc::new(article)),
        unknown: Vec::new(),
    }
}

fn stat(inode: u64) -> Stat {
    Stat {
        inode,
        size: 1,
        modified: 1,
        changed: 1,
    }
}

fn parser() -> Fingerprint {
    Fingerprint::of_bytes(b"parser")
}

/// Returns each path with its headline and the inode it was seen at.
fn said(records: &[Record]) -> BTreeMap<String, (String, u64)> {
    let one = |record: &Record| {
        let Parsed::Article(article) = &record.parsed else {
            panic!("every record is an article's");
        };
        let headline = article.meta.headline.clone();
        assert_eq!(article.summary(), format!("Of {headline}"));
        (record.path().to_owned(), (headline, record.stat.inode))
    };
    records.iter().map(one).collect()
}

fn read_again(state: &Path) -> BTreeMap<String, (String, u64)> {
    let records = Cache::read(state).take(parser());
    assert!(records.is_sorted_by(|a, b| a.path() < b.path()));
    said(&records)
}

/// Keeps these records, as a build does that found the ones with other headlines changed.
fn keep(cache: &mut Cache, now: &BTreeMap<String, (String, u64)>) {
    let known: BTreeMap<String, Record> = cache
        .take(parser())
        .into_iter()
        .map(|record| (record.path().to_owned(), record))
        .collect();
    let mut news = News::default();
    for (at, (path, (headline, inode))) in now.iter().enumerate() {
        let made = Record {
            stat: stat(*inode),
            ..record(path, headline)
        };
        match known.get(path) {
            Some(old) if old.bytes == made.bytes && old.stat == made.stat => {}
            Some(old) if old.bytes == made.bytes => news.touched.push(at as u32),
            _ => news.changed.push(at as u32),
        }
        news.records.push(made);
    }
    let gone = known.into_keys().filter(|path| !now.contains_key(path));
    news.gone = gone.collect();
    cache.keep(news).unwrap();
}

fn some(count: usize, word: &str) -> BTreeMap<String, (String, u64)> {
    (0..count)
        .map(|at| (format!("content/{at:04}.md"), (format!("{word} {at}"), 1)))
        .collect()
}

#[test]
fn a_cache_is_read_as_it_was_kept() {
    let state = tempfile::tempdir().unwrap();
    let records = some(3 * SEGMENT_RECORDS + 1, "first");
    keep(&mut Cache::read(state.path()), &records);
    assert_eq!(read_again(state.path()), records);
}

#[test]
fn a_small_change_is_added_and_a_large_one_written_anew() {
    let state = tempfile::tempdir().unwrap();
    let file = state.path().join(NAME);
    let length = || fs::metadata(&file).unwrap().len();
    let mut records = some(4 * SEGMENT_RECORDS, "first");
    keep(&mut Cache::read(state.path()), &records);
    let (whole, inode) = (length(), fs::metadata(&file).unwrap().ino());
    records.insert("content/0007.md".to_owned(), ("other".to_owned(), 2));
    records.remove("content/0008.md");
    keep(&mut Cache::read(state.path()), &records);
    assert!((whole..whole + 1000).contains(&length()));
    assert_eq!(fs::metadata(&file).unwrap().ino(), inode);
    assert_eq!(read_again(state.path()), records);
    for round in 0..20 {
        records.extend(some(SEGMENT_RECORDS, &format!("round {round}")));
        records.remove("content/0008.md");
        keep(&mut Cache::read(state.path()), &records);
        assert_eq!(read_again(state.path()), records);
    }
    assert!(length() < whole * 3 / 2, "what is out of date is dropped");
}

#[test]
fn what_another_parser_made_is_forgotten() {
    let state = tempfile::tempdir().unwrap();
    keep(&mut Cache::read(state.path()), &some(3, "first"));
    let mut cache = Cache::read(state.path());
    assert!(cache.take(Fingerprint::of_bytes(b"other")).is_empty());
    cache.keep(News::default()).unwrap();
    assert!(read_again(state.path()).is_empty(), "the other's is kept");
}

#[test]
fn a_reading_that_has_no_parser_leaves_what_is_known() {
    let state = tempfile::tempdir().unwrap();
    let records = some(3, "first");
    keep(&mut Cache::read(state.path()), &records);
    let mut cache = Cache::read(state.path());
    let known = cache.take_any();
    assert_eq!(said(&known), records);
    let news = News {
        records: known,
        ..News::default()
    };
    cache.keep(news).unwrap();
    assert_eq!(read_again(state.path()), records);
}

#[test]
fn a_file_that_another_process_wrote_is_not_added_to() {
    let state = tempfile::tempdir().unwrap();
    let mut one = Cache::read(state.path());
    let mut records = some(2000, "one");
    keep(&mut one, &records);
    let mut other = Cache::read(state.path());
    keep(&mut other, &some(2000, "other"));
    records.insert("content/0000.md".to_owned(), ("again".to_owned(), 1));
    keep(&mut one, &records);
    assert_eq!(read_again(state.path()), records);
}

#[test]
fn a_process_that_may_not_write_leaves_the_file() {
    let state = tempfile::tempdir().unwrap();
    keep(&mut Cache::read(state.path()), &some(3, "first"));
    keep(&mut Cache::read_only(state.path()), &some(3, "second"));
    assert_eq!(read_again(state.path()), some(3, "first"));
}

/// The first segment is the older: what is damaged there takes the newer ones with it.
#[test]
fn nothing_of_a_damaged_file_is_believed() {
    let state = tempfile::tempdir().unwrap();
    let file = state.path().join(NAME);
    let (old, mut new) = (some(3, "old"), some(3, "old"));
    keep(&mut Cache::read(state.path()), &old);
    new.insert("content/0001.md".to_owned(), ("new".to_owned(), 2));
    keep(&mut Cache::read(state.path()), &new);
    let whole = fs::read(&file).unwrap();
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        for bytes in [&damaged[..], &whole[..at]] {
            fs::write(&file, bytes).unwrap();
            let found = read_again(state.path());
            assert!(
                found.is_empty() || found == old,
                "byte {at}: {found:?} is neither nothing nor the older segment"
            );
            // The next build mends it.
            keep(&mut Cache::read(state.path()), &new);
            assert_eq!(read_again(state.path()), new, "byte {at}");
        }
    }
}

fn summaries(parsed: &[Parsed]) -> Vec<String> {
    let summary = |one: &Parsed| match one {
        Parsed::Article(article) => article.summary(),
        Parsed::Index(_) => panic!("every record is an article's"),
    };
    parsed.iter().map(summary).collect()
}

#[test]
fn what_was_kept_is_read_from_the_file_that_was_written() {
    let state = tempfile::tempdir().unwrap();
    let mut cache = Cache::read(state.path()).brief();
    cache.take(parser());
    let names: Vec<String> = (0..2 * SEGMENT_RECORDS + 5)
        .map(|at| format!("{at:04}"))
        .collect();
    let mut anew = cache.begin().unwrap();
    let mut kept = Vec::new();
    // The second time begins behind what was written the first time.
    for names in names.chunks(SEGMENT_RECORDS + 9) {
        let records = names.iter().map(|name| record(name, name)).collect();
        kept.extend(anew.add(records).unwrap());
    }
    anew.finish().unwrap();
    let expect: Vec<String> = names.iter().map(|name| format!("Of {name}")).collect();
    assert_eq!(summaries(&kept), expect);
    // Another process that takes the file's place takes nothing away.
    keep(&mut Cache::anew(state.path()), &some(3, "other"));
    assert_eq!(summaries(&kept), expect);
    cache.check().unwrap();
}

#[test]
fn what_can_no_longer_be_read_is_told() {
    let state = tempfile::tempdir().unwrap();
    keep(&mut Cache::read(state.path()), &some(3, "first"));
    let mut cache = Cache::read(state.path());
    let records = cache.take(parser());
    cache.check().unwrap();
    let file = OpenOptions::new()
        .write(true)
        .open(state.path().join(NAME))
        .unwrap();
    file.set_len(10).unwrap();
    assert_eq!(records[0].article().unwrap().summary(), "");
    let error = cache.check().unwrap_err();
    assert!(error.to_string().contains(NAME), "{error}");
}

#[test]
fn a_file_that_is_not_finished_takes_no_place() {
    let state = tempfile::tempdir().unwrap();
    let records = some(3, "first");
    keep(&mut Cache::read(state.path()), &records);
    let mut cache = Cache::read(state.path());
    let mut anew = cache.begin().unwrap();
    anew.add(vec![record("content/a.md", "a")]).unwrap();
    drop(anew);
    assert_eq!(read_again(state.path()), records);
    assert_eq!(fs::read_dir(state.path()).unwrap().count(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn the_last_word_on_every_file_is_kept(
        builds in prop::collection::vec(
            prop::collection::btree_map(0u8..12, (0u8..3, 0u64..3), 0..12),
            1..8,
        ),
    ) {
        let state = tempfile::tempdir().unwrap();
        for build in builds {
            let records: BTreeMap<String, (String, u64)> = build
                .into_iter()
                .map(|(name, (word, inode))| (format!("content/{name}.md"), (format!("{word}"), inode)))
                .collect();
            keep(&mut Cache::read(state.path()), &records);
            prop_assert_eq!(read_again(state.path()), records);
        }
    }
}
