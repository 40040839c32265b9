//! Deploys to a store in memory that refuses, dies and loses answers at every moment in turn.

use super::super::plan::{self, Allowed};
use super::super::store::{Body, StoreError, Version};
use super::*;
use crate::base::fingerprint::Fingerprint;
use crate::session::Quiet;
use crate::source::config::DEFAULT_LOCK_SECONDS;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What happens to an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It is done.
    Well,
    /// It is refused for good.
    Refused,
    /// It is done, and its answer is lost.
    Lost,
}

/// What stands in it: bytes, headers and a version by key.
type Files = BTreeMap<String, (Vec<u8>, Headers, u64)>;

/// A store in memory.
struct Memory {
    files: Mutex<Files>,
    count: AtomicUsize,
    fate: Box<dyn Fn(usize) -> Fate + Sync>,
    /// What was done to which key, in order.
    log: Mutex<Vec<(&'static str, String)>>,
}

impl Memory {
    fn new() -> Self {
        Self {
            files: Mutex::default(),
            count: AtomicUsize::new(0),
            fate: Box::new(|_| Fate::Well),
            log: Mutex::default(),
        }
    }

    /// Counts an operation, and does it unless it is its fate to be refused.
    fn act<T>(
        &self,
        what: &'static str,
        key: &str,
        action: impl FnOnce(&mut Files) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let fate = (self.fate)(number);
        if fate == Fate::Refused {
            return Err(StoreError::lasting("refused"));
        }
        self.log.lock().unwrap().push((what, key.to_owned()));
        let done = action(&mut self.files.lock().unwrap());
        match fate {
            Fate::Lost if done.is_ok() => Err(StoreError::passing("the answer is lost")),
            _ => done,
        }
    }

    /// Returns what readers see.
    fn site(&self) -> BTreeMap<String, Vec<u8>> {
        let files = self.files.lock().unwrap();
        let public = files
            .iter()
            .filter(|(key, _)| !key.starts_with(".dateline"));
        public
            .map(|(key, (bytes, ..))| (key.clone(), bytes.clone()))
            .collect()
    }
}

impl Store for Memory {
    fn name(&self) -> String {
        "memory".to_owned()
    }

    fn read(&self, key: &str) -> Result<Option<(Vec<u8>, Version)>, StoreError> {
        self.act("read", key, |files| {
            Ok(files
                .get(key)
                .map(|(bytes, _, version)| (bytes.clone(), version.to_string())))
        })
    }

    fn put(&self, key: &str, body: &Body<'_>, headers: &Headers) -> Result<(), StoreError> {
        let Body::Bytes(bytes) = body else {
            panic!("nothing here is large")
        };
        self.act("put", key, |files| {
            files.insert(key.to_owned(), (bytes.clone(), headers.clone(), 0));
            Ok(())
        })
    }

    fn put_if(
        &self,
        key: &str,
        bytes: &[u8],
        expect: Option<&Version>,
    ) -> Result<Version, StoreError> {
        self.act("put if", key, |files| {
            let known = files.get(key).map(|(.., version)| version.to_string());
            if known.as_ref() != expect {
                return Err(StoreError::conflict("another stands there"));
            }
            let version = super::super::store::random();
            files.insert(key.to_owned(), (bytes.to_vec(), Headers::new(), version));
            Ok(version.to_string())
        })
    }

    fn copy(&self, from: &str, to: &str) -> Result<bool, StoreError> {
        self.act("copy", to, |files| {
            let Some(file) = files.get(from).cloned() else {
                return Ok(false);
            };
            files.insert(to.to_owned(), file);
            Ok(true)
        })
    }

    fn delete(&self, keys: &[String]) -> Result<(), StoreError> {
        self.act("delete", &keys.join(" "), |files| {
            keys.iter().for_each(|key| {
                files.remove(key);
            });
            Ok(())
        })
    }

    fn taken(&self, keys: &[&str], _: bool) -> Result<Vec<String>, StoreError> {
        self.act("taken", "", |files| {
            let taken = keys.iter().filter(|key| files.contains_key(**key));
            Ok(taken.map(|key| (*key).to_owned()).collect())
        })
    }

    fn deletes_at_once(&self) -> Option<usize> {
        Some(2)
    }
}

fn site(files: &[(&str, &str)]) -> Site {
    let file = |path: &str, text: &str| SiteFile {
        stage: match path.as_bytes()[0] {
            b'a' => Stage::Assets,
            b'b' => Stage::Articles,
            _ => Stage::Lists,
        },
        bytes: Fingerprint::of_bytes(text.as_bytes()),
        size: text.len() as u64,
        headers: Headers::new(),
        source: Source::Made(Arc::from(text.as_bytes())),
    };
    Site {
        title: "The Gazette".to_owned(),
        base_url: "https://gazette.example".to_owned(),
        pages: files.len(),
        commit: None,
        files: files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), file(path, text)))
            .collect(),
    }
}

fn texts(site: &Site) -> BTreeMap<String, Vec<u8>> {
    let files = site.files.iter();
    files
        .map(|(path, file)| (path.clone(), file.read().unwrap()))
        .collect()
}

const OLD: &[(&str, &str)] = &[
    ("a1", "1"),
    ("a2", "1"),
    ("b1", "1"),
    ("b2", "1"),
    ("c1", "1"),
    ("b9", "1"),
];
const NEW: &[(&str, &str)] = &[
    ("a1", "2"),
    ("a2", "1"),
    ("a3", "2"),
    ("b1", "2"),
    ("b2", "2"),
    ("c1", "2"),
    ("c2", "2"),
];

fn deploy(keyed: &Keyed<Memory>, site: &Site) -> Result<Option<Done>, DeployError> {
    let allowed = Allowed {
        force: false,
        max_deletes: Some(99),
    };
    let make = |live: Option<&Release>| {
        let plan = plan::plan(site, live, false);
        plan::check(&plan, site, live, &allowed)?;
        Ok(plan)
    };
    let release = Release {
        title: site.title.clone(),
        base_url: site.base_url.clone(),
        pages: site.pages,
        ..Release::default()
    };
    keyed.deploy(&Order {
        site,
        plan: &make,
        release: &release,
        holder: "ana@desk",
        progress: &Quiet,
    })
}

fn keyed(keep: usize) -> Keyed<Memory> {
    let keyed = Keyed {
        store: Memory::new(),
        workers: 2,
        keep,
        lock_seconds: DEFAULT_LOCK_SECONDS,
    };
    deploy(&keyed, &site(OLD)).unwrap();
    keyed.store.count.store(0, Ordering::Relaxed);
    keyed.store.log.lock().unwrap().clear();
    keyed
}

/// Makes the store well again, as it is a minute after a deploy died.
fn recover(keyed: &mut Keyed<Memory>) {
    keyed.store.fate = Box::new(|_| Fate::Well);
    keyed.store.files.lock().unwrap().remove(&lock::key());
}

/// How many operations a deploy takes.
fn operations(keep: usize) -> usize {
    let keyed = keyed(keep);
    deploy(&keyed, &site(NEW)).unwrap();
    assert_eq!(keyed.store.site(), texts(&site(NEW)));
    keyed.store.count.load(Ordering::Relaxed)
}

#[test]
fn a_deploy_that_dies_at_any_moment_leaves_whole_pages_and_the_next_finishes() {
    for keep in [0, 3] {
        let operations = operations(keep);
        assert!(operations > 12, "{operations}");
        for moment in 0..operations {
            for next in [NEW, OLD] {
                let mut keyed = keyed(keep);
                keyed.store.fate = Box::new(move |number| match number >= moment {
                    true => Fate::Refused,
                    false => Fate::Well,
                });
                let (old, new) = (texts(&site(OLD)), texts(&site(NEW)));
                let died = deploy(&keyed, &site(NEW));
                let found = keyed.store.site();
                for (path, bytes) in &found {
                    let is_whole = old.get(path) == Some(bytes) || new.get(path) == Some(bytes);
                    assert!(is_whole, "{path} at {moment}");
                }
                for path in old.keys().filter(|path| new.contains_key(*path)) {
                    assert!(found.contains_key(path), "{path} is gone at {moment}");
                }
                if !found.contains_key("b9") {
                    let sent = new
                        .iter()
                        .all(|(path, bytes)| found.get(path) == Some(bytes));
                    assert!(sent, "deleted before everything was sent, at {moment}");
                }
                recover(&mut keyed);
                // The site that is deployed next can be the old one again: what the dead deploy has
                // changed must not be taken for what it was.
                deploy(&keyed, &site(next)).unwrap();
                assert_eq!(
                    keyed.store.site(),
                    texts(&site(next)),
                    "after {moment}: {died:?}"
                );
            }
        }
    }
}

#[test]
fn one_refusal_deletes_nothing_and_the_next_deploy_finishes() {
    for moment in 0..operations(0) {
        let mut keyed = keyed(0);
        keyed.store.fate = Box::new(move |number| match number == moment {
            true => Fate::Refused,
            false => Fate::Well,
        });
        if deploy(&keyed, &site(NEW)).is_err() {
            let log = keyed.store.log.lock().unwrap();
            let is_deleted = log
                .iter()
                .any(|(what, key)| *what == "delete" && key.contains("b9"));
            let found = keyed.store.site();
            let is_sent = texts(&site(NEW))
                .iter()
                .all(|(path, bytes)| found.get(path) == Some(bytes));
            assert!(!is_deleted || is_sent, "{moment}");
        }
        recover(&mut keyed);
        deploy(&keyed, &site(NEW)).unwrap();
        assert_eq!(keyed.store.site(), texts(&site(NEW)), "{moment}");
    }
}

#[test]
fn an_answer_that_is_lost_does_no_harm() {
    for moment in 0..operations(0) {
        let mut keyed = keyed(0);
        keyed.store.fate = Box::new(move |number| match number == moment {
            true => Fate::Lost,
            false => Fate::Well,
        });
        deploy(&keyed, &site(NEW)).unwrap_or_else(|error| panic!("{moment}: {error}"));
        assert_eq!(keyed.store.site(), texts(&site(NEW)), "{moment}");
        keyed.store.fate = Box::new(|_| Fate::Well);
    }
}

#[test]
fn the_stages_follow_each_other_and_deletes_are_last() {
    let keyed = keyed(0);
    deploy(&keyed, &site(NEW)).unwrap();
    let log = keyed.store.log.lock().unwrap();
    let order: Vec<char> = log
        .iter()
        .filter(|(what, key)| *what == "put" || (*what == "delete" && !key.starts_with('.')))
        .map(|(what, key)| match *what {
            "delete" => 'z',
            _ => key.chars().next().unwrap(),
        })
        .collect();
    let mut sorted = order.clone();
    sorted.sort_unstable();
    assert_eq!(order, sorted);
    assert_eq!(order.last(), Some(&'z'));
    assert_eq!(
        log.iter().filter(|(what, _)| *what == "put").count(),
        6,
        "unchanged files are sent"
    );
}

#[test]
fn earlier_releases_are_whole_as_long_as_they_are_kept() {
    let keyed = keyed(2);
    let mut sites = vec![site(OLD)];
    for number in 2..6 {
        let text = number.to_string();
        sites.push(site(&[
            ("a1", "1"),
            ("b1", &text),
            (&format!("b{number}x"), "1"),
        ]));
        deploy(&keyed, &sites[number - 1]).unwrap();
        let live = keyed.live(&Quiet).unwrap().unwrap();
        assert_eq!(live.number, number as u64);
        for earlier in keyed.earlier(&live, &Quiet).unwrap() {
            let (_, restored) = keyed.restored(earlier, &live, &Quiet).unwrap();
            let expect = &sites[earlier as usize - 1];
            assert_eq!(restored.files.len(), expect.files.len());
            for (path, file) in &restored.files {
                let Source::There(key) = &file.source else {
                    panic!("{path}")
                };
                let (bytes, _) = keyed.store.read(key).unwrap().unwrap();
                assert_eq!(
                    bytes,
                    expect.files[path].read().unwrap(),
                    "{path} of {earlier}"
                );
            }
        }
    }
    let live = keyed.live(&Quiet).unwrap().unwrap();
    assert_eq!(keyed.earlier(&live, &Quiet).unwrap(), [3, 4]);
    let files = keyed.store.files.lock().unwrap();
    let kept = files
        .keys()
        .filter(|key| key.starts_with(".dateline/kept/"))
        .count();
    // b1 and its companion of the third and of the fourth.
    assert_eq!(kept, 4 - 1, "what is the same is kept once");
}
