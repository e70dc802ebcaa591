//! Writing what a batch found, then marking its files as read.

use super::reading::{BatchRead, FileRead, Reader};
use super::{FormatCount, Options, Totals};
use crate::events::closed;
use crate::rules::{ActiveRules, state};
use crate::{App, Ctx, Error};
use std::collections::HashSet;
use std::ops::ControlFlow;
use wardkeep_store::{Cell, Hold, Write, cells};
use wardkeep_types::{Id, Moment, Problem};

/// Evidence older than this is over: the posture speaks about its end, not about now.
const LIVE_SECONDS: i64 = 2 * 86_400;
/// An event file that is younger may belong to live intake, which has not named it yet.
const YOUNG_SECONDS: i64 = 3_600;

impl App {
    /// Hashes of all files that were read.
    pub(crate) async fn known_files(&self) -> Result<HashSet<String>, Error> {
        let rows = self.db.rows("SELECT sha256 FROM evidence_file", cells![]).await?;
        rows.iter().map(|r| r.try_get("", "sha256").map_err(Error::fault)).collect()
    }
    /// Removes event files that the manifest does not name: left by a run that was killed. `spare_young` leaves those
    /// that another process may be writing.
    pub(crate) async fn sweep_events(&self, spare_young: bool) -> Result<(), Error> {
        // Compaction holds the folder while a file of its own waits for its name; a later run sweeps.
        let Some(_alone) = Hold::try_exclusive(self.folder.path())? else { return Ok(()) };
        let rows = self.db.rows("SELECT name FROM event_file", cells![]).await?;
        let known: HashSet<String> =
            rows.iter().map(|r| r.try_get("", "name").map_err(Error::fault)).collect::<Result<_, _>>()?;
        let folder = self.folder.events();
        let Ok(days) = std::fs::read_dir(&folder) else { return Ok(()) };
        for day in days.filter_map(Result::ok).filter(|d| d.path().is_dir()) {
            let Ok(files) = std::fs::read_dir(day.path()) else { continue };
            for file in files.filter_map(Result::ok) {
                let name =
                    format!("{}/{}", day.file_name().to_string_lossy(), file.file_name().to_string_lossy());
                // Live intake may be writing it just now.
                let young = file.metadata().and_then(|m| m.modified()).is_ok_and(|at| {
                    let since = at.duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_secs() as i64;
                    since > self.clock.now().as_micros() / 1_000_000 - YOUNG_SECONDS
                });
                let live = (spare_young || self.folder.spool().join("live").exists()) && young;
                if !known.contains(&name) && !live {
                    // Nothing refers to it; the file it came from will be read again.
                    let _ = std::fs::remove_file(file.path());
                }
            }
        }
        Ok(())
    }
    /// Lets the rules see every stored event again.
    pub(crate) async fn replay(&self, mut reader: Reader) -> Result<Reader, Error> {
        let (folder, names) = (self.folder.events(), self.event_files(None).await?);
        tokio::task::spawn_blocking(move || {
            for name in names {
                wardkeep_events::store::read_events(&folder, &name, |event| {
                    reader.replay(&event);
                    ControlFlow::Continue(())
                })
                .map_err(Error::fault)?;
            }
            Ok(reader)
        })
        .await
        .map_err(Error::fault)?
    }
    /// Names of the event files that hold events at or after `from`.
    pub(crate) async fn event_files(&self, from: Option<Moment>) -> Result<Vec<String>, Error> {
        let sql = "SELECT name FROM event_file WHERE superseded_by IS NULL AND last_at >= $1 ORDER BY first_at, name";
        let from = from.map_or(i64::MIN, Moment::as_micros);
        let rows = self.db.rows(sql, cells![from]).await?;
        rows.iter().map(|r| r.try_get("", "name").map_err(Error::fault)).collect()
    }
    pub(crate) async fn commit_batch(
        &self,
        ctx: &Ctx,
        unit: Id,
        read: BatchRead,
        rules: &ActiveRules,
        totals: &mut Totals,
    ) -> Result<(), Error> {
        let BatchRead {
            written,
            files,
            members,
            events,
            reports,
            tables,
            problems,
            more_problems,
            unread,
            alerts,
            sources,
            state,
        } = read;
        for (format, rows, faults) in members {
            let count: &mut FormatCount = totals.formats.entry(format).or_default();
            count.files += 1;
            count.rows += rows;
            count.problems += faults;
        }
        totals.events += events;
        totals.more_problems += more_problems;
        problems.into_iter().for_each(|p| totals.problem(p));
        totals.unread.extend(unread);
        for (file, table) in tables {
            for problem in self.take_table(ctx, &file, table).await? {
                totals.problem(problem);
            }
        }
        self.write_reports(ctx, unit, reports).await?;
        self.write_alerts(ctx, unit, &rules.set, alerts).await?;
        let mut extra = sources.statements();
        extra.extend(state::keep(super::STATE, &rules.fingerprint, &state)?);
        self.mark_read(ctx, &files, &written, extra).await
    }
    async fn mark_read(
        &self,
        ctx: &Ctx,
        files: &[FileRead],
        written: &[wardkeep_events::store::Written],
        mut extra: Vec<(String, Vec<Cell>)>,
    ) -> Result<(), Error> {
        let evidence = files.iter().map(|f| f.sha256.as_str()).collect::<Vec<_>>().join(",");
        for file in files {
            let sql = "INSERT INTO evidence_file (sha256, path, format, size, rows, first_at, last_at, read_at, state, problems, live) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0) ON CONFLICT (sha256, path) DO NOTHING";
            let values: Vec<Cell> = cells![
                file.sha256.clone(),
                file.path.clone(),
                file.format.clone(),
                file.size as i64,
                file.rows as i64,
                file.first,
                file.last,
                ctx.now,
                file.state,
                file.reason.clone(),
            ];
            extra.push((sql.to_owned(), values));
        }
        let acts = if written.is_empty() { Vec::new() } else { vec![Write::Act(closed(written, &evidence))] };
        self.db.write(&ctx.author(), acts, extra).await?;
        Ok(())
    }
    /// People, assets and other records that came as a table.
    async fn take_table(
        &self,
        ctx: &Ctx,
        file: &FileRead,
        table: wardkeep_intake::Table,
    ) -> Result<Vec<Problem>, Error> {
        use crate::exchange::AutoOutcome;
        Ok(match self.import_table_auto(ctx, &file.path, table).await? {
            AutoOutcome::NotUnderstood { reason } => {
                let hint =
                    "name the columns as the register does, or import it with `wardkeep import --register`";
                vec![Problem::new(format!("{}: header", file.path), "unknown_table", reason).hint(hint)]
            }
            AutoOutcome::Imported(imported) => imported
                .problems
                .into_iter()
                .map(|p| {
                    Problem::new(format!("{}: {}", p.file, p.position), "row_refused", p.message)
                        .hint(p.remedy)
                })
                .collect(),
        })
    }
    /// The moment to speak about, and what to say when it is not now (`decisions.md` 14).
    pub(crate) async fn as_of(
        &self,
        ctx: &Ctx,
        options: &Options,
    ) -> Result<(Moment, Option<String>), Error> {
        if let Some(as_of) = options.as_of {
            return Ok((as_of, Some(format!("This speaks about {as_of}, as asked with --as-of."))));
        }
        let row = self.db.row("SELECT max(last_at) AS last FROM evidence_file", cells![]).await?;
        let last: Option<i64> = row.and_then(|r| r.try_get("", "last").ok()).flatten();
        match last.map(Moment::from_micros) {
            Some(last) if ctx.now.seconds_since(last) > LIVE_SECONDS => {
                let days = ctx.now.date().days_since(last.date());
                let banner = format!(
                    "The newest evidence is {days} days old. Everything here speaks about {}, the end of that evidence, not about today.",
                    last.date()
                );
                Ok((last.plus_seconds(1), Some(banner)))
            }
            _ => Ok((ctx.now, None)),
        }
    }
}
