//! Checks of the database and what stands in it.

use super::Check;
use std::path::Path;
use wardkeep_app::Config;
use wardkeep_report::words::{count, moment};
use wardkeep_store::{Db, Dialect, MIGRATIONS, StoreError, Target, cells};
use wardkeep_types::Moment;

const HOUR: i64 = 3_600;
const RESTORE: &str = "keep a copy of the folder, then `wardkeep restore BACKUP --data NEW_FOLDER`";

/// Database, clock, signed heads, backups, unfinished work.
pub async fn checks(folder: &Path, config: &Config, now: Moment) -> Vec<Check> {
    let file = folder.join("wardkeep.db");
    let target = match &config.database_url {
        Some(url) => {
            Target::Postgres { url: url.reveal().to_owned(), schema: config.database_schema.clone() }
        }
        None if file.exists() => Target::File(file),
        None => return vec![Check::note("database", "there is none yet", "the first start makes it")],
    };
    let mut checks = Vec::new();
    match look(&target, folder, now, &mut checks).await {
        Ok(()) => {}
        Err(error) => {
            let remedy = match &error {
                StoreError::Corrupt(_) => RESTORE,
                StoreError::Unreachable(_) => "see that the database runs and that database_url is right",
                StoreError::ReadOnly(_) => "give this account the right to write the data folder",
                _ => "if it stays, restore the last backup into another folder and compare",
            };
            checks.push(Check::wrong("database", error.to_string(), remedy));
        }
    }
    checks
}

async fn look(
    target: &Target,
    folder: &Path,
    now: Moment,
    checks: &mut Vec<Check>,
) -> Result<(), StoreError> {
    let db = Db::open(target).await?;
    if db.dialect() == Dialect::Sqlite {
        let rows = db.rows("PRAGMA quick_check(5)", cells![]).await?;
        let said: Vec<String> = rows.iter().filter_map(|r| r.try_get_by_index::<String>(0).ok()).collect();
        if said != ["ok"] {
            checks.push(Check::wrong(
                "database",
                format!("the file is damaged: {}", said.join("; ")),
                RESTORE,
            ));
            return db.close().await;
        }
    }
    let (found, known) = (db.schema_number().await?, MIGRATIONS.last().map_or(0, |m| m.0));
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    if found < known {
        let text = format!("schema {found}, this program writes {known}");
        checks.push(Check::note("database", text, "the next start upgrades it, after a copy into backups/"));
        return db.close().await;
    }
    let kind = if db.dialect() == Dialect::Sqlite { "SQLite, sound" } else { "PostgreSQL" };
    let (changes, _) = db.chain_head().await?;
    checks.push(Check::fine(
        "database",
        format!("{kind}, schema {found}, {}", count(changes.max(0) as u64, "change", "changes")),
    ));
    clock(&db, now, checks).await?;
    signing(&db, folder, now, checks).await?;
    backups(&db, now, checks).await?;
    unfinished(&db, checks).await?;
    db.close().await
}

async fn maximum(db: &Db, sql: &str) -> Result<Option<Moment>, StoreError> {
    let row = db.row(sql, cells![]).await?;
    Ok(row.and_then(|r| r.try_get_by_index::<Option<i64>>(0).ok().flatten()).map(Moment::from_micros))
}

async fn clock(db: &Db, now: Moment, checks: &mut Vec<Check>) -> Result<(), StoreError> {
    let newest = maximum(db, "SELECT max(at) AS at FROM change").await?;
    checks.push(match newest {
        Some(at) if at > now.plus_seconds(300) => {
            let found =
                format!("the newest change is of {}, but this machine says {}", moment(at), moment(now));
            Check::wrong("clock", found, "set the clock of this machine, best by NTP")
        }
        _ => Check::fine("clock", moment(now)),
    });
    Ok(())
}

async fn signing(db: &Db, folder: &Path, now: Moment, checks: &mut Vec<Check>) -> Result<(), StoreError> {
    let known = db.signing_keys().await?;
    if !folder.join("keys").join("signing.key").exists() {
        checks.push(if known.is_empty() {
            Check::note("signing key", "there is none yet", "`wardkeep serve` makes it and signs every hour")
        } else {
            Check::wrong("signing key", "the change log names a key, but keys/signing.key is gone", "put it back from your copy; without it the next start makes a new key, and the log shows the break")
        });
        return Ok(());
    }
    let signed = maximum(db, "SELECT max(at) AS at FROM signed_head").await?;
    let newest = maximum(db, "SELECT max(at) AS at FROM change").await?;
    let late = match (signed, newest) {
        (Some(signed), Some(newest)) => {
            newest.seconds_since(signed) > 0 && now.seconds_since(newest.max(signed)) > 2 * HOUR
        }
        (None, Some(newest)) => now.seconds_since(newest) > 2 * HOUR,
        _ => false,
    };
    let said = signed
        .map_or_else(|| "no head was signed yet".to_owned(), |at| format!("head signed {}", moment(at)));
    checks.push(if late {
        Check::note(
            "signing key",
            format!("{said}; newer changes are not signed"),
            "`wardkeep serve` signs every hour; `wardkeep backup` signs too",
        )
    } else {
        Check::fine("signing key", said)
    });
    Ok(())
}

async fn backups(db: &Db, now: Moment, checks: &mut Vec<Check>) -> Result<(), StoreError> {
    let row = db.row("SELECT value FROM setting WHERE name = $1", cells![super::super::backup::LAST]).await?;
    let last: Option<Moment> =
        row.and_then(|r| r.try_get_by_index::<String>(0).ok()).and_then(|text| text.parse().ok());
    let remedy = "`wardkeep backup FILE`, best every night and onto another machine";
    checks.push(match last {
        None => Check::note("backup", "none was taken yet", remedy),
        Some(at) if now.seconds_since(at) > 7 * 24 * HOUR => {
            Check::note("backup", format!("the last is of {}", moment(at)), remedy)
        }
        Some(at) => Check::fine("backup", format!("the last is of {}", moment(at))),
    });
    Ok(())
}

async fn unfinished(db: &Db, checks: &mut Vec<Check>) -> Result<(), StoreError> {
    if db.row("SELECT value FROM setting WHERE name = $1", cells!["assess_unfinished"]).await?.is_some() {
        checks.push(Check::note(
            "assessment",
            "the last one did not end",
            "run `wardkeep assess` on the same folders again; nothing is read twice",
        ));
    }
    for reader in db.consumers().await?.into_iter().filter(|r| r.failures > 0) {
        let found = format!(
            "{} failed {}: {}",
            reader.consumer,
            count(reader.failures as u64, "time", "times"),
            reader.note
        );
        checks.push(Check::note(
            "background",
            found,
            "it is tried again by itself while `wardkeep serve` runs",
        ));
    }
    Ok(())
}
