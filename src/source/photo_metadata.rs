//! What a photo's own file says of it: who made it, what it shows, what may be done with it.
//!
//! The values are those of the IPTC Photo Metadata Standard, whatever form they are embedded in;
//! [`picture::metadata`](super::picture::metadata) reads them.

use crate::base::fingerprint::{Fingerprint, Fingerprinter};
use serde::{Deserialize, Serialize};

/// What is embedded in a photo; what is blank in the file is not there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoMetadata {
    /// Who made it, in order (IPTC Creator).
    pub creators: Vec<String>,
    /// The credit line, as the supplier wants it to be shown (IPTC Credit Line).
    pub credit: Option<String>,
    /// Who supplied it (IPTC Source).
    pub source: Option<String>,
    /// Whose the rights are (IPTC Copyright Notice).
    pub copyright: Option<String>,
    /// What readers may be told about it (IPTC Description).
    pub caption: Option<String>,
    /// A headline for it (IPTC Headline).
    pub headline: Option<String>,
    /// What it shows, for who can't see it (IPTC Alt Text).
    pub alt: Option<String>,
    /// The address of the licence (IPTC Web Statement of Rights).
    pub licence: Option<String>,
    /// Where a licence can be had (IPTC Licensor URL).
    pub licensor: Option<String>,
    /// What may be done with it, in words (IPTC Rights Usage Terms; of IIM, its instructions).
    pub terms: Option<String>,
    /// How it came to be: an address of the IPTC's code list of digital source types.
    pub source_type: Option<String>,
}

impl PhotoMetadata {
    /// Tells whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the fingerprint of all of it.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprinter::new("photo metadata").value(self).finish()
    }
}
