//! Telling others what changed: the copies of content delivery networks, WebSub hubs, search engines.

use super::environment::Environment;
use super::http::Http;
use super::objects::amazon_credential;
use super::site::address;
use super::store::{StoreError, persistently, random};
use crate::source::config::Target;
use object_store::aws::AwsAuthorizer;
use object_store::client::{HttpRequest, HttpRequestBody};
use serde_json::json;
use std::collections::BTreeSet;

/// The most paths of one invalidation; CloudFront has no room for more at a time.
const MOST_INVALIDATIONS: usize = 3000;
/// The most addresses of one purge of Cloudflare's.
const MOST_PURGED: usize = 30;
/// The most addresses that IndexNow takes at a time.
const MOST_INDEXED: usize = 10_000;

const CLOUDFRONT: &str = "https://cloudfront.amazonaws.com";
const CLOUDFLARE: &str = "https://api.cloudflare.com";
const INDEXNOW: &str = "https://api.indexnow.org";

/// What changed, and where.
pub(super) struct News<'a> {
    /// The target, which says who is to be told.
    pub target: &'a Target,
    /// The address of the site.
    pub base_url: &'a str,
    /// The paths that changed.
    pub changed: &'a BTreeSet<String>,
    /// Tells whether a path is still there.
    pub is_there: &'a dyn Fn(&str) -> bool,
}

impl News<'_> {
    /// Tells everybody that the target names; returns who could not be told, and why.
    pub(super) fn tell(&self, http: &Http, environment: &Environment) -> Vec<String> {
        let mut faults = Vec::new();
        let mut note = |who: &str, told: Result<(), StoreError>| {
            if let Err(error) = told {
                faults.push(format!("{who} was not told: {}", error.message));
            }
        };
        if self.changed.is_empty() {
            return faults;
        }
        if let Some(distribution) = &self.target.cloudfront {
            note(
                "CloudFront",
                self.cloudfront(distribution, http, environment),
            );
        }
        if let Some(zone) = &self.target.cloudflare_zone {
            note("Cloudflare", self.cloudflare(zone, http, environment));
        }
        for hub in &self.target.websub {
            note(hub, self.websub(hub, http));
        }
        if let Some(key) = &self.target.indexnow {
            note("IndexNow", self.indexnow(key, http));
        }
        faults
    }

    fn service(&self, name: &str, default: &str) -> String {
        let own = self.target.services.iter().find(|(known, _)| known == name);
        own.map_or(default, |(_, url)| url)
            .trim_end_matches('/')
            .to_owned()
    }

    /// Returns the paths of the addresses that changed, from the host's root.
    fn addresses(&self) -> Vec<String> {
        let base = base_path(self.base_url);
        let mut addresses = BTreeSet::new();
        for path in self.changed {
            addresses.insert(format!("{base}{}", address(path)));
            if path == "index.html" || path.ends_with("/index.html") {
                let folder = address(path);
                addresses.insert(format!("{base}{folder}index.html"));
            }
        }
        addresses.into_iter().collect()
    }

    fn cloudfront(
        &self,
        distribution: &str,
        http: &Http,
        environment: &Environment,
    ) -> Result<(), StoreError> {
        let credential = amazon_credential(environment).ok_or_else(|| {
            StoreError::lasting("there are no credentials: AWS_ACCESS_KEY_ID is not set")
        })?;
        let url = format!(
            "{}/2020-05-31/distribution/{distribution}/invalidation",
            self.service("cloudfront", CLOUDFRONT)
        );
        for addresses in self.addresses().chunks(MOST_INVALIDATIONS) {
            let mut items = String::new();
            for address in addresses {
                items.push_str(&format!("<Path>{}</Path>", escaped(address)));
            }
            let body = format!(
                "<InvalidationBatch xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">\
                 <CallerReference>dateline-{:016x}</CallerReference><Paths><Items>{items}</Items>\
                 <Quantity>{}</Quantity></Paths></InvalidationBatch>",
                random(),
                addresses.len()
            );
            persistently(&|| false, || {
                let lasting =
                    |error: &dyn std::fmt::Display| StoreError::lasting(error.to_string());
                let mut request = HttpRequest::new(HttpRequestBody::from(body.clone()));
                *request.method_mut() = reqwest::Method::POST;
                *request.uri_mut() = url.parse().map_err(|error| lasting(&error))?;
                AwsAuthorizer::new(&credential, "cloudfront", "us-east-1")
                    .try_authorize(&mut request, None)
                    .map_err(|error| lasting(&error))?;
                let mut signed = vec![("content-type", "text/xml")];
                for (name, value) in request.headers() {
                    signed.push((
                        name.as_str(),
                        value.to_str().map_err(|error| lasting(&error))?,
                    ));
                }
                http.send("POST", &url, &signed, body.clone().into_bytes())
            })?;
        }
        Ok(())
    }

    fn cloudflare(
        &self,
        zone: &str,
        http: &Http,
        environment: &Environment,
    ) -> Result<(), StoreError> {
        let token = environment
            .get("CLOUDFLARE_API_TOKEN")
            .ok_or_else(|| StoreError::lasting("CLOUDFLARE_API_TOKEN is not set"))?;
        let url = format!(
            "{}/client/v4/zones/{zone}/purge_cache",
            self.service("cloudflare", CLOUDFLARE)
        );
        let host = host_of(self.base_url);
        let bearer = format!("Bearer {token}");
        for addresses in self.addresses().chunks(MOST_PURGED) {
            let files: Vec<String> = addresses
                .iter()
                .map(|address| format!("{host}{address}"))
                .collect();
            let body = json!({ "files": files }).to_string();
            persistently(&|| false, || {
                http.send(
                    "POST",
                    &url,
                    &[
                        ("content-type", "application/json"),
                        ("authorization", &bearer),
                    ],
                    body.clone().into_bytes(),
                )
            })?;
        }
        Ok(())
    }

    /// Tells a hub of every feed that changed (WebSub, 5.2 leaves the form to hubs; this is the one
    /// that they share).
    fn websub(&self, hub: &str, http: &Http) -> Result<(), StoreError> {
        let is_feed = |path: &&String| {
            let name = path.rsplit('/').next().unwrap_or_default();
            matches!(
                name,
                "feed.xml" | "rss.xml" | "atom.xml" | "feed.json" | "index.xml"
            ) && (self.is_there)(path)
        };
        for path in self.changed.iter().filter(is_feed) {
            let url = format!("{}{}", self.base_url, address(path));
            let body = format!(
                "hub.mode=publish&hub.url={}",
                super::environment::percent_encoded(&url)
            );
            persistently(&|| false, || {
                http.send(
                    "POST",
                    hub,
                    &[("content-type", "application/x-www-form-urlencoded")],
                    body.clone().into_bytes(),
                )
            })?;
        }
        Ok(())
    }

    fn indexnow(&self, key: &str, http: &Http) -> Result<(), StoreError> {
        let url = format!("{}/indexnow", self.service("indexnow", INDEXNOW));
        let host = host_of(self.base_url);
        let name = host.split_once("://").map_or(host, |(_, name)| name);
        let is_page = |path: &&String| path.ends_with(".html") && **path != "404.html";
        let pages: Vec<String> = self
            .changed
            .iter()
            .filter(is_page)
            .map(|path| format!("{}{}", self.base_url, address(path)))
            .collect();
        for pages in pages.chunks(MOST_INDEXED) {
            let body = json!({
                "host": name,
                "key": key,
                "keyLocation": format!("{}/{key}.txt", self.base_url),
                "urlList": pages,
            })
            .to_string();
            persistently(&|| false, || {
                http.send(
                    "POST",
                    &url,
                    &[("content-type", "application/json; charset=utf-8")],
                    body.clone().into_bytes(),
                )
            })?;
        }
        Ok(())
    }
}

/// Returns the path of a site's address: nothing, or `/gazette`.
pub(super) fn base_path(base_url: &str) -> &str {
    &base_url[host_of(base_url).len()..]
}

/// Returns a site's address without its path.
fn host_of(base_url: &str) -> &str {
    let start = base_url.find("://").map_or(0, |at| at + 3);
    let end = base_url[start..]
        .find('/')
        .map_or(base_url.len(), |at| start + at);
    &base_url[..end]
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::config::Address;

    #[test]
    fn exactly_the_changed_addresses_are_named() {
        let target = Target::new("live", Address::Folder("x".to_owned()));
        let changed = ["index.html", "a/b c/index.html", "feed.xml"]
            .map(str::to_owned)
            .into();
        let news = News {
            target: &target,
            base_url: "https://example.org/gazette",
            changed: &changed,
            is_there: &|_| true,
        };
        assert_eq!(
            news.addresses(),
            [
                "/gazette/",
                "/gazette/a/b%20c/",
                "/gazette/a/b%20c/index.html",
                "/gazette/feed.xml",
                "/gazette/index.html",
            ]
        );
    }

    #[test]
    fn an_address_has_a_host_and_a_path() {
        assert_eq!(base_path("https://example.org"), "");
        assert_eq!(base_path("https://example.org/a/b"), "/a/b");
        assert_eq!(host_of("https://example.org/a"), "https://example.org");
    }
}
