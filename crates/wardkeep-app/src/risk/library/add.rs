//! A copy of a built-in or an own scenario: drafts that say where each figure comes from.

use super::super::drafts::{self, Told, choice, line, percent};
use super::super::load::Held;
use super::super::parts;
use super::super::views::LibraryMade;
use super::{grounds, library, ours, record};
use crate::records::{Done, Edits, Proposal};
use crate::{App, Ctx, Error, Organisation, Refusal};
use wardkeep_register::{Choice as _, Value, Verb};
use wardkeep_registers::{Control, ControlEffect, RiskEstimate, Scenario};
use wardkeep_rights::{Resource, Target, decide};
use wardkeep_risk::library::CATALOGUE;
use wardkeep_risk::model::Factor;
use wardkeep_types::{Id, Percent, Reference};

/// What to copy, and under which risk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LibraryAsk {
    /// Key of a built-in scenario, or reference of an own one.
    pub from: String,
    /// Reference of the risk that the copy spells out.
    pub risk: String,
}

/// Everything of a copy that is not yet a record.
struct Copy {
    scenario: Edits,
    estimates: Vec<Edits>,
    effects: Vec<Edits>,
    missing: Vec<String>,
    why: String,
}

/// The key of a factor in the register of effects.
pub(super) fn factor(on: Factor) -> &'static str {
    match on {
        Factor::EventFrequency => "event_frequency",
        Factor::Susceptibility => "susceptibility",
        Factor::SecondaryChance => "secondary_chance",
        Factor::Detection => "detection",
        Factor::Response => "response",
        Factor::Recovery => "recovery",
    }
}

impl App {
    /// Copies a scenario under a risk: the scenario as a draft that moves no figure, its defaults as estimates marked
    /// as placeholders with their source, its controls as suggestions that a person confirms one by one.
    pub async fn risk_from_library(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        ask: &LibraryAsk,
    ) -> Result<LibraryMade, Error> {
        let resource = Resource::Register("scenario");
        let reach = crate::records::reach_of(ctx, organisation, App::schema("scenario")?, Verb::Add);
        if !reach.system && reach.units.is_empty() && reach.own_units.is_empty() {
            // Who may add nowhere is told so before anything is looked up.
            let root = organisation.units.roots().next().ok_or(Refusal::NotFound)?;
            decide(&ctx.actor, &organisation.units, Verb::Add, resource, &Target::of(root, ctx.person()))?;
        }
        let head = self.find(ctx, organisation, App::schema("risk")?, &ask.risk).await?;
        let target = Target::of(head.unit, ctx.person());
        decide(&ctx.actor, &organisation.units, Verb::Add, resource, &target)?;
        // On the console nobody is signed in: whoever answers for the risk looks at the copy.
        let person = ctx.person().or(head.owner).ok_or_else(|| {
            Refusal::Forbidden(
                "a copy needs somebody who looks at it: give the risk an owner, or sign in".into(),
            )
        })?;
        let id = Id::new(ctx.now);
        let copy = if ask.from.parse::<Reference>().is_ok() {
            self.copy_of_own(ctx, organisation, &ask.from, id, person).await?
        } else {
            self.copy_of_built_in(ctx, organisation, &ask.from, id, person).await?
        };
        let (schema, why) = (App::schema("scenario")?, copy.why);
        let mut scenario = copy.scenario;
        scenario.extend([("risk".into(), Value::Link(head.id)), ("owner".into(), Value::Link(person))]);
        let (estimate, effect) = (App::schema("estimate")?, App::schema("control_effect")?);
        let add = |schema, id, edits| Proposal::add(schema, id, head.unit, edits).because(why.clone());
        // All of it in one transaction: a scenario without its figures would look finished and mean nothing.
        let mut all = vec![add(schema, id, scenario)];
        let estimates: Vec<Id> = copy.estimates.iter().map(|_| Id::new(ctx.now)).collect();
        all.extend(estimates.iter().zip(copy.estimates).map(|(id, edits)| add(estimate, *id, edits)));
        all.extend(copy.effects.into_iter().map(|edits| add(effect, Id::new(ctx.now), edits)));
        let effects = 1 + estimates.len()..all.len();
        all.extend(estimates.iter().map(|id| Proposal::movement(estimate, *id, None, "use")));
        let made = self.write_batch(ctx, all, vec![]).await?;
        let references = |of: &[Done]| of.iter().map(|done| done.reference.to_string()).collect();
        let labels = self.labels(ctx, organisation, [id]).await?;
        Ok(LibraryMade {
            scenario: record(&labels, id).ok_or(Refusal::NotFound)?,
            estimates: references(&made[1..effects.start]),
            effects: references(&made[effects]),
            missing: copy.missing,
        })
    }
    async fn copy_of_built_in(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        key: &str,
        id: Id,
        person: Id,
    ) -> Result<Copy, Error> {
        let library = library()?;
        let part = library.model.scenario(key).ok_or_else(|| {
            Refusal::invalid(
                "from",
                "unknown",
                format!("no built-in scenario is called {key}; see /risk/library"),
            )
        })?;
        let controls: Vec<Held<Control>> = self.held(organisation).await?;
        let (mut effects, mut missing) = (Vec::new(), Vec::new());
        for effect in library.model.effects.iter().filter(|e| e.scenario == part.id) {
            let Some(spec) = library.model.controls.iter().find(|c| c.id == effect.control) else { continue };
            let Some(own) = ours(&library, &effect.control, &controls) else {
                missing.push(spec.name.clone());
                continue;
            };
            let found = grounds(&library, part, effect);
            effects.push(Edits::from([
                ("name".into(), line(&format!("{}: {}", spec.name, part.name.to_lowercase()))),
                ("control".into(), Value::Link(own.id)),
                ("scenario".into(), Value::Link(id)),
                ("factor".into(), choice(factor(effect.on))),
                ("kappa".into(), percent(found.kappa)),
                ("source".into(), choice(if found.listed { "study" } else { "placeholder" })),
                ("joins".into(), choice("alone")),
                ("assumed_coverage".into(), percent(spec.reference.coverage)),
                ("assumed_reliability".into(), percent(spec.reference.reliability)),
                ("assumed_efficacy".into(), percent(spec.reference.intact)),
                ("assumed_degraded".into(), percent(spec.reference.degraded)),
                ("owner".into(), Value::Link(person)),
            ]));
        }
        let told = Told {
            scenario: id,
            person,
            on: ctx.now.date(),
            renew_by: Some(ctx.now.date().plus_days(90)),
            reason: format!(
                "An assumption of the built-in library ({}), by nobody who knows this house: ask somebody, then replace it.",
                part.id
            ),
            currency: library.model.currency,
        };
        let (estimates, lost) = drafts::estimates(part, &told);
        if let Some(problem) = lost.first() {
            return Err(Error::fault(format!("library: {}: {}", problem.path, problem.message)));
        }
        let mut scenario = drafts::scenario(part);
        scenario.insert("library_key".into(), line(key));
        Ok(Copy {
            scenario,
            estimates,
            effects,
            missing,
            why: format!("from the built-in library ({key}); shares of techniques after {CATALOGUE}"),
        })
    }
    async fn copy_of_own(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        reference: &str,
        id: Id,
        person: Id,
    ) -> Result<Copy, Error> {
        let schema = App::schema("scenario")?;
        let head = self.find(ctx, organisation, schema, reference).await?;
        self.allowed(ctx, organisation, schema, Verb::View, &head).await?;
        let all: Vec<Held<Scenario>> = self.held(organisation).await?;
        let held = all.into_iter().find(|s| s.id == head.id).ok_or(Refusal::NotFound)?;
        let every: Vec<Held<RiskEstimate>> = self.held(organisation).await?;
        let links: Vec<Held<ControlEffect>> = self.held(organisation).await?;
        let s = &held.record;
        let optional = |text: &Option<wardkeep_types::Line>| {
            text.as_ref().map_or(Value::Empty, |t| Value::text(t.as_str()))
        };
        let share = |p: Option<Percent>| p.map_or(Value::Empty, Value::Percent);
        let whole = |n: Option<i64>| n.map_or(Value::Empty, Value::Int);
        let scenario = Edits::from([
            ("name".into(), line(&format!("{} (copy)", s.name))),
            ("actor".into(), optional(&s.actor)),
            ("harmed".into(), optional(&s.harmed)),
            ("effect".into(), optional(&s.effect)),
            ("claim".into(), Value::text(s.claim.as_str())),
            ("basis".into(), choice(s.basis.key())),
            ("techniques".into(), Value::text(s.techniques.as_str())),
            ("seen".into(), share(s.seen)),
            ("acted".into(), share(s.acted)),
            ("hours_to_harm".into(), whole(s.hours_to_harm)),
            ("hours_to_respond".into(), whole(s.hours_to_respond)),
            ("remaining_loss".into(), share(s.remaining_loss)),
            ("price_year".into(), whole(s.price_year)),
            ("library_key".into(), optional(&s.library_key)),
        ]);
        let estimates = parts::newest(held.id, &every)
            .into_iter()
            .map(|e| {
                let r = &e.record;
                let reason = format!("Copied from {} of {reference}: confirm or replace.", e.reference);
                let mut edits = Edits::from([
                    ("name".into(), Value::text(r.name.as_str())),
                    ("scenario".into(), Value::Link(id)),
                    ("about".into(), choice(r.about.key())),
                    ("time_driven".into(), Value::Bool(r.time_driven)),
                    ("shape".into(), choice(r.shape.key())),
                    ("owner".into(), Value::Link(person)),
                    ("stated_on".into(), Value::Date(ctx.now.date())),
                    ("source".into(), choice("placeholder")),
                    ("reason".into(), Value::text(&reason)),
                    ("anchor".into(), Value::text(r.anchor.as_str())),
                ]);
                if let Some(form) = r.form {
                    edits.insert("form".into(), choice(form.key()));
                }
                let points = r.times.map(wardkeep_register::EstimateValue::PerYear);
                let money = r.amount.map(wardkeep_register::EstimateValue::Money);
                if let Some(points) = points {
                    edits.insert("times".into(), Value::Estimate(points));
                }
                if let Some(money) = money {
                    edits.insert("amount".into(), Value::Estimate(money));
                }
                for (field, value) in
                    [("chance", r.chance), ("chance_low", r.chance_low), ("chance_high", r.chance_high)]
                {
                    edits.insert(field.into(), share(value));
                }
                edits
            })
            .collect();
        let effects = links
            .iter()
            .filter(|e| e.record.scenario.id() == held.id && e.stage == "confirmed")
            .map(|e| {
                let r = &e.record;
                Edits::from([
                    ("name".into(), Value::text(r.name.as_str())),
                    ("control".into(), Value::Link(r.control.id())),
                    ("scenario".into(), Value::Link(id)),
                    ("factor".into(), choice(r.factor.key())),
                    ("kappa".into(), Value::Percent(r.kappa)),
                    ("source".into(), choice(r.source.key())),
                    ("joins".into(), choice(r.joins.key())),
                    ("chain".into(), optional(&r.chain)),
                    ("stands_on".into(), r.stands_on.map_or(Value::Empty, |n| Value::Link(n.id()))),
                    ("assumed_coverage".into(), share(r.assumed_coverage)),
                    ("assumed_reliability".into(), share(r.assumed_reliability)),
                    ("assumed_efficacy".into(), share(r.assumed_efficacy)),
                    ("assumed_degraded".into(), share(r.assumed_degraded)),
                    ("owner".into(), Value::Link(person)),
                ])
            })
            .collect();
        let why = format!("a copy of {reference}");
        Ok(Copy { scenario, estimates, effects, missing: Vec::new(), why })
    }
}
