//! Treatment plans: what could be done about a risk, what it costs, and what exactly it would take off.

use crate::checks::{only, owned};
use crate::{Control, Person, Risk, Scenario};
use wardkeep_register::prelude::*;

/// A measure that could be bought. Planned never counts as done.
#[derive(Clone, Record)]
pub struct TreatmentPlan {
    /// What is done.
    #[field(title)]
    pub name: Line,
    /// The risk that it treats.
    #[field(list, filter)]
    pub risk: Link<Risk>,
    /// What sort of answer it is.
    #[field(filter)]
    pub response: Response,
    /// Who carries it out.
    #[field(list, filter)]
    pub owner: Option<Link<Person>>,
    /// What happens, step by step.
    pub steps: Markdown,
    /// Cost once.
    #[field(list)]
    pub cost_once: Money,
    /// Cost a year.
    pub cost_yearly: Option<Money>,
    /// Work in staff-days.
    pub staff_days: Option<i64>,
    /// First day.
    pub starts_on: Option<Date>,
    /// Last day.
    #[field(list, due)]
    pub ends_on: Option<Date>,
    /// Plans that must be carried out too.
    pub needs: Links<TreatmentPlan>,
    /// Name of a set of plans of which at most one is carried out.
    pub one_of: Option<Line>,
    /// A law or contract asks for it.
    pub mandated: bool,
    /// The control that it makes better.
    pub control: Option<Link<Control>>,
    /// Coverage of the control afterwards.
    pub expected_coverage: Option<Percent>,
    /// Reliability of the control afterwards.
    pub expected_reliability: Option<Percent>,
    /// Efficacy of the control while working, afterwards.
    pub expected_efficacy: Option<Percent>,
    /// Scenarios that it makes rarer without a control of ours.
    pub scenarios: Links<Scenario>,
    /// How much rarer they become.
    pub rarer_by: Option<Percent>,
    /// What it takes off the yearly mean, from the risk engine.
    #[field(list, computed)]
    pub reduction: Option<Money>,
    /// What it takes off the mean of the worst hundredth of years.
    #[field(computed)]
    pub tail_reduction: Option<Money>,
    /// Chance that it takes off more than it costs a year.
    #[field(computed)]
    pub chance_it_pays: Option<Percent>,
}

/// What sort of answer a plan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Response {
    /// Makes it rarer or smaller.
    Reduce,
    /// Lets someone else bear the loss.
    Transfer,
    /// Stops what causes it.
    Avoid,
}

/// Life of a treatment plan.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Being written.
    #[open]
    Draft,
    /// Waits for a decision.
    #[open]
    Proposed,
    /// Decided and paid for.
    #[open]
    Approved,
    /// Under way.
    #[open]
    UnderWay,
    /// Carried out; what it brought is for observations to show.
    #[done]
    CarriedOut,
    /// Not done.
    #[done]
    Dropped,
}

use Stage::{Approved, CarriedOut, Draft, Dropped, Proposed, UnderWay};

impl Register for TreatmentPlan {
    type Stage = Stage;
    const NAMES: Names = Names {
        one: "treatment plan",
        many: "treatment plans",
        prefix: "TRP",
        area: Area::Identify,
        key: "treatment_plan",
    };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("propose", &[Draft, Dropped], Proposed).only_if(is_whole),
        Move::new("approve", &[Proposed], Approved)
            .needs(Verb::Approve)
            .second_person()
            .with_reason()
            .only_if(is_dated),
        Move::new("start", &[Approved], UnderWay),
        Move::new("finish", &[UnderWay], CarriedOut),
        Move::new("drop", &[Draft, Proposed, Approved, UnderWay], Dropped).with_reason(),
    ];

    fn check(&self, _: Stage, problems: &mut Problems) {
        let costs = self.cost_once.minor >= 0 && self.cost_yearly.is_none_or(|m| m.minor >= 0);
        problems.require(costs, "cost_once", "negative", "a cost is zero or more");
        let one = self.cost_yearly.is_none_or(|m| m.currency == self.cost_once.currency);
        problems.require(one, "cost_yearly", "currency", "both costs need one currency");
        let days = self.staff_days.is_none_or(|d| (0..=1_000_000).contains(&d));
        problems.require(days, "staff_days", "range", "staff-days are zero or more");
        let order = self.starts_on.zip(self.ends_on).is_none_or(|(from, to)| from <= to);
        problems.require(order, "ends_on", "order", "a plan ends after it starts");
        let better = self.expected_coverage.or(self.expected_reliability).or(self.expected_efficacy);
        let stated = better.is_none() || self.control.is_some();
        problems.require(stated, "control", "together", "name the control whose figures it changes");
        let rarer = self.rarer_by.is_none() || !self.scenarios.is_empty();
        problems.require(rarer, "scenarios", "together", "name the scenarios that become rarer");
    }
}

impl TreatmentPlan {
    fn has_effect(&self) -> bool {
        let better = self.expected_coverage.or(self.expected_reliability).or(self.expected_efficacy);
        (self.control.is_some() && better.is_some())
            || (self.rarer_by.is_some() && !self.scenarios.is_empty())
    }
}

fn is_whole(plan: &TreatmentPlan, _: &GuardContext) -> Result<(), Refused> {
    owned(plan.owner)?;
    only(
        plan.has_effect() || plan.response == Response::Transfer,
        "say what it is expected to change: a control's figures, or scenarios that become rarer",
    )
}

fn is_dated(plan: &TreatmentPlan, context: &GuardContext) -> Result<(), Refused> {
    only(plan.starts_on.is_some(), "enter the first day")?;
    crate::checks::lies_ahead(plan.ends_on, "the last day", context)
}

#[cfg(test)]
mod tests {
    use super::TreatmentPlan;
    use crate::testing::{ID, sample};

    #[test]
    fn a_plan_says_what_it_changes_before_it_is_proposed_and_when_before_it_is_approved() {
        let owned = sample::<TreatmentPlan>().refuses("propose", "answers").with("owner", ID);
        let whole = owned.refuses("propose", "change").with("control", ID).with("expected_coverage", "98");
        let asked = whole.allows("propose").at("proposed").refuses("approve", "first day");
        asked.with("starts_on", "2026-06-01").with("ends_on", "2026-05-01").fails_in("ends_on");
    }

    #[test]
    fn figures_belong_to_a_control_or_to_scenarios() {
        sample::<TreatmentPlan>().with("expected_coverage", "98").fails_in("control");
        sample::<TreatmentPlan>().with("rarer_by", "30").fails_in("scenarios");
        sample::<TreatmentPlan>().with("cost_yearly", "1 USD").fails_in("cost_yearly");
    }
}
