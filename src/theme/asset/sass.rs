//! Sass: translated to CSS, with only the files of `assets/` to import.

use super::{AssetFile, Find, css, lowered, place, text};
use crate::base::diagnostic::{Diagnostic, Place};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Component, Path};

/// Makes the style sheet that a file is published as.
pub(super) fn minified<'a>(
    file: AssetFile<'a>,
    find: &Find<'a>,
    within: &mut Vec<String>,
) -> Result<Vec<u8>, Diagnostic> {
    if has_open_comment(file.path, text(file)?) {
        return Err(Diagnostic::error(OPEN_COMMENT)
            .at(Place::file(file.shown))
            .hint("close it with `*/` in its line"));
    }
    let files = Files { file, find };
    // Warnings of a style sheet would go to the terminal past everyone.
    let options = grass::Options::default().fs(&files).quiet(true);
    // The compiler panics at some texts that are not Sass, such as a lone quote in an indented line.
    let translated = catch_unwind(AssertUnwindSafe(|| grass::from_path(file.path, &options)));
    let css = match translated {
        Ok(translated) => translated.map_err(|error| fault(*error, file, find))?,
        Err(_) => {
            return Err(Diagnostic::error("the Sass compiler can't read this")
                .at(Place::file(file.shown))
                .hint("look for a quote or bracket that is not closed"));
        }
    };
    css::minified_text(file, &css, find, within)
}

/// What is wrong where the compiler would look for the end of a comment without end.
const OPEN_COMMENT: &str = "a comment that begins within a line is not closed in it";

/// Tells whether a file of indented Sass has a comment that begins within a line and does not end
/// there.
fn has_open_comment(path: &str, text: &str) -> bool {
    let is_indented = path.to_ascii_lowercase().ends_with(".sass");
    let is_open = |line: &str| {
        line.rfind("/*")
            .is_some_and(|at| !line[at + 2..].contains("*/"))
    };
    is_indented && text.split(['\n', '\r', '\x0c']).any(is_open)
}

fn fault(error: grass::Error, file: AssetFile<'_>, find: &Find<'_>) -> Diagnostic {
    match error.kind() {
        grass::ErrorKind::ParseError { message, loc, .. } => {
            let found = normalised(Path::new(loc.file.name())).and_then(|path| find(&path));
            let shown = found.map_or(file.shown, |found| found.shown);
            Diagnostic::error(lowered(&message)).at(place(
                shown,
                loc.file.source(),
                loc.begin.line,
                loc.begin.column,
            ))
        }
        grass::ErrorKind::IoError(error) => {
            Diagnostic::error(lowered(&error.to_string())).at(Place::file(file.shown))
        }
        _ => Diagnostic::error("an imported file is not UTF-8").at(Place::file(file.shown)),
    }
}

/// The files of `assets/` as the file system that Sass sees.
struct Files<'a, 'f> {
    file: AssetFile<'a>,
    find: &'f Find<'a>,
}

impl std::fmt::Debug for Files<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Files")
            .field("file", &self.file.path)
            .finish_non_exhaustive()
    }
}

impl<'a> Files<'a, '_> {
    fn at(&self, path: &Path) -> Option<AssetFile<'a>> {
        let path = normalised(path)?;
        if path == self.file.path {
            return Some(self.file);
        }
        (self.find)(&path)
    }
}

impl grass::Fs for Files<'_, '_> {
    /// A folder is one here where a file is in it that stands for it.
    fn is_dir(&self, path: &Path) -> bool {
        ["_index.scss", "index.scss", "_index.sass", "index.sass"]
            .iter()
            .any(|name| self.is_file(&path.join(name)))
    }

    fn is_file(&self, path: &Path) -> bool {
        self.at(path).is_some()
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.at(path) {
            Some(file) if has_open_comment(file.path, &String::from_utf8_lossy(file.bytes)) => {
                Err(io::Error::other(OPEN_COMMENT))
            }
            Some(file) => Ok(file.bytes.to_vec()),
            None => Err(io::Error::new(
                io::ErrorKind::NotFound,
                format!("there is no asset `{}`", path.display()),
            )),
        }
    }
}

/// Returns a path within `assets/`; none where it leads out of it.
fn normalised(path: &Path) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for component in path.components() {
        match component {
            Component::Normal(name) => names.push(name.to_str()?),
            Component::CurDir => {}
            Component::ParentDir => {
                names.pop()?;
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(names.join("/"))
}
