//! The link that opens a file of the site in the user's editor.

use crate::source::config::EDITORS;
use std::path::Path;

/// Where a file can be opened.
#[derive(Debug, Clone, Default)]
pub struct Editor {
    /// The address with `{path}`, `{line}` and `{column}`; none where no link is wanted.
    pattern: Option<String>,
}

impl Editor {
    /// Takes what the configuration says: the name of an editor, `none`, or an address.
    pub fn new(setting: &str) -> Self {
        let known = EDITORS.iter().find(|(name, _)| *name == setting);
        Self {
            pattern: known
                .map_or(Some(setting), |(_, pattern)| *pattern)
                .map(str::to_owned),
        }
    }

    /// Returns the address that opens a file at a line and a column, both counted from 1.
    pub fn link(&self, root: &Path, path: &str, line: usize, column: usize) -> Option<String> {
        let pattern = self.pattern.as_ref()?;
        let path = root.join(path);
        Some(
            pattern
                .replace("{path}", &encoded(path.to_str()?))
                .replace("{line}", &line.to_string())
                .replace("{column}", &column.to_string()),
        )
    }
}

/// Percent-encodes a path but for its slashes.
fn encoded(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    path.bytes()
        .map(|byte| match is_plain(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_the_line() {
        let link = |setting| Editor::new(setting).link(Path::new("/a b"), "content/é.md", 3, 7);
        assert_eq!(
            link("vscode").as_deref(),
            Some("vscode://file/a%20b/content/%C3%A9.md:3:7")
        );
        assert_eq!(
            link("idea").as_deref(),
            Some("idea://open?file=/a%20b/content/%C3%A9.md&line=3&column=7")
        );
        assert_eq!(
            link("my-editor:{path}+{line}").as_deref(),
            Some("my-editor:/a%20b/content/%C3%A9.md+3")
        );
        assert_eq!(link("none"), None);
    }
}
