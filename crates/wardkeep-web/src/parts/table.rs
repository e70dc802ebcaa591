//! Tables: sticky head, sort links, figures to the right, rows to select, small cards on narrow screens.

use super::{ButtonView, EmptyView, Place, Value, button, empty, show};
use crate::words::{fill, words};
use maud::{Markup, html};

/// A table.
#[derive(Debug, Clone, Default)]
pub struct TableView {
    /// What the table lists, for screen readers.
    pub caption: String,
    /// Columns, in order.
    pub columns: Vec<ColumnView>,
    /// Which column names the row; its cell is the row's header and carries its link.
    pub title: usize,
    /// Rows, in order.
    pub rows: Vec<RowView>,
    /// Totals, one cell a column.
    pub foot: Option<Vec<CellView>>,
    /// Selecting rows and acting on them.
    pub select: Option<SelectView>,
    /// What to say when there are no rows.
    pub empty: EmptyView,
    /// Scrolls sideways in a frame of its own; for more columns than fit.
    pub wide: bool,
    /// Keeps its columns on narrow screens; for two or three short columns.
    pub keep: bool,
}

/// A column.
#[derive(Debug, Clone, Default)]
pub struct ColumnView {
    /// Heading.
    pub label: String,
    /// Unit, once, in the heading: `k EUR`.
    pub unit: Option<String>,
    /// Alignment.
    pub align: Align,
    /// Sort link.
    pub sort: Option<SortView>,
}

/// How a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// Text, which may break.
    #[default]
    Text,
    /// Figures, to the right.
    Number,
    /// As narrow as it can be: badges, days.
    Tight,
    /// References.
    Reference,
}

/// The sort link of a column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SortView {
    /// Address that sorts by it, or turns the order when it is sorted by already.
    pub href: String,
    /// The order shown now.
    pub order: Option<Direction>,
}

/// Sort order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Small first.
    Up,
    /// Large first.
    Down,
}

/// A row.
#[derive(Debug, Clone, Default)]
pub struct RowView {
    /// What selecting it sends: its reference.
    pub key: String,
    /// Its name, for the label of the checkbox.
    pub name: String,
    /// Where it leads.
    pub href: Option<String>,
    /// Where it can be edited, for the key `e`.
    pub edit: Option<String>,
    /// Heading that begins a group with this row, and how many are in the group.
    pub group: Option<(String, String)>,
    /// One cell a column.
    pub cells: Vec<CellView>,
}

/// A cell.
#[derive(Debug, Clone, Default)]
pub struct CellView {
    /// What it holds.
    pub value: Value,
    /// A quiet second line.
    pub sub: Option<String>,
}

impl From<Value> for CellView {
    fn from(value: Value) -> Self {
        Self { value, sub: None }
    }
}

/// Selecting rows and acting on them.
#[derive(Debug, Clone, Default)]
pub struct SelectView {
    /// Where the form is posted; fields named `row` hold the chosen keys.
    pub action: String,
    /// Hidden fields, the csrf token among them.
    pub fields: Vec<(String, String)>,
    /// What can be done, as `ButtonView::verb`.
    pub verbs: Vec<ButtonView>,
}

/// Texts up to this many characters stay on one line: names of people and units.
const SHORT: usize = 24;

/// A table.
pub fn table(view: &TableView) -> Markup {
    let inside = html! {
        table class={ "table" @if view.keep { " keep" } } role="table" data-rows {
            caption.sr { (view.caption) }
            (heading(view))
            tbody role="rowgroup" {
                @for row in &view.rows { (body_row(view, row)) }
                @if view.rows.is_empty() {
                    tr role="row" { td.empty-cell role="cell" colspan=(width(view)) { (empty(&view.empty)) } }
                }
            }
            @if let Some(foot) = &view.foot { (foot_row(view, foot)) }
        }
    };
    let framed = html! {
        @if view.wide { div.wide tabindex="0" role="region" aria-label=(view.caption) { (inside) } } @else { (inside) }
    };
    let Some(select) = view.select.as_ref().filter(|_| !view.rows.is_empty()) else { return framed };
    html! {
        form method="post" action=(select.action) data-select {
            @for (name, value) in &select.fields { input type="hidden" name=(name) value=(value); }
            (framed)
            div.bulk role="group" aria-label=(words("table.bulk")) {
                output data-count=(words("table.selected")) { (words("table.selected_some")) }
                @for verb in &select.verbs { (button(verb)) }
                button.btn.btn-quiet type="reset" { (words("table.clear")) }
            }
        }
    }
}

fn width(view: &TableView) -> usize {
    view.columns.len() + usize::from(view.select.is_some() && !view.rows.is_empty())
}

fn heading(view: &TableView) -> Markup {
    html! {
        thead role="rowgroup" {
            tr role="row" {
                @if view.select.is_some() && !view.rows.is_empty() {
                    th.pick-cell role="columnheader" scope="col" {
                        input.pick type="checkbox" data-pick-all hidden aria-label=(words("table.select_all"));
                        span.sr { (words("table.select")) }
                    }
                }
                @for column in &view.columns { (column_head(column)) }
            }
        }
    }
}

fn column_head(column: &ColumnView) -> Markup {
    let order = column.sort.as_ref().and_then(|sort| sort.order);
    let sorted = order.map(|o| if o == Direction::Up { "ascending" } else { "descending" });
    let name = html! {
        (column.label)
        @if let Some(unit) = &column.unit { span.unit { ", " (unit) } }
    };
    html! {
        th role="columnheader" scope="col" class=[(column.align == Align::Number).then_some("num")] aria-sort=[sorted] {
            @if let Some(sort) = &column.sort {
                a href=(sort.href) {
                    (name)
                    @if let Some(order) = order {
                        span.arrow aria-hidden="true" { @if order == Direction::Up { "↑" } @else { "↓" } }
                    }
                }
            } @else { (name) }
        }
    }
}

fn body_row(view: &TableView, row: &RowView) -> Markup {
    html! {
        @if let Some((title, count)) = &row.group {
            tr.group role="row" {
                th role="rowheader" scope="rowgroup" colspan=(width(view)) { (title) " " span.count { (count) } }
            }
        }
        tr role="row" data-href=[row.href.as_deref()] data-edit=[row.edit.as_deref()] {
            @if view.select.is_some() {
                td.pick-cell role="cell" {
                    input.pick type="checkbox" name="row" value=(row.key)
                        aria-label=(fill("table.select_row", &[("name", &row.name)]));
                }
            }
            @for (n, cell) in row.cells.iter().enumerate() {
                @let column = view.columns.get(n);
                @if n == view.title {
                    th role="rowheader" scope="row" class=[is_short(&cell.value).then_some("short")] data-label=[column.map(|c| &c.label)] {
                        @match (&row.href, &cell.value) {
                            (Some(href), Value::Text(text)) => { a href=(href) { (text) } }
                            _ => { (show(&cell.value, Place::Cell)) }
                        }
                        (second_line(cell))
                    }
                } @else { (body_cell(cell, column)) }
            }
        }
    }
}

fn body_cell(cell: &CellView, column: Option<&ColumnView>) -> Markup {
    let align = match column.map_or(Align::Text, |c| c.align) {
        Align::Text => "",
        Align::Number => "num",
        Align::Tight => "tight",
        Align::Reference => "ref",
    };
    let more = match &cell.value {
        Value::Empty => " blank",
        value if is_short(value) => " short",
        _ => "",
    };
    html! {
        td role="cell" class={ (align) (more) } data-label=[column.map(|c| &c.label)] {
            span { (show(&cell.value, Place::Cell)) (second_line(cell)) }
        }
    }
}

fn is_short(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.chars().count() <= SHORT,
        Value::Link(link) => link.reference.is_none() && link.text.chars().count() <= SHORT,
        _ => false,
    }
}

fn second_line(cell: &CellView) -> Markup {
    html! { @if let Some(sub) = &cell.sub { span.sub { (sub) } } }
}

fn foot_row(view: &TableView, cells: &[CellView]) -> Markup {
    html! {
        tfoot role="rowgroup" {
            tr role="row" {
                @if view.select.is_some() && !view.rows.is_empty() { td role="cell" {} }
                @for (n, cell) in cells.iter().enumerate() {
                    @if cell.value.is_empty() { td.blank role="cell" {} } @else { (body_cell(cell, view.columns.get(n))) }
                }
            }
        }
    }
}
