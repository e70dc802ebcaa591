//! Incidents: what people handle together when harm is done or near.

use crate::checks::{only, owned};
use crate::choices::Tlp;
use crate::{Asset, DataCategory, Person, Risk, Scenario, Service, Supplier, Unit};
use wardkeep_register::prelude::*;

/// Harm to information or systems that people handle, from the first sign to the lessons.
#[derive(Record)]
pub struct Incident {
    /// A short name that gives nothing away.
    #[field(title)]
    pub name: Line,
    /// What is known so far, in a few sentences.
    pub summary: Markdown,
    /// What sort of incident it is.
    #[field(list, filter)]
    pub kind: IncidentKind,
    /// How bad it is; decides roles and rhythm, not legal duties.
    #[field(list, filter)]
    pub severity: IncidentSeverity,
    /// Who leads the work.
    #[field(list, filter, label = "Lead")]
    pub owner: Option<Link<Person>>,
    /// Who stands in for the lead.
    pub deputy: Option<Link<Person>>,
    /// Who works on it.
    pub handlers: Links<Person>,
    /// When it began, as far as is known.
    pub occurred_at: Option<Moment>,
    /// When somebody noticed it: many legal clocks start here.
    #[field(list)]
    pub detected_at: Option<Moment>,
    /// When it could no longer spread.
    pub contained_at: Option<Moment>,
    /// When work went on as before.
    pub recovered_at: Option<Moment>,
    /// Whether data about people are touched.
    #[field(list, filter)]
    pub personal_data: PersonalData,
    /// How many people's data, as far as is known.
    pub people_affected: Option<i64>,
    /// Countries of the people affected, as ISO 3166 codes separated by commas.
    pub countries: Option<Line>,
    /// Categories of data touched.
    pub data: Links<DataCategory>,
    /// Services that are harmed.
    pub services: Links<Service>,
    /// Assets that are touched.
    pub assets: Links<Asset>,
    /// Suppliers who take part in it.
    pub suppliers: Links<Supplier>,
    /// Legal entities whose duties it starts.
    pub entities: Links<Unit>,
    /// Risks that came true.
    pub risks: Links<Risk>,
    /// Only practice; never counted among real ones.
    #[field(filter)]
    pub is_exercise: bool,
    /// A threat event that did no harm: it counts among the threat events of its scenario, not in its rate.
    #[field(filter)]
    pub near_miss: bool,
    /// With whom it may be shared.
    #[field(label = "TLP")]
    pub tlp: Tlp,
    /// What it cost.
    pub cost: Option<Money>,
    /// The scenario that came true: the loss feeds back into its rate.
    pub scenario: Option<Link<Scenario>>,
    /// No scenario describes it: the portfolio has a gap.
    pub fits_no_scenario: bool,
    /// Why it could happen; several causes, none of them a person.
    pub causes: Markdown,
    /// What went well, what did not, and what changes.
    pub lessons: Markdown,
    /// When those who wait hear from us again.
    #[field(list, due)]
    pub next_update_on: Option<Date>,
}

/// Sorts of incident.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum IncidentKind {
    /// None of these.
    Other,
    /// Data locked for money.
    Ransomware,
    /// Other harmful programs.
    Malware,
    /// People led to give something away.
    Phishing,
    /// Somebody uses another's account.
    AccountTakeover,
    /// Data got out or were lost.
    DataLoss,
    /// Somebody inside.
    Insider,
    /// Kept from working by load.
    DenialOfService,
    /// A web page or application was attacked.
    Application,
    /// It happened at a supplier.
    Supplier,
    /// A weakness in what we make.
    ProductVulnerability,
    /// A device is gone.
    LostDevice,
    /// Doors, fire, water, power.
    Physical,
    /// Machines and plants.
    #[label("OT")]
    Ot,
}

/// How bad an incident is.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum IncidentSeverity {
    /// Anything less.
    #[label("S4")]
    S4,
    /// One team or service.
    #[label("S3")]
    S3,
    /// A critical process stands still, or data of 500 people or more are touched.
    #[label("S2")]
    S2,
    /// Lives, safety, or the whole organisation stands still.
    #[label("S1")]
    S1,
}

/// Whether data about people are touched.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum PersonalData {
    /// Not known yet.
    Unknown,
    /// None.
    No,
    /// Some.
    Yes,
    /// Among them specially protected ones, such as health.
    Special,
}

/// Life of an incident.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Said to be one.
    #[open]
    Declared,
    /// What happened is being found out.
    #[open]
    Analysing,
    /// It cannot spread.
    #[open]
    Contained,
    /// The attacker and the cause are out.
    #[open]
    Eradicated,
    /// Work comes back.
    #[open]
    Recovering,
    /// Lessons are drawn.
    #[open]
    Reviewing,
    /// All is done.
    #[done]
    Closed,
    /// It was none.
    #[done]
    Cancelled,
}

use Stage::{Analysing, Cancelled, Closed, Contained, Declared, Eradicated, Recovering, Reviewing};

impl Register for Incident {
    type Stage = Stage;
    const NAMES: Names =
        Names { one: "incident", many: "incidents", prefix: "INC", area: Area::Respond, key: "incident" };
    const NEED_TO_KNOW: bool = true;
    const MOVES: &'static [Move<Self>] = &[
        Move::new("analyse", &[Declared], Analysing).only_if(is_led),
        Move::new("contain", &[Analysing], Contained).only_if(is_contained),
        Move::new("eradicate", &[Contained], Eradicated),
        Move::new("recover", &[Eradicated], Recovering),
        Move::new("review", &[Recovering], Reviewing).only_if(is_recovered),
        Move::new("step_back", &[Contained], Analysing).with_reason(),
        Move::new("step_back", &[Eradicated], Contained).with_reason(),
        Move::new("step_back", &[Recovering], Eradicated).with_reason(),
        Move::new("step_back", &[Reviewing], Recovering).with_reason(),
        Move::new("close", &[Reviewing], Closed)
            .needs(Verb::Approve)
            .second_person()
            .with_reason()
            .only_if(is_reviewed),
        Move::new("cancel", &[Declared, Analysing], Cancelled).needs(Verb::Approve).with_reason(),
        Move::new("reopen", &[Closed, Cancelled], Analysing).needs(Verb::Approve).with_reason(),
    ];

    fn check(&self, stage: Stage, problems: &mut Problems) {
        for (field, at) in [("contained_at", self.contained_at), ("recovered_at", self.recovered_at)] {
            let ordered = at.zip(self.occurred_at).is_none_or(|(at, began)| began <= at);
            problems.require(ordered, field, "order", "this lies before the incident began");
        }
        let grave = matches!(self.severity, IncidentSeverity::S1 | IncidentSeverity::S2);
        let apart = !grave || self.deputy.is_none() || self.deputy != self.owner;
        problems.require(
            apart,
            "deputy",
            "same_person",
            "lead and deputy of a grave incident are two people",
        );
        problems.require(
            self.people_affected.is_none_or(|n| n >= 0),
            "people_affected",
            "negative",
            "people are zero or more",
        );
        let told = self.people_affected.is_none_or(|n| n == 0) || self.personal_data != PersonalData::No;
        problems.require(
            told,
            "personal_data",
            "contradiction",
            "people are affected, so data about people are touched",
        );
        let harmless = !self.near_miss || self.cost.is_none_or(|cost| cost.minor == 0);
        problems.require(harmless, "near_miss", "contradiction", "it cost something, so it was no near miss");
        let named = self.scenario.is_none() || !self.fits_no_scenario;
        problems.require(named, "scenario", "contradiction", "a scenario is named, so one fits");
        let known = stage != Closed || self.personal_data != PersonalData::Unknown;
        problems.require(
            known,
            "personal_data",
            "required",
            "say whether data about people were touched: legal duties hang on it",
        );
    }
}

fn is_led(incident: &Incident, _: &GuardContext) -> Result<(), Refused> {
    owned(incident.owner)?;
    only(incident.detected_at.is_some(), "enter when it was noticed: legal clocks start there")
}

fn is_contained(incident: &Incident, _: &GuardContext) -> Result<(), Refused> {
    only(incident.contained_at.is_some(), "enter when it could no longer spread")
}

fn is_recovered(incident: &Incident, _: &GuardContext) -> Result<(), Refused> {
    only(incident.recovered_at.is_some(), "enter when work went on as before")
}

fn is_reviewed(incident: &Incident, _: &GuardContext) -> Result<(), Refused> {
    let known = incident.personal_data != PersonalData::Unknown;
    only(known, "say whether data about people were touched: legal duties hang on it")?;
    let drawn = !incident.causes.as_str().is_empty() && !incident.lessons.as_str().is_empty();
    only(drawn, "write down causes and lessons before it is closed")
}

#[cfg(test)]
mod tests {
    use super::Incident;
    use crate::testing::{ID, sample};

    #[test]
    fn each_step_asks_for_its_facts() {
        let led = sample::<Incident>().refuses("analyse", "answers").with("owner", ID);
        led.refuses("analyse", "noticed").with("detected_at", "2026-05-30T08:00:00Z").allows("analyse");
        sample::<Incident>().at("analysing").refuses("contain", "spread");
        sample::<Incident>().at("recovering").refuses("review", "went on").allows("step_back");
        let known =
            sample::<Incident>().at("reviewing").refuses("close", "legal duties").with("personal_data", "no");
        known
            .refuses("close", "lessons")
            .with("causes", "A flat network.")
            .with("lessons", "Split it.")
            .allows("close");
    }

    #[test]
    fn facts_fit_each_other() {
        let began = sample::<Incident>().with("occurred_at", "2026-05-02T00:00:00Z");
        began.with("contained_at", "2026-05-01T00:00:00Z").fails_in("contained_at");
        sample::<Incident>().with("severity", "s1").with("owner", ID).with("deputy", ID).fails_in("deputy");
        sample::<Incident>()
            .with("people_affected", "3")
            .with("personal_data", "no")
            .fails_in("personal_data");
        sample::<Incident>().at("closed").fails_in("personal_data");
        let near = sample::<Incident>().with("near_miss", "true");
        near.with("cost", "1 EUR").fails_in("near_miss");
        sample::<Incident>().with("near_miss", "true").with("cost", "0 EUR").stands();
    }
}
