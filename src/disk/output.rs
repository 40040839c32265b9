//! The output folder: whether it is ours, what we wrote there, and the staging folder beside it.
//!
//! The folder carries a mark: the site's name, the fingerprint of what was written, and a hash of
//! every path. dateline deletes and overwrites only what the mark names, and refuses a folder with
//! other files and no mark.
#![expect(clippy::disallowed_methods, reason = "this is the edge that writes")]

use super::error::DiskError;
use crate::archive::section::ancestors_of_file;
use crate::base::fingerprint::Fingerprint;
use crate::plan::manifest::Manifest;
use rapidhash::RapidHashSet;
use rayon::prelude::*;
use rustix::fs::{AtFlags, FileType, Mode, OFlags};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The mark's name in the output folder.
pub const MARK: &str = ".dateline";

/// The staging folder's name where it has to be in the output folder.
pub(super) const INNER_STAGE: &str = ".dateline-stage";
/// What the file system itself puts into a volume.
pub(super) const LOST_AND_FOUND: &str = "lost+found";

const MAGIC: &str = "dateline output 1";

/// What an output folder says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mark {
    /// The title of the site that wrote it.
    pub title: String,
    /// The address of the site that wrote it.
    pub base_url: String,
    /// The fingerprint of everything that was written; see `Manifest::contents`.
    pub contents: Option<Fingerprint>,
    /// A hash of every path that was written, sorted.
    pub paths: Vec<u64>,
}

impl Mark {
    /// Returns the hash of a path in the output.
    pub fn hash(path: &str) -> u64 {
        let hash = blake3::hash(path.as_bytes());
        let mut bits = [0; 8];
        bits.copy_from_slice(&hash.as_bytes()[..8]);
        u64::from_le_bytes(bits)
    }

    /// Returns the hashes of paths, sorted.
    pub fn hashes(paths: impl Iterator<Item = impl AsRef<str>>) -> Vec<u64> {
        let mut hashes: Vec<u64> = paths.map(|path| Self::hash(path.as_ref())).collect();
        hashes.sort_unstable();
        hashes
    }

    /// Tells whether the folder's site wrote a path.
    pub fn names(&self, path: &str) -> bool {
        self.paths.binary_search(&Self::hash(path)).is_ok()
    }

    /// Returns the mark's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let line = |text: &str| text.replace(['\n', '\r'], " ");
        let contents = self
            .contents
            .map_or_else(String::new, |contents| contents.to_string());
        let mut bytes = format!(
            "{MAGIC}\n{}\n{}\n{contents}\n",
            line(&self.title),
            line(&self.base_url)
        )
        .into_bytes();
        bytes.reserve_exact(size_of_val(&*self.paths));
        for path in &self.paths {
            bytes.extend_from_slice(&path.to_le_bytes());
        }
        bytes
    }

    /// Reads a mark; none where the bytes are none.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let mut lines = bytes.splitn(5, |byte| *byte == b'\n');
        let mut line = || lines.next().and_then(|line| std::str::from_utf8(line).ok());
        if line()? != MAGIC {
            return None;
        }
        let (title, base_url, contents) =
            (line()?.to_owned(), line()?.to_owned(), line()?.to_owned());
        let rest = lines.next()?;
        let (paths, _) = rest.as_chunks::<8>();
        Some(Self {
            title,
            base_url,
            contents: Fingerprint::parse(&contents),
            paths: paths
                .iter()
                .map(|bytes| u64::from_le_bytes(*bytes))
                .collect(),
        })
    }
}

/// An output folder that dateline may write.
#[derive(Debug)]
pub struct Output {
    /// The folder, without links in its path.
    pub folder: PathBuf,
    /// What it says of itself; none where it is not there, or empty.
    pub mark: Option<Mark>,
}

impl Output {
    /// Looks at an output folder, and refuses one that is not this site's own.
    ///
    /// # Errors
    ///
    /// Where the folder holds the site's sources, another site, or files that dateline did not
    /// write; where it is a file; where it can't be read.
    pub fn open(
        root: &Path,
        folder: &Path,
        title: &str,
        base_url: &str,
    ) -> Result<Self, DiskError> {
        let refuse = |message: String, hint: &str| DiskError::Output {
            message,
            hint: hint.to_owned(),
        };
        let real = real_folder(folder)?;
        if real
            .symlink_metadata()
            .is_ok_and(|metadata| !metadata.is_dir())
        {
            return Err(refuse(
                format!("the output {} is a file", folder.display()),
                "choose a folder with `-o`",
            ));
        }
        let elsewhere = "choose another folder with `-o`, such as `-o public`";
        if root.starts_with(&real) {
            return Err(refuse(
                format!("the output {} holds the site itself", folder.display()),
                elsewhere,
            ));
        }
        for own in [
            "content",
            "static",
            "themes",
            "templates",
            "assets",
            "i18n",
            "data",
            ".dateline",
            ".git",
        ] {
            let own = root.join(own);
            let own = own.canonicalize().unwrap_or(own);
            if real.starts_with(&own) || own.starts_with(&real) {
                return Err(refuse(
                    format!(
                        "the output {} would overwrite {}",
                        folder.display(),
                        own.display()
                    ),
                    elsewhere,
                ));
            }
        }
        let mark = match fs::read(real.join(MARK)) {
            Ok(bytes) => Some(Mark::decode(&bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            // A folder of that name is a site's: its state.
            Err(error) if error.kind() == io::ErrorKind::IsADirectory => Some(None),
            Err(error) => return Err(DiskError::at("read", &real.join(MARK))(error)),
        };
        match mark {
            None if is_empty(&real)? => Ok(Self {
                folder: real,
                mark: None,
            }),
            None | Some(None) => Err(refuse(
                format!(
                    "the output {} holds files that dateline did not write",
                    folder.display()
                ),
                "choose an empty folder with `-o`, or empty this one",
            )),
            Some(Some(mark))
                if mark.title != title
                    && mark.base_url != base_url
                    && !is_known(root, &real, &mark) =>
            {
                Err(refuse(
                    format!(
                        "the output {} holds another site, `{}` ({})",
                        folder.display(),
                        mark.title,
                        mark.base_url
                    ),
                    "choose another folder with `-o`, or delete this one",
                ))
            }
            Some(Some(mark)) => Ok(Self {
                folder: real,
                mark: Some(mark),
            }),
        }
    }

    /// Returns the folder in which a build is prepared: beside the output, so that publishing is by
    /// rename.
    pub fn stage(&self) -> PathBuf {
        let name = self
            .folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy();
        self.folder
            .with_file_name(format!(".{name}.dateline-stage"))
    }

    /// Returns the folder in which a build is prepared where nothing can be renamed from beside the
    /// output: in the output itself.
    pub fn inner_stage(&self) -> PathBuf {
        self.folder.join(INNER_STAGE)
    }

    /// Tells whether the mark is the one that was there when the folder was opened.
    pub fn is_as_it_was(&self) -> bool {
        let found = fs::read(self.folder.join(MARK)).ok();
        found.and_then(|bytes| Mark::decode(&bytes)) == self.mark
    }

    /// Tells whether the folder's site wrote a path of it.
    pub fn is_ours(&self, path: &str) -> bool {
        self.mark.as_ref().is_some_and(|mark| mark.names(path))
    }

    /// Returns the paths of every file in the folder but the mark, sorted, with their sizes.
    ///
    /// # Errors
    ///
    /// Where a folder can't be read.
    pub fn files(&self) -> Result<Vec<(String, u64)>, DiskError> {
        let mut files = Vec::new();
        if !self.folder.is_dir() {
            return Ok(files);
        }
        let walk = walkdir::WalkDir::new(&self.folder)
            .min_depth(1)
            .sort_by_file_name()
            .into_iter();
        let is_part = |entry: &walkdir::DirEntry| {
            entry.depth() != 1
                || !(entry.file_name() == INNER_STAGE || entry.file_name() == LOST_AND_FOUND)
        };
        for entry in walk.filter_entry(is_part) {
            let entry = entry.map_err(DiskError::walk)?;
            if entry.file_type().is_dir() {
                continue;
            }
            let below = entry
                .path()
                .strip_prefix(&self.folder)
                .expect("walkdir stays below its root");
            let path = below.to_string_lossy().into_owned();
            if path != MARK {
                // Links are of no size of ours: a page in their place is written anew.
                let size = entry.metadata().map_or(0, |metadata| metadata.len());
                let is_file = entry.file_type().is_file();
                files.push((path, if is_file { size } else { u64::MAX }));
            }
        }
        files.sort();
        Ok(files)
    }
}

impl Output {
    /// Returns the sizes of these files of the folder, in their order; none where there is no regular
    /// file.
    pub fn sizes(&self, paths: &[&str]) -> Vec<Option<u64>> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let Ok(folder) = rustix::fs::open(&self.folder, flags, Mode::empty()) else {
            return vec![None; paths.len()];
        };
        paths
            .par_iter()
            .map(|path| {
                let stat = rustix::fs::statat(&folder, *path, AtFlags::SYMLINK_NOFOLLOW).ok()?;
                let is_file = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
                is_file.then_some(stat.st_size as u64)
            })
            .collect()
    }
}

/// Whether pages can take their places, asked of the file system place by place.
pub struct InPlace<'a> {
    output: &'a Output,
    /// Folders that are there, or whose place is free.
    folders: RapidHashSet<String>,
}

impl<'a> InPlace<'a> {
    /// Knows of no place.
    pub fn new(output: &'a Output) -> Self {
        Self {
            output,
            folders: RapidHashSet::default(),
        }
    }

    /// Tells whether the folders around a file are folders, and no links to some, or not there.
    pub fn is_reached(&mut self, path: &str) -> bool {
        for folder in ancestors_of_file(path) {
            if self.folders.contains(folder) {
                continue;
            }
            match self.output.folder.join(folder).symlink_metadata() {
                Ok(found) if found.is_dir() => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                _ => return false,
            }
            self.folders.insert(folder.to_owned());
        }
        true
    }

    /// Tells whether the place of a file is free or holds a file that dateline wrote.
    pub fn is_free(&self, path: &str) -> bool {
        match self.output.folder.join(path).symlink_metadata() {
            Ok(found) => !found.is_dir() && self.output.is_ours(path),
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        }
    }
}

/// Returns where the manifest of an output folder is kept.
pub fn manifest_path(state: &Path, output: &Path) -> PathBuf {
    let key = Fingerprint::of_bytes(output.as_os_str().as_encoded_bytes());
    state.join(format!("{}.manifest", key.short(16)))
}

/// Tells whether the site's state says that this site wrote what stands in a folder, whatever the
/// site was called then.
fn is_known(root: &Path, folder: &Path, mark: &Mark) -> bool {
    let manifest = fs::read(manifest_path(&root.join(".dateline"), folder));
    manifest.is_ok_and(|bytes| Some(Manifest::decode(&bytes).contents()) == mark.contents)
}

/// Follows links to the folder that is meant; where it is not there yet, to the folder around it.
fn real_folder(folder: &Path) -> Result<PathBuf, DiskError> {
    if let Ok(real) = folder.canonicalize() {
        return Ok(real);
    }
    // A link that leads nowhere names the folder that it leads to.
    let folder = match fs::read_link(folder) {
        Ok(target) => folder.parent().unwrap_or(Path::new("")).join(target),
        Err(_) => folder.to_owned(),
    };
    let (Some(parent), Some(name)) = (folder.parent(), folder.file_name()) else {
        // `..` of a folder that is not there yet is the folder around it.
        let Some(parent) = folder.parent() else {
            return Ok(folder);
        };
        let real = real_folder(parent)?;
        return Ok(real.parent().unwrap_or(&real).to_owned());
    };
    let parent = if parent.as_os_str().is_empty() {
        Path::new(".")
    } else {
        parent
    };
    if !parent.exists() {
        return Ok(real_folder(parent)?.join(name));
    }
    let parent = parent
        .canonicalize()
        .map_err(DiskError::at("read", parent))?;
    Ok(parent.join(name))
}

fn is_empty(folder: &Path) -> Result<bool, DiskError> {
    match fs::read_dir(folder) {
        Ok(entries) => {
            let mut names = entries.flatten().map(|entry| entry.file_name());
            Ok(names.all(|name| name == INNER_STAGE || name == LOST_AND_FOUND))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(DiskError::at("read", folder)(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_as_it_was_written() {
        let mark = Mark {
            title: "A\nB".to_owned(),
            base_url: "https://example.org".to_owned(),
            contents: Some(Fingerprint::of_bytes(b"x")),
            paths: vec![1, 10, 0x0a0a_0a0a_0a0a_0a0a],
        };
        let expect = Mark {
            title: "A B".to_owned(),
            ..mark.clone()
        };
        assert_eq!(Mark::decode(&mark.encode()), Some(expect));
    }

    #[test]
    fn other_files_are_no_marks() {
        assert_eq!(Mark::decode(b""), None);
        assert_eq!(Mark::decode(b"something else\n\n\n\n"), None);
    }
}
