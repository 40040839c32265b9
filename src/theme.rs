//! Templates, assets and settings, and the vocabulary that templates speak.

pub mod asset;
pub mod assets;
pub mod builtin;
pub mod cards;
pub mod credit;
mod data_file;
pub mod filters;
pub mod functions;
pub mod kind;
mod lexer;
pub mod manual;
mod options;
pub mod scope;
#[expect(
    clippy::module_inception,
    reason = "the file is named after the noun it holds"
)]
pub mod theme;
pub mod value;
pub mod variable;
pub mod words;
