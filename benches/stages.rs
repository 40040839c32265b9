//! What the steps of a build cost for one article, one page or one manifest.
//!
//!     cargo bench --bench stages
#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark writes the site that it measures"
)]

mod corpus;

use corpus::Corpus;
use dateline::archive::{Archive, ArticleId, Visibility};
use dateline::base::fingerprint::Fingerprint;
use dateline::base::route::{Route, RouteRules};
use dateline::base::slug::{SlugStyle, slug};
use dateline::base::timestamp::{DateOrder, Timestamp, Zone};
use dateline::disk::cache::Cache;
use dateline::plan::manifest::{Entry, Manifest};
use dateline::plan::page::{PageKind, Subject};
use dateline::plan::parts::Parts;
use dateline::plan::{self, Plan};
use dateline::render::{Renderer, Text};
use dateline::session::{self, Options, Quiet, Stages};
use dateline::source::config::Config;
use dateline::source::front_matter::{self, Settings};
use dateline::source::markdown::{self, Call, Declaration, PictureSource, Resolver, Shortcodes};
use dateline::theme::cards::Cards;
use dateline::theme::kind::Kind;
use dateline::theme::theme::Theme;
use dateline::theme::value;
use divan::{Bencher, black_box};
use std::fs;
use std::sync::{Arc, OnceLock};

/// How many articles the site has whose pages are rendered here.
const ARTICLES: u64 = 200;

fn main() {
    divan::main();
}

/// Returns an article of about 4 KB, with where its body begins.
fn article() -> (String, usize) {
    let corpus = Corpus { articles: ARTICLES };
    let text = (0..ARTICLES)
        .map(|at| corpus.article(at))
        .min_by_key(|text| text.len().abs_diff(4096))
        .expect("the corpus has articles");
    let body = front_matter::split("a.md", &text)
        .expect("the corpus is well formed")
        .body;
    (text, body.start)
}

/// No shortcodes, and addresses as they are.
struct Plain;

impl Shortcodes for Plain {
    fn declared(&self, _: &str) -> Option<&Declaration> {
        None
    }

    fn names(&self) -> Vec<&str> {
        Vec::new()
    }
}

impl Resolver for Plain {
    fn link(&self, target: &str) -> Option<String> {
        Some(target.to_owned())
    }

    fn picture(&self, src: &str) -> PictureSource {
        PictureSource {
            url: src.to_owned(),
            ..PictureSource::default()
        }
    }

    fn shortcode(&self, _: &Call, _: Option<&str>) -> Result<String, String> {
        Err("there is none".to_owned())
    }
}

#[divan::bench]
fn outline_of_4_kb(bencher: Bencher<'_, '_>) {
    let (text, body) = article();
    let config = Config::default();
    bencher.bench(|| {
        markdown::outline(
            black_box(&text[body..]),
            body,
            None,
            &config.markdown,
            &Plain,
        )
    });
}

#[divan::bench]
fn html_of_4_kb(bencher: Bencher<'_, '_>) {
    let (text, body) = article();
    let config = Config::default();
    bencher.bench(|| {
        let mut html = String::with_capacity(8192);
        markdown::html(
            black_box(&text[body..]),
            body,
            &config.markdown,
            &Plain,
            &Plain,
            &mut html,
        );
        html
    });
}

#[divan::bench]
fn front_matter_of_six_keys(bencher: Bencher<'_, '_>) {
    let (text, body) = article();
    let config = Config::default();
    let settings = Settings::of(&config);
    bencher
        .bench(|| front_matter::parse("content/a.md", black_box(&text[..body]), None, &settings));
}

#[divan::bench(args = ["2024-11-21T16:32:00Z", "2024-11-21 16:32", "November 21, 2024 4:32 pm", "21/11/2024"])]
fn timestamp(bencher: Bencher<'_, '_>, text: &str) {
    let time_zone = jiff::tz::TimeZone::get("Europe/Lisbon").expect("the zone is built in");
    let zone = Zone {
        time_zone: &time_zone,
        date_order: Some(DateOrder::Dmy),
    };
    bencher.bench(|| Timestamp::parse(black_box(text), &zone));
}

#[divan::bench(args = ["Harbour reopens after the storm", "Zürich öffnet den Hafen"])]
fn slug_of_a_headline(text: &str) -> Option<String> {
    slug(black_box(text), SlugStyle::Unicode)
}

#[divan::bench]
fn route_of_four_segments() -> Route {
    let segments = ["local", "2024", "11", "harbour-reopens"];
    Route::page(black_box(&segments), &RouteRules { dot_names: &[] })
        .expect("the segments are plain")
}

/// A site that was read, arranged and planned.
struct Site {
    folder: tempfile::TempDir,
    archive: Arc<Archive>,
    theme: Theme,
    plan: Plan,
}

impl Site {
    fn shared() -> &'static Self {
        static SITE: OnceLock<Site> = OnceLock::new();
        SITE.get_or_init(|| {
            let folder = tempfile::tempdir().expect("there is a folder for temporary files");
            let root = folder
                .path()
                .canonicalize()
                .expect("the folder was just made");
            let corpus = Corpus { articles: ARTICLES };
            for at in 0..ARTICLES {
                let path = root.join(corpus.path(at));
                fs::create_dir_all(path.parent().expect("articles lie in folders"))
                    .expect("the folder is ours");
                fs::write(path, corpus.article(at)).expect("the folder is ours");
            }
            let options = Options {
                config: root.join("dateline.yaml"),
                output: root.join("public"),
                root: root.clone(),
                base_url: None,
                visibility: Visibility {
                    drafts: false,
                    future: false,
                    expired: false,
                    now: 1_767_225_600,
                },
                strict: false,
                no_cache: true,
            };
            let config = Config {
                title: "The Gazette".to_owned(),
                ..Config::default()
            };
            let loaded = session::load(
                &root,
                config,
                &options,
                &Manifest::default(),
                &mut Cache::default(),
                &Quiet,
                &mut Stages::default(),
            )
            .expect("the corpus has no errors");
            let theme = loaded.theme.expect("the default theme has no errors");
            let (plan, _) = plan::plan(&loaded.archive, &theme);
            Self {
                folder,
                archive: loaded.archive,
                theme,
                plan,
            }
        })
    }

    fn render_first(&self, bencher: Bencher<'_, '_>, kind: Kind) {
        let renderer = Renderer::new(&self.archive, &self.theme, &self.plan);
        let page = self
            .plan
            .pages
            .iter()
            .find(|page| page.subject.kind() == PageKind::Template(kind))
            .expect("the site has pages of every kind");
        let sources = renderer.sources(page).into_iter();
        let texts: Vec<String> = sources
            .map(|source| {
                let file = self.folder.path().join(source.path);
                fs::read_to_string(file).expect("the article was just written")
            })
            .collect();
        let texts = || texts.iter().cloned().map(Text::Markdown).collect();
        bencher.with_inputs(texts).bench_values(|texts| {
            renderer
                .render(page, texts)
                .expect("the page has no errors")
        });
    }
}

#[divan::bench]
fn card(bencher: Bencher<'_, '_>) {
    let site = Site::shared();
    let cards = Cards::new(&site.archive);
    bencher.bench(|| value::card(&site.archive, &cards, black_box(ArticleId(100))));
}

#[divan::bench]
fn article_page_of_broadsheet(bencher: Bencher<'_, '_>) {
    Site::shared().render_first(bencher, Kind::Article);
}

#[divan::bench]
fn list_page_of_broadsheet(bencher: Bencher<'_, '_>) {
    Site::shared().render_first(bencher, Kind::Section);
}

#[divan::bench]
fn plan_of_200_articles(bencher: Bencher<'_, '_>) {
    let site = Site::shared();
    bencher.bench(|| plan::plan(&site.archive, &site.theme));
}

fn manifest() -> Manifest {
    let entry = |at: u64| {
        let path = format!("local/2024/11/harbour-reopens-{at}/index.html");
        Entry {
            kind: Subject::Article(ArticleId(0)).kind(),
            page: Fingerprint::of_bytes(path.as_bytes()),
            bytes: Fingerprint::of_bytes(&at.to_le_bytes()),
            path,
            size: 5000 + at,
            queries: vec![0, 1, 2],
            valid_until: None,
            parts: Parts::default(),
        }
    };
    Manifest {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        files: (0..10_000).map(entry).collect(),
        ..Manifest::default()
    }
}

fn encoded(manifest: &Manifest) -> Vec<u8> {
    let mut bytes = Vec::new();
    manifest.encode(&mut bytes).expect("memory takes all bytes");
    bytes
}

#[divan::bench]
fn manifest_of_10_000_encoded(bencher: Bencher<'_, '_>) {
    let manifest = manifest();
    bencher.bench(|| encoded(&manifest));
}

#[divan::bench]
fn manifest_of_10_000_decoded(bencher: Bencher<'_, '_>) {
    let bytes = encoded(&manifest());
    bencher.bench(|| Manifest::decode(black_box(&bytes)));
}
