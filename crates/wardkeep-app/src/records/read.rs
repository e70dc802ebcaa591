//! Showing records: lists, one record, history, neighbours.

use super::sentence::field_label;
use super::{
    Ask, FieldView, Label, Labels, ListView, MoveView, NeighbourView, RecordView, ShortRecord, ValueView,
};
use crate::{App, Ctx, Error, Organisation, Refusal};
use serde_json::Value as Json;
use wardkeep_register::{Field, GuardContext, Kind, Schema, Stored, Value, Verb};
use wardkeep_rights::{Resource, decide, scope};
use wardkeep_store::HeadRow;
use wardkeep_types::{Id, Reference};

impl App {
    /// A page of a list.
    pub async fn list(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &Schema,
        ask: Ask,
    ) -> Result<ListView, Error> {
        let query = self.list_query(ctx, organisation, schema, &ask).await?;
        let page = self.db.list(&query).await?;
        let count = match (query.known_at, &page.next, &page.previous, &ask.text) {
            (Some(_), ..) => wardkeep_store::Count::Exact(page.rows.len() as u64),
            (None, None, None, None) => wardkeep_store::Count::Exact(page.rows.len() as u64),
            // Words find the newest that fit, in one look; nobody needs to know how many thousand more there are.
            (None, _, _, Some(_)) if page.rows.len() as u64 >= query.limit => {
                wardkeep_store::Count::Over(query.limit)
            }
            (None, _, _, Some(_)) => wardkeep_store::Count::Exact(page.rows.len() as u64),
            _ => self.db.count(&query).await?,
        };
        let columns = columns(schema, organisation.custom(schema.key), &ask);
        let mut rows = page.rows;
        if columns.iter().any(|c| matches!(c.kind, Kind::Links(_))) {
            self.fill_links(schema, &mut rows, query.known_at).await?;
        }
        let index = |field: &Field| schema.field(field.name).map(|(i, _)| i);
        let linked = columns.iter().filter_map(index).flat_map(|i| rows.iter().map(move |r| (i, r)));
        let ids: Vec<Id> = linked.flat_map(|(i, r)| r.row.values[i].links().to_vec()).collect();
        let labels = self.labels(ctx, organisation, ids).await?;
        let edits = scope(&ctx.actor, &organisation.units, Resource::of(schema), Verb::Edit);
        let may = |verb| !scope(&ctx.actor, &organisation.units, Resource::of(schema), verb).is_empty();
        let short = |stored: &Stored| {
            let head = &stored.head;
            let owner = schema.owner_index().and_then(|i| stored.row.values[i].links().first().copied());
            let target = wardkeep_rights::Target {
                unit: Some(head.unit),
                owner,
                restricted: head.restricted,
                named: true,
            };
            let trusted = edits.admits(&target);
            ShortRecord {
                id: head.id,
                reference: head.reference.to_string(),
                title: schema.title(&stored.row).to_owned(),
                unit: owned(organisation.unit(head.unit)),
                stage: head.stage.clone(),
                stage_label: stage_label(schema, &head.stage),
                restricted: head.restricted,
                version: head.version,
                changed_at: head.changed_at,
                fields: columns
                    .iter()
                    .map(|f| field_view(f, value_of(schema, stored, f), &labels, trusted))
                    .collect(),
            }
        };
        let sort = format!("{}{}", if query.sort.descending { "-" } else { "" }, query.sort.column);
        Ok(ListView {
            columns: columns.iter().map(|c| c.name.to_owned()).collect(),
            rows: rows.iter().map(short).collect(),
            count,
            sort,
            next: page.next.map(|c| c.to_string()),
            previous: page.previous.map(|c| c.to_string()),
            may_add: may(Verb::Add),
            may_export: may(Verb::Export),
            may_edit: may(Verb::Edit),
            known_at: query.known_at,
            ask,
        })
    }
    pub(crate) async fn fill_links(
        &self,
        schema: &Schema,
        rows: &mut [Stored],
        known_at: Option<i64>,
    ) -> Result<(), Error> {
        let ids: Vec<Id> = rows.iter().map(|r| r.head.id).collect();
        let mut lists = self.db.link_lists(&ids, known_at).await?;
        for stored in rows {
            for (field, value) in schema.fields.iter().zip(&mut stored.row.values) {
                if matches!(field.kind, Kind::Links(_)) {
                    *value = Value::Links(
                        lists.remove(&(stored.head.id, field.name.to_owned())).unwrap_or_default(),
                    );
                }
            }
        }
        Ok(())
    }
    /// The head of the record of that register and reference, if the actor may see it.
    pub async fn find(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &Schema,
        reference: &str,
    ) -> Result<HeadRow, Error> {
        let reference: Reference = reference.parse().map_err(|_| Refusal::NotFound)?;
        let head = self.db.head_by_reference(&reference).await?.ok_or(Refusal::NotFound)?;
        self.allowed(ctx, organisation, schema, Verb::View, &head).await?;
        Ok(head)
    }
    /// One record, as it is or as it was known at a change.
    pub async fn show(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &Schema,
        reference: &str,
        known_at: Option<i64>,
    ) -> Result<(RecordView, Stored), Error> {
        let head = self.find(ctx, organisation, schema, reference).await?;
        let custom = organisation.custom(schema.key);
        let stored = self.db.get(schema, custom, head.id, known_at).await?.ok_or(Refusal::NotFound)?;
        let ids: Vec<Id> = stored.row.values.iter().flat_map(|v| v.links().to_vec()).collect();
        let labels = self.labels(ctx, organisation, ids).await?;
        let target = self.target(ctx, &head).await?;
        let may = |verb| decide(&ctx.actor, &organisation.units, verb, Resource::of(schema), &target).is_ok();
        let may_edit = may(Verb::Edit) && known_at.is_none();
        let guard = GuardContext { now: ctx.now, actor: ctx.person() };
        let moves = schema.moves.iter().filter(|m| m.from.contains(&stored.head.stage.as_str()));
        let moves = moves.filter(|m| known_at.is_none() && (may(m.needs) || (m.second_person && may_edit)));
        let moves = moves
            .map(|m| MoveView {
                name: m.name.into(),
                label: m.label(),
                to: stage_label(schema, m.to),
                with_reason: m.with_reason,
                second_person: m.second_person,
                refused: m.allows(&stored.head.stage, &stored.row, &guard).err().map(|r| r.0),
            })
            .collect();
        let fields = schema
            .fields
            .iter()
            .chain(custom)
            .map(|f| field_view(f, value_of(schema, &stored, f), &labels, may(Verb::Edit)));
        let view = RecordView {
            register: schema.key.into(),
            id: head.id,
            reference: stored.head.reference.to_string(),
            title: schema.title(&stored.row).to_owned(),
            unit: owned(organisation.unit(stored.head.unit)),
            unit_id: stored.head.unit,
            stage: stored.head.stage.clone(),
            stage_label: stage_label(schema, &stored.head.stage),
            open: schema.is_open(&stored.head.stage),
            restricted: stored.head.restricted,
            version: stored.head.version,
            created_at: stored.head.created_at,
            changed_at: stored.head.changed_at,
            fields: fields.collect(),
            moves,
            may_edit,
            known_at,
        };
        Ok((view, stored))
    }
    /// Records that point to this one and that the actor may see.
    pub async fn used_by(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        id: Id,
    ) -> Result<Vec<NeighbourView>, Error> {
        let found = self.db.used_by(id, &self.reaches(ctx, organisation), 100).await?;
        Ok(found
            .into_iter()
            .filter_map(|n| {
                let schema = wardkeep_registers::by_key(&n.head.register)?;
                let reference = n.head.reference.to_string();
                let path = format!("/{}/{reference}", schema.path);
                let label = Label { id: n.head.id, reference, title: n.head.title, path };
                let (field, stage) =
                    (field_label(Some(schema), &n.field), stage_label(schema, &n.head.stage));
                Some(NeighbourView { field, register: schema.names.one.into(), label, stage })
            })
            .collect())
    }
}

fn columns(schema: &Schema, custom: &[Field], ask: &Ask) -> Vec<Field> {
    let all = || schema.fields.iter().chain(custom).filter(|f| !f.title);
    match &ask.columns {
        Some(names) => names.iter().filter_map(|n| all().find(|f| f.name == n)).copied().collect(),
        None => all().filter(|f| f.list).copied().collect(),
    }
}

fn value_of<'a>(schema: &Schema, stored: &'a Stored, field: &Field) -> &'a Value {
    if field.custom {
        return stored.row.custom.get(field.name).unwrap_or(&Value::Empty);
    }
    schema.field(field.name).map_or(&Value::Empty, |(i, _)| &stored.row.values[i])
}

fn owned((a, b): (&str, &str)) -> (String, String) {
    (a.to_owned(), b.to_owned())
}

pub(crate) fn stage_label(schema: &Schema, stage: &str) -> String {
    schema.stage(stage).map_or_else(|| stage.to_owned(), |s| s.label.to_owned())
}

/// An amount as people read it: `16,000 EUR`. Cents that are zero are left out.
fn amount(money: wardkeep_types::Money) -> String {
    let shown = money.to_string();
    let (figure, currency) = shown.split_once(' ').unwrap_or((&shown, ""));
    let (whole, cents) = figure.split_once('.').unwrap_or((figure, ""));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut grouped = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let cents = if cents.bytes().all(|b| b == b'0') { String::new() } else { format!(".{cents}") };
    format!("{sign}{grouped}{cents} {currency}").trim_end().to_owned()
}

pub(super) fn json_text(json: &Json, organisation: &Organisation, labels: &Labels) -> String {
    let id = |text: &str| text.parse::<Id>().ok();
    match json {
        Json::Null => String::new(),
        Json::String(text) => match id(text) {
            Some(id) if organisation.unit_names.contains_key(&id) => organisation.unit(id).1.to_owned(),
            Some(id) => labels
                .get(id)
                .map_or_else(|| "(not visible to you)".into(), |l| format!("{} {}", l.reference, l.title)),
            None => text.clone(),
        },
        Json::Array(items) => {
            items.iter().map(|i| json_text(i, organisation, labels)).collect::<Vec<_>>().join(", ")
        }
        Json::Object(object) => match (object.get("minor"), object.get("currency"), object.get("low")) {
            (Some(minor), Some(currency), _) => {
                match (minor.as_i64(), currency.as_str().and_then(|c| c.parse().ok())) {
                    (Some(minor), Some(currency)) => amount(wardkeep_types::Money::new(minor, currency)),
                    _ => json.to_string(),
                }
            }
            (_, _, Some(low)) => {
                let point =
                    |name| object.get(name).map(|j| json_text(j, organisation, labels)).unwrap_or_default();
                format!(
                    "{} to {}, most likely {}",
                    json_text(low, organisation, labels),
                    point("high"),
                    point("likely")
                )
            }
            _ => object.get("name").and_then(Json::as_str).map_or_else(|| json.to_string(), str::to_owned),
        },
        Json::Bool(b) => if *b { "yes" } else { "no" }.into(),
        other @ Json::Number(_) => other.to_string(),
    }
}

/// A field as shown; `trusted` readers see confidential ones.
pub(crate) fn field_view(field: &Field, value: &Value, labels: &Labels, trusted: bool) -> FieldView {
    let masked = field.confidential && !trusted && !value.is_empty();
    let shown = match value {
        _ if masked => ValueView::Masked,
        Value::Empty => ValueView::Empty,
        Value::Text(text) if field.kind == Kind::Markdown => ValueView::Markdown(text.clone()),
        Value::Text(text) if field.kind == Kind::Url => ValueView::Url(text.clone()),
        Value::Choice(key) => {
            let label = match field.kind {
                Kind::Choice(options) => options.iter().find(|o| o.key == key).map(|o| o.label.to_owned()),
                _ => None,
            };
            ValueView::Choice {
                key: key.clone(),
                label: label.unwrap_or_else(|| wardkeep_register::label_of(key)),
            }
        }
        Value::Link(_) | Value::Links(_) => {
            let seen: Vec<Label> = value.links().iter().filter_map(|id| labels.get(*id)).cloned().collect();
            let hidden = value.links().len() - seen.len();
            if seen.is_empty() && hidden == 0 { ValueView::Empty } else { ValueView::Links { seen, hidden } }
        }
        Value::File(file) => {
            ValueView::File { name: file.name.clone(), sha256: file.sha256.clone(), size: file.size }
        }
        Value::Estimate(_) => ValueView::Text(json_text(&value.to_json(), &Organisation::default(), labels)),
        other => ValueView::Text(other.show()),
    };
    // A program, too, learns nothing of records behind a wall, not even their ids.
    let json = match (value, &shown) {
        _ if masked => Json::Null,
        (Value::Link(_), ValueView::Links { seen, .. }) => {
            seen.first().map_or(Json::Null, |l| Json::String(l.reference.clone()))
        }
        (_, ValueView::Links { seen, .. }) => {
            seen.iter().map(|l| Json::String(l.reference.clone())).collect()
        }
        _ => value.to_json(),
    };
    FieldView {
        name: field.name.into(),
        label: field.label(),
        help: field.help.into(),
        kind: field.kind.key().into(),
        shown,
        json,
    }
}
