//! Builds generated archives of any size with the binary, and tells what each build costs.
//!
//!     cargo bench --bench scale -- --articles 10000 --theme both --hugo "$(which hugo)"
//!
//! `--articles` takes several sizes (`1000,10000`), `--theme` is `minimal` (the default, in
//! `benches/site`), `broadsheet` or `both`, `--keep DIR` keeps the sites there, `--stages` shows what
//! each stage took, `--hugo PATH` builds the same archive with Hugo, `--times N` repeats each
//! first build and takes the median. The row `floor` writes files of the sizes of the site and does
//! nothing else. Times are shown and never judged; counts are: a rebuild that renders, reads or writes
//! more than it must fails the run, and so does one whose counts are not those of the kept baseline,
//! which `--write-baseline` keeps anew.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark writes sites, measures and prints"
)]

mod baseline;
mod corpus;

use baseline::Row;
use corpus::{Corpus, HUGO};
use rayon::prelude::*;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The moment of every build: 2026-01-01T00:00:00Z, after the newest article.
const NOW: &str = "1767225600";
/// The clock ticks of `/proc/self/stat` in a second.
const TICKS: f64 = 100.0;
/// A new article may write fewer pages than this, however large the archive is.
const NEW_ARTICLE_LIMIT: u64 = 150;
/// How often a running build is asked how much memory it has taken.
const ASK_EVERY: Duration = Duration::from_millis(10);

const CONFIG: &str = include_str!("site/dateline.yaml");
/// The minimal theme's files.
const THEME: [(&str, &str); 4] = [
    ("theme.yaml", include_str!("site/themes/minimal/theme.yaml")),
    (
        "templates/article.html",
        include_str!("site/themes/minimal/templates/article.html"),
    ),
    (
        "templates/list.html",
        include_str!("site/themes/minimal/templates/list.html"),
    ),
    (
        "templates/terms.html",
        include_str!("site/themes/minimal/templates/terms.html"),
    ),
];
type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|one| one != "--bench")
        .collect();
    let value = |name: &str| {
        let at = arguments.iter().position(|one| one == name)?;
        arguments.get(at + 1).map(String::as_str)
    };
    let sizes = value("--articles")
        .unwrap_or("1000")
        .split(',')
        .map(str::parse)
        .collect::<Result<Vec<u64>, _>>()?;
    let themes: &[&str] = match value("--theme").unwrap_or("minimal") {
        "both" => &["minimal", "broadsheet"],
        "broadsheet" => &["broadsheet"],
        "minimal" => &["minimal"],
        other => {
            return Err(
                format!("there is no theme `{other}` here: minimal, broadsheet or both").into(),
            );
        }
    };
    let mut faults = Vec::new();
    let mut rows = Vec::new();
    println!(
        "{:>9} {:<10} {:<16} {:>8} {:>8} {:>9} {:>7} {:>9} {:>9} {:>8} {:>8}",
        "articles",
        "theme",
        "scenario",
        "wall s",
        "CPU s",
        "us/art.",
        "MB",
        "rendered",
        "written",
        "wall/1st",
        "CPU/1st"
    );
    for articles in sizes {
        for theme in themes {
            let folder = tempfile::tempdir()?;
            let root = match value("--keep") {
                Some(kept) => Path::new(kept).join(format!("{theme}-{articles}")),
                None => folder.path().to_owned(),
            };
            let site = Site {
                root,
                corpus: Corpus { articles },
                theme,
                hugo: value("--hugo").map(PathBuf::from),
                times: value("--times").map_or(Ok(1), str::parse)?,
                shows_stages: arguments.iter().any(|one| one == "--stages"),
            };
            site.scenarios(&mut faults, &mut rows)?;
        }
    }
    match arguments.iter().any(|one| one == "--write-baseline") {
        true => baseline::keep(&rows)?,
        false => faults.extend(baseline::compare(&rows)?),
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults.join("\n").into())
    }
}

/// A generated site on disk.
struct Site {
    root: PathBuf,
    corpus: Corpus,
    theme: &'static str,
    hugo: Option<PathBuf>,
    times: usize,
    shows_stages: bool,
}

/// What one build did and cost.
#[derive(Default)]
struct Cost {
    wall: f64,
    cpu: f64,
    kilobytes: u64,
    report: serde_json::Value,
}

impl Cost {
    fn count(&self, name: &str) -> u64 {
        self.report[name].as_u64().unwrap_or_default()
    }
}

impl Site {
    fn scenarios(&self, faults: &mut Vec<String>, rows: &mut Vec<Row>) -> Outcome<()> {
        self.write()?;
        // Of files that were written just before the first build, the next one would read some again.
        thread::sleep(10 * ASK_EVERY);
        let mut expect = |is_right: bool, message: String| {
            if !is_right {
                faults.push(format!(
                    "{} articles, {}: {message}",
                    self.corpus.articles, self.theme
                ));
            }
        };
        // In turn, so that a machine that gets slower gets slower for all of them.
        let (mut colds, mut floors, mut hugos) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..self.times {
            self.put_aside("public")?;
            self.put_aside(".dateline")?;
            colds.push(self.built(&self.root)?);
            floors.push(self.floor()?);
            if let Some(hugo) = &self.hugo {
                self.put_aside("hugo/public")?;
                hugos.push(self.built_by_hugo(hugo)?);
            }
        }
        let cold = median(colds);
        rows.push(self.row("cold", &cold));
        let mut run = |name: &str| -> Outcome<Cost> {
            let cost = self.built(&self.root)?;
            self.show(name, &cost, &cold);
            rows.push(self.row(name, &cost));
            Ok(cost)
        };
        self.show("cold", &cold, &cold);
        self.show("floor", &median(floors), &cold);
        if self.hugo.is_some() {
            self.show("Hugo, cold", &median(hugos), &cold);
        }
        let (rendered, files) = (cold.count("rendered"), cold.count("files"));
        expect(
            rendered == files,
            format!("the first build rendered {rendered} of {files} files"),
        );

        run("read again")?;
        let same = run("nothing changed")?;
        let counts = ["rendered", "written", "read", "parsed"].map(|name| same.count(name));
        expect(
            counts == [0; 4],
            format!("with nothing changed, rendered, written, read and parsed: {counts:?}"),
        );

        self.edit_body()?;
        let body = run("body edited")?;
        let counts = ["rendered", "written", "read", "parsed"].map(|name| body.count(name));
        expect(
            counts == [1; 4],
            format!("for a misprint, rendered, written, read and parsed: {counts:?}"),
        );

        self.add_article()?;
        let new = run("new article")?.count("written");
        expect(
            (1..NEW_ARTICLE_LIMIT).contains(&new),
            format!("a new article wrote {new} pages"),
        );

        self.edit_template()?;
        let articles = self.corpus.articles + 1;
        let template = run("template edited")?.count("written");
        expect(
            template == articles,
            format!("a template of {articles} pages was edited and {template} were written"),
        );
        Ok(())
    }

    fn write(&self) -> Outcome<()> {
        if self.root.join("content").exists() {
            fs::remove_dir_all(&self.root)?;
        }
        self.put(
            "dateline.yaml",
            &CONFIG.replace("theme: minimal", &format!("theme: {}", self.theme)),
        )?;
        if self.theme == "minimal" {
            for (path, text) in THEME {
                self.put(&format!("themes/minimal/{path}"), text)?;
            }
        }
        for at in 0..self.corpus.articles {
            self.put(&self.corpus.path(at), &self.corpus.article(at))?;
        }
        if self.hugo.is_some() {
            for (path, text) in HUGO {
                self.put(&format!("hugo/{path}"), text)?;
            }
            for section in ["local/port", "sport/sailing"] {
                let text = format!("---\ntitle: {section}\n---\n");
                self.put(&format!("hugo/content/{section}/_index.md"), &text)?;
            }
            for at in 0..self.corpus.articles {
                let path = format!("hugo/{}", self.corpus.path(at));
                self.put(&path, &self.corpus.article_for_hugo(at))?;
            }
        }
        Ok(())
    }

    /// Moves a folder out of the way and leaves it there: a file system that has just deleted much is
    /// slow for minutes.
    fn put_aside(&self, folder: &str) -> Outcome<()> {
        let from = self.root.join(folder);
        let mut old = (0..).map(|number| self.root.join(format!("old-{number}")));
        if from.exists()
            && let Some(free) = old.find(|old| !old.exists())
        {
            fs::rename(from, free)?;
        }
        Ok(())
    }

    fn put(&self, path: &str, text: &str) -> Outcome<()> {
        let path = self.root.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        Ok(fs::write(path, text)?)
    }

    /// Mends a misprint in the last paragraph of an article in the middle of the archive.
    fn edit_body(&self) -> Outcome<()> {
        let path = self.root.join(self.corpus.path(self.corpus.articles / 2));
        let text = fs::read_to_string(&path)?;
        let trimmed = text.trim_end().trim_end_matches(['.', '`', '\n']);
        let at = trimmed.rfind(' ').ok_or("the article has no words")?;
        Ok(fs::write(
            &path,
            format!("{} mended{}", &text[..at], &text[trimmed.len()..]),
        )?)
    }

    /// Adds the newest article, with three tags that others have.
    fn add_article(&self) -> Outcome<()> {
        let text = self.corpus.article(0);
        let start = text
            .find("timestamp: ")
            .ok_or("the article has no timestamp")?;
        let end = start
            + text[start..]
                .find('\n')
                .ok_or("the front matter ends early")?;
        self.put(
            "content/local/stop-press.md",
            &format!(
                "{}timestamp: 2025-06-01T12:00:00Z{}",
                &text[..start],
                &text[end..]
            ),
        )
    }

    fn edit_template(&self) -> Outcome<()> {
        match self.theme {
            "minimal" => self.put(
                "themes/minimal/templates/article.html",
                &THEME[1].1.replace("</body>", "<hr>\n</body>"),
            ),
            theme => self.put(
                "templates/article.html",
                &format!("{{% extends \"{theme}/article.html\" %}}\n{{% block head %}}{{{{ super() }}}}<meta name=\"edited\">{{% endblock %}}\n"),
            ),
        }
    }

    fn built(&self, root: &Path) -> Outcome<Cost> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
        command
            .args(["build", "--json", "-r"])
            .arg(root)
            .env("SOURCE_DATE_EPOCH", NOW);
        measured(command)
    }

    fn built_by_hugo(&self, hugo: &Path) -> Outcome<Cost> {
        let mut command = Command::new(hugo);
        command
            .args(["--quiet", "--source"])
            .arg(self.root.join("hugo"));
        measured(command)
    }

    /// Writes files of the sizes of the output's, in folders that are made first.
    fn floor(&self) -> Outcome<Cost> {
        let public = self.root.join("public");
        let mut folders = Vec::new();
        let mut files = Vec::new();
        for entry in walkdir::WalkDir::new(&public).sort_by_file_name() {
            let entry = entry?;
            let path = entry.path().strip_prefix(&public)?.to_owned();
            match entry.file_type().is_dir() {
                true => folders.push(path),
                false => files.push((path, entry.metadata()?.len() as usize)),
            }
        }
        let longest = files
            .iter()
            .map(|(_, size)| *size)
            .max()
            .unwrap_or_default();
        let bytes = vec![b'x'; longest];
        let to = self.root.join("floor");
        let (before, start) = (cpu_of_this()?, Instant::now());
        for folder in folders {
            fs::create_dir(to.join(folder))?;
        }
        files
            .par_iter()
            .try_for_each(|(path, size)| fs::write(to.join(path), &bytes[..*size]))?;
        let wall = start.elapsed().as_secs_f64();
        let cpu = cpu_of_this()? - before;
        self.put_aside("floor")?;
        let report = serde_json::json!({ "written": files.len() });
        Ok(Cost {
            wall,
            cpu,
            kilobytes: 0,
            report,
        })
    }

    fn row(&self, scenario: &str, cost: &Cost) -> Row {
        Row {
            articles: self.corpus.articles,
            theme: self.theme.to_owned(),
            scenario: scenario.to_owned(),
            read: cost.count("read"),
            rendered: cost.count("rendered"),
            written: cost.count("written"),
            cpu: cost.cpu * 1e6 / self.corpus.articles as f64,
            megabytes: cost.kilobytes / 1000,
        }
    }

    fn show(&self, scenario: &str, cost: &Cost, first: &Cost) {
        let articles = self.corpus.articles;
        println!(
            "{articles:>9} {:<10} {scenario:<16} {:>8.2} {:>8.2} {:>9.0} {:>7} {:>9} {:>9} {:>8.3} {:>8.3}",
            self.theme,
            cost.wall,
            cost.cpu,
            cost.cpu * 1e6 / articles as f64,
            cost.kilobytes / 1000,
            cost.count("rendered"),
            cost.count("written"),
            cost.wall / first.wall,
            cost.cpu / first.cpu,
        );
        if self.shows_stages {
            let stages = cost.report["stages"].as_array().into_iter().flatten();
            for stage in stages {
                let number = |name: &str| stage[name].as_f64().unwrap_or_default();
                let cpu = number("cpu_seconds");
                println!(
                    "{:>9} {:<10} {:<16} {:>8.2} {cpu:>8.2} {:>9.1} {:>7.0} {:>9.0} bytes of memory an article at its end",
                    "",
                    "",
                    format!("- {}", stage["name"].as_str().unwrap_or_default()),
                    number("seconds"),
                    cpu * 1e6 / articles as f64,
                    number("memory") / 1e6,
                    number("memory") / articles as f64,
                );
            }
        }
    }
}

/// Returns the cost whose wall time is the median.
fn median(mut costs: Vec<Cost>) -> Cost {
    costs.sort_by(|a, b| a.wall.total_cmp(&b.wall));
    let middle = costs.len() / 2;
    costs.into_iter().nth(middle).unwrap_or_default()
}

/// Runs a build to its end, and asks now and then for the most memory that it has taken.
fn measured(mut command: Command) -> Outcome<Cost> {
    let before = cpu_of_children()?;
    let start = Instant::now();
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut output = child.stdout.take().ok_or("the build has no output")?;
    let reader = thread::spawn(move || {
        let mut text = Vec::new();
        std::io::Read::read_to_end(&mut output, &mut text).map(|_| text)
    });
    let mut kilobytes = 0;
    let ended = loop {
        if let Some(ended) = child.try_wait()? {
            break ended;
        }
        let text = fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        if let Some(peak) = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse().ok()) {
            kilobytes = peak;
        }
        thread::sleep(ASK_EVERY);
    };
    let wall = start.elapsed().as_secs_f64();
    let cpu = cpu_of_children()? - before;
    let text = reader
        .join()
        .map_err(|_| "the reader of the output ended")??;
    if !ended.success() {
        let mut told = String::from_utf8_lossy(&text).into_owned();
        if let Some(mut error) = child.stderr.take() {
            std::io::Read::read_to_string(&mut error, &mut told)?;
        }
        return Err(told.into());
    }
    Ok(Cost {
        wall,
        cpu,
        kilobytes,
        report: serde_json::from_slice(&text).unwrap_or_default(),
    })
}

/// Returns the seconds of user and system time that this process took.
fn cpu_of_this() -> Outcome<f64> {
    seconds([11, 12])
}

/// Returns the seconds of user and system time that ended child processes took.
fn cpu_of_children() -> Outcome<f64> {
    seconds([13, 14])
}

/// Adds fields of `/proc/self/stat`, counted from the one behind the name: `utime` and `stime` are 11
/// and 12, `cutime` and `cstime` 13 and 14.
fn seconds(fields: [usize; 2]) -> Outcome<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The name in parentheses may hold spaces.
    let after_name = stat
        .rsplit_once(')')
        .ok_or("/proc/self/stat has no name")?
        .1;
    let all: Vec<&str> = after_name.split_whitespace().collect();
    let ticks: f64 = all[fields[0]].parse::<f64>()? + all[fields[1]].parse::<f64>()?;
    Ok(ticks / TICKS)
}
