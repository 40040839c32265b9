//! A file that is published as it is, or that a template loads.

use crate::base::fingerprint::Fingerprint;
use crate::source::photo_metadata::PhotoMetadata;
use crate::source::picture::{PictureFault, PictureFile};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// A file of the site that is not an article.
#[derive(Debug, Clone)]
pub struct SiteFile {
    /// The fingerprint of its bytes.
    pub fingerprint: Fingerprint,
    /// Its size in bytes.
    pub size: u64,
    /// Of a picture: what it is, or why it is none.
    pub picture: Option<Result<PictureFile, PictureFault>>,
    /// Of a photo that readers can see: what is embedded in it, once that was read.
    pub metadata: Option<Arc<PhotoMetadata>>,
    /// Where the file really is, where it is on the disk.
    pub origin: Option<PathBuf>,
    /// Its bytes, where it belongs to a theme that is built in.
    pub builtin: Option<&'static [u8]>,
}

/// Files by their paths from the site's root.
pub type SiteFiles = BTreeMap<String, SiteFile>;
