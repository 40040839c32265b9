//! What a deploy would do: the difference between the site and what is live, in the order in which it
//! is carried out.

use super::error::DeployError;
use super::release::Release;
use super::site::{Site, SiteFile};
use crate::search::part;
use serde::Serialize;

/// The most deletes of one deploy where nothing else is said.
const MOST_DELETES: usize = 256;
/// Where a site is small, one in this many of its files.
const DELETED_SHARE: usize = 4;

/// The stages of a deploy. Each ends before the next begins, so that a page never stands before what
/// it shows, nor a list before what it leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Style sheets, scripts, photos and files that are published as they are.
    Assets,
    /// Articles and redirects.
    Articles,
    /// Lists, the home page, feeds, sitemaps.
    Lists,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 3] = [Self::Assets, Self::Articles, Self::Lists];

    /// Returns its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Assets => "assets",
            Self::Articles => "articles",
            Self::Lists => "lists",
        }
    }
}

/// A file that is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Upload {
    /// Its path.
    pub path: String,
    /// When it is sent.
    pub stage: Stage,
    /// Its size in bytes.
    pub size: u64,
    /// Whether nothing is known to stand there.
    pub is_new: bool,
}

/// What a deploy would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The files whose bytes are sent, by stage, then path.
    pub uploads: Vec<Upload>,
    /// The files whose headers alone have changed; object stores send their bytes as well.
    pub metadata: Vec<Upload>,
    /// The paths that vanish.
    pub deletes: Vec<String>,
    /// How many files stay as they are.
    pub unchanged: usize,
    /// How many bytes are sent.
    pub bytes: u64,
    /// How many requests that costs; none where the target does not count them.
    pub requests: Option<u64>,
}

/// Says what a deploy would do. `is_all` sends every file, whatever is known of the target.
pub(super) fn plan(site: &Site, live: Option<&Release>, is_all: bool) -> Plan {
    let mut plan = Plan::default();
    for (path, file) in &site.files {
        let known = live.and_then(|live| live.known(path));
        let upload = |is_new| Upload {
            path: path.clone(),
            stage: file.stage,
            size: file.size,
            is_new,
        };
        match known {
            Some(known)
                if known.bytes == file.bytes && known.headers == file.headers && !is_all =>
            {
                plan.unchanged += 1;
            }
            Some(known) if known.bytes == file.bytes && !is_all => {
                plan.metadata.push(upload(false));
            }
            Some(_) => plan.uploads.push(upload(false)),
            None => plan.uploads.push(upload(true)),
        }
    }
    if let Some(live) = live {
        let is_gone = |path: &&String| !site.files.contains_key(*path);
        plan.deletes = live.paths().filter(is_gone).cloned().collect();
        plan.deletes.sort();
    }
    for list in [&mut plan.uploads, &mut plan.metadata] {
        list.sort_by(|a, b| (a.stage, &a.path).cmp(&(b.stage, &b.path)));
    }
    plan.bytes = plan.sent().map(|upload| upload.size).sum();
    plan
}

impl Plan {
    /// Tells whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.uploads.is_empty() && self.metadata.is_empty() && self.deletes.is_empty()
    }

    /// Returns every file that is sent.
    pub fn sent(&self) -> impl Iterator<Item = &Upload> {
        self.uploads.iter().chain(&self.metadata)
    }

    /// Returns the files of a stage.
    pub fn of_stage(&self, stage: Stage) -> Vec<&Upload> {
        self.sent().filter(|upload| upload.stage == stage).collect()
    }

    /// Returns every path that changes.
    pub fn changed(&self) -> impl Iterator<Item = &String> {
        self.sent().map(|upload| &upload.path).chain(&self.deletes)
    }
}

/// What the user allows in spite of a doubt.
#[derive(Debug, Clone, Copy, Default)]
pub struct Allowed {
    /// Whether doubts are put aside.
    pub force: bool,
    /// The most deletes.
    pub max_deletes: Option<usize>,
}

/// Refuses what would do harm: an empty site, too many deletes, another site's target.
///
/// # Errors
///
/// Says what is refused, and what to do.
pub(super) fn check(
    plan: &Plan,
    site: &Site,
    live: Option<&Release>,
    allowed: &Allowed,
) -> Result<(), DeployError> {
    if site.pages == 0 {
        return Err(
            DeployError::refused("the site has no page: it is not deployed")
                .hint("`dateline build` says how many pages it makes"),
        );
    }
    let Some(live) = live else { return Ok(()) };
    if live.base_url != site.base_url && !allowed.force {
        return Err(DeployError::refused(format!(
            "another site is deployed there: `{}` ({})",
            live.title, live.base_url
        ))
        .hint("choose another target")
        .hint("`--force` replaces it"));
    }
    let most = allowed
        .max_deletes
        .unwrap_or_else(|| (live.files.len() / DELETED_SHARE).clamp(1, MOST_DELETES));
    // One edit can replace most files of an index.
    let mut gone = plan.deletes.iter().filter(|path| !part::is_named(path));
    let deletes = gone.clone().count();
    if let Some(first) = gone.next().filter(|_| deletes > most) {
        return Err(DeployError::refused(format!(
            "the deploy would delete {deletes} of {} files, and {most} is the most",
            live.files.len()
        ))
        .hint(format!("such as {first}"))
        .hint(format!("`--max-deletes {deletes}` allows it")));
    }
    Ok(())
}

impl SiteFile {
    /// Returns what is known of the file once it is live.
    pub fn live(&self) -> super::release::Live {
        super::release::Live {
            bytes: self.bytes,
            size: self.size,
            headers: self.headers.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::release::Live;
    use super::super::site::Source;
    use super::*;
    use crate::base::fingerprint::Fingerprint;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};
    use std::sync::Arc;

    fn file(stage: Stage, text: &str, header: &str) -> SiteFile {
        SiteFile {
            stage,
            bytes: Fingerprint::of_bytes(text.as_bytes()),
            size: text.len() as u64,
            headers: [("Cache-Control".to_owned(), header.to_owned())].into(),
            source: Source::Made(Arc::from(text.as_bytes())),
        }
    }

    fn site(files: &[(&str, Stage, &str, &str)]) -> Site {
        Site {
            title: "The Gazette".to_owned(),
            base_url: "https://gazette.example".to_owned(),
            pages: files.len(),
            commit: None,
            files: files
                .iter()
                .map(|(path, stage, text, header)| ((*path).to_owned(), file(*stage, text, header)))
                .collect(),
        }
    }

    fn release(site: &Site) -> Release {
        Release {
            base_url: site.base_url.clone(),
            files: site
                .files
                .iter()
                .map(|(path, file)| (path.clone(), file.live()))
                .collect(),
            ..Release::default()
        }
    }

    fn paths(list: &[Upload]) -> Vec<&str> {
        list.iter().map(|upload| upload.path.as_str()).collect()
    }

    #[test]
    fn what_changed_is_sent_in_the_order_of_the_stages() {
        let old = site(&[
            ("a.html", Stage::Articles, "old", "x"),
            ("same.html", Stage::Articles, "same", "x"),
            ("gone.html", Stage::Articles, "gone", "x"),
            ("header.html", Stage::Articles, "same", "old"),
        ]);
        let new = site(&[
            ("index.html", Stage::Lists, "list", "x"),
            ("a.html", Stage::Articles, "new", "x"),
            ("same.html", Stage::Articles, "same", "x"),
            ("header.html", Stage::Articles, "same", "new"),
            ("z.css", Stage::Assets, "css", "x"),
        ]);
        let plan = plan(&new, Some(&release(&old)), false);
        assert_eq!(paths(&plan.uploads), ["z.css", "a.html", "index.html"]);
        assert_eq!(
            plan.uploads
                .iter()
                .map(|one| one.is_new)
                .collect::<Vec<_>>(),
            [true, false, true]
        );
        assert_eq!(paths(&plan.metadata), ["header.html"]);
        assert_eq!(plan.deletes, ["gone.html"]);
        assert_eq!((plan.unchanged, plan.bytes), (1, 3 + 3 + 4 + 4));
    }

    #[test]
    fn what_an_interrupted_deploy_left_is_sent_or_deleted() {
        let site = site(&[("a.html", Stage::Articles, "a", "x")]);
        let mut live = release(&site);
        live.pending = ["a.html".to_owned(), "begun.html".to_owned()].into();
        let plan = plan(&site, Some(&live), false);
        assert_eq!(paths(&plan.uploads), ["a.html"]);
        assert_eq!(plan.deletes, ["begun.html"]);
    }

    #[test]
    fn an_empty_site_is_refused() {
        let empty = site(&[]);
        let refused = check(
            &Plan::default(),
            &empty,
            None,
            &Allowed {
                force: true,
                max_deletes: Some(9),
            },
        );
        assert!(refused.unwrap_err().to_string().contains("no page"));
    }

    #[test]
    fn another_sites_target_is_refused_unless_it_is_forced() {
        let own = site(&[("a", Stage::Lists, "a", "")]);
        let mut live = release(&own);
        live.base_url = "https://other.example".to_owned();
        let plan = plan(&own, Some(&live), false);
        let allow = |force| Allowed {
            force,
            max_deletes: None,
        };
        let refused = check(&plan, &own, Some(&live), &allow(false)).unwrap_err();
        assert!(refused.to_string().contains("https://other.example"));
        assert!(check(&plan, &own, Some(&live), &allow(true)).is_ok());
    }

    #[test]
    fn more_deletes_than_a_quarter_or_256_are_refused() {
        let check = |files: usize, deletes: usize, most: Option<usize>, expect: bool| {
            let own = site(&[("a", Stage::Lists, "a", "")]);
            let mut live = release(&own);
            for number in 1..files {
                live.files.insert(format!("old{number}"), Live::default());
            }
            let plan = Plan {
                deletes: vec!["x".to_owned(); deletes],
                ..Plan::default()
            };
            let allowed = Allowed {
                force: true,
                max_deletes: most,
            };
            let is_fine = check(&plan, &own, Some(&live), &allowed).is_ok();
            assert_eq!(is_fine, expect, "{deletes} of {files}, {most:?}");
        };
        check(2, 1, None, true);
        check(40, 10, None, true);
        check(40, 11, None, false);
        check(40, 11, Some(11), true);
        check(10_000, 256, None, true);
        check(10_000, 257, None, false);
        check(10_000, 1, Some(0), false);
        let own = site(&[("a", Stage::Lists, "a", "")]);
        let plan = Plan {
            deletes: vec!["pagefind/en/index/w.0a1b2c3d4e5f.pf_index".to_owned(); 300],
            ..Plan::default()
        };
        let allowed = Allowed::default();
        assert!(super::check(&plan, &own, Some(&release(&own)), &allowed).is_ok());
    }

    /// A path's number, text and header.
    type Simple = BTreeMap<u8, (u8, u8)>;

    fn simple(files: &Simple) -> Site {
        let named: Vec<(String, Stage, String, String)> = files
            .iter()
            .map(|(path, (text, header))| {
                let stage = Stage::ALL[usize::from(path % 3)];
                (
                    path.to_string(),
                    stage,
                    text.to_string(),
                    header.to_string(),
                )
            })
            .collect();
        let borrowed: Vec<_> = named
            .iter()
            .map(|(path, stage, text, header)| {
                (path.as_str(), *stage, text.as_str(), header.as_str())
            })
            .collect();
        site(&borrowed)
    }

    fn some_files() -> impl Strategy<Value = Simple> {
        proptest::collection::btree_map(0..12_u8, (0..3_u8, 0..2_u8), 0..12)
    }

    proptest! {
        #[test]
        fn carrying_out_a_plan_makes_the_site(old in some_files(), new in some_files(), pending in proptest::collection::btree_set(0..14_u8, 0..5)) {
            let (old, new) = (simple(&old), simple(&new));
            let mut live = release(&old);
            live.pending = pending.iter().map(ToString::to_string).collect();
            // What stands at a pending path is unknown: here it is always wrong.
            let mut there: BTreeMap<String, Option<Live>> = live.files.iter()
                .map(|(path, live)| (path.clone(), Some(live.clone()))).collect();
            for path in &live.pending {
                there.insert(path.clone(), None);
            }
            let plan = plan(&new, Some(&live), false);
            let mut last = None;
            for upload in &plan.uploads {
                prop_assert!(last <= Some(upload.stage));
                last = Some(upload.stage);
            }
            for upload in plan.sent() {
                there.insert(upload.path.clone(), Some(new.files[&upload.path].live()));
            }
            for path in &plan.deletes {
                prop_assert!(there.remove(path).is_some());
            }
            let expect: BTreeMap<String, Option<Live>> = new.files.iter()
                .map(|(path, file)| (path.clone(), Some(file.live()))).collect();
            prop_assert_eq!(there, expect);
            prop_assert_eq!(plan.unchanged + plan.sent().count(), new.files.len());
            let touched: BTreeSet<&String> = plan.changed().collect();
            prop_assert_eq!(touched.len(), plan.changed().count(), "a path changes once");
        }

        #[test]
        fn a_site_that_is_live_costs_nothing(files in some_files()) {
            let site = simple(&files);
            let plan = plan(&site, Some(&release(&site)), false);
            prop_assert!(plan.is_empty());
            prop_assert_eq!(plan.bytes, 0);
        }
    }
}
