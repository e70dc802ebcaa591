//! The files that were read, and those that were not understood.

use super::facts::format_label;
use super::row::{int, maybe_moment, moment, text};
use crate::{App, Ctx, Error, Organisation, Refusal};
use sea_orm::QueryResult;
use wardkeep_rights::Resource;
use wardkeep_store::cells;
use wardkeep_types::Moment;

/// How reading a file went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// Read to its end.
    Read,
    /// It stops before it should; what was whole has been kept.
    Truncated,
    /// The tool that wrote it says that it failed.
    ToolFailed,
    /// A known format that cannot be taken: encrypted, too large, broken.
    Refused,
    /// No known format.
    NotUnderstood,
}

impl FileState {
    /// All, in the order of the page.
    pub const ALL: [Self; 5] =
        [Self::Read, Self::Truncated, Self::ToolFailed, Self::Refused, Self::NotUnderstood];
    /// Stable key.
    pub fn key(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Truncated => "truncated",
            Self::ToolFailed => "tool_failed",
            Self::Refused => "refused",
            Self::NotUnderstood => "not_understood",
        }
    }
    fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.key() == key)
    }
}

/// A file that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ReadFile {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Path.
    pub path: String,
    /// Format, as people call it; empty when it has none.
    pub format: String,
    /// Bytes.
    pub size: u64,
    /// Records, rows, components.
    pub rows: u64,
    /// First and last moment it speaks about.
    pub first: Option<Moment>,
    /// Last moment.
    pub last: Option<Moment>,
    /// When it was read.
    pub read_at: Moment,
    /// How that went.
    pub state: FileState,
    /// Why not to its end, or what was wrong in it.
    pub reason: String,
}

/// What to list.
#[derive(Debug, Clone, Default)]
pub struct FilesAsk {
    /// Only files in that state.
    pub state: Option<String>,
    /// Files after this place.
    pub after: Option<String>,
}

/// A page of files.
#[derive(Debug, Clone)]
pub struct FilesView {
    /// How many are in each state, in the order of [`FileState::ALL`].
    pub counts: Vec<(FileState, u64)>,
    /// The state that is shown alone.
    pub state: Option<FileState>,
    /// Files by path.
    pub files: Vec<ReadFile>,
    /// Where the next page begins.
    pub next: Option<String>,
}

impl FilesView {
    /// All files that were looked at.
    pub fn total(&self) -> u64 {
        self.counts.iter().map(|(_, n)| n).sum()
    }
    /// How many are in that state.
    pub fn of(&self, state: FileState) -> u64 {
        self.counts.iter().filter(|(s, _)| *s == state).map(|(_, n)| n).sum()
    }
}

/// Files of one page.
const PAGE: i64 = 100;

pub(super) const COLUMNS: &str =
    "sha256, path, format, size, rows, first_at, last_at, read_at, state, problems";

impl App {
    /// Files that were read, for who may view the evidence of the whole organisation. Two statements.
    pub async fn read_files(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        ask: &FilesAsk,
    ) -> Result<FilesView, Error> {
        if !super::sees_all(ctx, organisation, Resource::Register("evidence")) {
            return Err(Refusal::NotFound.into());
        }
        let asked = ask.state.as_deref().map(str::trim).filter(|s| !s.is_empty());
        let state = asked.map(|key| {
            FileState::from_key(key).ok_or_else(|| {
                let all: Vec<&str> = FileState::ALL.iter().map(|s| s.key()).collect();
                Refusal::invalid(
                    "state",
                    "unknown_state",
                    format!("'{key}' is no state of a file; use {}", all.join(", ")),
                )
            })
        });
        let state = state.transpose()?;
        let mut counts: Vec<(FileState, u64)> = FileState::ALL.map(|s| (s, 0)).to_vec();
        for row in
            self.db.rows("SELECT state, count(*) AS n FROM evidence_file GROUP BY state", cells![]).await?
        {
            let found = state_of(&text(&row, "state")?);
            let n = int(&row, "n")?.unsigned_abs();
            counts.iter_mut().filter(|(s, _)| *s == found).for_each(|(_, count)| *count += n);
        }
        // A file may stand under the same path twice, with other bytes; both parts make its place in the order.
        let (path, sha) = ask
            .after
            .as_deref()
            .and_then(|a| a.split_once('|').map(|(sha, path)| (path, sha)))
            .unwrap_or_default();
        let sql = format!(
            "SELECT {COLUMNS} FROM evidence_file WHERE (path > $1 OR (path = $1 AND sha256 > $2)) AND ($3 = '' OR state = $3) ORDER BY path, sha256 LIMIT $4"
        );
        let key = state.map_or("", FileState::key);
        let rows = self.db.rows(&sql, cells![path, sha, key, PAGE + 1]).await?;
        let mut files: Vec<ReadFile> = rows.iter().map(read_file).collect::<Result<_, _>>()?;
        let more = files.len() > PAGE as usize;
        files.truncate(PAGE as usize);
        let next = files.last().filter(|_| more).map(|f| format!("{}|{}", f.sha256, f.path));
        Ok(FilesView { counts, state, files, next })
    }
}

fn state_of(key: &str) -> FileState {
    // What cannot be named was not understood, never read.
    FileState::from_key(key).unwrap_or(FileState::NotUnderstood)
}

pub(super) fn read_file(row: &QueryResult) -> Result<ReadFile, Error> {
    let format = text(row, "format")?;
    Ok(ReadFile {
        sha256: text(row, "sha256")?,
        path: text(row, "path")?,
        format: if matches!(format.as_str(), "" | "unknown") { String::new() } else { format_label(&format) },
        size: int(row, "size")?.unsigned_abs(),
        rows: int(row, "rows")?.unsigned_abs(),
        first: maybe_moment(row, "first_at")?,
        last: maybe_moment(row, "last_at")?,
        read_at: moment(row, "read_at")?,
        state: state_of(&text(row, "state")?),
        reason: text(row, "problems")?,
    })
}
