//! Concise Binary Object Representation, RFC 8949: as much of it as an index needs, both ways.

/// Writes values one after another.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Writer {
    pub(super) bytes: Vec<u8>,
}

impl Writer {
    /// Begins an array of so many values, which follow.
    pub(super) fn array(&mut self, length: usize) -> &mut Self {
        self.head(4, length as u64);
        self
    }

    /// Writes a text.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.head(3, text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
        self
    }

    /// Writes a whole number.
    pub(super) fn integer(&mut self, number: i64) -> &mut Self {
        match u64::try_from(number) {
            Ok(number) => self.head(0, number),
            Err(_) => self.head(1, number.unsigned_abs() - 1),
        }
        self
    }

    /// Writes values that were written elsewhere.
    pub(super) fn written(&mut self, bytes: &[u8]) -> &mut Self {
        self.bytes.extend_from_slice(bytes);
        self
    }

    fn head(&mut self, kind: u8, number: u64) {
        let kind = kind << 5;
        match number {
            0..=23 => self.bytes.push(kind | number as u8),
            24..=0xFF => self.bytes.extend([kind | 24, number as u8]),
            0x100..=0xFFFF => {
                self.bytes.push(kind | 25);
                self.bytes.extend((number as u16).to_be_bytes());
            }
            0x1_0000..=0xFFFF_FFFF => {
                self.bytes.push(kind | 26);
                self.bytes.extend((number as u32).to_be_bytes());
            }
            _ => {
                self.bytes.push(kind | 27);
                self.bytes.extend(number.to_be_bytes());
            }
        }
    }
}

/// Reads values one after another; what is not as it is asked for is none.
#[derive(Debug, Clone)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Begins at the first of these bytes.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Returns the bytes that were not read yet.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Begins an array, and returns how many values follow.
    pub(super) fn array(&mut self) -> Option<usize> {
        let (4, length) = self.head()? else {
            return None;
        };
        // Each value has a byte at least: a length beyond that is none.
        let length = usize::try_from(length).ok()?;
        (length <= self.rest.len()).then_some(length)
    }

    /// Begins an array of so many values.
    pub(super) fn array_of(&mut self, length: usize) -> Option<()> {
        (self.array()? == length).then_some(())
    }

    /// Reads a text.
    pub(super) fn text(&mut self) -> Option<&'a str> {
        let (3, length) = self.head()? else {
            return None;
        };
        let (text, rest) = self.rest.split_at_checked(usize::try_from(length).ok()?)?;
        self.rest = rest;
        std::str::from_utf8(text).ok()
    }

    /// Reads a whole number.
    pub(super) fn integer(&mut self) -> Option<i64> {
        match self.head()? {
            (0, number) => i64::try_from(number).ok(),
            (1, number) => i64::try_from(number).ok().map(|number| -1 - number),
            _ => None,
        }
    }

    fn head(&mut self) -> Option<(u8, u64)> {
        let (first, rest) = self.rest.split_first()?;
        let (kind, short) = (first >> 5, first & 0x1F);
        let length = match short {
            0..=23 => 0,
            24..=27 => 1 << (short - 24),
            _ => return None,
        };
        let (bytes, rest) = rest.split_at_checked(length)?;
        self.rest = rest;
        let number = bytes
            .iter()
            .fold(0, |number, byte| number << 8 | u64::from(*byte));
        Some((
            kind,
            if length == 0 {
                u64::from(short)
            } else {
                number
            },
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 8949, appendix A.
    #[test]
    fn values_are_written_as_the_standard_says() {
        let check = |write: &dyn Fn(&mut Writer), expect: &[u8]| {
            let mut writer = Writer::default();
            write(&mut writer);
            assert_eq!(writer.bytes, expect);
        };
        for (number, expect) in [
            (0, &[0x00][..]),
            (23, &[0x17]),
            (24, &[0x18, 0x18]),
            (100, &[0x18, 0x64]),
            (1000, &[0x19, 0x03, 0xe8]),
            (1_000_000, &[0x1a, 0x00, 0x0f, 0x42, 0x40]),
            (
                1_000_000_000_000,
                &[0x1b, 0x00, 0x00, 0x00, 0xe8, 0xd4, 0xa5, 0x10, 0x00],
            ),
            (-1, &[0x20]),
            (-10, &[0x29]),
            (-100, &[0x38, 0x63]),
            (-1000, &[0x39, 0x03, 0xe7]),
        ] {
            check(
                &|writer| {
                    writer.integer(number);
                },
                expect,
            );
        }
        for number in [0, 23, 24, 255, 256, 65_536, i64::MAX, -1, -24, -25, -1000] {
            let mut writer = Writer::default();
            writer.integer(number).text("a");
            let mut reader = Reader::new(&writer.bytes);
            assert_eq!(reader.integer(), Some(number));
            assert_eq!(reader.text(), Some("a"));
            assert_eq!(reader.integer(), None);
        }
        check(
            &|writer| {
                writer.text("IETF");
            },
            &[0x64, 0x49, 0x45, 0x54, 0x46],
        );
        check(
            &|writer| {
                writer.array(2).integer(1).array(0);
            },
            &[0x82, 0x01, 0x80],
        );
        let mut reader = Reader::new(&[0x82, 0x01, 0x80]);
        assert_eq!(reader.array(), Some(2));
        assert_eq!((reader.integer(), reader.array()), (Some(1), Some(0)));
        // An array that is longer than the bytes, and half a number.
        assert_eq!(Reader::new(&[0x9a, 0xff, 0xff, 0xff, 0xff]).array(), None);
        assert_eq!(Reader::new(&[0x19, 0x03]).integer(), None);
    }
}
