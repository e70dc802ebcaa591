//! Where a scenario's figures come from: the estimates, what controls leave of the rate, and each control's efficacy
//! down to its observations.

use super::super::super::taste::Taste;
use super::super::fold;
use super::super::portfolio::tables::cell;
use super::super::say::{add, column, form_word, source, typed};
use crate::parts::{
    Align, CellView, EmptyView, LinkView, Piece, RowView, Sentence, TableView, Urgency, Value, table, unknown,
};
use crate::words::{fill, words};
use maud::{Markup, html};
use wardkeep_app::risk::views::{EffectView, FactorView, InputView, ScenarioView};
use wardkeep_report::chart::Amounts;

/// Where a scenario stands on the page.
pub fn anchor(view: &ScenarioView) -> String {
    format!("s-{}", crate::parts::id_of(&view.key))
}

/// One scenario.
pub fn scenario(taste: &Taste, a: &Amounts, view: &ScenarioView) -> Markup {
    html! {
        section.section.chain id=(anchor(view)) {
            h2 {
                @if let Some(record) = &view.record { (super::super::say::link(record)) } @else { (view.name) }
            }
            @if !view.claim.is_empty() { p.prose.quiet { (view.claim) } }
            @if view.assessed {
                p.formula tabindex="0" { @for (n, step) in steps(a, view).iter().enumerate() { @if n > 0 { br; } (step) } }
                p.small.quiet { (basis(view.basis)) @if view.heavy { " " (words("risk.heavy")) } }
            } @else { p { (unknown(words("risk.not_assessed"))) " " (words("risk.scenario_outside")) } }
            (table(&inputs(taste, a, view)))
            @if view.controls.len() > 2 {
                (fold(&fill("risk.controls_folded", &[("n", &view.controls.len().to_string())]), &table(&controls(a, view))))
            } @else {
                (table(&controls(a, view)))
            }
        }
    }
}

/// How often is tried and how often that succeeds, where both were estimated and give the rate.
fn parts(a: &Amounts, view: &ScenarioView) -> Option<String> {
    let mean = |about: &str| {
        let input = view.inputs.iter().find(|i| i.about == about && i.ignored_since.is_none())?;
        input.mean
    };
    let (tried, open) = (mean("threat_events")?, mean("vulnerability")?);
    Some(fill("risk.step_parts", &[("tried", &a.number(tried)), ("open", &a.percent(open))]))
}

/// How the rate and the loss came about, in plain figures.
fn steps(a: &Amounts, view: &ScenarioView) -> Vec<String> {
    let n = |v: f64| a.number(v);
    let mut out: Vec<String> = parts(a, view).into_iter().collect();
    out.push(fill(
        "risk.step_rate",
        &[("base", &n(view.base_rate)), ("prevent", &n(view.prevent)), ("rate", &n(view.rate))],
    ));
    if let Some((events, years)) = view.incidents {
        out.push(fill("risk.step_incidents", &[("events", &events.to_string()), ("years", &n(years))]));
    }
    if let Some((events, years)) = view.near_misses {
        let counted = [("events", events.to_string()), ("years", n(years))];
        let counted: Vec<(&str, &str)> = counted.iter().map(|(k, v)| (*k, v.as_str())).collect();
        out.push(if view.near_misses_ignored {
            fill("risk.step_near_misses_ignored", &counted)
        } else {
            fill("risk.step_near_misses", &counted)
        });
    }
    for (key, value) in [
        (words("risk.step_contained"), view.contained),
        (words("risk.step_recovery"), view.recovery),
        (words("risk.step_secondary"), view.secondary),
    ] {
        if (value - 1.0).abs() > 1e-9 {
            out.push(format!("{key} {}", a.percent(value)));
        }
    }
    let mean = view.event_mean.map_or_else(|| words("risk.infinite").to_owned(), |m| a.full(m));
    out.push(fill("risk.step_event", &[("median", &a.full(view.event_median)), ("mean", &mean)]));
    let year = view.mean.map_or_else(|| words("risk.infinite").to_owned(), |m| a.full(m));
    let tail = view.tail.map_or_else(|| words("value.unknown").to_owned(), |m| a.full(m));
    out.push(fill("risk.step_year", &[("mean", &year), ("tail", &tail)]));
    out
}

fn basis(basis: &str) -> &'static str {
    match basis {
        "no_modelled_controls" => words("risk.basis_none"),
        "own_today" => words("risk.basis_own"),
        _ => words("risk.basis_reference"),
    }
}

/// The word for what an input is about.
pub fn about(kind: &str, form: Option<&str>) -> String {
    let form = form.map(form_word);
    match (kind, form) {
        ("rate", _) => words("risk.about_rate").to_owned(),
        ("threat_events", _) => words("risk.about_threat_events").to_owned(),
        ("contacts", _) => words("risk.about_contacts").to_owned(),
        ("action", _) => words("risk.about_action").to_owned(),
        ("vulnerability", _) => words("risk.about_vulnerability").to_owned(),
        ("capability", _) => words("risk.about_capability").to_owned(),
        ("resistance", _) => words("risk.about_resistance").to_owned(),
        ("secondary_chance", _) => words("risk.about_secondary_chance").to_owned(),
        ("secondary_loss", Some(form)) => format!("{}, {form}", words("risk.about_secondary_loss")),
        ("secondary_loss", None) => words("risk.about_secondary_loss").to_owned(),
        (_, Some(form)) => format!("{}, {form}", words("risk.about_loss")),
        (_, None) => words("risk.about_loss").to_owned(),
    }
}

/// What the two ends of an input stand for, and the law between them.
fn spread(i: &InputView) -> String {
    let law = match i.law.as_str() {
        "constant" => return words("risk.law_constant").to_owned(),
        "pert" => return format!("{}, {}", words("risk.range_points"), words("risk.law_pert")),
        "gamma" => words("risk.law_gamma"),
        "lognormal" => words("risk.law_lognormal"),
        "log-odds" => words("risk.law_log_odds"),
        _ => words("risk.law_other"),
    };
    format!("{}, {law}", words("risk.range_ends"))
}

fn inputs(taste: &Taste, a: &Amounts, view: &ScenarioView) -> TableView {
    let shown = |input: &InputView, value: f64| match input.unit.as_str() {
        "per_year" => a.number(value),
        "chance" => a.percent(value),
        _ => a.bare(value),
    };
    let range = |i: &InputView| {
        if (i.low - i.high).abs() <= f64::EPSILON * i.high.abs() {
            shown(i, i.low)
        } else {
            let end = |v: f64| if i.unit == "per_year" { typed(a, v) } else { shown(i, v) };
            fill("risk.from_to", &[("from", &end(i.low)), ("to", &end(i.high))])
        }
    };
    let unit = |i: &InputView| match i.unit.as_str() {
        "per_year" => words("risk.a_year").to_owned(),
        "chance" => words("risk.chance").to_owned(),
        currency => currency.to_owned(),
    };
    let middle = |i: &InputView| {
        let mean = i.mean.map(|m| fill("risk.mean_of", &[("mean", &shown(i, m))]));
        CellView { value: i.median.map_or(Value::Empty, |m| Value::number(shown(i, m))), sub: mean }
    };
    let who = |i: &InputView| {
        let by = i.by.clone().map_or(Value::Empty, Value::text);
        let held = i
            .calibration
            .map(|(held, of)| fill("risk.held_of", &[("held", &held.to_string()), ("of", &of.to_string())]));
        let under: Vec<String> = i.on.map(|d| taste.day(d)).into_iter().chain(held).collect();
        CellView { value: by, sub: (!under.is_empty()).then(|| under.join(" \u{b7} ")) }
    };
    let row = |i: &InputView| {
        let ignored = i.ignored_since.as_deref().map(|since| {
            let since = about(since, None);
            fill("risk.ignored_since", &[("since", &since)])
        });
        let reason: Vec<String> = [
            ignored.unwrap_or_default(),
            i.reason.clone(),
            if i.anchor.is_empty() { String::new() } else { fill("risk.anchor", &[("anchor", &i.anchor)]) },
        ]
        .into_iter()
        .filter(|t| !t.is_empty())
        .collect();
        let what = about(&i.about, i.form.as_deref());
        let renew = i.renew_by.map_or(Value::Empty, |d| {
            let urgency = taste.urgency(d, true);
            if urgency == Urgency::Calm {
                Value::Moment(taste.day_stamp(d))
            } else {
                Value::Due(taste.day_stamp(d), urgency)
            }
        });
        RowView {
            href: i.estimate.as_ref().map(|e| e.path.clone()),
            cells: vec![
                CellView { value: Value::text(what), sub: (!reason.is_empty()).then(|| reason.join(" ")) },
                CellView { value: Value::number(range(i)), sub: Some(format!("{}, {}", unit(i), spread(i))) },
                middle(i),
                source(&i.source).into(),
                who(i),
                renew.into(),
            ],
            ..RowView::default()
        }
    };
    TableView {
        caption: words("risk.inputs").to_owned(),
        columns: vec![
            column(words("risk.input"), Align::Text),
            column(words("risk.range"), Align::Number),
            column(words("risk.median_word"), Align::Number),
            column(words("risk.rests_on"), Align::Tight),
            column(words("risk.said_by"), Align::Text),
            column(words("risk.renew_by"), Align::Tight),
        ],
        rows: view.inputs.iter().map(row).collect(),
        wide: true,
        empty: EmptyView {
            title: words("risk.no_inputs").to_owned(),
            text: Sentence::new(words("risk.no_inputs_text")),
            acts: vec![crate::parts::ButtonView::link(words("risk.add_estimate"), add("estimate", None))],
            ..EmptyView::default()
        },
        ..TableView::default()
    }
}

/// What a control makes smaller, in words.
pub fn on_word(on: &str) -> &'static str {
    match on {
        "event_frequency" => words("risk.on_frequency"),
        "susceptibility" => words("risk.on_susceptibility"),
        "secondary_chance" => words("risk.on_secondary"),
        "detection" => words("risk.on_detection"),
        "response" => words("risk.on_response"),
        _ => words("risk.on_recovery"),
    }
}

/// A factor with its band and the observations behind it.
fn factor(a: &Amounts, effect: &EffectView, quantity: &str) -> CellView {
    let Some(f) = effect.factors.iter().find(|f| f.quantity == quantity) else { return CellView::default() };
    let value = f.now.value.map_or(Value::Unknown(String::new()), |v| {
        if f.weight > 0.0 {
            Value::number(a.percent(v))
        } else {
            Value::Html(html! { span.assumed { (a.percent(v)) } })
        }
    });
    let band = f.now.low.zip(f.now.high);
    let sub = if f.weight > 0.0 {
        band.map(|(l, h)| fill("risk.from_to", &[("from", &a.percent(l)), ("to", &a.percent(h))]))
    } else {
        Some(words("risk.assumed").to_owned())
    };
    CellView { value, sub }
}

/// The observations behind all factors of an effect.
fn evidence(effect: &EffectView) -> Value {
    let mut found = Sentence::default();
    let all = effect.factors.iter().flat_map(|f: &FactorView| &f.evidence);
    let mut seen: Vec<&str> = Vec::new();
    for one in all {
        if seen.contains(&one.words.as_str()) {
            continue;
        }
        if !seen.is_empty() {
            found = found.and("; ");
        }
        seen.push(&one.words);
        found = match &one.path {
            Some(path) => {
                found.0.push(Piece::Link(LinkView::new(one.words.clone(), path.clone())));
                found
            }
            None => found.and(one.words.clone()),
        };
    }
    if seen.is_empty() {
        Value::Unknown(words("risk.assumed_only").to_owned())
    } else {
        Value::Sentence(found)
    }
}

fn controls(a: &Amounts, view: &ScenarioView) -> TableView {
    let row = |e: &EffectView| RowView {
        name: e.name.clone(),
        cells: vec![
            CellView {
                value: e.control.as_ref().map_or_else(|| Value::text(e.name.clone()), |r| cell(Some(r))),
                sub: Some(on_word(&e.on).to_owned()),
            },
            CellView {
                value: Value::number(a.percent(e.kappa)),
                sub: Some(super::super::say::source_word(&e.source).to_owned()),
            },
            factor(a, e, "coverage"),
            factor(a, e, "reliability"),
            factor(a, e, "intact"),
            factor(a, e, "degraded"),
            CellView {
                value: Value::number(a.percent(e.efficacy)),
                sub: Some(fill("risk.in_base", &[("share", &a.percent(e.reference))])),
            },
            evidence(e).into(),
        ],
        ..RowView::default()
    };
    TableView {
        caption: words("risk.controls_acting").to_owned(),
        columns: vec![
            column(words("risk.control"), Align::Text),
            column(words("risk.kappa"), Align::Number),
            column(words("risk.coverage"), Align::Number),
            column(words("risk.reliability"), Align::Number),
            column(words("risk.intact"), Align::Number),
            column(words("risk.degraded"), Align::Number),
            column(words("risk.efficacy"), Align::Number),
            column(words("risk.evidence"), Align::Text),
        ],
        rows: view.controls.iter().map(row).collect(),
        wide: true,
        empty: EmptyView {
            title: words("risk.no_controls").to_owned(),
            text: Sentence::new(words("risk.no_controls_text")),
            ..EmptyView::default()
        },
        ..TableView::default()
    }
}
