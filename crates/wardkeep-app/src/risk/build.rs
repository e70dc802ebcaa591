//! From records to the engine's model.

use super::load::Held;
use super::observed::{Seen, seen};
use super::parts;
use crate::{App, Error, Organisation};
use std::collections::{BTreeMap, HashMap};
use wardkeep_assure::Instant;
use wardkeep_registers::{
    Appetite, Control, ControlEffect, ExchangeRate, Incident, Insurance, Risk, RiskEstimate, Scenario,
    SharedFactor,
};
use wardkeep_risk::model::{Model, Scenario as Part};
use wardkeep_types::{Currency, Id, Moment};

/// Records that take part in a model, as read at one moment.
pub(crate) struct Sources {
    pub risks: Vec<Held<Risk>>,
    pub scenarios: Vec<Held<Scenario>>,
    pub estimates: Vec<Held<RiskEstimate>>,
    pub effects: Vec<Held<ControlEffect>>,
    pub controls: Vec<Held<Control>>,
    pub incidents: Vec<Held<Incident>>,
    pub insurance: Vec<Held<Insurance>>,
    pub factors: Vec<Held<SharedFactor>>,
    pub appetite: Vec<Held<Appetite>>,
    pub rates: Vec<Held<ExchangeRate>>,
}

/// A model and what its ids stand for.
#[derive(Clone)]
pub(crate) struct Built {
    pub model: Model,
    /// Scenario id of the model to the risk's id.
    pub risk_of: BTreeMap<String, Id>,
    /// Control id of the model to the control's id.
    pub control_of: BTreeMap<String, Id>,
    /// Control id of the model and scenario id to the effect's id.
    pub effect_of: BTreeMap<(String, String), Id>,
    /// Why a record is in no sum.
    pub outside: Vec<(Id, String)>,
    /// Incidents with a loss that name no scenario.
    pub homeless: Vec<Id>,
}

impl App {
    /// Everything that a model is made of.
    pub(crate) async fn risk_sources(&self, organisation: &Organisation) -> Result<Sources, Error> {
        Ok(Sources {
            risks: self.held(organisation).await?,
            scenarios: self.held(organisation).await?,
            estimates: self.held(organisation).await?,
            effects: self.held(organisation).await?,
            controls: self.held(organisation).await?,
            incidents: self.held(organisation).await?,
            insurance: self.held(organisation).await?,
            factors: self.held(organisation).await?,
            appetite: self.held(organisation).await?,
            rates: self.held(organisation).await?,
        })
    }
    /// The currency in which the organisation reports.
    pub(crate) async fn reporting_currency(&self, organisation: &Organisation) -> Result<Currency, Error> {
        let units: Vec<Held<wardkeep_registers::Unit>> = self.held(organisation).await?;
        let root = organisation.units.roots().next();
        let code = units.iter().find(|u| Some(u.id) == root).map(|u| u.record.currency.to_string());
        Ok(code.and_then(|c| c.parse().ok()).unwrap_or(Currency::EUR))
    }
    /// The model as of now.
    pub(crate) async fn risk_model(
        &self,
        organisation: &Organisation,
        sources: &Sources,
        now: Moment,
    ) -> Result<Built, Error> {
        let currency = self.reporting_currency(organisation).await?;
        let at = Instant { as_of: now, known_at: now };
        let tests = wardkeep_assure::baseline::tests().map_err(|p| Error::fault(format!("tests: {p:?}")))?;
        let observations = self.observations(at).await?;
        let observed = seen(&observations, &tests, at);
        let then = |moment: Moment| seen(&observations, &tests, Instant { as_of: moment, known_at: now });
        Ok(build(organisation, sources, currency, now, &observed, &then))
    }
}

/// The pure part: records and counts in, model out.
pub(crate) fn build(
    organisation: &Organisation,
    sources: &Sources,
    currency: Currency,
    now: Moment,
    observed: &[Seen],
    then: &dyn Fn(Moment) -> Vec<Seen>,
) -> Built {
    let today = now.date();
    let mut model = Model::new(currency, u16::try_from(today.civil().year()).unwrap_or(2025));
    model.title = "Portfolio".into();
    model.as_of = Some(today);
    model.exchange = parts::exchange(&sources.rates, today);
    let mut built = Built {
        model,
        risk_of: BTreeMap::new(),
        control_of: BTreeMap::new(),
        effect_of: BTreeMap::new(),
        outside: Vec::new(),
        homeless: Vec::new(),
    };
    let unit_of = |unit: Id| organisation.unit(unit).0.to_owned();
    let groups_of = |unit: Id| {
        let above = organisation.units.roots().chain(organisation.unit_names.keys().copied());
        let mut found: Vec<String> =
            above.filter(|top| organisation.units.is_within(unit, *top)).map(unit_of).collect();
        found.sort();
        found.dedup();
        found
    };
    let live = |risk: &Held<Risk>| risk.stage != "closed";
    for risk in sources.risks.iter().filter(|r| live(r)) {
        let own: Vec<&Held<Scenario>> = sources
            .scenarios
            .iter()
            .filter(|s| s.stage == "in_use" && s.record.risk.id() == risk.id)
            .collect();
        let add = |mut part: Part, built: &mut Built| {
            part.unit = unit_of(risk.unit);
            part.groups = groups_of(risk.unit);
            part.owner = risk.record.owner.map(|o| o.id().to_string()).unwrap_or_default();
            built.risk_of.insert(part.id.clone(), risk.id);
            built.model.scenarios.push(part);
        };
        for scenario in &own {
            let (part, why) = parts::scenario(scenario, &sources.estimates, &sources.incidents, now);
            if let Some(why) = why {
                built.outside.push((scenario.id, why));
            }
            add(part, &mut built);
        }
        if own.is_empty() {
            match parts::rough(risk) {
                Some(part) if risk.stage != "draft" => add(part, &mut built),
                Some(mut part) => {
                    part.not_assessed = true;
                    add(part, &mut built);
                    built.outside.push((risk.id, "it is a draft".into()));
                }
                None => {
                    let mut part = Part::named(&risk.id.to_string(), risk.record.name.as_str());
                    part.not_assessed = true;
                    add(part, &mut built);
                    built.outside.push((risk.id, "rate and loss are not estimated".into()));
                }
            }
        }
    }
    effects(sources, observed, then, &mut built);
    parts::shared(&sources.factors, &mut built.model);
    parts::insurance(&sources.insurance, today, &mut built.model);
    drop_unknown_currencies(&mut built);
    parts::exact_cover(&mut built.model, &mut built.outside);
    built.model.appetite = parts::appetite(&sources.appetite, organisation, currency, &mut built.outside);
    built.homeless = sources
        .incidents
        .iter()
        .filter(|i| i.record.cost.is_some_and(|c| c.minor > 0) && i.record.scenario.is_none())
        .filter(|i| !i.record.is_exercise)
        .map(|i| i.id)
        .collect();
    built
}

/// A scenario in a currency without a dated rate stays out of every sum, and says so.
fn drop_unknown_currencies(built: &mut Built) {
    let rates = wardkeep_risk::model::ExchangeRates(&built.model.exchange);
    for part in &mut built.model.scenarios {
        let Some(currency) = part.currency else { continue };
        if part.not_assessed || rates.factor(currency, built.model.currency, "currency").is_ok() {
            continue;
        }
        part.not_assessed = true;
        part.currency = None;
        if let Ok(id) = part.id.parse() {
            let why = format!(
                "{currency} cannot be added to {}: enter an exchange rate with its day",
                built.model.currency
            );
            built.outside.push((id, why));
        }
    }
}

/// Controls with their assumptions, what was seen of them, and what they act on. Effects of one control with the same
/// assumptions share one control of the engine, so that its draws move them together.
fn effects(sources: &Sources, observed: &[Seen], then: &dyn Fn(Moment) -> Vec<Seen>, built: &mut Built) {
    let controls: HashMap<Id, &Held<Control>> =
        sources.controls.iter().filter(|c| c.stage != "retired").map(|c| (c.id, c)).collect();
    for effect in sources.effects.iter().filter(|e| e.stage == "confirmed") {
        let (Some(control), scenario) =
            (controls.get(&effect.record.control.id()), effect.record.scenario.id().to_string())
        else {
            continue;
        };
        if built.model.scenario(&scenario).is_none() {
            continue;
        }
        let id = parts::control(control, effect, &mut built.model);
        built.control_of.insert(id.clone(), control.id);
        built.effect_of.insert((id.clone(), scenario.clone()), effect.id);
        built.model.effects.push(parts::effect(effect, &id, &scenario));
    }
    let key_of = |id: &Id| {
        controls
            .get(id)
            .and_then(|c| c.record.outside_reference.as_ref())
            .map(std::string::ToString::to_string)
    };
    let counts = |seen: &[Seen], built: &Built| {
        let mut out = Vec::new();
        for (id, control) in &built.control_of {
            let key = key_of(control);
            for one in seen.iter().filter(|s| Some(&s.control) == key.as_ref()) {
                out.push(wardkeep_risk::control::Counts { control: id.clone(), ..one.counts.clone() });
            }
        }
        out
    };
    built.model.observed = counts(observed, built);
    let dated: Vec<(usize, Moment)> = built
        .model
        .scenarios
        .iter()
        .enumerate()
        .filter(|(_, s)| matches!(s.basis, wardkeep_risk::model::Basis::OwnToday(_)))
        .filter_map(|(n, s)| Some((n, parts::stated(s)?.start())))
        .collect();
    for (n, moment) in dated {
        let recorded = counts(&then(moment), built);
        let id = built.model.scenarios[n].id.clone();
        let own = built
            .model
            .effects
            .iter()
            .filter(|e| e.scenario == id)
            .filter_map(|e| {
                let control = built.model.controls.iter().find(|c| c.id == e.control)?;
                let weights = &built.model.weights;
                let found =
                    wardkeep_risk::control::assess(&control.id, &control.assumed(), &recorded, &[], weights);
                Some((control.id.clone(), found.value(e.kappa.value())))
            })
            .collect();
        built.model.scenarios[n].basis = wardkeep_risk::model::Basis::OwnToday(own);
    }
}
