//! What differs between SQLite and PostgreSQL. Nothing else in the workspace asks which database it is.

use sea_orm::DbBackend;

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite 3, WAL, strict tables.
    Sqlite,
    /// PostgreSQL 15 or newer.
    Postgres,
}

impl Dialect {
    /// For building statements.
    pub fn backend(self) -> DbBackend {
        match self {
            Self::Sqlite => DbBackend::Sqlite,
            Self::Postgres => DbBackend::Postgres,
        }
    }
    /// Fills the marks of a migration: `{uuid}`, `{text}`, `{int}`, `{blob}`, `{serial}`, `{strict}`,
    /// `{empty_first}`. A line that begins with `--sqlite ` or `--postgres ` is for that database alone.
    pub fn render(self, sql: &str) -> String {
        let (own, other) = match self {
            Self::Sqlite => ("--sqlite ", "--postgres "),
            Self::Postgres => ("--postgres ", "--sqlite "),
        };
        let lines = sql.lines().filter(|l| !l.starts_with(other)).map(|l| l.strip_prefix(own).unwrap_or(l));
        let text = lines.filter(|l| !l.trim_start().starts_with("--")).collect::<Vec<_>>().join("\n");
        let (uuid, int, blob, serial, strict) = match self {
            Self::Sqlite => ("BLOB", "INTEGER", "BLOB", "INTEGER PRIMARY KEY AUTOINCREMENT", " STRICT"),
            Self::Postgres => ("uuid", "bigint", "bytea", "bigserial PRIMARY KEY", ""),
        };
        // Lists sort empty values first on both; PostgreSQL uses an index for that only if it is told so.
        let empty_first = if self == Self::Postgres { " NULLS FIRST" } else { "" };
        text.replace("{empty_first}", empty_first)
            .replace("{uuid}", uuid)
            .replace("{int}", int)
            .replace("{blob}", blob)
            .replace("{serial}", serial)
            .replace("{text}", "TEXT")
            .replace("{strict}", strict)
    }
    /// Ends a `SELECT` whose row only one of several writers may take. SQLite has a single writer.
    pub(crate) fn skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }
    /// Where a row stands within its table, as a column and as what a placeholder of it is compared with.
    pub(crate) fn place(self, mark: &str) -> (&'static str, String) {
        match self {
            Self::Sqlite => ("CAST(rowid AS TEXT)", format!("rowid = CAST({mark} AS INTEGER)")),
            Self::Postgres => ("ctid::text", format!("ctid = ({mark})::tid")),
        }
    }
    /// A condition and an order that go on behind a place of [`Dialect::place`], locking what is read.
    pub(crate) fn behind(self, mark: &str, condition: &str, limit: i64) -> String {
        match self {
            Self::Sqlite => {
                format!("rowid > CAST({mark} AS INTEGER) AND ({condition}) ORDER BY rowid LIMIT {limit}")
            }
            Self::Postgres => {
                format!("ctid > ({mark})::tid AND ({condition}) ORDER BY ctid LIMIT {limit} FOR UPDATE")
            }
        }
    }
    /// A place before every row.
    pub(crate) fn before_all(self) -> &'static str {
        match self {
            Self::Sqlite => "-9223372036854775808",
            Self::Postgres => "(0,0)",
        }
    }
    /// Whether a column, in lower case, holds a text.
    pub(crate) fn holds(self, column: &str, mark: &str) -> String {
        match self {
            Self::Sqlite => format!("instr(lower({column}), {mark}) > 0"),
            Self::Postgres => format!("strpos(lower({column}), {mark}) > 0"),
        }
    }
    /// The last `most` characters of a column with a text added.
    pub(crate) fn tail(self, column: &str, added: &str, most: usize) -> String {
        match self {
            Self::Sqlite => format!("substr({column} || {added}, -{most})"),
            Self::Postgres => format!("right({column} || {added}, {most})"),
        }
    }
    /// A query text for the full-text search from what a person typed: every word must be there, the last one
    /// may be unfinished; nothing a person types is syntax.
    pub fn match_text(self, typed: &str, tags: &[String]) -> Option<String> {
        let words: Vec<String> = typed
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .take(16)
            .map(str::to_lowercase)
            .collect();
        if words.is_empty() {
            return None;
        }
        let last = words.len() - 1;
        let unfinished = typed.chars().last().is_some_and(char::is_alphanumeric);
        Some(match self {
            Self::Sqlite => {
                let terms: Vec<String> = words
                    .iter()
                    .enumerate()
                    .map(
                        |(i, w)| {
                            if i == last && unfinished { format!("\"{w}\"*") } else { format!("\"{w}\"") }
                        },
                    )
                    .collect();
                let words = format!("{{title body}} : ({})", terms.join(" AND "));
                let tags: Vec<String> = tags.iter().map(|t| format!("\"{t}\"")).collect();
                if tags.is_empty() { words } else { format!("{words} AND tags : ({})", tags.join(" OR ")) }
            }
            Self::Postgres => {
                let terms: Vec<String> = words
                    .iter()
                    .enumerate()
                    .map(|(i, w)| if i == last && unfinished { format!("'{w}':*") } else { format!("'{w}'") })
                    .collect();
                let words = terms.join(" & ");
                let tags: Vec<String> = tags.iter().map(|t| format!("'{t}'")).collect();
                if tags.is_empty() { words } else { format!("({words}) & ({})", tags.join(" | ")) }
            }
        })
    }
}
