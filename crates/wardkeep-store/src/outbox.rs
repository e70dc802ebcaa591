//! Readers of the change log: webhooks, mail, derived numbers. Each goes through all changes in order, at its
//! own pace, and after a crash goes on where it was. What it does must bear being done twice.
//!
//! Every write leaves a row in `outbox` within its transaction. A reader keeps one number, the last change it
//! has dealt with, and so reads ranges of whatever size suits it.

use crate::sql::get;
use crate::{Db, StoreError, cells};
use wardkeep_types::Moment;

/// Longest wait after failures, in seconds.
const LONGEST_WAIT: i64 = 3_600;

/// Changes that a reader is to deal with, first and last included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// The reader.
    pub consumer: String,
    /// First change.
    pub first: i64,
    /// Last change.
    pub last: i64,
}

/// How a reader stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsumerState {
    /// The reader.
    pub consumer: String,
    /// The last change it has dealt with.
    pub change: i64,
    /// Failures in a row.
    pub failures: i64,
    /// What the last failure said.
    pub note: String,
    /// When it was last heard of.
    pub at: Moment,
}

impl Db {
    /// Makes a reader known. It begins behind change `after`: 0 to see everything, the head of the chain to see
    /// only what is new. A reader that is known keeps its place.
    pub async fn add_consumer(&self, consumer: &str, after: i64, now: Moment) -> Result<(), StoreError> {
        let sql = "INSERT INTO outbox_cursor (consumer, change_n, lease_until, failures, note, at) VALUES ($1, $2, 0, 0, '', $3) ON CONFLICT (consumer) DO NOTHING";
        self.run(sql, cells![consumer, after, now]).await.map(|_| ())
    }
    /// Forgets a reader.
    pub async fn drop_consumer(&self, consumer: &str) -> Result<(), StoreError> {
        self.run("DELETE FROM outbox_cursor WHERE consumer = $1", cells![consumer]).await.map(|_| ())
    }
    /// The next changes for a reader, at most `most`, for `lease` seconds. `None` when there are none, when
    /// another worker has it, or when it waits after a failure.
    pub async fn next_range(
        &self,
        consumer: &str,
        worker: &str,
        most: i64,
        lease: i64,
        now: Moment,
    ) -> Result<Option<Range>, StoreError> {
        let sql = "UPDATE outbox_cursor SET claimed_by = $1, lease_until = $2, at = $3 WHERE consumer = $4 AND lease_until < $3 AND change_n < (SELECT coalesce(max(last_change), 0) FROM outbox) RETURNING change_n, (SELECT max(last_change) FROM outbox) AS head";
        let values = cells![worker, now.plus_seconds(lease), now, consumer];
        let Some(row) = self.run_returning(sql, values).await? else { return Ok(None) };
        let (after, head): (i64, i64) = (get(&row, "change_n")?, get(&row, "head")?);
        Ok(Some(Range { consumer: consumer.into(), first: after + 1, last: head.min(after + most.max(1)) }))
    }
    /// The reader has dealt with the range. False when the lease ended and another worker has taken over.
    pub async fn range_done(&self, range: &Range, worker: &str, now: Moment) -> Result<bool, StoreError> {
        let sql = "UPDATE outbox_cursor SET change_n = $1, claimed_by = NULL, lease_until = 0, failures = 0, note = '', at = $2 WHERE consumer = $3 AND claimed_by = $4 AND change_n = $5";
        let values = cells![range.last, now, range.consumer.clone(), worker, range.first - 1];
        Ok(self.run(sql, values).await? > 0)
    }
    /// The reader could not deal with the range; it comes again after a wait that doubles (10 seconds to an
    /// hour).
    pub async fn range_failed(
        &self,
        range: &Range,
        worker: &str,
        why: &str,
        now: Moment,
    ) -> Result<(), StoreError> {
        let sql = "SELECT failures FROM outbox_cursor WHERE consumer = $1 AND claimed_by = $2";
        let Some(row) = self.row(sql, cells![range.consumer.clone(), worker]).await? else { return Ok(()) };
        let failures = get::<i64>(&row, "failures")? + 1;
        let wait = (5_i64 << failures.clamp(1, 12)).min(LONGEST_WAIT);
        let why: String = why.chars().take(500).collect();
        let sql = "UPDATE outbox_cursor SET failures = $1, note = $2, claimed_by = NULL, lease_until = $3, at = $4 WHERE consumer = $5 AND claimed_by = $6";
        let values = cells![failures, why, now.plus_seconds(wait), now, range.consumer.clone(), worker];
        self.run(sql, values).await.map(|_| ())
    }
    /// Every reader, and how far it is.
    pub async fn consumers(&self) -> Result<Vec<ConsumerState>, StoreError> {
        let sql = "SELECT consumer, change_n, failures, note, at FROM outbox_cursor ORDER BY consumer";
        let rows = self.rows(sql, cells![]).await?;
        rows.iter()
            .map(|r| {
                Ok(ConsumerState {
                    consumer: get(r, "consumer")?,
                    change: get(r, "change_n")?,
                    failures: get(r, "failures")?,
                    note: get(r, "note")?,
                    at: Moment::from_micros(get(r, "at")?),
                })
            })
            .collect()
    }
    /// Marks what every reader has dealt with, and removes what was marked before `before`; the newest row
    /// stays, since readers see the head by it.
    pub async fn tidy_outbox(&self, before: Moment, now: Moment) -> Result<(), StoreError> {
        let sql = "UPDATE outbox SET done_at = $1 WHERE done_at IS NULL AND last_change <= (SELECT coalesce(min(change_n), 0) FROM outbox_cursor)";
        self.run(sql, cells![now]).await?;
        let sql = "DELETE FROM outbox WHERE done_at < $1 AND id < (SELECT max(id) FROM outbox)";
        self.run(sql, cells![before]).await.map(|_| ())
    }
}
