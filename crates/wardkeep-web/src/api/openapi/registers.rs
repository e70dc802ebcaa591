//! Operations and schemas of one register.

use super::kinds;
use super::operation::{Answer, Operation, Rights, refer};
use crate::api::PREFIX;
use serde_json::{Map, Value as Json, json};
use wardkeep_register::{Field, Kind, Schema, Verb};
use wardkeep_rights::Resource;

/// `BusinessService` for `business_service`.
pub fn type_name(schema: &Schema) -> String {
    let word = |w: &str| {
        let mut letters = w.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    schema.key.split('_').map(word).collect()
}

/// The schemas of a register.
pub fn schemas(schema: &Schema) -> Vec<(String, Json)> {
    let name = type_name(schema);
    let properties: Map<String, Json> =
        schema.fields.iter().map(|f| (f.name.to_owned(), kinds::schema(f))).collect();
    let required: Vec<&str> = schema
        .fields
        .iter()
        .filter(|f| f.required && !f.computed && !matches!(f.kind, Kind::File))
        .map(|f| f.name)
        .collect();
    let own = |part: &str| refer("schemas", &format!("{name}{part}"));
    let add = json!({
        "type": "object",
        "required": ["fields"],
        "properties": {
            "unit": refer("schemas", "UnitReference"),
            "fields": { "allOf": [own("Fields"), { "type": "object", "required": required }] },
            "reason": { "type": "string" }
        },
        "additionalProperties": false
    });
    let change = json!({
        "type": "object",
        "properties": {
            "version": { "type": "integer", "minimum": 1, "description": "The version that was read; or send If-Match." },
            "fields": own("Fields"),
            "unit": refer("schemas", "UnitReference"),
            "reason": { "type": "string" }
        },
        "additionalProperties": false
    });
    let moves: Vec<&str> = schema.moves.iter().map(|m| m.name).collect();
    let movement = json!({
        "type": "object",
        "required": ["move"],
        "properties": {
            "move": if moves.is_empty() { json!({ "type": "string" }) } else { json!({ "enum": dedup(moves) }) },
            "reason": { "type": "string" },
            "version": { "type": "integer", "minimum": 1 },
            "fields": own("Fields")
        },
        "additionalProperties": false
    });
    let stages: Vec<&str> = schema.stages.iter().map(|s| s.key).collect();
    let with = |base: &str| {
        json!({
            "allOf": [refer("schemas", base), {
                "type": "object",
                "properties": { "register": { "const": schema.key }, "stage": { "enum": stages }, "fields": own("Fields") }
            }]
        })
    };
    let list = json!({
        "allOf": [refer("schemas", "List"), {
            "type": "object",
            "properties": { "items": { "type": "array", "items": own("Short") } }
        }]
    });
    vec![
        (
            format!("{name}Fields"),
            json!({
                "type": "object",
                "description": "Values by field name. Fields made at run time stand here too; GET /api/v1/registers names them.",
                "properties": properties
            }),
        ),
        (format!("{name}Add"), add),
        (format!("{name}Change"), change),
        (format!("{name}Move"), movement),
        (name.clone(), with("Record")),
        (format!("{name}Short"), with("ShortRecord")),
        (format!("{name}List"), list),
    ]
}

fn dedup(mut names: Vec<&str>) -> Vec<&str> {
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(*name));
    names
}

/// The operations of a register.
pub fn operations(schema: &'static Schema) -> Vec<Operation> {
    let (one, many, name) = (schema.names.one, schema.names.many, type_name(schema));
    let (list, single) =
        (format!("{PREFIX}/{}", schema.path), format!("{PREFIX}/{}/{{reference}}", schema.path));
    let plural = type_name_many(schema);
    let resource = Resource::of(schema);
    let start = |method: &'static str, path: String, id: String, summary: String, verb: Verb| Operation {
        method,
        path,
        id,
        tag: many.to_owned(),
        summary,
        description: String::new(),
        rights: Rights::Right(resource, verb),
        parameters: Vec::new(),
        body: None,
        answers: Vec::new(),
        problems: vec![404],
    };
    let at = |p: &str| refer("parameters", p);
    let mut short = example(schema, false);
    let full = example(schema, true);
    if let Json::Object(members) = &mut short {
        members.remove("moves");
    }
    let page = json!({ "items": [short], "next": null, "previous": null, "count": { "exact": 1 }, "sort": "-changed_at", "known_at": null });
    let body_fields = fields(schema, |f| f.required || f.title);
    let change_fields = fields(schema, |f| f.title);
    let tag = |answer: Answer| answer.header("ETag", "The record's version.");
    let write = vec![400, 403, 404, 409, 413, 415, 422];
    vec![
        Operation {
            parameters: filters(schema),
            answers: vec![Answer::of(200, "A page of the list, within what you may see.", &format!("{name}List")).like(page)],
            problems: vec![404, 422],
            description: "Filters are `field=value`, `field.not`, `.empty`, `.present`, `.below`, `.from`, `.has`; several values of one filter are joined with `|`. `stage=open` and `stage=done` stand for all stages of that sort. An unknown filter is refused, so that a typing error is not a wider list.".to_owned(),
            ..start("get", list.clone(), format!("list{plural}"), format!("List {many}"), Verb::View)
        },
        Operation {
            body: Some((refer("schemas", &format!("{name}Add")), json!({ "unit": "UNI-0001", "fields": body_fields }))),
            answers: vec![
                tag(Answer::of(201, "Added.", &name).header("Location", "The record's address.")).like(full.clone()),
            ],
            problems: write.clone(),
            description: "The record begins in its first stage. Who may deliver but not read gets the reference alone.".to_owned(),
            ..start("post", list, format!("add{name}"), format!("Add a {one}"), Verb::Add)
        },
        Operation {
            parameters: vec![at("reference"), at("known_at")],
            answers: vec![tag(Answer::of(200, "The record in full.", &name)).like(full.clone())],
            problems: vec![404, 422],
            ..start("get", single.clone(), format!("get{name}"), format!("Show a {one}"), Verb::View)
        },
        Operation {
            parameters: vec![at("reference"), at("if_match")],
            body: Some((refer("schemas", &format!("{name}Change")), json!({ "version": 3, "fields": change_fields, "reason": "As agreed on Monday" }))),
            answers: vec![tag(Answer::of(200, "The record as it stands now.", &name)).like(full.clone())],
            problems: write.clone(),
            description: "Fields that are not named stay as they are; null empties one. The version that was read is mandatory: when somebody else was faster, the answer is 409 with the record as it stands and each field that differs.".to_owned(),
            ..start("patch", single.clone(), format!("change{name}"), format!("Change a {one}"), Verb::Edit)
        },
        Operation {
            parameters: vec![at("reference")],
            rights: Rights::Move(resource),
            body: Some((refer("schemas", &format!("{name}Move")), json!({ "move": schema.moves.first().map_or("", |m| m.name), "reason": "As agreed on Monday" }))),
            answers: vec![
                tag(Answer::of(200, "Moved; the record as it stands now.", &name)).like(full),
                Answer::of(202, "The move needs a second person and was asked for.", "Asked"),
            ],
            problems: write,
            description: moves_text(schema),
            ..start("post", format!("{single}/moves"), format!("move{name}"), format!("Move a {one} to another stage"), Verb::Edit)
        },
        Operation {
            parameters: vec![at("reference"), at("before")],
            answers: vec![Answer::of(200, "Changes, newest first.", "History")],
            problems: vec![404, 422],
            ..start("get", format!("{single}/history"), format!("get{name}History"), format!("History of a {one}"), Verb::View)
        },
        Operation {
            parameters: vec![at("reference")],
            answers: vec![Answer::of(200, "Records that point to this one, newest first, at most 100.", "Neighbours")],
            problems: vec![404, 422],
            ..start("get", format!("{single}/used-by"), format!("get{name}UsedBy"), format!("What uses a {one}"), Verb::View)
        },
        Operation {
            parameters: vec![at("reference")],
            answers: vec![Answer::of(200, "Records that this one points to.", "Neighbours")],
            problems: vec![404, 422],
            ..start("get", format!("{single}/links"), format!("get{name}Links"), format!("What a {one} rests on"), Verb::View)
        },
    ]
}

fn type_name_many(schema: &Schema) -> String {
    schema.path.split('-').map(|w| w[..1].to_uppercase() + &w[1..]).collect()
}

fn moves_text(schema: &Schema) -> String {
    let one = |m: &wardkeep_register::MoveSchema| {
        let mut text = format!("- `{}`: from {} to {}; needs {}", m.name, m.from.join(" or "), m.to, m.needs);
        if m.second_person {
            text.push_str(", and a second person who agrees");
        }
        if m.with_reason {
            text.push_str(", with a reason");
        }
        text
    };
    schema.moves.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn filters(schema: &Schema) -> Vec<Json> {
    let mut all: Vec<Json> = ["q", "sort", "after", "limit", "columns", "known_at", "unit", "filters"]
        .map(|p| refer("parameters", p))
        .to_vec();
    let filter = |name: &str, about: String| json!({ "name": name, "in": "query", "description": about, "schema": { "type": "string" } });
    let stages: Vec<&str> = schema.stages.iter().map(|s| s.key).collect();
    all.push(filter("stage", format!("`open`, `done`, or any of: {}.", stages.join(", "))));
    let listed = schema.fields.iter().filter(|f| f.filter);
    all.extend(listed.map(|f| filter(f.name, if f.help.is_empty() { f.label() } else { f.help.to_owned() })));
    all
}

fn fields(schema: &Schema, wanted: impl Fn(&Field) -> bool) -> Json {
    let shown = schema.fields.iter().filter(|f| wanted(f) && !f.computed && !matches!(f.kind, Kind::File));
    Json::Object(shown.map(|f| (f.name.to_owned(), kinds::example(schema, f))).collect())
}

/// A record such as an answer may hold.
fn example(schema: &Schema, full: bool) -> Json {
    let reference = format!("{}-0001", schema.names.prefix);
    let stage = schema.first_stage();
    let wanted = |f: &Field| if full { f.required || f.list || f.title } else { f.list };
    let shown = schema.fields.iter().filter(|f| wanted(f));
    let values: Map<String, Json> = shown.map(|f| (f.name.to_owned(), kinds::example(schema, f))).collect();
    let mut json = json!({
        "id": "01981a2b-3c4d-7e5f-8a9b-0c1d2e3f4a5b",
        "register": schema.key,
        "reference": reference,
        "title": format!("An example {}", schema.names.one),
        "unit": { "reference": "UNI-0001", "name": "Hospital" },
        "stage": stage.key,
        "stage_label": stage.label,
        "restricted": false,
        "version": 3,
        "changed_at": "2026-07-01T08:00:00Z",
        "fields": values,
        "titles": {},
        "masked": [],
        "self": format!("{PREFIX}/{}/{reference}", schema.path)
    });
    if full && let Json::Object(members) = &mut json {
        members.insert("open".into(), json!(schema.is_open(stage.key)));
        members.insert("created_at".into(), json!("2026-06-01T08:00:00Z"));
        members.insert("moves".into(), json!([]));
        members.insert("may_edit".into(), json!(true));
        members.insert("known_at".into(), Json::Null);
        members.insert("page".into(), json!(format!("/{}/{reference}", schema.path)));
    }
    json
}
