//! What a rule found.

use std::fmt;
use std::sync::Arc;
use wardkeep_types::Moment;
use wardkeep_types::event::{Event, EventId};

/// A rule and the events in which it found what it looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The rule's place in the rule set.
    pub rule: usize,
    /// The events, by time; of a very large correlation the first thousand.
    pub events: Vec<EventId>,
    /// How many events there were.
    pub count: u64,
    /// What the events share: `group-by` values of a correlation, host and user of a single event.
    pub group: Vec<(Arc<str>, Box<str>)>,
    /// Time of the first event.
    pub from: Moment,
    /// Time of the last event.
    pub at: Moment,
    /// Number of the window since 1970: days for single events, the correlation's own span otherwise.
    pub window: i64,
}

/// Microseconds of a day: the window in which equal hits of a single-event rule are one alert.
const DAY: i64 = 86_400_000_000;

impl Hit {
    pub(crate) fn of_event(rule: usize, event: &Event) -> Self {
        let part = |name: &str, value: &Option<Box<str>>| value.clone().map(|value| (Arc::from(name), value));
        let group = [part("host", &event.host), part("user", &event.user)];
        Self {
            rule,
            events: vec![event.id],
            count: 1,
            group: group.into_iter().flatten().collect(),
            from: event.at,
            at: event.at,
            window: event.at.as_micros().div_euclid(DAY),
        }
    }
    /// The key under which the alert of this hit is born once; `rule_id` is the rule's id.
    pub fn key(&self, rule_id: &str) -> AlertKey {
        alert_key(rule_id, &self.group, self.window)
    }
}

/// Identity of an alert (DE-7): equal for every run and every version of the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AlertKey(pub [u8; 16]);

impl fmt::Display for AlertKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The key of an alert: rule, what its events share (order does not matter), number of the window.
pub fn alert_key(rule_id: &str, group: &[(Arc<str>, Box<str>)], window: i64) -> AlertKey {
    let mut hasher = blake3::Hasher::new();
    let mut part = |text: &str| {
        // Lengths keep "ab"+"c" apart from "a"+"bc".
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    part(&rule_id.to_lowercase());
    let mut sorted: Vec<_> = group.iter().collect();
    sorted.sort();
    for (name, value) in sorted {
        part(name);
        part(value);
    }
    hasher.update(&window.to_le_bytes());
    let mut key = [0; 16];
    key.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    AlertKey(key)
}

#[cfg(test)]
mod tests {
    use super::alert_key;

    #[test]
    fn keys_depend_on_rule_group_and_window_only() {
        let pair = |name: &str, value: &str| (name.into(), value.into());
        let key = alert_key("R1", &[pair("host", "a"), pair("user", "b")], 7);
        assert_eq!(key, alert_key("r1", &[pair("user", "b"), pair("host", "a")], 7));
        assert_ne!(key, alert_key("r1", &[pair("user", "a"), pair("host", "b")], 7));
        assert_ne!(key, alert_key("r1", &[pair("host", "a"), pair("user", "b")], 8));
        assert_ne!(alert_key("r", &[pair("ab", "c")], 0), alert_key("r", &[pair("a", "bc")], 0));
        // Pinned: a change here gives every open alert a twin.
        assert_eq!(alert_key("r1", &[], 0).to_string().len(), 32);
    }
}
