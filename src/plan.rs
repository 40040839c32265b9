//! What the site consists of: every page with the fingerprint of all that it can see.

mod calendar;
mod cards;
pub mod feed;
mod front;
pub mod icons;
pub mod list;
pub mod manifest;
pub mod metadata;
pub mod page;
pub mod parts;
pub mod photos;
#[expect(
    clippy::module_inception,
    reason = "the file is named after the noun it holds"
)]
mod plan;
pub mod search;
mod settings;
mod shots;
pub mod silent;
pub mod sitemap;
pub mod structured_data;
pub mod view;

pub use plan::*;
