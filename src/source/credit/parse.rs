//! A credit's text becomes a [`Credit`].

use super::lead::{self, Lead};
use super::lexicon::{Lexicon, SupplierKind};
use super::names::Surname;
use super::{Credit, CreditKind, Piece, Relation, Role, chain, licence, names};
use std::ops::Range;

/// Reads what a credit says.
///
/// Every text is a credit: what is not understood is [`Role::Other`]. Takes time linear in the text's
/// length times the number of its parts.
pub fn parse(raw: &str, lexicon: &Lexicon) -> Credit {
    let mut reader = Reader {
        raw,
        lexicon,
        pieces: Vec::new(),
        kind: None,
        relation: None,
    };
    let (inner, rest) = outer(raw);
    if let Some(rest) = rest {
        reader.note(Role::Other, rest);
    }
    let bodies = split(raw, inner.clone(), ';');
    match bodies
        .iter()
        .any(|body| names::is_prose(&raw[body.clone()]))
    {
        true => reader.note(Role::Other, trim_blanks(raw, inner)),
        false => bodies.into_iter().for_each(|body| reader.body(body)),
    }
    reader.finish()
}

/// Cuts a stretch at a letter.
fn split(text: &str, within: Range<usize>, at: char) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = within.start;
    for (offset, _) in text[within.clone()].match_indices(at) {
        found.push(start..within.start + offset);
        start = within.start + offset + at.len_utf8();
    }
    found.push(start..within.end);
    found
}

/// Returns what stands in the brackets around a credit, or all of it, and what follows the brackets.
fn outer(raw: &str) -> (Range<usize>, Option<Range<usize>>) {
    let left = raw.trim_start();
    let start = raw.len() - left.len();
    let end = start + left.trim_end().len();
    let is_sign = raw[start..end]
        .get(..3)
        .is_some_and(|sign| sign.eq_ignore_ascii_case("(c)"));
    if !raw[start..end].starts_with('(') || is_sign {
        return (start..end, None);
    }
    let mut depth = 0_usize;
    for (offset, letter) in raw[start..end].char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let close = start + offset;
            let after = raw[close + 1..end].trim_start();
            let rest = end - after.len()..end;
            let inner = start + 1..close;
            return match after.is_empty() {
                true => (inner, None),
                // What follows is a caption where it is more than a name.
                false if after.split_whitespace().count() >= 3 => (inner, Some(rest)),
                false => (start..end, None),
            };
        }
    }
    (start + 1..end, None)
}

struct Reader<'a> {
    raw: &'a str,
    lexicon: &'a Lexicon,
    pieces: Vec<Piece>,
    kind: Option<CreditKind>,
    relation: Option<Relation>,
}

/// Where a photo was had: the word for it, and what follows.
struct Via {
    word: Range<usize>,
    names: Range<usize>,
}

/// What is known of the parts that were read before in the same body.
#[derive(Default)]
struct Before {
    /// How many parts there were.
    parts: usize,
    /// Whether the first of them is an organisation, known or by its name.
    is_supplied: bool,
    /// Whether somebody was named who made it.
    has_creator: bool,
    /// Whether parts follow, so that the first is probably a person.
    is_followed: bool,
    /// Whether the next name is that of who gave it.
    is_giver: bool,
    /// Whether the last part is a known supplier.
    ends_supplied: bool,
    /// Whether what stands around the next name shows that it is a person's.
    is_maker: bool,
}

impl Reader<'_> {
    fn note(&mut self, role: Role, at: Range<usize>) {
        if !at.is_empty() {
            self.pieces.push(Piece { role, at });
        }
    }

    fn relate(&mut self, relation: Relation) {
        self.relation.get_or_insert(relation);
    }

    fn is_known(&self, at: &Range<usize>) -> bool {
        self.lexicon.supplier(&self.raw[at.clone()]).is_some()
    }

    /// Takes a lead: notes its stretches, and returns what follows.
    fn take(&mut self, lead: &Lead, within: Range<usize>) -> Range<usize> {
        let mut at = within.start;
        for relation in &lead.relations {
            let stretch = within.start + relation.start..within.start + relation.end;
            self.note(Role::Label, trim_blanks(self.raw, at..stretch.start));
            at = stretch.end;
            self.note(Role::Relation, stretch);
        }
        let end = within.start + lead.length;
        self.note(Role::Label, trim_blanks(self.raw, at..end));
        if let Some(kind) = lead.kind
            && self.kind.is_none_or(|known| known == CreditKind::Photo)
        {
            self.kind = Some(kind);
        }
        if let Some(relation) = lead.relation {
            self.relate(relation);
        }
        end..within.end
    }

    /// Reads one list of people and organisations: all of a credit, or what stands between semicolons.
    fn body(&mut self, within: Range<usize>) {
        let within = trim_blanks(self.raw, within);
        // A supplier's name may begin as a label does: Image Source.
        let first = chain::segments(self.raw, within.clone()).swap_remove(0);
        let lead = match self.is_known(&chain::trimmed(self.raw, first)) {
            true => Lead::default(),
            false => lead::lead(&self.raw[within.clone()], true),
        };
        let rest = self.take(&lead, within);
        let mut before = Before {
            is_giver: lead.names_giver && !begins_with_separator(&self.raw[rest.clone()]),
            ..Before::default()
        };
        let (names, via) = self.via(rest);
        let is_made = lead.names_maker || lead.relation.is_some() || via.is_some();
        self.chain(names, is_made, &mut before);
        if let Some(via) = via {
            self.note(Role::Between, via.word);
            self.supplied(via.names);
        }
    }

    /// Finds where a photo was had: returns what stands before that, the word, and what follows it.
    fn via(&self, within: Range<usize>) -> (Range<usize>, Option<Via>) {
        let raw = self.raw;
        let mut found: Option<Range<usize>> = None;
        let mut consider = |at: Range<usize>| {
            if found.as_ref().is_none_or(|known| at.start < known.start) {
                found = Some(at);
            }
        };
        for word in ["via", "through"] {
            if let Some(at) = chain::find_word(raw, within.clone(), word) {
                consider(at);
            }
        }
        // These stand in names as well.
        for word in ["on", "from"] {
            if let Some(at) = chain::find_word(raw, within.clone(), word) {
                let after = chain::segments(raw, at.end..within.end).swap_remove(0);
                if self.is_known(&chain::trimmed(raw, after)) {
                    consider(at);
                }
            }
        }
        match found {
            Some(at) => {
                let names = at.end..within.end;
                (within.start..at.start, Some(Via { word: at, names }))
            }
            None => (within, None),
        }
    }

    /// Reads what follows `via`.
    fn supplied(&mut self, within: Range<usize>) {
        for (number, segment) in chain::segments(self.raw, within).into_iter().enumerate() {
            for part in self.parts(segment) {
                let part = chain::trimmed(self.raw, part);
                if self.aside(&part) {
                    continue;
                }
                let role = if number == 0 { Role::Via } else { Role::Agency };
                let (part, client) = self.client(part);
                let part = self.without_relation(part);
                self.note(role, part);
                self.order(client);
            }
        }
    }

    /// Reads what separators stand between. `is_made` where a label or what follows says that the first
    /// name is of somebody.
    fn chain(&mut self, within: Range<usize>, is_made: bool, before: &mut Before) {
        let segments: Vec<Range<usize>> = chain::segments(self.raw, within)
            .into_iter()
            .filter(|segment| !chain::trimmed(self.raw, segment.clone()).is_empty())
            .collect();
        let count = segments.len();
        before.ends_supplied = count > 2
            && segments
                .last()
                .is_some_and(|last| self.is_known(&chain::trimmed(self.raw, last.clone())));
        for (number, segment) in segments.iter().enumerate() {
            before.is_followed = number + 1 < count;
            // `Ana Reis / Reuters`, `Reuters / Ana Reis`.
            before.is_maker = match segments.get(number + 1) {
                _ if number > 0 => before.is_supplied && !before.has_creator,
                Some(next) => is_made || self.follows_maker(next),
                None => is_made,
            };
            self.segment(segment.clone(), before);
        }
    }

    fn segment(&mut self, within: Range<usize>, before: &mut Before) {
        let mut within = chain::trimmed(self.raw, within);
        if self.aside(&within) {
            return;
        }
        if !self.is_known(&within) && (before.parts > 0 || !before.is_giver) {
            let lead = lead::lead(&self.raw[within.clone()], false);
            if lead.length > 0 {
                before.is_giver = lead.names_giver;
                within = chain::trimmed(self.raw, self.take(&lead, within));
            }
        }
        if let Some(at) = self.courtesy(&within) {
            let rest = at.end..within.end;
            before.is_followed = true;
            self.segment(within.start..at.start, before);
            self.note(Role::Relation, at);
            self.relate(Relation::Courtesy);
            before.is_giver = true;
            return self.segment(rest, before);
        }
        let (within, client) = self.client(within);
        before.is_followed |= client.is_some();
        before.is_maker |= client.is_some() || before.is_giver;
        if !before.is_giver
            && let Some((person, house)) = self.employed(&within)
        {
            before.is_followed = true;
            before.is_maker = true;
            self.list(person, before);
            self.note(Role::Agency, house);
        } else {
            self.list(within, before);
        }
        self.order(client);
    }

    /// Reads names that commas and `and` stand between, and what else may stand after a comma.
    fn list(&mut self, within: Range<usize>, before: &mut Before) {
        let parts: Vec<Range<usize>> = self.parts(within.clone());
        let is_one = |reader: &Self| {
            // A single organisation may have a comma or an `and` in its name.
            let whole = &reader.raw[within.clone()];
            let is_list = parts.iter().any(|part| reader.is_known(part))
                || parts
                    .iter()
                    .any(|part| names::is_person(&reader.raw[part.clone()]));
            parts.len() > 1 && names::has_organisation_word(whole) && !is_list
        };
        if before.is_giver || is_one(self) && parts.iter().all(|part| !self.is_aside(part)) {
            let whole = chain::trimmed(self.raw, within);
            return self.name(whole, before);
        }
        let count = parts.len();
        // `Ana Reis, Reuters`.
        before.is_maker |= parts.get(1).is_some_and(|next| self.follows_maker(next));
        for (number, part) in parts.into_iter().enumerate() {
            if self.aside(&part) {
                continue;
            }
            let is_known = self.is_known(&part);
            let text = &self.raw[part.clone()];
            let is_whole_house = is_known
                || number > 0
                    && before.has_creator
                    && is_house(text)
                    && !has_people(self.raw, &part);
            let parts = match is_whole_house {
                true => vec![part],
                false => chain::joined(self.raw, part),
            };
            let is_list = count > 1 || parts.len() > 1;
            let is_joined = parts.len() > 1;
            before.is_followed |= is_list;
            before.is_maker |= is_joined;
            for one in parts {
                let one = chain::trimmed(self.raw, one);
                let text = &self.raw[one.clone()];
                let is_maker = is_joined && names::surname(text).is_some();
                if !is_known && before.has_creator && is_house(text) && !is_maker {
                    let the = text
                        .strip_prefix("the ")
                        .map_or(0, |rest| text.len() - rest.len());
                    let house = self.without_brackets(one.start + the..one.end);
                    let house = self.without_relation(house);
                    self.note(Role::Agency, house);
                    before.parts += 1;
                } else {
                    self.one_of(one, before, is_list);
                }
            }
        }
    }

    /// Reads one of several names in a list: each may be a person or an organisation.
    fn one_of(&mut self, at: Range<usize>, before: &mut Before, is_list: bool) {
        if is_list && before.parts > 0 && !self.is_known(&at) {
            let at = self.without_brackets(at);
            let text = &self.raw[at.clone()];
            let is_maker = before.is_maker && names::surname(text).is_some();
            let is_house = names::is_organisation(text) && !names::is_person(text);
            let role = match is_house && !is_maker {
                true => Role::Agency,
                false => Role::Creator,
            };
            before.has_creator |= role == Role::Creator;
            return self.note(role, at);
        }
        self.name(at, before);
    }

    /// Reads one name.
    fn name(&mut self, at: Range<usize>, before: &mut Before) {
        let end = at.end;
        let at = self.without_brackets(at);
        // `Ana Reis (AP)`, `Ana Reis (pool)`, `Ana Reis (CC0)`.
        before.is_maker |= at.end < end
            && (self.pieces.last()).is_some_and(|piece| {
                matches!(piece.role, Role::Agency | Role::Relation | Role::Licence)
            });
        let was = self.relation;
        let at = self.without_mark(at);
        before.is_maker |= was != self.relation;
        let has_surname = self.has_surname(&at, before);
        let at = match has_surname {
            true => at,
            false => self.without_relation(at),
        };
        if at.is_empty() {
            return;
        }
        let text = &self.raw[at.clone()];
        let is_known = self.is_known(&at);
        let is_person = has_surname || names::is_person(text);
        let gives = matches!(self.relation, Some(Relation::Handout))
            && before.parts == 0
            && (!before.is_followed || was.is_none());
        let is_organisation = if is_known || before.is_giver {
            true
        } else if has_surname && before.parts == 0 {
            false
        } else if gives {
            true
        } else if before.parts == 0 {
            // Alone or before others; in a chain, the first is a person unless its name says otherwise.
            match before.is_followed {
                true => {
                    names::has_organisation_word(text) || !is_person && names::is_organisation(text)
                }
                false => names::is_organisation(text),
            }
        } else {
            // `Reuters/Ana Reis` names the agency first; `Ana Reis / Bo Li / Reuters` names two people.
            let follows_agency = before.is_supplied && !before.has_creator;
            let is_between = before.has_creator
                && before.parts == 1
                && before.is_followed
                && before.ends_supplied;
            !(is_person && (follows_agency || is_between))
        };
        let first = before.parts == 0;
        before.parts += 1;
        before.is_giver = false;
        if !is_organisation {
            before.has_creator = true;
            return self.note(Role::Creator, at);
        }
        before.is_supplied |= first && (is_known || is_house(text));
        // `AP Photo/Ana Reis`: the word says what was made.
        let own = match text.rsplit_once(' ') {
            Some((name, word))
                if first
                    && word.eq_ignore_ascii_case("photo")
                    && self.lexicon.supplier(name).is_some() =>
            {
                at.start..at.start + name.len()
            }
            _ => at,
        };
        self.note(Role::Agency, own);
    }

    /// Tells whether a name ends with a word that says how a photo was had, and which is a surname:
    /// `Eve File / Reuters` names a person, `Gazette File / Ana Reis` a folder.
    fn has_surname(&self, at: &Range<usize>, before: &Before) -> bool {
        if self.is_known(at) {
            return false;
        }
        match names::surname(&self.raw[at.clone()]) {
            Some(Surname::Certain) => true,
            Some(Surname::Likely { given, flag }) => {
                let given = at.start + given.start..at.start + given.end;
                let is_maker = before.is_maker || self.relation.is_some() || flag == "stock";
                is_maker && !self.is_known(&given)
            }
            None => false,
        }
    }

    /// Tells whether what stands before this part is the name of a person: it is an organisation, it says
    /// who ordered the photo or how it was had.
    fn follows_maker(&self, at: &Range<usize>) -> bool {
        // `AP, File` says whose it is in its first part.
        let first = self.parts(at.clone()).into_iter().next();
        let at = chain::trimmed(self.raw, first.unwrap_or_else(|| at.clone()));
        let mut text = &self.raw[at.clone()];
        if let Some((length, _)) = lead::relation_after(text) {
            text = &text[..length];
        }
        self.is_known(&at)
            || !names::is_person(text)
            || text
                .get(..4)
                .is_some_and(|word| word.eq_ignore_ascii_case("for "))
    }

    /// Cuts a stretch at those commas that separate something: at a licence, a relation, a supplier, or
    /// between names. A full stop before a supplier separates too.
    fn parts(&self, within: Range<usize>) -> Vec<Range<usize>> {
        let mut parts: Vec<Range<usize>> = Vec::new();
        for part in chain::commas(self.raw, within) {
            let part = chain::trimmed(self.raw, part);
            if part.is_empty() {
                continue;
            }
            match parts.last_mut() {
                // The name's own comma: `Carl Dunne, Jr.`
                Some(last) if names::is_suffix(&self.raw[part.clone()]) => last.end = part.end,
                _ => parts.extend(self.sentences(part)),
            }
        }
        parts
    }

    /// Cuts `Ana Reis. AFP` in two.
    fn sentences(&self, within: Range<usize>) -> Vec<Range<usize>> {
        let text = &self.raw[within.clone()];
        for (offset, _) in text.match_indices(". ") {
            let after = chain::trimmed(self.raw, within.start + offset + 1..within.end);
            // `Eve M. Stock` is one name.
            if names::surname(&self.raw[within.start..after.end]) == Some(Surname::Certain) {
                continue;
            }
            if self.is_known(&after) || self.is_aside(&after) {
                let name = within.start..within.start + offset;
                return vec![chain::trimmed(self.raw, name), after];
            }
        }
        vec![within]
    }

    /// Tells whether a stretch is no name.
    fn is_aside(&self, at: &Range<usize>) -> bool {
        let text = &self.raw[at.clone()];
        licence::length(text).is_some_and(|length| length == text.len())
            || lead::relation_alone(text).is_some()
            || lead::is_offer(text)
    }

    /// Reads a stretch that is no name: a licence, how a photo was had, an offer. Tells whether it was
    /// one.
    fn aside(&mut self, at: &Range<usize>) -> bool {
        let text = &self.raw[at.clone()];
        if let Some(length) = licence::length(text) {
            self.note(Role::Licence, at.start..at.start + length);
            let rest = chain::trimmed(self.raw, at.start + length..at.end);
            self.note(Role::Other, rest);
            true
        } else if let Some(relation) = lead::relation_alone(text).filter(|_| !self.is_known(at)) {
            self.note(Role::Relation, at.clone());
            self.relate(relation);
            if relation == Relation::Screenshot {
                self.kind = Some(CreditKind::Screenshot);
            }
            true
        } else if lead::is_offer(text) || names::is_prose(text) {
            self.note(Role::Other, at.clone());
            true
        } else {
            false
        }
    }

    /// Reads what stands in brackets after a name, and returns the name.
    fn without_brackets(&mut self, at: Range<usize>) -> Range<usize> {
        let text = &self.raw[at.clone()];
        let Some(open) = text
            .find('(')
            .filter(|open| *open > 0 && text.ends_with(')'))
        else {
            return at;
        };
        let inner = chain::trimmed(self.raw, at.start + open + 1..at.end - 1);
        if !self.aside(&inner) {
            let role = match self.is_known(&inner) {
                true => Role::Agency,
                false => Role::Other,
            };
            self.note(role, inner);
        }
        chain::trimmed(self.raw, at.start..at.start + open)
    }

    /// Reads the mark that a hyphen joins to a name which could be read as ending with one too, and
    /// returns the name: `Eve Pool-pool`.
    fn without_mark(&mut self, at: Range<usize>) -> Range<usize> {
        let text = &self.raw[at.clone()];
        let marked = text.rsplit_once('-').and_then(|(name, mark)| {
            let relation = lead::relation_alone(mark)?;
            names::surname(name).map(|_| (name.len(), relation))
        });
        let Some((length, relation)) = marked else {
            return at;
        };
        self.relate(relation);
        self.note(Role::Relation, at.start + length + 1..at.end);
        at.start..at.start + length
    }

    /// Reads how a photo was had where a name ends with that, and returns the name.
    fn without_relation(&mut self, at: Range<usize>) -> Range<usize> {
        if self.is_known(&at) {
            return at;
        }
        let text = &self.raw[at.clone()];
        if let Some((length, relation)) = lead::relation_after(text) {
            self.relate(relation);
            self.note(
                Role::Relation,
                trim_blanks(self.raw, at.start + length..at.end),
            );
            return chain::trimmed(self.raw, at.start..at.start + length);
        }
        // `Kowal photos` are photos by Kowal; `Kowal Photos` is a house.
        match text.rsplit_once(' ') {
            Some((name, "photo" | "photos" | "image" | "images" | "picture")) => {
                self.note(Role::Label, at.start + name.len() + 1..at.end);
                chain::trimmed(self.raw, at.start..at.start + name.len())
            }
            _ => at,
        }
    }

    /// Finds `courtesy of` within a part.
    fn courtesy(&self, within: &Range<usize>) -> Option<Range<usize>> {
        let word = chain::find_word(self.raw, within.clone(), "courtesy")?;
        if word.start == within.start {
            return None;
        }
        let rest = self.raw[word.end..within.end].trim_start();
        let of = rest
            .strip_prefix("of the ")
            .or_else(|| rest.strip_prefix("of "))
            .unwrap_or(rest);
        (!of.is_empty()).then(|| word.start..within.end - of.len())
    }

    /// Finds who ordered a photo: returns what stands before that, and the name.
    fn client(&self, within: Range<usize>) -> (Range<usize>, Option<Range<usize>>) {
        let Some(word) = chain::find_word(self.raw, within.clone(), "for") else {
            return (within, None);
        };
        let name = chain::trimmed(self.raw, within.start..word.start);
        let client = chain::trimmed(self.raw, word.end..within.end);
        let text = &self.raw[name.clone()];
        // An institute for something is one.
        if client.is_empty() || names::has_organisation_word(text) && !self.is_known(&name) {
            return (within, None);
        }
        let text = &self.raw[client.clone()];
        let the = text.get(..4).filter(|the| the.eq_ignore_ascii_case("the "));
        let start = client.start + the.map_or(0, str::len);
        (name, Some(start..client.end))
    }

    fn order(&mut self, client: Option<Range<usize>>) {
        if let Some(client) = client {
            let client = self.without_relation(client);
            self.note(Role::Client, client);
        }
    }

    /// Takes `Ana Reis of the Gazette` apart.
    fn employed(&self, within: &Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
        let word = chain::find_word(self.raw, within.clone(), "of")?;
        let person = chain::trimmed(self.raw, within.start..word.start);
        let house = chain::trimmed(self.raw, word.end..within.end);
        let is_whole = self.is_known(within) || house.is_empty();
        let people = chain::joined(self.raw, person.clone());
        let is_person = |one: &Range<usize>| {
            let text = &self.raw[chain::trimmed(self.raw, one.clone())];
            names::is_person(text) || names::surname(text).is_some()
        };
        (!is_whole && people.iter().all(is_person)).then_some((person, house))
    }

    fn finish(mut self) -> Credit {
        self.pieces.sort_by_key(|piece| piece.at.start);
        let mut is_first = true;
        for piece in self
            .pieces
            .iter_mut()
            .filter(|piece| piece.role == Role::Agency)
        {
            if !std::mem::take(&mut is_first) {
                piece.role = Role::Distributor;
            }
        }
        let all = |role: Role| {
            let of_role = self.pieces.iter().filter(move |piece| piece.role == role);
            of_role.map(|piece| self.raw[piece.at.clone()].to_owned())
        };
        let mut credit = Credit {
            raw: self.raw.to_owned(),
            kind: self.kind.unwrap_or_default(),
            creators: all(Role::Creator).collect(),
            agency: all(Role::Agency).next(),
            distributors: all(Role::Distributor).collect(),
            via: all(Role::Via).next(),
            client: all(Role::Client).next(),
            relation: self.relation,
            licence: all(Role::Licence).next(),
            pieces: Vec::new(),
        };
        credit.relation = credit.relation.or_else(|| implied(&credit, self.lexicon));
        credit.pieces = covering(self.raw, self.pieces);
        credit
    }
}

/// Tells how a photo was had from who is named.
fn implied(credit: &Credit, lexicon: &Lexicon) -> Option<Relation> {
    let kinds: Vec<SupplierKind> = credit
        .organisations()
        .filter_map(|name| lexicon.supplier(name))
        .map(|supplier| supplier.kind)
        .collect();
    if kinds.contains(&SupplierKind::Own) && !credit.creators.is_empty() {
        Some(Relation::Staff)
    } else if credit.client.is_some() {
        Some(Relation::Freelance)
    } else if kinds.contains(&SupplierKind::Stock) && !kinds.contains(&SupplierKind::Agency) {
        Some(Relation::Stock)
    } else {
        None
    }
}

/// Tells whether a name that follows people is where they work.
fn is_house(text: &str) -> bool {
    names::has_organisation_word(text)
}

/// Tells whether people are among the names that are joined in a stretch.
fn has_people(text: &str, within: &Range<usize>) -> bool {
    let parts = chain::joined(text, within.clone());
    parts.len() > 1
        && parts
            .into_iter()
            .any(|part| names::is_person(&text[chain::trimmed(text, part)]))
}

/// Fills the gaps between pieces, so that they are all of the text.
fn covering(raw: &str, pieces: Vec<Piece>) -> Vec<Piece> {
    let mut all = Vec::with_capacity(pieces.len() * 2 + 1);
    let mut at = 0;
    let gap = |at: Range<usize>| {
        let says_something = raw[at.clone()].chars().any(char::is_alphanumeric);
        let role = if says_something {
            Role::Other
        } else {
            Role::Between
        };
        Piece { role, at }
    };
    for piece in pieces {
        debug_assert!(piece.at.start >= at, "pieces of {raw:?} overlap");
        if piece.at.start < at {
            continue;
        }
        if piece.at.start > at {
            all.push(gap(at..piece.at.start));
        }
        at = piece.at.end;
        all.push(piece);
    }
    if at < raw.len() {
        all.push(gap(at..raw.len()));
    }
    all
}

fn trim_blanks(text: &str, within: Range<usize>) -> Range<usize> {
    let part = &text[within.clone()];
    let left = part.trim_start();
    let start = within.end - left.len();
    start..start + left.trim_end().len()
}

fn begins_with_separator(text: &str) -> bool {
    text.trim_start()
        .starts_with(['/', '|', '-', '–', '—', ';', ','])
}
