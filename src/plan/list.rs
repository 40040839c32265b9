//! Lists of articles: which articles, in which order, where, and under what name.

use super::page::{List, Subject};
use crate::archive::pager::{self, Slice};
use crate::archive::taxonomy::About;
use crate::archive::{Archive, ArticleId};
use crate::base::route::{Route, RouteFault};
use crate::source::front_matter::Order;

impl List {
    /// Returns every list that has pages, in the order of the plan.
    pub fn all(archive: &Archive) -> Vec<Self> {
        let sections = (0..archive.sections.len()).map(Self::Section);
        let terms = archive
            .groups
            .iter()
            .enumerate()
            .flat_map(|(group, terms)| {
                (0..terms.terms.len()).map(move |term| Self::Term(group, term))
            });
        let mut lists: Vec<Self> = sections.chain(terms).collect();
        if !archive.corrections.articles.is_empty() {
            lists.push(Self::Corrections);
        }
        if archive.config.date_pages {
            for (y, year) in archive.dates.years.iter().enumerate() {
                lists.push(Self::Year(y));
                for (m, month) in year.months.iter().enumerate() {
                    lists.push(Self::Month(y, m));
                    lists.extend((0..month.days.len()).map(|d| Self::Day(y, m, d)));
                }
            }
        }
        lists
    }

    /// Returns the list's articles: the oldest first where [`List::shows_newest_first`], else in
    /// the list's own order.
    pub fn articles(self, archive: &Archive) -> &[ArticleId] {
        let years = &archive.dates.years;
        let range = match self {
            Self::Section(section) => {
                let articles = &archive.sections[section].articles;
                let is_by_time = matches!(
                    archive.sections[section].order,
                    Order::Newest | Order::Oldest
                );
                // The home page is of news; what has no date stands in its section only.
                return if is_by_time && archive.is_root(section) {
                    let is_undated = |id: &ArticleId| (id.0 as usize) < archive.undated;
                    &articles[articles.partition_point(is_undated)..]
                } else {
                    articles
                };
            }
            Self::Term(group, term) => return &archive.groups[group].terms[term].articles,
            Self::Corrections => return &archive.corrections.articles,
            Self::Year(y) => years[y].articles.clone(),
            Self::Month(y, m) => years[y].months[m].articles.clone(),
            Self::Day(y, m, d) => years[y].months[m].days[d].articles.clone(),
        };
        &archive.dates.order[range]
    }

    /// Tells whether the list shows its articles in the reverse of their order.
    pub fn shows_newest_first(self, archive: &Archive) -> bool {
        match self {
            Self::Section(section) => archive.sections[section].order == Order::Newest,
            _ => true,
        }
    }

    /// Cuts the list into its pages.
    pub fn slices(self, archive: &Archive) -> Vec<Slice> {
        let count = self.articles(archive).len();
        let per_page = self.per_page(archive);
        if self.shows_newest_first(archive) {
            pager::newest_first(count, per_page)
        } else {
            pager::first_first(count, per_page)
        }
    }

    /// Counts the list's pages.
    pub fn pages(self, archive: &Archive) -> usize {
        let count = self.articles(archive).len();
        let per_page = self.per_page(archive);
        if self.shows_newest_first(archive) {
            pager::newest_first_pages(count, per_page)
        } else {
            pager::first_first_pages(count, per_page)
        }
    }

    /// Returns the number of the page that stands at the list's own address.
    pub fn front(self, archive: &Archive) -> usize {
        match self.shows_newest_first(archive) {
            true => self.pages(archive),
            false => 1,
        }
    }

    fn per_page(self, archive: &Archive) -> usize {
        self.about(archive)
            .and_then(|about| about.per_page)
            .unwrap_or(archive.config.per_page)
    }

    /// Returns what the list's `_index.md` says.
    pub fn about(self, archive: &Archive) -> Option<&About> {
        match self {
            Self::Section(section) => archive.sections[section].about.as_ref(),
            Self::Term(group, term) => archive.groups[group].terms[term].about.as_ref(),
            Self::Year(_) | Self::Month(..) | Self::Day(..) | Self::Corrections => None,
        }
    }

    /// Returns the articles of one of its pages, as they are shown.
    pub fn shown(self, archive: &Archive, slice: &Slice) -> Vec<ArticleId> {
        let mut articles = self.articles(archive)[slice.range.clone()].to_vec();
        if self.shows_newest_first(archive) {
            articles.reverse();
        }
        articles
    }

    /// Returns where the list stands.
    pub fn route(self, archive: &Archive) -> Route {
        let rules = crate::archive::rules(&archive.config);
        let years = &archive.dates.years;
        let dated =
            |numbers: &[String]| Route::page(numbers, &rules).expect("digits make an address");
        match self {
            Self::Section(section) => archive.sections[section].route.clone(),
            Self::Term(group, term) => archive.groups[group].terms[term].route.clone(),
            Self::Corrections => {
                Route::page(&["corrections"], &rules).expect("a plain word makes an address")
            }
            Self::Year(y) => dated(&[format!("{:04}", years[y].year)]),
            Self::Month(y, m) => dated(&[
                format!("{:04}", years[y].year),
                format!("{:02}", years[y].months[m].month),
            ]),
            Self::Day(y, m, d) => dated(&[
                format!("{:04}", years[y].year),
                format!("{:02}", years[y].months[m].month),
                format!("{:02}", years[y].months[m].days[d].day),
            ]),
        }
    }

    /// Returns where a page of the list stands.
    pub fn page_route(
        self,
        archive: &Archive,
        number: usize,
        is_front: bool,
    ) -> Result<Route, RouteFault> {
        let route = self.route(archive);
        if is_front {
            return Ok(route);
        }
        route.page_in(
            &["page".to_owned(), number.to_string()],
            &crate::archive::rules(&archive.config),
        )
    }

    /// Returns what the list is called.
    pub fn title(self, archive: &Archive) -> String {
        match self {
            Self::Section(section) => archive.sections[section].title.clone(),
            Self::Term(group, term) => {
                let headline = self.about(archive).and_then(|about| about.headline.clone());
                headline.unwrap_or_else(|| archive.groups[group].terms[term].name.clone())
            }
            Self::Corrections => "Corrections".to_owned(),
            Self::Year(_) | Self::Month(..) | Self::Day(..) => {
                self.date(archive).expect("a list by date has a date")
            }
        }
    }

    /// Returns the date of a list by date: `2024`, `2024-11` or `2024-11-21`.
    pub fn date(self, archive: &Archive) -> Option<String> {
        let years = &archive.dates.years;
        match self {
            Self::Year(y) => Some(format!("{:04}", years[y].year)),
            Self::Month(y, m) => Some(format!(
                "{:04}-{:02}",
                years[y].year, years[y].months[m].month
            )),
            Self::Day(y, m, d) => {
                let month = &years[y].months[m];
                Some(format!(
                    "{:04}-{:02}-{:02}",
                    years[y].year, month.month, month.days[d].day
                ))
            }
            Self::Section(_) | Self::Term(..) | Self::Corrections => None,
        }
    }

    /// Returns the language of the list, as a BCP 47 tag.
    pub fn language(self, archive: &Archive) -> &str {
        match self {
            Self::Section(section) => &archive.sections[section].language,
            _ => &archive.config.language,
        }
    }

    /// Tells whether the list has feeds.
    pub fn has_feeds(self, archive: &Archive) -> bool {
        match self {
            Self::Section(_) | Self::Corrections => true,
            Self::Term(group, _) => archive.groups[group].taxonomy.feeds,
            Self::Year(_) | Self::Month(..) | Self::Day(..) => false,
        }
    }

    /// Returns the dated articles that the list's feeds carry, the newest first.
    pub fn feed_articles(self, archive: &Archive) -> Vec<ArticleId> {
        let limit = archive.config.feeds.limit;
        if self == Self::Corrections {
            return archive
                .corrections
                .articles
                .iter()
                .rev()
                .take(limit)
                .copied()
                .collect();
        }
        let is_dated = |id: &ArticleId| id.0 as usize >= archive.undated;
        let articles = self.articles(archive);
        let is_by_time = match self {
            Self::Section(section) => {
                matches!(
                    archive.sections[section].order,
                    Order::Newest | Order::Oldest
                )
            }
            _ => true,
        };
        if is_by_time {
            return articles
                .iter()
                .rev()
                .copied()
                .filter(is_dated)
                .take(limit)
                .collect();
        }
        let mut newest: Vec<ArticleId> = articles.iter().copied().filter(is_dated).collect();
        newest.sort_unstable_by(|a, b| b.cmp(a));
        newest.truncate(limit);
        newest
    }
}

/// Returns the title of a page, without the site's.
pub fn page_title(archive: &Archive, subject: &Subject) -> String {
    match subject {
        Subject::Article(id) => archive.article(*id).article.meta.headline.clone(),
        Subject::Redirect(aliased) => aliased.title(archive),
        Subject::List(List::Section(0), _) => archive.config.title.clone(),
        Subject::List(list, _) => list.title(archive),
        Subject::Terms(group) => archive.groups[*group].title.clone(),
        Subject::Archive => "Archive".to_owned(),
        Subject::SearchPage(_) => "Search".to_owned(),
        _ => "Page not found".to_owned(),
    }
}
