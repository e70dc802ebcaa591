//! Suppliers: who works for us, how much hangs on them, and until when.

use crate::checks::{is_over, lei_fits, lies_ahead, only, owned};
use crate::choices::Level;
use crate::{DataCategory, Person};
use wardkeep_register::prelude::*;

/// Another organisation that we rely on.
#[derive(Record)]
pub struct Supplier {
    /// Legal name.
    #[field(title)]
    pub name: Line,
    /// What it does for us.
    pub services: Markdown,
    /// Who answers for the relation.
    #[field(list, filter)]
    pub owner: Option<Link<Person>>,
    /// How much hangs on it: the highest of the four inputs below, or higher if raised.
    #[field(list, filter, computed)]
    pub tier: Option<Level>,
    /// How sensitive the data are that it gets.
    pub data_class: Level,
    /// How far it gets into our systems and buildings.
    pub access: Level,
    /// How much of our work stands still without it.
    pub continuity: Level,
    /// How much we spend there, compared with the others.
    pub spend: Level,
    /// A higher tier than the inputs give, set by a person.
    pub raised_to: Option<Level>,
    /// Data that it gets.
    pub data: Links<DataCategory>,
    /// Legal entity identifier, 20 characters (ISO 17442).
    #[field(unique)]
    pub lei: Option<Line>,
    /// ISO 3166 code of the country of its seat, such as DE.
    #[field(list, filter)]
    pub country: Option<Line>,
    /// Whom to write to about security.
    pub contact_email: Option<Email>,
    /// The group it belongs to.
    pub parent: Option<Link<Supplier>>,
    /// Whom it lets work on our data in turn.
    pub subprocessors: Links<Supplier>,
    /// Since when the contract runs.
    pub contract_start: Option<Date>,
    /// When the contract ends unless it is renewed.
    #[field(list, due)]
    pub contract_end: Option<Date>,
    /// How long before the end we must give notice.
    pub notice: Option<Length>,
    /// Within what time it must tell us of an incident.
    pub incident_notice: Option<Length>,
    /// The contract lets us or our auditor look.
    pub audit_right: bool,
    /// How we would go on without it.
    pub exit_plan: Markdown,
    /// Until when its newest report or certificate holds.
    #[field(list)]
    pub report_until: Option<Date>,
}

/// Life of a relation to a supplier.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Being looked at.
    #[open]
    Candidate,
    /// Works for us.
    #[open]
    Active,
    /// Being left.
    #[open]
    Exiting,
    /// No longer works for us; data and access are back.
    #[done]
    Ended,
    /// We said no.
    #[done]
    Rejected,
}

impl Supplier {
    /// The tier that follows from the inputs (`specs/assurance.md` TP-1).
    pub fn computed_tier(&self) -> Level {
        self.raised_to.map_or(self.inputs(), |raised| raised.max(self.inputs()))
    }
    fn inputs(&self) -> Level {
        self.data_class.max(self.access).max(self.continuity).max(self.spend)
    }
}

impl Register for Supplier {
    type Stage = Stage;
    const NAMES: Names =
        Names { one: "supplier", many: "suppliers", prefix: "SUP", area: Area::Govern, key: "supplier" };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("engage", &[Stage::Candidate], Stage::Active)
            .needs(Verb::Approve)
            .second_person()
            .with_reason()
            .only_if(can_engage),
        Move::new("renew", &[Stage::Active], Stage::Active).with_reason().only_if(runs_on),
        Move::new("exit", &[Stage::Active], Stage::Exiting).with_reason(),
        Move::new("end", &[Stage::Active, Stage::Exiting], Stage::Ended)
            .needs(Verb::Retire)
            .with_reason()
            .only_if(contract_is_over),
        Move::new("reject", &[Stage::Candidate], Stage::Rejected).with_reason(),
        Move::new("reopen", &[Stage::Ended, Stage::Rejected], Stage::Candidate).with_reason(),
    ];

    fn check(&self, stage: Stage, problems: &mut Problems) {
        let entity_fine = self.lei.as_ref().is_none_or(|lei| lei_fits(lei.as_str()));
        problems.require(
            entity_fine,
            "lei",
            "check_digits",
            "the check digits of this LEI do not fit; compare it with its certificate",
        );
        if let (Some(start), Some(end)) = (self.contract_start, self.contract_end) {
            problems.require(start < end, "contract_end", "order", "the contract ends before it starts");
        }
        let raised = self.raised_to.is_none_or(|to| to >= self.inputs());
        problems.require(
            raised,
            "raised_to",
            "lower",
            "a person may raise the tier, not lower it; correct the inputs instead",
        );
        let owned = stage == Stage::Candidate || stage == Stage::Rejected || self.owner.is_some();
        problems.require(
            owned,
            "owner",
            "required",
            "a supplier at work needs somebody who answers for the relation",
        );
    }
}

fn can_engage(supplier: &Supplier, context: &GuardContext) -> Result<(), Refused> {
    owned(supplier.owner)?;
    lies_ahead(supplier.contract_end, "the end of the contract", context)?;
    let plan = supplier.computed_tier() < Level::Critical || !supplier.exit_plan.as_str().is_empty();
    only(plan, "a critical supplier needs an exit plan first")
}

fn runs_on(supplier: &Supplier, context: &GuardContext) -> Result<(), Refused> {
    lies_ahead(supplier.contract_end, "the new end of the contract", context)
}

fn contract_is_over(supplier: &Supplier, context: &GuardContext) -> Result<(), Refused> {
    is_over(supplier.contract_end, "the end of the contract", context)
}

#[cfg(test)]
mod tests {
    use super::Supplier;
    use crate::testing::{ID, sample};

    #[test]
    fn a_critical_supplier_is_engaged_with_a_way_out() {
        let ready = sample::<Supplier>().with("owner", ID).refuses("engage", "end of the contract");
        let critical = ready.with("contract_end", "2027-06-01").allows("engage").with("access", "critical");
        critical.refuses("engage", "exit plan").with("exit_plan", "Return to paper.").allows("engage");
        sample::<Supplier>().at("active").with("contract_end", "2026-06-01").refuses("end", "wait until");
    }

    #[test]
    fn tiers_go_up_only_and_contracts_forward() {
        let high = sample::<Supplier>().with("continuity", "high");
        high.with("raised_to", "medium").fails_in("raised_to");
        let contract = sample::<Supplier>().with("contract_start", "2026-02-01");
        contract.with("contract_end", "2026-01-31").fails_in("contract_end");
        sample::<Supplier>().with("lei", "529900T8BM49AURSDO56").fails_in("lei");
    }
}
