//! Looks at one value for all comparisons of one field at once.

use super::literal::literals;
use crate::eval::value_holds_alone;
use crate::ir::Test;
use crate::pattern::Piece;
use crate::view::{Looked, Scalar};
use aho_corasick::{AhoCorasick, packed};
use std::collections::HashMap;

/// Literals up to which a text is first searched as a whole.
const GATED: usize = 64;
/// Bytes from which that pays.
const LONG: usize = 48;

/// What to do where a literal was found.
#[derive(Debug, Clone, Copy)]
enum Part {
    /// The comparison holds.
    Holds(u32),
    /// It holds if the literal stands at the start.
    Starts(u32),
    /// It holds if the literal stands at the end, trailing blanks aside.
    Ends(u32),
    /// It must be asked, which is done once a value.
    Ask(u32),
}

/// All comparisons of one field within a plan.
#[derive(Debug)]
pub(crate) struct Scan {
    /// Comparisons by number, and the number within the plan of the first.
    tests: Vec<Test>,
    /// Folded texts that are compared as a whole.
    exact: HashMap<Box<str>, Vec<u32>, ahash::RandomState>,
    automaton: Option<AhoCorasick>,
    /// Says faster than the automaton that a long text holds none of few literals.
    gate: Option<packed::Searcher>,
    parts: Vec<Vec<Part>>,
    ints: HashMap<i64, Vec<u32>, ahash::RandomState>,
    /// Comparisons without a literal: asked of every value.
    asked: Vec<u32>,
    /// Whether numbers must be looked at as text too.
    digits: bool,
    /// Whether every comparison needs a sign that ids, times and numbers lack.
    skips_dull: bool,
    /// Length of the shortest text looked for; zero when short values may satisfy something else.
    shortest: usize,
    /// Whether any text could stand in the digits of a number.
    numeric: bool,
}

/// Room for one scan, used again and again.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    seen: Vec<u32>,
    epoch: u32,
    /// Numbers of the comparisons that hold.
    pub(crate) found: Vec<u32>,
}

/// The signs of ids, times and numbers.
fn is_dull(byte: u8) -> bool {
    byte.is_ascii_hexdigit()
        || matches!(byte, b'-' | b'{' | b'}' | b':' | b'.' | b' ' | b'x' | b'T' | b't' | b'Z' | b'z')
}

impl Scratch {
    fn begin(&mut self, tests: usize) {
        self.found.clear();
        if self.seen.len() < tests {
            self.seen.resize(tests, 0);
        }
        self.epoch = self.epoch.wrapping_add(1);
        if self.epoch == 0 {
            self.seen.fill(0);
            self.epoch = 1;
        }
    }
    /// True the first time.
    fn first(&mut self, at: u32) -> bool {
        let seen = &mut self.seen[at as usize];
        let first = *seen != self.epoch;
        *seen = self.epoch;
        first
    }
    fn add(&mut self, at: u32) {
        if self.first(at) {
            self.found.push(at);
        }
    }
}

impl Scan {
    pub(super) fn new(tests: Vec<Test>) -> Self {
        let mut literal_parts: HashMap<String, Vec<Part>> = HashMap::new();
        let mut scan = Self {
            tests: Vec::new(),
            exact: HashMap::default(),
            automaton: None,
            gate: None,
            parts: Vec::new(),
            ints: HashMap::default(),
            asked: Vec::new(),
            digits: false,
            numeric: false,
            shortest: 0,
            skips_dull: false,
        };
        for (at, test) in (0_u32..).zip(&tests) {
            let mut put =
                |literal: &str, part: Part| literal_parts.entry(literal.to_owned()).or_default().push(part);
            match test {
                Test::Int(number) => scan.ints.entry(*number).or_default().push(at),
                Test::Text(pattern) if !pattern.cased() => {
                    scan.digits = true;
                    match pattern.pieces() {
                        [] => scan.exact.entry("".into()).or_default().push(at),
                        [Piece::Text(text)] => scan.exact.entry(text.clone()).or_default().push(at),
                        [Piece::Text(text), Piece::Many] => put(text, Part::Starts(at)),
                        [Piece::Many, Piece::Text(text)] => put(text, Part::Ends(at)),
                        [Piece::Many, Piece::Text(text), Piece::Many] => put(text, Part::Holds(at)),
                        _ => match pattern.necessary_literal() {
                            Some(text) => put(text, Part::Ask(at)),
                            None => scan.asked.push(at),
                        },
                    }
                }
                Test::Text(pattern) => {
                    scan.digits = true;
                    match pattern.necessary_literal().map(crate::fold::fold) {
                        Some(text) => put(&text, Part::Ask(at)),
                        None => scan.asked.push(at),
                    }
                }
                Test::Regex(regex) => {
                    let literals = literals(regex.as_str());
                    for text in &literals {
                        put(text, Part::Ask(at));
                    }
                    if literals.is_empty() {
                        scan.asked.push(at);
                    } else {
                        scan.digits = true;
                    }
                }
                _ => scan.asked.push(at),
            }
        }
        // Numbers are written with digits, signs, a point, and the letters of `inf`, `NaN` and exponents.
        let number = |text: &str| text.chars().all(|c| c.is_ascii_digit() || "+-.einfna".contains(c));
        scan.numeric = !scan.asked.is_empty()
            || !scan.ints.is_empty()
            || literal_parts.keys().any(|text| number(text))
            || scan.exact.keys().any(|text| number(text));
        let only_parts = scan.asked.is_empty() && scan.ints.is_empty() && scan.exact.is_empty();
        if only_parts {
            scan.skips_dull = literal_parts.keys().all(|text| !text.bytes().all(is_dull));
            scan.shortest = literal_parts.keys().map(String::len).min().unwrap_or(0);
        }
        let (texts, parts): (Vec<String>, Vec<Vec<Part>>) = literal_parts.into_iter().unzip();
        if !texts.is_empty() {
            // Building fails only beyond 2^31 states, far above what the limits on rule files let in.
            scan.automaton = AhoCorasick::new(&texts).ok();
            if texts.len() <= GATED && texts.iter().all(|text| text.len() >= 3) {
                scan.gate = packed::Searcher::new(&texts);
            }
            if scan.automaton.is_none() {
                scan.asked = (0..tests.len() as u32).collect();
            }
        }
        scan.parts = parts;
        scan.tests = tests;
        scan
    }

    /// Whether any comparison could hold for the digits of a number.
    pub(crate) fn may_be_number(&self) -> bool {
        self.numeric
    }
    /// Whether what a number satisfies can be read from a table.
    pub(crate) fn only_numbers(&self) -> bool {
        !self.digits && self.asked.is_empty()
    }
    /// The comparisons that hold for a whole number, when [`Self::only_numbers`].
    pub(crate) fn of_number(&self, number: i64) -> &[u32] {
        self.ints.get(&number).map_or(&[], Vec::as_slice)
    }

    /// Collects in `scratch.found` the comparisons that hold for a value that is neither a list nor null.
    pub(crate) fn look(&self, value: &Looked<'_>, scratch: &mut Scratch) {
        scratch.begin(self.tests.len());
        if matches!(value.scalar, Scalar::Null | Scalar::List(_)) {
            return;
        }
        // Folding keeps characters and may change their length by a byte or two each.
        if let Scalar::Text(text) = value.scalar
            && (text.len() * 2 < self.shortest || self.skips_dull && text.bytes().all(is_dull))
        {
            return;
        }
        self.numbers(value, scratch);
        if self.automaton.is_some() || !self.exact.is_empty() {
            self.texts(value, scratch);
        }
        for at in &self.asked {
            self.ask(*at, value, scratch);
        }
    }

    fn numbers(&self, value: &Looked<'_>, scratch: &mut Scratch) {
        if self.ints.is_empty() {
            return;
        }
        let number = match value.scalar {
            Scalar::Int(number) => Some(number),
            Scalar::Text(text) => {
                let bare = text.trim();
                let starts =
                    bare.as_bytes().first().is_some_and(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+'));
                if starts { bare.parse().ok() } else { None }
            }
            _ => None,
        };
        match number {
            Some(number) => self.of_number(number).iter().for_each(|at| scratch.add(*at)),
            // `1.0` is the number 1 as well: rare enough to be asked one by one.
            None if value.number().is_some() => {
                self.ints.values().flatten().for_each(|at| self.ask(*at, value, scratch));
            }
            None => {}
        }
    }

    fn texts(&self, value: &Looked<'_>, scratch: &mut Scratch) {
        let text = value.folded();
        let bare = text.trim_end();
        if !self.exact.is_empty() {
            for form in [text, bare] {
                if let Some(list) = self.exact.get(form) {
                    for at in list {
                        scratch.add(*at);
                    }
                }
            }
        }
        let Some(automaton) = &self.automaton else { return };
        if let Some(gate) = self.gate.as_ref().filter(|_| text.len() >= LONG)
            && gate.find(text).is_none()
        {
            return;
        }
        for found in automaton.find_overlapping_iter(text) {
            for part in &self.parts[found.pattern().as_usize()] {
                match *part {
                    Part::Holds(at) => scratch.add(at),
                    Part::Starts(at) if found.start() == 0 => scratch.add(at),
                    Part::Ends(at) if found.end() == text.len() || found.end() == bare.len() => {
                        scratch.add(at);
                    }
                    Part::Ask(at) => self.ask(at, value, scratch),
                    Part::Starts(_) | Part::Ends(_) => {}
                }
            }
        }
    }

    fn ask(&self, at: u32, value: &Looked<'_>, scratch: &mut Scratch) {
        if scratch.first(at) && value_holds_alone(&self.tests[at as usize], value) {
            scratch.found.push(at);
        }
    }
}

#[cfg(test)]
mod tests;
