//! Who publishes the site, and by which rules they work.

use crate::source::schema::{Key, Shape};

/// Who publishes the site.
#[derive(Debug, Clone, Default)]
pub struct Publisher {
    /// The name; the site's title where none is given.
    pub name: String,
    /// The logo: a file of `static/` (beginning with `/`) or a URL.
    pub logo: Option<String>,
    /// The publisher's own address.
    pub url: Option<String>,
    /// Where readers write to.
    pub email: Option<String>,
    /// The publisher's other addresses, on social networks and elsewhere.
    pub same_as: Vec<String>,
    /// Where the publisher's rules can be read, in the order of [`POLICIES`]: the policy's key and an
    /// address, which can be `@/...` for a file of `content/`.
    pub policies: Vec<(&'static str, String)>,
}

impl Publisher {
    /// Remembers where a policy can be read.
    pub(super) fn set_policy(&mut self, key: &'static str, url: String) {
        self.policies.retain(|(known, _)| *known != key);
        self.policies.push((key, url));
        let place = |key: &str| POLICIES.iter().position(|(policy, _)| policy.name == key);
        self.policies.sort_by_key(|(key, _)| place(key));
    }
}

/// The keys of the publisher's policies, each with its property of schema.org's `Organization` or
/// `NewsMediaOrganization`.
pub const POLICIES: &[(Key, &str)] = &[
    (
        policy(
            "publishing_principles",
            "Where the publisher's principles can be read.",
        ),
        "publishingPrinciples",
    ),
    (
        policy("ethics_policy", "Where the rules of ethics can be read."),
        "ethicsPolicy",
    ),
    (
        policy(
            "corrections_policy",
            "Where it can be read how mistakes are put right.",
        ),
        "correctionsPolicy",
    ),
    (
        policy(
            "verification_fact_checking_policy",
            "Where it can be read how facts are checked.",
        ),
        "verificationFactCheckingPolicy",
    ),
    (
        policy(
            "unnamed_sources_policy",
            "Where it can be read when sources stay unnamed.",
        ),
        "unnamedSourcesPolicy",
    ),
    (
        policy(
            "no_bylines_policy",
            "Where it can be read why an article names no author.",
        ),
        "noBylinesPolicy",
    ),
    (
        policy(
            "actionable_feedback_policy",
            "Where readers learn how to take part.",
        ),
        "actionableFeedbackPolicy",
    ),
    (
        policy(
            "mission_coverage_priorities_policy",
            "Where the publication's mission and priorities can be read.",
        ),
        "missionCoveragePrioritiesPolicy",
    ),
    (
        policy(
            "diversity_policy",
            "Where the publisher's policy on diversity can be read.",
        ),
        "diversityPolicy",
    ),
    (
        policy(
            "diversity_staffing_report",
            "Where a report on the diversity of the staff can be read.",
        ),
        "diversityStaffingReport",
    ),
    (
        policy("masthead", "Where the names of the newsroom can be read."),
        "masthead",
    ),
    (
        policy(
            "ownership_funding_info",
            "Where it can be read who owns and pays for the publication.",
        ),
        "ownershipFundingInfo",
    ),
];

const fn policy(name: &'static str, doc: &'static str) -> Key {
    Key::new(name, Shape::Text, doc)
}

const OWN: [Key; 5] = [
    Key::new(
        "name",
        Shape::Text,
        "The publisher's name. Default: the site's title.",
    ),
    Key::new(
        "logo",
        Shape::Text,
        "The publisher's logo: a file of `static/` (beginning with `/`) or a URL.",
    ),
    Key::new("url", Shape::Text, "The publisher's own address."),
    Key::new("email", Shape::Text, "Where readers write to."),
    Key::new(
        "same_as",
        Shape::Texts,
        "The publisher's other addresses, on social networks and elsewhere.",
    ),
];

/// The keys of the publisher.
pub(super) const KEYS: &[Key] = &{
    let mut keys = [OWN[0]; OWN.len() + POLICIES.len()];
    let mut at = 0;
    while at < keys.len() {
        keys[at] = if at < OWN.len() {
            OWN[at]
        } else {
            POLICIES[at - OWN.len()].0
        };
        at += 1;
    }
    keys
};
