//! Whole sites, built and built again: one test binary.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests make files, and fail where one can't be made"
)]

mod support;

mod cli;
mod commonmark;
mod counts;
mod credits;
mod deploy;
mod due;
mod faults;
mod feeds;
mod files;
mod front;
mod hidden;
mod languages;
mod machine;
mod manual;
mod names;
mod photos;
mod presentation;
mod preview;
mod rebuild;
mod search;
mod silent;
mod sitemaps;
mod structured_data;
mod templates;
mod tidy;
mod tints;
mod words;
