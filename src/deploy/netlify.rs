//! A site of Netlify as a destination, by the digests of its API: every deploy names the SHA-1 of every
//! file, and only those are sent that the host lacks.
//!
//! A deploy is published by the host in one step. What dateline knows of a release is a file of that
//! release, so that it is live whenever the release is, whoever published it.

use super::destination::{Destination, Done, Order};
use super::environment::{Environment, percent_encoded};
use super::error::DeployError;
use super::http::Http;
use super::plan::Plan;
use super::release::Release;
use super::releases::restored_site;
use super::site::{Site, Source};
use super::store::{StoreError, persistently, wait};
use crate::session::Progress;
use crate::source::config::Target;
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const API: &str = "https://api.netlify.com";
/// The file that says what the release is. A name that begins with a dot is not served by every host.
const RECORD: &str = "_dateline/release";
/// Begins the title of every deploy of dateline's.
const TITLE: &str = "dateline release ";
/// How often the host is asked whether it is done.
const GLANCES: usize = 300;
/// How long to wait in between.
const GLANCE: Duration = Duration::from_secs(2);

/// A site of Netlify.
pub(super) struct Netlify {
    http: Http,
    api: String,
    site: String,
    token: String,
    workers: usize,
}

impl Netlify {
    /// Makes a destination.
    ///
    /// # Errors
    ///
    /// That there is no token.
    pub(super) fn new(
        site: &str,
        target: &Target,
        environment: &Environment,
        http: Http,
    ) -> Result<Self, DeployError> {
        let token = environment.get("NETLIFY_AUTH_TOKEN").ok_or_else(|| {
            DeployError::usage("NETLIFY_AUTH_TOKEN is not set")
                .hint("make a personal access token in Netlify's user settings")
        })?;
        let own = target.services.iter().find(|(name, _)| name == "netlify");
        let api = own.map_or(API, |(_, url)| url).trim_end_matches('/');
        Ok(Self {
            http,
            api: format!("{api}/api/v1"),
            site: site.to_owned(),
            token: token.to_owned(),
            workers: target.workers,
        })
    }

    fn called(&self) -> String {
        format!("Netlify's {}", self.site)
    }

    /// Asks the API, and reads its answer.
    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, StoreError> {
        let bearer = format!("Bearer {}", self.token);
        let url = format!("{}{path}", self.api);
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
        ];
        let answer = persistently(&|| false, || {
            let body = body.map_or_else(Vec::new, |body| body.to_string().into_bytes());
            self.http.send(method, &url, &headers, body)
        })?;
        serde_json::from_str(&answer.text)
            .map_err(|error| StoreError::lasting(format!("its answer is no JSON: {error}")))
    }

    fn told(&self, action: &str) -> impl FnOnce(StoreError) -> DeployError {
        let (action, name) = (action.to_owned(), self.called());
        move |error| error.during(&action, &name)
    }

    /// Reads the release of a deploy, or of what is live, at its own address.
    fn record(&self, address: &str) -> Result<Option<Release>, DeployError> {
        let url = format!("{}/{RECORD}", address.trim_end_matches('/'));
        let found = persistently(&|| false, || match self.http.fetch(&url) {
            Ok(bytes) => Ok(Some(bytes)),
            Err((Some(404), _)) => Ok(None),
            Err((_, error)) => Err(error),
        });
        let Some(bytes) = found.map_err(self.told("read"))? else {
            return Ok(None);
        };
        Release::decode(&bytes).map(Some).map_err(|why| {
            DeployError::refused(format!(
                "what {} says of itself in {RECORD} can't be read: {why}",
                self.called()
            ))
        })
    }

    /// Returns the deploys of dateline's that were published: the number of each, its id and address.
    fn deploys(&self) -> Result<Vec<(u64, String, String)>, DeployError> {
        let path = format!("/sites/{}/deploys?state=ready&per_page=100", self.site);
        let answer = self.ask("GET", &path, None).map_err(self.told("list"))?;
        let mut deploys = Vec::new();
        for deploy in answer.as_array().into_iter().flatten() {
            let title = deploy["title"].as_str().unwrap_or_default();
            let number = title.strip_prefix(TITLE).and_then(|rest| rest.parse().ok());
            let (Some(number), Some(id)) = (number, deploy["id"].as_str()) else {
                continue;
            };
            let address = first_text(deploy, &["deploy_ssl_url", "deploy_url"]);
            deploys.push((number, id.to_owned(), address));
        }
        deploys.sort();
        Ok(deploys)
    }

    /// Makes a deploy of the whole site, sends what the host lacks and waits until it is published.
    fn publish(&self, order: &Order<'_>, release: &Release) -> Result<(), DeployError> {
        let record = release.encode();
        let mut digests: BTreeMap<String, String> = BTreeMap::new();
        let mut paths: BTreeMap<String, &str> = BTreeMap::new();
        order.progress.stage("reading", order.site.files.len());
        for (path, file) in &order.site.files {
            if order.progress.is_cancelled() {
                return Err(DeployError::interrupted());
            }
            let digest = digest(&file.read()?);
            digests.insert(format!("/{path}"), digest.clone());
            paths.insert(digest, path);
            order.progress.step();
        }
        let record_digest = digest(&record);
        digests.insert(format!("/{RECORD}"), record_digest.clone());
        paths.insert(record_digest, RECORD);
        let title = percent_encoded(&format!("{TITLE}{}", release.number));
        let path = format!("/sites/{}/deploys?title={title}", self.site);
        let answer = self
            .ask("POST", &path, Some(&json!({ "files": digests })))
            .map_err(self.told("begin a deploy to"))?;
        let Some(id) = answer["id"].as_str() else {
            return Err(DeployError::machine(format!(
                "{} began no deploy: its answer names none",
                self.called()
            )));
        };
        let required = answer["required"].as_array().into_iter().flatten();
        let wanted: Vec<&str> = required
            .filter_map(|digest| paths.get(digest.as_str()?).copied())
            .collect();
        self.send(order.site, order.progress, id, &wanted, &record)?;
        self.wait_for(order, id)
    }

    /// Sends files, several at a time.
    fn send(
        &self,
        site: &Site,
        progress: &dyn Progress,
        id: &str,
        paths: &[&str],
        record: &[u8],
    ) -> Result<(), DeployError> {
        progress.stage("sending", paths.len());
        let next = AtomicUsize::new(0);
        let fault: Mutex<Option<(String, StoreError)>> = Mutex::default();
        let is_ended =
            || progress.is_cancelled() || fault.lock().map_or(true, |fault| fault.is_some());
        std::thread::scope(|scope| {
            for _ in 0..self.workers.min(paths.len()) {
                scope.spawn(|| {
                    while !is_ended() {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let Some(path) = paths.get(at) else { break };
                        match self.send_one(site, id, path, record, &is_ended) {
                            Ok(()) => progress.step(),
                            Err(error) => {
                                if let Ok(mut fault) = fault.lock() {
                                    fault.get_or_insert(((*path).to_owned(), error));
                                }
                            }
                        }
                    }
                });
            }
        });
        if progress.is_cancelled() {
            return Err(DeployError::interrupted());
        }
        match fault.into_inner().ok().flatten() {
            Some((path, error)) => Err(DeployError::machine(format!(
                "{path} could not be sent to {}: {}",
                self.called(),
                error.message
            ))
            .hint(
                "nothing was published; `dateline deploy` begins again, and sends what is lacking",
            )),
            None => Ok(()),
        }
    }

    fn send_one(
        &self,
        site: &Site,
        id: &str,
        path: &str,
        record: &[u8],
        is_ended: &dyn Fn() -> bool,
    ) -> Result<(), StoreError> {
        let bytes = match site.files.get(path) {
            Some(file) => file.read()?,
            None => record.to_vec(),
        };
        let parts: Vec<String> = path.split('/').map(percent_encoded).collect();
        let url = format!("{}/deploys/{id}/files/{}", self.api, parts.join("/"));
        let bearer = format!("Bearer {}", self.token);
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/octet-stream"),
        ];
        persistently(is_ended, || {
            self.http.send("PUT", &url, &headers, bytes.clone())
        })
        .map(|_| ())
    }

    /// Waits until the host has published a deploy.
    fn wait_for(&self, order: &Order<'_>, id: &str) -> Result<(), DeployError> {
        order.progress.stage("publishing", 0);
        for glance in 0..GLANCES {
            let answer = self
                .ask("GET", &format!("/deploys/{id}"), None)
                .map_err(self.told("read"))?;
            match answer["state"].as_str() {
                Some("ready") => return Ok(()),
                Some("error" | "rejected") => {
                    let why = answer["error_message"]
                        .as_str()
                        .unwrap_or("it does not say why");
                    return Err(DeployError::machine(format!(
                        "{} refused the deploy: {why}",
                        self.called()
                    )));
                }
                _ => {}
            }
            // Small sites are ready at once.
            let pause = if glance == 0 { GLANCE / 10 } else { GLANCE };
            if !wait(pause, &|| order.progress.is_cancelled()) {
                return Err(DeployError::interrupted());
            }
        }
        Err(DeployError::machine(format!(
            "{} has not published the deploy yet",
            self.called()
        ))
        .hint("`dateline deploy status` says when it has"))
    }
}

/// Returns the first of some texts of an answer that is there.
fn first_text(answer: &Value, names: &[&str]) -> String {
    let mut texts = names.iter().filter_map(|name| answer[*name].as_str());
    texts
        .find(|text| !text.is_empty())
        .unwrap_or_default()
        .to_owned()
}

fn digest(bytes: &[u8]) -> String {
    let digest = Sha1::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Destination for Netlify {
    fn name(&self) -> String {
        self.called()
    }

    fn live(&self, _: &dyn Progress) -> Result<Option<Release>, DeployError> {
        let path = format!("/sites/{}", self.site);
        let site = self.ask("GET", &path, None).map_err(self.told("read"))?;
        let address = first_text(&site, &["ssl_url", "url"]);
        match address.is_empty() {
            true => Ok(None),
            false => self.record(&address),
        }
    }

    fn requests(&self, plan: &Plan, _: Option<&Release>) -> Option<u64> {
        // The site and its release are read before and under way; then a deploy is begun, the release
        // is sent with the files, and the state is asked for.
        Some(match plan.is_empty() {
            true => 2,
            false => 4 + 1 + plan.uploads.len() as u64 + 1 + 1,
        })
    }

    fn taken(&self, _: &[&str], _: Option<&Release>) -> Result<Vec<String>, DeployError> {
        // A deploy replaces the whole site, and the one before can be returned to.
        Ok(Vec::new())
    }

    fn deploy(&self, order: &Order<'_>) -> Result<Option<Done>, DeployError> {
        let live = self.live(order.progress)?;
        let plan = (order.plan)(live.as_ref())?;
        if let Some(number) = order.release.restores {
            let deploys = self.deploys()?;
            let found = deploys.iter().rev().find(|(known, ..)| *known == number);
            let Some((_, id, address)) = found else {
                return Err(DeployError::refused(format!("release {number} is gone")));
            };
            let path = format!("/sites/{}/deploys/{id}/restore", self.site);
            self.ask("POST", &path, None)
                .map_err(self.told("restore"))?;
            let release = self.record(address)?.unwrap_or_default();
            return Ok(Some(Done { release, plan }));
        }
        if plan.is_empty() {
            return Ok(None);
        }
        let last = self.deploys()?.last().map_or(0, |(number, ..)| *number);
        let number = last.max(live.map_or(0, |live| live.number)) + 1;
        let release = order.release(number);
        self.publish(order, &release)?;
        Ok(Some(Done { release, plan }))
    }

    fn earlier(&self, live: &Release, _: &dyn Progress) -> Result<Vec<u64>, DeployError> {
        let mut numbers: Vec<u64> = self
            .deploys()?
            .into_iter()
            .map(|(number, ..)| number)
            .collect();
        numbers.retain(|number| *number != live.number);
        numbers.dedup();
        Ok(numbers)
    }

    fn restored(
        &self,
        number: u64,
        _: &Release,
        _: &dyn Progress,
    ) -> Result<(Release, Site), DeployError> {
        let deploys = self.deploys()?;
        let found = deploys.iter().rev().find(|(known, ..)| *known == number);
        let release = match found {
            Some((_, _, address)) => self.record(address)?,
            None => None,
        };
        let release = release.ok_or_else(|| {
            DeployError::refused(format!("release {number} is not kept at {}", self.called()))
        })?;
        let site = restored_site(&release, |path| Source::There(path.to_owned()));
        Ok((release, site))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_that_of_sha_1() {
        assert_eq!(digest(b"abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
    }
}
