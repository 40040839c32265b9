//! What the last build has in common with this one, told by fingerprints of all that both read.

use super::load::Data;
use super::still::sees_the_same;
use super::survey;
use crate::archive::photos::Notes;
use crate::archive::{self, Index, Last, Visibility};
use crate::base::diagnostic::Diagnostic;
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use crate::disk::cache::AT_ONCE;
use crate::plan::manifest::{Arranged, Manifest, ReadPrints};
use crate::source::article::Article;
use crate::source::file::SiteFiles;
use crate::source::font::Font;
use crate::theme::theme::Theme;
use rayon::prelude::*;
use std::sync::Arc;

/// What the last build has in common with this one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    /// Nothing that counts.
    Nothing,
    /// All but articles.
    Articles,
    /// All but words of articles and, where it says so, templates; and it told nothing.
    Words { has_other_templates: bool },
    /// Everything, and it told nothing.
    Same,
}

impl After {
    /// Compares what was read with what the last build read. `faults` are those told so far.
    pub(super) fn of(
        last: &Arranged,
        manifest: &Manifest,
        prints: &ReadPrints,
        faults: &[Diagnostic],
        visibility: Visibility,
    ) -> Self {
        if prints.but_for_words == last.read.but_for_words
            && faults.is_empty()
            && sees_the_same(manifest, visibility, last.until)
        {
            return match *prints == last.read {
                true => Self::Same,
                false => Self::Words {
                    has_other_templates: prints.templates != last.read.templates,
                },
            };
        }
        let is_later = manifest
            .visibility
            .is_some_and(|then| then.now <= visibility.now);
        match prints.rest == last.read.rest && is_later {
            true => Self::Articles,
            false => Self::Nothing,
        }
    }

    /// Tells whether all is as the last build arranged it but for words of articles, with the same theme, and
    /// nothing was told.
    pub(super) fn is_as_arranged(self) -> bool {
        let is_other = Self::Words {
            has_other_templates: true,
        };
        matches!(self, Self::Words { .. } | Self::Same) && self != is_other
    }

    /// Returns what the fingerprints of the last build's articles are good for.
    pub(super) fn last(self, articles: &[archive::Prints]) -> Last<'_> {
        match self {
            Self::Nothing => Last::Nothing,
            Self::Articles => Last::ButForArticles(articles),
            Self::Words { .. } | Self::Same => Last::ButForWords(articles),
        }
    }
}

/// All that a build reads beside Markdown files.
pub(super) struct Rest<'a> {
    /// The fingerprints of the configuration and of the theme's files.
    pub(super) survey: &'a survey::Prints,
    pub(super) theme: Option<&'a Theme>,
    pub(super) files: &'a SiteFiles,
    pub(super) data: &'a Data,
    pub(super) notes: &'a Notes,
    pub(super) card_fonts: &'a [Font],
}

impl Rest<'_> {
    /// Returns its fingerprint, but for that of templates.
    fn print(&self) -> Fingerprint {
        let mut print = Fingerprinter::new("rest");
        print.fingerprint(self.survey.settings);
        if let Some(theme) = self.theme {
            // All that anything but a page sees of templates.
            print
                .fingerprint(theme.declarations_print())
                .number(u64::from(theme.has_credit_pages()));
        }
        print.number(self.files.len() as u64);
        for (path, file) in self.files {
            print.text(path).fingerprint(file.fingerprint);
            // What is embedded is known of the photos that readers can see.
            print.number(u64::from(file.metadata.is_some()));
        }
        print.number(self.data.len() as u64);
        for (path, file) in self.data {
            print.text(path).fingerprint(file.fingerprint);
        }
        print.number(self.notes.len() as u64);
        for (path, notes) in self.notes {
            print.text(path).value(&notes.photo);
        }
        for font in self.card_fonts {
            print.fingerprint(font.fingerprint);
        }
        print.finish()
    }
}

/// Returns the fingerprints of all that was read.
pub(super) fn read_prints(
    rest: &Rest<'_>,
    articles: &[Arc<Article>],
    indexes: &[Index],
) -> ReadPrints {
    let templates = rest.survey.templates;
    let rest = rest.print();
    ReadPrints {
        templates,
        rest,
        but_for_words: print_but_for_words(rest, articles, indexes),
        words: print_of_all("words", articles, |article| article.body),
    }
}

/// Returns the fingerprint of all that is arranged, but for the words of articles. `rest` is that of what
/// is in no Markdown file.
fn print_but_for_words(
    rest: Fingerprint,
    articles: &[Arc<Article>],
    indexes: &[Index],
) -> Fingerprint {
    let mut print = Fingerprinter::new("all but words");
    print
        .fingerprint(rest)
        .fingerprint(print_of_all("outward", articles, |article| article.outward));
    for index in indexes {
        print.text(&index.path).fingerprint(index.fingerprint);
    }
    print.finish()
}

/// Returns the fingerprint of one fingerprint of each article.
fn print_of_all(
    name: &str,
    articles: &[Arc<Article>],
    one: impl Fn(&Article) -> Fingerprint + Sync,
) -> Fingerprint {
    let some = articles.par_chunks(AT_ONCE).map(|articles| {
        let mut print = Fingerprinter::new("some");
        for article in articles {
            print.fingerprint(one(article));
        }
        print.finish()
    });
    let mut print = Fingerprinter::new(name);
    print.number(articles.len() as u64);
    for some in some.collect::<Vec<_>>() {
        print.fingerprint(some);
    }
    print.finish()
}
