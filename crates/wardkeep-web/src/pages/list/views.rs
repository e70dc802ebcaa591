//! Saved views: the tabs of a list.

use super::super::address::Address;
use super::super::naming::{self, Naming, may_save};
use super::super::posted::Posted;
use super::super::reader::{Reader, go};
use super::register;
use crate::parts::{ButtonView, TabView, TabsView, Weight};
use crate::words::words;
use axum::extract::Path;
use axum::response::Response;
use maud::Markup;
use wardkeep_app::Refusal;
use wardkeep_app::work::{NewView, SavedView};
use wardkeep_register::Schema;

/// What a view does not hold: where in the list one is, and panels.
const PASSING: [&str; 4] = ["after", "panel", "view", "flash"];

/// The tabs: all, mine, due, then what people keep.
pub fn tabs(reader: &Reader, schema: &'static Schema, address: &Address, views: &[SavedView]) -> TabsView {
    let here = question(&address.clone().without(&PASSING).query());
    let tab = |name: &str, query: &str| TabView {
        name: name.to_owned(),
        href: if query.is_empty() {
            format!("/{}", schema.path)
        } else {
            format!("/{}?{query}", schema.path)
        },
        count: None,
        current: question(query) == here,
    };
    let mut all = vec![tab(words("view.all"), "")];
    if schema.owner_index().is_some() && reader.ctx.person().is_some() {
        all.push(tab(words("view.mine"), "owner=me&stage=open"));
    }
    if let Some(due) = schema.due_index().map(|i| schema.fields[i].name) {
        let today = reader.taste.today();
        all.push(tab(words("view.overdue"), &format!("stage=open&{due}.below={today}")));
    }
    all.extend(views.iter().map(|v| tab(&v.name, &v.query)));
    let known = all.iter().any(|t| t.current);
    let own = views.iter().find(|v| question(&v.query) == here && v.own);
    let extra = match own {
        Some(view) => {
            let mut fields = reader.hidden();
            fields.push(("view".to_owned(), view.id.to_string()));
            Some(
                ButtonView::post(words("view.remove"), format!("/{}/views/remove", schema.path), fields)
                    .weight(Weight::Quiet),
            )
        }
        None if !known && may_save(reader, false) => Some(
            ButtonView::link(words("view.save"), address.clone().without(&PASSING).with("panel", "view"))
                .weight(Weight::Quiet),
        ),
        None => None,
    };
    TabsView { label: words("view.label").to_owned(), tabs: all, extra }
}

/// A question whose pairs stand in no particular order.
fn question(query: &str) -> Vec<String> {
    let mut pairs: Vec<String> = query.split('&').filter(|p| !p.is_empty()).map(str::to_owned).collect();
    pairs.sort_unstable();
    pairs
}

/// The panel in which a view gets its name.
pub fn panel(reader: &Reader, schema: &Schema, address: &Address) -> Markup {
    let naming = Naming {
        action: format!("/{}/views", schema.path),
        query: address.clone().without(&PASSING).query(),
        name: words("view.name"),
        save: words("view.save"),
        shared: words("view.shared"),
        back: address.clone().without(&["panel"]).to_string(),
    };
    naming::panel(reader, naming)
}

/// `POST /{path}/views`: keeps a question.
pub async fn save(Path(path): Path<String>, posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let schema = register(&path)?;
            let view = NewView {
                name: posted.text("name").to_owned(),
                query: posted.text("query").to_owned(),
                shared: !posted.text("shared").is_empty(),
            };
            reader.state.app.save_view(&reader.ctx, &reader.organisation, schema.key, &view).await?;
            let mark = if view.query.is_empty() { "?" } else { "&" };
            let query = if view.query.is_empty() { String::new() } else { format!("?{}", view.query) };
            Ok(go(format!("/{path}{query}{mark}flash=view_saved")))
        })
        .await
}

/// `POST /{path}/views/remove`: forgets one.
pub async fn remove(Path(path): Path<String>, posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let schema = register(&path)?;
            let view = posted.text("view").parse().map_err(|_| Refusal::NotFound)?;
            reader.state.app.remove_view(&reader.ctx, &reader.organisation, schema.key, view).await?;
            Ok(go(format!("/{path}?flash=view_removed")))
        })
        .await
}
