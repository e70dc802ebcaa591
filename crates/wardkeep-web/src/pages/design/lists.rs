//! Lists and figures for the design page.

use crate::parts::{
    Align, ButtonView, CellView, ColumnView, Direction, EmptyView, FilterControl, FilterPart, FilterView,
    HeadView, LinkView, OptionView, PagerView, RowView, SelectView, Sentence, SortView, StageGroup, Stamp,
    StatFigure, StatView, TabView, TableView, TabsView, Trend, Urgency, Value, Weight, empty, filter, head,
    pager, stats, table, tabs,
};
use maud::{Markup, html};
use wardkeep_types::{Severity, State};

fn column(label: &str, align: Align) -> ColumnView {
    ColumnView { label: label.to_owned(), align, ..ColumnView::default() }
}

pub(super) fn day(iso: &str, absolute: &str, relative: &str) -> Stamp {
    Stamp::new(iso, absolute, relative)
}

fn columns() -> Vec<ColumnView> {
    let sort = |order| Some(SortView { href: "/design?sort=loss".to_owned(), order });
    vec![
        ColumnView { sort: sort(None), ..column("Reference", Align::Reference) },
        ColumnView { sort: sort(None), ..column("Risk", Align::Text) },
        column("Severity", Align::Tight),
        column("Controls", Align::Tight),
        column("Stage", Align::Tight),
        ColumnView { sort: sort(None), ..column("Owner", Align::Text) },
        ColumnView {
            unit: Some("k EUR a year".to_owned()),
            sort: sort(Some(Direction::Down)),
            ..column("Mean loss", Align::Number)
        },
        ColumnView { sort: sort(None), ..column("Review", Align::Tight) },
    ]
}

type Sample = (
    &'static str,
    &'static str,
    Severity,
    State,
    (&'static str, StageGroup),
    &'static str,
    &'static str,
    Urgency,
);

const SAMPLES: [Sample; 6] = [
    (
        "RSK-0042",
        "Ransomware stops the laboratory",
        Severity::Critical,
        State::Degraded,
        ("Treating", StageGroup::Doing),
        "Jonas Berg",
        "1,240",
        Urgency::Late,
    ),
    (
        "RSK-0017",
        "Patient records leave through a supplier that holds more of them than its contract, last changed in 2019, says it may, and whose own register of processing was never shown to anybody",
        Severity::High,
        State::Failing,
        ("Assessed", StageGroup::Open),
        "Aylin Demir",
        "612",
        Urgency::Soon,
    ),
    (
        "RSK-0051",
        "Payment run is redirected by a forged mail",
        Severity::Medium,
        State::Effective,
        ("Accepted", StageGroup::Done),
        "Peter Nowak",
        "85",
        Urgency::Calm,
    ),
    (
        "RSK-0033",
        "Imaging archive cannot be restored in time",
        Severity::Low,
        State::Insufficient,
        ("Treating", StageGroup::Doing),
        "Jonas Berg",
        "",
        Urgency::Calm,
    ),
    (
        "RSK-0008",
        "Old badge readers open for copied cards",
        Severity::Info,
        State::NotTested,
        ("Draft", StageGroup::Open),
        "",
        "4",
        Urgency::Calm,
    ),
    (
        "RSK-0060",
        "Unmapped finding from the yearly penetration test",
        Severity::Unknown,
        State::NotTested,
        ("Closed", StageGroup::Retired),
        "Maria Lindqvist",
        "0",
        Urgency::Calm,
    ),
];

fn rows() -> Vec<RowView> {
    SAMPLES
        .iter()
        .map(|(reference, title, severity, state, (stage, group), owner, loss, urgency)| {
            let href = format!("/risks/{reference}");
            let loss = if loss.is_empty() {
                Value::Unknown("no estimate".to_owned())
            } else {
                Value::Figure {
                    text: (*loss).to_owned(),
                    unit: Some("k EUR".to_owned()),
                    why: Some("/design/why".to_owned()),
                }
            };
            let cells: Vec<CellView> = vec![
                Value::Link(LinkView::new(*reference, &href)).into(),
                CellView {
                    value: Value::text(*title),
                    sub: (*reference == "RSK-0042").then(|| "Haematology, Uppsala".to_owned()),
                },
                Value::Severity(*severity).into(),
                Value::State(*state).into(),
                Value::Stage((*stage).to_owned(), *group).into(),
                Value::text(*owner).into(),
                loss.into(),
                Value::Due(day("2026-08-30", "30 Aug 2026", "in 18 days"), *urgency).into(),
            ];
            RowView {
                key: (*reference).to_owned(),
                name: (*title).to_owned(),
                edit: Some(format!("{href}/edit")),
                href: Some(href),
                cells,
                group: None,
            }
        })
        .collect()
}

pub(super) fn figures() -> Markup {
    let stat = |label: &str, figure: StatFigure, delta: Option<(&str, Trend)>, note: &str| StatView {
        label: label.to_owned(),
        figure,
        delta: delta.map(|(text, trend)| (text.to_owned(), trend)),
        note: (!note.is_empty()).then(|| note.to_owned()),
        href: Some("/design/why".to_owned()),
        why: true,
    };
    let known = |text: &str, unit: Option<&str>| StatFigure::Known(text.to_owned(), unit.map(str::to_owned));
    html! {
        (stats(&[
            stat("Mean loss in a year", known("2.9", Some("M EUR")), Some(("+180 k since Monday", Trend::Worse)), "appetite 2.5 M"),
            stat("Controls shown to work", known("71", Some("%")), Some(("+4 points in 30 days", Trend::Better)), "64 of 90 tested"),
            stat("Findings past their day", known("38", None), Some(("as last week", Trend::Flat)), "of 1,204 open"),
            stat("Log sources silent", known("3", None), None, "Entra, badge readers, VPN"),
            stat("Supplier answers", StatFigure::Unknown("not asked yet".to_owned()), None, "14 suppliers"),
        ]))
    }
}

pub(super) fn list() -> Markup {
    let option = |key: &str, label: &str, chosen| OptionView::new(key, label, chosen);
    let part = |before: &str, key: &str, label: &str, control| FilterPart {
        before: before.to_owned(),
        key: key.to_owned(),
        label: label.to_owned(),
        control,
    };
    let select = SelectView {
        action: "/design".to_owned(),
        fields: vec![("csrf".to_owned(), "sample".to_owned())],
        verbs: vec![
            ButtonView::verb("Set owner", "verb", "owner"),
            ButtonView::verb("Review on", "verb", "review"),
            ButtonView::verb("Retire", "verb", "retire").weight(Weight::Danger),
        ],
    };
    html! {
        (head(&HeadView {
            title: "Risks".to_owned(),
            count: Some("48".to_owned()),
            verbs: vec![ButtonView::link("Add risk", "/risks/new").main(), ButtonView::link("Import", "/risks/import")],
            ..HeadView::default()
        }))
        (tabs(&TabsView {
            label: "Saved views".to_owned(),
            tabs: [("All", "48", false), ("Above appetite", "6", true), ("Mine", "11", false), ("Review due this quarter", "9", false)]
                .into_iter()
                .map(|(name, count, current)| TabView { name: name.to_owned(), href: "/design#list".to_owned(), count: Some(count.to_owned()), current })
                .collect(),
            extra: Some(ButtonView::link("Save this view", "/design#list").weight(Weight::Quiet)),
        }))
        (filter(&FilterView {
            action: "/design".to_owned(),
            subject: "Risks in".to_owned(),
            search: Some(String::new()),
            parts: vec![
                part("", "unit", "Unit", FilterControl::Choice(vec![option("", "any unit", false), option("UNT-0002", "Hospital Uppsala", true)])),
                part("owned by", "owner", "Owner", FilterControl::Choice(vec![option("", "anyone", true), option("me", "me", false)])),
                part("to review before", "before", "Review", FilterControl::Date(String::new())),
            ],
            keep: vec![("sort".to_owned(), "-loss".to_owned())],
            clear: Some("/design".to_owned()),
            tools: vec![
                ButtonView::link("Columns", "/design#list").weight(Weight::Quiet),
                ButtonView::link("Export", "/design#list").weight(Weight::Quiet),
            ],
        }))
        (table(&TableView {
            caption: "Risks above appetite".to_owned(),
            columns: columns(),
            title: 1,
            rows: rows(),
            select: Some(select),
            ..TableView::default()
        }))
        (pager(&PagerView {
            shown: "51 to 100".to_owned(),
            total: Some("12,400".to_owned()),
            about: true,
            first: Some("/design".to_owned()),
            previous: Some("/design".to_owned()),
            next: Some("/design".to_owned()),
        }))
    }
}

pub(super) fn grouped() -> Markup {
    let mut rows = rows();
    rows[0].group = Some(("Hospital Uppsala".to_owned(), "4".to_owned()));
    rows[4].group = Some(("Clinic Boston".to_owned(), "2".to_owned()));
    let mut foot: Vec<CellView> = vec![CellView::default(); 8];
    foot[1] = Value::text("Total, one estimate missing").into();
    foot[6] = Value::number("1,941").into();
    html! {
        (table(&TableView {
            caption: "Risks by unit".to_owned(),
            columns: columns(),
            title: 1,
            rows,
            foot: Some(foot),
            wide: true,
            ..TableView::default()
        }))
    }
}

pub(super) fn empties() -> Markup {
    let first = EmptyView {
        title: "No risks yet".to_owned(),
        text: Sentence::new(
            "A risk is something that may happen and would harm the organisation: how often, how much, who answers for it and what is done about it.",
        ),
        acts: vec![
            ButtonView::link("Add risk", "/risks/new").main(),
            ButtonView::link("Start from scenarios", "/scenarios"),
        ],
        example: Some(Sentence::new(
            "Example: ransomware stops the laboratory for four days; once in five years, 0.9 to 4 M EUR each time.",
        )),
    };
    let filtered = EmptyView {
        title: "No risk matches".to_owned(),
        text: Sentence::new("48 risks are outside this filter. ").link("Clear the filter", "/design"),
        ..EmptyView::default()
    };
    html! {
        div.stack {
            (empty(&first))
            (table(&TableView {
                caption: "Filtered risks".to_owned(),
                columns: columns(),
                title: 1,
                empty: filtered,
                ..TableView::default()
            }))
        }
    }
}
