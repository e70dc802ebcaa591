//! Comparisons, merged when equal.

use crate::cidr::Cidr;
use crate::ir::{Order, Test};
use crate::pattern::Piece;
use crate::time_part::TimePart;

/// What makes two comparisons the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Text(Box<[Piece]>, bool),
    Int(i64),
    /// Bits of a number.
    Float(u64),
    Bool(bool),
    Regex(Box<str>),
    Cidr(Cidr),
    Compare(Order, u64),
    Part(TimePart, Order, i64),
}

/// The key of a comparison that depends on the value alone; `None` for those that look at more than a value that is
/// there (absence, another field, negation).
pub(super) fn key(test: &Test) -> Option<Key> {
    Some(match test {
        Test::Text(pattern) => Key::Text(pattern.pieces().into(), pattern.cased()),
        Test::Int(number) => Key::Int(*number),
        Test::Float(number) => Key::Float(number.to_bits()),
        Test::Bool(wanted) => Key::Bool(*wanted),
        // Flags are part of the text: see `lower`.
        Test::Regex(regex) => Key::Regex(regex.as_str().into()),
        Test::Cidr(block) => Key::Cidr(*block),
        Test::Compare(order, number) => Key::Compare(*order, number.to_bits()),
        Test::Part(part, order, number) => Key::Part(*part, *order, *number),
        Test::Null | Test::Exists(_) | Test::Field { .. } | Test::Not(_) => return None,
    })
}
