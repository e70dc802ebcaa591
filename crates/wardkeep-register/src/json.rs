//! Values as JSON: what the API and the change log exchange.

use crate::{EstimateValue, Field, Kind, Value};
use serde_json::{Value as Json, json};
use wardkeep_types::{Estimate, Money, ParseError};

impl Value {
    /// As JSON: numbers and booleans stay what they are; money is `{minor, currency}`; all else is text as shown.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Empty => Json::Null,
            Self::Int(i) => json!(i),
            Self::Bool(b) => json!(b),
            Self::Money(m) => money(m),
            Self::Links(ids) => json!(ids),
            Self::Estimate(EstimateValue::PerYear(e)) => {
                json!({"low": e.low.times(), "likely": e.likely.times(), "high": e.high.times()})
            }
            Self::Estimate(EstimateValue::Money(e)) => {
                json!({"low": money(&e.low), "likely": money(&e.likely), "high": money(&e.high)})
            }
            Self::File(file) => json!(file),
            other => Json::String(other.show()),
        }
    }
    /// Back from JSON; text in the shown form is accepted everywhere.
    pub fn from_json(field: &Field, json: &Json) -> Result<Self, ParseError> {
        let text = match (json, field.kind) {
            (Json::Null, _) => return Ok(Self::Empty),
            (Json::String(text), _) => text.clone(),
            (Json::Bool(_), Kind::Bool) | (Json::Number(_), Kind::Int | Kind::Percent) => json.to_string(),
            (Json::Array(items), Kind::Links(_)) => {
                let texts = items.iter().map(|i| i.as_str().ok_or_else(|| wrong(field)));
                texts.collect::<Result<Vec<_>, _>>()?.join("|")
            }
            (Json::Object(_), Kind::Money) => as_money(json).ok_or_else(|| wrong(field))?.to_string(),
            (Json::Object(_), Kind::File) => json.to_string(),
            (Json::Object(object), Kind::Estimate(_)) => {
                let point = |name: &str| {
                    let point = object.get(name).ok_or_else(|| wrong(field))?;
                    Ok(as_money(point).map_or_else(|| point.to_string(), |m| m.to_string()))
                };
                let estimate =
                    Estimate { low: point("low")?, likely: point("likely")?, high: point("high")? };
                estimate.to_string().replace('"', "")
            }
            _ => return Err(wrong(field)),
        };
        Self::parse(field, &text)
    }
}

fn money(amount: &Money) -> Json {
    json!({"minor": amount.minor, "currency": amount.currency})
}

fn as_money(json: &Json) -> Option<Money> {
    Some(Money::new(json.get("minor")?.as_i64()?, json.get("currency")?.as_str()?.parse().ok()?))
}

fn wrong(field: &Field) -> ParseError {
    ParseError(format!("{} has the wrong JSON type; a {} is wanted", field.label(), field.kind.key()))
}
