//! Which column means which field.

use crate::{Organisation, Refusal};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use wardkeep_register::{Field, Schema};
use wardkeep_types::{Problem, Problems};

/// How a file is to be read, beyond what its header says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageOptions {
    /// Columns mapped by hand: title, case-blind, to a field's name, `reference`, `unit` or `stage`; `None` leaves
    /// the column out.
    #[serde(default)]
    pub mapping: BTreeMap<String, Option<String>>,
    /// What stands in every new record for a field that has no column: field name and text.
    #[serde(default)]
    pub fill: BTreeMap<String, String>,
}

/// What was made of a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnUse {
    /// Its title in the file.
    pub title: String,
    /// The field it fills, or `reference`, `unit`, `stage`; `None` when it is left out.
    pub field: Option<String>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Slot {
    Reference,
    Unit,
    Stage,
    /// Index in [`Columns::fields`].
    Field(usize),
    Ignored,
}

/// The columns of a file, understood.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    /// Parallel to the table's columns.
    pub(super) slots: Vec<Slot>,
    /// The fields that have a column or are filled.
    pub(super) fields: Vec<Field>,
    /// Texts for new records: index in `fields`, text.
    pub(super) fill: Vec<(usize, String)>,
    pub(super) uses: Vec<ColumnUse>,
    pub(super) notes: Problems,
    /// Mandatory fields without a column or a filling.
    pub(super) missing: Vec<Field>,
    pub(super) recognised: usize,
}

/// Names that views and exports carry beside fields; they are no fields and no mistake.
const ASIDE: [&str; 10] = [
    "id",
    "version",
    "restricted",
    "created at",
    "changed at",
    "register",
    "path",
    "unit id",
    "stage label",
    "unit name",
];

impl Columns {
    /// Understands the titles of a table.
    pub(super) fn read(
        schema: &Schema,
        organisation: &Organisation,
        titles: &[String],
        options: &StageOptions,
    ) -> Self {
        let all: Vec<Field> = schema.fields.iter().chain(organisation.custom(schema.key)).copied().collect();
        let mut columns = Self {
            slots: Vec::new(),
            fields: Vec::new(),
            fill: Vec::new(),
            uses: Vec::new(),
            notes: Problems::new(),
            missing: Vec::new(),
            recognised: 0,
        };
        let mut taken: HashSet<String> = HashSet::new();
        // What a person mapped by hand comes before what the header says.
        let by_hand = |title: &str| {
            options.mapping.iter().find(|(t, _)| plain(t) == plain(title)).map(|(_, field)| field.as_deref())
        };
        let claimed: HashSet<String> = options.mapping.values().flatten().cloned().collect();
        for title in titles {
            let named = match by_hand(title) {
                Some(chosen) => chosen.and_then(|name| meant(schema, &all, name)),
                None => meant(schema, &all, title).filter(|name| !claimed.contains(name)),
            };
            let slot =
                columns.slot(schema, &all, title, named.as_deref(), &mut taken, by_hand(title).is_some());
            let field = match slot {
                Slot::Reference => Some("reference".to_owned()),
                Slot::Unit => Some("unit".to_owned()),
                Slot::Stage => Some("stage".to_owned()),
                Slot::Field(index) => Some(columns.fields[index].name.to_owned()),
                Slot::Ignored => None,
            };
            columns.recognised += usize::from(field.is_some());
            columns.uses.push(ColumnUse { title: title.clone(), field });
            columns.slots.push(slot);
        }
        for field in all.iter().filter(|f| !taken.contains(f.name) && !f.computed) {
            match options.fill.get(field.name) {
                Some(text) => {
                    columns.fill.push((columns.fields.len(), text.clone()));
                    columns.fields.push(*field);
                    let message = format!("No column for {}: new records get '{text}'.", field.label());
                    columns.notes.add(Problem::new(field.name, "filled", message));
                }
                None if field.required => columns.missing.push(*field),
                None => {}
            }
        }
        columns
    }

    fn slot(
        &mut self,
        schema: &Schema,
        all: &[Field],
        title: &str,
        named: Option<&str>,
        taken: &mut HashSet<String>,
        by_hand: bool,
    ) -> Slot {
        let Some(name) = named else {
            if !by_hand && !ASIDE.contains(&plain(title).as_str()) {
                let message =
                    format!("The column '{title}' is not known to {} and was left out.", schema.names.many);
                let hint = "Map it by hand if it holds a field under another name.";
                self.notes.add(Problem::new(format!("column {title}"), "unknown_column", message).hint(hint));
            }
            return Slot::Ignored;
        };
        if !taken.insert(name.to_owned()) {
            let message = format!("Two columns hold {name}; the later one, '{title}', was left out.");
            self.notes.add(
                Problem::new(format!("column {title}"), "doubled_column", message)
                    .hint("Remove one of them."),
            );
            return Slot::Ignored;
        }
        match all.iter().find(|f| f.name == name) {
            Some(field) if field.computed => {
                let message =
                    format!("{} is worked out by Wardkeep; the column was left out.", field.label());
                self.notes.add(Problem::new(format!("column {title}"), "computed", message));
                Slot::Ignored
            }
            Some(field) => {
                self.fields.push(*field);
                Slot::Field(self.fields.len() - 1)
            }
            None if name == "reference" => Slot::Reference,
            None if name == "unit" => Slot::Unit,
            None => Slot::Stage,
        }
    }

    /// Refuses the file when new records could not be made from it at all. A file that names records by reference
    /// may hold any columns; its new rows are judged one by one.
    pub(super) fn complete(&self, schema: &Schema) -> Result<(), Refusal> {
        if self.slots.contains(&Slot::Reference) || self.missing.is_empty() {
            return if self.recognised == 0 { Err(self.nothing(schema)) } else { Ok(()) };
        }
        let problems = self.missing.iter().map(|field| {
            let message = format!(
                "The file has no column for {}, which every {} needs.",
                field.label(),
                schema.names.one
            );
            let hint = format!("Add a column '{}', or map one of the file's columns to it.", field.name);
            Problem::new(field.name, "missing_column", message).hint(hint)
        });
        Err(Refusal::Invalid(Problems(problems.collect())))
    }

    fn nothing(&self, schema: &Schema) -> Refusal {
        let message = format!("None of the file's columns is known to {}.", schema.names.many);
        let hint = "Take the template of this register, or map the columns by hand.";
        Refusal::Invalid(Problems(vec![Problem::new("file", "unknown_columns", message).hint(hint)]))
    }
}

/// The field, `reference`, `unit` or `stage` that a title means: by name or label, case-blind, with blanks,
/// hyphens and underscores alike. A declared field wins over the names that every record has.
fn meant(schema: &Schema, all: &[Field], title: &str) -> Option<String> {
    let title = plain(title);
    let of = |wanted: &str| all.iter().find(|f| plain(f.name) == wanted || plain(&f.label()) == wanted);
    if let Some(field) = of(&title) {
        return Some(field.name.to_owned());
    }
    match title.as_str() {
        "reference" | "ref" => return Some("reference".into()),
        "unit" | "business unit" | "department" => return Some("unit".into()),
        "stage" | "status" => return Some("stage".into()),
        "title" | "name" => return Some(schema.fields[schema.title_index()].name.to_owned()),
        _ => {}
    }
    // A list may be called by its one entry and the other way round.
    let one = title.strip_suffix('s').unwrap_or(&title);
    let known = OTHER_WORDS.iter().filter(|(word, _)| *word == title).find_map(|(_, name)| of(name));
    known
        .or_else(|| of(&format!("{title}s")))
        .or_else(|| of(&format!("{title}es")))
        .or_else(|| of(one))
        .map(|f| f.name.to_owned())
}

/// What other systems call the fields of ours.
const OTHER_WORDS: [(&str, &str); 17] = [
    ("mail", "email"),
    ("e mail", "email"),
    ("mail address", "email"),
    ("email address", "email"),
    ("e mail address", "email"),
    ("full name", "name"),
    ("manager", "lead"),
    ("supervisor", "lead"),
    ("position", "job title"),
    ("employee number", "personnel number"),
    ("host", "hostnames"),
    ("host name", "hostnames"),
    ("fqdn", "hostnames"),
    ("ip", "addresses"),
    ("ip address", "addresses"),
    ("type", "kind"),
    ("serial", "serial number"),
];

fn plain(title: &str) -> String {
    let spaced: String =
        title.chars().map(|c| if matches!(c, '_' | '-' | '*' | '\u{a0}') { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{Columns, StageOptions};
    use crate::Organisation;

    fn uses(titles: &[&str], options: &StageOptions) -> (Vec<Option<String>>, Columns) {
        let schema = wardkeep_registers::by_key("person").unwrap();
        let titles: Vec<String> = titles.iter().map(|t| (*t).to_owned()).collect();
        let columns = Columns::read(schema, &Organisation::default(), &titles, options);
        (columns.uses.iter().map(|u| u.field.clone()).collect(), columns)
    }

    #[test]
    fn titles_are_names_or_labels_in_any_case() {
        let (found, columns) =
            uses(&["NAME", "E-Mail", "Job title", "left_on", "shoe size", "id"], &StageOptions::default());
        let names: Vec<Option<&str>> = found.iter().map(Option::as_deref).collect();
        assert_eq!(names, [Some("name"), Some("email"), Some("job_title"), Some("left_on"), None, None]);
        assert_eq!(columns.notes.0.len(), 1);
        let schema = wardkeep_registers::by_key("person").unwrap();
        let refusal = columns.complete(schema).unwrap_err();
        assert!(refusal.sentence().contains("Employment"), "{}", refusal.sentence());
    }

    #[test]
    fn a_person_maps_and_fills_by_hand() {
        let mut options = StageOptions::default();
        options.mapping.insert("who".into(), Some("name".into()));
        options.mapping.insert("stage".into(), None);
        options.fill.insert("employment".into(), "employee".into());
        let (found, columns) = uses(&["Who", "name", "email", "stage"], &options);
        let names: Vec<Option<&str>> = found.iter().map(Option::as_deref).collect();
        assert_eq!(names, [Some("name"), None, Some("email"), None]);
        assert_eq!(columns.fill, [(2, "employee".to_owned())]);
        columns.complete(wardkeep_registers::by_key("person").unwrap()).unwrap();
    }
}
