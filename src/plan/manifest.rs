//! What the last build wrote: for each page its fingerprint, what it looked up, and its bytes'
//! fingerprint.
//!
//! A manifest is written last, after everything that it speaks of. One that is broken, foreign or of
//! another version is an empty one.

use super::page::PageKind;
use super::parts::Parts;
use super::silent::Told;
use crate::archive::{HiddenCount, Prints, Visibility};
use crate::base::fingerprint::{Fingerprint, Fingerprinter, Summed};
use crate::source::photo_metadata::PhotoMetadata;
use crate::theme::scope::{Observation, Query};
use rapidhash::RapidHashMap;
use rayon::prelude::*;
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;
use std::fmt::{self, Formatter};
use std::io::{self, Write};
use std::marker::PhantomData;
use std::sync::Arc;

/// Begins every manifest, with the version of its format.
const MAGIC: &[u8] = b"dateline manifest 12\n";

/// The bytes of the fingerprint of what stands before it.
const SUM: usize = 16;
/// How many files' lines are made in one go.
const LINES: usize = 1024;
/// How many such pieces are in memory at a time.
const PIECES_AT_ONCE: usize = 16;

/// What the last build wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of dateline that made it.
    pub version: String,
    /// The site's address at that time.
    pub base_url: String,
    /// Which articles were shown, and the moment of the build.
    pub visibility: Option<Visibility>,
    /// Every file, by its path in the output.
    #[serde(deserialize_with = "at_once")]
    pub files: Vec<Entry>,
    /// The questions that templates asked, each once.
    pub queries: Vec<(Query, Fingerprint)>,
    /// When the reading of files began, in nanoseconds since 1970: a file that was changed later is
    /// read again whatever its stat says.
    pub began: i64,
    /// What is known of the files that were read, so that a stat can save the next reading.
    pub inputs: Vec<Input>,
    /// What readers were told of articles, where the site asks for a note of each change.
    pub told: Vec<Told>,
    /// What makes it superfluous to read files again: the fingerprint of all that was read, and of what
    /// the file system said of it; none where there is something to tell at each build, or where it said
    /// too little.
    pub still: Option<Fingerprint>,
    /// What makes it superfluous to arrange and to plan all again; none where there is something to tell.
    pub arranged: Option<Arranged>,
}

/// What a build has to find as it was, so that all pages are as they were, or those of articles that are
/// as they were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arranged {
    /// The fingerprints of what was read.
    pub read: ReadPrints,
    /// The Unix second from which other articles are shown, or a page is another.
    pub until: Option<i64>,
    /// How many articles are not shown.
    pub hidden: HiddenCount,
    /// The fingerprints of the articles that were shown, in their order.
    #[serde(deserialize_with = "at_once")]
    pub articles: Vec<Prints>,
}

/// The fingerprints of all that a build read, whatever the file system says of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadPrints {
    /// That of the theme's templates.
    pub templates: Fingerprint,
    /// That of all else that is in no Markdown file: the configuration, the rest of the theme and the
    /// other files.
    pub rest: Fingerprint,
    /// That of all but templates and the words of articles.
    pub but_for_words: Fingerprint,
    /// That of the words.
    pub words: Fingerprint,
}

/// A file that the last build wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its path in the output.
    pub path: String,
    /// The kind of page.
    pub kind: PageKind,
    /// The fingerprint of what the page could see.
    pub page: Fingerprint,
    /// The parts of that, to say what changed.
    pub parts: Parts,
    /// The fingerprint of its bytes.
    pub bytes: Fingerprint,
    /// Its size in bytes.
    pub size: u64,
    /// The questions that its template asked: places in [`Manifest::queries`].
    pub queries: Vec<u32>,
    /// The Unix second from which the page is another.
    pub valid_until: Option<i64>,
}

/// A file that the last build read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// The fingerprint of its path from the site's root: a file beside an article that is not shown
    /// yet has no name here.
    pub path: Fingerprint,
    /// What the file system said of it.
    pub stat: Stat,
    /// The fingerprint of its bytes.
    pub fingerprint: Fingerprint,
    /// Of a picture: its format's name, width and height, as found in it.
    pub picture: Option<crate::source::picture::PictureFile>,
    /// Of a photo that readers can see: what is embedded in it.
    pub metadata: Option<Arc<PhotoMetadata>>,
}

/// What a file system says of a file; another one means other bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stat {
    /// The file's number on its device.
    pub inode: u64,
    /// Its size in bytes.
    pub size: u64,
    /// When its bytes were changed, in nanoseconds since 1970.
    pub modified: i64,
    /// When its bytes or its attributes were changed, in nanoseconds since 1970.
    pub changed: i64,
}

impl Manifest {
    /// Reads a manifest; anything but a whole one of this version is an empty one.
    pub fn decode(bytes: &[u8]) -> Self {
        let decoded = bytes.strip_prefix(MAGIC).and_then(|rest| {
            let (body, sum) = rest.split_last_chunk::<SUM>()?;
            let is_whole = Fingerprint::from_bytes(*sum) == Fingerprint::of_bytes(body);
            is_whole
                .then(|| postcard::from_bytes::<Self>(body).ok())
                .flatten()
        });
        decoded
            .filter(|manifest| manifest.version == env!("CARGO_PKG_VERSION"))
            .unwrap_or_default()
    }

    /// Writes the manifest's bytes, of which no more than a few are in memory at a time.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn encode(&self, out: impl Write) -> io::Result<()> {
        let articles = self.arranged.as_ref().map_or(&[][..], |one| &one.articles);
        let prints = Many {
            count: articles.len(),
            one: |at: usize| articles[at],
        };
        let lines = Many {
            count: self.files.len(),
            one: |at: usize| Line::of(&self.files[at]),
        };
        self.encode_with(lines, prints, out)
    }

    /// Writes the manifest's bytes as [`Manifest::encode`] does, with files and articles in the place of
    /// its own, which are made when they are asked for.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn encode_with<'a>(
        &self,
        lines: Many<impl Fn(usize) -> Line<'a> + Sync>,
        articles: Many<impl Fn(usize) -> Prints + Sync>,
        mut out: impl Write,
    ) -> io::Result<()> {
        let Self {
            version,
            base_url,
            visibility,
            files: _,
            queries,
            began,
            inputs,
            told,
            still,
            arranged,
        } = self;
        out.write_all(MAGIC)?;
        let mut out = Summed::new(out);
        // Postcard writes the fields of a record one after the other, and so is a list: its length, and
        // one item after the other.
        out.write_all(&encoded(&(version, base_url, visibility, lines.count)))?;
        lines.encode(&mut out)?;
        out.write_all(&encoded(&(queries, began, inputs, told, still)))?;
        match arranged {
            None => out.write_all(&encoded(&None::<()>))?,
            Some(Arranged {
                read,
                until,
                hidden,
                articles: _,
            }) => {
                out.write_all(&encoded(&Some((read, until, hidden, articles.count))))?;
                articles.encode(&mut out)?;
            }
        }
        let (mut out, sum) = out.finish();
        out.write_all(&sum.to_bytes())
    }

    /// Returns the fingerprint of all that was written: every path with its bytes.
    pub fn contents(&self) -> Fingerprint {
        contents(self.files.len(), |at| Line::of(&self.files[at]))
    }

    /// Returns the places of the files in the list, by path.
    pub fn by_path(&self) -> RapidHashMap<&str, u32> {
        self.files
            .iter()
            .enumerate()
            .map(|(at, entry)| (entry.path.as_str(), at as u32))
            .collect()
    }
}

/// So many things, each of which is made when it is asked for.
pub struct Many<F> {
    /// How many.
    pub count: usize,
    /// Makes the one of a number.
    pub one: F,
}

impl<F: Sync> Many<F> {
    /// Writes them one after the other.
    fn encode<T: Serialize>(&self, out: &mut impl Write) -> io::Result<()>
    where
        F: Fn(usize) -> T,
    {
        let firsts: Vec<usize> = (0..self.count).step_by(LINES).collect();
        // The same memory for all pieces: what one thread takes and another gives back comes back late.
        let mut pieces = vec![Vec::new(); PIECES_AT_ONCE];
        for firsts in firsts.chunks(PIECES_AT_ONCE) {
            let made = pieces.par_iter_mut().zip(firsts);
            made.for_each(|(piece, first)| {
                piece.clear();
                for at in *first..(first + LINES).min(self.count) {
                    let longer = postcard::to_extend(&(self.one)(at), std::mem::take(piece));
                    *piece = longer.expect(ENCODES);
                }
            });
            for piece in &pieces[..firsts.len()] {
                out.write_all(piece)?;
            }
        }
        Ok(())
    }
}

/// Returns the fingerprint of so many files: every path with its bytes.
pub fn contents<'a>(count: usize, line: impl Fn(usize) -> Line<'a> + Sync) -> Fingerprint {
    let firsts: Vec<usize> = (0..count).step_by(LINES).collect();
    let piece = |first: &usize| {
        let mut print = Fingerprinter::new("contents");
        for at in *first..(first + LINES).min(count) {
            let line = line(at);
            print.text(&line.path).fingerprint(line.bytes);
        }
        print.finish()
    };
    let pieces: Vec<Fingerprint> = firsts.par_iter().map(piece).collect();
    let mut print = Fingerprinter::new("all contents");
    for piece in pieces {
        print.fingerprint(piece);
    }
    print.finish()
}

/// An [`Entry`] on its way into a manifest, made of what is in memory anyway.
#[derive(Debug, Serialize)]
pub struct Line<'a> {
    /// Its path in the output.
    pub path: Cow<'a, str>,
    /// The kind of page.
    pub kind: PageKind,
    /// The fingerprint of what the page could see.
    pub page: Fingerprint,
    /// The parts of that.
    pub parts: &'a Parts,
    /// The fingerprint of its bytes.
    pub bytes: Fingerprint,
    /// Its size in bytes.
    pub size: u64,
    /// The questions that its template asked.
    pub queries: Cow<'a, [u32]>,
    /// The Unix second from which the page is another.
    pub valid_until: Option<i64>,
}

impl<'a> Line<'a> {
    fn of(entry: &'a Entry) -> Self {
        let Entry {
            path,
            kind,
            page,
            parts,
            bytes,
            size,
            queries,
            valid_until,
        } = entry;
        Self {
            path: Cow::Borrowed(path),
            kind: *kind,
            page: *page,
            parts,
            bytes: *bytes,
            size: *size,
            queries: Cow::Borrowed(queries),
            valid_until: *valid_until,
        }
    }
}

/// Why encoding does not fail.
const ENCODES: &str = "a manifest is made of sized lists, texts and numbers";

fn encoded(value: &impl Serialize) -> Vec<u8> {
    postcard::to_stdvec(value).expect(ENCODES)
}

/// Reads a list into memory that is taken at once: serde takes little, because it trusts no length,
/// and to grow by doubling takes twice the memory. What is read here had the right fingerprint.
fn at_once<'de, T, D>(input: D) -> Result<Vec<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    struct AtOnce<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for AtOnce<T> {
        type Value = Vec<T>;

        fn expecting(&self, to: &mut Formatter<'_>) -> fmt::Result {
            to.write_str("a list")
        }

        fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<Vec<T>, S::Error> {
            let mut items = Vec::with_capacity(list.size_hint().unwrap_or_default());
            while let Some(item) = list.next_element()? {
                items.push(item);
            }
            Ok(items)
        }
    }

    input.deserialize_seq(AtOnce(PhantomData))
}

/// Gathers each question once.
#[derive(Debug)]
pub struct Questions<'a> {
    old: &'a [(Query, Fingerprint)],
    /// Where each of the old questions is in the new list.
    moved: Vec<Option<u32>>,
    places: RapidHashMap<Query, u32>,
    list: Vec<(Query, Fingerprint)>,
}

impl<'a> Questions<'a> {
    /// Begins without questions; `old` is what the last build recorded.
    pub fn new(old: &'a [(Query, Fingerprint)]) -> Self {
        Self {
            old,
            moved: vec![None; old.len()],
            places: RapidHashMap::default(),
            list: Vec::new(),
        }
    }

    /// Adds what a page looked up; returns the places.
    pub fn add(&mut self, observations: Vec<Observation>) -> Vec<u32> {
        let add = |one: Observation| self.place(one.query, one.answer);
        observations.into_iter().map(add).collect()
    }

    /// Adds what a page looked up in an earlier build, by the old places.
    pub fn keep(&mut self, places: &[u32]) {
        for old in places {
            let at = *old as usize;
            if let (Some((query, answer)), None) = (self.old.get(at), self.moved[at]) {
                self.moved[at] = Some(self.place(query.clone(), *answer));
            }
        }
    }

    /// Returns the new places of what was kept.
    pub fn kept(&self, places: &[u32]) -> Vec<u32> {
        let moved = |old: &u32| self.moved.get(*old as usize).copied().flatten();
        places.iter().filter_map(moved).collect()
    }

    fn place(&mut self, query: Query, answer: Fingerprint) -> u32 {
        if let Some(place) = self.places.get(&query) {
            return *place;
        }
        let place = self.list.len() as u32;
        self.places.insert(query.clone(), place);
        self.list.push((query, answer));
        place
    }

    /// Takes the questions out, with their answers.
    pub fn take(&mut self) -> Vec<(Query, Fingerprint)> {
        std::mem::take(&mut self.list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(manifest: &Manifest) -> Vec<u8> {
        let mut bytes = Vec::new();
        manifest.encode(&mut bytes).unwrap();
        bytes
    }

    fn manifest() -> Manifest {
        Manifest {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            base_url: "https://example.org".to_owned(),
            files: vec![Entry {
                path: "index.html".to_owned(),
                kind: PageKind::Robots,
                page: Fingerprint::of_bytes(b"page"),
                parts: Parts::default(),
                bytes: Fingerprint::of_bytes(b"bytes"),
                size: 5,
                queries: vec![0],
                valid_until: Some(7),
            }],
            visibility: Some(Visibility {
                drafts: false,
                future: true,
                expired: false,
                now: 12,
            }),
            queries: vec![(
                Query {
                    function: "asset".to_owned(),
                    arguments: Vec::new(),
                    owner: None,
                },
                Fingerprint::of_bytes(b"answer"),
            )],
            began: -3,
            inputs: vec![Input {
                path: Fingerprint::of_bytes(b"path"),
                stat: Stat {
                    inode: 1,
                    size: 2,
                    modified: 3,
                    changed: 4,
                },
                fingerprint: Fingerprint::of_bytes(b"input"),
                picture: None,
                metadata: None,
            }],
            told: Vec::new(),
            still: Some(Fingerprint::of_bytes(b"still")),
            arranged: Some(Arranged {
                read: ReadPrints {
                    templates: Fingerprint::of_bytes(b"templates"),
                    rest: Fingerprint::of_bytes(b"rest"),
                    but_for_words: Fingerprint::of_bytes(b"but for words"),
                    words: Fingerprint::of_bytes(b"words"),
                },
                until: Some(8),
                hidden: HiddenCount {
                    drafts: 3,
                    ..HiddenCount::default()
                },
                articles: vec![
                    Prints {
                        place: Fingerprint::of_bytes(b"place"),
                        file: Fingerprint::of_bytes(b"file"),
                        card: Fingerprint::of_bytes(b"card"),
                        page: Fingerprint::of_bytes(b"page of it"),
                        has_plain_links: true,
                    };
                    2
                ],
            }),
        }
    }

    #[test]
    fn a_manifest_is_read_as_it_was_written() {
        assert_eq!(Manifest::decode(&whole(&manifest())), manifest());
        let long = Manifest {
            files: vec![manifest().files[0].clone(); LINES * PIECES_AT_ONCE + 1],
            ..manifest()
        };
        assert_eq!(Manifest::decode(&whole(&long)), long);
        let untidy = Manifest {
            arranged: None,
            ..manifest()
        };
        assert_eq!(Manifest::decode(&whole(&untidy)), untidy);
    }

    #[test]
    fn questions_of_kept_and_of_rendered_pages_share_their_places() {
        let asked = |function: &str| Query {
            function: function.to_owned(),
            arguments: Vec::new(),
            owner: None,
        };
        let answer = Fingerprint::of_bytes(b"answer");
        let old = [
            (asked("gone"), answer),
            (asked("url_for"), answer),
            (asked("asset"), answer),
        ];
        let mut questions = Questions::new(&old);
        questions.keep(&[1, 2]);
        assert_eq!(questions.kept(&[1, 2]), [0, 1]);
        assert_eq!(
            questions.add(vec![Observation {
                query: asked("asset"),
                answer
            }]),
            [1]
        );
        questions.keep(&[2]);
        assert_eq!(questions.kept(&[2]), [1]);
        assert_eq!(
            questions.take(),
            [(asked("url_for"), answer), (asked("asset"), answer)]
        );
    }

    #[test]
    fn a_damaged_manifest_is_an_empty_one() {
        let whole = whole(&manifest());
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            assert_eq!(Manifest::decode(&damaged), Manifest::default(), "byte {at}");
            assert_eq!(
                Manifest::decode(&whole[..at]),
                Manifest::default(),
                "cut at {at}"
            );
        }
    }

    #[test]
    fn a_manifest_of_another_version_is_an_empty_one() {
        let other = Manifest {
            version: "0.0.0".to_owned(),
            ..manifest()
        };
        assert_eq!(Manifest::decode(&whole(&other)), Manifest::default());
    }
}
