//! Views of the use cases as JSON. What a reader may not see is not even counted here.

use super::PREFIX;
use serde_json::{Map, Value as Json, json};
use wardkeep_app::records::{
    ChangeView, FieldView, FoundView, Label, ListView, MoveView, NeighbourView, RecordView, ShortRecord,
    ValueView,
};
use wardkeep_register::Schema;
use wardkeep_store::Count;

/// The address of a record in the API.
pub fn address(schema: &Schema, reference: &str) -> String {
    format!("{PREFIX}/{}/{reference}", schema.path)
}

/// A unit by reference and name.
pub fn unit((reference, name): &(String, String)) -> Json {
    json!({ "reference": reference, "name": name })
}

/// Values by field name; and the titles of the records they point to, by reference.
fn fields(views: &[FieldView]) -> (Json, Json, Json) {
    let (mut values, mut titles, mut masked) = (Map::new(), Map::new(), Vec::new());
    for view in views {
        values.insert(view.name.clone(), view.json.clone());
        match &view.shown {
            ValueView::Links { seen, .. } => {
                titles.extend(seen.iter().map(|label| (label.reference.clone(), json!(label.title))));
            }
            ValueView::Masked => masked.push(json!(view.name)),
            _ => {}
        }
    }
    (Json::Object(values), Json::Object(titles), Json::Array(masked))
}

/// One record in full.
pub fn record(schema: &Schema, view: &RecordView) -> Json {
    let (values, titles, masked) = fields(&view.fields);
    json!({
        "id": view.id,
        "register": view.register,
        "reference": view.reference,
        "title": view.title,
        "unit": unit(&view.unit),
        "stage": view.stage,
        "stage_label": view.stage_label,
        "open": view.open,
        "restricted": view.restricted,
        "version": view.version,
        "created_at": view.created_at,
        "changed_at": view.changed_at,
        "fields": values,
        "titles": titles,
        "masked": masked,
        "moves": view.moves.iter().map(movement).collect::<Vec<_>>(),
        "may_edit": view.may_edit,
        "known_at": view.known_at,
        "self": address(schema, &view.reference),
        "page": format!("/{}/{}", schema.path, view.reference),
    })
}

fn movement(view: &MoveView) -> Json {
    json!({
        "move": view.name,
        "label": view.label,
        "to": view.to,
        "with_reason": view.with_reason,
        "second_person": view.second_person,
        "refused": view.refused,
    })
}

/// One record in short.
pub fn short(schema: &Schema, view: &ShortRecord) -> Json {
    let (values, titles, masked) = fields(&view.fields);
    json!({
        "id": view.id,
        "register": schema.key,
        "reference": view.reference,
        "title": view.title,
        "unit": unit(&view.unit),
        "stage": view.stage,
        "stage_label": view.stage_label,
        "restricted": view.restricted,
        "version": view.version,
        "changed_at": view.changed_at,
        "fields": values,
        "titles": titles,
        "masked": masked,
        "self": address(schema, &view.reference),
    })
}

/// How many there are.
pub fn count(count: Count) -> Json {
    match count {
        Count::Exact(n) => json!({ "exact": n }),
        Count::Over(n) => json!({ "over": n }),
    }
}

/// A page of a list; `page` makes the address of the page behind a cursor.
pub fn list(schema: &Schema, view: &ListView, page: impl Fn(&str) -> String) -> Json {
    json!({
        "items": view.rows.iter().map(|row| short(schema, row)).collect::<Vec<_>>(),
        "next": view.next.as_deref().map(&page),
        "previous": view.previous.as_deref().map(&page),
        "count": count(view.count),
        "sort": view.sort,
        "known_at": view.known_at,
    })
}

/// One change of a record.
pub fn change(view: &ChangeView) -> Json {
    let field = |(label, before, after): &(String, String, String)| json!({ "label": label, "before": before, "after": after });
    json!({
        "n": view.n,
        "at": view.at,
        "actor": view.actor,
        "sentence": view.sentence,
        "reason": view.why,
        "fields": view.fields.iter().map(field).collect::<Vec<_>>(),
        "version": view.version,
        "hash": view.hash,
    })
}

/// A record at the other end of a link.
pub fn neighbour(view: &NeighbourView) -> Json {
    linked(&view.field, &view.label, Some(&view.stage))
}

/// A linked record.
pub fn linked(field: &str, label: &Label, stage: Option<&str>) -> Json {
    let mut json = json!({ "field": field });
    if let (Json::Object(to), Json::Object(from)) = (&mut json, label_of(label)) {
        to.extend(from);
        if let Some(stage) = stage {
            to.insert("stage_label".into(), json!(stage));
        }
    }
    json
}

/// A record by reference and title.
pub fn label_of(label: &Label) -> Json {
    let register = label.reference.split('-').next().and_then(wardkeep_registers::by_prefix);
    json!({
        "register": register.map(|schema| schema.key),
        "reference": label.reference,
        "title": label.title,
        "self": register.map(|schema| address(schema, &label.reference)),
        "page": label.path,
    })
}

/// A record that was found.
pub fn found(view: &FoundView) -> Json {
    let mut json = label_of(&view.label);
    if let Json::Object(object) = &mut json {
        object.insert("stage_label".into(), json!(view.stage));
        object.insert("open".into(), json!(view.open));
        object.insert("unit".into(), unit(&view.unit));
    }
    json
}
