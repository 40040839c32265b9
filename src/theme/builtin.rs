//! The themes in the binary, so that a site without `themes/` builds.

use include_dir::{Dir, include_dir};

static THEMES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/themes");

/// Returns the names of the themes in the binary.
pub fn names() -> impl Iterator<Item = &'static str> {
    THEMES.dirs().filter_map(|theme| theme.path().to_str())
}

/// Returns the files of a theme in the binary, by their paths in it, sorted; none where there is no
/// such theme.
pub fn files(theme: &str) -> Option<Vec<(&'static str, &'static [u8])>> {
    let folder = THEMES.get_dir(theme)?;
    let mut files = Vec::new();
    let mut open = vec![folder];
    while let Some(folder) = open.pop() {
        open.extend(folder.dirs());
        for file in folder.files() {
            let path = file.path().strip_prefix(theme).ok()?.to_str()?;
            files.push((path, file.contents()));
        }
    }
    files.sort_unstable();
    Some(files)
}
