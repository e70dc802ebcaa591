//! Indicators over history: stored events are read once, by column, whatever the number of indicators.

use super::alert::{Sighting, add_sighting, draft_of};
use crate::assess::{AlertDraft, sample};
use crate::{App, Ctx, Error, Organisation, Refusal};
use serde::Serialize;
use serde_json::json;
use std::collections::{HashMap, HashSet};
use std::path::Path;
use wardkeep_detect::{AlertKey, IocSet, RuleSet};
use wardkeep_events::store::{EventError, find_event, read_columns};
use wardkeep_register::Verb;
use wardkeep_report::words::count;
use wardkeep_store::{NewJob, cells};
use wardkeep_types::columns::Columns;
use wardkeep_types::event::{Event, EventId, FieldValue};
use wardkeep_types::{Id, Moment};

/// The kind of job that looks indicators up in stored events.
pub const IOC_HUNT: &str = "ioc_hunt";
/// How far back is looked unless somebody says otherwise, days (`specs/intel.md` 8).
pub const HISTORY_DAYS: i64 = 90;
/// Events looked at together.
const ROWS: usize = 16_384;
/// Events of which a copy is fetched, in all.
const COPIES: usize = 2_000;

/// What a look over history found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct HuntReport {
    /// Indicators that were looked up.
    pub indicators: u64,
    /// Files that were read.
    pub files: u64,
    /// Events that were looked at.
    pub events: u64,
    /// Events in which an indicator was seen; one event counts for each indicator in it.
    pub sightings: u64,
    /// Alerts that these belong to, new and known ones.
    pub alerts: u64,
}

/// What one pass over files gives.
#[derive(Default)]
struct Pass {
    report: HuntReport,
    drafts: HashMap<AlertKey, AlertDraft>,
    /// Sightings of each indicator, by its place.
    seen: HashMap<usize, u64>,
    /// Which file an event of a draft stands in.
    places: Vec<(AlertKey, usize, EventId)>,
}

impl App {
    /// Looks active indicators up in the events of the last `days`, in one pass: those of `only`, or else those that
    /// were not looked up since they were changed last. Repeating makes no alert twice.
    pub async fn hunt_iocs(&self, ctx: &Ctx, only: Option<&[Id]>, days: i64) -> Result<HuntReport, Error> {
        let fresh = "stage = 'active' AND NOT EXISTS (SELECT 1 FROM ioc_hunt h WHERE h.ioc_id = ioc.id AND h.change_at = ioc.from_change)";
        let list = match only {
            Some([one]) => self.iocs_where("stage = 'active' AND id = $1", cells![*one]).await?,
            Some(ids) => {
                let wanted: HashSet<Id> = ids.iter().copied().collect();
                let mut all = self.iocs_where("stage = 'active'", cells![]).await?;
                all.retain(|ioc| wanted.contains(&ioc.id));
                all
            }
            None => self.iocs_where(fresh, cells![]).await?,
        };
        if list.is_empty() {
            return Ok(HuntReport::default());
        }
        let stamp = self.ioc_stamp().await?;
        let set = IocSet::new(list);
        let from = ctx.now.plus_seconds(-days * 86_400);
        // What is in no file yet first: what is filed meanwhile is then seen twice, and told apart by its id.
        let recent = self.recent_events();
        let (folder, names) = (self.folder.events(), self.event_files(Some(from)).await?);
        let passed = tokio::task::spawn_blocking(move || {
            let pass = pass(&folder, &names, &recent, &set, from)?;
            Ok::<_, EventError>((pass, set))
        });
        let (pass, set) = passed.await.map_err(Error::fault)?.map_err(Error::fault)?;
        let unit = self.ensure_baseline(ctx).await?;
        self.write_alerts(ctx, unit, &RuleSet::default(), pass.drafts).await?;
        let sql = "INSERT INTO ioc_hunt (ioc_id, change_at, at, events, sightings) SELECT id, from_change, $2, $3, $4 FROM ioc WHERE id = $1 AND from_change <= $5 ON CONFLICT (ioc_id) DO UPDATE SET change_at = excluded.change_at, at = excluded.at, events = excluded.events, sightings = excluded.sightings";
        for chunk in (0..set.len()).collect::<Vec<_>>().chunks(2_000) {
            let tx = self.db.begin().await?;
            for place in chunk {
                let sightings = pass.seen.get(place).copied().unwrap_or(0) as i64;
                let values =
                    cells![set.list()[*place].id, ctx.now, pass.report.events as i64, sightings, stamp];
                tx.run(sql, values).await?;
            }
            tx.commit().await?;
        }
        Ok(pass.report)
    }
    /// Ends what is over, and queues a look over history when indicators became active since the last call.
    pub(crate) async fn ask_ioc_hunt(&self, now: Moment) -> Result<(), Error> {
        let stamp = self.ioc_stamp().await?;
        if self.iocs.asked_at(stamp) {
            return Ok(());
        }
        let sql = "SELECT 1 FROM ioc WHERE stage = 'active' AND NOT EXISTS (SELECT 1 FROM ioc_hunt h WHERE h.ioc_id = ioc.id AND h.change_at = ioc.from_change) LIMIT 1";
        if self.db.row(sql, cells![]).await?.is_some() {
            let job = NewJob { unique_key: Some(IOC_HUNT.into()), ..NewJob::new(IOC_HUNT, json!({}), now) };
            self.db.enqueue(&job, now).await?;
        }
        self.iocs.asked(stamp);
        Ok(())
    }
    /// Queues a look for one indicator, because somebody wants it. Gives false when one waits already.
    pub async fn ask_hunt_of(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        reference: &str,
    ) -> Result<bool, Error> {
        let schema = App::schema("ioc")?;
        let head = self.find(ctx, organisation, schema, reference).await?;
        self.allowed(ctx, organisation, schema, Verb::Edit, &head).await?;
        if head.stage != "active" {
            return Err(
                Refusal::NotYet("only active indicators are looked for: confirm it first".into()).into()
            );
        }
        let job = NewJob {
            priority: 0,
            unique_key: Some(format!("{IOC_HUNT}:{}", head.id)),
            person: ctx.person(),
            ..NewJob::new(IOC_HUNT, json!({ "ioc": head.id }), ctx.now)
        };
        Ok(self.db.enqueue(&job, ctx.now).await?.is_some())
    }
    /// Does all looks over history that wait; returns how many.
    pub async fn run_ioc_hunts(&self, worker: &str) -> Result<u64, Error> {
        /// Seconds for which a job is one worker's; ten million events take about one minute.
        const LEASE: i64 = 1_800;
        self.ask_ioc_hunt(self.clock.now()).await?;
        let mut taken = 0;
        while let Some(job) = self.db.claim(&[IOC_HUNT], worker, LEASE, self.clock.now()).await? {
            taken += 1;
            let one: Option<Id> = job.payload["ioc"].as_str().and_then(|id| id.parse().ok());
            let one = one.map(|id| vec![id]);
            let ctx = Ctx::system("indicators of compromise", self.clock.now());
            match self.hunt_iocs(&ctx, one.as_deref(), HISTORY_DAYS).await {
                Ok(done) => {
                    let outcome = format!(
                        "{} looked up in {}: {}, {}",
                        count(done.indicators, "indicator", "indicators"),
                        count(done.events, "event", "events"),
                        count(done.sightings, "sighting", "sightings"),
                        count(done.alerts, "alert", "alerts")
                    );
                    self.db.finish_job(job.id, worker, &outcome, self.clock.now()).await?
                }
                Err(error) => {
                    self.db.fail_job(&job, worker, &error.to_string(), true, self.clock.now()).await?
                }
            };
        }
        Ok(taken)
    }
}

fn pass(
    folder: &Path,
    names: &[String],
    recent: &[Event],
    set: &IocSet,
    from: Moment,
) -> Result<Pass, EventError> {
    let mut pass = Pass::default();
    pass.report.indicators = set.len() as u64;
    let mut told = HashSet::new();
    for event in recent.iter().filter(|event| event.at >= from) {
        pass.report.events += 1;
        set.look(event, &mut |place, field| {
            if told.insert((event.id, place)) {
                *pass.seen.entry(place).or_insert(0) += 1;
                add_sighting(&mut pass.drafts, &set.list()[place], field, event, |_| false);
            }
        });
    }
    for (file, name) in names.iter().enumerate() {
        read_columns(folder, name, ROWS, None, true, |columns| {
            look(&columns, file, set, from, &mut told, &mut pass);
        })?;
        pass.report.files += 1;
    }
    pass.report.sightings = pass.seen.values().sum();
    pass.report.alerts = pass.drafts.len() as u64;
    for (key, file, id) in std::mem::take(&mut pass.places) {
        if let Some(event) = find_event(folder, &names[file], id)?
            && let Some(draft) = pass.drafts.get_mut(&key)
        {
            draft.samples.push(sample(&event));
        }
    }
    Ok(pass)
}

fn look(
    columns: &Columns,
    file: usize,
    set: &IocSet,
    from: Moment,
    told: &mut HashSet<(EventId, usize)>,
    pass: &mut Pass,
) {
    pass.report.events += columns.rows as u64;
    let host = columns.entities.get("wardkeep.host");
    set.look_columns(columns, &mut |row, place, field| {
        let (id, at) = (columns.ids[row], columns.at[row]);
        if at < from || !told.insert((id, place)) {
            return;
        }
        *pass.seen.entry(place).or_insert(0) += 1;
        let group = match host.and_then(|host| host.get(row)) {
            Some(FieldValue::Text(host)) => ("host", &**host),
            _ => match columns.source.get(row) {
                Some(FieldValue::Text(source)) => ("source", &**source),
                _ => ("source", ""),
            },
        };
        let sighting = Sighting { ioc: &set.list()[place], field, id, at, group };
        let draft = draft_of(&mut pass.drafts, &sighting);
        // The first few of each alert are shown with it.
        if draft.events.len() <= 20 && pass.places.len() < COPIES {
            pass.places.push((draft.key, file, id));
        }
    });
}
