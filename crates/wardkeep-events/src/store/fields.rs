//! The fields of events as columns of their own, so that a question about one field reads one column.
//!
//! A column is named `field.` and the field's name. Fields that hold only whole numbers are numbers; others are text,
//! where a value that is no text is written as U+0001 and its JSON.

use arrow_array::builder::{Int64Builder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, Field, Schema};
use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use wardkeep_types::event::{Event, FieldValue, Name};

/// What stands before the name of a field.
pub(super) const PREFIX: &str = "field.";
/// Fields of one file that get a column, the commonest first; the rest stays together in the column `fields`.
const MOST: usize = 512;
/// Stands before the JSON of a value that is no text.
const MARK: char = '\u{1}';

/// Places of columns by name: for common names one index.
#[derive(Debug, Default)]
struct Places {
    /// By number of the name, plus one.
    common: Vec<u32>,
    rare: HashMap<Name, usize, ahash::RandomState>,
}

impl Places {
    fn get(&self, name: &Name) -> Option<usize> {
        match name.number() {
            Some(number) => (*self.common.get(number as usize)? as usize).checked_sub(1),
            None => self.rare.get(name).copied(),
        }
    }
    fn set(&mut self, name: &Name, place: usize) {
        let Some(number) = name.number() else {
            self.rare.insert(name.clone(), place);
            return;
        };
        let at = number as usize;
        if at >= self.common.len() {
            self.common.resize(at + 1, 0);
        }
        // There are fewer columns than a file has bytes.
        self.common[at] = u32::try_from(place + 1).unwrap_or(0);
    }
}

/// The columns of one file.
#[derive(Debug, Default)]
pub(super) struct FieldColumns {
    places: Places,
    /// Names, and whether all values are whole numbers.
    columns: Vec<(Name, bool)>,
}

impl FieldColumns {
    /// The columns that these events need.
    pub(super) fn of<E: Borrow<Event>>(events: &[E]) -> Self {
        let mut places = Places::default();
        let mut columns: Vec<(&Name, (usize, bool))> = Vec::new();
        for event in events {
            for (name, value) in &event.borrow().fields {
                let place = places.get(name).unwrap_or_else(|| {
                    columns.push((name, (0, true)));
                    places.set(name, columns.len() - 1);
                    columns.len() - 1
                });
                let (count, whole) = &mut columns[place].1;
                *count += 1;
                *whole &= matches!(value, FieldValue::Int(_));
            }
        }
        Self::chosen(columns)
    }
    /// The commonest of these, by name.
    fn chosen<N: Borrow<Name>, C: Ord + Copy>(mut found: Vec<(N, (C, bool))>) -> Self {
        found.sort_unstable_by(|(a, (more, _)), (b, (fewer, _))| {
            fewer.cmp(more).then_with(|| a.borrow().cmp(b.borrow()))
        });
        found.truncate(MOST);
        let mut columns: Vec<(Name, bool)> =
            found.into_iter().map(|(name, (_, whole))| (name.borrow().clone(), whole)).collect();
        columns.sort_unstable();
        let mut places = Places::default();
        columns.iter().enumerate().for_each(|(place, (name, _))| places.set(name, place));
        Self { places, columns }
    }
    pub(super) fn schema(&self) -> impl Iterator<Item = Field> + '_ {
        self.columns.iter().map(|(name, whole)| {
            let kind = if *whole { DataType::Int64 } else { DataType::Utf8 };
            Field::new(format!("{PREFIX}{name}"), kind, true)
        })
    }
    /// The columns of a file that takes the events of others: theirs, each given with the number of events that have
    /// the field and whether all its values are whole numbers, but those of fields that fewer than `least` have.
    pub(super) fn united<'n>(least: u64, found: impl Iterator<Item = (&'n str, u64, bool)>) -> Self {
        let mut all: HashMap<&str, (u64, bool)> = HashMap::new();
        for (name, having, whole) in found {
            let entry = all.entry(name).or_insert((0, true));
            entry.0 += having;
            entry.1 &= whole;
        }
        all.retain(|_, (having, _)| *having >= least);
        Self::chosen(all.into_iter().map(|(name, counted)| (Name::from(name), counted)).collect())
    }
    /// The columns of these events; before them, as JSON, the fields that have no column, or one in which their value
    /// has no place.
    pub(super) fn arrays<E: Borrow<Event>>(&self, events: &[E]) -> (ArrayRef, Vec<ArrayRef>) {
        let mut builders: Vec<Builder> = self.columns.iter().map(|(_, whole)| Builder::new(*whole)).collect();
        let mut rests = StringBuilder::new();
        for (row, event) in events.iter().enumerate() {
            let mut rest: BTreeMap<&str, &FieldValue> = BTreeMap::new();
            for (name, value) in &event.borrow().fields {
                let Some(place) = self.places.get(name) else {
                    rest.insert(name, value);
                    continue;
                };
                if self.columns[place].1 && !matches!(value, FieldValue::Int(_)) {
                    rest.insert(name, value);
                }
                builders[place].put(row, value);
            }
            if rest.is_empty() {
                rests.append_value("{}");
            } else {
                rests.append_value(serde_json::to_string(&rest).unwrap_or_default());
            }
        }
        let arrays = builders.into_iter().map(|builder| builder.finish(events.len())).collect();
        (Arc::new(rests.finish()), arrays)
    }
}

enum Builder {
    Whole(Int64Builder, usize),
    Text(StringBuilder, usize),
}

impl Builder {
    fn new(whole: bool) -> Self {
        if whole { Self::Whole(Int64Builder::new(), 0) } else { Self::Text(StringBuilder::new(), 0) }
    }
    /// Writes nothing up to a row.
    fn pad(&mut self, row: usize) {
        match self {
            Self::Whole(builder, length) => {
                builder.append_nulls(row - *length);
                *length = row;
            }
            Self::Text(builder, length) => {
                builder.append_nulls(row - *length);
                *length = row;
            }
        }
    }
    fn put(&mut self, row: usize, value: &FieldValue) {
        self.pad(row);
        match self {
            Self::Whole(builder, length) => {
                builder.append_option(if let FieldValue::Int(number) = value { Some(*number) } else { None });
                *length += 1;
            }
            Self::Text(builder, length) => {
                match value {
                    FieldValue::Text(text) if !text.starts_with(MARK) => builder.append_value(text),
                    other => builder
                        .append_value(format!("{MARK}{}", serde_json::to_string(other).unwrap_or_default())),
                }
                *length += 1;
            }
        }
    }
    fn finish(mut self, rows: usize) -> ArrayRef {
        self.pad(rows);
        match self {
            Self::Whole(mut builder, _) => Arc::new(builder.finish()),
            Self::Text(mut builder, _) => Arc::new(builder.finish()),
        }
    }
}

/// The field columns of a file: place and name.
pub(super) fn names(schema: &Schema) -> Vec<(usize, Name)> {
    let name =
        |(place, field): (usize, &Arc<Field>)| Some((place, field.name().strip_prefix(PREFIX)?.into()));
    schema.fields().iter().enumerate().filter_map(name).collect()
}

/// The value of a row.
pub(super) fn value(column: &ArrayRef, row: usize) -> Option<FieldValue> {
    if column.is_null(row) {
        return None;
    }
    match column.as_primitive_opt::<Int64Type>() {
        Some(numbers) => Some(FieldValue::Int(numbers.value(row))),
        None => column.as_string_opt::<i32>().map(|texts| stored_value(texts.value(row))),
    }
}

/// The value that a text of a field's column stands for.
pub fn stored_value(text: &str) -> FieldValue {
    match text.strip_prefix(MARK) {
        Some(json) => serde_json::from_str(json).unwrap_or(FieldValue::Null),
        None => FieldValue::from(text),
    }
}

/// The text of a field's column, unless it stands for a value that is no text.
pub fn plain_value(text: &str) -> Option<&str> {
    (!text.starts_with(MARK)).then_some(text)
}
