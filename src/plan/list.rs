//! Lists of articles: which articles, in which order, where, and under what name.

use super::page::List;
use crate::archive::dates::Dates;
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
        for (l, language) in archive.languages.iter().enumerate() {
            if !language.corrections.articles.is_empty() {
                lists.push(Self::Corrections(l));
            }
            if archive.config.date_pages {
                for (y, year) in language.dates.years.iter().enumerate() {
                    lists.push(Self::Year(l, y));
                    for (m, month) in year.months.iter().enumerate() {
                        lists.push(Self::Month(l, y, m));
                        lists.extend((0..month.days.len()).map(|d| Self::Day(l, y, m, d)));
                    }
                }
            }
        }
        lists
    }

    /// Returns the root of the language that the list is of, by its place in the archive's sections.
    pub fn root(self, archive: &Archive) -> usize {
        match self {
            Self::Section(section) => archive.root_of(section),
            Self::Term(group, _) => archive.root_of_group(group),
            Self::Year(l, _) | Self::Month(l, ..) | Self::Day(l, ..) | Self::Corrections(l) => {
                archive.languages[l].root
            }
        }
    }

    /// Returns the list and those of the same section, term or date in other languages, that of the
    /// site's language first; a term is the same where its address ends in the same word or its
    /// `_index.md` says so.
    pub fn translations(self, archive: &Archive) -> Vec<Self> {
        if archive.languages.len() == 1 {
            return vec![self];
        }
        match self {
            Self::Section(section) => {
                let sections = archive.section_translations(section).into_iter();
                return sections.map(Self::Section).collect();
            }
            Self::Term(group, term) => {
                let group = &archive.groups[group];
                let key = group.terms[term].translation_key();
                let groups = archive.groups.iter().enumerate();
                return groups
                    .filter(|(_, other)| other.taxonomy.key == group.taxonomy.key)
                    .filter_map(|(at, other)| Some(Self::Term(at, other.translated(key)?)))
                    .collect();
            }
            _ => {}
        }
        let date = self.date(archive);
        let of_language = |l: usize| {
            let years = &archive.languages[l].dates.years;
            let corrections = &archive.languages[l].corrections.articles;
            if let Self::Corrections(_) = self {
                return (!corrections.is_empty()).then_some(Self::Corrections(l));
            }
            let mut numbers = date.as_deref().unwrap_or_default().split('-');
            let mut number = || numbers.next()?.parse::<i16>().ok();
            let wanted = number()?;
            let y = years.binary_search_by_key(&wanted, |year| year.year).ok()?;
            let Some(wanted) = number() else {
                return Some(Self::Year(l, y));
            };
            let months = &years[y].months;
            let m = months.binary_search_by_key(&wanted, |month| month.month.into());
            let m = m.ok()?;
            let Some(wanted) = number() else {
                return Some(Self::Month(l, y, m));
            };
            let days = &months[m].days;
            let d = days.binary_search_by_key(&wanted, |day| day.day.into());
            Some(Self::Day(l, y, m, d.ok()?))
        };
        (0..archive.languages.len())
            .filter_map(of_language)
            .collect()
    }

    /// Returns the language's calendar; of a list that is not by date, that of its language too.
    fn dates(self, archive: &Archive) -> &Dates {
        let language = match self {
            Self::Year(l, _) | Self::Month(l, ..) | Self::Day(l, ..) => l,
            _ => 0,
        };
        &archive.languages[language].dates
    }

    /// Returns the list's articles: the oldest first where [`List::shows_newest_first`], else in
    /// the list's own order.
    pub fn articles(self, archive: &Archive) -> &[ArticleId] {
        let dates = self.dates(archive);
        let years = &dates.years;
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
            Self::Corrections(l) => return &archive.languages[l].corrections.articles,
            Self::Year(_, y) => years[y].articles.clone(),
            Self::Month(_, y, m) => years[y].months[m].articles.clone(),
            Self::Day(_, y, m, d) => years[y].months[m].days[d].articles.clone(),
        };
        &dates.order[range]
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
            Self::Year(..) | Self::Month(..) | Self::Day(..) | Self::Corrections(_) => None,
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
        let years = &self.dates(archive).years;
        let root = || &archive.sections[self.root(archive)].route;
        let dated = |numbers: &[String]| {
            let route = root().page_in(numbers, &rules);
            route.expect("digits make an address")
        };
        match self {
            Self::Section(section) => archive.sections[section].route.clone(),
            Self::Term(group, term) => archive.groups[group].terms[term].route.clone(),
            Self::Corrections(_) => root()
                .page_in(&["corrections"], &rules)
                .expect("a plain word makes an address"),
            Self::Year(_, y) => dated(&[format!("{:04}", years[y].year)]),
            Self::Month(_, y, m) => dated(&[
                format!("{:04}", years[y].year),
                format!("{:02}", years[y].months[m].month),
            ]),
            Self::Day(_, y, m, d) => dated(&[
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
            Self::Corrections(_) => "Corrections".to_owned(),
            Self::Year(..) | Self::Month(..) | Self::Day(..) => {
                self.date(archive).expect("a list by date has a date")
            }
        }
    }

    /// Returns the date of a list by date: `2024`, `2024-11` or `2024-11-21`.
    pub fn date(self, archive: &Archive) -> Option<String> {
        let years = &self.dates(archive).years;
        match self {
            Self::Year(_, y) => Some(format!("{:04}", years[y].year)),
            Self::Month(_, y, m) => Some(format!(
                "{:04}-{:02}",
                years[y].year, years[y].months[m].month
            )),
            Self::Day(_, y, m, d) => {
                let month = &years[y].months[m];
                Some(format!(
                    "{:04}-{:02}-{:02}",
                    years[y].year, month.month, month.days[d].day
                ))
            }
            Self::Section(_) | Self::Term(..) | Self::Corrections(_) => None,
        }
    }

    /// Returns the language of the list, as a BCP 47 tag.
    pub fn language(self, archive: &Archive) -> &str {
        &archive.sections[self.root(archive)].language
    }

    /// Tells whether the list has feeds: where one of its articles is dated, since an Atom feed has to
    /// say when it was updated, and a feed without entries tells nothing.
    pub fn has_feeds(self, archive: &Archive) -> bool {
        let are_wanted = match self {
            Self::Section(_) | Self::Corrections(_) => true,
            Self::Term(group, _) => archive.groups[group].taxonomy.feeds,
            Self::Year(..) | Self::Month(..) | Self::Day(..) => false,
        };
        are_wanted && self.is_dated(archive)
    }

    /// Tells whether the list's feeds have an article to carry.
    fn is_dated(self, archive: &Archive) -> bool {
        let articles = self.articles(archive);
        let is_dated = |id: &ArticleId| id.0 as usize >= archive.undated;
        match self {
            Self::Corrections(_) => !articles.is_empty(),
            _ if self.is_by_time(archive) => articles.last().is_some_and(is_dated),
            _ => articles.iter().any(is_dated),
        }
    }

    /// Tells whether the list's articles stand in the order of their time, the undated first.
    fn is_by_time(self, archive: &Archive) -> bool {
        match self {
            Self::Section(section) => {
                let order = &archive.sections[section].order;
                matches!(order, Order::Newest | Order::Oldest)
            }
            _ => true,
        }
    }

    /// Returns the dated articles that the list's feeds carry, the newest first.
    pub fn feed_articles(self, archive: &Archive) -> Vec<ArticleId> {
        let limit = archive.config.feeds.limit;
        if let Self::Corrections(_) = self {
            return self
                .articles(archive)
                .iter()
                .rev()
                .take(limit)
                .copied()
                .collect();
        }
        let is_dated = |id: &ArticleId| id.0 as usize >= archive.undated;
        let articles = self.articles(archive);
        if self.is_by_time(archive) {
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
