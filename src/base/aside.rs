//! A value that is kept aside: of a million, memory holds only where each is.
//!
//! For what pages show of an article and nothing else asks for. What was made in this build is in memory
//! until it was written somewhere; what was written is read again each time that it is asked for.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// Holds what is kept aside, and reads it again.
pub trait Shelf: Send + Sync {
    /// Reads so many bytes from a place; none where they can't be read. That is a fault of whoever holds
    /// them, who tells it: a value that can't be read is an empty one.
    fn read(&self, at: u64, length: u32) -> Option<Vec<u8>>;

    /// Notes that bytes are no value, though they could be read.
    fn refuse(&self, at: u64);
}

/// A shelf that many values share; in a box of its own, because a pointer to a trait takes two words.
pub type Shared = Arc<Box<dyn Shelf>>;

/// A `T` in postcard's encoding, in memory or on a shelf.
pub struct Aside<T> {
    kept: Kept,
    of: PhantomData<fn() -> T>,
}

#[derive(Clone)]
enum Kept {
    Here(Box<[u8]>),
    There { shelf: Shared, at: u64, length: u32 },
}

impl<T: Serialize + Default + PartialEq> Aside<T> {
    /// Keeps a value in memory; the default one takes none of its own.
    pub fn new(value: &T) -> Self {
        let bytes = match *value == T::default() {
            true => Vec::new(),
            false => postcard::to_stdvec(value).expect("texts, numbers and lists can be encoded"),
        };
        Self {
            kept: Kept::Here(bytes.into_boxed_slice()),
            of: PhantomData,
        }
    }
}

impl<T> Aside<T> {
    /// Returns the value.
    pub fn get(&self) -> T
    where
        T: DeserializeOwned + Default,
    {
        let bytes = self.bytes();
        if bytes.is_empty() {
            return T::default();
        }
        let value = postcard::from_bytes(&bytes);
        if let (Err(_), Kept::There { shelf, at, .. }) = (&value, &self.kept) {
            shelf.refuse(*at);
        }
        value.unwrap_or_default()
    }

    /// Returns the value's encoding.
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        match &self.kept {
            Kept::Here(bytes) => Cow::Borrowed(bytes),
            Kept::There { shelf, at, length } => {
                shelf.read(*at, *length).unwrap_or_default().into()
            }
        }
    }

    /// Returns how long the encoding is, in bytes.
    pub fn length(&self) -> u32 {
        match &self.kept {
            Kept::Here(bytes) => u32::try_from(bytes.len()).unwrap_or(u32::MAX),
            Kept::There { length, .. } => *length,
        }
    }

    /// Takes a value's encoding for one that stands on a shelf.
    pub fn put(&mut self, shelf: &Shared, at: u64, length: u32) {
        self.kept = match length {
            0 => Kept::Here(Box::default()),
            _ => Kept::There {
                shelf: Arc::clone(shelf),
                at,
                length,
            },
        };
    }
}

impl<T> Clone for Aside<T> {
    fn clone(&self) -> Self {
        Self {
            kept: self.kept.clone(),
            of: PhantomData,
        }
    }
}

impl<T> Default for Aside<T> {
    fn default() -> Self {
        Self {
            kept: Kept::Here(Box::default()),
            of: PhantomData,
        }
    }
}

impl<T: DeserializeOwned + Default + fmt::Debug> fmt::Debug for Aside<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    struct Memory {
        bytes: Vec<u8>,
        refused: Arc<AtomicU64>,
    }

    impl Shelf for Memory {
        fn read(&self, at: u64, length: u32) -> Option<Vec<u8>> {
            let at = at as usize;
            self.bytes.get(at..at + length as usize).map(<[u8]>::to_vec)
        }

        fn refuse(&self, at: u64) {
            self.refused.store(at, Ordering::Relaxed);
        }
    }

    fn shelf(bytes: Vec<u8>) -> (Shared, Arc<AtomicU64>) {
        let refused = Arc::new(AtomicU64::new(u64::MAX));
        let memory = Memory {
            bytes,
            refused: Arc::clone(&refused),
        };
        (Arc::new(Box::new(memory)), refused)
    }

    #[test]
    fn a_value_is_the_same_here_and_there() {
        let value = vec!["one".to_owned(), "two".to_owned()];
        let mut aside = Aside::new(&value);
        assert_eq!(aside.get(), value);
        let bytes = [b"..".to_vec(), aside.bytes().into_owned()].concat();
        let (shelf, refused) = shelf(bytes);
        let length = aside.length();
        aside.put(&shelf, 2, length);
        assert_eq!((aside.get(), aside.length()), (value, length));
        assert_eq!(refused.load(Ordering::Relaxed), u64::MAX);
    }

    #[test]
    fn an_empty_value_is_nowhere() {
        let mut aside = Aside::new(&String::new());
        assert_eq!(aside.length(), 0);
        aside.put(&shelf(Vec::new()).0, 7, 0);
        assert_eq!(aside.get(), "");
    }

    #[test]
    fn bytes_that_are_no_value_are_told() {
        let mut aside = Aside::new(&"text".to_owned());
        let (shelf, refused) = shelf(vec![200, 0, 0]);
        aside.put(&shelf, 0, 3);
        assert_eq!(aside.get(), "");
        assert_eq!(refused.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn a_place_takes_three_words() {
        assert_eq!(size_of::<Aside<String>>(), 24);
    }
}
