//! What changed since somebody opened a page, as far as they may see it: for pages that tell that they are old.

use super::row::get;
use crate::records::reach_of;
use crate::{App, Ctx, Error, Organisation};
use wardkeep_register::{Schema, Verb};
use wardkeep_store::{Reach, cells};
use wardkeep_types::Id;

/// Changes that are looked at in one go; who is further behind is told that everything may have changed.
const MOST: i64 = 2_000;

/// What a page shows.
#[derive(Debug, Clone, Copy)]
pub enum LiveTopic {
    /// Records of one register.
    List(&'static Schema),
    /// One record.
    Record(Id),
    /// Everything the reader may see: Today.
    All,
}

/// What changed on a page since a change number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LiveChange {
    /// The number up to which was looked.
    pub upto: i64,
    /// How many records changed; each counts once.
    pub records: i64,
}

impl App {
    /// The number of the last change.
    pub async fn last_change(&self) -> Result<i64, Error> {
        Ok(self.db.chain_head().await?.0)
    }
    /// How many records that the reader may see now, and that belong to the topic, were changed by somebody else after
    /// change `after`. What they may not see leaves no trace, and what the program worked out is not news.
    pub async fn changed_since(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        topic: LiveTopic,
        after: i64,
    ) -> Result<LiveChange, Error> {
        let upto = self.last_change().await?;
        if upto <= after {
            return Ok(LiveChange { upto: after, records: 0 });
        }
        let from = after.max(upto - MOST);
        let reaches: Vec<(&'static str, Reach)> = match topic {
            LiveTopic::List(schema) => vec![(schema.key, reach_of(ctx, organisation, schema, Verb::View))],
            LiveTopic::Record(_) | LiveTopic::All => self.reaches(ctx, organisation),
        };
        let mut values = cells![from, upto, ctx.person().unwrap_or(Id::NIL)];
        let mut only = "";
        if let LiveTopic::Record(record) = topic {
            values.push(record.into());
            only = " AND c.record_id = $4";
        }
        let seen = Reach::any_of(&reaches, &mut values);
        let sql = format!(
            "SELECT count(DISTINCT c.record_id) AS k FROM change c JOIN record r ON r.id = c.record_id WHERE c.n > $1 AND c.n <= $2 AND (c.actor_id IS NULL OR c.actor_id <> $3) AND c.act <> 'compute'{only} AND ({seen})"
        );
        let row = self.db.row(&sql, values).await?;
        Ok(LiveChange { upto, records: row.map_or(Ok(0), |row| get(&row, "k"))? })
    }
}
