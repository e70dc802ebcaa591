//! The loss exceedance curve: how likely a year costs more than an amount. Both axes are logarithmic, so that a
//! year in two and a year in a thousand can be read from one drawing; every step of the scale has its line.

mod draw;

use super::amount::Amounts;
use super::axis::Log;
use super::{Drawing, Figures, Marks, Room, drawn};
use crate::words::coordinate as n;

pub use draw::{lec, lec_on};

/// Height of the drawing's head.
const TOP: f64 = 26.0;

/// Edges of the drawing: the words of a phone stand below it, and its right side has none.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Frame {
    room: Room,
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    bottom: f64,
}

impl Frame {
    fn of(room: Room) -> Self {
        let (width, height) = (room.width(), room.pick(380.0, 350.0));
        let [left, right] = room.pick([56.0, 104.0], [46.0, 8.0]);
        Self { room, width, height, left, right: width - right, bottom: height - room.pick(52.0, 66.0) }
    }
}

/// What a curve stands for; each has its own stroke, so that grey print tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// As it is: solid and thick, with the band.
    Current,
    /// As it would be: dashed.
    Plan,
    /// Without any modelled control: dotted.
    Inherent,
}

/// One curve.
#[derive(Debug, Clone, PartialEq)]
pub struct LecCurve {
    /// Its name, written beside it.
    pub label: String,
    /// Money a year and the chance of more than it, 0 to 1, amounts rising.
    pub points: Vec<(f64, f64)>,
    /// Its stroke.
    pub look: Look,
}

/// How an appetite point was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Held: a filled diamond.
    Pass,
    /// Broken: a cross.
    Fail,
    /// Cannot be said: an open diamond, dashed.
    Undetermined,
}

/// An appetite point: at most this chance of more than this amount.
#[derive(Debug, Clone, PartialEq)]
pub struct LecLimit {
    /// Money a year.
    pub loss: f64,
    /// Chance from 0 to 1.
    pub chance: f64,
    /// What is written beside it.
    pub label: String,
    /// How the test ended.
    pub outcome: Outcome,
}

/// A place on the current curve that people name: value at risk, say.
#[derive(Debug, Clone, PartialEq)]
pub struct LecMark {
    /// Money a year.
    pub loss: f64,
    /// Chance from 0 to 1.
    pub chance: f64,
    /// What it says, on hover, focus and in print.
    pub said: String,
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Lec {
    /// The finding, for screen readers and the table.
    pub title: String,
    /// How amounts are written.
    pub amounts: Amounts,
    /// The curves; the first is the current one.
    pub curves: Vec<LecCurve>,
    /// Curves that only the table tells: the year's largest single event, say, which nearly covers the sum's.
    pub told: Vec<LecCurve>,
    /// Money, low and high end of the chance: uncertainty of the first curve.
    pub band: Vec<(f64, f64, f64)>,
    /// Appetite.
    pub limits: Vec<LecLimit>,
    /// Named places.
    pub marks: Vec<LecMark>,
    /// The chance of a year without loss, in words.
    pub no_loss: String,
    /// Words below the money axis and above the chance axis.
    pub axes: [String; 2],
    /// Words for `1 year in {n}`, before and after the number.
    pub one_in: [String; 2],
}

/// The two scales of a drawing, made from everything that is drawn in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LecScale {
    pub(super) money: Log,
    pub(super) chance: Log,
    pub(super) floor: f64,
    pub(super) top: f64,
    frame: Frame,
}

impl LecScale {
    /// The scales that hold these curves and limits. Chances below one in a thousand (or a hundredth of the top, for
    /// what is rarer) are below the drawing.
    pub fn of(chart: &Lec) -> Self {
        let points = || {
            chart
                .curves
                .iter()
                .flat_map(|c| c.points.iter().copied())
                .filter(|(x, p)| *x > 0.0 && p.is_finite())
        };
        let most = points().map(|p| p.1).fold(0.0, f64::max);
        let top =
            [1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01].into_iter().filter(|t| *t >= most).fold(1.0, f64::min);
        let floor = if top > 0.02 { 0.001 } else { top / 100.0 };
        let limits = || chart.limits.iter().map(|l| l.loss).filter(|l| *l > 0.0 && l.is_finite());
        let low = points().map(|p| p.0).chain(limits()).fold(f64::INFINITY, f64::min);
        let far = points().filter(|p| p.1 >= floor).map(|p| p.0);
        let high = far.chain(limits()).fold(0.0, f64::max) * 1.3;
        // A curve that is flat at its beginning needs no more than five powers of ten.
        let low = low.max(high * 1e-5);
        let frame = Frame::of(Room::Broad);
        Self {
            money: Log::new(low, high, frame.left, frame.right),
            chance: Log::new(floor, top, frame.bottom, TOP),
            floor,
            top,
            frame,
        }
    }
    /// The same scales in other room.
    fn within(self, room: Room) -> Self {
        let frame = Frame::of(room);
        Self {
            money: self.money.between(frame.left, frame.right),
            chance: self.chance.between(frame.bottom, TOP),
            frame,
            ..self
        }
    }
    pub(super) fn x(&self, loss: f64) -> f64 {
        self.money.at(loss)
    }
    pub(super) fn y(&self, chance: f64) -> f64 {
        self.chance.at(chance)
    }
    /// The curve as a path: it begins at the left edge and ends where it falls below the drawing.
    pub fn path(&self, points: &[(f64, f64)]) -> String {
        let mut out = String::new();
        for (i, (x, y)) in self.places(points).into_iter().enumerate() {
            out.push_str(&[if i == 0 { "M" } else { "L" }, &n(x), " ", &n(y)].concat());
        }
        out
    }
    /// Coordinates of what can be seen of a curve.
    pub(super) fn places(&self, points: &[(f64, f64)]) -> Vec<(f64, f64)> {
        let mut out: Vec<(f64, f64)> = Vec::with_capacity(points.len());
        let mut last: Option<(f64, f64)> = None;
        for &(loss, chance) in points.iter().filter(|(x, p)| *x > 0.0 && p.is_finite()) {
            if chance < self.floor {
                if let Some((l, c)) = last {
                    // Straight between two points in both logarithms, to the edge of the drawing.
                    let share = (c / self.floor).ln() / (c / chance.max(1e-300)).ln();
                    out.push((self.x(l * (loss / l).powf(share)), self.y(self.floor)));
                }
                return out;
            }
            out.push((self.x(loss), self.y(chance)));
            last = Some((loss, chance));
        }
        out
    }
    /// The amount at which a curve crosses a chance.
    pub(super) fn crossing(points: &[(f64, f64)], chance: f64) -> Option<f64> {
        let pair = points.windows(2).find(|w| w[0].1 >= chance && w[1].1 < chance)?;
        let ((l0, c0), (l1, c1)) = (pair[0], pair[1]);
        let share = if c1 > 0.0 { (c0 / chance).ln() / (c0 / c1).ln() } else { 0.5 };
        Some(l0 * (l1 / l0).powf(share))
    }
}

/// The curves at amounts that people name, as a table: one row an amount, one column a curve, the band beside the
/// first.
pub(super) fn figures(chart: &Lec, scale: &LecScale) -> Figures {
    let a = &chart.amounts;
    let mut columns = vec![chart.axes[0].clone()];
    columns.extend(chart.curves.iter().chain(&chart.told).map(|c| c.label.clone()));
    if !chart.band.is_empty() {
        columns.insert(2.min(columns.len()), "5 to 95 %".to_owned());
    }
    let amounts = scale.money.ticks().into_iter().filter(|t| t.1).map(|t| t.0);
    let rows = amounts
        .map(|amount| {
            let mut row = vec![a.full(amount)];
            for (i, curve) in chart.curves.iter().chain(&chart.told).enumerate() {
                row.push(at(&curve.points, amount).map_or_else(|| "—".to_owned(), |p| a.percent(p)));
                if i == 0 && !chart.band.is_empty() {
                    let low: Vec<(f64, f64)> = chart.band.iter().map(|b| (b.0, b.1)).collect();
                    let high: Vec<(f64, f64)> = chart.band.iter().map(|b| (b.0, b.2)).collect();
                    let ends = at(&low, amount).zip(at(&high, amount));
                    row.push(ends.map_or_else(
                        || "—".to_owned(),
                        |(l, h)| format!("{} to {}", a.percent(l), a.percent(h)),
                    ));
                }
            }
            row
        })
        .collect();
    Figures { caption: chart.title.clone(), columns, rows }
}

/// The chance at an amount, between two points straight in the logarithm of the amount.
fn at(points: &[(f64, f64)], amount: f64) -> Option<f64> {
    let pair = points.windows(2).find(|w| w[0].0 <= amount && amount <= w[1].0)?;
    let ((l0, c0), (l1, c1)) = (pair[0], pair[1]);
    let share = (amount / l0).ln() / (l1 / l0).ln();
    Some(c0 + share * (c1 - c0))
}
