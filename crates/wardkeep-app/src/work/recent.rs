//! What changed lately in what somebody may see.

use super::row::{get, id_maybe};
use crate::records::{Label, Labels, describe};
use crate::{App, Ctx, Error, Organisation};
use wardkeep_store::{ChangeRecord, Entry, FieldChange, Reach, cells};
use wardkeep_types::{Id, Moment};

/// A change of a record, in one sentence.
#[derive(Debug, Clone)]
pub struct RecentView {
    /// When.
    pub at: Moment,
    /// Who.
    pub who: String,
    /// What: "changed review on".
    pub sentence: String,
    /// The record.
    pub record: Label,
}

/// How far back the log is looked through, in changes; what is older is not recent.
const DEPTH: i64 = 2_000;

/// A change before its actor has a name.
pub(super) struct RawRecent {
    pub(super) actor: Option<Id>,
    kind: String,
    view: RecentView,
}

impl RawRecent {
    pub(super) fn named(mut self, labels: &Labels) -> RecentView {
        self.view.who = match (self.actor, self.kind.as_str()) {
            (Some(person), _) => labels.get(person).map_or_else(|| "somebody".into(), |l| l.title.clone()),
            (None, "system") => "Wardkeep".into(),
            (None, _) => "a program".into(),
        };
        self.view
    }
}

impl App {
    /// The newest changes of records within reach, newest first. What the program worked out is left out.
    pub(super) async fn raw_recent(
        &self,
        reaches: &[(&'static str, Reach)],
        most: i64,
    ) -> Result<Vec<RawRecent>, Error> {
        let mut values = cells![DEPTH];
        let seen = Reach::any_of(reaches, &mut values);
        let sql = format!(
            "SELECT c.entry, c.hash, c.actor_id, v.new_value, r.id, r.reference, r.title FROM (SELECT n, entry, hash, actor_id, record_id, act FROM change ORDER BY n DESC LIMIT $1) c JOIN record r ON r.id = c.record_id LEFT JOIN change_value v ON v.n = c.n AND v.field = 'stage' WHERE c.act <> 'compute' AND ({seen}) ORDER BY c.n DESC LIMIT {most}"
        );
        self.db.rows(&sql, values).await?.iter().filter_map(|row| read(row).transpose()).collect()
    }
    /// The same with names.
    pub async fn recent(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        most: i64,
    ) -> Result<Vec<RecentView>, Error> {
        let raw = self.raw_recent(&self.reaches(ctx, organisation), most).await?;
        let labels = self.labels(ctx, organisation, raw.iter().filter_map(|r| r.actor)).await?;
        Ok(raw.into_iter().map(|r| r.named(&labels)).collect())
    }
}

fn read(row: &sea_orm::QueryResult) -> Result<Option<RawRecent>, Error> {
    let entry: Entry = serde_json::from_str(&get::<String>(row, "entry")?).map_err(Error::fault)?;
    let Some(schema) = wardkeep_registers::by_key(&entry.register) else { return Ok(None) };
    let stage: Option<String> = get(row, "new_value")?;
    let stage = stage.and_then(|text| serde_json::from_str(&text).ok());
    let field = |name: &str| FieldChange {
        field: name.to_owned(),
        old: None,
        new: stage.clone().filter(|_| name == "stage"),
        erased: false,
    };
    let fields = entry.values.iter().filter(|v| v.field != "why").map(|v| field(&v.field)).collect();
    let (at, kind) = (entry.at, entry.actor_kind.clone());
    let change = ChangeRecord { entry, hash: get(row, "hash")?, fields, why: None };
    let reference: String = get(row, "reference")?;
    let path = format!("/{}/{reference}", schema.path);
    let record = Label { id: super::row::id(row, "id")?, reference, title: get(row, "title")?, path };
    let view = RecentView { at, who: String::new(), sentence: describe(Some(schema), &change), record };
    Ok(Some(RawRecent { actor: id_maybe(row, "actor_id")?, kind, view }))
}
