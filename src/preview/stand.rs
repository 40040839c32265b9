//! The stand: the edition that is served, what is wrong with the next one, and the tabs that look
//! at its pages.
//!
//! A tab is told only what concerns the page that it shows. It holds its connection while it can
//! be seen; when it comes back it says which version it has, and hears what it has missed.

use super::edition::Edition;
use crate::base::diagnostic::Diagnostic;
use crate::base::fingerprint::Fingerprint;
use crate::theme::scope::Observation;
use rapidhash::RapidHashMap;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How many messages wait for a tab that does not read; it is let go then, and comes back.
const MOST_WAITING: usize = 64;
/// How many pages are remembered as they were last shown.
const MOST_SHOWN: usize = 512;
/// How many bytes of a page are remembered.
const LONGEST_REMEMBERED: usize = 4 << 20;

/// What is served, and who looks at it.
#[derive(Default)]
pub struct Stand {
    state: Mutex<State>,
    turned: Condvar,
}

#[derive(Default)]
struct State {
    edition: Option<Arc<Edition>>,
    /// How often something was read since the start, with errors or without.
    readings: u64,
    /// Whether a change has been seen that is not in the edition yet.
    is_reading: bool,
    faults: Arc<Vec<Diagnostic>>,
    tabs: BTreeMap<u64, Tab>,
    last_tab: u64,
    shown: RapidHashMap<String, Shown>,
}

/// A tab that can be seen.
struct Tab {
    page: String,
    wire: SyncSender<String>,
}

/// A page as it was last shown.
#[derive(Clone)]
pub struct Shown {
    /// The tag of its bytes.
    pub tag: String,
    /// The fingerprint of what the page can see.
    pub print: Fingerprint,
    /// What its template looked up, with the answers.
    pub observations: Vec<Observation>,
    /// The bytes, as a build would write them.
    pub bytes: Arc<[u8]>,
    /// The file that the page comes from.
    pub source: String,
    /// The edition that it was made from.
    pub edition: u64,
}

/// A tab's end of its connection.
pub struct Line {
    /// The tab's number.
    pub tab: u64,
    /// What it is told.
    pub messages: Receiver<String>,
}

impl Stand {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the edition that is served.
    pub fn edition(&self) -> Option<Arc<Edition>> {
        self.state().edition.clone()
    }

    /// Returns what is wrong with the site as it is on the disk.
    pub fn faults(&self) -> Arc<Vec<Diagnostic>> {
        Arc::clone(&self.state().faults)
    }

    /// Notes that files have changed and are being read.
    pub fn begin(&self) {
        self.state().is_reading = true;
    }

    /// Puts out an edition, with what is wrong with the site, where that is shown all the same.
    pub fn put_out(&self, edition: Arc<Edition>, faults: Vec<Diagnostic>) {
        let mut state = self.state();
        state.edition = Some(edition);
        state.faults = Arc::new(faults);
        state.turn();
        drop(state);
        self.turned.notify_all();
    }

    /// Keeps the edition that is out, and notes what is wrong with the next one.
    pub fn refuse(&self, faults: Vec<Diagnostic>) {
        let mut state = self.state();
        state.faults = Arc::new(faults);
        state.turn();
        drop(state);
        self.turned.notify_all();
    }

    /// Waits until what is being read has been read, but not longer than `patience`.
    pub fn wait(&self, readings: u64, patience: Duration) {
        let state = self.state();
        let _ = self
            .turned
            .wait_timeout_while(state, patience, |state| state.readings == readings);
    }

    /// Returns how often the site was read, and whether it is being read.
    pub fn readings(&self) -> (u64, bool) {
        let state = self.state();
        (state.readings, state.is_reading)
    }

    /// Adds a tab that shows a page.
    pub fn open_tab(&self, page: &str) -> Line {
        let (wire, messages) = mpsc::sync_channel(MOST_WAITING);
        let mut state = self.state();
        state.last_tab += 1;
        let tab = state.last_tab;
        let page = page.to_owned();
        state.tabs.insert(tab, Tab { page, wire });
        Line { tab, messages }
    }

    /// Removes a tab.
    pub fn close_tab(&self, tab: u64) {
        self.state().tabs.remove(&tab);
    }

    /// Returns the pages that tabs show, each once.
    pub fn open_pages(&self) -> Vec<String> {
        let mut pages: Vec<String> = self
            .state()
            .tabs
            .values()
            .map(|tab| tab.page.clone())
            .collect();
        pages.sort_unstable();
        pages.dedup();
        pages
    }

    /// Tells every tab of a page something; returns how many there are.
    pub fn tell(&self, page: &str, message: &Value) -> usize {
        self.state().tell(|tab| tab.page == page, message)
    }

    /// Tells every tab something; returns how many there are.
    pub fn tell_all(&self, message: &Value) -> usize {
        self.state().tell(|_| true, message)
    }

    /// Remembers a page as it is shown.
    pub fn remember(&self, page: &str, mut shown: Shown) {
        if shown.bytes.len() > LONGEST_REMEMBERED {
            shown.bytes = Arc::from([]);
        }
        let mut state = self.state();
        if state.shown.len() >= MOST_SHOWN && !state.shown.contains_key(page) {
            // Those that nobody looks at are the first to be forgotten.
            let State { shown, tabs, .. } = &mut *state;
            shown.retain(|page, _| tabs.values().any(|tab| tab.page == *page));
        }
        state.shown.insert(page.to_owned(), shown);
    }

    /// Notes that a page can't be made as it is: whatever comes next is another.
    pub fn spoil(&self, page: &str) {
        if let Some(shown) = self.state().shown.get_mut(page) {
            shown.print = Fingerprint::default();
            shown.tag.clear();
        }
    }

    /// Returns a page as it was last shown.
    pub fn shown(&self, page: &str) -> Option<Shown> {
        self.state().shown.get(page).cloned()
    }
}

impl State {
    fn turn(&mut self) {
        self.readings += 1;
        self.is_reading = false;
    }

    fn tell(&mut self, mut is_meant: impl FnMut(&Tab) -> bool, message: &Value) -> usize {
        let text = event(message);
        let mut told = 0;
        self.tabs.retain(|_, tab| {
            if !is_meant(tab) {
                return true;
            }
            told += 1;
            tab.wire.try_send(text.clone()).is_ok()
        });
        told
    }
}

/// Writes a message as a server-sent event (HTML, section 9.2).
pub fn event(message: &Value) -> String {
    format!("data: {message}\n\n")
}

/// What a tab is told.
pub mod message {
    use super::{Value, json};

    /// It is listened to.
    pub fn hello() -> Value {
        json!({ "type": "hello" })
    }

    /// The page that it shows is another.
    pub fn page() -> Value {
        json!({ "type": "page" })
    }

    /// The page that it shows is gone; where its source is shown instead, if anywhere.
    pub fn gone(moved: Option<&str>, source: Option<&str>) -> Value {
        json!({ "type": "gone", "moved": moved, "source": source })
    }

    /// Files that pages use are others: their addresses, with what they are now.
    pub fn files(files: &[(String, String)]) -> Value {
        let files: serde_json::Map<String, Value> = files
            .iter()
            .map(|(path, print)| (path.clone(), json!(print)))
            .collect();
        json!({ "type": "files", "files": files })
    }

    /// This is wrong with the site; nothing is, where there is nothing.
    pub fn faults(faults: &Value) -> Value {
        json!({ "type": "faults", "faults": faults })
    }

    /// An article was edited whose page is this.
    pub fn navigate(url: &str) -> Value {
        json!({ "type": "navigate", "url": url })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tab_hears_of_its_own_page_only() {
        let stand = Stand::default();
        let (a, b) = (stand.open_tab("/a/"), stand.open_tab("/b/"));
        assert_eq!(stand.open_pages(), ["/a/", "/b/"]);
        assert_eq!(stand.tell("/a/", &message::page()), 1);
        assert_eq!(
            a.messages.try_recv().as_deref(),
            Ok("data: {\"type\":\"page\"}\n\n")
        );
        assert!(b.messages.try_recv().is_err());
        assert_eq!(stand.tell_all(&message::hello()), 2);
        stand.close_tab(a.tab);
        assert_eq!(stand.tell("/a/", &message::page()), 0);
    }

    #[test]
    fn a_tab_that_does_not_read_is_let_go() {
        let stand = Stand::default();
        let line = stand.open_tab("/a/");
        for _ in 0..=MOST_WAITING {
            stand.tell_all(&message::page());
        }
        assert!(stand.open_pages().is_empty());
        assert_eq!(line.messages.iter().count(), MOST_WAITING);
    }

    #[test]
    fn what_is_remembered_has_an_end() {
        let stand = Stand::default();
        let _line = stand.open_tab("/0/");
        for at in 0..=MOST_SHOWN {
            let shown = Shown {
                tag: String::new(),
                print: Fingerprint::default(),
                observations: Vec::new(),
                bytes: Arc::from([]),
                source: String::new(),
                edition: 1,
            };
            stand.remember(&format!("/{at}/"), shown);
        }
        assert!(stand.shown("/0/").is_some() && stand.shown("/1/").is_none());
        assert!(stand.shown(&format!("/{MOST_SHOWN}/")).is_some());
    }
}
