//! A folder of another machine as a destination, by the user's own ssh and rsync.
//!
//! What changed is gathered in a folder of our own and handed to rsync whole, so that no name of a file
//! is ever part of a command. What is to be deleted is named in the input of a command there.
#![expect(clippy::disallowed_methods, reason = "what is sent is gathered here")]

use super::command::{complaint, quoted, run};
use super::destination::{Destination, Done, Order};
use super::error::DeployError;
use super::headers::Headers;
use super::keyed::LettingGo;
use super::lock;
use super::plan::{Plan, Stage, Upload};
use super::release::{Release, STATE};
use super::releases::{CURRENT, PART, RELEASES, restored_site};
use super::site::{Site, Source};
use super::store::{Body, Store, StoreError, Version};
use crate::disk::error::DiskError;
use crate::session::Progress;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What the scripts end with where something is not there.
const NOT_THERE: i32 = 44;
/// What they end with where something else is there.
const CONFLICT: i32 = 45;
/// What ssh ends with where it could not connect.
const NO_CONNECTION: i32 = 255;

/// The longest path of a folder in which a socket's name has room, in bytes.
const LONGEST_SOCKET: usize = 80;

/// A folder of another machine.
#[derive(Debug)]
pub(super) struct Ssh {
    host: String,
    port: Option<u16>,
    /// The folder there.
    folder: String,
    /// How ssh is called: the program and its first arguments.
    shell: Vec<String>,
    /// Where what is sent is gathered.
    gathered: PathBuf,
    releases: usize,
    lock_seconds: u64,
    /// Where the connection that all commands share is reached; none where there is no room for a
    /// socket's name.
    shared: Option<tempfile::TempDir>,
}

impl Ssh {
    /// Makes a destination; `shell` is how the user wants ssh to be called, as rsync reads it from
    /// RSYNC_RSH, and `state` the folder of the site's state.
    pub(super) fn new(
        host: &str,
        port: Option<u16>,
        folder: &str,
        shell: Option<&str>,
        state: &Path,
        target: &crate::source::config::Target,
    ) -> Self {
        let mut shell: Vec<String> = shell
            .unwrap_or("ssh")
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        if shell.is_empty() {
            shell.push("ssh".to_owned());
        }
        Self {
            host: host.to_owned(),
            port,
            folder: folder.to_owned(),
            shell,
            gathered: state.join("deploy").join(format!("{}.upload", target.name)),
            releases: target.releases,
            lock_seconds: target.lock_seconds,
            shared: tempfile::tempdir().ok().filter(|folder| {
                let path = folder.path().display().to_string();
                path.len() < LONGEST_SOCKET && !path.contains(char::is_whitespace)
            }),
        }
    }

    fn called(&self) -> String {
        format!("{}:{}", self.host, self.folder)
    }

    /// Returns how ssh is called, for one that asks nobody anything.
    fn remote_shell(&self) -> Vec<String> {
        let mut shell = self.shell.clone();
        shell.extend(["-o".to_owned(), "BatchMode=yes".to_owned()]);
        if let Some(shared) = &self.shared {
            for option in [
                "ControlMaster=auto".to_owned(),
                format!("ControlPath={}/s", shared.path().display()),
                "ControlPersist=30".to_owned(),
            ] {
                shell.extend(["-o".to_owned(), option]);
            }
        }
        if let Some(port) = self.port {
            shell.extend(["-p".to_owned(), port.to_string()]);
        }
        shell
    }

    /// Runs a script there, in the folder, with bytes as its input.
    fn script(&self, script: &str, input: &[u8]) -> Result<Output, DeployError> {
        let shell = self.remote_shell();
        let mut command = Command::new(&shell[0]);
        command.args(&shell[1..]).arg("--").arg(&self.host);
        // One word, so that it does not matter which shell the user has there.
        let script = format!(
            "set -u; umask 022; cd -- {folder} || exit {NOT_THERE}; {script}",
            folder = quoted(&self.folder)
        );
        command.arg(format!("exec sh -c {}", quoted(&script)));
        let output = run(command, input)?;
        if output.status.code() == Some(NO_CONNECTION) {
            return Err(DeployError::machine(format!(
                "can't connect to {}: {}",
                self.host,
                complaint(&output)
            ))
            .hint("`ssh` with that name says more; it has to go without a question, by a key or an agent"));
        }
        Ok(output)
    }

    /// Runs a script that has to end well.
    fn do_there(&self, action: &str, script: &str, input: &[u8]) -> Result<Vec<u8>, DeployError> {
        let output = self.script(script, input)?;
        match output.status.success() {
            true => Ok(output.stdout),
            false => Err(self.fault(action, &output)),
        }
    }

    fn fault(&self, action: &str, output: &Output) -> DeployError {
        DeployError::machine(format!(
            "can't {action} {}: {}",
            self.called(),
            complaint(output)
        ))
    }

    /// Makes sure of the folder there.
    fn make_folder(&self) -> Result<(), DeployError> {
        let shell = self.remote_shell();
        let mut command = Command::new(&shell[0]);
        command.args(&shell[1..]).arg("--").arg(&self.host);
        let folder = quoted(&format!("{}/{STATE}", self.folder));
        command.arg(format!("umask 022; mkdir -p -- {folder}"));
        let output = run(command, b"")?;
        match output.status.success() {
            true => Ok(()),
            false => Err(self.fault("make the folder", &output)),
        }
    }

    fn read_file(&self, path: &str) -> Result<Option<Vec<u8>>, DeployError> {
        let script = format!("[ -f {0} ] || exit {NOT_THERE}; cat {0}", quoted(path));
        let output = self.script(&script, b"")?;
        match output.status.code() {
            Some(0) => Ok(Some(output.stdout)),
            Some(NOT_THERE) => Ok(None),
            _ => Err(self.fault("read", &output)),
        }
    }

    fn write_file(&self, path: &str, bytes: &[u8]) -> Result<(), DeployError> {
        let script = format!("cat > {0}.new && mv -f {0}.new {0}", quoted(path));
        self.do_there("write to", &script, bytes).map(|_| ())
    }

    fn decode(&self, bytes: &[u8]) -> Result<Release, DeployError> {
        Release::decode(bytes).map_err(|why| {
            DeployError::refused(format!(
                "what {} says of itself in {STATE} can't be read: {why}",
                self.called()
            ))
        })
    }

    /// Returns the file that says what the release is, as it lies in the folder.
    fn record(&self, number: u64) -> String {
        match self.releases {
            0 => format!("{STATE}/release"),
            _ => format!("{STATE}/{number}"),
        }
    }

    /// Gathers files and hands them to rsync.
    fn send(&self, order: &Order<'_>, uploads: &[&Upload], to: &str) -> Result<(), DeployError> {
        remove(&self.gathered)?;
        let mut folders = BTreeSet::new();
        for upload in uploads {
            if order.progress.is_cancelled() {
                return Err(DeployError::interrupted());
            }
            let place = self.gathered.join(&upload.path);
            let around = place.parent().unwrap_or(&self.gathered);
            if folders.insert(around.to_owned()) {
                fs::create_dir_all(around).map_err(DiskError::at("make", around))?;
            }
            let file = &order.site.files[&upload.path];
            fs::write(&place, file.read()?).map_err(DiskError::at("write", &place))?;
            order.progress.step();
        }
        let shell: Vec<String> = self.remote_shell();
        let mut command = Command::new("rsync");
        command
            .env_remove("RSYNC_RSH")
            .args([
                "--recursive",
                // Neither time nor size says whether a file is another.
                "--ignore-times",
                "--delay-updates",
                "--protect-args",
                "--chmod=D755,F644",
                "--timeout=60",
                "-e",
            ])
            .arg(shell.join(" "))
            .arg("--")
            .arg(format!("{}/", self.gathered.display()))
            .arg(format!("{}:{}/{to}", self.host, self.folder));
        let output = run(command, b"")?;
        remove(&self.gathered)?;
        if output.status.success() {
            return Ok(());
        }
        let error = self.fault("send files to", &output);
        Err(match output.status.code() {
            Some(23) => {
                error.hint("rsync could not write some of the files: see who owns them there")
            }
            Some(24) => {
                error.hint("files vanished while they were sent: is another command running?")
            }
            Some(11) => error.hint("a disk is full, here or there, or a folder can't be written"),
            Some(12) => error.hint("the connection broke, or there is no rsync there"),
            Some(30 | 35) => error.hint("the other machine did not answer in time"),
            _ => error,
        }
        .hint("nothing was deleted; `dateline deploy` finishes what was begun"))
    }

    /// Deletes files below a folder there, and the folders that are empty then.
    fn delete(&self, below: &str, paths: &[String]) -> Result<(), DeployError> {
        if paths.is_empty() {
            return Ok(());
        }
        let mut input = Vec::new();
        for path in paths {
            input.extend_from_slice(b"./");
            input.extend_from_slice(path.as_bytes());
            input.push(0);
        }
        let mut folders: Vec<&str> = paths
            .iter()
            .flat_map(|path| path.match_indices('/').map(|(at, _)| &path[..at]))
            .collect();
        folders.sort_unstable();
        folders.dedup();
        // The inner ones first.
        folders.reverse();
        let script = format!("cd -- {} && xargs -0 rm -f --", quoted(below));
        self.do_there("delete files at", &script, &input)?;
        if folders.is_empty() {
            return Ok(());
        }
        let mut input = Vec::new();
        for folder in folders {
            input.extend_from_slice(b"./");
            input.extend_from_slice(folder.as_bytes());
            input.push(0);
        }
        // A folder with anything in it stays.
        let script = format!(
            "cd -- {} && {{ xargs -0 rmdir -- 2>/dev/null; true; }}",
            quoted(below)
        );
        self.do_there("delete folders at", &script, &input)?;
        Ok(())
    }

    /// Sends into the folder itself, stage by stage.
    fn deploy_in_place(
        &self,
        order: &Order<'_>,
        plan: Plan,
        live: Option<Release>,
        held: &lock::Held<'_>,
    ) -> Result<Done, DeployError> {
        let number = live.as_ref().map_or(0, |live| live.number) + 1;
        let mut standing = live.unwrap_or_default();
        standing.title.clone_from(&order.site.title);
        standing.base_url.clone_from(&order.site.base_url);
        standing.pending.extend(plan.changed().cloned());
        standing.untold.extend(plan.changed().cloned());
        let record = self.record(number);
        self.write_file(&record, &standing.encode())?;
        for stage in Stage::ALL {
            let uploads = plan.of_stage(stage);
            if uploads.is_empty() {
                continue;
            }
            order.progress.stage(stage.name(), uploads.len());
            self.send(order, &uploads, "")?;
            for upload in uploads {
                standing.pending.remove(&upload.path);
                let file = order.site.files[&upload.path].live();
                standing.files.insert(upload.path.clone(), file);
            }
            check(order, held)?;
            self.write_file(&record, &standing.encode())?;
        }
        order.progress.stage("deleting", plan.deletes.len());
        self.delete(".", &plan.deletes)?;
        let release = Release {
            untold: standing.untold,
            ..order.release(number)
        };
        self.write_file(&record, &release.encode())?;
        Ok(Done { release, plan })
    }

    /// Makes a whole release beside the others and switches to it.
    fn deploy_release(
        &self,
        order: &Order<'_>,
        plan: Plan,
        live: Option<Release>,
        held: &lock::Held<'_>,
    ) -> Result<Done, DeployError> {
        let numbers = self.numbers()?;
        let number = numbers.last().copied().unwrap_or_default() + 1;
        let release = order.release(number);
        let part = format!("{RELEASES}/{number}{PART}");
        let base = match &live {
            // rsync and rm replace names and never write into files, so that links are safe.
            Some(live) => format!("cp -al {RELEASES}/{} {part}", live.number),
            None => format!("mkdir {part}"),
        };
        let script = format!("mkdir -p {RELEASES} && rm -rf {part} {RELEASES}/{number} && {base}");
        self.do_there("make a release at", &script, b"")?;
        let uploads: Vec<&Upload> = plan.sent().collect();
        order.progress.stage("sending", uploads.len());
        self.send(order, &uploads, &format!("{part}/"))?;
        self.delete(&part, &plan.deletes)?;
        check(order, held)?;
        self.do_there(
            "finish a release at",
            &format!("mv {part} {RELEASES}/{number}"),
            b"",
        )?;
        self.write_file(&self.record(number), &release.encode())?;
        self.switch(number)?;
        let old = numbers
            .len()
            .saturating_sub(self.releases.saturating_sub(1));
        for number in &numbers[..old] {
            let script = format!("rm -rf {RELEASES}/{number} {STATE}/{number}");
            self.do_there("remove an old release at", &script, b"")?;
        }
        Ok(Done { release, plan })
    }

    /// Makes the link lead to a release, in one step.
    fn switch(&self, number: u64) -> Result<(), DeployError> {
        let next = format!("{STATE}/next");
        // The option by which mv does not follow a link to a folder has two names.
        let script = format!(
            "rm -f {next} && ln -s {RELEASES}/{number} {next} && \
             {{ mv -fT {next} {CURRENT} 2>/dev/null || mv -fh {next} {CURRENT}; }}"
        );
        self.do_there("switch the release at", &script, b"")
            .map(|_| ())
    }

    fn current(&self) -> Result<Option<u64>, DeployError> {
        let script = format!(
            "[ -e {CURRENT} ] || [ -h {CURRENT} ] || exit {NOT_THERE}; readlink {CURRENT} || exit {CONFLICT}"
        );
        let output = self.script(&script, b"")?;
        let to = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        match output.status.code() {
            Some(NOT_THERE) => Ok(None),
            Some(0) => match to.strip_prefix("releases/").and_then(|to| to.parse().ok()) {
                Some(number) => Ok(Some(number)),
                None => Err(DeployError::refused(format!(
                    "{CURRENT} at {} leads to {to}, which is no release",
                    self.called()
                ))),
            },
            Some(CONFLICT) => Err(DeployError::refused(format!(
                "{CURRENT} at {} is not a link that dateline made",
                self.called()
            ))
            .hint("with `releases`, the web server's root is that link; move what is there away")),
            _ => Err(self.fault("read", &output)),
        }
    }

    fn numbers(&self) -> Result<Vec<u64>, DeployError> {
        let script = format!("[ -d {STATE} ] || exit 0; cd {STATE} && ls");
        let listed = self.do_there("list", &script, b"")?;
        let listed = String::from_utf8_lossy(&listed).into_owned();
        let mut numbers: Vec<u64> = listed
            .lines()
            .filter_map(|line| line.parse().ok())
            .collect();
        numbers.sort_unstable();
        Ok(numbers)
    }
}

impl Drop for Ssh {
    /// Ends the connection that the commands shared.
    fn drop(&mut self) {
        if self
            .shared
            .as_ref()
            .is_some_and(|folder| folder.path().join("s").exists())
        {
            let shell = self.remote_shell();
            let mut command = Command::new(&shell[0]);
            command
                .args(&shell[1..])
                .args(["-O", "exit", "--"])
                .arg(&self.host);
            // It ends by itself in half a minute.
            let _ = run(command, b"");
        }
    }
}

fn check(order: &Order<'_>, held: &lock::Held<'_>) -> Result<(), DeployError> {
    if held.is_lost() {
        return Err(DeployError::machine("another deploy has begun meanwhile")
            .hint("nothing was deleted; `dateline deploy status` says what is live"));
    }
    match order.progress.is_cancelled() {
        true => Err(DeployError::interrupted()),
        false => Ok(()),
    }
}

fn remove(folder: &Path) -> Result<(), DeployError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(DiskError::at("delete", folder)(error).into())
        }
        _ => Ok(()),
    }
}

impl Destination for Ssh {
    fn name(&self) -> String {
        self.called()
    }

    fn live(&self, _: &dyn Progress) -> Result<Option<Release>, DeployError> {
        let number = match self.releases {
            0 => 0,
            _ => match self.current()? {
                Some(number) => number,
                None => return Ok(None),
            },
        };
        let bytes = self.read_file(&self.record(number))?;
        bytes.map(|bytes| self.decode(&bytes)).transpose()
    }

    fn requests(&self, _: &Plan, _: Option<&Release>) -> Option<u64> {
        None
    }

    fn taken(&self, paths: &[&str], _: Option<&Release>) -> Result<Vec<String>, DeployError> {
        if self.releases > 0 || paths.is_empty() {
            return Ok(Vec::new());
        }
        let mut input = Vec::new();
        for path in paths {
            input.extend_from_slice(path.as_bytes());
            input.push(0);
        }
        let script = "xargs -0 sh -c 'for f; do if [ -e \"./$f\" ] || [ -h \"./$f\" ]; then printf \"%s\\\\0\" \"$f\"; fi; done' sh";
        let output = self.script(script, &input)?;
        match output.status.code() {
            Some(NOT_THERE) => Ok(Vec::new()),
            Some(0) => Ok(output
                .stdout
                .split(|byte| *byte == 0)
                .filter(|path| !path.is_empty())
                .map(|path| String::from_utf8_lossy(path).into_owned())
                .collect()),
            _ => Err(self.fault("look at", &output)),
        }
    }

    fn deploy(&self, order: &Order<'_>) -> Result<Option<Done>, DeployError> {
        self.make_folder()?;
        let held = lock::take(self, order.holder, self.lock_seconds, order.progress)?;
        std::thread::scope(|scope| {
            scope.spawn(|| held.keep());
            let _letting_go = LettingGo(&held);
            let live = self.live(order.progress)?;
            let plan = (order.plan)(live.as_ref())?;
            if let Some(number) = order.release.restores {
                self.switch(number)?;
                let release = self.live(order.progress)?.unwrap_or_default();
                return Ok(Some(Done { release, plan }));
            }
            if plan.is_empty() {
                return Ok(None);
            }
            match self.releases {
                0 => self.deploy_in_place(order, plan, live, &held),
                _ => self.deploy_release(order, plan, live, &held),
            }
            .map(Some)
        })
    }

    fn earlier(&self, live: &Release, _: &dyn Progress) -> Result<Vec<u64>, DeployError> {
        if self.releases == 0 {
            return Ok(Vec::new());
        }
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
        let bytes = match self.releases {
            0 => None,
            _ => self.read_file(&self.record(number))?,
        };
        let Some(bytes) = bytes else {
            return Err(DeployError::refused(format!(
                "release {number} is not kept at {}",
                self.called()
            )));
        };
        let release = self.decode(&bytes)?;
        let site = restored_site(&release, |path| {
            Source::There(format!("{RELEASES}/{number}/{path}"))
        });
        Ok((release, site))
    }
}

/// As much of a store as a lock needs; a version is the text itself.
impl Store for Ssh {
    fn name(&self) -> String {
        self.called()
    }

    fn read(&self, key: &str) -> Result<Option<(Vec<u8>, Version)>, StoreError> {
        let found = self.read_file(key)?;
        Ok(found.map(|bytes| {
            let version = String::from_utf8_lossy(&bytes).into_owned();
            (bytes, version)
        }))
    }

    fn put(&self, key: &str, body: &Body<'_>, _: &Headers) -> Result<(), StoreError> {
        match body {
            Body::Bytes(bytes) => Ok(self.write_file(key, bytes)?),
            Body::File(path, _) => Err(StoreError::lasting(format!(
                "{} is not sent so",
                path.display()
            ))),
        }
    }

    fn put_if(
        &self,
        key: &str,
        bytes: &[u8],
        expect: Option<&Version>,
    ) -> Result<Version, StoreError> {
        let staged = quoted(&format!("{key}.{:016x}", super::store::random()));
        let key = quoted(key);
        let placed = match expect {
            None => format!("ln {staged} {key} 2>/dev/null || r={CONFLICT}"),
            Some(version) => format!(
                "if [ \"$(cat {key} 2>/dev/null)\" = {} ]; then mv -f {staged} {key}; else r={CONFLICT}; fi",
                quoted(version)
            ),
        };
        let script = format!("cat > {staged} || exit 1; r=0; {placed}; rm -f {staged}; exit $r");
        let output = self.script(&script, bytes)?;
        match output.status.code() {
            Some(0) => Ok(String::from_utf8_lossy(bytes).into_owned()),
            Some(CONFLICT) => Err(StoreError::conflict("it was changed by another")),
            _ => Err(StoreError::lasting(complaint(&output))),
        }
    }

    fn copy(&self, from: &str, to: &str) -> Result<bool, StoreError> {
        let script = format!("cp -p {} {}", quoted(from), quoted(to));
        Ok(self.script(&script, b"")?.status.success())
    }

    fn delete(&self, keys: &[String]) -> Result<(), StoreError> {
        Ok(Self::delete(self, ".", keys)?)
    }

    fn taken(&self, keys: &[&str], _: bool) -> Result<Vec<String>, StoreError> {
        Ok(Destination::taken(self, keys, None)?)
    }

    fn deletes_at_once(&self) -> Option<usize> {
        None
    }
}
