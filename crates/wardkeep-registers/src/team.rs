//! Teams: groups of people who do something together, also across units.

use crate::Person;
use crate::checks::{only, owned};
use wardkeep_register::prelude::*;

/// People who answer for something together.
#[derive(Record)]
pub struct Team {
    /// What people call it.
    #[field(title)]
    pub name: Line,
    /// What it is there for.
    #[field(list, filter)]
    pub duty: Duty,
    /// What it does and what it does not do.
    pub purpose: Markdown,
    /// Who leads it.
    #[field(list, filter)]
    pub owner: Option<Link<Person>>,
    /// Who stands in for the lead.
    #[field(list)]
    pub deputy: Option<Link<Person>>,
    /// Who belongs to it.
    pub members: Links<Person>,
    /// Shared mailbox.
    #[field(list)]
    pub email: Option<Email>,
    /// Number that is answered out of hours.
    pub phone: Option<Line>,
    /// Can be reached at night and on holidays.
    #[field(list, filter)]
    pub on_call: bool,
}

/// What teams are there for.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum Duty {
    /// Information security.
    Security,
    /// Runs systems.
    Operations,
    /// Builds software.
    Development,
    /// Does the organisation's work.
    Business,
    /// Decides when much is at stake.
    Crisis,
    /// Privacy, law, compliance.
    Legal,
    /// Checks the others.
    Audit,
}

/// Life of a team.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Being put together.
    #[open]
    Forming,
    /// At work.
    #[open]
    Active,
    /// No longer there.
    #[done]
    Disbanded,
}

impl Register for Team {
    type Stage = Stage;
    const NAMES: Names = Names { one: "team", many: "teams", prefix: "TEA", area: Area::Govern, key: "team" };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("start", &[Stage::Forming], Stage::Active).only_if(is_led),
        Move::new("disband", &[Stage::Forming, Stage::Active], Stage::Disbanded)
            .needs(Verb::Retire)
            .with_reason()
            .only_if(is_empty),
        Move::new("reopen", &[Stage::Disbanded], Stage::Forming).with_reason(),
    ];

    fn check(&self, stage: Stage, problems: &mut Problems) {
        let apart = self.deputy.is_none() || self.deputy != self.owner;
        problems.require(apart, "deputy", "same_person", "the deputy is somebody else than the lead");
        let reachable = !self.on_call || self.phone.is_some();
        problems.require(reachable, "phone", "required", "a team on call needs a number that is answered");
        let led = stage != Stage::Active || self.owner.is_some();
        problems.require(led, "owner", "required", "a team at work needs a lead");
    }
}

fn is_led(team: &Team, _: &GuardContext) -> Result<(), Refused> {
    owned(team.owner)?;
    only(!team.members.is_empty(), "name its members first")
}

fn is_empty(team: &Team, _: &GuardContext) -> Result<(), Refused> {
    only(team.members.is_empty(), "move its members to other teams first, so that their duties are not lost")
}

#[cfg(test)]
mod tests {
    use super::Team;
    use crate::testing::{ID, sample};

    #[test]
    fn a_team_needs_lead_and_members_and_ends_empty() {
        let led = sample::<Team>().refuses("start", "name who answers").with("owner", ID);
        led.refuses("start", "members")
            .with("members", ID)
            .allows("start")
            .refuses("disband", "move its members");
        sample::<Team>().with("owner", ID).with("deputy", ID).fails_in("deputy");
        sample::<Team>().with("on_call", "yes").fails_in("phone");
    }
}
