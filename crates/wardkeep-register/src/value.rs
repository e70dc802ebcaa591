//! Values: what a field holds in one record.

use crate::{EstimateOf, Field, Form, Kind};
use wardkeep_types::{
    Date, Email, Estimate, FileRef, Id, Length, Line, Markdown, Moment, Money, ParseError, PerYear, Percent,
    Problem, Problems, Text, Url,
};

/// A three-point estimate of either sort.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum EstimateValue {
    /// Times a year.
    PerYear(Estimate<PerYear>),
    /// An amount each time; the three points share a currency.
    Money(Estimate<Money>),
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Nothing.
    #[default]
    Empty,
    /// Line, text, Markdown or web address.
    Text(String),
    /// A whole number.
    Int(i64),
    /// A share.
    Percent(Percent),
    /// An amount.
    Money(Money),
    /// A day.
    Date(Date),
    /// A moment.
    Moment(Moment),
    /// A length of time.
    Duration(Length),
    /// Yes or no.
    Bool(bool),
    /// The key of a choice.
    Choice(String),
    /// A record.
    Link(Id),
    /// Records, sorted, each once.
    Links(Vec<Id>),
    /// Low, likely, high.
    Estimate(EstimateValue),
    /// A stored file.
    File(FileRef),
}

impl Value {
    /// Text, or nothing when it is blank.
    pub fn text(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty) || matches!(self, Self::Links(ids) if ids.is_empty())
    }
    /// Reads the form in which people and CSV files write a value; the inverse of [`Value::show`].
    /// Links are ids here: references are resolved before, where the store is known.
    pub fn parse(field: &Field, text: &str) -> Result<Self, ParseError> {
        let bare = text.trim();
        if bare.is_empty() {
            return Ok(Self::Empty);
        }
        Ok(match field.kind {
            Kind::Line if field.form == Form::Email => Self::Text(bare.parse::<Email>()?.to_string()),
            Kind::Line => Self::Text(bare.parse::<Line>()?.to_string()),
            Kind::Text => Self::text(text.parse::<Text>()?.as_str()),
            Kind::Markdown => Self::text(text.parse::<Markdown>()?.as_str()),
            Kind::Url => Self::Text(bare.parse::<Url>()?.to_string()),
            Kind::Int => {
                Self::Int(bare.parse().map_err(|_| ParseError(format!("'{bare}' is not a whole number")))?)
            }
            Kind::Percent => Self::Percent(bare.parse()?),
            Kind::Money => Self::Money(bare.parse()?),
            Kind::Date => Self::Date(bare.parse()?),
            Kind::Moment => Self::Moment(bare.parse()?),
            Kind::Duration => Self::Duration(bare.parse()?),
            Kind::Bool => Self::Bool(parse_bool(bare)?),
            Kind::Choice(options) => {
                let word = bare.to_lowercase();
                let found = options.iter().find(|o| o.key == word || o.label.to_lowercase() == word);
                let keys = || options.iter().map(|o| o.key).collect::<Vec<_>>().join(", ");
                Self::Choice(
                    found
                        .ok_or_else(|| ParseError(format!("'{bare}' is not one of: {}", keys())))?
                        .key
                        .into(),
                )
            }
            Kind::Link(_) => Self::Link(bare.parse()?),
            Kind::Links(_) => {
                let mut ids = bare.split('|').map(str::parse).collect::<Result<Vec<Id>, _>>()?;
                ids.sort_unstable();
                ids.dedup();
                Self::Links(ids)
            }
            Kind::Estimate(EstimateOf::PerYear) => Self::Estimate(EstimateValue::PerYear(bare.parse()?)),
            Kind::Estimate(EstimateOf::Money) => Self::Estimate(EstimateValue::Money(bare.parse()?)),
            Kind::File => {
                let file = serde_json::from_str(bare);
                Self::File(file.map_err(|_| ParseError("a file is handed in by upload, not as text".into()))?)
            }
        })
    }
    /// The form that [`Value::parse`] reads again.
    pub fn show(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Choice(text) => text.clone(),
            Self::Int(i) => i.to_string(),
            Self::Percent(p) => p.to_string(),
            Self::Money(m) => m.to_string(),
            Self::Date(d) => d.to_string(),
            Self::Moment(m) => m.to_string(),
            Self::Duration(l) => l.to_string(),
            Self::Bool(b) => if *b { "yes" } else { "no" }.into(),
            Self::Link(id) => id.to_string(),
            Self::Links(ids) => ids.iter().map(Id::to_string).collect::<Vec<_>>().join("|"),
            Self::Estimate(EstimateValue::PerYear(e)) => e.to_string(),
            Self::Estimate(EstimateValue::Money(e)) => e.to_string(),
            Self::File(file) => serde_json::to_string(file).unwrap_or_default(),
        }
    }
    /// Whether the value fits its field: kind, form, list of choices, mandatory.
    pub(crate) fn check(&self, field: &Field, problems: &mut Problems) {
        if self.is_empty() {
            if field.required && !field.computed {
                problems.add(Problem::new(field.name, "required", format!("{} is missing", field.label())));
            }
            return;
        }
        // Parsing what is shown covers every rule of the kind in one place.
        let fits = self.fits(field.kind) && Self::parse(field, &self.show()).is_ok();
        if !fits {
            let why = Self::parse(field, &self.show())
                .err()
                .map_or_else(|| format!("{} does not fit its field", field.label()), |e| e.0);
            problems.add(Problem::new(field.name, "invalid", why));
        }
    }
    fn fits(&self, kind: Kind) -> bool {
        matches!(
            (self, kind),
            (Self::Text(_), Kind::Line | Kind::Text | Kind::Markdown | Kind::Url)
                | (Self::Int(_), Kind::Int)
                | (Self::Percent(_), Kind::Percent)
                | (Self::Money(_), Kind::Money)
                | (Self::Date(_), Kind::Date)
                | (Self::Moment(_), Kind::Moment)
                | (Self::Duration(_), Kind::Duration)
                | (Self::Bool(_), Kind::Bool)
                | (Self::Choice(_), Kind::Choice(_))
                | (Self::Link(_), Kind::Link(_))
                | (Self::Links(_), Kind::Links(_))
                | (Self::Estimate(EstimateValue::PerYear(_)), Kind::Estimate(EstimateOf::PerYear))
                | (Self::Estimate(EstimateValue::Money(_)), Kind::Estimate(EstimateOf::Money))
                | (Self::File(_), Kind::File)
        )
    }
    /// The records it points to.
    pub fn links(&self) -> &[Id] {
        match self {
            Self::Link(id) => std::slice::from_ref(id),
            Self::Links(ids) => ids,
            _ => &[],
        }
    }
}

fn parse_bool(text: &str) -> Result<bool, ParseError> {
    match text.to_lowercase().as_str() {
        "yes" | "true" | "1" | "on" | "y" => Ok(true),
        "no" | "false" | "0" | "off" | "n" => Ok(false),
        _ => Err(ParseError(format!("'{text}' is neither yes nor no"))),
    }
}

/// What people read for a key: `review_on` becomes "Review on".
pub fn label_of(key: &str) -> String {
    let spaced = key.replace('_', " ");
    let mut letters = spaced.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
