//! Alerts of live intake: written within moments, grown now and then, each hit counted once over a crash.

use super::alerts::{events, new_alert, value};
use super::id_for;
use super::reading::{AlertDraft, sample};
use crate::records::{Edits, Proposal};
use crate::{App, Ctx, Error};
use std::collections::{HashMap, HashSet};
use wardkeep_detect::RuleSet;
use wardkeep_register::Value;
use wardkeep_store::{Cell, cells};
use wardkeep_types::event::{Event, EventId};
use wardkeep_types::{Id, Moment};

/// Events that an alert names in all.
const KEPT: usize = 1_000;

struct Known {
    id: Id,
    first: Option<Moment>,
    last: Option<Moment>,
    count: i64,
    kept: usize,
}

impl App {
    /// Writes drafts as alerts, and with each the number of the message up to which its hits are counted: who reads
    /// the same messages again leaves out what lies before it.
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
        name_events(drafts, recent);
        let facts = self.facts_of(drafts).await?;
        for chunk in drafts.chunks(200) {
            let known = self.known_live(chunk).await?;
            let (mut proposals, mut rows): (Vec<Proposal>, Vec<(String, Vec<Cell>)>) = Default::default();
            for draft in chunk {
                let key = draft.key.to_string();
                let id = match known.get(&key) {
                    None => {
                        let id = id_for("alert", &key);
                        let host = value(draft, "host");
                        let found = host.as_deref().and_then(|h| assets.find(h));
                        let edits = new_alert(rules, &facts, draft, &key, found.map(|f| f.0));
                        let Some(edits) = edits else { continue };
                        proposals.push(Proposal::add(schema, id, found.map_or(unit, |f| f.1), edits));
                        rows.extend(events(id, draft, &HashSet::new()));
                        id
                    }
                    Some(old) => {
                        proposals.push(
                            Proposal::change(schema, old.id, None, grown(old, draft))
                                .because("more of the same arrived"),
                        );
                        let room = KEPT.saturating_sub(old.kept);
                        rows.extend(events(old.id, draft, &HashSet::new()).into_iter().take(room));
                        old.id
                    }
                };
                let sql = "INSERT INTO stream_alert (alert_id, source_ref, upto) VALUES ($1, $2, $3) ON CONFLICT (alert_id) DO UPDATE SET upto = excluded.upto";
                rows.push((sql.to_owned(), cells![id, key, upto as i64]));
            }
            self.write_batch(ctx, proposals, rows).await?;
        }
        Ok(())
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

fn grown(old: &Known, draft: &AlertDraft) -> Edits {
    let first = old.first.map_or(draft.from, |f| f.min(draft.from));
    let last = old.last.map_or(draft.at, |l| l.max(draft.at));
    Edits::from([
        ("first_event".into(), Value::Moment(first)),
        ("last_event".into(), Value::Moment(last)),
        ("event_count".into(), Value::Int(old.count + draft.count as i64)),
    ])
}

/// Correlations name their events by id only: fills in the first few of each from those that are at hand.
fn name_events(drafts: &mut [AlertDraft], recent: impl Fn(&HashSet<EventId>) -> Vec<Event>) {
    let bare = drafts.iter().filter(|d| d.samples.is_empty());
    let wanted: HashSet<EventId> = bare.flat_map(|d| d.events.iter().take(20)).copied().collect();
    if wanted.is_empty() {
        return;
    }
    let found: HashMap<EventId, Event> = recent(&wanted).into_iter().map(|event| (event.id, event)).collect();
    for draft in drafts.iter_mut().filter(|d| d.samples.is_empty()) {
        draft.samples = draft.events.iter().take(20).filter_map(|id| found.get(id)).map(sample).collect();
    }
}
