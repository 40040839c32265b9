//! XMP: the position in a packet of RDF (ISO 16684-1), overwritten with spaces in place.
//!
//! Every property whose own name begins with `GPS` is one, whatever its prefix: `exif:GPSLatitude`
//! as well as `drone-dji:GpsLongitude`, as an element or as an attribute. Serial numbers, maker's
//! notes and thumbnails go the same way. Nothing outside of packets is touched.

use std::ops::Range;

/// What a packet is within.
const PACKET: (&[u8], &[u8]) = (b"<x:xmpmeta", b"</x:xmpmeta>");

/// The same, where the wrapper is left out.
const BARE_PACKET: (&[u8], &[u8]) = (b"<rdf:RDF", b"</rdf:RDF>");

/// The longest element that is removed as one, in bytes; of a longer one only the text up to the
/// next tag is.
const LONGEST_ELEMENT: usize = 8192;

/// Tells whether there is a packet in the block.
pub(super) fn may_have_position(block: &[u8]) -> bool {
    memchr::memmem::find(block, PACKET.0).is_some()
        || memchr::memmem::find(block, BARE_PACKET.0).is_some()
}

/// Overwrites the position in every packet of the block; tells whether there was one.
pub(super) fn remove_position(block: &mut [u8]) -> bool {
    let mut changed = false;
    let mut at = 0;
    while let Some(packet) = packet(block, at) {
        at = packet.end;
        changed |= remove_from_packet(&mut block[packet]);
    }
    changed
}

/// Finds the next packet; one whose end is missing goes to the end of the block.
fn packet(block: &[u8], at: usize) -> Option<Range<usize>> {
    let rest = &block[at..];
    let (start, end) = match memchr::memmem::find(rest, PACKET.0) {
        Some(start) => (start, PACKET.1),
        None => (memchr::memmem::find(rest, BARE_PACKET.0)?, BARE_PACKET.1),
    };
    let end = memchr::memmem::find(&rest[start..], end)
        .map_or(rest.len(), |found| start + found + end.len());
    Some(at + start..at + end)
}

fn remove_from_packet(packet: &mut [u8]) -> bool {
    let mut changed = false;
    let mut at = 0;
    while let Some(open) = memchr::memchr(b'<', &packet[at..]).map(|found| at + found) {
        let tag = Tag::read(packet, open);
        at = tag.end.max(open + 1);
        if is_position(&packet[tag.name.clone()]) && packet[open + 1] != b'/' {
            at = element_end(packet, open, &tag);
            blank(&mut packet[open..at]);
            changed = true;
            continue;
        }
        for attribute in tag.attributes {
            blank(&mut packet[attribute]);
            changed = true;
        }
    }
    changed
}

/// Overwrites with spaces; line ends stay.
fn blank(stretch: &mut [u8]) {
    for byte in stretch {
        if !matches!(byte, b'\r' | b'\n') {
            *byte = b' ';
        }
    }
}

/// Tells whether a qualified name is that of a position, or of something else that is private.
fn is_position(name: &[u8]) -> bool {
    let Some(local) = memchr::memchr(b':', name).map(|colon| &name[colon + 1..]) else {
        return false;
    };
    let ends_with = |end: &[u8]| {
        local
            .len()
            .checked_sub(end.len())
            .is_some_and(|at| local[at..].eq_ignore_ascii_case(end))
    };
    let is_gps = local.len() > 3 && local[..3].eq_ignore_ascii_case(b"gps");
    is_gps
        || ends_with(b"SerialNumber")
        || local.eq_ignore_ascii_case(b"MakerNote")
        || name == b"xmpGImg:image"
}

/// Returns where the element whose start tag is `tag` ends.
fn element_end(packet: &[u8], open: usize, tag: &Tag) -> usize {
    if tag.is_empty {
        return tag.end;
    }
    let near = &packet[tag.end..packet.len().min(open + LONGEST_ELEMENT).max(tag.end)];
    let name = &packet[tag.name.clone()];
    let closing = [b"</", name].concat();
    let whole = memchr::memmem::find(near, &closing)
        .and_then(|found| memchr::memchr(b'>', &near[found..]).map(|end| found + end + 1));
    let text = memchr::memchr(b'<', near).unwrap_or(near.len());
    tag.end + whole.unwrap_or(text)
}

/// A tag: where its name stands, where it ends, and its attributes that are positions.
struct Tag {
    name: Range<usize>,
    end: usize,
    is_empty: bool,
    attributes: Vec<Range<usize>>,
}

impl Tag {
    /// Reads the tag whose `<` stands at `open`; a broken one ends with the packet.
    fn read(packet: &[u8], open: usize) -> Self {
        let name = word(packet, open + 1);
        let mut tag = Self {
            end: name.end,
            name,
            is_empty: false,
            attributes: Vec::new(),
        };
        loop {
            match packet.get(tag.end) {
                None | Some(b'<') => return tag,
                Some(b'>') => {
                    tag.is_empty = packet[tag.end - 1] == b'/';
                    tag.end += 1;
                    return tag;
                }
                Some(b'"' | b'\'') => tag.end = quote_end(packet, tag.end),
                Some(byte) if is_name(*byte) => {
                    let name = word(packet, tag.end);
                    let start = name.start;
                    let is_position = is_position(&packet[name.clone()]);
                    tag.end = value_end(packet, name.end);
                    if is_position {
                        tag.attributes.push(start..tag.end);
                    }
                }
                Some(_) => tag.end += 1,
            }
        }
    }
}

/// Returns where the name at `at` stands.
fn word(packet: &[u8], at: usize) -> Range<usize> {
    let length = packet[at..]
        .iter()
        .take_while(|byte| is_name(**byte))
        .count();
    at..at + length
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'_' | b'-' | b'.') || byte >= 0x80
}

/// Returns where the value of the attribute whose name ends at `at` ends; `at` where it has none.
fn value_end(packet: &[u8], at: usize) -> usize {
    let skip = |at: usize| {
        at + packet[at..]
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count()
    };
    let equals = skip(at);
    if packet.get(equals) != Some(&b'=') {
        return at;
    }
    let quote = skip(equals + 1);
    match packet.get(quote) {
        Some(b'"' | b'\'') => quote_end(packet, quote),
        _ => quote,
    }
}

/// Returns where the quoted value that begins at `at` ends; the packet's end where it doesn't.
fn quote_end(packet: &[u8], at: usize) -> usize {
    memchr::memchr(packet[at], &packet[at + 1..]).map_or(packet.len(), |found| at + 1 + found + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, gone: &str, after: &str) {
        let packet = format!("<x:xmpmeta>{before}{gone}{after}</x:xmpmeta>");
        let spaces = gone.replace(|c| c != '\n', " ");
        let mut bytes = packet.into_bytes();
        assert_eq!(remove_position(&mut bytes), !gone.is_empty());
        let expect = format!("<x:xmpmeta>{before}{spaces}{after}</x:xmpmeta>");
        assert_eq!(String::from_utf8(bytes), Ok(expect));
    }

    #[test]
    fn a_position_is_blanked_and_nothing_else_is() {
        check("<a:b c:d=\"GPS\"/>", "", "<a:GPS/><GPSLatitude/>");
        check("<dc:title>exif:GPSLatitude", "", "</dc:title>");
        check("<r:D ", "exif:GPSLatitude=\"52,1N\"", " a:b='1'/>");
        check("<r:D ", "e:GPSX = '>'", " a:b='1'/>");
        check("", "<e:GPSLatitude>1</e:GPSLatitude>", ".");
        check("", "<e:GPSLatitude/>", ".");
        check(
            "<a/>",
            "<d:GpsAltitude><rdf:Seq>\n<rdf:li>1</rdf:li></rdf:Seq></d:GpsAltitude>",
            "<a/>",
        );
        check("", "<e:GPSX>1", "<a/>");
        check("<r:D ", "aux:SerialNumber=\"7\"", " aux:Lens='1'/>");
        check(
            "<g>",
            "<xmpGImg:image>AAAA</xmpGImg:image>",
            "</g><x:image/>",
        );
    }

    #[test]
    fn what_stands_outside_of_packets_stays() {
        let mut bytes = b"<e:GPSX>1</e:GPSX>".to_vec();
        assert!(!remove_position(&mut bytes));
        assert_eq!(bytes, b"<e:GPSX>1</e:GPSX>");
    }
}
