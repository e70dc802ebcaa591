//! Fields: what a register keeps of each record.

use crate::{Kind, intern};

/// A field's extra rule on its text, beyond what its kind asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// Nothing more.
    #[default]
    Plain,
    /// A mail address.
    Email,
}

/// The question a field answers; a detail page groups fields by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// What is it?
    What,
    /// Who answers for it?
    Who,
    /// How much, how bad?
    HowMuch,
    /// When?
    When,
    /// What belongs to it?
    With,
}

/// One field, as the derive or a person at run time declared it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field {
    /// Column, JSON and CSV name: `review_on`.
    pub name: &'static str,
    /// Help text: the doc comment.
    pub help: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Extra rule on its text.
    pub form: Form,
    /// A record cannot be without it.
    pub required: bool,
    /// This is the record's title.
    pub title: bool,
    /// Shown in lists by default.
    pub list: bool,
    /// Offered as a filter.
    pub filter: bool,
    /// This date is the record's deadline.
    pub due: bool,
    /// No two records of the register share a value.
    pub unique: bool,
    /// Worked out by the program; people cannot write it.
    pub computed: bool,
    /// Only for those who may edit the record.
    pub confidential: bool,
    /// Personal data: emptied when the person is erased.
    pub personal: bool,
    /// Replaces the label that follows from the name.
    pub label: Option<&'static str>,
    /// Made at run time rather than declared.
    pub custom: bool,
}

impl Field {
    /// A plain optional field; the derive and custom fields start from it.
    pub const fn new(name: &'static str, help: &'static str, kind: Kind) -> Self {
        Self {
            name,
            help,
            kind,
            form: Form::Plain,
            required: false,
            title: false,
            list: false,
            filter: false,
            due: false,
            unique: false,
            computed: false,
            confidential: false,
            personal: false,
            label: None,
            custom: false,
        }
    }
    /// A field made at run time; its values are kept as JSON.
    pub fn custom(name: &str, label: &str, help: &str, kind: Kind, required: bool) -> Self {
        let mut field = Self::new(intern(name), intern(help), kind);
        field.label = Some(intern(label));
        field.required = required;
        field.custom = true;
        field.filter = matches!(kind, Kind::Choice(_) | Kind::Bool);
        field
    }
    /// What people read: `review_on` becomes "Review on".
    pub fn label(&self) -> String {
        self.label.map_or_else(|| crate::label_of(self.name), str::to_owned)
    }
    /// The question under which a detail page shows it. It follows from the kind, so no field says it.
    pub fn question(&self) -> Question {
        match self.kind {
            Kind::Link("person" | "team") | Kind::Links("person" | "team") => Question::Who,
            Kind::Date | Kind::Moment | Kind::Duration => Question::When,
            Kind::Money | Kind::Percent | Kind::Estimate(_) | Kind::Int => Question::HowMuch,
            Kind::Link(_) | Kind::Links(_) | Kind::File | Kind::Url => Question::With,
            Kind::Line | Kind::Text | Kind::Markdown | Kind::Bool | Kind::Choice(_) => Question::What,
        }
    }
}

/// Names a declared field without a string: `Risk::REVIEW_ON`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldHandle(pub usize);
