//! Data becomes YAML or JSON.

use crate::source::article::Data;
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

/// Writes data as a YAML document.
pub fn write(data: &Data) -> String {
    serde_yaml::to_string(&Plain(data))
        .expect("data has only values that YAML has, and a text can be written to")
}

/// Data as serialisers see it: `Data::Text("a")` is `"a"`, where a derived serialisation would
/// name the kind as well.
#[derive(Debug, Clone, Copy)]
pub struct Plain<'d>(pub &'d Data);

impl Serialize for Plain<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Data::Null => serializer.serialize_unit(),
            Data::Bool(value) => serializer.serialize_bool(*value),
            Data::Integer(value) => serializer.serialize_i64(*value),
            Data::Float(value) => serializer.serialize_f64(*value),
            Data::Text(text) => serializer.serialize_str(text),
            Data::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Plain(item))?;
                }
                list.end()
            }
            Data::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, &Plain(value))?;
                }
                map.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::yaml::{Language, Node, interpret};
    use proptest::prelude::*;

    fn any_data() -> impl Strategy<Value = Data> {
        let scalar = prop_oneof![
            Just(Data::Null),
            any::<bool>().prop_map(Data::Bool),
            any::<i64>().prop_map(Data::Integer),
            (-1e9..1e9_f64).prop_map(Data::Float),
            "[ -~äöü\n]{0,12}".prop_map(Data::Text),
        ];
        scalar.prop_recursive(4, 32, 6, |inner| {
            let key = "[a-z0-9~ ]{1,6}";
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Data::List),
                prop::collection::btree_map(key, inner, 0..6)
                    .prop_map(|map| Data::Map(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn data_written_and_read_again_is_the_same(data in any_data()) {
            let written = write(&data);
            let meaning = |root: &Node<'_>, _: &mut _| root.to_data();
            let (read, faults) = interpret("a.yaml", &written, 0..written.len(), Language::Yaml, meaning);
            prop_assert_eq!(faults, []);
            prop_assert_eq!(read, Some(data), "{}", written);
        }
    }
}
