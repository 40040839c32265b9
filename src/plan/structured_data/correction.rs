//! What was corrected, as schema.org's CorrectionComment.

use crate::archive::Archive;
use crate::source::correction::Correction;
use crate::source::markdown;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct CorrectionComment {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "@id")]
    id: String,
    #[serde(rename = "datePublished")]
    published: String,
    text: String,
}

impl CorrectionComment {
    /// Describes a correction of the article at `own`, where it has this id.
    pub(super) fn of(archive: &Archive, own: &str, id: &str, correction: &Correction) -> Self {
        let html = markdown::inline(&correction.text, &archive.config.markdown, None);
        Self {
            kind: "CorrectionComment",
            id: format!("{own}#{id}"),
            published: correction.date.rfc3339(),
            text: markdown::plain_text(&html),
        }
    }
}
