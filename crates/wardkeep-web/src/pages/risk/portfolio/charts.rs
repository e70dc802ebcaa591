//! What makes the figures: contributors, controls, sources, and the past.

use super::super::super::taste::Taste;
use super::super::say::{as_table, basis_of, foot, page_of, source, source_word};
use super::super::say::{column, money, money_column, share, told};
use crate::parts::{Align, CellView, ChartView, RowView, Sentence, TableView, Value, chart};
use crate::words::{fill, words};
use maud::{Markup, html};
use wardkeep_app::risk::views::{ContributorView, HistoryPoint, PortfolioView, RunStamp};
use wardkeep_report::chart::{
    Amounts, BasisPart, Fall, History, Marks, Pair, Past, basis, history, pairs, waterfall as draw_waterfall,
};

/// How many contributors are drawn; the table has all.
const DRAWN: usize = 12;

/// Share of the usual year and of the worst years, scenario by scenario.
pub fn contributors(taste: &Taste, run: &RunStamp, a: &Amounts, view: &PortfolioView) -> Markup {
    if view.contributors.is_empty() {
        return html! {};
    }
    let shown = |v: Option<f64>| v.map_or_else(|| words("value.unknown").to_owned(), |v| a.percent(v));
    let pair = |c: &ContributorView| Pair {
        label: c.scenario.name.clone(),
        shares: [c.mean_share, c.tail_share],
        shown: [shown(c.mean_share), shown(c.tail_share)],
        amounts: [c.mean, c.tail].map(|v| v.map_or_else(|| words("risk.infinite").to_owned(), |v| a.full(v))),
    };
    let all: Vec<Pair> = view.contributors.iter().take(DRAWN).map(pair).collect();
    let panels = [words("risk.share_mean"), words("risk.share_tail")];
    let drawn = pairs(words("risk.contributors"), panels, &all, Marks::Live);
    html! {
        section.section #contributors {
            (chart(&ChartView {
                said: Sentence::new(contributors_said(a, &view.contributors)),
                about: words("risk.contributors_about").to_owned(),
                drawing: drawn.svg,
                figures: contributor_table(a, view),
                source: foot(taste, run),
            }))
        }
    }
}

/// How few make half of the worst years.
fn contributors_said(a: &Amounts, all: &[ContributorView]) -> String {
    let mut sum = 0.0;
    for (n, one) in all.iter().enumerate() {
        sum += one.tail_share.unwrap_or(0.0);
        if sum >= 0.5 {
            let names: Vec<&str> = all[..=n].iter().map(|c| c.scenario.name.as_str()).collect();
            let names = match names.split_last() {
                Some((last, rest)) if !rest.is_empty() => {
                    format!("{} {} {last}", rest.join(", "), words("risk.and"))
                }
                _ => names.join(""),
            };
            return fill("risk.contributors_said", &[("names", &names), ("share", &a.percent(sum))]);
        }
    }
    words("risk.contributors").to_owned()
}

fn contributor_table(a: &Amounts, view: &PortfolioView) -> TableView {
    let row = |c: &ContributorView| {
        let risk = c.risk.as_ref().unwrap_or(&c.scenario);
        RowView {
            name: c.scenario.name.clone(),
            href: Some(page_of(risk)),
            cells: vec![
                CellView { value: Value::text(c.scenario.name.clone()), sub: c.owner.clone() },
                Value::number(a.number(c.rate)).into(),
                Value::number(a.bare(c.event_median)).into(),
                money(a, c.mean).into(),
                share(a, c.mean_share).into(),
                money(a, c.tail).into(),
                share(a, c.tail_share).into(),
                source(&c.source).into(),
            ],
            ..RowView::default()
        }
    };
    TableView {
        caption: words("risk.contributors").to_owned(),
        columns: vec![
            column(words("risk.scenario"), Align::Text),
            column(words("risk.rate"), Align::Number),
            money_column(words("risk.event_median"), a),
            money_column(words("risk.share_mean"), a),
            column(words("risk.share"), Align::Number),
            money_column(words("risk.share_tail"), a),
            column(words("risk.share"), Align::Number),
            column(words("risk.rests_on"), Align::Tight),
        ],
        rows: view.contributors.iter().map(row).collect(),
        wide: true,
        ..TableView::default()
    }
}

/// From no modelled control to today.
pub fn waterfall(taste: &Taste, run: &RunStamp, a: &Amounts, view: &PortfolioView) -> Markup {
    let (Some(first), Some(last)) = (view.steps.first(), view.steps.last()) else { return html! {} };
    if view.steps.len() < 2 {
        return html! {};
    }
    let mut falls: Vec<Fall> = view
        .steps
        .iter()
        .map(|s| {
            let total = s.key == "inherent";
            let label = if total { words("risk.curve_inherent").to_owned() } else { s.name.clone() };
            Fall { label, after: s.mean, total, assumed: s.assumed }
        })
        .collect();
    falls.push(Fall {
        label: words("risk.curve_now").to_owned(),
        after: last.mean,
        total: true,
        assumed: false,
    });
    let drawn = draw_waterfall(words("risk.waterfall"), a, &falls, words("risk.assumed"), Marks::Live);
    let values = [
        ("off", a.full(first.mean - last.mean)),
        ("share", a.percent((first.mean - last.mean) / first.mean.max(1e-9))),
    ];
    let said = if first.mean > last.mean {
        fill("risk.waterfall_said", &values.each_ref().map(|(n, v)| (*n, v.as_str())))
    } else {
        words("risk.waterfall_none").to_owned()
    };
    html! {
        section.section #controls {
            (chart(&ChartView {
                said: Sentence::new(said),
                about: words("risk.waterfall_about").to_owned(),
                drawing: drawn.svg,
                figures: as_table(&drawn.figures, &[3]),
                source: foot(taste, run),
            }))
        }
    }
}

/// What the mean rests on.
pub fn rests_on(taste: &Taste, run: &RunStamp, a: &Amounts, view: &PortfolioView) -> Markup {
    let part = |s: &wardkeep_app::risk::views::ShareView| BasisPart {
        basis: basis_of(&s.kind),
        label: source_word(&s.kind).to_owned(),
        share: s.share,
    };
    let parts: Vec<BasisPart> = view.sources.iter().map(part).collect();
    let drawn = basis(words("risk.basis"), a, &parts, Marks::Live);
    let known: f64 = view.sources.iter().filter(|s| s.kind != "placeholder").map(|s| s.share).sum();
    html! {
        section.section #basis {
            (chart(&ChartView {
                said: Sentence::new(fill("risk.basis_said", &[("share", &a.percent(known))])),
                about: words("risk.basis_about").to_owned(),
                drawing: drawn.svg,
                figures: as_table(&drawn.figures, &[]),
                source: foot(taste, run),
            }))
        }
    }
}

/// Earlier runs: the mean over time, and why it moved.
pub fn past(taste: &Taste, run: &RunStamp, a: &Amounts, view: &PortfolioView) -> Markup {
    let band = view.mean.low.zip(view.mean.high);
    let limit = view.appetite.iter().find(|r| r.measure == "mean" && r.scope.is_none());
    let limit = limit.map(|r| (r.limit, r.words.clone()));
    let drawn = over_time(taste, a, &view.history, band, limit, words("risk.mean_a_year"));
    let Some((said, drawn)) = drawn else { return html! {} };
    let rows = view.history.iter().rev().map(|h| RowView {
        href: Some(format!("/risk/runs/{}", h.hash)),
        cells: vec![
            Value::text(taste.moment_stamp(h.at).absolute).into(),
            money(a, h.mean).into(),
            money(a, h.var99).into(),
            money(a, h.tvar99).into(),
            Value::text(told(&h.why)).into(),
        ],
        ..RowView::default()
    });
    html! {
        section.section #history {
            (chart(&ChartView {
                said: Sentence::new(said),
                about: words("risk.history_about").to_owned(),
                drawing: drawn,
                figures: TableView {
                    caption: words("risk.history").to_owned(),
                    columns: vec![
                        column(words("risk.when"), Align::Text),
                        money_column(words("risk.mean"), a),
                        money_column(words("risk.one_in_100"), a),
                        money_column(words("risk.worst_hundredth"), a),
                        column(words("risk.why_moved"), Align::Text),
                    ],
                    rows: rows.collect(),
                    ..TableView::default()
                },
                source: foot(taste, run),
            }))
        }
    }
}

/// A figure over time as a drawing with its finding; nothing for a single run.
pub fn over_time(
    taste: &Taste,
    a: &Amounts,
    points: &[HistoryPoint],
    band: Option<(f64, f64)>,
    limit: Option<(f64, String)>,
    measure: &str,
) -> Option<(String, Markup)> {
    let (first, last) = (points.first()?, points.last()?);
    if points.len() < 2 {
        return None;
    }
    let past = |h: &HistoryPoint| Past {
        day: h.at.seconds_since(first.at) as f64 / 86_400.0,
        label: taste.day(h.at.date()),
        value: h.mean,
        why: told(&h.why),
    };
    let said = match (first.mean, last.mean) {
        (Some(from), Some(to)) => fill(
            "risk.history_said",
            &[("from", &a.full(from)), ("to", &a.full(to)), ("day", &taste.day(first.at.date()))],
        ),
        _ => words("risk.history").to_owned(),
    };
    let drawn = history(
        &History {
            title: said.clone(),
            amounts: a.clone(),
            points: points.iter().map(past).collect(),
            band,
            limit,
            measure: measure.to_owned(),
        },
        Marks::Live,
    );
    Some((said, drawn.svg))
}
