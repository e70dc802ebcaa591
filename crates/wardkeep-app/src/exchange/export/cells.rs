//! Columns of an export and what stands in their cells.

use super::run::ExportColumns;
use crate::exchange::marks::{HIDDEN, MASKED};
use crate::records::{Ask, Labels, stage_label};
use crate::{Organisation, records::field_view};
use serde_json::{Map, Value as Json, json};
use wardkeep_register::{Field, Kind, Schema, Stored, Value};

/// A column of an export.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Column {
    /// The human reference.
    Reference,
    /// The unit it belongs to.
    Unit,
    /// Its stage.
    Stage,
    /// A field.
    Field(Field),
}

/// A cell, as far as formats tell it apart.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Empty,
    Text(String),
    Int(i64),
    Day(wardkeep_types::Date),
}

/// The columns of a list as asked, or everything that an import can read back.
pub(super) fn columns(
    schema: &Schema,
    organisation: &Organisation,
    ask: &Ask,
    which: ExportColumns,
) -> Vec<Column> {
    let all = || schema.fields.iter().chain(organisation.custom(schema.key)).copied();
    match which {
        ExportColumns::Full => [Column::Reference, Column::Unit, Column::Stage]
            .into_iter()
            .chain(all().map(Column::Field))
            .collect(),
        ExportColumns::Listed => {
            let listed: Vec<Field> = match &ask.columns {
                Some(names) => names.iter().filter_map(|n| all().find(|f| f.name == n && !f.title)).collect(),
                None => all().filter(|f| f.list && !f.title).collect(),
            };
            let first = [Column::Reference, Column::Field(schema.fields[schema.title_index()])];
            let last = [Column::Unit, Column::Stage];
            first.into_iter().chain(listed.into_iter().map(Column::Field)).chain(last).collect()
        }
    }
}

impl Column {
    /// What stands in the header: names for programs, labels for people; an import reads both.
    pub(super) fn title(self, which: ExportColumns) -> String {
        let name = match self {
            Self::Reference => "reference",
            Self::Unit => "unit",
            Self::Stage => "stage",
            Self::Field(field) if which == ExportColumns::Full => return field.name.to_owned(),
            Self::Field(field) => return field.label(),
        };
        if which == ExportColumns::Full { name.to_owned() } else { wardkeep_register::label_of(name) }
    }
    /// Characters that fit into a column of a workbook.
    pub(super) fn width(self) -> f64 {
        match self {
            Self::Reference => 12.0,
            Self::Unit => 24.0,
            Self::Stage => 16.0,
            Self::Field(field) => match field.kind {
                Kind::Bool | Kind::Int | Kind::Percent | Kind::Date | Kind::Duration => 12.0,
                Kind::Moment | Kind::Money | Kind::Choice(_) => 20.0,
                Kind::Line if field.title => 40.0,
                Kind::Line | Kind::Link(_) | Kind::Links(_) | Kind::Url | Kind::Estimate(_) | Kind::File => {
                    28.0
                }
                Kind::Text | Kind::Markdown => 60.0,
            },
        }
    }
}

/// One record with what is needed to show it.
pub(super) struct Shown<'a> {
    pub(super) schema: &'a Schema,
    pub(super) organisation: &'a Organisation,
    pub(super) labels: &'a Labels,
    pub(super) stored: &'a Stored,
    /// The reader may change the record, so confidential fields are shown.
    pub(super) trusted: bool,
    pub(super) which: ExportColumns,
}

impl Shown<'_> {
    /// The cell of a column.
    pub(super) fn cell(&self, column: Column) -> Cell {
        let head = &self.stored.head;
        let full = self.which == ExportColumns::Full;
        match column {
            Column::Reference => Cell::Text(head.reference.to_string()),
            Column::Stage if full => Cell::Text(head.stage.clone()),
            Column::Stage => Cell::Text(stage_label(self.schema, &head.stage)),
            Column::Unit => {
                let (reference, name) = self.organisation.unit(head.unit);
                Cell::Text(if full { reference.to_owned() } else { format!("{reference} {name}") })
            }
            Column::Field(field) => self.field(&field),
        }
    }

    fn value(&self, field: &Field) -> &Value {
        match self.schema.field(field.name).filter(|_| !field.custom) {
            Some((index, _)) => &self.stored.row.values[index],
            None => self.stored.row.custom.get(field.name).unwrap_or(&Value::Empty),
        }
    }

    fn field(&self, field: &Field) -> Cell {
        let value = self.value(field);
        if value.is_empty() {
            return Cell::Empty;
        }
        if field.confidential && !self.trusted {
            return Cell::Text(MASKED.into());
        }
        match (value, field.kind) {
            (Value::Int(int), _) => Cell::Int(*int),
            (Value::Date(day), _) => Cell::Day(*day),
            (Value::Choice(key), Kind::Choice(options)) if self.which == ExportColumns::Listed => {
                let label = options.iter().find(|o| o.key == key).map_or(key.as_str(), |o| o.label);
                Cell::Text(label.to_owned())
            }
            (Value::Link(_) | Value::Links(_), _) => Cell::Text(self.links(value)),
            (other, _) => Cell::Text(other.show()),
        }
    }

    /// References, with titles where people read; what the reader may not see is one mark.
    fn links(&self, value: &Value) -> String {
        let mut parts: Vec<String> = Vec::new();
        let mut hidden = false;
        for id in value.links() {
            match self.labels.get(*id) {
                Some(label) if self.which == ExportColumns::Full => parts.push(label.reference.clone()),
                Some(label) => parts.push(format!("{} {}", label.reference, label.title.replace('|', "/"))),
                None => hidden = true,
            }
        }
        parts.sort();
        if hidden {
            parts.push(HIDDEN.into());
        }
        parts.join("|")
    }

    /// The record as one JSON object, in the API's form.
    pub(super) fn json(&self, columns: &[Column]) -> Json {
        let head = &self.stored.head;
        let mut object = Map::new();
        object.insert("id".into(), json!(head.id));
        object.insert("version".into(), json!(head.version));
        for column in columns {
            match column {
                Column::Reference => object.insert("reference".into(), json!(head.reference.to_string())),
                Column::Unit => object.insert("unit".into(), json!(self.organisation.unit(head.unit).0)),
                Column::Stage => object.insert("stage".into(), json!(head.stage)),
                Column::Field(field) => object.insert(field.name.to_owned(), self.field_json(field)),
            };
        }
        Json::Object(object)
    }

    fn field_json(&self, field: &Field) -> Json {
        let value = self.value(field);
        if field.confidential && !self.trusted && !value.is_empty() {
            return MASKED.into();
        }
        let hidden = value.links().iter().any(|id| self.labels.get(*id).is_none());
        match field_view(field, value, self.labels, true).json {
            Json::Array(mut items) if hidden => {
                items.push(HIDDEN.into());
                Json::Array(items)
            }
            Json::Null if hidden => HIDDEN.into(),
            other => other,
        }
    }
}
