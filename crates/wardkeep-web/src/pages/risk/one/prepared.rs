//! What waits for somebody under a risk: drafts of scenarios, and suggested shares of techniques to confirm.

use super::super::super::taste::Taste;
use super::super::say::{column, link, source};
use super::inputs::on_word;
use crate::parts::{Align, CellView, RowView, TableView, Value, table};
use crate::words::{fill, words};
use maud::{Markup, html};
use wardkeep_app::risk::views::{RiskView, SuggestedView};
use wardkeep_report::chart::Amounts;

/// The section; nothing when nothing waits.
pub fn section(taste: &Taste, view: &RiskView) -> Markup {
    if view.prepared.is_empty() {
        return html! {};
    }
    let a = Amounts { currency: String::new(), decimal: taste.decimal() };
    html! {
        section.section #prepared {
            h2 { (words("risk.prepared")) }
            p.quiet { (words("risk.prepared_text")) }
            @for one in &view.prepared {
                p { (link(&one.scenario)) " " @if one.draft { (words("risk.prepared_draft")) } }
                @if !one.suggested.is_empty() { (suggested(&a, &one.scenario.name, &one.suggested)) }
            }
        }
    }
}

fn suggested(a: &Amounts, scenario: &str, all: &[SuggestedView]) -> Markup {
    let row = |s: &SuggestedView| {
        let why = if s.addressed.is_empty() {
            words("risk.kappa_unlisted").to_owned()
        } else {
            fill("risk.kappa_listed", &[("techniques", &s.addressed.join(", "))])
        };
        let control = s.control.as_ref().unwrap_or(&s.record);
        RowView {
            href: Some(s.record.path.clone()),
            name: s.record.name.clone(),
            cells: vec![
                CellView { value: Value::text(control.name.clone()), sub: Some(on_word(&s.on).to_owned()) },
                CellView { value: Value::number(a.percent(s.kappa)), sub: Some(why) },
                source(&s.source).into(),
                Value::Link(crate::parts::LinkView::new(
                    words("risk.confirm_effect"),
                    format!("{}/moves/confirm", s.record.path),
                ))
                .into(),
            ],
            ..RowView::default()
        }
    };
    table(&TableView {
        caption: fill("risk.suggested", &[("scenario", scenario)]),
        columns: vec![
            column(words("risk.control"), Align::Text),
            column(words("risk.kappa"), Align::Number),
            column(words("risk.rests_on"), Align::Tight),
            column(words("risk.confirm_head"), Align::Tight),
        ],
        rows: all.iter().map(row).collect(),
        ..TableView::default()
    })
}
