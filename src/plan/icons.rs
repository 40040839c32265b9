//! The icons of the site, made of one picture, and what phones are told of them.

use super::page::Subject;
use crate::archive::Archive;
use crate::archive::reference::{self, PictureTarget};
use crate::base::route::Route;
use crate::darkroom::icon::ICONS;
use serde_json::json;

/// The name of the file for phones.
pub const MANIFEST: &str = "site.webmanifest";

/// Returns the path of the picture of which icons are made, where it is one that can be used.
pub fn file(archive: &Archive) -> Option<String> {
    let src = archive.config.icon.as_deref()?;
    match reference::picture("content/_index.md", src)? {
        PictureTarget::File(path) => {
            let picture = archive.files.get(&path)?.picture.as_ref()?;
            picture.is_ok().then_some(path)
        }
        PictureTarget::Elsewhere => None,
    }
}

/// Lists the icons and the file for phones. Files of `static/` with their names go before them.
pub fn pages(archive: &Archive) -> Vec<(Route, Subject)> {
    if file(archive).is_none() {
        return Vec::new();
    }
    let icons = ICONS.iter().enumerate();
    let all = icons
        .map(|(at, icon)| (icon.name, Subject::Icon(at)))
        .chain([(MANIFEST, Subject::WebManifest)]);
    all.filter(|(name, _)| !archive.files.contains_key(&format!("static/{name}")))
        .filter_map(|(name, subject)| Some((route(archive, name)?, subject)))
        .collect()
}

/// Writes the file for phones: a manifest of the W3C's Web Application Manifest.
pub fn manifest(archive: &Archive) -> String {
    let icons: Vec<_> = ICONS
        .iter()
        .filter(|icon| icon.name.starts_with("icon-"))
        .filter_map(|icon| {
            let size = icon.sizes.first()?;
            Some(json!({
                "src": archive.url(&route(archive, icon.name)?),
                "sizes": format!("{size}x{size}"),
                "type": "image/png",
            }))
        })
        .collect();
    let home = archive.url(&Route::home());
    let manifest = json!({
        "name": archive.config.title,
        "lang": archive.config.language,
        "start_url": home,
        "scope": home,
        "display": "browser",
        "icons": icons,
    });
    format!("{manifest}\n")
}

/// A link to an icon, for the head of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IconLink {
    /// `icon`, `apple-touch-icon` or `manifest`.
    pub rel: &'static str,
    /// Its address, from the host's root.
    pub url: String,
    /// Its sizes, such as `192x192` or `any`.
    pub sizes: Option<String>,
    /// Its media type.
    pub media_type: Option<&'static str>,
}

/// Lists the links to the icons; a drawing is linked as it is before the others, for browsers that
/// know drawings.
pub fn links(archive: &Archive) -> Vec<IconLink> {
    let Some(path) = file(archive) else {
        return Vec::new();
    };
    let link = |rel, name: &str, sizes: Option<String>, media_type| {
        Some(IconLink {
            rel,
            url: archive.url(&route(archive, name)?),
            sizes,
            media_type,
        })
    };
    let mut links = Vec::new();
    let size = |icon: &crate::darkroom::icon::Icon| {
        let sizes = icon.sizes.iter().map(|size| format!("{size}x{size}"));
        Some(sizes.collect::<Vec<_>>().join(" "))
    };
    for icon in &ICONS {
        links.extend(match icon.name {
            "favicon.ico" => link("icon", icon.name, size(icon), Some("image/x-icon")),
            "apple-touch-icon.png" => link("apple-touch-icon", icon.name, size(icon), None),
            _ => link("icon", icon.name, size(icon), Some("image/png")),
        });
    }
    if path.ends_with(".svg")
        && let Some(name) = path.strip_prefix("static/")
    {
        links.extend(link(
            "icon",
            name,
            Some("any".to_owned()),
            Some("image/svg+xml"),
        ));
    }
    links.extend(link("manifest", MANIFEST, None, None));
    links
}

/// The icon that feeds show in lists of feeds.
pub(super) const SMALL: &str = "icon-192.png";

/// The icon that feeds show of the site.
pub(super) const LARGE: &str = "icon-512.png";

/// Returns the whole address of an icon of this name; none of a site without icons.
pub(super) fn address(archive: &Archive, name: &str) -> Option<String> {
    file(archive)?;
    Some(archive.permalink(&route(archive, name)?))
}

fn route(archive: &Archive, name: &str) -> Option<Route> {
    let rules = crate::archive::rules(&archive.config);
    Route::home().file_in(name, &rules).ok()
}
