//! What-if: sliders in, exact figures out, on the cells of the published run.

use super::super::measures::effect_of;
use super::super::runs::StoredRun;
use super::super::views::{SliderView, WhatIfView};
use super::stamp::points;
use crate::{App, Ctx, Error, Organisation, Refusal};
use std::collections::BTreeMap;
use wardkeep_register::Verb;
use wardkeep_risk::law::LawSpec;
use wardkeep_risk::model::{Model, Scenario};

/// Sliders of a risk: its scenarios' rate and loss, and the controls that act on them.
pub(super) fn sliders(run: &StoredRun, mine: &[&Scenario]) -> Vec<SliderView> {
    let mut out = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for scenario in mine.iter().filter(|s| s.is_assessed()) {
        for effect in run.model.effects.iter().filter(|e| e.scenario == scenario.id) {
            if seen.contains(&effect.control.as_str()) {
                continue;
            }
            seen.push(&effect.control);
            let Some(found) = run.result.controls.get(&effect.control) else { continue };
            let name = run.model.controls.iter().find(|c| c.id == effect.control);
            let name = name.map_or(effect.control.as_str(), |c| c.name.as_str());
            let values = found.values();
            let of = [
                ("coverage", values.coverage),
                ("reliability", values.reliability),
                ("efficacy", values.intact),
            ];
            for (what, now) in of {
                out.push(SliderView {
                    control: Some(name.to_owned()),
                    name: format!("{what}:{}", effect.control),
                    label: format!("{name}: {what}"),
                    min: 0.0,
                    max: 100.0,
                    step: 0.1,
                    now: (1_000.0 * now).round() / 10.0,
                    unit: "%",
                });
            }
        }
    }
    for scenario in mine.iter().filter(|s| s.is_assessed()) {
        for (what, words) in [("rate", "how often"), ("loss", "how much")] {
            out.push(SliderView {
                control: None,
                name: format!("{what}:{}", scenario.id),
                label: format!("{}: {words}, of today's", scenario.name),
                min: 10.0,
                max: 300.0,
                step: 5.0,
                now: 100.0,
                unit: "%",
            });
        }
    }
    out
}

fn scaled(law: &mut LawSpec, factor: f64) -> bool {
    match law {
        LawSpec::Constant { value } => *value *= factor,
        LawSpec::Interval { p05, p95 } => {
            *p05 *= factor;
            *p95 *= factor;
        }
        LawSpec::Pert { low, mode, high, .. } => {
            *low *= factor;
            *mode *= factor;
            *high *= factor;
        }
        _ => return false,
    }
    true
}

/// The model with one slider moved.
fn moved(
    model: &mut Model,
    run: &wardkeep_risk::run::Run,
    what: &str,
    key: &str,
    value: f64,
) -> Result<(), Refusal> {
    let name = format!("{what}:{key}");
    let unknown = || Refusal::invalid(&name, "unknown", "there is no such slider");
    match what {
        "coverage" | "reliability" | "efficacy" => {
            if !(0.0..=100.0).contains(&value) {
                return Err(Refusal::invalid(&name, "range", "a share lies between 0 and 100 %"));
            }
            // Sliders of one control are set one after the other: the values set before are its prior by then.
            let known = model
                .controls
                .iter()
                .find(|c| c.id == key)
                .and_then(|c| c.prior.filter(|p| p.weight == 0.0).map(|p| p.values));
            let now = known
                .or_else(|| run.resolved.efficacies.get(key).map(wardkeep_risk::control::Efficacy::values));
            effect_of(model, key, now.ok_or_else(unknown)?, |v| {
                let slot = match what {
                    "coverage" => &mut v.coverage,
                    "reliability" => &mut v.reliability,
                    _ => &mut v.intact,
                };
                *slot = value / 100.0;
            });
            Ok(())
        }
        "rate" | "loss" => {
            if !(value > 0.0 && value <= 10_000.0) {
                return Err(Refusal::invalid(&name, "range", "a share lies above 0 and at most 10,000 %"));
            }
            let part = model.scenarios.iter_mut().find(|s| s.id == key).ok_or_else(unknown)?;
            if what == "rate" {
                if !super::super::measures::times(part, value / 100.0) {
                    return Err(unknown());
                }
            } else {
                let more = part.secondary.iter_mut().flat_map(|s| &mut s.losses);
                for loss in part.losses.iter_mut().chain(more) {
                    if !scaled(&mut loss.amount.value, value / 100.0) {
                        return Err(unknown());
                    }
                }
            }
            Ok(())
        }
        _ => Err(unknown()),
    }
}

impl App {
    /// What the year would look like with these slider positions (names as in
    /// [`SliderView::name`](super::super::views::SliderView::name)); positions equal to today's change nothing.
    pub async fn risk_what_if(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        reference: &str,
        positions: &BTreeMap<String, f64>,
    ) -> Result<WhatIfView, Error> {
        let schema = App::schema("risk")?;
        let head = self.find(ctx, organisation, schema, reference).await?;
        self.allowed(ctx, organisation, schema, Verb::View, &head).await?;
        let run = self
            .risk_published()
            .await?
            .ok_or_else(|| Refusal::NotYet("the engine has not run yet; nothing can be compared".into()))?;
        let mine: Vec<&Scenario> =
            run.model.scenarios.iter().filter(|s| run.names.risk_of.get(&s.id) == Some(&head.id)).collect();
        if mine.iter().all(|s| !s.is_assessed()) {
            return Err(
                Refusal::NotYet("this risk is not assessed; estimate rate and loss first".into()).into()
            );
        }
        let offered = sliders(&run, &mine);
        if let Some(name) = positions.keys().find(|name| offered.iter().all(|s| s.name != **name)) {
            return Err(Refusal::invalid(name, "unknown", "there is no such slider on this risk").into());
        }
        let now = |name: &str| offered.iter().find(|s| s.name == name).map(|s| s.now);
        let changed: Vec<(String, f64)> = positions
            .iter()
            .filter(|(name, value)| now(name) != Some(**value))
            .map(|(name, value)| (name.clone(), *value))
            .collect();
        let ready = self.risk_alone(&run, &mine).await?;
        let mut model = ready.model.clone();
        for (name, value) in &changed {
            let (what, key) = name.split_once(':').unwrap_or((name, ""));
            moved(&mut model, &ready.run, what, key, *value)?;
        }
        let (found, micros) = self
            .risk_ask(ready.clone(), move |r| {
                let begun = std::time::Instant::now();
                let found = r.session.what_if(&r.run, &model)?;
                Ok((found, u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX)))
            })
            .await?;
        let before: Vec<(f64, f64)> = ready.run.result.lec.iter().map(|p| (p.loss, p.chance)).collect();
        Ok(WhatIfView {
            from_hash: run.hash.clone(),
            positions: positions.clone(),
            mean: found.mean,
            no_loss: found.no_loss,
            var: found.var,
            tvar: found.tvar,
            before: points(&before),
            after: points(&found.lec),
            micros,
        })
    }
}
