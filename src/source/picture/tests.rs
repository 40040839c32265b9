//! What is read of pictures, and what is taken out of them.

use super::*;
use proptest::prelude::*;

const ESPRESSO: &[u8] = include_bytes!("../../../tests/data/photos/espresso.jpg");
const HUBBLE: &[u8] = include_bytes!("../../../tests/data/photos/hubble-extreme-deep-field.jpg");
const MOST_PIXELS: u64 = 100_000_000;

/// A PNG of the given chunks; their check values are not read.
fn png(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut bytes = super::png::SIGNATURE.to_vec();
    for (kind, content) in chunks {
        bytes.extend_from_slice(&u32::try_from(content.len()).expect("short").to_be_bytes());
        bytes.extend_from_slice(*kind);
        bytes.extend_from_slice(content);
        bytes.extend_from_slice(&[1, 2, 3, 4]);
    }
    bytes
}

fn header(width: u32, height: u32) -> Vec<u8> {
    [
        &width.to_be_bytes()[..],
        &height.to_be_bytes(),
        &[8, 2, 0, 0, 0],
    ]
    .concat()
}

/// A WebP of the given chunks after an extended header of 40 × 30 pixels.
fn webp(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut body = b"WEBPVP8X\x0a\0\0\0\x0c\0\0\0\x27\0\0\x1d\0\0".to_vec();
    for (kind, content) in chunks {
        body.extend_from_slice(*kind);
        body.extend_from_slice(&u32::try_from(content.len()).expect("short").to_le_bytes());
        body.extend_from_slice(content);
        body.extend(std::iter::repeat_n(0, content.len() % 2));
    }
    let length = u32::try_from(body.len()).expect("short").to_le_bytes();
    [b"RIFF".as_slice(), &length, &body].concat()
}

/// A JPEG of 20 × 10 pixels with an application segment.
fn jpeg(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2)
        .expect("short")
        .to_be_bytes();
    [
        &[0xff, 0xd8, 0xff, marker][..],
        &length,
        content,
        &[0xff, 0xc0, 0, 11, 8, 0, 10, 0, 20, 1, 1, 0x11, 0],
        &[
            0xff, 0xda, 0, 8, 1, 1, 0, 0, 0x3f, 0, 0x12, 0xff, 0, 0x34, 0xff, 0xd9,
        ],
    ]
    .concat()
}

/// A box of an ISO base media file.
fn iso_box(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len() + 8)
        .expect("short")
        .to_be_bytes();
    [&length[..], kind, content].concat()
}

/// An AVIF of 64 × 48 pixels with `data` among its coded data.
fn avif(data: &[u8]) -> Vec<u8> {
    let ispe = iso_box(b"ispe", &[0, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0, 48]);
    let iprp = iso_box(b"iprp", &iso_box(b"ipco", &ispe));
    [
        iso_box(b"ftyp", b"avif\0\0\0\0avifmif1"),
        iso_box(b"meta", &[&[0; 4][..], &iprp].concat()),
        iso_box(b"mdat", data),
    ]
    .concat()
}

/// An EXIF structure with an orientation, an artist, and a position of one value.
fn exif(is_little: bool, orientation: u16) -> Vec<u8> {
    let short = |n: u16| {
        if is_little {
            n.to_le_bytes()
        } else {
            n.to_be_bytes()
        }
    };
    let long = |n: u32| {
        if is_little {
            n.to_le_bytes()
        } else {
            n.to_be_bytes()
        }
    };
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&short(tag)[..], &short(kind), &long(count), &value].concat()
    };
    let oriented = [short(orientation), [0, 0]].concat();
    [
        if is_little {
            b"II".to_vec()
        } else {
            b"MM".to_vec()
        },
        short(42).to_vec(),
        long(8).to_vec(),
        // 8: the first directory, with the pointer to the position in its middle.
        short(3).to_vec(),
        entry(0x0112, 3, 1, oriented.try_into().expect("four bytes")),
        entry(0x8825, 4, 1, long(50)),
        entry(0x013b, 2, 8, long(92)),
        long(0).to_vec(),
        // 50: the position.
        short(2).to_vec(),
        entry(1, 2, 2, *b"N\0\0\0"),
        entry(2, 5, 1, long(84)),
        long(0).to_vec(),
        short(0).to_vec(),
        // 82 would be odd to some readers; the values follow.
        short(0).to_vec(),
        long(52).to_vec(),
        long(1).to_vec(),
        b"Reis, A\0".to_vec(),
    ]
    .concat()
}

fn size_of(bytes: &[u8]) -> Result<(Format, u32, u32), String> {
    read(bytes, MOST_PIXELS)
        .map(|file| (file.format, file.width, file.height))
        .map_err(|fault| fault.message)
}

#[test]
fn a_picture_is_what_its_bytes_say() {
    assert_eq!(size_of(ESPRESSO), Ok((Format::Jpeg, 600, 400)));
    assert_eq!(size_of(HUBBLE), Ok((Format::Jpeg, 1000, 872)));
    let whole = png(&[(b"IHDR", &header(7, 5)), (b"IDAT", b"x"), (b"IEND", b"")]);
    assert_eq!(size_of(&whole), Ok((Format::Png, 7, 5)));
    assert_eq!(
        size_of(&webp(&[(b"VP8L", b"x")])),
        Ok((Format::WebP, 40, 30))
    );
    assert_eq!(
        size_of(b"GIF89a\x03\0\x02\0\0\0\0;"),
        Ok((Format::Gif, 3, 2))
    );
    assert_eq!(size_of(&avif(b"")), Ok((Format::Avif, 64, 48)));
    assert_eq!(
        size_of(b"<svg viewBox='0 0 4 3'/>"),
        Ok((Format::Svg, 4, 3))
    );
}

#[test]
fn a_turned_picture_has_the_size_that_is_seen() {
    for (is_little, orientation, expect) in [
        (true, 1, (20, 10)),
        (true, 3, (20, 10)),
        (true, 6, (10, 20)),
        (false, 8, (10, 20)),
        (false, 9, (20, 10)),
    ] {
        let content = [b"Exif\0\0".as_slice(), &exif(is_little, orientation)].concat();
        let file = read(&jpeg(0xe1, &content), MOST_PIXELS).expect("a JPEG");
        assert_eq!((file.width, file.height), expect, "{orientation}");
    }
    let turned = webp(&[(b"VP8L", b"x"), (b"EXIF", &exif(true, 6))]);
    assert_eq!(size_of(&turned), Ok((Format::WebP, 30, 40)));
}

#[test]
fn what_is_no_picture_is_named() {
    let check = |bytes: &[u8], expect: &str| {
        assert_eq!(size_of(bytes), Err(expect.to_owned()), "{bytes:?}");
    };
    check(b"", "is empty");
    check(b"This is a JPEG, honestly", "is text, not a picture");
    check("Größe".as_bytes(), "is text, not a picture");
    check(b" <!doctype HTML><p>404", "is a web page, not a picture");
    check(b"\0\x01\x02", "is not a picture of a known format");
    check(b"\x1f\x8b\x08", "is compressed with gzip");
    check(
        b"version https://git-lfs.github.com/spec/v1",
        "is a pointer of Git LFS, not the picture",
    );
    check(
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        "is a HEIC picture or a film, which browsers do not show as a picture",
    );
}

#[test]
fn a_picture_that_is_cut_is_refused() {
    for cut in [2, 3, 20, 300, 1000, ESPRESSO.len() - 2] {
        assert_eq!(
            size_of(&ESPRESSO[..cut]),
            Err("is an incomplete JPEG".to_owned()),
            "{cut}"
        );
    }
    let whole = png(&[(b"IHDR", &header(7, 5)), (b"IDAT", b"x"), (b"IEND", b"")]);
    for cut in [8, 12, 33, 45, whole.len() - 1] {
        assert_eq!(
            size_of(&whole[..cut]),
            Err("is an incomplete PNG".to_owned()),
            "{cut}"
        );
    }
    let webp = webp(&[(b"VP8L", b"0123456789")]);
    let cut = &webp[..webp.len() - 4];
    assert_eq!(size_of(cut), Err("is an incomplete WebP".to_owned()));
    let avif = avif(b"0123456789");
    let cut = &avif[..avif.len() - 4];
    assert_eq!(size_of(cut), Err("is an incomplete AVIF".to_owned()));
}

#[test]
fn bytes_after_the_end_are_no_fault() {
    let mut longer = ESPRESSO.to_vec();
    longer.extend_from_slice(b"trailing \xff\xd8\xff\xe1\xff\xff");
    assert_eq!(size_of(&longer), Ok((Format::Jpeg, 600, 400)));
    assert!(matches!(
        publishable(&longer, Format::Jpeg, Strip::Gps),
        Cow::Owned(_)
    ));
}

#[test]
fn a_claim_of_too_many_pixels_is_refused_before_the_rest_is_looked_at() {
    let claim = png(&[(b"IHDR", &header(60_000, 60_000))]);
    assert_eq!(
        size_of(&claim),
        Err("claims 60000 × 60000 pixels, more than the 100000000 allowed".to_owned())
    );
    let drawing = "<svg width='60000' height='60000'/>";
    assert_eq!(
        size_of(drawing.as_bytes()),
        Ok((Format::Svg, 60_000, 60_000))
    );
    let nothing = png(&[(b"IHDR", &header(0, 5)), (b"IDAT", b""), (b"IEND", b"")]);
    assert_eq!(size_of(&nothing), Err("is a damaged PNG".to_owned()));
}

/// Finds the entries of every TIFF directory of a JPEG in the simplest way there is, as a check
/// that shares no code with what it checks.
fn tags(jpeg: &[u8]) -> Vec<u16> {
    let at = jpeg
        .windows(6)
        .position(|w| w == b"Exif\0\0")
        .expect("EXIF")
        + 6;
    let tiff = &jpeg[at..];
    let is_big = tiff[0] == b'M';
    let number = |at: usize, length: usize| -> usize {
        let bytes = tiff[at..at + length].iter().copied();
        let big: Vec<u8> = if is_big {
            bytes.collect()
        } else {
            bytes.rev().collect()
        };
        big.iter()
            .fold(0, |sum, byte| sum * 256 + usize::from(*byte))
    };
    let mut found = Vec::new();
    let mut next = number(4, 4);
    while next != 0 {
        let count = number(next, 2);
        let entries = (0..count).map(|index| number(next + 2 + index * 12, 2));
        found.extend(entries.map(|tag| u16::try_from(tag).expect("two bytes")));
        next = number(next + 2 + count * 12, 4);
    }
    found
}

#[test]
fn a_published_photo_has_its_maker_and_its_pixels_and_no_position() {
    let before = tags(ESPRESSO);
    assert!(before.contains(&0x8825), "the photo has a position");
    let published = publishable(ESPRESSO, Format::Jpeg, Strip::Gps);
    let expect: Vec<u16> = before.into_iter().filter(|tag| *tag != 0x8825).collect();
    assert_eq!(tags(&published), expect);
    assert_eq!(published.len(), ESPRESSO.len());
    for kept in [b"Rachel Michetti".as_slice(), b"CC0"] {
        assert!(memchr::memmem::find(&published, kept).is_some());
    }
    // The tables and the coded picture follow the EXIF segment.
    let tables = memchr::memmem::find(ESPRESSO, b"\xff\xdb").expect("tables");
    assert_eq!(published[tables..], ESPRESSO[tables..]);
    let changed = published
        .iter()
        .zip(ESPRESSO)
        .filter(|(a, b)| a != b)
        .count();
    assert!(changed < 160, "{changed} bytes changed");
    assert_eq!(read(&published, MOST_PIXELS), read(ESPRESSO, MOST_PIXELS));
}

#[test]
fn nothing_but_the_picture_is_left_where_that_is_asked_for() {
    let published = publishable(ESPRESSO, Format::Jpeg, Strip::All);
    for gone in [b"Rachel Michetti".as_slice(), b"CC0", b"Exif", b"x:xmpmeta"] {
        assert!(memchr::memmem::find(&published, gone).is_none(), "{gone:?}");
    }
    let tables = |bytes: &[u8]| memchr::memmem::find(bytes, b"\xff\xdb").expect("tables");
    assert_eq!(
        published[tables(&published)..],
        ESPRESSO[tables(ESPRESSO)..]
    );
    let [left, whole] =
        [&published, ESPRESSO].map(|bytes| read(bytes, MOST_PIXELS).expect("a JPEG"));
    assert_eq!((left.width, left.height), (whole.width, whole.height));
    assert_eq!(
        whole.stripped,
        [ESPRESSO.len() as u64, published.len() as u64]
    );
    assert_eq!(
        publishable(ESPRESSO, Format::Jpeg, Strip::None),
        Cow::Borrowed(ESPRESSO)
    );
}

#[test]
fn a_turned_picture_without_metadata_stays_turned() {
    let packet = b"<x:xmpmeta/>".as_slice();
    let wrapped = [b"Exif\0\0".as_slice(), &exif(false, 6)].concat();
    let pictures = [
        (Format::Jpeg, jpeg(0xe1, &wrapped)),
        (
            Format::Png,
            png(&[
                (b"IHDR", &header(7, 5)),
                (b"eXIf", &exif(true, 6)),
                (b"iTXt", packet),
                (b"IDAT", b"x"),
                (b"IEND", b""),
            ]),
        ),
        (
            Format::WebP,
            webp(&[
                (b"VP8X", &[0x0c, 0, 0, 0, 6, 0, 0, 4, 0, 0]),
                (b"VP8L", b"x"),
                (b"EXIF", &exif(true, 6)),
                (b"XMP ", packet),
            ]),
        ),
    ];
    for (format, bytes) in pictures {
        assert_eq!(orientation(&bytes, format), 6, "{format:?}");
        let published = publishable(&bytes, format, Strip::All);
        assert_eq!(orientation(&published, format), 6, "{format:?}");
        assert!(memchr::memmem::find(&published, packet).is_none());
        assert!(published.len() < bytes.len(), "{format:?}");
        if format == Format::WebP {
            assert_eq!(published[20], 0x08, "it has EXIF and no XMP");
            let length =
                u32::from_le_bytes([published[4], published[5], published[6], published[7]]);
            assert_eq!(length as usize, published.len() - 8);
        }
    }
}

#[test]
fn serial_numbers_notes_and_thumbnails_are_private() {
    // A first directory with a serial number, and a second one with a thumbnail.
    let mut block = b"II*\0\x08\0\0\0".to_vec();
    let entry = |block: &mut Vec<u8>, tag: u16, kind: u16, count: u32, value: u32| {
        block.extend(tag.to_le_bytes());
        block.extend(kind.to_le_bytes());
        block.extend(count.to_le_bytes());
        block.extend(value.to_le_bytes());
    };
    block.extend(2_u16.to_le_bytes());
    entry(&mut block, 0x013b, 2, 4, u32::from_le_bytes(*b"Ana\0"));
    entry(&mut block, 0xa431, 2, 8, 68);
    block.extend(38_u32.to_le_bytes());
    block.extend(2_u16.to_le_bytes());
    entry(&mut block, 0x0201, 4, 1, 76);
    entry(&mut block, 0x0202, 4, 1, 6);
    block.extend([0; 4]);
    assert_eq!(block.len(), 68);
    block.extend(b"SN-12345thumb!");
    let bytes = jpeg(0xe1, &[b"Exif\0\0".as_slice(), &block].concat());
    let published = publishable(&bytes, Format::Jpeg, Strip::Gps);
    for gone in [b"SN-1234".as_slice(), b"thumb"] {
        assert!(memchr::memmem::find(&bytes, gone).is_some());
        assert!(memchr::memmem::find(&published, gone).is_none());
    }
    assert!(memchr::memmem::find(&published, b"Ana\0").is_some());
    assert_eq!(published.len(), bytes.len());

    let resource = [
        b"Photoshop 3.0\0".as_slice(),
        b"8BIM\x04\x04\0\0\0\0\0\x03IIM\0",
        b"8BIM\x04\x0c\0\0\0\0\0\x05thumb\0",
    ]
    .concat();
    let bytes = jpeg(0xed, &resource);
    let published = publishable(&bytes, Format::Jpeg, Strip::Gps);
    assert_eq!(published.len(), bytes.len() - 18);
    assert!(memchr::memmem::find(&published, b"thumb").is_none());
    assert!(memchr::memmem::find(&published, b"IIM").is_some());
    assert_eq!(read(&published, MOST_PIXELS), read(&bytes, MOST_PIXELS));
}

/// Pictures of every format with a manifest of Content Credentials and a packet of XMP.
fn with_manifest(manifest: &[u8], packet: &[u8]) -> [(Format, Vec<u8>); 3] {
    let plain = jpeg(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", packet].concat());
    let boxes = [b"JP\0\x01\0\0\0\x01".as_slice(), manifest].concat();
    let length = (boxes.len() as u16 + 2).to_be_bytes();
    let segment = [&[0xff, 0xeb][..], &length, &boxes].concat();
    let in_jpeg = [&plain[..2], &segment, &plain[2..]].concat();
    let text = [b"XML:com.adobe.xmp\0\0\0\0\0".as_slice(), packet].concat();
    let chunks: [(&[u8; 4], &[u8]); 4] = [
        (b"IHDR", &header(40, 30)),
        (b"caBX", manifest),
        (b"iTXt", &text),
        (b"IDAT", b"data"),
    ];
    let in_png = png(&[&chunks[..], &[(b"IEND", b"")]].concat());
    let in_webp = webp(&[(b"VP8 ", b"data"), (b"XMP ", packet), (b"C2PA", manifest)]);
    [
        (Format::Jpeg, in_jpeg),
        (Format::Png, in_png),
        (Format::WebP, in_webp),
    ]
}

#[test]
fn content_credentials_stay_where_nothing_is_taken_and_go_where_they_would_be_wrong() {
    let harmless = b"<x:xmpmeta><r d:c=\"Ana\"/></x:xmpmeta>".as_slice();
    let telling = b"<x:xmpmeta><r e:GPSLatitude=\"38,42N\" d:c=\"Ana\"/></x:xmpmeta>".as_slice();
    for (manifest, packet, stays) in [
        (b"jumb c2pa.signed".as_slice(), harmless, true),
        (b"jumb c2pa.signed", telling, false),
        (
            b"jumb c2pa {\"exif:GPSLatitude\":\"38,42N\"}",
            harmless,
            false,
        ),
        (
            b"jumb <x:xmpmeta><r e:GPSLatitude=\"38,42N\"/></x:xmpmeta>",
            harmless,
            false,
        ),
    ] {
        for (format, bytes) in with_manifest(manifest, packet) {
            let whole = read(&bytes, MOST_PIXELS).expect("a picture");
            let published = publishable(&bytes, format, Strip::Gps);
            let has = |part: &[u8]| memchr::memmem::find(&published, part).is_some();
            assert_eq!(has(b"jumb"), stays, "{format:?}");
            assert!(has(b"Ana") && !has(b"38,42N"), "{format:?}");
            assert_eq!(matches!(published, Cow::Borrowed(_)), stays, "{format:?}");
            let left = read(&published, MOST_PIXELS).expect("a picture");
            assert_eq!((left.width, left.height), (whole.width, whole.height));
            assert_eq!(whole.stripped[0], published.len() as u64);
            if format == Format::WebP {
                let length = published[4..8].try_into().expect("four bytes");
                assert_eq!(u32::from_le_bytes(length) as usize, published.len() - 8);
            }
            let published = publishable(&bytes, format, Strip::All);
            for gone in [b"jumb".as_slice(), b"Ana"] {
                assert!(memchr::memmem::find(&published, gone).is_none());
            }
        }
    }
}

#[test]
fn a_photo_without_a_position_is_the_same() {
    for bytes in [
        HUBBLE.to_vec(),
        publishable(ESPRESSO, Format::Jpeg, Strip::Gps).into_owned(),
    ] {
        assert!(matches!(
            publishable(&bytes, Format::Jpeg, Strip::Gps),
            Cow::Borrowed(_)
        ));
    }
}

#[test]
fn a_position_is_removed_wherever_it_stands() {
    let packet = b"<x:xmpmeta><r e:GPSLatitude=\"38,42N\" d:c=\"Ana\"/></x:xmpmeta>".as_slice();
    let wrapped = [b"Exif\0\0".as_slice(), &exif(false, 1)].concat();
    let text = [b"XML:com.adobe.xmp\0\0\0\0\0".as_slice(), packet].concat();
    let head = header(7, 5);
    let second = [
        b"\xff\xd8\xff\xda\0\x02\xff\xd9".as_slice(),
        &[0; 40],
        &jpeg(0xe1, &wrapped),
    ]
    .concat();
    let cases = [
        (Format::Jpeg, jpeg(0xe1, &wrapped)),
        (
            Format::Jpeg,
            jpeg(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", packet].concat()),
        ),
        (
            Format::Jpeg,
            jpeg(0xed, &[b"Photoshop 3.0\0", wrapped.as_slice()].concat()),
        ),
        (Format::Jpeg, jpeg(0xfe, &wrapped)),
        (Format::Jpeg, second),
        (
            Format::Png,
            png(&[
                (b"IHDR", &head),
                (b"eXIf", &exif(true, 1)),
                (b"IDAT", b"x"),
                (b"IEND", b""),
            ]),
        ),
        (
            Format::Png,
            png(&[
                (b"IHDR", &head),
                (b"IDAT", b"x"),
                (b"iTXt", &text),
                (b"IEND", b""),
            ]),
        ),
        (
            Format::WebP,
            webp(&[
                (b"VP8L", b"x"),
                (b"EXIF", &exif(true, 1)),
                (b"XMP ", packet),
            ]),
        ),
        (
            Format::Avif,
            avif(&[b"coded".as_slice(), &wrapped, packet].concat()),
        ),
    ];
    for (index, (format, bytes)) in cases.into_iter().enumerate() {
        let published = publishable(&bytes, format, Strip::Gps);
        assert_eq!(published.len(), bytes.len(), "{index}");
        let has = |wanted: &[u8]| memchr::memmem::find(&published, wanted).is_some();
        for gone in [
            b"GPSLatitude".as_slice(),
            b"38,42",
            b"N\0\0\0",
            b"\x25\x88",
            b"\x88\x25",
            b"\0\0\x34",
            b"\x34\0\0\0\x01",
        ] {
            assert!(!has(gone), "{index}: {gone:?}");
        }
        assert!(has(b"Reis, A") || has(b"d:c=\"Ana\""), "{index}");
        assert!(
            matches!(
                publishable(&published, format, Strip::Gps),
                Cow::Borrowed(_)
            ),
            "{index}"
        );
    }
}

#[test]
fn metadata_that_cannot_be_looked_into_is_dropped() {
    let head = header(7, 5);
    let rest: [(&[u8; 4], &[u8]); 2] = [(b"IDAT", b"x"), (b"IEND", b"")];
    let without = png(&[(b"IHDR", &head), rest[0], rest[1]]);
    for (kind, content) in [
        (b"zTXt", b"Raw profile type exif\0\0abc".as_slice()),
        (b"iTXt", b"XML:com.adobe.xmp\0\x01\0\0\0abc"),
    ] {
        let with = png(&[(b"IHDR", &head), (kind, content), rest[0], rest[1]]);
        assert_eq!(*publishable(&with, Format::Png, Strip::Gps), *without);
    }
    let kept = png(&[
        (b"IHDR", &head),
        (b"zTXt", b"Comment\0\0abc"),
        rest[0],
        rest[1],
    ]);
    assert!(matches!(
        publishable(&kept, Format::Png, Strip::Gps),
        Cow::Borrowed(_)
    ));
}

#[test]
fn directories_that_run_in_circles_end() {
    let mut circle = exif(true, 1);
    circle[46..50].copy_from_slice(&8_u32.to_le_bytes());
    let content = [b"Exif\0\0".as_slice(), &circle].concat();
    let bytes = jpeg(0xe1, &content);
    assert!(matches!(
        publishable(&bytes, Format::Jpeg, Strip::Gps),
        Cow::Owned(_)
    ));
}

#[test]
fn hostile_blocks_take_linear_time() {
    // Each would take minutes if every beginning were followed to the block's end.
    let many_structures = b"II*\0\x08\0\0\0\xff\xff\0\0".repeat(400_000);
    let open_elements = [b"<x:xmpmeta>".as_slice(), &b"<a:GPSX>".repeat(300_000)].concat();
    let open_quotes = [b"<x:xmpmeta>".as_slice(), &b"<a b=\"".repeat(300_000)].concat();
    for data in [many_structures, open_elements, open_quotes] {
        let published = publishable(&avif(&data), Format::Avif, Strip::Gps).into_owned();
        assert_eq!(published.len(), avif(&data).len());
    }
}

fn any_picture() -> impl Strategy<Value = Vec<u8>> {
    let packet = b"<x:xmpmeta><r e:GPSLatitude=\"38,42N\"/></x:xmpmeta>".as_slice();
    let wrapped = [b"Exif\0\0".as_slice(), &exif(false, 6)].concat();
    let head = header(7, 5);
    prop::sample::select(vec![
        jpeg(0xe1, &wrapped),
        jpeg(0xe1, packet),
        png(&[
            (b"IHDR", &head),
            (b"eXIf", &exif(true, 5)),
            (b"IDAT", b"x"),
            (b"IEND", b""),
        ]),
        webp(&[
            (b"VP8L", b"x"),
            (b"EXIF", &exif(true, 1)),
            (b"XMP ", packet),
        ]),
        webp(&[(b"VP8 ", b"0123456789")]),
        avif(&wrapped),
        b"GIF89a\x03\0\x02\0\0\0\0;".to_vec(),
        b"<svg width='3em' viewBox='0 0 1 1'><a href='&#x6a;'/></svg>".to_vec(),
        ESPRESSO[..600].to_vec(),
    ])
}

fn look(bytes: &[u8]) {
    let _ = read(bytes, MOST_PIXELS);
    let _ = svg::active_part(bytes);
    for format in [Format::Jpeg, Format::Png, Format::WebP, Format::Avif] {
        for strip in [Strip::Gps, Strip::All] {
            let once = publishable(bytes, format, strip);
            let twice = publishable(&once, format, strip);
            assert_eq!(once, twice, "{format:?} {strip:?}");
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        look(&bytes);
    }

    #[test]
    fn no_change_of_a_picture_panics(
        mut bytes in any_picture(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        cut in any::<prop::sample::Index>(),
        is_cut: bool,
    ) {
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if is_cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        look(&bytes);
    }
}
