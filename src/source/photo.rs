//! A photo: where it is, who made it, what it shows.

use super::origin::Origin;
use serde::{Deserialize, Serialize};

/// A photo as an article or a section names it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Photo {
    /// Where the picture is, as written: beside the article, in `static/` (beginning with `/`),
    /// or a URL.
    pub src: String,
    /// The credit, exactly as written.
    pub credit: Option<String>,
    /// What the reader is told about the picture, in Markdown without blocks.
    pub caption: Option<String>,
    /// What the picture shows, for who can't see it. An empty one marks a decoration.
    pub alt: Option<String>,
    /// Why there is no credit.
    pub no_credit_reason: Option<String>,
    /// What else is said of it, which most articles leave to the photo's own file.
    pub details: Option<Box<PhotoDetails>>,
    /// Where `src` is written in its file: bytes from the file's beginning. Not part of what the
    /// photo is.
    pub at: Option<(u32, u32)>,
}

/// What else is said of a photo.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoDetails {
    /// The licence: its address, or its name.
    pub licence: Option<String>,
    /// Whose the rights are.
    pub copyright: Option<String>,
    /// Where a licence can be had.
    pub acquire: Option<String>,
    /// The point that stays in view where the photo is cut, as written.
    pub focus: Option<String>,
    /// How it came to be: an address of the IPTC's code list of digital source types, or a term of it.
    pub source_type: Option<String>,
}

/// What is said of a photo beside its file, wherever it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoNotes {
    /// What is said; its `src` is empty.
    pub photo: Photo,
    /// The file that says it.
    pub path: String,
    /// Where in it: bytes from the file's beginning.
    pub at: (u32, u32),
}

impl Photo {
    /// Returns what readers are told of how the photo came to be, of a completed photo.
    pub fn origin(&self) -> Option<Origin> {
        Origin::of(self.details.as_deref()?.source_type.as_deref()?)
    }

    /// Takes what this photo does not say from another account of it. An empty credit is no credit, and
    /// a reason for none is as good as one.
    pub fn complete(&mut self, other: &Self) {
        let is_blank =
            |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
        if is_blank(&self.credit) && is_blank(&self.no_credit_reason) {
            self.credit.clone_from(&other.credit);
            self.no_credit_reason.clone_from(&other.no_credit_reason);
        }
        if is_blank(&self.caption) {
            self.caption.clone_from(&other.caption);
        }
        // An empty description says that the photo is a decoration.
        if self.alt.is_none() {
            self.alt.clone_from(&other.alt);
        }
        if let Some(other) = &other.details {
            let own = self.details.get_or_insert_default();
            let pairs = [
                (&mut own.licence, &other.licence),
                (&mut own.copyright, &other.copyright),
                (&mut own.acquire, &other.acquire),
                (&mut own.focus, &other.focus),
                (&mut own.source_type, &other.source_type),
            ];
            for (own, other) in pairs {
                if own.is_none() {
                    own.clone_from(other);
                }
            }
        }
    }
}
