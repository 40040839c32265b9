//! What every room uses: routes, fingerprints, diagnostics, timestamps.

pub mod aside;
pub mod diagnostic;
pub mod fingerprint;
pub mod packed;
pub mod route;
pub mod slug;
pub mod texts;
pub mod timestamp;
