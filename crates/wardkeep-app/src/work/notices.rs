//! Notices: what somebody should know of, kept until they read it. A notice says nothing by itself: what it is
//! about is read with the reader's rights each time it is shown.

use super::row::{get, id, id_maybe, moment};
use crate::records::{Label, Labels};
use crate::{App, Ctx, Error, Organisation, Refusal};
use std::collections::BTreeMap;
use wardkeep_store::{Cell, ChangeRecord, cells};
use wardkeep_types::{Id, Moment};

/// Unread notices among which one is looked for: whoever has more reads them in the program.
const MOST_UNREAD: i64 = 1_000;

/// Why somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoticeKind {
    /// Named in a comment.
    Mention,
    /// A comment on a record they watch.
    Comment,
    /// A change of a record they watch.
    Change,
    /// They answer for it now.
    Assigned,
}

impl NoticeKind {
    const ALL: [Self; 4] = [Self::Mention, Self::Comment, Self::Change, Self::Assigned];
    /// Stable key, as stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Mention => "mention",
            Self::Comment => "comment",
            Self::Change => "change",
            Self::Assigned => "assigned",
        }
    }
    /// The statement that tells one person of the act which `about` names. It runs within that act, so the act's
    /// own number is the next one of the chain.
    pub(super) fn statement(self, about: Id, person: Id, record: Id, now: Moment) -> (String, Vec<Cell>) {
        let sql = "INSERT INTO notice (id, person_id, record_id, at, kind, change_n) SELECT $1, $2, $3, $4, $5, n + 1 FROM chain_head WHERE id = 1 ON CONFLICT (id) DO NOTHING";
        (sql.into(), cells![Id::derived(&about, &person.to_string()), person, record, now, self.key()])
    }
}

/// A notice as its person reads it.
#[derive(Debug, Clone)]
pub struct NoticeView {
    /// Its id.
    pub id: Id,
    /// When it came.
    pub at: Moment,
    /// Why they are told.
    pub kind: NoticeKind,
    /// The record it is about.
    pub record: Label,
    /// Who did it.
    pub who: String,
    /// Whether it was read.
    pub read: bool,
}

/// A notice before rights are asked.
pub(super) struct RawNotice {
    id: Id,
    at: Moment,
    kind: NoticeKind,
    pub(super) record: Id,
    pub(super) actor: Option<Id>,
    read: bool,
}

impl RawNotice {
    /// With its labels; `None` when the reader may not see the record (any more).
    pub(super) fn view(&self, labels: &Labels) -> Option<NoticeView> {
        let record = labels.get(self.record)?.clone();
        let who = self
            .actor
            .map_or("Wardkeep", |a| labels.get(a).map_or("somebody", |l| l.title.as_str()))
            .to_owned();
        Some(NoticeView { id: self.id, at: self.at, kind: self.kind, record, who, read: self.read })
    }
}

impl App {
    pub(super) async fn raw_notices(
        &self,
        person: Id,
        unread: bool,
        most: i64,
    ) -> Result<Vec<RawNotice>, Error> {
        let open = if unread { " AND n.read_at IS NULL" } else { "" };
        let sql = format!(
            "SELECT n.id, n.at, n.kind, n.record_id, n.read_at, c.actor_id FROM notice n LEFT JOIN change c ON c.n = n.change_n WHERE n.person_id = $1{open} ORDER BY n.at DESC, n.id DESC LIMIT $2"
        );
        let mut found = Vec::new();
        for row in self.db.rows(&sql, cells![person, most]).await? {
            let kind: String = get(&row, "kind")?;
            let (Some(kind), Some(record)) =
                (NoticeKind::ALL.into_iter().find(|k| k.key() == kind), id_maybe(&row, "record_id")?)
            else {
                continue;
            };
            let read = get::<Option<i64>>(&row, "read_at")?.is_some();
            found.push(RawNotice {
                id: id(&row, "id")?,
                at: moment(&row, "at")?,
                kind,
                record,
                actor: id_maybe(&row, "actor_id")?,
                read,
            });
        }
        Ok(found)
    }
    /// The actor's notices, newest first.
    pub async fn notices(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        unread: bool,
        most: i64,
    ) -> Result<Vec<NoticeView>, Error> {
        let Some(person) = ctx.person() else { return Ok(Vec::new()) };
        let raw = self.raw_notices(person, unread, most).await?;
        let ids: Vec<Id> = raw.iter().flat_map(|n| [Some(n.record), n.actor]).flatten().collect();
        let labels = self.labels(ctx, organisation, ids).await?;
        Ok(raw.iter().filter_map(|notice| notice.view(&labels)).collect())
    }
    /// One notice of the actor; `None` when it is read, somebody else's, or about what the actor may not see.
    pub(crate) async fn notice(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        notice: Id,
    ) -> Result<Option<NoticeView>, Error> {
        let Some(person) = ctx.person() else { return Ok(None) };
        let found = self.raw_notices(person, true, MOST_UNREAD).await?.into_iter().find(|n| n.id == notice);
        let Some(raw) = found else { return Ok(None) };
        let labels =
            self.labels(ctx, organisation, [Some(raw.record), raw.actor].into_iter().flatten()).await?;
        Ok(raw.view(&labels))
    }
    /// Marks one of the actor's notices as read, or all of them.
    pub async fn read_notice(&self, ctx: &Ctx, notice: Option<Id>) -> Result<(), Error> {
        let person = ctx.person().ok_or(Refusal::NotFound)?;
        let sql = "UPDATE notice SET read_at = $1 WHERE person_id = $2 AND read_at IS NULL AND (id = $3 OR $3 = $4)";
        self.db.run(sql, cells![ctx.now, person, notice.unwrap_or(Id::NIL), Id::NIL]).await?;
        Ok(())
    }
    /// Tells those whom changes concern: watchers of the record, and whoever answers for it now. Called with
    /// every change by the reader of the outbox; doing it twice tells nobody twice. Returns how many were told.
    pub async fn tell_of_changes(&self, changes: &[ChangeRecord]) -> Result<u64, Error> {
        let mut told = 0;
        for change in changes {
            let (Some(record), act) = (change.entry.record, change.entry.act.as_str()) else { continue };
            // Comments tell by themselves; what the program works out is no news to a watcher.
            if !(act == "edit" || act == "add" || act.starts_with("move:")) {
                continue;
            }
            let mut whom: BTreeMap<Id, NoticeKind> = BTreeMap::new();
            if act != "add" {
                whom.extend(self.watcher_ids(record).await?.into_iter().map(|p| (p, NoticeKind::Change)));
            }
            whom.extend(new_owner(change).map(|owner| (owner, NoticeKind::Assigned)));
            if let Some(actor) = change.entry.actor {
                whom.remove(&actor);
            }
            for (person, kind) in whom {
                let sql = "INSERT INTO notice (id, person_id, record_id, at, kind, change_n) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING";
                let made = Id::derived(&record, &format!("{} {person}", change.entry.n));
                let values = cells![made, person, record, change.entry.at, kind.key(), change.entry.n];
                told += self.db.run(sql, values).await?;
            }
        }
        Ok(told)
    }
}

/// Who answers for the record since this change.
fn new_owner(change: &ChangeRecord) -> Option<Id> {
    let field = |name: &str| change.fields.iter().find(|f| f.field == name).and_then(|f| f.new.as_ref());
    let owner = field("owner").or_else(|| field("record").and_then(|whole| whole.get("owner")))?;
    owner.as_str()?.parse().ok()
}
