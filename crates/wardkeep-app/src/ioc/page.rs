//! What pages say of indicators: on the page of one, and on the page of an alert that it raised.

use crate::records::RecordView;
use crate::{App, Error};
use wardkeep_detect::IocSet;
use wardkeep_store::cells;
use wardkeep_types::event::Event;
use wardkeep_types::{Id, Moment};

/// Beside the fields of an indicator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IocPanel {
    /// It is looked for now.
    pub active: bool,
    /// When stored events were searched for it last, how many, and in how many it was seen.
    pub hunted: Option<(Moment, u64, u64)>,
    /// It was changed since then, or was never looked up: a look over history is due.
    pub due: bool,
    /// Alerts that it raised, and the last event of any.
    pub alerts: u64,
    /// Time of the newest event in which it was seen.
    pub last_seen: Option<Moment>,
}

/// The indicator on the page of an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IocOnAlert {
    /// `IND-0001`.
    pub reference: String,
    /// Value as it is shown.
    pub value: String,
    /// Key of its kind.
    pub kind: String,
    /// Key of its stage.
    pub stage: String,
    /// Who says so.
    pub source: String,
    /// How sure, in percent.
    pub confidence: i64,
    /// Fields of the alert's events in which it stands, each with the text there.
    pub fields: Vec<(String, String)>,
}

/// Fields told on an alert's page.
const FIELDS: usize = 8;

impl App {
    /// The panel of an indicator that the reader has before them.
    pub async fn ioc_panel(&self, shown: &RecordView) -> Result<IocPanel, Error> {
        let sql = "SELECT h.at, h.events, h.sightings, h.change_at, i.from_change, i.stage FROM ioc i LEFT JOIN ioc_hunt h ON h.ioc_id = i.id WHERE i.id = $1";
        let Some(row) = self.db.row(sql, cells![shown.id]).await? else { return Ok(IocPanel::default()) };
        let int = |name: &str| row.try_get::<Option<i64>>("", name).map_err(Error::fault);
        let stage: String = row.try_get("", "stage").map_err(Error::fault)?;
        let hunted = int("at")?.map(Moment::from_micros);
        let (events, sightings) = (int("events")?.unwrap_or(0), int("sightings")?.unwrap_or(0));
        let due = int("change_at")? != int("from_change")?;
        let sql = "SELECT count(*) AS k, max(last_event) AS last FROM alert WHERE indicator = $1";
        let alerts = self.db.row(sql, cells![shown.id]).await?.ok_or_else(|| Error::fault("no count"))?;
        let last: Option<i64> = alerts.try_get("", "last").map_err(Error::fault)?;
        Ok(IocPanel {
            active: stage == "active",
            hunted: hunted.map(|at| (at, events.unsigned_abs(), sightings.unsigned_abs())),
            due: stage == "active" && due,
            alerts: alerts.try_get::<i64>("", "k").map_err(Error::fault)?.unsigned_abs(),
            last_seen: last.map(Moment::from_micros),
        })
    }
    /// The indicator of an alert, and where it stands in these events.
    pub(crate) async fn ioc_on_alert(&self, ioc: Id, events: &[Event]) -> Result<Option<IocOnAlert>, Error> {
        let sql = "SELECT ref_number, value, kind, stage, source, confidence FROM ioc WHERE id = $1";
        let Some(row) = self.db.row(sql, cells![ioc]).await? else { return Ok(None) };
        let text = |name: &str| row.try_get::<Option<String>>("", name).map_err(Error::fault);
        let int = |name: &str| row.try_get::<Option<i64>>("", name).map_err(Error::fault);
        let mut list = self.iocs_where("id = $1", cells![ioc]).await?;
        // What was found is shown whatever days hold now.
        list.iter_mut().for_each(|ioc| (ioc.from, ioc.until) = (None, None));
        let set = IocSet::new(list);
        let mut fields: Vec<(String, String)> = Vec::new();
        for event in events {
            set.look_everywhere(event, &mut |name, text| {
                let said = (name.to_owned(), text.chars().take(200).collect());
                if fields.len() < FIELDS && !fields.contains(&said) {
                    fields.push(said);
                }
            });
        }
        Ok(Some(IocOnAlert {
            reference: format!("IND-{:04}", int("ref_number")?.unwrap_or(0)),
            value: text("value")?.unwrap_or_default(),
            kind: text("kind")?.unwrap_or_default(),
            stage: text("stage")?.unwrap_or_default(),
            source: text("source")?.unwrap_or_default(),
            confidence: int("confidence")?.unwrap_or(0) / 100,
            fields,
        }))
    }
}
