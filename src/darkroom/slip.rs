//! The slip on the back of a print: what a derivative keeps of who made the photo, and under which
//! terms.
//!
//! It is written as XMP (ISO 16684-1) by the IPTC Photo Metadata Standard, and in JPEG as IPTC-IIM
//! too. Nothing else goes over from the photo: no position, no serial number, no maker's note, no
//! thumbnail, and no C2PA manifest, which would no longer fit the pixels.

mod avif;

use super::derivative::Encoding;
use crate::source::photo_metadata::PhotoMetadata;
use std::fmt::Write as _;

/// What begins the XMP of a JPEG segment.
const XMP_NAME: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// The longest packet that is written, in bytes: one JPEG segment holds it.
const LONGEST_PACKET: usize = 60_000;

/// The longest text that is written, in characters; shorter where a packet gets too long.
const LONGEST_TEXTS: [usize; 3] = [4000, 1000, 200];

/// The names of XMP that are used.
const NAMESPACES: [(&str, &str); 6] = [
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("photoshop", "http://ns.adobe.com/photoshop/1.0/"),
    ("xmpRights", "http://ns.adobe.com/xap/1.0/rights/"),
    ("plus", "http://ns.useplus.org/ldf/xmp/1.0/"),
    (
        "Iptc4xmpCore",
        "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    ),
    ("Iptc4xmpExt", "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"),
];

/// Puts the slip into a picture of `width` by `height` pixels that has no metadata yet.
pub fn attach(
    bytes: Vec<u8>,
    encoding: Encoding,
    (width, height): (u32, u32),
    slip: &PhotoMetadata,
) -> Vec<u8> {
    if slip.is_empty() {
        return bytes;
    }
    let packet = packet(slip);
    match encoding {
        Encoding::Jpeg => jpeg(&bytes, &packet, &iim(slip)),
        Encoding::Png => png(&bytes, &packet),
        Encoding::WebP => webp(&bytes, &packet, (width, height)),
        Encoding::Avif => avif::with_xmp(&bytes, &packet),
    }
    .unwrap_or(bytes)
}

/// Writes the packet of XMP.
fn packet(slip: &PhotoMetadata) -> String {
    let mut packet = String::new();
    for longest in LONGEST_TEXTS {
        packet = packet_of(slip, longest);
        if packet.len() <= LONGEST_PACKET {
            break;
        }
    }
    packet
}

fn packet_of(slip: &PhotoMetadata, longest: usize) -> String {
    let PhotoMetadata {
        creators,
        credit,
        source,
        copyright,
        caption,
        headline,
        alt,
        licence,
        licensor,
        terms,
        source_type,
    } = slip;
    let mut out = String::with_capacity(2048);
    out.push_str("<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n");
    out.push_str("<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n");
    out.push_str("<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n");
    out.push_str("<rdf:Description rdf:about=\"\"");
    for (prefix, namespace) in NAMESPACES {
        let _ = write!(out, " xmlns:{prefix}=\"{namespace}\"");
    }
    out.push_str(">\n");
    if !creators.is_empty() {
        out.push_str("<dc:creator><rdf:Seq>");
        for creator in creators.iter().take(MOST_CREATORS) {
            let _ = write!(out, "<rdf:li>{}</rdf:li>", xml(creator, longest));
        }
        out.push_str("</rdf:Seq></dc:creator>\n");
    }
    let plain = [
        ("photoshop:Credit", credit),
        ("photoshop:Source", source),
        ("photoshop:Headline", headline),
        ("xmpRights:WebStatement", licence),
        ("Iptc4xmpExt:DigitalSourceType", source_type),
    ];
    for (name, value) in plain {
        if let Some(value) = value {
            let _ = writeln!(out, "<{name}>{}</{name}>", xml(value, longest));
        }
    }
    let translated = [
        ("dc:rights", copyright),
        ("dc:description", caption),
        ("Iptc4xmpCore:AltTextAccessibility", alt),
        ("xmpRights:UsageTerms", terms),
    ];
    for (name, value) in translated {
        if let Some(value) = value {
            let value = xml(value, longest);
            let _ = writeln!(
                out,
                "<{name}><rdf:Alt><rdf:li xml:lang=\"x-default\">{value}</rdf:li></rdf:Alt></{name}>"
            );
        }
    }
    if let Some(licensor) = licensor {
        let _ = writeln!(
            out,
            "<plus:Licensor><rdf:Seq><rdf:li rdf:parseType=\"Resource\">\
             <plus:LicensorURL>{}</plus:LicensorURL></rdf:li></rdf:Seq></plus:Licensor>",
            xml(licensor, longest)
        );
    }
    out.push_str("</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>");
    out
}

/// The most creators that are written.
const MOST_CREATORS: usize = 32;

/// Writes a text as XML 1.0 may hold it, cut to a number of characters.
fn xml(text: &str, longest: usize) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars().take(longest) {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\t' | '\n' => out.push(letter),
            '\r' => out.push_str("&#xD;"),
            // The others are in no XML document, not even escaped.
            letter if letter < ' ' || matches!(letter, '\u{fffe}' | '\u{ffff}') => {}
            letter => out.push(letter),
        }
    }
    out
}

/// Writes datasets of IPTC-IIM 4.2, in UTF-8, each cut to its greatest length.
fn iim(slip: &PhotoMetadata) -> Vec<u8> {
    let mut out = Vec::with_capacity(1024);
    let mut dataset = |record: u8, number: u8, value: &[u8]| {
        out.extend([0x1c, record, number]);
        out.extend((value.len() as u16).to_be_bytes());
        out.extend(value);
    };
    // The character set of what follows is UTF-8 (ISO 2022: ESC % G).
    dataset(1, 90, b"\x1b%G");
    dataset(2, 0, &[0, 4]);
    let texts = slip
        .creators
        .iter()
        .take(MOST_CREATORS)
        .map(|creator| (80, creator, 32))
        .chain(slip.headline.iter().map(|text| (105, text, 256)))
        .chain(slip.credit.iter().map(|text| (110, text, 32)))
        .chain(slip.source.iter().map(|text| (115, text, 32)))
        .chain(slip.copyright.iter().map(|text| (116, text, 128)))
        .chain(slip.caption.iter().map(|text| (120, text, 2000)));
    for (number, text, most) in texts {
        let mut end = text.len().min(most);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        dataset(2, number, &text.as_bytes()[..end]);
    }
    out
}

/// Puts segments after the start of image and the JFIF segment.
fn jpeg(bytes: &[u8], packet: &str, iim: &[u8]) -> Option<Vec<u8>> {
    let mut at = 2;
    if bytes.get(2..4)? == [0xff, 0xe0] {
        at += 2 + usize::from(u16::from_be_bytes([*bytes.get(4)?, *bytes.get(5)?]));
    }
    let mut resources = b"Photoshop 3.0\x008BIM\x04\x04\0\0".to_vec();
    resources.extend((iim.len() as u32).to_be_bytes());
    resources.extend(iim);
    resources.extend((iim.len() % 2 == 1).then_some(0));
    let xmp = [XMP_NAME, packet.as_bytes()].concat();
    let mut out = bytes.get(..at)?.to_vec();
    for (marker, content) in [(0xe1, xmp), (0xed, resources)] {
        let length = u16::try_from(content.len() + 2).ok()?;
        out.extend([0xff, marker]);
        out.extend(length.to_be_bytes());
        out.extend(content);
    }
    out.extend(&bytes[at..]);
    Some(out)
}

/// Puts an international text chunk after the header (XMP, part 3, section 1.1.5).
fn png(bytes: &[u8], packet: &str) -> Option<Vec<u8>> {
    /// The signature, and the header's chunk.
    const BEFORE: usize = 8 + 25;
    let content = [b"XML:com.adobe.xmp\0\0\0\0\0".as_slice(), packet.as_bytes()].concat();
    let mut out = bytes.get(..BEFORE)?.to_vec();
    out.extend(u32::try_from(content.len()).ok()?.to_be_bytes());
    let begin = out.len();
    out.extend(b"iTXt");
    out.extend(content);
    let mut check = flate2::Crc::new();
    check.update(&out[begin..]);
    out.extend(check.sum().to_be_bytes());
    out.extend(&bytes[BEFORE..]);
    Some(out)
}

/// Makes the container an extended one that says what is in it, and adds a chunk at its end (RFC
/// 9649, section 2.7).
fn webp(bytes: &[u8], packet: &str, (width, height): (u32, u32)) -> Option<Vec<u8>> {
    const HAS_XMP: u8 = 0x04;
    const HAS_ALPHA: u8 = 0x10;
    let mut out = b"RIFF\0\0\0\0WEBP".to_vec();
    let chunks = bytes.get(12..)?;
    match chunks.get(..4)? {
        b"VP8X" => {
            out.extend(chunks);
            out[20] |= HAS_XMP;
        }
        kind => {
            let side = |length: u32| (length - 1).to_le_bytes();
            let is_lossless_with_alpha =
                kind == b"VP8L" && chunks.get(12).is_some_and(|byte| byte & 0x10 != 0);
            let alpha = if is_lossless_with_alpha { HAS_ALPHA } else { 0 };
            out.extend(b"VP8X\x0a\0\0\0");
            out.extend([HAS_XMP | alpha, 0, 0, 0]);
            out.extend(&side(width)[..3]);
            out.extend(&side(height)[..3]);
            out.extend(chunks);
        }
    }
    out.extend((out.len() % 2 == 1).then_some(0));
    out.extend(b"XMP ");
    out.extend(u32::try_from(packet.len()).ok()?.to_le_bytes());
    out.extend(packet.as_bytes());
    out.extend((packet.len() % 2 == 1).then_some(0));
    let length = u32::try_from(out.len() - 8).ok()?;
    out[4..8].copy_from_slice(&length.to_le_bytes());
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::darkroom::encode;
    use crate::darkroom::negative::Negative;
    use crate::source::picture;
    use proptest::prelude::*;

    const ENCODINGS: [Encoding; 3] = [Encoding::Jpeg, Encoding::Png, Encoding::WebP];

    #[cfg(feature = "avif")]
    #[test]
    fn an_avif_keeps_the_slip_and_its_size() {
        for has_alpha in [false, true] {
            let plain = picture(has_alpha, Encoding::Avif);
            let made = attach(plain.clone(), Encoding::Avif, (17, 9), &slip());
            assert_eq!(picture::metadata(&made), slip());
            for bytes in [&plain, &made] {
                let found = picture::read(bytes, 1000).expect("it is a picture");
                assert_eq!((found.width, found.height), (17, 9));
            }
        }
    }

    fn slip() -> PhotoMetadata {
        let text = |text: &str| Some(text.to_owned());
        PhotoMetadata {
            creators: vec!["Ana Réis".to_owned(), "Bo <Li>".to_owned()],
            credit: text("Ana Réis / The Harbour Gazette & Partners"),
            source: text("Harbour"),
            copyright: text("© 2026 Harbour Press"),
            caption: text("The ferry at dawn.\nIt was late."),
            headline: text("Ferry"),
            alt: text("A ferry in \"fog\""),
            licence: text("https://harbour.example/licence?a=1&b=2"),
            licensor: text("https://harbour.example/buy"),
            terms: text("One use"),
            source_type: text("http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"),
        }
    }

    fn picture(has_alpha: bool, encoding: Encoding) -> Vec<u8> {
        let pixel: &[u8] = if has_alpha {
            &[1, 2, 3, 99]
        } else {
            &[1, 2, 3]
        };
        let picture = Negative {
            width: 17,
            height: 9,
            has_alpha,
            pixels: pixel.repeat(17 * 9),
        };
        encode::encode(&picture, encoding, 80).expect("it is written")
    }

    #[test]
    fn what_is_attached_is_read_again_and_the_pixels_stay() {
        for has_alpha in [false, true] {
            for encoding in ENCODINGS {
                let plain = picture(has_alpha, encoding);
                let made = attach(plain.clone(), encoding, (17, 9), &slip());
                assert_eq!(picture::metadata(&made), slip(), "{encoding:?}");
                let (before, after) = [&plain, &made]
                    .map(|bytes| picture::read(bytes, 1000).expect("it is a picture"))
                    .into();
                // What is attached takes bytes.
                let after = picture::PictureFile {
                    stripped: before.stripped,
                    ..after
                };
                assert_eq!(before, after);
                let pixels = |bytes: &[u8]| {
                    Negative::decode(bytes, before.format, 17, 9)
                        .expect("it is decoded")
                        .pixels
                };
                assert_eq!(pixels(&plain), pixels(&made), "{encoding:?}");
            }
        }
    }

    #[test]
    fn an_empty_slip_changes_nothing() {
        for encoding in ENCODINGS {
            let plain = picture(false, encoding);
            let made = attach(plain.clone(), encoding, (17, 9), &PhotoMetadata::default());
            assert_eq!(made, plain);
        }
    }

    #[test]
    fn a_webp_with_a_slip_says_what_is_in_it() {
        for (has_alpha, flags) in [(false, 0x04), (true, 0x14)] {
            let made = attach(
                picture(has_alpha, Encoding::WebP),
                Encoding::WebP,
                (17, 9),
                &slip(),
            );
            assert_eq!(&made[12..20], b"VP8X\x0a\0\0\0");
            assert_eq!(made[20] & 0x3e, flags, "alpha {has_alpha}");
            assert_eq!(made[24..30], [16, 0, 0, 8, 0, 0]);
            let length = u32::from_le_bytes([made[4], made[5], made[6], made[7]]);
            assert_eq!(length as usize, made.len() - 8);
        }
    }

    #[test]
    fn a_slip_that_is_too_long_is_cut() {
        let long = PhotoMetadata {
            caption: Some("&".repeat(200_000)),
            terms: Some("<".repeat(200_000)),
            ..slip()
        };
        let packet = packet(&long);
        assert!(packet.len() <= LONGEST_PACKET, "{}", packet.len());
        let made = attach(
            picture(false, Encoding::Jpeg),
            Encoding::Jpeg,
            (17, 9),
            &long,
        );
        assert_eq!(picture::metadata(&made).creators, slip().creators);
    }

    proptest! {
        #[test]
        fn no_text_spoils_a_picture(text in "\\PC*|[\\x00-\\x7f]*", creator in "\\PC{1,60}") {
            let slip = PhotoMetadata {
                creators: vec![creator],
                credit: Some(text.clone()),
                caption: Some(text),
                ..PhotoMetadata::default()
            };
            for encoding in ENCODINGS {
                let made = attach(picture(false, encoding), encoding, (17, 9), &slip);
                let found = picture::read(&made, 1000).expect("it is a picture");
                prop_assert!(Negative::decode(&made, found.format, 17, 9).is_ok());
            }
        }
    }
}
