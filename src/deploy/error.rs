//! Why a deploy did not happen, or not wholly.

use crate::disk::error::DiskError;
use crate::session::BuildError;

/// Why a deploy did not happen, or not wholly.
#[derive(Debug, thiserror::Error)]
pub enum DeployError {
    /// What stands here, or there, is not to be deployed so.
    #[error("{}", .0.message)]
    Refused(Fault),
    /// The target or the command line is wrong.
    #[error("{}", .0.message)]
    Usage(Fault),
    /// The machine, the network or the host refused something.
    #[error("{}", .0.message)]
    Machine(Fault),
    /// The site could not be read or built.
    #[error(transparent)]
    Build(#[from] BuildError),
}

/// What is wrong, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, in lower case and without a full stop.
    pub message: String,
    /// What to do, one sentence each.
    pub hints: Vec<String>,
}

impl DeployError {
    /// Says why the site, or what is at the target, refuses the deploy.
    pub fn refused(message: impl Into<String>) -> Self {
        Self::Refused(Fault::new(message))
    }

    /// Says what is wrong with the target or the command line.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::Usage(Fault::new(message))
    }

    /// Says what the machine, the network or the host refused.
    pub fn machine(message: impl Into<String>) -> Self {
        Self::Machine(Fault::new(message))
    }

    /// Says that the user stopped the deploy.
    pub fn interrupted() -> Self {
        Self::machine("interrupted; nothing was deleted")
            .hint("`dateline deploy` finishes what was begun")
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        match &mut self {
            Self::Refused(fault) | Self::Usage(fault) | Self::Machine(fault) => {
                fault.hints.push(hint.into());
            }
            Self::Build(_) => {}
        }
        self
    }
}

impl Fault {
    fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hints: Vec::new(),
        }
    }
}

impl From<DiskError> for DeployError {
    fn from(error: DiskError) -> Self {
        Self::Build(BuildError::Disk(error))
    }
}
