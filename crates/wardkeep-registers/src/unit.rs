//! Units: the parts of the organisation to which records and rights belong.

use crate::Person;
use crate::checks::{lei_fits, owned};
use wardkeep_register::prelude::*;

/// A part of the organisation: rights are granted on it and inherited downwards.
#[derive(Record)]
pub struct Unit {
    /// What people call it.
    #[field(title)]
    pub name: Line,
    /// What sort of part it is.
    #[field(list, filter)]
    pub kind: UnitKind,
    /// The unit above it; empty for the organisation itself.
    #[field(list)]
    pub parent: Option<Link<Unit>>,
    /// Who leads it; a leaver's open work falls to this person.
    #[field(list)]
    pub owner: Option<Link<Person>>,
    /// ISO 3166 code of the country whose law applies, such as DE.
    #[field(list, filter)]
    pub country: Option<Line>,
    /// IANA time zone in which its days are counted, such as Europe/Berlin.
    pub time_zone: Line,
    /// ISO 4217 code of the currency in which it reports.
    pub currency: Line,
    /// Legal entity identifier, 20 characters (ISO 17442).
    pub lei: Option<Line>,
    /// What it does, for people who do not know it.
    pub purpose: Markdown,
}

/// Sorts of unit.
#[derive(Clone, Copy, PartialEq, Choice)]
pub enum UnitKind {
    /// The whole.
    Organisation,
    /// A company of its own.
    LegalEntity,
    /// A line of business.
    Division,
    /// Part of a division.
    Department,
    /// A place.
    Site,
    /// A service or system with its own team.
    Service,
}

/// Life of a unit.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Being set up.
    #[open]
    Planned,
    /// At work.
    #[open]
    Active,
    /// Closed; its records stay readable.
    #[done]
    Archived,
}

impl Register for Unit {
    type Stage = Stage;
    const NAMES: Names = Names { one: "unit", many: "units", prefix: "UNI", area: Area::Govern, key: "unit" };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("activate", &[Stage::Planned], Stage::Active).only_if(has_lead),
        Move::new("archive", &[Stage::Active], Stage::Archived).needs(Verb::Retire).with_reason(),
        Move::new("reopen", &[Stage::Archived], Stage::Active).with_reason().only_if(has_lead),
    ];

    fn check(&self, _stage: Stage, problems: &mut Problems) {
        let zone_known = jiff::tz::TimeZone::get(self.time_zone.as_str()).is_ok();
        problems.require(
            zone_known,
            "time_zone",
            "unknown",
            "this time zone is not known; write it as Europe/Berlin",
        );
        let currency_fine = self.currency.as_str().parse::<Currency>().is_ok();
        problems.require(
            currency_fine,
            "currency",
            "invalid",
            "the currency is a code of three letters such as EUR",
        );
        let entity_fine = self.lei.as_ref().is_none_or(|lei| lei_fits(lei.as_str()));
        problems.require(
            entity_fine,
            "lei",
            "check_digits",
            "the check digits of this LEI do not fit; compare it with its certificate",
        );
        let rooted = self.kind == UnitKind::Organisation || self.parent.is_some();
        problems.require(
            rooted,
            "parent",
            "required",
            "only the organisation itself stands without a unit above it",
        );
    }
}

fn has_lead(unit: &Unit, _: &GuardContext) -> Result<(), Refused> {
    owned(unit.owner)
}

#[cfg(test)]
mod tests {
    use super::Unit;
    use crate::testing::{ID, Sample, sample};

    fn unit() -> Sample {
        sample::<Unit>().with("time_zone", "Europe/Berlin").with("currency", "EUR")
    }

    #[test]
    fn a_unit_at_work_has_a_lead() {
        unit().refuses("activate", "answers").with("owner", ID).allows("activate");
        unit().at("archived").refuses("reopen", "answers");
    }

    #[test]
    fn codes_are_known_and_parts_have_a_whole() {
        unit().stands();
        unit().with("time_zone", "Mars/Olympus").fails_in("time_zone");
        unit().with("currency", "euro").fails_in("currency");
        unit().with("lei", "529900T8BM49AURSDO56").fails_in("lei");
        unit().with("kind", "site").fails_in("parent");
    }
}
