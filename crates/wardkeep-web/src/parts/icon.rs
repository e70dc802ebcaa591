//! The few shapes we draw: our mark, a shape for each state, bars for each severity, one for each tone.
//! All are decoration beside a word, so they are hidden from screen readers.

use super::Tone;
use maud::{Markup, html};
use wardkeep_types::{Severity, State};

/// Our mark: a keep.
pub fn mark() -> Markup {
    html! {
        svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" focusable="false" {
            path fill="currentColor" fill-rule="evenodd"
                d="M2 2h4v3h2V2h4v3h2V2h4v9c0 4-3.500 6.200-8 8-4.500-1.800-8-4-8-8zM8.500 12.500V16h3v-3.500a1.500 1.500 0 0 0-3 0z" {}
        }
    }
}

/// A shape for each state: a tick in a disc, a half disc, a cross, a broken ring, an empty ring.
pub fn state_shape(state: State) -> Markup {
    html! {
        svg width="12" height="12" viewBox="0 0 12 12" fill="none" stroke="currentColor" stroke-width="1.5"
            aria-hidden="true" focusable="false" {
            @match state {
                State::Effective => {
                    circle cx="6" cy="6" r="5.250" fill="currentColor" stroke="none" {}
                    path class="cut" d="M3.500 6.200 5.300 8l3.300-3.700" {}
                }
                State::Degraded => {
                    circle cx="6" cy="6" r="4.500" {}
                    path d="M6 1.500a4.500 4.500 0 0 1 0 9z" fill="currentColor" stroke="none" {}
                }
                State::Failing => { path stroke-width="2.200" d="m2.500 2.500 7 7m0-7-7 7" {} }
                State::Insufficient => { circle cx="6" cy="6" r="4.500" stroke-dasharray="2.700 2" {} }
                State::NotTested => { circle cx="6" cy="6" r="4.500" {} }
            }
        }
    }
}

/// Four rising bars, as many filled as it is bad; a dot for info, a question mark for unknown.
pub fn severity_shape(severity: Severity) -> Markup {
    let filled = match severity {
        Severity::Critical => 4,
        Severity::High => 3,
        Severity::Medium => 2,
        Severity::Low => 1,
        Severity::Info | Severity::Unknown => 0,
    };
    html! {
        svg width="12" height="12" viewBox="0 0 12 12" fill="currentColor" aria-hidden="true" focusable="false" {
            @match severity {
                Severity::Info => { circle cx="6" cy="6" r="2.500" {} }
                Severity::Unknown => {
                    path fill="none" stroke="currentColor" stroke-width="1.600" d="M3.800 4.300a2.200 2.200 0 1 1 3.200 2c-.700.400-1 .800-1 1.500" {}
                    circle cx="6" cy="10" r="1" {}
                }
                _ => {
                    @for bar in 0..4u8 {
                        rect x=(bar * 3) y=(8 - 2 * bar) width="2" height=(4 + 2 * bar) rx="0.500"
                            opacity=[(bar >= filled).then_some("0.250")] {}
                    }
                }
            }
        }
    }
}

/// A shape for each tone: a tick, a triangle, an octagon, an i in a ring.
pub fn tone_shape(tone: Tone) -> Markup {
    html! {
        svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.500"
            stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false" {
            @match tone {
                Tone::Plain => { circle cx="8" cy="8" r="6.250" {} path d="M8 7.500v3.250M8 5v.100" {} }
                Tone::Good => { circle cx="8" cy="8" r="6.250" {} path d="m5.250 8.250 2 2 3.500-4" {} }
                Tone::Warn => { path d="M8 2 14.250 13H1.750zM8 6.500v3M8 11.200v.100" {} }
                Tone::Bad => { path d="M5.500 1.750h5l3.750 3.750v5l-3.750 3.750h-5L1.750 10.500v-5zM8 5v3.500M8 11v.100" {} }
            }
        }
    }
}
