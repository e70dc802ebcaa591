//! Legal holds: what must be kept, who said so and why, and how it ended. Nothing that a hold covers is deleted or
//! rewritten, whatever retention says; a hold never ends by itself.

use super::StoredFile;
use crate::{App, Ctx, Error, Refusal};
use wardkeep_register::Verb;
use wardkeep_store::{Act, FieldEdit, Hold, Write, cells};
use wardkeep_types::{Date, Id, Moment};

/// Characters of a reason.
const LONGEST: usize = 2_000;

/// A legal hold on events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventHold {
    /// Its id.
    pub id: Id,
    /// Kind of records; empty means all.
    pub dialect: String,
    /// From when on; nothing means from the beginning.
    pub from: Option<Moment>,
    /// Until when; nothing means for ever.
    pub to: Option<Moment>,
    /// Why.
    pub reason: String,
    /// The day on which somebody looks whether it is still needed. It holds on past that day.
    pub review_on: Option<Date>,
    /// Since when it holds.
    pub made: Moment,
    /// Who placed it; nobody for the console.
    pub made_by: Option<Id>,
    /// When it was released.
    pub ended: Option<Moment>,
    /// Who released it; nobody for the console.
    pub ended_by: Option<Id>,
    /// Why it was released.
    pub ended_why: Option<String>,
}

impl EventHold {
    /// Whether it covers events of a file.
    pub fn covers(&self, file: &StoredFile) -> bool {
        self.ended.is_none()
            && (self.dialect.is_empty() || self.dialect == file.dialect)
            && self.from.is_none_or(|from| file.last >= from)
            && self.to.is_none_or(|to| file.first <= to)
    }
}

/// A hold to be made.
#[derive(Debug, Clone, Default)]
pub struct NewHold {
    /// Kind of records; empty means all.
    pub dialect: String,
    /// From when on.
    pub from: Option<Moment>,
    /// Until when.
    pub to: Option<Moment>,
    /// Why.
    pub reason: String,
    /// When to look again.
    pub review_on: Option<Date>,
}

impl App {
    /// All holds, those in force first, then the newest first.
    pub async fn event_holds(&self) -> Result<Vec<EventHold>, Error> {
        let sql = "SELECT id, dialect, from_at, to_at, reason, review_on, made_at, made_by, ended_at, ended_by, ended_why FROM event_hold ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, made_at DESC, id";
        let read = |row: &sea_orm::QueryResult| {
            let maybe = |name: &str| {
                row.try_get::<Option<i64>>("", name).map(|m| m.map(Moment::from_micros)).map_err(Error::fault)
            };
            let text = |name: &str| row.try_get::<Option<String>>("", name).map_err(Error::fault);
            let who = |name: &str| {
                let id = row.try_get::<Option<uuid::Uuid>>("", name).map_err(Error::fault)?;
                Ok::<_, Error>(id.map(Id::from_uuid))
            };
            Ok(EventHold {
                id: row.try_get::<uuid::Uuid>("", "id").map(Id::from_uuid).map_err(Error::fault)?,
                dialect: text("dialect")?.unwrap_or_default(),
                from: maybe("from_at")?,
                to: maybe("to_at")?,
                reason: text("reason")?.unwrap_or_default(),
                review_on: text("review_on")?.and_then(|day| day.parse().ok()),
                made: maybe("made_at")?.unwrap_or(Moment::EPOCH),
                made_by: who("made_by")?,
                ended: maybe("ended_at")?,
                ended_by: who("ended_by")?,
                ended_why: text("ended_why")?,
            })
        };
        self.db.rows(sql, cells![]).await?.iter().map(read).collect()
    }
    /// Puts a hold on events.
    pub async fn hold_events(&self, ctx: &Ctx, new: &NewHold) -> Result<Id, Error> {
        let organisation = self.organisation().await?;
        self.may_with_events(ctx, &organisation, Verb::Administer)?;
        let reason = said("reason", &new.reason, "say why these log records must be kept")?;
        super::kind_known(&new.dialect, true)?;
        if new.from.zip(new.to).is_some_and(|(from, to)| from > to) {
            return Err(Refusal::invalid("to", "turned", "the period ends before it begins").into());
        }
        // A deletion that is under way ends first; the next one sees this hold.
        let _still = Hold::shared(self.folder.path()).await?;
        let id = Id::new(ctx.now);
        let sql = "INSERT INTO event_hold (id, dialect, from_at, to_at, reason, review_on, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let review = new.review_on.map(|day| day.to_string());
        let (from, to, by) = (new.from, new.to, ctx.person());
        let values = cells![id, new.dialect.clone(), from, to, reason, review.clone(), ctx.now, by];
        let told = serde_json::json!({
            "dialect": new.dialect, "from": new.from.map(|m| m.to_string()), "to": new.to.map(|m| m.to_string()),
            "review_on": review,
        });
        self.care_act(ctx, "events:hold", (id.to_string(), told), Some(reason), (sql, values)).await?;
        Ok(id)
    }
    /// Releases a hold.
    pub async fn release_events(&self, ctx: &Ctx, hold: Id, why: &str) -> Result<(), Error> {
        let organisation = self.organisation().await?;
        self.may_with_events(ctx, &organisation, Verb::Administer)?;
        let why = said("reason", why, "say why the hold ends")?;
        let holds = self.event_holds().await?;
        if !holds.iter().any(|known| known.id == hold && known.ended.is_none()) {
            return Err(Refusal::NotFound.into());
        }
        let sql = "UPDATE event_hold SET ended_at = $1, ended_by = $2, ended_why = $3 WHERE id = $4 AND ended_at IS NULL";
        let told = (hold.to_string(), serde_json::json!("ended"));
        let values = cells![ctx.now, ctx.person(), why, hold];
        self.care_act(ctx, "events:release", told, Some(why), (sql, values)).await
    }
    /// An act of care with its entry in the change log.
    pub(super) async fn care_act(
        &self,
        ctx: &Ctx,
        act: &str,
        (field, new): (String, serde_json::Value),
        why: Option<&str>,
        statement: (&'static str, Vec<wardkeep_store::Cell>),
    ) -> Result<(), Error> {
        let act = Act {
            act: act.to_owned(),
            fields: vec![FieldEdit { field, old: serde_json::Value::Null, new }],
            why: why.map(str::to_owned),
            statements: vec![(statement.0.to_owned(), statement.1)],
            ..Act::default()
        };
        self.db.write(&ctx.author(), vec![Write::Act(act)], vec![]).await?;
        Ok(())
    }
}

/// A text that must be there and not too long.
fn said<'t>(field: &str, text: &'t str, missing: &str) -> Result<&'t str, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::invalid(field, "required", missing).into());
    }
    if text.chars().count() > LONGEST {
        let message = format!("write at most {LONGEST} characters; keep the rest in the case's own file");
        return Err(Refusal::invalid(field, "too_long", message).into());
    }
    Ok(text)
}
