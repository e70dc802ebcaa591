//! Adding and changing a record by a form that loses nothing: errors stand at their fields, a draft survives.

mod page;
mod read;

use super::super::convert::Filled;
use super::super::list::register;
use super::super::posted::Posted;
use super::super::reader::{Reader, go};
use super::conflict;
use crate::words::words;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use page::{edit_page, first_unit, new_page, units};
use read::{add_checks, names, read};
use wardkeep_app::records::{Proposal, reach_of};
use wardkeep_app::{Error, Refusal};
use wardkeep_register::{Schema, Verb};
use wardkeep_rights::{Resource, Target, decide};
use wardkeep_types::{Id, Problems};

/// Whether the reader may add such a record anywhere.
fn may_add(reader: &Reader, schema: &'static Schema) -> Result<(), Error> {
    let organisation = &reader.organisation;
    if !units(reader, schema).is_empty() || first_unit(reader, schema) {
        return Ok(());
    }
    let target = organisation
        .units
        .roots()
        .next()
        .map_or(Target::INSTALLATION, |unit| Target::of(unit, reader.ctx.person()));
    decide(&reader.ctx.actor, &organisation.units, Verb::Add, Resource::of(schema), &target)?;
    Ok(())
}

/// `GET /{path}/new`; pairs of the address fill in fields.
pub async fn add(reader: Reader, Path(path): Path<String>) -> Response {
    reader
        .answer(async {
            let schema = register(&path)?;
            let units = units(&reader, schema);
            may_add(&reader, schema)?;
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
            may_add(reader, schema)?;
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
                organisation
                    .unit_names
                    .iter()
                    .find(|(_, (reference, _))| reference == wanted)
                    .map(|(id, _)| *id)
            };
            let missing = || wardkeep_types::Problem::new("unit", "required", words("form.unit_missing"));
            let Some(unit) = unit else {
                // The rest is checked as if it belonged anywhere, so that everything is said at once.
                let anywhere = reach_of(ctx, organisation, schema, Verb::Add).units.first().copied();
                if let Some(unit) = anywhere {
                    add_checks(reader, &Proposal::add(schema, id, unit, edits), &mut problems).await?;
                }
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
                Err(Error::Refusal(Refusal::Invalid(problems))) => {
                    refused(reader, schema, &posted, &problems).await
                }
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
            let found =
                reader.state.app.editable(&reader.ctx, &reader.organisation, schema, &reference).await?;
            let custom = reader.organisation.custom(schema.key);
            let filled = Filled::stored(schema, custom, &found.stored, &found.labels, &reader.taste);
            let version = found.stored.head.version;
            Ok(edit_page(
                &reader,
                schema,
                &reference,
                schema.title(&found.stored.row),
                version,
                &filled,
                &Problems::new(),
            ))
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
            let version: i64 = posted
                .text("version")
                .parse()
                .map_err(|_| Refusal::invalid("version", "required", words("form.version")))?;
            let (mut edits, mut problems, extra) = read(reader, schema, &posted).await?;
            app.keep_unseen_links(ctx, organisation, schema, head.id, &mut edits).await?;
            let mut proposal =
                Proposal::change(schema, head.id, Some(version), edits).because(posted.text("why"));
            if posted.pairs.iter().any(|(n, _)| n == "unit") {
                let wanted = posted.text("unit");
                proposal.unit =
                    organisation.unit_names.iter().find(|(_, (r, _))| r == wanted).map(|(id, _)| *id);
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
                Err(Error::Refusal(Refusal::Conflict(_))) => {
                    conflict::page(reader, schema, &reference, version, &edits).await
                }
                Err(other) => Err(other),
            }
        })
        .await
}

async fn refused(
    reader: &Reader,
    schema: &'static Schema,
    posted: &Posted,
    problems: &Problems,
) -> Result<Response, Error> {
    let mut filled = Filled::sent(&posted.pairs);
    filled.names = names(reader, schema, &posted.pairs).await?;
    let mut page = new_page(reader, schema, &units(reader, schema), &filled, problems);
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
}
