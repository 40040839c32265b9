//! A theme: templates, assets and settings, in layers that override each other.
//!
//! The site's own files come first, then the theme's, then those of the theme it extends. Every
//! file of a theme can also be named with the theme's name, so that an override can extend what it
//! overrides: `{% extends "broadsheet/article.html" %}`.

use super::assets::Assets;
use super::filters::{self, FilterSettings};
use super::functions;
use super::kind::Kind;
use super::lexer::{self, Counted, Token, TokenKind};
use super::options;
use super::scope;
use super::variable::{Record, Shape, VARIABLES};
use super::words::{self, Words};
use crate::base::diagnostic::{Diagnostic, Place};
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use crate::source::article::Data;
use crate::source::config::Config;
use crate::source::markdown::{self, Argument, Declaration, Parameter, Shortcodes};
use crate::source::theme_meta::ThemeMeta;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tera::{ComponentArgType, ErrorKind, Tera, Value};

/// One layer of a theme's files: the site's own, or those of one theme.
#[derive(Debug, Clone, Default)]
pub struct Layer {
    /// The theme's name; none for the site's own files.
    pub name: Option<String>,
    /// Templates by name, such as `article.html`.
    pub templates: BTreeMap<String, SourceText>,
    /// Assets by name, such as `site.css`, with their paths.
    pub assets: BTreeMap<String, (String, Arc<[u8]>)>,
    /// Files of words by language, such as `pt-BR`.
    pub words: BTreeMap<String, SourceText>,
    /// What theme.yaml says.
    pub meta: ThemeMeta,
}

/// A text with its path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceText {
    /// The path from the site's root; of a theme that is built in, a name for messages.
    pub path: String,
    /// The text.
    pub text: String,
}

/// A theme that is ready to render pages.
pub struct Theme {
    /// The theme's name.
    pub name: String,
    /// The theme's settings: those of dateline.yaml over those of theme.yaml.
    pub extra: Data,
    /// The theme's assets.
    pub assets: Arc<Assets>,
    /// The words of the interface.
    pub words: Words,
    tera: Tera,
    templates: BTreeMap<String, Template>,
    kinds: BTreeMap<Kind, String>,
    shortcodes: BTreeMap<String, Declaration>,
    shortcodes_print: Fingerprint,
    declarations_print: Fingerprint,
    sources: BTreeMap<String, (SourceText, Counted)>,
    prefixes: Vec<String>,
    hidden_shortcodes: BTreeSet<String>,
}

/// What is known of a template before it renders anything.
#[derive(Debug, Clone)]
pub struct Template {
    /// The fingerprint of its text and of all that it extends, includes and calls.
    pub fingerprint: Fingerprint,
    /// The variables that it reads, as a set of places in [`VARIABLES`].
    pub variables: VariableSet,
}

/// A set of variables, by their places in [`VARIABLES`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct VariableSet(u32);

impl VariableSet {
    /// Adds the variable at a place.
    pub fn insert(&mut self, at: usize) {
        self.0 |= 1 << at;
    }

    /// Tells whether the variable at a place is in it.
    pub fn contains(self, at: usize) -> bool {
        self.0 & (1 << at) != 0
    }

    /// Returns the places of its variables, in order.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        (0..VARIABLES.len()).filter(move |at| self.contains(*at))
    }
}

/// How a browser shows a feed, in a theme that has no `feed.css` of its own.
const FEED_CSS: &[u8] = include_bytes!("feed.css");

impl Theme {
    /// Makes a theme of its layers, the overriding first; reports every fault of every file.
    pub fn load(layers: Vec<Layer>, config: &Config) -> (Option<Self>, Vec<Diagnostic>) {
        let mut faults = Vec::new();
        let mut assets: BTreeMap<String, (String, Arc<[u8]>)> = BTreeMap::new();
        for (name, bytes) in [
            ("highlight.css", markdown::highlight_css().into_bytes()),
            ("feed.css", FEED_CSS.to_vec()),
        ] {
            assets.insert(name.to_owned(), (name.to_owned(), Arc::from(bytes)));
        }
        let mut extra = Data::Null;
        let mut sources = BTreeMap::new();
        let mut prefixes = Vec::new();
        for layer in layers.iter().rev() {
            assets.extend(layer.assets.clone());
            extra = merged(extra, layer.meta.extra.clone());
        }
        for layer in &layers {
            let prefix = layer
                .name
                .as_ref()
                .map_or_else(String::new, |name| format!("{name}/"));
            for (name, source) in &layer.templates {
                let counted = Counted::new(&source.text);
                sources.insert(format!("{prefix}{name}"), (source.clone(), counted));
            }
            if !prefix.is_empty() {
                prefixes.push(prefix);
            }
        }
        let (assets, mut broken) = Assets::new(&assets);
        faults.append(&mut broken);
        let mut theme = Self {
            name: config.theme.clone(),
            extra: merged(extra, config.extra.clone()),
            assets: Arc::new(assets),
            words: Words::load(&layers, &config.language, &mut faults),
            tera: Tera::new(),
            templates: BTreeMap::new(),
            kinds: BTreeMap::new(),
            shortcodes: BTreeMap::new(),
            shortcodes_print: Fingerprint::default(),
            declarations_print: Fingerprint::default(),
            sources,
            prefixes,
            hidden_shortcodes: hidden_shortcodes(&layers),
        };
        theme.tera.autoescape_on([".html", ".htm", ".xml"]);
        theme
            .tera
            .set_fallback_prefixes(theme.prefixes.clone())
            .expect("no template was added before the prefixes");
        filters::register(
            &mut theme.tera,
            &FilterSettings {
                language: config.language.clone(),
                time_zone: config.time_zone.clone(),
                base_url: config.base_url.clone(),
                slugs: config.slugs,
                markdown: config.markdown.clone(),
            },
        );
        functions::register(&mut theme.tera);
        theme.tera.register_filter("steps", steps);
        theme.tera.register_filter("sized", sized);
        theme.parse(&mut faults);
        if faults.iter().any(Diagnostic::is_error) {
            return (None, faults);
        }
        theme.analyse(&layers, config, &mut faults);
        let is_sound = theme.is_there() && !faults.iter().any(Diagnostic::is_error);
        (is_sound.then_some(theme), faults)
    }

    /// Tells whether there is a theme under the site's own files; where there is none, that is the
    /// only fault that helps.
    fn is_there(&self) -> bool {
        self.prefixes.contains(&format!("{}/", self.name))
    }

    /// Returns the template that makes a kind of page: the one asked for, else the first of the
    /// kind's that the theme has.
    pub fn template(&self, kind: Kind, asked: Option<&str>) -> Option<&str> {
        match asked {
            Some(name) => self.find(name),
            None => self.kinds.get(&kind).map(String::as_str),
        }
    }

    /// Returns the first of the templates that the theme has.
    pub fn first(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.find(name))
    }

    /// Tells whether the theme makes pages of photographers and agencies.
    pub fn has_credit_pages(&self) -> bool {
        self.first(&["credit.html"]).is_some()
    }

    /// Returns what is known of a template.
    pub fn analysis(&self, template: &str) -> &Template {
        &self.templates[template]
    }

    /// Returns the names of the templates, without those of layers that are overridden.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.templates.keys().map(String::as_str)
    }

    /// Returns the fingerprint of everything that shortcodes depend on.
    pub fn shortcodes_print(&self) -> Fingerprint {
        self.shortcodes_print
    }

    /// Returns the fingerprint of what parsing a body asks of shortcodes: which there are, and what
    /// they take. What they make of it is no part of it.
    pub fn declarations_print(&self) -> Fingerprint {
        self.declarations_print
    }

    /// Renders a template to the end of `out`.
    ///
    /// # Errors
    ///
    /// What is wrong, at its place in the template.
    pub fn render(
        &self,
        template: &str,
        context: &tera::Context,
        out: &mut impl std::io::Write,
    ) -> Result<(), Diagnostic> {
        self.tera
            .render_to(template, context, out)
            .map_err(|error| {
                let fault = self.diagnostics(&error).remove(0);
                let source = self
                    .resolved(template)
                    .and_then(|name| self.sources.get(name));
                match source {
                    Some((source, _)) if fault.place.is_none() => {
                        fault.at(Place::file(source.path.as_str()))
                    }
                    _ => fault,
                }
            })
    }

    /// Renders a shortcode of an article in this language.
    ///
    /// # Errors
    ///
    /// What is wrong, in words.
    pub fn shortcode(
        &self,
        call: &markdown::Call,
        body: Option<&str>,
        language: &str,
    ) -> Result<String, String> {
        let mut implicit = tera::Context::new();
        implicit.insert_value("words", self.words.of(language).value.clone());
        let mut context = tera::Context::new();
        for (name, argument) in &call.arguments {
            let value = match argument {
                Argument::Text(text) => Value::normal_string(text),
                Argument::Integer(number) => Value::from(*number),
                Argument::Number(number) => Value::from(*number),
                Argument::Truth(is_true) => Value::from(*is_true),
            };
            context.insert_value(name.clone(), value);
        }
        self.tera
            .render_component_with_implicits(&call.name, &context, &implicit, body, true)
            .map_err(|error| {
                let fault = self.diagnostics(&error).remove(0);
                let place = fault.place.map_or_else(String::new, |place| {
                    let line = place.stretch.map_or(0, |stretch| stretch.line);
                    format!(" ({}:{line})", place.path)
                });
                format!(
                    "the shortcode `{}` failed: {}{place}",
                    call.name, fault.message
                )
            })
    }

    fn find(&self, name: &str) -> Option<&str> {
        if let Some((name, _)) = self.templates.get_key_value(name) {
            return Some(name);
        }
        None
    }

    fn parse(&mut self, faults: &mut Vec<Diagnostic>) {
        // One at a time first: a batch stops at its first syntax error.
        for (name, (_, counted)) in &self.sources {
            let mut alone = Tera::new();
            if let Err(error) = alone.add_raw_template(name, &counted.text)
                && matches!(error.kind(), ErrorKind::SyntaxError(_))
            {
                faults.extend(self.diagnostics(&error));
            }
        }
        if faults.iter().any(Diagnostic::is_error) {
            return;
        }
        let texts = self
            .sources
            .iter()
            .map(|(name, (_, counted))| (name.as_str(), counted.text.as_str()));
        if let Err(error) = self.tera.add_raw_templates(texts.collect::<Vec<_>>()) {
            faults.extend(self.diagnostics(&error));
        }
    }

    /// Finds out what each template reads, and refuses what is not in the vocabulary.
    fn analyse(&mut self, layers: &[Layer], config: &Config, faults: &mut Vec<Diagnostic>) {
        let components = self.components();
        let mut implicit = VariableSet::default();
        for name in self.tera.get_component_names() {
            let Some(info) = self.tera.get_component_definition(name) else {
                continue;
            };
            for argument in info.args().iter().filter(|argument| argument.is_implicit()) {
                implicit.extend(argument.name());
            }
        }
        let mut unknown: BTreeSet<&str> = BTreeSet::new();
        let mut templates = BTreeMap::new();
        for full in self.sources.keys() {
            let Ok(names) = self.tera.get_template_variables(full) else {
                continue;
            };
            let mut variables = implicit;
            let names: BTreeSet<&str> = names.into_iter().collect();
            for name in names {
                if !variables.extend(name) && name != "__tera_context" {
                    unknown.insert(name);
                }
            }
            let template = Template {
                fingerprint: self.print(full, &components),
                variables,
            };
            templates.insert(full.clone(), template);
        }
        let mut read = BTreeSet::new();
        let mut settings = options::Read::default();
        for (source, _) in self.sources.values() {
            let tokens = lexer::tokens(&source.text);
            faults.extend(unknown_variables(source, &tokens, &unknown));
            faults.extend(unknown_fields(source, &tokens));
            faults.extend(self.words.check(source, &tokens, &mut read));
            settings.read(source, &tokens);
        }
        faults.extend(settings.check(layers, config));
        faults.extend(words::unknown(layers, &read));
        // The plain names, as the site's layer and then the themes' have them.
        let plain: BTreeSet<String> = self
            .sources
            .keys()
            .map(|name| self.without_prefix(name).to_owned())
            .collect();
        for name in plain {
            if let Some(full) = self.resolved(&name).map(str::to_owned) {
                let analysis = templates.get(&full).cloned();
                if let Some(analysis) = analysis {
                    templates.insert(name, analysis);
                }
            }
        }
        self.templates = templates;
        let kinds: &[Kind] = if self.is_there() { &Kind::ALL } else { &[] };
        for kind in kinds.iter().copied() {
            let found = kind
                .templates()
                .iter()
                .find(|name| self.templates.contains_key(**name));
            match found {
                Some(name) => {
                    self.kinds.insert(kind, (*name).to_owned());
                }
                None if matches!(
                    kind,
                    Kind::Archive
                        | Kind::Corrections
                        | Kind::NotFound
                        | Kind::Redirect
                        | Kind::Search
                        | Kind::Terms
                ) => {}
                None => faults.push(
                    Diagnostic::error(format!(
                        "the theme `{}` has no template for {} pages",
                        self.name,
                        kind.name()
                    ))
                    .at(Place::file("dateline.yaml"))
                    .hint(format!(
                        "a theme has one of: {}",
                        kind.templates().join(", ")
                    )),
                ),
            }
        }
        faults.sort_by(|a, b| a.place.cmp(&b.place));
        faults.dedup();
        self.declare_shortcodes();
        let mut print = Fingerprinter::new("shortcodes");
        print.fingerprint(components);
        self.shortcodes_print = print.finish();
    }

    /// Returns the fingerprint of every template that defines components, and of all that those
    /// include; which template calls which is not asked.
    fn components(&self) -> Fingerprint {
        let definers = self
            .sources
            .iter()
            .filter(|(_, (source, _))| source.text.contains("component"));
        let seen = self.reached(definers.map(|(name, _)| name.as_str()).collect());
        let mut print = Fingerprinter::new("components");
        for name in seen {
            print.text(name).text(&self.sources[name].0.text);
        }
        print.finish()
    }

    fn print(&self, full: &str, components: &Fingerprint) -> Fingerprint {
        let mut print = Fingerprinter::new("template");
        print.text(full).fingerprint(*components);
        for name in self.reached(vec![full]) {
            print.text(name).text(&self.sources[name].0.text);
        }
        print.finish()
    }

    /// Returns these templates with all that they extend and include.
    fn reached<'a>(&'a self, mut open: Vec<&'a str>) -> BTreeSet<&'a str> {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        while let Some(name) = open.pop() {
            let Some((name, (source, _))) = self.sources.get_key_value(name) else {
                continue;
            };
            if !seen.insert(name) {
                continue;
            }
            let tokens = lexer::tokens(&source.text);
            for (at, token) in tokens.iter().enumerate() {
                let is_reference = at > 0
                    && token.kind == TokenKind::Literal
                    && matches!(
                        &source.text[tokens[at - 1].range.clone()],
                        "extends" | "include"
                    );
                if is_reference {
                    let name = source.text[token.range.clone()].trim_matches(['"', '\'', '`']);
                    open.extend(self.resolved(name));
                }
            }
        }
        seen
    }

    /// Returns the whole name that a name in a template means.
    fn resolved(&self, name: &str) -> Option<&str> {
        if let Some((name, _)) = self.sources.get_key_value(name) {
            return Some(name);
        }
        // In the order of the layers, which is that of the fallback prefixes.
        self.prefixes.iter().find_map(|prefix| {
            self.sources
                .get_key_value(&format!("{prefix}{name}"))
                .map(|(name, _)| name.as_str())
        })
    }

    fn without_prefix<'a>(&self, name: &'a str) -> &'a str {
        self.prefixes
            .iter()
            .find_map(|prefix| name.strip_prefix(prefix.as_str()))
            .unwrap_or(name)
    }

    fn declare_shortcodes(&mut self) {
        let mut shortcodes = BTreeMap::new();
        for name in self.tera.get_component_names() {
            let file = format!("shortcodes/{name}.html");
            if self.hidden_shortcodes.contains(name) {
                continue;
            }
            let Some(full) = self.resolved(&file) else {
                continue;
            };
            let Some(info) = self.tera.get_component_definition(name) else {
                continue;
            };
            let text = &self.sources[full].0.text;
            let takes_body = lexer::tokens(text)
                .iter()
                .any(|token| token.kind == TokenKind::Name && &text[token.range.clone()] == "body");
            let parameters = info
                .args()
                .iter()
                .filter(|argument| !argument.is_implicit())
                .map(parameter)
                .collect();
            shortcodes.insert(
                name.to_owned(),
                Declaration {
                    parameters,
                    takes_body,
                },
            );
        }
        self.declarations_print = Fingerprinter::new("declarations")
            .text(&format!("{shortcodes:?}"))
            .finish();
        self.shortcodes = shortcodes;
    }

    /// Turns what Tera says into diagnostics with places in the templates' own texts.
    fn diagnostics(&self, error: &tera::Error) -> Vec<Diagnostic> {
        match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                let span = report.span();
                let length = span.end_col.saturating_sub(span.start_col);
                vec![self.diagnostic(
                    report.message(),
                    report.filename(),
                    span.start_line,
                    span.start_col,
                    length,
                )]
            }
            ErrorKind::Msg(text) if text.contains("\n --> ") || text.contains("--> ") => {
                self.reports(text)
            }
            other => vec![self.unplaced(&other.to_string())],
        }
    }

    /// Finds the place of a fault that names templates only: where the first that it names extends
    /// or includes the second.
    fn unplaced(&self, message: &str) -> Diagnostic {
        let fault = Diagnostic::error(lowered(message));
        let mut names = message.split(['\'', '"', '`']).skip(1).step_by(2);
        let Some((source, _)) = names.next().and_then(|name| self.sources.get(name)) else {
            return fault;
        };
        let other = names.find(|name| !name.contains('['));
        let tokens = lexer::tokens(&source.text);
        let word = |token: &Token| &source.text[token.range.clone()];
        let found = tokens.windows(2).find(|pair| {
            matches!(word(&pair[0]), "extends" | "include")
                && other.is_none_or(|other| word(&pair[1]).trim_matches(['"', '\'', '`']) == other)
        });
        let place = match found {
            Some(pair) => Place::range(source.path.as_str(), &source.text, pair[1].range.clone()),
            None => Place::file(source.path.as_str()),
        };
        let known = self.sources.keys().map(|name| self.without_prefix(name));
        match other.filter(|other| !self.sources.contains_key(*other)) {
            Some(other) => fault.at(place).suggest(other, known),
            None => fault
                .at(place)
                .hint("a template can't extend or include itself"),
        }
    }

    /// Reads the reports that Tera joins into one text when it finds several faults at once.
    fn reports(&self, text: &str) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            let Some(message) = line.strip_prefix("error: ") else {
                continue;
            };
            let place = lines
                .next()
                .and_then(|line| line.trim_start().strip_prefix("--> "));
            let parts: Option<(&str, usize, usize)> = place.and_then(|place| {
                let mut parts = place.rsplitn(3, ':');
                let column: usize = parts.next()?.parse().ok()?;
                let line: usize = parts.next()?.parse().ok()?;
                Some((parts.next()?, line, column))
            });
            let underline = lines
                .clone()
                .take(3)
                .last()
                .map_or(1, |line| line.matches('^').count());
            found.push(match parts {
                Some((file, line, column)) => {
                    self.diagnostic(message, file, line, column - 1, underline)
                }
                None => Diagnostic::error(lowered(message)),
            });
        }
        if found.is_empty() {
            found.push(Diagnostic::error(lowered(text)));
        }
        found
    }

    fn diagnostic(
        &self,
        message: &str,
        template: &str,
        line: usize,
        column: usize,
        length: usize,
    ) -> Diagnostic {
        let known = self.sources.get(template);
        let Some((source, counted)) = known else {
            return Diagnostic::error(lowered(message));
        };
        let line_start = counted
            .text
            .split_inclusive('\n')
            .take(line.saturating_sub(1))
            .map(str::len)
            .sum::<usize>();
        let line_text = counted.text[line_start..]
            .split('\n')
            .next()
            .unwrap_or_default();
        let start = line_start
            + line_text
                .chars()
                .take(column)
                .map(char::len_utf8)
                .sum::<usize>();
        let end = start
            + line_text
                .chars()
                .skip(column)
                .take(length.max(1))
                .map(char::len_utf8)
                .sum::<usize>();
        let range = counted.original(start)..counted.original(end);
        let fault = Diagnostic::error(lowered(message)).at(Place::range(
            source.path.as_str(),
            &source.text,
            range,
        ));
        self.suggested(fault, message)
    }

    /// Adds the nearest known name to a message about an unknown one, and where the others are
    /// listed.
    fn suggested(&self, fault: Diagnostic, message: &str) -> Diagnostic {
        let name = message.split('`').nth(1).unwrap_or_default();
        let unknown = message
            .strip_prefix("Unknown ")
            .and_then(|rest| rest.split(' ').next());
        let fault = match unknown {
            Some("filter") => {
                fault.suggest(name, filters::FILTERS.iter().map(|filter| filter.name))
            }
            Some("function") => fault.suggest(
                name,
                functions::FUNCTIONS.iter().map(|function| function.name),
            ),
            Some("test") => fault.suggest(name, filters::TESTS.iter().map(|test| test.name)),
            Some("component") => fault.suggest(name, self.tera.get_component_names()),
            Some("template") => fault.suggest(
                name,
                self.sources.keys().map(|name| self.without_prefix(name)),
            ),
            _ if message.starts_with("Found `.` but expected") => fault
                .hint("keep the answer first, `{% set answer = ... %}`, then ask for its field"),
            _ => fault,
        };
        match unknown {
            Some(kind @ ("filter" | "function" | "test")) => {
                fault.hint(format!("the manual lists every {kind}"))
            }
            Some("template") => fault.hint("a template is named by its path in `templates/`"),
            _ => fault,
        }
    }
}

impl VariableSet {
    /// Adds a variable by its name; tells whether it is in the vocabulary.
    fn extend(&mut self, name: &str) -> bool {
        let found = VARIABLES.iter().position(|variable| variable.name == name);
        if let Some(at) = found {
            self.insert(at);
        }
        found.is_some()
    }
}

impl Shortcodes for Theme {
    fn declared(&self, name: &str) -> Option<&Declaration> {
        self.shortcodes.get(name)
    }

    fn names(&self) -> Vec<&str> {
        self.shortcodes.keys().map(String::as_str).collect()
    }
}

/// Returns the components of `shortcodes/` that the theme.yaml of their layer does not declare.
fn hidden_shortcodes(layers: &[Layer]) -> BTreeSet<String> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut hidden = BTreeSet::new();
    for layer in layers {
        let files = layer
            .templates
            .keys()
            .filter_map(|name| name.strip_prefix("shortcodes/")?.strip_suffix(".html"));
        for name in files {
            let declared = layer.meta.shortcodes.as_ref();
            if seen.insert(name)
                && declared.is_some_and(|list| !list.iter().any(|known| known == name))
            {
                hidden.insert(name.to_owned());
            }
        }
    }
    hidden
}

fn parameter(argument: &tera::ComponentArg) -> Parameter {
    let default = argument.default().and_then(|value| {
        if let Some(text) = value.as_str() {
            Some(Argument::Text(text.to_owned()))
        } else if let Some(is_true) = value.as_bool() {
            Some(Argument::Truth(is_true))
        } else if let Some(number) = value.as_i64() {
            Some(Argument::Integer(number))
        } else {
            value.as_f64().map(Argument::Number)
        }
    });
    Parameter {
        name: argument.name().to_owned(),
        kind: match argument.arg_type() {
            Some(ComponentArgType::Bool) => markdown::Kind::Truth,
            Some(ComponentArgType::Integer) => markdown::Kind::Integer,
            Some(ComponentArgType::Float | ComponentArgType::Number) => markdown::Kind::Number,
            _ => markdown::Kind::Text,
        },
        required: argument.is_required(),
        default,
    }
}

/// The filter that every loop's list passes through.
fn steps(value: &Value, _: tera::Kwargs, _: &tera::State) -> tera::TeraResult<Value> {
    let count = value.len().unwrap_or(1).max(1) as u64;
    if scope::take_steps(count) {
        return Ok(value.clone());
    }
    Err(tera::Error::message(
        "the page takes more steps than `limits.template_steps` allows; a loop is too long",
    ))
}

/// The most bytes of a text, and the most items of a list, that a template may keep.
const MOST_KEPT_BYTES: usize = 10_000_000;
const MOST_KEPT_ITEMS: usize = 1_000_000;

/// The filter that every value passes through that a template puts together and keeps.
fn sized(value: &Value, _: tera::Kwargs, _: &tera::State) -> tera::TeraResult<Value> {
    let is_large = match value.as_str() {
        Some(text) => text.len() > MOST_KEPT_BYTES,
        None => value.len().is_some_and(|length| length > MOST_KEPT_ITEMS),
    };
    if is_large {
        return Err(tera::Error::message(
            "a value grows beyond ten million bytes or a million items; a loop adds to it without end",
        ));
    }
    Ok(value.clone())
}

/// Lays settings over defaults: maps are merged, anything else is replaced.
fn merged(defaults: Data, settings: Data) -> Data {
    match (defaults, settings) {
        (defaults, Data::Null) => defaults,
        (Data::Map(mut defaults), Data::Map(settings)) => {
            for (key, value) in settings {
                match defaults.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, slot)) => *slot = merged(std::mem::take(slot), value),
                    None => defaults.push((key, value)),
                }
            }
            Data::Map(defaults)
        }
        (_, settings) => settings,
    }
}

/// Makes Tera's message one of ours: no capital, no full stop.
fn lowered(message: &str) -> String {
    let message = message.trim().trim_end_matches('.');
    let mut letters = message.chars();
    match letters.next() {
        Some(first) if !message.starts_with('`') => first.to_lowercase().chain(letters).collect(),
        _ => message.to_owned(),
    }
}

fn unknown_variables(
    source: &SourceText,
    tokens: &[Token],
    unknown: &BTreeSet<&str>,
) -> Vec<Diagnostic> {
    let mut found: BTreeMap<&str, Diagnostic> = BTreeMap::new();
    for (at, token) in tokens.iter().enumerate() {
        let name = &source.text[token.range.clone()];
        if token.kind != TokenKind::Name || !unknown.contains(name) || found.contains_key(name) {
            continue;
        }
        let is_sign = |at: Option<usize>, sign| {
            at.and_then(|at| tokens.get(at))
                .is_some_and(|token| token.kind == TokenKind::Sign(sign))
        };
        // A field, a filter, a function or an argument of the same name is none.
        if is_sign(at.checked_sub(1), '.')
            || is_sign(at.checked_sub(1), '|')
            || is_sign(Some(at + 1), '(')
            || is_sign(Some(at + 1), '=')
        {
            continue;
        }
        let fault = Diagnostic::error(format!("unknown variable `{name}`"))
            .at(Place::range(
                source.path.as_str(),
                &source.text,
                token.range.clone(),
            ))
            .suggest(name, VARIABLES.iter().map(|variable| variable.name))
            .hint("the manual lists every variable of a page");
        found.insert(name, fault);
    }
    found.into_values().collect()
}

/// Finds fields of the vocabulary's maps that do not exist, such as `article.headlin`.
fn unknown_fields(source: &SourceText, tokens: &[Token]) -> Vec<Diagnostic> {
    let word = |at: usize| {
        tokens
            .get(at)
            .map(|token| &source.text[token.range.clone()])
    };
    let mut own: BTreeSet<&str> = BTreeSet::new();
    for pair in tokens.windows(2) {
        let text = |token: &Token| &source.text[token.range.clone()];
        let names_it = matches!(
            text(&pair[0]),
            "for" | "set" | "set_global" | "," | "(" | "@" | "component"
        );
        if pair[1].kind == TokenKind::Name && names_it {
            own.insert(text(&pair[1]));
        }
    }
    let mut faults = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let start = at;
        at += 1;
        let is_field = start > 0 && word(start - 1) == Some(".");
        if tokens[start].kind != TokenKind::Name
            || is_field
            || own.contains(word(start).unwrap_or_default())
        {
            continue;
        }
        let variable = VARIABLES
            .iter()
            .find(|variable| Some(variable.name) == word(start));
        let mut record: Option<&'static Record> =
            variable.and_then(|variable| match variable.shape {
                Shape::Map(record) => Some(record),
                _ => None,
            });
        while let Some(fields) = record {
            if word(at) == Some("?") {
                at += 1;
            }
            if word(at) != Some(".")
                || tokens
                    .get(at + 1)
                    .is_none_or(|token| token.kind != TokenKind::Name)
            {
                break;
            }
            let token = &tokens[at + 1];
            let name = &source.text[token.range.clone()];
            at += 2;
            record = match fields.fields.iter().find(|field| field.name == name) {
                Some(field) => match field.shape {
                    Shape::Map(record) => Some(record),
                    _ => None,
                },
                None => {
                    let place =
                        Place::range(source.path.as_str(), &source.text, token.range.clone());
                    let article = match fields.name.starts_with(['a', 'e', 'i', 'o', 'u']) {
                        true => "an",
                        false => "a",
                    };
                    let message = format!("{article} {} has no field `{name}`", fields.name);
                    let known = fields.fields.iter().map(|field| field.name);
                    faults.push(Diagnostic::error(message).at(place).suggest(name, known));
                    None
                }
            };
        }
    }
    faults
}
