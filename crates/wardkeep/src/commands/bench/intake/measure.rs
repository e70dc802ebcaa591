//! What is measured while and after records are sent.

use super::lines::{Way, number_of};
use super::senders::Did;
use super::server::Server;
use crate::output::{Out, note};
use crate::table::{Table, cell};
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::time::{Duration, Instant};
use wardkeep_report::words::number;
use wardkeep_store::{Cell, Db, Target, cells};
use wardkeep_types::{Clock as _, SystemClock};

/// How long nothing may move before what is missing counts as lost.
const STUCK: Duration = Duration::from_mins(1);

/// Everything that is told.
#[derive(Debug, Default, Serialize)]
pub struct Figures {
    /// Rules that were active.
    pub active_rules: u64,
    /// Records sent, and how many of them over what.
    pub sent: u64,
    pub sent_over: BTreeMap<&'static str, u64>,
    /// Records acknowledged; only HTTP does.
    pub acknowledged: u64,
    /// Records that stand in files, each as often as it stands there.
    pub stored: u64,
    /// Records beyond the first of their number.
    pub doubled: u64,
    /// Numbers that stand nowhere.
    pub lost: u64,
    /// Records that no reader understood.
    pub faults: u64,
    /// Alerts that were made.
    pub alerts: u64,
    /// Times a sender was told to come back.
    pub again: u64,
    pub sending_seconds: f64,
    /// Until the last record was worked off.
    pub seconds: f64,
    /// Records a second while sending, and until the last was worked off.
    pub sent_per_second: f64,
    pub per_second: f64,
    pub bytes: u64,
    pub wire_bytes: u64,
    pub disk_bytes: u64,
    pub peak_spool_bytes: u64,
    pub peak_memory_bytes: Option<u64>,
    pub cpu_seconds: Option<f64>,
    pub cpu_micros_per_record: Option<f64>,
    pub cpu_by_thread: BTreeMap<String, f64>,
    /// Milliseconds from handing a body in to its acknowledgement.
    pub acknowledged_ms: Option<Spread>,
    /// Milliseconds from the event to its alert in the register.
    pub alert_ms: Option<Spread>,
    #[serde(skip)]
    pub(super) waits: Vec<f64>,
}

/// Half and nearly all of a number of measurements.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Spread {
    pub count: usize,
    pub p50: f64,
    pub p95: f64,
    pub most: f64,
}

impl Spread {
    fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let at = |share: f64| values.get(((values.len() - 1) as f64 * share) as usize).copied();
        let count = values.len();
        if count == 0 {
            return None;
        }
        Some(Self { count, p50: at(0.5)?, p95: at(0.95)?, most: at(1.0)? })
    }
}

/// What is seen while records are sent.
pub struct Watch {
    begun: Instant,
    said: u64,
    spool: u64,
    alerts: HashSet<String>,
    after: Vec<f64>,
}

impl Watch {
    /// From the beginning of the sending.
    pub fn new(begun: Instant) -> Self {
        Self { begun, said: 0, spool: 0, alerts: HashSet::new(), after: Vec::new() }
    }
    /// Looks once at the spool and at new alerts of probes.
    pub async fn look(&mut self, server: &Server, db: &Db) -> anyhow::Result<()> {
        self.spool = self.spool.max(server.spool());
        let since = SystemClock.now().plus_seconds(-20);
        let sql = "SELECT source_ref, first_event FROM alert WHERE created_at > $1 AND host LIKE 'probe-%'";
        for row in db.rows(sql, cells![since]).await? {
            let key: String = row.try_get("", "source_ref")?;
            let first: Option<i64> = row.try_get("", "first_event")?;
            if let Some(first) = first.filter(|_| self.alerts.insert(key)) {
                self.after.push((SystemClock.now().as_micros() - first) as f64 / 1e3);
            }
        }
        let seconds = self.begun.elapsed().as_secs();
        if seconds >= self.said + 15 {
            self.said = seconds;
            let (worked, spool) = (worked(db).await?, number(server.spool() >> 20));
            note(&format!("{seconds} s: {} records worked off, {spool} MiB in the spool", number(worked)));
        }
        Ok(())
    }
}

/// The database of the measured folder, read beside its owner.
pub async fn open(folder: &Path) -> anyhow::Result<Db> {
    Ok(Db::open(&Target::File(folder.join("wardkeep.db"))).await?)
}

/// A number from the database.
pub async fn count(db: &Db, sql: &str) -> anyhow::Result<u64> {
    let row = db.row(sql, Vec::<Cell>::new()).await?;
    let count: i64 = row.map(|row| row.try_get("", "k")).transpose()?.unwrap_or(0);
    Ok(count.unsigned_abs())
}

async fn worked(db: &Db) -> anyhow::Result<u64> {
    count(db, "SELECT COALESCE(sum(events), 0) AS k FROM source_state").await
}

/// The files that hold events, with their size.
pub async fn files(db: &Db) -> anyhow::Result<Vec<(String, u64)>> {
    let sql = "SELECT name, size FROM event_file WHERE superseded_by IS NULL";
    let rows = db.rows(sql, cells![]).await?;
    rows.iter()
        .map(|row| Ok((row.try_get::<String>("", "name")?, row.try_get::<i64>("", "size")?.unsigned_abs())))
        .collect()
}

/// Waits until everything that was sent is behind the checkpoint, or nothing moves any more.
pub async fn settle(server: &Server, db: &Db, watch: &mut Watch, figures: &Figures) -> anyhow::Result<()> {
    let (mut last, mut moved) = (0, Instant::now());
    while moved.elapsed() < STUCK {
        watch.look(server, db).await?;
        let now = worked(db).await?;
        if now >= figures.sent {
            return Ok(());
        }
        if now > last {
            (last, moved) = (now, Instant::now());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    note(&format!(
        "Nothing moved for a minute; {} of {} are worked off.",
        number(last),
        number(figures.sent)
    ));
    Ok(())
}

/// How often each number stands in the files.
pub struct Counts {
    pub stored: u64,
    pub doubled: u64,
    pub different: u64,
}

/// Counts the numbers below `most` in all files.
pub fn stored(folder: &Path, names: &[(String, u64)], most: u64) -> anyhow::Result<Counts> {
    let mut times = vec![0_u8; most as usize];
    let mut counts = Counts { stored: 0, doubled: 0, different: 0 };
    for (name, _) in names {
        wardkeep_events::store::read_texts(&folder.join("events"), name, "raw", |raw| {
            let Some(place) = number_of(raw).and_then(|number| times.get_mut(number as usize)) else {
                return;
            };
            counts.stored += 1;
            counts.doubled += u64::from(*place > 0);
            counts.different += u64::from(*place == 0);
            *place = place.saturating_add(1);
        })?;
    }
    Ok(counts)
}

impl Figures {
    /// Adds what a connection did.
    pub fn add(&mut self, way: Way, did: Did) {
        self.sent += did.sent;
        *self.sent_over.entry(way.name()).or_insert(0) += did.sent;
        self.acknowledged += did.acknowledged;
        self.bytes += did.bytes;
        self.wire_bytes += did.wire;
        self.again += did.again;
        self.waits.extend(did.waits);
    }
    /// Takes what the system says of the server, while it still runs.
    pub fn settle(&mut self, server: &Server, before: Option<(f64, BTreeMap<String, f64>)>, watch: Watch) {
        self.sent_per_second = self.sent as f64 / self.sending_seconds;
        self.per_second = self.sent as f64 / self.seconds;
        self.peak_spool_bytes = watch.spool;
        self.peak_memory_bytes = server.memory();
        if let (Some((first, known)), Some((last, threads))) = (before, server.cpu()) {
            self.cpu_seconds = Some(last - first);
            self.cpu_micros_per_record = Some((last - first) * 1e6 / self.sent.max(1) as f64);
            let spent = |(name, seconds): (String, f64)| {
                let seconds = seconds - known.get(&name).copied().unwrap_or(0.0);
                (seconds > 0.0).then_some((name, seconds))
            };
            self.cpu_by_thread = threads.into_iter().filter_map(spent).collect();
        }
        self.alert_ms = Spread::of(watch.after);
        self.acknowledged_ms = Spread::of(std::mem::take(&mut self.waits));
    }
    /// For people.
    pub fn print(&self, out: &Out) -> std::io::Result<()> {
        let mut table = Table::new(&["Figure", ">Value"]);
        let mut row = |name: &str, value: String| table.row([cell(name), cell(value)]);
        let spread = |s: Option<Spread>| {
            s.map_or_else(
                || "not measured".into(),
                |s| format!("{:.0} / {:.0} / {:.0}", s.p50, s.p95, s.most),
            )
        };
        let mib = |bytes: u64| number(bytes >> 20);
        row("Active rules", number(self.active_rules));
        row("Sent", number(self.sent));
        for (way, sent) in &self.sent_over {
            row(&format!("  over {way}"), number(*sent));
        }
        row("Acknowledged over HTTP", number(self.acknowledged));
        row("Stored", number(self.stored));
        row("Double", number(self.doubled));
        row("Lost", number(self.lost));
        row("Not understood", number(self.faults));
        row("Alerts", number(self.alerts));
        row("Told to come back", number(self.again));
        row("Seconds of sending", format!("{:.1}", self.sending_seconds));
        row("Seconds until all was stored", format!("{:.1}", self.seconds));
        row("Records/s while sending", number(self.sent_per_second as u64));
        row("Records/s until all was stored", number(self.per_second as u64));
        row("MiB sent, on the wire, in files", {
            format!("{}, {}, {}", mib(self.bytes), mib(self.wire_bytes), mib(self.disk_bytes))
        });
        row("Most in the spool, MiB", mib(self.peak_spool_bytes));
        row("Most memory, MiB", self.peak_memory_bytes.map_or_else(|| "not known".into(), mib));
        let cpu = self.cpu_seconds.zip(self.cpu_micros_per_record);
        let cpu = cpu.map(|(all, each)| format!("{all:.1} s, {each:.1} µs a record"));
        row("Processor of the server", cpu.unwrap_or_else(|| "not known".into()));
        for (name, seconds) in &self.cpu_by_thread {
            row(&format!("  {name}"), format!("{seconds:.1} s"));
        }
        row("Acknowledged after, ms (p50/p95/most)", spread(self.acknowledged_ms));
        row("Alert after, ms (p50/p95/most)", spread(self.alert_ms));
        table.print(out)
    }
}

#[cfg(test)]
mod tests {
    use super::Spread;

    #[test]
    fn spreads_are_of_ranks() {
        assert!(Spread::of(Vec::new()).is_none());
        let spread = Spread::of((0..=100).rev().map(f64::from).collect()).unwrap();
        assert_eq!((spread.p50, spread.p95, spread.most, spread.count), (50.0, 95.0, 100.0, 101));
    }
}
