//! Every article in order, grouped by section, tag, author and date.

#[expect(
    clippy::module_inception,
    reason = "the file is named after the noun it holds"
)]
mod archive;
mod checks;
mod corrections;
pub mod credits;
pub mod dates;
pub mod inline;
pub mod language;
pub mod makers;
pub mod pager;
mod paths;
pub mod permalink;
pub mod photos;
mod prints;
pub mod reference;
pub mod related;
mod renewed;
pub mod section;
pub mod taxonomy;
pub mod terms;

pub use archive::*;
pub use prints::{Last, Prints};
