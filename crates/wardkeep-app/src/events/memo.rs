//! Answers that were just given: a page asks nine questions about the same files, and is often opened again.

use super::{Answer, Holdings, Question};
use sha2::{Digest as _, Sha256};
use std::sync::{Arc, Mutex, PoisonError};
use wardkeep_types::Moment;

/// Answers kept.
const MOST: usize = 48;
/// Bytes of text of an answer that is kept.
const BYTES: usize = 256 * 1024;
/// Seconds within which "the last hour" is the same hour.
const SAME: i64 = 10;

/// What an answer depends on: the files, what is in no file yet, and the question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key([u8; 32]);

impl Key {
    pub fn of(holdings: &Holdings, question: &Question, rows: usize) -> Self {
        let mut hash = Sha256::new();
        for file in &holdings.files {
            hash.update(file.sha256.as_bytes());
        }
        // Whatever arrives goes to the end.
        let newest = holdings.recent.last().map(|event| event.id);
        hash.update(format!("{newest:?} {} {rows} {question:?}", holdings.recent.len()));
        Self(hash.finalize().into())
    }
}

/// The answers, the newest last.
#[derive(Debug, Default)]
pub(super) struct Memo(Mutex<Vec<(Key, Arc<Answer>)>>);

impl Memo {
    pub fn get(&self, key: &Key) -> Option<Answer> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all.iter().find(|(known, _)| known == key).map(|(_, answer)| answer.clone());
        drop(all);
        found.map(|answer| (*answer).clone())
    }
    /// Keeps an answer that is not too large; the oldest goes.
    pub fn keep(&self, key: Key, answer: &Answer) {
        let texts = answer.rows.iter().flatten().filter_map(|cell| cell.text());
        if texts.map(str::len).sum::<usize>() > BYTES {
            return;
        }
        let answer = Arc::new(answer.clone());
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|(known, _)| *known != key);
        all.push((key, answer));
        if all.len() > MOST {
            all.remove(0);
        }
    }
}

/// The moment that a period counts from, so that the same question a second later is the same question.
pub(super) fn counted_from(now: Moment) -> Moment {
    let step = SAME * 1_000_000;
    Moment::from_micros(now.as_micros().div_euclid(step) * step)
}

#[cfg(test)]
mod tests {
    use super::super::Cell;
    use super::*;

    fn held(texts: &[&str]) -> Answer {
        Answer { rows: vec![texts.iter().map(|t| Cell::Text((*t).into())).collect()], ..Answer::default() }
    }

    #[test]
    fn the_same_question_of_the_same_files_has_the_same_answer() {
        let empty = Holdings { files: Vec::new(), recent: Arc::from([]) };
        let ask = |sql: &str, rows| Key::of(&empty, &Question::Sql(sql.into()), rows);
        let memo = Memo::default();
        memo.keep(ask("a", 1), &held(&["x"]));
        assert_eq!(memo.get(&ask("a", 1)), Some(held(&["x"])));
        assert!(memo.get(&ask("b", 1)).is_none() && memo.get(&ask("a", 2)).is_none());
        memo.keep(ask("large", 1), &held(&[&"x".repeat(BYTES + 1)]));
        assert!(memo.get(&ask("large", 1)).is_none(), "what is large is not kept");
        (0..MOST).for_each(|n| memo.keep(ask(&n.to_string(), 1), &held(&["y"])));
        assert!(memo.get(&ask("a", 1)).is_none(), "the oldest goes");
    }

    #[test]
    fn a_period_counts_from_a_moment_that_stands_for_a_while() {
        let at = |seconds: i64| counted_from(Moment::EPOCH.plus_seconds(seconds));
        assert_eq!(at(1_003), at(1_009));
        assert_ne!(at(1_009), at(1_010));
        assert_eq!(at(-1), Moment::EPOCH.plus_seconds(-SAME));
    }
}
