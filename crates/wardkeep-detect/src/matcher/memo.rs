//! What values satisfied when they were last looked at: most values of a log come again and again.

use std::collections::HashMap;

/// Bytes that the memos of one engine may take together.
pub(crate) const MEMO_BYTES: usize = 96 * 1024 * 1024;
/// Longer values rarely come twice.
const LONGEST: usize = 512;
/// Values of one kind that one memo holds: what is asked again soon is among the newest, and a small table stays near
/// the processor.
const MOST: usize = 32_768;
/// Rough cost of one entry beside its text.
const ENTRY: usize = 64;
/// Values of one field after which it is judged whether remembering them pays.
const TRIAL: u32 = 8_192;

/// A run of numbers in the arena.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: u32,
    end: u32,
}

/// The memory of one scan.
#[derive(Debug, Default)]
pub(super) struct Memo {
    texts: HashMap<Box<str>, Span, ahash::RandomState>,
    numbers: HashMap<i64, Span, ahash::RandomState>,
    arena: Vec<u32>,
    hits: u32,
    misses: u32,
    /// How many more values are not remembered, since it did not pay.
    idle: u32,
}

impl Memo {
    pub(super) fn text(&mut self, text: &str) -> Option<&[u32]> {
        if self.idle > 0 {
            self.idle -= 1;
            return None;
        }
        let found = self.texts.get(text).copied();
        self.count(found)
    }
    pub(super) fn number(&mut self, number: i64) -> Option<&[u32]> {
        let found = self.numbers.get(&number).copied();
        self.count(found)
    }
    fn count(&mut self, found: Option<Span>) -> Option<&[u32]> {
        if let Some(span) = found {
            self.hits += 1;
            return Some(&self.arena[span.start as usize..span.end as usize]);
        }
        self.misses += 1;
        if self.misses >= TRIAL {
            if self.hits < self.misses / 4 {
                self.idle = TRIAL * 64;
                self.clear();
            }
            (self.hits, self.misses) = (0, 0);
        }
        None
    }
    fn span(&mut self, atoms: &[u32]) -> Option<Span> {
        let start = u32::try_from(self.arena.len()).ok()?;
        self.arena.extend_from_slice(atoms);
        Some(Span { start, end: u32::try_from(self.arena.len()).ok()? })
    }
    /// Remembers; says how many bytes that took.
    pub(super) fn keep_text(&mut self, text: &str, atoms: &[u32]) -> usize {
        if text.len() > LONGEST || self.idle > 0 {
            return 0;
        }
        if self.texts.len() >= MOST {
            self.empty();
        }
        if let Some(span) = self.span(atoms) {
            self.texts.insert(text.into(), span);
        }
        text.len() + atoms.len() * 4 + ENTRY
    }
    pub(super) fn keep_number(&mut self, number: i64, atoms: &[u32]) -> usize {
        if self.numbers.len() >= MOST {
            self.empty();
        }
        if let Some(span) = self.span(atoms) {
            self.numbers.insert(number, span);
        }
        atoms.len() * 4 + ENTRY
    }
    /// Begins anew in the same room.
    fn empty(&mut self) {
        self.texts.clear();
        self.numbers.clear();
        self.arena.clear();
    }
    /// Gives the room back, too.
    pub(super) fn clear(&mut self) {
        self.texts = HashMap::default();
        self.numbers = HashMap::default();
        self.arena = Vec::new();
    }
}

#[cfg(test)]
mod tests {
    use super::Memo;

    #[test]
    fn values_are_remembered_while_it_pays() {
        let mut memo = Memo::default();
        assert_eq!(memo.text("a"), None);
        memo.keep_text("a", &[1, 2]);
        memo.keep_text("b", &[]);
        memo.keep_number(7, &[3]);
        assert_eq!(memo.text("a"), Some([1, 2].as_slice()));
        assert_eq!(memo.text("b"), Some([].as_slice()));
        assert_eq!(memo.number(7), Some([3].as_slice()));
        for i in 0..20_000 {
            let text = i.to_string();
            if memo.text(&text).is_none() {
                memo.keep_text(&text, &[]);
            }
        }
        assert_eq!(memo.text("a"), None, "values that never come twice are no longer kept");
        assert!(memo.texts.is_empty());
    }
}
