//! Functions that look things up: the second source of what a page sees.
//!
//! Each call is a [`Query`]: its name, its arguments and its answer's fingerprint are recorded while
//! the page is rendered. The next build asks the same again before it may skip the page.

use crate::archive::reference::{self, PictureTarget};
use crate::archive::{Archive, ArticleId};
use crate::base::diagnostic::nearest;
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use crate::base::route::Route;
use crate::base::slug::slug;
use crate::darkroom::derivative::{Derivative, Encoding};
use crate::darkroom::encode;
use crate::darkroom::set::Focus;
use crate::source::photo::Photo;
use crate::theme::data_file;
use crate::theme::scope::{self, Observation, Query, Scope};
use crate::theme::value;
use tera::{Kwargs, State, Tera, TeraResult, Value};

/// A function that templates can call.
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// What it returns, in a sentence.
    pub doc: &'static str,
    /// Its arguments: name, and what it is.
    pub arguments: &'static [(&'static str, &'static str)],
    answer: fn(&Scope, &Arguments) -> Result<Answer, String>,
}

/// A value, and the fingerprint of all that it was made from.
struct Answer {
    value: Value,
    fingerprint: Fingerprint,
}

impl Answer {
    /// An answer that is small enough to be its own fingerprint's source.
    fn of(value: Value) -> Self {
        Self {
            fingerprint: value::fingerprint(&value),
            value,
        }
    }
}

/// Every function, in the order of the manual.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "get_article",
        doc: "Returns an article as lists show it.",
        arguments: &[("path", "its source: `@/local/harbour.md`")],
        answer: get_article,
    },
    Function {
        name: "get_articles",
        doc: "Returns articles as lists show them, the newest first; every argument narrows them.",
        arguments: &[
            (
                "section",
                "a section's path, such as `local`; the sections in it count too",
            ),
            ("tag", "a tag's name"),
            ("author", "an author's name"),
            ("taxonomy", "the key of a taxonomy, with `term`"),
            ("term", "a term's name, with `taxonomy`"),
            ("series", "a series' name"),
            ("year", "a year, as a number"),
            ("undated", "`true` to have those without a date too"),
            ("limit", "how many at most; 10 where it is left out"),
            ("offset", "how many to pass over"),
        ],
        answer: get_articles,
    },
    Function {
        name: "get_section",
        doc: "Returns what a link to a section shows.",
        arguments: &[("path", "its path below content, such as `local/port`")],
        answer: get_section,
    },
    Function {
        name: "get_terms",
        doc: "Returns the terms of a taxonomy with their counts, the most used first.",
        arguments: &[
            ("taxonomy", "its key, such as `tags`"),
            ("limit", "how many at most; all where it is left out"),
            (
                "language",
                "whose terms; those of the site's language where it is left out",
            ),
        ],
        answer: get_terms,
    },
    Function {
        name: "load_data",
        doc: "Returns what a YAML, JSON or TOML file of `data/` holds; of another file, its text.",
        arguments: &[(
            "path",
            "its path from the site's root, such as `data/front.yaml`",
        )],
        answer: load_data,
    },
    Function {
        name: "url_for",
        doc: "Returns an address from the host's root, with the path that `base_url` may have.",
        arguments: &[(
            "path",
            "`@/local/harbour.md`, or a path of the site such as `/tags/`",
        )],
        answer: url_for,
    },
    Function {
        name: "asset",
        doc: "Returns a file of the theme's assets: `url`, `permalink` and `integrity`.",
        arguments: &[("path", "its path in `assets/`, such as `site.css`")],
        answer: asset,
    },
    Function {
        name: "picture",
        doc: "Returns a picture with its size.",
        arguments: &[
            (
                "src",
                "a file of `static/` (beginning with `/`), or one beside the article",
            ),
            ("alt", "what it shows"),
            ("caption", "what the reader is told about it"),
            ("credit", "who made it"),
        ],
        answer: picture,
    },
    Function {
        name: "image",
        doc: "Returns a derivative of a photo: `url`, `permalink`, `width`, `height` and `type`. It is never larger than the photo. A drawing, an animation or a picture elsewhere is returned as it is.",
        arguments: &[
            (
                "src",
                "a file of `static/` (beginning with `/`), one beside the article, or the `file` of a picture",
            ),
            ("width", "pixels"),
            ("height", "pixels; with `width`, the photo fits into both"),
            (
                "ratio",
                "the shape that it is cropped to, such as `16:9`; without it, `op` decides",
            ),
            (
                "op",
                "`fit` to show all of the photo, `fill` to crop it to `width` and `height`; `fit` where it is left out",
            ),
            (
                "focus",
                "what a crop keeps in sight: parts of width and height, such as `0.3 0.25`, or sides, such as `top left`; where it is left out, the `focus` of the page's photo or of the photo's notes, else the middle",
            ),
            (
                "format",
                "`jpeg`, `png`, `webp`, `avif` or `original`; the last where it is left out",
            ),
            (
                "quality",
                "from 1 to 100; that of `images.quality` where it is left out",
            ),
        ],
        answer: image,
    },
];

/// Registers every function.
pub(super) fn register(tera: &mut Tera) {
    for function in FUNCTIONS {
        tera.register_function(function.name, move |kwargs: Kwargs, _: &State| {
            call(function, &kwargs)
        });
    }
}

/// Asks a recorded question again; none where it has no answer any more.
pub fn ask(query: &Query, scope: &Scope) -> Option<Fingerprint> {
    let function = FUNCTIONS
        .iter()
        .find(|function| function.name == query.function)?;
    let arguments = query
        .arguments
        .iter()
        .map(|(name, json)| {
            Some((
                name.clone(),
                serde_json::from_str::<serde_json::Value>(json).ok()?,
            ))
        })
        .collect::<Option<Vec<_>>>()?;
    (function.answer)(scope, &Arguments(arguments))
        .ok()
        .map(|answer| answer.fingerprint)
}

/// Returns the derivatives that a question asks for, each with the path at which it is published.
pub fn derivatives(query: &Query, scope: &Scope) -> Vec<(Route, Derivative)> {
    let arguments = || {
        let parsed = query.arguments.iter().map(|(name, json)| {
            Some((
                name.clone(),
                serde_json::from_str::<serde_json::Value>(json).ok()?,
            ))
        });
        parsed.collect::<Option<Vec<_>>>().map(Arguments)
    };
    match query.function.as_str() {
        "image" => arguments()
            .and_then(|arguments| wanted(scope, &arguments).ok()?.1)
            .into_iter()
            .collect(),
        "picture" => arguments()
            .map(|arguments| shown(scope, &arguments))
            .unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn call(function: &Function, kwargs: &Kwargs) -> TeraResult<Value> {
    let scope = scope::current().ok_or_else(|| {
        tera::Error::message(format!("`{}` can be called on pages only", function.name))
    })?;
    let arguments = Arguments::new(function, kwargs)?;
    let answer = (function.answer)(&scope, &arguments)
        .map_err(|message| tera::Error::message(format!("`{}`: {message}", function.name)))?;
    let depends_on_owner = matches!(function.name, "picture" | "image");
    scope::record(Observation {
        query: Query {
            function: function.name.to_owned(),
            arguments: arguments
                .0
                .iter()
                .map(|(name, value)| (name.clone(), value.to_string()))
                .collect(),
            owner: scope
                .owner
                .filter(|_| depends_on_owner)
                .map(|(path, _)| path),
        },
        answer: answer.fingerprint,
    });
    Ok(answer.value)
}

/// The arguments of a call, checked to be known, by name.
struct Arguments(Vec<(String, serde_json::Value)>);

impl Arguments {
    fn new(function: &Function, kwargs: &Kwargs) -> TeraResult<Self> {
        let mut arguments = Vec::new();
        for (key, value) in kwargs.iter() {
            let name = key.to_string();
            let known = function.arguments.iter().map(|(name, _)| *name);
            if !known.clone().any(|known| known == name) {
                let hint = nearest(&name, known.clone()).map_or_else(
                    || format!("it takes {}", known.collect::<Vec<_>>().join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                return Err(tera::Error::message(format!(
                    "`{}` has no argument `{name}`; {hint}",
                    function.name
                )));
            }
            let json = serde_json::to_value(value)
                .map_err(|error| tera::Error::message(error.to_string()))?;
            if !json.is_null() {
                arguments.push((name, json));
            }
        }
        arguments.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(Self(arguments))
    }

    fn find(&self, name: &str) -> Option<&serde_json::Value> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    }

    fn text(&self, name: &str) -> Result<Option<&str>, String> {
        match self.find(name) {
            None => Ok(None),
            Some(serde_json::Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(format!("`{name}` is a text, not `{other}`")),
        }
    }

    fn needed(&self, name: &str) -> Result<&str, String> {
        self.text(name)?
            .ok_or_else(|| format!("`{name}` is missing"))
    }

    fn number(&self, name: &str) -> Result<Option<usize>, String> {
        match self.find(name) {
            None => Ok(None),
            Some(value) => match value.as_u64() {
                Some(number) => Ok(Some(usize::try_from(number).unwrap_or(usize::MAX))),
                None => Err(format!(
                    "`{name}` is a whole number that is not negative, not `{value}`"
                )),
            },
        }
    }
}

fn missing<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    match reference::nearest_path(name, known) {
        Some(near) => format!("there is no {what} `{name}`; did you mean `{near}`?"),
        None => format!("there is no {what} `{name}`"),
    }
}

fn get_article(scope: &Scope, arguments: &Arguments) -> Result<Answer, String> {
    let path = arguments.needed("path")?;
    let archive = &scope.archive;
    let id = archive.find(path).ok_or_else(|| {
        missing(
            "article",
            path,
            archive.articles.iter().map(|one| one.article.path.as_str()),
        )
    })?;
    Ok(Answer {
        value: scope.cards.article(archive, id),
        fingerprint: archive.article(id).card,
    })
}

fn get_articles(scope: &Scope, arguments: &Arguments) -> Result<Answer, String> {
    let archive = &scope.archive;
    let limit = arguments.number("limit")?.unwrap_or(10);
    let offset = arguments.number("offset")?.unwrap_or(0);
    let undated = arguments
        .find("undated")
        .and_then(serde_json::Value::as_bool)
        .unwrap_or(false);
    let filters = Filters::new(archive, arguments)?;
    let chosen: Vec<ArticleId> = filters
        .narrowest(archive)
        .into_iter()
        .rev()
        .filter(|id| undated || id.0 as usize >= archive.undated)
        .filter(|id| filters.admits(archive, *id))
        .skip(offset)
        .take(limit)
        .collect();
    let mut print = Fingerprinter::new("articles");
    for id in &chosen {
        print.fingerprint(archive.article(*id).card);
    }
    Ok(Answer {
        value: scope.cards.articles(archive, &chosen),
        fingerprint: print.finish(),
    })
}

/// What `get_articles` asks for.
struct Filters {
    section: Option<usize>,
    /// Of each term that is asked for, the term in every language that has it: places of group and term.
    terms: Vec<Vec<(usize, usize)>>,
    series: Option<Vec<ArticleId>>,
    year: Option<i64>,
    is_empty: bool,
}

impl Filters {
    fn new(archive: &Archive, arguments: &Arguments) -> Result<Self, String> {
        let mut filters = Self {
            section: None,
            terms: Vec::new(),
            series: None,
            year: arguments.number("year")?.map(|year| year as i64),
            is_empty: false,
        };
        if let Some(path) = arguments.text("section")? {
            let known = archive.sections.iter().map(|section| section.path.as_str());
            let section = archive.section(path.trim_matches('/'));
            filters.section = Some(section.ok_or_else(|| missing("section", path, known))?);
        }
        let pairs = [
            ("tags", arguments.text("tag")?),
            ("authors", arguments.text("author")?),
        ];
        let further = (arguments.text("taxonomy")?, arguments.text("term")?);
        let further = match further {
            (Some(taxonomy), term) => Some((taxonomy, term)),
            (None, Some(_)) => return Err("`term` needs `taxonomy`".to_owned()),
            (None, None) => None,
        };
        for (key, name) in pairs.into_iter().chain(further) {
            let Some(name) = name else { continue };
            let known = archive
                .groups
                .iter()
                .map(|group| group.taxonomy.key.as_str());
            if archive.groups_of(key).next().is_none() {
                return Err(missing("taxonomy", key, known));
            }
            let Some(slug) = slug(name, archive.config.slugs) else {
                filters.is_empty = true;
                continue;
            };
            let groups = archive.groups.iter().enumerate();
            let same: Vec<(usize, usize)> = groups
                .filter(|(_, group)| group.taxonomy.key == key)
                .filter_map(|(at, group)| Some((at, group.find(&slug)?)))
                .collect();
            // A term that no article has yet is no error: it can be the theme's own convention.
            filters.is_empty |= same.is_empty();
            filters.terms.push(same);
        }
        if let Some(name) = arguments.text("series")? {
            let languages = archive.languages.iter();
            let parts = languages.filter_map(|language| language.series.get(name));
            let mut articles: Vec<ArticleId> = parts.flatten().copied().collect();
            articles.sort_unstable();
            filters.series = Some(articles);
        }
        Ok(filters)
    }

    /// Returns the articles of the first filter that has a list, the oldest first.
    fn narrowest(&self, archive: &Archive) -> Vec<ArticleId> {
        if self.is_empty {
            return Vec::new();
        }
        let articles =
            |&(group, term): &(usize, usize)| archive.groups[group].terms[term].articles.as_slice();
        let count = |same: &&Vec<(usize, usize)>| -> usize {
            same.iter().map(|place| articles(place).len()).sum()
        };
        let narrowest = self.terms.iter().min_by_key(count);
        match (narrowest, &self.series) {
            (Some(same), series) if series.as_ref().is_none_or(|of| count(&same) < of.len()) => {
                let mut list = same.iter().map(articles).collect::<Vec<_>>().concat();
                list.sort_unstable();
                return list;
            }
            (_, Some(series)) => return series.clone(),
            _ => {}
        }
        match self.section {
            Some(section) if section != 0 => {
                let mut articles = archive.sections[section].articles.clone();
                articles.sort_unstable();
                articles
            }
            _ => (0..archive.articles.len() as u32).map(ArticleId).collect(),
        }
    }

    fn admits(&self, archive: &Archive, id: ArticleId) -> bool {
        let one = archive.article(id);
        let in_section = |wanted| {
            let mut section = Some(one.section);
            while let Some(at) = section {
                if at == wanted {
                    return true;
                }
                section = archive.sections[at].parent;
            }
            false
        };
        let year = one
            .article
            .meta
            .timestamp
            .map(|time| i64::from(time.date().year()));
        self.section.is_none_or(in_section)
            && self.terms.iter().all(|same| {
                let has =
                    |(group, term): &(usize, usize)| one.terms[*group].contains(&(*term as u32));
                same.iter().any(has)
            })
            && self
                .series
                .as_ref()
                .is_none_or(|series| series.binary_search(&id).is_ok())
            && self.year.is_none_or(|wanted| year == Some(wanted))
    }
}

fn get_section(scope: &Scope, arguments: &Arguments) -> Result<Answer, String> {
    let archive = &scope.archive;
    let path = arguments.needed("path")?;
    let at = archive.section(path.trim_matches('/')).ok_or_else(|| {
        missing(
            "section",
            path,
            archive.sections.iter().map(|section| section.path.as_str()),
        )
    })?;
    Ok(Answer::of(scope.cards.section(archive, at)))
}

fn get_terms(scope: &Scope, arguments: &Arguments) -> Result<Answer, String> {
    let archive = &scope.archive;
    let key = arguments.needed("taxonomy")?;
    let known = archive
        .groups
        .iter()
        .map(|group| group.taxonomy.key.as_str());
    let language = match arguments.text("language")? {
        None => 0,
        Some(tag) => {
            let tags = || {
                let languages = archive.languages.iter();
                languages.map(|language| archive.sections[language.root].language.as_str())
            };
            let at = tags().position(|known| known == tag);
            at.ok_or_else(|| missing("language", tag, tags()))?
        }
    };
    let group = archive
        .group(language, key)
        .ok_or_else(|| missing("taxonomy", key, known))?;
    let group = &archive.groups[group];
    let limit = arguments.number("limit")?.unwrap_or(usize::MAX);
    let mut terms: Vec<_> = group.terms.iter().collect();
    terms.sort_by(|a, b| {
        b.articles
            .len()
            .cmp(&a.articles.len())
            .then_with(|| a.slug.cmp(&b.slug))
    });
    let terms: Vec<Value> = terms
        .into_iter()
        .take(limit)
        .map(|term| value::term_count(archive, term))
        .collect();
    Ok(Answer::of(Value::from(terms)))
}

fn load_data(scope: &Scope, arguments: &Arguments) -> Result<Answer, String> {
    let path = arguments.needed("path")?;
    let name = if path.starts_with("data/") {
        path.to_owned()
    } else {
        format!("data/{path}")
    };
    let file = scope.archive.data.get(&name).ok_or_else(|| {
        missing(
            "data file",
            &name,
            scope.archive.data.keys().map(String::as_str),
        )
    })?;
    Ok(Answer {
        value: data_file::value(&name, &file.text)?,
        fingerprint: Fingerprinter::new("data")
            .text(&name)
            .fingerprint(file.fingerprint)
            .finish(),
    })
}

fn url_for(scope: &Scope, arguments: &Arguments) -> Result<Answer, String> {
    let path = arguments.needed("path")?;
    let archive = &scope.archive;
    let url = if path.starts_with("@/") {
        archive.link("content/_index.md", path).ok_or_else(|| {
            missing(
                "article",
                path,
                archive.articles.iter().map(|one| one.article.path.as_str()),
            )
        })?
    } else if reference::is_elsewhere(path) {
        path.to_owned()
    } else {
        format!("{}/{}", archive.base_path(), path.trim_start_matches('/'))
    };
    Ok(Answer::of(Value::from(url)))
}

fn asset(scope: &Scope, arguments: &Arguments) -> Result<Answer, String> {
    let path = arguments.needed("path")?;
    let asset = scope
        .assets
        .find(path)
        .ok_or_else(|| missing("asset", path, scope.assets.names()))?;
    Ok(Answer::of(value::map([
        ("url", Value::from(scope.archive.url(&asset.route))),
        (
            "permalink",
            Value::from(scope.archive.permalink(&asset.route)),
        ),
        ("integrity", Value::normal_string(&asset.integrity)),
    ])))
}

fn picture(scope: &Scope, arguments: &Arguments) -> Result<Answer, String> {
    let src = arguments.needed("src")?;
    let (route, target) = found(scope, src)?;
    let own = |name| arguments.text(name).map(|text| text.map(str::to_owned));
    let photo = Photo {
        src: src.to_owned(),
        alt: own("alt")?,
        caption: own("caption")?,
        credit: own("credit")?,
        ..Photo::default()
    };
    let path = match &scope.owner {
        Some((path, _)) => path.as_str(),
        None => "content/_index.md",
    };
    Ok(Answer::of(value::picture(
        &scope.archive,
        &route,
        src,
        &target,
        &scope.archive.photo(path, &photo),
    )))
}

/// Finds the picture that an argument names, and the page beside which it is published.
fn found(scope: &Scope, src: &str) -> Result<(Route, PictureTarget), String> {
    let archive = &scope.archive;
    let (path, route) = match &scope.owner {
        Some((path, route)) => (path.as_str(), route.clone()),
        None => ("content/_index.md", Route::home()),
    };
    let is_file = src.starts_with("content/") || src.starts_with("static/");
    let target = match is_file && archive.files.contains_key(src) {
        true => PictureTarget::File(src.to_owned()),
        false => reference::picture(path, src)
            .ok_or_else(|| format!("the picture `{src}` lies outside the site"))?,
    };
    if let PictureTarget::File(file) = &target {
        match archive.files.get(file).map(|file| &file.picture) {
            Some(Some(Ok(_))) => {}
            Some(Some(Err(broken))) => {
                return Err(format!(
                    "the picture `{file}` can't be used: {}",
                    broken.message
                ));
            }
            Some(None) => return Err(format!("`{file}` is not a picture")),
            None => {
                return Err(missing(
                    "picture",
                    file,
                    archive.files.keys().map(String::as_str),
                ));
            }
        }
    }
    Ok((route, target))
}

/// Returns the derivatives that show a picture which a template asked for.
fn shown(scope: &Scope, arguments: &Arguments) -> Vec<(Route, Derivative)> {
    let archive = &scope.archive;
    let found = arguments.needed("src").and_then(|src| found(scope, src));
    let Ok((owner, PictureTarget::File(path))) = found else {
        return Vec::new();
    };
    let (Some(original), Some(route)) = (
        value::original(archive, &path),
        archive.picture_route(&owner, &path),
    ) else {
        return Vec::new();
    };
    let set = original.set().into_iter().flatten();
    set.filter_map(|one| Some((archive.beside(&route, &one.ending())?, one)))
        .collect()
}

fn image(scope: &Scope, arguments: &Arguments) -> Result<Answer, String> {
    let archive = &scope.archive;
    let (place, derivative) = wanted(scope, arguments)?;
    let value = match derivative {
        Some((route, one)) => value::map([
            ("url", Value::from(archive.url(&route))),
            ("permalink", Value::from(archive.permalink(&route))),
            ("width", Value::from(one.width)),
            ("height", Value::from(one.height)),
            ("type", Value::from(one.encoding.media_type())),
        ]),
        None => value::map([
            ("url", Value::from(place.url)),
            ("permalink", Value::from(place.permalink)),
            ("width", Value::from(place.size.map(|(width, _)| width))),
            ("height", Value::from(place.size.map(|(_, height)| height))),
            ("type", value::text(place.media_type)),
        ]),
    };
    Ok(Answer::of(value))
}

/// Returns the picture that `image` is asked for, and the derivative with its path; none of a picture
/// that is left as it is.
fn wanted(
    scope: &Scope,
    arguments: &Arguments,
) -> Result<(value::PicturePlace, Option<(Route, Derivative)>), String> {
    let archive = &scope.archive;
    let src = arguments.needed("src")?;
    let (owner, target) = found(scope, src)?;
    let place = value::PicturePlace::of(archive, &owner, src, &target);
    let side = |name: &str| -> Result<Option<u32>, String> {
        match arguments.number(name)? {
            None => Ok(None),
            Some(0) => Err(format!("`{name}` is at least 1")),
            Some(number) => Ok(Some(u32::try_from(number).unwrap_or(u32::MAX))),
        }
    };
    let (width, height) = (side("width")?, side("height")?);
    let focus = match arguments.text("focus")? {
        Some(text) => focus(text)?,
        None => known_focus(scope, &target),
    };
    let ratio = arguments.text("ratio")?.map(ratio).transpose()?;
    let fills = match arguments.text("op")? {
        None | Some("fit") => false,
        Some("fill") => true,
        Some(other) => return Err(format!("`op` is `fit` or `fill`, not `{other}`")),
    };
    let PictureTarget::File(path) = &target else {
        return Ok((place, None));
    };
    let Some(original) = value::original(archive, path) else {
        return Ok((place, None));
    };
    let encoding = match arguments.text("format")? {
        None | Some("original") => original.own(),
        Some("jpeg" | "jpg") => Encoding::Jpeg,
        Some("png") => Encoding::Png,
        Some("webp") => Encoding::WebP,
        Some("avif") if cfg!(feature = "avif") => Encoding::Avif,
        Some("avif") => {
            return Err(
                "this dateline makes no AVIF; `cargo install dateline --features avif` does"
                    .to_owned(),
            );
        }
        Some(other) => {
            return Err(format!(
                "`format` is `jpeg`, `png`, `webp`, `avif` or `original`, not `{other}`"
            ));
        }
    };
    let (own_width, own_height) = original.size();
    let mut derivative = match (ratio, fills) {
        (Some((wide, high)), _) => {
            let by = |length: u32, part: u32, whole: u32| {
                let made = u64::from(length) * u64::from(part) / u64::from(whole);
                u32::try_from(made).unwrap_or(u32::MAX).max(1)
            };
            let width = match (width, height) {
                (Some(width), _) => width,
                (None, Some(height)) => by(height, wide, high),
                (None, None) => own_width.min(by(own_height, wide, high)),
            };
            original.fill(width, by(width, high, wide), focus, encoding)
        }
        (None, true) => match (width, height) {
            (Some(width), Some(height)) => original.fill(width, height, focus, encoding),
            _ => return Err("`op=\"fill\"` needs `width` and `height`, or a `ratio`".to_owned()),
        },
        (None, false) => original.fit(width, height, encoding),
    };
    if let Some(quality) = arguments.number("quality")? {
        derivative.quality = match u8::try_from(quality) {
            Ok(quality @ 1..=100) if encoding != Encoding::Png => quality,
            Ok(1..=100) => 0,
            _ => return Err(format!("`quality` is from 1 to 100, not {quality}")),
        };
    }
    if !encode::can_write(&derivative) {
        let (width, height) = (derivative.width, derivative.height);
        return Err(format!(
            "{width} × {height} pixels are too many for the format"
        ));
    }
    // A file of content/ can belong to any article; what is made of it stands where it lies.
    let home = Route::home();
    let rules = crate::archive::rules(&archive.config);
    let route = match path.strip_prefix("content/") {
        Some(below) => home.file_in(below, &rules).ok(),
        None => archive.picture_route(&owner, path),
    };
    let made = route
        .and_then(|route| archive.beside(&route, &derivative.ending()))
        .ok_or_else(|| format!("the picture `{path}` has no address"))?;
    Ok((place, Some((made, derivative))))
}

/// Reads a shape such as `16:9`.
fn ratio(text: &str) -> Result<(u32, u32), String> {
    let parsed = text.split_once([':', '/']).and_then(|(wide, high)| {
        let side = |text: &str| {
            text.trim()
                .parse::<u32>()
                .ok()
                .filter(|side| (1..=1000).contains(side))
        };
        Some((side(wide)?, side(high)?))
    });
    parsed.ok_or_else(|| format!("`ratio` is a shape such as `16:9`, not `{text}`"))
}

/// Reads a place in a photo.
fn focus(text: &str) -> Result<Focus, String> {
    Focus::parse(text).ok_or_else(|| {
        format!("`focus` is two parts of width and height such as `0.3 0.25`, or sides such as `top left`, not `{text}`")
    })
}

/// Returns the focus that the page's article gives its lead photo, else that of the photo's notes.
fn known_focus(scope: &Scope, target: &PictureTarget) -> Focus {
    let PictureTarget::File(file) = target else {
        return Focus::default();
    };
    let archive = &scope.archive;
    let owner = scope.owner.as_ref().map(|(path, _)| path.as_str());
    let lead = owner.and_then(|path| {
        let photo = archive
            .article(archive.find(path)?)
            .article
            .meta
            .photo
            .as_ref()?;
        let is_it = reference::picture(path, &photo.src).as_ref() == Some(target);
        is_it.then(|| value::focus(archive, path, photo))
    });
    lead.unwrap_or_else(|| {
        let notes = archive.notes.get(file);
        notes.map_or_else(Focus::default, |notes| value::focus_of(&notes.photo))
    })
}
