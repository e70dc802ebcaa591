//! Label tables and tolerances of an R tool, and the inputs of its OpenFAIR example.

use super::rows::{columns, number, rows};
use crate::law::LawSpec;
use crate::model::{Basis, Form, FormLoss, Model, Nodes, RateSpec, Scenario, ShareSpec, SourceKind, Sourced};
use serde::{Deserialize, Serialize};
use wardkeep_types::{Currency, Problem};

/// What a label means: low, most likely, high and a weight of the most likely.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mapping {
    /// `tef`, `tc`, `diff` or `lm`.
    pub kind: String,
    /// The label.
    pub label: String,
    /// The law it stands for.
    pub law: LawSpec,
}

/// An amount with a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tolerance {
    /// Name of the level.
    pub level: String,
    /// Money.
    pub amount: f64,
}

/// Reads `type, label, l, ml, h, conf`; good rows are kept.
pub fn mappings(text: &str) -> Result<(Vec<Mapping>, Vec<Problem>), Problem> {
    let (header, found) = rows(text, "mappings")?;
    let at = columns(&header, ["type", "label", "l", "ml", "h", "conf"], "mappings")?;
    let (mut out, mut problems) = (Vec::new(), Vec::new());
    for row in &found {
        let cell = |k: usize| row.cells.get(at[k]).map_or("", String::as_str);
        let place = format!("mappings:{}", row.line);
        let law =
            match (number(cell(2)), number(cell(3)), number(cell(4)), number(cell(5))) {
                (Some(low), Some(mode), Some(high), Some(weight)) => {
                    let law = LawSpec::Pert { low, mode, high, weight };
                    law.build(&place).map(|_| law)
                }
                _ => Err(Problem::new(&place, "row", "a number is missing")
                    .hint("Fill in the row; others are kept.")),
            };
        match law {
            Ok(law) => out.push(Mapping { kind: cell(0).into(), label: cell(1).into(), law }),
            Err(problem) => problems.push(problem),
        }
    }
    Ok((out, problems))
}

/// Reads `level, amount`.
pub fn tolerances(text: &str) -> Result<Vec<Tolerance>, Problem> {
    let (header, found) = rows(text, "tolerances")?;
    let [level, amount] = columns(&header, ["level", "amount"], "tolerances")?;
    found
        .iter()
        .map(|row| {
            let amount = row.cells.get(amount).and_then(|t| number(t)).ok_or_else(|| {
                Problem::new(format!("tolerances:{}", row.line), "row", "the amount is missing")
                    .hint("Write a number.")
            })?;
            Ok(Tolerance { level: row.cells.get(level).cloned().unwrap_or_default(), amount })
        })
        .collect()
}

/// The inputs of the example: low, most likely, high, weight.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenFairInput {
    /// Threat events a year.
    pub threat_events: [f64; 4],
    /// Threat capability.
    pub capability: [f64; 4],
    /// Control strength.
    pub strength: [f64; 4],
    /// Loss per event.
    pub loss: [f64; 4],
}

/// Reads the example's JSON and makes a model of it.
pub fn openfair_example(text: &str) -> Result<(OpenFairInput, Model), Problem> {
    let unreadable = |message: String| {
        Problem::new("openfair example", "unreadable", message)
            .hint("The file holds an object named 'input'.")
    };
    let value: serde_json::Value = serde_json::from_str(text).map_err(|e| unreadable(e.to_string()))?;
    let read = |name: &str| -> Result<[f64; 4], Problem> {
        let mut out = [0.0; 4];
        for (slot, end) in out.iter_mut().zip(["l", "ml", "h", "conf"]) {
            let key = format!("{name}{end}");
            *slot = value["input"][&key].as_f64().ok_or_else(|| unreadable(format!("'{key}' is missing")))?;
        }
        Ok(out)
    };
    let input = OpenFairInput {
        threat_events: read("tef")?,
        capability: read("tcap")?,
        strength: read("cs")?,
        loss: read("lm")?,
    };
    let mut model = Model::new(Currency::USD, 2020);
    model.title = "OpenFAIR example".into();
    // Its scale runs from 0 to 100.
    let share = |[low, mode, high, weight]: [f64; 4]| {
        let spec = ShareSpec::Pert { low: low / 100.0, mode: mode / 100.0, high: high / 100.0, weight };
        Sourced::new(spec, SourceKind::Expert)
    };
    let [low, mode, high, weight] = input.loss;
    let [tl, tm, th, tw] = input.threat_events;
    model.scenarios.push(Scenario {
        nodes: Some(Nodes {
            threat_events: Some(Sourced::new(
                RateSpec::Pert { low: tl, mode: tm, high: th, weight: tw },
                SourceKind::Expert,
            )),
            capability: Some(share(input.capability)),
            resistance: Some(share(input.strength)),
            ..Nodes::default()
        }),
        losses: vec![FormLoss {
            form: Form::Total,
            amount: Sourced::new(LawSpec::Pert { low, mode, high, weight }, SourceKind::Expert),
            time_driven: false,
        }],
        basis: Basis::NoModelledControls,
        ..Scenario::named("openfair-example", "OpenFAIR example")
    });
    Ok((input, model))
}
