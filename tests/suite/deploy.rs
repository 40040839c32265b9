//! Deploys to folders and to git: what is sent, in which order, what is refused, and what an end in the
//! middle leaves.

use crate::support::{CONFIG, Site, article, tree};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// A site and the place that it is deployed to.
struct Press {
    site: Site,
    there: TempDir,
}

impl Press {
    /// Makes a site of three articles; `target` is the YAML of its only target, in which `THERE` stands
    /// for an empty folder.
    fn new(target: &str) -> Self {
        let site = Site::empty();
        let there = tempfile::tempdir().unwrap();
        let press = Self { site, there };
        press.target(target, "");
        for (name, day) in [("one", 1), ("two", 2), ("three", 3)] {
            press.article(name, day, "Text.");
        }
        press
    }

    fn article(&self, name: &str, day: u32, body: &str) {
        let text = article(
            name,
            &format!("2025-01-0{day}"),
            &format!("url: /{name}/\n"),
            body,
        );
        self.site.put(&format!("content/{name}.md"), text);
    }

    fn target(&self, target: &str, more: &str) {
        let there = self.there().display().to_string();
        let target = target.replace("THERE", &there);
        self.site.put(
            "dateline.yaml",
            format!("{CONFIG}{more}deploy:\n  targets:\n    live: {target}\n"),
        );
    }

    fn there(&self) -> PathBuf {
        self.there.path().canonicalize().unwrap()
    }

    /// Returns what stands there, but for what dateline keeps.
    fn stands(&self) -> BTreeMap<String, Vec<u8>> {
        public(&tree(&self.there()))
    }

    /// Returns what was built.
    fn built(&self) -> BTreeMap<String, Vec<u8>> {
        public(&tree(&self.site.path("public")))
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut all = vec!["deploy"];
        all.extend(arguments);
        self.site.run(&all)
    }

    /// Deploys, and expects that it goes well.
    fn deploy(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Deploys, and expects that it is refused with these words and this exit code.
    fn refuses(&self, arguments: &[&str], code: i32, words: &str) {
        let before = tree(&self.there());
        let output = self.run(arguments);
        let told = said(&output);
        assert_eq!(output.status.code(), Some(code), "{told}");
        assert!(told.contains(words), "`{words}` is not in {told}");
        assert!(told.contains("hint"), "no hint: {told}");
        assert!(
            before == tree(&self.there()),
            "a refused deploy changed something"
        );
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let mut all = arguments.to_vec();
        all.push("--json");
        let output = self.run(&all);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)))
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

/// Leaves out what dateline keeps for itself.
fn public(tree: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    tree.iter()
        .filter(|(path, _)| !path.starts_with(".dateline"))
        .map(|(path, bytes)| (path.clone(), bytes.clone()))
        .collect()
}

fn paths(list: &Value) -> Vec<&str> {
    let items = list.as_array().unwrap().iter();
    items
        .map(|item| {
            item.as_str()
                .unwrap_or_else(|| item["path"].as_str().unwrap())
        })
        .collect()
}

#[test]
fn a_folder_has_the_site_and_an_edit_sends_what_changed() {
    let press = Press::new("{ folder: THERE }");
    press.deploy(&["--build"]);
    assert_eq!(press.stands(), press.built());
    assert!(press.deploy(&[]).contains("is up to date"));

    press.article("two", 2, "Other text.");
    press.site.delete("content/three.md");
    press.deploy(&["--build", "--max-deletes", "20"]);
    assert_eq!(press.stands(), press.built());
    assert!(
        !press.there().join("three").exists(),
        "an empty folder stays"
    );
}

#[test]
fn a_dry_run_names_everything_and_does_nothing() {
    let press = Press::new("{ folder: THERE }");
    press.deploy(&["--build"]);
    press.article("two", 2, "Other text.");
    press.site.build();
    let before = tree(&press.there());
    let plan = press.json(&["--dry-run"]);
    assert!(
        before == tree(&press.there()),
        "a dry run changed something"
    );
    let uploads = paths(&plan["plan"]["uploads"]);
    assert!(uploads.contains(&"two/index.html"), "{uploads:?}");
    assert!(!uploads.contains(&"one/index.html"), "{uploads:?}");
    assert_eq!(plan["plan"]["deletes"], Value::Array(Vec::new()));
    let bytes: u64 = plan["plan"]["uploads"]
        .as_array()
        .unwrap()
        .iter()
        .map(|upload| upload["size"].as_u64().unwrap())
        .sum();
    assert_eq!(plan["plan"]["bytes"], bytes);
    let text = press.deploy(&["--dry-run"]);
    assert!(text.contains("~ two/index.html"), "{text}");
}

#[test]
fn what_readers_shall_not_see_is_refused() {
    let press = Press::new("{ folder: THERE }");
    press.refuses(&[], 1, "holds no whole build");
    press.site.run(&["build", "-D"]);
    press.refuses(&[], 1, "built with drafts");
    press.site.run(&["build", "-u", "https://next.example"]);
    press.refuses(&[], 1, "built for https://next.example");
    press.site.build();
    press.deploy(&[]);
    press.article("two", 2, "Other text.");
    press.refuses(
        &[],
        1,
        "the build is older than its sources: content/two.md",
    );
    press.site.build();
    press.site.delete("content/one.md");
    press.refuses(&[], 1, "the build is older than its sources: content");
    press.deploy(&["--force"]);
}

#[test]
fn a_build_that_fails_deploys_nothing() {
    let press = Press::new("{ folder: THERE }");
    press.deploy(&["--build"]);
    let before = tree(&press.there());
    press.site.put("content/two.md", "---\nheadlin: x\n---\n");
    let output = press.run(&["--build"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(before == tree(&press.there()));
    press.refuses(&[], 1, "older than its sources");
}

#[test]
fn a_file_that_was_changed_since_the_build_is_not_deployed() {
    let press = Press::new("{ folder: THERE }");
    press.site.build();
    press.site.put("public/one/index.html", "<p>tampered");
    let output = press.run(&[]);
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    assert!(said(&output).contains("is not what the build made"));
    assert!(!press.there().join("one/index.html").exists());
}

#[test]
fn more_deletes_than_a_quarter_are_refused() {
    let press = Press::new("{ folder: THERE }");
    for number in 0..20 {
        press.article(&format!("more{number}"), 4 + number % 5, "Text.");
    }
    press.deploy(&["--build"]);
    for number in 0..19 {
        press.site.delete(&format!("content/more{number}.md"));
    }
    press.site.build();
    press.refuses(&[], 1, "the deploy would delete");
    press.refuses(&["--force"], 1, "the deploy would delete");
    press.deploy(&["--max-deletes", "100"]);
    assert_eq!(press.stands(), press.built());
}

#[test]
fn a_target_of_another_site_is_refused() {
    let press = Press::new("{ folder: THERE }");
    press.deploy(&["--build"]);
    let other = Press::new("{ folder: THERE }");
    other.site.put(
        "dateline.yaml",
        format!(
            "title: Other\nbase_url: https://other.example\ndeploy: {{ targets: {{ live: {{ folder: {} }} }} }}\n",
            press.there().display()
        ),
    );
    other.site.build();
    let before = tree(&press.there());
    let output = other.run(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("another site is deployed there: `The Gazette`"));
    assert!(before == tree(&press.there()));
}

#[test]
fn files_that_no_deploy_put_there_stay_and_are_not_replaced() {
    let press = Press::new("{ folder: THERE }");
    fs::write(press.there().join("mine.txt"), "mine").unwrap();
    fs::create_dir(press.there().join("one")).unwrap();
    fs::write(press.there().join("one/index.html"), "mine too").unwrap();
    press.site.build();
    press.refuses(&[], 1, "1 files at");
    press.deploy(&["--force"]);
    press.site.delete("content/two.md");
    press.deploy(&["--build", "--max-deletes", "50"]);
    let mut expect = press.built();
    expect.insert("mine.txt".to_owned(), b"mine".to_vec());
    assert_eq!(press.stands(), expect);
}

#[test]
fn a_target_in_the_site_or_around_it_is_refused() {
    let press = Press::new("{ folder: THERE }");
    press.site.build();
    for (folder, words) in [
        ("public", "is the output of the build"),
        ("public/inner", "is the output of the build"),
        (".", "is the output of the build, or holds it"),
        ("content/x", "lies in the site's own folders"),
        (".dateline/x", "lies in the site's own folders"),
        ("..", "is the output of the build, or holds it"),
        ("dateline.yaml", "is a file"),
    ] {
        press.target(&format!("{{ folder: {folder} }}"), "");
        let before = press.site.everything();
        let output = press.run(&["--force"]);
        assert_eq!(output.status.code(), Some(2), "{folder}: {}", said(&output));
        assert!(said(&output).contains(words), "{folder}: {}", said(&output));
        assert!(before == press.site.everything(), "{folder}");
    }
}

#[test]
fn names_arrive_as_they_are() {
    let press = Press::new("{ folder: THERE }");
    let names = ["a b", "a+b", "100%", "it's", "(x)", "wow!", "日本", "🗞"];
    for name in names {
        press.site.put(&format!("static/files/{name}.txt"), name);
    }
    press.deploy(&["--build"]);
    for name in names {
        let file = press.there().join(format!("files/{name}.txt"));
        assert_eq!(fs::read_to_string(file).unwrap(), name);
    }
}

#[test]
fn an_interrupted_deploy_is_finished_by_the_next() {
    let press = Press::new("{ folder: THERE, lock_seconds: 1 }");
    press.deploy(&["--build"]);
    let old = press.stands();
    press.article("one", 1, "New text.");
    press.article("two", 2, "New text.");
    press.site.delete("content/three.md");
    press.site.build();
    // A file that can't be read ends the deploy in the middle, as a disk that breaks does.
    let page = press.site.path("public/two/index.html");
    let bytes = fs::read(&page).unwrap();
    fs::remove_file(&page).unwrap();
    let output = press.run(&["--max-deletes", "50"]);
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    assert!(said(&output).contains("two/index.html could not be sent"));
    let built = press.built();
    for (path, bytes) in press.stands() {
        let is_whole = old.get(&path) == Some(&bytes) || built.get(&path) == Some(&bytes);
        assert!(is_whole, "{path} is neither old nor new");
    }
    assert!(
        press.there().join("three/index.html").exists(),
        "something was deleted"
    );
    fs::write(&page, bytes).unwrap();
    let status = press.json(&["status"]);
    assert!(
        status["live"]["unfinished"].as_u64().unwrap() > 0,
        "{status}"
    );
    press.deploy(&["--max-deletes", "50"]);
    assert_eq!(press.stands(), press.built());
    // Back to what stood there before: what the broken deploy had changed is not taken for old.
    press.article("one", 1, "Text.");
    press.article("two", 2, "Text.");
    press.article("three", 3, "Text.");
    press.deploy(&["--build"]);
    assert_eq!(press.stands(), old);
}

#[test]
fn the_lock_of_a_dead_deploy_is_taken_over_in_time() {
    let press = Press::new("{ folder: THERE, lock_seconds: 1 }");
    press.deploy(&["--build"]);
    let lock = press.there().join(".dateline/lock");
    assert!(!lock.exists(), "a lock is left");
    fs::write(
        &lock,
        r#"{"holder":"ana@desk (process 1)","id":1,"beat":0}"#,
    )
    .unwrap();
    press.article("one", 1, "New text.");
    let output = press.run(&["--build"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("waiting for ana@desk (process 1)"));
    assert_eq!(press.stands(), press.built());
    assert!(!lock.exists());
}

#[test]
fn two_deploys_at_once_leave_one_site() {
    let press = Press::new("{ folder: THERE, lock_seconds: 5 }");
    press.site.build();
    let binary = env!("CARGO_BIN_EXE_dateline");
    let children: Vec<_> = (0..3)
        .map(|_| {
            Command::new(binary)
                .arg("-r")
                .arg(press.site.root())
                .args(["deploy", "--force"])
                .stdout(std::process::Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(press.stands(), press.built());
    assert_eq!(press.json(&["status"])["live"]["release"], 1);
}

#[test]
fn a_folder_that_keeps_what_changed_returns_to_earlier_releases() {
    let press = Press::new("{ folder: THERE, keep: 2 }");
    let mut sites = Vec::new();
    for number in 1..=4 {
        press.article("one", 1, &format!("Text {number}."));
        press.article(&format!("extra{number}"), 4, "Text.");
        if number > 1 {
            press
                .site
                .delete(&format!("content/extra{}.md", number - 1));
        }
        press.deploy(&["--build", "--max-deletes", "99"]);
        sites.push(press.stands());
    }
    assert_eq!(
        press.json(&["status"])["earlier"],
        serde_json::json!([2, 3])
    );
    press.deploy(&["rollback", "--max-deletes", "99"]);
    assert_eq!(press.stands(), sites[2], "the release before");
    press.deploy(&["rollback", "--max-deletes", "99"]);
    assert_eq!(press.stands(), sites[1], "the one before that");
    press.refuses(&["rollback", "1"], 2, "release 1 is not kept");
    let status = press.json(&["status"]);
    assert_eq!(status["live"]["restores"], 2);
    press.deploy(&["--max-deletes", "99"]);
    assert_eq!(press.stands(), sites[3], "the site that was built last");
}

#[test]
fn releases_are_whole_folders_and_a_link() {
    let press = Press::new("{ folder: THERE, releases: 2 }");
    let mut sites = Vec::new();
    for number in 1..=3 {
        press.article("one", 1, &format!("Text {number}."));
        press.deploy(&["--build"]);
        sites.push(press.built());
    }
    let there = press.there();
    assert_eq!(
        fs::read_link(there.join("current")).unwrap(),
        Path::new("releases/3")
    );
    assert_eq!(tree(&there.join("current/")), sites[2]);
    assert_eq!(tree(&there.join("releases/2")), sites[1]);
    assert!(!there.join("releases/1").exists(), "an old release stays");
    let inode = |release: u32, path: &str| {
        use std::os::unix::fs::MetadataExt;
        let file = there.join(format!("releases/{release}/{path}"));
        fs::metadata(file).unwrap().ino()
    };
    assert_eq!(inode(2, "two/index.html"), inode(3, "two/index.html"));
    assert_ne!(inode(2, "one/index.html"), inode(3, "one/index.html"));
    press.deploy(&["rollback"]);
    assert_eq!(tree(&there.join("current/")), sites[1]);
    assert_eq!(press.json(&["status"])["live"]["release"], 2);
    press.article("one", 1, "Text 4.");
    press.deploy(&["--build"]);
    assert_eq!(
        fs::read_link(there.join("current")).unwrap(),
        Path::new("releases/4")
    );
    assert_eq!(tree(&there.join("current/")), press.built());
}

#[test]
fn texts_are_compressed_beside_themselves() {
    let press = Press::new("{ folder: THERE, precompress: [gzip, brotli] }");
    press.deploy(&["--build"]);
    let there = press.stands();
    assert!(there.contains_key("one/index.html.gz"));
    assert!(there.contains_key("one/index.html.br"));
    let mut plain = Vec::new();
    std::io::Read::read_to_end(
        &mut flate2::read::GzDecoder::new(there["one/index.html.gz"].as_slice()),
        &mut plain,
    )
    .unwrap();
    assert_eq!(plain, there["one/index.html"]);
    assert!(press.deploy(&[]).contains("is up to date"));
}

#[test]
fn host_files_are_made_of_the_headers_and_the_aliases() {
    let press = Press::new("{ folder: THERE, host_files: true }");
    press.target(
        "{ folder: THERE, host_files: true }",
        "headers:\n  \"*.html\": { X-Frame-Options: DENY }\n",
    );
    press.site.put(
        "content/one.md",
        article(
            "one",
            "2025-01-01",
            "url: /one/\naliases: [/old/one/, /2019/one.html]\n",
            "Text.",
        ),
    );
    press.deploy(&["--build"]);
    let there = press.stands();
    let text = |path: &str| String::from_utf8(there[path].clone()).unwrap();
    assert_eq!(text("_headers"), "/*.html\n  X-Frame-Options: DENY\n");
    let redirects = text("_redirects");
    let mut lines: Vec<&str> = redirects.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["/2019/one.html /one/ 301", "/old/one/ /one/ 301"]);
}

#[test]
fn hooks_run_before_and_after() {
    let press = Press::new("{ folder: THERE }");
    press.target(
        "{ folder: THERE, hooks: { before: 'echo before $DATELINE_TARGET >> ../hooks', after: 'echo after $DATELINE_RELEASE >> ../hooks' } }",
        "",
    );
    let log = press.site.root().join("../hooks");
    let _ = fs::remove_file(&log);
    press.deploy(&["--build"]);
    assert_eq!(fs::read_to_string(&log).unwrap(), "before live\nafter 1\n");
    press.deploy(&[]);
    assert_eq!(
        fs::read_to_string(&log).unwrap(),
        "before live\nafter 1\n",
        "nothing was done"
    );
    fs::remove_file(&log).unwrap();
    press.target(
        "{ folder: THERE, hooks: { before: 'echo no >&2; exit 1' } }",
        "",
    );
    press.article("one", 1, "New.");
    press.site.build();
    press.refuses_by_hook();
}

impl Press {
    fn refuses_by_hook(&self) {
        let before = tree(&self.there());
        let output = self.run(&[]);
        assert_eq!(output.status.code(), Some(4));
        assert!(
            said(&output).contains("the hook `before` failed: no"),
            "{}",
            said(&output)
        );
        assert!(before == tree(&self.there()));
    }
}

#[test]
fn a_target_that_is_not_there_is_named_with_those_that_are() {
    let press = Press::new("{ folder: THERE }");
    press.site.build();
    press.refuses(&["staging"], 2, "there is no target `staging`");
    press.site.put("dateline.yaml", CONFIG);
    press.refuses(&[], 2, "names no target");
}

/// Runs git in a folder, and expects that it goes well.
fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(folder)
        .args([
            "-c",
            "user.name=Ana",
            "-c",
            "user.email=ana@gazette.example",
        ])
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "git {arguments:?}: {}",
        said(&output)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Returns the files of a branch.
fn branch(repository: &Path, name: &str) -> BTreeMap<String, Vec<u8>> {
    let checkout = tempfile::tempdir().unwrap();
    let path = checkout.path().join("c");
    git(
        checkout.path(),
        &[
            "clone",
            "-q",
            "-b",
            name,
            repository.to_str().unwrap(),
            path.to_str().unwrap(),
        ],
    );
    public(&tree(&path))
        .into_iter()
        .filter(|(path, _)| !path.starts_with(".git/"))
        .collect()
}

const GIT: &str = "{ git: \"file://THERE\", branch: pages, cname: gazette.example }";

fn with_git() -> Press {
    let press = Press::new(GIT);
    git(&press.there(), &["init", "-q", "--bare", "."]);
    press
}

fn pages(press: &Press) -> BTreeMap<String, Vec<u8>> {
    let mut pages = press.built();
    pages.insert(".nojekyll".to_owned(), Vec::new());
    pages.insert("CNAME".to_owned(), b"gazette.example\n".to_vec());
    pages
}

#[test]
fn a_branch_has_the_site_and_a_commit_for_each_change() {
    let press = with_git();
    press.site.put("static/a b/日本 it's.txt", "x");
    press.deploy(&["--build"]);
    let there = press.there();
    assert_eq!(branch(&there, "pages"), pages(&press));
    let count = || {
        git(&there, &["rev-list", "--count", "pages"])
            .trim()
            .to_owned()
    };
    assert_eq!(count(), "1");
    assert!(press.deploy(&[]).contains("is up to date"));
    assert_eq!(count(), "1", "a commit for nothing");
    press.article("one", 1, "New text.");
    press.deploy(&["--build"]);
    assert_eq!(count(), "2");
    assert_eq!(branch(&there, "pages"), pages(&press));
}

#[test]
fn the_commits_and_files_of_others_are_kept() {
    let press = with_git();
    press.deploy(&["--build"]);
    let there = press.there();
    let work = tempfile::tempdir().unwrap();
    git(
        work.path(),
        &["clone", "-q", "-b", "pages", there.to_str().unwrap(), "."],
    );
    fs::write(work.path().join("theirs.txt"), "theirs").unwrap();
    git(work.path(), &["add", "."]);
    git(work.path(), &["commit", "-qm", "theirs"]);
    git(work.path(), &["push", "-q", "origin", "pages"]);
    let theirs = git(work.path(), &["rev-parse", "HEAD"]);
    press.article("one", 1, "New text.");
    press.deploy(&["--build"]);
    assert_eq!(branch(&there, "pages")["theirs.txt"], b"theirs");
    let log = git(&there, &["log", "--format=%H", "pages"]);
    assert!(log.contains(theirs.trim()), "their commit is gone");
}

#[test]
fn the_users_own_repository_is_not_touched() {
    let press = with_git();
    press.site.put(".gitignore", "/public\n");
    let root = press.site.root().to_owned();
    git(&root, &["init", "-q", "."]);
    git(&root, &["add", "."]);
    git(&root, &["commit", "-qm", "site"]);
    press
        .site
        .put("content/dirty.md", article("Dirty", "2025-01-05", "", "x"));
    git(&root, &["add", "content/dirty.md"]);
    press.site.put(
        "content/untracked.md",
        article("Untracked", "2025-01-06", "", "x"),
    );
    press
        .site
        .put(".git/hooks/pre-push", "#!/bin/sh\ntouch ran; exit 1\n");
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(
        press.site.path(".git/hooks/pre-push"),
        fs::Permissions::from_mode(0o755),
    )
    .unwrap();
    press.site.build();
    let state = || {
        let status = git(&root, &["status", "--porcelain", "-uall"]);
        (
            status,
            git(&root, &["show-ref"]),
            fs::read(root.join(".git/index")).unwrap(),
        )
    };
    // Asking for the state writes the index anew.
    state();
    let before = state();
    press.deploy(&[]);
    assert!(before == state(), "{before:?}");
    assert!(!root.join("ran").exists(), "a hook ran");
    let commit = git(&root, &["rev-parse", "HEAD"]);
    assert_eq!(press.json(&["status"])["live"]["commit"], commit.trim());
}

#[test]
fn an_earlier_commit_is_returned_to_by_a_later_one() {
    let press = with_git();
    press.deploy(&["--build"]);
    let old = branch(&press.there(), "pages");
    press.article("one", 1, "New text.");
    press.site.delete("content/two.md");
    press.deploy(&["--build", "--max-deletes", "50"]);
    assert_ne!(branch(&press.there(), "pages"), old);
    press.deploy(&["rollback", "--max-deletes", "50"]);
    assert_eq!(branch(&press.there(), "pages"), old);
    assert_eq!(
        git(&press.there(), &["rev-list", "--count", "pages"]).trim(),
        "3"
    );
}

#[test]
fn addresses_that_run_something_are_refused() {
    let press = Press::new(GIT);
    for remote in ["--upload-pack=touch x", "ext::sh -c touch% x", "-x"] {
        press.target(&format!("{{ git: '{remote}' }}"), "");
        let output = press.run(&[]);
        assert_eq!(output.status.code(), Some(2), "{remote}: {}", said(&output));
        assert!(!press.site.path("x").exists());
    }
    for host in ["-oProxyCommand=touch x:/y", "a b:/x", "h;x:/y", "nofolder"] {
        press.target(&format!("{{ ssh: '{host}' }}"), "");
        let output = press.run(&[]);
        assert_eq!(output.status.code(), Some(2), "{host}: {}", said(&output));
    }
}

#[test]
fn a_remote_that_is_not_there_is_told_without_its_password() {
    let press = Press::new("{ git: 'https://ana:pass-word@127.0.0.1:9/x.git' }");
    press.site.build();
    let output = press.run(&["-v"]);
    assert_eq!(output.status.code(), Some(4));
    let told = said(&output);
    assert!(!told.contains("pass-word"), "{told}");
    let config = said(&press.site.run(&["config"]));
    assert!(!config.contains("pass-word"), "{config}");
}
