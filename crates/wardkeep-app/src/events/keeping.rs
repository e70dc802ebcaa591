//! What is stored, since when, for how long, and what a hold keeps: in one view.

use super::{EventHold, EventLimits};
use crate::records::Label;
use crate::{App, Ctx, Error, Organisation};
use std::collections::BTreeMap;
use wardkeep_register::Verb;
use wardkeep_store::{Job, cells};
use wardkeep_types::{Id, Moment};

/// What is stored of one kind of log records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindKept {
    /// The kind.
    pub dialect: String,
    /// Files.
    pub files: u64,
    /// Events in them.
    pub events: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Time of the first event.
    pub first: Moment,
    /// Time of the last event.
    pub last: Moment,
    /// Days that they are kept; without end when nothing is set.
    pub days: Option<i64>,
    /// Whether that is the limit for all kinds without one of their own.
    pub by_default: bool,
    /// Files that a hold covers.
    pub held: u64,
}

/// A log source with days of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceKept {
    /// Its address.
    pub address: String,
    /// Its record, if the reader may see it.
    pub label: Option<Label>,
    /// Days.
    pub days: i64,
}

/// How log records are kept.
#[derive(Debug, Clone)]
pub struct EventKeeping {
    /// By kind, the largest first.
    pub kinds: Vec<KindKept>,
    /// The limits that are set.
    pub limits: EventLimits,
    /// Log sources with days of their own.
    pub sources: Vec<SourceKept>,
    /// Holds, those in force first.
    pub holds: Vec<EventHold>,
    /// People named by holds, those that the reader may see.
    pub people: BTreeMap<Id, String>,
    /// The newest round of care.
    pub care: Option<Job>,
    /// Events that are in no file yet.
    pub recent: u64,
}

impl App {
    /// How log records are kept, for whoever may see them.
    pub async fn event_keeping(&self, ctx: &Ctx, organisation: &Organisation) -> Result<EventKeeping, Error> {
        self.may_with_events(ctx, organisation, Verb::View)?;
        let (limits, holds, care) =
            (self.event_limits().await?, self.event_holds().await?, self.last_event_care().await?);
        let holdings = self.holdings(None, None).await?;
        let mut kinds: BTreeMap<&str, KindKept> = BTreeMap::new();
        for file in &holdings.files {
            let kind = kinds.entry(&file.dialect).or_insert_with(|| KindKept {
                dialect: file.dialect.clone(),
                files: 0,
                events: 0,
                bytes: 0,
                first: file.first,
                last: file.last,
                days: limits.of_kind(&file.dialect),
                by_default: !limits.kinds.contains_key(&file.dialect),
                held: 0,
            });
            kind.files += 1;
            kind.events += file.rows;
            kind.bytes += file.size;
            kind.first = kind.first.min(file.first);
            kind.last = kind.last.max(file.last);
            kind.held += u64::from(holds.iter().any(|hold| hold.covers(file)));
        }
        let mut kinds: Vec<KindKept> = kinds.into_values().collect();
        kinds.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.dialect.cmp(&b.dialect)));
        let mut named: Vec<Id> = Vec::new();
        for hold in &holds {
            named.extend(hold.made_by);
            named.extend(hold.ended_by);
        }
        let labels = self.labels(ctx, organisation, named.clone()).await?;
        let people = named.into_iter().filter_map(|id| Some((id, labels.get(id)?.title.clone()))).collect();
        let sources = self.kept_sources(ctx, organisation).await?;
        let recent = holdings.recent.len() as u64;
        Ok(EventKeeping { kinds, limits, sources, holds, people, care, recent })
    }
    async fn kept_sources(&self, ctx: &Ctx, organisation: &Organisation) -> Result<Vec<SourceKept>, Error> {
        let sql =
            "SELECT id, address, keep_days FROM log_source WHERE keep_days IS NOT NULL ORDER BY address";
        let rows = self.db.rows(sql, cells![]).await?;
        let read = |row: &sea_orm::QueryResult| {
            let id = row.try_get::<uuid::Uuid>("", "id").map(Id::from_uuid).map_err(Error::fault)?;
            let address: String = row.try_get("", "address").map_err(Error::fault)?;
            Ok::<_, Error>((id, address, row.try_get::<i64>("", "keep_days").map_err(Error::fault)?))
        };
        let found = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let mut ids: Vec<Id> = Vec::new();
        for (id, ..) in &found {
            ids.push(*id);
        }
        let labels = self.labels(ctx, organisation, ids).await?;
        let kept = |(id, address, days)| SourceKept { address, label: labels.get(id).cloned(), days };
        // Who may not see a source does not learn its address here.
        Ok(found.into_iter().map(kept).filter(|source| source.label.is_some()).collect())
    }
}
