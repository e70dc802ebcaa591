//! Risks: what may happen, how bad it would be, and what we do about it.

use crate::{Asset, Person, RiskMatrix, Service, Unit};
use wardkeep_register::prelude::*;

/// Something that may happen and would harm the organisation.
#[derive(Record)]
pub struct Risk {
    /// A short name people use in meetings.
    #[field(title)]
    pub name: Line,
    /// Cause, event and consequence.
    pub description: Markdown,
    /// Who answers for this risk.
    #[field(list, filter)]
    pub owner: Option<Link<Person>>,
    /// Where it comes from.
    #[field(filter)]
    pub source: Source,
    /// Units that would feel it.
    pub affects: Links<Unit>,
    /// Services that would be harmed.
    pub services: Links<Service>,
    /// Assets through which it would come.
    pub assets: Links<Asset>,
    /// Times a year, as a first estimate; scenarios take its place.
    pub frequency: Option<Estimate<PerYear>>,
    /// Loss each time, as a first estimate; scenarios take its place.
    pub loss: Option<Estimate<Money>>,
    /// The matrix with which it is talked about; figures stand beside it.
    pub matrix: Option<Link<RiskMatrix>>,
    /// Level of likelihood in the matrix, from 1. Missing means not assessed, never low.
    pub likelihood: Option<i64>,
    /// Level of impact in the matrix, from 1. Missing means not assessed, never low.
    pub impact: Option<i64>,
    /// What we do about it.
    #[field(list, filter)]
    pub treatment: Treatment,
    /// Why this treatment, and what is planned.
    pub treatment_plan: Markdown,
    /// Until when an acceptance holds.
    pub accepted_until: Option<Date>,
    /// Mean loss in a year after controls, from the risk engine.
    #[field(list, computed)]
    pub annual_loss: Option<Money>,
    /// Its part of the mean of the worst hundredth of years, from the risk engine.
    #[field(computed)]
    pub tail_loss: Option<Money>,
    /// Hash of the run that worked the figures out.
    #[field(computed)]
    pub run_hash: Option<Line>,
    /// When it must be looked at again.
    #[field(list, due)]
    pub review_on: Option<Date>,
}

/// Where risks come from.
#[derive(Clone, Copy, PartialEq, Choice)]
pub enum Source {
    /// Somebody attacks.
    Attack,
    /// Somebody errs.
    Error,
    /// Something breaks.
    Failure,
    /// Nature, fire, power.
    Environment,
    /// A supplier fails.
    Supplier,
    /// A law or contract is broken.
    Obligation,
}

/// What can be done about a risk (ISO 31000 6.5.2, in our words).
#[derive(Clone, Copy, PartialEq, Choice)]
pub enum Treatment {
    /// Not yet decided.
    Undecided,
    /// Make it rarer or smaller.
    Reduce,
    /// Let someone else bear the loss.
    Share,
    /// Stop what causes it.
    Avoid,
    /// Live with it.
    Accept,
}

/// Life of a risk.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Written down.
    #[open]
    Draft,
    /// Frequency and loss are estimated.
    #[open]
    Assessed,
    /// It is decided what is done about it.
    #[open]
    ResponseChosen,
    /// Being reduced.
    #[open]
    Treating,
    /// Accepted until a date.
    #[done]
    Accepted,
    /// No longer there.
    #[done]
    Closed,
}

use Stage::{Accepted, Assessed, Closed, Draft, ResponseChosen, Treating};

impl Register for Risk {
    type Stage = Stage;
    const NAMES: Names =
        Names { one: "risk", many: "risks", prefix: "RSK", area: Area::Identify, key: "risk" };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("assess", &[Draft], Assessed).only_if(is_estimated),
        Move::new("choose", &[Assessed], ResponseChosen).only_if(has_response),
        Move::new("treat", &[ResponseChosen, Accepted], Treating).only_if(has_treatment),
        Move::new("accept", &[Assessed, ResponseChosen, Treating], Accepted)
            .needs(Verb::Approve)
            .second_person()
            .with_reason()
            .only_if(can_accept),
        // An approved acceptance leads here: two people agreed to that, and the program follows.
        Move::new("bear", &[Assessed, ResponseChosen, Treating], Accepted).with_reason().only_if(is_borne),
        Move::new("close", &[Draft, Assessed, ResponseChosen, Treating, Accepted], Closed)
            .needs(Verb::Retire)
            .with_reason(),
        Move::new("reopen", &[Closed, Accepted, ResponseChosen], Assessed).with_reason(),
    ];

    fn check(&self, stage: Stage, problems: &mut Problems) {
        let owned = stage == Stage::Draft || self.owner.is_some();
        problems.require(owned, "owner", "required", "a risk past draft needs somebody who answers for it");
        if let Some(loss) = self.loss {
            let one = loss.low.currency == loss.high.currency && loss.low.currency == loss.likely.currency;
            problems.require(one, "loss", "currency", "the three points of a loss need one currency");
            problems.require(loss.low.minor >= 0, "loss", "negative", "a loss is zero or more");
        }
        let both = self.likelihood.is_some() == self.impact.is_some();
        problems.require(
            both,
            "impact",
            "together",
            "rate likelihood and impact, or neither: half is not assessed",
        );
        let levels = [self.likelihood, self.impact].into_iter().flatten().all(|l| (1..=10).contains(&l));
        problems.require(levels, "likelihood", "range", "a level is a number from 1 to 10");
        let rated = self.likelihood.is_none() || self.matrix.is_some();
        problems.require(rated, "matrix", "required", "name the matrix to which the levels belong");
        let dated = stage != Stage::Accepted || self.accepted_until.is_some();
        problems.require(
            dated,
            "accepted_until",
            "required",
            "an accepted risk needs the date on which it ends",
        );
    }
}

fn is_estimated(risk: &Risk, _: &GuardContext) -> Result<(), Refused> {
    // A risk whose scenarios were computed is assessed without a first estimate of its own.
    match (risk.frequency, risk.loss) {
        _ if risk.annual_loss.is_some() => Ok(()),
        (Some(_), Some(_)) => Ok(()),
        _ => Err(Refused::because("estimate frequency and loss first")),
    }
}

fn has_response(risk: &Risk, _: &GuardContext) -> Result<(), Refused> {
    match risk.treatment {
        Treatment::Undecided => {
            Err(Refused::because("say what is done about it: reduce, share, avoid or accept"))
        }
        _ => Ok(()),
    }
}

fn has_treatment(risk: &Risk, _: &GuardContext) -> Result<(), Refused> {
    match risk.treatment {
        Treatment::Reduce | Treatment::Share | Treatment::Avoid => Ok(()),
        Treatment::Undecided | Treatment::Accept => {
            Err(Refused::because("choose to reduce, share or avoid the risk before treating it"))
        }
    }
}

fn is_borne(risk: &Risk, context: &GuardContext) -> Result<(), Refused> {
    if context.actor.is_some() {
        return Err(Refused::because(
            "ask for an acceptance of this risk; it is borne once that is approved",
        ));
    }
    can_accept(risk, context)
}

fn can_accept(risk: &Risk, context: &GuardContext) -> Result<(), Refused> {
    is_estimated(risk, context)?;
    match risk.accepted_until {
        None => Err(Refused::because("enter until when the acceptance holds")),
        Some(day) if day <= context.today() => Err(Refused::because("the acceptance would already be over")),
        Some(day) if day.days_since(context.today()) > crate::acceptance::LONGEST_DAYS => {
            Err(Refused::because("an acceptance holds for 24 months at most"))
        }
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::Risk;
    use crate::testing::{ID, Sample, sample};

    fn estimated() -> Sample {
        sample::<Risk>()
            .with("frequency", "0.1 .. 0.5 .. 2")
            .with("loss", "1000 EUR .. 5000 EUR .. 90000 EUR")
    }

    #[test]
    fn a_risk_is_estimated_before_it_is_accepted_for_two_years_at_most() {
        sample::<Risk>().refuses("assess", "estimate frequency").at("assessed").refuses("accept", "estimate");
        let assessed = estimated()
            .allows("assess")
            .at("assessed")
            .refuses("choose", "say what")
            .at("response_chosen")
            .refuses("treat", "choose")
            .refuses("accept", "until when");
        let long = assessed.with("accepted_until", "2028-06-30").refuses("accept", "24 months at most");
        long.with("accepted_until", "2026-06-01")
            .refuses("accept", "already be over")
            .with("accepted_until", "2027-06-01")
            .allows("accept")
            .refuses("bear", "ask for an acceptance")
            .by_program()
            .allows("bear");
    }

    #[test]
    fn losses_have_one_currency_and_acceptances_an_end() {
        sample::<Risk>().with("loss", "-1 EUR .. 5 EUR .. 9 EUR").fails_in("loss");
        sample::<Risk>().at("accepted").with("owner", ID).fails_in("accepted_until");
        sample::<Risk>().at("assessed").fails_in("owner");
        sample::<Risk>().with("likelihood", "3").fails_in("impact");
        sample::<Risk>().with("likelihood", "3").with("impact", "2").fails_in("matrix");
    }
}
