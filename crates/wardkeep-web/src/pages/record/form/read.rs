//! What a form sent, as edits and problems.

use super::super::super::convert::texts_of;
use super::super::super::posted::Posted;
use super::super::super::reader::Reader;
use wardkeep_app::records::{Edits, Proposal, parse_edits};
use wardkeep_app::{Error, Refusal};
use wardkeep_register::{Field, Kind, Schema, Value};
use wardkeep_store::Cell;
use wardkeep_types::Problems;

pub(super) type Read = (Edits, Problems, Vec<(String, Vec<Cell>)>);

/// The edits of a form: those of the fields it showed, and files that came with it.
pub(super) async fn read(reader: &Reader, schema: &'static Schema, posted: &Posted) -> Result<Read, Error> {
    let custom = reader.organisation.custom(schema.key);
    let listed: Vec<&str> = posted.text("fields").split(',').filter(|n| !n.is_empty()).collect();
    let take = |field: &&Field| {
        let theirs = posted.text(&format!("pick.{}", field.name)) == "theirs";
        listed.contains(&field.name) && !theirs
    };
    let texts = texts_of(schema.fields.iter().chain(custom).filter(take), &posted.pairs, &reader.taste);
    let known = reader
        .state
        .app
        .resolve(&reader.ctx, &reader.organisation, schema, std::slice::from_ref(&texts))
        .await?;
    let (mut edits, problems) = parse_edits(schema, custom, &texts, &known);
    let mut extra = Vec::new();
    for file in &posted.files {
        let field =
            schema.fields.iter().find(|f| f.name == file.control && f.kind == Kind::File && !f.computed);
        if let Some(field) = field {
            edits.insert(field.name.to_owned(), Value::File(file.content.named(&file.name)));
            extra.push(file.content.statement(reader.now()));
        }
    }
    Ok((edits, problems, extra))
}

/// What the register itself finds wrong, so that everything is said at once; a field that could not be read
/// already has its error.
pub(super) async fn add_checks(
    reader: &Reader,
    proposal: &Proposal,
    problems: &mut Problems,
) -> Result<(), Error> {
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

/// Names of the records that chips of the form stand for.
pub(super) async fn names(
    reader: &Reader,
    schema: &Schema,
    pairs: &[(String, String)],
) -> Result<std::collections::HashMap<String, String>, Error> {
    let several = |name: &str| schema.field(name).is_some_and(|(_, f)| matches!(f.kind, Kind::Links(_)));
    let rows: Vec<(String, String)> = pairs.iter().filter(|(n, _)| several(n)).cloned().collect();
    if rows.is_empty() {
        return Ok(std::collections::HashMap::new());
    }
    let (app, organisation, ctx) = (&reader.state.app, &reader.organisation, &reader.ctx);
    let known = app.resolve(ctx, organisation, schema, &[rows]).await?;
    let labels = app.labels(ctx, organisation, known.values().copied()).await?;
    Ok(known
        .values()
        .filter_map(|id| labels.get(*id))
        .map(|l| (l.reference.clone(), l.title.clone()))
        .collect())
}
