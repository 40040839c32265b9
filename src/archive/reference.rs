//! What the addresses that authors write in front matter and bodies lead to.

use crate::base::diagnostic::nearest;
use percent::decoded;
use rapidhash::RapidHashMap;
use std::cell::Cell;

/// Where a picture's address leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PictureTarget {
    /// To a file of the site, by its path from the site's root.
    File(String),
    /// To another host, or to data within the address.
    Elsewhere,
}

/// A link by source path, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceLink {
    /// The Markdown file's path from the site's root.
    pub path: String,
    /// The heading's id, after `#`.
    pub anchor: Option<String>,
}

/// Tells where the address of a picture leads that `owner`, a file of `content/`, names.
///
/// An address that begins with `/` is in `static/`; one with `@/` is in `content/`; any other is
/// beside its owner. None where it leads out of the site.
pub fn picture(owner: &str, src: &str) -> Option<PictureTarget> {
    if is_elsewhere(src) {
        return Some(PictureTarget::Elsewhere);
    }
    let src = decoded(src.split(['?', '#']).next().unwrap_or_default());
    let path = match (src.strip_prefix("@/"), src.strip_prefix('/')) {
        (Some(rest), _) => joined("content", rest)?,
        (None, Some(rest)) => joined("static", rest)?,
        (None, None) => joined(folder(owner), &src)?,
    };
    Some(PictureTarget::File(path))
}

/// Takes a link by source path apart that stands in `owner`; none where it leads out of
/// `content/`.
pub fn source_link(owner: &str, target: &str) -> Option<SourceLink> {
    let (path, anchor) = match target.split_once('#') {
        Some((path, anchor)) => (
            path,
            Some(decoded(anchor)).filter(|anchor| !anchor.is_empty()),
        ),
        None => (target, None),
    };
    let path = decoded(path);
    let path = match path.strip_prefix("@/") {
        Some(rest) => joined("content", rest)?,
        None if path.is_empty() => owner.to_owned(),
        None => joined(folder(owner), &path)?,
    };
    path.starts_with("content/")
        .then_some(SourceLink { path, anchor })
}

/// Takes a link by source path apart that is written as nearly all are: `@/`, a path below `content/`
/// without escapes, and a heading's id after `#`.
pub fn plain_link(target: &str) -> Option<(&str, Option<&str>)> {
    let (path, anchor) = match target.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor)),
        None => (target, None),
    };
    let is_plain = anchor.is_none_or(|anchor| !anchor.is_empty() && !anchor.contains('%'));
    is_plain.then_some((path.strip_prefix("@/")?, anchor))
}

/// Tells whether an address has a scheme or a host of its own.
pub fn is_elsewhere(address: &str) -> bool {
    if address.starts_with("//") {
        return true;
    }
    let scheme = address.split(['/', '?', '#']).next().unwrap_or_default();
    scheme.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

/// Returns the path that is most like a missing one, by the last segment first.
pub fn nearest_path<'a>(
    missing: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Option<&'a str> {
    known
        .clone()
        .find(|path| name(path) == name(missing))
        .or_else(|| nearest(missing, known))
}

/// Suggests paths for many missing ones, in a time that does not grow with their number times the
/// size of the site.
#[derive(Debug)]
pub struct Suggestions<'a> {
    paths: Vec<&'a str>,
    by_name: RapidHashMap<&'a str, &'a str>,
    comparisons: Cell<usize>,
}

impl<'a> Suggestions<'a> {
    /// How many paths are compared letter by letter in all; about a second's work.
    const MOST_COMPARISONS: usize = 1_000_000;

    /// Prepares to suggest one of these paths.
    pub fn new(paths: impl Iterator<Item = &'a str>) -> Self {
        let mut paths: Vec<&str> = paths.collect();
        paths.sort_unstable();
        // The first path of a name wins, as in `nearest_path`.
        let by_name = paths.iter().rev().map(|path| (name(path), *path)).collect();
        Self {
            paths,
            by_name,
            comparisons: Cell::new(Self::MOST_COMPARISONS),
        }
    }

    /// Returns the path that is most like a missing one: one of the same last segment, else one
    /// that differs in a few letters, until too many have been asked for.
    pub fn nearest(&self, missing: &str) -> Option<&'a str> {
        if let Some(found) = self.by_name.get(name(missing)) {
            return Some(found);
        }
        let left = self.comparisons.get().checked_sub(self.paths.len())?;
        self.comparisons.set(left);
        nearest(missing, self.paths.iter().copied())
    }
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Returns the folder of a path, without a slash at its end.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Joins a relative path to a folder; none where `..` leads out of the site's own folders.
fn joined(folder: &str, relative: &str) -> Option<String> {
    let mut segments: Vec<&str> = folder
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    for segment in relative.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
                if segments.is_empty() {
                    return None;
                }
            }
            name if name.contains(['\\', '\0']) => return None,
            name => segments.push(name),
        }
    }
    Some(segments.join("/"))
}

mod percent {
    /// Decodes `%20` and the like; what is not UTF-8 then stays as written.
    pub(super) fn decoded(text: &str) -> String {
        if !text.contains('%') {
            return text.to_owned();
        }
        let bytes = text.as_bytes();
        let mut out = Vec::with_capacity(bytes.len());
        let mut at = 0;
        while at < bytes.len() {
            let hex = text
                .get(at + 1..at + 3)
                .and_then(|hex| u8::from_str_radix(hex, 16).ok());
            match (bytes[at], hex) {
                (b'%', Some(byte)) => {
                    out.push(byte);
                    at += 3;
                }
                (byte, _) => {
                    out.push(byte);
                    at += 1;
                }
            }
        }
        String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_beside_its_article_in_static_or_elsewhere() {
        let check = |src: &str, expect: Option<&str>| {
            let found = picture("content/local/harbour/index.md", src);
            let file = |path: &str| PictureTarget::File(path.to_owned());
            assert_eq!(found, expect.map(file), "{src}");
        };
        check("ferry.jpg", Some("content/local/harbour/ferry.jpg"));
        check(
            "./my%20ferry.jpg",
            Some("content/local/harbour/my ferry.jpg"),
        );
        check("../ferry.jpg", Some("content/local/ferry.jpg"));
        check("/photos/ferry.jpg", Some("static/photos/ferry.jpg"));
        check("@/photos/ferry.jpg", Some("content/photos/ferry.jpg"));
        check("../../../../etc/passwd", None);
        check("..\\secret", None);
        for elsewhere in [
            "https://example.org/a.jpg",
            "//example.org/a.jpg",
            "data:image/png;base64,AA",
        ] {
            assert_eq!(
                picture("content/a.md", elsewhere),
                Some(PictureTarget::Elsewhere),
                "{elsewhere}"
            );
        }
    }

    #[test]
    fn a_missing_path_is_likened_by_its_name_then_by_its_letters() {
        let paths = Suggestions::new(
            [
                "content/b/storm.md",
                "content/a/storm.md",
                "content/a/quay.md",
            ]
            .into_iter(),
        );
        for (missing, expect) in [
            ("content/c/storm.md", Some("content/a/storm.md")),
            ("content/a/quai.md", Some("content/a/quay.md")),
            ("content/a/parliament.md", None),
        ] {
            assert_eq!(paths.nearest(missing), expect, "{missing}");
        }
    }

    #[test]
    fn suggestions_end_before_they_take_all_day() {
        let many: Vec<String> = (0..1000).map(|at| format!("content/{at:04}.md")).collect();
        let paths = Suggestions::new(many.iter().map(String::as_str));
        paths.comparisons.set(1500);
        assert!(paths.nearest("content/x0007.md").is_some());
        assert_eq!(paths.nearest("content/x0008.md"), None);
        assert_eq!(paths.nearest("elsewhere/0008.md"), Some("content/0008.md"));
    }

    #[test]
    fn a_source_link_names_a_file_and_a_heading() {
        let check = |target: &str, path: &str, anchor: Option<&str>| {
            let link = source_link("content/local/harbour.md", target).expect("it is in content");
            assert_eq!(
                (link.path.as_str(), link.anchor.as_deref()),
                (path, anchor),
                "{target}"
            );
        };
        check(
            "@/world/storm.md#damage",
            "content/world/storm.md",
            Some("damage"),
        );
        check("ferry.md", "content/local/ferry.md", None);
        check("../world/storm.md#", "content/world/storm.md", None);
        check("#quay", "content/local/harbour.md", Some("quay"));
        assert_eq!(source_link("content/a.md", "../../outside.md"), None);
    }
}
