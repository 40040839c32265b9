//! Lists and reads the site's folders.
//!
//! Regular files only; links are followed inside the site's folder and to what `follow_links`
//! names; what can't be read is an error, never passed over. A file's stat saves its reading only
//! where it agrees with the last build's in inode, size and both times, and those times are older
//! than that build.
#![expect(clippy::disallowed_methods, reason = "this is the edge that reads")]

use super::error::{DiskError, plain};
use crate::base::diagnostic::{Diagnostic, Place};
use crate::base::fingerprint::Fingerprint;
use crate::plan::manifest::{Input, Manifest, Stat};
use crate::source::config::Config;
use crate::source::file::SiteFile;
use crate::source::picture::{self, Format, PictureFault, PictureFile};
use rapidhash::RapidHashMap;
use rayon::prelude::*;
use rustix::fs::{AtFlags, FileType, Mode, OFlags};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::File;
use std::io::ErrorKind;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use walkdir::WalkDir;

/// How deep folders may lie in each other.
const DEEPEST: usize = 256;
/// How many links to folders are followed: a few that cross each other make folders without end.
const MOST_LINKS: usize = 10_000;
/// How many bytes more are read at once of a file that grows.
const MORE: usize = 8192;

/// A file that was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its path from the site's root, with `/` between names.
    pub path: String,
    /// Where it really is.
    pub real: PathBuf,
    /// What the file system says of it.
    pub stat: Stat,
}

/// The files of one folder of the site, sorted by path.
#[derive(Debug, Default)]
pub struct Listing {
    /// What was found.
    pub files: Vec<Found>,
    /// What was passed over or refused.
    pub faults: Vec<Diagnostic>,
    /// The paths of what is still to be looked at, with where they really are.
    places: Places,
}

/// What may be listed, and where links may lead.
pub struct Rules<'a> {
    /// The site's folder, without links in its path.
    pub root: &'a Path,
    /// Where links may lead outside of it.
    pub follow: Vec<PathBuf>,
    /// Names that are ignored, with `*` for any letters.
    pub ignore: &'a [String],
    /// Dot names that are listed.
    pub dot_names: &'a [String],
}

impl<'a> Rules<'a> {
    /// Returns the rules of a site.
    pub fn new(root: &'a Path, config: &'a Config) -> Self {
        let follow = config.follow_links.iter();
        Self {
            root,
            follow: follow
                .filter_map(|path| root.join(path).canonicalize().ok())
                .collect(),
            ignore: &config.ignore,
            dot_names: &config.publish_dot_names,
        }
    }

    fn admits(&self, target: &Path) -> bool {
        target.starts_with(self.root)
            || self
                .follow
                .iter()
                .any(|allowed| target.starts_with(allowed))
    }

    /// Tells whether a link would publish what the site hides, such as `.env` or `.git/config`.
    fn hides(&self, target: &Path) -> bool {
        let is_hidden =
            |name: &str| name.starts_with('.') && !self.dot_names.iter().any(|kept| kept == name);
        target.strip_prefix(self.root).is_ok_and(|below| {
            below
                .components()
                .any(|name| name.as_os_str().to_str().is_some_and(is_hidden))
        })
    }

    fn ignores(&self, name: &str) -> bool {
        if let Some(dot_name) = name.strip_prefix('.') {
            let is_kept = self
                .dot_names
                .iter()
                .any(|kept| kept.strip_prefix('.') == Some(dot_name));
            return !is_kept;
        }
        is_litter(name) || self.ignore.iter().any(|pattern| matches(pattern, name))
    }
}

/// Tells whether a name is what editors and systems leave behind.
pub fn is_litter(name: &str) -> bool {
    name.ends_with('~')
        || (name.starts_with('#') && name.ends_with('#') && name.len() > 1)
        || name.ends_with(".swp")
        || name.ends_with(".swx")
        || name.ends_with(".tmp")
        || name.contains("___jb_")
        || matches!(name, "4913" | "Thumbs.db" | "desktop.ini" | "Icon\r")
}

/// Matches a name against a pattern with `*` for any letters.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((before, after)) => name.strip_prefix(before).is_some_and(|rest| {
            rest.char_indices()
                .map(|(at, _)| at)
                .chain([rest.len()])
                .any(|at| matches(after, &rest[at..]))
        }),
    }
}

/// Lists the regular files below `folder`, whose names in the site begin with `name`. A folder that
/// is not there has none.
pub fn list(folder: &Path, name: &str, rules: &Rules<'_>) -> Listing {
    let looker = Looker::new(rules.root);
    let (found, all_found) = mpsc::channel();
    // While folders are read, other threads look at the files that were found.
    let mut listing = rayon::in_place_scope(|scope| {
        let mut count = 0;
        let mut look = |places: Places| {
            let (looker, found, number) = (&looker, found.clone(), count);
            count += 1;
            scope.spawn(move |_| {
                let files: Vec<Found> = places
                    .into_iter()
                    .filter_map(|(path, real)| looker.look(path, real))
                    .collect();
                let _ = found.send((number, files));
            });
        };
        list_places(folder, name, rules, &mut look)
    });
    drop(found);
    // Walked in the order of names, they are nearly in that of paths.
    let mut all_found: Vec<(usize, Vec<Found>)> = all_found.into_iter().collect();
    all_found.sort_by_key(|(number, _)| *number);
    listing.files = all_found.into_iter().flat_map(|(_, files)| files).collect();
    listing.files.par_sort_by(|a, b| a.path.cmp(&b.path));
    listing
}

/// Walks a folder, and hands on the places of files that it finds, some at a time.
fn list_places(
    folder: &Path,
    name: &str,
    rules: &Rules<'_>,
    look: &mut dyn FnMut(Places),
) -> Listing {
    let mut listing = Listing::default();
    let mut open = vec![(folder.to_owned(), name.to_owned(), vec![])];
    let mut followed = 0;
    while let Some((folder, name, around)) = open.pop() {
        followed += 1;
        if followed > MOST_LINKS {
            listing.fault(
                &name,
                &format!("there are more than {MOST_LINKS} links to folders"),
                "remove links that lead to folders with links",
            );
            break;
        }
        // The folder itself may be a link; what it holds is judged by the same rules.
        let Ok(real) = folder.canonicalize() else {
            if folder.symlink_metadata().is_ok() {
                listing.fault(
                    &name,
                    "the link leads nowhere",
                    "remove it, or mend where it leads",
                );
            }
            continue;
        };
        if !rules.admits(&real) {
            listing.refuse_link(&name, &real);
            continue;
        }
        if around.contains(&real) {
            listing.fault(
                &name,
                "the link leads to a folder around it",
                "remove the link",
            );
            continue;
        }
        walk(&real, &name, &around, rules, &mut listing, &mut open, look);
    }
    look(std::mem::take(&mut listing.places));
    listing
}

/// The paths of files from the site's root, and where they really are.
type Places = Vec<(String, PathBuf)>;

/// How many files are looked at in one go.
const LOOKED_AT_ONCE: usize = 1024;

type Open = Vec<(PathBuf, String, Vec<PathBuf>)>;

fn walk(
    real: &Path,
    name: &str,
    around: &[PathBuf],
    rules: &Rules<'_>,
    listing: &mut Listing,
    open: &mut Open,
    look: &mut dyn FnMut(Places),
) {
    let is_shown = |entry: &walkdir::DirEntry| {
        entry.depth() == 0
            || !entry
                .file_name()
                .to_str()
                .is_some_and(|name| rules.ignores(name))
    };
    let walker = WalkDir::new(real)
        .follow_links(false)
        // In one folder the order of paths is that of names, which would have to be found in each.
        .sort_by(|a, b| a.path().as_os_str().cmp(b.path().as_os_str()))
        .max_depth(DEEPEST);
    for entry in walker.into_iter().filter_entry(is_shown) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(real);
                let below = path.strip_prefix(real).unwrap_or(path);
                // A file that vanished between listing and stat was never there.
                if error
                    .io_error()
                    .is_none_or(|error| error.kind() != ErrorKind::NotFound)
                {
                    let what = error.io_error().map_or_else(|| error.to_string(), plain);
                    let path = format!("{name}/{}", below.display());
                    listing.fault(
                        path.trim_end_matches('/'),
                        &format!("it can't be read: {what}"),
                        "mend its permissions, or move it away",
                    );
                }
                continue;
            }
        };
        if entry.depth() == 0 {
            continue;
        }
        // What walkdir finds is its root, a separator and the rest: to compare the root's names for
        // each file would take longer than all else here.
        let below = &entry.path().as_os_str().as_bytes()[real.as_os_str().len()..];
        let below = below.strip_prefix(b"/").unwrap_or(below);
        let Ok(below) = std::str::from_utf8(below) else {
            listing.fault(
                &format!("{name}/{}", String::from_utf8_lossy(below)),
                "the name is not UTF-8",
                "rename it",
            );
            continue;
        };
        let path = format!("{name}/{below}");
        let is_plain = path.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        if !is_plain && path.chars().any(char::is_control) {
            listing.fault(
                &path.replace(char::is_control, "\u{fffd}"),
                "the name holds a control character",
                "rename it",
            );
            continue;
        }
        let kind = entry.file_type();
        if kind.is_symlink() {
            follow(entry.path(), path, real, around, rules, listing, open);
        } else if kind.is_file() {
            listing.places.push((path, entry.into_path()));
            if listing.places.len() == LOOKED_AT_ONCE {
                look(std::mem::take(&mut listing.places));
            }
        } else if kind.is_dir() {
            if entry.depth() == DEEPEST {
                listing.fault(
                    &path,
                    &format!("folders lie more than {DEEPEST} deep"),
                    "move it up",
                );
            }
        } else {
            let message = "it is neither a file nor a folder, and is passed over";
            listing
                .faults
                .push(Diagnostic::warning(message).at(Place::file(path)));
        }
    }
}

/// Looks where a link leads, and lists it if it may.
fn follow(
    link: &Path,
    path: String,
    real: &Path,
    around: &[PathBuf],
    rules: &Rules<'_>,
    listing: &mut Listing,
    open: &mut Open,
) {
    let target = match link.canonicalize() {
        Ok(target) => target,
        // A link that vanished between listing and reading was never there.
        Err(_) if link.symlink_metadata().is_err() => return,
        Err(error) => {
            let message = match error.kind() {
                ErrorKind::NotFound | ErrorKind::NotADirectory => "the link leads nowhere",
                ErrorKind::PermissionDenied => {
                    "what the link leads to can't be read: permission denied"
                }
                _ => "the link leads to itself",
            };
            return listing.fault(&path, message, "remove it, or mend where it leads");
        }
    };
    if !rules.admits(&target) {
        return listing.refuse_link(&path, &target);
    }
    if rules.hides(&target) {
        return listing.fault(
            &path,
            "the link leads to a hidden file or folder",
            "remove the link, or list the name under `publish_dot_names`",
        );
    }
    let Ok(metadata) = target.metadata() else {
        return;
    };
    if metadata.is_dir() {
        let mut around = around.to_vec();
        around.extend(
            real.ancestors()
                .take_while(|folder| rules.admits(folder))
                .map(Path::to_owned),
        );
        around.extend(
            link.ancestors()
                .skip(1)
                .take_while(|folder| folder.starts_with(real))
                .map(Path::to_owned),
        );
        open.push((target, path, around));
    } else if metadata.is_file() {
        listing.places.push((path, target));
    } else {
        let message = "the link leads to neither a file nor a folder, and is passed over";
        listing
            .faults
            .push(Diagnostic::warning(message).at(Place::file(path)));
    }
}

impl Listing {
    fn fault(&mut self, path: &str, message: &str, hint: &str) {
        self.faults
            .push(Diagnostic::error(message).at(Place::file(path)).hint(hint));
    }

    fn refuse_link(&mut self, path: &str, target: &Path) {
        let message = format!("the link leads out of the site, to {}", target.display());
        self.fault(
            path,
            &message,
            "copy the file into the site, or name its folder in `follow_links`",
        );
    }
}

/// Asks the file system of the files that were found.
struct Looker<'a> {
    root: &'a Path,
    /// The site's folder, from which the system has fewer names to look up than from its own root.
    folder: Option<OwnedFd>,
}

impl<'a> Looker<'a> {
    fn new(root: &'a Path) -> Self {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let folder = rustix::fs::open(root, flags, Mode::empty()).ok();
        Self { root, folder }
    }

    /// Looks at a file. What has vanished since was never there.
    fn look(&self, path: String, real: PathBuf) -> Option<Found> {
        let found = match (&self.folder, below(self.root, &real)) {
            (Some(folder), Some(below)) => {
                rustix::fs::statat(folder, below, AtFlags::SYMLINK_NOFOLLOW)
            }
            _ => rustix::fs::lstat(&real),
        };
        let found = found.ok()?;
        let is_file = FileType::from_raw_mode(found.st_mode) == FileType::RegularFile;
        let stat = stat(&found);
        is_file.then_some(Found { path, real, stat })
    }
}

/// Returns a path from a folder that is around it, without looking at their names.
fn below<'a>(folder: &Path, path: &'a Path) -> Option<&'a OsStr> {
    let path = path.as_os_str().as_bytes();
    let below = path.strip_prefix(folder.as_os_str().as_bytes())?;
    Some(OsStr::from_bytes(below.strip_prefix(b"/")?))
}

fn stat(found: &rustix::fs::Stat) -> Stat {
    // A time that does not fit lies in the future, and a file changed there is always read again.
    let nanoseconds =
        |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
    Stat {
        inode: found.st_ino,
        size: found.st_size as u64,
        modified: nanoseconds(found.st_mtime, found.st_mtime_nsec as i64),
        changed: nanoseconds(found.st_ctime, found.st_ctime_nsec as i64),
    }
}

/// Reads a whole file that was listed.
///
/// # Errors
///
/// Where it can't be read, or has become something other than a regular file.
pub fn read(found: &Found) -> Result<Vec<u8>, DiskError> {
    read_path(&found.real)
}

/// Makes a fault of the site of what hinders reading one of its files; what is the machine's own
/// fault stays an error.
///
/// # Errors
///
/// `error` itself, where it does not come from the file.
pub fn fault(path: &str, error: DiskError) -> Result<Diagnostic, DiskError> {
    let DiskError::Io { source, .. } = &error else {
        return Err(error);
    };
    let (message, hint) = match source.kind() {
        ErrorKind::PermissionDenied => (
            "it can't be read: permission denied",
            "mend its permissions, or move it away",
        ),
        ErrorKind::NotFound | ErrorKind::NotADirectory => {
            ("it vanished while the site was read", "build again")
        }
        _ if is_loop(source) => ("it became a link while the site was read", "build again"),
        _ => return Err(error),
    };
    Ok(Diagnostic::error(message).at(Place::file(path)).hint(hint))
}

fn is_loop(error: &std::io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
}

fn read_path(path: &Path) -> Result<Vec<u8>, DiskError> {
    read_opened(path, OFlags::NOFOLLOW | OFlags::NONBLOCK)
}

/// Reads a file a second time that is not there any more or is what it was, as the caller makes sure
/// of by its fingerprint: so links on the way, which were judged the first time, are not judged
/// again.
///
/// # Errors
///
/// Where it is there and can't be read.
pub fn read_again(path: &Path) -> Result<Option<Vec<u8>>, DiskError> {
    match read_opened(path, OFlags::NONBLOCK) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(DiskError::Io { source, .. }) if source.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Opens a regular file at a path without links; returns how many bytes it has.
///
/// # Errors
///
/// Where it can't be opened, or is something else.
pub fn open(path: &Path) -> Result<(File, u64), DiskError> {
    opened(path, OFlags::NOFOLLOW | OFlags::NONBLOCK)
}

/// Lets a file's owner read it without a note of when, which the first look at a fresh checkout would
/// otherwise write into the inode of every file.
#[cfg(target_os = "linux")]
const WITHOUT_NOTE: OFlags = OFlags::NOATIME;
#[cfg(not(target_os = "linux"))]
const WITHOUT_NOTE: OFlags = OFlags::empty();

/// Whether files are still asked for without a note: the first refusal ends it.
static MAY_BE_WITHOUT_NOTE: AtomicBool = AtomicBool::new(true);

fn opened(path: &Path, flags: OFlags) -> Result<(File, u64), DiskError> {
    let open = |flags: OFlags| {
        let mut options = File::options();
        options.read(true).custom_flags(flags.bits() as i32);
        options.open(path)
    };
    // The file is somebody else's, or its file system knows no such wish.
    let is_refused = |error: &std::io::Error| {
        let refusals = [rustix::io::Errno::PERM, rustix::io::Errno::INVAL];
        let code = error.raw_os_error();
        refusals.iter().any(|one| Some(one.raw_os_error()) == code)
    };
    let file = match MAY_BE_WITHOUT_NOTE.load(Ordering::Relaxed) {
        true => match open(flags | WITHOUT_NOTE) {
            Err(error) if is_refused(&error) => {
                MAY_BE_WITHOUT_NOTE.store(false, Ordering::Relaxed);
                open(flags)
            }
            opened => opened,
        },
        false => open(flags),
    };
    let file = file.map_err(DiskError::at("read", path))?;
    let metadata = file.metadata().map_err(DiskError::at("read", path))?;
    if !metadata.is_file() {
        let error = std::io::Error::other("it is not a regular file");
        return Err(DiskError::at("read", path)(error));
    }
    Ok((file, metadata.len()))
}

fn read_opened(path: &Path, flags: OFlags) -> Result<Vec<u8>, DiskError> {
    let (file, length) = opened(path, flags)?;
    // The library would ask for the length and the place in the file once more.
    let mut bytes = Vec::with_capacity(length as usize + 1);
    loop {
        match rustix::io::read(&file, rustix::buffer::spare_capacity(&mut bytes)) {
            Ok(0) => return Ok(bytes),
            // It has grown since it was opened.
            Ok(_) if bytes.len() == bytes.capacity() => bytes.reserve(MORE),
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(DiskError::at("read", path)(error.into())),
        }
    }
}

/// Reads a file that need not be there.
///
/// # Errors
///
/// Where it is there and can't be read.
pub fn read_optional(path: &Path) -> Result<Option<Vec<u8>>, DiskError> {
    match path.canonicalize() {
        Ok(real) => read_path(&real).map(Some),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(DiskError::at("read", path)(error)),
    }
}

/// What the last build knew of the files that it read.
pub struct Known<'a> {
    by_path: RapidHashMap<Fingerprint, &'a Input>,
    began: i64,
    read: AtomicUsize,
}

impl<'a> Known<'a> {
    /// Takes what a manifest says.
    pub fn new(manifest: &'a Manifest) -> Self {
        Self {
            by_path: manifest
                .inputs
                .iter()
                .map(|input| (input.path, input))
                .collect(),
            began: manifest.began,
            read: AtomicUsize::new(0),
        }
    }

    /// Counts the files that had to be read.
    pub fn read(&self) -> usize {
        self.read.load(Ordering::Relaxed)
    }

    /// Returns what is known of a file whose stat says that it has not changed.
    fn unchanged(&self, found: &Found) -> Option<&'a Input> {
        let path = Fingerprint::of_bytes(found.path.as_bytes());
        let known = self.by_path.get(&path)?;
        is_unchanged(&known.stat, &found.stat, self.began).then_some(known)
    }
}

/// Tells by its stat alone whether a file is as it was when a build read it that began at `began`.
/// One that was changed while that build ran, just before it or later, may not be: two changes can
/// share a time.
pub fn is_unchanged(known: &Stat, found: &Stat, began: i64) -> bool {
    let is_older = |time: i64| time.saturating_add(tick(time)) < began;
    known == found && is_older(found.modified) && is_older(found.changed)
}

/// Returns how long a file's time may stand still while the file is changed, in nanoseconds: the
/// longest tick of Linux's clock for files, or that of FAT where there are no parts of seconds.
fn tick(time: i64) -> i64 {
    if time % 1_000_000_000 == 0 {
        2_000_000_000
    } else {
        20_000_000
    }
}

/// Reads what is to know of a file that is published as it is: its fingerprint and, of a picture,
/// its format and size.
///
/// # Errors
///
/// Where it can't be read.
pub fn site_file(found: &Found, known: &Known<'_>, config: &Config) -> Result<SiteFile, DiskError> {
    let origin = Some(found.real.clone());
    let is_drawing = found.path.to_ascii_lowercase().ends_with(".svg");
    if let Some(input) = known.unchanged(found)
        // The last build may have trusted what this one does not.
        && !is_drawing
        && input.picture.map_or(!is_picture(&found.path), |picture| {
            picture.is_within(config.limits.picture_pixels)
        })
    {
        return Ok(SiteFile {
            fingerprint: input.fingerprint,
            size: found.stat.size,
            picture: input.picture.map(Ok),
            metadata: input.metadata.clone(),
            origin,
            builtin: None,
        });
    }
    known.read.fetch_add(1, Ordering::Relaxed);
    let bytes = read(found)?;
    let picture = is_picture(&found.path).then(|| read_picture(&bytes, is_drawing, config));
    let metadata = matches!(picture, Some(Ok(_))).then(|| Arc::new(picture::metadata(&bytes)));
    Ok(SiteFile {
        fingerprint: Fingerprint::of_bytes(&bytes),
        size: bytes.len() as u64,
        picture,
        metadata,
        origin,
        builtin: None,
    })
}

fn read_picture(
    bytes: &[u8],
    is_drawing: bool,
    config: &Config,
) -> Result<PictureFile, PictureFault> {
    let is_svg = is_drawing || Format::of(bytes) == Some(Format::Svg);
    if is_svg
        && !config.trust_svg
        && let Some(part) = picture::svg::active_part(bytes)
    {
        return Err(PictureFault::active(&part));
    }
    picture::read(bytes, config.limits.picture_pixels)
}

/// Tells by its ending whether a file is meant to be a picture.
pub fn is_picture(path: &str) -> bool {
    let ending = path
        .rsplit_once('.')
        .map_or("", |(_, ending)| ending)
        .to_ascii_lowercase();
    Format::ALL
        .iter()
        .any(|format| format.extensions().contains(&ending.as_str()))
}

/// Returns the photo that a file says something of: `harbour.jpg.yaml` lies beside `harbour.jpg`.
pub fn sidecar_of(path: &str) -> Option<&str> {
    let photo = path.strip_suffix(".yaml").or(path.strip_suffix(".yml"))?;
    is_picture(photo).then_some(photo)
}

/// Returns the files as the next build will want to know them.
pub fn inputs(found: &[Found], files: &BTreeMap<String, SiteFile>) -> Vec<Input> {
    found
        .iter()
        .filter_map(|found| {
            let file = files.get(&found.path)?;
            Some(Input {
                path: Fingerprint::of_bytes(found.path.as_bytes()),
                stat: found.stat,
                fingerprint: file.fingerprint,
                picture: file
                    .picture
                    .as_ref()
                    .and_then(|picture| picture.as_ref().ok().copied()),
                metadata: file.metadata.clone(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_editors_leave_behind_is_litter() {
        for name in [
            "a.md~",
            "#a.md#",
            ".a.md.swp",
            "4913",
            "a.swp",
            "x.md___jb_tmp___",
        ] {
            let is_hidden = name.starts_with('.');
            assert!(is_hidden || is_litter(name), "{name}");
        }
        for name in ["a.md", "#", "C#.md", "swp.md"] {
            assert!(!is_litter(name), "{name}");
        }
    }

    #[test]
    fn a_file_that_was_changed_just_before_the_last_build_is_read_again() {
        const BEGAN: i64 = 1_800_000_000_500_000_000;
        let check = |modified: i64, changed: i64, expect: bool| {
            let stat = Stat {
                inode: 1,
                size: 1,
                modified,
                changed,
            };
            let input = Input {
                path: Fingerprint::of_bytes(b"a"),
                stat,
                fingerprint: Fingerprint::default(),
                picture: None,
                metadata: None,
            };
            let manifest = Manifest {
                began: BEGAN,
                inputs: vec![input],
                ..Manifest::default()
            };
            let found = Found {
                path: "a".to_owned(),
                real: PathBuf::new(),
                stat,
            };
            assert_eq!(
                Known::new(&manifest).unchanged(&found).is_some(),
                expect,
                "{modified} {changed}"
            );
        };
        let long_ago = BEGAN - 60_000_000_007;
        check(long_ago, long_ago, true);
        check(BEGAN - 21_000_000, long_ago, true);
        check(BEGAN - 19_000_000, long_ago, false);
        check(long_ago, BEGAN - 1, false);
        check(BEGAN + 1, BEGAN + 1, false);
        check(BEGAN - 500_000_000, long_ago, false);
        check(BEGAN - 2_500_000_000, long_ago, true);
    }

    #[test]
    fn a_star_stands_for_any_letters() {
        for (pattern, name, expect) in [
            ("*.psd", "a.psd", true),
            ("*.psd", "psd", false),
            ("draft-*-x", "draft-12-x", true),
            ("*", "", true),
            ("a", "b", false),
        ] {
            assert_eq!(matches(pattern, name), expect, "{pattern} {name}");
        }
    }
}
