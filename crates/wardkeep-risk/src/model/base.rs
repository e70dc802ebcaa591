//! The rate of loss events before the change of controls: entered directly, or from threat events.

use super::origin::SourceKind;
use super::rate::RateBelief;
use super::scenario::{Scenario, Vulnerability};
use crate::law::Pert;
use crate::{Probability, vulnerability};
use wardkeep_types::Problem;

pub(super) fn base_rate(scenario: &Scenario, path: &str) -> Result<(RateBelief, SourceKind), Problem> {
    let incidents = scenario.incidents.as_ref();
    if let Some(rate) = &scenario.rate {
        return Ok((rate.value.belief(incidents, &format!("{path}.rate"))?, rate.source));
    }
    let missing =
        || Problem::new(path, "rate", "there is neither a rate nor threat events with a vulnerability");
    let nodes = scenario.nodes.as_ref().ok_or_else(missing)?;
    let vulnerable = nodes.vulnerability.as_ref().ok_or_else(missing)?;
    let mut source = vulnerable.source;
    let chance = match &vulnerable.value {
        Vulnerability::Chance { probability } => *probability,
        Vulnerability::Contest { capability: [a, b, c], resistance: [d, e, f] } => {
            let fault = || {
                Problem::new(
                    format!("{path}.nodes.vulnerability"),
                    "law",
                    "both need low <= mode <= high, low < high",
                )
            };
            let capability = Pert::new(*a, *b, *c, 4.0).ok_or_else(fault)?;
            vulnerability(&capability, &Pert::new(*d, *e, *f, 4.0).ok_or_else(fault)?)
        }
    };
    let (threat, action) = match (&nodes.threat_events, &nodes.contacts, &nodes.action) {
        (Some(threat), _, _) => (threat, 1.0),
        (None, Some(contacts), Some(action)) => {
            source = source.max(action.source);
            (contacts, action.value.value())
        }
        _ => return Err(missing()),
    };
    source = source.max(threat.source);
    // Own loss events speak about the loss event rate, so they are counted after the nodes are joined.
    let joined = match threat.value.belief(None, &format!("{path}.nodes"))? {
        RateBelief::Point(rate) => RateBelief::Point(rate * action * chance.value()),
        RateBelief::Gamma(shape, years) => {
            RateBelief::Gamma(shape, years / (action * chance.value()).max(1e-300))
        }
        RateBelief::Spread(nodes) => RateBelief::Spread(
            nodes
                .into_iter()
                .filter_map(|(rate, w)| Some((crate::Rate::new(rate.times() * action * chance.value())?, w)))
                .collect(),
        ),
        RateBelief::AtMostOnce(p) => {
            RateBelief::AtMostOnce(Probability::clamped(p.value() * action * chance.value()))
        }
    };
    let counted = match (&joined, incidents) {
        (RateBelief::Point(rate), Some(_)) => {
            super::RateSpec::Point { per_year: crate::Rate::new(*rate).ok_or_else(missing)? }
                .belief(incidents, path)?
        }
        (RateBelief::Gamma(shape, years), Some(_)) => {
            super::RateSpec::Gamma { shape: *shape, years: *years }.belief(incidents, path)?
        }
        _ => joined,
    };
    Ok((counted, source))
}
