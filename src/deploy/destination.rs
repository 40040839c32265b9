//! What every kind of destination can do.

use super::error::DeployError;
use super::plan::Plan;
use super::release::Release;
use super::site::Site;
use crate::session::Progress;

/// Somewhere a site can be deployed to.
pub(super) trait Destination {
    /// Returns what it is called, without a password.
    fn name(&self) -> String;

    /// Reads what is live; none where no deploy has ended there, nor begun.
    ///
    /// # Errors
    ///
    /// What the destination refuses.
    fn live(&self, progress: &dyn Progress) -> Result<Option<Release>, DeployError>;

    /// Returns the requests that a plan costs; none where the destination does not count them.
    fn requests(&self, plan: &Plan, live: Option<&Release>) -> Option<u64>;

    /// Returns those of the paths at which something stands that no deploy is known to have put there.
    ///
    /// # Errors
    ///
    /// What the destination refuses.
    fn taken(&self, paths: &[&str], live: Option<&Release>) -> Result<Vec<String>, DeployError>;

    /// Makes what the order wants live, where anything is to be done; returns what is live then.
    ///
    /// # Errors
    ///
    /// What the destination refuses; that another deploy goes on; that the user stopped it.
    fn deploy(&self, order: &Order<'_>) -> Result<Option<Done>, DeployError>;

    /// Returns the numbers of the releases that can be returned to, the oldest first.
    ///
    /// # Errors
    ///
    /// What the destination refuses.
    fn earlier(&self, live: &Release, progress: &dyn Progress) -> Result<Vec<u64>, DeployError>;

    /// Returns the site of an earlier release.
    ///
    /// # Errors
    ///
    /// That it is not there, or not whole; what the destination refuses.
    fn restored(
        &self,
        number: u64,
        live: &Release,
        progress: &dyn Progress,
    ) -> Result<(Release, Site), DeployError>;

    /// Notes that everybody was told of what changed.
    ///
    /// # Errors
    ///
    /// What the destination refuses.
    #[cfg_attr(
        not(feature = "object-stores"),
        expect(dead_code, reason = "nobody is told of anything without HTTP")
    )]
    fn told(&self, _release: &Release) -> Result<(), DeployError> {
        Ok(())
    }
}

/// What is to be made live.
pub(super) struct Order<'a> {
    /// The site.
    pub site: &'a Site,
    /// Says what is to be done where this is live, and refuses what would do harm. Asked again where
    /// something else has become live meanwhile.
    pub plan: &'a dyn Fn(Option<&Release>) -> Result<Plan, DeployError>,
    /// The release that it will be, but for its number and files.
    pub release: &'a Release,
    /// Who deploys, for those who have to wait.
    pub holder: &'a str,
    /// Who hears how far it is.
    pub progress: &'a dyn Progress,
}

/// What was done.
#[derive(Debug)]
pub(super) struct Done {
    /// What is live.
    pub release: Release,
    /// What was carried out.
    pub plan: Plan,
}

impl Order<'_> {
    /// Returns the release that is live once the site is there.
    pub(super) fn release(&self, number: u64) -> Release {
        Release {
            number,
            files: self
                .site
                .files
                .iter()
                .map(|(path, file)| (path.clone(), file.live()))
                .collect(),
            ..self.release.clone()
        }
    }
}
