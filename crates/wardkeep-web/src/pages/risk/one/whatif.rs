//! What-if: sliders over the model of one risk. Without scripts a form that asks again by address; with scripts the
//! same question is asked as the sliders move, and the server answers with the texts and the path to show.

use super::super::super::reader::Reader;
use super::super::super::taste::Taste;
use super::super::curve::{CurveParts, data};
use super::super::say::{amounts, as_table, column, foot, money_column};
use crate::parts::{
    Align, ButtonView, ChartView, RowView, Sentence, TableView, Value, Weight, buttons, chart, table,
};
use crate::words::{fill, words};
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use std::collections::BTreeMap;
use wardkeep_app::risk::views::{CurvePoint, CurveView, RiskView, RunStamp, SliderView, WhatIfView};
use wardkeep_report::chart::{Amounts, Lec, LecCurve, LecScale, Look, Marks, lec_on};

/// The slider positions of an address: those that a slider has, moved from where they are now, within their ends.
pub fn positions(view: &RiskView, pairs: &[(String, String)]) -> BTreeMap<String, f64> {
    let of = |slider: &SliderView| {
        let (_, text) = pairs.iter().find(|(name, _)| *name == slider.name)?;
        let value = text.trim().parse::<f64>().ok().filter(|v| v.is_finite())?;
        let value = value.clamp(slider.min, slider.max);
        ((value - slider.now).abs() > 1e-9).then(|| (slider.name.clone(), value))
    };
    view.sliders.iter().filter_map(of).collect()
}

/// `GET /risk/{reference}/what-if`: only what follows from these positions, for the script that moves with the sliders.
pub async fn answer(reader: Reader, Path(reference): Path<String>) -> Response {
    reader
        .answer(async {
            let app = &reader.state.app;
            let view = app.risk_shown(&reader.ctx, &reader.organisation, &reference).await?;
            let Some(run) = &view.run else { return Err(wardkeep_app::Refusal::NotFound.into()) };
            let positions = positions(&view, &reader.pairs);
            let tried = app.risk_what_if(&reader.ctx, &reader.organisation, &reference, &positions).await?;
            let a = amounts(&reader.taste, run);
            Ok(html! { (maud::DOCTYPE) title { (view.record.reference) } div data-answer { (outcome(&reader.taste, run, &a, &tried)) } }.into_response())
        })
        .await
}

/// The rows of the table: name, before, after.
fn rows(tried: &WhatIfView) -> Vec<(&'static str, f64, f64)> {
    let mut out = Vec::new();
    if let Some((before, after)) = tried.mean {
        out.push((words("risk.mean"), before, after));
    }
    for (key, label) in [
        ("95", words("risk.one_in_20")),
        ("99", words("risk.one_in_100")),
        ("99.9", words("risk.one_in_1000")),
    ] {
        if let Some((before, after)) = tried.var.get(key) {
            out.push((label, *before, *after));
        }
    }
    if let Some((before, after)) = tried.tvar.get("99") {
        out.push((words("risk.worst_hundredth"), *before, *after));
    }
    out
}

/// A change in money and in percent; nothing moved is said as 0.
fn change(a: &Amounts, before: f64, after: f64) -> String {
    let difference = after - before;
    if difference.abs() < 0.5 {
        return "0".to_owned();
    }
    if before > 0.0 {
        let sign = if difference < 0.0 { "−" } else { "+" };
        format!("{} ({sign}{})", a.change(difference), a.percent((difference / before).abs()))
    } else {
        a.change(difference)
    }
}

fn said(a: &Amounts, tried: &WhatIfView) -> String {
    match tried.mean {
        Some((before, after)) if (after - before).abs() >= 0.5 => fill(
            "risk.whatif_said",
            &[("from", &a.full(before)), ("to", &a.full(after)), ("change", &change(a, before, after))],
        ),
        _ => words("risk.whatif_same").to_owned(),
    }
}

/// Both curves of the portfolio on one drawing.
fn both(taste: &Taste, run: &RunStamp, tried: &WhatIfView) -> Lec {
    let curve = |points: &[CurvePoint]| CurveView {
        key: "current",
        points: points.to_vec(),
        mean: None,
        tvar99: None,
    };
    let curves = [curve(&tried.before)];
    let mut chart = data(
        taste,
        &CurveParts {
            said: Sentence::new(words("risk.whatif_title")),
            run,
            curves: &curves,
            appetite: &[],
            var: &[],
            no_loss: None,
        },
    );
    chart.told.clear();
    chart.curves.push(LecCurve {
        label: words("risk.curve_tried").to_owned(),
        points: tried.after.iter().map(|p| (p.loss, p.chance)).collect(),
        look: Look::Plan,
    });
    chart
}

/// Sliders beside the figures and the curve they move.
pub fn section(taste: &Taste, run: &RunStamp, view: &RiskView, tried: Option<&WhatIfView>) -> Markup {
    let a = amounts(taste, run);
    let here = format!("/risk/{}", view.record.reference);
    let at = |slider: &SliderView| {
        tried.and_then(|t| t.positions.get(&slider.name)).copied().unwrap_or(slider.now)
    };
    html! {
        section.section #what-if {
            h2 { (words("risk.whatif")) }
            p.quiet { (words("risk.whatif_text")) }
            div.whatif {
                form.sliders method="get" action={ (here) "#what-if" } data-ask={ (here) "/what-if" } {
                    @for (n, (name, group)) in groups(&view.sliders).into_iter().enumerate() {
                        @if let Some(name) = name {
                            @let moved = group.iter().any(|s| (at(s) - s.now).abs() > 1e-9);
                            details.of-control open[moved || n < OPEN] {
                                summary { (name) }
                                @for slider in group { (range(&a, slider, at(slider))) }
                            }
                        } @else {
                            @for slider in group { (range(&a, slider, at(slider))) }
                        }
                    }
                    div.acts {
                        (buttons(&[ButtonView::submit(words("risk.whatif_show")).main(), ButtonView::link(words("risk.whatif_reset"), format!("{here}#what-if")).weight(Weight::Quiet)]))
                    }
                }
                div.tried data-answer {
                    @if let Some(tried) = tried { (outcome(taste, run, &a, tried)) } @else { p.quiet { (words("risk.whatif_move")) } }
                }
            }
        }
    }
}

/// How many times today's rate a slider reaches.
const FARTHEST: f64 = 3.0;
/// Groups that are open at first: the scenario's own sliders and the first control.
const OPEN: usize = 2;

/// Sliders of one control together under its name, the scenario's own ones first and without a heading.
fn groups(all: &[SliderView]) -> Vec<(Option<&str>, Vec<&SliderView>)> {
    let key = |s: &SliderView| s.name.split_once(':').map(|(_, key)| key.to_owned());
    let (controls, own): (Vec<&SliderView>, Vec<&SliderView>) = all.iter().partition(|s| s.control.is_some());
    let mut out: Vec<(Option<&str>, Vec<&SliderView>)> = Vec::new();
    if !own.is_empty() {
        out.push((None, own));
    }
    for one in controls {
        match out
            .iter_mut()
            .find(|(_, g)| g.first().is_some_and(|s| s.control.is_some() && key(s) == key(one)))
        {
            Some((_, group)) => group.push(one),
            None => out.push((one.control.as_deref(), vec![one])),
        }
    }
    out
}

fn range(a: &Amounts, slider: &SliderView, now: f64) -> Markup {
    let id = format!("f-{}", crate::parts::id_of(&slider.name));
    html! {
        div.field {
            label for=(id) { (slider.label) }
            div.slide {
                input id=(id) type="range" name=(slider.name) min=(slider.min) max=(slider.max) step=(slider.step) value=(now) data-now=(slider.now);
                output for=(id) { span { (a.number(now)) } " " (slider.unit) }
            }
            p.small.quiet { (fill("risk.slider_now", &[("value", &format!("{} {}", a.number(slider.now), slider.unit))])) }
        }
    }
}

/// Before and after, exact on one grid.
fn outcome(taste: &Taste, run: &RunStamp, a: &Amounts, tried: &WhatIfView) -> Markup {
    let chart_data = both(taste, run, tried);
    // Scales of the run alone, with room for the farthest that a slider goes: they stay as the sliders move.
    let mut roomy = chart_data.curves[..1].to_vec();
    for point in roomy.iter_mut().flat_map(|c| &mut c.points) {
        point.1 = (FARTHEST * point.1).min(1.0);
    }
    let scale = LecScale::of(&Lec { curves: roomy, ..chart_data.clone() });
    let drawn = lec_on(&chart_data, scale, Marks::Live);
    let mut all: Vec<RowView> = rows(tried)
        .into_iter()
        .map(|(label, before, after)| RowView {
            cells: vec![
                Value::text(label).into(),
                Value::number(a.bare(before)).into(),
                Value::number(a.bare(after)).into(),
                Value::number(change(a, before, after)).into(),
            ],
            ..RowView::default()
        })
        .collect();
    all.push(RowView {
        cells: vec![
            Value::text(words("risk.no_loss")).into(),
            Value::number(a.percent(tried.no_loss.0)).into(),
            Value::number(a.percent(tried.no_loss.1)).into(),
            Value::Empty.into(),
        ],
        ..RowView::default()
    });
    html! {
        p aria-live="polite" { strong { (said(a, tried)) } }
        (table(&TableView {
            caption: words("risk.whatif").to_owned(),
            columns: vec![
                column(words("risk.portfolio_figure"), Align::Text),
                money_column(words("risk.before"), a),
                money_column(words("risk.after"), a),
                column(words("risk.difference"), Align::Number),
            ],
            rows: all,
            wide: true,
            ..TableView::default()
        }))
        (chart(&ChartView {
            said: Sentence::new(words("risk.whatif_title")),
            about: words("risk.curve_about").to_owned(),
            drawing: drawn.svg,
            figures: as_table(&drawn.figures, &[]),
            source: foot(taste, run),
        }))
    }
}
