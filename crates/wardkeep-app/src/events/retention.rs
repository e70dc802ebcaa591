//! How long events are kept, by kind and by log source, and the deletion of those whose time is over.

use super::{EventHold, StoredFile};
use crate::{App, Ctx, Error, Refusal};
use std::collections::{BTreeMap, BTreeSet};
use wardkeep_events::store::{file_sources, merge_files};
use wardkeep_register::Verb;
use wardkeep_store::{Hold, cells};
use wardkeep_types::Moment;

/// Days that a limit may have.
const DAYS: std::ops::RangeInclusive<i64> = 1..=36_600;
const DAY: i64 = 86_400;

/// What retention did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Retained {
    /// Files that were deleted.
    pub deleted: Vec<String>,
    /// Files that were written anew without the events of some sources.
    pub rewritten: Vec<String>,
    /// Events that went.
    pub events: u64,
    /// Files with events whose time is over and that a hold keeps, with its reason.
    pub held: Vec<(String, String)>,
}

/// The limits that are set; without one everything is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventLimits {
    /// Days by kind; `*` stands for kinds without a line.
    pub kinds: BTreeMap<String, i64>,
    /// Days by the address of a log source; they come before those of the kind.
    pub sources: BTreeMap<String, i64>,
}

/// What is over in a file.
#[derive(Debug, PartialEq, Eq)]
enum Over {
    Nothing,
    /// Whether depends on the sources that it holds.
    BySource,
    All,
}

impl EventLimits {
    /// Days that events of a kind are kept, when they come from no source with days of its own.
    pub fn of_kind(&self, dialect: &str) -> Option<i64> {
        self.kinds.get(dialect).or_else(|| self.kinds.get("*")).copied()
    }
    /// Whether anything is ever deleted.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty() && self.sources.is_empty()
    }
    fn over(&self, file: &StoredFile, now: Moment) -> Over {
        let passed = |days: i64| file.last < now.plus_seconds(-days * DAY);
        let kind = self.of_kind(&file.dialect).is_some_and(passed);
        let differs = self.sources.values().any(|days| passed(*days) != kind);
        match (kind, differs) {
            (_, true) => Over::BySource,
            (true, false) => Over::All,
            (false, false) => Over::Nothing,
        }
    }
    /// The sources whose events in this file are over.
    fn gone(&self, file: &StoredFile, found: &BTreeSet<String>, now: Moment) -> BTreeSet<String> {
        let days = |source: &str| self.sources.get(source).copied().or_else(|| self.of_kind(&file.dialect));
        let over = |source: &&String| days(source).is_some_and(|d| file.last < now.plus_seconds(-d * DAY));
        found.iter().filter(over).cloned().collect()
    }
}

impl App {
    /// The limits, by kind and by source.
    pub async fn event_limits(&self) -> Result<EventLimits, Error> {
        let read = |row: &sea_orm::QueryResult| {
            let name = row.try_get::<String>("", "name").map_err(Error::fault)?;
            Ok::<_, Error>((name, row.try_get::<i64>("", "days").map_err(Error::fault)?))
        };
        let kinds = self.db.rows("SELECT dialect AS name, days FROM event_retention", cells![]).await?;
        let sql = "SELECT address AS name, keep_days AS days FROM log_source WHERE keep_days IS NOT NULL";
        let sources = self.db.rows(sql, cells![]).await?;
        Ok(EventLimits {
            kinds: kinds.iter().map(read).collect::<Result<_, _>>()?,
            sources: sources.iter().map(read).collect::<Result<_, _>>()?,
        })
    }
    /// Sets how many days events of a kind (`*` for all others) are kept; `None` keeps them without end.
    pub async fn retain_events(&self, ctx: &Ctx, dialect: &str, days: Option<i64>) -> Result<(), Error> {
        let organisation = self.organisation().await?;
        self.may_with_events(ctx, &organisation, Verb::Administer)?;
        super::kind_known(dialect, false)?;
        if days.is_some_and(|days| !DAYS.contains(&days)) {
            return Err(Refusal::invalid("days", "out_of_range", "give 1 to 36600 days").into());
        }
        let statement = match days {
            Some(days) => (
                "INSERT INTO event_retention (dialect, days) VALUES ($1, $2) ON CONFLICT (dialect) DO UPDATE SET days = excluded.days",
                cells![dialect, days],
            ),
            None => ("DELETE FROM event_retention WHERE dialect = $1", cells![dialect]),
        };
        let said = (dialect.to_owned(), serde_json::json!(days));
        self.care_act(ctx, "events:retain", said, None, statement).await
    }
    /// Deletes events whose time is over, except those under a hold: whole files where all of it is over, otherwise
    /// the file is written anew without the sources that are. Without a limit everything is kept.
    pub async fn apply_retention(&self, ctx: &Ctx) -> Result<Retained, Error> {
        let organisation = self.organisation().await?;
        self.may_with_events(ctx, &organisation, Verb::Administer)?;
        let limits = self.event_limits().await?;
        let mut done = Retained::default();
        if limits.is_empty() {
            return Ok(done);
        }
        let holds = self.event_holds().await?;
        let mut whole = Vec::new();
        for file in self.holdings(None, None).await?.files {
            let gone = match limits.over(&file, ctx.now) {
                Over::Nothing => continue,
                Over::All => None,
                Over::BySource => {
                    let (folder, name) = (self.folder.events(), file.name.clone());
                    let found = tokio::task::spawn_blocking(move || file_sources(&folder, &name));
                    let found = found.await.map_err(Error::fault)?.map_err(Error::fault)?;
                    let gone = limits.gone(&file, &found, ctx.now);
                    if gone.is_empty() {
                        continue;
                    }
                    (gone.len() < found.len()).then_some(gone)
                }
            };
            if let Some(reason) = held_by(&holds, &file) {
                done.held.push((file.name, reason));
                continue;
            }
            match gone {
                None => whole.push(file),
                Some(gone) => self.drop_sources(ctx, file, gone, &mut done).await?,
            }
        }
        let deleted = self.delete_event_files(ctx, whole, "the time to keep them is over").await?;
        done.held.extend(deleted.held);
        // Copies that were put together into a deleted file must not outlive it.
        self.drop_replaced(ctx.now).await?;
        done.events += deleted.files.iter().map(|file| file.rows).sum::<u64>();
        done.deleted = deleted.files.into_iter().map(|file| file.name).collect();
        Ok(done)
    }
    /// Writes a file anew without the events of some sources; the old one goes at once.
    async fn drop_sources(
        &self,
        ctx: &Ctx,
        file: StoredFile,
        gone: BTreeSet<String>,
        done: &mut Retained,
    ) -> Result<(), Error> {
        let Some(alone) = Hold::try_exclusive(self.folder.path())? else {
            let said = "a backup is being taken, and nothing is deleted meanwhile; try again afterwards";
            return Err(Refusal::NotYet(said.to_owned()).into());
        };
        // Whoever places a hold waits for us: what was placed until now is seen.
        if let Some(reason) = held_by(&self.event_holds().await?, &file) {
            done.held.push((file.name, reason));
            return Ok(());
        }
        let (folder, now, name, day, kind) =
            (self.folder.events(), ctx.now, file.name.clone(), file.day, file.dialect.clone());
        let why = format!(
            "the time to keep records of {} is over",
            gone.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
        );
        let written = tokio::task::spawn_blocking(move || {
            merge_files(&folder, &[&name], day, &kind, now, |event| !gone.contains(&*event.source))
        });
        let Some(new) = written.await.map_err(Error::fault)?.map_err(Error::fault)? else { return Ok(()) };
        self.replace_event_files(ctx, std::slice::from_ref(&file), &new, &why).await?;
        drop(alone);
        self.drop_replaced(ctx.now).await?;
        done.events += file.rows - new.rows.min(file.rows);
        done.rewritten.push(file.name);
        Ok(())
    }
}

/// The reason of the hold that keeps a file.
pub(super) fn held_by(holds: &[EventHold], file: &StoredFile) -> Option<String> {
    holds.iter().find(|hold| hold.covers(file)).map(|hold| hold.reason.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_have_days_of_their_own() {
        let now = Moment::from_micros(100 * DAY * 1_000_000);
        let file = |days_ago: i64| {
            let at = now.plus_seconds(-days_ago * DAY);
            StoredFile {
                name: "x".into(),
                day: at.date(),
                dialect: "auth".into(),
                rows: 1,
                first: at,
                last: at,
                size: 1,
                sha256: String::new(),
            }
        };
        let mut limits = EventLimits::default();
        assert_eq!(limits.over(&file(99), now), Over::Nothing);
        limits.kinds.insert("*".into(), 30);
        assert_eq!(limits.over(&file(29), now), Over::Nothing);
        assert_eq!(limits.over(&file(31), now), Over::All);
        limits.sources.insert("http/a".into(), 60);
        limits.sources.insert("http/b".into(), 10);
        let found: BTreeSet<String> = ["http/a", "http/b", "http/c"].map(str::to_owned).into();
        let gone = |days: i64| {
            let file = file(days);
            assert_eq!(limits.over(&file, now) == Over::BySource, (11..=60).contains(&days), "{days}");
            limits.gone(&file, &found, now).into_iter().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(gone(5), "");
        assert_eq!(gone(20), "http/b");
        assert_eq!(gone(40), "http/b http/c");
        assert_eq!(gone(61), "http/a http/b http/c");
    }
}
