//! What a figure rests on, as one bar from the strongest source to the weakest.

use super::amount::Amounts;
use super::{Drawing, Marks, Room, drawn, hatch};
use crate::words::coordinate as n;
use maud::{Markup, html};

/// What a part of a figure rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Measured here: solid.
    Evidence,
    /// A named study: solid and lighter.
    Study,
    /// A person who answers for it: outlined.
    Expert,
    /// Nobody yet: hatched.
    Placeholder,
}

/// One part.
#[derive(Debug, Clone, PartialEq)]
pub struct BasisPart {
    /// What it rests on.
    pub basis: Basis,
    /// The word for it.
    pub label: String,
    /// Share from 0 to 1.
    pub share: f64,
}

const BAR: f64 = 24.0;

/// The bar with its words below; a part too narrow for its words is told on hover and in the table.
pub fn basis(title: &str, amounts: &Amounts, parts: &[BasisPart], marks: Marks) -> Drawing {
    let svg = drawn(marks, |room| draw(title, amounts, parts, marks, room));
    let row = |p: &BasisPart| vec![p.label.clone(), amounts.percent(p.share)];
    Drawing::new(svg, title, vec!["Rests on".to_owned(), "Share".to_owned()], parts.iter().map(row))
}

fn draw(title: &str, amounts: &Amounts, parts: &[BasisPart], marks: Marks, room: Room) -> Markup {
    let full = room.width();
    let whole: f64 = parts.iter().map(|p| p.share).filter(|s| s.is_finite() && *s > 0.0).sum();
    let shown: Vec<&BasisPart> = parts.iter().filter(|p| p.share > 0.0 && p.share.is_finite()).collect();
    let gaps = 2.0 * shown.len().saturating_sub(1) as f64;
    let mut x = 0.0;
    let mut placed = Vec::with_capacity(shown.len());
    for part in shown {
        let width = (full - gaps) * part.share / whole.max(1e-12);
        placed.push((part, x, width));
        x += width + 2.0;
    }
    let one = |part: &BasisPart, x: f64, width: f64| -> Markup {
        let live = marks == Marks::Live;
        let tip = format!("{}: {}", part.label, amounts.percent(part.share));
        let (fill, opacity) = match part.basis {
            Basis::Evidence => ("var(--accent)", None),
            Basis::Study => ("var(--accent)", Some("0.5")),
            Basis::Expert => ("var(--accent-soft)", None),
            Basis::Placeholder => ("var(--unknown-soft)", None),
        };
        let outline = matches!(part.basis, Basis::Expert | Basis::Placeholder);
        let colour = if part.basis == Basis::Expert { "var(--accent)" } else { "var(--unknown)" };
        html! {
            g.mark tabindex=[live.then_some("0")] role=[live.then_some("img")] aria-label=[live.then_some(&tip)] data-tip=[live.then_some(&tip)] {
                @if !live { title { (tip) } }
                rect x=(n(x + 0.5)) y="0.5" width=(n((width - 1.0).max(1.0))) height=(n(BAR - 1.0)) rx="2" fill=(fill) fill-opacity=[opacity]
                    stroke=[outline.then_some(colour)] stroke-dasharray=[(part.basis == Basis::Placeholder).then_some("3 2")] {}
                @if part.basis == Basis::Placeholder { path d=(hatch(x, 0.0, width, BAR)) stroke=(colour) stroke-opacity="0.55" fill="none" {} }
            }
            @if width >= 7.0 * tip.chars().count() as f64 { text x=(n(x + 1.0)) y=(n(BAR + 16.0)) { (tip) } }
        }
    };
    let said: Vec<String> =
        placed.iter().map(|(p, ..)| format!("{} {}", p.label, amounts.percent(p.share))).collect();
    html! {
        svg class=(room.class("basis")) width=(n(full)) height="44" viewBox={ "0 0 " (n(full)) " 44" } role=(if marks == Marks::Live { "group" } else { "img" })
            aria-label={ (title) ": " (said.join(", ")) } font-size="12" fill="var(--text)" {
            @if placed.is_empty() { rect x="0.5" y="0.5" width=(n(full - 1.0)) height=(n(BAR - 1.0)) rx="2" fill="var(--unknown-soft)" stroke="var(--unknown)" stroke-dasharray="3 2" {} }
            @for (part, x, width) in &placed { (one(part, *x, *width)) }
        }
    }
}
