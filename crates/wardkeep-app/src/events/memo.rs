//! Answers that were just given: a page asks nine questions about the same files, and is often opened again.

use super::{Answer, Holdings, Question};
use sha2::{Digest as _, Sha256};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use wardkeep_types::Moment;

/// Answers kept.
const MOST: usize = 48;
/// Bytes of text of an answer that is kept.
const BYTES: usize = 256 * 1024;
/// Seconds within which "the last hour" is the same hour.
const SAME: i64 = 10;
/// Seconds that an answer stays.
const STAYS: i64 = 600;

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

/// The answers, the newest last. They hold texts of log records, so they go when files do, and after a while.
#[derive(Debug, Default)]
pub(super) struct Memo(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// Times that everything was let go.
    round: u64,
    answers: Vec<(Key, Moment, Arc<Answer>)>,
}

/// When a question was begun: what it found must not outlive files that went meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Round(u64);

impl Memo {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// To be asked before it is looked which files there are.
    pub fn round(&self) -> Round {
        Round(self.kept().round)
    }
    pub fn get(&self, key: &Key) -> Option<Answer> {
        let found = self.kept().answers.iter().find(|(known, ..)| known == key).map(|(.., a)| a.clone());
        found.map(|answer| (*answer).clone())
    }
    /// Keeps an answer that is not too large and whose files are still there; the oldest goes.
    pub fn keep(&self, round: Round, key: Key, now: Moment, answer: &Answer) {
        let texts = answer.rows.iter().flatten().filter_map(|cell| cell.text());
        if texts.map(str::len).sum::<usize>() > BYTES {
            return;
        }
        let answer = Arc::new(answer.clone());
        let mut kept = self.kept();
        if Round(kept.round) != round {
            return;
        }
        kept.answers.retain(|(known, ..)| *known != key);
        kept.answers.push((key, now, answer));
        if kept.answers.len() > MOST {
            kept.answers.remove(0);
        }
    }
    /// Lets everything go: files were replaced or deleted, and what stood in them must not stay here.
    pub fn clear(&self) {
        let mut kept = self.kept();
        kept.round += 1;
        kept.answers = Vec::new();
    }
    /// Lets go what was answered a while ago.
    pub fn rest(&self, now: Moment) {
        self.kept().answers.retain(|(_, at, _)| now.seconds_since(*at) < STAYS);
    }
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.kept().answers.len()
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
        let keep = |key, answer: &Answer| memo.keep(memo.round(), key, Moment::EPOCH, answer);
        keep(ask("a", 1), &held(&["x"]));
        assert_eq!(memo.get(&ask("a", 1)), Some(held(&["x"])));
        assert!(memo.get(&ask("b", 1)).is_none() && memo.get(&ask("a", 2)).is_none());
        keep(ask("large", 1), &held(&[&"x".repeat(BYTES + 1)]));
        assert!(memo.get(&ask("large", 1)).is_none(), "what is large is not kept");
        (0..MOST).for_each(|n| keep(ask(&n.to_string(), 1), &held(&["y"])));
        assert!(memo.get(&ask("a", 1)).is_none(), "the oldest goes");
    }

    #[test]
    fn answers_go_with_their_files_and_after_a_while() {
        let empty = Holdings { files: Vec::new(), recent: Arc::from([]) };
        let ask = |sql: &str| Key::of(&empty, &Question::Sql(sql.into()), 1);
        let at = |seconds| Moment::EPOCH.plus_seconds(seconds);
        let memo = Memo::default();
        memo.keep(memo.round(), ask("a"), at(0), &held(&["x"]));
        memo.keep(memo.round(), ask("b"), at(60), &held(&["x"]));
        memo.rest(at(STAYS - 1));
        assert_eq!(memo.len(), 2);
        memo.rest(at(STAYS));
        assert!(memo.get(&ask("a")).is_none() && memo.get(&ask("b")).is_some());
        let begun = memo.round();
        memo.clear();
        assert_eq!(memo.len(), 0);
        memo.keep(begun, ask("a"), at(STAYS), &held(&["x"]));
        assert_eq!(memo.len(), 0, "its files went while it was answered");
        memo.keep(memo.round(), ask("a"), at(STAYS), &held(&["x"]));
        assert_eq!(memo.len(), 1);
    }

    #[test]
    fn a_period_counts_from_a_moment_that_stands_for_a_while() {
        let at = |seconds: i64| counted_from(Moment::EPOCH.plus_seconds(seconds));
        assert_eq!(at(1_003), at(1_009));
        assert_ne!(at(1_009), at(1_010));
        assert_eq!(at(-1), Moment::EPOCH.plus_seconds(-SAME));
    }
}
