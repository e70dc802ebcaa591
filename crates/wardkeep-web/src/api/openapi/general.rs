//! Operations and schemas that belong to no register.

use super::operation::{Answer, Operation, Rights, refer};
use super::shared::object;
use crate::api::PREFIX;
use serde_json::{Map, Value as Json, json};
use wardkeep_register::Verb;
use wardkeep_rights::{Named, Resource};

/// Heading of what is general.
pub const TAG: &str = "general";
/// Heading of observations.
pub const OBSERVATIONS: &str = "observations";
/// Heading of what our pages ask for.
pub const PAGES: &str = "pages";

pub(super) fn get(path: &str, id: &str, tag: &str, summary: &str, rights: Rights) -> Operation {
    Operation {
        method: "get",
        path: format!("{PREFIX}{path}"),
        id: id.to_owned(),
        tag: tag.to_owned(),
        summary: summary.to_owned(),
        description: String::new(),
        rights,
        parameters: Vec::new(),
        body: None,
        answers: Vec::new(),
        problems: vec![404, 422],
    }
}

pub(super) fn query(name: &str, about: &str, required: bool) -> Json {
    json!({ "name": name, "in": "query", "required": required, "description": about, "schema": { "type": "string" } })
}

/// The operations, general ones first.
pub fn operations() -> Vec<Operation> {
    let mut all = basic();
    all.extend(super::risk::operations());
    all
}

fn basic() -> Vec<Operation> {
    let view = |named: Named| Rights::Right(named.into(), Verb::View);
    let at = |p: &str| refer("parameters", p);
    let in_path = |name: &str, about: &str| json!({ "name": name, "in": "path", "required": true, "description": about, "schema": { "type": "string" } });
    let sent = observation_example();
    vec![
        Operation {
            answers: vec![Answer::of(200, "Name, roles, scopes, and verbs by register.", "Me")],
            problems: vec![422],
            ..get("/me", "getMe", TAG, "Who you are and what you may do", Rights::Known)
        },
        Operation {
            answers: vec![Answer::of(200, "Own work, notices, what changed, how controls stand.", "Today")],
            ..get("/today", "getToday", TAG, "What waits for you", view(Named::Today))
        },
        Operation {
            parameters: vec![query("q", "Words, or a reference.", true), query("register", "Key of one register.", false), at("limit")],
            answers: vec![Answer::of(200, "Records that match, best first.", "Found")],
            ..get("/search", "search", TAG, "Search every register", view(Named::Search))
        },
        Operation {
            answers: vec![Answer::of(200, "Registers you may see or add to, with fields, stages and moves.", "Registers")],
            problems: vec![422],
            ..get("/registers", "listRegisters", TAG, "Describe the registers", Rights::Known)
        },
        Operation {
            answers: vec![Answer { status: 200, about: "This description.", schema: Some(json!({ "type": "object" })), example: None, headers: Vec::new() }],
            ..get("/openapi.json", "getDescription", TAG, "This description", view(Named::ApiDocs))
        },
        Operation {
            method: "post",
            description: "With the token of a log source, one record a line: JSON lines, syslog, or any text format that is read; with application/json the whole body is one piece of JSON. Packed with gzip or zstd if the sender says so in Content-Encoding. Answered only when everything is on disk. Equal bodies, or bodies with an equal Idempotency-Key, are one delivery.".to_owned(),
            body: Some((json!({ "type": "string" }), json!("<34>1 2026-02-03T04:05:06Z mx su - - - failed"))),
            answers: vec![Answer { status: 200, about: "How many records were taken, how many were cut, and whether the delivery came before.", schema: Some(json!({ "type": "object", "properties": { "accepted": { "type": "integer" }, "cut": { "type": "integer" }, "repeated": { "type": "boolean" } } })), example: None, headers: Vec::new() }],
            problems: vec![401, 404, 413, 415, 429],
            ..get("/events", "addEvents", TAG, "Deliver log records", Rights::Known)
        },
        Operation {
            parameters: vec![
                query("test", "Key of a test.", false), query("unit", "Reference of a unit.", false),
                query("from", "That speak about this moment or a later one.", false),
                query("to", "That speak about an earlier moment.", false), at("after"), at("limit"),
            ],
            answers: vec![Answer::of(200, "Newest first by the moment they speak about; without subjects.", "ObservationList")],
            ..get("/observations", "listObservations", OBSERVATIONS, "List observations", view(Named::Observation))
        },
        Operation {
            method: "post",
            rights: Rights::Right(Named::Observation.into(), Verb::Add),
            body: Some((
                json!({ "oneOf": [refer("schemas", "ObservationSent"), { "type": "array", "maxItems": 10_000, "items": refer("schemas", "ObservationSent") }] }),
                sent,
            )),
            answers: vec![
                Answer::of(201, "Kept.", "Observation").header("Location", "The observation's address."),
                Answer {
                    schema: Some(json!({ "oneOf": [refer("schemas", "Observation"), refer("schemas", "ObservationsTaken")] })),
                    ..Answer::of(200, "The same was kept before; or, for a list, what became of each.", "Observation")
                },
            ],
            problems: vec![400, 403, 404, 409, 413, 415, 422],
            description: "Sending the same again under its `idempotency_key` is harmless; something else under the same key is a conflict. Wardkeep sets the moment of recording, the result and the strength: a collector cannot claim a verdict. In a list each one is judged for itself.".to_owned(),
            ..get("/observations", "addObservations", OBSERVATIONS, "Deliver observations", Rights::Known)
        },
        Operation {
            parameters: vec![in_path("id", "The observation's id.")],
            answers: vec![Answer::of(200, "The observation with its subjects.", "Observation")],
            ..get("/observations/{id}", "getObservation", OBSERVATIONS, "Show an observation", view(Named::Observation))
        },
        Operation {
            parameters: vec![
                at("reference"), query("as_of", "The moment asked about; that of the newest result when absent.", false),
                query("known_at", "What was recorded later does not count; now when absent.", false),
            ],
            answers: vec![Answer::of(200, "State, figures and reasons, test by test.", "Why")],
            ..get("/controls/{reference}/why", "getControlWhy", OBSERVATIONS, "Why a control stands where it stands", Rights::Right(Resource::Register("control"), Verb::View))
        },
        Operation {
            parameters: vec![query("q", "What was typed.", false)],
            answers: vec![Answer::of(200, "Records, places, things to add.", "PaletteEntries")],
            problems: vec![404],
            ..get("/palette", "getPalette", PAGES, "Lines of the command palette", view(Named::Search))
        },
        Operation {
            parameters: vec![in_path("register", "Key of the register."), query("q", "What was typed.", false)],
            answers: vec![Answer::of(200, "Records of one register for a picker.", "PaletteEntries")],
            problems: vec![404],
            ..get("/pick/{register}", "pickRecord", PAGES, "Records for a picker", view(Named::Search))
        },
    ]
}

fn observation_example() -> Json {
    json!({
        "test": "mfa-console-sign-in@1",
        "unit": "UNI-0001",
        "period": { "from": "2026-06-01T00:00:00Z", "to": "2026-07-01T00:00:00Z" },
        "collected_at": "2026-07-01T00:05:12Z",
        "collector": { "name": "log-query", "version": "1.4.0" },
        "population": 412, "expected": 415, "examined": 405, "passed": 389, "failed": 16, "excepted": 0, "unknown": 0,
        "failing_subjects": ["acct:m.lopez"],
        "evidence": [],
        "idempotency_key": "mfa-2026-06"
    })
}

/// Their schemas.
pub fn schemas(all: &mut Map<String, Json>) {
    let text = || json!({ "type": "string" });
    let moment = || json!({ "type": "string", "format": "date-time" });
    let list = |items: Json| json!({ "type": "array", "items": items });
    let maybe = |name: &str| json!({ "anyOf": [refer("schemas", name), { "type": "null" }] });
    let count = || json!({ "type": ["integer", "null"], "minimum": 0 });
    all.insert("Me".into(), object(&[
        ("name", text()), ("kind", json!({ "enum": ["human", "service", "system"] })), ("person", maybe("Label")),
        ("roles", list(object(&[("role", text()), ("unit", refer("schemas", "Unit")), ("recursive", json!({ "type": "boolean" })), ("until", json!({ "type": ["string", "null"], "format": "date" }))]))),
        ("scopes", json!({ "type": ["string", "null"], "description": "Of the token used." })),
        ("may", json!({ "type": "object", "description": "Verbs by register.", "additionalProperties": { "type": "array", "items": { "type": "string" } } })),
    ]));
    let work = object(&[
        ("record", refer("schemas", "Label")),
        ("stage_label", text()),
        ("due", json!({ "type": ["string", "null"], "format": "date" })),
        ("instead_of", maybe("Label")),
    ]);
    all.insert(
        "Today".into(),
        object(&[
            ("work", list(work.clone())),
            ("more_work", json!({ "type": "boolean" })),
            ("next", json!({ "anyOf": [work, { "type": "null" }] })),
            (
                "notices",
                list(object(&[
                    ("id", text()),
                    ("at", moment()),
                    ("kind", text()),
                    ("who", text()),
                    ("record", refer("schemas", "Label")),
                ])),
            ),
            (
                "recent",
                list(object(&[
                    ("at", moment()),
                    ("who", text()),
                    ("sentence", text()),
                    ("record", refer("schemas", "Label")),
                ])),
            ),
            (
                "controls",
                json!({ "type": ["object", "null"], "description": "How many controls are in each state." }),
            ),
        ]),
    );
    all.insert("Found".into(), object(&[("items", list(json!({ "allOf": [refer("schemas", "Label"), object(&[("stage_label", text()), ("open", json!({ "type": "boolean" })), ("unit", refer("schemas", "Unit"))])] })))]));
    all.insert(
        "Registers".into(),
        object(&[(
            "items",
            list(object(&[
                ("register", text()),
                ("name", text()),
                ("plural", text()),
                ("prefix", text()),
                ("area", text()),
                ("self", text()),
                ("need_to_know", json!({ "type": "boolean" })),
                ("fields", list(json!({ "type": "object" }))),
                ("stages", list(json!({ "type": "object" }))),
                ("moves", list(json!({ "type": "object" }))),
            ])),
        )]),
    );
    observations(all);
    all.insert("Why".into(), object(&[
        ("control", json!({ "type": "object" })), ("as_of", moment()), ("known_at", moment()), ("state", text()),
        ("effect", json!({ "type": "object", "description": "Figures from 0 to 1, reasons, and the change that would lift the number most." })),
        ("tests", list(json!({ "type": "object" }))), ("hash", text()),
    ]));
    all.insert(
        "PaletteEntries".into(),
        list(object(&[
            ("label", text()),
            ("hint", text()),
            ("href", text()),
            ("kind", json!({ "enum": ["record", "go", "create"] })),
        ])),
    );
    let counts = ["population", "expected", "examined", "passed", "failed", "excepted", "unknown"];
    for name in ["Observation", "ObservationSent"] {
        if let Some(properties) = all.get_mut(name).and_then(|s| s["properties"].as_object_mut()) {
            properties.extend(counts.iter().map(|c| ((*c).to_owned(), count())));
        }
    }
}

fn observations(all: &mut Map<String, Json>) {
    let text = || json!({ "type": "string" });
    let moment = || json!({ "type": "string", "format": "date-time" });
    let period = || object(&[("from", moment()), ("to", moment())]);
    let mut shown = object(&[
        ("id", json!({ "type": "string", "format": "uuid" })),
        ("test", text()),
        ("unit", refer("schemas", "Unit")),
        ("period", period()),
        ("effective_at", moment()),
        ("recorded_at", moment()),
        ("collector", text()),
        ("query_sha256", text()),
        ("result", json!({ "enum": ["counted", "no_data", "error"] })),
        ("strength", json!({ "enum": ["attested", "sampled", "automated"] })),
        ("completeness", json!({ "type": ["string", "null"] })),
        ("note", text()),
        ("evidence", json!({ "type": "array", "items": text() })),
        ("hash", text()),
        ("voided_at", json!({ "type": ["string", "null"], "format": "date-time" })),
        ("self", text()),
    ]);
    shown["properties"]["subjects"] = json!({ "type": "array", "items": { "type": "object" } });
    all.insert("Observation".into(), shown);
    all.insert(
        "ObservationList".into(),
        object(&[
            ("items", json!({ "type": "array", "items": refer("schemas", "Observation") })),
            ("next", json!({ "type": ["string", "null"] })),
        ]),
    );
    all.insert("ObservationSent".into(), json!({
        "type": "object",
        "required": ["test", "unit", "period", "collector", "idempotency_key"],
        "properties": {
            "test": { "type": "string", "description": "Key of a test, or `key@version`." },
            "unit": refer("schemas", "UnitReference"),
            "period": period(),
            "effective_at": { "type": "string", "format": "date-time", "description": "From when its age is counted; the end of the period when absent." },
            "collected_at": moment(),
            "collector": { "anyOf": [text(), { "type": "object", "required": ["name"], "properties": { "name": text(), "version": text() } }] },
            "query_sha256": text(),
            "failing_subjects": { "type": "array", "description": "The first 1,000 are kept.", "items": text() },
            "evidence": { "type": "array", "maxItems": 1_000, "items": { "type": "string", "pattern": "^(sha256:)?[0-9a-fA-F]{64}$" } },
            "idempotency_key": { "type": "string", "maxLength": 200 },
            "note": text(),
            "error": { "type": "string", "description": "Why the run failed; then nothing is counted." },
            "statement": text(), "attester": text(), "answer": { "enum": ["yes", "partly", "no"] }
        },
        "additionalProperties": false
    }));
    all.insert("ObservationsTaken".into(), object(&[
        ("new", json!({ "type": "integer" })), ("same", json!({ "type": "integer" })), ("refused", json!({ "type": "integer" })),
        ("items", json!({ "type": "array", "items": { "type": "object", "required": ["index", "status"], "properties": {
            "index": { "type": "integer" }, "status": { "type": "integer" }, "id": text(), "self": text(), "code": text(), "detail": text(),
            "problems": { "type": "array", "items": refer("schemas", "ProblemItem") }
        } } })),
    ]));
}
