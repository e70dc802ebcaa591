//! JSON models of a Python tool that multiplies rate and loss.

use super::Imported;
use crate::Probability;
use crate::engine::Count;
use crate::law::LawSpec;
use crate::model::{
    Basis, Form, FormLoss, Model, Nodes, RateSpec, Scenario, Secondary, ShareSpec, SourceKind, Sourced,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use wardkeep_types::{Currency, Problem, limits};

/// Reads a model or a model of models. Amounts get the currency given, for the file names none.
pub fn pyfair(text: &str, currency: Currency, price_year: u16) -> Result<Imported, Problem> {
    if text.len() as u64 > limits::DOCUMENT_BYTES {
        return Err(Problem::new("pyfair", "too_large", "the file is larger than a document may be"));
    }
    let value: Value = serde_json::from_str(text).map_err(|e| {
        Problem::new(format!("pyfair:{}:{}", e.line(), e.column()), "unreadable", e.to_string())
            .hint("Export the model as JSON again.")
    })?;
    let members: Vec<(&str, &Value)> = if value["type"] == "FairMetaModel" {
        value
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(_, v)| v.is_object())
            .map(|(k, v)| (k.as_str(), v))
            .collect()
    } else {
        vec![(value["name"].as_str().unwrap_or("model"), &value)]
    };
    let mut model = Model::new(currency, price_year);
    model.title = value["name"].as_str().unwrap_or_default().into();
    let mut problems = Vec::new();
    let mut seeds: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
    for (name, member) in &members {
        if let Some(seed) = member["random_seed"].as_i64() {
            seeds.entry(seed).or_default().push(name);
        }
        model.scenarios.push(scenario(name, member, &mut problems));
        problems.push(
            Problem::new(
                *name,
                "product",
                "rate is multiplied by loss: that is not the sum of a year's events",
            )
            .hint("Here events are counted and their losses added; compare both figures."),
        );
    }
    for (seed, names) in seeds {
        let message = if names.len() > 1 {
            format!("seed {seed} is shared by {}: their years are not independent", names.join(", "))
        } else {
            format!("seed {seed} is fixed and shared by every node of the model: their draws move together")
        };
        problems.push(Problem::new("random_seed", "shared_seed", message).hint("No seed is used here."));
    }
    Ok(Imported { model, problems })
}

fn law(name: &str, node: &str, value: &Value, problems: &mut Vec<Problem>) -> Option<LawSpec> {
    let at = |key: &str| value[key].as_f64();
    let spec = if let Some(value) = at("constant") {
        LawSpec::Constant { value }
    } else if let (Some(low), Some(mode), Some(high)) = (at("low"), at("mode"), at("high")) {
        LawSpec::Pert { low, mode, high, weight: at("gamma").unwrap_or(4.0) }
    } else if let (Some(mean), Some(sd)) = (at("mean"), at("stdev")) {
        LawSpec::Normal { mean, sd }
    } else {
        return None;
    };
    match spec.build(&format!("{name}: {node}")) {
        Ok(_) => Some(spec),
        Err(mut problem) => {
            if matches!(spec, LawSpec::Normal { .. }) {
                problem.code = "normal".into();
            }
            problems.push(problem);
            None
        }
    }
}

fn chance(value: &Value) -> Option<Probability> {
    let mean =
        || Some((value["low"].as_f64()? + 4.0 * value["mode"].as_f64()? + value["high"].as_f64()?) / 6.0);
    value["p"].as_f64().or_else(|| value["constant"].as_f64()).or_else(mean).and_then(Probability::new)
}

/// A node from 0 to 1, with its three points when it has them.
fn share(value: &Value) -> Option<Sourced<ShareSpec>> {
    let at = |key: &str| value[key].as_f64();
    let spec = match (at("low"), at("mode"), at("high")) {
        (Some(low), Some(mode), Some(high)) => {
            ShareSpec::Pert { low, mode, high, weight: at("gamma").unwrap_or(4.0) }
        }
        _ => ShareSpec::Chance { probability: chance(value)? },
    };
    Some(Sourced::new(spec, SourceKind::Expert))
}

fn scenario(name: &str, value: &Value, problems: &mut Vec<Problem>) -> Scenario {
    let id = value["model_uuid"].as_str().unwrap_or(name).to_owned();
    let mut out = Scenario::named(&id, name);
    out.basis = Basis::NoModelledControls;
    let node = |key: &str| value.get(key).filter(|v| v.is_object());
    let mut rate = |key: &str| -> Option<Sourced<RateSpec>> {
        let spec = match law(name, key, node(key)?, problems)? {
            LawSpec::Constant { value } => RateSpec::Point { per_year: crate::Rate::new(value)? },
            LawSpec::Pert { low, mode, high, weight } => RateSpec::Pert { low, mode, high, weight },
            _ => return None,
        };
        Some(Sourced::new(spec, SourceKind::Expert))
    };
    out.rate = rate("Loss Event Frequency");
    let (threat_events, contacts) = (rate("Threat Event Frequency"), rate("Contact Frequency"));
    let share = |key: &str| share(node(key)?);
    if out.rate.is_none() && (threat_events.is_some() || contacts.is_some()) {
        out.nodes = Some(Nodes {
            threat_events,
            contacts,
            action: share("Probability of Action"),
            vulnerability: share("Vulnerability"),
            capability: share("Threat Capability"),
            resistance: share("Control Strength").or_else(|| share("Resistance Strength")),
        });
    }
    let mut form = |key: &str| -> Option<FormLoss> {
        let amount = Sourced::new(law(name, key, node(key)?, problems)?, SourceKind::Expert);
        Some(FormLoss { form: Form::Total, amount, time_driven: false })
    };
    out.losses.extend(form("Loss Magnitude").or_else(|| form("Primary Loss")));
    let magnitude = form("Secondary Loss Event Magnitude");
    if let (Some(loss), Some(chance)) = (magnitude, node("Secondary Loss Event Frequency").and_then(chance)) {
        out.secondary =
            Some(Secondary { chance: Sourced::new(chance, SourceKind::Expert), losses: vec![loss] });
    }
    out
}

/// Their figure next to ours, for one scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// The scenario.
    pub id: String,
    /// Mean: the same for both.
    pub mean: f64,
    /// Standard deviation of rate times loss.
    pub product_sd: f64,
    /// Standard deviation of the year's sum.
    pub sum_sd: f64,
}

/// What multiplying gives beside what adding gives; `None` for scenarios without a rate or a simple loss.
pub fn compare(scenario: &Scenario) -> Option<Compared> {
    let belief = scenario.rate.as_ref()?.value.belief(None, "").ok()?;
    let [form] = &scenario.losses[..] else { return None };
    let law = form.amount.value.build("").ok()?;
    let (m1, m2) = (law.moment(1)?, law.moment(2)?);
    let (rate, second) = match belief.count(1.0, true) {
        Count::Mixed(nodes) => (
            nodes.iter().map(|(r, w)| w * r.times()).sum::<f64>(),
            nodes.iter().map(|(r, w)| w * r.times() * r.times()).sum::<f64>(),
        ),
        Count::Gamma { rate, variance } => (rate.times(), rate.times().powi(2) * (1.0 + variance)),
        other => (other.mean(), other.mean().powi(2)),
    };
    let mean = rate * m1;
    Some(Compared {
        id: scenario.id.clone(),
        mean,
        product_sd: libm::sqrt((second * m2 - mean * mean).max(0.0)),
        sum_sd: libm::sqrt(rate * m2 + (second - rate * rate) * m1 * m1),
    })
}
