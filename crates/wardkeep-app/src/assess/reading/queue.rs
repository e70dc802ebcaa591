//! Files that were not read before, in batches.

use super::Progress;
use crate::assess::Totals;
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::io::Read as _;
use wardkeep_intake::Source;
use wardkeep_types::Problem;

/// A file to read, with its content's hash.
pub(crate) struct Todo {
    pub source: Source,
    pub sha256: String,
    pub size: u64,
}

/// Files that were not read before, in batches.
pub(crate) struct Queue {
    todo: std::vec::IntoIter<Todo>,
}

/// Bytes of files in one batch: what a killed run may have to read again.
const BATCH_BYTES: u64 = 64 * 1024 * 1024;
const BATCH_FILES: usize = 400;

impl Queue {
    pub fn new(
        sources: Vec<Source>,
        known: HashSet<String>,
        totals: &mut Totals,
        progress: &dyn Progress,
    ) -> Self {
        progress.phase("Looking at files");
        let (mut todo, mut seen) = (Vec::new(), known);
        for source in sources {
            totals.files += 1;
            match hash(&source) {
                Ok((sha256, size)) if seen.insert(sha256.clone()) => {
                    totals.bytes += size;
                    todo.push(Todo { source, sha256, size });
                }
                Ok(_) => totals.known_files += 1,
                Err(error) => {
                    let name = source.name().to_owned();
                    totals.problem(
                        Problem::new(&name, "unreadable", error.clone())
                            .hint("give this account the right to read it"),
                    );
                    totals.unread.push((name, error));
                }
            }
        }
        progress.total(todo.len() as u64, todo.iter().map(|t| t.size).sum());
        progress.phase("Reading");
        Self { todo: todo.into_iter() }
    }
    pub fn next_batch(&mut self) -> Option<Vec<Todo>> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while bytes < BATCH_BYTES && batch.len() < BATCH_FILES {
            let Some(next) = self.todo.next() else { break };
            bytes += next.size;
            batch.push(next);
        }
        (!batch.is_empty()).then_some(batch)
    }
}

fn hash(source: &Source) -> Result<(String, u64), String> {
    let Some(path) = source.path() else { return Err("this is not a file".into()) };
    let mut file = std::fs::File::open(path).map_err(|e| e.to_string())?;
    let (mut hasher, mut size, mut buffer) = (Sha256::new(), 0, vec![0; 256 * 1024]);
    loop {
        let n = file.read(&mut buffer).map_err(|e| e.to_string())?;
        if n == 0 {
            return Ok((hex::encode(hasher.finalize()), size));
        }
        hasher.update(&buffer[..n]);
        size += n as u64;
    }
}
