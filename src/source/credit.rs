//! A photo's credit: its text, and what the text says.
//!
//! The text is kept as it is written and is what readers are shown; what is read out of it serves
//! pages of photographers, feeds and search engines. [`parse()`] never fails: what it does not
//! understand is [`Role::Other`], and every letter of the text belongs to exactly one [`Piece`].

mod caption;
mod chain;
mod lead;
mod lexicon;
mod licence;
mod names;
mod parse;
#[cfg(test)]
mod tests;
mod written;

pub use lexicon::{Lexicon, Supplier, SupplierKind};
pub use licence::licence_url;
pub use parse::parse;

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// The text, as written.
    pub raw: String,
    /// What was made.
    pub kind: CreditKind,
    /// Who made it: people, and groups that are no organisation.
    pub creators: Vec<String>,
    /// The first organisation: who employs the maker, sells the photo or gave it.
    pub agency: Option<String>,
    /// The organisations after it, through whose hands the photo went.
    pub distributors: Vec<String>,
    /// Where it was had: `via` Getty Images, `on` Unsplash.
    pub via: Option<String>,
    /// Who ordered it: `for` the Gazette.
    pub client: Option<String>,
    /// How the photo came to whoever shows it, where the credit says so.
    pub relation: Option<Relation>,
    /// The licence, as written: `CC BY-SA 4.0`.
    pub licence: Option<String>,
    /// What each stretch of the text is, in order; together they are all of it.
    pub pieces: Vec<Piece>,
}

/// What a credit is of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CreditKind {
    /// A photo.
    #[default]
    Photo,
    /// A drawing.
    Illustration,
    /// A chart or a map.
    Graphic,
    /// Several pictures in one.
    Composite,
    /// A film, or a picture of one.
    Video,
    /// A picture of a screen.
    Screenshot,
}

/// How a photo came to whoever shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// The house's own photographer took it.
    Staff,
    /// It was taken on order.
    Freelance,
    /// Somebody lets it be used.
    Courtesy,
    /// Somebody handed it out to the press.
    Handout,
    /// One photographer took it for all.
    Pool,
    /// It comes from the house's own archive.
    File,
    /// It is a stock photo.
    Stock,
    /// It was taken from a screen.
    Screenshot,
}

/// A stretch of a credit's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub role: Role,
    /// Which bytes of the text.
    pub at: Range<usize>,
}

/// What a stretch of a credit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// What stands before a name: `Photo by`.
    Label,
    /// What stands between names: ` / `.
    Between,
    /// Who made it.
    Creator,
    /// The first organisation.
    Agency,
    /// A further one.
    Distributor,
    /// Where it was had.
    Via,
    /// Who ordered it.
    Client,
    /// How it was had: `courtesy of`.
    Relation,
    /// The licence.
    Licence,
    /// What is not understood, or says nothing of the photo.
    Other,
}

impl CreditKind {
    /// Returns the word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Illustration => "illustration",
            Self::Graphic => "graphic",
            Self::Composite => "composite",
            Self::Video => "video",
            Self::Screenshot => "screenshot",
        }
    }
}

impl Relation {
    /// Returns the word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Freelance => "freelance",
            Self::Courtesy => "courtesy",
            Self::Handout => "handout",
            Self::Pool => "pool",
            Self::File => "file",
            Self::Stock => "stock",
            Self::Screenshot => "screenshot",
        }
    }
}

impl Credit {
    /// Returns the organisations, the first one first, each once.
    pub fn organisations(&self) -> impl Iterator<Item = &str> {
        let all = self
            .agency
            .iter()
            .chain(&self.distributors)
            .chain(&self.via);
        let all: Vec<&str> = all.map(String::as_str).collect();
        let mut seen: Vec<&str> = Vec::new();
        for one in all {
            if !seen.contains(&one) {
                seen.push(one);
            }
        }
        seen.into_iter()
    }

    /// Tells whether two credits say the same, in whatever words.
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.creators == other.creators
            && self.agency == other.agency
            && self.distributors == other.distributors
            && self.via == other.via
            && self.client == other.client
            && self.relation == other.relation
            && self.licence == other.licence
    }

    /// Writes the credit in one way, whatever way it was written in, such as
    /// `Ana Reis and Bo Li / Reuters (file) via Alamy`. Parsing that gives a credit that says the same.
    pub fn written(&self, lexicon: &Lexicon) -> String {
        let text = written::text(self);
        match parse(&text, lexicon).says_the_same(self) {
            true => text,
            // A name can look like something else where it stands alone.
            false => self.raw.trim().to_owned(),
        }
    }

    /// Tells whether the text is more than a credit: a caption that was pasted into its place.
    pub fn is_caption(&self) -> bool {
        self.pieces
            .iter()
            .any(|piece| piece.role == Role::Other && names::is_prose(&self.raw[piece.at.clone()]))
    }
}
