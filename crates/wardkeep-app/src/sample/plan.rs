//! The year as a list of acts: made in any order, sorted by time, then written through the normal write path.

use super::random::Random;
pub(super) use super::sheet::Sheet;
use crate::records::Proposal;
use crate::{App, Ctx, Error};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use wardkeep_register::Value;
use wardkeep_rights::{Actor, Grant, Role};
use wardkeep_store::{Act, Write};
use wardkeep_types::{Date, Id, Moment};

/// Most acts of one transaction.
const BATCH: usize = 1_000;
const DAY: i64 = 86_400;

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// Wardkeep itself, under the name of a job.
    System(&'static str),
    /// A person of the organisation.
    Person(Id),
}

enum Deed {
    Propose(Box<Proposal>),
    Beside(Box<Act>),
    /// The measurement of that number.
    Measure(i64),
}

struct Planned {
    at: Moment,
    who: Who,
    deed: Deed,
}

/// The acts of the year and what they need to know of each other.
pub(super) struct Plan {
    /// Chance.
    pub random: Random,
    /// The present moment: nothing is done after it.
    pub now: Moment,
    known: HashMap<String, Id>,
    made: HashMap<Id, Moment>,
    cast: HashMap<Id, (String, Vec<Grant>)>,
    acts: Vec<Planned>,
    fault: Option<String>,
}

impl Plan {
    /// An empty year that ends at `now`.
    pub fn new(seed: u64, now: Moment) -> Self {
        let (known, made, cast) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self { random: Random::new(seed), now, known, made, cast, acts: Vec::new(), fault: None }
    }
    /// The last day of the year.
    pub fn today(&self) -> Date {
        self.now.date()
    }
    /// The day so many days before today; after it when negative.
    pub fn day(&self, days_ago: i64) -> Date {
        self.today().plus_days(-days_ago)
    }
    /// A moment of that day, UTC.
    pub fn at(&self, days_ago: i64, hour: i64, minute: i64) -> Moment {
        self.day(days_ago).start().plus_seconds(hour * 3_600 + minute * 60)
    }
    /// Some moment at work on that day, or on the Monday after it; on the Friday before when that lies ahead.
    pub fn work(&mut self, days_ago: i64) -> Moment {
        let from = self.day(days_ago);
        let late = to_monday(from);
        let day = if late < self.today() { late } else { to_friday(from.min(self.day(1))) };
        let seconds = self.random.between(7 * 3_600, 15 * 3_600);
        day.start().plus_seconds(seconds)
    }
    /// Some moment at work so many days later; later on the same day when 0.
    pub fn after(&mut self, earlier: Moment, days: i64) -> Moment {
        if days == 0 {
            return earlier.plus_seconds(self.random.between(240, 3_000));
        }
        let day = to_monday(earlier.date().plus_days(days));
        day.start().plus_seconds(self.random.between(7 * 3_600, 15 * 3_600))
    }
    /// Whether it has happened by now.
    pub fn happened(&self, at: Moment) -> bool {
        at < self.now
    }
    /// Whether a record was made by then, so that others can point to it.
    pub fn was_there(&self, id: Id, at: Moment) -> bool {
        self.made.get(&id).is_some_and(|made| *made <= at)
    }
    /// When a record was made.
    pub fn made_at(&self, id: Id) -> Moment {
        self.made.get(&id).copied().unwrap_or(Moment::EPOCH)
    }
    /// A record by `register/key`.
    pub fn id(&mut self, key: &str) -> Id {
        self.known.get(key).copied().unwrap_or_else(|| {
            self.broken(format!("nothing is known as {key}"));
            Id::NIL
        })
    }
    /// Records by their keys, which blanks separate.
    pub fn ids(&mut self, register: &str, keys: &str) -> Vec<Id> {
        keys.split_whitespace().map(|key| self.id(&format!("{register}/{key}"))).collect()
    }
    /// A person of the cast.
    pub fn who(&mut self, key: &str) -> Who {
        Who::Person(self.id(&format!("person/{key}")))
    }
    /// How many records of each register are planned.
    pub fn counts(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        for key in self.known.keys() {
            let register = key.split('/').next().and_then(wardkeep_registers::by_key);
            if let Some(schema) = register {
                *counts.entry(schema.key).or_default() += 1;
            }
        }
        counts
    }
    /// Gives a person a role on a unit, as an entry of the change log.
    pub fn grant(&mut self, at: Moment, by: Who, person: Id, name: &str, role: Role, unit: Id) {
        let (_, grants) = self.cast.entry(person).or_insert_with(|| (name.to_owned(), Vec::new()));
        grants.push(Grant::new(role, unit));
        let id = self.new_id(at);
        let giver = if let Who::Person(giver) = by { Some(giver) } else { None };
        let act = super::beside::grant(id, at, giver, person, role, unit);
        self.beside(at, by, act);
    }
    /// Something for the change log that is about no row of a register.
    pub fn beside(&mut self, at: Moment, who: Who, act: Act) {
        self.acts.push(Planned { at, who, deed: Deed::Beside(Box::new(act)) });
    }
    /// What is measured at that moment, unless it lies in the future.
    pub fn measure(&mut self, at: Moment, time: i64) {
        if self.happened(at) {
            self.acts.push(Planned { at, who: Who::System("collector"), deed: Deed::Measure(time) });
        }
    }
    /// A new record, known as `register/key` from then on.
    #[allow(clippy::too_many_arguments)] // the parts of one act
    pub fn add(
        &mut self,
        at: Moment,
        who: Who,
        register: &'static str,
        key: &str,
        unit: Id,
        sheet: Sheet,
        why: &str,
    ) -> Id {
        let id = self.new_id(at);
        // A top unit belongs to itself.
        let unit = if unit == Id::NIL { id } else { unit };
        self.known.insert(format!("{register}/{key}"), id);
        self.made.insert(id, at);
        if !self.happened(at) {
            self.broken(format!("{register}/{key} is added in the future"));
        }
        if let Some(proposal) =
            self.proposal(register, sheet, |schema, edits| Proposal::add(schema, id, unit, edits))
        {
            self.push(at, who, proposal.because(why));
        }
        id
    }
    /// As [`Plan::add`], for the eyes of a few.
    pub fn add_restricted(
        &mut self,
        at: Moment,
        who: Who,
        register: &'static str,
        key: &str,
        unit: Id,
        sheet: Sheet,
    ) -> Id {
        let id = self.add(at, who, register, key, unit, sheet, "");
        if let Some(Planned { deed: Deed::Propose(proposal), .. }) = self.acts.last_mut() {
            proposal.restricted = Some(true);
        }
        id
    }
    /// A change of fields, unless it lies in the future.
    pub fn edit(&mut self, at: Moment, who: Who, register: &'static str, id: Id, sheet: Sheet, why: &str) {
        if let Some(proposal) =
            self.proposal(register, sheet, |schema, edits| Proposal::change(schema, id, None, edits))
        {
            self.push(at, who, proposal.because(why));
        }
    }
    /// A move, unless it lies in the future. Where the register wants a second person, `who` is that person.
    pub fn step(&mut self, at: Moment, who: Who, register: &'static str, id: Id, movement: &str, why: &str) {
        let made = self.proposal(register, Sheet::new(), |schema, _| {
            let mut proposal = Proposal::movement(schema, id, None, movement);
            proposal.agreed = schema.moves.iter().any(|m| m.name == movement && m.second_person);
            proposal
        });
        if let Some(proposal) = made {
            self.push(at, who, proposal.because(why));
        }
    }
    fn proposal(
        &mut self,
        register: &'static str,
        sheet: Sheet,
        make: impl FnOnce(&'static wardkeep_register::Schema, crate::records::Edits) -> Proposal,
    ) -> Option<Proposal> {
        let schema = wardkeep_registers::by_key(register)?;
        let mut edits = crate::records::Edits::new();
        for (name, text) in sheet.0 {
            let parsed = schema.field(name).map(|(_, field)| Value::parse(field, &text));
            match parsed {
                Some(Ok(value)) => {
                    edits.insert(name.to_owned(), value);
                }
                Some(Err(error)) => self.broken(format!("{register}.{name}: {error}")),
                None => self.broken(format!("{register} has no field {name}")),
            }
        }
        Some(make(schema, edits))
    }
    fn push(&mut self, at: Moment, who: Who, proposal: Proposal) {
        if self.happened(at) {
            self.acts.push(Planned { at, who, deed: Deed::Propose(Box::new(proposal)) });
        }
    }
    fn broken(&mut self, why: String) {
        self.fault.get_or_insert(why);
    }
    /// UUID version 7 whose random part comes from the seed.
    fn new_id(&mut self, at: Moment) -> Id {
        let mut bytes = [0; 10];
        bytes[..8].copy_from_slice(&self.random.next().to_be_bytes());
        bytes[8..].copy_from_slice(&self.random.next().to_be_bytes()[..2]);
        let millis = (at.as_micros() / 1_000).max(0) as u64;
        Id::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid())
    }
    /// Does everything in order of time. Acts of one actor at one moment share a transaction, unless one of them
    /// needs what another has just written. Returns how many acts and transactions it took.
    pub async fn carry_out(mut self, app: &App) -> Result<(usize, usize), Error> {
        if let Some(fault) = self.fault {
            return Err(Error::fault(format!("the sample organisation is faulty: {fault}")));
        }
        self.acts.sort_by_key(|act| act.at);
        let (all, mut batches) = (self.acts.len(), 0);
        let mut acts = self.acts.into_iter().peekable();
        while let Some(first) = acts.next() {
            let (at, who) = (first.at, first.who);
            let ctx = context(&self.cast, who, at);
            let mut batch = match first.deed {
                Deed::Beside(act) => {
                    app.db.write(&ctx.author(), vec![Write::Act(*act)], vec![]).await?;
                    batches += 1;
                    continue;
                }
                Deed::Measure(time) => {
                    Box::pin(super::measured::take(app, at, time)).await?;
                    batches += 1;
                    continue;
                }
                Deed::Propose(proposal) => vec![*proposal],
            };
            let mut touched: BTreeSet<Id> = batch.iter().map(record).collect();
            let joins = |next: &Planned, touched: &BTreeSet<Id>| match &next.deed {
                Deed::Propose(p) => (next.at, next.who) == (at, who) && !touched.contains(&record(p)),
                Deed::Beside(_) | Deed::Measure(_) => false,
            };
            while batch.len() < BATCH {
                let Some(Planned { deed: Deed::Propose(next), .. }) =
                    acts.next_if(|next| joins(next, &touched))
                else {
                    break;
                };
                touched.insert(record(&next));
                batch.push(*next);
            }
            let said =
                batch.first().map(|p| format!("{} {:?} {at}", p.schema.key, p.movement)).unwrap_or_default();
            let count = batch.len();
            app.write_batch(&ctx, batch, vec![])
                .await
                .map_err(|e| Error::fault(format!("sample: {said} ({count}): {e}")))?;
            batches += 1;
        }
        Ok((all, batches))
    }
}

fn record(proposal: &Proposal) -> Id {
    match proposal.target {
        crate::records::Target::New { id, .. } | crate::records::Target::Existing { id, .. } => id,
    }
}

fn context(cast: &HashMap<Id, (String, Vec<Grant>)>, who: Who, at: Moment) -> Ctx {
    match who {
        Who::System(name) => Ctx::system(name, at),
        Who::Person(person) => {
            let (name, grants) = cast.get(&person).cloned().unwrap_or_default();
            Ctx::new(Actor::human(person, name, grants, at.date()), at)
        }
    }
}

/// 1970-01-01 was a Thursday: 0 is Monday.
fn weekday(day: Date) -> i64 {
    (day.start().as_micros() / 1_000_000 / DAY + 3).rem_euclid(7)
}

fn to_monday(day: Date) -> Date {
    day.plus_days(match weekday(day) {
        5 => 2,
        6 => 1,
        _ => 0,
    })
}

fn to_friday(day: Date) -> Date {
    day.plus_days(-(weekday(day) - 4).max(0))
}
