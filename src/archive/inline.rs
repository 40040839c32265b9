//! Texts that stand in no body: captions, summaries, corrections, biographies.
//!
//! They are Markdown without blocks, and their links can lead to articles by source path.

use super::Archive;
use crate::base::fingerprint::Fingerprinter;
use crate::source::markdown::{self, Call, PictureSource, Resolver};

/// Returns the HTML of a text, the addresses in it those of the site.
pub fn inline(archive: &Archive, text: &str) -> String {
    markdown::inline(text, &archive.config.markdown, Some(&Addresses(archive)))
}

/// Adds what a text shows of other pages: where its links lead.
pub(super) fn print(archive: &Archive, text: &str, print: &mut Fingerprinter) {
    // A text without a bracket has no link, and nearly all texts have none.
    if text.contains('[') {
        print.text(&inline(archive, text));
    }
}

/// Turns the addresses in a text into those of the site.
struct Addresses<'a>(&'a Archive);

impl Resolver for Addresses<'_> {
    fn link(&self, target: &str) -> Option<String> {
        if target.starts_with('/') && !target.starts_with("//") {
            return Some(format!("{}{target}", self.0.base_path()));
        }
        self.0.link("content/_index.md", target)
    }

    fn picture(&self, src: &str) -> PictureSource {
        PictureSource {
            url: src.to_owned(),
            ..PictureSource::default()
        }
    }

    fn shortcode(&self, call: &Call, _: Option<&str>) -> Result<String, String> {
        Err(format!(
            "the shortcode `{}` can be called in bodies only",
            call.name
        ))
    }
}
