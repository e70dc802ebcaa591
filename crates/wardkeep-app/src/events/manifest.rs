//! The manifest of event files. Every file that is written, replaced or deleted is an entry of the change log with its
//! hash, so that nobody can take one away or change one unseen.

use super::StoredFile;
use super::retention::held_by;
use crate::{App, Ctx, Error, Refusal};
use serde_json::{Value as Json, json};
use wardkeep_events::store::{Written, dialect_key};
use wardkeep_store::{Act, Cell, FieldEdit, Hold, Write, cells};
use wardkeep_types::Moment;

/// What is said of a file in the change log.
fn told(sha256: &str, rows: u64, size: u64) -> Json {
    json!({ "sha256": sha256, "events": rows, "bytes": size })
}

fn edit(file: &str, old: Json, new: Json) -> FieldEdit {
    FieldEdit { field: file.to_owned(), old, new }
}

/// The entry and the rows for files that were written; `evidence` names the files they came from.
pub(crate) fn closed(written: &[Written], evidence: &str) -> Act {
    Act {
        act: "events:close".to_owned(),
        fields: written.iter().map(|w| edit(&w.name, Json::Null, told(&w.sha256, w.rows, w.size))).collect(),
        statements: written.iter().map(|w| insert(w, evidence)).collect(),
        ..Act::default()
    }
}

fn insert(file: &Written, evidence: &str) -> (String, Vec<Cell>) {
    let sql = "INSERT INTO event_file (name, day, dialect, rows, first_at, last_at, sha256, size, evidence) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let values = cells![
        file.name.clone(),
        file.day,
        dialect_key(file.dialect),
        file.rows as i64,
        file.first,
        file.last,
        file.sha256.clone(),
        file.size as i64,
        evidence,
    ];
    (sql.to_owned(), values)
}

impl App {
    /// Puts files that were written into the manifest.
    pub async fn close_event_files(
        &self,
        ctx: &Ctx,
        written: &[Written],
        evidence: &str,
    ) -> Result<(), Error> {
        if !written.is_empty() {
            self.db.write(&ctx.author(), vec![Write::Act(closed(written, evidence))], vec![]).await?;
        }
        Ok(())
    }
    /// The new file takes the place of the old ones; those stay on disk until [`App::drop_replaced`].
    pub(crate) async fn replace_event_files(
        &self,
        ctx: &Ctx,
        old: &[StoredFile],
        new: &Written,
        why: &str,
    ) -> Result<(), Error> {
        let names: Vec<&str> = old.iter().map(|file| file.name.as_str()).collect();
        let mut fields = vec![edit(&new.name, Json::Null, told(&new.sha256, new.rows, new.size))];
        let mut evidence = std::collections::BTreeSet::new();
        let mut statements = Vec::new();
        for file in old {
            fields.push(edit(&file.name, told(&file.sha256, file.rows, file.size), Json::Null));
            let sql = "SELECT evidence FROM event_file WHERE name = $1";
            let row = self.db.row(sql, cells![file.name.as_str()]).await?;
            let named: String =
                row.map_or(Ok(String::new()), |r| r.try_get("", "evidence")).map_err(Error::fault)?;
            evidence.extend(named.split(',').filter(|hash| !hash.is_empty()).map(str::to_owned));
            let sql = "UPDATE event_file SET superseded_by = $1, superseded_at = $2 WHERE name = $3";
            statements.push((sql.to_owned(), cells![new.name.clone(), ctx.now, file.name.clone()]));
        }
        let evidence = evidence.into_iter().collect::<Vec<_>>().join(",");
        statements.insert(0, insert(new, &evidence));
        let why = Some(format!("{why}: {}", names.join(", ")));
        let act = Act { act: "events:replace".to_owned(), fields, why, statements, ..Act::default() };
        self.db.write(&ctx.author(), vec![Write::Act(act)], vec![]).await?;
        self.forget_answers();
        Ok(())
    }
    /// Removes files that were replaced before that moment. While a backup runs nothing is removed; the next call
    /// does it. Returns how many went.
    pub async fn drop_replaced(&self, before: Moment) -> Result<u64, Error> {
        let sql = "SELECT name FROM event_file WHERE superseded_by IS NOT NULL AND coalesce(superseded_at, 0) <= $1";
        let rows = self.db.rows(sql, cells![before]).await?;
        if rows.is_empty() {
            return Ok(0);
        }
        let Some(_alone) = Hold::try_exclusive(self.folder.path())? else { return Ok(0) };
        let mut gone = 0;
        for row in rows {
            let name: String = row.try_get("", "name").map_err(Error::fault)?;
            self.remove_event_file(&name)?;
            self.db.run("DELETE FROM event_file WHERE name = $1", cells![name]).await?;
            gone += 1;
        }
        // Another process may have replaced them.
        self.forget_answers();
        Ok(gone)
    }
    pub(crate) fn remove_event_file(&self, name: &str) -> Result<(), Error> {
        match std::fs::remove_file(self.folder.events().join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::fault(error)),
            _ => Ok(()),
        }
    }
    /// Deletes files whose time is over, except those that a hold covers. The entry comes first: should removing a
    /// file fail, the next sweep takes away what no manifest names.
    pub(crate) async fn delete_event_files(
        &self,
        ctx: &Ctx,
        files: Vec<StoredFile>,
        why: &str,
    ) -> Result<Deleted, Error> {
        if files.is_empty() {
            return Ok(Deleted::default());
        }
        let Some(_alone) = Hold::try_exclusive(self.folder.path())? else {
            let said = "a backup is being taken, and nothing is deleted meanwhile; try again afterwards";
            return Err(Refusal::NotYet(said.to_owned()).into());
        };
        // Whoever places a hold waits for us: what was placed until now is seen, and no other can come between.
        let holds = self.event_holds().await?;
        let mut deleted = Deleted::default();
        for file in files {
            match held_by(&holds, &file) {
                Some(reason) => deleted.held.push((file.name, reason)),
                None => deleted.files.push(file),
            }
        }
        if deleted.files.is_empty() {
            return Ok(deleted);
        }
        let remove = |file: &StoredFile| {
            ("DELETE FROM event_file WHERE name = $1".to_owned(), cells![file.name.clone()])
        };
        let gone = |f: &StoredFile| edit(&f.name, told(&f.sha256, f.rows, f.size), Json::Null);
        let act = Act {
            act: "events:delete".to_owned(),
            fields: deleted.files.iter().map(gone).collect(),
            why: Some(why.to_owned()),
            statements: deleted.files.iter().map(remove).collect(),
            ..Act::default()
        };
        self.db.write(&ctx.author(), vec![Write::Act(act)], vec![]).await?;
        self.forget_answers();
        deleted.files.iter().try_for_each(|file| self.remove_event_file(&file.name))?;
        Ok(deleted)
    }
}

/// What was deleted, and what a hold kept, with its reason.
#[derive(Debug, Default)]
pub(crate) struct Deleted {
    pub files: Vec<StoredFile>,
    pub held: Vec<(String, String)>,
}
