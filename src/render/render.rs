//! Rendering: one page of the plan, with its source's text, becomes bytes. It needs no other page.

use super::marks;
use crate::archive::reference::{self, PictureTarget};
use crate::archive::{Archive, ArticleId};
use crate::base::diagnostic::{Diagnostic, Place};
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use crate::base::route::Route;
use crate::darkroom::card;
use crate::darkroom::derivative::Derivative;
use crate::plan;
use crate::plan::page::{FeedFormat, List, Page, Subject};
use crate::plan::parts::Parts;
use crate::plan::sitemap::{self, news};
use crate::plan::view::{Content, View};
use crate::plan::{Plan, feed, icons, search};
use crate::search::part::Shelf;
use crate::search::record::{self, Record};
use crate::search::runtime;
use crate::source::article::diagnostics;
use crate::source::front_matter;
use crate::source::markdown::{self, Call, PictureNotes, PictureSource, Resolver};
use crate::theme::asset;
use crate::theme::functions;
use crate::theme::scope::{self, Observation, Query, Scope};
use crate::theme::theme::Theme;
use crate::theme::value::{self, PicturePlace, Shown};
use rayon::prelude::*;
use std::cell::Cell;
use std::io::{self, Write};
use std::sync::Arc;

/// Everything that rendering needs, shared by all threads.
pub struct Renderer<'a> {
    archive: &'a Arc<Archive>,
    theme: &'a Theme,
    plan: &'a Plan,
    view: View<'a>,
    environment: Fingerprint,
}

/// A Markdown file whose text a page shows.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Its path from the site's root.
    pub path: &'a str,
    /// The fingerprint of its text, as it was parsed.
    pub print: Fingerprint,
    /// The fingerprint of everything that its body shows; none where that may not be kept.
    pub body: Option<Fingerprint>,
}

/// What a page's text is made of.
#[derive(Debug)]
pub enum Text {
    /// The text of the Markdown file.
    Markdown(String),
    /// The HTML that an earlier rendering made of its body.
    Html(String),
    /// The draft of its body's HTML.
    Draft(String),
}

/// A page's bytes, and what its template looked up for them.
#[derive(Debug)]
pub struct Rendered {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The HTML of the article's body, where it was made and may be kept: what a shortcode looks up
    /// is noted at each rendering, and what is wrong is told at each.
    pub body: Option<String>,
    /// The questions that its template asked, with the fingerprints of their answers.
    pub observations: Vec<Observation>,
    /// What the user should look at.
    pub warnings: Vec<Diagnostic>,
}

impl<'a> Renderer<'a> {
    /// Prepares to render the pages of a plan.
    pub fn new(archive: &'a Arc<Archive>, theme: &'a Theme, plan: &'a Plan) -> Self {
        Self {
            archive,
            theme,
            plan,
            view: View::new(archive, theme),
            environment: plan::environment(archive),
        }
    }

    /// Returns what readers search, divided into parts.
    pub fn shelves(&self) -> &[Shelf] {
        self.view.shelves()
    }

    /// Makes what the index knows of an article, whose file holds `text`.
    pub fn record(&self, id: ArticleId, text: &str) -> Record {
        record::record(self.archive, self.theme, id, text)
    }

    /// Takes the parts of what a page sees.
    pub fn parts(&self, page: &Page) -> Parts {
        Parts::of(&self.view, self.theme, page)
    }

    /// Returns the fingerprint of everything that a page can see, but for what its template looks up.
    pub fn print(&self, page: &Page) -> Fingerprint {
        plan::page_print(&self.view, self.theme, self.plan, page)
    }

    /// Returns the path of the Markdown file whose text a page shows.
    pub fn source(&self, page: &Page) -> Option<&'a str> {
        match &page.subject {
            Subject::Article(id) => Some(&self.archive.article(*id).article.path),
            Subject::List(List::Section(section), slice) if slice.is_front => {
                let about = self.archive.sections[*section].about.as_ref()?;
                about.has_body.then_some(about.path.as_str())
            }
            Subject::List(List::Term(group, term), slice) if slice.is_front => {
                let about = self.archive.groups[*group].terms[*term].about.as_ref()?;
                about.has_body.then_some(about.path.as_str())
            }
            _ => None,
        }
    }

    /// Returns the fingerprint of the text of [`Renderer::source`] as it was parsed.
    pub fn source_print(&self, page: &Page) -> Option<Fingerprint> {
        let about = match &page.subject {
            Subject::Article(id) => return Some(self.archive.article(*id).article.body),
            Subject::List(List::Section(section), _) => &self.archive.sections[*section].about,
            Subject::List(List::Term(group, term), _) => {
                &self.archive.groups[*group].terms[*term].about
            }
            _ => &None,
        };
        about.as_ref().map(|about| about.body)
    }

    /// Lists the Markdown files whose texts a page shows: one, or those of a feed.
    pub fn sources(&self, page: &Page) -> Vec<Source<'a>> {
        let of_article = |id: ArticleId| {
            let article = &self.archive.article(id).article;
            Source {
                path: article.path.as_str(),
                print: article.body,
                body: Some(self.body_print(id)),
            }
        };
        match page.subject {
            Subject::Feed(list, _) => feed::bodies(self.archive, list)
                .into_iter()
                .map(of_article)
                .collect(),
            Subject::Article(id) => vec![of_article(id)],
            _ => {
                let print = self.source_print(page);
                let of_index = |(path, print)| Source {
                    path,
                    print,
                    body: None,
                };
                self.source(page)
                    .zip(print)
                    .map(of_index)
                    .into_iter()
                    .collect()
            }
        }
    }

    /// Returns the fingerprint of everything that the body of an article shows, if no shortcode is in
    /// it.
    pub fn body_print(&self, id: ArticleId) -> Fingerprint {
        let one = self.archive.article(id);
        Fingerprinter::new("body")
            .fingerprint(self.environment)
            .fingerprint(self.theme.words.of(self.archive.language(one)).print)
            .fingerprint(one.page)
            .finish()
    }

    /// Renders a page that is not a copy of a file; `texts` are those of [`Renderer::sources`].
    ///
    /// # Errors
    ///
    /// What is wrong with the template or the article, in their files' places.
    pub fn render(&self, page: &Page, texts: Vec<Text>) -> Result<Rendered, Vec<Diagnostic>> {
        let archive = self.archive;
        let text = match &page.subject {
            Subject::Feed(list, format) => return self.feed(page, *list, *format, texts),
            Subject::Sitemap(range) => sitemap::sitemap(archive, &self.plan.pages[range.clone()]),
            Subject::SitemapIndex(count) => sitemap::index(archive, sitemap::NAME, *count),
            Subject::NewsSitemap(range) => {
                news::sitemap(archive, &news::articles(archive)[range.clone()])
            }
            Subject::NewsIndex(count) => sitemap::index(archive, news::NAME, *count),
            Subject::Robots => sitemap::robots(archive),
            Subject::WebManifest => icons::manifest(archive),
            Subject::SearchScript => return Ok(as_it_is(runtime::SCRIPT)),
            Subject::SearchWasm(root) => {
                let (_, bytes) = runtime::wasm(&archive.sections[*root].language);
                return Ok(as_it_is(bytes));
            }
            Subject::SearchParts(root) => search::list(self.shelves(), *root),
            Subject::Card(id) => return self.card(page, *id),
            Subject::Asset(at) => {
                return Ok(as_it_is(&self.theme.assets.files()[*at].bytes));
            }
            Subject::Redirect(aliased) if self.template(page).is_none() => {
                sitemap::redirect(archive, &aliased.route(archive))
            }
            _ => return self.template_page(page, texts.into_iter().next()),
        };
        Ok(Rendered {
            bytes: text.into_bytes(),
            body: None,
            observations: Vec::new(),
            warnings: Vec::new(),
        })
    }

    /// Draws the card of an article without a photo.
    fn card(&self, page: &Page, id: ArticleId) -> Result<Rendered, Vec<Diagnostic>> {
        let headline = &self.archive.article(id).article.meta.headline;
        let drawn = card::card(
            headline,
            &self.archive.config.title,
            &self.archive.card_fonts,
        );
        let bytes = drawn.map_err(|message| {
            let fault = Diagnostic::error(format!("the card of the article {message}"));
            vec![self.about(fault, page)]
        })?;
        Ok(Rendered {
            bytes,
            body: None,
            observations: Vec::new(),
            warnings: Vec::new(),
        })
    }

    /// Returns the template that makes a page, if a template does.
    pub fn template(&self, page: &Page) -> Option<&'a str> {
        crate::plan::template(self.archive, self.theme, &page.subject)
    }

    /// Returns what functions may look up on a page.
    pub fn scope(&self, owner: Option<(String, Route)>) -> Scope {
        Scope {
            archive: Arc::clone(self.archive),
            cards: Arc::clone(&self.view.cards),
            assets: Arc::clone(&self.theme.assets),
            owner,
            steps: self.archive.config.limits.template_steps,
        }
    }

    /// Makes a feed; the bodies that it carries are rendered as their pages render them.
    fn feed(
        &self,
        page: &Page,
        list: List,
        format: FeedFormat,
        texts: Vec<Text>,
    ) -> Result<Rendered, Vec<Diagnostic>> {
        let archive = self.archive;
        let mut observations = Vec::new();
        let mut bodies = Vec::with_capacity(texts.len());
        for (id, text) in feed::bodies(archive, list).into_iter().zip(texts) {
            let one = archive.article(id);
            let path = one.article.path.as_str();
            let owner = Some((path.to_owned(), one.route.clone()));
            let language = archive.language(one);
            let (made, asked) = scope::observe(self.scope(owner), || {
                let mut faults = Vec::new();
                let content = self.content(path, &one.route, text, language, &mut faults);
                match faults.iter().any(Diagnostic::is_error) {
                    true => Err(faults),
                    // Warnings are told with the article's page.
                    false => Ok(content.html),
                }
            });
            bodies.push(made?);
            observations.extend(asked);
        }
        Ok(Rendered {
            bytes: feed::feed(&self.view, page, list, format, &bodies).into_bytes(),
            body: None,
            observations,
            warnings: Vec::new(),
        })
    }

    fn template_page(&self, page: &Page, text: Option<Text>) -> Result<Rendered, Vec<Diagnostic>> {
        let name = self.template(page).ok_or_else(|| {
            vec![Diagnostic::error(format!(
                "no template makes the page `{}`",
                page.route
            ))]
        })?;
        let variables = self.theme.analysis(name).variables;
        let path = self.source(page);
        let owner = path.map(|path| (path.to_owned(), page.route.clone()));
        let (made, observations) = scope::observe(self.scope(owner), || {
            let mut faults = Vec::new();
            let content = match (path, text) {
                (Some(path), Some(text)) => {
                    let language = self.view.language(page);
                    self.content(path, &page.route, text, language, &mut faults)
                }
                _ => Content::default(),
            };
            if faults.iter().any(Diagnostic::is_error) {
                return Err(faults);
            }
            let context = self.view.context(page, variables, &content);
            let mut out = Limited {
                bytes: Vec::with_capacity(content.html.len() + 8192),
                left: self.archive.config.limits.page_bytes,
            };
            match self.theme.render(name, &context, &mut out) {
                Ok(()) => {
                    let may_keep = content.is_fixed && faults.is_empty();
                    Ok((out.bytes, may_keep.then_some(content.html), faults))
                }
                Err(_) if out.left == 0 => Err(vec![self.too_long(page)]),
                Err(fault) => Err(vec![self.about(fault, page)]),
            }
        });
        let (mut bytes, body, warnings) = made?;
        if self.archive.config.minify_html {
            bytes = asset::minify_html(&bytes);
        }
        Ok(Rendered {
            bytes,
            body,
            observations,
            warnings,
        })
    }

    /// Says which page a template failed on.
    fn about(&self, fault: Diagnostic, page: &Page) -> Diagnostic {
        let source = crate::plan::source(self.archive, &page.subject);
        fault.hint(format!("while making {} from {source}", page.route))
    }

    fn too_long(&self, page: &Page) -> Diagnostic {
        let message = format!(
            "the page {} is longer than the {} bytes that `limits.page_bytes` allows",
            page.route, self.archive.config.limits.page_bytes
        );
        Diagnostic::error(message).at(Place::file(crate::plan::source(
            self.archive,
            &page.subject,
        )))
    }

    /// Makes the HTML of a body.
    fn content(
        &self,
        path: &str,
        route: &Route,
        text: Text,
        language: &str,
        faults: &mut Vec<Diagnostic>,
    ) -> Content {
        let resolver = SiteResolver {
            archive: self.archive,
            theme: self.theme,
            path,
            route,
            language,
            has_shortcodes: Cell::new(false),
        };
        let mut html = String::new();
        let is_draft = matches!(text, Text::Draft(_));
        match text {
            Text::Html(html) => {
                return Content {
                    html,
                    is_fixed: false,
                };
            }
            Text::Draft(draft) => markdown::fill(&draft, &resolver, &mut html),
            Text::Markdown(source) => {
                let body = match front_matter::split(path, &source) {
                    Ok(parts) => parts.body,
                    Err(fault) => {
                        faults.push(fault);
                        return Content::default();
                    }
                };
                let found = markdown::html(
                    &source[body.clone()],
                    body.start,
                    &self.archive.config.markdown,
                    self.theme,
                    &resolver,
                    &mut html,
                );
                faults.extend(diagnostics(path, &source, found));
            }
        }
        if let Some(id) = self.archive.find(path) {
            let base = &self.archive.config.base_url;
            marks::mark(
                &self.archive.article(id).article.meta,
                base,
                language,
                &mut html,
            );
        }
        Content {
            html,
            // Of a body that has a draft, that is what is kept.
            is_fixed: !is_draft && !resolver.has_shortcodes.get(),
        }
    }
}

/// Returns bytes that nothing is looked up for.
fn as_it_is(bytes: &[u8]) -> Rendered {
    Rendered {
        bytes: bytes.to_vec(),
        body: None,
        observations: Vec::new(),
        warnings: Vec::new(),
    }
}

/// Turns the addresses in a body into those of the site.
struct SiteResolver<'a> {
    archive: &'a Archive,
    theme: &'a Theme,
    path: &'a str,
    route: &'a Route,
    language: &'a str,
    /// Whether the body has a shortcode, which may look something up.
    has_shortcodes: Cell<bool>,
}

impl Resolver for SiteResolver<'_> {
    fn link(&self, target: &str) -> Option<String> {
        if let Some(url) = self.archive.link(self.path, target) {
            return Some(url);
        }
        if target.starts_with('/') && !target.starts_with("//") {
            return Some(format!("{}{target}", self.archive.base_path()));
        }
        match reference::picture(self.path, target)? {
            PictureTarget::File(file) if self.archive.files.contains_key(&file) => Some(
                self.archive
                    .url(&self.archive.picture_route(self.route, &file)?),
            ),
            _ => None,
        }
    }

    fn picture(&self, src: &str) -> PictureSource {
        let target = reference::picture(self.path, src).unwrap_or(PictureTarget::Elsewhere);
        let place = PicturePlace::of(self.archive, self.route, src, &target);
        let shown = Shown::of(self.archive, &place.url, &target);
        PictureSource {
            url: shown.src.unwrap_or(place.url),
            srcset: shown.srcset,
            sources: shown.sources,
            sizes: shown.sizes,
            tint: value::tint(self.archive, &target),
            width: place.size.map(|(width, _)| width),
            height: place.size.map(|(_, height)| height),
            is_photo: match &target {
                PictureTarget::File(path) => value::is_photo(self.archive, path),
                PictureTarget::Elsewhere => false,
            },
            notes: self.notes(src),
        }
    }

    fn notes(&self, src: &str) -> Option<Box<PictureNotes>> {
        let photo = self.archive.photo_of(self.path, src);
        let notes = PictureNotes {
            origin: photo.origin(),
            credit: photo.credit,
            caption: photo.caption,
            alt: photo.alt,
        };
        (notes != PictureNotes::default()).then(|| Box::new(notes))
    }

    fn shortcode(&self, call: &Call, body: Option<&str>) -> Result<String, String> {
        self.has_shortcodes.set(true);
        self.theme.shortcode(call, body, self.language)
    }

    fn words(&self) -> &markdown::Words {
        &self.theme.words.of(self.language).markdown
    }
}

/// A buffer that refuses to grow beyond a page's limit.
struct Limited {
    bytes: Vec<u8>,
    left: u64,
}

impl Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        let length = bytes.len() as u64;
        if length > self.left {
            self.left = 0;
            return Err(io::Error::other("the page is too long"));
        }
        self.left -= length;
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns the derivatives that questions ask for, each with its address.
pub fn derivatives(renderer: &Renderer<'_>, queries: &[&Query]) -> Vec<(Route, Derivative)> {
    queries
        .par_iter()
        .flat_map_iter(|query| functions::derivatives(query, &scope_of(renderer, query)))
        .collect()
}

/// Returns what a question could look up.
fn scope_of(renderer: &Renderer<'_>, query: &Query) -> Scope {
    let owner = query
        .owner
        .as_ref()
        .and_then(|path| Some((path.clone(), renderer.archive.page_of(path)?.clone())));
    renderer.scope(owner)
}

/// Returns the questions' answers as they are now.
pub fn answers(renderer: &Renderer<'_>, queries: &[Query]) -> Vec<Option<Fingerprint>> {
    queries
        .par_iter()
        .map(|query| functions::ask(query, &scope_of(renderer, query)))
        .collect()
}
