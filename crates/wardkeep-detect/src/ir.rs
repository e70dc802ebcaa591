//! Our own form of a rule's logic. Everything that matches (streaming, columns, explanation) reads this one form.

use crate::cidr::Cidr;
use crate::pattern::Pattern;
use crate::time_part::TimePart;
use regex::Regex;
use std::fmt;
use std::sync::Arc;

/// A field, by name and by its number within the rule set.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Field {
    /// The flat dotted name.
    pub name: Arc<str>,
    /// Its number: equal names have equal numbers within one rule set.
    pub slot: u32,
}

/// A tree of conditions.
#[derive(Debug, Clone)]
pub enum Node {
    /// All hold. Empty: true.
    All(Vec<Node>),
    /// At least one holds. Empty: false.
    Any(Vec<Node>),
    /// At least that many hold.
    AtLeast(usize, Vec<Node>),
    /// It does not hold.
    Not(Box<Node>),
    /// A named part of the rule (`selection`, `filter_main`), shared between conditions.
    Named(Arc<str>, Arc<Node>),
    /// A comparison.
    Atom(Atom),
}

/// How several values of one field are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Link {
    /// One is enough.
    Any,
    /// Each must be found (modifier `all`).
    All,
}

/// One field, or the whole event, against a list of values.
#[derive(Debug, Clone)]
pub struct Atom {
    /// The field; absent for keywords, which look at the whole event.
    pub field: Option<Field>,
    /// How the values are joined.
    pub link: Link,
    /// The values.
    pub tests: Vec<Test>,
}

/// A comparison of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// Less than.
    Less,
    /// At most.
    AtMost,
    /// More than.
    More,
    /// At least.
    AtLeast,
    /// Equal.
    Equal,
    /// Different.
    Differs,
}

impl Order {
    /// Whether `left` stands so to `right`.
    pub fn holds<T: PartialOrd>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::More => left > right,
            Self::AtLeast => left >= right,
            Self::Equal => left == right,
            Self::Differs => left != right,
        }
    }
    /// As a sign.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
            Self::Equal => "=",
            Self::Differs => "!=",
        }
    }
}

/// Where a referenced field's text must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// Equal to it.
    Whole,
    /// Anywhere.
    Inside,
    /// At the start.
    Start,
    /// At the end.
    End,
}

/// One comparison with one value.
#[derive(Debug, Clone)]
pub enum Test {
    /// Text with wildcards.
    Text(Pattern),
    /// A whole number; text that reads as a number counts too.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// True or false.
    Bool(bool),
    /// Absent, or present without a value.
    Null,
    /// Whether the field is there at all.
    Exists(bool),
    /// A regular expression, found anywhere.
    Regex(Regex),
    /// An address block.
    Cidr(Cidr),
    /// A number by order.
    Compare(Order, f64),
    /// A part of a moment, by order.
    Part(TimePart, Order, i64),
    /// Another field's text.
    Field {
        /// The other field.
        other: Field,
        /// Where its text must stand.
        place: Place,
        /// Whether case matters.
        cased: bool,
        /// Whether it must not.
        negated: bool,
    },
    /// There is a value and it is not this one (modifier `neq`).
    Not(Box<Test>),
}

impl Node {
    /// Visits every atom.
    pub fn atoms<'a>(&'a self, visit: &mut dyn FnMut(&'a Atom)) {
        match self {
            Self::All(nodes) | Self::Any(nodes) | Self::AtLeast(_, nodes) => {
                for node in nodes {
                    node.atoms(visit);
                }
            }
            Self::Not(node) => node.atoms(visit),
            Self::Named(_, node) => node.atoms(visit),
            Self::Atom(atom) => visit(atom),
        }
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(pattern) if pattern.cased() => write!(f, "is '{pattern}' (case matters)"),
            Self::Text(pattern) => write!(f, "is '{pattern}'"),
            Self::Int(number) => write!(f, "= {number}"),
            Self::Float(number) => write!(f, "= {number}"),
            Self::Bool(wanted) => write!(f, "is {wanted}"),
            Self::Null => f.write_str("is empty"),
            Self::Exists(true) => f.write_str("is there"),
            Self::Exists(false) => f.write_str("is not there"),
            Self::Regex(regex) => write!(f, "matches /{regex}/"),
            Self::Cidr(block) => write!(f, "is in {block}"),
            Self::Compare(order, number) => write!(f, "{} {number}", order.sign()),
            Self::Part(part, order, number) => write!(f, "{part} {} {number}", order.sign()),
            Self::Field { other, place, negated, .. } => {
                let not = if *negated { "not " } else { "" };
                let place = match place {
                    Place::Whole => "equal to",
                    Place::Inside => "containing",
                    Place::Start => "starting with",
                    Place::End => "ending with",
                };
                write!(f, "is {not}{place} the field {}", other.name)
            }
            Self::Not(test) => write!(f, "not: {test}"),
        }
    }
}

impl fmt::Display for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// Values shown of one list; a list of a thousand names helps nobody.
        const SHOWN: usize = 12;
        match &self.field {
            Some(field) => write!(f, "{} ", field.name)?,
            None => f.write_str("any value ")?,
        }
        let joint = if self.link == Link::All { " and " } else { " or " };
        for (i, test) in self.tests.iter().take(SHOWN).enumerate() {
            if i > 0 {
                f.write_str(joint)?;
            }
            test.fmt(f)?;
        }
        match self.tests.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, "{joint}{more} more"),
        }
    }
}
