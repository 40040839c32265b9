//! What a value is, in 128 bits: equal fingerprints mean equal values.
//!
//! Fingerprints decide whether a page is rendered again, so two different values must never meet
//! in one. They are BLAKE3, cut to 128 bits, over an unambiguous encoding: every text carries its
//! length, every list its count, and every type of record begins with a name of its own.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::io::{self, Write};

/// 128 bits of BLAKE3 over everything that a value consists of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// Returns the fingerprint of a file's or a text's bytes.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self::from_hash(blake3::hash(bytes))
    }

    /// Returns the first `digits` hexadecimal digits, for fingerprinted file names.
    pub fn short(&self, digits: usize) -> String {
        let mut text = self.to_string();
        text.truncate(digits);
        text
    }

    /// Reads a fingerprint as it is displayed: 32 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 32 || !text.is_ascii() {
            return None;
        }
        let mut bits = [0; 16];
        for (at, byte) in bits.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).ok()?;
        }
        Some(Self(bits))
    }

    /// Returns its bytes.
    pub fn to_bytes(self) -> [u8; 16] {
        self.0
    }

    /// Makes a fingerprint of the bytes of one.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Returns thirty-two of its bits: unequal ones mean unequal values.
    pub fn bits(&self) -> u32 {
        let bytes = self.to_bytes();
        u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
    }

    /// Returns sixty-four of its bits, by which a table finds it.
    pub fn hash(&self) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.0;
        u64::from_le_bytes([a, b, c, d, e, f, g, h])
    }

    /// Returns eight of its bits: unequal ones mean unequal values, equal ones mean little.
    pub fn check(&self) -> u8 {
        self.0[0]
    }

    fn from_hash(hash: blake3::Hash) -> Self {
        let mut bits = [0; 16];
        bits.copy_from_slice(&hash.as_bytes()[..16]);
        Self(bits)
    }
}

/// Passes on what is written, and takes its fingerprint: that of all the bytes together.
pub struct Summed<W> {
    out: W,
    sum: blake3::Hasher,
}

impl<W: Write> Summed<W> {
    /// Begins without a byte.
    pub fn new(out: W) -> Self {
        let sum = blake3::Hasher::new();
        Self { out, sum }
    }

    /// Returns where it was written to, and the fingerprint.
    pub fn finish(self) -> (W, Fingerprint) {
        (self.out, Fingerprint::from_hash(self.sum.finalize()))
    }
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.sum.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Gathers the parts of a value into its [`Fingerprint`].
///
/// Most values have a few hundred bytes, which are hashed in one go and not part by part.
#[derive(Clone)]
pub struct Fingerprinter {
    /// What was not hashed yet.
    parts: Vec<u8>,
    /// What was hashed, of a long value.
    sum: Option<Box<blake3::Hasher>>,
}

/// How many bytes are gathered before they are hashed.
const GATHERED: usize = 4096;
/// Room for the parts of most values.
const USUAL: usize = 512;

impl Fingerprinter {
    /// Begins the fingerprint of a record; `name` tells it from records of other types that have
    /// the same parts.
    pub fn new(name: &str) -> Self {
        let mut new = Self {
            parts: Vec::with_capacity(USUAL),
            sum: None,
        };
        new.text(name);
        new
    }

    fn add(&mut self, bytes: &[u8]) {
        if self.parts.len() + bytes.len() > GATHERED {
            let sum = self.sum.get_or_insert_default();
            sum.update(&self.parts);
            self.parts.clear();
            if bytes.len() > GATHERED {
                sum.update(bytes);
                return;
            }
        }
        self.parts.extend_from_slice(bytes);
    }

    /// Adds a text with its length.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }

    /// Adds bytes with their length.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.number(bytes.len() as u64);
        self.add(bytes);
        self
    }

    /// Adds a number.
    pub fn number(&mut self, number: u64) -> &mut Self {
        self.add(&number.to_le_bytes());
        self
    }

    /// Adds another fingerprint.
    pub fn fingerprint(&mut self, fingerprint: Fingerprint) -> &mut Self {
        self.add(&fingerprint.0);
        self
    }

    /// Adds a text that may be absent; an absent one differs from an empty one.
    pub fn optional(&mut self, text: Option<&str>) -> &mut Self {
        self.number(u64::from(text.is_some()));
        self.text(text.unwrap_or_default())
    }

    /// Adds a list of texts with its count.
    pub fn texts<T: AsRef<str>>(&mut self, texts: &[T]) -> &mut Self {
        self.number(texts.len() as u64);
        for text in texts {
            self.text(text.as_ref());
        }
        self
    }

    /// Adds any value by its postcard encoding, which is unambiguous for a given type.
    pub fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> &mut Self {
        let bytes = postcard::to_stdvec(value)
            .expect("values that are fingerprinted have sized lists and no failing Serialize");
        self.bytes(&bytes)
    }

    /// Returns the fingerprint of all that was added.
    pub fn finish(&self) -> Fingerprint {
        match &self.sum {
            None => Fingerprint::of_bytes(&self.parts),
            Some(sum) => {
                Fingerprint::from_hash(sum.as_ref().clone().update(&self.parts).finalize())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other() {
        let of = |a: &str, b: &str| Fingerprinter::new("pair").text(a).text(b).finish();
        assert_ne!(of("ab", "c"), of("a", "bc"));
        assert_ne!(of("", "a"), of("a", ""));
    }

    #[test]
    fn a_long_value_is_hashed_as_one() {
        for lengths in [
            &[1, 4090, 40][..],
            &[5000, 3],
            &[4000, 90, 5000, 1],
            &[4072, 1],
        ] {
            let mut print = Fingerprinter::new("long");
            let mut all = [&4_u64.to_le_bytes()[..], b"long"].concat();
            for (number, length) in lengths.iter().enumerate() {
                let part = vec![number as u8; *length];
                print.bytes(&part);
                all.extend((*length as u64).to_le_bytes());
                all.extend(part);
            }
            assert_eq!(print.finish(), Fingerprint::of_bytes(&all), "{lengths:?}");
        }
    }

    #[test]
    fn an_absent_text_differs_from_an_empty_one() {
        let of = |text| Fingerprinter::new("optional").optional(text).finish();
        assert_ne!(of(None), of(Some("")));
    }

    #[test]
    fn a_short_fingerprint_begins_the_whole_one() {
        let whole = Fingerprint::of_bytes(b"dateline");
        assert_eq!(whole.to_string().len(), 32);
        assert_eq!(whole.short(8), whole.to_string()[..8]);
        assert_eq!(Fingerprint::parse(&whole.to_string()), Some(whole));
    }
}
