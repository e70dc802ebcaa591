//! The answer in one sentence, worked out from the figures.

use crate::posture::{Due, Posture};
use crate::words::{count, number};
use wardkeep_types::{Severity, State};

/// What is the case, in plain words; what to do stands in the second sentence when there is something.
pub fn answer(posture: &Posture) -> String {
    let mut parts = vec![controls(posture)];
    let overdue: u64 = posture.findings.iter().filter(|f| f.due == Due::Overdue).map(|f| f.count).sum();
    let worst = |f: &&crate::FindingCount| f.due == Due::Overdue && f.severity == Severity::Critical;
    let critical: u64 = posture.findings.iter().filter(worst).map(|f| f.count).sum();
    if overdue > 0 {
        let one = count(overdue, "finding is", "findings are");
        parts.push(match critical {
            0 => format!("{one} overdue"),
            c if c == overdue => format!("{one} overdue, all critical"),
            c => format!("{one} overdue, {} of them critical", number(c)),
        });
    }
    let alerts = |severity| {
        posture.alerts.by_severity.iter().filter(|(s, _)| *s == severity).map(|(_, n)| n).sum::<u64>()
    };
    let (critical, high) = (alerts(Severity::Critical), alerts(Severity::High));
    match (critical, high) {
        (0, 0) => {}
        (0, n) => parts.push(format!("{} to be looked at", count(n, "high alert is", "high alerts are"))),
        (n, _) => {
            parts.push(format!("{} to be looked at", count(n, "critical alert is", "critical alerts are")));
        }
    }
    let mut sentence = parts.join("; ");
    sentence.push('.');
    sentence
}

fn controls(posture: &Posture) -> String {
    let of = |state: State| posture.controls.iter().filter(|c| c.state == state).count() as u64;
    let all = posture.controls.len() as u64;
    let (failing, degraded, effective) = (of(State::Failing), of(State::Degraded), of(State::Effective));
    let unknown = of(State::Insufficient) + of(State::NotTested);
    if all == 0 {
        return "No control was assessed".to_owned();
    }
    if unknown == all {
        return format!(
            "Nothing can be shown yet: none of {} has enough evidence",
            count(all, "control", "controls")
        );
    }
    let mut parts = Vec::new();
    if failing > 0 {
        parts.push(format!("{} failing", count(failing, "control is", "controls are")));
    }
    if degraded > 0 && failing > 0 {
        parts.push(format!("{} degraded", number(degraded)));
    } else if degraded > 0 {
        parts.push(format!("{} degraded", count(degraded, "control is", "controls are")));
    }
    if unknown > 0 {
        parts.push(format!("{} of {} cannot be judged for lack of evidence", number(unknown), number(all)));
    }
    match (parts.is_empty(), effective) {
        (true, n) => format!("{} effective", count(n, "control is", "controls are")),
        (false, 0) => join(&parts),
        (false, n) => {
            parts.push(format!("{} effective", count(n, "is", "are")));
            join(&parts)
        }
    }
}

fn join(parts: &[String]) -> String {
    match parts {
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => parts.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::answer;
    use crate::sample::{control, posture};
    use crate::{Due, FindingCount};
    use wardkeep_types::{Severity, State};

    #[test]
    fn says_what_is_the_case() {
        let check =
            |states: &[State], overdue: &[(Severity, u64)], alerts: &[(Severity, u64)], expected: &str| {
                let mut found = posture();
                found.controls = states.iter().map(|s| control("c", *s, 0.5, 0.9)).collect();
                let cell = |(severity, count): &(Severity, u64)| FindingCount {
                    severity: *severity,
                    due: Due::Overdue,
                    count: *count,
                };
                found.findings = overdue.iter().map(cell).collect();
                found.alerts.by_severity = alerts.to_vec();
                assert_eq!(answer(&found), expected);
            };
        use Severity::{Critical, High};
        use State::{Degraded, Effective, Failing, Insufficient, NotTested};
        check(&[], &[], &[], "No control was assessed.");
        check(
            &[NotTested, Insufficient],
            &[],
            &[],
            "Nothing can be shown yet: none of 2 controls has enough evidence.",
        );
        check(&[Effective], &[], &[], "1 control is effective.");
        check(
            &[Degraded, Degraded],
            &[],
            &[(High, 1)],
            "2 controls are degraded; 1 high alert is to be looked at.",
        );
        check(
            &[Failing, Failing, Degraded, NotTested, Effective],
            &[(Critical, 5), (High, 36)],
            &[(Critical, 2), (High, 9)],
            "2 controls are failing, 1 degraded, 1 of 5 cannot be judged for lack of evidence and 1 is effective; \
             41 findings are overdue, 5 of them critical; 2 critical alerts are to be looked at.",
        );
        check(&[Failing], &[(Critical, 1)], &[], "1 control is failing; 1 finding is overdue, all critical.");
    }
}
