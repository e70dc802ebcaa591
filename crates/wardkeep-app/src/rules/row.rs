//! Rows of rules as the use cases here need them.

use crate::{App, Error};
use sea_orm::QueryResult;
use wardkeep_store::{Cell, cells};
use wardkeep_types::Id;

/// A rule's record, in short.
#[derive(Debug, Clone)]
pub(crate) struct RuleRow {
    pub id: Id,
    pub reference: String,
    pub rule_id: String,
    pub stage: String,
    pub source: String,
    pub file: String,
    pub hash: Option<String>,
}

const COLUMNS: &str = "id, ref_number, rule_id, stage, source, file, text_hash";

fn read(row: &QueryResult) -> Result<RuleRow, Error> {
    let text = |name: &str| row.try_get::<String>("", name).map_err(Error::fault);
    let maybe = |name: &str| row.try_get::<Option<String>>("", name).map_err(Error::fault);
    let number: i64 = row.try_get("", "ref_number").map_err(Error::fault)?;
    Ok(RuleRow {
        id: Id::from_uuid(row.try_get("", "id").map_err(Error::fault)?),
        reference: format!("RUL-{number:04}"),
        rule_id: text("rule_id")?,
        stage: text("stage")?,
        source: text("source")?,
        file: maybe("file")?.unwrap_or_default(),
        hash: maybe("text_hash")?,
    })
}

impl App {
    /// All rules, or those that a condition chooses.
    pub(crate) async fn rule_rows(&self, condition: &str, values: Vec<Cell>) -> Result<Vec<RuleRow>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM rule {condition} ORDER BY ref_number");
        self.db.rows(&sql, values).await?.iter().map(read).collect()
    }
    /// The rule of that record.
    pub(crate) async fn rule_row(&self, id: Id) -> Result<Option<RuleRow>, Error> {
        Ok(self.rule_rows("WHERE id = $1", cells![id]).await?.pop())
    }
    /// The text of that hash.
    pub(crate) async fn rule_text(&self, hash: &str) -> Result<Option<String>, Error> {
        let row = self.db.row("SELECT body FROM rule_text WHERE hash = $1", cells![hash]).await?;
        row.map(|row| row.try_get("", "body").map_err(Error::fault)).transpose()
    }
}
