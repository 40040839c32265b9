//! dateline: a static site generator for people who publish articles.
//!
//! This page is the map of the crate. It says what the parts are, in the order in which data passes
//! them, and what always holds.
//!
//! # The one idea
//!
//! A site is a [`Plan`](plan::Plan): the complete list of its [`Page`](plan::page::Page)s, each with
//! a route, a subject and the [`Fingerprint`](base::fingerprint::Fingerprint) of everything that it
//! can see. Making the plan is pure and cheap; rendering a page is pure and needs no other page. So
//! nothing has to know *why* a page changed: a build renders the pages whose fingerprints differ from
//! those of the last build's [`Manifest`](plan::manifest::Manifest), writes those whose bytes differ,
//! and removes those that vanished. There is no graph of dependencies, so there is none to get wrong.
//!
//! What a page can see has two sources, and both are known:
//!
//! - **Templates declare what they read.** The engine lists the variables of each template through
//!   everything that it extends and includes; [`Theme`](theme::theme::Theme) adds those that
//!   components take without being given. The names come from a closed vocabulary,
//!   [`VARIABLES`](theme::variable::VARIABLES). For each, [`View`](plan::view::View) knows a
//!   fingerprint, for the plan, and a value, for rendering; a page is given the variables that its
//!   template names and no others. A hole in the analysis is an error on the page, never a stale one.
//! - **Functions are observed queries.** Each call of one of the
//!   [`FUNCTIONS`](theme::functions::FUNCTIONS) is written down as an
//!   [`Observation`](theme::scope::Observation), with its arguments and the fingerprint of its answer.
//!   The next build [asks again](render::answers) before it may leave the page as it is.
//!
//! Filters and tests are pure in their arguments. Nothing reads the clock: the moment of a build is
//! part of its [`Visibility`](archive::Visibility), and the variable `today` is made of it.
//!
//! # The pipeline
//!
//! [`session::build`] is all of it on one screen: list, read, parse, arrange, plan, render, write.
//!
//! 1. [`disk::input`] lists the site's folders and reads their files; [`disk::theme_files`] reads the
//!    layers of the theme. Where all of it is as the last build saw it, and no moment has passed at
//!    which an article comes or goes, the build ends here, by what the file system says of the files:
//!    [`Manifest::still`](plan::manifest::Manifest::still). Where that is another, as in every fresh
//!    checkout, and what is read of them is the same, it ends after the next step.
//! 2. [`source`] turns the text of one file into one value, on every core: a
//!    [`Parser`](source::article::Parser) makes an [`Article`](source::article::Article) of it, with
//!    its front matter and the [`Outline`](source::markdown::Outline) of its body. The text is dropped:
//!    memory holds what is known of articles, not their bodies, and what only pages show of them lies
//!    [aside](base::aside), in the cache's file. Of a body lies the
//!    [draft](source::markdown::outline_and_draft) of its HTML on the disk, among the
//!    [`Bodies`](disk::bodies::Bodies), until its page is rendered; where there can be none, the text is
//!    read again. What an earlier build made of the same bytes comes from the
//!    [`Cache`](disk::cache::Cache).
//! 3. [`archive::arrange`] puts the articles in order and groups them in every way that pages need.
//!    The [`Archive`](archive::Archive) is everything that crosses files: links, sections, terms,
//!    addresses. Articles are known by their place in it, a 32-bit number. Where the rest of the site, but
//!    for its templates, is as the last build found it and each of its articles stands where it stood, what
//!    an article shows of those that it links to is known ([`Prints`](archive::Prints)).
//! 4. [`plan::plan()`] lists the pages, refuses two in one place, and fingerprints each. Where all is as
//!    the last build arranged it, but for words of some articles, the manifest's
//!    [`Arranged`](plan::manifest::Arranged) has the fingerprints of the other articles, and of all pages
//!    that show no article's words but their own. That is no list of what depends on what: one fingerprint
//!    holds all that was arranged, and a build with debug assertions, such as those of the tests, makes
//!    every fingerprint anew and compares.
//! 5. [`Renderer::render`](render::Renderer::render) makes the bytes of one page from the archive, the
//!    theme and the text of its source.
//!    The pictures that the pages show are made after them, by the [`darkroom`]: [`plan::photos`]
//!    lists them from the archive and from what templates asked for, and
//!    [`PhotoCache`](disk::photos::PhotoCache) keeps them by content and parameters. The HTML of a body
//!    without a draft is kept among the [`Bodies`](disk::bodies::Bodies) too, for the day when its
//!    template changes.
//!    The indexes that readers search come last: [`search::part`] divides the articles, and of the parts
//!    that are others than in the last build, [`search::former`] takes over what stays.
//!    What is rendered is written by threads that do nothing else: a file system makes files one
//!    after the other.
//! 6. [`disk::publish`] stages what changed and puts it in its place by rename. The manifest takes its
//!    place last.
//!
//! The [`preview`] has the same beginning and stops after the list of pages: it renders a page when a
//! browser asks for it, and reads again when files have changed.
//!
//! Values flow down and nothing comes back up: each stage makes a new type, and no field waits to be
//! filled in by a later stage.
//!
//! # The rooms
//!
//! In reading order. A room may use those above it and none below.
//!
//! | room | what is in it |
//! |---|---|
//! | [`base`] | routes, slugs, fingerprints, diagnostics, timestamps |
//! | [`source`] | one file's text becomes one value: front matter, Markdown, pictures, configuration |
//! | [`archive`] | every article in order, grouped by section, term, series and date; stable pagination |
//! | [`darkroom`] | pictures made of photos: which ones, and their pixels |
//! | [`theme`] | templates and assets in layers, and the vocabulary that templates speak |
//! | [`search`] | what readers search: records of articles, their division into parts, and the index of a part |
//! | [`plan`] | every page and its fingerprint; feeds, sitemaps, structured data; the manifest |
//! | [`render`] | one page becomes bytes |
//! | [`disk`] | the edge: reads the site, writes the output, holds the lock |
//! | [`session`] | one build from end to end, and what it reports |
//! | [`preview`] | the site in a browser while it is written: watches, renders on request, reloads |
//! | [`deploy`] | what was built goes to its host: the plan of uploads and deletes, one file per kind of destination |
//! | [`cli`] | one command a file; prints, reads the environment and the clock, knows exit codes |
//!
//! Everything above [`disk`] is pure: no files, no clock, no environment, no printing. Two values that
//! pages show are found only where they are asked for, and so behind traits: the colour of a photo, which
//! is a function of the photo's bytes, whoever finds it ([`Tints`](source::tint::Tints)), and what only
//! pages show of an article, which is what parsing made of it, wherever it lies meanwhile
//! ([`Shelf`](base::aside::Shelf)).
//!
//! # What always holds
//!
//! 1. **The pure rooms do no input or output.** `.clippy.toml` bans the functions of files, clocks and
//!    environment; a file at the edge opts out with a reason. The lints `print_stdout`, `print_stderr`
//!    and `exit` keep words and exit codes in [`cli`], and `tests/suite/tidy.rs` keeps the rooms in
//!    order.
//! 2. **Equal inputs give equal bytes,** whatever the order of files and the number of threads. Lists
//!    are sorted where they are made, the lint `iter_over_hash_type` forbids an order that hashing
//!    makes, and parallel loops collect in order. The bytes of a picture or an asset are a function of
//!    the file's alone.
//! 3. **A rebuild equals a clean build, byte for byte,** after any sequence of edits.
//!    `tests/suite/rebuild.rs` makes random edits and compares; `dateline build --verify` does the
//!    same on a user's site. A small value's fingerprint is that of the value itself, so that the two
//!    can't differ; only what is made of articles has a fingerprint beside its value, and both stand
//!    in one file, [`plan::view`].
//! 4. **A parsed article depends on its own file, the configuration that governs parsing, the
//!    declarations of the theme's shortcodes and dateline's version**, all of which are in its
//!    fingerprints. Whatever crosses files is found by [`archive::arrange`], at every build. So what
//!    parsing made of a file is kept in the [`Cache`](disk::cache::Cache) by the file's content. A stat
//!    saves the reading only where size, inode and both times agree and are older than the build that
//!    saw them ([`disk::input::is_unchanged`]); equal bytes save the parsing. A file that is read again
//!    for its page and is not what it was fails the build.
//!    The draft of a body is of the file and the configuration alone, as the article is, and so is kept by
//!    the fingerprint of both; its holes are filled each time. The HTML of a body without a draft is kept
//!    by everything that it shows, unless a shortcode is in it, which may look something up.
//! 5. **A manifest or a cache that is broken, foreign or of another version is an empty one,** and so
//!    are the pages of a manifest that does not fit the output: the output's [`Mark`](disk::output::Mark) holds the
//!    fingerprint of all that was written, and the two must agree. The tests of [`plan::manifest`] cut
//!    and damage one at every byte.
//! 6. **Every fault of every file is told in one run.** Parsing, arranging, planning and loading the
//!    theme gather [`Diagnostic`](base::diagnostic::Diagnostic)s and go on; only a later stage is not
//!    entered with errors. Of rendering, which one template can make fail a million times, the first
//!    faults are told.
//! 7. **Nothing in the output is touched before every changed page has rendered.** Pages are written
//!    to a [`Stage`](disk::publish::Stage) beside the output, or in it where it is a volume of its own.
//!    Where most files have none to replace, the staged folder, completed with links to what stays, is
//!    swapped with the output in one rename; where most replace others, or the file system can't swap,
//!    files are renamed one by one from a journal, what pages show before the pages, which the next
//!    command [carries out](disk::publish::recover)
//!    if this one is killed. `tests/suite/machine.rs` kills builds.
//! 8. **dateline deletes and overwrites only what it wrote.** The mark in the output names every path
//!    by its hash; [`Output::open`](disk::output::Output::open) refuses a folder with other files and
//!    no mark, one of another site, and one that holds the site's sources. One writer at a time:
//!    [`Lock`](disk::lock::Lock).
//!    A deploy deletes nothing that no deploy put there, and nothing before everything was sent:
//!    [`deploy::Reached::carry_out`] names what it is about to change at the target before it begins,
//!    so that the next one knows what can't be taken for granted.
//! 9. **Bodies are never templates.** `{{` in prose is prose. A shortcode is called by the name of a
//!    component that the theme declares ([`source::markdown::Shortcodes`]), its arguments are values,
//!    and its answer is put into the HTML, never read again.
//! 10. **Templates end.** The engine has no limit of its own, so the lists of all loops and the
//!     beginnings of all components pass through a filter that counts steps, and a page's bytes have a
//!     limit; both are settings, and no clock decides.
//! 11. **Errors are values.** The core gathers diagnostics; the edges have
//!     [`DiskError`](disk::error::DiskError), always with a path; [`cli`] makes text or JSON and an
//!     exit code of both. `unwrap` is a lint outside of tests, `expect` states why it holds, and
//!     `unsafe` is forbidden.

// In reading order, which is the order in which rooms may use each other.

pub mod base;

pub mod source;

pub mod archive;

pub mod darkroom;

pub mod theme;

pub mod search;

pub mod plan;

pub mod render;

pub mod disk;

pub mod session;

pub mod preview;

pub mod deploy;

pub mod cli;
