//! Somebody saved meanwhile: both versions side by side, field by field, and nothing is lost.

use super::super::convert::{Filled, declared, value};
use super::super::reader::Reader;
use super::frame;
use crate::parts::{
    ButtonView, HeadView, NoticeView, Sentence, Tone, VersionFieldView, VersionsView, Weight, head, notice,
    versions,
};
use crate::words::{fill, words};
use axum::http::StatusCode;
use axum::response::Response;
use maud::html;
use wardkeep_app::Error;
use wardkeep_app::records::Edits;
use wardkeep_register::{Schema, Stored, Value};

/// The page: what both changed differently, with mine proposed where they changed nothing.
pub async fn page(
    reader: &Reader,
    schema: &'static Schema,
    reference: &str,
    version: i64,
    edits: &Edits,
) -> Result<Response, Error> {
    let (app, organisation, ctx) = (&reader.state.app, &reader.organisation, &reader.ctx);
    let custom = organisation.custom(schema.key);
    let found = app.editable(ctx, organisation, schema, reference).await?;
    let base = app.at_version(ctx, organisation, schema, &found.stored, version).await?;
    let theirs = &found.stored;
    let mine = with(schema, theirs, edits);
    let labels = app.labels(ctx, organisation, links(&[&base.stored, theirs, &mine])).await?;
    let shown = |stored: &Stored, name: &str| {
        let view = app.field_of(schema, custom, stored, name, &labels);
        view.zip(declared(schema, custom, name))
            .map_or(crate::parts::Value::Empty, |(v, f)| value(&reader.taste, f, &v, false))
    };
    let read = |stored: &Stored, name: &str| stored_value(schema, stored, name);
    let mut fields = Vec::new();
    let mut touched = Edits::new();
    for (name, value) in edits {
        let (before, now) = (read(&base.stored, name), read(theirs, name));
        // What I left as it was follows them; what both made equal is settled.
        let mine_same = value == &before || (value.is_empty() && before.is_empty());
        if mine_same || value == &now || (value.is_empty() && now.is_empty()) {
            continue;
        }
        touched.insert(name.clone(), value.clone());
        let Some(field) = declared(schema, custom, name) else { continue };
        fields.push(VersionFieldView {
            key: name.clone(),
            label: field.label(),
            before: shown(&base.stored, name),
            mine: shown(&mine, name),
            theirs: shown(theirs, name),
            propose_mine: now == before,
        });
    }
    let path = format!("/{}/{reference}", schema.path);
    let mut hidden = reader.hidden();
    hidden.push(("version".to_owned(), theirs.head.version.to_string()));
    hidden.push(("fields".to_owned(), touched.keys().cloned().collect::<Vec<_>>().join(",")));
    let own = with(schema, &empty(schema, theirs), &touched);
    hidden.extend(Filled::stored(schema, custom, &own, &labels, &reader.taste).into_pairs());
    let stamp = reader.taste.moment_stamp(theirs.head.changed_at);
    let who = base.changed_by.unwrap_or_else(|| words("conflict.somebody").to_owned());
    let text = if fields.is_empty() { words("conflict.nothing_left") } else { words("conflict.choose") };
    let drop = ButtonView::link(words("conflict.drop"), path.clone()).weight(Weight::Danger);
    let view = VersionsView {
        other: who.clone(),
        acts: if fields.is_empty() {
            vec![]
        } else {
            vec![ButtonView::submit(words("conflict.save")).main(), drop]
        },
        fields,
        action: path.clone(),
        hidden,
    };
    let main = html! {
        (head(&HeadView { reference: Some(reference.to_owned()), title: schema.title(&theirs.row).to_owned(), ..HeadView::default() }))
        div.stack {
            (notice(&NoticeView {
                tone: Tone::Warn,
                title: Some(fill("conflict.title", &[("who", &who), ("one", schema.names.one), ("when", &stamp.relative)])),
                text: Sentence::new(text),
                acts: if view.fields.is_empty() { vec![ButtonView::link(words("conflict.look"), path)] } else { vec![] },
                ..NoticeView::default()
            }))
            @if !view.fields.is_empty() { (versions(&view)) }
        }
    };
    let mut response =
        reader.page(frame(schema, reference, schema.title(&theirs.row), Some(words("record.edit"))), main);
    *response.status_mut() = StatusCode::CONFLICT;
    Ok(response)
}

/// The record with those edits put in.
fn with(schema: &Schema, stored: &Stored, edits: &Edits) -> Stored {
    let mut stored = stored.clone();
    for (name, value) in edits {
        match schema.field(name) {
            Some((index, _)) => stored.row.values[index] = value.clone(),
            None => {
                stored.row.custom.insert(name.clone(), value.clone());
            }
        }
    }
    stored
}

fn empty(schema: &Schema, stored: &Stored) -> Stored {
    Stored { head: stored.head.clone(), row: schema.empty_row() }
}

fn stored_value(schema: &Schema, stored: &Stored, name: &str) -> Value {
    match schema.field(name) {
        Some((index, _)) => stored.row.values[index].clone(),
        None => stored.row.custom.get(name).cloned().unwrap_or_default(),
    }
}

fn links(all: &[&Stored]) -> Vec<wardkeep_types::Id> {
    all.iter().flat_map(|s| s.row.values.iter()).flat_map(|v| v.links().to_vec()).collect()
}
