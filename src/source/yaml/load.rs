//! YAML's text becomes nodes, within budgets.
//!
//! `serde_yaml` tells values but not where they stand; a text that it lends from the source,
//! though, has an address in the source, and with it a place. On the second reading the shape is
//! known, so that every scalar can be asked for as a text.

use super::{DEEPEST_NESTING, Entry, Node, Span, UNKNOWN, Value, syntax, too_deep, usual};
use crate::base::diagnostic::{Diagnostic, Place};
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;
use std::ops::Range;

/// Reads the document at `range` of `source`, with exact places and written forms if its `shape`
/// is known from a first reading.
pub(super) fn load<'a>(
    path: &str,
    source: &'a str,
    range: Range<usize>,
    shape: Option<&Node<'a>>,
) -> Result<Node<'a>, Diagnostic> {
    let usual = shape.is_none().then(|| usual::load(source, range.clone()));
    match usual.flatten() {
        Some(root) => Ok(root),
        None => by_library(path, source, range, shape),
    }
}

/// Reads a document as [`load`] does, whatever is in it.
pub(super) fn by_library<'a>(
    path: &str,
    source: &'a str,
    range: Range<usize>,
    shape: Option<&Node<'a>>,
) -> Result<Node<'a>, Diagnostic> {
    let text = &source[range.clone()];
    let state = State {
        source,
        left: Cell::new(text.len() + SPARE),
        latest: Cell::new((range.start as u32, range.start as u32)),
        refusal: Cell::new(None),
    };
    let seed = Seed {
        state: &state,
        depth: 0,
        shape: shape.filter(|shape| !shape.is_null()),
    };
    seed.deserialize(serde_yaml::Deserializer::from_str(text))
        .map_err(|error| {
            let (start, end) = state.latest.get();
            let place = || Place::range(path, source, start as usize..end as usize);
            match state.refusal.get() {
                Some(Refusal::Deep) => too_deep().at(place()),
                Some(Refusal::Large) => {
                    Diagnostic::error("aliases make this document much larger than what is written")
                        .at(place())
                        .hint("write the values out where they are used")
                }
                None => syntax::explain(path, source, range, &error),
            }
        })
}

/// What aliases may add to a document, in values and bytes.
const SPARE: usize = 100_000;

struct State<'a> {
    source: &'a str,
    /// What the document may still grow by: each value costs one and each byte of a text costs one,
    /// so that without aliases the text's length is always enough. A text that is lent costs the
    /// same, as it is copied where it becomes data.
    left: Cell<usize>,
    /// The place that was read last.
    latest: Cell<Span>,
    refusal: Cell<Option<Refusal>>,
}

#[derive(Clone, Copy)]
enum Refusal {
    Deep,
    Large,
}

impl<'a> State<'a> {
    fn spend<E: de::Error>(&self, cost: usize) -> Result<(), E> {
        match self.left.get().checked_sub(cost) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(self.refuse(Refusal::Large)),
        }
    }

    fn refuse<E: de::Error>(&self, refusal: Refusal) -> E {
        self.refusal.set(Some(refusal));
        E::custom("over budget")
    }

    /// Returns where a text lies that was lent from the source.
    fn locate(&self, text: &str) -> Span {
        let start = (text.as_ptr() as usize).wrapping_sub(self.source.as_ptr() as usize);
        if start + text.len() > self.source.len() {
            return UNKNOWN;
        }
        let span = (start as u32, (start + text.len()) as u32);
        self.latest.set(span);
        span
    }
}

/// Reads one value.
struct Seed<'s, 'a> {
    state: &'s State<'a>,
    depth: usize,
    shape: Option<&'s Node<'a>>,
}

impl<'a> DeserializeSeed<'a> for Seed<'_, 'a> {
    type Value = Node<'a>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Node<'a>, D::Error> {
        self.state.spend(1)?;
        if self.depth > DEEPEST_NESTING {
            return Err(self.state.refuse(Refusal::Deep));
        }
        match self.shape {
            Some(shape) if !matches!(shape.value, Value::List(_) | Value::Map(_)) => {
                let (text, at) = deserializer.deserialize_str(TextVisitor(self.state))?;
                let mut node = shape.clone();
                node.at = at;
                if let Cow::Borrowed(text) = text {
                    node.written = Some(text);
                }
                Ok(node)
            }
            _ => deserializer.deserialize_any(self),
        }
    }
}

impl<'a> Visitor<'a> for Seed<'_, 'a> {
    type Value = Node<'a>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Node<'a>, E> {
        Ok(Node::new(Value::Null))
    }

    fn visit_none<E: de::Error>(self) -> Result<Node<'a>, E> {
        Ok(Node::new(Value::Null))
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Node<'a>, E> {
        Ok(Node::new(Value::Bool(value)))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Node<'a>, E> {
        Ok(Node::new(Value::Integer(value)))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Node<'a>, E> {
        let value = i64::try_from(value).map_or(Value::Float(value as f64), Value::Integer);
        Ok(Node::new(value))
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<Node<'a>, E> {
        Ok(Node::new(Value::Float(value as f64)))
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<Node<'a>, E> {
        Ok(Node::new(Value::Float(value as f64)))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Node<'a>, E> {
        Ok(Node::new(Value::Float(value)))
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'a str) -> Result<Node<'a>, E> {
        self.state.spend(text.len())?;
        let at = self.state.locate(text);
        let mut node = Node::new(Value::Text(Cow::Borrowed(text)));
        node.at = at;
        Ok(node)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Node<'a>, E> {
        self.state.spend(text.len())?;
        Ok(Node::new(Value::Text(Cow::Owned(text.to_owned()))))
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut items: A) -> Result<Node<'a>, A::Error> {
        let shapes = match self.shape.map(|shape| &shape.value) {
            Some(Value::List(shapes)) => shapes.as_slice(),
            _ => &[],
        };
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Seed {
            state: self.state,
            depth: self.depth + 1,
            shape: shapes.get(list.len()),
        })? {
            list.push(item);
        }
        Ok(Node::new(Value::List(list)))
    }

    fn visit_map<A: MapAccess<'a>>(self, mut entries: A) -> Result<Node<'a>, A::Error> {
        let shapes = match self.shape.map(|shape| &shape.value) {
            Some(Value::Map(shapes)) => shapes.as_slice(),
            _ => &[],
        };
        let mut map: Vec<Entry<'a>> = Vec::new();
        while let Some((key, key_at)) = entries.next_key_seed(KeySeed(self.state))? {
            let node = entries.next_value_seed(Seed {
                state: self.state,
                depth: self.depth + 1,
                shape: shapes.get(map.len()).map(|entry| &entry.node),
            })?;
            map.push(Entry { key, key_at, node });
        }
        Ok(Node::new(Value::Map(map)))
    }

    fn visit_enum<A: EnumAccess<'a>>(self, tagged: A) -> Result<Node<'a>, A::Error> {
        let (tag, value) = tagged.variant::<String>()?;
        let mut node = value.newtype_variant_seed(self)?;
        node.tag = Some(tag.into());
        Ok(node)
    }
}

/// Reads a key as it is written: `no`, `2024` and `~` are names like others.
struct KeySeed<'s, 'a>(&'s State<'a>);

impl<'a> DeserializeSeed<'a> for KeySeed<'_, 'a> {
    type Value = (Cow<'a, str>, Span);

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(TextVisitor(self.0))
    }
}

/// Reads a scalar as it is written.
struct TextVisitor<'s, 'a>(&'s State<'a>);

impl<'a> Visitor<'a> for TextVisitor<'_, 'a> {
    type Value = (Cow<'a, str>, Span);

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'a str) -> Result<Self::Value, E> {
        self.0.spend(text.len())?;
        Ok((Cow::Borrowed(text), self.0.locate(text)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        self.0.spend(text.len())?;
        Ok((Cow::Owned(text.to_owned()), UNKNOWN))
    }
}
