//! The pages that readers search with: one for each language, the script, and the lists of parts.

use super::page::Subject;
use crate::archive::{self, Archive};
use crate::base::route::{Route, RouteFault};
use crate::search::part::{self, Shelf};
use crate::search::runtime;
use crate::theme::kind::Kind;
use crate::theme::theme::Theme;

/// The folder of assets that the search page alone needs: a site without a search has none of them.
pub(super) const ASSETS: &str = "search/";

/// Returns where readers search the articles of the language whose root is a section; none where the
/// site has no search, or the theme has no template for it.
pub(super) fn page(archive: &Archive, theme: &Theme, root: usize) -> Option<Route> {
    let is_made = archive.config.search.is_on && theme.template(Kind::Search, None).is_some();
    is_made.then(|| route(archive, root).ok())?
}

fn route(archive: &Archive, root: usize) -> Result<Route, RouteFault> {
    let rules = archive::rules(&archive.config);
    archive.sections[root].route.page_in(&["search"], &rules)
}

/// Lists the pages where readers search.
pub(super) fn pages(archive: &Archive, theme: &Theme) -> Vec<(Route, Subject)> {
    let pages = archive
        .roots()
        .filter_map(|root| Some((page(archive, theme, root)?, Subject::SearchPage(root))));
    pages.collect()
}

/// Lists the files that are the same whatever is searched, and the list of each language's parts.
pub(super) fn files(archive: &Archive) -> Vec<(String, Subject)> {
    if !archive.config.search.is_on {
        return Vec::new();
    }
    let mut files = vec![(part::script(), Subject::SearchScript)];
    for root in archive.roots() {
        let language = &archive.sections[root].language;
        let folder = part::folder(language);
        let (wasm, _) = runtime::wasm(language);
        files.push((
            format!("{folder}wasm.{wasm}.pagefind"),
            Subject::SearchWasm(root),
        ));
        files.push((
            format!("{folder}{}", part::LIST),
            Subject::SearchParts(root),
        ));
    }
    files
}

/// Returns the list of the parts of the language whose root is a section.
pub fn list(shelves: &[Shelf], root: usize) -> String {
    let shelf = shelves.iter().find(|shelf| shelf.root == root);
    shelf.map(Shelf::list).unwrap_or_default()
}
