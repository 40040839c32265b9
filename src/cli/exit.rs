//! Exit codes, and the failures that lead to them.

use crate::base::diagnostic::Diagnostic;
use crate::disk::error::DiskError;
use crate::session::BuildError;
use std::process::ExitCode;

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// All is well.
    Fine = 0,
    /// The site has errors, or there is no room for it.
    Site = 1,
    /// The command line or the configuration is wrong.
    Usage = 2,
    /// There is nothing to do.
    Nothing = 3,
    /// The machine refused something, or the user stopped the command.
    Machine = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command did not do what it was asked to.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) exit: Exit,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Failure {
    /// Says what is wrong with the command line.
    pub(super) fn usage(fault: Diagnostic) -> Self {
        Self {
            exit: Exit::Usage,
            diagnostics: vec![fault],
        }
    }

    /// Says what the machine refused.
    pub(super) fn machine(message: String) -> Self {
        Self {
            exit: Exit::Machine,
            diagnostics: vec![Diagnostic::error(message)],
        }
    }
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::Site(diagnostics) => Self {
                exit: Exit::Site,
                diagnostics,
            },
            BuildError::Config(diagnostics) => Self {
                exit: Exit::Usage,
                diagnostics,
            },
            BuildError::Disk(error) => error.into(),
        }
    }
}

impl From<DiskError> for Failure {
    fn from(error: DiskError) -> Self {
        let fault = Diagnostic::error(error.to_string());
        let (exit, fault) = match error {
            DiskError::Output { hint, .. } => (Exit::Usage, fault.hint(hint)),
            error if error.is_full_disk() => (
                Exit::Site,
                fault.hint("make room, and build again; the output is as it was"),
            ),
            _ => (Exit::Machine, fault),
        };
        Self {
            exit,
            diagnostics: vec![fault],
        }
    }
}
