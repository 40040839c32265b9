//! A built site goes to its host: the difference between what was built and what is live, carried out in
//! an order in which no reader meets a page without its photos.
//!
//! Three promises hold for every kind of destination. What is live is compared by our own fingerprints
//! of bytes and headers, kept at the destination, never by time or size. Nothing is deleted before
//! everything was sent, nor what no deploy put there. A deploy that ends early leaves pages that are old
//! or new, each whole, and the next one finishes.

#[cfg(feature = "object-stores")]
mod announce;
mod command;
mod destination;
mod environment;
mod error;
mod folder;
mod git;
mod headers;
#[cfg(feature = "object-stores")]
mod http;
mod keyed;
mod lock;
#[cfg(feature = "object-stores")]
mod netlify;
#[cfg(feature = "object-stores")]
mod objects;
mod plan;
mod release;
mod releases;
mod send;
mod site;
mod ssh;
mod store;

pub use environment::Environment;
pub use error::{DeployError, Fault};
pub use plan::{Allowed, Plan, Stage, Upload};
pub use release::Release;
pub use site::Site;

use crate::disk::lock::Lock;
use crate::session::{self, Options, Progress};
use crate::source::config::{Address, Config, Target};
use destination::{Destination, Done, Order};
use std::collections::BTreeSet;
use std::path::Path;

/// How many names a refusal tells.
const MOST_NAMED: usize = 5;

/// What is asked of a deploy.
pub struct Request<'a> {
    /// The site, as a build would be asked for it.
    pub options: &'a Options,
    /// Its configuration.
    pub config: &'a Config,
    /// Where to.
    pub target: &'a Target,
    /// The environment's variables.
    pub environment: &'a Environment,
    /// What the user allows.
    pub allowed: Allowed,
    /// Whether every file is sent, whatever is known of the target.
    pub is_all: bool,
    /// The moment, in Unix seconds.
    pub time: i64,
    /// Who deploys, for those who have to wait.
    pub holder: &'a str,
    /// Who hears how far it is.
    pub progress: &'a dyn Progress,
}

/// What stands at a target, and what would be done there.
#[derive(Debug)]
pub struct Comparison {
    /// What the target is called.
    pub name: String,
    /// What is live.
    pub live: Option<Release>,
    /// The site that is to be live.
    pub site: Site,
    /// What would be done.
    pub plan: Plan,
    /// The release that is returned to, where one is.
    pub restores: Option<u64>,
}

/// What was done.
#[derive(Debug)]
pub struct Outcome {
    /// What was carried out; nothing where nothing was to be done.
    pub plan: Plan,
    /// What is live.
    pub release: Option<Release>,
    /// What the hooks said.
    pub said: String,
    /// Who could not be told of it, and which hook failed.
    pub faults: Vec<String>,
}

/// A target that can be reached.
pub struct Reached<'a> {
    request: &'a Request<'a>,
    destination: Box<dyn Destination>,
    /// Keeps builds out of the output while it is sent.
    lock: Option<Lock>,
}

/// Finds a target by its name; the first where none is given.
///
/// # Errors
///
/// That there is none of the name, or none at all.
pub fn target<'c>(config: &'c Config, name: Option<&str>) -> Result<&'c Target, DeployError> {
    let Some(first) = config.deploy.first() else {
        return Err(DeployError::usage("the configuration names no target to deploy to")
            .hint("add `deploy: { targets: { live: { folder: ../live } } }`, or another kind of target"));
    };
    let Some(name) = name else { return Ok(first) };
    config
        .deploy
        .iter()
        .find(|target| target.name == name)
        .ok_or_else(|| {
            let names: Vec<&str> = config.deploy.iter().map(|one| one.name.as_str()).collect();
            DeployError::usage(format!("there is no target `{name}`"))
                .hint(format!("the targets are {}", names.join(", ")))
        })
}

impl<'a> Reached<'a> {
    /// Makes ready to reach the target.
    ///
    /// # Errors
    ///
    /// That the target can't be one; what the machine refuses.
    pub fn new(request: &'a Request<'a>) -> Result<Self, DeployError> {
        let root = session::root(&request.options.root)?;
        let state = session::state(&root)?;
        Ok(Self {
            request,
            destination: destination_of(request, &root, &state)?,
            lock: None,
        })
    }

    /// Keeps builds waiting from here on, so that what is compared is what is sent.
    ///
    /// # Errors
    ///
    /// What the file system refuses; that the user stopped the wait for a build that goes on.
    pub fn hold_output(&mut self) -> Result<(), DeployError> {
        let request = self.request;
        let state = session::state(&session::root(&request.options.root)?)?;
        let mut is_said = false;
        let lock = Lock::take(&state, "dateline deploy", |other| {
            if !is_said {
                request.progress.waiting(other);
                is_said = true;
            }
            !request.progress.is_cancelled()
        });
        self.lock = Some(lock?);
        Ok(())
    }

    /// Compares the site that was built last with what is live.
    ///
    /// # Errors
    ///
    /// That the site is not to be deployed so; what the target refuses.
    pub fn compare(&self) -> Result<Comparison, DeployError> {
        let request = self.request;
        let site = site::read(
            request.options,
            request.config,
            request.target,
            request.allowed.force,
        )?;
        self.compare_with(site, None)
    }

    /// Compares an earlier release with what is live; the one before it where no number is given.
    ///
    /// # Errors
    ///
    /// That there is no such release; what the target refuses.
    pub fn compare_earlier(&self, number: Option<u64>) -> Result<Comparison, DeployError> {
        let progress = self.request.progress;
        let Some(live) = self.destination.live(progress)? else {
            return Err(DeployError::refused(format!(
                "nothing was ever deployed to {}",
                self.destination.name()
            )));
        };
        let numbers = self.destination.earlier(&live, progress)?;
        let number = match number {
            Some(number) => number,
            None => {
                let last = live.restores.unwrap_or(live.number);
                let before = numbers.iter().rev().find(|number| **number < last);
                *before.ok_or_else(|| {
                    DeployError::refused(format!(
                        "{} keeps no release before {last}",
                        self.destination.name()
                    ))
                    .hint("`keep: 5` or `releases: 5` of the target keeps five; git keeps all")
                })?
            }
        };
        if !numbers.contains(&number) {
            let known: Vec<String> = numbers.iter().map(ToString::to_string).collect();
            let error = DeployError::usage(format!(
                "release {number} is not kept at {}",
                self.destination.name()
            ));
            return Err(match known.is_empty() {
                true => error.hint("`keep: 5` or `releases: 5` of the target keeps five"),
                false => error.hint(format!("these are: {}", known.join(", "))),
            });
        }
        let (_, site) = self.destination.restored(number, &live, progress)?;
        self.compare_with(site, Some(number))
    }

    fn compare_with(&self, site: Site, restores: Option<u64>) -> Result<Comparison, DeployError> {
        let live = self.destination.live(self.request.progress)?;
        let mut plan = plan::plan(&site, live.as_ref(), self.request.is_all);
        plan.requests = self.destination.requests(&plan, live.as_ref());
        Ok(Comparison {
            name: self.destination.name(),
            live,
            site,
            plan,
            restores,
        })
    }

    /// Refuses what would do harm.
    ///
    /// # Errors
    ///
    /// Says what is refused, and what to do.
    pub fn check(&self, comparison: &Comparison) -> Result<(), DeployError> {
        let Comparison {
            live, site, plan, ..
        } = comparison;
        plan::check(plan, site, live.as_ref(), &self.request.allowed)?;
        if self.request.allowed.force {
            return Ok(());
        }
        let strange: Vec<&str> = plan
            .uploads
            .iter()
            .filter(|upload| upload.is_new)
            .map(|upload| upload.path.as_str())
            .filter(|path| {
                live.as_ref().is_none_or(|live| {
                    !live.pending.contains(*path) && !live.files.contains_key(*path)
                })
            })
            .collect();
        let taken = self.destination.taken(&strange, live.as_ref())?;
        if taken.is_empty() {
            return Ok(());
        }
        let named: Vec<&str> = taken.iter().take(MOST_NAMED).map(String::as_str).collect();
        let more = match taken.len().saturating_sub(MOST_NAMED) {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        Err(DeployError::refused(format!(
            "{} files at {} would be replaced that no deploy put there: {}{more}",
            taken.len(),
            self.destination.name(),
            named.join(", ")
        ))
        .hint("`--force` replaces them"))
    }

    /// Carries out what was compared.
    ///
    /// # Errors
    ///
    /// What the target refuses; that another deploy goes on; that the user stopped it.
    pub fn carry_out(&self, comparison: &Comparison) -> Result<Outcome, DeployError> {
        let mut said = String::new();
        let mut faults = Vec::new();
        // Where nothing is to be done, it may still be that somebody was not told.
        let untold = comparison
            .live
            .as_ref()
            .map(|live| live.untold.clone())
            .unwrap_or_default();
        let done = match comparison.plan.is_empty() {
            true => None,
            false => {
                said.push_str(&self.hook(true, comparison, None)?);
                self.deploy(comparison)?
            }
        };
        let release = match &done {
            Some(done) => Some(done.release.clone()),
            None => comparison.live.clone(),
        };
        let mut changed: BTreeSet<String> = untold;
        if let Some(done) = &done {
            changed.extend(done.plan.changed().cloned());
        }
        if let Some(release) = &release {
            faults.append(&mut self.tell(release, &changed)?);
        }
        if done.is_some() {
            match self.hook(false, comparison, release.as_ref()) {
                Ok(words) => said.push_str(&words),
                Err(error) => faults.push(error.to_string()),
            }
        }
        Ok(Outcome {
            plan: done.map_or_else(Plan::default, |done| done.plan),
            release,
            said,
            faults,
        })
    }

    fn deploy(&self, comparison: &Comparison) -> Result<Option<Done>, DeployError> {
        let request = self.request;
        let site = &comparison.site;
        let release = Release {
            time: request.time,
            title: site.title.clone(),
            base_url: site.base_url.clone(),
            commit: site.commit.clone(),
            pages: site.pages,
            restores: comparison.restores,
            ..Release::default()
        };
        let plan = |live: Option<&Release>| {
            let plan = plan::plan(site, live, request.is_all);
            plan::check(&plan, site, live, &request.allowed)?;
            Ok(plan)
        };
        self.destination.deploy(&Order {
            site,
            plan: &plan,
            release: &release,
            holder: request.holder,
            progress: request.progress,
        })
    }

    #[cfg(feature = "object-stores")]
    fn tell(
        &self,
        release: &Release,
        changed: &BTreeSet<String>,
    ) -> Result<Vec<String>, DeployError> {
        let target = self.request.target;
        let is_anyone = target.cloudfront.is_some()
            || target.cloudflare_zone.is_some()
            || target.indexnow.is_some()
            || !target.websub.is_empty();
        let mut faults = Vec::new();
        if is_anyone && !changed.is_empty() {
            let news = announce::News {
                target,
                base_url: &release.base_url,
                changed,
                is_there: &|path| release.files.contains_key(path),
            };
            faults = news.tell(&http::Http::new()?, self.request.environment);
        }
        if faults.is_empty() && is_anyone && !release.untold.is_empty() {
            self.destination.told(release)?;
        }
        Ok(faults)
    }

    #[cfg(not(feature = "object-stores"))]
    fn tell(&self, _: &Release, _: &BTreeSet<String>) -> Result<Vec<String>, DeployError> {
        Ok(Vec::new())
    }

    fn hook(
        &self,
        is_before: bool,
        comparison: &Comparison,
        release: Option<&Release>,
    ) -> Result<String, DeployError> {
        let target = self.request.target;
        let (name, line) = match is_before {
            true => ("before", &target.hooks.0),
            false => ("after", &target.hooks.1),
        };
        let Some(line) = line else {
            return Ok(String::new());
        };
        let number = release.map_or_else(String::new, |release| release.number.to_string());
        let variables = [
            ("DATELINE_TARGET", target.name.clone()),
            ("DATELINE_BASE_URL", comparison.site.base_url.clone()),
            ("DATELINE_RELEASE", number),
        ];
        command::hook(name, line, &self.request.options.root, &variables)
    }

    /// Returns the numbers of the releases that can be returned to.
    ///
    /// # Errors
    ///
    /// What the target refuses.
    pub fn earlier(&self, live: &Release) -> Result<Vec<u64>, DeployError> {
        self.destination.earlier(live, self.request.progress)
    }

    /// Reads what is live.
    ///
    /// # Errors
    ///
    /// What the target refuses.
    pub fn live(&self) -> Result<Option<Release>, DeployError> {
        self.destination.live(self.request.progress)
    }

    /// Returns what the target is called.
    pub fn name(&self) -> String {
        self.destination.name()
    }
}

fn destination_of(
    request: &Request<'_>,
    root: &Path,
    state: &Path,
) -> Result<Box<dyn Destination>, DeployError> {
    let target = request.target;
    Ok(match &target.address {
        Address::Folder(address) => {
            let folder = folder::locate(root, &request.options.output, address)?;
            match target.releases {
                0 => Box::new(keyed::Keyed::new(folder::Folder::new(folder), target)),
                keep => Box::new(releases::Releases::new(folder, keep, target.lock_seconds)),
            }
        }
        Address::Git { remote, branch, .. } => {
            Box::new(git::Git::open(root, state, &target.name, remote, branch)?)
        }
        Address::Ssh { host, port, path } => {
            let shell = request.environment.get("RSYNC_RSH");
            Box::new(ssh::Ssh::new(host, *port, path, shell, state, target))
        }
        #[cfg(feature = "object-stores")]
        Address::Objects {
            service,
            bucket,
            prefix,
            endpoint,
            region,
            account,
        } => {
            let bucket = objects::Bucket {
                service: *service,
                bucket,
                prefix,
                endpoint: endpoint.as_deref(),
                region: region.as_deref(),
                account: account.as_deref(),
            };
            let http = http::Http::new()?;
            let store = objects::Objects::new(&bucket, request.environment, http)?;
            Box::new(keyed::Keyed::new(store, target))
        }
        #[cfg(not(feature = "object-stores"))]
        Address::Objects { .. } => return Err(without("object stores")),
        #[cfg(feature = "object-stores")]
        Address::Netlify(site) => Box::new(netlify::Netlify::new(
            site,
            target,
            request.environment,
            http::Http::new()?,
        )?),
        #[cfg(not(feature = "object-stores"))]
        Address::Netlify(_) => return Err(without("Netlify")),
    })
}

#[cfg(not(feature = "object-stores"))]
fn without(what: &str) -> DeployError {
    DeployError::usage(format!("this dateline was built without {what}"))
        .hint("build it with the feature `object-stores`")
}
