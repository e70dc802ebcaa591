//! The drawing itself.

use super::super::room::{kept, wide};
use super::{Drawing, Lec, LecCurve, LecLimit, LecScale, Look, Marks, Outcome, Room, TOP, drawn, figures};
use crate::words::coordinate as n;
use maud::{Markup, html};

/// The curve, its band, what it is compared with, and the appetite as points.
pub fn lec(chart: &Lec, marks: Marks) -> Drawing {
    lec_on(chart, LecScale::of(chart), marks)
}

/// The same on given scales, so that drawings that follow each other compare.
pub fn lec_on(chart: &Lec, scale: LecScale, marks: Marks) -> Drawing {
    let svg = drawn(marks, |room| draw(chart, scale.within(room), marks));
    Drawing { svg, figures: figures(chart, &scale) }
}

fn draw(chart: &Lec, scale: LecScale, marks: Marks) -> Markup {
    let f = scale.frame;
    let words = f.room.pick(f.height - 6.0, f.height - 24.0);
    let height = f.height + f.room.pick(0.0, LINE * chart.limits.len() as f64);
    html! {
        svg class=(f.room.class("lec")) width=(n(f.width)) height=(n(height)) viewBox={ "0 0 " (n(f.width)) " " (n(height)) } role="group"
            aria-label=(chart.title) font-size="12" fill="var(--quiet)" {
            (grid(chart, &scale))
            (band(chart, &scale))
            @for curve in chart.curves.iter().rev() { (line(curve, &scale)) }
            (connection(chart, &scale))
            (labels(chart, &scale))
            @for mark in chart.marks.iter().filter(|m| scale.money.holds(m.loss) && scale.chance.holds(m.chance)) {
                (dot(scale.x(mark.loss), scale.y(mark.chance), &mark.said, marks))
            }
            @for (limit, y) in chart.limits.iter().zip(limit_heights(chart, &scale)) { (appetite(limit, &scale, y, marks)) }
            text x=(n(f.left)) y=(n(words)) { (chart.axes[0]) }
            @if f.room == Room::Broad {
                text x=(n(f.width - 4.0)) y=(n(words)) text-anchor="end" fill="var(--text)" { (chart.no_loss) }
            } @else {
                text x=(n(f.left)) y=(n(f.height - 6.0)) fill="var(--text)" { (chart.no_loss) }
                (key(chart, &scale))
            }
        }
    }
}

fn grid(chart: &Lec, scale: &LecScale) -> Markup {
    let (bottom, left, right) = (scale.frame.bottom, scale.frame.left, scale.frame.right);
    let colour = |named: bool| if named { "var(--n6)" } else { "var(--n4)" };
    html! {
        @for (value, named) in scale.money.ticks() {
            line x1=(n(scale.x(value))) x2=(n(scale.x(value))) y1=(n(TOP)) y2=(n(bottom)) stroke=(colour(is_one(value) && named)) {}
            @if named && (is_one(value) || roomy(scale)) {
                text x=(n(scale.x(value))) y=(n(bottom + 16.0)) text-anchor="middle" { (chart.amounts.tick(value)) }
            }
        }
        @for (value, named) in scale.chance.ticks() {
            line x1=(n(left)) x2=(n(right)) y1=(n(scale.y(value))) y2=(n(scale.y(value))) stroke=(colour(is_one(value) && named)) {}
            @if named {
                text x=(n(left - 8.0)) y=(n(scale.y(value) + 4.0)) text-anchor="end" { (percent_tick(chart, value)) }
                @if value < 0.7 && scale.frame.room == Room::Broad {
                    text x=(n(right + 8.0)) y=(n(scale.y(value) + 4.0)) { (chart.one_in[0]) (one_in(value)) (chart.one_in[1]) }
                }
            }
        }
        line x1=(n(left)) x2=(n(left)) y1=(n(TOP)) y2=(n(bottom)) stroke="var(--n8)" {}
        line x1=(n(left)) x2=(n(right)) y1=(n(bottom)) y2=(n(bottom)) stroke="var(--n8)" {}
        text x="2" y="12" { (chart.axes[1]) }
    }
}

fn is_one(value: f64) -> bool {
    (value.log10() - value.log10().round()).abs() < 1e-9
}

/// Whether 2 and 5 of each power of ten can be named without touching.
fn roomy(scale: &LecScale) -> bool {
    let named: Vec<f64> = scale.money.ticks().into_iter().filter(|t| t.1).map(|t| scale.x(t.0)).collect();
    named.windows(2).all(|w| w[1] - w[0] >= 34.0)
}

fn percent_tick(chart: &Lec, value: f64) -> String {
    let text = format!("{:.3}", value * 100.0);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{} %", text.replace('.', chart.amounts.decimal.encode_utf8(&mut [0; 4])))
}

fn one_in(chance: f64) -> String {
    crate::words::number((1.0 / chance).round() as u64)
}

fn stroke(look: Look) -> (&'static str, &'static str, Option<&'static str>) {
    match look {
        Look::Current => ("var(--accent)", "2.5", None),
        Look::Plan => ("var(--text)", "2", Some("8 4")),
        Look::Inherent => ("var(--n9)", "2", Some("2 4")),
    }
}

fn line(curve: &LecCurve, scale: &LecScale) -> Markup {
    let (colour, width, dashes) = stroke(curve.look);
    html! {
        path.curve d=(scale.path(&curve.points)) fill="none" stroke=(colour) stroke-width=(width)
            stroke-dasharray=[dashes] stroke-linejoin="round" stroke-linecap="round" {}
    }
}

fn band(chart: &Lec, scale: &LecScale) -> Markup {
    let high: Vec<(f64, f64)> = chart.band.iter().map(|b| (b.0, b.2)).collect();
    let low: Vec<(f64, f64)> = chart.band.iter().map(|b| (b.0, b.1)).collect();
    let (upper, lower) = (scale.places(&high), scale.places(&low));
    if upper.len() < 2 {
        return html! {};
    }
    let mut d = String::new();
    for (i, (x, y)) in upper.iter().chain(lower.iter().rev()).enumerate() {
        d.push_str(&[if i == 0 { "M" } else { "L" }, &n(*x), " ", &n(*y)].concat());
    }
    d.push('Z');
    html! { path.band d=(d) fill="var(--accent)" fill-opacity="0.16" {} }
}

/// Names beside the curves, at different heights so that they do not meet.
fn labels(chart: &Lec, scale: &LecScale) -> Markup {
    html! {
        @for curve in &chart.curves {
            @if let Some((x, y, right)) = label_place(curve, scale) {
                text x=(n(x)) y=(n(y)) text-anchor=(if right { "start" } else { "end" }) fill="var(--text)"
                    stroke="var(--paper)" stroke-width="4" paint-order="stroke" font-weight=[(curve.look == Look::Current).then_some("600")] { (curve.label) }
            }
        }
    }
}

/// Where a curve's name stands, and whether on the curve's right.
fn label_place(curve: &LecCurve, scale: &LecScale) -> Option<(f64, f64, bool)> {
    let (share, side) = match curve.look {
        // A phone has its room beside the upper part of the curve.
        Look::Inherent => (scale.frame.room.pick(0.52, 0.22), 8.0),
        Look::Current => (0.80, -8.0),
        Look::Plan => (0.93, -8.0),
    };
    // A share of the height of the drawing, so that it is seen on any scale.
    let chance = scale.top * (scale.floor / scale.top).powf(share);
    let loss = LecScale::crossing(&curve.points, chance)?;
    let x = scale.x(loss) + side;
    // A name on the right stays within the drawing; where years in words stand beside it, it may reach into them.
    let edge = scale.frame.room.pick(scale.frame.width, scale.frame.right);
    let x = if side > 0.0 { kept(x, wide(&curve.label), [scale.frame.left, edge]) } else { x };
    Some((x, scale.y(chance) + 4.0, side > 0.0))
}

fn dot(x: f64, y: f64, said: &str, marks: Marks) -> Markup {
    let live = marks == Marks::Live;
    html! {
        circle cx=(n(x)) cy=(n(y)) r="4" fill="var(--paper)" stroke="var(--accent)" stroke-width="2"
            tabindex=[live.then_some("0")] role=[live.then_some("img")] aria-label=[live.then_some(said)] data-tip=[live.then_some(said)] {
            @if !live { title { (said) } }
        }
    }
}

/// Two or more points are joined by a dashed line, which is decoration only.
fn connection(chart: &Lec, scale: &LecScale) -> Markup {
    let mut points: Vec<(f64, f64)> =
        chart.limits.iter().map(|l| (scale.x(l.loss), scale.y(l.chance))).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    html! {
        @for pair in points.windows(2) {
            line x1=(n(pair[0].0)) y1=(n(pair[0].1)) x2=(n(pair[1].0)) y2=(n(pair[1].1)) stroke="var(--n8)" stroke-dasharray="3 4" {}
        }
    }
}

/// Heights of the words beside the limits, moved apart where two would meet.
fn limit_heights(chart: &Lec, scale: &LecScale) -> Vec<f64> {
    let mut taken: Vec<(f64, f64)> =
        chart.curves.iter().filter_map(|c| label_place(c, scale)).map(|(x, y, _)| (x, y)).collect();
    let names = taken.len();
    for limit in &chart.limits {
        let (x, mut y) = (scale.x(limit.loss), scale.y(limit.chance) + 4.0);
        while taken.iter().any(|(ox, oy)| (ox - x).abs() < 180.0 && (oy - y).abs() < 14.0) && y > TOP + 14.0 {
            y -= 14.0;
        }
        taken.push((x, y));
    }
    taken.into_iter().skip(names).map(|t| t.1).collect()
}

fn colour(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "var(--effective)",
        Outcome::Fail => "var(--failing)",
        Outcome::Undetermined => "var(--insufficient)",
    }
}

/// The sign of an outcome: shape and fill tell it without its colour.
fn sign(outcome: Outcome, x: f64, y: f64) -> Markup {
    let colour = colour(outcome);
    let diamond = format!("M{} {}l7 7-7 7-7-7z", n(x), n(y - 7.0));
    let cross = format!("M{} {}l12 12m0-12-12 12", n(x - 6.0), n(y - 6.0));
    html! {
        @match outcome {
            Outcome::Pass => { path d=(diamond) fill=(colour) stroke="var(--paper)" stroke-width="1.5" {} }
            Outcome::Undetermined => { path d=(diamond) fill="var(--paper)" stroke=(colour) stroke-width="2" stroke-dasharray="3 2" {} }
            Outcome::Fail => {
                path d=(cross) fill="none" stroke="var(--paper)" stroke-width="6" {}
                path d=(cross) fill="none" stroke=(colour) stroke-width="3" {}
            }
        }
    }
}

/// A limit at its place; its words stand beside it, on a phone below the drawing.
fn appetite(limit: &LecLimit, scale: &LecScale, y_words: f64, marks: Marks) -> Markup {
    let (x, y) = (scale.x(limit.loss), scale.y(limit.chance));
    let live = marks == Marks::Live;
    // On the side that has room.
    let width = wide(&limit.label) + 12.0;
    let right = x + width < scale.frame.right || x - width < scale.frame.left;
    html! {
        g tabindex=[live.then_some("0")] role=[live.then_some("img")] aria-label=[live.then_some(&limit.label)] data-tip=[live.then_some(&limit.label)] {
            @if !live { title { (limit.label) } }
            (sign(limit.outcome, x, y))
            @if scale.frame.room == Room::Broad {
                text x=(n(if right { x + 12.0 } else { x - 12.0 })) y=(n(y_words)) text-anchor=(if right { "start" } else { "end" })
                    fill=(colour(limit.outcome)) stroke="var(--paper)" stroke-width="4" paint-order="stroke" { (limit.label) }
            }
        }
    }
}

/// What each sign says, one line each, below the drawing of a phone.
fn key(chart: &Lec, scale: &LecScale) -> Markup {
    html! {
        @for (i, limit) in chart.limits.iter().enumerate() {
            @let y = scale.frame.height + LINE * (i as f64 + 0.8);
            (sign(limit.outcome, 9.0, y - 4.0))
            text x="22" y=(n(y)) fill=(colour(limit.outcome)) { (crate::words::short(&limit.label, 52)) }
        }
    }
}

/// Height of a line of the key.
const LINE: f64 = 18.0;
