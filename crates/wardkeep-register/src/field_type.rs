//! Which Rust type makes which kind of field.

use crate::{EstimateOf, EstimateValue, Form, Kind, Link, Links, Register, Value};
use wardkeep_types::{
    Date, Email, Estimate, FileRef, Length, Line, Markdown, Moment, Money, PerYear, Percent, Text, Url,
};

/// A Rust type that can stand in a record.
pub trait FieldType: Sized {
    /// The kind it makes.
    const KIND: Kind;
    /// Whether a record cannot be without it.
    const REQUIRED: bool = true;
    /// Extra rule on its text.
    const FORM: Form = Form::Plain;
    /// As a value.
    fn to_value(&self) -> Value;
    /// Back; `None` when the value is empty or of another kind.
    fn from_value(value: &Value) -> Option<Self>;
}

impl<T: FieldType> FieldType for Option<T> {
    const KIND: Kind = T::KIND;
    const REQUIRED: bool = false;
    const FORM: Form = T::FORM;
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Empty, T::to_value)
    }
    fn from_value(value: &Value) -> Option<Self> {
        Some(T::from_value(value))
    }
}

macro_rules! text_field {
    ($type:ty, $kind:expr, $required:expr, $form:expr) => {
        impl FieldType for $type {
            const KIND: Kind = $kind;
            const REQUIRED: bool = $required;
            const FORM: Form = $form;
            fn to_value(&self) -> Value {
                Value::text(self.as_str())
            }
            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    Value::Text(text) => text.parse().ok(),
                    Value::Empty if !$required => "".parse().ok(),
                    _ => None,
                }
            }
        }
    };
}
text_field!(Line, Kind::Line, true, Form::Plain);
text_field!(Email, Kind::Line, true, Form::Email);
text_field!(Text, Kind::Text, false, Form::Plain);
text_field!(Markdown, Kind::Markdown, false, Form::Plain);
text_field!(Url, Kind::Url, true, Form::Plain);

macro_rules! plain_field {
    ($type:ty, $kind:expr, $variant:path) => {
        impl FieldType for $type {
            const KIND: Kind = $kind;
            fn to_value(&self) -> Value {
                $variant(self.clone())
            }
            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    $variant(x) => Some(x.clone()),
                    _ => None,
                }
            }
        }
    };
}
plain_field!(i64, Kind::Int, Value::Int);
plain_field!(Percent, Kind::Percent, Value::Percent);
plain_field!(Money, Kind::Money, Value::Money);
plain_field!(Date, Kind::Date, Value::Date);
plain_field!(Moment, Kind::Moment, Value::Moment);
plain_field!(Length, Kind::Duration, Value::Duration);
plain_field!(FileRef, Kind::File, Value::File);

impl FieldType for bool {
    const KIND: Kind = Kind::Bool;
    const REQUIRED: bool = false;
    fn to_value(&self) -> Value {
        Value::Bool(*self)
    }
    /// An unticked box sends nothing, so empty is "no".
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(b) => Some(*b),
            Value::Empty => Some(false),
            _ => None,
        }
    }
}

impl FieldType for Estimate<PerYear> {
    const KIND: Kind = Kind::Estimate(EstimateOf::PerYear);
    fn to_value(&self) -> Value {
        Value::Estimate(EstimateValue::PerYear(*self))
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Estimate(EstimateValue::PerYear(e)) => Some(*e),
            _ => None,
        }
    }
}

impl FieldType for Estimate<Money> {
    const KIND: Kind = Kind::Estimate(EstimateOf::Money);
    fn to_value(&self) -> Value {
        Value::Estimate(EstimateValue::Money(*self))
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Estimate(EstimateValue::Money(e)) => Some(*e),
            _ => None,
        }
    }
}

impl<R: Register> FieldType for Link<R> {
    const KIND: Kind = Kind::Link(R::NAMES.key);
    fn to_value(&self) -> Value {
        Value::Link(self.id())
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Link(id) => Some(Self::to(*id)),
            _ => None,
        }
    }
}

impl<R: Register> FieldType for Links<R> {
    const KIND: Kind = Kind::Links(R::NAMES.key);
    const REQUIRED: bool = false;
    fn to_value(&self) -> Value {
        Value::Links(self.ids().to_vec())
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Links(ids) => Some(Self::to(ids.iter().copied())),
            Value::Empty => Some(Self::default()),
            _ => None,
        }
    }
}

/// Reads one field of a record, or says what is wrong with it. Called by the derive.
pub fn read_field<T: FieldType>(
    field: &crate::Field,
    value: Option<&Value>,
    problems: &mut wardkeep_types::Problems,
) -> Option<T> {
    let read = T::from_value(value.unwrap_or(&Value::Empty));
    if read.is_none() {
        let (code, what) = match value {
            None | Some(Value::Empty) => ("required", "is missing"),
            Some(_) => ("invalid", "does not fit its field"),
        };
        problems.add(wardkeep_types::Problem::new(field.name, code, format!("{} {what}", field.label())));
    }
    read
}
