//! XMP in an AVIF that was written here: an item that describes the picture (ISO 23008-12, annex A),
//! whose bytes stand at the file's end.

/// The media type of XMP.
const XMP: &[u8] = b"application/rdf+xml\0";

/// The length of the head of a box that has a version.
const HEAD: usize = 12;

/// The length of an item's entry in `iloc`: its id, the file that it is in, and one stretch.
const PLACE: usize = 14;

/// The length of a reference from one item to another in `iref`.
const REFERENCE: usize = 14;

/// Adds a packet of XMP; none where the file is not made of the boxes of this encoder.
pub(super) fn with_xmp(bytes: &[u8], packet: &str) -> Option<Vec<u8>> {
    let mut start = 0;
    while bytes.get(start + 4..start + 8)? != b"meta" {
        start += length(bytes, start)?;
    }
    let end = start + length(bytes, start)?;
    let mut boxes: Vec<&[u8]> = Vec::new();
    let mut at = start + HEAD;
    while at < end {
        let length = length(bytes, at)?;
        boxes.push(bytes.get(at..at + length)?);
        at += length;
    }
    let find = |kind: &[u8]| {
        let of_kind = |one: &&&[u8]| one.get(4..8) == Some(kind);
        boxes.iter().find(of_kind).copied()
    };
    let shown = number(find(b"pitm")?, HEAD)?;
    let id = ids(find(b"iloc")?)?.into_iter().max()?.checked_add(1)?;

    let info = info(id);
    let reference = reference(id, shown);
    let has_references = find(b"iref").is_some();
    let growth = info.len() + PLACE + REFERENCE + if has_references { 0 } else { HEAD };
    let packet_at = bytes.len() + growth + 8;

    let mut meta = bytes.get(start..start + HEAD)?.to_vec();
    for one in boxes {
        match one.get(4..8)? {
            b"iinf" => meta.extend(counted(one, &info)?),
            b"iloc" => {
                let mut place = Vec::with_capacity(PLACE);
                place.extend(id.to_be_bytes());
                place.extend([0, 0, 0, 1]);
                place.extend(u32::try_from(packet_at).ok()?.to_be_bytes());
                place.extend(u32::try_from(packet.len()).ok()?.to_be_bytes());
                meta.extend(counted(&moved(one, growth)?, &place)?);
            }
            b"iref" => meta.extend(longer(one, &reference)?),
            _ => meta.extend(one),
        }
    }
    if !has_references {
        meta.extend(longer(b"\0\0\0\x0ciref\0\0\0\0", &reference)?);
    }
    let length = u32::try_from(meta.len()).ok()?;
    meta[..4].copy_from_slice(&length.to_be_bytes());

    let mut out = bytes.get(..start)?.to_vec();
    out.extend(meta);
    out.extend(bytes.get(end..)?);
    out.extend(u32::try_from(packet.len() + 8).ok()?.to_be_bytes());
    out.extend(b"mdat");
    debug_assert_eq!(out.len(), packet_at, "the packet is where the file says");
    out.extend(packet.as_bytes());
    Some(out)
}

/// Returns the length of the box at `at`, with its head.
fn length(bytes: &[u8], at: usize) -> Option<usize> {
    let length: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
    let length = u32::from_be_bytes(length) as usize;
    (length >= 8).then_some(length)
}

fn number(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

/// Returns the ids of the items of `iloc`, which is of version 0 with lengths and offsets of 4 bytes.
fn ids(places: &[u8]) -> Option<Vec<u16>> {
    if places.get(8)? != &0 || places.get(HEAD..HEAD + 2)? != [0x44, 0] {
        return None;
    }
    let mut at = HEAD + 4;
    (0..number(places, HEAD + 2)?)
        .map(|_| {
            let id = number(places, at)?;
            at += 6 + 8 * usize::from(number(places, at + 4)?);
            Some(id)
        })
        .collect()
}

/// Returns `iloc` with every offset greater.
fn moved(places: &[u8], growth: usize) -> Option<Vec<u8>> {
    let mut moved = places.to_vec();
    let growth = u32::try_from(growth).ok()?;
    let mut at = HEAD + 4;
    for _ in 0..number(places, HEAD + 2)? {
        let stretches = usize::from(number(places, at + 4)?);
        for stretch in 0..stretches {
            let offset = moved.get_mut(at + 6 + 8 * stretch..at + 10 + 8 * stretch)?;
            let old = u32::from_be_bytes((&*offset).try_into().ok()?);
            offset.copy_from_slice(&old.checked_add(growth)?.to_be_bytes());
        }
        at += 6 + 8 * stretches;
    }
    Some(moved)
}

/// Returns the entry of `iinf` that says what the item is.
fn info(id: u16) -> Vec<u8> {
    let mut info = b"\0\0\0\0infe\x02\0\0\0".to_vec();
    info.extend(id.to_be_bytes());
    info.extend(b"\0\0mime\0");
    info.extend(XMP);
    info[3] = info.len() as u8;
    info
}

/// Returns the entry of `iref` by which an item describes another.
fn reference(id: u16, shown: u16) -> Vec<u8> {
    let mut reference = b"\0\0\0\x0ecdsc".to_vec();
    for number in [id, 1, shown] {
        reference.extend(number.to_be_bytes());
    }
    reference
}

/// Returns a box of version 0 that counts its entries, with one more: `iloc` counts after two bytes.
fn counted(one: &[u8], entry: &[u8]) -> Option<Vec<u8>> {
    let mut made = longer(one, entry)?;
    let at = if one.get(4..8)? == b"iloc" {
        HEAD + 2
    } else {
        HEAD
    };
    let count = number(one, at)?.checked_add(1)?;
    made[at..at + 2].copy_from_slice(&count.to_be_bytes());
    Some(made)
}

/// Returns a box with more at its end; none of a box of another version than 0.
fn longer(one: &[u8], more: &[u8]) -> Option<Vec<u8>> {
    if one.get(8)? != &0 {
        return None;
    }
    let mut made = [one, more].concat();
    let length = u32::try_from(made.len()).ok()?;
    made[..4].copy_from_slice(&length.to_be_bytes());
    Some(made)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::picture;

    fn block(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 8).expect("it is short");
        [&length.to_be_bytes(), kind.as_slice(), body].concat()
    }

    /// Makes an AVIF of boxes alone, whose picture is the text `pixels`.
    fn avif(has_references: bool) -> Vec<u8> {
        let info = block(b"infe", b"\x02\0\0\0\0\x01\0\0av01\0");
        let references = block(b"iref", b"\0\0\0\0");
        let meta = |at: u32| {
            let place = [
                b"\0\0\0\0\x44\0\0\x01\0\x01\0\0\0\x01".as_slice(),
                &at.to_be_bytes(),
                b"\0\0\0\x06",
            ];
            let body = [
                b"\0\0\0\0".to_vec(),
                block(b"pitm", b"\0\0\0\0\0\x01"),
                block(b"iloc", &place.concat()),
                block(b"iinf", &[b"\0\0\0\0\0\x01".as_slice(), &info].concat()),
                if has_references {
                    references.clone()
                } else {
                    Vec::new()
                },
            ];
            block(b"meta", &body.concat())
        };
        let head = block(b"ftyp", b"avif\0\0\0\0avifmif1");
        let at = head.len() + meta(0).len() + 8;
        let at = u32::try_from(at).expect("it is short");
        [head, meta(at), block(b"mdat", b"pixels")].concat()
    }

    #[test]
    fn a_packet_is_found_again_and_the_picture_is_where_the_file_says() {
        for has_references in [false, true] {
            let plain = avif(has_references);
            let packet = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\
                          <rdf:Description xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/' photoshop:Credit='Ana Reis'/></rdf:RDF></x:xmpmeta>";
            let made = with_xmp(&plain, packet).expect("it is made of known boxes");
            let found = picture::metadata(&made);
            assert_eq!(found.credit.as_deref(), Some("Ana Reis"));
            let places = made
                .windows(4)
                .position(|kind| kind == b"iloc")
                .expect("there is one");
            let at = places + 4 + 4 + 4 + 6;
            let offset = u32::from_be_bytes(made[at..at + 4].try_into().expect("four bytes"));
            assert_eq!(&made[offset as usize..offset as usize + 6], b"pixels");
        }
    }

    #[test]
    fn what_has_other_boxes_stays_as_it_is() {
        let plain = avif(false);
        for at in 0..plain.len() {
            // No cut makes it panic.
            let _ = with_xmp(&plain[..at], "x");
        }
        let mut other = plain.clone();
        let places = other
            .windows(4)
            .position(|kind| kind == b"iloc")
            .expect("there is one");
        other[places + 4] = 1;
        assert_eq!(with_xmp(&other, "x"), None);
    }
}
