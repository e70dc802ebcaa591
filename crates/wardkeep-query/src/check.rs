//! The test of a value as a function of the engine: the same [`Check`] that answers for one event, run over columns,
//! and over each distinct value of a dictionary once.

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use datafusion::arrow::buffer::BooleanBuffer;
use datafusion::arrow::datatypes::{DataType, Int32Type, Int64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};
use wardkeep_events::search::{Check, Term};
use wardkeep_types::event::FieldValue;

/// How a column holds what is tested.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Held {
    /// Texts as they are.
    Plain,
    /// Values of a field, of which some are not texts.
    Field,
    /// A field among others, in JSON.
    Within(String),
}

/// Says of every row whether a column passes; a row without a value does not.
#[derive(Debug)]
struct Passes {
    check: Check,
    held: Held,
    /// The condition as it is written: two with the same text are the same.
    text: String,
    signature: Signature,
    /// What the values of the last dictionary came to: batches of a row group share theirs.
    last: Mutex<Option<(ArrayRef, BooleanBuffer)>>,
}

impl PartialEq for Passes {
    fn eq(&self, other: &Self) -> bool {
        (&self.text, &self.held) == (&other.text, &other.held)
    }
}
impl Eq for Passes {}
impl Hash for Passes {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.text, &self.held).hash(state);
    }
}

/// The condition that a column passes the test of a term.
pub(crate) fn passes(term: &Term, held: Held, column: Expr) -> Expr {
    let function = Passes {
        check: Check::of(term),
        held,
        text: term.to_string(),
        signature: Signature::any(1, Volatility::Immutable),
        last: Mutex::new(None),
    };
    ScalarUDF::new_from_impl(function).call(vec![column])
}

impl Passes {
    fn text(&self, text: &str) -> bool {
        match &self.held {
            Held::Plain => self.check.plain(text),
            Held::Field => self.check.stored(text),
            Held::Within(name) => {
                if text == "{}" {
                    return false;
                }
                let fields: BTreeMap<String, FieldValue> = serde_json::from_str(text).unwrap_or_default();
                fields
                    .iter()
                    .any(|(field, value)| field.eq_ignore_ascii_case(name) && self.check.value(value))
            }
        }
    }
    /// What each value of an array comes to.
    fn values(&self, array: &ArrayRef) -> Result<BooleanBuffer> {
        let there = |row: usize| !array.is_null(row);
        Ok(match array.data_type() {
            DataType::Utf8 => {
                let texts = array.as_string::<i32>();
                BooleanBuffer::collect_bool(texts.len(), |row| there(row) && self.text(texts.value(row)))
            }
            DataType::LargeUtf8 => {
                let texts = array.as_string::<i64>();
                BooleanBuffer::collect_bool(texts.len(), |row| there(row) && self.text(texts.value(row)))
            }
            DataType::Utf8View => {
                let texts = array.as_string_view();
                BooleanBuffer::collect_bool(texts.len(), |row| there(row) && self.text(texts.value(row)))
            }
            DataType::Int64 => {
                let numbers = array.as_primitive::<Int64Type>();
                BooleanBuffer::collect_bool(numbers.len(), |row| {
                    there(row) && self.check.int(numbers.value(row))
                })
            }
            DataType::Null => BooleanBuffer::new_unset(array.len()),
            other => return exec_err!("a condition cannot be put to a column of {other}"),
        })
    }
    fn dictionary(&self, array: &ArrayRef) -> Result<BooleanBuffer> {
        let dictionary = array.as_dictionary::<Int32Type>();
        let values = dictionary.values();
        let known = {
            let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            last.as_ref()
                .filter(|(of, _)| of.to_data().ptr_eq(&values.to_data()))
                .map(|(_, known)| known.clone())
        };
        let passed = match known {
            Some(known) => known,
            None => {
                let passed = self.values(values)?;
                let kept = Some((values.clone(), passed.clone()));
                *self.last.lock().unwrap_or_else(PoisonError::into_inner) = kept;
                passed
            }
        };
        let keys = dictionary.keys();
        if passed.count_set_bits() == 0 {
            return Ok(BooleanBuffer::new_unset(keys.len()));
        }
        let held = keys.values();
        Ok(BooleanBuffer::collect_bool(keys.len(), |row| {
            !keys.is_null(row) && passed.value(held[row] as usize)
        }))
    }
}

impl ScalarUDFImpl for Passes {
    fn name(&self) -> &'static str {
        "passes"
    }
    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        let of = args.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        Ok(format!("passes({}, {of}, {:?})", self.text, self.held))
    }
    fn signature(&self) -> &Signature {
        &self.signature
    }
    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }
    fn is_nullable(&self, _: &[Expr], _: &dyn datafusion::common::ExprSchema) -> bool {
        false
    }
    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let Some(column) = args.args.first() else { return exec_err!("a condition needs a column") };
        let array = column.to_array(args.number_rows)?;
        let passed = match array.data_type() {
            DataType::Dictionary(_, _) => self.dictionary(&array)?,
            _ => self.values(&array)?,
        };
        Ok(ColumnarValue::Array(Arc::new(BooleanArray::new(passed, None))))
    }
}

/// Takes a field out of the JSON of those that have no column.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Taken {
    name: String,
    signature: Signature,
}

/// The value of a field among others, as a column of fields would hold it.
pub(crate) fn taken(name: &str, column: Expr) -> Expr {
    let signature = Signature::any(1, Volatility::Immutable);
    ScalarUDF::new_from_impl(Taken { name: name.to_owned(), signature }).call(vec![column])
}

impl ScalarUDFImpl for Taken {
    fn name(&self) -> &'static str {
        "taken"
    }
    fn signature(&self) -> &Signature {
        &self.signature
    }
    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }
    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let Some(column) = args.args.first() else { return exec_err!("a field needs a column") };
        let array = datafusion::arrow::compute::cast(&column.to_array(args.number_rows)?, &DataType::Utf8)?;
        let texts = array.as_string::<i32>().iter().map(|text| {
            let fields: BTreeMap<String, FieldValue> =
                serde_json::from_str(text.filter(|t| *t != "{}")?).ok()?;
            let found = fields.into_iter().find(|(field, _)| field.eq_ignore_ascii_case(&self.name))?;
            Some(found.1.to_string())
        });
        Ok(ColumnarValue::Array(Arc::new(texts.collect::<datafusion::arrow::array::StringArray>())))
    }
}
