//! dateline.yaml becomes a [`Config`].

use super::keys::{DATE_ORDERS, FEED_CONTENTS, FEED_FORMATS, KEYS, LEVELS, RAW_HTML, SLUGS};
use super::values::{amount, check_base_url, editor, time_zone};
use super::{
    Config, DateOrder, DefaultImage, FeedContent, FeedFormat, Level, Named, POLICIES, RawHtml,
    SlugStyle, permalink,
};
use crate::base::diagnostic::{self, Diagnostic, Place};
use crate::source::front_matter;
use crate::source::schema::{self, Key, Shape};
use crate::source::yaml::{self, Entry, Faults, Language, Node, Value};

/// Reads the configuration at `path`, whose text is `source`.
///
/// Returns every fault; there is no configuration where there is one.
pub fn parse(path: &str, source: &str) -> (Option<Config>, Vec<Diagnostic>) {
    let start = if source.starts_with('\u{feff}') { 3 } else { 0 };
    let (config, mut faults) =
        yaml::interpret(path, source, start..source.len(), Language::Yaml, read);
    diagnostic::sort(&mut faults);
    let config = config.filter(|_| !faults.iter().any(Diagnostic::is_error));
    (config, faults)
}

fn read<'a>(root: &Node<'a>, faults: &mut Faults<'a>) -> Config {
    let mut reader = Reader {
        config: Config::default(),
        faults,
    };
    match &root.value {
        Value::Map(entries) => {
            reader.keys("", KEYS, entries);
            if root.entry("title").is_none() {
                reader.missing_title("the site has no title");
            }
        }
        Value::Null => reader.missing_title("the configuration is empty"),
        _ => {
            let place = reader.faults.place(root.at);
            let message = format!(
                "the configuration must be a map of keys, not {}",
                root.kind()
            );
            reader.faults.push(
                Diagnostic::error(message)
                    .at(place)
                    .hint("write lines such as `title: The Harbour Gazette`"),
            );
        }
    }
    let config = &mut reader.config;
    if config.publisher.name.is_empty() {
        config.publisher.name.clone_from(&config.title);
    }
    reader.config
}

pub(super) struct Reader<'f, 'a> {
    pub(super) config: Config,
    pub(super) faults: &'f mut Faults<'a>,
}

impl<'a> Reader<'_, 'a> {
    fn missing_title(&mut self, message: &str) {
        let place = Place::file(self.faults.path());
        self.faults.push(
            Diagnostic::error(message)
                .at(place)
                .hint("add a line such as `title: The Harbour Gazette`"),
        );
    }

    /// Reads the entries of a map of known keys; `prefix` is the path of the map, such as `lint.`.
    fn keys(&mut self, prefix: &str, keys: &'static [Key], entries: &[Entry<'a>]) {
        for entry in entries {
            let Some(key) = schema::find(keys, &entry.key) else {
                self.unknown(prefix, keys, entry);
                continue;
            };
            if entry.node.is_null() {
                continue;
            }
            let path = format!("{prefix}{}", key.name);
            match (key.shape, &entry.node.value) {
                (Shape::Map(keys), Value::Map(entries)) => {
                    self.keys(&format!("{path}."), keys, entries);
                    self.complete(&path, &entry.node);
                }
                (Shape::Map(_), _) => {
                    let what = format!("`{path}`");
                    self.faults.wrong_kind(&what, "a map", &entry.node);
                }
                (Shape::Any([Shape::Map(keys), ..]), Value::Map(entries)) => {
                    self.keys(&format!("{path}."), keys, entries);
                    // Who says how means that there is one.
                    self.config.search.is_on |= path == "search";
                }
                _ => self.set(&path, key, &entry.node),
            }
        }
    }

    pub(super) fn unknown(&mut self, prefix: &str, keys: &'static [Key], entry: &Entry<'a>) {
        let place = self.faults.place(entry.key_at);
        let fault = Diagnostic::error(format!("unknown key `{prefix}{}`", entry.key)).at(place);
        let elsewhere = match entry.key.to_lowercase().replace('-', "_").as_str() {
            "baseurl" | "url" | "site_url" if prefix.is_empty() => Some("base_url"),
            "name" | "site_name" if prefix.is_empty() => Some("title"),
            "timezone" | "tz" if prefix.is_empty() => Some("time_zone"),
            "lang" | "locale" | "default_language" | "languagecode" if prefix.is_empty() => {
                Some("language")
            }
            "paginate" | "paginate_by" | "pagination" if prefix.is_empty() => Some("per_page"),
            "params" if prefix.is_empty() => Some("extra"),
            _ => None,
        };
        let fault = match elsewhere.or_else(|| schema::suggest(keys, &entry.key)) {
            Some(meant) => fault.hint(format!("did you mean `{meant}`?")),
            None if prefix.is_empty() => fault.hint("keys of your own go under `extra`"),
            None => {
                let known: Vec<_> = keys.iter().map(|key| format!("`{}`", key.name)).collect();
                fault.hint(format!(
                    "`{}` has the keys {}",
                    prefix.trim_end_matches('.'),
                    known.join(", ")
                ))
            }
        };
        self.faults.push(fault);
    }

    fn set(&mut self, path: &str, key: &Key, node: &Node<'a>) {
        match path {
            "title" => self.config.title = self.text(path, node).unwrap_or_default(),
            "description" => self.config.description = self.text(path, node).unwrap_or_default(),
            "base_url" => self.base_url(node),
            "languages" => {
                for item in self.faults.items(node) {
                    let Some(tag) = front_matter::language(&"`languages`", item, self.faults)
                    else {
                        continue;
                    };
                    if tag != self.config.language && !self.config.languages.contains(&tag) {
                        self.name(Named::Language(tag.clone()), item);
                        self.config.languages.push(tag);
                    }
                }
            }
            "language" => {
                if let Some(language) = front_matter::language(&"`language`", node, self.faults) {
                    self.config.language = language;
                }
            }
            "time_zone" => {
                if let Some(zone) = time_zone(node, self.faults) {
                    self.config.time_zone = zone;
                }
            }
            "date_order" => {
                self.config.date_order = match self.choice(path, DATE_ORDERS, node) {
                    Some("dmy") => Some(DateOrder::Dmy),
                    Some("mdy") => Some(DateOrder::Mdy),
                    Some(_) => Some(DateOrder::Ymd),
                    None => None,
                }
            }
            "permalink" => {
                if let Some(pattern) = self.pattern(path, node) {
                    self.config.permalink = pattern;
                }
            }
            "permalinks" => self.permalinks(node),
            "publisher" | "publisher.name" => {
                self.config.publisher.name = self.text(path, node).unwrap_or_default();
            }
            "publisher.logo" => {
                self.config.publisher.logo = self.text(path, node);
                if let Some(logo) = self.config.publisher.logo.clone() {
                    self.name(Named::Picture(logo), node);
                }
            }
            "publisher.url" => self.config.publisher.url = self.text(path, node),
            "publisher.email" => self.config.publisher.email = self.text(path, node),
            "publisher.same_as" => self.config.publisher.same_as = self.texts(path, node),
            "image.src" => {
                let src = self.text(path, node).unwrap_or_default();
                self.name(Named::Picture(src.clone()), node);
                self.image().src = src;
            }
            "image.alt" => {
                let alt = self.text(path, node).unwrap_or_default();
                self.image().alt = alt;
            }
            "icon" => {
                self.config.icon = self.text(path, node);
                if let Some(icon) = self.config.icon.clone() {
                    self.name(Named::Picture(icon), node);
                }
            }
            "images.widths" => self.widths(node),
            "images.formats" => self.formats(path, node),
            "images.quality.jpeg" => {
                self.quality(path, node, |config, n| config.images.quality.jpeg = n);
            }
            "images.quality.webp" => {
                self.quality(path, node, |config, n| config.images.quality.webp = n);
            }
            "images.quality.avif" => {
                self.quality(path, node, |config, n| config.images.quality.avif = n);
            }
            "images.sizes" => {
                if let Some(sizes) = self.text(path, node) {
                    self.config.images.sizes = sizes;
                }
            }
            "images.strip" => self.strip(path, node),
            "social_cards" => self.truth(path, node, |config, is| config.social_cards = is),
            "card_fonts" => self.card_fonts(path, node),
            "theme" => self.theme(node),
            "per_page" => self.integer(path, key, node, |config, n| config.per_page = n as usize),
            "date_pages" => self.truth(path, node, |config, is| config.date_pages = is),
            "taxonomies" => self.taxonomies(node),
            "menu" => self.menu(node),
            "lint.uncredited_photo" => {
                self.level(path, node, |config, level| {
                    config.lint.uncredited_photo = level
                });
            }
            "lint.missing_alt" => {
                self.level(path, node, |config, level| config.lint.missing_alt = level);
            }
            "lint.doubtful_alt" => {
                self.level(path, node, |config, level| config.lint.doubtful_alt = level);
            }
            "lint.disagreeing_credit" => {
                self.level(path, node, |config, level| {
                    config.lint.disagreeing_credit = level
                });
            }
            "lint.similar_credits" => {
                self.level(path, node, |config, level| {
                    config.lint.similar_credits = level
                });
            }
            "credits.agencies" => self.config.credits.agencies = self.texts(path, node),
            "credits.own" => self.config.credits.own = self.texts(path, node),
            "credits.pages" => self.truth(path, node, |config, is| config.credits.pages = is),
            "lint.silent_update" => {
                self.level(path, node, |config, level| {
                    config.lint.silent_update = level
                });
            }
            "markdown.plain" => self.truth(path, node, |config, is| config.markdown.plain = is),
            "markdown.smart_punctuation" => {
                self.truth(path, node, |config, is| {
                    config.markdown.smart_punctuation = is
                });
            }
            "markdown.raw_html" => self.raw_html(path, node),
            "markdown.highlight" => {
                self.truth(path, node, |config, is| config.markdown.highlight = is);
            }
            "markdown.math" => self.truth(path, node, |config, is| config.markdown.math = is),
            "markdown.words_per_minute" => self.integer(path, key, node, |config, n| {
                config.markdown.words_per_minute = n as u32;
            }),
            "markdown.characters_per_minute" => self.integer(path, key, node, |config, n| {
                config.markdown.characters_per_minute = n as u32;
            }),
            "slugs" => {
                if let Some(style) = self.choice(path, SLUGS, node) {
                    self.config.slugs = match style {
                        "ascii" => SlugStyle::Ascii,
                        _ => SlugStyle::Unicode,
                    };
                }
            }
            "feeds.limit" => {
                self.integer(path, key, node, |config, n| config.feeds.limit = n as usize)
            }
            "feeds.content" => {
                if let Some(word) = self.choice(path, FEED_CONTENTS, node) {
                    self.config.feeds.content = match word {
                        "full" => FeedContent::Full,
                        _ => FeedContent::Summary,
                    };
                }
            }
            "feeds.formats" => self.feed_formats(path, node),
            "search" => self.truth(path, node, |config, is| config.search.is_on = is),
            "search.filters" => self.search_filters(path, node),
            "search.part" => {
                self.integer(path, key, node, |config, n| config.search.part = n as usize);
            }
            "related" => self.integer(path, key, node, |config, n| config.related = n as usize),
            "minify_html" => self.truth(path, node, |config, is| config.minify_html = is),
            "follow_links" => self.config.follow_links = self.texts(path, node),
            "ignore" => self.config.ignore = self.texts(path, node),
            "publish_dot_names" => self.config.publish_dot_names = self.texts(path, node),
            "trust_svg" => self.truth(path, node, |config, is| config.trust_svg = is),
            "limits.article_bytes" => {
                self.amount(path, node, |config, n| config.limits.article_bytes = n);
            }
            "limits.picture_pixels" => {
                self.amount(path, node, |config, n| config.limits.picture_pixels = n);
            }
            "limits.page_bytes" => {
                self.amount(path, node, |config, n| config.limits.page_bytes = n);
            }
            "limits.template_steps" => {
                self.amount(path, node, |config, n| config.limits.template_steps = n);
            }
            "preview.editor" => {
                if let Some(editor) = editor(node, self.faults) {
                    self.config.preview.editor = editor;
                }
            }
            "extra" => {
                self.faults.map(&"`extra`", node);
                for entry in node.entries().unwrap_or_default() {
                    let place = self.faults.place_of(&entry.node);
                    let key = Named::Extra(entry.key.to_string());
                    self.config.named.push((key, place));
                }
                self.config.extra = node.to_data();
            }
            "headers" => self.headers(node),
            "deploy.targets" => self.targets(node),
            _ => self.policy(path, key, node),
        }
    }

    /// Reads where one of the publisher's policies can be read.
    fn policy(&mut self, path: &str, key: &Key, node: &Node<'a>) {
        let is_policy = path.starts_with("publisher.")
            && POLICIES.iter().any(|(known, _)| known.name == key.name);
        debug_assert!(is_policy, "`{path}` is in the table and not read");
        if let Some(url) = self.text(path, node) {
            self.name(Named::Policy(url.clone()), node);
            self.config.publisher.set_policy(key.name, url);
        }
    }

    fn feed_formats(&mut self, path: &str, node: &Node<'a>) {
        let mut formats = Vec::new();
        for item in self.faults.items(node) {
            let word = self.choice(path, FEED_FORMATS, item);
            let format = FeedFormat::ALL
                .into_iter()
                .find(|format| Some(format.word()) == word);
            formats.extend(format.filter(|format| !formats.contains(format)));
        }
        self.config.feeds.formats = formats;
    }

    /// Refuses a map that lacks what it needs.
    fn complete(&mut self, path: &str, node: &Node<'a>) {
        if path == "image" {
            for name in ["src", "alt"] {
                if node.entry(name).is_none() {
                    self.faults
                        .error(node.at, format!("`image` has no `{name}`"));
                }
            }
        }
    }

    /// Remembers what other files decide about.
    pub(super) fn name(&mut self, named: Named, node: &Node<'a>) {
        self.config.named.push((named, self.faults.place_of(node)));
    }

    pub(super) fn text(&mut self, path: &str, node: &Node<'a>) -> Option<String> {
        let text = self.faults.text(&format_args!("`{path}`"), node)?;
        Some(text.trim().to_owned())
    }

    fn texts(&mut self, path: &str, node: &Node<'a>) -> Vec<String> {
        let items = self.faults.items(node);
        items
            .iter()
            .filter_map(|item| self.text(path, item))
            .collect()
    }

    fn truth(&mut self, path: &str, node: &Node<'a>, set: impl FnOnce(&mut Config, bool)) {
        if let Some(truth) = self.faults.truth(&format_args!("`{path}`"), node) {
            set(&mut self.config, truth);
        }
    }

    fn amount(&mut self, path: &str, node: &Node<'a>, set: impl FnOnce(&mut Config, u64)) {
        if let Some(amount) = amount(&format!("`{path}`"), node, self.faults) {
            set(&mut self.config, amount);
        }
    }

    fn integer(
        &mut self,
        path: &str,
        key: &Key,
        node: &Node<'a>,
        set: impl FnOnce(&mut Config, i64),
    ) {
        let Some(number) = self.faults.integer(&format_args!("`{path}`"), node) else {
            return;
        };
        match key.shape {
            Shape::Integer(least, most) if !(least..=most).contains(&number) => {
                let message = format!("`{path}` must be from {least} to {most}, not {number}");
                self.faults.error(node.at, message);
            }
            _ => set(&mut self.config, number),
        }
    }

    pub(super) fn choice(
        &mut self,
        path: &str,
        words: &'static [&'static str],
        node: &Node<'a>,
    ) -> Option<&'static str> {
        let written = self.text(path, node)?;
        let found = words
            .iter()
            .find(|word| word.eq_ignore_ascii_case(&written));
        if found.is_none() {
            let place = self.faults.place(node.at);
            let known: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
            self.faults.push(
                Diagnostic::error(format!("`{path}` can't be `{written}`"))
                    .at(place)
                    .hint(format!("write one of {}", known.join(", "))),
            );
        }
        found.copied()
    }

    fn level(&mut self, path: &str, node: &Node<'a>, set: impl FnOnce(&mut Config, Level)) {
        let level = match &node.value {
            Value::Bool(false) => Some(Level::Off),
            _ => match self.choice(path, LEVELS, node) {
                Some("off") => Some(Level::Off),
                Some("warn") => Some(Level::Warn),
                Some(_) => Some(Level::Error),
                None => None,
            },
        };
        if let Some(level) = level {
            set(&mut self.config, level);
        }
    }

    fn raw_html(&mut self, path: &str, node: &Node<'a>) {
        let raw_html = match &node.value {
            Value::Bool(true) => Some(RawHtml::Pass),
            Value::Bool(false) => Some(RawHtml::Escape),
            _ => match self.choice(path, RAW_HTML, node) {
                Some("escape") => Some(RawHtml::Escape),
                Some("pass") => Some(RawHtml::Pass),
                Some(_) => Some(RawHtml::Trusted),
                None => None,
            },
        };
        if let Some(raw_html) = raw_html {
            self.config.markdown.raw_html = raw_html;
        }
    }

    fn base_url(&mut self, node: &Node<'a>) {
        let Some(written) = self.text("base_url", node) else {
            return;
        };
        match check_base_url(&written) {
            Ok(url) => self.config.base_url = url,
            Err(message) => {
                let place = self.faults.place(node.at);
                self.faults.push(
                    Diagnostic::error(message)
                        .at(place)
                        .hint("write where the site will stand, such as `https://gazette.example`"),
                );
            }
        }
    }

    fn pattern(&mut self, path: &str, node: &Node<'a>) -> Option<String> {
        let pattern = self.text(path, node)?;
        let Some((message, hint)) = permalink::fault(&pattern) else {
            return Some(pattern);
        };
        let place = self.faults.place(node.at);
        self.faults
            .push(Diagnostic::error(message).at(place).hint(hint));
        None
    }

    fn permalinks(&mut self, node: &Node<'a>) {
        for entry in self.faults.map(&"`permalinks`", node) {
            let path = format!("permalinks.{}", entry.key);
            if let Some(pattern) = self.pattern(&path, &entry.node) {
                let section = entry.key.trim_matches('/').to_owned();
                self.config.permalinks.insert(section, pattern);
            }
        }
    }

    fn image(&mut self) -> &mut DefaultImage {
        self.config.image.get_or_insert_with(|| DefaultImage {
            src: String::new(),
            alt: String::new(),
        })
    }

    fn theme(&mut self, node: &Node<'a>) {
        let Some(theme) = self.text("theme", node) else {
            return;
        };
        let is_name =
            !theme.is_empty() && !theme.starts_with('.') && !theme.contains(['/', '\\', '\0']);
        if is_name {
            self.config.theme = theme;
        } else {
            let message =
                format!("`theme` must be the name of a folder of `themes/`, not `{theme}`");
            self.faults.error(node.at, message);
        }
    }
}
