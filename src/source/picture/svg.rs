//! SVG: its size, and whether anything in it runs or is fetched.
//!
//! Entities are never resolved: an SVG that defines some is one that does something.

use super::{Format, PictureFault};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// What a browser makes of an SVG without a size (CSS 2.2, section 10.3.2).
const DEFAULT_SIZE: (f64, f64) = (300.0, 150.0);

/// How far the beginning is looked through for the root element, in bytes.
const BEGINNING: usize = 4096;

/// Elements that run scripts, or hold documents that may.
const ACTIVE_ELEMENTS: [&str; 8] = [
    "script",
    "foreignobject",
    "iframe",
    "embed",
    "object",
    "handler",
    "listener",
    "base",
];

/// Beginnings of addresses that run something.
const ACTIVE_SCHEMES: [&str; 4] = ["javascript:", "vbscript:", "data:text", "data:application"];

/// Tells whether the text begins as an SVG does: declarations and comments, then `<svg`.
pub(super) fn is_svg(bytes: &[u8]) -> bool {
    let beginning = &bytes[..bytes.len().min(BEGINNING)];
    let beginning = match std::str::from_utf8(beginning) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&beginning[..error.valid_up_to()]).unwrap_or_default(),
    };
    let mut rest = beginning.trim_start_matches('\u{feff}');
    loop {
        rest = rest.trim_start();
        let end = if rest.starts_with("<?") {
            "?>"
        } else if rest.starts_with("<!--") {
            "-->"
        } else if rest.starts_with("<!DOCTYPE") && doctype_has_subset(rest) {
            "]>"
        } else if rest.starts_with("<!DOCTYPE") {
            ">"
        } else {
            break;
        };
        match rest.find(end) {
            Some(found) => rest = &rest[found + end.len()..],
            None => return rest.starts_with("<!DOCTYPE svg"),
        }
    }
    let Some(name) = rest.strip_prefix('<') else {
        return false;
    };
    let name = name.split([' ', '\t', '\r', '\n', '>', '/']).next();
    name.is_some_and(|name| name == "svg" || name.ends_with(":svg"))
}

fn doctype_has_subset(text: &str) -> bool {
    text.find(['[', '>'])
        .is_some_and(|at| text.as_bytes()[at] == b'[')
}

/// Reads the size in CSS pixels: `width` and `height`, else the `viewBox`, else the browsers' own.
pub(super) fn size(bytes: &[u8]) -> Result<(u32, u32), PictureFault> {
    let mut size = None;
    for event in events(text(bytes)?) {
        match event {
            Ok(Event::Start(tag) | Event::Empty(tag)) if size.is_none() => {
                size = Some(root_size(&tag));
            }
            Ok(_) => {}
            Err(error) => {
                return Err(PictureFault::new(
                    format!("is an SVG that is not well-formed: {error}"),
                    "export it again, or mend it in a text editor",
                ));
            }
        }
    }
    let (width, height) = size.ok_or_else(|| PictureFault::damaged(Format::Svg))?;
    let pixels = |length: f64| length.round().clamp(1.0, f64::from(u32::MAX)) as u32;
    Ok((pixels(width), pixels(height)))
}

/// Reads the events of a document; an error is the last one.
fn events(text: &str) -> impl Iterator<Item = Result<Event<'_>, String>> {
    let mut reader = Reader::from_str(text);
    let mut depth = 0_usize;
    let mut has_ended = false;
    std::iter::from_fn(move || {
        if has_ended {
            return None;
        }
        let event = reader.read_event();
        match &event {
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Eof) => {
                has_ended = true;
                return (depth > 0).then(|| Err("an element is never closed".to_owned()));
            }
            Ok(_) => {}
            Err(_) => has_ended = true,
        }
        Some(event.map_err(|error| error.to_string()))
    })
}

fn text(bytes: &[u8]) -> Result<&str, PictureFault> {
    let text = std::str::from_utf8(bytes).map_err(|_| {
        PictureFault::new(
            "is an SVG that is not UTF-8",
            "save it again with UTF-8 encoding",
        )
    })?;
    Ok(text.trim_start_matches('\u{feff}'))
}

fn root_size(tag: &BytesStart<'_>) -> (f64, f64) {
    let attribute = |name: &str| {
        let found = tag.try_get_attribute(name).ok().flatten()?;
        Some(found.value.into_owned())
    };
    let length = |name: &str| attribute(name).and_then(|value| length(&value));
    let view_box = attribute("viewBox").and_then(|value| view_box(&value));
    match (length("width"), length("height"), view_box) {
        (Some(width), Some(height), _) => (width, height),
        (Some(width), None, Some((w, h))) => (width, width * h / w),
        (None, Some(height), Some((w, h))) => (height * w / h, height),
        (None, None, Some(size)) => size,
        (width, height, None) => (
            width.unwrap_or(DEFAULT_SIZE.0),
            height.unwrap_or(DEFAULT_SIZE.1),
        ),
    }
}

/// Reads a length in CSS pixels; none where it is relative to something else.
fn length(text: &str) -> Option<f64> {
    let text = text.trim();
    let split = text
        .find(|c: char| c.is_ascii_alphabetic() && c != 'e' && c != 'E' || c == '%')
        .or_else(|| text.find("em").or_else(|| text.find("ex")))
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let pixels = match unit.trim() {
        "" | "px" => 1.0,
        "pt" => 96.0 / 72.0,
        "pc" => 16.0,
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 96.0 / 25.4,
        "q" | "Q" => 96.0 / 101.6,
        _ => return None,
    };
    positive(number).map(|number| number * pixels)
}

/// Reads the width and height of a `viewBox`.
fn view_box(text: &str) -> Option<(f64, f64)> {
    let mut numbers = text
        .split([' ', ',', '\t', '\r', '\n'])
        .filter(|number| !number.is_empty());
    let size = (positive(numbers.nth(2)?)?, positive(numbers.next()?)?);
    numbers.next().is_none().then_some(size)
}

fn positive(number: &str) -> Option<f64> {
    let number: f64 = number.trim().parse().ok()?;
    (number.is_finite() && number > 0.0).then_some(number)
}

/// Names the first thing in an SVG that runs or is fetched when it is opened by itself: a script,
/// an event handler, a foreign object, an address that runs something, entities of its own, a
/// style sheet for XML. An SVG that can't be read to its end is not trusted either.
///
/// None means that the SVG is a drawing and nothing else.
pub fn active_part(bytes: &[u8]) -> Option<String> {
    let Ok(text) = text(bytes) else {
        return Some("text that is not UTF-8".to_owned());
    };
    events(text).find_map(|event| match event {
        Ok(Event::Start(tag) | Event::Empty(tag)) => active_in_tag(&tag),
        Ok(Event::DocType(doctype)) if doctype.contains('[') => {
            Some("a document type with entities".to_owned())
        }
        Ok(Event::PI(instruction)) if instruction.target() == "xml-stylesheet" => {
            Some("a style sheet for XML".to_owned())
        }
        Ok(_) => None,
        Err(_) => Some("a part that is not well-formed".to_owned()),
    })
}

fn active_in_tag(tag: &BytesStart<'_>) -> Option<String> {
    let element = tag.local_name().into_inner().to_ascii_lowercase();
    if ACTIVE_ELEMENTS.contains(&element.as_str()) {
        return Some(format!("the element `{element}`"));
    }
    for attribute in tag.attributes() {
        let Ok(attribute) = attribute else {
            return Some("an attribute that is not well-formed".to_owned());
        };
        let name = attribute.key.local_name().into_inner().to_ascii_lowercase();
        if name.len() > 2 && name.starts_with("on") {
            return Some(format!("the event handler `{name}`"));
        }
        let Ok(value) = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0) else {
            return Some("an entity of its own".to_owned());
        };
        if is_active_address(&value) {
            return Some(format!("an address that runs something in `{name}`"));
        }
    }
    None
}

/// Tells whether a value holds an address that runs something. Browsers leave out white space in it, and
/// animations list several values.
fn is_active_address(value: &str) -> bool {
    if !value.contains(':') {
        return false;
    }
    let plain: String = value
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_ascii_lowercase())
        .collect();
    plain
        .split(';')
        .any(|part| ACTIVE_SCHEMES.iter().any(|scheme| part.starts_with(scheme)))
        || plain.starts_with("data:image/svg")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_size(attributes: &str, expect: (u32, u32)) {
        let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" {attributes}/>");
        assert_eq!(size(svg.as_bytes()), Ok(expect), "{attributes}");
    }

    #[test]
    fn a_size_is_that_of_a_browser() {
        check_size("width='640' height='480.4px'", (640, 480));
        check_size("width='1in' height='72pt' viewBox='0 0 5 5'", (96, 96));
        check_size("viewBox='0 0 24 12'", (24, 12));
        check_size("viewBox='-1,-1,1e3,500'", (1000, 500));
        check_size("width='100%' height='100%' viewBox='0 0 3 2'", (3, 2));
        check_size("width='30' viewBox='0 0 3 2'", (30, 20));
        check_size("height='30' viewBox='0 0 3 2'", (45, 30));
        check_size("width='2em' height='2em'", (300, 150));
        check_size("width='-3' viewBox='0 0 0 0'", (300, 150));
    }

    #[test]
    fn what_begins_as_an_svg_is_one() {
        let check =
            |text: &str, expect: bool| assert_eq!(is_svg(text.as_bytes()), expect, "{text}");
        check("<svg>", true);
        check("\u{feff}\n<?xml version='1.0'?><!-- <b> --> <svg/>", true);
        check(
            "<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://x'><s:svg/>",
            true,
        );
        check("<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>", true);
        check("<!DOCTYPE html><svg>", true);
        check("<html><svg>", false);
        check("<svgx>", false);
        check("svg", false);
    }

    #[test]
    fn what_runs_or_is_fetched_is_found() {
        let check = |inner: &str, expect: Option<&str>| {
            let svg = format!("<svg xmlns='http://www.w3.org/2000/svg'>{inner}</svg>");
            assert_eq!(active_part(svg.as_bytes()).as_deref(), expect, "{inner}");
        };
        check(
            "<a href='https://gazette.example/'><path d='M0 0' style='a:b;c:d'/></a>",
            None,
        );
        check("<image href='data:image/png;base64,AAAA'/>", None);
        check("<text>javascript: on onload= &lt;script></text>", None);
        check("<script>1</script>", Some("the element `script`"));
        check("<x:SCRIPT/>", Some("the element `script`"));
        check("<foreignObject/>", Some("the element `foreignobject`"));
        check("<g onload='x()'/>", Some("the event handler `onload`"));
        check("<g OnClick='x()'/>", Some("the event handler `onclick`"));
        let runs = "an address that runs something in `href`";
        check("<a xlink:href='javascript:x()'/>", Some(runs));
        check("<a href=' java&#10;Script&#58;x()'/>", Some(runs));
        check("<a href='data:text/html,x'/>", Some(runs));
        check(
            "<set to='javascript:x()'/>",
            Some("an address that runs something in `to`"),
        );
        check(
            "<animate values='#a;javascript:x()'/>",
            Some("an address that runs something in `values`"),
        );
        check("<a href='&x;'/>", Some("an entity of its own"));
        check("<g", Some("a part that is not well-formed"));
    }

    #[test]
    fn entities_are_active_and_the_usual_document_type_is_not() {
        let check = |head: &str, expect: bool| {
            let svg = format!("{head}<svg/>");
            assert_eq!(active_part(svg.as_bytes()).is_some(), expect, "{head}");
        };
        check("<?xml version='1.0'?>", false);
        check(
            "<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://x/svg11.dtd'>",
            false,
        );
        check(
            "<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
            true,
        );
        check("<?xml-stylesheet type='text/xsl' href='x.xsl'?>", true);
    }
}
