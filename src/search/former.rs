//! The index of a part as an earlier build left it, of which a new one takes over what stays.
//!
//! Records are loaded in groups, and a group whose records are as they were keeps its file and, in the
//! lists of words, its places; only the pages get other numbers where records came or went before
//! them.

use super::cbor::Reader;
use super::index::Group;
use std::collections::BTreeMap;
use std::ops::Range;

/// The list of an index that an earlier build made.
#[derive(Debug)]
pub struct Former {
    /// The number of words of each record.
    words: Vec<u32>,
    /// The records of each group, by its name.
    groups: BTreeMap<String, Range<u32>>,
    /// The names of the chunks of words, in the words' order.
    chunks: Vec<String>,
}

/// A group of records that stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its name in the list.
    pub(super) name: String,
    /// The number of words of each of its records.
    pub(super) words: Vec<u32>,
}

impl Former {
    /// Reads the content of a list; none where it is no list.
    pub fn read(list: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(list);
        reader.array_of(6)?;
        reader.text()?;
        let mut words = Vec::new();
        let mut groups: BTreeMap<String, Range<u32>> = BTreeMap::new();
        for page in 0..u32::try_from(reader.array()?).ok()? {
            reader.array_of(3)?;
            reader.text()?;
            words.push(u32::try_from(reader.integer()?).ok()?);
            let group = reader.text()?;
            match groups.get_mut(group) {
                Some(range) if range.end == page => range.end += 1,
                Some(_) => return None,
                None => {
                    groups.insert(group.to_owned(), page..page + 1);
                }
            }
        }
        let mut chunks = Vec::new();
        for _ in 0..reader.array()? {
            reader.array_of(3)?;
            reader.text()?;
            reader.text()?;
            chunks.push(reader.text()?.to_owned());
        }
        Some(Self {
            words,
            groups,
            chunks,
        })
    }

    /// Returns the paths of the chunks of words, in the words' order.
    pub fn chunks(&self) -> impl Iterator<Item = String> {
        self.chunks
            .iter()
            .map(|name| format!("index/{name}.pf_index"))
    }

    /// Finds the groups of the new index that stay, of which the paths are given, and the new number of
    /// each old page: none for one that does not stay.
    pub fn kept<'a>(
        &self,
        groups: &[Group],
        paths: impl Iterator<Item = Option<&'a str>>,
    ) -> (Vec<Option<Kept>>, Vec<Option<u32>>) {
        let mut renumbered = vec![None; self.words.len()];
        let mut last = 0;
        let kept = groups.iter().zip(paths).map(|(group, path)| {
            let name = path?.strip_prefix("fragment/")?;
            let name = name.strip_suffix(".pf_fragment")?;
            let old = self.groups.get(name)?;
            let range = old.start as usize..old.end as usize;
            // Places are taken over in the order in which they stand.
            if range.len() != group.records.len() || old.start < last {
                return None;
            }
            last = old.end;
            for (at, new) in range.clone().zip(group.records.clone()) {
                renumbered[at] = Some(new as u32);
            }
            Some(Kept {
                name: name.to_owned(),
                words: self.words[range].to_vec(),
            })
        });
        (kept.collect(), renumbered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::fingerprint::Fingerprint;
    use crate::search::index::{self, IndexFile, Indexed, Indexer};
    use crate::search::record::{Meta, Record};
    use crate::search::terms;
    use proptest::prelude::*;

    const WORDS: [&str; 8] = [
        "ferry",
        "Ferries",
        "café",
        "cafe",
        "right-wing",
        "quay",
        "Żółć",
        "noon",
    ];

    fn record((minute, number, words): &(i64, u8, Vec<usize>)) -> Record {
        let words: Vec<&str> = words.iter().map(|at| WORDS[*at]).collect();
        let title = format!("Story {}", words.first().unwrap_or(&"none"));
        let mut filters = BTreeMap::from([("year", vec![format!("{}", number % 3)])]);
        if number % 2 == 0 {
            filters.insert("tag", vec!["Sea".to_owned()]);
        }
        Record {
            url: format!("/{minute}-{number}/"),
            content: words.join(" "),
            meta: Meta {
                title,
                ..Meta::default()
            },
            filters,
            moment: (number % 5 > 0).then_some(minute * 60),
        }
    }

    fn source(group: &Group, records: &[Record]) -> Fingerprint {
        let records = &records[group.records.clone()];
        Fingerprint::of_bytes(format!("{:?}{records:?}", group.ids).as_bytes())
    }

    fn groups(records: &[Record]) -> Vec<Group> {
        index::groups(records.iter().map(|record| record.moment))
    }

    fn make(records: &[Record]) -> Indexed {
        let mut indexer = Indexer::new("en");
        for group in groups(records) {
            let source = source(&group, records);
            indexer.add(&group, &records[group.records.clone()], Some(source));
        }
        indexer.finish()
    }

    /// Makes an index from what stays of another one.
    fn make_from(old: &[IndexFile], records: &[Record]) -> Indexed {
        let named = |name: &str| old.iter().find(|file| file.name == name).unwrap();
        let list = old.iter().find(|file| file.name.ends_with(".pf_meta"));
        let former = Former::read(&list.unwrap().content).unwrap();
        let groups = groups(records);
        let paths = groups.iter().map(|group| {
            let source = source(group, records);
            let found = old.iter().find(|file| file.print == source);
            found.map(|file| file.name.as_str())
        });
        let (kept, renumbered) = former.kept(&groups, paths);
        let chunks = former.chunks();
        let words =
            chunks.flat_map(|name| terms::read(&named(&name).content, &renumbered).unwrap());
        let words = words.collect();
        let mut indexer = Indexer::new("en");
        for (group, kept) in groups.iter().zip(&kept) {
            let records = &records[group.records.clone()];
            match kept {
                Some(kept) => {
                    let filters = records.iter();
                    let filters: Vec<_> = filters
                        .map(|record| (record.filters.clone(), record.moment.is_some()))
                        .collect();
                    indexer.keep(group, kept, &filters);
                }
                None => indexer.add(group, records, None),
            }
        }
        indexer.finish_with(words).unwrap()
    }

    /// Lists the files of an index that was made from another one, with those that it kept.
    fn whole(old: &[IndexFile], made: &Indexed) -> BTreeMap<String, Vec<u8>> {
        let kept = old.iter().filter(|file| made.kept.contains(&file.name));
        let all = made.files.iter().chain(kept);
        all.map(|file| (file.name.clone(), file.content.clone()))
            .collect()
    }

    #[test]
    fn one_changed_record_leaves_the_other_groups() {
        let records: Vec<Record> = (0..40)
            .map(|at| record(&(at, 1, vec![at as usize % 8])))
            .collect();
        let old = make(&records).files;
        let mut edited = records.clone();
        edited[11].content.push_str(" slowly");
        let made = make_from(&old, &edited);
        assert_eq!(made.kept.len() + 1, groups(&edited).len());
        assert_eq!(whole(&old, &made), whole(&[], &make(&edited)));
        assert!(Former::read(&old[0].content[1..]).is_none());
    }

    proptest! {
        #[test]
        fn an_index_made_from_another_is_that_made_of_nothing(
            before in proptest::collection::btree_map((0_i64..60, 0_u8..20), proptest::collection::vec(0_usize..8, 0..6), 1..60),
            gone in proptest::collection::vec(0_usize..60, 0..4),
            more in proptest::collection::btree_map((0_i64..60, 0_u8..20), proptest::collection::vec(0_usize..8, 0..6), 0..4),
        ) {
            let list = |all: &BTreeMap<(i64, u8), Vec<usize>>| -> Vec<Record> {
                let all = all.iter();
                let mut records: Vec<Record> = all
                    .map(|((minute, number), words)| record(&(*minute, *number, words.clone())))
                    .collect();
                records.sort_by_key(|record| record.moment);
                records
            };
            let old = make(&list(&before)).files;
            let mut after = before.clone();
            for at in gone {
                if let Some(key) = before.keys().nth(at) {
                    after.remove(key);
                }
            }
            after.extend(more);
            let records = list(&after);
            let made = make_from(&old, &records);
            prop_assert_eq!(whole(&old, &made), whole(&[], &make(&records)));
        }
    }
}
