//! One file's text becomes one value: front matter, Markdown, articles, photos, configuration.

pub mod article;
pub mod byline;
pub mod config;
pub mod correction;
pub mod credit;
pub mod dateline;
pub mod file;
pub mod font;
pub mod front_matter;
pub mod front_page;
pub mod live;
pub mod markdown;
pub mod origin;
pub mod photo;
pub mod photo_metadata;
pub mod picture;
pub mod presentation;
pub mod schema;
pub mod text;
pub mod theme_meta;
pub mod tint;
pub mod words;
pub mod yaml;
