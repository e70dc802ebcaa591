//! Throwing away an import that nothing came of: its rows go, that it was handed in stays known.

use super::view::ImportState;
use crate::{App, Ctx, Error, Refusal};
use wardkeep_register::Verb;
use wardkeep_store::{Act, FieldEdit, Write, cells};
use wardkeep_types::Id;

impl App {
    /// Drops the rows of an import of which nothing was written, so that what somebody handed in by mistake does not
    /// wait here. An import that has begun is undone instead.
    pub async fn discard_import(&self, ctx: &Ctx, import: Id) -> Result<(), Error> {
        let head = self.import_head(ctx, import).await?;
        let organisation = self.organisation().await?;
        self.may_import(ctx, &organisation, head.unit, Verb::Add, head.person)?;
        if !matches!(head.state, ImportState::Staged | ImportState::Reading) || head.counts.applied > 0 {
            return Err(Refusal::NotYet("this import has begun: undo it instead".into()).into());
        }
        let note = |field: &str, new: String| FieldEdit {
            field: field.into(),
            old: serde_json::Value::Null,
            new: new.into(),
        };
        let act = Act {
            act: "import:discard".into(),
            unit: Some(head.unit).filter(|unit| *unit != Id::NIL),
            fields: vec![note("import", import.to_string()), note("file", head.file_name.clone())],
            ..Act::default()
        };
        // Only while nobody began it meanwhile: the state is asked again where it is changed.
        let waits = "SELECT id FROM import WHERE id = $1 AND state IN ('staged', 'reading')";
        let rows = format!("DELETE FROM import_row WHERE import_id IN ({waits})");
        let state = format!("UPDATE import SET state = $2, finished_at = $3 WHERE id IN ({waits})");
        let extra =
            vec![(rows, cells![import]), (state, cells![import, ImportState::Discarded.key(), ctx.now])];
        self.db.write(&ctx.author(), vec![Write::Act(act)], extra).await?;
        Ok(())
    }
}
