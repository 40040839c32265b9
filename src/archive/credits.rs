//! What the credits of the site's photos say: each text is read once, when it is first asked for.

use crate::source::credit::{self, Credit, Lexicon};
use rapidhash::RapidHashMap;
use std::sync::{Arc, RwLock};

/// The credits of a site.
#[derive(Debug)]
pub struct Credits {
    lexicon: Lexicon,
    read: RwLock<RapidHashMap<String, Arc<Credit>>>,
}

impl Credits {
    /// Begins with no credit, to be read with these names.
    pub fn new(lexicon: Lexicon) -> Self {
        Self {
            lexicon,
            read: RwLock::default(),
        }
    }

    /// Returns what a credit says.
    pub fn read(&self, text: &str) -> Arc<Credit> {
        let known = |read: &RapidHashMap<String, Arc<Credit>>| read.get(text).cloned();
        if let Some(found) = self.read.read().ok().and_then(|read| known(&read)) {
            return found;
        }
        let made = Arc::new(credit::parse(text, &self.lexicon));
        if let Ok(mut read) = self.read.write() {
            read.insert(text.to_owned(), Arc::clone(&made));
        }
        made
    }

    /// Returns the names of agencies.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }
}
