//! `dateline.yaml`: what the site is called, where it will stand and how it is made.

mod credits;
mod deploy;
mod images;
mod keys;
mod lists;
mod permalink;
mod publisher;
mod read;
mod search;
mod targets;
mod values;

pub use credits::Credits;
pub use deploy::{
    Address, DEFAULT_LOCK_SECONDS, DEFAULT_WORKERS, Encoding, HeaderRule, Service, Target,
};
pub use images::{ImageFormat, Images, Quality, Strip};
pub use keys::{KEYS, target_keys};
pub use permalink::PLACEHOLDERS;
pub use publisher::{POLICIES, Publisher};
pub use read::parse;
pub use search::{Search, SearchFilter};
pub use values::{check_base_url, without_password};

use crate::base::diagnostic::Place;
use crate::base::fingerprint::{Fingerprint, Fingerprinter};
pub use crate::base::slug::SlugStyle;
pub use crate::base::timestamp::DateOrder;
use crate::source::article::Data;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// The whole configuration of a site, every default filled in.
#[derive(Debug, Clone)]
pub struct Config {
    /// The publication's name.
    pub title: String,
    /// What the publication is, in a sentence or two.
    pub description: String,
    /// Where the site will stand, without a slash at its end: `https://gazette.example` or
    /// `https://example.org/gazette`.
    pub base_url: String,
    /// The language of articles that name none, as a BCP 47 tag. Default `en`.
    pub language: String,
    /// Its further languages, each with a folder of its name in `content/`.
    pub languages: Vec<String>,
    /// The zone of timestamps without an offset. Default UTC.
    pub time_zone: TimeZone,
    /// What `03/04/2024` means; without it such a date is an error.
    pub date_order: Option<DateOrder>,
    /// The pattern of article addresses. Default `/:section/:year/:month/:slug/`.
    pub permalink: String,
    /// Patterns of sections that have their own, by the section's path.
    pub permalinks: BTreeMap<String, String>,
    /// Who publishes the site.
    pub publisher: Publisher,
    /// The picture of pages that have none, for social cards and structured data.
    pub image: Option<DefaultImage>,
    /// The picture of which the icons are made: a file of `static/`, beginning with `/`.
    pub icon: Option<String>,
    /// What is made of photos.
    pub images: Images,
    /// Whether a card is drawn for articles without a photo. Default no.
    pub social_cards: bool,
    /// The fonts of cards beside dateline's own, by their paths from the site's root.
    pub card_fonts: Vec<String>,
    /// The theme's name: a folder of `themes/`, else one that is built in. Default `broadsheet`.
    pub theme: String,
    /// Articles on a page of a list. Default 20.
    pub per_page: usize,
    /// Whether each year, month and day has a page. Default yes.
    pub date_pages: bool,
    /// Taxonomies beside sections, in order. Default `tags` and `authors`.
    pub taxonomies: Vec<Taxonomy>,
    /// The menu of the site.
    pub menu: Vec<MenuItem>,
    /// What is refused and what is only warned of.
    pub lint: Lint,
    /// How photo credits are read, and what is made of them.
    pub credits: Credits,
    /// How bodies are read.
    pub markdown: Markdown,
    /// How slugs are made. Default Unicode.
    pub slugs: SlugStyle,
    /// The feeds.
    pub feeds: Feeds,
    /// The search.
    pub search: Search,
    /// How many related articles each article names. Default 4.
    pub related: usize,
    /// Whether HTML is minified. Default no.
    pub minify_html: bool,
    /// Folders and files outside the site that links in it may lead to.
    pub follow_links: Vec<String>,
    /// Names in `content/` and `static/` that are ignored, with `*` for any letters.
    pub ignore: Vec<String>,
    /// Dot names that may be published, such as `.well-known`. Default that one.
    pub publish_dot_names: Vec<String>,
    /// Whether SVG files are published that hold something that runs. Default no.
    pub trust_svg: bool,
    /// What is too much.
    pub limits: Limits,
    /// The preview.
    pub preview: Preview,
    /// Settings of the theme, over the defaults of its theme.yaml.
    pub extra: Data,
    /// The HTTP headers of files, in the order written; of two rules for one header the later wins.
    pub headers: Vec<HeaderRule>,
    /// Where to deploy; the first is the default.
    pub deploy: Vec<Target>,
    /// What is named above that other files decide about, each with its place.
    pub named: Vec<(Named, Place)>,
}

/// What the configuration names that other files decide about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// An address of the menu.
    Link(String),
    /// Where one of the publisher's policies can be read.
    Policy(String),
    /// The picture of the site, or the publisher's logo.
    Picture(String),
    /// A font of cards.
    Font(String),
    /// A further language, which has a folder.
    Language(String),
    /// A key of `extra`, which the theme has to know.
    Extra(String),
}

impl Default for Config {
    /// The configuration of a site whose dateline.yaml gives no key; its title is empty.
    fn default() -> Self {
        let taxonomy = |key: &str, singular: &str| Taxonomy {
            key: key.to_owned(),
            singular: singular.to_owned(),
            feeds: true,
        };
        Self {
            title: String::new(),
            description: String::new(),
            base_url: "http://localhost:1111".to_owned(),
            language: "en".to_owned(),
            languages: Vec::new(),
            time_zone: TimeZone::UTC,
            date_order: None,
            permalink: "/:section/:year/:month/:slug/".to_owned(),
            permalinks: BTreeMap::new(),
            publisher: Publisher::default(),
            image: None,
            icon: None,
            images: Images::default(),
            social_cards: false,
            card_fonts: Vec::new(),
            theme: "broadsheet".to_owned(),
            per_page: 20,
            date_pages: true,
            taxonomies: vec![taxonomy("tags", "tag"), taxonomy("authors", "author")],
            menu: Vec::new(),
            lint: Lint {
                uncredited_photo: Level::Error,
                missing_alt: Level::Warn,
                doubtful_alt: Level::Warn,
                disagreeing_credit: Level::Warn,
                similar_credits: Level::Warn,
                silent_update: Level::Off,
            },
            credits: Credits::default(),
            markdown: Markdown::default(),
            slugs: SlugStyle::Unicode,
            feeds: Feeds::default(),
            search: Search::default(),
            related: 4,
            minify_html: false,
            follow_links: Vec::new(),
            ignore: Vec::new(),
            publish_dot_names: vec![".well-known".to_owned()],
            trust_svg: false,
            limits: Limits::default(),
            preview: Preview::default(),
            extra: Data::Null,
            headers: Vec::new(),
            deploy: Vec::new(),
            named: Vec::new(),
        }
    }
}

impl Config {
    /// Returns the fingerprint of everything that governs how one file is parsed: a parsed article
    /// may be kept as long as its file and this are the same.
    pub fn parsing(&self) -> Fingerprint {
        let mut parts = Fingerprinter::new("parsing");
        let zone = self.time_zone.iana_name().unwrap_or_default();
        parts.text(zone).text(&self.language);
        parts.number(self.date_order.map_or(0, |order| order as u64 + 1));
        parts.number(self.taxonomies.len() as u64);
        for taxonomy in &self.taxonomies {
            parts.text(&taxonomy.key);
        }
        parts
            .number(self.lint.uncredited_photo as u64)
            .number(self.lint.missing_alt as u64)
            .number(self.slugs as u64)
            .number(self.limits.article_bytes);
        let Markdown {
            plain,
            smart_punctuation,
            raw_html,
            highlight,
            math,
            words_per_minute,
            characters_per_minute,
        } = self.markdown;
        for flag in [plain, smart_punctuation, highlight, math] {
            parts.number(u64::from(flag));
        }
        parts
            .number(raw_html as u64)
            .number(u64::from(words_per_minute))
            .number(u64::from(characters_per_minute));
        parts.finish()
    }

    /// Returns the whole configuration as data, in the order of [`KEYS`], every default filled in.
    pub fn to_data(&self) -> Data {
        values::to_data(self)
    }
}

/// Returns the JSON Schema (draft 2020-12) of dateline.yaml.
pub fn schema() -> serde_json::Value {
    crate::source::schema::document(
        "dateline.yaml",
        "The configuration of a dateline site.",
        KEYS,
        false,
    )
}

/// A picture that stands for pages without one.
#[derive(Debug, Clone)]
pub struct DefaultImage {
    /// A file of `static/`, beginning with `/`.
    pub src: String,
    /// What it shows.
    pub alt: String,
}

/// A way of grouping articles by a key of their front matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taxonomy {
    /// The key in front matter and the first segment of its addresses, such as `tags`.
    pub key: String,
    /// What one of its terms is called, such as `tag`.
    pub singular: String,
    /// Whether each term has feeds of its own.
    pub feeds: bool,
}

/// An entry of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuItem {
    /// What it says.
    pub name: String,
    /// Where it leads: a path of the site beginning with `/`, `@/...` for a file of `content/`,
    /// or a URL.
    pub url: String,
}

/// What is done about a doubtful thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Nothing.
    Off,
    /// It is a warning.
    Warn,
    /// It is an error.
    Error,
}

/// What is refused and what is only warned of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lint {
    /// A photo without a credit, and without a reason for that. Default error.
    pub uncredited_photo: Level,
    /// A photo without a description for who can't see it. Default warn.
    pub missing_alt: Level,
    /// A description that is the caption once more, or the file's name. Default warn.
    pub doubtful_alt: Level,
    /// A credit that is another than the photo's own. Default warn.
    pub disagreeing_credit: Level,
    /// Two names in credits that differ in a letter, in case or in punctuation. Default warn.
    pub similar_credits: Level,
    /// A published text that was changed without a word on that. Default off.
    pub silent_update: Level,
}

/// How bodies are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Markdown {
    /// Whether bodies are CommonMark 0.31 and nothing else: no extension, no ids, no figures, no
    /// shortcodes, and addresses stay as written. Default no.
    pub plain: bool,
    /// Whether quotes, dashes and ellipses become typographic. Default yes.
    pub smart_punctuation: bool,
    /// Whether raw HTML and `javascript:` links pass. Default yes for HTML; script addresses pass
    /// only with `trusted`.
    pub raw_html: RawHtml,
    /// Whether code is highlighted. Default yes.
    pub highlight: bool,
    /// Whether `$x$` and `$$x$$` are mathematics. Default yes; prices in prose are no formulas.
    pub math: bool,
    /// The words a minute that are read. Default 238.
    pub words_per_minute: u32,
    /// The ideographs, kana and hangul a minute that are read. Default 500.
    pub characters_per_minute: u32,
}

impl Default for Markdown {
    fn default() -> Self {
        Self {
            plain: false,
            smart_punctuation: true,
            raw_html: RawHtml::Pass,
            highlight: true,
            math: true,
            words_per_minute: 238,
            characters_per_minute: 500,
        }
    }
}

/// What becomes of raw HTML in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RawHtml {
    /// It is shown as text.
    Escape,
    /// It passes; addresses in Markdown links with a scheme that runs something do not.
    Pass,
    /// It passes, and so does every address.
    Trusted,
}

/// The feeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feeds {
    /// Entries in each feed. Default 20.
    pub limit: usize,
    /// What each entry carries. Default a summary: a feed of whole texts reads the articles in it.
    pub content: FeedContent,
    /// The formats, each once. Default all of them.
    pub formats: Vec<FeedFormat>,
}

impl Default for Feeds {
    fn default() -> Self {
        Self {
            limit: 20,
            content: FeedContent::Summary,
            formats: FeedFormat::ALL.to_vec(),
        }
    }
}

/// What an entry of a feed carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedContent {
    /// A summary.
    Summary,
    /// The summary and the whole text.
    Full,
}

/// The format of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedFormat {
    /// RSS 2.0.
    Rss,
    /// Atom, RFC 4287.
    Atom,
    /// JSON Feed 1.1.
    Json,
}

impl FeedFormat {
    /// Every format, in the order in which pages name their feeds.
    pub const ALL: [Self; 3] = [Self::Rss, Self::Atom, Self::Json];

    /// Returns the word for it in dateline.yaml.
    pub fn word(self) -> &'static str {
        match self {
            Self::Rss => "rss",
            Self::Atom => "atom",
            Self::Json => "json",
        }
    }

    /// Returns the name of its files.
    pub fn file(self) -> &'static str {
        match self {
            Self::Rss => "feed.xml",
            Self::Atom => "atom.xml",
            Self::Json => "feed.json",
        }
    }

    /// Returns its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml",
            Self::Atom => "application/atom+xml",
            Self::Json => "application/feed+json",
        }
    }

    /// Returns what readers call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Rss => "RSS",
            Self::Atom => "Atom",
            Self::Json => "JSON Feed",
        }
    }
}

/// What is too much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of an article. Default 10 MB.
    pub article_bytes: u64,
    /// Pixels of a picture. Default 100 million.
    pub picture_pixels: u64,
    /// Bytes of a page. Default 100 MB.
    pub page_bytes: u64,
    /// Steps that the loops of a template may take on one page. Default 10 million.
    pub template_steps: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            article_bytes: 10_000_000,
            picture_pixels: 100_000_000,
            page_bytes: 100_000_000,
            template_steps: 10_000_000,
        }
    }
}

/// The preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Where links to the source lead: the name of an editor, `none`, or an address with `{path}`.
    pub editor: String,
}

impl Default for Preview {
    fn default() -> Self {
        Self {
            editor: "vscode".to_owned(),
        }
    }
}

/// The editors that are known by name, each with the address that opens a file in it.
pub const EDITORS: &[(&str, Option<&str>)] = &[
    ("vscode", Some("vscode://file{path}:{line}:{column}")),
    ("vscodium", Some("vscodium://file{path}:{line}:{column}")),
    ("zed", Some("zed://file{path}:{line}:{column}")),
    (
        "idea",
        Some("idea://open?file={path}&line={line}&column={column}"),
    ),
    (
        "sublime",
        Some("subl://open?url=file://{path}&line={line}&column={column}"),
    ),
    (
        "textmate",
        Some("txmt://open?url=file://{path}&line={line}&column={column}"),
    ),
    ("none", None),
];

#[cfg(test)]
mod tests;
