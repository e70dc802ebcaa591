//! A shape for each state and bars for each severity: colour is only the second signal. All stand beside a
//! word and are hidden from screen readers.

use maud::{Markup, html};
use wardkeep_types::{Severity, State};

/// The class that carries a state's colours.
pub fn state_class(state: State) -> &'static str {
    match state {
        State::NotTested => "not-tested",
        other => other.key(),
    }
}

/// The CSS variable of a state's colour.
pub fn state_colour(state: State) -> &'static str {
    match state {
        State::Effective => "var(--effective)",
        State::Degraded => "var(--degraded)",
        State::Failing => "var(--failing)",
        State::Insufficient => "var(--insufficient)",
        State::NotTested => "var(--untested)",
    }
}

/// The CSS variable of a severity's colour.
pub fn severity_colour(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "var(--critical)",
        Severity::High => "var(--high)",
        Severity::Medium => "var(--medium)",
        Severity::Low => "var(--low)",
        Severity::Info => "var(--info)",
        Severity::Unknown => "var(--unknown)",
    }
}

/// A tick in a disc, a half disc, a cross, a broken ring, an empty ring.
pub fn state_shape(state: State) -> Markup {
    html! {
        svg width="12" height="12" viewBox="0 0 12 12" fill="none" stroke="currentColor" stroke-width="1.5" aria-hidden="true" {
            @match state {
                State::Effective => {
                    circle cx="6" cy="6" r="5.25" fill="currentColor" stroke="none" {}
                    path class="cut" d="M3.5 6.2 5.300 8l3.300-3.700" {}
                }
                State::Degraded => {
                    circle cx="6" cy="6" r="4.5" {}
                    path d="M6 1.5a4.5 4.5 0 0 1 0 9z" fill="currentColor" stroke="none" {}
                }
                State::Failing => { path stroke-width="2.2" d="m2.5 2.5 7 7m0-7-7 7" {} }
                State::Insufficient => { circle cx="6" cy="6" r="4.5" stroke-dasharray="2.700 2" {} }
                State::NotTested => { circle cx="6" cy="6" r="4.5" {} }
            }
        }
    }
}

/// Four rising bars, as many filled as it is bad; a dot for info, a question mark for unknown.
pub fn severity_shape(severity: Severity) -> Markup {
    let filled = match severity {
        Severity::Critical => 4_u8,
        Severity::High => 3,
        Severity::Medium => 2,
        Severity::Low => 1,
        Severity::Info | Severity::Unknown => 0,
    };
    html! {
        svg width="12" height="12" viewBox="0 0 12 12" fill="currentColor" aria-hidden="true" {
            @match severity {
                Severity::Info => { circle cx="6" cy="6" r="2.5" {} }
                Severity::Unknown => {
                    path fill="none" stroke="currentColor" stroke-width="1.6" d="M3.8 4.3a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .8-1 1.500" {}
                    circle cx="6" cy="10" r="1" {}
                }
                _ => {
                    @for bar in 0..4_u8 {
                        rect x=(bar * 3) y=(8 - 2 * bar) width="2" height=(4 + 2 * bar) rx="0.5" opacity=[(bar >= filled).then_some("0.25")] {}
                    }
                }
            }
        }
    }
}

/// A state as shape, word and colour.
pub fn state_badge(state: State) -> Markup {
    let word = state.word();
    let (first, rest) = word.split_at(1);
    html! { span class={ "badge " (state_class(state)) } { (state_shape(state)) (first.to_uppercase()) (rest) } }
}

/// A severity as shape, word and colour.
pub fn severity_badge(severity: Severity) -> Markup {
    let (first, rest) = severity.key().split_at(1);
    html! { span class={ "badge " (severity.key()) } { (severity_shape(severity)) (first.to_uppercase()) (rest) } }
}
