//! Sources that fall silent, and the spool when it is full: alerts that no rule raises.

use crate::records::{Edits, Proposal};
use crate::{App, Ctx, Error};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use wardkeep_listen::{LossMeter, Losses};
use wardkeep_register::Value;
use wardkeep_report::words::count;
use wardkeep_store::cells;
use wardkeep_types::{Id, Length, Moment};

/// Between two looks.
const LOOK: Duration = Duration::from_secs(30);
/// A source without a limit or a history may be silent so long, seconds.
pub(super) const UNKNOWN_LIMIT: i64 = 86_400;
/// Bounds of a learned limit, seconds: an alert within the hour of a lively source, and none for a nightly job.
const LEARNED: (i64, i64) = (1_800, 7 * 86_400);
/// Hours of history looked at.
const HISTORY: i64 = 14 * 24;

/// What is watched beside the sources: what was refused and lost, up to the last look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct IntakeTroubles {
    /// Batches that were refused because the spool was full or the disk was slow, since the start.
    pub refused: u64,
    /// What was lost, since the sockets were opened.
    pub lost: Losses,
}

/// Looks at all sources until asked to stop.
pub(super) async fn watch(
    app: Arc<App>,
    unit: Id,
    meter: Option<LossMeter>,
    mut stop: watch::Receiver<bool>,
) {
    let mut brought_up = Moment::EPOCH;
    let mut before = IntakeTroubles::default();
    loop {
        let refused = app.live().map_or(0, |live| live.gate.state().refused);
        let lost = meter.as_ref().map(LossMeter::read).unwrap_or_default();
        let found = IntakeTroubles { refused, lost };
        match app.look_at_intake(unit, before, found).await {
            Ok(()) => before = found,
            Err(error) => {
                tracing::error!(%error, "an alert of intake could not be raised; it is tried again");
            }
        }
        let now = app.clock.now();
        let full = now.seconds_since(brought_up) >= 3_600;
        if full {
            brought_up = now;
        }
        if let Err(error) = app.look_at_sources(unit, full).await {
            tracing::error!(%error, "log sources could not be looked at; it is tried again");
        }
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

struct Source {
    id: Id,
    unit: Id,
    name: String,
    reference: String,
    stage: String,
    limit: Option<i64>,
    learned: Option<i64>,
    silent: Option<Moment>,
    last: Option<Moment>,
    created: Moment,
    events: i64,
    failures: i64,
    address: String,
}

impl App {
    /// Raises and settles alerts of silence; with `full` also brings the register's figures up to date.
    pub async fn look_at_sources(&self, unit: Id, full: bool) -> Result<(), Error> {
        let ctx = Ctx::system("log sources", self.clock.now());
        let schema = App::schema("log_source")?;
        let mut changed = false;
        let usual = if full { self.usual_hours(ctx.now).await? } else { HashMap::new() };
        for source in self.watched_sources().await? {
            let mut edits = Edits::new();
            let mut learned = source.learned;
            if full {
                let (hourly, limit) = usual.get(&source.address).copied().unwrap_or((None, None));
                learned = limit.or(learned);
                let int = |value: Option<i64>| value.map_or(Value::Empty, Value::Int);
                edits.insert("hourly".into(), int(hourly));
                edits.insert(
                    "learned_limit".into(),
                    learned.map_or(Value::Empty, |s| Value::Duration(Length::from_seconds(s))),
                );
                edits.insert("records".into(), Value::Int(source.events));
                edits.insert("failures".into(), Value::Int(source.failures));
                edits.insert("last_seen".into(), source.last.map_or(Value::Empty, Value::Moment));
            }
            let limit = source.limit.or(learned).unwrap_or(UNKNOWN_LIMIT);
            let heard = source.last.unwrap_or(source.created);
            let silent = source.stage == "active" && ctx.now.seconds_since(heard) > limit;
            match (silent, source.silent) {
                (true, None) => {
                    edits.insert("silent_since".into(), Value::Moment(heard));
                    edits.insert("last_seen".into(), source.last.map_or(Value::Empty, Value::Moment));
                    self.raise_silence(&ctx, &source, heard, limit).await?;
                    changed = true;
                }
                (false, Some(since)) => {
                    edits.insert("silent_since".into(), Value::Empty);
                    edits.insert("last_seen".into(), source.last.map_or(Value::Empty, Value::Moment));
                    self.settle_silence(&ctx, &source, since).await?;
                    changed = true;
                }
                _ => {}
            }
            if !edits.is_empty() {
                self.write_one(&ctx, Proposal::change(schema, source.id, None, edits)).await?;
            }
        }
        if changed || full {
            self.run_tests_of(&ctx, unit, ctx.now, |test| test.rules.key == "log-sources-alive").await?;
        }
        Ok(())
    }
    /// Raises an alert when senders were refused or held back, and when something was lost, since the last look; one
    /// for each hour.
    pub async fn look_at_intake(
        &self,
        unit: Id,
        before: IntakeTroubles,
        now: IntakeTroubles,
    ) -> Result<(), Error> {
        let ctx = Ctx::system("log sources", self.clock.now());
        let full = self.live().is_some_and(|live| live.gate.was_full());
        if full || now.refused > before.refused {
            self.raise_full(&ctx, unit).await?;
        }
        // Sockets that were opened anew count from zero.
        let dropped = now.lost.kernel.checked_sub(before.lost.kernel).unwrap_or(now.lost.kernel);
        let unkept = now.lost.disk.checked_sub(before.lost.disk).unwrap_or(now.lost.disk);
        if dropped > 0 || unkept > 0 {
            self.raise_lost(&ctx, unit, dropped, unkept).await?;
        }
        Ok(())
    }
    async fn raise_lost(&self, ctx: &Ctx, unit: Id, dropped: u64, unkept: u64) -> Result<(), Error> {
        let hour = ctx.now.as_micros().div_euclid(3_600_000_000);
        let mut text = String::new();
        if dropped > 0 {
            text.push_str(&format!("The kernel dropped {} of syslog over UDP, because more came than could be fetched. They are gone: UDP knows no second try.\n\nLet busy senders use TCP or TLS, and raise `net.core.rmem_max`.\n\n", count(dropped, "datagram", "datagrams")));
        }
        if unkept > 0 {
            text.push_str(&format!("{} received and could not be written to the disk.\n\nLook at the disk of the data folder.\n\n", count(unkept, "message was", "messages were")));
        }
        text.push_str("The number is that of the first half minute in which it was seen; `wardkeep doctor` tells the sum.");
        let key = format!("wardkeep-intake-lost:{hour}");
        self.raise(ctx, unit, &key, "Log records were lost on their way in", &text, "high", ctx.now).await
    }
    async fn watched_sources(&self) -> Result<Vec<Source>, Error> {
        let sql = "SELECT s.id, s.unit_id, s.ref_number, s.name, s.address, s.stage, s.silence_limit, s.learned_limit, s.silent_since, s.created_at, c.last_seen AS heard, c.events, c.failures AS bad FROM log_source s LEFT JOIN source_state c ON c.address = s.address WHERE s.stage <> 'retired' LIMIT 20000";
        let rows = self.db.rows(sql, cells![]).await?;
        rows.iter()
            .map(|row| {
                let int = |name: &str| row.try_get::<Option<i64>>("", name).map_err(Error::fault);
                let text = |name: &str| row.try_get::<String>("", name).map_err(Error::fault);
                let id =
                    |name: &str| row.try_get::<uuid::Uuid>("", name).map(Id::from_uuid).map_err(Error::fault);
                let moment = |name: &str| Ok::<_, Error>(int(name)?.map(Moment::from_micros));
                Ok(Source {
                    id: id("id")?,
                    unit: id("unit_id")?,
                    reference: format!("SRC-{:04}", int("ref_number")?.unwrap_or(0)),
                    name: text("name")?,
                    address: text("address")?,
                    stage: text("stage")?,
                    limit: int("silence_limit")?,
                    learned: int("learned_limit")?,
                    silent: moment("silent_since")?,
                    last: moment("heard")?,
                    created: moment("created_at")?.unwrap_or(Moment::EPOCH),
                    events: int("events")?.unwrap_or(0),
                    failures: int("bad")?.unwrap_or(0),
                })
            })
            .collect()
    }
    /// Records of a usual hour (the median of hours in which any came), and how long each source may be silent: three
    /// times its longest pause, once it was seen in six hours at least.
    async fn usual_hours(&self, now: Moment) -> Result<HashMap<String, (Option<i64>, Option<i64>)>, Error> {
        let since = now.as_micros().div_euclid(3_600_000_000) - HISTORY;
        let sql = "SELECT address, hour, events FROM source_hour WHERE hour >= $1 ORDER BY address, hour LIMIT 1000000";
        let mut hours: HashMap<String, Vec<(i64, i64)>> = HashMap::new();
        for row in self.db.rows(sql, cells![since]).await? {
            let int = |name: &str| row.try_get::<i64>("", name).map_err(Error::fault);
            let address: String = row.try_get("", "address").map_err(Error::fault)?;
            hours.entry(address).or_default().push((int("hour")?, int("events")?));
        }
        Ok(hours.into_iter().map(|(address, hours)| (address, usual(&hours))).collect())
    }
    async fn raise_silence(
        &self,
        ctx: &Ctx,
        source: &Source,
        since: Moment,
        limit: i64,
    ) -> Result<(), Error> {
        let text = format!(
            "{} ({}) sent its last record at {since} and may be silent for {}. While it is silent, nothing that happens there is seen.\n\nLook whether the machine runs, whether its agent runs, and whether something between it and Wardkeep was changed.",
            source.name,
            source.reference,
            count((limit / 60).unsigned_abs(), "minute", "minutes")
        );
        let title = format!("{} is silent", source.name);
        self.raise(ctx, source.unit, &silence_key(source, since), &title, &text, "medium", since).await
    }
    async fn settle_silence(&self, ctx: &Ctx, source: &Source, since: Moment) -> Result<(), Error> {
        let id = crate::assess::id_of("alert", &silence_key(source, since));
        let sql = "SELECT stage FROM alert WHERE id = $1";
        let Some(row) = self.db.row(sql, cells![id]).await? else { return Ok(()) };
        let stage: String = row.try_get("", "stage").map_err(Error::fault)?;
        if stage != "new" && stage != "acknowledged" {
            return Ok(());
        }
        let schema = App::schema("alert")?;
        let edits = Edits::from([("verdict".into(), Value::Choice("benign".into()))]);
        let mut proposal = Proposal::change(schema, id, None, edits);
        proposal.movement = Some("dismiss".into());
        self.write_one(ctx, proposal.because("the source sends again")).await?;
        Ok(())
    }
    async fn raise_full(&self, ctx: &Ctx, unit: Id) -> Result<(), Error> {
        let hour = ctx.now.as_micros().div_euclid(3_600_000_000);
        let text = "Records arrive faster than they are worked off, and the spool is full. Senders over TCP and HTTP and followed files are held back and lose nothing as long as they can wait; what the kernel drops of UDP is lost and counted.\n\nLook at the disk and the processor, and at sources that send more than they usually do. `spool_mib` in `[intake]` sets how much may wait.";
        let key = format!("wardkeep-spool-full:{hour}");
        self.raise(ctx, unit, &key, "The intake of log records is full", text, "high", ctx.now).await
    }
    #[allow(clippy::too_many_arguments)] // what an alert says, in order
    async fn raise(
        &self,
        ctx: &Ctx,
        unit: Id,
        key: &str,
        title: &str,
        text: &str,
        severity: &str,
        since: Moment,
    ) -> Result<(), Error> {
        let id = crate::assess::id_of("alert", key);
        if self.db.row("SELECT id FROM alert WHERE id = $1", cells![id]).await?.is_some() {
            return Ok(());
        }
        let edits = Edits::from([
            ("name".into(), Value::text(&crate::assess::line_of(title))),
            ("severity".into(), Value::Choice(severity.into())),
            ("description".into(), Value::text(text)),
            ("source".into(), Value::text("Wardkeep intake")),
            ("source_ref".into(), Value::text(key)),
            ("first_event".into(), Value::Moment(since)),
            ("last_event".into(), Value::Moment(ctx.now.max(since))),
            ("tlp".into(), Value::Choice("amber".into())),
            ("verdict".into(), Value::Choice("undecided".into())),
        ]);
        self.write_one(ctx, Proposal::add(App::schema("alert")?, id, unit, edits)).await?;
        Ok(())
    }
}

fn silence_key(source: &Source, since: Moment) -> String {
    format!("wardkeep-source-silent:{}:{}", source.id, since.as_micros())
}

fn usual(hours: &[(i64, i64)]) -> (Option<i64>, Option<i64>) {
    let mut counts: Vec<i64> = hours.iter().map(|(_, events)| *events).filter(|events| *events > 0).collect();
    counts.sort_unstable();
    let median = counts.get(counts.len() / 2).copied();
    let pause = hours.windows(2).map(|pair| pair[1].0 - pair[0].0).max();
    let limit = pause.filter(|_| hours.len() >= 6).map(|hours| {
        // Records of two hours that follow one another may lie close together: a pause of one hour is none.
        let seconds = if hours <= 1 { LEARNED.0 } else { hours * 3 * 3_600 };
        seconds.clamp(LEARNED.0, LEARNED.1)
    });
    (median, limit)
}

#[cfg(test)]
mod tests {
    use super::usual;

    #[test]
    fn limits_are_learned_from_pauses() {
        let lively: Vec<(i64, i64)> = (0..10).map(|hour| (hour, 100 + hour)).collect();
        assert_eq!(usual(&lively), (Some(105), Some(1_800)));
        let nightly: Vec<(i64, i64)> = (0..8).map(|day| (day * 24, 5)).collect();
        assert_eq!(usual(&nightly), (Some(5), Some(72 * 3_600)));
        assert_eq!(usual(&lively[..3]).1, None);
        assert_eq!(usual(&[]), (None, None));
    }
}
