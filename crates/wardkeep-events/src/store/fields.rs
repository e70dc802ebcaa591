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
use wardkeep_types::event::{Event, FieldValue};

/// What stands before the name of a field.
pub(super) const PREFIX: &str = "field.";
/// Fields of one file that get a column, the commonest first; the rest stays together in the column `fields`.
const MOST: usize = 512;
/// Stands before the JSON of a value that is no text.
const MARK: char = '\u{1}';

/// The columns of one file.
#[derive(Debug, Default)]
pub(super) struct FieldColumns {
    places: HashMap<Box<str>, usize, ahash::RandomState>,
    /// Names, and whether all values are whole numbers.
    columns: Vec<(Box<str>, bool)>,
}

impl FieldColumns {
    /// The columns that these events need.
    pub(super) fn of<E: Borrow<Event>>(events: &[E]) -> Self {
        let mut places: HashMap<&str, usize, ahash::RandomState> = HashMap::default();
        let mut columns: Vec<(&str, (usize, bool))> = Vec::new();
        let mut orders = Orders::default();
        for event in events {
            let order = orders.of(event.borrow());
            for (nth, (name, value)) in event.borrow().fields.iter().enumerate() {
                let guess = order.get(nth).copied().filter(|place| columns[*place].0 == &**name);
                let place = guess.unwrap_or_else(|| {
                    let place = *places.entry(name).or_insert_with(|| {
                        columns.push((name, (0, true)));
                        columns.len() - 1
                    });
                    order.resize(order.len().max(nth + 1), place);
                    order[nth] = place;
                    place
                });
                let (count, whole) = &mut columns[place].1;
                *count += 1;
                *whole &= matches!(value, FieldValue::Int(_));
            }
        }
        columns.sort_unstable_by_key(|(name, (count, _))| (std::cmp::Reverse(*count), *name));
        columns.truncate(MOST);
        columns.sort_unstable();
        Self::ordered(columns.into_iter().map(|(name, (_, whole))| (name.into(), whole)).collect())
    }
    pub(super) fn schema(&self) -> impl Iterator<Item = Field> + '_ {
        self.columns.iter().map(|(name, whole)| {
            let kind = if *whole { DataType::Int64 } else { DataType::Utf8 };
            Field::new(format!("{PREFIX}{name}"), kind, true)
        })
    }
    /// The columns of a file that takes the events of others: theirs, those of the most events first, of which each
    /// is given with the number of events in its file and whether all its values are whole numbers.
    pub(super) fn united<'n>(found: impl Iterator<Item = (&'n str, u64, bool)>) -> Self {
        let mut all: HashMap<&str, (u64, bool)> = HashMap::new();
        for (name, events, whole) in found {
            let entry = all.entry(name).or_insert((0, true));
            entry.0 += events;
            entry.1 &= whole;
        }
        let mut columns: Vec<(&str, (u64, bool))> = all.into_iter().collect();
        columns.sort_unstable_by_key(|(name, (events, _))| (std::cmp::Reverse(*events), *name));
        columns.truncate(MOST);
        columns.sort_unstable();
        Self::ordered(columns.into_iter().map(|(name, (_, whole))| (name.into(), whole)).collect())
    }
    fn ordered(columns: Vec<(Box<str>, bool)>) -> Self {
        let places = columns.iter().enumerate().map(|(place, (name, _))| (name.clone(), place)).collect();
        Self { places, columns }
    }
    /// The columns of these events; before them, as JSON, the fields that have no column, or one in which their value
    /// has no place.
    pub(super) fn arrays<E: Borrow<Event>>(&self, events: &[E]) -> (ArrayRef, Vec<ArrayRef>) {
        let mut builders: Vec<Builder> = self.columns.iter().map(|(_, whole)| Builder::new(*whole)).collect();
        let mut rests = StringBuilder::new();
        let mut orders = Orders::default();
        for (row, event) in events.iter().enumerate() {
            let mut rest: BTreeMap<&str, &FieldValue> = BTreeMap::new();
            let order = orders.of(event.borrow());
            for (nth, (name, value)) in event.borrow().fields.iter().enumerate() {
                let guess = order.get(nth).copied().filter(|place| *self.columns[*place].0 == **name);
                let Some(place) = guess.or_else(|| self.places.get(name).copied()) else {
                    rest.insert(name, value);
                    continue;
                };
                if guess.is_none() {
                    order.resize(order.len().max(nth + 1), place);
                    order[nth] = place;
                }
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

/// Records of one kind have the same fields in the same order: where those of the last record with as many fields stood
/// is where to look first.
#[derive(Default)]
struct Orders(HashMap<usize, Vec<usize>, ahash::RandomState>);

impl Orders {
    fn of(&mut self, event: &Event) -> &mut Vec<usize> {
        self.0.entry(event.fields.len()).or_default()
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
pub(super) fn names(schema: &Schema) -> Vec<(usize, Box<str>)> {
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
