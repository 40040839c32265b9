//! Who supplies photos, known by name: the embedded table, and what a site adds to it.

use rapidhash::RapidHashMap;
use std::sync::{Arc, LazyLock};

/// The table that is built in.
const TABLE: &str = include_str!("agencies.txt");

/// Who supplies photos.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supplier {
    /// The name by which it is known, such as `Associated Press`.
    pub name: String,
    /// What it does.
    pub kind: SupplierKind,
}

/// What a supplier of photos does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SupplierKind {
    /// It sells news photos.
    Agency,
    /// It sells news photos, and photos for any use.
    Both,
    /// It sells or gives photos for any use.
    Stock,
    /// People put photos there.
    Platform,
    /// It is a public body.
    Public,
    /// It is the house itself: its photographers are staff.
    Own,
}

/// The names of suppliers.
#[derive(Debug, Clone)]
pub struct Lexicon {
    names: Arc<RapidHashMap<String, Supplier>>,
}

static BUILT_IN: LazyLock<Lexicon> = LazyLock::new(|| Lexicon {
    names: Arc::new(rows().collect()),
});

impl Default for Lexicon {
    fn default() -> Self {
        BUILT_IN.clone()
    }
}

impl Lexicon {
    /// Returns the lexicon that is built in, with a site's own agencies and names of the house.
    pub fn with(agencies: &[String], own: &[String]) -> Self {
        if agencies.is_empty() && own.is_empty() {
            return Self::default();
        }
        let mut names = (*BUILT_IN.names).clone();
        for (list, kind) in [(agencies, SupplierKind::Agency), (own, SupplierKind::Own)] {
            // All names of the house are one house, known by the first.
            let house = own.first().filter(|_| kind == SupplierKind::Own);
            for name in list {
                let supplier = Supplier {
                    name: house.unwrap_or(name).clone(),
                    kind,
                };
                names.insert(folded(name), supplier);
            }
        }
        Self {
            names: Arc::new(names),
        }
    }

    /// Finds a supplier by any of its names.
    pub fn supplier(&self, name: &str) -> Option<&Supplier> {
        self.names.get(&folded(name))
    }

    /// Returns the name by which a supplier is known; of any other, the name itself.
    pub fn canonical<'a>(&'a self, name: &'a str) -> &'a str {
        self.supplier(name).map_or(name, |found| &found.name)
    }

    /// Lists the suppliers that are built in, by name, each with its kind and its other names.
    pub fn built_in() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
        TABLE.lines().filter_map(|line| {
            let mut cells = line.split(';').map(str::trim);
            let name = cells.next().filter(|name| !name.starts_with('#'))?;
            Some((name, cells.next()?, cells.next()?))
        })
    }
}

fn rows() -> impl Iterator<Item = (String, Supplier)> {
    Lexicon::built_in().flat_map(|(name, kind, others)| {
        let kind = match kind {
            "both" => SupplierKind::Both,
            "stock" => SupplierKind::Stock,
            "platform" => SupplierKind::Platform,
            "public" => SupplierKind::Public,
            _ => SupplierKind::Agency,
        };
        let others = others.split(',').map(str::trim);
        std::iter::once(name)
            .chain(others.filter(|other| !other.is_empty()))
            .map(move |known| {
                let name = name.to_owned();
                (folded(known), Supplier { name, kind })
            })
    })
}

/// Writes a name without what varies between its spellings: case, dots, blanks, a leading `the`.
pub(super) fn folded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for word in name.split(|c: char| c.is_whitespace()) {
        let word = word.trim_matches(['.', ',', ':']);
        if word.is_empty() || out.is_empty() && word.eq_ignore_ascii_case("the") {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        let letters = word.chars().filter(|c| *c != '.');
        out.extend(letters.flat_map(char::to_lowercase));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_known_in_every_spelling() {
        let lexicon = Lexicon::default();
        for name in [
            "AP",
            "the AP",
            "A.P.",
            "associated  press",
            "AP Photo",
            "ap",
        ] {
            assert_eq!(lexicon.canonical(name), "Associated Press", "{name}");
        }
        assert_eq!(lexicon.canonical("The Gazette"), "The Gazette");
        assert_eq!(lexicon.canonical("Shutterstock.com"), "Shutterstock");
    }

    #[test]
    fn a_name_stands_in_the_table_once() {
        let mut seen = RapidHashMap::default();
        for (name, supplier) in rows() {
            if let Some(other) = seen.insert(name.clone(), supplier.name.clone()) {
                assert_eq!(other, supplier.name, "{name} is two");
            }
        }
        for (name, kind, _) in Lexicon::built_in() {
            assert!(
                ["agency", "both", "stock", "platform", "public"].contains(&kind),
                "{name}"
            );
        }
    }

    #[test]
    fn a_site_adds_agencies_and_names_of_the_house() {
        let texts = |list: &[&str]| {
            list.iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>()
        };
        let lexicon = Lexicon::with(&texts(&["Coast News"]), &texts(&["The Gazette", "Gazette"]));
        let found = lexicon.supplier("coast news").expect("it was added");
        assert_eq!(found.kind, SupplierKind::Agency);
        let found = lexicon.supplier("gazette").expect("it was added");
        assert_eq!(
            (found.name.as_str(), found.kind),
            ("The Gazette", SupplierKind::Own)
        );
        assert!(lexicon.supplier("Reuters").is_some());
    }
}
