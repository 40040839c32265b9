//! A branch of a git repository as a destination, by the user's own git.
//!
//! Commits are made in a bare repository of our own below `.dateline/`, which has neither a work tree
//! nor an index: the user's are never touched, and no hook runs. The branch is never forced; where
//! others have pushed meanwhile, the commit is made anew on top of theirs.
#![expect(
    clippy::disallowed_methods,
    reason = "the repository's folder is made here"
)]

use super::command::{complaint, prepare, run};
use super::destination::{Destination, Done, Order};
use super::error::DeployError;
use super::plan::Plan;
use super::release::{Release, STATE};
use super::releases::restored_site;
use super::site::{Site, SiteFile, Source};
use crate::disk::error::DiskError;
use crate::session::Progress;
use crate::source::config::without_password;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

/// Where the branch is known by in our repository.
const LIVE: &str = "refs/dateline/live";
/// What is to be pushed.
const NEXT: &str = "refs/dateline/next";
/// How often a commit is made anew because others have pushed.
const TRIES: usize = 5;
/// How many commits are looked through for an earlier release.
const MOST_COMMITS: &str = "-500";

/// A branch of a git repository.
#[derive(Debug)]
pub(super) struct Git {
    /// The site's folder, whose git configuration says who commits.
    root: PathBuf,
    /// Our repository.
    repository: PathBuf,
    remote: String,
    branch: String,
}

/// Returns the commit of the site's sources; none where they are in no git repository, or there is no
/// git.
pub(super) fn commit_of(root: &Path) -> Option<String> {
    let mut command = prepare("git", root);
    command.args(["rev-parse", "HEAD"]);
    let output = run(command, b"").ok()?;
    let commit = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && commit.len() >= 40).then_some(commit)
}

impl Git {
    /// Makes sure of our repository in the folder `state`.
    ///
    /// # Errors
    ///
    /// That there is no git; what the file system refuses.
    pub(super) fn open(
        root: &Path,
        state: &Path,
        name: &str,
        remote: &str,
        branch: &str,
    ) -> Result<Self, DeployError> {
        let repository = state.join("deploy").join(format!("{name}.git"));
        let remote = match is_path(remote) {
            // Git would look for it from our repository.
            true => root.join(remote).display().to_string(),
            false => remote.to_owned(),
        };
        let git = Self {
            root: root.to_owned(),
            repository,
            remote,
            branch: branch.to_owned(),
        };
        if !git.repository.join("HEAD").is_file() {
            fs::create_dir_all(&git.repository).map_err(DiskError::at("make", &git.repository))?;
            let mut command = prepare("git", &git.repository);
            command.args(["init", "--quiet", "--bare", "--template=", "."]);
            let output = run(command, b"")?;
            if !output.status.success() {
                return Err(git.fault("make a repository for", &output));
            }
        }
        Ok(git)
    }

    /// Runs git in our repository.
    fn git(&self, arguments: &[&str], input: &[u8]) -> Result<Output, DeployError> {
        let mut command = prepare("git", &self.repository);
        command
            .args([
                "-c",
                "core.hooksPath=/dev/null",
                "-c",
                "protocol.ext.allow=never",
                "-c",
                "core.fsmonitor=false",
                "-c",
                "gc.auto=0",
                "--git-dir=.",
            ])
            .args(arguments);
        run(command, input)
    }

    fn fault(&self, action: &str, output: &Output) -> DeployError {
        DeployError::machine(format!(
            "can't {action} {}: {}",
            self.name(),
            complaint(output)
        ))
    }

    /// Fetches the branch; returns its commit, or none where there is no such branch.
    fn fetch(&self) -> Result<Option<String>, DeployError> {
        let reference = format!("refs/heads/{}", self.branch);
        let output = self.git(&["ls-remote", "--", &self.remote, &reference], b"")?;
        if !output.status.success() {
            return Err(self.fault("read", &output).hint(
                "`git ls-remote` with that address says more; credentials are those of your git",
            ));
        }
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let Some(commit) = text.split_whitespace().next() else {
            return Ok(None);
        };
        if self.resolve(LIVE)?.as_deref() != Some(commit) {
            let refspec = format!("+{reference}:{LIVE}");
            let output = self.git(
                &[
                    "fetch",
                    "--quiet",
                    "--no-tags",
                    "--no-auto-gc",
                    "--",
                    &self.remote,
                    &refspec,
                ],
                b"",
            )?;
            if !output.status.success() {
                return Err(self.fault("fetch", &output));
            }
        }
        self.resolve(LIVE)
    }

    fn resolve(&self, name: &str) -> Result<Option<String>, DeployError> {
        let output = self.git(&["rev-parse", "--quiet", "--verify", name], b"")?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Ok(output.status.success().then_some(text))
    }

    /// Reads a file of a commit.
    fn blob(&self, name: &str) -> Result<Option<Vec<u8>>, DeployError> {
        let output = self.git(&["cat-file", "blob", name], b"")?;
        Ok(output.status.success().then_some(output.stdout))
    }

    fn release(&self, commit: &str) -> Result<Option<Release>, DeployError> {
        let Some(bytes) = self.blob(&format!("{commit}:{STATE}/release"))? else {
            return Ok(None);
        };
        match Release::decode(&bytes) {
            Ok(release) => Ok(Some(release)),
            Err(why) => Err(DeployError::refused(format!(
                "what {} says of itself in {STATE}/release can't be read: {why}",
                self.name()
            ))),
        }
    }

    /// Returns the commits of the branch that changed the release, the newest first.
    fn commits(&self) -> Result<Vec<String>, DeployError> {
        if self.fetch()?.is_none() {
            return Ok(Vec::new());
        }
        let path = format!("{STATE}/release");
        let output = self.git(
            &["log", "--format=%H", MOST_COMMITS, LIVE, "--", &path],
            b"",
        )?;
        if !output.status.success() {
            return Err(self.fault("read the history of", &output));
        }
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// Returns who commits, and when, as git writes it.
    fn committer(&self, time: i64) -> String {
        let mut command = prepare("git", &self.root);
        command.args(["var", "GIT_COMMITTER_IDENT"]);
        let known = run(command, b"")
            .ok()
            .filter(|output| output.status.success())
            .and_then(|output| String::from_utf8(output.stdout).ok())
            .and_then(|text| Some(text.split_once('>')?.0.to_owned() + ">"));
        let who = known.unwrap_or_else(|| "dateline <dateline@localhost>".to_owned());
        format!("{who} {time} +0000")
    }

    /// Writes the commit, as a stream that `git fast-import` reads.
    fn stream(
        &self,
        order: &Order<'_>,
        plan: &Plan,
        release: &Release,
        parent: Option<&str>,
    ) -> Result<Vec<u8>, DeployError> {
        let source = match &release.commit {
            Some(commit) => format!("\n\nSource: {commit}"),
            None => String::new(),
        };
        let message = match release.restores {
            Some(number) => format!("Return to release {number} of {}", release.title),
            None => format!(
                "Deploy release {} of {}{source}",
                release.number, release.title
            ),
        };
        let mut stream = format!(
            "commit {NEXT}\ncommitter {}\ndata {}\n{message}\n",
            self.committer(release.time),
            message.len()
        )
        .into_bytes();
        if let Some(parent) = parent {
            stream.extend_from_slice(format!("from {parent}\n").as_bytes());
        }
        for path in &plan.deletes {
            stream.extend_from_slice(format!("D {}\n", quoted(path)).as_bytes());
        }
        let mut put = |path: &str, bytes: &[u8]| {
            let line = format!("M 100644 inline {}\ndata {}\n", quoted(path), bytes.len());
            stream.extend_from_slice(line.as_bytes());
            stream.extend_from_slice(bytes);
            stream.push(b'\n');
        };
        let uploads: Vec<_> = plan.sent().collect();
        order.progress.stage("writing", uploads.len());
        for upload in uploads {
            if order.progress.is_cancelled() {
                return Err(DeployError::interrupted());
            }
            put(&upload.path, &self.bytes(&order.site.files[&upload.path])?);
            order.progress.step();
        }
        put(&format!("{STATE}/release"), &release.encode());
        stream.extend_from_slice(b"done\n");
        Ok(stream)
    }

    fn bytes(&self, file: &SiteFile) -> Result<Vec<u8>, DeployError> {
        match &file.source {
            Source::There(name) => self.blob(name)?.ok_or_else(|| {
                DeployError::machine(format!("{name} is not in the history of {}", self.name()))
            }),
            _ => file.read(),
        }
    }
}

impl Destination for Git {
    fn name(&self) -> String {
        format!("{} ({})", without_password(&self.remote), self.branch)
    }

    fn live(&self, _: &dyn Progress) -> Result<Option<Release>, DeployError> {
        match self.fetch()? {
            Some(commit) => self.release(&commit),
            None => Ok(None),
        }
    }

    fn requests(&self, _: &Plan, _: Option<&Release>) -> Option<u64> {
        None
    }

    fn taken(&self, paths: &[&str], _: Option<&Release>) -> Result<Vec<String>, DeployError> {
        let Some(commit) = self.fetch()? else {
            return Ok(Vec::new());
        };
        let output = self.git(&["ls-tree", "-r", "-z", "--name-only", &commit], b"")?;
        if !output.status.success() {
            return Err(self.fault("list", &output));
        }
        let there: BTreeSet<&[u8]> = output.stdout.split(|byte| *byte == 0).collect();
        let taken = paths.iter().filter(|path| there.contains(path.as_bytes()));
        // These two are the host's, and have one meaning whoever put them there.
        let taken = taken.filter(|path| !matches!(**path, ".nojekyll" | "CNAME"));
        Ok(taken.map(|path| (*path).to_owned()).collect())
    }

    fn deploy(&self, order: &Order<'_>) -> Result<Option<Done>, DeployError> {
        for _ in 0..TRIES {
            let parent = self.fetch()?;
            let live = match &parent {
                Some(commit) => self.release(commit)?,
                None => None,
            };
            let plan = (order.plan)(live.as_ref())?;
            if plan.is_empty() {
                return Ok(None);
            }
            let number = live.as_ref().map_or(0, |live| live.number) + 1;
            let release = order.release(number);
            let stream = self.stream(order, &plan, &release, parent.as_deref())?;
            let output = self.git(&["fast-import", "--quiet", "--done", "--force"], &stream)?;
            if !output.status.success() {
                return Err(self.fault("write a commit for", &output));
            }
            order.progress.stage("pushing", 0);
            let refspec = format!("{NEXT}:refs/heads/{}", self.branch);
            let output = self.git(
                &[
                    "push",
                    "--quiet",
                    "--no-verify",
                    "--porcelain",
                    "--",
                    &self.remote,
                    &refspec,
                ],
                b"",
            )?;
            if output.status.success() {
                self.git(&["update-ref", LIVE, NEXT], b"")?;
                return Ok(Some(Done { release, plan }));
            }
            let said = [output.stdout.as_slice(), &output.stderr].concat();
            let said = String::from_utf8_lossy(&said);
            // Others have pushed since; the reasons are git's own words for it.
            let is_overtaken = [
                "non-fast-forward",
                "fetch first",
                "cannot lock ref",
                "stale info",
            ]
            .iter()
            .any(|words| said.contains(words));
            if !is_overtaken {
                return Err(self
                    .fault("push to", &output)
                    .hint("see whether you may push to that branch; nothing was changed"));
            }
        }
        Err(DeployError::machine(format!(
            "others push to {} all the time; nothing was changed",
            self.name()
        )))
    }

    fn earlier(&self, live: &Release, _: &dyn Progress) -> Result<Vec<u64>, DeployError> {
        let mut numbers = Vec::new();
        for commit in self.commits()? {
            if let Ok(Some(release)) = self.release(&commit) {
                numbers.push(release.number);
            }
        }
        numbers.retain(|number| *number != live.number);
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers)
    }

    fn restored(
        &self,
        number: u64,
        _: &Release,
        _: &dyn Progress,
    ) -> Result<(Release, Site), DeployError> {
        for commit in self.commits()? {
            let Ok(Some(release)) = self.release(&commit) else {
                continue;
            };
            if release.number != number {
                continue;
            }
            let site = restored_site(&release, |path| Source::There(format!("{commit}:{path}")));
            return Ok((release, site));
        }
        Err(DeployError::refused(format!(
            "release {number} is not in the history of {}",
            self.name()
        )))
    }
}

/// Tells whether an address is a path of this machine that begins from some folder.
fn is_path(remote: &str) -> bool {
    !remote.contains(':') && !remote.starts_with('/')
}

/// Quotes a path for `git fast-import`.
fn quoted(path: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in path.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
