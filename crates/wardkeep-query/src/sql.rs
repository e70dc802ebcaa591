//! One statement of SQL over the table `events`, that only reads.
//!
//! A statement may name the table `events` and what it defines itself by WITH, and nothing else: no other table, no
//! file, no function that makes a table. Fields are written `field.CommandLine` or `"field.CommandLine"`.

use crate::Here;
use crate::answer::{error, rows};
use crate::schema::{PREFIX, Wanted};
use crate::table::Events;
use datafusion::execution::context::SQLOptions;
use datafusion::sql::parser::{DFParser, Statement};
use datafusion::sql::sqlparser::ast::{
    Expr, Ident, ObjectName, Query, Statement as Sql, TableFactor, VisitMut, VisitorMut,
};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;
use wardkeep_app::events::{Answer, AskError, Holdings};

/// Bytes of a statement.
const LONGEST: usize = 32 * 1024;

/// Answers a statement with at most that many rows.
pub(crate) async fn answer(
    here: &Here,
    holdings: Holdings,
    text: &str,
    most: usize,
) -> Result<Answer, AskError> {
    let (statement, wanted) = read(text)?;
    let events = Arc::new(Events::open(here, holdings, &wanted, Vec::new())?);
    let session = here.session();
    session.register_table("events", events.clone()).map_err(|e| error(&e))?;
    let plan = session.state().statement_to_plan(statement).await.map_err(|e| error(&e))?;
    let reads = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
    reads.verify_plan(&plan).map_err(|e| error(&e))?;
    let found = session.execute_logical_plan(plan).await.map_err(|e| error(&e))?;
    let columns = found.schema().fields().iter().map(|field| field.name().clone()).collect();
    let batches =
        found.limit(0, Some(most + 1)).map_err(|e| error(&e))?.collect().await.map_err(|e| error(&e))?;
    let mut rows = rows(&batches, most + 1)?;
    let more = rows.len() > most;
    rows.truncate(most);
    Ok(Answer { columns, rows, more, files: events.looked(), unknown: wanted.missing(events.columns()) })
}

fn read(text: &str) -> Result<(Statement, Wanted), AskError> {
    if text.len() > LONGEST {
        return Err(AskError::Wrong(format!("a statement holds at most {LONGEST} bytes")));
    }
    let mut statements = DFParser::parse_sql(text).map_err(|e| error(&e))?;
    let only = "write one statement that begins with SELECT or WITH; the event store is only read";
    let (Some(statement), true) = (statements.pop_front(), statements.is_empty()) else {
        return Err(AskError::Wrong(only.into()));
    };
    let Statement::Statement(mut sql) = statement else { return Err(AskError::Wrong(only.into())) };
    if !matches!(*sql, Sql::Query(_)) {
        return Err(AskError::Wrong(only.into()));
    }
    let mut look = Look::default();
    if let ControlFlow::Break(wrong) = VisitMut::visit(&mut *sql, &mut look) {
        return Err(AskError::Wrong(wrong));
    }
    Ok((Statement::Statement(sql), look.wanted))
}

/// Looks a statement over, and turns `field.X` into the column of that name.
#[derive(Default)]
struct Look {
    wanted: Wanted,
    /// Names that WITH gave.
    own: BTreeSet<String>,
}

impl VisitorMut for Look {
    type Break = String;
    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<String> {
        if let Some(with) = &query.with {
            self.own.extend(with.cte_tables.iter().map(|cte| cte.alias.name.value.clone()));
        }
        ControlFlow::Continue(())
    }
    fn pre_visit_relation(&mut self, name: &mut ObjectName) -> ControlFlow<String> {
        let shown = name.to_string();
        let bare = shown.trim_matches('"');
        if bare == "events" || self.own.contains(bare) {
            return ControlFlow::Continue(());
        }
        ControlFlow::Break(format!("there is no table {shown}; the only one is events"))
    }
    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<String> {
        match factor {
            TableFactor::Table { args: None, .. }
            | TableFactor::Derived { .. }
            | TableFactor::NestedJoin { .. } => ControlFlow::Continue(()),
            _ => {
                ControlFlow::Break("only the table events, WITH and subqueries can stand behind FROM".into())
            }
        }
    }
    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<String> {
        if let Expr::CompoundIdentifier(parts) = expr {
            // `field.X` and `e.field.X`, where the name itself may have points.
            let place = parts.iter().take(2).position(|part| part.value == "field");
            if let Some(place) = place.filter(|place| place + 1 < parts.len()) {
                let name =
                    parts[place + 1..].iter().map(|part| part.value.as_str()).collect::<Vec<_>>().join(".");
                parts.truncate(place);
                parts.push(Ident::with_quote('"', format!("{PREFIX}{name}")));
            }
            if let [one] = parts.as_slice() {
                *expr = Expr::Identifier(one.clone());
            }
        }
        let column = match expr {
            Expr::Identifier(ident) => Some(&*ident),
            Expr::CompoundIdentifier(parts) => parts.last(),
            _ => None,
        };
        if let Some(name) = column.and_then(|ident| ident.value.strip_prefix(PREFIX)) {
            self.wanted.add(name);
        }
        ControlFlow::Continue(())
    }
}
