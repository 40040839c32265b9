//! The edge to the file system: lists and reads the site, writes the output.

pub mod bodies;
pub mod cache;
pub mod error;
pub mod input;
pub mod lock;
pub mod output;
pub mod photos;
pub mod process;
pub mod publish;
pub mod theme_files;
pub mod tints;
