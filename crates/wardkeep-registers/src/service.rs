//! Business services: what the organisation runs for others, and how long it may stand still.

use crate::checks::{lies_ahead, only, owned};
use crate::choices::Level;
use crate::{DataCategory, Person, Supplier};
use wardkeep_register::prelude::*;

/// Something the organisation does for customers, patients, citizens or itself.
#[derive(Record)]
pub struct Service {
    /// What people call it.
    #[field(title)]
    pub name: Line,
    /// What it does, and for whom.
    pub description: Markdown,
    /// Who answers for it.
    #[field(list, filter)]
    pub owner: Option<Link<Person>>,
    /// What its loss would mean.
    #[field(list, filter)]
    pub criticality: Level,
    /// Longest stop that is planned for (recovery time objective).
    #[field(list, label = "Recovery time")]
    pub rto: Option<Length>,
    /// Most recent data that may be lost (recovery point objective).
    #[field(label = "Recovery point")]
    pub rpo: Option<Length>,
    /// Longest stop that the organisation survives.
    pub longest_stop: Option<Length>,
    /// What an hour of standstill costs.
    pub loss_per_hour: Option<Money>,
    /// What must go on even in an emergency, and how.
    #[field(label = "Minimum service")]
    pub in_emergency: Markdown,
    /// Services that it needs.
    pub depends_on: Links<Service>,
    /// Suppliers that it needs.
    pub suppliers: Links<Supplier>,
    /// Data that it works with.
    pub data: Links<DataCategory>,
    /// When it must be looked at again.
    #[field(list, due)]
    pub review_on: Option<Date>,
}

/// Life of a service.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Being described or built.
    #[open]
    Planned,
    /// People rely on it.
    #[open]
    Live,
    /// Nobody relies on it any more.
    #[done]
    Retired,
}

impl Register for Service {
    type Stage = Stage;
    const NAMES: Names = Names {
        one: "business service",
        many: "business services",
        prefix: "SVC",
        area: Area::Identify,
        key: "service",
    };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("go_live", &[Stage::Planned], Stage::Live).only_if(is_known),
        Move::new("review", &[Stage::Live], Stage::Live).only_if(has_next_review),
        Move::new("retire", &[Stage::Planned, Stage::Live], Stage::Retired).needs(Verb::Retire).with_reason(),
        Move::new("reopen", &[Stage::Retired], Stage::Planned).with_reason(),
    ];

    fn check(&self, stage: Stage, problems: &mut Problems) {
        if let (Some(rto), Some(longest)) = (self.rto, self.longest_stop) {
            problems.require(
                rto <= longest,
                "rto",
                "order",
                "the planned stop is longer than the organisation survives",
            );
        }
        let timed = stage != Stage::Live || self.criticality < Level::High || self.rto.is_some();
        problems.require(timed, "rto", "required", "a service of high criticality needs a recovery time");
        let loss_fine = self.loss_per_hour.is_none_or(|loss| loss.minor >= 0);
        problems.require(loss_fine, "loss_per_hour", "negative", "a loss is zero or more");
    }
}

fn is_known(service: &Service, _: &GuardContext) -> Result<(), Refused> {
    owned(service.owner)?;
    let described = !service.description.as_str().is_empty();
    only(described, "describe what the service does, and for whom, before people rely on it")
}

fn has_next_review(service: &Service, context: &GuardContext) -> Result<(), Refused> {
    lies_ahead(service.review_on, "the date of the next review", context)
}

#[cfg(test)]
mod tests {
    use super::Service;
    use crate::testing::{ID, sample};

    #[test]
    fn a_live_service_is_known_and_reviewed() {
        let owned = sample::<Service>()
            .refuses("go_live", "answers")
            .with("owner", ID)
            .refuses("go_live", "describe");
        let live = owned.with("description", "Pays suppliers.").allows("go_live").at("live");
        live.with("review_on", "2026-06-01")
            .refuses("review", "must lie ahead")
            .with("review_on", "2027-06-01")
            .allows("review");
    }

    #[test]
    fn recovery_times_fit_each_other() {
        sample::<Service>().with("rto", "8h").with("longest_stop", "4h").fails_in("rto");
        sample::<Service>().at("live").with("criticality", "critical").fails_in("rto");
        sample::<Service>().at("live").with("criticality", "low").stands();
    }
}
