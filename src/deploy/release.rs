//! What a target says of itself: the release that is live there, kept beside the site.

use super::headers::Headers;
use crate::base::fingerprint::Fingerprint;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};

/// The folder at a target in which dateline keeps what it knows.
pub(super) const STATE: &str = ".dateline";

/// Begins every release, with the version of its format.
const FORMAT: &str = "dateline release 1";
/// The most bytes of a release that is read: a million files have a tenth of it.
const MOST_BYTES: u64 = 2 << 30;

/// What is live at a target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Release {
    /// Its number; every deploy has the next one.
    pub number: u64,
    /// When it was deployed, in Unix seconds.
    pub time: i64,
    /// The title of the site.
    pub title: String,
    /// The address of the site.
    pub base_url: String,
    /// The commit of the site's sources, where they are in git.
    pub commit: Option<String>,
    /// How many pages it has.
    pub pages: usize,
    /// The release that was returned to, where it was one.
    pub restores: Option<u64>,
    /// Every file by its path.
    pub files: BTreeMap<String, Live>,
    /// Paths that a deploy began to change and is not known to have finished: what stands there may
    /// be old, new or nothing.
    pub pending: BTreeSet<String>,
    /// Objects that are kept to return to, each with the last release that had it.
    pub kept: BTreeMap<String, u64>,
    /// Paths whose change nobody was told of yet.
    pub untold: BTreeSet<String>,
}

/// A file at a target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Live {
    /// The fingerprint of its bytes, before they were compressed.
    pub bytes: Fingerprint,
    /// Its size in bytes, before it was compressed.
    pub size: u64,
    /// What it is sent with.
    pub headers: Headers,
}

/// A release as it is written: equal headers once.
#[derive(Serialize, Deserialize)]
struct Written {
    format: String,
    number: u64,
    time: i64,
    title: String,
    base_url: String,
    commit: Option<String>,
    pages: usize,
    restores: Option<u64>,
    headers: Vec<Headers>,
    files: Vec<(String, String, u64, usize)>,
    pending: BTreeSet<String>,
    kept: BTreeMap<String, u64>,
    untold: BTreeSet<String>,
}

impl Live {
    /// Returns the key under which the file is kept to return to.
    pub fn kept_key(&self) -> String {
        let headers = crate::base::fingerprint::Fingerprinter::new("headers")
            .value(&self.headers)
            .finish();
        format!("{STATE}/kept/{}-{}", self.bytes, headers.short(8))
    }
}

impl Release {
    /// Returns its bytes: compressed JSON.
    pub fn encode(&self) -> Vec<u8> {
        let mut headers: Vec<Headers> = Vec::new();
        let mut places: BTreeMap<&Headers, usize> = BTreeMap::new();
        let mut files = Vec::with_capacity(self.files.len());
        for (path, live) in &self.files {
            let place = *places.entry(&live.headers).or_insert_with(|| {
                headers.push(live.headers.clone());
                headers.len() - 1
            });
            files.push((path.clone(), live.bytes.to_string(), live.size, place));
        }
        let written = Written {
            format: FORMAT.to_owned(),
            number: self.number,
            time: self.time,
            title: self.title.clone(),
            base_url: self.base_url.clone(),
            commit: self.commit.clone(),
            pages: self.pages,
            restores: self.restores,
            headers,
            files,
            pending: self.pending.clone(),
            kept: self.kept.clone(),
            untold: self.untold.clone(),
        };
        let json = serde_json::to_vec(&written)
            .expect("a release is made of texts, numbers, lists and maps from texts");
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder
            .write_all(&json)
            .and_then(|()| encoder.finish())
            .expect("memory takes what is written")
    }

    /// Reads a release.
    ///
    /// # Errors
    ///
    /// Says why the bytes are none.
    pub fn decode(bytes: &[u8]) -> Result<Self, String> {
        let mut json = Vec::new();
        GzDecoder::new(bytes)
            .take(MOST_BYTES)
            .read_to_end(&mut json)
            .map_err(|error| format!("it can't be decompressed: {error}"))?;
        let written: Written =
            serde_json::from_slice(&json).map_err(|error| format!("it is damaged: {error}"))?;
        if written.format != FORMAT {
            return Err(format!(
                "its format is `{}`, not `{FORMAT}`",
                written.format
            ));
        }
        let mut files = BTreeMap::new();
        for (path, bytes, size, place) in written.files {
            let bytes = Fingerprint::parse(&bytes)
                .ok_or_else(|| format!("the fingerprint of `{path}` is damaged"))?;
            let headers = written
                .headers
                .get(place)
                .ok_or_else(|| format!("the headers of `{path}` are not there"))?
                .clone();
            let live = Live {
                bytes,
                size,
                headers,
            };
            files.insert(path, live);
        }
        let is_safe = |path: &String| is_below(path);
        if !files.keys().all(is_safe) || !written.pending.iter().all(is_safe) {
            return Err("it names paths outside of the site".to_owned());
        }
        Ok(Self {
            number: written.number,
            time: written.time,
            title: written.title,
            base_url: written.base_url,
            commit: written.commit,
            pages: written.pages,
            restores: written.restores,
            files,
            pending: written.pending,
            kept: written.kept,
            untold: written.untold,
        })
    }

    /// Returns every path that deploys may have put there.
    pub fn paths(&self) -> impl Iterator<Item = &String> {
        let pending = self
            .pending
            .iter()
            .filter(|path| !self.files.contains_key(*path));
        self.files.keys().chain(pending)
    }

    /// Returns what is known to stand at a path.
    pub fn known(&self, path: &str) -> Option<&Live> {
        self.files
            .get(path)
            .filter(|_| !self.pending.contains(path))
    }
}

/// Tells whether a path stays below the folder that it is joined to: a target is not trusted to say
/// what is to be deleted elsewhere.
fn is_below(path: &str) -> bool {
    !path.is_empty()
        && path
            .split('/')
            .all(|part| !part.is_empty() && part != "." && part != ".." && !part.contains('\0'))
        && path.split('/').next() != Some(STATE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release() -> Release {
        let live = |text: &str| Live {
            bytes: Fingerprint::of_bytes(text.as_bytes()),
            size: text.len() as u64,
            headers: super::super::headers::of("a.html", &[]),
        };
        Release {
            number: 3,
            time: 1_767_225_600,
            title: "The Gazette".to_owned(),
            base_url: "https://gazette.example".to_owned(),
            commit: Some("abc".to_owned()),
            pages: 2,
            restores: Some(1),
            files: [("a.html", "a"), ("ä b/%.html", "b")]
                .map(|(path, text)| (path.to_owned(), live(text)))
                .into(),
            pending: ["new.html".to_owned()].into(),
            kept: [("k".to_owned(), 2)].into(),
            untold: ["a.html".to_owned()].into(),
        }
    }

    #[test]
    fn a_release_is_read_as_it_was_written() {
        assert_eq!(Release::decode(&release().encode()), Ok(release()));
        let paths: Vec<_> = release().paths().cloned().collect();
        assert_eq!(paths, ["a.html", "ä b/%.html", "new.html"]);
    }

    #[test]
    fn a_damaged_release_is_none() {
        let whole = release().encode();
        for at in 10..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            let read = Release::decode(&damaged);
            assert!(read.is_err() || read == Ok(release()), "byte {at}");
            assert!(Release::decode(&whole[..at]).is_err(), "cut at {at}");
        }
        assert!(Release::decode(b"{}").is_err());
    }

    #[test]
    fn a_release_that_names_paths_elsewhere_is_none() {
        for path in ["../x", "/etc/x", "a/../x", "", ".dateline/lock", "a//b"] {
            let mut bad = release();
            bad.pending = [path.to_owned()].into();
            assert!(Release::decode(&bad.encode()).is_err(), "{path}");
        }
    }

    #[test]
    fn a_pending_path_is_not_known() {
        let mut release = release();
        assert!(release.known("a.html").is_some());
        release.pending.insert("a.html".to_owned());
        assert!(release.known("a.html").is_none());
    }
}
