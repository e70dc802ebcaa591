//! One log record: as it came and as rules and tests read it.

use super::row::{id, int, moment, text};
use crate::records::Label;
use crate::{App, Ctx, Error, Organisation, Refusal};
use sea_orm::QueryResult;
use wardkeep_rights::Named;
use wardkeep_store::cells;
use wardkeep_types::Moment;
use wardkeep_types::event::Fields;
use wardkeep_types::observation::Basis;

/// A log record of which a copy was kept.
#[derive(Debug, Clone, serde::Serialize)]
pub struct LogEventView {
    /// Its id, in hexadecimal.
    pub id: String,
    /// When it happened.
    pub at: Moment,
    /// The file or live source.
    pub source: String,
    /// Line or record number within it.
    pub position: u64,
    /// The record as received.
    pub raw: String,
    /// The copy stops here: the record was longer.
    pub cut: bool,
    /// Its fields by flat name.
    pub fields: Vec<(String, String)>,
    /// The same with their types, for rules.
    #[serde(skip)]
    pub values: Fields,
    /// SHA-256 of the file it came from, if one is known and the reader may view evidence.
    pub file: Option<String>,
    /// Alerts that hold it and that the reader may see.
    pub alerts: Vec<Label>,
    /// The observation from which the reader comes.
    pub observation: Option<String>,
}

/// Bytes of a record that are kept beside an alert or observation.
pub(super) const KEPT_BYTES: usize = 16 * 1024;

impl LogEventView {
    /// Of a stored event.
    pub(crate) fn of(stored: &crate::events::EventView) -> Self {
        let event = &stored.event;
        Self {
            id: event.id.to_string(),
            at: event.at,
            source: event.source.to_string(),
            position: event.position,
            raw: event.raw.to_string(),
            cut: false,
            fields: event.fields.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect(),
            values: event.fields.clone(),
            file: None,
            alerts: stored.alerts.clone(),
            observation: None,
        }
    }
}

impl App {
    /// A log record. At most six statements.
    pub async fn log_event(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        event: &str,
        via: Option<&str>,
    ) -> Result<LogEventView, Error> {
        let event = App::address(event)?;
        let beside = "SELECT alert_id, at, source, position, raw, fields FROM alert_event WHERE event_id = $1 LIMIT 50";
        let alerts = self.db.rows(beside, cells![event]).await?;
        let ids = alerts.iter().map(|r| id(r, "alert_id")).collect::<Result<Vec<_>, _>>()?;
        let labels = self.labels(ctx, organisation, ids.iter().copied()).await?;
        let seen: Vec<Label> = ids.iter().filter_map(|id| labels.get(*id).cloned()).collect();
        let named = |b: &Basis| matches!(b, Basis::Event { event: other } if other == event);
        let observation = self
            .rests_on(ctx, organisation, via, |o| o.subjects.iter().any(|s| s.basis.iter().any(named)))
            .await?;
        let allowed =
            !seen.is_empty() || observation.is_some() || super::sees_all(ctx, organisation, Named::LogEvent);
        if !allowed {
            return Err(Refusal::NotFound.into());
        }
        let kept = "SELECT at, source, position, raw, fields FROM basis_event WHERE event_id = $1";
        let kept = self.db.row(kept, cells![event]).await?;
        // Beyond the first few events of an alert only the id is known.
        let row =
            kept.or_else(|| alerts.into_iter().find(|r| text(r, "raw").is_ok_and(|raw| !raw.is_empty())));
        let row = row.ok_or(Refusal::NotFound)?;
        let source = text(&row, "source")?;
        let file = if super::sees_all(ctx, organisation, wardkeep_rights::Resource::Register("evidence")) {
            let sql = "SELECT sha256 FROM evidence_file WHERE path = $1 ORDER BY read_at DESC LIMIT 1";
            self.db.row(sql, cells![source.as_str()]).await?
        } else {
            None
        };
        let raw = text(&row, "raw")?;
        let values = fields_of(&row)?;
        Ok(LogEventView {
            id: event.to_owned(),
            at: moment(&row, "at")?,
            position: int(&row, "position")?.unsigned_abs(),
            source,
            cut: raw.len() + 4 > KEPT_BYTES,
            raw,
            fields: values.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect(),
            values,
            file: file.map(|f| text(&f, "sha256")).transpose()?,
            alerts: seen,
            observation: observation.map(|o| o.to_string()),
        })
    }
}

/// The normalised fields of a copy.
pub(super) fn fields_of(row: &QueryResult) -> Result<Fields, Error> {
    let json = text(row, "fields")?;
    if json.is_empty() {
        return Ok(Fields::new());
    }
    serde_json::from_str(&json).map_err(Error::fault)
}
