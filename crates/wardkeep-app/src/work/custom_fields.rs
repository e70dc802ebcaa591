//! Fields that an organisation adds to a register while the program runs. One that is retired is no longer asked
//! for; what was written in it stays in the history.

use super::row::get;
use crate::app::custom_kind;
use crate::{App, Ctx, Error, Refusal};
use serde_json::{Value as Json, json};
use wardkeep_register::{Schema, Verb};
use wardkeep_rights::{Named, Resource, Target, decide};
use wardkeep_store::{Act, Cell, FieldEdit, Write, cells};
use wardkeep_types::{Line, Problem, Problems};

/// Fields that one register may be given, retired ones included.
pub const CUSTOM_FIELDS: usize = 50;
/// The kinds a custom field can have. Links and files need tables and stay declared.
pub const CUSTOM_KINDS: [&str; 12] = [
    "line", "text", "markdown", "int", "percent", "money", "date", "moment", "duration", "bool", "url",
    "choice",
];
/// Choices of one field.
const CHOICES: usize = 100;
const FIELD: Resource = Resource::Named(Named::CustomField);
/// Names that every record has beside its fields.
const TAKEN: [&str; 10] = [
    "id",
    "reference",
    "unit",
    "stage",
    "version",
    "title",
    "restricted",
    "register",
    "created_at",
    "changed_at",
];

/// A field to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewCustomField {
    /// Key of the register.
    pub register: String,
    /// What people read.
    pub label: String,
    /// One sentence of help.
    pub help: String,
    /// One of [`CUSTOM_KINDS`].
    pub kind: String,
    /// For a choice: one label a line.
    pub options: String,
    /// Whether new and changed records must have it.
    pub required: bool,
}

/// A field that was made.
#[derive(Debug, Clone)]
pub struct CustomFieldView {
    /// The register.
    pub schema: &'static Schema,
    /// Its name in files and in the API.
    pub name: String,
    /// What people read.
    pub label: String,
    /// One sentence of help.
    pub help: String,
    /// Its kind.
    pub kind: String,
    /// For a choice: its labels.
    pub options: Vec<String>,
    /// Whether records must have it.
    pub required: bool,
    /// Whether it is no longer asked for.
    pub retired: bool,
}

impl App {
    /// Every custom field, by register; retired ones last.
    pub async fn custom_fields(&self, ctx: &Ctx) -> Result<Vec<CustomFieldView>, Error> {
        self.may_fields(ctx, Verb::View).await?;
        let sql = "SELECT register, name, label, help, kind, options, required, retired FROM custom_field ORDER BY retired, register, position, name";
        let mut found = Vec::new();
        for row in &self.db.rows(sql, cells![]).await? {
            let Some(schema) = wardkeep_registers::by_key(&get::<String>(row, "register")?) else { continue };
            let options: String = get(row, "options")?;
            found.push(CustomFieldView {
                schema,
                name: get(row, "name")?,
                label: get(row, "label")?,
                help: get(row, "help")?,
                kind: get(row, "kind")?,
                options: options
                    .lines()
                    .map(str::trim)
                    .filter(|l| !l.is_empty())
                    .map(str::to_owned)
                    .collect(),
                required: get::<i64>(row, "required")? != 0,
                retired: get::<i64>(row, "retired")? != 0,
            });
        }
        Ok(found)
    }
    /// Makes a field; returns its name. It is there for the next request.
    pub async fn add_custom_field(&self, ctx: &Ctx, new: &NewCustomField) -> Result<String, Error> {
        self.may_fields(ctx, Verb::Add).await?;
        let known: Vec<CustomFieldView> = self.custom_fields(ctx).await?;
        let (schema, name, options) = checked(new, &known).map_err(Refusal::Invalid)?;
        let position = known.iter().filter(|f| f.schema.key == schema.key).count() as i64;
        let (label, help) = (new.label.trim(), new.help.trim());
        let sql = "INSERT INTO custom_field (register, name, label, help, kind, options, required, position, retired) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)";
        let values = cells![
            schema.key,
            name.clone(),
            label,
            help,
            new.kind.clone(),
            options.clone(),
            new.required,
            position
        ];
        let fields = vec![
            edit("register", Json::Null, json!(schema.key)),
            edit("name", Json::Null, json!(name)),
            edit("label", Json::Null, json!(label)),
            edit("kind", Json::Null, json!(new.kind)),
            edit("options", Json::Null, json!(options)),
            edit("required", Json::Null, json!(new.required)),
        ];
        self.field_act(ctx, "custom_field:add", fields, (sql.into(), values)).await?;
        Ok(name)
    }
    /// Stops asking for a field, or asks for it again.
    pub async fn retire_custom_field(
        &self,
        ctx: &Ctx,
        register: &str,
        name: &str,
        retired: bool,
    ) -> Result<(), Error> {
        self.may_fields(ctx, Verb::Retire).await?;
        let known = self.custom_fields(ctx).await?;
        let found =
            known.iter().find(|f| f.schema.key == register && f.name == name).ok_or(Refusal::NotFound)?;
        if found.retired == retired {
            return Ok(());
        }
        let sql = "UPDATE custom_field SET retired = $1 WHERE register = $2 AND name = $3";
        let fields = vec![
            edit("register", Json::Null, json!(register)),
            edit("name", Json::Null, json!(name)),
            edit("retired", json!(!retired), json!(retired)),
        ];
        self.field_act(ctx, "custom_field:retire", fields, (sql.into(), cells![retired, register, name]))
            .await
    }
    async fn may_fields(&self, ctx: &Ctx, verb: Verb) -> Result<(), Error> {
        let organisation = self.organisation().await?;
        decide(&ctx.actor, &organisation.units, verb, FIELD, &Target::INSTALLATION)?;
        Ok(())
    }
    async fn field_act(
        &self,
        ctx: &Ctx,
        act: &str,
        fields: Vec<FieldEdit>,
        statement: (String, Vec<Cell>),
    ) -> Result<(), Error> {
        let act = Act { act: act.into(), fields, statements: vec![statement], ..Act::default() };
        self.db.write(&ctx.author(), vec![Write::Act(act)], vec![]).await?;
        Ok(())
    }
}

fn checked(
    new: &NewCustomField,
    known: &[CustomFieldView],
) -> Result<(&'static Schema, String, String), Problems> {
    let mut problems = Problems::new();
    let schema = wardkeep_registers::by_key(&new.register);
    problems.require(schema.is_some(), "register", "unknown", "choose a register");
    let label = new.label.trim();
    let fine = label.parse::<Line>().is_ok_and(|l| !l.as_str().is_empty()) && label.chars().count() <= 60;
    problems.require(fine, "label", "required", "give it a label of 1 to 60 characters");
    let line = new.help.trim().is_empty() || new.help.trim().parse::<Line>().is_ok();
    problems.require(line, "help", "invalid", "help is one sentence of 200 characters at most");
    let name = name_of(label);
    problems.require(
        !fine || !name.is_empty(),
        "label",
        "invalid",
        "a label needs letters or digits of the Latin alphabet, so that files and the API can name the field",
    );
    let options: Vec<&str> = new.options.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    if new.kind == "choice" {
        let mut keys: Vec<String> = options.iter().map(|o| o.to_lowercase()).collect();
        keys.sort();
        keys.dedup();
        problems.require(options.len() >= 2, "options", "required", "give at least two choices, one a line");
        problems.require(options.len() <= CHOICES, "options", "too_many", "a choice has at most 100 entries");
        problems.require(
            keys.len() == options.len(),
            "options",
            "not_unique",
            "two of these choices are the same",
        );
        let short = options.iter().all(|o| o.chars().count() <= 80 && !o.chars().any(char::is_control));
        problems.require(short, "options", "too_long", "a choice has at most 80 characters");
    } else {
        let kind = CUSTOM_KINDS.contains(&new.kind.as_str()) && custom_kind(&new.kind, "").is_some();
        problems.require(kind, "kind", "unknown", "choose what sort of value it holds");
    }
    if let Some(schema) = schema {
        let own: Vec<_> = known.iter().filter(|f| f.schema.key == schema.key).collect();
        problems.require(
            own.len() < CUSTOM_FIELDS,
            "register",
            "too_many",
            "this register has 50 such fields already",
        );
        let declared = schema.fields.iter().any(|f| f.name == name || f.label().eq_ignore_ascii_case(label));
        if declared || TAKEN.contains(&name.as_str()) {
            let message = format!("every {} has '{label}' already", schema.names.one);
            problems.add(Problem::new("label", "not_unique", message).hint("Choose another label."));
        } else if own.iter().any(|f| f.name == name || f.label.eq_ignore_ascii_case(label)) {
            let message = format!("a field of that label was made for {} before", schema.names.many);
            problems.add(
                Problem::new("label", "not_unique", message)
                    .hint("If it is retired, ask for it again instead."),
            );
        }
    }
    match schema {
        Some(schema) if problems.is_empty() => {
            let options = if new.kind == "choice" { options.join("\n") } else { String::new() };
            Ok((schema, name, options))
        }
        _ => Err(problems),
    }
}

/// "Contract number" becomes `contract_number`.
fn name_of(label: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' };
    let words: String = label.chars().map(plain).collect();
    let name = words.split_whitespace().collect::<Vec<_>>().join("_");
    // A name that begins with a digit would be no name in JSON paths and formulas.
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("n{name}") } else { name }
}

fn edit(field: &str, old: Json, new: Json) -> FieldEdit {
    FieldEdit { field: field.into(), old, new }
}

#[cfg(test)]
mod tests {
    use super::{NewCustomField, checked, name_of};

    #[test]
    fn labels_become_names() {
        for (label, name) in [
            ("Contract number", "contract_number"),
            ("  Größe (cm) ", "gr_e_cm"),
            ("2nd line", "n2nd_line"),
            ("§", ""),
        ] {
            assert_eq!(name_of(label), name);
        }
    }

    #[test]
    fn a_field_must_be_whole_and_new() {
        let good = NewCustomField {
            register: "asset".into(),
            label: "Rack".into(),
            kind: "line".into(),
            ..NewCustomField::default()
        };
        assert!(checked(&good, &[]).is_ok());
        for (wrong, path) in [
            (NewCustomField { label: "Name".into(), ..good.clone() }, "label"),
            (NewCustomField { label: "Stage".into(), ..good.clone() }, "label"),
            (NewCustomField { label: "\u{a7}".into(), ..good.clone() }, "label"),
            (NewCustomField { register: "nothing".into(), ..good.clone() }, "register"),
            (NewCustomField { kind: "link".into(), ..good.clone() }, "kind"),
            (NewCustomField { kind: "choice".into(), options: "one".into(), ..good.clone() }, "options"),
            (NewCustomField { kind: "choice".into(), options: "one\nOne".into(), ..good.clone() }, "options"),
        ] {
            let problems = checked(&wrong, &[]).unwrap_err();
            assert!(problems.iter().any(|p| p.path == path), "{wrong:?}: {problems:?}");
        }
    }
}
