//! The tints of photos, each found once and kept below the site's state by the photo's content.
//!
//! The file is a row of records of equal length, to which each tint is added as it is found; a record
//! that is damaged, or of another version's making, is none. A folder that can't be written costs the
//! finding again, and no build.
#![expect(clippy::disallowed_methods, reason = "this is the edge that writes")]

use super::error::DiskError;
use super::input;
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use crate::darkroom::tint;
use crate::source::file::SiteFile;
use crate::source::tint::{Tint, Tints};
use rapidhash::RapidHashMap;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError, RwLock};

/// The file's name in the folder of the site's state.
const NAME: &str = "tints.cache";

/// What is made by other rules than these has another name.
const RULES: &str = "tint 1";

/// The bytes of a record: the photo's fingerprint, its tint, and the beginning of their own fingerprint.
const RECORD: usize = 16 + 3 + 5;

/// How many photos can be looked at at a time.
const AT_ONCE: usize = 64;

/// Stands for the steps of a photo that has no tint.
const NONE: [u8; 3] = [u8::MAX; 3];

/// The tints of the photos of a site.
pub struct TintFile {
    path: PathBuf,
    known: OnceLock<RwLock<RapidHashMap<Fingerprint, Option<Tint>>>>,
    /// The file, once something was added to it.
    file: Mutex<Option<File>>,
    /// Held while a photo is looked at, one for many photos: pages that are rendered at once often show
    /// the same, and the second waits for what the first finds.
    finding: [Mutex<()>; AT_ONCE],
    /// Only one photo at a time is decoded, so that memory has a bound.
    decoding: Mutex<()>,
    changed: Mutex<Option<String>>,
}

impl TintFile {
    /// Takes those in the folder of a site's state, which are read when one is asked for.
    pub fn open(state: &Path) -> Self {
        Self {
            path: state.join(NAME),
            known: OnceLock::new(),
            file: Mutex::default(),
            finding: [const { Mutex::new(()) }; AT_ONCE],
            decoding: Mutex::default(),
            changed: Mutex::default(),
        }
    }

    /// Forgets the tints of other photos than these.
    ///
    /// # Errors
    ///
    /// Where the file system refuses.
    pub fn prune(&self, used: &BTreeSet<Fingerprint>) -> Result<(), DiskError> {
        let bytes = input::read_again(&self.path)?.unwrap_or_default();
        let kept: Vec<u8> = records(&bytes)
            .filter(|(print, _)| used.contains(print))
            .flat_map(|(print, tint)| record(print, tint))
            .collect();
        if kept.len() == bytes.len() {
            return Ok(());
        }
        let folder = self.path.parent().unwrap_or(&self.path);
        let refused = |error| DiskError::at("write", &self.path)(error);
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(refused)?;
        file.write_all(&kept).map_err(refused)?;
        file.persist(&self.path)
            .map_err(|error| refused(error.error))?;
        Ok(())
    }

    fn known(&self) -> &RwLock<RapidHashMap<Fingerprint, Option<Tint>>> {
        self.known.get_or_init(|| {
            let bytes = input::read_again(&self.path).ok().flatten();
            RwLock::new(records(&bytes.unwrap_or_default()).collect())
        })
    }

    /// Finds the tint of a photo by its file.
    fn find(&self, path: &str, file: &SiteFile) -> Option<Tint> {
        let picture = file.picture.as_ref()?.as_ref().ok()?;
        let bytes: Cow<'_, [u8]> = match (&file.builtin, &file.origin) {
            (Some(bytes), _) => Cow::Borrowed(bytes),
            (None, Some(origin)) => {
                Cow::Owned(input::read_again(origin).ok().flatten().unwrap_or_default())
            }
            (None, None) => return None,
        };
        if Fingerprint::of_bytes(&bytes) != file.fingerprint {
            let changed = self.changed.lock();
            *changed.unwrap_or_else(PoisonError::into_inner) = Some(path.to_owned());
            return None;
        }
        let _decoding = (!tint::is_quick(picture.format)).then(|| self.decoding.lock());
        let found = tint::tint(&bytes, picture);
        self.keep(file.fingerprint, found);
        found
    }

    fn keep(&self, print: Fingerprint, tint: Option<Tint>) {
        let known = self.known().write();
        known
            .unwrap_or_else(PoisonError::into_inner)
            .insert(print, tint);
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if file.is_none() {
            *file = whole(&self.path);
        }
        if let Some(file) = &mut *file {
            let _ = file.write_all(&record(print, tint));
        }
    }
}

impl Tints for TintFile {
    fn tint(&self, path: &str, file: &SiteFile) -> Option<Tint> {
        let known = || {
            let known = self.known().read();
            let known = known.unwrap_or_else(PoisonError::into_inner);
            known.get(&file.fingerprint).copied()
        };
        if let Some(known) = known() {
            return known;
        }
        let _finding = self.finding[usize::from(file.fingerprint.check()) % AT_ONCE].lock();
        known().unwrap_or_else(|| self.find(path, file))
    }

    fn is_costly(&self, file: &SiteFile) -> bool {
        let Some(Ok(picture)) = &file.picture else {
            return false;
        };
        let known = self.known().read();
        let known = known.unwrap_or_else(PoisonError::into_inner);
        !tint::is_quick(picture.format) && !known.contains_key(&file.fingerprint)
    }

    fn learn(&self, file: &SiteFile, tint: Option<Tint>) {
        self.keep(file.fingerprint, tint);
    }

    fn changed(&self) -> Option<String> {
        let changed = self.changed.lock();
        changed.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Opens the file to add to it, at the end of a whole record: a write that was cut off leaves none.
fn whole(path: &Path) -> Option<File> {
    let mut options = OpenOptions::new();
    let file = options.create(true).append(true).open(path).ok()?;
    let length = file.metadata().ok()?.len();
    let rest = length % RECORD as u64;
    if rest > 0 {
        file.set_len(length - rest).ok()?;
    }
    Some(file)
}

/// Lists the records that are whole.
fn records(bytes: &[u8]) -> impl Iterator<Item = (Fingerprint, Option<Tint>)> {
    bytes.chunks_exact(RECORD).filter_map(|found| {
        let print = Fingerprint::from_bytes(*found.first_chunk()?);
        let steps: [u8; 3] = *found[16..].first_chunk()?;
        let tint = match steps {
            NONE => None,
            steps => Some(Tint::from_bytes(steps)?),
        };
        (record(print, tint) == found).then_some((print, tint))
    })
}

fn record(print: Fingerprint, tint: Option<Tint>) -> [u8; RECORD] {
    let steps = tint.map_or(NONE, Tint::to_bytes);
    let check = Fingerprinter::new(RULES)
        .fingerprint(print)
        .bytes(&steps)
        .finish()
        .to_bytes();
    let mut record = [0; RECORD];
    record[..16].copy_from_slice(&print.to_bytes());
    record[16..19].copy_from_slice(&steps);
    record[19..].copy_from_slice(&check[..RECORD - 19]);
    record
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::picture;
    use std::fs;
    use std::sync::Arc;

    /// A small photo of one colour.
    fn photo(folder: &Path, name: &str, colour: [u8; 3]) -> SiteFile {
        photo_of(folder, name, colour, 8)
    }

    fn photo_of(folder: &Path, name: &str, colour: [u8; 3], side: u16) -> SiteFile {
        let origin = folder.join(name);
        let mut bytes = Vec::new();
        let pixels = colour.repeat(usize::from(side).pow(2));
        jpeg_encoder::Encoder::new(&mut bytes, 90)
            .encode(&pixels, side, side, jpeg_encoder::ColorType::Rgb)
            .unwrap();
        fs::write(&origin, &bytes).unwrap();
        SiteFile {
            fingerprint: Fingerprint::of_bytes(&bytes),
            size: bytes.len() as u64,
            picture: Some(picture::read(&bytes, 10_000_000)),
            metadata: Some(Arc::default()),
            origin: Some(origin),
            builtin: None,
        }
    }

    fn known(state: &Path) -> Vec<Fingerprint> {
        let bytes = fs::read(state.join(NAME)).unwrap_or_default();
        records(&bytes).map(|(print, _)| print).collect()
    }

    #[test]
    fn a_tint_is_found_once_and_kept_until_it_is_damaged_or_pruned() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path();
        let red = photo(state, "red.jpg", [200, 40, 40]);
        let grey = photo(state, "grey.jpg", [128; 3]);
        let tints = TintFile::open(state);
        let found = tints.tint("red.jpg", &red);
        assert!(found.is_some_and(|tint| tint.a > 4), "{found:?}");
        assert_ne!(tints.tint("grey.jpg", &grey), found);
        assert_eq!(known(state), [red.fingerprint, grey.fingerprint]);

        // It needs the photo no more.
        fs::remove_file(red.origin.as_ref().unwrap()).unwrap();
        assert_eq!(TintFile::open(state).tint("red.jpg", &red), found);

        let whole = fs::read(state.join(NAME)).unwrap();
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            fs::write(state.join(NAME), &damaged).unwrap();
            assert_eq!(known(state).len(), 1, "byte {at}");
        }
        // What was cut off is no record, and the next one is whole.
        fs::write(state.join(NAME), &whole[..whole.len() - 1]).unwrap();
        assert_eq!(known(state), [red.fingerprint]);
        let again = TintFile::open(state);
        again.tint("grey.jpg", &grey);
        assert_eq!(known(state), [red.fingerprint, grey.fingerprint]);

        let used = BTreeSet::from([grey.fingerprint]);
        TintFile::open(state).prune(&used).unwrap();
        assert_eq!(known(state), [grey.fingerprint]);
    }

    #[test]
    fn pages_that_show_a_photo_at_once_find_its_tint_once() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path();
        // Large ones, which take a while.
        let photos =
            [40, 120, 200].map(|grey| photo_of(state, &format!("{grey}.jpg"), [grey; 3], 2000));
        let tints = TintFile::open(state);
        let all_ready = std::sync::Barrier::new(4);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for photo in &photos {
                        all_ready.wait();
                        tints.tint("photo.jpg", photo);
                    }
                });
            }
        });
        assert_eq!(known(state).len(), photos.len());
    }

    #[test]
    fn what_was_learned_of_a_photo_is_not_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path();
        // A PNG has to be decoded for its tint; here its file can't even be read.
        let mut png = photo(state, "a.png", [200, 40, 40]);
        let found = png.picture.as_mut().unwrap().as_mut().unwrap();
        found.format = picture::Format::Png;
        fs::remove_file(png.origin.as_ref().unwrap()).unwrap();
        let tints = TintFile::open(state);
        assert!(tints.is_costly(&png));
        let sand = Some(Tint::nearest([194.0, 170.0, 130.0]));
        tints.learn(&png, sand);
        assert!(!tints.is_costly(&png));
        assert_eq!(tints.tint("a.png", &png), sand);
        assert_eq!(tints.changed(), None);
        assert_eq!(TintFile::open(state).tint("a.png", &png), sand);
        // That of a JPEG is found quickly.
        assert!(!tints.is_costly(&photo(state, "b.jpg", [128; 3])));
    }

    #[test]
    fn a_photo_that_is_another_than_it_was_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path();
        let old = photo(state, "a.jpg", [200, 40, 40]);
        photo(state, "a.jpg", [40, 40, 200]);
        let tints = TintFile::open(state);
        assert_eq!(tints.tint("static/a.jpg", &old), None);
        assert_eq!(tints.changed().as_deref(), Some("static/a.jpg"));
        assert_eq!(known(state), []);
    }
}
