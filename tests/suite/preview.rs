//! The preview as a browser and an attacker meet it: over sockets, while files change.

use crate::support::{CONFIG, Site, article};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// How long anything is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running preview, which ends with the test.
struct Preview {
    child: Child,
    port: u16,
    events: Arc<Mutex<Vec<serde_json::Value>>>,
}

/// An answer.
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Preview {
    /// Starts a preview of a site on some free port.
    fn start(site: &Site, options: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
        command
            .args(["serve", "--json"])
            .args(options)
            .current_dir(site.root())
            .env("SOURCE_DATE_EPOCH", site.now.to_string());
        if !options.contains(&"-p") {
            command.args(["-p", "0"]);
        }
        Self::of(command)
    }

    fn of(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let events = Arc::new(Mutex::new(Vec::new()));
        let lines = BufReader::new(child.stdout.take().unwrap());
        let own = Arc::clone(&events);
        thread::spawn(move || collect(lines, &own));
        let mut preview = Self {
            child,
            port: 0,
            events,
        };
        let ready = preview.event("ready", 0);
        let url = ready["url"].as_str().unwrap();
        let port = url.rsplit(':').next().unwrap().split('/').next().unwrap();
        preview.port = port.parse().unwrap();
        preview
    }

    fn events(&self) -> Vec<serde_json::Value> {
        self.events.lock().unwrap().clone()
    }

    /// Waits for an event of a kind, after so many events.
    fn event(&self, kind: &str, after: usize) -> serde_json::Value {
        let mut found = None;
        until(&format!("there is a {kind}"), || {
            found = self
                .events()
                .into_iter()
                .skip(after)
                .find(|event| event["event"] == kind);
            found.is_some()
        });
        found.unwrap()
    }

    fn host(&self) -> String {
        format!("localhost:{}", self.port)
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends bytes, and returns the answer; none where the server ended the connection in silence.
    fn send(&self, bytes: &[u8]) -> Option<Answer> {
        let mut stream = self.connect();
        // A server that refuses what it is sent may stop to read it.
        let _ = stream.write_all(bytes);
        answer(&mut stream)
    }

    fn ask(&self, path: &str, headers: &str) -> Answer {
        let host = self.host();
        self.send(format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n").as_bytes())
            .expect("an answer")
    }

    fn get(&self, path: &str) -> Answer {
        self.ask(path, "")
    }

    /// Waits until a page shows some words.
    fn shows(&self, path: &str, words: &str) {
        until(&format!("{path} shows {words}"), || {
            self.get(path).text().contains(words)
        });
    }

    /// Returns the secret that the pages carry.
    fn token(&self) -> String {
        let page = self.get("/").text();
        let rest = page
            .split("src=\"/-/")
            .nth(1)
            .expect("the page has the script");
        rest.split('/').next().unwrap().to_owned()
    }

    /// Sends a signal; returns how the preview ended, and after how long.
    fn end(mut self, signal: &str) -> (Option<i32>, Duration) {
        let start = Instant::now();
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &pid])
                .status()
                .unwrap()
                .success()
        );
        let status = self.child.wait().unwrap();
        (status.code(), start.elapsed())
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (own, value) = line.split_once(": ")?;
            own.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

fn collect(lines: BufReader<ChildStdout>, events: &Mutex<Vec<serde_json::Value>>) {
    for line in lines.lines().map_while(Result::ok) {
        events
            .lock()
            .unwrap()
            .push(serde_json::from_str(&line).expect("a line of JSON"));
    }
}

/// Reads one answer whole.
fn answer(stream: &mut TcpStream) -> Option<Answer> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 8192];
    loop {
        if let Some(end) = find(&bytes, b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let status = head.split(' ').nth(1)?.parse().ok()?;
            let mut answer = Answer {
                status,
                head,
                body: bytes.split_off(end + 4),
            };
            let length = answer
                .header("content-length")
                .and_then(|value| value.parse().ok());
            while answer.body.len() < length.unwrap_or(0) {
                let count = stream.read(&mut chunk).ok().filter(|count| *count > 0)?;
                answer.body.extend_from_slice(&chunk[..count]);
            }
            return Some(answer);
        }
        let count = stream.read(&mut chunk).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&chunk[..count]);
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

/// Waits until something is true.
fn until(what: &str, mut is: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is() {
        assert!(Instant::now() < end, "waited in vain until {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// A site with two articles.
fn site() -> Site {
    Site::new(&[
        ("content/a.md", &text("A", "First.")),
        ("content/b.md", &text("B", "Second.")),
        ("static/notes.txt", "0123456789"),
    ])
}

fn text(headline: &str, body: &str) -> String {
    let url = format!("url: /{}/\n", headline.to_lowercase());
    article(headline, "2024-11-21 16:32", &url, body)
}

#[test]
fn a_preview_shows_what_a_build_writes() {
    let site = site();
    site.put("static/_headers", "/*\n  X-Test: yes\n");
    let preview = Preview::start(&site, &[]);
    let address = format!("http://localhost:{}", preview.port);
    let output = tempfile::tempdir().unwrap();
    let options = dateline::session::Options {
        output: output.path().join("public"),
        base_url: Some(address),
        ..site.options()
    };
    dateline::session::build(&options, &dateline::session::Quiet).unwrap();
    let tree = crate::support::tree(&options.output);
    let mut compared = 0;
    for (path, expect) in tree
        .iter()
        .filter(|(path, _)| *path != ".dateline" && *path != "_headers")
    {
        let url = format!("/{}", path.strip_suffix("index.html").unwrap_or(path));
        let answer = preview.get(&url);
        assert_eq!(answer.status, 200, "{url}");
        assert_eq!(answer.header("x-test"), Some("yes"), "{url}");
        let shown = match answer
            .text()
            .split_once("<script type=\"application/json\" id=\"dateline-preview\"")
        {
            Some((before, rest)) => {
                let after = rest.split_once("</script>\n").unwrap().1;
                format!("{before}{after}").into_bytes()
            }
            None => answer.body.clone(),
        };
        assert!(shown == *expect, "{url} is not what a build writes");
        compared += 1;
    }
    assert!(compared > 15, "{compared} files were compared");
}

/// The index is made when a search asks for it, of what the articles say by then.
#[test]
fn a_search_finds_in_a_preview_what_a_build_would_index() {
    let site = site();
    site.put("dateline.yaml", format!("{CONFIG}search: true\n"));
    let preview = Preview::start(&site, &[]);
    let compare = || {
        let output = tempfile::tempdir().unwrap();
        let options = dateline::session::Options {
            output: output.path().join("public"),
            base_url: Some(format!("http://localhost:{}", preview.port)),
            ..site.options()
        };
        dateline::session::build(&options, &dateline::session::Quiet).unwrap();
        let index = crate::support::tree(&options.output.join("pagefind"));
        for (path, expect) in &index {
            let answer = preview.get(&format!("/pagefind/{path}"));
            assert_eq!(answer.status, 200, "{path}");
            assert!(answer.body == *expect, "{path} is not what a build writes");
        }
        index
    };
    let first = compare();
    assert!(first.keys().any(|path| path.ends_with(".pf_fragment")));
    site.put("content/a.md", text("A", "A lighthouse."));
    preview.shows("/a/", "A lighthouse.");
    let second = compare();
    let gone = first.keys().find(|path| !second.contains_key(*path));
    let gone = gone.expect("the names of an index are those of its content");
    assert_eq!(preview.get(&format!("/pagefind/{gone}")).status, 404);
}

#[test]
fn foreign_names_are_refused() {
    let site = site();
    let preview = Preview::start(&site, &["--host", "desk.test"]);
    let port = preview.port;
    let status = |host: &str| {
        let answer = preview.send(format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes());
        answer.expect("an answer").status
    };
    for host in [
        format!("localhost:{port}"),
        format!("127.0.0.1:{port}"),
        format!("[::1]:{port}"),
        format!("desk.test:{port}"),
    ] {
        assert_eq!(status(&host), 200, "{host}");
    }
    for host in [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        format!("127.0.0.1.evil.example:{port}"),
        format!("localhost.evil.example:{port}"),
        "localhost:1".to_owned(),
        format!("10.0.0.1:{port}"),
        String::new(),
    ] {
        assert_eq!(status(&host), 403, "{host}");
    }
    let two = format!("GET / HTTP/1.1\r\nHost: localhost:{port}\r\nHost: evil.example\r\n\r\n");
    assert_eq!(preview.send(two.as_bytes()).expect("an answer").status, 400);
    assert_eq!(
        preview
            .send(b"GET / HTTP/1.1\r\n\r\n")
            .expect("an answer")
            .status,
        400
    );
}

#[test]
fn the_live_connection_is_for_pages_of_the_preview() {
    let site = site();
    let preview = Preview::start(&site, &[]);
    let token = preview.token();
    let own = format!("http://localhost:{}", preview.port);
    let live = |token: &str, headers: &str| {
        preview.ask(&format!("/-/{token}/live?page=%2Fa%2F&tag="), headers)
    };
    for headers in [
        "Origin: http://evil.example\r\n".to_owned(),
        "Origin: null\r\n".to_owned(),
        format!("Origin: {own}.evil.example\r\n"),
        format!("Origin: https://localhost:{}\r\n", preview.port),
        "Sec-Fetch-Site: cross-site\r\n".to_owned(),
        "Sec-Fetch-Site: same-site\r\n".to_owned(),
    ] {
        assert_eq!(live(&token, &headers).status, 403, "{headers}");
    }
    assert_eq!(live("0123", "").status, 403);
    assert_eq!(live("", "").status, 403);
    let answer = live(
        &token,
        &format!("Origin: {own}\r\nSec-Fetch-Site: same-origin\r\n"),
    );
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, Some("text/event-stream"))
    );
    for path in ["/", "/a/", "/notes.txt", &format!("/-/{token}/preview.js")] {
        let answer = preview.get(path);
        assert!(
            !answer.head.to_lowercase().contains("access-control"),
            "{path}: {}",
            answer.head
        );
        assert_eq!(
            answer.header("cross-origin-resource-policy"),
            Some("same-origin"),
            "{path}"
        );
        assert_eq!(
            answer.header("x-content-type-options"),
            Some("nosniff"),
            "{path}"
        );
    }
}

#[test]
fn nothing_but_the_site_is_served() {
    let site = site();
    site.put(".git/config", "secret");
    site.put("content/.env", "secret");
    site.put("static/.env", "secret");
    fs::write(
        site.root().parent().unwrap().join("dateline-secret"),
        "secret",
    )
    .unwrap();
    let preview = Preview::start(&site, &[]);
    for path in [
        "/../dateline-secret",
        "/%2e%2e/dateline-secret",
        "/..%2fdateline-secret",
        "/..%2Fdateline-secret",
        "/%2e%2e%2fdateline-secret",
        "/.%2e/dateline-secret",
        "/..%5cdateline-secret",
        "/..\\dateline-secret",
        "/%252e%252e/dateline-secret",
        "/..%252fdateline-secret",
        "/a/../../dateline-secret",
        "/a/..%2f..%2fdateline-secret",
        "/./../dateline-secret",
        "//dateline-secret",
        "///etc/passwd",
        "/%2fetc/passwd",
        "/%c0%ae%c0%ae/dateline-secret",
        "/%uff0e%uff0e/dateline-secret",
        "/..;/dateline-secret",
        "/@fs/etc/passwd",
        "/@fs/../dateline-secret",
        "/file:///etc/passwd",
        "/a%00.html",
        "/notes.txt%00",
        "/notes.txt/",
        "/dateline.yaml",
        "/content/a.md",
        "/static/notes.txt",
        "/public/index.html",
        "/.git/config",
        "/.env",
        "/.dateline/articles.cache",
        "/-/",
        "/-/live",
        "/_headers",
        "/_redirects",
    ] {
        let answer = preview.get(path);
        let text = answer.text();
        assert!(
            matches!(answer.status, 400 | 403 | 404),
            "{path} is {}",
            answer.status
        );
        assert!(
            !text.contains("secret") || text.contains("dateline-secret"),
            "{path}: {text}"
        );
        assert!(
            !text.contains("root:") && !text.contains("title: The Gazette"),
            "{path}: {text}"
        );
    }
    fs::remove_file(site.root().parent().unwrap().join("dateline-secret")).unwrap();
}

#[test]
fn whatever_is_sent_the_server_goes_on_answering() {
    let site = site();
    let preview = Preview::start(&site, &[]);
    let host = preview.host();
    let head = format!("GET / HTTP/1.1\r\nHost: {host}\r\n");
    let status = |bytes: Vec<u8>| preview.send(&bytes).map(|answer| answer.status);
    let long = format!(
        "GET /{} HTTP/1.1\r\nHost: {host}\r\n\r\n",
        "a".repeat(70_000)
    );
    assert_eq!(status(long.into_bytes()), Some(414));
    let many = format!("{head}{}\r\n", "X-Y: z\r\n".repeat(20_000));
    assert_eq!(status(many.into_bytes()), Some(431));
    let wide = format!("{head}X: {}\r\n\r\n", "y".repeat(100_000));
    assert_eq!(status(wide.into_bytes()), Some(431));
    let junk: Vec<u8> = (0..50_000_u32)
        .map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    assert!(matches!(status(junk), Some(400) | None));
    let tls = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec();
    assert_eq!(status(tls), Some(400));
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "TRACE"] {
        let request =
            format!("{method} / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 3\r\n\r\nabc");
        assert_eq!(status(request.into_bytes()), Some(405), "{method}");
    }
    // A body that pretends to be the next request is not one.
    let smuggled =
        format!("{head}Content-Length: 40\r\n\r\nGET /b/ HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let mut stream = preview.connect();
    stream.write_all(smuggled.as_bytes()).unwrap();
    assert_eq!(answer(&mut stream).expect("an answer").status, 200);
    assert!(answer(&mut stream).is_none());
    // Two requests at once on one connection are two answers.
    let mut stream = preview.connect();
    let two =
        format!("GET /a/ HTTP/1.1\r\nHost: {host}\r\n\r\nGET /b/ HTTP/1.1\r\nHost: {host}\r\n\r\n");
    stream.write_all(two.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    let mut chunk = [0; 8192];
    until("both pages came", || {
        let count = stream.read(&mut chunk).unwrap();
        bytes.extend_from_slice(&chunk[..count]);
        find(&bytes, b"First.").is_some() && find(&bytes, b"Second.").is_some()
    });

    let idle: Vec<TcpStream> = (0..200).map(|_| preview.connect()).collect();
    let mut slow: Vec<TcpStream> = (0..50).map(|_| preview.connect()).collect();
    for stream in &mut slow {
        stream.write_all(b"GET / HT").unwrap();
    }
    let start = Instant::now();
    assert_eq!(preview.get("/a/").status, 200);
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
    drop((idle, slow));
    assert_eq!(preview.get("/a/").status, 200);
}

#[test]
fn media_types_tags_ranges_and_heads_are_right() {
    let site = site();
    let long: Vec<u8> = (0..3_000_000_u32).map(|at| at as u8).collect();
    site.put("static/clip.mp4", &long);
    let preview = Preview::start(&site, &[]);
    for (path, expect) in [
        ("/", "text/html; charset=utf-8"),
        ("/feed.xml", "application/xml"),
        ("/notes.txt", "text/plain; charset=utf-8"),
        ("/clip.mp4", "video/mp4"),
        ("/robots.txt", "text/plain; charset=utf-8"),
    ] {
        let answer = preview.get(path);
        assert_eq!(answer.header("content-type"), Some(expect), "{path}");
        let tag = answer.header("etag").expect("a tag").to_owned();
        let again = preview.ask(path, &format!("If-None-Match: {tag}\r\n"));
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        let host = preview.host();
        let mut stream = preview.connect();
        let heads = format!("HEAD {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(heads.as_bytes()).unwrap();
        let mut head = String::new();
        stream.read_to_string(&mut head).unwrap();
        assert!(
            head.starts_with("HTTP/1.1 200 ") && head.ends_with("\r\n\r\n"),
            "{path}: {head}"
        );
        assert!(
            head.contains(&format!("Content-Length: {}\r\n", answer.body.len())),
            "{path}: {head}"
        );
    }
    for path in ["/notes.txt", "/clip.mp4"] {
        let whole = preview.get(path).body;
        let part = preview.ask(path, "Range: bytes=2-5\r\n");
        assert_eq!(
            (part.status, part.body.as_slice()),
            (206, &whole[2..6]),
            "{path}"
        );
        assert_eq!(
            part.header("content-range"),
            Some(format!("bytes 2-5/{}", whole.len()).as_str())
        );
        let end = preview.ask(path, "Range: bytes=-3\r\n");
        assert_eq!(
            (end.status, end.body.as_slice()),
            (206, &whole[whole.len() - 3..]),
            "{path}"
        );
        let beyond = preview.ask(path, "Range: bytes=99999999-\r\n");
        assert_eq!((beyond.status, beyond.body.len()), (416, 0), "{path}");
    }
    assert!(preview.get("/clip.mp4").body == long);
}

#[test]
fn a_size_of_a_photo_is_made_when_it_is_asked_for_and_once() {
    let site = site();
    let put = |site: &Site| {
        site.put(
            "static/cup.jpg",
            include_bytes!("../data/photos/espresso.jpg"),
        );
        let more = "url: /cup/\nphoto: { src: /cup.jpg, credit: C, alt: A cup }\n";
        site.put(
            "content/cup.md",
            article("Cup", "2025-11-20", more, "Text."),
        );
    };
    put(&site);
    let preview = Preview::start(&site, &[]);
    let page = preview.get("/cup/").text();
    let start = page.find("srcset=\"").unwrap() + "srcset=\"".len();
    let address = page[start..].split([' ', '"']).next().unwrap().to_owned();
    assert!(address.ends_with("-480.webp"), "{address}");
    let kept = || -> Vec<(std::path::PathBuf, u64, std::time::SystemTime)> {
        let folders = fs::read_dir(site.path(".dateline/photos"))
            .into_iter()
            .flatten();
        let files = folders.flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap());
        files
            .map(|file| {
                use std::os::unix::fs::MetadataExt as _;
                let file = file.unwrap();
                let found = file.metadata().unwrap();
                (file.path(), found.ino(), found.modified().unwrap())
            })
            .collect()
    };
    assert_eq!(kept(), [], "nobody asked for a size");
    let first = preview.get(&address);
    assert_eq!(
        (first.status, first.header("content-type")),
        (200, Some("image/webp"))
    );
    let made = kept();
    assert_eq!(made.len(), 1, "what was asked for and nothing else");
    let again = preview.get(&address);
    assert_eq!(again.body, first.body);
    assert_eq!(kept(), made, "it was not made again");
    assert_eq!(preview.get(&address.replace("-480", "-481")).status, 404);

    let other = self::site();
    put(&other);
    other.build();
    let built = fs::read(other.path(&format!("public{address}"))).unwrap();
    assert_eq!(first.body, built);

    // The colour of its place is that of the published page.
    let tint = |html: &str| {
        let rest = &html[html.find("data-tint=\"").expect("it has a tint")..];
        rest.split('"').nth(1).map(str::to_owned)
    };
    assert_eq!(tint(&page), tint(&other.page("cup/index.html")));
}

#[test]
fn addresses_turn_as_hosts_turn_them() {
    let site = site();
    site.put(
        "dateline.yaml",
        "title: The Gazette\nbase_url: https://example.org/gazette/\n",
    );
    site.put("static/_redirects", "/gazette/old/* /gazette/a/ 302\n/gazette/app /gazette/b/ 200\n/away https://elsewhere.example/:splat\n");
    let preview = Preview::start(&site, &[]);
    let turn = |path: &str| {
        let answer = preview.get(path);
        (
            answer.status,
            answer.header("location").unwrap_or_default().to_owned(),
        )
    };
    let to = |status, place: &str| (status, place.to_owned());
    assert_eq!(turn("/"), to(302, "/gazette/"));
    assert_eq!(turn("/gazette"), to(302, "/gazette/"));
    assert_eq!(turn("/gazette/a"), to(301, "/gazette/a/"));
    assert_eq!(turn("/gazette/a?x=1"), to(301, "/gazette/a/?x=1"));
    assert_eq!(turn("/gazette/old/x/y"), to(302, "/gazette/a/"));
    assert_eq!(turn("/away").0, 301);
    assert_eq!(turn("/gazette/"), to(200, ""));
    assert_eq!(turn("/gazette/a/index.html"), to(200, ""));
    assert_eq!(turn("/a/"), to(404, ""));
    assert!(preview.get("/gazette/app").text().contains("Second."));
    let home = preview.get("/gazette/").text();
    assert!(home.contains("href=\"/gazette/a/\""), "{home}");
    assert!(
        home.contains(&format!("http://localhost:{}/gazette/", preview.port)),
        "{home}"
    );
    let ready = preview.event("ready", 0);
    assert_eq!(
        ready["url"],
        format!("http://localhost:{}/gazette/", preview.port)
    );
}

#[test]
fn the_address_of_a_hidden_article_says_why_and_how_to_see_it() {
    let site = site();
    site.put(
        "content/d.md",
        article("D", "2024-01-01", "url: /d/\ndraft: true\n", "Drafted."),
    );
    site.put(
        "content/s.md",
        article("S", "2099-01-01", "url: /s/\n", "Scheduled."),
    );
    site.put(
        "content/e.md",
        article(
            "E",
            "2024-01-01",
            "url: /e/\nexpires: 2025-01-01\n",
            "Expired.",
        ),
    );
    let preview = Preview::start(&site, &[]);
    let hidden = &preview.event("ready", 0)["change"]["hidden"];
    assert_eq!(
        *hidden,
        serde_json::json!({ "drafts": 1, "scheduled": 1, "expired": 1 })
    );
    for (path, what, flag) in [
        ("/d/", "this is a draft: content/d.md", "-D"),
        ("/s/", "this is scheduled for later: content/s.md", "-F"),
        ("/e/", "this is expired: content/e.md", "-E"),
        ("/d", "this is a draft: content/d.md", "-D"),
    ] {
        let answer = preview.get(path);
        let page = answer.text();
        assert_eq!(answer.status, 404, "{path}");
        assert!(
            page.contains(what) && page.contains(&format!("dateline serve {flag}")),
            "{path}: {page}"
        );
        assert!(
            !page.contains("Drafted.")
                && !page.contains("Scheduled.")
                && !page.contains("Expired.")
        );
    }
    assert!(!preview.get("/nothing/").text().contains("this is"));
    let all = Preview::start(&site, &["-D", "-F", "-E"]);
    for (path, words, note) in [
        ("/d/", "Drafted.", "\"draft\""),
        ("/s/", "Scheduled.", "\"scheduled for 2099-01-01"),
        ("/e/", "Expired.", "\"expired 2025-01-01"),
    ] {
        let page = all.get(path).text();
        assert!(
            page.contains(words) && page.contains(note),
            "{path}: {page}"
        );
    }
}

#[test]
fn what_changes_is_on_the_next_request() {
    let site = site();
    site.put("data/facts.yaml", "tide: high\n");
    site.put(
        "static/map.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"10\"/>",
    );
    site.put(
        "templates/article.html",
        "{% extends \"broadsheet/article.html\" %}{% block main %}{{ super() }}{% set facts = load_data(path=\"data/facts.yaml\") %}<i>{{ facts.tide }}</i>{% endblock %}",
    );
    let preview = Preview::start(&site, &[]);
    let gone = |path: &str| {
        until(&format!("{path} is gone"), || {
            preview.get(path).status == 404
        })
    };
    // An article: its text, its name, itself.
    site.put("content/a.md", text("A", "Edited."));
    preview.shows("/a/", "Edited.");
    site.put("content/c.md", text("C", "New."));
    preview.shows("/c/", "New.");
    preview.shows("/", ">C<");
    site.delete("content/c.md");
    gone("/c/");
    fs::rename(site.path("content/b.md"), site.path("content/renamed.md")).unwrap();
    site.put("content/renamed.md", text("Renamed", "Second."));
    preview.shows("/renamed/", "Second.");
    gone("/b/");
    // A section with what is in it, as one folder that comes and goes.
    let folder = tempfile::tempdir_in(site.root().parent().unwrap()).unwrap();
    fs::create_dir_all(folder.path().join("port/ships")).unwrap();
    fs::write(
        folder.path().join("port/ships/ferry.md"),
        text("Ferry", "It floats."),
    )
    .unwrap();
    fs::rename(folder.path().join("port"), site.path("content/port")).unwrap();
    preview.shows("/ferry/", "It floats.");
    site.put("content/port/ships/tug.md", text("Tug", "It pulls."));
    preview.shows("/tug/", "It pulls.");
    fs::remove_dir_all(site.path("content/port")).unwrap();
    gone("/ferry/");
    // Everything that is no article.
    site.put("static/notes.txt", "other");
    preview.shows("/notes.txt", "other");
    site.put(
        "static/map.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20\" height=\"10\"/>",
    );
    preview.shows("/map.svg", "width=\"20\"");
    preview.shows("/a/", "<i>high</i>");
    site.put("data/facts.yaml", "tide: low\n");
    preview.shows("/a/", "<i>low</i>");
    site.put(
        "templates/article.html",
        "<p>{{ article.headline }} alone</p>",
    );
    preview.shows("/a/", "A alone");
    site.delete("templates/article.html");
    until("the theme's own template is back", || {
        preview.get("/a/").text().contains("Edited.")
    });
    site.put(
        "dateline.yaml",
        "title: The Courier\nbase_url: https://gazette.example\n",
    );
    preview.shows("/", "The Courier");
    // Folders that were not there when the preview began.
    let total = |preview: &Preview| {
        let events = preview.events();
        events
            .last()
            .and_then(|event| event["change"]["total"].as_u64())
    };
    until("the title is told", || total(&preview).is_some());
    let before = total(&preview).unwrap();
    site.put("assets/own.css", "p { margin: 0 }");
    until("the asset is there", || total(&preview) == Some(before + 1));
    site.put("assets/more.css", "p { margin: 0 }");
    until("another is, too", || total(&preview) == Some(before + 2));
}

#[test]
fn every_kind_of_save_is_one_change_without_a_fault() {
    let site = site();
    let preview = Preview::start(&site, &[]);
    let place = site.path("content/a.md");
    let beside = |name: &str| place.with_file_name(name);
    let pause = || thread::sleep(Duration::from_millis(100));
    type Save<'a> = Box<dyn Fn(&str) + 'a>;
    let kinds: Vec<(&str, Save<'_>)> = vec![
        (
            "in place",
            Box::new(|next| fs::write(&place, next).unwrap()),
        ),
        (
            "temp and rename",
            Box::new(|next| {
                fs::write(beside("a.md.tmp"), next).unwrap();
                fs::rename(beside("a.md.tmp"), &place).unwrap();
            }),
        ),
        (
            "backup and new file",
            Box::new(|next| {
                fs::rename(&place, beside("a.md~")).unwrap();
                pause();
                fs::write(&place, next).unwrap();
                fs::remove_file(beside("a.md~")).unwrap();
            }),
        ),
        (
            "truncate and write late",
            Box::new(|next| {
                fs::write(&place, "").unwrap();
                thread::sleep(Duration::from_millis(150));
                fs::write(&place, next).unwrap();
            }),
        ),
        (
            "in pieces",
            Box::new(|next| {
                let mut file = fs::File::create(&place).unwrap();
                file.write_all(&next.as_bytes()[..9]).unwrap();
                pause();
                file.write_all(&next.as_bytes()[9..]).unwrap();
            }),
        ),
        (
            "fifty in a burst",
            Box::new(|next| {
                for at in 0..50 {
                    fs::write(&place, text("A", &format!("Burst {at}."))).unwrap();
                }
                fs::write(&place, next).unwrap();
            }),
        ),
    ];
    for (name, save) in kinds {
        // A busy machine may take longer to save than a preview waits for the other half: then these
        // are two changes, and what counts is the next attempt.
        let save = |attempt: usize| {
            let before = preview.events().len();
            let words = format!("Saved {name}, attempt {attempt}.");
            let start = Instant::now();
            save(&text("A", &words));
            let is_quick = start.elapsed() < Duration::from_millis(250);
            preview.shows("/a/", &words);
            if !is_quick {
                thread::sleep(Duration::from_millis(500));
            }
            is_quick.then_some(before)
        };
        let before = (0..50)
            .find_map(save)
            .expect("a save takes no quarter of a second");
        preview.event("change", before);
        let told = preview.events().split_off(before);
        assert!(
            told.iter().all(|event| event["event"] == "change"),
            "{name}: {told:#?}"
        );
        assert!(
            told.len() <= if name.starts_with("fifty") { 10 } else { 1 },
            "{name}: {told:#?}"
        );
        assert_eq!(
            told[0]["change"]["files"],
            serde_json::json!(["content/a.md"]),
            "{name}"
        );
    }
}

#[test]
fn a_thousand_files_at_once_are_one_change() {
    let site = site();
    for at in 0..1000 {
        site.put(
            &format!("content/n{at}.md"),
            text(&format!("N{at}"), "Before."),
        );
    }
    fs::create_dir(site.path(".git")).unwrap();
    let preview = Preview::start(&site, &[]);
    let before = preview.events().len();
    // As git does it: under a lock, in an order of its own.
    fs::write(site.path(".git/index.lock"), "").unwrap();
    for at in 0..1000 {
        let path = format!("content/n{at}.md");
        site.delete(&path);
        site.put(&path, text(&format!("N{at}"), "After."));
    }
    fs::remove_file(site.path(".git/index.lock")).unwrap();
    let change = preview.event("change", before);
    assert_eq!(change["change"]["files"].as_array().unwrap().len(), 1000);
    preview.shows("/n999/", "After.");
    assert_eq!(
        preview.events().len(),
        before + 1,
        "{:?}",
        preview.events().last()
    );
}

#[test]
fn a_fault_is_told_the_last_good_page_stays_and_it_heals() {
    let site = site();
    let preview = Preview::start(&site, &[]);
    preview.shows("/a/", "First.");
    let before = preview.events().len();
    site.put("content/a.md", "---\nheadline: A\ntags: [x\n---\nBroken.\n");
    let faults = preview.event("faults", before);
    assert_eq!(faults["diagnostics"][0]["place"]["path"], "content/a.md");
    assert!(faults["diagnostics"][0]["place"]["line"].is_u64());
    for (path, words) in [("/a/", "First."), ("/b/", "Second.")] {
        let page = preview.get(path).text();
        assert!(
            page.contains(words) && !page.contains("Broken."),
            "{path}: {page}"
        );
    }
    // A tab that comes hears of it.
    let live = format!("/-/{}/live?page=%2Fb%2F&tag=", preview.token());
    let host = preview.host();
    let mut stream = preview.connect();
    stream
        .write_all(format!("GET {live} HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes())
        .unwrap();
    let mut lines = BufReader::new(stream).lines().map(Result::unwrap);
    let told = lines.find(|line| line.contains("\"faults\"")).unwrap();
    assert!(
        told.contains("content/a.md") && told.contains("vscode://file/"),
        "{told}"
    );
    site.put("content/a.md", text("A", "Mended."));
    let healed = lines.find(|line| line.contains("\"faults\"")).unwrap();
    assert!(healed.contains("\"faults\":[]"), "{healed}");
    preview.shows("/a/", "Mended.");
}

#[test]
fn a_site_that_begins_broken_says_so_and_heals() {
    let site = site();
    site.put("dateline.yaml", "tittle: x\n");
    let preview = Preview::start(&site, &[]);
    let answer = preview.get("/a/");
    assert_eq!(answer.status, 500);
    assert!(
        answer.text().contains("dateline.yaml:1:1"),
        "{}",
        answer.text()
    );
    site.put("dateline.yaml", crate::support::CONFIG);
    preview.shows("/a/", "First.");
    // With an error in one article the others can be seen from the beginning.
    site.put(
        "content/c.md",
        "---\nheadline: C\ntimestamp: nonsense\n---\n",
    );
    let flawed = Preview::start(&site, &[]);
    flawed.event("faults", 0);
    flawed.shows("/a/", "First.");
}

#[test]
fn a_tab_is_told_what_concerns_its_page_and_nothing_else() {
    let site = site();
    site.put(
        "content/other/c.md",
        article("C", "2020-01-01", "url: /c/\n", "Third."),
    );
    site.put(
        "templates/article.html",
        "<p>{{ article.headline }}</p>{{ article.content }}",
    );
    let preview = Preview::start(&site, &["-N"]);
    let tag = |path: &str| {
        preview
            .get(path)
            .header("etag")
            .expect("a tag")
            .trim_matches('"')
            .to_owned()
    };
    let token = preview.token();
    let listen = |path: &str, tag: &str| {
        let host = preview.host();
        let page = path.replace('/', "%2F");
        let mut stream = preview.connect();
        let request =
            format!("GET /-/{token}/live?page={page}&tag={tag} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut lines = BufReader::new(stream)
            .lines()
            .map(Result::unwrap)
            .filter_map(|line| {
                serde_json::from_str::<serde_json::Value>(line.strip_prefix("data: ")?).ok()
            });
        assert_eq!(lines.next().unwrap()["type"], "hello");
        assert_eq!(lines.next().unwrap()["type"], "faults");
        lines
    };
    let mut a = listen("/a/", &tag("/a/"));
    let mut c = listen("/c/", &tag("/c/"));
    site.put("content/a.md", text("A", "Edited."));
    assert_eq!(a.next().unwrap()["type"], "page");
    assert_eq!(
        a.next().unwrap(),
        serde_json::json!({ "type": "navigate", "url": "/a/" })
    );
    assert_eq!(c.next().unwrap()["type"], "navigate");
    // Saved once more as it is: who has been told and has not asked yet is not told again.
    site.put("content/a.md", text("A", "Edited."));
    assert_eq!(a.next().unwrap()["type"], "navigate");
    assert_eq!(c.next().unwrap()["type"], "navigate");
    tag("/a/");
    site.put(
        "content/other/c.md",
        article("C", "2020-01-01", "url: /moved/\n", "Third."),
    );
    let gone = c.next().unwrap();
    assert_eq!(
        (&gone["type"], &gone["moved"]),
        (&"gone".into(), &"/moved/".into())
    );
    assert_eq!(a.next().unwrap()["type"], "navigate");
    site.put("static/notes.txt", "other");
    let files = a.next().unwrap();
    assert_eq!(files["type"], "files");
    assert!(files["files"]["/notes.txt"].is_string(), "{files}");
    // Who comes with an old version hears that there is another.
    let mut late = listen("/a/", "0123");
    assert_eq!(late.next().unwrap()["type"], "page");
}

#[test]
fn links_are_followed_and_what_they_lead_to_is_watched() {
    let site = site();
    let elsewhere = tempfile::tempdir().unwrap();
    let theme = elsewhere.path().join("theme");
    fs::create_dir_all(theme.join("templates")).unwrap();
    fs::write(theme.join("theme.yaml"), "name: linked\nextends: plain\n").unwrap();
    fs::write(
        theme.join("templates/article.html"),
        "<p>{{ article.headline }}, linked</p>",
    )
    .unwrap();
    fs::create_dir(site.path("themes")).unwrap();
    symlink(&theme, site.path("themes/linked")).unwrap();
    let config = format!(
        "{}theme: linked\nfollow_links: [{}]\n",
        crate::support::CONFIG,
        elsewhere.path().display()
    );
    site.put("dateline.yaml", config);
    let preview = Preview::start(&site, &[]);
    preview.shows("/a/", "A, linked");
    fs::write(
        theme.join("templates/article.html"),
        "<p>{{ article.headline }}, edited</p>",
    )
    .unwrap();
    preview.shows("/a/", "A, edited");
    // The link leads elsewhere.
    let other = elsewhere.path().join("other");
    fs::create_dir_all(other.join("templates")).unwrap();
    fs::write(other.join("theme.yaml"), "name: linked\nextends: plain\n").unwrap();
    fs::write(
        other.join("templates/article.html"),
        "<p>{{ article.headline }}, turned</p>",
    )
    .unwrap();
    fs::remove_file(site.path("themes/linked")).unwrap();
    symlink(&other, site.path("themes/linked")).unwrap();
    preview.shows("/a/", "A, turned");
    fs::write(
        other.join("templates/article.html"),
        "<p>{{ article.headline }}, again</p>",
    )
    .unwrap();
    preview.shows("/a/", "A, again");
}

#[test]
fn looking_finds_what_events_tell() {
    let site = site();
    let preview = Preview::start(&site, &["--poll"]);
    site.put("content/a.md", text("A", "Edited."));
    preview.shows("/a/", "Edited.");
    site.put("content/new/c.md", text("C", "New."));
    preview.shows("/c/", "New.");
    site.delete("content/new/c.md");
    until("it is gone", || preview.get("/c/").status == 404);
}

#[test]
fn a_taken_port_is_passed_over_and_said() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let site = site();
    let mut child = Command::new(env!("CARGO_BIN_EXE_dateline"))
        .args(["serve", "-p", &port.to_string()])
        .current_dir(site.root())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    let said: Vec<String> = lines
        .take_while(|line| !line.starts_with("preview: "))
        .collect();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(said.contains(&format!("port {port} is taken")), "{said:#?}");
}

#[test]
fn a_signal_ends_it_within_a_second_and_leaves_nothing() {
    for signal in ["-INT", "-TERM"] {
        let site = site();
        site.build();
        let before = site.everything();
        let preview = Preview::start(&site, &[]);
        let port = preview.port;
        assert_eq!(preview.get("/a/").status, 200);
        let _idle = preview.connect();
        let (code, taken) = preview.end(signal);
        assert_eq!(code, Some(0), "{signal}");
        assert!(taken < Duration::from_secs(1), "{signal} took {taken:?}");
        assert!(
            TcpStream::connect(("127.0.0.1", port)).is_err(),
            "{signal}: the port is open"
        );
        assert!(
            before == site.everything(),
            "{signal}: something was left behind"
        );
    }
}

#[test]
fn the_aliases_are_the_same_command() {
    let site = site();
    let help = |name: &str| site.run(&[name, "--help"]).stdout;
    assert!(!help("serve").is_empty());
    assert!(help("serve") == help("watch") && help("serve") == help("preview"));
}

/// Starts a build that watches; returns it with its lines.
fn watching(site: &Site, arguments: &[&str]) -> Preview {
    let mut command = site.command(arguments);
    let mut child = command
        .arg("--json")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let events = Arc::new(Mutex::new(Vec::new()));
    let lines = BufReader::new(child.stdout.take().unwrap());
    let own = Arc::clone(&events);
    thread::spawn(move || collect(lines, &own));
    let preview = Preview {
        child,
        port: 0,
        events,
    };
    preview.event("build", 0);
    preview
}

#[test]
fn a_build_that_watches_keeps_the_output_and_never_hears_itself() {
    for arguments in [["build", "--watch"], ["watch", "--build"]] {
        let site = site();
        let watching = watching(&site, &arguments);
        assert!(site.page("a/index.html").contains("First."));
        site.put("content/a.md", text("A", "Edited."));
        until("the page is written", || {
            fs::read_to_string(site.path("public/a/index.html"))
                .is_ok_and(|page| page.contains("Edited."))
        });
        let change = watching.event("build", 1);
        assert_eq!(change["files"], serde_json::json!(["content/a.md"]));
        site.put("content/a.md", "---\nheadline: A\ntags: [x\n---\n");
        watching.event("faults", 2);
        assert!(site.page("a/index.html").contains("Edited."));
        site.put("content/a.md", text("A", "Mended."));
        watching.event("build", 3);
        site.delete("content/b.md");
        until("the page is removed", || {
            !Path::new(&site.path("public/b/index.html")).exists()
        });
        watching.event("build", 4);
        // Builds that hear themselves would have gone on all the while.
        assert_eq!(watching.events().len(), 5, "{:#?}", watching.events());
        let (code, _) = watching.end("-INT");
        assert_eq!(code, Some(0));
        assert_eq!(site.output(), site.clean_output());
    }
}

/// Reads a site whole, and makes every page of it.
fn read(site: &Site) -> Option<dateline::session::Loaded> {
    let options = site.options();
    let config = dateline::session::config(site.root(), &options).ok()?;
    let loaded = dateline::session::load(
        &site.root().canonicalize().unwrap(),
        config,
        &options,
        &dateline::plan::manifest::Manifest::default(),
        &mut dateline::disk::cache::Cache::default(),
        &dateline::session::Quiet,
        &mut dateline::session::Stages::default(),
    );
    loaded.ok().filter(|loaded| loaded.diagnostics.is_empty())
}

/// Returns the fingerprint and the bytes of every page.
fn pages(
    site: &Site,
    archive: &Arc<dateline::archive::Archive>,
    theme: &dateline::theme::theme::Theme,
) -> Vec<(String, String, Vec<u8>)> {
    let (plan, faults) = dateline::plan::list(archive, theme);
    assert!(faults.is_empty());
    let renderer = dateline::render::Renderer::new(archive, theme, &plan);
    let maker = dateline::session::Maker {
        root: site.root(),
        archive,
        renderer: &renderer,
        parsing: dateline::session::parser_print(&archive.config, Some(theme)),
        photos: &dateline::disk::photos::PhotoCache::open(&site.root().join(".dateline")),
        bodies: &dateline::disk::bodies::Bodies::none(),
    };
    let made = |page| match maker.make(page) {
        Ok(made) => made.bytes,
        Err(_) => panic!("the page can't be made"),
    };
    let pages = plan.pages.iter();
    pages
        .map(|page| {
            (
                page.route.to_string(),
                renderer.print(page).to_string(),
                made(page),
            )
        })
        .collect()
}

#[test]
fn the_short_way_makes_what_the_long_way_makes() {
    let picture = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"10\"/>";
    let tags = "tags: [sea, wind]\nauthors: [Ana]\nseries: Tides\n";
    let text =
        |more: &str, body: &str| article("Tide", "2024-05-05", &format!("{tags}{more}"), body);
    let good = text(
        "",
        "First words.\n\n## Heading {#quay}\n\nSee [Wind](wind.md).",
    );
    let site = Site::new(&[
        ("content/local/tide.md", &good),
        (
            "content/local/wind.md",
            &article("Wind", "2024-05-04", tags, "See [Tide](tide.md#quay)."),
        ),
        (
            "content/local/rain.md",
            &article("Rain", "2024-05-06", "tags: [sea]\n", "Wet."),
        ),
        (
            "content/ordered/_index.md",
            "---\nheadline: Ordered\norder: headline\n---\n",
        ),
        (
            "content/ordered/sun.md",
            &article("Sun", "2024-05-07", "", "Dry."),
        ),
        ("static/map.svg", picture),
    ]);
    let tide = "content/local/tide.md";
    let edits: Vec<(&str, &str, String, bool)> = vec![
        (
            "words",
            tide,
            good.replace("First words", "Quite other words, and more of them"),
            true,
        ),
        (
            "headline",
            tide,
            good.replace("headline: Tide", "headline: Tide & turn"),
            false,
        ),
        (
            "headline with a slug",
            tide,
            text("slug: tide\n", "x\n\n## H {#quay}"),
            false,
        ),
        (
            "summary",
            tide,
            text("summary: In short.\n", "First words.\n\n## H {#quay}"),
            true,
        ),
        (
            "updated",
            tide,
            text("updated: 2024-06-01\n", "First words.\n\n## H {#quay}"),
            true,
        ),
        (
            "corrections",
            tide,
            text(
                "corrections: [{ date: 2024-06-01, text: \"Not *so*.\" }]\n",
                "First.\n\n## H {#quay}",
            ),
            false,
        ),
        (
            "a link",
            tide,
            text("", "See [Rain](rain.md).\n\n## H {#quay}"),
            true,
        ),
        (
            "a picture",
            tide,
            text(
                "",
                "![A map](/map.svg){no_credit_reason=\"Ours\"}\n\n## H {#quay}",
            ),
            true,
        ),
        (
            "a photographer who had no page",
            tide,
            text("", "![A map](/map.svg){credit=\"Ana\"}\n\n## H {#quay}"),
            false,
        ),
        (
            "a heading that is linked to",
            tide,
            text("", "## Other {#pier}"),
            false,
        ),
        (
            "tags",
            tide,
            good.replace("[sea, wind]", "[sea, sun]"),
            false,
        ),
        (
            "date",
            tide,
            good.replace("2024-05-05", "2023-05-05"),
            false,
        ),
        ("draft", tide, text("draft: true\n", "x"), false),
        (
            "section",
            tide,
            text("section: port\n", "x\n\n## H {#quay}"),
            false,
        ),
        (
            "alias",
            tide,
            text("aliases: [/old/]\n", "x\n\n## H {#quay}"),
            false,
        ),
        (
            "extra",
            tide,
            text("extra: { a: 1 }\n", "x\n\n## H {#quay}"),
            false,
        ),
        (
            "a broken link",
            tide,
            text("", "See [gone](gone.md).\n\n## H {#quay}"),
            false,
        ),
        ("a fault", tide, "---\nheadline: [\n---\n".to_owned(), false),
        (
            "a headline that orders a list",
            "content/ordered/sun.md",
            article("A sun", "2024-05-07", "", "Dry."),
            false,
        ),
    ];
    for (name, path, next, is_short) in edits {
        let old = site.path(path);
        let before = fs::read_to_string(&old).unwrap();
        let loaded = read(&site).expect("the site is good");
        let theme = loaded.theme.expect("the theme is good");
        fs::write(&old, &next).unwrap();
        let root = site.root().canonicalize().unwrap();
        let renewed = dateline::session::reread(&root, path, &loaded.archive.config, &theme)
            .and_then(|article| loaded.archive.renewed(vec![article], site.now));
        if name != "headline" && name != "headline with a slug" {
            assert_eq!(renewed.is_some(), is_short, "{name}");
        }
        if let Some(renewed) = renewed {
            let long = read(&site)
                .unwrap_or_else(|| panic!("{name}: the long way has something to report"));
            let long = pages(&site, &long.archive, &theme);
            let short = pages(&site, &Arc::new(renewed), &theme);
            assert_eq!(short.len(), long.len(), "{name}");
            for (short, long) in short.iter().zip(&long) {
                assert!(short == long, "{name}: {} differs", short.0);
            }
        }
        fs::write(&old, before).unwrap();
    }
}

#[test]
fn the_terminal_says_in_a_line_what_changed_and_opens_the_browser() {
    let site = site();
    site.put(
        "content/d.md",
        article("D", "2024-01-01", "draft: true\n", "Drafted."),
    );
    let tools = tempfile::tempdir().unwrap();
    let name = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let opened = tools.path().join("opened");
    let script = format!("#!/bin/sh\necho \"$1\" > {}\n", opened.display());
    fs::write(tools.path().join(name), script).unwrap();
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(tools.path().join(name), executable).unwrap();
    let path = std::env::var("PATH").unwrap();
    let mut child = site
        .command(&["serve", "-p", "0", "-O"])
        .env("PATH", format!("{}:{path}", tools.path().display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    let mut next = |beginning: &str| {
        let line = lines.next().unwrap();
        assert!(line.starts_with(beginning), "{line}");
        line
    };
    next("2 articles, ");
    next("1 draft left out; -D shows it");
    let line = next("preview: http://localhost:");
    let url = line.split_whitespace().nth(1).unwrap().to_owned();
    until("the browser is opened", || {
        fs::read_to_string(&opened).is_ok_and(|text| text.trim() == url)
    });
    site.put("content/a.md", text("A", "Edited."));
    let line = next("content/a.md: ");
    assert!(line.contains(" pages, ") && line.ends_with('s'), "{line}");
    site.put("content/a.md", "---\nheadline: A\ntags: [x\n---\n");
    next("content/a.md: 1 error; the preview stays as it was");
    site.put("content/a.md", text("A", "Mended."));
    let line = next("content/a.md: ");
    assert!(line.ends_with("; mended"), "{line}");
    site.delete("content/d.md");
    next("content/d.md: 0 pages, ");
    child.kill().unwrap();
    let mut said = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    child.wait().unwrap();
    assert!(said.contains("--> content/a.md:3:7"), "{said}");
}
