//! The table of keys.

use super::credits::CREDITS;
use super::images::WIDTHS;
use super::publisher;
use super::search::SEARCH;
use crate::source::schema::{Key, Shape};

/// The most articles on a page of a list, and entries of a feed.
pub(super) const MOST_ON_A_PAGE: i64 = 1000;

/// The words for what is done about a doubtful thing.
pub(super) const LEVELS: &[&str] = &["off", "warn", "error"];

const IMAGE: &[Key] = &[
    Key::new(
        "src",
        Shape::Text,
        "A file of `static/`, beginning with `/`.",
    ),
    Key::new("alt", Shape::Text, "What the picture shows."),
];

/// The formats of derivatives.
pub(super) const FORMATS: &[&str] = &["avif", "webp", "original"];

/// What published files lose.
pub(super) const STRIP: &[&str] = &["gps", "all", "none"];

const QUALITY: &[Key] = &[
    Key::new("jpeg", Shape::Integer(1, 100), "Of JPEG. Default 80."),
    Key::new("webp", Shape::Integer(1, 100), "Of WebP. Default 78."),
    Key::new("avif", Shape::Integer(1, 100), "Of AVIF. Default 60."),
];

const IMAGES: &[Key] = &[
    Key::new(
        "widths",
        Shape::ListOf(&Shape::Integer(WIDTHS.0, WIDTHS.1)),
        "The widths in pixels that photos are scaled to, none larger than the photo. Default `[480, 800, 1200, 1600]`; `[]` leaves photos as they are.",
    ),
    Key::new(
        "formats",
        Shape::ListOf(&Shape::Choice(FORMATS)),
        "The formats, the one that a browser should prefer first. Default `[webp, original]`.",
    ),
    Key::new(
        "quality",
        Shape::Map(QUALITY),
        "How much is kept of what is seen, from 1 to 100.",
    ),
    Key::new(
        "sizes",
        Shape::Text,
        "How wide pictures are shown: the attribute `sizes` of HTML. Default `(min-width: 48rem) 46rem, 100vw`.",
    ),
    Key::new(
        "strip",
        Shape::Choice(STRIP),
        "What published photos lose of their metadata: the place where they were taken (`gps`), everything (`all`), or nothing (`none`). Default `gps`.",
    ),
];

/// The keys of a taxonomy.
pub(super) const TAXONOMY: &[Key] = &[
    Key::new(
        "key",
        Shape::Text,
        "The key in front matter and the first part of its addresses, such as `tags`.",
    ),
    Key::new(
        "singular",
        Shape::Text,
        "What one of its terms is called, such as `tag`.",
    ),
    Key::new(
        "feeds",
        Shape::Truth,
        "Whether each term has feeds of its own. Default true.",
    ),
];

/// The keys of an entry of the menu.
pub(super) const MENU_ITEM: &[Key] = &[
    Key::new("name", Shape::Text, "What the entry says."),
    Key::new(
        "url",
        Shape::Text,
        "Where it leads: a path beginning with `/`, `@/...` for a file of `content/`, or a URL.",
    ),
];

const LINT: &[Key] = &[
    Key::new(
        "uncredited_photo",
        Shape::Choice(LEVELS),
        "A photo without a credit and without a reason for that. Default `error`.",
    ),
    Key::new(
        "missing_alt",
        Shape::Choice(LEVELS),
        "A photo without a description for readers who can't see it. Default `warn`.",
    ),
    Key::new(
        "doubtful_alt",
        Shape::Choice(LEVELS),
        "A description that is the caption once more, or the file's name. Default `warn`.",
    ),
    Key::new(
        "disagreeing_credit",
        Shape::Choice(LEVELS),
        "A credit that is another than the photo's own, in its sidecar or its file. Default `warn`.",
    ),
    Key::new(
        "similar_credits",
        Shape::Choice(LEVELS),
        "Names in credits that differ in a letter, in case or in punctuation. Default `warn`.",
    ),
    Key::new(
        "silent_update",
        Shape::Choice(LEVELS),
        "A published text that was changed without a correction and without another `updated`. Default `off`.",
    ),
];

/// What becomes of raw HTML.
pub(super) const RAW_HTML: &[&str] = &["escape", "pass", "trusted"];

const MARKDOWN: &[Key] = &[
    Key::new(
        "plain",
        Shape::Truth,
        "Whether bodies are CommonMark and nothing else. Default false.",
    ),
    Key::new(
        "smart_punctuation",
        Shape::Truth,
        "Whether quotes, dashes and ellipses become typographic. Default true.",
    ),
    Key::new(
        "raw_html",
        Shape::Choice(RAW_HTML),
        "What becomes of raw HTML: `escape` shows it as text, `pass` lets it through, `trusted` lets through script addresses in links as well. Default `pass`.",
    ),
    Key::new(
        "highlight",
        Shape::Truth,
        "Whether code is highlighted. Default true.",
    ),
    Key::new(
        "math",
        Shape::Truth,
        "Whether `$x$` and `$$x$$` are mathematics. Default true.",
    ),
    Key::new(
        "words_per_minute",
        Shape::Integer(50, 2000),
        "The words a minute that are read. Default 238.",
    ),
    Key::new(
        "characters_per_minute",
        Shape::Integer(50, 5000),
        "The ideographs, kana and hangul a minute that are read. Default 500.",
    ),
];

/// The words for what entries of feeds carry.
pub(super) const FEED_CONTENTS: &[&str] = &["summary", "full"];

/// The words for the formats of feeds.
pub(super) const FEED_FORMATS: &[&str] = &["rss", "atom", "json"];

const FEEDS: &[Key] = &[
    Key::new(
        "limit",
        Shape::Integer(1, MOST_ON_A_PAGE),
        "Entries in each feed. Default 20.",
    ),
    Key::new(
        "content",
        Shape::Choice(FEED_CONTENTS),
        "Whether entries carry a summary or the whole text. Default `summary`.",
    ),
    Key::new(
        "formats",
        Shape::Any(&[
            Shape::Choice(FEED_FORMATS),
            Shape::ListOf(&Shape::Choice(FEED_FORMATS)),
        ]),
        "The formats of feeds: `rss`, `atom` and `json`. Default: all of them.",
    ),
];

const LIMITS: &[Key] = &[
    Key::new(
        "article_bytes",
        Shape::Amount,
        "Bytes of an article. Default 10 MB.",
    ),
    Key::new(
        "picture_pixels",
        Shape::Amount,
        "Pixels of a picture. Default 100 million.",
    ),
    Key::new(
        "page_bytes",
        Shape::Amount,
        "Bytes of a page. Default 100 MB.",
    ),
    Key::new(
        "template_steps",
        Shape::Amount,
        "Steps that the loops of a template may take on one page. Default 10 million.",
    ),
];

/// The words for how files are compressed.
pub(super) const ENCODINGS: &[&str] = &["gzip", "brotli"];

/// The keys of a target.
pub(super) const TARGET: &[Key] = &[
    Key::new(
        "url",
        Shape::Text,
        "A bucket or container: `s3://BUCKET/FOLDER`, `gs://BUCKET/FOLDER` or `az://CONTAINER/FOLDER`.",
    ),
    Key::new(
        "git",
        Shape::Text,
        "A git repository, such as `git@github.com:gazette/gazette.github.io.git`.",
    ),
    Key::new(
        "ssh",
        Shape::Text,
        "A folder of another machine that has ssh and rsync: `USER@HOST:/FOLDER`.",
    ),
    Key::new(
        "folder",
        Shape::Text,
        "A folder of this machine, from the site's folder.",
    ),
    Key::new(
        "netlify",
        Shape::Text,
        "A site of Netlify, by its id or its domain.",
    ),
    Key::new(
        "base_url",
        Shape::Text,
        "The site's address there. Default: that of the configuration.",
    ),
    Key::new(
        "endpoint",
        Shape::Text,
        "The address of an object store that is not its provider's own, such as MinIO or R2.",
    ),
    Key::new(
        "region",
        Shape::Text,
        "The region of an S3 bucket. Default: AWS_REGION, else `us-east-1`.",
    ),
    Key::new(
        "account",
        Shape::Text,
        "The storage account of an Azure container. Default: AZURE_STORAGE_ACCOUNT_NAME.",
    ),
    Key::new(
        "branch",
        Shape::Text,
        "The branch of a git repository. Default `gh-pages`.",
    ),
    Key::new(
        "cname",
        Shape::Text,
        "The domain at which GitHub Pages serves the branch.",
    ),
    Key::new("port", Shape::Integer(1, 65_535), "The port of ssh."),
    Key::new(
        "workers",
        Shape::Integer(1, 256),
        "How many files are sent at a time. Default 16.",
    ),
    Key::new(
        "keep",
        Shape::Integer(0, 1000),
        "How many earlier releases an object store or a folder can return to. Default 0.",
    ),
    Key::new(
        "releases",
        Shape::Integer(0, 1000),
        "How many releases a folder or a server keeps, each in a folder of its own. Default 0: the site is copied in place.",
    ),
    Key::new(
        "precompress",
        Shape::Any(&[
            Shape::Choice(ENCODINGS),
            Shape::ListOf(&Shape::Choice(ENCODINGS)),
        ]),
        "Stores texts compressed: in their own place in an object store, beside them elsewhere.",
    ),
    Key::new(
        "redirects",
        Shape::Truth,
        "Whether aliases are the host's own redirects, where it has them. Default true.",
    ),
    Key::new(
        "host_files",
        Shape::Truth,
        "Whether the files `_headers` and `_redirects` are made. Default: for Netlify only.",
    ),
    Key::new(
        "max_deletes",
        Shape::Integer(0, i64::MAX),
        "The most files that one deploy may delete. Default 256, or a quarter of the site where that is less.",
    ),
    Key::new(
        "lock_seconds",
        Shape::Integer(1, 86_400),
        "How long the lock of a deploy that died is respected. Default 60.",
    ),
    Key::new(
        "cloudfront",
        Shape::Text,
        "A CloudFront distribution whose copies of changed paths are dropped.",
    ),
    Key::new(
        "cloudflare_zone",
        Shape::Text,
        "A Cloudflare zone whose copies of changed paths are dropped.",
    ),
    Key::new(
        "websub",
        Shape::Texts,
        "WebSub hubs that are told of changed feeds.",
    ),
    Key::new(
        "indexnow",
        Shape::Text,
        "The IndexNow key under which search engines are told of changed pages; its file is made.",
    ),
    Key::new(
        "services",
        Shape::MapOf(&Shape::Text),
        "Other addresses of `cloudfront`, `cloudflare`, `indexnow` and `netlify`.",
    ),
    Key::new(
        "hooks",
        Shape::MapOf(&Shape::Text),
        "Commands that run `before` and `after` a deploy.",
    ),
];

const DEPLOY: &[Key] = &[Key::new(
    "targets",
    Shape::MapOf(&Shape::Map(TARGET)),
    "The targets by name; the first is the default.",
)];

/// Returns the keys of a target of `deploy.targets`.
pub const fn target_keys() -> &'static [Key] {
    TARGET
}

const PREVIEW: &[Key] = &[Key::new(
    "editor",
    Shape::Text,
    "Where links to the source lead: `vscode`, `vscodium`, `zed`, `idea`, `sublime`, `textmate`, `none`, or an address with `{path}`, `{line}` and `{column}`. Default `vscode`.",
)];

/// The words for the order of day, month and year.
pub(super) const DATE_ORDERS: &[&str] = &["dmy", "mdy", "ymd"];

/// The words for how slugs are made.
pub(super) const SLUGS: &[&str] = &["unicode", "ascii"];

/// The keys of dateline.yaml.
pub const KEYS: &[Key] = &[
    Key::new("title", Shape::Text, "The publication's name."),
    Key::new(
        "description",
        Shape::Text,
        "What the publication is, in a sentence or two.",
    ),
    Key::new(
        "base_url",
        Shape::Text,
        "Where the site will stand, such as `https://gazette.example`. Default `http://localhost:1111`.",
    ),
    Key::new(
        "language",
        Shape::Text,
        "The language of articles that name none, as a BCP 47 tag. Default `en`.",
    ),
    Key::new(
        "languages",
        Shape::Texts,
        "The site's further languages, as BCP 47 tags; each has the folder of its name in `content/`, and a home page, lists and feeds of its own there.",
    ),
    Key::new(
        "time_zone",
        Shape::Text,
        "The zone of timestamps without an offset, such as `Europe/Lisbon`. Default UTC.",
    ),
    Key::new(
        "date_order",
        Shape::Choice(DATE_ORDERS),
        "What 03/04/2024 means. Without it, such a date is an error.",
    ),
    Key::new(
        "permalink",
        Shape::Text,
        "The pattern of article addresses. Default `/:section/:year/:month/:slug/`.",
    ),
    Key::new(
        "permalinks",
        Shape::MapOf(&Shape::Text),
        "Patterns of sections that have their own, by the section's path.",
    ),
    Key::new(
        "publisher",
        Shape::Any(&[Shape::Map(publisher::KEYS), Shape::Text]),
        "Who publishes the site.",
    ),
    Key::new(
        "image",
        Shape::Map(IMAGE),
        "The picture of pages that have none, for social cards.",
    ),
    Key::new(
        "icon",
        Shape::Text,
        "The picture of which the site's icons are made: a square SVG, PNG, JPEG or WebP of `static/`, beginning with `/`.",
    ),
    Key::new("images", Shape::Map(IMAGES), "What is made of photos."),
    Key::new(
        "social_cards",
        Shape::Truth,
        "Whether a card with headline and title is drawn for articles without a photo, for links on social networks. Default false.",
    ),
    Key::new(
        "card_fonts",
        Shape::Texts,
        "Fonts for cards whose letters are not Latin, Greek or Cyrillic: TrueType or OpenType files of `data/` or `static/`, such as `data/fonts/NotoNaskhArabic-Bold.ttf`.",
    ),
    Key::new(
        "theme",
        Shape::Text,
        "A folder of `themes/`, or a theme that is built in. Default `broadsheet`.",
    ),
    Key::new(
        "per_page",
        Shape::Integer(1, MOST_ON_A_PAGE),
        "Articles on a page of a list. Default 20.",
    ),
    Key::new(
        "date_pages",
        Shape::Truth,
        "Whether each year, month and day has a page. Default yes.",
    ),
    Key::new(
        "taxonomies",
        Shape::ListOf(&Shape::Any(&[Shape::Text, Shape::Map(TAXONOMY)])),
        "The keys of front matter that group articles. Default `tags` and `authors`.",
    ),
    Key::new(
        "menu",
        Shape::Any(&[
            Shape::ListOf(&Shape::Map(MENU_ITEM)),
            Shape::MapOf(&Shape::Text),
        ]),
        "The menu of the site.",
    ),
    Key::new(
        "lint",
        Shape::Map(LINT),
        "What is refused and what is only warned of.",
    ),
    Key::new(
        "credits",
        Shape::Map(CREDITS),
        "How photo credits are read, and what is made of them.",
    ),
    Key::new("markdown", Shape::Map(MARKDOWN), "How bodies are read."),
    Key::new(
        "slugs",
        Shape::Choice(SLUGS),
        "Whether addresses keep the letters of every script or are rewritten in ASCII. Default `unicode`.",
    ),
    Key::new("feeds", Shape::Map(FEEDS), "The feeds."),
    Key::new(
        "search",
        Shape::Any(&[Shape::Map(SEARCH), Shape::Truth]),
        "Whether readers can search the articles, or how. Default false.",
    ),
    Key::new(
        "related",
        Shape::Integer(0, 100),
        "How many related articles each article names. Default 4.",
    ),
    Key::new(
        "minify_html",
        Shape::Truth,
        "Whether HTML is minified. Default false.",
    ),
    Key::new(
        "follow_links",
        Shape::Texts,
        "Folders and files outside the site that links in it may lead to.",
    ),
    Key::new(
        "ignore",
        Shape::Texts,
        "Names in `content/` and `static/` that are ignored, with `*` for any letters.",
    ),
    Key::new(
        "publish_dot_names",
        Shape::Texts,
        "Names beginning with a dot that may be published. Default `.well-known`.",
    ),
    Key::new(
        "trust_svg",
        Shape::Truth,
        "Whether SVG files are published that hold scripts, event handlers, entities or addresses that run something. Default false: they are refused.",
    ),
    Key::new("limits", Shape::Map(LIMITS), "What is too much."),
    Key::new("preview", Shape::Map(PREVIEW), "The preview."),
    Key::new("extra", Shape::FreeMap, "Anything, for the theme."),
    Key::new(
        "headers",
        Shape::MapOf(&Shape::MapOf(&Shape::Text)),
        "The HTTP headers of files, by a pattern of their paths: `*` stands for any letters but `/`, `**` for any.",
    ),
    Key::new("deploy", Shape::Map(DEPLOY), "Where the site is deployed."),
];
