//! What is to be deployed: the output of the last build, whole and current, with what it is sent with.
//!
//! Only what the build's manifest names is deployed, and only as the build made it: a file that is
//! read for sending and has other bytes ends the deploy.
#![expect(clippy::disallowed_methods, reason = "the output is read here")]

use super::error::DeployError;
use super::headers::{self, Headers};
use super::plan::Stage;
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use crate::disk::error::DiskError;
use crate::disk::output::Output;
use crate::plan::manifest::Manifest;
use crate::plan::page::PageKind;
use crate::session::{self, Options};
use crate::source::config::{Address, Config, Encoding, Service, Target};
use crate::theme::kind::Kind;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

/// What is smaller does not get smaller.
const SMALLEST_COMPRESSED: u64 = 256;
/// The headers that object stores keep with an object.
const KEPT_HEADERS: &[&str] = &[
    "Content-Type",
    "Cache-Control",
    "Content-Encoding",
    "Content-Disposition",
    "Content-Language",
];
/// The pseudo header of a page that leads elsewhere.
pub(super) const LOCATION: &str = "Location";

/// A built site, as it is to stand at a target.
#[derive(Debug, Clone)]
pub struct Site {
    /// Its title.
    pub title: String,
    /// Its address.
    pub base_url: String,
    /// How many pages it has.
    pub pages: usize,
    /// The commit of its sources.
    pub commit: Option<String>,
    /// Every file by its path.
    pub files: BTreeMap<String, SiteFile>,
}

/// A file of a built site.
#[derive(Debug, Clone)]
pub struct SiteFile {
    /// When it is sent.
    pub stage: Stage,
    /// The fingerprint of its bytes, before they are compressed.
    pub bytes: Fingerprint,
    /// Its size in bytes, before it is compressed.
    pub size: u64,
    /// What it is sent with.
    pub headers: Headers,
    /// Where its bytes are.
    pub source: Source,
}

/// Where the bytes of a file are.
#[derive(Debug, Clone)]
pub enum Source {
    /// In a file of the output.
    Output(PathBuf),
    /// In a file of the output, to be compressed; the fingerprint is that of the file.
    Compressed(PathBuf, Encoding, Fingerprint),
    /// Here.
    Made(Arc<[u8]>),
    /// At the target, under another key.
    There(String),
}

/// Reads the site that was built last.
///
/// # Errors
///
/// That there is no whole build, or none of what the sources are, or one that shows drafts; what the
/// file system refuses. `is_forced` puts the doubts among them aside.
pub(super) fn read(
    options: &Options,
    config: &Config,
    target: &Target,
    is_forced: bool,
) -> Result<Site, DeployError> {
    let root = session::root(&options.root)?;
    let base_url = target.base_url.as_ref().unwrap_or(&config.base_url);
    let output = Output::open(&root, &options.output, &config.title, base_url)?;
    let state = root.join(".dateline");
    let manifest =
        session::read_manifest(&session::manifest_path(&state, &output.folder), &output)?;
    if manifest.files.is_empty() {
        return Err(DeployError::refused(format!(
            "{} holds no whole build",
            options.output.display()
        ))
        .hint("`dateline deploy --build` builds and deploys")
        .hint("`dateline build` says what is wrong with the site"));
    }
    if !is_forced {
        check(&root, options, base_url, &manifest)?;
    }
    let files = files(&output.folder, &manifest, config, target, base_url)?;
    let is_page = |entry: &&crate::plan::manifest::Entry| matches!(entry.kind, PageKind::Template(kind) if !matches!(kind, Kind::Redirect | Kind::NotFound));
    Ok(Site {
        title: config.title.clone(),
        base_url: base_url.clone(),
        pages: manifest.files.iter().filter(is_page).count(),
        commit: super::git::commit_of(&root),
        files,
    })
}

/// Refuses a build that is not what readers shall see.
fn check(
    root: &Path,
    options: &Options,
    base_url: &str,
    manifest: &Manifest,
) -> Result<(), DeployError> {
    let again = "`dateline deploy --build` builds and deploys; `--force` deploys it as it is";
    if manifest.base_url != base_url {
        return Err(DeployError::refused(format!(
            "the site was built for {}, and stands at {base_url} there",
            manifest.base_url
        ))
        .hint(format!(
            "`dateline build -u {base_url}` builds it for the target"
        ))
        .hint(again));
    }
    let shown = manifest.visibility.as_ref().map(|shown| {
        [
            (shown.drafts, "drafts"),
            (shown.future, "articles of the future"),
            (shown.expired, "expired articles"),
        ]
    });
    if let Some((_, what)) = shown.into_iter().flatten().find(|(is_shown, _)| *is_shown) {
        return Err(DeployError::refused(format!("the site was built with {what}")).hint(again));
    }
    if let Some(path) = newer(root, &options.config, manifest.began)? {
        return Err(DeployError::refused(format!(
            "the build is older than its sources: {path} was changed since"
        ))
        .hint(again));
    }
    Ok(())
}

/// Returns a source that was changed after the build began to read, or a folder in which one was made,
/// renamed or deleted.
fn newer(root: &Path, config: &Path, began: i64) -> Result<Option<String>, DiskError> {
    let is_newer = |metadata: &fs::Metadata| {
        metadata
            .modified()
            .ok()
            .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
            .is_some_and(|since| i64::try_from(since.as_nanos()).unwrap_or(i64::MAX) > began)
    };
    let name = |path: &Path| {
        let below = path.strip_prefix(root).unwrap_or(path);
        below.display().to_string()
    };
    if fs::metadata(config).is_ok_and(|metadata| is_newer(&metadata)) {
        return Ok(Some(name(config)));
    }
    for folder in [
        "content",
        "static",
        "data",
        "themes",
        "templates",
        "assets",
        "i18n",
    ] {
        let walk = walkdir::WalkDir::new(root.join(folder)).follow_links(true);
        // What can't be read is for the build to tell.
        for entry in walk.into_iter().flatten() {
            if entry.metadata().is_ok_and(|metadata| is_newer(&metadata)) {
                return Ok(Some(name(entry.path())));
            }
        }
    }
    Ok(None)
}

fn files(
    folder: &Path,
    manifest: &Manifest,
    config: &Config,
    target: &Target,
    base_url: &str,
) -> Result<BTreeMap<String, SiteFile>, DeployError> {
    let service = match target.address {
        Address::Objects { service, .. } => Some(service),
        _ => None,
    };
    let has_host_files = target
        .host_files
        .unwrap_or(matches!(target.address, Address::Netlify(_)));
    let wants_redirects = target.redirects && (service == Some(Service::S3) || has_host_files);
    let mut files = BTreeMap::new();
    let mut redirects = Vec::new();
    for entry in &manifest.files {
        let path = folder.join(&entry.path);
        let mut headers = match service {
            Some(_) => kept_headers(&entry.path, config),
            None => Headers::new(),
        };
        if wants_redirects
            && entry.kind == PageKind::Template(Kind::Redirect)
            && let Some(to) = redirect(&path)?
        {
            let to = from_root(&to, base_url);
            redirects.push((address(&entry.path), to.clone()));
            if service == Some(Service::S3) {
                headers.insert(LOCATION.to_owned(), to);
            }
        }
        let mut file = SiteFile {
            stage: stage(entry.kind, &entry.path),
            bytes: entry.bytes,
            size: entry.size,
            headers,
            source: Source::Output(path.clone()),
        };
        if headers::is_text(&entry.path) && entry.size >= SMALLEST_COMPRESSED {
            for encoding in &target.precompress {
                if service.is_some() {
                    file.headers
                        .insert("Content-Encoding".to_owned(), encoding.token().to_owned());
                    file.source = Source::Compressed(path.clone(), *encoding, entry.bytes);
                } else {
                    let (name, beside) = beside(&entry.path, &path, &file, *encoding);
                    files.insert(name, beside);
                }
            }
        }
        files.insert(entry.path.clone(), file);
    }
    let mut add = |path: &str, text: String| {
        if !text.is_empty() && !files.contains_key(path) {
            files.insert(
                path.to_owned(),
                made(path, text.into_bytes(), config, service),
            );
        }
    };
    if has_host_files {
        add("_headers", headers::host_file(&config.headers));
        let lines = redirects
            .iter()
            .map(|(from, to)| format!("{from} {to} 301\n"));
        add("_redirects", lines.collect());
    }
    if let Some(key) = &target.indexnow {
        add(&format!("{key}.txt"), key.clone());
    }
    if let Address::Git { cname, .. } = &target.address {
        files.insert(
            ".nojekyll".to_owned(),
            made(".nojekyll", Vec::new(), config, service),
        );
        if let Some(cname) = cname {
            files.insert(
                "CNAME".to_owned(),
                made("CNAME", format!("{cname}\n").into_bytes(), config, service),
            );
        }
    }
    Ok(files)
}

/// Makes the compressed file that stands beside another.
fn beside(path: &str, file_path: &Path, file: &SiteFile, encoding: Encoding) -> (String, SiteFile) {
    let bytes = Fingerprinter::new(encoding.token())
        .fingerprint(file.bytes)
        .finish();
    let beside = SiteFile {
        stage: file.stage,
        bytes,
        size: file.size,
        headers: Headers::new(),
        source: Source::Compressed(file_path.to_owned(), encoding, file.bytes),
    };
    (format!("{path}.{}", encoding.extension()), beside)
}

/// Makes a file that no build made; it is the last to be sent.
fn made(path: &str, bytes: Vec<u8>, config: &Config, service: Option<Service>) -> SiteFile {
    SiteFile {
        stage: Stage::Lists,
        bytes: Fingerprint::of_bytes(&bytes),
        size: bytes.len() as u64,
        headers: match service {
            Some(_) => kept_headers(path, config),
            None => Headers::new(),
        },
        source: Source::Made(Arc::from(bytes)),
    }
}

fn kept_headers(path: &str, config: &Config) -> Headers {
    let mut headers = headers::of(path, &config.headers);
    headers.retain(|name, _| KEPT_HEADERS.contains(&name.as_str()));
    headers
}

fn stage(kind: PageKind, path: &str) -> Stage {
    match kind {
        // The files of an index are there before the lists that name them.
        PageKind::Search if !path.ends_with(".json") => Stage::Assets,
        PageKind::Asset | PageKind::Static | PageKind::Attachment | PageKind::Derivative => {
            Stage::Assets
        }
        PageKind::Template(Kind::Article | Kind::Redirect | Kind::NotFound) => Stage::Articles,
        _ => Stage::Lists,
    }
}

/// Returns the address of a file's path, from the site's root: `a/index.html` stands at `/a/`.
pub(super) fn address(path: &str) -> String {
    let path = match path.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
        _ => path,
    };
    let parts: Vec<String> = path
        .split('/')
        .map(super::environment::percent_encoded)
        .collect();
    format!("/{}", parts.join("/"))
}

/// Returns where a page leads at once, by its `<meta http-equiv="refresh">`.
fn redirect(path: &Path) -> Result<Option<String>, DeployError> {
    let html = fs::read_to_string(path).map_err(DiskError::at("read", path))?;
    Ok(refresh(&html))
}

/// Returns an address of the site without its host, and any other as it is.
fn from_root(to: &str, base_url: &str) -> String {
    let host = base_url.find("://").map_or(0, |at| at + 3);
    let host = base_url[host..]
        .find('/')
        .map_or(base_url.len(), |at| host + at);
    match to.strip_prefix(&base_url[..host]) {
        Some(path) if path.starts_with('/') => path.to_owned(),
        _ => to.to_owned(),
    }
}

fn refresh(html: &str) -> Option<String> {
    let at = html.find("http-equiv=\"refresh\"")?;
    let tag = &html[at..at + html[at..].find('>')?];
    let content = tag.split_once("content=\"")?.1.split_once('"')?.0;
    let (_, url) = content.split_once("url=")?;
    let url = url.trim().replace("&amp;", "&").replace("&#x2F;", "/");
    let is_plain = !url.is_empty() && url.bytes().all(|byte| (b'!'..=b'~').contains(&byte));
    is_plain.then_some(url)
}

impl SiteFile {
    /// Returns the file's bytes as they are sent.
    ///
    /// # Errors
    ///
    /// That the file is not what the build made; what the file system refuses.
    pub fn read(&self) -> Result<Vec<u8>, DeployError> {
        match &self.source {
            Source::Output(path) => read_checked(path, self.bytes),
            Source::Compressed(path, encoding, bytes) => {
                let plain = read_checked(path, *bytes)?;
                Ok(compress(&plain, *encoding))
            }
            Source::Made(bytes) => Ok(bytes.to_vec()),
            Source::There(key) => Err(DeployError::machine(format!(
                "`{key}` is not on this machine"
            ))),
        }
    }
}

/// Reads a file of the output in pieces and hands each on; the last is handed on only if the whole
/// is what the build made.
///
/// # Errors
///
/// That it is not; what the file system or `send` refuses.
pub(super) fn read_in_pieces(
    path: &Path,
    bytes: Fingerprint,
    piece: usize,
    mut send: impl FnMut(Vec<u8>) -> Result<(), DeployError>,
) -> Result<(), DeployError> {
    let mut file = File::open(path).map_err(DiskError::at("read", path))?;
    let mut hasher = blake3::Hasher::new();
    let mut last: Option<Vec<u8>> = None;
    loop {
        let mut next = Vec::with_capacity(piece);
        let read = Read::by_ref(&mut file)
            .take(piece as u64)
            .read_to_end(&mut next)
            .map_err(DiskError::at("read", path))?;
        hasher.update(&next);
        if read == 0 {
            break;
        }
        if let Some(last) = last.replace(next) {
            send(last)?;
        }
    }
    let found = hasher.finalize();
    if bytes.to_string() != found.to_hex()[..32] {
        return Err(changed(path));
    }
    last.map_or(Ok(()), send)
}

fn read_checked(path: &Path, expect: Fingerprint) -> Result<Vec<u8>, DeployError> {
    let bytes = fs::read(path).map_err(DiskError::at("read", path))?;
    match Fingerprint::of_bytes(&bytes) == expect {
        true => Ok(bytes),
        false => Err(changed(path)),
    }
}

fn changed(path: &Path) -> DeployError {
    DeployError::refused(format!("{} is not what the build made", path.display()))
        .hint("`dateline build --no-cache` makes it anew")
}

fn compress(bytes: &[u8], encoding: Encoding) -> Vec<u8> {
    let written = match encoding {
        Encoding::Gzip => {
            let mut encoder =
                flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            encoder.write_all(bytes).and_then(|()| encoder.finish())
        }
        Encoding::Brotli => {
            let mut compressed = Vec::new();
            let parameters = brotli::enc::BrotliEncoderParams::default();
            brotli::BrotliCompress(&mut &*bytes, &mut compressed, &parameters).map(|_| compressed)
        }
    };
    written.expect("memory takes what is written")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_redirect_is_read_from_its_page() {
        let check = |html: &str, expect: Option<&str>| {
            assert_eq!(refresh(html).as_deref(), expect, "{html}");
        };
        check(
            "<meta http-equiv=\"refresh\" content=\"0; url=/a/b/?x=1&amp;y\">",
            Some("/a/b/?x=1&y"),
        );
        check("<meta content=\"0; url=/a/\">", None);
        check("<meta http-equiv=\"refresh\" content=\"5\">", None);
        check(
            "<meta http-equiv=\"refresh\" content=\"0; url=/a b\">",
            None,
        );
    }

    #[test]
    fn an_address_of_the_site_loses_its_host() {
        for (to, expect) in [
            ("https://a.example/x/", "/x/"),
            ("https://a.example.evil/x/", "https://a.example.evil/x/"),
            ("https://b.example/x/", "https://b.example/x/"),
        ] {
            assert_eq!(from_root(to, "https://a.example"), expect);
        }
        let below = from_root("https://a.example/g/x/", "https://a.example/g");
        assert_eq!(below, "/g/x/");
    }

    #[test]
    fn a_page_stands_at_its_folder() {
        for (path, expect) in [
            ("index.html", "/"),
            ("a/index.html", "/a/"),
            ("a b/ä.html", "/a%20b/%C3%A4.html"),
            ("myindex.html", "/myindex.html"),
        ] {
            assert_eq!(address(path), expect);
        }
    }

    #[test]
    fn what_is_compressed_is_the_same_when_it_is_unpacked() {
        let text = "The first ferry left at noon. ".repeat(50).into_bytes();
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(&*compress(&text, Encoding::Gzip))
            .read_to_end(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, text);
        let mut unpacked = Vec::new();
        let packed = compress(&text, Encoding::Brotli);
        brotli::BrotliDecompress(&mut &*packed, &mut unpacked).unwrap();
        assert_eq!(unpacked, text);
        assert!(packed.len() < text.len());
    }

    #[test]
    fn a_file_that_changed_since_the_build_is_not_sent() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let bytes = vec![7_u8; 25];
        fs::write(&path, &bytes).unwrap();
        let mut sent = Vec::new();
        let print = Fingerprint::of_bytes(&bytes);
        let whole = read_in_pieces(&path, print, 10, |piece| {
            sent.push(piece.len());
            Ok(())
        });
        assert!(whole.is_ok());
        assert_eq!(sent, [10, 10, 5]);
        let mut sent = Vec::new();
        let other = read_in_pieces(&path, Fingerprint::of_bytes(b"x"), 10, |piece| {
            sent.push(piece.len());
            Ok(())
        });
        assert!(other.is_err());
        assert_eq!(sent, [10, 10], "the last piece is kept back");
        assert!(read_checked(&path, Fingerprint::of_bytes(b"x")).is_err());
    }
}
