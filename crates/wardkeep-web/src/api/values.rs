//! From the `fields` of a body to edits. Links are references; a reference that the caller may not see is as
//! unknown as one that does not exist.

use super::caller::Caller;
use super::problem::{Trouble, within_fields};
use serde_json::{Map, Value as Json};
use wardkeep_app::Refusal;
use wardkeep_app::records::{Edits, parse_edits};
use wardkeep_register::{Field, Kind, Schema, Value};
use wardkeep_types::{Id, Problem, Problems};

/// Whether the register has such a field.
pub fn is_field(caller: &Caller, schema: &Schema, name: &str) -> bool {
    declared(caller, schema, name).is_some()
}

fn declared<'a>(caller: &'a Caller, schema: &'a Schema, name: &str) -> Option<&'a Field> {
    let custom = caller.organisation.custom(schema.key);
    schema.field(name).map(|(_, field)| field).or_else(|| custom.iter().find(|f| f.name == name))
}

/// Reads the member `fields`; all faults are told at once.
pub async fn read(caller: &Caller, schema: &Schema, body: &Map<String, Json>) -> Result<Edits, Trouble> {
    let empty = Map::new();
    let sent = match body.get("fields") {
        None | Some(Json::Null) => &empty,
        Some(Json::Object(fields)) => fields,
        Some(_) => {
            return Err(
                Refusal::invalid("fields", "invalid", "fields is an object of values by field name").into()
            );
        }
    };
    let (mut edits, mut problems, mut texts) = (Edits::new(), Problems::new(), Vec::new());
    for (name, json) in sent {
        let Some(field) = declared(caller, schema, name) else {
            let message = format!("{} have no field '{name}'", schema.names.many);
            let hint = format!("GET {}/registers lists the fields", super::PREFIX);
            problems.add(Problem::new(name, "unknown_field", message).hint(hint));
            continue;
        };
        match field.kind {
            Kind::Link(_) | Kind::Links(_) => match references(json) {
                Some(text) => texts.push((name.clone(), text)),
                None => problems.add(wrong_link(field)),
            },
            // A hash alone would open files that the caller has never seen.
            Kind::File if !json.is_null() => {
                let message = format!("{} is handed in by upload on the record's page", field.label());
                problems.add(Problem::new(name, "file_by_upload", message));
            }
            Kind::File
            | Kind::Line
            | Kind::Text
            | Kind::Markdown
            | Kind::Int
            | Kind::Percent
            | Kind::Money
            | Kind::Date
            | Kind::Moment
            | Kind::Duration
            | Kind::Bool
            | Kind::Choice(_)
            | Kind::Estimate(_)
            | Kind::Url => match Value::from_json(field, json) {
                Ok(value) => {
                    edits.insert(name.clone(), value);
                }
                Err(error) => problems.add(Problem::new(name, "invalid", error.0)),
            },
        }
    }
    if !texts.is_empty() {
        let known = caller
            .app()
            .resolve(&caller.ctx, &caller.organisation, schema, std::slice::from_ref(&texts))
            .await?;
        let (linked, more) = parse_edits(schema, caller.organisation.custom(schema.key), &texts, &known);
        edits.extend(linked);
        problems.0.extend(more.0.into_iter().map(|mut problem| {
            problem.code = "unknown_ref".into();
            problem
        }));
    }
    if problems.is_empty() {
        return Ok(edits);
    }
    // Fields that do not exist stand within `fields` all the same.
    Err(Refusal::Invalid(within_fields(problems, |_| true)).into())
}

/// One reference or a list of them, as one text.
fn references(json: &Json) -> Option<String> {
    match json {
        Json::Null => Some(String::new()),
        Json::String(text) => Some(text.clone()),
        Json::Array(items) => {
            items.iter().map(Json::as_str).collect::<Option<Vec<_>>>().map(|all| all.join("|"))
        }
        _ => None,
    }
}

fn wrong_link(field: &Field) -> Problem {
    let one = matches!(field.kind, Kind::Link(_));
    let form =
        if one { "a reference such as \"PER-0001\"" } else { "a list of references such as [\"AST-0001\"]" };
    Problem::new(field.name, "invalid", format!("{} is {form}", field.label()))
}

/// The unit of that reference, as far as the caller's organisation knows it.
pub fn unit(caller: &Caller, reference: &str) -> Result<Id, Trouble> {
    let wanted = reference.trim().to_uppercase();
    let found = caller.organisation.unit_names.iter().find(|(_, (known, _))| *known == wanted);
    found.map(|(id, _)| *id).ok_or_else(|| {
        Refusal::invalid("unit", "unknown_ref", format!("there is no unit '{reference}'")).into()
    })
}
