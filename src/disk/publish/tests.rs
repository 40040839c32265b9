//! Both ways of publishing, and builds that are killed on the way.

use super::journal::MOST_RENAMED;
use super::*;
use crate::base::route::RouteRules;

fn tree(folder: &Path) -> Vec<String> {
    let mut paths: Vec<String> = walkdir::WalkDir::new(folder)
        .min_depth(1)
        .into_iter()
        .map(|entry| entry.unwrap())
        .filter(|entry| !entry.file_type().is_dir())
        .map(|entry| {
            let below = entry
                .path()
                .strip_prefix(folder)
                .unwrap()
                .display()
                .to_string();
            let text = fs::read_to_string(entry.path()).unwrap_or_default();
            if below.ends_with(MARK) {
                below
            } else {
                format!("{below}={text}")
            }
        })
        .collect();
    paths.sort();
    paths
}

/// An output folder with these files of ours.
fn output(root: &Path, files: &[(&str, &str)]) -> Output {
    let folder = root.join("public");
    for (path, text) in files {
        put(&folder.join(path), text);
    }
    Output { folder, mark: None }
}

fn put(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn texts(paths: &[&str]) -> Vec<String> {
    paths.iter().map(|path| (*path).to_owned()).collect()
}

/// The route of a file.
fn route(path: &str) -> Route {
    Route::home().file_in(path, &RouteRules::default()).unwrap()
}

/// Publishes these files and removes those.
fn publish(output: &Output, write: &[(&str, &str)], remove: &[&str], layout: Layout) {
    let stage = Stage::new(output).unwrap().laid_out(layout);
    let routes: Vec<Route> = write.iter().map(|(path, _)| route(path)).collect();
    for (path, text) in write {
        stage.write(path, text.as_bytes()).unwrap();
    }
    let changes = Changes {
        write: routes.iter().collect(),
        remove: texts(remove),
    };
    stage.publish(output, &changes, &Mark::default()).unwrap();
    assert!(
        !output.stage().exists() && !output.inner_stage().exists(),
        "the stage is left"
    );
}

/// Both ways of publishing: swapping the folder, and file by file.
const WAYS: [Layout; 2] = [Layout::Tree, Layout::Flat];

#[test]
fn a_site_is_swapped_where_most_of_its_files_replace_none() {
    for (files, new, layout) in [
        (100, 100, Layout::Tree),
        (100, 51, Layout::Tree),
        (100, 50, Layout::Flat),
        (100, 0, Layout::Flat),
    ] {
        assert_eq!(Layout::of(files, new), layout, "{new} of {files}");
    }
    // Flat files need no folder of their own.
    assert_eq!(Layout::Tree.place("a/b/c.html"), "a/b/c.html");
    assert_eq!(Layout::Flat.place("a/b/c.html").matches('/').count(), 1);
}

#[test]
fn a_file_is_written_with_the_folders_around_it() {
    for layout in WAYS {
        let folder = tempfile::tempdir().unwrap();
        let output = output(folder.path(), &[]);
        let stage = Stage::new(&output).unwrap().laid_out(layout);
        stage.write("a/b/c/d.html", b"new").unwrap();
        let route = route("a/b/c/d.html");
        let changes = Changes {
            write: vec![&route],
            remove: Vec::new(),
        };
        stage.publish(&output, &changes, &Mark::default()).unwrap();
        assert_eq!(
            tree(&output.folder),
            [".dateline", "a/b/c/d.html=new"],
            "{layout:?}"
        );
    }
}

#[test]
fn both_ways_leave_the_same_tree() {
    for layout in WAYS {
        let folder = tempfile::tempdir().unwrap();
        let output = output(
            folder.path(),
            &[
                ("a.html", "old"),
                ("b/c.html", "old"),
                ("d/e.html", "kept"),
                ("f", "file"),
                ("g/h", "x"),
            ],
        );
        put(&output.folder.join("foreign/x.txt"), "theirs");
        fs::create_dir(output.folder.join("empty")).unwrap();
        publish(
            &output,
            &[("a.html", "new"), ("f/g.html", "new"), ("g", "new")],
            &["b/c.html", "f", "g/h"],
            layout,
        );
        let expect = [
            ".dateline",
            "a.html=new",
            "d/e.html=kept",
            "f/g.html=new",
            "foreign/x.txt=theirs",
            "g=new",
        ];
        assert_eq!(tree(&output.folder), expect, "{layout:?}");
        assert!(
            output.folder.join("empty").is_dir() && !output.folder.join("b").exists(),
            "{layout:?}"
        );
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "{layout:?}"
        );
    }
}

#[test]
fn folders_keep_the_permissions_that_others_gave_them() {
    for layout in WAYS {
        let folder = tempfile::tempdir().unwrap();
        let output = output(folder.path(), &[("a.html", "old"), ("private/x", "theirs")]);
        for (path, mode) in [("", 0o2775), ("private", 0o700)] {
            fs::set_permissions(output.folder.join(path), fs::Permissions::from_mode(mode))
                .unwrap();
        }
        publish(&output, &[("a.html", "new")], &[], layout);
        for (path, mode) in [("", 0o2775), ("private", 0o700)] {
            let found = fs::metadata(output.folder.join(path))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(found & 0o7777, mode, "{path} {layout:?}");
        }
    }
}

#[test]
fn a_new_output_is_made_with_the_folders_around_it() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("a/b");
    let output = output(&deep, &[]);
    drop(Stage::new(&output).unwrap());
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        0,
        "nothing is left of what was given up"
    );
    publish(&output, &[("x/y.html", "new")], &[], Layout::Tree);
    assert_eq!(tree(&output.folder), [".dateline", "x/y.html=new"]);
    assert_eq!(fs::read_dir(&deep).unwrap().count(), 1);
}

/// A stage as a killed build leaves it.
fn killed(output: &Output, staged: &[(&str, &str)], journal: Option<(&[&str], &[&str])>) {
    killed_in(Layout::Tree, output, staged, journal);
}

fn killed_in(
    layout: Layout,
    output: &Output,
    staged: &[(&str, &str)],
    journal: Option<(&[&str], &[&str])>,
) {
    let stage = output.stage();
    fs::create_dir_all(stage.join(NEW)).unwrap();
    for (path, text) in staged {
        put(&stage.join(NEW).join(&*layout.place(path)), text);
    }
    if let Some((write, remove)) = journal {
        let look = |path: &&str| {
            // One that has taken its place is no more in the stage.
            let staged = Staged::look(&stage, layout, path).ok();
            let path = (*path).to_owned();
            staged.unwrap_or(Staged { path, inode: 0 })
        };
        Journal {
            layout,
            write: write.iter().map(look).collect(),
            remove: texts(remove),
        }
        .save(&stage, true)
        .unwrap();
    }
}

#[test]
fn a_stage_without_a_journal_is_thrown_away() {
    let folder = tempfile::tempdir().unwrap();
    let output = output(folder.path(), &[("a.html", "old")]);
    killed(&output, &[("a.html", "new")], None);
    assert!(!recover(&output).unwrap());
    assert_eq!(tree(folder.path()), ["public/a.html=old"]);
}

#[test]
fn a_journal_is_carried_out_from_wherever_it_stopped() {
    let staged = [("a.html", "new"), ("f/g.html", "new"), (MARK, "mark")];
    let write = ["a.html", "f/g.html", MARK];
    let remove = ["b/c.html", "f"];
    // After each of its steps: what is renamed is no more in the stage, what is removed is gone.
    for done in 0..=write.len() {
        for (is_removed, layout) in [false, true]
            .into_iter()
            .flat_map(|one| WAYS.map(|way| (one, way)))
        {
            let folder = tempfile::tempdir().unwrap();
            let output = output(folder.path(), &[("a.html", "old"), ("d.html", "kept")]);
            if !is_removed {
                put(&output.folder.join("b/c.html"), "old");
            }
            if done < 2 && !is_removed {
                put(&output.folder.join("f"), "old");
            }
            killed_in(layout, &output, &staged[done..], Some((&write, &remove)));
            for (path, text) in &staged[..done] {
                put(&output.folder.join(path), text);
            }
            assert!(recover(&output).unwrap());
            let expect = [
                "public/.dateline",
                "public/a.html=new",
                "public/d.html=kept",
                "public/f/g.html=new",
            ];
            assert_eq!(
                tree(folder.path()),
                expect,
                "{done} {is_removed} {layout:?}"
            );
            assert!(!recover(&output).unwrap(), "nothing is left to do");
        }
    }
}

#[test]
fn many_files_take_the_places_of_others_and_leave_nothing_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<String> = (0..=MOST_RENAMED)
        .map(|number| format!("{number}.html"))
        .collect();
    let files = |text| -> Vec<(&str, &str)> { paths.iter().map(|path| (&**path, text)).collect() };
    let output = output(folder.path(), &files("old"));
    // An empty folder in the place of a file makes way, and a link does not lead elsewhere.
    put(&folder.path().join("victim"), "safe");
    fs::remove_file(output.folder.join("7.html")).unwrap();
    fs::create_dir(output.folder.join("7.html")).unwrap();
    fs::remove_file(output.folder.join("8.html")).unwrap();
    std::os::unix::fs::symlink(folder.path().join("victim"), output.folder.join("8.html")).unwrap();
    let old = fs::metadata(output.folder.join("9.html")).unwrap().ino();
    publish(&output, &files("new"), &[], Layout::Flat);
    let expect: BTreeSet<String> = paths
        .iter()
        .map(|path| format!("public/{path}=new"))
        .chain(["public/.dateline".to_owned(), "victim=safe".to_owned()])
        .collect();
    assert_eq!(BTreeSet::from_iter(tree(folder.path())), expect);
    assert_ne!(
        fs::metadata(output.folder.join("9.html")).unwrap().ino(),
        old
    );
}

#[test]
fn many_files_do_not_take_the_place_of_a_folder_with_something_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<String> = (0..=MOST_RENAMED)
        .map(|number| format!("{number}.html"))
        .collect();
    let output = output(folder.path(), &[("7.html/theirs", "safe")]);
    let stage = Stage::new(&output).unwrap().laid_out(Layout::Flat);
    let routes: Vec<Route> = paths.iter().map(|path| route(path)).collect();
    for path in &paths {
        stage.write(path, b"new").unwrap();
    }
    let changes = Changes {
        write: routes.iter().collect(),
        remove: Vec::new(),
    };
    stage
        .publish(&output, &changes, &Mark::default())
        .unwrap_err();
    let theirs = fs::read_to_string(output.folder.join("7.html/theirs"));
    assert_eq!(theirs.unwrap(), "safe");
}

#[test]
fn what_a_file_has_replaced_does_not_come_back() {
    for layout in WAYS {
        let folder = tempfile::tempdir().unwrap();
        let output = output(folder.path(), &[("a.html", "old"), ("b.html", "old")]);
        let staged = [("a.html", "new"), ("b.html", "new"), (MARK, "mark")];
        let write = ["a.html", "b.html", MARK];
        killed_in(layout, &output, &staged, Some((&write, &[])));
        // The build was killed after it had exchanged the first, and before it deleted what came of that.
        let place = output.stage().join(NEW).join(&*layout.place("a.html"));
        let (now, then) = (output.folder.join("a.html"), folder.path().join("then"));
        fs::rename(&now, &then).unwrap();
        fs::rename(&place, &now).unwrap();
        fs::rename(&then, &place).unwrap();
        assert!(recover(&output).unwrap());
        let expect = ["public/.dateline", "public/a.html=new", "public/b.html=new"];
        assert_eq!(tree(folder.path()), expect, "{layout:?}");
    }
}

#[test]
fn a_journal_takes_its_place_whole() {
    let folder = tempfile::tempdir().unwrap();
    let output = output(folder.path(), &[("a.html", "old")]);
    killed(&output, &[("a.html", "new")], None);
    // What is opened to be written into would be changed where it also stands under another name.
    put(&output.stage().join(JOURNAL), "before");
    let other = folder.path().join("other");
    fs::hard_link(output.stage().join(JOURNAL), &other).unwrap();
    let staged = Staged::look(&output.stage(), Layout::Tree, "a.html").unwrap();
    let journal = Journal {
        layout: Layout::Tree,
        write: vec![staged],
        remove: Vec::new(),
    };
    for lasts in [true, false] {
        journal.save(&output.stage(), lasts).unwrap();
        assert_eq!(fs::read_to_string(&other).unwrap(), "before");
    }
    assert_eq!(tree(&output.stage()).len(), 2, "nothing is left beside it");
}

#[test]
fn a_damaged_journal_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let output = output(folder.path(), &[("a.html", "old")]);
    killed(&output, &[("a.html", "new")], Some((&["a.html"], &[])));
    let path = output.stage().join(JOURNAL);
    let whole = fs::read(&path).unwrap();
    for cut in 0..whole.len() {
        killed(&output, &[("a.html", "new")], None);
        fs::write(&path, &whole[..cut]).unwrap();
        assert!(!recover(&output).unwrap(), "{cut}");
        assert_eq!(tree(folder.path()), ["public/a.html=old"], "{cut}");
    }
}

#[test]
fn after_a_journal_that_is_not_whole_no_manifest_fits_the_output() {
    let folder = tempfile::tempdir().unwrap();
    let mut output = output(folder.path(), &[("a.html", "old")]);
    let mark = Mark {
        contents: Some(Fingerprint::of_bytes(b"contents")),
        paths: Mark::hashes(["a.html"].iter()),
        ..Mark::default()
    };
    put(&output.folder.join(MARK), "");
    fs::write(output.folder.join(MARK), mark.encode()).unwrap();
    output.mark = Some(mark.clone());
    let found = || Mark::decode(&fs::read(output.folder.join(MARK)).unwrap()).unwrap();
    killed(&output, &[("a.html", "new")], None);
    put(&output.stage().join("journal.new"), "half");
    recover(&output).unwrap();
    assert_eq!(found(), mark, "a build that was killed while it wrote one");
    killed(&output, &[("a.html", "new")], None);
    fs::write(output.stage().join(JOURNAL), "").unwrap();
    recover(&output).unwrap();
    let contents = None;
    assert_eq!(found(), Mark { contents, ..mark });
    assert_eq!(
        tree(folder.path()),
        ["public/.dateline", "public/a.html=old"]
    );
}

#[test]
fn a_journal_never_leaves_the_output() {
    for path in [
        "../victim",
        "/etc/victim",
        "a/../../victim",
        "a//b",
        "./a",
        "",
        "link/victim",
    ] {
        for is_removal in [true, false] {
            let folder = tempfile::tempdir().unwrap();
            let output = output(folder.path(), &[("a.html", "old")]);
            put(&folder.path().join("victim"), "safe");
            put(&folder.path().join("elsewhere/victim"), "safe");
            std::os::unix::fs::symlink(folder.path().join("elsewhere"), output.folder.join("link"))
                .unwrap();
            let (write, remove): (&[&str], &[&str]) = if is_removal {
                (&[], &[path])
            } else {
                (&[path], &[])
            };
            killed(
                &output,
                &[("link/victim", "evil"), ("victim", "evil")],
                Some((write, remove)),
            );
            let _ = recover(&output);
            assert_eq!(
                fs::read_to_string(folder.path().join("victim")).unwrap(),
                "safe",
                "{path}"
            );
            assert_eq!(
                fs::read_to_string(folder.path().join("elsewhere/victim")).unwrap(),
                "safe",
                "{path}"
            );
        }
    }
}

#[test]
fn a_stage_takes_nothing_through_links() {
    let folder = tempfile::tempdir().unwrap();
    let output = output(folder.path(), &[("a.html", "old")]);
    put(&folder.path().join("home/secret"), "safe");
    fs::create_dir_all(output.stage().join(NEW)).unwrap();
    std::os::unix::fs::symlink(
        folder.path().join("home"),
        output.stage().join(NEW).join("home"),
    )
    .unwrap();
    killed(&output, &[], Some((&["home/secret"], &[])));
    recover(&output).unwrap();
    assert_eq!(
        fs::read_to_string(folder.path().join("home/secret")).unwrap(),
        "safe"
    );
    assert!(!output.folder.join("home/secret").exists());
    // A stage that is a link is taken away, and what it leads to stays.
    std::os::unix::fs::symlink(folder.path().join("home"), output.stage()).unwrap();
    recover(&output).unwrap();
    assert!(
        folder.path().join("home/secret").exists() && output.stage().symlink_metadata().is_err()
    );
}

#[test]
fn a_stage_belongs_to_one_build() {
    let folder = tempfile::tempdir().unwrap();
    let output = output(folder.path(), &[]);
    let first = Stage::new(&output).unwrap();
    let second = Stage::new(&output).expect_err("the first is at work");
    assert!(
        second
            .to_string()
            .starts_with("another build is writing the output"),
        "{second}"
    );
    assert!(recover(&output).is_err());
    drop(first);
    Stage::new(&output).unwrap();
}

#[test]
fn a_file_of_the_state_is_not_written_through_a_link() {
    let folder = tempfile::tempdir().unwrap();
    put(&folder.path().join("victim"), "safe");
    std::os::unix::fs::symlink(folder.path().join("victim"), folder.path().join("x.new")).unwrap();
    assert!(write_state(&folder.path().join("x"), b"evil").is_err());
    assert_eq!(
        fs::read_to_string(folder.path().join("victim")).unwrap(),
        "safe"
    );
}
