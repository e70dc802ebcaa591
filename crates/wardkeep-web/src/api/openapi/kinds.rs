//! Schema and example of every kind of field. Both follow [`wardkeep_register::Value::to_json`].

use super::operation::refer;
use serde_json::{Value as Json, json};
use wardkeep_register::{EstimateOf, Field, Form, Kind, Schema};
use wardkeep_types::limits;

/// The schema of a field's value; empty is null.
pub fn schema(field: &Field) -> Json {
    let mut schema = match field.kind {
        Kind::Line if field.form == Form::Email => {
            text(json!({ "format": "email", "maxLength": limits::LINE_CHARACTERS }))
        }
        Kind::Line => text(json!({ "maxLength": limits::LINE_CHARACTERS })),
        Kind::Text => text(json!({ "maxLength": limits::TEXT_BYTES })),
        Kind::Markdown => {
            text(json!({ "maxLength": limits::TEXT_BYTES, "contentMediaType": "text/markdown" }))
        }
        Kind::Int => json!({ "type": ["integer", "null"], "format": "int64" }),
        Kind::Percent => {
            json!({ "type": ["string", "number", "null"], "description": "Percent, 0 to 100; answers give text." })
        }
        Kind::Money => nullable("Money"),
        Kind::Date => text(json!({ "format": "date" })),
        Kind::Moment => text(json!({ "format": "date-time" })),
        Kind::Duration => text(json!({ "pattern": "^[0-9]+(s|m|min|h|d|w)$" })),
        Kind::Bool => json!({ "type": ["boolean", "null"] }),
        Kind::Choice(options) => {
            let keys = options.iter().map(|o| json!(o.key)).chain([Json::Null]).collect::<Vec<_>>();
            json!({ "enum": keys })
        }
        Kind::Link(register) => text(json!({ "pattern": pattern(register), "x-links-to": register })),
        Kind::Links(register) => json!({
            "type": ["array", "null"],
            "items": { "type": "string", "pattern": pattern(register) },
            "x-links-to": register
        }),
        Kind::Estimate(EstimateOf::PerYear) => nullable("EstimatePerYear"),
        Kind::Estimate(EstimateOf::Money) => nullable("EstimateMoney"),
        Kind::File => nullable("File"),
        Kind::Url => text(json!({ "format": "uri" })),
    };
    schema["title"] = json!(field.label());
    let about = match (field.help.is_empty(), field.kind) {
        (_, Kind::Choice(options)) => {
            let each = options
                .iter()
                .map(|o| format!("`{}`: {}", o.key, if o.help.is_empty() { o.label } else { o.help }));
            format!("{} {}", field.help, each.collect::<Vec<_>>().join(" "))
        }
        _ => field.help.to_owned(),
    };
    if !about.trim().is_empty() {
        schema["description"] = json!(about.trim());
    }
    if field.computed {
        schema["readOnly"] = json!(true);
    }
    if field.confidential {
        schema["x-confidential"] = json!(true);
    }
    schema
}

fn text(mut rest: Json) -> Json {
    rest["type"] = json!(["string", "null"]);
    rest
}

fn nullable(name: &str) -> Json {
    json!({ "anyOf": [refer("schemas", name), { "type": "null" }] })
}

fn pattern(register: &str) -> String {
    format!("^{}-[0-9]{{4,}}$", prefix(register))
}

fn prefix(register: &str) -> &'static str {
    wardkeep_registers::by_key(register).map_or("REC", |schema| schema.names.prefix)
}

/// A value such as a record might hold.
pub fn example(schema: &Schema, field: &Field) -> Json {
    match field.kind {
        Kind::Line if field.form == Form::Email => json!("a.demir@hospital.example"),
        Kind::Line if field.title && field.name != "value" => {
            json!(format!("An example {}", schema.names.one))
        }
        Kind::Line => json!(known_line(field.name)),
        Kind::Text | Kind::Markdown => json!("In a few words of your own."),
        Kind::Int => json!(3),
        Kind::Percent => json!("71.5%"),
        Kind::Money => json!({ "minor": 125_000, "currency": "EUR" }),
        Kind::Date => json!("2026-09-30"),
        Kind::Moment => json!("2026-07-01T08:00:00Z"),
        Kind::Duration => json!("4h"),
        Kind::Bool => json!(true),
        Kind::Choice(options) => options.first().map_or(Json::Null, |o| json!(o.key)),
        Kind::Link(register) => json!(format!("{}-0001", prefix(register))),
        Kind::Links(register) => json!([format!("{}-0001", prefix(register))]),
        Kind::Estimate(EstimateOf::PerYear) => json!({ "low": 0.2, "likely": 1.0, "high": 4.0 }),
        Kind::Estimate(EstimateOf::Money) => {
            let point = |minor: i64| json!({ "minor": minor, "currency": "EUR" });
            json!({ "low": point(5_000_000), "likely": point(20_000_000), "high": point(90_000_000) })
        }
        Kind::File => Json::Null,
        Kind::Url => json!("https://wiki.hospital.example/page"),
    }
}

/// Lines that are checked beyond their length get an example that passes.
fn known_line(name: &str) -> &'static str {
    match name {
        "time_zone" => "Europe/Berlin",
        "currency" => "EUR",
        "country" => "DE",
        "lei" => "529900T8BM49AURSDO55",
        "value" => "198.51.100[.]7",
        "csf_category" => "PR.AA",
        "urn" => "urn:example:rules",
        _ => "One line",
    }
}
