//! Kinds of field. The list is closed: match it without `_`, so that a new kind makes the compiler name every
//! place to extend.

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One line of text.
    Line,
    /// Several lines of plain text.
    Text,
    /// Several lines of Markdown.
    Markdown,
    /// A whole number.
    Int,
    /// A share from 0 to 100 %.
    Percent,
    /// An amount with its currency.
    Money,
    /// A day.
    Date,
    /// A moment, UTC.
    Moment,
    /// A length of time.
    Duration,
    /// Yes or no.
    Bool,
    /// One of a fixed list.
    Choice(&'static [ChoiceOption]),
    /// One record of that register.
    Link(&'static str),
    /// Any number of records of that register.
    Links(&'static str),
    /// Low, likely, high.
    Estimate(EstimateOf),
    /// A stored file.
    File,
    /// A web address.
    Url,
}

/// One entry of a fixed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChoiceOption {
    /// Stable key, as stored and exchanged.
    pub key: &'static str,
    /// Shown to people.
    pub label: &'static str,
    /// What it means.
    pub help: &'static str,
}

/// What is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EstimateOf {
    /// Times a year.
    PerYear,
    /// An amount each time.
    Money,
}

impl Kind {
    /// Stable key, for the API description and saved views.
    pub fn key(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Int => "int",
            Self::Percent => "percent",
            Self::Money => "money",
            Self::Date => "date",
            Self::Moment => "moment",
            Self::Duration => "duration",
            Self::Bool => "bool",
            Self::Choice(_) => "choice",
            Self::Link(_) => "link",
            Self::Links(_) => "links",
            Self::Estimate(_) => "estimate",
            Self::File => "file",
            Self::Url => "url",
        }
    }
    /// The register that a link points to.
    pub fn target(self) -> Option<&'static str> {
        match self {
            Self::Link(register) | Self::Links(register) => Some(register),
            _ => None,
        }
    }
    /// Whether a list can be sorted by it.
    pub fn sortable(self) -> bool {
        !matches!(self, Self::Links(_) | Self::Estimate(_) | Self::File | Self::Text | Self::Markdown)
    }
    /// Whether figures of it stand right-aligned in a table.
    pub fn numeric(self) -> bool {
        matches!(self, Self::Int | Self::Percent | Self::Money | Self::Duration | Self::Estimate(_))
    }
}
