//! What was corrected after publication: a list of maps, or one map.

use super::keys::{CORRECTION_KEYS, CORRECTION_KINDS, squashed};
use super::values::{text, timestamp};
use crate::base::diagnostic::Diagnostic;
use crate::base::timestamp::Zone;
use crate::source::correction::{Correction, CorrectionKind};
use crate::source::yaml::{Faults, Node};

/// Reads corrections, in the order written.
pub(super) fn read<'a>(
    node: &Node<'a>,
    zone: &Zone<'_>,
    faults: &mut Faults<'a>,
) -> Vec<Correction> {
    let items = faults.items(node).iter();
    items
        .filter_map(|item| correction(item, zone, faults))
        .collect()
}

fn correction<'a>(item: &Node<'a>, zone: &Zone<'_>, faults: &mut Faults<'a>) -> Option<Correction> {
    if item.entries().is_none() {
        let expected = "a map of `date`, `type` and `text`";
        faults.wrong_kind(&"a correction", expected, item);
        return None;
    }
    let find = |name: &str| {
        let key = CORRECTION_KEYS.iter().find(|key| key.name == name)?;
        std::iter::once(&key.name)
            .chain(key.also)
            .find_map(|name| item.entry(name))
    };
    let missing = |faults: &mut Faults<'a>, name: &str| {
        faults.error(item.at, format!("a correction has no `{name}`"));
    };
    let date = match find("date") {
        Some(node) => timestamp(&"a correction's `date`", node, zone, faults),
        None => {
            missing(faults, "date");
            None
        }
    };
    let body = find("text").and_then(|node| text(&"a correction's `text`", node, faults));
    if body.is_none() {
        missing(faults, "text");
    }
    let kind = match find("type") {
        Some(node) => kind(node, faults)?,
        None => CorrectionKind::Correction,
    };
    Some(Correction {
        date: date?,
        kind,
        text: body?,
    })
}

fn kind<'a>(node: &Node<'a>, faults: &mut Faults<'a>) -> Option<CorrectionKind> {
    let written = text(&"a correction's `type`", node, faults)?;
    let kind = match squashed(&written.replace(['\'', '’'], "")).as_str() {
        "correction" => CorrectionKind::Correction,
        "clarification" => CorrectionKind::Clarification,
        "update" => CorrectionKind::Update,
        "editorsnote" | "editornote" | "note" => CorrectionKind::EditorsNote,
        "retraction" => CorrectionKind::Retraction,
        _ => {
            let place = faults.place(node.at);
            faults.push(
                Diagnostic::error(format!("`{written}` is not a kind of correction"))
                    .at(place)
                    .suggest(&written, CORRECTION_KINDS.iter().copied())
                    .hint(format!("write one of {}", listed(CORRECTION_KINDS))),
            );
            return None;
        }
    };
    Some(kind)
}

fn listed(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}
