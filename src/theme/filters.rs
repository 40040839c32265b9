//! Filters and tests of templates: what they do, and the one place where they are described.
//!
//! All of them are pure in their value and arguments: none reads the clock, a file or another page.
//! [`FILTERS`] and [`TESTS`] list every one that a template may use, Tera's own ones too, and
//! [`register`] registers what stands there and nothing else, so that the manual, which is made from
//! the same lists, is never wrong. An argument that a filter does not know is an error.

use crate::base::slug::SlugStyle;
use crate::source::config::Markdown;
use jiff::tz::TimeZone;
use std::sync::Arc;
use tera::{Kwargs, Tera, TeraResult};

mod ap;
mod date;
mod fill;
mod lists;
mod locale;
mod manual;
mod strings;
mod tests_of_values;

pub use locale::{long_day, plural_categories};
pub use manual::{FILTERS, TESTS};

/// What the filters need to know of the site.
#[derive(Debug, Clone)]
pub struct FilterSettings {
    /// The site's language, as a BCP 47 tag; dates and numbers are written in it unless a template
    /// names another.
    pub language: String,
    /// The site's time zone, that of times without an offset.
    pub time_zone: TimeZone,
    /// Where the site stands, without a slash at its end.
    pub base_url: String,
    /// How slugs are made.
    pub slugs: SlugStyle,
    /// How Markdown is read.
    pub markdown: Markdown,
}

/// A filter or test as the manual describes it.
pub struct Documented {
    /// The name in templates.
    pub name: &'static str,
    /// What it does, in Markdown.
    pub doc: &'static str,
    /// Its arguments.
    pub arguments: &'static [Argument],
    /// A template that shows it, by itself.
    pub example: &'static str,
    /// What the example prints where the site's language is English and its zone UTC.
    pub result: &'static str,
    /// Registers it; none for Tera's own.
    add: Option<fn(&mut Tera, &'static str, &Arc<FilterSettings>)>,
}

/// An argument of a filter or test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argument {
    /// The name, as in `date(length="short")`.
    pub name: &'static str,
    /// What it means and what it is where it is left out, in Markdown.
    pub doc: &'static str,
}

impl Documented {
    /// Tells whether it comes with Tera and does what Tera says.
    pub fn is_builtin(&self) -> bool {
        self.add.is_none()
    }
}

/// Registers every filter and test of the lists.
pub fn register(tera: &mut Tera, settings: &FilterSettings) {
    let settings = Arc::new(settings.clone());
    for entry in FILTERS.iter().chain(TESTS) {
        if let Some(add) = entry.add {
            add(tera, entry.name, &settings);
        }
    }
}

/// Refuses arguments that the filter or test does not have.
fn check_arguments(list: &[Documented], name: &str, given: &Kwargs) -> TeraResult<()> {
    let mut given = given.iter().peekable();
    if given.peek().is_none() {
        return Ok(());
    }
    let known = || {
        let entry = list.iter().find(|entry| entry.name == name);
        entry
            .map_or(&[][..], |entry| entry.arguments)
            .iter()
            .map(|argument| argument.name)
    };
    for (key, _) in given {
        let key = key.to_string();
        if !known().any(|known| known == key) {
            let mut message = format!("`{name}` has no argument `{key}`");
            if let Some(near) = crate::base::diagnostic::nearest(&key, known()) {
                message.push_str(&format!("; did you mean `{near}`?"));
            }
            return Err(tera::Error::message(message));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
