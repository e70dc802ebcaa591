//! How a control stood over time: what was worked out whenever its inputs changed.

use super::row::{int, maybe_int, moment, text};
use crate::records::RecordView;
use crate::{App, Error};
use wardkeep_assure::Effect;
use wardkeep_store::cells;
use wardkeep_types::{Id, Moment, State};

/// One result.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Judged {
    /// The moment it speaks about.
    pub as_of: Moment,
    /// When it was worked out.
    pub computed_at: Moment,
    /// The state.
    pub state: State,
    /// E, 0 to 1; absent when nothing was ever observed.
    pub shown: Option<f64>,
    /// Low end of the band.
    pub low: f64,
    /// High end of the band.
    pub high: f64,
}

/// A control's results.
#[derive(Debug, Clone, Default)]
pub struct ControlTrend {
    /// Results, oldest first; those between two of them are like the earlier one.
    pub results: Vec<Judged>,
    /// The newest one whole; absent before the first assessment.
    pub latest: Option<Effect>,
    /// Hash of what the newest one was worked out from.
    pub inputs: String,
}

/// Results shown in a trend.
const RESULTS: i64 = 200;

impl App {
    /// The results of a control that the reader has before them. Two statements.
    pub async fn control_trend(&self, shown: &RecordView) -> Result<ControlTrend, Error> {
        let mut trend = ControlTrend { results: self.judged(shown.id).await?, ..ControlTrend::default() };
        if let Some(last) = trend.results.last() {
            let sql =
                "SELECT why, inputs_hash FROM control_result WHERE control_id = $1 AND computed_at = $2";
            if let Some(row) = self.db.row(sql, cells![shown.id, last.computed_at]).await? {
                trend.latest = Some(serde_json::from_str(&text(&row, "why")?).map_err(Error::fault)?);
                trend.inputs = text(&row, "inputs_hash")?;
            }
        }
        // A trend goes by the moment that results speak about; of several about one moment the last word counts.
        trend.results.sort_by_key(|r| (r.as_of, r.computed_at));
        trend.results.reverse();
        trend.results.dedup_by_key(|r| r.as_of);
        trend.results.reverse();
        Ok(trend)
    }
    async fn judged(&self, control: Id) -> Result<Vec<Judged>, Error> {
        let sql = "SELECT as_of, computed_at, state, e, low, high FROM control_result WHERE control_id = $1 ORDER BY computed_at DESC LIMIT $2";
        let share = |points: i64| points as f64 / 10_000.0;
        let mut all = Vec::new();
        for row in self.db.rows(sql, cells![control, RESULTS]).await? {
            all.push(Judged {
                as_of: moment(&row, "as_of")?,
                computed_at: moment(&row, "computed_at")?,
                state: text(&row, "state")?.parse().map_err(Error::fault)?,
                shown: maybe_int(&row, "e")?.map(share),
                low: share(int(&row, "low")?),
                high: share(int(&row, "high")?),
            });
        }
        all.reverse();
        Ok(all)
    }
}
