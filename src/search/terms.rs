//! The words of an index with the places where they stand, as a browser reads them.
//!
//! A word's pages are kept as they are written, so that what an earlier build wrote can be taken over
//! page by page, whatever number a page has had.

use super::cbor::{Reader, Writer};
use std::cmp::Ordering;

/// A place of a word: in the content, or in a field.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hit {
    pub(super) term: u32,
    /// 0 for the word without accents, else the number of the variant, from 1 on.
    pub(super) variant: u32,
    /// 0 for the content, else the number of the field, from 1 on.
    pub(super) field: u8,
    /// The weight, the common one first.
    pub(super) weight: u8,
    pub(super) place: u32,
}

/// A word that is looked up, with the pages on which it stands.
#[derive(Debug, PartialEq, Eq)]
pub struct Term {
    pub(super) word: String,
    pub(super) pages: Pages,
    /// The word with its accents, in every way that it is written.
    pub(super) variants: Vec<(String, Pages)>,
}

/// Pages with the places of a word on them, as they are written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Pages {
    written: Writer,
    count: usize,
    last: u32,
    /// How much there is, for the size of chunks.
    size: usize,
}

/// A word's places on one page.
struct Posting<'a> {
    page: u32,
    size: usize,
    /// The places in the content and those in fields, as they are written.
    places: &'a [u8],
}

impl Term {
    pub(super) fn new(word: String) -> Self {
        Self {
            word,
            pages: Pages::default(),
            variants: Vec::new(),
        }
    }

    pub(super) fn size(&self) -> usize {
        let variants = self.variants.iter().map(|(_, pages)| pages.size + 1);
        self.pages.size + variants.sum::<usize>()
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.array(3).text(&self.word);
        self.pages.write(writer);
        writer.array(self.variants.len());
        for (form, pages) in &self.variants {
            writer.array(2).text(form);
            pages.write(writer);
        }
    }

    fn read(reader: &mut Reader<'_>, renumbered: &[Option<u32>]) -> Option<Self> {
        reader.array_of(3)?;
        let word = reader.text()?.to_owned();
        let pages = Pages::read(reader, renumbered)?;
        let mut variants = Vec::new();
        for _ in 0..reader.array()? {
            reader.array_of(2)?;
            let form = reader.text()?.to_owned();
            let pages = Pages::read(reader, renumbered)?;
            if pages.count > 0 {
                variants.push((form, pages));
            }
        }
        Some(Self {
            word,
            pages,
            variants,
        })
    }

    /// Joins the pages of one word in two lists that have no page in common.
    fn joined(self, other: Self) -> Option<Self> {
        let variants = joined(
            self.variants,
            other.variants,
            |a, b| a.0.cmp(&b.0),
            |a, b| Some((a.0, a.1.joined(&b.1)?)),
        );
        Some(Self {
            word: self.word,
            pages: self.pages.joined(&other.pages)?,
            variants: variants?,
        })
    }
}

impl Pages {
    /// Adds the places of a word on a page that comes after all others; the hits are those of one
    /// variant, sorted.
    pub(super) fn add(&mut self, page: u32, hits: &[Hit]) {
        let body = hits.partition_point(|hit| hit.field == 0);
        let lists = [places(&hits[..body]), fields(&hits[body..])];
        self.begin(page, lists.iter().map(Vec::len).sum());
        for list in lists {
            self.written.array(list.len());
            for number in list {
                self.written.integer(i64::from(number));
            }
        }
    }

    fn begin(&mut self, page: u32, size: usize) {
        let distance = i64::from(page) - i64::from(self.last);
        self.written.array(3).integer(distance);
        self.last = page;
        self.count += 1;
        self.size += size + 1;
    }

    fn put(&mut self, posting: &Posting<'_>) {
        self.begin(posting.page, posting.size);
        self.written.written(posting.places);
    }

    fn write(&self, writer: &mut Writer) {
        writer.array(self.count).written(&self.written.bytes);
    }

    /// Reads pages under the numbers that they have instead, without those that have none.
    fn read(reader: &mut Reader<'_>, renumbered: &[Option<u32>]) -> Option<Self> {
        let mut pages = Self::default();
        let mut last = 0;
        for _ in 0..reader.array()? {
            let mut posting = Posting::read(reader, &mut last)?;
            if let Some(page) = *renumbered.get(posting.page as usize)? {
                posting.page = page;
                pages.put(&posting);
            }
        }
        Some(pages)
    }

    fn joined(self, other: &Self) -> Option<Self> {
        if other.count == 0 {
            return Some(self);
        }
        let mut pages = Self::default();
        let [mut ours, mut theirs] = [&self, other].map(|pages| {
            let mut reader = Reader::new(&pages.written.bytes);
            let mut last = 0;
            (0..pages.count)
                .map(move |_| Posting::read(&mut reader, &mut last))
                .peekable()
        });
        loop {
            let next = match (ours.peek(), theirs.peek()) {
                (Some(a), Some(b)) if a.as_ref()?.page < b.as_ref()?.page => ours.next(),
                (Some(_), None) => ours.next(),
                _ => theirs.next(),
            };
            match next {
                Some(posting) => pages.put(&posting?),
                None => return Some(pages),
            }
        }
    }
}

impl<'a> Posting<'a> {
    fn read(reader: &mut Reader<'a>, last: &mut u32) -> Option<Self> {
        reader.array_of(3)?;
        *last = last.checked_add(u32::try_from(reader.integer()?).ok()?)?;
        let all = reader.rest();
        let mut size = 0;
        for _ in 0..2 {
            let length = reader.array()?;
            for _ in 0..length {
                reader.integer()?;
            }
            size += length;
        }
        Some(Self {
            page: *last,
            size,
            places: &all[..all.len() - reader.rest().len()],
        })
    }
}

/// Sorts terms as they are written, each with its variants, and leaves out those that stand nowhere.
pub(super) fn sorted(mut terms: Vec<Term>) -> Vec<Term> {
    terms.retain(|term| term.size() > 0);
    for term in &mut terms {
        term.variants.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    }
    terms.sort_unstable_by(|a, b| a.word.cmp(&b.word));
    terms
}

/// Writes a chunk of terms.
pub(super) fn written(terms: &[Term]) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.array(1).array(terms.len());
    terms.iter().for_each(|term| term.write(&mut writer));
    writer.bytes
}

/// Reads the terms of a chunk that an earlier build wrote; `renumbered` has the number of each of its
/// pages, and none for a page that is another one or gone. None where it is no chunk.
pub fn read(chunk: &[u8], renumbered: &[Option<u32>]) -> Option<Vec<Term>> {
    let mut reader = Reader::new(chunk);
    reader.array_of(1)?;
    let count = reader.array()?;
    let mut terms = Vec::with_capacity(count);
    for _ in 0..count {
        let term = Term::read(&mut reader, renumbered)?;
        if term.size() > 0 {
            terms.push(term);
        }
    }
    reader.rest().is_empty().then_some(terms)
}

/// Joins two sorted lists of terms that have no page in common.
pub(super) fn join(ours: Vec<Term>, theirs: Vec<Term>) -> Option<Vec<Term>> {
    joined(ours, theirs, |a, b| a.word.cmp(&b.word), Term::joined)
}

/// Joins two sorted lists without doubles to one; what is in both is joined to one.
fn joined<T>(
    ours: Vec<T>,
    theirs: Vec<T>,
    order: impl Fn(&T, &T) -> Ordering,
    both: impl Fn(T, T) -> Option<T>,
) -> Option<Vec<T>> {
    let mut all = Vec::with_capacity(ours.len() + theirs.len());
    let mut ours = ours.into_iter().peekable();
    for other in theirs {
        while let Some(one) = ours.next_if(|one| order(one, &other).is_lt()) {
            all.push(one);
        }
        all.push(match ours.next_if(|one| order(one, &other).is_eq()) {
            Some(one) => both(one, other)?,
            None => other,
        });
    }
    all.extend(ours);
    Some(all)
}

/// Returns the places of a word in a content: each as its distance from the one before, and a negative
/// number where another weight begins, after which the place itself stands.
fn places(hits: &[Hit]) -> Vec<i32> {
    let mut places = Vec::with_capacity(hits.len());
    let (mut weight, mut last) = (0, 0);
    for hit in hits {
        let mut from = last;
        if hit.weight != weight {
            places.push(-i32::from(hit.weight) - 1);
            (weight, from) = (hit.weight, 0);
        }
        places.push((hit.place - from) as i32);
        last = hit.place;
    }
    places
}

/// Returns the places of a word in fields: a negative number begins a field, and each place is its
/// distance from the one before.
fn fields(hits: &[Hit]) -> Vec<i32> {
    let mut places = Vec::with_capacity(hits.len() * 2);
    let (mut field, mut last) = (0, None);
    for hit in hits {
        if hit.field != field {
            places.push(-i32::from(hit.field));
            (field, last) = (hit.field, None);
        }
        // A part can be the whole once more.
        if last != Some(hit.place) {
            places.push((hit.place - last.unwrap_or(0)) as i32);
        }
        last = Some(hit.place);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_places_of_a_word_are_distances() {
        let hit = |field, weight, place| Hit {
            term: 0,
            variant: 0,
            field,
            weight,
            place,
        };
        assert_eq!(
            places(&[hit(0, 0, 3), hit(0, 0, 10), hit(0, 12, 4), hit(0, 12, 6)]),
            [3, 7, -13, 4, 2]
        );
        assert_eq!(
            fields(&[hit(1, 0, 2), hit(4, 0, 0), hit(4, 0, 5)]),
            [-1, 2, -4, 0, 5]
        );
    }

    fn pages(list: &[u32]) -> Pages {
        let mut pages = Pages::default();
        for page in list {
            let hits = [(0, 3), (0, 300), (4, 1)].map(|(field, place)| Hit {
                term: 0,
                variant: 0,
                field,
                weight: 0,
                place: place + page % 7,
            });
            pages.add(*page, &hits);
        }
        pages
    }

    fn term(word: &str, plain: &[u32], accented: &[u32]) -> Term {
        let variants = (!accented.is_empty()).then(|| (format!("{word}é"), pages(accented)));
        Term {
            word: word.to_owned(),
            pages: pages(plain),
            variants: variants.into_iter().collect(),
        }
    }

    #[test]
    fn what_was_written_is_read_without_the_pages_that_are_gone() {
        let renumbered: Vec<Option<u32>> = (0..700)
            .map(|page| (page != 7 && page != 600).then_some(page + u32::from(page > 6) * 7))
            .collect();
        let all = [
            term("cafe", &[1, 6, 7, 8, 699], &[7, 20]),
            term("gone", &[7], &[600]),
            term("part", &[], &[7, 8]),
        ];
        let read = read(&written(&all), &renumbered).unwrap();
        let expect = [
            term("cafe", &[1, 6, 15, 706], &[27]),
            term("part", &[], &[15]),
        ];
        // Pages seven apart have their words in the same places.
        assert_eq!(read, expect);
        let cut = written(&all);
        for end in 0..cut.len() {
            assert_eq!(super::read(&cut[..end], &renumbered), None, "{end}");
        }
        assert_eq!(super::read(&cut, &renumbered[..10]), None);
    }

    #[test]
    fn two_lists_are_joined_by_their_words_and_pages() {
        let ours = vec![term("a", &[1], &[]), term("b", &[0, 5, 9], &[3])];
        let theirs = vec![term("b", &[4, 12], &[2, 4]), term("c", &[4], &[])];
        let joined = join(ours, theirs).unwrap();
        let expect = [
            term("a", &[1], &[]),
            term("b", &[0, 4, 5, 9, 12], &[2, 3, 4]),
            term("c", &[4], &[]),
        ];
        assert_eq!(joined, expect);
    }
}
