//! Controls with their why, down to the line.

use crate::chart::{Tone, band};
use crate::posture::{ControlLine, Posture, TestLine};
use crate::shape::state_badge;
use crate::words::{moment, number, percent, short};
use maud::{Markup, html};
use wardkeep_types::State;

/// What needs somebody comes first.
const ORDER: [State; 5] =
    [State::Failing, State::Degraded, State::Insufficient, State::NotTested, State::Effective];

pub(super) fn section(posture: &Posture) -> Markup {
    html! {
        section #controls {
            h2 { "Controls" }
            @if posture.controls.is_empty() {
                p.empty { "No control was assessed." }
            } @else {
                table.controls {
                    thead { tr {
                        th scope="col" { "State" }
                        th scope="col" { "Control" }
                        th.num scope="col" { "Shown, %" }
                        th scope="col" { "Shown and at best" }
                        th.num scope="col" { "At best, %" }
                    } }
                    @for control in worst_first(&posture.controls) { (line(control)) }
                }
            }
        }
    }
}

/// By state, within it the least shown first.
fn worst_first(controls: &[ControlLine]) -> Vec<&ControlLine> {
    let place = |state: State| ORDER.iter().position(|s| *s == state);
    let mut all: Vec<&ControlLine> = controls.iter().collect();
    all.sort_by(|a, b| {
        place(a.state)
            .cmp(&place(b.state))
            .then(a.shown.total_cmp(&b.shown))
            .then_with(|| a.name.cmp(&b.name))
    });
    all
}

fn line(control: &ControlLine) -> Markup {
    let plain = is_plain(control);
    html! {
        tbody.plain[plain] {
            tr {
                td { (state_badge(control.state)) }
                th scope="row" {
                    (control.name) " " @for id in &control.outcomes { span.id { (id) } }
                    @if plain { " " span.reason { (reason(control)) } }
                }
                @if let Some(shown) = control.known() {
                    td.num data-label="Shown, %" { (percent(shown)) }
                    td { (band(shown, control.high, tone(control.state))) }
                } @else {
                    td.num { span.unknown { "unknown" } }
                    td { (band(0.0, control.high, Tone::Quiet)) }
                }
                td.num { (percent(control.high)) }
            }
            @if !plain { tr.why { td {} td colspan="4" { (why(control)) } } }
        }
    }
}

/// Whether there is nothing to open.
fn is_plain(control: &ControlLine) -> bool {
    control.tests.is_empty() && control.reasons.len() < 2 && control.lift.is_none()
}

fn reason(control: &ControlLine) -> &str {
    control.reasons.first().map_or("All its tests are effective.", String::as_str)
}

fn tone(state: State) -> Tone {
    if state.is_unknown() { Tone::Quiet } else { Tone::State(state) }
}

fn why(control: &ControlLine) -> Markup {
    let more = control.reasons.len().saturating_sub(1);
    html! {
        details {
            summary { span.reason { (short(reason(control), 180)) @if more > 0 { " And " (more) " more." } } span.open { "Why" } }
            div.opened {
                @if more > 0 { ul { @for reason in &control.reasons { li { (reason) } } } }
                @if let Some(lift) = &control.lift { p { b { "What would lift it most. " } (lift) } }
                @for one in &control.tests { (test(one)) }
            }
        }
    }
}

fn test(test: &TestLine) -> Markup {
    html! {
        div.test {
            p.head { (state_badge(test.state)) b { (test.name) } @if let Some(at) = test.effective_at { span.quiet { "as of " (moment(at)) } } }
            @if let Some([coverage, rate, freshness, strength]) = test.factors {
                p.formula {
                    @for (name, factor) in [("coverage", coverage), ("rate", rate), ("freshness", freshness), ("strength", strength)] {
                        @if name != "coverage" { span.times { "×" } }
                        span.factor { b { (percent(factor)) } " " (name) }
                    }
                    span.times { "=" } span.factor { b { (percent(test.shown)) " %" } }
                }
            }
            @for reason in &test.reasons { p { (reason) } }
            @if !test.note.is_empty() { p.quiet { (test.note) } }
            @if !test.failing.is_empty() {
                ul.failing {
                    @for line in &test.failing {
                        li { b { (line.subject) } " " (line.detail) @for place in &line.places { " " code { (place) } } }
                    }
                    @if test.more_failing > 0 { li.quiet { "and " (number(test.more_failing)) " more" } }
                }
            }
            @if let Some(hash) = &test.observation { p.hash { "observation " code { (hash) } } }
        }
    }
}
