//! JSON Feed 1.1, with the photo's credit in an extension of dateline's: `_dateline`.

use super::Channel;
use super::entry::{Entry, EntryPhoto};
use serde::Serialize;

const VERSION: &str = "https://jsonfeed.org/version/1.1";

#[derive(Serialize)]
struct Feed<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: &'a str,
    feed_url: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    language: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    favicon: Option<&'a str>,
    authors: Vec<Author<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<Hub<'a>>,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Hub<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    url: &'a str,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    url: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<&'a str>,
    /// In a feed of summaries, in which an item has no other content.
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<&'a str>,
    summary: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author<'a>>,
    #[serde(skip_serializing_if = "<[&str]>::is_empty")]
    tags: &'a [&'a str],
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(rename = "_dateline", skip_serializing_if = "Option::is_none")]
    extension: Option<Extension<'a>>,
}

#[derive(Serialize)]
struct Extension<'a> {
    photo: Photo<'a>,
}

/// What is known of an item's image.
#[derive(Serialize)]
struct Photo<'a> {
    /// As written.
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<&'a str>,
    /// Whom it names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    credited: Vec<Credit<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alt: Option<&'a str>,
}

#[derive(Serialize)]
struct Credit<'a> {
    role: &'static str,
    name: &'a str,
}

pub(super) fn write(channel: &Channel<'_>) -> String {
    let config = &channel.archive.config;
    let feed = Feed {
        version: VERSION,
        title: &channel.title,
        home_page_url: &channel.home,
        feed_url: &channel.own,
        description: &config.description,
        language: channel.language,
        icon: channel.icons.as_ref().map(|(_, large)| large.as_str()),
        favicon: channel.icons.as_ref().map(|(small, _)| small.as_str()),
        authors: vec![Author {
            name: &config.publisher.name,
            url: config.publisher.url.as_deref(),
        }],
        hubs: channel
            .hubs
            .iter()
            .map(|url| Hub {
                kind: "WebSub",
                url,
            })
            .collect(),
        items: channel.entries.iter().map(item).collect(),
    };
    let json = serde_json::to_string_pretty(&feed).expect("texts, numbers and lists make JSON");
    // Who takes it for HTML finds no tag in it.
    let json = json.replace('<', "\\u003c").replace('>', "\\u003e");
    format!("{json}\n")
}

fn item<'a>(entry: &'a Entry<'_>) -> Item<'a> {
    let authors = entry.authors.iter().map(|author| Author {
        name: author.name,
        url: author.address.as_deref(),
    });
    let time =
        |time: Option<crate::base::timestamp::Timestamp>| time.map(|time| time.rfc3339_full());
    Item {
        id: &entry.id,
        url: &entry.address,
        title: &entry.title,
        content_html: entry.content.as_deref(),
        content_text: entry.content.is_none().then_some(entry.summary.as_str()),
        summary: &entry.summary,
        image: entry
            .photo
            .as_ref()
            .map(|photo| photo.place.permalink.as_str()),
        date_published: time(entry.published),
        date_modified: time(
            entry
                .updated
                .filter(|updated| Some(*updated) > entry.published),
        ),
        authors: authors.collect(),
        tags: &entry.categories,
        language: entry.language,
        extension: entry.photo.as_ref().and_then(extension),
    }
}

fn extension<'a>(photo: &'a EntryPhoto<'_>) -> Option<Extension<'a>> {
    let caption = photo.caption.as_deref();
    let is_known = photo.credit().is_some() || caption.is_some() || photo.alt().is_some();
    is_known.then_some(Extension {
        photo: Photo {
            credit: photo.credit(),
            credited: photo
                .credited
                .iter()
                .map(|one| Credit {
                    role: one.role,
                    name: &one.name,
                })
                .collect(),
            caption,
            alt: photo.alt(),
        },
    })
}
