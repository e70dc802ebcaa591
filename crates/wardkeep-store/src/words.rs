//! The search index as plain words, the same for both databases: copied by backups, rewritten by erasure.

use crate::sql::get;
use crate::{Dialect, StoreError, Tx, cells};
use serde_json::{Value as Json, json};

/// Words of one record in the index: number, title, body, tags.
pub(crate) type Words = (i64, String, String, String);

/// The next rows of the index after record number `after`.
pub(crate) async fn page(tx: &Tx, after: i64) -> Result<Vec<Words>, StoreError> {
    let sql = match tx.dialect() {
        Dialect::Sqlite => {
            "SELECT rowid AS seq, title, body, tags FROM search WHERE rowid > $1 ORDER BY rowid LIMIT 500"
                .to_owned()
        }
        // PostgreSQL keeps sorted lexemes with their positions and weights; written out in the order of the
        // positions they index to the same again.
        Dialect::Postgres => {
            let part = |weight: char| {
                format!(
                    "coalesce((SELECT string_agg(u.lexeme, ' ' ORDER BY p.pos) FROM unnest(s.doc) u, unnest(u.positions, u.weights) p (pos, w) WHERE p.w = '{weight}'), '')"
                )
            };
            format!(
                "SELECT s.seq, {} AS title, {} AS body, {} AS tags FROM search s WHERE s.seq > $1 ORDER BY s.seq LIMIT 500",
                part('A'),
                part('B'),
                part('D')
            )
        }
    };
    let rows = tx.rows(&sql, cells![after]).await?;
    rows.iter().map(|r| Ok((get(r, "seq")?, get(r, "title")?, get(r, "body")?, get(r, "tags")?))).collect()
}

/// Puts words into the index, replacing those of the same record.
pub(crate) async fn put(tx: &Tx, words: Words) -> Result<(), StoreError> {
    let sql = match tx.dialect() {
        Dialect::Sqlite => "INSERT OR REPLACE INTO search (rowid, title, body, tags) VALUES ($1, $2, $3, $4)",
        Dialect::Postgres => {
            "INSERT INTO search (seq, doc) VALUES ($1, setweight(to_tsvector('simple', $2), 'A') || setweight(to_tsvector('simple', $3), 'B') || setweight(to_tsvector('simple', $4), 'D')) ON CONFLICT (seq) DO UPDATE SET doc = excluded.doc"
        }
    };
    let (seq, title, body, tags) = words;
    tx.run(sql, cells![seq, title, body, tags]).await.map(|_| ())
}

pub(crate) fn to_json(words: &Words) -> Vec<Json> {
    vec![json!(words.0), json!(words.1), json!(words.2), json!(words.3)]
}

pub(crate) fn from_json(row: &[Json]) -> Option<Words> {
    let text = |i: usize| row.get(i)?.as_str().map(str::to_owned);
    Some((row.first()?.as_i64()?, text(1)?, text(2)?, text(3)?))
}
