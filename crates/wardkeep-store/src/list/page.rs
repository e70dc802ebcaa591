//! Pages of a list: the order, where the next one begins, and the parts merged.

use super::{ListQuery, Page};
use crate::sql::name;
use crate::{Cell, Cursor};
use sea_orm::sea_query::{Asterisk, Cond, Expr, ExprTrait, Order, Query, SelectStatement, UnionType};
use wardkeep_register::{Stored, Value};

/// Empty values sort first when rising and last when falling, on both databases.
pub(super) fn order_by(query: &mut SelectStatement, column: &str, order: Order) {
    use sea_orm::sea_query::NullOrdering::{First, Last};
    let nulls = if order == Order::Asc { First } else { Last };
    query.order_by_with_nulls(name(column), order.clone(), nulls).order_by(name("id"), order);
}

pub(super) fn merge(parts: Vec<SelectStatement>, column: &str, order: Order, limit: u64) -> SelectStatement {
    let mut parts =
        parts.into_iter().map(|p| Query::select().column(Asterisk).from_subquery(p, name("p")).take());
    let mut all = parts.next().unwrap_or_default();
    for part in parts {
        all.union(UnionType::All, part);
    }
    let mut query = Query::select();
    query.column(Asterisk).from_subquery(all, name("q")).limit(limit);
    order_by(&mut query, column, order);
    query
}

/// Rows beyond the cursor in that direction, with empty values before all others.
pub(super) fn beyond(column: &Expr, cursor: &Cursor, descending: bool) -> Cond {
    let empty = matches!(cursor.value, Cell::Text(None) | Cell::Int(None) | Cell::Id(None));
    let (value, id) = (cursor.value.clone(), Cell::from(cursor.id));
    let key = Expr::col(name("id"));
    match (empty, descending) {
        (true, false) => Cond::any()
            .add(column.clone().is_not_null())
            .add(Cond::all().add(column.clone().is_null()).add(key.gt(id))),
        (true, true) => Cond::all().add(column.clone().is_null()).add(key.lt(id)),
        (false, false) => Cond::any()
            .add(column.clone().gt(value.clone()))
            .add(Cond::all().add(column.clone().eq(value)).add(key.gt(id))),
        (false, true) => Cond::any()
            .add(column.clone().lt(value.clone()))
            .add(column.clone().is_null())
            .add(Cond::all().add(column.clone().eq(value)).add(key.lt(id))),
    }
}

pub(super) fn page(ask: &ListQuery<'_>, mut rows: Vec<Stored>) -> Page {
    let more = rows.len() as u64 > ask.limit;
    rows.truncate(ask.limit as usize);
    let backwards = ask.after.as_ref().is_some_and(|c| c.backwards);
    if backwards {
        rows.reverse();
    }
    let cursor = |row: Option<&Stored>, backwards: bool| {
        row.map(|row| Cursor { value: sort_value(ask, row), id: row.head.id, backwards })
    };
    let (has_next, has_previous) = if backwards { (true, more) } else { (more, ask.after.is_some()) };
    Page {
        next: if has_next { cursor(rows.last(), false) } else { None },
        previous: if has_previous { cursor(rows.first(), true) } else { None },
        rows,
    }
}

pub(super) fn sort_value(ask: &ListQuery<'_>, row: &Stored) -> Cell {
    match ask.sort.column.as_str() {
        "ref_number" => Cell::from(row.head.reference.number() as i64),
        "changed_at" => Cell::from(row.head.changed_at),
        "created_at" => Cell::from(row.head.created_at),
        "version" => Cell::from(row.head.version),
        "stage" => Cell::from(row.head.stage.clone()),
        "unit_id" => Cell::from(row.head.unit),
        column => match ask.schema.field(column) {
            Some((index, field)) => {
                let value = row.row.values.get(index).unwrap_or(&Value::Empty);
                crate::values::to_cells(field, value).into_iter().next().unwrap_or(Cell::Text(None))
            }
            None => Cell::from(row.head.id),
        },
    }
}
