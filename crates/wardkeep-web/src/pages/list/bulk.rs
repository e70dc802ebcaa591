//! One change for many records: choose a field, see what would happen, apply it, take it back.

use super::super::convert::{Filled, control, declared, texts_of, value};
use super::super::frame::{Frame, many};
use super::super::posted::Posted;
use super::super::reader::{Reader, go};
use super::register;
use crate::parts::{
    Align, ButtonView, CellView, ColumnView, FormGroupView, FormView, HeadView, LinkView, RowView, TableView,
    Value, Weight, buttons, form, head, table,
};
use crate::words::{fill, words};
use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::records::{BulkRow, Edits, Pick, parse_edits};
use wardkeep_app::{Error, Refusal};
use wardkeep_register::{Field, Kind, Schema};
use wardkeep_types::Problems;

/// Fields that stand in the bar by themselves.
const IN_BAR: usize = 3;

/// Fields that make sense for many records at once.
fn fields(schema: &Schema) -> impl Iterator<Item = &'static Field> {
    schema.fields.iter().filter(|f| {
        let long = matches!(f.kind, Kind::Text | Kind::Markdown | Kind::File);
        !f.title && !f.unique && !f.computed && !f.personal && !long
    })
}

/// What the bar below a selection offers.
pub fn verbs(schema: &Schema) -> Vec<ButtonView> {
    let rank = |f: &&Field| (f.name != "owner", !f.due, !f.filter);
    let mut all: Vec<&Field> = fields(schema).collect();
    all.sort_by_key(rank);
    let set = |f: &&Field| {
        ButtonView::verb(fill("bulk.set", &[("field", &f.label().to_lowercase())]), "field", f.name)
    };
    let mut verbs: Vec<ButtonView> = all.iter().take(IN_BAR).map(set).collect();
    if all.len() > IN_BAR {
        verbs.push(ButtonView::verb(words("bulk.other"), "field", "").weight(Weight::Quiet));
    }
    verbs
}

/// `POST /{path}/bulk`: each step carries what the steps before chose.
pub async fn apply(Path(path): Path<String>, posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let schema = register(&path)?;
            let picks: Vec<Pick> = posted.texts("row").map(pick).collect();
            let Some(field) = fields(schema).find(|f| f.name == posted.text("field")) else {
                let rows = preview(reader, schema, &picks, &Edits::new()).await?;
                return Ok(step(reader, schema, &choose(reader, schema, &rows)));
            };
            let step_name = posted.text("step");
            if step_name.is_empty() {
                let rows = preview(reader, schema, &picks, &Edits::new()).await?;
                return Ok(step(
                    reader,
                    schema,
                    &enter(reader, schema, field, &rows, &Filled::default(), &Problems::new()),
                ));
            }
            let texts = texts_of(std::iter::once(field), &posted.pairs, &reader.taste);
            let known = reader
                .state
                .app
                .resolve(&reader.ctx, &reader.organisation, schema, std::slice::from_ref(&texts))
                .await?;
            let (edits, problems) = parse_edits(schema, &[], &texts, &known);
            if !problems.is_empty() {
                let rows = preview(reader, schema, &picks, &Edits::new()).await?;
                let filled = Filled::sent(&posted.pairs);
                return Ok(step(reader, schema, &enter(reader, schema, field, &rows, &filled, &problems)));
            }
            if step_name == "preview" {
                let rows = preview(reader, schema, &picks, &edits).await?;
                return Ok(step(reader, schema, &confirm(reader, schema, field, &rows, &posted)));
            }
            let done = reader
                .state
                .app
                .bulk_apply(&reader.ctx, &reader.organisation, schema, &picks, &edits, posted.text("reason"))
                .await?;
            let (first, last) = done.changes.unwrap_or_default();
            Ok(go(format!("/{path}?flash=bulk.{}.{}.{first}.{last}", done.changed, done.refused)))
        })
        .await
}

/// `POST /{path}/bulk/undo`: takes a bulk change back.
pub async fn undo(Path(path): Path<String>, posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let schema = register(&path)?;
            let number = |name: &str| posted.text(name).parse::<i64>().map_err(|_| Refusal::NotFound);
            let (first, last) = (number("first")?, number("last")?);
            let (back, stayed) =
                reader.state.app.bulk_undo(&reader.ctx, &reader.organisation, schema, first, last).await?;
            Ok(go(format!("/{path}?flash=undone.{back}.{stayed}")))
        })
        .await
}

/// `RSK-0042@7`, or without the version at the first step.
fn pick(text: &str) -> Pick {
    match text.split_once('@') {
        Some((reference, version)) => (reference.to_owned(), version.parse().ok()),
        None => (text.to_owned(), None),
    }
}

async fn preview(
    reader: &Reader,
    schema: &'static Schema,
    picks: &[Pick],
    edits: &Edits,
) -> Result<Vec<BulkRow>, Error> {
    reader.state.app.bulk_preview(&reader.ctx, &reader.organisation, schema, picks, edits).await
}

fn step(reader: &Reader, schema: &Schema, main: &Markup) -> Response {
    let title = fill("bulk.title", &[("many", schema.names.many)]);
    let frame =
        Frame::new(title.clone()).within(schema).back(many(schema), format!("/{}", schema.path)).crumb(title);
    reader.page(frame, html! { (main) })
}

fn rows_hidden(reader: &Reader, rows: &[BulkRow]) -> Vec<(String, String)> {
    let mut hidden = reader.hidden();
    hidden.extend(rows.iter().map(|r| ("row".to_owned(), format!("{}@{}", r.label.reference, r.version))));
    hidden
}

fn chosen(schema: &Schema, rows: &[BulkRow]) -> Markup {
    let title = fill("bulk.chosen", &[("n", &rows.len().to_string()), ("many", schema.names.many)]);
    html! {
        (head(&HeadView { title, ..HeadView::default() }))
        p.quiet.section {
            @for (n, row) in rows.iter().take(12).enumerate() {
                @if n > 0 { ", " }
                a href=(row.label.path) { (row.label.reference) " " (row.label.title) }
            }
            @if rows.len() > 12 { " " (fill("value.more", &[("n", &(rows.len() - 12).to_string())])) }
        }
    }
}

fn choose(reader: &Reader, schema: &'static Schema, rows: &[BulkRow]) -> Markup {
    html! {
        (chosen(schema, rows))
        form method="post" action={ "/" (schema.path) "/bulk" } {
            @for (name, value) in rows_hidden(reader, rows) { input type="hidden" name=(name) value=(value); }
            h2 { (words("bulk.which")) }
            div.row.section { (buttons(&fields(schema).map(|f| ButtonView::verb(f.label(), "field", f.name)).collect::<Vec<_>>())) }
        }
        p { a href={ "/" (schema.path) } { (words("form.cancel")) } }
    }
}

fn enter(
    reader: &Reader,
    schema: &Schema,
    field: &Field,
    rows: &[BulkRow],
    filled: &Filled,
    problems: &Problems,
) -> Markup {
    let mut fields = rows_hidden(reader, rows);
    fields.extend([("field".to_owned(), field.name.to_owned()), ("step".to_owned(), "preview".to_owned())]);
    let mut one = control(field, filled, problems, &reader.organisation, &reader.taste);
    if !field.required {
        one.help = Some(format!("{} {}", one.help.unwrap_or_default(), words("bulk.empty_clears")));
    }
    let view = FormView {
        action: format!("/{}/bulk", schema.path),
        fields,
        groups: vec![FormGroupView { title: String::new(), fields: vec![one] }],
        acts: vec![
            ButtonView::submit(words("bulk.preview")).main(),
            ButtonView::link(words("form.cancel"), format!("/{}", schema.path)).weight(Weight::Quiet),
        ],
        ..FormView::default()
    };
    html! { (chosen(schema, rows)) (form(&view)) }
}

fn confirm(
    reader: &Reader,
    schema: &'static Schema,
    field: &Field,
    rows: &[BulkRow],
    posted: &Posted,
) -> Markup {
    let fine = rows.iter().filter(|r| r.refused.is_none() && !r.same).count();
    let column = |label: &str, align| ColumnView { label: label.to_owned(), align, ..ColumnView::default() };
    let shown = |view: &wardkeep_app::records::FieldView| {
        declared(schema, &[], field.name).map_or(Value::Empty, |f| value(&reader.taste, f, view, false))
    };
    let row = |r: &BulkRow| {
        let (before, after) =
            r.fields.first().map_or((Value::Empty, Value::Empty), |(b, a)| (shown(b), shown(a)));
        let outcome = match &r.refused {
            Some(why) => Value::text(super::super::errors::sentence(why)),
            None if r.same => Value::text(words("bulk.same")),
            None => Value::text(words("bulk.changes")),
        };
        let cells: Vec<CellView> = vec![
            Value::Link(LinkView::new(r.label.reference.clone(), r.label.path.clone())).into(),
            Value::text(r.label.title.clone()).into(),
            before.into(),
            after.into(),
            outcome.into(),
        ];
        RowView { key: r.label.reference.clone(), name: r.label.title.clone(), cells, ..RowView::default() }
    };
    let view = TableView {
        caption: words("bulk.preview").to_owned(),
        columns: vec![
            column(words("list.reference"), Align::Reference),
            column(&schema.fields[schema.title_index()].label(), Align::Text),
            column(words("versions.before"), Align::Text),
            column(words("bulk.after"), Align::Text),
            column(words("bulk.outcome"), Align::Text),
        ],
        title: 1,
        rows: rows.iter().map(row).collect(),
        ..TableView::default()
    };
    let mut hidden = rows_hidden(reader, rows);
    let passed = |name: &str| name == field.name || name.starts_with(&format!("{}.", field.name));
    hidden.extend(posted.pairs.iter().filter(|(name, _)| passed(name)).cloned());
    hidden.extend([("field".to_owned(), field.name.to_owned()), ("step".to_owned(), "apply".to_owned())]);
    let label = fill("bulk.apply", &[("n", &fine.to_string()), ("many", schema.names.many)]);
    let apply = ButtonView::submit(label).main();
    html! {
        (head(&HeadView { title: fill("bulk.set", &[("field", &field.label().to_lowercase())]), ..HeadView::default() }))
        (table(&view))
        form.form.section method="post" action={ "/" (schema.path) "/bulk" } {
            @for (name, value) in &hidden { input type="hidden" name=(name) value=(value); }
            div.field {
                label for="f-reason" { (words("form.reason_optional")) }
                input.input.full #f-reason type="text" name="reason" maxlength="200";
            }
            div.acts {
                @if fine > 0 { (buttons(std::slice::from_ref(&apply))) }
                (buttons(&[ButtonView::link(words("form.cancel"), format!("/{}", schema.path)).weight(Weight::Quiet)]))
            }
        }
    }
}
