//! `/imports/{id}/columns`: which column fills which field, chosen by a person.

use super::super::errors::sentence;
use super::super::frame::Frame;
use super::super::posted::Posted;
use super::super::reader::{Reader, go};
use crate::parts::{
    Align, AnswerView, ButtonView, CellView, ColumnView, HeadView, RowView, Sentence, TableView, Tone, Value,
    Weight, answer, buttons, head, table,
};
use crate::words::{fill, words};
use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use std::collections::BTreeMap;
use wardkeep_app::exchange::{ImportHead, MappedColumn, MappingView, StageOptions};
use wardkeep_app::{App, Error, Refusal};
use wardkeep_register::{Area, Field, Kind, Schema};
use wardkeep_types::Problems;

/// `GET /imports/{id}/columns`.
pub(super) async fn show(reader: Reader, Path(id): Path<String>) -> Response {
    reader
        .answer(async { page(&reader, &super::find(&reader, &id).await?, &[], &Problems::new()).await })
        .await
}

async fn page(
    reader: &Reader,
    import: &ImportHead,
    sent: &[(String, String)],
    problems: &Problems,
) -> Result<Response, Error> {
    let view = reader.state.app.import_mapping(&reader.ctx, import).await?;
    let schema = App::schema(&import.register)?;
    let title = words("imports.columns");
    let lacks = |field: &&Field| problems.iter().any(|p| p.path == field.name);
    let missing: Vec<String> = if problems.is_empty() {
        view.missing.iter().map(Field::label).collect()
    } else {
        view.fields.iter().filter(lacks).map(Field::label).collect()
    };
    let other: Vec<_> = problems.iter().filter(|p| p.code != "missing_column").collect();
    let said = if !other.is_empty() {
        let told: Vec<String> = other.iter().map(|p| sentence(&p.message)).collect();
        AnswerView { tone: Tone::Bad, text: Sentence::new(told.join(" ")), next: Vec::new() }
    } else if missing.is_empty() {
        AnswerView { tone: Tone::Good, text: Sentence::new(words("imports.columns_fine")), next: Vec::new() }
    } else {
        let text =
            fill("imports.columns_missing", &[("one", schema.names.one), ("fields", &missing.join(", "))]);
        let tone = if problems.is_empty() { Tone::Warn } else { Tone::Bad };
        AnswerView { tone, text: Sentence::new(text), next: Vec::new() }
    };
    let place = format!("/imports/{}", import.id);
    let main = html! {
        (head(&HeadView { title: title.to_owned(), facts: vec![Value::text(import.file_name.clone())], ..HeadView::default() }))
        (answer(&said))
        form.import-form method="post" action={ (place) "/columns" } {
            @for (name, value) in reader.hidden() { input type="hidden" name=(name) value=(value); }
            (table(&columns(schema, &view, sent)))
            @if !view.missing.is_empty() { (fillings(&view, sent)) }
            div.acts { (buttons(&[
                ButtonView::submit(words("imports.columns_read")).main(),
                ButtonView::link(words("form.cancel"), super::PATH).weight(Weight::Quiet),
            ])) }
        }
    };
    let frame = Frame::new(title)
        .in_area(Area::Settings)
        .at(super::PATH)
        .back(words("imports.title"), super::PATH)
        .back(import.file_name.clone(), place)
        .crumb(title);
    Ok(reader.page(frame, main))
}

fn columns(schema: &Schema, view: &MappingView, sent: &[(String, String)]) -> TableView {
    let column = |label: &str, align| ColumnView { label: label.to_owned(), align, ..ColumnView::default() };
    let row = |(place, one): (usize, &MappedColumn)| {
        let key = format!("map.{place}");
        let known = sent.iter().find(|(name, _)| *name == key).map(|(_, value)| value.as_str());
        let chosen = known.or(one.field.as_deref()).unwrap_or_default();
        let choice = html! {
            select.input name=(key) aria-label=(fill("imports.column_means", &[("column", &one.title)])) {
                option value="" selected[chosen.is_empty()] { (words("imports.column_out")) }
                @for (name, label) in names(schema, view) {
                    option value=(name) selected[chosen == name] { (label) }
                }
            }
        };
        RowView {
            key,
            name: one.title.clone(),
            cells: vec![
                Value::text(one.title.clone()).into(),
                CellView::from(Value::Lines(one.samples.join("\n"))),
                Value::Html(choice).into(),
            ],
            ..RowView::default()
        }
    };
    TableView {
        caption: words("imports.columns").to_owned(),
        columns: vec![
            column(words("imports.column"), Align::Text),
            column(words("imports.samples"), Align::Text),
            column(words("imports.means"), Align::Text),
        ],
        rows: view.columns.iter().enumerate().map(row).collect(),
        ..TableView::default()
    }
}

/// What a column can mean, by name: what names the record first, then its fields.
fn names(schema: &Schema, view: &MappingView) -> Vec<(String, String)> {
    let mut all = vec![("reference".to_owned(), words("list.reference").to_owned())];
    // The register of units has no unit of its own to name.
    if schema.key != "unit" {
        all.push(("unit".to_owned(), words("list.unit").to_owned()));
    }
    all.push(("stage".to_owned(), words("list.stage").to_owned()));
    all.extend(view.fields.iter().map(|field| {
        let label = field.label();
        let label = if field.required { fill("imports.mandatory", &[("label", &label)]) } else { label };
        (field.name.to_owned(), label)
    }));
    all
}

/// Mandatory fields that no column holds can be the same in every new record.
fn fillings(view: &MappingView, sent: &[(String, String)]) -> Markup {
    html! {
        section.section.stack {
            h2 { (words("imports.same_title")) }
            p.quiet { (words("imports.same_text")) }
            @for field in view.missing.iter().filter(|f| f.kind.target().is_none()) {
                @let key = format!("fill.{}", field.name);
                @let value = sent.iter().find(|(name, _)| *name == key).map_or("", |(_, value)| value.as_str());
                div.field {
                    label for=(key) { (field.label()) }
                    @if let Kind::Choice(options) = field.kind {
                        select.input id=(key) name=(key) {
                            option value="" { (words("form.choose")) }
                            @for option in options { option value=(option.key) selected[option.key == value] { (option.label) } }
                        }
                    } @else { input.input.middle id=(key) name=(key) value=(value) maxlength="200"; }
                }
            }
        }
    }
}

/// `POST /imports/{id}/columns`: the file is read again with these columns.
pub(super) async fn map(Path(id): Path<String>, posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let import = super::find(reader, &id).await?;
            let view = reader.state.app.import_mapping(&reader.ctx, &import).await?;
            let mut options = StageOptions { mapping: BTreeMap::new(), fill: BTreeMap::new() };
            for (place, one) in view.columns.iter().enumerate() {
                let chosen = posted.text(&format!("map.{place}"));
                options.mapping.insert(one.title.clone(), Some(chosen.to_owned()).filter(|c| !c.is_empty()));
            }
            for field in &view.fields {
                let text = posted.text(&format!("fill.{}", field.name)).trim();
                if !text.is_empty() {
                    options.fill.insert(field.name.to_owned(), text.to_owned());
                }
            }
            match reader.state.app.restage_import(&reader.ctx, import.id, options).await {
                Ok(_) => Ok(go(format!("/imports/{}", import.id))),
                Err(Error::Refusal(Refusal::Invalid(problems))) => {
                    let mut response = page(reader, &import, &posted.pairs, &problems).await?;
                    *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
                    Ok(response)
                }
                Err(other) => Err(other),
            }
        })
        .await
}
