//! A register's description without its Rust type: what stores, pages, imports and the API walk.

use crate::{
    Checked, Field, FieldHandle, Kind, MoveSchema, Names, Register, Row, StageCategory, StageSchema, Stages,
    Value,
};
use wardkeep_types::{Problem, Problems};

/// One register, described.
#[derive(Debug, Clone)]
pub struct Schema {
    /// Key: table, API and link target.
    pub key: &'static str,
    /// Path of its pages.
    pub path: &'static str,
    /// Its names.
    pub names: Names,
    /// Its declared fields.
    pub fields: &'static [Field],
    /// Its stages, in order.
    pub stages: &'static [StageSchema],
    /// Its moves.
    pub moves: Vec<MoveSchema>,
    /// Single records can be restricted.
    pub need_to_know: bool,
    /// Records can be erased.
    pub personal: bool,
    check: fn(&Row, &str, &mut Problems),
    tidy: Option<fn(&mut Row)>,
}

impl Schema {
    /// Describes register `R`.
    pub fn of<R: Register>() -> Self {
        Self {
            key: R::NAMES.key,
            path: R::NAMES.path(),
            names: R::NAMES,
            fields: R::FIELDS,
            stages: R::Stage::STAGES,
            moves: R::MOVES.iter().enumerate().map(|(i, m)| m.schema(i)).collect(),
            need_to_know: R::NEED_TO_KNOW,
            personal: R::PERSONAL,
            check: check_row::<R>,
            tidy: R::TIDY.map(|_| tidy_row::<R> as fn(&mut Row)),
        }
    }
    /// The declared field of that name, with its index.
    pub fn field(&self, name: &str) -> Option<(usize, &'static Field)> {
        self.fields.iter().enumerate().find(|(_, f)| f.name == name)
    }
    /// The field behind a handle.
    pub fn at(&self, handle: FieldHandle) -> &'static Field {
        &self.fields[handle.0]
    }
    /// Index of the title field; every register has one (a test of the list sees to it).
    pub fn title_index(&self) -> usize {
        self.fields.iter().position(|f| f.title).unwrap_or(0)
    }
    /// Index of the field that holds the owner, if the register has one.
    pub fn owner_index(&self) -> Option<usize> {
        self.fields.iter().position(|f| f.name == "owner" && f.kind == Kind::Link("person"))
    }
    /// Index of the deadline, if the register has one.
    pub fn due_index(&self) -> Option<usize> {
        self.fields.iter().position(|f| f.due)
    }
    /// The record's title.
    pub fn title<'a>(&self, row: &'a Row) -> &'a str {
        match row.values.get(self.title_index()) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }
    /// Where records begin.
    pub fn first_stage(&self) -> &'static StageSchema {
        &self.stages[0]
    }
    /// The stage of that key.
    pub fn stage(&self, key: &str) -> Option<&'static StageSchema> {
        self.stages.iter().find(|s| s.key == key)
    }
    /// Whether somebody still has something to do in that stage.
    pub fn is_open(&self, stage: &str) -> bool {
        self.stage(stage).is_some_and(|s| s.category == StageCategory::Open)
    }
    /// The move of that name that starts from `stage`, else the first of that name.
    pub fn movement(&self, name: &str, stage: &str) -> Option<&MoveSchema> {
        let named = || self.moves.iter().filter(|m| m.name == name);
        named().find(|m| m.from.contains(&stage)).or_else(|| named().next())
    }
    /// An empty row.
    pub fn empty_row(&self) -> Row {
        Row { values: vec![Value::Empty; self.fields.len()], custom: std::collections::BTreeMap::new() }
    }
    /// The row in the form in which it is kept; what does not fit its register stays as it is, for the check to name.
    pub fn tidied(&self, mut row: Row) -> Row {
        if let Some(tidy) = self.tidy {
            tidy(&mut row);
        }
        row
    }
    /// Everything that one record alone can be checked for: kinds, mandatory fields, custom fields, and what
    /// must hold between fields in `stage`. What needs other records (links, uniqueness) is checked on writing.
    pub fn check(&self, row: Row, stage: &str, custom: &[Field]) -> Result<Checked<Row>, Problems> {
        let row = self.check_fields(row, stage, custom)?;
        let mut problems = Problems::new();
        (self.check)(row.get(), stage, &mut problems);
        if problems.is_empty() { Ok(row) } else { Err(problems) }
    }
    /// Checks a row that is taken out of use as it stands, such as by undoing an import: kinds, mandatory fields and
    /// custom fields, and that the stage is one of those in which nobody has anything left to do. What a stage asks
    /// between fields is not asked of a record that was never finished.
    pub fn check_retired(&self, row: Row, stage: &str, custom: &[Field]) -> Result<Checked<Row>, Problems> {
        if self.is_open(stage) {
            let message = format!("'{stage}' is a stage in which work goes on");
            return Err(Problems(vec![Problem::new("stage", "open_stage", message)]));
        }
        self.check_fields(row, stage, custom)
    }
    fn check_fields(&self, row: Row, stage: &str, custom: &[Field]) -> Result<Checked<Row>, Problems> {
        let mut problems = Problems::new();
        if row.values.len() != self.fields.len() {
            problems.add(Problem::new(
                "",
                "shape",
                format!("a {} has {} fields", self.names.one, self.fields.len()),
            ));
            return Err(problems);
        }
        let own = self.fields.iter().zip(&row.values);
        let made = custom.iter().map(|f| (f, row.custom.get(f.name).unwrap_or(&Value::Empty)));
        for (field, value) in own.chain(made) {
            value.check(field, &mut problems);
        }
        if self.stage(stage).is_none() {
            problems.add(Problem::new("stage", "unknown_stage", format!("there is no stage '{stage}'")));
        }
        if problems.is_empty() { Ok(Checked::new(row)) } else { Err(problems) }
    }
}

fn tidy_row<R: Register>(row: &mut Row) {
    if let (Some(tidy), Ok(mut record)) = (R::TIDY, R::from_values(&row.values)) {
        tidy(&mut record);
        row.values = record.to_values();
    }
}

fn check_row<R: Register>(row: &Row, stage: &str, problems: &mut Problems) {
    match (R::from_values(&row.values), R::Stage::from_key(stage)) {
        (Ok(record), Some(stage)) => record.check(stage, problems),
        (Err(found), _) => problems.0.extend(found.0),
        (_, None) => {}
    }
}
