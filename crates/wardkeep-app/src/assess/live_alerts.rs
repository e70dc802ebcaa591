//! Alerts of live intake: written within moments, grown now and then, each hit counted once over a crash.

use super::alerts::{Births, events, grown};
use super::id_for;
use super::reading::{AlertDraft, sample};
use crate::records::Proposal;
use crate::{App, Ctx, Error};
use std::collections::{HashMap, HashSet};
use wardkeep_detect::RuleSet;
use wardkeep_events::store::find_events;
use wardkeep_store::{Cell, cells};
use wardkeep_types::event::{Event, EventId};
use wardkeep_types::{Id, Moment};

/// Events that an alert names in all.
const KEPT: usize = 1_000;
/// Events of which it keeps a copy when it is made.
const SHOWN: usize = 20;
/// Events looked for in files at a time, and files looked into.
const LOOKED_FOR: usize = 200;
const LOOKED_IN: usize = 60;
/// Drafts to write in one transaction.
pub(crate) const AT_ONCE: usize = 200;

struct Known {
    id: Id,
    first: Option<Moment>,
    last: Option<Moment>,
    count: i64,
    kept: usize,
}

impl App {
    /// Writes at most [`AT_ONCE`] drafts as alerts, all or none, and with each the number of the message up to which its
    /// hits are counted: who reads the same messages again leaves out what lies before it.
    pub(crate) async fn write_live_alerts(
        &self,
        ctx: &Ctx,
        unit: Id,
        rules: &RuleSet,
        drafts: &mut [AlertDraft],
        upto: u64,
        recent: impl Fn(&HashSet<EventId>) -> Vec<Event>,
    ) -> Result<(), Error> {
        let schema = App::schema("alert")?;
        let assets = self.asset_index().await?;
        let known = self.known_live(drafts).await?;
        self.show_events(drafts, &known, recent).await?;
        let facts = self.facts_of(drafts).await?;
        let births = Births { rules, facts: &facts, assets: &assets, unit };
        let (mut proposals, mut rows): (Vec<Proposal>, Vec<(String, Vec<Cell>)>) = Default::default();
        for draft in drafts.iter() {
            let key = draft.key.to_string();
            let id = match known.get(&key) {
                None => {
                    let id = id_for("alert", &key);
                    let Some(new) = births.proposal(schema, id, draft, &key) else { continue };
                    proposals.push(new);
                    rows.extend(events(id, draft, &HashSet::new()));
                    id
                }
                Some(old) => {
                    let edits = grown((old.first, old.last, old.count), draft.count, draft);
                    proposals.push(
                        Proposal::change(schema, old.id, None, edits).because("more of the same arrived"),
                    );
                    let room = KEPT.saturating_sub(old.kept);
                    rows.extend(events(old.id, draft, &HashSet::new()).into_iter().take(room));
                    old.id
                }
            };
            let sql = "INSERT INTO stream_alert (alert_id, source_ref, upto) VALUES ($1, $2, $3) ON CONFLICT (alert_id) DO UPDATE SET upto = excluded.upto";
            rows.push((sql.to_owned(), cells![id, key, upto as i64]));
        }
        self.write_batch(ctx, proposals, rows).await.map(drop)
    }
    /// Keeps a copy of the first events of each draft: an alert that counts hits is told with the last of them alone.
    /// An alert that has its copies is not searched for again, however often it grows.
    async fn show_events(
        &self,
        drafts: &mut [AlertDraft],
        known: &HashMap<String, Known>,
        recent: impl Fn(&HashSet<EventId>) -> Vec<Event>,
    ) -> Result<(), Error> {
        let unseen = |draft: &AlertDraft| -> Vec<EventId> {
            let has = known.get(&draft.key.to_string()).map_or(0, |alert| alert.kept);
            let first = draft.events.iter().take(SHOWN.saturating_sub(has));
            first.filter(|id| draft.samples.iter().all(|sample| sample.id != **id)).copied().collect()
        };
        let mut wanted: HashSet<EventId> = drafts.iter().flat_map(unseen).collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let mut found: HashMap<EventId, Event> =
            recent(&wanted).into_iter().map(|event| (event.id, event)).collect();
        wanted.retain(|id| !found.contains_key(id));
        if !wanted.is_empty() {
            let from = drafts.iter().map(|d| d.from).min();
            let to = drafts.iter().map(|d| d.at.plus_seconds(1)).max();
            let ids = wanted.into_iter().take(LOOKED_FOR).collect();
            found.extend(self.filed(ids, from, to).await?.into_iter().map(|event| (event.id, event)));
        }
        for draft in drafts {
            let more: Vec<_> = unseen(draft).iter().filter_map(|id| found.get(id)).map(sample).collect();
            draft.samples.extend(more);
        }
        Ok(())
    }
    /// Those of these events that stand in the newest files of a period: an alert must not wait for a long search.
    async fn filed(
        &self,
        ids: Vec<EventId>,
        from: Option<Moment>,
        to: Option<Moment>,
    ) -> Result<Vec<Event>, Error> {
        let mut files = self.stored_between(from, to).await?;
        files.sort_by_key(|file| std::cmp::Reverse(file.last));
        files.truncate(LOOKED_IN);
        let folder = self.folder.events();
        let looked = tokio::task::spawn_blocking(move || {
            let mut found = Vec::new();
            for file in files {
                if found.len() >= ids.len() {
                    break;
                }
                // A file that was put together with others meanwhile is gone: its records are then known by id only.
                match find_events(&folder, &file.name, &ids) {
                    Ok(events) => found.extend(events),
                    Err(error) => tracing::debug!(%error, "a file of log records could not be looked into"),
                }
            }
            found
        });
        looked.await.map_err(Error::fault)
    }
    async fn known_live(&self, drafts: &[AlertDraft]) -> Result<HashMap<String, Known>, Error> {
        let marks: Vec<String> = (1..=drafts.len()).map(|i| format!("${i}")).collect();
        let keys: Vec<Cell> = drafts.iter().map(|d| d.key.to_string().into()).collect();
        let sql = format!(
            "SELECT a.id, a.source_ref, a.first_event, a.last_event, a.event_count, (SELECT count(*) FROM alert_event e WHERE e.alert_id = a.id) AS kept FROM alert a WHERE a.source_ref IN ({})",
            marks.join(",")
        );
        let mut known = HashMap::new();
        for row in self.db.rows(&sql, keys).await? {
            let int = |name: &str| row.try_get::<Option<i64>>("", name).map_err(Error::fault);
            let key: String = row.try_get("", "source_ref").map_err(Error::fault)?;
            let old = Known {
                id: Id::from_uuid(row.try_get("", "id").map_err(Error::fault)?),
                first: int("first_event")?.map(Moment::from_micros),
                last: int("last_event")?.map(Moment::from_micros),
                count: int("event_count")?.unwrap_or(0),
                kept: int("kept")?.unwrap_or(0) as usize,
            };
            known.insert(key, old);
        }
        Ok(known)
    }
}
