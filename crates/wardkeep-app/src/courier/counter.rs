//! The desk as pages need it: webhooks kept, deliveries tried again.

use super::deliver::Desk;
use crate::auth::{Auth, Keys};
use crate::{App, Ctx, Error, Organisation, Refusal};
use std::sync::Arc;
use wardkeep_courier::{Courier, Reach};
use wardkeep_store::cells;
use wardkeep_types::Id;

impl Desk {
    /// The desk of an installation as pages need it, with its keys and its configuration; it sends no mail.
    pub fn open(app: Arc<App>, auth: Auth, worker: &str) -> Result<Self, Error> {
        let keys = Keys::open(&app.folder.keys())?;
        let reach = if app.config.private_webhooks { Reach::Private } else { Reach::Public };
        Ok(Self::new(app, auth, keys, Courier::new(reach), None, worker))
    }
    /// Tries a delivery again that waits for its next attempt or was given up. It goes out as it would now: with the
    /// rights of this moment.
    pub async fn retry_delivery(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        webhook: Id,
        delivery: Id,
    ) -> Result<(), Error> {
        // Who may look at the log of a webhook may send again what stands in it.
        self.deliveries(ctx, organisation, webhook, 1).await?;
        let sql = "UPDATE webhook_delivery SET state = 'waiting', attempts = 0, next_at = $1, claimed_by = NULL WHERE id = $2 AND webhook_id = $3 AND (state = 'given_up' OR (state = 'waiting' AND claimed_by IS NULL))";
        match self.app.db.run(sql, cells![ctx.now, delivery, webhook]).await? {
            0 => Err(Refusal::NotYet("this delivery arrived, or is on its way".into()).into()),
            _ => Ok(()),
        }
    }
}
