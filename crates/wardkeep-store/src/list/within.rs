//! The conditions of a list: filters, units, own records, need to know.

use super::{Filter, ListQuery, Op};
use crate::sql::name;
use crate::{Cell, StoreError};
use sea_orm::sea_query::{Asterisk, Cond, Expr, ExprTrait, LikeExpr, Query, SelectStatement};
use wardkeep_register::{Field, Kind};
use wardkeep_types::Id;

impl ListQuery<'_> {
    pub(super) fn column(&self, column: &str) -> Result<Expr, StoreError> {
        let known = ["id", "stage", "unit_id", "ref_number", "changed_at", "created_at", "version"]
            .contains(&column)
            || self.schema.field(column).is_some_and(|(_, f)| !matches!(f.kind, Kind::Links(_)));
        if known {
            Ok(Expr::col(name(column)))
        } else {
            Err(StoreError::Inconsistent(format!(
                "a list of {} cannot use the column {column}",
                self.schema.names.many
            )))
        }
    }

    fn conditions(&self) -> Result<Cond, StoreError> {
        let mut all = Cond::all();
        for filter in &self.filters {
            let links = self.schema.field(&filter.column).filter(|(_, f)| matches!(f.kind, Kind::Links(_)));
            all = all.add(match links {
                Some((_, field)) => linked(field, filter),
                None => compare(self.column(&filter.column)?, filter),
            });
        }
        Ok(all)
    }

    /// The rows of one unit, or of all units for the program itself.
    pub(super) fn within(&self, unit: Option<(Id, bool)>) -> Result<SelectStatement, StoreError> {
        let mut query = Query::select();
        query.column(Asterisk).from(name(self.schema.key)).cond_where(self.conditions()?);
        if let Some((unit, own)) = unit {
            query.and_where(Expr::col(name("unit_id")).eq(Cell::from(unit)));
            if own {
                query.cond_where(self.own());
            }
        }
        if self.schema.need_to_know && !self.reach.system {
            let listed = Query::select()
                .expr(Expr::val(1))
                .from(name("need_to_know"))
                .and_where(Expr::col(name("record_id")).equals((name(self.schema.key), name("id"))))
                .and_where(Expr::col(name("person_id")).eq(Cell::from(self.reach.person)))
                .take();
            query.cond_where(Cond::any().add(Expr::col(name("restricted")).eq(0)).add(Expr::exists(listed)));
        }
        Ok(query)
    }

    fn own(&self) -> Cond {
        let person = Cell::from(self.reach.person);
        let named = Query::select()
            .column(name("record_id"))
            .from(name("need_to_know"))
            .and_where(Expr::col(name("person_id")).eq(person.clone()))
            .take();
        let mut own = Cond::any()
            .add(Expr::col(name("id")).eq(person.clone()))
            .add(Expr::col(name("id")).in_subquery(named));
        if self.schema.owner_index().is_some() {
            own = own.add(Expr::col(name("owner")).eq(person));
        }
        own
    }

    /// Records that are restricted today and whose lists do not name the reader: their past is closed too.
    pub(super) fn closed(&self) -> SelectStatement {
        let named = Query::select()
            .column(name("record_id"))
            .from(name("need_to_know"))
            .and_where(Expr::col(name("person_id")).eq(Cell::from(self.reach.person)))
            .take();
        Query::select()
            .column(name("id"))
            .from(name("record"))
            .and_where(Expr::col(name("register")).eq(self.schema.key))
            .and_where(Expr::col(name("restricted")).eq(1))
            .and_where(Expr::col(name("id")).not_in_subquery(named))
            .take()
    }

    pub(super) fn units(&self) -> Vec<Option<(Id, bool)>> {
        if self.reach.system {
            return vec![None];
        }
        let wanted = self.filters.iter().find(|f| f.column == "unit_id" && f.op == Op::Is);
        let fits = |id: &Id| wanted.is_none_or(|f| f.values.contains(&Cell::from(*id)));
        let own = self.reach.own_units.iter().filter(|u| !self.reach.units.contains(u));
        let all = self.reach.units.iter().map(|u| (*u, false)).chain(own.map(|u| (*u, true)));
        all.filter(|(id, _)| fits(id)).map(Some).collect()
    }
}

fn compare(column: Expr, filter: &Filter) -> Cond {
    let first = || filter.values.first().cloned().unwrap_or(Cell::Text(None));
    let values = || filter.values.iter().cloned().map(Expr::from);
    let condition = match filter.op {
        Op::Is => column.is_in(values()),
        Op::IsNot => return Cond::any().add(column.clone().is_null()).add(column.is_not_in(values())),
        Op::Empty => column.is_null(),
        Op::Present => column.is_not_null(),
        Op::Below => column.lt(first()),
        Op::From => column.gte(first()),
        Op::Contains => {
            let Cell::Text(Some(text)) = first() else { return Cond::all() };
            let escaped = text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            Expr::expr(sea_orm::sea_query::Func::lower(column))
                .like(LikeExpr::new(format!("%{escaped}%")).escape('\\'))
        }
    };
    Cond::all().add(condition)
}

fn linked(field: &Field, filter: &Filter) -> Cond {
    let mut links = Query::select();
    links
        .column(name("from_id"))
        .from(name("link"))
        .and_where(Expr::col(name("field")).eq(field.name))
        .and_where(Expr::col(name("to_change")).is_null());
    if matches!(filter.op, Op::Is | Op::IsNot) {
        links.and_where(Expr::col(name("to_id")).is_in(filter.values.iter().cloned().map(Expr::from)));
    }
    let id = Expr::col(name("id"));
    Cond::all().add(match filter.op {
        Op::IsNot | Op::Empty => id.not_in_subquery(links.take()),
        _ => id.in_subquery(links.take()),
    })
}
