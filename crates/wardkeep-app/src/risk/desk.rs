//! The engine's desk of an installation: cached vectors, and the newest runs ready for questions.

use std::any::Any;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use wardkeep_risk::model::Model;
use wardkeep_risk::run::{Run, Session};

/// Runs kept ready for what-if: the published one, a draft, a few risks by themselves.
const KEPT: usize = 12;
/// Runs after which the cached vectors are let go, so that they do not grow for ever.
const ROUNDS: usize = 400;
/// Answers kept: a few figures each, so many pages open without the engine.
const ANSWERS: usize = 64;
/// Looks by [`RiskDesk::rest`] without a question between them, after which vectors and runs are let go.
const QUIET: u32 = 5;

/// A run with its model, ready for questions.
#[derive(Debug)]
pub(crate) struct Ready {
    /// The key under which it is kept.
    pub key: String,
    /// The model.
    pub model: Model,
    /// The run.
    pub run: Run,
    /// The vectors it was made with.
    pub session: Arc<Session>,
}

/// Cached vectors and runs. Nothing here is the truth: all of it can be worked out again from stored inputs.
#[derive(Debug, Default)]
pub(crate) struct RiskDesk {
    session: Mutex<(Arc<Session>, usize)>,
    ready: Mutex<Vec<Arc<Ready>>>,
    answers: Mutex<Vec<(String, Answer)>>,
    quiet: AtomicU32,
}

/// What a question came to, of whatever type it asks for.
type Answer = Arc<dyn Any + Send + Sync>;

impl RiskDesk {
    /// The session for the next run.
    pub fn session(&self) -> Arc<Session> {
        self.quiet.store(0, Ordering::Relaxed);
        let mut kept = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        kept.1 += 1;
        if kept.1 > ROUNDS {
            *kept = (Arc::default(), 0);
        }
        kept.0.clone()
    }
    /// A run that is ready under that key.
    pub fn find(&self, key: &str) -> Option<Arc<Ready>> {
        self.quiet.store(0, Ordering::Relaxed);
        self.ready.lock().unwrap_or_else(PoisonError::into_inner).iter().find(|r| r.key == key).cloned()
    }
    /// Keeps a run ready; the oldest goes.
    pub fn keep(&self, ready: Ready) -> Arc<Ready> {
        let ready = Arc::new(ready);
        let mut all = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|r| r.key != ready.key);
        all.push(ready.clone());
        if all.len() > KEPT {
            all.remove(0);
        }
        ready
    }
    /// The answer under a key that names all it depends on.
    pub fn answer<T: Any + Send + Sync>(&self, key: &str) -> Option<Arc<T>> {
        let all = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().find(|(known, _)| known == key).and_then(|(_, answer)| answer.clone().downcast().ok())
    }
    /// Keeps an answer; the oldest goes.
    pub fn keep_answer<T: Any + Send + Sync>(&self, key: String, answer: T) -> Arc<T> {
        let answer = Arc::new(answer);
        let mut all = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|(known, _)| *known != key);
        all.push((key, answer.clone()));
        if all.len() > ANSWERS {
            all.remove(0);
        }
        answer
    }
    /// Lets vectors and runs go when nobody has asked for a while; answers, which are small, stay.
    pub fn rest(&self) {
        if self.quiet.fetch_add(1, Ordering::Relaxed) == QUIET {
            *self.session.lock().unwrap_or_else(PoisonError::into_inner) = (Arc::default(), 0);
            self.ready.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ANSWERS, QUIET, RiskDesk};
    use std::sync::Arc;

    #[test]
    fn vectors_go_when_it_is_quiet_and_answers_stay() {
        let desk = RiskDesk::default();
        let first = desk.session();
        desk.keep_answer("mean".into(), 7_u64);
        (0..QUIET).for_each(|_| desk.rest());
        assert!(Arc::ptr_eq(&first, &desk.session()), "asked for in time");
        (0..=QUIET).for_each(|_| desk.rest());
        assert!(!Arc::ptr_eq(&first, &desk.session()));
        assert_eq!(desk.answer::<u64>("mean").as_deref(), Some(&7));
        assert_eq!(desk.answer::<String>("mean"), None, "of another type");
    }

    #[test]
    fn the_oldest_answer_goes() {
        let desk = RiskDesk::default();
        (0..=ANSWERS).for_each(|n| drop(desk.keep_answer(n.to_string(), n)));
        assert_eq!(desk.answer::<usize>("0"), None);
        assert_eq!(desk.answer::<usize>("1").as_deref(), Some(&1));
    }
}
