//! Links, pipes, permissions, depth, litter and pictures.

use crate::support::{CONFIG, Site, article, told};
use std::fs::{self, FileTimes};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

/// What opens a pipe or walks a loop never ends; a build of these few files does, within this time
/// even on a machine that is busy with other things.
const AT_ONCE: Duration = Duration::from_secs(60);

/// The user whom root becomes to be refused something.
const NOBODY: u32 = 65534;

fn good() -> Site {
    let site = Site::new(&[(
        "content/news/good.md",
        &article("Good", "2024-01-01", "", "Text."),
    )]);
    site.build();
    site
}

/// Runs the binary as a user who owns the site but is not root: for root, who may do everything, as another one.
pub(crate) fn run_as_user(site: &Site, arguments: &[&str]) -> Output {
    // A new file is of who runs the tests; the site's may have been given away.
    let own = tempfile::NamedTempFile::new().unwrap();
    if own.as_file().metadata().unwrap().uid() != 0 {
        return site.run(arguments);
    }
    let chown = Command::new("chown")
        .args(["-R", &format!("{NOBODY}:{NOBODY}")])
        .arg(site.root())
        .status()
        .unwrap();
    assert!(chown.success(), "root gives files away");
    site.command(arguments)
        .uid(NOBODY)
        .gid(NOBODY)
        .output()
        .unwrap()
}

#[test]
fn links_that_lead_around_or_nowhere_are_refused_at_once() {
    let check = |make: &dyn Fn(&Path), expect: &[&str]| {
        let site = good();
        make(site.root());
        let start = Instant::now();
        site.refuses(expect);
        assert!(start.elapsed() < AT_ONCE);
    };
    check(
        &|root| symlink("self.md", root.join("content/self.md")).unwrap(),
        &["content/self.md: the link leads to itself"],
    );
    check(
        &|root| symlink(".", root.join("content/dot")).unwrap(),
        &["content/dot: the link leads to a folder around it"],
    );
    check(
        &|root| symlink("..", root.join("content/news/up")).unwrap(),
        &["content/news/up: the link leads to a folder around it"],
    );
    check(
        &|root| symlink("nowhere.md", root.join("content/x.md")).unwrap(),
        &["content/x.md: the link leads nowhere"],
    );
    check(
        &|root| {
            symlink("b", root.join("content/a")).unwrap();
            symlink("a", root.join("content/b")).unwrap();
        },
        &[
            "content/a: the link leads to itself",
            "content/b: the link leads to itself",
        ],
    );
    check(
        &|root| symlink("../..", root.join("content/news/root")).unwrap(),
        &["content/news/root"],
    );
    check(
        &|root| symlink("gone", root.join("static")).unwrap(),
        &["static: the link leads nowhere"],
    );
}

#[test]
fn links_that_cross_each_other_end() {
    let site = good();
    // Each folder links to the next twice: 2^40 paths.
    for depth in 0..40 {
        let folder = format!("content/f{depth}");
        fs::create_dir_all(site.path(&folder)).unwrap();
        if depth > 0 {
            let last = format!("content/f{}", depth - 1);
            for name in ["x", "y"] {
                symlink(format!("../f{depth}"), site.path(&last).join(name)).unwrap();
            }
        }
    }
    let start = Instant::now();
    let faults = site.try_build().expect_err("there is no end");
    assert!(start.elapsed() < AT_ONCE, "{:?}", start.elapsed());
    assert!(
        faults
            .iter()
            .any(|fault| told(fault).contains("links to folders")),
        "{faults:#?}"
    );
}

#[test]
fn links_out_of_the_site_are_followed_only_where_it_says_so() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(
        outside.path().join("far.md"),
        article("Far", "2024-01-01", "url: /far/\n", "Text."),
    )
    .unwrap();
    fs::create_dir(outside.path().join("folder")).unwrap();
    fs::write(outside.path().join("folder/file.txt"), "far").unwrap();
    let site = good();
    symlink(outside.path().join("far.md"), site.path("content/far.md")).unwrap();
    fs::create_dir(site.path("static")).unwrap();
    symlink(outside.path().join("folder"), site.path("static/folder")).unwrap();
    symlink("/etc/passwd", site.path("static/passwd.txt")).unwrap();
    site.refuses(&[
        "content/far.md: the link leads out of the site, to ",
        "static/folder: the link leads out of the site, to ",
        "static/passwd.txt: the link leads out of the site, to /etc/passwd",
    ]);
    site.delete("static/passwd.txt");
    site.put(
        "dateline.yaml",
        format!("{CONFIG}follow_links: ['{}']\n", outside.path().display()),
    );
    site.build();
    assert!(site.page("far/index.html").contains("Far"));
    assert_eq!(site.page("folder/file.txt"), "far");
    // A way out of a folder that may be followed is none.
    symlink("/etc", outside.path().join("folder/etc")).unwrap();
    site.refuses(&["static/folder/etc: the link leads out of the site, to /etc"]);
}

#[test]
fn links_within_the_site_show_nothing_that_is_hidden() {
    let site = good();
    site.put(".env", "SECRET=1");
    site.put(".git/config", "secret");
    site.put("shared/photo.txt", "shown");
    fs::create_dir(site.path("static")).unwrap();
    symlink("../shared/photo.txt", site.path("static/photo.txt")).unwrap();
    symlink("../shared", site.path("static/shared")).unwrap();
    site.build();
    assert_eq!(site.page("photo.txt"), "shown");
    assert_eq!(site.page("shared/photo.txt"), "shown");
    symlink("../.env", site.path("static/env.txt")).unwrap();
    symlink("../.git", site.path("static/git")).unwrap();
    site.refuses(&[
        "static/env.txt: the link leads to a hidden file or folder",
        "static/git: the link leads to a hidden file or folder",
    ]);
}

#[test]
fn pipes_sockets_and_devices_are_passed_over_at_once() {
    let site = good();
    fs::create_dir_all(site.path("static")).unwrap();
    for path in [
        "content/pipe.md",
        "static/pipe.jpg",
        "content/news/pipe.jpg",
    ] {
        assert!(
            Command::new("mkfifo")
                .arg(site.path(path))
                .status()
                .unwrap()
                .success()
        );
    }
    let _socket = UnixListener::bind(site.path("content/socket.md")).unwrap();
    site.put("dateline.yaml", format!("{CONFIG}follow_links: [/dev]\n"));
    symlink("/dev/zero", site.path("content/zero.md")).unwrap();
    symlink("/dev/zero", site.path("static/zero.jpg")).unwrap();
    let start = Instant::now();
    let report = site.build();
    assert!(start.elapsed() < AT_ONCE);
    let warned: Vec<String> = report.diagnostics.iter().map(told).collect();
    for path in [
        "content/pipe.md",
        "static/pipe.jpg",
        "content/news/pipe.jpg",
        "content/socket.md",
        "content/zero.md",
        "static/zero.jpg",
    ] {
        assert!(
            warned
                .iter()
                .any(|told| told.starts_with(&format!("{path}: ")) && told.contains("passed over")),
            "{path}: {warned:#?}"
        );
    }
    for path in [
        "dateline.yaml",
        "templates/page.html",
        "data/x.yaml",
        "data/authors.yaml",
    ] {
        let site = good();
        fs::create_dir_all(site.path(path).parent().unwrap()).unwrap();
        let _ = fs::remove_file(site.path(path));
        assert!(
            Command::new("mkfifo")
                .arg(site.path(path))
                .status()
                .unwrap()
                .success()
        );
        let output = site.run(&["build"]);
        let code = output.status.code();
        assert!(
            code == Some(0) || (path == "dateline.yaml" && matches!(code, Some(2 | 4))),
            "{path}: {output:?}"
        );
    }
}

#[test]
fn what_can_not_be_read_is_an_error_beside_all_others() {
    let site = good();
    site.put(
        "content/closed.md",
        article("Closed", "2024-01-01", "", "Text."),
    );
    site.put(
        "content/folder/a.md",
        article("A", "2024-01-01", "", "Text."),
    );
    site.put("static/closed.txt", "x");
    site.put("templates/closed.html", "x");
    site.put("data/closed.yaml", "x: 1");
    site.put("content/broken.md", "---\nheadline: A\n");
    for path in [
        "content/closed.md",
        "content/folder",
        "static/closed.txt",
        "templates/closed.html",
        "data/closed.yaml",
    ] {
        fs::set_permissions(site.path(path), fs::Permissions::from_mode(0o0)).unwrap();
    }
    let before = site.output();
    let output = run_as_user(&site, &["build"]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    for path in [
        "content/closed.md",
        "content/folder",
        "static/closed.txt",
        "templates/closed.html",
        "data/closed.yaml",
        "content/broken.md:1:1",
    ] {
        assert!(told.contains(&format!("--> {path}")), "{path}: {told}");
    }
    assert!(
        told.contains("permission denied") && told.contains("mend its permissions"),
        "{told}"
    );
    assert_eq!(before, site.output());
}

#[test]
fn deep_folders_are_built_and_litter_is_ignored() {
    let site = Site::empty();
    let deep = "d/".repeat(200);
    site.put(
        &format!("content/{deep}a.md"),
        article("Deep", "2024-01-01", "url: /deep/\n", "Text."),
    );
    site.put(
        "content/x.md/a.md",
        article("In a folder", "2024-01-01", "url: /in/\n", "Text."),
    );
    site.build();
    let before = site.output();
    for name in [
        ".a.md.swp",
        "a.md~",
        "4913",
        "#a.md#",
        ".#a.md",
        ".DS_Store",
        "Thumbs.db",
        "desktop.ini",
        ".a.md.un~",
        "a.md___jb_tmp___",
        "a.swp",
        "x.tmp",
        "._a.md",
        ".goutputstream-X",
        ".git/config.md",
        ".obsidian/x.md",
    ] {
        for folder in ["content", "content/news", "static", "templates", "data"] {
            site.put(&format!("{folder}/{name}"), "litter <");
        }
    }
    symlink("user@host.1234", site.path("content/.#lock.md")).unwrap();
    let report = site.build();
    assert_eq!(
        report.diagnostics.iter().map(told).collect::<Vec<_>>(),
        Vec::<String>::new()
    );
    assert_eq!(before, site.output());
}

#[test]
fn deeper_folders_than_anyone_has_are_refused() {
    let site = good();
    let deep = "d/".repeat(300);
    fs::create_dir_all(site.path(&format!("content/{deep}"))).unwrap();
    fs::write(site.path(&format!("content/{deep}a.md")), "x").unwrap();
    let faults = site.refuses(&["folders lie more than 256 deep"]);
    assert_eq!(faults.len(), 1);
}

/// A PNG that says what it is and nothing else.
fn png(width: u32, height: u32, is_whole: bool) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let chunk = |bytes: &mut Vec<u8>, name: &[u8; 4], data: &[u8]| {
        bytes.extend((data.len() as u32).to_be_bytes());
        let mut body = name.to_vec();
        body.extend(data);
        let mut crc = u32::MAX;
        for byte in &body {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = if crc & 1 == 1 {
                    (crc >> 1) ^ 0xedb8_8320
                } else {
                    crc >> 1
                };
            }
        }
        bytes.extend(&body);
        bytes.extend((!crc).to_be_bytes());
    };
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    chunk(&mut bytes, b"IHDR", &header);
    if is_whole {
        chunk(&mut bytes, b"IDAT", &[0x78, 0x9c, 0x63, 0, 0, 0, 1, 0, 1]);
        chunk(&mut bytes, b"IEND", &[]);
    }
    bytes
}

#[test]
fn a_bad_picture_names_the_article_and_the_picture() {
    let espresso = include_bytes!("../data/photos/espresso.jpg");
    let cases: &[(&str, Vec<u8>)] = &[
        ("text.jpg", b"this is text".to_vec()),
        ("empty.png", Vec::new()),
        ("cut.jpg", espresso[..espresso.len() / 2].to_vec()),
        ("cut.png", png(10, 10, false)),
        ("page.jpg", b"<!doctype html><html></html>".to_vec()),
        ("bomb.png", png(60_000, 60_000, true)),
        ("zero.png", png(0, 5, true)),
        (
            "lfs.jpg",
            b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n".to_vec(),
        ),
    ];
    for (name, bytes) in cases {
        for written in [
            format!("photo: {{src: {name}, credit: C, alt: a}}\n"),
            String::new(),
        ] {
            let body = if written.is_empty() {
                format!("Text.\n\n![a]({name}){{credit=\"C\"}}\n")
            } else {
                "Text.".to_owned()
            };
            let site = good();
            site.put(
                "content/news/a.md",
                article("A", "2024-01-01", &written, &body),
            );
            site.put(&format!("content/news/{name}"), bytes);
            let start = Instant::now();
            let faults =
                site.refuses(&[&format!("the picture `content/news/{name}` can't be used")]);
            assert!(start.elapsed() < AT_ONCE, "{name}");
            let place = faults[0].place.as_ref().unwrap();
            assert!(
                place.path == "content/news/a.md" && place.stretch.is_some(),
                "{place:?}"
            );
        }
    }
    for src in [
        "../../../etc/passwd",
        "/../../etc/passwd",
        "@/../../x.jpg",
        "..%2f..%2f..%2fx.jpg",
        "a.md",
        "none.jpg",
    ] {
        let site = good();
        site.put(
            "content/news/a.md",
            article(
                "A",
                "2024-01-01",
                &format!("photo: {{src: '{src}', credit: C, alt: a}}\n"),
                "Text.",
            ),
        );
        let faults = site.try_build().expect_err("the picture is none");
        assert!(
            faults.iter().any(|fault| fault.is_error()
                && told(fault).starts_with("content/news/a.md:4:")
                && !fault.hints.is_empty()),
            "{src}: {faults:#?}"
        );
    }
}

#[test]
fn a_drawing_that_runs_is_refused_unless_it_is_trusted() {
    let start = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"2\" height=\"2\">";
    let cases = [
        format!("{start}<script>alert(1)</script></svg>"),
        format!("{start}<g onload=\"alert(1)\"/></svg>"),
        format!("{start}<a href=\"javascript:alert(1)\"><path/></a></svg>"),
        format!("{start}<foreignObject><body/></foreignObject></svg>"),
        format!(
            "<!DOCTYPE svg [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>{start}<text>&x;</text></svg>"
        ),
        format!("<?xml-stylesheet href=\"x.xsl\"?>{start}</svg>"),
    ];
    for svg in &cases {
        for (path, name) in [
            ("static/x.svg", "/x.svg"),
            ("content/news/x.svg", "x.svg"),
            ("static/X.SVG", ""),
        ] {
            let site = good();
            site.put(path, svg);
            site.refuses(&[&format!("{path}: the file is an SVG with ")]);
            if !name.is_empty() {
                site.put(
                    "content/news/a.md",
                    article(
                        "A",
                        "2024-01-01",
                        "url: /a/\n",
                        &format!("![a]({name}){{credit=\"C\"}}\n"),
                    ),
                );
                let faults = site.try_build().expect_err("the drawing is refused");
                assert!(
                    faults
                        .iter()
                        .any(|fault| told(fault).starts_with("content/news/a.md:6:1: the picture")),
                    "{faults:#?}"
                );
            }
            site.put("dateline.yaml", format!("{CONFIG}trust_svg: true\n"));
            site.build();
            let copied = site
                .output()
                .into_iter()
                .find(|(path, _)| path.to_lowercase().ends_with("x.svg"));
            assert!(name == "x.svg" || copied.is_some(), "{path}");
            if let Some((_, bytes)) = copied {
                assert_eq!(bytes, svg.as_bytes(), "no entity is resolved");
            }
            site.put("dateline.yaml", CONFIG);
            assert!(site.try_build().is_err(), "trust was withdrawn");
        }
    }
    let site = good();
    site.put("static/x.svg", format!("{start}<path d=\"M0 0h1\"/></svg>"));
    site.build();
}

#[test]
fn a_photo_does_not_say_where_it_was_taken() {
    let mut photo = include_bytes!("../data/photos/espresso.jpg").to_vec();
    // An EXIF block with a GPS directory: one entry, the latitude's reference.
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    tiff.extend(b"\x01\0\x25\x88\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0");
    tiff.extend(b"\x01\0\x01\0\x02\0\x02\0\0\0N\0\0\0\0\0\0\0");
    let mut block = b"Exif\0\0".to_vec();
    block.extend(&tiff);
    let mut segment = vec![0xff, 0xe1];
    segment.extend(((block.len() + 2) as u16).to_be_bytes());
    segment.extend(&block);
    photo.splice(2..2, segment);
    let has_gps = |bytes: &[u8]| bytes.windows(4).any(|window| window == b"\x25\x88\x04\0");
    assert!(has_gps(&photo));
    let site = Site::empty();
    site.put("static/p.jpg", &photo);
    site.put("content/news/q.jpg", &photo);
    site.put(
        "content/news/a.md",
        article(
            "A",
            "2024-01-01",
            "url: /a/\nphoto: {src: q.jpg, credit: C, alt: a}\n",
            "Text.",
        ),
    );
    site.build();
    let output = site.output();
    for path in ["p.jpg", "a/q.jpg"] {
        assert!(!has_gps(&output[path]), "{path}");
    }
}

/// A first look at a fresh checkout would write to the inode of each file of it.
#[test]
#[cfg(target_os = "linux")]
fn reading_leaves_no_note_of_when() {
    let site = good();
    let files = ["content/news/a.md", "content/news/photo.png"];
    site.put(
        files[0],
        article(
            "A",
            "2024-01-01",
            "",
            "![A sign](photo.png){credit=\"Sample staff\"}",
        ),
    );
    site.put(files[1], png(40, 30, true));
    let of_day = |day: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(day * 24 * 60 * 60);
    let (read, written) = (of_day(1), of_day(2));
    for path in files {
        let times = FileTimes::new().set_accessed(read).set_modified(written);
        let file = fs::File::open(site.path(path)).unwrap();
        file.set_times(times).unwrap();
    }
    assert!(site.run(&["build"]).status.success());
    for path in files {
        let found = site.path(path).metadata().unwrap();
        assert_eq!(found.accessed().unwrap(), read, "{path}");
    }
}

#[test]
fn files_come_and_go_while_the_site_is_built() {
    let site = Site::empty();
    for at in 0..40 {
        site.put(
            &format!("content/news/steady{at}.md"),
            article(&format!("A{at}"), "2024-01-01", "tags: [x]\n", "Text."),
        );
    }
    site.build();
    let is_done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut round = 0;
            while !is_done.load(Ordering::Relaxed) {
                round += 1;
                for at in 0..10 {
                    let path = site.path(&format!("content/news/coming{at}.md"));
                    let _ = fs::write(
                        &path,
                        article(
                            "Coming",
                            "2024-01-02",
                            "tags: [y]\n",
                            &format!("Round {round}."),
                        ),
                    );
                    let folder = site.path(&format!("content/coming{at}"));
                    let _ = fs::create_dir(&folder);
                    let _ = fs::write(folder.join("photo.txt"), format!("{round}"));
                    let _ = fs::create_dir_all(site.path("static"));
                    let _ = fs::write(
                        site.path(&format!("static/file{at}.txt")),
                        "x".repeat(round % 100),
                    );
                    std::thread::sleep(Duration::from_millis(1));
                    let _ = fs::remove_file(&path);
                    let _ = fs::remove_dir_all(&folder);
                    let _ = fs::remove_file(site.path(&format!("static/file{at}.txt")));
                }
            }
        });
        for _ in 0..15 {
            if let Err(faults) = site.try_build() {
                for fault in faults.iter().filter(|fault| fault.is_error()) {
                    let told = told(fault);
                    assert!(
                        [
                            "changed while",
                            "vanished while",
                            "never closed",
                            "no headline",
                            "became a link"
                        ]
                        .iter()
                        .any(|words| told.contains(words)),
                        "{told}"
                    );
                }
            }
        }
        is_done.store(true, Ordering::Relaxed);
    });
    site.build();
    assert_eq!(site.output(), site.clean_output());
}
