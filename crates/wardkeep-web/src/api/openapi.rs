//! The description of the API (OpenAPI 3.1), made from the registers and from one list of operations. It is
//! committed as `docs/openapi.json`; a test holds both against each other and against the router.

mod general;
mod kinds;
mod operation;
mod registers;
mod risk;
mod shared;

pub use general::{OBSERVATIONS, TAG as GENERAL};
pub use operation::{Answer, Operation, Rights};
pub use shared::{ABOUT, parameters};

use super::problem::CODES;
use serde_json::{Map, Value as Json, json};
use std::sync::LazyLock;

static TEXT: LazyLock<String> = LazyLock::new(|| {
    // Maps, lists and text always have a JSON form.
    let mut text = serde_json::to_string_pretty(&document()).unwrap_or_default();
    text.push('\n');
    text
});

/// The description as text, as it is committed and served.
pub fn text() -> &'static str {
    &TEXT
}

/// Every operation: those that belong to no register, then those of each register in menu order.
pub fn operations() -> Vec<Operation> {
    let mut all = general::operations();
    for schema in wardkeep_registers::all() {
        all.extend(registers::operations(schema));
    }
    all
}

/// The whole description.
pub fn document() -> Json {
    let mut paths: Map<String, Json> = Map::new();
    for operation in operations() {
        let item = paths.entry(operation.path.clone()).or_insert_with(|| json!({}));
        if let Json::Object(item) = item {
            item.insert(operation.method.to_owned(), operation.to_json());
        }
    }
    let mut schemas = shared::schemas();
    for schema in wardkeep_registers::all() {
        schemas.extend(registers::schemas(schema));
    }
    json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Wardkeep",
            "version": "1",
            "summary": "Everything a person can do with records, for programs.",
            "description": shared::ABOUT,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" }
        },
        "servers": [{ "url": "/", "description": "This installation" }],
        "security": [{ "token": [] }, { "session": [] }],
        "tags": tags(),
        "paths": paths,
        "components": {
            "securitySchemes": shared::security(),
            "parameters": shared::parameters(),
            "responses": responses(),
            "schemas": schemas
        }
    })
}

fn tags() -> Vec<Json> {
    let mut tags = vec![
        json!({ "name": general::TAG, "description": "Who asks, what waits, search, the registers themselves." }),
        json!({ "name": general::OBSERVATIONS, "description": "Results of control tests, and what follows from them." }),
        json!({ "name": risk::TAG, "description": "The year's loss, worked out exactly, and what follows from it." }),
        json!({ "name": general::PAGES, "description": "What our own pages ask for." }),
    ];
    tags.extend(wardkeep_registers::all().iter().map(
        |schema| json!({ "name": schema.names.many, "description": format!("Area: {}.", schema.names.area) }),
    ));
    tags
}

/// One answer for each status that is a problem.
fn responses() -> Map<String, Json> {
    let mut all = Map::new();
    // A method that an address does not know is described nowhere: its answer needs no description either.
    for (status, ..) in CODES.iter().filter(|(status, ..)| *status != 405) {
        let told: Vec<String> = CODES
            .iter()
            .filter(|(s, ..)| s == status)
            .map(|(_, code, title)| format!("`{code}`: {title}"))
            .collect();
        let schema = if *status == 409 { "Conflict" } else { "Problem" };
        all.entry(operation::problem_name(*status)).or_insert_with(|| {
            json!({
                "description": told.join("; "),
                "content": { super::problem::MEDIA: { "schema": { "$ref": format!("#/components/schemas/{schema}") } } }
            })
        });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{document, operations, text};
    use serde_json::Value as Json;
    use std::collections::BTreeSet;

    /// Every `$ref` within.
    fn refs(json: &Json, found: &mut BTreeSet<String>) {
        match json {
            Json::Object(members) => {
                if let Some(Json::String(to)) = members.get("$ref") {
                    found.insert(to.clone());
                }
                members.values().for_each(|value| refs(value, found));
            }
            Json::Array(items) => items.iter().for_each(|item| refs(item, found)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_leads_somewhere_and_nothing_is_left_over() {
        let document = document();
        let mut used = BTreeSet::new();
        refs(&document, &mut used);
        for to in &used {
            let place = to.strip_prefix('#').unwrap();
            assert!(document.pointer(place).is_some(), "{to}");
        }
        for part in ["schemas", "parameters", "responses"] {
            for name in document["components"][part].as_object().unwrap().keys() {
                assert!(used.contains(&format!("#/components/{part}/{name}")), "{part}/{name} is never used");
            }
        }
    }

    #[test]
    fn operations_have_one_name_each_and_say_what_they_do() {
        let mut names = BTreeSet::new();
        for operation in operations() {
            assert!(names.insert(operation.id.clone()), "{} stands twice", operation.id);
            assert!(
                !operation.summary.is_empty() && operation.summary.ends_with(|c: char| c.is_alphanumeric()),
                "{}",
                operation.id
            );
            for name in
                operation.path.split('/').filter_map(|p| p.strip_prefix('{')).map(|p| p.trim_end_matches('}'))
            {
                let known = operation.to_json()["parameters"].to_string();
                assert!(
                    known.contains(&format!("parameters/{name}")) || known.contains(&format!("\"{name}\"")),
                    "{}: {name}",
                    operation.id
                );
            }
        }
        assert!(names.len() > 150, "{}", names.len());
    }

    #[test]
    fn the_committed_description_is_this_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(path, text()).unwrap();
        }
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        let differs = text().lines().zip(kept.lines()).find(|(a, b)| a != b);
        assert!(
            text() == kept,
            "the API changed; read the change and run with UPDATE=1. First difference: {differs:?}"
        );
    }
}
