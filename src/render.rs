//! One page becomes bytes.

mod marks;
#[expect(
    clippy::module_inception,
    reason = "the file is named after the noun it holds"
)]
mod render;

pub use render::*;
