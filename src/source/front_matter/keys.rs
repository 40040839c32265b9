//! The table of keys.

use crate::base::diagnostic::nearest;
use crate::source::config::Taxonomy;
use crate::source::presentation::Genre;
use crate::source::schema::{Key, Shape};
use rapidhash::RapidHashMap;
use std::sync::LazyLock;

/// What a key of an article means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// [`Meta::headline`](crate::source::article::Meta::headline).
    Headline,
    /// When it is published, or whether it is.
    Timestamp,
    /// When it was last changed.
    Updated,
    /// When it stops being shown.
    Expires,
    /// The lead photo: a map, or where it is.
    Photo,
    /// The lead photo's credit.
    PhotoCredit,
    /// The lead photo's caption.
    PhotoCaption,
    /// The lead photo's description.
    PhotoAlt,
    /// Why the lead photo has no credit.
    PhotoNoCreditReason,
    /// Tags.
    Tags,
    /// Categories, which are tags unless the site has them as a taxonomy.
    Categories,
    /// Authors.
    Authors,
    /// The section.
    Section,
    /// The summary.
    Summary,
    /// Whether it is a draft.
    Draft,
    /// The state of publication as a word.
    Status,
    /// The name in the URL.
    Slug,
    /// The URL.
    Url,
    /// Addresses that lead here.
    Aliases,
    /// The language.
    Lang,
    /// What translations of one article have in common.
    TranslationKey,
    /// Corrections.
    Corrections,
    /// The template.
    Template,
    /// The template of another generator.
    Layout,
    /// The series.
    Series,
    /// The place in sections ordered by weight.
    Weight,
    /// Whether readers find it by searching.
    Search,
    /// The kind of journalism.
    Genre,
    /// What stands over the headline.
    Kicker,
    /// What stands under the headline.
    Standfirst,
    /// The byline as it is shown.
    Byline,
    /// The headline for social networks.
    SocialHeadline,
    /// Who paid for the article.
    Sponsor,
    /// Where and when it was reported.
    Dateline,
    /// Live coverage.
    Live,
    /// What feeds know it by.
    Guid,
    /// Zola's map of taxonomies.
    Taxonomies,
    /// Data for the theme.
    Extra,
}

/// How many fields there are.
pub(super) const FIELDS: usize = Field::Extra as usize + 1;

/// The kinds of corrections, as written.
pub(super) const CORRECTION_KINDS: &[&str] = &[
    "correction",
    "clarification",
    "update",
    "editors-note",
    "retraction",
];

/// The genres, as written.
pub(super) const GENRES: &[&str] = &{
    let mut names = [""; Genre::ALL.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = Genre::ALL[at].name();
        at += 1;
    }
    names
};

/// The keys of live coverage.
pub(super) const LIVE_KEYS: &[Key] = &[
    Key::new(
        "start",
        Shape::Timestamp,
        "When the coverage began. Default: when the article was published.",
    ),
    Key::new(
        "end",
        Shape::Timestamp,
        "When the coverage ended or will end.",
    ),
];

/// The keys of a photo.
pub(super) const PHOTO_KEYS: &[Key] = &[
    Key::with(
        "src",
        &["image", "url", "path", "file", "filename"],
        Shape::Text,
        "Where the photo is: a file beside the article, a file of `static/` (beginning with `/`), or a URL.",
    ),
    Key::with(
        "credit",
        &[
            "photo_credit",
            "image_credit",
            "attribution",
            "photographer",
        ],
        Shape::Text,
        "Who made the photo, exactly as it shall be shown, such as `Ana Reis / Reuters`.",
    ),
    Key::with(
        "caption",
        &["photo_caption", "image_caption"],
        Shape::Text,
        "What readers are told about the photo.",
    ),
    Key::with(
        "alt",
        &["alt_text", "photo_alt", "image_alt", "description"],
        Shape::Text,
        "What the photo shows, for readers who can't see it. Empty if it is a decoration.",
    ),
    Key::new(
        "no_credit_reason",
        Shape::Text,
        "Why the photo has no credit. Without a credit or a reason the photo is refused.",
    ),
    Key::with(
        "licence",
        &["license", "photo_licence", "photo_license"],
        Shape::Text,
        "The photo's licence: its address, or a name such as `CC BY 4.0`.",
    ),
    Key::with(
        "copyright",
        &["copyright_notice"],
        Shape::Text,
        "Whose the rights are, such as `© 2025 Ana Reis`.",
    ),
    Key::with(
        "acquire",
        &["acquire_license_page", "licensor_url"],
        Shape::Text,
        "Where a licence for the photo can be had: an address.",
    ),
    Key::with(
        "focus",
        &["focal_point"],
        Shape::Texts,
        "The point that stays in view where the photo is cut: parts of width and height such as `0.3 0.25`.",
    ),
    Key::with(
        "source_type",
        &["digital_source_type"],
        Shape::Text,
        "How the photo came to be: a term of the IPTC's digital source types, such as `trainedAlgorithmicMedia`.",
    ),
];

/// The keys of a correction.
pub(super) const CORRECTION_KEYS: &[Key] = &[
    Key::with(
        "date",
        &["timestamp"],
        Shape::Timestamp,
        "When the correction was made.",
    ),
    Key::with(
        "type",
        &["kind"],
        Shape::Choice(CORRECTION_KINDS),
        "What the correction is. Default `correction`.",
    ),
    Key::with(
        "text",
        &["description", "body", "note"],
        Shape::Text,
        "What readers are told.",
    ),
];

const PHOTO_SHAPE: Shape = Shape::Any(&[Shape::Map(PHOTO_KEYS), Shape::Texts]);

/// The keys of an article's front matter.
pub const KEYS: &[(Field, Key)] = &[
    (
        Field::Headline,
        Key::with("headline", &["title"], Shape::Text, "The headline."),
    ),
    (
        Field::Timestamp,
        Key::with(
            "timestamp",
            &[
                "publish_date",
                "published",
                "pub_date",
                "published_at",
                "date_published",
                "published_date",
                "date",
                "datetime",
            ],
            Shape::Any(&[Shape::Timestamp, Shape::Truth]),
            "When the article was or will be published. Without an offset it is in the site's time zone; a date alone stays a date. `published: false` marks a draft.",
        ),
    ),
    (
        Field::Updated,
        Key::with(
            "updated",
            &[
                "last_modified_at",
                "lastmod",
                "last_modified",
                "modified",
                "modified_at",
                "date_modified",
                "updated_at",
                "last_updated",
                "update_date",
            ],
            Shape::Timestamp,
            "When the article was last changed for its readers.",
        ),
    ),
    (
        Field::Expires,
        Key::with(
            "expires",
            &["expiry_date", "expire", "expires_at", "expiration_date"],
            Shape::Timestamp,
            "When the article stops being shown.",
        ),
    ),
    (
        Field::Photo,
        Key::with(
            "photo",
            &[
                "image",
                "featured_image",
                "cover",
                "cover_image",
                "hero_image",
                "lead_image",
                "primary_image",
                "images",
                "thumbnail",
            ],
            PHOTO_SHAPE,
            "The lead photo: a map of src, credit, caption and alt, or where the photo is.",
        ),
    ),
    (
        Field::PhotoCredit,
        Key::with(
            "photo_credit",
            &["image_credit", "featured_image_credit", "cover_credit"],
            Shape::Text,
            "Who made the lead photo, exactly as it shall be shown.",
        ),
    ),
    (
        Field::PhotoCaption,
        Key::with(
            "photo_caption",
            &["image_caption", "featured_image_caption", "cover_caption"],
            Shape::Text,
            "What readers are told about the lead photo.",
        ),
    ),
    (
        Field::PhotoAlt,
        Key::with(
            "photo_alt",
            &[
                "image_alt",
                "image_description",
                "featured_image_alt",
                "cover_alt",
            ],
            Shape::Text,
            "What the lead photo shows, for readers who can't see it.",
        ),
    ),
    (
        Field::PhotoNoCreditReason,
        Key::with(
            "photo_no_credit_reason",
            &["image_no_credit_reason"],
            Shape::Text,
            "Why the lead photo has no credit.",
        ),
    ),
    (
        Field::Tags,
        Key::with(
            "tags",
            &["tag", "topics", "keywords"],
            Shape::Texts,
            "What the article is about: a list, or a text with commas.",
        ),
    ),
    (
        Field::Categories,
        Key::with(
            "categories",
            &["category"],
            Shape::Texts,
            "Further tags, unless the site has a taxonomy `categories`.",
        ),
    ),
    (
        Field::Authors,
        Key::with(
            "authors",
            &["author"],
            Shape::Any(&[Shape::Texts, Shape::FreeMap, Shape::ListOf(&Shape::FreeMap)]),
            "Who wrote the article: a list of names, or a byline. Default: those whom `byline` names.",
        ),
    ),
    (
        Field::Byline,
        Key::new(
            "byline",
            Shape::Text,
            "The byline, exactly as it shall be shown, such as `By Ana Reis and Bo Lind of The Harbour Gazette`. Default: made of the authors.",
        ),
    ),
    (
        Field::Kicker,
        Key::with(
            "kicker",
            &["eyebrow", "overline"],
            Shape::Text,
            "What stands over the headline, such as `Weather`.",
        ),
    ),
    (
        Field::Standfirst,
        Key::with(
            "standfirst",
            &["subtitle", "subheadline", "strapline"],
            Shape::Text,
            "What stands under the headline. Default: the summary, where the text does not begin with it.",
        ),
    ),
    (
        Field::SocialHeadline,
        Key::with(
            "social_headline",
            &["social_title", "og_title", "twitter_title"],
            Shape::Text,
            "The headline for social networks, where it is not that of the page.",
        ),
    ),
    (
        Field::Genre,
        Key::new(
            "genre",
            Shape::Choice(GENRES),
            "The kind of journalism, which decides on schema.org's type. Default `news`.",
        ),
    ),
    (
        Field::Sponsor,
        Key::with(
            "sponsor",
            &["sponsored_by", "sponsored"],
            Shape::Any(&[Shape::Text, Shape::Truth]),
            "Who paid for the article, which is marked as sponsored on its page, in lists and in feeds; or `true`.",
        ),
    ),
    (
        Field::Dateline,
        Key::new(
            "dateline",
            Shape::Any(&[Shape::Text, Shape::Truth]),
            "Where the article was reported, such as `SEOUL, Nov. 3 (AP)`. Default: what the text begins with, if that is one; `false` if it is not.",
        ),
    ),
    (
        Field::Live,
        Key::new(
            "live",
            Shape::Any(&[Shape::Map(LIVE_KEYS), Shape::Truth]),
            "Live coverage, whose entries are headings `## 16:32 What happened`: `true`, or when it began and ended.",
        ),
    ),
    (
        Field::Guid,
        Key::new(
            "guid",
            Shape::Text,
            "What feeds know the article by, where its address has changed. Default: its address.",
        ),
    ),
    (
        Field::Section,
        Key::new(
            "section",
            Shape::Text,
            "The section, where it is not the folder, such as `local`.",
        ),
    ),
    (
        Field::Summary,
        Key::with(
            "summary",
            &["dek", "deck", "blurb", "excerpt", "description"],
            Shape::Text,
            "The article in a sentence or two. Default: the text before `<!-- more -->`, else the first paragraph.",
        ),
    ),
    (
        Field::Draft,
        Key::new(
            "draft",
            Shape::Truth,
            "Whether the article is left out of builds without `-D`.",
        ),
    ),
    (
        Field::Status,
        Key::new(
            "status",
            Shape::Text,
            "`draft`, `pending` and `private` mark a draft.",
        ),
    ),
    (
        Field::Slug,
        Key::new(
            "slug",
            Shape::Text,
            "The article's name in its address. Default: the file's name without its date.",
        ),
    ),
    (
        Field::Url,
        Key::with(
            "url",
            &["permalink", "path"],
            Shape::Text,
            "The article's whole address on the site, where the permalink pattern does not make it.",
        ),
    ),
    (
        Field::Aliases,
        Key::with(
            "aliases",
            &["redirect_from", "alias"],
            Shape::Texts,
            "Further addresses, from which readers are led to the article.",
        ),
    ),
    (
        Field::Lang,
        Key::with(
            "lang",
            &["language", "language_code", "locale"],
            Shape::Text,
            "The language, as a BCP 47 tag such as `pt-BR`, where it is not the site's.",
        ),
    ),
    (
        Field::TranslationKey,
        Key::new(
            "translation_key",
            Shape::Text,
            "What an article and its translations have in common, such as `harbour`; those with one key lead to each other.",
        ),
    ),
    (
        Field::Corrections,
        Key::with(
            "corrections",
            &["correction"],
            Shape::Any(&[
                Shape::ListOf(&Shape::Map(CORRECTION_KEYS)),
                Shape::Map(CORRECTION_KEYS),
            ]),
            "What was corrected after publication.",
        ),
    ),
    (
        Field::Template,
        Key::new(
            "template",
            Shape::Text,
            "The template of the article's page, such as `feature.html`.",
        ),
    ),
    (
        Field::Layout,
        Key::new(
            "layout",
            Shape::Text,
            "The same as `template` if it ends in `.html`; other layouts are another generator's and ignored.",
        ),
    ),
    (
        Field::Series,
        Key::new(
            "series",
            Shape::Texts,
            "The series that the article is a part of.",
        ),
    ),
    (
        Field::Weight,
        Key::with(
            "weight",
            &["order"],
            Shape::Integer(i64::MIN, i64::MAX),
            "The place in sections that are ordered by weight; lighter articles come first.",
        ),
    ),
    (
        Field::Search,
        Key::new(
            "search",
            Shape::Truth,
            "Whether readers find the article by searching, where the site has a search. Default true.",
        ),
    ),
    (
        Field::Taxonomies,
        Key::new(
            "taxonomies",
            Shape::MapOf(&Shape::Texts),
            "Tags, authors and the terms of other taxonomies in one map.",
        ),
    ),
    (
        Field::Extra,
        Key::with(
            "extra",
            &["params"],
            Shape::FreeMap,
            "Anything, for the theme.",
        ),
    ),
];

/// The keys of a section's or a term's `_index.md`.
pub const SECTION_KEYS: &[Key] = &[
    Key::with(
        "headline",
        &["title"],
        Shape::Text,
        "What the section is called.",
    ),
    Key::with(
        "summary",
        &["description", "blurb", "dek"],
        Shape::Text,
        "What the section is about, in a sentence or two.",
    ),
    Key::with(
        "photo",
        &["image", "featured_image", "cover"],
        PHOTO_SHAPE,
        "The section's picture: a map of src, credit, caption and alt, or where it is.",
    ),
    Key::with(
        "order",
        &["sort_by"],
        Shape::Choice(super::section::ORDERS),
        "What comes first in the section's list. Default `newest`.",
    ),
    Key::with(
        "per_page",
        &["paginate_by"],
        Shape::Integer(1, 1000),
        "Articles on a page of the list. Default: the site's.",
    ),
    Key::new(
        "template",
        Shape::Text,
        "The template of the section's pages.",
    ),
    Key::with(
        "aliases",
        &["redirect_from"],
        Shape::Texts,
        "Further addresses, from which readers are led to the section.",
    ),
    Key::new(
        "translation_key",
        Shape::Text,
        "What a section or a term and its translations have in common, such as `economy`, where that is not the folder's name.",
    ),
    Key::with(
        "extra",
        &["params"],
        Shape::FreeMap,
        "Anything, for the theme.",
    ),
];

/// Writes a key without what varies between its spellings: case, hyphens, underscores, blanks.
pub(super) fn squash(key: &str, into: &mut String) {
    into.clear();
    let letters = key.chars().filter(|c| !matches!(c, '-' | '_' | ' '));
    into.extend(letters.flat_map(char::to_lowercase));
}

/// Returns a key without what varies between its spellings.
pub(super) fn squashed(key: &str) -> String {
    let mut into = String::new();
    squash(key, &mut into);
    into
}

/// What the names of a map's keys mean, and the rank of each name among those of one meaning.
pub(super) type Names<F> = RapidHashMap<String, (F, usize)>;

/// The names of the keys of an article.
pub(super) static NAMES: LazyLock<Names<Field>> =
    LazyLock::new(|| names(KEYS.iter().map(|(field, key)| (*field, key))));

/// Lists every name of each of the keys.
pub(super) fn names<'k, F: Copy>(keys: impl IntoIterator<Item = (F, &'k Key)>) -> Names<F> {
    let mut names = Names::default();
    for (field, key) in keys {
        let all = std::iter::once(&key.name).chain(key.also);
        for (rank, name) in all.enumerate() {
            names.entry(squashed(name)).or_insert((field, rank));
        }
    }
    names
}

/// Returns dateline's name of a key that can't be a taxonomy, because it means something else or is
/// another name of one.
pub(in crate::source) fn reserved(key: &str) -> Option<&'static str> {
    let (field, _) = NAMES.get(&squashed(key))?;
    let name = KEYS.iter().find(|(other, _)| other == field)?.1.name;
    let is_free = match field {
        Field::Tags => key != "tag",
        Field::Authors => key == "authors",
        Field::Categories | Field::Series | Field::Genre => true,
        _ => false,
    };
    (!is_free).then_some(name)
}

/// Returns the known key that is probably meant by an unknown one, if one is near.
pub fn nearest_key<'a>(name: &str, taxonomies: &'a [Taxonomy]) -> Option<&'a str> {
    let known = KEYS
        .iter()
        .flat_map(|(_, key)| std::iter::once(key.name).chain(key.also.iter().copied()));
    nearest(
        name,
        known.chain(taxonomies.iter().map(|taxonomy| taxonomy.key.as_str())),
    )
}
