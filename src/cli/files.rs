//! Files that a command makes for the user to edit.

use super::exit::Failure;
use crate::base::diagnostic::Diagnostic;
use crate::disk::error::DiskError;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

/// Writes a file of the site, with the folders around it; one that is there stays as it is, and is a
/// failure.
pub(super) fn create(root: &Path, path: &str, text: &str) -> Result<(), Failure> {
    let place = root.join(path);
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder).map_err(DiskError::at("make", folder))?;
    }
    let mut file = match File::create_new(&place) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let fault = Diagnostic::error(format!("there is a file {path} already"));
            return Err(Failure::usage(fault.hint(
                "nothing is ever overwritten; choose another name, or edit that file",
            )));
        }
        Err(error) => return Err(DiskError::at("write", &place)(error).into()),
    };
    file.write_all(text.as_bytes())
        .map_err(DiskError::at("write", &place))?;
    Ok(())
}

/// Says a path as it can be used in the folder `here`.
pub(super) fn shown(path: &Path, here: &Path) -> String {
    path.strip_prefix(here)
        .unwrap_or(path)
        .display()
        .to_string()
}
