//! Scenarios of other tools as drafts: a scenario, and an estimate for each of its numbers.

use super::ImportAsk;
use crate::records::{Edits, Proposal};
use crate::{App, Ctx, Error, Organisation, Refusal};
use wardkeep_register::{EstimateValue, Value};
use wardkeep_risk::Probability;
use wardkeep_risk::law::LawSpec;
use wardkeep_risk::model::{Form, RateSpec, Scenario, ShareSpec};
use wardkeep_types::{Currency, Estimate, Id, Money, PerYear, Percent, Problem};

/// A scenario, and the currency of its amounts.
pub(super) type Draft = (Scenario, Currency);

/// What an estimate holds beside its question: shape and values, by field.
type Held = (&'static str, Vec<(&'static str, Value)>);

/// An estimate to be: which number, the question, what it holds; nothing where no estimate can hold it.
type Asked = (&'static str, String, Option<Held>);

impl App {
    /// Keeps scenarios as drafts under a risk, and says in `problems` what no estimate can hold.
    pub(super) async fn risk_keep(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        reference: &str,
        ask: &ImportAsk,
        drafts: &[Draft],
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<String>, Error> {
        let head = self.find(ctx, organisation, App::schema("risk")?, reference).await?;
        let (scenarios, estimates) = (App::schema("scenario")?, App::schema("estimate")?);
        // On the console nobody is signed in: they are the estimates of whoever answers for the risk.
        let person = ctx.person().or(head.owner).ok_or_else(|| {
            Refusal::Forbidden("estimates are somebody's: give the risk an owner, or sign in".into())
        })?;
        let why = format!("from {}", ask.name);
        let reason = format!("Taken over from {}; confirm or replace.", ask.name);
        let mut kept = Vec::new();
        for (draft, currency) in drafts {
            let id = Id::new(ctx.now);
            let mut edits = Edits::from([
                ("name".into(), line(&draft.name)),
                ("risk".into(), Value::Link(head.id)),
                ("owner".into(), Value::Link(person)),
                ("basis".into(), Value::Choice("no_modelled_controls".into())),
            ]);
            let told = [
                ("actor", &draft.actor),
                ("harmed", &draft.asset),
                ("effect", &draft.effect),
                ("claim", &draft.claim),
            ];
            let told = told.into_iter().filter(|(_, text)| !text.is_empty());
            edits.extend(told.map(|(field, text)| (field.into(), line(text))));
            let mut all = vec![Proposal::add(scenarios, id, head.unit, edits).because(why.clone())];
            for (about, question, held) in numbers(draft, *currency) {
                let Some((shape, values)) = held else {
                    problems.push(lost(&draft.name, about));
                    continue;
                };
                let mut edits = Edits::from([
                    ("name".into(), line(&question)),
                    ("scenario".into(), Value::Link(id)),
                    ("about".into(), Value::Choice(about.into())),
                    ("shape".into(), Value::Choice(shape.into())),
                    ("owner".into(), Value::Link(person)),
                    ("stated_on".into(), Value::Date(ctx.now.date())),
                    ("source".into(), Value::Choice("placeholder".into())),
                    ("reason".into(), Value::text(&reason)),
                ]);
                edits.extend(values.into_iter().map(|(field, value)| (field.into(), value)));
                all.push(Proposal::add(estimates, Id::new(ctx.now), head.unit, edits).because(why.clone()));
            }
            for proposal in all {
                kept.push(self.write_one(ctx, proposal).await?.reference.to_string());
            }
        }
        Ok(kept)
    }
}

/// Every number of a scenario, as an estimate would ask for it.
fn numbers(draft: &Scenario, currency: Currency) -> Vec<Asked> {
    let mut out: Vec<Asked> = Vec::new();
    let mut ask = |about: &'static str, question: &str, held: Option<Held>| {
        out.push((about, format!("{question}: {}", draft.name), held));
    };
    let often = |rate: &RateSpec| times(rate).map(|(shape, value)| (shape, vec![("times", value)]));
    let nodes = draft.nodes.clone().unwrap_or_default();
    let rates = [
        ("rate", "How often a year", &draft.rate),
        ("threat_events", "How often is it tried in a year", &nodes.threat_events),
        ("contacts", "How many contacts a year", &nodes.contacts),
    ];
    for (about, question, rate) in rates {
        if let Some(rate) = rate {
            ask(about, question, often(&rate.value));
        }
    }
    let shares = [
        ("action", "How likely does a contact act", &nodes.action),
        ("vulnerability", "How likely does a try succeed", &nodes.vulnerability),
        ("capability", "What can the threat do", &nodes.capability),
        ("resistance", "What does the defence withstand", &nodes.resistance),
    ];
    for (about, question, share) in shares {
        if let Some(share) = share {
            ask(about, question, part(share.value));
        }
    }
    if draft.rate.is_none() && nodes.entered().is_empty() {
        ask("rate", "How often a year", None);
    }
    let money = |form: Form, law: &LawSpec| {
        amount(law, currency)
            .map(|(shape, value)| (shape, vec![("form", form_value(form)), ("amount", value)]))
    };
    for loss in &draft.losses {
        ask("loss", "How much each time", money(loss.form, &loss.amount.value));
    }
    if draft.losses.is_empty() {
        ask("loss", "How much each time", None);
    }
    if let Some(more) = &draft.secondary {
        let chance = percent(more.chance.value.value()).map(|p| ("three_points", vec![("chance", p)]));
        ask("secondary_chance", "How likely does a secondary loss follow", chance);
        for loss in &more.losses {
            ask("secondary_loss", "How much more then", money(loss.form, &loss.amount.value));
        }
    }
    out
}

fn line(text: &str) -> Value {
    Value::text(&text.chars().take(180).collect::<String>())
}

fn form_value(form: Form) -> Value {
    // Both lists have the same keys: a test keeps all forms.
    let key = serde_json::to_value(form).ok().and_then(|key| key.as_str().map(str::to_owned));
    Value::Choice(key.unwrap_or_else(|| "total".into()))
}

fn lost(name: &str, about: &str) -> Problem {
    let what = about.replace('_', " ");
    Problem::new(
        name,
        "not_kept",
        format!("its {what} is missing, or has a form that an estimate here cannot hold"),
    )
    .hint("Estimate it anew as a 5 % and a 95 % point.")
}

fn percent(ratio: f64) -> Option<Value> {
    Percent::from_ratio(ratio).map(Value::Percent)
}

/// A share as the chances of an estimate; the middle of a range is that of the logarithm of its odds.
fn part(share: ShareSpec) -> Option<Held> {
    let (shape, low, mode, high) = match share {
        ShareSpec::Chance { probability } => {
            return Some(("three_points", vec![("chance", percent(Probability::value(probability))?)]));
        }
        ShareSpec::Interval { p05, p95 } => ("interval", p05, share.law("share").ok()?.quantile(0.5), p95),
        ShareSpec::Pert { low, mode, high } => ("three_points", low, mode, high),
    };
    let ends = [("chance_low", percent(low)?), ("chance", percent(mode)?), ("chance_high", percent(high)?)];
    Some((shape, ends.into()))
}

pub(in super::super) fn times(rate: &RateSpec) -> Option<(&'static str, Value)> {
    let (shape, low, mode, high) = match *rate {
        RateSpec::Interval { p05, p95 } => ("interval", p05, (p05 * p95).sqrt(), p95),
        RateSpec::Pert { low, mode, high } => ("three_points", low, mode, high),
        RateSpec::Point { per_year } => {
            let times = per_year.times();
            ("three_points", times, times, times)
        }
        RateSpec::Chance { probability } => {
            let times = probability.rate()?.times();
            ("three_points", times, times, times)
        }
        _ => return None,
    };
    let points = Estimate::new(PerYear::new(low)?, PerYear::new(mode)?, PerYear::new(high)?).ok()?;
    Some((shape, Value::Estimate(EstimateValue::PerYear(points))))
}

pub(in super::super) fn amount(law: &LawSpec, currency: Currency) -> Option<(&'static str, Value)> {
    let (shape, low, mode, high) = match *law {
        LawSpec::Interval { p05, p95 } => ("interval", p05, (p05 * p95).sqrt(), p95),
        LawSpec::Pert { low, mode, high, .. } => ("three_points", low, mode, high),
        LawSpec::Constant { value } => ("three_points", value, value, value),
        _ => return None,
    };
    let money = |value: f64| -> Option<Money> { super::super::follow::money(Some(value), currency) };
    let points = Estimate::new(money(low)?, money(mode)?, money(high)?).ok()?;
    Some((shape, Value::Estimate(EstimateValue::Money(points))))
}
