//! A small site that uses every feature, and the edits that can happen to it.

use crate::support::{NOW, Site};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fs;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, SystemTime};

/// A file of the site: where it lies, what it is made of, and whether it is there at first.
pub(crate) struct File {
    path: &'static str,
    parts: &'static [&'static [&'static str]],
    is_there: bool,
}

const fn file(path: &'static str, parts: &'static [&'static [&'static str]]) -> File {
    File {
        path,
        parts,
        is_there: true,
    }
}

const fn later(path: &'static str, parts: &'static [&'static [&'static str]]) -> File {
    File {
        path,
        parts,
        is_there: false,
    }
}

/// The ways to write each line of an article; `$N` is the article's number.
const STORY: &[&[&str]] = &[
    &[
        "---\nheadline: Harbour\n",
        "---\nheadline: Storm & tide\n",
        "---\nheadline: abacus\n",
        "---\nheadline: Zebra\n",
        "---\ntitle: [not, a, headline]\n",
    ],
    &[
        "timestamp: 2025-11-2$N 10:00\n",
        "timestamp: 2024-02-29\n",
        "",
        "timestamp: 2026-01-20T10:00:00Z\n",
        "timestamp: 2025-11-21\n",
        "timestamp: 2023-06\n",
        "timestamp: 2025-11-21T23:30:00-05:00\n",
    ],
    &[
        "tags: [rust, sea]\n",
        "tags: [Rust]\n",
        "tags: [RUST, C++]\n",
        "tags: [C, sea]\n",
        "",
    ],
    &["authors: [Ana Reis]\n", "", "authors: [ana reis, Bo Li]\n"],
    &["", "topics: [Sea]\n", "topics: [sea, Ports]\n"],
    &["", "draft: true\n"],
    &["", "expires: 2026-01-15\n", "expires: 2025-06-01\n"],
    &["", "slug: s$N\n", "slug: quay\n", "url: /at/$N/\n"],
    &[
        "",
        "aliases: [/old/$N/]\n",
        "aliases: [/old/a/, /older/$N/]\n",
    ],
    &[
        "",
        "photo: { src: pier.png, credit: Ana Reis, alt: A pier }\n",
        "photo: { src: pier.png, credit: Bo Li, caption: 'See [it](@/news/b.md)', alt: '' }\n",
        "photo: { src: /photos/sea.png, credit: Ana Reis / Reuters, alt: The sea }\n",
        "photo: { src: pier.png }\n",
    ],
    &["", "section: news/port\n", "section: fresh\n"],
    &[
        "",
        "summary: Short.\n",
        "summary: 'See [it](@/guides/e.md).'\n",
    ],
    &["", "series: Tides\n", "series: Winds\n"],
    &["", "weight: 1\n", "weight: 5\n", "search: false\n"],
    &[
        "",
        "template: near.html\n",
        "template: page.html\n",
        "template: related.html\n",
        "template: series.html\n",
        "template: around.html\n",
        "template: json.html\n",
        "template: ask.html\n",
        "template: today.html\n",
    ],
    &["", "lang: pt\n", "lang: ar\ntranslation_key: sea\n"],
    &[
        "",
        "corrections: [{ date: 2025-12-01, text: 'Not [there](@/news/b.md).' }]\n",
        "corrections: [{ date: 2025-12-02, type: update, text: More. }]\n",
    ],
    &[
        "updated: 2025-12-24\n",
        "",
        "updated: 2025-12-25T10:00:00Z\n",
    ],
    &[
        "extra: { mood: calm }\n",
        "",
        "mood: rough\n",
        "live: true\n",
    ],
    &["---\n"],
    &[
        "The first paragraph.\n\n",
        "Another first paragraph, with `{{ code }}`.\n\n",
        "Before.\n\n<!-- more -->\n\n",
        "",
    ],
    &[
        "",
        "See [b](@/news/b.md).\n\n",
        "See [its end](@/guides/e.md#the-end), or [this](../news/a.md).\n\n",
        "Up to [the section](@/guides/_index.md).\n\n",
    ],
    &[
        "",
        "![A pier](pier.png)\n\n",
        "![The sea](/photos/sea.png \"So *wide*\"){credit=\"Bo Li\"}\n\n",
        "Read [the report](report.pdf) and [that](/about.txt).\n\n",
    ],
    &[
        "",
        "{{< box to=\"@/news/b.md\" >}}\n\n",
        "{{< latest tag=\"sea\" >}}\n\n",
        "{{< shot src=\"pier.png\" >}}\n\n",
    ],
    &[
        "",
        "# The end\n\nText.\n",
        "```rust\nfn main() {}\n```\n",
        "$x^2$, \"quoted\"[^1].\n\n[^1]: A note.\n",
        "## 2025-12-03 16:32 Ferry leaves\n\nNow.\n\n## 17:05 UTC More\n",
    ],
];

const INDEX: &[&[&str]] = &[
    &["---\n", "---\nheadline: Renamed\n"],
    &[
        "summary: All of it.\n",
        "",
        "summary: 'From [here](@/news/a.md).'\n",
    ],
    &[
        "order: newest\n",
        "order: oldest\n",
        "order: weight\n",
        "order: headline\n",
        "ordr: newest\n",
    ],
    &["", "per_page: 1\n"],
    &[
        "",
        "template: section-only.html\n",
        "template: pager-only.html\n",
        "template: ask.html\n",
    ],
    &[
        "",
        "photo: { src: pier.png, credit: Ana Reis, alt: A pier }\n",
    ],
    &["extra: { n: 1 }\n", ""],
    &["---\n"],
    &[
        "",
        "Text of it.\n\n",
        "See [b](@/news/b.md).\n\n",
        "![A pier](pier.png)\n\n",
        "{{< shot src=\"pier.png\" >}}\n\n",
        "{{< latest tag=\"rust\" >}}\n\n",
    ],
];

const TERM: &[&[&str]] = &[
    &["---\n", "---\nheadline: The sea itself\n"],
    &[
        "summary: Water.\n",
        "",
        "summary: 'From [here](@/news/a.md).'\n",
    ],
    &[
        "",
        "photo: { src: /photos/sea.png, credit: Bo Li, alt: The sea }\n",
    ],
    &["", "per_page: 1\n"],
    &["extra: { n: 1 }\n", ""],
    &["---\n"],
    &[
        "",
        "See [b](@/news/b.md).\n\n",
        "![The sea](/photos/sea.png)\n\n",
    ],
];

/// Some are large enough that derivatives are made of them, where the configuration says so.
const PICTURE: &[&[&str]] = &[&[
    "PNG 4 3",
    "PNG 40 30",
    "PNG 40 30 200",
    "PNG 8 8",
    "GIF 4 3",
    "PNG 20 40",
    "JPEG",
    "text",
]];

/// What every template writes last, for a change of the theme alone.
const END: &[&str] = &["", "<!-- end -->\n", "{% include \"part.html\" %}"];

/// Every file of the site.
pub(crate) const FILES: &[File] = &[
    file("content/news/a.md", STORY),
    file("content/news/b.md", STORY),
    file("content/news/c/index.md", STORY),
    file("content/news/port/d.md", STORY),
    file("content/guides/e.md", STORY),
    file("content/guides/f.md", STORY),
    file("content/g.md", STORY),
    file("content/names/2025-03-04-h.md", STORY),
    later("content/news/i.md", STORY),
    later("content/news/port/j.md", STORY),
    later("content/names/k.md", STORY),
    later("content/fresh/l.md", STORY),
    file("content/_index.md", INDEX),
    file("content/news/_index.md", INDEX),
    later("content/news/port/_index.md", INDEX),
    file("content/guides/_index.md", INDEX),
    file("content/names/_index.md", INDEX),
    file("content/tags/sea/_index.md", TERM),
    later("content/tags/rust/_index.md", TERM),
    file("content/topics/sea/_index.md", TERM),
    later(
        "content/topics/_index.md",
        &[&["---\nheadline: Topics!\nsummary: What about.\n---\n"]],
    ),
    file("content/news/pier.png", PICTURE),
    file("content/news/c/pier.png", PICTURE),
    file("content/news/port/pier.png", PICTURE),
    file("content/guides/pier.png", PICTURE),
    file("content/pier.png", PICTURE),
    file("content/names/pier.png", PICTURE),
    later("content/fresh/pier.png", PICTURE),
    later("content/news/report.pdf", &[&["%PDF", "%PDF-2"]]),
    later("content/news/c/report.pdf", &[&["%PDF", "%PDF-2"]]),
    file("static/photos/sea.png", PICTURE),
    file("static/about.txt", &[&["About.", "About it."]]),
    file("static/logo.png", PICTURE),
    later("static/robots.txt", &[&["User-agent: *\n"]]),
    later("static/theme.txt", &[&["The site's own."]]),
    later("static/news/index.html", &[&["in the way"]]),
    later("static/at", &[&["in the way of a folder"]]),
    file(
        "data/authors.yaml",
        &[
            &[
                "Ana Reis: { role: Reporter, bio: 'Writes [this](@/news/a.md).' }\n",
                "Ana Reis: { role: Editor }\n",
                "",
                "Ana Reis: [\n",
            ],
            &[
                "",
                "Bo Li: { photo: { src: /photos/sea.png, credit: Bo Li, alt: Bo }, links: { Site: 'https://bo.example' } }\n",
            ],
        ],
    ),
    file(
        "data/front.yaml",
        &[&["lead: One\n", "lead: Two\n", "lead: [\n"]],
    ),
    file(
        "static/photos/sea.png.yaml",
        &[
            &["alt: The sea\n", "alt: Waves\n", "altt: Waves\n"],
            &[
                "credit: Ana Reis / Reuters\n",
                "credit: BO LI\n",
                "no_credit_reason: None.\n",
                "credit: Ana Reis\nlicence: CC BY 4.0\n",
            ],
            &["", "caption: 'From [b](@/news/b.md).'\n"],
            &[
                "",
                "source_type: trainedAlgorithmicMedia\n",
                "source_type: algorithmicMedia\n",
                "source_type: digitalCapture\n",
            ],
        ],
    ),
    later(
        "content/news/pier.png.yaml",
        &[
            &["credit: Bo Li\n", "credit: Ana Reis\nalt: A pier\n", ""],
            &["", "source_type: compositeSynthetic\n"],
        ],
    ),
    later(
        "data/photos.yaml",
        &[
            &[
                "/photos/sea.png: { credit: Bo Li, caption: The sea }\n",
                "'@/guides/pier.png': { credit: Ana Reis, focus: 0.5 0.5 }\n",
                "/photos/lake.png: { credit: Bo Li }\n",
            ],
            &[
                "",
                "'@/names/pier.png': { alt: A pier, credit: Bo Li / AP }\n",
            ],
        ],
    ),
    later("data/more.json", &[&["{\"a\": 1}", "{\"a\": 2}"]]),
    file(
        "themes/press/theme.yaml",
        &[
            &["name: press\n"],
            &[
                "extra: { colour: red, size: 1 }\n",
                "extra: { colour: blue }\n",
                "",
            ],
            &["", "extends: ground\n", "extends: nowhere\n"],
        ],
    ),
    file(
        "themes/press/assets/site.css",
        &[
            &["@import \"more.css\";\n"],
            &["a { color: red }\n", "a { color: blue }\n", "a { color: \n"],
        ],
    ),
    file(
        "themes/press/assets/more.css",
        &[&["b { color: red }\n", "b { color: blue }\n"]],
    ),
    file(
        "themes/press/assets/look.scss",
        &[&["@use \"tones\";\ni { color: tones.$tone }\n"]],
    ),
    file(
        "themes/press/assets/_tones.scss",
        &[&["$tone: red;\n", "$tone: blue;\n"]],
    ),
    file(
        "themes/press/assets/site.js",
        &[&["console.log(1 + 1);\n", "console.log(2 + 2);\n"]],
    ),
    later("assets/site.css", &[&["u { color: red }\n"]]),
    file(
        "themes/press/static/theme.txt",
        &[&["The theme's.", "The theme's, changed."]],
    ),
    file(
        "themes/press/i18n/en.yaml",
        &[
            &["greeting: Hello\n", "greeting: Good day\n"],
            &[
                "parts: { one: '{n} part', other: '{n} parts' }\n",
                "parts: '{n} of them'\n",
            ],
            &["back_to_text: Back\n", "", "back_to_text: [\n"],
            &["", "origin_ai: Made by a machine\n"],
        ],
    ),
    later(
        "i18n/pt.yaml",
        &[&["greeting: Bom dia\n", "greeting: Olá\n"]],
    ),
    file(
        "themes/press/templates/base.html",
        &[
            &[
                "<!doctype html>\n<html>{{ words.greeting }}{{ words.parts | fill(n=2) }}{% block main %}{% endblock %}</html>\n",
                "<!DOCTYPE html>\n<html>{% block main %}{% endblock %}</html>\n",
                "{% block main %}",
            ],
            END,
        ],
    ),
    file(
        "themes/press/templates/part.html",
        &[&[
            "<p>part</p>\n",
            "<p>another part</p>\n",
            "<p>{{ site.title }}</p>\n",
            "{{ today }}\n",
        ]],
    ),
    file(
        "themes/press/templates/article.html",
        &[
            &["{% extends \"base.html\" %}{% block main %}\n"],
            &[
                "{{ article | json }}\n",
                "<h1>{{ article.headline }}</h1>{{ article.content }}\n",
                "{{ articel.headline }}\n",
            ],
            &["{% endblock %}\n"],
        ],
    ),
    later(
        "templates/article.html",
        &[&[
            "{% extends \"press/article.html\" %}{% block main %}<p>own</p>{{ super() }}{% endblock %}\n",
            "<p>{{ article.headline }}</p>{{ article.content }}\n",
        ]],
    ),
    later(
        "templates/base.html",
        &[&[
            "<html>own {% block main %}{% endblock %}</html>\n",
            "<html>own! {% block main %}{% endblock %}</html>\n",
        ]],
    ),
    later(
        "templates/part.html",
        &[&["<p>own part</p>\n", "<p>own part {{ recent | json }}</p>\n"]],
    ),
    later("templates/tag.html", &[&["<p>a tag</p>{{ term.name }}\n"]]),
    later(
        "templates/topics.html",
        &[&["<p>topics</p>{{ terms | json }}\n"]],
    ),
    later("themes/ground/templates/part.html", &[&["<p>ground</p>\n"]]),
    later(
        "themes/ground/theme.yaml",
        &[&["name: ground\nextra: { colour: green, shape: round }\n"]],
    ),
    file(
        "themes/press/templates/near.html",
        &[&["{{ newer | json }}{{ older | json }}\n"], END],
    ),
    file(
        "themes/press/templates/page.html",
        &[&["{{ page | json }}\n"]],
    ),
    file(
        "themes/press/templates/related.html",
        &[&["{{ related | json }}\n"]],
    ),
    file(
        "themes/press/templates/series.html",
        &[&["{{ series | json }}\n"]],
    ),
    file(
        "themes/press/templates/around.html",
        &[&["{{ section | json }}\n", "{{ breadcrumbs | json }}\n"]],
    ),
    file(
        "themes/press/templates/json.html",
        &[&["{{ structured_data }}\n"]],
    ),
    file(
        "themes/press/templates/today.html",
        &[&["{{ today }}\n", "{{ today | date(length=\"long\") }}\n"]],
    ),
    file(
        "themes/press/templates/ask.html",
        &[
            &[
                "{{ get_article(path=\"@/news/b.md\") | json }}\n",
                "{{ get_articles(section=\"news\", limit=2) | json }}\n",
                "{{ get_articles(tag=\"sea\") | json }}\n",
                "{{ get_articles(series=\"Tides\", undated=true) | json }}\n",
            ],
            &[
                "{{ get_section(path=\"guides\") | json }}\n",
                "{{ get_terms(taxonomy=\"tags\", limit=2) | json }}\n",
                "{{ load_data(path=\"front.yaml\") | json }}\n",
                "{{ load_data(path=\"data/more.json\") | json }}\n",
            ],
            &[
                "{{ url_for(path=\"@/news/b.md\") }}\n",
                "{{ asset(path=\"site.css\") | json }}\n",
                "{{ asset(path=\"look.scss\") | json }}\n",
                "{{ picture(src=\"/photos/sea.png\", caption=\"[b](@/news/b.md)\") | json }}\n",
                "{{ image(src=\"/photos/sea.png\", ratio=\"1:1\", width=10, format=\"webp\") | json }}\n",
                "{{ image(src=\"content/pier.png\", op=\"fill\", width=4, height=2, focus=\"0.1 0.9\") | json }}\n",
            ],
        ],
    ),
    file(
        "themes/press/templates/home.html",
        &[
            &[
                "{{ articles | json }}\n",
                "{{ dates | json }}\n",
                "{{ recent | json }}\n",
                "{{ sections | json }}{{ tags | json }}\n",
                "{{ site | json }}\n",
                "{{ section | json }}\n",
            ],
            END,
        ],
    ),
    file(
        "themes/press/templates/list.html",
        &[
            &["{{ pager | json }}\n", "{{ page | json }}\n"],
            &[
                "{{ articles | json }}\n",
                "{% for article in articles %}{{ article.headline }}{% endfor %}\n",
            ],
        ],
    ),
    file(
        "themes/press/templates/section.html",
        &[
            &["{{ section | json }}\n"],
            &[
                "{{ section.content }}\n",
                "{{ articles | json }}\n",
                "{{ breadcrumbs | json }}\n",
            ],
        ],
    ),
    file(
        "themes/press/templates/section-only.html",
        &[&["{{ section | json }}\n"]],
    ),
    file(
        "themes/press/templates/pager-only.html",
        &[&["{{ pager | json }}\n"]],
    ),
    file(
        "themes/press/templates/term.html",
        &[&[
            "{{ term | json }}\n",
            "{{ taxonomy | json }}\n",
            "{{ structured_data }}\n",
        ]],
    ),
    file(
        "themes/press/templates/credit.html",
        &[&[
            "{{ photos | json }}\n",
            "{{ term | json }}{{ articles | json }}\n",
            "{{ page | json }}{{ structured_data }}\n",
        ]],
    ),
    later(
        "themes/press/templates/credits.html",
        &[&["{{ terms | json }}\n"]],
    ),
    file(
        "themes/press/templates/terms.html",
        &[&[
            "{{ terms | json }}\n",
            "{{ taxonomy | json }}\n",
            "{{ page | json }}\n",
        ]],
    ),
    file(
        "themes/press/templates/archive.html",
        &[&["{{ dates | json }}\n", "{{ page | json }}\n"]],
    ),
    file(
        "themes/press/templates/search.html",
        &[&["{{ search | json }}\n", "{{ page | json }}\n"]],
    ),
    later(
        "themes/press/templates/day.html",
        &[&["{{ articles | json }}\n"]],
    ),
    file(
        "themes/press/templates/404.html",
        &[&["{{ site | json }}\n", "{{ page | json }}\n"]],
    ),
    later(
        "themes/press/templates/redirect.html",
        &[&["{{ page.redirect }}\n", "{{ page | json }}\n"]],
    ),
    file(
        "themes/press/templates/shortcodes/box.html",
        &[&[
            "{% component box(to: string) %}{% set one = get_article(path=to) %}<b>{{ one.headline }}</b>{% endcomponent box %}\n",
            "{% component box(to: string) %}<i>{{ url_for(path=to) }}</i>{% endcomponent box %}\n",
            "{% component box(to: string) %}{% include \"part.html\" %}{% endcomponent box %}\n",
        ]],
    ),
    file(
        "themes/press/templates/shortcodes/latest.html",
        &[&[
            "{% component latest(tag: string) %}{% for one in get_articles(tag=tag, limit=2) %}{{ one.headline }}{% endfor %}{% endcomponent latest %}\n",
        ]],
    ),
    file(
        "themes/press/templates/shortcodes/shot.html",
        &[&[
            "{% component shot(src: string) %}{% set one = picture(src=src) %}{{ one.width }}{% endcomponent shot %}\n",
            "{% component shot(src: string, wide: bool = true) %}{% set one = picture(src=src) %}{{ one.url }}{% endcomponent shot %}\n",
        ]],
    ),
    file(
        "dateline.yaml",
        &[
            &[
                "theme: press\nlint: { missing_alt: off, uncredited_photo: warn }\n",
                "theme: press\nlint: { missing_alt: warn, uncredited_photo: error }\n",
            ],
            &["title: The Gazette\n", "title: The Other Gazette\n"],
            &["base_url: https://gazette.example\n"],
            &["description: News.\n", ""],
            &[
                "per_page: 2\n",
                "per_page: 1\n",
                "per_page: 50\n",
                "per_pgae: 2\n",
            ],
            &[
                "",
                "permalink: /:section/:slug/\n",
                "permalink: /:year/:month/:day/:slug/\n",
            ],
            &["", "permalinks: { guides: '/g/:slug.html' }\n"],
            &[
                "menu: [{ name: B, url: '@/news/b.md' }]\n",
                "menu: { Home: / }\n",
                "",
            ],
            &[
                "taxonomies: [tags, authors, topics]\n",
                "taxonomies: [tags, topics]\n",
                "taxonomies: [authors, { key: tags, singular: label, feeds: false }, topics]\n",
            ],
            &["", "minify_html: true\n"],
            &["", "language: pt\n", "language: ar\n"],
            &["related: 2\n", "related: 0\n", "related: 5\n"],
            &["", "date_pages: false\n"],
            &["", "feeds: { limit: 2 }\n"],
            &["time_zone: Europe/Lisbon\n", "time_zone: Asia/Tokyo\n"],
            &["", "slugs: ascii\n"],
            &[
                "publisher: { name: The Press, logo: /logo.png }\n",
                "publisher: The Press\n",
                "",
            ],
            &["", "image: { src: /photos/sea.png, alt: The sea }\n"],
            &["extra: { colour: black }\n", "extra: { size: 3 }\n", ""],
            &[
                "",
                "markdown: { smart_punctuation: false, highlight: false }\n",
                "markdown: { raw_html: escape, math: false }\n",
                "markdown: { words_per_minute: 50 }\n",
            ],
            &[
                "",
                "limits: { picture_pixels: 30 }\n",
                "limits: { page_bytes: 900 }\n",
                "limits: { template_steps: 1 }\n",
                "limits: { article_bytes: 400 }\n",
            ],
            &["", "ignore: ['f.md']\n"],
            &[
                "",
                "credits: { pages: false }\n",
                "credits: { own: [Reuters, The Gazette] }\n",
            ],
            // The folder `guides` could be that of a language: the tag is well-formed.
            &["", "languages: [guides]\n"],
            &[
                "images: { widths: [16, 32] }\n",
                "images: { widths: [16], formats: [original], strip: all }\n",
                "images: { widths: [] }\n",
                "images: { widths: [32], quality: { webp: 20 }, sizes: 100vw }\n",
                "",
            ],
            &[
                "",
                "search: true\n",
                "search: { part: 2 }\n",
                "search: { part: 1, filters: [credit, tag] }\n",
            ],
        ],
    ),
];

/// Something that happens to a site.
#[derive(Debug, Clone)]
pub(crate) enum Edit {
    /// A part of a file is written in another way.
    Write {
        file: usize,
        part: usize,
        way: usize,
    },
    /// A part of an article is.
    Story {
        story: usize,
        part: usize,
        way: usize,
    },
    /// A part of dateline.yaml is.
    Configure { part: usize, way: usize },
    /// A file appears, or is deleted.
    Toggle { file: usize },
    /// An article is put where there is none, and another is deleted.
    Move { from: usize, to: usize },
    /// A file is written again as it was.
    Touch { file: usize },
    /// A part of an article is written in another way while the machine's clock is wrong: the file's
    /// time is the one that it had, or one long ago or to come.
    Misdate {
        story: usize,
        part: usize,
        way: usize,
        time: u8,
    },
    /// After an edit, a build is killed that has run for so many milliseconds.
    Killed { edit: Box<Edit>, after: u64 },
    /// The clock is at another day.
    Clock { days: i64 },
    /// Drafts, future and expired articles are shown or not.
    Flags { bits: u8 },
    /// A file of the output is deleted.
    Delete { page: usize },
    /// A file of the output gets longer.
    Lengthen { page: usize },
    /// Someone puts a file into the output.
    Foreign { name: usize },
    /// The state is deleted.
    Forget,
    /// A bit of a file of the state turns, or its end is lost, or it is another version's.
    Damage { at: usize, how: u8 },
    /// The output is deleted.
    DeleteAll,
}

/// Returns any edit.
pub(crate) fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        60 => of_one_step(),
        3 => (of_one_step(), 0u64..400).prop_map(|(edit, after)| Edit::Killed { edit: Box::new(edit), after }),
    ]
}

fn of_one_step() -> impl Strategy<Value = Edit> {
    prop_oneof![
        8 => (any::<usize>(), any::<usize>(), any::<usize>()).prop_map(|(file, part, way)| Edit::Write { file, part, way }),
        12 => (any::<usize>(), any::<usize>(), any::<usize>()).prop_map(|(story, part, way)| Edit::Story { story, part, way }),
        4 => (any::<usize>(), any::<usize>()).prop_map(|(part, way)| Edit::Configure { part, way }),
        7 => any::<usize>().prop_map(|file| Edit::Toggle { file }),
        2 => (any::<usize>(), any::<usize>()).prop_map(|(from, to)| Edit::Move { from, to }),
        1 => any::<usize>().prop_map(|file| Edit::Touch { file }),
        2 => (any::<usize>(), any::<usize>(), any::<usize>(), 0u8..3).prop_map(|(story, part, way, time)| Edit::Misdate { story, part, way, time }),
        3 => (-60i64..60).prop_map(|days| Edit::Clock { days }),
        2 => (0u8..8).prop_map(|bits| Edit::Flags { bits }),
        1 => any::<usize>().prop_map(|page| Edit::Delete { page }),
        1 => any::<usize>().prop_map(|page| Edit::Lengthen { page }),
        1 => (0usize..4).prop_map(|name| Edit::Foreign { name }),
        1 => Just(Edit::Forget),
        2 => (any::<usize>(), 0u8..6).prop_map(|(at, how)| Edit::Damage { at, how }),
        1 => Just(Edit::DeleteAll),
    ]
}

/// How each file is written: whether it is there, and the way of each part.
#[derive(Clone, PartialEq)]
pub(crate) struct State {
    files: Vec<(bool, Vec<usize>)>,
    now: i64,
    flags: u8,
}

/// A site with its state.
pub(crate) struct World {
    pub(crate) site: Site,
    /// Files of the output that dateline did not write.
    pub(crate) foreign: BTreeSet<String>,
    state: State,
}

fn is_story(file: &File) -> bool {
    file.path.ends_with(".md") && !is_index(file)
}

fn is_index(file: &File) -> bool {
    file.path.ends_with("_index.md")
}

impl World {
    /// Makes the site as it is at first: a few features in each article.
    pub(crate) fn new() -> Self {
        let mut files: Vec<(bool, Vec<usize>)> = FILES
            .iter()
            .map(|file| (file.is_there, vec![0; file.parts.len()]))
            .collect();
        for (at, file) in FILES.iter().enumerate().filter(|(_, file)| is_story(file)) {
            for (part, ways) in STORY.iter().enumerate() {
                // Another few features in each; no article is broken, hidden or in another's place.
                let is_quiet = matches!(part, 0 | 1 | 5 | 6 | 7 | 8 | 10);
                let way = (at * 7 + part * 5) % (ways.len() * 2);
                files[at].1[part] = if is_quiet || way >= ways.len() {
                    0
                } else {
                    way
                };
            }
            files[at].1[0] = at % 4;
            files[at].1[7] = usize::from(at % 3 == 1);
            files[at].1[8] = at % 2;
            // What leads nowhere at first: a report, a heading.
            files[at].1[21] = at % 2;
            if file.path.contains("/names/") {
                files[at].1[1] = 2;
            }
        }
        for (at, file) in FILES
            .iter()
            .enumerate()
            .filter(|(_, file)| is_index(file) && file.parts.len() == INDEX.len())
        {
            files[at].1[2] = match file.path {
                "content/guides/_index.md" => 2,
                "content/names/_index.md" => 3,
                "content/news/port/_index.md" => 1,
                _ => 0,
            };
        }
        let mut site = Site::in_memory();
        site.now = NOW;
        let world = Self {
            site,
            foreign: BTreeSet::new(),
            state: State {
                files,
                now: NOW,
                flags: 0,
            },
        };
        for at in 0..FILES.len() {
            world.write(at);
        }
        world
    }

    /// Makes a site of the given ways: a file's path, a part's number, a way's.
    pub(crate) fn with(ways: &[(&str, usize, usize)]) -> Self {
        let mut world = Self::new();
        for (path, part, way) in ways {
            world.set(path, *part, *way);
        }
        world
    }

    /// Writes a part of a file in another way, and the file if it is not there.
    pub(crate) fn set(&mut self, path: &str, part: usize, way: usize) {
        let at = place(path);
        assert!(way < FILES[at].parts[part].len(), "{path} has no such way");
        self.state.files[at].0 = true;
        self.state.files[at].1[part] = way;
        self.write(at);
    }

    /// Makes a file, or deletes it.
    pub(crate) fn toggle(&mut self, path: &str) {
        let at = place(path);
        self.state.files[at].0 ^= true;
        self.write(at);
    }

    pub(crate) fn clone_state(&self) -> State {
        self.state.clone()
    }

    /// Writes every file as it was.
    pub(crate) fn restore(&mut self, state: State) {
        let changed: Vec<usize> = (0..FILES.len())
            .filter(|at| self.state.files[*at] != state.files[*at])
            .collect();
        self.state = state;
        for at in changed {
            self.write(at);
        }
        self.set_options();
    }

    /// Does an edit; says it.
    pub(crate) fn apply(&mut self, edit: &Edit) -> String {
        let stories: Vec<usize> = (0..FILES.len())
            .filter(|at| is_story(&FILES[*at]))
            .collect();
        match *edit {
            Edit::Write { file, part, way } => {
                let there: Vec<usize> = (0..FILES.len())
                    .filter(|at| self.state.files[*at].0 && !is_story(&FILES[*at]))
                    .collect();
                self.rewrite(there[file % there.len()], part, way)
            }
            Edit::Story { story, part, way } => {
                let there: Vec<usize> = stories
                    .into_iter()
                    .filter(|at| self.state.files[*at].0)
                    .collect();
                match there.is_empty() {
                    true => "nothing".to_owned(),
                    false => self.rewrite(there[story % there.len()], part, way),
                }
            }
            Edit::Configure { part, way } => self.rewrite(FILES.len() - 1, part, way),
            Edit::Toggle { file } => {
                let at = file % (FILES.len() - 1);
                self.state.files[at].0 ^= true;
                self.write(at);
                let what = if self.state.files[at].0 {
                    "make"
                } else {
                    "delete"
                };
                format!("{what} {}", FILES[at].path)
            }
            Edit::Move { from, to } => {
                let (from, to) = (stories[from % stories.len()], stories[to % stories.len()]);
                self.state.files.swap(from, to);
                self.write(from);
                self.write(to);
                format!("swap {} and {}", FILES[from].path, FILES[to].path)
            }
            Edit::Touch { file } => {
                let at = file % FILES.len();
                self.write(at);
                format!("touch {}", FILES[at].path)
            }
            Edit::Misdate {
                story,
                part,
                way,
                time,
            } => {
                let there: Vec<usize> = stories
                    .into_iter()
                    .filter(|at| self.state.files[*at].0)
                    .collect();
                if there.is_empty() {
                    return "nothing".to_owned();
                }
                let at = there[story % there.len()];
                let path = self.site.path(FILES[at].path);
                let before = fs::metadata(&path).and_then(|metadata| metadata.modified());
                let said = self.rewrite(at, part, way);
                let day = Duration::from_secs(86_400);
                let time = match time {
                    0 => before.unwrap(),
                    1 => SystemTime::now() - day,
                    _ => SystemTime::now() + day,
                };
                let file = fs::File::options().write(true).open(&path).unwrap();
                file.set_modified(time).unwrap();
                format!("{said}, at another time")
            }
            Edit::Killed { ref edit, after } => {
                let said = self.apply(edit);
                self.kill_a_build(Duration::from_millis(after));
                format!("{said}; a build is killed after {after} ms")
            }
            Edit::Clock { days } => {
                self.state.now = NOW + days * 86_400;
                self.set_options();
                format!("now is {} days later than at first", days)
            }
            Edit::Flags { bits } => {
                self.state.flags = bits;
                self.set_options();
                format!("show drafts, future, expired: {bits:03b}")
            }
            Edit::Delete { page } => match self.output_file(page) {
                Some(path) => {
                    fs::remove_file(self.site.path("public").join(&path)).unwrap();
                    format!("delete public/{path}")
                }
                None => "nothing".to_owned(),
            },
            Edit::Lengthen { page } => match self.output_file(page) {
                Some(path) => {
                    let file = self.site.path("public").join(&path);
                    let mut bytes = fs::read(&file).unwrap();
                    bytes.push(b'!');
                    fs::remove_file(&file).unwrap();
                    fs::write(file, bytes).unwrap();
                    format!("lengthen public/{path}")
                }
                None => "nothing".to_owned(),
            },
            Edit::Foreign { name } => {
                let name = [
                    "keep.txt",
                    "foreign/keep.txt",
                    "news/keep.txt",
                    "assets/keep.txt",
                ][name];
                if self.site.path("public/.dateline").exists() {
                    self.site.put(&format!("public/{name}"), "not ours");
                    self.foreign.insert(name.to_owned());
                }
                format!("put {name} into the output")
            }
            Edit::Forget => {
                let _ = fs::remove_dir_all(self.site.path(".dateline"));
                "delete .dateline".to_owned()
            }
            Edit::Damage { at, how } => {
                let ending = ["manifest", "cache"][usize::from(how % 2)];
                for entry in fs::read_dir(self.site.path(".dateline"))
                    .into_iter()
                    .flatten()
                    .flatten()
                    .filter(|entry| entry.path().extension().is_some_and(|name| name == ending))
                {
                    let mut bytes = fs::read(entry.path()).unwrap();
                    let at = at % bytes.len();
                    match how / 2 {
                        0 => bytes[at] ^= 1 << (at % 8),
                        1 => bytes.truncate(at),
                        _ => bytes[at % 40] = b'9',
                    }
                    fs::write(entry.path(), bytes).unwrap();
                }
                format!("damage the {ending} ({at}, {how})")
            }
            Edit::DeleteAll => {
                let _ = fs::remove_dir_all(self.site.path("public"));
                self.foreign.clear();
                "delete public".to_owned()
            }
        }
    }

    fn rewrite(&mut self, at: usize, part: usize, way: usize) -> String {
        let file = &FILES[at];
        let parts: Vec<usize> = (0..file.parts.len())
            .filter(|part| file.parts[*part].len() > 1)
            .collect();
        if parts.is_empty() {
            return "nothing".to_owned();
        }
        let part = parts[part % parts.len()];
        let ways = file.parts[part];
        let way = (self.state.files[at].1[part] + 1 + way % (ways.len() - 1)) % ways.len();
        let old = ways[self.state.files[at].1[part]];
        self.state.files[at].1[part] = way;
        self.write(at);
        format!(
            "in {} (part {part}), {old:?} becomes {:?}",
            file.path, ways[way]
        )
    }

    /// Builds with the binary, and kills it after a while if it still runs.
    fn kill_a_build(&self, after: Duration) {
        let flags = [
            (self.site.drafts, "--drafts"),
            (self.site.future, "--future"),
            (self.site.expired, "--expired"),
        ];
        let flags = flags.into_iter().filter(|(is_set, _)| *is_set);
        let mut build = self
            .site
            .command(&["build"])
            .args(flags.map(|(_, flag)| flag))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(after);
        let _ = build.kill();
        build.wait().unwrap();
    }

    /// Returns a file of the output that dateline wrote.
    fn output_file(&self, number: usize) -> Option<String> {
        let files: Vec<String> = self
            .site
            .output()
            .into_keys()
            .filter(|path| path != ".dateline" && !self.foreign.contains(path))
            .collect();
        (!files.is_empty()).then(|| files[number % files.len()].clone())
    }

    fn set_options(&mut self) {
        self.site.now = self.state.now;
        self.site.drafts = self.state.flags & 1 != 0;
        self.site.future = self.state.flags & 2 != 0;
        self.site.expired = self.state.flags & 4 != 0;
    }

    fn write(&self, at: usize) {
        let (is_there, ways) = &self.state.files[at];
        let file = &FILES[at];
        if !is_there {
            let _ = fs::remove_file(self.site.path(file.path));
            return;
        }
        let parts = file.parts.iter().zip(ways).map(|(ways, way)| ways[*way]);
        let text = parts
            .collect::<String>()
            .replace("$N", &(at % 10).to_string());
        self.site.put(file.path, bytes(&text));
    }
}

fn place(path: &str) -> usize {
    FILES
        .iter()
        .position(|file| file.path == path)
        .unwrap_or_else(|| panic!("there is no {path}"))
}

/// Returns the bytes of a file; pictures are told in words.
fn bytes(text: &str) -> Vec<u8> {
    let mut words = text.split(' ');
    let mut number = || {
        words
            .next()
            .and_then(|word| word.parse::<u32>().ok())
            .unwrap_or_default()
    };
    if text.starts_with("PNG ") {
        number();
        let (width, height, grey) = (number(), number(), number());
        return grey_png(width, height, grey as u8);
    }
    if text.starts_with("GIF ") {
        number();
        let (width, height) = (number() as u16, number() as u16);
        return [
            b"GIF89a".as_slice(),
            &width.to_le_bytes(),
            &height.to_le_bytes(),
            &[0, 0, 0, b';'],
        ]
        .concat();
    }
    if text == "JPEG" {
        return include_bytes!("../../data/photos/espresso.jpg").to_vec();
    }
    text.as_bytes().to_vec()
}

/// Returns a PNG of one grey.
pub(crate) fn grey_png(width: u32, height: u32, grey: u8) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |name: &[u8], data: &[u8]| {
        out.extend((data.len() as u32).to_be_bytes());
        let start = out.len();
        out.extend(name);
        out.extend(data);
        let mut crc = u32::MAX;
        for byte in &out[start..] {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = if crc & 1 == 1 {
                    crc >> 1 ^ 0xEDB8_8320
                } else {
                    crc >> 1
                };
            }
        }
        out.extend((!crc).to_be_bytes());
    };
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([8, 0, 0, 0, 0]);
    chunk(b"IHDR", &header);
    // One stored block of zlib: each row is a filter of zero and its grey pixels.
    let row = [vec![0], vec![grey; width as usize]].concat();
    let rows = row.repeat(height as usize);
    let length = rows.len() as u16;
    let mut data = vec![0x78, 0x01, 0x01];
    data.extend(length.to_le_bytes());
    data.extend((!length).to_le_bytes());
    data.extend(&rows);
    let (mut a, mut b) = (1u32, 0u32);
    for byte in &rows {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    data.extend((b << 16 | a).to_be_bytes());
    chunk(b"IDAT", &data);
    chunk(b"IEND", &[]);
    out
}
