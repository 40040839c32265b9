//! The cache: what parsing made of every Markdown file, by the file's content.
//!
//! A record holds what one file says and nothing that crosses files, so that it is right wherever
//! the file's bytes are the same and the parser is. A stat that has not changed since an earlier
//! build saves the reading, equal bytes save the parsing. The file in `.dateline/` is a header and
//! segments, each with its checksum: a build appends a segment of what changed, and writes the file
//! anew where too much of it is out of date. What is foreign, damaged, cut off or of another parser
//! is as if it were not there.
//!
//! What only pages show of an article stays in the file, at the end of the segment that its record is in,
//! and is read where a page shows it: memory need not hold it. The file of a process is the one that it
//! opened, also where another has taken that one's place.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the edge that reads and writes"
)]

use super::error::DiskError;
use super::input::{self, Found};
use super::publish::NewState;
use crate::archive::Index;
use crate::base::aside::{Shared, Shelf};
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
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// The cache's name in the folder of the site's state.
const NAME: &str = "articles.cache";
/// Begins every cache, with the version of its format.
const MAGIC: &[u8] = b"dateline cache 10\n";
/// How many records make a segment: enough that its frame costs nothing, few enough that every
/// core has its share of them.
const SEGMENT_RECORDS: usize = 512;
/// How many segments are in memory at a time while the file is read.
const SEGMENTS_AT_ONCE: usize = 16;
/// How many records are best written at a time.
pub const AT_ONCE: usize = SEGMENT_RECORDS * SEGMENTS_AT_ONCE;
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
    /// The files that details of articles stand in.
    details: Vec<Arc<DetailsFile>>,
}

/// A cache's file from which details of articles are read.
#[derive(Debug)]
struct DetailsFile {
    path: PathBuf,
    file: File,
    /// Why some could not be read.
    failure: OnceLock<io::Error>,
}

impl Shelf for Arc<DetailsFile> {
    fn read(&self, at: u64, length: u32) -> Option<Vec<u8>> {
        let mut bytes = vec![0; length as usize];
        match self.file.read_exact_at(&mut bytes, at) {
            Ok(()) => Some(bytes),
            Err(error) => {
                self.failure.get_or_init(|| error);
                None
            }
        }
    }

    fn refuse(&self, at: u64) {
        let is_other =
            || io::Error::other(format!("what was written at byte {at} is no longer there"));
        self.failure.get_or_init(is_other);
    }
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

impl Parsed {
    /// Returns the file's path from the site's root.
    pub fn path(&self) -> &str {
        match self {
            Self::Article(article) => &article.path,
            Self::Index(index) => &index.path,
        }
    }
}

impl Record {
    /// Returns the file's path from the site's root.
    pub fn path(&self) -> &str {
        self.parsed.path()
    }

    /// Returns the article, if it is one and nobody else has it.
    fn article_mut(&mut self) -> Option<&mut Article> {
        match &mut self.parsed {
            Parsed::Article(article) => Arc::get_mut(article),
            Parsed::Index(_) => None,
        }
    }

    /// Returns the article, if it is one.
    fn article(&self) -> Option<&Article> {
        match &self.parsed {
            Parsed::Article(article) => Some(article),
            Parsed::Index(_) => None,
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
    /// With the length of its details, which follow the entries of its segment.
    Record(R, u32),
    Touched {
        path: String,
        stat: Stat,
        seen: i64,
    },
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
            && let Some(found) = open(&file).ok().and_then(|opened| read(&file, opened))
        {
            *self = Self {
                file: self.file.take(),
                is_brief: self.is_brief,
                ..found
            };
        }
    }

    /// Keeps what a build found out, in memory and, for the next process, in the file; returns what the
    /// files say, in the order of their paths.
    ///
    /// # Errors
    ///
    /// Where the file system refuses; the next build then reads what it must.
    pub fn keep(&mut self, mut news: News) -> Result<Vec<Parsed>, DiskError> {
        let records = std::mem::take(&mut news.records);
        if self.add(&records, news)? {
            return Ok(self.kept(records));
        }
        let mut parsed = Vec::with_capacity(records.len());
        let mut records = records.into_iter();
        let mut anew = self.begin()?;
        while records.len() > 0 {
            parsed.append(&mut anew.add(records.by_ref().take(AT_ONCE).collect())?);
        }
        anew.finish()?;
        Ok(parsed)
    }

    /// Begins to keep the records of a site of which nothing is kept, or nothing that counts any more.
    ///
    /// # Errors
    ///
    /// Where the file system refuses.
    pub fn begin(&mut self) -> Result<Anew<'_>, DiskError> {
        self.written = None;
        self.records = Vec::new();
        let out = self
            .file
            .as_deref()
            .map(|file| Out::create(file, self.parser));
        Ok(Anew {
            out: out.transpose()?,
            cache: self,
            count: 0,
        })
    }

    /// Keeps further records in memory, if they are kept there; returns what the files say.
    fn kept(&mut self, mut records: Vec<Record>) -> Vec<Parsed> {
        if self.is_brief {
            return records.into_iter().map(|record| record.parsed).collect();
        }
        let parsed = records.iter().map(|record| record.parsed.clone()).collect();
        self.records.append(&mut records);
        parsed
    }

    /// Makes sure that all details of articles that were asked for could be read.
    ///
    /// # Errors
    ///
    /// What the file system said where they could not: what was made of them is then wrong.
    pub fn check(&self) -> Result<(), DiskError> {
        for file in &self.details {
            if let Some(error) = file.failure.get() {
                let error = io::Error::new(error.kind(), error.to_string());
                return Err(DiskError::at("read", &file.path)(error));
            }
        }
        Ok(())
    }

    /// Adds what is new to the file; tells whether that leaves nothing to write.
    fn add(&mut self, records: &[Record], news: News) -> Result<bool, DiskError> {
        let Some(file) = self.file.clone() else {
            return Ok(true);
        };
        let added = news.changed.len() + news.touched.len() + news.gone.len();
        if self.written.is_some() && added == 0 {
            return Ok(true);
        }
        let limit = records.len() + records.len() / MOST_STALE + SEGMENT_RECORDS;
        let written = self.written.take();
        if let Some(written) = written.filter(|written| written.entries + added <= limit)
            && let Some(out) = open_again(&file, written)
        {
            self.written = Some(append(&file, out, written, records, news)?);
            return Ok(true);
        }
        Ok(false)
    }

    /// Sets where the cache is kept between processes, by the folder of the site's state; none where
    /// another process may be writing there.
    pub fn set_file(&mut self, state: Option<&Path>) {
        self.file = state.map(|state| state.join(NAME));
    }
}

/// Appends segments. One that is cut off by a full disk or a kill is passed over by its
/// checksum, and the file is written anew by the next build.
fn append(
    file: &Path,
    mut out: File,
    mut written: Written,
    records: &[Record],
    news: News,
) -> Result<Written, DiskError> {
    let record = |at: &u32| &records[*at as usize];
    let changed = news.changed.iter().map(|at| Entry::of(record(at)));
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
        let Segment { bytes, .. } = Segment::of(&entries);
        out.write_all(&bytes)
            .map_err(DiskError::at("write", file))?;
        written.bytes += bytes.len() as u64;
        written.entries += entries.len();
    }
    Ok(written)
}

/// A cache whose records are kept anew, some at a time: what is kept no longer has to be in memory whole.
pub struct Anew<'a> {
    cache: &'a mut Cache,
    /// The file, where there is to be one.
    out: Option<Out>,
    count: usize,
}

impl Anew<'_> {
    /// Keeps the records of further files, whose paths come after those before; returns what the files
    /// say.
    ///
    /// # Errors
    ///
    /// Where the file system refuses.
    pub fn add(&mut self, mut records: Vec<Record>) -> Result<Vec<Parsed>, DiskError> {
        if let Some(out) = &mut self.out {
            out.add(&mut records)?;
        }
        self.count += records.len();
        Ok(self.cache.kept(records))
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    ///
    /// Where the file system refuses.
    pub fn finish(self) -> Result<(), DiskError> {
        let Some(Out { new, own, .. }) = self.out else {
            return Ok(());
        };
        new.put()?;
        self.cache.written = Written::of(&own.file, self.count).ok();
        let is_used =
            |file: &Arc<DetailsFile>| Arc::strong_count(file) > 1 || file.failure.get().is_some();
        self.cache.details.retain(is_used);
        self.cache.details.push(own);
        Ok(())
    }
}

/// A file in the making.
struct Out {
    new: NewState,
    /// The same file, to read from.
    own: Arc<DetailsFile>,
    shelf: Shared,
    bytes: u64,
}

impl Out {
    fn create(path: &Path, parser: Fingerprint) -> Result<Self, DiskError> {
        let mut new = NewState::create(path)?;
        let header = header(parser);
        new.add(&header)?;
        let file = open(new.beside()).map_err(DiskError::at("read", new.beside()))?;
        let (own, shelf) = shelf(path, file);
        Ok(Self {
            new,
            own,
            shelf,
            bytes: header.len() as u64,
        })
    }

    /// Writes records, whose details then stand in the file alone.
    fn add(&mut self, records: &mut [Record]) -> Result<(), DiskError> {
        let segments: Vec<Segment> = records
            .par_chunks(SEGMENT_RECORDS)
            .map(|records| Segment::of(&records.iter().map(Entry::of).collect::<Vec<_>>()))
            .collect();
        for (segment, records) in segments.iter().zip(records.chunks_mut(SEGMENT_RECORDS)) {
            self.new.add(&segment.bytes)?;
            for (record, at) in records.iter_mut().zip(&segment.details) {
                if let Some(article) = record.article_mut() {
                    let length = article.details.length();
                    article
                        .details
                        .put(&self.shelf, self.bytes + *at as u64, length);
                }
            }
            self.bytes += segment.bytes.len() as u64;
        }
        Ok(())
    }
}

impl Written {
    fn of(file: &File, entries: usize) -> io::Result<Self> {
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

fn open(file: &Path) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let file = File::options()
        .read(true)
        .custom_flags(flags.bits() as i32)
        .open(file)?;
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(io::Error::other("it is not a regular file")),
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

/// Makes a shelf of a file.
fn shelf(path: &Path, file: File) -> (Arc<DetailsFile>, Shared) {
    let own = Arc::new(DetailsFile {
        path: path.to_owned(),
        file,
        failure: OnceLock::new(),
    });
    (Arc::clone(&own), Arc::new(Box::new(own)))
}

impl<'a> Entry<&'a Record> {
    fn of(record: &'a Record) -> Self {
        let details = record.article().map(|article| article.details.length());
        Self::Record(record, details.unwrap_or_default())
    }
}

/// Entries in a frame: the length of what follows and its fingerprint, the entries' encoding, and the
/// details of their articles one after the other.
struct Segment {
    bytes: Vec<u8>,
    /// Where in the bytes the details of each record begin.
    details: Vec<usize>,
}

impl Segment {
    fn of(entries: &[Entry<&Record>]) -> Self {
        let frame = vec![0; FRAME];
        let mut bytes = postcard::to_extend(entries, frame)
            .expect("records are made of sized lists, texts and numbers");
        let mut details = Vec::with_capacity(entries.len());
        for entry in entries {
            let Entry::Record(record, _) = entry else {
                continue;
            };
            details.push(bytes.len());
            if let Some(article) = record.article() {
                bytes.extend_from_slice(&article.details.bytes());
            }
        }
        let length = (bytes.len() - FRAME) as u64;
        let print = Fingerprint::of_bytes(&bytes[FRAME..]);
        bytes[..8].copy_from_slice(&length.to_le_bytes());
        bytes[8..FRAME].copy_from_slice(&print.to_bytes());
        Self { bytes, details }
    }
}

/// Reads the entries of a segment, of which `start` is the place in the file, behind its frame; none
/// where they are not what was written.
fn decoded(
    bytes: &[u8],
    print: Fingerprint,
    start: u64,
    shelf: &Shared,
) -> Option<Vec<Entry<Record>>> {
    if Fingerprint::of_bytes(bytes) != print {
        return None;
    }
    let (mut entries, details): (Vec<Entry<Record>>, _) = postcard::take_from_bytes(bytes).ok()?;
    let mut at = start + (bytes.len() - details.len()) as u64;
    for entry in &mut entries {
        if let Entry::Record(record, length) = entry {
            if let Some(article) = record.article_mut() {
                article.details.put(shelf, at, *length);
            }
            at += u64::from(*length);
        }
    }
    (at == start + bytes.len() as u64).then_some(entries)
}

/// The bytes before a segment's entries.
const FRAME: usize = 8 + 16;

/// Reads a cache from a file; none where it does not begin as one of this version.
fn read(path: &Path, file: File) -> Option<Cache> {
    let plain = header(Fingerprint::default());
    let mut begin = vec![0; plain.len()];
    file.read_exact_at(&mut begin, 0).ok()?;
    let digits = plain.len() - 33..plain.len() - 1;
    if begin[..digits.start] != plain[..digits.start] || begin[digits.end] != b'\n' {
        return None;
    }
    let parser = Fingerprint::parse(std::str::from_utf8(&begin[digits]).ok()?)?;
    let length = file.metadata().ok()?.len();
    let (own, shelf) = shelf(path, file);
    let mut place = begin.len() as u64;
    let mut settling = Settling::default();
    let mut is_whole = true;
    // The same memory for all segments: what is new has to be cleared by the system first.
    let mut buffers = vec![Vec::new(); SEGMENTS_AT_ONCE];
    while is_whole && place < length {
        let mut frames = Vec::with_capacity(SEGMENTS_AT_ONCE);
        while frames.len() < SEGMENTS_AT_ONCE && place < length {
            let Some(frame) = Frame::read(&own.file, place, length) else {
                is_whole = false;
                break;
            };
            place = frame.start + frame.length as u64;
            frames.push(frame);
        }
        let decoded: Vec<Option<Vec<Entry<Record>>>> = frames
            .par_iter()
            .zip(&mut buffers)
            .map(|(frame, buffer)| {
                if buffer.len() < frame.length {
                    buffer.resize(frame.length, 0);
                }
                let bytes = &mut buffer[..frame.length];
                own.file.read_exact_at(bytes, frame.start).ok()?;
                decoded(bytes, frame.print, frame.start, &shelf)
            })
            .collect();
        if settling.records.is_empty() {
            // To grow by doubling would take twice the memory at its worst.
            let count: usize = decoded.iter().flatten().map(Vec::len).sum();
            let whole = count as u64 * length / place;
            settling.records.reserve(whole as usize + SEGMENT_RECORDS);
        }
        for entries in decoded {
            match entries {
                Some(entries) if is_whole => entries.into_iter().for_each(|one| settling.add(one)),
                _ => is_whole = false,
            }
        }
    }
    let written = Written::of(&own.file, settling.entries).ok();
    Some(Cache {
        unread: None,
        file: None,
        is_brief: false,
        parser,
        records: settling.finish(),
        written: written.filter(|_| is_whole),
        details: vec![own],
    })
}

/// What stands before a segment.
struct Frame {
    /// The fingerprint of the segment.
    print: Fingerprint,
    /// Where the segment begins in the file.
    start: u64,
    /// How long it is, in bytes.
    length: usize,
}

impl Frame {
    /// Reads the frame at a place of a file of `end` bytes; none where it is damaged or its segment cut off.
    fn read(file: &File, place: u64, end: u64) -> Option<Self> {
        let mut frame = [0; FRAME];
        file.read_exact_at(&mut frame, place).ok()?;
        let (length, print) = frame.split_first_chunk()?;
        let length = u64::from_le_bytes(*length);
        let start = place + FRAME as u64;
        if length > end.checked_sub(start)? {
            return None;
        }
        Some(Self {
            print: Fingerprint::from_bytes(print.try_into().ok()?),
            start,
            length: usize::try_from(length).ok()?,
        })
    }
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
            Entry::Record(record, _) => {
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
