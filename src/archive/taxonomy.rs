//! Grouping by tags, authors and further taxonomies.
//!
//! A term is known by its slug: `Rust`, `rust` and `RUST ` are one tag, shown in the spelling of
//! the oldest article; `C`, `C++` and `C#` are three.

use super::ArticleId;
use super::makers::Maker;
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use crate::base::route::Route;
use crate::source::article::Data;
use crate::source::config::Taxonomy;
use crate::source::front_matter::Person;
use crate::source::markdown::Outline;
use crate::source::photo::Photo;

/// A taxonomy with its terms, of the articles of one language.
#[derive(Debug, Clone)]
pub struct Group {
    /// Which taxonomy it is.
    pub taxonomy: Taxonomy,
    /// The language whose articles it groups: a place in the archive's languages; none where it groups
    /// those of the whole site.
    pub language: Option<usize>,
    /// The headline of its index: that of its `_index.md`, else the key.
    pub title: String,
    /// Whether an `_index.md` says the headline.
    pub is_named: bool,
    /// The index's summary, in Markdown without blocks.
    pub summary: Option<String>,
    /// Where its index stands.
    pub route: Route,
    /// Its terms that have articles, by slug.
    pub terms: Vec<Term>,
    /// The places of those whose `_index.md` has a `translation_key`.
    pub keyed: Vec<usize>,
}

/// A term of a taxonomy, such as one tag.
#[derive(Debug, Clone)]
pub struct Term {
    /// The last segment of its address, by which it is known.
    pub slug: String,
    /// The spelling that is shown: that of the oldest article.
    pub name: String,
    /// Where its list stands.
    pub route: Route,
    /// Its articles, the oldest first.
    pub articles: Vec<ArticleId>,
    /// What its `_index.md` says.
    pub about: Option<About>,
    /// Of a name in credits: what they do.
    pub maker: Option<Maker>,
    /// Of an author: what `data/authors.yaml` says.
    pub person: Option<Person>,
}

/// What an `_index.md` says of a term or a section.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// The file's path.
    pub path: String,
    /// The headline, where it differs from the name.
    pub headline: Option<String>,
    /// The summary, in Markdown without blocks.
    pub summary: Option<String>,
    /// The photo.
    pub photo: Option<Photo>,
    /// The template, where it is not the usual one.
    pub template: Option<String>,
    /// Articles on a page of its list, where it differs from the site's.
    pub per_page: Option<usize>,
    /// Addresses that lead here.
    pub aliases: Vec<String>,
    /// What it and its translations have in common, where that is not the folder's name.
    pub translation_key: Option<String>,
    /// Where its values stand in the file; see `SectionMeta::places`.
    pub places: Vec<(String, (u32, u32))>,
    /// Data for the theme.
    pub extra: Data,
    /// Whether there is text under the front matter.
    pub has_body: bool,
    /// What is in that text.
    pub outline: Outline,
    /// The fingerprint of the file and of the configuration that governs parsing.
    pub body: Fingerprint,
    /// The fingerprint of that, and of what the text shows of other pages.
    pub fingerprint: Fingerprint,
    /// The fingerprint of that and of what the text shows of other pages.
    pub text: Fingerprint,
}

impl Group {
    /// Finds the term whose translations have this in common.
    pub fn translated(&self, key: &str) -> Option<usize> {
        let own = self.find(key);
        let own = own.filter(|at| self.terms[*at].translation_key() == key);
        let mut keyed = self.keyed.iter().copied();
        own.or_else(|| keyed.find(|at| self.terms[*at].translation_key() == key))
    }

    /// Finds a term by a name in any spelling.
    pub fn find(&self, slug: &str) -> Option<usize> {
        self.terms
            .binary_search_by(|term| term.slug.as_str().cmp(slug))
            .ok()
    }
}

impl Term {
    /// Returns what the term and its translations have in common: the `translation_key` of its
    /// `_index.md`, else its slug.
    pub fn translation_key(&self) -> &str {
        let about = self.about.as_ref();
        let key = about.and_then(|about| about.translation_key.as_deref());
        key.unwrap_or(&self.slug)
    }

    /// Returns the fingerprint of what a link to the term shows.
    pub fn link(&self) -> Fingerprint {
        Fingerprinter::new("term link")
            .text(&self.name)
            .text(self.route.path())
            .finish()
    }
}
