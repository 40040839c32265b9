//! What dateline.yaml names among the site's own pages and pictures is there.

use crate::archive::Archive;
use crate::archive::reference::{self, PictureTarget};
use crate::base::diagnostic::{Diagnostic, Place};
use crate::source::config::Named;

/// Reports entries of the menu that lead to no article, and pictures that are not there.
pub(super) fn check(archive: &Archive) -> Vec<Diagnostic> {
    let named = &archive.config.named;
    named
        .iter()
        .filter_map(|(named, place)| match named {
            Named::Link(target) => link(archive, "the menu leads", target, place),
            Named::Policy(target) => {
                link(archive, "a policy of the publisher leads", target, place)
            }
            Named::Picture(src) => picture(archive, src, place),
            Named::Language(tag) => language(archive, tag, place),
            // It was looked at when it was read.
            Named::Font(_) => None,
            // The theme knows its settings, and looks at them when it is loaded.
            Named::Extra(_) => None,
        })
        .collect()
}

/// Reports a language that has neither an article nor a page of its own.
fn language(archive: &Archive, tag: &str, place: &Place) -> Option<Diagnostic> {
    if archive.section(tag).is_some() {
        return None;
    }
    let message = format!("nothing is written in `{tag}`");
    let fault = Diagnostic::error(message).at(place.clone());
    Some(fault.hint(format!(
        "put articles into content/{tag}/, and the publication's name in that language into \
         content/{tag}/_index.md"
    )))
}

/// Returns the whole address that dateline.yaml means: `@/...` is a file of `content/`, `/...` a path of
/// the site. None where no article is there that readers can see.
pub(super) fn address(archive: &Archive, written: &str) -> Option<String> {
    if written.starts_with("@/") {
        let url = archive.link("content/_index.md", written)?;
        let path = url.strip_prefix(archive.base_path()).unwrap_or(&url);
        return Some(format!("{}{path}", archive.config.base_url));
    }
    if reference::is_elsewhere(written) {
        return Some(written.to_owned());
    }
    let path = written.trim_start_matches('/');
    Some(format!("{}/{path}", archive.config.base_url))
}

fn link(archive: &Archive, what: &str, target: &str, place: &Place) -> Option<Diagnostic> {
    if !target.starts_with("@/") || archive.link("content/_index.md", target).is_some() {
        return None;
    }
    let message = format!("{what} to `{target}`, where no article is that readers can see");
    let paths = archive
        .articles
        .iter()
        .map(|article| article.article.path.as_str());
    let wanted = reference::source_link("content/_index.md", target);
    let near = wanted.and_then(|link| reference::nearest_path(&link.path, paths));
    let fault = Diagnostic::error(message).at(place.clone());
    Some(match near.and_then(|near| near.strip_prefix("content")) {
        Some(near) => fault.hint(format!("did you mean `@{near}`?")),
        None => fault.hint("name a file of content/, such as `@/about.md`"),
    })
}

fn picture(archive: &Archive, src: &str, place: &Place) -> Option<Diagnostic> {
    let fault = |message: String| Diagnostic::error(message).at(place.clone());
    match reference::picture("content/_index.md", src) {
        Some(PictureTarget::Elsewhere) => None,
        Some(PictureTarget::File(path)) if path.starts_with("static/") => {
            match archive.files.get(&path).map(|file| &file.picture) {
                Some(Some(Ok(_))) => None,
                Some(Some(Err(broken))) => Some(
                    fault(format!(
                        "the picture `{path}` can't be used: {}",
                        broken.message
                    ))
                    .hint(broken.hint.clone()),
                ),
                Some(None) => Some(
                    fault(format!("`{path}` is not a picture"))
                        .hint("pictures are JPEG, PNG, GIF, WebP, AVIF or SVG files"),
                ),
                None => {
                    let paths = archive.files.keys().map(String::as_str);
                    let near = reference::nearest_path(&path, paths);
                    let near = near.and_then(|near| near.strip_prefix("static"));
                    let fault = fault(format!("there is no picture `{path}`"));
                    Some(match near {
                        Some(near) => fault.hint(format!("did you mean `{near}`?")),
                        None => fault.hint("put the picture into static/"),
                    })
                }
            }
        }
        _ => Some(
            fault(format!("the picture `{src}` is no file of static/")).hint(
                "write it with a slash at its beginning, such as `/logo.svg`, or a whole URL",
            ),
        ),
    }
}
