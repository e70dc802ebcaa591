//! What a register *is*: schema, fields, kinds, values, rows, moves and problems. No SQL, HTTP or HTML.
//!
//! A register is one Rust struct with `#[derive(Record)]` and one `impl Register`. From it [`Schema::of`] makes
//! the description that everything else walks: tables, lists, forms, imports, API, search, change log, rights.

mod field;
mod field_type;
mod intern;
mod json;
mod kind;
mod link;
mod moves;
mod names;
mod register;
mod row;
mod schema;
mod stage;
mod value;

pub use field::{Field, FieldHandle, Form, Question};
pub use field_type::{FieldType, read_field};
pub use intern::{intern, intern_choices};
pub use kind::{ChoiceOption, EstimateOf, Kind};
pub use link::{Link, Links};
pub use moves::{GuardContext, Move, MoveSchema, Refused};
pub use names::{Area, Names, Verb};
pub use register::{Choice, Record, Register, Stages};
pub use row::{Checked, Head, Row, Stored};
pub use schema::Schema;
pub use stage::{StageCategory, StageSchema};
pub use value::{EstimateValue, Value, label_of};
pub use wardkeep_register_derive::{Choice, Record, Stages};

/// What a register file needs, in one line.
pub mod prelude {
    pub use crate::{
        Area, Choice, Field, GuardContext, Link, Links, Move, Names, Record, Refused, Register, Stages, Verb,
    };
    pub use wardkeep_types::{
        Currency, Date, Email, Estimate, FileRef, Length, Line, Markdown, Moment, Money, PerYear, Percent,
        Problem, Problems, Text, Url,
    };
}
