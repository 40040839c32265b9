//! Full-text search: what Pagefind's script in a browser looks through, made of the articles.
//!
//! The form of the files is Pagefind's, and so is the script; the index is written here, so that it
//! can be made of the articles instead of pages, in parts of which only those that changed are made
//! again, with equal bytes for equal articles.

mod cbor;
pub mod former;
pub mod index;
pub mod part;
pub mod record;
pub mod runtime;
pub mod terms;
mod words;
