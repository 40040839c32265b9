//! Builds generated archives of any size, and tells what each build costs.
//!
//!     cargo bench --bench scale -- --articles 10000 --theme broadsheet
//!
//! `--articles` takes several sizes (`1000,10000`), `--theme` is `minimal` (the default),
//! `broadsheet` or `both`, `--keep DIR` keeps the sites there, `--stages` shows how long each stage
//! took. Every scenario is a process of its own. Times are shown and never judged; counts of pages
//! are: a rebuild that renders more than it must fails the run.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark writes sites, measures and prints"
)]

mod corpus;

use corpus::Corpus;
use dateline::archive::Visibility;
use dateline::session::{self, Options, Quiet};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// The moment of every build: 2026-01-01T00:00:00Z, after the newest article.
const NOW: i64 = 1_767_225_600;
/// The clock ticks of `/proc/self/stat` in a second.
const TICKS: f64 = 100.0;
/// A new article may write fewer pages than this, however large the archive is.
const NEW_ARTICLE_LIMIT: u64 = 150;

const ARTICLE_TEMPLATE: &str = "<!doctype html>
<html lang=\"{{ site.language }}\">
<head><meta charset=\"utf-8\"><title>{{ article.headline }}</title></head>
<body>
<h1>{{ article.headline }}</h1>
<p>{{ article.timestamp }}{% for tag in article.tags %} <a href=\"{{ tag.url }}\">{{ tag.name }}</a>{% endfor %}</p>
{{ article.content }}
</body>
</html>
";

const LIST_TEMPLATE: &str = "<!doctype html>
<html lang=\"{{ site.language }}\">
<head><meta charset=\"utf-8\"><title>{{ page.title }}</title></head>
<body>
<h1>{{ page.title }}</h1>
{% for one in articles or [] %}<h2><a href=\"{{ one.url }}\">{{ one.headline }}</a></h2>
{{ one.summary }}
{% endfor %}{% if pager.older %}<a href=\"{{ pager.older }}\">Older</a>{% endif %}
</body>
</html>
";

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
    if let Some(root) = value("--build") {
        return build(Path::new(root));
    }
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
    let shows_stages = arguments.iter().any(|one| one == "--stages");
    let mut faults = Vec::new();
    println!(
        "{:>9} {:<10} {:<16} {:>8} {:>8} {:>9} {:>7} {:>9} {:>9}",
        "articles", "theme", "scenario", "wall s", "CPU s", "us/art.", "MB", "rendered", "written"
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
            };
            site.scenarios(shows_stages, &mut faults)?;
        }
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults.join("\n").into())
    }
}

/// Builds one site as the binary would, and prints its report with the most memory that it took.
fn build(root: &Path) -> Outcome<()> {
    let options = Options {
        root: root.to_owned(),
        config: root.join("dateline.yaml"),
        output: root.join("public"),
        base_url: None,
        visibility: Visibility {
            drafts: false,
            future: false,
            expired: false,
            now: NOW,
        },
        strict: false,
        no_cache: false,
    };
    let report = session::build(&options, &Quiet).map_err(|error| format!("{error}: {error:?}"))?;
    let status = fs::read_to_string("/proc/self/status")?;
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap_or_default();
    let kilobytes: u64 = peak.trim().trim_end_matches(" kB").parse()?;
    println!(
        "{}",
        serde_json::json!({ "report": report, "kilobytes": kilobytes })
    );
    Ok(())
}

/// A generated site on disk.
struct Site {
    root: PathBuf,
    corpus: Corpus,
    theme: &'static str,
}

/// What one build did and cost.
struct Cost {
    wall: f64,
    cpu: f64,
    kilobytes: u64,
    report: serde_json::Value,
}

impl Cost {
    fn count(&self, name: &str) -> u64 {
        self.report[name].as_u64().unwrap_or(u64::MAX)
    }
}

impl Site {
    fn scenarios(&self, shows_stages: bool, faults: &mut Vec<String>) -> Outcome<()> {
        self.write()?;
        let run = |name: &str| -> Outcome<Cost> {
            let cost = self.measured()?;
            self.show(name, &cost, shows_stages);
            Ok(cost)
        };
        let mut expect = |is_right: bool, message: String| {
            if !is_right {
                faults.push(format!(
                    "{} articles, {}: {message}",
                    self.corpus.articles, self.theme
                ));
            }
        };
        let cold = run("cold")?;
        let (rendered, files) = (cold.count("rendered"), cold.count("files"));
        expect(
            rendered == files,
            format!("the first build rendered {rendered} of {files} files"),
        );

        let same = run("nothing changed")?;
        let (rendered, written) = (same.count("rendered"), same.count("written"));
        expect(
            (rendered, written) == (0, 0),
            format!("with nothing changed, {rendered} were rendered and {written} written"),
        );

        self.edit_body()?;
        let body = run("body edited")?;
        let (rendered, written) = (body.count("rendered"), body.count("written"));
        expect(
            (rendered, written) == (1, 1),
            format!("for a misprint in a body, {rendered} were rendered and {written} written"),
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
            &format!(
                "title: The Scale Gazette\nbase_url: https://scale.example\ntheme: {}\ntime_zone: Europe/Lisbon\n\
                 permalink: /:section/:year/:month/:name/\n",
                self.theme
            ),
        )?;
        if self.theme == "minimal" {
            self.put("themes/minimal/theme.yaml", "name: minimal\n")?;
            self.put("themes/minimal/templates/article.html", ARTICLE_TEMPLATE)?;
            self.put("themes/minimal/templates/list.html", LIST_TEMPLATE)?;
        }
        for at in 0..self.corpus.articles {
            self.put(&self.corpus.path(at), &self.corpus.article(at))?;
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
            "minimal" => self.put("themes/minimal/templates/article.html", &ARTICLE_TEMPLATE.replace("</body>", "<hr>\n</body>")),
            theme => self.put(
                "templates/article.html",
                &format!("{{% extends \"{theme}/article.html\" %}}\n{{% block head %}}{{{{ super() }}}}<meta name=\"edited\">{{% endblock %}}\n"),
            ),
        }
    }

    fn measured(&self) -> Outcome<Cost> {
        let before = cpu_of_children()?;
        let start = Instant::now();
        let made = Command::new(std::env::current_exe()?)
            .arg("--build")
            .arg(&self.root)
            .output()?;
        let wall = start.elapsed().as_secs_f64();
        let cpu = cpu_of_children()? - before;
        if !made.status.success() {
            return Err(String::from_utf8_lossy(&made.stderr).into_owned().into());
        }
        let mut answer: serde_json::Value = serde_json::from_slice(&made.stdout)?;
        Ok(Cost {
            wall,
            cpu,
            kilobytes: answer["kilobytes"].as_u64().unwrap_or_default(),
            report: answer["report"].take(),
        })
    }

    fn show(&self, scenario: &str, cost: &Cost, shows_stages: bool) {
        let articles = self.corpus.articles;
        println!(
            "{articles:>9} {:<10} {scenario:<16} {:>8.2} {:>8.2} {:>9.0} {:>7} {:>9} {:>9}",
            self.theme,
            cost.wall,
            cost.cpu,
            cost.cpu * 1e6 / articles as f64,
            cost.kilobytes / 1000,
            cost.count("rendered"),
            cost.count("written"),
        );
        if shows_stages {
            let stages = cost.report["stages"].as_array().into_iter().flatten();
            let list: Vec<String> = stages
                .filter_map(|stage| {
                    Some(format!("{} {:.2}", stage[0].as_str()?, stage[1].as_f64()?))
                })
                .collect();
            println!("          {}", list.join(", "));
        }
    }
}

/// Returns the seconds of user and system time that ended child processes took.
fn cpu_of_children() -> Outcome<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The name in parentheses may hold spaces; `cutime` and `cstime` are fields 16 and 17.
    let after_name = stat
        .rsplit_once(')')
        .ok_or("/proc/self/stat has no name")?
        .1;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks: f64 = fields[13].parse::<f64>()? + fields[14].parse::<f64>()?;
    Ok(ticks / TICKS)
}
