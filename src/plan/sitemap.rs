//! sitemap.xml after sitemaps.org's protocol 0.9 with Google's extensions for pictures and for news, and
//! robots.txt after RFC 9309.

pub mod news;

use super::page::{Page, Subject};
use crate::archive::reference;
use crate::archive::{Archive, Published};
use crate::base::fingerprint::Fingerprinter;
use crate::base::route::Route;
use crate::theme::value::PicturePlace;
use quick_xml::escape::escape;
use std::ops::Range;

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";
const PICTURES: &str = "http://www.google.com/schemas/sitemap-image/1.1";

/// The most addresses in one sitemap (sitemaps.org).
const MOST_ADDRESSES: usize = 50_000;

/// The most bytes of one sitemap (sitemaps.org), with room for an error of the estimate.
const MOST_BYTES: usize = 45_000_000;

/// The most pictures of one address (Google).
const MOST_PICTURES: usize = 1_000;

/// Returns the sitemap of these pages.
///
/// Only articles have a `lastmod`, which is the author's word for when they last changed: what is
/// not certain is left out, since a date that is often wrong is trusted nowhere.
pub fn sitemap(archive: &Archive, pages: &[Page]) -> String {
    let mut xml = head("urlset", &[("image", PICTURES)]);
    let base = escape(&archive.config.base_url);
    for page in pages {
        // An address in two parts: there may be fifty thousand, and none is put together for this.
        let path = page.route.url_path();
        for part in ["<url><loc>", &base, &escape(&*path), "</loc>"] {
            xml.push_str(part);
        }
        if let Subject::Article(id) = page.subject {
            let one = archive.article(id);
            let meta = &one.article.meta;
            if let Some(time) = meta.updated.max(meta.timestamp) {
                element(&mut xml, "lastmod", &time.rfc3339());
            }
            for address in pictures(archive, one).into_iter().take(MOST_PICTURES) {
                xml.push_str("<image:image>");
                element(&mut xml, "image:loc", &address);
                xml.push_str("</image:image>");
            }
        }
        xml.push_str("</url>\n");
    }
    xml.push_str("</urlset>\n");
    xml
}

/// Adds what a sitemap says of a page.
pub(super) fn print(archive: &Archive, page: &Page, print: &mut Fingerprinter) {
    print.text(page.route.path());
    if let Subject::Article(id) = page.subject {
        let article = &archive.article(id).article;
        let meta = &article.meta;
        print.value(&meta.updated.max(meta.timestamp));
        for src in sources(archive.article(id)) {
            print.text(src);
        }
    }
}

/// Divides pages into those of several sitemaps, by the limits of the protocol.
pub(super) fn parts(archive: &Archive, pages: &[Page]) -> Vec<Range<usize>> {
    let base = archive.config.base_url.len();
    let sizes = pages.iter().map(|page| {
        let pictures = match page.subject {
            Subject::Article(id) => sources(archive.article(id)).count(),
            _ => 0,
        };
        // A byte of an address takes three where it is encoded; names of files are short.
        let address = base + 3 * page.route.path().len();
        100 + address + pictures * (address + 400)
    });
    divided(sizes, MOST_ADDRESSES, MOST_BYTES)
}

/// Divides what has these sizes into parts of at most so many and of at most so many bytes together,
/// or of a single one; at least one part, which may be empty.
fn divided(
    sizes: impl Iterator<Item = usize>,
    most: usize,
    most_bytes: usize,
) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let (mut start, mut bytes, mut end) = (0, 0, 0);
    for (at, size) in sizes.enumerate() {
        if at - start == most || (bytes + size > most_bytes && at > start) {
            parts.push(start..at);
            (start, bytes) = (at, 0);
        }
        bytes += size;
        end = at + 1;
    }
    parts.push(start..end);
    parts
}

/// Lists the pictures that an article names, as written.
fn sources(one: &Published) -> impl Iterator<Item = &str> {
    let photo = one
        .article
        .meta
        .photo
        .iter()
        .map(|photo| photo.src.as_str());
    let body = one.article.outline.pictures.iter();
    photo.chain(body.map(|picture| picture.src.as_str()))
}

/// Returns the addresses of the pictures that an article shows, each once.
fn pictures(archive: &Archive, one: &Published) -> Vec<String> {
    let mut addresses: Vec<String> = Vec::new();
    for src in sources(one) {
        let Some(target) = reference::picture(&one.article.path, src) else {
            continue;
        };
        let place = PicturePlace::of(archive, &one.route, src, &target);
        if place.permalink.starts_with("http") && !addresses.contains(&place.permalink) {
            addresses.push(place.permalink);
        }
    }
    addresses
}

/// Returns the index of `count` sitemaps that are called `name` and a number.
pub fn index(archive: &Archive, name: &str, count: usize) -> String {
    let mut xml = head("sitemapindex", &[]);
    for part in 1..=count {
        xml.push_str("<sitemap>");
        let address = format!("{}/{}", archive.config.base_url, part_name(name, part));
        element(&mut xml, "loc", &address);
        xml.push_str("</sitemap>\n");
    }
    xml.push_str("</sitemapindex>\n");
    xml
}

/// Returns the name of one of several sitemaps.
pub(super) fn part_name(name: &str, part: usize) -> String {
    format!("{name}-{part}.xml")
}

/// Returns robots.txt: everything may be crawled, and the sitemaps are named.
pub fn robots(archive: &Archive) -> String {
    let base = &archive.config.base_url;
    format!(
        "User-agent: *\nAllow: /\n\nSitemap: {base}/{}.xml\nSitemap: {base}/{}.xml\n",
        NAME,
        news::NAME
    )
}

/// The name of the sitemap.
pub const NAME: &str = "sitemap";

fn head(root: &str, extensions: &[(&str, &str)]) -> String {
    let mut xml =
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root} xmlns=\"{NAMESPACE}\"");
    for (prefix, namespace) in extensions {
        xml.push_str(&format!(" xmlns:{prefix}=\"{namespace}\""));
    }
    xml.push_str(">\n");
    xml
}

fn element(xml: &mut String, name: &str, text: &str) {
    for part in ["<", name, ">", &escape(text), "</", name, ">"] {
        xml.push_str(part);
    }
}

/// Returns the page that a host shows at an alias where the theme has no template for it.
pub fn redirect(archive: &Archive, to: &Route) -> String {
    let whole = archive.permalink(to);
    let whole = escape(&whole);
    let address = archive.url(to);
    let address = escape(&address);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{whole}</title>\n\
         <link rel=\"canonical\" href=\"{whole}\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <meta http-equiv=\"refresh\" content=\"0; url={address}\">\n</head>\n<body>\n\
         <p><a href=\"{address}\">{whole}</a></p>\n</body>\n</html>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sitemap_is_divided_by_its_addresses_and_by_its_bytes() {
        let check = |sizes: &[usize], ends: &[usize]| {
            let parts = divided(sizes.iter().copied(), 3, 100);
            let found: Vec<usize> = parts.iter().map(|part| part.end).collect();
            assert_eq!(found, ends, "{sizes:?}");
            let starts: Vec<usize> = parts.iter().map(|part| part.start).collect();
            assert_eq!(starts[0], 0);
            assert_eq!(starts[1..], found[..found.len() - 1], "{sizes:?}");
        };
        check(&[], &[0]);
        check(&[1, 1, 1], &[3]);
        check(&[1, 1, 1, 1], &[3, 4]);
        check(&[1; 7], &[3, 6, 7]);
        check(&[60, 40, 1], &[2, 3]);
        check(&[60, 41, 59], &[1, 3]);
        check(&[500, 1, 500], &[1, 2, 3]);
    }

    #[test]
    fn the_limits_are_those_of_the_protocol() {
        let of = |count: usize| {
            divided(std::iter::repeat_n(100, count), MOST_ADDRESSES, MOST_BYTES).len()
        };
        assert_eq!((of(50_000), of(50_001), of(100_001)), (1, 2, 3));
        const { assert!(MOST_BYTES < 50 << 20) };
    }
}
