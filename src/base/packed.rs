//! A value kept as its encoding: one small allocation in the place of many.
//!
//! For what every article has and few builds look at, where there may be a million articles.

use serde::de::{DeserializeOwned, Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;

/// A `T` in postcard's encoding; the default one takes no memory of its own.
pub struct Packed<T> {
    bytes: Box<[u8]>,
    of: PhantomData<fn() -> T>,
}

impl<T: Serialize + Default + PartialEq> Packed<T> {
    /// Packs a value.
    pub fn new(value: &T) -> Self {
        let bytes = match *value == T::default() {
            true => Vec::new(),
            false => postcard::to_stdvec(value).expect("texts, numbers and lists can be encoded"),
        };
        Self {
            bytes: bytes.into_boxed_slice(),
            of: PhantomData,
        }
    }
}

impl<T> Packed<T> {
    /// Unpacks the value.
    pub fn get(&self) -> T
    where
        T: DeserializeOwned + Default,
    {
        self.view()
    }

    /// Unpacks the value as one of another type with the same encoding, which may borrow from this one:
    /// a `Vec<&str>` of a packed `Vec<String>`.
    pub fn view<'a, V: Deserialize<'a> + Default>(&'a self) -> V {
        // It can be read as long as the two types agree: it was encoded here, or read with a checksum.
        postcard::from_bytes(&self.bytes).unwrap_or_default()
    }

    /// Tells whether it is the default value.
    pub fn is_default(&self) -> bool {
        self.bytes.is_empty()
    }
}

impl<T> Clone for Packed<T> {
    fn clone(&self) -> Self {
        Self {
            bytes: self.bytes.clone(),
            of: PhantomData,
        }
    }
}

impl<T> Default for Packed<T> {
    fn default() -> Self {
        Self {
            bytes: Box::default(),
            of: PhantomData,
        }
    }
}

impl<T> PartialEq for Packed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl<T> Eq for Packed<T> {}

impl<T: DeserializeOwned + Default + fmt::Debug> fmt::Debug for Packed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

impl<T> Serialize for Packed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.bytes)
    }
}

impl<'de, T> Deserialize<'de> for Packed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Box<[u8]>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the bytes of a packed value")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                Ok(bytes.into())
            }
        }
        Ok(Self {
            bytes: deserializer.deserialize_bytes(Bytes)?,
            of: PhantomData,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type List = Vec<(String, (u32, u32))>;

    proptest! {
        #[test]
        fn what_is_unpacked_is_what_was_packed(list: List) {
            let packed = Packed::new(&list);
            prop_assert_eq!(packed.is_default(), list.is_empty());
            let borrowed: Vec<(&str, (u32, u32))> = packed.view();
            let owned: List = borrowed.into_iter().map(|(text, at)| (text.to_owned(), at)).collect();
            prop_assert_eq!(&owned, &list);
            let bytes = postcard::to_stdvec(&packed).unwrap();
            let again: Packed<List> = postcard::from_bytes(&bytes).unwrap();
            prop_assert_eq!(again.get(), list);
        }
    }
}
