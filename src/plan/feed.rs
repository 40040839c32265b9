//! Feeds: RSS 2.0 with the modules Content, Dublin Core and Media RSS 1.5.1, Atom (RFC 4287) and JSON Feed
//! 1.1, of a list's newest articles or of the newest corrections.
//!
//! Entries carry a summary, or the whole text in a profile of HTML that any reader can show. An entry's
//! id is the article's `guid`, else its address, which does not change with the headline.

mod atom;
mod entry;
mod json;
mod profile;
mod rss;
mod xml;

use super::icons;
use super::page::{FeedFormat, List, Page};
use super::view::View;
use crate::archive::{Archive, ArticleId};
use crate::base::fingerprint::Fingerprinter;
use crate::base::timestamp::Timestamp;
use crate::source::config::FeedContent;
use crate::theme::theme::Theme;
use entry::Entry;
use tera::value::Key;

/// The style sheet of feeds.
const STYLE_SHEET: &str = "feed.css";

/// Returns a feed of a list's newest articles; `bodies` are the HTML of those of [`bodies`].
pub fn feed(
    view: &View<'_>,
    page: &Page,
    list: List,
    format: FeedFormat,
    bodies: &[String],
) -> String {
    let channel = Channel::of(view, page, list, bodies);
    match format {
        FeedFormat::Rss => rss::write(&channel),
        FeedFormat::Atom => atom::write(&channel),
        FeedFormat::Json => json::write(&channel),
    }
}

/// Lists the articles whose bodies a list's feeds carry.
pub fn bodies(archive: &Archive, list: List) -> Vec<ArticleId> {
    match (archive.config.feeds.content, list) {
        (FeedContent::Summary, _) | (_, List::Corrections(_)) => Vec::new(),
        (FeedContent::Full, _) => list.feed_articles(archive),
    }
}

/// Adds what a list's feeds are made of.
pub(super) fn print(view: &View<'_>, theme: &Theme, list: List, print: &mut Fingerprinter) {
    let archive = view.archive;
    let config = &archive.config;
    let is_full = config.feeds.content == FeedContent::Full;
    print
        .fingerprint(view.site_print())
        .fingerprint(theme.words.of(list.language(archive)).print)
        .text(&list.title(archive))
        .text(list.language(archive))
        .number(u64::from(is_full));
    print.optional(style_sheet(view).as_deref());
    print.optional(icons::address(archive, icons::LARGE).as_deref());
    let credits = config.credits.agencies.iter().chain(&config.credits.own);
    for text in hubs(archive).into_iter().chain(credits.map(String::as_str)) {
        print.text(text);
    }
    if is_full {
        print.fingerprint(theme.shortcodes_print());
    }
    for id in list.feed_articles(archive) {
        let one = archive.article(id);
        print.fingerprint(if is_full { one.page } else { one.card });
    }
}

/// A feed with its entries.
struct Channel<'a> {
    archive: &'a Archive,
    title: String,
    /// The language, as a BCP 47 tag.
    language: &'a str,
    /// The feed's own address.
    own: String,
    /// The address of the list's page.
    home: String,
    /// The address of the style sheet that shows it in a browser.
    style_sheet: Option<String>,
    hubs: Vec<&'a str>,
    /// The addresses of the site's icon, small and large.
    icons: Option<(String, String)>,
    entries: Vec<Entry<'a>>,
}

impl<'a> Channel<'a> {
    fn of(view: &View<'a>, page: &Page, list: List, bodies: &[String]) -> Self {
        let archive = view.archive;
        let name = view.title_of_list(list);
        let entries = match list {
            List::Corrections(language) => entry::corrections(view, language),
            _ => {
                let articles = list.feed_articles(archive).into_iter().enumerate();
                articles
                    .map(|(at, id)| {
                        Entry::article(view, list, id, bodies.get(at).map(String::as_str))
                    })
                    .collect()
            }
        };
        Self {
            archive,
            title: match list {
                List::Section(0) => archive.config.title.clone(),
                List::Section(section) if archive.is_root(section) => name,
                _ => format!("{}: {name}", archive.config.title),
            },
            language: list.language(archive),
            own: archive.permalink(&page.route),
            home: archive.permalink(&list.route(archive)),
            style_sheet: style_sheet(view),
            hubs: hubs(archive),
            icons: icons::address(archive, icons::SMALL).zip(icons::address(archive, icons::LARGE)),
            entries,
        }
    }

    fn description(&self) -> &str {
        match self.archive.config.description.as_str() {
            "" => &self.title,
            description => description,
        }
    }

    /// Returns when the feed last changed for its readers.
    fn changed(&self) -> Option<Timestamp> {
        let times = self
            .entries
            .iter()
            .flat_map(|entry| [entry.published, entry.updated]);
        times.flatten().max_by_key(Timestamp::instant)
    }
}

fn style_sheet(view: &View<'_>) -> Option<String> {
    let sheet = view.theme.assets.find(STYLE_SHEET)?;
    Some(view.archive.url(&sheet.route))
}

/// Lists the hubs that tell subscribers of changes, each once.
fn hubs(archive: &Archive) -> Vec<&str> {
    let mut hubs: Vec<&str> = Vec::new();
    for hub in archive
        .config
        .deploy
        .iter()
        .flat_map(|target| &target.websub)
    {
        if !hubs.contains(&hub.as_str()) {
            hubs.push(hub);
        }
    }
    hubs
}

/// Returns a word of the theme in a language, if it has it.
fn word(view: &View<'_>, language: &str, key: &'static str) -> Option<String> {
    let speech = view.theme.words.of(language);
    let word = speech.value.as_map()?.get(&Key::Str(key))?;
    word.as_str().map(str::to_owned)
}
