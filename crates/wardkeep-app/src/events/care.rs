//! Compaction: many small files of one day and kind become one of 64 to 256 MB.

use super::StoredFile;
use crate::{App, Ctx, Error};
use std::collections::BTreeMap;
use wardkeep_events::store::merge_files;
use wardkeep_register::Verb;
use wardkeep_store::Hold;
use wardkeep_types::{Date, Moment};

/// Bytes of a file that is left as it is.
const ENOUGH: u64 = 64 << 20;
/// Bytes that are put together at most.
const MOST: u64 = 224 << 20;
/// Files that are put together at once: each is open with some thousand events in memory.
const AT_ONCE: usize = 32;
/// Small files of a day that are worth putting together whatever their sizes.
const SEVERAL: usize = 8;
/// Seconds that a replaced file stays for whoever still reads it.
pub(super) const GRACE_SECONDS: i64 = 600;

/// What compaction did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compacted {
    /// Files that were put together.
    pub before: usize,
    /// Files they became.
    pub after: usize,
    /// Their bytes before.
    pub bytes_before: u64,
    /// Their bytes afterwards.
    pub bytes_after: u64,
    /// Files that were left alone because of a hold.
    pub held: usize,
    /// Replaced files that were removed.
    pub removed: u64,
}

/// Files that are to become one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    day: Date,
    kind: String,
    files: Vec<StoredFile>,
}

impl App {
    /// Puts small files of one day and kind together, and removes what was replaced a while ago. A file under a hold
    /// stays as it is, bit by bit.
    pub async fn compact_events(&self, ctx: &Ctx) -> Result<Compacted, Error> {
        let organisation = self.organisation().await?;
        self.may_with_events(ctx, &organisation, Verb::Administer)?;
        let mut done = Compacted::default();
        // What was put together may be put together again with its neighbours.
        loop {
            let (parts, held) = self.to_compact(ctx.now).await?;
            done.held = held;
            if parts.is_empty() {
                break;
            }
            for part in &parts {
                self.compact_one(ctx, part, &mut done).await?;
            }
        }
        done.removed = self.drop_replaced(ctx.now.plus_seconds(-GRACE_SECONDS)).await?;
        Ok(done)
    }
    /// What is worth putting together now, and how many files a hold keeps from it.
    pub(super) async fn to_compact(&self, now: Moment) -> Result<(Vec<Part>, usize), Error> {
        let holds = self.event_holds().await?;
        let mut held = 0;
        let mut groups: BTreeMap<(Date, String), Vec<StoredFile>> = BTreeMap::new();
        for file in self.holdings(None, None).await?.files.into_iter().filter(|file| file.size < ENOUGH) {
            if holds.iter().any(|hold| hold.covers(&file)) {
                held += 1;
                continue;
            }
            groups.entry((file.day, file.dialect.clone())).or_default().push(file);
        }
        let today = now.date();
        let split = groups.into_iter().flat_map(|((day, kind), files)| {
            let files = split(files).into_iter().filter(move |files| worth(files, day < today));
            files.map(move |files| Part { day, kind: kind.clone(), files })
        });
        Ok((split.collect(), held))
    }
    /// Puts one part together: the new file is whole and on disk before the change log names it, and the old ones
    /// stay for their readers until it does.
    pub(super) async fn compact_one(
        &self,
        ctx: &Ctx,
        part: &Part,
        done: &mut Compacted,
    ) -> Result<(), Error> {
        // An assessment sweeps away what no manifest names: not while a file waits for its name.
        let unnamed = Hold::shared(self.folder.path()).await?;
        let (folder, now, kind, day) = (self.folder.events(), ctx.now, part.kind.clone(), part.day);
        let names: Vec<String> = part.files.iter().map(|file| file.name.clone()).collect();
        let merged = tokio::task::spawn_blocking(move || {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            merge_files(&folder, &names, day, &kind, now, |_| true)
        });
        let Some(merged) = merged.await.map_err(Error::fault)?.map_err(Error::fault)? else {
            return Err(Error::fault("files of the manifest without any event"));
        };
        self.replace_event_files(ctx, &part.files, &merged, "put together").await?;
        drop(unnamed);
        done.before += part.files.len();
        done.after += 1;
        done.bytes_before += part.files.iter().map(|file| file.size).sum::<u64>();
        done.bytes_after += merged.size;
        Ok(())
    }
}

/// Neighbouring files whose sizes together stay within bounds.
fn split(files: Vec<StoredFile>) -> Vec<Vec<StoredFile>> {
    let mut parts: Vec<Vec<StoredFile>> = Vec::new();
    let mut bytes = u64::MAX;
    for file in files {
        let full = parts.last().is_some_and(|part| part.len() >= AT_ONCE);
        if full || bytes.saturating_add(file.size) > MOST {
            parts.push(Vec::new());
            bytes = 0;
        }
        bytes += file.size;
        if let Some(part) = parts.last_mut() {
            part.push(file);
        }
    }
    parts
}

/// Whether putting these together gains something: on a day that still grows only when there are several, so that one
/// file is not written anew for each handful of events; afterwards also when the small ones matter beside the largest.
fn worth(files: &[StoredFile], over: bool) -> bool {
    let largest = files.iter().map(|file| file.size).max().unwrap_or(0);
    let rest = files.iter().map(|file| file.size).sum::<u64>() - largest;
    files.len() >= SEVERAL || (over && files.len() > 1 && rest.saturating_mul(4) >= largest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(n: i64, size: u64) -> StoredFile {
        let at = Moment::from_micros(n);
        StoredFile {
            name: format!("2026-03-30/auth-{n}.parquet"),
            day: at.date(),
            dialect: "auth".into(),
            rows: 1,
            first: at,
            last: at,
            size,
            sha256: String::new(),
        }
    }

    #[test]
    fn parts_stay_within_bounds_and_are_worth_their_work() {
        let many: Vec<_> = (0..100).map(|n| file(n, 1_000)).collect();
        let parts = split(many.clone());
        assert_eq!(parts.iter().map(Vec::len).collect::<Vec<_>>(), [32, 32, 32, 4]);
        let large: Vec<_> = (0..4).map(|n| file(n, 63 << 20)).collect();
        assert_eq!(split(large).iter().map(Vec::len).collect::<Vec<_>>(), [3, 1]);
        assert!(!worth(&many[..2], false), "the day still grows");
        assert!(worth(&many[..2], true));
        assert!(worth(&many[..8], false));
        assert!(
            !worth(&[file(0, 60 << 20), file(1, 9)], true),
            "a large file is not written anew for little"
        );
        assert!(!worth(&many[..1], true));
    }
}
