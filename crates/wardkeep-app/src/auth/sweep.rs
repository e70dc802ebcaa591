//! Sweeping: what is over is removed after a while.

use super::Auth;
use crate::Error;
use wardkeep_store::cells;
use wardkeep_types::Moment;

/// Seconds for which an ended session stays, so that one can still look up where it came from.
const KEPT: i64 = 90 * 86_400;

impl Auth {
    /// Removes what is over: sessions, links, challenges, counters, known browsers. A job calls it daily.
    pub async fn sweep(&self, now: Moment) -> Result<u64, Error> {
        let old = now.plus_seconds(-KEPT);
        let day = now.plus_seconds(-86_400);
        let mut gone = 0;
        for (sql, before) in [
            ("DELETE FROM session WHERE expires_at < $1", old),
            ("DELETE FROM one_time_link WHERE expires_at < $1", old),
            ("DELETE FROM webauthn_state WHERE expires_at < $1", now),
            ("DELETE FROM attempt WHERE since < $1", day),
            ("DELETE FROM known_device WHERE expires_at < $1", now),
        ] {
            gone += self.db.run(sql, cells![before]).await?;
        }
        Ok(gone)
    }
}
