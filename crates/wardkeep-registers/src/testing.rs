//! One way to say, in a register's test, what it must refuse.

use wardkeep_register::{EstimateOf, GuardContext, Kind, Register, Row, Schema, Value};
use wardkeep_types::{Date, Id, Problems};

/// Some record's id, for links.
pub const ID: &str = "019712ab-0000-7000-8000-000000000001";
/// The day on which all samples are looked at.
pub const TODAY: &str = "2026-06-01";

/// A record with its mandatory fields filled in, at its first stage, on 2026-06-01.
pub struct Sample {
    schema: Schema,
    row: Row,
    stage: &'static str,
    actor: Option<Id>,
}

/// A sample of register `R`.
pub fn sample<R: Register>() -> Sample {
    let schema = Schema::of::<R>();
    let mut row = schema.empty_row();
    for (field, value) in schema.fields.iter().zip(&mut row.values) {
        let text = match field.kind {
            _ if !field.required || field.computed => continue,
            Kind::Choice(options) => options[0].key,
            Kind::Date => TODAY,
            Kind::Moment => "2026-06-01T08:00:00Z",
            Kind::Link(_) => ID,
            Kind::Url => "https://example.org/",
            Kind::Money => "1 EUR",
            Kind::Percent | Kind::Int => "1",
            Kind::Duration => "1d",
            Kind::Estimate(EstimateOf::PerYear | EstimateOf::Money) | Kind::File => continue,
            Kind::Line if field.name == "email" => "ada@example.org",
            Kind::Line | Kind::Text | Kind::Markdown | Kind::Bool | Kind::Links(_) => "sample",
        };
        *value = Value::parse(field, text).expect("a plain value fits");
    }
    let stage = schema.first_stage().key;
    Sample { schema, row, stage, actor: ID.parse().ok() }
}

impl Sample {
    /// With a field as people would type it.
    #[track_caller]
    pub fn with(mut self, field: &str, text: &str) -> Self {
        let (index, field) = self.schema.field(field).expect("the register has this field");
        self.row.values[index] = Value::parse(field, text).expect("the text fits the field");
        self
    }
    /// At a stage.
    #[track_caller]
    pub fn at(mut self, stage: &str) -> Self {
        self.stage = self.schema.stage(stage).expect("the register has this stage").key;
        self
    }
    /// Moved by Wardkeep itself rather than by a person.
    pub fn by_program(mut self) -> Self {
        self.actor = None;
        self
    }
    fn check(self) -> Result<(), Problems> {
        self.schema.check(self.row, self.stage, &[]).map(|_| ())
    }
    /// It may be stored.
    #[track_caller]
    pub fn stands(self) {
        self.check().expect("nothing is wrong");
    }
    /// It may not be stored, because of that field.
    #[track_caller]
    pub fn fails_in(self, field: &str) {
        let problems = self.check().expect_err("something is wrong");
        assert!(problems.iter().any(|p| p.path == field), "{problems:?}");
    }
    fn moved(&self, name: &str) -> Result<(), String> {
        let now = TODAY.parse::<Date>().expect("a day").start().plus_seconds(9 * 3_600);
        let movement = self.schema.movement(name, self.stage).expect("the register has this move");
        movement.allows(self.stage, &self.row, &GuardContext { now, actor: self.actor }).map_err(|r| r.0)
    }
    /// The move goes.
    #[track_caller]
    pub fn allows(self, name: &str) -> Self {
        self.moved(name).expect("the move goes");
        self
    }
    /// The move is refused, and its sentence says so.
    #[track_caller]
    pub fn refuses(self, name: &str, words: &str) -> Self {
        let sentence = self.moved(name).expect_err("the move is refused");
        assert!(sentence.contains(words), "{sentence}");
        self
    }
}
