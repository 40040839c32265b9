//! `credits`: how photo credits are read, and what is made of them.

use super::values::{list, map};
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use crate::source::article::Data;
use crate::source::credit::Lexicon;
use crate::source::schema::{Key, Shape};

/// How photo credits are read, and what is made of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credits {
    /// Agencies beside those that are built in.
    pub agencies: Vec<String>,
    /// The names of the house itself, the usual one first: its photographers are staff.
    pub own: Vec<String>,
    /// Whether photographers and agencies have pages. Default yes.
    pub pages: bool,
}

impl Default for Credits {
    fn default() -> Self {
        Self {
            agencies: Vec::new(),
            own: Vec::new(),
            pages: true,
        }
    }
}

impl Credits {
    /// Returns the names that credits are read with.
    pub fn lexicon(&self) -> Lexicon {
        Lexicon::with(&self.agencies, &self.own)
    }

    /// Returns the fingerprint of all of it.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut print = Fingerprinter::new("credits");
        for names in [&self.agencies, &self.own] {
            print.number(names.len() as u64);
            for name in names {
                print.text(name);
            }
        }
        print.number(u64::from(self.pages));
        print.finish()
    }

    pub(super) fn to_data(&self) -> Data {
        map([
            ("agencies", list(&self.agencies)),
            ("own", list(&self.own)),
            ("pages", Data::Bool(self.pages)),
        ])
    }
}

/// The keys of `credits`.
pub(super) const CREDITS: &[Key] = &[
    Key::new(
        "agencies",
        Shape::Texts,
        "Agencies that credits name, beside those that are built in.",
    ),
    Key::new(
        "own",
        Shape::Texts,
        "Names of the house in credits, the usual one first: who is named before one is staff.",
    ),
    Key::new(
        "pages",
        Shape::Truth,
        "Whether photographers and agencies have pages, where the theme has a template for them. Default true.",
    ),
];
