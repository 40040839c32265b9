//! sitemap.xml after sitemaps.org's protocol 0.9, and robots.txt after RFC 9309.

use super::page::{Page, Subject};
use crate::archive::Archive;
use crate::base::route::Route;
use quick_xml::escape::escape;

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// Returns the sitemap of these pages.
///
/// Only articles have a `lastmod`, which is the author's word for when they last changed: what is
/// not certain is left out, since a date that is often wrong is trusted nowhere.
pub fn sitemap(archive: &Archive, pages: &[Page]) -> String {
    let mut xml = head("urlset");
    for page in pages {
        let address = archive.permalink(&page.route);
        xml.push_str("<url><loc>");
        xml.push_str(&escape(address.as_str()));
        xml.push_str("</loc>");
        if let Subject::Article(id) = page.subject {
            let meta = &archive.article(id).article.meta;
            if let Some(time) = meta.updated.max(meta.timestamp) {
                xml.push_str("<lastmod>");
                xml.push_str(&time.rfc3339());
                xml.push_str("</lastmod>");
            }
        }
        xml.push_str("</url>\n");
    }
    xml.push_str("</urlset>\n");
    xml
}

/// Returns the index of `count` sitemaps.
pub fn index(archive: &Archive, count: usize) -> String {
    let mut xml = head("sitemapindex");
    for part in 1..=count {
        let address = format!("{}/sitemap-{part}.xml", archive.config.base_url);
        xml.push_str("<sitemap><loc>");
        xml.push_str(&escape(address.as_str()));
        xml.push_str("</loc></sitemap>\n");
    }
    xml.push_str("</sitemapindex>\n");
    xml
}

/// Returns robots.txt: everything may be crawled, and the sitemap is named.
pub fn robots(archive: &Archive) -> String {
    format!(
        "User-agent: *\nAllow: /\n\nSitemap: {}/sitemap.xml\n",
        archive.config.base_url
    )
}

fn head(element: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{element} xmlns=\"{NAMESPACE}\">\n")
}

/// Returns the page that a host shows at an alias where the theme has no template for it.
pub fn redirect(archive: &Archive, to: &Route) -> String {
    let address = archive.permalink(to);
    let address = escape(address.as_str());
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{address}</title>\n\
         <link rel=\"canonical\" href=\"{address}\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <meta http-equiv=\"refresh\" content=\"0; url={address}\">\n</head>\n<body>\n\
         <p><a href=\"{address}\">{address}</a></p>\n</body>\n</html>\n"
    )
}
