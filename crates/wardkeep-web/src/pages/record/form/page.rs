//! The pages on which a record is added or changed.

use super::super::super::convert::{Filled, declared, groups_of_inputs, unit_control};
use super::super::super::errors::sentence;
use super::super::super::frame::{Frame, many};
use super::super::super::reader::Reader;
use super::super::frame;
use crate::parts::{ButtonView, FormView, HeadView, ProblemView, Sentence, Weight, form, head};
use crate::words::{fill, words};
use axum::response::Response;
use maud::html;
use wardkeep_app::records::reach_of;
use wardkeep_register::{Kind, Schema, Verb};
use wardkeep_types::{Id, Problems};

/// The very first unit stands in itself: there is no other yet.
pub(super) fn first_unit(reader: &Reader, schema: &Schema) -> bool {
    schema.key == "unit" && reader.organisation.unit_names.is_empty()
}

/// Units in which the reader may add to the register, by name.
pub(super) fn units(reader: &Reader, schema: &'static Schema) -> Vec<(String, String)> {
    let reach = reach_of(&reader.ctx, &reader.organisation, schema, Verb::Add);
    let all = reach.units.iter().chain(&reach.own_units).map(|id| reader.organisation.unit(*id));
    let mut all: Vec<(String, String)> = all.map(|(r, n)| (r.to_owned(), n.to_owned())).collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all.dedup();
    all
}

fn asked_fields(reader: &Reader, schema: &Schema) -> String {
    let custom = reader.organisation.custom(schema.key);
    let names: Vec<&str> =
        schema.fields.iter().chain(custom).filter(|f| !f.computed).map(|f| f.name).collect();
    names.join(",")
}

fn whole(schema: &Schema, reader: &Reader, problems: &Problems) -> Vec<ProblemView> {
    let custom = reader.organisation.custom(schema.key);
    let at_field = |path: &str| path == "unit" || declared(schema, custom, path).is_some_and(|f| !f.computed);
    let rest = problems.iter().filter(|p| !at_field(&p.path));
    rest.map(|p| ProblemView { text: Sentence::new(sentence(&p.message)), key: None }).collect()
}

pub(super) fn new_page(
    reader: &Reader,
    schema: &'static Schema,
    units: &[(String, String)],
    filled: &Filled,
    problems: &Problems,
) -> Response {
    let one = schema.names.one;
    let title = fill("list.add", &[("one", one)]);
    let mut groups = groups_of_inputs(
        schema,
        reader.organisation.custom(schema.key),
        filled,
        problems,
        &reader.organisation,
        &reader.taste,
    );
    if !first_unit(reader, schema) {
        let chosen = filled.text("unit");
        if let Some(group) = groups.first_mut() {
            let place = group
                .fields
                .iter()
                .position(|f| f.key == schema.fields[schema.title_index()].name)
                .map_or(0, |n| n + 1);
            group.fields.insert(place, unit_control(units, &chosen, problems, one));
        }
    }
    let mut fields = reader.hidden();
    // Sending the same form twice adds one record: the id was made with the form.
    let id = filled.text("id").parse().unwrap_or_else(|_| Id::new(reader.now()));
    fields.extend([("id".to_owned(), id.to_string()), ("fields".to_owned(), asked_fields(reader, schema))]);
    let view = FormView {
        action: format!("/{}", schema.path),
        fields,
        draft: Some(format!("{}/new", schema.path)),
        files: schema.fields.iter().any(|f| f.kind == Kind::File),
        problems: whole(schema, reader, problems),
        groups,
        acts: vec![
            ButtonView::submit(title.clone()).main(),
            ButtonView::link(words("form.cancel"), format!("/{}", schema.path)).weight(Weight::Quiet),
        ],
    };
    let main = html! { (head(&HeadView { title: title.clone(), ..HeadView::default() })) (form(&view)) };
    let frame =
        Frame::new(title.clone()).within(schema).back(many(schema), format!("/{}", schema.path)).crumb(title);
    reader.page(frame, main)
}

pub(super) fn edit_page(
    reader: &Reader,
    schema: &'static Schema,
    reference: &str,
    title: &str,
    version: i64,
    filled: &Filled,
    problems: &Problems,
) -> Response {
    let groups = groups_of_inputs(
        schema,
        reader.organisation.custom(schema.key),
        filled,
        problems,
        &reader.organisation,
        &reader.taste,
    );
    let mut fields = reader.hidden();
    fields.extend([
        ("version".to_owned(), version.to_string()),
        ("fields".to_owned(), asked_fields(reader, schema)),
    ]);
    let path = format!("/{}/{reference}", schema.path);
    let view = FormView {
        action: path.clone(),
        fields,
        draft: Some(format!("{}/{reference}@{version}", schema.path)),
        files: schema.fields.iter().any(|f| f.kind == Kind::File),
        problems: whole(schema, reader, problems),
        groups,
        acts: vec![
            ButtonView::submit(fill("form.save", &[("one", schema.names.one)])).main(),
            ButtonView::link(words("form.cancel"), path).weight(Weight::Quiet),
        ],
    };
    let main = html! {
        (head(&HeadView { reference: Some(reference.to_owned()), title: title.to_owned(), ..HeadView::default() }))
        (form(&view))
    };
    reader.page(frame(schema, reference, title, Some(words("record.edit"))), main)
}
