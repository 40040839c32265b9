//! Reading `deploy` and `headers` of dateline.yaml.

use super::deploy::{Address, Encoding, HeaderRule, Service, Target};
use super::keys::{ENCODINGS, TARGET};
use super::read::Reader;
use super::values::check_base_url;
use crate::base::diagnostic::Diagnostic;
use crate::source::schema;
use crate::source::yaml::{Node, Value};

/// The branch of git targets where nothing else is said.
const DEFAULT_BRANCH: &str = "gh-pages";
/// The keys that say what and where a target is, of which one has to be there.
const ADDRESSES: &[&str] = &["url", "git", "ssh", "folder", "netlify"];

impl<'a> Reader<'_, 'a> {
    /// Reads the table of headers.
    pub(super) fn headers(&mut self, node: &Node<'a>) {
        for rule in self.faults.map(&"`headers`", node) {
            let mut headers = Vec::new();
            let what = format!("headers.{}", rule.key);
            for header in self.faults.map(&format_args!("`{what}`"), &rule.node) {
                let name = header.key.trim();
                let is_name = !name.is_empty()
                    && name
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
                let value = self.text(&what, &header.node).unwrap_or_default();
                if !is_name {
                    let place = self.faults.place(header.key_at);
                    self.faults.push(
                        Diagnostic::error(format!("`{name}` is no name of a header"))
                            .at(place)
                            .hint("write letters, digits and hyphens, such as `Cache-Control`"),
                    );
                } else if !value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
                    let place = self.faults.place(header.node.at);
                    self.faults.push(
                        Diagnostic::error(format!("the value of `{name}` can't be sent"))
                            .at(place)
                            .hint("a header's value is one line of ASCII"),
                    );
                } else {
                    headers.push((name.to_owned(), value));
                }
            }
            self.config.headers.push(HeaderRule {
                glob: rule.key.trim().trim_start_matches('/').to_owned(),
                headers,
            });
        }
    }

    /// Reads the targets, in the order in which they are written.
    pub(super) fn targets(&mut self, node: &Node<'a>) {
        for entry in self.faults.map(&"`deploy.targets`", node) {
            let name = entry.key.trim();
            let is_name = !name.is_empty()
                && !name.starts_with('-')
                && name
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
            if !is_name || matches!(name, "status" | "rollback" | "help") {
                let place = self.faults.place(entry.key_at);
                self.faults.push(
                    Diagnostic::error(format!("`{name}` can't be the name of a target"))
                        .at(place)
                        .hint(
                            "use letters, digits, `-` and `_`; `status`, `rollback` and `help` are commands",
                        ),
                );
                continue;
            }
            if let Some(target) = self.target(name, &entry.node) {
                self.config.deploy.push(target);
            }
        }
    }

    fn target(&mut self, name: &str, node: &Node<'a>) -> Option<Target> {
        let path = format!("deploy.targets.{name}");
        if node.entries().is_none() {
            self.faults.wrong_kind(
                &format_args!("`{path}`"),
                "a map such as `{ url: s3://bucket }`",
                node,
            );
            return None;
        }
        let address = self.address(&path, node)?;
        let mut target = Target::new(name, address);
        for entry in node.entries().unwrap_or_default() {
            let Some(key) = schema::find(TARGET, &entry.key) else {
                self.unknown(&format!("{path}."), TARGET, entry);
                continue;
            };
            self.option(
                &format!("{path}.{}", key.name),
                key.name,
                &entry.node,
                &mut target,
            );
        }
        self.fits(&path, node, &target);
        Some(target)
    }

    fn option(&mut self, path: &str, key: &str, node: &Node<'a>, target: &mut Target) {
        match key {
            "base_url" => {
                let Some(written) = self.text(path, node) else {
                    return;
                };
                match check_base_url(&written) {
                    Ok(url) => target.base_url = Some(url),
                    Err(message) => self.refuse(
                        node,
                        message,
                        "write where the site stands there, such as `https://next.gazette.example`",
                    ),
                }
            }
            "workers" => self.count(path, node, 1, 256, &mut target.workers),
            "keep" => self.count(path, node, 0, 1000, &mut target.keep),
            "releases" => self.count(path, node, 0, 1000, &mut target.releases),
            "max_deletes" => {
                let mut most = 0;
                self.count(path, node, 0, usize::MAX >> 1, &mut most);
                target.max_deletes = Some(most);
            }
            "lock_seconds" => {
                let mut seconds = target.lock_seconds as usize;
                self.count(path, node, 1, 86_400, &mut seconds);
                target.lock_seconds = seconds as u64;
            }
            "precompress" => {
                let items = self.faults.items(node);
                for item in items {
                    match self.choice(path, ENCODINGS, item) {
                        Some("gzip") => target.precompress.push(Encoding::Gzip),
                        Some(_) => target.precompress.push(Encoding::Brotli),
                        None => {}
                    }
                }
                target.precompress.sort_unstable();
                target.precompress.dedup();
            }
            "redirects" => {
                if let Some(is) = self.faults.truth(&format_args!("`{path}`"), node) {
                    target.redirects = is;
                }
            }
            "host_files" => {
                target.host_files = self.faults.truth(&format_args!("`{path}`"), node);
            }
            "cloudfront" => target.cloudfront = self.text(path, node),
            "cloudflare_zone" => target.cloudflare_zone = self.text(path, node),
            "websub" => target.websub = self.addresses(path, node),
            "indexnow" => {
                let Some(key) = self.text(path, node) else {
                    return;
                };
                let is_key = (8..=128).contains(&key.len())
                    && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
                if is_key {
                    target.indexnow = Some(key);
                } else {
                    self.refuse(
                        node,
                        format!("`{key}` is no key of IndexNow"),
                        "write 8 to 128 letters, digits and hyphens of your own choice",
                    );
                }
            }
            "services" => {
                for entry in self.faults.map(&format_args!("`{path}`"), node) {
                    let known = ["cloudfront", "cloudflare", "indexnow", "netlify"];
                    if !known.contains(&&*entry.key) {
                        let place = self.faults.place(entry.key_at);
                        self.faults.push(
                            Diagnostic::error(format!("there is no service `{}`", entry.key))
                                .at(place)
                                .hint(format!("the services are {}", known.join(", "))),
                        );
                    } else if let Some(url) = self.addresses(path, &entry.node).pop() {
                        target.services.push((entry.key.to_string(), url));
                    }
                }
            }
            "hooks" => {
                for entry in self.faults.map(&format_args!("`{path}`"), node) {
                    let command = self.text(path, &entry.node);
                    match &*entry.key {
                        "before" => target.hooks.0 = command,
                        "after" => target.hooks.1 = command,
                        _ => self.refuse(
                            &entry.node,
                            format!("there is no hook `{}`", entry.key),
                            "the hooks are `before` and `after`",
                        ),
                    }
                }
            }
            // Read with the address.
            _ => {}
        }
    }

    fn address(&mut self, path: &str, node: &Node<'a>) -> Option<Address> {
        let given: Vec<&str> = ADDRESSES
            .iter()
            .copied()
            .filter(|name| node.entry(name).is_some())
            .collect();
        let [kind] = given[..] else {
            let message = match given.len() {
                0 => format!("`{path}` does not say where it is"),
                _ => format!(
                    "`{path}` is in two places, `{}` and `{}`",
                    given[0], given[1]
                ),
            };
            self.refuse(
                node,
                message,
                "give one of `url` (s3://, gs://, az://), `git`, `ssh`, `folder` and `netlify`",
            );
            return None;
        };
        let place = node.entry(kind)?;
        let written = self.text(&format!("{path}.{kind}"), place)?;
        if written.is_empty() || written.starts_with('-') || written.contains(char::is_control) {
            self.refuse(
                place,
                format!("`{path}.{kind}` can't be `{}`", written.escape_debug()),
                "write an address; it can't begin with a hyphen",
            );
            return None;
        }
        let mut text = |name: &str| {
            node.entry(name)
                .and_then(|node| self.text(&format!("{path}.{name}"), node))
        };
        match kind {
            "url" => {
                let (endpoint, region, account) =
                    (text("endpoint"), text("region"), text("account"));
                let Some((service, bucket, prefix)) = objects(&written) else {
                    self.refuse(
                        place,
                        format!("`{written}` is no bucket"),
                        "write `s3://BUCKET/FOLDER`, `gs://BUCKET/FOLDER` or `az://CONTAINER/FOLDER`; other machines are `ssh`, repositories `git`",
                    );
                    return None;
                };
                Some(Address::Objects {
                    service,
                    bucket,
                    prefix,
                    endpoint,
                    region,
                    account,
                })
            }
            "git" => {
                let branch = text("branch").unwrap_or_else(|| DEFAULT_BRANCH.to_owned());
                let cname = text("cname");
                let is_strange = |name: &str| {
                    name.is_empty()
                        || name.starts_with(['-', '/', '.'])
                        || name.ends_with(['/', '.'])
                        || name.contains("..")
                        || name.contains(|c: char| c.is_whitespace() || "~^:?*[\\\"'".contains(c))
                };
                if is_strange(&branch) {
                    self.refuse(
                        place,
                        format!("`{branch}` is no name of a branch"),
                        "write one such as `gh-pages`",
                    );
                    return None;
                }
                // `ext::` runs a command, and `fd::` reads from who knows where.
                if written.contains("::") {
                    self.refuse(
                        place,
                        format!("`{written}` is an address that runs something"),
                        "write an address of https, ssh or file",
                    );
                    return None;
                }
                Some(Address::Git {
                    remote: written,
                    branch,
                    cname,
                })
            }
            "ssh" => {
                let port = text("port");
                let port = match port.as_deref().map(str::parse::<u16>) {
                    None => None,
                    Some(Ok(port)) => Some(port),
                    Some(Err(_)) => {
                        self.refuse(
                            place,
                            format!("`{path}.port` is no port"),
                            "write a number up to 65535",
                        );
                        return None;
                    }
                };
                let parts = written.split_once(':').filter(|(host, folder)| {
                    !host.is_empty()
                        && !host
                            .contains(|c: char| c.is_whitespace() || "/'\"$`\\;&|<>()".contains(c))
                        && !folder.is_empty()
                        && !folder.starts_with(['-', ':'])
                        && !folder.trim_end_matches('/').is_empty()
                });
                let Some((host, folder)) = parts else {
                    self.refuse(
                        place,
                        format!("`{written}` is no folder of another machine"),
                        "write `USER@HOST:/FOLDER`",
                    );
                    return None;
                };
                Some(Address::Ssh {
                    host: host.to_owned(),
                    port,
                    path: folder.trim_end_matches('/').to_owned(),
                })
            }
            "folder" => Some(Address::Folder(written)),
            _ => Some(Address::Netlify(written)),
        }
    }

    /// Refuses options that the kind of target has no use for: who writes them expects something.
    fn fits(&mut self, path: &str, node: &Node<'a>, target: &Target) {
        let (kind, without): (&str, &[&str]) = match target.address {
            Address::Objects { service, .. } => match service {
                Service::S3 => ("url", &["branch", "cname", "port", "releases", "account"]),
                Service::Google => (
                    "url",
                    &["branch", "cname", "port", "releases", "account", "region"],
                ),
                Service::Azure => ("url", &["branch", "cname", "port", "releases", "region"]),
            },
            Address::Git { .. } => (
                "git",
                &[
                    "port",
                    "releases",
                    "keep",
                    "workers",
                    "endpoint",
                    "region",
                    "account",
                    "lock_seconds",
                ],
            ),
            Address::Ssh { .. } => (
                "ssh",
                &[
                    "branch", "cname", "keep", "workers", "endpoint", "region", "account",
                ],
            ),
            Address::Folder(_) => (
                "folder",
                &["branch", "cname", "port", "endpoint", "region", "account"],
            ),
            Address::Netlify(_) => (
                "netlify",
                &[
                    "branch",
                    "cname",
                    "port",
                    "releases",
                    "keep",
                    "endpoint",
                    "region",
                    "account",
                    "precompress",
                    "lock_seconds",
                ],
            ),
        };
        for entry in node.entries().unwrap_or_default() {
            if without.contains(&&*entry.key) {
                let place = self.faults.place(entry.key_at);
                self.faults.push(
                    Diagnostic::error(format!("`{path}` has no use for `{}`", entry.key))
                        .at(place)
                        .hint(format!("remove it: it is not for targets with `{kind}`")),
                );
            }
        }
        let is_one_object = matches!(target.address, Address::Objects { .. });
        if is_one_object && target.precompress.len() > 1 {
            self.refuse(
                node,
                format!("`{path}` can hold a page in one encoding only"),
                "write `precompress: gzip` or `precompress: brotli`: an object store does not choose",
            );
        }
        if target.releases > 0 && target.keep > 0 {
            self.refuse(
                node,
                format!("`{path}` has both `releases` and `keep`"),
                "`releases` keeps whole folders, `keep` what changed; write one of them",
            );
        }
    }

    fn count(&mut self, path: &str, node: &Node<'a>, least: usize, most: usize, to: &mut usize) {
        let Some(number) = self.faults.integer(&format_args!("`{path}`"), node) else {
            return;
        };
        match usize::try_from(number) {
            Ok(number) if (least..=most).contains(&number) => *to = number,
            _ => {
                let message = format!("`{path}` can't be {number}");
                self.refuse(
                    node,
                    message,
                    &format!("write a number from {least} to {most}"),
                );
            }
        }
    }

    /// Reads addresses of the web.
    fn addresses(&mut self, path: &str, node: &Node<'a>) -> Vec<String> {
        let mut addresses = Vec::new();
        for item in self.faults.items(node) {
            let Some(text) = self.text(path, item) else {
                continue;
            };
            match check_base_url(&text) {
                Ok(_) => addresses.push(text),
                Err(message) => self.refuse(
                    item,
                    message,
                    "write an address such as `https://hub.example/`",
                ),
            }
        }
        addresses
    }

    fn refuse(&mut self, node: &Node<'a>, message: String, hint: &str) {
        let place = match &node.value {
            Value::Map(entries) if !entries.is_empty() => self.faults.place(entries[0].key_at),
            _ => self.faults.place(node.at),
        };
        self.faults
            .push(Diagnostic::error(message).at(place).hint(hint));
    }
}

/// Takes the address of a bucket apart: the service, the bucket, the folder in it.
fn objects(url: &str) -> Option<(Service, String, String)> {
    let (scheme, rest) = url.split_once("://")?;
    let service = match scheme.to_ascii_lowercase().as_str() {
        "s3" => Service::S3,
        "gs" => Service::Google,
        "az" => Service::Azure,
        _ => return None,
    };
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let prefix = prefix.trim_matches('/');
    // The container of a static website of Azure's is called `$web`.
    let name = match service {
        Service::Azure => bucket.strip_prefix('$').unwrap_or(bucket),
        _ => bucket,
    };
    let is_bucket = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    let is_folder = prefix.is_empty()
        || prefix
            .split('/')
            .all(|part| !part.is_empty() && part != "." && part != "..");
    (is_bucket && is_folder).then(|| (service, bucket.to_owned(), prefix.to_owned()))
}
