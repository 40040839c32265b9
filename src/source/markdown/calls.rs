//! Checks the calls of shortcodes against what the theme declares.

use super::marks::{Mark, MarkKind, value};
use super::{Argument, Call, Declaration, Fault, Kind, Parameter, Shortcodes};
use crate::base::diagnostic::{Severity, nearest};
use std::ops::Range;

/// Reads the call of a mark, every argument checked and every default filled in; else says
/// everything that is wrong with it. `offset` is where the body begins in its file.
pub(super) fn call(
    body: &str,
    offset: usize,
    mark: &Mark,
    shortcodes: &dyn Shortcodes,
) -> Result<Call, Vec<Fault>> {
    let place = |range: &Range<usize>| offset + range.start..offset + range.end;
    let (name, arguments) = match &mark.kind {
        MarkKind::Open { name, arguments } => (&body[name.clone()], arguments.clone()),
        MarkKind::Close { name } | MarkKind::Unfinished { name } => {
            (&body[name.clone()], name.end..name.end)
        }
        MarkKind::Attributes => ("", mark.range.end..mark.range.end),
    };
    let nothing = Declaration::default();
    let declaration = shortcodes.declared(name).unwrap_or(&nothing);
    let mut given = Given {
        declaration,
        name,
        values: vec![None; declaration.parameters.len()],
        unnamed: 0,
        faults: Vec::new(),
    };
    let mut at = arguments.start;
    loop {
        let text = &body[at..arguments.end];
        at += text.len() - text.trim_start().len();
        // `{{< name />}}` is an older way to say that there is no body.
        if matches!(&body[at..arguments.end], "" | "/") {
            break;
        }
        let Some(value) = value(body, at).filter(|value| value.range.end <= arguments.end) else {
            given.faults.push(Fault {
                severity: Severity::Error,
                message: format!("an argument of `{name}` cannot be read"),
                hint: Some("write arguments as `key=\"value\"`".to_owned()),
                at: place(&(at..arguments.end)),
            });
            break;
        };
        at = value.range.end;
        given.take(value.key, &value.text, place(&value.range));
    }
    given.finish(place(&mark.range))
}

/// The arguments that a call gives.
struct Given<'a> {
    declaration: &'a Declaration,
    name: &'a str,
    values: Vec<Option<Argument>>,
    unnamed: usize,
    faults: Vec<Fault>,
}

impl Given<'_> {
    fn take(&mut self, key: Option<&str>, text: &str, at: Range<usize>) {
        let parameters = &self.declaration.parameters;
        let index = match key {
            Some(key) => parameters
                .iter()
                .position(|parameter| parameter.name == key),
            None => (self.unnamed < parameters.len()).then_some(self.unnamed),
        };
        self.unnamed += usize::from(key.is_none());
        let Some(index) = index else {
            return self.unknown(key, at);
        };
        let parameter = &parameters[index];
        if self.values[index].is_some() {
            let message = format!("`{}` is given twice", parameter.name);
            return self.fault(message, None, at);
        }
        self.values[index] = typed(parameter.kind, text);
        if self.values[index].is_none() {
            let message = format!(
                "`{}` of `{}` is not {}",
                parameter.name,
                self.name,
                said(parameter.kind)
            );
            self.fault(message, None, at);
        }
    }

    fn unknown(&mut self, key: Option<&str>, at: Range<usize>) {
        let known = || self.declaration.parameters.iter().map(|p| p.name.as_str());
        let (message, near) = match key {
            Some(key) => (
                format!("`{}` takes no argument `{key}`", self.name),
                nearest(key, known()),
            ),
            None => (format!("`{}` takes fewer arguments", self.name), None),
        };
        let hint = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None if self.declaration.parameters.is_empty() => "it takes none".to_owned(),
            None => format!("it takes {}", listed(known())),
        };
        self.fault(message, Some(hint), at);
    }

    fn finish(mut self, at: Range<usize>) -> Result<Call, Vec<Fault>> {
        let mut arguments = Vec::with_capacity(self.values.len());
        let values = std::mem::take(&mut self.values);
        let is_sound = self.faults.is_empty();
        for (parameter, value) in self.declaration.parameters.iter().zip(values) {
            match value.or_else(|| parameter.default.clone()) {
                Some(value) => arguments.push((parameter.name.clone(), value)),
                // A wrong value is no missing one.
                None if parameter.required && is_sound => {
                    let Parameter { name, .. } = parameter;
                    let hint = format!("add `{name}=\"…\"`");
                    let message = format!("`{}` needs the argument `{name}`", self.name);
                    self.fault(message, Some(hint), at.clone());
                }
                None => {}
            }
        }
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        Ok(Call {
            name: self.name.to_owned(),
            arguments,
            at,
        })
    }

    fn fault(&mut self, message: String, hint: Option<String>, at: Range<usize>) {
        self.faults.push(Fault {
            severity: Severity::Error,
            message,
            hint,
            at,
        });
    }
}

fn typed(kind: Kind, text: &str) -> Option<Argument> {
    match kind {
        Kind::Text => Some(Argument::Text(text.to_owned())),
        Kind::Integer => text.parse().ok().map(Argument::Integer),
        Kind::Number => text
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
            .map(Argument::Number),
        Kind::Truth => text.parse().ok().map(Argument::Truth),
    }
}

fn said(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "a text",
        Kind::Integer => "a whole number",
        Kind::Number => "a number",
        Kind::Truth => "`true` or `false`",
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
