//! Search over every register: one index, narrowed by rights inside the index itself.

use crate::list::Reach;
use crate::read::{HEAD_COLUMNS, head_row};
use crate::sql::get_id;
use crate::{Cell, Db, Dialect, HeadRow, ListQuery, StoreError, Tx, cells};
use std::collections::BTreeSet;
use wardkeep_register::{Field, Kind, Row, Schema, Value};
use wardkeep_types::Id;

/// A record found by its words.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchHit {
    /// The record.
    pub head: HeadRow,
}

/// Tag words that stand beside a record's words: its register, its unit, and whether it is restricted.
fn tag(kind: char, text: &str) -> String {
    format!("tag{kind}{}", text.replace(['-', '_'], ""))
}

/// The words of a record: title, reference, texts, choices as people read them. Confidential fields stay out.
pub(crate) fn body(schema: &Schema, custom: &[Field], reference: &str, row: &Row) -> String {
    let own = schema.fields.iter().zip(&row.values);
    let made = custom.iter().filter_map(|f| Some((f, row.custom.get(f.name)?)));
    let mut text = reference.to_owned();
    for (field, value) in own.chain(made) {
        let searchable =
            matches!(field.kind, Kind::Line | Kind::Text | Kind::Markdown | Kind::Url | Kind::Choice(_));
        if searchable && !field.title && !field.confidential && !matches!(value, Value::Empty) {
            text.push(' ');
            text.push_str(&value.show());
        }
    }
    text
}

/// Words alone: PostgreSQL would keep `0.7` or a mail address as one word, which nobody could then find by part.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect()
}

/// What the index keeps of a record.
pub(crate) struct Words<'a> {
    /// The record's running number.
    pub seq: i64,
    /// Its title; weighs most.
    pub title: &'a str,
    /// The rest of its text.
    pub body: &'a str,
    /// Its register.
    pub register: &'a str,
    /// Its unit.
    pub unit: Id,
}

/// Units that are named in a search; where more are within reach, only the rows are asked.
const MOST_UNITS: usize = 200;

/// Times as many matches as are wanted that are first asked whether they may be seen.
const TRIED: i64 = 4;

impl Dialect {
    /// A query text narrowed to units by the index's own tags.
    fn within<'u>(self, words: &str, units: impl IntoIterator<Item = &'u Id>) -> String {
        let quote = if self == Self::Sqlite { '"' } else { '\'' };
        let tags: Vec<String> =
            units.into_iter().map(|unit| format!("{quote}{}{quote}", tag('u', &unit.to_string()))).collect();
        match self {
            Self::Sqlite => format!("({words}) AND tags : ({})", tags.join(" OR ")),
            Self::Postgres => format!("({words}) & ({})", tags.join(" | ")),
        }
    }
}

impl Tx {
    /// Puts a record's words into the index, replacing what was there.
    pub(crate) async fn index(
        &self,
        seq: i64,
        title: &str,
        body: &str,
        tags: (&str, Id),
    ) -> Result<(), StoreError> {
        let words = Words { seq, title, body, register: tags.0, unit: tags.1 };
        self.index_many(std::slice::from_ref(&words)).await
    }
    /// [`Tx::index`] for many records, each of them once.
    pub(crate) async fn index_many(&self, all: &[Words<'_>]) -> Result<(), StoreError> {
        for chunk in all.chunks(500) {
            let mut cells: Vec<Cell> = Vec::with_capacity(chunk.len() * 4);
            for words in chunk {
                let tags = format!("{} {}", tag('r', words.register), tag('u', &words.unit.to_string()));
                cells.extend(match self.dialect() {
                    Dialect::Sqlite => cells![words.seq, words.title, words.body, tags],
                    Dialect::Postgres => cells![words.seq, plain(words.title), plain(words.body), tags],
                });
            }
            let each = |n: usize| {
                let [a, b, c, d] = [1, 2, 3, 4].map(|i| n * 4 + i);
                match self.dialect() {
                    Dialect::Sqlite => format!("(${a},${b},${c},${d})"),
                    Dialect::Postgres => format!(
                        "(${a}, setweight(to_tsvector('simple', ${b}), 'A') || setweight(to_tsvector('simple', ${c}), 'B') || setweight(to_tsvector('simple', ${d}), 'D'))"
                    ),
                }
            };
            let rows: Vec<String> = (0..chunk.len()).map(each).collect();
            let rows = rows.join(",");
            let sql = match self.dialect() {
                Dialect::Sqlite => {
                    format!("INSERT OR REPLACE INTO search (rowid, title, body, tags) VALUES {rows}")
                }
                Dialect::Postgres => format!(
                    "INSERT INTO search (seq, doc) VALUES {rows} ON CONFLICT (seq) DO UPDATE SET doc = excluded.doc"
                ),
            };
            self.run(&sql, cells).await?;
        }
        Ok(())
    }
}

impl Db {
    /// Records of any register within reach whose words match, best first.
    pub async fn search(
        &self,
        typed: &str,
        reach: &[(&str, Reach)],
        limit: i64,
    ) -> Result<Vec<SearchHit>, StoreError> {
        let tags: Vec<String> = reach.iter().map(|(register, _)| tag('r', register)).collect();
        let Some(mut words) = self.dialect().match_text(typed, &tags) else { return Ok(Vec::new()) };
        if !reach.iter().any(|(_, reach)| reach.system) {
            let units: BTreeSet<&Id> =
                reach.iter().flat_map(|(_, reach)| reach.units.iter().chain(&reach.own_units)).collect();
            if units.is_empty() {
                return Ok(Vec::new());
            }
            if units.len() <= MOST_UNITS {
                words = self.dialect().within(&words, units);
            }
        }
        let mut values: Vec<Cell> = cells![words];
        let seen = Reach::any_of(reach, &mut values);
        // The newest matches are ranked; a word that is everywhere does not read the whole index.
        let whole = match self.dialect() {
            Dialect::Sqlite => format!(
                "SELECT {HEAD_COLUMNS} FROM search s CROSS JOIN record r ON r.seq = s.rowid WHERE search MATCH $1 AND ({seen}) ORDER BY s.rowid DESC LIMIT {limit}"
            ),
            Dialect::Postgres => format!(
                "SELECT {HEAD_COLUMNS} FROM search s JOIN record r ON r.seq = s.seq WHERE s.doc @@ to_tsquery('simple', $1) AND ({seen}) ORDER BY s.seq DESC LIMIT {limit}"
            ),
        };
        let rows = match self.dialect() {
            Dialect::Sqlite => self.rows(&whole, values).await?,
            Dialect::Postgres => {
                // The tags leave little that may not be seen, so the newest matches nearly always hold enough of what
                // may, and the records of all others need not be read.
                let tried = limit * TRIED;
                let newest = format!(
                    "WITH w AS MATERIALIZED (SELECT seq FROM search WHERE doc @@ to_tsquery('simple', $1) ORDER BY seq DESC LIMIT {tried}) SELECT {HEAD_COLUMNS}, (SELECT count(*) FROM w) AS tried FROM w JOIN record r ON r.seq = w.seq WHERE {seen} ORDER BY w.seq DESC LIMIT {limit}"
                );
                let rows = self.rows(&newest, values.clone()).await?;
                let all = match rows.first() {
                    Some(row) => row.try_get::<i64>("", "tried")? < tried,
                    None => false,
                };
                if all || rows.len() as i64 >= limit { rows } else { self.rows(&whole, values).await? }
            }
        };
        let mut hits: Vec<SearchHit> = rows
            .iter()
            .map(|row| Ok(SearchHit { head: head_row(row)? }))
            .collect::<Result<_, StoreError>>()?;
        // Whose title begins with what was typed comes first.
        let typed = typed.trim().to_lowercase();
        hits.sort_by_key(|hit| {
            let title = hit.head.title.to_lowercase();
            (!title.starts_with(&typed), !title.contains(&typed))
        });
        Ok(hits)
    }

    /// Ids of the list's register that match the text, newest first; reach is applied in the index and again on
    /// the rows.
    pub(crate) async fn matching_ids(
        &self,
        ask: &ListQuery<'_>,
        typed: &str,
        limit: i64,
    ) -> Result<Vec<Id>, StoreError> {
        let reach = &ask.reach;
        let units: Vec<&Id> = reach.units.iter().chain(&reach.own_units).collect();
        if units.is_empty() && !reach.system {
            return Ok(Vec::new());
        }
        let register = tag('r', ask.schema.key);
        let Some(mut words) = self.dialect().match_text(typed, &[register]) else { return Ok(Vec::new()) };
        if !reach.system {
            words = self.dialect().within(&words, units);
        }
        let mut values: Vec<Cell> = cells![words];
        let seen = Reach::any_of(&[(ask.schema.key, reach.clone())], &mut values);
        // SQLite is told to begin with the words: it cannot know how few rows they leave, and would otherwise ask the
        // index once for every record of those units.
        let (join, key, matches) = match self.dialect() {
            Dialect::Sqlite => ("CROSS JOIN", "rowid", "search MATCH $1"),
            Dialect::Postgres => ("JOIN", "seq", "s.doc @@ to_tsquery('simple', $1)"),
        };
        let sql = format!(
            "SELECT r.id FROM search s {join} record r ON r.seq = s.{key} WHERE {matches} AND ({seen}) ORDER BY s.{key} DESC LIMIT {limit}"
        );
        self.rows(&sql, values).await?.iter().map(|row| get_id(row, "id")).collect()
    }
}
