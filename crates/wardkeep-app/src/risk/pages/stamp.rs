//! Parts that several views share: the stamp of a run, figures with bands, curves, appetite.

use super::super::runs::{StoredRun, short};
use super::super::views::{AppetiteView, CurvePoint, CurveView, Figure, LevelView, RunStamp};
use super::Known;
use std::collections::BTreeMap;
use wardkeep_risk::model::{AppetiteRule, Measure, SourceKind};
use wardkeep_risk::run::{AppetiteResult, RunResult, Verdict};
use wardkeep_types::Moment;

/// The word of a source.
pub(in super::super) fn source(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Evidence => "evidence",
        SourceKind::Study => "study",
        SourceKind::Expert => "expert",
        SourceKind::Placeholder => "placeholder",
    }
}

/// What stands in the foot of every page of figures.
pub(super) fn stamp(run: &StoredRun) -> RunStamp {
    let r = &run.result;
    let placeholder = r.sources.iter().find(|s| s.source == SourceKind::Placeholder).map_or(0.0, |s| s.share);
    RunStamp {
        number: run.number,
        hash: run.hash.clone(),
        digest: r.digest.clone(),
        engine: format!("{} {}", r.engine.name, r.engine.version),
        formulas: r.engine.formulas,
        as_of: r.as_of,
        computed_at: run.computed_at,
        currency: r.currency.to_string(),
        price_year: r.price_year,
        exchange: r
            .exchange
            .iter()
            .map(|x| format!("1 {} = {} {} on {} ({})", x.from, x.rate, x.to, x.on, x.source))
            .collect(),
        draws: r.band.as_ref().map_or(0, |b| b.draws),
        band_of: r.band.as_ref().map(|b| b.of.clone()).unwrap_or_default(),
        placeholder_share: placeholder,
        not_assessed: r.not_assessed.len(),
        scenarios: r.assessed.1,
    }
}

pub(super) fn figure(value: Option<f64>, band: Option<(f64, f64)>) -> Figure {
    Figure { value, low: band.map(|b| b.0), high: band.map(|b| b.1) }
}

/// Figures by level, with their bands.
pub(super) fn levels(
    values: &BTreeMap<String, f64>,
    bands: Option<&BTreeMap<String, (f64, f64)>>,
) -> Vec<LevelView> {
    let mut out: Vec<LevelView> = values
        .iter()
        .map(|(level, value)| LevelView {
            level: level.clone(),
            figure: figure(Some(*value), bands.and_then(|b| b.get(level)).copied()),
        })
        .collect();
    let number = |l: &LevelView| l.level.parse::<f64>().unwrap_or_default();
    out.sort_by(|a, b| number(a).total_cmp(&number(b)));
    out
}

/// The curve of a result with its band.
pub(super) fn curve(result: &RunResult) -> CurveView {
    CurveView {
        key: "current",
        points: result
            .lec
            .iter()
            .map(|p| CurvePoint {
                loss: p.loss,
                chance: p.chance,
                largest: Some(p.largest),
                low: p.low,
                high: p.high,
            })
            .collect(),
        mean: result.mean,
        tvar99: result.tvar.get("99").copied(),
    }
}

/// Plain points.
pub(super) fn points(lec: &[(f64, f64)]) -> Vec<CurvePoint> {
    let point = |(loss, chance): &(f64, f64)| CurvePoint {
        loss: *loss,
        chance: *chance,
        largest: None,
        low: None,
        high: None,
    };
    lec.iter().map(point).collect()
}

fn share(value: f64) -> String {
    let text = format!("{:.2}", 100.0 * value);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

/// A statement with its test, where it was tested.
pub(super) fn appetite(
    rule: &AppetiteRule,
    test: Option<&AppetiteResult>,
    known: &Known<'_>,
    tested: Option<(Moment, String)>,
    scope: Option<String>,
) -> Option<AppetiteView> {
    let record = known.scenario(&rule.id)?;
    let level = |q: f64| format!("{}", (q * 1e6).round() / 1e4);
    let (key, amount, chance, words) = match rule.measure {
        Measure::Exceedance { amount } => (
            "exceedance",
            amount,
            Some(rule.limit),
            format!("P(loss > {}) at most {}", short(amount), share(rule.limit)),
        ),
        Measure::Var { level: q } => (
            "var",
            rule.limit,
            Some(1.0 - q),
            format!("{} of 100 years cost at most {}", level(q), short(rule.limit)),
        ),
        Measure::Tvar { level: q } => (
            "tvar",
            rule.limit,
            Some(1.0 - q),
            format!("mean of years beyond {} % at most {}", level(q), short(rule.limit)),
        ),
        Measure::Mean => ("mean", rule.limit, None, format!("mean year at most {}", short(rule.limit))),
    };
    let verdict = match test.map(|t| t.verdict) {
        Some(Verdict::Pass) => "pass",
        Some(Verdict::Fail) => "fail",
        Some(Verdict::Undetermined) => "undetermined",
        None => "not_tested",
    };
    Some(AppetiteView {
        record,
        words,
        measure: key.into(),
        amount,
        chance,
        limit: rule.limit,
        warning: rule.warning,
        value: test.and_then(|t| t.value),
        warned: test.is_some_and(|t| t.warning),
        chance_met: test.map(|t| t.chance_met),
        not_assessed: test.map_or(0, |t| t.not_assessed),
        verdict,
        scope,
        owner: known.person(&rule.owner),
        approved_on: rule.approved_on,
        tested: test.and(tested),
    })
}

/// All statements of a run.
pub(super) fn statements(run: &StoredRun, known: &Known<'_>) -> Vec<AppetiteView> {
    run.model
        .appetite
        .iter()
        .filter_map(|rule| {
            let test = run.result.appetite.iter().find(|t| t.id == rule.id);
            appetite(rule, test, known, Some((run.computed_at, run.hash.clone())), rule.scope.clone())
        })
        .collect()
}

/// Scopes by the names of their units; a run holds their references.
pub(super) fn named(organisation: &crate::Organisation, mut all: Vec<AppetiteView>) -> Vec<AppetiteView> {
    for one in &mut all {
        let Some(scope) = &one.scope else { continue };
        let unit = organisation.unit_names.values().find(|(reference, _)| reference == scope);
        if let Some((_, name)) = unit {
            one.scope = Some(name.clone());
        }
    }
    all
}
