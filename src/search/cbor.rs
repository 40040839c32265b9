//! Concise Binary Object Representation, RFC 8949: as much of it as an index needs.

/// Writes values one after another.
#[derive(Debug, Default)]
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
    }
}
