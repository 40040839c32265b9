//! What the file system refused, always with the path.

use std::io;
use std::path::{Path, PathBuf};

/// What the file system refused.
#[derive(Debug, thiserror::Error)]
pub enum DiskError {
    /// An operation on a path failed.
    #[error("can't {action} {}: {}", path.display(), plain(source))]
    Io {
        /// What was tried, as a verb: "read", "write".
        action: &'static str,
        /// On which path.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The output folder is not one that dateline may write.
    #[error("{message}")]
    Output {
        /// Why not.
        message: String,
        /// What to do.
        hint: String,
    },
    /// The user interrupted the build.
    #[error("interrupted; the output is as it was")]
    Interrupted,
}

impl DiskError {
    /// Says on which path what failed.
    pub fn at(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }

    /// Says what a walk through folders could not read.
    pub(super) fn walk(error: walkdir::Error) -> Self {
        let path = error.path().unwrap_or(Path::new("")).to_owned();
        let source = error
            .into_io_error()
            .unwrap_or_else(|| io::Error::other("a link leads around"));
        Self::Io {
            action: "read",
            path,
            source,
        }
    }

    /// Tells whether the system refused to change something there.
    pub(super) fn is_refusal(&self) -> bool {
        matches!(self, Self::Io { source, .. }
            if matches!(source.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem))
    }

    /// Tells whether the disk was full.
    pub fn is_full_disk(&self) -> bool {
        matches!(self, Self::Io { source, .. }
            if matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded))
    }
}

/// Says what the system said without its number.
pub(super) fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_lowercase().chain(letters).collect())
        .unwrap_or_default()
}
