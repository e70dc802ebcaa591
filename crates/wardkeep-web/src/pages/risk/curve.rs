//! The loss exceedance curve with its appetite, as several pages show it.

use super::super::taste::Taste;
use super::say::{amounts, as_table, band_note, foot};
use crate::parts::{ChartView, Sentence, chart};
use crate::words::{fill, words};
use maud::Markup;
use wardkeep_app::risk::views::{AppetiteView, CurvePoint, CurveView, LevelView, RunStamp};
use wardkeep_report::chart::{Lec, LecCurve, LecLimit, LecMark, Look, Marks, Outcome, lec};

/// What is drawn, from stored figures.
pub struct CurveParts<'a> {
    /// The finding.
    pub said: Sentence,
    /// The run.
    pub run: &'a RunStamp,
    /// Curves, the current one first.
    pub curves: &'a [CurveView],
    /// Appetite points.
    pub appetite: &'a [AppetiteView],
    /// Value at risk by level, for named places.
    pub var: &'a [LevelView],
    /// P(no loss).
    pub no_loss: Option<f64>,
}

fn points(points: &[CurvePoint]) -> Vec<(f64, f64)> {
    points.iter().map(|p| (p.loss, p.chance)).collect()
}

fn look(key: &str) -> (Look, &'static str) {
    match key {
        "plan" => (Look::Plan, words("risk.curve_plan")),
        "this_plan" => (Look::Plan, words("risk.curve_this_plan")),
        "inherent" => (Look::Inherent, words("risk.curve_inherent")),
        _ => (Look::Current, words("risk.curve_now")),
    }
}

/// The word for a verdict.
pub fn verdict_word(verdict: &str) -> &'static str {
    match verdict {
        "pass" => words("risk.pass"),
        "fail" => words("risk.fail"),
        "undetermined" => words("risk.undetermined"),
        _ => words("risk.not_tested"),
    }
}

fn outcome(verdict: &str) -> Outcome {
    match verdict {
        "pass" => Outcome::Pass,
        "fail" => Outcome::Fail,
        _ => Outcome::Undetermined,
    }
}

/// Whether a constraint is a point of this curve: a mean, also that of the worst years, is none.
pub fn on_curve(rule: &AppetiteView) -> bool {
    matches!(rule.measure.as_str(), "exceedance" | "var") && rule.scope.is_none()
}

/// The chart's data; also what a what-if needs to move a curve on the same scale.
pub fn data(taste: &Taste, parts: &CurveParts<'_>) -> Lec {
    let a = amounts(taste, parts.run);
    let title = parts.said.0.iter().map(plain).collect();
    let curve = |c: &CurveView| {
        let (look, label) = look(c.key);
        LecCurve { label: label.to_owned(), points: points(&c.points), look }
    };
    let limit = |rule: &AppetiteView| {
        let chance = rule.chance.filter(|c| *c > 0.0 && on_curve(rule))?;
        let label = format!("{}: {}", rule.words, verdict_word(rule.verdict));
        Some(LecLimit { loss: rule.amount, chance, label, outcome: outcome(rule.verdict) })
    };
    let mark = |level: &LevelView| {
        let loss = level.figure.value?;
        let chance = 1.0 - level.level.parse::<f64>().ok()? / 100.0;
        Some(LecMark { loss, chance, said: one_in(taste, chance, &a.full(loss)) })
    };
    let band = parts.curves.first().into_iter().flat_map(|c| &c.points);
    // What one event alone can cost: it stands in the table, for drawn it would hide the year's curve.
    let largest = parts.curves.first().map(|c| LecCurve {
        label: words("risk.curve_largest").to_owned(),
        points: c.points.iter().filter_map(|p| Some((p.loss, p.largest?))).collect(),
        look: Look::Current,
    });
    let no_loss =
        parts.no_loss.map_or_else(String::new, |p| fill("risk.no_loss_said", &[("chance", &a.percent(p))]));
    Lec {
        title,
        curves: parts.curves.iter().map(curve).collect(),
        told: largest.filter(|c| c.points.len() > 1).into_iter().collect(),
        band: band.filter_map(|p| Some((p.loss, p.low?, p.high?))).collect(),
        limits: parts.appetite.iter().filter_map(limit).collect(),
        marks: parts.var.iter().filter_map(mark).collect(),
        no_loss,
        axes: [fill("risk.axis_loss", &[("currency", &a.currency)]), words("risk.axis_chance").to_owned()],
        one_in: [words("risk.one_in").to_owned(), String::new()],
        amounts: a,
    }
}

/// One year in so many costs more than that.
pub fn one_in(taste: &Taste, chance: f64, amount: &str) -> String {
    let years = if chance > 0.0 { (1.0 / chance).round() } else { f64::INFINITY };
    if years.is_finite() && years >= 1.5 {
        let years = taste.count(years as i64);
        fill("risk.one_in_said", &[("years", &years), ("amount", amount)])
    } else {
        fill("risk.most_years_said", &[("amount", amount)])
    }
}

fn plain(piece: &crate::parts::Piece) -> String {
    match piece {
        crate::parts::Piece::Words(text) => text.clone(),
        crate::parts::Piece::Link(link) | crate::parts::Piece::Figure(link) => link.text.clone(),
    }
}

/// The chart in its frame.
pub fn framed(taste: &Taste, parts: &CurveParts<'_>) -> Markup {
    let drawn = lec(&data(taste, parts), Marks::Live);
    chart(&ChartView {
        said: parts.said.clone(),
        about: format!("{} {}", words("risk.curve_about"), band_note(parts.run)),
        drawing: drawn.svg,
        figures: as_table(&drawn.figures, &[]),
        source: foot(taste, parts.run),
    })
}
