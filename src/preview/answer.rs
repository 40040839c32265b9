//! What a browser gets for a path: a page as a build would write it, a turn elsewhere, or the page
//! that says there is none.

use super::address::decoded;
use super::edition::{Edition, Site};
use super::editor::Editor;
use super::media_type::{is_html, media_type};
use super::page;
use super::request::Request;
use super::response::{Body, Response};
use super::rules::Turn;
use super::stand::{Shown, Stand, message};
use crate::base::diagnostic::Diagnostic;
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use crate::disk::input;
use crate::plan::page::{Page, Subject};
use crate::render::Renderer;
use crate::session::{self, Made, Unmade};
use crate::source::config;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How long a page whose file has just changed waits for the next edition.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often it waits.
const MOST_TRIES: usize = 4;
/// A file of this many bytes or more is read piece by piece while it is sent.
const LONG_FILE: u64 = 1 << 20;

/// The name under which it is remembered what addresses that lead nowhere show.
pub const NOT_FOUND: &str = "404";

/// What pages are told beside what is on them.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The site's folder, without links in its path.
    pub root: PathBuf,
    /// Whether the browser follows the article that is edited.
    pub navigates: bool,
    /// Whether the browser is on this machine, so that links can open its editor.
    pub is_local: bool,
}

impl Settings {
    /// Returns where links to the source lead.
    pub fn editor(&self, site: Option<&Site>) -> Editor {
        let own = site.map(|site| site.archive.config.preview.editor.clone());
        match self.is_local {
            true => Editor::new(&own.unwrap_or_else(|| config::Preview::default().editor)),
            false => Editor::default(),
        }
    }
}

/// What there is at a path.
pub enum Answer {
    /// This.
    Response(Response),
    /// Nothing, at this path below the site's own.
    NotFound(String),
}

/// A page that was made, or the file that is sent instead.
enum Copy {
    Made(Made, Fingerprint),
    Long(File, u64),
}

/// Answers for a decoded path.
pub fn answer(
    stand: &Stand,
    path: &str,
    request: &Request,
    settings: &Settings,
    token: &str,
) -> Answer {
    let mut fault = Vec::new();
    for _ in 0..MOST_TRIES {
        let (readings, is_reading) = stand.readings();
        let Some(edition) = stand.edition() else {
            if is_reading {
                stand.wait(readings, PATIENCE);
                continue;
            }
            return Answer::Response(no_edition(stand, path, request, settings, token));
        };
        let shop = Shop {
            stand,
            edition: &edition,
            request,
            settings,
            token,
        };
        match shop.answer(path) {
            Ok(answer) => return answer,
            Err(changed) => fault = vec![changed],
        }
        if !stand.faults().is_empty() && !stand.readings().1 {
            // What is on the disk is refused; the page as it was is all there is.
            break;
        }
        stand.wait(readings, PATIENCE);
    }
    match stand.edition() {
        Some(edition) => {
            let shop = Shop {
                stand,
                edition: &edition,
                request,
                settings,
                token,
            };
            Answer::Response(shop.spoilt(&shop.below(path), fault))
        }
        None => Answer::Response(no_edition(stand, path, request, settings, token)),
    }
}

/// Makes the page for an address that leads nowhere; `why` says what could stand there.
pub fn not_found(
    stand: &Stand,
    below: &str,
    why: Option<&str>,
    request: &Request,
    settings: &Settings,
    token: &str,
) -> Response {
    let Some(edition) = stand.edition() else {
        return no_edition(stand, below, request, settings, token);
    };
    Shop {
        stand,
        edition: &edition,
        request,
        settings,
        token,
    }
    .not_found(below, why)
}

/// Says what is wrong with the site, for the overlay.
pub fn faults(stand: &Stand, settings: &Settings) -> Value {
    let edition = stand.edition();
    let site = edition.as_ref().map(|edition| &*edition.site);
    page::faults(&stand.faults(), &settings.root, &settings.editor(site))
}

/// Returns what a tab has missed that shows the version `known` of a page; none where it has not.
pub fn missed(stand: &Stand, path: &str, known: &str) -> Option<Value> {
    let edition = stand.edition()?;
    if edition.site.page(path).is_none() {
        return (!known.is_empty()).then(|| gone(stand, &edition.site, path));
    }
    let is_current = stand
        .shown(path)
        .is_some_and(|shown| shown.edition == edition.number && shown.tag == known);
    (!is_current).then(message::page)
}

/// Says that a page is gone, and where its source is shown now.
pub fn gone(stand: &Stand, site: &Site, path: &str) -> Value {
    let source = stand.shown(path).map(|shown| shown.source);
    let moved = source
        .as_deref()
        .and_then(|source| site.archive.page_of(source))
        .map(|route| site.archive.url(route));
    message::gone(moved.as_deref(), source.as_deref())
}

/// The page where no edition is out.
fn no_edition(
    stand: &Stand,
    path: &str,
    request: &Request,
    settings: &Settings,
    token: &str,
) -> Response {
    let faults = stand.faults();
    let told = json!({ "page": path, "tag": "", "faults": null, "navigate": settings.navigates });
    let html = page::inject(&page::fault_page(&faults), token, &told);
    let _ = request;
    Response::new(500, "text/html; charset=utf-8", Body::bytes(html))
}

/// What answering one request needs.
struct Shop<'a> {
    stand: &'a Stand,
    edition: &'a Arc<Edition>,
    request: &'a Request,
    settings: &'a Settings,
    token: &'a str,
}

impl Shop<'_> {
    fn site(&self) -> &Site {
        &self.edition.site
    }

    /// Returns the site's own path, decoded, without a slash at its end.
    fn base(&self) -> String {
        let base = self.site().archive.base_path();
        decoded(base).unwrap_or_else(|| base.to_owned())
    }

    /// Returns a path below the site's own; as it is where it is not below.
    fn below(&self, path: &str) -> String {
        let base = self.base();
        match path.strip_prefix(&base) {
            Some(below) if below.starts_with('/') => below.to_owned(),
            _ => path.to_owned(),
        }
    }

    fn answer(&self, path: &str) -> Result<Answer, Diagnostic> {
        let site = self.site();
        let base = self.base();
        let is_below = path
            .strip_prefix(&base)
            .is_some_and(|below| below.starts_with('/'));
        let below = self.below(path);
        let page = is_below.then(|| self.find(&below)).flatten();
        match site.rules.turn(path, page.is_some()) {
            Some(Turn::Redirect(status, to)) => {
                return Ok(Answer::Response(self.redirect(status, &to)));
            }
            Some(Turn::Rewrite(status, to)) => {
                let target = self.find(&self.below(&to));
                return Ok(match target {
                    Some(page) => Answer::Response(self.serve(&page, status)?),
                    None if to.contains("://") => Answer::Response(self.redirect(302, &to)),
                    None => Answer::NotFound(below),
                });
            }
            None => {}
        }
        if let Some(page) = page {
            return Ok(Answer::Response(self.serve(&page, 200)?));
        }
        if !is_below && (path == "/" || path == base) {
            return Ok(Answer::Response(
                self.redirect(302, &format!("{}/", site.archive.base_path())),
            ));
        }
        if let Some(page) = site.page(&format!("{below}/")).filter(|_| is_below) {
            let url = site.archive.url(&page.route);
            return Ok(Answer::Response(self.redirect(301, &url)));
        }
        Ok(Answer::NotFound(below))
    }

    /// Finds the page that a host serves at a path: the rules for hosts are none.
    fn find(&self, below: &str) -> Option<Cow<'_, Page>> {
        if matches!(below, "/_redirects" | "/_headers") {
            return None;
        }
        let folder = below
            .strip_suffix("index.html")
            .filter(|folder| folder.ends_with('/'));
        self.site()
            .find(below)
            .or_else(|| self.site().page(folder?).map(Cow::Borrowed))
    }

    /// Sends the browser elsewhere, with what it asked.
    fn redirect(&self, status: u16, to: &str) -> Response {
        match &self.request.query {
            Some(query) if !to.contains('?') => {
                Response::redirect(status, &format!("{to}?{query}"))
            }
            _ => Response::redirect(status, to),
        }
    }

    fn serve(&self, page: &Page, status: u16) -> Result<Response, Diagnostic> {
        let path = page.route.path().to_owned();
        let own = path.clone();
        let made = self
            .edition
            .ask(move |site, renderer| copy(site, renderer, &own));
        let media_type = media_type(&page.route.file());
        match made {
            Some(Ok(Copy::Long(file, length))) => {
                let tag = self.site().file_print(page).unwrap_or_default().short(32);
                let response = Response::new(status, media_type, Body::File(file, 0, length));
                Ok(self.with_rules(response, &path).tagged(&tag, self.request))
            }
            Some(Ok(Copy::Made(made, print))) if is_html(media_type) => {
                Ok(self.html(page, made, print, status, media_type))
            }
            Some(Ok(Copy::Made(made, _))) => {
                let tag = Fingerprinter::new("file")
                    .bytes(&made.bytes)
                    .finish()
                    .short(32);
                let response = Response::new(status, media_type, Body::bytes(made.bytes));
                Ok(self.with_rules(response, &path).tagged(&tag, self.request))
            }
            Some(Err(Unmade::Changed(fault))) => Err(fault),
            // Its name is that of what was in it.
            Some(Err(Unmade::Faults(_))) if page.subject == Subject::Index => {
                Ok(self.not_found(&path, None))
            }
            Some(Err(Unmade::Faults(faults))) => Ok(self.spoilt(&path, faults)),
            Some(Err(Unmade::Disk(error))) => {
                Ok(self.spoilt(&path, vec![Diagnostic::error(error.to_string())]))
            }
            None => Ok(self.spoilt(
                &path,
                vec![
                    Diagnostic::error(format!("dateline failed while it made {path}"))
                        .hint("please report this, it is dateline's fault"),
                ],
            )),
        }
    }

    /// Answers with a page that a browser shows.
    fn html(
        &self,
        page: &Page,
        made: Made,
        print: Fingerprint,
        status: u16,
        media_type: &str,
    ) -> Response {
        let path = page.route.path();
        let site = self.site();
        let editor = self.settings.editor(Some(site));
        let mut facts = page::facts(&site.archive, page, &site.root, &editor);
        for warning in &made.warnings {
            if let Some(notes) = facts["notes"].as_array_mut() {
                notes.push(json!(warning.message));
            }
        }
        let tag = Fingerprinter::new("page")
            .bytes(&made.bytes)
            .text(&facts.to_string())
            .text(self.token)
            .finish()
            .short(32);
        let told = self.told(path, &tag, &facts, &Value::Null);
        let html = page::inject(&made.bytes, self.token, &told);
        if !self.request.is_head {
            let shown = Shown {
                tag: tag.clone(),
                print,
                observations: made.observations,
                bytes: made.bytes.into(),
                source: crate::plan::source(&site.archive, &page.subject),
                edition: self.edition.number,
            };
            self.stand.remember(path, shown);
        }
        let response = Response::new(status, media_type, Body::bytes(html));
        self.with_rules(response, path).tagged(&tag, self.request)
    }

    /// Answers where a page can't be made: with the page as it was, under what is wrong with it.
    fn spoilt(&self, path: &str, mut faults: Vec<Diagnostic>) -> Response {
        let site = self.site();
        session::locate(&site.root, &mut faults);
        let editor = self.settings.editor(Some(site));
        let told = self.told(
            path,
            "",
            &Value::Null,
            &page::faults(&faults, &site.root, &editor),
        );
        let last = self
            .stand
            .shown(path)
            .map(|shown| shown.bytes)
            .filter(|bytes| !bytes.is_empty());
        self.stand.spoil(path);
        let html = match last {
            Some(bytes) => page::inject(&bytes, self.token, &told),
            None => page::inject(&page::fault_page(&faults), self.token, &told),
        };
        Response::new(500, "text/html; charset=utf-8", Body::bytes(html))
    }

    fn not_found(&self, below: &str, why: Option<&str>) -> Response {
        let made = self.edition.ask(|site, renderer| {
            let page = site.not_found()?;
            let print = renderer.print(page);
            Some((site.make(renderer, page).ok()?, print))
        });
        let made = made.flatten().map(|(made, print)| {
            let shown = Shown {
                tag: String::new(),
                print,
                observations: made.observations,
                bytes: Arc::from([]),
                source: String::new(),
                edition: self.edition.number,
            };
            self.stand.remember(NOT_FOUND, shown);
            made.bytes
        });
        let mut html = made.unwrap_or_else(|| {
            page::plain_page(
                "There is no such page",
                &format!("<p>{}</p>", page::escaped(below)),
            )
        });
        if let Some(why) = why {
            html = page::note(&html, why);
        }
        let told = self.told(
            below,
            "",
            &json!({ "notes": why.into_iter().collect::<Vec<_>>() }),
            &Value::Null,
        );
        let html = page::inject(&html, self.token, &told);
        let response = Response::new(404, "text/html; charset=utf-8", Body::bytes(html));
        self.with_rules(response, below)
    }

    /// Returns what the script in a page is told.
    fn told(&self, path: &str, tag: &str, facts: &Value, faults: &Value) -> Value {
        json!({
            "page": path,
            "tag": tag,
            "facts": facts,
            "faults": faults,
            "navigate": self.settings.navigates,
        })
    }

    /// Adds the headers that the site's own rules ask for.
    fn with_rules(&self, response: Response, below: &str) -> Response {
        let path = format!("{}{below}", self.base());
        let headers = self.site().rules.headers(&path);
        headers.fold(response, |response, (name, value)| {
            response.with(name, value)
        })
    }
}

/// Makes a page, or opens the file that is sent piece by piece.
fn copy(site: &Site, renderer: &Renderer<'_>, path: &str) -> Result<Copy, Unmade> {
    let page = &*site.find(path).expect("the page is of this edition");
    if let Subject::File(name) = &page.subject
        && let Some(file) = site.archive.files.get(name)
        && file.picture.is_none()
        && file.size >= LONG_FILE
        && let Some(origin) = &file.origin
        && let Ok((open, length)) = input::open(origin)
        && length == file.size
    {
        return Ok(Copy::Long(open, length));
    }
    let print = renderer.print(page);
    site.make(renderer, page)
        .map(|made| Copy::Made(made, print))
}
