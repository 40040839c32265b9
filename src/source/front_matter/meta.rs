//! The keys of an article become its [`Meta`].

use super::keys::{FIELDS, Field, KEYS, NAMES, nearest_key, squashed};
use super::slots::{BELOW, Slots};
use super::values::{
    Single, from_root, language, quoted, terms, text, text_or_empty, texts, timestamp,
};
use super::{
    Kind, LONGEST_HEADLINE, Settings, Unknown, authors, corrections, picture, presentation,
};
use crate::base::diagnostic::{Diagnostic, Place};
use crate::base::timestamp::{Precision, Timestamp};
use crate::source::article::{Data, Meta, Places};
use crate::source::byline;
use crate::source::yaml::{self, Entry, Faults, Node, Value};
use rapidhash::RapidHashSet;

/// Reads the keys of an article; none where it has no headline.
pub(super) fn read<'a>(
    root: &Node<'a>,
    faults: &mut Faults<'a>,
    kind: Kind,
    file_date: Option<Timestamp>,
    settings: &Settings<'_>,
) -> (Meta, Places, Vec<Unknown>) {
    let mut slots = Slots::default();
    slots.sort(faults.map(&"front matter", root), 0, settings);
    if let Some((taxonomies, ..)) = slots.of(Field::Taxonomies) {
        let entries = faults.map(&"`taxonomies`", &taxonomies.node);
        slots.sort(entries, BELOW, settings);
    }
    let mut reader = Reader {
        slots,
        faults,
        settings,
        meta: Meta::default(),
        places: Vec::new(),
    };
    reader.headline(kind, root);
    reader.times(file_date);
    reader.photo();
    reader.terms();
    reader.address();
    reader.texts();
    reader.presentation();
    reader.corrections();
    reader.extra();
    let unknown = reader.slots.unknown.iter().map(|entry| Unknown {
        key: entry.key.to_string(),
        at: entry.key_at,
    });
    let mut meta = reader.meta;
    meta.shrink();
    (meta, reader.places, unknown.collect())
}

struct Reader<'f, 'n, 'a, 's> {
    slots: Slots<'n, 'a>,
    faults: &'f mut Faults<'a>,
    settings: &'s Settings<'s>,
    meta: Meta,
    /// Where values stand.
    places: Places,
}

impl<'n, 'a> Reader<'_, 'n, 'a, '_> {
    fn text(&mut self, field: Field) -> Option<String> {
        let (entry, _) = self.slots.of(field)?;
        text(&quoted(&entry.key), &entry.node, self.faults)
    }

    fn timestamp(&mut self, field: Field) -> Option<Timestamp> {
        let (entry, _) = self.slots.of(field)?;
        let what = quoted(&entry.key);
        timestamp(&what, &entry.node, &self.settings.zone, self.faults)
    }

    fn record(&mut self, key: impl Into<String>, node: &Node<'_>) {
        self.places.push((key.into(), node.at));
    }

    fn headline(&mut self, kind: Kind, root: &Node<'_>) {
        let entry = self.slots.of(Field::Headline).map(|(entry, _)| entry);
        let is_text =
            !entry.is_some_and(|entry| matches!(entry.node.value, Value::List(_) | Value::Map(_)));
        if let Some(headline) = self.text(Field::Headline) {
            let length = headline.chars().count();
            if let Some(entry) = entry.filter(|_| length > LONGEST_HEADLINE) {
                self.faults.error(
                    entry.node.at,
                    format!(
                        "a headline may have {LONGEST_HEADLINE} characters, this one has {length}"
                    ),
                );
            }
            self.meta.headline = headline;
            return;
        }
        if !is_text || (!root.is_null() && root.entries().is_none()) {
            return;
        }
        let meant = entry.is_none().then(|| self.meant(Field::Headline));
        let meant = meant.flatten();
        let key_at = entry.or(meant.map(|(entry, _)| entry));
        let place = match key_at {
            Some(entry) => self.faults.place(entry.key_at),
            None => Place::file(self.faults.path()),
        };
        let hint = match (meant, kind) {
            (Some((_, name)), _) => format!("did you mean `{name}`?"),
            (None, Kind::None) => {
                "begin the file with front matter: a line `---`, a line `headline: ...`, a line `---`".to_owned()
            }
            (None, _) => "add a line `headline: ...` to the front matter".to_owned(),
        };
        self.faults.push(
            Diagnostic::error("the article has no headline")
                .at(place)
                .hint(hint),
        );
    }

    /// Takes the entry that probably means a field whose name is misspelt, and the name meant.
    fn meant(&mut self, field: Field) -> Option<(&'n Entry<'a>, &'static str)> {
        let mut unknown = self.slots.unknown.iter().enumerate();
        let (at, name) = unknown.find_map(|(at, entry)| {
            let name = nearest_key(&entry.key, &[])?;
            let (meaning, _) = NAMES.get(&squashed(name))?;
            (*meaning == field).then_some((at, name))
        })?;
        Some((self.slots.unknown.remove(at), name))
    }

    fn times(&mut self, file_date: Option<Timestamp>) {
        self.timestamp_or_state();
        if let Some((entry, _)) = self.slots.of(Field::Draft) {
            let what = quoted(&entry.key);
            self.meta.draft |= self.faults.truth(&what, &entry.node).unwrap_or(false);
        }
        if let Some((entry, _)) = self.slots.of(Field::Status) {
            let marks_draft = |text: &str| {
                let text = text.trim();
                ["draft", "pending", "private"]
                    .iter()
                    .any(|word| text.eq_ignore_ascii_case(word))
            };
            match &entry.node.value {
                Value::Text(text) if marks_draft(text) => self.meta.draft = true,
                _ => self.slots.surplus.push(entry),
            }
        }
        self.meta.updated = self.timestamp(Field::Updated);
        self.meta.expires = self.timestamp(Field::Expires);
        let is_given = self.slots.of(Field::Timestamp).is_some();
        if self.meta.timestamp.is_none() && !is_given {
            self.meta.timestamp = file_date.or_else(|| self.date_in_url());
        }
        let (Some(published), Some(updated)) = (self.meta.timestamp, self.meta.updated) else {
            return;
        };
        if let Some((entry, _)) = self
            .slots
            .of(Field::Updated)
            .filter(|_| is_before(&updated, &published))
        {
            let place = self.faults.place(entry.node.at);
            let mut warning =
                Diagnostic::warning("the article was updated before it was published").at(place);
            if let Some((published, _)) = self.slots.of(Field::Timestamp) {
                warning = warning.related("published here", self.faults.place(published.node.at));
            }
            self.faults
                .push(warning.hint("correct one of the two dates"));
        }
    }

    /// Reads when the article is published. A key such as `published` may tell instead whether it
    /// is, beside another one that tells when.
    fn timestamp_or_state(&mut self) {
        while let Some(is_published) = self.slots.of(Field::Timestamp).and_then(state) {
            self.meta.draft |= !is_published;
            self.slots.take(Field::Timestamp);
            self.next_timestamp();
        }
        let others = self.slots.surplus.iter();
        let mut states = others
            .filter(|entry| timestamp_rank(entry).is_some())
            .filter_map(|entry| state((entry, 0)));
        self.meta.draft |= states.any(|is_published| !is_published);
        if let Some((entry, _)) = self.slots.of(Field::Timestamp) {
            self.meta.timestamp = self.timestamp(Field::Timestamp);
            self.record("timestamp", &entry.node);
        }
    }

    /// Takes the best of the surplus entries that tell when the article is published.
    fn next_timestamp(&mut self) {
        let surplus = &mut self.slots.surplus;
        let best = (0..surplus.len())
            .filter_map(|at| Some((timestamp_rank(surplus[at])?, at)))
            .min();
        if let Some((rank, at)) = best {
            let entry = surplus.remove(at);
            self.slots.fields[Field::Timestamp as usize] = Some((entry, rank));
        }
    }

    /// Returns the date that an address such as `2024/10/17/harbour` begins with.
    fn date_in_url(&self) -> Option<Timestamp> {
        let (entry, _) = self.slots.of(Field::Url)?;
        let Value::Text(url) = &entry.node.value else {
            return None;
        };
        let mut parts = url.trim_start_matches('/').splitn(4, '/');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let is_number = |part: &str, length| {
            part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !is_number(year, 4) || !is_number(month, 2) || !is_number(day, 2) {
            return None;
        }
        Timestamp::parse(&format!("{year}-{month}-{day}"), &self.settings.zone).ok()
    }

    fn photo(&mut self) {
        let entry = self.slots.of(Field::Photo).map(|(entry, _)| entry);
        let mut picture = match entry {
            Some(entry) => picture::read(&entry.key, &entry.node, self.faults),
            None => picture::Picture::default(),
        };
        let credit = self.text(Field::PhotoCredit);
        let caption = self.text(Field::PhotoCaption);
        let reason = self.text(Field::PhotoNoCreditReason);
        let alt = self.flat_alt();
        let photo = &mut picture.photo;
        photo.credit = photo.credit.take().or(credit);
        photo.caption = photo.caption.take().or(caption);
        photo.alt = photo.alt.take().or(alt);
        photo.no_credit_reason = photo.no_credit_reason.take().or(reason);
        if let Some(entry) = entry.filter(|_| !photo.src.is_empty()) {
            self.record("photo", &entry.node);
            if let Some(at) = picture.photo.at {
                self.places.push(("photo.src".to_owned(), at));
            }
            self.meta.photo = Some(Box::new(picture.photo));
        } else if let Some((credit, _)) = self
            .slots
            .of(Field::PhotoCredit)
            .filter(|_| entry.is_none() && picture.photo.credit.is_some())
        {
            let place = self.faults.place(credit.key_at);
            self.faults.push(
                Diagnostic::warning(format!("`{}` is given, but no photo", credit.key))
                    .at(place)
                    .hint("add a line `photo: ...`, or remove this one"),
            );
        }
        if let Some(entry) = entry.filter(|_| !picture.rest.is_empty()) {
            self.add_extra(&entry.key, Data::Map(picture.rest));
        }
    }

    /// Returns the description in a flat key; an empty `photo_alt` marks a decoration, an empty
    /// counterpart of another generator was not filled in.
    fn flat_alt(&mut self) -> Option<String> {
        let (entry, rank) = self.slots.of(Field::PhotoAlt)?;
        let alt = text_or_empty(&quoted(&entry.key), &entry.node, self.faults)?;
        (rank == 0 || !alt.is_empty()).then_some(alt)
    }

    fn terms(&mut self) {
        let single = if self.slots.of(Field::Layout).is_some() {
            Single::Words
        } else {
            Single::Commas
        };
        let mut tags = Vec::new();
        if let Some((entry, _)) = self.slots.of(Field::Tags) {
            tags = terms(&quoted(&entry.key), &entry.node, single, self.faults);
            self.record("tags", &entry.node);
        }
        if let Some((entry, _)) = self.slots.of(Field::Categories) {
            let categories = terms(&quoted(&entry.key), &entry.node, single, self.faults);
            let known: RapidHashSet<String> = tags.iter().cloned().collect();
            tags.extend(categories.into_iter().filter(|term| !known.contains(term)));
        }
        self.meta.tags = tags.iter().collect();
        for (at, entry) in std::mem::take(&mut self.slots.terms) {
            let taxonomy = &self.settings.taxonomies[at];
            // The name of a series is a title, which may hold commas.
            let is_series = squashed(&entry.key) == squashed("series");
            let single = if is_series { Single::Whole } else { single };
            let terms = terms(&quoted(&entry.key), &entry.node, single, self.faults);
            self.record(taxonomy.key.as_str(), &entry.node);
            if is_series {
                self.meta.series = terms.first().cloned();
            }
            let terms = terms.iter().collect();
            self.meta.terms.push((taxonomy.key.clone(), terms));
        }
        if let Some((entry, _)) = self.slots.of(Field::Authors) {
            let authors = authors::read(&quoted(&entry.key), &entry.node, self.faults);
            self.meta.authors = authors.iter().collect();
            self.record("authors", &entry.node);
        }
    }

    fn address(&mut self) {
        if let Some((entry, _)) = self.slots.of(Field::Section) {
            self.meta.section = text(&quoted(&entry.key), &entry.node, self.faults);
            self.record("section", &entry.node);
        }
        if let Some((entry, _)) = self.slots.of(Field::Slug) {
            self.meta.slug = text_or_empty(&quoted(&entry.key), &entry.node, self.faults);
            self.record("slug", &entry.node);
        }
        self.url();
        if let Some((entry, _)) = self.slots.of(Field::Aliases) {
            let aliases = texts(
                &quoted(&entry.key),
                &entry.node,
                Single::Commas,
                self.faults,
            );
            for (at, (alias, node)) in aliases.into_iter().enumerate() {
                self.record(format!("aliases[{at}]"), node);
                self.meta.aliases.push(from_root(alias));
            }
        }
    }

    fn url(&mut self) {
        let Some((entry, _)) = self.slots.of(Field::Url) else {
            return;
        };
        if entry.node.value == Value::Bool(false) {
            self.slots.surplus.push(entry);
            return;
        }
        let url = text_or_empty(&quoted(&entry.key), &entry.node, self.faults);
        let is_pattern = url
            .as_ref()
            .is_some_and(|url| url.contains("{{") || url.contains("/:"));
        if is_pattern {
            let place = self.faults.place(entry.node.at);
            self.faults.push(
                Diagnostic::warning(format!(
                    "`{}` is a pattern, which is ignored here",
                    entry.key
                ))
                .at(place)
                .hint("write the pattern under `permalink` or `permalinks` in dateline.yaml"),
            );
            return;
        }
        self.meta.url = url.map(from_root);
        self.record("url", &entry.node);
    }

    fn texts(&mut self) {
        self.meta.summary = self.text(Field::Summary).map(String::into_boxed_str);
        if let Some((entry, _)) = self.slots.of(Field::Lang) {
            self.meta.lang = language(&quoted(&entry.key), &entry.node, self.faults);
        }
        self.meta.translation_key = self.text(Field::TranslationKey);
        let is_template = |entry: &Entry<'_>| match &entry.node.value {
            Value::Text(text) => text.trim().ends_with(".html"),
            _ => false,
        };
        let template = self.slots.of(Field::Template).map(|(entry, _)| entry);
        let layout = self.slots.of(Field::Layout).map(|(entry, _)| entry);
        if let Some(entry) = template.or(layout.filter(|entry| is_template(entry))) {
            self.meta.template = text(&quoted(&entry.key), &entry.node, self.faults);
            self.record("template", &entry.node);
        }
        if let Some((entry, _)) = self.slots.of(Field::Series) {
            let series = terms(&"`series`", &entry.node, Single::Whole, self.faults);
            self.meta.series = series.into_iter().next();
        }
        if let Some((entry, _)) = self.slots.of(Field::Weight) {
            self.meta.weight = self.faults.integer(&quoted(&entry.key), &entry.node);
        }
        if let Some((entry, _)) = self.slots.of(Field::Search) {
            let is_searched = self.faults.truth(&quoted(&entry.key), &entry.node);
            if is_searched == Some(false) {
                self.meta.is_unsearched = true;
            }
        }
    }

    fn presentation(&mut self) {
        let zone = &self.settings.zone;
        self.meta.presentation = presentation::read(&self.slots, zone, self.faults);
        let byline = self.meta.presentation.as_ref();
        let byline = byline.and_then(|presentation| presentation.byline.as_deref());
        if let Some(byline) = byline.filter(|_| self.meta.authors.is_empty()) {
            let named = byline::contributors(byline);
            self.meta.authors = named.into_iter().map(|one| one.name).collect();
        }
    }

    /// Reads the corrections. Readers are told when an article was last changed, and a correction is a
    /// change.
    fn corrections(&mut self) {
        let Some((entry, _)) = self.slots.of(Field::Corrections) else {
            return;
        };
        let zone = &self.settings.zone;
        self.meta.corrections = corrections::read(&entry.node, zone, self.faults);
        let dates = self
            .meta
            .corrections
            .iter()
            .map(|correction| correction.date);
        let last = dates.max_by_key(Timestamp::instant);
        let published = self.meta.timestamp;
        let is_later = |date: &Timestamp, than: Option<Timestamp>| {
            than.is_none_or(|than| is_before(&than, date))
        };
        let last =
            last.filter(|last| is_later(last, published) && is_later(last, self.meta.updated));
        self.meta.updated = last.or(self.meta.updated);
    }

    /// Gathers the data for the theme: `extra` or `params`, then what has no meaning of its own.
    fn extra(&mut self) {
        let picture = std::mem::take(&mut self.meta.extra);
        let mut entries = Vec::new();
        let extra = self.slots.of(Field::Extra).map(|(entry, _)| entry);
        let is_extra = |entry: &&Entry<'_>| {
            matches!(NAMES.get(&squashed(&entry.key)), Some((Field::Extra, _)))
        };
        let (more, surplus): (Vec<_>, Vec<_>) =
            self.slots.surplus.iter().partition(|entry| is_extra(entry));
        for entry in extra.into_iter().chain(more) {
            for entry in self.faults.map(&quoted(&entry.key), &entry.node) {
                entries.push((entry.key.to_string(), entry.node.to_data()));
            }
        }
        for entry in surplus
            .into_iter()
            .chain(self.slots.unknown.iter().copied())
        {
            entries.push((entry.key.to_string(), entry.node.to_data()));
        }
        if let Data::Map(picture) = picture {
            entries.extend(picture);
        }
        if entries.is_empty() {
            return;
        }
        let mut seen = RapidHashSet::default();
        entries.retain(|(key, _)| seen.insert(key.clone()));
        self.meta.extra = Data::Map(entries);
    }

    fn add_extra(&mut self, key: &str, data: Data) {
        match &mut self.meta.extra {
            Data::Map(entries) => entries.push((key.to_owned(), data)),
            extra => *extra = Data::Map(vec![(key.to_owned(), data)]),
        }
    }
}

/// Returns the rank of a key that tells when an article is published.
fn timestamp_rank(entry: &Entry<'_>) -> Option<usize> {
    match NAMES.get(&squashed(&entry.key)) {
        Some((Field::Timestamp, rank)) => Some(*rank),
        _ => None,
    }
}

/// Returns whether an article is published, where a key says that instead of a time.
fn state((entry, _): (&Entry<'_>, usize)) -> Option<bool> {
    match &entry.node.value {
        Value::Bool(value) => Some(*value),
        Value::Text(text) => yaml::truth(text),
        _ => None,
    }
}

/// Tells whether one timestamp is before another as far as both are precise: a date alone is not
/// before a time of that day.
fn is_before(a: &Timestamp, b: &Timestamp) -> bool {
    let precision = a.precision().min(b.precision());
    match precision {
        Precision::Year => a.date().year() < b.date().year(),
        Precision::Month => {
            (a.date().year(), a.date().month()) < (b.date().year(), b.date().month())
        }
        Precision::Day => a.date() < b.date(),
        Precision::Minute | Precision::Second => a.instant() < b.instant(),
    }
}

const _: () = assert!(KEYS.len() == FIELDS, "every field has its keys");
