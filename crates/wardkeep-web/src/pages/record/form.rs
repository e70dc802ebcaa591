//! Adding and changing a record by a form that loses nothing: errors stand at their fields, a draft survives.

use super::super::convert::{Filled, groups_of_inputs, texts_of, unit_control};
use super::super::frame::{Frame, many};
use super::super::list::register;
use super::super::posted::Posted;
use super::super::reader::{Reader, go};
use super::{conflict, frame};
use crate::parts::{ButtonView, FormView, HeadView, ProblemView, Sentence, Weight, form, head};
use crate::words::{fill, words};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use maud::html;
use wardkeep_app::records::{Edits, Proposal, parse_edits, reach_of};
use wardkeep_app::{Error, Refusal};
use wardkeep_register::{Field, Kind, Schema, Value, Verb};
use wardkeep_store::Cell;
use wardkeep_types::{Id, Problems};

/// `GET /{path}/new`; pairs of the address fill in fields.
pub async fn add(reader: Reader, Path(path): Path<String>) -> Response {
    reader
        .answer(async {
            let schema = register(&path)?;
            let units = units(&reader, schema);
            if units.is_empty() && !first_unit(&reader, schema) {
                let unit = reader.organisation.units.roots().next();
                let target = unit.map_or(wardkeep_rights::Target::INSTALLATION, |u| wardkeep_rights::Target::of(u, reader.ctx.person()));
                wardkeep_rights::decide(&reader.ctx.actor, &reader.organisation.units, Verb::Add, wardkeep_rights::Resource::of(schema), &target)?;
            }
            let mut filled = Filled::sent(&reader.pairs);
            filled.names = names(&reader, schema, &reader.pairs).await?;
            Ok(new_page(&reader, schema, &units, &filled, &Problems::new()))
        })
        .await
}

/// `POST /{path}`.
pub async fn create(Path(path): Path<String>, posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let schema = register(&path)?;
            let (app, organisation, ctx) = (&reader.state.app, &reader.organisation, &reader.ctx);
            let (edits, mut problems, extra) = read(reader, schema, &posted).await?;
            let id = posted.text("id").parse().unwrap_or_else(|_| Id::new(ctx.now));
            // Sent twice: the first time made the record, which is where the second time goes.
            if let Some(head) = app.db.head(id).await? {
                return Ok(go(format!("/{path}/{}", head.reference)));
            }
            let wanted = posted.text("unit");
            let unit = if first_unit(reader, schema) {
                Some(id)
            } else {
                organisation.unit_names.iter().find(|(_, (reference, _))| reference == wanted).map(|(id, _)| *id)
            };
            let missing = || wardkeep_types::Problem::new("unit", "required", words("form.unit_missing"));
            let Some(unit) = unit else {
                problems.add(missing());
                return refused(reader, schema, &posted, &problems).await;
            };
            let proposal = Proposal::add(schema, id, unit, edits);
            if !problems.is_empty() {
                add_checks(reader, &proposal, &mut problems).await?;
                return refused(reader, schema, &posted, &problems).await;
            }
            match app.write_batch(ctx, vec![proposal], extra).await {
                Ok(done) => {
                    let reference = done.first().map_or_else(String::new, |d| d.reference.to_string());
                    Ok(go(format!("/{path}/{reference}?flash=added")))
                }
                Err(Error::Refusal(Refusal::Invalid(problems))) => refused(reader, schema, &posted, &problems).await,
                Err(other) => Err(other),
            }
        })
        .await
}

/// `GET /{path}/{reference}/edit`.
pub async fn edit(reader: Reader, Path((path, reference)): Path<(String, String)>) -> Response {
    reader
        .answer(async {
            let schema = register(&path)?;
            let found = reader.state.app.editable(&reader.ctx, &reader.organisation, schema, &reference).await?;
            let custom = reader.organisation.custom(schema.key);
            let filled = Filled::stored(schema, custom, &found.stored, &found.labels, &reader.taste);
            let version = found.stored.head.version;
            Ok(edit_page(&reader, schema, &reference, schema.title(&found.stored.row), version, &filled, &Problems::new()))
        })
        .await
}

/// `POST /{path}/{reference}`.
pub async fn change(Path((path, reference)): Path<(String, String)>, posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let schema = register(&path)?;
            let (app, organisation, ctx) = (&reader.state.app, &reader.organisation, &reader.ctx);
            let head = app.find(ctx, organisation, schema, &reference).await?;
            let version: i64 = posted.text("version").parse().map_err(|_| Refusal::invalid("version", "required", words("form.version")))?;
            let (edits, mut problems, extra) = read(reader, schema, &posted).await?;
            let mut proposal = Proposal::change(schema, head.id, Some(version), edits).because(posted.text("why"));
            if posted.pairs.iter().any(|(n, _)| n == "unit") {
                let wanted = posted.text("unit");
                proposal.unit = organisation.unit_names.iter().find(|(_, (r, _))| r == wanted).map(|(id, _)| *id);
            }
            if head.version != version {
                return conflict::page(reader, schema, &reference, version, &proposal.edits).await;
            }
            let mut filled = Filled::sent(&posted.pairs);
            filled.names = names(reader, schema, &posted.pairs).await?;
            let again = |problems: &Problems| {
                let mut page = edit_page(reader, schema, &reference, &head.title, version, &filled, problems);
                *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
                page
            };
            if !problems.is_empty() {
                add_checks(reader, &proposal, &mut problems).await?;
                return Ok(again(&problems));
            }
            let edits = proposal.edits.clone();
            match app.write_batch(ctx, vec![proposal], extra).await {
                Ok(done) => {
                    let same = done.first().is_some_and(|d| d.change.is_none());
                    Ok(go(format!("/{path}/{reference}?flash={}", if same { "same" } else { "saved" })))
                }
                Err(Error::Refusal(Refusal::Invalid(problems))) => Ok(again(&problems)),
                Err(Error::Refusal(Refusal::Conflict(_))) => conflict::page(reader, schema, &reference, version, &edits).await,
                Err(other) => Err(other),
            }
        })
        .await
}

type Read = (Edits, Problems, Vec<(String, Vec<Cell>)>);

/// The edits of a form: those of the fields it showed, and files that came with it.
async fn read(reader: &Reader, schema: &'static Schema, posted: &Posted) -> Result<Read, Error> {
    let custom = reader.organisation.custom(schema.key);
    let listed: Vec<&str> = posted.text("fields").split(',').filter(|n| !n.is_empty()).collect();
    let take = |field: &&Field| {
        let theirs = posted.text(&format!("pick.{}", field.name)) == "theirs";
        listed.contains(&field.name) && !theirs
    };
    let texts = texts_of(schema.fields.iter().chain(custom).filter(take), &posted.pairs, &reader.taste);
    let known = reader.state.app.resolve(&reader.ctx, &reader.organisation, schema, std::slice::from_ref(&texts)).await?;
    let (mut edits, problems) = parse_edits(schema, custom, &texts, &known);
    let mut extra = Vec::new();
    for file in &posted.files {
        let field = schema.fields.iter().find(|f| f.name == file.control && f.kind == Kind::File && !f.computed);
        if let Some(field) = field {
            edits.insert(field.name.to_owned(), Value::File(file.content.named(&file.name)));
            extra.push(file.content.statement(reader.now()));
        }
    }
    Ok((edits, problems, extra))
}

/// What the register itself finds wrong, so that everything is said at once; a field that could not be read
/// already has its error.
async fn add_checks(reader: &Reader, proposal: &Proposal, problems: &mut Problems) -> Result<(), Error> {
    match reader.state.app.check(&reader.ctx, proposal).await {
        Ok(()) => {}
        Err(Error::Refusal(Refusal::Invalid(more))) => {
            let known: Vec<String> = problems.iter().map(|p| p.path.clone()).collect();
            problems.0.extend(more.0.into_iter().filter(|p| !known.contains(&p.path)));
        }
        Err(other) => return Err(other),
    }
    Ok(())
}

async fn refused(reader: &Reader, schema: &'static Schema, posted: &Posted, problems: &Problems) -> Result<Response, Error> {
    let mut filled = Filled::sent(&posted.pairs);
    filled.names = names(reader, schema, &posted.pairs).await?;
    let mut page = new_page(reader, schema, &units(reader, schema), &filled, problems);
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
}

/// Names of the records that chips of the form stand for.
async fn names(reader: &Reader, schema: &Schema, pairs: &[(String, String)]) -> Result<std::collections::HashMap<String, String>, Error> {
    let several = |name: &str| schema.field(name).is_some_and(|(_, f)| matches!(f.kind, Kind::Links(_)));
    let rows: Vec<(String, String)> = pairs.iter().filter(|(n, _)| several(n)).cloned().collect();
    if rows.is_empty() {
        return Ok(std::collections::HashMap::new());
    }
    let (app, organisation, ctx) = (&reader.state.app, &reader.organisation, &reader.ctx);
    let known = app.resolve(ctx, organisation, schema, &[rows]).await?;
    let labels = app.labels(ctx, organisation, known.values().copied()).await?;
    Ok(known.values().filter_map(|id| labels.get(*id)).map(|l| (l.reference.clone(), l.title.clone())).collect())
}

/// The very first unit stands in itself: there is no other yet.
fn first_unit(reader: &Reader, schema: &Schema) -> bool {
    schema.key == "unit" && reader.organisation.unit_names.is_empty()
}

/// Units in which the reader may add to the register, by name.
fn units(reader: &Reader, schema: &'static Schema) -> Vec<(String, String)> {
    let reach = reach_of(&reader.ctx, &reader.organisation, schema, Verb::Add);
    let all = reach.units.iter().chain(&reach.own_units).map(|id| reader.organisation.unit(*id));
    let mut all: Vec<(String, String)> = all.map(|(r, n)| (r.to_owned(), n.to_owned())).collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all.dedup();
    all
}

fn asked_fields(reader: &Reader, schema: &Schema) -> String {
    let custom = reader.organisation.custom(schema.key);
    let names: Vec<&str> = schema.fields.iter().chain(custom).filter(|f| !f.computed).map(|f| f.name).collect();
    names.join(",")
}

fn whole(schema: &Schema, reader: &Reader, problems: &Problems) -> Vec<ProblemView> {
    let custom = reader.organisation.custom(schema.key);
    let at_field = |path: &str| path == "unit" || super::super::convert::declared(schema, custom, path).is_some_and(|f| !f.computed);
    let rest = problems.iter().filter(|p| !at_field(&p.path));
    rest.map(|p| ProblemView { text: Sentence::new(super::super::errors::sentence(&p.message)), key: None }).collect()
}

fn new_page(reader: &Reader, schema: &'static Schema, units: &[(String, String)], filled: &Filled, problems: &Problems) -> Response {
    let one = schema.names.one;
    let title = fill("list.add", &[("one", one)]);
    let mut groups = groups_of_inputs(schema, reader.organisation.custom(schema.key), filled, problems, &reader.organisation, &reader.taste);
    if !first_unit(reader, schema) {
        let chosen = filled.text("unit");
        if let Some(group) = groups.first_mut() {
            let place = group.fields.iter().position(|f| f.key == schema.fields[schema.title_index()].name).map_or(0, |n| n + 1);
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
    let frame = Frame::new(title.clone()).within(schema).back(many(schema), format!("/{}", schema.path)).crumb(title);
    reader.page(frame, main)
}

fn edit_page(reader: &Reader, schema: &'static Schema, reference: &str, title: &str, version: i64, filled: &Filled, problems: &Problems) -> Response {
    let groups = groups_of_inputs(schema, reader.organisation.custom(schema.key), filled, problems, &reader.organisation, &reader.taste);
    let mut fields = reader.hidden();
    fields.extend([("version".to_owned(), version.to_string()), ("fields".to_owned(), asked_fields(reader, schema))]);
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
