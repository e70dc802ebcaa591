//! A scenario of a model as records: the scenario itself, and an estimate for each of its numbers.

use crate::records::Edits;
use wardkeep_register::{EstimateValue, Value};
use wardkeep_risk::law::LawSpec;
use wardkeep_risk::model::{Basis, Form, FormLoss, RateSpec, Scenario as Part, ShareSpec};
use wardkeep_types::{Currency, Date, Estimate, Id, Money, PerYear, Percent, Problem};

use super::parts::WEIGHT;

/// What estimates of one scenario share.
pub(super) struct Told {
    pub scenario: Id,
    pub person: Id,
    pub on: Date,
    pub renew_by: Option<Date>,
    /// Why these answers and no others.
    pub reason: String,
    /// Currency of amounts that name none.
    pub currency: Currency,
}

/// How three points are meant, and the values by field.
type Held = (&'static str, Vec<(&'static str, Value)>);

/// The fields of a scenario that are no estimates.
pub(super) fn scenario(part: &Part) -> Edits {
    let weights: Vec<String> = part.techniques.iter().map(|(id, w)| format!("{id} {w}")).collect();
    let basis = match part.basis {
        Basis::NoModelledControls => "no_modelled_controls",
        Basis::WithReferenceControls => "with_reference_controls",
        Basis::OwnToday(_) => "own_today",
    };
    let mut out = Edits::from([
        ("name".into(), line(&part.name)),
        ("actor".into(), line(&part.actor)),
        ("harmed".into(), line(&part.asset)),
        ("effect".into(), line(&part.effect)),
        ("claim".into(), Value::text(&part.claim)),
        ("basis".into(), choice(basis)),
        ("techniques".into(), Value::text(&weights.join("\n"))),
    ]);
    if let Some(year) = part.price_year {
        out.insert("price_year".into(), Value::Int(i64::from(year)));
    }
    if let Some(c) = part.containment {
        out.extend([
            ("seen".into(), percent(c.seen.value())),
            ("acted".into(), percent(c.acted.value())),
            ("hours_to_harm".into(), Value::Int(c.hours.round() as i64)),
            ("hours_to_respond".into(), Value::Int(c.mttr_hours.round() as i64)),
            ("remaining_loss".into(), percent(c.remaining_loss.value())),
        ]);
    }
    out
}

/// An estimate for every number of a scenario; numbers that are missing, or that no record can hold, are problems.
pub(super) fn estimates(part: &Part, told: &Told) -> (Vec<Edits>, Vec<Problem>) {
    let mut made = Made { part, told, edits: Vec::new(), lost: Vec::new() };
    let nodes = part.nodes.clone().unwrap_or_default();
    for (about, question, rate) in [
        ("rate", "How often a year", &part.rate),
        ("threat_events", "How often it is tried in a year", &nodes.threat_events),
        ("contacts", "How many contacts a year", &nodes.contacts),
    ] {
        if let Some(rate) = rate {
            let held = times(&rate.value).map(|(shape, value)| (shape, vec![("times", value)]));
            made.add(about, question, &rate.anchor, held);
        }
    }
    for (about, question, share) in [
        ("action", "How likely a contact acts", &nodes.action),
        ("vulnerability", "How likely a try succeeds", &nodes.vulnerability),
        ("capability", "What the threat can do", &nodes.capability),
        ("resistance", "What the defence withstands", &nodes.resistance),
    ] {
        if let Some(share) = share {
            made.add(about, question, &share.anchor, chances(share.value));
        }
    }
    if part.rate.is_none() && nodes.entered().is_empty() {
        made.lost("rate", "is missing");
    }
    made.losses("loss", "How much each time", &part.losses);
    if part.losses.is_empty() {
        made.lost("loss", "is missing");
    }
    if let Some(more) = &part.secondary {
        let chance = exact(more.chance.value.value()).map(|p| ("interval", vec![("chance", p)]));
        made.add("secondary_chance", "How likely more follows", &more.chance.anchor, chance);
        made.losses("secondary_loss", "How much when more follows", &more.losses);
    }
    made.rest();
    (made.edits, made.lost)
}

struct Made<'a> {
    part: &'a Part,
    told: &'a Told,
    edits: Vec<Edits>,
    lost: Vec<Problem>,
}

impl Made<'_> {
    fn add(&mut self, about: &str, question: &str, anchor: &str, held: Option<Held>) {
        let Some((shape, values)) = held else {
            return self.lost(about, "has a form that an estimate here cannot hold");
        };
        let mut edits = Edits::from([
            ("name".into(), line(&format!("{question}: {}", self.part.name))),
            ("scenario".into(), Value::Link(self.told.scenario)),
            ("about".into(), choice(about)),
            ("shape".into(), choice(shape)),
            ("owner".into(), Value::Link(self.told.person)),
            ("stated_on".into(), Value::Date(self.told.on)),
            ("source".into(), choice("placeholder")),
            ("reason".into(), Value::text(&self.told.reason)),
            ("anchor".into(), Value::text(anchor)),
        ]);
        if let Some(day) = self.told.renew_by {
            edits.insert("renew_by".into(), Value::Date(day));
        }
        edits.extend(values.into_iter().map(|(field, value)| (field.into(), value)));
        self.edits.push(edits);
    }
    fn losses(&mut self, about: &str, question: &str, forms: &[FormLoss]) {
        let currency = self.part.currency.unwrap_or(self.told.currency);
        for one in forms {
            let held = amount(&one.amount.value, currency).map(|(shape, value)| {
                let form = ("form", choice(form(one.form)));
                (shape, vec![form, ("time_driven", Value::Bool(one.time_driven)), ("amount", value)])
            });
            self.add(about, question, &one.amount.anchor, held);
        }
    }
    /// What moves figures of a model and has no place in a scenario or its estimates.
    fn rest(&mut self) {
        let part = self.part;
        if part.incidents.is_some() || part.near_misses.is_some() {
            self.lost("count of incidents", "is not taken over: incidents are counted from the register");
        }
        if matches!(&part.basis, Basis::OwnToday(by_control) if !by_control.is_empty()) {
            self.lost("basis", "is kept without the efficacies of that day");
        }
        if part.driver.is_some() {
            self.lost("driver", "is not taken over: link a shared factor");
        }
        if let Some(c) = part.containment {
            let whole = |hours: f64| (hours - hours.round()).abs() < 1e-9;
            if !(whole(c.hours) && whole(c.mttr_hours)) {
                self.lost("containment", "is kept in whole hours");
            }
            if [c.seen, c.acted, c.remaining_loss].iter().any(|p| exact(p.value()).is_none()) {
                self.lost("containment", "is kept in hundredths of a percent");
            }
        }
    }
    fn lost(&mut self, about: &str, why: &str) {
        let message = format!("its {} {why}", about.replace('_', " "));
        let hint = "Look at the draft, and estimate anew what is missing.";
        self.lost.push(Problem::new(self.part.name.as_str(), "not_kept", message).hint(hint));
    }
}

/// The key of a form in the register of estimates.
fn form(form: Form) -> &'static str {
    match form {
        Form::Total => "total",
        Form::Productivity => "productivity",
        Form::Response => "response",
        Form::Replacement => "replacement",
        Form::FinesAndJudgements => "fines_and_judgements",
        Form::CompetitiveAdvantage => "competitive_advantage",
        Form::Reputation => "reputation",
    }
}

pub(super) fn percent(share: f64) -> Value {
    Percent::from_ratio(share.clamp(0.0, 1.0)).map_or(Value::Empty, Value::Percent)
}

/// A share in hundredths of a percent, where that is the share but for half a percent of itself.
fn exact(share: f64) -> Option<Value> {
    let kept = Percent::from_ratio(share)?;
    ((kept.ratio() - share).abs() <= 0.005 * share).then_some(Value::Percent(kept))
}

pub(super) fn choice(key: &str) -> Value {
    Value::Choice(key.into())
}

pub(super) fn line(text: &str) -> Value {
    if text.is_empty() { Value::Empty } else { Value::text(&text.chars().take(180).collect::<String>()) }
}

/// Three points with another weight than an estimate's are another law.
fn usual(weight: f64) -> Option<()> {
    ((weight - WEIGHT).abs() < 1e-12).then_some(())
}

/// A share as the chances of an estimate; the middle of a range is that of the logarithm of its odds.
fn chances(share: ShareSpec) -> Option<Held> {
    let (shape, low, mode, high) = match share {
        ShareSpec::Chance { probability } => {
            return Some(("three_points", vec![("chance", exact(probability.value())?)]));
        }
        ShareSpec::Interval { p05, p95 } => ("interval", p05, share.law("share").ok()?.quantile(0.5), p95),
        ShareSpec::Pert { low, mode, high, weight } => {
            usual(weight)?;
            ("three_points", low, mode, high)
        }
    };
    let middle = if shape == "interval" { percent(mode) } else { exact(mode)? };
    Some((shape, vec![("chance_low", exact(low)?), ("chance", middle), ("chance_high", exact(high)?)]))
}

/// A rate as the points of an estimate.
fn times(rate: &RateSpec) -> Option<(&'static str, Value)> {
    let (shape, low, mode, high) = match *rate {
        RateSpec::Interval { p05, p95 } => ("interval", p05, (p05 * p95).sqrt(), p95),
        RateSpec::Pert { low, mode, high, weight } => {
            usual(weight)?;
            ("three_points", low, mode, high)
        }
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

/// An amount as the points of an estimate.
fn amount(law: &LawSpec, currency: Currency) -> Option<(&'static str, Value)> {
    let (shape, low, mode, high) = match *law {
        LawSpec::Interval { p05, p95 } => ("interval", p05, (p05 * p95).sqrt(), p95),
        LawSpec::Pert { low, mode, high, weight } => {
            usual(weight)?;
            ("three_points", low, mode, high)
        }
        LawSpec::Constant { value } => ("three_points", value, value, value),
        _ => return None,
    };
    let money = |value: f64| -> Option<Money> { super::follow::money(Some(value), currency) };
    let points = Estimate::new(money(low)?, money(mode)?, money(high)?).ok()?;
    Some((shape, Value::Estimate(EstimateValue::Money(points))))
}
