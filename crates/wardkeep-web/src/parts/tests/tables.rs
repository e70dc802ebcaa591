//! Tables and what stands around them.

use super::super::*;
use super::{EVIL, said, text};
use maud::html;

fn a_table() -> TableView {
    TableView {
        caption: "Risks".to_owned(),
        columns: vec![
            ColumnView {
                label: "Risk".to_owned(),
                sort: Some(SortView { href: "?sort=name".to_owned(), order: Some(Direction::Up) }),
                ..ColumnView::default()
            },
            ColumnView {
                label: "Loss".to_owned(),
                unit: Some("k EUR".to_owned()),
                align: Align::Number,
                sort: None,
            },
        ],
        rows: vec![RowView {
            key: "RSK-0001".to_owned(),
            name: "Fire".to_owned(),
            href: Some("/risks/RSK-0001".to_owned()),
            cells: vec![Value::text("Fire").into(), Value::number("12").into()],
            ..RowView::default()
        }],
        ..TableView::default()
    }
}

#[test]
fn tables_have_scopes_sort_and_row_links() {
    let out = text(table(&a_table()));
    assert!(out.contains("<caption class=\"sr\">Risks</caption>"), "{out}");
    assert_eq!(out.matches("scope=\"col\"").count(), 2);
    assert!(out.contains("scope=\"row\""));
    assert!(out.contains("aria-sort=\"ascending\"") && out.contains("href=\"?sort=name\""));
    assert!(out.contains("<a href=\"/risks/RSK-0001\">Fire</a>"), "{out}");
    assert!(out.contains("class=\"num\" data-label=\"Loss\""), "{out}");
    assert!(!out.contains("<form"), "no form without selection");
}

#[test]
fn selection_posts_keys_and_an_empty_table_teaches() {
    let select = SelectView {
        action: "/bulk".to_owned(),
        fields: vec![("csrf".to_owned(), "t".to_owned())],
        verbs: vec![ButtonView::verb("Retire", "verb", "retire")],
    };
    let mut view = TableView { select: Some(select), ..a_table() };
    let out = text(table(&view));
    assert!(out.contains("<form method=\"post\" action=\"/bulk\""));
    assert!(out.contains("name=\"row\" value=\"RSK-0001\" aria-label=\"Select Fire\""), "{out}");
    assert!(out.contains("name=\"verb\" value=\"retire\""));
    view.rows.clear();
    view.empty = EmptyView {
        title: "No risks yet".to_owned(),
        acts: vec![ButtonView::link("Add risk", "/risks/new")],
        ..EmptyView::default()
    };
    let out = text(table(&view));
    assert!(
        out.contains("colspan=\"2\"") && out.contains("No risks yet") && out.contains("href=\"/risks/new\""),
        "{out}"
    );
    assert!(!out.contains("<form"));
}

#[test]
fn filters_live_in_the_address_and_pagers_say_about() {
    let view = FilterView {
        action: "/risks".to_owned(),
        subject: "Risks".to_owned(),
        search: Some(EVIL.to_owned()),
        parts: vec![FilterPart {
            before: "owned by".to_owned(),
            key: "owner".to_owned(),
            label: "Owner".to_owned(),
            control: FilterControl::Choice(vec![
                OptionView::new("", "anyone", false),
                OptionView::new("me", "me", true),
            ]),
        }],
        ..FilterView::default()
    };
    let out = text(filter(&view));
    assert!(
        out.contains("method=\"get\"")
            && out.contains("for=\"filter-owner\"")
            && out.contains("class=\"input set\""),
        "{out}"
    );
    assert!(!out.contains("<script"));
    let page = PagerView {
        shown: "1 to 50".to_owned(),
        total: Some("12,000".to_owned()),
        about: true,
        next: Some("?after=x".to_owned()),
        ..PagerView::default()
    };
    assert_eq!(said(pager(&page)), "1 to 50 of about 12,000 Next");
    assert!(text(pager(&page)).contains("rel=\"next\""));
}

#[test]
fn stats_open_and_unknown_ones_are_hatched() {
    let known = StatView {
        label: "Loss".to_owned(),
        figure: StatFigure::Known("2.9".to_owned(), Some("M EUR".to_owned())),
        href: Some("/why".to_owned()),
        why: true,
        ..StatView::default()
    };
    let out = text(stats(&[known, StatView { label: "Answers".to_owned(), ..StatView::default() }]));
    assert!(out.contains("<a href=\"/why\" data-sheet>"), "{out}");
    assert!(out.contains("class=\"unknown hatched\"") && out.contains(">unknown</span>"), "{out}");
}

#[test]
fn charts_have_their_figures_as_a_table_and_jobs_their_progress() {
    let view = ChartView {
        said: Sentence::new("It rises."),
        about: String::new(),
        drawing: html! { svg role="img" aria-label="rise" {} },
        figures: a_table(),
        source: Sentence::default(),
    };
    let out = text(chart(&view));
    assert!(
        out.contains("<figcaption>") && out.contains("<details><summary>Figures as a table</summary><table"),
        "{out}"
    );
    let out = text(job(&JobView {
        title: "Import".to_owned(),
        state: JobState::Running,
        steps: (3, Some(0)),
        ..JobView::default()
    }));
    assert!(out.contains("max=\"1\"") && out.contains("aria-label=\"Import\""), "{out}");
}
