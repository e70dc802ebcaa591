//! What all example files share: the time, the machines, the people.

use super::super::estate::{System, Thing, estate};
use super::super::people::{self, Employee};
use super::super::plan::Plan;
use super::super::random::Random;
use super::super::{SEED, organisation};
use super::Volume;
use wardkeep_types::Moment;

pub(super) const DAY: i64 = 86_400;
/// The address from which the guessing comes (TEST-NET-3, RFC 5737).
pub(super) const ATTACKER: &str = "203.0.113.45";
/// Another one, at the portals.
pub(super) const SCANNER: &str = "198.51.100.77";

/// The stage on which the week plays.
pub(super) struct Scene {
    /// The present moment; nothing is logged after it.
    pub now: Moment,
    pub volume: Volume,
    pub random: Random,
    /// Machines and other things that are still there.
    pub estate: Vec<Thing>,
    /// People at work.
    pub people: Vec<Employee>,
}

impl Scene {
    pub fn new(now: Moment, volume: Volume) -> Self {
        let mut plan = Plan::new(SEED, now);
        organisation::plan(&mut plan);
        let people = people::plan(&mut plan);
        Self { now, volume, random: Random::new(SEED ^ 0xe71d), estate: estate(), people }
    }
    /// So many seconds ago, to the second.
    pub fn ago(&self, seconds: i64) -> Moment {
        Moment::from_micros((self.now.as_micros() / 1_000_000 - seconds) * 1_000_000)
    }
    /// Some moment of the last `days` days, at least ten minutes ago.
    pub fn lately(&mut self, days: i64) -> Moment {
        let seconds = self.random.between(600, days * DAY);
        self.ago(seconds)
    }
    /// How many, for the small and the full set.
    pub fn many(&self, small: usize, full: usize) -> usize {
        match self.volume {
            Volume::Small => small,
            Volume::Full => full,
        }
    }
    /// Machines of that sort.
    pub fn machines(&self, system: System) -> Vec<Thing> {
        self.estate.iter().filter(|t| t.system == system && t.host.is_some()).cloned().collect()
    }
    /// One machine by its short name; the first of all when there is none of that name.
    pub fn machine(&self, key: &str) -> Thing {
        self.estate.iter().find(|t| t.key == key).unwrap_or(&self.estate[0]).clone()
    }
    /// Accounts of administrators.
    pub fn admins(&self) -> Vec<String> {
        let it = self.people.iter().filter(|p| p.unit == "it" && p.here).take(9);
        it.map(|p| organisation::account(&p.name)).collect()
    }
    /// Accounts of people at work in those units.
    pub fn accounts(&self, unit: &str) -> Vec<String> {
        self.people
            .iter()
            .filter(|p| p.unit == unit && p.here)
            .map(|p| organisation::account(&p.name))
            .collect()
    }
}

/// Lines with their time, written in order.
#[derive(Default)]
pub(super) struct Lines(Vec<(Moment, String)>);

impl Lines {
    pub fn push(&mut self, at: Moment, line: String) {
        self.0.push((at, line));
    }
    /// One text, oldest first.
    pub fn text(mut self) -> String {
        self.0.sort();
        self.0.into_iter().map(|(_, line)| line + "\n").collect()
    }
}
