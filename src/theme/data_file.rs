//! What a file of `data/` holds.

use crate::base::diagnostic::Diagnostic;
use crate::source::yaml::{self, Language};
use crate::theme::value;
use tera::Value;

/// Reads a data file by its ending: YAML, JSON or TOML; any other is a text.
///
/// # Errors
///
/// What is wrong with the file, with its place.
pub(super) fn value(path: &str, text: &str) -> Result<Value, String> {
    let language = match path.rsplit('.').next().unwrap_or_default() {
        "yaml" | "yml" | "json" => Language::Yaml,
        "toml" => Language::Toml,
        _ => return Ok(Value::normal_string(text)),
    };
    let (data, faults) = yaml::interpret(path, text, 0..text.len(), language, |root, _| {
        root.to_data()
    });
    match (data, faults.into_iter().find(Diagnostic::is_error)) {
        (Some(data), None) => Ok(value::data(&data)),
        (_, Some(fault)) => {
            let stretch = fault.place.and_then(|place| place.stretch);
            let place =
                stretch.map_or_else(String::new, |at| format!(":{}:{}", at.line, at.column));
            Err(format!("{path}{place}: {}", fault.message))
        }
        (None, None) => Ok(Value::none()),
    }
}
