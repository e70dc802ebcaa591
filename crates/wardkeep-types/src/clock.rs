//! The one place where the wall clock is read.

use crate::Moment;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Where the time comes from. Everything that needs "now" takes it from a clock, so that tests and the
/// sample organisation can set it.
pub trait Clock: Send + Sync {
    /// The present moment, to the microsecond.
    fn now(&self) -> Moment;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods)] // the one place
    fn now(&self) -> Moment {
        Moment::from_timestamp(jiff::Timestamp::now())
    }
}

/// A clock that stands still until it is set.
#[derive(Debug, Clone)]
pub struct SetClock(Arc<AtomicI64>);

impl SetClock {
    /// A clock standing at `at`.
    pub fn at(at: Moment) -> Self {
        Self(Arc::new(AtomicI64::new(at.as_micros())))
    }
    /// Moves the clock to `at`; every clone follows.
    pub fn set(&self, at: Moment) {
        self.0.store(at.as_micros(), Ordering::SeqCst);
    }
    /// Moves the clock on by `seconds`.
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Moment {
        Moment::from_micros(self.0.load(Ordering::SeqCst))
    }
}
