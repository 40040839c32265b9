//! The cache: what parsing made of every Markdown file, by the file's content.
//!
//! A record holds what one file says and nothing that crosses files, so that it is right wherever
//! the file's bytes are the same and the parser is. A stat that has not changed since an earlier
//! build saves the reading, equal bytes save the parsing. The file in `.dateline/` is a header and
//! segments, each with its checksum: a build appends a segment of what changed, and writes the file
//! anew where too much of it is out of date. What is foreign, damaged, cut off or of another parser
//! is as if it were not there.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the edge that reads and writes"
)]

use super::error::DiskError;
use super::input::{self, Found};
use super::publish::write_state_in;
use crate::archive::Index;
use crate::base::fingerprint::Fingerprint;
use crate::plan::manifest::Stat;
use crate::source::article::Article;
use crate::source::front_matter::Unknown;
use rapidhash::RapidHashSet;
use rayon::prelude::*;
use rustix::fs::OFlags;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::ops::Range;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The cache's name in the folder of the site's state.
const NAME: &str = "articles.cache";
/// Begins every cache, with the version of its format.
const MAGIC: &[u8] = b"dateline cache 7\n";
/// How many records make a segment: enough that its frame costs nothing, few enough that every
/// core has its share of them.
const SEGMENT_RECORDS: usize = 512;
/// How many segments are in memory at a time while the file is read or written.
const SEGMENTS_AT_ONCE: usize = 16;
/// The longest segment that is believed, in bytes: a damaged length must not be allocated.
const LONGEST_SEGMENT: usize = 1 << 30;
/// The file is written anew where more than one in this many of its entries is out of date.
const MOST_STALE: usize = 4;

/// What is known of the Markdown files of a site, in the order of their paths.
#[derive(Debug, Default)]
pub struct Cache {
    /// The file that was not read yet.
    unread: Option<PathBuf>,
    /// The file to write; none where nothing is kept between processes.
    file: Option<PathBuf>,
    /// Whether records are dropped once they are in the file.
    is_brief: bool,
    parser: Fingerprint,
    records: Vec<Record>,
    /// What the file is as far as this process knows; none where it has to be written anew.
    written: Option<Written>,
}

/// A file as this process read it or wrote it. One that another process has touched since is no
/// longer that, and is not added to: it may be of another parser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Written {
    inode: u64,
    bytes: u64,
    /// How many entries it has, of which some may be out of date.
    entries: usize,
}

/// What one file says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    /// What the file system said of it.
    pub stat: Stat,
    /// When the reading of the build began that saw it so, in nanoseconds since 1970.
    pub seen: i64,
    /// The fingerprint of its bytes.
    pub bytes: Fingerprint,
    /// What parsing made of it.
    pub parsed: Parsed,
    /// The keys in it that nothing knows.
    pub unknown: Vec<Unknown>,
}

/// What a Markdown file is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Parsed {
    /// An article.
    Article(Arc<Article>),
    /// An `_index.md`.
    Index(Arc<Index>),
}

impl Record {
    /// Returns the file's path from the site's root.
    pub fn path(&self) -> &str {
        match &self.parsed {
            Parsed::Article(article) => &article.path,
            Parsed::Index(index) => &index.path,
        }
    }

    /// Tells whether a file can't have changed since the record was made, by its stat alone.
    pub fn is_of(&self, found: &Found) -> bool {
        input::is_unchanged(&self.stat, &found.stat, self.seen)
    }
}

/// What a build found out, to be kept for the next.
#[derive(Debug, Default)]
pub struct News {
    /// The files' records, in the order of their paths.
    pub records: Vec<Record>,
    /// Which of them are other than they were: places in that list.
    pub changed: Vec<u32>,
    /// Which of them are as they were, seen at another time or with another stat.
    pub touched: Vec<u32>,
    /// The paths of files that have no record any more.
    pub gone: Vec<String>,
}

/// An entry of the file; later ones of a path take the place of earlier ones.
#[derive(Serialize, Deserialize)]
enum Entry<R> {
    Record(R),
    Touched { path: String, stat: Stat, seen: i64 },
    Gone(String),
}

impl Cache {
    /// Returns the cache of a site, whose folder of state is `state`. It is read where it is asked
    /// for; what can't be read or believed is as if it were not there.
    pub fn read(state: &Path) -> Self {
        let file = state.join(NAME);
        Self {
            unread: Some(file.clone()),
            file: Some(file),
            ..Self::default()
        }
    }

    /// Reads the cache of a site as [`Cache::read`] does, for a process that writes nothing.
    pub fn read_only(state: &Path) -> Self {
        Self {
            file: None,
            ..Self::read(state)
        }
    }

    /// Returns a cache that knows nothing and takes the place of what is in the folder of state.
    pub fn anew(state: &Path) -> Self {
        Self {
            file: Some(state.join(NAME)),
            ..Self::default()
        }
    }

    /// Tells whether what builds find out is kept for other processes.
    pub fn is_kept(&self) -> bool {
        self.file.is_some()
    }

    /// Makes it one for a single build: what is in the file need not stay in memory.
    #[must_use]
    pub fn brief(self) -> Self {
        Self {
            is_brief: true,
            ..self
        }
    }

    /// Takes the records out, in the order of their paths; none where another parser made them.
    pub fn take(&mut self, parser: Fingerprint) -> Vec<Record> {
        self.look();
        if self.parser != parser {
            *self = Self {
                file: self.file.take(),
                is_brief: self.is_brief,
                parser,
                ..Self::default()
            };
        }
        std::mem::take(&mut self.records)
    }

    /// Takes the records out as [`Cache::take`] does, whatever parser made them.
    pub fn take_any(&mut self) -> Vec<Record> {
        self.look();
        self.take(self.parser)
    }

    /// Reads the file, if that is still to be done.
    fn look(&mut self) {
        if let Some(file) = self.unread.take()
            && let Some(found) = open(&file).ok().and_then(|mut file| read(&mut file))
        {
            *self = Self {
                file: self.file.take(),
                is_brief: self.is_brief,
                ..found
            };
        }
    }

    /// Keeps what a build found out, in memory and, for the next process, in the file.
    ///
    /// # Errors
    ///
    /// Where the file system refuses; the next build then reads what it must.
    pub fn keep(&mut self, mut news: News) -> Result<(), DiskError> {
        self.records = std::mem::take(&mut news.records);
        let kept = self.save(news);
        if self.is_brief {
            self.records = Vec::new();
        }
        kept
    }

    fn save(&mut self, news: News) -> Result<(), DiskError> {
        let Some(file) = self.file.clone() else {
            return Ok(());
        };
        let added = news.changed.len() + news.touched.len() + news.gone.len();
        if self.written.is_some() && added == 0 {
            return Ok(());
        }
        let limit = self.records.len() + self.records.len() / MOST_STALE + SEGMENT_RECORDS;
        let written = self.written.take();
        if let Some(written) = written.filter(|written| written.entries + added <= limit)
            && let Some(out) = open_again(&file, written)
        {
            self.written = Some(self.append(&file, out, written, news)?);
            return Ok(());
        }
        self.write(&file)?;
        self.written = open(&file)
            .and_then(|file| Written::of(&file, self.records.len()))
            .ok();
        Ok(())
    }

    /// Sets where the cache is kept between processes, by the folder of the site's state; none where
    /// another process may be writing there.
    pub fn set_file(&mut self, state: Option<&Path>) {
        self.file = state.map(|state| state.join(NAME));
    }

    fn write(&self, file: &Path) -> Result<(), DiskError> {
        write_state_in(file, |out| {
            out.write_all(&header(self.parser))?;
            for records in self.records.chunks(SEGMENT_RECORDS * SEGMENTS_AT_ONCE) {
                let segments: Vec<Vec<u8>> = records
                    .par_chunks(SEGMENT_RECORDS)
                    .map(|records| segment(&records.iter().map(Entry::Record).collect::<Vec<_>>()))
                    .collect();
                for segment in segments {
                    out.write_all(&segment)?;
                }
            }
            Ok(())
        })
    }

    /// Appends segments. One that is cut off by a full disk or a kill is passed over by its
    /// checksum, and the file is written anew by the next build.
    fn append(
        &self,
        file: &Path,
        mut out: File,
        mut written: Written,
        news: News,
    ) -> Result<Written, DiskError> {
        let record = |at: &u32| &self.records[*at as usize];
        let changed = news.changed.iter().map(|at| Entry::Record(record(at)));
        let touched = news
            .touched
            .iter()
            .map(record)
            .map(|record| Entry::Touched {
                path: record.path().to_owned(),
                stat: record.stat,
                seen: record.seen,
            });
        let gone = news.gone.into_iter().map(Entry::Gone);
        let mut entries = changed.chain(touched).chain(gone).peekable();
        while entries.peek().is_some() {
            let entries: Vec<_> = entries.by_ref().take(SEGMENT_RECORDS).collect();
            let bytes = segment(&entries);
            out.write_all(&bytes)
                .map_err(DiskError::at("write", file))?;
            written.bytes += bytes.len() as u64;
            written.entries += entries.len();
        }
        Ok(written)
    }
}

impl Written {
    fn of(file: &File, entries: usize) -> std::io::Result<Self> {
        let metadata = file.metadata()?;
        Ok(Self {
            inode: metadata.ino(),
            bytes: metadata.len(),
            entries,
        })
    }
}

/// Opens the file to add to it, if it is as this process left it.
fn open_again(file: &Path, written: Written) -> Option<File> {
    let file = OpenOptions::new()
        .append(true)
        .custom_flags(OFlags::NOFOLLOW.bits() as i32)
        .open(file)
        .ok()?;
    let found = Written::of(&file, written.entries).ok()?;
    (found == written).then_some(file)
}

fn open(file: &Path) -> std::io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let file = File::options()
        .read(true)
        .custom_flags(flags.bits() as i32)
        .open(file)?;
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(std::io::Error::other("it is not a regular file")),
    }
}

fn header(parser: Fingerprint) -> Vec<u8> {
    let mut header = MAGIC.to_vec();
    header.extend(env!("CARGO_PKG_VERSION").as_bytes());
    header.push(b'\n');
    header.extend(parser.to_string().as_bytes());
    header.push(b'\n');
    header
}

/// Frames entries: the length of their encoding, its fingerprint, and itself.
fn segment(entries: &[Entry<&Record>]) -> Vec<u8> {
    let frame = vec![0; FRAME];
    let mut bytes = postcard::to_extend(entries, frame)
        .expect("records are made of sized lists, texts and numbers");
    let length = (bytes.len() - FRAME) as u64;
    let print = Fingerprint::of_bytes(&bytes[FRAME..]);
    bytes[..8].copy_from_slice(&length.to_le_bytes());
    bytes[8..FRAME].copy_from_slice(&print.to_bytes());
    bytes
}

/// The bytes before a segment's entries.
const FRAME: usize = 8 + 16;

/// Reads a cache from a file; none where it does not begin as one of this version.
fn read(file: &mut File) -> Option<Cache> {
    let plain = header(Fingerprint::default());
    let mut begin = vec![0; plain.len()];
    file.read_exact(&mut begin).ok()?;
    let digits = plain.len() - 33..plain.len() - 1;
    if begin[..digits.start] != plain[..digits.start] || begin[digits.end] != b'\n' {
        return None;
    }
    let parser = Fingerprint::parse(std::str::from_utf8(&begin[digits]).ok()?)?;
    let length = file.metadata().ok()?.len();
    let mut settling = Settling::default();
    let mut is_whole = true;
    // The same memory for all segments: what is new has to be cleared by the system first.
    let mut bytes = Vec::new();
    while is_whole {
        bytes.clear();
        let mut segments = Vec::with_capacity(SEGMENTS_AT_ONCE);
        while segments.len() < SEGMENTS_AT_ONCE {
            match next(file, &mut bytes) {
                Next::Segment(print, segment) => segments.push((print, segment)),
                Next::End => break,
                Next::Damaged => {
                    is_whole = false;
                    break;
                }
            }
        }
        if segments.is_empty() {
            break;
        }
        let decoded: Vec<Option<Vec<Entry<Record>>>> = segments
            .into_par_iter()
            .map(|(print, segment)| {
                let bytes = &bytes[segment];
                let is_whole = Fingerprint::of_bytes(bytes) == print;
                is_whole.then(|| postcard::from_bytes(bytes).ok()).flatten()
            })
            .collect();
        if settling.records.is_empty() {
            // To grow by doubling would take twice the memory at its worst.
            let count: usize = decoded.iter().flatten().map(Vec::len).sum();
            let whole = count as u64 * length / (bytes.len() as u64).max(1);
            settling.records.reserve(whole as usize + SEGMENT_RECORDS);
        }
        for entries in decoded {
            match entries {
                Some(entries) if is_whole => entries.into_iter().for_each(|one| settling.add(one)),
                _ => is_whole = false,
            }
        }
    }
    let written = Written::of(file, settling.entries).ok();
    Some(Cache {
        unread: None,
        file: None,
        is_brief: false,
        parser,
        records: settling.finish(),
        written: written.filter(|_| is_whole),
    })
}

enum Next {
    /// Its fingerprint, and where its bytes are in the buffer.
    Segment(Fingerprint, Range<usize>),
    End,
    Damaged,
}

/// Reads the next segment to the end of a buffer.
fn next(file: &mut File, buffer: &mut Vec<u8>) -> Next {
    let mut frame = [0; FRAME];
    match read_full(file, &mut frame) {
        Ok(0) => return Next::End,
        Ok(FRAME) => {}
        Ok(_) | Err(_) => return Next::Damaged,
    }
    let (length, print) = frame.split_at(8);
    let (Ok(length), Ok(print)) = (length.try_into(), print.try_into()) else {
        return Next::Damaged;
    };
    let length = usize::try_from(u64::from_le_bytes(length)).unwrap_or(usize::MAX);
    if length > LONGEST_SEGMENT {
        return Next::Damaged;
    }
    let start = buffer.len();
    match file.take(length as u64).read_to_end(buffer) {
        Ok(read) if read == length => {
            Next::Segment(Fingerprint::from_bytes(print), start..buffer.len())
        }
        _ => Next::Damaged,
    }
}

/// Fills a buffer as far as the file goes; returns how far that is.
fn read_full(file: &mut File, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut done = 0;
    while done < buffer.len() {
        match file.read(&mut buffer[done..]) {
            Ok(0) => break,
            Ok(read) => done += read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

/// Records as the last entries of their paths leave them, while the entries are read.
#[derive(Default)]
struct Settling {
    /// Those of a file that was written in one go, which are in the order of the paths.
    records: Vec<Record>,
    /// What was added to the file later, by path; none of files that are gone.
    later: BTreeMap<String, Option<Record>>,
    entries: usize,
}

impl Settling {
    fn add(&mut self, entry: Entry<Record>) {
        self.entries += 1;
        match entry {
            Entry::Record(record) => {
                let last = self.records.last().map(Record::path);
                if self.later.is_empty() && last.is_none_or(|last| last < record.path()) {
                    self.records.push(record);
                } else {
                    self.later.insert(record.path().to_owned(), Some(record));
                }
            }
            Entry::Touched { path, stat, seen } => {
                let record = match self.later.get_mut(&path) {
                    Some(later) => later.as_mut(),
                    None => place(&self.records, &path)
                        .ok()
                        .map(|at| &mut self.records[at]),
                };
                if let Some(record) = record {
                    (record.stat, record.seen) = (stat, seen);
                }
            }
            Entry::Gone(path) => {
                self.later.insert(path, None);
            }
        }
    }

    /// Returns the records in the order of the paths.
    fn finish(self) -> Vec<Record> {
        let mut records = self.records;
        let mut gone = RapidHashSet::default();
        let mut new = Vec::new();
        for (path, later) in self.later {
            match (place(&records, &path), later) {
                (Ok(at), Some(later)) => records[at] = later,
                (Err(_), Some(later)) => new.push(later),
                (Ok(_), None) => {
                    gone.insert(path);
                }
                (Err(_), None) => {}
            }
        }
        if !gone.is_empty() {
            records.retain(|record| !gone.contains(record.path()));
        }
        if !new.is_empty() {
            records.append(&mut new);
            records.sort_by(|a, b| a.path().cmp(b.path()));
        }
        records
    }
}

/// Finds a path in records that are in the order of their paths.
fn place(records: &[Record], path: &str) -> Result<usize, usize> {
    records.binary_search_by(|record| record.path().cmp(path))
}

#[cfg(test)]
mod tests;
