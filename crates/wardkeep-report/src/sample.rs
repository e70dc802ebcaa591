//! A posture for tests.

use crate::posture::*;
use wardkeep_types::{Problem, Severity, State};

pub fn control(name: &str, state: State, shown: f64, high: f64) -> ControlLine {
    ControlLine {
        name: name.to_owned(),
        outcomes: vec!["PR.AA".to_owned()],
        state,
        shown,
        high,
        reasons: vec![],
        lift: None,
        tests: vec![],
    }
}

fn test(name: &str, state: State, factors: Option<[f64; 4]>, note: &str) -> TestLine {
    TestLine {
        name: name.to_owned(),
        state,
        reasons: vec![],
        factors,
        shown: factors.map_or(0.0, |f| f.iter().product()),
        note: note.to_owned(),
        effective_at: factors.map(|_| "2026-06-30T22:00:00Z".parse().unwrap()),
        observation: factors
            .map(|_| "5d1c8a4be0a91f0c6f0f3f6e6f4e9f7f2b8e1b0a6d1f3b5c7d9e0f1a2b3c4d5e".to_owned()),
        failing: vec![],
        more_failing: 0,
    }
}

/// As `assess` might find it.
pub fn posture() -> Posture {
    let counts = |severity, cells: [u64; 5]| {
        Due::ALL.into_iter().zip(cells).map(move |(due, count)| FindingCount { severity, due, count })
    };
    let tactic =
        |id: &str, name: &str, alerts| TacticCount { id: id.to_owned(), name: name.to_owned(), alerts };
    let format =
        |name: &str, files, rows, problems| FormatLine { name: name.to_owned(), files, rows, problems };
    let mut mfa = control("Second factor at sign-in", State::Failing, 0.5, 0.5);
    mfa.outcomes = vec!["PR.AA".to_owned()];
    mfa.reasons = vec!["Console sign-in uses MFA: 1 of 2 passed (50.0 %), below 75.0 %.".to_owned()];
    mfa.lift = Some("Mend the one failure of \"Console sign-in uses MFA\": 50.0 % -> 100.0 %".to_owned());
    let mut sign_in = test(
        "Console sign-in uses MFA",
        State::Failing,
        Some([1.0, 0.5, 1.0, 1.0]),
        "1 of 2 passed, 1 failed.",
    );
    sign_in.reasons = vec!["1 of 2 passed (50.0 %), below 75.0 %.".to_owned()];
    sign_in.failing = vec![FailingLine {
        subject: "arn:aws:iam::123837392027:user/stratus-red-team-nmfalu-gfjyeaypjt".to_owned(),
        detail: "Signed in without a second factor from 192.168.10.20.".to_owned(),
        places: vec!["CloudTrail/us-east-1_20230710T1225Z_4iD2bo.json, record 3".to_owned()],
    }];
    mfa.tests = vec![
        sign_in,
        test("Design described and owned", State::Effective, Some([1.0; 4]), "1 of 1 passed, 0 failed."),
    ];
    let mut audit = control("Audit logging in operation", State::Failing, 0.3333, 0.3333);
    audit.reasons = vec!["Audit trail not stopped or deleted: 2 of 3 failed, and none may.".to_owned()];
    audit.tests = vec![test(
        "Audit trail not stopped or deleted",
        State::Failing,
        Some([1.0, 0.3333, 1.0, 1.0]),
        "1 of 3 passed, 2 failed.",
    )];
    let mut logs = control("Log coverage of critical systems", State::Degraded, 0.7015, 0.9612);
    logs.outcomes = vec!["DE.CM".to_owned()];
    logs.reasons = vec!["Critical assets send logs: The last answer speaks about 2026-06-20 00:00 UTC; it is due every 7 days.".to_owned(), "Critical assets send logs: 94.4 % looked at, below 95.0 %.".to_owned()];
    logs.lift = Some("Run \"Critical assets send logs\" again: 70.2 % -> 94.4 %".to_owned());
    logs.tests = vec![test(
        "Critical assets send logs",
        State::Degraded,
        Some([0.983, 0.9605, 0.743, 1.0]),
        "389 of 412 passed, 16 failed, 7 not examined.",
    )];
    let mut fixing = control("Weaknesses fixed in time", State::Degraded, 0.91, 0.95);
    fixing.outcomes = vec!["ID.RA".to_owned(), "PR.PS".to_owned()];
    fixing.reasons =
        vec!["Critical findings within their deadline: 91 of 100 passed (91.0 %), below 95.0 %.".to_owned()];
    fixing.tests = vec![test(
        "Critical findings within their deadline",
        State::Degraded,
        Some([1.0, 0.91, 1.0, 1.0]),
        "91 of 100 passed, 9 failed.",
    )];
    let mut scans = control("Vulnerability scanning", State::Insufficient, 0.4, 1.0);
    scans.outcomes = vec!["ID.RA".to_owned()];
    scans.reasons =
        vec!["Important assets are scanned: 40 of 100 looked at (40.0 %); 60 % is the least.".to_owned()];
    scans.tests = vec![test(
        "Important assets are scanned",
        State::Insufficient,
        Some([0.4, 1.0, 1.0, 1.0]),
        "40 of 100 passed, 0 failed, 60 not examined.",
    )];
    let mut owners = control("Systems have owners", State::Effective, 0.9856, 0.9856);
    owners.outcomes = vec!["ID.AM".to_owned()];
    owners.tests = vec![test(
        "Assets have an owner",
        State::Effective,
        Some([1.0, 0.9856, 1.0, 1.0]),
        "411 of 417 passed, 6 failed.",
    )];
    let untested = [
        "Backups that restore",
        "Encryption",
        "Incident handling",
        "Joiners and leavers",
        "Network exposure",
        "Training",
    ];
    let untested = untested.iter().map(|name| {
        let mut c = control(name, State::NotTested, 0.0, 1.0);
        c.reasons = vec!["No mandatory test asks about it.".to_owned()];
        c
    });
    let action = |what: &str, why: &str, places: &[&str], severity, due: Option<&str>| Action {
        what: what.to_owned(),
        why: why.to_owned(),
        places: places.iter().map(|p| (*p).to_owned()).collect(),
        severity,
        due: due.map(|d| d.parse().unwrap()),
    };
    Posture {
        as_of: "2026-07-01T09:14:00Z".parse().unwrap(),
        subject: "quarter-2".to_owned(),
        made_by: "Wardkeep 0.1.0".to_owned(),
        evidence: Evidence {
            files: 63,
            bytes: 18_400_000,
            events: 128_412,
            from: Some("2026-06-24T00:00:03Z".parse().unwrap()),
            to: Some("2026-06-28T23:58:41Z".parse().unwrap()),
        },
        banner: Some("The newest record is 3 days old, so the report speaks about that moment and not about today.".to_owned()),
        formats: vec![
            format("AWS CloudTrail", 48, 2_900, 0),
            format("Windows event log (EVTX)", 6, 124_806, 2),
            format("Nessus", 2, 1_204, 0),
            format("CycloneDX", 3, 812, 0),
            format("OpenSSH auth log", 1, 706, 11),
        ],
        not_understood: vec![
            Unread { file: "scans/export-final(2).xlsx".to_owned(), reason: "A workbook without a known header. Name the columns with --map, or export the report as CSV.".to_owned() },
            Unread { file: "logs/fw.bin".to_owned(), reason: "Not text and no known binary format.".to_owned() },
            Unread { file: "logs/cut.json.gz".to_owned(), reason: "The archive ends in the middle. Copy it again.".to_owned() },
        ],
        alerts: Alerts {
            by_severity: vec![(Severity::Critical, 2), (Severity::High, 14), (Severity::Medium, 41), (Severity::Low, 9), (Severity::Unknown, 1)],
            by_tactic: vec![
                tactic("TA0005", "Defense evasion", 21),
                tactic("TA0006", "Credential access", 17),
                tactic("TA0003", "Persistence", 12),
                tactic("TA0007", "Discovery", 8),
                tactic("TA0010", "Exfiltration", 4),
            ],
            without_tactic: 5,
        },
        findings: counts(Severity::Critical, [5, 3, 1, 0, 0])
            .chain(counts(Severity::High, [36, 12, 48, 102, 0]))
            .chain(counts(Severity::Medium, [0, 4, 61, 1_310, 2]))
            .chain(counts(Severity::Low, [0, 0, 0, 418, 0]))
            .chain(counts(Severity::Unknown, [0, 0, 0, 0, 7]))
            .collect(),
        controls: [mfa, audit, logs, fixing, scans, owners].into_iter().chain(untested).collect(),
        first: vec![
            action("Find out who deleted two CloudTrail trails, and switch them on again", "user/bert-jan deleted them on 28 June at 12:08 UTC; since then nothing records what administrators do.", &["CloudTrail/us-east-1_20230710T1210Z_vj0QE0.json, record 41", "record 44"], Some(Severity::Critical), None),
            action("Upgrade openssl on web-02 and web-03 to 3.0.14", "Attackers use CVE-2026-1001; both hosts can be reached from outside. Closes 3 critical and 4 high findings.", &["scans/nessus-web.nessus, row 118"], Some(Severity::Critical), Some("2026-06-24")),
            action("Ask for a second factor for user/stratus-red-team-nmfalu-gfjyeaypjt", "One of two console sign-ins had none. Lifts \"Second factor at sign-in\" from 50.0 % to 100.0 %.", &[], None, None),
            action("Scan the 60 important assets that no scan has reached in 30 days", "Vulnerability scanning cannot be judged before 60 % are reached.", &[], None, Some("2026-07-15")),
        ],
        problems: vec![
            Problem::new("logs/auth.log:211", "no_time", "The line has no time.").hint("It was kept, with the time of the line before it."),
            Problem::new("evtx/dc01.evtx:chunk 14", "damaged", "A chunk's checksum does not fit; its 2 records were left out."),
        ],
        more_problems: 11,
        seconds: 4.83,
    }
}
