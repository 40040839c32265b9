//! The credit in a caption: what HTML that an author writes says below a photo, in one text.

use super::{Credit, Lexicon, Role, parse};

/// Where a credit can begin in a caption: after a sentence, a dash, a bar or a bracket.
const STARTS: [&str; 10] = [". ", "! ", "? ", "。", "; ", " — ", " – ", " | ", "\n", "("];

impl Credit {
    /// Finds the credit in a caption: all of it, or what is left of it after a sentence, that says by a
    /// label (`Photo: `, `Photo by`), a sign (`©`), a known agency, a licence, how the photo was had
    /// (`Courtesy of`) or the form `Name / Organisation` that it names whoever made the photo. A bare
    /// name is none: so is that of a place.
    pub fn in_caption(caption: &str, lexicon: &Lexicon) -> Option<Self> {
        let ends = STARTS.iter().flat_map(|start| {
            let found = caption.match_indices(start);
            found.map(|(at, start)| at + start.len())
        });
        let mut begins: Vec<usize> = std::iter::once(0).chain(ends).collect();
        begins.sort_unstable();
        begins.dedup();
        begins.into_iter().find_map(|begin| {
            let rest = caption[begin..].trim();
            let rest = rest.trim_end_matches(')').trim_end_matches('.').trim();
            let credit = parse(rest, lexicon);
            says_who(&credit, lexicon).then_some(credit)
        })
    }
}

/// Tells whether a credit names somebody, and says that it is a credit.
fn says_who(credit: &Credit, lexicon: &Lexicon) -> bool {
    let organisations = || credit.organisations();
    let names_somebody = !credit.creators.is_empty() || organisations().next().is_some();
    let pieces = || credit.pieces.iter();
    let text = |at: &std::ops::Range<usize>| credit.raw[at.clone()].trim();
    let has_label = pieces().any(|piece| {
        let label = text(&piece.at).to_lowercase();
        piece.role == Role::Label
            && (label.ends_with(':') || label.ends_with("by") || label.contains('©'))
    });
    let is_name = |name: &str| {
        let ends = [
            name.split_whitespace().next(),
            name.split_whitespace().last(),
        ];
        ends.into_iter().flatten().all(begins_large)
    };
    let has_form = !credit.creators.is_empty()
        && credit.creators.iter().all(|name| is_name(name))
        && organisations().next().is_some_and(begins_large)
        && pieces().any(|piece| piece.role == Role::Between && text(&piece.at) == "/");
    let is_known = organisations().any(|name| lexicon.supplier(name).is_some());
    let is_all_understood = pieces().all(|piece| piece.role != Role::Other);
    // `AP Photo/Name`: the word between is no name.
    let has_both = is_known && !credit.creators.is_empty();
    names_somebody && (has_label || has_both || (has_form || is_known) && is_all_understood)
        || credit.relation.is_some() && is_all_understood
        || credit.licence.is_some() && names_somebody
}

/// Tells whether a word begins with no small letter.
fn begins_large(word: &str) -> bool {
    !word.starts_with(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caption_has_a_credit_where_it_says_so() {
        let lexicon = Lexicon::default();
        let check = |caption: &str, expect: bool| {
            let found = Credit::in_caption(caption, &lexicon);
            assert_eq!(found.is_some(), expect, "{caption}: {found:?}");
        };
        for caption in [
            "Photo: Ana Reis",
            "The ferry at the quay. Photo: Ana Reis",
            "The ferry at the quay (Photo by Ana Reis)",
            "The ferry at the quay. Ana Reis / Reuters",
            "The ferry at the quay — Ana Reis/Getty Images",
            "The ferry (AP Photo/Ana Reis)",
            "The ferry. Ana de Sousa / Lisbon Gazette",
            "Reuters",
            "The quay. Courtesy of the harbour board",
            "The ferry at night. © Ana Reis",
        ] {
            check(caption, true);
        }
        for caption in [
            "",
            "The ferry at the quay",
            "The ferry at the quay. It sank on Sunday.",
            "Lisbon Harbour",
            "Ana Reis",
            "A photo of the quay",
            "The office of Reuters at night",
            "Boats and/or ferries",
        ] {
            check(caption, false);
        }
    }
}
