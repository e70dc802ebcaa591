//! People: everyone who owns, does, decides or must be trained.

use crate::Unit;
use wardkeep_register::prelude::*;

/// A person who works for the organisation or a supplier. An account to sign in is a separate thing.
#[derive(Record)]
pub struct Person {
    /// Full name.
    #[field(title, personal)]
    pub name: Line,
    /// Work mail address; people are matched by it.
    #[field(list, unique, personal)]
    pub email: Email,
    /// What they do.
    #[field(list)]
    pub job_title: Option<Line>,
    /// Who leads them.
    #[field(list)]
    pub lead: Option<Link<Person>>,
    /// Units they work in beside their own.
    pub also_in: Links<Unit>,
    /// How they work for the organisation.
    #[field(list, filter)]
    pub employment: Employment,
    /// Number in the personnel system.
    #[field(unique, personal)]
    pub personnel_number: Option<Line>,
    /// Work telephone, for incidents.
    #[field(personal)]
    pub phone: Option<Line>,
    /// First day.
    pub joined_on: Option<Date>,
    /// Last day, once it is known.
    #[field(list)]
    pub left_on: Option<Date>,
    /// Can change systems, accounts or data beyond their own work.
    #[field(filter)]
    pub privileged: bool,
    /// Names under which logs know them, separated by commas.
    #[field(personal, confidential)]
    pub account_names: Option<Line>,
}

/// Ways of working for the organisation.
#[derive(Clone, Copy, PartialEq, Choice)]
pub enum Employment {
    /// On the payroll.
    Employee,
    /// Works on site for another firm.
    Contractor,
    /// Learns here.
    Trainee,
    /// Works for a supplier.
    Supplier,
}

/// Life of a person's record.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Contract signed, not yet here.
    #[open]
    Joining,
    /// At work.
    #[open]
    Active,
    /// Away for long; work is delegated.
    #[open]
    Away,
    /// Gone; accounts must be closed.
    #[done]
    Left,
}

impl Register for Person {
    type Stage = Stage;
    const NAMES: Names =
        Names { one: "person", many: "people", prefix: "PER", area: Area::Govern, key: "person" };
    const PERSONAL: bool = true;
    const MOVES: &'static [Move<Self>] = &[
        Move::new("start", &[Stage::Joining], Stage::Active).only_if(day_has_come),
        Move::new("step_away", &[Stage::Active], Stage::Away).with_reason(),
        Move::new("return", &[Stage::Away], Stage::Active),
        Move::new("leave", &[Stage::Active, Stage::Away, Stage::Joining], Stage::Left).only_if(has_last_day),
    ];

    fn check(&self, stage: Stage, problems: &mut Problems) {
        if let (Some(joined), Some(left)) = (self.joined_on, self.left_on) {
            problems.require(joined <= left, "left_on", "order", "the last day lies before the first day");
        }
        let left_has_day = stage != Stage::Left || self.left_on.is_some();
        problems.require(left_has_day, "left_on", "required", "somebody who has left needs a last day");
    }
}

fn day_has_come(person: &Person, context: &GuardContext) -> Result<(), Refused> {
    match person.joined_on {
        Some(day) if day > context.today() => {
            Err(Refused::because(format!("the first day is {day}; start then")))
        }
        _ => Ok(()),
    }
}

fn has_last_day(person: &Person, _: &GuardContext) -> Result<(), Refused> {
    person.left_on.map(|_| ()).ok_or_else(|| Refused::because("enter the last day before the person leaves"))
}

#[cfg(test)]
mod tests {
    use super::Person;
    use crate::testing::sample;

    #[test]
    fn people_start_and_leave_on_their_days() {
        sample::<Person>()
            .with("joined_on", "2026-06-02")
            .refuses("start", "start then")
            .with("joined_on", "2026-06-01")
            .allows("start");
        sample::<Person>()
            .at("active")
            .refuses("leave", "last day")
            .with("left_on", "2026-06-30")
            .allows("leave");
    }

    #[test]
    fn nobody_leaves_before_they_came() {
        sample::<Person>().with("joined_on", "2026-05-02").with("left_on", "2026-05-01").fails_in("left_on");
        sample::<Person>().at("left").fails_in("left_on");
    }
}
