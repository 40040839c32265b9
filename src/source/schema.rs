//! Tables of keys: what may be written in front matter and dateline.yaml, of what kind, and why.
//!
//! One table serves the parser, which knows no key beside it, and the JSON Schema that editors
//! show, so that they can't drift apart.

use crate::base::diagnostic::nearest;
use serde_json::{Map, Value, json};

/// A key that may be written.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Its name in dateline.
    pub name: &'static str,
    /// The names that other generators and newsrooms have for it, the most telling first.
    pub also: &'static [&'static str],
    /// What its value may be.
    pub shape: Shape,
    /// What it says, for the reader of an editor's tooltip.
    pub doc: &'static str,
}

/// What a value may be.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// A text; numbers and dates are read as written.
    Text,
    /// True or false.
    Truth,
    /// A whole number within bounds.
    Integer(i64, i64),
    /// A number of bytes, pixels or steps, such as `5000` or `10 MB`.
    Amount,
    /// A date, with or without a time.
    Timestamp,
    /// One of some words.
    Choice(&'static [&'static str]),
    /// A list of texts, or a single one.
    Texts,
    /// A map of known keys.
    Map(&'static [Key]),
    /// A map from any key.
    MapOf(&'static Shape),
    /// A list.
    ListOf(&'static Shape),
    /// Any of several shapes.
    Any(&'static [Shape]),
    /// Anything.
    Free,
    /// A map of anything.
    FreeMap,
}

impl Key {
    /// Makes a key without counterparts.
    pub const fn new(name: &'static str, shape: Shape, doc: &'static str) -> Self {
        Self::with(name, &[], shape, doc)
    }

    /// Makes a key with counterparts.
    pub const fn with(
        name: &'static str,
        also: &'static [&'static str],
        shape: Shape,
        doc: &'static str,
    ) -> Self {
        Self {
            name,
            also,
            shape,
            doc,
        }
    }
}

/// Finds a key by its name.
pub fn find<'k>(keys: &'k [Key], name: &str) -> Option<&'k Key> {
    keys.iter().find(|key| key.name == name)
}

/// Returns the name that was probably meant by an unknown one.
pub fn suggest(keys: &[Key], name: &str) -> Option<&'static str> {
    nearest(name, keys.iter().map(|key| key.name))
}

/// Makes the JSON Schema (draft 2020-12) of a document that is a map of `keys`; `is_open` where
/// other keys are allowed.
pub fn document(title: &str, description: &str, keys: &[Key], is_open: bool) -> Value {
    let mut schema = Map::new();
    schema.insert(
        "$schema".to_owned(),
        json!("https://json-schema.org/draft/2020-12/schema"),
    );
    schema.insert("title".to_owned(), json!(title));
    schema.insert("description".to_owned(), json!(description));
    schema.extend(object(keys, is_open));
    Value::Object(schema)
}

fn object(keys: &[Key], is_open: bool) -> Map<String, Value> {
    let mut properties = Map::new();
    for key in keys {
        properties.insert(
            key.name.to_owned(),
            property(key, key.doc.to_owned(), is_open),
        );
    }
    for key in keys {
        for name in key.also {
            if !properties.contains_key(*name) {
                let doc = format!("The same as `{}`. {}", key.name, key.doc);
                properties.insert((*name).to_owned(), property(key, doc, is_open));
            }
        }
    }
    let mut object = Map::new();
    object.insert("type".to_owned(), json!("object"));
    object.insert("properties".to_owned(), Value::Object(properties));
    if !is_open {
        object.insert("additionalProperties".to_owned(), json!(false));
    }
    object
}

fn property(key: &Key, doc: String, is_open: bool) -> Value {
    let mut property = Map::new();
    property.insert("description".to_owned(), json!(doc));
    property.extend(of_shape(key.shape, is_open));
    Value::Object(property)
}

fn of_shape(shape: Shape, is_open: bool) -> Map<String, Value> {
    let schema = match shape {
        Shape::Text => json!({ "type": ["string", "number", "boolean", "null"] }),
        Shape::Truth => json!({ "type": ["boolean", "null"] }),
        Shape::Integer(least, most) => {
            json!({ "type": ["integer", "null"], "minimum": least, "maximum": most })
        }
        Shape::Amount => json!({ "type": ["integer", "string"] }),
        Shape::Timestamp => json!({
            "type": ["string", "integer", "null"],
            "examples": ["2024-11-21", "2024-11-21 16:32", "2024-11-22T09:00:00Z"],
        }),
        Shape::Choice(words) => json!({ "enum": words }),
        Shape::Texts => json!({
            "type": ["array", "string", "number", "boolean", "null"],
            "items": { "type": ["string", "number", "boolean", "null"] },
        }),
        Shape::Map(keys) => return object(keys, is_open),
        Shape::MapOf(shape) => {
            json!({ "type": "object", "additionalProperties": of_shape(*shape, is_open) })
        }
        Shape::ListOf(shape) => json!({ "type": "array", "items": of_shape(*shape, is_open) }),
        Shape::Any(shapes) => {
            let shapes: Vec<_> = shapes
                .iter()
                .map(|shape| of_shape(*shape, is_open))
                .collect();
            json!({ "anyOf": shapes })
        }
        Shape::Free => json!({}),
        Shape::FreeMap => json!({ "type": ["object", "null"] }),
    };
    match schema {
        Value::Object(schema) => schema,
        _ => Map::new(),
    }
}
