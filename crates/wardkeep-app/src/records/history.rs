//! A record's history as people read it.

use super::read::json_text;
use super::sentence::{describe, field_label, key_label};
use super::{ChangeView, Labels};
use crate::{App, Ctx, Error, Organisation};
use serde_json::Value as Json;
use wardkeep_register::{Schema, Verb};
use wardkeep_store::{ChangeRecord, FieldChange};
use wardkeep_types::Id;

/// Entries of a page of history.
const PAGE: i64 = 50;

impl App {
    /// A record's history, newest first.
    pub async fn history(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &Schema,
        reference: &str,
        before: Option<i64>,
    ) -> Result<Vec<ChangeView>, Error> {
        let head = self.find(ctx, organisation, schema, reference).await?;
        let changes = self.db.history(head.id, before, PAGE).await?;
        let trusted = self.allowed(ctx, organisation, schema, Verb::Edit, &head).await.is_ok();
        self.change_views(ctx, organisation, changes, Some(trusted)).await
    }
    /// Changes as people read them. Values of confidential fields are shown only to those who may edit.
    pub(crate) async fn change_views(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        changes: Vec<ChangeRecord>,
        trusted: Option<bool>,
    ) -> Result<Vec<ChangeView>, Error> {
        let mut ids: Vec<Id> = changes.iter().filter_map(|c| c.entry.actor).collect();
        ids.extend(changes.iter().filter_map(|c| c.entry.record));
        for field in changes.iter().flat_map(|c| &c.fields) {
            field.old.iter().chain(&field.new).for_each(|json| collect_ids(json, &mut ids));
        }
        let labels = self.labels(ctx, organisation, ids).await?;
        let reading = Reading { organisation, labels: &labels, trusted: trusted.unwrap_or(false) };
        Ok(changes.into_iter().map(|change| reading.view(change)).collect())
    }
}

/// Ids that stand in a value, alone, in a list, or in the fields of a new record.
fn collect_ids(json: &Json, ids: &mut Vec<Id>) {
    match json {
        Json::String(text) => ids.extend(text.parse::<Id>()),
        Json::Array(items) => items.iter().for_each(|item| collect_ids(item, ids)),
        Json::Object(object) => object.values().for_each(|value| collect_ids(value, ids)),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

/// What reading a change takes.
struct Reading<'a> {
    organisation: &'a Organisation,
    labels: &'a Labels,
    trusted: bool,
}

impl Reading<'_> {
    fn view(&self, change: ChangeRecord) -> ChangeView {
        let schema = wardkeep_registers::by_key(&change.entry.register);
        let sentence = describe(schema, &change);
        let actor = match (change.entry.actor, change.entry.actor_kind.as_str()) {
            (Some(id), _) => self.labels.get(id).map_or_else(|| "somebody".into(), |l| l.title.clone()),
            (None, "system") => "Wardkeep".into(),
            (None, _) => "a program".into(),
        };
        ChangeView {
            n: change.entry.n,
            at: change.entry.at,
            actor,
            sentence,
            fields: change.fields.iter().flat_map(|field| self.fields(schema, field)).collect(),
            why: change.why,
            hash: change.hash,
            version: change.entry.version,
            record: change.entry.record.and_then(|id| self.labels.get(id)).cloned(),
        }
    }
    /// Label, before, after. A new record is one change that names all of its fields.
    fn fields(&self, schema: Option<&Schema>, change: &FieldChange) -> Vec<(String, String, String)> {
        if change.field == "record" {
            let Some(Json::Object(object)) = &change.new else {
                return vec![("Record".into(), String::new(), "[erased]".into())];
            };
            let of = |(name, json): (&String, &Json)| {
                (field_label(schema, name), String::new(), self.text(schema, name, json))
            };
            return object.iter().map(of).collect();
        }
        let side = |json: &Option<Json>| match json {
            None if change.erased => "[erased]".to_owned(),
            None => String::new(),
            Some(json) => self.text(schema, &change.field, json),
        };
        vec![(field_label(schema, &change.field), side(&change.old), side(&change.new))]
    }
    fn text(&self, schema: Option<&Schema>, name: &str, json: &Json) -> String {
        let confidential = schema.and_then(|s| s.field(name)).is_some_and(|(_, f)| f.confidential);
        if confidential && !self.trusted {
            return "(confidential)".to_owned();
        }
        key_label(schema, name, json).unwrap_or_else(|| json_text(json, self.organisation, self.labels))
    }
}
