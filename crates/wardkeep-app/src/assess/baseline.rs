//! What a fresh installation begins with: the organisation, somebody who answers for it, and the baseline of
//! controls. Made only when there is nothing, through the normal write path.

use super::{id_for, line};
use crate::records::{Edits, Proposal};
use crate::{App, Ctx, Error};
use wardkeep_assure::baseline::{self, BaselineControl, Category, Nature, Performed};
use wardkeep_register::{Choice, Value};
use wardkeep_store::cells;
use wardkeep_types::Id;
use wardkeep_types::observation::Strength;

fn text(text: &str) -> Value {
    Value::text(text)
}

fn choice(key: &str) -> Value {
    Value::Choice(key.to_owned())
}

impl App {
    /// The organisation's top unit; made, with the baseline of controls, when the installation is empty.
    pub async fn ensure_baseline(&self, ctx: &Ctx) -> Result<Id, Error> {
        let organisation = self.organisation().await?;
        if let Some(root) = organisation.units.roots().next() {
            self.ensure_controls(ctx, root, None).await?;
            return Ok(root);
        }
        let root = id_for("unit", "organisation");
        let unit = App::schema("unit")?;
        let edits = Edits::from([
            ("name".into(), text("Our organisation")),
            ("kind".into(), choice("organisation")),
            ("time_zone".into(), text("UTC")),
            ("currency".into(), text("EUR")),
            ("purpose".into(), text("Made by the first assessment. Give it its real name.")),
        ]);
        self.write_one(ctx, Proposal::add(unit, root, root, edits)).await?;
        let person = App::schema("person")?;
        let officer = id_for("person", "officer");
        let edits = Edits::from([
            ("name".into(), text("Security officer (name to be entered)")),
            ("email".into(), text("officer@localhost")),
            ("employment".into(), choice("employee")),
        ]);
        self.write_one(ctx, Proposal::add(person, officer, root, edits)).await?;
        self.ensure_controls(ctx, root, Some(officer)).await?;
        Ok(root)
    }
    /// The baseline controls, when the register of controls is empty. With an owner they are put in operation,
    /// so that their tests count; without, they wait as proposals.
    async fn ensure_controls(&self, ctx: &Ctx, unit: Id, owner: Option<Id>) -> Result<(), Error> {
        if self.db.row("SELECT 1 AS x FROM control LIMIT 1", cells![]).await?.is_some() {
            return Ok(());
        }
        let schema = App::schema("control")?;
        let controls = baseline::controls().map_err(|p| Error::fault(format!("baseline: {p:?}")))?;
        let review = ctx.now.date().plus_days(365);
        let adds = controls.iter().map(|control| {
            let mut edits = control_edits(control);
            edits.insert("owner".into(), owner.map_or(Value::Empty, Value::Link));
            edits.insert("review_by".into(), Value::Date(review));
            Proposal::add(schema, id_for("control", &control.key), unit, edits)
        });
        self.write_batch(ctx, adds.collect(), vec![]).await?;
        if owner.is_some() {
            for step in ["plan", "put_in_operation"] {
                let moves = controls
                    .iter()
                    .map(|c| Proposal::movement(schema, id_for("control", &c.key), None, step));
                self.write_batch(ctx, moves.collect(), vec![]).await?;
            }
        }
        Ok(())
    }
}

/// A baseline control as the register's fields.
pub fn control_edits(control: &BaselineControl) -> Edits {
    let (function, category) = (csf_function(&control.function), control.categories());
    let nature = match control.nature {
        Nature::Preventive => "preventive",
        Nature::Detective => "detective",
        Nature::Corrective => "corrective",
        Nature::Deterrent => "deterrent",
    };
    let method = match control.method {
        Performed::Manual => "manual",
        Performed::Automatic => "automatic",
        Performed::Hybrid => "hybrid",
    };
    let kind = match control.category {
        Category::Policy => "policy",
        Category::Process => "process",
        Category::Technical => "technical",
        Category::Physical => "physical",
        Category::Procedure => "procedure",
    };
    let strength = match control.required {
        Strength::Attested => "attested",
        Strength::Sampled => "sampled",
        Strength::Automated => "automated",
    };
    let own = category.iter().find(|c| c.starts_with(&control.function)).copied();
    Edits::from([
        ("name".into(), text(&line(&control.name))),
        (
            "statement".into(),
            text(&format!("{}\n\n**Shown by:** {}", control.statement.trim(), control.shown_by.trim())),
        ),
        ("nature".into(), choice(nature)),
        ("method".into(), choice(method)),
        ("frequency".into(), choice("continuous")),
        ("is_key".into(), Value::Bool(control.is_key)),
        ("required_strength".into(), choice(strength)),
        ("category".into(), choice(kind)),
        ("csf_function".into(), choice(function)),
        ("csf_category".into(), own.map_or(Value::Empty, text)),
        ("priority".into(), choice(if control.is_key { "high" } else { "medium" })),
        ("effort".into(), choice("m")),
        ("outside_reference".into(), text(&control.key)),
    ])
}

fn csf_function(letters: &str) -> &'static str {
    use wardkeep_registers::choices::CsfFunction;
    let word = match letters {
        "GV" => CsfFunction::Govern,
        "ID" => CsfFunction::Identify,
        "PR" => CsfFunction::Protect,
        "DE" => CsfFunction::Detect,
        "RS" => CsfFunction::Respond,
        _ => CsfFunction::Recover,
    };
    word.key()
}
