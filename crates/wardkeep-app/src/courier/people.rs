//! In whose name something is told: a person with their grants, as they are now.

use super::row::get;
use crate::auth::Auth;
use crate::{App, Ctx, Error};
use wardkeep_rights::Actor;
use wardkeep_store::cells;
use wardkeep_types::{Id, Moment};

/// A person who can be told something.
pub(super) struct Addressee {
    /// With their rights of now.
    pub ctx: Ctx,
    /// Mail address of their account.
    pub email: String,
}

impl App {
    /// The person as they may act now; `None` when they have left or have no open account.
    pub(super) async fn addressee(
        &self,
        auth: &Auth,
        person: Id,
        now: Moment,
    ) -> Result<Option<Addressee>, Error> {
        let sql = "SELECT r.title, a.email FROM record r JOIN account a ON a.person_id = r.id WHERE r.id = $1 AND r.is_open = 1 AND a.state = 'active' ORDER BY a.created_at LIMIT 1";
        let Some(row) = self.db.row(sql, cells![person]).await? else { return Ok(None) };
        let given = auth.grants_of(person).await?;
        let begun = given.into_iter().filter(|g| g.from.is_none_or(|from| from <= now.date()));
        let grants = begun.map(|g| g.grant).collect();
        let actor = Actor::human(person, get::<String>(&row, "title")?, grants, now.date());
        Ok(Some(Addressee { ctx: Ctx::new(actor, now), email: get(&row, "email")? }))
    }
}
