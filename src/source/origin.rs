//! How a picture came to be, of the IPTC's digital source types: which of them readers are told.
//!
//! A picture that no camera took and nobody drew is labelled beside its credit. The list is that of
//! <http://cv.iptc.org/newscodes/digitalsourcetype/> as of 2024-09-17.

/// Where a picture comes from that is not what it looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A model that was trained on pictures made it: `trainedAlgorithmicMedia`.
    Ai,
    /// Such a model made a part of it or changed it: `compositeWithTrainedAlgorithmicMedia`,
    /// `compositeSynthetic`.
    PartlyAi,
    /// An algorithm made it that was trained on nothing: `algorithmicMedia`.
    Computer,
}

/// Every term of the list, the retired ones among them.
pub const TERMS: [&str; 20] = [
    "digitalCapture",
    "computationalCapture",
    "negativeFilm",
    "positiveFilm",
    "print",
    "minorHumanEdits",
    "humanEdits",
    "compositeWithTrainedAlgorithmicMedia",
    "algorithmicallyEnhanced",
    "softwareImage",
    "digitalArt",
    "digitalCreation",
    "dataDrivenMedia",
    "trainedAlgorithmicMedia",
    "algorithmicMedia",
    "screenCapture",
    "virtualRecording",
    "composite",
    "compositeCapture",
    "compositeSynthetic",
];

impl Origin {
    /// Finds the origin that a digital source type stands for: a term, its address at the IPTC or at
    /// schema.org, or its code as in `digsrctype:trainedAlgorithmicMedia`.
    pub fn of(source_type: &str) -> Option<Self> {
        let term = source_type.trim().trim_end_matches('/');
        let term = term.rsplit(['/', ':', '#']).next()?;
        // schema.org's name of it.
        let term = term.strip_suffix("DigitalSource").unwrap_or(term);
        let is = |name: &str| term.eq_ignore_ascii_case(name);
        if is("trainedAlgorithmicMedia") {
            Some(Self::Ai)
        } else if is("compositeWithTrainedAlgorithmicMedia") || is("compositeSynthetic") {
            Some(Self::PartlyAi)
        } else if is("algorithmicMedia") {
            Some(Self::Computer)
        } else {
            None
        }
    }

    /// Returns the name that templates know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ai => "ai",
            Self::PartlyAi => "partly_ai",
            Self::Computer => "computer",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_type_is_known_however_it_is_written() {
        let check =
            |text: &str, expect: Option<Origin>| assert_eq!(Origin::of(text), expect, "{text}");
        for text in [
            "trainedAlgorithmicMedia",
            " TrainedAlgorithmicMedia ",
            "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
            "https://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia/",
            "digsrctype:trainedAlgorithmicMedia",
            "https://schema.org/TrainedAlgorithmicMediaDigitalSource",
        ] {
            check(text, Some(Origin::Ai));
        }
        check(
            "compositeWithTrainedAlgorithmicMedia",
            Some(Origin::PartlyAi),
        );
        check("compositeSynthetic", Some(Origin::PartlyAi));
        check("algorithmicMedia", Some(Origin::Computer));
        for text in ["", "digitalCapture", "algorithmicallyEnhanced", "composite"] {
            check(text, None);
        }
    }

    #[test]
    fn what_is_labelled_is_in_the_list() {
        let told = TERMS.into_iter().filter(|term| Origin::of(term).is_some());
        assert_eq!(told.count(), 4);
    }
}
