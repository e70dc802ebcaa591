//! The commonest values of a few fields, each one click from being asked for or left out.

use super::super::reader::Reader;
use super::question::Question;
use crate::words::{fill, words};
use futures_util::future::join_all;
use maud::{Markup, html};
use wardkeep_app::events::Cell;
use wardkeep_events::search::{Expr, FieldName, Known, Search, Stage, is};

/// Fields whose values are listed.
const FIELDS: [Known; 7] =
    [Known::Host, Known::User, Known::SrcIp, Known::Process, Known::Action, Known::Outcome, Known::Dialect];
/// Values of each.
const MOST: u32 = 6;

/// A field with its commonest values.
pub struct Facet {
    field: Known,
    values: Vec<(String, i64)>,
}

/// The facets of a search; a field that no event has is left out.
pub async fn all(reader: &Reader, search: &Search) -> Vec<Facet> {
    let one = |field: Known| {
        let mut counted = search.clone();
        counted.stage = Some(Stage::Top(MOST, FieldName::Known(field)));
        counted.limit = None;
        async move {
            let app = &reader.state.app;
            let found = app.search_events(&reader.ctx, &reader.organisation, counted, None, MOST as usize);
            let value = |row: &Vec<Cell>| Some((row.first()?.text()?.to_owned(), row.get(1)?.int()?));
            // The list says what went wrong.
            let values = found.await.map(|answer| answer.rows.iter().filter_map(value).collect());
            Facet { field, values: values.unwrap_or_default() }
        }
    };
    let mut facets = join_all(FIELDS.map(one)).await;
    facets.retain(|facet| !facet.values.is_empty());
    facets
}

/// The facets beside a list.
pub fn show(reader: &Reader, question: &Question, facets: &[Facet]) -> Markup {
    html! {
        aside.facets aria-label=(words("events.facets")) {
            @for facet in facets {
                details open[true] {
                    summary { (name(facet.field)) }
                    ul {
                        @for (value, count) in &facet.values { (line(reader, question, facet.field, value, *count)) }
                    }
                }
            }
        }
    }
}

fn line(reader: &Reader, question: &Question, field: Known, value: &str, count: i64) -> Markup {
    let with = is(FieldName::Known(field), value);
    let without = Expr::Not(Box::new(with.clone()));
    html! {
        li {
            a href=(question.narrowed(with)) title=(value) { (value) }
            span.count { (reader.taste.count(count)) }
            a.not href=(question.narrowed(without)) aria-label=(fill("events.without", &[("value", value)])) title=(fill("events.without", &[("value", value)])) { "−" }
        }
    }
}

fn name(field: Known) -> &'static str {
    match field {
        Known::Host => words("events.host"),
        Known::User => words("events.user"),
        Known::SrcIp => words("events.src_ip"),
        Known::Process => words("events.process"),
        Known::Action => words("events.action"),
        Known::Outcome => words("events.outcome"),
        _ => words("events.dialect"),
    }
}
