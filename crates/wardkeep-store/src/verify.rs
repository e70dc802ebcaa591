//! `wardkeep verify`: a live database, read page by page in one snapshot while others go on writing.

use crate::agree;
use crate::files::Files;
use crate::keys::SignedHead;
use crate::proof::{Columns, Found, Kept, Proof};
use crate::report::Report;
use crate::sql::{get, get_id, get_id_maybe};
use crate::verify_events;
use crate::{Db, StoreError, Tx, cells};
use std::collections::HashMap;
use wardkeep_register::Schema;
use wardkeep_types::Moment;

/// Entries read at a time.
const PAGE: i64 = 1_000;

/// What is checked beside the chain itself.
#[derive(Default)]
pub struct Scope<'a> {
    /// Registers whose current rows are compared, field by field, with what the changes say.
    pub schemas: &'a [Schema],
    /// The stored files, whose contents are hashed again.
    pub files: Option<&'a Files>,
    /// The folder of event files, whose contents are hashed again.
    pub events: Option<std::path::PathBuf>,
    /// Signed heads that were kept outside: a chain rewritten together with its own heads fails these.
    pub outside: Vec<SignedHead>,
}

/// Checks a live database without changing it: numbering, hashes, commitments, signed heads, current rows,
/// files. Faults of the data are in the report; an error means that it could not be read.
pub async fn verify(db: &Db, scope: Scope<'_>) -> Result<Report, StoreError> {
    let tx = db.snapshot().await?;
    let mut heads = signed_heads(&tx).await?;
    heads.extend(scope.outside);
    let mut proof = Proof::new(heads);
    let sql = "SELECT n, hash FROM chain_head WHERE id = 1";
    let head = tx
        .row(sql, cells![])
        .await?
        .map(|r| Ok::<_, StoreError>((get(&r, "n")?, get(&r, "hash")?)))
        .transpose()?;
    let mut pages = Pages::new(&tx);
    while let Some(page) = pages.next().await? {
        for found in page {
            proof.entry(found);
        }
    }
    agree::versions(&tx, &mut proof).await?;
    for schema in scope.schemas {
        agree::rows(&tx, schema, &mut proof.report).await?;
    }
    let names = match scope.files {
        Some(_) => file_names(&tx).await?,
        None => Vec::new(),
    };
    let events = match &scope.events {
        Some(_) => Some(verify_events::said(&tx).await?),
        None => None,
    };
    tx.rollback().await?;
    let mut report = proof.end(head);
    if let (Some(folder), Some(said)) = (&scope.events, events) {
        verify_events::check(folder, said, &mut report).await?;
    }
    if let Some(files) = scope.files {
        for (sha256, size, erased) in names {
            let wrong = if erased {
                let left = files.get(&sha256).await?.is_some();
                left.then(|| format!("the file {sha256} was erased and is still there; erase it again"))
            } else {
                files.check(&sha256, size).await?
            };
            match wrong {
                None => report.files += u64::from(!erased),
                Some(wrong) => report.fault(format!("file {sha256}"), "file", wrong),
            }
        }
    }
    Ok(report)
}

/// Hash, size and whether it was erased, of every content the database names.
async fn file_names(tx: &Tx) -> Result<Vec<(String, u64, bool)>, StoreError> {
    let rows = tx.rows("SELECT sha256, size, erased_at FROM file ORDER BY sha256", cells![]).await?;
    let row = |r| {
        Ok((get(r, "sha256")?, get::<i64>(r, "size")? as u64, get::<Option<i64>>(r, "erased_at")?.is_some()))
    };
    rows.iter().map(row).collect()
}

/// Every signed head, oldest first.
pub(crate) async fn signed_heads(tx: &Tx) -> Result<Vec<SignedHead>, StoreError> {
    let sql = "SELECT n, hash, at, key_id, signature, reason FROM signed_head ORDER BY n, at";
    let rows = tx.rows(sql, cells![]).await?;
    rows.iter()
        .map(|r| {
            Ok(SignedHead {
                n: get(r, "n")?,
                hash: get(r, "hash")?,
                at: Moment::from_micros(get(r, "at")?),
                key_id: get(r, "key_id")?,
                signature: get(r, "signature")?,
                reason: get(r, "reason")?,
            })
        })
        .collect()
}

/// The entries of a database with their values, in order, a page at a time.
pub(crate) struct Pages<'a> {
    tx: &'a Tx,
    next: i64,
}

impl<'a> Pages<'a> {
    /// From the first entry, whatever number it bears.
    pub fn new(tx: &'a Tx) -> Self {
        Self { tx, next: i64::MIN }
    }
    /// `None` after the last page.
    pub async fn next(&mut self) -> Result<Option<Vec<Found>>, StoreError> {
        let sql = "SELECT n, at, actor_id, record_id, register, act, entry, hash FROM change WHERE n >= $1 ORDER BY n LIMIT $2";
        let rows = self.tx.rows(sql, cells![self.next, PAGE]).await?;
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(None) };
        let (first, last): (i64, i64) = (get(first, "n")?, get(last, "n")?);
        let sql = "SELECT n, field, old_value, old_salt, new_value, new_salt FROM change_value WHERE n >= $1 AND n <= $2";
        let mut kept: HashMap<i64, Vec<Kept>> = HashMap::new();
        for row in &self.tx.rows(sql, cells![first, last]).await? {
            kept.entry(get(row, "n")?).or_default().push(Kept {
                field: get(row, "field")?,
                old: (get(row, "old_value")?, get(row, "old_salt")?),
                new: (get(row, "new_value")?, get(row, "new_salt")?),
            });
        }
        self.next = last.saturating_add(1);
        let page = rows.iter().map(|row| {
            let n = get(row, "n")?;
            let columns = Columns {
                at: get(row, "at")?,
                actor: get_id_maybe(row, "actor_id")?,
                record: get_id_maybe(row, "record_id")?,
                register: get(row, "register")?,
                act: get(row, "act")?,
            };
            let kept = kept.remove(&n).unwrap_or_default();
            Ok(Found { n, entry: get(row, "entry")?, hash: get(row, "hash")?, columns: Some(columns), kept })
        });
        page.collect::<Result<_, StoreError>>().map(Some)
    }
}

/// Ids and versions of the heads of records, in the order of their making, a page at a time.
pub(crate) async fn record_page(
    tx: &Tx,
    after: i64,
) -> Result<Vec<(i64, wardkeep_types::Id, i64)>, StoreError> {
    let sql = "SELECT seq, id, version FROM record WHERE seq > $1 ORDER BY seq LIMIT 5000";
    let rows = tx.rows(sql, cells![after]).await?;
    rows.iter().map(|r| Ok((get(r, "seq")?, get_id(r, "id")?, get(r, "version")?))).collect()
}
