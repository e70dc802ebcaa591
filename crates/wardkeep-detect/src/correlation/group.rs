//! The hits of one group, sorted by time, and how far they have been looked at.

use super::Correlation;
use super::window::{Entry, Running};

#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    pub(super) entries: Vec<Entry>,
    /// Entries before it are part of a reported hit.
    pub(super) free: usize,
    /// Entries before it have been looked at.
    pub(super) next: usize,
    /// What was counted when they were.
    pub(super) running: Option<Running>,
}

impl Group {
    /// Puts an entry where it belongs, unless it is there. Says whether it came after its time had been looked at.
    pub(super) fn insert(&mut self, correlation: &Correlation, entry: Entry) -> Option<bool> {
        let place = self.entries.partition_point(|known| known.key() < entry.key());
        if self.entries.get(place).is_some_and(|known| known.key() == entry.key()) {
            return None;
        }
        let late = place < self.next;
        let running = self.running.take();
        self.running = if place < self.free {
            // It falls into a window that was already reported: part of the same matter.
            self.free += 1;
            self.next += 1;
            running.map(Running::moved_on)
        } else if late {
            self.next = place;
            running.and_then(|known| known.back(correlation, &self.entries, self.free, place, entry.at))
        } else {
            running
        };
        self.entries.insert(place, entry);
        Some(late)
    }
}
