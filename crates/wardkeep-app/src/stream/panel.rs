//! What the page of a log source says beside its fields, as of now.

use super::silence::UNKNOWN_LIMIT;
use crate::records::RecordView;
use crate::{App, Error};
use wardkeep_store::cells;
use wardkeep_types::Moment;

/// Hours that are drawn.
const HOURS: i64 = 24;
const HOUR: i64 = 3_600_000_000;

/// Why a source may be silent for so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitOf {
    /// Somebody said so.
    Set,
    /// By its own history.
    Learned,
    /// Nothing is known yet: a day.
    Usual,
}

/// How a log source does now.
#[derive(Debug, Clone, PartialEq)]
pub struct SourcePanel {
    /// Stage.
    pub stage: String,
    /// When its last record came.
    pub last_seen: Option<Moment>,
    /// Records of each of the last 24 hours, the running one last; nothing before its first record ever.
    pub hours: Vec<Option<f64>>,
    /// Records in these hours, and how many of them were not understood.
    pub day: (u64, u64),
    /// Records ever, and how many of them were not understood.
    pub ever: (u64, u64),
    /// Longest time from event to receipt at the last checkpoint, microseconds.
    pub lag: i64,
    /// Records of a usual hour.
    pub hourly: Option<u64>,
    /// How long it may be silent, seconds, and by what.
    pub limit: (i64, LimitOf),
    /// Since when it has been silent for longer.
    pub silent: Option<Moment>,
    /// Assets whose records it brings.
    pub assets: u64,
}

impl App {
    /// The panel of a log source that the reader has before them.
    pub async fn source_panel(&self, shown: &RecordView) -> Result<SourcePanel, Error> {
        let sql = "SELECT s.stage, s.address, s.silence_limit, s.learned_limit, s.hourly, s.silent_since, c.last_seen AS heard, c.events, c.failures AS bad, c.lag, (SELECT count(*) FROM link l WHERE l.from_id = s.id AND l.field = 'assets' AND l.to_change IS NULL) AS assets FROM log_source s LEFT JOIN source_state c ON c.address = s.address WHERE s.id = $1";
        let row = self.db.row(sql, cells![shown.id]).await?.ok_or(crate::Refusal::NotFound)?;
        let int = |name: &str| row.try_get::<Option<i64>>("", name).map_err(Error::fault);
        let text = |name: &str| row.try_get::<String>("", name).map_err(Error::fault);
        let address = text("address")?;
        let now = self.clock.now().as_micros().div_euclid(HOUR);
        let first = "SELECT min(hour) AS first FROM source_hour WHERE address = $1";
        let first = self.db.row(first, cells![address.as_str()]).await?;
        let first = first.map(|row| row.try_get::<Option<i64>>("", "first")).transpose();
        let first = first.map_err(Error::fault)?.flatten();
        let (mut hours, mut day) = (Vec::new(), (0, 0));
        if let Some(first) = first {
            hours = (now - HOURS + 1..=now).map(|hour| (hour >= first).then_some(0.0)).collect();
        }
        let sql =
            "SELECT hour, events, failures FROM source_hour WHERE address = $1 AND hour > $2 AND hour <= $3";
        for row in self.db.rows(sql, cells![address, now - HOURS, now]).await? {
            let int = |name: &str| row.try_get::<i64>("", name).map_err(Error::fault);
            let (events, failures) = (int("events")?, int("failures")?);
            if let Some(place) = hours.get_mut((int("hour")? - (now - HOURS + 1)) as usize) {
                *place = Some(events as f64);
            }
            day = (day.0 + events.unsigned_abs(), day.1 + failures.unsigned_abs());
        }
        let limit = match (int("silence_limit")?, int("learned_limit")?) {
            (Some(set), _) => (set, LimitOf::Set),
            (None, Some(learned)) => (learned, LimitOf::Learned),
            (None, None) => (UNKNOWN_LIMIT, LimitOf::Usual),
        };
        let many = |name: &str| Ok::<_, Error>(int(name)?.unwrap_or(0).unsigned_abs());
        Ok(SourcePanel {
            stage: text("stage")?,
            last_seen: int("heard")?.map(Moment::from_micros),
            hours,
            day,
            ever: (many("events")?, many("bad")?),
            lag: int("lag")?.unwrap_or(0),
            hourly: int("hourly")?.map(i64::unsigned_abs),
            limit,
            silent: int("silent_since")?.map(Moment::from_micros),
            assets: many("assets")?,
        })
    }
}
