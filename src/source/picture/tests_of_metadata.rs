//! What is read of the metadata in files; that ExifTool reads the same is in tests/acceptance.

use super::*;
use crate::source::photo_metadata::PhotoMetadata;
use proptest::prelude::*;

const ESPRESSO: &[u8] = include_bytes!("../../../tests/data/photos/espresso.jpg");
const HUBBLE: &[u8] = include_bytes!("../../../tests/data/photos/hubble-extreme-deep-field.jpg");

/// Puts segments after the start of a JPEG.
fn with_segments(jpeg: &[u8], segments: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut out = jpeg[..2].to_vec();
    for (marker, content) in segments {
        out.extend([0xff, *marker]);
        out.extend((content.len() as u16 + 2).to_be_bytes());
        out.extend(content);
    }
    out.extend_from_slice(&jpeg[2..]);
    out
}

fn packet(description: &str) -> Vec<u8> {
    format!(
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description \
         xmlns:ps=\"http://ns.adobe.com/photoshop/1.0/\" xmlns:n=\"http://ns.adobe.com/xmp/note/\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" {description}/></rdf:RDF>"
    )
    .into_bytes()
}

fn xmp(description: &str) -> (u8, Vec<u8>) {
    let begin = b"http://ns.adobe.com/xap/1.0/\0".as_slice();
    (0xe1, [begin, &packet(description)].concat())
}

fn dataset(number: u8, value: &[u8]) -> Vec<u8> {
    let length = (value.len() as u16).to_be_bytes();
    [&[0x1c, 2, number], &length[..], value].concat()
}

/// The image resources of IIM, with a digest where one is given.
fn resources(iim: &[u8], digest: Option<[u8; 16]>) -> Vec<u8> {
    let resource = |kind: u16, content: &[u8]| {
        let mut out = b"8BIM".to_vec();
        out.extend(kind.to_be_bytes());
        out.extend([0, 0]);
        out.extend((content.len() as u32).to_be_bytes());
        out.extend(content);
        out.extend(vec![0; content.len() % 2]);
        out
    };
    let mut out = resource(0x0404, iim);
    out.extend(digest.map_or_else(Vec::new, |digest| resource(0x0425, &digest)));
    out
}

fn app13(part: &[u8]) -> (u8, Vec<u8>) {
    (0xed, [b"Photoshop 3.0\0", part].concat())
}

fn bare() -> Vec<u8> {
    // A start, a scan of nothing, an end.
    vec![0xff, 0xd8, 0xff, 0xda, 0, 2, 0xff, 0xd9]
}

#[test]
fn the_photos_of_the_tests_say_what_exiftool_reads_of_them() {
    let espresso = metadata(ESPRESSO);
    assert_eq!(
        espresso,
        PhotoMetadata {
            creators: vec!["Rachel Michetti".to_owned()],
            copyright: Some("CC0".to_owned()),
            ..PhotoMetadata::default()
        }
    );
    let hubble = metadata(HUBBLE);
    assert_eq!(hubble.creators, ["NASA"]);
    // There is no digest, so that XMP is believed and not the cut IIM.
    assert_eq!(hubble.credit.as_deref(), Some("NASA, ESA"));
    assert_eq!(hubble.copyright.as_deref(), Some("Public domain (NASA)"));
    assert_eq!(
        hubble.caption.as_deref(),
        Some("The Hubble eXtreme Deep Field.")
    );
}

#[test]
fn iim_is_believed_where_its_digest_says_that_it_was_changed_after_xmp() {
    let iim = dataset(110, b"IIM");
    let fresh = super::iim::digest(&iim);
    let credit = |digest: Option<[u8; 16]>, description: &str| {
        let file = with_segments(
            &bare(),
            &[xmp(description), app13(&resources(&iim, digest))],
        );
        metadata(&file).credit
    };
    let both = "ps:Credit=\"XMP\"";
    assert_eq!(credit(None, both).as_deref(), Some("XMP"));
    assert_eq!(credit(Some(fresh), both).as_deref(), Some("XMP"));
    assert_eq!(credit(Some([7; 16]), both).as_deref(), Some("IIM"));
    assert_eq!(credit(None, "").as_deref(), Some("IIM"));
}

#[test]
fn a_value_that_iim_had_to_cut_is_completed_from_xmp() {
    let whole = "Maria Guadalupe Hernández-Villanueva / Agencia";
    let cut: String = whole.chars().take(31).collect();
    assert_eq!(cut.len(), 32, "the é takes two bytes");
    let iim = [
        vec![0x1c, 1, 90, 0, 3, 0x1b, b'%', b'G'],
        dataset(110, cut.as_bytes()),
        dataset(80, cut.as_bytes()),
        dataset(115, b"Agencia"),
    ]
    .concat();
    let description = format!("ps:Credit=\"{whole}\" ps:Source=\"Agencia X\"");
    let file = with_segments(
        &bare(),
        &[xmp(&description), app13(&resources(&iim, Some([0; 16])))],
    );
    let found = metadata(&file);
    assert_eq!(found.credit.as_deref(), Some(whole));
    assert_eq!(found.source.as_deref(), Some("Agencia"), "it was not cut");
    assert_eq!(found.creators, [cut], "XMP names nobody");
}

#[test]
fn image_resources_go_on_in_the_next_segment_and_may_stand_after_a_large_xmp() {
    let iim = [dataset(120, &[b'x'; 1000]), dataset(110, b"Reuters")].concat();
    let block = resources(&iim, None);
    let (one, two) = block.split_at(600);
    let large = format!("dc:x=\"{}\"", "y".repeat(60_000));
    let file = with_segments(
        &bare(),
        &[xmp(&large), app13(one), (0xe0, vec![1]), app13(two)],
    );
    assert_eq!(metadata(&file).credit.as_deref(), Some("Reuters"));
}

#[test]
fn extended_xmp_is_put_together_in_any_order_by_its_digest() {
    let digest = "0123456789ABCDEF0123456789ABCDEF";
    let extension = packet("ps:Credit=\"A long one\" ps:Source=\"Reuters\"");
    let part = |digest: &str, at: usize, bytes: &[u8]| {
        let mut out = b"http://ns.adobe.com/xmp/extension/\0".to_vec();
        out.extend(digest.as_bytes());
        out.extend((extension.len() as u32).to_be_bytes());
        out.extend((at as u32).to_be_bytes());
        out.extend(bytes);
        (0xe1, out)
    };
    let (one, two) = extension.split_at(100);
    let main = xmp(&format!("n:HasExtendedXMP=\"{digest}\" ps:Source=\"AP\""));
    let foreign = part(&"F".repeat(32), 0, b"<rdf:RDF");
    let parts = vec![
        foreign,
        part(digest, 100, two),
        main.clone(),
        part(digest, 0, one),
    ];
    let found = metadata(&with_segments(&bare(), &parts));
    assert_eq!(found.credit.as_deref(), Some("A long one"));
    assert_eq!(
        found.source.as_deref(),
        Some("AP"),
        "the main packet is first"
    );
    let lost = metadata(&with_segments(&bare(), &[main, part(digest, 100, two)]));
    assert_eq!(lost.credit, None);
}

#[test]
fn a_tiff_holds_xmp_and_iim_in_tags_of_its_first_directory() {
    let tiff = |is_swapped: bool| {
        let xmp = packet("ps:Credit=\"Of XMP\"");
        let mut iim = [dataset(80, b"Ana Reis"), dataset(115, b"Reuters")].concat();
        iim.resize(iim.len().next_multiple_of(4), 0);
        if is_swapped {
            iim.chunks_exact_mut(4).for_each(<[u8]>::reverse);
        }
        let start = 8 + 2 + 2 * 12 + 4;
        let mut out = b"II*\0\x08\0\0\0\x02\0".to_vec();
        let mut entry = |tag: u16, kind: u16, count: usize, at: usize| {
            out.extend(tag.to_le_bytes());
            out.extend(kind.to_le_bytes());
            out.extend((count as u32).to_le_bytes());
            out.extend((at as u32).to_le_bytes());
        };
        entry(0x02bc, 1, xmp.len(), start);
        match is_swapped {
            true => entry(0x83bb, 4, iim.len() / 4, start + xmp.len()),
            false => entry(0x83bb, 7, iim.len(), start + xmp.len()),
        }
        out.extend([0; 4]);
        out.extend(&xmp);
        out.extend(&iim);
        metadata(&out)
    };
    for found in [tiff(false), tiff(true)] {
        assert_eq!(found.credit.as_deref(), Some("Of XMP"));
        assert_eq!(found.creators, ["Ana Reis"]);
        assert_eq!(found.source.as_deref(), Some("Reuters"));
    }
}

#[test]
fn a_camera_that_describes_nothing_is_not_believed() {
    let tiff = |description: &[u8]| {
        let mut out = b"II*\0\x08\0\0\0\x01\0\x0e\x01\x02\0".to_vec();
        out.extend((description.len() as u32).to_le_bytes());
        out.extend(26_u32.to_le_bytes());
        out.extend([0; 4]);
        out.extend(description);
        metadata(&out).caption
    };
    assert_eq!(tiff(b"OLYMPUS DIGITAL CAMERA         \0"), None);
    assert_eq!(
        tiff(b"A digital camera on a desk\0").as_deref(),
        Some("A digital camera on a desk")
    );
    assert_eq!(
        tiff(b"Caf\xe9 in Lisbon\0").as_deref(),
        Some("Café in Lisbon")
    );
}

proptest! {
    #[test]
    fn metadata_of_any_bytes_is_read_without_panic(
        at in 0usize..4000, byte in any::<u8>(), end in 0usize..60_000, which in 0usize..3,
    ) {
        let iim = [dataset(110, b"IIM"), dataset(80, b"Li")].concat();
        let made = with_segments(&bare(), &[xmp("ps:Credit=\"X\""), app13(&resources(&iim, None))]);
        let mut bytes = [ESPRESSO.to_vec(), HUBBLE.to_vec(), made][which].clone();
        let at = at % bytes.len();
        bytes[at] = byte;
        bytes.truncate(end.max(1));
        let found = metadata(&bytes);
        prop_assert!(found.creators.len() < 100);
    }

    #[test]
    fn any_boxes_and_chunks_are_read_without_panic(
        kind in 0usize..4, rest in prop::collection::vec(any::<u8>(), 0..300),
        numbers in prop::collection::vec(0u8..40, 0..120),
    ) {
        let meta = |inside: &[u8]| {
            let mut out = ((inside.len() + 12) as u32).to_be_bytes().to_vec();
            out.extend(b"meta\0\0\0\0");
            out.extend(inside);
            out
        };
        let inner = |kind: &[u8; 4], content: &[u8]| {
            let mut out = ((content.len() + 8) as u32).to_be_bytes().to_vec();
            out.extend(kind);
            out.extend(content);
            out
        };
        let mut bytes = match kind {
            0 => b"\x89PNG\r\n\x1a\n".to_vec(),
            1 => b"RIFF\0\0\0\0WEBP".to_vec(),
            2 => b"II*\0\x08\0\0\0".to_vec(),
            _ => {
                let info = inner(b"infe", b"\x02\0\0\0\0\x01\0\0Exif\0");
                let infos = inner(b"iinf", &[b"\0\0\0\0\0\x01", &info[..]].concat());
                let mut out = b"\0\0\0\x14ftypavif\0\0\0\0avif".to_vec();
                out.extend(meta(&[infos, inner(b"iloc", &numbers)].concat()));
                out
            }
        };
        bytes.extend(&rest);
        let _ = metadata(&bytes);
    }
}
