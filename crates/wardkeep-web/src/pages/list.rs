//! `/{path}`: the list of a register. Every view has an address.

mod bulk;
mod columns;
mod export;
mod filters;
mod views;

pub use bulk::{apply, undo};
pub use export::export;
pub use views::{remove, save};

use super::address::Address;
use super::convert::{align, declared, stage, value};
use super::frame::{Frame, known_at, many};
use super::reader::Reader;
use crate::parts::{
    Align, ButtonView, CellView, ColumnView, Direction, EmptyView, FlashView, HeadView, LinkView, NoticeView,
    PagerView, RowView, SelectView, Sentence, SortView, TableView, Tone, Value, Weight, filter, head, notice,
    pager, table, tabs,
};
use crate::words::{fill, words};
use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::records::{Ask, ListView, ShortRecord};
use wardkeep_app::{Error, Refusal};
use wardkeep_register::{Schema, label_of};
use wardkeep_store::Count;

/// Rows that fit a table without a frame of its own to scroll in.
const NARROW: usize = 7;

/// The list, or the page of an area, or nothing.
pub async fn show(reader: Reader, Path(path): Path<String>) -> Response {
    reader
        .answer(async {
            if let Some(area) = super::area::by_key(&path) {
                return super::area::page(&reader, area).await;
            }
            let schema = register(&path)?;
            page(&reader, schema).await
        })
        .await
}

/// The register of that path.
pub fn register(path: &str) -> Result<&'static Schema, Error> {
    wardkeep_registers::by_path(path).ok_or_else(|| Refusal::NotFound.into())
}

async fn page(reader: &Reader, schema: &'static Schema) -> Result<Response, Error> {
    let (app, organisation) = (&reader.state.app, &reader.organisation);
    let custom = organisation.custom(schema.key);
    let pairs = columns::joined(&reader.pairs);
    let ask = Ask::read(schema, custom, &pairs).map_err(Refusal::Invalid)?;
    let list = app.list(&reader.ctx, organisation, schema, ask).await?;
    let views = app.saved_views(&reader.ctx, schema.key).await?;
    let address = Address::new(format!("/{}", schema.path), &pairs);
    let shown = Shown { reader, schema, list: &list, address: &address };
    let title = many(schema);
    let mut frame = Frame::new(title.clone())
        .within(schema)
        .crumb(title)
        .flash(flash(reader, schema))
        .live(list.known_at.is_none());
    if let Some(asked) = &list.ask.known_at {
        frame = frame.as_of(known_at(reader, asked), true);
    }
    Ok(reader.page(frame, shown.main(&views)))
}

/// What stands on the page of one list.
struct Shown<'a> {
    reader: &'a Reader,
    schema: &'static Schema,
    list: &'a ListView,
    address: &'a Address,
}

impl Shown<'_> {
    fn main(&self, views: &[wardkeep_app::work::SavedView]) -> Markup {
        let panel = self.reader.asked("panel");
        html! {
            (head(&self.head()))
            (tabs(&views::tabs(self.reader, self.schema, self.address, views)))
            (filter(&filters::bar(self.reader, self.schema, self.list, self.address)))
            @if panel == Some("columns") { (columns::panel(self.reader, self.schema, self.list, self.address)) }
            @if panel == Some("view") { (views::panel(self.reader, self.schema, self.address)) }
            @if self.list.ask.text.is_some() && self.list.rows.len() as u64 >= self.list.ask.limit.unwrap_or(50) { (self.newest_only()) }
            (table(&self.table()))
            (pager(&self.pager()))
        }
    }
    fn newest_only(&self) -> Markup {
        let view = NoticeView {
            text: Sentence::new(words("list.search_cut")),
            tone: Tone::Plain,
            ..NoticeView::default()
        };
        notice(&view)
    }
    fn head(&self) -> HeadView {
        let mut verbs = Vec::new();
        if self.list.may_add && self.list.known_at.is_none() {
            let label = fill("list.add", &[("one", self.schema.names.one)]);
            verbs.push(ButtonView::link(label, format!("/{}/new", self.schema.path)).main());
        }
        if super::imports::may_import(self.reader, self.schema) && self.list.known_at.is_none() {
            verbs.push(ButtonView::link(words("imports.import"), format!("/{}/import", self.schema.path)));
        }
        HeadView { title: many(self.schema), count: Some(self.total()), verbs, ..HeadView::default() }
    }
    fn total(&self) -> String {
        match self.list.count {
            Count::Exact(n) => self.reader.taste.count(n as i64),
            Count::Over(n) => fill("list.over", &[("n", &self.reader.taste.count(n as i64))]),
        }
    }
    /// The unit is a column where there are several.
    fn with_unit(&self) -> bool {
        self.reader.organisation.unit_names.len() > 1 && self.schema.key != "unit"
    }
    fn table(&self) -> TableView {
        let custom = self.reader.organisation.custom(self.schema.key);
        let fields: Vec<_> =
            self.list.columns.iter().filter_map(|name| declared(self.schema, custom, name)).collect();
        let title = &self.schema.fields[self.schema.title_index()];
        let plain = |label: String, column: &str, align| ColumnView {
            label,
            align,
            sort: self.sort(column),
            ..ColumnView::default()
        };
        let mut columns = vec![
            plain(words("list.reference").to_owned(), "reference", Align::Reference),
            plain(title.label(), title.name, Align::Text),
        ];
        columns.push(plain(words("list.stage").to_owned(), "stage", Align::Tight));
        columns.extend(fields.iter().map(|f| ColumnView {
            label: f.label(),
            align: align(f),
            sort: if f.kind.sortable() && !f.custom { self.sort(f.name) } else { None },
            ..ColumnView::default()
        }));
        if self.with_unit() {
            columns.push(ColumnView { label: words("list.unit").to_owned(), ..ColumnView::default() });
        }
        if self.list.sort.trim_start_matches('-') == "changed_at" {
            columns.push(plain(words("list.changed").to_owned(), "changed_at", Align::Tight));
        }
        TableView {
            caption: many(self.schema),
            title: 1,
            wide: columns.len() > NARROW + 2,
            rows: self.list.rows.iter().map(|row| self.row(row, &fields)).collect(),
            columns,
            select: self.select(),
            empty: self.empty(),
            ..TableView::default()
        }
    }
    fn sort(&self, column: &str) -> Option<SortView> {
        let real = if column == "reference" { "ref_number" } else { column };
        let (down, current) =
            self.list.sort.strip_prefix('-').map_or((false, self.list.sort.as_str()), |c| (true, c));
        let order = (current == real).then_some(if down { Direction::Down } else { Direction::Up });
        let next = if order == Some(Direction::Up) { format!("-{column}") } else { column.to_owned() };
        // A list found by words comes best first; an order would be thrown away.
        let known = self.list.ask.text.is_none();
        known.then(|| SortView {
            href: self.address.clone().without(&["after"]).with("sort", next).into(),
            order,
        })
    }
    fn row(&self, row: &ShortRecord, fields: &[&wardkeep_register::Field]) -> RowView {
        let (taste, open) = (&self.reader.taste, self.schema.is_open(&row.stage));
        let href = self.record(&row.reference);
        let mut cells: Vec<CellView> = vec![
            Value::Link(LinkView::new(row.reference.clone(), href.clone())).into(),
            CellView {
                value: Value::text(row.title.clone()),
                sub: row.restricted.then(|| words("list.restricted").to_owned()),
            },
            stage(self.schema, &row.stage, &row.stage_label).into(),
        ];
        cells.extend(
            fields
                .iter()
                .zip(&row.fields)
                .map(|(field, view)| CellView::from(in_cell(value(taste, field, view, open)))),
        );
        if self.with_unit() {
            cells.push(Value::text(row.unit.1.clone()).into());
        }
        if self.list.sort.trim_start_matches('-') == "changed_at" {
            cells.push(Value::Moment(taste.moment_stamp(row.changed_at)).into());
        }
        RowView {
            key: row.reference.clone(),
            name: row.title.clone(),
            edit: (self.list.may_edit && self.list.known_at.is_none())
                .then(|| format!("/{}/{}/edit", self.schema.path, row.reference)),
            href: Some(href),
            cells,
            group: None,
        }
    }
    fn record(&self, reference: &str) -> String {
        let known: Vec<(String, String)> =
            self.list.ask.known_at.iter().map(|k| ("known_at".to_owned(), k.clone())).collect();
        Address::new(format!("/{}/{reference}", self.schema.path), &known).to_string()
    }
    fn select(&self) -> Option<SelectView> {
        if !self.list.may_edit || self.list.known_at.is_some() {
            return None;
        }
        Some(SelectView {
            action: format!("/{}/bulk", self.schema.path),
            fields: self.reader.hidden(),
            verbs: bulk::verbs(self.schema),
        })
    }
    fn empty(&self) -> EmptyView {
        let (one, names) = (self.schema.names.one, self.schema.names.many);
        if !self.list.ask.filters.is_empty() || self.list.ask.text.is_some() {
            let clear =
                self.address.clone().without(&[]).pairs().iter().map(|(n, _)| n.clone()).collect::<Vec<_>>();
            let keep = clear
                .iter()
                .filter(|n| !["sort", "columns", "limit"].contains(&n.as_str()))
                .map(String::as_str)
                .collect::<Vec<_>>();
            return EmptyView {
                title: fill("list.no_match", &[("many", names)]),
                text: Sentence::new(words("list.no_match_text"))
                    .link(words("filter.clear"), self.address.clone().without(&keep)),
                ..EmptyView::default()
            };
        }
        let acts = if self.list.may_add {
            vec![
                ButtonView::link(fill("list.add", &[("one", one)]), format!("/{}/new", self.schema.path))
                    .main(),
            ]
        } else {
            Vec::new()
        };
        let acts = if super::imports::may_import(self.reader, self.schema) {
            let import = ButtonView::link(words("imports.import"), format!("/{}/import", self.schema.path));
            acts.into_iter().chain([import]).collect()
        } else {
            acts
        };
        EmptyView {
            title: fill("list.none", &[("many", names)]),
            text: Sentence::new(fill(
                "list.none_text",
                &[("many", &label_of(names)), ("area", super::extras::area_name(self.schema.names.area))],
            )),
            acts,
            example: None,
        }
    }
    fn pager(&self) -> PagerView {
        let rows = self.list.rows.len();
        let whole = self.list.next.is_none() && self.list.previous.is_none();
        let here = |after: &Option<String>| {
            after.as_ref().map(|a| self.address.clone().with("after", a.clone()).to_string())
        };
        let first = self.list.ask.after.is_none();
        let (total, about) = match self.list.count {
            Count::Exact(n) => (self.reader.taste.count(n as i64), false),
            Count::Over(n) => (self.reader.taste.count(n as i64), true),
        };
        let shown = if first && rows > 0 {
            format!("1 {} {rows}", words("list.to"))
        } else {
            fill("list.rows", &[("n", &rows.to_string())])
        };
        PagerView {
            shown: if whole { fill("list.all_rows", &[("n", &total)]) } else { shown },
            total: (!whole && self.list.known_at.is_none()).then_some(total),
            about,
            first: (!first).then(|| self.address.clone().without(&["after"]).to_string()),
            previous: here(&self.list.previous),
            next: here(&self.list.next),
        }
    }
}

/// A value as a list shows it: people and units by name alone, the lack of a figure in two words. The row's title
/// leads to the rest.
fn in_cell(value: Value) -> Value {
    match value {
        Value::Link(link) if link.reference.is_none() => Value::text(link.text),
        // Its reference stands on its own page; here the name is enough.
        Value::Link(link) => Value::Link(LinkView { reference: None, ..link }),
        Value::Links(links, more) if links.iter().all(|l| l.reference.is_none()) => {
            let names: Vec<String> = links.into_iter().map(|l| l.text).collect();
            let more = if more > 0 {
                format!(" {}", fill("value.more", &[("n", &more.to_string())]))
            } else {
                String::new()
            };
            Value::text(format!("{}{more}", names.join(", ")))
        }
        Value::Unknown(word) if word == words("value.not_worked_out") => {
            Value::Unknown(words("value.not_yet").to_owned())
        }
        other => other,
    }
}

/// What the last act did, by a key in the address: a text in the address could be anybody's.
fn flash(reader: &Reader, schema: &Schema) -> Option<FlashView> {
    let asked = reader.asked("flash")?;
    let good = |text: String| FlashView { tone: Tone::Good, text: Sentence::new(text), act: None };
    let mut parts = asked.split('.');
    match parts.next()? {
        "view_saved" => Some(good(words("flash.view_saved").to_owned())),
        "view_removed" => Some(good(words("flash.view_removed").to_owned())),
        "undone" => {
            let (done, left) = (parts.next()?.parse::<u32>().ok()?, parts.next()?.parse::<u32>().ok()?);
            let text = fill("flash.undone", &[("n", &done.to_string())]);
            let left =
                if left > 0 { fill("flash.undone_left", &[("n", &left.to_string())]) } else { String::new() };
            Some(good(format!("{text}{left}")))
        }
        "bulk" => {
            let mut number = || parts.next()?.parse::<i64>().ok();
            let (done, refused, first, last) = (number()?, number()?, number()?, number()?);
            let text = fill("flash.bulk", &[("n", &done.to_string()), ("many", schema.names.many)]);
            let refused = if refused > 0 {
                fill("flash.bulk_refused", &[("n", &refused.to_string())])
            } else {
                String::new()
            };
            let mut fields = reader.hidden();
            fields.extend([("first".to_owned(), first.to_string()), ("last".to_owned(), last.to_string())]);
            let undo = ButtonView::post(words("flash.undo"), format!("/{}/bulk/undo", schema.path), fields)
                .small()
                .weight(Weight::Plain);
            Some(FlashView { act: (done > 0).then_some(undo), ..good(format!("{text}{refused}")) })
        }
        _ => None,
    }
}
