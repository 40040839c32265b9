//! Sections: the folders of `content/`, and those that articles name.

use super::ArticleId;
use super::taxonomy::About;
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use crate::base::route::Route;
use crate::source::front_matter::Order;

/// A section, its own articles and those of the sections in it.
#[derive(Debug, Clone)]
pub struct Section {
    /// The path below `content/`, such as `local/port`; empty for the root.
    pub path: String,
    /// The headline: that of its `_index.md`, else the folder's name.
    pub title: String,
    /// Where its list stands.
    pub route: Route,
    /// What its `_index.md` says.
    pub about: Option<About>,
    /// The order of its list.
    pub order: Order,
    /// The section around it; none for the root, and for the folder of a further language.
    pub parent: Option<usize>,
    /// The language of its list, as a BCP 47 tag.
    pub language: String,
    /// The sections in it, by path.
    pub children: Vec<usize>,
    /// Its articles and those of the sections in it: the oldest first where the list shows the
    /// newest first, else in the list's own order.
    pub articles: Vec<ArticleId>,
}

impl Section {
    /// Returns the fingerprint of what a link to the section shows.
    pub fn link(&self) -> Fingerprint {
        let summary = self
            .about
            .as_ref()
            .and_then(|about| about.summary.as_deref());
        Fingerprinter::new("section link")
            .text(&self.title)
            .text(&self.path)
            .text(self.route.path())
            .text(&self.language)
            .optional(summary)
            .finish()
    }
}

/// Returns the section around a section that has none around it.
pub fn root_of(sections: &[Section], section: usize) -> usize {
    let way = std::iter::successors(Some(section), |at| sections[*at].parent);
    way.last().unwrap_or_default()
}

/// Makes a headline of a folder's name: `port-news` becomes `Port news`.
pub fn title_of(folder: &str) -> String {
    let words = folder.replace(['-', '_'], " ");
    let mut letters = words.trim().chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => folder.to_owned(),
    }
}

/// Returns a section's path and those of the sections around it, the outermost first, without the
/// root.
pub fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/')
        .map(|(at, _)| &path[..at])
        .chain((!path.is_empty()).then_some(path))
}

/// Returns the folders that a file's path lies in, the outermost first.
pub fn ancestors_of_file(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_a_headline() {
        assert_eq!(title_of("port-news"), "Port news");
        assert_eq!(title_of("éire"), "Éire");
        assert_eq!(title_of("-"), "-");
    }

    #[test]
    fn a_path_has_ancestors_from_the_outermost() {
        assert_eq!(
            ancestors("a/b/c").collect::<Vec<_>>(),
            ["a", "a/b", "a/b/c"]
        );
        assert_eq!(ancestors("").count(), 0);
    }
}
