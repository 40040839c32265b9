//! A list of short texts in one allocation, such as an article's tags.
//!
//! For what every article has, where there may be a million articles: a `Vec<String>` of three takes
//! four allocations and twice the memory.

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Ends each text, and is in none: it is replaced.
const END: char = '\0';

/// Texts in order; none takes no memory of its own.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Texts(Box<str>);

impl Texts {
    /// Returns the texts in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.split_terminator(END)
    }

    /// Tells whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the first.
    pub fn first(&self) -> Option<&str> {
        self.iter().next()
    }
}

impl<T: AsRef<str>> FromIterator<T> for Texts {
    fn from_iter<I: IntoIterator<Item = T>>(texts: I) -> Self {
        let mut all = String::new();
        for text in texts {
            let text = text.as_ref();
            match text.contains(END) {
                true => all.push_str(&text.replace(END, "\u{FFFD}")),
                false => all.push_str(text),
            }
            all.push(END);
        }
        Self(all.into_boxed_str())
    }
}

impl<T: AsRef<str>, const N: usize> PartialEq<[T; N]> for Texts {
    fn eq(&self, other: &[T; N]) -> bool {
        self.iter().eq(other.iter().map(AsRef::as_ref))
    }
}

impl<T: AsRef<str>> PartialEq<Vec<T>> for Texts {
    fn eq(&self, other: &Vec<T>) -> bool {
        self.iter().eq(other.iter().map(AsRef::as_ref))
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// As a list where people read it, in one piece where programs do.
impl Serialize for Texts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serializer.is_human_readable() {
            true => serializer.collect_seq(self.iter()),
            false => serializer.serialize_str(&self.0),
        }
    }
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;
        impl<'de> Visitor<'de> for List {
            type Value = Texts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of texts")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Texts, A::Error> {
                std::iter::from_fn(|| list.next_element::<String>().transpose()).collect()
            }
        }
        match deserializer.is_human_readable() {
            true => deserializer.deserialize_seq(List),
            false => Ok(Self(Box::deserialize(deserializer)?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_taken_out_is_what_was_put_in(list: Vec<String>) {
            let texts: Texts = list.iter().collect();
            let expected: Vec<String> = list.iter().map(|text| text.replace('\0', "\u{FFFD}")).collect();
            prop_assert!(texts.iter().eq(expected.iter().map(String::as_str)));
            prop_assert_eq!(texts.is_empty(), list.is_empty());
            prop_assert_eq!(texts.first(), expected.first().map(String::as_str));
            let bytes = postcard::to_stdvec(&texts).unwrap();
            prop_assert_eq!(&postcard::from_bytes::<Texts>(&bytes).unwrap(), &texts);
            let json = serde_json::to_string(&texts).unwrap();
            prop_assert_eq!(&json, &serde_json::to_string(&expected).unwrap());
            prop_assert_eq!(&serde_json::from_str::<Texts>(&json).unwrap(), &texts);
        }
    }
}
