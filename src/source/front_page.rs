//! `data/front.yaml`: what an editor puts on the front page.

use crate::base::diagnostic::{self, Diagnostic, Place};
use crate::base::timestamp::{Timestamp, Zone};
use crate::source::yaml::{self, Entry, Faults, Language, Node, Value};

/// What the front page shows, as far as an editor decides it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FrontPage {
    /// The lead story: the first of these whose time has not passed.
    pub lead: Vec<Pin>,
    /// The stories beside it.
    pub second: Vec<Pin>,
    /// Stories that stay off the top of the page.
    pub below: Vec<Pin>,
    /// The sections that have a block of their own, in their order; none where all have.
    pub sections: Option<Vec<(String, Place)>>,
}

/// An article that an editor names.
#[derive(Debug, Clone, PartialEq)]
pub struct Pin {
    /// Its source, such as `@/local/harbour.md`.
    pub article: String,
    /// The Unix second from which it is as if it were not named.
    pub until: Option<i64>,
    /// Where its name stands.
    pub place: Place,
}

const KEYS: [&str; 4] = ["lead", "second", "below", "sections"];

/// Reads the file at `path`, whose text is `source`. What is at fault is left out.
pub fn parse(path: &str, source: &str, zone: &Zone<'_>) -> (FrontPage, Vec<Diagnostic>) {
    let start = if source.starts_with('\u{feff}') { 3 } else { 0 };
    let (front, mut faults) = yaml::interpret(
        path,
        source,
        start..source.len(),
        Language::Yaml,
        |root, faults| read(root, zone, faults),
    );
    diagnostic::sort(&mut faults);
    (front.unwrap_or_default(), faults)
}

fn read<'a>(root: &Node<'a>, zone: &Zone<'_>, faults: &mut Faults<'a>) -> FrontPage {
    let mut front = FrontPage::default();
    for Entry { key, key_at, node } in faults.map(&"data/front.yaml", root) {
        match key.as_ref() {
            "lead" => front.lead = pins(node, zone, faults),
            "second" => front.second = pins(node, zone, faults),
            "below" => front.below = pins(node, zone, faults),
            "sections" => {
                let names = faults.items(node).iter().filter_map(|item| {
                    let text = faults.text(&"a section", item)?;
                    Some((text.trim_matches('/').to_owned(), faults.place_of(item)))
                });
                front.sections = Some(names.collect());
            }
            _ => {
                let place = faults.place(*key_at);
                let fault = Diagnostic::error(format!("unknown key `{key}`")).at(place);
                let fault = fault.suggest(key, KEYS);
                faults.push(fault.hint(format!("the front page has {}", KEYS.join(", "))));
            }
        }
    }
    front
}

fn pins<'a>(node: &Node<'a>, zone: &Zone<'_>, faults: &mut Faults<'a>) -> Vec<Pin> {
    let mut pins = Vec::new();
    for item in faults.items(node) {
        pins.extend(pin(item, zone, faults));
    }
    pins
}

fn pin<'a>(node: &Node<'a>, zone: &Zone<'_>, faults: &mut Faults<'a>) -> Option<Pin> {
    let Value::Map(entries) = &node.value else {
        let article = faults.text(&"an article", node)?;
        return Some(Pin {
            article: article.trim().to_owned(),
            until: None,
            place: faults.place_of(node),
        });
    };
    let mut pin = None;
    let mut until = None;
    for entry in entries {
        match entry.key.as_ref() {
            "article" => {
                let article = faults.text(&"`article`", &entry.node)?;
                pin = Some((article.trim().to_owned(), faults.place_of(&entry.node)));
            }
            "until" => {
                let text = faults.text(&"`until`", &entry.node)?;
                match Timestamp::parse(&text, zone) {
                    Ok(time) => until = Some(time.instant()),
                    Err(fault) => {
                        let place = faults.place(entry.node.at);
                        let error = Diagnostic::error(fault.message).at(place);
                        faults.push(error.hint("write a moment such as `2026-11-28 18:00`"));
                    }
                }
            }
            other => {
                let place = faults.place(entry.key_at);
                let fault = Diagnostic::error(format!("unknown key `{other}`")).at(place);
                let fault = fault.suggest(other, ["article", "until"]);
                faults.push(fault.hint("a story has `article`, and `until` if it is for a time"));
            }
        }
    }
    if pin.is_none() {
        let place = faults.place(node.at);
        faults.push(
            Diagnostic::error("a story without `article`")
                .at(place)
                .hint("name it by its source, such as `@/local/harbour.md`"),
        );
    }
    let (article, place) = pin?;
    Some(Pin {
        article,
        until,
        place,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    fn read(source: &str) -> (FrontPage, Vec<Diagnostic>) {
        let zone = Zone {
            time_zone: &TimeZone::UTC,
            date_order: None,
        };
        parse("data/front.yaml", source, &zone)
    }

    #[test]
    fn stories_are_named_with_or_without_an_end() {
        let (front, faults) = read(
            "lead: { article: '@/a.md', until: 1970-01-02 }\nsecond:\n  - '@/b.md'\n  - { article: '@/c.md' }\nsections: [news, /local/port/]\n",
        );
        assert_eq!(faults, []);
        assert_eq!(front.lead[0].article, "@/a.md");
        assert_eq!(front.lead[0].until, Some(86_400));
        let second: Vec<_> = front.second.iter().map(|pin| &pin.article).collect();
        assert_eq!(second, ["@/b.md", "@/c.md"]);
        let sections = front.sections.unwrap_or_default();
        assert_eq!(sections[1].0, "local/port");
    }

    #[test]
    fn every_fault_of_the_front_page_is_told() {
        let (_, faults) =
            read("laed: x\nlead: { untill: 2024 }\nsecond: [{ article: '@/a.md', until: soon }]\n");
        let messages: Vec<_> = faults.iter().map(|fault| fault.message.as_str()).collect();
        assert_eq!(messages.len(), 4, "{messages:?}");
        assert_eq!(messages[0], "unknown key `laed`");
        assert_eq!(faults[0].hints[0], "did you mean `lead`?");
        assert!(messages.contains(&"unknown key `untill`"));
        assert!(messages.contains(&"a story without `article`"));
        assert!(messages[3].contains("soon"), "{messages:?}");
    }
}
