//! Fields of a register as controls of a form.

use super::super::taste::Taste;
use super::{QUESTIONS, question};
use crate::parts::{FieldView, FormGroupView, Input, OptionView};
use crate::words::{fill, words};
use std::collections::HashMap;
use wardkeep_app::Organisation;
use wardkeep_app::records::Labels;
use wardkeep_register::{EstimateOf, EstimateValue, Field, Form, Kind, Schema, Stored, Value};
use wardkeep_types::limits::LINE_CHARACTERS;
use wardkeep_types::{Money, Problems};

/// Currencies offered; one that stands in a record is offered too.
const CURRENCIES: [&str; 14] =
    ["EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "JPY", "CAD", "AUD"];

/// What stands in the controls of a form, by the names of the controls, exactly as it was typed or is stored.
#[derive(Debug, Clone, Default)]
pub struct Filled {
    pairs: Vec<(String, String)>,
    /// Names of records by reference, for chips.
    pub names: HashMap<String, String>,
}

impl Filled {
    /// What somebody sent.
    pub fn sent(pairs: &[(String, String)]) -> Self {
        Self { pairs: pairs.to_vec(), names: HashMap::new() }
    }
    /// What a record holds.
    pub fn stored(
        schema: &Schema,
        custom: &[Field],
        stored: &Stored,
        labels: &Labels,
        taste: &Taste,
    ) -> Self {
        let mut filled = Self::default();
        let own = schema.fields.iter().zip(&stored.row.values);
        let made = custom.iter().filter_map(|f| Some((f, stored.row.custom.get(f.name)?)));
        for (field, value) in own.chain(made) {
            filled.fill(field, value, labels, taste);
        }
        filled
    }
    fn fill(&mut self, field: &Field, value: &Value, labels: &Labels, taste: &Taste) {
        let name = field.name;
        let mut put = |part: &str, text: String| self.pairs.push((format!("{name}{part}"), text));
        let bare = |m: &Money| m.to_string().split(' ').next().unwrap_or_default().to_owned();
        match value {
            Value::Empty => {}
            Value::Money(money) => {
                put(".amount", bare(money));
                put(".currency", money.currency.to_string());
            }
            Value::Estimate(EstimateValue::PerYear(e)) => {
                for (part, point) in [(".low", e.low), (".likely", e.likely), (".high", e.high)] {
                    put(part, point.to_string());
                }
            }
            Value::Estimate(EstimateValue::Money(e)) => {
                for (part, point) in [(".low", e.low), (".likely", e.likely), (".high", e.high)] {
                    put(part, bare(&point));
                }
                put(".currency", e.low.currency.to_string());
            }
            // Links that the reader may not see are left out; saving keeps them.
            Value::Link(id) => {
                put("", labels.get(*id).map_or_else(String::new, |l| format!("{} {}", l.reference, l.title)));
            }
            Value::Links(ids) => {
                for label in ids.iter().filter_map(|id| labels.get(*id)) {
                    put("", label.reference.clone());
                }
                for label in ids.iter().filter_map(|id| labels.get(*id)) {
                    self.names.insert(label.reference.clone(), label.title.clone());
                }
            }
            Value::Percent(percent) => put("", percent.to_string().trim_end_matches('%').to_owned()),
            Value::Moment(at) => put("", taste.moment_control(*at)),
            Value::Bool(yes) => put("", yes.to_string()),
            Value::File(file) => put("", file.name.clone()),
            Value::Text(_) | Value::Int(_) | Value::Date(_) | Value::Duration(_) | Value::Choice(_) => {
                put("", value.show());
            }
        }
    }
    /// What stands in the control of that name.
    pub fn text(&self, name: &str) -> String {
        self.pairs.iter().find(|(known, _)| known == name).map(|(_, text)| text.clone()).unwrap_or_default()
    }
    /// All pairs, for hidden fields.
    pub fn into_pairs(self) -> Vec<(String, String)> {
        self.pairs
    }
    fn part(&self, name: &str, part: &str) -> String {
        self.text(&format!("{name}.{part}"))
    }
}

/// The fields of a form, grouped by the question they answer; computed ones are not asked for.
pub fn groups_of_inputs(
    schema: &Schema,
    custom: &[Field],
    filled: &Filled,
    problems: &Problems,
    organisation: &Organisation,
    taste: &Taste,
) -> Vec<FormGroupView> {
    let asked = || schema.fields.iter().chain(custom).filter(|f| !f.computed);
    QUESTIONS
        .into_iter()
        .map(|each| FormGroupView {
            title: question(each).to_owned(),
            fields: asked()
                .filter(|f| f.question() == each)
                .map(|f| control(f, filled, problems, organisation, taste))
                .collect(),
        })
        .filter(|group| !group.fields.is_empty())
        .collect()
}

/// One field as a control.
pub fn control(
    field: &Field,
    filled: &Filled,
    problems: &Problems,
    organisation: &Organisation,
    taste: &Taste,
) -> FieldView {
    let error: Vec<String> = problems
        .iter()
        .filter(|p| p.path == field.name)
        .map(|p| super::super::errors::sentence(&p.message))
        .collect();
    FieldView {
        key: field.name.to_owned(),
        label: field.label(),
        help: Some(field.help.to_owned()).filter(|h| !h.is_empty()),
        error: Some(error.join(" ")).filter(|e| !e.is_empty()),
        required: field.required,
        locked: None,
        input: input(field, filled, organisation, taste),
    }
}

fn input(field: &Field, filled: &Filled, organisation: &Organisation, taste: &Taste) -> Input {
    let text = filled.text(field.name);
    let part = |part: &str| filled.part(field.name, part);
    match field.kind {
        Kind::Line if field.form == Form::Email => Input::Email(text),
        Kind::Line => Input::Line(text, Some(LINE_CHARACTERS)),
        Kind::Text => Input::Text(text),
        Kind::Markdown => Input::Markdown(text),
        Kind::Int => Input::Int(text, None),
        Kind::Percent => Input::Percent(text),
        Kind::Money => Input::Money { amount: part("amount"), currencies: currencies(&part("currency")) },
        Kind::Date => Input::Date(text),
        Kind::Moment => Input::Moment(text, taste.zone_name()),
        Kind::Duration => Input::Duration(text),
        Kind::Bool => Input::Bool(text == "true" || text == "yes"),
        Kind::Choice(options) => {
            let mut all: Vec<OptionView> = options
                .iter()
                .map(|o| OptionView {
                    help: Some(o.help.to_owned()).filter(|h| !h.is_empty()),
                    ..OptionView::new(o.key, o.label, o.key == text)
                })
                .collect();
            if !field.required {
                all.insert(0, OptionView::new("", words("form.none"), text.is_empty()));
            }
            Input::Choice(all)
        }
        Kind::Link(target) => Input::Link {
            value: text,
            options: suggestions(target, organisation),
            search: Some(pick(target)),
        },
        Kind::Links(target) => {
            let of = |(name, key): &(String, String)| {
                let known = filled.names.get(key).cloned();
                let hidden = || words("value.not_visible").to_owned();
                (name == field.name && !key.trim().is_empty()).then(|| {
                    OptionView::new(
                        key.clone(),
                        known.unwrap_or_else(|| if key.len() == 36 { hidden() } else { String::new() }),
                        true,
                    )
                })
            };
            Input::Links {
                chosen: filled.pairs.iter().filter_map(of).collect(),
                options: suggestions(target, organisation),
                search: Some(pick(target)),
            }
        }
        Kind::Estimate(of) => Input::Estimate {
            points: [part("low"), part("likely"), part("high")],
            unit: if of == EstimateOf::PerYear {
                words("form.times_a_year").to_owned()
            } else {
                String::new()
            },
            currencies: if of == EstimateOf::Money { currencies(&part("currency")) } else { Vec::new() },
        },
        Kind::File => Input::File(Some(text).filter(|t| !t.is_empty()), String::new()),
        Kind::Url => Input::Url(text),
    }
}

/// Where a picker asks for more as one types.
fn pick(target: &str) -> String {
    format!("/api/v1/pick/{target}")
}

/// Suggestions that work without scripts: units are few and known.
fn suggestions(target: &str, organisation: &Organisation) -> Vec<OptionView> {
    if target != "unit" {
        return Vec::new();
    }
    let mut all: Vec<OptionView> = organisation
        .unit_names
        .values()
        .map(|(reference, name)| OptionView::new(reference.clone(), name.clone(), false))
        .collect();
    all.sort_by(|a, b| a.label.cmp(&b.label));
    all.truncate(200);
    all
}

fn currencies(chosen: &str) -> Vec<OptionView> {
    let chosen = if chosen.is_empty() { CURRENCIES[0] } else { chosen };
    let mut all: Vec<OptionView> = CURRENCIES.iter().map(|c| OptionView::new(*c, *c, *c == chosen)).collect();
    if !CURRENCIES.contains(&chosen) {
        all.insert(0, OptionView::new(chosen, chosen, true));
    }
    all
}

/// The control for the unit of a record: those in which the reader may put it.
pub fn unit_control(units: &[(String, String)], chosen: &str, problems: &Problems, one: &str) -> FieldView {
    let wrong: Vec<String> = problems
        .iter()
        .filter(|p| p.path == "unit")
        .map(|p| super::super::errors::sentence(&p.message))
        .collect();
    let pick = |(reference, name): &(String, String)| {
        OptionView::new(reference.clone(), name.clone(), reference == chosen)
    };
    let mut options: Vec<OptionView> = units.iter().map(pick).collect();
    if let [only] = options.as_mut_slice() {
        only.chosen = true;
    }
    FieldView {
        key: "unit".to_owned(),
        label: words("form.unit").to_owned(),
        help: Some(fill("form.unit_help", &[("one", one)])),
        error: Some(wrong.join(" ")).filter(|e| !e.is_empty()),
        required: true,
        locked: None,
        input: Input::Choice(options),
    }
}
