//! What stands before the names: `Photo by`, `Courtesy of`, `Credit:`, `©`.

use super::{CreditKind, Relation, licence};
use std::ops::Range;

/// What stands before the names of a text.
#[derive(Debug, Default)]
pub(super) struct Lead {
    /// How many bytes it takes.
    pub(super) length: usize,
    /// What was made.
    pub(super) kind: Option<CreditKind>,
    /// How it was had.
    pub(super) relation: Option<Relation>,
    /// Whether a name follows who gave it, and not who made it.
    pub(super) names_giver: bool,
    /// Whether it says that who made it follows: `by`, `©`.
    pub(super) names_maker: bool,
    /// The stretches that say how it was had.
    pub(super) relations: Vec<Range<usize>>,
}

/// What a word before the names is.
enum Word {
    Kind(CreditKind),
    Relation(Relation),
    /// `credit`, `top`: nothing but a label.
    Label,
    /// `by`: a name follows.
    By,
    /// `of`, after a relation.
    Of,
    /// `the`, after `of`.
    Article,
}

fn word(lower: &str) -> Option<Word> {
    Some(match lower {
        "photo" | "photos" | "photograph" | "photographs" | "photography" | "photographer"
        | "image" | "images" | "picture" | "pictures" | "pic" | "pics" | "foto" | "fotos"
        | "fotografía" | "fotografia" | "bild" | "bilder" | "imagen" | "imagem" | "imágenes"
        | "photographie" | "valokuva" | "kuva" | "zdjęcie" | "фото" | "fotó" | "fotoğraf"
        | "写真" | "照片" | "图片" | "사진" | "صورة" => Word::Kind(CreditKind::Photo),
        "illustration" | "illustrations" | "illustrator" | "art" | "artwork" | "drawing"
        | "ilustración" | "ilustração" | "cartoon" => Word::Kind(CreditKind::Illustration),
        "graphic" | "graphics" | "infographic" | "chart" | "map" | "grafik" | "gráfico" => {
            Word::Kind(CreditKind::Graphic)
        }
        "composite" | "montage" => Word::Kind(CreditKind::Composite),
        "video" | "videos" | "footage" | "vídeo" => Word::Kind(CreditKind::Video),
        "screenshot" | "screenshots" | "screengrab" | "screen-grab" | "screencap" => {
            Word::Relation(Relation::Screenshot)
        }
        "courtesy" | "cortesía" | "cortesia" | "courtoisie" => Word::Relation(Relation::Courtesy),
        "handout" | "provided" | "submitted" | "supplied" | "contributed" | "hand-out"
        | "released" | "divulgação" | "divulgación" => Word::Relation(Relation::Handout),
        "pool" => Word::Relation(Relation::Pool),
        "file" | "archivo" | "archive" => Word::Relation(Relation::File),
        "staff" => Word::Relation(Relation::Staff),
        "stock" => Word::Relation(Relation::Stock),
        "credit" | "credits" | "crédit" | "crédits" | "crédito" | "créditos" | "source"
        | "sources" | "copyright" | "top" | "cover" | "main" | "lead" | "undated" | "bottom"
        | "left" | "right" | "above" | "below" | "center" | "centre" | "fuente" | "quelle" => {
            Word::Label
        }
        "by" | "por" | "par" | "von" | "door" | "av" | "af" => Word::By,
        "of" | "from" | "de" | "du" | "des" | "to" => Word::Of,
        "the" | "la" | "el" | "las" | "los" | "l" => Word::Article,
        _ => return None,
    })
}

/// Finds what stands before the names of a text. `is_first` where it is the beginning of a credit, so
/// that a name may follow `Photo` without more.
pub(super) fn lead(text: &str, is_first: bool) -> Lead {
    let mut found = Lead::default();
    // What is found so far counts only once something says that it is no name.
    let mut accepted = Lead::default();
    let mut at = 0;
    let mut last = None;
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        let rest = &text[at..];
        if let Some(length) = copyright(rest) {
            at += length;
            last = Some(Word::Label);
            found.names_maker = true;
            found.length = at;
            accepted = found.copied();
            continue;
        }
        if let Some(length) = mark(rest).filter(|_| last.is_some()) {
            at += length;
            found.length = at;
            accepted = found.copied();
            continue;
        }
        let end = rest
            .find(|c: char| !(c.is_alphabetic() || c == '-'))
            .unwrap_or(rest.len());
        let written = &rest[..end];
        // `Photo-Agency` and `art.department` are names.
        let is_whole =
            !rest[end..].starts_with(['.', '_', '@', '\'', '’']) || rest[end..].starts_with("...");
        let known = word(&written.to_lowercase()).filter(|_| is_whole);
        let Some(known) = known else { break };
        let here = at..at + end;
        match &known {
            Word::Kind(kind) => {
                if found.kind.is_none_or(|known| known == CreditKind::Photo) {
                    found.kind = Some(*kind);
                }
            }
            Word::Relation(relation) => {
                if found.relation.is_none() {
                    found.relation = Some(*relation);
                }
                if *relation == Relation::Screenshot {
                    found.kind = Some(CreditKind::Screenshot);
                }
                found.names_giver = matches!(relation, Relation::Courtesy | Relation::Handout);
                found.relations.push(here.clone());
            }
            Word::Label => {}
            Word::By if last.is_none() && is_given_name(written, &rest[end..]) => break,
            Word::By if last.is_some() || is_first => found.names_maker = true,
            Word::Of if found.relation.is_some() || matches!(last, Some(Word::Kind(_))) => {}
            // An article is a part of the name, unless somebody gives something.
            Word::Article
                if matches!(last, Some(Word::Of | Word::By | Word::Relation(_)))
                    && found.names_giver
                    && written.chars().all(char::is_lowercase) => {}
            _ => break,
        }
        at += end;
        found.length = at;
        let says_so = match &known {
            Word::By | Word::Of | Word::Article => true,
            Word::Relation(relation) => relation_stands(*relation, &text[at..], last.as_ref()),
            _ => false,
        };
        last = Some(known);
        if says_so {
            accepted = found.copied();
        }
    }
    if found.length > accepted.length {
        let rest = text[found.length..].trim_start();
        let is_all = rest.is_empty();
        let is_weak = is_first
            && matches!(last, Some(Word::Kind(CreditKind::Photo)))
            && rest.starts_with(|c: char| c.is_uppercase() || c == '(')
            && found.relation.is_none();
        let is_before_via = rest.to_lowercase().starts_with("via ");
        let is_related = found.relation.is_some()
            && matches!(last, Some(Word::Kind(_) | Word::Relation(_)))
            && (is_all || is_before_via || rest.starts_with(['/', ',', '|', '-', '–', '—', ';']));
        if is_all && found.relation.is_some() || is_weak || is_before_via || is_related {
            return found;
        }
    }
    accepted
}

/// Tells whether a word for `by` is a given name, as in `Von Miller / Reuters`: one other word follows.
fn is_given_name(written: &str, rest: &str) -> bool {
    let end = rest.find(['/', '|', ',', ';', '(', '—', '–']);
    let name = &rest[..end.unwrap_or(rest.len())];
    written.starts_with(char::is_uppercase)
        && !written.eq_ignore_ascii_case("by")
        && name.split_whitespace().count() == 1
        && name.trim_start().starts_with(char::is_uppercase)
}

/// Tells whether a word that says how a photo was had is not the beginning of a name.
fn relation_stands(relation: Relation, rest: &str, before: Option<&Word>) -> bool {
    let next = rest.trim_start();
    match relation {
        Relation::Courtesy => true,
        Relation::Handout | Relation::Screenshot => true,
        // `Pool` and `File` may be names.
        _ => before.is_some() && !next.starts_with(|c: char| c.is_uppercase()),
    }
}

impl Lead {
    fn copied(&self) -> Self {
        Self {
            length: self.length,
            kind: self.kind,
            relation: self.relation,
            names_giver: self.names_giver,
            names_maker: self.names_maker,
            relations: self.relations.clone(),
        }
    }
}

/// Returns the length of what ends a label: a colon or three dots.
fn mark(text: &str) -> Option<usize> {
    if let Some(rest) = text.strip_prefix("...") {
        return Some(text.len() - rest.len());
    }
    let first = text.chars().next()?;
    matches!(first, ':' | '：' | '…').then(|| first.len_utf8())
}

/// Returns the length of a sign of copyright, with its year.
fn copyright(text: &str) -> Option<usize> {
    let lower = text.get(..3).unwrap_or_default();
    let sign = if text.starts_with('©') {
        '©'.len_utf8()
    } else if lower.eq_ignore_ascii_case("(c)") {
        3
    } else if text
        .get(..9)
        .is_some_and(|word| word.eq_ignore_ascii_case("copyright"))
    {
        9
    } else {
        return None;
    };
    let rest = &text[sign..];
    let digits = rest.trim_start();
    let year = digits
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '–')))
        .unwrap_or(digits.len());
    let is_year = (4..=11).contains(&year);
    Some(if is_year {
        sign + rest.len() - digits.len() + year
    } else {
        sign
    })
}

/// Tells how a photo was had, of a text that says nothing else: `Pool photo`, `file`, `staff
/// photographer`.
pub(super) fn relation_alone(text: &str) -> Option<Relation> {
    let mut relation = None;
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, '-' | '.' | '(' | ')'));
    for written in words.filter(|word| !word.is_empty()) {
        match word(&written.to_lowercase())? {
            Word::Relation(found) => relation = relation.or(Some(found)),
            Word::Kind(CreditKind::Photo | CreditKind::Video) => {}
            _ => return None,
        }
    }
    relation
}

/// Finds how a photo was had where a name ends with that: `Gazette file photo`. Returns the name's
/// length too.
pub(super) fn relation_after(text: &str) -> Option<(usize, Relation)> {
    let mut end = text.len();
    let mut found = None;
    loop {
        let before = text[..end].trim_end_matches(|c: char| c.is_whitespace() || c == '.');
        let name =
            text[..end].trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '-' | ','));
        let edge = before.rfind(|c: char| c.is_whitespace() || c == '-');
        let Some(edge) = edge else {
            return found.map(|relation| (name.len(), relation));
        };
        let start = edge + before[edge..].chars().next().map_or(1, char::len_utf8);
        let last = &before[start..];
        let is_kind = match word(&last.to_lowercase()) {
            Some(Word::Relation(relation)) => {
                found = Some(relation);
                false
            }
            Some(Word::Kind(CreditKind::Photo)) if found.is_none() => true,
            _ => return found.map(|relation| (name.len(), relation)),
        };
        end = text[..start]
            .trim_end_matches(|c: char| c.is_whitespace() || c == '-')
            .len();
        if end == 0 {
            return None;
        }
        // `X photo` says nothing of how it was had.
        if is_kind && relation_after(&text[..end]).is_none() {
            return None;
        }
    }
}

/// Tells whether a text invites to buy the photo.
pub(super) fn is_offer(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    [
        "license photo",
        "licence photo",
        "buy photo",
        "buy this photo",
        "purchase photo",
        "order prints",
    ]
    .contains(&lower.as_str())
        || licence::length(text.trim()).is_none() && lower.starts_with("http")
}
