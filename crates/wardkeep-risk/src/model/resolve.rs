//! From a model to what the engine sums, with the trail that opens every figure.

use super::base::base_rate;
use super::exchange::ExchangeRates;
use super::origin::SourceKind;
use super::rate::RateBelief;
use super::residual::{PREVENT, contain, effects_of, ratio, reference};
use super::scenario::{FormLoss, Scenario};
use super::shared::Overlap;
use super::{Factor, Model};
use crate::Probability;
use crate::control::{Efficacy, State, Values, assess};
use crate::engine::{Cache, Group, Leaf, Link, Loss, Part, Portfolio, Shock};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wardkeep_types::{Problem, Problems};

/// One control's part in one scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActingTrail {
    /// Control id.
    pub control: String,
    /// What it makes smaller.
    pub on: Factor,
    /// Share of the techniques it addresses.
    pub kappa: f64,
    /// Efficacy now.
    pub efficacy: f64,
    /// Efficacy that the base rate already contains.
    pub reference: f64,
    /// Whether anything was observed.
    pub state: State,
}

/// How one scenario's figures came about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScenarioTrail {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// Groups.
    pub groups: Vec<String>,
    /// Mean rate before the change of controls, own incidents included.
    pub base_rate: f64,
    /// What controls that prevent leave of it, against the basis.
    pub prevent: f64,
    /// The same for the chance of a secondary loss.
    pub secondary: f64,
    /// The same for time-driven loss.
    pub recovery: f64,
    /// The same for the mean loss through containment.
    pub contained: f64,
    /// Mean rate.
    pub rate: f64,
    /// Weakest source among rate and losses.
    pub source: SourceKind,
    /// The controls.
    pub controls: Vec<ActingTrail>,
}

/// A model made ready.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// With insurance.
    pub portfolio: Portfolio,
    /// Without insurance, when there is any.
    pub gross: Option<Portfolio>,
    /// One per part, in the same order.
    pub trail: Vec<ScenarioTrail>,
    /// Beliefs about base rates, in the same order.
    pub beliefs: Vec<RateBelief>,
    /// Posterior per control id.
    pub efficacies: BTreeMap<String, Efficacy>,
    /// Ids of scenarios that nobody assessed.
    pub not_assessed: Vec<String>,
    /// Remarks that change no figure by themselves.
    pub notes: Vec<Problem>,
}

/// Works a model out. `predictive` lets uncertain rates spread the year; without it mean rates are known.
pub fn resolve(model: &Model, predictive: bool, cache: &Cache) -> Result<Resolved, Problems> {
    let found = super::lint(model);
    if !found.faults.is_empty() {
        return Err(found.faults);
    }
    let efficacies: BTreeMap<String, Efficacy> = model
        .controls
        .iter()
        .map(|c| (c.id.clone(), assess(&c.id, &c.assumed(), &model.observed, &model.uptimes, &model.weights)))
        .collect();
    let mut problems = Problems::new();
    let mut out = Resolved {
        portfolio: Portfolio::default(),
        gross: None,
        trail: Vec::new(),
        beliefs: Vec::new(),
        efficacies,
        not_assessed: Vec::new(),
        notes: found.warnings.0,
    };
    for (n, scenario) in model.scenarios.iter().enumerate() {
        if !scenario.is_assessed() {
            out.not_assessed.push(scenario.id.clone());
            continue;
        }
        match part(model, scenario, n, &out.efficacies, predictive) {
            Ok((part, trail, belief)) => {
                out.portfolio.parts.push(part);
                out.trail.push(trail);
                out.beliefs.push(belief);
            }
            Err(problem) => problems.add(problem),
        }
    }
    out.portfolio.sectors = model.sectors.iter().map(|sector| sector.variance).collect();
    out.portfolio.drivers = model.drivers.len();
    shocks(model, &mut out.portfolio);
    insure(model, &mut out, cache);
    out.portfolio.faults().into_iter().for_each(|problem| problems.add(problem));
    if problems.is_empty() { Ok(out) } else { Err(problems) }
}

impl Scenario {
    /// Whether there is a rate and a loss to sum.
    pub fn is_assessed(&self) -> bool {
        let threat = self.nodes.as_ref().is_some_and(super::Nodes::is_whole);
        !self.not_assessed && !self.losses.is_empty() && (self.rate.is_some() || threat)
    }
}

impl Resolved {
    /// What is left of a scenario's rate when controls have these values, against its basis.
    pub fn prevented(model: &Model, scenario: &Scenario, values: &dyn Fn(&str) -> Values) -> f64 {
        let effects = effects_of(model, &scenario.id);
        ratio(model, scenario, &effects, &PREVENT, values)
    }
}

fn part(
    model: &Model,
    scenario: &Scenario,
    n: usize,
    efficacies: &BTreeMap<String, Efficacy>,
    predictive: bool,
) -> Result<(Part, ScenarioTrail, RateBelief), Problem> {
    let path = format!("scenario[{n}] {}", scenario.id);
    let effects = effects_of(model, &scenario.id);
    let nothing = Values { coverage: 0.0, reliability: 0.0, intact: 0.0, degraded: 0.0 };
    let values = |control: &str| efficacies.get(control).map_or(nothing, Efficacy::values);
    let prevent = ratio(model, scenario, &effects, &PREVENT, &values);
    let secondary = ratio(model, scenario, &effects, &[Factor::SecondaryChance], &values);
    let recovery = ratio(model, scenario, &effects, &[Factor::Recovery], &values);
    let (belief, mut source) = base_rate(scenario, &path)?;
    let money = ExchangeRates(&model.exchange).factor(
        scenario.currency.unwrap_or(model.currency),
        model.currency,
        &format!("{path}.currency"),
    )?;
    let forms = |losses: &[FormLoss], name: &str| -> Result<Vec<Loss>, Problem> {
        losses
            .iter()
            .enumerate()
            .map(|(k, form)| {
                let factor = if form.time_driven { recovery } else { 1.0 };
                Ok(Loss::One(Leaf::new(
                    &form.amount.value,
                    money * factor,
                    &format!("{path}.{name}[{k}].amount"),
                )?))
            })
            .collect()
    };
    let mut parts = forms(&scenario.losses, "loss")?;
    for form in &scenario.losses {
        source = source.max(form.amount.source);
    }
    if let Some(more) = &scenario.secondary {
        let chance = Probability::clamped(more.chance.value.value() * secondary);
        source = source.max(more.chance.source);
        parts.push(sum(forms(&more.losses, "secondary.losses")?).sometimes(chance));
    }
    let whole = sum(parts);
    let (loss, contained) = contain(model, scenario, &effects, &values, whole, &path)?;
    let controls = effects
        .iter()
        .map(|e| ActingTrail {
            control: e.control.clone(),
            on: e.on,
            kappa: e.kappa.value(),
            efficacy: values(&e.control).efficacy(e.kappa.value()),
            reference: reference(model, scenario, e),
            state: efficacies.get(&e.control).map_or(State::Assumed, |c| c.state),
        })
        .collect();
    let link = link(model, scenario);
    let count = belief.count(prevent, predictive && link == Link::Alone);
    let trail = ScenarioTrail {
        id: scenario.id.clone(),
        name: scenario.name.clone(),
        unit: scenario.unit.clone(),
        groups: scenario.groups.clone(),
        base_rate: belief.mean(),
        prevent,
        secondary,
        recovery,
        contained,
        rate: count.mean(),
        source,
        controls,
    };
    Ok((Part { id: scenario.id.clone(), count, loss, link }, trail, belief))
}

fn sum(mut parts: Vec<Loss>) -> Loss {
    match parts.len() {
        1 => parts.remove(0),
        _ => Loss::Sum(parts),
    }
}

fn link(model: &Model, scenario: &Scenario) -> Link {
    if let Some((id, spread)) = &scenario.driver
        && let Some(d) = model.drivers.iter().position(|driver| driver.id == *id)
    {
        return Link::Driver(d, *spread);
    }
    let weights: Vec<(usize, f64)> = scenario
        .sectors
        .iter()
        .filter_map(|(id, w)| Some((model.sectors.iter().position(|sector| sector.id == *id)?, *w)))
        .collect();
    if weights.is_empty() { Link::Alone } else { Link::Sectors(weights) }
}

fn indices(portfolio: &Portfolio, ids: &[String]) -> Vec<usize> {
    portfolio.parts.iter().enumerate().filter(|(_, part)| ids.contains(&part.id)).map(|(i, _)| i).collect()
}

fn shocks(model: &Model, portfolio: &mut Portfolio) {
    for shock in &model.shocks {
        let hits = indices(portfolio, &shock.scenarios);
        if !hits.is_empty() {
            let carved_out = shock.overlap == Overlap::CarvedOut;
            portfolio.shocks.push(Shock { rate: shock.rate, hits, carved_out });
        }
    }
}

fn insure(model: &Model, out: &mut Resolved, cache: &Cache) {
    let gross = out.portfolio.clone();
    let mut covered = false;
    for (n, policy) in model.insurance.iter().enumerate() {
        if let (Some(until), Some(as_of)) = (policy.until, model.as_of)
            && until < as_of
        {
            out.notes.push(
                Problem::new(
                    format!("insurance[{n}]"),
                    "expired",
                    format!("{} ended on {until}: no cover", policy.name),
                )
                .hint("Enter the new policy."),
            );
            continue;
        }
        let members = indices(&out.portfolio, &policy.scenarios);
        if members.is_empty() {
            continue;
        }
        covered = true;
        if let Some(layer) = policy.per_event {
            for &i in &members {
                out.portfolio.parts[i].loss = out.portfolio.parts[i].loss.net_of(layer, cache);
            }
        }
        if let Some(layer) = policy.annual {
            if members.len() == out.portfolio.parts.len() && out.portfolio.annual.is_none() {
                out.portfolio.annual = Some(layer);
            } else {
                out.portfolio.groups.push(Group { members, layer });
            }
        }
    }
    if covered {
        out.gross = Some(gross);
    }
}
