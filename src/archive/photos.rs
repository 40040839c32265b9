//! What is known of a photo wherever it is shown: what the article says comes first, then the notes
//! beside the photo, then what is embedded in its file.

use super::Archive;
use super::reference::{self, PictureTarget};
use crate::base::fingerprint::Fingerprinter;
use crate::source::file::SiteFiles;
use crate::source::markdown::Outline;
use crate::source::photo::{Photo, PhotoDetails, PhotoNotes};
use crate::source::photo_metadata::PhotoMetadata;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What is said of photos beside their files, by the photo's path from the site's root, or its URL.
pub type Notes = BTreeMap<String, PhotoNotes>;

impl Archive {
    /// Returns a photo that `owner` shows, completed by what its notes and its file say.
    pub fn photo<'p>(&self, owner: &str, photo: &'p Photo) -> Cow<'p, Photo> {
        completed(&self.notes, &self.files, owner, photo)
    }

    /// Returns what the notes and the file of a picture say, which `owner` names and says nothing of
    /// itself.
    pub fn photo_of(&self, owner: &str, src: &str) -> Photo {
        let bare = Photo {
            src: src.to_owned(),
            ..Photo::default()
        };
        self.photo(owner, &bare).into_owned()
    }

    /// Returns what is embedded in a file, where that is something.
    pub fn metadata(&self, path: &str) -> Option<&PhotoMetadata> {
        metadata(&self.files, path)
    }

    /// Adds what a page shows of a picture beside what its article says.
    pub(super) fn photo_print(&self, path: &str, print: &mut Fingerprinter) {
        if let Some(notes) = self.notes.get(path) {
            print.value(&notes.photo);
        }
        if let Some(metadata) = self.metadata(path) {
            print.fingerprint(metadata.fingerprint());
        }
    }
}

/// Returns a photo that `owner` shows, completed by what its notes and its file say.
pub(super) fn completed<'p>(
    notes: &Notes,
    files: &SiteFiles,
    owner: &str,
    photo: &'p Photo,
) -> Cow<'p, Photo> {
    let Some(path) = photo_path(owner, &photo.src) else {
        return Cow::Borrowed(photo);
    };
    let mut photo = Cow::Borrowed(photo);
    if let Some(notes) = notes.get(&*path) {
        photo.to_mut().complete(&notes.photo);
    }
    if let Some(metadata) = metadata(files, &path) {
        photo.to_mut().complete(&embedded(metadata));
    }
    photo
}

/// Returns the name by which a picture's notes are known: its file's path, or its URL.
pub fn photo_path<'s>(owner: &str, src: &'s str) -> Option<Cow<'s, str>> {
    match reference::picture(owner, src)? {
        PictureTarget::File(path) => Some(Cow::Owned(path)),
        PictureTarget::Elsewhere => Some(Cow::Borrowed(src)),
    }
}

fn metadata<'f>(files: &'f SiteFiles, path: &str) -> Option<&'f PhotoMetadata> {
    let metadata = files.get(path)?.metadata.as_deref();
    metadata.filter(|metadata| !metadata.is_empty())
}

/// Returns the files of `content/` that a text with a lead photo can show, by their paths.
pub fn shown_files<'a>(
    owner: &'a str,
    photo: Option<&'a Photo>,
    outline: &'a Outline,
) -> impl Iterator<Item = String> + use<'a> {
    let photo = photo.into_iter().map(|photo| photo.src.as_str());
    let pictures = outline.pictures.iter().map(|picture| picture.src.as_str());
    let files = outline.files.iter();
    let all = photo.chain(pictures).chain(files);
    all.filter(|src| !src.starts_with('/'))
        .filter_map(move |src| match reference::picture(owner, src)? {
            PictureTarget::File(path) => Some(path),
            PictureTarget::Elsewhere => None,
        })
}

/// Returns what a file says of its photo, in the words of an article.
pub fn embedded(metadata: &PhotoMetadata) -> Photo {
    let made = || {
        let names = match metadata.creators.as_slice() {
            [] => return None,
            [one] => one.clone(),
            [before @ .., last] => format!("{} and {last}", before.join(", ")),
        };
        Some(match &metadata.source {
            Some(source) if !metadata.creators.contains(source) => format!("{names} / {source}"),
            _ => names,
        })
    };
    let details = PhotoDetails {
        licence: metadata.licence.clone(),
        copyright: metadata.copyright.clone(),
        acquire: metadata.licensor.clone(),
        focus: None,
        source_type: metadata.source_type.clone(),
    };
    let says_more = details != PhotoDetails::default();
    Photo {
        credit: metadata.credit.clone().or_else(made),
        caption: metadata.caption.as_deref().map(as_markdown),
        alt: metadata.alt.clone(),
        details: says_more.then(|| Box::new(details)),
        ..Photo::default()
    }
}

/// Writes a text so that Markdown reads it as it is.
fn as_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(
            letter,
            '\\' | '`'
                | '*'
                | '_'
                | '['
                | ']'
                | '<'
                | '>'
                | '&'
                | '$'
                | '~'
                | '^'
                | '{'
                | '}'
                | '|'
                | '!'
        ) {
            out.push('\\');
        }
        out.push(if letter == '\n' { ' ' } else { letter });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::config;
    use crate::source::markdown;

    #[test]
    fn an_embedded_caption_is_shown_as_it_is() {
        let text = "A *rare* view [of] <b>the</b> _sea_ & $1, 5 < 6 ^x^ ~y~ `z`";
        let html = markdown::inline(&as_markdown(text), &config::Markdown::default(), None);
        assert_eq!(markdown::plain_text(&html), text);
    }

    #[test]
    fn who_made_it_is_its_credit_where_it_has_no_credit_line() {
        let check =
            |creators: &[&str], source: Option<&str>, line: Option<&str>, expect: Option<&str>| {
                let metadata = PhotoMetadata {
                    creators: creators.iter().map(|name| (*name).to_owned()).collect(),
                    source: source.map(str::to_owned),
                    credit: line.map(str::to_owned),
                    ..PhotoMetadata::default()
                };
                assert_eq!(embedded(&metadata).credit.as_deref(), expect);
            };
        check(&["Ana Reis"], None, None, Some("Ana Reis"));
        check(
            &["Ana Reis", "Bo Li"],
            Some("Reuters"),
            None,
            Some("Ana Reis and Bo Li / Reuters"),
        );
        check(&["NASA"], Some("NASA"), None, Some("NASA"));
        check(
            &["Ana Reis"],
            Some("Reuters"),
            Some("REUTERS"),
            Some("REUTERS"),
        );
        check(&[], Some("Reuters"), None, None);
    }
}
