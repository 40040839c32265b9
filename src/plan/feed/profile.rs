//! The HTML of feeds: a profile that every reader can show, made of the HTML of a page.
//!
//! Nothing passes but what is written here: tags of a list with attributes of a list, each quoted and
//! closed, and text in which nothing means a tag. So that whatever stands in an article, no script and
//! no style reaches a reader, and every address is whole.

use memchr::memchr;

/// The elements that pass, each with the attributes that do.
const ELEMENTS: &[(&str, &[&str])] = &[
    ("a", &["href", "title", "hreflang"]),
    ("abbr", &["title"]),
    ("audio", &["src", "controls"]),
    ("b", &[]),
    ("blockquote", &["cite"]),
    ("br", &[]),
    ("caption", &[]),
    ("cite", &[]),
    ("code", &[]),
    ("dd", &[]),
    ("del", &["datetime"]),
    ("dl", &[]),
    ("dt", &[]),
    ("em", &[]),
    ("figcaption", &[]),
    ("figure", &[]),
    ("h2", &[]),
    ("h3", &[]),
    ("h4", &[]),
    ("h5", &[]),
    ("h6", &[]),
    ("hr", &[]),
    ("i", &[]),
    ("img", &["src", "alt", "width", "height"]),
    ("ins", &["datetime"]),
    ("kbd", &[]),
    ("li", &["value"]),
    ("mark", &[]),
    ("ol", &["start", "reversed"]),
    ("p", &[]),
    ("pre", &[]),
    ("q", &["cite"]),
    ("rp", &[]),
    ("rt", &[]),
    ("ruby", &[]),
    ("s", &[]),
    ("samp", &[]),
    ("small", &[]),
    ("strong", &[]),
    ("sub", &[]),
    ("sup", &[]),
    ("table", &[]),
    ("tbody", &[]),
    ("td", &["colspan", "rowspan"]),
    ("tfoot", &[]),
    ("th", &["colspan", "rowspan", "scope"]),
    ("thead", &[]),
    ("time", &["datetime"]),
    ("tr", &[]),
    ("ul", &[]),
    ("var", &[]),
    ("video", &["src", "controls", "poster", "width", "height"]),
];

/// The elements that have no end.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];

/// The elements that are left out with all that is in them.
const DROPPED: &[&str] = &[
    "applet", "button", "canvas", "datalist", "dialog", "form", "frameset", "head", "map",
    "noembed", "noframes", "noscript", "object", "option", "select", "svg", "template",
];

/// The elements in which tags are text, and that are left out.
const RAW: &[&str] = &[
    "iframe",
    "plaintext",
    "script",
    "style",
    "textarea",
    "title",
    "xmp",
];

/// The attributes that are addresses.
const ADDRESSES: &[&str] = &["cite", "href", "poster", "src"];

/// The deepest elements that pass; of deeper ones the text does.
const DEEPEST: usize = 9;

/// Turns the HTML of the page at `page` into that of feeds.
pub(super) fn profile(html: &str, page: &str) -> String {
    let mut writer = Writer {
        out: String::with_capacity(html.len()),
        page,
        open: Vec::new(),
        dropped: None,
    };
    let mut rest = html;
    while let Some(at) = memchr(b'<', rest.as_bytes()) {
        writer.text(&rest[..at]);
        rest = writer.markup(&rest[at..]);
    }
    writer.text(rest);
    while let Some(open) = writer.open.pop() {
        writer.close(&open);
    }
    writer.out
}

/// Escapes a text for HTML.
pub(super) fn escape(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
    escaped.replace('>', "&gt;").replace('"', "&quot;")
}

struct Writer<'a> {
    out: String,
    page: &'a str,
    /// The elements that are open.
    open: Vec<Open>,
    /// The element that is left out with all that is in it, and how many of its name are open in it.
    dropped: Option<(String, usize)>,
}

struct Open {
    name: String,
    /// What is written for it; none for one whose text alone is.
    written: Option<&'static str>,
}

impl Writer<'_> {
    fn text(&mut self, text: &str) {
        if self.dropped.is_some() {
            return;
        }
        let mut rest = text;
        while let Some(at) = rest.find(['&', '>', '"']) {
            self.out.push_str(&rest[..at]);
            let length = match rest.as_bytes()[at] {
                b'&' => reference(&rest[at..]),
                _ => 0,
            };
            match (length, rest.as_bytes()[at]) {
                (0, b'&') => self.out.push_str("&amp;"),
                (0, b'>') => self.out.push_str("&gt;"),
                (0, _) => self.out.push('"'),
                _ => self.out.push_str(&rest[at..at + length]),
            }
            rest = &rest[at + length.max(1)..];
        }
        self.out.push_str(rest);
    }

    /// Reads what begins with `<`; returns what follows it.
    fn markup<'h>(&mut self, html: &'h str) -> &'h str {
        if let Some(comment) = html.strip_prefix("<!--") {
            return comment.find("-->").map_or("", |end| &comment[end + 3..]);
        }
        if html.starts_with("<!") || html.starts_with("<?") {
            return html.find('>').map_or("", |end| &html[end + 1..]);
        }
        if let Some(end) = html.strip_prefix("</") {
            if !end.starts_with(|c: char| c.is_ascii_alphabetic()) {
                return end.find('>').map_or("", |at| &end[at + 1..]);
            }
            let (name, _, rest) = tag(end);
            self.end(&name);
            return rest;
        }
        if !html[1..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            if self.dropped.is_none() {
                self.out.push_str("&lt;");
            }
            return &html[1..];
        }
        let (name, attributes, rest) = tag(&html[1..]);
        // A tag that is never finished is none.
        if rest.is_empty() && !html.ends_with('>') {
            return "";
        }
        if RAW.contains(&name.as_str()) {
            return after_raw(rest, &name);
        }
        self.start(name, &attributes);
        rest
    }

    fn start(&mut self, name: String, attributes: &[(String, String)]) {
        if let Some((dropped, depth)) = &mut self.dropped {
            *depth += usize::from(*dropped == name);
            return;
        }
        let is_void = VOID.contains(&name.as_str());
        let is_anchor = || {
            attributes
                .iter()
                .any(|(key, value)| key == "class" && value == "anchor")
        };
        if DROPPED.contains(&name.as_str()) || name == "a" && is_anchor() {
            self.dropped = Some((name, 1));
            return;
        }
        // The headline stands outside of a feed's text, and is the only one of its level.
        let known = if name == "h1" { "h2" } else { name.as_str() };
        let known = ELEMENTS.iter().find(|(element, _)| *element == known);
        let depth = self
            .open
            .iter()
            .filter(|open| open.written.is_some())
            .count();
        let written = known.filter(|_| depth < DEEPEST || is_void);
        let written = written.and_then(|(element, allowed)| {
            let tag = self.tag(element, allowed, attributes)?;
            self.out.push_str(&tag);
            Some(*element)
        });
        if !is_void {
            self.open.push(Open { name, written });
        }
    }

    /// Writes a tag with those of the attributes that pass; none where the element is nothing without
    /// an attribute that does not.
    fn tag(
        &self,
        element: &str,
        allowed: &[&str],
        attributes: &[(String, String)],
    ) -> Option<String> {
        let mut tag = format!("<{element}");
        let mut given: Vec<&str> = Vec::new();
        for (name, value) in attributes {
            let Some(name) = allowed.iter().find(|allowed| *allowed == name) else {
                continue;
            };
            let value = match ADDRESSES.contains(name) {
                true => address(value, self.page),
                false => Some(value.clone()),
            };
            if let Some(value) = value.filter(|_| !given.contains(name)) {
                given.push(name);
                tag.push_str(&format!(" {name}=\"{}\"", attribute(&value)));
            }
        }
        if element == "img" && !given.contains(&"alt") {
            tag.push_str(" alt=\"\"");
        }
        let needed = match element {
            "a" => Some("href"),
            "img" | "audio" | "video" => Some("src"),
            _ => None,
        };
        tag.push('>');
        needed
            .is_none_or(|needed| given.contains(&needed))
            .then_some(tag)
    }

    fn end(&mut self, name: &str) {
        if let Some((dropped, depth)) = &mut self.dropped {
            *depth -= usize::from(dropped == name);
            if *depth == 0 {
                self.dropped = None;
            }
            return;
        }
        let Some(at) = self.open.iter().rposition(|open| open.name == name) else {
            return;
        };
        while self.open.len() > at {
            if let Some(open) = self.open.pop() {
                self.close(&open);
            }
        }
    }

    fn close(&mut self, open: &Open) {
        if let Some(element) = open.written {
            self.out.push_str(&format!("</{element}>"));
        }
    }
}

/// Reads a tag after its `<` or `</`: its name and its attributes in small letters, and what follows.
fn tag(html: &str) -> (String, Vec<(String, String)>, &str) {
    let is_end = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>');
    let end = html.find(is_end).unwrap_or(html.len());
    let name = html[..end].to_ascii_lowercase();
    let mut attributes = Vec::new();
    let mut rest = &html[end..];
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return (name, attributes, rest);
        }
        if let Some(after) = rest.strip_prefix('>') {
            return (name, attributes, after);
        }
        // A name can begin with an equals sign, and is then not ended by it.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end = rest[first..].find(|c: char| is_end(c) || c == '=');
        let end = end.map_or(rest.len(), |end| first + end);
        let key = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start_matches(|c: char| c.is_ascii_whitespace());
        let Some(value) = rest.strip_prefix('=') else {
            attributes.push((key, String::new()));
            continue;
        };
        let value = value.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, after) = match quote {
            Some(quote) => {
                let value = &value[1..];
                match value.find(quote) {
                    Some(end) => (&value[..end], &value[end + 1..]),
                    None => (value, ""),
                }
            }
            None => {
                let end = value.find(|c: char| c.is_ascii_whitespace() || c == '>');
                value.split_at(end.unwrap_or(value.len()))
            }
        };
        attributes.push((key, value.to_owned()));
        rest = after;
    }
}

/// Returns what follows the end of an element in which tags are text.
fn after_raw<'h>(html: &'h str, name: &str) -> &'h str {
    let end = format!("</{name}");
    let found = html.match_indices("</").find(|(at, _)| {
        let head = html.get(*at..at + end.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(&end))
    });
    let Some((at, _)) = found else { return "" };
    html[at..]
        .find('>')
        .map_or("", |close| &html[at + close + 1..])
}

/// Returns the length of the character reference that a text begins with; 0 where it is none.
fn reference(text: &str) -> usize {
    let body = &text[1..];
    let end = body.find(|c: char| !c.is_ascii_alphanumeric() && c != '#');
    match end {
        Some(end) if end > 0 && end < 40 && body[end..].starts_with(';') => end + 2,
        _ => 0,
    }
}

/// Escapes the value of an attribute, in which references stay.
fn attribute(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find(['&', '"', '<', '>']) {
        escaped.push_str(&rest[..at]);
        let length = match rest.as_bytes()[at] {
            b'&' => reference(&rest[at..]),
            _ => 0,
        };
        match (length, rest.as_bytes()[at]) {
            (0, b'&') => escaped.push_str("&amp;"),
            (0, b'"') => escaped.push_str("&quot;"),
            (0, b'<') => escaped.push_str("&lt;"),
            (0, _) => escaped.push_str("&gt;"),
            _ => escaped.push_str(&rest[at..at + length]),
        }
        rest = &rest[at + length.max(1)..];
    }
    escaped.push_str(rest);
    escaped
}

/// Makes an address whole, as seen from a page; none of what can run something.
fn address(written: &str, page: &str) -> Option<String> {
    let written = written.trim();
    let host = page.find("://").map_or(0, |at| at + 3);
    let path = page[host..].find('/').map_or(page.len(), |at| host + at);
    let (origin, own) = page.split_at(path);
    let own = own.split(['?', '#']).next().unwrap_or_default();
    if written.is_empty() || written.chars().any(char::is_control) {
        return None;
    }
    if written.starts_with('#') {
        return Some(format!("{origin}{own}{written}"));
    }
    if written.starts_with("//") {
        return Some(format!("https:{written}"));
    }
    if written.starts_with('/') {
        return Some(format!("{origin}{written}"));
    }
    let head = written.split(['/', '?', '#']).next().unwrap_or_default();
    if head.contains([':', '&', '\\']) {
        let scheme = written.split(':').next().unwrap_or_default();
        let is_harmless = ["http", "https", "mailto", "tel"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known));
        return is_harmless.then(|| written.to_owned());
    }
    let folder = own.rsplit_once('/').map_or("", |(folder, _)| folder);
    let (relative, tail) = match written.find(['?', '#']) {
        Some(at) => written.split_at(at),
        None => (written, ""),
    };
    let mut segments: Vec<&str> = folder.split('/').skip(1).collect();
    let mut parts = relative.split('/').peekable();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        match part {
            ".." => {
                segments.pop();
                if is_last {
                    segments.push("");
                }
            }
            "." => segments.extend(is_last.then_some("")),
            part => segments.push(part),
        }
    }
    Some(format!("{origin}/{}{tail}", segments.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PAGE: &str = "https://gazette.example/sub/local/2024/harbour/";

    #[test]
    fn what_readers_can_show_passes_with_whole_addresses() {
        for (html, expect) in [
            (
                "<p class=\"x\" style=\"y\">A &amp; B < C & D</p>",
                "<p>A &amp; B &lt; C &amp; D</p>",
            ),
            (
                "<a href=\"/sub/x/\" onclick=\"y\" rel=me>X</a>",
                "<a href=\"https://gazette.example/sub/x/\">X</a>",
            ),
            (
                "<figure class=\"photo\"><picture><source srcset=\"a.webp\"><img src='a.jpg' alt=\"A\" width=3 height=2 loading=lazy></picture><figcaption><span class=\"credit\">Ana / AP</span></figcaption></figure>",
                "<figure><img src=\"https://gazette.example/sub/local/2024/harbour/a.jpg\" alt=\"A\" width=\"3\" height=\"2\"><figcaption>Ana / AP</figcaption></figure>",
            ),
            (
                "<h1>A</h1><h2 id=\"b\">B <a class=\"anchor\" href=\"#b\">#</a></h2>",
                "<h2>A</h2><h2>B </h2>",
            ),
            (
                "<ul><li>One<li>Two</ul>",
                "<ul><li>One<li>Two</li></li></ul>",
            ),
            ("<p>Open", "<p>Open</p>"),
            ("</p>Never opened", "Never opened"),
        ] {
            assert_eq!(profile(html, PAGE), expect, "{html}");
        }
    }

    #[test]
    fn what_runs_or_is_not_for_readers_does_not() {
        for (html, expect) in [
            ("<script>if (a</b>c) \"</p>\"</script>x", "x"),
            ("<ScRiPt src=x></sCrIpT >x", "x"),
            (
                "<style>p{}</style><svg><svg></svg><script>1</script></svg>x",
                "x",
            ),
            ("<a href=\"javascript:alert(1)\">x</a>", "x"),
            ("<a href=\"java&#115;cript:alert(1)\">x</a>", "x"),
            ("<a href=\" JaVaScRiPt&colon;alert(1)\">x</a>", "x"),
            ("<img src=\"data:image/png;base64,AA\">x", "x"),
            (
                "<img src=x onerror=alert(1)>",
                "<img src=\"https://gazette.example/sub/local/2024/harbour/x\" alt=\"\">",
            ),
            ("<iframe src=\"https://x.example\"><p>y</p></iframe>x", "x"),
            ("<!-- <b>no</b> -->x<!doctype html><?php ?>", "x"),
            ("<form><input><button>Go</button></form>x", "x"),
            ("<p title=\"<script>\">x</p>", "<p>x</p>"),
            (
                "<a title='\"><script>' href=/y>x</a>",
                "<a title=\"&quot;&gt;&lt;script&gt;\" href=\"https://gazette.example/y\">x</a>",
            ),
            (
                "<a src=/ href=\"# src=\">x</a>",
                "<a href=\"https://gazette.example/sub/local/2024/harbour/# src=\">x</a>",
            ),
            ("<script", ""),
            ("<a href=\"/x", ""),
        ] {
            assert_eq!(profile(html, PAGE), expect, "{html}");
        }
    }

    #[test]
    fn addresses_are_whole() {
        for (written, expect) in [
            ("../x/", "https://gazette.example/sub/local/2024/x/"),
            (
                "./x?y#z",
                "https://gazette.example/sub/local/2024/harbour/x?y#z",
            ),
            ("../../../../..", "https://gazette.example/"),
            ("#x", "https://gazette.example/sub/local/2024/harbour/#x"),
            ("//cdn.example/x", "https://cdn.example/x"),
            ("mailto:a@b.example", "mailto:a@b.example"),
        ] {
            assert_eq!(address(written, PAGE).as_deref(), Some(expect), "{written}");
        }
    }

    #[test]
    fn elements_are_not_deeper_than_readers_allow() {
        let html = format!(
            "{}x{}",
            "<blockquote>".repeat(50),
            "</blockquote>".repeat(50)
        );
        let made = profile(&html, PAGE);
        assert_eq!(made.matches("<blockquote>").count(), DEEPEST);
        assert_eq!(made.matches("</blockquote>").count(), DEEPEST);
    }

    /// Returns the names of the tags in HTML whose every `<` begins one.
    fn tags(html: &str) -> Vec<String> {
        let starts = html.match_indices('<');
        starts
            .map(|(at, _)| {
                let name = html[at + 1..].trim_start_matches('/');
                let end = name.find(|c: char| !c.is_ascii_alphanumeric());
                name[..end.unwrap_or(name.len())].to_owned()
            })
            .collect()
    }

    /// Returns the addresses in the tags of HTML whose every `<` begins one and
    /// whose every value stands in double quotes. A value is stepped over whole:
    /// what looks like an attribute in it is none.
    fn addresses(html: &str) -> Vec<String> {
        let mut addresses = Vec::new();
        for tag in html.split('<').skip(1) {
            let mut rest = tag.split('>').next().unwrap();
            while let Some((before, after)) = rest.split_once("=\"") {
                let (value, behind) = after.split_once('"').unwrap();
                if before.ends_with(" href") || before.ends_with(" src") {
                    addresses.push(value.to_owned());
                }
                rest = behind;
            }
        }
        addresses
    }

    proptest! {
        #[test]
        fn nothing_but_the_profile_comes_out(html in "(<|>|/|a|script|style|p|img|<a href=\"|<img src=\"|\">|</a>| src=| href=|\"|'|=|javascript:|&|#|;|!--|--|on|x| |\n){0,60}") {
            let made = profile(&html, PAGE);
            for name in tags(&made) {
                prop_assert!(ELEMENTS.iter().any(|(known, _)| **known == name), "{name} in {made}");
            }
            for address in addresses(&made) {
                prop_assert!(address.starts_with("http"), "{address} in {made}");
            }
            // What has passed passes again.
            let again = profile(&made, PAGE);
            prop_assert_eq!(&profile(&again, PAGE), &again);
        }
    }
}
