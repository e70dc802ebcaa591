//! Models and answers of other tools: judged, shown beside our figures, and kept as drafts under a risk.

use super::views::{ComparedView, ExpertView, ImportView};
use crate::records::{Edits, Proposal};
use crate::{App, Ctx, Error, Organisation, Refusal};
use wardkeep_register::{EstimateValue, Value, Verb};
use wardkeep_rights::{Resource, Target, decide};
use wardkeep_risk::import::{
    Compared, calibrate, compare, mappings, openfair_example, pyfair, scenario_answers, tolerances,
};
use wardkeep_risk::law::LawSpec;
use wardkeep_risk::model::{self, RateSpec};
use wardkeep_types::limits::DOCUMENT_BYTES;
use wardkeep_types::{Currency, Estimate, Id, Money, PerYear, Problem};

/// What to import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportAsk {
    /// Name of the file, for findings.
    pub name: String,
    /// Its text.
    pub content: String,
    /// Questions with their true answers, for a table of calibration answers.
    pub questions: Option<String>,
    /// Currency of files that name none; that of the organisation when absent.
    pub currency: Option<String>,
    /// Price year of files that name none; this year when absent.
    pub price_year: Option<u64>,
    /// Reference of the risk under which scenarios are kept as drafts; without it nothing is kept.
    pub risk: Option<String>,
}

struct Draft {
    name: String,
    rate: Option<RateSpec>,
    losses: Vec<LawSpec>,
    currency: Currency,
}

impl App {
    /// Judges a file, and keeps its scenarios as drafts when a risk is named. Drafts move no figure.
    pub async fn risk_import(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        ask: &ImportAsk,
    ) -> Result<ImportView, Error> {
        let root = organisation.units.roots().next().ok_or(Refusal::NotFound)?;
        let scenario = Resource::Register("scenario");
        decide(&ctx.actor, &organisation.units, Verb::Add, scenario, &Target::of(root, ctx.person()))?;
        if ask.content.len() as u64 > DOCUMENT_BYTES {
            let text = format!("the file has more than {DOCUMENT_BYTES} bytes: split it");
            return Err(Refusal::TooLarge(text).into());
        }
        let currency = match &ask.currency {
            Some(code) => code
                .parse()
                .map_err(|e: wardkeep_types::ParseError| Refusal::invalid("currency", "invalid", e.0))?,
            None => self.reporting_currency(organisation).await?,
        };
        let year = ask.price_year.and_then(|y| u16::try_from(y).ok());
        let year = year.unwrap_or_else(|| u16::try_from(ctx.now.date().civil().year()).unwrap_or(2025));
        let (mut view, drafts) = judged(ask, currency, year)?;
        if let Some(reference) = &ask.risk {
            view.kept = self.risk_keep(ctx, organisation, reference, ask, drafts, &mut view.problems).await?;
        }
        Ok(view)
    }
    async fn risk_keep(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        reference: &str,
        ask: &ImportAsk,
        drafts: Vec<Draft>,
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<String>, Error> {
        let head = self.find(ctx, organisation, App::schema("risk")?, reference).await?;
        let (scenarios, estimates) = (App::schema("scenario")?, App::schema("estimate")?);
        // On the console nobody is signed in: they are the estimates of whoever answers for the risk.
        let person = ctx.person().or(head.owner).ok_or_else(|| {
            Refusal::Forbidden("estimates are somebody's: give the risk an owner, or sign in".into())
        })?;
        let mut kept = Vec::new();
        for draft in drafts {
            let id = Id::new(ctx.now);
            let text = |text: &str| Value::text(&text.chars().take(180).collect::<String>());
            let edits = Edits::from([
                ("name".into(), text(&draft.name)),
                ("risk".into(), Value::Link(head.id)),
                ("owner".into(), Value::Link(person)),
                ("basis".into(), Value::Choice("no_modelled_controls".into())),
            ]);
            let why = format!("from {}", ask.name);
            let mut all = vec![Proposal::add(scenarios, id, head.unit, edits).because(why.clone())];
            let mut estimate = |question: String, about: &str, shape: &str, field: &str, value: Value| {
                let edits = Edits::from([
                    ("name".into(), text(&question)),
                    ("scenario".into(), Value::Link(id)),
                    ("about".into(), Value::Choice(about.into())),
                    ("shape".into(), Value::Choice(shape.into())),
                    ("owner".into(), Value::Link(person)),
                    ("stated_on".into(), Value::Date(ctx.now.date())),
                    ("source".into(), Value::Choice("placeholder".into())),
                    (
                        "reason".into(),
                        Value::text(&format!("Taken over from {}; confirm or replace.", ask.name)),
                    ),
                    (field.to_owned(), value),
                ]);
                all.push(Proposal::add(estimates, Id::new(ctx.now), head.unit, edits).because(why.clone()));
            };
            match draft.rate.as_ref().and_then(times) {
                Some((shape, value)) => {
                    estimate(format!("How often a year: {}", draft.name), "rate", shape, "times", value);
                }
                None => problems.push(lost(&draft.name, "rate")),
            }
            for law in draft.losses.iter().take(1) {
                match amount(law, draft.currency) {
                    Some((shape, value)) => {
                        estimate(
                            format!("How much each time: {}", draft.name),
                            "loss",
                            shape,
                            "amount",
                            value,
                        );
                    }
                    None => problems.push(lost(&draft.name, "loss")),
                }
            }
            for proposal in all {
                kept.push(self.write_one(ctx, proposal).await?.reference.to_string());
            }
        }
        Ok(kept)
    }
}

/// Judges a file without keeping anything; `year` stands where the file names no price year.
pub fn judge(ask: &ImportAsk, year: u16) -> Result<ImportView, Error> {
    let code = ask.currency.as_deref().unwrap_or("EUR");
    let currency =
        code.parse().map_err(|e: wardkeep_types::ParseError| Refusal::invalid("currency", "invalid", e.0))?;
    let year = ask.price_year.and_then(|y| u16::try_from(y).ok()).unwrap_or(year);
    judged(ask, currency, year).map(|(view, _)| view)
}

fn lost(name: &str, what: &str) -> Problem {
    Problem::new(name, "not_kept", format!("its {what} has a form that an estimate here cannot hold"))
        .hint("Estimate it anew as a 5 % and a 95 % point.")
}

pub(super) fn times(rate: &RateSpec) -> Option<(&'static str, Value)> {
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

pub(super) fn amount(law: &LawSpec, currency: Currency) -> Option<(&'static str, Value)> {
    let (shape, low, mode, high) = match *law {
        LawSpec::Interval { p05, p95 } => ("interval", p05, (p05 * p95).sqrt(), p95),
        LawSpec::Pert { low, mode, high, .. } => ("three_points", low, mode, high),
        LawSpec::Constant { value } => ("three_points", value, value, value),
        _ => return None,
    };
    let money = |value: f64| -> Option<Money> { super::follow::money(Some(value), currency) };
    let points = Estimate::new(money(low)?, money(mode)?, money(high)?).ok()?;
    Some((shape, Value::Estimate(EstimateValue::Money(points))))
}

fn judged(ask: &ImportAsk, currency: Currency, year: u16) -> Result<(ImportView, Vec<Draft>), Error> {
    let refused = |problem: Problem| Error::from(Refusal::Invalid(wardkeep_types::Problems(vec![problem])));
    let mut view = ImportView {
        format: "wardkeep",
        read: 0,
        problems: Vec::new(),
        compared: Vec::new(),
        experts: Vec::new(),
        kept: Vec::new(),
    };
    let start = ask.content.trim_start();
    let head = start.lines().next().unwrap_or_default().to_lowercase();
    if table(&head, ask, &mut view).map_err(refused)? {
        return Ok((view, Vec::new()));
    }
    if head.contains("sme") && head.contains("freq_low") {
        let (answers, problems) = scenario_answers(&ask.content).map_err(refused)?;
        view.format = "scenario_answers";
        view.read = answers.len();
        view.problems = problems;
        let usable = answers.into_iter().filter(|a| a.rate.is_some() && a.loss_fits);
        let drafts = usable
            .map(|a| Draft {
                name: format!("{} by {}", a.scenario, a.expert),
                rate: a.rate.map(|r| r.value),
                losses: vec![LawSpec::Interval { p05: a.loss.0, p95: a.loss.1 }],
                currency,
            })
            .collect();
        return Ok((view, drafts));
    }
    let ours = start.contains(model::FORMAT);
    let model = if ours || !start.starts_with('{') {
        let model = model::read(&ask.content, &ask.name).map_err(refused)?;
        let found = model::lint(&model);
        view.problems.extend(found.faults.0);
        view.problems.extend(found.warnings.0);
        model
    } else if serde_json::from_str::<serde_json::Value>(start).is_ok_and(|v| v["input"]["tefl"].is_number()) {
        view.format = "openfair";
        openfair_example(&ask.content).map_err(refused)?.1
    } else {
        view.format = "pyfair";
        let found = pyfair(&ask.content, currency, year).map_err(refused)?;
        view.problems = found.problems;
        found.model
    };
    view.read = model.scenarios.len();
    for s in model.scenarios.iter().filter(|_| view.format == "pyfair") {
        if let Some(Compared { mean, product_sd, sum_sd, .. }) = compare(s) {
            view.compared.push(ComparedView { name: s.name.clone(), mean, product_sd, sum_sd });
        }
    }
    let drafts = model
        .scenarios
        .iter()
        .map(|s| Draft {
            name: s.name.clone(),
            rate: s.rate.as_ref().map(|r| r.value.clone()),
            losses: s.losses.iter().map(|l| l.amount.value.clone()).collect(),
            currency: s.currency.unwrap_or(model.currency),
        })
        .collect();
    Ok((view, drafts))
}

/// Tables that hold no scenario: what labels mean, tolerances, and answers whose truth is known. False for others.
fn table(head: &str, ask: &ImportAsk, view: &mut ImportView) -> Result<bool, Problem> {
    let has = |names: &[&str]| {
        names.iter().all(|n| head.split(',').any(|cell| cell.trim().trim_matches('"') == *n))
    };
    if has(&["sme", "calibration_id", "low", "high"]) {
        let questions = ask.questions.as_deref().ok_or_else(|| {
            Problem::new(&ask.name, "questions", "answers alone say nothing: the true answers are missing")
                .hint("Give the file of questions too: --questions FILE.")
        })?;
        let found = calibrate(questions, &ask.content)?;
        (view.format, view.read, view.problems) = ("calibration", found.answers.len(), found.problems);
        view.experts = found
            .experts
            .into_iter()
            .map(|e| ExpertView {
                name: e.name,
                answered: e.answered,
                held: e.held,
                brier: e.brier,
                weight: e.weight,
            })
            .collect();
    } else if has(&["type", "label", "l", "ml", "h", "conf"]) {
        let (found, problems) = mappings(&ask.content)?;
        (view.format, view.read, view.problems) = ("labels", found.len(), problems);
    } else if has(&["level", "amount"]) {
        (view.format, view.read) = ("tolerances", tolerances(&ask.content)?.len());
    } else {
        return Ok(false);
    }
    Ok(true)
}
