//! Boards and imports for the design page.

use crate::parts::{
    BoardView, ButtonView, CardView, ImportRowView, ImportView, LaneView, LinkView, Outcome, OutcomeCount,
    Value, Weight, board, import_preview,
};
use maud::Markup;
use wardkeep_types::Severity;

pub(super) fn lanes() -> Markup {
    let card = |reference: &str, title: &str, severity: Severity| CardView {
        title: LinkView::new(title, format!("/incidents/{reference}")).with_reference(reference),
        facts: vec![Value::Severity(severity), Value::text("Jonas Berg")],
    };
    let lane = |name: &str, count: &str, cards: Vec<CardView>| LaneView {
        name: name.to_owned(),
        count: count.to_owned(),
        cards,
        more: None,
    };
    board(&BoardView {
        lanes: vec![
            lane(
                "Triage",
                "2",
                vec![
                    card(
                        "INC-0031",
                        "Odd sign-ins from a shared workstation in the emergency room",
                        Severity::High,
                    ),
                    card("INC-0032", "Mail rule forwards invoices", Severity::Medium),
                ],
            ),
            lane("Contain", "1", vec![card("INC-0029", "Encrypted share in radiology", Severity::Critical)]),
            lane("Recover", "0", vec![]),
            LaneView {
                more: Some(LinkView::new("All 214", "/incidents?stage=closed")),
                ..lane("Closed", "214", vec![card("INC-0027", "Lost laptop, encrypted", Severity::Low)])
            },
        ],
    })
}

pub(super) fn import() -> Markup {
    let count = |outcome, count: &str| OutcomeCount {
        outcome,
        count: count.to_owned(),
        href: "/design#import".to_owned(),
    };
    let row = |line: u64, title: &str, meets: Option<&str>, outcome, reason: &str, take| ImportRowView {
        key: line.to_string(),
        line,
        title: title.to_owned(),
        reference: meets.map(|m| (m.to_owned(), format!("/assets/{m}"))),
        outcome,
        reasons: Some((reason.to_owned(), String::new()))
            .filter(|(r, _)| !r.is_empty())
            .into_iter()
            .collect(),
        changes: match outcome {
            Outcome::Change => vec![("Criticality".to_owned(), "medium".to_owned(), "high".to_owned())],
            Outcome::Add => vec![("Name".to_owned(), String::new(), title.to_owned())],
            _ => Vec::new(),
        },
        take,
        ..ImportRowView::default()
    };
    import_preview(&ImportView {
        counts: vec![
            count(Outcome::Refused, "3"),
            count(Outcome::Ask, "2"),
            count(Outcome::Change, "41"),
            count(Outcome::Add, "312"),
            count(Outcome::Same, "1,902"),
        ],
        rows: vec![
            row(
                14,
                "srv-lab-07",
                None,
                Outcome::Refused,
                "Column owner, \"J. Berg\": no person has this name or mail address. Add the person first or leave it empty.",
                None,
            ),
            row(
                22,
                "srv-pacs-01",
                Some("AST-0107"),
                Outcome::Ask,
                "Name matches AST-0107, serial number matches AST-0311. Taking it changes AST-0107.",
                Some(false),
            ),
            row(
                23,
                "srv-web-02",
                Some("AST-0044"),
                Outcome::Change,
                "Set by hand on 3 Aug 2026 by Aylin Demir.",
                Some(true),
            ),
            row(31, "ws-ward-11", None, Outcome::Add, "", Some(true)),
            row(32, "ws-ward-12", Some("AST-0212"), Outcome::Same, "", None),
        ],
        action: "/design".to_owned(),
        fields: vec![],
        whole: Some(("Only if every row can be taken".to_owned(), false)),
        acts: vec![
            ButtonView::submit("Import 354 rows").main(),
            ButtonView::link("Get refused rows as CSV", "/design"),
            ButtonView::link("Cancel", "/design").weight(Weight::Quiet),
        ],
    })
}
