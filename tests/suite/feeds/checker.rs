//! What the W3C's feed validator says of RSS and Atom, as far as it can be wrong here: each rule is called
//! by the name of the validator's message.

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::collections::{BTreeMap, BTreeSet};

/// The elements of an XML document.
#[derive(Debug, Default, Clone)]
pub(crate) struct Element {
    pub(crate) name: String,
    attributes: BTreeMap<String, String>,
    pub(crate) text: String,
    /// The text as it is written, with its references.
    raw: String,
    pub(crate) children: Vec<Element>,
}

impl Element {
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    pub(crate) fn text_of<'a>(&'a self, name: &'a str) -> &'a str {
        self.all(name)
            .next()
            .map_or("", |child| child.text.as_str())
    }

    pub(crate) fn attribute(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }
}

/// Reads a document.
pub(crate) fn read(xml: &str) -> Element {
    let mut reader = Reader::from_str(xml);
    let mut open = vec![Element::default()];
    let element = |start: &BytesStart<'_>| Element {
        name: start.name().as_ref().to_owned(),
        attributes: start
            .attributes()
            .map(|attribute| {
                let attribute = attribute.unwrap();
                let key = attribute.key.as_ref().to_owned();
                (
                    key,
                    quick_xml::escape::unescape(&attribute.value)
                        .unwrap()
                        .into_owned(),
                )
            })
            .collect(),
        ..Element::default()
    };
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => open.push(element(&start)),
            Event::Empty(start) => open.last_mut().unwrap().children.push(element(&start)),
            Event::End(_) => {
                let mut done = open.pop().unwrap();
                done.text = quick_xml::escape::unescape(&done.raw).unwrap().into_owned();
                open.last_mut().unwrap().children.push(done);
            }
            Event::Text(text) => {
                open.last_mut().unwrap().raw.push_str(text.as_ref());
            }
            Event::GeneralRef(reference) => {
                let name: &str = reference.as_ref();
                open.last_mut().unwrap().raw.push_str(&format!("&{name};"));
            }
            Event::Eof => return open.pop().unwrap().children.into_iter().next().unwrap(),
            _ => {}
        }
    }
}

const NAMESPACES: &[(&str, &str)] = &[
    ("atom", "http://www.w3.org/2005/Atom"),
    ("content", "http://purl.org/rss/1.0/modules/content/"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("media", "http://search.yahoo.com/mrss/"),
];

/// The elements that are known, with whether one stands in its parent more than once.
const KNOWN: &[(&str, bool)] = &[
    ("atom:link", true),
    ("author", true),
    ("category", true),
    ("channel", false),
    ("content", false),
    ("content:encoded", false),
    ("dc:creator", true),
    ("dc:language", false),
    ("description", false),
    ("entry", true),
    ("guid", false),
    ("icon", false),
    ("id", false),
    ("image", false),
    ("item", true),
    ("language", false),
    ("lastBuildDate", false),
    ("link", true),
    ("media:content", false),
    ("media:copyright", false),
    ("media:credit", true),
    ("media:description", false),
    ("name", false),
    ("pubDate", false),
    ("published", false),
    ("subtitle", false),
    ("summary", false),
    ("title", false),
    ("updated", false),
    ("uri", false),
    ("url", false),
];

/// The roles of `urn:ebu` that dateline gives.
const ROLES: &[&str] = &[
    "photographer",
    "illustrator",
    "graphic designer",
    "distribution company",
];

/// Returns the names of the rules that a feed at an address breaks.
pub(crate) fn check(xml: &str, address: &str) -> BTreeSet<&'static str> {
    let root = read(xml);
    let mut broken = BTreeSet::new();
    for (prefix, namespace) in NAMESPACES {
        let is_declared = root.attribute(&format!("xmlns:{prefix}")) == *namespace;
        if xml.contains(&format!("<{prefix}:")) && !is_declared {
            broken.insert("MissingNamespace");
        }
    }
    for (name, value) in &root.attributes {
        let prefix = name.strip_prefix("xmlns:");
        if prefix.is_some_and(|prefix| !NAMESPACES.contains(&(prefix, value.as_str()))) {
            broken.insert("UnknownNamespace");
        }
    }
    elements(&root, &mut broken);
    match root.name.as_str() {
        "rss" => rss(&root, address, &mut broken),
        "feed" => atom(&root, address, &mut broken),
        _ => {
            broken.insert("UndefinedElement");
        }
    }
    broken
}

fn elements(element: &Element, broken: &mut BTreeSet<&'static str>) {
    let mut seen = BTreeSet::new();
    for child in &element.children {
        let Some((_, repeats)) = KNOWN.iter().find(|(name, _)| *name == child.name) else {
            broken.insert("UndefinedElement");
            continue;
        };
        let is_link = child.name == "link" && element.name != "feed" && element.name != "entry";
        if !seen.insert(&child.name) && (!repeats || is_link) {
            broken.insert("DuplicateElement");
        }
        let is_html = matches!(
            (element.name.as_str(), child.name.as_str()),
            ("item", "description" | "content:encoded") | ("entry", "content")
        );
        if is_html {
            html(&child.text, broken);
        } else if child.raw.contains("&amp;") || child.raw.contains("&lt;") {
            broken.insert("CharacterData");
        } else if is_plain(&child.name) && ends_an_element(&child.text) {
            broken.insert("ContainsHTML");
        }
        if child.name == "media:credit" && !ROLES.contains(&child.attribute("role")) {
            broken.insert("InvalidCreditRole");
        }
        for name in ["url", "href"] {
            let value = child.attribute(name);
            if !value.is_empty() && !is_whole(value) {
                broken.insert("InvalidFullLink");
            }
        }
        elements(child, broken);
    }
}

/// Tells whether an element holds text that no reader takes for HTML.
fn is_plain(name: &str) -> bool {
    let texts = ["title", "subtitle", "summary", "name", "category"];
    texts.contains(&name) || name.starts_with("media:") || name.starts_with("dc:")
}

/// Tells whether a text ends an element of HTML.
fn ends_an_element(text: &str) -> bool {
    let names = ["a", "b", "i", "em", "strong", "p", "code", "span", "del"];
    names
        .iter()
        .any(|name| text.contains(&format!("</{name}>")))
}

fn is_whole(address: &str) -> bool {
    ["http://", "https://", "mailto:", "tel:"]
        .iter()
        .any(|scheme| address.starts_with(scheme))
}

fn html(html: &str, broken: &mut BTreeSet<&'static str>) {
    let lower = html.to_ascii_lowercase();
    if ["<script", "<style", " style=", "<iframe", " onclick"]
        .iter()
        .any(|part| lower.contains(part))
    {
        broken.insert("SecurityRisk");
    }
    for name in [" href=\"", " src=\""] {
        for value in html.split(name).skip(1) {
            if !is_whole(value) {
                broken.insert("ContainsRelRef");
            }
        }
    }
}

fn rss(root: &Element, address: &str, broken: &mut BTreeSet<&'static str>) {
    let Some(channel) = root.all("channel").next() else {
        broken.insert("MissingElement");
        return;
    };
    for name in ["title", "link", "description"] {
        if channel.text_of(name).is_empty() {
            broken.insert("MissingElement");
        }
    }
    own_link(channel.all("atom:link"), address, broken);
    let mut guids = BTreeSet::new();
    for item in channel.all("item") {
        if item.text_of("title").is_empty() && item.text_of("description").is_empty() {
            broken.insert("MissingElement");
        }
        if !is_whole(item.text_of("link")) {
            broken.insert("InvalidFullLink");
        }
        match item.all("guid").next() {
            None => drop(broken.insert("MissingGuid")),
            Some(guid) => {
                if guid.attribute("isPermaLink") != "false" && !is_whole(&guid.text) {
                    broken.insert("InvalidHttpGUID");
                }
                if !guids.insert(guid.text.clone()) {
                    broken.insert("NotSufficientlyUnique");
                }
            }
        }
        if item.all("author").any(|author| !author.text.contains('@')) {
            broken.insert("InvalidContact");
        }
        let at = |name: &str| item.children.iter().position(|child| child.name == name);
        if let (Some(description), Some(content)) = (at("description"), at("content:encoded"))
            && description > content
        {
            broken.insert("NeedDescriptionBeforeContent");
        }
        for date in item.all("pubDate").chain(channel.all("lastBuildDate")) {
            rfc822(&date.text, broken);
        }
    }
}

fn own_link<'a>(
    links: impl Iterator<Item = &'a Element>,
    address: &str,
    broken: &mut BTreeSet<&'static str>,
) {
    let own: Vec<&Element> = links
        .filter(|link| link.attribute("rel") == "self")
        .collect();
    match own[..] {
        [] => drop(broken.insert("MissingAtomSelfLink")),
        [own] if own.attribute("href") != address => drop(broken.insert("SelfDoesntMatchLocation")),
        _ => {}
    }
}

/// Checks a date of RFC 822 with a year of four digits and a numeric offset.
fn rfc822(date: &str, broken: &mut BTreeSet<&'static str>) {
    let is_spaced = date.get(3..5) == Some(", ") && !date.contains("  ") && !date.contains('(');
    if !is_spaced {
        broken.insert("ProblematicalRFC822Date");
    }
    let mut with = date.split([' ', ',', ':']).filter(|part| !part.is_empty());
    let mut next = || with.next().unwrap_or_default();
    let (day_of_week, day, month, year) = (next(), next(), next(), next());
    let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let month = months.iter().position(|name| *name == month);
    let time = [next(), next(), next()];
    let offset = next();
    let is_offset = offset.len() == 5 && offset.starts_with(['+', '-']);
    let number = |text: &str| text.parse::<i16>().ok();
    let date = month
        .zip(number(day))
        .zip(number(year))
        .and_then(|((month, day), year)| {
            jiff::civil::Date::new(year, month as i8 + 1, day as i8).ok()
        });
    let is_time = time
        .iter()
        .all(|part| part.len() == 2 && number(part).is_some());
    let Some(date) = date.filter(|_| is_time && is_offset && year.len() == 4) else {
        broken.insert("InvalidRFC2822Date");
        return;
    };
    let name = format!("{:?}", date.weekday());
    if !name.starts_with(day_of_week) || day_of_week.len() != 3 {
        broken.insert("IncorrectDOW");
    }
    if !is_plausible(date.year()) {
        broken.insert("ImplausibleDate");
    }
}

/// Tells whether somebody reads in a feed what is of a year.
fn is_plausible(year: i16) -> bool {
    (1971..2100).contains(&year)
}

fn atom(root: &Element, address: &str, broken: &mut BTreeSet<&'static str>) {
    own_link(root.all("link"), address, broken);
    let mut ids = BTreeSet::new();
    let mut updates = BTreeSet::new();
    for entry in root.all("entry") {
        if !updates.insert(entry.text_of("updated")) {
            broken.insert("DuplicateUpdated");
        }
        let elsewhere = entry
            .all("content")
            .any(|content| !content.attribute("src").is_empty());
        if elsewhere && entry.text_of("summary").is_empty() {
            broken.insert("MissingSummary");
        }
        if entry
            .all("content")
            .chain(entry.all("summary"))
            .next()
            .is_none()
        {
            broken.insert("MissingContent");
        }
    }
    for one in std::iter::once(root).chain(root.all("entry")) {
        for name in ["id", "title", "updated"] {
            if one.text_of(name).is_empty() {
                broken.insert("MissingElement");
            }
        }
        if !is_whole(one.text_of("id")) && !one.text_of("id").contains(':') {
            broken.insert("InvalidFullLink");
        }
        if !ids.insert(one.text_of("id").to_owned()) {
            broken.insert("DuplicateEntries");
        }
        for date in one.all("updated").chain(one.all("published")) {
            match date.text.parse::<jiff::Timestamp>() {
                Err(_) => {
                    broken.insert("InvalidRFC3339Date");
                }
                Ok(time) if !is_plausible(jiff::tz::Offset::UTC.to_datetime(time).year()) => {
                    broken.insert("ImplausibleDate");
                }
                Ok(_) => {}
            }
        }
        if !one
            .all("link")
            .any(|link| link.attribute("rel") == "alternate")
        {
            broken.insert("MissingAlternateLink");
        }
        if one
            .all("author")
            .any(|author| author.text_of("name").is_empty())
        {
            broken.insert("MissingElement");
        }
    }
    let is_authored = |one: &Element| one.all("author").next().is_some();
    if !is_authored(root) && !root.all("entry").all(is_authored) {
        broken.insert("MissingElement");
    }
}
