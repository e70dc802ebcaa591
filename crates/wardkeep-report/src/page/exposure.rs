//! Findings by deadline, alerts by severity and tactic.

use crate::chart::{Tone, meter};
use crate::posture::{Due, Posture};
use crate::shape::severity_badge;
use crate::words::number;
use maud::{Markup, html};
use wardkeep_types::Severity;

pub(super) fn findings(posture: &Posture) -> Markup {
    let of = |severity: Option<Severity>, due: Option<Due>| -> u64 {
        let fits = |f: &&crate::FindingCount| {
            severity.is_none_or(|s| s == f.severity) && due.is_none_or(|d| d == f.due)
        };
        posture.findings.iter().filter(fits).map(|f| f.count).sum()
    };
    let all = of(None, None);
    html! {
        section #findings {
            h2 { "Open findings by deadline" }
            @if all == 0 {
                p.empty { "No open finding. Whether everything was scanned is a question of its own: see vulnerability scanning among the controls." }
            } @else {
                div.scroll tabindex="0" role="region" aria-label="Open findings by severity and deadline" {
                    table {
                        thead { tr {
                            th scope="col" { "Severity" }
                            @for due in Due::ALL { th.num scope="col" { (due.word()) } }
                            th.num scope="col" { "All" }
                        } }
                        tbody {
                            @for severity in Severity::ALL {
                                @if of(Some(severity), None) > 0 {
                                    tr {
                                        th scope="row" { (severity_badge(severity)) }
                                        @for due in Due::ALL { (cell(of(Some(severity), Some(due)), due == Due::Overdue)) }
                                        td.num { b { (number(of(Some(severity), None))) } }
                                    }
                                }
                            }
                        }
                        tfoot { tr {
                            th scope="row" { "All" }
                            @for due in Due::ALL { (cell(of(None, Some(due)), due == Due::Overdue)) }
                            td.num { b { (number(all)) } }
                        } }
                    }
                }
            }
        }
    }
}

fn cell(count: u64, overdue: bool) -> Markup {
    html! { td.num.nil[count == 0].late[overdue && count > 0] { @if count == 0 { "0" } @else { (number(count)) } } }
}

pub(super) fn alerts(posture: &Posture) -> Markup {
    let alerts = &posture.alerts;
    let of = |severity: Severity| {
        alerts.by_severity.iter().filter(|(s, _)| *s == severity).map(|(_, n)| n).sum::<u64>()
    };
    let all: u64 = alerts.by_severity.iter().map(|(_, n)| n).sum();
    let most = Severity::ALL.iter().map(|s| of(*s)).max().unwrap_or(0) as f64;
    let tactics = alerts.by_tactic.iter().map(|t| t.alerts).max().unwrap_or(0) as f64;
    html! {
        section #alerts {
            h2 { "Alerts" }
            @if all == 0 {
                p.empty { "No rule fired. Which log sources the rules could see is shown with the controls." }
            } @else {
                table {
                    thead { tr { th scope="col" { "Severity" } th.num scope="col" { "Alerts" } th scope="col" { span.hide { "Share" } } } }
                    tbody {
                        @for severity in Severity::ALL {
                            @if of(severity) > 0 {
                                tr { th scope="row" { (severity_badge(severity)) } td.num { (number(of(severity))) } td.bar { (meter(of(severity) as f64, most, Tone::Severity(severity))) } }
                            }
                        }
                    }
                }
                @if !alerts.by_tactic.is_empty() {
                    table {
                        thead { tr { th scope="col" { "ATT&CK tactic" } th.num scope="col" { "Alerts" } th scope="col" { span.hide { "Share" } } } }
                        tbody {
                            @for tactic in &alerts.by_tactic {
                                tr { th scope="row" { (tactic.name) " " span.id { (tactic.id) } } td.num { (number(tactic.alerts)) } td.bar { (meter(tactic.alerts as f64, tactics, Tone::Accent)) } }
                            }
                            @if alerts.without_tactic > 0 {
                                tr { th scope="row" { span.unknown { "no tactic named" } } td.num { (number(alerts.without_tactic)) } td.bar {} }
                            }
                        }
                    }
                }
            }
        }
    }
}
