//! The vocabulary: every variable that a template can read, with its fields.
//!
//! This table is the one place that defines them. A theme that reads anything else is refused when
//! it is loaded; the manual's reference is made from it. A variable that has nothing to say on a
//! page is null there, never undefined, so `{% if older %}` is always right.

use crate::theme::kind::Kind;

/// A variable that templates can read.
#[derive(Debug, Clone, Copy)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub doc: &'static str,
    /// The pages on which it can have a value; it is null on all others.
    pub pages: Pages,
    /// The type of its value.
    pub shape: Shape,
}

/// The pages that know a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pages {
    /// Every page.
    All,
    /// Article pages.
    Articles,
    /// Pages that list articles: home, sections, terms, dates.
    Lists,
    /// Pages of this kind.
    Only(Kind),
    /// Pages of sections, and of the articles in them.
    Sections,
    /// Pages of the site's taxonomies: terms and indexes of terms.
    Taxonomies,
}

/// What a value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A text.
    Text,
    /// HTML that is printed as it is.
    Html,
    /// A whole number.
    Number,
    /// True or false.
    Bool,
    /// A timestamp as text: RFC 3339, or a date, month or year alone where its author gave no more.
    /// The filter `date` prints it.
    Timestamp,
    /// Free data of the user's.
    Free,
    /// A map with these fields.
    Map(&'static Record),
    /// A list of maps with these fields.
    List(&'static Record),
}

/// A map's fields.
#[derive(Debug, PartialEq, Eq)]
pub struct Record {
    /// What such a map is called in the manual.
    pub name: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
}

/// A field of a map.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// The type of its value; fields can be null where the user gave nothing.
    pub shape: Shape,
}

const fn field(name: &'static str, shape: Shape, doc: &'static str) -> Field {
    Field { name, doc, shape }
}

const fn variable(name: &'static str, pages: Pages, shape: Shape, doc: &'static str) -> Variable {
    Variable {
        name,
        doc,
        pages,
        shape,
    }
}

/// Every variable, in the order of the manual.
pub const VARIABLES: &[Variable] = &[
    variable(
        "site",
        Pages::All,
        Shape::Map(&SITE),
        "The site, from dateline.yaml.",
    ),
    variable(
        "words",
        Pages::All,
        Shape::Free,
        "The words of the interface in the page's language, from `i18n/`, by their keys. One with `{blanks}` or plural forms goes through the filter `fill`.",
    ),
    variable(
        "home",
        Pages::All,
        Shape::Map(&HOME),
        "The front page of the page's language: the site's, or that of a further language.",
    ),
    variable(
        "languages",
        Pages::All,
        Shape::List(&LANGUAGE),
        "The languages in which this page can be read, and those that have a front page; empty where there is one language.",
    ),
    variable(
        "page",
        Pages::All,
        Shape::Map(&PAGE),
        "The page that is being made.",
    ),
    variable(
        "article",
        Pages::Articles,
        Shape::Map(&ARTICLE),
        "The article, with its content.",
    ),
    variable(
        "newer",
        Pages::Articles,
        Shape::Map(&CARD),
        "The next article by time.",
    ),
    variable(
        "older",
        Pages::Articles,
        Shape::Map(&CARD),
        "The article before it by time.",
    ),
    variable(
        "related",
        Pages::Articles,
        Shape::List(&CARD),
        "Articles that share tags: rare tags weigh more, then nearness in time.",
    ),
    variable(
        "series",
        Pages::Articles,
        Shape::Map(&SERIES),
        "The series that the article is a part of.",
    ),
    variable(
        "articles",
        Pages::Lists,
        Shape::List(&CARD),
        "The articles of this page of the list.",
    ),
    variable(
        "front",
        Pages::Only(Kind::Home),
        Shape::Map(&FRONT),
        "Which story stands where on the first page of home: as `data/front.yaml` says, else by time. No story stands twice.",
    ),
    variable(
        "pager",
        Pages::Lists,
        Shape::Map(&PAGER),
        "Where this page stands in its list.",
    ),
    variable(
        "section",
        Pages::Sections,
        Shape::Map(&SECTION),
        "The section, or the article's section.",
    ),
    variable(
        "term",
        Pages::Only(Kind::Term),
        Shape::Map(&TERM),
        "The tag, author or other term.",
    ),
    variable(
        "photos",
        Pages::Only(Kind::Term),
        Shape::List(&SHOT),
        "On the page of a photographer or an agency: the photos that the articles of this page show.",
    ),
    variable(
        "terms",
        Pages::Only(Kind::Terms),
        Shape::List(&TERM_COUNT),
        "Every term of the taxonomy, by name.",
    ),
    variable(
        "taxonomy",
        Pages::Taxonomies,
        Shape::Map(&TAXONOMY),
        "The taxonomy.",
    ),
    variable(
        "dates",
        Pages::All,
        Shape::List(&YEAR),
        "The years and months that have articles, newest first.",
    ),
    variable(
        "calendar",
        Pages::Lists,
        Shape::List(&CALENDAR),
        "On the first page of a year or a month: its months that have articles, laid out in weeks that begin on Monday.",
    ),
    variable(
        "sections",
        Pages::All,
        Shape::List(&SECTION_LINK),
        "The sections at the top, by path.",
    ),
    variable(
        "tags",
        Pages::All,
        Shape::List(&TERM_COUNT),
        "Every tag of the site, the most used first.",
    ),
    variable(
        "recent",
        Pages::All,
        Shape::List(&CARD),
        "The ten newest articles of the site.",
    ),
    variable(
        "breadcrumbs",
        Pages::All,
        Shape::List(&LINK),
        "The way from home to this page, both included.",
    ),
    variable(
        "structured_data",
        Pages::All,
        Shape::Html,
        "The page as schema.org JSON-LD, safe inside a script element.",
    ),
    variable(
        "metadata",
        Pages::All,
        Shape::Html,
        "What the page says of itself to search engines, social networks and feed readers, as elements for the head: description, robots, canonical address, OpenGraph, Twitter cards, authors, feeds.",
    ),
    variable(
        "corrections",
        Pages::Only(Kind::Corrections),
        Shape::List(&CORRECTED),
        "What was corrected in any article, the newest first.",
    ),
    variable(
        "search",
        Pages::All,
        Shape::Map(&SEARCH),
        "Where readers search, in the page's language; null where the site has no search.",
    ),
    variable(
        "today",
        Pages::All,
        Shape::Timestamp,
        "The day of the build, in the site's time zone.",
    ),
];

const LINK: Record = Record {
    name: "link",
    fields: &[
        field("title", Shape::Text, "What it is called."),
        field("url", Shape::Text, "Its address, from the host's root."),
    ],
};

const SITE: Record = Record {
    name: "site",
    fields: &[
        field("title", Shape::Text, "The publication's name."),
        field(
            "description",
            Shape::Text,
            "What it is, in a sentence or two.",
        ),
        field(
            "url",
            Shape::Text,
            "The home page's address, from the host's root.",
        ),
        field("permalink", Shape::Text, "The home page's whole address."),
        field(
            "language",
            Shape::Text,
            "The site's language, as a BCP 47 tag.",
        ),
        field("dir", Shape::Text, "Its direction: `ltr` or `rtl`."),
        field("publisher", Shape::Map(&PUBLISHER), "Who publishes it."),
        field(
            "image",
            Shape::Map(&PICTURE),
            "The picture of pages that have none.",
        ),
        field(
            "icons",
            Shape::List(&ICON),
            "The links to the icons that are made of `icon`.",
        ),
        field("menu", Shape::List(&LINK), "The menu."),
        field(
            "taxonomies",
            Shape::List(&TAXONOMY),
            "The taxonomies of the site's language; those of a page's language are in `home`.",
        ),
        field(
            "extra",
            Shape::Free,
            "The theme's settings: `extra` of dateline.yaml over that of theme.yaml.",
        ),
    ],
};

const SEARCH: Record = Record {
    name: "search",
    fields: &[
        field(
            "url",
            Shape::Text,
            "The address of the page that `search.html` makes, from the host's root; null where the theme has no such template.",
        ),
        field("permalink", Shape::Text, "That page's whole address."),
        field(
            "script",
            Shape::Text,
            "The address of Pagefind's script, a module; to be loaded when a reader begins to search.",
        ),
        field(
            "index",
            Shape::Text,
            "The address of the list of the index's parts: JSON with `parts`, each with its folder `path` beside the list and a `tag` that changes with it.",
        ),
        field(
            "filters",
            Shape::Free,
            "The names of the filters, as dateline.yaml orders them.",
        ),
    ],
};

const ICON: Record = Record {
    name: "icon",
    fields: &[
        field(
            "rel",
            Shape::Text,
            "`icon`, `apple-touch-icon` or `manifest`.",
        ),
        field("url", Shape::Text, "Its address, from the host's root."),
        field("sizes", Shape::Text, "Its sizes, such as `192x192`."),
        field("type", Shape::Text, "Its media type."),
    ],
};

const PUBLISHER: Record = Record {
    name: "publisher",
    fields: &[
        field("name", Shape::Text, "The name."),
        field("logo", Shape::Map(&PICTURE), "The logo."),
        field("url", Shape::Text, "The publisher's own address."),
        field("email", Shape::Text, "Where readers write to."),
        field(
            "links",
            Shape::List(&LINK),
            "Its other addresses, on social networks and elsewhere.",
        ),
        field(
            "policies",
            Shape::List(&POLICY),
            "Where its policies can be read.",
        ),
    ],
};

const POLICY: Record = Record {
    name: "policy",
    fields: &[
        field(
            "key",
            Shape::Text,
            "Its key in dateline.yaml, such as `ethics_policy`.",
        ),
        field("url", Shape::Text, "Its whole address."),
    ],
};

const PAGE: Record = Record {
    name: "page",
    fields: &[
        field(
            "kind",
            Shape::Text,
            "`article`, `home`, `section`, `term`, `terms`, `archive`, `year`, `month`, `day`, `corrections`, `not_found` or `redirect`.",
        ),
        field(
            "title",
            Shape::Text,
            "The page's own title, without the site's.",
        ),
        field(
            "description",
            Shape::Text,
            "What is on it, as text of one line.",
        ),
        field("url", Shape::Text, "Its address, from the host's root."),
        field(
            "permalink",
            Shape::Text,
            "Its whole address, for `rel=canonical`.",
        ),
        field("language", Shape::Text, "Its language, as a BCP 47 tag."),
        field("dir", Shape::Text, "Its direction: `ltr` or `rtl`."),
        field(
            "image",
            Shape::Map(&PICTURE),
            "The picture that stands for it: its photo, else the site's.",
        ),
        field(
            "feeds",
            Shape::List(&FEED),
            "The feeds that belong to it, its own first.",
        ),
        field(
            "date",
            Shape::Timestamp,
            "The year, month or day that a date page is about.",
        ),
        field(
            "redirect",
            Shape::Text,
            "The whole address that a redirect leads to, for `rel=canonical`.",
        ),
        field(
            "redirect_url",
            Shape::Text,
            "The address that a redirect leads to, from the host's root, so that a copy of the site leads on in itself.",
        ),
    ],
};

const FEED: Record = Record {
    name: "feed",
    fields: &[
        field("title", Shape::Text, "What it is called."),
        field("url", Shape::Text, "Its address, from the host's root."),
        field("type", Shape::Text, "Its media type."),
        field(
            "format",
            Shape::Text,
            "What readers call its format: `RSS`, `Atom` or `JSON Feed`.",
        ),
    ],
};

/// A picture with all that is known of it.
pub const PICTURE: Record = Record {
    name: "picture",
    fields: &[
        field(
            "url",
            Shape::Text,
            "Its address, from the host's root, or a whole one elsewhere.",
        ),
        field("permalink", Shape::Text, "Its whole address."),
        field(
            "width",
            Shape::Number,
            "Pixels; null for a picture elsewhere.",
        ),
        field(
            "height",
            Shape::Number,
            "Pixels; null for a picture elsewhere.",
        ),
        field(
            "type",
            Shape::Text,
            "Its media type; null for a picture elsewhere.",
        ),
        field(
            "src",
            Shape::Text,
            "The address for the attribute `src` of an `img`: the largest derivative, else the picture itself.",
        ),
        field(
            "srcset",
            Shape::Text,
            "The derivatives in the photo's own format, for the attribute `srcset`; null where there are none.",
        ),
        field(
            "sources",
            Shape::List(&SOURCE),
            "Those in other formats, the best first.",
        ),
        field(
            "sizes",
            Shape::Text,
            "`images.sizes`; null where there is nothing to choose.",
        ),
        field(
            "tint",
            Shape::Text,
            "The name of its mean colour, for the attribute `data-tint` of an `img`; null of a drawing, an animation and a picture that can be seen through.",
        ),
        field(
            "file",
            Shape::Text,
            "Its path from the site's root, for `image()`; null for a picture elsewhere.",
        ),
        field("alt", Shape::Text, "What it shows."),
        field("caption", Shape::Html, "What the reader is told about it."),
        field("credit", Shape::Text, "Who made it, exactly as written."),
        field("no_credit_reason", Shape::Text, "Why there is no credit."),
        field(
            "origin",
            Shape::Text,
            "What is to be said beside the credit of a picture that no camera took: `ai`, `partly_ai` or `computer`, after its digital source type; null of every other.",
        ),
        field(
            "creators",
            Shape::List(&TERM_LINK),
            "Who made it, as its credit says: their names, with the addresses of their pages.",
        ),
        field(
            "agency",
            Shape::Map(&TERM_LINK),
            "The first organisation that its credit names.",
        ),
        field(
            "made",
            Shape::Map(&MADE),
            "What else its credit says; null without a credit.",
        ),
        field(
            "rights",
            Shape::Map(&RIGHTS),
            "What may be done with it; null where nothing is said.",
        ),
        field(
            "focus",
            Shape::Text,
            "The point that stays in view where it is cut.",
        ),
    ],
};

const MADE: Record = Record {
    name: "made",
    fields: &[
        field(
            "kind",
            Shape::Text,
            "`photo`, `illustration`, `graphic`, `composite`, `video` or `screenshot`.",
        ),
        field(
            "relation",
            Shape::Text,
            "`staff`, `freelance`, `courtesy`, `handout`, `pool`, `file`, `stock` or `screenshot`.",
        ),
        field(
            "distributors",
            Shape::List(&TERM_LINK),
            "The organisations after the first.",
        ),
        field("via", Shape::Map(&TERM_LINK), "Where it was had."),
        field("client", Shape::Text, "Who ordered it."),
    ],
};

const RIGHTS: Record = Record {
    name: "rights",
    fields: &[
        field("licence", Shape::Text, "The licence, as written."),
        field(
            "url",
            Shape::Text,
            "The licence's address, where it is known.",
        ),
        field("copyright", Shape::Text, "Whose the rights are."),
        field("acquire", Shape::Text, "Where a licence can be had."),
        field(
            "source_type",
            Shape::Text,
            "How it came to be, of the IPTC's digital source types.",
        ),
    ],
};

const SHOT: Record = Record {
    name: "shot",
    fields: &[
        field("photo", Shape::Map(&PICTURE), "The photo."),
        field(
            "articles",
            Shape::List(&CARD),
            "The articles of this page of the list that show it.",
        ),
    ],
};

const SOURCE: Record = Record {
    name: "source",
    fields: &[
        field("type", Shape::Text, "The media type."),
        field("srcset", Shape::Text, "The addresses and their widths."),
    ],
};

/// An article as lists show it.
pub const CARD: Record = Record {
    name: "card",
    fields: CARD_FIELDS,
};

const CARD_FIELDS: &[Field] = &[
    field("headline", Shape::Text, "The headline."),
    field("url", Shape::Text, "Its address, from the host's root."),
    field("permalink", Shape::Text, "Its whole address."),
    field(
        "path",
        Shape::Text,
        "Its source, such as `content/local/harbour.md`.",
    ),
    field("timestamp", Shape::Timestamp, "When it was published."),
    field(
        "updated",
        Shape::Timestamp,
        "When it was last changed for readers.",
    ),
    field("summary", Shape::Html, "The summary."),
    field("description", Shape::Text, "The summary as text."),
    field("photo", Shape::Map(&PICTURE), "The lead photo."),
    field("tags", Shape::List(&TERM_LINK), "Its tags."),
    field("authors", Shape::List(&TERM_LINK), "Its authors."),
    field(
        "terms",
        Shape::Free,
        "The terms of each further taxonomy: lists of name and url, by the taxonomy's key.",
    ),
    field(
        "section",
        Shape::Map(&SECTION_LINK),
        "Its section; null at the root.",
    ),
    field("words", Shape::Number, "How many words it has."),
    field(
        "minutes",
        Shape::Number,
        "How many minutes it takes to read.",
    ),
    field("language", Shape::Text, "Its language, as a BCP 47 tag."),
    field("dir", Shape::Text, "Its direction: `ltr` or `rtl`."),
    field("is_draft", Shape::Bool, "Whether it is a draft."),
    field(
        "genre",
        Shape::Text,
        "The kind of journalism, such as `news` or `opinion`.",
    ),
    field("kicker", Shape::Text, "What stands over the headline."),
    field("standfirst", Shape::Html, "What stands under the headline."),
    field(
        "byline",
        Shape::Html,
        "The byline as its author wrote it, the names in it leading to their pages; null where there are only authors.",
    ),
    field(
        "is_sponsored",
        Shape::Bool,
        "Whether somebody paid for it, which readers have to be told.",
    ),
    field(
        "sponsor",
        Shape::Text,
        "Who paid for it, where that is said.",
    ),
    field(
        "series",
        Shape::Text,
        "The name of the series that it is a part of.",
    ),
    field(
        "extra",
        Shape::Free,
        "`extra` of its front matter, and unknown keys.",
    ),
];

const ARTICLE: Record = Record {
    name: "article",
    fields: &{
        const MORE: [Field; 5] = [
            field("content", Shape::Html, "The body."),
            field(
                "headings",
                Shape::List(&HEADING),
                "The headings, for a table of contents.",
            ),
            field(
                "corrections",
                Shape::List(&CORRECTION),
                "What was corrected, the newest first.",
            ),
            field(
                "dateline",
                Shape::Text,
                "Where it was reported, such as `SEOUL, Nov. 3 (AP)`; the content begins with it.",
            ),
            field(
                "updates",
                Shape::List(&UPDATE),
                "The entries of live coverage, as they stand in the content.",
            ),
        ];
        let mut all = [const { field("", Shape::Text, "") }; CARD_FIELDS.len() + MORE.len()];
        let mut at = 0;
        while at < all.len() {
            let from = if at < CARD_FIELDS.len() {
                &CARD_FIELDS[at]
            } else {
                &MORE[at - CARD_FIELDS.len()]
            };
            all[at] = field(from.name, from.shape, from.doc);
            at += 1;
        }
        all
    },
};

const HEADING: Record = Record {
    name: "heading",
    fields: &[
        field("level", Shape::Number, "1 to 6."),
        field("id", Shape::Text, "Its id on the page."),
        field("text", Shape::Text, "What it says."),
    ],
};

const CORRECTED: Record = Record {
    name: "corrected",
    fields: &[
        field("article", Shape::Map(&CARD), "The article."),
        field(
            "url",
            Shape::Text,
            "The address of the note on the article's page, from the host's root.",
        ),
        field("date", Shape::Timestamp, "When it was made."),
        field(
            "kind",
            Shape::Text,
            "`correction`, `clarification`, `update`, `editors-note` or `retraction`.",
        ),
        field("text", Shape::Html, "What readers are told."),
    ],
};

const UPDATE: Record = Record {
    name: "update",
    fields: &[
        field("time", Shape::Timestamp, "When it was published."),
        field("headline", Shape::Text, "Its headline."),
        field("id", Shape::Text, "Its id on the page."),
    ],
};

const CORRECTION: Record = Record {
    name: "correction",
    fields: &[
        field("date", Shape::Timestamp, "When it was made."),
        field(
            "id",
            Shape::Text,
            "The id that it is to have on the article's page, such as `correction-2024-11-23`.",
        ),
        field(
            "kind",
            Shape::Text,
            "`correction`, `clarification`, `update`, `editors-note` or `retraction`.",
        ),
        field("text", Shape::Html, "What readers are told."),
    ],
};

const SERIES: Record = Record {
    name: "series",
    fields: &[
        field("name", Shape::Text, "What it is called."),
        field(
            "position",
            Shape::Number,
            "Which part this article is, from 1.",
        ),
        field(
            "articles",
            Shape::List(&CARD),
            "Every part, the oldest first.",
        ),
    ],
};

const HOME: Record = Record {
    name: "front page of a language",
    fields: &[
        field(
            "title",
            Shape::Text,
            "The publication's name in the language.",
        ),
        field("description", Shape::Text, "What it is."),
        field("url", Shape::Text, "Its address, from the host's root."),
        field(
            "taxonomies",
            Shape::List(&TAXONOMY),
            "The taxonomies of its articles, and those of the whole site.",
        ),
    ],
};

const LANGUAGE: Record = Record {
    name: "language",
    fields: &[
        field("language", Shape::Text, "The language, as a BCP 47 tag."),
        field(
            "name",
            Shape::Text,
            "Its name in itself: the word `language_name` of its `i18n/` file, else the tag.",
        ),
        field("dir", Shape::Text, "Its direction: `ltr` or `rtl`."),
        field(
            "title",
            Shape::Text,
            "The headline of the translation, or the publication's name.",
        ),
        field(
            "url",
            Shape::Text,
            "The address of the translation, or of the language's front page.",
        ),
        field("permalink", Shape::Text, "The whole address."),
        field(
            "is_current",
            Shape::Bool,
            "Whether it is that of this page.",
        ),
        field(
            "is_translation",
            Shape::Bool,
            "Whether the address is of this page in the language: `hreflang` is for these.",
        ),
    ],
};

const FRONT: Record = Record {
    name: "front page",
    fields: &[
        field("lead", Shape::Map(&CARD), "The lead story."),
        field(
            "second",
            Shape::List(&CARD),
            "Three stories beside the lead.",
        ),
        field("cards", Shape::List(&CARD), "Four stories below them."),
        field(
            "sections",
            Shape::List(&FRONT_SECTION),
            "The sections with their newest stories that have no place above: as many as `extra` says under `section_stories`.",
        ),
        field(
            "latest",
            Shape::List(&CARD),
            "What this page of the list shows and has no place above.",
        ),
        field(
            "correction",
            Shape::Map(&FRONT_CORRECTION),
            "The latest correction of any article.",
        ),
    ],
};

const FRONT_SECTION: Record = Record {
    name: "section of the front page",
    fields: &[
        field("section", Shape::Map(&SECTION_LINK), "The section."),
        field("articles", Shape::List(&CARD), "Its stories."),
    ],
};

const FRONT_CORRECTION: Record = Record {
    name: "correction on the front page",
    fields: &[
        field(
            "article",
            Shape::Map(&CARD),
            "The article that was corrected.",
        ),
        field(
            "url",
            Shape::Text,
            "The address of the correction on the article's page.",
        ),
        field("date", Shape::Timestamp, "When it was made."),
        field(
            "kind",
            Shape::Text,
            "`correction`, `clarification`, `update`, `editors-note` or `retraction`.",
        ),
        field("text", Shape::Html, "What readers are told."),
    ],
};

const PAGER: Record = Record {
    name: "pager",
    fields: &[
        field(
            "number",
            Shape::Number,
            "The page's number, counted from the oldest, which is 1.",
        ),
        field(
            "is_front",
            Shape::Bool,
            "Whether it is the newest page, at the list's own address.",
        ),
        field(
            "count",
            Shape::Number,
            "On the front only: the articles of the whole list.",
        ),
        field(
            "pages",
            Shape::Number,
            "On the front only: the pages of the whole list.",
        ),
        field(
            "newer",
            Shape::Text,
            "The address of the page with newer articles.",
        ),
        field(
            "older",
            Shape::Text,
            "The address of the page with older articles.",
        ),
        field("front", Shape::Text, "The address of the front."),
    ],
};

const SECTION_LINK: Record = Record {
    name: "section link",
    fields: &[
        field("title", Shape::Text, "Its headline."),
        field("url", Shape::Text, "Its address, from the host's root."),
        field(
            "path",
            Shape::Text,
            "Its path below content, such as `local/port`.",
        ),
        field("summary", Shape::Html, "Its summary."),
    ],
};

const SECTION: Record = Record {
    name: "section",
    fields: &[
        field("title", Shape::Text, "Its headline."),
        field("url", Shape::Text, "Its address, from the host's root."),
        field(
            "path",
            Shape::Text,
            "Its path below content, such as `local/port`; empty for home.",
        ),
        field("summary", Shape::Html, "Its summary."),
        field(
            "content",
            Shape::Html,
            "The text of its `_index.md`; on its own pages only.",
        ),
        field("photo", Shape::Map(&PICTURE), "Its photo."),
        field(
            "parent",
            Shape::Map(&SECTION_LINK),
            "The section around it.",
        ),
        field(
            "sections",
            Shape::List(&SECTION_LINK),
            "The sections in it.",
        ),
        field("extra", Shape::Free, "`extra` of its front matter."),
    ],
};

const TAXONOMY: Record = Record {
    name: "taxonomy",
    fields: &[
        field(
            "key",
            Shape::Text,
            "Its key in front matter, such as `tags`.",
        ),
        field(
            "singular",
            Shape::Text,
            "What one term is called, such as `tag`.",
        ),
        field("title", Shape::Text, "The headline of its index."),
        field("url", Shape::Text, "The address of its index."),
    ],
};

const TERM_LINK: Record = Record {
    name: "term link",
    fields: &[
        field(
            "name",
            Shape::Text,
            "What it is called: the first spelling.",
        ),
        field("url", Shape::Text, "Its address, from the host's root."),
    ],
};

const TERM_COUNT: Record = Record {
    name: "term with count",
    fields: &[
        field(
            "name",
            Shape::Text,
            "What it is called: the first spelling.",
        ),
        field("url", Shape::Text, "Its address, from the host's root."),
        field("count", Shape::Number, "How many articles it has."),
        field(
            "kind",
            Shape::Text,
            "Of a name in credits: `photographer` or `agency`.",
        ),
    ],
};

const TERM: Record = Record {
    name: "term",
    fields: &[
        field(
            "name",
            Shape::Text,
            "What it is called: the first spelling.",
        ),
        field("url", Shape::Text, "Its address, from the host's root."),
        field(
            "summary",
            Shape::Html,
            "Its summary, from `content/<taxonomy>/<term>/_index.md`.",
        ),
        field("content", Shape::Html, "The text of its `_index.md`."),
        field("photo", Shape::Map(&PICTURE), "Its photo."),
        field(
            "person",
            Shape::Map(&PERSON),
            "Of an author: what `data/authors.yaml` says.",
        ),
        field(
            "kind",
            Shape::Text,
            "Of a name in credits: `photographer` or `agency`.",
        ),
        field("extra", Shape::Free, "`extra` of its front matter."),
    ],
};

const PERSON: Record = Record {
    name: "person",
    fields: &[
        field("role", Shape::Text, "What they do."),
        field("bio", Shape::Html, "Who they are."),
        field("photo", Shape::Map(&PICTURE), "A portrait."),
        field("email", Shape::Text, "Where readers write to."),
        field("links", Shape::List(&LINK), "Elsewhere."),
        field("extra", Shape::Free, "Everything else."),
    ],
};

const YEAR: Record = Record {
    name: "year",
    fields: &[
        field("year", Shape::Number, "The year."),
        field("date", Shape::Timestamp, "The same, for the filter `date`."),
        field(
            "url",
            Shape::Text,
            "The address of its page; null where the site has none.",
        ),
        field("count", Shape::Number, "How many articles it has."),
        field("months", Shape::List(&MONTH), "Its months, newest first."),
    ],
};

const MONTH: Record = Record {
    name: "month",
    fields: &[
        field("month", Shape::Number, "1 to 12."),
        field(
            "date",
            Shape::Timestamp,
            "The year and month, for the filter `date`.",
        ),
        field(
            "url",
            Shape::Text,
            "The address of its page; null where the site has none.",
        ),
        field("count", Shape::Number, "How many articles it has."),
        field(
            "level",
            Shape::Number,
            "1 to 4: how many that is, beside the busiest month of the site.",
        ),
    ],
};

const CALENDAR: Record = Record {
    name: "month of a calendar",
    fields: &[
        field(
            "date",
            Shape::Timestamp,
            "The year and month, for the filter `date`.",
        ),
        field("url", Shape::Text, "The address of its page."),
        field("count", Shape::Number, "How many articles it has."),
        field(
            "offset",
            Shape::Number,
            "How many days of its first week belong to the month before.",
        ),
        field("length", Shape::Number, "How many days it has."),
        field("rows", Shape::Number, "How many weeks it touches."),
        field(
            "days",
            Shape::List(&CALENDAR_DAY),
            "Its days that have articles.",
        ),
    ],
};

const CALENDAR_DAY: Record = Record {
    name: "day of a calendar",
    fields: &[
        field("day", Shape::Number, "1 to 31."),
        field("date", Shape::Timestamp, "The day, for the filter `date`."),
        field("url", Shape::Text, "The address of its page."),
        field("count", Shape::Number, "How many articles it has."),
        field(
            "level",
            Shape::Number,
            "1 to 4: how many that is, beside the busiest day of the list.",
        ),
        field("column", Shape::Number, "Its weekday: 0 is Monday."),
        field("row", Shape::Number, "Its week in the month, from 0."),
    ],
};
