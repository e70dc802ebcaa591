//! The engine's desk of an installation: cached vectors, and the newest runs ready for questions.

use std::sync::{Arc, Mutex, PoisonError};
use wardkeep_risk::model::Model;
use wardkeep_risk::run::{Run, Session};

/// Runs kept ready for what-if: the published one, a draft, a few risks by themselves.
const KEPT: usize = 12;
/// Runs after which the cached vectors are let go, so that they do not grow for ever.
const ROUNDS: usize = 400;

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
}

impl RiskDesk {
    /// The session for the next run.
    pub fn session(&self) -> Arc<Session> {
        let mut kept = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        kept.1 += 1;
        if kept.1 > ROUNDS {
            *kept = (Arc::default(), 0);
        }
        kept.0.clone()
    }
    /// A run that is ready under that key.
    pub fn find(&self, key: &str) -> Option<Arc<Ready>> {
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
}
