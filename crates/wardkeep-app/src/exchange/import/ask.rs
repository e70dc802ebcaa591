//! Asking for an import to be applied or undone, beside the request that asks.

use super::preview::get;
use super::view::{ImportHead, ImportState};
use crate::{App, Ctx, Error, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::json;
use wardkeep_register::Verb;
use wardkeep_store::{Job, NewJob, cells};
use wardkeep_types::Id;

/// The kind of job that applies and undoes imports.
pub const IMPORT: &str = "import";

/// What is to become of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "act")]
pub enum ImportAct {
    /// The taken rows go in.
    Apply {
        /// One refused row refuses the whole file.
        all_or_nothing: bool,
    },
    /// What went in is taken back.
    Undo,
}

impl App {
    /// Queues the work for [`App::run_asked`]; asking twice does it once. Rights and state are asked here, and again
    /// by the work itself.
    pub async fn ask_import(&self, ctx: &Ctx, import: Id, act: ImportAct) -> Result<(), Error> {
        let head = self.import_head(ctx, import).await?;
        let organisation = self.organisation().await?;
        let (verb, fits) = match act {
            ImportAct::Apply { .. } => {
                (Verb::Add, matches!(head.state, ImportState::Staged | ImportState::Applying))
            }
            ImportAct::Undo => (
                Verb::Retire,
                matches!(
                    head.state,
                    ImportState::Applied | ImportState::PartlyApplied | ImportState::Applying
                ),
            ),
        };
        self.may_import(ctx, &organisation, head.unit, verb, head.person)?;
        if !fits {
            return Err(Refusal::NotYet("this import is past that; look at where it stands".into()).into());
        }
        let Some(person) = ctx.person() else {
            return Err(
                Refusal::Forbidden("only a person asks for this; a program applies at once".into()).into()
            );
        };
        let payload = json!({ "import": import, "what": act });
        let job = NewJob {
            priority: 0,
            unique_key: Some(key(import)),
            person: Some(person),
            unit: Some(head.unit).filter(|unit| *unit != Id::NIL),
            ..NewJob::new(IMPORT, payload, ctx.now)
        };
        self.db.enqueue(&job, ctx.now).await?;
        Ok(())
    }

    /// The newest job of an import that the actor may see.
    pub async fn import_job(&self, ctx: &Ctx, import: Id) -> Result<Option<Job>, Error> {
        self.import_head(ctx, import).await?;
        let sql = "SELECT id FROM job WHERE unique_key = $1 ORDER BY id DESC LIMIT 1";
        let Some(row) = self.db.row(sql, cells![key(import)]).await? else { return Ok(None) };
        Ok(self.db.job(get(&row, "id")?).await?)
    }

    /// How many rows would go in now.
    pub async fn rows_to_apply(&self, head: &ImportHead) -> Result<u64, Error> {
        let sql = "SELECT count(*) AS k FROM import_row WHERE import_id = $1 AND outcome IN ('add', 'change') AND applied_change IS NULL AND taken = 1";
        let row = self.db.row(sql, cells![head.id]).await?;
        row.map_or(Ok(0), |row| get::<i64>(&row, "k").map(|n| n as u64))
    }

    /// What the actor may do to an import: apply it and choose rows, undo it.
    pub async fn import_verbs(&self, ctx: &Ctx, head: &ImportHead) -> Result<(bool, bool), Error> {
        let organisation = self.organisation().await?;
        let may = |verb| self.may_import(ctx, &organisation, head.unit, verb, head.person).is_ok();
        Ok((may(Verb::Add), may(Verb::Retire)))
    }
}

fn key(import: Id) -> String {
    format!("import:{import}")
}
