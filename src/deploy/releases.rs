//! A folder that keeps whole releases, each in a folder of its own, and a link to the one that is live.
//!
//! A release is made complete beside the others, sharing the files that did not change with the one that
//! is live, before the link is switched in one step.
#![expect(clippy::disallowed_methods, reason = "this is the edge that writes")]

use super::destination::{Destination, Done, Order};
use super::error::DeployError;
use super::folder::Folder;
use super::keyed::{LettingGo, restored_file};
use super::lock;
use super::plan::{Plan, Stage};
use super::release::{Release, STATE};
use super::site::{Site, SiteFile, Source};
use crate::disk::error::DiskError;
use crate::session::Progress;
use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// The link to the release that is live.
pub(super) const CURRENT: &str = "current";
/// The folder of the releases.
pub(super) const RELEASES: &str = "releases";
/// Ends the name of a release that is not whole yet.
pub(super) const PART: &str = ".part";

/// A folder that keeps whole releases.
#[derive(Debug)]
pub(super) struct Releases {
    folder: PathBuf,
    keep: usize,
    lock_seconds: u64,
}

impl Releases {
    /// Takes a folder that was located.
    pub(super) fn new(folder: PathBuf, keep: usize, lock_seconds: u64) -> Self {
        Self {
            folder,
            keep,
            lock_seconds,
        }
    }

    fn place(&self, number: u64) -> PathBuf {
        self.folder.join(RELEASES).join(number.to_string())
    }

    fn record(&self, number: u64) -> PathBuf {
        self.folder.join(STATE).join(number.to_string())
    }

    /// Returns the number of the release that the link leads to.
    fn current(&self) -> Result<Option<u64>, DeployError> {
        let link = self.folder.join(CURRENT);
        let to = match fs::read_link(&link) {
            Ok(to) => to,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(_) => {
                return Err(DeployError::refused(format!(
                    "{} is not a link that dateline made",
                    link.display()
                ))
                .hint(
                    "with `releases`, the web server's root is that link; move what is there away",
                ));
            }
        };
        number_of(&to).map(Some).ok_or_else(|| {
            DeployError::refused(format!(
                "{} leads to {}, which is no release",
                link.display(),
                to.display()
            ))
        })
    }

    fn release(&self, number: u64) -> Result<Release, DeployError> {
        let path = self.record(number);
        let bytes = fs::read(&path).map_err(DiskError::at("read", &path))?;
        Release::decode(&bytes)
            .map_err(|why| DeployError::refused(format!("{} can't be read: {why}", path.display())))
    }

    /// Returns the numbers of the releases that are there, with what they have.
    fn numbers(&self) -> Result<Vec<u64>, DeployError> {
        let state = self.folder.join(STATE);
        let entries = match fs::read_dir(&state) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(DiskError::at("read", &state)(error).into()),
        };
        let mut numbers: Vec<u64> = entries
            .flatten()
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .filter(|number| self.place(*number).is_dir())
            .collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// Makes the link lead to a release, in one step.
    fn switch(&self, number: u64) -> Result<(), DeployError> {
        let link = self.folder.join(CURRENT);
        let next = self.folder.join(STATE).join("next");
        let _ = fs::remove_file(&next);
        // The link is made where it does not lead anywhere, and means something where it is moved to.
        symlink(Path::new(RELEASES).join(number.to_string()), &next)
            .map_err(DiskError::at("make", &next))?;
        fs::rename(&next, &link).map_err(DiskError::at("replace", &link))?;
        Ok(())
    }

    fn deploy_locked(&self, order: &Order<'_>) -> Result<Option<Done>, DeployError> {
        let live = self.live(order.progress)?;
        let plan = (order.plan)(live.as_ref())?;
        if let Some(number) = order.release.restores {
            self.switch(number)?;
            let release = self.release(number)?;
            return Ok(Some(Done { release, plan }));
        }
        if plan.is_empty() {
            return Ok(None);
        }
        let numbers = self.numbers()?;
        let number = numbers.last().copied().unwrap_or_default() + 1;
        let release = order.release(number);
        let part = self.folder.join(RELEASES).join(format!("{number}{PART}"));
        remove(&part)?;
        let made = self.make(order, &plan, live.as_ref(), &part);
        if let Err(error) = made {
            // The fault that is told is the first; the next deploy removes what is left.
            let _ = remove(&part);
            return Err(error);
        }
        let place = self.place(number);
        remove(&place)?;
        fs::rename(&part, &place).map_err(DiskError::at("write", &place))?;
        let record = self.record(number);
        let staged = record.with_extension("new");
        fs::write(&staged, release.encode()).map_err(DiskError::at("write", &staged))?;
        fs::rename(&staged, &record).map_err(DiskError::at("write", &record))?;
        self.switch(number)?;
        self.prune(number)?;
        Ok(Some(Done { release, plan }))
    }

    /// Makes a whole release.
    fn make(
        &self,
        order: &Order<'_>,
        plan: &Plan,
        live: Option<&Release>,
        part: &Path,
    ) -> Result<(), DeployError> {
        fs::create_dir_all(part).map_err(DiskError::at("make", part))?;
        let sent: BTreeSet<&String> = plan.sent().map(|upload| &upload.path).collect();
        order.progress.stage("writing", order.site.files.len());
        let mut folders = BTreeSet::new();
        for stage in Stage::ALL {
            let files = order
                .site
                .files
                .iter()
                .filter(|(_, file)| file.stage == stage);
            for (path, file) in files {
                if order.progress.is_cancelled() {
                    return Err(DeployError::interrupted());
                }
                let to = part.join(path);
                let around = to.parent().unwrap_or(part);
                if folders.insert(around.to_owned()) {
                    fs::create_dir_all(around).map_err(DiskError::at("make", around))?;
                }
                let old = live.filter(|_| !sent.contains(path));
                let is_shared = old.is_some_and(|live| {
                    fs::hard_link(self.place(live.number).join(path), &to).is_ok()
                });
                if !is_shared {
                    write(file, &to)?;
                }
                order.progress.step();
            }
        }
        Ok(())
    }

    /// Removes releases that are older than those that are kept.
    fn prune(&self, live: u64) -> Result<(), DeployError> {
        let numbers = self.numbers()?;
        let old = numbers.len().saturating_sub(self.keep.max(1));
        for number in numbers[..old].iter().filter(|number| **number != live) {
            remove(&self.place(*number))?;
            let record = self.record(*number);
            fs::remove_file(&record).map_err(DiskError::at("delete", &record))?;
        }
        Ok(())
    }
}

fn write(file: &SiteFile, to: &Path) -> Result<(), DeployError> {
    Ok(fs::write(to, file.read()?).map_err(DiskError::at("write", to))?)
}

fn remove(folder: &Path) -> Result<(), DeployError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(DiskError::at("delete", folder)(error).into())
        }
        _ => Ok(()),
    }
}

/// Reads the number of a release in where a link leads to.
fn number_of(to: &Path) -> Option<u64> {
    to.to_str()?.strip_prefix("releases/")?.parse().ok()
}

impl Destination for Releases {
    fn name(&self) -> String {
        self.folder.display().to_string()
    }

    fn live(&self, _: &dyn Progress) -> Result<Option<Release>, DeployError> {
        self.current()?
            .map(|number| self.release(number))
            .transpose()
    }

    fn requests(&self, _: &Plan, _: Option<&Release>) -> Option<u64> {
        None
    }

    fn taken(&self, _: &[&str], _: Option<&Release>) -> Result<Vec<String>, DeployError> {
        // A release has a folder of its own.
        Ok(Vec::new())
    }

    fn deploy(&self, order: &Order<'_>) -> Result<Option<Done>, DeployError> {
        fs::create_dir_all(&self.folder).map_err(DiskError::at("make", &self.folder))?;
        let store = Folder::new(self.folder.clone());
        let held = lock::take(&store, order.holder, self.lock_seconds, order.progress)?;
        std::thread::scope(|scope| {
            scope.spawn(|| held.keep());
            let _letting_go = LettingGo(&held);
            self.deploy_locked(order)
        })
    }

    fn earlier(&self, live: &Release, _: &dyn Progress) -> Result<Vec<u64>, DeployError> {
        let mut numbers = self.numbers()?;
        numbers.retain(|number| *number != live.number);
        Ok(numbers)
    }

    fn restored(
        &self,
        number: u64,
        _: &Release,
        _: &dyn Progress,
    ) -> Result<(Release, Site), DeployError> {
        if !self.numbers()?.contains(&number) {
            return Err(DeployError::refused(format!(
                "release {number} is not kept at {}",
                self.name()
            )));
        }
        let release = self.release(number)?;
        let site = restored_site(&release, |path| {
            Source::Output(self.place(number).join(path))
        });
        Ok((release, site))
    }
}

/// Makes the site of an earlier release, each of whose files is where `source` says.
pub(super) fn restored_site(release: &Release, source: impl Fn(&str) -> Source) -> Site {
    let files = release.files.iter();
    Site {
        title: release.title.clone(),
        base_url: release.base_url.clone(),
        pages: release.pages,
        commit: release.commit.clone(),
        files: files
            .map(|(path, file)| (path.clone(), restored_file(path, file, source(path))))
            .collect(),
    }
}
