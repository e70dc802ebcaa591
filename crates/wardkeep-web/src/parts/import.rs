//! Import preview: how many of each outcome, then row by row with the reason, refuse or take.

use super::{Align, ButtonView, CellView, ColumnView, EmptyView, RowView, TableView, Value, buttons, table};
use crate::words::{fill, words};
use maud::{Markup, html};

/// What an import would do with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Outcome {
    /// Adds a record.
    #[default]
    Add,
    /// Changes one.
    Change,
    /// Finds it as it is.
    Same,
    /// Cannot tell which record is meant, or differs from what someone changed by hand.
    Ask,
    /// Cannot be read.
    Refused,
}

impl Outcome {
    /// All, in the order of the page: what needs a person first.
    pub const ALL: [Self; 5] = [Self::Refused, Self::Ask, Self::Change, Self::Add, Self::Same];

    fn look(self) -> (&'static str, &'static str) {
        match self {
            Self::Add => ("effective", words("import.add")),
            Self::Change => ("low", words("import.change")),
            Self::Same => ("not-tested", words("import.same")),
            Self::Ask => ("degraded", words("import.ask")),
            Self::Refused => ("failing", words("import.refused")),
        }
    }
}

/// How many rows have an outcome.
#[derive(Debug, Clone, Default)]
pub struct OutcomeCount {
    /// Outcome.
    pub outcome: Outcome,
    /// How many, formatted.
    pub count: String,
    /// The preview with these rows only.
    pub href: String,
}

/// A preview.
#[derive(Debug, Clone, Default)]
pub struct ImportView {
    /// Counts.
    pub counts: Vec<OutcomeCount>,
    /// Rows of this page.
    pub rows: Vec<ImportRowView>,
    /// Where choices are posted: fields `take.<key>` hold `yes` or `no`.
    pub action: String,
    /// Hidden fields, the csrf token among them.
    pub fields: Vec<(String, String)>,
    /// Offers to take all rows or none, with a field `whole`: its words, and whether it is ticked.
    pub whole: Option<(String, bool)>,
    /// "Import 312 rows", "Cancel"; without any, nothing can be chosen.
    pub acts: Vec<ButtonView>,
}

/// A row.
#[derive(Debug, Clone, Default)]
pub struct ImportRowView {
    /// What names the row in the form.
    pub key: String,
    /// Line in the file, from 1.
    pub line: u64,
    /// What it would be called.
    pub title: String,
    /// The record it meets.
    pub reference: Option<(String, String)>,
    /// Outcome.
    pub outcome: Outcome,
    /// What is wrong with it, or to know of it, with the column; and how to mend each.
    pub reasons: Vec<(String, String)>,
    /// What it writes: field, before, after.
    pub changes: Vec<(String, String, String)>,
    /// Its place in the file leads nowhere: it is in, or left out for good.
    pub note: Option<String>,
    /// Whether it is taken; `None` when there is nothing to choose.
    pub take: Option<bool>,
}

/// The preview.
pub fn import_preview(view: &ImportView) -> Markup {
    let column = |label: &'static str, align: Align| ColumnView {
        label: label.to_owned(),
        align,
        ..ColumnView::default()
    };
    let mut columns = vec![
        column(words("import.line"), Align::Number),
        column(words("import.outcome"), Align::Tight),
        column(words("import.row"), Align::Text),
        column(words("import.meets"), Align::Reference),
        column(words("import.reason"), Align::Text),
    ];
    let choose = !view.acts.is_empty();
    if choose {
        columns.push(column(words("import.take"), Align::Tight));
    }
    let rows = TableView {
        caption: words("import.rows").to_owned(),
        columns,
        title: 2,
        rows: view.rows.iter().map(|one| row(one, choose)).collect(),
        empty: EmptyView { title: words("import.none").to_owned(), ..EmptyView::default() },
        ..TableView::default()
    };
    html! {
        dl.counts {
            @for one in &view.counts {
                @let (class, word) = one.outcome.look();
                div class=(class) { dt { (word) } dd { a.why href=(one.href) { (one.count) } } }
            }
        }
        @if choose {
            form.import-form method="post" action=(view.action) {
                @for (name, value) in &view.fields { input type="hidden" name=(name) value=(value); }
                (table(&rows))
                div.acts {
                    (buttons(&view.acts))
                    @if let Some((text, ticked)) = &view.whole {
                        label.check { input type="checkbox" name="whole" value="yes" checked[*ticked]; span { (text) } }
                    }
                }
            }
        } @else { (table(&rows)) }
    }
}

fn row(row: &ImportRowView, choose: bool) -> RowView {
    let (class, word) = row.outcome.look();
    let outcome = html! { span class={ "outcome " (class) } { (word) } };
    let meets = row
        .reference
        .as_ref()
        .map_or(Value::Empty, |(reference, href)| Value::Link(super::LinkView::new(reference, href)));
    let mut cells: Vec<CellView> = vec![
        Value::number(row.line.to_string()).into(),
        CellView { value: Value::Html(outcome), sub: row.note.clone() },
        Value::text(&row.title).into(),
        meets.into(),
        Value::Html(because(row)).into(),
    ];
    if choose {
        cells.push(row.take.map_or(Value::Empty, |take| Value::Html(choice(row, take))).into());
    }
    RowView { key: row.key.clone(), name: row.title.clone(), cells, ..RowView::default() }
}

/// Why, how to mend it, and what is written: of a new record on demand, of a change in plain sight.
fn because(row: &ImportRowView) -> Markup {
    let list = html! {
        dl.changes {
            @for (label, from, to) in &row.changes {
                div {
                    dt { (label) }
                    dd {
                        @if row.outcome != Outcome::Add {
                            @if !from.is_empty() { del { (from) } }
                            span aria-hidden="true" { " → " }
                            span.sr { " " (words("timeline.to")) " " }
                        }
                        @if to.is_empty() { span.quiet { (words("timeline.nothing")) } } @else { ins { (to) } }
                    }
                }
            }
        }
    };
    html! {
        @for (reason, remedy) in &row.reasons { p { (reason) @if !remedy.is_empty() { " " span.quiet { (remedy) } } } }
        @if row.changes.is_empty() {}
        @else if row.outcome == Outcome::Add {
            details.values { summary { (fill("import.values", &[("n", &row.changes.len().to_string())])) } (list) }
        } @else { (list) }
    }
}

fn choice(row: &ImportRowView, take: bool) -> Markup {
    let line = row.line.to_string();
    html! {
        span.choice-cell role="radiogroup" aria-label=(fill("import.choose", &[("line", &line)])) {
            @for (value, word, chosen) in [("yes", words("import.yes"), take), ("no", words("import.no"), !take)] {
                label { input type="radio" name={ "take." (row.key) } value=(value) checked[chosen]; " " (word) }
            }
        }
    }
}
