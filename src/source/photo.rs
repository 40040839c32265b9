//! A photo: where it is, who made it, what it shows.

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
    /// Where `src` is written in its file: bytes from the file's beginning. Not part of what the
    /// photo is.
    pub at: Option<(u32, u32)>,
}
