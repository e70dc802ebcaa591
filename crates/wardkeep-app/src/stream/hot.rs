//! Events that were received and do not stand in their final files yet.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, RwLock};
use wardkeep_types::event::Event;

/// The newest events, in the order of arrival. An event is here from the moment it was read until the file that holds
/// it is named in the database: nothing is ever in neither place, and for the moment of the change only here.
#[derive(Debug, Default)]
pub struct Hot {
    parts: RwLock<VecDeque<Arc<Vec<Event>>>>,
}

impl Hot {
    /// What is here now, as shared parts: looking at them holds nobody up.
    pub fn events(&self) -> Vec<Arc<Vec<Event>>> {
        self.parts.read().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
    /// A copy of what is here now.
    pub fn copy(&self) -> Arc<[Event]> {
        self.events().iter().flat_map(|part| part.iter().cloned()).collect()
    }
    /// Number of events.
    pub fn len(&self) -> usize {
        self.parts.read().unwrap_or_else(PoisonError::into_inner).iter().map(|part| part.len()).sum()
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    pub(super) fn add(&self, part: Arc<Vec<Event>>) {
        self.parts.write().unwrap_or_else(PoisonError::into_inner).push_back(part);
    }
    /// Drops the oldest parts.
    pub(super) fn drop_first(&self, parts: usize) {
        let mut held = self.parts.write().unwrap_or_else(PoisonError::into_inner);
        let parts = parts.min(held.len());
        held.drain(..parts);
    }
}
