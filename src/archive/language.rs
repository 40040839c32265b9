//! A language's part of the site, which is a site of its own: what was published when, what was
//! corrected, and which articles follow each other.

use super::corrections::Corrections;
use super::dates::{Dates, Known};
use super::section::{Section, root_of};
use super::{ArticleId, Published};
use crate::base::timestamp::{Precision, Timestamp};
use std::collections::BTreeMap;

/// The articles below one root, in the groups that have no section and no term.
#[derive(Debug, Clone)]
pub struct Language {
    /// The section around them: that of the site's language, or the folder of a further one.
    pub root: usize,
    /// The calendar.
    pub dates: Dates,
    /// What was corrected.
    pub corrections: Corrections,
    /// The series by name, their articles the oldest first.
    pub series: BTreeMap<String, Vec<ArticleId>>,
}

impl Language {
    /// Divides articles by the roots around their sections; one language for each root.
    pub(super) fn all(roots: &[usize], sections: &[Section], published: &[Published]) -> Vec<Self> {
        let of = |root: usize| {
            let articles = published
                .iter()
                .enumerate()
                .filter(move |(_, one)| roots.len() == 1 || root_of(sections, one.section) == root)
                .map(|(at, one)| (ArticleId(at as u32), one));
            let dated = articles
                .clone()
                .filter_map(|(id, one)| Some((id, known(one.article.meta.timestamp?))));
            let (dates, (corrections, series)) = rayon::join(
                || Dates::new(dated),
                || {
                    let corrections = Corrections::of(articles.clone());
                    (corrections, series(articles.clone()))
                },
            );
            Self {
                root,
                dates,
                corrections,
                series,
            }
        };
        roots.iter().map(|root| of(*root)).collect()
    }
}

fn series<'a>(
    articles: impl Iterator<Item = (ArticleId, &'a Published)>,
) -> BTreeMap<String, Vec<ArticleId>> {
    let mut series: BTreeMap<String, Vec<ArticleId>> = BTreeMap::new();
    for (id, one) in articles {
        if let Some(name) = &one.article.meta.series {
            series.entry(name.clone()).or_default().push(id);
        }
    }
    series
}

fn known(timestamp: Timestamp) -> Known {
    let date = timestamp.date();
    let precision = timestamp.precision();
    Known {
        year: date.year(),
        month: (precision != Precision::Year).then(|| date.month()),
        day: (!matches!(precision, Precision::Year | Precision::Month)).then(|| date.day()),
    }
}
