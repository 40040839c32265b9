//! What a page says of itself in its head to search engines, social networks and feed readers: its
//! canonical address, robots, OpenGraph, Twitter cards, authors and feeds.
//!
//! One value for every theme, so that none of it depends on who wrote the theme. Attributes are
//! escaped here.

use super::icons;
use super::page::{Page, Subject};
use super::view::{Info, View};
use crate::archive::{Archive, Published};
use crate::source::article::Data;
use crate::source::front_matter::Person;
use crate::theme::kind::Kind;
use crate::theme::value;
use quick_xml::escape::escape;
use std::fmt::Write;
use tera::value::Key;

/// What search engines may show of a page: whole pictures.
const ROBOTS: &str = "max-image-preview:large";

/// Returns the elements, each on a line of its own.
pub fn of(view: &View<'_>, page: &Page, info: &Info) -> String {
    let archive = view.archive;
    let mut head = Head::default();
    let one = match &page.subject {
        Subject::Article(id) => Some(archive.article(*id)),
        _ => None,
    };
    let is_indexable = !matches!(info.kind, Kind::NotFound | Kind::Redirect);
    let own = archive.permalink(&page.route);
    head.robots(one, is_indexable);
    head.name("description", &info.description);
    if is_indexable {
        head.link("canonical", &own, "");
    }
    head.open_graph(archive, one, info);
    if is_indexable {
        head.property("og:url", &own);
    }
    if let Some(one) = one {
        head.article(archive, one);
    }
    head.picture(archive, info);
    head.icons(archive);
    for (title, route, format) in &info.feeds {
        let title = format!("{title} ({})", format.title());
        let more = format!(
            " type=\"{}\" title=\"{}\"",
            format.media_type(),
            escape(title.as_str())
        );
        head.link("alternate", &archive.url(route), &more);
    }
    head.0.truncate(head.0.trim_end().len());
    head.0
}

/// Returns a page's title for social networks.
pub fn social_title(archive: &Archive, page: &Page, info: &Info) -> String {
    if let Subject::Article(id) = page.subject {
        let meta = &archive.article(id).article.meta;
        let headline = meta.presented(|one| one.social_headline.as_deref());
        return headline.unwrap_or(&meta.headline).to_owned();
    }
    numbered(&info.title, page)
}

/// Tells the pages of a list apart: only the front has no number.
pub fn numbered(text: &str, page: &Page) -> String {
    match &page.subject {
        Subject::List(_, slice) if !slice.is_front => format!("{text} ({})", slice.number),
        _ => text.to_owned(),
    }
}

/// Adds what the elements of an article are made of beside its card, the site and its section.
pub(super) fn people<'a>(
    archive: &'a Archive,
    one: &'a Published,
) -> impl Iterator<Item = &'a Person> {
    let authors = archive.groups.iter().zip(one.terms.iter());
    let authors = authors.filter(|(group, _)| group.taxonomy.key == "authors");
    authors
        .flat_map(|(group, terms)| terms.iter().map(|term| &group.terms[*term as usize]))
        .filter_map(|term| term.person.as_ref())
}

#[derive(Default)]
struct Head(String);

impl Head {
    fn meta(&mut self, attribute: &str, key: &str, content: &str) {
        if !content.is_empty() {
            let _ = writeln!(
                self.0,
                "<meta {attribute}=\"{key}\" content=\"{}\">",
                escape(content)
            );
        }
    }

    fn name(&mut self, key: &str, content: &str) {
        self.meta("name", key, content);
    }

    fn property(&mut self, key: &str, content: &str) {
        self.meta("property", key, content);
    }

    fn link(&mut self, relation: &str, address: &str, more: &str) {
        let _ = writeln!(
            self.0,
            "<link rel=\"{relation}\"{more} href=\"{}\">",
            escape(address)
        );
    }

    fn robots(&mut self, one: Option<&Published>, is_indexable: bool) {
        let expires = one.and_then(|one| one.article.meta.expires);
        match (is_indexable, expires) {
            (false, _) => self.name("robots", "noindex"),
            (true, None) => self.name("robots", ROBOTS),
            (true, Some(expires)) => {
                let expires = expires.rfc3339_full();
                self.name("robots", &format!("{ROBOTS}, unavailable_after: {expires}"));
            }
        }
    }

    fn open_graph(&mut self, archive: &Archive, one: Option<&Published>, info: &Info) {
        let is_dated = one.is_some_and(|one| one.article.meta.timestamp.is_some());
        self.property("og:type", if is_dated { "article" } else { "website" });
        self.property("og:site_name", &archive.config.title);
        self.property("og:title", &info.social_title);
        self.property("og:description", &info.description);
        self.property("og:locale", &info.language.replace('-', "_"));
        self.name("twitter:title", &info.social_title);
    }

    fn article(&mut self, archive: &Archive, one: &Published) {
        let meta = &one.article.meta;
        if let Some(published) = &meta.timestamp {
            self.property("article:published_time", &published.rfc3339_full());
            let updated = meta
                .updated
                .as_ref()
                .filter(|updated| *updated >= published);
            if let Some(updated) = updated {
                self.property("article:modified_time", &updated.rfc3339_full());
            }
            if !archive.is_root(one.section) {
                self.property("article:section", &archive.sections[one.section].title);
            }
            for (group, terms) in archive.groups.iter().zip(one.terms.iter()) {
                let terms = terms.iter().map(|term| &group.terms[*term as usize]);
                match group.taxonomy.key.as_str() {
                    "authors" => {
                        terms.for_each(|term| {
                            self.property("article:author", &archive.permalink(&term.route));
                        });
                    }
                    "tags" => terms.for_each(|term| self.property("article:tag", &term.name)),
                    _ => {}
                }
            }
        }
        for author in meta.authors.iter() {
            self.name("author", author);
        }
        for account in people(archive, one).filter_map(fediverse) {
            self.name("fediverse:creator", &account);
        }
    }

    fn icons(&mut self, archive: &Archive) {
        for link in icons::links(archive) {
            let mut more = String::new();
            for (name, value) in [("sizes", link.sizes.as_deref()), ("type", link.media_type)] {
                if let Some(value) = value {
                    let _ = write!(more, " {name}=\"{value}\"");
                }
            }
            self.link(link.rel, &link.url, &more);
        }
    }

    fn picture(&mut self, archive: &Archive, info: &Info) {
        let image = value::as_social(archive, info.image.clone());
        let field = |name: &'static str| {
            let map = image.as_map()?;
            let value = map.get(&Key::Str(name))?;
            (!value.is_none()).then(|| value.to_string())
        };
        let Some(address) = field("permalink") else {
            self.name("twitter:card", "summary");
            return;
        };
        self.property("og:image", &address);
        if let (Some(width), Some(height)) = (field("width"), field("height")) {
            self.property("og:image:width", &width);
            self.property("og:image:height", &height);
        }
        self.property("og:image:type", &field("type").unwrap_or_default());
        let alt = field("alt").filter(|alt| !alt.is_empty());
        let alt = alt.unwrap_or_else(|| info.title.clone());
        self.property("og:image:alt", &alt);
        self.name("twitter:card", "summary_large_image");
        self.name("twitter:image:alt", &alt);
    }
}

/// Returns a person's account in the Fediverse, such as `@ana@social.example`: `fediverse` of
/// `data/authors.yaml`, else the first link whose address is that of an account.
fn fediverse(person: &Person) -> Option<String> {
    if let Data::Map(entries) = &person.extra
        && let Some((_, Data::Text(account))) = entries.iter().find(|(key, _)| key == "fediverse")
    {
        return Some(account.clone());
    }
    person.links.iter().find_map(|(name, address)| {
        let known = ["mastodon", "fediverse", "pixelfed", "peertube"];
        let is_known = known.iter().any(|known| name.eq_ignore_ascii_case(known));
        let (host, user) = address.strip_prefix("https://")?.split_once("/@")?;
        let is_account = is_known && !host.contains('/') && !user.is_empty();
        (is_account && !user.contains(['/', '?', '#'])).then(|| format!("@{user}@{host}"))
    })
}
