//! Where a site's files are: the folders and files that a preview watches.
//!
//! Folders are watched, not files, because most editors save by putting another file in the place
//! of the old one. What links lead to is watched where it really is, if the site may read it.

use crate::disk::input;
use crate::session::{self, Options};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// The folders of a site that it is made of.
const FOLDERS: [&str; 7] = [
    "content",
    "static",
    "data",
    "themes",
    "templates",
    "assets",
    "i18n",
];
/// How many links are followed.
const MOST_LINKS: usize = 10_000;

/// Where a site's files are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// The site's folder, without links in its path.
    pub root: PathBuf,
    /// Folders of which everything counts, none within another.
    pub trees: BTreeSet<PathBuf>,
    /// Single files that count, and folders that may yet come.
    pub files: BTreeSet<PathBuf>,
    /// What never counts: the output and the site's state.
    pub excluded: Vec<PathBuf>,
    /// Names with a dot that count.
    pub dot_names: Vec<String>,
}

impl Places {
    /// Finds the places of the site in `root`. Links may lead within it and to what `follow` names.
    pub fn find(
        root: &Path,
        config: &Path,
        output: &Path,
        follow: &[String],
        dot_names: &[String],
    ) -> Self {
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let allowed: Vec<PathBuf> = follow
            .iter()
            .filter_map(|path| root.join(path).canonicalize().ok())
            .collect();
        let mut places = Self {
            root: root.to_owned(),
            excluded: vec![real(output), root.join(".dateline")],
            dot_names: dot_names.to_vec(),
            ..Self::default()
        };
        let folder = config.parent().map(real).unwrap_or_default();
        places
            .files
            .insert(folder.join(config.file_name().unwrap_or_default()));
        if let Ok(target) = config.canonicalize() {
            places.files.insert(target);
        }
        let mut open: Vec<PathBuf> = FOLDERS.iter().map(|name| root.join(name)).collect();
        places.files.extend(open.iter().cloned());
        let mut followed = 0;
        while let Some(path) = open.pop() {
            let Ok(target) = path.canonicalize() else {
                continue;
            };
            let is_admitted = target.starts_with(root)
                || allowed.iter().any(|allowed| target.starts_with(allowed));
            followed += 1;
            if !is_admitted || followed > MOST_LINKS || places.is_in_tree(&target) {
                continue;
            }
            if target.is_dir() && target != root {
                open.extend(links(&target, &places));
                places.trees.insert(target);
            } else if target.is_file() {
                places.files.insert(target);
            }
        }
        // What lies in another tree is watched with it.
        let trees = places.trees.clone();
        places.trees.retain(|tree| {
            !tree
                .ancestors()
                .skip(1)
                .any(|around| trees.contains(around))
        });
        places
    }

    /// Finds the places of the site that is meant; where its configuration can't be read, those that
    /// every site has.
    pub fn of(options: &Options) -> Self {
        let root = session::root(&options.root).unwrap_or_else(|_| options.root.clone());
        let config = session::config(&root, options).unwrap_or_default();
        Self::find(
            &root,
            &options.config,
            &options.output,
            &config.follow_links,
            &config.publish_dot_names,
        )
    }

    fn is_in_tree(&self, path: &Path) -> bool {
        path.ancestors().any(|around| self.trees.contains(around))
    }

    /// Returns the folders that hold the single files.
    pub fn folders(&self) -> BTreeSet<PathBuf> {
        self.files
            .iter()
            .filter_map(|file| file.parent())
            .filter(|folder| !self.is_in_tree(folder))
            .map(Path::to_owned)
            .collect()
    }

    /// Tells whether what happens to a path can change the site.
    pub fn concern(&self, path: &Path) -> bool {
        if self
            .excluded
            .iter()
            .any(|excluded| path.starts_with(excluded))
        {
            return false;
        }
        if self.files.contains(path) {
            return true;
        }
        let tree = path.ancestors().find(|around| self.trees.contains(*around));
        let Some(below) = tree.and_then(|tree| path.strip_prefix(tree).ok()) else {
            return false;
        };
        below
            .components()
            .all(|name| !self.is_ignored(&name.as_os_str().to_string_lossy()))
    }

    /// Tells whether a path is that of the configuration, which says where links may lead.
    pub fn is_config(&self, path: &Path) -> bool {
        self.files.contains(path) && path.extension().is_some()
    }

    /// Tells whether a name is one that the site never reads.
    pub fn is_ignored(&self, name: &str) -> bool {
        match name.strip_prefix('.') {
            Some(_) => !self.dot_names.iter().any(|kept| kept == name),
            None => input::is_litter(name),
        }
    }

    /// Tells whether the places themselves may be others, where something happened to `path`: a
    /// folder of the site came or went, or a link.
    pub fn may_move(&self, path: &Path) -> bool {
        self.trees.contains(path)
            || (path.parent() == Some(&*self.root) && self.files.contains(path))
            || path.is_symlink()
    }

    /// Says a path as the user knows it: from the site's folder on.
    pub fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root)
            .unwrap_or(path)
            .to_string_lossy()
            .into_owned()
    }
}

/// Lists the links in a folder.
fn links(folder: &Path, places: &Places) -> Vec<PathBuf> {
    let walk = WalkDir::new(folder).into_iter().filter_entry(|entry| {
        entry.depth() == 0 || !places.is_ignored(&entry.file_name().to_string_lossy())
    });
    walk.flatten()
        .filter(|entry| entry.path_is_symlink() && entry.depth() > 0)
        .map(walkdir::DirEntry::into_path)
        .collect()
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests make files")]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    #[test]
    fn the_places_are_where_links_lead() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().canonicalize().unwrap();
        let root = base.join("site");
        for path in [
            "site/content/a",
            "site/themes",
            "theme/templates",
            "private",
            "site/public/x",
            "site/own",
        ] {
            fs::create_dir_all(base.join(path)).unwrap();
        }
        fs::write(base.join("site/own/b.md"), "").unwrap();
        symlink(base.join("theme"), root.join("themes/linked")).unwrap();
        symlink(base.join("private"), root.join("content/private")).unwrap();
        symlink("../own/b.md", root.join("content/b.md")).unwrap();
        symlink("..", root.join("content/loop")).unwrap();
        let follow = ["../theme".to_owned()];
        let places = Places::find(
            &root,
            &root.join("dateline.yaml"),
            &root.join("public"),
            &follow,
            &[".well-known".to_owned()],
        );
        let trees: Vec<_> = places
            .trees
            .iter()
            .map(|tree| tree.strip_prefix(&base).unwrap())
            .collect();
        assert_eq!(
            trees,
            [
                Path::new("site/content"),
                Path::new("site/themes"),
                Path::new("theme")
            ]
        );
        for (path, expect) in [
            ("site/dateline.yaml", true),
            ("site/content/a/new.md", true),
            ("site/own/b.md", true),
            ("site/own/c.md", false),
            ("theme/templates/base.html", true),
            ("site/static", true),
            ("site/content/a/.new.md.swp", false),
            ("site/content/.git/index", false),
            ("site/content/.well-known/x", true),
            ("site/content/a.md~", false),
            ("site/public/x/index.html", false),
            ("site/.dateline/lock", false),
            ("site/README.md", false),
            ("private/x", false),
        ] {
            assert_eq!(places.concern(&base.join(path)), expect, "{path}");
        }
        assert!(places.may_move(&root.join("static")) && places.may_move(&root.join("content")));
        assert!(
            places.may_move(&root.join("themes/linked"))
                && !places.may_move(&root.join("content/a"))
        );
    }
}
