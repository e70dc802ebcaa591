//! Values, shapes, buttons, history and whole pages.

use super::super::*;
use super::{EVIL, said, text};
use maud::html;
use wardkeep_types::{Severity, State};

#[test]
fn every_value_escapes() {
    let link = || LinkView::new(EVIL, "/x").with_reference(EVIL);
    let evil = || EVIL.to_owned();
    let values = [
        Value::Unknown(evil()),
        Value::text(EVIL),
        Value::Lines(evil()),
        Value::Figure { text: evil(), unit: Some(evil()), why: Some(evil()) },
        Value::Share { percent: 1e300, text: evil(), state: Some(State::Failing), why: Some(evil()) },
        Value::Share { percent: f64::NAN, text: evil(), state: None, why: None },
        Value::Link(link()),
        Value::Links(vec![link()], 3),
        Value::Stage(evil(), StageGroup::Open),
        Value::Moment(Stamp::new(EVIL, EVIL, EVIL)),
        Value::Due(Stamp::new(EVIL, EVIL, EVIL), Urgency::Late),
        Value::Tags(vec![evil()]),
        Value::Code(evil()),
        Value::File(link(), evil()),
        Value::Url(evil()),
        Value::Url(format!("https://x/{EVIL}")),
        Value::Url("javascript:alert(1)".to_owned()),
        Value::Sentence(Sentence::new(EVIL).link(EVIL, EVIL).figure(EVIL, EVIL)),
    ];
    for value in &values {
        for place in [Place::Cell, Place::Field] {
            let out = text(show(value, place));
            assert!(
                !out.contains("<script")
                    && !out.contains("\" onmouseover")
                    && !out.contains("href=\"javascript"),
                "{out}"
            );
            assert!(!out.contains(" style="), "{out}");
        }
    }
}

#[test]
fn states_and_severities_are_words_first() {
    assert_eq!(
        State::ALL.map(|s| said(state_badge(s))),
        ["effective", "degraded", "failing", "insufficient evidence", "not tested"]
    );
    assert_eq!(
        Severity::ALL.map(|s| said(severity_badge(s))),
        ["critical", "high", "medium", "low", "info", "unknown"]
    );
    let mut shapes: Vec<String> = State::ALL.map(|s| text(state_shape(s))).into();
    shapes.extend(Severity::ALL.map(|s| text(severity_shape(s))));
    let all = shapes.len();
    shapes.sort();
    shapes.dedup();
    assert_eq!(shapes.len(), all, "two of them share a shape");
    assert!(shapes.iter().all(|s| s.contains("aria-hidden=\"true\"")));
    assert_eq!(said(unknown("")), "unknown");
}

#[test]
fn drawings_close_their_shapes() {
    for drawing in [
        text(mark()),
        text(state_shape(State::Effective)),
        text(severity_shape(Severity::High)),
        text(tone_shape(Tone::Bad)),
    ] {
        for shape in ["circle", "path", "rect"] {
            assert_eq!(
                drawing.matches(&format!("<{shape} ")).count(),
                drawing.matches(&format!("</{shape}>")).count(),
                "{drawing}"
            );
        }
    }
}

#[test]
fn buttons_refuse_with_a_reason_that_is_read() {
    let out = text(button(&ButtonView::post("Accept risk", "/x", vec![]).disabled("Needs a second person.")));
    assert!(
        out.contains("aria-disabled=\"true\"") && out.contains("type=\"button\"") && !out.contains("<form"),
        "{out}"
    );
    assert!(out.contains("aria-describedby=\"no-Accept-risk\"") && out.contains("id=\"no-Accept-risk\""));
    let out = text(button(&ButtonView::post("Undo", "/undo", vec![("csrf".to_owned(), EVIL.to_owned())])));
    assert!(out.contains("<form method=\"post\" action=\"/undo\">") && !out.contains("<script"), "{out}");
    assert!(text(button(&ButtonView::sheet("Why", "/why"))).contains("href=\"/why\" data-sheet"));
}

#[test]
fn history_reads_from_to_and_why() {
    let entry = EntryView {
        who: "Maria".to_owned(),
        said: Sentence::new("moved the risk"),
        reason: Some("New facts.".to_owned()),
        changes: vec![ChangeView {
            label: "Stage".to_owned(),
            from: Value::text("Draft"),
            to: Value::text("Treating"),
        }],
        ..EntryView::default()
    };
    let out = text(timeline(std::slice::from_ref(&entry)));
    assert!(
        out.contains("<ol") && out.contains("<del>Draft</del>") && out.contains("<ins>Treating</ins>"),
        "{out}"
    );
    assert_eq!(said(timeline(&[entry])), "Maria moved the risk “New facts.” Stage Draft → to Treating");
}

#[test]
fn a_page_has_landmarks_a_skip_link_and_one_place_for_each() {
    let shell = ShellView {
        title: EVIL.to_owned(),
        theme: Theme::Dark,
        areas: vec![AreaView {
            name: "Identify".to_owned(),
            current: true,
            links: vec![NavLink {
                name: "Risks".to_owned(),
                href: "/risks".to_owned(),
                current: true,
                count: None,
            }],
            ..AreaView::default()
        }],
        crumbs: vec![CrumbView::here("Risks")],
        user: Some(UserView { name: "maria lindqvist".to_owned(), ..UserView::default() }),
        csrf: "token".to_owned(),
        path: "/risks".to_owned(),
        ..ShellView::default()
    };
    let out = text(page(&shell, html! { h1 { "Risks" } }));
    assert!(out.starts_with("<!DOCTYPE html>") && out.contains("<html lang=\"en\" data-theme=\"dark\">"));
    assert!(out.contains("href=\"#main\"") && out.contains("id=\"main\""));
    assert_eq!(out.matches("<main").count(), 1);
    assert!(out.contains("aria-current=\"page\"") && out.contains("popovertarget=\"menu\""));
    assert!(out.contains(">ML</span>"));
    assert!(!out.contains("<script>"));
    assert!(out.contains("value=\"dark\" aria-pressed=\"true\""), "{out}");
}

#[test]
fn previews_versions_and_raw_evidence_escape_and_name_their_choices() {
    let evil = || EVIL.to_owned();
    let preview = ImportView {
        acts: vec![ButtonView::submit("Import")],
        rows: vec![ImportRowView {
            key: "7".to_owned(),
            line: 7,
            title: evil(),
            reasons: vec![(evil(), evil())],
            changes: vec![(evil(), evil(), evil())],
            take: Some(true),
            outcome: Outcome::Ask,
            ..ImportRowView::default()
        }],
        ..ImportView::default()
    };
    let out = text(import_preview(&preview));
    assert!(
        out.contains("name=\"take.7\" value=\"yes\" checked") && out.contains("aria-label=\"Line 7\""),
        "{out}"
    );
    let both = VersionsView {
        other: evil(),
        fields: vec![VersionFieldView {
            key: "loss".to_owned(),
            label: evil(),
            mine: Value::text(EVIL),
            ..VersionFieldView::default()
        }],
        ..VersionsView::default()
    };
    let lines = RawView {
        name: evil(),
        sha256: evil(),
        lines: vec![RawLine { number: 1, text: evil(), hit: true }],
        ..RawView::default()
    };
    let panel = WhyView {
        title: evil(),
        formula: vec![evil()],
        inputs: vec![WhyInput { what: Value::text(EVIL), value: Value::text(EVIL), from: evil() }],
        by: evil(),
        hash: evil(),
        ..WhyView::default()
    };
    let cards = BoardView {
        lanes: vec![LaneView {
            name: evil(),
            cards: vec![CardView { title: LinkView::new(EVIL, "/x"), facts: vec![Value::text(EVIL)] }],
            ..LaneView::default()
        }],
    };
    let hangs = [RailSection {
        items: vec![RailItem {
            what: Value::text(EVIL),
            said: Some(evil()),
            sub: Some(evil()),
            ..RailItem::default()
        }],
        ..RailSection::default()
    }];
    for out in [
        out,
        text(versions(&both)),
        text(raw(&lines)),
        text(why_panel(&panel)),
        text(board(&cards)),
        text(rail(&hangs)),
    ] {
        assert!(!out.contains("<script") && !out.contains("\" onmouseover"), "{out}");
    }
}
