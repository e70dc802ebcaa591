//! What operations share: words, security, parameters, schemas.

use super::operation::refer;
use crate::api::problem::CODES;
use serde_json::{Map, Value as Json, json};

/// What a reader must know before all else; Markdown.
pub const ABOUT: &str = "\
The same use cases as the pages: what a person may not see or do there, a program may not see or do here. \
What you may not see answers 404.\n\n\
**Who asks.** Send `Authorization: Bearer wardkeep_...`, or use the cookie of a session. A request by cookie that changes anything carries the session's token in `X-CSRF-Token`.\n\n\
**Values.** Empty is null. Money is `{\"minor\": 125000, \"currency\": \"EUR\"}`, an estimate `{\"low\", \"likely\", \"high\"}`; links are references such as `PER-0001`. Days are `2026-09-30`, moments are UTC. What is not for you is null and named in `masked`.\n\n\
**Versions.** Each record has a `version`, which is also its `ETag`. A change names the version that was read.\n\n\
**Problems.** Every refusal is `application/problem+json` (RFC 9457) with a stable `code`, and `problems` that say where, what and how to mend it. `instance` is the id of the request; an operator finds it in the log.\n\n\
**Limits.** A body holds at most 32 MiB, JSON is nested at most 64 deep, no object names a member twice, and unknown members are refused.";

/// Ways to say who asks.
pub fn security() -> Json {
    json!({
        "token": { "type": "http", "scheme": "bearer", "description": "A token made on your own page or with `wardkeep token`. It does at most what its scopes say." },
        "session": { "type": "apiKey", "in": "cookie", "name": "wardkeep", "description": "The session of somebody who is signed in (`__Host-wardkeep` over TLS)." }
    })
}

/// Parameters by name.
pub fn parameters() -> Json {
    let query = |name: &str, about: &str, schema: Json| json!({ "name": name, "in": "query", "description": about, "schema": schema });
    let text = || json!({ "type": "string" });
    json!({
        "reference": { "name": "reference", "in": "path", "required": true, "description": "The record's reference, such as `RSK-0042`.", "schema": { "type": "string", "pattern": "^[A-Z]{2,4}-[0-9]{4,}$" } },
        "known_at": query("known_at", "As it was known then: a moment, a day (its end) or a change number.", text()),
        "after": query("after", "Where the page begins; `next` and `previous` of an answer hold it.", text()),
        "limit": query("limit", "Rows of a page.", json!({ "type": "integer", "minimum": 1, "maximum": 200, "default": 50 })),
        "q": query("q", "Words to search for.", text()),
        "sort": query("sort", "A field, `reference`, `stage` or `changed_at`; with `-` before it largest first.", text()),
        "columns": query("columns", "Fields of the short form, joined with commas.", text()),
        "unit": query("unit", "References of units, joined with `|`.", text()),
        "filters": {
            "name": "filters", "in": "query", "style": "form", "explode": true,
            "description": "Any field as `field` or `field.op`.",
            "schema": { "type": "object", "additionalProperties": { "type": "string" } },
            "example": { "due.below": "2026-10-01" }
        },
        "before": query("before", "Changes before this number; `next` of an answer holds it.", json!({ "type": "integer", "minimum": 1 })),
        "if_match": { "name": "If-Match", "in": "header", "description": "The version that was read, such as `\"3\"`, in the place of `version`.", "schema": { "type": "string" } },
        "csrf": { "name": "X-CSRF-Token", "in": "header", "description": "With a session's cookie: the session's token.", "schema": { "type": "string" } }
    })
}

/// Schemas that belong to no register.
pub fn schemas() -> Map<String, Json> {
    let mut all = Map::new();
    let mut put = |name: &str, schema: Json| all.insert(name.to_owned(), schema);
    let codes: Vec<&str> = CODES.iter().map(|(_, code, _)| *code).collect();
    put(
        "ProblemItem",
        json!({
            "type": "object",
            "required": ["path", "code", "message", "hint"],
            "properties": {
                "path": { "type": "string", "description": "Where: `fields.owner`, `version`, `[12].period.to`." },
                "code": { "type": "string", "description": "Stable." },
                "message": { "type": "string" },
                "hint": { "type": "string", "description": "How to mend it; may be empty." }
            }
        }),
    );
    put(
        "Problem",
        json!({
            "type": "object",
            "required": ["type", "title", "status", "code", "detail", "instance", "problems"],
            "properties": {
                "type": { "type": "string", "format": "uri-reference" },
                "title": { "type": "string" },
                "status": { "type": "integer" },
                "code": { "enum": codes },
                "detail": { "type": "string" },
                "instance": { "type": "string", "format": "uri" },
                "problems": { "type": "array", "items": refer("schemas", "ProblemItem") }
            }
        }),
    );
    put(
        "Conflict",
        json!({
            "allOf": [refer("schemas", "Problem"), {
                "type": "object",
                "properties": {
                    "conflicts": {
                        "type": "array",
                        "description": "What was sent and what stands, field by field.",
                        "items": { "type": "object", "properties": { "path": { "type": "string" }, "sent": {}, "current": {} } }
                    },
                    "current": refer("schemas", "Record")
                }
            }]
        }),
    );
    put(
        "UnitReference",
        json!({ "type": "string", "pattern": "^UNI-[0-9]{4,}$", "description": "A unit's reference." }),
    );
    put("Unit", object(&[("reference", json!({ "type": "string" })), ("name", json!({ "type": "string" }))]));
    put(
        "Money",
        object(&[
            (
                "minor",
                json!({ "type": "integer", "format": "int64", "description": "Smallest units, such as cents." }),
            ),
            ("currency", json!({ "type": "string", "pattern": "^[A-Z]{3}$" })),
        ]),
    );
    put("EstimatePerYear", three(&json!({ "type": "number", "minimum": 0 }), "Times a year."));
    put("EstimateMoney", three(&refer("schemas", "Money"), "An amount each time."));
    put(
        "File",
        object(&[
            ("sha256", json!({ "type": "string" })),
            ("name", json!({ "type": "string" })),
            ("size", json!({ "type": "integer" })),
            ("media", json!({ "type": "string" })),
        ]),
    );
    put(
        "Count",
        json!({
            "description": "How many there are; counting stops where people stop caring.",
            "oneOf": [object(&[("exact", json!({ "type": "integer" }))]), object(&[("over", json!({ "type": "integer" }))])]
        }),
    );
    put(
        "Label",
        object(&[
            ("register", json!({ "type": ["string", "null"] })),
            ("reference", json!({ "type": "string" })),
            ("title", json!({ "type": "string" })),
            ("self", json!({ "type": ["string", "null"] })),
            ("page", json!({ "type": "string" })),
        ]),
    );
    records(&mut all);
    super::general::schemas(&mut all);
    all
}

fn records(all: &mut Map<String, Json>) {
    let text = || json!({ "type": "string" });
    let moment = || json!({ "type": "string", "format": "date-time" });
    let head = [
        ("id", json!({ "type": "string", "format": "uuid" })),
        ("register", text()),
        ("reference", text()),
        ("title", text()),
        ("unit", refer("schemas", "Unit")),
        ("stage", text()),
        ("stage_label", text()),
        (
            "restricted",
            json!({ "type": "boolean", "description": "Only for those on its need-to-know list." }),
        ),
        ("version", json!({ "type": "integer" })),
        ("changed_at", moment()),
        ("fields", json!({ "type": "object" })),
        (
            "titles",
            json!({ "type": "object", "description": "Titles of linked records by reference.", "additionalProperties": { "type": "string" } }),
        ),
        (
            "masked",
            json!({ "type": "array", "description": "Fields that are not for you.", "items": { "type": "string" } }),
        ),
        ("self", text()),
    ];
    let more = [
        ("open", json!({ "type": "boolean" })),
        ("created_at", moment()),
        (
            "moves",
            json!({ "type": "array", "description": "Moves that you may make or ask for.", "items": refer("schemas", "Move") }),
        ),
        ("may_edit", json!({ "type": "boolean" })),
        (
            "known_at",
            json!({ "type": ["integer", "null"], "description": "The change number as of which this is shown, if not now." }),
        ),
        ("page", text()),
    ];
    all.insert("ShortRecord".into(), object(&head));
    all.insert("Record".into(), object(&[&head[..], &more[..]].concat()));
    all.insert(
        "Move".into(),
        object(&[
            ("move", text()),
            ("label", text()),
            ("to", text()),
            ("with_reason", json!({ "type": "boolean" })),
            ("second_person", json!({ "type": "boolean" })),
            ("refused", json!({ "type": ["string", "null"], "description": "Why it cannot be made now." })),
        ]),
    );
    all.insert(
        "List".into(),
        object(&[
            ("items", json!({ "type": "array" })),
            ("next", json!({ "type": ["string", "null"], "description": "Address of the next page." })),
            ("previous", json!({ "type": ["string", "null"] })),
            ("count", refer("schemas", "Count")),
            ("sort", text()),
            ("known_at", json!({ "type": ["integer", "null"] })),
        ]),
    );
    all.insert("Change".into(), object(&[
        ("n", json!({ "type": "integer", "description": "Number in the change log." })), ("at", moment()), ("actor", text()), ("sentence", text()),
        ("reason", json!({ "type": ["string", "null"] })),
        ("fields", json!({ "type": "array", "items": object(&[("label", text()), ("before", text()), ("after", text())]) })),
        ("version", json!({ "type": "integer" })), ("hash", text()),
    ]));
    all.insert(
        "History".into(),
        object(&[
            ("items", json!({ "type": "array", "items": refer("schemas", "Change") })),
            ("next", json!({ "type": ["string", "null"] })),
        ]),
    );
    all.insert("Neighbours".into(), object(&[("items", json!({ "type": "array", "items": {
        "allOf": [refer("schemas", "Label"), { "type": "object", "properties": { "field": text(), "stage_label": text() } }]
    } }))]));
    all.insert(
        "Asked".into(),
        object(&[
            ("approval", json!({ "type": "string", "format": "uuid" })),
            ("move", text()),
            ("reference", text()),
            ("page", text()),
        ]),
    );
}

/// An object whose members are always there.
pub fn object(members: &[(&str, Json)]) -> Json {
    let names: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    let properties: Map<String, Json> =
        members.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({ "type": "object", "required": names, "properties": properties })
}

fn three(point: &Json, about: &str) -> Json {
    let mut schema = object(&[("low", point.clone()), ("likely", point.clone()), ("high", point.clone())]);
    schema["description"] = json!(about);
    schema
}
