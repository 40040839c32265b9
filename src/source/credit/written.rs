//! A credit, written in one way.

use super::{Credit, CreditKind, Relation};

/// Writes what a credit says: the kind, who made it, whose it is, how it was had.
pub(super) fn text(credit: &Credit) -> String {
    let mut parts: Vec<String> = Vec::new();
    let creators = people(&credit.creators);
    if !creators.is_empty() {
        parts.push(creators);
    }
    let (gift, note) = match credit.relation {
        Some(Relation::Courtesy) => (Some(("Courtesy of", "Courtesy photo")), None),
        Some(Relation::Handout) => (Some(("Provided by", "Provided photo")), None),
        Some(Relation::Pool) => (None, Some("pool")),
        Some(Relation::File) => (None, Some("file")),
        Some(Relation::Staff) => (None, Some("staff")),
        Some(Relation::Screenshot) => (None, Some("screenshot")),
        Some(Relation::Freelance | Relation::Stock) | None => (None, None),
    };
    let is_screenshot = credit.kind == CreditKind::Screenshot;
    if is_screenshot {
        parts.insert(0, "Screenshot".to_owned());
    }
    match (gift, &credit.agency) {
        (Some((before, _)), Some(agency)) => parts.push(format!("{before} {agency}")),
        (Some((_, alone)), None) => parts.push(alone.to_owned()),
        (None, Some(agency)) => parts.push(agency.clone()),
        (None, None) => {}
    }
    parts.extend(credit.distributors.iter().cloned());
    if let Some(note) = note.filter(|_| !is_screenshot) {
        match parts.last_mut() {
            Some(last) => *last = format!("{last} ({note})"),
            None => parts.push(format!("{note} photo")),
        }
    }
    if let Some(client) = &credit.client {
        parts.push(format!("For {client}"));
    }
    if let Some(licence) = &credit.licence {
        match parts.last_mut() {
            Some(last) => *last = format!("{last}, {licence}"),
            None => parts.push(licence.clone()),
        }
    }
    let mut text = match credit.kind {
        CreditKind::Photo | CreditKind::Screenshot => String::new(),
        CreditKind::Illustration => "Illustration: ".to_owned(),
        CreditKind::Graphic => "Graphic: ".to_owned(),
        CreditKind::Composite => "Composite: ".to_owned(),
        CreditKind::Video => "Video: ".to_owned(),
    };
    text.push_str(&parts.join(" / "));
    if let Some(via) = &credit.via {
        text.push_str(if text.is_empty() { "Via " } else { " via " });
        text.push_str(via);
    }
    text
}

/// Writes names as a list.
fn people(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}
