//! The filter bar of a list: a sentence whose parts are the address.

use super::super::address::Address;
use super::super::frame::many;
use super::super::reader::Reader;
use crate::parts::{ButtonView, FilterControl, FilterPart, FilterView, OptionView, Weight};
use crate::words::{fill, words};
use wardkeep_app::records::{ListView, reach_of};
use wardkeep_register::{Field, Kind, Schema, Verb};

/// Fields offered beside unit, stage and due day; those that are set always stand there.
const MOST: usize = 3;
/// What the address keeps although it is no filter.
const KEPT: [&str; 5] = ["sort", "columns", "limit", "known_at", "view"];

/// The bar.
pub fn bar(reader: &Reader, schema: &'static Schema, list: &ListView, address: &Address) -> FilterView {
    let set = |name: &str| address.pairs().iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
    let mut parts = Vec::new();
    let units = units(reader, schema);
    if units.len() > 1 {
        parts.push(part(
            words("filter.in"),
            "unit",
            words("form.unit"),
            choice(words("filter.any_unit"), &units, set("unit").as_deref()),
        ));
    }
    let mut stages = vec![
        ("open".to_owned(), words("filter.open").to_owned()),
        ("done".to_owned(), words("filter.done").to_owned()),
    ];
    stages.extend(schema.stages.iter().map(|s| (s.key.to_owned(), s.label.to_owned())));
    parts.push(part(
        words("filter.at_stage"),
        "stage",
        words("list.stage"),
        choice(words("filter.any_stage"), &stages, set("stage").as_deref()),
    ));
    let mut offered = 0;
    for field in schema.fields.iter().filter(|f| f.filter) {
        let value = set(field.name);
        if value.is_none() && offered >= MOST {
            continue;
        }
        offered += 1;
        if let Some(control) = control(field, value) {
            let before = if field.name == "owner" {
                words("filter.owned_by").to_owned()
            } else {
                field.label().to_lowercase()
            };
            parts.push(part(&before, field.name, &field.label(), control));
        }
    }
    if let Some(due) = schema.due_index().map(|i| &schema.fields[i]) {
        let name = format!("{}.below", due.name);
        let before = fill("filter.before", &[("field", &due.label().to_lowercase())]);
        let control = FilterControl::Date(set(&name).unwrap_or_default());
        parts.push(FilterPart { before, key: name, label: due.label(), control });
    }
    let shown: Vec<String> = parts.iter().map(|p| p.key.clone()).collect();
    let keep = address
        .pairs()
        .iter()
        .filter(|(name, _)| name != "q" && name != "after" && name != "panel" && !shown.contains(name));
    let filtered = !list.ask.filters.is_empty() || list.ask.text.is_some();
    let clear: Vec<&str> = address
        .pairs()
        .iter()
        .map(|(n, _)| n.as_str())
        .filter(|n| !KEPT.contains(n) || *n == "view")
        .collect();
    FilterView {
        action: format!("/{}", schema.path),
        subject: many(schema),
        search: Some(list.ask.text.clone().unwrap_or_default()),
        parts,
        keep: keep.cloned().collect(),
        clear: filtered.then(|| address.clone().without(&clear).to_string()),
        tools: tools(schema, list, address),
    }
}

fn part(before: &str, key: &str, label: &str, control: FilterControl) -> FilterPart {
    FilterPart { before: before.to_owned(), key: key.to_owned(), label: label.to_owned(), control }
}

fn choice(any: &str, entries: &[(String, String)], chosen: Option<&str>) -> FilterControl {
    let mut options = vec![OptionView::new("", any, chosen.is_none())];
    options.extend(
        entries.iter().map(|(key, label)| OptionView::new(key.clone(), label.clone(), chosen == Some(key))),
    );
    // A set of stages or values that came with the address is an entry of its own, so that it is seen and kept.
    if let Some(other) = chosen.filter(|c| !entries.iter().any(|(key, _)| key == c)) {
        options.push(OptionView::new(other, other.replace('|', ", "), true));
    }
    FilterControl::Choice(options)
}

fn control(field: &Field, value: Option<String>) -> Option<FilterControl> {
    Some(match field.kind {
        Kind::Choice(options) => {
            let entries: Vec<(String, String)> =
                options.iter().map(|o| (o.key.to_owned(), o.label.to_owned())).collect();
            choice(words("filter.any"), &entries, value.as_deref())
        }
        Kind::Bool => {
            let entries = [
                ("yes".to_owned(), words("value.yes").to_owned()),
                ("no".to_owned(), words("value.no").to_owned()),
            ];
            choice(words("filter.any"), &entries, value.as_deref())
        }
        Kind::Date => FilterControl::Date(value.unwrap_or_default()),
        Kind::Int => FilterControl::Number(value.unwrap_or_default()),
        Kind::Line | Kind::Link(_) | Kind::Links(_) | Kind::Url => {
            FilterControl::Text(value.unwrap_or_default())
        }
        Kind::Text
        | Kind::Markdown
        | Kind::Percent
        | Kind::Money
        | Kind::Moment
        | Kind::Duration
        | Kind::Estimate(_)
        | Kind::File => return None,
    })
}

/// Units in which the reader may see records of the register, by name.
fn units(reader: &Reader, schema: &Schema) -> Vec<(String, String)> {
    if schema.key == "unit" {
        return Vec::new();
    }
    let reach = reach_of(&reader.ctx, &reader.organisation, schema, Verb::View);
    let all = reach.units.iter().chain(&reach.own_units).map(|id| reader.organisation.unit(*id));
    let mut all: Vec<(String, String)> =
        all.map(|(reference, name)| (reference.to_owned(), name.to_owned())).collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all.dedup();
    all
}

fn tools(schema: &Schema, list: &ListView, address: &Address) -> Vec<ButtonView> {
    let plain = address.clone().without(&["after", "panel", "view"]);
    let panel = |label: &str, name: &str| {
        ButtonView::link(label, plain.clone().with("panel", name)).weight(Weight::Quiet)
    };
    let mut tools = vec![panel(words("list.columns"), "columns")];
    if list.may_export && !list.rows.is_empty() {
        for (label, ending) in [("CSV", "csv"), ("XLSX", "xlsx"), ("JSON", "jsonl")] {
            let query = plain.query();
            let mark = if query.is_empty() { "" } else { "?" };
            let href = format!("/{}/export.{ending}{mark}{query}", schema.path);
            tools.push(ButtonView::link(label, href).weight(Weight::Quiet));
        }
    }
    tools
}
