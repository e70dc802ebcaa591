//! Acts of the change log that are about no row of a register: roles, settings, need-to-know lists.

use serde_json::json;
use wardkeep_rights::Role;
use wardkeep_store::{Act, FieldEdit, cells};
use wardkeep_types::{Id, Moment};

fn edit(field: &str, new: serde_json::Value) -> FieldEdit {
    FieldEdit { field: field.to_owned(), old: json!(null), new }
}

/// A role given to a person on a unit and everything below it.
pub(super) fn grant(id: Id, at: Moment, by: Option<Id>, person: Id, role: Role, unit: Id) -> Act {
    let sql = "INSERT INTO role_grant (id, person_id, role, unit_id, recursive, granted_at, granted_by) VALUES ($1, $2, $3, $4, 1, $5, $6)";
    Act {
        act: "grant:add".into(),
        record: Some((person, "person")),
        unit: Some(unit),
        fields: vec![edit("role", json!(role.key())), edit("unit", json!(unit))],
        why: Some("role in the sample organisation".into()),
        statements: vec![(sql.into(), cells![id, person, role.key(), unit, at, by])],
    }
}

/// The mark by which pages know that everything here is a sample.
pub(super) fn mark() -> Act {
    let sql = "INSERT INTO setting (name, value) VALUES ('sample', 'true') ON CONFLICT (name) DO UPDATE SET value = 'true'";
    Act {
        act: "setting:change".into(),
        fields: vec![edit("sample", json!(true))],
        why: Some("everything in this installation is sample data".into()),
        statements: vec![(sql.into(), vec![])],
        ..Act::default()
    }
}

/// People who may open a restricted record.
pub(super) fn name(record: Id, register: &'static str, unit: Id, people: &[Id]) -> Act {
    let sql = "INSERT INTO need_to_know (record_id, person_id) VALUES ($1, $2)";
    Act {
        act: "need_to_know:add".into(),
        record: Some((record, register)),
        unit: Some(unit),
        fields: vec![edit("people", json!(people))],
        why: None,
        statements: people.iter().map(|person| (sql.to_owned(), cells![record, *person])).collect(),
    }
}
