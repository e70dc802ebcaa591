//! The indicators that are looked for now.

use crate::records::Proposal;
use crate::{App, Ctx, Error};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use wardkeep_detect::{Ioc, IocSet};
use wardkeep_store::{Cell, cells};
use wardkeep_types::ioc::IocKind;
use wardkeep_types::limits::BATCH_ROWS;
use wardkeep_types::{Date, Id};

/// The indicators that are looked for now.
#[derive(Debug, Clone, Default)]
pub struct ActiveIocs {
    /// Ready to be looked up.
    pub set: Arc<IocSet>,
    /// Number of the newest change of any indicator.
    pub stamp: i64,
}

/// What was read last.
#[derive(Debug, Default)]
pub(crate) struct IocCache {
    active: RwLock<Option<ActiveIocs>>,
    /// The stamp at which was asked last whether any must be looked up in history.
    asked: AtomicI64,
}

impl IocCache {
    pub(super) fn asked_at(&self, stamp: i64) -> bool {
        self.asked.load(Ordering::Relaxed) == stamp
    }
    pub(super) fn asked(&self, stamp: i64) {
        self.asked.store(stamp, Ordering::Relaxed);
    }
}

impl App {
    /// The indicators that are looked for now. One small statement when none was changed since the last call, in this
    /// process or another.
    pub async fn active_iocs(&self) -> Result<ActiveIocs, Error> {
        let stamp = self.ioc_stamp().await?;
        let known = self.iocs.active.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = known.filter(|known| known.stamp == stamp) {
            return Ok(known);
        }
        let list = self.iocs_where("stage = 'active'", cells![]).await?;
        let fresh = ActiveIocs { set: Arc::new(IocSet::new(list)), stamp };
        *self.iocs.active.write().unwrap_or_else(PoisonError::into_inner) = Some(fresh.clone());
        Ok(fresh)
    }
    /// Number of the newest change of any indicator.
    pub(super) async fn ioc_stamp(&self) -> Result<i64, Error> {
        let row = self.db.row("SELECT max(from_change) AS n FROM ioc", cells![]).await?;
        let stamp = row.map(|row| row.try_get::<Option<i64>>("", "n")).transpose().map_err(Error::fault)?;
        Ok(stamp.flatten().unwrap_or(0))
    }
    /// Indicators in the form in which they are looked up. Their last day counts whole.
    pub(super) async fn iocs_where(&self, condition: &str, values: Vec<Cell>) -> Result<Vec<Ioc>, Error> {
        let sql =
            format!("SELECT id, kind, value, valid_from, valid_until FROM ioc WHERE {condition} ORDER BY id");
        let mut list = Vec::new();
        for row in self.db.rows(&sql, values).await? {
            let text = |name: &str| row.try_get::<Option<String>>("", name).map_err(Error::fault);
            let id = Id::from_uuid(row.try_get("", "id").map_err(Error::fault)?);
            let day =
                |name: &str| text(name)?.map(|day| day.parse::<Date>()).transpose().map_err(Error::fault);
            let kind = text("kind")?.and_then(|kind| IocKind::from_key(&kind));
            let value = kind.zip(text("value")?).and_then(|(kind, value)| kind.normal(&value).ok());
            let (Some(kind), Some(value)) = (kind, value) else { continue };
            let (from, until) = (day("valid_from")?, day("valid_until")?);
            let (from, until) = (from.map(Date::start), until.map(|day| day.plus_days(1).start()));
            list.push(Ioc { id, kind, value: value.into(), from, until });
        }
        Ok(list)
    }
    /// Ends indicators whose last day has passed.
    pub(crate) async fn expire_iocs(&self, ctx: &Ctx) -> Result<u64, Error> {
        let sql = "SELECT id FROM ioc WHERE stage = 'active' AND valid_until < $1 ORDER BY id LIMIT 100000";
        let rows = self.db.rows(sql, cells![ctx.now.date().to_string()]).await?;
        let schema = App::schema("ioc")?;
        let mut proposals = Vec::new();
        for row in rows {
            let id = Id::from_uuid(row.try_get("", "id").map_err(Error::fault)?);
            proposals.push(Proposal::movement(schema, id, None, "expire").because("its last day has passed"));
        }
        let ended = proposals.len() as u64;
        for chunk in proposals.chunks(BATCH_ROWS) {
            self.write_batch(ctx, chunk.to_vec(), vec![]).await?;
        }
        Ok(ended)
    }
}
