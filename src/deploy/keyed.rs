//! Destinations that hold files by key: object stores, and folders into which the site is copied.

use super::destination::{Destination, Done, Order};
use super::error::DeployError;
use super::headers::Headers;
use super::lock;
use super::plan::{Plan, Stage};
use super::release::Release;
use super::send::{Job, history_key, read, release_key};
use super::site::{Site, SiteFile, Source};
use super::store::{Store, persistently, put_once};
use crate::session::Progress;
use crate::source::config::Target;
use std::collections::BTreeMap;

/// A destination that holds files by key.
pub(super) struct Keyed<S> {
    /// Where the files are.
    pub store: S,
    /// How many files are sent at a time.
    pub workers: usize,
    /// How many earlier releases can be returned to.
    pub keep: usize,
    /// How long the lock of a deploy that died is respected, in seconds.
    pub lock_seconds: u64,
}

impl<S: Store> Keyed<S> {
    /// Makes a destination of a store, as the target wants it.
    pub(super) fn new(store: S, target: &Target) -> Self {
        Self {
            store,
            workers: target.workers,
            keep: target.keep,
            lock_seconds: target.lock_seconds,
        }
    }
}

impl<S: Store> Destination for Keyed<S> {
    fn name(&self) -> String {
        self.store.name()
    }

    fn live(&self, progress: &dyn Progress) -> Result<Option<Release>, DeployError> {
        Ok(read(&self.store, &release_key(), progress)?.map(|(release, _)| release))
    }

    fn requests(&self, plan: &Plan, live: Option<&Release>) -> Option<u64> {
        let at_once = self.store.deletes_at_once()?;
        // What is live was read once already.
        let mut requests = 1;
        if plan.is_empty() {
            return Some(requests);
        }
        if live.is_none() {
            requests += 1;
        }
        // The lock is taken and let go, what is live is read under it and written at the beginning and
        // the end, and between two stages.
        requests += 2 + 1 + 2;
        let stages = Stage::ALL
            .iter()
            .filter(|stage| !plan.of_stage(**stage).is_empty())
            .count();
        requests += stages.saturating_sub(1) as u64;
        requests += plan.sent().count() as u64;
        if !plan.deletes.is_empty() {
            requests += 1 + plan.deletes.len().div_ceil(at_once) as u64;
        }
        if self.keep > 0
            && let Some(live) = live
        {
            let copies = plan
                .changed()
                .filter_map(|path| live.known(path))
                .filter(|known| !live.kept.contains_key(&known.kept_key()))
                .count();
            requests += copies as u64 + 1;
        }
        Some(requests)
    }

    fn taken(&self, paths: &[&str], live: Option<&Release>) -> Result<Vec<String>, DeployError> {
        self.store
            .taken(paths, live.is_none())
            .map_err(|error| error.during("look at", &self.name()))
    }

    fn deploy(&self, order: &Order<'_>) -> Result<Option<Done>, DeployError> {
        let held = lock::take(&self.store, order.holder, self.lock_seconds, order.progress)?;
        std::thread::scope(|scope| {
            scope.spawn(|| held.keep());
            let _letting_go = LettingGo(&held);
            self.deploy_locked(order, &held)
        })
    }

    fn earlier(&self, live: &Release, _: &dyn Progress) -> Result<Vec<u64>, DeployError> {
        let prefix = history_key(0);
        let prefix = prefix.trim_end_matches('0');
        let mut numbers: Vec<u64> = live
            .kept
            .keys()
            .filter_map(|key| key.strip_prefix(prefix)?.parse().ok())
            .collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    fn restored(
        &self,
        number: u64,
        live: &Release,
        progress: &dyn Progress,
    ) -> Result<(Release, Site), DeployError> {
        let Some((release, _)) = read(&self.store, &history_key(number), progress)? else {
            return Err(DeployError::refused(format!(
                "release {number} is not kept at {}",
                self.name()
            )));
        };
        let mut files = BTreeMap::new();
        for (path, file) in &release.files {
            let key = file.kept_key();
            let source = match live.known(path) {
                Some(known) if known == file => Source::There(path.clone()),
                _ if live.kept.contains_key(&key) => Source::There(key),
                _ => {
                    return Err(DeployError::refused(format!(
                        "release {number} is no longer whole at {}: {path} is gone",
                        self.name()
                    ))
                    .hint("a greater `keep` keeps more releases whole"));
                }
            };
            files.insert(path.clone(), restored_file(path, file, source));
        }
        let site = Site {
            title: release.title.clone(),
            base_url: release.base_url.clone(),
            pages: release.pages,
            commit: release.commit.clone(),
            files,
        };
        Ok((release, site))
    }

    fn told(&self, release: &Release) -> Result<(), DeployError> {
        let told = |error: super::store::StoreError| error.during("write to", &self.name());
        let never = || false;
        let Some((bytes, version)) =
            persistently(&never, || self.store.read(&release_key())).map_err(told)?
        else {
            return Ok(());
        };
        // Another deploy has its own to tell.
        if Release::decode(&bytes).as_ref() != Ok(release) {
            return Ok(());
        }
        let release = Release {
            untold: Default::default(),
            ..release.clone()
        };
        put_once(
            &self.store,
            &release_key(),
            &release.encode(),
            Some(&version),
            &never,
        )
        .map(|_| ())
        .map_err(told)
    }
}

/// Lets a lock go, however the deploy ends: the thread that keeps it would wait for ever.
pub(super) struct LettingGo<'a>(pub(super) &'a lock::Held<'a>);

impl Drop for LettingGo<'_> {
    fn drop(&mut self) {
        self.0.release();
    }
}

impl<S: Store> Keyed<S> {
    fn deploy_locked(
        &self,
        order: &Order<'_>,
        held: &lock::Held<'_>,
    ) -> Result<Option<Done>, DeployError> {
        let live = read(&self.store, &release_key(), order.progress)?;
        let before = live.as_ref().map(|(release, _)| release);
        let plan = (order.plan)(before)?;
        if plan.is_empty() {
            return Ok(None);
        }
        let number = before.map_or(0, |release| release.number) + 1;
        let job = Job {
            store: &self.store,
            site: order.site,
            next: order.release(number),
            plan: &plan,
            workers: self.workers,
            keep: self.keep,
            lock: held,
            progress: order.progress,
            live,
        };
        let release = job.run()?;
        Ok(Some(Done { release, plan }))
    }
}

/// Makes a file of an earlier release, to be sent in the stage that its path speaks of: what kind of
/// page it was is not known any more.
pub(super) fn restored_file(path: &str, file: &super::release::Live, source: Source) -> SiteFile {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stage = match name.rsplit_once('.').map(|(_, extension)| extension) {
        _ if path == "index.html" => Stage::Lists,
        Some("html") => Stage::Articles,
        Some("xml" | "txt") => Stage::Lists,
        _ => Stage::Assets,
    };
    let headers: Headers = file.headers.clone();
    SiteFile {
        stage,
        bytes: file.bytes,
        size: file.size,
        headers,
        source,
    }
}

#[cfg(test)]
mod tests;
