//! A scenario: who does what to what, how often, and what it costs.

use super::origin::Sourced;
use super::rate::{Incidents, RateSpec};
use super::share::ShareSpec;
use crate::Probability;
use crate::law::LawSpec;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wardkeep_types::Currency;

/// Kinds of loss (Open FAIR's six, and the total when nobody split it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// All of it, not split.
    Total,
    /// Work that was not done.
    Productivity,
    /// Handling the event.
    Response,
    /// Things and money that are gone.
    Replacement,
    /// Fines and judgements.
    FinesAndJudgements,
    /// Lost advantage over others.
    CompetitiveAdvantage,
    /// Lost trust.
    Reputation,
}

/// One form of loss per event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormLoss {
    /// Which form.
    pub form: Form,
    /// How much per event.
    pub amount: Sourced<LawSpec>,
    /// Grows with the time to recover: controls that recover make it smaller.
    #[serde(default)]
    pub time_driven: bool,
}

/// Losses that follow only sometimes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secondary {
    /// Chance, given a primary loss.
    pub chance: Sourced<Probability>,
    /// How much.
    pub losses: Vec<FormLoss>,
}

/// How threats become loss events; used when no rate is entered directly. Whatever is entered directly makes what lies
/// below it ignored: threat events those of contacts and action, vulnerability those of capability and resistance.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nodes {
    /// Threat events a year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threat_events: Option<Sourced<RateSpec>>,
    /// Contacts a year, used when no threat events are entered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contacts: Option<Sourced<RateSpec>>,
    /// Chance that a contact acts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<Sourced<ShareSpec>>,
    /// Chance that a threat event becomes a loss event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vulnerability: Option<Sourced<ShareSpec>>,
    /// What the threat can do, from 0 to 1 on one scale with the resistance; used when no vulnerability is entered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capability: Option<Sourced<ShareSpec>>,
    /// What the defence withstands, on the same scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resistance: Option<Sourced<ShareSpec>>,
}

/// What happens when an event is seen in time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Containment {
    /// Chance that it is seen, before controls that detect.
    pub seen: Probability,
    /// Chance that somebody acts on it.
    pub acted: Probability,
    /// Hours from first sight to impact.
    pub hours: f64,
    /// Mean hours to respond, before controls that respond.
    pub mttr_hours: f64,
    /// Share of the loss that remains when contained.
    pub remaining_loss: Probability,
}

/// Which controls the entered rate already contains: the double-count trap.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// None of those modelled.
    NoModelledControls,
    /// Ordinary ones: each control's reference.
    #[default]
    WithReferenceControls,
    /// Ours on the day of the estimate: efficacy by control id.
    OwnToday(BTreeMap<String, f64>),
}

/// A scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Identity: a UUID or a library id. Two scenarios may share a name, never an id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub owner: String,
    /// Unit, for scopes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Groups, for scopes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Who or what starts it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub actor: String,
    /// What is harmed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub asset: String,
    /// How.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub effect: String,
    /// One sentence that a year can prove wrong.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub claim: String,
    /// True: looked at by nobody yet. It stays out of every sum and is counted beside it.
    #[serde(default)]
    pub not_assessed: bool,
    /// Currency of its amounts; the model's when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Price year of its amounts; the model's when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_year: Option<u16>,
    /// Which controls the rate already contains.
    #[serde(default)]
    pub basis: Basis,
    /// Loss events a year; when present, the nodes are ignored and shown as ignored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Sourced<RateSpec>>,
    /// Threat events and vulnerability.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nodes: Option<Nodes>,
    /// Own incidents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incidents: Option<Incidents>,
    /// Own threat events that did no harm: they speak about threat events, never about the rate itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub near_misses: Option<Incidents>,
    /// Primary loss, by form; forms add up inside an event.
    #[serde(default, rename = "loss")]
    pub losses: Vec<FormLoss>,
    /// Secondary loss.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secondary: Option<Secondary>,
    /// Containment before impact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub containment: Option<Containment>,
    /// Techniques it begins with and their weights, for suggestions of kappa.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub techniques: BTreeMap<String, f64>,
    /// Weights in sectors, by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sectors: BTreeMap<String, f64>,
    /// Driver id and spread of the logarithm of the rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub driver: Option<(String, f64)>,
}

impl Scenario {
    /// A scenario with an id and a name, not yet assessed.
    pub fn named(id: &str, name: &str) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            owner: String::new(),
            unit: String::new(),
            groups: Vec::new(),
            actor: String::new(),
            asset: String::new(),
            effect: String::new(),
            claim: String::new(),
            not_assessed: false,
            currency: None,
            price_year: None,
            basis: Basis::default(),
            rate: None,
            nodes: None,
            incidents: None,
            near_misses: None,
            losses: Vec::new(),
            secondary: None,
            containment: None,
            techniques: BTreeMap::new(),
            sectors: BTreeMap::new(),
            driver: None,
        }
    }
}
