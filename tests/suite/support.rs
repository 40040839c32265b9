//! A site in a temporary folder, built with the library or with the binary.

use dateline::archive::Visibility;
use dateline::base::diagnostic::Diagnostic;
use dateline::disk::cache::Cache;
use dateline::session::{self, BuildError, Options, Quiet, Report};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// The moment of every build that sets none: 2026-01-01T00:00:00Z.
pub(crate) const NOW: i64 = 1_767_225_600;

/// A configuration that is enough for a site.
pub(crate) const CONFIG: &str = "title: The Gazette\nbase_url: https://gazette.example\n";

/// A site in a temporary folder.
pub(crate) struct Site {
    folder: TempDir,
    /// The moment of its builds.
    pub(crate) now: i64,
    /// Whether its builds show drafts.
    pub(crate) drafts: bool,
    /// Whether they show articles of the future.
    pub(crate) future: bool,
    /// Whether they show expired articles.
    pub(crate) expired: bool,
}

impl Site {
    /// Makes a site without articles.
    pub(crate) fn empty() -> Self {
        Self::of(tempfile::tempdir().unwrap())
    }

    /// Makes a site without articles, in memory where the system has a folder there: publishing
    /// waits for the disk, and thousands of builds would do little else.
    pub(crate) fn in_memory() -> Self {
        let memory = Path::new("/dev/shm");
        Self::of(match memory.is_dir() {
            true => tempfile::tempdir_in(memory).unwrap(),
            false => tempfile::tempdir().unwrap(),
        })
    }

    fn of(folder: TempDir) -> Self {
        let site = Self {
            folder,
            now: NOW,
            drafts: false,
            future: false,
            expired: false,
        };
        site.put("dateline.yaml", CONFIG);
        site
    }

    /// Makes a site with these files.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let site = Self::empty();
        for (path, text) in files {
            site.put(path, text);
        }
        site
    }

    /// Returns the site's folder.
    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Returns a path in the site.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file, with the folders around it.
    pub(crate) fn put(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Deletes a file.
    pub(crate) fn delete(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }

    /// Reads a file of the output.
    pub(crate) fn page(&self, path: &str) -> String {
        let file = self.path("public").join(path);
        fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    }

    /// Returns the options of a build into `public`.
    pub(crate) fn options(&self) -> Options {
        Options {
            root: self.root().to_owned(),
            config: self.path("dateline.yaml"),
            output: self.path("public"),
            base_url: None,
            visibility: Visibility {
                drafts: self.drafts,
                future: self.future,
                expired: self.expired,
                now: self.now,
            },
            strict: false,
            no_cache: false,
        }
    }

    /// Builds, and expects no error.
    pub(crate) fn build(&self) -> Report {
        match self.try_build() {
            Ok(report) => report,
            Err(faults) => panic!("the site has errors: {:#?}", errors(&faults)),
        }
    }

    /// Builds, and returns the errors if there are any.
    pub(crate) fn try_build(&self) -> Result<Report, Vec<Diagnostic>> {
        match session::build(&self.options(), &Quiet) {
            Ok(report) => Ok(report),
            Err(BuildError::Site(faults) | BuildError::Config(faults)) => Err(faults),
            Err(error) => panic!("{error}"),
        }
    }

    /// Builds and expects errors; returns their messages with their places.
    pub(crate) fn errors(&self) -> Vec<String> {
        let faults = self.try_build().expect_err("the site has no error");
        errors(&faults)
    }

    /// Runs the binary in the site's folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Prepares to run the binary in the site's folder, with the clock of the site's builds.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
        command
            .args(arguments)
            .current_dir(self.root())
            .env("SOURCE_DATE_EPOCH", self.now.to_string())
            .env("NO_COLOR", "1");
        command
    }

    /// Returns every file of the output with its bytes.
    pub(crate) fn output(&self) -> BTreeMap<String, Vec<u8>> {
        tree(&self.path("public"))
    }

    /// Returns what a clean build of the same sources makes, in a folder of its own.
    pub(crate) fn clean_output(&self) -> BTreeMap<String, Vec<u8>> {
        match self.try_clean_output() {
            Ok(output) => output,
            Err(faults) => panic!("the clean build failed: {:#?}", errors(&faults)),
        }
    }

    /// Returns what a clean build of the same sources makes, or its errors.
    pub(crate) fn try_clean_output(&self) -> Result<BTreeMap<String, Vec<u8>>, Vec<Diagnostic>> {
        let folder = tempfile::tempdir_in(self.root().parent().unwrap()).unwrap();
        let options = Options {
            output: folder.path().join("public"),
            no_cache: true,
            ..self.options()
        };
        // A cache of its own: that of the site is for the next build to use.
        match session::build_with(&options, &mut Cache::default(), &Quiet) {
            Ok(_) => Ok(tree(&options.output)),
            Err(BuildError::Site(faults) | BuildError::Config(faults)) => Err(faults),
            Err(error) => panic!("the clean build failed: {error}"),
        }
    }
}

/// Says the errors among diagnostics, each in one line.
pub(crate) fn errors(faults: &[Diagnostic]) -> Vec<String> {
    faults
        .iter()
        .filter(|fault| fault.is_error())
        .map(told)
        .collect()
}

/// Says a diagnostic in one line: `path:line:column: message`.
pub(crate) fn told(fault: &Diagnostic) -> String {
    let place = fault
        .place
        .as_ref()
        .map_or_else(String::new, |place| match &place.stretch {
            Some(stretch) => format!("{}:{}:{}: ", place.path, stretch.line, stretch.column),
            None => format!("{}: ", place.path),
        });
    format!("{place}{}", fault.message)
}

/// Returns every file below a folder with its bytes; a folder that is not there has none.
pub(crate) fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    if !folder.exists() {
        return BTreeMap::new();
    }
    walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| !entry.file_type().is_dir())
        .map(|entry| {
            let path = entry
                .path()
                .strip_prefix(folder)
                .unwrap()
                .to_string_lossy()
                .into_owned();
            (path, fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// Returns an article's text.
pub(crate) fn article(headline: &str, timestamp: &str, more: &str, body: &str) -> String {
    format!("---\nheadline: {headline}\ntimestamp: {timestamp}\n{more}---\n{body}\n")
}

impl Site {
    /// Returns everything in the site's folder but the cache: files with their bytes, links with
    /// where they lead, folders and whatever else there is.
    pub(crate) fn everything(&self) -> BTreeMap<String, Vec<u8>> {
        walkdir::WalkDir::new(self.root())
            .min_depth(1)
            .into_iter()
            .filter_entry(|entry| entry.depth() != 1 || entry.file_name() != ".dateline")
            .filter_map(Result::ok)
            .map(|entry| {
                let path = entry
                    .path()
                    .strip_prefix(self.root())
                    .unwrap()
                    .to_string_lossy()
                    .into_owned();
                let kind = entry.file_type();
                let bytes = if kind.is_file() {
                    fs::read(entry.path()).unwrap_or_default()
                } else if kind.is_symlink() {
                    fs::read_link(entry.path())
                        .unwrap()
                        .into_os_string()
                        .into_encoded_bytes()
                } else {
                    Vec::new()
                };
                (path, bytes)
            })
            .collect()
    }

    /// Builds and expects exactly these errors: each is found in `path:line:column: message`, has a
    /// hint, and nothing in the site's folder has changed.
    pub(crate) fn refuses(&self, expect: &[&str]) -> Vec<Diagnostic> {
        let before = self.everything();
        let faults = self.try_build().expect_err("the site has no error");
        assert!(
            before == self.everything(),
            "a refused build changed the folder"
        );
        let errors: Vec<Diagnostic> = faults.into_iter().filter(Diagnostic::is_error).collect();
        let told: Vec<String> = errors.iter().map(told).collect();
        for message in expect {
            assert!(
                told.iter().any(|told| told.contains(message)),
                "no error says `{message}`: {told:#?}"
            );
        }
        assert_eq!(told.len(), expect.len(), "{told:#?}");
        for error in &errors {
            assert!(!error.hints.is_empty(), "no hint: {}", self::told(error));
        }
        errors
    }
}

/// Returns a tree without these paths.
pub(crate) fn without(
    tree: &BTreeMap<String, Vec<u8>>,
    paths: &BTreeSet<String>,
) -> BTreeMap<String, Vec<u8>> {
    tree.iter()
        .filter(|(path, _)| !paths.contains(*path))
        .map(|(path, bytes)| (path.clone(), bytes.clone()))
        .collect()
}
