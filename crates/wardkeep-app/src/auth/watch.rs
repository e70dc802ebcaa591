//! Sessions that something longer than a request hangs on, such as a stream of events.

use super::Auth;
use super::row::{get, id};
use super::session::grant;
use crate::Error;
use wardkeep_rights::Actor;
use wardkeep_store::cells;
use wardkeep_types::{Id, Moment};

impl Auth {
    /// Who is behind a session now, with the grants of now; `None` once it is over or idle. Unlike a request, asking
    /// does not keep the session alive.
    pub async fn actor_of_session(&self, session: Id, now: Moment) -> Result<Option<Actor>, Error> {
        let sql = "SELECT a.person_id, r.title, g.role, g.unit_id AS grant_unit, g.recursive, g.until_day, g.engagement_id FROM session s JOIN account a ON a.id = s.account_id JOIN record r ON r.id = a.person_id LEFT JOIN role_grant g ON g.person_id = a.person_id AND g.ended_at IS NULL AND (g.from_day IS NULL OR g.from_day <= $3) WHERE s.id = $1 AND s.step = 'done' AND s.ended_at IS NULL AND s.expires_at > $2 AND s.idle_until > $2 AND a.state = 'active' AND r.is_open = 1 LIMIT 1000";
        let rows = self.db.rows(sql, cells![session, now, now.date()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let grants = rows.iter().map(grant).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        Ok(Some(Actor::human(id(row, "person_id")?, get::<String>(row, "title")?, grants, now.date())))
    }
}
