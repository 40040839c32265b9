//! The bodies: the HTML of articles' texts, so that a text is parsed once, and a changed template makes
//! pages anew and not what is in them.
//!
//! Parsing makes the [draft](crate::source::markdown::outline_and_draft) of a body, which is kept by the
//! fingerprint of its text; of a body that has none, rendering makes the HTML, which is kept by the
//! fingerprint of everything that the body shows.
//!
//! The file in `.dateline/` is apart from the [cache](super::cache), which is a fifth as long and is
//! read by every build: this one is asked only for pages that are rendered, and whoever carries the
//! state from machine to machine may leave it behind. It is a header and segments that are added as
//! articles are parsed and pages are rendered. A segment begins with what is in it: the fingerprint and
//! the length of each body, and a checksum over them; each body has a checksum of its own, which depends
//! on the fingerprint too. What is foreign, damaged or cut off is as if it were not there.
//!
//! Bodies are not compressed: LZ4 made the file half as long, and a first build of 100,000 articles
//! spent a twentieth of its time on it.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the edge that reads and writes"
)]

use super::error::DiskError;
use super::publish::write_state;
use crate::base::fingerprint::Fingerprint;
use rapidhash::v3::rapidhash_v3;
use rustix::fs::OFlags;
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The file's name in the folder of the site's state.
const NAME: &str = "bodies.cache";
/// Begins the file, with the version of its format.
const MAGIC: &[u8] = b"dateline bodies 2\n";
/// The bytes before a segment's list: how many bodies it has, and the checksum of the list.
const HEAD: usize = 4 + 8;
/// The bytes of an item of the list: a fingerprint and a length.
const ITEM: usize = 16 + 4;
/// The bytes of the checksum after each body.
const SUM: usize = 8;
/// The most bodies of a segment that is believed: a damaged count must not be allocated.
const MOST_BODIES: usize = 1 << 16;
/// The bits that say how long a body is.
const LENGTH_BITS: u32 = 24;
/// The most bytes of a body that is kept, with its checksum.
const MOST_BYTES: u32 = (1 << LENGTH_BITS) - 1;
/// The file may have this many times the bodies that the site shows before it is written anew: two
/// builds of a site in turns, of which one has another address, need not chase each other's out.
const MOST_TIMES: usize = 2;
/// A small site's file is not written anew for a few bodies.
const SPARE: usize = 1024;

/// What is known of bodies, and what a build adds to it. Shared by all threads of rendering.
#[derive(Debug, Default)]
pub struct Bodies {
    /// The file; none where nothing is kept.
    path: Option<PathBuf>,
    /// The file as it was opened; none where there was none to believe.
    file: Option<File>,
    /// Where the bodies are, in the order of their fingerprints.
    slots: Vec<Slot>,
    /// Where what earlier builds made ends.
    old: u64,
    hits: AtomicUsize,
    added: Mutex<Added>,
}

/// Where a body is in the file. There may be a million, so that it is small: of the fingerprint it has
/// one half, and the checksum of the body tells whether the other is right.
#[derive(Debug, Clone, Copy)]
struct Slot {
    key: u64,
    /// Where it begins, and in the lowest [`LENGTH_BITS`] how long it is.
    place: u64,
}

impl Slot {
    fn new(print: Fingerprint, at: u64, length: u32) -> Self {
        Self {
            key: halves(print).0,
            place: at << LENGTH_BITS | u64::from(length),
        }
    }

    fn at(self) -> u64 {
        self.place >> LENGTH_BITS
    }

    fn length(self) -> usize {
        (self.place & u64::from(MOST_BYTES)) as usize
    }
}

/// Returns the halves of a fingerprint.
fn halves(print: Fingerprint) -> (u64, u64) {
    let bits = u128::from_le_bytes(print.to_bytes());
    (bits as u64, (bits >> 64) as u64)
}

/// Returns the checksum of a body.
fn checksum(print: Fingerprint, html: &[u8]) -> [u8; SUM] {
    (rapidhash_v3(html) ^ halves(print).1).to_le_bytes()
}

/// What this build adds.
#[derive(Debug, Default)]
struct Added {
    file: Option<File>,
    /// How long the file is.
    end: u64,
    bodies: usize,
    /// Where those are that are asked for in the same build.
    slots: Vec<Slot>,
    /// Whether nothing of what is added from now on is asked for in the same build.
    is_settled: bool,
}

/// Bodies that are written in one go.
#[derive(Debug, Default)]
pub struct Segment {
    items: Vec<u8>,
    bodies: Vec<u8>,
}

impl Segment {
    /// Adds the HTML of a body.
    pub fn add(&mut self, print: Fingerprint, html: &str) {
        let length = u32::try_from(html.len() + SUM).unwrap_or(u32::MAX);
        if length > MOST_BYTES || self.items.len() >= MOST_BODIES * ITEM {
            return;
        }
        self.items.extend(print.to_bytes());
        self.items.extend(length.to_le_bytes());
        self.bodies.extend(html.as_bytes());
        self.bodies.extend(checksum(print, html.as_bytes()));
    }

    /// Returns where its bodies are, where it begins at `at`.
    fn slots(&self, at: u64) -> impl Iterator<Item = Slot> {
        let mut at = at + (HEAD + self.items.len()) as u64;
        self.items.chunks_exact(ITEM).filter_map(move |item| {
            let (print, length) = item.split_first_chunk()?;
            let length = u32::from_le_bytes(length.try_into().ok()?);
            let length = Some(length).filter(|length| *length <= MOST_BYTES)?;
            let slot = Slot::new(Fingerprint::from_bytes(*print), at, length);
            at += u64::from(length);
            Some(slot)
        })
    }

    /// Returns how many bytes it takes.
    fn bytes(&self) -> u64 {
        (HEAD + self.items.len() + self.bodies.len()) as u64
    }

    /// Writes it.
    fn write(&self, out: &mut File) -> io::Result<()> {
        let count = (self.items.len() / ITEM) as u32;
        let mut list = Vec::with_capacity(HEAD + self.items.len());
        list.extend(count.to_le_bytes());
        list.extend(rapidhash_v3(&self.items).to_le_bytes());
        list.extend(&self.items);
        out.write_all(&list)?;
        out.write_all(&self.bodies)
    }
}

impl Bodies {
    /// Returns bodies that know nothing and keep nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// Opens the bodies of a site, whose folder of state is `state`.
    pub fn open(state: &Path) -> Self {
        let path = state.join(NAME);
        let found = open(&path).ok().and_then(|file| {
            let slots = list(&file)?;
            Some((file, slots))
        });
        let (file, mut slots) = match found {
            Some((file, slots)) => (Some(file), slots),
            None => (None, Vec::new()),
        };
        slots.sort_unstable_by_key(|slot| slot.key);
        let old = file.as_ref().and_then(|file| file.metadata().ok());
        Self {
            path: Some(path),
            old: old.map_or(0, |file| file.len()),
            file,
            slots,
            ..Self::default()
        }
    }

    /// Returns bodies that know nothing and take the place of those in the folder of state.
    pub fn anew(state: &Path) -> Self {
        Self {
            path: Some(state.join(NAME)),
            ..Self::default()
        }
    }

    /// Tells whether what is made is kept.
    pub fn is_kept(&self) -> bool {
        self.path.is_some()
    }

    /// Returns the HTML of a body; none where it is not known, or is damaged.
    pub fn get(&self, print: Fingerprint) -> Option<String> {
        let key = halves(print).0;
        let first = self.slots.partition_point(|slot| slot.key < key);
        let same = self.slots[first..]
            .iter()
            .take_while(|slot| slot.key == key);
        let (slot, html) = same
            .copied()
            .find_map(|slot| Some((slot, self.body(print, slot)?)))?;
        if slot.at() < self.old {
            self.hits.fetch_add(1, Ordering::Relaxed);
        }
        Some(html)
    }

    /// Returns how many bodies were asked for and known from an earlier build.
    pub fn hits(&self) -> usize {
        self.hits.load(Ordering::Relaxed)
    }

    /// Returns the body of this fingerprint, if that is what is there.
    fn body(&self, print: Fingerprint, slot: Slot) -> Option<String> {
        let mut bytes = vec![0; slot.length()];
        let file = self.file.as_ref()?;
        file.read_exact_at(&mut bytes, slot.at()).ok()?;
        let (html, sum) = bytes.split_last_chunk()?;
        if *sum != checksum(print, html) {
            return None;
        }
        bytes.truncate(bytes.len() - SUM);
        String::from_utf8(bytes).ok()
    }

    /// Keeps bodies for later builds.
    ///
    /// # Errors
    ///
    /// Where the file system refuses.
    pub fn keep(&self, segment: &Segment) -> Result<(), DiskError> {
        let Some(path) = &self.path else {
            return Ok(());
        };
        if segment.items.is_empty() {
            return Ok(());
        }
        let mut added = self.added.lock().unwrap_or_else(|lock| lock.into_inner());
        if added.file.is_none() {
            if self.file.is_none() {
                write_state(path, MAGIC)?;
            }
            let file = open(path).map_err(DiskError::at("open", path))?;
            let about = file.metadata().map_err(DiskError::at("read", path))?;
            (added.file, added.end) = (Some(file), about.len());
        }
        added.bodies += segment.items.len() / ITEM;
        if !added.is_settled {
            let at = added.end;
            added.slots.extend(segment.slots(at));
            added.end += segment.bytes();
        }
        match &mut added.file {
            Some(file) => segment.write(file).map_err(DiskError::at("write", path)),
            None => Ok(()),
        }
    }

    /// Makes known what was added so far: from now on it is asked for, and what is added later is not.
    ///
    /// # Errors
    ///
    /// Where the file system refuses.
    pub fn settle(&mut self) -> Result<(), DiskError> {
        let added = self
            .added
            .get_mut()
            .unwrap_or_else(|lock| lock.into_inner());
        added.is_settled = true;
        let Some((path, file)) = self.path.as_ref().zip(added.file.as_ref()) else {
            return Ok(());
        };
        self.file = Some(file.try_clone().map_err(DiskError::at("open", path))?);
        added.bodies -= added.slots.len();
        self.slots.append(&mut added.slots);
        added.slots = Vec::new();
        self.slots.sort_unstable_by_key(|slot| slot.key);
        Ok(())
    }

    /// Ends the build of a site that shows `count` bodies, which `shown` lists: where the file holds
    /// far more, it is written anew.
    ///
    /// # Errors
    ///
    /// Where the file system refuses.
    pub fn finish(
        self,
        count: usize,
        shown: impl FnOnce() -> Vec<Fingerprint>,
    ) -> Result<(), DiskError> {
        let added = self.added.lock().map_or(0, |added| added.bodies);
        let Some(path) = &self.path else {
            return Ok(());
        };
        if self.slots.len() + added <= count * MOST_TIMES + SPARE {
            return Ok(());
        }
        let all = Self::open(path.parent().unwrap_or(path));
        let mut shown = shown();
        shown.sort_unstable_by_key(|print| halves(*print));
        shown.dedup();
        let prints = |slot: &Slot| {
            let first = shown.partition_point(|print| halves(*print).0 < slot.key);
            let key = slot.key;
            shown[first..]
                .iter()
                .copied()
                .take_while(move |print| halves(*print).0 == key)
        };
        let mut slots = all.slots.clone();
        slots.retain(|slot| prints(slot).next().is_some());
        slots.sort_unstable_by_key(|slot| slot.place);
        super::publish::write_state_in(path, |out| {
            out.write_all(MAGIC)?;
            for slots in slots.chunks(SPARE) {
                let mut segment = Segment::default();
                for slot in slots {
                    for print in prints(slot) {
                        if let Some(html) = all.body(print, *slot) {
                            segment.add(print, &html);
                        }
                    }
                }
                segment.write(out)?;
            }
            Ok(())
        })
    }
}

fn open(path: &Path) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let file = File::options()
        .read(true)
        .append(true)
        .custom_flags(flags.bits() as i32)
        .open(path)?;
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(io::Error::other("it is not a regular file")),
    }
}

/// Lists what is in a file; none where it is not one of this version, or not whole, so that nothing
/// may be added to it.
fn list(file: &File) -> Option<Vec<Slot>> {
    let end = file.metadata().ok()?.len();
    let mut magic = vec![0; MAGIC.len()];
    file.read_exact_at(&mut magic, 0).ok()?;
    if magic != MAGIC {
        return None;
    }
    let mut at = MAGIC.len() as u64;
    let mut slots = Vec::new();
    let mut segment = Segment::default();
    while at < end {
        let mut head = [0; HEAD];
        file.read_exact_at(&mut head, at).ok()?;
        let (count, sum) = head.split_first_chunk::<4>()?;
        let count = u32::from_le_bytes(*count) as usize;
        if count > MOST_BODIES {
            return None;
        }
        let items = &mut segment.items;
        items.resize(count * ITEM, 0);
        file.read_exact_at(items, at + HEAD as u64).ok()?;
        if rapidhash_v3(items).to_le_bytes() != *sum {
            return None;
        }
        slots.extend(segment.slots(at));
        at = match slots.last() {
            Some(last) if count > 0 => last.at() + last.length() as u64,
            _ => at + HEAD as u64,
        };
    }
    (at == end).then_some(slots)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(of: &str) -> Fingerprint {
        Fingerprint::of_bytes(of.as_bytes())
    }

    fn segment(texts: &[&str]) -> Segment {
        let mut segment = Segment::default();
        for text in texts {
            segment.add(print(text), text);
        }
        segment
    }

    fn kept(state: &Path, texts: &[&str]) -> usize {
        let bodies = Bodies::open(state);
        let is_kept = |text: &&&str| bodies.get(print(text)).as_deref() == Some(**text);
        texts.iter().filter(is_kept).count()
    }

    #[test]
    fn a_body_comes_back_as_it_was_in_another_process() {
        let state = tempfile::tempdir().unwrap();
        let bodies = Bodies::open(state.path());
        bodies.keep(&segment(&["<p>one", ""])).unwrap();
        bodies.keep(&segment(&["<p>zwölf"])).unwrap();
        bodies
            .finish(3, || unreachable!("nothing is stale"))
            .unwrap();
        let bodies = Bodies::open(state.path());
        bodies.keep(&segment(&["<p>later"])).unwrap();
        assert_eq!(
            kept(state.path(), &["<p>one", "", "<p>zwölf", "<p>later"]),
            4
        );
        assert_eq!(Bodies::open(state.path()).get(print("<p>two")), None);
        Bodies::anew(state.path())
            .keep(&segment(&["<p>new"]))
            .unwrap();
        assert_eq!(kept(state.path(), &["<p>one", "<p>new"]), 1);
    }

    #[test]
    fn what_this_build_added_is_known_once_it_is_settled() {
        let state = tempfile::tempdir().unwrap();
        Bodies::open(state.path())
            .keep(&segment(&["<p>old"]))
            .unwrap();
        let mut bodies = Bodies::open(state.path());
        bodies.keep(&segment(&["<p>one", "<p>two"])).unwrap();
        bodies.keep(&segment(&["", "<p>three"])).unwrap();
        assert_eq!(bodies.get(print("<p>one")), None);
        bodies.settle().unwrap();
        bodies.keep(&segment(&["<p>later"])).unwrap();
        for text in ["<p>one", "<p>two", "", "<p>three"] {
            assert_eq!(bodies.get(print(text)).as_deref(), Some(text));
        }
        assert_eq!(bodies.get(print("<p>later")), None);
        assert_eq!(bodies.hits(), 0);
        assert_eq!(bodies.get(print("<p>old")).as_deref(), Some("<p>old"));
        assert_eq!(bodies.hits(), 1);
        let all = ["<p>old", "<p>one", "<p>two", "", "<p>three", "<p>later"];
        assert_eq!(kept(state.path(), &all), 6);
    }

    #[test]
    fn a_body_is_not_taken_for_one_of_half_its_fingerprint() {
        let state = tempfile::tempdir().unwrap();
        let mut other = print("<p>one").to_bytes();
        other[8] ^= 1;
        let other = Fingerprint::from_bytes(other);
        Bodies::open(state.path())
            .keep(&segment(&["<p>one"]))
            .unwrap();
        assert_eq!(Bodies::open(state.path()).get(other), None);
        let mut second = Segment::default();
        second.add(other, "<p>other");
        Bodies::open(state.path()).keep(&second).unwrap();
        let bodies = Bodies::open(state.path());
        assert_eq!(bodies.get(other).as_deref(), Some("<p>other"));
        assert_eq!(bodies.get(print("<p>one")).as_deref(), Some("<p>one"));
    }

    #[test]
    fn no_damage_makes_another_body_or_an_error() {
        let state = tempfile::tempdir().unwrap();
        let texts = ["<p>one one one one one one", "<p>two", "<p>three"];
        let bodies = Bodies::open(state.path());
        bodies.keep(&segment(&texts[..2])).unwrap();
        bodies.keep(&segment(&texts[2..])).unwrap();
        let path = state.path().join(NAME);
        let whole = std::fs::read(&path).unwrap();
        let mut right = [0; 4];
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x41;
            for bytes in [&damaged[..], &whole[..at]] {
                std::fs::write(&path, bytes).unwrap();
                let bodies = Bodies::open(state.path());
                for text in texts {
                    let found = bodies.get(print(text));
                    assert!(found.is_none() || found.as_deref() == Some(text), "at {at}");
                }
                right[kept(state.path(), &texts)] += 1;
                bodies.keep(&segment(&["<p>more"])).unwrap();
                assert_eq!(kept(state.path(), &["<p>more"]), 1, "at {at}");
            }
        }
        // What is damaged in a list makes the file one to write anew, in a body that body alone.
        assert!(right[0] > 0 && right[2] > 0 && right[3] == 0, "{right:?}");
    }

    #[test]
    fn what_is_shown_no_more_goes_once_it_is_the_larger_part() {
        let state = tempfile::tempdir().unwrap();
        let texts: Vec<String> = (0..2 * SPARE).map(|at| format!("<p>{at}")).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let bodies = Bodies::open(state.path());
        bodies.keep(&segment(&texts)).unwrap();
        bodies
            .finish(SPARE / 2, || unreachable!("the file may be twice as long"))
            .unwrap();
        let bodies = Bodies::open(state.path());
        bodies.keep(&segment(&["<p>more"])).unwrap();
        let shown = || [&texts[..SPARE / 2], &["<p>more"]].concat();
        bodies
            .finish(SPARE / 2, || {
                shown().iter().map(|text| print(text)).collect()
            })
            .unwrap();
        assert_eq!(kept(state.path(), &texts), SPARE / 2);
        assert_eq!(kept(state.path(), &shown()), SPARE / 2 + 1);
    }
}
