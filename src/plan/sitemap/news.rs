//! The news sitemap: what was published in the last two days, after Google's protocol of news sitemaps.
//!
//! What is in it depends on the moment of the build, and so it carries the moment at which it stops
//! being right. What somebody paid for is no news.

use super::{element, head};
use crate::archive::{Archive, ArticleId};
use crate::base::route::Route;
use quick_xml::escape::escape;

const NAMESPACE: &str = "http://www.google.com/schemas/sitemap-news/0.9";

/// How long an article is news, in seconds.
const WINDOW: i64 = 2 * 24 * 60 * 60;

/// The most articles in one news sitemap.
pub const MOST_ARTICLES: usize = 1_000;

/// The name of the news sitemap.
pub const NAME: &str = "news-sitemap";

/// Lists the articles that are news at the moment of the build, the newest first.
pub fn articles(archive: &Archive) -> Vec<ArticleId> {
    let instant = |id: &ArticleId| {
        let timestamp = archive.article(*id).article.meta.timestamp;
        timestamp.map_or(i64::MIN, |time| time.instant())
    };
    archive
        .dated()
        .rev()
        .skip_while(|id| instant(id) > archive.now)
        .take_while(|id| instant(id) > archive.now - WINDOW)
        .filter(|id| !archive.article(*id).article.meta.is_sponsored())
        .collect()
}

/// Returns the Unix second at which one of these articles is no longer news.
pub fn valid_until(archive: &Archive, articles: &[ArticleId]) -> Option<i64> {
    let instants = articles
        .iter()
        .filter_map(|id| archive.article(*id).article.meta.timestamp);
    instants.map(|time| time.instant() + WINDOW).min()
}

/// Returns the news sitemap of these articles.
pub fn sitemap(archive: &Archive, articles: &[ArticleId]) -> String {
    let publication = publication(&archive.config.title);
    let mut xml = head("urlset", &[("news", NAMESPACE)]);
    if articles.is_empty() {
        // The protocol asks for an address at least; one without news is none.
        xml.push_str("<url>");
        element(&mut xml, "loc", &archive.permalink(&Route::home()));
        xml.push_str("</url>\n");
    }
    for id in articles {
        let one = archive.article(*id);
        let meta = &one.article.meta;
        let Some(published) = &meta.timestamp else {
            continue;
        };
        xml.push_str("<url>");
        element(&mut xml, "loc", &archive.permalink(&one.route));
        xml.push_str("<news:news><news:publication>");
        element(&mut xml, "news:name", &publication);
        let language = archive.language(one);
        element(&mut xml, "news:language", language_code(language));
        xml.push_str("</news:publication>");
        element(&mut xml, "news:publication_date", &published.rfc3339());
        xml.push_str(&format!(
            "<news:title>{}</news:title>",
            escape(meta.headline.as_str())
        ));
        xml.push_str("</news:news></url>\n");
    }
    xml.push_str("</urlset>\n");
    xml
}

/// Returns the name of a publication without what stands in brackets, as Google asks for it.
fn publication(title: &str) -> String {
    let mut name = String::with_capacity(title.len());
    let mut depth = 0_usize;
    for letter in title.chars() {
        match letter {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ if depth == 0 => name.push(letter),
            _ => {}
        }
    }
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.is_empty() {
        true => title.to_owned(),
        false => name,
    }
}

/// Returns the code of ISO 639 for a BCP 47 tag; Chinese has Google's two codes for its scripts.
fn language_code(tag: &str) -> &str {
    let mut subtags = tag.split('-');
    let language = subtags.next().unwrap_or_default();
    if !language.eq_ignore_ascii_case("zh") {
        return language;
    }
    let is_traditional = subtags.any(|subtag| {
        ["hant", "tw", "hk", "mo"]
            .iter()
            .any(|known| subtag.eq_ignore_ascii_case(known))
    });
    if is_traditional { "zh-tw" } else { "zh-cn" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_publication_has_no_brackets_in_its_name() {
        for (title, expect) in [
            ("The Gazette", "The Gazette"),
            ("The Gazette (UK)", "The Gazette"),
            ("The (old (and new)) Gazette", "The Gazette"),
            ("ガゼット（日本）", "ガゼット"),
            ("(UK)", "(UK)"),
        ] {
            assert_eq!(publication(title), expect, "{title}");
        }
    }

    #[test]
    fn languages_have_the_codes_of_news_sitemaps() {
        for (tag, expect) in [
            ("en-GB", "en"),
            ("pt", "pt"),
            ("yue-HK", "yue"),
            ("zh", "zh-cn"),
            ("zh-Hans-SG", "zh-cn"),
            ("zh-TW", "zh-tw"),
            ("zh-Hant", "zh-tw"),
            ("zh-HK", "zh-tw"),
        ] {
            assert_eq!(language_code(tag), expect, "{tag}");
        }
    }
}
