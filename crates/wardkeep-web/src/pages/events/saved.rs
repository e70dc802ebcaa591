//! Saved searches: kept by each person, shared by choice.

use super::super::address::Address;
use super::super::naming::{self, Naming, may_save};
use super::super::posted::Posted;
use super::super::reader::{Reader, go};
use super::EVENTS;
use super::question::Question;
use crate::parts::{ButtonView, TabView, TabsView, Weight, tabs};
use crate::words::words;
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::work::{NewView, SavedView};
use wardkeep_app::{Error, Refusal};
use wardkeep_register::Verb;
use wardkeep_rights::{Named, Target, decide};

/// The list that they belong to.
const LIST: &str = "events";

/// The saved searches that the reader sees.
pub async fn all(reader: &Reader) -> Result<Vec<SavedView>, Error> {
    reader.state.app.saved_views(&reader.ctx, LIST).await
}

fn query(question: &Question) -> String {
    let page = question.page(&question.typed);
    page.split_once('?').map_or_else(String::new, |(_, query)| query.to_owned())
}

/// The tabs, and the form in which a search gets its name.
pub fn bar(reader: &Reader, question: &Question, saved: &[SavedView]) -> Markup {
    let here = query(question);
    let own = saved.iter().find(|view| view.own && view.query == here);
    let known = saved.iter().any(|view| view.query == here);
    let asks = !question.typed.is_empty() && question.read.is_ok();
    let extra = match own {
        Some(view) => {
            let mut fields = reader.hidden();
            fields.push(("view".to_owned(), view.id.to_string()));
            let remove = ButtonView::post(words("events.forget"), "/events/searches/remove", fields);
            Some(remove.weight(Weight::Quiet))
        }
        None if asks && !known && may_save(reader, false) => {
            let page = Address::new(EVENTS, &pairs(question)).with("panel", "save");
            Some(ButtonView::link(words("events.save"), format!("{page}#save")).weight(Weight::Quiet))
        }
        None => None,
    };
    let tab = |view: &SavedView| TabView {
        name: view.name.clone(),
        href: if view.query.is_empty() { EVENTS.to_owned() } else { format!("{EVENTS}?{}", view.query) },
        count: None,
        current: view.query == here,
    };
    html! {
        @if !saved.is_empty() || extra.is_some() {
            (tabs(&TabsView {
                label: words("events.saved").to_owned(),
                tabs: saved.iter().map(tab).collect(),
                extra,
            }))
        }
        @if reader.asked("panel") == Some("save") && asks { (panel(reader, question)) }
    }
}

fn pairs(question: &Question) -> Vec<(String, String)> {
    vec![("q".to_owned(), question.typed.clone()), ("last".to_owned(), question.period.clone())]
}

fn panel(reader: &Reader, question: &Question) -> Markup {
    let naming = Naming {
        action: "/events/searches".to_owned(),
        query: query(question),
        name: words("events.name"),
        save: words("events.save"),
        shared: words("events.shared"),
        back: question.page(&question.typed),
    };
    naming::panel(reader, naming)
}

/// Only who may search keeps searches.
fn searches(reader: &Reader) -> Result<(), Error> {
    let mut tops = reader.organisation.units.roots().peekable();
    if tops.peek().is_none() {
        return Err(Refusal::NotFound.into());
    }
    for top in tops {
        let target = Target::of(top, None);
        decide(&reader.ctx.actor, &reader.organisation.units, Verb::View, Named::LogEvent.into(), &target)?;
    }
    Ok(())
}

/// `POST /events/searches`: keeps a search.
pub async fn save(posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            searches(reader)?;
            let view = NewView {
                name: posted.text("name").to_owned(),
                query: posted.text("query").to_owned(),
                shared: !posted.text("shared").is_empty(),
            };
            reader.state.app.save_view(&reader.ctx, &reader.organisation, LIST, &view).await?;
            Ok(go(format!("{EVENTS}?{}", view.query)))
        })
        .await
}

/// `POST /events/searches/remove`: forgets one.
pub async fn remove(posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            searches(reader)?;
            let view = posted.text("view").parse().map_err(|_| Refusal::NotFound)?;
            reader.state.app.remove_view(&reader.ctx, &reader.organisation, LIST, view).await?;
            Ok(go(EVENTS))
        })
        .await
}
