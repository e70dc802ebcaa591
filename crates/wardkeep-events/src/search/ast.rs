//! What a question says, once it is parsed.

use std::net::IpAddr;
use wardkeep_types::{Date, Length, Moment};

/// Where something stands in the text of the question, in bytes. It says nothing about what stands there: two spans
/// are always equal, so that questions compare by meaning.
#[derive(Debug, Clone, Copy, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Behind the last byte.
    pub end: usize,
}

impl PartialEq for Span {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A question: which events, from when to when, and what to make of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// Which events.
    pub filter: Expr,
    /// From when to when.
    pub window: Window,
    /// What to make of them; nothing lists them, newest first.
    pub stage: Option<Stage>,
    /// Rows wanted at most, from `| limit`.
    pub limit: Option<u32>,
}

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// Every event.
    All,
    /// All of them; two or more, none of which is itself `And` or `All`.
    And(Vec<Expr>),
    /// Any of them; two or more, none of which is itself `Or` or `All`.
    Or(Vec<Expr>),
    /// Not that.
    Not(Box<Expr>),
    /// One test.
    Term(Term),
}

/// A test of one field, or of the whole text.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// Where it stands.
    pub span: Span,
    /// Which field; none means the text of the record.
    pub field: Option<FieldName>,
    /// The test.
    pub test: Test,
}

/// What a field is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// Whether it fits, whatever the case of its letters. The text of a record fits when the pattern stands in it.
    Fits(Pattern),
    /// Whether it is there, with a value.
    Exists,
    /// How its number compares.
    Compare(Compare, f64),
    /// Whether its number lies between two, both counted.
    Between(f64, f64),
    /// Whether its address lies in a network.
    Within(Network),
}

/// How two numbers compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// `>`
    Above,
    /// `>=`
    From,
    /// `<`
    Below,
    /// `<=`
    UpTo,
}

impl Compare {
    /// As it is written.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Above => ">",
            Self::From => ">=",
            Self::Below => "<",
            Self::UpTo => "<=",
        }
    }
    /// Whether `number` compares so to `bound`.
    pub fn holds(self, number: f64, bound: f64) -> bool {
        match self {
            Self::Above => number > bound,
            Self::From => number >= bound,
            Self::Below => number < bound,
            Self::UpTo => number <= bound,
        }
    }
}

/// A part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// That text.
    Literal(String),
    /// Any characters, or none.
    Many,
    /// One character.
    One,
}

/// Text with wildcards. No two literals and no two `Many` stand side by side, and no literal is empty; nothing at all
/// is the empty text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pattern(pub Vec<Piece>);

impl Pattern {
    /// Exactly that text.
    pub fn literal(text: &str) -> Self {
        let mut pattern = Self::default();
        pattern.text(text);
        pattern
    }
    /// The text, if there is no wildcard in it.
    pub fn as_literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }
    pub(super) fn text(&mut self, more: &str) {
        if more.is_empty() {
            return;
        }
        if let Some(Piece::Literal(text)) = self.0.last_mut() {
            text.push_str(more);
        } else {
            self.0.push(Piece::Literal(more.to_owned()));
        }
    }
    pub(super) fn many(&mut self) {
        if self.0.last() != Some(&Piece::Many) {
            self.0.push(Piece::Many);
        }
    }
}

/// A network of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    /// Its first address: the bits behind the prefix are zero.
    pub base: IpAddr,
    /// Bits that all its addresses share.
    pub bits: u8,
}

impl Network {
    /// Reads `10.0.0.0/8`; addresses within a network stand for the network.
    pub fn parse(text: &str) -> Option<Self> {
        let (base, bits) = text.split_once('/')?;
        let (base, bits): (IpAddr, u8) = (base.parse().ok()?, bits.parse().ok()?);
        let base = match base {
            IpAddr::V4(ip) if bits <= 32 => IpAddr::V4((u32::from(ip) & mask32(bits)).into()),
            IpAddr::V6(ip) if bits <= 128 => IpAddr::V6((u128::from(ip) & mask128(bits)).into()),
            _ => return None,
        };
        Some(Self { base, bits })
    }
    /// Whether the address lies in it. An IPv4 address written as IPv6 is the IPv4 address.
    pub fn holds(&self, ip: IpAddr) -> bool {
        match (self.base, ip.to_canonical()) {
            (IpAddr::V4(base), IpAddr::V4(ip)) => u32::from(ip) & mask32(self.bits) == u32::from(base),
            (IpAddr::V6(base), IpAddr::V6(ip)) => u128::from(ip) & mask128(self.bits) == u128::from(base),
            _ => false,
        }
    }
    /// Whether the text is an address in it.
    pub fn holds_text(&self, text: &str) -> bool {
        text.trim().parse().is_ok_and(|ip| self.holds(ip))
    }
}

fn mask32(bits: u8) -> u32 {
    u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0)
}

fn mask128(bits: u8) -> u128 {
    u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0)
}

macro_rules! known {
    ($($(#[$doc:meta])* $variant:ident = $key:literal;)*) => {
        /// A part of the normalised event that has a name of its own.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Known { $($(#[$doc])* $variant,)* }

        impl Known {
            /// All, as people are told of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// Its name.
            pub const fn key(self) -> &'static str { match self { $(Self::$variant => $key,)* } }
        }
    };
}

known! {
    /// The machine that logged it.
    Host = "host";
    /// The account that acted.
    User = "user";
    /// The address it came from.
    SrcIp = "src_ip";
    /// The address it went to.
    DstIp = "dst_ip";
    /// Either address.
    Ip = "ip";
    /// The program that acted.
    Process = "process";
    /// What was done.
    Action = "action";
    /// Success or failure.
    Outcome = "outcome";
    /// The text meant for people.
    Message = "message";
    /// A hash of a file, anywhere in the record.
    Hash = "hash";
    /// The file or live source it came from.
    Source = "source";
    /// The kind of record: `windows`, `syslog`, ...
    Dialect = "dialect";
    /// A part of one of its log sources: `process_creation`, `windows`, `sysmon`, ...
    LogSource = "logsource";
    /// The record as received, as a whole.
    Raw = "raw";
    /// Its id.
    Id = "id";
}

/// The name of a field.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FieldName {
    /// A part of the normalised event.
    Known(Known),
    /// An original field of the record; the case of its letters does not matter.
    Other(String),
}

impl FieldName {
    /// The field of that name. Names that are not known are original fields; `field.` before a name says that the
    /// original field is meant.
    pub fn parse(name: &str) -> Self {
        if let Some(head) = name.get(..6)
            && head.eq_ignore_ascii_case("field.")
            && name.len() > 6
        {
            return Self::Other(name[6..].to_owned());
        }
        if name.eq_ignore_ascii_case("event_id") {
            return Self::Known(Known::Id);
        }
        let known = Known::ALL.iter().find(|known| known.key().eq_ignore_ascii_case(name));
        known.map_or_else(|| Self::Other(name.to_owned()), |known| Self::Known(*known))
    }
}

/// A point in time as it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// That long before now.
    Ago(Length),
    /// A day, UTC: its beginning as the start of a period, its end as the end of one.
    Day(Date),
    /// An instant.
    At(Moment),
}

/// From when to when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Window {
    /// Not before.
    pub from: Option<When>,
    /// Not at or after.
    pub to: Option<When>,
}

impl Window {
    /// The instants: from the first on, before the second.
    pub fn resolve(&self, now: Moment) -> (Option<Moment>, Option<Moment>) {
        let from = self.from.map(|when| match when {
            When::Ago(ago) => now.plus_seconds(-ago.seconds()),
            When::Day(day) => day.start(),
            When::At(at) => at,
        });
        let to = self.to.map(|when| match when {
            When::Ago(ago) => now.plus_seconds(-ago.seconds()),
            When::Day(day) => day.plus_days(1).start(),
            When::At(at) => at,
        });
        (from, to)
    }
}

/// What to make of the events.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// How many, for each value of those fields.
    Count(Vec<FieldName>),
    /// The commonest values of a field.
    Top(u32, FieldName),
    /// How many in each stretch of time, for each value of a field if one is named.
    Over(Length, Option<FieldName>),
    /// Only those fields of each event.
    Fields(Vec<FieldName>),
}
