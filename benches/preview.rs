//! How long the preview takes to be there, and to answer with what was just saved.
//!
//!     cargo bench --bench preview -- --articles 1000,10000 --hugo "$(which hugo)" --zola "$(which zola)"
//!
//! Each site is served by the program itself, once without what an earlier run knew and once with
//! it. Then files are edited, and the clock runs from before the file is written until the open page,
//! which hears of it over its live connection, has been asked for again and has the new words. What a
//! browser adds is measured by tests/acceptance/latency.mjs. With `--hugo` and `--zola`, their servers do
//! the same on the same archive with the minimal theme of `benches/site`: the page is asked for until it
//! has the new words. Times are shown and never judged.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark writes sites, measures and prints"
)]

mod corpus;

use corpus::{Corpus, HUGO, ZOLA};
use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How often each edit is made; the first time is not counted.
const TIMES: usize = 21;
/// How often each edit is made for a peer, and how long it is waited for.
const PEER_TIMES: usize = 7;
const PEER_PATIENCE: Duration = Duration::from_secs(600);
/// How long a writer waits between two saves, at least.
const PAUSE: Duration = Duration::from_millis(300);

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let at = arguments.iter().position(|one| one == "--articles");
    let sizes = at
        .and_then(|at| arguments.get(at + 1))
        .map_or("1000", String::as_str);
    println!(
        "{:>9} {:<22} {:>10} {:>10} {:>10}",
        "articles", "", "median ms", "least", "most"
    );
    let of_peer = |flag: &str| {
        let at = arguments.iter().position(|one| one == flag)?;
        arguments.get(at + 1).map(Path::new)
    };
    for size in sizes.split(',') {
        let corpus = Corpus {
            articles: size.parse()?,
        };
        measure(corpus)?;
        if let Some(hugo) = of_peer("--hugo") {
            let mut command = Command::new(hugo);
            command.args(["server", "--quiet", "--source", ".", "--port"]);
            Peer::HUGO.measure(corpus, command)?;
        }
        if let Some(zola) = of_peer("--zola") {
            let mut command = Command::new(zola);
            command.args(["serve", "--port"]);
            Peer::ZOLA.measure(corpus, command)?;
            let mut command = Command::new(zola);
            command.args(["serve", "--fast", "--port"]);
            Peer::ZOLA_FAST.measure(corpus, command)?;
        }
    }
    Ok(())
}

fn show(corpus: Corpus, name: &str, mut taken: Vec<f64>) {
    taken.sort_by(f64::total_cmp);
    let (least, most) = (taken[0], taken[taken.len() - 1]);
    println!(
        "{:>9} {name:<22} {:>10.1} {least:>10.1} {most:>10.1}",
        corpus.articles,
        taken[taken.len() / 2]
    );
}

/// Another generator with a server.
struct Peer {
    name: &'static str,
    /// Its site, but for the articles.
    files: &'static [(&'static str, &'static str)],
    /// The place in `files` of the template of an article.
    template: usize,
    article: fn(Corpus, u64) -> String,
    sections: fn() -> Vec<(String, String)>,
    /// An article's address, of its folder, year and month, and name.
    address: fn(&str, &str, &str) -> String,
}

impl Peer {
    const HUGO: Self = Self {
        name: "Hugo",
        files: &HUGO,
        template: 1,
        article: Corpus::article_for_hugo,
        sections: Vec::new,
        // To Hugo, a folder within a section is of that section where it has no file of its own.
        address: |folder, month, own| {
            let section = folder.split('/').next().unwrap_or_default();
            format!("/{section}/{month}/{own}/")
        },
    };
    const ZOLA: Self = Self {
        name: "Zola",
        files: &ZOLA,
        template: 1,
        article: Corpus::article_for_zola,
        sections: Corpus::sections_for_zola,
        address: |folder, _, own| format!("/{folder}/{own}/"),
    };
    /// As its manual has it for large sites: of an article that is saved, the page and its section.
    const ZOLA_FAST: Self = Self {
        name: "Zola --fast",
        ..Self::ZOLA
    };

    /// Has its server serve the archive, and saves an article's text and a template. The command is
    /// given the port.
    fn measure(&self, corpus: Corpus, mut command: Command) -> Outcome<()> {
        let name = self.name;
        let folder = tempfile::tempdir()?;
        let root = folder.path();
        for (path, text) in self.files {
            put(root, path, text)?;
        }
        for (path, text) in (self.sections)() {
            put(root, &path, &text)?;
        }
        for at in 0..corpus.articles {
            put(root, &corpus.path(at), &(self.article)(corpus, at))?;
        }
        let port = std::net::TcpListener::bind("127.0.0.1:0")?
            .local_addr()?
            .port();
        let start = Instant::now();
        let child = command
            .arg(port.to_string())
            .current_dir(root)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut server = Preview {
            child,
            port: port.to_string(),
            ready: 0.0,
        };
        let article = corpus.articles / 2;
        let (path, text) = (corpus.path(article), (self.article)(corpus, article));
        let month = text
            .split_once("date: ")
            .and_then(|(_, date)| date.get(..7))
            .ok_or("it has no date")?
            .replace('-', "/");
        let (section, own) = path
            .trim_start_matches("content/")
            .trim_end_matches(".md")
            .rsplit_once('/')
            .ok_or("it has no section")?;
        let page = (self.address)(section, &month, own);
        let shows =
            |text: String, words: &str| text.starts_with("HTTP/1.1 200") && text.contains(words);
        let until = |words: &str, start: Instant| -> Outcome<f64> {
            loop {
                if server.get(&page).is_ok_and(|text| shows(text, words)) {
                    return Ok(start.elapsed().as_secs_f64() * 1000.0);
                }
                if start.elapsed() > PEER_PATIENCE {
                    return Err(format!("{name} does not show `{words}` at {page}").into());
                }
                std::thread::sleep(Duration::from_millis(2));
            }
        };
        let ready = until("<h1>", start)?;
        show(corpus, &format!("{name} ready"), vec![ready]);
        println!(
            "{:>9} {:<22} {:>10}",
            corpus.articles,
            format!("{name} memory, MB"),
            server.megabytes()?
        );
        let (template, single) = self.files[self.template];
        type Written<'a> = &'a dyn Fn(usize) -> String;
        let edits: [(&str, &str, Written<'_>); 2] = [
            ("text saved", &path, &|at| {
                format!("{text}\nChanged {at} times.\n")
            }),
            ("template saved", template, &|at| {
                single.replace("<h1>", &format!("<p>Changed {at} times.</p><h1>"))
            }),
        ];
        for (edit, path, written) in edits {
            let mut taken = Vec::new();
            for at in 0..PEER_TIMES {
                let number = at + edit.len() * 100;
                let start = Instant::now();
                put(root, path, &written(number))?;
                taken.push(until(&format!("Changed {number} times."), start)?);
                std::thread::sleep(PAUSE);
            }
            show(corpus, &format!("{name}, {edit}"), taken);
        }
        server.child.kill()?;
        server.child.wait()?;
        Ok(())
    }
}

fn measure(corpus: Corpus) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let root = folder.path();
    put(
        root,
        "dateline.yaml",
        "title: The Scale Gazette\nbase_url: https://scale.example\npermalink: /:section/:name/\n",
    )?;
    for at in 0..corpus.articles {
        put(root, &corpus.path(at), &corpus.article(at))?;
    }
    let count = corpus.articles;
    let show = |name: &str, taken: Vec<f64>| show(corpus, name, taken);
    let cold = Preview::start(root)?;
    show("ready, cold", vec![cold.ready]);
    cold.end()?;
    let preview = Preview::start(root)?;
    show("ready, warm", vec![preview.ready]);
    println!(
        "{count:>9} {:<22} {:>10}",
        "memory, MB",
        preview.megabytes()?
    );
    let path = corpus.path(corpus.articles / 2);
    let text = corpus.article(corpus.articles / 2);
    let name = Path::new(&path)
        .file_stem()
        .and_then(|name| name.to_str())
        .ok_or("it has no name")?;
    let section = path
        .trim_start_matches("content/")
        .rsplit_once('/')
        .ok_or("it has no section")?
        .0;
    let page = format!("/{section}/{name}/");
    let sheet = include_str!("../themes/broadsheet/assets/site.css");
    type Edits = Box<dyn Fn(usize) -> Edit>;
    let edits: [(&str, Edits); 4] = [
        ("text saved", {
            let (path, text) = (path.clone(), text.clone());
            Box::new(move |at| {
                Edit::new(
                    &path,
                    format!("{text}\nChanged {at} times.\n"),
                    format!("Changed {at} times."),
                )
            })
        }),
        ("headline saved", {
            let (path, text) = (path.clone(), text.clone());
            Box::new(move |at| {
                let headline = format!("Changed {at} times");
                let rest = text
                    .split_once("headline: ")
                    .and_then(|(_, rest)| rest.split_once('\n'));
                let rest = rest.map_or("", |(_, rest)| rest);
                Edit::new(
                    &path,
                    format!("---\nheadline: {headline}\n{rest}"),
                    headline,
                )
            })
        }),
        (
            "template saved",
            Box::new(|at| {
                let words = format!("Template {at}");
                let text = format!(
                    "{{% extends \"broadsheet/article.html\" %}}\n{{% block main %}}<p>{words}</p>{{{{ super() }}}}{{% endblock %}}\n"
                );
                Edit::new("templates/article.html", text, words)
            }),
        ),
        (
            "style sheet saved",
            Box::new(move |at| {
                // The page carries the name of the sheet, which is made of what is in it.
                Edit::new(
                    "assets/site.css",
                    format!("{sheet}\nbody {{ order: {at} }}\n"),
                    String::new(),
                )
            }),
        ),
    ];
    for (name, edit) in edits {
        let mut taken = Vec::new();
        for at in 1..=TIMES {
            let milliseconds = preview.saved(root, &page, &edit(at))?;
            if at > 1 {
                taken.push(milliseconds);
            }
            std::thread::sleep(PAUSE);
        }
        show(name, taken);
    }
    preview.end()
}

/// A file that is written, and the words that the page has then; none where it is only another.
struct Edit {
    path: String,
    text: String,
    words: String,
}

impl Edit {
    fn new(path: &str, text: String, words: String) -> Self {
        Self {
            path: path.to_owned(),
            text,
            words,
        }
    }
}

/// A running preview.
struct Preview {
    child: Child,
    port: String,
    ready: f64,
}

impl Preview {
    fn start(root: &Path) -> Outcome<Self> {
        let start = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_dateline"))
            .args([
                "-r".as_ref(),
                root.as_os_str(),
                "serve".as_ref(),
                "--json".as_ref(),
                "-p".as_ref(),
                "0".as_ref(),
            ])
            .stdout(Stdio::piped())
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().ok_or("it has no output")?);
        let mut line = String::new();
        lines.read_line(&mut line)?;
        let ready = start.elapsed().as_secs_f64() * 1000.0;
        let event: serde_json::Value = serde_json::from_str(&line)?;
        let url = event["url"].as_str().ok_or("it has no address")?;
        let port = url
            .trim_end_matches('/')
            .rsplit(':')
            .next()
            .unwrap_or_default()
            .to_owned();
        // What it says later is of no interest, and must not fill the pipe.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        Ok(Self { child, port, ready })
    }

    fn megabytes(&self) -> Outcome<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes: u64 = peak
            .unwrap_or_default()
            .trim()
            .trim_end_matches(" kB")
            .parse()?;
        Ok(kilobytes / 1000)
    }

    fn end(mut self) -> Outcome<()> {
        Command::new("kill")
            .args(["-INT", &self.child.id().to_string()])
            .status()?;
        self.child.wait()?;
        Ok(())
    }

    fn ask(&self, path: &str) -> Outcome<TcpStream> {
        let mut stream = TcpStream::connect(format!("127.0.0.1:{}", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: localhost:{}\r\nAccept: text/html\r\nConnection: close\r\n\r\n",
            self.port
        )?;
        Ok(stream)
    }

    fn get(&self, path: &str) -> Outcome<String> {
        let mut text = String::new();
        self.ask(path)?.read_to_string(&mut text)?;
        Ok(text)
    }

    /// Saves, and returns how many milliseconds it took until the page showed it.
    fn saved(&self, root: &Path, page: &str, edit: &Edit) -> Outcome<f64> {
        let before = self.get(page)?;
        let part = |after: &str| {
            before
                .split(after)
                .nth(1)
                .and_then(|rest| rest.split(['/', '"']).next())
        };
        let token = part("src=\"/-/").ok_or("the page has no script")?;
        let tag = part("ETag: \"").ok_or("the page has no tag")?;
        let live = self.ask(&format!(
            "/-/{token}/live?page={}&tag={tag}",
            page.replace('/', "%2F")
        ))?;
        let mut lines = BufReader::new(live).lines();
        let mut hear = |kind: &str| -> Outcome<()> {
            for line in &mut lines {
                if line?.contains(&format!("\"type\":\"{kind}\"")) {
                    return Ok(());
                }
            }
            Err("the live connection ended".into())
        };
        hear("faults")?;
        let start = Instant::now();
        put(root, &edit.path, &edit.text)?;
        hear("page")?;
        let after = self.get(page)?;
        let taken = start.elapsed().as_secs_f64() * 1000.0;
        let is_right = after.contains(&edit.words) && after != before;
        is_right
            .then_some(taken)
            .ok_or_else(|| format!("{page} does not show {}", edit.words).into())
    }
}

fn put(root: &Path, path: &str, text: &str) -> Outcome<()> {
    let path: PathBuf = root.join(path);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    Ok(fs::write(path, text)?)
}
