//! Controls: what we do so that risks stay small, and how well it is shown to work.

use crate::checks::{lies_ahead, only, owned};
use crate::choices::{CsfFunction, Level};
use crate::{Asset, Framework, Person, Policy, Risk, Team};
use wardkeep_register::prelude::*;

/// Something we do on purpose so that harm becomes rarer or smaller.
#[derive(Record)]
pub struct Control {
    /// What people call it.
    #[field(title)]
    pub name: Line,
    /// What is done, by whom, how often and with what proof.
    pub statement: Markdown,
    /// Who answers for it.
    #[field(list, filter)]
    pub owner: Option<Link<Person>>,
    /// Who carries it out.
    pub operators: Links<Team>,
    /// Whether it is shown to work, from its tests.
    #[field(list, filter, computed)]
    pub state: Option<ControlState>,
    /// How far it is shown to work, from its tests.
    #[field(list, computed)]
    pub effectiveness: Option<Percent>,
    /// When state and effectiveness were worked out.
    #[field(computed)]
    pub assessed_at: Option<Moment>,
    /// Where it takes hold.
    #[field(filter)]
    pub nature: Nature,
    /// Who does it: people or machines.
    #[field(filter)]
    pub method: Method,
    /// How often it happens; decides how many traces are expected.
    pub frequency: Frequency,
    /// Others rest on it: it must be tested in design too.
    #[field(filter, label = "Key control")]
    pub is_key: bool,
    /// The weakest proof that will do.
    pub required_strength: RequiredStrength,
    /// What sort of thing it is.
    #[field(filter)]
    pub category: Category,
    /// Function of NIST CSF 2.0 that it serves.
    #[field(list, filter, label = "CSF function")]
    pub csf_function: CsfFunction,
    /// Category of NIST CSF 2.0, such as PR.AA.
    #[field(filter, label = "CSF category")]
    pub csf_category: Option<Line>,
    /// How much it matters.
    #[field(filter)]
    pub priority: Level,
    /// How much work it is to build.
    pub effort: Effort,
    /// What building it costs, once.
    pub cost_build: Option<Money>,
    /// What running it costs, each year.
    pub cost_run: Option<Money>,
    /// Its number in a framework or an older list.
    #[field(label = "Reference elsewhere")]
    pub outside_reference: Option<Line>,
    /// Frameworks that ask for it.
    pub frameworks: Links<Framework>,
    /// Risks that it makes smaller.
    pub risks: Links<Risk>,
    /// What it protects.
    pub assets: Links<Asset>,
    /// Policies that ask for it.
    pub policies: Links<Policy>,
    /// Since when it works, or from when it shall.
    pub start: Option<Date>,
    /// When it must be looked at again.
    #[field(list, due)]
    pub review_by: Option<Date>,
}

/// What the tests of a control show; keys as in [`wardkeep_types::State`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum ControlState {
    /// Shown to work.
    Effective,
    /// Works with a known lack.
    Degraded,
    /// Shown not to work.
    Failing,
    /// Evidence is missing, expired or covers too little: we do not know.
    #[label("Insufficient evidence")]
    Insufficient,
    /// Nothing was ever observed: we do not know.
    NotTested,
}

/// Where a control takes hold.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum Nature {
    /// Keeps harm from happening.
    Preventive,
    /// Notices harm.
    Detective,
    /// Makes harm good.
    Corrective,
    /// Makes attackers look elsewhere.
    Deterrent,
}

/// Who does it.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum Method {
    /// People.
    Manual,
    /// Machines.
    Automatic,
    /// Both.
    Hybrid,
}

/// How often a control happens.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum Frequency {
    /// All the time.
    Continuous,
    /// Every day.
    Daily,
    /// Every week.
    Weekly,
    /// Every month.
    Monthly,
    /// Every three months.
    Quarterly,
    /// Every year.
    Yearly,
    /// Whenever something asks for it.
    OnEvent,
}

/// The weakest proof that will do.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum RequiredStrength {
    /// Somebody looks at a sample.
    Sampled,
    /// A machine looks at all of it.
    Automated,
    /// Somebody says so.
    Attested,
}

/// Sorts of control.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum Category {
    /// Built into systems.
    Technical,
    /// A rule.
    Policy,
    /// A way of working.
    Process,
    /// Steps written down.
    Procedure,
    /// Doors, fences, fire.
    Physical,
}

/// How much work something is.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum Effort {
    /// About a month of one person.
    #[label("M: a month")]
    M,
    /// An hour or two.
    #[label("XS: hours")]
    Xs,
    /// Some days.
    #[label("S: days")]
    S,
    /// A quarter.
    #[label("L: a quarter")]
    L,
    /// A year or more.
    #[label("XL: a year")]
    Xl,
}

/// Life of a control.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// An idea.
    #[open]
    Proposed,
    /// Decided.
    #[open]
    Planned,
    /// Being built.
    #[open]
    Building,
    /// At work.
    #[open]
    InOperation,
    /// Waiting.
    #[open]
    OnHold,
    /// No longer done.
    #[done]
    Retired,
}

use Stage::{Building, InOperation, OnHold, Planned, Proposed, Retired};

impl Register for Control {
    type Stage = Stage;
    const NAMES: Names =
        Names { one: "control", many: "controls", prefix: "CTL", area: Area::Protect, key: "control" };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("plan", &[Proposed], Planned).only_if(is_owned),
        Move::new("build", &[Planned], Building).only_if(is_owned),
        Move::new("put_in_operation", &[Planned, Building], InOperation).only_if(is_described),
        Move::new("review", &[InOperation], InOperation).only_if(has_next_review),
        Move::new("hold", &[Proposed, Planned, Building], OnHold).with_reason(),
        Move::new("resume", &[OnHold], Planned).only_if(is_owned),
        Move::new("retire", &[Proposed, Planned, Building, InOperation, OnHold], Retired)
            .needs(Verb::Retire)
            .second_person()
            .with_reason(),
        Move::new("reopen", &[Retired], Proposed).with_reason(),
    ];

    fn check(&self, stage: Stage, problems: &mut Problems) {
        let free = matches!(stage, Proposed | OnHold | Retired);
        problems.require(
            free || self.owner.is_some(),
            "owner",
            "required",
            "a planned control needs somebody who answers for it",
        );
        for (field, cost) in [("cost_build", self.cost_build), ("cost_run", self.cost_run)] {
            problems.require(cost.is_none_or(|c| c.minor >= 0), field, "negative", "a cost is zero or more");
        }
        if let (Some(build), Some(run)) = (self.cost_build, self.cost_run) {
            problems.require(
                build.currency == run.currency,
                "cost_run",
                "currency",
                "both costs need one currency",
            );
        }
        if let (Some(start), Some(review)) = (self.start, self.review_by) {
            problems.require(start <= review, "review_by", "order", "the review lies before the start");
        }
        let letters = self.csf_function.letters();
        let fits = |c: &Line| {
            c.as_str().strip_prefix(letters).is_some_and(|rest| rest.starts_with('.') && rest.len() == 3)
        };
        let one = self.csf_category.as_ref().is_none_or(fits);
        problems.require(
            one,
            "csf_category",
            "function",
            "the category belongs to another function; PR.AA belongs to protect",
        );
    }
}

fn is_owned(control: &Control, _: &GuardContext) -> Result<(), Refused> {
    owned(control.owner)
}

fn is_described(control: &Control, context: &GuardContext) -> Result<(), Refused> {
    is_owned(control, context)?;
    only(
        !control.statement.as_str().is_empty(),
        "write what is done, by whom and how often, before it counts as in operation",
    )
}

fn has_next_review(control: &Control, context: &GuardContext) -> Result<(), Refused> {
    lies_ahead(control.review_by, "the date of the next review", context)
}

#[cfg(test)]
mod tests {
    use super::{Control, ControlState};
    use crate::testing::{ID, sample};
    use wardkeep_register::Choice;
    use wardkeep_types::State;

    #[test]
    fn a_control_works_only_when_owned_and_described() {
        let planned = sample::<Control>().refuses("plan", "answers").at("planned").with("owner", ID);
        planned
            .refuses("put_in_operation", "what is done")
            .with("statement", "Locks.")
            .allows("put_in_operation");
        sample::<Control>().at("in_operation").refuses("review", "next review");
        sample::<Control>().at("retired").refuses("retire", "starts from");
    }

    #[test]
    fn costs_and_categories_fit() {
        sample::<Control>().with("cost_build", "-1 EUR").fails_in("cost_build");
        sample::<Control>().with("cost_build", "1 EUR").with("cost_run", "1 USD").fails_in("cost_run");
        sample::<Control>().with("csf_category", "PR.AA").fails_in("csf_category");
        sample::<Control>().with("csf_function", "protect").with("csf_category", "PR.AA").stands();
        sample::<Control>().at("planned").fails_in("owner");
    }

    #[test]
    fn states_have_the_keys_of_the_effectiveness_engine() {
        let ours: Vec<_> = ControlState::OPTIONS.iter().map(|o| (o.key, o.label.to_lowercase())).collect();
        assert_eq!(ours, State::ALL.map(|s| (s.key(), s.word().to_owned())));
    }
}
