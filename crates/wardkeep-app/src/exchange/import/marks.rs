//! What is written beside the rows of a batch: their marks, the refused ones, the counts.

use super::apply::Waiting;
use super::kept::Kept;
use super::view::ImportHead;
use wardkeep_store::{Cell, cells};
use wardkeep_types::{Id, Problem, Problems};

/// Statements that go into the transaction of a batch.
type Extra = Vec<(String, Vec<Cell>)>;

/// Marks rows as written with the number of their record's last change, which stands in the same transaction.
fn mark(import: Id, rows: &[Waiting], extra: &mut Extra) {
    for chunk in rows.chunks(500) {
        let marks: Vec<String> = (2..chunk.len() + 2).map(|i| format!("${i}")).collect();
        let sql = format!(
            "UPDATE import_row SET applied_change = (SELECT max(c.n) FROM change c WHERE c.record_id = import_row.record_id) WHERE import_id = $1 AND row_no IN ({})",
            marks.join(",")
        );
        let mut values: Vec<Cell> = cells![import];
        values.extend(chunk.iter().map(|r| Cell::from(r.row)));
        extra.push((sql, values));
    }
}

/// What the transaction of new and changed rows writes beside them.
pub(super) fn statements(head: &ImportHead, rows: &[Waiting], refused: &[(Waiting, Problems)]) -> Extra {
    let mut extra = Extra::new();
    mark(head.id, rows, &mut extra);
    for (row, problems) in refused {
        let sql = "UPDATE import_row SET outcome = 'refused', taken = 0, problems = $1 WHERE import_id = $2 AND row_no = $3 AND applied_change IS NULL";
        extra.push((
            sql.into(),
            cells![serde_json::to_string(problems).unwrap_or_default(), head.id, row.row],
        ));
    }
    let of = |outcome: &str| refused.iter().filter(|(row, _)| row.was == outcome).count() as i64;
    let sql = "UPDATE import SET rows_applied = rows_applied + $1, rows_refused = rows_refused + $2, rows_add = rows_add - $3, rows_change = rows_change - $4 WHERE id = $5";
    let (added, changed) = (of("add"), of("change"));
    extra.push((sql.into(), cells![rows.len() as i64, added + changed, added, changed, head.id]));
    extra
}

/// What the transaction of moves writes beside them.
pub(super) fn move_statements(head: &ImportHead, rows: &[Waiting], refused: &[(Waiting, Problems)]) -> Extra {
    let mut extra = Extra::new();
    mark(head.id, rows, &mut extra);
    let sql = "UPDATE import_row SET edits = $1 WHERE import_id = $2 AND row_no = $3";
    for row in rows {
        let kept = Kept { moves: row.kept.moves[1..].to_vec(), ..row.kept.clone() };
        extra.push((sql.into(), cells![serde_json::to_string(&kept).unwrap_or_default(), head.id, row.row]));
    }
    let sql = "UPDATE import_row SET edits = $1, problems = $2 WHERE import_id = $3 AND row_no = $4";
    for (row, problems) in refused {
        let kept = Kept { moves: Vec::new(), ..row.kept.clone() };
        let told = Problems(
            problems
                .iter()
                .map(|p| Problem { path: "stage".into(), code: "stage_kept".into(), ..p.clone() })
                .collect(),
        );
        let (kept, told) = (
            serde_json::to_string(&kept).unwrap_or_default(),
            serde_json::to_string(&told).unwrap_or_default(),
        );
        extra.push((sql.into(), cells![kept, told, head.id, row.row]));
    }
    extra
}
