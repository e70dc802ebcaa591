//! Compaction, retention and legal holds.

use super::StoredFile;
use crate::{App, Ctx, Error, Refusal};
use std::collections::BTreeMap;
use wardkeep_events::store::merge_files;
use wardkeep_register::Verb;
use wardkeep_store::{Act, FieldEdit, Write, cells};
use wardkeep_types::{Id, Moment};

/// Bytes of a file that is left as it is.
const ENOUGH: u64 = 64 << 20;
/// Bytes that are put together at most.
const MOST: u64 = 224 << 20;
/// Seconds that a replaced file stays for whoever still reads it.
const GRACE_SECONDS: i64 = 600;

/// What compaction did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compacted {
    /// Files that were put together.
    pub before: usize,
    /// Files they became.
    pub after: usize,
    /// Their bytes before.
    pub bytes_before: u64,
    /// Their bytes afterwards.
    pub bytes_after: u64,
    /// Files that were left alone because of a hold.
    pub held: usize,
    /// Replaced files that were removed.
    pub removed: u64,
}

/// A legal hold on events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventHold {
    /// Its id.
    pub id: Id,
    /// Kind of records; empty means all.
    pub dialect: String,
    /// From when on; nothing means from the beginning.
    pub from: Option<Moment>,
    /// Until when; nothing means for ever.
    pub to: Option<Moment>,
    /// Why.
    pub reason: String,
    /// Since when it holds.
    pub made: Moment,
    /// When it ended.
    pub ended: Option<Moment>,
}

impl EventHold {
    /// Whether it covers events of a file.
    pub fn covers(&self, file: &StoredFile) -> bool {
        self.ended.is_none()
            && (self.dialect.is_empty() || self.dialect == file.dialect)
            && self.from.is_none_or(|from| file.last >= from)
            && self.to.is_none_or(|to| file.first <= to)
    }
}

/// A hold to be made.
#[derive(Debug, Clone, Default)]
pub struct NewHold {
    /// Kind of records; empty means all.
    pub dialect: String,
    /// From when on.
    pub from: Option<Moment>,
    /// Until when.
    pub to: Option<Moment>,
    /// Why.
    pub reason: String,
}

/// What retention did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Retained {
    /// Files that were deleted.
    pub deleted: Vec<String>,
    /// Events in them.
    pub events: u64,
    /// Files whose time is over and that a hold keeps, with its reason.
    pub held: Vec<(String, String)>,
}

impl App {
    /// Puts small files of one day and kind together, and removes what was replaced a while ago.
    pub async fn compact_events(&self, ctx: &Ctx) -> Result<Compacted, Error> {
        let organisation = self.organisation().await?;
        self.may_with_events(ctx, &organisation, Verb::Administer)?;
        let holds = self.event_holds().await?;
        let mut done = Compacted::default();
        let mut groups: BTreeMap<(wardkeep_types::Date, String), Vec<StoredFile>> = BTreeMap::new();
        for file in self.holdings(None, None).await?.files.into_iter().filter(|file| file.size < ENOUGH) {
            if holds.iter().any(|hold| hold.covers(&file)) {
                done.held += 1;
                continue;
            }
            groups.entry((file.day, file.dialect.clone())).or_default().push(file);
        }
        for ((day, kind), files) in groups {
            for part in parts(files).into_iter().filter(|part| part.len() > 1) {
                let (folder, now, kind) = (self.folder.events(), ctx.now, kind.clone());
                let names: Vec<String> = part.iter().map(|file| file.name.clone()).collect();
                let merged = tokio::task::spawn_blocking(move || {
                    let names: Vec<&str> = names.iter().map(String::as_str).collect();
                    merge_files(&folder, &names, day, &kind, now)
                });
                let merged = merged.await.map_err(Error::fault)?.map_err(Error::fault)?;
                self.replace_event_files(ctx, &part, &merged, "put together").await?;
                done.before += part.len();
                done.after += 1;
                done.bytes_before += part.iter().map(|file| file.size).sum::<u64>();
                done.bytes_after += merged.size;
            }
        }
        done.removed = self.drop_replaced(ctx.now.plus_seconds(-GRACE_SECONDS)).await?;
        Ok(done)
    }
    /// All holds, the newest first.
    pub async fn event_holds(&self) -> Result<Vec<EventHold>, Error> {
        let sql = "SELECT id, dialect, from_at, to_at, reason, made_at, ended_at FROM event_hold ORDER BY made_at DESC";
        let read = |row: &sea_orm::QueryResult| {
            let maybe = |name: &str| {
                row.try_get::<Option<i64>>("", name).map(|m| m.map(Moment::from_micros)).map_err(Error::fault)
            };
            let text = |name: &str| row.try_get::<String>("", name).map_err(Error::fault);
            Ok(EventHold {
                id: row.try_get::<uuid::Uuid>("", "id").map(Id::from_uuid).map_err(Error::fault)?,
                dialect: text("dialect")?,
                from: maybe("from_at")?,
                to: maybe("to_at")?,
                reason: text("reason")?,
                made: maybe("made_at")?.unwrap_or(Moment::EPOCH),
                ended: maybe("ended_at")?,
            })
        };
        self.db.rows(sql, cells![]).await?.iter().map(read).collect()
    }
    /// Puts a hold on events.
    pub async fn hold_events(&self, ctx: &Ctx, new: &NewHold) -> Result<Id, Error> {
        let organisation = self.organisation().await?;
        self.may_with_events(ctx, &organisation, Verb::Administer)?;
        if new.reason.trim().is_empty() {
            return Err(Refusal::invalid("reason", "required", "say why these events must be kept").into());
        }
        if new.from.zip(new.to).is_some_and(|(from, to)| from > to) {
            return Err(Refusal::invalid("to", "turned", "the period ends before it begins").into());
        }
        let id = Id::new(ctx.now);
        let sql = "INSERT INTO event_hold (id, dialect, from_at, to_at, reason, made_at) VALUES ($1, $2, $3, $4, $5, $6)";
        let values = cells![id, new.dialect.clone(), new.from, new.to, new.reason.clone(), ctx.now];
        let said = serde_json::json!({
            "dialect": new.dialect, "from": new.from.map(|m| m.to_string()), "to": new.to.map(|m| m.to_string()),
        });
        self.care_act(ctx, "events:hold", (id.to_string(), said), Some(&new.reason), (sql, values)).await?;
        Ok(id)
    }
    /// Ends a hold.
    pub async fn release_events(&self, ctx: &Ctx, hold: Id, why: &str) -> Result<(), Error> {
        let organisation = self.organisation().await?;
        self.may_with_events(ctx, &organisation, Verb::Administer)?;
        if why.trim().is_empty() {
            return Err(Refusal::invalid("reason", "required", "say why the hold ends").into());
        }
        let holds = self.event_holds().await?;
        if !holds.iter().any(|known| known.id == hold && known.ended.is_none()) {
            return Err(Refusal::NotFound.into());
        }
        let sql = "UPDATE event_hold SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL";
        let said = (hold.to_string(), serde_json::json!("ended"));
        self.care_act(ctx, "events:release", said, Some(why), (sql, cells![ctx.now, hold])).await
    }
    /// Days that events are kept, by kind; `*` stands for kinds without a line.
    pub async fn event_retention(&self) -> Result<BTreeMap<String, i64>, Error> {
        let rows = self.db.rows("SELECT dialect, days FROM event_retention", cells![]).await?;
        let read = |row: &sea_orm::QueryResult| {
            let days: i64 = row.try_get("", "days").map_err(Error::fault)?;
            Ok((row.try_get("", "dialect").map_err(Error::fault)?, days))
        };
        rows.iter().map(read).collect()
    }
    /// Sets how many days events of a kind (`*` for all others) are kept.
    pub async fn retain_events(&self, ctx: &Ctx, dialect: &str, days: i64) -> Result<(), Error> {
        let organisation = self.organisation().await?;
        self.may_with_events(ctx, &organisation, Verb::Administer)?;
        if !(1..=36_600).contains(&days) {
            return Err(Refusal::invalid("days", "out_of_range", "give 1 to 36600 days").into());
        }
        let sql = "INSERT INTO event_retention (dialect, days) VALUES ($1, $2) ON CONFLICT (dialect) DO UPDATE SET days = excluded.days";
        let said = (dialect.to_owned(), serde_json::json!(days));
        self.care_act(ctx, "events:retain", said, None, (sql, cells![dialect, days])).await
    }
    /// Deletes files whose time is over, except those under a hold. Without a setting everything is kept.
    pub async fn apply_retention(&self, ctx: &Ctx) -> Result<Retained, Error> {
        let organisation = self.organisation().await?;
        self.may_with_events(ctx, &organisation, Verb::Administer)?;
        let (days, holds) = (self.event_retention().await?, self.event_holds().await?);
        let mut done = Retained::default();
        let mut over = Vec::new();
        for file in self.holdings(None, None).await?.files {
            let Some(days) = days.get(&file.dialect).or_else(|| days.get("*")) else { continue };
            if file.last >= ctx.now.plus_seconds(-days * 86_400) {
                continue;
            }
            match holds.iter().find(|hold| hold.covers(&file)) {
                Some(hold) => done.held.push((file.name, hold.reason.clone())),
                None => over.push(file),
            }
        }
        if !over.is_empty() {
            self.delete_event_files(ctx, &over, "the time to keep them is over").await?;
        }
        // Copies that were put together into a deleted file must not outlive it.
        self.drop_replaced(ctx.now).await?;
        done.events = over.iter().map(|file| file.rows).sum();
        done.deleted = over.into_iter().map(|file| file.name).collect();
        Ok(done)
    }
    async fn care_act(
        &self,
        ctx: &Ctx,
        act: &str,
        (field, new): (String, serde_json::Value),
        why: Option<&str>,
        statement: (&str, Vec<wardkeep_store::Cell>),
    ) -> Result<(), Error> {
        let act = Act {
            act: act.to_owned(),
            fields: vec![FieldEdit { field, old: serde_json::Value::Null, new }],
            why: why.map(str::to_owned),
            statements: vec![(statement.0.to_owned(), statement.1)],
            ..Act::default()
        };
        self.db.write(&ctx.author(), vec![Write::Act(act)], vec![]).await?;
        Ok(())
    }
}

/// Neighbouring files whose sizes together stay within bounds.
fn parts(files: Vec<StoredFile>) -> Vec<Vec<StoredFile>> {
    let mut parts: Vec<Vec<StoredFile>> = Vec::new();
    let mut bytes = u64::MAX;
    for file in files {
        if bytes.saturating_add(file.size) > MOST {
            parts.push(Vec::new());
            bytes = 0;
        }
        bytes += file.size;
        if let Some(part) = parts.last_mut() {
            part.push(file);
        }
    }
    parts
}
