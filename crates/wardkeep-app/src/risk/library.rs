//! The built-in scenarios: what ships, who already uses it, and what a copy would hold.

mod add;
mod prepared;

pub use add::LibraryAsk;

use super::load::Held;
use super::views::{LibraryControlView, LibraryScenarioView, LibraryView, Ref, TechniqueView};
use crate::records::Labels;
use crate::{App, Ctx, Error, Organisation, Refusal};
use wardkeep_register::Verb;
use wardkeep_registers::{Control, Risk, Scenario};
use wardkeep_rights::{Resource, Target, decide};
use wardkeep_risk::law::LawSpec;
use wardkeep_risk::library::{CATALOGUE, Library, read};
use wardkeep_risk::model::{Effect, RateSpec, Scenario as Part, SourceKind};
use wardkeep_types::Id;

/// The library; that it can be read is a test of the engine.
fn library() -> Result<Library, Error> {
    read().map_err(|p| Error::fault(format!("{}: {}", p.path, p.message)))
}

fn record(labels: &Labels, id: Id) -> Option<Ref> {
    let label = labels.get(id)?;
    Some(Ref { reference: label.reference.clone(), name: label.title.clone(), path: label.path.clone() })
}

/// Our control that stands for one of the library's: the one that came from the same entry of the baseline.
fn ours<'a>(library: &Library, control: &str, all: &'a [Held<Control>]) -> Option<&'a Held<Control>> {
    let key = library.baseline.get(control)?;
    all.iter()
        .filter(|c| c.stage != "retired")
        .find(|c| c.record.outside_reference.as_ref().is_some_and(|k| k.as_str() == key))
}

/// Why an effect's share of techniques is what it is.
struct Grounds {
    kappa: f64,
    addressed: Vec<String>,
    /// The catalogue says so; else it is a placeholder.
    listed: bool,
}

fn grounds(library: &Library, scenario: &Part, effect: &Effect) -> Grounds {
    let mitigations = library.model.controls.iter().find(|c| c.id == effect.control);
    let found = mitigations.map(|c| library.suggest(&scenario.techniques, &c.mitigations));
    match found.filter(|f| effect.source == SourceKind::Study && f.kappa > 0.0) {
        Some(found) => Grounds { kappa: found.kappa, addressed: found.addressed, listed: true },
        None => Grounds { kappa: effect.kappa.value(), addressed: Vec::new(), listed: false },
    }
}

/// Both ends of a rate as people read it; the library holds ranges only.
fn ends(rate: &RateSpec) -> (f64, f64) {
    match *rate {
        RateSpec::Interval { p05, p95 } => (p05, p95),
        RateSpec::Pert { low, high, .. } => (low, high),
        _ => rate.belief(None, "rate").map_or((0.0, 0.0), |b| (b.quantile(0.05), b.quantile(0.95))),
    }
}

fn span(law: &LawSpec) -> (f64, f64) {
    match *law {
        LawSpec::Interval { p05, p95 } => (p05, p95),
        _ => law.build("loss").map_or((0.0, 0.0), |l| (l.quantile(0.05), l.quantile(0.95))),
    }
}

impl App {
    /// The built-in scenarios with their defaults, for those who may view some scenario; and the risks under which
    /// the reader may add one.
    pub async fn risk_library(&self, ctx: &Ctx, organisation: &Organisation) -> Result<LibraryView, Error> {
        let reach = crate::records::reach_of(ctx, organisation, App::schema("scenario")?, Verb::View);
        if !reach.system && reach.units.is_empty() && reach.own_units.is_empty() {
            return Err(Refusal::NotFound.into());
        }
        let library = library()?;
        let risks: Vec<Held<Risk>> = self.held(organisation).await?;
        let scenarios: Vec<Held<Scenario>> = self.held(organisation).await?;
        let controls: Vec<Held<Control>> = self.held(organisation).await?;
        let mut ids: Vec<Id> = risks.iter().map(|r| r.id).collect();
        ids.extend(scenarios.iter().map(|s| s.id));
        ids.extend(controls.iter().map(|c| c.id));
        let labels = self.labels(ctx, organisation, ids).await?;
        let may_add = |risk: &&Held<Risk>| {
            let target = Target::of(risk.unit, ctx.person());
            let resource = Resource::Register("scenario");
            risk.stage != "closed"
                && decide(&ctx.actor, &organisation.units, Verb::Add, resource, &target).is_ok()
        };
        let live = || scenarios.iter().filter(|s| s.stage != "retired");
        let one = |part: &Part| LibraryScenarioView {
            key: part.id.clone(),
            name: part.name.clone(),
            actor: part.actor.clone(),
            harmed: part.asset.clone(),
            effect: part.effect.clone(),
            claim: part.claim.clone(),
            currency: part.currency.unwrap_or(library.model.currency).to_string(),
            price_year: part.price_year.unwrap_or(library.model.price_year),
            rate: part.rate.as_ref().map_or((0.0, 0.0), |r| ends(&r.value)),
            loss: part.losses.first().map_or((0.0, 0.0), |l| span(&l.amount.value)),
            follows: part.secondary.as_ref().and_then(|more| {
                let (low, high) = span(&more.losses.first()?.amount.value);
                Some((more.chance.value.value(), low, high))
            }),
            anchors: anchors(part),
            techniques: part
                .techniques
                .iter()
                .map(|(id, weight)| TechniqueView {
                    id: id.clone(),
                    about: library.technique(id).map(|t| t.about.clone()).unwrap_or_default(),
                    weight: *weight,
                })
                .collect(),
            controls: library
                .model
                .effects
                .iter()
                .filter(|e| e.scenario == part.id)
                .map(|e| {
                    let found = grounds(&library, part, e);
                    let spec = library.model.controls.iter().find(|c| c.id == e.control);
                    let ours = ours(&library, &e.control, &controls).and_then(|c| record(&labels, c.id));
                    LibraryControlView {
                        key: e.control.clone(),
                        name: spec.map_or_else(|| e.control.clone(), |c| c.name.clone()),
                        on: add::factor(e.on).into(),
                        kappa: found.kappa,
                        addressed: found.addressed,
                        listed: found.listed,
                        ours,
                    }
                })
                .collect(),
            used: live()
                .filter(|s| s.record.library_key.as_ref().is_some_and(|k| k.as_str() == part.id))
                .filter_map(|s| record(&labels, s.id))
                .collect(),
        };
        Ok(LibraryView {
            scenarios: library.model.scenarios.iter().map(one).collect(),
            own: live().filter_map(|s| record(&labels, s.id)).collect(),
            risks: risks.iter().filter(may_add).filter_map(|r| record(&labels, r.id)).collect(),
            catalogue: CATALOGUE.into(),
        })
    }
}

/// The public figures beside a scenario's rate and losses, each once.
fn anchors(part: &Part) -> Vec<String> {
    let rate = part.rate.iter().map(|r| r.anchor.clone());
    let losses = part.losses.iter().map(|l| l.amount.anchor.clone());
    let mut out: Vec<String> = Vec::new();
    for one in rate.chain(losses).filter(|a| !a.is_empty()) {
        if !out.contains(&one) {
            out.push(one);
        }
    }
    out
}
