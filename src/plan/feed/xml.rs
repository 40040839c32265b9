//! The writing of XML: every text escaped, and nothing in it that XML 1.0 does not allow.

use super::Channel;

/// Begins a document; the style sheet shows it to who opens it in a browser.
pub(super) fn begin(channel: &Channel<'_>) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    if let Some(sheet) = &channel.style_sheet {
        xml.push_str(&format!(
            "<?xml-stylesheet type=\"text/css\" href=\"{}\"?>\n",
            text(sheet)
        ));
    }
    xml
}

/// Writes an element of a line with a text.
pub(super) fn element(xml: &mut String, name: &str, content: &str) {
    element_with(xml, name, &[], content);
}

/// Writes an element of a line with attributes and a text.
pub(super) fn element_with(
    xml: &mut String,
    name: &str,
    attributes: &[(&str, &str)],
    content: &str,
) {
    open(xml, name, attributes);
    xml.push_str(&format!("{}</{name}>\n", text(content)));
}

/// Writes an empty element of a line.
pub(super) fn empty(xml: &mut String, name: &str, attributes: &[(&str, &str)]) {
    open(xml, name, attributes);
    xml.truncate(xml.len() - 1);
    xml.push_str("/>\n");
}

/// Writes the tag that begins an element.
pub(super) fn open(xml: &mut String, name: &str, attributes: &[(&str, &str)]) {
    xml.push_str(&format!("<{name}"));
    for (name, value) in attributes {
        xml.push_str(&format!(" {name}=\"{}\"", text(value)));
    }
    xml.push('>');
}

/// Escapes a text with numeric references: some readers take a title in RSS for HTML, and the named
/// ones for its own.
pub(super) fn text(content: &str) -> String {
    let mut escaped = String::with_capacity(content.len() + content.len() / 16);
    for c in content.chars() {
        match c {
            '&' => escaped.push_str("&#x26;"),
            '<' => escaped.push_str("&#x3C;"),
            '>' => escaped.push_str("&#x3E;"),
            '"' => escaped.push_str("&#x22;"),
            '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => {
                escaped.push(c);
            }
            _ => {}
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_is_a_numeric_reference_and_controls_are_dropped() {
        assert_eq!(
            text("A&B <\"x\">\u{1}\u{ffff}é\n"),
            "A&#x26;B &#x3C;&#x22;x&#x22;&#x3E;é\n"
        );
    }
}
