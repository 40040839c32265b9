//! Kills, locks, strange outputs and other machines. Full disks, which need one, are in tests/acceptance/disk.py.

use crate::files::run_as_user;
use crate::support::{Site, article, tree};
use dateline::base::diagnostic::Diagnostic;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A site with this many articles of about two kilobytes.
fn sized(articles: usize, word: &str) -> Site {
    let site = Site::empty();
    fill(&site, articles, word);
    site
}

fn fill(site: &Site, articles: usize, word: &str) {
    for at in 0..articles {
        let body = format!("{word} ").repeat(400);
        site.put(
            &format!("content/news/a{at}.md"),
            article(&format!("A{at} {word}"), "2024-01-01", "tags: [x]\n", &body),
        );
    }
}

fn code(output: &std::process::Output) -> (Option<i32>, String) {
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[test]
fn a_limit_of_the_size_of_files_is_said_in_words() {
    let site = sized(3, "word");
    site.build();
    let before = site.everything();
    site.put(
        "content/news/long.md",
        article("Long", "2024-01-01", "", &"word ".repeat(100_000)),
    );
    let output = Command::new("bash")
        .args([
            "-c",
            "ulimit -f 100; exec \"$0\" build",
            env!("CARGO_BIN_EXE_dateline"),
        ])
        .current_dir(site.root())
        .output()
        .unwrap();
    // Where the shell leaves the signal as it is, the system ends the process; the site stays.
    assert!(
        output.status.code() != Some(101) && output.status.code() != Some(0),
        "{output:?}"
    );
    site.delete("content/news/long.md");
    let after: BTreeMap<String, Vec<u8>> = site.everything();
    let own = |tree: &BTreeMap<String, Vec<u8>>| {
        tree.iter()
            .filter(|(path, _)| path.starts_with("public/"))
            .map(|(a, b)| (a.clone(), b.clone()))
            .collect::<BTreeMap<_, _>>()
    };
    assert!(own(&before) == own(&after), "the output changed");
    site.build();
    assert_eq!(site.output(), site.clean_output());
    assert!(!site.path(".public.dateline-stage").exists());
}

fn without_mark(mut tree: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    tree.remove(".dateline");
    tree
}

#[test]
fn a_killed_build_leaves_the_old_site_or_the_new_and_the_next_mends_it() {
    // Nearly all of the site changes (a swap), then a little (a journal).
    for changed in [40, 3] {
        let site = Site::new(&[(
            "dateline.yaml",
            "title: G\nbase_url: https://g.example\ntheme: plain\n",
        )]);
        fill(&site, 40, "old");
        for at in 0..40 {
            site.put(
                &format!("content/other/b{at}.md"),
                article(&format!("B{at}"), "2023-01-01", "", "Text."),
            );
        }
        site.build();
        let mut moments = 0;
        // What a killed build's journal leads to: the next command carries it out, and may be killed
        // right after.
        let mut journaled: Vec<BTreeMap<String, Vec<u8>>> = Vec::new();
        // How long a build takes here; a machine that has become quicker since shortens it.
        let mut span = Duration::ZERO;
        for round in 0..100u32 {
            if moments == 18 {
                break;
            }
            let old = site.output();
            fill(&site, changed, &format!("round{round}"));
            let new = site.clean_output();
            if span.is_zero() {
                let start = Instant::now();
                assert!(site.run(&["build", "-q"]).status.success());
                span = start.elapsed();
                continue;
            }
            let mut child = site
                .command(&["build", "-q"])
                .stderr(Stdio::null())
                .stdout(Stdio::null())
                .spawn()
                .unwrap();
            // Moments from the first to the last, in no order.
            std::thread::sleep(span * (1 + round * 7 % 18) / 18);
            let _ = child.kill();
            let is_killed = child.wait().unwrap().code().is_none();
            moments += usize::from(is_killed);
            if !is_killed {
                span = span * 9 / 10;
            }
            let found = site.output();
            let is_journaled = site.path(".public.dateline-stage/journal").exists();
            let builds: Vec<_> = [&old, &new].into_iter().chain(&journaled).collect();
            let differences = || -> Vec<Vec<String>> {
                let other = |build: &BTreeMap<String, Vec<u8>>| {
                    let paths = found.keys().chain(build.keys());
                    let other = paths.filter(|path| found.get(*path) != build.get(*path));
                    other.cloned().collect()
                };
                builds.iter().map(|build| other(build)).collect()
            };
            assert!(
                is_journaled || builds.contains(&&found),
                "round {round}: a mix of two builds, apart from each in {:?}",
                differences()
            );
            for (path, bytes) in &found {
                assert!(
                    path == ".dateline"
                        || builds.iter().any(|build| build.get(path) == Some(bytes)),
                    "round {round}: {path} is of no build"
                );
            }
            match is_journaled {
                true => journaled.push(new.clone()),
                false => journaled.clear(),
            }
            if round % 3 == 0 {
                site.build();
                journaled.clear();
                assert_eq!(site.output(), new, "round {round}");
                let names: Vec<String> = fs::read_dir(site.root())
                    .unwrap()
                    .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
                    .filter(|name| name.contains("stage"))
                    .collect();
                assert_eq!(names, Vec::<String>::new(), "round {round}");
            }
        }
        site.build();
        assert_eq!(site.output(), site.clean_output());
        assert_eq!(moments, 18, "so many builds were killed");
    }
}

#[test]
fn an_interrupted_build_leaves_no_litter() {
    let site = sized(60, "old");
    site.build();
    let before = site.output();
    fill(&site, 60, "new");
    for signal in ["INT", "TERM"] {
        let child = site
            .command(&["build", "-q"])
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(250));
        let _ = Command::new("kill")
            .args([&format!("-{signal}"), &child.id().to_string()])
            .stderr(Stdio::null())
            .status();
        let output = child.wait_with_output().unwrap();
        if signal == "INT" && output.status.code() != Some(0) {
            assert!(!site.path(".public.dateline-stage").exists(), "{output:?}");
            assert_eq!(before, site.output());
        }
    }
    site.build();
    assert_eq!(site.output(), site.clean_output());
}

#[test]
fn builds_at_once_wait_for_each_other() {
    let site = sized(40, "word");
    let children: Vec<_> = (0..4)
        .map(|_| {
            site.command(&["build", "-q"])
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        let (code, told) = code(&child.wait_with_output().unwrap());
        assert_eq!(code, Some(0), "{told}");
    }
    assert_eq!(site.output(), site.clean_output());
    // Two checkouts of one site, and one output.
    let other = sized(40, "other");
    let output = tempfile::tempdir().unwrap();
    let into = output.path().join("public");
    for _ in 0..4 {
        let children: Vec<_> = [&site, &other]
            .into_iter()
            .map(|site| {
                site.command(&["build", "-q", "--no-cache", "-o"])
                    .arg(&into)
                    .stderr(Stdio::piped())
                    .spawn()
                    .unwrap()
            })
            .collect();
        let mut fine = 0;
        for child in children {
            let (code, told) = code(&child.wait_with_output().unwrap());
            assert!(
                code == Some(0) || told.contains("another build is writing"),
                "{code:?} {told}"
            );
            fine += usize::from(code == Some(0));
        }
        assert!(fine > 0);
        let found = without_mark(tree(&into));
        let whole = [&site, &other]
            .into_iter()
            .any(|site| found == without_mark(site.clean_output()));
        assert!(whole, "a mix of two sites");
        assert_eq!(
            fs::read_dir(output.path()).unwrap().count(),
            1,
            "the staging folder is left"
        );
    }
}

#[test]
fn an_output_that_can_not_be_written_is_kept() {
    let site = sized(3, "word");
    site.put("public-file", "mine");
    let output = site.run(&["build", "-o", "public-file"]);
    let (refused, told) = code(&output);
    assert_eq!(refused, Some(2), "{told}");
    assert!(
        told.contains("public-file is a file") && told.contains("hint: choose a folder"),
        "{told}"
    );
    assert_eq!(
        fs::read_to_string(site.path("public-file")).unwrap(),
        "mine"
    );
    assert_eq!(run_as_user(&site, &["build"]).status.code(), Some(0));
    fill(&site, 3, "new");
    fs::set_permissions(site.path("public"), fs::Permissions::from_mode(0o555)).unwrap();
    let before = site.everything();
    let (refused, told) = code(&run_as_user(&site, &["build"]));
    assert_eq!(refused, Some(4), "{told}");
    assert!(told.contains("public: permission denied"), "{told}");
    assert!(before == site.everything(), "the folder changed");
    // Where only the folder around it can't be written, the site is prepared in the output.
    fs::set_permissions(site.path("public"), fs::Permissions::from_mode(0o755)).unwrap();
    let around = site.path("around");
    fs::create_dir_all(around.join("public")).unwrap();
    fs::set_permissions(&around, fs::Permissions::from_mode(0o555)).unwrap();
    let (fine, told) = code(&run_as_user(&site, &["build", "-o", "around/public"]));
    assert_eq!(fine, Some(0), "{told}");
    assert_eq!(
        without_mark(tree(&around.join("public"))),
        without_mark(site.clean_output())
    );
    assert!(!around.join("public/.dateline-stage").exists());
    // The state's folder can't be written.
    fs::set_permissions(site.path(".dateline"), fs::Permissions::from_mode(0o555)).unwrap();
    fs::set_permissions(
        site.path(".dateline/lock"),
        fs::Permissions::from_mode(0o444),
    )
    .unwrap();
    let (refused, told) = code(&run_as_user(&site, &["build"]));
    assert_eq!(refused, Some(4), "{told}");
    assert!(told.contains("permission denied"), "{told}");
}

#[test]
fn an_output_that_is_a_link_stays_one() {
    for (make, is_there) in [(true, "an empty folder"), (false, "nothing")] {
        let site = sized(3, "word");
        if make {
            fs::create_dir(site.path("real")).unwrap();
        }
        symlink("real", site.path("public")).unwrap();
        for word in ["one", "two"] {
            fill(&site, 3, word);
            site.build();
            assert_eq!(
                fs::read_link(site.path("public")).unwrap(),
                Path::new("real"),
                "{is_there}"
            );
            assert_eq!(tree(&site.path("real")), site.clean_output(), "{is_there}");
        }
    }
}

#[test]
fn folders_that_are_not_ours_are_refused_and_lose_nothing() {
    let site = sized(3, "word");
    site.put("themes/own/theme.yaml", "");
    site.put("data/x.yaml", "a: 1\n");
    site.put("static/x.txt", "x");
    site.put("templates/x.html", "x");
    for (path, text) in [
        ("home/.bashrc", "x"),
        ("home/photos/a.jpg", "x"),
        ("tree/.git/HEAD", "ref: x"),
        ("other/.dateline/lock", ""),
        ("other/dateline.yaml", "title: O"),
        ("foreign/index.html", "theirs"),
    ] {
        site.put(path, text);
    }
    fs::create_dir(site.path("inner")).unwrap();
    symlink("content", site.path("to-content")).unwrap();
    site.put(
        "marked/.dateline",
        "dateline output 1\nOther\nhttps://other.example\n\n",
    );
    site.run(&["build"]);
    let before = site.everything();
    let root = site.root().to_string_lossy().into_owned();
    let parent = site.root().parent().unwrap().to_string_lossy().into_owned();
    for output in [
        ".",
        "..",
        "/",
        "content",
        "content/news",
        "content/new",
        "static",
        "static/out",
        "themes",
        "themes/own",
        "templates",
        "data",
        ".dateline",
        ".git",
        "home",
        "tree",
        "other",
        "foreign",
        "to-content",
        "to-content/x",
        "marked",
        root.as_str(),
        parent.as_str(),
        "./content/../content",
        "public/../content",
        "none/../content",
        "none/../content/new",
        "none/none/../../static",
        "none/..",
        "none/../../",
        "dateline.yaml",
    ] {
        let run = site.run(&["build", "-o", output]);
        let (code, told) = code(&run);
        assert_eq!(code, Some(2), "{output}: {told}");
        assert!(
            told.contains("error: the output") && told.contains("hint: "),
            "{output}: {told}"
        );
        assert!(before == site.everything(), "{output}: the folder changed");
    }
}

#[test]
fn what_others_put_into_the_output_survives() {
    for articles in [3, 40] {
        let site = sized(40, "old");
        site.build();
        site.put("public/CNAME", "gazette.example");
        site.put("public/uploads/a.pdf", "pdf");
        site.put("public/news/note.txt", "note");
        fs::create_dir_all(site.path("public/empty/folder")).unwrap();
        symlink("/somewhere", site.path("public/link")).unwrap();
        fill(&site, articles, "new");
        site.delete("content/news/a39.md");
        site.build();
        assert_eq!(site.page("CNAME"), "gazette.example");
        assert_eq!(site.page("uploads/a.pdf"), "pdf");
        assert_eq!(site.page("news/note.txt"), "note");
        assert!(site.path("public/empty/folder").is_dir());
        assert_eq!(
            fs::read_link(site.path("public/link")).unwrap(),
            Path::new("/somewhere")
        );
        assert!(!site.path("public/news/2024/01/a39").exists());
    }
}

#[test]
fn a_file_of_others_is_never_overwritten() {
    for (path, is_folder) in [
        ("news/2024/01/new/index.html", false),
        ("news/2024/01/new", false),
        ("static.txt", true),
    ] {
        let site = sized(3, "word");
        site.build();
        if is_folder {
            site.put(&format!("public/{path}/theirs.txt"), "theirs");
            site.put("static/static.txt", "ours");
        } else {
            site.put(&format!("public/{path}"), "theirs");
            site.put(
                "content/news/new.md",
                article("New", "2024-01-01", "", "Text."),
            );
        }
        site.refuses(&["which dateline did not write"]);
    }
    // A link to a folder elsewhere, in the place of one of ours.
    let site = sized(3, "word");
    site.build();
    let elsewhere = tempfile::tempdir().unwrap();
    fs::remove_dir_all(site.path("public/news")).unwrap();
    symlink(elsewhere.path(), site.path("public/news")).unwrap();
    let refuse = |site: &Site| {
        let faults = site.try_build().expect_err("the link is not ours");
        let is_it = |fault: &Diagnostic| fault.message.contains("which dateline did not write");
        assert!(faults.iter().all(is_it), "{faults:#?}");
    };
    refuse(&site);
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    // The same where our pages were moved there.
    let site = sized(3, "word");
    site.build();
    let moved = elsewhere.path().join("news");
    fs::rename(site.path("public/news"), &moved).unwrap();
    symlink(&moved, site.path("public/news")).unwrap();
    let page = moved.join("2024/01/a1/index.html");
    let before = fs::read(&page).unwrap();
    fill(&site, 3, "other");
    refuse(&site);
    assert_eq!(fs::read(&page).unwrap(), before);
}

#[test]
fn a_state_that_is_a_trap_is_refused() {
    let victim = tempfile::tempdir().unwrap();
    fs::write(victim.path().join("lock"), "mine").unwrap();
    let site = sized(1, "word");
    symlink(victim.path(), site.path(".dateline")).unwrap();
    let (refused, told) = code(&site.run(&["build"]));
    assert_eq!(refused, Some(4), "{told}");
    assert!(told.contains("is a link out of the site"), "{told}");
    fs::remove_file(site.path(".dateline")).unwrap();
    fs::create_dir(site.path(".dateline")).unwrap();
    symlink(victim.path().join("lock"), site.path(".dateline/lock")).unwrap();
    assert_eq!(site.run(&["build"]).status.code(), Some(4));
    fs::remove_file(site.path(".dateline/lock")).unwrap();
    symlink(
        victim.path().join("new"),
        site.path(".dateline/.gitignore.new"),
    )
    .unwrap();
    let _ = site.run(&["build"]);
    assert_eq!(
        fs::read_to_string(victim.path().join("lock")).unwrap(),
        "mine"
    );
    assert_eq!(fs::read_dir(victim.path()).unwrap().count(), 1);
}

#[test]
fn the_same_site_has_the_same_bytes_on_every_machine() {
    let site = sized(10, "word");
    site.put(
        "static/p.jpg",
        include_bytes!("../data/photos/espresso.jpg"),
    );
    site.put(
        "content/z.md",
        article(
            "Ünï",
            "2024-03-31T02:30:00",
            "tags: [É, e, ß]\nupdated: 2024-04-01\n",
            "Text.",
        ),
    );
    site.build();
    let expect = site.output();
    let check = |site: &Site, what: &str, change: &dyn Fn(&mut Command)| {
        let folder = tempfile::tempdir().unwrap();
        let mut command = site.command(&["build", "--no-cache", "-o"]);
        command.arg(folder.path().join("deep/out"));
        change(&mut command);
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{what}: {output:?}");
        assert!(expect == tree(&folder.path().join("deep/out")), "{what}");
    };
    for zone in [
        "UTC",
        "Pacific/Kiritimati",
        "America/St_Johns",
        "Nowhere/Nothing",
        "",
    ] {
        check(&site, zone, &|command| {
            command.env("TZ", zone);
        });
    }
    for locale in ["C", "tr_TR.UTF-8", "de_DE.UTF-8", "POSIX"] {
        check(&site, locale, &|command| {
            command.env("LC_ALL", locale).env("LANG", locale);
        });
    }
    check(&site, "no home", &|command| {
        command
            .env_remove("HOME")
            .env_remove("USER")
            .env_remove("PATH");
    });
    check(&site, "one thread", &|command| {
        command.args(["-j", "1"]);
    });
    let other = Site::empty();
    let copied = Command::new("cp")
        .arg("-r")
        .args(["content", "static"].map(|name| site.path(name)))
        .arg(other.root())
        .status()
        .unwrap();
    assert!(copied.success());
    for entry in walkdir::WalkDir::new(other.path("content")) {
        let touched = Command::new("touch")
            .args(["-d", "2001-02-03 04:05:06"])
            .arg(entry.unwrap().path())
            .status()
            .unwrap();
        assert!(touched.success());
    }
    check(&other, "another folder and other times", &|_| {});
}

fn stats(folder: &Path) -> BTreeMap<PathBuf, (u64, i64, i64)> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .map(|entry| {
            let entry = entry.unwrap();
            let metadata = entry.metadata().unwrap();
            (
                entry.path().to_owned(),
                (metadata.ino(), metadata.mtime(), metadata.mtime_nsec()),
            )
        })
        .collect()
}

#[test]
fn unchanged_files_keep_their_times() {
    let site = sized(40, "word");
    site.put(
        "static/p.jpg",
        include_bytes!("../data/photos/espresso.jpg"),
    );
    site.build();
    let before = stats(&site.path("public"));
    std::thread::sleep(Duration::from_millis(20));
    site.build();
    assert_eq!(before, stats(&site.path("public")));
    let report = {
        let mut options = site.options();
        options.no_cache = true;
        dateline::session::build(&options, &dateline::session::Quiet).unwrap()
    };
    assert_eq!(report.written, 0);
    assert_eq!(before, stats(&site.path("public")));
    for changed in [1, 40] {
        let before = stats(&site.path("public"));
        fill(&site, changed, &format!("word{changed}"));
        site.build();
        let after = stats(&site.path("public"));
        for path in ["p.jpg", "robots.txt", "archive/index.html"] {
            let path = site.path("public").join(path);
            assert_eq!(before[&path], after[&path], "{changed} {}", path.display());
        }
    }
}

#[test]
fn edits_that_times_do_not_show_are_seen() {
    let site = sized(2, "word");
    site.put("static/a.txt", "aaaa");
    site.put("data/a.yaml", "a: 1\n");
    site.put(
        "templates/home.html",
        "{% set data = load_data(path=\"a.yaml\") %}{{ data.a }} {{ articles | length }} one",
    );
    site.build();
    let old = std::time::SystemTime::now() - Duration::from_secs(30 * 24 * 3600);
    let edit = |path: &str, from: &str, to: &str| {
        let text = fs::read_to_string(site.path(path)).unwrap();
        let times = fs::metadata(site.path(path)).unwrap();
        fs::write(site.path(path), text.replace(from, to)).unwrap();
        let file = fs::File::options()
            .write(true)
            .open(site.path(path))
            .unwrap();
        file.set_modified(times.modified().unwrap()).unwrap();
    };
    for (path, from, to) in [
        ("static/a.txt", "aaaa", "bbbb"),
        ("data/a.yaml", "1", "2"),
        ("templates/home.html", "one", "two"),
        ("content/news/a0.md", "word", "next"),
    ] {
        edit(path, from, to);
        site.build();
        assert_eq!(site.output(), site.clean_output(), "{path}");
    }
    assert_eq!(site.page("a.txt"), "bbbb");
    // A file that was restored with the times of last month.
    site.put("static/a.txt", "cccc");
    fs::File::options()
        .write(true)
        .open(site.path("static/a.txt"))
        .unwrap()
        .set_modified(old)
        .unwrap();
    site.build();
    assert_eq!(site.page("a.txt"), "cccc");
    // The clock a month back.
    let mut site = site;
    site.now -= 30 * 24 * 3600;
    site.put("static/a.txt", "dddd");
    site.build();
    assert_eq!(site.page("a.txt"), "dddd");
    assert_eq!(site.output(), site.clean_output());
}

#[test]
fn a_build_needs_little_of_the_machine() {
    let site = sized(60, "word");
    let shell = |script: &str| {
        let _ = fs::remove_dir_all(site.path("public"));
        let output = Command::new("bash")
            .args(["-c", script, env!("CARGO_BIN_EXE_dateline")])
            .current_dir(site.root())
            .env("SOURCE_DATE_EPOCH", site.now.to_string())
            .output()
            .unwrap();
        let (code, told) = code(&output);
        assert!(
            code.is_some_and(|code| code != 101),
            "{script}: {code:?} {told}"
        );
        (code, told)
    };
    let expect = site.clean_output();
    assert_eq!(shell("ulimit -n 40; \"$0\" build").0, Some(0));
    assert_eq!(site.output(), expect);
    for closed in [
        "\"$0\" build >&-",
        "\"$0\" build 2>&-",
        "\"$0\" build >&- 2>&- <&-",
        "\"$0\" build | true",
        "\"$0\" build --json | head -c 1 >/dev/null",
        "\"$0\" build >/dev/full 2>/dev/full",
    ] {
        shell(closed);
        assert_eq!(site.output(), expect, "{closed}");
    }
    assert_eq!(shell("umask 077; \"$0\" build").0, Some(0));
    assert_eq!(site.output(), expect);
    for entry in walkdir::WalkDir::new(site.path("public")) {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().mode() & 0o777;
        assert_eq!(
            mode,
            if entry.file_type().is_dir() {
                0o755
            } else {
                0o644
            },
            "{}",
            entry.path().display()
        );
    }
    assert_eq!(
        shell("ulimit -v 4000000; ulimit -s 1024; \"$0\" build").0,
        Some(0)
    );
}
