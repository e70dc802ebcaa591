//! States, colours, jobs, notices, evidence and charts for the design page.

use super::lists::day;
use crate::parts::{
    Align, ButtonView, CellView, ChartView, ColumnView, JobState, JobView, LinkView, LogLine, NoticeView,
    Place, RawLine, RawView, RowView, Sentence, StageGroup, TableView, Tone, Urgency, Value, Weight, buttons,
    chart, job, notice, raw, severity_badge, show, stage_mark, state_badge, tag, unknown,
};
use maud::{Markup, html};
use wardkeep_types::{Severity, State};

pub(super) fn states() -> Markup {
    html! {
        div.stack {
            div.row { @for state in State::ALL { (state_badge(state)) } }
            div.row { @for severity in Severity::ALL { (severity_badge(severity)) } }
            div.row {
                (stage_mark("Draft", StageGroup::Open)) (stage_mark("Treating", StageGroup::Doing))
                (stage_mark("Accepted", StageGroup::Done)) (stage_mark("Retired", StageGroup::Retired))
                (tag("laboratory")) (unknown("")) (unknown("no log source"))
            }
            div.row {
                (show(&Value::Share { percent: 71.0, text: "71 %".to_owned(), state: Some(State::Effective), why: None }, Place::Field))
                (show(&Value::Share { percent: 40.0, text: "40 %".to_owned(), state: Some(State::Failing), why: None }, Place::Field))
                (show(&Value::Share { percent: f64::NAN, text: "unknown".to_owned(), state: None, why: None }, Place::Field))
                (show(&Value::Due(day("2026-08-20", "20 Aug 2026", "in 8 days"), Urgency::Soon), Place::Field))
                (show(&Value::Due(day("2026-08-04", "4 Aug 2026", "8 days ago"), Urgency::Late), Place::Field))
            }
        }
    }
}

pub(super) fn type_and_colour() -> Markup {
    html! {
        div.stack {
            p { "Body text of 14 px with " a href="/design" { "a link" } ", " code { "code" } ", " kbd { "Ctrl K" } ", " strong { "strong words" } ", " mark { "a hit" } " and " a.why href="/design/why" data-sheet { "1,240" } ", a figure that opens." }
            p.small.quiet { "Small and quiet: as of 12 Aug 2026, 14:00 CEST." }
            div.panel { p.figure { "2.9 M EUR" } }
            svg width="100%" height="40" viewBox="0 0 720 40" preserveAspectRatio="none" role="img" aria-label="Neutral ramp of twelve steps" {
                @for step in 0..12u8 {
                    rect x=(u16::from(step) * 60) width="60" height="40" fill={ "var(--n" (step + 1) ")" } {}
                }
            }
        }
    }
}

pub(super) fn jobs() -> Markup {
    let line = |at: &str, text: &str, tone| LogLine { at: at.to_owned(), text: text.to_owned(), tone };
    html! {
        div.stack {
            (job(&JobView {
                id: "job-1".to_owned(),
                title: "Import assets-2026-08.csv".to_owned(),
                state: JobState::Running,
                steps: (18_204, Some(50_000)),
                said: Sentence::new("18,204 of 50,000 rows, about 2 minutes left."),
                log: vec![
                    line("14:02:11", "Began as Maria Lindqvist", Tone::Plain),
                    line("14:02:40", "Line 9,112: owner \"J. Berg\" is not known; row left out", Tone::Warn),
                    line("14:03:02", "Line 12,001: not UTF-8 at byte 84; row left out", Tone::Bad),
                ],
                acts: vec![ButtonView::post("Cancel import", "/design", vec![])],
                live: None,
            }))
            (job(&JobView { id: "job-2".to_owned(), title: "Read detection rules".to_owned(), state: JobState::Done, steps: (3_140, Some(3_140)), said: Sentence::new("Done in 12 seconds: 3,140 rules, 9 refused. ").link("See why", "/design"), ..JobView::default() }))
            (job(&JobView { id: "job-3".to_owned(), title: "Nightly assessment".to_owned(), state: JobState::Stopped, steps: (41, Some(90)), said: Sentence::new("Stopped at control 41 of 90: the disk is full. Free 2 GB, then resume."), acts: vec![ButtonView::post("Resume", "/design", vec![]).main()], ..JobView::default() }))
        }
    }
}

pub(super) fn buttons_and_notices() -> Markup {
    let plain = |label: &str| ButtonView::link(label, "/design");
    html! {
        div.stack {
            div.row {
                (buttons(&[
                    plain("Add risk").main(), plain("Import").key("i"), plain("Columns").weight(Weight::Quiet),
                    plain("Retire").weight(Weight::Danger), plain("Erase personal data").weight(Weight::DangerMain), plain("Small").small(),
                    plain("Accept finding").main().disabled("Needs a second person: you wrote the assessment."),
                ]))
            }
            (notice(&NoticeView { text: Sentence::new("This record is watched by 3 people; they are told of each change."), ..NoticeView::default() }))
            (notice(&NoticeView { tone: Tone::Good, title: Some("Change log verified".to_owned()), text: Sentence::new("41,207 entries, no gap, signed head of 12 Aug 2026, 14:00."), ..NoticeView::default() }))
            (notice(&NoticeView { tone: Tone::Warn, text: Sentence::new("All evidence here is over two days old, so figures are as of 28 Jul 2026."), acts: vec![plain("Assess as of today").small()], ..NoticeView::default() }))
            (notice(&NoticeView { tone: Tone::Bad, title: Some("The report could not be read as a whole".to_owned()), text: Sentence::new("1,204 rows were taken, 2 were not:"), points: vec![Sentence::new("line 88, column severity: \"Severe\" is not a severity; use critical, high, medium, low or info"), Sentence::new("line 90: the row ends in the middle of a quoted field")], acts: vec![plain("Get refused rows as CSV").small()], live: false }))
        }
    }
}

pub(super) fn evidence() -> Markup {
    html! {
        div.stack {
            (raw(&RawView {
                name: "entra-signin-2026-08-12.jsonl".to_owned(),
                about: Sentence::new("1 to 12 Aug 2026, collected by the Entra reader, 48 MB"),
                sha256: "8f3a91c27b00de12aa45b6c7d8e9f00112233445566778899aabbccddeeff001".to_owned(),
                lines: [(88, "{\"user\":\"svc-backup\",\"mfa\":true,\"ip\":\"192.0.2.17\"}", false), (89, "{\"user\":\"svc-lab\",\"mfa\":false,\"ip\":\"192.0.2.44\",\"agent\":\"<script>alert(1)</script> a long agent string that has to break somewhere because evidence is never cut\"}", true), (90, "{\"user\":\"j.berg\",\"mfa\":true,\"ip\":\"198.51.100.3\"}", false)]
                    .into_iter().map(|(number, text, hit)| RawLine { number, text: text.to_owned(), hit }).collect(),
                download: Some(LinkView::new("Download", "/design")),
            }))
            (chart(&loss_chart()))
        }
    }
}

/// Bars with their values beside them; lengths start at zero, the unknown part is hatched.
fn loss_chart() -> ChartView {
    let bars = [
        ("Ransomware stops the laboratory", 1240u16),
        ("Records leave through a supplier", 612),
        ("Payment run redirected", 85),
    ];
    let drawing = html! {
        svg width="720" height="132" viewBox="0 0 720 132" role="group" aria-label="Mean yearly loss by risk" font-size="12" fill="var(--text)" {
            line x1="560" x2="560" y1="0" y2="112" stroke="var(--failing)" stroke-dasharray="4 3" {}
            text x="566" y="10" fill="var(--failing)" { "appetite 1,500" }
            @for (n, (name, value)) in bars.iter().enumerate() {
                @let y = 16 + n * 36;
                @let width = f64::from(*value) * 340.0 / 1500.0;
                text x="0" y=(y + 15) { (name) }
                rect x="220" y=(y) width=(format!("{width:.1}")) height="22" rx="2" fill="var(--accent)" tabindex="0" role="img"
                    aria-label={ (name) ": " (value) " k EUR a year" } data-tip={ (name) ": " (value) " k EUR a year, as of 12 Aug 2026" } {}
                text x=(format!("{:.1}", 226.0 + width)) y=(y + 15) { (value) }
            }
            text x="220" y="128" fill="var(--quiet)" { "0" }
        }
    };
    let rows = bars.iter().map(|(name, value)| RowView {
        cells: vec![CellView::from(Value::text(*name)), Value::number(value.to_string()).into()],
        ..RowView::default()
    });
    ChartView {
        said: Sentence::new("The laboratory makes two thirds of the yearly loss."),
        about: "Mean loss in a year after controls, thousand EUR".to_owned(),
        drawing,
        figures: TableView {
            caption: "Mean yearly loss by risk".to_owned(),
            columns: vec![
                ColumnView { label: "Risk".to_owned(), ..ColumnView::default() },
                ColumnView {
                    label: "Mean loss".to_owned(),
                    unit: Some("k EUR".to_owned()),
                    align: Align::Number,
                    sort: None,
                },
            ],
            rows: rows.collect(),
            keep: true,
            ..TableView::default()
        },
        source: Sentence::new("100,000 simulated years, as of 12 Aug 2026, 14:00 CEST. ")
            .link("Inputs", "/design/why"),
    }
}
