//! The posture report as one HTML file: no script, no other file, its style under a hash of its own.

mod controls;
mod evidence;
mod exposure;
mod first;

use crate::answer::answer;
use crate::chart::{Marks, Part, Tone, stacked};
use crate::posture::{Due, Posture};
use crate::shape::{state_class, state_shape};
use crate::words::{count, moment, number};
use base64::Engine as _;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};
use wardkeep_types::{Severity, State};

const STYLE: &str = include_str!("page/style.css");

/// The report. The same posture gives the same bytes; made for opening from disk, for sending, for print.
pub fn posture_html(posture: &Posture) -> String {
    let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(STYLE));
    let policy =
        format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'");
    let sentence = answer(posture);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                meta name="robots" content="noindex";
                title { "Security posture of " (posture.subject) ", " (moment(posture.as_of)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    header {
                        p.over { "Security posture" span.dot aria-hidden="true" { "·" } (posture.subject) }
                        h1 { (sentence) }
                        p.quiet { "As of " strong { (moment(posture.as_of)) } ". " (evidence::read(posture)) }
                        @if let Some(banner) = &posture.banner { p.notice role="note" { strong { "Old evidence. " } (banner) } }
                    }
                    (figures(posture))
                    (first::section(posture))
                    (controls::section(posture))
                    div.pair { (exposure::findings(posture)) (exposure::alerts(posture)) }
                    (evidence::section(posture))
                    (how())
                }
                footer { (posture.made_by) " · as of " (moment(posture.as_of)) " · worked out in " (format!("{:.1}", posture.seconds)) " s" }
            }
        }
    }
    .into_string()
}

/// Where the controls stand, and the three other figures of the first screen.
fn figures(posture: &Posture) -> Markup {
    let of = |state: State| posture.controls.iter().filter(|c| c.state == state).count() as u64;
    let parts: Vec<Part> = State::ALL
        .iter()
        .map(|s| Part { label: first_upper(s.word()), count: of(*s), tone: Tone::State(*s) })
        .collect();
    let drawing = stacked("Controls by state", "controls", &parts, Marks::Still);
    let overdue: u64 = posture.findings.iter().filter(|f| f.due == Due::Overdue).map(|f| f.count).sum();
    let open: u64 = posture.findings.iter().map(|f| f.count).sum();
    let serious = |s: &Severity| *s >= Severity::High;
    let urgent: u64 = posture.alerts.by_severity.iter().filter(|(s, _)| serious(s)).map(|(_, n)| n).sum();
    let alerts: u64 = posture.alerts.by_severity.iter().map(|(_, n)| n).sum();
    html! {
        section.figures aria-label="Key figures" {
            div.wide {
                h2 { "Controls by state" }
                (drawing.svg)
                ul.legend {
                    @for (state, part) in State::ALL.iter().zip(&parts) {
                        li.none[part.count == 0] { span class={ "key " (state_class(*state)) } { (state_shape(*state)) } (part.label) " " b { (number(part.count)) } }
                    }
                }
            }
            a.figure href="#findings" { h2 { "Findings overdue" } b.bad[overdue > 0] { (number(overdue)) } span.quiet { "of " (number(open)) " open" } }
            a.figure href="#alerts" { h2 { "Serious alerts" } b.bad[urgent > 0] { (number(urgent)) } span.quiet { "of " (count(alerts, "alert", "alerts")) } }
            a.figure href="#evidence" {
                h2 { "Files not understood" }
                b.bad[!posture.not_understood.is_empty()] { (number(posture.not_understood.len() as u64)) }
                span.quiet { "of " (number(posture.evidence.files)) " looked at" }
            }
        }
    }
}

fn how() -> Markup {
    html! {
        section.how {
            h2 { "How to read this" }
            p {
                "A control is " b { "shown" } " to work as far as its tests say so: coverage × rate × freshness × strength, each from 0 to 100 %. "
                "Coverage is how much was looked at, rate how much of it passed, freshness falls once an answer is older than its interval, "
                "strength is 100 % for a machine's answer, 85 % for a sample, 60 % for a statement. The hatched part of a bar is what nobody looked at. "
                "What is not known is never counted as good: " b { "insufficient evidence" } " means that answers are missing, expired or cover too little, "
                b { "not tested" } " that nothing was ever observed."
            }
        }
    }
}

fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::posture_html;
    use crate::sample::posture;

    #[test]
    fn is_one_file_that_carries_its_own_policy() {
        let html = posture_html(&posture());
        // To look at it: POSTURE_SAMPLE=/tmp/posture.html cargo test -p wardkeep-report
        if let Ok(path) = std::env::var("POSTURE_SAMPLE") {
            std::fs::write(path, &html).unwrap();
        }
        assert_eq!(html, posture_html(&posture()), "the same posture gives the same bytes");
        for forbidden in ["<script", " style=", "javascript:", "http://", "https://", "<img", "<link"] {
            assert!(!html.contains(forbidden), "{forbidden}");
        }
        assert!(html.contains("default-src 'none'; style-src 'sha256-"));
        for expected in [
            "<h1>2 controls are failing, 2 degraded, 7 of 12 cannot be judged for lack of evidence and 1 is effective; 41 findings are overdue, 5 of them critical; 2 critical alerts are to be looked at.</h1>",
            "Insufficient evidence",
            "CloudTrail/us-east-1_20230710T1225Z_4iD2bo.json, record 3",
            "scans/export-final(2).xlsx",
            "Old evidence.",
        ] {
            assert!(html.contains(expected), "{expected}");
        }
    }

    #[test]
    fn hostile_names_stay_text_and_empty_is_calm() {
        let mut found = posture();
        found.subject = "<script>alert(1)</script>".to_owned();
        found.controls[0].name = "\"><img src=x onerror=alert(1)>".to_owned();
        let html = posture_html(&found);
        assert!(!html.contains("<script>") && !html.contains("<img"));
        found.controls.clear();
        found.findings.clear();
        found.alerts = crate::Alerts::default();
        found.formats.clear();
        found.first.clear();
        let html = posture_html(&found);
        assert!(html.contains("No control was assessed.") && html.contains("No file was understood."));
    }

    #[test]
    fn a_posture_survives_json() {
        let found = posture();
        let text = serde_json::to_string(&found).unwrap();
        assert_eq!(serde_json::from_str::<crate::Posture>(&text).unwrap(), found);
    }
}
