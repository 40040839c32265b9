//! Where a page lives: its URL path and the file that a plain static host serves for it.
//!
//! This is the one place where an output path is made. An address that could leave the output
//! folder, hide in it, or mean another file on another system is refused, never cleaned: what an
//! author wrote either stands as written or is a fault that names it.

mod segment;

use segment::{
    check, decode, empty_segment, fold, has_extension, normalised, refuse_foreign, shown,
};
use serde::{Deserialize, Serialize};
use std::borrow::{Borrow, Cow};
use std::fmt;
use std::fmt::Write as _;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

pub use segment::is_path_like;
pub(crate) use segment::{is_device_name, is_invisible, is_joiner};

/// The address of one page or file of the site, decoded and in Unicode normalisation form C.
///
/// It begins with `/`. A page ends with `/` and is served from the `index.html` in its folder:
/// `/local/harbour/`. Anything else is a file of that name: `/feed.xml`. Cloning is cheap.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Route(Arc<str>);

/// What the site allows in addresses beyond what is always safe.
#[derive(Debug, Clone, Copy, Default)]
pub struct RouteRules<'a> {
    /// Segments that may begin with a dot, such as `.well-known`.
    pub dot_names: &'a [String],
}

/// Why a text is no address of the site.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct RouteFault {
    /// What is wrong, in lower case and without a full stop.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// The longest path, in bytes: deploy targets stop at 1024.
const LONGEST_PATH: usize = 1000;

/// Which bytes stand in addresses as they are.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0;
    while byte < plain.len() {
        plain[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let others = b"/-._~!$&'()*+,;=:@";
    let mut at = 0;
    while at < others.len() {
        plain[others[at] as usize] = true;
        at += 1;
    }
    plain
};

/// The file that a folder's address is served from.
const INDEX: &str = "index.html";
/// The end of the path of that file.
const FILE_OF_PAGE: &str = "/index.html";

impl Route {
    /// Returns the address of the home page, `/`.
    pub fn home() -> Self {
        Self(Arc::from("/"))
    }

    /// Reads an address that a user wrote: `url`, `aliases`, what a permalink pattern made.
    ///
    /// `%XX` is decoded once, before any check. A last segment without an extension is a page:
    /// `/a/b` means `/a/b/`; `/a/b.html` and `/feed.xml` are files; `/a/index.html` is `/a/`. An
    /// extension is up to 11 ASCII letters and digits, a letter among them, so `/v1.2` is a page.
    ///
    /// # Errors
    ///
    /// Every text that is not a plain, absolute, portable path is refused; see [`RouteFault`].
    pub fn parse(text: &str, rules: &RouteRules) -> Result<Self, RouteFault> {
        refuse_foreign(text)?;
        let decoded = decode(text)?;
        let Some(rest) = decoded.strip_prefix('/') else {
            return Err(RouteFault::new(
                "an address begins with `/`",
                format!("write `/{}`", shown(&decoded)),
            ));
        };
        let last = rest.rsplit('/').next().unwrap_or(rest);
        if last.is_empty() || has_extension(last) {
            Self::checked(&decoded, rules)
        } else {
            Self::checked(&format!("{decoded}/"), rules)
        }
    }

    /// Joins decoded segments to the address of a page: `["a", "b"]` is `/a/b/`, none is `/`.
    ///
    /// # Errors
    ///
    /// A segment that is empty, holds a `/`, or is not safe as a file's name is refused.
    pub fn page<I: AsRef<str>>(segments: &[I], rules: &RouteRules) -> Result<Self, RouteFault> {
        Self::home().page_in(segments, rules)
    }

    /// Joins a file's name to the folder of this page: `index.xml` in `/a/` is `/a/index.xml`.
    /// The name may go down, as in `img/harbour.jpg`. It is decoded already.
    ///
    /// # Errors
    ///
    /// A name that is not safe as a path below the folder is refused.
    pub fn file_in(&self, name: &str, rules: &RouteRules) -> Result<Self, RouteFault> {
        if name.is_empty() || name.ends_with('/') {
            return Err(empty_segment());
        }
        Self::checked(&format!("{}{name}", self.folder()), rules)
    }

    /// Joins decoded segments to the address of a page below this one: `["page", "3"]` in `/a/`
    /// is `/a/page/3/`.
    ///
    /// # Errors
    ///
    /// As [`Route::page`].
    pub fn page_in<I: AsRef<str>>(
        &self,
        segments: &[I],
        rules: &RouteRules,
    ) -> Result<Self, RouteFault> {
        let mut path = self.folder().to_owned();
        for segment in segments {
            let segment = segment.as_ref();
            if segment.contains('/') {
                return Err(RouteFault::new(
                    format!("`{}` is no single part of an address", shown(segment)),
                    "leave out the `/`",
                ));
            }
            path.push_str(segment);
            path.push('/');
        }
        Self::checked(&path, rules)
    }

    /// Makes the address of a page of its decoded path without the first `/`: `a/b/` is `/a/b/`.
    ///
    /// # Errors
    ///
    /// As [`Route::page`].
    pub fn page_at(path: &str, rules: &RouteRules) -> Result<Self, RouteFault> {
        Self::checked(&format!("/{path}"), rules)
    }

    /// Returns the decoded path, beginning with `/`.
    pub fn path(&self) -> &str {
        &self.0
    }

    /// Returns the path as it stands in links and after the site's base URL: UTF-8, with every
    /// byte but the `pchar` of RFC 3986, section 3.3, percent-encoded.
    pub fn url_path(&self) -> Cow<'_, str> {
        let is_plain = |byte: u8| PLAIN[usize::from(byte)];
        if self.0.bytes().all(is_plain) {
            return Cow::Borrowed(&self.0);
        }
        let mut encoded = String::with_capacity(self.0.len() * 2);
        for byte in self.0.bytes() {
            if is_plain(byte) {
                encoded.push(char::from(byte));
            } else {
                write!(encoded, "%{byte:02X}").expect("a string takes every text");
            }
        }
        Cow::Owned(encoded)
    }

    /// Returns the file that serves it, relative to the output folder, with `/` between names:
    /// `local/harbour/index.html`, `feed.xml`.
    pub fn file(&self) -> Cow<'_, str> {
        if self.is_page() {
            Cow::Owned(format!("{}{INDEX}", &self.0[1..]))
        } else {
            Cow::Borrowed(&self.0[1..])
        }
    }

    /// Returns what two routes share whose files are one on some file system: the path with full case
    /// folding (Unicode 5.18, C + F), without joiners, in normalisation form C; that of a page ends
    /// with `/`.
    pub fn key(&self) -> Cow<'_, str> {
        let is_folded = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
        if self.0.bytes().all(is_folded) {
            return Cow::Borrowed(&self.0);
        }
        let mut key: String = match self.0.is_ascii() {
            true => self.0.to_ascii_lowercase(),
            false => {
                let letters = self.0.chars().filter(|c| !is_joiner(*c));
                letters.flat_map(fold).nfc().collect()
            }
        };
        // `/A/INDEX.HTML` is the file of `/a/` where case is not told apart.
        if key.ends_with(FILE_OF_PAGE) {
            key.truncate(key.len() - INDEX.len());
        }
        Cow::Owned(key)
    }

    /// Tells whether it is a page, served from the `index.html` of a folder.
    pub fn is_page(&self) -> bool {
        self.0.ends_with('/')
    }

    /// Returns the folder that the page is, or that the file is in, with its `/`.
    pub fn folder(&self) -> &str {
        let end = self.0.rfind('/').map_or(0, |slash| slash + 1);
        &self.0[..end]
    }

    /// Makes the route of a decoded path that begins with `/`, the only way to make one.
    fn checked(path: &str, rules: &RouteRules) -> Result<Self, RouteFault> {
        let path = normalised(path);
        let mut path = &*path;
        if path.len() > LONGEST_PATH {
            return Err(RouteFault::new(
                format!("an address may not be longer than {LONGEST_PATH} bytes"),
                "shorten it, or give the article a `slug`",
            ));
        }
        let inner = path.strip_prefix('/').unwrap_or(path);
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        if path != "/" {
            for segment in inner.split('/') {
                check(segment, rules)?;
            }
        }
        if let Some(folder) = path.strip_suffix(INDEX)
            && folder.ends_with('/')
        {
            path = folder;
        }
        Ok(Self(Arc::from(path)))
    }
}

/// A route is looked up by its path.
impl Borrow<str> for Route {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads a route back from a manifest or cache, which is not trusted: it passes the same checks,
/// but for the dot names that the site allows.
impl TryFrom<String> for Route {
    type Error = RouteFault;

    fn try_from(path: String) -> Result<Self, RouteFault> {
        if !path.starts_with('/') {
            return Err(RouteFault::new("an address begins with `/`", "build again"));
        }
        let dot_names: Vec<String> = path
            .split('/')
            .filter(|segment| segment.starts_with('.'))
            .map(str::to_owned)
            .collect();
        Self::checked(
            &path,
            &RouteRules {
                dot_names: &dot_names,
            },
        )
    }
}

impl RouteFault {
    fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: hint.into(),
        }
    }
}

#[cfg(test)]
mod tests;
