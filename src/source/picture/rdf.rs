//! XMP: the properties of a packet of RDF (ISO 16684-1) that say something of a photo.
//!
//! Properties stand as attributes or as elements; only those of the packet's own descriptions are
//! read, so that a picture that was pasted into this one says nothing of it.

use super::text::cleaned;
use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, QName, ResolveResult};

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// How deep elements of a packet may stand in each other.
const DEEPEST: usize = 64;

/// What is read, by namespace and name.
const KNOWN: &[(&str, &str, Property)] = &[
    (
        "http://purl.org/dc/elements/1.1/",
        "creator",
        Property::Creator,
    ),
    (
        "http://purl.org/dc/elements/1.1/",
        "rights",
        Property::Copyright,
    ),
    (
        "http://purl.org/dc/elements/1.1/",
        "description",
        Property::Caption,
    ),
    (
        "http://ns.adobe.com/photoshop/1.0/",
        "Credit",
        Property::Credit,
    ),
    (
        "http://ns.adobe.com/photoshop/1.0/",
        "Source",
        Property::Source,
    ),
    (
        "http://ns.adobe.com/photoshop/1.0/",
        "Headline",
        Property::Headline,
    ),
    (
        "http://ns.adobe.com/xap/1.0/rights/",
        "WebStatement",
        Property::WebStatement,
    ),
    (
        "http://ns.adobe.com/xap/1.0/rights/",
        "UsageTerms",
        Property::Terms,
    ),
    (
        "http://creativecommons.org/ns#",
        "license",
        Property::Licence,
    ),
    (
        "http://ns.useplus.org/ldf/xmp/1.0/",
        "Licensor",
        Property::Licensor,
    ),
    (
        "http://ns.useplus.org/ldf/xmp/1.0/",
        "LicensorURL",
        Property::LicensorUrl,
    ),
    (
        "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
        "AltTextAccessibility",
        Property::Alt,
    ),
    (
        "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
        "DigitalSourceType",
        Property::SourceType,
    ),
    (
        "http://ns.adobe.com/xmp/note/",
        "HasExtendedXMP",
        Property::Extended,
    ),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Property {
    Creator,
    Copyright,
    Caption,
    Credit,
    Source,
    Headline,
    WebStatement,
    Licence,
    Terms,
    Licensor,
    LicensorUrl,
    Alt,
    SourceType,
    Extended,
}

/// What XMP says of a photo.
#[derive(Debug, Default)]
pub(super) struct Properties {
    pub(super) creators: Vec<String>,
    pub(super) credit: Option<String>,
    pub(super) source: Option<String>,
    pub(super) copyright: Option<String>,
    pub(super) caption: Option<String>,
    pub(super) headline: Option<String>,
    pub(super) alt: Option<String>,
    pub(super) web_statement: Option<String>,
    pub(super) licence: Option<String>,
    pub(super) licensor: Option<String>,
    pub(super) terms: Option<String>,
    pub(super) source_type: Option<String>,
    /// The digest by which the segments of extended XMP are known.
    pub(super) extended: Option<String>,
}

/// An element that is open.
struct Open {
    kind: Kind,
    /// The text in it so far.
    text: String,
    /// Whether it is a text in the default language.
    is_default: bool,
    /// The property that it is in, or is.
    property: Option<Property>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `rdf:RDF`.
    Root,
    /// A description at the top.
    Description,
    Item,
    Other,
}

impl Properties {
    /// Reads a packet; what an earlier packet has said stays. A broken packet is read as far as it
    /// goes.
    pub(super) fn read(&mut self, packet: &[u8]) {
        let packet = decoded(packet);
        let mut had = self.lists();
        let mut reader = NsReader::from_str(&packet);
        reader.config_mut().check_end_names = false;
        let mut open: Vec<Open> = Vec::new();
        while let Ok(event) = reader.read_event() {
            match event {
                Event::Eof => return,
                Event::Start(tag) if open.len() < DEEPEST => {
                    let element = self.opened(&reader, &tag, open.last(), &mut had);
                    open.push(element);
                }
                Event::Start(_) => return,
                Event::Empty(tag) => {
                    self.opened(&reader, &tag, open.last(), &mut had);
                }
                Event::End(_) => {
                    if let Some(element) = open.pop() {
                        self.closed(element, open.last(), &mut had);
                    }
                }
                Event::Text(text) => add(&mut open, &text.xml10_content()),
                Event::CData(text) => add(&mut open, &text.xml10_content()),
                Event::GeneralRef(name) => {
                    let letter = match name.resolve_char_ref() {
                        Ok(Some(letter)) => Some(letter),
                        _ => match &*name {
                            "amp" => Some('&'),
                            "lt" => Some('<'),
                            "gt" => Some('>'),
                            "quot" => Some('"'),
                            "apos" => Some('\''),
                            _ => None,
                        },
                    };
                    if let Some(letter) = letter {
                        add(&mut open, letter.encode_utf8(&mut [0; 4]));
                    }
                }
                _ => {}
            }
        }
    }

    fn opened(
        &mut self,
        reader: &NsReader<&[u8]>,
        tag: &BytesStart<'_>,
        around: Option<&Open>,
        had: &mut Lists,
    ) -> Open {
        let resolver = reader.resolver();
        let name = |name: QName<'_>, is_attribute: bool| {
            let (space, local) = match is_attribute {
                true => resolver.resolve_attribute(name),
                false => resolver.resolve_element(name),
            };
            match space {
                ResolveResult::Bound(Namespace(space)) => {
                    (space.to_owned(), local.into_inner().to_owned())
                }
                _ => (String::new(), local.into_inner().to_owned()),
            }
        };
        let (space, local) = name(tag.name(), false);
        let parent = around.map(|around| around.kind);
        let own = match parent {
            Some(Kind::Description) => known(&space, &local),
            // The address of a licensor stands in a structure of its own.
            _ if around.is_some_and(|around| around.property == Some(Property::Licensor)) => {
                known(&space, &local)
                    .filter(|property| *property == Property::LicensorUrl)
                    .or(Some(Property::Licensor))
            }
            _ => around.and_then(|around| around.property),
        };
        let kind = match local.as_str() {
            "RDF" if space == RDF => Kind::Root,
            "Description" if space == RDF && parent == Some(Kind::Root) => Kind::Description,
            "li" if space == RDF => Kind::Item,
            _ => Kind::Other,
        };
        let mut element = Open {
            kind,
            text: String::new(),
            is_default: false,
            property: own,
        };
        for attribute in tag.attributes().flatten() {
            let (space, local) = name(attribute.key, true);
            let Ok(value) = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0) else {
                continue;
            };
            if space == XML && local == "lang" {
                element.is_default = value.eq_ignore_ascii_case("x-default");
            } else if space == RDF && local == "resource" {
                self.set(element.property, &value, false, had);
            } else if kind == Kind::Description || element.property == Some(Property::Licensor) {
                self.set(known(&space, &local), &value, false, had);
            }
        }
        element
    }

    fn closed(&mut self, element: Open, around: Option<&Open>, had: &mut Lists) {
        // White space between the elements of a list is no value.
        let is_value = element.kind == Kind::Item
            || around.is_some_and(|around| around.kind == Kind::Description)
            || element.property == Some(Property::LicensorUrl);
        if is_value {
            self.set(element.property, &element.text, element.is_default, had);
        }
    }

    fn set(&mut self, property: Option<Property>, value: &str, is_default: bool, had: &mut Lists) {
        let (Some(property), Some(value)) = (property, cleaned(value)) else {
            return;
        };
        let field = match property {
            Property::Creator => {
                if !had.creators {
                    self.creators.push(value);
                }
                return;
            }
            Property::Copyright => &mut self.copyright,
            Property::Caption => &mut self.caption,
            Property::Credit => &mut self.credit,
            Property::Source => &mut self.source,
            Property::Headline => &mut self.headline,
            Property::WebStatement => &mut self.web_statement,
            Property::Licence => &mut self.licence,
            Property::Terms => &mut self.terms,
            Property::LicensorUrl => &mut self.licensor,
            Property::Alt => &mut self.alt,
            Property::SourceType => &mut self.source_type,
            Property::Extended => &mut self.extended,
            Property::Licensor => return,
        };
        // The first value counts, unless a later one is in the default language.
        if field.is_none() || is_default {
            *field = Some(value);
        }
    }

    fn lists(&self) -> Lists {
        Lists {
            creators: !self.creators.is_empty(),
        }
    }
}

/// Which lists an earlier packet has filled.
struct Lists {
    creators: bool,
}

fn add(open: &mut [Open], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn known(space: &str, local: &str) -> Option<Property> {
    let mut all = KNOWN.iter();
    all.find(|(known, name, _)| *known == space && *name == local)
        .map(|(_, _, property)| *property)
}

/// Decodes a packet: UTF-8, or UTF-16 in either order of its bytes.
fn decoded(packet: &[u8]) -> String {
    let pairs = |read: fn([u8; 2]) -> u16| -> String {
        let units = packet.chunks_exact(2).map(|pair| read([pair[0], pair[1]]));
        char::decode_utf16(units)
            .map(|letter| letter.unwrap_or('\u{fffd}'))
            .collect()
    };
    let text = match packet {
        [0xfe, 0xff, ..] | [0, b'<', ..] => pairs(u16::from_be_bytes),
        [0xff, 0xfe, ..] | [b'<', 0, ..] => pairs(u16::from_le_bytes),
        _ => String::from_utf8_lossy(packet).into_owned(),
    };
    text.trim_matches(['\u{feff}', '\0']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPACES: &str = "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
        xmlns:ps=\"http://ns.adobe.com/photoshop/1.0/\" \
        xmlns:plus=\"http://ns.useplus.org/ldf/xmp/1.0/\" \
        xmlns:r=\"http://ns.adobe.com/xap/1.0/rights/\" \
        xmlns:xmpMM=\"http://ns.adobe.com/xap/1.0/mm/\"";

    fn properties(attributes: &str, elements: &str) -> Properties {
        let mut found = Properties::default();
        found.read(
            format!(
                "<?xpacket begin=\"\u{feff}\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"{RDF}\">\
                 <rdf:Description {SPACES} {attributes}>{elements}</rdf:Description></rdf:RDF></x:xmpmeta>"
            )
            .as_bytes(),
        );
        found
    }

    #[test]
    fn properties_are_attributes_or_elements() {
        let found = properties(
            "ps:Credit=\"AP &amp; Co\"",
            "<ps:Source>Reuters &#38; <![CDATA[Sons]]></ps:Source><r:WebStatement rdf:resource=\"https://a.example\"/>",
        );
        assert_eq!(found.credit.as_deref(), Some("AP & Co"));
        assert_eq!(found.source.as_deref(), Some("Reuters & Sons"));
        assert_eq!(found.web_statement.as_deref(), Some("https://a.example"));
    }

    #[test]
    fn a_list_keeps_its_order_and_a_choice_its_default() {
        let found = properties(
            "",
            "<dc:creator><rdf:Seq>\n <rdf:li>A</rdf:li>\n <rdf:li>B</rdf:li></rdf:Seq></dc:creator>\
             <dc:description><rdf:Alt><rdf:li xml:lang=\"pt\">Mar</rdf:li><rdf:li xml:lang=\"x-default\">Sea</rdf:li></rdf:Alt></dc:description>",
        );
        assert_eq!(found.creators, ["A", "B"]);
        assert_eq!(found.caption.as_deref(), Some("Sea"));
    }

    #[test]
    fn a_licensor_is_a_structure_in_any_form() {
        for elements in [
            "<plus:Licensor><rdf:Seq><rdf:li rdf:parseType=\"Resource\"><plus:LicensorName>X</plus:LicensorName><plus:LicensorURL>https://l.example</plus:LicensorURL></rdf:li></rdf:Seq></plus:Licensor>",
            "<plus:Licensor><rdf:Seq><rdf:li><rdf:Description><plus:LicensorURL>https://l.example</plus:LicensorURL></rdf:Description></rdf:li></rdf:Seq></plus:Licensor>",
            "<plus:Licensor><rdf:Seq><rdf:li plus:LicensorURL=\"https://l.example\"/></rdf:Seq></plus:Licensor>",
        ] {
            let found = properties("", elements);
            assert_eq!(
                found.licensor.as_deref(),
                Some("https://l.example"),
                "{elements}"
            );
        }
    }

    #[test]
    fn what_a_pasted_picture_says_is_not_believed() {
        let found = properties(
            "",
            "<xmpMM:Pantry><rdf:Bag><rdf:li><rdf:Description ps:Credit=\"Other\"><dc:creator><rdf:Seq><rdf:li>Other</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:li></rdf:Bag></xmpMM:Pantry>",
        );
        assert_eq!(found.credit, None);
        assert!(found.creators.is_empty());
    }

    #[test]
    fn a_packet_of_utf16_or_without_an_end_is_read() {
        let text = format!(
            "<rdf:RDF xmlns:rdf=\"{RDF}\"><rdf:Description {SPACES} ps:Credit=\"Ōe\"><ps:Source>x"
        );
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let mut found = Properties::default();
        found.read(&bytes);
        assert_eq!(found.credit.as_deref(), Some("Ōe"));
        assert_eq!(found.source, None);
    }
}
